#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# One line of what zstd says of the frame in a file.
frame_fact() {
	zstd -lv "$1" 2>&1 | sed -n "s/^$2: //p"
}

assert_round_trip() {
	pk-zstd "${@:2}" <"$1" >frame.zst
	zstd -dc --long=27 frame.zst | cmp - "$1"
	assert_equal "$(frame_fact frame.zst '# Zstandard Frames')" 1
	assert_equal "$(frame_fact frame.zst Check)" None
	assert_equal "$(frame_fact frame.zst DictID)" 0
}

@test "pk-zstd: what zstd reads back, at every kind of size" {
	seq 400000 >numbers
	for size in 0 1 2 511 4096 131071 131072 131073 524288 524289 1048575 1048576 \
		1048577 2097152 2600000; do
		head -c "$size" numbers >part
		assert_round_trip part
	done
	head -c 3000000 /dev/urandom >noise
	assert_round_trip noise
}

@test "pk-zstd: the header has the content's size below 1 MiB, the window above" {
	seq 400000 >numbers
	head -c 1048575 numbers | pk-zstd >small.zst
	assert_equal "$(frame_fact small.zst 'Decompressed Size')" '1024 KiB (1048575 B)'
	assert_equal "$(frame_fact small.zst 'Window Size')" '1024 KiB (1048575 B)'
	head -c 1048576 numbers | pk-zstd >large.zst
	assert_equal "$(frame_fact large.zst 'Decompressed Size')" ''
	assert_equal "$(frame_fact large.zst 'Window Size')" '32.0 MiB (33554432 B)'
	pk-zstd -w 10 <numbers >narrow.zst
	assert_equal "$(frame_fact narrow.zst 'Window Size')" '1.000 KiB (1024 B)'
	pk-zstd -w 27 <numbers >wide.zst
	assert_equal "$(frame_fact wide.zst 'Window Size')" '128 MiB (134217728 B)'
}

@test "pk-zstd: every level and window at its ends" {
	seq 400000 >numbers
	seq 1000 >few
	for options in '-l 1' '-l 19' '-w 10' '-w 27' '-l 1 -w 10' '-l 19 -w 27'; do
		read -ra words <<<"$options"
		assert_round_trip few "${words[@]}"
	done
	for options in '-l 1' '-w 10' '-w 27' '-l 1 -w 10' '-l 3 -w 27'; do
		read -ra words <<<"$options"
		assert_round_trip numbers "${words[@]}"
	done
}

@test "pk-zstd: same bytes for one processor and all, for pieces small and large" {
	seq 3000000 >numbers
	pk-zstd -l 1 <numbers >expected
	taskset -c 0 pk-zstd -l 1 <numbers | cmp - expected
	# shellcheck disable=SC2002 # a pipe is wanted
	cat numbers | pk-zstd -l 1 | cmp - expected
	dd if=numbers bs=777 status=none | pk-zstd -l 1 | cmp - expected
	(head -c 1000001 && sleep 0.2 && cat) <numbers | pk-zstd -l 1 | cmp - expected
	for size in 0 1 10240 600000 1048575 1048576; do
		head -c "$size" numbers | pk-zstd >expected
		head -c "$size" numbers | dd bs=4097 status=none | taskset -c 0 pk-zstd |
			cmp - expected
	done
}

@test "pk-zstd: same bytes at the defaults, where there is more than one job" {
	seq 5000000 | pk-zstd >expected
	seq 5000000 | taskset -c 0 pk-zstd | cmp - expected
	zstd -dc expected | cmp - <(seq 5000000)
}

@test "pk-zstd: repetitions are found across the window" {
	head -c 12000000 /dev/urandom >noise
	cat noise noise | pk-zstd -l 1 >twice.zst
	assert [ "$(stat -c %s twice.zst)" -lt 12100000 ]
}

@test "pk-zstd: when no thread can be had it fails rather than write other bytes" {
	strace -o /dev/null true || skip 'strace does not work here'
	seq 1000000 >numbers
	export ASAN_OPTIONS=detect_leaks=0
	run_apart strace -o trace -e inject=clone,clone3:error=EAGAIN pk-zstd <numbers
	assert_refused 1 'pk-zstd: zstd: Allocation error : not enough memory'
	assert_output ''
	grep -q INJECTED trace
}

@test "pk-zstd: a full disk, a closed pipe, bad input descriptors" {
	for size in 0 10000 3000000; do
		head -c "$size" /dev/urandom >noise
		run_apart bash -c 'pk-zstd <noise >/dev/full'
		assert_refused 1 'pk-zstd: standard output: No space left on device'
		run_apart bash -c 'set -o pipefail; (sleep 0.2; pk-zstd) <noise | true'
		assert_refused 1 'pk-zstd: standard output: Broken pipe'
	done
	run_apart bash -c 'pk-zstd <.'
	assert_refused 1 'pk-zstd: standard input: Is a directory'
	run_apart bash -c 'pk-zstd <&-'
	assert_refused 1 'pk-zstd: standard input: Bad file descriptor'
	run_apart bash -c 'pk-zstd </dev/null >&-'
	assert_refused 1 'pk-zstd: standard output: Bad file descriptor'
}

@test "pk-zstd: what it wrote before it was killed is no whole frame" {
	mkfifo in
	pk-zstd -l 1 <in >cut.zst &
	exec {writer}>in
	seq 3000000 >&$writer
	kill -KILL $!
	exec {writer}>&-
	run wait $!
	assert [ -s cut.zst ]
	run_apart zstd -dc cut.zst
	assert_equal "$status" 1
	run_apart bash -c 'pk-unzstd <cut.zst >/dev/null'
	assert_refused 1 'pk-unzstd: standard input: the zstd frame is cut short [§3.1.3]'
}

@test "pk-zstd: usage" {
	for bad in '-l 0' '-l 20' '-l -1' '-l x' '-l 9x' '-w 9' '-w 28' '-w 99999999999999999999' \
		'-x' '-l' 'operand'; do
		read -ra words <<<"$bad"
		run_apart pk-zstd "${words[@]}" </dev/null
		assert_equal "$status" 2
		assert_equal "${stderr_lines[-1]}" 'usage: pk-zstd [-l LEVEL] [-w WINDOWLOG]'
		assert_output ''
	done
	run_apart pk-zstd -l 20 </dev/null
	assert_equal "${stderr_lines[0]}" "pk-zstd: -l: a number from 1 to 19 is wanted, not '20'"
	run_apart pk-zstd -w 28 </dev/null
	assert_equal "${stderr_lines[0]}" "pk-zstd: -w: a number from 10 to 27 is wanted, not '28'"
}

@test "pk-zstd: the examples of its page" {
	check_examples "$project/filters/pk-zstd.1"
}
