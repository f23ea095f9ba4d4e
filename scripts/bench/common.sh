# What the parts of the benchmark share: a part calls start_part, then for every item `item`,
# `candidate` for ours and for each peer, and `compare`, which runs them in turn.
#
# Of the runs of a program the shortest counts: what else the machine does only adds. Ratio is
# a program's time by ours; CPU seconds are user and system of all its processes together, MiB
# the memory of the largest, not their sum; processes are those started on the whole machine
# meanwhile. Bytes are those of the package or index that is written or read.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
build=${BUILD:-build}
[[ $build == /* ]] || build=$PWD/$build
export PATH=$build/bin:$PATH LC_ALL=C
bench=${BENCH:-$build/bench}
runs=${RUNS:-3}
patience=60 # seconds after which a program gets no further run
reference=${REFERENCE-}

declare -a labels results preparations commands spent notes

# start_part NAME TITLE: $work is a new directory, the part's own.
start_part() {
	part=$1
	export work=$bench/$part
	rm -rf "$work"
	mkdir -p "$work"
	printf '\n## %s\n\n' "$2"
	print_row item program seconds ratio 'CPU s' MiB bytes processes
	print_row --- --- --: --: --: --: --: --:
}

end_part() {
	rm -rf "$work"
}

print_row() {
	printf '| %-38s | %-33s | %9s | %7s | %9s | %7s | %13s | %9s |\n' "$@"
}

tab_separated() {
	local IFS=$'\t'
	echo "$*"
}

# item NAME [TIMES]: what is measured next. Of so many times a run, the mean counts.
item() {
	item=$1 times=${2:-1}
	labels=() results=() preparations=() commands=() spent=() notes=()
	rm -f "$work"/runs.*
}

# candidate LABEL PROGRAMS RESULT PREPARATION COMMAND...: a program, first ours. It is passed
# over unless all PROGRAMS are there; RESULT is the file or directory whose bytes count, none
# if empty; the command PREPARATION goes before each run. COMMAND may be a function, which
# sees exported variables only.
candidate() {
	local program command
	printf -v command '%q ' "${@:5}"
	notes[${#labels[@]}]=''
	for program in $2; do
		command -v "$program" >/dev/null || notes[${#labels[@]}]='not installed'
	done
	spent[${#labels[@]}]=0
	labels+=("$1") results+=("$3") preparations+=("$4") commands+=("$command")
}

# ours_and_reference NAME RESULT PREPARATION ARGUMENT...: that program of ours, and the one
# of that name in the directory REFERENCE if that is given.
ours_and_reference() {
	candidate "$1" "$1" "$2" "$3" "$1" "${@:4}"
	[[ -z $reference ]] ||
		candidate "reference $1" "$reference/$1" "$2" "$3" "$reference/$1" "${@:4}"
}

# Sets `started`: how many processes there ever were. Itself, it starts none.
count_processes() {
	local stat
	read -r -d '' stat </proc/stat || :
	started=${stat#*processes }
	started=${started%%[!0-9]*}
}

# shellcheck disable=SC2016 # for the shell that is measured
timed_loop='
	export -fn $(compgen -A function)
	exec 3>&2 2>"$work/times"
	TIMEFORMAT="%3R %3U %3S"
	time for ((i = 0; i < $1; i++)); do
		eval "$2" 2>&3
	done'

# measure CANDIDATE: one more run, as a line of "$work/runs.CANDIDATE".
measure() {
	local i=$1 processes started since
	[[ -z ${notes[i]} ]] && ((spent[i] < patience)) || return 0
	${preparations[i]}
	# shellcheck disable=SC2046 # words are what is wanted
	export -f $(compgen -A function)
	since=$SECONDS
	count_processes
	processes=$started
	if ! /usr/bin/time -q -f '%M' -o "$work/memory" bash -euo pipefail -c "$timed_loop" bash \
		"$times" "${commands[i]}" >/dev/null 2>"$work/log"; then
		fail "$i"
		return
	fi
	count_processes
	# Beside those of the command: time, the shell, and its compgen.
	processes=$(((started - processes - 3) / times))
	echo "$(<"$work/times") $(<"$work/memory") $processes" >>"$work/runs.$i"
	spent[i]=$((spent[i] + SECONDS - since))
}

# fail CANDIDATE: no peer's failure ends the benchmark, but one of ours does.
fail() {
	echo "${labels[$1]} failed: ${commands[$1]}" >&2
	tail -n 5 "$work/log" "$work/times" >&2
	(($1 > 0)) || exit 1
	notes[$1]=failed
}

# bytes_of PATH: of all files there.
bytes_of() {
	[[ -z $1 ]] || find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'
}

# summarize CANDIDATE: seconds, CPU seconds, memory in KiB, processes.
summarize() {
	awk -v times="$times" '
		function least(now, one) { return NR == 1 || one < now ? one : now }
		{
			seconds = least(seconds, $1)
			busy = least(busy, $2 + $3)
			memory = $4 > memory ? $4 : memory
			processes = least(processes, $5)
		}
		END { printf "%.4f %.4f %d %d\n", seconds / times, busy / times, memory, processes }
	' "$work/runs.$1"
}

# report CANDIDATE: its line of the table for programs, and of that for people.
report() {
	local i=$1 bytes='' seconds='' ratio='' busy='' memory='' processes='' ours
	if [[ -z ${notes[i]} ]]; then
		bytes=$(bytes_of "${results[i]}")
		read -r seconds busy memory processes <<<"$(summarize "$i")"
		read -r ours _ <<<"$(summarize 0)"
		ratio=$(awk "BEGIN { printf \"%.2f\", $seconds / $ours }")
	fi
	tab_separated "$part" "$item" "${labels[i]}" "$seconds" "$ratio" "$busy" "$memory" \
		"$bytes" "$processes" "${notes[i]}" >>"$bench/report.tsv"
	[[ -z $memory ]] || memory=$(awk "BEGIN { printf \"%.1f\", $memory / 1024 }")
	print_row "$item" "${labels[i]}" "${notes[i]:-$seconds}" "$ratio" "$busy" \
		"$memory" "$bytes" "$processes"
}

# compare: every candidate once, then every one again, and so on.
compare() {
	local run i
	for ((run = 0; run < runs; run++)); do
		for i in "${!labels[@]}"; do
			measure "$i"
		done
	done
	for i in "${!labels[@]}"; do
		report "$i"
	done
}
