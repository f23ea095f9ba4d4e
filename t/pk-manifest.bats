#!/usr/bin/env bats

load helper
load vectors

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

empty_hash=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

# Writes manifest.json, a plain one changed by a jq program.
make_manifest() {
	jq -n '{schema_version: 1, name: "pkg", version: "1-1", architecture: "x86_64",
		dependencies: [], conflicts: [], size_installed: 0,
		build: {timestamp: "2026-05-06T07:08:09Z", farm_id: "farm", source_ref: "ref"}} | '"$1" >manifest.json
}

# Writes recipe.json, a plain one changed by a jq program.
make_recipe() {
	jq -n '{meta: {build_script: "build.sh", license: "MIT"},
		package: [{name: "pkg", architecture: "x86_64", files: ["**"]}]} | '"$1" >recipe.json
}

# Hashed entries of lines TYPE|PATH|SIZE and of the directories above them, in order.
make_entries() {
	jq -Rnc --arg hash "$empty_hash" '
		def name: .path + (if .type == "dir" then "/" else "" end);
		[inputs / "|" | {path: .[1], type: .[0]} + ({
			file: {size: (.[2] // "0" | tonumber), hash: $hash}, link: {target: "x"}}[.[0]] // {})]
		| . + [.[].path / "/" | range(1; length) as $n | {path: .[:$n] | join("/"), type: "dir"}]
		| unique_by(name)[]'
}

facts=(-v 1-1 -t 2026-05-06T07:08:09Z -f farm -s ref)

# Asserts that the field of manifest.json that the jq program sets is refused.
assert_field_refused() {
	make_manifest "$1"
	run_apart pk-manifest -m manifest.json </dev/null
	assert_refused 1 "pk-manifest: $2"
	assert_output ''
}

assert_field_taken() {
	make_manifest "$1"
	run_apart pk-manifest -m manifest.json </dev/null
	assert_success
	assert_equal "$stderr" ''
}

@test "pk-manifest: the manifests of the test data" {
	need_vectors
	for case in "$VECTORS"/packages/*; do
		case=${case##*/}
		stage_vector "$case"
		hash_vector >entries
		for name in $(vector_packages); do
			zstd -dc "$(vector_expectation "$case" "$name")" |
				tar -xO .peipkg/manifest.json >expected
			pk-manifest -r recipe.json -p "$name" -v "$version" -t "$timestamp" \
				-f "$farm_id" -s "$source_ref" <entries | cmp - expected
			# A manifest says the same of itself, whatever its form.
			pk-manifest -m expected <entries | cmp - expected
			jq -S 'del(.size_installed) | .dependencies |= reverse | .conflicts |= reverse
				| .provides |= reverse | .replaces |= reverse' expected >shuffled
			pk-manifest -m shuffled <entries | cmp - expected
		done
	done
}

@test "pk-manifest: every field, from a manifest in another form" {
	make_manifest '. + {
		unknown: {"a": [1]}, description: "a\u0022\\/b", license: "A OR B",
		homepage: "HTTPS://example.org/?a=b&c=<d>",
		dependencies: [{name: "bb", arch: "any", constraint: ">= 1, < 2", unknown: 1}, {name: "aa"}],
		optional_dependencies: [{name: "cc", constraint: ""}],
		conflicts: [{name: "b-a"}, {arch: null, name: "b+"}],
		provides: [{name: "ee", version: "1:2-3", arch: "any", constraint: "1"}, {name: "dd"}],
		replaces: [{name: "ff", constraint: "< 1", arch: "any", version: "7"}],
		side_effects: ["man-db", "ldconfig"],
		size_installed: 99,
		sd_overrides: [
			{sd: "AQAEgAAAAAAAAAAAAAAAAAAAAAA", path: "usr/share"},
			{path: "usr/lib/x86_64-linux-peios/x.so", sd: "AQAAgAAAAAAAAAAAAAAAAAAAAAA"}]}'
	make_entries >entries <<-'END'
		file|usr/lib/x86_64-linux-peios/x.so|5
		file|usr/share/man/man1/x.1|37
	END
	run_apart pk-manifest -m manifest.json <entries
	assert_success
	assert_equal "$stderr" ''
	assert_output '{"schema_version":1,"name":"pkg","version":"1-1","architecture":"x86_64","description":"a\"\\/b","license":"A OR B","homepage":"HTTPS://example.org/?a=b&c=<d>","dependencies":[{"name":"aa"},{"name":"bb","constraint":">= 1, < 2","arch":"any"}],"optional_dependencies":[{"name":"cc"}],"conflicts":[{"name":"b+"},{"name":"b-a"}],"provides":[{"name":"dd"},{"name":"ee","version":"1:2-3"}],"replaces":[{"name":"ff","constraint":"< 1"}],"side_effects":["man-db","ldconfig"],"size_installed":42,"sd_overrides":[{"path":"usr/lib/x86_64-linux-peios/x.so","sd":"AQAAgAAAAAAAAAAAAAAAAAAAAAA"},{"path":"usr/share","sd":"AQAEgAAAAAAAAAAAAAAAAAAAAAA"}],"build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm","source_ref":"ref"}}'
}

@test "pk-manifest: absent fields are written, empty ones of elements are not" {
	make_manifest '. + {description: null, homepage: "", replaces: null, side_effects: null,
		provides: [{name: "ab", version: null}]}'
	run_apart pk-manifest -m manifest.json </dev/null
	assert_success
	assert_output '{"schema_version":1,"name":"pkg","version":"1-1","architecture":"x86_64","description":"","license":"","homepage":"","dependencies":[],"optional_dependencies":[],"conflicts":[],"provides":[{"name":"ab"}],"replaces":[],"side_effects":[],"size_installed":0,"sd_overrides":[],"build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm","source_ref":"ref"}}'
}

@test "pk-manifest: what a manifest may not lack" {
	make_manifest 'del(.schema_version, .dependencies, .conflicts, .size_installed)'
	run_apart pk-manifest -m manifest.json </dev/null
	assert_success
	assert_output '{"schema_version":1,"name":"pkg","version":"1-1","architecture":"x86_64","description":"","license":"","homepage":"","dependencies":[],"optional_dependencies":[],"conflicts":[],"provides":[],"replaces":[],"side_effects":[],"size_installed":0,"sd_overrides":[],"build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm","source_ref":"ref"}}'
	for field in name version architecture build.timestamp build.farm_id build.source_ref; do
		make_manifest "del(.$field)"
		run_apart pk-manifest -m manifest.json </dev/null
		assert_equal "$status:$output" '1:'
		assert_regex "$stderr" ": ${field##*.}: missing or empty \[§3.3\]\$"
	done
}

@test "pk-manifest: from a recipe" {
	make_recipe '.package[0].description = "One."
		| .package[0].dependencies = [{name: "pkg-z", same_build: true}, {name: "aa", same_build: false, constraint: ">=1"}]
		| .package += [{name: "pkg-z", architecture: "noarch", conflicts: [{name: "pkg", same_build: true}]}]'
	run_apart pk-manifest -r recipe.json -p pkg "${facts[@]}" </dev/null
	assert_success
	assert_output '{"schema_version":1,"name":"pkg","version":"1-1","architecture":"x86_64","description":"One.","license":"MIT","homepage":"","dependencies":[{"name":"aa","constraint":">=1"},{"name":"pkg-z","constraint":"= 1-1"}],"optional_dependencies":[],"conflicts":[],"provides":[],"replaces":[],"side_effects":[],"size_installed":0,"sd_overrides":[],"build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm","source_ref":"ref"}}'
	run_apart pk-manifest -r recipe.json -p pkg-z -v 2:1~rc1-3 -t 1970-01-01T00:00:00Z -f 'a "farm"' \
		-s $'ref\u2028' </dev/null
	assert_success
	assert_output '{"schema_version":1,"name":"pkg-z","version":"2:1~rc1-3","architecture":"noarch","description":"","license":"MIT","homepage":"","dependencies":[],"optional_dependencies":[],"conflicts":[{"name":"pkg","constraint":"= 2:1~rc1-3"}],"provides":[],"replaces":[],"side_effects":[],"size_installed":0,"sd_overrides":[],"build":{"timestamp":"1970-01-01T00:00:00Z","farm_id":"a \"farm\"","source_ref":"ref\u2028"}}'
	run_apart pk-manifest -r recipe.json -p absent "${facts[@]}" </dev/null
	assert_refused 1 "pk-manifest: recipe.json: no package 'absent'"
	make_recipe '.package[0].nmae = 1'
	run_apart pk-manifest -r recipe.json -p pkg "${facts[@]}" </dev/null
	assert_refused 1 "pk-manifest: package 'pkg': unknown key 'nmae' [§8.2]"
	# same_build is a word of recipes only.
	make_manifest '.dependencies = [{name: "aa", same_build: true, constraint: "2"}]'
	run_apart pk-manifest -m manifest.json </dev/null
	assert_equal "$(jq -c .dependencies <<<"$output")" '[{"name":"aa","constraint":"2"}]'
}

@test "pk-manifest: entries of other packages do not count, those of none do" {
	make_recipe .
	make_entries >entries <<-'END'
		file|etc/aa|1
		file|etc/bb|10
		file|etc/cc|100
	END
	jq -c 'if .path == "etc/bb" then .package = "other" | del(.hash) elif .path == "etc/cc"
		then .package = "pkg" else . end' entries >claimed
	run_apart pk-manifest -r recipe.json -p pkg "${facts[@]}" <claimed
	assert_success
	assert_equal "$(jq .size_installed <<<"$output")" 101
	make_manifest .
	run_apart pk-manifest -m manifest.json <claimed
	assert_equal "$(jq .size_installed <<<"$output")" 101
	# Two entries of one name in different packages are no duplicates.
	make_entries <<<'file|etc/aa|1' | jq -c '., .package = "pkg", .package = "other"' |
		jq -c 'select(.package)' >claimed
	run_apart pk-manifest -m manifest.json <claimed
	assert_success
}

@test "pk-manifest: files without a hash, and sizes that add up to too much" {
	make_manifest .
	make_entries <<<'file|etc/x|1' | jq -c 'del(.hash)' >entries
	run_apart pk-manifest -m manifest.json <entries
	assert_refused 1 'pk-manifest: etc/x: no hash'
	assert_output ''
	for sizes in '9223372036854775806 1' '9223372036854775806 2'; do
		read -r a b <<<"$sizes"
		printf '{"path":"etc/%s","type":"file","size":%s,"hash":"'$empty_hash'"}\n' a "$a" b "$b" >entries
		run_apart pk-manifest -m manifest.json <entries
		[[ $b == 1 ]] && assert_regex "$output" '"size_installed":9223372036854775807,'
	done
	assert_refused 1 'pk-manifest: sizes add up to over 2^63-1 [§1.3]'
}

# Rounded up to the blocks of an archive.
in_blocks() {
	echo $((($1 + 511) / 512 * 512))
}

# An archive is made of a tree as it is, of which one file is then said to be larger; the
# number of digits grows with that in files.json (by 9) and in the manifest (by 6).
@test "pk-manifest: an archive over 4 GiB gets a warning" {
	make_manifest .
	long=usr/share/$(printf 'a long name of many bytes %.0s' {1..7})
	split=$long/$(printf 'below it %.0s' {1..10})
	mkdir -p "tree/$split" tree/usr/bin
	: >"tree/$long/é"
	ln -s "../share/${long#usr/share/}/é" tree/usr/bin/link
	head -c 1000 /dev/zero >tree/usr/bin/file
	: >tree/usr/share/large
	new_key_pairs key
	pk-walk tree | pk-hash -C tree >entries
	pk-manifest -m manifest.json <entries >complete.json
	pk-pack -C tree -m complete.json <entries | pk-sign -k key.pem >small.tar
	tar -xOf small.tar .peipkg/files.json >files.json
	manifest=$(stat -c %s complete.json) files=$(stat -c %s files.json)
	most=$((4294967296 - $(stat -c %s small.tar)))
	most=$((most + $(in_blocks "$manifest") - $(in_blocks $((manifest + 6)))))
	most=$((most + $(in_blocks "$files") - $(in_blocks $((files + 9)))))
	for size in "$most" $((most + 1)); do
		sed "/large/s/\"size\":0/\"size\":$size/" entries >grown
		run_apart pk-manifest -m manifest.json <grown
		assert_success
		assert_regex "$output" "\"size_installed\":$((size + 1000)),"
		((size > most)) || assert_equal "$stderr" ''
	done
	assert_equal "$stderr" \
		'pk-manifest: warning: pkg: archive over 4 GiB, which clients refuse by default [§3.5.4]'
}

@test "pk-manifest: 100,000 entries of one package, not one more" {
	make_manifest .
	awk 'BEGIN { for (i = 0; i < 100001; i++)
		printf "{\"path\":\"etc/%06d\",\"type\":\"link\",\"target\":\"x\",\"package\":\"pkg\"}\n", i }' >entries
	head -n 100000 entries | pk-manifest -m manifest.json >/dev/null
	run_apart pk-manifest -m manifest.json <entries
	assert_refused 1 'pk-manifest: standard input: more than 100000 entries [§3.2.7]'
	# A recipe's packages may have more in all.
	sed '5s/pkg/other/' entries | pk-manifest -m manifest.json >/dev/null
}

# Runs pk-manifest with those side effects (in JSON) over entries TYPE|PATH.
run_side_effects() {
	make_entries >entries
	make_manifest ".side_effects = $1 | .architecture = \"${2-x86_64}\""
	run_apart pk-manifest -m manifest.json <entries
}

@test "pk-manifest: ldconfig" {
	library=usr/lib/x86_64-linux-peios/libx.so
	missing='pk-manifest: pkg: shared libraries require side effect ldconfig [§4.3.4]'
	for path in "$library" "$library.1" opt/libx.so.1 usr/lib/debug/libx.so; do
		run_side_effects '[]' <<<"file|$path"
		assert_refused 1 "$missing"
		assert_output ''
		run_side_effects '["ldconfig"]' <<<"file|$path"
		assert_success
		assert_equal "$stderr" ''
	done
	# Neither links nor directories nor other names ask for it.
	for line in "link|$library" "dir|$library" "file|${library}x" 'file|usr/share/so'; do
		run_side_effects '[]' <<<"$line"
		assert_success
		assert_equal "$stderr" ''
	done
	# Links do not forbid it, however: there is content under the triplet.
	needless='pk-manifest: warning: pkg: side effect ldconfig without a shared library [§4.3.4]'
	for line in "link|$library" 'file|usr/lib/x86_64-linux-peios/x'; do
		run_side_effects '["ldconfig"]' <<<"$line"
		assert_success
		assert_equal "$stderr" "$needless"
	done
	for line in 'dir|usr/lib/x86_64-linux-peios' 'file|usr/lib/aarch64-linux-peios/x' 'file|etc/x'; do
		run_side_effects '["ldconfig"]' <<<"$line"
		assert_refused 1 \
			'pk-manifest: pkg: side effect ldconfig with nothing in usr/lib/<triplet>/ [§4.3.4]'
		assert_output ''
	done
	run_side_effects '["ldconfig"]' aarch64 <<<'file|usr/lib/aarch64-linux-peios/x'
	assert_success
}

@test "pk-manifest: depmod and man-db" {
	for path in usr/lib/modules/6.1/x.ko usr/lib/modules/6.1/x.ko.zst; do
		run_side_effects '[]' <<<"file|$path"
		assert_refused 1 'pk-manifest: pkg: kernel modules require side effect depmod [§4.3.4]'
		run_side_effects '["depmod"]' <<<"file|$path"
		assert_success
		assert_equal "$stderr" ''
	done
	for line in link'|usr/lib/modules/6.1/x.ko' 'file|usr/lib/modules/6.1/x' 'file|opt/x.ko'; do
		run_side_effects '[]' <<<"$line"
		assert_success
		assert_equal "$stderr" ''
		run_side_effects '["depmod"]' <<<"$line"
		assert_refused 1 'pk-manifest: pkg: side effect depmod without a kernel module [§4.3.4]'
	done
	run_side_effects '[]' <<<'file|usr/share/man/man1/x.1'
	assert_success
	assert_equal "$stderr" \
		'pk-manifest: warning: pkg: manual pages recommend side effect man-db [§4.3.4]'
	run_side_effects '["man-db"]' <<<'file|usr/share/man/man1/x.1'
	assert_success
	assert_equal "$stderr" ''
	for line in 'link|usr/share/man/x' 'dir|usr/share/man' 'file|usr/share/manual'; do
		run_side_effects '["man-db"]' <<<"$line"
		assert_success
		assert_equal "$stderr" \
			'pk-manifest: warning: pkg: side effect man-db without a manual page [§4.3.4]'
	done
}

@test "pk-manifest: all about side effects in one run" {
	run_side_effects '[]' <<-'END'
		file|usr/lib/modules/6.1/x.ko
		file|usr/lib/x86_64-linux-peios/x.so
		file|usr/share/man/x
	END
	assert_equal "$status" 1
	assert_equal "$stderr" 'pk-manifest: pkg: shared libraries require side effect ldconfig [§4.3.4]
pk-manifest: pkg: kernel modules require side effect depmod [§4.3.4]
pk-manifest: warning: pkg: manual pages recommend side effect man-db [§4.3.4]'
	run_side_effects '["depmod", "ldconfig", "man-db"]' </dev/null
	assert_equal "$status" 1
	assert_equal "${#stderr_lines[@]}" 3
	assert_field_refused '.side_effects = ["man_db"]' \
		"pkg: side_effects: no side effect 'man_db' [§4.3.4]"
	assert_field_refused '.side_effects = ["man-db", "man-db"]' \
		"pkg: side_effects: 'man-db' twice [§4.3.1]"
	assert_field_refused '.side_effects = "man-db"' 'pkg: side_effects: no array [§4.3.1]'
}

@test "pk-manifest: arrays" {
	for array in dependencies optional_dependencies conflicts provides replaces; do
		assert_field_taken ".$array = [range(1000) | {name: \"p\\(.)\"}]"
		assert_field_refused ".$array = [{name: \"aa\"}, {name: \"bb\"}, {name: \"aa\"}]" \
			"pkg: $array: a name twice [§4.1]"
		assert_field_refused ".$array = [{name: \"a_\"}]" \
			"pkg: $array: name 'a_': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]"
		assert_field_refused ".$array = [{}]" "pkg: $array: name: missing or empty [§3.3]"
		assert_field_refused ".$array = [[]]" "pkg: $array: name: missing or empty [§3.3]"
		assert_field_refused ".$array = {}" "pkg: $array: missing or no array [§3.3]"
	done
	for array in dependencies optional_dependencies conflicts replaces; do
		for constraint in '>=' '1,' '=> 1' '1_0' '> 1 2'; do
			make_manifest ".$array = [{name: \"aa\", constraint: \"$constraint\"}]"
			run_apart pk-manifest -m manifest.json </dev/null
			assert_equal "$status" 1
			assert_regex "$stderr" "^pk-manifest: pkg: $array: constraint '"
		done
		assert_field_refused ".$array = [{name: \"aa\", constraint: 1}]" \
			"pkg: $array: constraint: no string [§3.3]"
	done
	for array in dependencies optional_dependencies conflicts; do
		assert_field_refused ".$array = [{name: \"aa\", arch: \"x86_64\"}]" \
			"pkg: $array: arch: only 'any' is allowed [§4.1.1]"
		assert_field_taken ".$array = [range(10000) | {name: \"p\\(.)\"}]"
		assert_field_refused ".$array = [range(10001) | {name: \"p\\(.)\"}]" \
			"pkg: $array: more than 10000 elements [§3.2.7]"
	done
	make_manifest '.provides = [{name: "aa", version: "1"}]'
	run_apart pk-manifest -m manifest.json </dev/null
	assert_equal "$status" 1
	assert_regex "$stderr" "^pk-manifest: pkg: provides: version '1': "
	assert_field_refused '.provides = [range(10001) | {name: "p\(.)"}]' \
		'pkg: provides: more than 10000 elements [§3.2.7]'
	assert_field_refused '.replaces = [range(1001) | {name: "p\(.)"}]' \
		'pkg: replaces: more than 1000 elements [§3.2.7]'
}

@test "pk-manifest: timestamps" {
	for good in 1970-01-01T00:00:00Z 2000-02-29T23:59:59Z 2242-03-16T12:56:31Z; do
		assert_field_taken ".build.timestamp = \"$good\""
	done
	for bad in 2026-05-06T07:08:09+00:00 2026-05-06T07:08:09 2026-05-06T07:08:09z 2026-05-06t07:08:09Z \
		2026-05-06T07:08:09.5Z 2026-02-30T00:00:00Z 2025-02-29T00:00:00Z 1900-02-29T00:00:00Z \
		2026-04-31T00:00:00Z 2016-12-31T23:59:60Z 2026-05-06T24:00:00Z 2026-13-01T00:00:00Z \
		2026-00-01T00:00:00Z 2026-01-00T00:00:00Z 2026-01-01T00:60:00Z 1969-12-31T23:59:59Z \
		2242-03-16T12:56:32Z 9999-12-31T23:59:59Z 26-05-06T07:08:09Z 2026-5-6T7:8:9Z \
		' 2026-05-06T07:08:09Z' '2026-05-06T07:08:09Z ' +026-05-06T07:08:09Z 1778051289 now; do
		make_manifest ".build.timestamp = \"$bad\""
		run_apart pk-manifest -m manifest.json </dev/null
		assert_equal "$status" 1
		assert_output ''
		assert_regex "$stderr" "^pk-manifest: pkg: build: timestamp '.*': .* \[§"
		make_recipe .
		run_apart pk-manifest -r recipe.json -p pkg -v 1-1 -t "$bad" -f farm -s ref </dev/null
		assert_equal "$status" 1
		assert_regex "$stderr" "^pk-manifest: pkg: build: timestamp '.*': .* \[§"
	done
}

@test "pk-manifest: texts" {
	for bad in '' 1 1.0-0 1.0-01 -1 1_0-1 é-1 01:1-1 1-9223372036854775808; do
		make_recipe .
		run_apart pk-manifest -r recipe.json -p pkg -v "$bad" -t 2026-05-06T07:08:09Z -f farm -s ref </dev/null
		assert_equal "$status" 1
		assert_output ''
		assert_regex "$stderr" "^pk-manifest: pkg: version"
	done
	assert_field_refused '.version = 1' 'manifest.json: version: no string [§3.3]'
	assert_field_refused 'del(.version)' 'pkg: version: missing or empty [§3.3]'
	assert_field_refused 'del(.name)' 'manifest.json: name: missing or empty [§3.3]'
	assert_field_refused '.name = "Pkg"' \
		"Pkg: name 'Pkg': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]"
	assert_field_refused '.architecture = ""' 'pkg: architecture: missing or empty [§3.3]'
	assert_field_refused '.architecture = "x86-64"' \
		"pkg: architecture 'x86-64': only a-z, 0-9 and '_' are allowed [§2.3]"
	assert_field_refused '.license = 1' 'pkg: license: no string [§3.3]'
	assert_field_refused '.schema_version = 2' \
		'manifest.json: schema_version: 2, only 1 is known [§3.3]'
	assert_field_refused '.schema_version = "1"' \
		'manifest.json: schema_version: no integer from 0 to 2^63-1 [§1.3]'
	assert_field_refused '.build.farm_id = ""' 'pkg: build: farm_id: missing or empty [§3.3]'
	assert_field_refused 'del(.build.source_ref)' 'pkg: build: source_ref: missing or empty [§3.3]'
	assert_field_refused '.build = []' 'pkg: build: timestamp: missing or empty [§3.3]'
	for bad in ftp://example.org example.org //example.org http: mailto:a@b; do
		assert_field_refused ".homepage = \"$bad\"" \
			'pkg: homepage: neither http:// nor https:// [§3.3]'
	done
	for bad in http:// https:///x http://?x http://:80/ https://me@/; do
		assert_field_refused ".homepage = \"$bad\"" 'pkg: homepage: no host [§3.3]'
	done
	for bad in 'http://a b' 'http://a\u0009' 'http://a/\u007f' 'http://a\u00a0'; do
		assert_field_refused ".homepage = \"$bad\"" \
			'pkg: homepage: blank or control character [§3.3]'
	done
	for code in 000a 001b 007f 0085 00a0 200b 202e 2028 feff fffd e000; do
		make_manifest ".description = \"a\\u${code}b\""
		run_apart pk-manifest -m manifest.json </dev/null
		assert_equal "$status" 1
		assert_regex "$stderr" "^pk-manifest: pkg: description: '.*' is no printable character \[§3.3\]$"
	done
}

@test "pk-manifest: -m warns of unusual texts" {
	make_manifest '.license = "MIT or so" | .description = "é" + 80 * "x"'
	run_apart pk-manifest -m manifest.json </dev/null
	assert_success
	assert_equal "$stderr" "pk-manifest: warning: manifest.json: description: not ASCII [§3.3]
pk-manifest: warning: manifest.json: description: over 80 characters [§3.3]
pk-manifest: warning: manifest.json: license: 'MIT or so' is no SPDX expression [§3.3]"
}

# A security descriptor in base64: its bytes in hexadecimal.
descriptor() {
	perl -MMIME::Base64 -e 'print encode_base64(pack("H*", $ARGV[0]), "") =~ tr/=//dr' "$1"
}

@test "pk-manifest: sd_overrides" {
	header=0100048000000000000000000000000000000000
	good=$(descriptor "$header")
	make_entries >entries <<-'END'
		file|etc/file
		link|etc/link
		dir|etc/sub
	END
	while IFS='|' read -r overrides message; do
		make_manifest ".sd_overrides = $overrides"
		run_apart pk-manifest -m manifest.json <entries
		if [[ -n $message ]]; then
			assert_refused 1 "pk-manifest: pkg: sd_overrides: $message"
			assert_output ''
		else
			assert_success
			assert_equal "$stderr" ''
		fi
	done <<-END
		[{path: "etc/sub", sd: "$good"}, {path: "etc", sd: "$good"}, {path: "etc/file", sd: "$good"}]|
		[{path: "etc", sd: "$(descriptor "01ff00800000000013000000000000001300000000")"}]|
		[]|
		null|
		{}|no array [§3.3]
		[1]|path: missing or empty [§3.3]
		[{sd: "$good"}]|path: missing or empty [§3.3]
		[{path: 1, sd: "$good"}]|path: no string [§3.3]
		[{path: "etc/file\u0000x", sd: "$good"}]|path: holds a NUL [§3.3]
		[{path: "etc"}]|etc: sd: missing or empty [§3.3]
		[{path: "etc", sd: 1}]|etc: sd: no string [§3.3]
		[{path: "etc/none", sd: "$good"}]|etc/none: no such entry [§3.3.5]
		[{path: "etc/", sd: "$good"}]|etc/: no such entry [§3.3.5]
		[{path: "etc/link", sd: "$good"}]|etc/link: is a symbolic link [§3.3.5]
		[{path: "etc", sd: "$good"}, {path: "etc/file", sd: "$good"}, {path: "etc", sd: "$good"}]|etc: twice [§3.3.5]
		[{path: "etc", sd: "$(descriptor "${header:2}")"}]|etc: sd: 19 bytes are no security descriptor [§3.3.5]
		[{path: "etc", sd: "$(descriptor "02${header:2}")"}]|etc: sd: no self-relative security descriptor [§3.3.5]
		[{path: "etc", sd: "$(descriptor "0100047f${header:8}")"}]|etc: sd: no self-relative security descriptor [§3.3.5]
		[{path: "etc", sd: "$(descriptor "0100048014000000${header:16}")"}]|etc: sd: security descriptor points outside itself [§3.3.5]
		[{path: "etc", sd: "$(descriptor "010004800000000000000080${header:24}")"}]|etc: sd: security descriptor points outside itself [§3.3.5]
		[{path: "etc", sd: "$(descriptor "0100048000000000000000000000000000010000")"}]|etc: sd: security descriptor points outside itself [§3.3.5]
	END
	for bad in "$good=" "$good
" "${good%?}B" "${good%?}" "${good%?}-" " $good"; do
		make_manifest ".sd_overrides = [{path: \"etc\", sd: $(jq -n --arg sd "$bad" "\$sd")}]"
		run_apart pk-manifest -m manifest.json <entries
		assert_equal "$status" 1
		assert_regex "$stderr" '^pk-manifest: pkg: sd_overrides: etc: sd: '
	done
	# 65,535 bytes, not one more.
	make_entries <<<'dir|etc' >entries
	large_manifest() {
		{ printf '\1\0\4\200' && head -c "$(($1 - 4))" /dev/zero; } | base64 -w 0 | tr -d = >large
		jq -c --rawfile sd large '.sd_overrides = [{path: "etc", sd: $sd}]' manifest.json >large.json
	}
	make_manifest .
	large_manifest 65535
	pk-manifest -m large.json <entries >/dev/null
	large_manifest 65536
	run_apart pk-manifest -m large.json <entries
	assert_refused 1 \
		'pk-manifest: pkg: sd_overrides: etc: sd: 65536 bytes are no security descriptor [§3.3.5]'
}

@test "pk-manifest: bad entries and bad documents" {
	make_manifest .
	make_entries <<<'file|etc/x' >entries
	head -c -1 entries >short
	run_apart pk-manifest -m manifest.json <short
	assert_refused 1 'pk-manifest: standard input: the last line is cut short'
	assert_output ''
	tac entries >unsorted
	run_apart pk-manifest -m manifest.json <unsorted
	assert_refused 1 'pk-manifest: standard input: etc: out of order behind etc/x [§3.1.4]'
	cat entries entries >twice
	run_apart pk-manifest -m manifest.json <twice
	assert_refused 1 'pk-manifest: standard input: etc: out of order behind etc/x [§3.1.4]'
	sed p entries >twice
	run_apart pk-manifest -m manifest.json <twice
	assert_refused 1 'pk-manifest: standard input: etc: twice [§3.1.4]'
	cp manifest.json other
	run_apart pk-manifest -m manifest.json <other
	assert_equal "$status" 1
	assert_regex "$stderr" '^pk-manifest: standard input: not an entry: '
	for option in '-m' "-p pkg ${facts[*]} -r"; do
		read -ra words <<<"$option"
		: >empty
		run_apart pk-manifest "${words[@]}" empty </dev/null
		assert_equal "$status" 1
		assert_regex "$stderr" '^pk-manifest: empty: '
		head -c -3 manifest.json >short
		run_apart pk-manifest "${words[@]}" short </dev/null
		assert_equal "$status" 1
		assert_regex "$stderr" '^pk-manifest: short: '
		echo '[]' >array
		run_apart pk-manifest "${words[@]}" array </dev/null
		assert_refused 1 'pk-manifest: array: no object'
		run_apart pk-manifest "${words[@]}" absent </dev/null
		assert_refused 1 'pk-manifest: absent: No such file or directory'
	done
}

@test "pk-manifest: gzip-compressed input" {
	make_manifest .
	make_entries <<<'file|etc/x|7' >entries
	pk-manifest -m manifest.json <entries >expected
	gzip entries manifest.json
	pk-manifest -m manifest.json.gz <entries.gz | cmp - expected
	head -c -1 entries.gz >short
	run_apart pk-manifest -m manifest.json.gz <short
	assert_refused 1 'pk-manifest: standard input: gzip data cut short'
	assert_output ''
}

@test "pk-manifest: a full disk, a closed pipe, closed descriptors" {
	make_manifest .
	run_apart bash -c 'pk-manifest -m manifest.json </dev/null >/dev/full'
	assert_refused 1 'pk-manifest: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-manifest -m manifest.json </dev/null; } | true'
	assert_refused 1 'pk-manifest: standard output: Broken pipe'
	run_apart bash -c 'pk-manifest -m manifest.json </dev/null >&-'
	assert_refused 1 'pk-manifest: standard output: Bad file descriptor'
	run_apart bash -c 'pk-manifest -m manifest.json <&-'
	assert_refused 1 'pk-manifest: standard input: Bad file descriptor'
}

@test "pk-manifest: usage" {
	while IFS='|' read -r arguments message; do
		read -ra words <<<"$arguments"
		run_apart pk-manifest "${words[@]}" </dev/null
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" "pk-manifest: $message"
		assert_output ''
	done <<-'END'
		|either -r or -m is wanted
		-m a -r b|either -r or -m is wanted
		-m a -v 1-1|-m goes alone
		-m a b|the entries come on standard input
		-r a|-r goes with -p, -v, -t, -f and -s
		-r a -p b -v c -t d -f e|-r goes with -p, -v, -t, -f and -s
		-r a -v b -v c -t d -f e -s f|-r goes with -p, -v, -t, -f and -s
	END
}

@test "pk-manifest: the examples of its page" {
	check_examples "$project/filters/pk-manifest.1"
}
