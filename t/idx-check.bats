#!/usr/bin/env bats

load helper

now=2026-03-05T12:00:00Z

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_repository
}

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	cp -r "$BATS_FILE_TMPDIR"/{repository,key.pem} .
	fingerprint=$(basename repository/keys/*.pub .pub)
	keep
}

# A new key pair, its public half in keys/ of the repository; prints the fingerprint.
new_key() {
	local fingerprint
	openssl genpkey -algorithm ed25519 -out key.pem
	fingerprint=$(openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | sha256sum |
		cut -d' ' -f1)
	openssl pkey -in key.pem -pubout -out "repository/keys/$fingerprint.pub"
	echo "$fingerprint"
}

# What jq needs to write documents of a repository.
definitions='
	def descriptor($keys): {schema_version: 1, repo: {name: "test", description: "For tests",
		signing: {algorithm: "ed25519", keys: $keys}}, indexes: {
		active: {url: "/index/active.json", signature_url: "/index/active.json.sig"},
		archive: {url: "/index/archive.json", signature_url: "/index/archive.json.sig"}}};
	def key($fingerprint; $status): {fingerprint: $fingerprint,
		url: "/keys/\($fingerprint).pub", status: $status};
	def index($kind; $packages): {schema_version: 1, repo: "test", kind: $kind,
		index_version: 3, generated_at: "2026-03-05T00:00:00Z", packages: $packages};
	def hash($text): {algorithm: "sha256", value: ("0" * 64 + ($text | @base64
		| ascii_downcase | gsub("[^0-9a-f]"; "")))[-64:]};
	def entry($name; $version; $arch): {name: $name, version: $version, architecture: $arch,
		description: "Package \($name).", license: "MIT", homepage: "https://example.org/",
		dependencies: [], optional_dependencies: [], conflicts: [], provides: [],
		replaces: [], side_effects: [], size_compressed: 700, size_installed: 6,
		hash: hash("\($name)_\($version)_\($arch)"),
		url: "/p/\($name)/\($version)/\($name)_\($version)_\($arch).peipkg",
		build: {timestamp: "2026-03-04T05:06:07Z", farm_id: "farm"}};
	def entry($name; $version): entry($name; $version; "x86_64");
'

# repository/, with one key and four packages in seven versions.
new_repository() {
	local fingerprint
	mkdir -p repository/keys repository/index
	fingerprint=$(new_key)
	jq -nc --arg key "$fingerprint" "$definitions"'descriptor([key($key; "active")])' \
		>repository/repo.json
	jq -nc "$definitions"'index("archive"; [
		entry("alpha"; "1.10-1"), entry("alpha"; "1.9-1"), entry("alpha"; "1.0-1"),
		entry("beta"; "1:0.1-1"), entry("beta"; "1.0~rc1-1"),
		(entry("gamma"; "2.0-1"; "noarch") | .provides = [{name: "delta", version: "2.0-1"}]
			| .dependencies = [{name: "alpha", constraint: ">= 1.0"}]),
		entry("libstdc++"; "1.0-1")])' >repository/index/archive.json
	jq -c '.kind = "active" | .packages |= [group_by(.name)[][0]]' \
		repository/index/archive.json >repository/index/active.json
}

# The good repository again, in the place of what was made of it.
restore() {
	rm -rf repository
	cp -r good repository
}

# Changes a document of the repository as jq says.
edit() {
	local document=repository/$1 filter=$2
	jq -c "$definitions$filter" "$document" >edited
	mv edited "$document"
}

# The repository as it is now becomes what restore gives back.
keep() {
	rm -rf good
	cp -r repository good
}

edit_indexes() {
	edit index/active.json "$1"
	edit index/archive.json "$1"
}

check() {
	run_apart idx-check "$@" -t "$now" repository/repo.json repository/index/active.json \
		repository/index/archive.json
	assert_output ''
}

# Asserts that idx-check exits with the status and prints these lines, and no others.
finds() {
	local expected_status=$1
	shift
	check
	assert_equal "$stderr" "$(printf 'idx-check: %s\n' "$@")"
	assert_equal "$status" "$expected_status"
	restore
}
refuses() {
	finds 1 "$@"
}
warns() {
	local message lines=()
	for message in "$@"; do
		lines+=("warning: $message")
	done
	finds 0 "${lines[@]}"
}

passes() {
	check
	assert_equal "$stderr" ''
	assert_equal "$status" 0
	restore
}

active=repository/index/active.json
archive=repository/index/archive.json

@test "idx-check: a good repository" {
	passes
	edit_indexes '.packages = []'
	passes
}

@test "idx-check: the repositories of the vectors" {
	need_vectors
	for state in "$VECTORS"/repository/state?; do
		run_apart idx-check -t 2026-03-06T00:00:00Z "$state/repo.json" \
			"$state/index/active.json" "$state/index/archive.json"
		assert_success
		assert_equal "$output$stderr" ''
	done
}

@test "idx-check: compressed documents, in any form of JSON" {
	edit repo.json '.unknown = {a: [1, 2]}'
	jq . repository/repo.json | gzip >edited
	mv edited repository/repo.json
	edit_indexes '.unknown = {a: [1, 2]} | .packages[].unknown = "x"'
	jq . "$archive" >edited
	mv edited "$archive"
	gzip -n "$active"
	mv "$active.gz" "$active"
	passes
	edit_indexes '{packages: .packages} + .'
	passes
	edit_indexes '{x: 1} + . + {y: {packages: 1}}'
	passes
}

@test "idx-check: documents from pipes" {
	run_apart bash -c 'idx-check -t "$0" repository/repo.json <(cat "$1") <(gzip <"$2")' \
		"$now" "$active" "$archive"
	assert_success
	assert_equal "$output$stderr" ''
}

@test "idx-check: descriptor" {
	local descriptor=repository/repo.json keys=repo.signing.keys
	edit repo.json '.schema_version = 2'
	refuses "$descriptor: schema_version: 2, only 1 is known [§3.3]"
	edit repo.json 'del(.repo.name)'
	refuses "$descriptor: repo: name: missing or empty [§3.3]"
	edit repo.json '.repo.name = "The Test"'
	edit_indexes '.repo = "The Test"'
	warns "$descriptor: repo.name: not in kebab-case [§6.1.2]"
	edit repo.json '.repo.description = "a\tb"'
	refuses "$descriptor: repo.description: holds what is no printable character [§6.1.2]"
	edit repo.json '.repo.signing.algorithm = "rsa"'
	refuses "$descriptor: repo.signing.algorithm: only ed25519 is known [§6.1]"
	edit repo.json '.repo.signing.keys = []'
	refuses "$descriptor: $keys: none of them is active [§6.1.3]"
	edit repo.json '.repo.signing.keys += .repo.signing.keys'
	refuses "$descriptor: $keys: $fingerprint: twice [§6.1]"
	edit repo.json '.repo.signing.keys[0].status = "retired"'
	refuses "$descriptor: $keys: $fingerprint: status: not active, transitioning or revoked [§6.1]"
	edit repo.json '.repo.signing.keys[0].status = "revoked"'
	refuses "$descriptor: $keys: none of them is active [§6.1.3]"
	edit repo.json '.repo.signing.keys[0].fingerprint = "0"'
	refuses "$descriptor: $keys: key 1: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]"
	edit repo.json '.repo.signing.keys[0].url = "/keys/key.pub"'
	refuses "$descriptor: $keys: $fingerprint: url: does not lead to the key's file in keys/ [§6.4.2]"
	edit repo.json '.repo.signing.keys[0].url = "https://example.org/key.pub"'
	warns "$descriptor: $keys: $fingerprint: url: leads elsewhere, to what is not looked at"
	edit repo.json 'del(.indexes.archive)'
	refuses "$descriptor: indexes.archive: url: missing or empty [§3.3]" \
		"$descriptor: indexes.archive: signature_url: missing or empty [§3.3]"
	edit repo.json '.indexes.active.url = "/index/new.json"'
	warns "$descriptor: indexes.active.url: leads away from index/, which is what is looked at [§6.1.5]"
	edit repo.json '.indexes.active.url = "/../active.json"'
	refuses "$descriptor: indexes.active.url: '.' or '..' component [§3.2.6]"
}

@test "idx-check: everything that is wrong with a descriptor" {
	local descriptor=repository/repo.json keys=repo.signing.keys a b c
	read -r a b c < <(printf '%s\n' "$fingerprint" "$(new_key)" "$(new_key)" | sort | xargs)
	edit repo.json ".repo.signing.keys = [key(\"$a\", \"$b\", \"$c\"; \"active\")]"
	keep
	passes
	edit repo.json '.schema_version = 2 | .repo.name = "" | .repo.description = 7
		| .repo.signing.algorithm = "rsa" | .indexes.active.url = null
		| .repo.signing.keys[0] *= {status: "x", url: null}
		| .repo.signing.keys[1] *= {status: "transitioning", valid_until: "x"}
		| .repo.signing.keys[2].fingerprint |= ascii_upcase
		| .repo.signing.keys += [.repo.signing.keys[0], {status: 1}]'
	rm "repository/keys/$b.pub"
	refuses "$descriptor: schema_version: 2, only 1 is known [§3.3]" \
		"$descriptor: repo.signing.algorithm: only ed25519 is known [§6.1]" \
		"$descriptor: repo: name: missing or empty [§3.3]" \
		"$descriptor: $keys: $a: status: not active, transitioning or revoked [§6.1]" \
		"$descriptor: $keys: $b: valid_until: timestamp 'x': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]" \
		"$descriptor: $keys: key 3: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]" \
		"$descriptor: $keys: $a: twice [§6.1]" \
		"$descriptor: $keys: $a: status: not active, transitioning or revoked [§6.1]" \
		"$descriptor: $keys: key 5: fingerprint: missing or empty [§3.3]" \
		"$descriptor: $keys: key 5: status: not active, transitioning or revoked [§6.1]" \
		"$descriptor: repo: description: no string [§3.3]" \
		"$descriptor: $keys: $a: url: missing or empty [§3.3]" \
		"$descriptor: $keys: $a: url: missing or empty [§3.3]" \
		"$descriptor: indexes.active: url: missing or empty [§3.3]" \
		"repository/keys/$b.pub: No such file or directory"
	# Whether a key is active is not known of one without a status, and where there are none.
	edit repo.json '.repo.signing.keys |= (.[0].status = null | .[1:][].status = "revoked")'
	refuses "$descriptor: $keys: $a: status: not active, transitioning or revoked [§6.1]"
	edit repo.json '.repo.signing.keys |= (.[0].status = "transitioning" | .[1:][].status = "revoked")'
	refuses "$descriptor: $keys: $a: valid_until: missing or empty [§3.3]" \
		"$descriptor: $keys: none of them is active [§6.1.3]"
	edit repo.json '.repo.signing.keys = ""'
	refuses "$descriptor: $keys: missing or no array [§6.1]"
	# A key's order is not held against one that cannot be told, or is out of place itself.
	edit repo.json '.repo.signing.keys[1].fingerprint = ""'
	refuses "$descriptor: $keys: key 2: fingerprint: missing or empty [§3.3]"
	edit repo.json '.repo.signing.keys += [.repo.signing.keys[0]]'
	refuses "$descriptor: $keys: $a: twice [§6.1]"
	# The name of none is not held against that of the indexes.
	edit repo.json 'del(.repo)'
	refuses "$descriptor: repo.signing.algorithm: only ed25519 is known [§6.1]" \
		"$descriptor: repo: name: missing or empty [§3.3]" \
		"$descriptor: $keys: missing or no array [§6.1]"
}

@test "idx-check: documents that are not there or cannot be read on" {
	rm repository/repo.json "$active" "$archive"
	refuses 'repository/repo.json: No such file or directory' \
		"$active: No such file or directory" "$archive: No such file or directory"
	rm "$archive"
	mkdir "$archive"
	refuses "$archive: is a directory"
	: >"$active"
	refuses "$active: byte 1: cut short [§1.3]"
	printf '\xef\xbb\xbf' | cat - "$archive" >edited
	mv edited "$archive"
	refuses "$archive: byte 1: '{' is wanted [§1.3]"
	echo '{}' >repository/repo.json
	echo '{}' >"$active"
	echo '[]' >"$archive"
	refuses 'repository/repo.json: schema_version: missing [§3.3]' \
		'repository/repo.json: repo.signing.algorithm: only ed25519 is known [§6.1]' \
		'repository/repo.json: repo: name: missing or empty [§3.3]' \
		'repository/repo.json: repo.signing.keys: missing or no array [§6.1]' \
		'repository/repo.json: indexes.active: url: missing or empty [§3.3]' \
		'repository/repo.json: indexes.active: signature_url: missing or empty [§3.3]' \
		'repository/repo.json: indexes.archive: url: missing or empty [§3.3]' \
		'repository/repo.json: indexes.archive: signature_url: missing or empty [§3.3]' \
		"$active: schema_version: missing [§3.3]" \
		"$active: repo: missing or empty [§3.3]" \
		"$active: kind: missing or empty [§3.3]" \
		"$active: index_version: missing [§3.3]" \
		"$active: generated_at: missing or empty [§3.3]" \
		"$active: packages: missing [§6.2.2]" \
		"$archive: byte 1: '{' is wanted [§1.3]"
	echo garbage >repository/repo.json
	refuses 'repository/repo.json: byte 1: not a value [§1.3]'
}

@test "idx-check: an index cut short is told from a whole one" {
	size=$(stat -c %s "$active")
	for ((kept = 0; kept < size - 1; kept += 97)); do
		head -c "$kept" good/index/active.json >"$active"
		check
		assert_equal "$status" 1
		assert_regex "${stderr_lines[-1]}" "^idx-check: $active: .*cut short"
	done
	restore
	gzip <"$archive" | head -c -5 >edited
	mv edited "$archive"
	refuses "$archive: gzip data cut short"
	echo x >>"$active"
	refuses "$active: byte $((size + 1)): something behind the document [§1.3]"
}

# What is behind the fault may hold what is missing before it.
@test "idx-check: what cannot be read is not said to be missing" {
	local cut
	edit index/active.json '.packages[0].hash.value = "0" * 64 | del(.packages[1])'
	cut=$(sed 's/,{"name":"gamma".*//' "$archive")
	printf '%s' "$cut" >"$archive"
	refuses "alpha_1.10-1_x86_64.peipkg: hash $(printf %064d 0) in the active index, $(
		jq -r '.packages[0].hash.value' good/index/archive.json
	) in the archive [§6.3.6]" \
		"$archive: byte $((${#cut} + 1)): cut short [§1.3]" \
		"beta: in the archive, but not in the active index [§6.3.6]"
	rm "$archive"
	edit index/active.json '.packages[0].homepage = "x" | .packages |= reverse'
	refuses "$archive: No such file or directory" \
		"$active: gamma: out of order behind libstdc++ [§6.2.9]" \
		"$active: beta: out of order behind gamma [§6.2.9]" \
		"$active: alpha: out of order behind beta [§6.2.9]" \
		'alpha_1.10-1_x86_64: homepage: neither http:// nor https:// [§3.3]'
}

@test "idx-check: files of the keys" {
	local file=repository/keys/$fingerprint.pub revoked other
	openssl pkey -pubin -in "$file" -pubout -outform DER | tail -c 32 >raw
	rm "$file"
	refuses "$file: No such file or directory"
	cp raw "$file"
	refuses "$file: raw bytes, not PEM, as published keys are [§6.4.5]"
	cp key.pem "$file"
	refuses "$file: holds a private key where a public one is wanted"
	cat "$file" "$file" >two
	cp two "$file"
	refuses "$file: a second PEM object behind the first [§5.2.2]"
	sed -i '1i # the key' "$file"
	refuses "$file: text before the PEM object [§5.2.2]"
	echo '# the key' >>"$file"
	refuses "$file: text behind the PEM object [§5.2.2]"
	: >"$file"
	refuses "$file: is empty"
	head -c 70000 /dev/zero >"$file"
	refuses "$file: is longer than 65536 bytes"
	rm "$file"
	mkdir "$file"
	refuses "$file: no regular file"
	rm "$file"
	mkfifo "$file"
	refuses "$file: no regular file"
	openssl genpkey -algorithm x25519 | openssl pkey -pubout -out "$file"
	refuses "$file: holds an X25519 key, not an Ed25519 one [§5.2.1]"
	other=$(new_key)
	mv "repository/keys/$other.pub" "$file"
	refuses "$file: holds the key $other [§6.1.3]"
	# A revoked key has to stay, too.
	revoked=$(new_key)
	edit repo.json ".repo.signing.keys |= (. + [key(\"$revoked\"; \"revoked\")] | sort_by(.fingerprint))"
	keep
	passes
	rm "repository/keys/$revoked.pub"
	refuses "repository/keys/$revoked.pub: No such file or directory"
	edit repo.json '.repo.signing.keys |= reverse'
	refuses "repository/repo.json: repo.signing.keys: $(
		printf '%s\n' "$fingerprint" "$revoked" | sort | head -n 1
	): out of order, they are sorted by fingerprint [§6.1.3]"
}

@test "idx-check: keys beside a descriptor that is named without its directory" {
	cd repository
	run_apart idx-check -t "$now" repo.json index/active.json index/archive.json
	assert_success
	assert_equal "$output$stderr" ''
}

@test "idx-check: a transitioning key warns 30 days ahead" {
	local old message
	old=$(new_key)
	edit repo.json ".repo.signing.keys |= (. + [key(\"$old\"; \"transitioning\")
		| .valid_until = \"2026-04-04T12:00:00Z\"] | sort_by(.fingerprint))"
	keep
	message="repository/repo.json: key $old: transitioning"
	now=2026-03-05T11:59:59Z passes
	now=2026-03-05T12:00:00Z warns "$message, runs out at 2026-04-04T12:00:00Z [§6.1.4]"
	edit_indexes '.generated_at = "2026-04-04T00:00:00Z"'
	keep
	now=2026-04-04T12:00:00Z warns "$message, runs out at 2026-04-04T12:00:00Z [§6.1.4]"
	now=2026-04-04T12:00:01Z warns "$message, ran out at 2026-04-04T12:00:00Z [§6.1.4]"
	# On a revoked key the date has no meaning.
	edit repo.json '(.repo.signing.keys[] | select(.valid_until)).status = "revoked"'
	now=2026-04-04T12:00:01Z passes
	edit repo.json 'del(.repo.signing.keys[].valid_until)'
	now=2026-04-04T12:00:01Z refuses \
		"repository/repo.json: repo.signing.keys: $old: valid_until: missing or empty [§3.3]"
}

@test "idx-check: headers of the indexes" {
	edit index/active.json '.schema_version = 2'
	refuses "$active: schema_version: 2, only 1 is known [§3.3]"
	edit index/archive.json '.kind = "active"'
	refuses "$archive: kind: 'active', not 'archive' [§6.3.3]"
	edit index/active.json '.kind = "archive"'
	refuses "$active: kind: 'archive', not 'active' [§6.2.2]"
	edit index/active.json '.kind = "new"'
	refuses "$active: kind: 'new' is neither active nor archive [§6.2.2]"
	edit index/archive.json '.repo = "Test"'
	refuses "$archive: repo: 'Test', but the descriptor says 'test' [§6.2.2]"
	edit_indexes '.repo = "Test"'
	refuses "$active: repo: 'Test', but the descriptor says 'test' [§6.2.2]" \
		"$archive: repo: 'Test', but the descriptor says 'test' [§6.2.2]"
	edit_indexes '.index_version = 0'
	edit index/active.json '.packages[0].hash.value = "0" * 64'
	refuses "alpha_1.10-1_x86_64.peipkg: hash $(printf %064d 0) in the active index, $(
		jq -r '.packages[0].hash.value' "$archive"
	) in the archive [§6.3.6]" "$archive: index_version: 0, the first is 1 [§6.2.2]" \
		"$active: index_version: 0, the first is 1 [§6.2.2]"
	edit index/archive.json '.index_version = "3"'
	refuses "$archive: index_version: no integer from 0 to 2^63-1 [§1.3]"
	edit index/active.json '.index_version = 2'
	refuses 'index_version: 2 in the active index, 3 in the archive [§6.2.3]'
	edit index/archive.json '.generated_at = "2026-03-05T00:00:01Z"'
	refuses 'generated_at: 2026-03-05T00:00:00Z in the active index, 2026-03-05T00:00:01Z in the archive [§6.2.3]'
	edit index/active.json '.generated_at = "2026-03-05"'
	refuses "$active: generated_at: timestamp '2026-03-05': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]"
	# All of them at once, and what else there is.
	edit index/archive.json '.kind = "x" | .index_version = 0 | .generated_at = "x" | .repo = null
		| .packages[0].homepage = "x"'
	edit index/active.json 'del(.schema_version, .packages) | .generated_at = 1'
	refuses "$active: schema_version: missing [§3.3]" \
		"$active: generated_at: no string [§3.3]" \
		"$active: packages: missing [§6.2.2]" \
		'alpha_1.10-1_x86_64: homepage: neither http:// nor https:// [§3.3]' \
		"$archive: repo: missing or empty [§3.3]" \
		"$archive: kind: 'x' is neither active nor archive [§6.2.2]" \
		"$archive: index_version: 0, the first is 1 [§6.2.2]" \
		"$archive: generated_at: timestamp 'x': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]"
	# In a document that is cut short nobody can tell what is missing.
	edit index/active.json '.packages = [] | .kind = "x" | del(.repo)'
	truncate -s -2 "$active"
	refuses "$active: byte $(($(stat -c %s "$active") + 1)): cut short [§1.3]"
}

