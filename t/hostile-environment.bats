#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a process of its own

# Whatever is in the environment of the programs' callers, they make the same bytes and say the
# same, or refuse; and nothing of it is run.

load helper
load build
load journey

setup_file() {
	travel_in_peace
}

setup() {
	pwned=$BATS_TEST_TMPDIR/pwned
}

# travels PREFIX...: the whole journey behind the prefix is as in peace.
travels() {
	echo "$*"
	enter_world
	journey "$@"
	assert_same
	assert_not_exist "$pwned"
}

# travels_with NAME=VALUE...: all of them together; seldom each by itself, too.
travels_with() {
	local setting
	travels env "$@"
	seldom || return 0
	for setting; do
		travels env "$setting"
	done
}

# write_evil: a script that nobody is to run, as $evil.
write_evil() {
	evil=$BATS_TEST_TMPDIR/evil
	printf 'touch %q\necho hostile\necho hostile >&2\nexit 9\n' "$pwned" >"$evil"
}

@test "what a shell runs and heeds at its start" {
	write_evil
	travels_with "BASH_ENV=$evil" "ENV=$evil" CDPATH=/:/usr:/tmp IFS=/ \
		POSIXLY_CORRECT=1 POSIX_PEDANTIC=1 BASH_COMPAT=3.1 FUNCNEST=2 TMOUT=1 EXECIGNORE='*' \
		GLOBIGNORE='*' GLOBSORT=-name SHELLOPTS=noclobber:noglob:xtrace:noexec:allexport \
		BASHOPTS=failglob:nocaseglob:nocasematch:dotglob:lastpipe \
		"PS4=\$(touch $pwned)" BASH_XTRACEFD=1 "PROMPT_COMMAND=touch $pwned" \
		OPTIND=7 LINENO=7 CHILD_MAX=1 BASH_ARGV0=x PPID=1 EUID=1 EPOCHSECONDS=1
}

