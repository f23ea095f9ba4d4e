#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a process of its own; await evals

# What peipkg-repo(1) guarantees: interrupted anywhere, by anything, a repository is the old
# one or the new one. `disturb` interrupts, `power-loss` says what is then on the disk.
#
# Of the steps that concern only what is not served, many of the same sort, one in four is
# taken, under a sanitizer one in 16; EVERY_STEP=1 takes all.

load helper
load package
load build
load repository
load inject

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR enter_workshop
	new_repository
	new_key next.pem
	new_package one hello 1.0-1
	new_package one hello 0.9~rc1-1
	new_package two hello 1.1-1
	new_package two other 2:1.0-1
	mkdir empty
	publish 1 one
	mv repo first
}

setup() {
	enter_workshop
	cp -a "$BATS_FILE_TMPDIR"/work/* .
	# Behind the system's: there is a driver named base64.
	PATH=$PATH:$project/${BUILD:-build}/t
	one_in=4 publications=100
	[[ -z ${ASAN_OPTIONS-} ]] || one_in=16 publications=25
	[[ -z ${EVERY_STEP-} ]] || one_in=1
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	declare -ga disturbance=() next=()
	declare -gA settled=()
	between=''
}

teardown() {
	: >"$workshop/end"
	! mountpoint -q "$workshop/small" || umount -l "$workshop/small"
}

need_disturb() {
	disturb . true || skip 'system calls cannot be watched here'
}

# begin STATE
begin() {
	rm -rf repo
	cp -a "$1" repo
}

# publishing HOUR NEW KEY: a command, in `publishing`.
publishing() {
	publishing=(peipkg-repo publish --in repo --new "$2" --sign-key "$3"
		--timestamp "$(at "$1")" --out repo)
}

# change_from STATE COMMAND...: that state is $before, the command the `change` under test;
# what comes of it is kept as `changed`. `next`, a publish after it, leads to `beyond`.
change_from() {
	before=$1
	change=("${@:2}")
	begin "$before"
	old=$(snapshot repo)
	"${change[@]}"
	new=$(snapshot repo)
	((${#next[@]} > 0)) || next_publish_by key.pem
	"${next[@]}"
	beyond=$(snapshot repo)
}

next_publish_by() {
	publishing 5 empty "$1"
	next=("${publishing[@]}")
}

publish_packages() {
	publishing 2 two key.pem
	change_from first "${publishing[@]}"
}

add_key() {
	change_from first peipkg-repo add-key --repo repo --sign-key key.pem --new-key next.pem \
		--timestamp "$(at 2)"
}

rotate_key() {
	begin first
	peipkg-repo add-key --repo repo --sign-key key.pem --new-key next.pem --timestamp "$(at 2)"
	mv repo second
	next_publish_by next.pem
	change_from second peipkg-repo rotate-key --repo repo --sign-key next.pem \
		--old-key "$(fingerprint_of key.pem)" --valid-until 2026-08-01T00:00:00Z \
		--timestamp "$(at 3)" --force
}

prune() {
	change_from first peipkg-repo prune-prerelease --repo repo --sign-key key.pem \
		--older-than 1d --timestamp "$(at 2)"
}

# A publish to a repository in which an add-key waits to be finished.
finish_add_key() {
	add_key
	between=$new
	record
	disturbed -k -n "$(awk -F '\t' '$3 ~ "/.peipkg-repo/intent$" { print NR + 1 }' log)"
	mv repo waiting
	publishing 3 two key.pem
	change_from waiting "${publishing[@]}"
}

# record: all steps of the change, into `log`.
record() {
	begin "$before"
	timeout 60 disturb -o log "${disturbance[@]}" "$PWD/repo" "${change[@]}" >said 2>&1
}

# disturbed OPTION...: the change, disturbed; `outcome` is its status, `said` what it said,
# `step` where it was disturbed. Fails if it was not.
disturbed() {
	begin "$before"
	outcome=0
	timeout 60 disturb -o log "${disturbance[@]}" "$@" "$PWD/repo" "${change[@]}" \
		>said 2>&1 || outcome=$?
	step=$(grep -B1 -x disturbed log | head -n 1)
	[[ -n $step ]]
}

# list_steps CONDITION: the numbers of the change's steps for which awk says so, and of some
# of the others, as `steps`. `hidden` is true for what only concerns the stage, `late` once
# there may be an intent, `finished` when that is done.
list_steps() {
	record
	mapfile -t steps < <(awk -F '\t' -v one_in="$one_in" '
		{
			hidden = 1
			for (i = 2; i <= NF; i++)
				if ($i ~ /^\// && $i !~ /\/\.peipkg-repo(\/stage|\.)/)
					hidden = 0
		}
		/\/\.peipkg-repo\/(stage\/)?intent/ { late = 1 }
		/\/\.peipkg-repo\/intent\t.*\/stage\/intent/ { finished = 1 }
		'"$1"' || NR % one_in == 0 { print NR }' log)
	((${#steps[@]} > 5))
}

# is_beside SNAPSHOT: what is there now is all of that, and besides at most what no index
# names yet, or any more.
is_beside() {
	local others
	others=$(diff <(echo "$1") <(echo "$now") | grep '^[<>]' |
		grep -vE '^> ([0-9a-f]{64}  )?\./(p|keys)(/|$)') || :
	[[ -z $others ]]
}

find_state() {
	found=neither
	if [[ -d repo/.peipkg-repo/intent ]]; then
		found=intent
	elif [[ $now == "$new" ]]; then
		found=new
	elif [[ -n $between ]] && is_beside "$between"; then
		found=between
	elif [[ -f repo/.peipkg-repo/pruned ]] && is_beside "$new"; then
		found=pruned
	elif [[ -z $between ]] && is_beside "$old"; then
		found=old
	fi
}

# Whatever happened, the repository is the old or the new one, or says that a change waits
# to be finished; and the next change works. Once for each state.
settle() {
	local state
	now=$(snapshot repo)
	find_state
	state=$now$(cd repo/.peipkg-repo && find . -path ./stage -prune -o -type f \
		-exec sha256sum '{}' +)
	[[ -z ${settled[$state]-} ]] || return 0
	settled[$state]=$found
	[[ $found != intent || ${disturbance[*]} == -x ]] || index_is_of_one_generation
	settle_by_verify
	settle_by_next_change
}

index_is_of_one_generation() {
	local index
	index=$(grep '  ./index/' <<<"$now")
	[[ "$old$between$new" == *"$index"* ]]
}

settle_by_verify() {
	run_apart timeout 60 peipkg-repo verify --repo repo --timestamp "$(at 23)"
	if [[ $found == intent ]]; then
		assert_equal "$status" 1
		assert_regex "$stderr" '^FAIL: interrupted [a-z-]+: the next command that changes the repository finishes it'
	else
		assert_equal "$status $output" '0 OK'
	fi
}

settle_by_next_change() {
	local expected=$beyond
	local -a command=("${next[@]}")
	if [[ $found == old || -n $between && $found != new ]]; then
		command=("${change[@]}") expected=$new
	fi
	((${#disturbance[@]} == 0)) ||
		command=(disturb "${disturbance[@]}" "$PWD/repo" "${command[@]}")
	run_apart timeout 60 "${command[@]}"
	assert_success
	[[ $found != intent ]] || assert_regex "$stderr" ': finishing an interrupted '
	diff <(echo "$expected") <(snapshot repo)
	assert_equal "$(ls repo/.peipkg-repo)" $'lock\nprevious'
}

# assert_settled STATE...: these were met, and no others.
assert_settled() {
	assert_equal "$(printf '%s\n' "${settled[@]}" | sort -u)" "$(printf '%s\n' "$@")"
}

# kill_at_every_step [CONDITION]
kill_at_every_step() {
	local at
	list_steps "${1-!hidden}"
	for at in "${steps[@]}"; do
		disturbed -n "$at" -k
		assert_equal "$outcome" 137
		settle
	done
}

# fail_at_every_step CONDITION
fail_at_every_step() {
	local at error
	list_steps "$1"
	for at in "${steps[@]}"; do
		error=EIO
		((at % 2 == 0)) || error=ENOSPC
		disturbed -n "$at" -e "$error"
		[[ $step == remove* || ! -e repo/.peipkg-repo/stage ]]
		settle
		if ((outcome == 0)); then
			assert_equal "$found" new
		else
			assert_equal "$outcome" 1
			[[ -s said ]]
		fi
	done
}

# power_loss OPTION...: the states that there may be of the change, in `states`.
power_loss() {
	record
	"$BATS_TEST_DIRNAME/power-loss" "$@" log "$before" "$PWD/repo" states
}

survive_power_loss() {
	local state
	power_loss
	for state in states/*; do
		begin "$state"
		settle
	done
}

@test "peipkg-repo publish: killed at every step" {
	need_disturb
	publish_packages
	kill_at_every_step
	assert_settled new old
}

@test "peipkg-repo publish: every step fails once" {
	need_disturb
	publish_packages
	fail_at_every_step '!(hidden && $1 == "remove")'
	assert_settled new old
}

@test "peipkg-repo publish: calls of all its programs fail" {
	local number
	need_inject
	publish_packages
	begin "$before"
	list_calls 199 "${change[@]}"
	for number in "${numbers[@]}"; do
		begin "$before"
		injected "$number" "${change[@]}"
		! reads_script || continue
		((outcome == 1)) || assert_equal "$call: $outcome $(snapshot repo)" "$call: 0 $new"
		settle
		((outcome != 0)) || assert_equal "$found" new
	done
}

@test "peipkg-repo publish: new packages that cannot be listed" {
	publish_packages
	begin "$before"
	before_real find <<-'END'
		[[ $1 != -L ]] || { echo "find: $2: Input/output error" >&2; exit 1; }
	END
	run_apart "${change[@]}"
	assert_refused 1 'find: two/: Input/output error'
	assert_equal "$(snapshot repo)" "$old"
}

@test "peipkg-repo publish: new packages that find passes over" {
	publish_packages
	begin "$before"
	before_real find <<-'END'
		[[ $1 != -L ]] || { echo >>"$work/listed"; (($(wc -l <"$work/listed") != silent)) || exit 0; }
	END
	export silent
	for silent in 1 2; do
		rm -f listed
		run_apart "${change[@]}"
		assert_refused 1 'peipkg-repo: the packages are others than a moment ago'
		assert_equal "$(wc -l <listed)" 2
	done
	silent=0
	settle
	assert_equal "$found" old
}

@test "peipkg-repo publish: the power goes between any two steps" {
	need_disturb
	publish_packages
	survive_power_loss
	assert_settled new old
}

# Otherwise the tests of a power loss would prove nothing.
@test "peipkg-repo publish: a disk that forgets syncs breaks it" {
	local state broken=0
	need_disturb
	publish_packages
	power_loss --no-syncs
	for state in states/*; do
		run timeout 60 peipkg-repo verify --repo "$state" --timestamp "$(at 23)"
		((status == 0)) || broken=$((broken + 1))
	done
	((broken > 10))
}

@test "peipkg-repo add-key: killed at every step" {
	need_disturb
	add_key
	kill_at_every_step
	assert_settled intent new old
}

@test "peipkg-repo add-key: killed again while it is finished" {
	need_disturb
	finish_add_key
	kill_at_every_step '!hidden && !finished'
	assert_settled between intent new
}

@test "peipkg-repo rotate-key: every step fails once" {
	need_disturb
	rotate_key
	fail_at_every_step '!hidden || late && $1 ~ "rename|sync|write"'
	assert_settled intent new old
}

@test "peipkg-repo add-key: the power goes between any two steps" {
	need_disturb
	add_key
	survive_power_loss
	assert_settled intent new old
}

@test "peipkg-repo prune-prerelease: killed at every step" {
	need_disturb
	prune
	kill_at_every_step
	assert_settled new old pruned
}

@test "peipkg-repo prune-prerelease: the power goes between any two steps" {
	need_disturb
	prune
	survive_power_loss
	assert_settled new old pruned
}

# What differs is in bash alone.
skip_sanitized() {
	[[ $ASAN_OPTIONS != *exitcode* ]] || skip 'the filters do the same where names can be exchanged'
}

@test "peipkg-repo publish: killed at every step where names cannot be exchanged" {
	skip_sanitized
	need_disturb
	disturbance=(-x)
	publish_packages
	record
	assert_equal "$(grep -v '^published\|^  +' said)" \
		"peipkg-repo: $PWD/repo: no exchange in one step here: index/ is replaced file by file"
	kill_at_every_step
	assert_settled intent new old
}

@test "peipkg-repo publish: every step fails once where names cannot be exchanged" {
	skip_sanitized
	need_disturb
	disturbance=(-x)
	publish_packages
	fail_at_every_step '!hidden || late && $1 ~ "rename|sync|write"'
	assert_settled intent new old
}

@test "peipkg-repo publish: the power goes where names cannot be exchanged" {
	need_disturb
	disturbance=(-x)
	publish_packages
	survive_power_loss
	assert_settled intent new old
}

# A publish from `first` into a directory beside it, in place of the change in repo.
publish_elsewhere() {
	mkdir repo
	mv first two key.pem repo
	cp -a repo before
	old=$(snapshot repo)
	publishing=(peipkg-repo publish --in repo/first --new repo/two --sign-key repo/key.pem
		--timestamp "$(at 2)" --out repo/out)
	before=before change=("${publishing[@]}")
	begin before
	"${change[@]}"
	new=$(snapshot repo)
}

# There is nothing, or all of it; and the next run works, and sweeps.
settle_elsewhere() {
	now=$(snapshot repo | grep -v '\./\.peipkg-repo\.[A-Za-z0-9]*\(/\|$\)')
	if [[ -d repo/out ]]; then
		assert_equal "$now" "$new"
		return
	fi
	assert_equal "$now" "$old"
	"${change[@]}"
	assert_equal "$(snapshot repo)" "$new"
}

@test "peipkg-repo publish: killed at every step, elsewhere" {
	local at
	need_disturb
	publish_elsewhere
	list_steps '/\/out(\t|$)/'
	for at in "${steps[@]}"; do
		disturbed -n "$at" -k
		settle_elsewhere
	done
}

@test "peipkg-repo publish: every step fails once, elsewhere" {
	local at
	need_disturb
	publish_elsewhere
	list_steps '/^sync all/ || /\/out(\t|$)/'
	for at in "${steps[@]}"; do
		disturbed -n "$at" -e EIO
		((outcome == 1)) || assert_equal "$outcome $(snapshot repo)" "0 $new"
		[[ $step == remove* || -z $(find repo -name '.peipkg-repo.*') ]]
		settle_elsewhere
	done
}

@test "peipkg-repo publish: the power goes between any two steps, elsewhere" {
	local state
	need_disturb
	publish_elsewhere
	power_loss
	for state in states/*; do
		begin "$state"
		settle_elsewhere
	done
}

# A signal ends it, with nothing left but packages that have their place already; or, when
# the new state is on its way, comes too late.
@test "peipkg-repo publish: SIGTERM, SIGINT and SIGHUP at every step" {
	local at to number=0
	local -a signals=(TERM INT HUP)
	need_disturb
	publish_packages
	list_steps '0'
	for at in "${steps[@]}"; do
		signal=${signals[number % 3]} to=-s
		((number++ % 2 == 0)) || to=-g
		disturbed -n "$at" "$to" "$signal"
		[[ ! -e repo/.peipkg-repo/stage ]]
		settle
		if ((outcome != 0)); then
			assert_equal "$outcome" "$((128 + $(kill -l "$signal")))"
			assert_equal "$found $(tail -n 1 said)" "old peipkg-repo: interrupted by SIG$signal"
		else
			assert_equal "$found" new
		fi
	done
	assert_settled new old
}

# Fills the disk that the current directory is on, but for so many KiB.
fill_but() {
	cat /dev/zero >filling 2>/dev/null || truncate -s "-${1}K" filling
}

@test "peipkg-repo publish: a full disk" {
	local free failures=0
	mkdir small
	mount -t tmpfs -o size=2m tmpfs small || skip 'nothing can be mounted here'
	cp -a first two empty key.pem small
	cd small
	publish_packages
	for ((free = 0, outcome = 1; outcome != 0; free += 4)); do
		begin first
		fill_but "$free"
		outcome=0
		timeout 60 "${change[@]}" >../said 2>&1 || outcome=$?
		rm filling
		[[ ! -e repo/.peipkg-repo/stage ]]
		settle
		((outcome != 0)) || continue
		assert_equal "$outcome $found" '1 old'
		grep -q 'No space left on device' ../said
		failures=$((failures + 1))
	done
	assert_settled new old
	((failures > 5))
}

@test "peipkg-repo publish: a limit on the size of files" {
	local limit
	publish_packages
	for limit in 0 1; do
		for signal in --default-signal --ignore-signal; do
			begin first
			run env "$signal=XFSZ" bash -c 'ulimit -f "$1" && exec "${@:2}"' sh \
				"$limit" "${change[@]}"
			assert_failure 1
			assert_output --partial "$([[ $signal == --ignore* ]] && echo 'File too large')"
			[[ ! -e repo/.peipkg-repo/stage ]]
			settle
			assert_equal "$found" old
		done
	done
}

# An idx-join that waits for `go`, to hold a run in the middle.
hold_runs() {
	copy_programs
	replace_filter idx-join <<-END
		: >'$PWD/running'
		until [[ -e '$PWD/go' ]]; do sleep 0.02; done
		exec "\$real" "\$@"
	END
}

# start_publish HOUR NEW: in the background, its process in `started`; said in NEW.said.
start_publish() {
	publish "$@" >"$2.said" 2>&1 3>&- &
	started=$!
}

# Each package that the archive lists, as often as it does.
listed() {
	jq -r '.packages[] | "\(.name) \(.version)"' repo/index/archive.json | sort
}

@test "peipkg-repo publish: two at once, the second waits" {
	local one
	new_package three third 1.0-1
	begin first
	hold_runs
	start_publish 2 two
	one=$started
	await '[[ -e running ]]'
	start_publish 3 three
	await '[[ -s three.said ]]'
	assert_equal "$(<three.said)" "peipkg-repo: $PWD/repo: waiting for another run to finish"
	assert_equal "$(jq .index_version repo/index/archive.json)" 2
	touch go
	wait "$one"
	wait "$started"
	assert_equal "$(listed)" "$(printf '%s\n' 'hello 0.9~rc1-1' 'hello 1.0-1' 'hello 1.1-1' \
		'other 2:1.0-1' 'third 1.0-1')"
	assert_equal "$(jq .index_version repo/index/archive.json)" 4
	assert_equal "$(verify)" OK
}

@test "peipkg-repo publish: the same packages by two at once" {
	local one status=0
	begin first
	cp -a two same
	hold_runs
	start_publish 2 two
	one=$started
	await '[[ -e running ]]'
	start_publish 2 same
	await '[[ -s same.said ]]'
	touch go
	wait "$one"
	wait "$started" || status=$?
	assert_equal "$status" 1
	grep -qF 'hello_1.1-1_noarch.peipkg: in the archive already [§6.3.1]' same.said
	assert_equal "$(listed | uniq -d)" ''
	assert_equal "$(verify)" OK
}

@test "peipkg-repo publish: killed while a filter goes on, the next one waits for that" {
	local one
	begin first
	hold_runs
	start_publish 2 two
	one=$started
	await '[[ -e running ]]'
	kill -KILL "$(pgrep -P "$one")" "$one"
	wait "$one" || :
	start_publish 2 empty
	await 'grep -q "waiting for another run" empty.said'
	touch go
	wait "$started"
	assert_equal "$(listed)" $'hello 0.9~rc1-1\nhello 1.0-1'
	assert_equal "$(verify)" OK
}

@test "peipkg-repo publish: many at once" {
	local process
	local -a processes=()
	begin first
	for i in {1..6}; do
		new_package "new$i" "package$i" 1.0-1
	done
	for i in {1..6}; do
		start_publish 2 "new$i"
		processes+=("$started")
	done
	for process in "${processes[@]}"; do
		wait "$process"
	done
	assert_equal "$(listed)" "$(printf '%s\n' 'hello 0.9~rc1-1' 'hello 1.0-1' package{1..6}' 1.0-1')"
	assert_equal "$(jq .index_version repo/index/archive.json)" 8
	assert_equal "$(verify)" OK
}

# The hashes of the documents and signatures that belong together, a line.
generation() {
	sha256sum repo/index/{active,archive}.json{,.sig} | cut -d ' ' -f 1 | paste -d ' ' - - - -
}

# start_reader PAUSE NAME: what it reads into NAME.reads, what is wrong into NAME.told.
start_reader() {
	timeout 500 "$BATS_TEST_DIRNAME/read-generations" repo "$1" end \
		>"$2.reads" 2>"$2.told" 3>&- &
	readers+=("$!")
}

# Readers pause between two files, so that they meet exchanges.
@test "peipkg-repo publish: what readers of the open index/ get meanwhile" {
	local i reader new count reads=0 exchanged=0
	local -a readers=()
	for ((i = 10; i <= publications; i += 10)); do
		new_package "new$i" "package$i" 1.0-1
	done
	begin first
	generation >generations
	start_reader 0.05 slow
	start_reader 0.01 fast
	for ((i = 1; i <= publications; i++)); do
		new=empty
		((i % 10 != 0)) || new=new$i
		publish 2 "$new" >/dev/null
		generation >>generations
	done
	: >end
	wait "${readers[@]}"
	assert_equal "$(sort -u generations | wc -l)" "$((publications + 1))"
	assert_equal "$(sort -u ./*.reads | comm -23 - <(sort generations))" ''
	for reader in slow fast; do
		assert_equal "$(head -n -1 "$reader.told")" ''
		read -r count met _ <<<"$(tail -n 1 "$reader.told")"
		reads=$((reads + count)) exchanged=$((exchanged + met))
	done
	((reads >= publications && exchanged >= publications / 10))
}
