#!/usr/bin/env bats

# lib/key and lib/curve, through two drivers: wycheproof verifies lines, sign signs.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	PATH=$project/${BUILD:-build}/t:$PATH
	wycheproof=$VECTORS/third-party/wycheproof/ed25519_test.json
}

hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# The bytes that hexadecimal digits stand for.
bytes() {
	printf '%s' "$1" | tr a-f A-F | basenc --base16 -d
}

@test "ed25519: every Wycheproof vector, its key raw and in PEM" {
	need_vectors
	jq -r '
		def hex: [explode[] | (. / 16 | floor), . % 16 | "0123456789abcdef"[.:. + 1]] | add;
		.testGroups[] | .publicKey.pk as $raw | (.publicKeyPem | hex) as $pem | .tests[]
		| "\(.tcId) raw\t\($raw)\t\(.msg)\t\(.sig)", "\(.tcId) PEM\t\($pem)\t\(.msg)\t\(.sig)"
	' "$wycheproof" >lines
	jq -r '.testGroups[].tests[] | "\(.tcId) raw\t\(.result)", "\(.tcId) PEM\t\(.result)"' \
		"$wycheproof" >expected
	wycheproof <lines >results
	diff -u expected results
	assert_equal "$(wc -l <results)" 302
	# S at or above the group order, and R in another encoding, are among them.
	assert_equal "$(jq '[.testGroups[].tests[] | select(.flags | index("SignatureMalleability"))
		| .result] | unique == ["invalid"]' "$wycheproof")" true
	# So is no vector that a verifier may take or leave.
	assert_equal "$(jq -r '.testGroups[].tests[] | select(.result == "acceptable") | .tcId' \
		"$wycheproof")" ''
}

@test "ed25519: the signatures of RFC 8032" {
	umask 077
	sign_hex() {
		bytes "$1" >seed
		bytes "$2" | sign seed 2>/dev/null | hex
	}
	assert_equal "$(sign_hex 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 '')" \
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
	assert_equal "$(sign_hex 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb 72)" \
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
	assert_equal "$(sign_hex c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7 af82)" \
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
}

@test "ed25519: signs what openssl signs, byte for byte, and each verifies the other" {
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl pkey -in key.pem -pubout -out key.pub
	openssl pkey -in key.pem -outform DER | tail -c 32 >key.seed
	chmod 600 key.seed
	for size in 1 31 32 33 1000 4096; do
		head -c "$size" /dev/urandom >message
		openssl pkeyutl -sign -rawin -inkey key.pem -in message -out theirs
		sign key.pem <message >ours 2>/dev/null
		cmp ours theirs
		sign key.seed <message >ours 2>/dev/null
		cmp ours theirs
		openssl pkeyutl -verify -rawin -pubin -inkey key.pub -in message -sigfile ours
		printf '%s\t%s\t%s\t%s\n' "$size" "$(hex <key.pub)" "$(hex <message)" \
			"$(hex <theirs)" >>lines
		printf '%s valid\n' "$size" >>expected
	done
	wycheproof <lines | tr '\t' ' ' | diff -u expected -
}

@test "ed25519: another message, another key, another signature do not verify" {
	need_vectors
	keys=$VECTORS/keys
	printf 'message' >message
	openssl pkeyutl -sign -rawin -inkey "$keys/test.ed25519.pem" -in message -out signature
	line() {
		printf '%s\t%s\t%s\t%s\n' "$1" "$(hex <"$2")" "$3" "$4"
	}
	signature=$(hex <signature) message=$(hex <message)
	{
		line good "$keys/test.pub.raw" "$message" "$signature"
		line other-key "$keys/other.pub.pem" "$message" "$signature"
		line other-message "$keys/test.pub.pem" "${message}00" "$signature"
		line no-message "$keys/test.pub.pem" '' "$signature"
		line zeros "$keys/test.pub.pem" "$message" "${signature//?/0}"
		line short "$keys/test.pub.pem" "$message" "${signature%??}"
		line empty "$keys/test.pub.pem" "$message" ''
	} | wycheproof | tr '\t' ' ' >results
	diff -u - results <<-END
		good valid
		other-key invalid
		other-message invalid
		no-message invalid
		zeros invalid
		short invalid
		empty invalid
	END
}

