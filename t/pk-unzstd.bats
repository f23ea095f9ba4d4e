#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	# Frames by hand (RFC 8878, 3.1.1): magic number, then the rest. Block headers:
	# 01 00 00 is a last empty block, 09 00 00 a last raw block of one byte.
	magic='\x28\xb5\x2f\xfd'
	skippable='\x50\x2a\x4d\x18\x03\x00\x00\x00abc'
}

# Runs pk-unzstd on the bytes that a printf format makes.
unzstd_bytes() {
	# shellcheck disable=SC2059 # a format is what it is
	printf "$1" >bytes
	run_apart bash -c 'pk-unzstd <bytes'
}

# Waits until pk-unzstd has written count bytes to the pipe `out`, then asserts that it
# needed at most 40 MB (a third more under AddressSanitizer) and takes the rest.
assert_small() {
	local count=$1 program=$2 most=40000 peak reader
	grep -q __asan_init "$(command -v pk-unzstd)" && most=54000
	exec {reader}<out
	assert_equal "$(head -c "$count" <&$reader | wc -c)" "$count"
	peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$program/status")
	cat <&$reader >rest
	exec {reader}<&-
	assert [ "$peak" -gt 1000 ]
	assert [ "$peak" -lt "$most" ]
}

assert_input_refused() {
	assert_refused 1 "pk-unzstd: standard input: $1"
}

@test "pk-unzstd: what zstd and pk-zstd wrote" {
	seq 1000000 >numbers
	head -c 300000 /dev/urandom >noise
	: >nothing
	for file in numbers noise nothing; do
		pk-zstd <$file >"$file.ours"
		zstd -qc $file >"$file.file"
		zstd -qc --no-check <$file >"$file.pipe"
		zstd -qc -1 --long=27 -T2 <$file >"$file.long"
		for frame in "$file".*; do
			pk-unzstd <"$frame" >decoded
			cmp decoded "$file"
		done
	done
	seq 10000 | zstd -qc --ultra -22 | pk-unzstd | cmp - <(seq 10000)
}

@test "pk-unzstd: several frames, an empty one among them" {
	printf one | zstd -qc >frames
	printf '' | zstd -qc --no-check >>frames
	printf two | zstd -qc --no-check >>frames
	assert_equal "$(pk-unzstd <frames)" onetwo
	assert_equal "$(dd if=frames bs=1 status=none | pk-unzstd)" onetwo
	for _ in {1..300}; do cat frames; done >many
	zstd -dc many >expected
	pk-unzstd <many | cmp - expected
}

@test "pk-unzstd: empty input" {
	run_apart pk-unzstd </dev/null
	assert_input_refused 'empty, no zstd frame [§3.1.3]'
}

@test "pk-unzstd: a frame cut at any byte" {
	for check in --check --no-check; do
		seq 25 | zstd -qc $check >whole
		for ((size = 1; size < $(stat -c %s whole); size++)); do
			head -c $size whole >part
			run_apart bash -c 'pk-unzstd <part >/dev/null'
			assert_input_refused 'the zstd frame is cut short [§3.1.3]'
		done
	done
	seq 300000 | zstd -qc >whole
	for size in 100 65536 131071 131072 131073 $(($(stat -c %s whole) - 1)); do
		head -c "$size" whole >part
		run_apart bash -c 'pk-unzstd <part >decoded'
		assert_input_refused 'the zstd frame is cut short [§3.1.3]'
		cmp <(seq 300000 | head -c "$(stat -c %s decoded)") decoded
	done
	printf 'one' | zstd -qc >two
	printf 'two' | zstd -qc | head -c 3 >>two
	run_apart pk-unzstd <two
	assert_input_refused 'the zstd frame is cut short [§3.1.3]'
	assert_output one
}

@test "pk-unzstd: what is no zstd" {
	unzstd_bytes x
	assert_input_refused 'not zstd [§3.1.3]'
	unzstd_bytes '\x50\x2a'
	assert_input_refused 'not zstd [§3.1.3]'
	head -c 100000 /dev/zero >zeros
	run_apart pk-unzstd <zeros
	assert_input_refused 'not zstd [§3.1.3]'
	# A frame of zstd 0.7, and a dictionary.
	unzstd_bytes '\x27\xb5\x2f\xfd\x00\x00\x00\x00\x00\x00\x00\x00'
	assert_input_refused 'not zstd [§3.1.3]'
	unzstd_bytes '\x37\xa4\x30\xec\x00\x00\x00\x00\x00\x00\x00\x00'
	assert_input_refused 'not zstd [§3.1.3]'
	echo text | gzip >text.gz
	run_apart pk-unzstd <text.gz
	assert_input_refused 'gzip, not zstd [§3.1.3]'
	tar -cf tar text.gz
	run_apart pk-unzstd <tar
	assert_input_refused 'a bare tar, not zstd [§3.1.3]'
}

