# peipkg-build build: from a recipe to packages.
# shellcheck shell=bash disable=SC2034,SC2154

reserved_names=' SOURCE_DIR DESTDIR SOURCE_DATE_EPOCH LC_ALL TZ PATH '
declare -a build_env=() # --build-env, filled by parse_options
declare -a hide=()      # --hide, likewise
declare -a files=()     # names of the packages
keeps_failed=''         # whether cleanup keeps what was staged

check_build_env() {
	local given name names=' '
	for given in "${build_env[@]}"; do
		name=${given%%=*}
		[[ $given == [A-Za-z_]*=* && $name != *[!A-Za-z0-9_]* ]] ||
			usage_error "--build-env '$given': NAME=VALUE is wanted"
		[[ $reserved_names != *" $name "* ]] ||
			usage_error "--build-env: $name is reserved"
		[[ $names != *" $name "* ]] || usage_error "--build-env: $name twice"
		names+="$name "
	done
}

check_hidden_paths() {
	local path
	[[ ${option[sandbox]} == bwrap ]] || usage_error '--hide goes with --sandbox bwrap'
	for path in "${hide[@]}"; do
		[[ -f $path || -d $path ]] || die "--hide: $path: no such file or directory"
	done
}

check_sandbox() {
	option[sandbox]=${option[sandbox]-none}
	case ${option[sandbox]} in
	none) ;;
	bwrap) command -v bwrap >/dev/null || die '--sandbox bwrap: no bwrap on PATH' ;;
	*) usage_error "--sandbox: none or bwrap is wanted, not '${option[sandbox]}'" ;;
	esac
	((${#hide[@]} == 0)) || check_hidden_paths
}

# What pk-manifest would refuse only after the script has run.
check_facts() {
	local verdict
	verdict=$(printf '%s\n' "${option[version]}" | pk-vercmp -n) ||
		die "--version: pk-vercmp: $(describe_status "$?")"
	[[ $verdict == "${option[version]}"$'\tvalid' ]] ||
		die "--version: '${option[version]}' is no version [§2.2]"
	parse_timestamp timestamp
}

read_recipe() {
	check_recipe_file
	recipe=$scratch/recipe.json
	run parse_recipe >"$recipe"
	pk-get -0 'package.*.name' <"$recipe" >"$scratch/names"
	pk-get -0 'package.*.architecture' <"$recipe" >"$scratch/architectures"
	mapfile -d '' -t names <"$scratch/names"
	mapfile -d '' -t architectures <"$scratch/architectures"
	((${#names[@]} > 0 && ${#names[@]} == ${#architectures[@]})) ||
		die "${option[recipe]}: what was read of it cannot be read again"
	find_build_script "$(<"$recipe")"
	[[ $signing != key || -f ${option[sign_key]} || ${#names[@]} == 1 ]] ||
		die "${option[sign_key]}: a key that is no regular file signs one package only"
}

# The script may build inside the source tree: it gets a copy, writable even if that tree
# is not.
copy_source() {
	cp -a --reflink=auto -- "${option[source]}/." "$source/"
	chmod -R u+rwX -- "$source"
}

prepare_directories() {
	dest=$scratch/dest work=$scratch/work source=$scratch/source log=$scratch/log
	mkdir -m 755 -- "$dest" "$work"
	: >"$log"
	if [[ -n ${option[source_writable]-} ]]; then
		resolve "${option[source]}"
		source=$resolved
		return
	fi
	mkdir -m 755 -- "$source"
	run copy_source
}

prepare_script() {
	local path seen_source=$source seen_dest=$dest
	if [[ ${option[sandbox]} == bwrap ]]; then
		seen_source=/build/source seen_dest=/build/dest
		collect_sandbox_arguments
		[[ $signing != key || ! -f ${option[sign_key]} ]] ||
			hide_from_sandbox "${option[sign_key]}"
		for path in "${hide[@]}"; do
			hide_from_sandbox "$path"
		done
	fi
	script_environment=("SOURCE_DIR=$seen_source" "DESTDIR=$seen_dest"
		"SOURCE_DATE_EPOCH=$epoch" LC_ALL=C TZ=UTC "PATH=$caller_path" "${build_env[@]}")
}

# Runs the script, shows its output as it comes, and leaves nothing of it running. Ends
# the run when the script fails.
build_payload() {
	local viewer
	start_group run_script
	show_log_of "${running#-}" &
	viewer=$!
	await "${running#-}"
	end_running
	wait "$viewer" || :
	((status != 0)) || return 0
	end_last_line
	say "build script failed, $(describe_status "$status"); its last lines:"
	tail -n 20 -- "$log" >&2
	end_last_line
	exit 1
}

claim_entries() {
	pk-walk "$dest" | pk-claim "$recipe" | pk-hash -C "$dest" >"$entries"
}

write_manifest() {
	pk-manifest -r "$recipe" -p "$1" -v "${option[version]}" \
		-t "${option[timestamp]}" -f "${option[farm_id]}" -s "${option[source_ref]}" \
		<"$entries" >"$manifest"
}

# All packages of the recipe into the stage in --out, under their final names.
make_packages() {
	local i
	run claim_entries
	for i in "${!names[@]}"; do
		run write_manifest "${names[i]}"
		files+=("${names[i]}_${option[version]}_${architectures[i]}.peipkg")
		package=$out_stage/packages/${files[i]}
		make_package
	done
}

# What the script made is worth a look when something after its start fails. The new name
# is none that a sweep would take.
keep_failed() {
	local kept=${option[keep_failed]}/failed-${scratch##*.}
	keeps_failed=''
	mkdir -p -- "${option[keep_failed]}"
	mv -T -- "$scratch" "$kept"
	rm -f -- "$kept/lock"
	say "kept for a look: $kept"
}

cleanup() {
	[[ -z $keeps_failed ]] || keep_failed
	[[ -z $out_stage ]] || withdraw "$out_stage"
	remove_stages
}

check_options() {
	require_options recipe source version source-ref farm-id timestamp out
	refuse_binary_signatures
	check_signing_options
	check_build_env
	check_sandbox
	check_level
	check_facts
	[[ -d ${option[source]} ]] || die "${option[source]}: no such source directory"
	check_signing_key
}

make_build_stage() {
	find_tmpdir
	sweep_stages "$tmpdir/peipkg-build"
	make_stage "$tmpdir/peipkg-build"
	use_scratch "$made_stage"
}

build_recipe() {
	parse_options "recipe= source= version= source-ref= farm-id= timestamp= out=
		build-env=* hide=* sandbox= source-writable level= keep-failed= q
		binary-sign-key= $signing_options" "$@"
	check_options
	trap_signals
	make_build_stage
	read_recipe
	make_out_stage
	prepare_directories
	prepare_script
	keeps_failed=${option[keep_failed]-}
	build_payload
	make_packages
	publish
	keeps_failed=''
	printf '%s\n' "${files[@]/#/"$out"/}"
}
