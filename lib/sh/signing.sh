# The signing options that wrappers share: --sign-key, or --sign-command and --public-key.
# shellcheck shell=bash disable=SC2154

# shellcheck disable=SC2034 # for parse_options
signing_options='sign-key= sign-command= public-key='

signing='' # key, command, or empty: not signed

check_signing_options() {
	local key=${option[sign_key]-} command=${option[sign_command]-}
	local public=${option[public_key]-}

	[[ -z $key || -z $command ]] ||
		usage_error '--sign-key and --sign-command exclude each other'
	[[ -z $command || -n $public ]] || usage_error '--sign-command goes with --public-key'
	[[ -z $public || -n $command ]] || usage_error '--public-key goes with --sign-command'
	[[ -z $key ]] || signing='key'
	[[ -z $command ]] || signing='command'
}

# Refuses a bad key before a long build rather than after it. A key in a pipe can be read
# once only, and is left for the signing.
check_signing_key() {
	local path=${option[sign_key]-${option[public_key]-}} said
	local -a public=()

	[[ $signing == command ]] && public=(-p)
	[[ -f $path ]] || return 0
	said=$(pk-key "${public[@]}" -f <"$path" 2>&1 >/dev/null) ||
		die "$path: ${said#pk-key: standard input: }"
}

# sign PRODUCER FILE: signed tar on stdout of the tar that the command PRODUCER writes.
# The digest for a command comes from a run of its own: no tar is kept on disk (§3.1), and
# two runs write the same bytes.
sign() {
	case $signing in
	key) "$1" | pk-sign -k "${option[sign_key]}" ;;
	command) "$1" | pk-sign -a "$2" -p "${option[public_key]}" ;;
	*) "$1" ;;
	esac
}

# fetch_signature PRODUCER FILE: has the command sign the digest, into FILE.
fetch_signature() {
	"$1" | pk-sign -n | PATH=$caller_path sh -c "${option[sign_command]}" >"$2"
}