@test "pk-unzstd: skippable frames, wherever they stand" {
	printf one | zstd -qc >frame
	# shellcheck disable=SC2059
	printf "$skippable" >skippable
	zstd -dc skippable frame skippable frame skippable >/dev/null
	for order in 'skippable' 'skippable frame' 'frame skippable' 'frame skippable frame'; do
		read -ra files <<<"$order"
		cat "${files[@]}" >bytes
		run_apart bash -c 'pk-unzstd <bytes'
		assert_input_refused 'a skippable zstd frame [§3.1.3]'
	done
	unzstd_bytes '\x5f\x2a\x4d\x18\x00\x00\x00\x00'
	assert_input_refused 'a skippable zstd frame [§3.1.3]'
}

@test "pk-unzstd: bytes behind the last frame" {
	printf one | zstd -qc >frame
	for tail in '\0' '\n' 'abcdefghijklmnopqrstuvwxyz' '\x1f\x8b\x08\x00'; do
		# shellcheck disable=SC2059
		{ cat frame && printf "$tail"; } >bytes
		run_apart bash -c 'pk-unzstd <bytes'
		assert_input_refused 'bytes behind the last zstd frame [§3.1.3]'
		assert_output one
	done
}

@test "pk-unzstd: checksums" {
	printf one | zstd -qc --check >good
	assert_equal "$(pk-unzstd <good)" one
	size=$(stat -c %s good)
	last=$(tail -c 1 good | od -An -tu1)
	# shellcheck disable=SC2059
	{ head -c $((size - 1)) good && printf "\\x$(printf %02x $((last ^ 1)))"; } >bad
	run_apart pk-unzstd <bad
	assert_input_refused "the zstd frame's checksum is wrong [§3.1.3]"
}