@test "idx-check: members of an index that are missing or there twice" {
	edit index/active.json 'del(.schema_version)'
	edit index/archive.json 'del(.index_version)'
	refuses "$archive: index_version: missing [§3.3]" "$active: schema_version: missing [§3.3]"
	edit index/active.json 'del(.repo)'
	edit index/archive.json 'del(.kind)'
	refuses "$archive: kind: missing or empty [§3.3]" "$active: repo: missing or empty [§3.3]"
	edit index/active.json 'del(.generated_at)'
	edit index/archive.json 'del(.packages)'
	refuses "$archive: packages: missing [§6.2.2]" "$active: generated_at: missing or empty [§3.3]"
	for member in schema_version repo kind index_version generated_at; do
		sed "s/^{/{\"$member\":1,/" "$archive" >edited
		mv edited "$archive"
		refuses "$archive: key '$member' twice in one object [§1.3]"
	done
	edit index/active.json '.packages = {}'
	refuses "$active: packages: no array [§6.2.2]"
	edit index/active.json '.packages += [1]'
	refuses "$active: entry 5: no object [§6.2.2]"
}

@test "idx-check: indexes from the future and from long ago" {
	edit_indexes '.generated_at = "2026-03-06T12:00:00Z"'
	passes
	edit_indexes '.generated_at = "2026-03-06T12:00:01Z"'
	warns "$active: generated_at: 2026-03-06T12:00:01Z, in the future [§6.2.2]"
	edit_indexes '.generated_at = "2026-02-03T12:00:00Z"'
	passes
	long_ago='over 30 days ago, which is longer than clients trust an index that does not change [§6.5.4]'
	edit_indexes '.generated_at = "2026-02-03T11:59:59Z"'
	warns "$active: generated_at: 2026-02-03T11:59:59Z, $long_ago"
	# Without -t it is the clock that counts.
	edit_indexes '.generated_at = "2001-01-01T00:00:00Z"'
	run_apart idx-check repository/repo.json "$active" "$archive"
	assert_success
	assert_equal "$stderr" \
		"idx-check: warning: $active: generated_at: 2001-01-01T00:00:00Z, $long_ago"
}

