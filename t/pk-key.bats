#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	umask 077
}

new_key() {
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl pkey -in key.pem -pubout -out key.pub
	openssl pkey -in key.pem -outform DER | tail -c 32 >key.seed
	openssl pkey -in key.pem -pubout -outform DER | tail -c 32 >key.raw
}

# A PEM object of that label around the base64 of standard input.
pem() {
	echo "-----BEGIN $1-----"
	openssl base64
	echo "-----END $1-----"
}

# Asserts that pk-key with the arguments after the message refuses standard input.
refuses() {
	local message=$1
	shift
	run_apart pk-key "$@"
	assert_output ''
	assert_equal "$stderr" "pk-key: standard input: $message"
	assert_equal "$status" 1
}

@test "pk-key: the keys of the vectors in every form" {
	need_vectors
	for name in test other; do
		key=$VECTORS/keys/$name
		groups=$(sed 's/..../& /g; s/ $//' "$key.fingerprint")
		for file in "$key.ed25519.pem" "$key.seed" "$key.pub.pem"; do
			pk-key <"$file" 2>/dev/null | cmp - "$key.pub.pem"
			pk-key -f <"$file" 2>/dev/null | cmp - "$key.fingerprint"
			pk-key -s <"$file" 2>/dev/null | cmp - "$key.pub.raw"
			assert_equal "$(pk-key -g <"$file" 2>/dev/null)" "$groups"
		done
		for file in "$key.pub.pem" "$key.pub.raw"; do
			pk-key -p <"$file" | cmp - "$key.pub.pem"
			pk-key -pf <"$file" | cmp - "$key.fingerprint"
		done
	done
}

@test "pk-key: agrees with openssl on new keys" {
	for _ in {1..8}; do
		new_key
		pk-key <key.pem | cmp - key.pub
		pk-key <key.pub >same
		cmp same key.pub
		pk-key <key.seed | cmp - key.pub
		pk-key -p <key.raw | cmp - key.pub
		pk-key -s <key.pem | cmp - key.raw
		assert_equal "$(pk-key -f <key.pem)" "$(sha256sum <key.raw | cut -d' ' -f1)"
	done
}

@test "pk-key: nothing is said about a good key" {
	new_key
	for file in key.pem key.pub key.seed; do
		run_apart pk-key <"$file"
		assert_success
		assert_equal "$stderr" ''
	done
}

@test "pk-key: line ends, width and white space around PEM do not matter" {
	new_key
	for file in key.pem key.pub; do
		sed 's/$/\r/' "$file" >crlf
		pk-key <crlf | cmp - key.pub
		head -c -1 "$file" >no-newline
		pk-key <no-newline | cmp - key.pub
		head -c -1 crlf >cr-at-end
		pk-key <cr-at-end | cmp - key.pub
		{
			printf ' \n\t\r\n'
			cat "$file"
			printf '\n \t\r\n'
		} >around
		pk-key <around | cmp - key.pub
		sed '2s/..../&\n/g' "$file" | sed '/^$/d' >narrow
		pk-key <narrow | cmp - key.pub
	done
}

@test "pk-key: PKCS#8 with the public key in it" {
	new_key
	{
		printf '%b' '\x30\x51\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'
		cat key.seed
		printf '%b' '\x81\x21\x00'
		cat key.raw
	} >pair.der
	pem 'PRIVATE KEY' <pair.der >pair.pem
	pk-key <pair.pem | cmp - key.pub
	head -c 51 pair.der >other.der
	new_key
	cat other.der key.raw | pem 'PRIVATE KEY' >other.pem
	refuses "holds a public key that is not the private one's" <other.pem
}

@test "pk-key: raw bytes are a seed, unless -p says otherwise" {
	new_key
	assert_not_equal "$(pk-key <key.raw)" "$(cat key.pub)"
	pk-key -p <key.raw | cmp - key.pub
}

