#!/usr/bin/env bats

load helper

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
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
	mkdir directory
	run_apart pk-hash absent directory here . here
	assert_equal "$status" 1
	assert_output "$(sha256sum here here)"
	assert_equal "$stderr" 'pk-hash: absent: No such file or directory
pk-hash: directory: Is a directory
pk-hash: .: Is a directory'
}

@test "pk-hash: a file that fails in its middle is reported, the others are hashed" {
	need_strace
	head -c 600000 /dev/zero >large
	echo here >here
	run_apart strace -qq -o trace -P "$PWD/large" -e inject=read:error=EIO:when=2 pk-hash large here
	assert_equal "$status" 1
	assert_output "$(sha256sum here)"
	assert_equal "$stderr" 'pk-hash: large: Input/output error'
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

# The hashes of the regular files of staged as sha256sum has them.
assert_hashes() {
	jq -r 'select(.type == "file") | "\(.hash)  \(.path)"' | (cd staged && sha256sum -c --quiet)
}

@test "pk-hash -C: entries of files gain their hash, others stay as they are" {
	mkdir -p staged/usr/share/a/b/c staged/usr/bin
	printf abc >staged/usr/share/a/b/c/x
	: >"staged/usr/share/with blank"
	head -c 1000000 /dev/urandom >staged/usr/bin/large
	printf d >staged/usr/share/a.c
	ln -s large staged/usr/bin/link
	ln -s /dev/zero staged/usr/bin/zero
	ln staged/usr/bin/large staged/usr/share/é
	pk-walk staged >entries
	pk-hash -C staged <entries >hashed
	jq -c 'del(.hash)' hashed | cmp - entries
	assert_equal "$(jq -r 'select(.hash) | .type' hashed | sort | uniq -c | xargs)" '5 file'
	assert_hashes <hashed
	grep -qxF '{"path":"usr/share/a/b/c/x","type":"file","size":3,"hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}' hashed
	pk-hash -e portable -C staged <entries | cmp - hashed
	pk-hash -C staged/ <hashed >again
	cmp again hashed
	ln -s staged link
	pk-hash -C link <entries | cmp - hashed
}

@test "pk-hash -C: what it does not know stays, an older hash is replaced" {
	mkdir -p staged/etc
	printf abc >staged/etc/x
	run_apart pk-hash -C staged <<-'END'
		{"path":"etc","type":"dir","package":"aa","mine":1}
		{ "mine" : [ null ], "package":"bb", "hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":3,"type":"file","path":"etc\u002fx"}
	END
	assert_success
	assert_output '{"path":"etc","type":"dir","package":"aa","mine":1}
{"path":"etc/x","type":"file","size":3,"hash":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","package":"bb","mine":[null]}'
}

@test "pk-hash -C: an empty stream, and one without files" {
	mkdir staged
	run_apart pk-hash -C staged </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	run_apart pk-hash -C staged <<<'{"path":"no such","type":"link","target":"x"}'
	assert_success
	assert_output '{"path":"no such","type":"link","target":"x"}'
}

# An entry of a file of that path and of five bytes.
hash_entry() {
	jq -nc --arg path "$1" '{path: $path, type: "file", size: 5}' >entry
	run_apart timeout 10 pk-hash -C staged <entry
	assert_refused 1 "pk-hash: $1: $2"
	assert_output ''
}

@test "pk-hash -C: entries that do not fit their file" {
	mkdir -p staged/a/directory outside
	printf 12345 >staged/a/x
	printf 1234 >staged/a/four
	printf 123456 >staged/a/six
	printf 12345 >outside/x
	ln -s x staged/a/link
	ln -s a staged/b
	ln -s ../outside staged/out
	ln -s . staged/a/here
	mkfifo staged/a/fifo
	hash_entry a/absent 'No such file or directory'
	hash_entry absent/x 'No such file or directory'
	hash_entry a/four 'changed, 4 bytes instead of 5'
	hash_entry a/six 'changed, 6 bytes instead of 5'
	hash_entry a/directory 'no regular file'
	hash_entry a/fifo 'no regular file'
	hash_entry a/link 'Too many levels of symbolic links'
	hash_entry b/x 'Not a directory'
	hash_entry out/x 'Not a directory'
	hash_entry a/here/x 'Not a directory'
	hash_entry a/x/y 'Not a directory'
	hash_entry a/../a/x "'.' or '..' component [§3.2.6]"
	hash_entry ../outside/x "'.' or '..' component [§3.2.6]"
	hash_entry "$PWD/staged/a/x" 'absolute path [§3.2.6]'
	hash_entry a//x 'empty component [§3.2.6]'
	hash_entry 'a\x' 'backslash [§3.2.6]'
	run_apart pk-hash -C absent </dev/null
	assert_refused 1 'pk-hash: absent: No such file or directory'
	run_apart pk-hash -C staged/a/x </dev/null
	assert_refused 1 'pk-hash: staged/a/x: Not a directory'
}

@test "pk-hash -C: a tree deeper than the system's longest path" {
	# 15 components of 255 bytes, and a file of 255 bytes in them
	name=$(printf 'd%.0s' {1..255})
	mkdir staged
	(
		cd staged
		for _ in {1..15}; do
			mkdir "$name"
			cd "$name"
		done
		printf abc >"$name"
	)
	mkdir -p "$PWD/long/$name"
	mv staged "long/$name/staged"
	(cd "long/$name" && pk-walk staged | pk-hash -C staged) >hashed
	assert_equal "$(tail -n 1 hashed | jq -r .hash)" "$(printf abc | sha256sum | head -c 64)"
	pk-walk "long/$name/staged" | pk-hash -C "long/$name/staged" | cmp - hashed
}

@test "pk-hash -C: bad streams" {
	mkdir -p staged/etc
	run_apart pk-hash -C staged <<<'{"path":"etc"}'
	assert_refused 1 "pk-hash: standard input: not an entry: 'type' is not file, dir or link"
	run_apart bash -c 'printf "{\"path\":\"etc\",\"type\":\"dir\"}" | pk-hash -C staged'
	assert_refused 1 'pk-hash: standard input: the last line is cut short'
	assert_output ''
	run_apart pk-hash -C staged <<<garbage
	assert_equal "$status" 1
	assert_output ''
	pk-walk staged | gzip >entries.gz
	pk-hash -C staged <entries.gz | cmp - <(pk-walk staged)
	head -c -1 entries.gz >short.gz
	run_apart pk-hash -C staged <short.gz
	assert_refused 1 'pk-hash: standard input: gzip data cut short'
}

@test "pk-hash -C: a full disk and a closed pipe" {
	mkdir -p staged/etc
	echo '{"path":"etc","type":"dir"}' >entries
	run_apart bash -c 'pk-hash -C staged <entries >/dev/full'
	assert_refused 1 'pk-hash: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-hash -C staged <entries; } | true'
	assert_refused 1 'pk-hash: standard output: Broken pipe'
	# A reader that leaves is noticed while the stream still goes on.
	run_apart timeout 20 bash -c 'set -o pipefail; yes "$(<entries)" | pk-hash -C staged | head -n 1'
	assert_refused 1 'pk-hash: standard output: Broken pipe'
}

@test "pk-hash: usage" {
	run_apart pk-hash -e md5
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "pk-hash: -e: no engine 'md5'"
	run_apart pk-hash -x
	assert_equal "$status" 2
	run_apart pk-hash -C . file
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "pk-hash: -C takes its entries from standard input"
	run_apart pk-hash --help
	assert_success
	assert_output --partial 'usage: pk-hash'
	run_apart pk-hash --version
	assert_output --regexp '^pk-hash [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-hash: the examples of its page" {
	check_examples "$project/filters/pk-hash.1"
}
