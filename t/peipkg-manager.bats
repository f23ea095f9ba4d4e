#!/usr/bin/env bats
# shellcheck disable=SC1003,SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a process of its own; await evals

# What the manager does with good and bad input; how it takes faults of the machine and of
# others is in peipkg-manager-faults.bats.

load helper
load package
load build
load repository
load farm

setup() {
	enter_workshop
	new_farm <<<'build.sandbox = "none"'
}

teardown() {
	end_farm
}

# assert_usage_error MESSAGE OPTION...
assert_usage_error() {
	run_apart manage "${@:2}"
	assert_equal "$status" 2
	assert_output ''
	assert_equal "${stderr_lines[0]}" "peipkg-manager: $1"
}

# assert_exits STATUS MESSAGE OPTION...: the last line that is said.
assert_exits() {
	run_apart timeout 60 env --default-signal peipkg-manager --config config.toml "${@:3}"
	assert_refused "$1" "peipkg-manager: $2"
}

take_webhooks() {
	add_to_recipe "$1" <<-END
		[watch]
		github_webhook = true
	END
}

# In place of what the configuration says: KEY VALUE, as TOML.
reconfigure() {
	sed -i "s|^$1 = .*|$1 = $2|" config.toml
}

@test "help and version, in every form" {
	for option in -h -help --help; do
		run_apart peipkg-manager "$option"
		assert_success
		assert_equal "${lines[0]}" \
			'usage: peipkg-manager [--config PATH] [--log-level debug|info|warn|error]'
		assert_equal "$stderr" ''
	done
	for option in -version --version; do
		run_apart peipkg-manager "$option"
		assert_success
		assert_output --regexp '^peipkg-manager [0-9]+\.[0-9]+\.[0-9]+$'
	done
}

@test "wrong usage" {
	assert_usage_error "no option '--nonsense'" --nonsense
	assert_usage_error "no option '-x'" -x
	assert_usage_error "no operand is wanted: 'more'" --once more
	assert_usage_error "--config: a value is wanted" --config
	assert_usage_error "--once: takes no value" --once=yes
	assert_usage_error "--log-level: debug, info, warn or error is wanted, not 'loud'" \
		--log-level loud
	assert_usage_error '--dry-run goes with --once' --dry-run
	assert_usage_error '--strict goes with --once' --strict
	assert_usage_error '--recipe goes with --once' --recipe hello
	assert_not_exist "$farm"
}

@test "flags with one dash or two, their values apart or behind =" {
	new_watched hello v1.0 </dev/null
	mv config.toml other.toml
	run_apart env --default-signal peipkg-manager -config other.toml -once -log-level=info
	assert_success
	run_apart env --default-signal peipkg-manager --config=other.toml -log-level warn --once
	assert_success
	assert_output ''
	assert_equal "$stderr" ''
	assert_equal "$(published)" 'hello 1.0-1'
}

@test "a broken configuration: all that is wrong, exit 2, nothing made" {
	sed -i 's/^manager.id/manager.idd/; s/"1h"/"1s"/' config.toml
	run_apart manage --once
	assert_equal "$status" 2
	assert_equal "$stderr" "farm-config: [manager]: id: missing or empty
farm-config: [manager]: unknown key 'idd'
farm-config: [poll]: default_interval: '1s' is less than 1m"
	echo 'x = ' >config.toml
	run_apart manage --once
	assert_equal "$status" 2
	assert_equal "${#stderr_lines[@]}" 1
	assert_equal "${stderr_lines[0]%%: *}" pk-toml
	assert_not_exist "$farm"
}

@test "what is missing or cannot be read: exit 1" {
	assert_exits 1 'nowhere.toml: cannot be read' --config nowhere.toml
	assert_exits 1 ".: cannot be read" --config .
	mv key.pem away.pem
	assert_exits 1 "$PWD/key.pem: no such key" --once
	cp away.pem.pub key.pem 2>/dev/null || cp key.pem.pub key.pem
	assert_exits 1 "$PWD/key.pem: holds a public key where a private one is wanted" --once
	echo garbage >key.pem
	run_apart manage --once
	assert_equal "$status" 1
	mv away.pem key.pem
	reconfigure manager.recipes_dir '"/nowhere"'
	assert_exits 1 '/nowhere: no readable directory' --once
	assert_not_exist "$farm"
}

@test "tools that the configuration asks for are wanted at once" {
	configure <<<'build.runner = "/nowhere/runner"'
	assert_exits 1 'no /nowhere/runner on PATH, which [build] runner needs' --once
	reconfigure build.runner '""'
	mkdir path
	for tool in "$project/${BUILD:-build}"/bin/* /usr/bin/* /bin/*; do
		[[ $tool == */@(rclone|rsync|bwrap) ]] || ln -sf "$tool" path
	done
	configure <<<'build.rebuild_check = true'
	PATH=$PWD/path assert_exits 1 'no bwrap on PATH, which [build] rebuild_check needs' --once
	reconfigure build.runner '"true"'
	PATH=$PWD/path assert_exits 1 'no bwrap on PATH, which [build] rebuild_check needs' --once
	reconfigure build.rebuild_check false
	configure <<<'upload = { backend = "rclone", remote = "there:" }'
	PATH=$PWD/path assert_exits 1 'no rclone on PATH, which [upload] backend needs' --once
	assert_not_exist "$farm"
}

@test "a webhook secret is wanted by who listens and has a recipe that takes webhooks" {
	new_watched hello v1.0 </dev/null
	free_port
	configure <<<"http.addr = \"127.0.0.1:$port\""
	assert_sweep 0
	take_webhooks hello
	assert_exits 1 '[http] webhook_secret_file is required, since hello takes webhooks'
	sed -i '/^http.addr/d' config.toml
	configure <<<"http = { addr = \"127.0.0.1:$port\", webhook_secret_file = \"$PWD/secret\" }"
	assert_exits 1 "$PWD/secret: cannot be read"
	printf ' \n\t' >secret
	assert_exits 1 "$PWD/secret: no secret in it"
}

@test "a state directory that cannot be: exit 1" {
	echo >"$farm"
	run_apart manage --once
	assert_equal "$status" 1
	rm "$farm"
	mkdir -p "$farm/repo"
	echo >"$farm/repo/something"
	assert_exits 1 "$farm/repo: no repository could be made" --once
	assert_equal "$(ls "$farm/repo")" something
}

@test "the state directory may be a link, which leads elsewhere one day" {
	new_watched hello v1.0 </dev/null
	mkdir real
	ln -s real "$farm"
	start_manager
	await 'has_logged "build + publish complete"'
	mkdir elsewhere
	ln -sfn elsewhere "$farm"
	tag hello v1.1
	kill -HUP "$manager"
	await '(($(log_lines "build + publish complete" | wc -l) == 2))'
	stop_manager
	assert_equal "$(ls elsewhere)" ''
	ln -sfn real "$farm"
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1'
	assert_sweep 0 --log-level warn
	assert_equal "$(<"$log")" ''
	verify_farm
}

@test "the first run makes the repository, builds and publishes: every line of it" {
	new_watched hello v1.0 </dev/null
	configure <<<'repo.description = "for tests"'
	assert_sweep 0
	run log_lines
	assert_output "level=INFO msg=\"recipe roster loaded\" count=1 dir=$PWD/recipes
level=INFO msg=\"peipkg-manager starting\" config=config.toml farm_id=example-farm mode=once
level=INFO msg=\"polling upstream\" recipe=hello git=$PWD/upstreams/hello
level=INFO msg=\"poll complete\" recipe=hello tags_seen=1 matches_emitted=1 skipped_below_min_version=0
level=INFO msg=\"starting build\" recipe=hello tag=v1.0 version=1.0-1 source=$PWD/upstreams/hello
level=INFO msg=\"build + publish complete\" recipe=hello version=1.0-1 outputs=hello_1.0-1_noarch.peipkg build_timestamp=$build_time
level=INFO msg=\"peipkg-manager stopped\""
	assert_well_logged
	assert_equal "$(jq -r '.repo.name, .repo.description' "$farm/repo/repo.json")" \
		$'example\nfor tests'
	package=$farm/repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg
	assert_equal "$(member "$package" usr/share/hello)" v1.0
	assert_equal "$(member "$package" .peipkg/manifest.json | jq -cS .build)" \
		"{\"farm_id\":\"example-farm\",\"source_ref\":\"git+$PWD/upstreams/hello#refs/tags/v1.0\",\"timestamp\":\"$build_time\"}"
	verify_farm
	assert_equal "$(ls -A "$farm/publish" "$farm/sources" "$farm/rejected" "$farm/spool")" \
		"$(printf '%s\n' "$farm/publish:" '' "$farm/rejected:" '' "$farm/sources:" '' "$farm/spool:" wake)"
	assert_equal "$(find "$farm/stage" -mindepth 1 -type d ! -name running)" ''
	assert_equal "$(ls -A "$TMPDIR")" ''
}

