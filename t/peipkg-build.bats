#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load helper
load vectors
load build

setup() {
	enter_workshop
}

# build_vector CASE OUT OPTION...
build_vector() {
	local case=$VECTORS/packages/$1 out=$2
	local -a arguments
	shift 2
	mapfile -t arguments <"$case/arguments"
	peipkg-build build --recipe "$case/recipe/peipkg.toml" --source "$case/source" \
		--out "$out" --sign-key "$VECTORS/keys/test.ed25519.pem" "${arguments[@]}" "$@"
}

# Every case is built as expected, decompressed, and nothing else is there.
check_vectors() {
	local case expected
	for case in "$VECTORS"/packages/*/; do
		case=$(basename "$case")
		build_vector "$case" "new/$case" "$@" >paths
		assert_equal "$(ls -A "new/$case")" "$(ls "$VECTORS/packages/$case/expected")"
		for expected in "$VECTORS/packages/$case/expected"/*; do
			zstd -dc "$expected" >expected.tar
			zstd -dc "new/$case/${expected##*/}" | cmp - expected.tar
		done
		awk -F'"' '/^\[/ { inside = /^\[\[package\]\]/ } inside && /^name/ { print $2 }' \
			"$VECTORS/packages/$case/recipe/peipkg.toml" >names
		assert_equal "$(sed 's/_[^/]*$//' paths)" "$(sed "s,^,$PWD/new/$case/," names)"
	done
	assert_swept new
}

@test "peipkg-build: every test vector, byte for byte" {
	need_vectors
	check_vectors
}

@test "peipkg-build: every test vector, in a sandbox" {
	need_vectors
	need_bwrap
	check_vectors --sandbox bwrap
}

@test "peipkg-build: options with = and with one dash, paths of several packages in order" {
	new_hello
	add_second_package
	run_apart peipkg-build build -recipe recipe/peipkg.toml --source=source -version=1:2.0-3 \
		--source-ref git -farm-id farm "--timestamp=$build_time" -out="a new/out" -q
	assert_success
	assert_output "$PWD/a new/out/hello_1:2.0-3_noarch.peipkg
$PWD/a new/out/a-second_1:2.0-3_x86_64.peipkg"
	assert_equal "$stderr" ''
	assert_equal "$(member a\ new/out/a-second* etc/second)" second
	assert_equal "$(member a\ new/out/hello* .peipkg/manifest.json | jq -r .version)" 1:2.0-3
}

@test "peipkg-build: found by a link, a relative path, from another directory" {
	new_hello
	mkdir elsewhere
	ln -s "$(command -v peipkg-build)" link
	PATH=/usr/bin:/bin ./link build --recipe recipe/peipkg.toml --source source \
		"${facts[@]}" --out out
	assert_equal "$(members out/hello* | tail -n 1)" usr/share/hello
	cp -RL "$project/${BUILD:-build}" installed
	(cd installed/bin && PATH=/usr/bin:/bin bash -p peipkg-build --version)
}

@test "peipkg-build: the same bytes whatever the world around it" {
	new_recipe <<-'END'
		cd "$DESTDIR" && mkdir -p usr/share/z
		for name in b a c; do echo "$name" >"usr/share/$name"; done
		seq 300000 >usr/share/z/numbers
	END
	new_key key
	build --sign-key key
	sed -i 's/b a c/c b a/' recipe/build.sh
	mkdir -p "another machine's place/tmp dir"
	cp -R recipe source key "another machine's place"
	echo 'echo hostile; exit 9' >hostile
	(
		umask 077
		cd "another machine's place"
		taskset -c 0 env LC_ALL=tr_TR.UTF-8 LANG=de_DE TZ=Asia/Kolkata \
			TMPDIR="$PWD/tmp dir" POSIXLY_CORRECT=1 CDPATH=/ IFS=/ \
			BASH_ENV="$PWD/../hostile" ENV="$PWD/../hostile" \
			SHELLOPTS=noclobber:noglob BASHOPTS=failglob GLOBIGNORE='*' \
			GREP_OPTIONS=-v PATH="${PATH//:\/usr\/sbin/}" \
			peipkg-build build --recipe recipe/peipkg.toml --source source \
			"${facts[@]}" --out out --sign-key key
		assert_equal "$(ls -A 'tmp dir')" ''
	)
	cmp out/hello* "another machine's place/out"/hello*
	if can_sandbox; then
		build --sign-key key --sandbox bwrap --out boxed
		cmp out/hello* boxed/hello*
	fi
}