@test "pk-key: -p refuses a private key" {
	new_key
	refuses 'holds a private key where a public one is wanted' -p <key.pem
}

@test "pk-key: a private key that others may read is a warning" {
	new_key
	for file in key.pem key.seed; do
		for mode in 0644 0640 0604 0444; do
			chmod "$mode" "$file"
			run_apart pk-key <"$file"
			assert_success
			assert_output "$(cat key.pub)"
			assert_equal "$stderr" \
				"pk-key: warning: standard input: readable by others (mode $mode)"
		done
		for mode in 0600 0400 0622; do
			chmod "$mode" "$file"
			run_apart pk-key <"$file"
			assert_equal "$stderr" ''
		done
	done
	chmod 0644 key.pub key.raw key.pem
	run_apart pk-key <key.pub
	assert_equal "$stderr" ''
	run_apart pk-key -p <key.raw
	assert_equal "$stderr" ''
	run_apart bash -c 'cat key.pem | pk-key'
	assert_success
	assert_equal "$stderr" ''
}

@test "pk-key: RSA keys are refused" {
	openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem
	message='holds an RSA key, not an Ed25519 one [§5.2.1]'
	refuses "$message" <rsa.pem
	openssl pkey -in rsa.pem -pubout >public.pem
	refuses "$message" <public.pem
	openssl rsa -in rsa.pem -traditional >pkcs1.pem 2>/dev/null
	refuses "$message" <pkcs1.pem
	openssl rsa -in rsa.pem -traditional -aes128 -passout pass:x >encrypted.pem 2>/dev/null
	refuses "$message" <encrypted.pem
	openssl rsa -in rsa.pem -RSAPublicKey_out >pkcs1.pem 2>/dev/null
	refuses "$message" <pkcs1.pem
	openssl genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -out pss.pem
	refuses "$message" <pss.pem
}

@test "pk-key: EC keys are refused" {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
	message='holds an EC key, not an Ed25519 one [§5.2.1]'
	refuses "$message" <ec.pem
	openssl pkey -in ec.pem -pubout >public.pem
	refuses "$message" <public.pem
	openssl ec -in ec.pem >sec1.pem 2>/dev/null
	refuses "$message" <sec1.pem
	openssl ecparam -name P-256 -genkey >parameters.pem
	refuses "$message" <parameters.pem
}

@test "pk-key: keys of Ed25519's relatives are refused" {
	for algorithm in X25519 X448 Ed448; do
		openssl genpkey -algorithm "$algorithm" -out relative.pem
		refuses "holds an $algorithm key, not an Ed25519 one [§5.2.1]" <relative.pem
		openssl pkey -in relative.pem -pubout >public.pem
		refuses "holds an $algorithm key, not an Ed25519 one [§5.2.1]" <public.pem
	done
}

@test "pk-key: DSA and Diffie-Hellman keys are refused" {
	printf '%b' '\x30\x0f\x02\x01\x00\x30\x0a\x06\x07\x2a\x86\x48\xce\x38\x04\x01' |
		pem 'PRIVATE KEY' >dsa.pem
	refuses 'holds a DSA key, not an Ed25519 one [§5.2.1]' <dsa.pem
	echo | pem 'DSA PRIVATE KEY' >dsa.pem
	refuses 'holds a DSA key, not an Ed25519 one [§5.2.1]' <dsa.pem
	openssl genpkey -quiet -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem
	refuses "holds something else than RFC 8410's DER of an Ed25519 key [§5.2.1]" <dh.pem
}

@test "pk-key: an encrypted key is refused" {
	new_key
	openssl pkcs8 -topk8 -in key.pem -passout pass:x -out encrypted.pem
	refuses 'holds an encrypted private key; decrypt it into a pipe (openssl pkey)' \
		<encrypted.pem
	openssl pkey -in encrypted.pem -passin pass:x | pk-key | cmp - key.pub
}