@test "a second sweep is quiet, and publishes nothing" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	before=$(snapshot "$farm/repo")
	assert_sweep 0 --log-level warn
	assert_equal "$(<"$log")" ''
	assert_equal "$(snapshot "$farm/repo")" "$before"
}

@test "a new tag is built, older ones are left alone" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	first=$(sha256sum "$farm/repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg")
	tag hello v1.1
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1'
	assert_equal "$(sha256sum "$farm/repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg")" "$first"
	assert_equal "$(log_lines 'starting build' | wc -l)" 1
	verify_farm
}

@test "an upstream whose objects have SHA-256 names" {
	GIT_DEFAULT_HASH=sha256 new_watched hello v1.0 </dev/null
	new_watched other v1.0 </dev/null
	GIT_DEFAULT_HASH=sha256 assert_sweep 0 --strict
	assert_equal "$(published)" $'hello 1.0-1\nother 1.0-1'
	assert_equal "$(member "$farm"/repo/p/hello/1.0-1/*.peipkg usr/share/hello)" v1.0
}

@test "versions are built ascending, by their order and not by their bytes" {
	new_watched hello v1.10 v1.9 v1.10-rc1 v2 v1.9.1 </dev/null
	assert_sweep 0
	run sed -n 's/.*"starting build".* version=\([^ ]*\) .*/\1/p' "$log"
	assert_output $'1.9-1\n1.9.1-1\n1.10-rc1-1\n1.10-1\n2-1'
}

@test "of several tags that give one version the first counts" {
	new_upstream hello
	tag hello v1.0 release-1.0
	new_farm_recipe hello </dev/null
	sed -i "s/^tag_pattern.*/tag_pattern = '^(?:v|release-)(.*)\$'/" recipes/hello/peipkg.toml
	assert_sweep 0
	assert_equal "$(member "$farm"/repo/p/hello/1.0-1/*.peipkg usr/share/hello)" release-1.0
	run log_lines 'tag warning'
	assert_line --partial 'level=WARN msg="tag warning" recipe=hello err='
	assert_equal "${#lines[@]}" 1
}

@test "min_version and peios_revision" {
	new_upstream hello
	tag hello v0.9 v1.0-rc1 v1.0 v1.1
	new_farm_recipe hello <<-'END'
		min_version = "1.0"
		peios_revision = 3
	END
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-3\nhello 1.1-3'
	run log_lines 'poll complete'
	assert_output 'level=INFO msg="poll complete" recipe=hello tags_seen=4 matches_emitted=2 skipped_below_min_version=2'
}

@test "recipes: links count, those without upstream load, other directories are passed over" {
	new_watched hello v1.0 </dev/null
	mv recipes/hello elsewhere
	ln -s ../elsewhere recipes/hello
	mkdir recipes/empty
	echo >recipes/file
	new_farm_recipe manual </dev/null
	sed -i '/^\[upstream\]/,$d' recipes/manual/peipkg.toml
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	run log_lines 'recipe roster loaded'
	assert_output "level=INFO msg=\"recipe roster loaded\" count=2 dir=$PWD/recipes"
	run ! has_logged level=WARN
}

@test "recipes are in the order of their names, byte by byte" {
	for name in foo.x foo foo-bar foo+ Foo foo0 föö; do
		new_farm_recipe "$name" "package$((++i))" foo </dev/null
	done
	assert_sweep 0
	assert_equal "$(jq -c .recipes "$farm/state/status.json")" \
		'["Foo","foo","foo+","foo-bar","foo.x","foo0","föö"]'
}

@test "a recipe's directory is copied with what its links lead to, unless that is nowhere" {
	new_watched hello v1.0 </dev/null
	mkdir -p elsewhere/deep recipes/hello/{empty,files}
	echo deep >elsewhere/deep/file
	echo beside >elsewhere/beside
	ln -s "$PWD/elsewhere/deep" recipes/hello/files/directory
	ln -s ../../../elsewhere/beside recipes/hello/files/beside
	ln -s me@host.123 recipes/hello/.#peipkg.toml
	ln -s missing recipes/hello/files/nowhere
	mv recipes/hello elsewhere/hello
	ln -s ../elsewhere/hello recipes/hello
	cat >>recipes/hello/build.sh <<-'END'
		cd "${0%/*}"
		{
			find . ! -name . -printf '%P %y\n' | sort
			cat files/directory/file files/beside
		} >"$DESTDIR/usr/share/hello"
	END
	assert_sweep 0 --strict
	assert_equal "$(member "$farm"/repo/p/hello/1.0-1/*.peipkg usr/share/hello)" 'build.sh f
empty d
files d
files/beside f
files/directory d
files/directory/file f
peipkg.toml f
deep
beside'
}

@test "broken recipes are left out, the others go on" {
	new_watched hello v1.0 </dev/null
	for name in one two three four; do
		new_farm_recipe "$name" "$name" hello </dev/null
	done
	echo 'x = ' >recipes/one/peipkg.toml
	add_to_recipe two <<<'unheard_of = 1'
	sed -i '/^tag_pattern/d' recipes/three/peipkg.toml
	sed -i "s/^tag_pattern.*/tag_pattern = '(a)(b)'/" recipes/four/peipkg.toml
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	for name in one two three four; do
		has_logged "level=WARN msg=\"recipe broken, left out\" recipe=$name err="
	done
	assert_well_logged
	run log_lines 'recipe roster loaded'
	assert_output --partial count=1
}

@test "a recipe that broke since the last run is left out, too" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	add_to_recipe hello <<<'unheard_of = 1'
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	has_logged 'msg="recipe roster loaded" count=0'
	run ! has_logged 'msg="build failed"'
}

@test "of two recipes that claim one package neither is built" {
	new_watched hello v1.0 </dev/null
	new_farm_recipe other hello hello </dev/null
	new_farm_recipe third third hello </dev/null
	assert_sweep 0
	assert_equal "$(published)" 'third 1.0-1'
	has_logged $'level=WARN msg="recipe broken, left out" recipe=other err="package hello is hello\'s, too"'
	assert_sweep 0 --recipe hello
	assert_equal "$(published)" 'third 1.0-1'
}

@test "names of recipes may hold what shells read otherwise" {
	new_upstream up
	tag up v1.0
	names=('a b' 'c$(touch pwned)' 'd]=1' 'e*' $'f"\'`id`' 'g;h' '#i' 'j%n' 'k\x')
	for i in "${!names[@]}"; do
		new_farm_recipe "${names[i]}" "package$i" up </dev/null
		take_webhooks "${names[i]}"
	done
	assert_sweep 0
	assert_equal "$(published | wc -l)" "${#names[@]}"
	assert_well_logged
	has_logged 'recipe="a b"'
	has_logged 'recipe="f\"'
	assert_not_exist pwned
	assert_not_exist "$farm/pwned"
	jq -e '.recipes | length == 9' "$farm/state/status.json"
	mkdir "recipes/$(printf 'l\001')" recipes/m@n
	cp recipes/e\*/* "recipes/$(printf 'l\001')"
	cp recipes/e\*/* recipes/m@n
	assert_sweep 0
	assert_equal "$(log_lines 'recipe broken, left out' | wc -l)" 2
	assert_well_logged
}

@test "a version that is published in part is not built" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	cat >>recipes/hello/peipkg.toml <<-'END'

		[[package]]
		name = "hello-doc"
		architecture = "noarch"
		files = ["usr/share/doc/**"]
	END
	assert_sweep 0
	run log_lines 'published in part, not built'
	assert_output --partial 'level=WARN msg="published in part, not built" recipe=hello version=1.0-1'
	assert_equal "$(log_lines 'starting build')" ''
}

@test "only the recipes that --recipe names" {
	new_watched hello v1.0 </dev/null
	new_watched other v1.0 </dev/null
	new_watched third v1.0 </dev/null
	assert_sweep 0 --recipe hello --recipe third
	assert_equal "$(published)" $'hello 1.0-1\nthird 1.0-1'
	cp recipes/hello/peipkg.toml recipes
	for name in nowhere hello/ ../recipes/hello ./hello .; do
		assert_exits 1 "--recipe: there is no recipe $name" --once --recipe="$name"
	done
	assert_sweep 1 --recipe=
	assert_sweep 0
	assert_equal "$(log_lines 'starting build' | wc -l)" 1
}

