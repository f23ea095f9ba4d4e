# peipkg-manager: the processes that work for it.
# shellcheck shell=bash disable=SC2034,SC2154

declare -A children=() # pid -> poll, batch, publish or upload
declare -A subject=()  # pid -> recipes being polled, or the directory of a batch

# start_child KIND SUBJECT COMMAND...: in a session of its own, which ends with us, even if
# we are gone before that is arranged; it does not hold our lock.
start_child() {
	# shellcheck disable=SC2016 # for the shell in between
	PEIPKG_MANAGER=1 setpriv --pdeathsig TERM setsid "$BASH" -pc '((PPID == $1)) && exec "${@:2}"' \
		"$program" "$$" "${@:3}" {lock}>&- {wake}>&- </dev/null &
	children[$!]=$1
	subject[$!]=$2
}

# Of a child that ends while a `wait` blocks, just before a trapped signal comes, bash never
# learns (up to 5.3 at least): it then waits as long as any other one runs. That is why try
# and await are not those of processes.sh here, where traps return and the web server runs on.

# try COMMAND...: with its `status`; a signal waits until it has ended.
try() {
	set +e
	(
		# Who types ^C wants us to stop, not that this fails.
		[[ -z $wake ]] || trap '' INT
		set -e
		"$@"
	)
	status=$?
	set -e
}

# await PID: until a child has ended, with `status`.
await() {
	while kill -0 "$1" 2>/dev/null; do
		sleep 0.01 || :
	done
	take_status "$1"
}

# take_status PID: of a child that has ended, as `status`.
take_status() {
	status=0
	wait "$1" 2>/dev/null || status=$?
	((status > 128)) || return 0
	# Its own: what there was may be that of a signal.
	status=0
	wait "$1" 2>/dev/null || status=$?
}

reap_children() {
	local pid status
	local -a running
	list_running
	for pid in "${!children[@]}"; do
		[[ " ${running[*]} " != *" $pid "* ]] || continue
		take_status "$pid"
		((status == 0)) || failed=1
		"end_${children[$pid]}" "$pid" "$status"
		unset "children[$pid]" "subject[$pid]"
	done
}

# The children that run, as `running`. A substitution would start a process: it is for when the
# disk is full.
list_running() {
	local text file=$state/stage/children
	if { jobs -rp && echo end; } 2>/dev/null >"$file"; then
		mapfile -t running <"$file"
	else
		text=$(jobs -rp)
		mapfile -t running <<<"$text"
	fi
}
