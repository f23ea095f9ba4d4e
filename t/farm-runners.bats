#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a process of its own; await evals

# Builds that a farm leaves to another machine: what it asks of a runner, what it takes from
# one, and the two that come with it, each with its server on this machine.

load helper
load package
load build
load repository
load farm

setup() {
	enter_workshop
	share=$project/${BUILD:-build}/share/peipkg-tools
	runner=$PWD/'a runner' far=$PWD/'the far side' servers=()
	mkdir "$far"
	unset "${!SLURM_@}" "${!PEIPKG_RUNNER_@}" SSH_AUTH_SOCK
	PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
	new_farm <<-END
		build.sandbox = "none"
		build.runner = "$runner"
	END
	new_watched hello v1.0 </dev/null
}

teardown() {
	local server
	for server in "${servers[@]}" $(steps_of_slurm); do
		kill -KILL "$server" 2>/dev/null || :
		wait "$server" 2>/dev/null || :
	done
	end_farm
}

# What slurmd started goes on without it.
steps_of_slurm() {
	local pid
	for pid in $(pgrep -x slurmstepd); do
		[[ ! /proc/$pid/cwd -ef . ]] || echo "$pid"
	done
}

need() {
	local name
	for name; do
		command -v "$name" >/dev/null || skip "$name is not installed"
	done
}

# serve COMMAND...: until the end of the test.
serve() {
	env --default-signal "$@" </dev/null >>server.log 2>&1 3>&- &
	servers+=("$!")
}

# The runner of this test, which stands in the configuration: standard input is run in the
# job's directory.
new_runner() {
	{
		printf '#!/bin/bash\nset -e\ncd -- "$1"\n'
		cat
	} >"$runner"
	chmod +x "$runner"
}

# prepare_state [anew]: what a manager leaves to the step that builds hello 1.0-1.
prepare_state() {
	if [[ -n ${1-} || ! -f $farm/state/due/hello@1.0-1 ]]; then
		sed '/^build.runner/d; 1i build.runner = "/bin/false"' config.toml >poll.toml
		timeout 60 env --default-signal peipkg-manager --config poll.toml --once \
			>"$log.out" 2>"$log"
	fi
	rm -rf "$farm/state/failures"/* "$farm/publish"/*
	pk-toml <config.toml | farm-config >"$farm/state/config.json"
}

# build_hello: by the step alone; what it says is in $log.
build_hello() {
	status=0
	timeout 120 "${with_signals[@]}" "$share/farm/build" "$farm" hello 1.0-1 \
		</dev/null >"$log.out" 2>"$log" || status=$?
}

with_signals=(env --default-signal)

# assert_built: signed by the farm's own key; nothing is left beside it.
assert_built() {
	assert_equal "$status $(log_lines 'build failed')" "0 " || fail "$(<"$log")"
	package="$farm/publish/hello@1.0-1/hello_1.0-1_noarch.peipkg"
	assert_equal "$(ls -A "$farm/publish/hello@1.0-1")" "${package##*/}"
	pk-verify -k key.pem.pub <"$package" >/dev/null
	assert_nothing_left
}

# assert_not_built REASON: logged as that, quoted as the log quotes; nothing is published.
assert_not_built() {
	local said="level=ERROR msg=\"build failed\" recipe=hello version=1.0-1 err="
	assert_equal "$(log_lines 'build failed')" "$said$1 next_retry_after=1m0s"
	assert_equal "$status" 1
	assert_equal "$(ls -A "$farm/publish")" ''
	assert_nothing_left
}

assert_nothing_left() {
	await '[[ -z $(ls -A "$far") ]]'
	assert_equal "$(ls -A "$farm/sources")$(ls -A "$TMPDIR")" ''
	assert_equal "$(find "$farm/stage" -mindepth 1 -name 'build.*')" ''
}

# refuse_from REASON: what is not taken from the runner on standard input.
refuse_from() {
	new_runner
	prepare_state
	build_hello
	assert_not_built "$1"
}

# made [FILTER]: the package that is asked for, not signed, from elsewhere; FILTER is what jq
# is to change in its manifest.
made() {
	tar_of_made "${1-.}" | compress
}

