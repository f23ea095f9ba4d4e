# peipkg-repo init and publish.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

declare -a entry_options=() # what idx-entry is told

# check_out DIRECTORY: where a new repository may come to be: nothing, or an empty directory.
check_out() {
	[[ ! -L $1 ]] || die "$1: a symbolic link"
	[[ -e $1 ]] || return 0
	[[ -d $1 ]] || die "$1: no directory"
	[[ -z $(find "$1/" -mindepth 1 -print -quit) ]] || die "$1: not empty"
}

# make_parents DIRECTORY: it and what leads there, given as an absolute path.
make_parents() {
	local directory=$1
	while [[ -n $directory && ! -e $directory ]]; do
		made_parents+=("$directory")
		directory=${directory%/*}
	done
	mkdir -p -- "$1"
}

# make_out_stage DIRECTORY: a place beside it, on the same file system.
make_out_stage() {
	local parent
	parent=$(dirname -- "$1" && echo .)
	parent=$(realpath -m -- "${parent%$'\n.'}" && echo .)
	parent=${parent%$'\n.'}
	make_parents "$parent"
	sweep_stages "$parent/.peipkg-repo"
	make_stage "$parent/.peipkg-repo"
}

put_descriptor() {
	repo-desc -c "${option[name]}" ${option[description]:+-D "${option[description]}"} \
		-k "$1" >"$repository/repo.json"
}

put_public_key() {
	local -a public=()
	[[ $signing == key ]] || public=(-p)
	pk-key "${public[@]}" <"${option[sign_key]-${option[public_key]-}}" \
		>"$repository/keys/$signer.pub" 2>/dev/null
}

init() {
	local kind
	parse_options "name= description= timestamp= out= $signing_options" "$@"
	require_options name timestamp out
	check_signing_options
	parse_timestamp timestamp
	check_signing_key
	find_signer
	check_out "${option[out]}"
	trap_signals
	make_out_stage "${option[out]}"
	stage=$made_stage
	repository=$stage/repository
	mkdir -p -- "$repository/keys" "$stage/index"
	run put_public_key
	run put_descriptor "$repository/keys/$signer.pub"
	name=${option[name]} index_version=1
	: >"$stage/active.entries"
	: >"$stage/archive.entries"
	make_indexes
	mv -- "$stage/index" "$repository"
	sign_document "$repository/repo.json"
	run check_documents "$repository"
	run sync -f -- "$repository"
	ignore_signals
	run fs-commit -- "$repository" "${option[out]}"
	printf 'initialised repository "%s" at %s\n' "$name" "${option[out]}"
}

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
	[[ ${option[index_version_floor]-1} == [1-9]*([0-9]) &&
		${#option[index_version_floor]} -le 18 ]] ||
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
	[[ ! -L ${option[out]} ]] || die "${option[out]}: a symbolic link"
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
	local lock
	if [[ -r $1/.peipkg-repo/lock ]]; then
		exec {lock}<"$1/.peipkg-repo/lock"
		run flock -s "$lock"
		exec {lock}<&-
	fi
	run cp -a --reflink=auto -- "$1" "$2"
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
	index_version=$((index_version + 1))
}

list_old_files() {
	idx-split "$repository/index/archive.json" 2>/dev/null | list_files >"$stage/old.files"
}

# list_files: the names of packages, of entries.
list_files() {
	pk-get -l name version architecture | paste -d '_' - - - | sed 's/$/.peipkg/' | LC_ALL=C sort
}

# find_packages FORMAT: each package as find's FORMAT says. Siblings of a package are not
# packages (§6.4.4); a link that leads nowhere is for cp to refuse.
find_packages() {
	local -a test=(-name '*.peipkg' ! -name '*.debug.peipkg' -type 'f,l' -printf "$1")
	[[ -z ${option[new]-} ]] || find -L "${option[new]}/" -maxdepth 1 "${test[@]}"
	[[ -z ${option[rebuild]-} ]] || find -L "${option[all_packages_dir]}/" \
		-name '.peipkg-repo*' -prune -o "${test[@]}"
}

# Of two that lie apart one would be copied over the other.
refuse_repeated_packages() {
	local file
	find_packages '%f\0' | LC_ALL=C sort -z | uniq -zd >"$stage/repeated"
	while IFS= read -r -d '' file; do
		say "$file: twice among the packages [§6.3.1]"
	done <"$stage/repeated"
	[[ ! -s $stage/repeated ]] || exit 1
}

# Copies of our own: what is verified here is what is published. What lies in the
# repository already is its own, and only gets a second name.
copy_packages() {
	local -a link=()
	local all=''
	[[ -z ${option[rebuild]-} ]] || all=$(realpath -- "${option[all_packages_dir]}")
	[[ $all/ != "$repository"/* || -n ${option[new]-} ]] || link=(--link)
	find_packages '%p\0' | LC_ALL=C sort -z |
		xargs -0 -r cp --reflink=auto "${link[@]}" -t "$stage/packages" -- || exit 1
}

# Before packages are copied and read.
check_template() {
	local said template=${option[package_url_template]-}
	[[ -n $template ]] || return 0
	said=$(idx-entry -0 -d "$repository/repo.json" -t "${option[timestamp]}" -T "$template" \
		2>&1 </dev/null) || die "--package-url-template: $(head -n 1 <<<"${said#*: -T }")"
	entry_options+=(-T "$template")
}

make_entries() {
	cd "$stage/packages"
	find . -name '*.peipkg' -printf '%f\0' | LC_ALL=C sort -z |
		idx-entry -0 -d "$repository/repo.json" -t "${option[timestamp]}" \
			"${entry_options[@]}" >"$stage/new.entries"
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

write_file_lists() {
	list_files <"$stage/new.entries" >"$stage/new.files"
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
	[[ -z ${option[rebuild]-} ]] || run refuse_repeated_packages
	run copy_packages
	run make_entries
	run write_file_lists
	warn_of_lost_packages
	derive merge_entries
	run check_dependencies
	make_indexes
	ln -s ../../repo.json ../../repo.json.sig -t "$stage"
	derive check_documents "$stage"
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
	mapfile -t new <"$stage/new.files"
	printf '%s index_version %d (%d new packages)\n' "$1" "$index_version" "${#new[@]}"
	((${#new[@]} == 0)) || printf '  + %s\n' "${new[@]}"
}

publish() {
	parse_options "in= new= timestamp= out= package-url-template= rebuild all-packages-dir=
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
