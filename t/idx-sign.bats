#!/usr/bin/env bats

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_key_pairs key other
	printf '%s\n' '{"schema_version":1,"a":["}\"{","\\",{"é":[]}],"b":{}}' >document
	openssl dgst -sha256 -binary document >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	envelope key.pub signature >expected
}

setup() {
	cp -p "$BATS_FILE_TMPDIR"/* "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

# The envelope around a raw signature, by openssl and sha256sum.
envelope() {
	local fingerprint
	fingerprint=$(openssl pkey -pubin -in "$1" -outform DER | tail -c 32 | sha256sum)
	printf '{"schema_version":1,"algorithm":"ed25519","key_fingerprint":"%s","signature":"%s"}\n' \
		"${fingerprint%% *}" "$(base64 -w0 "$2" | tr -d =)"
}

# refuses MESSAGE OPTION...: a document on standard input, of which nothing comes out.
refuses() {
	run_apart idx-sign "${@:2}"
	assert_output ''
	assert_equal "$stderr" "idx-sign: $1"
	assert_equal "$status" 1
}

# refuses_all MESSAGE: a document on standard input, whoever is to sign it.
refuses_all() {
	cat >refused
	openssl dgst -sha256 -binary refused >digest-of-refused
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest-of-refused -out signature-of-refused
	refuses "$1" -k key.pem <refused
	refuses "$1" -n <refused
	refuses "$1" -a signature-of-refused -p key.pub <refused
}

@test "idx-sign: what openssl makes, byte for byte" {
	run_apart idx-sign -k key.pem <document
	assert_success
	assert_equal "$stderr" ''
	idx-sign -k key.pem <document | cmp - expected
	dd if=document bs=3 status=none | idx-sign -k key.pem | cat | cmp - expected
	openssl pkey -in key.pem -outform DER | tail -c 32 >key.seed
	idx-sign -k key.seed <document | cmp - expected
}

@test "idx-sign: the signatures of the vectors" {
	need_vectors
	cp "$VECTORS/keys/test.ed25519.pem" test.pem
	cp "$VECTORS/keys/test.seed" test.seed
	chmod 600 test.*
	for state in "$VECTORS"/repository/state?; do
		for document in repo.json index/active.json index/archive.json; do
			for key in test.pem test.seed; do
				idx-sign -k "$key" <"$state/$document" | cmp - "$state/$document.sig"
			done
		done
	done
}

@test "idx-sign: openssl verifies the signature" {
	idx-sign -k key.pem <document >ours
	assert_equal "$(jq -r keys_unsorted[] ours | xargs)" \
		'schema_version algorithm key_fingerprint signature'
	echo "$(jq -r .signature ours)==" | base64 -d >raw
	openssl dgst -sha256 -binary document >digest
	openssl pkeyutl -verify -rawin -pubin -inkey key.pub -in digest -sigfile raw
	run openssl pkeyutl -verify -rawin -pubin -inkey other.pub -in digest -sigfile raw
	assert_failure
}

@test "idx-sign: any bytes between the first brace and the last newline" {
	jq . document >pretty
	for text in '{}' '{ }' $'{\n"a"\t:\r1}' '{"\\\"}":"\"{"}' '{"a":"\u007d","b":[[{}]]}'; do
		echo "$text" >one
		openssl dgst -sha256 -binary one >digest
		idx-sign -n <one | cmp - digest
	done
	openssl dgst -sha256 -binary pretty >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out signature
	idx-sign -k key.pem <pretty | cmp - <(envelope key.pub signature)
}

@test "idx-sign: -n writes the digest, -a and -p attach the signature of it" {
	idx-sign -n <document | cmp - digest
	idx-sign -a signature -p key.pub <document | cmp - expected
	openssl pkey -pubin -in key.pub -outform DER | tail -c 32 >key.raw
	idx-sign -a signature -p key.raw <document | cmp - expected
	idx-sign -a <(cat signature) -p <(cat key.pub) <document | cmp - expected
}

@test "idx-sign: -a refuses what is no signature of this document" {
	wrong='no signature of this document by'
	refuses "signature: $wrong other.pub [§5.3.2]" -a signature -p other.pub <document
	sed s/1/2/ document >changed
	refuses "signature: $wrong key.pub [§5.3.2]" -a signature -p key.pub <changed
	# Of the document itself and not of its digest.
	openssl pkeyutl -sign -rawin -inkey key.pem -in document -out of-whole
	refuses "of-whole: $wrong key.pub [§5.3.2]" -a of-whole -p key.pub <document
	for at in 0 31 32 63; do
		perl -e 'local $/; $_ = <STDIN>; substr($_, $ARGV[0], 1) ^= "\1"; print' "$at" \
			<signature >flipped
		refuses "flipped: $wrong key.pub [§5.3.2]" -a flipped -p key.pub <document
	done
}

@test "idx-sign: -a refuses files that are no raw signature" {
	head -c 63 signature >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <document
	cat signature <(echo) >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <document
	: >bad
	refuses 'bad: not a raw signature of 64 bytes' -a bad -p key.pub <document
	refuses '/dev/zero: not a raw signature of 64 bytes' -a /dev/zero -p key.pub <document
	refuses 'absent: No such file or directory' -a absent -p key.pub <document
	refuses '.: Is a directory' -a . -p key.pub <document
	refuses 'absent: No such file or directory' -a signature -p absent <document
	refuses '.: is a directory' -a signature -p . <document
	refuses 'key.pem: holds a private key where a public one is wanted' \
		-a signature -p key.pem <document
}

@test "idx-sign: a document cut short anywhere is refused" {
	for ((size = 1; size < $(stat -c %s document) - 1; size++)); do
		head -c "$size" document >part
		refuses 'standard input: cut short, no end of the object' -k key.pem <part
	done
	printf '{"a":"}' | refuses_all 'standard input: cut short, no end of the object'
	printf '%s' '{"a":"\"' | refuses_all 'standard input: cut short, no end of the object'
	head -c -1 document | refuses_all 'standard input: cut short, no newline behind the object'
	refuses 'standard input: empty' -k key.pem </dev/null
	refuses 'standard input: empty' -n </dev/null
}

@test "idx-sign: what is more than one object, or none, is refused" {
	behind='standard input: something else than one newline behind the object'
	cat document <(echo) | refuses_all "$behind"
	cat document document | refuses_all "$behind"
	cat document <(printf '\0') | refuses_all "$behind"
	printf '{} \n' | refuses_all "$behind"
	printf '{}\r\n' | refuses_all "$behind"
	printf '{}}\n' | refuses_all "$behind"
	printf '{}{}\n' | refuses_all "$behind"
	# Behind the end of a piece that is read at once, and far behind it.
	for size in 262143 262144 262145 524288; do
		{
			printf '{"a":"'
			head -c $((size - 9)) /dev/zero | tr '\0' x
			printf '"}\n'
		} >exact
		assert_equal "$(stat -c %s exact)" "$size"
		openssl dgst -sha256 -binary exact >digest
		idx-sign -n <exact | cmp - digest
		cat exact <(printf x) | refuses_all "$behind"
		cat exact exact | refuses_all "$behind"
		head -c -1 exact | refuses_all \
			'standard input: cut short, no newline behind the object'
	done
	begin="standard input: does not start with the '{' of an object"
	for text in '[]' '"a"' 1 null ' {}' $'\xef\xbb\xbf{}' ']' garbage $'\n{}'; do
		echo "$text" | refuses_all "$begin"
	done
	gzip -c document | refuses_all "$begin"
	head -c 100000 /dev/zero | refuses_all "$begin"
}

@test "idx-sign: brackets that do not match, or too many of them" {
	for text in '{]' '{"a":[}}' '{"a":[1,{"b":2]}}' '{"a":"]}",[}]'; do
		echo "$text" | refuses_all 'standard input: brackets that do not match'
	done
	nested() {
		perl -e 'print "{\"a\":", "[" x $ARGV[0], "]" x $ARGV[0], "}\n"' "$1"
	}
	nested 63 >deepest
	openssl dgst -sha256 -binary deepest >digest
	idx-sign -n <deepest | cmp - digest
	for depth in 64 65 200; do
		nested "$depth" |
			refuses_all 'standard input: nested deeper than 64 levels [§1.3]'
	done
}

@test "idx-sign: keys" {
	idx-sign -k /dev/fd/9 <document 9<key.pem | cmp - expected
	idx-sign -k <(cat key.pem) <document | cmp - expected
	mkfifo fifo
	cat key.pem >fifo &
	idx-sign -k fifo <document | cmp - expected
	refuses 'absent: No such file or directory' -k absent <document
	refuses '.: is a directory' -k . <document
	refuses 'key.pub: holds a public key where a private one is wanted' -k key.pub <document
	openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem
	refuses 'rsa.pem: holds an RSA key, not an Ed25519 one [§5.2.1]' -k rsa.pem <document
	chmod 644 key.pem
	idx-sign -k key.pem <document 2>messages | cmp - expected
	assert_equal "$(cat messages)" \
		'idx-sign: warning: key.pem: readable by others (mode 0644)'
	# A bad key is told before anything is read.
	refuses 'absent: No such file or directory' -k absent <.
}

@test "idx-sign: a large document, in memory that does not grow" {
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && idx-sign --version) &>/dev/null ||
		skip 'this build needs more address space than that to start'
	perl -e '
		print "{\"packages\":[";
		print "{\"name\":\"a\",\"dependencies\":[{\"name\":\"\\\"]}\"}]}," for 1 .. 2000000;
		print "{\"name\":\"b\"}]}\n"' >big
	(ulimit -v "$limit" && idx-sign -n <big >ours)
	openssl dgst -sha256 -binary big | cmp - ours
	{
		printf '{"a":'
		head -c 52428800 /dev/zero | tr '\0' '['
	} >deep
	(ulimit -v "$limit" && refuses 'standard input: cut short, no end of the object' -n <deep)
}

@test "idx-sign: a full disk and a closed pipe are errors" {
	for options in '-k key.pem' -n '-a signature -p key.pub'; do
		run_apart bash -c "idx-sign $options <document >/dev/full"
		assert_refused 1 'idx-sign: standard output: No space left on device'
		run_apart bash -c "idx-sign $options <document >&-"
		assert_refused 1 'idx-sign: standard output: Bad file descriptor'
		run_apart bash -c "set -o pipefail; { sleep 0.2; idx-sign $options <document; } | true"
		assert_refused 1 'idx-sign: standard output: Broken pipe'
		run_apart bash -c "idx-sign $options <&-"
		assert_refused 1 'idx-sign: standard input: Bad file descriptor'
		run_apart bash -c "idx-sign $options <."
		assert_refused 1 'idx-sign: standard input: Is a directory'
	done
}

@test "idx-sign: usage" {
	while IFS='|' read -r options message; do
		run_apart bash -c "idx-sign $options <document"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" "idx-sign: $message"
	done <<-'END'
		|one of -k, -n and -a is wanted
		-k key.pem -n|one of -k, -n and -a is wanted
		-n -a signature -p key.pub|one of -k, -n and -a is wanted
		-a signature|-a and -p go together
		-k key.pem -p key.pub|-a and -p go together
		-n -p key.pub|-a and -p go together
		-p key.pub|one of -k, -n and -a is wanted
		-k key.pem document|the document comes on standard input
	END
	run_apart idx-sign -x
	assert_equal "$status" 2
	run_apart idx-sign --help
	assert_success
	assert_output --partial 'usage: idx-sign -k KEYFILE'
}

@test "idx-sign: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/idx-sign.1"
}