tar_of_made() {
	rm -rf tree
	mkdir -p tree/usr/share
	echo v1.0 >tree/usr/share/hello
	describe_tree ".architecture = \"noarch\" | .build.farm_id = \"example-farm\" |
		.build.source_ref = \"git+$PWD/upstreams/hello#refs/tags/v1.0\" | $1"
	tar_tree
}

# What a runner on this machine does, which does as it is told.
honest='mapfile -t arguments <job; peipkg-build "${arguments[@]}"'
package_there=out/hello_1.0-1_noarch.peipkg

@test "a runner gets job, recipe and source, and fills out" {
	ln -s ../../a-script recipes/hello/linked
	echo linked >a-script
	new_runner <<-END
		ls -A . out recipe source >'$PWD/seen'
		[[ ! -L recipe/linked ]]
		cp job '$PWD/job.seen'
		echo on stdout
		echo on stderr >&2
		$honest
		touch out/.hidden 'out/something else'
	END
	prepare_state
	build_hello
	assert_built
	assert_equal "$(<seen)" "$(printf '%s\n' .: job out recipe source '' out: '' \
		recipe: build.sh linked peipkg.toml '' source: input)"
	assert_equal "$(<job.seen)" "$(printf '%s\n' build --recipe recipe/peipkg.toml \
		--source source --source-writable --version 1.0-1 \
		--source-ref "git+$PWD/upstreams/hello#refs/tags/v1.0" --farm-id example-farm \
		--timestamp "$build_time" --out out --sandbox none -q)"
	assert_equal "$(grep '^on ' "$farm/logs/hello/1.0-1.log")" $'on stdout\non stderr'
}

@test "what comes back and is signed here has the bytes of a build here" {
	new_runner <<<"$honest"
	prepare_state
	build_hello
	assert_built
	mv "$package" elsewhere
	sed -i '/^build.runner/d' config.toml
	prepare_state
	build_hello
	assert_built
	cmp elsewhere "$package"
}

@test "a command signs what comes back, too" {
	prepare_state
	sed -i '/^signing.key_file/d' config.toml
	configure <<-END
		signing.sign_command = "sh '$PWD/sign'"
		signing.public_key = "$PWD/key.pem.pub"
	END
	cat >sign <<-END
		cat >'$PWD/digest'
		openssl pkeyutl -sign -rawin -inkey '$PWD/key.pem' -in '$PWD/digest'
	END
	new_runner <<<"$honest"
	prepare_state
	build_hello
	assert_built
}

@test "a granted key reaches the build elsewhere" {
	new_key granted.pem
	configure <<-END
		[[signing_key]]
		name = "release"
		private = "$PWD/granted.pem"
		pubkey_env = "RELEASE_KEY"
		[[grant]]
		recipe = "hello"
		inject_pubkey = ["release"]
	END
	echo 'echo "key: $RELEASE_KEY"' >>recipes/hello/build.sh
	new_runner <<<"$honest"
	prepare_state
	build_hello
	assert_built
	assert_equal "$(grep '^key:' "$farm/logs/hello/1.0-1.log")" \
		"key: $(openssl pkey -in granted.pem -pubout -outform DER | tail -c 32 | xxd -p -c 0)"
}

@test "packages of several names, and of them all or none" {
	add_second_package_to_recipe
	new_runner <<<"$honest"
	prepare_state
	build_hello
	assert_equal "$status" 0
	assert_equal "$(ls -A "$farm/publish/hello@1.0-1")" \
		$'a-second_1.0-1_x86_64.peipkg\nhello_1.0-1_noarch.peipkg'
	refuse_from '"the runner did not make a-second_1.0-1_x86_64.peipkg"' <<-END
		$honest
		rm out/a-second*
	END
}

add_second_package_to_recipe() {
	sed -i 's,"\*\*","usr/**",; /^\[upstream\]/i \
[[package]]\
name = "a-second"\
architecture = "x86_64"\
files = ["etc/**"]\
' recipes/hello/peipkg.toml
	echo 'mkdir -p "$DESTDIR/etc"; echo second >"$DESTDIR/etc/second"' >>recipes/hello/build.sh
}

