# Putting the packages of a recipe into --out, together.
# shellcheck shell=bash disable=SC2154

out_stage='' # in --out

# Beside the packages of before, so that a rename is all that it takes to publish.
make_out_stage() {
	mkdir -p -- "${option[out]}"
	resolve "${option[out]}"
	out=$resolved
	sweep_stages "$out/.peipkg-build" finish_interrupted
	make_stage "$out/.peipkg-build"
	out_stage=$made_stage
	mkdir -- "$out_stage/packages"
}

# commit STAGE: gives the packages in STAGE/complete their places in --out, all or none. Not
# these themselves are renamed but links to them: fs-commit puts what it replaces in the
# place of what it renames, and when it is killed, that stays there. One at a time, where
# the file system knows locks, so that the same packages never meet.
commit() {
	local file lock
	local -a pairs=()
	exec {lock}<"$out"
	flock -w 60 "$lock" || :
	rm -rf -- "$1/renamed"
	mkdir -- "$1/renamed"
	ln -- "$1/complete"/* "$1/renamed/" 2>/dev/null ||
		cp --reflink=auto -- "$1/complete"/* "$1/renamed/"
	for file in "$1/renamed"/*; do
		pairs+=("$file" "$out/${file##*/}")
	done
	fs-commit -- "${pairs[@]}"
	exec {lock}<&-
}

# No later run is to finish them, even if the staging is removed only in part.
withdraw() {
	[[ ! -d $1/complete ]] || mv -T -- "$1/complete" "$1/withdrawn"
}

# Once all are whole and on disk, they stand in `complete`: a run that was killed while it
# renamed them has its work finished by the next one.
publish() {
	run sync -- "$out_stage/packages"/*
	mv -T -- "$out_stage/packages" "$out_stage/complete"
	commit "$out_stage"
}

finish_interrupted() {
	[[ -d $1/complete ]] || return 0
	say "$out: finishing what an interrupted run had built"
	commit "$1"
	withdraw "$1"
}
