# peipkg-manager: which recipes are watched.
# shellcheck shell=bash disable=SC2034,SC2154

declare -a roster=()        # names of the recipes that loaded, in order
declare -a watched=()       # of those, the ones with an upstream, or that --recipe names
declare -A interval=()      # of the watched ones, seconds between two polls
declare -A repository_of=() # normalized, of those that take webhooks
webhook_recipe=''           # one that takes webhooks

# load_recipes [keep]: the roster, of what recipes_dir holds now; a recipe that has become
# broken keeps its last good form.
load_recipes() {
	local directory name version keep=${1-}
	version=$(pk-hash --version)
	roster=()
	for directory in "${config[manager.recipes_dir]}"/*; do
		name=${directory##*/}
		[[ -f $directory/peipkg.toml ]] || continue
		load_recipe "$name" "$directory/peipkg.toml"
		[[ ! -f $state/state/recipes/$name/recipe.json ]] || roster+=("$name")
	done
	refuse_shared_packages
	forget_recipes
	choose_watched
}

is_chosen() {
	local name
	((${#chosen[@]} > 0)) || return 0
	for name in "${chosen[@]}"; do
		[[ $name != "$1" ]] || return 0
	done
	return 1
}

# load_recipe NAME FILE: what the farm wants to know of it, in state/recipes/NAME. Made anew
# only when the text is another one, or the tools are.
load_recipe() {
	local place=$state/state/recipes/$1
	if [[ $1 == *[[:cntrl:]]* ]]; then
		log WARN 'recipe broken, left out' recipe "$1" err 'control characters in its name'
		return
	fi
	! is_same_recipe "$2" 2>/dev/null || return 0
	try convert_recipe "$1" "$place" "$2"
	((status == 0)) || [[ -n $keep ]] || rm -f -- "$place/recipe.json"
	tell_of_recipe "$1"
}

is_same_recipe() {
	[[ -f $place/recipe.json && -f $place/source &&
		$(<"$place/source") == "$version"$'\n'"$(<"$1")" ]]
}

tell_of_recipe() {
	local line message='recipe warning' level=DEBUG
	[[ -f $place/said ]] || return 0
	if [[ ! -f $place/recipe.json ]]; then
		message='recipe broken, left out' level=WARN
	elif ((status != 0)); then
		message='recipe broken, stays as it was' level=WARN
	fi
	while IFS= read -r line; do
		log "$level" "$message" recipe "$1" err "$line"
	done <"$place/said"
}

# The text last: what is behind it is then what was made of it.
convert_recipe() {
	mkdir -p -- "$2"
	cd "$2" || exit
	exec 2>said
	pk-toml <"$3" >document.json
	farm-recipe -n "$1" <document.json >new.json
	rm -- document.json
	pk-get git repository submodules github_webhook poll_interval 'packages.*' \
		<new.json >fields.new
	rm -f -- source
	mv -- fields.new fields
	mv -- new.json recipe.json
	printf '%s\n' "$version" | cat -- - "$3" >source.new
	mv -- source.new source
}

# Of two recipes that claim one package neither can be right.
refuse_shared_packages() {
	local name package
	local -A claimant=() broken=()
	local -a good=()
	for name in "${roster[@]}"; do
		read_recipe "$name"
		for package in "${packages[@]}"; do
			if [[ -n ${claimant[$package]-} ]]; then
				refuse_shared_package "$name" "${claimant[$package]}"
				refuse_shared_package "${claimant[$package]}" "$name"
			else
				claimant[$package]=$name
			fi
		done
	done
	for name in "${roster[@]}"; do
		[[ -n ${broken[$name]-} ]] || good+=("$name")
	done
	roster=("${good[@]}")
}

refuse_shared_package() {
	broken[$1]=1
	log WARN 'recipe broken, left out' recipe "$1" err "package $package is $2's, too"
}

# What is no longer on the roster is not built any more.
forget_recipes() {
	local name place
	local -A loaded=()
	for name in "${roster[@]}"; do
		loaded[$name]=1
	done
	for place in "$state/state/recipes/"* "$state/state/tags/"* "$state/state/versions/"*; do
		[[ -n ${loaded[${place##*/}]-} ]] || rm -rf -- "$place"
	done
}

choose_watched() {
	local name
	watched=() interval=() repository_of=() webhook_recipe=''
	for name in "${roster[@]}"; do
		read_recipe "$name"
		[[ -n $git ]] || continue
		is_chosen "$name" || continue
		watched+=("$name")
		interval[$name]=$poll_interval
		((poll_interval > 0)) || interval[$name]=${config[poll.default_interval]}
		[[ $takes_webhooks == true ]] || continue
		repository_of[$name]=$repository_name
		webhook_recipe=$name
	done
}
