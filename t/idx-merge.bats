#!/usr/bin/env bats

load helper
load entries

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	set -o pipefail
}

# merges NEW OLD EXPECTED, each lines as entries takes them; OLD becomes the archive.
merges() {
	entries <<<"$2" | sed '/"name":""/d' | index_of archive >archive.json
	entries <<<"$1" | sed '/"name":""/d' >new
	entries <<<"$3" >expected
	idx-merge archive.json <new >merged
	diff -u expected merged
	tac new | idx-merge archive.json | cmp - expected
}

# Says for lines "NAME A B ORDER" in what order an archive has them when both are new.
in_order() {
	LC_ALL=C awk '{
		a_first = $4 == ">" || ($4 == "=" && $2 "_x86_64" < $3 "_x86_64")
		print $1, a_first ? $2 : $3, "x86_64"
		print $1, a_first ? $3 : $2, "x86_64"
	}'
}

# Pairs of versions of the reference client as lines "NAME A B ORDER", the names in order.
pairs_of_the_reference() {
	awk '
		$3 != "invalid" && $1 != $2 && length($1 $2) < 500 {
			printf "n%05d %s %s %s\n", ++count, $1, $2, $3
		}
	' "$VECTORS/versions/compare.tsv"
}

@test "idx-merge: what the reference published" {
	need_vectors
	for state in 0 1 2 3 4; do
		index=$VECTORS/repository/state$state/index/archive.json
		jq -c '.packages[]' "$index" >"entries$state"
		sort -r "entries$state" | idx-merge | cmp - "entries$state"
		idx-merge "$index" </dev/null | cmp - "entries$state"
	done
	for state in 1 2 3 4; do
		old=$VECTORS/repository/state$((state - 1))/index/archive.json
		grep -vxFf "entries$((state - 1))" "entries$state" >new || true
		idx-merge "$old" <new | cmp - "entries$state"
		tac new | idx-merge "$old" | cmp - "entries$state"
	done
}

@test "idx-merge: every pair of versions of the reference client, both new" {
	need_vectors
	pairs_of_the_reference >pairs
	in_order <pairs | entries >expected
	[[ $(wc -l <expected) -gt 3000 ]]
	awk '{ print $1, $2, "x86_64"; print $1, $3, "x86_64" }' pairs | entries >new
	idx-merge <new | cmp - expected
	tac new | idx-merge | cmp - expected
	LC_ALL=C sort -k 3 -t : new | idx-merge | cmp - expected
}

@test "idx-merge: every pair of versions of the reference client, one of them old" {
	need_vectors
	pairs_of_the_reference >pairs
	awk '{ print $1, $2, "x86_64" }' pairs | entries >a
	awk '{ print $1, $3, "x86_64" }' pairs | entries >b
	awk '{ print $1, $4 == "<" ? $3 : $2, "x86_64"; print $1, $4 == "<" ? $2 : $3, "x86_64" }' \
		pairs | entries >expected
	index_of archive <a >archive.json
	idx-merge archive.json <b | cmp - expected
	awk '{ print $1, $4 == ">" ? $2 : $3, "x86_64"; print $1, $4 == ">" ? $3 : $2, "x86_64" }' \
		pairs | entries >expected
	index_of archive <b >archive.json
	idx-merge archive.json <a | cmp - expected
}

@test "idx-merge: names by their bytes, whatever the locale" {
	printf '%s 1-1 x86_64\n' 0a a+ a+b a-b a-b-c a-c a.b a0 a00 aa aa+ ab bb 'libstdc++' libz |
		entries >expected
	tac expected | idx-merge | cmp - expected
	tac expected | LC_ALL=en_US.UTF-8 idx-merge | cmp - expected
	index_of archive <expected >archive.json
	sed 's/1-1/2-1/g' expected | tac | idx-merge archive.json | names_of >merged
	for name in 0a a+ a+b a-b a-b-c a-c a.b a0 a00 aa aa+ ab bb 'libstdc++' libz; do
		printf '%s %s x86_64\n' "$name" 2-1 "$name" 1-1
	done | cmp - merged
}

