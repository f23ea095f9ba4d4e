#!/usr/bin/env bats

load helper

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# The paths as find tells them, directories with their slash, sorted by bytes, NUL-ended.
expected_order() {
	find "$1" -mindepth 1 \( -type d -printf '%P/\0' -o -printf '%P\0' \) |
		LC_ALL=C sort -z
}

# The same of entries, as jq reads them.
shown_order() {
	jq -j '.path + (if .type == "dir" then "/" else "" end) + "\u0000"'
}

assert_same_order() {
	pk-walk "$1" >../entries
	expected_order "$1" >../expected
	shown_order <../entries | cmp - ../expected
}

@test "pk-walk: an empty directory" {
	mkdir tree
	run_apart pk-walk tree
	assert_success
	assert_equal "$output$stderr" ''
}

@test "pk-walk: files, links, directories" {
	mkdir -p tree/d/empty
	printf 12345 >tree/d/five
	: >tree/d/none
	truncate -s 8589934591 tree/largest
	ln -s ../nowhere/.. tree/d/link
	ln -s / tree/root
	ln tree/d/five tree/hard
	pk-walk tree >../entries
	diff - ../entries <<-'END'
		{"path":"d","type":"dir"}
		{"path":"d/empty","type":"dir"}
		{"path":"d/five","type":"file","size":5}
		{"path":"d/link","type":"link","target":"../nowhere/.."}
		{"path":"d/none","type":"file","size":0}
		{"path":"hard","type":"file","size":5}
		{"path":"largest","type":"file","size":8589934591}
		{"path":"root","type":"link","target":"/"}
	END
}

@test "pk-walk: order around the slash" {
	mkdir -p tree/{a,a-b,a.c,a0,b}/{x,a,a.b,a-b} tree/a!
	touch tree/a/x/y tree/a.c/x.y tree/A tree/a, tree/a:b tree/aa tree/é tree/zz
	assert_same_order tree
	assert_equal "$(head -n 3 ../entries)" '{"path":"A","type":"file","size":0}
{"path":"a!","type":"dir"}
{"path":"a,","type":"file","size":0}'
}

@test "pk-walk: names and targets with every byte, as JSON has them" {
	mkdir tree
	for i in {1..46} {48..127}; do
		# shellcheck disable=SC2059
		printf -v byte "\\x$(printf %02x "$i")."
		name=n${byte%.}
		: >"tree/$name"
		ln -s "$name" "tree/l$name"
	done
	touch $'tree/new\nline' tree/$'\u2028' tree/ü tree/$'u\u0308' tree/😀
	assert_same_order tree
	jq -j 'select(.type == "link") | .target + "\u0000"' ../entries >../targets
	find tree -type l -printf '%P %l\0' | LC_ALL=C sort -z | sed -z 's/[^l]*ln. //' |
		cmp - ../targets
	grep -qxF '{"path":"new\nline","type":"file","size":0}' ../entries
}

@test "pk-walk: neither creation order, locale nor umask shows" {
	mkdir one two
	for name in b a C a.b é; do mkdir "one/$name"; done
	(umask 077 && for name in é a.b C a b; do mkdir "two/$name"; done)
	for i in {1..200}; do
		: >"one/$i"
		: >"two/$((201 - i))"
	done
	pk-walk one >../entries
	pk-walk two | cmp - ../entries
	for locale in C C.UTF-8 en_US.UTF-8 tr_TR.UTF-8; do
		LC_ALL=$locale pk-walk two | cmp - ../entries
	done
}

@test "pk-walk: a directory named by a link, a slash, the current one" {
	mkdir -p tree/a
	ln -s tree link
	for operand in tree tree/ link link/ ./tree "$PWD/tree" tree/a/..; do
		run_apart pk-walk "$operand"
		assert_success
		assert_output '{"path":"a","type":"dir"}'
	done
	cd tree
	run_apart pk-walk .
	assert_output '{"path":"a","type":"dir"}'
}

@test "pk-walk: no directory" {
	: >file
	ln -s absent dangling
	for operand in absent dangling ''; do
		run_apart pk-walk "$operand"
		assert_refused 1 "pk-walk: $operand: No such file or directory"
	done
	run_apart pk-walk file
	assert_refused 1 'pk-walk: file: Not a directory'
}

@test "pk-walk: all refusals in one run, and the entries that can be written" {
	mkdir -p tree/a tree/b$'\xff'/c
	mkfifo tree/a/fifo tree/b$'\xff'/c/fifo
	perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "tree/a/socket") or die'
	: >tree/$'\xc3'
	ln -s $'\xed\xa0\x80' tree/surrogate
	truncate -s 8589934592 tree/z
	: >tree/good
	: >tree/b$'\xff'/c/good
	run_apart pk-walk tree
	assert_equal "$status" 1
	assert_output '{"path":"a","type":"dir"}
{"path":"good","type":"file","size":0}
{"path":"z","type":"file","size":8589934592}'
	assert_equal "$stderr" "pk-walk: a/fifo: a FIFO, neither file, directory nor symbolic link [§3.2.5]
pk-walk: a/socket: a socket, neither file, directory nor symbolic link [§3.2.5]
pk-walk: b\\xff: name is not UTF-8 [§3.2.6]
pk-walk: b\\xff/c/fifo: a FIFO, neither file, directory nor symbolic link [§3.2.5]
pk-walk: surrogate: target '\\xed\\xa0\\x80' is not UTF-8 [§3.2.6]
pk-walk: z: 8589934592 bytes, more than 8 GiB - 1 [§3.1.2]
pk-walk: \\xc3: name is not UTF-8 [§3.2.6]"
}

