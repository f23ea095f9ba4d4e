#!/usr/bin/env bats

load helper

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# Entries to an index of a fixed head.
join() {
	idx-join -k archive -r r -i 7 -g 2026-03-05T02:00:00Z
}

expected_head='{"schema_version":1,"repo":"r","kind":"archive","index_version":7,"generated_at":"2026-03-05T02:00:00Z","packages":['

# joins TEXT EXPECTED: lines, %b of TEXT, to an index with exactly EXPECTED as packages.
joins() {
	printf '%b' "$1" >entries
	join <entries >ours
	printf '%s%s]}\n' "$expected_head" "$2" | diff -u - ours
}

# refuses MESSAGE TEXT: %b of it. What was written by then is no whole index.
refuses() {
	printf '%b' "$2" >entries
	run_apart join <entries
	assert_equal "${#stderr_lines[@]}" 1
	assert_refused 1 "idx-join: standard input: $1"
	refute_output --partial ']}'
}

@test "idx-join: the indexes of the vectors, taken apart by jq" {
	need_vectors
	for index in "$VECTORS"/repository/state*/index/a*.json; do
		jq -c '.packages[]' "$index" | idx-join -r "$(jq -r .repo "$index")" -k "$(jq -r .kind "$index")" \
			-i "$(jq .index_version "$index")" -g "$(jq -r .generated_at "$index")" | cmp - "$index"
		idx-split "$index" | idx-join -r "$(jq -r .repo "$index")" -k "$(jq -r .kind "$index")" \
			-i "$(jq .index_version "$index")" -g "$(jq -r .generated_at "$index")" | cmp - "$index"
	done
}

@test "idx-join: entries stay as they are" {
	joins '' ''
	joins '{}\n' '{}'
	joins '{"a":1}\n { "b" : [1E5, "\\u0061\\"\x7f"] }\t\n{"b":1,"b":"é"}\n' \
		'{"a":1}, { "b" : [1E5, "\u0061\"'$'\x7f''"] }'$'\t'',{"b":1,"b":"é"}'
	printf '{"a":1}\n{}\n' | gzip | join | diff -u <(echo "$expected_head{\"a\":1},{}]}") -
}

@test "idx-join: what the options say, in canonical form" {
	idx-join -g 1970-01-01T00:00:00Z -i 9223372036854775807 -k active -r $'a "b"\\\n/\u2028é<&>\x01\x7f' </dev/null >ours
	printf '%s\n' '{"schema_version":1,"repo":"a \"b\"\\\n/\u2028é<&>\u0001'$'\x7f''","kind":"active","index_version":9223372036854775807,"generated_at":"1970-01-01T00:00:00Z","packages":[]}' |
		diff -u - ours
	jq -j .repo ours | cmp - <(printf 'a "b"\\\n/\u2028é<&>\x01\x7f')
	idx-join -i 1 -i 2 -k active -k archive -r a -r r -g 1970-01-01T00:00:00Z -g 2242-03-16T12:56:31Z </dev/null |
		diff -u <(sed 's/:7/:2/; s/2026-03-05T02:00:00Z/2242-03-16T12:56:31Z/' <<<"$expected_head]}") -
}

