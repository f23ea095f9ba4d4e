# Publishing: what waits in publish/ -> the repository, all at once or each on its own.
# shellcheck shell=bash disable=SC2034,SC2154

no_reason='no reason given'

# publish_waiting: one publisher at a time. An empty publication where none was for long.
# Fails when anything was refused.
publish_waiting() {
	local lock refused=''
	local -a waiting=()
	exec {lock}>>"$state/state/publish.lock"
	run flock "$lock"
	list_waiting
	finish_published
	if ((${#waiting[@]} > 0)); then
		publish_all_or_each
	else
		refresh_indexes
	fi
	exec {lock}>&-
	[[ -z $refused ]]
}

publish_all_or_each() {
	local set
	try publish_sets "${waiting[@]}"
	if ((status == 0)); then
		finish_sets "${waiting[@]}"
		return
	fi
	refused=$(refusal)
	# It may have been made all the same.
	finish_published
	check_state
	refused=''
	for set in "${waiting[@]}"; do
		try publish_sets "$set"
		if ((status == 0)); then finish_set "$set"; else blame "$set"; fi
	done
}

# blame SET: what was refused alone is rejected, unless the fault lies elsewhere.
blame() {
	refused=$(refusal)
	if is_our_fault; then
		publication_failed "$1" "$refused"
	else
		reject_set "$1"
	fi
}

# Clients take indexes for stale that stay the same for 30 days (§6.5.4).
refresh_indexes() {
	local generated written
	if ! read_generation 2>"$state/stage/publish.log"; then
		log ERROR 'publish failed' err "$(refusal)"
		exit 1
	fi
	generated=$(date -d "$generated_at" +%s)
	written=$(stat -c %Y -- "$state/repo/repo.json")
	are_indexes_old "$generated" "$written" || return 0
	try publish_sets
	((status != 0)) || return 0
	log ERROR 'publish failed' err "$(refusal)"
	exit 1
}

# publish_sets [SET]...: in one publication. In a subshell, by try; what goes wrong is said in
# stage/publish.log.
publish_sets() {
	local set
	exec {messages}>&2 2>"$state/stage/publish.log"
	stages=()
	trap remove_stages EXIT
	make_stage "$state/stage/publish"
	new=$made_stage/new
	mkdir -- "$new"
	for set; do
		ln -- "$state/publish/$set"/*.peipkg "$new"
	done
	check_paths
	publish_new
}

publish_new() {
	local -a arguments=(--in "$state/repo" --out "$state/repo" --new "$new")
	[[ -z ${config[repo.package_url_template]} ]] ||
		arguments+=(--package-url-template "${config[repo.package_url_template]}")
	use_signer
	publication_time
	arguments+=(--timestamp "$publication_time" "${signing_arguments[@]}")
	! is_fetched_elsewhere || rehearse_and_keep
	peipkg-repo publish "${arguments[@]}" >&2
	log_warnings "$state/stage/publish.log" 2>&"$messages"
}

# Nothing is kept of what is refused. What the rehearsal warns of is said once more.
rehearse_and_keep() {
	peipkg-repo publish --dry-run "${arguments[@]}" >&2
	exec 2>"$state/stage/publish.log"
	keep_packages
}

# A clock that was set back does not take the indexes back (§6.2.3).
publication_time() {
	read_generation || return
	describe_time "$EPOCHSECONDS"
	publication_time=$time
	[[ $generated_at < $publication_time ]] || publication_time=$generated_at
}

# Why the last publication was refused.
refusal() {
	local last=''
	[[ ! -f $state/stage/publish.log ]] || last_line "$state/stage/publish.log"
	printf '%s' "${last:-$no_reason}"
}

# Where no package is at fault, all stay.
check_state() {
	((${#waiting[@]} > 0)) && is_our_fault || return 0
	postpone_all
}

# When the disk is full, or not even an empty publication can be made.
is_our_fault() {
	[[ $refused != "$no_reason" ]] || return 0
	! is_of_machine "$refused" || return 0
	mkdir -p -- "$state/stage/empty"
	use_signer
	publication_time 2>/dev/null || return 0
	try peipkg-repo publish --dry-run --in "$state/repo" --out "$state/repo" \
		--new "$state/stage/empty" --timestamp "$publication_time" \
		"${signing_arguments[@]}" >/dev/null 2>&1
	((status != 0))
}
