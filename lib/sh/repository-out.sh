# Where a new repository comes to be: --out.
# shellcheck shell=bash disable=SC2034,SC2154

# check_out DIRECTORY: where a new repository may come to be: nothing, or an empty directory.
check_out() {
	local content
	[[ ! -L ${1%%+(/)} ]] || die "$1: a symbolic link"
	[[ -e $1 ]] || return 0
	[[ -d $1 ]] || die "$1: no directory"
	content=$(find "${1/#-/./-}/" -mindepth 1 -print -quit)
	[[ -z $content ]] || die "$1: not empty"
}

# make_parents DIRECTORY: it and what leads there, given as an absolute path.
make_parents() {
	local directory=$1
	while [[ -n $directory && ! -e $directory ]]; do
		made_parents+=("$directory")
		directory=${directory%/*}
	done
	mkdir -p -- "$1"
}

# make_out_stage DIRECTORY: a place beside it, on the same file system.
make_out_stage() {
	local parent
	parent=$(dirname -- "$1" && echo .)
	parent=$(realpath -m -- "${parent%$'\n.'}" && echo .)
	parent=${parent%$'\n.'}
	make_parents "$parent"
	sweep_stages "$parent/.peipkg-repo"
	make_stage "$parent/.peipkg-repo"
}
