# Whether packages can be installed beside those that are published (§8.1.6): what each
# brings, by path, is kept in state/paths.
# shellcheck shell=bash disable=SC2034,SC2154

# list_paths PACKAGE INTO: what it brings besides directories, NUL-ended, in order.
list_paths() {
	local type path
	pk-meta -l <"$1" | pk-get -l -0 type path >"$2.all"
	while IFS= read -r -d '' type && IFS= read -r -d '' path; do
		[[ $type == dir ]] || printf '%s\0' "$path"
	done <"$2.all" | LC_ALL=C sort -z >"$2.new"
	rm -- "$2.all"
	mv -- "$2.new" "$2"
}

# Into a scratch root, all of it; what tar cannot unpack nobody can install.
unpack() {
	local root=$made_stage/root
	mkdir -- "$root"
	pk-unzstd <"$1" | tar -x --no-unquote -C "$root" --no-same-owner
	rm -rf -- "$root"
}

# The lists of the highest versions that are published, as `published_paths`: of those
# packages that are here.
list_published_paths() {
	local name version architecture url file paths
	published_paths=()
	idx-split "$state/repo/index/active.json" | pk-get -l name version architecture url \
		>"$made_stage/active"
	while read -r name && read -r version && read -r architecture && read -r url; do
		file=${name}_${version}_$architecture.peipkg
		# Where the farm keeps it, if clients fetch it elsewhere.
		[[ $url != *://* ]] || url=p/$name/$version/$file
		paths=$state/state/paths/$file
		[[ -f $paths || ! -f $state/repo/$url ]] || list_paths "$state/repo/$url" "$paths"
		[[ ! -f $paths ]] || published_paths[$name]=$paths
	done <"$made_stage/active"
}

# check_paths: each package in $new can be unpacked, and meets no path of another one; a
# warning that names both, where it does.
check_paths() {
	local file name
	local -A published_paths=() new_paths=()
	mkdir -p -- "$state/state/paths"
	list_published_paths
	for file in "$new"/*.peipkg; do
		name=${file##*/}
		unpack "$file"
		list_paths "$file" "$state/state/paths/$name"
		[[ -n ${new_paths[${name%%_*}]-} ]] && is_older "$name" "${new_paths[${name%%_*}]##*/}" ||
			new_paths[${name%%_*}]=$state/state/paths/$name
	done
	for name in "${!new_paths[@]}"; do
		published_paths[$name]=${new_paths[$name]}
	done
	warn_of_conflicts
	forget_paths
}

# is_older FILE FILE: of two packages of one name, by their versions.
is_older() {
	local answer first=${1#*_} second=${2#*_}
	answer=$(printf '%s\t%s\n' "${first%%_*}" "${second%%_*}" | pk-vercmp)
	[[ $answer == *'<' ]]
}

# Paths that are there twice are few, if any: only then is each list looked through.
warn_of_conflicts() {
	local path name
	local -a owners names
	((${#new_paths[@]} > 0)) || return 0
	printf '%s\n' "${!published_paths[@]}" | LC_ALL=C sort >"$made_stage/names"
	mapfile -t names <"$made_stage/names"
	printf '%s\0' "${published_paths[@]}" >"$made_stage/lists"
	LC_ALL=C sort -zm --files0-from="$made_stage/lists" | uniq -zd >"$made_stage/twice"
	while IFS= read -r -d '' path; do
		find_owners "$path"
		[[ -z $new_owner ]] || log WARN 'path conflict' path "$path" \
			packages "${owners[*]}" 2>&"$messages"
	done <"$made_stage/twice"
}

# find_owners PATH: `owners`, and of them one that is to be published, as `new_owner`.
find_owners() {
	local name
	owners=() new_owner=''
	for name in "${names[@]}"; do
		grep -qzFx -e "$1" -- "${published_paths[$name]}" || continue
		owners+=("$name")
		[[ -z ${new_paths[$name]-} ]] || new_owner=$name
	done
}

# Older versions are no longer compared with.
forget_paths() {
	local file
	local -A kept=()
	for file in "${published_paths[@]}"; do
		kept[$file]=1
	done
	for file in "$state/state/paths"/*; do
		[[ -n ${kept[$file]-} ]] || rm -f -- "$file"
	done
}
