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
}

# Nothing came of what they were made for.
remove_empty_parents() {
	((${#made_parents[@]} == 0)) || rmdir -- "${made_parents[@]}" 2>/dev/null || :
}

# read_lines ARRAY PATH FILE: a value of a document for each element of an array.
read_lines() {
	local text
	declare -n lines=$1
	text=$(pk-get "$2" <"$3")
	mapfile -t lines <<<"$text"
}

# Reads the descriptor: `name`, and of each key `fingerprints`, `statuses` and `dates`.
read_descriptor() {
	local descriptor=$repository/repo.json
	run verify_signature "$repository" repo.json >/dev/null
	name=$(pk-get repo.name <"$descriptor")
	read_lines fingerprints 'repo.signing.keys.*.fingerprint' "$descriptor"
	read_lines statuses 'repo.signing.keys.*.status' "$descriptor"
	read_lines dates 'repo.signing.keys.*.valid_until?' "$descriptor"
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
		signer=$(pk-key -f <"${option[sign_key]}" 2>/dev/null)
		;;
	command) signer=$(pk-key -p -f <"${option[public_key]}") ;;
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

# verify_signature DIRECTORY NAME: whether a key of the descriptor there signed that
# document; its fingerprint, if so.
verify_signature() {
	cd "$1"
	[[ -e $2 ]] || die "$2: No such file or directory"
	refuse_special "$2"
	exec idx-verify -d repo.json -t "${option[timestamp]}" "$2.sig" <"$2"
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

write_header() {
	cd "$repository"
	refuse_special "$1"
	exec idx-split -m "$1" >"$stage/header"
}

# with_stderr FILE COMMAND...: for `try`: what the command says goes there, but what the
# wrapper says of a signal meanwhile does not.
with_stderr() {
	exec 2>"$1"
	"${@:2}"
}

# read_index FILE [COMMAND...]: `version` and `time` of an index below the repository, 0 and
# nothing if it has no header; of which `index_kind` and `index_repo` it is. The command runs
# what reads.
read_index() {
	local text
	local -a header
	version=0 time=''
	try "${@:2}" write_header "$1"
	((status == 0)) || return 0
	text=$(pk-get index_version generated_at kind repo <"$stage/header")
	mapfile -t header <<<"$text"
	version=${header[0]} time=${header[1]} index_kind=${header[2]} index_repo=${header[3]}
}

# Reads the indexes: the highest `index_version` and latest `generated_at` of those that are
# good, and in `faults` what is wrong with others.
read_indexes() {
	local kind
	local -a generations=()
	index_version=0 generated_at='' faults=()
	for kind in active archive; do
		read_signed_index "$kind"
		((version == 0)) || generations+=("$version $time")
		((version <= index_version)) || index_version=$version
		[[ $time < $generated_at ]] || generated_at=$time
	done
	[[ ${generations[0]-} == "${generations[1]-${generations[0]-}}" ]] ||
		faults+=('index/: the two indexes are not of the same generation [§6.2.3]')
	((index_version == 0)) || [[ ! -f $hidden/previous/archive.json ]] || check_for_rollback
}

# One key may sign for several repositories: a good index may be that of another.
read_signed_index() {
	version=0 time=''
	try verify_signature "$repository" "index/$1.json" >/dev/null
	if ((status == 0)); then read_index "index/$1.json"; fi
	if ((version == 0)); then
		faults+=("index/$1.json: refused, see above")
	elif [[ $index_repo != "$name" ]]; then
		faults+=("index/$1.json: repo: '$index_repo', but repo.json says '$name' [§6.2.2]")
		version=0 time=''
	elif [[ $index_kind != "$1" ]]; then
		faults+=("index/$1.json: kind: '$index_kind', not '$1' [§6.2.2]")
	fi
}

# Whoever put an old state back has its old signatures, too; but its successor came before.
check_for_rollback() {
	read_index .peipkg-repo/previous/archive.json with_stderr /dev/null
	((version > index_version)) || previous_is_back || return 0
	version=$((version + 1))
	faults+=("index/: rolled back: index_version $index_version, which was $version already [§6.2.3]")
	index_version=$version
	[[ $time < $generated_at ]] || generated_at=$time
}

previous_is_back() {
	local file now
	for file in "$hidden/previous"/*; do
		now=$repository/index/${file##*/}
		[[ -f $now ]] && cmp -s -- "$file" "$now" || return 1
	done
}

report_faults() {
	local fault
	for fault in "${faults[@]}"; do
		say "$fault"
	done
}

# What a change starts from has to be whole: it is never repaired in passing.
require_good_indexes() {
	read_indexes
	((${#faults[@]} > 0)) || return 0
	report_faults
	die "$rebuild_advice"
}

# derive COMMAND...: as run, for what comes of the old state: if it is that which is at
# fault, with the advice that fits. An index that is too large would come out no smaller.
derive() {
	try "$@"
	((status != 0)) || return 0
	((status <= 1)) || say "$1: $(describe_status "$status")"
	[[ -z ${option[rebuild]-} ]] || exit 1
	force=(-f)
	try with_stderr /dev/null check_documents "$repository"
	((status != 0)) || exit 1
	die "$rebuild_advice"
}

require_later_timestamp() {
	[[ ! ${option[timestamp]} < $generated_at ]] ||
		die "--timestamp: ${option[timestamp]} is before generated_at $generated_at of the last publication [§6.2.3]"
}

# join_index KIND: the document of $stage/KIND.entries.
join_index() {
	exec idx-join -k "$1" -r "$name" -i "$index_version" -g "${option[timestamp]}" \
		<"$stage/$1.entries" >"$stage/index/$1.json"
}

split_index() {
	exec idx-split "$repository/index/$1.json" >"$stage/$1.entries"
}

# The documents of the next generation, from the entries in the stage.
make_indexes() {
	local kind
	for kind in active archive; do
		run join_index "$kind"
		sign_document "$stage/index/$kind.json"
		run compress_index "$kind"
	done
}

# Siblings of an index for hosts that serve them to clients that take them. HTTP clients
# need not take a window of more than 8 MiB (RFC 9659).
compress_index() {
	local index=$stage/index/$1.json
	[[ $compressions != *,gzip,* ]] || gzip -9 -n <"$index" >"$index.gz"
	[[ $compressions != *,zstd,* ]] || pk-zstd -l 19 -w 23 <"$index" >"$index.zst"
}

# The siblings that there are now.
keep_compressions() {
	compressions=,
	[[ ! -e $repository/index/archive.json.gz ]] || compressions+=gzip,
	[[ ! -e $repository/index/archive.json.zst ]] || compressions+=zstd,
}