@test "a runner that fails, says nothing, or cannot be run" {
	refuse_from '"exit status 3: the disk is full"' <<<"$honest; echo the disk is full; exit 3"
	refuse_from '"exit status 3"' <<<'exit 3'
	refuse_from '"killed by SIGSEGV, exit status 139"' <<<'kill -SEGV $$'
	refuse_from '"the runner did not make hello_1.0-1_noarch.peipkg"' <<<'echo nothing to do'
	chmod -x "$runner"
	prepare_state
	build_hello
	assert_not_built "\"exit status 126: timeout: failed to run command '$runner': Permission denied\""
}

@test "a runner that takes too long" {
	configure <<<'build.timeout = "1s"'
	refuse_from '"not done within 1s"' <<<"sleep $ages"
	nobody_sleeps
}

@test "no package that nobody asked for" {
	refuse_from '"the runner made hello_1.0-2_noarch.peipkg, not asked for"' \
		<<<"$honest; cp $package_there out/hello_1.0-2_noarch.peipkg"
	refuse_from '"the runner made hello_1.0-1_x86_64.peipkg, not asked for"' \
		<<<"$honest; cp $package_there out/hello_1.0-1_x86_64.peipkg"
	refuse_from '"the runner made bash_1.0-1_noarch.peipkg, not asked for"' \
		<<<"$honest; mv $package_there out/bash_1.0-1_noarch.peipkg"
	refuse_from '"the runner made a\n\"b\".peipkg, not asked for"' \
		<<<"$honest; touch $'out/a\n\"b\".peipkg'"
}

@test "no package that is not what its name says, or of another job" {
	local name=hello_1.0-1_noarch.peipkg
	local copy="cp '$PWD/package' $package_there"
	made >package
	new_runner <<<"$copy"
	prepare_state
	build_hello
	assert_built

	made '.name = "bash"' >package
	refuse_from "\"$name: name is 'bash', not 'hello'\"" <<<"$copy"
	made '.version = "1.0-2"' >package
	refuse_from "\"$name: version is '1.0-2', not '1.0-1'\"" <<<"$copy"
	made '.architecture = "x86_64"' >package
	refuse_from "\"$name: architecture is 'x86_64', not 'noarch'\"" <<<"$copy"
	made '.build.farm_id = "another"' >package
	refuse_from "\"$name: build.farm_id is 'another', not 'example-farm'\"" <<<"$copy"
	made '.build.source_ref = "git"' >package
	refuse_from "\"$name: build.source_ref is 'git', not 'git+$PWD/upstreams/hello#refs/tags/v1.0'\"" \
		<<<"$copy"
	build_time=2026-05-06T07:08:10Z made >package
	refuse_from "\"$name: build.timestamp is '2026-05-06T07:08:10Z', not '$build_time'\"" <<<"$copy"
}

@test "no package that is signed, by whomever" {
	new_key stranger.pem
	refuse_signed stranger.pem "signed by $(fingerprint_of stranger.pem), which is not trusted [§5.3.4]"
	refuse_signed key.pem 'signed, before anybody looked'
}

# refuse_signed KEY REASON
refuse_signed() {
	tar_of_made . | sign_archive "$1" | compress >package
	refuse_from "\"hello_1.0-1_noarch.peipkg: $2\"" <<<"cp '$PWD/package' $package_there"
}

@test "nothing that is no file" {
	local name=hello_1.0-1_noarch.peipkg
	made >package
	refuse_from "\"$name: no regular file\"" <<<"ln -s '$PWD/package' $package_there"
	refuse_from "\"$name: no regular file\"" <<<"ln -s /nowhere $package_there"
	refuse_from "\"$name: no regular file\"" <<<"mkfifo $package_there"
	refuse_from "\"$name: no regular file\"" <<<"mkdir $package_there"
}

