# Polling: an upstream's tags -> the versions that are to be built, in state/due.
# shellcheck shell=bash disable=SC2034,SC2154

tags_most=$((64 << 10)) # KiB of what git says
polls_most=16           # side by side
declare -A polls=()     # pid -> recipe

list_remote_tags() {
	ulimit -f "$tags_most"
	exec setpriv --pdeathsig TERM timeout -k 5 "${config[build.poll_timeout]}" \
		git ls-remote --tags -- "$git" </dev/null >"$tags/remote" 2>"$tags/said"
}

# The recipe may change meanwhile: what is known belongs to what was read.
list_versions() {
	rm -f -- "$known/recipe" "$known/chosen"
	cp -- "$recipe_file" "$tags/recipe"
	farm-tags -r "$tags/recipe" <"$tags/remote" >"$tags/entries" 2>"$tags/said"
	pk-get -l version tag commit <"$tags/entries" >"$known/versions"
	farm-tags -s -r "$tags/recipe" <"$tags/remote" 2>/dev/null |
		pk-get tags_seen matches_emitted skipped_below_min_version >"$known/counts"
	mv -- "$tags/remote" "$known/remote"
	mv -- "$tags/recipe" "$known/recipe"
}

# poll_recipe NAME: fails when the upstream or the archive cannot be asked.
poll_recipe() {
	local failed='' tags=$made_stage/tags/$1
	read_recipe "$1"
	known=$state/state/tags/$recipe
	mkdir -p -- "$known"
	log INFO 'polling upstream' recipe "$recipe" git "$source_url"
	list_remote_tags &
	await "$!"
	if ((status == 0)); then take_tags; fi
	[[ -z $failed ]] || return 1
	((status != 0)) || return 0
	describe_poll_failure
	log WARN 'ls-remote failed' recipe "$recipe" err "$reason"
	return 1
}

# Nothing is worked out twice: an upstream rarely says anything new.
take_tags() {
	local -a counts matches
	if ! is_known; then
		list_versions &
		await "$!"
		((status == 0)) || return 0
		warn_of_tags
	fi
	read_matches
	is_chosen_from || choose_versions
	[[ -z $failed ]] || return 0
	log INFO 'poll complete' recipe "$recipe" tags_seen "${counts[0]}" \
		matches_emitted "${counts[1]}" skipped_below_min_version "${counts[2]}"
}

# Whether the same recipe met the same tags before.
is_known() {
	[[ -f $known/recipe && $(<"$known/recipe") == "$(<"$recipe_file")" &&
	$(<"$known/remote") == "$(<"$tags/remote")" ]]
}

# What is known of the tags: `counts`; and `matches`, of each its version, tag and commit. A
# read that fails is an end to bash: versions would be lost.
read_matches() {
	mapfile -t counts <"$known/counts"
	mapfile -t matches <"$known/versions"
	((${#counts[@]} != 3 || ${#matches[@]} != 3 * counts[1])) || return 0
	rm -f -- "$known/recipe"
	die "$recipe: what is known of its tags cannot be read again"
}

# Whether what is due was chosen from these tags with this archive.
is_chosen_from() {
	local published=$state/state/published archive=$state/repo/index/archive.json
	is_as_old "$known/chosen" "$published" && is_as_old "$published" "$archive"
}

describe_poll_failure() {
	local last
	git_reason "$tags/said"
	reason=$last
	((status != 124 && status != 137)) || {
		describe_duration "${config[build.poll_timeout]}"
		reason="no answer within $duration"
	}
	[[ -n $reason ]] || reason=$(describe_status "$status")
}

warn_of_tags() {
	local line
	while IFS= read -r line; do
		log WARN 'tag warning' recipe "$recipe" err "${line#farm-tags: warning: }"
	done <"$tags/said"
}

# choose_versions: what is not published wholly is due, ascending in state/versions. Not
# while a publication takes what it published off the list.
choose_versions() {
	local lock version tag commit last i
	local -a versions=()
	exec {lock}>>"$state/state/due.lock"
	flock "$lock"
	if refresh_published; then
		count_published
		for ((i = 0; i < ${#matches[@]}; i += 3)); do
			version=${matches[i]} tag=${matches[i + 1]} commit=${matches[i + 2]}
			choose_version
		done
		forget_other_versions
		put_lines "$state/state/versions/$recipe" "${versions[@]}"
		touch -r "$state/state/published" -- "$known/chosen"
	else
		last_line "$state/state/published.said"
		log WARN 'dedup check failed' recipe "$recipe" err "$last"
		failed=1
	fi
	exec {lock}>&-
}

# How many packages of the recipe stand in the archive, of each version, as `counts_of`.
count_published() {
	local package version i
	declare -gA counts_of=()
	for ((i = 0; i < ${#matches[@]}; i += 3)); do
		printf "%s\t${matches[i]}\n" "${packages[@]}"
	done >"$tags/wanted"
	grep -Fx -f "$tags/wanted" -- "$state/state/published" >"$tags/published" || (($? == 1))
	while IFS=$'\t' read -r package version; do
		counts_of[$version]=$((${counts_of[$version]-0} + 1))
	done <"$tags/published"
}

choose_version() {
	local file=$state/state/due/$recipe@$version
	local -i count=${counts_of[$version]-0}
	if ((count == ${#packages[@]})); then
		warn_of_moved_tag
	elif ((count > 0)); then
		log WARN 'published in part, not built' recipe "$recipe" version "$version" \
			packages "$count of ${#packages[@]}" advice 'bump peios_revision'
	else
		versions+=("$version")
		[[ -f $file && $(<"$file") == "$tag"$'\n'"$commit" ]] ||
			put_lines "$file" "$tag" "$commit"
	fi
}

# What was built from a tag stays what was built.
warn_of_moved_tag() {
	local built_tag built_commit file=$state/state/commits/$recipe@$version
	[[ -f $file ]] || return 0
	{
		read -r built_tag
		read -r built_commit
	} <"$file"
	[[ $built_tag != "$tag" || $built_commit == "$commit" ]] ||
		log WARN 'tag moved after it was built' recipe "$recipe" tag "$tag" \
			version "$version" built "$built_commit" now "$commit"
}

# What has no tag any more is not built, and its failures are nobody's.
forget_other_versions() {
	local file
	local -A due=()
	for version in "${versions[@]}"; do
		due[$version]=1
	done
	for file in "$state/state/"{due,failures}/"$recipe@"*; do
		version=${file##*@}
		[[ ${file%@*} != */"$recipe" || -n ${due[$version]-} ]] ||
			is_of_waiting "$file" || rm -f -- "$file"
	done
}

# poll_recipes NAME...: side by side, each as soon as another one has ended; fails when one
# upstream cannot be asked.
poll_recipes() {
	local name failed=0
	make_stage "$state/stage/poll"
	mkdir -- "$made_stage/tags" "${@/#/"$made_stage/tags/"}"
	for name; do
		((${#polls[@]} < polls_most)) || await_poll
		poll_recipe "$name" &
		polls[$!]=$name
	done
	while ((${#polls[@]} > 0)); do
		await_poll
	done
	return "$failed"
}

# Until one has ended. The manager is told of each: it does not wait for the slowest.
await_poll() {
	local pid
	wait -n -p pid "${!polls[@]}" || failed=1
	tell_manager "polled ${polls[$pid]}"
	unset "polls[$pid]"
}

end_polls() {
	((${#polls[@]} == 0)) || kill -KILL "${!polls[@]}" 2>/dev/null || :
}
