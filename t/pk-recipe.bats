#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >good.json <<-'end'
		{"meta":{"license":"MIT","homepage":"https://example.org/foo","source":"git","build_script":"scripts/build.sh"},
		"package":[{"name":"libfoo","architecture":"x86_64","description":"Library that does foo.",
		"dependencies":[{"name":"libc","constraint":">= 2.36, < 3"},{"name":"a-b","arch":"any"}],
		"optional_dependencies":[{"name":"zz"}],"conflicts":[{"name":"oldfoo","constraint":"1.0-1"}],
		"provides":[{"name":"foo","version":"1:2.0~rc1-1"},{"name":"bar"}],"replaces":[{"name":"foo0","constraint":"< 1"}],
		"side_effects":["ldconfig"],"files":["usr/lib/**/*.so.?","etc/{a,[b-c]}/\\*"]},
		{"name":"libfoo-dev","architecture":"x86_64","dependencies":[{"name":"libfoo","same_build":true}],
		"files":["usr/include/**","var/lib/foo/"]}],
		"upstream":{"git":"https://example.org/foo.git","tag_pattern":"^v(\\d+)$","peios_revision":2,
		"submodules":true,"min_version":"1.0"},
		"watch":{"poll_interval":"1h","github_webhook":true},
		"other":{"key":[1,null]},"license":"at the top"}
	end
}

