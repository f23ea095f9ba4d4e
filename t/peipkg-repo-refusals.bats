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

rebuild='peipkg-repo: publish --rebuild --all-packages-dir DIR makes the indexes anew from the packages'
publish_here=(publish --in repo --new new --timestamp 2026-06-01T05:00:00Z --out repo)

# A package, to show that not even a good one is let into a bad state.
add_good_package() {
	new_package new good 1.0-1
}

# bad_state MESSAGES CHANGE...: after that change of repo, all that would go on from it is
# refused.
bad_state() {
	restore
	"${@:2}"
	refused "$1" publish 5 new
	refused "$1" peipkg-repo add-key --new-key other.pem.pub --repo repo --sign-key key.pem \
		--timestamp "$(at 5)"
}

# put_back FILE...: what the index was once.
put_back() {
	cp "$@" repo/index
}

# bad_package REASON PACKAGE COMMAND...: the package that the command makes in new is refused
# for that reason.
bad_package() {
	rm -rf new
	"${@:3}"
	refused "idx-entry: $2: $1" publish 5 new
}

unsigned_package() {
	mkdir -p new tree/usr/share
	echo unsigned >tree/usr/share/unsigned
	describe_tree '.name = "unsigned" | .architecture = "noarch"'
	tar_tree | compress >new/unsigned_1.0-1_noarch.peipkg
	rm -r tree
}

@test "peipkg-repo: usage errors" {
	wrong_usage 'a subcommand is wanted' peipkg-repo
	wrong_usage "no subcommand 'delete'" peipkg-repo delete
	wrong_usage "no subcommand '--in'" peipkg-repo --in repo publish
	wrong_usage "no option '--ins'" publish 5 new --ins x
	wrong_usage "no operand is wanted: 'x'" publish 5 new x
	wrong_usage '--in: a value is wanted' publish 5 new --in
	wrong_usage '--in: a value is wanted' publish 5 new --in ''
	wrong_usage '--rebuild: takes no value' publish 5 new --rebuild=yes
	wrong_usage '--rebuild goes with --all-packages-dir' publish 5 new --rebuild
	wrong_usage '--all-packages-dir goes with --rebuild' publish 5 new --all-packages-dir new
	wrong_usage "--check-deps: warn, error or off is wanted, not 'maybe'" \
		publish 5 new --check-deps maybe
	for number in 01 -1 1x 9223372036854775808 10000000000000000000; do
		wrong_usage "--index-version-floor: '$number' is no number" \
			publish 5 new --index-version-floor "$number"
	done
	for compression in xz gzipzstd 'gzip zstd'; do
		wrong_usage "--precompress: gzip, zstd or both are wanted, not '$compression'" \
			publish 5 new --precompress "$compression"
	done
	wrong_usage "--mode: metadata, hashes or both is wanted, not 'all'" verify --mode all
	wrong_usage "no operand is wanted: 'hello'" verify hello
	wrong_usage "--addr: HOST:PORT is wanted, not '8080'" \
		peipkg-repo serve --repo repo --addr 8080
	wrong_usage "--addr: HOST:PORT is wanted, not '127.0.0.1:70000'" \
		peipkg-repo serve --repo repo --addr 127.0.0.1:70000
}

@test "peipkg-repo: its usage and its version" {
	for argument in help --help -help -h; do
		run_apart peipkg-repo "$argument"
		assert_success
		assert_equal "${lines[0]}" \
			'usage: peipkg-repo init --name NAME [--description TEXT] SIGNING --timestamp TS --out DIR'
		assert_equal "$stderr" ''
	done
	run_apart publish 5 new --help
	assert_success
	assert_equal "${lines[0]% --name*}" 'usage: peipkg-repo init'
	for argument in --version -version; do
		run_apart peipkg-repo "$argument"
		assert_success
		assert_equal "$output" "peipkg-repo $(sed -n 's/^VERSION = //p' "$project/Makefile")"
	done
}

@test "peipkg-repo: what it writes cannot be written" {
	# to_full COMMAND...: exits with 1, for nothing else is wrong.
	to_full() {
		run_apart "$@"
		assert_success
		status=0
		"$@" >/dev/full 2>said || status=$?
		assert_equal "$status" 1
		grep -q 'No space left on device$' said
	}
	for argument in help --version; do
		to_full peipkg-repo "$argument"
	done
	to_full verify
	to_full peipkg-repo list --repo repo
	to_full peipkg-repo list --repo repo --json
	to_full publish 5 empty --dry-run
	to_full publish 5 empty
	verify
}

