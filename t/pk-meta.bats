#!/usr/bin/env bats

load helper
load package

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	openssl genpkey -algorithm ed25519 -out key.pem
	new_tree
	describe_tree
	tar_tree >unsigned.tar
	sign_archive key.pem <unsigned.tar >signed.tar
	compress <unsigned.tar >unsigned.peipkg
	compress <signed.tar >signed.peipkg
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

# refuses MESSAGE [OPTION]: a package on standard input.
refuses() {
	run_apart pk-meta "${@:2}"
	assert_output ''
	assert_refused 1 "pk-meta: $1"
}

# Entries of an archive, from GNU tar's listing and its files.json. GNU tar escapes what is
# not printable, and backslashes.
entries_of() {
	tar -xOf "$1" .peipkg/files.json >files.json
	tar --quoting-style=escape -tvf "$1" | awk '$6 !~ /^\.peipkg\//' |
		perl -pe 's/^(.)\S* \S+ +(\d+) \S+ \S+ //; $_ = "$1\t$2\t$_"' |
		jq -Rc --slurpfile files files.json '
			($files[0].entries | map({key: .path, value: .hash}) | from_entries) as $hashes
			| split("\t") as [$type, $size, $name]
			| ($name | split(" -> ")) as [$path, $target]
			| {path: ($path | rtrimstr("/")), type: {"-": "file", d: "dir", l: "link"}[$type],
				size: (if $type == "-" then $size | tonumber else null end), target: $target, hash: $hashes[$path]}
			| with_entries(select(.value != null))'
}

