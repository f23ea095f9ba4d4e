#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a process of its own; await evals

load helper
load build
load inject

setup() {
	enter_workshop
	new_hello
}

# start OPTION...: a build in the background, its process in $build; signals reach it as
# from a terminal.
start() {
	env --default-signal peipkg-build build --recipe recipe/peipkg.toml \
		--source source "${facts[@]}" --out out "$@" >said 2>&1 3>&- &
	build=$!
}

# Its script tells when it runs, and runs until it is told to go on or killed.
wait_in_script() {
	cat >>recipe/build.sh <<-'END'
		sleep 999 &
		echo "$$ $!" >"$HERE/running"
		until [ -e "$HERE/go" ]; do sleep 0.02; done
	END
	set -- --build-env "HERE=$PWD" "$@"
	start "$@"
	await '[[ -s running ]]'
	read -r script child <running
}

# The same of a filter, before it does its work.
wait_in_filter() {
	copy_programs
	replace_filter "$1" <<-END
		: >'$PWD/running'
		until [[ -e '$PWD/go' ]]; do sleep 0.02; done
		exec "\$real" "\$@"
	END
	shift
	start "$@"
	await '[[ -e running ]]'
}

# interrupt SIGNAL: the build dies of it, soon, says so, and leaves nothing.
interrupt() {
	local status=0
	kill -"$1" "$build"
	wait "$build" || status=$?
	assert_equal "$status" "$((128 + $(kill -l "$1")))"
	grep -qx "peipkg-build: interrupted by SIG$1" said
	assert_equal "$(ls -A out)" ''
	assert_swept
}

kill_build() {
	kill -KILL "$build"
	wait "$build" 2>/dev/null || :
}

@test "peipkg-build: a signal while the script runs" {
	for signal in TERM INT HUP; do
		new_hello
		rm -f running
		wait_in_script
		interrupt "$signal"
		await 'is_gone "$script" && is_gone "$child"'
	done
}

# press_control_c FILE OPTION...: on the terminal of a build, once FILE is there.
press_control_c() {
	printf '%q ' env --default-signal peipkg-build build --recipe recipe/peipkg.toml \
		--source source "${facts[@]}" --out out "${@:2}" >run
	{
		await "[[ -e $1 ]]"
		printf '\003'
	} | timeout 20 script -qec 'bash -m ./run; echo "status $?"' typescript >/dev/null
	grep -q 'interrupted by SIGINT' typescript
	grep -q 'status 130' typescript
	await nobody_sleeps
	assert_swept
}

@test "peipkg-build: Ctrl-C on a terminal" {
	echo ': >"$SOURCE_DIR/running"; sleep '"$ages" >>recipe/build.sh
	press_control_c source/running --source-writable
}

@test "peipkg-build: Ctrl-C on a terminal while a command signs" {
	new_key key
	press_control_c running --sign-command ": >running; sleep $ages; true" --public-key key.pub
}

# The shell's DEBUG trap comes before each step that starts a process and notes its id.
@test "peipkg-build: a signal while a process is started ends that one, too" {
	local steps
	for steps in {1..9}; do
		run timeout 20 env --default-signal STEPS="$steps" AGES="$ages" \
			SHARE="$project/${BUILD:-build}/share/peipkg-tools" bash -p -c '
			set -euo pipefail
			program=wrapper share=$SHARE
			. "$share/common.sh"
			cleanup() { :; }
			trap_signals
			set -T
			trap "((STEPS-- != 1)) || kill -TERM $$" DEBUG
			try sleep "$AGES"'
		assert_equal "$steps $status" "$steps 143"
		await nobody_sleeps
	done
}

@test "peipkg-build: a signal while the script runs in a sandbox" {
	need_bwrap
	echo "setsid sleep $ages & : >\"\$SOURCE_DIR/running\"; sleep $ages" >>recipe/build.sh
	start --sandbox bwrap --source-writable
	await '[[ -e source/running ]]'
	interrupt TERM
	await nobody_sleeps
}

@test "peipkg-build: a signal while it packs" {
	for filter in pk-walk pk-hash pk-pack pk-zstd; do
		rm -f running
		wait_in_filter "$filter"
		interrupt TERM
		rm -r real shim
	done
}

@test "peipkg-build: a signal while a command signs" {
	new_key key
	for signal in TERM INT; do
		rm -f running
		start --sign-command ": >running; exec sleep $ages" --public-key key.pub
		await '[[ -e running ]]'
		interrupt "$signal"
	done
	await nobody_sleeps
}

