# Staging directories: made under a lock that ends with the process, removed at the end,
# and swept by a later run when a killed one left them.
# shellcheck shell=bash disable=SC2034

declare -a stages=() # of this run

# find_tmpdir: where what lies between two filters goes, as an absolute path in `tmpdir`.
find_tmpdir() {
	resolved=${TMPDIR:-/tmp}
	[[ -d $resolved && -w $resolved ]] || die "TMPDIR: $resolved: no directory to write to"
	resolve "$resolved"
	tmpdir=$resolved
}

# make_stage PREFIX: makes the directory PREFIX.XXXXXXXXXX and puts its path into `made_stage`.
# A sweep may be faster than the lock; it then has taken the directory away.
make_stage() {
	local lock attempts=5
	while ((attempts-- > 0)); do
		made_stage=$(mktemp -d -- "$1.XXXXXXXXXX")
		stages+=("$made_stage")
		{ exec {lock}>"$made_stage/lock"; } 2>/dev/null || continue
		flock -n "$lock" && [[ -e $made_stage/lock ]] && return 0
		exec {lock}>&-
	done
	die "$made_stage: cannot be locked"
}

# The lock goes last, so that a sweep cut short is finished by the next one. Directories
# that a script made may lack the permission to empty them, and what the script left
# running may still fill them.
remove_tree() {
	rm -rf -- "${1:?}"/!(lock) "$1" 2>/dev/null && return 0
	chmod -R u+rwX -- "$1" 2>/dev/null || :
	rm -rf -- "${1:?}"/!(lock) "$1" || say "$1: left behind"
}

remove_stages() {
	local directory
	for directory in "${stages[@]}"; do
		remove_tree "$directory"
	done
	stages=()
}

# sweep_stages PREFIX [COMMAND]: removes what killed runs left: what is ours, and nobody
# holds its lock. COMMAND gets each such directory first, unless it is empty.
sweep_stages() {
	local directory lock
	for directory in "$1".??????????; do
		[[ -d $directory && ! -L $directory && -O $directory ]] || continue
		rmdir -- "$directory" 2>/dev/null && continue
		[[ -f $directory/lock && ! -L $directory/lock ]] || continue
		{ exec {lock}<"$directory/lock"; } 2>/dev/null || continue
		if flock -n "$lock"; then
			${2:+"$2" "$directory"}
			remove_tree "$directory"
		fi
		exec {lock}<&-
	done
}
