# Cloning: a tag of an upstream -> its tree, and the time of the release.
# shellcheck shell=bash disable=SC2034,SC2154

# The tag by its full name, for there may be a branch of that name; nothing of git remains.
clone() {
	limited git init -q --template= -- "$source"
	limited git -C "$source" fetch -q --depth 1 --no-tags -- "$git" "refs/tags/$tag"
	limited git -C "$source" -c advice.detachedHead=false checkout -q --detach FETCH_HEAD
	check_commit
	[[ $submodules != true ]] || fetch_submodules
	timestamp=$(TZ=UTC0 git -C "$source" show -s --format=%cd \
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
	limited git -C "$source" -c "protocol.file.allow=$allowed" \
		submodule update --init --recursive
}
