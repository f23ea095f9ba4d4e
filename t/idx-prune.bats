#!/usr/bin/env bats

load helper
load entries

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	set -o pipefail
}

# Lines "NAME VERSION ARCHITECTURE TIME" to entries that were built then.
built() {
	awk '{ print $1, $2, $3, ",\"build\":{\"timestamp\":\"" $4 "\",\"farm_id\":\"f\"}" }' | entries
}

# prunes TIME KEPT: that idx-prune keeps the lines of archive that sed -n KEPT prints, and
# has the others with -v.
prunes() {
	sed -n "$2" archive >expected
	idx-prune -b "$1" active.json <archive >kept
	cmp expected kept
	grep -vxFf kept archive >expected || true
	idx-prune -v -b "$1" active.json <archive >dropped
	cmp expected dropped
}

# Those of the lines in versions that have a pre-release tail with a number or word in it
# (§2.2.7.3).
prereleases() {
	sed 's/^[0-9]*://; s/-[0-9]*$//' versions >upstream
	paste upstream versions | awk -F '\t' '
		{ text = "." tolower($1) "." }
		text ~ /~.*[0-9a-z]/ ||
		text ~ /[^a-z](dev|alpha|a|beta|b|pre|rc)[^a-z]/ { print $2 }
	'
}

@test "idx-prune: pre-releases, and nothing else (§6.3.8)" {
	need_vectors
	awk -F '\t' '$2 == "valid" { print $1 }' "$VECTORS/versions/valid.tsv" | sort -u >versions
	prereleases >expected
	[[ $(wc -l <expected) -gt 50 ]]
	index_of active </dev/null >active.json
	awk '{ print "aa", $0, "noarch", "2026-01-01T00:00:00Z" }' versions | built >archive
	idx-prune -v -b 2026-01-02T00:00:00Z active.json <archive | jq -r .version | cmp - expected
	idx-prune -b 2026-01-02T00:00:00Z active.json <archive >kept
	jq -r .version kept | cmp - <(grep -vxFf expected versions)
}

@test "idx-prune: built before the time, to the second" {
	for time in 1970-01-01T00:00:00Z 2026-02-28T23:59:59Z 2026-03-01T00:00:00Z 2026-03-01T00:00:01Z \
		2242-03-16T12:56:31Z; do
		echo "n${time:0:4}${time:5:2}${time:17:2} 1~rc1-1 noarch $time"
	done | built >archive
	index_of active </dev/null >active.json
	prunes 2026-03-01T00:00:00Z 3,5p
	prunes 2026-03-01T00:00:01Z 4,5p
	prunes 1970-01-01T00:00:00Z 1,5p
	prunes 2242-03-16T12:56:31Z 5p
}

@test "idx-prune: an entry that does not say when it was built is kept" {
	entries >archive <<-'END'
		aa 1~rc1-1 noarch
		aa 1~rc2-1 noarch ,"build":null
		aa 1~rc3-1 noarch ,"build":{}
		aa 1~rc4-1 noarch ,"build":{"timestamp":null,"farm_id":""}
		aa 1~rc5-1 noarch ,"build":{"timestamp":""}
	END
	index_of active </dev/null >active.json
	prunes 2242-03-16T12:56:31Z 1,5p
}

@test "idx-prune: what is active is kept: by name, version, architecture" {
	time=2026-01-01T00:00:00Z
	built >archive <<-END
		aa 1.0~alpha-1 noarch $time
		aa 1.0~a-1 noarch $time
		bb 2~rc1-1 x86_64 $time
		bb 1~rc1-1 x86_64 $time
		bb 1~rc1-1 noarch $time
		cc 1~rc1-1 x86_64 $time
	END
	sed -n '1p; 4p' archive | index_of active >active.json
	prunes 2026-01-02T00:00:00Z '1p; 4p'
	# In any order
	tac archive >backwards
	mv backwards archive
	prunes 2026-01-02T00:00:00Z '3p; 6p'
}

@test "idx-prune: what the reference published" {
	need_vectors
	for state in 0 1 2 3 4; do
		index=$VECTORS/repository/state$state/index
		jq -c '.packages[]' "$index/archive.json" >archive
		jq -r '.packages[] | "\(.name) \(.version)"' "$index/active.json" >active
		grep -E '"version":"[^"]*~' archive >before || true
		while read -r name version; do
			sed -i "/\"name\":\"$name\",\"version\":\"$version\"/d" before
		done <active
		cp "$index/active.json" .
		idx-prune -v -b 2100-01-01T00:00:00Z active.json <archive | cmp - before
		grep -vxFf before archive >after || true
		idx-prune -b 2100-01-01T00:00:00Z active.json <archive | cmp - after
		prunes 2000-01-01T00:00:00Z p
	done
	# beta 1.0~rc1 was the newest first, and then was not.
	[[ $(<before) == *'"beta","version":"1.0~rc1-1"'* ]]
}

