#!/usr/bin/env bats

load helper

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	printf "It's a Secret to Everybody" >secret
}

# hex_of FILE [SECRET]: the HMAC of a file's bytes as openssl has it.
hex_of() {
	openssl dgst -r -sha256 -hmac "${2-$(<secret)}" <"$1" | cut -d' ' -f1
}

# run_signed: farm-hook on body, signed well.
run_signed() {
	local signature
	signature=sha256=$(hex_of body)
	run_apart farm-hook -s secret -g "$signature" <body
}

# hook BODY: what comes of a body that is signed well.
hook() {
	printf '%s' "$1" >body
	run_signed
}

# names BODY [LINE...]: the body names exactly these.
names() {
	hook "$1"
	assert_success
	assert_equal "$stderr" ''
	assert_output "$(printf '%s\n' "${@:2}")"
}

# normalizes URL EXPECTED
normalizes() {
	names "$(jq -nc --arg url "$1" '{repository: {clone_url: $url}}')" "$2"
}

# unsigned MESSAGE [SIGNATURE]: of body.
unsigned() {
	run_apart farm-hook -s secret "${@:2}" <body
	assert_equal "${#stderr_lines[@]}" 1
	assert_refused 3 "farm-hook: $1"
	assert_output ''
}

@test "farm-hook: GitHub's own example of a signature" {
	# docs.github.com, "Validating webhook deliveries": this secret, this body, this digest.
	# It is no JSON, which is looked at after the signature.
	printf 'Hello, World!' >body
	signature=sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
	assert_equal "sha256=$(hex_of body)" "$signature"
	run_apart farm-hook -s secret -g "$signature" <body
	assert_equal "$status" 1
	assert_equal "${#stderr_lines[@]}" 1
	assert_output ''
	[[ $stderr == 'farm-hook: standard input: '* ]]
}

@test "farm-hook: a push as GitHub posts it" {
	body='{"ref":"refs/tags/v1.0","repository":{"id":1,"full_name":"Codertocat/Hello-World",
		"html_url":"https://github.com/Codertocat/Hello-World",
		"url":"https://github.com/Codertocat/Hello-World",
		"git_url":"git://github.com/Codertocat/Hello-World.git",
		"ssh_url":"git@github.com:Codertocat/Hello-World.git",
		"clone_url":"https://github.com/Codertocat/Hello-World.git",
		"homepage":null,"owner":{"html_url":"https://github.com/Codertocat"}},
		"sender":{"html_url":"https://github.com/other"}}'
	names "$body" github.com/codertocat/hello-world git://github.com/codertocat/hello-world
	printf '%s\n' github.com/codertocat/hello-world git://github.com/codertocat/hello-world >expected
	signature=sha256=$(hex_of body)
	farm-hook -s secret -g "$signature" <body | cmp - expected
}

@test "farm-hook: URLs of one repository are one line" {
	for url in https://Example.ORG/Group/Sub/Tool https://example.org/Group/Sub/Tool.git \
		https://example.org/Group/Sub/Tool.git/ https://example.org/Group/Sub/Tool/// \
		https://user@example.org/Group/Sub/Tool https://user:pass@example.org:443/Group/Sub/Tool.git \
		ssh://git@example.org/Group/Sub/Tool.git ssh://example.org:22/Group/Sub/Tool \
		git@example.org:Group/Sub/Tool.git git@example.org:/Group/Sub/Tool HTTPS://EXAMPLE.ORG/GROUP/SUB/TOOL.GIT \
		SSH://GIT@EXAMPLE.ORG//GROUP/SUB/TOOL.GIT; do
		normalizes "$url" example.org/group/sub/tool
	done
}

@test "farm-hook: ports, addresses and other forms" {
	normalizes https://example.org:8443/a.git example.org:8443/a
	normalizes https://example.org:22/a example.org:22/a
	normalizes ssh://git@example.org:2222/a.git example.org:2222/a
	normalizes ssh://git@example.org:443/a example.org:443/a
	normalizes 'ssh://git@[2001:DB8::22]:22/a' '[2001:db8::22]/a'
	normalizes 'git@[2001:DB8::22]:a' '[2001:db8::22]/a'
	normalizes 'https://[::443]/a' '[::443]/a'
	normalizes http://Example.org/A.git http://example.org/a
	normalizes git://Example.org:9418/A.git/ git://example.org:9418/a
	normalizes file:///srv/Git/A.git file:///srv/git/a
	normalizes /srv/Git/A.git /srv/git/a
	normalizes /srv/a/.git /srv/a
	normalizes /srv/a@b:c /srv/a@b:c
	normalizes 'https://example.org/a b' 'example.org/a b'
	normalizes example.org:a example.org:a
	normalizes 'https://example.org/É' 'example.org/É'
	normalizes 'https://example.org/$(id);-' 'example.org/$(id);-'
	normalizes https://example.org/a.git.git example.org/a.git
	normalizes https://example.org/agit example.org/agit
	normalizes https://example.org/a@b example.org/a@b
	normalizes https://example.org example.org
	names '{"repository":{"clone_url":"","ssh_url":"/","git_url":".git","html_url":"///"}}'
}

