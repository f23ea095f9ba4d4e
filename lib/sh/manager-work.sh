# peipkg-manager: its main loop, and the work that it hands out: polls, batches of builds,
# publications, uploads.
# shellcheck shell=bash disable=SC2034,SC2154

polls_most=16   # side by side
tick_seconds=5  # between two turns of the main loop, at most
hold_seconds=60 # what is wrong may be the disk, so that no failure could be recorded

declare -A children=()  # pid -> poll, batch, publish or upload
declare -A subject=()   # pid -> recipes being polled, or the directory of a batch
declare -A slots_of=()  # pid of a batch -> builds side by side
declare -A next_poll=() # recipe -> when, by the clock of read_clock
declare -A polling=()   # recipe -> 1 while it is polled
declare -A polled=()    # recipe -> 1 when it was polled since it was loaded
declare -A building=()  # RECIPE@VERSION -> 1 from when it is handed out
declare -A hold=()      # RECIPE@VERSION, publish, upload -> no other attempt before that
stopping=''             # no new builds
reloading=''            # a SIGHUP came
upload_pending=1        # what stands here may not have been uploaded
batches=0               # so far
failed=''               # something that --strict counts
sweeping=1              # --once: not every recipe was polled yet

work() {
	schedule_first_polls
	while :; do
		read_clock
		reap_children
		[[ -z $reloading ]] || reload
		take_spool
		look_at_repository
		start_polls
		start_batch
		start_publisher
		write_status
		if is_done; then break; fi
		wait_for_news
	done
	log INFO 'peipkg-manager stopped'
	[[ -z ${option[strict]-} || -z $failed ]] || exit 1
}

# An operator may change it beside us.
look_at_repository() {
	! is_as_old "$state/stage/seen" "$state/repo/repo.json" || return 0
	[[ " ${children[*]} " != *' publish '* && -f $state/repo/repo.json ]] || return 0
	read_publication
	upload_pending=1
}

# A first signal lets what runs finish; a second one ends everything.
stop() {
	if [[ -n $stopping ]]; then
		log WARN 'second signal; everything ends'
		exit 1
	fi
	stopping=1
	: >"$state/stage/stop" || :
	echo >&"$wake"
}

ask_for_reload() {
	reloading=1
	echo >&"$wake"
}

# Whatever is left ends with us (setpriv).
end() {
	local left=$?
	stop_http
	remove_stages
	exit "$left"
}

