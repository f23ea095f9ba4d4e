# A farm's build on another machine, the far side, for whatever connects the two: a command
# that passes on stdin, stdout and stderr to a shell there, and its exit status back.
#
# One connection carries all. Over stdin go what the far side is to run, the job as a tar
# archive, and then a newline now and again for as long as this side lives. When none comes,
# the far side ends the build and removes what it made: it needs no second connection that
# tells it to, which could fail as well. stderr brings the log, stdout a tar archive of the
# packages and of the exit status of peipkg-build.
# shellcheck shell=bash disable=SC2034,SC2154

usage() {
	printf 'usage: %s DIR\n' "$program"
}

feeder=''     # the process that writes to the connection
connection='' # the process that it goes through, in a process group of its own
farewell=''   # what the far side does after it heard nothing more, in the words of bash

cleanup() {
	[[ -z $feeder ]] || kill "$feeder" 2>/dev/null || :
	[[ -z $connection ]] || hang_up
	remove_stages
}

# The far side hears nothing more, cleans up, and ends the connection. It could not if srun
# were told to end: that kills what runs there.
hang_up() {
	! outlasts "$connection" 200 0.1 || kill -KILL "$connection" 2>/dev/null || :
}

# read_operands OPERAND...: the directory of the job, as an absolute path in `directory`.
read_operands() {
	local name
	parse_options '' "$@"
	((${#operands[@]} == 1)) || usage_error 'the directory of a job is wanted'
	patience=${PEIPKG_RUNNER_PATIENCE-60}
	[[ $patience == [1-9]*([0-9]) && $patience -ge 5 ]] ||
		usage_error "PEIPKG_RUNNER_PATIENCE: seconds are wanted, 5 or more, not '$patience'"
	for name in job recipe source; do
		[[ -e ${operands[0]}/$name ]] || die "${operands[0]}: no job: $name is not there"
	done
	resolve "${operands[0]}"
	directory=$resolved
}

# read_words VARIABLE: what the environment says there, if anything, as `words`: blanks
# divide, quotes and backslashes hold together, nothing else is special.
read_words() {
	local text
	text=$(xargs -r printf '%s\n' <<<"${!1-}" 2>/dev/null) ||
		usage_error "$1: a quote is not closed"
	split_lines words "$text"
}

# run_job COMMAND...: builds the job behind the connection that the command makes; its own
# shell there has to be bash.
run_job() {
	local line bytes received
	trap_signals
	make_stage "$directory/.received"
	received=$made_stage
	bytes=$(write_job | wc -c)
	coproc FEEDER { feed "$bytes"; }
	feeder=$FEEDER_PID
	exec {line}<&"${FEEDER[0]}"
	hold_signals
	set -m
	PATH=$caller_path "$@" <&"$line" 2>&1 >"$received/tar" &
	connection=$!
	set +m
	release_signals
	exec {line}<&-
	await "$connection"
	connection=''
	((status <= 128 || status == 255)) || say "$1: $(describe_status "$status")"
	((status == 0)) || exit 1
	take_packages "$received"
}

write_job() {
	tar -c --no-unquote --format=posix -C "$directory" -- job recipe source
}

# feed BYTES: what goes over the connection, until the runner ends in whatever way, which
# stdin tells. Why the connection breaks off, if it does, its command says.
feed() {
	local status=142
	exec 2>/dev/null
	echo 'shopt -s extglob nullglob'
	declare -f say die make_stage sweep_stages remove_tree remove_stages \
		outlasts far_build far_watch far_end_build far_clean_up
	printf 'program=%s; far_build %d %d %q; exit\n' "$program" "$1" "$patience" "$farewell"
	write_job
	while ((status > 128)) && echo; do
		status=0
		read -r -t "$((patience / 5))" _ || status=$?
	done
}

# take_packages STAGE: of what came back, the regular files that are named like packages.
take_packages() {
	local status=''
	mkdir -- "$1/files"
	tar -x --no-unquote -f "$1/tar" -C "$1/files" --no-same-owner --no-same-permissions
	[[ ! -f $1/files/status || -L $1/files/status ]] || read -r status <"$1/files/status" || :
	[[ $status == +([0-9]) ]] || die 'the far side does not say how the build ended'
	report_crash peipkg-build
	((status == 0)) || exit 1
	mkdir -p -- "$directory/out"
	find "$1/files" -mindepth 1 -maxdepth 1 -type f -name '*.peipkg' \
		-exec mv -t "$directory/out" -- '{}' +
}

# From here on, what runs on the far side, which knows nothing else of this file.

# far_build BYTES PATIENCE FAREWELL: the job comes on stdin, as that many bytes.
far_build() {
	set -euo pipefail
	umask 022
	trap : PIPE
	build='' watcher='' farewell='' stages=()
	trap far_clean_up EXIT
	trap 'exit 1' HUP INT TERM
	# shellcheck disable=SC2064 # now is when it is known
	trap "farewell=${3@Q}; exit 1" USR1
	sweep_stages "${TMPDIR:-/tmp}/peipkg-runner"
	make_stage "${TMPDIR:-/tmp}/peipkg-runner"
	work=$made_stage
	cd -- "$work"
	head -c "$1" | tar -x -p --no-same-owner
	mkdir -p tmp out
	far_watch "$2" <&0 &
	watcher=$!
	mapfile -t arguments <job
	TMPDIR=$work/tmp setpriv --pdeathsig TERM setsid peipkg-build "${arguments[@]}" \
		</dev/null >&2 &
	build=$!
	status=0
	wait "$build" || status=$?
	far_end_build
	echo "$status" >status
	find out -mindepth 1 -maxdepth 1 -type f -printf '%P\0' |
		tar -c --no-unquote --null --verbatim-files-from -C "$work" status -C "$work/out" -T - &
	wait "$!"
}

# far_watch PATIENCE: until nothing more is heard.
far_watch() {
	while read -r -t "$1" _; do :; done
	kill -USR1 "$$"
}

# Nothing of the build goes on running: not what it left behind in its session either.
far_end_build() {
	kill -TERM "$build" 2>/dev/null || :
	outlasts "$build" 50 0.1 || :
	pkill -KILL -s "$build" || :
	build=''
}

far_clean_up() {
	trap '' HUP INT TERM USR1
	[[ -z $watcher ]] || kill "$watcher" 2>/dev/null || :
	[[ -z $build ]] || far_end_build
	cd /
	remove_stages
	eval "$farewell"
}