# Every name below the farm with what would change if anything were written.
everything() {
	find recipes upstreams "$farm" -printf '%p %y %i %s %T@ %C@\n' | sort
}

@test "a dry run says what it would build, and writes nothing" {
	new_watched hello v1.0 v1.1 </dev/null
	assert_sweep 0 --dry-run
	assert_equal "$(<"$log.out")" $'would build hello 1.0-1\nwould build hello 1.1-1'
	assert_not_exist "$farm"
	assert_sweep 0
	tag hello v1.2 v1.3
	put_failure_file hello@1.2-1 1 "$((EPOCHSECONDS + 1000))" 60
	everything >before
	assert_sweep 0 --dry-run
	assert_equal "$(<"$log.out")" 'would build hello 1.3-1'
	assert_sweep 0 --dry-run --retry other
	assert_equal "$(<"$log.out")" 'would build hello 1.3-1'
	assert_sweep 0 --dry-run --retry hello@1.2-1
	assert_equal "$(<"$log.out")" $'would build hello 1.2-1\nwould build hello 1.3-1'
	everything | diff before -
	assert_well_logged
	start_manager
	assert_sweep 0 --dry-run
	stop_manager
}

# put_failure_file RECIPE@VERSION FAILURES TIME STEP
put_failure_file() {
	printf '%s\n' "${@:2}" >"$farm/state/failures/$1"
}

# A recipe whose builds fail until the file "good" is there.
new_failing() {
	new_upstream "$1"
	tag "$@"
	new_farm_recipe "$1" </dev/null
	sed -i "1i [ -e '$PWD/good' ] || { echo it is broken >&2; exit 3; }" \
		"recipes/$1/build.sh"
}

@test "a build that fails waits on disk, longer each time" {
	new_failing hello v1.0
	new_watched other v1.0 </dev/null
	assert_sweep 0
	run log_lines 'build failed'
	assert_output --regexp '^level=ERROR msg="build failed" recipe=hello version=1\.0-1 err="exit status 1: .*" next_retry_after=1m0s$'
	assert_equal "$(published)" 'other 1.0-1'
	assert_equal "$(wc -l <"$farm/state/failures/hello@1.0-1")" 3
	jq -e '.failures["hello@1.0-1"] | .failures == 1 and
		(.next_retry | fromdate) > now + 30' "$farm/state/status.json"
	grep -q 'it is broken' "$farm/logs/hello/1.0-1.log"
	assert_sweep 0
	assert_equal "$(log_lines 'starting build')" ''
	n=1
	for step in 5m0s 15m0s 1h0m0s 6h0m0s 24h0m0s 24h0m0s; do
		put_failure_file hello@1.0-1 "$n" 1000 60
		assert_sweep 0
		run log_lines 'build failed'
		assert_output --regexp " next_retry_after=$step\$"
		n=$((n + 1))
		assert_equal "$(head -n 1 "$farm/state/failures/hello@1.0-1")" "$n"
	done
	touch good
	put_failure_file hello@1.0-1 7 1000 60
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-1\nother 1.0-1'
	assert_not_exist "$farm/state/failures/hello@1.0-1"
}

@test "failures of what is gone are forgotten" {
	new_failing hello v1.0 v1.1
	new_failing hello-more v1.0
	new_failing other v1.0
	assert_sweep 0
	assert_equal "$(jq -c '.failures | keys' "$farm/state/status.json")" \
		'["hello-more@1.0-1","hello@1.0-1","hello@1.1-1","other@1.0-1"]'
	git -C upstreams/hello tag -d v1.0
	assert_sweep 0
	for directory in due failures; do
		assert_equal "$(ls "$farm/state/$directory")" $'hello-more@1.0-1\nhello@1.1-1\nother@1.0-1'
	done
	rm -r recipes/hello
	assert_sweep 0
	assert_equal "$(jq -c '.failures | keys' "$farm/state/status.json")" \
		'["hello-more@1.0-1","other@1.0-1"]'
	assert_equal "$(ls "$farm/state/due")" $'hello-more@1.0-1\nother@1.0-1'
	# What is built already waits for its publication, and no longer than it has to.
	touch good
	assert_sweep 0 --retry
	echo garbage >"$farm/repo/index/archive.json.sig"
	for name in hello-more other; do
		tag "$name" v1.1
	done
	assert_sweep 0
	for name in hello-more other; do
		put_failure_file "$name@1.1-1" 3 "$EPOCHSECONDS" 900
	done
	rm -r recipes/hello-more
	git -C upstreams/other tag -d v1.1
	assert_sweep 0
	assert_equal "$(jq -c '.failures | map_values(.failures)' "$farm/state/status.json")" \
		'{"hello-more@1.1-1":3,"other@1.1-1":3}'
}

@test "--retry ends waits: all, those of a recipe, that of a version" {
	new_failing hello v1.0 v1.1
	new_failing other v1.0
	assert_sweep 0
	assert_sweep 0 --retry hello@1.1-1
	assert_equal "$(log_lines 'starting build' | sed 's/ source.*//')" \
		'level=INFO msg="starting build" recipe=hello tag=v1.1 version=1.1-1'
	assert_sweep 0 -retry=hello
	assert_equal "$(log_lines 'starting build' | wc -l)" 2
	assert_sweep 0 --retry
	assert_equal "$(log_lines 'starting build' | wc -l)" 3
	touch good
	manage --retry
	assert_equal "$(find "$farm/state/failures" "$farm/spool" -type f)" ''
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1\nother 1.0-1'
}

@test "trees of failed builds are kept, so many" {
	configure <<<'build.keep_failed = 2'
	new_failing hello v1.0 v1.1 v1.2
	assert_sweep 0
	assert_equal "$(find "$farm/rejected/failed" -mindepth 2 -maxdepth 2 | wc -l)" 2
	sed -i 's/^build.keep_failed.*/build.keep_failed = 0/' config.toml
	assert_sweep 0 --retry
	assert_equal "$(find "$farm/rejected/failed" -mindepth 1 | wc -l)" 0
}

@test "--strict: what fails makes the run fail" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0 --strict
	new_failing other v1.0
	assert_sweep 1 --strict
	assert_sweep 0 --strict
	rm -r recipes/other
	tag hello v1.1
	mv upstreams/hello upstreams/away
	assert_sweep 0
	assert_sweep 1 --strict
	mv upstreams/away upstreams/hello
	mkdir "$farm/publish/bad@1-1"
	echo garbage >"$farm/publish/bad@1-1/bad_1-1_noarch.peipkg"
	assert_sweep 1 --strict
	configure <<<'upload = { backend = "command", remote = "false" }'
	assert_sweep 1 --strict
	has_logged 'msg="upload failed"'
}

@test "what the log says cannot be forged" {
	cat >say <<-END
		share=$project/${BUILD:-build}/share/peipkg-tools program=test
		. "\$share/common.sh"
		. "\$share/farm.sh"
		log INFO "\$@"
	END
	said() {
		bash say message key "$1" 2>&1 | sed 's/^time=[^ ]* level=INFO msg=message key=//'
	}
	assert_equal "$(said plain/text:1.0-1)" plain/text:1.0-1
	assert_equal "$(said '')" '""'
	assert_equal "$(said 'a b')" '"a b"'
	assert_equal "$(said 'a=b')" '"a=b"'
	assert_equal "$(said 'a"b\')" '"a\"b\\"'
	assert_equal "$(said 'a\b')" 'a\b'
	assert_equal "$(said $'a\nlevel=ERROR\t\r')" '"a\nlevel=ERROR\t\r"'
	assert_equal "$(said $'\e[31m')" '"\x1b[31m"'
	assert_equal "$(said $'a\xff\xc3')" '"a\xff\xc3"'
	assert_equal "$(said größe)" größe
	assert_equal "$(said $'gr\u00f6\u00dfe \u0085')" $'"gr\u00f6\u00dfe \\u0085"'
	assert_equal "$(bash say 'a message' k 'v=' 2>&1 | cut -d ' ' -f 2-)" \
		'level=INFO msg="a message" k="v="'
}

