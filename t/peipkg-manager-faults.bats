#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a process of its own; await evals

# Faults of upstreams, builds, the machine and operators: after each nothing is lost, nothing
# published twice, and all of the repository verifies.

load helper
load package
load build
load repository
load farm
load inject

setup() {
	enter_workshop
	new_farm <<<'build.sandbox = "none"'
}

teardown() {
	end_farm
	! mountpoint -q "$workshop/small" || umount -l "$workshop/small"
}

# The end of each test that kills: one sweep more, and the archive holds just VERSIONS.
assert_recovers() {
	local expected=$1
	assert_sweep 0 --strict
	assert_equal "$(published)" "$expected"
	assert_well_logged
	assert_equal "$(find "$farm/publish" "$farm/sources" -mindepth 1)" ''
	verify_farm
	assert_equal "$(jq -r '.packages[] | "\(.name) \(.version)"' \
		"$farm/repo/index/archive.json" | sort | uniq -d)" ''
}

@test "an upstream that cannot be reached: the others go on" {
	new_watched hello v1.0 </dev/null
	new_watched gone v1.0 </dev/null
	new_watched refused v1.0 </dev/null
	rm -rf upstreams/gone
	free_port
	sed -i "s|^git = .*|git = \"git://127.0.0.1:$port/refused\"|" recipes/refused/peipkg.toml
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	run log_lines 'ls-remote failed'
	assert_line "level=WARN msg=\"ls-remote failed\" recipe=gone err=\"fatal: '$PWD/upstreams/gone' does not appear to be a git repository\""
	assert_line --regexp 'recipe=refused err="fatal: unable to connect to 127.0.0.1.*Connection refused'
	assert_equal "${#lines[@]}" 2
	assert_well_logged
	jq -e '.failures == null' "$farm/state/status.json"
}

@test "an upstream that does not answer: the others go on" {
	new_watched hello v1.0 </dev/null
	new_watched slow v1.0 </dev/null
	configure <<<'build.poll_timeout = "4s"'
	before_real git <<-'END'
		[[ "$*" != *ls-remote*upstreams/slow* ]] || exec sleep 300
	END
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(log_lines 'ls-remote failed')" \
		'level=WARN msg="ls-remote failed" recipe=slow err="no answer within 4s"'
	assert_equal "$(farm_processes "")" ''
}

@test "upstreams that do not answer hold up no other, however many they are" {
	local name
	configure <<<'build.poll_timeout = "60s"'
	before_real git <<-'END'
		[[ "$*" != *ls-remote*upstreams/slow* ]] || exec sleep 300
	END
	for name in slow-{01..15}; do
		new_farm_recipe "$name" </dev/null
	done
	for name in willing-{1,2}; do
		new_upstream "$name"
		new_farm_recipe "$name" </dev/null
	done
	start_manager
	await '(($(log_lines "poll complete" | wc -l) == 2))'
	run ! has_logged 'ls-remote failed'
	stop_manager KILL
}

@test "an upstream that sends garbage, or no end of it" {
	new_watched hello v1.0 </dev/null
	new_watched garbage v1.0 </dev/null
	new_watched endless v1.0 </dev/null
	before_real git <<-'END'
		case $* in
		*ls-remote*upstreams/garbage*)
			head -c 100000 /dev/urandom
			printf '\n%040d\trefs/tags/v\xff1\n%040d\trefs/tags/v1\nlevel=ERROR\n' 1 2
			exit
			;;
		*ls-remote*upstreams/endless*) exec yes "$(printf '%040d\trefs/tags/w1' 1)" ;;
		esac
	END
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	run log_lines 'ls-remote failed'
	assert_output --partial 'recipe=endless'
	assert_well_logged
}

@test "a tag that moved after it was built: a warning, no second build" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	built=$(commit_of hello v1.0)
	echo other >upstreams/hello/input
	commit_all hello
	git -C upstreams/hello tag -f v1.0 >/dev/null
	assert_sweep 0
	assert_equal "$(log_lines 'tag moved after it was built')" \
		"level=WARN msg=\"tag moved after it was built\" recipe=hello tag=v1.0 version=1.0-1 built=$built now=$(commit_of hello v1.0)"
	assert_equal "$(log_lines 'starting build')" ''
	verify_farm
}