@test "peipkg-build: the same bytes for another user" {
	((EUID == 0)) || skip 'only root can become another user'
	new_hello
	echo 'echo new >"$SOURCE_DIR/new"; echo more >>"$SOURCE_DIR/input"' >>recipe/build.sh
	new_key key
	build --sign-key key
	# Where another user may not read the project, its programs can still be copied.
	other=$(mktemp -d /tmp/peipkg-build-other.XXXXXX)
	cp -RL "$project/${BUILD:-build}/bin" "$project/${BUILD:-build}/share" recipe source key "$other"
	chmod -R a+rX-w "$other"
	chmod 777 "$other"
	setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$other/bin:/usr/bin:/bin" \
		TMPDIR=/tmp sh -c 'umask 027; cd "$1" && shift && exec peipkg-build "$@"' sh "$other" \
		build --recipe recipe/peipkg.toml --source source "${facts[@]}" --out "$other/out" \
		--sign-key key
	cmp out/hello_1.0-1_noarch.peipkg "$other/out/hello_1.0-1_noarch.peipkg"
	rm -rf "$other"
}

@test "peipkg-build: odd names for every path" {
	local name
	for name in 'two words' $'new\nline\n' "it's" '-dash' '*' 'a"b' '$HOME' 'back\slash'; do
		mkdir ./"in $name"
		cd ./"in $name"
		new_hello
		new_key key
		for role in recipe source key key.pub; do
			mv "$role" ./"$name$role$name"
		done
		mkdir ./"${name}tmp$name" tree
		export TMPDIR=./"${name}tmp$name" KEY=./"${name}key$name"
		peipkg-build build "--recipe=${name}recipe$name/peipkg.toml" \
			"--source=${name}source$name" "${facts[@]}" "--out=${name}out$name" \
			"--sign-key=${name}key$name" "--keep-failed=${name}kept$name" \
			--build-env "ODD=$name" >/dev/null
		assert_equal "$(ls -A ./"${name}out$name")" hello_1.0-1_noarch.peipkg
		peipkg-build lint "--recipe=${name}recipe$name/peipkg.toml"

		zstd -dc ./"${name}out$name"/hello* | tar -xC tree
		mv tree/.peipkg/manifest.json ./"${name}manifest$name"
		rm -r tree/.peipkg
		mv tree ./"${name}tree$name"
		peipkg-build pack "--manifest=${name}manifest$name" "--staged=${name}tree$name" \
			"--out=${name}package$name" "--public-key=${name}key.pub$name" --sign-command \
			'cat >digest; openssl pkeyutl -sign -rawin -inkey "$KEY" -in digest'
		cmp ./"${name}package$name" ./"${name}out$name"/hello*
		echo 'exit 1' >./"${name}recipe$name/build.sh"
		run_apart peipkg-build build "--recipe=${name}recipe$name/peipkg.toml" \
			"--source=${name}source$name" "${facts[@]}" "--out=${name}out$name" \
			"--keep-failed=${name}kept$name"
		assert_failure 1
		[[ -d $(echo ./"${name}kept$name"/failed-*/dest) ]]
		assert_equal "$(ls -A "$TMPDIR")" ''
		cd "$workshop"
	done
}

@test "peipkg-build: closed standard descriptors" {
	new_hello
	build <&- 2>&-
	run_apart bash -c 'peipkg-build build --recipe recipe/peipkg.toml --source source "$@" >&-' \
		sh "${facts[@]}" --out closed
	assert_equal "$status" 1
	assert_equal "$(ls -A closed)" hello_1.0-1_noarch.peipkg
	cmp closed/hello* out/hello*
	run_apart bash -c 'peipkg-build build --recipe recipe/peipkg.toml --source source "$@" >/dev/full' \
		sh "${facts[@]}" --out full
	assert_equal "$status" 1
	assert_swept full
}

@test "peipkg-build: a closed pipe" {
	new_hello
	for arguments in 'build --out piped' 'peipkg-build help' 'peipkg-build build --help'; do
		# shellcheck disable=SC2086 # words are meant
		run_apart with_closed_pipe $arguments
		assert_equal "$status" 1
	done
	assert_equal "$(ls -A piped)" hello_1.0-1_noarch.peipkg
	assert_swept piped
}

