#!/usr/bin/env bats

load helper

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# Every name, kind and content below the current directory.
tree() {
	find . -mindepth 1 -printf '%P %y %l\n' | sort
	find . -type f -print0 | sort -z | xargs -0r cat
}

# Three pairs in two directories: a file to replace, a new one, a link to replace.
make_files() {
	rm -rf from to
	mkdir from to
	echo 'new 1' >from/1
	echo 'new 2' >from/2
	echo 'new 3' >from/3
	echo 'old 1' >to/1
	ln -s 1 to/3
}

pairs=(from/1 to/1 from/2 to/2 from/3 to/3)

# Runs fs-commit with faults: strace's "inject" expressions, then "--", then operands.
with_fault() {
	local faults=()
	while [[ $1 != -- ]]; do
		faults+=(-e "inject=$1")
		shift
	done
	run_apart env --default-signal strace -o ../trace "${faults[@]}" fs-commit "${@:2}"
}

assert_fired() {
	grep -q INJECTED ../trace
}

@test "fs-commit: a new file, and one in the place of another" {
	echo new >temporary
	run_apart fs-commit temporary final
	assert_success
	assert_equal "$output$stderr" ''
	assert_equal "$(tree)" $'final f \nnew'
	echo newer >temporary
	fs-commit temporary final
	assert_equal "$(tree)" $'final f \nnewer'
}

@test "fs-commit: several at once, names with blanks, newlines, dashes" {
	make_files
	fs-commit "${pairs[@]}"
	assert_equal "$(cd to && tree)" $'1 f \n2 f \n3 f \nnew 1\nnew 2\nnew 3'
	assert_equal "$(ls from)" ''
	echo odd >-x
	fs-commit -- -x $'a\nb "c"'
	assert_equal "$(cat $'a\nb "c"')" odd
}

@test "fs-commit: a hundred pairs in a hundred directories, in ten descriptors" {
	for i in {1..100}; do
		mkdir -p "$i"
		echo "$i" >"$i.new"
		operands+=("$i.new" "$i/file")
	done
	(ulimit -n 10 && fs-commit "${operands[@]}")
	assert_equal "$(cat {1..100}/file)" "$(seq 100)"
}

@test "fs-commit: directories" {
	mkdir new empty full
	touch new/1 full/2
	fs-commit new fresh
	assert_equal "$(ls fresh)" 1
	fs-commit fresh empty
	assert_equal "$(ls empty)" 1
	assert [ ! -e fresh ]
	before=$(tree)
	run_apart fs-commit empty full
	assert_refused 1 'fs-commit: full: a directory that is not empty (-x exchanges it)'
	touch file
	run_apart fs-commit file full
	assert_refused 1 'fs-commit: full: a directory, where a file is to be put'
	run_apart fs-commit empty file
	assert_refused 1 'fs-commit: file: no directory, where one is to be put'
	rm file
	assert_equal "$(tree)" "$before"
}

@test "fs-commit: a link at the final name is replaced, what it points to stays" {
	echo new >new
	echo target >target
	ln -s target link
	fs-commit new link
	assert_equal "$(tree)" $'link f \ntarget f \nnew\ntarget'
}

@test "fs-commit: the directory of a name may be a link to it" {
	mkdir real
	ln -s real link
	echo new >link/new
	fs-commit link/new link/final
	mkdir link/directory
	fs-commit link/directory elsewhere
	assert_equal "$(<real/final)" new
	assert_equal "$(tree)" $'elsewhere d \nlink l real\nreal d \nreal/final f \nnew'
}

@test "fs-commit: what is refused before anything is renamed" {
	make_files
	mkfifo fifo
	ln -s from/1 link
	ln -s from same
	before=$(tree)
	run_apart fs-commit "${pairs[@]}" from/absent to/4
	assert_refused 1 'fs-commit: from/absent: No such file or directory'
	run_apart fs-commit "${pairs[@]}" link to/4
	assert_refused 1 'fs-commit: link: neither a regular file nor a directory'
	run_apart fs-commit "${pairs[@]}" fifo to/4
	assert_refused 1 'fs-commit: fifo: neither a regular file nor a directory'
	run_apart fs-commit from/1 fifo
	assert_refused 1 'fs-commit: fifo: neither a regular file nor a link'
	run_apart fs-commit from/1 absent/1
	assert_refused 1 'fs-commit: absent: No such file or directory'
	run_apart fs-commit from/1 to/1/1
	assert_refused 1 'fs-commit: to/1/1: Not a directory'
	run_apart fs-commit from/1 to/1 from/2 ./to//1
	assert_refused 1 'fs-commit: ./to//1: named twice'
	run_apart fs-commit from/1 to/1 same/1 to/2
	assert_refused 1 'fs-commit: same/1: named twice'
	run_apart fs-commit from/1 from/1
	assert_refused 1 'fs-commit: from/1: named twice'
	run_apart fs-commit '' to/1
	assert_refused 1 'fs-commit: : No such file or directory'
	assert_equal "$(tree)" "$before"
}

