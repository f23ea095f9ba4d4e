# How a repository goes from one generation to the next, and how a change that a crash cut
# short is finished.
# shellcheck shell=bash disable=SC2154

# shellcheck source=lib/sh/repository-files.sh
. "$share/repository-files.sh"

# exchange_index: gives $stage/index the place of the index in one step, its files on disk
# before. `status` is 3 where the file system cannot, which is no error, and else 0.
exchange_index() {
	run sync -- "$stage/index"/*
	try with_stderr "$stage/said" fs-commit -x "$stage/index" "$repository/index"
	((status != 3)) || return 0
	cat -- "$stage/said" >&2 || :
	report_crash fs-commit
	((status == 0)) || exit 1
}

# keep_previous DIRECTORY: the indexes of before. Only now does what was kept go: who opened
# the index two generations ago had all this time.
keep_previous() {
	if [[ -e $hidden/previous ]]; then
		mv -T -- "$hidden/previous" "$stage/outdated" || return 0
	fi
	mv -T -- "$1" "$hidden/previous" || :
}

# Where nothing can be exchanged, each file is replaced by itself, under the journal.
replace_index_files() {
	local file
	local -a pairs=()
	cp -a -- "$repository/index" "$stage/previous"
	run sync -- "$stage/previous"/*
	for file in "$stage/index"/*; do
		pairs+=("$file" "$repository/index/${file##*/}")
	done
	run fs-commit -- "${pairs[@]}"
	for file in "$repository/index"/*; do
		[[ -e $hidden/intent/index/${file##*/} ]] || rm -f -- "$file"
	done
	keep_previous "$stage/previous"
}

# Watchers of repo.json start an upload when it is replaced: last, and always.
replace_descriptor() {
	exec fs-commit -- "$stage/repo.json.sig" "$repository/repo.json.sig" \
		"$stage/repo.json" "$repository/repo.json"
}

# record_intent WHAT: the next generation as it is to be, on disk, in one step. From here on
# it is done, even if another run has to do it.
record_intent() {
	local intent=$stage/intent
	mkdir -- "$intent"
	printf '%s\n' "$1" >"$intent/what"
	mv -- "$stage/index" "$stage/repo.json" "$stage/repo.json.sig" "$intent"
	run sync -f -- "$intent"
	run fs-commit -- "$intent" "$hidden/intent"
}

# May be done any number of times: the intent stays as it is until all is done. Only when
# it is gone for sure may what was in it be removed.
roll_forward() {
	mkdir -p -- "$stage"
	cp -a -- "$hidden/intent/." "$stage"
	put_intended_index
	run replace_descriptor
	run fs-commit -- "$hidden/intent" "$stage/intent"
}

put_intended_index() {
	! diff -rq -- "$stage/index" "$repository/index" >/dev/null 2>&1 || return 0
	exchange_index
	if ((status == 0)); then
		keep_previous "$stage/index"
		return
	fi
	say "$repository: no exchange in one step here: index/ is replaced file by file"
	replace_index_files
}

finish_intent() {
	[[ -d $hidden/intent ]] || return 0
	say "$repository: finishing an interrupted $(<"$hidden/intent/what")"
	roll_forward
	rm -rf -- "$stage"
}

# From when the new generation takes its place to the end: a status other than 0 has to say
# that it did not.
ignore_signals() {
	trap '' HUP INT TERM
}

# commit_change WHAT: the staged descriptor and indexes, together.
commit_change() {
	ignore_signals
	record_intent "$1"
	roll_forward
}

# commit_indexes WHAT: the staged indexes; the descriptor stays, but is replaced.
commit_indexes() {
	ignore_signals
	cp -- "$repository/repo.json" "$repository/repo.json.sig" "$stage"
	exchange_index
	if ((status == 3)); then
		record_intent "$1"
		roll_forward
		return
	fi
	try replace_descriptor
	keep_previous "$stage/index"
	((status == 0)) ||
		die "$repository: index/ is the new one, but repo.json could not be replaced, for which uploads may wait: publish again, without new packages"
}

# list_paths: of entries, where below the repository their packages are, from / on.
list_paths() {
	pk-get -l url | sed -E '/^[a-z]+:\/\//Id; s|^/?|/|' | LC_ALL=C sort -u
}

write_listed() {
	idx-split "$repository/index/archive.json" | list_paths >"$stage/listed"
}

# Removes the packages in the list `pruned` that no index names any more.
remove_pruned() {
	local path
	local -a unlisted
	run write_listed
	LC_ALL=C comm -23 -- "$hidden/pruned" "$stage/listed" >"$stage/unlisted"
	read_list unlisted "$stage/unlisted"
	for path in "${unlisted[@]}"; do
		remove_package "$repository/${path#/}"
	done
	run sync -f -- "$repository"
	rm -f -- "$hidden/pruned"
}

finish_pruning() {
	[[ -f $hidden/pruned ]] || return 0
	say "$repository: finishing an interrupted prune-prerelease"
	mkdir -- "$stage"
	remove_pruned
	rm -rf -- "$stage"
}
