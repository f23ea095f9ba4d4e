# What the tests of the farm share: a farm with recipes and upstreams of its own, on this
# machine only; every time of day in it is fixed. Needs build.bash.
#
# $farm is the state directory, $log where a manager's messages go. A test file that starts
# managers calls end_farm in its teardown.

# shellcheck shell=bash disable=SC2016,SC2154 # await evals; what build.bash sets

managers=() # process ids of those that were started

# new_farm: in the current directory config.toml, key.pem, and room for recipes, upstreams.
# Standard input is added to the configuration.
new_farm() {
	farm="$PWD/the farm" log=$PWD/manager.log
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$PWD
	export GIT_AUTHOR_NAME=tester GIT_AUTHOR_EMAIL=tester@example.org
	export GIT_COMMITTER_NAME=tester GIT_COMMITTER_EMAIL=tester@example.org
	export GIT_AUTHOR_DATE=$build_time GIT_COMMITTER_DATE=$build_time
	unset GIT_DIR GIT_WORK_TREE PEIPKG_LOG_LEVEL
	# A farm runs hundreds of filters, whose own tests look for leaks.
	[[ ! -v ASAN_OPTIONS ]] || export ASAN_OPTIONS+=:detect_leaks=0
	mkdir -p recipes upstreams
	new_key key.pem
	cat >config.toml <<-END
		signing.key_file = "$PWD/key.pem"
		poll.default_interval = "1h"
		repo.name = "example"
		manager.id = "example-farm"
		manager.recipes_dir = "$PWD/recipes"
		manager.state_dir = "$farm"
	END
	configure
}

# configure: adds standard input to the configuration.
configure() {
	cat >>config.toml
}

# new_upstream NAME: a git repository with one commit, and no tag.
new_upstream() {
	git init -q --template= -b main "upstreams/$1"
	echo "$1" >"upstreams/$1/input"
	commit_all "$1"
}

commit_all() {
	git -C "upstreams/$1" add -A
	git -C "upstreams/$1" commit -q --allow-empty -m 'a commit'
}

# tag NAME TAG...: a commit for each, which says so in the file input.
tag() {
	local tag name=$1
	shift
	for tag; do
		printf '%s\n' "$tag" >"upstreams/$name/input"
		commit_all "$name"
		git -C "upstreams/$name" tag -- "$tag"
	done
}

# new_farm_recipe NAME [PACKAGE [UPSTREAM]]: a recipe that is watched, whose package holds
# the upstream's file input. Standard input is added to it: keys of [upstream] first.
new_farm_recipe() {
	local directory=recipes/$1 package=${2-$1} upstream=${3-$1}
	mkdir -p "$directory"
	cat >"$directory/peipkg.toml" <<-END
		[meta]
		build_script = "build.sh"

		[[package]]
		name = "$package"
		architecture = "noarch"
		files = ["**"]

		[upstream]
		git = "$PWD/upstreams/$upstream"
		tag_pattern = '^v(.*)\$'
	END
	add_to_recipe "$1"
	cat >"$directory/build.sh" <<-END
		mkdir -p "\$DESTDIR/usr/share"
		cp "\$SOURCE_DIR/input" "\$DESTDIR/usr/share/$package"
	END
}

# add_to_recipe NAME: standard input.
add_to_recipe() {
	cat >>"recipes/$1/peipkg.toml"
}

# new_watched NAME TAG...: an upstream with these tags, and its recipe.
new_watched() {
	new_upstream "$1"
	tag "$@"
	new_farm_recipe "$1"
}

# A recipe whose builds wait until the file "go" is there, and say in "began" that they do.
new_waiting() {
	new_upstream "$1"
	tag "$@"
	new_farm_recipe "$1" </dev/null
	sed -i "1i echo \$\$ >>'$PWD/began'; until [ -e '$PWD/go' ]; do sleep 0.05; done" \
		"recipes/$1/build.sh"
}

# manage OPTION...: with the signals that a caller may have ignored.
manage() {
	env --default-signal peipkg-manager --config config.toml "$@"
}

# sweep OPTION...: one run over all recipes, its messages in $log.
sweep() {
	status=0
	timeout 120 env --default-signal peipkg-manager --config config.toml --once "$@" \
		>"$log.out" 2>"$log" || status=$?
}

# assert_sweep STATUS OPTION...
assert_sweep() {
	sweep "${@:2}"
	((status == $1)) || fail "exit status $status: $(<"$log")"
}

# start_manager OPTION...: a daemon, as $manager, once it has taken its state directory.
start_manager() {
	: >"$log"
	env --default-signal peipkg-manager --config config.toml "$@" \
		</dev/null >"$log.out" 2>>"$log" 3>&- &
	manager=$!
	managers+=("$manager")
	await 'has_logged "peipkg-manager starting" || ! kill -0 "$manager" 2>/dev/null'
}

# stop_manager [SIGNAL]: and its `status`.
stop_manager() {
	kill -"${1-TERM}" "$manager"
	await_end
}

await_end() {
	status=0
	await '! kill -0 "$manager" 2>/dev/null' || list_processes
	wait "$manager" || status=$?
}

# list_processes: fails, with what runs, but for what is of the kernel.
list_processes() {
	ps --ppid 2 -p 2 --deselect --forest -o pid,ppid,stat,args >&2
	return 1
}

# end_farm: whatever still runs of the managers that were started, and of what they left.
end_farm() {
	local pid
	for pid in "${managers[@]}"; do
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	managers=()
	kill_farm ''
}

# kill_farm PATTERN: what farm_processes finds.
kill_farm() {
	local pid
	for pid in $(farm_processes "$1"); do
		kill -KILL "$pid" 2>/dev/null || :
	done
}

# farm_processes PATTERN: the ids of all processes with a command line that starts with a
# regular expression and names something below the current directory.
farm_processes() {
	ps -ww -e -o pid=,args= | PATTERN="^ *[0-9]+ $1" PLACE=$PWD/ awk '
		$0 ~ ENVIRON["PATTERN"] && index($0, ENVIRON["PLACE"]) { print $1 }'
}

# has_logged TEXT
has_logged() {
	grep -qF -- "$1" "$log"
}

# log_lines [MESSAGE]: what was logged, without the times; only lines of this message.
log_lines() {
	sed 's/^time=[0-9-]*T[0-9:]*Z //' "$log" | grep -F -- "msg=${1:+\"$1\"}" || :
}

# published: names and versions of what stands in the archive, a line each, in order.
published() {
	jq -r '.packages[] | "\(.name) \(.version)"' "$farm/repo/index/archive.json" | sort
}

# index_version of what was published last.
index_version() {
	jq .index_version "$farm/repo/index/active.json"
}

# verify_farm: all of what is published.
verify_farm() {
	peipkg-repo verify --repo "$farm/repo" "$@"
}

# commit_of NAME REVISION: of an upstream's tag or branch, the commit.
commit_of() {
	git -C "upstreams/$1" rev-parse --verify "$2^{commit}"
}

# assert_well_logged: every line of the log is one of the log, with nothing else between.
assert_well_logged() {
	! grep -nvE '^time=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z level=(DEBUG|INFO|WARN|ERROR) msg=' "$log" ||
		fail 'these are no lines of a log'
}