@test "functions for every command there is" {
	local name
	local -a functions=()
	for name in $(compgen -b) $(cd /bin && echo [a-z]*) $(cd "$programs" && echo *); do
		functions+=("BASH_FUNC_$name%%=() { >$pwned; }")
	done
	((${#functions[@]} > 200))
	travels env "${functions[@]}" "BASH_FUNC_x%%=() { :; }; >$pwned"
}

@test "a value for every variable of the wrappers" {
	local -a settings
	mapfile -t settings < <(cat "$project"/bin/peipkg-* "$project"/lib/sh/* |
		grep -v '^[.#]' | grep -oE '\b[a-z][a-z_]*\b' | sort -u | sed "s|\$|=1 x;*/\$(>$pwned)|")
	((${#settings[@]} > 500))
	travels env "${settings[@]}"
}

@test "what tools take from the environment" {
	travels_with GREP_OPTIONS=-v GREP_COLORS=ms=1 GREP_COLOR=1 GZIP=-d TAR_OPTIONS=-v \
		"TAPE=$pwned" ZSTD_CLEVEL=19 ZSTD_NBTHREADS=9 XZ_OPT=-9 XZ_DEFAULTS=-9 \
		_POSIX2_VERSION=199209 BLOCK_SIZE=human BLOCKSIZE=1 DF_BLOCK_SIZE=x QUOTING_STYLE=c \
		TIME_STYLE=x COLUMNS=5 LINES=2 TERM=none NO_COLOR=1 CLICOLOR_FORCE=1 \
		VERSION_CONTROL=numbered SIMPLE_BACKUP_SUFFIX=x DATEMSK=/dev/null LESS=x PAGER=false \
		JQ_COLORS=x CURL_HOME=/nowhere http_proxy=http://127.0.0.1:1 MAKEFLAGS=-n MFLAGS=-n \
		MAKEFILES=/dev/null GIT_DIR=/nowhere PEIPKG_LOG_LEVEL=nothing HOME=/nowhere PWD=/ \
		OLDPWD=/nowhere
	! seldom || travels env GZIP=--rsyncable
}

@test "variables that are expected to be there are not" {
	travels env -u HOME -u PWD -u OLDPWD -u LC_ALL -u TERM -u SHELL -u USER -u TZ
}

@test "locales and time zones" {
	! seldom || travels env LC_ALL=C TZ=Asia/Kolkata
	mkdir "$BATS_TEST_TMPDIR/locales"
	export LOCPATH=$BATS_TEST_TMPDIR/locales
	if localedef -c -i tr_TR -f UTF-8 "$LOCPATH/tr_TR.UTF-8" >/dev/null 2>&1; then
		assert_equal "$(LC_ALL=tr_TR.UTF-8 bash -c 'x=I; echo "${x,}"')" 'ı'
		travels env LC_ALL=tr_TR.UTF-8 TZ=:nowhere
	fi
	# Of a locale that is not there bash itself tells, each time it starts.
	enter_world
	journey env LC_ALL=xx_YY.UTF-8
	sed -i '/: warning: setlocale: LC_ALL: cannot change locale (xx_YY.UTF-8)$/d' said/*.err
	assert_same
}

# closing DESCRIPTORS COMMAND...: the command without them.
closing() {
	local descriptors=$1
	[[ $descriptors != *0* ]] || exec <&-
	[[ $descriptors != *1* ]] || exec >&-
	[[ $descriptors != *2* ]] || exec 2>&-
	exec "${@:2}"
}

# journey_without DESCRIPTORS: the statuses are those of the journey in peace.
journey_without() {
	enter_world
	journey bash -c "$(declare -f closing); closing \"\$@\"" bash "$1"
	diff -u "$clean.made" <(made)
}

@test "closed stdin and stderr" {
	if seldom; then
		journey_without 0
		assert_same
	fi
	journey_without 2
	(cd "$clean" && said out status) | diff -u - <(said out status)
	journey_without 02
	(cd "$clean" && said out status) | diff -u - <(said out status)
}

# All is done, but what cannot be told is an error.
@test "closed stdout" {
	local descriptors
	for descriptors in 1 $(seldom && echo 01 12 012); do
		journey_without "$descriptors"
		assert_equal "$(cd said && grep -L 1 -- *.status)" "$(printf '%s.status\n' lint pack usage)"
		assert_equal "$(cd said && grep -H . lint.status pack.status usage.status)" \
			"$(printf '%s\n' lint.status:0 pack.status:0 usage.status:2)"
	done
	assert_equal "$(cat said/*.out)" ''
}

@test "no standard descriptor becomes that of a file, nor of the wrapper itself" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' '#!/bin/bash -p' 'program=x share=$1' '. "$share/common.sh"' \
		'exec {one}<"$0"' 'readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 >"$2"' >wrapper
	chmod +x wrapper
	for closed in 0 1 2 01 02 12 012; do
		(closing "$closed" ./wrapper "$programs/../share/peipkg-tools" seen)
		for descriptor in $(fold -w 1 <<<"$closed"); do
			assert_equal "$closed $(sed -n "$((descriptor + 1))p" seen)" "$closed /dev/null"
		done
	done
}

@test "signals that the caller ignores" {
	travels nice -n 19 env --block-signal=CHLD,ALRM \
		--ignore-signal=PIPE,CHLD,HUP,INT,QUIT,TERM,XFSZ,TTOU,TTIN,TSTP,USR1
}

@test "few descriptors" {
	local limit
	travels bash -c 'ulimit -n 20; exec "$@"' bash
	for limit in 9 $(seldom && echo 6 8 11); do
		enter_world
		journey bash -c 'ulimit -n "$1"; exec "${@:2}"' bash "$limit"
		assert_equal "$(cat said/{build,pack,init}.status)" $'1\n1\n1'
		assert_equal "$(ls -A tmp)" ''
		[[ ! -d out ]] || assert_equal "$(ls -A out)" ''
		assert_not_exist repo
	done
}

@test "umasks" {
	local mask
	for mask in 077 $(seldom && echo 000); do
		travels bash -c 'umask "$1"; exec "${@:2}"' bash "$mask"
		assert_equal "$(stat -c %a repo/repo.json repo/p/hello)" $'644\n755'
	done
	enter_world
	journey bash -c 'umask "$1"; exec "${@:2}"' bash 777
	# Whoever may do what the modes do not allow is not held up.
	if ((EUID == 0)); then
		assert_same
	else
		assert_equal "$(cat said/build.status) $(ls -A tmp)" '1 '
		assert_equal "$(find . -name '.peipkg*')" ''
	fi
}

@test "TMPDIR: relative, with blanks, quotes and newlines" {
	local name
	local -a names=(-tmp $'t m\n"p'\''\n')
	! seldom || names+=(./tmp 't*' '$(touch x)' 't\mp&')
	for name in "${names[@]}"; do
		enter_world
		mkdir -p -- "$name"
		journey env "TMPDIR=$name"
		[[ $name == ./tmp ]] || rmdir -- "$name"
		assert_same
	done
}

@test "TMPDIR: where nothing can be put" {
	local name
	enter_world "$clean"
	rm -rf out
	touch file
	for name in /nowhere ./nowhere file; do
		run_apart env "TMPDIR=$name" "$programs/peipkg-build" build \
			--recipe recipe/peipkg.toml --source source "${facts[@]}" --out out
		assert_refused 1 "peipkg-build: TMPDIR: $name: no directory to write to"
		assert_not_exist out
		run_apart env "TMPDIR=$name" "$programs/peipkg-repo" verify --repo repo \
			--timestamp 2026-06-01T06:00:00Z
		assert_refused 1 "peipkg-repo: TMPDIR: $name: no directory to write to"
	done
}

@test "TMPDIR: relative, and an old generation put back is noticed" {
	enter_world "$clean"
	cp -a repo/.peipkg-repo/previous old
	rm -rf repo/index
	mv old repo/index
	for TMPDIR in tmp "$PWD/tmp"; do
		run_apart "$programs/peipkg-repo" verify --repo repo --mode metadata \
			--timestamp 2026-06-01T06:00:00Z
		assert_failure 1
		[[ $stderr == *'FAIL: index/: rolled back: '* ]]
	done
}

# A program that says it ran, under the name of every one that wrappers call, in $1.
put_programs() {
	local name
	mkdir -p "$1"
	for name in awk basename cat chmod cmp column comm cp cut date df diff dirname env find flock \
		fs-commit git grep gzip head id ln ls mkdir mktemp mv numfmt od paste pk-get pk-hash \
		pk-walk pgrep readlink realpath rm rmdir sed setpriv sleep sort stat stty sync tail tee \
		timeout touch tr uniq wc xargs; do
		printf '#!/bin/sh\n>%q\nexit 9\n' "$pwned" >"$1/$name"
		chmod +x "$1/$name"
	done
}

@test "PATH: unset, empty, without sbin" {
	travels env -u PATH
	travels env PATH=
	! seldom || travels env PATH=/usr/bin:/bin
}

@test "PATH: entries that are not absolute find nothing of ours" {
	enter_world
	put_programs .
	put_programs tools
	journey env PATH=.:tools::./tools:../work/tools:/usr/bin:/bin:
	rm -r tools
	find . -maxdepth 1 -type f -perm -u+x -exec rm '{}' +
	assert_same
	assert_not_exist "$pwned"
}

@test "PATH cannot lead to a place with a colon" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p 'a:b'
	cp -RL "$programs" "$programs/../share" 'a:b'
	for program in peipkg-build peipkg-repo peipkg-manager; do
		run_apart a:b/bin/"$program" --version
		assert_refused 1 "$program: $PWD/a:b/bin/../bin: PATH cannot hold a name with a colon"
	done
}