# Changes the oldest entry of alpha, which is not in the active index.
edit_old() {
	edit index/archive.json ".packages[2] |= ($1)"
}

# Asserts that the entry so changed is no entry, or one that breaks a rule.
refuses_entry() {
	edit_old "$1"
	refuses "$archive: entry 3: $2"
}
refuses_old() {
	edit_old "$1"
	refuses "alpha_1.0-1_x86_64: $2"
}

@test "idx-check: what names an entry, and where its package is" {
	local identity='entry 3: alpha_1.0-1_x86_64'
	for member in name version architecture; do
		refuses_entry "del(.$member)" "$member: missing or empty [§3.3]"
		refuses_entry ".$member = null" "$member: missing or empty [§3.3]"
		refuses_entry ".$member = 1" "$member: no string [§3.3]"
	done
	refuses_entry '.name = "Alpha"' "name 'Alpha': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]"
	refuses_entry '.version = "1.0-0"' "version '1.0-0': it does not end in '-' and a revision, a number from 1 to 2^63-1 without leading zeros [§2.2.4]"
	refuses_entry '.architecture = "X86"' "architecture 'X86': only a-z, 0-9 and '_' are allowed [§2.3]"
	identity=alpha_1.0-1_x86_64
	refuses_entry 'del(.hash)' "$identity: hash: missing or no object [§6.2.4]"
	refuses_entry '.hash |= .value' "$identity: hash: missing or no object [§6.2.4]"
	refuses_entry '.hash.algorithm = "md5"' "$identity: hash: algorithm: only sha256 is known [§6.2.8]"
	refuses_entry '.hash.value |= .[1:]' "$identity: hash: value: no SHA-256 in lower-case hexadecimal [§1.3]"
	refuses_entry 'del(.size_compressed)' "$identity: size_compressed: missing [§3.3]"
	refuses_entry '.size_compressed = -1' "$identity: size_compressed: no integer from 0 to 2^63-1 [§1.3]"
	refuses_entry 'del(.url)' "$identity: url: missing or empty [§3.3]"
	refuses_entry '.url = "/p/../x"' "$identity: url '/p/../x': '.' or '..' component [§6.2.7]"
	refuses_entry '.url = "ftp://x/y"' "$identity: url 'ftp://x/y': neither a path nor http:// nor https:// [§6.2.7]"
	sed 's/"version":"1.0-1"/&,"\\u0076ersion":"1.0-1"/' "$archive" >edited
	mv edited "$archive"
	refuses "$archive: entry 3: key '\\u0076ersion' twice in one object [§1.3]"
}