@test "the page has every message of the log" {
	sed -n "s/.*\\blog [A-Z]* '\([^']*\)'.*/\1/p; s/.*\\bmessage='\([^']*\)'.*/\1/p" \
		"$project"/{lib/sh,scripts/farm}/* | sort -u >messages
	sed -n '/^\.Ss The log/,/^\.Ss Secrets/{ s/^\.It Ql //p; }' "$project/bin/peipkg-manager.1" |
		sed 's/ No or Ql /\n/' | sort >page
	assert_file_contains messages '^starting build$'
	diff messages page
}

@test "levels of the log" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0 --log-level error
	assert_equal "$(<"$log")" ''
	mv upstreams/hello upstreams/away
	assert_sweep 0 --log-level warn
	run log_lines
	assert_output --regexp '^level=WARN msg="ls-remote failed" recipe=hello err="fatal: .*"$'
	assert_sweep 0 --log-level error
	assert_equal "$(<"$log")" ''
}

@test "a daemon: one for a state directory" {
	new_watched hello v1.0 </dev/null
	start_manager
	await '[[ -f $farm/repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg ]]'
	cp "$log" daemon.log
	run_apart manage
	assert_refused 1 "peipkg-manager: $farm: another manager is running"
	run_apart manage --once --log-level warn
	assert_success
	assert_equal "$output$stderr" ''
	run_apart manage --once
	assert_success
	assert_equal "${stderr#* }" \
		"level=INFO msg=\"another manager is running; nothing to do\" state_dir=\"$farm\""
	stop_manager
	assert_equal "$status" 0
	has_logged 'msg="peipkg-manager stopped"'
	has_logged 'mode=daemon'
	assert_well_logged
	verify_farm
}

@test "a daemon: --retry beside it ends waits at once" {
	new_failing hello v1.0
	start_manager
	await 'has_logged "build failed"'
	touch good
	run_apart manage --retry hello@1.0-1
	assert_success
	await 'has_logged "build + publish complete"'
	stop_manager
	assert_equal "$status" 0
}

@test "a daemon: wakes when a wait is over" {
	new_failing hello v1.0
	assert_sweep 0
	touch good
	put_failure_file hello@1.0-1 1 "$((EPOCHSECONDS - 57))" 60
	start_manager
	await 'has_logged "build + publish complete"'
	stop_manager
}

@test "SIGHUP: recipes come, go and break" {
	new_watched hello v1.0 </dev/null
	new_watched other v1.0 </dev/null
	start_manager
	await '(($(published | wc -l) == 2))'
	new_watched third v1.0 </dev/null
	tag hello v1.1
	rm -r recipes/other
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	await '[[ $(published) == *third* && $(published) == *"hello 1.1-1"* ]]'
	assert_equal "$(log_lines 'received SIGHUP; reloading recipes' | cut -d ' ' -f 1)" level=INFO
	await '[[ $(jq -c .recipes "$farm/state/status.json") == "[\"hello\",\"third\"]" ]]'
	add_to_recipe hello <<<'unheard_of = 1'
	tag hello v1.2
	: >"$log"
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged recipe=hello
	await '[[ $(log_lines "poll complete") == *recipe=hello* ]]'
	assert_equal "$(jq -c .recipes "$farm/state/status.json")" '["hello","third"]'
	await '[[ $(published) == *"hello 1.2-1"* ]]'
	stop_manager
	assert_equal "$status" 0
	verify_farm
}

@test "SIGHUP: a broken configuration leaves the old one" {
	new_watched hello v1.0 </dev/null
	start_manager
	await 'has_logged "build + publish complete"'
	cp config.toml good.toml
	cp "$farm/state/config.json" config.json
	configure <<<'nonsense = 1'
	tag hello v1.1
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged 'level=ERROR msg="configuration broken; the old one stays" config=config.toml'
	has_logged "nonsense"
	cmp "$farm/state/config.json" config.json
	await '[[ $(published) == *"hello 1.1-1"* ]]'
	cp good.toml config.toml
	reconfigure manager.id '"another"'
	configure <<<'build.jobs = 2'
	: >"$log"
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged level=WARN
	assert_equal "$(jq -c '[.manager.id, .build.jobs]' "$farm/state/config.json")" \
		'["example-farm",2]'
	stop_manager
	assert_equal "$status" 0
	assert_well_logged
}

@test "SIGHUP: queued builds of a recipe that is gone are dropped" {
	new_waiting hello v1.0 v1.1 v1.2
	new_watched other v1.0 </dev/null
	start_manager
	await '[[ -e began ]]'
	mv recipes/hello away
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	touch go
	await '[[ $(published) == *other* ]]'
	stop_manager
	assert_equal "$(grep -c 'starting build.*recipe=hello' "$log")" 1
	verify_farm
}

@test "SIGTERM: what runs is finished and published, nothing new begins" {
	configure <<<'upload = { backend = "command", remote = "./remote" }'
	put_remote
	new_waiting hello v1.0 v1.1
	start_manager
	await '[[ -e began ]]'
	kill "$manager"
	touch go
	await_end
	assert_equal "$status" 0
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(tail -n 1 phases)" delete
	assert_equal "$(jq -r .index_version view.json)" 2
	verify_farm
	assert_sweep 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1'
}

@test "a second SIGTERM ends everything" {
	new_waiting hello v1.0
	start_manager
	await '[[ -e began ]]'
	kill "$manager"
	await '[[ -e $farm/stage/stop ]]'
	kill "$manager"
	await_end
	assert_equal "$status" 1
	await '[[ -z $(farm_processes "") ]]'
	touch go
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
}

@test "a build that takes long keeps its own slot, and no other" {
	configure <<<'build.jobs = 2'
	new_watched hello v1.0 v1.1 </dev/null
	sed -i "1i [ \$(cat \"\$SOURCE_DIR/input\") != v1.0 ] || until [ -e '$PWD/go' ]; do sleep 0.05; done" \
		recipes/hello/build.sh
	start_manager
	await '[[ $(published 2>/dev/null) == "hello 1.1-1" ]]'
	tag hello v1.2 v1.3
	kill -HUP "$manager"
	await '[[ $(published) == $'"'hello 1.1-1\nhello 1.2-1\nhello 1.3-1'"' ]]'
	touch go
	stop_manager
	assert_equal "$status" 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1\nhello 1.2-1\nhello 1.3-1'
}

@test "SIGINT is as SIGTERM, also for one sweep" {
	new_waiting hello v1.0 v1.1
	start_manager --once
	await '[[ -e began ]]'
	kill -INT "$manager"
	await '[[ -e $farm/stage/stop ]]'
	touch go
	await_end
	assert_equal "$status" 0
	assert_equal "$(published)" 'hello 1.0-1'
}

# serve [TOML]: the configuration gets a server on $port, with a secret.
serve() {
	free_port
	echo geheim >secret
	configure <<<"http = { addr = \"127.0.0.1:$port\", webhook_secret_file = \"$PWD/secret\" }"
}

get() {
	curl -sS --max-time 20 "http://127.0.0.1:$port$1"
}

# post CLONE_URL [SECRET]: as GitHub does; prints the status.
post() {
	printf '{"ref":"x","repository":{"clone_url":"%s"}}' "$1" >body
	signature=$(openssl dgst -sha256 -hmac "${2-geheim}" body | sed 's/.* //')
	curl -sS --max-time 20 -o answer -w '%{http_code}\n' --data-binary @body \
		-H "X-Hub-Signature-256: sha256=$signature" \
		"http://127.0.0.1:$port/webhooks/github"
}

@test "no turn of an idle daemon starts a process, or is in SIGINT's way" {
	local -i turn
	need_strace
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	for turn in {1..3}; do
		: >"$log"
		setsid env --default-signal peipkg-manager --config config.toml </dev/null >/dev/null 2>>"$log" 3>&- &
		manager=$!
		managers+=("$manager")
		await '[[ $(log_lines "poll complete") ]] && ! pgrep -P "$manager" >/dev/null'
		sleep 0.2
		strace -qq -e trace=process,signal -o calls -p "$manager" 3>&- &
		await '[[ -s calls ]] || { echo >"$farm/spool/wake"; false; }'
		for _ in {1..20}; do
			echo >"$farm/spool/wake"
			sleep 0.02
		done
		run ! grep -E 'clone|fork' calls
		for _ in {1..20}; do
			echo >"$farm/spool/wake"
		done
		kill -INT -- "-$manager"
		await_end
		assert_equal "$status" 0
	done
}

@test "/status, /healthz, /metrics and the repository" {
	serve
	new_waiting hello v1.0
	new_watched early v1.0 </dev/null
	new_failing wrong v1.0
	configure <<<'build.jobs = 4'
	start_manager
	has_logged "webhook server listening" || await 'has_logged "webhook server listening"'
	assert_equal "$(log_lines 'webhook server listening')" \
		"level=INFO msg=\"webhook server listening\" addr=127.0.0.1:$port"
	assert_equal "$(get /healthz)" ok
	await '[[ -e began ]]'
	await '[[ $(get /status | jq .builds_succeeded) == 1 ]]'
	await '[[ $(get /status | jq .failures) != null ]]'
	await '[[ $(get /status | jq -r .in_flight.recipe) == hello ]]'
	get /status >status.json
	jq -e '.farm_id == "example-farm" and .recipes == ["early", "hello", "wrong"] and
		.builds_attempted == 3 and .in_flight.version == "1.0-1" and
		.in_flight_all == [.in_flight] and (.failures | keys) == ["wrong@1.0-1"] and
		.failures["wrong@1.0-1"].failures == 1 and .index_version == 2 and
		.upload == null and ([.in_flight.started_at, .started_at, .last_poll, .last_publish,
		.failures["wrong@1.0-1"].next_retry] | all(test("^[0-9-]{10}T[0-9:]{8}Z$")))' status.json
	get /metrics | grep -qx 'peipkg_manager_builds_in_flight 1'
	touch go
	await '[[ $(get /status | jq -c "[.builds_succeeded, .in_flight]") == "[2,null]" ]]'
	get /repo/index/active.json | cmp - "$farm/repo/index/active.json"
	stop_manager
	assert_equal "$status" 0
	await '! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null'
}

@test "a webhook makes a recipe be polled at once" {
	serve
	new_watched hello v1.0 </dev/null
	take_webhooks hello
	new_watched other v1.0 </dev/null
	start_manager
	await '(($(published | wc -l) == 2))'
	await 'has_logged "webhook server listening"'
	tag hello v1.1
	tag other v1.1
	assert_equal "$(post "$PWD/upstreams/hello")" 200
	await 'has_logged "hello version=1.1-1 outputs"'
	has_logged 'level=INFO msg="webhook accepted, triggering immediate poll" recipe=hello'
	assert_equal "$(post "$PWD/upstreams/other")" 200
	await 'has_logged "webhook for unrecognised or opted-out repo"'
	assert_equal "$(post "$PWD/upstreams/hello" wrong)" 401
	has_logged 'level=WARN msg="webhook signature invalid" remote=127.0.0.1'
	stop_manager
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1\nother 1.0-1'
	assert_well_logged
}

@test "a sweep starts no server" {
	serve
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	run ! has_logged 'webhook server listening'
}

@test "indexes of a clock that was ahead grow old by their file" {
	configure <<<'repo.refresh_after = "2h"'
	peipkg-repo init --name example --sign-key key.pem --out "$farm/repo" \
		--timestamp 2099-01-01T00:00:00Z
	assert_sweep 0
	assert_equal "$(index_version)" 1
	version=1
	for age in '3 hours ago' '3 hours'; do
		touch -d "$age" "$farm/repo/repo.json"
		assert_sweep 0 --strict
		assert_sweep 0 --strict
		assert_equal "$(index_version)" "$((++version))"
	done
	assert_equal "$(jq -r .generated_at "$farm/repo/index/active.json")" 2099-01-01T00:00:00Z
	touch -d '1 hour' "$farm/repo/repo.json"
	assert_sweep 0
	assert_equal "$(index_version)" 3
}

@test "indexes that grow old are published anew" {
	configure <<<'repo.refresh_after = "2h"'
	peipkg-repo init --name example --sign-key key.pem --out "$farm/repo" \
		--timestamp "$(date -u -d '3 hours ago' +%FT%TZ)"
	assert_sweep 0
	assert_equal "$(index_version)" 2
	assert_sweep 0
	assert_equal "$(index_version)" 2
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	assert_sweep 0
	assert_equal "$(index_version)" 3
	verify_farm
}

@test "a build is told the public half of the keys it is granted, and no other is" {
	new_key granted.pem
	new_key secret.pem
	configure <<-END
		[[signing_key]]
		name = "boot"
		private = "$PWD/granted.pem"
		pubkey_env = "BOOT_KEY"
		[[signing_key]]
		name = "other"
		private = "$PWD/secret.pem"
		pubkey_env = "OTHER_KEY"
		[[grant]]
		recipe = "hello"
		inject_pubkey = ["boot"]
	END
	for name in hello other; do
		new_watched "$name" v1.0 </dev/null
		echo "echo \"\${BOOT_KEY-none} \${OTHER_KEY-none}\" >\"\$DESTDIR/usr/share/$name\"" \
			>>"recipes/$name/build.sh"
	done
	assert_sweep 0
	public=$(openssl pkey -in granted.pem -pubout -outform DER | tail -c 32 | xxd -p -c 32)
	assert_equal "$(member "$farm"/repo/p/hello/*/*.peipkg usr/share/hello)" "$public none"
	assert_equal "$(member "$farm"/repo/p/other/*/*.peipkg usr/share/other)" 'none none'
	for key in granted secret; do
		mv "$key.pem" away.pem
		assert_exits 1 "$PWD/$key.pem: no such key" --once
		mv away.pem "$key.pem"
	done
}

