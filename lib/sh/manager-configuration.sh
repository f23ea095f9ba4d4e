# peipkg-manager: its configuration, and whether this machine can do what it says.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

config_path=/etc/peipkg-manager/config.toml
configuration_warnings='' # lines of farm-config

# parse_configuration [OPTION...]: of farm-config.
# shellcheck disable=SC2120 # the first time there are none
parse_configuration() {
	local document
	document=$(pk-toml <"$config_path") || return
	farm-config "$@" <<<"$document"
}

# What is wrong with the file's text is wrong usage. Warnings wait until it is known whether
# this is the manager that works.
load_configuration() {
	local said
	config_path=${option[config]-$config_path}
	[[ -f $config_path && -r $config_path ]] || die "$config_path: cannot be read"
	PEIPKG_CONFIG=$(realpath -s -- "$config_path")
	export PEIPKG_CONFIG
	said=$(parse_configuration 2>&1) || {
		printf '%s\n' "$said" >&2
		exit 2
	}
	# One line, which farm-config writes last.
	configuration=${said##*$'\n'}
	configuration_warnings=${said%"$configuration"}
	configuration_warnings=${configuration_warnings%$'\n'}
	take_configuration
	state=$(realpath -m -- "${config[manager.state_dir]}")
}

# The document, as variables.
take_configuration() {
	read_configuration <<<"$configuration"
	config[manager.recipes_dir]=$(realpath -ms -- "${config[manager.recipes_dir]}")
}

need_command() {
	command -v "$1" >/dev/null || die "no $1 on PATH, which $2 needs"
}

# What would fail only later, perhaps in the night.
check_machine() {
	local kind=${config[upload.backend]}
	need_command git 'a farm'
	need_command make 'a farm'
	[[ ${config[build.sandbox]} != bwrap || -n ${config[build.runner]} ]] ||
		need_command bwrap '[build] sandbox'
	[[ ${config[build.rebuild_check]} != true ]] || need_command bwrap '[build] rebuild_check'
	[[ $kind != @(rclone|rsync) ]] || need_command "$kind" '[upload] backend'
	[[ -z ${config[build.runner]} ]] || need_command "${config[build.runner]}" '[build] runner'
	[[ -z ${config[http.addr]} || -n ${option[once]-} ]] || require_lighttpd
	can_read_recipes || die "${config[manager.recipes_dir]}: no readable directory"
	use_signer
	check_signing_key
	check_private_keys
}

can_read_recipes() {
	local directory=${config[manager.recipes_dir]}
	[[ -d $directory && -r $directory && -x $directory ]]
}

# Of [[signing_key]], whether or not it is granted: builds are not to see it either.
check_private_keys() {
	local key
	local -a keys
	read_values keys 'signing_key.*.private' <<<"$configuration"
	for key in "${keys[@]}"; do
		[[ -f $key ]] || die "$key: no such key"
		pk-key <"$key" >/dev/null 2>&1 || die "$key: no readable key"
	done
}

# Nobody has signed anything here, which farm-hook says last.
check_webhook_secret() {
	local secret=${config[http.webhook_secret_file]} said status=0
	[[ -n ${config[http.addr]} && -n $webhook_recipe ]] || return 0
	[[ -n $secret ]] ||
		die "[http] webhook_secret_file is required, since $webhook_recipe takes webhooks"
	[[ -f $secret && -r $secret ]] || die "$secret: cannot be read"
	said=$(farm-hook -s "$secret" 2>&1 </dev/null) || status=$?
	((status == 3)) || die "${said#farm-hook: }"
}

# tell_of_configuration LINES
tell_of_configuration() {
	local line
	[[ -n $1 ]] || return 0
	while IFS= read -r line; do
		log WARN 'configuration' err "$line"
	done <<<"$1"
}

# What needs a restart stays as it is.
reload_configuration() {
	local place=$state/state/.config
	try write_configuration "$place"
	tell_of_configuration "$(<"$place.said")"
	((status == 0)) || log ERROR 'configuration broken; the old one stays' config "$config_path"
	((status == 0)) && fs-commit -- "$place" "$state/state/config.json"
}

# In a subshell, by try: one that this machine cannot do is broken, too, or one without the
# secret that a recipe needs.
write_configuration() {
	exec 2>"$1.said"
	parse_configuration -o "$state/state/config.json" >"$1"
	configuration=$(<"$1")
	take_configuration
	check_machine
	check_webhook_secret
}