@test "idx-check: what else an entry says" {
	refuses_old 'del(.size_installed)' 'size_installed: missing [§3.3]'
	refuses_old '.size_installed = 1.5' 'size_installed: no integer from 0 to 2^63-1 [§1.3]'
	refuses_old 'del(.dependencies)' 'dependencies: missing or no array [§3.3]'
	refuses_old '.conflicts = null' 'conflicts: missing or no array [§3.3]'
	refuses_old '.dependencies = [{name: "b"}]' "dependencies: name 'b': shorter than 2 bytes [§2.1]"
	refuses_old '.optional_dependencies = [{name: "beta", constraint: "="}]' "optional_dependencies: constraint '=': version '': its upstream part is empty [§2.2.3]"
	refuses_old '.conflicts = [{name: "gamma"}, {name: "beta"}]' 'conflicts: not sorted by name [§4.1]'
	refuses_old '.provides = [{name: "beta", version: "1-0"}]' "provides: version '1-0': it does not end in '-' and a revision, a number from 1 to 2^63-1 without leading zeros [§2.2.4]"
	refuses_old '.replaces = [range(1001) | {name: "p\(. + 1000)"}]' 'replaces: more than 1000 elements [§3.2.7]'
	refuses_old '.side_effects = ["reboot"]' "side_effects: no side effect 'reboot' [§4.3.4]"
	refuses_old '.description = "a\nb"' "description: '\\x0a' is no printable character [§3.3]"
	refuses_old '.license = 1' 'license: no string [§3.3]'
	refuses_old '.homepage = "example.org"' 'homepage: neither http:// nor https:// [§3.3]'
	refuses_old '.build = 1' 'build: no object [§6.2.4]'
	refuses_old '.build.timestamp = "today"' "build: timestamp: timestamp 'today': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]"
	refuses_old '.build.farm_id = 1' 'build: farm_id: no string [§3.3]'
	# What need not be there, need not.
	edit_indexes '.packages[] |= del(.description, .license, .homepage, .build, .side_effects,
		.optional_dependencies, .provides, .replaces)'
	passes
	edit_indexes '.packages[] |= (.description = null | .license = "" | .build = null
		| .provides = null)'
	passes
}

