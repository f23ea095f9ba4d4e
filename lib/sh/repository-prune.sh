# peipkg-repo prune-prerelease.
# shellcheck shell=bash disable=SC2034,SC2154

write_kept() {
	idx-prune -b "$before" "$repository/index/active.json" <"$stage/archive.old" \
		>"$stage/archive.entries"
}

write_dropped() {
	idx-split "$repository/index/archive.json" >"$stage/archive.old"
	idx-prune -v -b "$before" "$repository/index/active.json" <"$stage/archive.old" \
		>"$stage/dropped.entries"
	list_files <"$stage/dropped.entries" >"$stage/dropped.files"
	list_paths <"$stage/dropped.entries" >"$stage/pruned"
}

# set_before AGE: the time that long before --timestamp, as `before`.
set_before() {
	[[ $1 == [1-9]*([0-9])[dwy] && ${#1} -le 7 ]] ||
		usage_error "--older-than: '$1' is no age in days, weeks or years, as 90d"
	local days=${1%?}
	[[ $1 != *w ]] || days=$((days * 7))
	[[ $1 != *y ]] || days=$((days * 365))
	before=$((epoch - days * 86400))
	((before >= 0)) || before=0
	before=$(date -u -d "@$before" +%Y-%m-%dT%H:%M:%SZ)
}

prune_prerelease() {
	local -a dropped
	parse_options "repo= older-than= timestamp= dry-run $signing_options" "$@"
	require_options repo older-than timestamp
	parse_timestamp timestamp
	set_before "${option[older_than]}"
	open_for_change older-than
	run write_dropped
	read_list dropped "$stage/dropped.files"
	if ((${#dropped[@]} == 0)); then
		printf 'nothing to prune\n'
		return
	fi
	if [[ -n ${option[dry_run]-} ]]; then
		printf 'would prune %d pre-releases\n' "${#dropped[@]}"
		printf '  - %s\n' "${dropped[@]}"
		return
	fi
	prune_dropped
	printf 'pruned %d pre-releases\n' "${#dropped[@]}"
	printf '  - %s\n' "${dropped[@]}"
	say_published
}

# Entries first, then files (§6.3.8): a crash leaves the list of what is still to go.
prune_dropped() {
	run write_kept
	run split_index active
	make_indexes
	ln -s ../../repo.json ../../repo.json.sig -t "$stage"
	run check_documents "$stage"
	rm -- "$stage/repo.json" "$stage/repo.json.sig"
	run fs-commit -- "$stage/pruned" "$hidden/pruned"
	commit_indexes prune-prerelease
	remove_pruned
}
