#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >good.json <<-'end'
		{"meta":{"build_script":"build.sh"},
		"package":[{"name":"libfoo","architecture":"x86_64","files":["a"]},{"name":"foo+","architecture":"noarch","files":["b"]}],
		"upstream":{"git":"https://user@Example.org/Foo.git/","tag_pattern":"^v(\\d+)$","peios_revision":2,
		"submodules":true,"min_version":"1.0"},
		"watch":{"poll_interval":"90s","github_webhook":true},
		"other":{"key":[1,null]}}
	end
	cat >expected <<-'end'
		{"name":"foo","git":"https://user@Example.org/Foo.git/","repository":"example.org/foo","tag_pattern":"^v(\\d+)$",
		"peios_revision":2,"min_version":"1.0","submodules":true,"github_webhook":true,"poll_interval":90,
		"packages":["libfoo","foo+"]}
	end
}

# assert_gives FILTER QUERY RESULT: the good recipe, changed by a jq filter, passes without
# a word, and jq's query finds the result in what is written.
assert_gives() {
	jq "$1" good.json >document
	farm-recipe -n foo <document >ours 2>messages
	assert_equal "$1:$(<messages)" "$1:"
	assert_equal "$1:$(jq -c "$2" ours)" "$1:$3"
}

@test "farm-recipe: all members, in their order" {
	jq -c . expected >line
	farm-recipe -n foo <good.json >ours 2>messages
	cmp ours line
	gzip -c good.json | farm-recipe -n foo >ours 2>>messages
	cmp ours line
	jq -S . good.json | pk-recipe | farm-recipe -n foo >ours 2>>messages
	cmp ours line
	assert_equal "$(cat messages)" ''
}

@test "farm-recipe: what holds without being given" {
	local unwatched='{"name":"foo","git":"","repository":"","tag_pattern":"","peios_revision":1,"min_version":"","submodules":false,"github_webhook":false,"poll_interval":0,"packages":["libfoo","foo+"]}'
	assert_gives 'del(.upstream, .watch)' . "$unwatched"
	assert_gives 'del(.watch)' '.github_webhook, .poll_interval' $'false\n0'
	assert_gives '.upstream |= {git, tag_pattern}' '.peios_revision, .min_version, .submodules' $'1\n""\nfalse'
	assert_gives '.upstream.peios_revision = null' .peios_revision 1
	assert_gives '.watch.poll_interval = ""' .poll_interval 0
	# Nobody watches these either, which has a warning.
	run_apart farm-recipe -n foo < <(jq '.upstream = {} | .watch = {}' good.json)
	assert_equal "$status:$output" "0:$unwatched"
	assert_equal "$stderr" 'farm-recipe: warning: [upstream]: neither git nor tag_pattern: nothing is watched'
	run_apart farm-recipe -n foo < <(jq 'del(.upstream)' good.json)
	assert_equal "$status:$(jq -c '[.git, .poll_interval]' <<<"$output")" '0:["",90]'
	assert_equal "$stderr" 'farm-recipe: warning: [watch]: without [upstream] nothing is watched'
}

@test "farm-recipe: the repository of a URL" {
	local url repository
	while read -r url repository; do
		assert_gives ".upstream.git = \"$url\"" '.git, .repository' "\"$url\""$'\n'"\"$repository\""
	done <<-'end'
		https://github.com/Owner/Name github.com/owner/name
		https://github.com/owner/name.git github.com/owner/name
		git@github.com:owner/name.git github.com/owner/name
		ssh://git@github.com/owner/name github.com/owner/name
		/srv/git/Name.git /srv/git/name
		file:///srv/git/name/ file:///srv/git/name
	end
}

@test "farm-recipe: numbers, durations, patterns" {
	assert_gives '.upstream.peios_revision = 2147483648' .peios_revision 2147483648
	assert_gives '.watch.poll_interval = "60.000000001s"' .poll_interval 61
	assert_gives '.watch.poll_interval = "1h30m"' .poll_interval 5400
	assert_gives '.upstream.tag_pattern = "(?x)\n\t(a) # \"é\"\n"' .tag_pattern '"(?x)\n\t(a) # \"é\"\n"'
	run_apart farm-recipe -n foo < <(sed 's/"peios_revision":2/"peios_revision":9223372036854775807/' good.json)
	assert_equal "$status:$stderr" 0:
	assert_regex "$output" '"peios_revision":9223372036854775807,'
}

@test "farm-recipe: everything that is wrong with a recipe" {
	run_apart farm-recipe -n foo < <(jq 'del(.meta) | .package[0].nmae = "x" | .package[1].name = "Foo" | .sign = []
		| .upstream.branch = "main" | .upstream.git = "ftp://a" | .upstream.peios_revision = 0
		| .watch.poll_interval = "1s" | .watch.github_webhook = 1' good.json)
	assert_equal "$status:$output:$stderr" "1::$(
		cat <<-'end'
			farm-recipe: [[sign]]: binary signatures are not supported [§8.2]
			farm-recipe: [meta]: missing [§8.2]
			farm-recipe: package 'libfoo': unknown key 'nmae' [§8.2]
			farm-recipe: package 'Foo': name 'Foo': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]
			farm-recipe: [upstream]: unknown key 'branch' [§8.2]
			farm-recipe: [upstream]: git: a scheme other than https, http, ssh, git and file
			farm-recipe: [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
			farm-recipe: [watch]: github_webhook: neither true nor false [§8.2]
			farm-recipe: [watch]: poll_interval: '1s' is less than 1m
		end
	)"
	run_apart farm-recipe -n foo < <(jq '.upstream.git = "/a\u0085"' good.json)
	assert_equal "$status:$output:$stderr" "1::farm-recipe: [upstream]: git: holds what is no printable character"
}

