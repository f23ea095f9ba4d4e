#!/usr/bin/env bats

load helper
load package
load repository

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_key_pairs key other
	new_package . alpha 1.0-1
	new_package . libstdc++ 1:0.1-1 x86_64
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

# entry_of PACKAGE [URL]: its entry, made by GNU tar, jq, sha256sum and stat.
entry_of() {
	zstd -qdc "$1" | tar -xOf - .peipkg/manifest.json | jq -c \
		--arg url "${2-}" --arg file "${1##*/}" \
		--arg hash "$(sha256sum <"$1" | cut -d' ' -f1)" --argjson size "$(stat -c %s "$1")" '
		def empty_unless_given: with_entries(select(.value | . != null and . != ""));
		def related: . // [] | map({name, constraint, arch} | empty_unless_given);
		{name, version, architecture, description: (.description // ""),
		license: (.license // ""), homepage: (.homepage // ""),
		dependencies: (.dependencies | related),
		optional_dependencies: (.optional_dependencies | related),
		conflicts: (.conflicts | related),
		provides: (.provides // [] | map({name, version} | empty_unless_given)),
		replaces: (.replaces // [] | map({name, constraint} | empty_unless_given)),
		side_effects: (.side_effects // []), size_compressed: $size, size_installed,
		hash: {algorithm: "sha256", value: $hash},
		url: (if $url == "" then "/p/\(.name)/\(.version)/\($file)" else $url end),
		build: {timestamp: .build.timestamp, farm_id: .build.farm_id}}'
}

# refuses MESSAGE PACKAGE [OPTION...]: it alone, and nothing is written.
refuses() {
	run_apart timeout 20 idx-entry -k key.pub "${@:3}" "$2"
	assert_output ''
	assert_equal "$stderr" "idx-entry: $2: $1"
	assert_equal "$status" 1
}

# The entries of an index as they stand in it.
entries_of() {
	sed -E 's/.*"packages":\[//; s/\]\}$//
		s/\},(\{"name":"[^"]*","version":"[^"]*","architecture")/}\n\1/g' "$1"
}

@test "idx-entry: the entries of the vectors, byte for byte" {
	need_vectors
	local incoming=$VECTORS/repository/incoming key=$VECTORS/keys/test.pub.pem state publish
	idx-entry -k "$key" "$incoming"/1/* >1.entries
	idx-entry -k "$key" "$incoming"/2/* >2.entries
	idx-entry -k "$key" -T 'https://example.org/dl/{name}/{version}/{arch}/{filename}' \
		"$incoming"/3/* >4.entries
	for state in 1 2 4; do
		entries_of "$VECTORS/repository/state$state/index/archive.json" | sort >expected
		for publish in 1 2 4; do
			((publish > state)) || cat "$publish.entries"
		done | sort | diff -u expected -
	done
}

@test "idx-entry: a package by GNU tar, openssl and zstd" {
	run_apart idx-entry -k key.pub alpha_1.0-1_noarch.peipkg
	assert_success
	assert_equal "$stderr" ''
	assert_output "$(entry_of alpha_1.0-1_noarch.peipkg)"
	run_apart idx-entry -k key.pub libstdc++_1:0.1-1_x86_64.peipkg
	assert_success
	assert_output "$(entry_of libstdc++_1:0.1-1_x86_64.peipkg \
		/p/libstdc++/1:0.1-1/libstdc++_1:0.1-1_x86_64.peipkg)"
}

@test "idx-entry: canonical, however the manifest is written" {
	new_package . beta '2~rc1-3' noarch '
		.description = "Quotes \" and <tags> & é \\" | .license = "a\u0000\u0001\u2028\u2029\u007f/"
		| .homepage = "" | .replaces = null | .sd_overrides = null | .unknown = {"a": 1}
		| .dependencies = [{unknown: 1, arch: "any", constraint: ">= 1, < 2", name: "alpha"},
			{name: "gamma", constraint: "", arch: null}]
		| .optional_dependencies = [{name: "delta", constraint: "= 1"}]
		| .conflicts = [{name: "beta-old", arch: "any"}]
		| .provides = [{version: "3-1", name: "b1"}, {name: "b2", version: ""}]
		| .build.farm_id = "farm\u0000\ttab" | .build.unknown = [] | .size_installed = 13
		| {build} + . | del(.license) + {license}'
	run_apart idx-entry -k key.pub beta_2~rc1-3_noarch.peipkg
	assert_equal "$stderr" ''
	assert_success
	local hash size
	hash=$(sha256sum <beta_2~rc1-3_noarch.peipkg | cut -d' ' -f1)
	size=$(stat -c %s beta_2~rc1-3_noarch.peipkg)
	assert_output '{"name":"beta","version":"2~rc1-3","architecture":"noarch","description":"Quotes \" and <tags> & é \\","license":"a\u0000\u0001\u2028\u2029'$'\x7f''/","homepage":"","dependencies":[{"name":"alpha","constraint":">= 1, < 2","arch":"any"},{"name":"gamma"}],"optional_dependencies":[{"name":"delta","constraint":"= 1"}],"conflicts":[{"name":"beta-old","arch":"any"}],"provides":[{"name":"b1","version":"3-1"},{"name":"b2"}],"replaces":[],"side_effects":[],"size_compressed":'"$size"',"size_installed":13,"hash":{"algorithm":"sha256","value":"'"$hash"'"},"url":"/p/beta/2~rc1-3/beta_2~rc1-3_noarch.peipkg","build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm\u0000\ttab"}}'
}

@test "idx-entry: megabytes of files, hashed while they are decoded" {
	mkdir -p tree/usr/share
	for size in 0 1 65535 65536 262143 262144 262145 3000000; do
		head -c "$size" /dev/urandom >"tree/usr/share/$size"
	done
	head -c 5000000 /dev/zero >tree/usr/share/zeros
	describe_tree '.name = "large" | .architecture = "noarch"'
	tar_tree | sign_archive key.pem | compress >large_1.0-1_noarch.peipkg
	run_apart idx-entry -k key.pub large_1.0-1_noarch.peipkg
	assert_success
	assert_output "$(entry_of large_1.0-1_noarch.peipkg)"
	zstd -qdc large_1.0-1_noarch.peipkg >large.tar
	printf x | dd of=large.tar bs=1 seek=$(($(stat -c %s large.tar) - 1000000)) conv=notrunc status=none
	zstd -qc <large.tar >large_1.0-1_noarch.peipkg
	run_apart idx-entry -k key.pub large_1.0-1_noarch.peipkg
	assert_equal "$status" 1
	assert_output ''
	[[ $stderr == 'idx-entry: large_1.0-1_noarch.peipkg: usr/share/zeros: hash mismatch (computed '* ]]
}

@test "idx-entry: in the order given, as operands or from a list" {
	cp alpha_1.0-1_noarch.peipkg libstdc++_1:0.1-1_x86_64.peipkg -t "$(mkdir 'a b' && echo 'a b')"
	mkdir $'new\nline'
	new_package $'new\nline' gamma 1-1
	entry_of alpha_1.0-1_noarch.peipkg >alpha
	entry_of libstdc++_1:0.1-1_x86_64.peipkg >libstdc
	entry_of $'new\nline/gamma_1-1_noarch.peipkg' >gamma
	idx-entry -k key.pub 'a b/libstdc++_1:0.1-1_x86_64.peipkg' ./alpha_1.0-1_noarch.peipkg |
		cmp - <(cat libstdc alpha)
	printf '%s\n' alpha_1.0-1_noarch.peipkg "$PWD/a b/libstdc++_1:0.1-1_x86_64.peipkg" |
		idx-entry -k key.pub | cmp - <(cat alpha libstdc)
	printf '%s\0' libstdc++_1:0.1-1_x86_64.peipkg $'new\nline/gamma_1-1_noarch.peipkg' \
		'a b/alpha_1.0-1_noarch.peipkg' | idx-entry -k key.pub -0 |
		cmp - <(cat libstdc gamma alpha)
	ln -s ../alpha_1.0-1_noarch.peipkg 'a b/link'
	mv 'a b/link' 'a b/alpha_1.0-1_noarch.peipkg'
	idx-entry -k key.pub 'a b/alpha_1.0-1_noarch.peipkg' | cmp - alpha
}

@test "idx-entry: lists without packages, and bad ones" {
	run_apart idx-entry -k key.pub </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	run_apart idx-entry -k key.pub -0 </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	run_apart idx-entry -k key.pub <<<$'alpha_1.0-1_noarch.peipkg\n'
	assert_refused 1 'idx-entry: standard input: path 2: empty'
	assert_output ''
	run_apart idx-entry -k key.pub < <(printf 'alpha_1.0-1_noarch.peipkg')
	assert_refused 1 'idx-entry: standard input: path 1: cut short'
	run_apart idx-entry -k key.pub < <(printf 'alpha_1.0-1_noarch.peipkg\0')
	assert_refused 1 'idx-entry: standard input: path 1: a NUL byte; -0 reads paths that end in one'
	run_apart idx-entry -k key.pub -0 < <(printf 'alpha_1.0-1_noarch.peipkg\n')
	assert_refused 1 'idx-entry: standard input: path 1: cut short'
	run_apart timeout 10 idx-entry -k key.pub </dev/zero
	assert_refused 1 'idx-entry: standard input: path 1: a NUL byte; -0 reads paths that end in one'
	run_apart bash -c 'tr "\0" a </dev/zero | timeout 10 idx-entry -k key.pub'
	assert_refused 1 'idx-entry: standard input: path 1: longer than 4096 bytes'
	run_apart bash -c 'idx-entry -k key.pub <&-'
	assert_refused 1 'idx-entry: standard input: path 1: cannot be read: Bad file descriptor'
	run_apart bash -c 'idx-entry -k key.pub <.'
	assert_refused 1 'idx-entry: standard input: path 1: cannot be read: Is a directory'
}

@test "idx-entry: what is refused" {
	local package=alpha_1.0-1_noarch.peipkg
	mkdir bad
	cp "$package" bad/alpha_1.0-2_noarch.peipkg
	refuses 'the name of its file has to be alpha_1.0-1_noarch.peipkg [§2.1.4]' bad/alpha_1.0-2_noarch.peipkg
	cp "$package" bad/alpha_1.0-1_noarch.debug.peipkg
	refuses 'the name of its file has to be alpha_1.0-1_noarch.peipkg [§2.1.4]' bad/alpha_1.0-1_noarch.debug.peipkg
	head -c -1 "$package" >"bad/$package"
	refuses 'the zstd frame is cut short [§3.1.3]' "bad/$package"
	: >"bad/$package"
	refuses 'empty, no zstd frame [§3.1.3]' "bad/$package"
	echo garbage >"bad/$package"
	refuses 'not zstd [§3.1.3]' "bad/$package"
	rm "bad/$package"
	refuses 'cannot be opened: No such file or directory' "bad/$package"
	mkdir "bad/$package"
	refuses 'no regular file' "bad/$package"
	rmdir "bad/$package"
	mkfifo "bad/$package"
	refuses 'no regular file' "bad/$package"
	refuses 'no regular file' /dev/zero
	rm "bad/$package"
	key=other.pem new_package bad alpha 1.0-1
	refuses "signed by $(fingerprint_of other.pem), which is not trusted [§5.3.4]" "bad/$package"
	zstd -qdc "$package" | edit .peipkg/signature content="$(printf '{%400s}' '')" | zstd -qc >"bad/$package"
	run_apart idx-entry -k key.pub "bad/$package"
	assert_equal "$status" 1
	new_package bad alpha 1.0-1 noarch '.schema_version = 2'
	refuses '.peipkg/manifest.json: schema_version: 2, only 1 is known [§3.3]' "bad/$package"
}

@test "idx-entry: all that is bad is reported, the others come through" {
	mkdir a b
	mv alpha_1.0-1_noarch.peipkg libstdc++_1:0.1-1_x86_64.peipkg a
	cp a/alpha_1.0-1_noarch.peipkg b
	mkdir -p tree/usr/lib/x86_64-linux-peios tree/srv
	: >tree/usr/lib/x86_64-linux-peios/x
	: >tree/srv/y
	describe_tree '.name = "misplaced" | .architecture = "noarch"'
	tar_tree | sign_archive key.pem | compress >a/misplaced_1.0-1_noarch.peipkg
	run_apart idx-entry -k key.pub a/alpha_1.0-1_noarch.peipkg a/misplaced_1.0-1_noarch.peipkg \
		b/alpha_1.0-1_noarch.peipkg absent $'new\nline' a/libstdc++_1:0.1-1_x86_64.peipkg
	assert_equal "$status" 1
	diff -u - <(echo "$output") <<-END
		$(entry_of a/alpha_1.0-1_noarch.peipkg)
		$(entry_of a/libstdc++_1:0.1-1_x86_64.peipkg)
	END
	assert_equal "$(grep -c '^idx-entry: misplaced: \(srv\|usr/lib\)' <<<"$stderr")" \
		"$(grep -c '^idx-entry: misplaced: ' <<<"$stderr")"
	grep -v '^idx-entry: misplaced: ' <<<"$stderr" | diff -u - <(
		cat <<-'END'
			idx-entry: a/misplaced_1.0-1_noarch.peipkg: refused for its layout, see above [§3.4]
			idx-entry: b/alpha_1.0-1_noarch.peipkg: twice among the packages [§6.3.1]
			idx-entry: absent: cannot be opened: No such file or directory
			idx-entry: new\x0aline: cannot be opened: No such file or directory
		END
	)
}

@test "idx-entry: unsigned packages, only when asked for" {
	mkdir -p tree/etc
	describe_tree '.architecture = "noarch"'
	tar_tree | compress >hello_1.0-1_noarch.peipkg
	refuses 'not signed [§5.3.4]' hello_1.0-1_noarch.peipkg
	run_apart idx-entry -u -k key.pub hello_1.0-1_noarch.peipkg
	assert_success
	assert_output "$(entry_of hello_1.0-1_noarch.peipkg)"
}

@test "idx-entry: keys of a descriptor, on a date" {
	local fingerprint
	fingerprint=$(fingerprint_of key.pem)
	mkdir keys
	cp key.pub "keys/$fingerprint.pub"
	jq -n --arg key "$fingerprint" '{schema_version: 1, repo: {name: "r", signing:
		{algorithm: "ed25519", keys: [{fingerprint: $key, url: "/keys/\($key).pub",
		status: "transitioning", valid_until: "2026-06-01T00:00:00Z"}]}}}' >repo.json
	run_apart idx-entry -d repo.json -t 2026-06-01T00:00:00Z alpha_1.0-1_noarch.peipkg
	assert_success
	assert_output "$(entry_of alpha_1.0-1_noarch.peipkg)"
	assert_equal "$stderr" "idx-entry: warning: alpha_1.0-1_noarch.peipkg: signed by $fingerprint, which is transitioning: it stops installing at 2026-06-01T00:00:00Z [§5.2.6]"
	run_apart idx-entry -p -d repo.json -t 2026-06-01T00:00:00Z alpha_1.0-1_noarch.peipkg
	assert_success
	assert_equal "$stderr" ''
	sed -i 's/transitioning/active/' repo.json
	run_apart idx-entry -d repo.json -t 2026-06-01T00:00:00Z alpha_1.0-1_noarch.peipkg
	assert_success
	assert_equal "$stderr" ''
	sed -i 's/active/transitioning/' repo.json
	run_apart idx-entry -d repo.json -t 2026-06-02T00:00:00Z alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 1
	assert_output ''
}

# describe_keys FILTER: repo.json, which lists key and, as jq's FILTER has it, other; and the
# files of both.
describe_keys() {
	local fingerprint name keys=()
	mkdir -p keys
	for name in key other; do
		fingerprint=$(fingerprint_of "$name.pem")
		cp "$name.pub" "keys/$fingerprint.pub"
		keys+=("{fingerprint: \"$fingerprint\", url: \"/keys/$fingerprint.pub\", status: \"active\"}")
	done
	jq -n "{schema_version: 1, repo: {name: \"r\", signing: {algorithm: \"ed25519\",
		keys: [${keys[0]}, (${keys[1]} | $1)] | sort_by(.fingerprint)}}}" >repo.json
}

@test "idx-entry -p: published packages, whatever became of their keys" {
	local now=2026-06-01T00:00:00Z signer package=beta_1-1_noarch.peipkg
	signer=$(fingerprint_of other.pem)
	key=other.pem new_package . beta 1-1
	new_key_pairs stranger
	# listed FILTER [REASON]: the entry of beta is written; for that reason with a warning,
	# and without -p not at all.
	listed() {
		describe_keys "$1"
		run_apart idx-entry -p -d repo.json -t "$now" alpha_1.0-1_noarch.peipkg "$package"
		assert_success
		assert_output "$(
			entry_of alpha_1.0-1_noarch.peipkg
			entry_of "$package"
		)"
		assert_equal "$stderr" \
			"${2:+idx-entry: warning: $package: signed by $signer, which is $2; clients do not install it}"
		run_apart idx-entry -d repo.json -t "$now" alpha_1.0-1_noarch.peipkg "$package"
		assert_output "$(
			entry_of alpha_1.0-1_noarch.peipkg
			[[ -n ${2-} ]] || entry_of "$package"
		)"
		[[ -z ${2-} ]] || assert_equal "$stderr" "idx-entry: $package: signed by $signer, which is $2"
	}
	listed .
	listed '.status = "transitioning" | .valid_until = "2026-06-01T00:00:00Z"'
	listed '.status = "transitioning" | .valid_until = "2026-05-31T23:59:59Z"' \
		'past its valid_until [§5.2.6]'
	listed '.status = "revoked"' 'revoked [§5.2.6]'
	listed empty 'not trusted [§5.3.4]'
	published() {
		run_apart idx-entry -p -d repo.json -t "$now" "$1"
		assert_output ''
		assert_equal "$status" 1
	}
	# Nobody can tell whether it is that key's.
	rm "keys/$signer.pub"
	published "$package"
	assert_equal "$stderr" "idx-entry: $package: signed by $signer, which is not trusted [§5.3.4]"
	# Neither name of a key.
	cp other.pub keys/other.pub
	cp other.pub "keys/${signer^^}.pub"
	published "$package"
	assert_equal "$stderr" "idx-entry: $package: signed by $signer, which is not trusted [§5.3.4]"
	echo x >"keys/$signer.pub"
	mkfifo "keys/$(printf %064d 0).pub"
	cp stranger.pub "keys/$(printf %064d 1).pub"
	published "$package"
	assert_equal "$(grep -v "keys/$signer.pub" <<<"$stderr")" \
		"idx-entry: warning: keys/$(printf %064d 0).pub: no regular file
idx-entry: warning: keys/$(printf %064d 1).pub: holds the key $(fingerprint_of stranger.pem) [§6.1.3]
idx-entry: $package: signed by $signer, which is not trusted [§5.3.4]"
}

@test "idx-entry -p: what is refused all the same" {
	local package=beta_1-1_noarch.peipkg other
	other=$(fingerprint_of other.pem)
	describe_keys '.status = "revoked"'
	refused_though_published() {
		run_apart idx-entry -p -d repo.json -t 2026-06-01T00:00:00Z "$package"
		assert_output ''
		assert_equal "$stderr" "idx-entry: $package: $1"
		assert_equal "$status" 1
	}
	new_key_pairs stranger
	key=stranger.pem new_package . beta 1-1
	refused_though_published "signed by $(fingerprint_of stranger.pem), which is not trusted [§5.3.4]"
	# Signed by the stranger in the name of the revoked key.
	zstd -qdc "$package" >beta.tar
	sed -i "s/$(fingerprint_of stranger.pem)/$other/" beta.tar
	zstd -qc beta.tar >"$package"
	refused_though_published "bad signature by $other [§5.3.4]"
	mkdir -p tree/etc
	describe_tree '.name = "beta" | .version = "1-1" | .architecture = "noarch"'
	tar_tree | compress >"$package"
	refused_though_published 'not signed [§5.3.4]'
	run_apart idx-entry -pu -d repo.json "$package"
	assert_success
	assert_output "$(entry_of "$package")"
	assert_equal "$stderr" ''
}

@test "idx-entry -T: what templates make" {
	need_url() {
		run_apart idx-entry -k key.pub -T "$1" libstdc++_1:0.1-1_x86_64.peipkg
		assert_equal "$stderr" ''
		assert_success
		assert_output "$(entry_of libstdc++_1:0.1-1_x86_64.peipkg "$2")"
	}
	need_url '/{filename}' /libstdc++_1:0.1-1_x86_64.peipkg
	need_url '/p/{name}/{version}/{filename}' /p/libstdc++/1:0.1-1/libstdc++_1:0.1-1_x86_64.peipkg
	need_url '/{arch}/x-{version}.{name}{name}/{filename}' \
		/x86_64/x-1:0.1-1.libstdc++libstdc++/libstdc++_1:0.1-1_x86_64.peipkg
	need_url 'http://example.org/{filename}' http://example.org/libstdc++_1:0.1-1_x86_64.peipkg
	need_url 'https://u@[::1]:80/a%20b/.{filename}/get' \
		'https://u@[::1]:80/a%20b/.libstdc++_1:0.1-1_x86_64.peipkg/get'
}

@test "idx-entry -T: templates that make no good URLs" {
	local template message
	while IFS='|' read -r template message; do
		run_apart idx-entry -k key.pub -T "$template" alpha_1.0-1_noarch.peipkg
		assert_output ''
		assert_equal "${stderr_lines[0]}" "idx-entry: -T $template: $message"
		assert_equal "$status" 2
	done <<-'END'
		/p/{name}|no {filename} in it [§6.4.3]
		/p/{filename}/{nam}|'{nam}' is no placeholder, only {name}, {version}, {arch} and {filename} are [§6.4.3]
		/p}/{filename}|'}' is no placeholder, only {name}, {version}, {arch} and {filename} are [§6.4.3]
		/p/{Name}{filename}|'{Name}{filename}' is no placeholder, only {name}, {version}, {arch} and {filename} are [§6.4.3]
		p/{filename}|neither a path from / on nor http:// nor https:// [§6.2.7]
		ftp://example.org/{filename}|neither a path from / on nor http:// nor https:// [§6.2.7]
		file:///srv/{filename}|neither a path from / on nor http:// nor https:// [§6.2.7]
		/p/{filename}/x|a path has to end in /{filename} [§6.4.3]
		/p/x-{filename}|a path has to end in /{filename} [§6.4.3]
		/p?/{filename}|a query or a fragment [§6.4.3]
		https://example.org/get?{filename}|a query or a fragment [§6.4.3]
		https://example.org/{filename}#x|a query or a fragment [§6.4.3]
		/p/../{filename}|'.' or '..' component [§6.2.7]
		/./{filename}|'.' or '..' component [§6.2.7]
		https://example.org/../{filename}|'.' or '..' component [§6.2.7]
		https://example.org/%2E%2e/{filename}|'.' or '..' component [§6.2.7]
		https:///{filename}|no host [§6.2.7]
		//{filename}|empty component [§6.2.7]
		/p//{filename}|empty component [§6.2.7]
		/.p/{filename}|a hidden name [§6.4.2]
		/p/.{name}/{filename}|a hidden name [§6.4.2]
		/p%20/{filename}|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		/p /{filename}|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		/é/{filename}|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		https://example.org/a b/{filename}|a byte that no URL holds as it is [§6.2.7]
		/index/{filename}|where the repository's own documents are [§6.4.2]
		/keys/x/{filename}|where the repository's own documents are [§6.4.2]
		/repo.json/{filename}|where the repository's own documents are [§6.4.2]
	END
}

@test "idx-entry -T: a name that leads where no package may be" {
	mkdir index
	new_package index keys 1-1
	refuses "url '/keys/keys_1-1_noarch.peipkg': where the repository's own documents are [§6.4.2]" \
		index/keys_1-1_noarch.peipkg -T '/{name}/{filename}'
	run_apart idx-entry -k key.pub index/keys_1-1_noarch.peipkg
	assert_success
}

# The entries on standard input as an archive.
archive() {
	printf '{"schema_version":1,"repo":"r","kind":"archive","index_version":1,"generated_at":"2026-03-05T00:00:00Z","packages":['
	paste -sd ,
	echo ']}'
}

@test "idx-entry -o: URLs that an index has recorded" {
	new_package . alpha 2.0-1
	{
		entry_of alpha_2.0-1_noarch.peipkg https://example.org/elsewhere
		entry_of alpha_1.0-1_noarch.peipkg /old/alpha_1.0-1_noarch.peipkg |
			jq -c '.hash.value = .hash.value[1:] + "0"'
	} | archive >archive.json
	local packages=(alpha_1.0-1_noarch.peipkg libstdc++_1:0.1-1_x86_64.peipkg alpha_2.0-1_noarch.peipkg)
	{
		entry_of "${packages[0]}" /old/alpha_1.0-1_noarch.peipkg
		entry_of "${packages[1]}" /new/libstdc++_1:0.1-1_x86_64.peipkg
		entry_of "${packages[2]}" https://example.org/elsewhere
	} >expected
	idx-entry -k key.pub -o archive.json -T '/new/{filename}' "${packages[@]}" | cmp - expected
	gzip <archive.json >archive.json.gz
	printf '%s\n' "${packages[@]}" | idx-entry -k key.pub -o archive.json.gz -T '/new/{filename}' |
		cmp - expected
	archive </dev/null >empty.json
	idx-entry -k key.pub -o empty.json "${packages[0]}" | cmp - <(entry_of "${packages[0]}")
}

@test "idx-entry -o: an index that cannot be read" {
	run_apart idx-entry -k key.pub -o absent alpha_1.0-1_noarch.peipkg
	assert_refused 1 'idx-entry: absent: No such file or directory'
	assert_output ''
	entry_of alpha_1.0-1_noarch.peipkg | archive | head -c -3 >short
	run_apart idx-entry -k key.pub -o short alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 1
	assert_output ''
	[[ $stderr == 'idx-entry: short: '* ]]
	entry_of alpha_1.0-1_noarch.peipkg ../x | archive >climbing
	run_apart idx-entry -k key.pub -o climbing alpha_1.0-1_noarch.peipkg
	assert_refused 1 "idx-entry: climbing: alpha_1.0-1_noarch: url '../x': '.' or '..' component [§6.2.7]"
	assert_output ''
}

@test "idx-entry: a full disk and a closed pipe" {
	run_apart bash -c 'idx-entry -k key.pub alpha_1.0-1_noarch.peipkg >/dev/full'
	assert_refused 1 'idx-entry: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; idx-entry -k key.pub alpha_1.0-1_noarch.peipkg; } | true'
	assert_refused 1 'idx-entry: standard output: Broken pipe'
}

@test "idx-entry: usage" {
	run_apart idx-entry alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 2
	run_apart idx-entry -k key.pub -d repo.json alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 2
	run_apart idx-entry -k key.pub -0 alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-entry: -0 goes with a list on standard input'
	run_apart idx-entry -p -k key.pub alpha_1.0-1_noarch.peipkg
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-entry: -p goes with -d'
	run_apart idx-entry -x
	assert_equal "$status" 2
	run_apart idx-entry --help
	assert_success
	assert_output --partial 'usage: idx-entry'
}

@test "idx-entry: the examples of its page" {
	mkdir work
	cd work
	check_examples "$project/filters/idx-entry.1"
}
