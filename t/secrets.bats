#!/usr/bin/env bats

# Private keys and other secrets: where they must not be found.
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load helper
load package
load build
load farm

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	umask 077
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl pkey -in key.pem -pubout -out key.pub
	openssl pkey -in key.pem -outform DER | tail -c 32 >key.seed
	new_tree
	describe_tree
	tar_tree >archive
	printf '{"a":1}\n' >document
	printf '{"repository":{"clone_url":"https://example.org/a"}}\n' >body
	openssl rand -base64 24 >secret
	"$BATS_TEST_DIRNAME/secret-words" key key.pem >words
}

setup() {
	enter_workshop
	cp -rp "$BATS_FILE_TMPDIR/." .
	PATH=$PATH:$BATS_TEST_DIRNAME
}

teardown() {
	end_farm
	[[ -z ${holder-} ]] || kill "$holder" 2>/dev/null || :
	[[ -z ${public_place-} ]] || rm -rf "$public_place"
}

# search SIDE WORDS COMMAND...: what is found while it waits, in $stderr.
search() {
	run_apart timeout 60 search-memory "$@"
	((status != 77)) || skip "$stderr"
	assert_success
}

# signature_of BODY SECRET: as GitHub sends it.
signature_of() {
	openssl dgst -r -sha256 -hmac "$(<"$2")" <"$1" | sed 's/ .*//; s/^/sha256=/'
}

@test "keys: the seed alone is in memory while there is something to sign, and once" {
	for key in key.pem key.seed; do
		search -i words idx-sign -k "$key" <document
		assert_equal "$stderr" 'seed 25'
		search -i words pk-sign -k "$key" <archive
		assert_equal "$stderr" 'seed 25'
	done
	search -i words idx-sign -k <(cat key.pem) <document
	assert_equal "$stderr" 'seed 25'
}

@test "keys: nothing of them is in memory once it is signed" {
	head -c -1024 archive | openssl dgst -sha256 -binary >digest-of-archive
	openssl dgst -sha256 -binary document >digest-of-document
	secret-words key key.pem digest-of-archive >archive.words
	secret-words key key.pem digest-of-document >document.words
	for key in key.pem key.seed; do
		search -o document.words idx-sign -k "$key" <document
		assert_equal "$stderr" ''
		search -o archive.words pk-sign -k "$key" <archive
		assert_equal "$stderr" ''
	done
	search -o document.words idx-sign -k <(cat key.pem) <document
	assert_equal "$stderr" ''
}

@test "keys: nothing of them is in memory once the public half is known" {
	for key in key.pem key.seed; do
		for form in '' -f -g -s; do
			search -o words pk-key ${form:+"$form"} <"$key"
			assert_equal "$stderr" ''
		done
	done
}

@test "keys: nothing of a webhook's secret is in memory once the signature holds" {
	# Of one that is longer than a block of SHA-256, the hash is the key (RFC 2104).
	for size in 12 32 64 65 200; do
		openssl rand -base64 300 | tr -d '\n' | head -c "$size" >secret
		secret-words hmac secret >hmac.words
		signature=$(signature_of body secret)
		search -o hmac.words farm-hook -s secret -g "$signature" <body
		assert_equal "$stderr" ''
	done
}

# What reads a secret, from a FIFO; run as another user, if we are root, in a place of its own.
readers=('pk-sign -k fifo' 'idx-sign -k fifo' 'pk-key <fifo' 'farm-hook -s fifo <body')

new_public_place() {
	public_place=$(TMPDIR=/tmp mktemp -d) # others cannot reach what is below that of bats
	cp "$project/${BUILD:-build}"/bin/{pk-sign,idx-sign,pk-key,farm-hook} body "$public_place"
	mkfifo "$public_place/fifo"
	chmod 755 "$public_place"
	as_nobody=()
	((EUID != 0)) || as_nobody=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	give_away "$public_place"
}

# give_away FILE: to the user that is not root.
give_away() {
	((EUID != 0)) || chown -R nobody "$1"
}

# hold COMMAND: starts it in the background, and waits until it, as $holder, has a part of a
# key and wants the rest. Its parent exits with 3 if it left a core dump.
hold() {
	local command=$1 parent
	exec 8<>"$public_place/fifo"
	(
		cd "$public_place"
		ulimit -c unlimited
		PATH=$public_place:$PATH exec perl -e 'system @ARGV; exit($? & 128 ? 3 : 0)' \
			"${as_nobody[@]}" sh -c "exec $command"
	) >/dev/null 2>&1 3>&- 8>&- &
	parent=$!
	head -c 20 key.pem >&8
	await 'holder=$(pgrep -P "$parent" -x "${command%% *}")'
	await '[[ $(ps -o stat= -p "$holder") == S* ]]'
}