@test "farm-hook: bodies that name no repository" {
	names '{}'
	names ' {"zen":"Keep it logically awesome.","hook_id":1} '
	names '{"repository":null}'
	names '{"repository":"https://example.org/a"}'
	names '{"repository":["https://example.org/a"]}'
	names '{"repository":{}}'
	names '{"repository":{"clone_url":null,"ssh_url":1,"git_url":{"a":"b"},"html_url":["a"]}}'
	names '{"clone_url":"https://example.org/a","x":{"repository":{"clone_url":"https://example.org/a"}}}'
	names '{"repository":{"Clone_url":"https://example.org/a","clone_URL":"b"}}'
	names '{"repository":{"ssh_url":1,"html_url":"https://example.org/a"}}' example.org/a
}

@test "farm-hook: a line is a line" {
	names '{"repository":{"clone_url":"https://example.org/a\nexample.org/b"}}'
	names '{"repository":{"clone_url":"https://example.org/a\u0000b"}}'
	names '{"repository":{"clone_url":"https://example.org/a\u007f","ssh_url":"a\r","git_url":"\u001b[31m","html_url":"b"}}' b
	names '{"\u0072epository":{"clone\u005furl":"\u0068ttps:\/\/example.org\/A"}}' example.org/a
	names '{"repository":{"clone_url":"-a","ssh_url":"B","git_url":"b.git","html_url":"b"}}' -a b
}

@test "farm-hook: signatures that do not hold" {
	printf '{}' >body
	good=$(hex_of body)
	unsigned 'the signature does not hold' -g "sha256=$(hex_of body other)"
	unsigned 'the signature does not hold' -g "sha256=$(hex_of secret)"
	for at in 0 9 31 32 62 63; do
		digit=$(tr 0-9a-f 1-9a-f0 <<<"${good:at:1}")
		unsigned 'the signature does not hold' -g "sha256=${good:0:at}$digit${good:at+1}"
	done
	unsigned 'the signature does not hold' -g "sha256=$(printf '0%.0s' {1..64})"
	printf '{} ' >body
	unsigned 'the signature does not hold' -g "sha256=$good"
	: >body
	unsigned 'the signature does not hold' -g "sha256=$good"
}

@test "farm-hook: signatures that are none" {
	printf '{}' >body
	good=$(hex_of body)
	unsigned 'no signature'
	unsigned 'no signature' -g ''
	for signature in "$good" sha256= sha256 "sha1=$good" "SHA256=$good" "sha256=${good%?}" "sha256=${good}0" \
		"sha256=${good%?}g" "sha256=${good%?} " " sha256=$good" "sha256= $good" "sha256=$good,sha256=$good" \
		"sha256=${good%?}"$'\n' "sha256=0x${good:2}" "sha256:$good" "$(printf 'a%.0s' {1..100000})" \
		"sha256=$(printf 'a%.0s' {1..100000})" $'\xff'; do
		unsigned 'the signature is not sha256= and 64 hexadecimal digits' -g "$signature"
	done
}

@test "farm-hook: digits in upper case are good" {
	printf '{"repository":{"clone_url":"a"}}' >body
	good=$(hex_of body)
	run_apart farm-hook -s secret -g "sha256=${good^^}" <body
	assert_success
	assert_output a
	bad=$(hex_of secret)
	unsigned 'the signature does not hold' -g "sha256=${bad^^}"
}

@test "farm-hook: secrets" {
	printf '{}' >body
	for secret in x 'with blank' ' in front' "$(printf 's%.0s' {1..64})" "$(printf 's%.0s' {1..65})" \
		"$(printf 's%.0s' {1..60000})" 'é"'\'; do
		signature=sha256=$(hex_of body "$secret")
		for end in '' '\n' '\r\n' ' \t\n\n' '\n \n'; do
			printf "%s$end" "$secret" >secret
			run_apart farm-hook -s secret -g "$signature" <body
			assert_success
		done
	done
	# Any bytes
	printf 'a\0b\xff\n' >secret
	signature=sha256=$(openssl dgst -r -sha256 -mac hmac -macopt hexkey:610062ff <body | cut -d' ' -f1)
	run_apart farm-hook -s secret -g "$signature" <body
	assert_success
	run_apart farm-hook -s <(cat secret) -g "$signature" <body
	assert_success
}

# no_secret MESSAGE FILE: whatever the signature is.
no_secret() {
	for signature in '' "sha256=$(openssl dgst -r -sha256 -mac hmac -macopt hexkey:00 </dev/null | cut -d' ' -f1)"; do
		run_apart timeout 10 farm-hook -s "$2" -g "$signature" </dev/null
		assert_refused 1 "farm-hook: $2: $1"
		assert_output ''
	done
}