@test "fs-commit: from another file system" {
	make_files
	elsewhere=$(mktemp -p /dev/shm) || skip 'no other file system here'
	if [[ $(stat -c %d "$elsewhere") == "$(stat -c %d .)" ]]; then
		rm "$elsewhere"
		skip 'no other file system here'
	fi
	before=$(tree)
	run_apart fs-commit "${pairs[@]}" "$elsewhere" to/4
	rm "$elsewhere"
	assert_refused 1 "fs-commit: $elsewhere: on another file system than to/4"
	assert_equal "$(tree)" "$before"
}

@test "fs-commit -x: exchanges files and directories" {
	make_files
	fs-commit -x from/1 to/1
	assert_equal "$(cat from/1 to/1)" $'old 1\nnew 1'
	fs-commit -x from to
	assert_equal "$(cat to/1 from/1)" $'old 1\nnew 1'
	fs-commit -x from to/2
	assert [ -d to/2 ] && assert [ -f from ]
}

@test "fs-commit -x: refusals" {
	make_files
	before=$(tree)
	run_apart fs-commit -x from/1 to/absent
	assert_refused 1 'fs-commit: to/absent: No such file or directory'
	run_apart fs-commit -x from/1 to/3
	assert_refused 1 'fs-commit: to/3: neither a regular file nor a directory'
	run_apart fs-commit -x from from/1
	assert_refused 3 'fs-commit: from: cannot be exchanged with from/1: the file system cannot, or one is inside the other'
	assert_equal "$(tree)" "$before"
}

@test "fs-commit: contents are synced before, directories after all renames" {
	need_strace
	make_files
	strace -y -o ../trace -e fsync,renameat2,unlink fs-commit "${pairs[@]}"
	sed -E "s|<$PWD/?|<|; s/^([a-z0-9]+)\([^<]*<([^>]*)>.*/\1 \2/; s/ $//; s/^unlink\(.*/unlink/" ../trace |
		head -n -1 >../steps
	diff - ../steps <<-END
		fsync from/1
		fsync from/2
		fsync from/3
		renameat2
		renameat2
		renameat2
		fsync from
		fsync to
		unlink
		unlink
	END
}

@test "fs-commit: whichever rename fails, everything is as it was" {
	need_strace
	for which in 1 2 3; do
		for error in EIO EACCES ENOSPC EROFS; do
			make_files
			before=$(tree)
			with_fault "renameat2:error=$error:when=$which" -- "${pairs[@]}"
			assert_equal "$status" 1
			assert_equal "${#stderr_lines[@]}" 1
			assert_regex "${stderr_lines[0]}" \
				"^fs-commit: from/$which: cannot be renamed to to/$which: "
			assert_fired
			assert_equal "$(tree)" "$before"
		done
	done
}

@test "fs-commit: whichever sync fails, everything is as it was" {
	need_strace
	for which in 1 2 3 4 5; do
		make_files
		before=$(tree)
		with_fault "fsync:error=EIO:when=$which" -- "${pairs[@]}"
		assert_equal "$status" 1
		assert_equal "${#stderr_lines[@]}" 1
		assert_regex "${stderr_lines[0]}" \
			'^fs-commit: [a-z]+(/.)?: cannot be synced: Input/output error$'
		assert_fired
		assert_equal "$(tree)" "$before"
	done
	with_fault fsync:error=EIO:when=6 -- "${pairs[@]}"
	assert_success
	run ! assert_fired
}

@test "fs-commit: an undo that fails as well says where things are" {
	need_strace
	make_files
	with_fault renameat2:error=EIO:when=3+ -- "${pairs[@]}"
	assert_equal "$status" 1
	assert_equal "$stderr" "fs-commit: from/3: cannot be renamed to to/3: Input/output error
fs-commit: warning: to/2: cannot be renamed back to from/2: Input/output error
fs-commit: warning: to/1: new, and what was there is now from/1: Input/output error"
	assert_equal "$(cat to/1 from/1 to/2 from/3)" $'new 1\nold 1\nnew 2\nnew 3'
}

