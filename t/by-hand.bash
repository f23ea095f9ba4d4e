# What tests of peipkg-repo do to a repository behind its back: documents changed and signed
# by jq and openssl alone. Needs repository.bash.

# sign_document FILE KEY: its detached signature (§5.3.2), as FILE.sig.
sign_document() {
	sha256sum "$1" | cut -d ' ' -f 1 | xxd -r -p >"$BATS_TEST_TMPDIR/digest"
	openssl pkeyutl -sign -rawin -inkey "$2" -in "$BATS_TEST_TMPDIR/digest" \
		-out "$BATS_TEST_TMPDIR/raw-signature"
	printf '{"schema_version":1,"algorithm":"ed25519","key_fingerprint":"%s","signature":"%s"}\n' \
		"$(fingerprint_of "$2")" "$(base64 -w0 "$BATS_TEST_TMPDIR/raw-signature" | tr -d =)" \
		>"$1.sig"
}

# edit_document NAME FILTER [KEY]: changes a document of repo as jq says, and signs it anew.
edit_document() {
	jq -c "$2" "repo/$1" >"$BATS_TEST_TMPDIR/edited"
	cp "$BATS_TEST_TMPDIR/edited" "repo/$1"
	sign_document "repo/$1" "${3-key.pem}"
}

edit_archive() {
	edit_document index/archive.json "$@"
}

edit_active() {
	edit_document index/active.json "$@"
}

# list_key KEY MEMBERS: lists a key in repo.json, with its status, a member for jq.
list_key() {
	local fingerprint
	fingerprint=$(fingerprint_of "$1")
	openssl pkey -in "$1" -pubout -out "repo/keys/$fingerprint.pub"
	edit_document repo.json ".repo.signing.keys |= (map(select(.fingerprint != \"$fingerprint\"))
		+ [{fingerprint: \"$fingerprint\", url: \"/keys/$fingerprint.pub\", $2}]
		| sort_by(.fingerprint))" "${3-key.pem}"
}

# signed_by KEY FILE: whether that key alone signed that document.
signed_by() {
	assert_equal "$(jq -r .key_fingerprint "$2.sig")" "$(fingerprint_of "$1")"
	sha256sum "$2" | cut -d ' ' -f 1 | xxd -r -p >"$BATS_TEST_TMPDIR/digest"
	{
		jq -r .signature "$2.sig"
		echo '=='
	} | tr -d '\n' | base64 -d >"$BATS_TEST_TMPDIR/raw-signature"
	openssl pkey -in "$1" -pubout -out "$BATS_TEST_TMPDIR/signer.pub"
	openssl pkeyutl -verify -rawin -pubin -inkey "$BATS_TEST_TMPDIR/signer.pub" \
		-in "$BATS_TEST_TMPDIR/digest" -sigfile "$BATS_TEST_TMPDIR/raw-signature" >/dev/null
}

# state_of DIRECTORY: everything in it but locks: each file as far as that can tell it from
# another one in its place, and each other name.
state_of() {
	find "$1" -name lock -path '*/.peipkg-repo/*' -prune -o \
		-type f -printf '%p %i %m %s %T@\n' -o -printf '%p %y %m %l\n' | sort
}

# refused MESSAGES COMMAND...: exit 1, exactly these messages, nothing changed or left
# anywhere.
refused() {
	local messages=$1 before
	before=$(state_of .)
	run_apart "${@:2}"
	assert_equal "$stderr" "$messages"
	assert_equal "$status" 1
	assert_equal "$output" ''
	assert_equal "$(state_of .)" "$before"
}

# wrong_usage MESSAGE COMMAND...: exit 2, that message, the usage behind it.
wrong_usage() {
	local before
	before=$(state_of .)
	run_apart "${@:2}"
	assert_equal "${stderr_lines[0]-}" "peipkg-repo: $1"
	assert_equal "${stderr_lines[1]-}" \
		'usage: peipkg-repo init --name NAME [--description TEXT] SIGNING --timestamp TS --out DIR'
	assert_equal "$status" 2
	assert_equal "$output" ''
	assert_equal "$(state_of .)" "$before"
}

# Makes start/ of this file what all its tests start from: repo, with two packages in two
# versions each and its third generation; the key that signs; another one.
prepare_start() {
	local version
	mkdir "$BATS_FILE_TMPDIR/start"
	cd "$BATS_FILE_TMPDIR/start"
	new_repository
	new_key other.pem
	mkdir empty new
	for version in 1.0-1 1.1-1; do
		new_package first hello "$version"
		new_package first other "$version"
	done
	publish 1 first
	publish 2 empty
	rm -r first to-sign digest raw-signature
}

# The workshop, as prepare_start left it.
enter_start() {
	enter_workshop
	cp -a "$BATS_FILE_TMPDIR/start/." .
	fingerprint=$(fingerprint_of key.pem)
	# shellcheck disable=SC2034 # for the tests
	other=$(fingerprint_of other.pem)
}

# The good repository again, in the place of what was made of it.
restore() {
	rm -rf repo
	cp -a "$BATS_FILE_TMPDIR/start/repo" .
}