@test "peipkg-repo: every missing option" {
	# without NAME SUBCOMMAND NAME...: all of these options but the first one.
	without() {
		local given=("$2") name
		for name in "${@:3}"; do
			[[ $name == "$1" ]] || given+=("--$name" 2026-06-01T05:00:00Z)
		done
		wrong_usage "--$1 is required" peipkg-repo "${given[@]}" --sign-key key.pem
	}
	for missing in name timestamp out; do
		without "$missing" init name timestamp out
	done
	for missing in in timestamp out; do
		without "$missing" publish in new timestamp out
	done
	for missing in repo new-key timestamp; do
		without "$missing" add-key repo new-key timestamp
	done
	for missing in repo old-key valid-until timestamp; do
		without "$missing" rotate-key repo old-key valid-until timestamp
	done
	for command in retire-key revoke-key; do
		for missing in repo key timestamp; do
			without "$missing" "$command" repo key timestamp
		done
	done
	for missing in repo older-than timestamp; do
		without "$missing" prune-prerelease repo older-than timestamp
	done
	for command in verify list serve; do
		wrong_usage '--repo is required' peipkg-repo "$command"
	done
	wrong_usage '--new is required, or --rebuild' peipkg-repo publish --in repo --out repo \
		--sign-key key.pem --timestamp "$(at 5)"
}

@test "peipkg-repo: what signs is one key or one command" {
	local key='--sign-key or --sign-command is required'
	wrong_usage "$key" peipkg-repo "${publish_here[@]}"
	wrong_usage "$key" peipkg-repo init --name x --timestamp "$(at 5)" --out out
	wrong_usage "$key" peipkg-repo add-key --repo repo --new-key other.pem.pub \
		--timestamp "$(at 5)"
	wrong_usage '--sign-key and --sign-command exclude each other' \
		publish 5 new --sign-command true --public-key key.pem.pub
	wrong_usage '--sign-command goes with --public-key' \
		peipkg-repo "${publish_here[@]}" --sign-command true
	wrong_usage '--public-key goes with --sign-command' publish 5 new --public-key key.pem.pub
}

@test "peipkg-repo: --timestamp is a time, and none before the last one" {
	local time
	for time in now 2026-06-01 2026-06-01T05:00:00 2026-06-01T05:00:00+00:00 \
		'2026-06-01 05:00:00Z' 2026-06-01t05:00:00z 2026-06-31T05:00:00Z \
		2026-06-01T24:00:00Z 2026-06-01T05:00:60Z 1969-12-31T23:59:59Z \
		2300-01-01T00:00:00Z $'2026-06-01T05:00:00Z\n'; do
		message="--timestamp: '$time' is no time as YYYY-MM-DDThh:mm:ssZ [§3.3]"
		[[ $time != *$'\n' ]] || printf -v message %q "$message"
		refused "peipkg-repo: $message" publish 5 new --timestamp "$time"
	done
	for command in 'publish --in repo --out repo --new new' \
		'add-key --repo repo --new-key other.pem' \
		'prune-prerelease --repo repo --older-than 1d'; do
		# shellcheck disable=SC2086 # words
		refused 'peipkg-repo: --timestamp: 2026-06-01T01:59:59Z is before generated_at 2026-06-01T02:00:00Z of the last publication [§6.2.3]' \
			peipkg-repo $command --sign-key key.pem --timestamp 2026-06-01T01:59:59Z
	done
	publish 2 new
}

@test "peipkg-repo: where there is no repository" {
	refused 'peipkg-repo: nowhere: no such repository' publish 5 new --in nowhere
	refused 'peipkg-repo: key.pem: no such repository' publish 5 new --in key.pem
	refused 'peipkg-repo: nowhere: no such directory' publish 5 nowhere
	refused 'peipkg-repo: key.pem: no such directory' publish 5 key.pem
	bad_state 'peipkg-repo: repo: no repository: repo.json is not there' rm repo/repo.json
	for command in verify list serve; do
		refused 'peipkg-repo: repo: no repository: repo.json is not there' \
			peipkg-repo "$command" --repo repo
	done
}

@test "peipkg-repo: a descriptor that cannot be trusted" {
	local key=keys/$fingerprint.pub
	add_good_package
	bad_state 'idx-verify: repo.json.sig: No such file or directory' rm repo/repo.json.sig
	bad_state 'idx-verify: repo.json.sig: neither an envelope nor a bare signature: 0 bytes instead of 64 [§6.1.6]' \
		truncate -s 0 repo/repo.json.sig
	bad_state 'idx-verify: repo.json: byte 1: cut short [§1.3]' truncate -s 0 repo/repo.json
	bad_state 'idx-verify: repo.json: over the limit of 4194304 bytes' \
		truncate -s 4194305 repo/repo.json
	bad_state "idx-verify: repo.json.sig: bad signature by $fingerprint [§5.3.4]" \
		sed -i s/example/another/ repo/repo.json
	bad_state "idx-verify: repo.json.sig: signed by $other, which is not trusted [§5.3.4]" \
		sign_document repo/repo.json other.pem
	bad_state 'idx-verify: repo.json: schema_version: 2, only 1 is known [§3.3]' \
		edit_document repo.json '.schema_version = 2'
	bad_state "idx-verify: repo.json: repo.signing.keys: $key: No such file or directory" \
		rm "repo/$key"
	bad_state "idx-verify: repo.json: repo.signing.keys: $key: holds the key $other [§6.1.3]" \
		cp other.pem.pub "repo/$key"
	replace_by_fifo() {
		rm "repo/$key"
		mkfifo "repo/$key"
	}
	bad_state "idx-verify: repo.json: repo.signing.keys: $key: no regular file" replace_by_fifo
}

