#!/usr/bin/env bats

# lib/base64, through a driver: texts with a NUL behind each -> lines.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	PATH=$project/${BUILD:-build}/t:$PATH
}

hex() {
	od -An -v -tx1 | tr -d ' \n'
}

@test "base64: bytes of every length and value, as coreutils writes them" {
	for size in {0..70} 255 256 65535; do
		head -c "$size" /dev/urandom >bytes
		text=$(basenc --base64 -w0 bytes | tr -d =)
		printf '%s\0' "$text" >>texts
		printf '%s %s\n' "$(hex <bytes)" "$text" >>expected
	done
	base64 <texts | diff expected -
}

@test "base64: every character that is not in the alphabet is refused" {
	for code in {1..255}; do
		printf -v byte '%02x' "$code"
		printf '%b' "AB\\x${byte}D\\0" >>texts
		case $(printf '%b' "\\x$byte") in
		[A-Za-z0-9+/]) ;;
		=) echo 'refused: base64 with padding [§1.3]' ;;
		*) echo "refused: not base64: byte 0x$byte at 2 [§1.3]" ;;
		esac >>expected
	done
	assert_equal "$(base64 <texts | grep -c refused)" $((255 - 64))
	base64 <texts | grep refused | diff expected -
}

@test "base64: padding, white space, half bytes and unused bits are refused" {
	printf '%s\0' 'QQ==' 'QUI=' 'QUJD=' '=' ' QUJD' 'QU JD' $'QUJD\n' $'QU\nJD' 'Q' 'QUJDR' \
		'QR' 'QX' 'Q/' 'QUJDQR' 'QUJ' 'QUL' 'QUI' 'QQ' 'QUJDREX' >texts
	base64 <texts >results
	diff -u - results <<-'END'
		refused: base64 with padding [§1.3]
		refused: base64 with padding [§1.3]
		refused: base64 with padding [§1.3]
		refused: base64 with padding [§1.3]
		refused: not base64: byte 0x20 at 0 [§1.3]
		refused: not base64: byte 0x20 at 2 [§1.3]
		refused: not base64: byte 0x0a at 4 [§1.3]
		refused: not base64: byte 0x0a at 2 [§1.3]
		refused: base64 cut short [§1.3]
		refused: base64 cut short [§1.3]
		refused: base64 with unused bits set [§1.3]
		refused: base64 with unused bits set [§1.3]
		refused: base64 with unused bits set [§1.3]
		refused: base64 with unused bits set [§1.3]
		refused: base64 with unused bits set [§1.3]
		refused: base64 with unused bits set [§1.3]
		4142 QUI
		41 QQ
		refused: base64 with unused bits set [§1.3]
	END
}

@test "base64: of 64 spellings of a last character, one a value is taken" {
	for c in {A..Z} {a..z} {0..9} + /; do
		printf '%s\0' "AA$c" "A$c"
	done >texts
	# 4 bits of a third character are used, 2 of a second.
	assert_equal "$(base64 <texts | grep -vc refused)" $((16 + 4))
}
