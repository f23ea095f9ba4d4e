#!/usr/bin/env bats

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	# Sorted by fingerprint: a comes first.
	for _ in 1 2 3; do
		openssl genpkey -algorithm ed25519 -out key.pem
		openssl pkey -in key.pem -pubout -out "$(openssl pkey -in key.pem -pubout -outform DER |
			tail -c 32 | sha256sum | cut -d' ' -f1).pub"
	done
	for name in a b c; do
		file=$(find . -name '????*.pub' | sort | head -n 1)
		basename "$file" .pub >"$name.fingerprint"
		mv "$file" "$name.pub"
	done
}

setup() {
	cp -p "$BATS_FILE_TMPDIR"/* "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	a=$(cat a.fingerprint) b=$(cat b.fingerprint) c=$(cat c.fingerprint)
}

# The element of a key, as jq makes it: FINGERPRINT STATUS [VALID_UNTIL].
element() {
	jq -nc '$ARGS.positional | {fingerprint: .[0], url: "/keys/\(.[0]).pub", status: .[1]}
		+ if .[2] then {valid_until: .[2]} else {} end' --args "$@"
}

# descriptor ELEMENT...: repo.json with these keys.
descriptor() {
	printf '%s\n' "$@" | jq -sc '{schema_version: 1,
		repo: {name: "example", description: "", signing: {algorithm: "ed25519", keys: .}},
		indexes: {active: {url: "/index/active.json", signature_url: "/index/active.json.sig"},
		archive: {url: "/index/archive.json", signature_url: "/index/archive.json.sig"}}}' >repo.json
}

# changes ELEMENT... -- OPTION...: repo.json becomes a descriptor with these keys.
changes() {
	local elements=()
	while [[ $1 != -- ]]; do
		elements+=("$1")
		shift
	done
	cp repo.json before.json
	repo-desc "${@:2}" <before.json >after.json
	descriptor "${elements[@]}"
	cmp repo.json after.json
	cp before.json repo.json
}

# refuses MESSAGE OPTION...: on standard input.
refuses() {
	run_apart repo-desc "${@:2}"
	assert_output ''
	assert_equal "$stderr" "repo-desc: $1"
	assert_equal "$status" 1
}

# broken FILTER MESSAGE...: repo.json, changed by a filter, with these findings.
broken() {
	jq -c "$1" repo.json >broken.json
	run_apart repo-desc -a c.pub <broken.json
	assert_equal "$status:$output" 1:
	printf 'repo-desc: standard input: %s\n' "${@:2}" | diff -u - <(printf '%s\n' "$stderr")
}

@test "repo-desc: the descriptor of the vectors" {
	need_vectors
	for key in "$VECTORS/keys/test.pub.pem" "$VECTORS/keys/test.pub.raw" <(cat "$VECTORS/keys/test.pub.pem"); do
		repo-desc -c vectors -D 'Quotes " and <tags> & é' -k "$key" |
			cmp - "$VECTORS/repository/state0/repo.json"
	done
}

@test "repo-desc -c: canonical, keys sorted, nothing read" {
	descriptor "$(element "$a" active)"
	repo-desc -c example -k a.pub <. | cmp - repo.json
	repo-desc -c example -k a.pub -D '' <&- | cmp - repo.json
	descriptor "$(element "$a" active)" "$(element "$b" active)" "$(element "$c" active)"
	repo-desc -c example -k c.pub -k a.pub -k b.pub | cmp - repo.json
	description='é 😀 "quoted" \ / <&>'
	repo-desc -D "$description" -k a.pub -c example >ours
	assert_equal "$(jq -r .repo.description ours)" "$description"
	descriptor "$(element "$a" active)"
	jq -c --arg description "$description" '.repo.description = $description' repo.json | cmp - ours
}

@test "repo-desc -c: names and descriptions" {
	for name in a 0 a-b0-c example-2 "$(printf 'x%.0s' {1..1000})"; do
		run_apart repo-desc -c "$name" -k a.pub
		assert_success
		assert_equal "$stderr" ''
		assert_equal "$(jq -r .repo.name <<<"$output")" "$name"
	done
	for name in A 'a b' a_b a--b -a a- é '"' 'a.b' ' '; do
		run_apart repo-desc -k a.pub -c "$name"
		assert_success
		assert_equal "$stderr" 'repo-desc: warning: new descriptor: repo.name: not in kebab-case [§6.1.2]'
		assert_equal "$(jq -r .repo.name <<<"$output")" "$name"
	done
	refuses 'new descriptor: repo: name: missing or empty [§3.3]' -c '' -k a.pub
	for text in $'a\nb' $'\t' $'a\x7f' $'\u202e' $'\u2028' $'\ufffd' $'\u200b' $'\ue000'; do
		refuses 'new descriptor: repo.name: holds what is no printable character [§6.1.2]' \
			-c "$text" -k a.pub
		refuses 'new descriptor: repo.description: holds what is no printable character [§6.1.2]' \
			-c example -D "$text" -k a.pub
	done
	for text in $'\xff' $'\xc3' $'\xed\xa0\x80'; do
		run_apart repo-desc -c "$text" -k a.pub
		assert_regex "$status:$output:$stderr" '^1::repo-desc: new descriptor: byte [0-9]+: '
		run_apart repo-desc -c example -D "$text" -k a.pub
		assert_regex "$status:$output:$stderr" '^1::repo-desc: new descriptor: byte [0-9]+: '
	done
}

@test "repo-desc: keys that are none" {
	descriptor "$(element "$a" active)"
	mkfifo fifo
	cat b.pub >fifo &
	repo-desc -a fifo <repo.json >ours
	repo-desc -a b.pub <repo.json | cmp - ours
	for option in '-c example -k' -a; do
		read -ra options <<<"$option"
		refuses 'absent: No such file or directory' "${options[@]}" absent <repo.json
		refuses '.: is a directory' "${options[@]}" . <repo.json
		refuses 'key.pem: holds a private key where a public one is wanted' \
			"${options[@]}" key.pem <repo.json
		refuses '/dev/null: is a device or a socket; a key comes from a file or a pipe' \
			"${options[@]}" /dev/null <repo.json
	done
	refuses "$a: listed already, as active [§6.1.3]" -c example -k a.pub -k b.pub -k a.pub
}

@test "repo-desc -a: adds a key in its place" {
	descriptor "$(element "$b" active)"
	changes "$(element "$a" active)" "$(element "$b" active)" -- -a a.pub
	changes "$(element "$b" active)" "$(element "$c" active)" -- -a c.pub
	descriptor "$(element "$a" revoked)" "$(element "$c" active)"
	changes "$(element "$a" revoked)" "$(element "$b" active)" "$(element "$c" active)" -- -a b.pub
	openssl pkey -pubin -in b.pub -outform DER | tail -c 32 >b.raw
	changes "$(element "$a" revoked)" "$(element "$b" active)" "$(element "$c" active)" -- -a b.raw
	refuses "$a: listed already, as revoked [§6.1.3]" -a a.pub <repo.json
	refuses "$c: listed already, as active [§6.1.3]" -a c.pub <repo.json
	descriptor "$(element "$a" transitioning 2027-01-01T00:00:00Z)" "$(element "$c" active)"
	refuses "$a: listed already, as transitioning [§6.1.3]" -a a.pub <repo.json
}

@test "repo-desc -t: makes a key transitioning" {
	descriptor "$(element "$a" active)" "$(element "$b" active)"
	for time in 2027-01-01T00:00:00Z 1970-01-01T00:00:00Z 2242-03-16T12:56:31Z; do
		changes "$(element "$a" transitioning "$time")" "$(element "$b" active)" -- -t "$a" -u "$time"
	done
	descriptor "$(element "$a" transitioning 2027-01-01T00:00:00Z)" "$(element "$b" active)"
	changes "$(element "$a" transitioning 2028-02-29T23:59:59Z)" "$(element "$b" active)" -- \
		-u 2028-02-29T23:59:59Z -t "$a"
	refuses "$b: the only active key, another has to be added first [§6.1.3]" \
		-t "$b" -u 2027-01-01T00:00:00Z <repo.json
	refuses "$c: not listed" -t "$c" -u 2027-01-01T00:00:00Z <repo.json
	descriptor "$(element "$a" revoked)" "$(element "$b" active)"
	refuses "$a: revoked, and has to stay listed so [§6.1.4]" \
		-t "$a" -u 2027-01-01T00:00:00Z <repo.json
}

@test "repo-desc -r: retires a key" {
	descriptor "$(element "$a" active)" "$(element "$b" active)" "$(element "$c" transitioning 2027-01-01T00:00:00Z)"
	changes "$(element "$b" active)" "$(element "$c" transitioning 2027-01-01T00:00:00Z)" -- -r "$a"
	changes "$(element "$a" active)" "$(element "$c" transitioning 2027-01-01T00:00:00Z)" -- -r "$b"
	changes "$(element "$a" active)" "$(element "$b" active)" -- -r "$c"
	descriptor "$(element "$a" revoked)" "$(element "$b" active)"
	refuses "$a: revoked, and has to stay listed so [§6.1.4]" -r "$a" <repo.json
	refuses "$b: the only active key, another has to be added first [§6.1.3]" -r "$b" <repo.json
	refuses "$c: not listed" -r "$c" <repo.json
}

@test "repo-desc -x: revokes a key" {
	descriptor "$(element "$a" active)" "$(element "$b" active)" "$(element "$c" transitioning 2027-01-01T00:00:00Z)"
	changes "$(element "$a" revoked)" "$(element "$b" active)" \
		"$(element "$c" transitioning 2027-01-01T00:00:00Z)" -- -x "$a"
	# Its date goes: it has no meaning any more.
	changes "$(element "$a" active)" "$(element "$b" active)" "$(element "$c" revoked)" -- -x "$c"
	descriptor "$(element "$a" revoked)" "$(element "$b" active)"
	refuses "$a: revoked, and has to stay listed so [§6.1.4]" -x "$a" <repo.json
	refuses "$b: the only active key, another has to be added first [§6.1.3]" -x "$b" <repo.json
	refuses "$c: not listed" -x "$c" <repo.json
}

@test "repo-desc: the rotation of a repository, step by step" {
	descriptor "$(element "$b" active)"
	cp repo.json first.json
	repo-desc -a a.pub <repo.json |
		repo-desc -t "$b" -u 2027-01-01T00:00:00Z |
		repo-desc -r "$b" |
		repo-desc -a b.pub |
		repo-desc -r "$a" | cmp - first.json
}

@test "repo-desc: all else stays byte for byte" {
	{
		printf '\t{ "extra" : [1.50, "\\u0041\\/"] , "schema_version":1,\r\n'
		printf '"repo": {"name":"ex\\u0061mple","mine":null, "signing":{"keys" \t: [ %s\n,\t%s ]\r,' \
			"{ \"mine\" : [ 1.0 ],\"status\":\"\\u0061ctive\", \"url\":\"keys/$a.pub\",\"fingerprint\":\"$a\" }" \
			"{\"status\":\"active\",\"fingerprint\":\"$b\",  \"valid_until\":7,\"x\":{ \"y\" : \"\\/\"},\"url\":\"\\/keys\\/$b.pub\"}"
		printf '"algorithm":"ed25519" , "more":{}},"description":null },"indexes":{"archive":{"url":"index/archive.json",'
		printf '"signature_url":"/index/archive.json.sig"},"active":{"url":"/index/active.json","signature_url":"/index/active.json.sig"}}} \n\n'
	} >odd.json
	jq -e . odd.json >/dev/null
	# What stands before the array, each element, what stands behind it.
	perl -0777 -ne '/\A\t(.*"keys" \t: )\[ (\{ "mine".*?\})\n,\t(.*?\}) \](.*) \n\n\z/s or die;
		@out{qw(head a b tail)} = ($1, $2, $3, $4);
		for (keys %out) { open my $file, ">", "odd.$_" or die; print $file $out{$_} }' odd.json
	head=$(<odd.head) first=$(<odd.a) second=$(<odd.b) tail=$(<odd.tail)
	expects() {
		printf '%s[%s]%s\n' "$head" "$1" "$tail" >expected
		repo-desc "${@:2}" <odd.json | cmp - expected
	}
	expects "$first,$second,$(element "$c" active)" -a c.pub
	expects "$second" -r "$a"
	expects "$first" -r "$b"
	expects "$first,{\"fingerprint\":\"$b\",\"url\":\"/keys/$b.pub\",\"status\":\"revoked\",\"x\":{\"y\":\"/\"}}" -x "$b"
	expects "{\"fingerprint\":\"$a\",\"url\":\"keys/$a.pub\",\"status\":\"transitioning\",\"valid_until\":\"2027-01-01T00:00:00Z\",\"mine\":[1.0]},$second" \
		-t "$a" -u 2027-01-01T00:00:00Z
}

@test "repo-desc: one newline at the end, whatever blanks stood around what was read" {
	descriptor "$(element "$a" active)" "$(element "$b" active)"
	repo-desc -r "$b" <repo.json >expected
	bare=$(<repo.json)
	for blanks in '%s' '%s\n\n' '%s\r\n' ' \n\t%s\n' '\r\n%s \t\r\n\r\n'; do
		# shellcheck disable=SC2059 # the blanks are the format
		printf "$blanks" "$bare" >blanks.json
		run ! cmp -s blanks.json repo.json
		repo-desc -r "$b" <blanks.json | cmp - expected
	done
}

@test "repo-desc: compressed input" {
	descriptor "$(element "$a" active)"
	repo-desc -a b.pub <repo.json >expected
	gzip -c repo.json | repo-desc -a b.pub | cmp - expected
	gzip -c repo.json | head -c -1 >short.gz
	refuses 'standard input: gzip data cut short' -a b.pub <short.gz
}

@test "repo-desc: a descriptor that breaks a rule is not mended" {
	descriptor "$(element "$a" active)" "$(element "$b" active)"
	keys=repo.signing.keys
	broken '.repo.signing.keys |= reverse' "$keys: $a: out of order, they are sorted by fingerprint [§6.1.3]"
	broken '.repo.signing.keys = []' "$keys: none of them is active [§6.1.3]"
	broken '.repo.signing.keys[].status = "revoked"' "$keys: none of them is active [§6.1.3]"
	broken '.repo.name = "a\tb"' 'repo.name: holds what is no printable character [§6.1.2]'
	broken '.repo.description = "a\nb"' 'repo.description: holds what is no printable character [§6.1.2]'
	broken '.repo.description = 7' 'repo: description: no string [§3.3]'
	broken '.repo.description = ["a"]' 'repo: description: no string [§3.3]'
	broken 'del(.repo.signing.keys[0].url)' "$keys: $a: url: missing or empty [§3.3]"
	broken '.repo.signing.keys[0].url = null' "$keys: $a: url: missing or empty [§3.3]"
	broken '.repo.signing.keys[0].url = 7' "$keys: $a: url: no string [§3.3]"
	for url in "/keys/$b.pub" "/keys/$a.pem" "//keys/$a.pub" "/keys/../keys/$a.pub" "$a.pub" \
		"/keys/$a.pub?" "/x/keys/$a.pub" "ftp://example.org/keys/$a.pub" "/"; do
		broken ".repo.signing.keys[0].url = \"$url\"" \
			"$keys: $a: url: does not lead to the key's file in keys/ [§6.4.2]"
	done
	broken ".repo.signing.keys[0].url = \"https:///keys/$a.pub\"" "$keys: $a: url: no host [§6.2.7]"
	broken 'del(.indexes)' 'indexes.active: url: missing or empty [§3.3]' \
		'indexes.active: signature_url: missing or empty [§3.3]' \
		'indexes.archive: url: missing or empty [§3.3]' \
		'indexes.archive: signature_url: missing or empty [§3.3]'
	broken '.indexes.archive = null' 'indexes.archive: url: missing or empty [§3.3]' \
		'indexes.archive: signature_url: missing or empty [§3.3]'
	broken '.indexes.active.signature_url = 7' 'indexes.active: signature_url: no string [§3.3]'
	broken '.indexes.active.url = "/../active.json"' "indexes.active.url: '.' or '..' component [§3.2.6]"
	broken '.indexes.archive.signature_url = "https://"' 'indexes.archive.signature_url: no host [§6.2.7]'
	# All of them in one run.
	broken '.repo.signing.keys |= reverse | .repo.signing.keys[0].url = "x" | .repo.description = 7
		| .indexes.active.url = ""' \
		'repo: description: no string [§3.3]' \
		"$keys: $b: url: does not lead to the key's file in keys/ [§6.4.2]" \
		"$keys: $a: out of order, they are sorted by fingerprint [§6.1.3]" \
		'indexes.active: url: missing or empty [§3.3]'
}

@test "repo-desc: what a descriptor may say and these tools do not look after" {
	descriptor "$(element "$a" active)" "$(element "$b" active)"
	for filter in '.repo.name = "An Example"' '.indexes.active.url = "/other/active.json"' \
		'.indexes.active.signature_url = "https://example.org/active.json.sig"' \
		".repo.signing.keys[0].url = \"https://example.org/keys/$a.pub\"" \
		'del(.repo.description)' '.repo.description = null'; do
		jq -c "$filter" repo.json >other.json
		run_apart repo-desc -a c.pub <other.json
		assert_success
		assert_equal "$stderr" ''
	done
}

@test "repo-desc: what is no descriptor" {
	descriptor "$(element "$a" active)"
	refuses 'standard input: byte 1: cut short [§1.3]' -a b.pub </dev/null
	refuses 'standard input: no object' -a b.pub <<<'[]'
	refuses 'standard input: schema_version: missing [§3.3]' -a b.pub <<<'{}'
	for ((size = 1; size < $(stat -c %s repo.json) - 1; size += 5)); do
		run_apart repo-desc -a b.pub < <(head -c "$size" repo.json)
		assert_regex "$status:$output:$stderr" '^1::repo-desc: standard input: byte [0-9]+: '
	done
	run_apart repo-desc -a b.pub < <(cat repo.json repo.json)
	assert_regex "$status:$output:$stderr" '^1::repo-desc: standard input: byte [0-9]+: '
	run_apart repo-desc -a b.pub < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	cat repo.json <(head -c 4194304 /dev/zero | tr '\0' ' ') >long.json
	refuses 'standard input: over the limit of 4194304 bytes' -a b.pub <long.json
	head -c 4194304 long.json | repo-desc -a b.pub | jq -c . | cmp - <(repo-desc -a b.pub <repo.json)
}

@test "repo-desc: many keys" {
	descriptor "$(element "$c" active)"
	jq -c '.repo.signing.keys = ([range(20000) as $i | .repo.signing.keys[0]
		| .fingerprint |= ("\($i)" + .)[:64] | .url = "/keys/\(.fingerprint).pub"]
		+ .repo.signing.keys | unique_by(.fingerprint))' repo.json >many.json
	timeout 10 repo-desc -a b.pub <many.json >ours
	jq -c --argjson element "$(element "$b" active)" \
		'.repo.signing.keys |= (. + [$element] | unique_by(.fingerprint))' many.json | cmp - ours
}

@test "repo-desc: a full disk and a closed pipe are errors" {
	descriptor "$(element "$a" active)"
	for options in '-a b.pub' '-c example -k a.pub'; do
		run_apart bash -c "repo-desc $options <repo.json >/dev/full"
		assert_refused 1 'repo-desc: standard output: No space left on device'
		run_apart bash -c "repo-desc $options <repo.json >&-"
		assert_refused 1 'repo-desc: standard output: Bad file descriptor'
		run_apart bash -c "set -o pipefail; { sleep 0.2; repo-desc $options <repo.json; } | true"
		assert_refused 1 'repo-desc: standard output: Broken pipe'
	done
	run_apart bash -c 'repo-desc -a b.pub <&-'
	assert_refused 1 'repo-desc: standard input: Bad file descriptor'
	refuses 'standard input: Is a directory' -a b.pub <.
}

@test "repo-desc: usage" {
	descriptor "$(element "$a" active)"
	while IFS='|' read -r options message; do
		run_apart bash -c "repo-desc $options <repo.json"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" "repo-desc: $message"
	done <<-END
		|one of -c, -a, -t, -r and -x is wanted
		-k a.pub|one of -c, -a, -t, -r and -x is wanted
		-a a.pub -a b.pub|one of -c, -a, -t, -r and -x is wanted
		-r $a -x $a|one of -c, -a, -t, -r and -x is wanted
		-c example|-c and -k go together
		-a a.pub -k b.pub|-c and -k go together
		-a b.pub -D text|-D goes with -c
		-t $a|-t and -u go together
		-r $a -u 2027-01-01T00:00:00Z|-t and -u go together
		-t $a -u 2027-01-01|-u: timestamp '2027-01-01': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]
		-r a.pub|-r: 'a.pub' is no fingerprint of 64 lower-case hexadecimal digits
		-x ${a^^}x|-x: '${a^^}x' is no fingerprint of 64 lower-case hexadecimal digits
		-t '' -u 2027-01-01T00:00:00Z|-t: '' is no fingerprint of 64 lower-case hexadecimal digits
		-a b.pub repo.json|the descriptor comes on standard input
	END
	run_apart repo-desc -h
	assert_success
	assert_output --partial 'usage: repo-desc -c NAME'
}

@test "repo-desc: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/repo-desc.1"
}
