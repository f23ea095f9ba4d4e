# peipkg-manager: from a configuration to a farm that can work.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

lock=''           # descriptor of the lock on the state directory
wake=''           # descriptor of the FIFO by which others wake us
family_seconds=10 # for what a killed manager started, to end

prepare_state() {
	mkdir -p -- "$state"/{sources,stage,publish,repo,rejected,logs,spool} \
		"$state/state"/{recipes,tags,due,versions,failures,commits}
	# What recipes and configuration say may hold credentials.
	chmod go-rwx -- "$state"/{sources,stage,spool,state}
	# Another manager may be as far.
	[[ -p $state/spool/wake ]] || mkfifo -- "$state/spool/wake" 2>/dev/null ||
		[[ -p $state/spool/wake ]] || die "$state/spool/wake: cannot be made"
}

# --retry works by way of the spool, for a manager that is running and for this one.
ask_for_retries() {
	local wanted temporary
	((${#retry[@]} > 0)) || return 0
	temporary=$(mktemp -- "$state/spool/.retry.XXXXXXXXXX")
	printf '%s\n' "${retry[@]}" >"$temporary"
	fs-commit -- "$temporary" "$state/spool/${temporary##*.}.retry"
	wake_manager
}

# One manager for a state directory. Who only wanted a retry, or a sweep, leaves it to the
# one that is there.
take_state() {
	exec {lock}>>"$state/state/lock"
	if take_lock; then
		take_retries
		[[ -n ${option[once]-} || ${#retry[@]} -eq 0 ]] || exit 0
		await_predecessors
		return
	fi
	[[ -n ${option[once]-} || ${#retry[@]} -eq 0 ]] || exit 0
	[[ -n ${option[once]-} ]] || die "$state: another manager is running"
	log INFO 'another manager is running; nothing to do' state_dir "$state"
	exit 0
}

# Fails when another manager has it. What one that was killed had just called may hold the lock
# for a moment longer.
take_lock() {
	local owner=''
	try flock -n "$lock"
	if ((status == 1)); then
		read -r owner <"$state/state/lock" || :
		[[ ! -d /proc/${owner:-none} ]] || return
		try flock -w "$family_seconds" "$lock"
	fi
	((status <= 1)) || die "$state/state/lock: cannot be locked"
	((status == 0)) || return
	printf '%d\n' "$$" 2>/dev/null >"$state/state/lock" ||
		die "$state/state/lock: cannot be written"
}

# What another manager started, and was killed before, is at its end. This descriptor is one
# that children do inherit.
await_predecessors() {
	exec {family}>>"$state/state/family"
	flock -w "$family_seconds" "$family" ||
		log WARN 'processes of another manager are left' state_dir "$state"
	flock -s "$family"
}

start() {
	local mode=daemon
	[[ -z ${option[once]-} ]] || mode=once
	printf '%s\n' "$configuration" >"$state/state/.config"
	fs-commit -- "$state/state/.config" "$state/state/config.json"
	clear_leftovers
	exec {wake}<>"$state/spool/wake"
	trap stop TERM INT
	trap ask_for_reload HUP
	trap 'end "$?"' EXIT
	tell_of_configuration "$configuration_warnings"
	load_recipes
	log INFO 'recipe roster loaded' count "${#roster[@]}" dir "${config[manager.recipes_dir]}"
	check_chosen
	check_webhook_secret
	log INFO 'peipkg-manager starting' config "$config_path" \
		farm_id "${config[manager.id]}" mode "$mode"
	make_repository
	read_publication
	write_status
	[[ $mode == once || -z ${config[http.addr]} ]] || open_http
}

# What a manager that was killed left half done.
clear_leftovers() {
	local directory
	for directory in sources stage; do
		find "$state/$directory" -mindepth 1 -maxdepth 1 -exec chmod -R u+rwX -- '{}' + \
			-exec rm -rf -- '{}' + 2>/dev/null ||
			log WARN 'clear staging dir failed' dir "$state/$directory"
	done
	find "$state/state" "$state/spool" -name '.*' -type f -delete
	mkdir -p -- "$state/stage/running"
}

check_chosen() {
	local name
	for name in "${chosen[@]}"; do
		[[ $name == [!.]* && $name != */* &&
			-f ${config[manager.recipes_dir]}/$name/peipkg.toml ]] ||
			die "--recipe: there is no recipe $name"
	done
}

# The first run makes the repository.
make_repository() {
	local said=$state/stage/init.log
	local -a description=()
	[[ ! -f $state/repo/repo.json && ! -d $state/repo/.peipkg-repo/intent ]] || return 0
	[[ -z ${config[repo.description]} ]] ||
		description=(--description "${config[repo.description]}")
	describe_time "$EPOCHSECONDS"
	try peipkg-repo init --name "${config[repo.name]}" "${description[@]}" \
		"${signing_arguments[@]}" --timestamp "$time" --out "$state/repo" >/dev/null 2>"$said"
	if ((status != 0)); then
		cat -- "$said" >&2
		die "$state/repo: no repository could be made"
	fi
	log_warnings "$said"
}
