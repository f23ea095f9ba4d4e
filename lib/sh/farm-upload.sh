# Uploading: the repository as it stands, packages first, so that no index names one that is
# not there.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=lib/sh/repository-files.sh
. "$share/repository-files.sh"

# upload_state: unless this very state was uploaded last. Fails when the upload does, and when
# the next attempt is still to wait.
upload_state() {
	local lock hash duration view
	[[ ${config[upload.backend]} != none ]] || return 0
	exec {lock}>>"$state/state/upload.lock"
	run flock "$lock"
	read_failure "$state/state/upload-failure"
	if ((retry_at > EPOCHSECONDS)); then
		describe_duration "$((retry_at - EPOCHSECONDS))"
		log INFO 'upload postponed' next_retry_after "$duration"
		return 1
	fi
	make_stage "$state/stage/upload"
	view=$made_stage/repository
	mkdir -- "$view"
	run copy_documents
	hash=$(hash_documents "$view")
	if ! was_uploaded "$hash"; then
		upload_phases
		put_lines "$state/state/uploaded" "$hash"
	fi
	rm -f -- "$state/state/upload-failure"
	exec {lock}>&-
}

was_uploaded() {
	[[ -f $state/state/uploaded && $(<"$state/state/uploaded") == "$1" ]]
}

# The documents of one generation, while nobody makes the next one; of packages there can
# only be more.
copy_documents() {
	local lock place
	place=$(realpath -- "$state/repo")
	mkdir -p -- "$place/.peipkg-repo"
	exec {lock}>>"$place/.peipkg-repo/lock"
	flock -s "$lock"
	cp -r -- "$place/index" "$place/repo.json" "$place/repo.json.sig" "$view"
	exec {lock}>&-
	list_package_directories "$place"
	ln -s -- "$place/keys" "${package_directories[@]}" "$view"
}

# And of where they go, with which directories: what is uploaded elsewhere is not there.
hash_documents() {
	cd "$1" || exit
	{
		printf '%s\n' "${config[upload.backend]}" "${config[upload.remote]}" */
		sha256sum -- repo.json repo.json.sig index/*
	} | pk-hash
}

upload_phases() {
	local phase
	for phase in packages indexes delete; do
		try upload_phase "$phase"
		((status == 0)) || fail_upload "$phase"
	done
}

upload_phase() {
	TMPDIR=$state/stage exec "$share/farm/upload-${config[upload.backend]}" "${config[upload.remote]}" "$1" \
		"$view" </dev/null >"$state/logs/upload.log" 2>&1
}

fail_upload() {
	local duration last
	put_failure "$state/state/upload-failure"
	describe_duration "$step"
	last_line "$state/logs/upload.log"
	log ERROR 'upload failed' err "$1: ${last:-$(describe_status "$status")}" \
		next_retry_after "$duration"
	exit 1
}