# Standard input: lines "FILTER => MESSAGE". Each jq filter makes a recipe out of the good
# one; the program, with the arguments given, has to say just the message, refuse it and
# write nothing.
assert_each_refused() {
	local filters messages documents number
	mapfile -t cases
	filters=$(printf ',(%s)' "${cases[@]%% => *}")
	messages=("${cases[@]#* => }")
	mapfile -t documents < <(jq -c "${filters#,}" good.json)
	assert_equal ${#documents[@]} ${#messages[@]}
	for number in "${!messages[@]}"; do
		run_apart pk-recipe "$@" <<<"${documents[number]}"
		assert_equal "$status:$output:$stderr" "1::pk-recipe: ${messages[number]}"
	done
}

# Standard input: lines "FILTER => WARNING"; as above, but the recipe has to pass. Without
# an arrow there has to be no message.
assert_each_passes() {
	local filters documents number
	mapfile -t cases
	filters=$(printf ',(%s)' "${cases[@]%% => *}")
	mapfile -t documents < <(jq -c "${filters#,}" good.json)
	assert_equal ${#documents[@]} ${#cases[@]}
	for number in "${!cases[@]}"; do
		run_apart pk-recipe "$@" <<<"${documents[number]}"
		assert_equal "$status:$output" "0:${documents[number]}"
		[[ ${cases[number]} == *' => '* ]] || cases[number]=
		assert_equal "$stderr" "${cases[number]:+pk-recipe: warning: ${cases[number]#* => }}"
	done
}

@test "pk-recipe: a good recipe comes out on one line, in its order, whatever else is in it" {
	jq -c . good.json >expected
	jq . good.json >spread
	for options in '' -u; do
		pk-recipe $options <good.json >ours 2>messages
		cmp ours expected
		pk-recipe $options <spread >ours 2>>messages
		cmp ours expected
		gzip -c good.json | pk-recipe $options >ours 2>>messages
		cmp ours expected
	done
	assert_equal "$(cat messages)" ''
}

@test "pk-recipe: what belongs to others passes as it stands" {
	printf '%s' ' { "z" : [ 1.50 , -0 , 1e3 , "\u0041\/\u001F" ] ,
		"meta" : { "build_script" : "b" } ,
		"package" : [ { "name" : "ab" , "architecture" : "noarch" , "files" : [ ] } ] }' |
		pk-recipe >ours
	echo '{"z":[1.50,-0,1e3,"A/\u001f"],"meta":{"build_script":"b"},"package":[{"name":"ab","architecture":"noarch","files":[]}]}' |
		cmp ours -
}

@test "pk-recipe: [meta]" {
	assert_each_refused <<-'end'
		del(.meta) => [meta]: missing [§8.2]
		.meta = [] => [meta]: no table [§8.2]
		.meta = null => [meta]: no table [§8.2]
		.meta.homepag = "x" => [meta]: unknown key 'homepag' [§8.2]
		.meta["build_script "] = 1 => [meta]: unknown key 'build_script ' [§8.2]
		.meta.version = "1.0-1" => [meta]: unknown key 'version' [§8.2]
		del(.meta.build_script) => [meta]: build_script: missing or empty [§8.2]
		.meta.build_script = "" => [meta]: build_script: missing or empty [§8.2]
		.meta.build_script = null => [meta]: build_script: missing or empty [§8.2]
		.meta.build_script = ["build.sh"] => [meta]: build_script: no string [§8.2]
		.meta.build_script = "/build.sh" => [meta]: build_script: '/build.sh' is not relative to the recipe [§8.2]
		.meta.build_script = "../build.sh" => [meta]: build_script: '../build.sh' has a component '..' [§8.2]
		.meta.build_script = "a/.." => [meta]: build_script: 'a/..' has a component '..' [§8.2]
		.meta.build_script = "a//../b" => [meta]: build_script: 'a//../b' has a component '..' [§8.2]
		.meta.build_script = "a\nb" => [meta]: build_script: control character [§8.2]
		.meta.build_script = "a\u0000b" => [meta]: build_script: holds a NUL [§8.2]
		.meta.license = 1 => [meta]: license: no string [§8.2]
		.meta.source = {} => [meta]: source: no string [§8.2]
		.meta.homepage = true => [meta]: homepage: no string [§8.2]
		.meta.homepage = "example.org" => [meta]: homepage: neither http:// nor https:// [§3.3]
		.meta.homepage = "ftp://example.org" => [meta]: homepage: neither http:// nor https:// [§3.3]
		.meta.homepage = "https://" => [meta]: homepage: no host [§3.3]
		.meta.homepage = "https://a b" => [meta]: homepage: blank or control character [§3.3]
	end
	assert_each_passes <<-'end'
		.meta = {build_script: "..build/a..b/.../b.sh"}
		.meta.license = "" | .meta.homepage = "" | .meta.source = ""
		.meta.license = null | .meta.homepage = null | .meta.source = null
		.meta.license = "GPL-2.0-or-later AND (MIT OR Zlib)"
		.meta.license = "see COPYING" => [meta]: license: 'see COPYING' is no SPDX expression [§3.3]
	end
}

@test "pk-recipe: [[package]]" {
	assert_each_refused <<-'end'
		del(.package) => [[package]]: missing or no array of tables [§8.2]
		.package = [] => [[package]]: missing or no array of tables [§8.2]
		.package |= .[0] => [[package]]: missing or no array of tables [§8.2]
		.package = null => [[package]]: missing or no array of tables [§8.2]
		.package[2] = 7 => package #3: no table [§8.2]
		.package[1].file = [] => package 'libfoo-dev': unknown key 'file' [§8.2]
		.package[1].version = "1-1" => package 'libfoo-dev': unknown key 'version' [§8.2]
		.package[0].depends = {} => package 'libfoo': unknown key 'depends' [§8.2]
		del(.package[1].name) => package #2: name: missing or empty [§8.2]
		.package[1].name = null => package #2: name: missing or empty [§8.2]
		.package[1].name = 5 => package #2: name: no string [§8.2]
		.package[1].name = "a\u0000b" => package #2: name: holds a NUL [§8.2]
		.package[1].name = "Foo" => package 'Foo': name 'Foo': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]
		.package[1].name = "x" => package 'x': name 'x': shorter than 2 bytes [§2.1]
		.package[1].name = "foo-" => package 'foo-': name 'foo-': the last byte has to be one of a-z, 0-9 and '+' [§2.1]
		.package[1].name = "a\n\u001bb" => package 'a\x0a\x1bb': name 'a\x0a\x1bb': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]
		.package[1].name = "libfoo" | .package[1].dependencies = [] => package 'libfoo': twice [§8.2]
		del(.package[0].architecture) => package 'libfoo': architecture: missing or empty [§8.2]
		.package[0].architecture = "" => package 'libfoo': architecture: missing or empty [§8.2]
		.package[0].architecture = ["noarch"] => package 'libfoo': architecture: no string [§8.2]
		.package[0].architecture = "x86-64" => package 'libfoo': architecture 'x86-64': only a-z, 0-9 and '_' are allowed [§2.3]
		.package[0].architecture = "6502" => package 'libfoo': architecture '6502': the first byte has to be one of a-z [§2.3]
		.package[0].description = [] => package 'libfoo': description: no string [§8.2]
		.package[0].description = "a\nb" => package 'libfoo': description: '\x0a' is no printable character [§3.3]
		.package[0].description = "a\u202eb" => package 'libfoo': description: '\xe2\x80\xae' is no printable character [§3.3]
		.package[0].side_effects = ["systemd"] => package 'libfoo': side_effects: no side effect 'systemd' [§4.3.4]
		.package[0].side_effects = ["ldconfig", "ldconfig"] => package 'libfoo': side_effects: 'ldconfig' twice [§4.3.1]
		.package[0].side_effects = "ldconfig" => package 'libfoo': side_effects: no array [§4.3.1]
		.package[0].files = "usr/**" => package 'libfoo': files: no array [§8.2]
		.package[0].files = null => package 'libfoo': files: no array [§8.2]
		.package[0].files[2] = 1 => package 'libfoo': files: a pattern that is no string [§8.2]
		.package[0].files[2] = "a\u0000" => package 'libfoo': files: 'a': holds a NUL [§8.2]
	end
	assert_each_passes <<-'end'
		.package[0] = {name: "libfoo", architecture: "x86_64", files: []}
		.package[0].description = "" | .package[0].side_effects = []
		.package[0].description = null | .package[0].side_effects = null
		.package[0].side_effects = ["man-db", "depmod", "ldconfig"]
		.package[0].architecture = "aarch64"
		.package[0].architecture = "noarch"
		.package[1].name = "libstdc++"
		.package[0].architecture = "riscv64" => package 'libfoo': architecture: 'riscv64' is none of those known [§2.3]
		.package[0].description = "caf\u00e9" => package 'libfoo': description: not ASCII [§3.3]
		.package[0].description = "a" * 80
		.package[0].description = "a" * 81 => package 'libfoo': description: over 80 characters [§3.3]
		del(.package[0].files) => package 'libfoo': no files: the package will be empty
	end
}