@test "peipkg-repo: an index without its own signature" {
	local kind
	add_good_package
	for kind in active archive; do
		index=index/$kind.json
		tail=$'\n'"peipkg-repo: $index: refused, see above"$'\n'$rebuild
		bad_state "idx-verify: $index.sig: No such file or directory$tail" rm "repo/$index.sig"
		bad_state "idx-verify: $index.sig: bad signature by $fingerprint [§5.3.4]$tail" \
			sed -i 's/1\.1-1/1.2-1/' "repo/$index"
		bad_state "idx-verify: $index.sig: bad signature by $fingerprint [§5.3.4]$tail" \
			truncate -s -1 "repo/$index"
		bad_state "idx-verify: $index.sig: bad signature by $fingerprint [§5.3.4]$tail" \
			cp repo/repo.json.sig "repo/$index.sig"
		bad_state "idx-verify: $index.sig: signed by $other, which is not trusted [§5.3.4]$tail" \
			sign_document "repo/$index" other.pem
		bad_state "peipkg-repo: $index: No such file or directory$tail" rm "repo/$index"
		replace_by_fifo() {
			rm "repo/$index"
			mkfifo "repo/$index"
		}
		bad_state "peipkg-repo: $index: no regular file$tail" replace_by_fifo
	done
	bad_state "idx-verify: $index.sig: over 4096 bytes, no signature$tail" \
		truncate -s 5000 "repo/$index.sig"
	bad_state "idx-verify: $index.sig: signature envelope: byte 193: cut short [§1.3]$tail" \
		truncate -s 192 "repo/$index.sig"
	bad_state "peipkg-repo: index/active.json: No such file or directory
peipkg-repo: index/archive.json: No such file or directory
peipkg-repo: index/active.json: refused, see above
peipkg-repo: index/archive.json: refused, see above
$rebuild" rm -r repo/index
}

@test "peipkg-repo: an index that is well signed, and broken" {
	local good=$BATS_FILE_TMPDIR/start/repo/index/archive.json
	add_good_package
	put_signed() {
		"$@" <"$good" >repo/index/archive.json
		sign_document repo/index/archive.json key.pem
	}
	# broken MESSAGE COMMAND...: the archive, as the command makes it of the good one.
	broken() {
		bad_state "idx-split: index/archive.json: $1
peipkg-repo: index/archive.json: refused, see above
$rebuild" put_signed "${@:2}"
	}
	broken 'byte 1: cut short [§1.3]' true
	broken "byte 1: '{' is wanted [§1.3]" tail -c +2
	broken 'byte 21: cut short [§1.3]' head -c 20
	broken 'packages: missing [§6.2.2]' jq -c 'del(.packages)'
	broken 'schema_version: 2, only 1 is known [§3.3]' jq -c '.schema_version = 2'
	broken 'index_version: 0, the first is 1 [§6.2.2]' jq -c '.index_version = 0'
	broken "generated_at: timestamp 'today': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]" \
		jq -c '.generated_at = "today"'
}

@test "peipkg-repo: an old archive whose entries are not what they have to be" {
	local hello='hello_1.1-1_noarch' size
	add_good_package
	# broken MESSAGE FILTER: after jq changed the archive's packages.
	broken() {
		bad_state "idx-check: index/archive.json: $1"$'\n'"$rebuild" \
			edit_archive ".packages |= $2"
	}
	broken "hello_1.1-1_noarch.peipkg: out of order behind other_1.0-1_noarch.peipkg [§6.3.5]" \
		'[.[2], .[3], .[0], .[1]]'
	broken "$hello.peipkg: there twice [§6.3.1]" '[.[0], .[0], .[1], .[2], .[3]]'
	broken 'entry 5: no object [§6.2.2]' '. + [5]'
	broken 'entry 2: name: missing or empty [§3.3]' '(.[1] |= del(.name))'
	broken "entry 2: hello_1.0-1_noarch: hash: value: no SHA-256 in lower-case hexadecimal [§1.3]" \
		'(.[1].hash.value = "00")'
	broken "entry 2: hello_1.0-1_noarch: url '/p/../../x': '.' or '..' component [§6.2.7]" \
		'(.[1].url = "/p/../../x")'
	in_both() {
		edit_archive "$1"
		edit_active "$1"
	}
	bad_state "idx-check: $hello: side_effects: no side effect 'reboot' [§4.3.4]
$rebuild" in_both '.packages[0].side_effects = ["reboot"]'
	cut_short() {
		truncate -s -3 repo/index/archive.json
		sign_document repo/index/archive.json key.pem
	}
	size=$(stat -c %s "$BATS_FILE_TMPDIR/start/repo/index/archive.json")
	bad_state "idx-check: index/archive.json: byte $((size - 2)): cut short [§1.3]
$rebuild" cut_short
}