@test "pk-key: keys in the format of OpenSSH are refused" {
	{
		printf 'openssh-key-v1\0'
		head -c 200 /dev/urandom
	} | pem 'OPENSSH PRIVATE KEY' >openssh.pem
	refuses "holds a private key in OpenSSH's format, not in PKCS#8" <openssh.pem
	for type in ssh-ed25519 ssh-rsa ecdsa-sha2-nistp256; do
		echo "$type AAAAC3NzaC1lZDI1NTE5AAAAIGnT somebody@somewhere" >openssh.pub
		refuses "holds a public key in OpenSSH's format, not in SPKI" <openssh.pub
	done
}

@test "pk-key: certificates and their requests are refused" {
	new_key
	openssl req -x509 -new -key key.pem -subj /CN=test -days 1 -out certificate.pem
	refuses 'holds a certificate, not a key' <certificate.pem
	openssl x509 -in certificate.pem -trustout -out trusted.pem
	refuses 'holds a certificate, not a key' <trusted.pem
	openssl req -new -key key.pem -subj /CN=test -out request.pem
	refuses 'holds a certificate request, not a key' <request.pem
	openssl crl2pkcs7 -nocrl -certfile certificate.pem -out bundle.pem
	refuses "holds a PEM object 'PKCS7', not a key" <bundle.pem
}

@test "pk-key: an empty file is refused" {
	: >empty
	refuses 'is empty' <empty
	refuses 'is empty' -p <empty
	run_apart bash -c 'true | pk-key'
	assert_refused 1 'pk-key: standard input: is empty'
}

@test "pk-key: a key cut short at any byte is refused" {
	new_key
	# Of the last newline alone it does not take notice.
	for file in key.pem key.pub; do
		for ((size = 0; size < $(stat -c %s "$file") - 1; size++)); do
			head -c "$size" "$file" >part
			if pk-key <part >>out 2>>messages; then
				fail "$size bytes of $file were taken"
			fi
		done
	done
	assert_equal "$(cat out)" ''
	assert_equal "$(wc -l <messages)" $((118 + 112))
	sed 's/^pk-key: standard input: //; s/^[0-9]* bytes/N bytes/' messages | sort -u >kinds
	diff -u - kinds <<-'END'
		N bytes that are neither a raw key (32) nor PEM [§5.2.2]
		is empty
		no line '-----END PRIVATE KEY-----': cut short?
		no line '-----END PUBLIC KEY-----': cut short?
		the first line of the PEM object is cut short or damaged
	END
	for size in 31 33; do
		head -c "$size" key.pem | tr -c '[:upper:]' x >raw
		refuses "$size bytes that are neither a raw key (32) nor PEM [§5.2.2]" <raw
	done
	# These 32 bytes are no seed.
	head -c 32 key.pem >part
	refuses "no line '-----END PRIVATE KEY-----': cut short?" <part
}

@test "pk-key: garbage is refused" {
	new_key
	head -c 1000 /dev/zero >zeros
	refuses '1000 bytes that are neither a raw key (32) nor PEM [§5.2.2]' <zeros
	openssl pkey -in key.pem -outform DER >key.der
	refuses '48 bytes that are neither a raw key (32) nor PEM [§5.2.2]' <key.der
	pk-key -f <key.pem >fingerprint
	refuses '65 bytes that are neither a raw key (32) nor PEM [§5.2.2]' <fingerprint
	echo '' >newline
	refuses '1 bytes that are neither a raw key (32) nor PEM [§5.2.2]' <newline
}

@test "pk-key: a file of more than 64 KiB is refused" {
	new_key
	{
		cat key.pub
		printf '%*s' $((65536 - $(stat -c %s key.pub))) ''
	} >full
	assert_equal "$(stat -c %s full)" 65536
	pk-key <full | cmp - key.pub
	printf ' ' >>full
	refuses 'is longer than 65536 bytes' <full
	run_apart bash -c 'pk-key </dev/zero'
	assert_equal "$status" 1
	run_apart bash -c 'yes | pk-key'
	assert_refused 1 'pk-key: standard input: is longer than 65536 bytes'
}

