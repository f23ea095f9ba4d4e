# Staging directories: made under a lock that ends with the process, removed at the end,
# and swept by a later run when a killed one left them.
# shellcheck shell=bash

declare -a stages=()      # of this run
declare -a stage_locks=() # their descriptors

# make_stage PREFIX: makes the directory PREFIX.XXXXXXXXXX and puts its path into `made_stage`.
# The lock is taken before `begun` is there: who sweeps leaves alone what has neither.
make_stage() {
	local lock
	made_stage=$(mktemp -d -- "$1.XXXXXXXXXX")
	stages+=("$made_stage")
	exec {lock}>"$made_stage/lock"
	stage_locks+=("$lock")
	flock -n "$lock"
	: >"$made_stage/begun"
}

# Directories that a recipe's script made may be without the permission to empty them.
remove_tree() {
	rm -rf -- "$1" 2>/dev/null && return
	chmod -R u+rwX -- "$1" 2>/dev/null || :
	rm -rf -- "$1"
}

remove_stages() {
	local directory
	for directory in "${stages[@]}"; do
		remove_tree "$directory"
	done
	stages=()
}

# Whether a killed run left a directory: it is ours, has begun, and nobody holds its lock.
is_stale() {
	local lock status=0
	[[ -d $1 && ! -L $1 && -O $1 && -e $1/begun && -f $1/lock && ! -L $1/lock ]] ||
		return 1
	exec {lock}<"$1/lock"
	flock -n "$lock" || status=1
	exec {lock}<&-
	return "$status"
}

# sweep_stages PREFIX [COMMAND]: removes what killed runs left. COMMAND gets each such
# directory first.
sweep_stages() {
	local directory
	for directory in "$1".??????????; do
		if is_stale "$directory"; then
			[[ -z ${2-} ]] || "$2" "$directory"
			remove_tree "$directory"
		fi
	done
}