@test "pk-recipe: the arrays that name other packages" {
	assert_each_refused <<-'end'
		.package[0].dependencies = "libc" => package 'libfoo': dependencies: no array [§8.2]
		.package[0].dependencies = "" => package 'libfoo': dependencies: no array [§8.2]
		.package[0].dependencies = {name: "libc"} => package 'libfoo': dependencies: no array [§8.2]
		.package[0].dependencies[0] = "libc" => package 'libfoo': dependencies #1: no object [§4.1]
		.package[0].dependencies[1] = {} => package 'libfoo': dependencies #2: name: missing or empty [§3.3]
		.package[0].dependencies[1].name = 1 => package 'libfoo': dependencies #2: name: no string [§3.3]
		.package[0].dependencies[0].name = "c" => package 'libfoo': dependencies 'c': name 'c': shorter than 2 bytes [§2.1]
		.package[0].dependencies[0].version = "1" => package 'libfoo': dependencies 'libc': unknown key 'version' [§8.2]
		.package[0].conflicts[0].reason = "1" => package 'libfoo': conflicts 'oldfoo': unknown key 'reason' [§8.2]
		.package[0].dependencies[0].constraint = 2 => package 'libfoo': dependencies 'libc': constraint: no string [§3.3]
		.package[0].dependencies[0].constraint = ">= 1.0," => package 'libfoo': dependencies 'libc': constraint '>= 1.0,': empty where an operator and a version are wanted [§4.1.6]
		.package[0].conflicts[0].constraint = "," => package 'libfoo': conflicts 'oldfoo': constraint ',': empty where an operator and a version are wanted [§4.1.6]
		.package[0].replaces[0].constraint = ">" => package 'libfoo': replaces 'foo0': constraint '>': version '': its upstream part is empty [§2.2.3]
		.package[0].dependencies[0].arch = "x86_64" => package 'libfoo': dependencies 'libc': arch: only 'any' is allowed [§4.1.1]
		.package[0].dependencies[0].arch = 1 => package 'libfoo': dependencies 'libc': arch: only 'any' is allowed [§4.1.1]
		.package[0].provides[1].constraint = "1" => package 'libfoo': provides 'bar': unknown key 'constraint' [§8.2]
		.package[0].provides[1].arch = "any" => package 'libfoo': provides 'bar': unknown key 'arch' [§8.2]
		.package[0].provides[1].same_build = true => package 'libfoo': provides 'bar': unknown key 'same_build' [§8.2]
		.package[0].replaces[0].same_build = true => package 'libfoo': replaces 'foo0': unknown key 'same_build' [§8.2]
		.package[0].replaces[0].arch = "any" => package 'libfoo': replaces 'foo0': unknown key 'arch' [§8.2]
		.package[0].dependencies[2] = {name: "libc"} => package 'libfoo': dependencies 'libc': twice [§4.1]
		.package[0].optional_dependencies[1] = {name: "zz"} => package 'libfoo': optional_dependencies 'zz': twice [§4.1]
		.package[0].provides[2] = {name: "foo"} => package 'libfoo': provides 'foo': twice [§4.1]
	end
	assert_each_passes <<-'end'
		.package[0].dependencies = [] | .package[0].provides = null
		.package[0].dependencies[0] = {name: "libc", constraint: "", arch: "", same_build: false}
		.package[0].dependencies += [{name: "zz"}, {name: "oldfoo"}]
		.package[0].provides += [{name: "libfoo", version: ""}]
		.package[0].dependencies[0].name = "libfoo" => package 'libfoo': dependencies 'libfoo': is the package itself
		.package[0].conflicts[0].name = "libfoo" => package 'libfoo': conflicts 'libfoo': is the package itself
	end
	# A version needs its revision in provides, and only there.
	run_apart pk-recipe < <(jq '.package[0].provides[0].version = "2.0"' good.json)
	assert_equal "$status" 1
	assert_regex "$stderr" "^pk-recipe: package 'libfoo': provides 'foo': version '2.0': [^:]*$"
}

