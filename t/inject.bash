# What a program does when its system calls fail, are interrupted, or move fewer bytes than
# they were asked to: see inject.c. Needs helper.bash.
#
# Where there are many calls of one program, one in $one_in is taken: under a sanitizer,
# whose programs are slow to start, one in eight; EVERY_STEP=1 takes all.

find_inject() {
	# Behind the system's: there is a driver named base64.
	PATH=$PATH:$project/${BUILD:-build}/t
	inject true || skip 'system calls cannot be watched here'
}

# The sanitizer's own memory is not counted: where there is none, it says so itself, or waits
# for a lock that it holds.
choose_calls() {
	counted=("$@")
	[[ -z ${ASAN_OPTIONS-} ]] || counted+=(-x memory)
}

prepare_inject() {
	find_inject
	choose_calls -b
	one_in=1 piece=7 changes='' varies=0
	[[ -z ${ASAN_OPTIONS-} ]] || one_in=8
	[[ -z ${EVERY_STEP-} ]] || one_in=1 piece=1
}

# What messages say of each error that inject brings about.
told='Input/output error|No space left on device|Too many open files|[Oo]ut of memory|Cannot allocate memory|not enough memory|cannot start a thread'

# start_over DIRECTORY: what the command changes is there as it was before.
start_over() {
	[[ -n $changes ]] || return 0
	rm -rf "${1:?}/$changes"
	cp -a "$start/$changes" "$1"
}

# attempt DIRECTORY OPTION...: the command in its directory: its status is `status`, its
# output in DIRECTORY.out, its messages in DIRECTORY.err, its calls in DIRECTORY.log.
attempt() {
	start_over "$1"
	status=0
	(cd "$1" && exec inject "${counted[@]}" -o "$1.log" "${@:2}" "${command[@]}" \
		<"$input" >"$1.out" 2>"$1.err") || status=$?
}

# The call that did not go as it should, in `call`; false if none was.
find_call() {
	local line
	call=''
	while read -r line; do
		[[ $line != injected ]] || return 0
		call=$line
	done <"$1.log"
	return 1
}

complain() {
	printf '%s: call %s, %s: %s\n' "${command[*]}" "$number" "$call" "$2"
	cat "$1.err"
} >>"$1.complaints"

is_as_undisturbed() {
	cmp -s "$1.out" "$undisturbed.out" &&
		{ [[ -z $changes ]] || diff -r "$1/$changes" "$undisturbed/$changes" >/dev/null; }
}

# A part of the output, from its start, may be there: a stream that was cut short.
begins_as_undisturbed() {
	[[ ! -s $1.out ]] || cmp -s -n "$(stat -c %s "$1.out")" "$1.out" "$undisturbed.out"
}

# What the command changes is as it was. Tests of commands that may do a part of their work
# have their own.
left_well() {
	[[ -z $changes ]] || diff -r "$1/$changes" "$start/$changes" >/dev/null
}

# Only what should be removed at the end is still there, and is told of.
left_something() {
	[[ $call =~ ^(unlink|rmdir) && $(<"$1.err") == *'warning: '*'cannot be removed'* ]] &&
		! diff -r "$1/$changes" "$undisturbed/$changes" | grep -v '^Only in '
}

# What is said, and if a refusal was to be expected, that is enough.
tells_failure() {
	local message
	message=$(<"$1.err")
	[[ $message == "${command[0]}: "* ]] && [[ $expected != 0 || $message =~ $told ]]
}

# What a sanitizer looks at memory with, when it checks the types of objects.
is_of_sanitizer() {
	[[ -n ${ASAN_OPTIONS-} && $call == *pipe* && $(<"$1.err") =~ 'runtime error'|'CHECK failed' ]]
}

# Threads may need a call less than they did before.
is_spared() {
	((number + varies > calls)) && is_as_undisturbed "$1"
}

is_done_well() {
	((expected == 0)) || return 1
	is_as_undisturbed "$1" || left_something "$1"
}

# judge DIRECTORY: what came of the attempt there.
judge() {
	if ! find_call "$1"; then
		is_spared "$1" || complain "$1" 'the call did not come'
	elif is_of_sanitizer "$1"; then
		return 0
	elif ((status == 0)); then
		is_done_well "$1" || complain "$1" 'done, but not as it should be'
	elif ((status != 1 && status != expected)); then
		complain "$1" "ended with $status"
	elif ! tells_failure "$1" && [[ $call != write*/?.err ]]; then
		complain "$1" 'does not say what failed'
	elif ! begins_as_undisturbed "$1"; then
		complain "$1" 'wrong output'
	elif ! left_well "$1"; then
		complain "$1" 'left a part of its work'
	fi
}

