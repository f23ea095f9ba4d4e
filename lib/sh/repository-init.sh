# peipkg-repo init.
# shellcheck shell=bash disable=SC2034,SC2154

put_descriptor() {
	repo-desc -c "${option[name]}" ${option[description]:+-D "${option[description]}"} \
		-k "$1" >"$repository/repo.json"
}

put_public_key() {
	local -a public=()
	[[ $signing == key ]] || public=(-p)
	pk-key "${public[@]}" <"${option[sign_key]-${option[public_key]-}}" \
		>"$repository/keys/$signer.pub" 2>/dev/null ||
		die "keys/$signer.pub: cannot be written"
}

init() {
	local kind
	parse_options "name= description=? timestamp= out= $signing_options" "$@"
	require_options name timestamp out
	check_signing_options
	parse_timestamp timestamp
	check_signing_key
	find_signer
	check_out "${option[out]}"
	trap_signals
	make_out_stage "${option[out]}"
	stage=$made_stage
	repository=$stage/repository
	mkdir -p -- "$repository/keys" "$stage/index"
	run put_public_key
	run put_descriptor "$repository/keys/$signer.pub"
	name=${option[name]} index_version=1
	: >"$stage/active.entries"
	: >"$stage/archive.entries"
	make_indexes
	mv -- "$stage/index" "$repository"
	sign_document "$repository/repo.json"
	run check_documents "$repository"
	run sync -f -- "$repository"
	ignore_signals
	run fs-commit -- "$repository" "${option[out]}"
	printf 'initialised repository "%s" at %s\n' "$name" "${option[out]}"
}