@test "a build in the sandbox sees no key, granted or not" {
	need_bwrap
	sed -i 's/^build.sandbox.*/build.sandbox = "bwrap"/' config.toml
	# Below a directory that the sandbox shows, if that is not /tmp.
	shown="$project/build/t $$"
	mkdir -p "$shown"
	for key in granted secret; do
		new_key "$shown/$key.pem"
		configure <<-END
			[[signing_key]]
			name = "$key"
			private = "$shown/$key.pem"
			pubkey_env = "BOOT_KEY"
		END
	done
	configure <<-END
		[[grant]]
		recipe = "hello"
		inject_pubkey = ["granted"]
	END
	new_watched hello v1.0 </dev/null
	echo "cat '$shown/granted.pem' '$shown/secret.pem' >\"\$DESTDIR/usr/share/hello\" 2>/dev/null || :" \
		>>recipes/hello/build.sh
	assert_sweep 0 --strict
	rm -r "$shown"
	assert_equal "$(member "$farm"/repo/p/hello/*/*.peipkg usr/share/hello)" ''
}

@test "submodules, when asked for; nothing of git is left in the source" {
	new_upstream part
	new_upstream hello
	git -C upstreams/hello -c protocol.file.allow=always submodule --quiet add \
		-- "$PWD/upstreams/part" sub/part
	commit_all hello
	tag hello v1.0
	new_farm_recipe hello <<<'submodules = true'
	new_farm_recipe plain plain hello </dev/null
	for name in hello plain; do
		cat >"recipes/$name/build.sh" <<-END
			mkdir -p "\$DESTDIR/usr/share"
			cd "\$SOURCE_DIR"
			find . | LC_ALL=C sort >"\$DESTDIR/usr/share/$name"
		END
	done
	assert_sweep 0
	assert_equal "$(member "$farm"/repo/p/hello/*/*.peipkg usr/share/hello)" ".
./.gitmodules
./input
./sub
./sub/part
./sub/part/input"
	assert_equal "$(member "$farm"/repo/p/plain/*/*.peipkg usr/share/plain)" ".
./.gitmodules
./input
./sub
./sub/part"
}

@test "a submodule of a far upstream cannot be a directory of this machine" {
	new_upstream part
	new_upstream hello
	git -C upstreams/hello -c protocol.file.allow=always submodule --quiet add \
		-- "$PWD/upstreams/part" part
	commit_all hello
	tag hello v1.0
	new_farm_recipe hello <<<'submodules = true'
	sed -i 's|^git = .*|git = "https://example.invalid/hello"|' recipes/hello/peipkg.toml
	git config --file gitconfig "url.$PWD/upstreams/hello.insteadOf" https://example.invalid/hello
	GIT_CONFIG_GLOBAL=$PWD/gitconfig assert_sweep 0
	run log_lines 'build failed'
	assert_output --partial "transport 'file' not allowed"
}

# The farm's key is with a command, which first does what standard input says.
sign_by_command() {
	sed -i '/^signing.key_file/d' config.toml
	{
		printf '#!/bin/sh\n'
		cat
		cat <<-END
			cat >digest.\$\$
			openssl pkeyutl -sign -inkey '$PWD/key.pem' -rawin -in digest.\$\$
			rm digest.\$\$
		END
	} >signer
	chmod +x signer
	configure <<<"signing = { sign_command = \"$PWD/signer\", public_key = \"$PWD/key.pem.pub\" }"
}

@test "a command signs" {
	sign_by_command </dev/null
	new_watched hello v1.0 </dev/null
	assert_sweep 0 --strict
	assert_equal "$(published)" 'hello 1.0-1'
	verify_farm
}