# fail_each DIRECTORY FIRST STEP: each of the calls from that one on fails, there.
fail_each() {
	local number directory=$1
	for ((number = $2; number <= calls; number += $3)); do
		attempt "$directory" -n "$number"
		judge "$directory"
	done
}

run_undisturbed() {
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 attempt "$undisturbed"
	assert_equal "$status" "$expected"
	[[ $status != 0 || ! -s $undisturbed.err ]]
	calls=$(wc -l <"$undisturbed.log")
	((calls > 0))
}

# Two at a time, as most machines can.
fail_all() {
	local number
	local -a processes=()
	for number in 1 2; do
		fail_each "$BATS_TEST_TMPDIR/$number" $(((number - 1) * one_in + 1)) \
			$((2 * one_in)) 3>&- &
		processes+=("$!")
	done
	wait "${processes[@]}"
}

# dribble OPTION...: all reads and writes, as the options say; the result is the same.
dribble() {
	local number=each call='' directory=$BATS_TEST_TMPDIR/1
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 attempt "$directory" "$@"
	if ! find_call "$directory" && [[ $* == *-i* && (-s $input || -s $undisturbed.out) ]]; then
		complain "$directory" 'no call was disturbed'
	elif ((status != expected)) || ! is_as_undisturbed "$directory" ||
		! cmp -s "$directory.err" "$undisturbed.err"; then
		complain "$directory" "ended with $status when done by $*"
	fi
}

# bears INPUT COMMAND...: the command, which is good, with that file as its standard input,
# bears all that inject can do to it.
bears() {
	local calls undisturbed=$BATS_TEST_TMPDIR/undisturbed start=$BATS_FILE_TMPDIR/start
	local input=$1 directory expected=${expected-0}
	local -a command=("${@:2}")
	cd "$start"
	input=$(realpath "$1")
	for directory in "$BATS_TEST_TMPDIR"/{undisturbed,1,2}; do
		rm -rf "$directory"*
		cp -a "$start" "$directory"
	done
	run_undisturbed
	fail_all
	dribble -i -s "$piece"
	dribble -s $((64 * piece))
	[[ -z ${EVERY_STEP-} ]] || echo "# ${command[*]:0:3}: $calls calls" >&3
	cat "$BATS_TEST_TMPDIR"/?.complaints >&2 2>/dev/null || return 0
	return 1
}

# refuses INPUT COMMAND...: nothing that inject can do turns a refusal into a success.
refuses() {
	local expected=1
	bears "$@"
}

# Wrappers, and what they run. Two runs need not make the same calls, for what runs at once:
# whatever call it is that fails, there is no success with a wrong result, no half of one,
# and no end by a signal.

# list_calls ONE_IN COMMAND...: one in so many of the numbers of its calls, as `numbers`; a
# third of them under a sanitizer, with EVERY_STEP=1 all.
list_calls() {
	local wide=$1 count
	[[ ${ASAN_OPTIONS-} != *exitcode* ]] || wide=$((3 * wide))
	[[ -z ${EVERY_STEP-} ]] || wide=$EVERY_STEP
	inject "${counted[@]}" -o calls "${@:2}" >/dev/null 2>&1
	count=$(wc -l <calls)
	mapfile -t numbers < <(seq "$wide" "$wide" "$count")
	((${#numbers[@]} > 1))
}

# Whether the call was about a script: a shell that cannot read one ends as if it was empty.
reads_script() {
	[[ $call == *"$project"/* || $call == *.sh?(/) ]]
}

# injected NUMBER COMMAND...: the command, in which that call fails: its status, in
# `outcome`, and what it said, in the file said; in `call`, which it was.
injected() {
	outcome=0
	inject "${counted[@]}" -o log -n "$1" "${@:2}" >printed 2>said || outcome=$?
	call=$(grep -B1 -x injected log | head -n 1) || :
	! reads_script || return 0
	((outcome < 124)) && [[ $outcome == 0 || -s said || $call == */said ]] && return
	echo "call $1, $call: status $outcome" >&2
	cat said >&2
	return 1
}

need_inject() {
	find_inject
	choose_calls
	# Not the files of a locale, a hundred calls for each program.
	export LC_ALL=C ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
}
