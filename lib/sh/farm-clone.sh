# Cloning: a tag of an upstream -> its tree, and the time of the release.
# shellcheck shell=bash disable=SC2034,SC2154

# What the user's configuration says may be needed to reach an upstream, but must not change
# what comes from there, nor run anything beside it.
git_settings=(-c core.autocrlf=false -c core.eol=lf -c core.symlinks=true
	-c core.attributesFile=/dev/null -c core.hooksPath=/dev/null -c log.showSignature=false
	-c advice.detachedHead=false)

# The tag by its full name, for there may be a branch of that name; nothing of git remains. A
# repository takes objects of one kind of hash only, which the commit's length tells.
clone() {
	local format=sha1
	((${#commit} == 40)) || format=sha256
	limited git init -q --template= --object-format="$format" -- "$source"
	limited git "${git_settings[@]}" -C "$source" fetch -q --depth 1 --no-tags \
		-- "$git" "refs/tags/$tag"
	limited git "${git_settings[@]}" -C "$source" checkout -q --detach FETCH_HEAD
	check_commit
	[[ $submodules != true ]] || fetch_submodules
	timestamp=$(TZ=UTC0 git "${git_settings[@]}" -C "$source" show -s --format=%cd \
		--date=format-local:%Y-%m-%dT%H:%M:%SZ HEAD)
	find "$source" -name .git -prune -exec rm -rf '{}' +
}

check_commit() {
	local cloned
	cloned=$(git -C "$source" rev-parse --verify 'HEAD^{commit}')
	[[ $cloned == "$commit" ]] ||
		fail "tag $tag moved: $commit when it was polled, $cloned when it was cloned"
}

# A stranger's .gitmodules must not reach the files of this machine, unless the upstream is
# on it.
fetch_submodules() {
	local allowed=never
	[[ $git != /* && $git != file://* ]] || allowed=always
	limited git "${git_settings[@]}" -C "$source" -c "protocol.file.allow=$allowed" \
		submodule update --init --recursive
}
