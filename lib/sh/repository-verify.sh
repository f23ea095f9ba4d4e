# peipkg-repo verify.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

declare -a packages_only=() # filled by parse_options
declare -A told=()
failures=0

# Several checks may meet the same fault.
fail() {
	[[ -z ${told[$1]-} ]] || return 0
	told[$1]=1
	say_finding FAIL "$1"
	failures=$((failures + 1))
}

say_finding() {
	printf '%s: %s\n' "$1" "$2" >&2
}

# audit COMMAND...: what the command says on stderr becomes findings; what it calls its
# standard input is the archive; a key's file has one name for all of them.
audit() {
	local line
	try with_stderr "$scratch/said" "$@"
	while IFS= read -r line; do
		line=${line#*: }
		line=${line/#standard input:/index/archive.json:}
		line=${line/#repo.json: repo.signing.keys: keys\//keys/}
		case $line in
		'warning: '*) say_finding WARN "${line#warning: }" ;;
		*) fail "$line" ;;
		esac
	done <"$scratch/said"
	((status == 0)) || [[ -s $scratch/said ]] || fail "$1: $(describe_status "$status")"
}

check_indexes() {
	cd "$repository"
	refuse_special index/active.json
	refuse_special index/archive.json
	exec idx-check -t "${option[timestamp]}" repo.json index/active.json index/archive.json
}

# Beside a fault of the descriptor or of a key, which idx-check tells, too.
check_signature() {
	verify_signature "$repository" "$1" -r >/dev/null
}

# A document whose signer's time runs out locks clients out when it does (§5.2.6).
check_signature_later() {
	local now=${option[timestamp]} remedy=publish
	[[ $1 != repo.json ]] || remedy='add-key or retire-key'
	audit check_signature "$1"
	((status == 0)) || return 0
	option[timestamp]=$(date -u -d "@$((epoch + 30 * 86400))" +%Y-%m-%dT%H:%M:%SZ)
	try with_stderr /dev/null check_signature "$1"
	option[timestamp]=$now
	if ((status != 0)); then
		say_finding WARN "$1: the key that signed it runs out within 30 days: $remedy signs it anew [§5.2.6]"
	fi
}

# check_sibling INDEX SUFFIX COMMAND...: what the command makes of a compressed sibling.
check_sibling() {
	[[ -e $1.$2 ]] || return 0
	if [[ ! -f $1.$2 ]] || ! "${@:3}" <"$1.$2" 2>/dev/null | cmp -s - "$1"; then
		say "$1.$2: not $1 compressed"
	fi
}

check_compressed() {
	local index
	cd "$repository"
	for index in index/active.json index/archive.json; do
		[[ -f $index ]] || continue
		check_sibling "$index" gz gzip -dc
		check_sibling "$index" zst pk-unzstd
	done
}

check_metadata() {
	local document
	[[ ! -d $hidden/intent ]] ||
		fail "interrupted $(<"$hidden/intent/what"): the next command that changes the repository finishes it"
	[[ ! -f $hidden/pruned ]] ||
		say_finding WARN 'interrupted prune-prerelease: the next command that changes the repository finishes it'
	for document in repo.json index/active.json index/archive.json; do
		check_signature_later "$document"
	done
	audit check_indexes
	audit check_compressed
	check_order
}

# Whether this is an older generation, put back.
check_order() {
	local fault
	stage=$scratch faults=()
	[[ -f $hidden/previous/archive.json ]] || return 0
	read_index index/archive.json with_stderr /dev/null
	index_version=$version generated_at=$time
	((version == 0)) || check_for_rollback
	for fault in "${faults[@]}"; do
		fail "$fault"
	done
}

split_archive() {
	cd "$repository"
	refuse_special index/archive.json
	exec idx-split index/archive.json
}

check_hashes() {
	local name
	local -a place=(-r "$repository")
	[[ -z ${option[all_packages_dir]-} ]] || place=(-C "${option[all_packages_dir]}")
	for name in "${packages_only[@]}"; do
		place+=(-n "$name")
	done
	split_archive | idx-hash "${place[@]}"
}

check_verify_options() {
	if ((${#packages_only[@]} > 0)); then
		packages_only+=("${operands[@]}")
		operands=()
	fi
	require_options repo
	option[mode]=${option[mode]-both}
	[[ ${option[mode]} == @(metadata|hashes|both) ]] ||
		usage_error "--mode: metadata, hashes or both is wanted, not '${option[mode]}'"
	set_now
	find_repository "${option[repo]}"
	[[ ${option[mode]} != metadata ]] || return 0
	[[ -z ${option[all_packages_dir]-} || -d ${option[all_packages_dir]} ]] ||
		die "${option[all_packages_dir]}: no such directory"
	[[ -n ${option[all_packages_dir]-} || -d $repository/p ]] ||
		usage_error "--all-packages-dir is required: ${option[repo]} has no packages of its own"
}

verify() {
	parse_options 'repo= mode= all-packages-dir= packages-only=* timestamp=' "$@"
	check_verify_options
	trap_signals
	make_scratch
	if [[ ${option[mode]} != hashes ]]; then check_metadata; fi
	if [[ ${option[mode]} != metadata ]]; then audit check_hashes; fi
	((failures == 0)) || die "$failures issues found"
	echo OK
}
