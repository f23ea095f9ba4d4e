#!/usr/bin/env bats

load helper
load entries

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
	set -o pipefail
}

# has_active ARCHIVE ACTIVE, each lines as entries takes them.
has_active() {
	entries <<<"$1" >archive
	entries <<<"$2" >expected
	idx-active <archive >active
	diff -u expected active
}

@test "idx-active: what the reference published" {
	need_vectors
	for state in 0 1 2 3 4; do
		index=$VECTORS/repository/state$state/index
		jq -c '.packages[]' "$index/archive.json" >archive
		jq -c '.packages[]' "$index/active.json" >expected
		idx-active <archive | cmp - expected
		# An active index is the active one of itself.
		idx-active <expected >again
		cmp expected again
	done
}

@test "idx-active: the first of each name" {
	has_active 'aa 2-1 x86_64
aa 1-1 x86_64
ab 1-1 noarch
b+ 1:0.1-1 x86_64
b+ 9-1 x86_64
bb 1-1 x86_64
bb 1~rc1-1 x86_64
bb 0-1 x86_64
cc 1~rc1-1 x86_64' 'aa 2-1 x86_64
ab 1-1 noarch
b+ 1:0.1-1 x86_64
bb 1-1 x86_64
cc 1~rc1-1 x86_64'
}

@test "idx-active: of equal versions the first, whatever their names" {
	# Equal by §2.2.7.2
	has_active $'aa 1.0~alpha-1 x86_64\naa 1.0~a-1 x86_64\naa 1.0~ALPHA-1 x86_64' \
		'aa 1.0~alpha-1 x86_64'
	has_active $'aa 1.0-1 x86_64\naa 1.00-1 x86_64\naa 0:1-0-1 x86_64\naa 0.9-1 x86_64' \
		'aa 1.0-1 x86_64'
}

@test "idx-active: older versions may be for any architecture" {
	has_active 'aa 2-1 noarch
aa 1-1 x86_64
aa 1-1 noarch
aa 1-1 aarch64
bb 1-1 aarch64' 'aa 2-1 noarch
bb 1-1 aarch64'
}

@test "idx-active: two architectures at the highest version of a name, all of them" {
	entries <<-'END' >archive
		aa 1-1 aarch64
		aa 1-1 x86_64
		bb 2-1 x86_64
		bb 1-1 x86_64
		bb 1-1 aarch64
		cc 1.0~a-1 x86_64
		cc 1.0~alpha-1 x86_64
		cc 1.0~alpha-1 noarch
		cc 1.0~A-1 aarch64
		cc 0-1 riscv64
	END
	run_apart idx-active <archive
	assert_equal "$status" 1
	advice='and neither is newer: keep a repository for each architecture [§6.2.9]'
	assert_equal "$stderr" "idx-active: aa_1-1_x86_64: another architecture than aa_1-1_aarch64, $advice
idx-active: cc_1.0~alpha-1_noarch: another architecture than cc_1.0~a-1_x86_64, $advice
idx-active: cc_1.0~A-1_aarch64: another architecture than cc_1.0~a-1_x86_64, $advice"
}

@test "idx-active: lines stay as they are" {
	cat >archive <<'END'
 { "url" : "/p/\u0061" , "hash":{"value":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","algorithm":"sha256"},"size_compressed":3,"architecture":"noarch","version":"2-1","name":"\u0061a","mine":["\u2028\/ é",1.50e+3,null]}	
END
	idx-active <archive >active
	cmp archive active
}

@test "idx-active: nothing, and compressed input" {
	run_apart idx-active </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	printf 'aa %s-1 noarch\n' 2 1 | entries >archive
	gzip -k archive
	idx-active <archive.gz | cmp - <(head -n 1 archive)
	head -c -5 archive.gz >short.gz
	run_apart idx-active <short.gz
	assert_refused 1 'idx-active: standard input: gzip data cut short'
}

# refuses LINES MESSAGE
refuses() {
	entries <<<"$1" >archive
	run_apart idx-active <archive
	assert_refused 1 "idx-active: standard input: $2"
}

@test "idx-active: entries out of order, or twice" {
	refuses $'bb 1-1 noarch\naa 1-1 noarch' \
		'aa_1-1_noarch.peipkg: out of order behind bb_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1.9-1 noarch\naa 1.10-1 noarch' \
		'aa_1.10-1_noarch.peipkg: out of order behind aa_1.9-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 3-1 noarch\nbb 1-1 noarch\naa 2-1 noarch' \
		'aa_2-1_noarch.peipkg: out of order behind bb_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 3-1 noarch\naa 1-1 noarch\naa 2-1 noarch' \
		'aa_2-1_noarch.peipkg: out of order behind aa_1-1_noarch.peipkg [§6.3.5]'
	refuses $'aa 1-1 noarch\naa 1-1 noarch\nbb 1-1 noarch' \
		'aa_1-1_noarch.peipkg: there twice [§6.3.1]'
}

@test "idx-active: cut short, garbage, no entries" {
	entries <<<'aa 1-1 noarch' | head -c -1 >bad
	run_apart idx-active <bad
	assert_refused 1 'idx-active: standard input: the last line is cut short'
	assert_output ''
	head -c 5000 /dev/urandom >bad
	run_apart idx-active <bad
	assert_equal "$status" 1
	assert_output ''
	run_apart idx-active <<<'{}'
	assert_equal "$status" 1
	run_apart idx-active <<<''
	assert_equal "$status" 1
	entries <<<'aa 1-1 noarch' | index_of archive >archive.json
	run_apart idx-active <archive.json
	assert_equal "$status" 1
	assert_output ''
}

@test "idx-active: huge versions, and a hundred thousand of one name" {
	printf -v nines '%0*d' 100000 0
	nines=${nines//0/9}
	printf 'aa %s-1 noarch\n' "1$nines" "$nines" 1 | entries >archive
	idx-active <archive >active
	cmp active <(head -n 1 archive)
	awk 'BEGIN { for (i = 100000; i > 0; i--) print "aa 1." i "-1 noarch" }' | entries >archive
	timeout 20 idx-active <archive >active
	cmp active <(head -n 1 archive)
}

@test "idx-active: a full disk and a closed pipe" {
	entries <<<'aa 1-1 noarch' >archive
	run_apart bash -c 'idx-active <archive >/dev/full'
	assert_refused 1 'idx-active: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; idx-active <archive; } | true'
	assert_refused 1 'idx-active: standard output: Broken pipe'
	# A reader that leaves is noticed while the stream still goes on.
	awk 'BEGIN { for (i = 10000; i < 40000; i++) print "a" i " 1-1 noarch" }' | entries >archive
	run_apart bash -c 'set -o pipefail; idx-active <archive | head -n 1 >/dev/null'
	assert_refused 1 'idx-active: standard output: Broken pipe'
	run_apart bash -c 'idx-active <&-'
	assert_refused 1 'idx-active: standard input: Bad file descriptor'
}

@test "idx-active: usage" {
	run_apart idx-active archive </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'idx-active: no operands, entries come from standard input'
	run_apart idx-active -x
	assert_equal "$status" 2
	run_apart idx-active --help
	assert_success
	assert_output 'usage: idx-active'
	run_apart idx-active --version
	assert_output --regexp '^idx-active [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "idx-active: the examples of its page" {
	check_examples "$project/filters/idx-active.1"
}
