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
}

# What key.pem signed of start, in the order of the archive.
signed_by_key='  hello_1.1-1_noarch.peipkg
  hello_1.0-1_noarch.peipkg
  other_1.1-1_noarch.peipkg
  other_1.0-1_noarch.peipkg'

# change COMMAND TIME KEY OPTION...: a change of repo's keys, signed with KEY.
change() {
	peipkg-repo "$1" --repo repo --timestamp "$2" --sign-key "$3" "${@:4}"
}

# changed COMMAND...: succeeds; what it says is in `output` and `stderr`.
changed() {
	run_apart "$@"
	assert_success
}

# The keys as repo.json has them: fingerprint, status and date of each.
keys_listed() {
	jq -r '.repo.signing.keys[] | "\(.fingerprint) \(.status) \(.valid_until // "-")"' \
		repo/repo.json
}

# assert_keys LINE...: these, in the order of their fingerprints, where §6.1.3 wants them,
# each with its file.
assert_keys() {
	local fingerprint
	assert_equal "$(keys_listed)" "$(printf '%s\n' "$@" | sort)"
	for fingerprint in $(jq -r '.repo.signing.keys[].fingerprint' repo/repo.json); do
		assert_equal "$(jq -r --arg fingerprint "$fingerprint" '.repo.signing.keys[]
			| select(.fingerprint == $fingerprint).url' repo/repo.json)" \
			"/keys/$fingerprint.pub"
		assert_equal "$(fingerprint_of_public "repo/keys/$fingerprint.pub")" "$fingerprint"
	done
}

fingerprint_of_public() {
	openssl pkey -pubin -in "$1" -outform DER | tail -c 32 | sha256sum | cut -d ' ' -f 1
}

# assert_generation NUMBER TIME KEY: both indexes are that one, they and the descriptor
# signed by KEY alone.
assert_generation() {
	local document
	assert_equal "$(jq -c '[.index_version, .generated_at]' repo/index/active.json \
		repo/index/archive.json | uniq)" "[$1,\"$2\"]"
	for document in repo.json index/active.json index/archive.json; do
		signed_by "$3" "repo/$document"
	done
}

# assert_good TIME: verify finds nothing then.
assert_good() {
	local mode=both
	[[ -d repo/p ]] || mode=metadata
	run_apart peipkg-repo verify --repo repo --mode "$mode" --timestamp "$1"
	assert_equal "$stderr" ''
	assert_equal "$output" OK
	assert_equal "$status" 0
}

# Both keys active in repo.
add_other_key() {
	change add-key "$(at 3)" key.pem --new-key other.pem.pub >/dev/null
}

# An empty repository in the place of repo, with both keys active.
new_repository_of_two() {
	rm -r repo
	new_repository
	add_other_key
}

