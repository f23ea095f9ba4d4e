# peipkg-manager: what others want of it: the spool, a reload, its web server.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

serves_http=''

# take_spool: hooks and retries, of which a kill loses none.
take_spool() {
	local file
	local -a hooks=("$state/spool/"*.hook)
	for file in "${hooks[@]}"; do
		take_hook "$file"
	done
	((${#hooks[@]} == 0)) || printf '%s\0' "${hooks[@]}" | xargs -0 rm -f --
	take_retries
}

take_retries() {
	local file
	for file in "$state/spool/"*.retry; do
		take_retry "$file"
		rm -f -- "$file"
	done
}

# At most one poll of a recipe waits, however many hooks there were.
take_hook() {
	local line name known=''
	local -a named=()
	while IFS= read -r line; do
		named+=("$line")
		for name in "${watched[@]}"; do
			[[ ${repository_of[$name]-} == "$line" ]] || continue
			known=1
			((${next_poll[$name]-0} > 0)) || continue
			next_poll[$name]=0
			log INFO 'webhook accepted, triggering immediate poll' recipe "$name"
		done
	done <"$1"
	[[ -n $known ]] || log INFO 'webhook for unrecognised or opted-out repo' \
		repositories "${named[*]}"
}

take_retry() {
	local what
	while IFS= read -r what; do
		forget_failures "$what"
	done <"$1"
}

# forget_failures [RECIPE[@VERSION]]: of all, without it, uploads included.
forget_failures() {
	local file name
	for file in "$state/state/failures/"*@*; do
		name=${file##*/}
		[[ -n $1 && $1 != "$name" && $1 != "${name%@*}" ]] || rm -f -- "$file"
	done
	hold=()
	[[ -n $1 ]] || rm -f -- "$state/state/upload-failure"
	log INFO 'waits forgotten' what "${1:-everything}"
}

# reload: SIGHUP. A configuration that is broken leaves the one that was there: it is held
# against the recipes as they are now. A directory that is away for a while has no recipes
# that could be gone.
reload() {
	local said before=${config[manager.recipes_dir]}
	reloading=''
	log INFO 'received SIGHUP; reloading recipes'
	load_recipes keep
	try reload_configuration
	((status != 0)) || use_new_configuration
	[[ -z $recipes_away ]] || log ERROR 'recipes cannot be read; the old ones stay' \
		dir "${config[manager.recipes_dir]}"
	said=$(check_webhook_secret 2>&1) || log ERROR 'webhooks are refused' err "${said#*: }"
	schedule_first_polls
	log INFO 'recipes reloaded' count "${#roster[@]}" dir "${config[manager.recipes_dir]}"
}

use_new_configuration() {
	configuration=$(<"$state/state/config.json")
	take_configuration
	use_signer
	use_webhook_secret "${config[http.webhook_secret_file]}"
	upload_pending=1
	if [[ ${config[manager.recipes_dir]} == "$before" ]]; then
		choose_watched
	else
		load_recipes keep
	fi
}

# Where a manager was killed, its server may take a moment to leave the port.
open_http() {
	local attempts=5
	until start_http "${config[http.host]}" "${config[http.port]}" \
		"${config[http.webhook_secret_file]}"; do
		((--attempts > 0)) || die "${config[http.addr]}: nothing can listen there"
		sleep 0.5
	done
	serves_http=1
	log INFO 'webhook server listening' addr "${config[http.addr]}"
}

# A server that died is started anew.
keep_http() {
	[[ -n $serves_http ]] || return 0
	[[ -z $http_pid ]] || ! kill -0 "$http_pid" 2>/dev/null || return 0
	log WARN 'web server died'
	stop_http
	start_http "${config[http.host]}" "${config[http.port]}" \
		"${config[http.webhook_secret_file]}" || :
}