# refuse_package WORDS: what lies in package, with a reason that matches.
refuse_package() {
	new_runner <<<"cp --sparse=always '$PWD/package' $package_there"
	prepare_state
	build_hello
	assert_equal "$status" 1
	run log_lines 'build failed'
	assert_output --regexp "err=\"hello_1.0-1_noarch.peipkg: $1.*\" next_retry_after=1m0s$"
	assert_equal "$(ls -A "$farm/publish")" ''
	assert_nothing_left
}

@test "no garbage, nothing cut short, nothing without end" {
	made >whole
	: >package
	refuse_package 'standard input: '
	head -c 100000 /dev/urandom >package
	refuse_package 'standard input: '
	head -c -1 whole >package
	refuse_package 'standard input: '
	{
		cat whole
		echo more
	} >package
	refuse_package 'standard input: '
	truncate -s 1T package
	refuse_package 'standard input: '
	{
		tar_of_made . | head -c -1024
		head -c 400M /dev/zero
	} | compress >package
	refuse_package ''
}

@test "a recipe that is gone, or broken, when it is to be sent" {
	new_runner <<<"$honest"
	prepare_state
	echo 'nonsense' >>recipes/hello/peipkg.toml
	build_hello
	assert_built
	prepare_state
	rm -r recipes/hello
	build_hello
	assert_not_built "\"exit status 125: env: cannot change directory to '$PWD/recipes/hello': No such file or directory\""
}

# Of both runners that come with the farm.

@test "runners: usage" {
	local name
	mkdir -p a-job/recipe a-job/source
	touch a-job/job
	export PEIPKG_RUNNER_HOST=127.0.0.1
	for name in ssh slurm; do
		run_apart "$project/scripts/runner-$name" --help
		assert_equal "$status $output" "0 usage: runner-$name DIR"
		run_apart "$project/scripts/runner-$name"
		assert_equal "$status ${stderr_lines[0]}" "2 runner-$name: the directory of a job is wanted"
		run_apart "$project/scripts/runner-$name" .
		assert_refused 1 "runner-$name: .: no job: job is not there"
		PEIPKG_RUNNER_PATIENCE=4 run_apart "$project/scripts/runner-$name" a-job
		assert_equal "$status ${stderr_lines[0]}" \
			"2 runner-$name: PEIPKG_RUNNER_PATIENCE: seconds are wanted, 5 or more, not '4'"
	done
	PEIPKG_RUNNER_SSH_OPTIONS="-o 'a" run_apart "$project/scripts/runner-ssh" a-job
	assert_equal "$status ${stderr_lines[0]}" \
		'2 runner-ssh: PEIPKG_RUNNER_SSH_OPTIONS: a quote is not closed'
	unset PEIPKG_RUNNER_HOST
	run_apart "$project/scripts/runner-ssh" a-job
	assert_equal "$status ${stderr_lines[0]}" '2 runner-ssh: PEIPKG_RUNNER_HOST: a host is wanted'
	assert_equal "$(ls -A a-job)" $'job\nrecipe\nsource'
}

# use_far KIND: the runner for hello, with its server, whose builds see TMPDIR as $far. The
# recipe says so in "the mark" once its script runs, and then goes on with standard input.
use_far() {
	kind=$1 mark=$PWD/'the mark'
	export PEIPKG_RUNNER_PATIENCE=5
	sed -i "s|^build.runner.*|build.runner = \"$project/scripts/runner-$1\"|" config.toml
	{
		printf 'echo "$SOURCE_DIR" >%q\n' "$mark"
		cat
	} >>recipes/hello/build.sh
	"start_$1"
	prepare_state
}

start_ssh() {
	local port directory=$PWD/'keys of ssh'
	need sshd ssh ssh-keygen
	mkdir "$directory"
	ssh-keygen -q -t ed25519 -N '' -f "$directory/host"
	ssh-keygen -q -t ed25519 -N '' -f "$directory/user"
	free_port
	cat >sshd_config <<-END
		Port $port
		ListenAddress 127.0.0.1
		HostKey "$directory/host"
		AuthorizedKeysFile "$directory/user.pub"
		PidFile none
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PermitRootLogin yes
		PermitUserRC no
		SetEnv "PATH=$PATH" "TMPDIR=$far"
	END
	((UID != 0)) || mkdir -p /run/sshd
	serve "$(command -v sshd)" -D -e -f "$PWD/sshd_config"
	printf '[127.0.0.1]:%s %s\n' "$port" "$(<"$directory/host.pub")" >"$directory/known"
	export PEIPKG_RUNNER_HOST=127.0.0.1
	export PEIPKG_RUNNER_SSH_OPTIONS="-F none -p $port -i '$directory/user'
		-o IdentitiesOnly=yes -o 'UserKnownHostsFile=\"$directory/known\"'"
	await "(: <'/dev/tcp/127.0.0.1/$port') 2>/dev/null"
}