@test "a second build that differs rejects the package, keeps both, names where" {
	need_bwrap
	configure <<<'build.rebuild_check = true'
	new_watched good v1.0 </dev/null
	new_watched hello v1.0 </dev/null
	for name in good hello; do
		echo "echo same >\"\$DESTDIR/usr/share/$name-a\"" >>"recipes/$name/build.sh"
	done
	echo 'pwd >"$DESTDIR/usr/share/hello-b"; cat /proc/sys/kernel/random/uuid >"$DESTDIR/usr/share/hello-c"' \
		>>recipes/hello/build.sh
	assert_sweep 0
	assert_equal "$(published)" 'good 1.0-1'
	kept=$farm/rejected/hello@1.0-1
	assert_exist "$kept/first/hello_1.0-1_noarch.peipkg"
	assert_exist "$kept/second/hello_1.0-1_noarch.peipkg"
	run log_lines 'build failed'
	assert_output --partial 'a second build differs in usr/share/hello-'
	assert_output --partial next_retry_after=1m0s
	assert_file_contains "$kept/reason" 'differs in usr/share/hello-'
}

@test "paths that two packages bring: a warning that names both" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	new_watched other v1.0 v1.10 v1.9 </dev/null
	echo 'echo x >"$DESTDIR/usr/share/hello"' >>recipes/other/build.sh
	assert_sweep 0
	run log_lines 'path conflict'
	assert_line 'level=WARN msg="path conflict" path=usr/share/hello packages="hello other"'
	assert_equal "$(published | wc -l)" 4
	sed -i '$d' recipes/other/build.sh
	tag other v1.11
	assert_sweep 0
	assert_equal "$(log_lines 'path conflict')" ''
}

@test "dependencies that nothing meets: a warning" {
	new_watched hello v1.0 </dev/null
	sed -i '/^architecture/a dependencies = [{ name = "nowhere", constraint = ">= 2" }]' recipes/hello/peipkg.toml
	assert_sweep 0
	has_logged 'level=WARN msg="publish warning" err="hello_1.0-1_noarch: needs nowhere >= 2'
	assert_equal "$(published)" 'hello 1.0-1'
}

@test "a poisoned package among good ones is rejected alone" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	mkdir -p "$farm"/publish/{bad@1.0-1,foreign@1.0-1,good@1.0-1,more@1.0-1}
	echo garbage >"$farm/publish/bad@1.0-1/bad_1.0-1_noarch.peipkg"
	new_key other.pem
	key=other.pem new_package "$farm/publish/foreign@1.0-1" foreign 1.0-1
	new_package "$farm/publish/good@1.0-1" good 1.0-1
	new_package "$farm/publish/more@1.0-1" more 1.0-1
	assert_sweep 0
	assert_equal "$(published)" $'good 1.0-1\nhello 1.0-1\nmore 1.0-1'
	assert_equal "$(log_lines 'publish failed' | sed 's/ err=.* next/ next/')" \
		'level=ERROR msg="publish failed" recipe=bad version=1.0-1 next_retry_after=1m0s
level=ERROR msg="publish failed" recipe=foreign version=1.0-1 next_retry_after=1m0s'
	assert_exist "$farm/rejected/bad@1.0-1/bad_1.0-1_noarch.peipkg"
	assert_exist "$farm/rejected/foreign@1.0-1/reason"
	run cat "$farm"/rejected/*/reason
	refute_output --partial 'no reason given'
	assert_equal "$(ls -A "$farm/publish")" ''
	assert_equal "$(ls "$farm/state/failures")" $'bad@1.0-1\nforeign@1.0-1'
	assert_well_logged
	verify_farm
}

@test "when the repository itself is broken, outputs wait" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	cp "$farm/repo/index/archive.json.sig" good.sig
	echo garbage >"$farm/repo/index/archive.json.sig"
	assert_sweep 0
	assert_equal "$(ls "$farm/publish")" hello@1.1-1
	assert_equal "$(ls -A "$farm/rejected")" ''
	run log_lines 'publish failed'
	assert_output --regexp '^level=ERROR msg="publish failed" recipe=hello version=1.1-1 err=.* next_retry_after=1m0s$'
	built=$(sha256sum <"$farm"/publish/*/*.peipkg)
	cp good.sig "$farm/repo/index/archive.json.sig"
	assert_sweep 0 --retry
	assert_equal "$(log_lines 'starting build')" ''
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1'
	assert_equal "$(sha256sum <"$farm/repo/p/hello/1.1-1/hello_1.1-1_noarch.peipkg")" "$built"
	verify_farm
}

@test "indexes that cannot be read end no run: what is built waits" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	cp "$farm/repo/index/archive.json" archive.json
	echo garbage >"$farm/repo/index/archive.json"
	assert_sweep 1 --strict
	has_logged 'level=ERROR msg="indexes cannot be read" err="idx-split: '
	has_logged 'level=WARN msg="dedup check failed" recipe=hello err="idx-split: '
	assert_equal "$(log_lines 'starting build')" ''
	assert_well_logged
	cp archive.json "$farm/repo/index/archive.json"
	assert_sweep 0 --retry
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1'
	verify_farm
}

@test "what stands in the archive already counts as done" {
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	mkdir "$farm/publish/hello@1.0-1"
	cp "$farm/repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg" "$farm/publish/hello@1.0-1"
	mkdir "$farm/publish/empty@1.0-1"
	assert_sweep 0 --strict
	has_logged 'msg="build + publish complete" recipe=hello version=1.0-1'
	assert_equal "$(index_version)" 2
	assert_equal "$(ls -A "$farm/publish")" ''
}

# A command to upload with: notes its phases, and what it was shown last; fails in the phase
# that the file "fail" names.
put_remote() {
	cat >remote <<-END
		#!/bin/bash
		echo "\$1" >>'$PWD/phases'
		[[ ! -e '$PWD/fail' || \$(<'$PWD/fail') != "\$1" ]] || { echo it failed >&2; exit 1; }
		[[ \$1 != indexes ]] || cp "\$2/index/active.json" '$PWD/view.json'
	END
	chmod +x remote
}

@test "a command uploads, in three phases, after each publication" {
	put_remote
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	assert_sweep 0
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
	cmp view.json "$farm/repo/index/active.json"
	jq -e '.upload == {"backend": "command", "state": "done", "failures": 0}' \
		"$farm/state/status.json"
	rm phases
	assert_sweep 0
	assert_not_exist phases
	tag hello v1.1
	assert_sweep 0
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
	rm phases
	new_key next.pem
	peipkg-repo add-key --repo "$farm/repo" --timestamp "$(date -u +%FT%TZ)" \
		--sign-key key.pem --new-key next.pem.pub
	assert_sweep 0
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
}

@test "an upload has the packages wherever a template leads, and has led" {
	cat >remote <<-END
		#!/bin/bash
		[[ \$1 != packages ]] || (cd "\$2" && ls -A >'$PWD/parts' && find -L . -name '*.peipkg' -o -path '*/file' | sort) >'$PWD/seen'
	END
	chmod +x remote
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	tag hello v1.1
	configure <<-END
		repo.package_url_template = "/downloads/{name}/{filename}"
		upload = { backend = "command", remote = "$PWD/remote" }
	END
	# What is there for others, and of them.
	mkdir -p "$farm"/repo/{assets,lost+found,.well-known}
	touch "$farm"/repo/{assets,lost+found,.well-known}/file
	assert_sweep 0 --strict
	assert_equal "$(jq -r '.packages[].url' "$farm/repo/index/active.json")" \
		/downloads/hello/hello_1.1-1_noarch.peipkg
	assert_equal "$(<seen)" './downloads/hello/hello_1.1-1_noarch.peipkg
./p/hello/1.0-1/hello_1.0-1_noarch.peipkg'
	assert_equal "$(<parts)" $'downloads\nindex\nkeys\np\nrepo.json\nrepo.json.sig'
}

@test "an upload that fails is tried again, all of it, when its wait is over" {
	put_remote
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	echo indexes >fail
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(<phases)" $'packages\nindexes'
	assert_equal "$(log_lines 'upload failed')" \
		'level=ERROR msg="upload failed" err="indexes: upload-command: '"$PWD"'/remote: exit status 1" next_retry_after=1m0s'
	jq -e '.upload | .state == "pending" and .failures == 1 and .next_retry' \
		"$farm/state/status.json"
	rm phases fail
	assert_sweep 0
	assert_not_exist phases
	run_apart "$project/${BUILD:-build}/share/peipkg-tools/farm/upload" "$farm"
	assert_equal "$status" 1
	[[ $stderr =~ ' level=INFO msg="upload postponed" next_retry_after='[0-9ms]+$ ]]
	assert_not_exist phases
	printf '%s\n' 1 1000 60 >"$farm/state/upload-failure"
	assert_sweep 0
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
	assert_not_exist "$farm/state/upload-failure"
	echo packages >fail
	tag hello v1.1
	assert_sweep 0
	rm phases fail
	assert_sweep 0 --retry
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
	cmp view.json "$farm/repo/index/active.json"
}

