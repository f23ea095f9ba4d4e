# The packages of a publication, as copies and as entries of an index.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

declare -a entry_options=() # what idx-entry is told

# list_files: the names of packages, of entries.
list_files() {
	pk-get -l name version architecture | sed 'N; N; s/\n/_/g; s/$/.peipkg/' | LC_ALL=C sort
}

# find_packages FORMAT: each package as find's FORMAT says, which takes no "--" before paths.
# Siblings of a package are not packages (§6.4.4); a link that leads nowhere is for cp to
# refuse.
find_packages() {
	local -a test=(-name '*.peipkg' ! -name '*.debug.peipkg' -type 'f,l' -printf "$1")
	# Where the caller asks how we end, nothing here ends by itself.
	[[ -z ${option[new]-} ]] ||
		find -L "${option[new]/#-/./-}/" -maxdepth 1 "${test[@]}" || return
	[[ -z ${option[rebuild]-} ]] || find -L "${option[all_packages_dir]/#-/./-}/" \
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

write_file_lists() {
	list_files <"$stage/new.entries" >"$stage/new.files"
}
