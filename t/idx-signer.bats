#!/usr/bin/env bats

load helper
load package
load repository

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl genpkey -algorithm ed25519 -out other.pem
	new_package packages alpha 1.0-1
	key=other.pem new_package packages libstdc++ 1:0.1-1 x86_64
	mkdir -p tree/etc
	describe_tree '.name = "unsigned"'
	tar_tree | compress >packages/unsigned_1.0-1_x86_64.peipkg
	local name version architecture
	while read -r name version architecture; do
		printf '{"name":"%s","version":"%s","architecture":"%s",' "$name" "$version" "$architecture"
		printf '"size_compressed":1,"hash":{"algorithm":"sha256","value":"%064d"},' 0
		printf '"url":"/p/%s/%s/%s_%s_%s.peipkg"}\n' "$name" "$version" "$name" "$version" "$architecture"
	done >entries <<-'END'
		alpha 1.0-1 noarch
		libstdc++ 1:0.1-1 x86_64
		unsigned 1.0-1 x86_64
	END
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	cat >expected <<-END
		$(fingerprint_of key.pem)  alpha_1.0-1_noarch.peipkg
		$(fingerprint_of other.pem)  libstdc++_1:0.1-1_x86_64.peipkg
		-  unsigned_1.0-1_x86_64.peipkg
	END
}

# refuses MESSAGE: the alpha in packages; the others come through.
refuses() {
	run_apart timeout 20 idx-signer -C packages <entries
	assert_equal "$stderr" "idx-signer: alpha_1.0-1_noarch.peipkg: $1"
	assert_output "$(sed 1d expected)"
	assert_equal "$status" 1
}

@test "idx-signer: who signed which, in the order of the entries" {
	for jobs in 1 2 5; do
		run_apart idx-signer -j "$jobs" -C packages <entries
		assert_success
		assert_output "$(<expected)"
		assert_equal "$stderr" ''
	done
	tac entries | gzip | idx-signer -C packages | cmp - <(tac expected)
	mkdir -p repo/p/alpha/1.0-1 repo/p/libstdc++/1:0.1-1 repo/p/unsigned/1.0-1
	cp packages/alpha* repo/p/alpha/1.0-1
	cp packages/lib* repo/p/libstdc++/1:0.1-1
	cp packages/unsigned* repo/p/unsigned/1.0-1
	idx-signer -r repo <entries | cmp - expected
	idx-signer -C repo/p <entries | cmp - expected
	run_apart idx-signer -C packages </dev/null
	assert_success
	assert_equal "$output$stderr" ''
}

@test "idx-signer: the vectors" {
	need_vectors
	mkdir vectors
	cp "$VECTORS"/repository/incoming/[123]/* vectors
	jq -c '.packages[]' "$VECTORS/repository/state4/index/archive.json" >entries
	idx-signer -C vectors <entries >signers
	jq -r --arg key "$(<"$VECTORS/keys/test.fingerprint")" \
		'"\($key)  \(.name)_\(.version)_\(.architecture).peipkg"' entries | diff -u - signers
}

@test "idx-signer -k: of one key only" {
	run_apart idx-signer -k "$(fingerprint_of other.pem)" -C packages <entries
	assert_success
	assert_output "$(sed -n 2p expected)"
	assert_equal "$stderr" ''
	run_apart idx-signer -k "$(printf '%064d' 0)" -C packages <entries
	assert_success
	assert_equal "$output$stderr" ''
}

@test "idx-signer: files that are not there" {
	rm packages/libstdc*
	run_apart idx-signer -C packages <entries
	assert_success
	assert_output "$(sed 2d expected)"
	assert_equal "$stderr" 'idx-signer: warning: libstdc++_1:0.1-1_x86_64.peipkg: missing in packages, there and below libstdc++/1:0.1-1 [§6.3.1]'
	mkdir repo
	sed -i '1 s|"url":"|&https://example.org|' entries
	run_apart idx-signer -r repo <entries
	assert_success
	assert_output ''
	assert_equal "$stderr" 'idx-signer: warning: libstdc++_1:0.1-1_x86_64.peipkg: missing at /p/libstdc++/1:0.1-1/libstdc++_1:0.1-1_x86_64.peipkg in repo [§6.3.1]
idx-signer: warning: unsigned_1.0-1_x86_64.peipkg: missing at /p/unsigned/1.0-1/unsigned_1.0-1_x86_64.peipkg in repo [§6.3.1]
idx-signer: warning: 1 packages are at URLs outside of repo, and not looked at'
}

@test "idx-signer: packages that cannot be read" {
	local alpha=packages/alpha_1.0-1_noarch.peipkg
	zstd -qdc "$alpha" >alpha.tar
	truncate -s -1 "$alpha"
	refuses 'the zstd frame is cut short [§3.1.3]'
	: >"$alpha"
	refuses 'empty, no zstd frame [§3.1.3]'
	head -c -512 alpha.tar | compress >"$alpha"
	refuses 'archive cut short [§3.1]'
	sed 's/"algorithm":"ed25519"/"algorithm":"ed25518"/' alpha.tar | compress >"$alpha"
	refuses 'signature envelope: algorithm: only ed25519 is known [§5.1.3]'
	rm "$alpha"
	mkfifo "$alpha"
	refuses 'no regular file'
}

@test "idx-signer: bad streams" {
	run_apart idx-signer -C packages < <(head -c -1 entries)
	assert_refused 1 'idx-signer: standard input: the last line is cut short'
	run_apart idx-signer -C packages <<<garbage
	assert_refused 1 'idx-signer: standard input: entry 1: byte 1: not a value [§1.3]'
	run_apart idx-signer -C absent <entries
	assert_refused 1 'idx-signer: absent: No such file or directory'
}

@test "idx-signer: a full disk and a closed pipe" {
	run_apart bash -c 'idx-signer -C packages <entries >/dev/full'
	assert_refused 1 'idx-signer: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; idx-signer -C packages <entries; } | true'
	assert_refused 1 'idx-signer: standard output: Broken pipe'
}

@test "idx-signer: usage" {
	local arguments
	for arguments in '' '-C . -r .' '-C . file' '-C . -j 0' '-C . -k abc' "-C . -k $(printf '%064dA' 0)" -x; do
		# shellcheck disable=SC2086 # words
		run_apart idx-signer $arguments </dev/null
		assert_equal "$status" 2
	done
	run_apart idx-signer -C . -k abc
	assert_equal "${stderr_lines[0]}" "idx-signer: -k: 'abc' is no fingerprint [§5.2.3]"
	run_apart idx-signer --help
	assert_success
	assert_output --partial 'usage: idx-signer'
}

@test "idx-signer: the examples of its page" {
	mkdir work
	cd work
	check_examples "$project/filters/idx-signer.1"
}