# COMMAND..., whose standard output nobody reads any more.
with_closed_pipe() {
	local -a all
	set +e +o pipefail
	{
		sleep 0.1
		"$@"
	} | :
	all=("${PIPESTATUS[@]}")
	return "${all[0]}"
}

# --- the script and its environment -------------------------------------------------

write_environment() {
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		cd "$DESTDIR/usr/share"
		tr '\0' '\n' </proc/$$/environ | sort >environment
		umask >umask
		(cd "$OLDPWD" && ls -A) >cwd
		wc -c >stdin
		cat "$SOURCE_DIR/input" >source
		echo changed >"$SOURCE_DIR/input"
		echo new >"$SOURCE_DIR/new"
		cat "${0%/*}/beside" >beside
		ls /proc/self/fd >descriptors
		# Signals 32 and up are the C library's own; no program can ask for them.
		ignored=$(sed -n 's/^SigIgn:\t........//p' /proc/self/status)
		echo "$((0x$ignored & 0x7fffffff))" >ignored
		echo "$SOURCE_DIR $DESTDIR $OLDPWD $0" >paths
	END
	echo 'beside the script' >recipe/beside
}

check_environment() {
	(
		umask 077
		trap '' PIPE QUIT
		exec 7<recipe/build.sh
		SECRET=leaked build --build-env A=1 --build-env 'B=two words' --build-env=C= "$@" \
			< <(yes | head -n 100)
	)
	show() { member out/hello* "usr/share/$1"; }
	assert_equal "$(show environment | grep -v -e ^SOURCE_DIR= -e ^DESTDIR=)" \
		"$(printf '%s\n' A=1 'B=two words' C= LC_ALL=C "PATH=$PATH" SOURCE_DATE_EPOCH=1778051289 TZ=UTC)"
	assert_equal "$(show umask)" 0022
	assert_equal "$(show cwd)" ''
	assert_equal "$(show stdin)" 0
	assert_equal "$(show source)" input
	assert_equal "$(show beside)" 'beside the script'
	assert_equal "$(show descriptors)" $'0\n1\n2\n3'
	assert_equal "$(show ignored)" 0
	assert_equal "$(ls source)" input
	assert_equal "$(cat source/input)" input
}