@test "a tag that moves between poll and clone is no release of what was polled" {
	new_watched hello v1.0 </dev/null
	before=$(commit_of hello v1.0)
	before_real git <<-END
		if [[ "\$*" == *fetch*upstreams/hello* && ! -e '$PWD/moved' ]]; then
			touch '$PWD/moved'
			echo other >'$PWD/upstreams/hello/input'
			"\$real" -C '$PWD/upstreams/hello' commit -qam another
			"\$real" -C '$PWD/upstreams/hello' tag -f v1.0 >/dev/null
		fi
	END
	assert_sweep 0
	run log_lines 'build failed'
	assert_output --partial "err=\"tag v1.0 moved: $before when it was polled, $(commit_of hello v1.0) when it was cloned\""
	assert_sweep 0 --retry
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(member "$farm"/repo/p/hello/*/*.peipkg usr/share/hello)" other
}

@test "a branch, and a tag of a tag, with the tag's name" {
	new_upstream hello
	tag hello v1.0
	git -C upstreams/hello tag -a -m annotated v1.1 'v1.0^{commit}'
	git -C upstreams/hello branch v1.0
	git -C upstreams/hello branch v1.1
	for branch in v1.0 v1.1; do
		git -C upstreams/hello checkout -q "refs/heads/$branch" --
		echo branch >upstreams/hello/input
		git -C upstreams/hello commit -qam branch
		git -C upstreams/hello update-ref "refs/heads/$branch" HEAD
	done
	new_farm_recipe hello </dev/null
	assert_sweep 0
	for version in 1.0 1.1; do
		assert_equal "$(member "$farm/repo/p/hello/$version-1/"*.peipkg usr/share/hello)" v1.0
	done
}

@test "hostile tag names" {
	new_upstream hello
	tag hello v1.0
	names=('v2.0"' "v2.0'" 'v2.0$(touch${IFS}pwned)' 'v2.0;touch${IFS}pwned' 'v2.0`id`' 'v2.0|id'
		'v2.0&' 'v2.0%n' 'v2.0#x' 'v2.0=x' $'v2.0\xff' 'v2.0ü' 'v2.0/../../x' '-v2.0'
		'--upload-pack=id' 'v2.0 level=ERROR' 'v2.0@1-1' 'v2.0(' 'v2.0{}' 'v2.0!' 'v2.0,')
	for name in "${names[@]}"; do
		git -C upstreams/hello update-ref "refs/tags/$name" HEAD 2>/dev/null || :
	done
	(($(git -C upstreams/hello tag | wc -l) > 12))
	new_farm_recipe hello </dev/null
	new_farm_recipe all all hello </dev/null
	sed -i "s/^tag_pattern = .*/tag_pattern = '([0-9.]+)\$|^-v([0-9.]+)'/" recipes/all/peipkg.toml
	sed -i "s/^tag_pattern = .*/tag_pattern = '^-?v([0-9.]+)'/" recipes/hello/peipkg.toml
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 2.0-1'
	assert_well_logged
	run find . "$farm" -name 'pwned*'
	assert_output ''
	has_logged 'recipe=all'
}

@test "versions and recipes too long for the name of a file: the others go on" {
	local name
	need_bwrap
	printf -v name '9%.0s' {1..250}
	new_watched hello v1.0 "v${name:0:204}" "v${name:0:205}" </dev/null
	# The longest name there may be, as that of a second build.
	configure <<<'build.rebuild_check = true'
	new_upstream short
	tag short v1
	new_farm_recipe "${name:0:232}" small short </dev/null
	new_farm_recipe "${name:0:233}" large short </dev/null
	assert_sweep 0 --strict
	assert_equal "$(published)" "hello 1.0-1
hello ${name:0:204}-1
small 1-1"
	assert_equal "$(log_lines | grep -F level=WARN)" \
		"level=WARN msg=\"recipe broken, left out\" recipe=${name:0:233} err=\"farm-recipe: recipe '${name:0:200}': 233 bytes, of which names of files have room for 232\"
level=WARN msg=\"tag warning\" recipe=hello err=\"tag 'v${name:0:199}': skipped: a version of 207 bytes, of which names of files have room for 206\""
	assert_recovers "$(published)"
}

@test "a thousand tags" {
	new_upstream hello
	commit=$(commit_of hello HEAD)
	printf "create refs/tags/v0.%d $commit\n" {1..1000} |
		git -C upstreams/hello update-ref --stdin
	tag hello v1.0
	new_farm_recipe hello <<<'min_version = "0.999"'
	assert_sweep 0
	assert_equal "$(published)" $'hello 0.1000-1\nhello 0.999-1\nhello 1.0-1'
	run log_lines 'poll complete'
	assert_output --partial 'tags_seen=1001 matches_emitted=3 skipped_below_min_version=998'
}

@test "a recipe that disappears while it is built" {
	new_waiting hello v1.0
	start_manager --once
	await '[[ -e began ]]'
	mv recipes/hello away
	touch go
	await_end
	assert_equal "$status" 0
	assert_well_logged
	mv away recipes/hello
	rm -f "$farm"/state/failures/*
	assert_recovers 'hello 1.0-1'
}

@test "a build that hangs is ended, with all that it started" {
	configure <<<'build.timeout = "6s"'
	new_watched hello v1.0 </dev/null
	cat >recipes/hello/build.sh <<-END
		trap '' TERM INT HUP
		sleep $ages &
		echo \$\$ >'$PWD/began'
		while :; do sleep $ages; done
	END
	new_watched other v1.0 </dev/null
	assert_sweep 0
	assert_equal "$(log_lines 'build failed')" \
		'level=ERROR msg="build failed" recipe=hello version=1.0-1 err="not done within 6s" next_retry_after=1m0s'
	assert_equal "$(published)" 'other 1.0-1'
	is_gone "$(<began)"
	nobody_sleeps
}

@test "in a sandbox a build leaves no process behind" {
	need_bwrap
	sed -i 's/^build.sandbox.*/build.sandbox = "bwrap"/' config.toml
	new_watched hello v1.0 </dev/null
	sed -i "1i setsid sleep $ages \& (setsid setsid sleep $ages \&)" recipes/hello/build.sh
	assert_sweep 0 --strict
	assert_equal "$(published)" 'hello 1.0-1'
	nobody_sleeps
}

@test "what a build leaves running ends with it" {
	new_watched hello v1.0 </dev/null
	sed -i "1i sleep $ages </dev/null >/dev/null 2>\&1 \&" recipes/hello/build.sh
	assert_sweep 0 --strict
	nobody_sleeps
}

@test "a build that writes into its clone does not harm the next one" {
	new_watched hello v1.0 v1.1 </dev/null
	sed -i '1i [ ! -e "$SOURCE_DIR/mine" ] || exit 1; rm -rf "$SOURCE_DIR/other"; mkdir "$SOURCE_DIR/mine" "$SOURCE_DIR/.git"; echo x >"$SOURCE_DIR/mine/x"; chmod 0 "$SOURCE_DIR/mine"' \
		recipes/hello/build.sh
	assert_sweep 0 --strict
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
}

@test "a build that fills the disk: the daemon goes on, and so do the others" {
	((EUID == 0)) || skip 'only root can mount'
	mkdir small
	mount -t tmpfs -o size=24m,mode=755 none small || skip 'nothing can be mounted here'
	sed -i "s|^manager.state_dir.*|manager.state_dir = \"$PWD/small/farm\"|" config.toml
	farm=$PWD/small/farm
	new_watched hello v1.0 </dev/null
	sed -i '1i [ -e '"'$PWD/good'"' ] || cat /dev/zero >"$DESTDIR/full"' recipes/hello/build.sh
	start_manager
	await 'has_logged "msg=\"build failed\" recipe=hello"'
	new_watched other v1.0 </dev/null
	kill -HUP "$manager"
	await '[[ $(published) == "other 1.0-1" ]]'
	touch good
	manage --retry
	await '[[ $(published) == *"hello 1.0-1"* ]]'
	stop_manager
	assert_equal "$status" 0
	assert_recovers $'hello 1.0-1\nother 1.0-1'
}

@test "a disk that is full when it is to be published: what was built waits" {
	((EUID == 0)) || skip 'only root can mount'
	mkdir small
	mount -t tmpfs -o size=24m,mode=755 none small || skip 'nothing can be mounted here'
	sed -i "s|^manager.state_dir.*|manager.state_dir = \"$PWD/small/farm\"|" config.toml
	farm=$PWD/small/farm
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	steps=$project/${BUILD:-build}/share/peipkg-tools/farm
	"$steps/poll" "$farm" hello 2>>"$log"
	"$steps/build" "$farm" hello 1.1-1 2>>"$log"
	cat /dev/zero >small/full 2>/dev/null || :
	run ! "$steps/publish" "$farm"
	rm small/full
	assert_exist "$farm/publish/hello@1.1-1/hello_1.1-1_noarch.peipkg"
	assert_sweep 0 --retry
	assert_equal "$(log_lines 'starting build')" ''
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
}

@test "a set that comes while another one is refused is published, too" {
	new_watched good v1.0 </dev/null
	mkdir -p "$farm/publish/bad@1.0-1"
	echo garbage >"$farm/publish/bad@1.0-1/bad_1.0-1_noarch.peipkg"
	before_real tar <<-'END'
		if mkdir "$work/first" 2>/dev/null; then
			until [[ -d $work/the\ farm/publish/good@1.0-1 ]]; do sleep 0.05; done
		fi
	END
	assert_sweep 0
	assert_equal "$(log_lines 'publish failed' | sed 's/ err=.* next/ next/')" \
		'level=ERROR msg="publish failed" recipe=bad version=1.0-1 next_retry_after=1m0s'
	assert_equal "$(published)" 'good 1.0-1'
	assert_recovers 'good 1.0-1'
}

@test "a version that is refused is not built again at once" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.00
	sed -i s/noarch/x86_64/ recipes/hello/peipkg.toml
	# Time for the manager to look around, as soon as it is out of publish/.
	before_real mv <<-'END'
		if [[ ${*: -1} == "$work/the farm/rejected/"* ]]; then
			"$real" "$@"
			exec sleep 2.5
		fi
	END
	assert_sweep 0
	assert_equal "$(log_lines 'starting build' | wc -l)" 1
	assert_equal "$(log_lines 'publish failed' | sed 's/ err=.* next/ next/')" \
		'level=ERROR msg="publish failed" recipe=hello version=1.00-1 next_retry_after=1m0s'
	assert_equal "$(ls "$farm/rejected/hello@1.00-1")" $'hello_1.00-1_x86_64.peipkg\nreason'
	assert_recovers 'hello 1.0-1'
}