@test "peipkg-repo: indexes edited by hand, each good by itself" {
	local hello='hello_1.1-1_noarch.peipkg' kind
	add_good_package
	# edited MESSAGE KIND FILTER: after jq changed the packages of that index.
	edited() {
		bad_state "idx-check: $1"$'\n'"$rebuild" edit_document "index/$2.json" \
			".packages |= $3"
		refused "idx-check: $1"$'\n'"$rebuild" publish 5 empty
		refused "idx-check: $1"$'\n'"$rebuild" publish 5 empty --force
		refused "idx-check: $1"$'\n'"$rebuild" peipkg-repo prune-prerelease --repo repo \
			--older-than 90d --sign-key key.pem --timestamp "$(at 5)"
	}
	edited "hello_1.1-1_noarch.peipkg: in the active index, but not in the archive [§6.3.6]
idx-check: other_1.1-1_noarch.peipkg: in the active index, but not in the archive [§6.3.6]" \
		archive '[]'
	edited "$hello: in the active index, but not in the archive [§6.3.6]" archive '.[2:]'
	edited 'hello: in the archive, but not in the active index [§6.3.6]' active '.[1:]'
	edited 'aa_1.1-1_noarch.peipkg: in the active index, but not in the archive [§6.3.6]' \
		active '[(.[0] | .name = "aa")] + .'
	edited "hello: the active index has hello_1.0-1_noarch.peipkg, the archive's highest version is $hello [§6.3.6]" \
		active '(.[0].version = "1.0-1")'
	edited "$hello: hash $(printf %064d 0) in the active index, $(jq -r .packages[0].hash.value repo/index/archive.json) in the archive [§6.3.6]" \
		active "(.[0].hash.value = \"$(printf %064d 0)\")"
	edited 'index/active.json: hello: there twice [§6.2.9]' active '.[:1] + .'
	edited 'index/active.json: hello: out of order behind other [§6.2.9]' active reverse
	for kind in active archive; do
		edited "$hello: the active index describes it otherwise than the archive [§6.2.5]" \
			"$kind" '(.[0].description = "edited")'
	done
	# As the advice has it.
	run_apart peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir repo/p \
		--new new --sign-key key.pem --timestamp "$(at 5)"
	assert_success
	assert_equal "$stderr" ''
	verify
}

@test "peipkg-repo: the check of an old state that does not end by itself" {
	copy_programs
	replace_filter idx-check <<-'END'
		kill -SEGV $$
	END
	refused 'peipkg-repo: idx-check: killed by SIGSEGV, exit status 139' publish 5 new
}

@test "peipkg-repo: an old state that is months old is no worse for that" {
	run_apart publish 5 new --timestamp 2026-09-01T00:00:00Z
	assert_success
	assert_equal "$stderr" ''
}

@test "peipkg-repo: an entry larger than any may be" {
	add_good_package
	{
		head -c -4 repo/index/archive.json
		printf ',"x":"'
		head -c $((32 * 1024 * 1024)) /dev/zero | tr '\0' x
		printf '"}]}\n'
	} >archive.json
	mv archive.json repo/index/archive.json
	sign_document repo/index/archive.json key.pem
	refused "idx-check: index/archive.json: entry 4: over the limit of 33554432 bytes
$rebuild" publish 5 new
}

# fatten KIND: adds 66 MiB to that index, in three entries.
fatten() {
	local name
	{
		head -c -3 "repo/index/$1.json"
		for name in yy yyy zzz; do
			jq -cj --arg name "$name" '.packages[0] | .name = $name
				| .url = "/p/\($name)_1.1-1_noarch.peipkg" | "," + tojson[:-1]' \
				"repo/index/$1.json"
			printf ',"x":"'
			head -c $((22 * 1024 * 1024)) /dev/zero | tr '\0' x
			printf '"}'
		done
		printf ']}\n'
	} >fat
	mv fat "repo/index/$1.json"
	sign_document "repo/index/$1.json" key.pem
}

@test "peipkg-repo: an active index larger than clients fetch" {
	local large='idx-check: index/active.json: over 64 MiB, which clients do not fetch [§6.2.11]
idx-check: warning: index/archive.json: over 64 MiB, which clients do not fetch [§6.3.9]'
	add_good_package
	# One that was published all the same needs no rebuild, and its keys can be changed.
	fatten archive
	fatten active
	refused "$large" publish 5 new
	run_apart publish 5 new --force
	assert_success
	assert_equal "$stderr" "${large/index\/active/warning: index/active}"
	run_apart peipkg-repo add-key --repo repo --new-key other.pem.pub --sign-key key.pem \
		--timestamp "$(at 6)"
	assert_success
}