@test "idx-check: a bad entry is no other finding" {
	edit_indexes '.packages[] |= if .name == "beta" then .url = "/p/" else . end'
	refuses "$archive: entry 4: beta_1:0.1-1_x86_64: url '/p/': empty component [§6.2.7]" \
		"$active: entry 2: beta_1:0.1-1_x86_64: url '/p/': empty component [§6.2.7]" \
		"$archive: entry 5: beta_1.0~rc1-1_x86_64: url '/p/': empty component [§6.2.7]"
	edit index/archive.json '.packages[0].version = 1'
	refuses "$archive: entry 1: version: no string [§3.3]"
	edit index/active.json '.packages[0].hash = 1'
	refuses "$active: entry 1: alpha_1.10-1_x86_64: hash: missing or no object [§6.2.4]"
	edit_indexes '.packages[1:3][].name = null'
	refuses "$archive: entry 2: name: missing or empty [§3.3]" \
		"$archive: entry 3: name: missing or empty [§3.3]" \
		"$active: entry 2: name: missing or empty [§3.3]" \
		"$active: entry 3: name: missing or empty [§3.3]"
	edit index/archive.json '.packages[0, 3].name = null'
	refuses "$archive: entry 1: name: missing or empty [§3.3]" \
		"$archive: entry 4: name: missing or empty [§3.3]"
	# What both say in the same way is found once.
	edit_indexes '.packages[0].homepage = "x"'
	refuses 'alpha_1.10-1_x86_64: homepage: neither http:// nor https:// [§3.3]'
	# An older version that cannot be read keeps nothing from being compared.
	edit index/archive.json '.packages[1].hash = 1'
	edit index/active.json '.packages[0].provides = [{name: "x11"}]'
	refuses "$archive: entry 2: alpha_1.9-1_x86_64: hash: missing or no object [§6.2.4]" \
		'alpha_1.10-1_x86_64.peipkg: the active index describes it otherwise than the archive [§6.2.5]'
}

@test "idx-check: everything that is wrong with an entry" {
	local entry="$archive: entry 1: alpha_1.10-1_x86_64"
	edit index/archive.json '.packages[0] |= (.hash.value = "zz" | .url = "ftp://x"
		| .size_compressed = -1 | .size_installed = "a" | .description = "a\nb" | .license = 1
		| .homepage = "x" | .side_effects = ["x"] | .build.timestamp = "x" | .replaces = 1
		| .conflicts = [{name: "A"}])'
	refuses "$entry: size_compressed: no integer from 0 to 2^63-1 [§1.3]" \
		"$entry: hash: value: no SHA-256 in lower-case hexadecimal [§1.3]" \
		"$entry: url 'ftp://x': neither a path nor http:// nor https:// [§6.2.7]" \
		"$entry: description: '\\x0a' is no printable character [§3.3]" \
		"$entry: license: no string [§3.3]" \
		"$entry: homepage: neither http:// nor https:// [§3.3]" \
		"$entry: conflicts: name 'A': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]" \
		"$entry: replaces: missing or no array [§3.3]" \
		"$entry: side_effects: no side effect 'x' [§4.3.4]" \
		"$entry: size_installed: no integer from 0 to 2^63-1 [§1.3]" \
		"$entry: build: timestamp: timestamp 'x': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]"
	# With nothing to call it by, too.
	edit index/archive.json '.packages[0] = {version: "1", architecture: "X", hash: 1}'
	entry="$archive: entry 1"
	refuses "$entry: name: missing or empty [§3.3]" \
		"$entry: version '1': it does not end in '-' and a revision, a number from 1 to 2^63-1 without leading zeros [§2.2.4]" \
		"$entry: architecture 'X': only a-z, 0-9 and '_' are allowed [§2.3]" \
		"$entry: size_compressed: missing [§3.3]" \
		"$entry: hash: missing or no object [§6.2.4]" \
		"$entry: url: missing or empty [§3.3]" \
		"$entry: dependencies: missing or no array [§3.3]" \
		"$entry: conflicts: missing or no array [§3.3]" \
		"$entry: size_installed: missing [§3.3]"
	sed -i '0,/"name":"alpha",/s//"name":"alpha","name":"alpha",/' "$archive"
	refuses "$archive: entry 1: key 'name' twice in one object [§1.3]"
}

@test "idx-check: everything that is wrong with a relation" {
	edit_indexes '(.packages[] | select(.name == "gamma")) |= (.dependencies = [
			{name: "A"}, {name: "bb", constraint: ">"}, {name: "aa"}, {name: "ab"},
			{name: "ab"}, 5, {name: "ab", arch: "x86_64"}]
		| .optional_dependencies = {} | .provides = [{name: "x11", version: "1"}])'
	refuses "gamma_2.0-1_noarch: dependencies: name 'A': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]" \
		"gamma_2.0-1_noarch: dependencies: constraint '>': version '': its upstream part is empty [§2.2.3]" \
		'gamma_2.0-1_noarch: dependencies: not sorted by name [§4.1]' \
		'gamma_2.0-1_noarch: dependencies: a name twice [§4.1]' \
		'gamma_2.0-1_noarch: dependencies: no object [§4.1]' \
		"gamma_2.0-1_noarch: dependencies: arch: only 'any' is allowed [§4.1.1]" \
		'gamma_2.0-1_noarch: dependencies: a name twice [§4.1]' \
		'gamma_2.0-1_noarch: optional_dependencies: missing or no array [§3.3]' \
		"gamma_2.0-1_noarch: provides: version '1': it does not end in '-' and a revision, a number from 1 to 2^63-1 without leading zeros [§2.2.4]"
}

@test "idx-check: order of the archive" {
	edit index/archive.json '.packages |= .[0:3] + .[5:6] + .[3:5] + .[6:]'
	refuses "$archive: beta_1:0.1-1_x86_64.peipkg: out of order behind gamma_2.0-1_noarch.peipkg [§6.3.5]"
	edit index/archive.json '.packages |= [.[0], .[2], .[1]] + .[3:]'
	refuses "$archive: alpha_1.9-1_x86_64.peipkg: out of order behind alpha_1.0-1_x86_64.peipkg [§6.3.5]"
	edit index/archive.json '.packages |= [.[1], .[0]] + .[2:]'
	refuses "$archive: alpha_1.10-1_x86_64.peipkg: out of order behind alpha_1.9-1_x86_64.peipkg [§6.3.5]"
	edit index/archive.json '.packages |= .[0:1] + .[3:] + .[1:3]'
	refuses "$archive: alpha_1.9-1_x86_64.peipkg: out of order behind libstdc++_1.0-1_x86_64.peipkg [§6.3.5]"
	# Equal versions stand either way.
	edit index/archive.json '.packages |= .[0:4] + [entry("beta"; "1.0~rc1-1"),
		entry("beta"; "1.0rc1-1")] + .[5:]'
	passes
	edit index/archive.json '.packages |= .[0:4] + [entry("beta"; "1.0rc1-1"),
		entry("beta"; "1.0~rc1-1")] + .[5:]'
	passes
}

