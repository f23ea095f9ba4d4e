# The log of a farm: a line an event, on stderr.
# shellcheck shell=bash disable=SC2034,SC2154

declare -A log_ranks=([debug]=0 [info]=1 [warn]=2 [error]=3)
log_level=${PEIPKG_LOG_LEVEL:-info}

# quote TEXT: as `quoted`, a value that cannot be taken for anything else in a line of the
# log: in quotes with escapes when it is empty or holds a blank, =, ", a control character
# or bytes that are no UTF-8. Of a long one no more than the beginning.
quote() {
	local LC_ALL=C.UTF-8 character i
	local text=${1:0:2000}
	quoted=$text
	[[ $text != +([[:graph:]]) || $text == *[=\"]* ]] || return 0
	quoted=''
	for ((i = 0; i < ${#text}; i++)); do
		character=${text:i:1}
		case $character in
		[\"\\]) character=\\$character ;;
		$'\n') character='\n' ;;
		$'\r') character='\r' ;;
		$'\t') character='\t' ;;
		[[:print:]]) ;;
		*) escape "$character" ;;
		esac
		quoted+=$character
	done
	quoted=\"$quoted\"
}

# escape CHARACTER: a byte that is no character, or a character nobody sees, as `character`.
escape() {
	local LC_ALL=C.UTF-8 format='\\u%04x'
	local -i code
	printf -v code %d "'$1"
	LC_ALL=C
	((${#1} > 1)) || format='\\x%02x'
	# shellcheck disable=SC2059 # of the two formats above
	printf -v character "$format" "$code"
}

# log LEVEL MESSAGE [KEY VALUE]...: a line of the log, on stderr. That nobody reads it any
# more ends no run.
log() {
	local level=${1,,} line quoted
	((log_ranks[$level] >= log_ranks[$log_level])) || return 0
	TZ=UTC0 printf -v line 'time=%(%Y-%m-%dT%H:%M:%SZ)T level=%s' -1 "$1"
	quote "$2"
	line+=" msg=$quoted"
	shift 2
	while (($# > 1)); do
		quote "$2"
		line+=" $1=$quoted"
		shift 2
	done
	printf '%s\n' "$line" >&2 2>/dev/null || :
}

# log_warnings FILE: those of peipkg-repo among what it said there.
log_warnings() {
	local line
	while IFS= read -r line; do
		[[ $line != *': warning: '* ]] ||
			log WARN 'publish warning' err "${line#*: warning: }"
	done <"$1"
}

# Of a step that a manager runs, what it says otherwise is a line of the log, too.
if [[ -n ${PEIPKG_MANAGER-} ]]; then
	say() {
		log WARN "$1" step "$program"
	}
fi
