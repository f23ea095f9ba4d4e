#!/usr/bin/env bats

load helper
load package

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_key_pairs key other
	new_tree
	describe_tree
	tar_tree >unsigned.tar
	sign_archive key.pem <unsigned.tar >signed.tar
	sign_archive other.pem <unsigned.tar >signed-by-other.tar
}

setup() {
	cp -rp "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

# The archive on standard input without its signature and trailer: what is signed.
signed_part() {
	cat >whole.tar
	blocks=$(tar -tRf whole.tar | awk '
		/\.peipkg\/signature$/	{ sub(/:$/, "", $2); print $2; exit }
		/End of File|NULs/	{ sub(/:$/, "", $2); print $2; exit }')
	head -c $((blocks * 512)) whole.tar
}

# refuses MESSAGE OPTION...: an archive on standard input. What came out before looks
# whole to nobody: it has no end.
refuses() {
	local message=$1
	shift
	pk-sign "$@" >out 2>messages && fail 'not refused'
	assert_equal "$?" 1
	assert_equal "$(cat messages)" "pk-sign: $message"
	assert_no_end
}

assert_no_end() {
	if [[ $(tail -c 1024 out | tr -d '\0' | wc -c) -eq 0 && -s out ]]; then
		fail 'what came out ends as an archive does'
	fi
	if grep -aq '\.peipkg/signature' out; then
		fail 'what came out has a signature'
	fi
}

@test "pk-sign: what openssl and GNU tar make, byte for byte" {
	run_apart pk-sign -k key.pem <unsigned.tar
	assert_success
	assert_equal "$stderr" ''
	pk-sign -k key.pem <unsigned.tar | cmp - signed.tar
	pk-sign -k other.pem <unsigned.tar | cmp - signed-by-other.tar
	# Through pipes, in small pieces.
	dd if=unsigned.tar bs=100 status=none | pk-sign -k key.pem | cat | cmp - signed.tar
	openssl pkey -in key.pem -outform DER | tail -c 32 >key.seed
	pk-sign -k key.seed <unsigned.tar | cmp - signed.tar
}

@test "pk-sign: the archives of the vectors, their signatures included" {
	need_vectors
	cp "$VECTORS/keys/test.ed25519.pem" test.pem
	chmod 600 test.pem
	for package in "$VECTORS"/packages/*/expected/*.peipkg; do
		zstd -qdc "$package" >expected.tar
		pk-sign -k test.pem <expected.tar >again.tar
		cmp again.tar expected.tar
		# And from the archive that never had one.
		{
			signed_part <expected.tar
			head -c 1024 /dev/zero
		} >without.tar
		assert [ "$(stat -c %s without.tar)" -lt "$(stat -c %s expected.tar)" ]
		pk-sign -k test.pem <without.tar | cmp - expected.tar
	done
}

@test "pk-sign: openssl verifies the signature" {
	pk-sign -k key.pem <unsigned.tar >ours.tar
	tar -xOf ours.tar .peipkg/signature >envelope
	assert_equal "$(jq -r keys_unsorted[] envelope | xargs)" \
		'schema_version algorithm key_fingerprint signature'
	assert_equal "$(jq -r .key_fingerprint envelope)" \
		"$(openssl pkey -pubin -in key.pub -outform DER | tail -c 32 | sha256sum | cut -d' ' -f1)"
	echo "$(jq -r .signature envelope)==" | base64 -d >signature
	signed_part <ours.tar | openssl dgst -sha256 -binary >digest
	openssl pkeyutl -verify -rawin -pubin -inkey key.pub -in digest -sigfile signature
}

@test "pk-sign: an older signature is replaced" {
	pk-sign -k key.pem <signed.tar >again.tar
	cmp again.tar signed.tar
	pk-sign -k key.pem <signed-by-other.tar | cmp - signed.tar
	pk-sign -k key.pem <unsigned.tar | pk-sign -k other.pem | cmp - signed-by-other.tar
	# Whatever stands in it.
	edit .peipkg/signature 'content=no envelope' <signed.tar >odd.tar
	pk-sign -k key.pem <odd.tar | cmp - signed.tar
}

@test "pk-sign: -n writes the digest of what is signed" {
	signed_part <unsigned.tar | openssl dgst -sha256 -binary >digest
	assert_equal "$(stat -c %s digest)" 32
	for archive in unsigned.tar signed.tar signed-by-other.tar; do
		pk-sign -n <"$archive" | cmp - digest
	done
}

@test "pk-sign: on an air-gapped machine" {
	pk-sign -n <unsigned.tar >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	pk-sign -a signature -p key.pub <unsigned.tar | cmp - signed.tar
	pk-sign -a signature -p key.pub <signed-by-other.tar | cmp - signed.tar
	openssl pkey -pubin -in key.pub -outform DER | tail -c 32 >key.raw
	pk-sign -a signature -p key.raw <unsigned.tar | cmp - signed.tar
	pk-sign -a <(cat signature) -p <(cat key.pub) <unsigned.tar | cmp - signed.tar
}

@test "pk-sign: with a token (PKCS#11)" {
	command -v softhsm2-util pkcs11-tool >/dev/null || skip 'softhsm2 and opensc are not here'
	for module in /usr/lib/softhsm /usr/lib/*/softhsm /usr/lib64/softhsm; do
		module=$module/libsofthsm2.so
		[[ -e $module ]] && break
	done
	export SOFTHSM2_CONF=$PWD/softhsm2.conf
	mkdir tokens
	printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$PWD/tokens" >softhsm2.conf
	softhsm2-util --init-token --free --label farm --pin 1234 --so-pin 5678
	# The commands of the page.
	awk '/hardware token/ { inside = 1 } inside && /^\.Ed/ { exit }
		inside && sub(/^[$>] /, "") { gsub(/\\e/, "\\"); print }' \
		"$project/filters/pk-sign.1" >commands
	assert_equal "$(grep -c pkcs11-tool commands)" 3
	cp unsigned.tar hello.tar
	MODULE=$module PIN=1234 bash -e commands
	compress <signed.tar >token.peipkg
	pk-verify -k farm.pub <token.peipkg
	signed_part <signed.tar | openssl dgst -sha256 -binary | cmp - digest
	openssl pkeyutl -verify -rawin -pubin -inkey farm.pub -in digest -sigfile signature
	# As a command between two pipes.
	pk-sign -n <unsigned.tar | PIN=1234 pkcs11-tool --module "$module" --login --pin env:PIN \
		--sign --mechanism EDDSA --id 01 >piped 2>/dev/null
	cmp piped signature
}

@test "pk-sign: -a refuses what is no signature of this archive" {
	pk-sign -n <unsigned.tar >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	wrong='no signature of this archive by'
	refuses "signature: $wrong other.pub [§5.3.2]" -a signature -p other.pub <unsigned.tar
	describe_tree '.version = "1.0-2"'
	tar_tree >changed.tar
	refuses "signature: $wrong key.pub [§5.3.2]" -a signature -p key.pub <changed.tar
	# Of the archive itself and not of its digest.
	head -c -1024 unsigned.tar >whole
	openssl pkeyutl -sign -rawin -inkey key.pem -in whole -out of-whole
	refuses "of-whole: $wrong key.pub [§5.3.2]" -a of-whole -p key.pub <unsigned.tar
	# Of the digest in hexadecimal.
	xxd -p -c 64 digest | tr -d '\n' >hex
	openssl pkeyutl -sign -rawin -inkey key.pem -in hex -out of-hex
	refuses "of-hex: $wrong key.pub [§5.3.2]" -a of-hex -p key.pub <unsigned.tar
	for at in 0 31 32 63; do
		perl -e 'local $/; $_ = <STDIN>; substr($_, $ARGV[0], 1) ^= "\1"; print' "$at" \
			<signature >flipped
		refuses "flipped: $wrong key.pub [§5.3.2]" -a flipped -p key.pub <unsigned.tar
	done
}

@test "pk-sign: -a refuses files that are no raw signature" {
	pk-sign -n <unsigned.tar >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	head -c 63 signature >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <unsigned.tar
	{
		cat signature
		echo
	} >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <unsigned.tar
	base64 -w0 signature >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <unsigned.tar
	: >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <unsigned.tar
	refuses '/dev/zero: not a raw signature of 64 bytes' -a /dev/zero -p key.pub <unsigned.tar
	refuses 'absent: No such file or directory' -a absent -p key.pub <unsigned.tar
	refuses '.: Is a directory' -a . -p key.pub <unsigned.tar
	refuses 'absent: No such file or directory' -a signature -p absent <unsigned.tar
	refuses 'key.pem: holds a private key where a public one is wanted' \
		-a signature -p key.pem <unsigned.tar
}

@test "pk-sign: an incomplete archive is refused, wherever it is cut" {
	pk-sign -n <unsigned.tar >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	for archive in unsigned.tar signed.tar; do
		for ((size = 0; size < $(stat -c %s "$archive"); size += 512)); do
			head -c "$size" "$archive" >part
			refuses 'archive cut short [§3.1]' -k key.pem <part
			refuses 'archive cut short [§3.1]' -n <part
			[[ ! -s out ]]
			refuses 'archive cut short [§3.1]' -a signature -p key.pub <part
		done
		for size in 1 511 513 700 $(($(stat -c %s "$archive") - 1)); do
			head -c "$size" "$archive" >part
			refuses 'archive cut short [§3.1]' -k key.pem <part
		done
	done
}

@test "pk-sign: what is no archive of a package is refused" {
	refuses 'archive cut short [§3.1]' -k key.pem </dev/null
	head -c 1024 /dev/zero >zeros
	refuses 'no manifest.json or no files.json [§3.2.2]' -k key.pem <zeros
	yes | head -c 10240 >garbage
	refuses 'checksum not written as 6 octal digits [§3.1.4]' -k key.pem <garbage
	compress <unsigned.tar >compressed
	refuses 'checksum not written as 6 octal digits [§3.1.4]' -k key.pem <compressed
	cat unsigned.tar unsigned.tar >two
	refuses 'bytes behind the end of the archive [§3.1]' -k key.pem <two
	printf '\0' | cat unsigned.tar - >behind
	refuses 'bytes behind the end of the archive [§3.1]' -k key.pem <behind
	head -c -1024 unsigned.tar | cat - <(head -c 512 /dev/zero) signed.tar >one-block
	refuses 'one zero block only at the end [§3.1]' -k key.pem <one-block
	edit usr/bin/hello mode=0000755 <unsigned.tar >other-mode
	refuses 'usr/bin/hello: mode is not 0777 [§3.1.4 #6]' -k key.pem <other-mode
	edit usr/bin/hello mtime=00000000001 <unsigned.tar >other-time
	refuses "usr/bin/hello: modification time is not the build's [§3.1.4 #2]" -k key.pem <other-time
	tar -C tree -cf gnu.tar usr
	run_apart pk-sign -k key.pem <gnu.tar
	assert_equal "$status" 1
	assert_output ''
	printf '%s\0' .peipkg/files.json .peipkg/manifest.json | tar_names >order
	refuses '.peipkg/files.json: the manifest has to be first [§3.2.3]' -k key.pem <order
	edit usr/bin/hello name=.peipkg/signature <unsigned.tar >early
	pk-sign -k key.pem <early >out 2>messages && fail 'not refused'
	assert_equal "$(cat messages)" \
		'pk-sign: usr/bin/link: behind the signature, which has to be last [§5.3.4]'
}

@test "pk-sign: keys" {
	pk-sign -k /dev/fd/9 <unsigned.tar 9<key.pem | cmp - signed.tar
	pk-sign -k <(cat key.pem) <unsigned.tar | cmp - signed.tar
	refuses 'absent: No such file or directory' -k absent <unsigned.tar
	refuses 'key.pub: holds a public key where a private one is wanted' -k key.pub <unsigned.tar
	openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem
	refuses 'rsa.pem: holds an RSA key, not an Ed25519 one [§5.2.1]' -k rsa.pem <unsigned.tar
	chmod 644 key.pem
	pk-sign -k key.pem <unsigned.tar 2>messages | cmp - signed.tar
	assert_equal "$(cat messages)" \
		'pk-sign: warning: key.pem: readable by others (mode 0644)'
	# A bad key is told before anything is read or written.
	run_apart pk-sign -k absent </dev/full
	assert_refused 1 'pk-sign: absent: No such file or directory'
}

@test "pk-sign: memory does not grow with the payload" {
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && pk-sign --version) 2>/dev/null ||
		skip 'this build needs more address space than that to start'
	head -c 100000000 /dev/zero >tree/usr/bin/hello
	tar_tree >big.tar
	(ulimit -v "$limit" && pk-sign -n <big.tar >digest)
	head -c -1024 big.tar | openssl dgst -sha256 -binary | cmp - digest
}

@test "pk-sign: a full disk and a closed pipe are errors" {
	for options in '-k key.pem' -n; do
		run_apart bash -c "pk-sign $options <unsigned.tar >/dev/full"
		assert_refused 1 'pk-sign: standard output: No space left on device'
		run_apart bash -c "pk-sign $options <unsigned.tar >&-"
		assert_refused 1 'pk-sign: standard output: Bad file descriptor'
		run_apart bash -c "set -o pipefail; { sleep 0.2; pk-sign $options <unsigned.tar; } | true"
		assert_refused 1 'pk-sign: standard output: Broken pipe'
		run_apart bash -c "pk-sign $options <&-"
		assert_refused 1 'pk-sign: standard input: Bad file descriptor'
	done
}

@test "pk-sign: usage" {
	while IFS='|' read -r options message; do
		run_apart bash -c "pk-sign $options <unsigned.tar"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" "pk-sign: $message"
	done <<-'END'
		|one of -k, -n and -a is wanted
		-k key.pem -n|one of -k, -n and -a is wanted
		-n -a signature -p key.pub|one of -k, -n and -a is wanted
		-a signature|-a and -p go together
		-k key.pem -p key.pub|-a and -p go together
		-n -p key.pub|-a and -p go together
		-p key.pub|one of -k, -n and -a is wanted
		-k key.pem unsigned.tar|the archive comes on standard input
	END
	run_apart pk-sign --help
	assert_success
	assert_output --partial 'usage: pk-sign'
}

@test "pk-sign: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/pk-sign.1"
}