# A cluster of one node, this machine.
start_slurm() {
	local name directory=$BATS_TEST_TMPDIR/slurm ports
	need munged slurmctld slurmd srun sinfo
	export SLURM_CONF=$directory/slurm.conf
	mkdir -p "$directory"/{state,spool}
	(umask 077 && head -c 128 /dev/urandom >"$directory/key")
	mapfile -t ports < <(shuf -i 20000-30000 -n 2)
	cat >"$SLURM_CONF" <<-END
		ClusterName=test
		SlurmctldHost=$(uname -n)(127.0.0.1)
		SlurmctldPort=${ports[0]}
		SlurmdPort=${ports[1]}
		AuthType=auth/munge
		AuthInfo=socket=$directory/socket
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		StateSaveLocation=$directory/state
		SlurmdSpoolDir=$directory/spool
		SlurmctldPidFile=$directory/slurmctld.pid
		SlurmdPidFile=$directory/slurmd.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SelectType=select/linear
		ReturnToService=2
		MpiDefault=none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		PlugStackConfig=/dev/null
		NodeName=node NodeAddr=127.0.0.1 CPUs=1
		PartitionName=test Nodes=node Default=YES State=UP
	END
	serve munged -F --force --key-file="$directory/key" --socket="$directory/socket" \
		--pid-file="$directory/munged.pid" --log-file="$directory/munged.log" \
		--seed-file="$directory/seed"
	await "[[ -S '$directory/socket' ]]"
	serve slurmctld -D
	serve slurmd -D -N node
	await "node_is_idle || ! kill -0 $! 2>/dev/null"
	# It wants the machine's cgroups, for one, which not every container shows.
	kill -0 $! 2>/dev/null || skip "slurmd cannot run here: $(grep slurmd server.log | tail -n 1)"
	export PEIPKG_RUNNER_SRUN_OPTIONS="--partition 'test' --comment='a build'" TMPDIR=$far
}

node_is_idle() {
	[[ $(timeout 5 sinfo -h -o %T 2>/dev/null) == idle ]]
}

# start_build: hello, in the background, until its script runs on the far side.
start_build() {
	setsid "${with_signals[@]}" "$share/farm/build" "$farm" hello 1.0-1 \
		</dev/null >"$log.out" 2>"$log" 3>&- &
	build=$!
	await '[[ -s $mark ]]'
}

await_build() {
	status=0
	wait "$build" || status=$?
}

# client: the process that makes the connection.
client() {
	local name=ssh
	[[ $kind == ssh ]] || name=srun
	pgrep -s "$build" -x "$name" -o
}

# What only a build that goes on would leave.
assert_build_ended() {
	await nobody_sleeps
	await '[[ -z $(ls -A "$far") ]]'
	[[ $kind == ssh ]] || await node_is_idle
}

build_far() {
	mkdir upstreams/hello/'a directory'
	printf '#!/bin/sh\necho script\n' >upstreams/hello/'a directory'/'a "script"'
	chmod +x upstreams/hello/'a directory'/'a "script"'
	ln -s 'a "script"' upstreams/hello/'a directory'/link
	head -c 3000000 /dev/urandom >upstreams/hello/random
	tag hello v1.0.0
	git -C upstreams/hello tag -f v1.0 v1.0.0 >/dev/null
	use_far "$1" <<-'END'
		"$SOURCE_DIR/a directory/link" && cp -a "$SOURCE_DIR" "$DESTDIR/usr/share/"
		echo written >"$SOURCE_DIR/input"
	END
	build_hello
	assert_built
	[[ $(<"$mark") == "$far/"* ]]
	grep -qx script "$farm/logs/hello/1.0-1.log"
	mv "$package" elsewhere
	sed -i '/^build.runner/d' config.toml
	prepare_state
	build_hello
	cmp elsewhere "$package"
}

