# Building: a version that is due -> its packages in publish/, or a failure that is recorded.
# shellcheck shell=bash disable=SC2034,SC2154

mark=''   # that this build runs
job=''    # directory of this build
source='' # the clone

# build_version NAME VERSION: fails when the version was not built; why is in the log then.
build_version() {
	version=$2
	read_recipe "$1"
	read_due
	failure=$state/state/failures/$recipe@$version
	log=$state/logs/$recipe/$version.log
	mkdir -p -- "${log%/*}"
	: >"$log"
	start_clock
	put_mark
	log INFO 'starting build' recipe "$recipe" tag "$tag" version "$version" \
		source "$source_url"
	make_stage "$state/stage/build"
	job=$made_stage
	make_stage "$state/sources/$recipe@$version"
	source=$made_stage/source
	build_packages
	hand_over
}

# Who runs since when: what /status shows. A manager finds the marks of builds that were
# killed.
put_mark() {
	local directory=$state/stage/running
	mkdir -p -- "$directory"
	printf '%s\n' "$EPOCHSECONDS" >"$state/stage/mark.$$"
	mv -- "$state/stage/mark.$$" "$directory/$recipe@$version"
	mark=$directory/$recipe@$version
	printf '%s\n' "$recipe@$version" >>"$state/stage/attempted"
	wake_manager
}

read_due() {
	local due=$state/state/due/$recipe@$version
	[[ -f $due ]] || die "$recipe@$version: not due; poll $recipe first"
	{
		read -r tag
		read -r commit
	} <"$due"
}

build_packages() {
	clone
	copy_recipe
	packages_out=$job/out
	if [[ -n ${config[build.runner]} ]]; then
		build_elsewhere
	else
		build_here "$source" "$packages_out"
	fi
	[[ ${config[build.rebuild_check]} != true ]] || check_rebuild
}

# What lies in the recipe's directory now, whatever becomes of it meanwhile; but the recipe as
# it was loaded: one that was broken since keeps its good form. A link that leads nowhere is
# no part of it: by such links editors lock what they have open.
copy_recipe() {
	mkdir -- "$job/recipe"
	resolve "$job/recipe"
	# shellcheck disable=SC2016 # for the shell in between
	limited env -C "${config[manager.recipes_dir]}/$recipe" bash -p -e -o pipefail -c '
		find -L . -type d -print0 | (cd -- "$1" && xargs -0 mkdir -p --)
		find -L . ! -type d ! -type l -exec cp -rL --parents -t "$1" -- {} +' \
		copy "$resolved"
	rm -f -- "$job/recipe/peipkg.toml"
	tail -n +2 -- "${recipe_file%/*}/source" >"$job/recipe/peipkg.toml"
}

# fail REASON: ends the run, the failure recorded.
fail() {
	local duration
	remove_stages
	! is_disk_full || rm -rf -- "$state/rejected/failed/$recipe@$version"
	put_failure "$failure"
	forget_mark
	describe_duration "$step"
	log ERROR 'build failed' recipe "$recipe" version "$version" err "$1" \
		next_retry_after "$duration"
	exit 1
}

is_disk_full() {
	local percent
	percent=$(df --output=pcent -- "$state" | tr -dc 0-9) && ((percent >= 98))
}

start_clock() {
	read_clock
	deadline=$((clock + ${config[build.timeout]}))
}

# limited COMMAND...: its output in the log of the build, and what is left of its time. The
# build fails when the command does.
limited() {
	local duration last
	read_clock
	try run_limited "$((deadline > clock ? deadline - clock : 1))" "$@"
	((status != 0)) || return 0
	read_clock
	if ((clock >= deadline)); then
		describe_duration "${config[build.timeout]}"
		fail "not done within $duration"
	fi
	if [[ $1 == git ]]; then git_reason "$log"; else last_line "$log"; fi
	fail "$(describe_status "$status")${last:+: $last}"
}

run_limited() {
	exec timeout -k 30 "$@" </dev/null >>"$log" 2>&1
}

# In one step: what waits in publish/ is whole.
hand_over() {
	local place=$state/publish/$recipe@$version
	rm -rf -- "$place"
	put_lines "$state/state/commits/$recipe@$version" "$tag" "$commit"
	fs-commit -- "$packages_out" "$place"
	forget_mark
}

forget_mark() {
	rm -f -- "$mark"
	mark=''
}

# The mark stays where something went wrong that nobody expected, for the manager to find.
# To be ended by a signal is no failure.
cleanup() {
	end_session
	remove_stages
	prune_failed
	[[ -z $mark || ${FUNCNAME[1]} == leave ]] || forget_mark
	[[ -z ${state-} ]] || wake_manager
}

# What a build started ends with it, in whatever process group it is.
end_session() {
	local session pid
	read -r _ _ _ _ _ session _ <"/proc/$$/stat"
	[[ $session == "$$" ]] || return 0
	for pid in $(pgrep -s "$$"); do
		[[ $pid == "$$" ]] || kill -KILL "$pid" 2>/dev/null || :
	done
}

# The newest trees of failed builds stay, as many as the configuration says. Another build may
# do the same meanwhile.
prune_failed() {
	local kept=$state/rejected/failed
	[[ -d $kept ]] || return 0
	find "$kept" -mindepth 2 -maxdepth 2 -printf '%T@ %p\0' 2>/dev/null | sort -zrn |
		tail -zn +"$((${config[build.keep_failed]} + 1))" | cut -zd ' ' -f 2- |
		xargs -0 -r rm -rf -- || :
	find "$kept" -mindepth 1 -maxdepth 1 -empty -delete 2>/dev/null || :
}