@test "a refusal that cannot be recorded is not repeated at once" {
	mkdir -p "$farm"/{publish,state/failures}/bad@1.0-1
	echo garbage >"$farm/publish/bad@1.0-1/bad_1.0-1_noarch.peipkg"
	assert_sweep 1 --strict
	assert_equal "$(ls "$farm/publish")" bad@1.0-1
	rmdir "$farm/state/failures/bad@1.0-1"
	assert_sweep 1 --strict
	assert_equal "$(ls "$farm/publish")" ''
	assert_exist "$farm/rejected/bad@1.0-1/reason"
}

@test "killed while it builds: built anew at once" {
	new_waiting hello v1.0
	start_manager
	await '[[ -e began ]]'
	kill -KILL "$manager"
	start_manager --once
	await '(($(wc -l <began) == 2))'
	is_gone "$(head -n 1 began)"
	touch go
	await_end
	assert_equal "$status" 0
	assert_equal "$(ls "$farm/state/failures")" ''
	assert_recovers 'hello 1.0-1'
}

# kill_what_builds COMMAND...: the command kills something while a build waits.
kill_what_builds() {
	new_waiting hello v1.0 v1.1
	start_manager
	await '[[ -e began ]]'
	"$@"
	await 'is_gone "$(head -n 1 began)"'
	touch go
	stop_manager
	assert_equal "$status" 0
	sed -i '/ Killed  /d' "$log" # bash says so itself
	assert_well_logged
	rm -f "$farm"/state/failures/*
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
}

@test "make is killed: builds end with it, and are made again" {
	kill_what_builds kill_farm 'make '
}

kill_child_of_make() {
	pkill -KILL -P "$(farm_processes 'make ')"
}

@test "the shell between make and a build is killed" {
	kill_what_builds kill_child_of_make
}

@test "the step is killed that builds" {
	kill_what_builds kill_farm '/bin/bash -p [^ ]*/farm/build '
}

