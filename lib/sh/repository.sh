# A repository on disk: its lock, what it says of itself, its documents made, signed, checked.
#
# Below a repository, .peipkg-repo/ is what is not served: `lock`; `stage`, where the next
# generation is made; `previous`, the indexes of the generation before; `intent`, the journal
# of a change that takes more than one step; `pruned`, the packages that are to be removed.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

repository=''       # absolute path
hidden=''           # $repository/.peipkg-repo
stage=''            # where the documents of the next generation are made
repository_stage='' # ours to remove: $hidden/stage, under the lock
declare -a fingerprints statuses dates
declare -a made_parents=() # the directories that lead to --out, from within
declare -a force=()        # what idx-check is told
compressions=,             # which siblings the indexes get

rebuild_advice='publish --rebuild --all-packages-dir DIR makes the indexes anew from the packages'

use_repository() {
	repository=$1
	hidden=$repository/.peipkg-repo
}

# find_repository DIRECTORY: makes it $repository. After a crash there is no descriptor
# perhaps, but the journal to finish it.
find_repository() {
	[[ -d $1 ]] || die "$1: no such repository"
	resolve "$1"
	use_repository "$resolved"
	[[ -f $repository/repo.json || -d $hidden/intent ]] ||
		die "$1: no repository: repo.json is not there"
}

# Makes $repository ours alone, with nothing in it that another run left undone.
take_repository() {
	lock_repository
	finish_intent
	finish_pruning
}

# The lock goes with the process: under it, a stage is what a killed run left.
lock_repository() {
	local lock
	mkdir -p -- "$hidden"
	exec {lock}>>"$hidden/lock"
	try flock -n "$lock"
	if ((status != 0)); then
		say "$repository: waiting for another run to finish"
		run flock "$lock"
	fi
	stage=$hidden/stage
	repository_stage=$stage
	rm -rf -- "$stage"
}

# The stage looks like a repository, so that it can be checked like one.
make_repository_stage() {
	mkdir -- "$stage" "$stage/index" "$stage/packages"
	ln -s ../../keys "$stage/keys"
}

remove_repository_stage() {
	[[ -z $repository_stage ]] || remove_tree "$repository_stage"
	repository_stage=''
}

# Nothing came of what they were made for.
remove_empty_parents() {
	((${#made_parents[@]} == 0)) || rmdir -- "${made_parents[@]}" 2>/dev/null || :
	made_parents=()
}

# Reads the descriptor: `name`, and of each key `fingerprints`, `statuses` and `dates`.
read_descriptor() {
	local count
	local -a lines
	run verify_signature "$repository" repo.json >/dev/null
	read_values lines repo.name 'repo.signing.keys.*.valid_until?' \
		'repo.signing.keys.*.fingerprint' 'repo.signing.keys.*.status' \
		<"$repository/repo.json"
	count=$((${#lines[@]} / 3))
	name=${lines[0]}
	dates=("${lines[@]:1:count}")
	fingerprints=("${lines[@]:1+count:count}")
	statuses=("${lines[@]:1+2*count:count}")
}

# find_key FINGERPRINT: `key_status` and `key_date` as the descriptor has them; empty when
# it is not there.
find_key() {
	local i
	key_status='' key_date=''
	for i in "${!fingerprints[@]}"; do
		[[ ${fingerprints[i]} == "$1" ]] || continue
		key_status=${statuses[i]} key_date=${dates[i]-}
	done
}

# What signs, as `signer`. A key in a pipe can be read once, and there is more to sign.
find_signer() {
	case $signing in
	key)
		[[ -f ${option[sign_key]} ]] ||
			die "${option[sign_key]}: no regular file; --sign-command is for keys elsewhere"
		signer=$(pk-key -f <"${option[sign_key]}" 2>/dev/null) ||
			die "${option[sign_key]}: cannot be read again"
		;;
	command)
		[[ -f ${option[public_key]} ]] || die "${option[public_key]}: no regular file"
		signer=$(pk-key -p -f <"${option[public_key]}")
		;;
	*) usage_error '--sign-key or --sign-command is required' ;;
	esac
}

# Only active keys sign what is new (§5.2.6).
require_active_signer() {
	find_key "$signer"
	[[ $key_status != active ]] || return 0
	[[ -n $key_status ]] || die "the signing key $signer is not in repo.json [§6.1.3]"
	die "the signing key $signer is $key_status in repo.json, not active [§5.2.6]"
}

# sign_document FILE: its signature, as FILE.sig.
sign_document() {
	if [[ $signing == key ]]; then
		run sign_with_key "$1"
		return
	fi
	run write_document_digest "$1"
	ask_signer "$stage/digest" "$stage/signature"
	run attach_to_document "$1"
}

sign_with_key() {
	exec idx-sign -k "${option[sign_key]}" <"$1" >"$1.sig"
}

write_document_digest() {
	exec idx-sign -n <"$1" >"$stage/digest"
}

attach_to_document() {
	local said
	said=$(idx-sign -a "$stage/signature" -p "${option[public_key]}" <"$1" 2>&1 >"$1.sig") ||
		die "${said/#"idx-sign: $stage/signature:"/--sign-command:}"
}

# Nobody can fetch a FIFO, and we would wait for it.
refuse_special() {
	[[ ! -e $1 || -f $1 ]] || die "$1: no regular file"
}

# verify_signature DIRECTORY NAME [OPTION]: whether a key of the descriptor there signed that
# document; its fingerprint, if so. OPTION is one more for idx-verify.
verify_signature() {
	cd "$1"
	[[ -e $2 ]] || die "$2: No such file or directory"
	refuse_special "$2"
	exec idx-verify "${@:3}" -d repo.json -t "${option[timestamp]}" "$2.sig" <"$2"
}

# check_documents DIRECTORY: the signatures of a repository, and all that its documents say.
check_documents() {
	local document
	for document in repo.json index/active.json index/archive.json; do
		(verify_signature "$1" "$document") >/dev/null
	done
	cd "$1"
	idx-check "${force[@]}" -t "${option[timestamp]}" repo.json \
		index/active.json index/archive.json
}

# with_stderr FILE COMMAND...: for `try`: what the command says goes there, but what the
# wrapper says of a signal meanwhile does not.
with_stderr() {
	exec 2>"$1"
	"${@:2}"
}