@test "pk-recipe: same_build" {
	assert_each_refused <<-'end'
		.package[1].dependencies[0].name = "libbar" => package 'libfoo-dev': dependencies 'libbar': same_build, but this recipe has no other package of that name [§8.2]
		del(.package[0]) => package 'libfoo-dev': dependencies 'libfoo': same_build, but this recipe has no other package of that name [§8.2]
		.package[1].dependencies[0].constraint = "= 1" => package 'libfoo-dev': dependencies 'libfoo': same_build and a constraint exclude each other [§8.2]
		.package[1].dependencies[0].same_build = "true" => package 'libfoo-dev': dependencies 'libfoo': same_build: neither true nor false [§8.2]
		.package[1].dependencies[0].same_build = 1 => package 'libfoo-dev': dependencies 'libfoo': same_build: neither true nor false [§8.2]
		.package[1].dependencies[0].same_build = "" => package 'libfoo-dev': dependencies 'libfoo': same_build: neither true nor false [§8.2]
		.package[0].optional_dependencies[0].same_build = true => package 'libfoo': optional_dependencies 'zz': same_build, but this recipe has no other package of that name [§8.2]
	end
	assert_each_passes <<-'end'
		.package[0].conflicts[0] = {name: "libfoo-dev", same_build: true}
		.package[0].optional_dependencies = [{name: "libfoo-dev", same_build: true, constraint: ""}]
		.package[1].dependencies[0] = {name: "libbar", same_build: false, constraint: "< 1"}
	end
	for relation in dependencies optional_dependencies conflicts; do
		run_apart pk-recipe < <(
			jq ".package[0].$relation = [{name: \"libfoo\", same_build: true}]" good.json
		)
		assert_equal "$status:$output:$stderr" \
			"1::pk-recipe: package 'libfoo': $relation 'libfoo': same_build, but this recipe has no other package of that name [§8.2]
pk-recipe: warning: package 'libfoo': $relation 'libfoo': is the package itself"
	done
}

@test "pk-recipe: patterns that are bad or can match nothing are all named" {
	jq '.package[0].files = ["usr/[a", "usr/*", "{a", "/usr/bin/*", "/**", "./usr/a", "a/../b", "*/.", "a//b", "", "/", "a\\"]' good.json >bad.json
	run_apart pk-recipe <bad.json
	assert_equal "$status:$output" 1:
	assert_equal "${#stderr_lines[@]}" 11
	for pattern in 'usr/[a' '{a' "a\\"; do
		grep -Fq "pk-recipe: package 'libfoo': files: $pattern: " <<<"$stderr"
	done
	for pattern in /usr/bin/\* '/**' ./usr/a a/../b '*/.' a//b '' /; do
		grep -Fqx "pk-recipe: package 'libfoo': files: '$pattern' can match nothing: paths are relative, without empty, '.' and '..' components [§8.2]" <<<"$stderr"
	done
	assert_each_passes <<-'end'
		.package[0].files = ["usr/lib/foo/", "**", "**/", ".hidden/..a/...", "{/usr,opt}/x", "{..,a}/b", "[.]/a", "\\../a", "usr/*{a,b}/../x"]
	end
}

@test "pk-recipe: as many elements as a manifest may have, and no more" {
	many() {
		jq -c --arg array "$1" --argjson count "$2" \
			'.package[0][$array] = [range($count) | {name: "p\(.)"}]' good.json
	}
	many dependencies 10000 >full.json
	pk-recipe <full.json >ours
	cmp ours full.json
	many replaces 1000 | pk-recipe >ours
	for array in dependencies optional_dependencies conflicts provides; do
		run_apart pk-recipe < <(many $array 10001)
		assert_equal "$status:$output" 1:
		assert_equal "$stderr" "pk-recipe: package 'libfoo': $array: more than 10000 elements [§3.2.7]"
	done
	run_apart pk-recipe < <(many replaces 1001)
	assert_refused 1 "pk-recipe: package 'libfoo': replaces: more than 1000 elements [§3.2.7]"
}

@test "pk-recipe: a TOML file of as many dependencies as a manifest may have" {
	{
		printf '[meta]\nbuild_script = "b"\n[[package]]\nname = "aa"\n'
		printf 'architecture = "noarch"\nfiles = ["**"]\ndependencies = [\n'
		printf '\t{ name = "a-dependency-%05d", constraint = ">= 1.2.3, < 2" },\n' {1..10000}
		echo ']'
	} >peipkg.toml
	pk-toml <peipkg.toml >recipe.json
	run_apart pk-recipe <recipe.json
	assert_success
	assert_equal "$(jq '.package[0].dependencies | length' <<<"$output")" 10000
}

