#!/usr/bin/env bats

load helper
load entries

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	set -o pipefail
}

# checks NEW ON_OFFER MISSING: entries in lines as entries takes them, and what the
# messages about it say before "which nothing here provides", a line each.
checks() {
	entries <<<"$1" >new
	entries <<<"$2" >offered
	sed '/./!d; s/^/idx-deps: /; s/$/, which nothing here provides [§4.1.1]/' <<<"$3" >expected
	run_apart idx-deps new <offered
	assert_output ''
	assert_equal "$stderr" "$(<expected)"
	if [[ -n $3 ]]; then
		assert_equal "$status" 1
	else
		assert_success
	fi
	run_apart idx-deps -w new <offered
	assert_success
	assert_output ''
	assert_equal "$stderr" "$(sed 's/^idx-deps: /&warning: /' expected)"
}

# A package of that architecture that depends on the element given; one on offer.
new_with() {
	echo "aa 1-1 ${2:-x86_64} ,\"dependencies\":[$1]"
}

@test "idx-deps: by name (§4.1.1)" {
	checks "$(new_with '{"name":"bb"}')" 'bb 1-1 x86_64' ''
	checks "$(new_with '{"name":"bb"}')" 'b+ 1-1 x86_64' 'aa_1-1_x86_64: needs bb'
	checks "$(new_with '{"name":"bb"}')" 'bbb 1-1 x86_64' 'aa_1-1_x86_64: needs bb'
	checks "$(new_with '{"name":"bb","constraint":"","arch":null}')" 'bb 0~-1 x86_64' ''
	checks 'aa 1-1 x86_64' 'bb 1-1 x86_64' ''
	# Itself counts if it is on offer.
	checks "$(new_with '{"name":"aa"}')" 'bb 1-1 x86_64' 'aa_1-1_x86_64: needs aa'
	checks "$(new_with '{"name":"aa"}')" 'aa 1-1 x86_64' ''
}

@test "idx-deps: by every version and constraint of the reference client" {
	need_vectors
	awk -F '\t' '$3 != "invalid" && $2 != "" && length($0) < 1000' \
		"$VECTORS/versions/constraints.tsv" >lines
	[[ $(wc -l <lines) -gt 900 ]]
	awk -F '\t' '{
		gsub(/\t/, "\\t", $2)
		printf "p%05d 1-1 x86_64 ,\"dependencies\":[{\"name\":\"n%05d\",\"constraint\":\"%s\"}]\n", NR, NR, $2
	}' lines | entries >new
	awk -F '\t' '{ printf "n%05d %s x86_64\n", NR, $1 }' lines | entries >offered
	awk -F '\t' '$3 == "no" {
		printf "idx-deps: p%05d_1-1_x86_64: needs n%05d %s, which nothing here provides [§4.1.1]\n", NR, NR, $2
	}' lines >expected
	run_apart idx-deps new <offered
	assert_equal "$status" 1
	diff -u expected <(echo "$stderr")
	# The same under a name that is provided.
	awk -F '\t' '{
		printf "q%05d 0-1 x86_64 ,\"provides\":[{\"name\":\"n%05d\",\"version\":\"%s\"}]\n", NR, NR, $1
	}' lines | entries >offered
	run_apart idx-deps new <offered
	assert_equal "$status" 1
	diff -u expected <(echo "$stderr")
}

@test "idx-deps: by what a package provides (§4.1.4)" {
	need='{"name":"smtp","constraint":">= 2.0"}'
	checks "$(new_with "$need")" 'mail 9-1 x86_64 ,"provides":[{"name":"smtp","version":"2.0-1"}]' ''
	checks "$(new_with "$need")" 'mail 9-1 x86_64 ,"provides":[{"name":"smtp","version":"1.9-1"}]' \
		'aa_1-1_x86_64: needs smtp >= 2.0'
	# Without a version it is any.
	checks "$(new_with "$need")" 'mail 1-1 x86_64 ,"provides":[{"name":"smtp"}]' ''
	checks "$(new_with "$need")" 'mail 1-1 x86_64 ,"provides":[{"name":"smtp","version":null}]' ''
	checks "$(new_with "$need")" 'mail 1-1 x86_64 ,"provides":[{"name":"smtp","version":""}]' ''
	# One of many, and the package's own name and version count beside.
	checks "$(new_with "$need")" \
		'mail 1-1 x86_64 ,"provides":[{"name":"imap"},{"name":"smtp","version":"3-1"},{"name":"zz"}]' ''
	checks "$(new_with "$need")" 'smtp 2.0-1 x86_64 ,"provides":[{"name":"smtp","version":"1-1"}]' ''
	checks "$(new_with "$need")" 'smtp 1-1 x86_64 ,"provides":[{"name":"smtp","version":"2.0-1"}]' ''
	# What provides smtp is not asked for what smtp provides.
	checks "$(new_with '{"name":"post"}')" 'mail 1-1 x86_64 ,"provides":[{"name":"smtp"}]
smtp 1-1 aarch64 ,"provides":[{"name":"post"}]' 'aa_1-1_x86_64: needs post'
}