@test "farm-hook: files without a secret" {
	: >empty
	printf ' \t\r\n\n' >blank
	head -c 65537 /dev/zero >long
	mkdir directory
	no_secret 'no secret in it' empty
	no_secret 'no secret in it' blank
	no_secret 'No such file or directory' absent
	no_secret 'is a directory' directory
	no_secret 'is longer than 65536 bytes' long
	no_secret 'is a device or a socket; a key comes from a file or a pipe' /dev/zero
}

@test "farm-hook: bodies that are no JSON object" {
	for body in '' ' ' '{' '{}}' '{} {}' '{"repository":' "{'a':1}" '{"a":1,}' '{"a":NaN}' 'payload=%7B%7D' \
		$'\xef\xbb\xbf{}' $'{"a":"\xff"}' '{"a":"\ud800"}' $'{"a":"\n"}' '{"a":1,"a":1}' \
		'{"repository":{"clone_url":"a","clone_url":"b"}}'; do
		hook "$body"
		assert_equal "$status" 1
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		[[ $stderr == 'farm-hook: standard input: '* ]]
	done
	for body in '[]' null 1 true '"https://example.org/a"' '[{"repository":{"clone_url":"a"}}]'; do
		hook "$body"
		assert_refused 1 'farm-hook: standard input: no object'
		assert_output ''
	done
	printf '{"repository":{"clone_url":"a"}}' | gzip >body
	run_signed
	assert_equal "$status" 1
	printf '{"repository":{"clone_url":"a"}}\0' >body
	run_signed
	assert_equal "$status" 1
}

@test "farm-hook: deep nesting" {
	# The object itself is the first level.
	printf -v open '[%.0s' {1..63}
	printf -v close ']%.0s' {1..63}
	names "{\"a\":$open$close,\"repository\":{\"clone_url\":\"a\"}}" a
	hook "{\"a\":[$open$close],\"repository\":{\"clone_url\":\"a\"}}"
	assert_equal "$status" 1
	assert_output ''
	{
		printf '{"a":'
		head -c 20000000 /dev/zero | tr '\0' '['
	} >body
	run_signed
	assert_equal "$status" 1
	assert_equal "${#stderr_lines[@]}" 1
}

# put_body SIZE: a good body of that many bytes.
put_body() {
	{
		printf '{"repository":{"clone_url":"a"},"padding":"'
		head -c $(($1 - 45)) /dev/zero | tr '\0' x
		printf '"}'
	} >body
	assert_equal "$(stat -c %s body)" "$1"
}

@test "farm-hook: 25 MiB and no byte more" {
	most=$((25 * 1024 * 1024))
	put_body "$most"
	run_signed
	assert_success
	assert_output a
	run_apart bash -c 'cat body | farm-hook -s secret -g "$1"' - "sha256=$(hex_of body)"
	assert_success
	put_body $((most + 1))
	run_signed
	assert_refused 1 "farm-hook: standard input: over the limit of $most bytes"
	# Size comes before the signature, as for the receiver.
	run_apart farm-hook -s secret -g '' <body
	assert_refused 1 "farm-hook: standard input: over the limit of $most bytes"
	run_apart bash -c 'yes 2>/dev/null | timeout 20 farm-hook -s secret'
	assert_refused 1 "farm-hook: standard input: over the limit of $most bytes"
}

@test "farm-hook: a body of many values" {
	{
		printf '{"repository":{"clone_url":"a"},"n":[0'
		yes ,0 | head -n 3000000 | tr -d '\n'
		printf ']}'
	} >body
	run_signed
	assert_success
	assert_output a
}

@test "farm-hook: a body that was cut short" {
	body='{"repository":{"clone_url":"https://example.org/a"}}'
	printf '%s' "$body" >whole
	signature=sha256=$(hex_of whole)
	for ((length = 0; length < ${#body}; length += 7)); do
		head -c "$length" whole >body
		unsigned 'the signature does not hold' -g "$signature"
		hook "${body:0:length}"
		assert_equal "$status" 1
		assert_output ''
	done
}

@test "farm-hook: a full disk, a closed pipe, a closed input" {
	printf '{"repository":{"clone_url":"a"}}' >body
	SIGNATURE=sha256=$(hex_of body)
	export SIGNATURE
	run_apart bash -c 'farm-hook -s secret -g "$SIGNATURE" <body >/dev/full'
	assert_refused 1 'farm-hook: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; farm-hook -s secret -g "$SIGNATURE" <body; } | true'
	assert_refused 1 'farm-hook: standard output: Broken pipe'
	run_apart bash -c 'farm-hook -s secret -g "$SIGNATURE" <&-'
	assert_refused 1 'farm-hook: standard input: Bad file descriptor'
}

@test "farm-hook: usage" {
	run_apart farm-hook -g sha256= </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'farm-hook: -s is missing'
	run_apart farm-hook -s secret body
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "farm-hook: 'body': the body is read from standard input"
	run_apart farm-hook -x
	assert_equal "$status" 2
	run_apart farm-hook --help
	assert_success
	assert_output --partial 'usage: farm-hook'
}

@test "farm-hook: the examples of its page" {
	check_examples "$project/filters/farm-hook.1"
}