@test "pk-recipe: all patterns together come to 65536 bytes, and 16 for each" {
	# 30 of 1,000 and one of 17,000 bytes in one package, 1,024 of 1 byte in the other one.
	patterns=".package[0].files = [range(30) | \"a\" * 1000] + [\"a\" * (65536 - 30 * 1016 - 16 - 1024 * 17)]
		| .package[1].files = [range(1024) | \"a\"]"
	run_apart pk-recipe < <(jq "$patterns" good.json)
	assert_success
	run_apart pk-recipe < <(jq "$patterns | .package[1].files[1] += \"b\"" good.json)
	assert_refused 1 'pk-recipe: files: all patterns come to 65537 bytes, with 16 more for each; 65536 are permitted'
	assert_output ''
}

@test "pk-recipe: [[sign]] is refused by name" {
	assert_each_refused <<-'end'
		.sign = [{path: "usr/bin/x", key: "k"}] => [[sign]]: binary signatures are not supported [§8.2]
		.sign = [] => [[sign]]: binary signatures are not supported [§8.2]
		.sign = 1 => [[sign]]: binary signatures are not supported [§8.2]
	end
}

@test "pk-recipe: everything that is wrong is said in one run" {
	run_apart pk-recipe <<-'end'
		{"sign":[],"meta":{"licence":"x y","homepage":"x","build_script":"/../a"},
		"package":[{"name":"ab","files":["[","{"],"description":1,"architecture":"X","side_effects":[1],
		"dependencies":[{"name":"cd","arch":"x","b":1,"same_build":true,"constraint":"1"},{"name":"cd","constraint":";"}]},
		7,{"nmae":"ef"}]}
	end
	assert_equal "$status:$output" 1:
	# What is wrong with a pattern is for pk-glob to say.
	assert_equal "$(printf '%s\n' "$stderr" | sed "s/\('ab': files:\).*/\1/")" "$(
		cat <<-'end'
			pk-recipe: [[sign]]: binary signatures are not supported [§8.2]
			pk-recipe: [meta]: unknown key 'licence' [§8.2]
			pk-recipe: [meta]: homepage: neither http:// nor https:// [§3.3]
			pk-recipe: [meta]: build_script: '/../a' is not relative to the recipe [§8.2]
			pk-recipe: [meta]: build_script: '/../a' has a component '..' [§8.2]
			pk-recipe: package 'ab': description: no string [§8.2]
			pk-recipe: package 'ab': architecture 'X': only a-z, 0-9 and '_' are allowed [§2.3]
			pk-recipe: package 'ab': dependencies 'cd': arch: only 'any' is allowed [§4.1.1]
			pk-recipe: package 'ab': dependencies 'cd': unknown key 'b' [§8.2]
			pk-recipe: package 'ab': dependencies 'cd': same_build and a constraint exclude each other [§8.2]
			pk-recipe: package 'ab': dependencies 'cd': same_build, but this recipe has no other package of that name [§8.2]
			pk-recipe: package 'ab': dependencies 'cd': constraint ';': version ';': only A-Z, a-z, 0-9, '.', '+', '-' and '~' are allowed in its upstream part [§2.2.3]
			pk-recipe: package 'ab': dependencies 'cd': twice [§4.1]
			pk-recipe: package 'ab': side_effects: no side effect '1' [§4.3.4]
			pk-recipe: package 'ab': files:
			pk-recipe: package 'ab': files:
			pk-recipe: package #2: no table [§8.2]
			pk-recipe: package #3: unknown key 'nmae' [§8.2]
			pk-recipe: package #3: name: missing or empty [§8.2]
			pk-recipe: package #3: architecture: missing or empty [§8.2]
			pk-recipe: warning: package #3: no files: the package will be empty
		end
	)"
}

@test "pk-recipe: huge and hostile names in messages" {
	run_apart pk-recipe < <(jq '.package[0] += {name: ("x" * 100000), ("k\u001b[2J" * 50000): 1}' good.json)
	assert_equal "$status:$output" 1:
	assert_equal "${#stderr_lines[@]}" 3
	[[ $stderr != *$'\e'* ]]
	assert_regex "${stderr_lines[0]}" "^pk-recipe: package 'x{100}': unknown key 'k.u001b.*' \[§8.2\]$"
	assert_regex "${stderr_lines[1]}" "^pk-recipe: package 'x{100}': name 'x{200}': longer than 64 bytes \[§2.1\]$"
}