@test "peipkg-build: what a script finds" {
	write_environment
	check_environment
	read -r source dest work script < <(member out/hello* usr/share/paths)
	[[ $source == "$TMPDIR"/*/source && $dest == "$TMPDIR"/*/dest && $work == "$TMPDIR"/*/work ]]
	assert_equal "$script" "$PWD/recipe/build.sh"
	assert_swept
}

@test "peipkg-build: what a script finds in a sandbox" {
	need_bwrap
	write_environment
	check_environment --sandbox bwrap
	assert_equal "$(member out/hello* usr/share/paths)" \
		'/build/source /build/dest /build/work /build/recipe/build.sh'
	assert_swept
}

@test "peipkg-build: a recipe that is a link has its script where the link is" {
	new_recipe <<<'mkdir "$DESTDIR/etc"; echo target >"$DESTDIR/etc/from"'
	mkdir linked
	ln -s ../recipe/peipkg.toml linked/peipkg.toml
	run_apart peipkg-build lint --recipe linked/peipkg.toml
	assert_refused 1 'peipkg-build: build.sh: build script not found'
	sed 's/target/link/' recipe/build.sh >linked/build.sh
	ln -s linked directory
	local recipe
	for recipe in linked/peipkg.toml directory//peipkg.toml "$PWD/linked/peipkg.toml"; do
		peipkg-build build --recipe "$recipe" --source source "${facts[@]}" --out out
		assert_equal "$(member out/hello* etc/from)" link
	done
	(
		cd linked
		peipkg-build build --recipe peipkg.toml --source ../source "${facts[@]}" --out here
	)
	assert_equal "$(member linked/here/hello* etc/from)" link
	can_sandbox || return 0
	peipkg-build build --recipe linked/peipkg.toml --source source "${facts[@]}" --out boxed \
		--sandbox bwrap
	assert_equal "$(member boxed/hello* etc/from)" link
}

@test "peipkg-build: a source tree that is read-only is copied writable" {
	write_environment
	mkdir source/directory
	chmod -R a-w source
	echo 'echo more >"$SOURCE_DIR/directory/new"' >>recipe/build.sh
	build
	assert_equal "$(stat -c %a source/input source)" $'444\n555'
	chmod -R u+w source
}

@test "peipkg-build: --source-writable hands over the directory" {
	write_environment
	build --source-writable
	assert_equal "$(ls source)" $'input\nnew'
	assert_equal "$(cat source/input)" changed
	assert_equal "$(member out/hello* usr/share/paths | cut -d' ' -f1)" "$PWD/source"
	if can_sandbox; then
		echo input >source/input
		build --source-writable --sandbox bwrap
		assert_equal "$(cat source/input)" changed
	fi
}

@test "peipkg-build: output of the script is shown as it comes, on stderr" {
	new_hello
	echo 'echo one; echo two >&2; printf three' >>recipe/build.sh
	run_apart build
	assert_output "$PWD/out/hello_1.0-1_noarch.peipkg"
	assert_equal "$stderr" $'one\ntwo\nthree'

	echo 'echo four; until [ -e "$GO" ]; do sleep 0.02; done' >>recipe/build.sh
	build --build-env "GO=$PWD/go" 2>log &
	await 'grep -q four log'
	touch go
	wait "$!"
}

@test "peipkg-build: what the script leaves running does not keep the build alive" {
	new_hello
	echo "sleep $ages & setsid sleep 30 &" >>recipe/build.sh
	SECONDS=0
	run_apart timeout 20 bash -c 'peipkg-build build "$@" | cat' sh \
		--recipe recipe/peipkg.toml --source source "${facts[@]}" --out out
	assert_success
	((SECONDS < 10))
	assert_swept
	nobody_sleeps
}

@test "peipkg-build: what the script leaves running in a sandbox ends with it" {
	need_bwrap
	new_hello
	echo "sleep $ages & setsid sleep $ages &" >>recipe/build.sh
	timeout 20 peipkg-build build --sandbox bwrap --recipe recipe/peipkg.toml \
		--source source "${facts[@]}" --out out
	nobody_sleeps
}

@test "peipkg-build: a sandbox has no network, nothing to write, no secret" {
	need_bwrap
	new_key key
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		cd "$DESTDIR/usr/share"
		sed 1,2d /proc/net/dev | cut -d: -f1 | tr -d ' ' >network
		for path in / /build /build/recipe /etc "$SOURCE" "$HOME_OF_KEY"; do
			(: >"$path/written") 2>/dev/null && echo "$path"
		done >writable
		ls -A /tmp >tmp
		: >/tmp/mine
		ps ax 2>/dev/null | wc -l >processes
		for key in "$KEY" /build/recipe/key; do head -n 1 "$key"; done >key 2>/dev/null
		: >complete
	END
	cp key recipe/key
	# Below a directory that the sandbox shows, unlike /tmp.
	shown=$project/build/t.$$
	mkdir -p "$shown"
	cp key "$shown/key"
	build --sandbox bwrap --sign-key "$shown/key" --build-env "KEY=$shown/key" \
		--build-env "SOURCE=$PWD/source" --build-env "HOME_OF_KEY=$shown"
	rm -r "$shown"
	show() { member out/hello* "usr/share/$1"; }
	assert_equal "$(show network)" lo
	assert_equal "$(show writable)" ''
	assert_equal "$(show tmp)" ''
	(($(show processes) < 10))
	refute_regex "$(show key | head -n 1)" "$(sed -n 2p key)"

	build --sandbox bwrap --sign-key recipe/key --build-env "KEY=/build/recipe/key" \
		--build-env SOURCE=/ --build-env HOME_OF_KEY=/
	assert_equal "$(show key)" ''
	assert_equal "$(show complete)" ''
	cp key source/key
	run_apart build --sandbox bwrap --sign-key source/key
	assert_refused 1 "peipkg-build: $PWD/source/key: in the source tree, where it cannot be hidden"
}

@test "peipkg-build: --hide" {
	need_bwrap
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		cat "$FIRST" /build/recipe/second >"$DESTDIR/usr/share/seen" 2>/dev/null || :
		ls -A /build/recipe/directory >>"$DESTDIR/usr/share/seen"
		cat /build/recipe/open >"$DESTDIR/usr/share/open"
	END
	# Below a directory that the sandbox shows, if that is not /tmp.
	shown="$project/build/t $$"
	mkdir -p "$shown" recipe/directory
	cp recipe/build.sh recipe/directory/secret
	tee "$shown/first" recipe/open recipe/second <<<'a secret' >/dev/null
	run_apart build --sandbox bwrap --hide "$shown/first" --hide recipe/second \
		--hide recipe/directory --build-env "FIRST=$shown/first"
	assert_success
	run_apart build --sandbox bwrap --hide "$shown/nothing"
	assert_refused 1 "peipkg-build: --hide: $shown/nothing: no such file or directory"
	run_apart build --sandbox none --hide "$shown/first"
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'peipkg-build: --hide goes with --sandbox bwrap'
	rm -r "$shown"
	assert_equal "$(member out/hello* usr/share/seen)" ''
	assert_equal "$(member out/hello* usr/share/open)" 'a secret'
}

# --- signing ------------------------------------------------------------------------

# Checks the signature of a package with openssl.
check_signature() {
	local package=$1 key=$2
	zstd -dc "$package" >archive
	# The signature's entry: header, 512 bytes that hold the envelope, two zero blocks.
	head -c -2048 archive | sha256sum | cut -d' ' -f1 | xxd -r -p >digest
	member "$package" .peipkg/signature | jq -r '.signature + "=="' | base64 -d >signature
	openssl pkeyutl -verify -rawin -pubin -inkey "$key" -in digest -sigfile signature
}

@test "peipkg-build: signed by a key, by a raw seed, by a key on a descriptor" {
	new_hello
	new_key key
	build --sign-key key
	check_signature out/hello* key.pub
	(umask 077 && openssl pkey -in key -outform DER | tail -c 32 >seed)
	build --sign-key seed --out seeded
	cmp out/hello* seeded/hello*
	build --sign-key /dev/fd/9 --out through 9< <(cat key)
	cmp out/hello* through/hello*
	build --sign-key /dev/fd/9 --out through 9<key
	cmp out/hello* through/hello*
	add_second_package
	run_apart build --sign-key /dev/fd/9 --out several 9< <(cat key)
	assert_refused 1 \
		'peipkg-build: /dev/fd/9: a key that is no regular file signs one package only'
	build --sign-key /dev/fd/9 9<key
}

@test "peipkg-build: unsigned without a key" {
	new_hello
	build
	assert_equal "$(members out/hello*)" \
		$'.peipkg/manifest.json\n.peipkg/files.json\nusr/\nusr/share/\nusr/share/hello'
}

sign_with_openssl='cat >digest.$$ && openssl pkeyutl -sign -rawin -inkey key -in digest.$$; rm digest.$$'

@test "peipkg-build: signed by a command, the same bytes as by the key" {
	new_hello
	add_second_package
	new_key key
	build --sign-key key --out by-key
	build --sign-command "$sign_with_openssl" --public-key key.pub
	diff -r by-key out
	check_signature out/hello* key.pub
	assert_swept
}

@test "peipkg-build: a command may ask on the terminal" {
	new_hello
	new_key key
	cat >signer <<-'END'
		printf 'PIN: ' >/dev/tty
		read -r pin </dev/tty
		[ "$pin" = 1234 ] || exit 3
	END
	echo "$sign_with_openssl" >>signer
	printf '%q ' peipkg-build build --recipe recipe/peipkg.toml --source source "${facts[@]}" \
		--out out --sign-command 'sh ./signer' --public-key key.pub >run
	{
		await 'grep -q PIN typescript 2>/dev/null'
		echo 1234
	} | timeout 20 script -qefc 'bash ./run' typescript >/dev/null
	check_signature out/hello* key.pub
}

@test "peipkg-build: a command that fails, or writes something else" {
	new_hello
	new_key key
	new_key other
	local public=(--public-key key.pub)
	run_apart build "${public[@]}" --sign-command 'cat >/dev/null; exit 3'
	assert_refused 1 'peipkg-build: --sign-command: exit status 3'
	run_apart build "${public[@]}" --sign-command 'kill -TERM $$'
	assert_refused 1 'peipkg-build: --sign-command: killed by SIGTERM, exit status 143'
	run_apart build "${public[@]}" --sign-command './absent'
	assert_refused 1 'peipkg-build: --sign-command: exit status 127'
	for count in 0 63 65; do
		run_apart build "${public[@]}" --sign-command "head -c $count /dev/zero"
		assert_failure 1
		assert_regex "$stderr" 'pk-sign: .*/signature: not a raw signature of 64 bytes'
	done
	run_apart build "${public[@]}" --sign-command "${sign_with_openssl/inkey key/inkey other}"
	assert_failure 1
	assert_regex "$stderr" 'no signature of this archive by key.pub'
	assert_equal "$(ls -A out)" ''
	assert_swept
}

@test "peipkg-build: a command that writes without end is stopped" {
	new_hello
	new_key key
	local public=(--public-key key.pub)
	local excess='peipkg-build: --sign-command: over 64 bytes where a signature is wanted'
	# The limit is there for the day when it is not.
	ulimit -f 2000
	run_apart build "${public[@]}" --sign-command 'yes'
	assert_refused 1 "$excess, killed by SIGPIPE, exit status 141"
	run_apart env --ignore-signal=PIPE peipkg-build build --recipe recipe/peipkg.toml \
		--source source "${facts[@]}" --out out "${public[@]}" --sign-command 'yes'
	assert_refused 1 "$excess, killed by SIGPIPE, exit status 141"
	run_apart build "${public[@]}" --sign-command 'yes; exit 3'
	assert_refused 1 "$excess, exit status 3"
	run_apart build "${public[@]}" --sign-command 'yes; exit 0'
	assert_failure 1
	assert_regex "$stderr" 'pk-sign: .*/signature: not a raw signature of 64 bytes'
	assert_equal "$(ls -A out)" ''
	assert_swept
}

@test "peipkg-build: what a signing command leaves running is not waited for" {
	new_hello
	new_key key
	run_apart timeout 60 peipkg-build build --recipe recipe/peipkg.toml --source source \
		"${facts[@]}" --out out --public-key key.pub --sign-command "
			sleep $ages & $sign_with_openssl"
	pkill -fx "sleep $ages"
	assert_success
	assert_swept
	pk-verify -k key.pub <out/hello_*.peipkg
}

# --- pack ---------------------------------------------------------------------------

# Takes an expected package apart: manifest.json, and in tree what it holds.
take_apart() {
	rm -rf tree
	mkdir tree
	zstd -dc "$1" | tar -xC tree
	mv tree/.peipkg/manifest.json .
	rm -r tree/.peipkg
}

@test "peipkg-build pack: every expected package out of what it holds" {
	need_vectors
	for expected in "$VECTORS"/packages/*/expected/*; do
		take_apart "$expected"
		run_apart peipkg-build pack --manifest manifest.json --staged tree --out new.peipkg \
			--sign-key "$VECTORS/keys/test.ed25519.pem"
		assert_success
		assert_output ''
		if [[ $stderr == *'empty directory'* ]]; then
			find tree -type d -empty >empty
			[[ -s empty ]]
			continue
		fi
		zstd -dc "$expected" >expected.tar
		zstd -dc new.peipkg | cmp - expected.tar
	done
	assert_swept .
}

@test "peipkg-build pack: size_installed is computed, the manifest's form does not matter" {
	new_hello
	new_key key
	build --sign-key key
	take_apart out/hello*
	for filter in . del\(.size_installed\) '.size_installed = 7' 'del(.replaces, .provides)'; do
		jq "$filter" manifest.json >other.json
		peipkg-build pack -manifest other.json -staged tree -out "new dir.peipkg" --sign-key key
		cmp "new dir.peipkg" out/hello*
	done
	peipkg-build pack --manifest manifest.json --staged tree --out unsigned.peipkg
	cp unsigned.peipkg before
	ln -s before link.peipkg
	peipkg-build pack --manifest manifest.json --staged tree --out link.peipkg --sign-key key
	cmp link.peipkg out/hello*
	cmp before unsigned.peipkg
	mkdir 'with blank'
	peipkg-build pack --manifest manifest.json --staged tree --out 'with blank/x' \
		--sign-command "$sign_with_openssl" --public-key key.pub --level 19
	zstd -dc out/hello* | cmp - <(zstd -dc 'with blank/x')
}

@test "peipkg-build pack: refusals leave what was there" {
	new_hello
	build
	take_apart out/hello*
	run_apart peipkg-build pack --manifest manifest.json --staged tree --out absent/x
	assert_refused 1 'peipkg-build: absent/: no such directory'
	run_apart peipkg-build pack --manifest manifest.json --staged tree --out tree
	assert_refused 1 'peipkg-build: tree: a directory, where a file is to be put'
	run_apart peipkg-build pack --manifest manifest.json --staged absent --out x
	assert_refused 1 'peipkg-build: absent: no such staged tree'
	run_apart peipkg-build pack --manifest manifest.json --staged tree --out x --sign-key absent
	assert_failure 1
	assert_regex "$stderr" 'pk-sign: absent: No such file or directory'
	echo before >x
	mkfifo tree/usr/share/fifo
	run_apart peipkg-build pack --manifest manifest.json --staged tree --out x
	assert_failure 1
	assert_regex "$stderr" 'pk-walk: usr/share/fifo: a FIFO'
	rm tree/usr/share/fifo
	echo '{"name":' >broken.json
	run_apart peipkg-build pack --manifest broken.json --staged tree --out x
	assert_failure 1
	jq '.name = "Bad"' manifest.json >bad.json
	run_apart peipkg-build pack --manifest bad.json --staged tree --out x
	assert_failure 1
	assert_equal "$(cat x)" before
	assert_swept .
}

# --- lint ---------------------------------------------------------------------------

@test "peipkg-build lint" {
	new_hello
	run_apart peipkg-build lint --recipe recipe/peipkg.toml
	assert_success
	assert_equal "$output$stderr" ''
	(cd recipe && peipkg-build lint --recipe=peipkg.toml)
	echo 'if then' >recipe/build.sh
	run_apart peipkg-build lint --recipe recipe/peipkg.toml
	assert_refused 1 'peipkg-build: build.sh: build script is no shell script'
	rm recipe/build.sh
	run_apart peipkg-build lint --recipe recipe/peipkg.toml
	assert_refused 1 'peipkg-build: build.sh: build script not found'
	new_hello
	printf '[upstream]\ngit = "x"\n' >>recipe/peipkg.toml
	run_apart peipkg-build lint --recipe recipe/peipkg.toml
	assert_failure 1
	assert_regex "$stderr" 'pk-recipe: \[upstream\]: git without tag_pattern'
	new_hello
	sed -i 's/"hello"/"Hello"/; s/noarch/NOARCH/' recipe/peipkg.toml
	run_apart peipkg-build lint --recipe recipe/peipkg.toml
	assert_failure 1
	assert_regex "$stderr" "name 'Hello'.*architecture 'NOARCH'"
	run_apart peipkg-build lint --recipe absent
	assert_refused 1 'peipkg-build: absent: no such recipe'
	run_apart peipkg-build lint
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'peipkg-build: --recipe is required'
}

# --- progress -----------------------------------------------------------------------

@test "peipkg-build: a progress line for a large payload, on a terminal only" {
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		truncate -s 65M "$DESTDIR/usr/share/zeros"
	END
	printf '%q ' peipkg-build build --recipe recipe/peipkg.toml --source source "${facts[@]}" \
		--out out >run
	script -qefc 'bash ./run' typescript >/dev/null </dev/null
	grep -q 'hello_1.0-1_noarch.peipkg:.*%' typescript
	echo -q >>run
	script -qefc 'tr "\n" " " <run | bash' quiet >/dev/null </dev/null
	run ! grep -q % quiet
	run_apart build
	assert_equal "$stderr" ''
}

@test "peipkg-build: a terminal that stops what writes to it from the background" {
	new_hello
	new_key key
	chmod 644 key
	printf 'stty tostop\n' >run
	printf '%q ' peipkg-build build --recipe recipe/peipkg.toml --source source "${facts[@]}" \
		--out out --sign-key key >>run
	timeout 20 script -qefc 'bash ./run' typescript >/dev/null </dev/null
	grep -q 'warning: key: readable by others' typescript
}

# --- the page -----------------------------------------------------------------------

@test "peipkg-build: help and version" {
	for option in help -h -help --help 'build -h' 'pack --help' 'lint -help'; do
		# shellcheck disable=SC2086 # words are meant
		run_apart peipkg-build $option
		assert_success
		assert_regex "$output" '^usage: peipkg-build build --recipe PATH'
		assert_equal "$stderr" ''
	done
	run_apart peipkg-build --version
	assert_success
	assert_regex "$output" '^peipkg-build [0-9]+\.[0-9]+\.[0-9]+$'
	run_apart bash -c 'peipkg-build --help >/dev/full'
	assert_failure 1
}

@test "peipkg-build: the examples of its page" {
	check_examples "$project/bin/peipkg-build.1"
}