@test "peipkg-repo: indexes of two generations, of another repository, of another kind" {
	local previous=$BATS_FILE_TMPDIR/start/repo/.peipkg-repo/previous
	local generations='peipkg-repo: index/: the two indexes are not of the same generation [§6.2.3]'
	add_good_package
	bad_state "$generations"$'\n'"$rebuild" put_back "$previous"/active.*
	bad_state "$generations"$'\n'"$rebuild" put_back "$previous"/archive.*
	bad_state "$generations"$'\n'"$rebuild" edit_archive '.generated_at = "2026-06-01T01:30:00Z"'
	for kind in active archive; do
		bad_state "peipkg-repo: index/$kind.json: repo: 'examples', but repo.json says 'example' [§6.2.2]
$rebuild" edit_document "index/$kind.json" '.repo = "examples"'
	done
	as_other() {
		cp "repo/index/$1.json" "repo/index/$2.json"
		cp "repo/index/$1.json.sig" "repo/index/$2.json.sig"
	}
	bad_state "peipkg-repo: index/active.json: kind: 'archive', not 'active' [§6.2.2]
$rebuild" as_other archive active
	bad_state "peipkg-repo: index/archive.json: kind: 'active', not 'archive' [§6.2.2]
$rebuild" as_other active archive
}

@test "peipkg-repo: a state that was rolled back, by one generation or more" {
	add_good_package
	cp -a repo/index third
	publish 3 empty
	publish 4 empty
	cp -a repo fifth
	# bad_state starts from these.
	restore() {
		rm -rf repo
		cp -a fifth repo
	}
	bad_state "peipkg-repo: index/: rolled back: index_version 3, which was 5 already [§6.2.3]
$rebuild" put_back third/*
	bad_state "peipkg-repo: index/: rolled back: index_version 4, which was 5 already [§6.2.3]
$rebuild" put_back fifth/.peipkg-repo/previous/*
	# The way out does not give a number a second time.
	run_apart peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir repo/p \
		--sign-key key.pem --timestamp "$(at 6)"
	assert_success
	assert_equal "${lines[0]}" 'published index_version 6 (4 new packages)'
	assert_equal "$stderr" \
		'peipkg-repo: index/: rolled back: index_version 4, which was 5 already [§6.2.3]'
	verify
}

@test "peipkg-repo: a key that may not sign" {
	local command
	# no_signer REASON
	no_signer() {
		refused "peipkg-repo: the signing key $other is $1" publish 5 new \
			--sign-key other.pem
	}
	new_key third.pem
	no_signer 'not in repo.json [§6.1.3]'
	for command in 'publish --in repo --out repo --rebuild --all-packages-dir repo/p' \
		'add-key --repo repo --new-key third.pem' \
		"rotate-key --repo repo --old-key $fingerprint --valid-until 2026-08-01T00:00:00Z" \
		"retire-key --repo repo --key $fingerprint" \
		"revoke-key --repo repo --key $fingerprint --force" \
		'prune-prerelease --repo repo --older-than 1d'; do
		# shellcheck disable=SC2086 # words
		refused "peipkg-repo: the signing key $other is not in repo.json [§6.1.3]" \
			peipkg-repo $command --sign-key other.pem --timestamp "$(at 5)"
	done
	list_key other.pem 'status: "revoked"'
	no_signer 'revoked in repo.json, not active [§5.2.6]'
	list_key other.pem 'status: "transitioning", valid_until: "2026-06-01T12:00:00Z"'
	no_signer 'transitioning in repo.json, not active [§5.2.6]'
	list_key other.pem 'status: "transitioning", valid_until: "2026-06-01T04:00:00Z"'
	no_signer 'transitioning in repo.json, not active [§5.2.6]'
	list_key other.pem 'status: "active"'
	publish 5 new --sign-key other.pem
}

@test "peipkg-repo: a descriptor signed by a key past its date" {
	list_key other.pem 'status: "active"'
	list_key key.pem 'status: "transitioning", valid_until: "2026-06-01T04:00:00Z"'
	refused "idx-verify: repo.json.sig: signed by $fingerprint, which is past its valid_until [§5.2.6]" \
		publish 5 new --sign-key other.pem
}

# not_ed25519 MESSAGE FILE: what every command says of such a key.
not_ed25519() {
	refused "peipkg-repo: $2: $1" publish 5 new --sign-key "$2"
	refused "peipkg-repo: $2: $1" peipkg-repo init --name x --sign-key "$2" \
		--timestamp "$(at 5)" --out out
	refused "peipkg-repo: $2: $1" peipkg-repo add-key --repo repo --new-key other.pem \
		--sign-key "$2" --timestamp "$(at 5)"
}

@test "peipkg-repo: a key file that is no Ed25519 key" {
	openssl genrsa -out rsa 1024 2>/dev/null
	openssl ecparam -genkey -name prime256v1 -noout -out ec
	openssl genpkey -algorithm x25519 -out x25519
	openssl pkey -in key.pem -aes128 -passout pass:x -out encrypted
	head -c 33 /dev/urandom >long
	: >nothing
	mkdir directory
	not_ed25519 'holds an RSA key, not an Ed25519 one [§5.2.1]' rsa
	not_ed25519 'holds an EC key, not an Ed25519 one [§5.2.1]' ec
	not_ed25519 'holds an X25519 key, not an Ed25519 one [§5.2.1]' x25519
	not_ed25519 'holds an encrypted private key; decrypt it into a pipe (openssl pkey)' encrypted
	not_ed25519 '33 bytes that are neither a raw key (32) nor PEM [§5.2.2]' long
	not_ed25519 'is empty' nothing
	not_ed25519 'is a directory' directory
	not_ed25519 'no such key' nowhere
	not_ed25519 'holds a public key where a private one is wanted' key.pem.pub
	for kind in rsa ec; do
		openssl pkey -in "$kind" -pubout -out "$kind.pub"
		refused "peipkg-repo: $kind.pub: holds an ${kind^^} key, not an Ed25519 one [§5.2.1]" \
			peipkg-repo "${publish_here[@]}" --sign-command true --public-key "$kind.pub"
	done
	refused 'peipkg-repo: key.pem: holds a private key where a public one is wanted' \
		peipkg-repo "${publish_here[@]}" --sign-command true --public-key key.pem
}

