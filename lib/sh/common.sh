# What every wrapper shares: a clean start, messages, paths, lists. Sourced with `share` set
# to the directory that this file is in, and `program` to the wrapper's name. The wrapper
# defines usage(), which prints to stdout.
# shellcheck shell=bash disable=SC2154

# What our shell heeds even with -p, and options that tools would take from the environment.
unset POSIXLY_CORRECT BASH_COMPAT CDPATH FUNCNEST TMOUT GREP_OPTIONS GZIP TAPE TAR_OPTIONS
set +o posix +o noclobber
shopt -s extglob
trap : PIPE # a write that fails is an error as any other
# Until trap_signals; a bash that cannot fork ends with 254.
trap '(($? <= 2)) || exit 1' EXIT

# is_open DESCRIPTOR: for our caller. The first one closed is where bash has the script open.
is_open() {
	[[ -e /dev/fd/$1 && ! /dev/fd/$1 -ef $0 ]]
}

# A descriptor that was closed must not become that of some file. As in the filters, to
# use stdin or stdout is then an error.
is_open 0 || exec 0>/dev/null
is_open 1 || exec 1</dev/null
is_open 2 || exec 2>/dev/null

# What a build script gets to see. Where the caller has none, bash makes one up for itself.
caller_path=$PATH
[[ ${PATH@a} == *x* && -n $PATH ]] || caller_path=/usr/local/bin:/usr/bin:/bin

# shellcheck source=lib/sh/options.sh
. "$share/options.sh"
# shellcheck source=lib/sh/processes.sh
. "$share/processes.sh"

# Escaped where bash finds it needed: a name must not drive a terminal. That nobody
# listens any more ends no run.
say() {
	local text=$1
	[[ $text == *[[:cntrl:]]* ]] && printf -v text '%q' "$text"
	printf '%s: %s\n' "$program" "$text" >&2 2>/dev/null || :
}

die() {
	say "$1"
	exit 1
}

# find_programs: our PATH, with our own programs first. The caller's entries that are no
# absolute paths would lead anywhere after a cd. Not by way of "$share/..": in the source
# tree that is a link.
find_programs() {
	local rest=$caller_path: place=${share%/*/*}/bin
	[[ $place != *:* ]] || die "$place: PATH cannot hold a name with a colon"
	export PATH=$place
	while [[ -n $rest ]]; do
		[[ $rest != /* ]] || PATH+=:${rest%%:*}
		rest=${rest#*:}
	done
}

find_programs

usage_error() {
	say "$1"
	usage >&2
	exit 2
}

show_usage() {
	usage || exit 1
	exit 0
}

show_version() {
	local version
	version=$(pk-hash --version)
	printf '%s %s\n' "$program" "${version#* }"
}

# What the environment tells git of some repository is not about ours.
forget_git_repository() {
	unset GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY \
		GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_NAMESPACE \
		GIT_CEILING_DIRECTORIES GIT_PREFIX GIT_CONFIG GIT_DEFAULT_HASH GIT_REPLACE_REF_BASE
}

# resolve PATH: where it leads, as an absolute path in `resolved`; newlines at its end stay.
resolve() {
	resolved=$(realpath -e -- "$1" && echo .)
	resolved=${resolved%$'\n.'}
}

# read_list ARRAY FILE: the lines of a file of text. An error in the middle ends the
# wrapper; to mapfile and read alone it would be the end of the file.
read_list() {
	local text
	text=$(<"$2")
	split_lines "$1" "$text"
}

# read_values ARRAY PATH...: the values at those paths of the document on stdin.
read_values() {
	local text
	text=$(pk-get "${@:2}")
	split_lines "$1" "$text"
}

# split_lines ARRAY TEXT
split_lines() {
	local -n list=$1
	list=()
	# shellcheck disable=SC2034 # it is the caller's
	[[ -z $2 ]] || mapfile -t list <<<"$2"
}
