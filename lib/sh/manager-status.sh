# peipkg-manager: what it tells of itself.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

started_at=$EPOCHSECONDS
last_poll=0
published_at=0      # generated_at of what was published last
written_at=0        # when repo.json was written
published_version=0 # its index_version
status_written=''

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
	written_at=$(stat -c %Y -- "$state/stage/seen")
}

# count_lines FILE: as `lines`.
count_lines() {
	local -a text=()
	[[ ! -f $1 ]] || mapfile -t text <"$1"
	lines=${#text[@]}
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

# write_status: for /status and /metrics, when something changed; and the tick for /healthz. As
# long as nothing happens, no turn of the main loop starts a process.
write_status() {
	local status_text
	: >"$state/state/tick"
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
	local flights='' flight='null' failed_builds names json time lines
	count_lines "$state/stage/attempted"
	attempted=$lines
	count_lines "$state/stage/succeeded"
	succeeded=$lines
	list_flights
	list_failures
	join_names
	json_string "${config[manager.id]}"
	status_text="{\"farm_id\":$json,\"recipes\":[$names]"
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

# The roster, as `names`.
join_names() {
	local name
	names=''
	for name in "${roster[@]}"; do
		json_string "$name"
		names+=",$json"
	done
	names=${names#,}
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