@test "idx-deps: by architecture (§4.1.3)" {
	for architectures in 'x86_64 x86_64 yes' 'x86_64 noarch yes' 'noarch noarch yes' \
		'x86_64 aarch64 no' 'noarch x86_64 no' 'aarch64 x86_64 no'; do
		read -r depending offered verdict <<<"$architectures"
		missing="aa_1-1_$depending: needs bb"
		[[ $verdict == no ]] || missing=''
		checks "$(new_with '{"name":"bb","arch":"any"}' "$depending")" "bb 1-1 $offered" "$missing"
		checks "$(new_with '{"name":"bb"}' "$depending")" \
			"zz 1-1 $offered ,\"provides\":[{\"name\":\"bb\"}]" "$missing"
	done
	# For one of two depending packages
	checks "$(new_with '{"name":"bb"}' x86_64 && new_with '{"name":"bb"}' aarch64)" \
		'bb 1-1 x86_64' 'aa_1-1_aarch64: needs bb'
}

@test "idx-deps: any of several will do, and each is reported as it comes" {
	checks 'cc 1-1 x86_64 ,"dependencies":[{"name":"n1","constraint":"> 1,< 3"},{"name":"n2"},{"name":"n3"}]
bb 2:1~rc1-1 x86_64 ,"dependencies":[{"name":"n1","constraint":"= 2"},{"name":"n3","constraint":"4-1"}]
aa 1-1 x86_64 ,"dependencies":[{"name":"n0"},{"name":"n1"}]' \
		'n1 1-1 x86_64
n1 3-1 x86_64
n1 2-7 noarch
n3 4-2 x86_64' 'cc_1-1_x86_64: needs n2
bb_2:1~rc1-1_x86_64: needs n3 4-1
aa_1-1_x86_64: needs n0'
}

@test "idx-deps: only dependencies are looked at" {
	checks 'aa 1-1 x86_64 ,"optional_dependencies":[{"name":"bb"}],"replaces":[{"name":"cc"}]' \
		'aa 1-1 x86_64' ''
}

@test "idx-deps: what the reference published, and nothing at all" {
	need_vectors
	index=$VECTORS/repository/state4/index
	jq -c '.packages[]' "$index/active.json" >active
	jq -c '.packages[]' "$index/archive.json" >archive
	# Every dependency there, by a judge of its own: names only, all of them unversioned
	# or not there.
	jq -r '.dependencies[].name' active | sort -u >needed
	jq -r '.name, (.provides // [] | .[].name)' active | sort -u >there
	comm -23 needed there >missing
	cp active offered
	run_apart idx-deps -w active <offered
	assert_success
	assert_equal "$(sed -n 's/.*needs \([^ ,]*\).*/\1/p' <<<"$stderr" | sort -u)" "$(<missing)"
	: >empty
	idx-deps empty <active
	idx-deps empty </dev/null
	run_apart idx-deps active </dev/null
	assert_equal "${#stderr_lines[@]}" "$(jq -r '.dependencies[].name' active | wc -l)"
}

@test "idx-deps: compressed input" {
	new_with '{"name":"bb"}' | entries | gzip >new.gz
	entries <<<'bb 1-1 noarch' | gzip | idx-deps new.gz
	head -c -9 new.gz >short.gz
	run_apart idx-deps short.gz </dev/null
	assert_refused 1 'idx-deps: short.gz: gzip data cut short'
	run_apart idx-deps new.gz <short.gz
	assert_refused 1 'idx-deps: standard input: gzip data cut short'
}

