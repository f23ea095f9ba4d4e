# peipkg-repo list and serve, and what verify begins with as they do: what leaves a repository
# as it is.
# shellcheck shell=bash disable=SC2154

set_now() {
	[[ -n ${option[timestamp]-} ]] || option[timestamp]=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	parse_timestamp timestamp
}

make_scratch() {
	find_tmpdir
	make_stage "$tmpdir/peipkg-repo"
	scratch=$made_stage
}

write_table() {
	idx-split "$repository/index/$1.json" |
		pk-get -l name version architecture size_installed 'build.timestamp?' |
		paste -d '\t' - - - - - | LC_ALL=C numfmt -d $'\t' --field 4 --to iec
}

# list: the packages of one index, as a table or as the index itself.
list() {
	local kind=active
	parse_options 'repo= all json timestamp=' "$@"
	require_options repo
	set_now
	find_repository "${option[repo]}"
	[[ -z ${option[all]-} ]] || kind=archive
	trap_signals
	make_scratch
	run verify_signature "$repository" repo.json >/dev/null
	run verify_signature "$repository" "index/$kind.json" >/dev/null
	if [[ -n ${option[json]-} ]]; then
		run cat -- "$repository/index/$kind.json"
		return
	fi
	run write_table "$kind" >"$scratch/table"
	{
		printf 'NAME\tVERSION\tARCHITECTURE\tINSTALLED\tBUILT\n'
		cat -- "$scratch/table"
	} | column -t -s $'\t' | cat # which tells of a closed stdout
}

# lighttpd takes values from its environment, so that no name has to be quoted.
write_server_configuration() {
	cat <<-'END'
		server.document-root = env.PEIPKG_REPO_ROOT
		server.bind = env.PEIPKG_REPO_HOST
		server.port = env.PEIPKG_REPO_PORT
		server.modules = ("mod_access")
		server.stat-cache-engine = "disable"
		server.follow-symlink = "disable"
		index-file.names = ("index.html")
		mimetype.assign = (".json" => "application/json", ".html" => "text/html; charset=utf-8",
			".css" => "text/css", ".js" => "text/javascript", ".woff2" => "font/woff2",
			".svg" => "image/svg+xml", ".pub" => "application/x-pem-file",
			"" => "application/octet-stream")
		$HTTP["url"] =~ "/\." { url.access-deny = ("") }
	END
}

serve() {
	local address host port
	parse_options 'repo= addr=' "$@"
	require_options repo
	address=${option[addr]-127.0.0.1:8080}
	host=${address%:*} port=${address##*:}
	[[ $address == *:* && $port == [1-9]*([0-9]) && $port -le 65535 ]] ||
		usage_error "--addr: HOST:PORT is wanted, not '$address'"
	PATH=$PATH:/usr/sbin
	command -v lighttpd >/dev/null || die 'no lighttpd on PATH'
	find_repository "${option[repo]}"
	trap_signals
	make_scratch
	write_server_configuration >"$scratch/lighttpd.conf"
	say "serving $repository at http://${host:-0.0.0.0}:$port/"
	PEIPKG_REPO_ROOT=$repository PEIPKG_REPO_HOST=$host PEIPKG_REPO_PORT=$port \
		run lighttpd -D -f "$scratch/lighttpd.conf"
}