@test "idx-merge: before, between, behind, and between the versions of a name" {
	merges $'aa 2-1 x86_64\ncc 2-1 x86_64\nee 2-1 x86_64\ncc 3.5-1 x86_64\ncc 1-1 x86_64' \
		$'bb 1-1 x86_64\ncc 4-1 x86_64\ncc 3-1 x86_64\ncc 1.5-1 x86_64\ndd 1-1 x86_64' \
		'aa 2-1 x86_64
bb 1-1 x86_64
cc 4-1 x86_64
cc 3.5-1 x86_64
cc 3-1 x86_64
cc 2-1 x86_64
cc 1.5-1 x86_64
cc 1-1 x86_64
dd 1-1 x86_64
ee 2-1 x86_64'
}

@test "idx-merge: epochs, pre-releases, revisions, numbers without end" {
	printf -v nines '%0*d' 3000 0
	nines=${nines//0/9}
	cat >lines <<-END
		aa 9223372036854775807:1-9223372036854775807 x86_64
		aa 9223372036854775807:1-9223372036854775806 x86_64
		aa 1:0-1 x86_64
		aa 0:1${nines}0-1 x86_64
		aa 1${nines}-1 x86_64
		aa $nines-1 x86_64
		aa 18446744073709551616-1 x86_64
		aa 10-1 x86_64
		aa 9-10 x86_64
		aa 9-9 x86_64
		aa 9~rc10-1 x86_64
		aa 9~rc9-1 x86_64
		aa 9-pre-1 x86_64
		aa 9.beta-1 x86_64
		aa 9a-1 x86_64
		aa 9~dev-1 x86_64
		aa 8-1 x86_64
	END
	entries <lines >expected
	shuf --random-source=lines expected | idx-merge | cmp - expected
	sed -n 'n;p' expected | index_of archive >archive.json
	sed -n 'p;n' expected | idx-merge archive.json | cmp - expected
}

@test "idx-merge: equal versions: old before new, new ones by file name" {
	# Equal by §2.2.7.2 and .3; '+' < '-' < '.' < '0' < '_' < 'a' < '~'
	merges $'aa 1.0~alpha-1 x86_64\naa 1.0~ALPHA-1 x86_64\naa 1.0~A-1 x86_64' \
		'aa 1.0~a-1 x86_64' \
		'aa 1.0~a-1 x86_64
aa 1.0~A-1 x86_64
aa 1.0~ALPHA-1 x86_64
aa 1.0~alpha-1 x86_64'
	merges $'aa 1.0-1 x86_64\naa 1+0-1 x86_64\naa 0:1.0-1 x86_64\naa 1-0-1 x86_64' \
		$'aa 1.00-1 x86_64\naa 1.000-1 x86_64\naa 01.0-1 x86_64\naa 0.9-1 x86_64' \
		'aa 1.00-1 x86_64
aa 1.000-1 x86_64
aa 01.0-1 x86_64
aa 0:1.0-1 x86_64
aa 1+0-1 x86_64
aa 1-0-1 x86_64
aa 1.0-1 x86_64
aa 0.9-1 x86_64'
	# "1.0-1_x86_64" < "1.0~-1_aarch64", and an architecture decides last
	merges $'aa 1.0~-1 aarch64\naa 1.0-1 x86_64\naa 1.0-1 noarch\naa 1.0-1 aarch64' \
		'aa 1.00-1 x86_64' \
		'aa 1.00-1 x86_64
aa 1.0-1 aarch64
aa 1.0-1 noarch
aa 1.0-1 x86_64
aa 1.0~-1 aarch64'
}

@test "idx-merge: versions that go in a circle end in one order, which is one of an archive" {
	# 1.0~x < 1.0 < 1.0x, and 1.0~x = 1.0x (§2.2.7.4)
	printf 'aa %s-1 x86_64\n' 1.0~x 1.0 1.0x | entries >three
	idx-merge <three >expected
	for order in 132 213 231 312 321; do
		for line in ${order:0:1} ${order:1:1} ${order:2:1}; do
			sed -n "${line}p" three
		done | idx-merge | cmp - expected
	done
	for number in 1 2 3; do
		sed "${number}d" three | idx-merge | index_of archive >archive.json
		sed -n "${number}p" three | idx-merge archive.json >merged
		assert_equal "$(sort merged)" "$(sort three)"
		index_of archive <merged >archive.json
		idx-merge archive.json </dev/null | cmp - merged
	done
}

@test "idx-merge: lines and entries stay as they are" {
	cat >new <<'END'
 { "url" : "/p/\u0061" , "hash":{"value":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","algorithm":"sha256"},"size_compressed":3,"architecture":"noarch","version":"2-1","name":"\u0061a","mine":["\u2028\/ é",1.50e+3,null]}	
END
	cat >archive.json <<'END'
{
  "generated_at": "2026-03-05T00:00:00Z", "mine": {"packages": [1]},
  "packages": [
    {"name":"aa","version":"1-1","architecture":"noarch","size_compressed":1, "description":"\u003c  blanks",
     "hash":{"algorithm":"sha256","value":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "url":"/p/x"}
  ],
  "index_version": 1, "kind": "archive", "repo": "test", "schema_version": 1
}
END
	idx-merge archive.json <new >merged
	{
		cat new
		printf '%s      %s\n' '{"name":"aa","version":"1-1","architecture":"noarch","size_compressed":1, "description":"\u003c  blanks",' \
			'"hash":{"algorithm":"sha256","value":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "url":"/p/x"}'
	} >expected
	diff -u expected merged
}

@test "idx-merge: nothing into nothing" {
	run_apart idx-merge </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	index_of archive </dev/null >archive.json
	run_apart idx-merge archive.json </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	entries <<<'aa 1-1 noarch' >new
	idx-merge archive.json <new >merged
	cmp merged new
}

@test "idx-merge: twice: all of them, and nothing behind the first" {
	printf '%s\n' 'aa 2-1 x86_64' 'bb 2-1 x86_64' 'bb 1-1 aarch64' 'bb 1-1 x86_64' |
		entries | index_of archive >archive.json
	entries <<-'END' >new
		bb 1-1 x86_64
		aa 1-1 x86_64
		cc 1-1 x86_64
		bb 2-1 noarch
		cc 1-1 x86_64
		aa 2-1 x86_64
		dd 1-1 x86_64
		dd 1-1 x86_64
		dd 1-1 x86_64
		dd 1-1 noarch
	END
	run_apart idx-merge archive.json <new
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'idx-merge: cc_1-1_x86_64.peipkg: twice among the new packages [§6.3.1]
idx-merge: dd_1-1_x86_64.peipkg: twice among the new packages [§6.3.1]
idx-merge: aa_2-1_x86_64.peipkg: in the archive already [§6.3.1]
idx-merge: bb_1-1_x86_64.peipkg: in the archive already [§6.3.1]'
	entries <<<'bb 1-1 x86_64' >new
	run_apart idx-merge archive.json <new
	assert_refused 1 'idx-merge: bb_1-1_x86_64.peipkg: in the archive already [§6.3.1]'
	assert_equal "$(names_of <<<"$output" | xargs)" 'aa 2-1 x86_64 bb 2-1 x86_64 bb 1-1 aarch64'
}

@test "idx-merge: twice means the same bytes: other spellings of a version are another" {
	entries <<<'aa 1.0~alpha-1 x86_64' | index_of archive >archive.json
	printf 'aa %s-1 %s\n' 1.0~a x86_64 1.0~alpha aarch64 1.00~alpha x86_64 | entries >new
	assert_equal "$(idx-merge archive.json <new | wc -l)" 4
	entries <<<'aa 1.0~alpha-1 x86_64' | sed 's/alpha/\\u0061lpha/' >new
	run_apart idx-merge archive.json <new
	assert_refused 1 'idx-merge: aa_1.0~alpha-1_x86_64.peipkg: in the archive already [§6.3.1]'
}

# refuses LINES MESSAGE: an old archive of these entries.
refuses() {
	entries <<<"$1" | index_of archive >archive.json
	run_apart idx-merge archive.json </dev/null
	assert_refused 1 "idx-merge: archive.json: $2"
}

@test "idx-merge: an old archive out of order, or with a package twice" {
	refuses $'bb 1-1 noarch\naa 1-1 noarch' \
		'aa_1-1_noarch.peipkg: out of order behind bb_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1-1 noarch\nbb 1-1 noarch\naa 1-1 noarch' \
		'aa_1-1_noarch.peipkg: out of order behind bb_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1.9-1 noarch\naa 1.10-1 noarch' \
		'aa_1.10-1_noarch.peipkg: out of order behind aa_1.9-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1-1 noarch\naa 1-2 x86_64' \
		'aa_1-2_x86_64.peipkg: out of order behind aa_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1~rc1-1 noarch\naa 1-1 noarch' \
		'aa_1-1_noarch.peipkg: out of order behind aa_1~rc1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1-1 noarch\naa 1-1 noarch' 'aa_1-1_noarch.peipkg: there twice [§6.3.1]'
	refuses $'aa 1.0-1 noarch\naa 1.00-1 noarch\naa 1.0-1 noarch' \
		'aa_1.0-1_noarch.peipkg: there twice [§6.3.1]'
}

@test "idx-merge: an old index of another kind, or none" {
	entries <<<'aa 1-1 noarch' >new
	index_of active <new >active.json
	run_apart idx-merge active.json </dev/null
	assert_refused 1 'idx-merge: active.json: no archive index [§6.3.3]'
	run_apart idx-merge absent.json <new
	assert_refused 1 'idx-merge: absent.json: No such file or directory'
	assert_output ''
	run_apart idx-merge . <new
	assert_refused 1 'idx-merge: .: is a directory'
	run_apart idx-merge new </dev/null
	assert_equal "$status" 1
	: >empty
	run_apart idx-merge empty <new
	assert_equal "$status" 1
	assert_equal "${stderr_lines[0]}" 'idx-merge: empty: byte 1: cut short [§1.3]'
}

@test "idx-merge: an old archive cut short anywhere" {
	printf 'aa %s-1 noarch\n' 2 1 | entries | index_of archive >archive.json
	size=$(wc -c <archive.json)
	for ((cut = 0; cut < size - 1; cut += 13)); do
		head -c "$cut" archive.json >short.json
		run_apart idx-merge short.json </dev/null
		assert_equal "$status" 1
		assert_equal "${#stderr_lines[@]}" 1
	done
	head -c -1 archive.json >short.json
	idx-merge short.json </dev/null
}

@test "idx-merge: new entries cut short, garbage, and no entries" {
	entries <<<'aa 1-1 noarch' >good
	head -c -1 good >bad
	run_apart idx-merge <bad
	assert_refused 1 'idx-merge: standard input: the last line is cut short'
	assert_output ''
	head -c 50 good | cat good - <(echo) >bad
	run_apart idx-merge <bad
	assert_equal "$status" 1
	assert_output ''
	head -c 5000 /dev/urandom >bad
	run_apart idx-merge <bad
	assert_equal "$status" 1
	assert_output ''
	run_apart idx-merge <<<'[]'
	assert_refused 1 'idx-merge: standard input: no object [§6.2.2]'
	for member in name version architecture size_compressed hash url; do
		jq -c "del(.$member)" good >bad
		run_apart idx-merge <bad
		assert_equal "$status" 1
		[[ $stderr == "idx-merge: standard input: "*"$member"* ]]
		index_of archive <bad >archive.json
		run_apart idx-merge archive.json </dev/null
		assert_equal "$status" 1
		[[ $stderr == "idx-merge: archive.json: "*"$member"* ]]
	done
	for change in '.name = "A"' '.version = "1"' '.architecture = "x86-64"' \
		'.size_compressed = -1' '.hash.value = "00"' '.url = "../x"'; do
		jq -c "$change" good >bad
		run_apart idx-merge <bad
		assert_equal "$status" 1
		assert_output ''
	done
}

@test "idx-merge: compressed input" {
	printf 'aa %s-1 noarch\n' 3 1 | entries | index_of archive | gzip >archive.json.gz
	entries <<<'aa 2-1 noarch' | gzip >new.gz
	idx-merge archive.json.gz <new.gz | names_of >merged
	printf 'aa %s-1 noarch\n' 3 2 1 | cmp - merged
	head -c -9 archive.json.gz >short.gz
	run_apart idx-merge short.gz <new.gz
	assert_refused 1 'idx-merge: short.gz: gzip data cut short'
	head -c -9 new.gz >short.gz
	run_apart idx-merge archive.json.gz <short.gz
	assert_refused 1 'idx-merge: standard input: gzip data cut short'
	assert_output ''
}

@test "idx-merge: an entry larger than any buffer" {
	printf -v text '%0*d' 3000000 0
	entries <<<"aa 1-1 noarch ,\"description\":\"$text\"" >large
	index_of archive <large >archive.json
	sed 's/"1-1"/"2-1"/' large | idx-merge archive.json | sed 's/"2-1"/"1-1"/' | uniq | cmp - large
}

@test "idx-merge: a hundred thousand versions of one name" {
	# All of them unequal: the order of their numbers
	awk 'BEGIN { for (i = 100000; i > 0; i--) print "aa 1." i "-1 noarch" }' | entries >expected
	shuf --random-source=expected expected >new
	timeout 20 idx-merge <new | cmp - expected
	sed -n 'p;n' expected | index_of archive >archive.json
	sed -n 'n;p' expected | timeout 20 idx-merge archive.json | cmp - expected
}

@test "idx-merge: a full disk and a closed pipe" {
	entries <<<'aa 1-1 noarch' >new
	index_of archive <new >archive.json
	run_apart bash -c 'idx-merge <new >/dev/full'
	assert_refused 1 'idx-merge: standard output: No space left on device'
	run_apart bash -c 'idx-merge archive.json </dev/null >&-'
	assert_refused 1 'idx-merge: standard output: Bad file descriptor'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; idx-merge archive.json </dev/null; } | true'
	assert_refused 1 'idx-merge: standard output: Broken pipe'
	run_apart bash -c 'idx-merge <&-'
	assert_refused 1 'idx-merge: standard input: Bad file descriptor'
}

@test "idx-merge: usage" {
	run_apart idx-merge a b </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-merge: more than one archive'
	run_apart idx-merge -x
	assert_equal "$status" 2
	run_apart idx-merge --help
	assert_success
	assert_output 'usage: idx-merge [ARCHIVE]'
	run_apart idx-merge --version
	assert_output --regexp '^idx-merge [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "idx-merge: the examples of its page" {
	check_examples "$project/filters/idx-merge.1"
}

@test "idx-merge: warns of a first revision that is not 1" {
	entries >old <<-'END'
		aa 1.0-3 x86_64
		bb 2.0-1 x86_64
	END
	index_of archive <old >archive.json
	entries >new <<-'END'
		aa 1.0-2 x86_64
		aa 1.0-4 x86_64
		aa 1.1-2 x86_64
		aa 1:1.0-2 x86_64
		bb 2.0-2 x86_64
		bb 2.1-3 x86_64
		bb 2.1-1 x86_64
		cc 1-1 x86_64
		dd 1-9 noarch
	END
	run_apart idx-merge archive.json <new
	assert_success
	assert_equal "$stderr" 'idx-merge: warning: aa_1:1.0-2_x86_64.peipkg: the first of its upstream version, and its revision is not 1 [§2.2.4]
idx-merge: warning: aa_1.1-2_x86_64.peipkg: the first of its upstream version, and its revision is not 1 [§2.2.4]
idx-merge: warning: dd_1-9_noarch.peipkg: the first of its upstream version, and its revision is not 1 [§2.2.4]'
}
