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
	# A message would put it into logs.
	[[ $key != *'PRIVATE KEY'* ]] ||
		usage_error '--sign-key: the file of a key is wanted, not the key itself'
	[[ -z $public || -n $command ]] || usage_error '--public-key goes with --sign-command'
	[[ -z $key ]] || signing='key'
	[[ -z $command ]] || signing='command'
}

# Refuses a bad key before a long build rather than after it. A key in a pipe can be read
# once only, and is left for the signing. A terminal that is opened may become our own, and
# with other devices there is no telling.
check_signing_key() {
	[[ -n $signing ]] || return 0
	local path=${option[sign_key]-${option[public_key]-}} said fingerprint
	local -a kind=()

	[[ -e $path ]] || die "$path: no such key"
	[[ ! -p $path ]] || return 0
	[[ ! -d $path ]] || die "$path: is a directory"
	[[ -f $path ]] || die "$path: is a device or a socket; a key comes from a file or a pipe"
	[[ -r $path ]] || die "$path: cannot be read"
	[[ $signing == key ]] || kind=(-p)
	said=$(pk-key "${kind[@]}" -f <"$path" 2>&1 >/dev/null) ||
		die "$path: ${said##*pk-key: standard input: }"
	[[ $signing == key ]] || return 0
	fingerprint=$(pk-key -f <"$path" 2>/dev/null) || die "$path: cannot be read again"
	said=$(pk-key -p -f <"$path" 2>/dev/null) || return 0
	[[ $fingerprint != "$said" ]] ||
		die "$path: holds a public key where a private one is wanted"
}

# sign PRODUCER FILE: signed tar on stdout of the tar that the command PRODUCER writes;
# FILE holds the signature if a command signs.
sign() {
	case $signing in
	key) "$1" | pk-sign -k "${option[sign_key]}" ;;
	command) "$1" | pk-sign -a "$2" -p "${option[public_key]}" ;;
	*) "$1" ;;
	esac
}

write_digest() {
	"$1" | pk-sign -n >"$2"
}

# ask_signer DIGEST SIGNATURE: has the command sign what is in the one file, into the other.
# It stays in our process group, for it may ask for a PIN on the terminal.
ask_signer() {
	local status reader own pipe signer_status excess=''
	hold_signals
	coproc taker { take_signature >"$2"; }
	reader=$! own=${taker[1]}
	# What belongs to a coprocess by bash's account does not get to other children.
	exec {pipe}>&"$own"
	exec {own}>&-
	run_signer <"$1" >&"$pipe" &
	running=$!
	exec {pipe}>&-
	release_signals
	await "$running"
	signer_status=$status running=$reader
	end_reader
	await "$running"
	running=''
	((status == 0 || status == 128 + 15)) ||
		die "--sign-command: what it writes: $(describe_status "$status")"
	(($(stat -c %s -- "$2") <= 64)) || excess='over 64 bytes where a signature is wanted, '
	((signer_status == 0)) || die "--sign-command: $excess$(describe_status "$signer_status")"
}

# No more than one byte beyond a signature, which tells that there is more: the command may
# write without end. Each byte is written when it comes.
take_signature() {
	exec dd bs=1 count=65 status=none
}

# What the command has left running may keep the pipe open, and is not waited for.
end_reader() {
	! outlasts "$reader" 400 0.005 || kill -TERM "$reader" 2>/dev/null || :
}

# Becomes the command. What bash opened, from 10 on, is our locks: it may leave an agent
# running. Without job control bash has it ignore what a terminal sends.
run_signer() {
	close_descriptors 10
	exec env --default-signal=INT,QUIT,PIPE "PATH=$caller_path" \
		sh -c "${option[sign_command]}"
}

# fetch_signature PRODUCER FILE: the signature of the archive that PRODUCER writes, into
# FILE. The digest comes from a run of its own: no tar is kept on disk (§3.1), and two runs
# write the same bytes.
fetch_signature() {
	run write_digest "$1" "$2.digest"
	ask_signer "$2.digest" "$2"
}