is_done() {
	((${#children[@]} == 0)) || return 1
	if has_publication || wants_upload; then return 1; fi
	[[ -z $stopping ]] || return 0
	[[ -n ${option[once]-} && -z $sweeping ]] || return 1
	list_candidates
	((${#candidates[@]} == 0))
}

# start_child KIND SUBJECT COMMAND...: in a session of its own, which ends with us, even if
# we are gone before that is arranged; it does not hold our lock.
start_child() {
	# shellcheck disable=SC2016 # for the shell in between
	PEIPKG_MANAGER=1 setpriv --pdeathsig TERM setsid "$BASH" -pc '((PPID == $1)) && exec "${@:2}"' \
		"$program" "$$" "${@:3}" {lock}>&- {wake}>&- </dev/null &
	children[$!]=$1
	subject[$!]=$2
}

reap_children() {
	local pid running status
	running=" $(jobs -rp | tr '\n' ' ')"
	for pid in "${!children[@]}"; do
		[[ $running != *" $pid "* ]] || continue
		status=0
		wait "$pid" 2>/dev/null || status=$?
		((status == 0)) || failed=1
		"end_${children[$pid]}" "$pid" "$status"
		unset "children[$pid]" "subject[$pid]"
	done
}

# What is due by what was known before waits until then: the recipe may be another one.
schedule_first_polls() {
	local name
	polled=()
	for name in "${watched[@]}"; do
		next_poll[$name]=0
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
		polling[$name]='' polled[$name]=1
	done
	last_poll=$EPOCHSECONDS
}

# list_candidates: what is due and may be built now, as `candidates`, ascending by version
# for each recipe; `next_retry` is when there may be more.
list_candidates() {
	local name version file
	candidates=() next_retry=$((1 << 62))
	for name in "${watched[@]}"; do
		[[ -n ${polled[$name]-} && -s $state/state/versions/$name ]] || continue
		while read -r version; do
			file=$name@$version
			[[ -f $state/state/due/$file && ! -d $state/publish/$file ]] || continue
			[[ -z ${building[$file]-} && ${hold[$file]-0} -le $clock ]] || continue
			read_failure "$state/state/failures/$file"
			if ((retry_at <= EPOCHSECONDS)); then
				candidates+=("$file")
			elif ((retry_at < next_retry)); then
				next_retry=$retry_at
			fi
		done <"$state/state/versions/$name"
	done
}

free_slots() {
	local used
	free=${config[build.jobs]}
	for used in "${slots_of[@]}"; do
		free=$((free - used))
	done
}

# Make schedules: a target for each build, numbered, since names may hold what make reads
# otherwise.
start_batch() {
	local file directory=$state/stage/batch.$((++batches))
	[[ -z $stopping ]] || return 0
	free_slots
	((free > 0)) || return 0
	list_candidates
	((${#candidates[@]} > 0)) || return 0
	try write_batch
	if ((status != 0)); then
		postpone_candidates
		return
	fi
	for file in "${candidates[@]}"; do
		building[$file]=1
	done
	((free <= ${#candidates[@]})) || free=${#candidates[@]}
	start_child batch "$directory" env STEP="$share/farm/build" STATE="$state" \
		BATCH="$directory" make -s -k -j "$free" -f "$directory/Makefile" \
		3>&2 2>"$state/logs/make.log"
	slots_of[$!]=$free
}

# In a subshell, by try.
write_batch() {
	local i
	mkdir -- "$directory"
	for i in "${!candidates[@]}"; do
		printf '%s\n' "${candidates[i]%@*}" "${candidates[i]##*@}" >"$directory/$i"
	done
	write_makefile "${!candidates[@]}" >"$directory/Makefile"
}

# A full disk ends no daemon.
postpone_candidates() {
	local file
	for file in "${candidates[@]}"; do
		hold[$file]=$((clock + hold_seconds))
	done
	rm -rf -- "$directory"
	log ERROR 'no build can be started' builds "${candidates[*]}"
	failed=1
}

# What a build leaves running ends with its session; when make ends, so does what it runs.
# What make itself has to say is no line of our log.
write_makefile() {
	cat <<-END
		SHELL = setpriv
		.SHELLFLAGS = --pdeathsig TERM bash -pc
		.PHONY: all $*
		all: $*
		$*:
	END
	# shellcheck disable=SC1003,SC2016 # for make and its shell
	printf '\t%s\n' '@{ read -r recipe; read -r version; } <"$$BATCH/$@"; \' \
		'[ ! -e "$$STATE/stage/stop" ] || exit 0; \' \
		'[ -e "$$STATE/state/recipes/$$recipe/recipe.json" ] || exit 0; \' \
		'setpriv --pdeathsig TERM setsid "$$STEP" "$$STATE" "$$recipe" "$$version" \' \
		'2>&3 >&2 3>&- & wait $$!; status=$$?; pkill -KILL -s $$!; exit $$status'
}

end_batch() {
	local file name version directory=${subject[$1]}
	unset "slots_of[$1]"
	for file in "$directory"/[0-9]*; do
		{
			read -r name
			read -r version
		} <"$file"
		end_build "$name" "$version"
	done
	rm -rf -- "$directory"
}

# Who could not tell of its end left its mark. Whatever happened, the next attempt is not at
# once.
end_build() {
	local duration file=$1@$2
	building[$file]=''
	[[ -d $state/publish/$file ]] || hold[$file]=$((clock + hold_seconds))
	[[ -f $state/stage/running/$file ]] || return 0
	rm -f -- "$state/stage/running/$file"
	put_failure "$state/state/failures/$file" || step=$hold_seconds
	describe_duration "$step"
	log ERROR 'build failed' recipe "$1" version "$2" err 'killed, or broken off' \
		next_retry_after "$duration"
}

# Whether a set of packages waits that may be published, or the indexes grow old.
has_publication() {
	local set
	((${hold[publish]-0} <= clock)) || return 1
	((EPOCHSECONDS - published_at < ${config[repo.refresh_after]})) || return 0
	for set in "$state/publish/"*@*; do
		read_failure "$state/state/failures/${set##*/}"
		((retry_at > EPOCHSECONDS)) || return 0
	done
	return 1
}

wants_upload() {
	[[ ${config[upload.backend]} != none && -n $upload_pending ]] || return 1
	((${hold[upload]-0} <= clock)) || return 1
	read_failure "$state/state/upload-failure"
	((retry_at <= EPOCHSECONDS))
}

# One publisher at a time, and no upload beside it.
start_publisher() {
	[[ " ${children[*]} " != *' publish '* && " ${children[*]} " != *' upload '* ]] || return 0
	if has_publication; then
		start_child publish '' "$share/farm/publish" "$state"
	elif wants_upload; then
		start_child upload '' "$share/farm/upload" "$state"
	fi
}

end_publish() {
	(($2 == 0)) || ! has_publication || hold[publish]=$((clock + hold_seconds))
}

end_upload() {
	if (($2 == 0)); then
		upload_pending=''
	else
		hold[upload]=$((clock + hold_seconds))
	fi
}

# Something that happened, or the next moment at which something is due.
wait_for_news() {
	local wait=$tick_seconds name until
	((${#children[@]} == 0)) || wait=1
	[[ -n $stopping ]] || for name in "${watched[@]}"; do
		[[ -z ${polling[$name]-} ]] || continue
		until=$((${next_poll[$name]-0} - clock))
		((until >= wait)) || wait=$((until > 0 ? until : 0))
	done
	list_candidates
	until=$((next_retry - EPOCHSECONDS))
	((until >= wait)) || wait=$((until > 0 ? until : 0))
	# Who woke us may need a moment more to end.
	[[ -z $woken ]] || wait=0.05
	woken=''
	read -r -t "$wait" -u "$wake" _ || return 0
	woken=1
	while read -r -t 0 -u "$wake"; do
		read -r -u "$wake" _
	done
}
