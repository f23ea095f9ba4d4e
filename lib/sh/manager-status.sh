# peipkg-manager: reloading, what others put into the spool, what it tells of itself.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

woken=''
serves_http=''
started_at=$EPOCHSECONDS
last_poll=0
published_at=0      # generated_at of what was published last
published_version=0 # its index_version
status_written=''

# take_spool: hooks and retries, of which a kill loses none.
take_spool() {
	local file
	local -a hooks=("$state/spool/"*.hook)
	for file in "${hooks[@]}"; do
		take_hook "$file"
	done
	((${#hooks[@]} == 0)) || printf '%s\0' "${hooks[@]}" | xargs -0 rm -f --
	take_retries
}

take_retries() {
	local file
	for file in "$state/spool/"*.retry; do
		take_retry "$file"
		rm -f -- "$file"
	done
}

# At most one poll of a recipe waits, however many hooks there were.
take_hook() {
	local line name known=''
	local -a named=()
	while IFS= read -r line; do
		named+=("$line")
		for name in "${watched[@]}"; do
			[[ ${repository_of[$name]-} == "$line" ]] || continue
			known=1
			((${next_poll[$name]-0} > 0)) || continue
			next_poll[$name]=0
			log INFO 'webhook accepted, triggering immediate poll' recipe "$name"
		done
	done <"$1"
	[[ -n $known ]] || log INFO 'webhook for unrecognised or opted-out repo' \
		repositories "${named[*]}"
}

take_retry() {
	local what
	while IFS= read -r what; do
		forget_failures "$what"
	done <"$1"
}

# forget_failures [RECIPE[@VERSION]]: of all, without it, uploads included.
forget_failures() {
	local file name
	for file in "$state/state/failures/"*@*; do
		name=${file##*/}
		[[ -n $1 && $1 != "$name" && $1 != "${name%@*}" ]] || rm -f -- "$file"
	done
	hold=()
	[[ -n $1 ]] || rm -f -- "$state/state/upload-failure"
	log INFO 'waits forgotten' what "${1:-everything}"
}

# reload: SIGHUP. A configuration that is broken leaves the one that was there.
reload() {
	reloading=''
	log INFO 'received SIGHUP; reloading recipes'
	try reload_configuration
	if ((status == 0)); then
		configuration=$(<"$state/state/config.json")
		reopen_http_for_reload
	fi
	load_recipes keep
	schedule_first_polls
	log INFO 'recipes reloaded' count "${#roster[@]}" dir "${config[manager.recipes_dir]}"
}

# What needs a restart stays as it is.
reload_configuration() {
	local line place=$state/state/.config
	try write_configuration "$place"
	while IFS= read -r line; do
		log WARN 'configuration' err "$line"
	done <"$place.said"
	((status == 0)) || log ERROR 'configuration broken; the old one stays' config "$config_path"
	((status == 0)) && fs-commit -- "$place" "$state/state/config.json"
}

write_configuration() {
	exec 2>"$1.said"
	parse_configuration -o "$state/state/config.json" >"$1"
}

reopen_http_for_reload() {
	take_configuration
	use_signer
	use_webhook_secret "${config[http.webhook_secret_file]}"
	upload_pending=1
}

# Where a manager was killed, its server may take a moment to leave the port.
open_http() {
	local attempts=5
	until start_http "${config[http.host]}" "${config[http.port]}" \
		"${config[http.webhook_secret_file]}"; do
		((--attempts > 0)) || die "${config[http.addr]}: nothing can listen there"
		sleep 0.5
	done
	serves_http=1
	log INFO 'webhook server listening' addr "${config[http.addr]}"
}

# A server that died is started anew.
keep_http() {
	[[ -n $serves_http ]] || return 0
	[[ -z $http_pid ]] || ! kill -0 "$http_pid" 2>/dev/null || return 0
	log WARN 'web server died'
	stop_http
	start_http "${config[http.host]}" "${config[http.port]}" \
		"${config[http.webhook_secret_file]}" || :
}

# Indexes that cannot be read end no daemon: builds wait until they can.
read_publication() {
	local index_version generated_at last
	touch -r "$state/repo/repo.json" -- "$state/stage/seen"
	if ! read_generation 2>"$state/stage/said"; then
		IFS= read -r last <"$state/stage/said" || :
		log ERROR 'indexes cannot be read' err "$last"
		return
	fi
	published_version=$index_version
	published_at=$(date -d "$generated_at" +%s)
}

count_lines() {
	lines=0
	[[ ! -f $1 ]] || lines=$(wc -l <"$1")
}

# json_string TEXT: as `json`. What names hold beyond this was refused when they were read.
json_string() {
	json=${1//\\/\\\\}
	json=\"${json//\"/\\\"}\"
}

json_time() {
	json=null
	(($1 == 0)) || {
		describe_time "$1"
		json=\"$time\"
	}
}

# write_status: for /status and /metrics, when something changed; and the tick for /healthz.
write_status() {
	local status_text
	touch -- "$state/state/tick"
	keep_http
	make_status
	[[ $status_text != "$status_written" ]] || return 0
	try put_status
	((status != 0)) || status_written=$status_text
}

# In a subshell, by try: a full disk ends no daemon.
put_status() {
	printf '%s\n' "$status_text" >"$state/state/.status"
	mv -- "$state/state/.status" "$state/state/status.json"
	write_metrics >"$state/state/.metrics"
	mv -- "$state/state/.metrics" "$state/state/metrics"
}

# make_status: the document, as `status_text`.
make_status() {
	local flights='' flight='null' failed_builds json time lines
	count_lines "$state/stage/attempted"
	attempted=$lines
	count_lines "$state/stage/succeeded"
	succeeded=$lines
	list_flights
	list_failures
	json_string "${config[manager.id]}"
	status_text="{\"farm_id\":$json,\"recipes\":[$(join_names)]"
	status_text+=",\"builds_attempted\":$attempted,\"builds_succeeded\":$succeeded"
	status_text+=",\"in_flight\":$flight,\"failures\":$failed_builds"
	status_text+=",\"in_flight_all\":[$flights]"
	json_time "$started_at"
	status_text+=",\"started_at\":$json"
	json_time "$last_poll"
	status_text+=",\"last_poll\":$json"
	json_time "$published_at"
	status_text+=",\"last_publish\":$json,\"index_version\":$published_version"
	describe_upload
	status_text+=",\"upload\":$json}"
}

join_names() {
	local name names=''
	for name in "${roster[@]}"; do
		json_string "$name"
		names+=",$json"
	done
	printf '%s' "${names#,}"
}

# The builds that run, as `flights`, and the oldest as `flight`.
list_flights() {
	local mark started oldest=''
	for mark in "$state/stage/running/"*; do
		read -r started 2>/dev/null <"$mark" || continue
		mark=${mark##*/}
		json_string "${mark%@*}"
		json="{\"recipe\":$json,\"version\":\"${mark##*@}\""
		describe_time "$started"
		json+=",\"started_at\":\"$time\"}"
		flights+=,$json
		[[ -n $oldest && $oldest -le $started ]] || oldest=$started flight=$json
	done
	flights=${flights#,}
}

list_failures() {
	local file failures retry_at
	failed_builds=''
	for file in "$state/state/failures/"*@*; do
		read_failure "$file"
		((failures > 0)) || continue
		json_string "${file##*/}"
		describe_time "$retry_at"
		failed_builds+=",$json:{\"failures\":$failures,\"next_retry\":\"$time\"}"
	done
	failed_builds=${failed_builds:+\{${failed_builds#,}\}}
	[[ -n $failed_builds ]] || failed_builds=null
}

describe_upload() {
	local failures retry_at state_of_upload='done'
	json=null
	[[ ${config[upload.backend]} != none ]] || return 0
	[[ -z $upload_pending ]] || state_of_upload=pending
	read_failure "$state/state/upload-failure"
	json="{\"backend\":\"${config[upload.backend]}\",\"state\":\"$state_of_upload\""
	json+=",\"failures\":$failures"
	describe_time "$retry_at"
	((failures == 0)) || json+=",\"next_retry\":\"$time\""
	json+="}"
}

write_metrics() {
	local files=("$state/state/failures/"*@*) running=("$state/stage/running/"*) pending=0
	[[ ${config[upload.backend]} == none || -z $upload_pending ]] || pending=1
	put_metric builds_attempted_total counter 'Builds started since the manager started.' \
		"$attempted"
	put_metric builds_succeeded_total counter 'Builds published since the manager started.' \
		"$succeeded"
	put_metric recipes gauge 'Recipes loaded.' "${#roster[@]}"
	put_metric builds_in_flight gauge 'Builds that run.' "${#running[@]}"
	put_metric failures gauge 'Versions whose last build, publication or check failed.' \
		"${#files[@]}"
	put_metric index_version gauge 'The index_version published last.' "$published_version"
	put_metric last_publish_timestamp_seconds gauge 'generated_at of the indexes.' \
		"$published_at"
	put_metric last_poll_timestamp_seconds gauge 'When a poll ended last.' "$last_poll"
	put_metric upload_pending gauge 'Whether the state is still to be uploaded.' \
		"$pending"
}

put_metric() {
	printf '# HELP peipkg_manager_%s %s\n# TYPE peipkg_manager_%s %s\n' "$1" "$3" "$1" "$2"
	printf 'peipkg_manager_%s %s\n' "$1" "$4"
}
