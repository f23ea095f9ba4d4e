# The farm's web server: lighttpd, as a child that dies with the manager.
# shellcheck shell=bash disable=SC2034,SC2154

http_pid=''   # of the server, when it runs
http_stage='' # what the server alone reads and writes

# lighttpd takes values from its environment, so that no name has to be quoted. It refuses
# other methods before it reads a body, and a body that is too long before it runs anything;
# a GET with a body is a matter of its method, as any other.
write_http_configuration() {
	cat <<-'END'
		server.bind = env.PEIPKG_FARM_BIND
		server.port = env.PEIPKG_FARM_PORT
		server.v4mapped = "enable"
		server.document-root = env.PEIPKG_FARM_HTTP + "/nothing"
		server.upload-dirs = (env.PEIPKG_FARM_HTTP + "/bodies")
		server.pid-file = env.PEIPKG_FARM_HTTP + "/pid"
		server.modules = ("mod_alias", "mod_redirect", "mod_setenv", "mod_cgi")
		server.stat-cache-engine = "disable"
		server.follow-symlink = "disable"
		server.http-parseopts = ("method-get-body" => "enable")
		server.feature-flags = ("server.h2proto" => "disable")
		server.max-connections = 512
		server.max-read-idle = 10
		server.max-write-idle = 60
		server.max-request-size = 64
		cgi.limits = ("read-timeout" => 60)
		static-file.disable-pathinfo = "enable"
		mimetype.assign = (".json" => "application/json", ".pub" => "application/x-pem-file",
			"" => "application/octet-stream")

		$HTTP["url"] == "/webhooks/github" {
			alias.url = ("/webhooks/github" => env.PEIPKG_FARM_PROGRAMS + "/webhook")
			$HTTP["request-method"] == "POST" {
				server.max-request-size = 25600
				cgi.assign = ("" => "")
				setenv.set-environment = (
					"PEIPKG_SHARE" => env.PEIPKG_SHARE,
					"PEIPKG_LOG_LEVEL" => env.PEIPKG_LOG_LEVEL,
					"PEIPKG_FARM_STATE" => env.PEIPKG_FARM_STATE)
			} else {
				server.max-request-size = 0
				url.redirect = ("" => "/")
				url.redirect-code = 405
			}
		}
		else $HTTP["url"] =~ "^/(healthz|status|metrics|repo/.*[^/])$" {
			$HTTP["request-method"] !~ "^(GET|HEAD)$" {
				server.max-request-size = 0
				url.redirect = ("" => "/")
				url.redirect-code = 405
			}
			else $HTTP["url"] == "/healthz" {
				alias.url = ("/healthz" => env.PEIPKG_FARM_PROGRAMS + "/healthz")
				cgi.assign = ("" => "")
				setenv.set-environment = ("PEIPKG_FARM_STATE" => env.PEIPKG_FARM_STATE)
				setenv.set-response-header = ("Cache-Control" => "no-store")
			}
			else $HTTP["url"] == "/status" {
				alias.url = ("/status" => env.PEIPKG_FARM_STATE + "/state/status.json")
				setenv.set-response-header = ("Cache-Control" => "no-store")
			}
			else $HTTP["url"] == "/metrics" {
				alias.url = ("/metrics" => env.PEIPKG_FARM_STATE + "/state/metrics")
				mimetype.assign = ("" => "text/plain; version=0.0.4")
				setenv.set-response-header = ("Cache-Control" => "no-store")
			}
			else $HTTP["url"] !~ "/\." {
				alias.url = ("/repo/" => env.PEIPKG_FARM_STATE + "/repo/")
			}
		}
	END
}

require_lighttpd() {
	PATH=$PATH:/usr/sbin
	command -v lighttpd >/dev/null || die 'no lighttpd on PATH'
}

# use_webhook_secret FILE: what webhooks are to be signed with from now on; with an empty
# name none is accepted.
use_webhook_secret() {
	local file=$1 link=$state/state/webhook-secret
	if [[ -z $file ]]; then
		rm -f -- "$link"
		return
	fi
	[[ $file == /* ]] || file=$PWD/$file
	ln -sfn -- "$file" "$link"
}

# start_http HOST PORT SECRET_FILE: serves $state, and sets http_pid. HOST is an address
# without brackets, a name, or empty for all addresses. Fails when it cannot listen, having
# said why. The caller is its parent, and stays the one process whose death it does not
# survive.
start_http() {
	local parent=$BASHPID
	require_lighttpd
	use_webhook_secret "$3"
	make_http_stage
	export_http_values "$1" "$2"
	set -m
	serve_http "$parent" &
	http_pid=$!
	set +m
	await_http
}

stop_http() {
	local status
	[[ -n $http_pid ]] || return 0
	kill -TERM "$http_pid" 2>/dev/null || :
	await "$http_pid"
	http_pid=''
}

# What a server or a webhook left that was killed goes, too.
make_http_stage() {
	resolve "$state"
	http_stage=$resolved/stage/http
	rm -rf -- "$http_stage" "$state/spool/".*.hook
	mkdir -- "$http_stage" "$http_stage/bodies"
	write_http_configuration >"$http_stage/lighttpd.conf"
}

export_http_values() {
	local host=$1
	export PEIPKG_FARM_PORT=$2 PEIPKG_FARM_STATE=${http_stage%/stage/http}
	export PEIPKG_FARM_HTTP=$http_stage PEIPKG_LOG_LEVEL=$log_level PEIPKG_SHARE=$share
	[[ -n $host || ! -e /proc/net/if_inet6 ]] || host=::
	[[ $host != *:* ]] || host=[$host]
	export PEIPKG_FARM_BIND=$host
	# The server follows no link, as which the programs lie in the source tree.
	resolve "$share/farm/webhook"
	export PEIPKG_FARM_PROGRAMS=${resolved%/*}
}

# serve_http PARENT: becomes the server. PARENT may have died before its death could be
# waited for. No descriptor of its goes along: locks end with it.
serve_http() {
	trap '' TTOU
	close_descriptors 3
	exec 2> >(relay_log)
	# shellcheck disable=SC2016 # for the shell in between
	exec setpriv --pdeathsig KILL -- "$BASH" -p -c '((PPID == $1)) && exec "${@:2}"' \
		"$program" "$1" lighttpd -D -f "$http_stage/lighttpd.conf"
}

# What the server says becomes lines of the log; those of its CGI programs are such already.
relay_log() {
	local line
	trap '' HUP INT TERM PIPE
	while IFS= read -r line || [[ -n $line ]]; do
		case $line in
		time=*) printf '%s\n' "$line" >&2 2>/dev/null || : ;;
		*'server started ('* | *'server stopped by UID'*) ;;
		*) log WARN 'web server' err "${line#????-??-?? ??:??:??: }" ;;
		esac
	done
}

# The server writes its pid file when it listens.
await_http() {
	local -i i
	for ((i = 0; i < 200; i++)); do
		[[ ! -s $http_stage/pid ]] || return 0
		kill -0 "$http_pid" 2>/dev/null || break
		sleep 0.05
	done
	stop_http
	return 1
}