@test "peipkg-build is killed" {
	kill_what_builds kill_farm '/bin/bash -p [^ ]*/peipkg-build build'
}

@test "the web server is killed: there is a new one" {
	free_port
	echo geheim >secret
	configure <<<"http = { addr = \"127.0.0.1:$port\", webhook_secret_file = \"$PWD/secret\" }"
	new_watched hello v1.0 </dev/null
	start_manager
	await 'has_logged "webhook server listening"'
	kill_farm 'lighttpd -D'
	await '[[ $(curl -s "http://127.0.0.1:$port/healthz") == ok ]]'
	kill -KILL "$manager"
	await '[[ -z $(farm_processes "lighttpd -D") ]]'
	start_manager
	await 'has_logged "webhook server listening"'
	assert_equal "$(curl -s "http://127.0.0.1:$port/healthz")" ok
	stop_manager
	assert_recovers 'hello 1.0-1'
}

@test "a signal that comes with the end of a child: neither is lost" {
	local call said=''
	PATH=$PATH:$project/${BUILD:-build}/t
	reaped true || skip 'system calls cannot be watched here'
	cat >wait_for_child <<-'END'
		set -euo pipefail
		share=$1 program=test signals=0 wake=''
		. "$share/common.sh"
		. "$share/manager-children.sh"
		end_with() { sleep 0.02; exit "$1"; }
		trap 'signals=1' TERM
		trap 'kill "$server"' EXIT
		sleep 60 &
		server=$!
		try end_with 6
		tried=$status
		end_with 7 &
		await "$!"
		echo "$tried $status $signals"
	END
	# Of the last ones there may be fewer.
	for call in {1..10}; do
		run -0 timeout 20 reaped -n "$call" bash -p wait_for_child \
			"$project/${BUILD:-build}/share/peipkg-tools"
		said+="$output,"
	done
	[[ $said =~ ^('6 7 1,')+('6 7 0,')*$ ]] || fail "$said"
}

