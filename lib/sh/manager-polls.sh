# peipkg-manager: when which upstream is polled.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

polls_most=16           # side by side
declare -A next_poll=() # recipe -> when, by the clock of read_clock
declare -A polling=()   # recipe -> 1 while it is polled; stale, if reloaded since
declare -A polled=()    # recipe -> 1 when it was polled since it was loaded
sweeping=1              # --once: not every recipe was polled yet

# What is due by what was known before waits until then: the recipe may be another one.
schedule_first_polls() {
	local name
	polled=()
	for name in "${watched[@]}"; do
		next_poll[$name]=0
		[[ -z ${polling[$name]-} ]] || polling[$name]=stale
	done
}

# Those that are due share the workers.
start_polls() {
	local name i=0 workers pid
	local -a due=() shares=()
	[[ -z $stopping ]] || return 0
	for name in "${watched[@]}"; do
		((${next_poll[$name]-0} > clock)) || [[ -n ${polling[$name]-} ]] || due+=("$name")
	done
	workers=$((polls_most < ${#due[@]} ? polls_most : ${#due[@]}))
	while ((i < workers)); do
		shares=()
		for ((pid = i; pid < ${#due[@]}; pid += workers)); do
			shares+=("${due[pid]}")
		done
		start_poll "${shares[@]}"
		i=$((i + 1))
	done
	[[ -z ${option[once]-} ]] || sweeping=''
}

# The first wait is up to a tenth longer, so that recipes do not stay in step.
start_poll() {
	local name jitter
	for name; do
		polling[$name]=1
		jitter=0
		((${next_poll[$name]-0} > 0)) || jitter=$((RANDOM % (${interval[$name]} / 10 + 1)))
		next_poll[$name]=$((clock + ${interval[$name]} + jitter))
		[[ -z ${option[once]-} ]] || next_poll[$name]=$((1 << 62))
	done
	start_child poll "$(printf '%s/' "$@")" "$share/farm/poll" "$state" "$@"
}

end_poll() {
	local name
	local -a names
	IFS=/ read -r -a names <<<"${subject[$1]}"
	for name in "${names[@]}"; do
		[[ ${polling[$name]} == stale ]] || polled[$name]=1
		polling[$name]=''
	done
	last_poll=$EPOCHSECONDS
}
