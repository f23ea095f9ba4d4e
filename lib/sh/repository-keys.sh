# peipkg-repo add-key, rotate-key, retire-key and revoke-key.
# shellcheck shell=bash disable=SC2034,SC2154

# The longest that a client trusts what it fetched (§6.5.4).
trusted_days=30

new_key='' # the fingerprint of a key to be added

# The same packages, as the next generation.
reissue_indexes() {
	run split_index active
	run split_index archive
	make_indexes
}

change_descriptor() {
	exec repo-desc "$@" <"$repository/repo.json" >"$stage/repo.json"
}

# change_keys WHAT REPO-DESC-OPTION...: a descriptor with other keys, and both indexes, signed
# by the signer and checked, then together in place; before them the file of `new_key`.
change_keys() {
	run change_descriptor "${@:2}"
	sign_document "$stage/repo.json"
	reissue_indexes
	run check_documents "$stage"
	[[ -z $new_key ]] ||
		run fs-commit -- "$stage/keys/$new_key.pub" "$repository/keys/$new_key.pub"
	commit_change "$1"
}

write_signed_by() {
	idx-split "$repository/index/archive.json" |
		idx-signer -k "$1" -r "$repository" >"$stage/signed"
}

# list_packages_of FINGERPRINT SINCE ADVICE: tells which packages stop installing, and
# refuses unless forced.
list_packages_of() {
	local -a files
	run write_signed_by "$1"
	read_list files "$stage/signed"
	files=("${files[@]##*[[:blank:]]}") # behind the fingerprint
	((${#files[@]} > 0)) || return 0
	say "$2 these ${#files[@]} packages stop installing, for $1 signed them:"
	printf '  %s\n' "${files[@]}" >&2
	[[ -n ${option[force]-} ]] ||
		die "--force does it all the same; otherwise $3 [§5.2.6]"
}

# Raw bytes may be either half of a key, and the private one must not be published.
put_new_key() {
	local said size path=${option[new_key]}
	[[ -f $path ]] || die "$path: no such key"
	size=$(stat -L -c %s -- "$path")
	((size != 32)) ||
		die "$path: 32 raw bytes may be a private key or a public one: PEM is wanted (see pk-key)"
	said=$(pk-key <"$path" 2>&1 >"$stage/new.pub") ||
		die "$path: ${said##*pk-key: standard input: }"
}

add_key() {
	parse_options "repo= new-key= timestamp= $signing_options" "$@"
	open_for_change new-key
	put_new_key
	new_key=$(pk-key -p -f <"$stage/new.pub")
	find_key "$new_key"
	[[ -z $key_status ]] || die "$new_key is in repo.json already, $key_status [§6.1.3]"
	rm -- "$stage/keys"
	cp -r -- "$repository/keys" "$stage"
	cp -- "$stage/new.pub" "$stage/keys/$new_key.pub"
	change_keys add-key -a "$stage/new.pub"
	printf 'added %s, active beside %s\n' "$new_key" "$signer"
	say_published
	cat <<-END
		next: upload; publish as before. Clients learn of the new key when they refresh,
		after $trusted_days days at the latest; then sign with it: rotate-key --sign-key NEW
		--old-key $signer
	END
}

rotate_key() {
	local old
	parse_options "repo= old-key= valid-until= timestamp= force $signing_options" "$@"
	open_for_change old-key valid-until
	old=${option[old_key]}
	find_key "$old"
	[[ $old != "$signer" ]] || die "$old is the key that signs: --sign-key is the new one"
	[[ -n $key_status ]] || die "$old is not in repo.json [§6.1.3]"
	[[ $key_status == active ]] || die "$old is $key_status already [§6.1.4]"
	check_valid_until
	list_packages_of "$old" "after ${option[valid_until]}" \
		'leave the key active, destroy its private half, and come back when they have been rebuilt'
	change_keys rotate-key -t "$old" -u "${option[valid_until]}"
	printf '%s is transitioning until %s; %s signs\n' "$old" "${option[valid_until]}" "$signer"
	say_published
	cat <<-END
		next: upload; sign with the new key only. After ${option[valid_until]}: retire-key
		--key $old
	END
}

check_valid_until() {
	local now=$epoch given=${option[timestamp]}
	parse_timestamp valid-until
	[[ $given < ${option[valid_until]} ]] ||
		die "--valid-until: ${option[valid_until]} is not after --timestamp"
	((epoch - now >= trusted_days * 86400)) ||
		say "warning: clients that have not refreshed by ${option[valid_until]} have to add the repository anew [§6.5.4]"
}

# open_for_withdrawal WHEN-REVOKED WHEN-SIGNER ARGUMENT...: of `key`; what is said behind it when
# it is revoked, or signs itself.
open_for_withdrawal() {
	parse_options "repo= key= timestamp= force $signing_options" "${@:3}"
	open_for_change key
	key=${option[key]}
	find_key "$key"
	[[ -n $key_status ]] || die "$key is not in repo.json [§6.1.3]"
	[[ $key_status != revoked ]] || die "$key is revoked$1"
	[[ $key != "$signer" ]] || die "$key is the key that signs$2"
}

retire_key() {
	local key
	open_for_withdrawal ', which has to be seen for a year [§6.1.4]' '' "$@"
	check_retirement
	list_packages_of "$key" "$(retirement_date)" 'come back when they have been rebuilt'
	change_keys retire-key -r "$key"
	printf 'retired %s\n' "$key"
	say_published
	cat <<-END
		next: upload. keys/$key.pub stays where it is, for a year at least.
	END
}

# Rotated first, and its time over (§5.2.6).
check_retirement() {
	[[ -z ${option[force]-} ]] || return 0
	[[ $key_status == transitioning ]] ||
		die "$key is $key_status: rotate-key comes first (--force retires it at once) [§5.2.6]"
	[[ $key_date < ${option[timestamp]} ]] ||
		die "$key is good until $key_date (--force retires it before) [§5.2.6]"
}

# Clients go by the date that they know, or by the next descriptor if that comes before.
retirement_date() {
	if [[ $key_status == transitioning && $key_date < ${option[timestamp]} ]]; then
		printf 'after %s' "$key_date"
	else
		printf 'as clients refresh'
	fi
}

revoke_key() {
	local key
	open_for_withdrawal ' already' ': revoke it with another [§5.2.6]' "$@"
	list_packages_of "$key" 'as clients refresh' \
		'have them rebuilt first, signed with another key'
	change_keys revoke-key -x "$key"
	printf 'revoked %s\n' "$key"
	say_published
	cat <<-END
		next: upload at once; tell the users; rebuild what the key signed, as new versions.
		The key stays listed as revoked, and keys/$key.pub where it is, for a year
		at least [§6.1.4].
	END
}