@test "peipkg-repo: a key in a pipe, of which there is more to sign than it can be read" {
	from_pipe() {
		publish 5 new --sign-key <(cat key.pem)
	}
	before=$(state_of .)
	run_apart from_pipe
	assert_equal "$status" 1
	[[ $stderr == 'peipkg-repo: /dev/fd/'*': no regular file; --sign-command is for keys elsewhere' ]]
	assert_equal "$(state_of .)" "$before"
}

@test "peipkg-repo: a command that does not sign" {
	sign() {
		peipkg-repo "${publish_here[@]}" --sign-command "$1" --public-key key.pem.pub
	}
	refused 'peipkg-repo: --sign-command: exit status 7' sign 'exit 7'
	refused 'peipkg-repo: --sign-command: killed by SIGTERM, exit status 143' sign 'kill $$'
	for command in cat true 'head -c 65 /dev/zero'; do
		refused 'peipkg-repo: --sign-command: not a raw signature of 64 bytes' sign "$command"
	done
	# Nobody's, and that of another key than the one that is named.
	for command in 'head -c 64 /dev/zero' \
		'cat >tmp/d; openssl pkeyutl -sign -rawin -inkey other.pem -in tmp/d; rm tmp/d'; do
		refused 'peipkg-repo: --sign-command: no signature of this document by key.pem.pub [§5.3.2]' \
			sign "$command"
	done
}

@test "peipkg-repo publish: --package-url-template" {
	local template
	add_good_package
	# bad REASON TEMPLATE...
	bad() {
		for template in "${@:2}"; do
			refused "peipkg-repo: --package-url-template: $template: $1" \
				publish 5 new --package-url-template "$template"
		done
	}
	bad 'no {filename} in it [§6.4.3]' '/p/{name}' '/p/{filename' x
	bad "'{file}' is no placeholder, only {name}, {version}, {arch} and {filename} are [§6.4.3]" \
		'/p/{file}/{filename}'
	bad "'{Name}' is no placeholder, only {name}, {version}, {arch} and {filename} are [§6.4.3]" \
		'https://example.org/{Name}/{filename}'
	bad 'neither a path from / on nor http:// nor https:// [§6.2.7]' 'p/{filename}' \
		'{filename}' 'ftp://example.org/{filename}' 'file:///{filename}' '../{filename}'
	bad 'no host [§6.2.7]' 'https:///{filename}' 'http://:80/{filename}'
	bad "'.' or '..' component [§6.2.7]" '/../{filename}' '/p/../../{filename}' '/./{filename}' \
		'https://example.org/../{filename}'
	bad 'a byte that no URL'"'"'s path holds as it is, or an encoded one [§6.2.7]' \
		'/%2e%2e/{filename}' '/a b/{filename}' '/é/{filename}'
	bad 'empty component [§6.2.7]' '//p/{filename}' '/p//{filename}'
	bad 'where the repository'"'"'s own documents are [§6.4.2]' '/index/{filename}' \
		'/keys/{filename}' '/index/x/{filename}' '/repo.json/{filename}' '/assets/{filename}'
	bad 'a hidden name [§6.4.2]' '/.peipkg-repo/{filename}' '/p/.x/{filename}'
	bad 'a path has to end in /{filename} [§6.4.3]' '/p/{filename}/x' '/p/x{filename}'
	refused "peipkg-repo: --package-url-template: /p\\x0a/{filename}: a byte that no URL's path holds as it is, or an encoded one [§6.2.7]" \
		publish 5 new --package-url-template $'/p\n/{filename}'
}

@test "peipkg-repo publish: an index_version that none can follow" {
	local refusal='peipkg-repo: index_version 9223372036854775807 is the highest there is: no other can follow [§6.2.3]'
	add_good_package
	refused "$refusal" publish 5 new --index-version-floor 9223372036854775807
	publish 5 new --index-version-floor 9223372036854775806
	verify
	assert_equal "$(grep -o '"index_version":[0-9]*' repo/index/active.json)" \
		'"index_version":9223372036854775807'
	refused "$refusal" publish 6 empty
}

