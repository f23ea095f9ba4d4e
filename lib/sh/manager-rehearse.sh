# peipkg-manager --once --dry-run.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

# rehearse: --dry-run. What a sweep would build, found out without a trace.
rehearse() {
	local place=$state name what
	find_tmpdir
	make_stage "$tmpdir/peipkg-manager"
	trap_signals
	state=$made_stage
	mkdir -p -- "$state/stage" "$state/state"/{recipes,tags,due,versions}
	ln -s -- "$place/repo" "$place/publish" "$state"
	ln -s -- "$place/state/commits" "$state/state"
	[[ ! -d $place/state/failures ]] || cp -r -- "$place/state/failures" "$state/state"
	tell_of_configuration "$configuration_warnings"
	for what in "${retry[@]}"; do
		forget_failures "$what"
	done
	load_recipes
	check_chosen
	read_clock
	try poll_recipes "${watched[@]}"
	((status == 0)) || failed=1
	for name in "${watched[@]}"; do
		polled[$name]=1
	done
	list_candidates
	for name in "${candidates[@]}"; do
		printf 'would build %s %s\n' "${name%@*}" "${name##*@}"
	done
	[[ -z ${option[strict]-} || -z $failed ]] || exit 1
}
