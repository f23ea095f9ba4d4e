# peipkg-manager: which recipe makes which package; two that claim one cannot both be right.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

# note_claims: what the recipes on the roster make, as `claimed`.
note_claims() {
	local name package
	local -a claims
	for name in "${roster[@]}"; do
		read_claims "$name"
		for package in "${claims[@]}"; do
			claimed[$package]=$name
		done
	done
}

# read_claims NAME: the packages of a recipe, of its form that may be adopted, as `claims`.
read_claims() {
	local fields=$state/state/recipes/$1/fields
	[[ -z ${fresh[$1]-} ]] || fields+=.new
	# read_recipe has them behind five other fields.
	mapfile -t -s 5 claims <"$fields"
}

# What goes back to its last good form may claim what another one claims since.
refuse_shared_packages() {
	local changed=1
	while [[ -n $changed ]]; do
		changed=''
		find_shared_packages
	done
}

# find_shared_packages: says in `changed` whether a recipe went back to what it was.
find_shared_packages() {
	local name package
	local -A claimant=() refused=()
	local -a claims
	for name in "${roster[@]}"; do
		read_claims "$name"
		for package in "${claims[@]}"; do
			[[ ${claimed[$package]-} != "$name" ]] || claimant[$package]=$name
		done
	done
	for name in "${roster[@]}"; do
		read_claims "$name"
		for package in "${claims[@]}"; do
			settle "$package" "$name" "${claimant[$package]=$name}"
		done
	done
	drop_refused
}

# settle PACKAGE NAME CLAIMANT: whose it was before a reload wins.
settle() {
	[[ $2 != "$3" ]] || return 0
	refuse_claim "$2" "$1" "$3"
	[[ ${claimed[$1]-} == "$3" ]] || refuse_claim "$3" "$1" "$2"
}

refuse_claim() {
	refused[$1]=1
	tell_of_broken "$1" "package $2 is $3's, too"
}

# Off the roster, or back to the last good form.
drop_refused() {
	local name
	local -a good=()
	for name in "${roster[@]}"; do
		if [[ -n ${refused[$name]-} ]]; then
			is_good_otherwise "$name" || continue
			fresh[$name]='' changed=1
		fi
		good+=("$name")
	done
	roster=("${good[@]}")
}

is_good_otherwise() {
	[[ -n $keep && -n ${fresh[$1]-} && -f $state/state/recipes/$1/recipe.json ]]
}
