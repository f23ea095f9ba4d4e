#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a process of its own

load helper
load package
load build
load repository
load by-hand

setup_file() {
	prepare_start
}

setup() {
	enter_start
	archive=index/archive.json active=index/active.json
	newest=p/hello/1.1-1/hello_1.1-1_noarch.peipkg
	oldest=p/other/1.0-1/other_1.0-1_noarch.peipkg
}

# look OPTION...: verify, nothing of repo changed.
look() {
	local before
	before=$(state_of .)
	run_apart verify "$@"
	assert_equal "$(state_of .)" "$before"
}

# fails LINES [OPTION...]: exactly these findings, as many failures as there are FAIL lines.
fails() {
	local count
	look "${@:2}"
	count=$(grep -c '^FAIL: ' <<<"$1")
	assert_equal "$stderr" "$1"$'\n'"peipkg-repo: $count issues found"
	assert_equal "$output" ''
	assert_equal "$status" 1
}

# warns LINES [OPTION...]: OK all the same.
warns() {
	look "${@:2}"
	assert_equal "$stderr" "$1"
	assert_equal "$output" OK
	assert_equal "$status" 0
}

passes() {
	warns '' "$@"
}

# broken LINES COMMAND...: what verify finds after that change of the good repository.
broken() {
	restore
	"${@:2}"
	fails "$1"
}

# mismatch FILE PATH: the line for a package that is another one than the archive says.
mismatch() {
	printf 'FAIL: hash mismatch: %s computed %s index claims %s\n' "$1" \
		"$(sha256sum <"$2" | cut -d ' ' -f 1)" \
		"$(jq -r --arg file "$1" '.packages[]
			| select("\(.name)_\(.version)_\(.architecture).peipkg" == $file)
			| .hash.value' repo/index/archive.json)"
}

missing_there() {
	printf 'FAIL: %s: missing at /%s in %s [§6.3.1]\n' "${1##*/}" "$1" "$(realpath repo)"
}

# Another byte in the place of one, the size as it was.
flip_byte() {
	local byte
	byte=$(xxd -s 30 -l 1 -p "$1")
	printf '%02x' $((0x$byte ^ 1)) | xxd -r -p |
		dd of="$1" bs=1 seek=30 conv=notrunc status=none
}

@test "peipkg-repo verify: a good repository, however it is asked" {
	passes
	for mode in metadata hashes both; do
		passes --mode "$mode"
	done
	run_apart peipkg-repo verify -repo=repo/ -timestamp="$(at 23)" -mode=both
	assert_success
	assert_equal "$output$stderr" OK
	(
		umask 077
		LC_ALL=C TZ=America/New_York passes
	)
	# Without --timestamp, dates are held against the clock.
	rm -r repo
	peipkg-repo init --name example --sign-key key.pem --out repo \
		--timestamp "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	run_apart peipkg-repo verify --repo repo --mode metadata
	assert_equal "$output$stderr" OK
	restore
	run_apart peipkg-repo verify --repo repo --mode metadata --timestamp 2036-01-01T00:00:00Z
	late=$stderr
	edit_archive '.generated_at = "2001-01-01T00:00:00Z"'
	edit_active '.generated_at = "2001-01-01T00:00:00Z"'
	rm -r repo/.peipkg-repo
	run_apart peipkg-repo verify --repo repo --mode metadata
	assert_equal "$stderr" "${late/2026-06-01T02:00:00Z/2001-01-01T00:00:00Z}"
}

