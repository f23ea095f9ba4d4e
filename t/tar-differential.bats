#!/usr/bin/env bats

# What pk-verify accepts is extracted the same by GNU tar and by bsdtar.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# extracts_alike FILE...: all of them, in one run; what it says of how many, in $output.
extracts_alike() {
	run "$BATS_TEST_DIRNAME/extracts-alike" "$@"
	assert_success
}

# How many were "accepted" or "refused".
count() {
	grep -oE "[0-9]+ $1" <<<"$output" | cut -d' ' -f1
}

@test "tar: archives with something odd in them" {
	mkdir variants
	"$BATS_TEST_DIRNAME/tar-variants" variants >list
	zstd -q --no-check --rm variants/*.tar
	extracts_alike variants/*.zst
	[[ $(count accepted) -ge 150 ]]
	[[ $(count refused) -ge 300 ]]
	assert_equal $(($(count accepted) + $(count refused))) "$(wc -l <list)"
}

@test "tar: packages that a fuzz harness makes of its corpus, or of all that it has kept" {
	inputs=("$BATS_TEST_DIRNAME"/fuzz/corpus/{package,container}/*)
	if [[ -n ${EVERY_STEP-} ]]; then
		shopt -s nullglob
		inputs+=("$project"/build/fuzz/{package,container}.corpus/*)
	fi
	for number in "${!inputs[@]}"; do
		"$project/${BUILD:-build}/t/fuzz-package" <"${inputs[number]}" >"$number.peipkg"
	done
	extracts_alike ./*.peipkg
	[[ $(count accepted) -ge 5 ]]
	[[ $(count refused) -ge 1 ]]
}

@test "tar: a difference shows" {
	mkdir variants
	"$BATS_TEST_DIRNAME/tar-variants" variants >list
	zstd -q --no-check variants/0001.tar
	# Extractors that leave something out, or add it.
	mkdir bin
	for extractor in tar bsdtar; do
		printf '#!/bin/sh\nexec %s --exclude=README "$@"\n' "$(command -v $extractor)" >bin/$extractor
		chmod +x bin/$extractor
		PATH=$PWD/bin:$PATH run "$BATS_TEST_DIRNAME/extracts-alike" variants/0001.tar.zst
		assert_failure
		assert_line --partial 'usr/share/doc/README: is missing'
		assert_line --partial '1 differing'
		rm bin/$extractor
	done
}