@test "pk-recipe -u: [upstream]" {
	assert_each_refused -u <<-'end'
		.upstream = [] => [upstream]: no table [§8.2]
		.upstream.branch = "main" => [upstream]: unknown key 'branch' [§8.2]
		del(.upstream.git) => [upstream]: tag_pattern without git
		.upstream.git = "" => [upstream]: tag_pattern without git
		del(.upstream.tag_pattern) => [upstream]: git without tag_pattern
		.upstream.git = 1 => [upstream]: git: no string [§8.2]
		.upstream.tag_pattern = ["x"] => [upstream]: tag_pattern: no string [§8.2]
		.upstream.peios_revision = 0 => [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
		.upstream.peios_revision = -1 => [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
		.upstream.peios_revision = 1.5 => [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
		.upstream.peios_revision = "1" => [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
		.upstream.peios_revision = true => [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]
		.upstream.submodules = "yes" => [upstream]: submodules: neither true nor false [§8.2]
		.upstream.min_version = 1 => [upstream]: min_version: no string [§8.2]
	end
	assert_each_passes -u <<-'end'
		del(.upstream, .watch)
		del(.watch)
		.upstream = {git: "/srv/git/foo", tag_pattern: "(.*)"}
		.upstream.peios_revision = null | .upstream.min_version = "" | .upstream.submodules = false
		del(.upstream) => [watch]: without [upstream] nothing is watched
		.upstream = {} => [upstream]: neither git nor tag_pattern: nothing is watched
		del(.meta, .package) | .meta.x = 1 | .sign = []
	end
	for revision in 9223372036854775807 1; do
		pk-recipe -u <<<'{"upstream":{"git":"/a","tag_pattern":"(a)","peios_revision":'$revision'}}'
	done
	for revision in 9223372036854775808 1e2 1.0; do
		run_apart pk-recipe -u <<<'{"upstream":{"git":"/a","tag_pattern":"(a)","peios_revision":'$revision'}}'
		assert_refused 1 'pk-recipe: [upstream]: peios_revision: no integer from 1 to 2^63-1 [§2.2]'
	done
}

@test "pk-recipe -u: git" {
	assert_each_refused -u <<-'end'
		.upstream.git = "--upload-pack=x" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "-a@b:c" => [upstream]: git: user or host starts with '-'
		.upstream.git = "a@-b:c" => [upstream]: git: user or host starts with '-'
		.upstream.git = "ssh://-oProxyCommand=x/a" => [upstream]: git: user or host starts with '-'
		.upstream.git = "ssh://a@-oProxyCommand=x/a" => [upstream]: git: user or host starts with '-'
		.upstream.git = "ssh://-a@b/c" => [upstream]: git: user or host starts with '-'
		.upstream.git = "ext::sh -c true" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "ext::sh@b:c" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "ext::https://example.org/a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "ftp://example.org/a" => [upstream]: git: a scheme other than https, http, ssh, git and file
		.upstream.git = "HTTPS://example.org/a" => [upstream]: git: a scheme other than https, http, ssh, git and file
		.upstream.git = "file://host/a" => [upstream]: git: a file URL without an absolute path
		.upstream.git = "https:/example.org/a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "https://" => [upstream]: git: no host
		.upstream.git = "https:///a" => [upstream]: git: no host
		.upstream.git = "https://user@/a" => [upstream]: git: no host
		.upstream.git = "https://:80/a" => [upstream]: git: no host
		.upstream.git = "https://example.org/a b" => [upstream]: git: a blank
		.upstream.git = "https://example.org/a\nb" => [upstream]: git: a control character
		.upstream.git = "/a\u007f" => [upstream]: git: a control character
		.upstream.git = "example.org/a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "../a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "host:a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
		.upstream.git = "git@host" => [upstream]: git: no path behind the host
		.upstream.git = "git@host/a:b" => [upstream]: git: no path behind the host
		.upstream.git = "git@host:" => [upstream]: git: no path behind the host
		.upstream.git = "git@:a" => [upstream]: git: no host
		.upstream.git = "@host:a" => [upstream]: git: neither a URL nor USER@HOST:PATH nor an absolute path
	end
	assert_each_passes -u <<-'end'
		.upstream.git = "https://example.org"
		.upstream.git = "http://example.org:8080/a/b.git"
		.upstream.git = "https://user:secret@example.org/a?b#c"
		.upstream.git = "ssh://git@example.org:22/~a/b"
		.upstream.git = "git://[::1]:9418/a"
		.upstream.git = "file:///srv/a b"
		.upstream.git = "/srv/a b/-c:d@e"
		.upstream.git = "git@example.org:a/b.git"
		.upstream.git = "git@[::1]:a"
	end
}

@test "pk-recipe -u: tag_pattern" {
	assert_each_refused -u <<-'end'
		.upstream.tag_pattern = "v" => [upstream]: tag_pattern: 0 groups, where one for the version or named ones are wanted
		.upstream.tag_pattern = "(a)(b)" => [upstream]: tag_pattern: 2 groups, where one for the version or named ones are wanted
		.upstream.tag_pattern = "(?:a)" => [upstream]: tag_pattern: 0 groups, where one for the version or named ones are wanted
		.upstream.tag_pattern = "(?P<major>a)" => [upstream]: tag_pattern: no group named 'minor'
		.upstream.tag_pattern = "(?P<minor>a)" => [upstream]: tag_pattern: no group named 'major'
		.upstream.tag_pattern = "(?P<major>a)(?P<minor>b)(c)" => [upstream]: tag_pattern: groups with a name and groups without one
		.upstream.tag_pattern = "(c)(?P<minor>b)(?<major>a)" => [upstream]: tag_pattern: groups with a name and groups without one
		.upstream.tag_pattern = "(?P<major>a)(?P<minor>b)(?P<micro>c)" => [upstream]: tag_pattern: a group named 'micro': only major, minor, patch and prerelease are known
		.upstream.tag_pattern = "(?J)(?P<major>a)(?P<minor>b)(?P<minor>c)" => [upstream]: tag_pattern: two groups named 'minor'
	end
	assert_each_passes -u <<-'end'
		.upstream.tag_pattern = "(a)"
		.upstream.tag_pattern = "^release-(\\d+(?:\\.\\d+)*)$"
		.upstream.tag_pattern = "^v(?P<major>\\d+)\\.(?P<minor>\\d+)"
		.upstream.tag_pattern = "(?P<prerelease>a)?(?P<patch>b)?(?<minor>c)(?'major'd)"
		.upstream.tag_pattern = "\u00e9(a+)+$"
	end
	# The words behind the byte are PCRE2's own.
	for pattern in '(a' 'a)' '[a' '(?P<major>a)(?P<major>b)' '*(a)' '(*UTF)(a)' '((a{1000}){1000}){1000}'; do
		run_apart pk-recipe -u < <(jq --arg p "$pattern" '.upstream.tag_pattern = $p' good.json)
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" '^pk-recipe: \[upstream\]: tag_pattern: byte [0-9]+: [^:]+$'
	done
	# 4096 bytes pass, one more does not.
	jq -c '.upstream.tag_pattern = "(" + "a" * 4094 + ")"' good.json | pk-recipe -u >ours
	run_apart pk-recipe -u < <(jq '.upstream.tag_pattern = "(" + "a" * 4095 + ")"' good.json)
	assert_equal "$status" 1
	run_apart pk-recipe -u < <(jq '.upstream.tag_pattern = "(" * 4000 + "a" + ")" * 4000' good.json)
	assert_equal "$status" 1
}

@test "pk-recipe -u: min_version" {
	for version in '-1' 'a b' '1_0' '~1' '1/2'; do
		run_apart pk-recipe -u < <(jq --arg v "$version" '.upstream.min_version = $v' good.json)
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" "^pk-recipe: \[upstream\]: min_version: version '$version-1': "
	done
	assert_each_refused -u <<-'end'
		.upstream.min_version = "1:1.0" => [upstream]: min_version: '1:1.0': an epoch, which no tag has
		.upstream.min_version = ":" => [upstream]: min_version: ':': an epoch, which no tag has
	end
	assert_each_passes -u <<-'end'
		.upstream.min_version = "1"
		.upstream.min_version = "1.0-rc.1~b+c"
		.upstream.min_version = "1.0-5"
	end
}

@test "pk-recipe -u: [watch]" {
	assert_each_refused -u <<-'end'
		.watch = "1h" => [watch]: no table [§8.2]
		.watch.poll = "1h" => [watch]: unknown key 'poll' [§8.2]
		.watch.github_webhook = 1 => [watch]: github_webhook: neither true nor false [§8.2]
		.watch.poll_interval = 60 => [watch]: poll_interval: no string [§8.2]
		.watch.poll_interval = "59s" => [watch]: poll_interval: '59s' is less than 1m
		.watch.poll_interval = "0" => [watch]: poll_interval: '0' is less than 1m
		.watch.poll_interval = "59.999999999s" => [watch]: poll_interval: '59.999999999s' is less than 1m
		.watch.poll_interval = "0.99999999999999999999m" => [watch]: poll_interval: '0.99999999999999999999m' is less than 1m
	end
	local interval
	# As Go's time.ParseDuration reads them; nothing is below zero here.
	for interval in '' 1m 60s 1h30m 1.5h .5h 60.s 1m0.s 0h1m 60000ms 60000000us 60000000µs 60000000μs \
		60000000000ns 24h 2562047h47m16.854775807s 1.000000000000000000000m; do
		jq -c --arg i "$interval" '.watch.poll_interval = $i' good.json
	done >good-intervals
	for interval in 1 60 m h 1d 1w 1h30 1h-30m -1h +1h ' 1h' '1h ' '1 h' . .h 1H 1hm 1..5h 1e3s 0x1h \
		2562047h47m16.854775808s 9999999999999999999h 99999999999999999999s $'1h\n'; do
		jq -c --arg i "$interval" '.watch.poll_interval = $i' good.json
	done >bad-intervals
	while read -r document; do
		run_apart pk-recipe -u <<<"$document"
		assert_equal "$status:$output:$stderr" "0:$document:"
	done <good-intervals
	while read -r document; do
		run_apart pk-recipe -u <<<"$document"
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" "^pk-recipe: \[watch\]: poll_interval: '[^']*' is no length of time"
	done <bad-intervals
}

@test "pk-recipe: what is no document, or no table" {
	for options in '' -u; do
		for document in '[]' 1 '"a"' null '[{}]'; do
			run_apart pk-recipe $options <<<"$document"
			assert_equal "$status:$output:$stderr" '1::pk-recipe: recipe: no table [§8.2]'
		done
		for document in '' ' ' '{' '{}{}' '{"a":1,"a":2}' '{"a":1,}' $'{"a":"\xff"}' $'\xef\xbb\xbf{}' \
			'{"a":"\ud800"}' $'{"a":"\n"}'; do
			run_apart pk-recipe $options < <(printf '%s' "$document")
			assert_equal "$status:$output" 1:
			assert_regex "$stderr" '^pk-recipe: standard input: [^:].*$'
		done
	done
	run_apart pk-recipe < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	run_apart pk-recipe < <(printf '{"a":%0100d' 0 | tr 0 '[')
	assert_equal "$status:$output" 1:
}

@test "pk-recipe: cut short anywhere, it is refused" {
	printf '%s' '{"meta":{"build_script":"b"},"package":[{"name":"ab","architecture":"noarch","files":[]}]}' >document
	pk-recipe <document
	for ((size = 0; size < $(stat -c %s document); size++)); do
		run_apart pk-recipe < <(head -c $size document)
		assert_equal "$status:$output" 1:
	done
	gzip document
	for ((size = 0; size < $(stat -c %s document.gz); size += 5)); do
		run_apart pk-recipe < <(head -c $size document.gz)
		assert_equal "$status:$output" 1:
	done
}

@test "pk-recipe: over its limit" {
	run_apart pk-recipe < <(printf '{"a":"%01048576d"}' 0)
	assert_refused 1 'pk-recipe: standard input: over the limit of 1048576 bytes'
	run_apart pk-recipe < <(printf '{"a":"%01048576d"}' 0 | gzip -1)
	assert_refused 1 'pk-recipe: standard input: over the limit of 1048576 bytes'
}

@test "pk-recipe: a full disk and a closed pipe are errors" {
	run_apart bash -c 'pk-recipe <good.json >/dev/full'
	assert_refused 1 'pk-recipe: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-recipe <good.json; } | true'
	assert_refused 1 'pk-recipe: standard output: Broken pipe'
	run_apart bash -c 'pk-recipe <good.json >&-'
	assert_refused 1 'pk-recipe: standard output: Bad file descriptor'
	run_apart bash -c 'pk-recipe <&-'
	assert_refused 1 'pk-recipe: standard input: Bad file descriptor'
}

@test "pk-recipe: the recipes of the test data" {
	need_vectors
	for recipe in "$VECTORS"/packages/*/recipe/peipkg.toml; do
		run_apart pk-recipe < <(pk-toml <"$recipe")
		assert_success
		[[ $stderr != *$'\n'* && ($stderr == '' || $stderr == *'warning: '*'not ASCII'*) ]]
	done
}

@test "pk-recipe: usage" {
	run_apart pk-recipe good.json
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "pk-recipe: 'good.json': the recipe is read from standard input"
	run_apart pk-recipe -x
	assert_equal "$status" 2
	run_apart pk-recipe --help
	assert_output 'usage: pk-recipe [-u]'
}

@test "pk-recipe: the examples of its page, and those of peipkg.toml(5)" {
	check_examples "$project/filters/pk-recipe.1"
	# The page shows two files that have to be there, before what is done with them.
	sed -n '/^\$ cat peipkg.toml/,/^\.Ed/p' "$project/filters/peipkg.toml.5" |
		sed '1d;$d;s/\\e/\\/g' >peipkg.toml
	sed -n '/^\$ cat build.sh/,/^\.Ed/p' "$project/filters/peipkg.toml.5" |
		sed '1d;$d;s/^\\&//' >build.sh
	check_examples "$project/filters/peipkg.toml.5"
}