@test "idx-join: lines that are no entries" {
	local bad message
	while IFS=' ' read -r bad message; do
		refuses "line 3: $message" "{\"a\":1}\n{}\n$bad\n{}\n"
	done <<-'end'
		[] no object [§6.2.2]
		null no object [§6.2.2]
		"{}" no object [§6.2.2]
		\x20\t no object [§6.2.2]
		\xEF\xBB\xBF{} no object [§6.2.2]
		{}{} byte 3: something behind the value [§1.3]
		{}, byte 3: something behind the value [§1.3]
		{}]} byte 3: something behind the value [§1.3]
		{}\0000 byte 3: something behind the value [§1.3]
		{ byte 2: a string is wanted [§1.3]
		{"a":[}] byte 7: not a value [§1.3]
		{"a":"\xff"} byte 7: not UTF-8 [§1.3]
		{"a":"\t"} byte 7: a control character in a string [§1.3]
		{"a":"} byte 8: cut short [§1.3]
		{"a":"\\ud800"} byte 13: a lone surrogate [§1.3]
		{"a":nul} byte 6: not a value [§1.3]
	end
	refuses 'line 1: no object [§6.2.2]' '\n'
	refuses 'line 2: no object [§6.2.2]' '{}\n\n{}\n'
	run_apart join < <(head -c 100000 /dev/urandom)
	assert_equal "$status" 1
}

@test "idx-join: JSONTestSuite as entries" {
	need_vectors
	# Each on one line.
	for file in "$VECTORS"/third-party/json/test_parsing/y_*.json; do
		printf '{"x":%s}\n' "$(tr '\n' ' ' <"$file")"
	done >entries
	join <entries >ours
	printf '%s%s]}\n' "$expected_head" "$(paste -sd , entries)" | cmp - ours
	for file in "$VECTORS"/third-party/json/test_parsing/n_*.json; do
		{
			printf '{"x":'
			cat "$file"
			printf '}\n'
		} >entries
		! join <entries >ours 2>messages || fail "$file accepted"
		assert_equal "$(wc -l <messages)" 1
		! grep -q ']}$' ours
	done
}

@test "idx-join: a stream cut short anywhere is no whole index" {
	printf '{"a":"\\"","b":[1,{}]}\n{}\n' >entries
	for ((size = 1; size < $(stat -c %s entries); size++)); do
		[[ $size -ne 22 ]] || continue # the first line is whole
		! head -c $size entries | join 2>message >ours || fail "$size bytes"
		assert_equal "$(<message)" 'idx-join: standard input: the last line is cut short'
		! grep -q ']}$' ours
	done
	gzip -n <entries >entries.gz
	for ((size = 2; size < $(stat -c %s entries.gz); size++)); do
		! head -c $size entries.gz | join 2>message >ours || fail "$size bytes"
		assert_equal "$(<message)" 'idx-join: standard input: gzip data cut short'
		! grep -q ']}$' ours
	done
}

# nested COUNT: so many arrays, one in the other.
nested() {
	head -c "$1" /dev/zero | tr '\0' '['
	head -c "$1" /dev/zero | tr '\0' ']'
}

@test "idx-join: 64 levels, those of the index among them" {
	joins " {\"a\":$(nested 61)}\n" " {\"a\":$(nested 61)}"
	refuses 'line 1: nested deeper than 64 levels in an index [§1.3]' "{\"a\":$(nested 62)}\n"
	refuses 'line 1: nested deeper than 64 levels in an index [§1.3]' " {\"a\":$(nested 100000)}\n"
	# What can be made can be read.
	joins "{\"a\":$(nested 61)}\n" "{\"a\":$(nested 61)}"
	idx-split ours | cmp - entries
}

# entry SIZE: an entry of so many bytes.
entry() {
	printf '{"a":"'
	head -c $(($1 - 8)) /dev/zero | tr '\0' x
	printf '"}\n'
}

@test "idx-join: 32 MiB an entry" {
	{
		echo '{}'
		entry $((32 * 1024 * 1024))
	} >entries
	join <entries >ours
	idx-split ours | cmp - entries
	sed -i 's/xx/xxx/' entries
	run_apart join <entries
	assert_refused 1 'idx-join: standard input: a line of over 33554432 bytes'
}

@test "idx-join: 1 GiB an index" {
	local status=0
	for _ in {1..32}; do
		entry $((32 * 1024 * 1024))
	done | join 2>message >/dev/null || status=$?
	assert_equal "$status:$(<message)" '1:idx-join: the index: over the limit of 1073741824 bytes'
}

@test "idx-join: many entries, in memory that does not grow" {
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && idx-join --version) &>/dev/null ||
		skip 'this build needs more address space than that to start'
	perl -e 'print "{\"name\":\"$_\"}\n" for 1 .. 1000000' >entries
	(ulimit -v "$limit" && join <entries >ours)
	(printf '%s' "$expected_head" && paste -sd , entries | tr -d '\n' && echo ']}') | cmp - ours
}

@test "idx-join: a full disk and a closed pipe are errors" {
	local command='idx-join -k active -r r -i 1 -g 2026-03-05T02:00:00Z'

	run_apart bash -c "$command </dev/null >/dev/full"
	assert_refused 1 'idx-join: standard output: No space left on device'
	run_apart bash -c "set -o pipefail; { sleep 0.2; $command </dev/null; } | true"
	assert_refused 1 'idx-join: standard output: Broken pipe'
	run_apart bash -c "$command </dev/null >&-"
	assert_refused 1 'idx-join: standard output: Bad file descriptor'
	run_apart bash -c "$command <&-"
	assert_refused 1 'idx-join: standard input: Bad file descriptor'
}

@test "idx-join: usage" {
	local good=(-k active -r r -i 1 -g 2026-03-05T02:00:00Z)

	run_apart idx-join --help
	assert_output 'usage: idx-join -k active|archive -r REPO -i INDEX_VERSION -g GENERATED_AT'
	for at in 0 2 4 6; do
		run_apart idx-join "${good[@]:0:at}" "${good[@]:at+2}" </dev/null
		assert_equal "$status:$output:${stderr_lines[0]}" '2::idx-join: -k, -r, -i and -g are wanted'
	done
	run_apart idx-join "${good[@]}" entries
	assert_equal "$status:${stderr_lines[0]}" '2:idx-join: the entries come on standard input'
	local option value message
	while IFS=: read -r option value message; do
		run_apart idx-join "${good[@]}" "$option" "$(printf '%b' "$value")"
		assert_equal "$status:$output:${stderr_lines[0]}" "2::idx-join: $option: $message"
	done <<-'end'
		-k::'active' or 'archive' is wanted, not ''
		-k:Active:'active' or 'archive' is wanted, not 'Active'
		-k:activex:'active' or 'archive' is wanted, not 'activex'
		-r::the name is empty or not UTF-8
		-r:a\xff:the name is empty or not UTF-8
		-r:\xed\xa0\x80:the name is empty or not UTF-8
		-i::a number from 1 to 9223372036854775807 is wanted, not ''
		-i:0:a number from 1 to 9223372036854775807 is wanted, not '0'
		-i:-1:a number from 1 to 9223372036854775807 is wanted, not '-1'
		-i:1x:a number from 1 to 9223372036854775807 is wanted, not '1x'
		-i:9223372036854775808:a number from 1 to 9223372036854775807 is wanted, not '9223372036854775808'
	end
	for value in '' 2026-02-29T00:00:00Z 2026-03-05 1700000000; do
		run_apart idx-join "${good[@]}" -g "$value"
		assert_equal "$status:$output" 2:
		assert_regex "${stderr_lines[0]}" "^idx-join: -g: .*'$value'"
	done
}

@test "idx-join: the examples of its page" {
	check_examples "$project/filters/idx-join.1"
}
