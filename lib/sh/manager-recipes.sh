# peipkg-manager: which recipes are watched.
# shellcheck shell=bash disable=SC2034,SC2154

declare -a roster=()        # names of the recipes that loaded, in order
declare -a watched=()       # of those, the ones with an upstream, or that --recipe names
declare -A interval=()      # of the watched ones, seconds between two polls
declare -A repository_of=() # normalized, of those that take webhooks
webhook_recipe=''           # one that takes webhooks
recipes_away=''             # they could not be listed when they were to be loaded again

# load_recipes [keep]: the roster, of what recipes_dir holds now; a recipe that has become
# broken keeps its last good form.
load_recipes() {
	local directory name version keep=${1-} said=$state/stage/recipe.said
	local -a directories
	local -A claimed=() fresh=()
	recipes_away=''
	if ! list_recipes; then
		[[ -n $keep ]] || die "${config[manager.recipes_dir]}: cannot be listed"
		recipes_away=1
		return
	fi
	[[ -z $keep ]] || note_claims
	version=$(pk-hash --version)
	roster=()
	for directory in "${directories[@]}"; do
		name=${directory##*/}
		[[ -f $directory/peipkg.toml ]] || continue
		load_recipe "$name" "$directory/peipkg.toml"
		[[ -z ${fresh[$name]-} && ! -f $state/state/recipes/$name/recipe.json ]] ||
			roster+=("$name")
	done
	refuse_shared_packages
	adopt_recipes
	forget_recipes
	choose_watched
}

# list_recipes: what may be some, as `directories`. To a glob, a directory that cannot be listed
# is an empty one.
list_recipes() {
	local directory=${config[manager.recipes_dir]} listing=$state/stage/recipes
	can_read_recipes || return
	directories=("$directory"/*)
	ls -- "$directory" >"$listing" 2>/dev/null || return
	((${#directories[@]} > 0)) || [[ ! -s $listing ]]
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
# only when the text is another one, or the tools are; then it is `fresh`, and counts when it is
# adopted.
load_recipe() {
	local place=$state/state/recipes/$1
	if [[ $1 == *[[:cntrl:]]* ]]; then
		log WARN 'recipe broken, left out' recipe "$1" err 'control characters in its name'
		return
	fi
	! is_same_recipe "$2" 2>/dev/null || return 0
	rm -f -- "$said"
	try convert_recipe "$1" "$place" "$2"
	if ((status == 0)); then
		fresh[$1]=1
	elif ! is_refused; then
		fail_recipe "$1" "${last:-$(describe_status "$status")}"
		return
	elif [[ -z $keep ]]; then
		rm -f -- "$place/recipe.json"
	fi
	tell_of_recipe "$1"
}

# Whether it was the recipe, and not the machine; `last` is what was said.
is_refused() {
	last=''
	[[ ! -s $said ]] || last_line "$said"
	((status == 1)) && [[ -n $last ]] && ! is_of_machine "$last"
}

# fail_recipe NAME WHY: what the machine could not do. Who starts us tries again; who runs goes
# on with what there was.
fail_recipe() {
	[[ -n $keep ]] || die "recipe $1: $2"
	tell_of_broken "$1" "$2"
}

is_same_recipe() {
	[[ -f $place/recipe.json && -f $place/source &&
		$(<"$place/source") == "$version"$'\n'"$(<"$1")" ]]
}

tell_of_recipe() {
	local line
	while IFS= read -r line; do
		if ((status != 0)); then
			tell_of_broken "$1" "$line"
		else
			log DEBUG 'recipe warning' recipe "$1" err "$line"
		fi
	done <"$said"
}

# tell_of_broken NAME WHY
tell_of_broken() {
	local message='recipe broken, left out'
	[[ -z $keep || ! -f $state/state/recipes/$1/recipe.json ]] ||
		message='recipe broken, stays as it was'
	log WARN "$message" recipe "$1" err "$2"
}

convert_recipe() {
	exec 2>"$said"
	mkdir -p -- "$2"
	cd "$2" || exit
	pk-toml <"$3" >document.json
	farm-recipe -n "$1" <document.json >recipe.json.new
	rm -- document.json
	pk-get git repository submodules github_webhook poll_interval 'packages.*' \
		<recipe.json.new >fields.new
	printf '%s\n' "$version" | cat -- - "$3" >source.new
}

adopt_recipes() {
	local name place
	local -a good=()
	for name in "${roster[@]}"; do
		place=$state/state/recipes/$name
		if [[ -n ${fresh[$name]-} ]]; then
			try adopt_recipe
			((status == 0)) || fail_recipe "$name" 'cannot be kept'
		fi
		[[ ! -f $place/recipe.json ]] || good+=("$name")
	done
	roster=("${good[@]}")
}

# The text last: what is behind it is then what was made of it.
adopt_recipe() {
	rm -f -- "$place/source"
	mv -- "$place/fields.new" "$place/fields"
	mv -- "$place/recipe.json.new" "$place/recipe.json"
	mv -- "$place/source.new" "$place/source"
}

# What is no longer on the roster is not built any more; what was built is published still.
forget_recipes() {
	local name place
	local -A loaded=()
	for name in "${roster[@]}"; do
		loaded[$name]=1
	done
	for place in "$state/state/"{recipes,tags,versions,due,failures}/*; do
		name=${place##*/}
		[[ -n ${loaded[${name%@*}]-} ]] || is_of_waiting "$place" || rm -rf -- "$place"
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