@test "ed25519: S plus the group order is refused" {
	need_vectors
	# Test 1 of RFC 8032; S + L was computed by hand from its S.
	key=d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a
	r=e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
	s=5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
	s_and_order=4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b
	printf '%s\t%s\t\t%s\n' S "$key" "$r$s" 'S+L' "$key" "$r$s_and_order" |
		wycheproof | tr '\t' ' ' >results
	printf 'S valid\nS+L invalid\n' | diff -u - results
}

@test "ed25519: a signature that holds for every message needs a key that is refused" {
	# With the neutral point for a key, any R = S·B does: here S = 0.
	neutral=0100000000000000000000000000000000000000000000000000000000000000
	printf 'neutral\t%s\t6d657373616765\t%s%064d\n' "$neutral" "$neutral" 0 |
		wycheproof | tr '\t' ' ' >results
	echo 'neutral invalid' | diff -u - results
}

@test "ed25519: public keys of small order are refused" {
	points=(
		0000000000000000000000000000000000000000000000000000000000000000
		0000000000000000000000000000000000000000000000000000000000000080
		0100000000000000000000000000000000000000000000000000000000000000
		0100000000000000000000000000000000000000000000000000000000000080
		ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
		ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
		26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
		26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85
		c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
		c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
	)
	for point in "${points[@]}"; do
		bytes "$point" >raw
		run_apart pk-key -p <raw
		assert_output ''
		assert_refused 1 'pk-key: standard input: holds no Ed25519 public key: a point of small order, which is nobody'"'"'s key'
		# In PEM there is no doubt that it is a public key, so -p is not needed.
		{
			printf '%b' '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
			cat raw
		} | openssl base64 | sed '1i -----BEGIN PUBLIC KEY-----
			$a -----END PUBLIC KEY-----' | tr -d '\t' >pem
		run_apart pk-key -f <pem
		assert_refused 1 'pk-key: standard input: holds no Ed25519 public key: a point of small order, which is nobody'"'"'s key'
	done
}

@test "ed25519: public keys that are no point, or not in its one encoding, are refused" {
	# y from p to 2^255 - 1, with either sign.
	for last in 7f ff; do
		for first in ed ee ef f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb fc fd fe ff; do
			bytes "$first$(printf 'ff%.0s' {1..30})$last" >raw
			run_apart pk-key -p <raw
			assert_refused 1 'pk-key: standard input: holds no Ed25519 public key: a point that is not in its canonical encoding [§5.2.2]'
		done
	done
	# y = 2, 7, 8 and 11 have no x; y = 3, 4, 5 and 6 have one.
	for y in 02 07 08 0b; do
		bytes "$y$(printf '00%.0s' {1..31})" >raw
		run_apart pk-key -p <raw
		assert_refused 1 'pk-key: standard input: holds no Ed25519 public key: bytes that are no point of the curve [§5.2.2]'
	done
	for y in 03 04 05 06; do
		bytes "$y$(printf '00%.0s' {1..31})" >raw
		pk-key -ps <raw >same
		cmp same raw
	done
}

@test "ed25519: a private key through a pipe, a FIFO, a link, an unnamed file" {
	openssl genpkey -algorithm ed25519 -out key.pem
	printf 'message' >message
	openssl pkeyutl -sign -rawin -inkey key.pem -in message -out expected
	ln -s key.pem link
	mkfifo fifo
	sign link <message 2>/dev/null | cmp - expected
	sign <(cat key.pem) <message 2>/dev/null | cmp - expected
	exec 9<key.pem
	sign /dev/fd/9 <message 2>/dev/null | cmp - expected
	exec 9<&-
	pk-key < <(cat key.pem) | cmp - <(openssl pkey -in key.pem -pubout)
	cat key.pem >fifo &
	sign fifo <message 2>/dev/null | cmp - expected
	wait "$!"
	cat key.pem >fifo &
	pk-key <fifo | cmp - <(openssl pkey -in key.pem -pubout)
	wait "$!"
}