@test "pk-walk: devices" {
	run_apart pk-walk /dev
	assert_equal "$status" 1
	refute_output --partial '"path":"null"'
	assert_regex "$stderr" \
		'pk-walk: null: a character device, neither file, directory nor symbolic link'
}

# Makes a chain of directories, each within the one before; names of that length.
make_chain() {
	local depth=$1 length=$2 name
	printf -v name '%*s' "$length" ''
	name=${name// /d}
	mkdir tree
	(
		cd tree
		for ((i = 0; i < depth; i++)); do
			mkdir "$name"
			cd "./$name" 2>/dev/null
		done
	)
}

@test "pk-walk: 256 components, not 257" {
	make_chain 256 1
	assert_equal "$(pk-walk tree | wc -l)" 256
	(cd tree && mkdir -p "$(pk-walk . | tail -n 1 | jq -r .path)/d/d/d")
	run_apart pk-walk tree
	assert_equal "$status" 1
	assert_equal "${#lines[@]}" 256
	deepest=$(printf 'd/%.0s' {1..257})
	assert_equal "$stderr" "pk-walk: ${deepest%/}: more than 256 components [§3.2.7]"
	(ulimit -n 270 && run ! pk-walk tree)
}

@test "pk-walk: 4096 bytes, not 4097, in a tree deeper than the system's longest path" {
	make_chain 40 255
	run_apart pk-walk tree
	assert_equal "$status" 1
	assert_equal "${#stderr_lines[@]}" 1
	# 16 components of 255 bytes and their slashes are 4095 bytes.
	assert_regex "$stderr" '^pk-walk: d{255}(/d{255}){16}: longer than 4096 bytes \[§3.2.7\]$'
	rm -r tree
	make_chain 15 255
	deepest=$(pk-walk tree | tail -n 1 | jq -r .path)
	(cd "tree/$deepest" && : >"$(printf 'f%.0s' {1..255})" && : >"$(printf 'f%.0s' {1..254})")
	assert_same_order tree
	(cd tree && mkdir -p "${deepest%/*}" && cd "$deepest" && mkdir "$(printf 'e%.0s' {1..253})" &&
		cd e* && : >f && : >ff)
	run_apart pk-walk tree
	assert_equal "$status" 0
	(cd "tree/$deepest" && cd e* && : >fff)
	run_apart pk-walk tree
	assert_equal "$status" 1
	assert_equal "${#stderr_lines[@]}" 1
	assert_regex "$stderr" '/fff: longer than 4096 bytes \[§3.2.7\]$'
}

@test "pk-walk: what cannot be read is reported, and the rest searched" {
	need_strace
	mkdir -p tree/a tree/b tree/c
	ln -s a tree/link
	mkfifo tree/d
	opened=$(strace -e openat pk-walk tree 2>&1 | grep -c '^openat')
	run_apart strace -o ../trace -e inject=openat:error=EACCES:when=$((opened - 2)) pk-walk tree
	assert_equal "$stderr" 'pk-walk: a: Permission denied
pk-walk: d: a FIFO, neither file, directory nor symbolic link [§3.2.5]'
	assert_equal "$status:$output" '1:'
	run_apart strace -o ../trace -e inject=getdents64:error=EIO:when=1 pk-walk tree
	assert_equal "$stderr" 'pk-walk: tree: Input/output error'
	assert_equal "$status:$output" '1:'
	run_apart strace -o ../trace -e inject=readlinkat:error=EIO pk-walk tree
	assert_equal "$stderr" 'pk-walk: d: a FIFO, neither file, directory nor symbolic link [§3.2.5]
pk-walk: link: Input/output error'
	assert_equal "$status:$output" '1:'
	mkdir one
	: >one/file
	stats=$(strace -e newfstatat pk-walk one 2>&1 | grep -c '^newfstatat')
	run_apart strace -o ../trace -e "inject=newfstatat:error=EIO:when=$stats" pk-walk one
	assert_equal "$stderr" 'pk-walk: one/file: Input/output error'
	assert_equal "$status:$output" '1:'
}

@test "pk-walk: a full disk, a closed pipe, a closed descriptor" {
	mkdir -p tree/a
	run_apart bash -c 'pk-walk tree >/dev/full'
	assert_refused 1 'pk-walk: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; (sleep 0.2; pk-walk tree) | true'
	assert_refused 1 'pk-walk: standard output: Broken pipe'
	run_apart bash -c 'pk-walk tree >&-'
	assert_refused 1 'pk-walk: standard output: Bad file descriptor'
	run_apart bash -c 'pk-walk tree <&- 2>&-'
	assert_success
}

@test "pk-walk: usage" {
	mkdir tree
	for bad in '' 'tree tree' '-x' '-x tree'; do
		read -ra words <<<"$bad"
		run_apart pk-walk "${words[@]}"
		assert_equal "$status" 2
		assert_equal "${stderr_lines[-1]}" 'usage: pk-walk DIRECTORY'
	done
	mkdir ./-x
	run_apart pk-walk -- -x
	assert_success
}

@test "pk-walk: the examples of its page" {
	check_examples "$project/filters/pk-walk.1"
}
