# peipkg-manager: its main loop.
# shellcheck shell=bash disable=SC2034,SC2154

tick_seconds=5  # between two turns of the main loop, at most
hold_seconds=60 # what is wrong may be the disk, so that no failure could be recorded

declare -A hold=() # RECIPE@VERSION, publish, upload -> no other attempt before that
woken=''           # just now
stopping=''        # no new builds
reloading=''       # a SIGHUP came
upload_pending=1   # what stands here may not have been uploaded, or "running"
tried=()           # sets of packages that the publisher found
failed=''          # something that --strict counts

work() {
	schedule_first_polls
	while :; do
		read_clock
		reap_children
		[[ -z $reloading ]] || reload
		take_spool
		look_at_repository
		start_polls
		reap_builds
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

# end STATUS: whatever is left ends with us (setpriv).
end() {
	forget_failed_fork
	stop_http
	remove_stages
	# A bash that cannot fork ends with 254.
	(($1 <= 2)) || exit 1
	exit "$1"
}

is_done() {
	((${#children[@]} == 0)) || return 1
	if has_publication || wants_upload; then return 1; fi
	[[ -z $stopping ]] || return 0
	[[ -n ${option[once]-} && -z $sweeping ]] || return 1
	list_candidates
	((${#candidates[@]} == 0))
}

# Whether a set of packages waits that may be published, or the indexes grow old.
has_publication() {
	((${hold[publish]-0} <= clock)) || return 1
	list_publishable
	((${#publishable[@]} > 0)) || are_indexes_old "$published_at" "$written_at"
}

is_publishable() {
	[[ -d $state/publish/$1 ]] || return
	read_failure "$state/state/failures/$1"
	((retry_at <= EPOCHSECONDS))
}

# The sets that may be published now, as `publishable`.
list_publishable() {
	local set
	publishable=()
	for set in "$state/publish/"*@*; do
		! is_publishable "${set##*/}" || publishable+=("${set##*/}")
	done
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
		tried=("${publishable[@]}")
		start_child publish '' "$share/farm/publish" "$state"
	elif wants_upload; then
		upload_pending=running
		start_child upload '' "$share/farm/upload" "$state"
	fi
}

# Each set that was refused had its failure recorded, unless that failed, too; those that
# came meanwhile are still to be tried. Without any it was the indexes' age.
end_publish() {
	local set
	(($2 != 0)) || return 0
	((${#tried[@]} > 0)) || hold[publish]=$((clock + hold_seconds))
	for set in "${tried[@]}"; do
		! is_publishable "$set" || hold[publish]=$((clock + hold_seconds))
	done
}

end_upload() {
	if (($2 != 0)); then
		upload_pending=1
		hold[upload]=$((clock + hold_seconds))
	elif [[ $upload_pending == running ]]; then
		upload_pending=''
	fi
}

# Something that happened, or the next moment at which something is due.
wait_for_news() {
	local wait=$tick_seconds name until line
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
	IFS= read -r -t "$wait" -u "$wake" line || return 0
	woken=1
	take_news "$line"
	while read -r -t 0 -u "$wake"; do
		IFS= read -r -u "$wake" line
		take_news "$line"
	done
}