@test "peipkg-repo publish: a package that is damaged, renamed, of another schema" {
	local hello=hello_2.0-1_noarch.peipkg
	# spoilt COMMAND...: a package, after that.
	spoilt() {
		new_package new hello 2.0-1
		"$@"
	}
	bad_package 'the zstd frame is cut short [§3.1.3]' "$hello" spoilt truncate -s -1 "new/$hello"
	bad_package 'empty, no zstd frame [§3.1.3]' "$hello" spoilt truncate -s 0 "new/$hello"
	bad_package 'not zstd [§3.1.3]' "$hello" spoilt cp key.pem "new/$hello"
	bad_package 'bytes behind the last zstd frame [§3.1.3]' "$hello" spoilt truncate -s +1 "new/$hello"
	for file in hello_2.0-2_noarch hello_2.0-1_x86_64 hallo_2.0-1_noarch -n; do
		bad_package "the name of its file has to be $hello [§2.1.4]" "$file.peipkg" \
			spoilt mv "new/$hello" "new/$file.peipkg"
	done
	bad_package "the name of its file has to be $hello [§2.1.4]" 'a\x0ab.peipkg' \
		spoilt mv "new/$hello" $'new/a\nb.peipkg'
	bad_package '.peipkg/manifest.json: schema_version: 2, only 1 is known [§3.3]' "$hello" \
		new_package new hello 2.0-1 noarch '.schema_version = 2'
	dangling() {
		mkdir new
		ln -s nowhere "new/$hello"
	}
	rm -r new
	dangling
	refused "cp: cannot stat 'new/$hello': No such file or directory" publish 5 new
}

@test "peipkg-repo publish: a package that is not signed, or by whom nobody trusts" {
	local hello=hello_2.0-1_noarch.peipkg
	bad_package 'not signed [§5.3.4]' unsigned_1.0-1_noarch.peipkg unsigned_package
	signed_by_other() {
		key=other.pem new_package new hello 2.0-1
	}
	bad_package "signed by $other, which is not trusted [§5.3.4]" "$hello" signed_by_other
	refused "idx-entry: $hello: signed by $other, which is not trusted [§5.3.4]" \
		publish 5 new --allow-unsigned
	list_key other.pem 'status: "revoked"'
	refused "idx-entry: $hello: signed by $other, which is revoked [§5.2.6]" publish 5 new
	list_key other.pem 'status: "transitioning", valid_until: "2026-06-01T04:00:00Z"'
	refused "idx-entry: $hello: signed by $other, which is past its valid_until [§5.2.6]" \
		publish 5 new
	rm -r new
	unsigned_package
	run_apart publish 5 new --allow-unsigned
	assert_success
	assert_equal "${lines[1]}" '  + unsigned_1.0-1_noarch.peipkg'
}

