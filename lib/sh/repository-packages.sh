# The packages of a publication, as copies and as entries of an index.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

declare -a entry_options=() # what idx-entry is told

# list_files: the names of packages, of entries.
list_files() {
	pk-get -l name version architecture | sed 'N; N; s/\n/_/g; s/$/.peipkg/' | LC_ALL=C sort
}

# find_packages FORMAT OPTION DIRECTORY CONDITION...: each package there as find's FORMAT says,
# which takes no "--" before paths; none if that option is not given. Siblings of a package
# are not packages (§6.4.4); a link that leads nowhere is for cp to refuse.
find_packages() {
	[[ -n ${option[$2]-} ]] || return 0
	find -L "${3/#-/./-}/" "${@:4}" -name '*.peipkg' ! -name '*.debug.peipkg' \
		-type 'f,l' -printf "$1"
}

find_new() {
	find_packages "$1" new "${option[new]-}" -maxdepth 1
}

find_published() {
	find_packages "$1" rebuild "${option[all_packages_dir]-}" -name '.peipkg-repo*' -prune -o
}

# list_packages: the names of all, as the list `names`, and as `brought` those of --new. Of two
# that lie apart one would be copied over the other.
list_packages() {
	local file
	find_new '%f\0' | LC_ALL=C sort -z >"$stage/brought"
	{ cat -- "$stage/brought" && find_published '%f\0'; } | LC_ALL=C sort -z >"$stage/names"
	uniq -zd <"$stage/names" >"$stage/repeated"
	while IFS= read -r -d '' file; do
		say "$file: twice among the packages [§6.3.1]"
	done <"$stage/repeated"
	[[ ! -s $stage/repeated ]] || exit 1
}

# copy_packages CP-OPTION...: those that standard input lists.
copy_packages() {
	LC_ALL=C sort -z | xargs -0 -r cp --reflink=auto "$@" -t "$stage/packages" -- || exit 1
}

list_copies() {
	find "$stage/packages" -name '*.peipkg' -printf '%f\0' | LC_ALL=C sort -z
}

# Copies of our own: what is verified here is what is published. What lies in the
# repository already is its own, and only gets a second name. Where descriptors run out, find
# may pass over a directory and not say so.
bring_packages() {
	local -a link=()
	local all=''
	find_new '%p\0' | copy_packages
	if [[ -n ${option[rebuild]-} ]]; then
		all=$(realpath -- "${option[all_packages_dir]}")
		[[ $all/ != "$repository"/* ]] || link=(--link)
		find_published '%p\0' | copy_packages "${link[@]}"
	fi
	list_copies | cmp -s -- - "$stage/names" || die 'the packages are others than a moment ago'
}

# Before packages are copied and read.
check_template() {
	local said template=${option[package_url_template]-}
	[[ -n $template ]] || return 0
	said=$(idx-entry -0 -d "$repository/repo.json" -t "${option[timestamp]}" -T "$template" \
		2>&1 </dev/null) || die "--package-url-template: $(head -n 1 <<<"${said#*: -T }")"
	entry_options+=(-T "$template")
}

# entries_of OPTION...: of the packages that standard input lists.
entries_of() {
	idx-entry -0 -d "$repository/repo.json" -t "${option[timestamp]}" \
		"${entry_options[@]}" "$@"
}

# What was published stays listed, though its key may no longer sign (§6.3.1).
make_entries() {
	local ended=0
	cd "$stage/packages"
	entries_of <"$stage/brought" >"$stage/new.entries" || ended=$?
	[[ -n ${option[rebuild]-} ]] || return "$ended"
	LC_ALL=C comm -z -13 -- "$stage/brought" "$stage/names" |
		entries_of -p >>"$stage/new.entries" || ended=$?
	return "$ended"
}

write_file_lists() {
	list_files <"$stage/new.entries" >"$stage/new.files"
}