@test "peipkg-build: a signal keeps what --keep-failed asks for" {
	wait_in_script --keep-failed kept
	interrupt TERM
	[[ -e $(echo kept/failed-*/dest/usr/share/hello) ]]
}

@test "peipkg-build pack: a signal leaves what was there" {
	start
	wait "$build"
	mkdir tree
	zstd -dc out/hello* | tar -xC tree
	mv tree/.peipkg/manifest.json .
	rm -r tree/.peipkg out
	echo before >package
	copy_programs
	replace_filter pk-zstd <<<'echo half; : >running; sleep 995'
	env --default-signal peipkg-build pack --manifest manifest.json --staged tree \
		--out package >said 2>&1 3>&- &
	build=$!
	await '[[ -e running ]]'
	run_apart bash -c 'kill -INT "$1"' sh "$build"
	wait "$build" || status=$?
	assert_equal "$status" 130
	assert_equal "$(cat package)" before
	assert_swept .
}

@test "peipkg-build: killed while the script runs, the script ends too, the next run sweeps" {
	wait_in_script
	kill_build
	await 'is_gone "$script"'
	kill "$child"
	[[ -n $(ls -A "$TMPDIR") && -n $(ls -A out) ]]
	new_hello
	build
	assert_equal "$(ls -A out)" hello_1.0-1_noarch.peipkg
	assert_swept
}