@test "pk-key: text before or behind PEM is refused" {
	new_key
	for file in key.pem key.pub; do
		{
			echo 'Key of somebody'
			cat "$file"
		} >text
		refuses 'text before the PEM object [§5.2.2]' <text
		printf '\xef\xbb\xbf' | cat - "$file" >text
		refuses 'text before the PEM object [§5.2.2]' <text
		for behind in x '-' '-----END PUBLIC KEY-----' '\0'; do
			printf '%b' "$behind" | cat "$file" - >text
			refuses 'text behind the PEM object [§5.2.2]' <text
		done
		head -c -1 "$file" >text
		printf '%s' '-' >>text
		refuses 'text behind the PEM object [§5.2.2]' <text
	done
}

@test "pk-key: a second object is refused" {
	new_key
	cat key.pub key.pub >two
	refuses 'a second PEM object behind the first [§5.2.2]' <two
	cat key.pem key.pub >two
	refuses 'a second PEM object behind the first [§5.2.2]' <two
	{
		cat key.pub
		echo
		head -n 1 key.pub
	} >two
	refuses 'a second PEM object behind the first [§5.2.2]' <two
}

@test "pk-key: damaged PEM is refused, and not quoted" {
	new_key
	body=$(sed -n 2p key.pem)
	damaged='the base64 of the PEM object is damaged'
	for bad in "${body%?}" "$body=" "${body:0:5}-${body:6}" "${body:0:8}=${body:9}" \
		"${body:0:20}"$'\n\n'"Proc-Type: 4"$'\n'"${body:20}" "${body:0:8}"$'\x01'"${body:8}" \
		"${body:0:5}"$'\n'"${body:5}" ''; do
		printf -- '-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n' "$bad" >bad
		run_apart pk-key <bad
		assert_output ''
		assert_equal "$status" 1
		case $stderr in
		"pk-key: standard input: $damaged") ;;
		"pk-key: standard input: holds something else than RFC 8410's DER"*) [[ -z $bad ]] ;;
		*) fail "$stderr" ;;
		esac
	done
	# Bits that belong to no byte: the body of a public key ends in one such character.
	body=$(sed -n 2p key.pub)
	last=${body: -2:1}
	alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
	before=${alphabet%%"$last"*}
	sed "2s|.=\$|${alphabet:${#before}+1:1}=|" key.pub >bits
	refuses "$damaged" <bits
	sed 's/PUBLIC KEY-----$/PUBLIC KEY----/' key.pub >dashes
	refuses 'the first line of the PEM object is cut short or damaged' <dashes
	sed '$s/.$//' key.pub >dashes
	refuses "no line '-----END PUBLIC KEY-----': cut short?" <dashes
	sed '$s/PUBLIC/PRIVATE/' key.pub >label
	refuses "no line '-----END PUBLIC KEY-----': cut short?" <label
	tr '[:upper:]' '[:lower:]' <key.pub >lower
	refuses '113 bytes that are neither a raw key (32) nor PEM [§5.2.2]' <lower
	# A label that is as long as BearSSL's buffer, and one line that is all of a key.
	printf -- '-----BEGIN %0200d-----\n' 0 >long
	refuses 'the first line of the PEM object is cut short or damaged' <long
	tr -d '\n' <key.pem >line
	refuses 'the first line of the PEM object is cut short or damaged' <line
}

