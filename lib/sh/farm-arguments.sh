# What peipkg-build is told of a build: what to make, the keys that it may know, what is hidden
# from it.
# shellcheck shell=bash disable=SC2034,SC2154

# build_here SOURCE OUT [PREFIX...]: by a peipkg-build of this machine, behind a prefix.
build_here() {
	set_build_arguments "$job/recipe/peipkg.toml" "$1" "$2"
	set_grants
	use_signer
	[[ ${config[build.keep_failed]} == 0 ]] ||
		build_arguments+=(--keep-failed "$state/rejected/failed/$recipe@$version")
	mkdir -p -- "$2"
	hide_secrets
	TMPDIR=$job limited "${@:3}" peipkg-build "${build_arguments[@]}" "${grants[@]}" \
		"${signing_arguments[@]}" "${hidden[@]}"
}

# What the farm knows and a stranger's release must not: it could publish it.
hide_secrets() {
	local path
	local -a secrets
	hidden=()
	[[ ${config[build.sandbox]} == bwrap ]] || return 0
	read_values secrets 'signing_key.*.private' <"$state/state/config.json"
	secrets+=("$state" "${config[http.webhook_secret_file]}" "${PEIPKG_CONFIG-}")
	[[ -z ${HOME-} ]] || secrets+=("$HOME"/.{ssh,git-credentials,netrc,aws,gnupg}
		"$HOME"/.config/{git,rclone})
	for path in "${secrets[@]}"; do
		[[ ! -f $path && ! -d $path ]] || hidden+=(--hide "$path")
	done
}

# set_build_arguments RECIPE SOURCE OUT
set_build_arguments() {
	build_arguments=(build --recipe "$1" --source "$2" --source-writable
		--version "$version" --source-ref "git+$source_url#refs/tags/$tag"
		--farm-id "${config[manager.id]}" --timestamp "$timestamp" --out "$3"
		--sandbox "${config[build.sandbox]}" -q)
}

# The public halves of keys that this recipe may know.
set_grants() {
	local -a recipes variables keys
	local i public file=$state/state/config.json
	grants=()
	read_values recipes 'grant.*.recipe' <"$file"
	read_values variables 'grant.*.pubkey_env' <"$file"
	read_values keys 'grant.*.private' <"$file"
	for i in "${!recipes[@]}"; do
		[[ ${recipes[i]} == "$recipe" ]] || continue
		public=$(pk-key -s <"${keys[i]}" 2>>"$log" | od -An -v -tx1 | tr -d ' \n') ||
			fail "granted key of ${variables[i]}: cannot be read"
		grants+=(--build-env "${variables[i]}=$public")
	done
}