@test "peipkg-build: killed while it packs, the next run that can sweeps" {
	wait_in_filter pk-zstd
	kill_build
	# The filters still run and hold the lock: nothing is taken from under them.
	PATH=${PATH#*:}
	build
	assert_equal "$(find out -name '.peipkg-build.*' | wc -l)" 1
	touch go
	await '! pgrep -f "$workshop/(real|shim)"'
	build
	assert_swept
}

# Leaves in out what a build leaves that is killed when its packages are complete and
# the first COUNT of two have their place, with what was there before in theirs.
leave_complete() {
	add_second_package
	copy_programs
	replace_filter fs-commit <<-END
		[[ \$1 == -- ]] && shift
		if (($1 > 0)); then
			[[ ! -e \$2 ]] || ln "\$2" saved
			mv -f "\$1" "\$2"
			[[ ! -e saved ]] || mv saved "\$1"
		fi
		kill -KILL "\$PPID"
		exit 1
	END
	run build
	assert_failure 137
	PATH=${PATH#*:}
}

@test "peipkg-build: killed before its packages have their place, the next run finishes" {
	for count in 0 1; do
		new_hello
		rm -rf real shim out
		mkdir out
		echo old | tee out/hello_1.0-1_noarch.peipkg >out/a-second_1.0-1_x86_64.peipkg
		leave_complete "$count"
		assert_equal "$(cat out/hello*)" old
		assert_equal "$(grep -lx old out/* | wc -l)" "$((2 - count))"
		rm -rf new
		build --out new
		new_hello
		sed -i s/hello/other/ recipe/peipkg.toml
		run_apart build
		assert_success
		assert_output "$PWD/out/other_1.0-1_noarch.peipkg"
		assert_equal "$stderr" "peipkg-build: $PWD/out: finishing what an interrupted run had built"
		cmp out/a-second* new/a-second*
		cmp out/hello* new/hello*
		assert_swept
	done
}

@test "peipkg-build: when the rest cannot be finished, it stays for the next run" {
	leave_complete 1
	mkdir out/hello_1.0-1_noarch.peipkg
	run_apart build
	assert_refused 1 \
		"fs-commit: $PWD/out/hello_1.0-1_noarch.peipkg: a directory, where a file is to be put"
	rmdir out/hello_1.0-1_noarch.peipkg
	sed -i s/hello/other/ recipe/peipkg.toml
	build
	[[ -f out/hello_1.0-1_noarch.peipkg ]]
	assert_swept
}

@test "peipkg-build pack: leaves a build's staging to a build" {
	leave_complete 0
	new_hello
	build --out new
	mkdir tree
	zstd -dc new/hello* | tar -xC tree
	mv tree/.peipkg/manifest.json .
	rm -r tree/.peipkg
	peipkg-build pack --manifest manifest.json --staged tree --out out/packed
	build
	assert_equal "$(ls out)" \
		$'a-second_1.0-1_x86_64.peipkg\nhello_1.0-1_noarch.peipkg\npacked'
	assert_swept
}

@test "peipkg-build: what a sweep takes and what it leaves alone" {
	mkdir -p out elsewhere
	for directory in "$TMPDIR/peipkg-build." out/.peipkg-build.; do
		# Killed before it had a lock; when it had; with all sorts of things in it.
		mkdir "$directory"emptyempty "$directory"lockedonly "$directory"withfiles_
		: >"$directory"lockedonly/lock
		: >"$directory"withfiles_/lock
		mkdir -p "$directory"withfiles_/{dest,packages}/a/b
		chmod 0 "$directory"withfiles_/dest/a
		# Not made by us, as far as one can tell.
		mkdir "$directory"nolocknolo "$directory"shortname "$directory"longlongname
		echo x >"$directory"nolocknolo/x
		ln -s "$PWD/elsewhere" "$directory"linklinkli
		# One that is at work.
		mkdir "$directory"busybusybu
		: >"$directory"busybusybu/lock
	done
	: >elsewhere/lock
	kept=(busybusybu linklinkli longlongname nolocknolo shortname)
	if ((EUID == 0)); then
		mkdir out/.peipkg-build.others____
		: >out/.peipkg-build.others____/lock
		chown -R 65534 out/.peipkg-build.others____
		chown 65534 out/.peipkg-build.nolocknolo
	fi
	exec {one}>"$TMPDIR"/peipkg-build.busybusybu/lock {other}>out/.peipkg-build.busybusybu/lock
	flock "$one"
	flock "$other"
	build {one}>&- {other}>&-
	assert_equal "$(ls -A "$TMPDIR")" "$(printf 'peipkg-build.%s\n' "${kept[@]}")"
	((EUID != 0)) || rm -r out/.peipkg-build.others____
	assert_equal "$(find out -name '.p*' -printf '%f\n' | sort)" "$(printf '.peipkg-build.%s\n' "${kept[@]}")"
	[[ -e elsewhere/lock ]]
	exec {one}>&- {other}>&-
}

@test "peipkg-build: two builds at the same time do not disturb each other" {
	wait_in_script
	mv recipe first
	mv source first-source
	new_hello
	sed -i s/hello/other/ recipe/peipkg.toml
	build
	touch go
	wait "$build"
	assert_equal "$(cat said)" "$PWD/out/hello_1.0-1_noarch.peipkg"
	assert_equal "$(ls -A out)" $'hello_1.0-1_noarch.peipkg\nother_1.0-1_noarch.peipkg'
	assert_swept
}

@test "peipkg-build: many at once share the sweeping" {
	leave_complete 0
	new_hello
	for i in {1..20}; do
		mkdir "$TMPDIR/peipkg-build.$((1000000000 + i))" "out/.peipkg-build.$((1000000000 + i))"
		: >"out/.peipkg-build.$((1000000000 + i))/lock"
	done
	builds=()
	for i in {1..6}; do
		start
		builds+=("$build")
	done
	for build in "${builds[@]}"; do
		wait "$build"
	done
	assert_equal "$(ls out)" $'a-second_1.0-1_x86_64.peipkg\nhello_1.0-1_noarch.peipkg'
	assert_swept
}

# What a fault keeps a run from removing, the next one sweeps.
@test "peipkg-build: calls of all its programs fail" {
	local number package=hello_1.0-1_noarch.peipkg
	local -a command=(peipkg-build build --recipe recipe/peipkg.toml --source source
		"${facts[@]}" --out out --sign-key key.pem)
	need_inject
	new_key key.pem
	list_calls 199 "${command[@]}"
	mv out whole
	for number in "${numbers[@]}"; do
		rm -rf out
		injected "$number" "${command[@]}"
		! reads_script || continue
		if ((outcome == 0)); then
			assert_equal "$(<printed)" "$PWD/out/$package"
			diff -r whole out
		else
			[[ ! -e out/$package ]] || cmp "out/$package" "whole/$package"
		fi
	done
	"${command[@]}"
	diff -r whole out
	assert_swept
}

@test "peipkg-build: names of packages that cannot be read again" {
	copy_programs
	replace_filter pk-get <<-'END'
		[[ $* != *.name ]] || exit 0
		exec "$real" "$@"
	END
	run_apart build
	assert_equal "$status" 1
	assert_equal "$stderr" \
		'peipkg-build: recipe/peipkg.toml: what was read of it cannot be read again'
	assert_swept
}