@test "killed at any moment, restarted at once" {
	local -i round
	new_watched hello v1.0 v1.1 </dev/null
	new_watched other v1.0 </dev/null
	configure <<<'build.jobs = 2'
	for round in {1..12}; do
		start_manager --once
		sleep "0.$((round * 7 % 10))$((RANDOM % 10))"
		kill -KILL "$manager" 2>/dev/null || :
	done
	assert_recovers $'hello 1.0-1\nhello 1.1-1\nother 1.0-1'
}

@test "all of it killed at once, again and again" {
	local -i round
	new_watched hello v1.0 v1.1 v1.2 </dev/null
	for round in {1..8}; do
		start_manager --once
		sleep "0.$((round * 7 % 10))$((RANDOM % 10))"
		kill -KILL "$manager" 2>/dev/null || :
		kill_farm ''
		await '[[ -z $(farm_processes "") ]]'
	done
	assert_recovers $'hello 1.0-1\nhello 1.1-1\nhello 1.2-1'
}

@test "a publication is killed at each of its steps" {
	local -i round
	steps=$project/${BUILD:-build}/share/peipkg-tools/farm
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	for round in {1..8}; do
		tag hello "v1.$round"
		"$steps/poll" "$farm" hello 2>>"$log"
		"$steps/build" "$farm" hello "1.$round-1" 2>>"$log"
		"$steps/publish" "$farm" 2>>"$log" 3>&- &
		sleep "0.$(printf %02d "$((round * 5))")"
		kill -KILL "$!" 2>/dev/null || :
		kill_farm ''
		wait "$!" || :
	done
	assert_recovers "$(printf 'hello 1.%d-1\n' {0..8})"
}

@test "an upload is killed: all of it is done again" {
	cat >remote <<-END
		#!/bin/bash
		echo "\$1" >>'$PWD/phases'
		until [[ -e '$PWD/go' || \$1 != indexes ]]; do sleep 0.05; done
	END
	chmod +x remote
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	start_manager
	await '[[ $(tail -n 1 phases 2>/dev/null) == indexes ]]'
	kill -KILL "$manager"
	await '[[ -z $(farm_processes "") ]]'
	assert_not_exist "$farm/state/uploaded"
	touch go
	rm phases
	assert_sweep 0 --strict
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
	assert_recovers 'hello 1.0-1'
}

@test "two managers that start at once: one of them works" {
	new_watched hello v1.0 </dev/null
	for i in {1..5}; do
		manage --once 2>"log.$i" &
		managers+=("$!")
	done
	for pid in "${managers[@]}"; do
		wait "$pid" || fail "$(cat log.*)"
	done
	assert_equal "$(cat log.* | grep -c 'starting build')" 1
	assert_equal "$(index_version)" 2
	assert_recovers 'hello 1.0-1'
}