@test "pk-key: DER other than RFC 8410's is refused" {
	new_key
	message="holds something else than RFC 8410's DER of an Ed25519 key [§5.2.1]"
	openssl pkey -in key.pem -outform DER >key.der
	openssl pkey -in key.pem -pubout -outform DER >pub.der
	printf 'x' | cat key.der - | pem 'PRIVATE KEY' >longer
	refuses "$message" <longer
	head -c -1 key.der | pem 'PRIVATE KEY' >shorter
	refuses "$message" <shorter
	printf '\0' | cat pub.der - | pem 'PUBLIC KEY' >longer
	refuses "$message" <longer
	# Version 2 without a public key, and the two kinds under each other's label.
	{
		printf '%b' '\x30\x2e\x02\x01\x01'
		tail -c +6 key.der
	} | pem 'PRIVATE KEY' >version
	refuses "$message" <version
	pem 'PRIVATE KEY' <pub.der >swapped
	refuses "$message" <swapped
	pem 'PUBLIC KEY' <key.der >swapped
	refuses "$message" <swapped
	pem 'PUBLIC KEY' </dev/null >nothing
	refuses "$message" <nothing
}

# der TAG FILE: FILE as the content of an element of DER.
der() {
	local length
	length=$(stat -c %s "$2")
	if ((length < 128)); then
		printf '%b' "$1\\x$(printf %02x "$length")"
	else
		printf '%b' "$1\\x82$(printf '\\x%02x\\x%02x' $((length / 256)) $((length % 256)))"
	fi
	cat "$2"
}

# RFC 8410 §10.3 has one; what follows them there does not matter.
@test "pk-key: a private key with attributes is refused as that, and openssl mends it" {
	new_key
	openssl pkey -in key.pem -outform DER | tail -c +3 >inner
	for length in 1 13 100 1000; do
		printf '%*s' "$length" '' >text
		der '\x0c' text >string
		der '\x31' string >values
		{
			printf '%b' '\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x09\x09\x14'
			cat values
		} >attribute
		der '\x30' attribute >attributes
		{
			cat inner
			der '\xa0' attributes
		} >content
		der '\x30' content | pem 'PRIVATE KEY' >with.pem
		openssl pkey -in with.pem | cmp - key.pem
		refuses 'holds a private key with attributes, which are not supported; openssl pkey writes it without [§5.2.2]' \
			<with.pem
	done
}

@test "pk-key: only files and pipes are read" {
	refuses 'is a directory' <.
	refuses 'is a device or a socket; a key comes from a file or a pipe' </dev/null
	refuses 'is a device or a socket; a key comes from a file or a pipe' </dev/zero
	script -qec 'pk-key 2>message' /dev/null </dev/null >/dev/null || true
	assert_equal "$(cat message)" \
		'pk-key: standard input: is a terminal; a key comes from a file or a pipe'
	run_apart bash -c 'pk-key <&-'
	assert_equal "$status" 1
	assert_output ''
}

@test "pk-key: a full disk and a closed pipe are errors" {
	new_key
	for option in '' -f -g -s; do
		run_apart bash -c "pk-key $option <key.pem >/dev/full"
		assert_refused 1 'pk-key: standard output: No space left on device'
		run_apart bash -c "pk-key $option <key.pem >&-"
		assert_refused 1 'pk-key: standard output: Bad file descriptor'
	done
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-key <key.pem; } | true'
	assert_refused 1 'pk-key: standard output: Broken pipe'
}

@test "pk-key: usage" {
	for options in '-f -g' '-g -s' '-fs'; do
		run_apart bash -c "pk-key $options"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[1]}" 'usage: pk-key [-p] [-f | -g | -s]'
	done
	run_apart pk-key -f -g
	assert_equal "${stderr_lines[0]}" 'pk-key: -f and -g exclude each other'
	run_apart pk-key key.pem
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'pk-key: a key is read from standard input'
	run_apart pk-key -x
	assert_equal "$status" 2
	run_apart pk-key --help
	assert_success
	assert_output 'usage: pk-key [-p] [-f | -g | -s]'
	run_apart pk-key --version
	assert_output --regexp '^pk-key [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-key: the examples of its page" {
	check_examples "$project/filters/pk-key.1"
}
