#!/usr/bin/env bats

load helper

# The lines of README.md that are commands: indented, some with a prompt.
readme_commands() {
	sed -n '/^## A package, by hand/,/^What `peipkg-build`/ s/^    //p' "$project/README.md"
	sed -n '/^## A repository/,/^Keys change/ s/^    //p' "$project/README.md"
	sed -n '/^## An audit/,/^## The programs/ { s/^    \$ //p; s/^    > //p; }' \
		"$project/README.md"
}

@test "README: package, repository and audit do what they show" {
	mkdir "$BATS_TEST_TMPDIR/checkout"
	cd "$BATS_TEST_TMPDIR/checkout"
	cp -R "$project/recipes-example" .
	readme_commands >"$BATS_TEST_TMPDIR/commands"
	run bash -eo pipefail "$BATS_TEST_TMPDIR/commands"
	assert_success
	assert_line "$PWD/packages/today_1.0-1_noarch.peipkg"
	assert_line today
	assert_line 'Signature Verified Successfully'
	assert_line 'published index_version 2 (1 new packages)'
	assert_line OK
	assert_line /p/today/1.0-1/today_1.0-1_noarch.peipkg
}

@test "README: every program has its line and its page" {
	for program in "$project"/bin/* "$project"/filters/*.c "$project"/filters/*.cc; do
		[[ $program != *.[1-8] ]] || continue
		name=${program##*/}
		name=${name%.c*}
		grep -q "\[$name\]([a-z]*/$name\.1)" "$project/README.md"
	done
	grep -o '](\(bin\|filters\)/[^)]*)' "$project/README.md" | tr -d '])(' |
		while IFS= read -r page; do
			assert_file_exists "$project/$page"
		done
}