@test "idx-prune: lines stay as they are" {
	cat >archive <<'END'
 { "url" : "/p/\u0061" , "hash":{"value":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","algorithm":"sha256"},"size_compressed":3,"architecture":"noarch","version":"2\u007erc-1","build":{"timestamp":"2026\u002d01-01T00:00:00Z"},"name":"\u0061a","mine":["\u2028\/ é",1.50e+3,null]}	
END
	index_of active </dev/null >active.json
	prunes 2027-01-01T00:00:00Z ''
	index_of active <archive >active.json
	prunes 2027-01-01T00:00:00Z p
}

@test "idx-prune: nothing, and compressed input" {
	index_of active </dev/null | gzip >active.json.gz
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json.gz </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	run_apart idx-prune -v -b 2026-01-01T00:00:00Z active.json.gz </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	built <<<'aa 1-1 noarch 2025-01-01T00:00:00Z' >archive
	gzip -k archive
	idx-prune -b 2026-01-01T00:00:00Z active.json.gz <archive.gz | cmp - archive
	head -c -9 active.json.gz >short.gz
	run_apart idx-prune -b 2026-01-01T00:00:00Z short.gz <archive
	assert_refused 1 'idx-prune: short.gz: gzip data cut short'
	assert_output ''
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json.gz <short.gz
	assert_refused 1 'idx-prune: standard input: gzip data cut short'
}

@test "idx-prune: bad active indexes" {
	built <<<'aa 1-1 noarch 2025-01-01T00:00:00Z' >archive
	index_of 'archive' <archive >archive.json
	run_apart idx-prune -b 2026-01-01T00:00:00Z archive.json <archive
	assert_refused 1 'idx-prune: archive.json: no active index [§6.2.2]'
	index_of active <archive >active.json
	size=$(wc -c <active.json)
	for ((cut = 0; cut < size - 1; cut += 17)); do
		head -c "$cut" active.json >short.json
		run_apart idx-prune -b 2026-01-01T00:00:00Z short.json <archive
		assert_equal "$status" 1
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
	done
	run_apart idx-prune -b 2026-01-01T00:00:00Z absent.json <archive
	assert_refused 1 'idx-prune: absent.json: No such file or directory'
	run_apart idx-prune -b 2026-01-01T00:00:00Z . <archive
	assert_refused 1 'idx-prune: .: is a directory'
	jq -c 'del(.version)' archive | index_of active >active.json
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json <archive
	assert_refused 1 'idx-prune: active.json: version: missing or empty [§3.3]'
	assert_output ''
}

# refuses MEMBERS MESSAGE: an entry with these.
refuses() {
	index_of active </dev/null >active.json
	entries <<<"aa 1~rc1-1 noarch ,$1" >archive
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json <archive
	assert_failure 1
	assert_output ''
	[[ $stderr == "idx-prune: standard input: aa_1~rc1-1_noarch: build: $2"* ]]
}

@test "idx-prune: bad entries" {
	refuses '"build":[]' 'no object [§6.2.4]'
	refuses '"build":{"timestamp":1}' 'timestamp: no string [§3.3]'
	refuses '"build":{"timestamp":"2026-02-30T00:00:00Z"}' "timestamp '2026-02-30T00:00:00Z': "
	refuses '"build":{"timestamp":"2026-01-01T00:00:00+00:00"}' "timestamp '2026-01-01T00:00:00+00:00': "
	built <<<'aa 1-1 noarch 2025-01-01T00:00:00Z' | head -c -1 >archive
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json <archive
	assert_refused 1 'idx-prune: standard input: the last line is cut short'
	assert_output ''
	head -c 5000 /dev/urandom >archive
	run_apart idx-prune -b 2026-01-01T00:00:00Z active.json <archive
	assert_equal "$status" 1
	assert_output ''
}

@test "idx-prune: a full disk and a closed pipe" {
	built <<<'aa 1-1 noarch 2025-01-01T00:00:00Z' >archive
	index_of active <archive >active.json
	run_apart bash -c 'idx-prune -b 2026-01-01T00:00:00Z active.json <archive >/dev/full'
	assert_refused 1 'idx-prune: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail
		{ sleep 0.2; idx-prune -b 2026-01-01T00:00:00Z active.json <archive; } | true'
	assert_refused 1 'idx-prune: standard output: Broken pipe'
	run_apart bash -c 'idx-prune -b 2026-01-01T00:00:00Z active.json <&-'
	assert_refused 1 'idx-prune: standard input: Bad file descriptor'
}

@test "idx-prune: usage" {
	run_apart idx-prune active.json </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-prune: -b is missing'
	run_apart idx-prune -b 2026-01-01T00:00:00Z </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-prune: one active index is wanted'
	run_apart idx-prune -b 2026-01-01T00:00:00Z a b </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-prune: one active index is wanted'
	for time in '' 2026-01-01 '2026-01-01 00:00:00' 2026-13-01T00:00:00Z 90d; do
		run_apart idx-prune -b "$time" active.json </dev/null
		assert_equal "$status" 2
		[[ ${stderr_lines[0]} == "idx-prune: -b: timestamp '$time': "* ]]
	done
	run_apart idx-prune -x
	assert_equal "$status" 2
	run_apart idx-prune --help
	assert_success
	assert_output 'usage: idx-prune [-v] -b TIME ACTIVE'
	run_apart idx-prune --version
	assert_output --regexp '^idx-prune [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "idx-prune: the examples of its page" {
	check_examples "$project/filters/idx-prune.1"
}