@test "idx-check: an entry that is twice in the archive" {
	edit index/archive.json '.packages |= .[0:3] + .[2:]'
	refuses "$archive: alpha_1.0-1_x86_64.peipkg: there twice [§6.3.1]"
	edit index/archive.json '.packages |= .[0:3] + [.[2] | .hash = hash("x") | .url = "/x"] + .[3:]'
	refuses "$archive: alpha_1.0-1_x86_64.peipkg: there twice [§6.3.1]"
	edit index/archive.json '.packages |= .[0:3] + [.[0]] + .[3:]'
	refuses "$archive: alpha_1.10-1_x86_64.peipkg: there twice [§6.3.1]"
}

@test "idx-check: order of the active index" {
	edit index/active.json '.packages |= [.[1], .[0]] + .[2:]'
	refuses "$active: alpha: out of order behind beta [§6.2.9]"
	edit index/active.json '.packages |= .[0:1] + .'
	refuses "$active: alpha: there twice [§6.2.9]"
	edit index/active.json '.packages |= . + .[0:1]'
	refuses "$active: alpha: out of order behind libstdc++ [§6.2.9]"
}

@test "idx-check: a name that one of the indexes lacks" {
	edit index/active.json 'del(.packages[0])'
	refuses 'alpha: in the archive, but not in the active index [§6.3.6]'
	edit index/active.json 'del(.packages[-1])'
	refuses 'libstdc++: in the archive, but not in the active index [§6.3.6]'
	edit index/active.json '.packages = []'
	refuses 'alpha: in the archive, but not in the active index [§6.3.6]' \
		'beta: in the archive, but not in the active index [§6.3.6]' \
		'gamma: in the archive, but not in the active index [§6.3.6]' \
		'libstdc++: in the archive, but not in the active index [§6.3.6]'
	edit index/archive.json 'del(.packages[3, 4, 6])'
	refuses 'beta_1:0.1-1_x86_64.peipkg: in the active index, but not in the archive [§6.3.6]' \
		'libstdc++_1.0-1_x86_64.peipkg: in the active index, but not in the archive [§6.3.6]'
}

@test "idx-check: the active index has not what the archive makes it" {
	edit index/archive.json 'del(.packages[0])'
	refuses "alpha: the active index has alpha_1.10-1_x86_64.peipkg, the archive's highest version is alpha_1.9-1_x86_64.peipkg [§6.3.6]"
	edit index/active.json '.packages[0] = entry("alpha"; "1.9-1")'
	refuses "alpha: the active index has alpha_1.9-1_x86_64.peipkg, the archive's highest version is alpha_1.10-1_x86_64.peipkg [§6.3.6]"
	edit index/active.json '.packages[0] = entry("alpha"; "1.10-1"; "aarch64")'
	refuses "alpha: the active index has alpha_1.10-1_aarch64.peipkg, the archive's highest version is alpha_1.10-1_x86_64.peipkg [§6.3.6]"
	edit index/active.json '.packages[0].hash.value = "0" * 64'
	refuses "alpha_1.10-1_x86_64.peipkg: hash $(printf %064d 0) in the active index, $(
		jq -r '.packages[0].hash.value' "$archive"
	) in the archive [§6.3.6]"
	# The first of equals is the one.
	edit index/archive.json '.packages |= .[0:3] + [entry("beta"; "1:0.01-1")] + .[3:]'
	refuses "beta: the active index has beta_1:0.1-1_x86_64.peipkg, the archive's highest version is beta_1:0.01-1_x86_64.peipkg [§6.3.6]"
	edit index/archive.json '.packages |= .[0:4] + [entry("beta"; "1:0.01-1")] + .[4:]'
	passes
}

@test "idx-check: the active index describes a package otherwise" {
	local otherwise='gamma_2.0-1_noarch.peipkg: the active index describes it otherwise than the archive [§6.2.5]'
	edit_indexes '(.packages[] | select(.name == "gamma")) |= (.side_effects = ["ldconfig", "depmod"]
		| .replaces = [{name: "old", constraint: "< 2"}])'
	keep
	for edit in '.description = "x"' '.license = "x"' '.homepage = "https://x"' '.url = "/x"' \
		'.size_compressed = 1' '.size_installed = 7' '.provides = []' '.replaces = null' \
		'.replaces = .provides' '.dependencies[0].name = "alphabet"' '.dependencies = []' \
		'.dependencies[0].constraint = ""' '.dependencies[0].arch = "any"' \
		'.provides[0].version = "2.0-2"' '.replaces[0].constraint = "< 3"' \
		'.conflicts = .dependencies' '.optional_dependencies = .dependencies' \
		'.side_effects = ["depmod", "ldconfig"]' '.side_effects = null' 'del(.build)' \
		'.build.timestamp = "2026-03-04T05:06:08Z"' '.build.farm_id = ""'; do
		echo "$edit"
		edit index/active.json ".packages[2] |= ($edit)"
		refuses "$otherwise"
	done
	# A mistake is no other way to say nothing.
	edit_indexes '.packages[] |= (.dependencies = [] | .provides = [] | .replaces = null
		| .description = "" | .build = {} | .side_effects = [])'
	keep
	while IFS='|' read -r edit message; do
		edit index/active.json ".packages[2] |= ($edit)"
		refuses "$otherwise" "gamma_2.0-1_noarch: $message"
	done <<-'END'
		.dependencies = null|dependencies: missing or no array [§3.3]
		del(.conflicts)|conflicts: missing or no array [§3.3]
		.provides = {}|provides: missing or no array [§3.3]
		.replaces = false|replaces: missing or no array [§3.3]
		.replaces = [{}]|replaces: name: missing or empty [§3.3]
		.description = []|description: no string [§3.3]
		.side_effects = {}|side_effects: no array [§4.3.1]
		.build = []|build: no object [§6.2.4]
		.build.farm_id = {}|build: farm_id: no string [§3.3]
	END
}

@test "idx-check: the same in other words" {
	# in_one FILTER: an entry of either index changed, which does not change what it says.
	in_one() {
		echo "$1"
		edit index/active.json ".packages[2] |= ($1)"
		passes
		edit index/archive.json ".packages[5] |= ($1)"
		passes
	}
	in_one '.unknown = 1'
	in_one '.dependencies[0].unknown = [1] | .provides[0].arch = "x" | .hash.unknown = ""
		| .build.source_ref = "v1"'
	in_one 'to_entries | reverse | from_entries'
	in_one '.dependencies[0] |= (to_entries | reverse | from_entries)
		| .hash |= (to_entries | reverse | from_entries)
		| .build |= (to_entries | reverse | from_entries)'
	in_one '.dependencies[0].arch = null | .optional_dependencies = null | .replaces = ""
		| .side_effects = null'
	in_one 'del(.optional_dependencies, .replaces, .side_effects)'
	edit_indexes '.packages[].dependencies |= map({name}) | .packages[].provides |= map({name})
		| .packages[] |= (.replaces = [{name: "old"}] | del(.description, .license, .homepage,
			.side_effects, .build))'
	keep
	in_one '.dependencies[0] += {constraint: "", arch: ""} | .provides[0].version = ""
		| .replaces[0].constraint = null'
	in_one '.description = "" | .license = null | .homepage = "" | .build = ""'
	in_one '.description = null | .homepage = null | .side_effects = "" | .build = null'
	in_one '.side_effects = [] | .build = {}'
	in_one '.build = {timestamp: null, farm_id: ""}'
	# In other bytes, as well.
	sed -i 's/"gamma"/"g\\u0061mma"/; s/"old"/"\\u006fld"/; s/"replaces"/"\\u0072eplaces"/' "$active"
	grep -q '\\u006fld.*"g\\u0061mma"' "$active"
	passes
}