@test "farm-recipe: warnings are those of pk-recipe -u" {
	jq '.package[0].description = "é" | del(.package[1].files)' good.json >document
	run_apart farm-recipe -n foo <document
	assert_equal "$status:$stderr" 0:
	run_apart pk-recipe <document
	assert_equal "$status:${#stderr_lines[@]}" 0:2
}

@test "farm-recipe: the recipe's name" {
	local name
	for name in a _ 0 'a b' 'a:b' '$(x)' 'a%b' "a'b" 'a"\b' é a.b a-b a+b; do
		run_apart farm-recipe -n "$name" <good.json
		assert_equal "$name:$status:$stderr" "$name:0:"
		assert_equal "$(jq -r .name <<<"$output")" "$name"
	done
	# NAME@0-1, and 19 bytes that the farm needs for a while.
	printf -v name 'a%.0s' {1..232}
	run_apart farm-recipe -n "$name" <good.json
	assert_success
	run_apart farm-recipe -n "a$name" <good.json
	assert_refused 1 "farm-recipe: recipe '${name:0:200}': 233 bytes, of which names of files have room for 232"
	while IFS='|' read -r name message; do
		run_apart farm-recipe -n "$(printf '%b' "$name")" <good.json
		assert_equal "$status:$output:$stderr" "1::farm-recipe: recipe $message"
	done <<-'end'
		|'': no name
		.|'.': starts with '.'
		..|'..': starts with '.'
		.git|'.git': starts with '.'
		-n|'-n': starts with '-'
		a/b|'a/b': has a '/' in it
		/|'/': has a '/' in it
		a@1.0-1|'a@1.0-1': has a '@' in it
		make.log|'make.log': a log of the farm has that name
		upload.log|'upload.log': a log of the farm has that name
		a\0011|'a\x09': holds what is no printable character
		a\0377|'a\xff': holds what is no printable character
		a\0342\0200\0256|'a\xe2\x80\xae': holds what is no printable character
	end
	run_apart farm-recipe -n $'a\nb' <good.json
	assert_equal "$status:$output:$stderr" "1::farm-recipe: recipe 'a\x0ab': holds what is no printable character"
}

@test "farm-recipe: what is no document" {
	for document in '[]' 1 null; do
		run_apart farm-recipe -n foo <<<"$document"
		assert_equal "$status:$output:$stderr" '1::farm-recipe: standard input: no object'
	done
	for document in '' '{' '{}{}' '{"a":1,"a":2}' $'{"a":"\xff"}'; do
		run_apart farm-recipe -n foo < <(printf '%s' "$document")
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" '^farm-recipe: standard input: [^:].*$'
	done
	run_apart farm-recipe -n foo < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	run_apart farm-recipe -n foo < <(printf '{"a":"%01048576d"}' 0)
	assert_refused 1 'farm-recipe: standard input: over the limit of 1048576 bytes'
	jq -cj 'del(.watch, .other)' good.json >document
	for ((size = 0; size < $(stat -c %s document); size += 7)); do
		run_apart farm-recipe -n foo < <(head -c $size document)
		assert_equal "$status:$output" 1:
	done
	run_apart farm-recipe -n foo < <(gzip -c good.json | head -c 100)
	assert_equal "$status:$output:$stderr" '1::farm-recipe: standard input: gzip data cut short'
}

@test "farm-recipe: a full disk and a closed pipe are errors" {
	run_apart bash -c 'farm-recipe -n foo <good.json >/dev/full'
	assert_refused 1 'farm-recipe: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; farm-recipe -n foo <good.json; } | true'
	assert_refused 1 'farm-recipe: standard output: Broken pipe'
	run_apart bash -c 'farm-recipe -n foo <&-'
	assert_refused 1 'farm-recipe: standard input: Bad file descriptor'
}

@test "farm-recipe: the recipes of the test data" {
	need_vectors
	local recipe
	for recipe in "$VECTORS"/packages/*/recipe/peipkg.toml; do
		run_apart farm-recipe -n vector < <(pk-toml <"$recipe")
		assert_equal "$recipe:$status:$stderr" "$recipe:0:"
		assert_equal "$(jq -c .packages <<<"$output")" "$(pk-toml <"$recipe" | jq -c '[.package[].name]')"
	done
}

@test "farm-recipe: usage" {
	run_apart farm-recipe <good.json
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'farm-recipe: -n is wanted'
	run_apart farm-recipe -n foo good.json
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "farm-recipe: 'good.json': the recipe is read from standard input"
	run_apart farm-recipe -x
	assert_equal "$status" 2
	run_apart farm-recipe --help
	assert_output 'usage: farm-recipe -n NAME'
}

@test "farm-recipe: the examples of its page" {
	check_examples "$project/filters/farm-recipe.1"
}