@test "pk-unzstd: a changed bit is never a crash, and with a checksum never a success" {
	seq 100 >numbers
	zstd -qc --check numbers >good
	mapfile -t bytes < <(od -An -v -tu1 -w1 good)
	for ((at = 0; at < ${#bytes[@]}; at++)); do
		changed=("${bytes[@]}")
		changed[at]=$((bytes[at] ^ 1 << at % 8))
		# shellcheck disable=SC2059
		printf "$(printf '\\x%02x' "${changed[@]}")" >bad
		run_apart bash -c 'pk-unzstd <bad'
		# In byte 4 this hits the one bit that no decoder looks at.
		assert_equal "$at $status" "$at $((at != 4))"
	done
}

@test "pk-unzstd: damage and lies in a frame" {
	unzstd_bytes "$magic"'\x08\x00\x09\x00\x00x'
	assert_input_refused 'a damaged zstd frame (Unsupported frame parameter) [§3.1.3]'
	unzstd_bytes "$magic"'\x00\x00\x07\x00\x00x'
	assert_input_refused 'a damaged zstd frame (Data corruption detected) [§3.1.3]'
	# One byte that says it is two, and one in a block that is not the last.
	unzstd_bytes "$magic"'\x20\x02\x09\x00\x00x'
	assert_equal "$status" 1
	unzstd_bytes "$magic"'\x20\x02\x08\x00\x00x\x01\x00\x00'
	assert_input_refused 'a zstd frame of 1 bytes that says 2 [§3.1.3]'
	unzstd_bytes "$magic"'\x60\x01\x00\x01\x00\x00'
	assert_input_refused 'a zstd frame of 0 bytes that says 257 [§3.1.3]'
	unzstd_bytes "$magic"'\x20\x01\x08\x00\x00x\x01\x00\x00'
	assert_success
	assert_output x
}

@test "pk-unzstd: a frame that needs a dictionary" {
	unzstd_bytes "$magic"'\x21\x05\x01\x09\x00\x00x'
	assert_input_refused 'a zstd frame that needs a dictionary [§3.1.3]'
	run zstd -dc bytes
	assert_output --partial 'Dictionary mismatch'
	unzstd_bytes "$magic"'\x21\x00\x01\x09\x00\x00x'
	assert_success
}

@test "pk-unzstd: windows up to 128 MiB, not a byte more" {
	seq 100 | zstd -qc --ultra --long=28 >long
	run_apart pk-unzstd <long
	assert_input_refused 'a zstd window over 128 MiB [§3.1.3]'
	# The window descriptor is the exponent above 10 in five bits, eighths in three.
	# The third has a content of known size, which zstd itself would decode.
	for header in '\x00\x89' '\x00\xff' '\x80\x89\x01\x00\x00\x00' \
		'\xa0\x01\x00\x00\x08' '\xe0\x01\x00\x00\x00\x01\x00\x00\x00'; do
		unzstd_bytes "$magic$header"'\x09\x00\x00x'
		assert_input_refused 'a zstd window over 128 MiB [§3.1.3]'
	done
	for header in '\x00\x00' '\x00\x88' '\x80\x88\x01\x00\x00\x00' '\x20\x01' '\x21\x00\x01'; do
		unzstd_bytes "$magic$header"'\x09\x00\x00x'
		assert_success
		assert_output x
	done
}

@test "pk-unzstd: the limit, to the byte" {
	head -c 1000000 /dev/zero | pk-zstd >zeros
	pk-unzstd -m 1000000 <zeros | cmp - <(head -c 1000000 /dev/zero)
	run_apart bash -c 'pk-unzstd -m 999999 <zeros >short'
	assert_input_refused 'more than 999999 bytes come out [§3.5.4]'
	assert_equal "$(stat -c %s short)" 999999
	run_apart pk-unzstd -m 0 <zeros
	assert_input_refused 'more than 0 bytes come out [§3.5.4]'
	pk-zstd </dev/null | pk-unzstd -m 0
	cat zeros zeros >both
	run_apart bash -c 'pk-unzstd -m 1999999 <both >short'
	assert_input_refused 'more than 1999999 bytes come out [§3.5.4]'
	run_apart bash -c 'pk-unzstd -m 4294967297 <zeros | cmp - <(head -c 1000000 /dev/zero)'
	assert_success
	assert_equal "$stderr" 'pk-unzstd: warning: up to 4294967297 bytes may come out, more than the usual 4 GiB [§3.5.4]'
}

@test "pk-unzstd: a bomb is stopped at 4 GiB, in little memory" {
	head -c 268435456 /dev/zero | zstd -qc --no-check >part
	for _ in {1..17}; do cat part; done >bomb
	mkfifo out
	pk-unzstd <bomb >out 2>message &
	assert_small 4200000000 $!
	run wait $!
	assert_equal "$status" 1
	assert_equal "$(cat message)" \
		'pk-unzstd: standard input: more than 4294967296 bytes come out [§3.5.4]'
	assert_equal "$(stat -c %s rest)" 94967296
}

@test "pk-unzstd: 40 MB are enough for what pk-zstd writes" {
	seq 6000000 | pk-zstd -l 1 >numbers.zst
	mkfifo out
	pk-unzstd <numbers.zst >out &
	assert_small 40000000 $!
	wait $!
}

@test "pk-unzstd: the malformed packages" {
	need_vectors
	declare -A message=(
		["empty-file"]='empty, no zstd frame [§3.1.3]'
		["skippable-frame"]='a skippable zstd frame [§3.1.3]'
		["gzip"]='gzip, not zstd [§3.1.3]'
		["tar-not-compressed"]='a bare tar, not zstd [§3.1.3]'
		["truncated-frame"]='the zstd frame is cut short [§3.1.3]'
		["garbage-after-frame"]='bytes behind the last zstd frame [§3.1.3]'
	)
	for package in "$VECTORS"/malformed/*.peipkg; do
		name=$(basename "$package" .peipkg)
		cat "$package" >bytes.zst
		run_apart bash -c 'pk-unzstd <bytes.zst >bytes'
		if [[ -v message[$name] ]]; then
			assert_input_refused "${message[$name]}"
		else
			assert_success
			cmp bytes <(zstd -dc <bytes.zst)
		fi
	done
}

@test "pk-unzstd: a full disk, a closed pipe, bad input descriptors" {
	for size in 1 3000000; do
		head -c "$size" /dev/urandom | zstd -qc >noise
		run_apart bash -c 'pk-unzstd <noise >/dev/full'
		assert_refused 1 'pk-unzstd: standard output: No space left on device'
		run_apart bash -c 'set -o pipefail; (sleep 0.2; pk-unzstd) <noise | true'
		assert_refused 1 'pk-unzstd: standard output: Broken pipe'
	done
	run_apart bash -c 'pk-unzstd <.'
	assert_refused 1 'pk-unzstd: standard input: Is a directory'
	run_apart bash -c 'pk-unzstd <&-'
	assert_refused 1 'pk-unzstd: standard input: Bad file descriptor'
	run_apart bash -c 'pk-unzstd <noise >&-'
	assert_refused 1 'pk-unzstd: standard output: Bad file descriptor'
}

@test "pk-unzstd: usage" {
	for bad in '-m x' '-m -1' '-m 1k' '-m 9223372036854775808' '-m' '-x' 'operand'; do
		read -ra words <<<"$bad"
		run_apart pk-unzstd "${words[@]}" </dev/null
		assert_equal "$status" 2
		assert_equal "${stderr_lines[-1]}" 'usage: pk-unzstd [-m MAXBYTES]'
	done
}

@test "pk-unzstd: the examples of its page" {
	check_examples "$project/filters/pk-unzstd.1"
}
