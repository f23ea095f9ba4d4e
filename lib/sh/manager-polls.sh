# peipkg-manager: when which upstream is polled.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

declare -A next_poll=() # recipe -> when, by the clock of read_clock
declare -A polling=()   # recipe -> pid that polls it; "pid stale", if reloaded since
declare -A polled=()    # recipe -> 1 when it was polled since it was loaded
sweeping=1              # --once: not every recipe was polled yet

# What is due by what was known before waits until then: the recipe may be another one.
schedule_first_polls() {
	local name
	polled=()
	for name in "${watched[@]}"; do
		next_poll[$name]=0
		[[ -z ${polling[$name]-} ]] || polling[$name]="${polling[$name]% *} stale"
	done
}

start_polls() {
	local name
	local -a due=()
	[[ -z $stopping ]] || return 0
	for name in "${watched[@]}"; do
		((${next_poll[$name]-0} > clock)) || [[ -n ${polling[$name]-} ]] || due+=("$name")
	done
	((${#due[@]} == 0)) || start_poll "${due[@]}"
	[[ -z ${option[once]-} ]] || sweeping=''
}

# The first wait is up to a tenth longer, so that recipes do not stay in step.
start_poll() {
	local name jitter names
	printf -v names '%s/' "$@"
	start_child poll "$names" "$share/farm/poll" "$state" "$@"
	for name; do
		polling[$name]=$!
		jitter=0
		((${next_poll[$name]-0} > 0)) || jitter=$((RANDOM % (${interval[$name]} / 10 + 1)))
		next_poll[$name]=$((clock + ${interval[$name]} + jitter))
		[[ -z ${option[once]-} ]] || next_poll[$name]=$((1 << 62))
	done
}

# take_news LINE: what a poll says of itself, each recipe as it is done.
take_news() {
	[[ $1 != 'polled '* ]] || end_poll_of "${1#polled }"
}

end_poll_of() {
	[[ -n ${polling[$1]-} ]] || return 0
	[[ ${polling[$1]} == *' stale' ]] || polled[$1]=1
	polling[$1]=''
	last_poll=$EPOCHSECONDS
}

# What was not told of before it ended.
end_poll() {
	local name
	local -a names
	IFS=/ read -r -a names <<<"${subject[$1]}"
	for name in "${names[@]}"; do
		[[ ${polling[$name]% *} != "$1" ]] || end_poll_of "$name"
	done
}