@test "what was uploaded to one place is uploaded to the next" {
	put_remote
	new_watched hello v1.0 </dev/null
	assert_sweep 0
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	assert_sweep 0
	rm phases
	cp remote next
	sed -i 's,/remote",/next",' config.toml
	assert_sweep 0
	assert_equal "$(<phases)" $'packages\nindexes\ndelete'
}

@test "a daemon uploads what was changed beside it" {
	put_remote
	new_watched hello v1.0 </dev/null
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	start_manager
	await '[[ $(tail -n 1 phases 2>/dev/null) == delete ]]'
	rm phases
	mkdir new
	new_package new more 1.0-1
	peipkg-repo publish --in "$farm/repo" --out "$farm/repo" --new new --sign-key key.pem \
		--timestamp "$(date -u +%FT%TZ)"
	await '[[ $(tail -n 1 phases 2>/dev/null) == delete ]]'
	cmp view.json "$farm/repo/index/active.json"
	stop_manager
}

# Clients fetch packages elsewhere. Who signs notes what is kept: in front of the indexes that
# name a package it is there. What is sent ends up in "sent".
new_farm_fetched_elsewhere() {
	sign_by_command <<-END
		(cd '$farm/repo' && find p -name '*.peipkg' 2>/dev/null | sort | paste -s) >>'$PWD/kept'
	END
	cat >remote <<-END
		#!/bin/bash
		[[ \$1 != packages || ! -d \$2/p ]] || cp -RLT "\$2/p" '$PWD/sent'
	END
	chmod +x remote
	configure <<-END
		repo.package_url_template = "https://cdn.example.org/x/{arch}/{filename}"
		upload = { backend = "command", remote = "$PWD/remote" }
	END
}

@test "packages that clients fetch elsewhere are kept, and uploaded" {
	local file=p/hello/1.0-1/hello_1.0-1_noarch.peipkg
	new_farm_fetched_elsewhere
	new_watched hello v1.0 </dev/null
	assert_sweep 0 --strict
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(jq -r '.packages[].url' "$farm/repo/index/active.json")" \
		https://cdn.example.org/x/noarch/hello_1.0-1_noarch.peipkg
	assert_equal "$(sha256sum <"$farm/repo/$file")" \
		"$(jq -r '.packages[].hash.value' "$farm/repo/index/active.json")  -"
	assert_equal "$(tail -n 1 kept)" "$file"
	cmp "sent/${file#p/}" "$farm/repo/$file"
	pk-meta <"$farm/repo/$file" | cmp - "sent/hello/1.0-1/manifest.json"
	assert_equal "$(find "$farm/publish" "$farm/repo/.peipkg-repo" -name 'kept*')" ''
	# Their paths are known, too.
	rm -r "$farm/state/paths"
	new_watched other v1.0 </dev/null
	echo 'echo x >"$DESTDIR/usr/share/hello"' >>recipes/other/build.sh
	assert_sweep 0 --strict
	has_logged 'msg="path conflict" path=usr/share/hello packages="hello other"'
	verify_farm
}

@test "packages that clients fetch elsewhere: of what is refused none is kept" {
	local place
	new_farm_fetched_elsewhere
	new_watched hello v1.0 </dev/null
	assert_sweep 0 --strict
	new_key other.pem
	mkdir -p "$farm"/publish/{hello@1.0-1,foreign@1.0-1,later@1.0-1}
	key=other.pem new_package "$farm/publish/foreign@1.0-1" foreign 1.0-1
	key=other.pem new_package "$farm/publish/later@1.0-1" later 1.0-1
	# Another one than was published.
	new_package "$farm/publish/hello@1.0-1" hello 1.0-1
	# An attempt before was broken off, when it was not refused yet.
	place=$farm/repo/p/later/1.0-1
	mkdir -p "$place"
	cp "$farm/publish/later@1.0-1"/* "$place"
	echo '{}' | tee "$place/manifest.json" >"$place/files.json"
	find "$farm/repo/p/hello" -type f -exec sha256sum {} + >before
	assert_sweep 0
	assert_equal "$(ls "$farm/rejected")" $'foreign@1.0-1\nhello@1.0-1\nlater@1.0-1'
	assert_equal "$(ls "$farm/repo/p")" hello
	sha256sum --quiet -c before
	verify_farm
}

@test "a clock that was set back makes no wait longer, and no index older" {
	new_failing hello v1.0
	new_watched other v1.0 </dev/null
	assert_sweep 0
	put_failure_file hello@1.0-1 2 "$((EPOCHSECONDS + 100000))" 300
	assert_sweep 0
	jq -e '.failures["hello@1.0-1"].next_retry | fromdate < now + 301' \
		"$farm/state/status.json"
	mkdir none
	peipkg-repo publish --in "$farm/repo" --out "$farm/repo" --new none --sign-key key.pem \
		--timestamp 2035-01-01T00:00:00Z
	tag other v1.1
	assert_sweep 0
	assert_equal "$(published)" $'other 1.0-1\nother 1.1-1'
	assert_equal "$(jq -r .generated_at "$farm/repo/index/active.json")" 2035-01-01T00:00:00Z
}

@test "credentials of an upstream are in no log and no manifest" {
	new_watched hello v1.0 </dev/null
	sed -i "s|^git = .*|git = \"https://user:geheim@example.invalid/hello.git\"|" \
		recipes/hello/peipkg.toml
	git config --file gitconfig "url.$PWD/upstreams/hello.insteadOf" \
		https://user:geheim@example.invalid/hello.git
	GIT_CONFIG_GLOBAL=$PWD/gitconfig assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1'
	run grep -rl geheim "$log" "$farm/logs" "$farm/repo"
	assert_output ''
	assert_equal "$(member "$farm"/repo/p/hello/*/*.peipkg .peipkg/manifest.json |
		jq -r .build.source_ref)" 'git+https://example.invalid/hello.git#refs/tags/v1.0'
}

@test "an upstream of another owner: what git says of it" {
	((EUID == 0)) || skip 'only root can give files away'
	new_watched hello v1.0 </dev/null
	chown -R 12345 upstreams/hello
	assert_sweep 0
	run log_lines 'ls-remote failed'
	assert_output --partial safe.directory
}

@test "the steps by hand" {
	steps=$project/${BUILD:-build}/share/peipkg-tools/farm
	new_watched hello v1.0 v1.1 </dev/null
	assert_sweep 0
	tag hello v1.2
	"$steps/poll" "$farm" hello 2>"$log"
	has_logged 'msg="poll complete" recipe=hello tags_seen=3'
	"$steps/build" "$farm" hello 1.2-1 2>>"$log"
	assert_exist "$farm/publish/hello@1.2-1/hello_1.2-1_noarch.peipkg"
	"$steps/publish" "$farm" 2>>"$log"
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1\nhello 1.2-1'
	"$steps/upload" "$farm" 2>>"$log"
	assert_well_logged
	run_apart "$steps/build" "$farm" hello 1.2-1
	assert_refused 1 'build: hello@1.2-1: not due; poll hello first'
	run_apart "$steps/build" "$farm" hello
	assert_equal "$status" 2
	run_apart "$steps/poll" . hello
	assert_refused 1 "poll: .: no farm's state: state/config.json is not there"
	run_apart "$steps/publish" --help
	assert_success
	verify_farm
}

@test "the status is whole whenever it is read" {
	local reads=0
	new_watched hello v1.0 v1.1 v1.2 </dev/null
	start_manager
	await '[[ -f "$farm/state/status.json" ]]'
	until (($(published | wc -l) == 3)); do
		cat "$farm/state/status.json" >>seen
		reads=$((reads + 1))
	done
	((reads > 3))
	assert_equal "$(jq -c 'select(.farm_id == "example-farm" and has("upload"))' seen | wc -l)" "$reads"
	(($(sort -u seen | wc -l) > 1))
	stop_manager
}