# let_go: what was held ends of SIGABRT; with 3 if it left a core dump.
let_go() {
	local parent
	parent=$(($(ps -o ppid= -p "$holder")))
	kill -ABRT "$holder"
	exec 8>&-
	holder=''
	wait "$parent"
}

# Who can be looked into owns these.
owners() {
	stat -c %U "/proc/$holder/environ" "/proc/$holder/mem" | sort -u
}

@test "keys: who reads one cannot be looked into by its user" {
	new_public_place
	hold 'cat fifo'
	((EUID != 0)) || assert_equal "$(owners)" nobody
	let_go || :
	for reader in "${readers[@]}"; do
		hold "$reader"
		assert_equal "$(owners)" root
		run_apart "${as_nobody[@]}" cat "/proc/$holder/environ"
		assert_failure
		let_go || :
	done
}

@test "keys: who reads one leaves no core dump" {
	new_public_place
	hold 'cat fifo'
	let_go && skip 'nobody leaves a core dump here'
	rm -f "$public_place"/core*
	for reader in "${readers[@]}"; do
		hold "$reader"
		let_go
		assert_equal "$(ls "$public_place")" $'body\nfarm-hook\nfifo\nidx-sign\npk-key\npk-sign'
	done
}

@test "keys: on a descriptor, for a user who is not root" {
	new_public_place
	idx-sign -k key.pem <document >expected
	cp key.pem "$public_place"
	give_away "$public_place/key.pem"
	"${as_nobody[@]}" "$public_place/idx-sign" -k /dev/fd/9 <document \
		9<"$public_place/key.pem" | cmp - expected
	ours=$public_place/idx-sign
	"${as_nobody[@]}" bash -c 'cat <&8 | "$1" -k /dev/fd/9 9<&0 <&7' - "$ours" \
		7<document 8<key.pem | cmp - expected
}

