# The two indexes of a repository: read, held against each other and what came before, made.
# shellcheck shell=bash disable=SC2034,SC2154,SC2164

highest_index_version=9223372036854775807 # §1.3

write_header() {
	cd "$repository"
	refuse_special "$1"
	exec idx-split -m "$1" >"$stage/header"
}

# read_index FILE [COMMAND...]: `version` and `time` of an index below the repository, 0 and
# nothing if it has no header; of which `index_kind` and `index_repo` it is. The command runs
# what reads.
read_index() {
	local -a header
	version=0 time=''
	try "${@:2}" write_header "$1"
	((status == 0)) || return 0
	read_values header index_version generated_at kind repo <"$stage/header"
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

check_old_indexes() {
	cd "$repository"
	exec idx-check -o repo.json index/active.json index/archive.json
}

# What a change starts from has to be whole: it is never repaired in passing.
require_good_indexes() {
	read_indexes
	if ((${#faults[@]} == 0)); then
		try check_old_indexes
		((status != 0)) || return 0
		report_crash idx-check
		((status == 1)) || exit 1
	fi
	report_faults
	die "$rebuild_advice"
}

# is_index_version TEXT: whether it is one that a document can hold (§1.3); 0 stands for none.
is_index_version() {
	local number
	[[ $1 == @(0|[1-9]*([0-9])) ]] || return
	# Of one that is too high, bash makes the highest there is.
	printf -v number %d "$1" 2>/dev/null
	[[ $number == "$1" ]]
}

raise_index_version() {
	((index_version < highest_index_version)) ||
		die "index_version $index_version is the highest there is: no other can follow [§6.2.3]"
	index_version=$((index_version + 1))
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
