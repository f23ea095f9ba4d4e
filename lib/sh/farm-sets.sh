# The sets of packages in publish/, one a version that was built: which wait, and what becomes
# of them when they were published or refused.
# shellcheck shell=bash disable=SC2034,SC2154

# list_waiting: the sets that may be published now, as `waiting`.
list_waiting() {
	local set
	local -a files
	for set in "$state/publish/"*@*; do
		files=("$set"/*.peipkg)
		if ((${#files[@]} == 0)); then
			rm -rf -- "$set"
			continue
		fi
		set=${set##*/}
		read_failure "$state/state/failures/$set"
		((retry_at > EPOCHSECONDS)) || waiting+=("$set")
	done
}

publication_failed() {
	put_failure "$state/state/failures/$1"
	tell_of_failure "$@"
}

# tell_of_failure SET REASON: behind put_failure.
tell_of_failure() {
	local duration
	describe_duration "$step"
	log ERROR 'publish failed' recipe "${1%@*}" version "${1##*@}" err "$2" \
		next_retry_after "$duration"
}

postpone_all() {
	local set
	for set in "${waiting[@]}"; do
		publication_failed "$set" "$refused"
	done
	exit 1
}

# Once it no longer waits here, nothing but the failure keeps it from being built again.
reject_set() {
	local reason kept=$state/rejected/$1
	reason=$(refusal)
	put_failure "$state/state/failures/$1"
	release_packages "$1"
	rm -rf -- "$kept"
	mv -- "$state/publish/$1" "$kept"
	put_lines "$kept/reason" "$reason"
	tell_of_failure "$1" "$reason"
}

# Killed between a publication and what follows it, a farm finds its packages in the
# archive, with the same hash.
finish_published() {
	local set
	local -a left=()
	((${#waiting[@]} > 0)) || return 0
	try list_hashes 2>"$state/stage/publish.log"
	if ((status != 0)); then
		refused=$(refusal)
		postpone_all
	fi
	for set in "${waiting[@]}"; do
		try all_published "$set"
		if ((status == 0)); then finish_set "$set"; else left+=("$set"); fi
	done
	waiting=("${left[@]}")
}

list_hashes() {
	idx-split "$state/repo/index/archive.json" |
		pk-get -l name version architecture hash.value |
		paste -d '__ ' - - - - >"$state/stage/hashes"
}

all_published() {
	local file hash
	local -a files=("$state/publish/$1"/*.peipkg)
	((${#files[@]} > 0)) || return
	for file in "${files[@]}"; do
		hash=$(pk-hash <"$file")
		file=${file##*/}
		grep -qFx -- "${file%.peipkg} $hash" "$state/stage/hashes"
	done
}

finish_sets() {
	local set
	for set; do
		finish_set "$set"
	done
}

# finish_set SET: published, so no longer due, and no longer waiting.
finish_set() {
	local lock outputs timestamp done=$state/stage/published.$1
	local -a files=("$state/publish/$1"/*.peipkg)
	timestamp=$(pk-meta <"${files[0]}" | pk-get build.timestamp)
	files=("${files[@]##*/}")
	exec {lock}>>"$state/state/due.lock"
	run flock "$lock"
	rm -f -- "$state/state/due/$1" "$state/state/failures/$1"
	mv -- "$state/publish/$1" "$done"
	rm -rf -- "$done"
	refresh_published || :
	exec {lock}>&-
	printf '%s\n' "$1" >>"$state/stage/succeeded"
	log INFO 'build + publish complete' recipe "${1%@*}" version "${1##*@}" \
		outputs "${files[*]}" build_timestamp "$timestamp"
}
