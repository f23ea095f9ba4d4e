#!/usr/bin/env bats

load helper
load build
load farm

setup() {
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=$PWD
}

teardown() {
	end_farm
}

# block TEXT: the example of peipkg-farm(7) that has this line.
block() {
	awk -v line="$1" '
		/^\.Bd -literal/ { text = ""; inside = 1; next }
		/^\.Ed/ { if (found) { printf "%s", text; exit } inside = 0 }
		inside { text = text $0 "\n"; found = found || $0 == line }
	' "$project/filters/peipkg-farm.7"
}

@test "peipkg-manager: the examples of its page" {
	check_examples "$project/bin/peipkg-manager.1"
}

@test "peipkg-farm(7): the configuration, with all that is added to it" {
	block '[manager]' >config.toml
	for section in '> [http]' '> [upload]'; do
		block "$section" | sed -n '/^> END/d; s/^> //p' >>config.toml
	done
	pk-toml <config.toml | farm-config >config.json
	run pk-get manager.id upload.backend http.port <config.json
	assert_output "$(printf '%s\n' example-build-1 rclone 8080)"
}

@test "peipkg-farm(7): the least runner" {
	new_farm <<-END
		[build]
		runner = "$PWD/runner"
		sandbox = "none"
	END
	new_watched dice v1.0
	block '#!/bin/bash' >runner
	chmod +x runner
	assert_sweep 0
	assert_equal "$(published)" 'dice 1.0-1'
	verify_farm
}

@test "recipes-example: the farm's configuration and recipes" {
	cd "$project/recipes-example/farm"
	pk-toml <config.toml | farm-config >"$BATS_TEST_TMPDIR/config.json"
	for recipe in recipes/*; do
		run peipkg-build lint --recipe "$recipe/peipkg.toml"
		assert_success
		assert_output ''
		pk-toml <"$recipe/peipkg.toml" | farm-recipe -n "${recipe##*/}" |
			pk-get git >"$BATS_TEST_TMPDIR/git"
		run pk-get repository.clone_url <release.json
		assert_output "$(<"$BATS_TEST_TMPDIR/git")"
	done
}