@test "ssh: builds what is built here" { build_far ssh; }

@test "slurm: builds what is built here" { build_far slurm; }

sweep_far() {
	use_far "$1" </dev/null
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	verify_farm
	assert_build_ended
	rm "$mark"
	tag hello v1.1
	echo 'echo no luck today >&2; exit 5' >>recipes/hello/build.sh
	assert_sweep 0
	run log_lines 'build failed'
	assert_output 'level=ERROR msg="build failed" recipe=hello version=1.1-1 err="exit status 1: no luck today" next_retry_after=1m0s'
	assert_equal "$(published)" 'hello 1.0-1'
	assert_build_ended
}

@test "ssh: a manager publishes, and tells of a build that failed there" { sweep_far ssh; }

@test "slurm: a manager publishes, and tells of a build that failed there" { sweep_far slurm; }

time_out_far() {
	configure <<<'build.timeout = "4s"'
	use_far "$1" <<<"sleep $ages"
	build_hello
	assert_not_built '"not done within 4s"'
	assert_build_ended
}

@test "ssh: a build that takes too long ends there, too" { time_out_far ssh; }

@test "slurm: a build that takes too long ends there, too" { time_out_far slurm; }

interrupt_far() {
	local signal
	use_far "$1" <<<"sleep $ages"
	for signal in TERM KILL; do
		rm -f "$mark"
		start_build
		kill -"$signal" "$(pgrep -s "$build" -f "scripts/runner-$kind" -o)"
		await_build
		assert_equal "$status" 1
		assert_build_ended
	done
	rm "$mark"
	start_build
	kill -TERM "$build"
	await_build
	assert_equal "$status" 143
	assert_build_ended
	assert_nothing_left
}

@test "ssh: a runner or a build that is killed here ends there" { interrupt_far ssh; }

@test "slurm: a runner or a build that is killed here ends there" { interrupt_far slurm; }

# Nothing here is left that could tell the far side. What Slurm ends before it has cleaned
# up goes with the next build.
silence_far() {
	use_far "$1" <<<"sleep $ages"
	start_build
	pkill -KILL -s "$build"
	await_build
	await nobody_sleeps
	[[ $kind == slurm ]] || assert_build_ended
	[[ $kind == ssh ]] || await node_is_idle
}

@test "ssh: all of a session killed here" { silence_far ssh; }

@test "slurm: all of a session killed here, which gives the node back" { silence_far slurm; }

@test "ssh: a connection that falls silent, or breaks" {
	use_far ssh <<<"sleep $ages"
	start_build
	kill -STOP "$(client)"
	assert_build_ended
	kill -KILL "$(client)"
	await_build
	assert_not_built '"exit status 1: runner-ssh: ssh: killed by SIGKILL, exit status 137"'
}

far_shell() {
	local pid
	for pid in $(pgrep -fx '([^ ]*/)?bash -p'); do
		[[ $(readlink "/proc/$pid/cwd") != "$far/"* ]] || echo "$pid"
	done
}

# What is killed cannot clean up.
sweep_killed() {
	use_far "$1" <<<"case \$(cat \"\$SOURCE_DIR/input\") in v1.0) sleep $ages ;; esac"
	start_build
	far_shell | xargs kill -KILL
	await_build
	await nobody_sleeps
	[[ -n $(ls -A "$far") ]]
	tag hello v1.0.1
	git -C upstreams/hello tag -f v1.0 v1.0.1 >/dev/null
	[[ $kind == ssh ]] || await node_is_idle
	prepare_state anew
	build_hello
	assert_built
}

@test "ssh: what a killed build left there goes with the next one" { sweep_killed ssh; }

@test "slurm: what a killed build left there goes with the next one" { sweep_killed slurm; }

