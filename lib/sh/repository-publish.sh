# peipkg-repo publish.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

check_publish_options() {
	local value
	require_options in timestamp out
	check_signing_options
	[[ -n ${option[new]-} || -n ${option[rebuild]-} ]] ||
		usage_error '--new is required, or --rebuild'
	[[ -z ${option[rebuild]-} || -n ${option[all_packages_dir]-} ]] ||
		usage_error '--rebuild goes with --all-packages-dir'
	[[ -n ${option[rebuild]-} || -z ${option[all_packages_dir]-} ]] ||
		usage_error '--all-packages-dir goes with --rebuild'
	for value in "${option[new]-.}" "${option[all_packages_dir]-.}"; do
		[[ -d $value ]] || die "$value: no such directory"
	done
	option[check_deps]=${option[check_deps]-warn}
	[[ ${option[check_deps]} == @(warn|error|off) ]] ||
		usage_error "--check-deps: warn, error or off is wanted, not '${option[check_deps]}'"
	is_index_version "${option[index_version_floor]-0}" ||
		usage_error "--index-version-floor: '${option[index_version_floor]}' is no number"
	compressions=,${option[precompress]-},
	[[ $compressions == ,*(gzip,|zstd,|,) ]] ||
		usage_error "--precompress: gzip, zstd or both are wanted, not '${option[precompress]}'"
	parse_timestamp timestamp
}

# In place, or on a copy that becomes --out when all is done.
choose_place() {
	local in
	find_repository "${option[in]}"
	in=$repository
	[[ ! -L ${option[out]%%+(/)} ]] || die "${option[out]}: a symbolic link"
	out=$(realpath -m -- "${option[out]}" && echo .)
	out=${out%$'\n.'}
	[[ $out != "$in" ]] || return 0
	[[ $out != "$in"/* ]] || die "${option[out]}: inside --in"
	check_out "${option[out]}"
	make_out_stage "$out"
	copy_repository "$in" "$made_stage/repository"
	use_repository "$made_stage/repository"
}

# Not while another run changes it.
copy_repository() {
	local lock=''
	if [[ -r $1/.peipkg-repo/lock ]]; then
		exec {lock}<"$1/.peipkg-repo/lock"
		run flock -s "$lock"
	fi
	run cp -a --reflink=auto -- "$1" "$2"
	[[ -z $lock ]] || exec {lock}<&-
	run chmod -R u+rwX -- "$2"
}

# The old archive, or none when all is made anew; and which `index_version` comes next.
read_previous_state() {
	local floor=${option[index_version_floor]-0}
	if [[ -z ${option[rebuild]-} ]]; then
		require_good_indexes
		old_archive=(index/archive.json)
	else
		read_indexes
		report_faults
		old_archive=()
		((index_version > 0 || floor > 0)) ||
			die '--index-version-floor is wanted: no old index says which versions clients have seen [§6.2.3]'
		try list_old_files
		((status != 0)) || entry_options+=(-o "$repository/index/archive.json")
	fi
	require_later_timestamp
	((floor <= index_version)) || index_version=$floor
	raise_index_version
}

list_old_files() {
	idx-split "$repository/index/archive.json" 2>/dev/null | list_files >"$stage/old.files"
}

merge_entries() {
	cd "$repository"
	idx-merge "${old_archive[@]}" <"$stage/new.entries" |
		tee "$stage/archive.entries" | idx-active >"$stage/active.entries"
}

check_dependencies() {
	case ${option[check_deps]} in
	warn) idx-deps -w "$stage/new.entries" <"$stage/active.entries" ;;
	error) idx-deps "$stage/new.entries" <"$stage/active.entries" ;;
	esac
}

# Whatever was published stays listed (§6.3.1).
warn_of_lost_packages() {
	local file
	[[ -f $stage/old.files ]] || return 0
	LC_ALL=C comm -23 -- "$stage/old.files" "$stage/new.files" >"$stage/lost.files"
	while IFS= read -r file; do
		say "warning: $file: in the old archive, not in --all-packages-dir, no longer listed [§6.3.1]"
	done <"$stage/lost.files"
}

make_generation() {
	run list_packages
	run bring_packages
	run make_entries
	run write_file_lists
	warn_of_lost_packages
	run merge_entries
	run check_dependencies
	make_indexes
	ln -s ../../repo.json ../../repo.json.sig -t "$stage"
	run check_documents "$stage"
	rm -- "$stage/repo.json" "$stage/repo.json.sig"
}

place_packages() {
	exec repo-place -C "$stage/packages" "$repository" <"$stage/new.entries"
}

commit_generation() {
	run place_packages
	commit_indexes publish
	[[ $out != "$repository" ]] || return 0
	trap_signals
	rm -rf -- "$hidden"
	run sync -f -- "$repository"
	ignore_signals
	run fs-commit -- "$repository" "$out"
}

report_publication() {
	local -a new
	read_list new "$stage/new.files"
	printf '%s index_version %d (%d new packages)\n' "$1" "$index_version" "${#new[@]}"
	((${#new[@]} == 0)) || printf '  + %s\n' "${new[@]}"
}

publish() {
	parse_options "in= new= timestamp= out= package-url-template=? rebuild all-packages-dir=
		allow-unsigned check-deps= index-version-floor= precompress= dry-run force
		$signing_options" "$@"
	check_publish_options
	check_signing_key
	find_signer
	[[ -z ${option[allow_unsigned]-} ]] || entry_options+=(-u)
	[[ -z ${option[force]-} ]] || force=(-f)
	trap_signals
	choose_place
	take_repository
	make_repository_stage
	read_descriptor
	require_active_signer
	check_template
	read_previous_state
	make_generation
	if [[ -n ${option[dry_run]-} ]]; then
		report_publication 'would publish'
		return
	fi
	report=$(report_publication published)
	commit_generation
	printf '%s\n' "$report"
}