@test "keys: one that is held is not swapped out" {
	mkfifo fifo
	exec 8<>fifo
	pk-sign -k key.pem <fifo >/dev/null 3>&- 8>&- &
	holder=$!
	await '[[ $(ps -o comm=,stat= -p "$holder") == "pk-sign "*S* ]]'
	locked=$(sed -n 's/^VmLck:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$holder/status")
	exec 8>&-
	[[ ! -v ASAN_OPTIONS ]] || skip 'under a sanitizer, nothing is locked'
	assert [ "$locked" -gt 0 ]
}

# refuses_key MESSAGE FILE [MESSAGE]: each program that reads keys, at once; the wrapper with
# a message of its own.
refuses_key() {
	local message="$2: $1"
	run_apart timeout 20 pk-sign -k "$2" <archive
	assert_equal "$status:$output:$stderr" "1::pk-sign: $message"
	run_apart timeout 20 idx-sign -k "$2" <document
	assert_equal "$status:$output:$stderr" "1::idx-sign: $message"
	run_apart timeout 20 farm-hook -s "$2" <body
	assert_equal "$status:$output:$stderr" "1::farm-hook: $message"
	run_apart timeout 20 peipkg-repo init --name example --sign-key "$2" \
		--timestamp "$build_time" --out repo
	assert_equal "$status:$output:$stderr" "1::peipkg-repo: $2: ${3-$1}"
	assert_not_exist repo
}

# A terminal that nobody has, as $terminal.
open_terminal() {
	mkfifo names
	python3 -c 'import os, time
pair = os.openpty()
print(os.ttyname(pair[1]), flush=True)
time.sleep(600)' >names 3>&- &
	holder=$!
	read -r terminal <names
}

@test "keys: a link to a directory, a terminal, a device, a file that is too long, nothing" {
	device='is a device or a socket; a key comes from a file or a pipe'
	ln -s tmp to-directory
	refuses_key 'is a directory' to-directory
	ln -s /dev/zero to-device
	refuses_key "$device" to-device
	open_terminal
	ln -s "$terminal" to-terminal
	refuses_key 'is a terminal; a key comes from a file or a pipe' to-terminal "$device"
	truncate -s 1T sparse
	ln -s sparse to-sparse
	refuses_key 'is longer than 65536 bytes' to-sparse
	ln -s nowhere to-nowhere
	refuses_key 'No such file or directory' to-nowhere 'no such key'
	ln -s loop loop
	refuses_key 'Too many levels of symbolic links' loop 'no such key'
}

@test "keys: /dev/tty" {
	timeout 20 script -qec 'idx-sign -k /dev/tty <document 2>message' /dev/null </dev/null || :
	assert_equal "$(<message)" \
		'idx-sign: /dev/tty: is a terminal; a key comes from a file or a pipe'
	run_apart timeout 20 setsid -w idx-sign -k /dev/tty <document
	assert_refused 1 'idx-sign: /dev/tty: No such device or address'
}

@test "keys: a terminal does not become that of who was told to read a key from it" {
	open_terminal
	cat >leader <<-'END'
		. "$1/common.sh"
		. "$1/signing.sh"
		option[sign_key]=$2 signing=key
		trap 'ps -o tty= -p $$' EXIT
		check_signing_key
	END
	share=$project/${BUILD:-build}/share/peipkg-tools
	run_apart env share="$share" program=leader setsid -w bash leader "$share" "$terminal" \
		</dev/null
	assert_output '?'
	assert_refused 1 "leader: $terminal: is a device or a socket; a key comes from a file or a pipe"
}

@test "keys: a FIFO that nobody writes to is refused, one that is written to late is not" {
	local -a readers
	idx-sign -k key.pem <document >expected
	mkfifo alone late slow left
	for program in pk-sign:-k idx-sign:-k farm-hook:-s; do
		timeout 60 "${program%:*}" "${program#*:}" alone <document >>out \
			2>"said by ${program%:*}" 3>&- &
		readers+=("$!")
	done
	timeout 60 idx-sign -k late <document >by-late 3>&- &
	readers+=("$!")
	timeout 60 idx-sign -k slow <document >by-slow 3>&- &
	readers+=("$!")
	{
		sleep 7
		cat key.pem
	} >slow 3>&- &
	sleep 1
	cat key.pem >late
	: >left 3>&- &
	run_apart timeout 60 idx-sign -k left <document
	assert_refused 1 'idx-sign: left: is empty'
	wait "${readers[@]}"
	for program in pk-sign idx-sign farm-hook; do
		assert_equal "$(<"said by $program")" "$program: alone: is a FIFO that nobody writes to"
	done
	assert_equal "$(<out)" ''
	cmp by-late expected
	cmp by-slow expected
	# Who wrote to a pipe may be gone before it is opened.
	run_apart bash -c 'exec 9< <(:); wait $!; SECONDS=0
		idx-sign -k /dev/fd/9 <document; echo "$SECONDS"'
	assert_equal "$stderr" 'idx-sign: /dev/fd/9: is empty'
	assert [ "$output" -lt 5 ]
}

# assert_unsaid FILE: nothing of the key is in it.
assert_unsaid() {
	[[ -s $1 ]]
	cut -d ' ' -f 2 words >patterns
	run_apart grep -cF -f patterns <(xxd -p "$1" | tr -d '\n')
	assert_output 0
}

@test "keys: no message quotes one that is damaged" {
	run_apart assert_unsaid key.pem
	assert_failure
	size=$(stat -c %s key.pem)
	for ((at = 0; at < size - 1; at++)); do
		for byte in - '\n' '\0'; do
			{
				head -c "$at" key.pem
				printf '%b' "$byte"
				tail -c "+$((at + 2))" key.pem
			} >damaged
			pk-key <damaged 2>>said >/dev/null || :
		done
	done
	for script in 1d '$d' 2d 2p 1p 's/PRIVATE/PUBLIC/' '1s/PRIVATE KEY/&S/' '1s/KEY.*/KEY/' \
		'1s/.*/-----BEGIN ENCRYPTED PRIVATE KEY-----/' '2s/./& /g'; do
		sed "$script" key.pem >damaged
		pk-key <damaged 2>>said >/dev/null || :
		pk-key -p <damaged 2>>said >/dev/null || :
	done
	paste -sd ' ' key.pem >damaged
	pk-key <damaged 2>>said || :
	assert [ "$(wc -l <said)" -gt 300 ]
	assert_unsaid said
}

# takes_no_key FIRST-LINE COMMAND...: what it says goes to the file said.
takes_no_key() {
	run_apart "${@:2}"
	assert_equal "$status:$output:${stderr_lines[0]}" "2::$1"
	printf '%s\n' "$stderr" >>said
}

@test "keys: one that is given where its file is wanted is not quoted" {
	text=$(<key.pem)
	new_hello
	no_file='the file of a key is wanted, not the key itself'
	takes_no_key "pk-sign: -k: $no_file" pk-sign -k "$text"
	takes_no_key "idx-sign: -k: $no_file" idx-sign -k "$text"
	takes_no_key 'pk-key: a key is read from standard input' pk-key -- "$text"
	takes_no_key "peipkg-build: --sign-key: $no_file" build --sign-key "$text"
	takes_no_key "peipkg-repo: --sign-key: $no_file" peipkg-repo init --name example \
		--sign-key "$text" --timestamp "$build_time" --out repo
	cat >config.toml <<-END
		signing.key_file = '''$text'''
		poll.default_interval = "1h"
		repo.name = "example"
		manager.id = "example-farm"
		manager.recipes_dir = "$PWD"
		manager.state_dir = "$PWD/farm"
	END
	takes_no_key 'farm-config: [signing]: key_file: holds what is no printable character' \
		peipkg-manager --config config.toml --once
	assert_unsaid said
}

# handlers SECRETFILE COMMAND...: who had the secret of which there are words, or its file, in
# hands, of all that the command runs.
handlers() {
	mkdir traces
	timeout 500 strace -ff -y -v -xx -s 1000000 \
		-e trace=%file,%process,%network,%desc -o traces/of "${@:2}" >printed 2>said
	search-calls words "$PWD/$1" traces/of.*
	rm -r traces
}

# use_aloud NAME: the program as `aloud`, run by a bash that tells all that it does.
use_aloud() {
	aloud=(bash -xp "$(command -v "$1")")
}

@test "keys: of all that peipkg-build runs, the filters that sign have one in hands" {
	need_strace
	new_hello
	add_second_package
	echo 'env >"$DESTDIR/etc/environment"; ps -ef >"$DESTDIR/etc/processes"' >>recipe/build.sh
	use_aloud peipkg-build
	run_apart handlers key.pem "${aloud[@]}" build --recipe recipe/peipkg.toml --source source \
		"${facts[@]}" --out out --sign-key key.pem
	assert_output $'pk-key read\npk-sign read'
	assert_equal "$(ls out)" $'a-second_1.0-1_x86_64.peipkg\nhello_1.0-1_noarch.peipkg'
}

@test "keys: of all that peipkg-build runs, pk-sign has one that comes in a pipe" {
	need_strace
	new_hello
	run_apart handlers key.pem peipkg-build build --recipe recipe/peipkg.toml --source source \
		"${facts[@]}" --out out --sign-key /dev/fd/9 9< <(cat key.pem)
	assert_output 'pk-sign read'
	assert_exist out/hello_1.0-1_noarch.peipkg
}

@test "keys: of all that peipkg-repo runs, the filters that sign have one in hands" {
	need_strace
	new_hello
	build --sign-key key.pem
	use_aloud peipkg-repo
	run_apart handlers key.pem "${aloud[@]}" init --name example --out repo --sign-key key.pem \
		--timestamp "$build_time"
	assert_output $'idx-sign read\npk-key read'
	run_apart handlers key.pem "${aloud[@]}" publish --in repo --new out --out repo --sign-key key.pem \
		--timestamp 2026-06-01T00:00:00Z
	assert_output $'idx-sign read\npk-key read'
	assert_exist repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg
	new_key other.pem
	secret-words key other.pem >words
	run_apart handlers other.pem "${aloud[@]}" add-key --repo repo --new-key other.pem --sign-key key.pem \
		--timestamp 2026-06-02T00:00:00Z
	assert_output 'pk-key read'
	assert_exist "repo/keys/$(pk-key -f <other.pem).pub"
}

@test "keys: of all that peipkg-manager runs, the filters that sign have one in hands" {
	need_strace
	new_farm <<-END
		[[signing_key]]
		name = "boot"
		private = "$PWD/granted.pem"
		pubkey_env = "BOOT_KEY"
		[[grant]]
		recipe = "hello"
		inject_pubkey = ["boot"]
		[upload]
		backend = "command"
		remote = "touch '$PWD/uploaded'; true"
	END
	new_key granted.pem
	secret-words key key.pem >words
	secret-words key granted.pem >>words
	new_watched hello v1.0 </dev/null
	use_aloud peipkg-manager
	run_apart handlers key.pem "${aloud[@]}" --config config.toml --once
	assert_output $'idx-sign read\npk-key read\npk-sign read'
	assert_equal "$(published)" 'hello 1.0-1'
	assert_exist uploaded
}

@test "keys: of all that a webhook runs, farm-hook has its secret in hands" {
	need_strace
	secret-words hmac secret >words
	mkdir -p state/{state,spool,stage}
	ln -s "$PWD/secret" state/state/webhook-secret
	export PEIPKG_SHARE=$project/${BUILD:-build}/share/peipkg-tools PEIPKG_LOG_LEVEL=debug
	export PEIPKG_FARM_STATE=$PWD/state REMOTE_ADDR=127.0.0.1
	HTTP_X_HUB_SIGNATURE_256=$(signature_of body secret)
	export HTTP_X_HUB_SIGNATURE_256
	run_apart handlers secret bash -xp "$PEIPKG_SHARE/farm/webhook" <body
	assert_output 'farm-hook read'
	assert_equal "$(cat state/spool/*.hook)" example.org/a
}
