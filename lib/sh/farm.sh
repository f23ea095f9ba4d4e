# What the parts of a farm share: its log, its configuration, what it keeps on disk.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=lib/sh/farm-log.sh
. "$share/farm-log.sh"
# shellcheck source=lib/sh/farm-failures.sh
. "$share/farm-failures.sh"

export LC_ALL=C
forget_git_repository
unset MAKEFILES MAKEFLAGS GNUMAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES

# Nothing that git runs may ask anybody anything.
export GIT_TERMINAL_PROMPT=0
export GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh -o BatchMode=yes}"

declare -A config=() # by name of section and key, as "build.jobs"

# enter_state DIRECTORY: that of a farm, with the configuration that was loaded last.
enter_state() {
	state=${1%/}
	[[ -f $state/state/config.json ]] ||
		die "$1: no farm's state: state/config.json is not there"
	read_configuration <"$state/state/config.json"
}

# read_configuration: what farm-config made, from stdin, into `config`.
read_configuration() {
	local -a values names=(manager.id manager.recipes_dir manager.state_dir
		repo.name repo.description repo.package_url_template repo.refresh_after
		signing.key_file signing.sign_command signing.public_key
		upload.backend upload.remote
		http.addr http.host http.port http.webhook_secret_file
		poll.default_interval
		build.jobs build.timeout build.poll_timeout build.sandbox build.runner
		build.rebuild_check build.keep_failed)
	local i
	read_values values "${names[@]}"
	for i in "${!names[@]}"; do
		config[${names[i]}]=${values[i]}
	done
}

# read_recipe NAME: what farm-recipe made of one that is loaded, into variables. The manager
# took the values out of the document when it loaded the recipe: each poll needs them.
read_recipe() {
	recipe=$1 recipe_file=$state/state/recipes/$1/recipe.json
	packages=()
	[[ -f $recipe_file ]] || die "$1: no such recipe"
	{
		IFS= read -r git
		IFS= read -r repository_name
		read -r submodules
		read -r takes_webhooks
		read -r poll_interval
		mapfile -t packages
	} <"${recipe_file%/*}/fields" || :
	((${#packages[@]} > 0)) || die "$1: what was read of it cannot be read again"
	hide_credentials
}

# What logs and manifests may show of the upstream's URL, as `source_url`.
hide_credentials() {
	local authority rest
	source_url=$git
	[[ $git == *://* ]] || return 0
	rest=${git#*://}
	authority=${rest%%/*}
	source_url=${git%%://*}://${authority##*@}${rest#"$authority"}
}

# use_signer: what the configuration says, for signing.sh, and as `signing_arguments`.
use_signer() {
	unset 'option[sign_key]' 'option[sign_command]' 'option[public_key]'
	if [[ -n ${config[signing.key_file]} ]]; then
		signing='key'
		option[sign_key]=${config[signing.key_file]}
		signing_arguments=(--sign-key "${option[sign_key]}")
	else
		signing='command'
		option[sign_command]=${config[signing.sign_command]}
		option[public_key]=${config[signing.public_key]}
		signing_arguments=(--sign-command "${option[sign_command]}"
			--public-key "${option[public_key]}")
	fi
}

# put_lines FILE LINE...: the file, new and whole or not at all.
put_lines() {
	local temporary=${1%/*}/.${1##*/}.$BASHPID
	printf '%s\n' "${@:2}" >"$temporary" && fs-commit -- "$temporary" "$1"
}

# read_clock: seconds of a clock that nobody sets, as `clock`.
read_clock() {
	read -r clock _ </proc/uptime
	clock=${clock%.*}
}

# describe_duration SECONDS: as Go writes it, as `duration`.
describe_duration() {
	duration=$(($1 % 60))s
	(($1 < 60)) || duration=$(($1 / 60 % 60))m$duration
	(($1 < 3600)) || duration=$(($1 / 3600))h$duration
}

# describe_time EPOCH: as RFC 3339, as `time`.
describe_time() {
	TZ=UTC0 printf -v time '%(%Y-%m-%dT%H:%M:%SZ)T' "$1"
}

# wake_manager: it looks around at once, if there is one.
wake_manager() {
	tell_manager ''
}

# tell_manager NEWS: a line, for manager-polls.sh.
tell_manager() {
	[[ ! -p $state/spool/wake ]] || printf '%s\n' "$1" 1<>"$state/spool/wake"
}

# is_as_old FILE FILE: whether both are there, with one time.
is_as_old() {
	[[ -f $1 && -f $2 && ! $1 -ot $2 && ! $1 -nt $2 ]]
}

# refresh_published: state/published as new as the archive; fails when that cannot be read,
# why being in state/published.said.
# Before there is a repository, nothing is published.
refresh_published() {
	local published=$state/state/published archive=$state/repo/index/archive.json
	! is_as_old "$published" "$archive" || return 0
	if [[ ! -e $state/repo/repo.json && ! -e $archive ]]; then
		: >"$published"
		return
	fi
	list_published "$published" "$archive" 2>"$published.said"
}

# The list is as old as the archive that it was made of.
list_published() {
	touch -r "$2" "$1.stamp" &&
		idx-split "$2" | pk-get -l name version | paste - - | sort -u >"$1.new" &&
		touch -r "$1.stamp" "$1.new" &&
		mv -- "$1.new" "$1"
}

# read_generation: `index_version` and `generated_at` of what was published last; fails when
# that cannot be read.
read_generation() {
	local text
	text=$(idx-split -m "$state/repo/index/archive.json" | pk-get index_version generated_at) ||
		return
	{
		read -r index_version
		read -r generated_at
	} <<<"$text"
}

# are_indexes_old GENERATED WRITTEN: whether they are to be made anew, by the times of what
# they say and of the file, in seconds. What a clock made that was ahead tells nothing; and if
# the file is of such a time as well, it is new for no longer than another one.
are_indexes_old() {
	local -i age=$((EPOCHSECONDS - $1))
	((age >= 0)) || age=$((EPOCHSECONDS - $2))
	((${age#-} >= ${config[repo.refresh_after]}))
}

# last_line FILE: its last line that is not empty, nor tells where a failed build was kept,
# as `last`; no more of it than a log wants.
last_line() {
	last=$(tail -n 20 -- "$1" | tr -d '\0\r' |
		sed '/./!d; /^peipkg-build: kept for a look: /d' | tail -n 1 | cut -b 1-500)
}

# git_reason FILE: why git failed, by what it said, as `last`: on one line, without the advice
# that is always the same, and without credentials.
git_reason() {
	local reason
	last_line "$1"
	reason=$(tail -n 20 -- "$1" | tr -d '\0' | sed 's/^[[:space:]]*//; s|://[^/[:space:]]*@|://|g; /./!d' |
		sed ':more; $!{ N; b more; }; s/\nfatal: Could not read from remote .*//; s/\n/; /g')
	last=${reason:-$last}
	last=${last:0:500}
}
