# What a build is held against before it may be published: that it can be repeated, and,
# built elsewhere, that it is what was asked for.
# shellcheck shell=bash disable=SC2034,SC2154

# The runner has a directory to itself: job, recipe/ and source/ to read, out/ to fill; what
# it says becomes the log.
build_elsewhere() {
	local i run=$job/run
	local -a names architectures
	mkdir -- "$run" "$run/out" "$packages_out"
	cp -r -- "$job/recipe" "$run/recipe"
	mv -- "$source" "$run/source"
	read_wanted
	set_build_arguments recipe/peipkg.toml source out
	set_grants
	printf '%s\n' "${build_arguments[@]}" "${grants[@]}" >"$run/job"
	limited "${config[build.runner]}" "$run"
	refuse_others
	use_signer
	put_public_key >"$job/key.pub"
	for i in "${!names[@]}"; do
		take_from_runner "${names[i]}" "${architectures[i]}"
	done
}

# What the recipe that the runner gets is to make: `names` and `architectures`.
read_wanted() {
	local last
	try list_wanted
	if ((status != 0)); then
		last_line "$log"
		fail "$last"
	fi
	read_values names 'package.*.name' <"$job/recipe.json"
	read_values architectures 'package.*.architecture' <"$job/recipe.json"
}

list_wanted() {
	exec 2>>"$log"
	pk-toml <"$job/run/recipe/peipkg.toml" >"$job/recipe.toml.json"
	pk-recipe <"$job/recipe.toml.json" >"$job/recipe.json"
}

# A runner that makes what nobody asked for is not one to take anything from.
refuse_others() {
	local i file
	local -A wanted=()
	for i in "${!names[@]}"; do
		wanted[${names[i]}_${version}_${architectures[i]}.peipkg]=1
	done
	for file in "$job/run/out"/*.peipkg; do
		[[ -n ${wanted[${file##*/}]-} ]] || fail "the runner made ${file##*/}, not asked for"
	done
}

put_public_key() {
	if [[ $signing == key ]]; then
		pk-key <"${option[sign_key]}" 2>>"$log"
	else
		cat -- "${option[public_key]}"
	fi
}

# take_from_runner NAME ARCHITECTURE: only what was asked for is taken, and becomes ours by
# our signature: a package signed elsewhere is none that we know anything of.
take_from_runner() {
	local last signer file=$1_${version}_$2.peipkg
	local made=$job/run/out/$file
	[[ -e $made || -L $made ]] || fail "the runner did not make $file"
	[[ -f $made && ! -L $made ]] || fail "$file: no regular file"
	mv -- "$made" "$job/unsigned"
	try verify_unsigned
	if ((status != 0)); then
		last_line "$log"
		fail "$file: ${last#pk-verify: }"
	fi
	signer=$(pk-get signed_by <"$job/facts")
	[[ -z $signer ]] || fail "$file: signed, before anybody looked"
	check_facts "$@"
	try sign_package "$packages_out/$file"
	((status == 0)) || fail "$file: cannot be signed, see the log"
}

verify_unsigned() {
	pk-verify -u -k "$job/key.pub" <"$job/unsigned" >"$job/facts" 2>>"$log"
}

# check_facts NAME ARCHITECTURE: the package says of itself what the job said.
check_facts() {
	local i
	local -a found
	local -a fields=(name version architecture build.timestamp build.farm_id build.source_ref)
	local -a asked=("$1" "$version" "$2" "$timestamp" "${config[manager.id]}"
		"git+$source_url#refs/tags/$tag")
	pk-meta <"$job/unsigned" | pk-get -0 "${fields[@]/%/?}" >"$job/found"
	mapfile -d '' -t found <"$job/found"
	for i in "${!fields[@]}"; do
		[[ ${found[i]} == "${asked[i]}" ]] ||
			fail "$file: ${fields[i]} is '${found[i]}', not '${asked[i]}'"
	done
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
		bash -pc 'umask 077; exec "$@"' bash
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
	diff -- "$job/first.entries" "$job/second.entries" >"$job/differences" || :
	path=$(sed -n 's/^[<>] //; T; p; q' "$job/differences" | pk-get path) ||
		path='.peipkg/manifest.json'
	printf '%s\n' "$path" >"$job/difference"
}