@test "peipkg-repo add-key: a second active key" {
	local before
	before=$(jq -cS 'del(.repo.signing.keys)' repo/repo.json)
	packages=$(jq -cS .packages repo/index/*.json)
	changed change add-key "$(at 3)" key.pem --new-key other.pem.pub
	assert_equal "$output" "added $other, active beside $fingerprint
published index_version 4
next: upload; publish as before. Clients learn of the new key when they refresh,
after 30 days at the latest; then sign with it: rotate-key --sign-key NEW
--old-key $fingerprint"
	assert_equal "$stderr" ''
	assert_keys "$fingerprint active -" "$other active -"
	assert_generation 4 "$(at 3)" key.pem
	assert_good "$(at 23)"
	cmp other.pem.pub "repo/keys/$other.pub"
	assert_equal "$(jq -cS 'del(.repo.signing.keys)' repo/repo.json)" "$before"
	assert_equal "$(jq -cS .packages repo/index/*.json)" "$packages"
	assert_equal "$(ls -A repo/.peipkg-repo)" $'lock\nprevious'
	assert_equal "$(jq .index_version repo/.peipkg-repo/previous/archive.json)" 3
	# Both may sign from here on.
	new_package new third 1-1
	publish 4 new --sign-key other.pem
	rm new/*
	key=other.pem new_package new fourth 1-1
	publish 5 new
	assert_good "$(at 23)"
}

@test "peipkg-repo add-key: a private key's public half, and nothing else of it" {
	changed change add-key "$(at 3)" key.pem --new-key other.pem
	cmp other.pem.pub "repo/keys/$other.pub"
	assert_equal "$(stat -c %a "repo/keys/$other.pub")" 644
	run -1 grep -r 'PRIVATE KEY' repo
	assert_keys "$fingerprint active -" "$other active -"
}

@test "peipkg-repo add-key: each step's bytes are the same, whoever makes it and how" {
	cp -a repo again
	change add-key "$(at 3)" key.pem --new-key other.pem.pub
	(
		umask 077
		export LC_ALL=C TZ=America/New_York
		peipkg-repo add-key -repo=again --sign-command \
			'cat >tmp/d; openssl pkeyutl -sign -rawin -inkey key.pem -in tmp/d' \
			--public-key key.pem.pub -timestamp "$(at 3)" --new-key=other.pem
	)
	assert_equal "$(snapshot again)" "$(snapshot repo)"
	assert_equal "$(find again -path '*/.peipkg-repo' -prune -o -printf '%m\n' | sort -u)" \
		$'644\n755'
}

@test "peipkg-repo: a descriptor with other blanks around it, or none" {
	local form bare
	# given FORM DOCUMENT: repo.json is that, signed.
	given() {
		restore
		# shellcheck disable=SC2059 # the blanks are the format
		printf "$1" "$2" >repo/repo.json
		sign_document repo/repo.json key.pem
		assert_good "$(at 23)"
		publish 3 empty
	}
	bare=$(<repo/repo.json)
	for form in '%s' '%s\n\n' '\n %s\r\n'; do
		given "$form" "$bare"
		change add-key "$(at 4)" key.pem --new-key other.pem.pub
		assert_keys "$fingerprint active -" "$other active -"
		assert_generation 5 "$(at 4)" key.pem
		assert_good "$(at 23)"
	done
	given '%s' "$(jq . <<<"$bare" | sed 's/$/\r/')"
	change add-key "$(at 4)" key.pem --new-key other.pem.pub
	change rotate-key "$(at 5)" other.pem --old-key "$fingerprint" --force \
		--valid-until 2026-09-01T00:00:00Z
	change revoke-key "$(at 6)" other.pem --key "$fingerprint" --force
	assert_keys "$fingerprint revoked -" "$other active -"
	assert_generation 7 "$(at 6)" other.pem
}

@test "peipkg-repo add-key: what is no new key" {
	# bad_key MESSAGE FILE
	bad_key() {
		refused "peipkg-repo: $1" change add-key "$(at 3)" key.pem --new-key "$2"
	}
	openssl pkey -in other.pem -outform DER | tail -c 32 >seed
	openssl pkey -in other.pem -pubout -outform DER | tail -c 32 >raw
	openssl genrsa -out rsa 1024 2>/dev/null
	openssl pkey -in rsa -pubout -out rsa.pub
	openssl pkey -in other.pem -aes128 -passout pass:x -out encrypted
	head -c 100 /dev/urandom >garbage
	: >nothing
	mkdir directory
	mkfifo pipe
	for file in seed raw; do
		bad_key "$file: 32 raw bytes may be a private key or a public one: PEM is wanted (see pk-key)" \
			"$file"
	done
	bad_key 'rsa: holds an RSA key, not an Ed25519 one [§5.2.1]' rsa
	bad_key 'rsa.pub: holds an RSA key, not an Ed25519 one [§5.2.1]' rsa.pub
	bad_key 'encrypted: holds an encrypted private key; decrypt it into a pipe (openssl pkey)' \
		encrypted
	bad_key 'garbage: 100 bytes that are neither a raw key (32) nor PEM [§5.2.2]' garbage
	bad_key 'nothing: is empty' nothing
	for file in directory pipe nowhere; do
		bad_key "$file: no such key" "$file"
	done
	for file in key.pem key.pem.pub; do
		bad_key "$fingerprint is in repo.json already, active [§6.1.3]" "$file"
	done
	list_key other.pem 'status: "revoked"'
	bad_key "$other is in repo.json already, revoked [§6.1.3]" other.pem.pub
	list_key other.pem 'status: "transitioning", valid_until: "2026-08-01T00:00:00Z"'
	bad_key "$other is in repo.json already, transitioning [§6.1.3]" other.pem.pub
}

@test "peipkg-repo: a change of keys that nobody signs leaves nothing, no key either" {
	# unsigned COMMAND OPTION...
	unsigned() {
		refused 'peipkg-repo: --sign-command: exit status 3' peipkg-repo "$1" --repo repo \
			--sign-command 'cat >/dev/null; exit 3' --public-key key.pem.pub \
			--timestamp "$(at 4)" "${@:2}"
	}
	unsigned add-key --new-key other.pem.pub
	add_other_key
	unsigned rotate-key --old-key "$other" --valid-until 2026-08-01T00:00:00Z
	unsigned retire-key --key "$other" --force
	unsigned revoke-key --key "$other"
}

@test "peipkg-repo rotate-key: the old key is transitioning, the new one signs" {
	new_repository_of_two
	changed change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-07-10T04:00:00Z
	assert_equal "$output" "$fingerprint is transitioning until 2026-07-10T04:00:00Z; $other signs
published index_version 3
next: upload; sign with the new key only. After 2026-07-10T04:00:00Z: retire-key
--key $fingerprint"
	assert_equal "$stderr" ''
	assert_keys "$fingerprint transitioning 2026-07-10T04:00:00Z" "$other active -"
	assert_generation 3 "$(at 4)" other.pem
	assert_good "$(at 4)"
	# From here on only the new key signs, indexes and packages of the old one are good
	# until the date.
	refused "peipkg-repo: the signing key $fingerprint is transitioning in repo.json, not active [§5.2.6]" \
		publish 5 empty
	new_package new hello 1.0-1
	publish 5 new --sign-key other.pem
	assert_good "$(at 5)"
	rm new/*
	new_package new hello 1.1-1
	refused "idx-entry: hello_1.1-1_noarch.peipkg: signed by $fingerprint, which is past its valid_until [§5.2.6]" \
		peipkg-repo publish --in repo --out repo --new new --sign-key other.pem \
		--timestamp 2026-07-10T04:00:01Z
	peipkg-repo publish --in repo --out repo --new new --sign-key other.pem \
		--timestamp 2026-07-10T04:00:00Z
}

@test "peipkg-repo rotate-key: packages that stop installing are listed, and need --force" {
	local told="peipkg-repo: after 2026-08-01T00:00:00Z these 4 packages stop installing, for $fingerprint signed them:
$signed_by_key"
	add_other_key
	key=other.pem new_package new fifth 1-1
	publish 4 new --sign-key other.pem
	refused "$told
peipkg-repo: --force does it all the same; otherwise leave the key active, destroy its private half, and come back when they have been rebuilt [§5.2.6]" \
		change rotate-key "$(at 5)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-08-01T00:00:00Z
	changed change rotate-key "$(at 5)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-08-01T00:00:00Z --force
	assert_equal "$stderr" "$told"
	assert_keys "$fingerprint transitioning 2026-08-01T00:00:00Z" "$other active -"
	assert_generation 6 "$(at 5)" other.pem
	assert_good "$(at 23)"
}

@test "peipkg-repo publish: a package signed by a key that was rotated since" {
	local date=2026-08-01T00:00:00Z
	add_other_key
	change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" --valid-until "$date" --force
	new_package new late 1-1
	key=other.pem new_package new timely 1-1
	run_apart publish 5 new --sign-key other.pem
	assert_success
	assert_output 'published index_version 6 (2 new packages)
  + late_1-1_noarch.peipkg
  + timely_1-1_noarch.peipkg'
	assert_equal "$stderr" \
		"idx-entry: warning: late_1-1_noarch.peipkg: signed by $fingerprint, which is transitioning: it stops installing at $date [§5.2.6]"
	# What was published was told of when the key was rotated.
	run_apart publish 6 empty --sign-key other.pem --rebuild --all-packages-dir repo/p
	assert_success
	assert_equal "$stderr" ''
}

@test "peipkg-repo rotate-key: clients that come too late are told of" {
	new_repository_of_two
	cp -a repo two
	changed change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-07-01T04:00:00Z
	assert_equal "$stderr" \
		"idx-check: warning: repo.json: key $fingerprint: transitioning, runs out at 2026-07-01T04:00:00Z [§6.1.4]"
	# One second less than the 30 days after which clients stop to trust what they have.
	rm -r repo
	mv two repo
	changed change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-07-01T03:59:59Z
	assert_equal "$stderr" "\
peipkg-repo: warning: clients that have not refreshed by 2026-07-01T03:59:59Z have to add the repository anew [§6.5.4]
idx-check: warning: repo.json: key $fingerprint: transitioning, runs out at 2026-07-01T03:59:59Z [§6.1.4]"
	assert_keys "$fingerprint transitioning 2026-07-01T03:59:59Z" "$other active -"
}

@test "peipkg-repo rotate-key: refusals" {
	# no_rotation MESSAGE OPTION...: signed with key.pem
	no_rotation() {
		refused "peipkg-repo: $1" change rotate-key "$(at 4)" key.pem \
			--valid-until 2026-08-01T00:00:00Z "${@:2}"
	}
	no_rotation "$other is not in repo.json [§6.1.3]" --old-key "$other"
	# The only one, so that no active key would be left.
	no_rotation "$fingerprint is the key that signs: --sign-key is the new one" \
		--old-key "$fingerprint" --force
	add_other_key
	for until in 2026-06-01T04:00:00Z 2026-06-01T03:59:59Z 1970-01-01T00:00:00Z; do
		no_rotation "--valid-until: $until is not after --timestamp" --old-key "$other" \
			--valid-until "$until"
	done
	for until in 30d 2026-08-01 2026-08-32T00:00:00Z 2300-01-01T00:00:00Z; do
		no_rotation "--valid-until: '$until' is no time as YYYY-MM-DDThh:mm:ssZ [§3.3]" \
			--old-key "$other" --valid-until "$until"
	done
	for given in x "${other^^}" "${other%?}" "${other}0" other.pem; do
		wrong_usage "--old-key: '$given' is no fingerprint [§5.2.3]" change rotate-key "$(at 4)" \
			key.pem --valid-until 2026-08-01T00:00:00Z --old-key "$given"
	done
	list_key other.pem 'status: "revoked"'
	no_rotation "$other is revoked already [§6.1.4]" --old-key "$other" --force
	list_key other.pem 'status: "transitioning", valid_until: "2026-07-15T00:00:00Z"'
	no_rotation "$other is transitioning already [§6.1.4]" --old-key "$other" --force
}

@test "peipkg-repo retire-key: after its date the key is listed no more, its file stays" {
	new_repository_of_two
	change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-07-01T04:00:00Z
	for time in "$(at 5)" 2026-07-01T04:00:00Z; do
		refused "peipkg-repo: $fingerprint is good until 2026-07-01T04:00:00Z (--force retires it before) [§5.2.6]" \
			change retire-key "$time" other.pem --key "$fingerprint"
	done
	changed change retire-key 2026-07-01T04:00:01Z other.pem --key "$fingerprint"
	assert_equal "$output" "retired $fingerprint
published index_version 4
next: upload. keys/$fingerprint.pub stays where it is, for a year at least."
	assert_equal "$stderr" ''
	assert_keys "$other active -"
	cmp key.pem.pub "repo/keys/$fingerprint.pub"
	assert_generation 4 2026-07-01T04:00:01Z other.pem
	assert_good 2026-07-02T00:00:00Z
	refused "peipkg-repo: the signing key $fingerprint is not in repo.json [§6.1.3]" \
		change add-key 2026-07-02T00:00:00Z key.pem --new-key key.pem.pub
	peipkg-repo publish --in repo --out repo --new empty --sign-key other.pem \
		--timestamp 2026-07-02T00:00:00Z
	# It may come back.
	changed change add-key 2026-07-03T00:00:00Z other.pem --new-key key.pem.pub
	assert_keys "$fingerprint active -" "$other active -"
}

@test "peipkg-repo retire-key: a key whose file is at fault can go" {
	add_other_key
	openssl pkey -in other.pem -pubout -outform DER | tail -c 32 >"repo/keys/$other.pub"
	refused "idx-check: keys/$other.pub: raw bytes, not PEM, as published keys are [§6.4.5]" \
		publish 4 new
	change retire-key "$(at 4)" key.pem --key "$other" --force
	assert_good "$(at 23)"
}

@test "peipkg-repo retire-key: packages that stop installing, and since when" {
	local advice='peipkg-repo: --force does it all the same; otherwise come back when they have been rebuilt [§5.2.6]'
	# told WHEN
	told() {
		printf 'peipkg-repo: %s these 4 packages stop installing, for %s signed them:\n%s' \
			"$1" "$fingerprint" "$signed_by_key"
	}
	add_other_key
	cp -a repo active
	change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-07-01T04:00:00Z --force
	refused "$(told 'after 2026-07-01T04:00:00Z')"$'\n'"$advice" \
		change retire-key 2026-07-01T04:00:01Z other.pem --key "$fingerprint"
	changed change retire-key "$(at 5)" other.pem --key "$fingerprint" --force
	assert_equal "$stderr" "$(told 'as clients refresh')"
	assert_keys "$other active -"
	assert_generation 6 "$(at 5)" other.pem
	assert_good "$(at 6)"
	# From active at once.
	rm -r repo
	mv active repo
	refused "peipkg-repo: $fingerprint is active: rotate-key comes first (--force retires it at once) [§5.2.6]" \
		change retire-key "$(at 4)" other.pem --key "$fingerprint"
	changed change retire-key "$(at 4)" other.pem --key "$fingerprint" --force
	assert_equal "$stderr" "$(told 'as clients refresh')"
	assert_keys "$other active -"
	assert_good "$(at 6)"
}

@test "peipkg-repo revoke-key: a key that is good no more, but listed" {
	new_repository_of_two
	changed change revoke-key "$(at 4)" key.pem --key "$other"
	assert_equal "$output" "revoked $other
published index_version 3
next: upload at once; tell the users; rebuild what the key signed, as new versions.
The key stays listed as revoked, and keys/$other.pub where it is, for a year
at least [§6.1.4]."
	assert_equal "$stderr" ''
	assert_keys "$fingerprint active -" "$other revoked -"
	assert_generation 3 "$(at 4)" key.pem
	assert_good "$(at 23)"
	refused "peipkg-repo: the signing key $other is revoked in repo.json, not active [§5.2.6]" \
		publish 5 empty --sign-key other.pem
	key=other.pem new_package new fifth 1-1
	refused "idx-entry: fifth_1-1_noarch.peipkg: signed by $other, which is revoked [§5.2.6]" \
		publish 5 new
}

@test "peipkg-repo revoke-key: packages that stop installing, of a key in each state" {
	local told="peipkg-repo: as clients refresh these 4 packages stop installing, for $fingerprint signed them:
$signed_by_key"
	add_other_key
	cp -a repo active
	for state in active transitioning; do
		if [[ $state == transitioning ]]; then
			rm -r repo
			cp -a active repo
			change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
				--valid-until 2026-08-01T00:00:00Z --force
		fi
		refused "$told
peipkg-repo: --force does it all the same; otherwise have them rebuilt first, signed with another key [§5.2.6]" \
			change revoke-key "$(at 5)" other.pem --key "$fingerprint"
		changed change revoke-key "$(at 5)" other.pem --key "$fingerprint" --force
		assert_equal "$stderr" "$told"
		# A date means nothing for a revoked key.
		assert_keys "$fingerprint revoked -" "$other active -"
		signed_by other.pem repo/repo.json
		assert_good "$(at 23)"
	done
}

@test "peipkg-repo retire-key and revoke-key: refusals" {
	# neither MESSAGE KEY: with and without --force
	neither() {
		local force
		for force in '' --force; do
			refused "peipkg-repo: $1" change "$command" "$(at 4)" key.pem --key "$2" $force
		done
	}
	add_other_key
	new_key third.pem
	third=$(fingerprint_of third.pem)
	for command in retire-key revoke-key; do
		neither "$third is not in repo.json [§6.1.3]" "$third"
		for given in x "${other^^}" "${other}0"; do
			wrong_usage "--key: '$given' is no fingerprint [§5.2.3]" \
				change "$command" "$(at 4)" key.pem --key "$given"
		done
		wrong_usage "--key: a value is wanted" change "$command" "$(at 4)" key.pem --key
	done
	# Nobody signs away the key in hand, and so one is left always.
	command=retire-key neither "$fingerprint is the key that signs" "$fingerprint"
	command=revoke-key neither "$fingerprint is the key that signs: revoke it with another [§5.2.6]" \
		"$fingerprint"
	list_key other.pem 'status: "revoked"'
	command=retire-key neither "$other is revoked, which has to be seen for a year [§6.1.4]" "$other"
	command=revoke-key neither "$other is revoked already" "$other"
}

@test "peipkg-repo: the whole rotation, with a package at each step" {
	local step=3
	# put VERSION KEY: a package that KEY signs, in a generation that KEY signs.
	put() {
		rm -rf new
		key=$2 new_package new rolling "$1"
		step=$((step + 1))
		publish "$step" new --sign-key "$2" >/dev/null
		assert_good "$(at "$step")"
	}
	new_repository_of_two
	put 1-1 key.pem
	put 2-1 other.pem
	put 3-1 key.pem
	step=$((step + 1))
	run_apart change rotate-key "$(at $step)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-08-01T00:00:00Z
	assert_equal "$stderr" "peipkg-repo: after 2026-08-01T00:00:00Z these 2 packages stop installing, for $fingerprint signed them:
  rolling_3-1_noarch.peipkg
  rolling_1-1_noarch.peipkg
peipkg-repo: --force does it all the same; otherwise leave the key active, destroy its private half, and come back when they have been rebuilt [§5.2.6]"
	change rotate-key "$(at $step)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-08-01T00:00:00Z --force
	put 4-1 other.pem
	change retire-key 2026-08-01T00:00:01Z other.pem --key "$fingerprint" --force
	assert_good 2026-08-02T00:00:00Z
	assert_equal "$(jq .index_version repo/index/active.json)" 8
	assert_equal "$(jq -r '.packages[].version' repo/index/archive.json)" \
		$'4-1\n3-1\n2-1\n1-1'
}

# what_key_signed REASON: the warnings about all of start's packages, in the order in which
# they are read.
what_key_signed() {
	local package
	while read -r package; do
		printf 'idx-entry: warning: %s: signed by %s, which is %s; clients do not install it\n' \
			"$package" "$fingerprint" "$1"
	done < <(sort <<<"$signed_by_key")
}

# assert_rebuilt TIME REASON [WARNING]: after its archive is lost, repo is made anew from its
# packages, which are listed as before, each with a warning; that one follows.
assert_rebuilt() {
	local before packages='.packages[] | [.name, .version, .hash.value]'
	before=$(jq -c "$packages" repo/index/archive.json)
	echo x >repo/index/archive.json
	run_apart peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir repo/p \
		--sign-key other.pem --timestamp "$1"
	assert_success
	assert_equal "$stderr" \
		"idx-verify: index/archive.json.sig: bad signature by $other [§5.3.4]
peipkg-repo: index/archive.json: refused, see above
$(what_key_signed "$2")${3:+
idx-check: warning: $3}"
	assert_equal "$(jq -c "$packages" repo/index/archive.json)" "$before"
}

@test "peipkg-repo publish: --rebuild lists what a key signed that was revoked" {
	add_other_key
	change revoke-key "$(at 4)" other.pem --key "$fingerprint" --force
	assert_rebuilt "$(at 5)" 'revoked [§5.2.6]'
	assert_good "$(at 23)"
}

@test "peipkg-repo publish: --rebuild lists what a key signed that ran out, or was retired" {
	add_other_key
	change rotate-key "$(at 4)" other.pem --old-key "$fingerprint" \
		--valid-until 2026-08-01T00:00:00Z --force
	# Until its date nothing is wrong with that.
	run_apart peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir repo/p \
		--sign-key other.pem --timestamp 2026-08-01T00:00:00Z --dry-run
	assert_success
	assert_equal "$stderr" "idx-check: warning: repo.json: key $fingerprint: transitioning, runs out at 2026-08-01T00:00:00Z [§6.1.4]"
	assert_rebuilt 2026-08-01T00:00:01Z 'past its valid_until [§5.2.6]' \
		"repo.json: key $fingerprint: transitioning, ran out at 2026-08-01T00:00:00Z [§6.1.4]"
	change retire-key 2026-08-01T00:00:02Z other.pem --key "$fingerprint" --force
	assert_rebuilt 2026-08-01T00:00:03Z 'not trusted [§5.3.4]'
	assert_good 2026-08-02T00:00:00Z
}

@test "peipkg-repo publish: --rebuild lets in nothing else that no good key signed" {
	local behind=''
	add_other_key
	change revoke-key "$(at 4)" other.pem --key "$fingerprint" --force
	# also_refused MESSAGE OPTION...: with that before the warnings, and `behind` after them.
	also_refused() {
		refused "${1:+$1
}$(what_key_signed 'revoked [§5.2.6]')$behind" peipkg-repo publish --in repo --out repo \
			--rebuild --all-packages-dir repo/p --sign-key other.pem \
			--timestamp "$(at 5)" "${@:2}"
	}
	# What --new brings is new.
	new_package new added 1-1
	also_refused "idx-entry: added_1-1_noarch.peipkg: signed by $fingerprint, which is revoked [§5.2.6]" \
		--new new
	# Among the packages that were published: of an unknown key, and of none.
	new_key third.pem
	key=third.pem new_package repo/p/zzz zzz 1-1
	mkdir -p tree/usr/share
	echo unsigned >tree/usr/share/zzzz
	describe_tree '.name = "zzzz" | .architecture = "noarch"'
	tar_tree | compress >repo/p/zzzz_1.0-1_noarch.peipkg
	behind="
idx-entry: zzz_1-1_noarch.peipkg: signed by $(fingerprint_of third.pem), which is not trusted [§5.3.4]"
	also_refused '' --allow-unsigned
	behind+=$'\nidx-entry: zzzz_1.0-1_noarch.peipkg: not signed [§5.3.4]'
	also_refused ''
	rm -r repo/p/zzz new/*
	key=other.pem new_package new added 1-1
	run_apart peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir repo/p \
		--sign-key other.pem --timestamp "$(at 5)" --new new --allow-unsigned
	assert_success
	assert_equal "$stderr" "$(what_key_signed 'revoked [§5.2.6]')"
	assert_equal "$(jq -r '.packages[].name' repo/index/archive.json)" \
		$'added\nhello\nhello\nother\nother\nzzzz'
	assert_good "$(at 23)"
}

@test "peipkg-repo: packages of which nobody can tell who signed them" {
	add_other_key
	rm repo/p/hello/1.0-1/*.peipkg
	run_apart change rotate-key "$(at 4)" key.pem --old-key "$other" \
		--valid-until 2026-08-01T00:00:00Z
	assert_success
	assert_equal "$stderr" \
		"idx-signer: warning: hello_1.0-1_noarch.peipkg: missing at /p/hello/1.0-1/hello_1.0-1_noarch.peipkg in $(realpath repo) [§6.3.1]"
}

@test "peipkg-repo: compressed siblings go with a change of keys" {
	publish 3 empty --precompress gzip,zstd
	change add-key "$(at 4)" key.pem --new-key other.pem.pub
	for kind in active archive; do
		gzip -dc "repo/index/$kind.json.gz" | cmp - "repo/index/$kind.json"
		zstd -dc "repo/index/$kind.json.zst" | cmp - "repo/index/$kind.json"
	done
	assert_good "$(at 23)"
}

@test "peipkg-repo: what it says of a change cannot be written: the change is made" {
	status=0
	change add-key "$(at 3)" key.pem --new-key other.pem.pub >/dev/full || status=$?
	assert_equal "$status" 1
	assert_keys "$fingerprint active -" "$other active -"
	assert_good "$(at 23)"
}