@test "fs-commit: where the file system cannot exchange" {
	need_strace
	for error in EINVAL ENOSYS; do
		make_files
		with_fault "renameat2:error=$error" -- "${pairs[@]}"
		assert_success
		assert_equal "$stderr" ''
		assert_fired
		assert_equal "$(cd to && tree)" $'1 f \n2 f \n3 f \nnew 1\nnew 2\nnew 3'
		assert_equal "$(ls from)" ''
	done
	make_files
	with_fault renameat2:error=EINVAL '?rename,renameat:error=EIO:when=3' -- "${pairs[@]}"
	assert_equal "$status" 1
	assert_equal "$stderr" "fs-commit: from/3: cannot be renamed to to/3: Input/output error
fs-commit: warning: to/1: new, and what was there is gone"
	assert_equal "$(cat to/1 from/2 from/3)" $'new 1\nnew 2\nnew 3'
	assert [ ! -e to/2 ]
	for error in EINVAL ENOSYS EXDEV; do
		make_files
		before=$(tree)
		with_fault "renameat2:error=$error" -- -x from/1 to/1
		assert_refused 3 'fs-commit: from/1: cannot be exchanged with to/1: the file system cannot, or one is inside the other'
		assert_equal "$(tree)" "$before"
	done
}

@test "fs-commit -x: whatever fails, everything is as it was" {
	need_strace
	for fault in renameat2:error=EIO:when=1 fsync:error=EIO:when={1,2,3,4}; do
		make_files
		before=$(tree)
		with_fault "$fault" -- -x from/1 to/1
		assert_equal "$status" 1
		assert_fired
		assert_equal "$(tree)" "$before"
	done
}

@test "fs-commit: an old file that cannot be removed is a warning, the commit stands" {
	need_strace
	make_files
	with_fault unlink:error=EIO:when=1 -- "${pairs[@]}"
	assert_success
	assert_equal "$stderr" 'fs-commit: warning: from/1: what was at to/1 cannot be removed: Input/output error'
	assert_equal "$(cat to/1 to/2 to/3 from/1)" $'new 1\nnew 2\nnew 3\nold 1'
	assert_equal "$(ls from)" 1
}

@test "fs-commit: termination signals wait until all is new, or all is old again" {
	need_strace
	for signal in HUP INT TERM; do
		make_files
		with_fault "renameat2:signal=$signal:when=1" -- "${pairs[@]}"
		assert_equal "$status" $((128 + $(kill -l $signal)))
		assert_equal "$(cd to && tree)" $'1 f \n2 f \n3 f \nnew 1\nnew 2\nnew 3'
		assert_equal "$(ls from)" ''
		make_files
		before=$(tree)
		with_fault "renameat2:signal=$signal:when=1" fsync:error=EIO:when=4 -- "${pairs[@]}"
		assert_equal "$status" $((128 + $(kill -l $signal)))
		assert_fired
		assert_equal "$(tree)" "$before"
		make_files
		with_fault "fsync:signal=$signal:when=1" -- "${pairs[@]}"
		assert_equal "$status" $((128 + $(kill -l $signal)))
		assert_equal "$(tree)" "$before"
	done
}

@test "fs-commit: killed outright, each name is wholly old or new, in the order given" {
	need_strace
	for which in 1 2 3; do
		make_files
		with_fault "renameat2:signal=KILL:when=$which" -- "${pairs[@]}"
		assert_equal "$status" 137
		expected=('old 1' '' 'old 1')
		for ((i = 1; i < which; i++)); do
			expected[i - 1]="new $i"
		done
		# to/3 is a link to 1 as long as it is old.
		((which == 1)) || expected[2]='new 1'
		for i in 1 2 3; do
			assert_equal "$(cat to/$i 2>../stray)" "${expected[i - 1]}"
		done
	done
}

@test "fs-commit -x: killed outright, both are old or both are new" {
	need_strace
	for fault in fsync:signal=KILL:when={1,2} renameat2:signal=KILL; do
		make_files
		before=$(tree)
		with_fault "$fault" -- -x from to
		assert_equal "$status" 137
		assert_equal "$(tree)" "$before"
	done
	make_files
	with_fault fsync:signal=KILL:when=3 -- -x from to
	assert_equal "$status" 137
	assert_equal "$(cat from/1 to/1)" $'old 1\nnew 1'
}

@test "fs-commit: neither reads stdin nor needs any standard descriptor" {
	make_files
	run_apart bash -c 'fs-commit from/1 to/1 <&- >&- 2>&-'
	assert_success
	assert_equal "$(cat to/1)" 'new 1'
	assert_equal "$(echo stays | { fs-commit from/2 to/2 && cat; })" stays
}

@test "fs-commit: usage" {
	for bad in '' 'one' 'one two three' '-x' '-x one' '-x one two three four' '-y one two'; do
		read -ra words <<<"$bad"
		run_apart fs-commit "${words[@]}"
		assert_equal "$status" 2
		assert_equal "${stderr_lines[-2]}" \
			'usage: fs-commit TEMPORARY FINAL [TEMPORARY FINAL]...'
	done
}

@test "fs-commit: the examples of its page" {
	check_examples "$project/filters/fs-commit.1"
}
