# peipkg-manager: from the command line to a farm that can work.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

config_path=/etc/peipkg-manager/config.toml
lock=''           # descriptor of the lock on the state directory
wake=''           # descriptor of the FIFO by which others wake us
family_seconds=10 # for what a killed manager started, to end

# parse_configuration [OPTION...]: of farm-config.
# shellcheck disable=SC2120 # the first time there are none
parse_configuration() {
	local document
	document=$(pk-toml <"$config_path") || return
	farm-config "$@" <<<"$document"
}

# What is wrong with the file's text is wrong usage.
load_configuration() {
	config_path=${option[config]-$config_path}
	[[ -f $config_path && -r $config_path ]] || die "$config_path: cannot be read"
	PEIPKG_CONFIG=$(realpath -s -- "$config_path")
	export PEIPKG_CONFIG
	configuration=$(parse_configuration) || exit 2
	take_configuration
}

# The document, as variables.
take_configuration() {
	read_configuration <<<"$configuration"
	state=$(realpath -ms -- "${config[manager.state_dir]}")
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
	[[ $kind != @(rclone|rsync) ]] || need_command "$kind" '[upload] backend'
	[[ -z ${config[build.runner]} ]] || need_command "${config[build.runner]}" '[build] runner'
	[[ -z ${config[http.addr]} || -n ${option[once]-} ]] || require_lighttpd
	[[ -d ${config[manager.recipes_dir]} && -r ${config[manager.recipes_dir]} ]] ||
		die "${config[manager.recipes_dir]}: no readable directory"
	use_signer
	check_signing_key
	check_granted_keys
}

check_granted_keys() {
	local key text
	local -a keys
	text=$(pk-get 'grant.*.private' <<<"$configuration")
	[[ -n $text ]] || return 0
	mapfile -t keys <<<"$text"
	for key in "${keys[@]}"; do
		[[ -f $key ]] || die "$key: no such key"
		pk-key <"$key" >/dev/null 2>&1 || die "$key: no readable key"
	done
}

prepare_state() {
	mkdir -p -- "$state"/{sources,stage,publish,repo,rejected,logs,spool} \
		"$state/state"/{recipes,tags,due,versions,failures,commits}
	# Another manager may be as far.
	# What recipes and configuration say may hold credentials.
	chmod go-rwx -- "$state"/{sources,stage,spool,state}
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

# What a manager that was killed had just called may hold the lock for a moment longer.
take_lock() {
	local owner=''
	flock -n "$lock" || {
		read -r owner <"$state/state/lock" || :
		[[ ! -d /proc/${owner:-none} ]] && flock -w "$family_seconds" "$lock" || return
	}
	printf '%d\n' "$$" >"$state/state/lock"
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
	trap end EXIT
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
		[[ -f ${config[manager.recipes_dir]}/$name/peipkg.toml ]] ||
			die "--recipe: there is no recipe $name"
	done
}

check_webhook_secret() {
	local secret=${config[http.webhook_secret_file]}
	[[ -n ${config[http.addr]} && -n $webhook_recipe ]] || return 0
	[[ -n $secret ]] ||
		die "[http] webhook_secret_file is required, since $webhook_recipe takes webhooks"
	[[ -f $secret && -r $secret ]] || die "$secret: cannot be read"
	grep -q '[^[:space:]]' -- "$secret" || die "$secret: empty"
}

# The first run makes the repository.
make_repository() {
	local -a description=()
	[[ ! -f $state/repo/repo.json && ! -d $state/repo/.peipkg-repo/intent ]] || return 0
	[[ -z ${config[repo.description]} ]] ||
		description=(--description "${config[repo.description]}")
	describe_time "$EPOCHSECONDS"
	try peipkg-repo init --name "${config[repo.name]}" "${description[@]}" \
		"${signing_arguments[@]}" --timestamp "$time" --out "$state/repo" >/dev/null
	((status == 0)) || die "$state/repo: no repository could be made"
}

# rehearse: --dry-run. What a sweep would build, found out without a trace.
rehearse() {
	local place=$state name version
	make_stage "${TMPDIR:-/tmp}/peipkg-manager"
	trap_signals
	state=$made_stage
	mkdir -p -- "$state/stage" "$state/state"/{recipes,tags,due,versions}
	ln -s -- "$place/repo" "$place/publish" "$state"
	ln -s -- "$place/state/commits" "$state/state"
	[[ ! -d $place/state/failures ]] || cp -r -- "$place/state/failures" "$state/state"
	load_recipes
	check_chosen
	read_clock
	try poll_recipes "${watched[@]}"
	((status == 0)) || failed=1
	for name in "${watched[@]}"; do
		polled[$name]=1
	done
	list_candidates
	for name in "${candidates[@]}"; do
		printf 'would build %s %s\n' "${name%@*}" "${name##*@}"
	done
	[[ -z ${option[strict]-} || -z $failed ]] || exit 1
}