@test "pk-meta: manifest, files.json and signature as GNU tar takes them out" {
	for package in signed.peipkg "$VECTORS"/packages/*/expected/*.peipkg; do
		[[ -e $package ]] || continue
		zstd -qdc "$package" >archive.tar
		tar -xOf archive.tar .peipkg/manifest.json >expected
		run_apart pk-meta <"$package"
		assert_success
		assert_equal "$stderr" ''
		pk-meta <"$package" | cmp - expected
		tar -xOf archive.tar .peipkg/files.json >expected
		pk-meta -f <"$package" | cmp - expected
		tar -xOf archive.tar .peipkg/signature >expected
		pk-meta -s <"$package" | cmp - expected
	done
}

@test "pk-meta: payload entries" {
	pk-meta -l <signed.peipkg >ours
	entries_of signed.tar | jq -Sc . >expected
	assert_equal "$(wc -l <expected)" 7
	jq -Sc . ours | diff -u expected -
	pk-meta -l <unsigned.peipkg | cmp - ours
}

@test "pk-meta: payload entries of the vectors" {
	need_vectors
	for package in "$VECTORS"/packages/*/expected/*.peipkg; do
		zstd -qdc "$package" >archive.tar
		entries_of archive.tar | jq -Sc . >expected
		pk-meta -l <"$package" | jq -Sc . | diff -u expected -
	done
}

@test "pk-meta: other metadata is passed over" {
	mkdir -p tree/.peipkg
	echo '{}' >tree/.peipkg/other.json
	{
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json .peipkg/other.json
		payload_names
	} | tar_names >other.tar
	compress <other.tar >other.peipkg
	pk-meta -l <other.peipkg | diff -u - <(pk-meta -l <unsigned.peipkg)
	sign_archive key.pem <other.tar | compress >other.peipkg
	pk-meta -s <other.peipkg | cmp - tree/.peipkg/signature
}

@test "pk-meta: reads no further than needed" {
	head -c 20000000 /dev/urandom >tree/usr/bin/hello
	describe_tree
	tar_tree | compress >big.peipkg
	head -c 200000 big.peipkg >part
	pk-meta <part | cmp - tree/.peipkg/manifest.json
	pk-meta -f <part | cmp - tree/.peipkg/files.json
	refuses 'standard input: the zstd frame is cut short [§3.1.3]' -s <part
	# What it was able to tell stands; only the status says that it was not all.
	run_apart pk-meta -l <part
	assert_refused 1 'pk-meta: standard input: the zstd frame is cut short [§3.1.3]'
	assert_equal "$(jq -r .path <<<"$output" | xargs)" 'usr usr/bin usr/bin/hello'
	# A writer that does not end.
	mkfifo endless
	exec 9<>endless
	cat part >&9 &
	timeout 10 pk-meta <endless | cmp - tree/.peipkg/manifest.json
	kill $!
}

@test "pk-meta: an unsigned package has no signature" {
	refuses 'standard input: not signed [§5.1.7]' -s <unsigned.peipkg
}

@test "pk-meta: documents that are none" {
	echo '{"name":}' >tree/.peipkg/manifest.json
	echo '[1,' >tree/.peipkg/files.json
	printf '%s\0' .peipkg/manifest.json .peipkg/files.json | tar_names | compress >bad.peipkg
	refuses '.peipkg/manifest.json: byte 9: not a value [§1.3]' <bad.peipkg
	refuses '.peipkg/files.json: byte 5: cut short [§1.3]' -f <bad.peipkg
	refuses '.peipkg/files.json: byte 5: cut short [§1.3]' -l <bad.peipkg
	: >tree/.peipkg/manifest.json
	printf '%s\0' .peipkg/manifest.json .peipkg/files.json | tar_names | compress >bad.peipkg
	refuses '.peipkg/manifest.json: byte 1: cut short [§1.3]' <bad.peipkg
	edit .peipkg/manifest.json size=00100000001 <unsigned.tar | compress >big.peipkg
	refuses '.peipkg/manifest.json: over 16777216 bytes [§3.2.7]' <big.peipkg
	edit .peipkg/signature size=00000200001 <signed.tar | compress >big.peipkg
	refuses '.peipkg/signature: over 65536 bytes [§3.2.7]' -s <big.peipkg
}

@test "pk-meta: garbage, empty and truncated input" {
	for option in '' -f -l -s; do
		# shellcheck disable=SC2086 # no option, or one
		{
			refuses 'standard input: empty, no zstd frame [§3.1.3]' $option </dev/null
			refuses 'standard input: a bare tar, not zstd [§3.1.3]' $option <signed.tar
			refuses 'standard input: not zstd [§3.1.3]' $option <key.pem
			yes | head -c 10240 | compress >garbage
			refuses 'checksum not written as 6 octal digits [§3.1.4]' $option <garbage
			head -c 1024 /dev/zero | compress >zeros
			refuses 'no manifest.json or no files.json [§3.2.2]' $option <zeros
		}
	done
	for ((size = 0; size < $(stat -c %s signed.peipkg); size += 23)); do
		head -c "$size" signed.peipkg >part
		for option in -l -s; do
			if pk-meta "$option" <part >out 2>messages; then
				fail "$size bytes were taken"
			fi
			assert_equal "$(wc -l <messages)" 1
		done
	done
}

@test "pk-meta: names with quotes, backslashes in targets and the like are escaped" {
	edit usr/bin/link 'name=usr/bin/l"k"' <unsigned.tar | compress >quoted.peipkg
	run_apart pk-meta -l <quoted.peipkg
	assert_success
	assert_equal "${lines[3]}" \
		'{"path":"usr/bin/l\"k\"","type":"link","target":"../share/doc/README"}'
	edit usr/bin/hello 'name=usr/bin/h\x0allo' <unsigned.tar | compress >newline.peipkg
	run_apart pk-meta -l <newline.peipkg
	assert_refused 1 'pk-meta: usr/bin/h\x0allo: control character [§3.2.6]'
}

@test "pk-meta: a full disk and a closed pipe are errors" {
	for option in '' -f -l -s; do
		run_apart bash -c "pk-meta $option <signed.peipkg >/dev/full"
		assert_refused 1 'pk-meta: standard output: No space left on device'
		run_apart bash -c "pk-meta $option <signed.peipkg >&-"
		assert_refused 1 'pk-meta: standard output: Bad file descriptor'
		run_apart bash -c "set -o pipefail; { sleep 0.2; pk-meta $option <signed.peipkg; } | true"
		assert_refused 1 'pk-meta: standard output: Broken pipe'
	done
	run_apart bash -c 'pk-meta <&-'
	assert_refused 1 'pk-meta: standard input: Bad file descriptor'
}

@test "pk-meta: usage" {
	for options in -fl -fs -ls '-f -f'; do
		# shellcheck disable=SC2086 # several options
		run_apart pk-meta $options <signed.peipkg
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" 'pk-meta: -f, -l and -s exclude each other'
	done
	run_apart pk-meta signed.peipkg
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'pk-meta: the package comes on standard input'
	run_apart pk-meta --help
	assert_success
	assert_output --partial 'usage: pk-meta'
}

@test "pk-meta: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/pk-meta.1"
}
