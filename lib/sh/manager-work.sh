# peipkg-manager: its main loop, and the children that work for it.
# shellcheck shell=bash disable=SC2034,SC2154

tick_seconds=5  # between two turns of the main loop, at most
hold_seconds=60 # what is wrong may be the disk, so that no failure could be recorded

declare -A children=() # pid -> poll, batch, publish or upload
declare -A subject=()  # pid -> recipes being polled, or the directory of a batch
declare -A hold=()     # RECIPE@VERSION, publish, upload -> no other attempt before that
woken=''               # just now
stopping=''            # no new builds
reloading=''           # a SIGHUP came
upload_pending=1       # what stands here may not have been uploaded, or "running"
tried=()               # sets of packages that the publisher found
failed=''              # something that --strict counts

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

# Of a child that ends while a `wait` blocks, just before a trapped signal comes, bash never
# learns (up to 5.3 at least): it then waits as long as any other one runs. That is why try
# and await are not those of processes.sh here, where traps return and the web server runs on.

# try COMMAND...: with its `status`; a signal waits until it has ended.
try() {
	set +e
	(
		# Who types ^C wants us to stop, not that this fails.
		[[ -z $wake ]] || trap '' INT
		set -e
		"$@"
	)
	status=$?
	set -e
}

# await PID: until a child has ended, with `status`.
await() {
	while kill -0 "$1" 2>/dev/null; do
		sleep 0.01 || :
	done
	take_status "$1"
}

# take_status PID: of a child that has ended, as `status`.
take_status() {
	status=0
	wait "$1" 2>/dev/null || status=$?
	((status > 128)) || return 0
	# Its own: what there was may be that of a signal.
	status=0
	wait "$1" 2>/dev/null || status=$?
}

reap_children() {
	local pid status
	local -a running
	list_running
	for pid in "${!children[@]}"; do
		[[ " ${running[*]} " != *" $pid "* ]] || continue
		take_status "$pid"
		((status == 0)) || failed=1
		"end_${children[$pid]}" "$pid" "$status"
		unset "children[$pid]" "subject[$pid]"
	done
}

# The children that run, as `running`. A substitution would start a process: it is for when the
# disk is full.
list_running() {
	local text file=$state/stage/children
	if { jobs -rp && echo end; } 2>/dev/null >"$file"; then
		mapfile -t running <"$file"
	else
		text=$(jobs -rp)
		mapfile -t running <<<"$text"
	fi
}

# Whether a set of packages waits that may be published, or the indexes grow old.
has_publication() {
	local set
	((${hold[publish]-0} <= clock)) || return 1
	! are_indexes_old "$published_at" "$written_at" || return 0
	for set in "$state/publish/"*@*; do
		! is_publishable "${set##*/}" || return 0
	done
	return 1
}

is_publishable() {
	[[ -d $state/publish/$1 ]] || return
	read_failure "$state/state/failures/$1"
	((retry_at <= EPOCHSECONDS))
}

list_tried() {
	local set
	tried=()
	for set in "$state/publish/"*@*; do
		! is_publishable "${set##*/}" || tried+=("${set##*/}")
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
		list_tried
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
