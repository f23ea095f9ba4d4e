# What the upload backends share: how they are called, and what goes to the remote when.
#
# Consumers must never see an index that names a package that is not there. So one phase comes
# after the other: `packages`, what is below p/ and keys/; `indexes`, index/ and then the
# descriptor; `delete`, what index/ and keys/ no longer hold. What was published below p/
# stays, and so does what else there is on the remote.
#
# The repository may be assembled of links: p/, keys/ and index/ are followed wherever they
# lead, with p/ leading nowhere before the first package. Hidden names are never uploaded.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=lib/sh/repository-files.sh
. "$share/repository-files.sh"

usage() {
	printf 'usage: %s REMOTE packages|indexes|delete DIRECTORY\n' "$program"
}

# The backend runs its tools in the foreground, in its own process group: whoever ends the
# group ends the upload.
cleanup() {
	return 0
}

# read_operands OPERAND...: as `remote`, `phase`, and `directory`, an absolute path that no
# tool takes for a host's; and the names of the directories in it that may hold packages, as
# `package_directories`.
read_operands() {
	local name
	case ${1-} in
	-h | --help) show_usage ;;
	esac
	(($# == 3)) || usage_error 'a remote, a phase and a directory are wanted'
	remote=$1 phase=$2
	[[ -n $remote ]] || usage_error 'the remote is empty'
	[[ $phase == @(packages|indexes|delete) ]] || usage_error "no phase '$phase'"
	for name in repo.json repo.json.sig index keys; do
		[[ -e $3/$name ]] || die "$3: no repository: $name is not there"
	done
	resolve "$3"
	directory=$resolved
	list_package_directories "$directory"
	package_directories=("${package_directories[@]##*/}")
	trap_signals
}

# reach PICK COMMAND...: a tool that talks to the remote. When it fails: all that it said, and
# of that as `why` the line that PICK takes, a script for sed, since a log has room for one.
reach() {
	local said status=0
	said=$("${@:2}" 2>&1) || status=$?
	((status != 0)) || return 0
	printf '%s\n' "$said" >&2
	why=$(sed -n "$1" <<<"$said")
	[[ -n $why ]] || why="$2: $(describe_status "$status")"
	return 1
}