@test "peipkg-repo publish: a signature that is not that of the package" {
	local hello=hello_2.0-1_noarch.peipkg
	new_package new hello 2.0-1
	zstd -dc "new/$hello" >archive
	# One letter of the payload; files.json says what it was.
	sed -i 's/hello 2\.0-1$/hello 2.0-2/' archive
	compress <archive >"new/$hello"
	run_apart publish 5 new --allow-unsigned
	assert_equal "$status" 1
	[[ $stderr == "idx-entry: $hello: usr/share/hello: hash mismatch (computed "* ]]
	# One letter of what only the signature knows.
	zstd -dc "$BATS_FILE_TMPDIR"/start/repo/p/hello/1.1-1/*.peipkg >archive
	rm -r new
	mkdir new
	sed -i 's/"farm_id":"farm"/"farm_id":"fram"/' archive
	compress <archive >new/hello_1.1-1_noarch.peipkg
	refused "idx-entry: hello_1.1-1_noarch.peipkg: bad signature by $fingerprint [§5.3.4]" \
		publish 5 new --allow-unsigned
}

@test "peipkg-repo publish: all bad packages in one run, the good ones held back" {
	key=other.pem new_package new aa 1-1
	new_package new bb 1-1
	mv new/bb_1-1_noarch.peipkg new/b_1-1_noarch.peipkg
	new_package new cc 1-1
	truncate -s 100 new/cc_1-1_noarch.peipkg
	new_package new dd 1-1
	refused "idx-entry: aa_1-1_noarch.peipkg: signed by $other, which is not trusted [§5.3.4]
idx-entry: b_1-1_noarch.peipkg: the name of its file has to be bb_1-1_noarch.peipkg [§2.1.4]
idx-entry: cc_1-1_noarch.peipkg: the zstd frame is cut short [§3.1.3]" publish 5 new
	rm new/[abc]*
	publish 5 new
}

@test "peipkg-repo publish: what is published already, or twice at once" {
	new_package new hello 1.0-1
	new_package new other 1.1-1
	new_package new good 1.0-1
	refused 'idx-merge: hello_1.0-1_noarch.peipkg: in the archive already [§6.3.1]
idx-merge: other_1.1-1_noarch.peipkg: in the archive already [§6.3.1]' publish 5 new
	# Not the same bytes, but the same package.
	rm -r new
	key=other.pem new_package new hello 1.0-1
	list_key other.pem 'status: "active"'
	refused 'idx-merge: hello_1.0-1_noarch.peipkg: in the archive already [§6.3.1]' publish 5 new
	# The only way to have one file name twice.
	mkdir all
	cp new/* all
	cp -r repo/p/hello/1.0-1 all/deeper
	refused 'peipkg-repo: hello_1.0-1_noarch.peipkg: twice among the packages [§6.3.1]' \
		publish 5 new --rebuild --all-packages-dir repo/p
	refused 'peipkg-repo: hello_1.0-1_noarch.peipkg: twice among the packages [§6.3.1]' \
		peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir all \
		--sign-key key.pem --timestamp "$(at 5)"
}

@test "peipkg-repo publish: two architectures at the highest version" {
	local advice='and neither is newer: keep a repository for each architecture [§6.2.9]'
	new_package new hello 2.0-1 x86_64
	new_package new hello 2.0-1 aarch64
	new_package new other 1.1-1 x86_64
	refused "idx-active: hello_2.0-1_x86_64: another architecture than hello_2.0-1_aarch64, $advice
idx-active: other_1.1-1_x86_64: another architecture than other_1.1-1_noarch, $advice" publish 5 new
	# One below the highest does no harm.
	rm new/*
	new_package new hello 1.0-1 x86_64
	publish 5 new
}

@test "peipkg-repo publish: --out" {
	add_good_package
	mkdir -p full hidden/.x empty
	touch full/file hidden/.x/file
	ln -s repo to-in
	ln -s empty to-empty
	ln -s nowhere to-nowhere
	# bad_out MESSAGE OUT...
	bad_out() {
		for out in "${@:2}"; do
			refused "peipkg-repo: $out: $1" publish 5 new --out "$out"
		done
	}
	bad_out 'not empty' full hidden . full/../hidden repo/..
	bad_out 'inside --in' repo/out repo/p repo/p/../out repo/index to-in/out
	bad_out 'a symbolic link' to-in to-empty to-nowhere to-in/ to-empty// to-nowhere/
	bad_out 'no directory' key.pem full/file
	publish 5 new --out empty
	assert_equal "$(ls -A empty)" $'index\nkeys\np\nrepo.json\nrepo.json.sig'
}

@test "peipkg-repo publish: a refusal leaves nothing beside --out, either" {
	new_package new hello 1.0-1
	refused 'idx-merge: hello_1.0-1_noarch.peipkg: in the archive already [§6.3.1]' \
		publish 5 new --out other-place
	refused 'idx-merge: hello_1.0-1_noarch.peipkg: in the archive already [§6.3.1]' \
		publish 5 new --out empty
	sed -i 's/1\.1-1/1.2-1/' repo/index/active.json
	refused "idx-verify: index/active.json.sig: bad signature by $fingerprint [§5.3.4]
peipkg-repo: index/active.json: refused, see above
$rebuild" publish 5 new --out other-place
}

@test "peipkg-repo: a refusal leaves nothing on the way to --out" {
	mkdir way
	new_package new hello 1.0-1
	for out in a/b/c "$PWD/way/b/" way/b/../c; do
		refused 'idx-merge: hello_1.0-1_noarch.peipkg: in the archive already [§6.3.1]' \
			publish 5 new --out "$out"
		refused 'peipkg-repo: --sign-command: exit status 1' peipkg-repo init --name x \
			--sign-command 'cat; exit 1' --public-key key.pem.pub --timestamp "$(at 5)" \
			--out "$out"
	done
	publish 5 empty --out way/b/c
	verify --repo way/b/c
}

@test "peipkg-repo init: --out, --name and --description" {
	init() {
		peipkg-repo init --name x --sign-key key.pem --timestamp "$(at 5)" --out out "$@"
	}
	ln -s empty to-empty
	refused 'peipkg-repo: repo: not empty' init --out repo
	refused 'peipkg-repo: key.pem: no directory' init --out key.pem
	refused 'peipkg-repo: to-empty: a symbolic link' init --out to-empty
	refused 'peipkg-repo: to-empty/: a symbolic link' init --out to-empty/
	refused 'repo-desc: new descriptor: repo.name: holds what is no printable character [§6.1.2]' \
		init --name $'a\nb'
	refused 'repo-desc: new descriptor: repo.description: holds what is no printable character [§6.1.2]' \
		init --description $'a\tb'
	[[ ! -e out ]]
}

@test "peipkg-repo publish: --rebuild from packages that cannot be had" {
	mkdir all
	rebuild() {
		peipkg-repo publish --in repo --out repo --rebuild --all-packages-dir "$1" \
			--sign-key key.pem --timestamp "$(at 5)" "${@:2}"
	}
	refused 'peipkg-repo: nowhere: no such directory' rebuild nowhere
	cp repo/p/hello/1.1-1/*.peipkg all
	truncate -s -1 all/*
	refused 'idx-entry: hello_1.1-1_noarch.peipkg: the zstd frame is cut short [§3.1.3]' rebuild all
	rm repo/index/*.json
	refused 'peipkg-repo: index/active.json: No such file or directory
peipkg-repo: index/archive.json: No such file or directory
peipkg-repo: index/active.json: refused, see above
peipkg-repo: index/archive.json: refused, see above
peipkg-repo: --index-version-floor is wanted: no old index says which versions clients have seen [§6.2.3]' \
		rebuild repo/p
}