@test "ssh: a host that is not there, not known, or has no peipkg-build" {
	local options
	use_far ssh </dev/null
	options=$PEIPKG_RUNNER_SSH_OPTIONS
	PEIPKG_RUNNER_SSH_OPTIONS="-p 1 $options"
	build_hello
	assert_equal "$status" 1
	run log_lines 'build failed'
	assert_output --partial 'err="exit status 1: ssh: connect to host 127.0.0.1 port 1: Connection refused'
	prepare_state
	PEIPKG_RUNNER_SSH_OPTIONS="-o HostKeyAlias=another $options"
	build_hello
	assert_equal "$status" 1
	run log_lines 'build failed'
	assert_output --partial 'err="exit status 1: Host key verification failed.'
	prepare_state
	PEIPKG_RUNNER_SSH_OPTIONS=$options PEIPKG_RUNNER_HOST=-oProxyCommand=false
	build_hello
	assert_equal "$status" 1
	prepare_state
	PEIPKG_RUNNER_HOST=127.0.0.1
	kill "${servers[-1]}"
	wait "${servers[-1]}" || :
	sed -i 's|^SetEnv.*|SetEnv PATH=/usr/bin:/bin "TMPDIR=/nowhere at all"|' sshd_config
	serve "$(command -v sshd)" -D -e -f "$PWD/sshd_config"
	await "(: <'/dev/tcp/127.0.0.1/$(sed -n 's/^Port //p' sshd_config)') 2>/dev/null"
	build_hello
	assert_equal "$status" 1
	run log_lines 'build failed'
	assert_output --partial 'err="exit status 1: '
	assert_output --partial '/nowhere at all/'
}

@test "ssh: only regular files are taken, whatever the far side sends" {
	mkdir shim
	made >package
	cat >shim/peipkg-build <<-END
		#!/bin/bash
		mkdir -p out
		ln -s '$PWD/package' out/hello_1.0-1_noarch.peipkg
		mkdir out/directory.peipkg
		mkfifo out/pipe.peipkg
	END
	chmod +x shim/peipkg-build
	PATH=$PWD/shim:$PATH use_far ssh </dev/null
	build_hello
	assert_not_built '"the runner did not make hello_1.0-1_noarch.peipkg"'
}

@test "ssh: an archive that is none, or that wants to be elsewhere" {
	local name
	use_far ssh </dev/null
	mkdir shim evil
	cat >shim/ssh <<-END
		#!/bin/bash
		cat '$PWD/evil.tar'
	END
	chmod +x shim/ssh
	PATH=$PWD/shim:$PATH
	echo garbage >evil.tar
	build_hello
	assert_not_built '"exit status 1: tar: Exiting with failure status due to previous errors"'
	prepare_state
	tar -cf evil.tar -T /dev/null
	build_hello
	assert_not_built '"exit status 1: runner-ssh: the far side does not say how the build ended"'
	prepare_state
	echo 0 >status
	echo evil >evil/file
	ln -s "$PWD/evil" link
	tar -cPf evil.tar status link --transform 's,evil/file,link/new.peipkg,' evil/file
	build_hello
	assert_equal "$status" 1
	assert_equal "$(ls evil)" file
	prepare_state
	tar -cPf evil.tar status --transform 's,evil/file,../../../evil/new.peipkg,' evil/file
	build_hello
	assert_equal "$status" 1
	assert_equal "$(ls evil)" file
}

@test "ssh: names that a shell would read, and signals that are ignored" {
	local name='v1.0-$(touch${IFS}pwned);`touch${IFS}pwned`"'\''&|<>'
	sed -i "s|^tag_pattern.*|tag_pattern = '^v([0-9.]+)'|" recipes/hello/peipkg.toml
	git -C upstreams/hello tag -d v1.0
	git -C upstreams/hello tag -- "$name"
	use_far ssh </dev/null
	prepare_state anew
	with_signals=(env --ignore-signal=HUP --ignore-signal=INT --ignore-signal=PIPE)
	build_hello
	assert_built
	assert_equal "$(pk-meta <"$package" | jq -r .build.source_ref)" \
		"git+$PWD/upstreams/hello#refs/tags/$name"
	assert_equal "$(find . "$HOME" -name pwned)" ''
}