@test "peipkg-repo verify: the states of the vectors" {
	need_vectors
	for state in 1 2 3 4; do
		rm -rf state
		cp -r "$VECTORS/repository/state$state" state
		run_apart peipkg-repo verify --repo state --timestamp 2026-03-06T00:00:00Z \
			--mode metadata
		assert_equal "$output$stderr" OK
		mkdir all
		cp "$VECTORS"/repository/incoming/[123]/*.peipkg all
		run_apart peipkg-repo verify --repo state --timestamp 2026-03-06T00:00:00Z \
			--all-packages-dir all
		assert_equal "$output$stderr" OK
		rm -r all
	done
}

@test "peipkg-repo verify: packages that changed, by a byte or in size" {
	flip_byte "repo/$newest"
	changed=$(mismatch hello_1.1-1_noarch.peipkg "repo/$newest")
	fails "$changed"
	size=$(stat -c %s "repo/$oldest")
	truncate -s -1 "repo/$oldest"
	shorter=$(mismatch other_1.0-1_noarch.peipkg "repo/$oldest")
	shorter+=$'\n'"FAIL: size mismatch: other_1.0-1_noarch.peipkg computed $((size - 1)) index claims $size"
	fails "$changed"$'\n'"$shorter"
	fails "$changed"$'\n'"$shorter" --mode hashes
	passes --mode metadata
	fails "$changed" --packages-only hello
	fails "$changed" --mode hashes --packages-only=hello
	fails "$shorter" --packages-only other
	fails "$changed"$'\n'"$shorter" --packages-only hello other
	fails "$changed"$'\n'"$shorter" --packages-only other --packages-only hello
	fails "$changed"$'\n''FAIL: hell: no package of that name' --packages-only hello hell
	# What the metadata says is not restricted.
	rm repo/index/active.json.sig
	fails "FAIL: index/active.json.sig: No such file or directory"$'\n'"$shorter" \
		--packages-only other
	: >"repo/$newest"
	restore
	: >"repo/$newest"
	# The hash of nothing, as sha256sum </dev/null has it.
	assert_equal "$(mismatch hello_1.1-1_noarch.peipkg "repo/$newest" | cut -d ' ' -f 6)" \
		e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
	size=$(jq '.packages[0].size_compressed' repo/index/archive.json)
	fails "$(mismatch hello_1.1-1_noarch.peipkg "repo/$newest")
FAIL: size mismatch: hello_1.1-1_noarch.peipkg computed 0 index claims $size"
}

@test "peipkg-repo verify: packages that are not there, or no files" {
	broken "$(missing_there "$newest")" rm "repo/$newest"
	broken "$(missing_there "$newest")
$(missing_there p/hello/1.0-1/hello_1.0-1_noarch.peipkg)" rm -r repo/p/hello
	put() {
		rm "repo/$newest"
		"$@" "repo/$newest"
	}
	broken 'FAIL: hello_1.1-1_noarch.peipkg: no regular file' put mkdir
	broken 'FAIL: hello_1.1-1_noarch.peipkg: no regular file' put mkfifo
	# A link may lead out of what is uploaded.
	cp "repo/$oldest" elsewhere
	broken 'FAIL: hello_1.1-1_noarch.peipkg: Too many levels of symbolic links' \
		put ln -s "$PWD/elsewhere"
}

@test "peipkg-repo verify: packages elsewhere, side by side or as below p/" {
	mkdir flat
	cp repo/p/*/*/*.peipkg flat
	mv repo/p laid
	for mode in hashes both; do
		wrong_usage '--all-packages-dir is required: repo has no packages of its own' \
			verify --mode "$mode"
		passes --mode "$mode" --all-packages-dir flat
		passes --mode "$mode" --all-packages-dir laid
	done
	wrong_usage '--all-packages-dir is required: repo has no packages of its own' verify
	passes --mode metadata
	for place in nowhere key.pem; do
		look --all-packages-dir "$place"
		assert_equal "$stderr" "peipkg-repo: $place: no such directory"
		assert_equal "$status" 1
	done
	rm flat/hello*
	lost='FAIL: hello_1.1-1_noarch.peipkg: missing in flat, there and below hello/1.1-1 [§6.3.1]
FAIL: hello_1.0-1_noarch.peipkg: missing in flat, there and below hello/1.0-1 [§6.3.1]'
	fails "$lost" --all-packages-dir flat
	flip_byte flat/other_1.0-1_noarch.peipkg
	changed=$(mismatch other_1.0-1_noarch.peipkg flat/other_1.0-1_noarch.peipkg)
	fails "$lost"$'\n'"$changed" --all-packages-dir flat
	fails "$changed" --all-packages-dir flat --packages-only other
	flip_byte laid/other/1.0-1/other_1.0-1_noarch.peipkg
	fails "$changed" --all-packages-dir laid
	# Those in the repository are not looked at then.
	restore
	flip_byte "repo/$newest"
	fails "$changed" --all-packages-dir laid
}

@test "peipkg-repo verify: packages at URLs are for those who have them" {
	local elsewhere
	elsewhere="WARN: 1 packages are at URLs outside of $(realpath repo), and not looked at"
	new_package new web 1-1
	publish 3 new --package-url-template 'https://example.org/{filename}'
	warns "$elsewhere"
	passes --packages-only hello
	warns "$elsewhere" --packages-only web
	passes --all-packages-dir new --packages-only web
	flip_byte new/web_1-1_noarch.peipkg
	fails "$(mismatch web_1-1_noarch.peipkg new/web_1-1_noarch.peipkg)" \
		--all-packages-dir new --packages-only web
}

@test "peipkg-repo verify: signatures that are missing, bad, of others" {
	local document
	for document in repo.json "$active" "$archive"; do
		broken "FAIL: $document.sig: No such file or directory" rm "repo/$document.sig"
		broken "FAIL: $document.sig: signed by $other, which is not trusted [§5.3.4]" \
			sign_document "repo/$document" other.pem
		broken "FAIL: $document.sig: bad signature by $fingerprint [§5.3.4]" \
			sed -i 's/^{/{ /' "repo/$document"
		broken "FAIL: $document.sig: signature envelope: a field besides the four [§5.1.3]" \
			sed -i 's/^{/{"x":1,/' "repo/$document.sig"
		broken "FAIL: $document.sig: over 4096 bytes, no signature" \
			truncate -s 4097 "repo/$document.sig"
		# Nobody waits for what a pipe may bring.
		broken "FAIL: $document.sig: neither an envelope nor a bare signature: 0 bytes instead of 64 [§6.1.6]" \
			replace_by mkfifo "$document.sig"
	done
	broken "FAIL: $active.sig: bad signature by $fingerprint [§5.3.4]
FAIL: $archive.sig: bad signature by $fingerprint [§5.3.4]" swap_signatures
}

# replace_by COMMAND NAME: what the command makes there.
replace_by() {
	rm "repo/$2"
	"$1" "repo/$2"
}

swap_signatures() {
	cp "repo/$active.sig" spare
	cp "repo/$archive.sig" "repo/$active.sig"
	cp spare "repo/$archive.sig"
}

# all_signed_by FINGERPRINT REASON: a failure for each document.
all_signed_by() {
	printf "FAIL: %s.sig: signed by $1, which is $2\n" repo.json "$active" "$archive"
}

@test "peipkg-repo verify: signed by a key that is revoked, or past its date" {
	list_key other.pem 'status: "active"'
	list_key key.pem 'status: "revoked"'
	fails "$(all_signed_by "$fingerprint" 'revoked [§5.2.6]')"
	list_key key.pem 'status: "transitioning", valid_until: "2026-06-01T22:59:59Z"'
	fails "$(all_signed_by "$fingerprint" 'past its valid_until [§5.2.6]')
WARN: repo.json: key $fingerprint: transitioning, ran out at 2026-06-01T22:59:59Z [§6.1.4]"
	# It is about who signed the indexes, too, when the descriptor is another's.
	sign_document repo/repo.json other.pem
	fails "$(all_signed_by "$fingerprint" 'past its valid_until [§5.2.6]' | tail -n +2)
WARN: repo.json: key $fingerprint: transitioning, ran out at 2026-06-01T22:59:59Z [§6.1.4]"
	edit_document repo.json \
		".repo.signing.keys |= map(select(.fingerprint != \"$fingerprint\"))" other.pem
	fails "$(all_signed_by "$fingerprint" 'not trusted [§5.3.4]' | tail -n +2)"
}

@test "peipkg-repo verify: a signer that runs out within 30 days locks clients out then" {
	local soon='the key that signed it runs out within 30 days'
	# until TIME: what key.pem, which signed everything, is good for.
	until_then() {
		restore
		list_key other.pem 'status: "active"'
		list_key key.pem "status: \"transitioning\", valid_until: \"$1\""
	}
	# verify is at 23 o'clock on the first of June.
	until_then 2026-07-01T23:00:01Z
	passes
	until_then 2026-07-01T22:59:59Z
	date="WARN: repo.json: key $fingerprint: transitioning, runs out at 2026-07-01T22:59:59Z [§6.1.4]"
	warns "WARN: repo.json: $soon: add-key or retire-key signs it anew [§5.2.6]
WARN: $active: $soon: publish signs it anew [§5.2.6]
WARN: $archive: $soon: publish signs it anew [§5.2.6]
$date"
	# As is told, so it helps.
	publish 22 empty --sign-key other.pem
	warns "WARN: repo.json: $soon: add-key or retire-key signs it anew [§5.2.6]
$date"
	new_key third.pem
	peipkg-repo add-key --repo repo --new-key third.pem.pub --sign-key other.pem \
		--timestamp "$(at 22)"
	warns "$date"
}

@test "peipkg-repo verify: each key that is listed is there, whatever its status" {
	local key=keys/$fingerprint.pub
	broken "FAIL: $key: No such file or directory" rm "repo/$key"
	broken "FAIL: $key: holds a private key where a public one is wanted" cp key.pem "repo/$key"
	put_raw() {
		openssl pkey -in key.pem -pubout -outform DER | tail -c 32 >"repo/$key"
	}
	broken "FAIL: $key: raw bytes, not PEM, as published keys are [§6.4.5]" put_raw
	broken "FAIL: $key: no regular file" replace_by mkfifo "$key"
	broken "FAIL: $key: holds the key $other [§6.1.3]" cp other.pem.pub "repo/$key"
	restore
	list_key other.pem 'status: "revoked"'
	passes
	rm "repo/keys/$other.pub"
	fails "FAIL: keys/$other.pub: No such file or directory"
}

# hidden_by FINDING COMMAND...: beside what the command does to a key, which is told once, each
# signature is told of.
hidden_by() {
	restore
	list_key other.pem 'status: "active"'
	"${@:2}"
	fails "FAIL: $1"
	# It is good enough for nobody else, though no document is signed by that key.
	refused "idx-verify: repo.json: repo.signing.keys: ${1#repo.json: repo.signing.keys: }" \
		publish 3 empty
	cp "repo/$active.sig" repo/repo.json.sig
	echo x >"repo/$active.sig"
	rm "repo/$archive.sig"
	fails "FAIL: repo.json.sig: bad signature by $fingerprint [§5.3.4]
FAIL: $active.sig: neither an envelope nor a bare signature: base64 cut short [§1.3]
FAIL: $archive.sig: No such file or directory
FAIL: $1"
}

@test "peipkg-repo verify: a fault of a key hides none of a signature" {
	local keys='repo.json: repo.signing.keys'
	other_key() {
		edit_document repo.json \
			"(.repo.signing.keys[] | select(.fingerprint == \"$other\")) |= ($1)"
	}
	hidden_by "keys/$other.pub: No such file or directory" rm "repo/keys/$other.pub"
	hidden_by "keys/$other.pub: holds the key $fingerprint [§6.1.3]" \
		cp key.pem.pub "repo/keys/$other.pub"
	hidden_by "$keys: $other: status: not active, transitioning or revoked [§6.1]" \
		other_key '.status = "x"'
	hidden_by "$keys: $other: valid_until: missing or empty [§3.3]" \
		other_key '.status = "transitioning"'
}

@test "peipkg-repo verify: a fault of the key that signed is told once, and what else is wrong" {
	local keys='repo.json: repo.signing.keys'
	echo junk >"repo/keys/$fingerprint.pub"
	sign_document "repo/$active" other.pem
	: >"repo/$archive.sig"
	fails "FAIL: keys/$fingerprint.pub: 5 bytes that are neither a raw key (32) nor PEM [§5.2.2]
FAIL: $active.sig: signed by $other, which is not trusted [§5.3.4]
FAIL: $archive.sig: neither an envelope nor a bare signature: 0 bytes instead of 64 [§6.1.6]"
	restore
	edit_document repo.json '.repo.signing.keys[0] |= (.status = "x" | .url = "/x")'
	rm "repo/$active.sig"
	fails "FAIL: $keys: $fingerprint: status: not active, transitioning or revoked [§6.1]
FAIL: $active.sig: No such file or directory
FAIL: $keys: $fingerprint: url: does not lead to the key's file in keys/ [§6.4.2]"
	# Without any key nobody can tell who may sign.
	restore
	rm "repo/$archive.sig"
	edit_document repo.json 'del(.repo.signing.keys)'
	fails "FAIL: $keys: missing or no array [§6.1]
FAIL: $archive.sig: No such file or directory"
}

# descriptor FILTER, both FILTER: the descriptor, or both indexes, changed by jq and signed.
descriptor() {
	edit_document repo.json "$1"
}

both() {
	edit_active "$1"
	edit_archive "$1"
}

@test "peipkg-repo verify: what the descriptor says" {
	local keys='repo.json: repo.signing.keys'
	# The order of keys: the first by name last.
	first=$(printf '%s\n' "$fingerprint" "$other" | sort | head -n 1)
	broken "FAIL: repo.json: repo.description: holds what is no printable character [§6.1.2]" \
		descriptor '.repo.description = "a\tb"'
	broken "FAIL: repo.json: indexes.archive: signature_url: missing or empty [§3.3]" \
		descriptor 'del(.indexes.archive.signature_url)'
	broken "FAIL: $keys: $fingerprint: url: does not lead to the key's file in keys/ [§6.4.2]" \
		descriptor '.repo.signing.keys[0].url = "/keys/key.pub"'
	broken 'FAIL: repo.json: schema_version: 2, only 1 is known [§3.3]' \
		descriptor '.schema_version = 2'
	broken "FAIL: $keys: $fingerprint: twice [§6.1]" \
		descriptor '.repo.signing.keys += .repo.signing.keys'
	broken "FAIL: $keys: $fingerprint: status: not active, transitioning or revoked [§6.1]" \
		descriptor '.repo.signing.keys[0].status = "retired"'
	restore
	list_key other.pem 'status: "transitioning"'
	fails "FAIL: $keys: $other: valid_until: missing or empty [§3.3]"
	list_key other.pem 'status: "active"'
	descriptor '.repo.signing.keys |= reverse'
	fails "FAIL: $keys: $first: out of order, they are sorted by fingerprint [§6.1.3]"
	restore
	descriptor '.repo.name = "Example"'
	both '.repo = "Example"'
	warns 'WARN: repo.json: repo.name: not in kebab-case [§6.1.2]'
}

@test "peipkg-repo verify: what the indexes say, by themselves and together" {
	local zeros hello=hello_1.1-1_noarch
	zeros=$(printf %064d 0)
	broken "FAIL: $active: repo: 'examples', but the descriptor says 'example' [§6.2.2]
FAIL: $archive: repo: 'examples', but the descriptor says 'example' [§6.2.2]" \
		both '.repo = "examples"'
	broken "FAIL: $active: kind: 'archive', not 'active' [§6.2.2]" edit_active '.kind = "archive"'
	broken 'FAIL: index_version: 4 in the active index, 3 in the archive [§6.2.3]' \
		edit_active '.index_version = 4'
	broken 'FAIL: generated_at: 2026-06-01T02:00:00Z in the active index, 2026-06-01T02:00:01Z in the archive [§6.2.3]' \
		edit_archive '.generated_at = "2026-06-01T02:00:01Z"'
	broken "FAIL: $hello: side_effects: no side effect 'reboot' [§4.3.4]" \
		both '.packages[0].side_effects = ["reboot"]'
	broken "FAIL: $hello.peipkg: the active index describes it otherwise than the archive [§6.2.5]" \
		edit_active '.packages[0].description = "x"'
	broken 'FAIL: hello: in the archive, but not in the active index [§6.3.6]' \
		edit_active 'del(.packages[0])'
	broken 'FAIL: other_1.1-1_noarch.peipkg: in the active index, but not in the archive [§6.3.6]' \
		edit_archive 'del(.packages[2:])'
	broken "FAIL: $archive: hello_1.0-1_noarch.peipkg: out of order behind other_1.0-1_noarch.peipkg [§6.3.5]" \
		edit_archive '.packages |= [.[0], .[2], .[3], .[1]]'
	broken "FAIL: $archive: hello_1.0-1_noarch.peipkg: there twice [§6.3.1]" \
		edit_archive '.packages |= [.[0], .[1], .[1], .[2], .[3]]'
	broken "FAIL: $active: other: there twice [§6.2.9]" edit_active '.packages |= . + [.[1]]'
	# The same in other words is none.
	restore
	edit_archive '.packages[0].license = null'
	edit_active '.packages[0] |= (.unknown = 1 | .license = "" | .provides = null
		| to_entries | reverse | from_entries)'
	passes
	# What is no entry is met by both halves, and told once.
	broken "FAIL: $archive: entry 3: name: missing or empty [§3.3]
FAIL: $active: entry 2: name: missing or empty [§3.3]" \
		both '(.packages[] | select(.name == "other" and .version == "1.1-1")).name = null'
	broken "FAIL: $archive: entry 4: other_1.0-1_noarch: url 'ftp://x': neither a path nor http:// nor https:// [§6.2.7]" \
		edit_archive '.packages[3].url = "ftp://x"'
	fails "FAIL: $archive: entry 4: other_1.0-1_noarch: url 'ftp://x': neither a path nor http:// nor https:// [§6.2.7]" \
		--mode hashes
	# The hash of the archive is the one that the file is held against.
	restore
	edit_active ".packages[0].hash.value = \"$zeros\""
	fails "FAIL: $hello.peipkg: hash $zeros in the active index, $(
		jq -r '.packages[0].hash.value' "repo/$archive"
	) in the archive [§6.3.6]"
}

@test "peipkg-repo verify: what clients will not trust much longer" {
	local old='2026-06-01T02:00:00Z, over 30 days ago, which is longer than clients trust an index that does not change [§6.5.4]'
	passes --timestamp 2026-07-01T02:00:00Z
	warns "WARN: $active: generated_at: $old" --timestamp 2026-07-01T02:00:01Z
	passes --timestamp 2026-05-31T02:00:00Z
	warns "WARN: $active: generated_at: 2026-06-01T02:00:00Z, in the future [§6.2.2]" \
		--timestamp 2026-05-31T01:59:59Z
	passes --timestamp 2026-07-01T02:00:01Z --mode hashes
}

@test "peipkg-repo verify: documents that cannot be read" {
	broken "FAIL: $active: No such file or directory" rm "repo/$active"
	broken "FAIL: $archive: No such file or directory" rm "repo/$archive"
	broken "FAIL: $active: No such file or directory
FAIL: $archive: No such file or directory" rm -r repo/index
	for index in "$active" "$archive"; do
		broken "FAIL: $index: no regular file" replace_by mkdir "$index"
		broken "FAIL: $index: no regular file" replace_by mkfifo "$index"
		broken "FAIL: $index.sig: bad signature by $fingerprint [§5.3.4]
FAIL: $index: byte 1: cut short [§1.3]" truncate -s 0 "repo/$index"
	done
	broken "FAIL: $archive: packages: missing [§6.2.2]" edit_archive 'del(.packages)'
	# Without a descriptor nobody can tell who may sign; the rest is looked at.
	restore
	echo x >repo/repo.json
	flip_byte "repo/$newest"
	edit_active 'del(.packages[0])'
	fails "FAIL: repo.json: byte 1: not a value [§1.3]
FAIL: hello: in the archive, but not in the active index [§6.3.6]
$(mismatch hello_1.1-1_noarch.peipkg "repo/$newest")"
	# Each name of a message is shown as what it is.
	restore
	edit_active '.kind = "a\u001b[31m"'
	run_apart verify
	[[ $stderr != *$'\e'* && $stderr == *"FAIL: $active: kind: "* ]]
}

@test "peipkg-repo verify: compressed siblings that are not their index" {
	stale() {
		printf 'FAIL: index/%s: not index/%s compressed\n' "$1" "${1%.*}"
	}
	gzip -k repo/index/*.json
	zstd -q repo/index/*.json
	passes
	# Whoever compressed them, and how.
	pigz -k -f -1 repo/index/active.json 2>/dev/null || gzip -k -f -1 repo/index/active.json
	zstd -q -f -3 --check repo/index/archive.json
	passes
	cp repo/index/active.json.gz repo/index/archive.json.gz
	truncate -s -1 repo/index/active.json.zst
	fails "$(stale active.json.zst)
$(stale archive.json.gz)"
	passes --mode hashes
	for command in mkdir mkfifo; do
		for name in active.json.gz active.json.zst archive.json.gz archive.json.zst; do
			broken "$(stale "$name")" "$command" "repo/index/$name"
		done
	done
}

@test "peipkg-repo verify: a change that was interrupted, a state that was put back" {
	local hidden=repo/.peipkg-repo
	local next='the next command that changes the repository finishes it'
	mkdir "$hidden/intent"
	echo rotate-key >"$hidden/intent/what"
	fails "FAIL: interrupted rotate-key: $next"
	passes --mode hashes
	restore
	: >"$hidden/pruned"
	warns "WARN: interrupted prune-prerelease: $next"
	restore
	cp -a repo/index third
	publish 3 empty
	publish 4 empty
	passes
	cp third/* repo/index
	fails 'FAIL: index/: rolled back: index_version 3, which was 5 already [§6.2.3]'
	cp "$hidden"/previous/* repo/index
	fails 'FAIL: index/: rolled back: index_version 4, which was 5 already [§6.2.3]'
	passes --mode hashes
	# An uploaded copy does not know what came before.
	rm -r "$hidden"
	passes
}

@test "peipkg-repo verify: all of it in one run" {
	list_key other.pem 'status: "transitioning", valid_until: "2026-06-20T00:00:00Z"'
	sign_document repo/repo.json other.pem
	edit_archive '.packages[0].side_effects = ["reboot"] | .repo = "examples"'
	edit_active 'del(.packages[1])'
	rm "repo/$active.sig"
	echo stale | gzip >repo/index/active.json.gz
	mkdir repo/.peipkg-repo/intent
	echo add-key >repo/.peipkg-repo/intent/what
	: >repo/.peipkg-repo/pruned
	flip_byte "repo/$newest"
	rm "repo/$oldest"
	look
	assert_equal "$status" 1
	assert_equal "${stderr_lines[-1]}" 'peipkg-repo: 9 issues found'
	# In whatever order.
	assert_equal "$(sed '$d' <<<"$stderr" | sort)" "$(
		sort <<-END
			FAIL: interrupted add-key: the next command that changes the repository finishes it
			WARN: interrupted prune-prerelease: the next command that changes the repository finishes it
			WARN: repo.json: the key that signed it runs out within 30 days: add-key or retire-key signs it anew [§5.2.6]
			WARN: repo.json: key $other: transitioning, runs out at 2026-06-20T00:00:00Z [§6.1.4]
			FAIL: $active.sig: No such file or directory
			FAIL: $archive: repo: 'examples', but the descriptor says 'example' [§6.2.2]
			FAIL: hello_1.1-1_noarch: side_effects: no side effect 'reboot' [§4.3.4]
			FAIL: hello_1.1-1_noarch.peipkg: the active index describes it otherwise than the archive [§6.2.5]
			FAIL: other: in the archive, but not in the active index [§6.3.6]
			FAIL: $active.gz: not $active compressed
			$(mismatch hello_1.1-1_noarch.peipkg "repo/$newest")
			$(missing_there "$oldest")
		END
	)"
}

@test "peipkg-repo list: what is signed, and nothing else" {
	build_time=2026-05-07T00:00:00Z new_package new 'a+b' 1:2.0~rc1-3 x86_64
	publish 3 new
	run_apart peipkg-repo list --repo repo
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$output" "\
NAME   VERSION      ARCHITECTURE  INSTALLED  BUILT
a+b    1:2.0~rc1-3  x86_64        16         2026-05-07T00:00:00Z
hello  1.1-1        noarch        12         2026-05-06T07:08:09Z
other  1.1-1        noarch        12         2026-05-06T07:08:09Z"
	run_apart peipkg-repo list --repo repo --all
	assert_equal "$(printf '%s\n' "${lines[@]:1}" | awk '{ print $1, $2 }')" "\
a+b 1:2.0~rc1-3
hello 1.1-1
hello 1.0-1
other 1.1-1
other 1.0-1"
	edit_active '.packages[0].size_installed = 5000000'
	run_apart peipkg-repo list --repo repo
	assert_equal "$(awk '$1 == "a+b" { print $4 }' <<<"$output")" 4.8M
	# The other index may be as it will.
	sed -i 's/1\.0-1/1.0-2/' "repo/$archive"
	peipkg-repo list --repo repo
	for option in --all '--all --json'; do
		# shellcheck disable=SC2086 # words
		refused "idx-verify: $archive.sig: bad signature by $fingerprint [§5.3.4]" \
			peipkg-repo list --repo repo $option
	done
	restore
	sign_document repo/repo.json other.pem
	for option in '' --json; do
		# shellcheck disable=SC2086 # words
		refused "idx-verify: repo.json.sig: signed by $other, which is not trusted [§5.3.4]" \
			peipkg-repo list --repo repo $option
	done
}

@test "peipkg-repo list: a repository without packages" {
	rm -r repo
	new_repository
	run_apart peipkg-repo list --repo repo
	assert_success
	assert_equal "$(tr -s ' ' <<<"$output")" 'NAME VERSION ARCHITECTURE INSTALLED BUILT'
	run_apart peipkg-repo list --repo repo --json
	assert_equal "$(jq -c '[.kind, .packages]' <<<"$output")" '["active",[]]'
}

@test "peipkg-repo serve: a port that is taken, a server that is not there" {
	command -v lighttpd >/dev/null || [[ -x /usr/sbin/lighttpd ]] || skip 'no lighttpd here'
	free_port
	env --default-signal peipkg-repo serve --repo repo --addr "127.0.0.1:$port" >said 2>&1 3>&- &
	server=$!
	await '(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null'
	run_apart timeout 10 peipkg-repo serve --repo repo --addr "127.0.0.1:$port"
	kill -TERM "$server"
	wait "$server" || :
	assert_equal "$status" 1
	assert_equal "$output" ''
	[[ $stderr == *'Address already in use'*'peipkg-repo: lighttpd: exit status 255' ]]
	assert_equal "$(ls -A tmp)" ''
}
