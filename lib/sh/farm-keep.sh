# Packages that clients fetch elsewhere, by an http or https URL. Of those peipkg-repo keeps
# none; the farm does, at the usual place, for an upload to bring there.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=lib/sh/repository-files.sh
. "$share/repository-files.sh"

is_fetched_elsewhere() {
	[[ ${config[repo.package_url_template]} == http?(s)://* ]]
}

# keep_packages: those in $new, which may be published: before an index names them they are
# on the disk. In the repository's own file system, which may be another one.
keep_packages() {
	local made_stage
	local -a files=("$new"/*.peipkg)
	((${#files[@]} > 0)) || return 0
	sweep_stages "$state/repo/.peipkg-repo/kept"
	make_stage "$state/repo/.peipkg-repo/kept"
	ln -- "${files[@]}" "$made_stage" 2>/dev/null ||
		cp --reflink=auto -- "${files[@]}" "$made_stage"
	files=("$made_stage"/*.peipkg)
	printf '%s\0' "${files[@]}" | idx-entry -0 -d "$state/repo/repo.json" \
		-t "$publication_time" >"$made_stage/entries"
	repo-place -C "$made_stage" "$state/repo" <"$made_stage/entries"
}

# release_packages SET: what an attempt kept that failed after it, of a set that is refused
# now, unless the archive has packages of these names.
release_packages() {
	local file
	is_fetched_elsewhere || return 0
	try list_hashes 2>/dev/null
	((status == 0)) || return 0
	cut -d ' ' -f 1 <"$state/stage/hashes" >"$state/stage/listed"
	for file in "$state/publish/$1"/*.peipkg; do
		file=${file##*/}
		grep -qFx -- "${file%.peipkg}" "$state/stage/listed" || release_package "$file"
	done
}

release_package() {
	local version=${1#*_}
	remove_package "$state/repo/p/${1%%_*}/${version%%_*}/$1"
}
