# What every wrapper shares: a clean start, messages, pipelines that can be interrupted.
# Sourced with `share` set to the directory that this file is in, and `program` to the
# wrapper's name. The wrapper defines usage(), which prints to stdout.
# shellcheck shell=bash disable=SC2154

# What our shell heeds even with -p, and options that tools would take from the environment.
unset POSIXLY_CORRECT BASH_COMPAT CDPATH FUNCNEST TMOUT GREP_OPTIONS GZIP TAPE TAR_OPTIONS
set +o posix +o noclobber
shopt -s extglob
trap : PIPE # a write that fails is an error as any other
# Until trap_signals; a bash that cannot fork ends with 254.
trap '(($? <= 2)) || exit 1' EXIT

# is_open DESCRIPTOR: for our caller. The first one closed is where bash has the script open.
is_open() {
	[[ -e /dev/fd/$1 && ! /dev/fd/$1 -ef $0 ]]
}

# A descriptor that was closed must not become that of some file. As in the filters, to
# use stdin or stdout is then an error.
is_open 0 || exec 0>/dev/null
is_open 1 || exec 1</dev/null
is_open 2 || exec 2>/dev/null

# What a build script gets to see. Where the caller has none, bash makes one up for itself.
caller_path=$PATH
[[ ${PATH@a} == *x* && -n $PATH ]] || caller_path=/usr/local/bin:/usr/bin:/bin

# shellcheck source=lib/sh/options.sh
. "$share/options.sh"

# Escaped where bash finds it needed: a name must not drive a terminal. That nobody
# listens any more ends no run.
say() {
	local text=$1
	[[ $text == *[[:cntrl:]]* ]] && printf -v text '%q' "$text"
	printf '%s: %s\n' "$program" "$text" >&2 2>/dev/null || :
}

die() {
	say "$1"
	exit 1
}

# find_programs: our PATH, with our own programs first. The caller's entries that are no
# absolute paths would lead anywhere after a cd. Not by way of "$share/..": in the source
# tree that is a link.
find_programs() {
	local rest=$caller_path: place=${share%/*/*}/bin
	[[ $place != *:* ]] || die "$place: PATH cannot hold a name with a colon"
	export PATH=$place
	while [[ -n $rest ]]; do
		[[ $rest != /* ]] || PATH+=:${rest%%:*}
		rest=${rest#*:}
	done
}

find_programs

usage_error() {
	say "$1"
	usage >&2
	exit 2
}

show_usage() {
	usage || exit 1
	exit 0
}

show_version() {
	local version
	version=$(pk-hash --version)
	printf '%s %s\n' "$program" "${version#* }"
}

# What the environment tells git of some repository is not about ours.
forget_git_repository() {
	unset GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY \
		GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_NAMESPACE \
		GIT_CEILING_DIRECTORIES GIT_PREFIX GIT_CONFIG GIT_DEFAULT_HASH GIT_REPLACE_REF_BASE
}

# resolve PATH: where it leads, as an absolute path in `resolved`; newlines at its end stay.
resolve() {
	resolved=$(realpath -e -- "$1" && echo .)
	resolved=${resolved%$'\n.'}
}

# read_list ARRAY FILE: the lines of a file of text. An error in the middle ends the
# wrapper; to mapfile and read alone it would be the end of the file.
read_list() {
	local text
	local -n list=$1
	text=$(<"$2")
	list=()
	# shellcheck disable=SC2034 # it is the caller's
	[[ -z $text ]] || mapfile -t list <<<"$text"
}

running=''        # the process that is waited for; a process group with "-" before it
holds_signals=''  # while a process is started that is not known yet
pending_signal='' # that came meanwhile

end_running() {
	[[ -n $running ]] || return 0
	kill -KILL -- "$running" 2>/dev/null || :
	wait "${running#-}" 2>/dev/null || :
	running=''
}

describe_status() {
	local signal=''
	(($1 <= 128)) || signal=$(kill -l "$(($1 - 128))" 2>/dev/null) || :
	printf '%sexit status %d' "${signal:+killed by SIG$signal, }" "$1"
}

# report_crash NAME: by `status`, what a command that did not end by itself could not say.
report_crash() {
	((status <= 1)) || say "$1: $(describe_status "$status")"
}

# run COMMAND...: a command, or a function that is a pipeline, in the background and in a
# process group of its own, so that a signal is handled at once and ends all of it. Ends
# the wrapper when it fails.
run() {
	try "$@"
	report_crash "$1"
	((status == 0)) || exit 1
}

# try COMMAND...: as run, but leaves it to the caller what comes of its `status`. A terminal
# with tostop set does not stop what it says.
try() {
	start_group "$@"
	await "${running#-}"
	running=''
}

# start_group COMMAND...: in the background, as the process group `running`.
start_group() {
	hold_signals
	set -m
	{
		trap '' TTOU
		"$@"
	} &
	running=-$!
	set +m
	release_signals
}

# From before a process is started until it is known which to end.
hold_signals() {
	holds_signals=1
}

release_signals() {
	holds_signals=''
	[[ -z $pending_signal ]] || on_signal "$pending_signal"
}

# await PID: until a child has ended, with `status`; a trapped signal does not end the wait.
await() {
	status=0
	wait "$1" 2>/dev/null || status=$?
	((status > 128)) || return 0
	while kill -0 "$1" 2>/dev/null; do
		wait "$1" 2>/dev/null || :
	done
	# Its own: what there was may be that of a signal.
	status=0
	wait "$1" 2>/dev/null || status=$?
}

# close_descriptors FIRST: it and those above it, before another program takes our place.
close_descriptors() {
	local fd
	for fd in /proc/self/fd/*; do
		fd=${fd##*/}
		((fd < $1)) || exec {fd}>&-
	done
}

# Ends what runs, cleans up, and dies of the same signal; another one does not disturb it.
on_signal() {
	if [[ -n $holds_signals ]]; then
		pending_signal=$1
		return
	fi
	trap '' HUP INT TERM
	end_running
	cleanup
	trap - EXIT
	say "interrupted by SIG$1"
	trap - "$1"
	kill -"$1" "$$"
}

# Whatever a filter's status was, from here on the wrapper's is 1.
leave() {
	cleanup
	(($1 == 0)) || exit 1
}

# The wrapper defines cleanup().
trap_signals() {
	local signal
	for signal in HUP INT TERM; do
		# shellcheck disable=SC2064 # now is when the name is known
		trap "on_signal $signal" "$signal"
	done
	trap 'leave "$?"' EXIT
}
