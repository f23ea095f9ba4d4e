# What changes a repository otherwise than by new packages, from options to what it says.
# shellcheck shell=bash disable=SC2034,SC2154

check_fingerprint() {
	local given=${option[$1]-}
	[[ -z $given ]] || [[ $given != *[!0-9a-f]* && ${#given} == 64 ]] ||
		usage_error "--${1//_/-}: '$given' is no fingerprint [§5.2.3]"
}

# open_for_change OPTION...: options checked, the repository ours, its state read.
open_for_change() {
	require_options repo timestamp "$@"
	check_fingerprint key
	check_fingerprint old_key
	check_signing_options
	parse_timestamp timestamp
	check_signing_key
	find_signer
	trap_signals
	find_repository "${option[repo]}"
	take_repository
	make_repository_stage
	read_descriptor
	require_active_signer
	require_good_indexes
	require_later_timestamp
	keep_compressions
	force=(-f) # the packages, and so the size of the index, are those that were published
	raise_index_version
}

say_published() {
	printf 'published index_version %d\n' "$index_version"
}