@test "idx-check: comparison without order" {
	local different
	different="alpha_1.10-1_x86_64.peipkg: hash $(printf %064d 0) in the active index, $(
		jq -r '.packages[0].hash.value' "$archive"
	) in the archive [§6.3.6]"
	edit index/active.json '.packages[0].hash.value = "0" * 64 | del(.packages[1])
		| .packages |= reverse'
	refuses "$active: gamma: out of order behind libstdc++ [§6.2.9]" \
		"$active: alpha: out of order behind gamma [§6.2.9]" \
		"$different" 'beta: in the archive, but not in the active index [§6.3.6]'
	edit index/archive.json '.packages |= .[6:] + .[0:6]'
	edit index/active.json '.packages[0].hash.value = "0" * 64 | .packages |= .[3:] + .[0:3]'
	refuses "$archive: alpha_1.10-1_x86_64.peipkg: out of order behind libstdc++_1.0-1_x86_64.peipkg [§6.3.5]" \
		"$active: alpha: out of order behind libstdc++ [§6.2.9]" "$different"
	# The highest of a group that is not in order is what counts.
	edit index/archive.json '.packages |= [.[2], .[1], .[0]] + .[3:]'
	edit index/active.json '.packages[0].hash.value = "0" * 64'
	refuses "$archive: alpha_1.9-1_x86_64.peipkg: out of order behind alpha_1.0-1_x86_64.peipkg [§6.3.5]" \
		"$archive: alpha_1.10-1_x86_64.peipkg: out of order behind alpha_1.9-1_x86_64.peipkg [§6.3.5]" \
		"$different"
}

@test "idx-check: a second architecture at the highest version" {
	edit index/archive.json '.packages |= .[0:1] + [entry("alpha"; "1.10-1"; "aarch64")] + .[1:]'
	refuses 'alpha: the highest version is there for several architectures (alpha_1.10-1_x86_64.peipkg, alpha_1.10-1_aarch64.peipkg): keep a repository for each [§6.2.9]'
	edit index/archive.json '.packages |= .[0:1] + [entry("alpha"; "1.10-1"; "aarch64"),
		entry("alpha"; "1.010-1"; "noarch")] + .[1:]'
	refuses 'alpha: the highest version is there for several architectures (alpha_1.10-1_x86_64.peipkg, alpha_1.10-1_aarch64.peipkg, alpha_1.010-1_noarch.peipkg): keep a repository for each [§6.2.9]'
	edit index/archive.json '.packages |= .[0:1] + [entry("alpha"; "1.9-1"; "aarch64")] + .[1:]'
	passes
}

@test "idx-check: two entries with one url" {
	local message="$archive: alpha_1.0-1_x86_64: its url is that of another version [§6.4.3]"
	edit index/archive.json '.packages[2].url = .packages[1].url'
	refuses "$message"
	edit index/archive.json '.packages[2].url = (.packages[0].url | ltrimstr("/"))'
	refuses "$message"
	edit index/archive.json '.packages[1, 2].url = "https://example.org/alpha.peipkg"'
	refuses "$message"
}

# Blanks behind an index so that it is of that size.
pad() {
	local blanks=$(($2 - $(stat -c %s "$1")))
	head -c "$blanks" /dev/zero | tr '\0' ' ' >>"$1"
}

@test "idx-check: large indexes" {
	local mebibyte=1048576
	pad "$active" $((48 * mebibyte - 1))
	pad "$archive" $((64 * mebibyte))
	check
	assert_equal "$stderr" ''
	pad "$active" $((48 * mebibyte))
	pad "$archive" $((64 * mebibyte + 1))
	check
	assert_equal "$status:$stderr" \
		"0:idx-check: warning: $active: 48 MiB or more; clients fetch 64 MiB at most [§6.2.11]
idx-check: warning: $archive: over 64 MiB, which clients do not fetch [§6.3.9]"
	cp good/index/archive.json "$archive"
	pad "$active" $((64 * mebibyte))
	check
	assert_equal "$status:$stderr" \
		"0:idx-check: warning: $active: 48 MiB or more; clients fetch 64 MiB at most [§6.2.11]"
	# Compression does not help: clients count what comes out.
	pad "$active" $((64 * mebibyte + 1))
	gzip -1 "$active"
	mv "$active.gz" "$active"
	check
	assert_equal "$status:$stderr" \
		"1:idx-check: $active: over 64 MiB, which clients do not fetch [§6.2.11]"
	check -f
	assert_equal "$status:$stderr" \
		"0:idx-check: warning: $active: over 64 MiB, which clients do not fetch [§6.2.11]"
}

@test "idx-check -o: what keeps an old state from being gone on from" {
	# gone_on STATUS LINE...
	gone_on() {
		run_apart idx-check -o repository/repo.json "$active" "$archive"
		assert_output ''
		assert_equal "$stderr" "$(printf '%s\n' "${@:2}")"
		assert_equal "$status" "$1"
		restore
	}
	gone_on 0
	# What it is to be mended of is not told: keys, sizes, times.
	rm "repository/keys/$fingerprint.pub"
	edit repo.json '.repo.signing.keys[0].status = "revoked" | .repo.name = "Test"'
	edit_indexes '.repo = "Test" | .generated_at = "2099-01-01T00:00:00Z"'
	pad "$active" $((64 * 1048576 + 1))
	pad "$archive" $((64 * 1048576 + 1))
	gone_on 0
	edit repo.json '.repo.name = "other"'
	edit index/active.json '.index_version = 4 | .packages[1].license = "none"'
	edit index/archive.json '.packages |= .[:-1] + [5]'
	gone_on 1 "idx-check: beta_1:0.1-1_x86_64.peipkg: the active index describes it otherwise than the archive [§6.2.5]" \
		"idx-check: $archive: entry 7: no object [§6.2.2]" \
		"idx-check: $active: repo: 'test', but the descriptor says 'other' [§6.2.2]" \
		"idx-check: $archive: repo: 'test', but the descriptor says 'other' [§6.2.2]" \
		'idx-check: index_version: 4 in the active index, 3 in the archive [§6.2.3]'
	echo x >repository/repo.json
	gone_on 1 "idx-check: repository/repo.json: byte 1: not a value [§1.3]"
}