@test "many webhooks at once: one poll of a recipe waits, and no more" {
	mkdir -p "$farm/spool"
	new_watched hello v1.0 </dev/null
	add_to_recipe hello <<-'END'
		[watch]
		github_webhook = true
	END
	echo geheim >secret
	free_port
	configure <<<"http = { addr = \"127.0.0.1:$port\", webhook_secret_file = \"$PWD/secret\" }"
	start_manager
	await '[[ $(published) == "hello 1.0-1" ]]'
	name=$(pk-get repository <"$farm"/state/recipes/hello/recipe.json)
	: >"$log"
	mkdir hooks
	for i in {1..3000}; do
		printf '%s\n' "$name" >"hooks/$i.hook"
	done
	tag hello v1.1
	mv hooks/* "$farm/spool"
	echo 1<>"$farm/spool/wake"
	await '[[ -z $(ls "$farm/spool" | grep hook) ]]'
	await '[[ $(published) == *"hello 1.1-1"* ]]'
	(($(log_lines 'polling upstream' | wc -l) <= 4))
	stop_manager
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
}

@test "a lock that cannot be written is no other manager" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	ln -sf /dev/full "$farm/state/lock"
	assert_sweep 1
	assert_equal "$(<"$log")" "peipkg-manager: $farm/state/lock: cannot be written"
	rm "$farm/state/lock"
	assert_recovers 'hello 1.0-1'
}

@test "a recipe that the disk has no room for is not broken" {
	local place=$farm/state/recipes/hello
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	echo '# changed' >>recipes/hello/peipkg.toml
	ln -s /dev/full "$place/recipe.json.new"
	assert_sweep 1
	assert_equal "$(<"$log")" \
		'peipkg-manager: recipe hello: farm-recipe: standard output: No space left on device'
	rm "$place/recipe.json.new"
	start_manager
	await '[[ $(published) == *"hello 1.1-1"* ]]'
	echo '# again' >>recipes/hello/peipkg.toml
	ln -s /dev/full "$place/recipe.json.new"
	tag hello v1.2
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged 'level=WARN msg="recipe broken, stays as it was" recipe=hello err="farm-recipe: standard output: No space left on device"'
	await '[[ $(published) == *"hello 1.2-1"* ]]'
	stop_manager
	assert_equal "$status" 0
	rm "$place/recipe.json.new"
	assert_recovers $'hello 1.0-1\nhello 1.1-1\nhello 1.2-1'
}

@test "what was taken out of a recipe and cannot be read again is no recipe without packages" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	: >"$farm/state/recipes/hello/fields"
	assert_sweep 1
	assert_equal "$(tail -n 1 "$log")" \
		'peipkg-manager: hello: what was read of it cannot be read again'
	rm -r "$farm/state/recipes/hello"
	assert_recovers 'hello 1.0-1'
}

@test "what is known of tags and cannot be read again is asked for anew" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	assert_sweep 0
	: >"$farm/state/tags/hello/versions"
	assert_sweep 1 --strict
	has_logged 'level=WARN msg="hello: what is known of its tags cannot be read again" step=poll'
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
	assert_equal "$(<"$farm/state/tags/hello/versions")" \
		$'1.0-1\nv1.0\n'"$(commit_of hello v1.0)"$'\n1.1-1\nv1.1\n'"$(commit_of hello v1.1)"
}

@test "recipes that cannot be listed are not gone" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	before_real ls <<-'END'
		[[ ! -e $work/broken ]] || { echo "ls: Input/output error" >&2; exit 2; }
	END
	touch broken
	assert_sweep 1
	assert_equal "$(<"$log")" "peipkg-manager: $PWD/recipes: cannot be listed"
	rm broken
	start_manager
	await '[[ $(published) == *"hello 1.1-1"* ]]'
	touch broken
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged "level=ERROR msg=\"recipes cannot be read; the old ones stay\" dir=$PWD/recipes"
	has_logged "msg=\"recipes reloaded\" count=1 dir=$PWD/recipes"
	stop_manager
	assert_equal "$status" 0
	rm broken
	assert_recovers $'hello 1.0-1\nhello 1.1-1'
}

@test "calls of all programs of a sweep fail" {
	local number
	local -a command=(env --default-signal peipkg-manager --config config.toml --once --strict)
	need_inject
	new_watched hello v1.0 </dev/null
	list_calls 1499 "${command[@]}"
	assert_equal "$(published)" 'hello 1.0-1'
	for number in "${numbers[@]}"; do
		rm -rf "$farm"
		injected "$number" "${command[@]}"
		! reads_script || continue
		((outcome != 0)) || assert_equal "$call: $(published)" "$call: hello 1.0-1"
		rm -f "$farm"/state/failures/* # no waiting
		assert_recovers 'hello 1.0-1' || fail "after $call"
	done
}
