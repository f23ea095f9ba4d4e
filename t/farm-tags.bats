#!/usr/bin/env bats

load helper

one=1111111111111111111111111111111111111111
two=2222222222222222222222222222222222222222

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	put_recipe '^v(.+)$'
}

# put_recipe PATTERN [MIN_VERSION [REVISION]]: as farm-recipe writes it.
put_recipe() {
	jq -nc --arg pattern "$1" --arg minimum "${2-}" --argjson revision "${3-1}" '{
		name: "alpha", git: "https://example.org/alpha", repository: "example.org/alpha",
		tag_pattern: $pattern, peios_revision: $revision, min_version: $minimum,
		submodules: false, github_webhook: false, poll_interval: 0, packages: ["alpha"]
	}' >recipe
}

# list TAG...: the listing of tags without objects of their own.
list() {
	(($# == 0)) || printf "$one\trefs/tags/%s\n" "$@" >listing
	(($# > 0)) || : >listing
}

# versions LINE...: of listing come exactly these lines, "TAG VERSION", and no warning.
versions() {
	versions_with_warnings "$@"
	assert_equal "$(<said)" ''
}

versions_with_warnings() {
	farm-tags -r recipe <listing >entries 2>said
	jq -r '"\(.tag) \(.version)"' entries >ours
	printf '%s\n' "$@" | diff -u - ours
}

# counts SEEN EMITTED BELOW: of listing.
counts() {
	run_apart farm-tags -s -r recipe <listing
	assert_success
	assert_equal "$stderr" ''
	assert_output "{\"tags_seen\":$1,\"matches_emitted\":$2,\"skipped_below_min_version\":$3}"
}

# passes_over: of listing come no entries and no warnings.
passes_over() {
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_output ''
	assert_equal "$stderr" ''
}

# warns MESSAGE...: of listing come no entries, and exactly these warnings.
warns() {
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_output ''
	assert_equal "$stderr" "$(printf 'farm-tags: warning: %s\n' "$@")"
}

@test "farm-tags: no tags at all" {
	list
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_equal "$output$stderr" ''
	counts 0 0 0
}

@test "farm-tags: the bytes of an entry" {
	list v1.0
	farm-tags -r recipe <listing >entries
	printf '{"tag":"v1.0","commit":"%s","version":"1.0-1"}\n' "$one" | cmp - entries
	# SHA-256
	printf '%s%s\trefs/tags/v1.0\n' "$two" "${one:0:24}" >listing
	run_apart farm-tags -r recipe <listing
	assert_output "{\"tag\":\"v1.0\",\"commit\":\"$two${one:0:24}\",\"version\":\"1.0-1\"}"
}

@test "farm-tags: what git itself lists" {
	git init -q -b main upstream
	git -C upstream config user.name t
	git -C upstream config user.email t@example.org
	for release in 1.9 1.10 1.8; do
		git -C upstream commit -q --allow-empty -m "$release"
		git -C upstream tag -m "$release" "v$release"
	done
	git -C upstream tag v1.11
	git -C upstream commit -q --allow-empty -m later
	git -C upstream tag -m 'a tag of a tag' v1.12 v1.8
	git -C upstream tag -m 'a tree' v1.13 'HEAD^{tree}'
	git -C upstream branch v3.0
	git -C upstream update-ref refs/tags/-v1.14 HEAD
	put_recipe 'v(\d.*)'
	git ls-remote --tags upstream >tags
	git ls-remote upstream >listing
	farm-tags -r recipe <listing >entries
	farm-tags -r recipe <tags | cmp - entries
	for tag in v1.8 v1.9 v1.10 v1.11 v1.12 v1.13 -v1.14; do
		printf '{"tag":"%s","commit":"%s","version":"%s-1"}\n' "$tag" \
			"$(git -C upstream rev-parse "refs/tags/$tag^{}")" "${tag#*v}"
	done | cmp - entries
	counts 7 7 0
}

@test "farm-tags: a group without a name, searched where it may be" {
	list v1.2.3 release-1.2.4 1.2.5-final 2 v V1.3
	put_recipe '(\d+\.\d+\.\d+)'
	versions 'v1.2.3 1.2.3-1' 'release-1.2.4 1.2.4-1' '1.2.5-final 1.2.5-1'
	put_recipe '^v([0-9.]+)$' '' 12
	versions 'v1.2.3 1.2.3-12'
	put_recipe '(?i)^v([0-9.]+)'
	# jq would round it.
	sed -i 's/"peios_revision":1/"peios_revision":9223372036854775807/' recipe
	versions 'v1.2.3 1.2.3-9223372036854775807' 'V1.3 1.3-9223372036854775807'
}

@test "farm-tags: groups with names, optional ones" {
	put_recipe '^(?P<major>\d+)_(?P<minor>\d+)(?:_(?P<patch>\d*))?(?:-(?P<prerelease>[a-z0-9.]*))?$' '' 2
	list 1_31_0 1_31 1_32-rc1 1_32_0-rc.2 1_33_ 1_34_- 1
	versions '1_31 1.31-2' '1_31_0 1.31.0-2' '1_32-rc1 1.32-rc1-2' \
		'1_32_0-rc.2 1.32.0-rc.2-2' '1_33_ 1.33-2' '1_34_- 1.34-2'
	counts 7 6 0
	# In any order, by either way to write them.
	put_recipe "^(?<prerelease>[a-z]+)-(?'minor'\\d+)of(?P<major>\\d+)\$"
	list rc-7of3
	versions 'rc-7of3 3.7-rc-1'
}

@test "farm-tags: a group that has to find something and does not" {
	put_recipe '^(?P<major>\d*)\.(?P<minor>\d+)?$'
	list .5 5. 1.5
	versions_with_warnings '1.5 1.5-1'
	assert_equal "$(<said)" "farm-tags: warning: tag '.5': skipped: bad name: a component that starts with '.'
farm-tags: warning: tag '5.': skipped: bad name: '.' at its end"
	put_recipe '^v(?P<major>\d*)-(?P<minor>\d+)?$'
	list v-5 v5-
	warns "tag 'v-5': skipped: the pattern finds an empty major in it" \
		"tag 'v5-': skipped: the pattern finds an empty minor in it"
	put_recipe '^v(\d*)'
	list version
	warns "tag 'version': skipped: the pattern finds an empty version in it"
	put_recipe '^version|^v(\d+)'
	warns "tag 'version': skipped: the pattern finds an empty version in it"
	counts 1 0 0
}

@test "farm-tags: ascending, whatever the order of the listing" {
	# 1.0 and 1.00 compare equal (§2.2.7).
	expected=(v1.0-alpha v1.0-rc1 v1.0 v1.00 v1.0.1 v1.2 v1.9 v1.10 v1.20240101 v2)
	for _ in 1 2 3; do
		mapfile -t shuffled < <(printf '%s\n' "${expected[@]}" | shuf)
		list "${shuffled[@]}"
		farm-tags -r recipe <listing | jq -r .tag | diff -u <(printf '%s\n' "${expected[@]}") -
	done
}

@test "farm-tags: a thousand tags, and as many annotated ones" {
	mapfile -t tags < <(seq -f 'v3.%.0f' 1000 | shuf --random-source=<(yes))
	list "${tags[@]}"
	farm-tags -r recipe <listing | jq -r .version | diff - <(seq -f '3.%.0f-1' 1000)
	counts 1000 1000 0
	sed "p; s/$one/$two/; s/\$/^{}/" listing >peeled
	farm-tags -r recipe <peeled >entries
	jq -r .version entries | diff - <(seq -f '3.%.0f-1' 1000)
	assert_equal "$(jq -r .commit entries | sort -u)" "$two"
	mv peeled listing
	counts 1000 1000 0
}

@test "farm-tags: min_version compares upstream parts" {
	list v1.9 v1.10 v1.10.0 v1.10-rc1 v1.11 v01.10 other
	put_recipe '^v(.+)$' 1.10 3
	versions 'v01.10 01.10-3' 'v1.10 1.10-3' 'v1.10.0 1.10.0-3' 'v1.11 1.11-3'
	counts 7 4 2
	# What could be read as a revision is none.
	put_recipe '^v(.+)$' 1.0-5
	list v1.0-4 v1.0-5 v1.0-6 v1.0
	versions 'v1.0-5 1.0-5-1' 'v1.0-6 1.0-6-1'
	counts 4 2 2
	put_recipe '^v(.+)$' 1.0-rc1
	list v1.0-alpha v1.0-rc1 v1.0
	versions 'v1.0-rc1 1.0-rc1-1' 'v1.0 1.0-1'
	counts 3 2 1
}

@test "farm-tags: several tags of one version" {
	put_recipe '(\d+\.\d+)'
	list v1.0 release-1.0 1.0-final v1.1 1.1 v2.0
	sed -i "1s/$one/$two/" listing
	versions_with_warnings '1.0-final 1.0-1' '1.1 1.1-1' 'v2.0 2.0-1'
	assert_equal "$(<said)" "farm-tags: warning: tag 'release-1.0': skipped: '1.0-final' gives 1.0-1, too
farm-tags: warning: tag 'v1.0': skipped: '1.0-final' gives 1.0-1, too
farm-tags: warning: tag 'v1.1': skipped: '1.1' gives 1.1-1, too"
	counts 6 3 0
	tac listing | farm-tags -r recipe 2>/dev/null | cmp - entries
}

@test "farm-tags: peeled tags in wrong places" {
	printf '%s\trefs/tags/%s\n' "$two" 'v0.9^{}' "$one" v1.0 "$two" 'v1.0^{}' "$one" v1.1 \
		"$two" 'v1.0^{}' "$two" '^{}' >listing
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_output "{\"tag\":\"v1.0\",\"commit\":\"$two\",\"version\":\"1.0-1\"}
{\"tag\":\"v1.1\",\"commit\":\"$one\",\"version\":\"1.1-1\"}"
	assert_equal "$stderr" 'farm-tags: warning: line 1: skipped: a commit that is not behind its tag
farm-tags: warning: line 5: skipped: a commit that is not behind its tag
farm-tags: warning: line 6: skipped: a commit that is not behind its tag'
	counts 2 2 0
	# Where no tag was, it is not that of a tag without a name.
	printf '%s\trefs/tags/%s\n' "$one" '^{}' >listing
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_output ''
	assert_equal "$stderr" 'farm-tags: warning: line 1: skipped: a commit that is not behind its tag'
	# Behind a tag that is not taken a commit is nothing to speak of.
	printf '%s\trefs/tags/%s\n' "$one" other "$two" 'other^{}' >listing
	passes_over
}

@test "farm-tags: branches, the head and other things are passed over" {
	printf '%s\t%s\n' "$one" HEAD "$one" refs/heads/v1.0 "$one" refs/pull/1/head \
		"$two" refs/tag/v2.0 "$two" refs/heads/refs/tags/v3.0 "$one" refs/tagsv1 \
		"$one" refs/heads/x^{} >listing
	passes_over
	counts 0 0 0
}

@test "farm-tags: names that mean something to a shell" {
	put_recipe '^(?:.*[^0-9.])?(\d+\.\d+)'
	names=("it's1.0" '"1.1"' '$(id)1.2' ';id;1.3' '-u1.4' '--upload-pack=id1.5' '`id`1.6' '&1.7' '|1.8' '!#%1.9' 'é1.10' '<>{}1.11')
	list "${names[@]}"
	farm-tags -r recipe <listing >entries 2>said
	assert_equal "$(<said)" ''
	jq -r .tag entries | diff -u <(printf '%s\n' "${names[@]}") -
	jq -r .version entries | diff -u <(seq -f '1.%.0f-1' 0 11) -
	# What a version may not hold, none does.
	put_recipe '^(.*)$'
	list '$(id)' ';' "'" '"'
	farm-tags -r recipe <listing >entries 2>said
	assert_equal "$(<entries)" ''
	assert_equal "$(wc -l <said)" 4
}

@test "farm-tags: names are good where git says so" {
	put_recipe '^.*?(\d+)'
	names=(a1 a/b2 @3 a@4 'a{5' a./6 a.b7 lock8 a.lock9 -10 a/-11 a.lockb/12 '}13' 'a,14' 'a]15' '!16'
		$'\x01'17 .18 a/.19 a..20 22. 23.lock a.lock/24 a//25 /26 27/ 'a 28' 'a~29' 'a^30' 'a:31' 'a?32' 'a*33'
		'a[34' 'a\35' '@{36' $'\x7f37' $'a\tb38' '39/..' 'a40.lock' '@41')
	list "${names[@]}"
	farm-tags -r recipe <listing 2>said | jq -r .tag | sort >ours
	for name in "${names[@]}"; do
		! git check-ref-format "refs/tags/$name" || printf '%s\n' "$name"
	done | sort >theirs
	diff -u theirs ours
	assert_equal "$(wc -l <said)" $((${#names[@]} - $(wc -l <theirs)))
	assert_equal "$(grep -c ': skipped: bad name: ' said)" "$(wc -l <said)"
	counts "${#names[@]}" "$(wc -l <theirs)" 0
}

@test "farm-tags: names with newlines and with bytes that are no UTF-8" {
	list $'v1.0\nv1.1' $'v\xff' $'v1.2\xc3' $'v\xed\xa0\x80' $'v1.3\r' v1NUL.4 $'v\x1b[31m'
	sed -i 's/NUL/\x00/' listing
	versions_with_warnings 'v1.0 1.0-1'
	diff -u - said <<-'END'
		farm-tags: warning: line 2: skipped: no object and name with a tab between them
		farm-tags: warning: tag 'v\xff': skipped: bad name: not UTF-8
		farm-tags: warning: tag 'v1.2\xc3': skipped: bad name: not UTF-8
		farm-tags: warning: tag 'v\xed\xa0\x80': skipped: bad name: not UTF-8
		farm-tags: warning: tag 'v1.3\x0d': skipped: bad name: a control character
		farm-tags: warning: line 7: skipped: no object and name with a tab between them
		farm-tags: warning: tag 'v\x1b[31m': skipped: bad name: a control character
	END
	counts 6 1 0
}

@test "farm-tags: garbage lines" {
	no_line='no object and name with a tab between them'
	printf '%s\n' '' garbage "$one refs/tags/v1.0" "$one" "${one}1"$'\trefs/tags/v1.0' \
		$'\trefs/tags/v1.0' "${one^^}A"$'\trefs/tags/v1.0' "${one%1}g"$'\trefs/tags/v1.0' >listing
	warns "line 1: skipped: $no_line" "line 2: skipped: $no_line" "line 3: skipped: $no_line" \
		"line 4: skipped: $no_line" 'line 5: skipped: no object in front of the name' \
		'line 6: skipped: no object in front of the name' \
		'line 7: skipped: no object in front of the name' \
		'line 8: skipped: no object in front of the name'
	counts 0 0 0
	list v1.0
	{
		head -c 100000 /dev/urandom | tr -d '\n' | fold -bw 500
		printf '\n%s\trefs/tags/v2.0\n' "$one"
	} >>listing
	versions_with_warnings 'v1.0 1.0-1' 'v2.0 2.0-1'
}

@test "farm-tags: warnings do not fill a log" {
	list v1.0 {a,b,c}..{1..50}
	versions_with_warnings 'v1.0 1.0-1'
	assert_equal "$(wc -l <said)" 101
	assert_equal "$(tail -n 1 said)" 'farm-tags: warning: 50 more are not shown'
	list v1.0 {a,b}..{1..50}
	versions_with_warnings 'v1.0 1.0-1'
	assert_equal "$(wc -l <said)" 100
	# Whatever they are about.
	put_recipe '(1)'
	list x1 {a,b,c}1{1..50}
	versions_with_warnings 'a11 1-1'
	assert_equal "$(wc -l <said)" 101
	assert_equal "$(tail -n 1 said)" 'farm-tags: warning: 50 more are not shown'
}

@test "farm-tags: a listing that was cut short" {
	list v1.0 v1.1
	for length in 1 40 41 50 55 57 111; do
		head -c "$length" listing >short
		run_apart farm-tags -r recipe <short
		assert_refused 1 'farm-tags: standard input: the last line is cut short'
		assert_output ''
	done
	run_apart farm-tags -s -r recipe <short
	assert_refused 1 'farm-tags: standard input: the last line is cut short'
}

@test "farm-tags: long names" {
	printf -v long 'a%.0s' {1..4093}
	put_recipe '^a*v(\d)'
	list "${long}v12" "${long}v2"
	run_apart farm-tags -r recipe <listing
	assert_success
	assert_output "{\"tag\":\"${long}v12\",\"commit\":\"$one\",\"version\":\"1-1\"}
{\"tag\":\"${long}v2\",\"commit\":\"$one\",\"version\":\"2-1\"}"
	list "a${long}v12" v3
	versions_with_warnings 'v3 3-1'
	assert_equal "$(<said)" "farm-tags: warning: tag '${long:0:200}': skipped: bad name: over 4096 bytes"
	{
		printf '%s\trefs/tags/v' "$one"
		head -c 70000 /dev/zero | tr '\0' a
		echo
	} >listing
	run_apart farm-tags -r recipe <listing
	assert_refused 1 'farm-tags: standard input: a line of over 65536 bytes'
}

@test "farm-tags: versions that names of files have no room for" {
	# 19 bytes are the farm's, for a while: "rebuild-" and ".XXXXXXXXXX".
	printf -v nines '9%.0s' {1..300}
	# alpha_VERSION_ARCHITECTURE.peipkg, with 16 bytes for the architecture.
	list "v${nines:0:204}" v1.0 "v1${nines:0:204}" "v$nines"
	versions_with_warnings 'v1.0 1.0-1' "v${nines:0:204} ${nines:0:204}-1"
	diff -u - said <<-END
		farm-tags: warning: tag 'v1${nines:0:198}': skipped: a version of 207 bytes, of which names of files have room for 206
		farm-tags: warning: tag 'v${nines:0:199}': skipped: a version of 302 bytes, of which names of files have room for 206
	END
	counts 4 2 0
	# The longest of all names counts: of the second package, of the recipe itself.
	jq -c '.packages += ["a-name-of-20-bytes--"]' recipe >new
	mv new recipe
	list "v${nines:0:189}" "v1${nines:0:189}"
	versions_with_warnings "v${nines:0:189} ${nines:0:189}-1"
	jq -c --arg name "${nines:0:232}" '.name = $name' recipe >new
	mv new recipe
	list v1 v10
	versions_with_warnings 'v1 1-1'
	assert_equal "$(<said)" "farm-tags: warning: tag 'v10': skipped: a version of 4 bytes, of which names of files have room for 3"
	jq -c --arg name "$nines" '.name = $name' recipe >new
	mv new recipe
	list v1
	warns "tag 'v1': skipped: a version of 3 bytes, of which names of files have room for 0"
	# What is below min_version is not built anyway.
	put_recipe '^v(.*)' "9$nines"
	list "v$nines"
	passes_over
	# Who is told no names has room.
	echo '{"tag_pattern": "v(.*)", "peios_revision": 1, "packages": 5}' >recipe
	list "v${nines:0:209}"
	versions "v${nines:0:209} ${nines:0:209}-1"
}

@test "farm-tags: patterns that go through everything have bounds" {
	printf -v digits '1%.0s' {1..40}
	printf -v many 'ab%.0s' {1..2000}
	list "${digits}x" 1.0 "$many"
	put_recipe '^((?:\d+\.?)+)$'
	too_long="the pattern cannot be searched in it: match limit exceeded"
	SECONDS=0
	versions_with_warnings '1.0 1.0-1'
	assert_equal "$(<said)" "farm-tags: warning: tag '${digits}x': skipped: $too_long"
	# Two ends, as PCRE2 would look for a single one first of all.
	for pattern in '^((?:(?:\d+)*\.?)*)E' '((?:a|b|ab)*)*?E' '^((?:(?:.*)*)*)E' '(.*.*.*.*.*.*.*.*E)' \
		'^((?:[^!]|a(?1)?)*)E$' '^((?:a(?1)*b)*)E' '^((?:(?1)|a)*b)E' '^(?=(.*))(?:.*.*.*.*)E'; do
		put_recipe "${pattern/E/(?:!|#)}"
		run_apart timeout 20 farm-tags -r recipe <listing
		assert_success
		assert_output ''
		while read -r line; do
			assert_regex "$line" "': skipped: the pattern cannot be searched in it: .* (limit exceeded|recursion)"
		done <<<"$stderr"
	done
	assert [ "$SECONDS" -lt 30 ]
	# Others go on, however many there are.
	mapfile -t tags < <(seq -f "${digits}x%.0f" 1000)
	list "${tags[@]}" 2.0
	put_recipe '^((?:\d+\.?)+)$'
	versions_with_warnings '2.0 2.0-1'
	assert_equal "$(tail -n 1 said)" 'farm-tags: warning: 900 more are not shown'
	assert [ "$SECONDS" -lt 60 ]
}

@test "farm-tags: tags that take long, each within bounds, have bounds together" {
	printf -v many 'ab%.0s' {1..140}
	mapfile -t tags < <(seq -f "$many%.0f" 10000)
	list "${tags[@]}"
	put_recipe '(a.*.*(?:!|#))'
	run_apart timeout 120 farm-tags -r recipe <listing
	assert_equal "$status" 1
	assert_output ''
	assert_equal "${#stderr_lines[@]}" 1
	assert_regex "$stderr" '^farm-tags: line [0-9]+: the pattern takes too long on these tags$'
}

@test "farm-tags: recipes that it cannot take" {
	list v1.0
	refuses 'tag_pattern: missing or empty [§8.2]' '{"peios_revision": 1}'
	refuses 'tag_pattern: missing or empty [§8.2]' '{"tag_pattern": "", "peios_revision": 1}'
	refuses 'tag_pattern: no string [§8.2]' '{"tag_pattern": 1, "peios_revision": 1}'
	refuses 'tag_pattern: byte 2: missing closing parenthesis' '{"tag_pattern": "(", "peios_revision": 1}'
	refuses 'tag_pattern: 0 groups, where one for the version or named ones are wanted' '{"tag_pattern": "a", "peios_revision": 1}'
	for revision in 0 -1 1.5 '"1"' null 9223372036854775808; do
		refuses 'peios_revision: no integer from 1 to 2^63-1 [§2.2]' "{\"tag_pattern\": \"(a)\", \"peios_revision\": $revision}"
	done
	refuses 'peios_revision: no integer from 1 to 2^63-1 [§2.2]' '{"tag_pattern": "(a)"}'
	refuses "min_version: version '.5-1': its upstream part has to start with a letter or digit [§2.2.3]" '{"tag_pattern": "(a)", "peios_revision": 1, "min_version": ".5"}'
	refuses 'min_version: no string [§8.2]' '{"tag_pattern": "(a)", "peios_revision": 1, "min_version": 5}'
	refuses 'no object' '[]'
	echo '{"tag_pattern": "(", "min_version": "~"}' >recipe
	run_apart farm-tags -r recipe <listing
	assert_equal "${#stderr_lines[@]}" 3
	run_apart farm-tags -r absent <listing
	assert_refused 1 'farm-tags: absent: No such file or directory'
}

# refuses MESSAGE RECIPE
refuses() {
	printf '%s\n' "$2" >recipe
	run_apart farm-tags -r recipe <listing
	assert_refused 1 "farm-tags: recipe: $1"
	assert_output ''
}

@test "farm-tags: a full disk, a closed pipe, a closed input" {
	list v1.0
	run_apart bash -c 'farm-tags -r recipe <listing >/dev/full'
	assert_refused 1 'farm-tags: standard output: No space left on device'
	run_apart bash -c 'farm-tags -s -r recipe <listing >/dev/full'
	assert_refused 1 'farm-tags: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; farm-tags -r recipe <listing; } | true'
	assert_refused 1 'farm-tags: standard output: Broken pipe'
	run_apart bash -c 'farm-tags -r recipe <&-'
	assert_refused 1 'farm-tags: standard input: Bad file descriptor'
}

@test "farm-tags: usage" {
	run_apart farm-tags </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'farm-tags: -r is missing'
	run_apart farm-tags -r recipe listing
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "farm-tags: 'listing': tags are read from standard input"
	run_apart farm-tags -x
	assert_equal "$status" 2
	run_apart farm-tags --help
	assert_success
	assert_output --partial 'usage: farm-tags'
}

@test "farm-tags: the examples of its page" {
	check_examples "$project/filters/farm-tags.1"
}