@test "idx-check: many wrong things at once" {
	local keys=repo.signing.keys descriptor=repository/repo.json
	rm "repository/keys/$fingerprint.pub"
	edit repo.json '.repo.name = "Test" | .repo.signing.keys[0].status = "revoked"
		| .indexes.archive.url = "/old.json"'
	edit index/archive.json '.kind = "active" | .index_version = 9 | .packages |= [
		.[0], entry("alpha"; "1.10-1"; "noarch"), .[2], .[1], .[1], .[5], .[3],
		(.[4] | .homepage = "x" | .dependencies = {} | .url = "/p/../x"),
		(entry("beta"; "0.9-1") | .homepage = "x" | .dependencies = {}),
		entry("zeta"; "1.0-1")]'
	edit index/active.json '.generated_at = "2025-01-01T00:00:00Z" | .packages |= [
		(.[0] | .hash.value = "0" * 64), (.[2] | .size_installed = -1), .[1], .[1], .[3]]'
	refuses \
		"warning: $descriptor: repo.name: not in kebab-case [§6.1.2]" \
		"$descriptor: $keys: none of them is active [§6.1.3]" \
		"warning: $descriptor: indexes.archive.url: leads away from index/, which is what is looked at [§6.1.5]" \
		"repository/keys/$fingerprint.pub: No such file or directory" \
		"$archive: alpha_1.9-1_x86_64.peipkg: out of order behind alpha_1.0-1_x86_64.peipkg [§6.3.5]" \
		"$archive: alpha_1.9-1_x86_64.peipkg: there twice [§6.3.1]" \
		'alpha: the highest version is there for several architectures (alpha_1.10-1_x86_64.peipkg, alpha_1.10-1_noarch.peipkg): keep a repository for each [§6.2.9]' \
		"alpha_1.10-1_x86_64.peipkg: hash $(printf %064d 0) in the active index, $(
			jq -r '.packages[0].hash.value' "$archive"
		) in the archive [§6.3.6]" \
		"$archive: beta_1:0.1-1_x86_64.peipkg: out of order behind gamma_2.0-1_noarch.peipkg [§6.3.5]" \
		"$archive: entry 8: beta_1.0~rc1-1_x86_64: url '/p/../x': '.' or '..' component [§6.2.7]" \
		"$archive: entry 8: beta_1.0~rc1-1_x86_64: homepage: neither http:// nor https:// [§3.3]" \
		"$archive: entry 8: beta_1.0~rc1-1_x86_64: dependencies: missing or no array [§3.3]" \
		'beta_0.9-1_x86_64: homepage: neither http:// nor https:// [§3.3]' \
		'beta_0.9-1_x86_64: dependencies: missing or no array [§3.3]' \
		'gamma_2.0-1_noarch.peipkg: the active index describes it otherwise than the archive [§6.2.5]' \
		'gamma_2.0-1_noarch: size_installed: no integer from 0 to 2^63-1 [§1.3]' \
		"$active: beta: out of order behind gamma [§6.2.9]" \
		"$active: beta: there twice [§6.2.9]" \
		'zeta: in the archive, but not in the active index [§6.3.6]' \
		'libstdc++_1.0-1_x86_64.peipkg: in the active index, but not in the archive [§6.3.6]' \
		"$active: repo: 'test', but the descriptor says 'Test' [§6.2.2]" \
		"$archive: kind: 'active', not 'archive' [§6.3.3]" \
		"$archive: repo: 'test', but the descriptor says 'Test' [§6.2.2]" \
		'index_version: 3 in the active index, 9 in the archive [§6.2.3]' \
		'generated_at: 2025-01-01T00:00:00Z in the active index, 2026-03-05T00:00:00Z in the archive [§6.2.3]' \
		"warning: $active: generated_at: 2025-01-01T00:00:00Z, over 30 days ago, which is longer than clients trust an index that does not change [§6.5.4]"
}

@test "idx-check: what a document says cannot drive the terminal" {
	edit_indexes '.repo = "\u001b[2J\n"'
	refuses "$active: repo: '\\x1b[2J\\x0a', but the descriptor says 'test' [§6.2.2]" \
		"$archive: repo: '\\x1b[2J\\x0a', but the descriptor says 'test' [§6.2.2]"
	edit index/archive.json '.packages[2].name = "\u001b[2J\n"'
	refuses "$archive: entry 3: name '\\x1b[2J\\x0a': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]"
	mv "$active" $'repository/a\nb'
	run_apart idx-check "$@" -t "$now" repository/repo.json $'repository/a\nb' "$archive"
	assert_success
	truncate -s -5 $'repository/a\nb'
	run_apart idx-check "$@" -t "$now" repository/repo.json $'repository/a\nb' "$archive"
	assert_equal "$status" 1
	assert_regex "$stderr" '^idx-check: repository/a\\x0ab: .* cut short \[§1.3\]$'
}

# An index of that kind with that many names, each in that many versions.
large_index() {
	awk -v kind="$1" -v names="$2" -v versions="$3" 'BEGIN {
		printf "{\"schema_version\":1,\"repo\":\"test\",\"kind\":\"%s\",", kind
		printf "\"index_version\":3,\"generated_at\":\"2026-03-05T00:00:00Z\",\"packages\":["
		for (i = 0; i < names; i++)
			for (v = 0; v < versions; v++) {
				name = sprintf("p%06d", i)
				printf "%s{\"name\":\"%s\",\"version\":\"1.%d-1\",", comma, name, 50 - v
				printf "\"architecture\":\"noarch\",\"dependencies\":[],\"conflicts\":[],"
				printf "\"size_compressed\":1,\"size_installed\":1,\"hash\":{"
				printf "\"algorithm\":\"sha256\",\"value\":\"%064d\"},", v
				printf "\"url\":\"/p/%s/%d\"}", name, v
				comma = ","
			}
		print "]}"
	}' >"repository/index/$1.json"
}

@test "idx-check: large indexes, in memory that does not grow" {
	limit=30000 # KiB of data, 16384 of them for the stacks of two threads
	(ulimit -d "$limit" && idx-check --version) &>/dev/null ||
		skip 'this build needs more than that to start'
	large_index active 5000 1
	large_index archive 5000 20
	(
		ulimit -d "$limit"
		passes
	)
}

@test "idx-check: usage" {
	run_apart idx-check repository/repo.json "$active"
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-check: a descriptor, an active index and an archive are wanted'
	run_apart idx-check repository/repo.json "$active" "$archive" "$archive"
	assert_equal "$status" 2
	run_apart idx-check -t yesterday repository/repo.json "$active" "$archive"
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "idx-check: -t: timestamp 'yesterday': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]"
	for option in -f '-t 2026-03-06T00:00:00Z'; do
		# shellcheck disable=SC2086 # words
		run_apart idx-check -o $option repository/repo.json "$active" "$archive"
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" 'idx-check: -o excludes the other options'
	done
	run_apart idx-check -x
	assert_equal "$status" 2
	run_apart idx-check --help
	assert_success
	assert_output 'usage: idx-check [-f] [-t NOW] DESCRIPTOR ACTIVE ARCHIVE
       idx-check -o DESCRIPTOR ACTIVE ARCHIVE'
	run_apart idx-check --version
	assert_output --regexp '^idx-check [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "idx-check: the examples of its page" {
	check_examples "$project/filters/idx-check.1"
}
