# What a build is held against before it may be published: that it can be repeated, and,
# built elsewhere, that it is what was asked for.
# shellcheck shell=bash disable=SC2034,SC2154

# The runner has a directory to itself: job, recipe/ and source/ to read, out/ to fill; what
# it says becomes the log.
build_elsewhere() {
	local name
	mkdir -- "$job/run" "$job/run/out" "$packages_out"
	cp -rL -- "${config[manager.recipes_dir]}/$recipe" "$job/run/recipe"
	mv -- "$source" "$job/run/source"
	set_build_arguments recipe/peipkg.toml source out
	set_grants
	printf '%s\n' "${build_arguments[@]}" "${grants[@]}" >"$job/run/job"
	limited "${config[build.runner]}" "$job/run"
	use_signer
	for name in "${packages[@]}"; do
		take_from_runner "$name"
	done
}

# Only the packages asked for are taken, and become ours by our signature: a package signed
# elsewhere is none that we know anything of.
take_from_runner() {
	local file found=("$job/run/out/$1_${version}_"*.peipkg)
	((${#found[@]} == 1)) || fail "the runner made ${#found[@]} packages of the name $1"
	file=${found[0]##*/}
	[[ -f ${found[0]} && ! -L ${found[0]} ]] || fail "$file: no regular file"
	limited cp -- "${found[0]}" "$job/unsigned"
	try verify_unsigned
	((status == 0)) || fail "$file: refused, see the log"
	identity=$(pk-get name version architecture <"$job/facts" | paste -sd _)
	[[ $identity.peipkg == "$file" ]] || fail "$file: holds $identity"
	try sign_package "$packages_out/$file"
	((status == 0)) || fail "$file: cannot be signed, see the log"
}

verify_unsigned() {
	pk-verify -u <"$job/unsigned" >"$job/facts" 2>>"$log"
}

write_unsigned_tar() {
	pk-unzstd <"$job/unsigned"
}

sign_package() {
	exec 2>>"$log"
	[[ $signing != command ]] || fetch_signature write_unsigned_tar "$job/signature"
	sign write_unsigned_tar "$job/signature" | pk-zstd >"$1"
	sync -- "$1"
}

# Once more, in another directory, with another host name, umask, locale, time zone and
# number of processors; the bytes have to be the same.
check_rebuild() {
	local first=$packages_out file processors
	make_stage "$state/sources/rebuild-$recipe@$version"
	source=$made_stage/another/directory/source
	mkdir -p -- "${source%/*}"
	clone
	processors=$(sed -n 's/^Cpus_allowed_list:\t\([0-9]*\).*/\1/p' /proc/self/status)
	build_here "$source" "$job/again" \
		bwrap --dev-bind / / --unshare-uts --hostname rebuild -- \
		env TZ=Asia/Kathmandu LC_ALL=C.UTF-8 LANG=C.UTF-8 taskset -c "$processors" \
		bash -c 'umask 077; exec "$@"' bash
	for file in "$first"/*.peipkg; do
		cmp -s -- "$file" "$job/again/${file##*/}" || reject_rebuild "${file##*/}"
	done
}

# Both are kept for diffoscope.
reject_rebuild() {
	local kept=$state/rejected/$recipe@$version first_difference
	try compare_packages "$packages_out/$1" "$job/again/$1"
	first_difference=$(<"$job/difference")
	rm -rf -- "$kept"
	mkdir -p -- "$kept"
	mv -- "$packages_out" "$kept/first"
	mv -- "$job/again" "$kept/second"
	put_lines "$kept/reason" "$1: a second build differs in $first_difference"
	fail "$1: a second build differs in $first_difference; both are in $kept"
}

# Names the first entry of which the two say different things.
compare_packages() {
	local path
	pk-meta -l <"$1" >"$job/first.entries"
	pk-meta -l <"$2" >"$job/second.entries"
	path=$(diff -- "$job/first.entries" "$job/second.entries" | sed -n 's/^[<>] //p' |
		head -n 1 | pk-get path) || path='.peipkg/manifest.json'
	printf '%s\n' "$path" >"$job/difference"
}
