# Failures that are kept on disk, and how long the next attempt waits for each.
# shellcheck shell=bash disable=SC2034,SC2154

# What each failure in a row adds to the wait before the next attempt, in seconds.
backoff=(60 300 900 3600 21600 86400)

# is_of_machine MESSAGE: whether it tells of the disk or of memory, not of what was read.
is_of_machine() {
	local faults='No space left|uota exceeded|put/output error|annot allocate memory|ut of memory|oo many open files'
	[[ $1 == *@($faults)* ]]
}

# put_failure FILE: one failure more, and now; `step` is the wait that follows, in seconds.
put_failure() {
	local -i count=0
	[[ ! -f $1 ]] || read -r count <"$1"
	count+=1
	step=${backoff[count < ${#backoff[@]} ? count - 1 : -1]}
	put_lines "$1" "$count" "$EPOCHSECONDS" "$step"
}

# is_of_waiting FILE: whether it is the failure of what was built and could not be published
# yet. That one is kept, whatever its recipe and its tag have become.
is_of_waiting() {
	[[ $1 == */failures/* && -d $state/publish/${1##*/} ]]
}

# read_failure FILE: `failures`, and `retry_at`; both 0 where none is recorded. A clock that
# was set back makes no wait longer than its step.
read_failure() {
	local -i since=0 step=0
	failures=0 retry_at=0
	[[ -f $1 ]] || return 0
	{
		read -r failures
		read -r since
		read -r step
	} 2>/dev/null <"$1" || return 0
	retry_at=$((since + step))
	((since > EPOCHSECONDS)) || return 0
	put_lines "$1" "$failures" "$EPOCHSECONDS" "$step" || :
	retry_at=$((EPOCHSECONDS + step))
}