# refuses NEW ON_OFFER MESSAGE
refuses() {
	entries <<<"$1" >new
	entries <<<"$2" >offered
	for option in '' -w; do
		run_apart idx-deps $option new <offered
		assert_refused 1 "idx-deps: $3"
	done
}

@test "idx-deps: bad relations" {
	good='bb 1-1 noarch'
	refuses "$(new_with '{"name":"BB"}')" "$good" \
		"new: aa_1-1_x86_64: dependencies: name 'BB': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]"
	refuses "$(new_with '{"name":"bb","arch":"x86_64"}')" "$good" \
		"new: aa_1-1_x86_64: dependencies: arch: only 'any' is allowed [§4.1.1]"
	refuses "$(new_with '{"name":"bb"},{"name":"bb"}')" "$good" \
		'new: aa_1-1_x86_64: dependencies: a name twice [§4.1]'
	refuses 'aa 1-1 noarch ,"dependencies":null' "$good" \
		'new: aa_1-1_noarch: dependencies: missing or no array [§3.3]'
	refuses "$good" 'cc 1-1 noarch ,"provides":{}' \
		'standard input: cc_1-1_noarch: provides: missing or no array [§3.3]'
	run_apart idx-deps new < <(entries <<<'cc 1-1 noarch ,"provides":[{"name":"dd","version":"1"}]')
	assert_equal "$status" 1
	[[ $stderr == "idx-deps: standard input: cc_1-1_noarch: provides: version '1': "* ]]
	entries < <(new_with '{"name":"bb","constraint":"~ 1"}') >new
	run_apart idx-deps new </dev/null
	assert_equal "$status" 1
	[[ $stderr == "idx-deps: new: aa_1-1_x86_64: dependencies: constraint '~ 1': "* ]]
}

@test "idx-deps: cut short, garbage, no files" {
	new_with '{"name":"bb"}' | entries >new
	head -c -1 new >bad
	run_apart idx-deps bad <new
	assert_refused 1 'idx-deps: bad: the last line is cut short'
	run_apart idx-deps new <bad
	assert_refused 1 'idx-deps: standard input: the last line is cut short'
	head -c 5000 /dev/urandom >bad
	run_apart idx-deps bad <new
	assert_equal "$status" 1
	run_apart idx-deps new <bad
	assert_equal "$status" 1
	run_apart idx-deps absent </dev/null
	assert_refused 1 'idx-deps: absent: No such file or directory'
	run_apart idx-deps . </dev/null
	assert_refused 1 'idx-deps: .: is a directory'
	run_apart bash -c 'idx-deps new <&-'
	assert_refused 1 'idx-deps: standard input: Bad file descriptor'
}

@test "idx-deps: ten thousand dependencies, and as many who have the same one" {
	list=$(printf '{"name":"n%05d","constraint":">= 1"},' {1..10000})
	new_with "${list%,}" | entries >new
	awk 'BEGIN { for (i = 10000; i > 1; i--) printf "n%05d 1-1 noarch\n", i }' | entries >offered
	run_apart timeout 20 idx-deps new <offered
	assert_refused 1 'idx-deps: aa_1-1_x86_64: needs n00001 >= 1, which nothing here provides [§4.1.1]'
	assert_equal "${#stderr_lines[@]}" 1
	awk 'BEGIN { for (i = 0; i < 10000; i++) printf "p%05d 1-1 noarch ,\"dependencies\":[{\"name\":\"libc\"}]\n", i }' |
		entries >new
	entries <<<'libc 1-1 noarch' >>offered
	timeout 20 idx-deps new <offered
}

@test "idx-deps: usage" {
	run_apart idx-deps </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-deps: one file of new entries is wanted'
	run_apart idx-deps new more </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-deps: one file of new entries is wanted'
	run_apart idx-deps -x
	assert_equal "$status" 2
	run_apart idx-deps --help
	assert_success
	assert_output 'usage: idx-deps [-w] NEW'
	run_apart idx-deps --version
	assert_output --regexp '^idx-deps [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "idx-deps: the examples of its page" {
	check_examples "$project/filters/idx-deps.1"
}
