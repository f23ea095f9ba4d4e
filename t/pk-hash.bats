#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "pk-hash: empty input" {
	run_apart pk-hash </dev/null
	assert_success
	assert_output "$(sha256sum </dev/null | cut -d' ' -f1)"
	assert_equal "$stderr" ''
}

@test "pk-hash: both engines agree with sha256sum at every size around a block" {
	head -c 200 /dev/urandom >bytes
	for size in {0..200}; do
		head -c "$size" bytes >part
		expected=$(sha256sum <part | cut -d' ' -f1)
		assert_equal "$(pk-hash -e portable <part)" "$expected"
		assert_equal "$(pk-hash -e fast <part)" "$expected"
	done
}

@test "pk-hash: 300 MB through a pipe, in small pieces and large" {
	expected=$(head -c 300000000 /dev/zero | sha256sum | cut -d' ' -f1)
	assert_equal "$(head -c 300000000 /dev/zero | pk-hash)" "$expected"
	assert_equal "$(head -c 3000000 /dev/zero | dd bs=37 status=none | pk-hash)" \
		"$(head -c 3000000 /dev/zero | sha256sum | cut -d' ' -f1)"
}

@test "pk-hash: lines as sha256sum writes them, whatever the name" {
	names=('a b' $'new\nline' 'back\slash' $'return\r' "quote's" '*' 'é' $'\xff')
	for name in "${names[@]}"; do
		printf '%s' "$name" >"$name"
	done
	pk-hash -- "${names[@]}" >ours
	sha256sum -- "${names[@]}" >theirs
	cmp ours theirs
	sha256sum -c --quiet ours
}

@test "pk-hash: a file that cannot be read is reported, the others are hashed" {
	echo here >here
	run_apart pk-hash absent here .
	assert_equal "$status" 1
	assert_output "$(sha256sum here)"
	assert_equal "${stderr_lines[0]}" 'pk-hash: absent: No such file or directory'
	assert_equal "${stderr_lines[1]}" 'pk-hash: .: Is a directory'
}

@test "pk-hash: a full disk and a closed pipe are errors" {
	run_apart bash -c 'pk-hash </dev/null >/dev/full'
	assert_refused 1 'pk-hash: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-hash </dev/null; } | true'
	assert_refused 1 'pk-hash: standard output: Broken pipe'
	run_apart bash -c 'pk-hash </dev/null >&-'
	assert_refused 1 'pk-hash: standard output: Bad file descriptor'
	run_apart bash -c 'pk-hash <&-'
	assert_refused 1 'pk-hash: standard input: Bad file descriptor'
}

@test "pk-hash: usage" {
	run_apart pk-hash -e md5
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "pk-hash: -e: no engine 'md5'"
	run_apart pk-hash -x
	assert_equal "$status" 2
	run_apart pk-hash --help
	assert_success
	assert_output --partial 'usage: pk-hash'
	run_apart pk-hash --version
	assert_output --regexp '^pk-hash [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-hash: the examples of its page" {
	check_examples "$project/filters/pk-hash.1"
}
