# peipkg-build build: from a recipe to packages.
# shellcheck shell=bash disable=SC2034,SC2154

reserved_names=' SOURCE_DIR DESTDIR SOURCE_DATE_EPOCH LC_ALL TZ PATH '
declare -a build_env=() # --build-env, filled by parse_options
declare -a files=()     # names of the packages
keeps_failed=''         # whether cleanup keeps what was staged

check_build_env() {
	local given name names=' '
	for given in "${build_env[@]}"; do
		name=${given%%=*}
		[[ $given == *=* && $name =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] ||
			usage_error "--build-env '$given': NAME=VALUE is wanted"
		[[ $reserved_names != *" $name "* ]] ||
			usage_error "--build-env: $name is reserved"
		[[ $names != *" $name "* ]] || usage_error "--build-env: $name twice"
		names+="$name "
	done
}

check_sandbox() {
	option[sandbox]=${option[sandbox]-none}
	case ${option[sandbox]} in
	none) ;;
	bwrap) command -v bwrap >/dev/null || die '--sandbox bwrap: no bwrap on PATH' ;;
	*) usage_error "--sandbox: none or bwrap is wanted, not '${option[sandbox]}'" ;;
	esac
}

# What pk-manifest would refuse only after the script has run.
check_facts() {
	local verdict times timestamp=${option[timestamp]}
	verdict=$(printf '%s\n' "${option[version]}" | pk-vercmp -n) || verdict=''
	[[ $verdict == "${option[version]}"$'\tvalid' ]] ||
		die "--version: '${option[version]}' is no version [§2.2]"
	times=$(date -u -d "$timestamp" '+%s %Y-%m-%dT%H:%M:%SZ' 2>/dev/null) || times=''
	epoch=${times% *}
	[[ -n $times && ${times#* } == "$timestamp" && $epoch -ge 0 && $epoch -lt $((1 << 33)) ]] ||
		die "--timestamp: '$timestamp' is no time as YYYY-MM-DDThh:mm:ssZ [§3.3]"
}

read_recipe() {
	local path=${option[recipe]}
	[[ -f $path ]] || die "$path: no such recipe"
	recipe=$build_stage/recipe.json
	run parse_recipe >"$recipe"
	pk-get -0 'package.*.name' <"$recipe" >"$build_stage/names"
	pk-get -0 'package.*.architecture' <"$recipe" >"$build_stage/architectures"
	mapfile -d '' -t names <"$build_stage/names"
	mapfile -d '' -t architectures <"$build_stage/architectures"
	build_script=$(pk-get meta.build_script <"$recipe")
	recipe_directory=$(realpath -e -- "$path")
	recipe_directory=${recipe_directory%/*}
	[[ -f $recipe_directory/$build_script ]] || die "$build_script: build script not found"
	[[ $signing != key || -f ${option[sign_key]} || ${#names[@]} == 1 ]] ||
		die "${option[sign_key]}: a key that is no regular file signs one package only"
}

# The script may build inside the source tree: it gets a copy.
copy_source() {
	cp -a --reflink=auto -- "${option[source]}/." "$source/"
}

prepare_directories() {
	dest=$build_stage/dest work=$build_stage/work
	source=$build_stage/source log=$build_stage/log
	mkdir -m 755 -- "$dest" "$work"
	: >"$log"
	if [[ -n ${option[source_writable]-} ]]; then
		source=$(realpath -e -- "${option[source]}")
		return
	fi
	mkdir -m 755 -- "$source"
	run copy_source
}

prepare_script() {
	local seen_source=$source seen_dest=$dest
	if [[ ${option[sandbox]} == bwrap ]]; then
		seen_source=/build/source seen_dest=/build/dest
		collect_host_binds
		[[ $signing != key || ! -f ${option[sign_key]} ]] ||
			hide_from_sandbox "${option[sign_key]}"
	fi
	script_environment=("SOURCE_DIR=$seen_source" "DESTDIR=$seen_dest"
		"SOURCE_DATE_EPOCH=$epoch" LC_ALL=C TZ=UTC "PATH=$caller_path" "${build_env[@]}")
}

# Runs the script, shows its output as it comes, and leaves nothing of it running. Ends
# the run when the script fails.
build_payload() {
	local status=0 viewer
	set -m
	run_script &
	running_group=$!
	set +m
	show_log_of "$running_group" &
	viewer=$!
	wait "$running_group" || status=$?
	end_running_group
	running_group=''
	wait "$viewer" || :
	((status != 0)) || return 0
	say "build script failed, $(describe_status "$status"); its last lines:"
	tail -n 20 -- "$log" >&2
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

# All packages of the recipe into $packages, under their final names.
make_packages() {
	local i
	entries=$build_stage/entries manifest=$build_stage/manifest.json
	run claim_entries
	for i in "${!names[@]}"; do
		run write_manifest "${names[i]}"
		files+=("${names[i]}_${option[version]}_${architectures[i]}.peipkg")
		package=$packages/${files[i]}
		make_package
	done
}

# commit DIRECTORY: moves its packages to where they belong, all or none.
commit() {
	local file
	local -a pairs=()
	for file in "$1"/*; do
		pairs+=("$file" "$out/${file##*/}")
	done
	((${#pairs[@]} == 0)) || fs-commit -- "${pairs[@]}"
}

# Once all are whole and on disk, they stand in `complete`: a run that was killed while it
# moved them from there has its work finished by the next one.
publish() {
	sync -- "$packages"/*
	mv -- "$packages" "${packages%/*}/complete"
	commit "${packages%/*}/complete"
}

finish_interrupted() {
	[[ -d $1/complete ]] || return 0
	say "$out: finishing what an interrupted run had built"
	commit "$1/complete"
}

# What the script made is worth a look when something after its start fails.
keep_failed() {
	local directory=${option[keep_failed]}
	mkdir -p -- "$directory"
	mv -- "$build_stage" "$directory/"
	say "kept for a look: $directory/${build_stage##*/}"
}

cleanup() {
	[[ -z $keeps_failed ]] || keep_failed
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

make_stages() {
	mkdir -p -- "${option[out]}"
	out=$(realpath -e -- "${option[out]}")
	sweep_stages "$out/.peipkg-build" finish_interrupted
	sweep_stages "${TMPDIR:-/tmp}/peipkg-build"
	make_stage "${TMPDIR:-/tmp}/peipkg-build"
	build_stage=$made_stage
	make_stage "$out/.peipkg-build"
	packages=$made_stage/packages
	mkdir -- "$packages"
}

build_recipe() {
	parse_options "recipe= source= version= source-ref= farm-id= timestamp= out=
		build-env=* sandbox= source-writable level= keep-failed= q
		binary-sign-key= $signing_options" "$@"
	check_options
	trap_signals
	make_stages
	read_recipe
	prepare_directories
	prepare_script
	keeps_failed=${option[keep_failed]-}
	build_payload
	make_packages
	publish
	keeps_failed=''
	printf '%s\n' "${files[@]/#/$out/}"
}