@test "what is changed while it is uploaded is uploaded, too" {
	put_remote
	sed -i "2i [[ \$1 != packages || -e '$PWD/go' ]] || : >'$PWD/began'" remote
	sed -i "3i until [[ -e '$PWD/go' ]]; do sleep 0.02; done" remote
	new_watched hello v1.0 </dev/null
	configure <<<"upload = { backend = \"command\", remote = \"$PWD/remote\" }"
	start_manager
	await '[[ -e began ]]'
	mkdir new
	new_package new more 1.0-1
	peipkg-repo publish --in "$farm/repo" --out "$farm/repo" --new new --sign-key key.pem \
		--timestamp "$(date -u +%FT%TZ)"
	await 'jq -e ".index_version == 2" "$farm/state/status.json" >/dev/null'
	touch go
	await '[[ $(published | wc -l) == 2 ]]'
	await 'cmp -s view.json "$farm/repo/index/active.json"'
	stop_manager
}

@test "SIGHUP: recipes whose directory is away stay as they were" {
	new_watched hello v1.0 </dev/null
	start_manager
	await 'has_logged "build + publish complete"'
	everything_known >before
	mv recipes away
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged "level=ERROR msg=\"recipes cannot be read; the old ones stay\" dir=$PWD/recipes"
	has_logged "msg=\"recipes reloaded\" count=1 dir=$PWD/recipes"
	everything_known | diff before -
	mv away recipes
	tag hello v1.1
	kill -HUP "$manager"
	await '[[ $(published) == *"hello 1.1-1"* ]]'
	stop_manager
	assert_equal "$(jq -c .recipes "$farm/state/status.json")" '["hello"]'
	assert_well_logged
}

# reload: SIGHUP, and until the daemon has done what that asks for.
reload() {
	: >"$log"
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
}

@test "SIGHUP: without a secret that a recipe needs, a configuration is broken" {
	serve
	new_watched hello v1.0 </dev/null
	take_webhooks hello
	start_manager
	await 'has_logged "webhook server listening"'
	cp config.toml good.toml
	for said in "$PWD/nowhere: cannot be read" "$PWD/empty: no secret in it" \
		'[http] webhook_secret_file is required, since hello takes webhooks'; do
		file=${said%%: *}
		[[ $said == /* ]] || file=''
		sed "s|\"$PWD/secret\"|\"$file\"|" good.toml >config.toml
		: >empty
		reload
		has_logged "level=WARN msg=configuration err=\"peipkg-manager: $said\""
		has_logged 'level=ERROR msg="configuration broken; the old one stays" config=config.toml'
		run ! has_logged 'webhooks are refused'
		assert_equal "$(post "$PWD/upstreams/hello")" 200
	done
	sed -i '/^\[watch\]/,$d' recipes/hello/peipkg.toml
	reload
	run ! has_logged broken
	assert_equal "$(post "$PWD/upstreams/hello")" 401
	cp good.toml config.toml
	take_webhooks hello
	cp -R recipes others
	reconfigure manager.recipes_dir "\"$PWD/others\""
	rm -r recipes
	reload
	run ! has_logged 'level=[WE]'
	assert_equal "$(post "$PWD/upstreams/hello")" 200
	await 'has_logged "webhook accepted, triggering immediate poll"'
	stop_manager
	assert_well_logged
}

@test "SIGHUP: who has a package already keeps it, whatever others claim" {
	new_watched hello v1.0 </dev/null
	new_watched other v1.0 </dev/null
	new_farm_recipe brief brief hello </dev/null
	start_manager
	await '(($(published | wc -l) == 3))'
	# A newcomer, before and behind it; one that changes its mind; two that want the same.
	new_farm_recipe anew hello hello </dev/null
	new_farm_recipe zero hello hello </dev/null
	sed -i 's/"other"/"hello"/' recipes/other/peipkg.toml
	new_farm_recipe one wanted hello </dev/null
	new_farm_recipe two wanted hello </dev/null
	# Free only if the other one were not to go back to it.
	sed -i 's/"brief"/"other"/' recipes/brief/peipkg.toml
	tag hello v1.1
	tag other v1.1
	reload
	run log_lines 'recipe broken, left out'
	assert_output $'level=WARN msg="recipe broken, left out" recipe=anew err="package hello is hello\'s, too"
level=WARN msg="recipe broken, left out" recipe=two err="package wanted is one\'s, too"
level=WARN msg="recipe broken, left out" recipe=one err="package wanted is two\'s, too"
level=WARN msg="recipe broken, left out" recipe=zero err="package hello is hello\'s, too"'
	run log_lines 'recipe broken, stays as it was'
	assert_output $'level=WARN msg="recipe broken, stays as it was" recipe=other err="package hello is hello\'s, too"
level=WARN msg="recipe broken, stays as it was" recipe=brief err="package other is other\'s, too"'
	await '(($(published | wc -l) == 6))'
	assert_equal "$(published)" $'brief 1.0-1\nbrief 1.1-1\nhello 1.0-1\nhello 1.1-1\nother 1.0-1\nother 1.1-1'
	await '[[ $(jq -c .recipes "$farm/state/status.json") == "[\"brief\",\"hello\",\"other\"]" ]]'
	# A package that its recipe gives up is free for another one.
	sed -i 's/"hello"/"newer"/' recipes/hello/peipkg.toml
	sed -i 's/"hello"/"other"/' recipes/other/peipkg.toml
	rm -r recipes/anew recipes/one
	reload
	await '[[ $(jq -c .recipes "$farm/state/status.json") == "[\"brief\",\"hello\",\"other\",\"two\",\"zero\"]" ]]'
	stop_manager
	assert_sweep 0
	has_logged 'msg="recipe roster loaded" count=3 '
	assert_well_logged
}

# What a farm knows of its recipes.
everything_known() {
	find "$farm/state/recipes" -type f -exec sha256sum '{}' + | sort
}

@test "SIGHUP: a configuration that this machine cannot do leaves the old one" {
	new_watched hello v1.0 </dev/null
	start_manager
	await 'has_logged "build + publish complete"'
	cp "$farm/state/config.json" config.json
	reconfigure signing.key_file '"/nowhere/key.pem"'
	kill -HUP "$manager"
	await 'has_logged "recipes reloaded"'
	has_logged 'level=WARN msg=configuration err="peipkg-manager: /nowhere/key.pem: no such key"'
	has_logged 'level=ERROR msg="configuration broken; the old one stays" config=config.toml'
	cmp "$farm/state/config.json" config.json
	assert_equal "$(jq -c .recipes "$farm/state/status.json")" '["hello"]'
	stop_manager
}

@test "warnings are lines of the log, and of the manager that works" {
	new_watched hello v1.0 </dev/null
	reconfigure manager.id '"farm-20260506"'
	chmod 644 key.pem
	warning='level=WARN msg=configuration err="farm-config: warning: [manager]: id: '
	assert_sweep 0 --dry-run
	has_logged "$warning"
	assert_well_logged
	start_manager
	await 'has_logged "build + publish complete"'
	assert_equal "$(grep -cF "$warning" "$log")" 1
	has_logged "level=WARN msg=\"publish warning\" err=\"$PWD/key.pem: "
	assert_well_logged
	mv "$log" daemon.log
	assert_sweep 0 --log-level warn
	assert_equal "$(<"$log")" ''
	manage --retry 2>"$log"
	assert_equal "$(<"$log")" ''
	stop_manager
}

@test "credentials in a recipe are for nobody else" {
	new_upstream hello
	tag hello v1.0
	new_farm_recipe hello
	sed -i "s|^git = .*|git = \"http://user:pa@ss@127.0.0.1:1/hello\"|" recipes/hello/peipkg.toml
	sweep
	has_logged 'msg="polling upstream" recipe=hello git=http://127.0.0.1:1/hello'
	run ! grep -q 'ss@\|user' "$log"
	for place in sources stage spool state; do
		assert_equal "$(stat -c %a "$farm/$place")" 700
	done
}

@test "a recipe's name may begin and end with a blank" {
	new_watched hello v1.0 </dev/null
	mv recipes/hello 'recipes/ hello '
	assert_sweep 0 --strict
	assert_equal "$(published)" 'hello 1.0-1'
	assert_equal "$(log_lines 'build + publish complete' | cut -d ' ' -f 1-9 | grep -c '" hello "')" 1
}

@test "a failed build tells its last line, and of a long one the beginning" {
	configure <<<'build.keep_failed = 0'
	new_watched hello v1.0 </dev/null
	printf '%s\n' 'head -c 100000 /dev/zero | tr "\0" "é" >&2; exit 3' >recipes/hello/build.sh
	assert_sweep 0
	(($(log_lines 'build failed' | wc -c) < 3000))
	sed -i '/keep_failed/d' config.toml
	echo 'echo the very reason >&2; exit 3' >recipes/hello/build.sh
	assert_sweep 0 --retry
	log_lines 'build failed' | grep -q 'err="exit status 1: the very reason"'
}
