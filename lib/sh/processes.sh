# Pipelines that can be interrupted: processes, their statuses, signals.
# shellcheck shell=bash disable=SC2154

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

# await PID: until a child has ended, with `status`.
await() {
	status=0
	wait "$1" 2>/dev/null || status=$?
}

# outlasts PID TRIES SECONDS: whether a process still runs when it was looked at so often, with
# so long in between.
outlasts() {
	local tries=$2
	while kill -0 "$1" 2>/dev/null; do
		((tries-- > 0)) || return 0
		sleep "$3"
	done
	return 1
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

# After a fork that failed, bash waits for a process that is not there, behind its next command,
# which then fails.
forget_failed_fork() {
	: 2>/dev/null || :
}

# Whatever a filter's status was, from here on the wrapper's is 1.
leave() {
	forget_failed_fork
	set +m
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
