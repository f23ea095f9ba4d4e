#!/usr/bin/env bats

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_key_pairs key other
	echo '{"schema_version":1,"repo":"é"}' >document
	sign_digest key document
	sign_bare key document
}

setup() {
	cp -p "$BATS_FILE_TMPDIR"/* "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	key=$(fingerprint key.pub)
	other=$(fingerprint other.pub)
}

# sign_digest KEY DOCUMENT: DOCUMENT.sig, the envelope over its SHA-256, by openssl.
sign_digest() {
	openssl dgst -sha256 -binary "$2" >"$2.digest"
	openssl pkeyutl -sign -rawin -inkey "$1.pem" -in "$2.digest" -out "$2.raw"
	printf '{"schema_version":1,"algorithm":"ed25519","key_fingerprint":"%s","signature":"%s"}\n' \
		"$(fingerprint "$1.pub")" "$(base64 -w0 "$2.raw" | tr -d =)" >"$2.sig"
}

# sign_bare KEY DOCUMENT: DOCUMENT.bare, base64 of a signature of its bytes, by openssl.
sign_bare() {
	openssl pkeyutl -sign -rawin -inkey "$1.pem" -in "$2" -out "$2.raw-bare"
	base64 -w0 "$2.raw-bare" | tr -d = >"$2.bare"
}

# accepts FINGERPRINT ARGUMENT...: of the document on standard input.
accepts() {
	run_apart idx-verify "${@:2}"
	assert_equal "$stderr" ''
	assert_output "$1"
	assert_success
}

# refuses MESSAGE ARGUMENT...
refuses() {
	run_apart timeout 10 idx-verify "${@:2}"
	assert_output ''
	assert_equal "$stderr" "idx-verify: $1"
	assert_equal "$status" 1
}

# descriptor [KEY-FILTER [FILTER]]: repo.json that lists key and other as active, the first
# of them and then all of it changed by a filter.
descriptor() {
	local name
	mkdir -p keys
	for name in key other; do
		cp "$name.pub" "keys/$(fingerprint "$name.pub").pub"
	done
	jq -n --arg key "$key" --arg other "$other" '
		{schema_version: 1, repo: {name: "r", description: "", signing:
			{algorithm: "ed25519", keys: [{fingerprint: $key, url: "/keys/\($key).pub",
			status: "active"}, {fingerprint: $other, url: "/keys/\($other).pub",
			status: "active"}]}}, indexes: {}}
		| .repo.signing.keys[0] |= ('"${1:-.}"') | '"${2:-.}" >repo.json
}

@test "idx-verify: the signatures of the vectors" {
	need_vectors
	test=$(cat "$VECTORS/keys/test.fingerprint")
	for state in "$VECTORS"/repository/state?; do
		for document in repo.json index/active.json index/archive.json; do
			accepts "$test" -d "$state/repo.json" "$state/$document.sig" <"$state/$document"
			accepts "$test" -k "$VECTORS/keys/test.pub.raw" "$state/$document.sig" <"$state/$document"
			refuses "$state/$document.sig: signed by $test, which is not trusted [§5.3.4]" \
				-k "$VECTORS/keys/other.pub.pem" "$state/$document.sig" <"$state/$document"
			refuses "$state/$document.sig: bad signature by $test [§5.3.4]" \
				-k "$VECTORS/keys/test.pub.pem" "$state/$document.sig" < <(head -c -1 "$state/$document")
		done
	done
}

@test "idx-verify: an envelope by openssl" {
	accepts "$key" -k key.pub document.sig <document
	accepts "$key" -k other.pub -k key.pub document.sig <document
	accepts "$key" -k key.pub -k other.pub document.sig < <(dd if=document bs=3 status=none)
	accepts "$key" -k <(cat key.pub) <(cat document.sig) <document
	accepts "$key" -k key.pub <(sleep 0.2 && cat document.sig) <document
	# White space means nothing, and the order neither.
	for filter in . 'to_entries | reverse | from_entries'; do
		jq "$filter" document.sig >pretty
		accepts "$key" -k key.pub pretty <document
	done
	printf ' \n\t\r' | cat - document.sig >pretty
	accepts "$key" -k key.pub pretty <document
	# What it signs need be no JSON.
	: >empty
	sign_digest key empty
	accepts "$key" -k key.pub empty.sig <empty
}

@test "idx-verify: bare base64 by openssl" {
	accepts "$key" -k key.pub document.bare <document
	accepts "$key" -k other.pub -k key.pub document.bare <document
	cat document.bare <(echo) >with-newline
	accepts "$key" -k key.pub with-newline <document
	descriptor
	accepts "$key" -d repo.json document.bare <document
	sign_bare other document
	accepts "$other" -d repo.json document.bare <document
	refuses 'document.bare: no signature by any of the keys [§5.3.4]' -k key.pub document.bare <document
	# An envelope signs the digest, the bare one the bytes; not the other way round.
	base64 -w0 document.raw | tr -d = >of-digest
	refuses 'of-digest: no signature by any of the keys [§5.3.4]' -k key.pub of-digest <document
	jq -c --arg bare "$(base64 -w0 document.raw-bare | tr -d =)" '.signature = $bare' document.sig >of-bytes
	refuses "of-bytes: bad signature by $key [§5.3.4]" -k key.pub of-bytes <document
}

@test "idx-verify: a changed document, of either form" {
	for signature in sig bare; do
		message="document.$signature: no signature by any of the keys [§5.3.4]"
		[[ $signature == bare ]] || message="document.$signature: bad signature by $key [§5.3.4]"
		for ((at = 0; at < $(stat -c %s document); at += 3)); do
			perl -e 'local $/; $_ = <STDIN>; substr($_, $ARGV[0], 1) ^= "\1"; print' "$at" \
				<document >changed
			refuses "$message" -k key.pub "document.$signature" <changed
		done
		refuses "$message" -k key.pub "document.$signature" < <(head -c -1 document)
		refuses "$message" -k key.pub "document.$signature" < <(cat document <(echo))
		refuses "$message" -k key.pub "document.$signature" </dev/null
	done
}

@test "idx-verify: a signature that names a trusted key and is another's" {
	sign_digest other document
	sed -i "s/$other/$key/" document.sig
	refuses "document.sig: bad signature by $key [§5.3.4]" -k key.pub -k other.pub document.sig <document
}

@test "idx-verify: revoked and transitioning keys, of either form" {
	for signature in document.sig document.bare; do
		descriptor
		accepts "$key" -d repo.json "$signature" <document
		descriptor '.status = "revoked"'
		refuses "$signature: signed by $key, which is revoked [§5.2.6]" \
			-d repo.json "$signature" <document
		descriptor '.status = "revoked" | .valid_until = "2100-01-01T00:00:00Z"'
		refuses "$signature: signed by $key, which is revoked [§5.2.6]" \
			-d repo.json -t 2026-01-01T00:00:00Z "$signature" <document
		descriptor '.status = "transitioning" | .valid_until = "2026-06-01T12:00:00Z"'
		for now in 1970-01-01T00:00:00Z 2026-06-01T12:00:00Z; do
			accepts "$key" -d repo.json -t "$now" "$signature" <document
		done
		for now in 2026-06-01T12:00:01Z 2242-03-16T12:56:31Z; do
			refuses "$signature: signed by $key, which is past its valid_until [§5.2.6]" \
				-d repo.json -t "$now" "$signature" <document
		done
		# Without -t, now is now.
		descriptor '.status = "transitioning" | .valid_until = "1999-12-31T23:59:59Z"'
		refuses "$signature: signed by $key, which is past its valid_until [§5.2.6]" \
			-d repo.json "$signature" <document
		descriptor '.status = "transitioning" | .valid_until = "2242-03-16T12:56:31Z"'
		accepts "$key" -d repo.json "$signature" <document
	done
	descriptor . 'del(.repo.signing.keys[0])'
	refuses "document.sig: signed by $key, which is not trusted [§5.3.4]" -d repo.json document.sig <document
	refuses 'document.bare: no signature by any of the keys [§5.3.4]' -d repo.json document.bare <document
}

@test "idx-verify: an envelope that is not exact" {
	while IFS='|' read -r filter message; do
		jq -c "$filter" document.sig >bad.sig
		refuses "bad.sig: signature envelope: $message" -k key.pub bad.sig <document
	done <<-END
		.extra = 1|a field besides the four [§5.1.3]
		.extra = null|a field besides the four [§5.1.3]
		del(.schema_version)|schema_version: missing [§3.3]
		del(.algorithm)|algorithm: only ed25519 is known [§5.1.3]
		del(.key_fingerprint)|key_fingerprint: missing or empty [§3.3]
		del(.signature)|signature: missing or empty [§3.3]
		.signature = null|signature: missing or empty [§3.3]
		.schema_version = 2|schema_version: 2, only 1 is known [§3.3]
		.schema_version = "1"|schema_version: no integer from 0 to 2^63-1 [§1.3]
		.algorithm = "rsa"|algorithm: only ed25519 is known [§5.1.3]
		.algorithm = "Ed25519"|algorithm: only ed25519 is known [§5.1.3]
		.key_fingerprint = "${key^^}"|key_fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]
		.key_fingerprint = "${key:1}"|key_fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]
		.signature += "=="|signature: base64 with padding [§1.3]
		.signature += "\\n"|signature: not base64: byte 0x0a at 86 [§1.3]
		.signature = .signature[1:]|signature: base64 cut short [§1.3]
		.signature = .signature[2:]|signature: 63 bytes instead of 64 [§5.1.3]
		.signature = "AAAA" + .signature|signature: 67 bytes instead of 64 [§5.1.3]
		.signature = .signature[:85] + "_"|signature: not base64: byte 0x5f at 85 [§1.3]
		.signature = .signature[:85] + (if .signature[85:] == "w" then "x" else "h" end)|signature: base64 with unused bits set [§1.3]
	END
	jq -c . document.sig | sed 's/}$/,"algorithm":"ed25519"}/' >bad.sig
	refuses "bad.sig: signature envelope: key 'algorithm' twice in one object [§1.3]" \
		-k key.pub bad.sig <document
	cat document.sig document.sig >bad.sig
	run_apart idx-verify -k key.pub bad.sig <document
	assert_regex "$status:$output:$stderr" '^1::idx-verify: bad.sig: signature envelope: byte [0-9]+: '
	for ((size = 1; size < $(stat -c %s document.sig) - 1; size += 7)); do
		head -c "$size" document.sig >bad.sig
		run_apart idx-verify -k key.pub bad.sig <document
		assert_regex "$status:$output:$stderr" '^1::idx-verify: bad.sig: signature envelope: '
	done
}

@test "idx-verify: what is neither an envelope nor bare base64" {
	neither='bad.sig: neither an envelope nor a bare signature'
	while IFS='|' read -r bytes message; do
		printf '%b' "$bytes" >bad.sig
		refuses "$neither: $message" -k key.pub bad.sig <document
	done <<-END
		|0 bytes instead of 64 [§6.1.6]
		\\n|0 bytes instead of 64 [§6.1.6]
		$(<document.bare)==|base64 with padding [§1.3]
		$(<document.bare)\\n\\n|not base64: byte 0x0a at 86 [§1.3]
		$(<document.bare)\\r\\n|not base64: byte 0x0d at 86 [§1.3]
		$(<document.bare)\\000|not base64: byte 0x00 at 86 [§1.3]
		 $(<document.bare)|not base64: byte 0x20 at 0 [§1.3]
		A$(<document.bare)|65 bytes instead of 64 [§6.1.6]
		AAA$(<document.bare)|base64 cut short [§1.3]
		AAAA$(<document.bare)|67 bytes instead of 64 [§6.1.6]
		[]|not base64: byte 0x5b at 0 [§1.3]
		\\000{}|not base64: byte 0x00 at 0 [§1.3]
		\\357\\273\\277{}|not base64: byte 0xef at 0 [§1.3]
	END
	for ((size = 0; size < 86; size++)); do
		head -c "$size" document.bare >bad.sig
		run_apart idx-verify -k key.pub bad.sig <document
		assert_regex "$status:$output:$stderr" "^1::idx-verify: $neither: "
	done
	cp document.raw bad.sig
	run_apart idx-verify -k key.pub bad.sig <document
	assert_regex "$status:$output:$stderr" "^1::idx-verify: $neither: "
}

@test "idx-verify: a signature file that is missing, too long or none" {
	refuses 'absent.sig: No such file or directory' -k key.pub absent.sig <document
	refuses '.: Is a directory' -k key.pub . <document
	refuses 'document/x: Not a directory' -k key.pub document/x <document
	jq . document.sig | cat - <(head -c 4096 /dev/zero | tr '\0' ' ') | head -c 4096 >long.sig
	accepts "$key" -k key.pub long.sig <document
	echo >>long.sig
	refuses 'long.sig: over 4096 bytes, no signature' -k key.pub long.sig <document
	refuses '/dev/zero: over 4096 bytes, no signature' -k key.pub /dev/zero <document
	# Nobody waits for the other end of a FIFO.
	mkfifo fifo
	refuses 'fifo: neither an envelope nor a bare signature: 0 bytes instead of 64 [§6.1.6]' \
		-k key.pub fifo <document
}

@test "idx-verify: keys" {
	openssl pkey -pubin -in key.pub -outform DER | tail -c 32 >key.raw
	accepts "$key" -k key.raw document.sig <document
	refuses 'absent: No such file or directory' -k absent document.sig <document
	refuses '.: is a directory' -k . document.sig <document
	refuses 'key.pem: holds a private key where a public one is wanted' \
		-k key.pem document.sig <document
	refuses 'absent: No such file or directory' -k key.pub -k absent document.sig <document
	refuses '/dev/null: is a device or a socket; a key comes from a file or a pipe' \
		-k /dev/null document.sig <document
}

@test "idx-verify: key files beside a descriptor" {
	descriptor
	accepts "$key" -d "$PWD/repo.json" document.sig <document
	wrong='repo.json: repo.signing.keys'
	# Of all that it lists, not only of the one that signed.
	for status in active revoked; do
		descriptor . ".repo.signing.keys[1].status = \"$status\""
		file=keys/$other.pub
		rm "$file"
		refuses "$wrong: $file: No such file or directory" -d repo.json document.sig <document
		mkdir "$file"
		refuses "$wrong: $file: no regular file" -d repo.json document.sig <document
		rmdir "$file"
		mkfifo "$file"
		refuses "$wrong: $file: no regular file" -d repo.json document.sig <document
		rm "$file"
		ln -s /dev/zero "$file"
		refuses "$wrong: $file: no regular file" -d repo.json document.sig <document
		rm "$file"
		: >"$file"
		refuses "$wrong: $file: is empty" -d repo.json document.sig <document
		cp key.pub "$file"
		refuses "$wrong: $file: holds the key $key [§6.1.3]" -d repo.json document.sig <document
		cp other.pem "$file"
		refuses "$wrong: $file: holds a private key where a public one is wanted" \
			-d repo.json document.sig <document
	done
}

@test "idx-verify: a bad descriptor" {
	refuses 'absent.json: No such file or directory' -d absent.json document.sig <document
	refuses '.: is a directory' -d . document.sig <document
	: >repo.json
	refuses 'repo.json: byte 1: cut short [§1.3]' -d repo.json document.sig <document
	echo '[]' >repo.json
	refuses 'repo.json: no object' -d repo.json document.sig <document
	while IFS='|' read -r key_filter filter message; do
		descriptor "$key_filter" "$filter"
		refuses "repo.json: $message" -d repo.json document.sig <document
	done <<-END
		.|.schema_version = 2|schema_version: 2, only 1 is known [§3.3]
		.|.repo.signing.algorithm = "rsa"|repo.signing.algorithm: only ed25519 is known [§6.1]
		.|.repo = "r"|repo.signing.algorithm: only ed25519 is known [§6.1]
		.|.repo.signing.keys = {}|repo.signing.keys: missing or no array [§6.1]
		.|.repo.signing.keys = null|repo.signing.keys: missing or no array [§6.1]
		.|del(.repo.name)|repo: name: missing or empty [§3.3]
		.|.repo.name = ""|repo: name: missing or empty [§3.3]
		.|.repo.name = 7|repo: name: no string [§3.3]
		.|.repo.name = "a\\u0000b"|repo: name: holds a NUL [§3.3]
		null|.|repo.signing.keys: key 1: fingerprint: missing or empty [§3.3]
		.fingerprint = "../$key"|.|repo.signing.keys: key 1: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]
		.status = "Active"|.|repo.signing.keys: $key: status: not active, transitioning or revoked [§6.1]
		.status = null|.|repo.signing.keys: $key: status: not active, transitioning or revoked [§6.1]
		.status = "transitioning"|.|repo.signing.keys: $key: valid_until: missing or empty [§3.3]
		.|.repo.signing.keys += [.repo.signing.keys[0]]|repo.signing.keys: $key: twice [§6.1]
	END
	descriptor . ". + {pad: (\"x\" * (4 * 1024 * 1024))}"
	refuses 'repo.json: over the limit of 4194304 bytes' -d repo.json document.sig <document
}

@test "idx-verify -r: beside a key that cannot be read" {
	local keys='repo.json: repo.signing.keys'
	# others_fault MESSAGE: it says nothing of a signature by the key, of either form.
	others_fault() {
		refuses "$keys: $1" -d repo.json document.sig <document
		accepts "$key" -r -d repo.json document.sig <document
		accepts "$key" -r -d repo.json document.bare <document
		refuses "document.sig: bad signature by $key [§5.3.4]" -r -d repo.json document.sig <<<x
		refuses "absent.sig: No such file or directory" -r -d repo.json absent.sig <document
		refuses 'short: neither an envelope nor a bare signature: 0 bytes instead of 64 [§6.1.6]' \
			-r -d repo.json short <document
		# By the other key itself, or by whichever, it cannot be told.
		refuses "$keys: $1" -r -d repo.json other.sig <document
		refuses "$keys: $1" -r -d repo.json document.bare <<<x
	}
	: >short
	cp document other
	sign_digest other other
	while IFS='|' read -r filter message; do
		descriptor . ".repo.signing.keys[1] |= ($filter)"
		others_fault "$other: $message"
	done <<-'END'
		.status = "x"|status: not active, transitioning or revoked [§6.1]
		.status = "transitioning"|valid_until: missing or empty [§3.3]
	END
	descriptor . '.repo.signing.keys[1].fingerprint |= ascii_upcase'
	others_fault 'key 2: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]'
	descriptor
	rm "keys/$other.pub"
	others_fault "keys/$other.pub: No such file or directory"
	cp key.pub "keys/$other.pub"
	others_fault "keys/$other.pub: holds the key $key [§6.1.3]"
	# A key that is not among those of which something is known.
	descriptor . '.repo.signing.keys |= .[:1] | .repo.name = ""'
	refuses "other.sig: signed by $other, which is not trusted [§5.3.4]" -r -d repo.json other.sig <document
	accepts "$key" -r -d repo.json document.sig <document
	# Twice: as it was listed first.
	descriptor . '.repo.signing.keys |= [.[0], .[0], .[1]] | .repo.signing.keys[1].status = "revoked"'
	accepts "$key" -r -d repo.json document.sig <document
	refuses "$keys: $key: twice [§6.1]" -d repo.json document.sig <document
}

@test "idx-verify -r: beside a descriptor that cannot be read" {
	for filter in 'schema_version = 2' 'repo.signing.algorithm = "rsa"' 'repo.name = null' \
		'indexes = null'; do
		descriptor . ".$filter"
		accepts "$key" -r -d repo.json document.sig <document
	done
	fault_of_all() {
		refuses "$1" -r -d repo.json document.sig <document
		refuses "$1" -r -d repo.json document.bare <document
		refuses "absent.sig: No such file or directory" -r -d repo.json absent.sig <document
	}
	descriptor . '.repo.signing.keys = {}'
	fault_of_all 'repo.json: repo.signing.keys: missing or no array [§6.1]'
	echo x >repo.json
	fault_of_all 'repo.json: byte 1: not a value [§1.3]'
	rm repo.json
	fault_of_all 'repo.json: No such file or directory'
	# Nothing is good because of it.
	descriptor '.status = "revoked"'
	refuses "document.sig: signed by $key, which is revoked [§5.2.6]" -r -d repo.json document.sig <document
	descriptor . '.repo.signing.keys = []'
	refuses "document.sig: signed by $key, which is not trusted [§5.3.4]" -r -d repo.json document.sig <document
	refuses 'document.bare: no signature by any of the keys [§5.3.4]' -r -d repo.json document.bare <document
}

@test "idx-verify: many keys" {
	descriptor
	jq -c '.repo.signing.keys |= [range(20000) as $i | .[0]
		| .fingerprint |= ("\($i)" + .)[:64]] + .' repo.json >many.json
	run_apart timeout 10 idx-verify -d many.json document.sig <document
	assert_equal "$status" 1
	assert_regex "$stderr" 'keys/0.*\.pub: No such file or directory$'
}

@test "idx-verify: a compressed document" {
	gzip -c document | accepts "$key" -k key.pub document.sig
	gzip -c document | accepts "$key" -k key.pub document.bare
	cat <(head -c 7 document | gzip) <(tail -c +8 document | gzip) |
		accepts "$key" -k key.pub document.sig
	gzip -c document | head -c -1 |
		refuses 'standard input: gzip data cut short' -k key.pub document.sig
	gzip -c document | head -c -1 |
		refuses 'standard input: gzip data cut short' -k key.pub document.bare
	gzip -c document | head -c -8 | cat - <(head -c 8 /dev/zero) |
		refuses 'standard input: bad gzip data' -k key.pub document.sig
	# Its own bytes are not what is signed.
	gzip -c document >document.gz
	sign_digest key document.gz
	refuses "document.gz.sig: bad signature by $key [§5.3.4]" -k key.pub document.gz.sig <document.gz
}

@test "idx-verify: a large document, in memory that does not grow" {
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && idx-verify --version) &>/dev/null ||
		skip 'this build needs more address space than that to start'
	truncate -s 100M big
	sign_digest key big
	(ulimit -v "$limit" && accepts "$key" -k key.pub big.sig <big)
}

@test "idx-verify: a bare signature of 64 MiB and of more" {
	truncate -s 64M big
	sign_bare key big
	accepts "$key" -k key.pub big.bare <big
	echo >>big
	refuses 'standard input: over 67108864 bytes, too long for a bare signature' \
		-k key.pub big.bare <big
}

@test "idx-verify: a full disk and a closed pipe are errors" {
	run_apart bash -c 'idx-verify -k key.pub document.sig <document >/dev/full'
	assert_refused 1 'idx-verify: standard output: No space left on device'
	run_apart bash -c 'idx-verify -k key.pub document.sig <document >&-'
	assert_refused 1 'idx-verify: standard output: Bad file descriptor'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; idx-verify -k key.pub document.sig <document; } | true'
	assert_refused 1 'idx-verify: standard output: Broken pipe'
	for signature in document.sig document.bare; do
		run_apart bash -c "idx-verify -k key.pub $signature <&-"
		assert_refused 1 'idx-verify: standard input: Bad file descriptor'
		run_apart bash -c "idx-verify -k key.pub $signature <."
		assert_refused 1 'idx-verify: standard input: Is a directory'
	done
}

@test "idx-verify: usage" {
	while IFS='|' read -r options message; do
		run_apart bash -c "idx-verify $options <document"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" "idx-verify: $message"
	done <<-'END'
		document.sig|either -k or -d is wanted
		-k key.pub -d repo.json document.sig|either -k or -d is wanted
		-k key.pub -t 2026-01-01T00:00:00Z document.sig|-t goes with -d
		-k key.pub -r document.sig|-r goes with -d
		-d repo.json -t today document.sig|-t: timestamp 'today': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]
		-k key.pub|one signature is wanted; the document comes on standard input
		-k key.pub document.sig document|one signature is wanted; the document comes on standard input
	END
	run_apart idx-verify -x
	assert_equal "$status" 2
	run_apart idx-verify --help
	assert_success
	assert_output --partial 'usage: idx-verify -k PUBKEY'
}

@test "idx-verify: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/idx-verify.1"
}
