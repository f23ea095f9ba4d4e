#!/usr/bin/env bats

load helper

head='"schema_version":1,"repo":"r","kind":"archive","index_version":7,"generated_at":"2026-03-05T02:00:00Z"'

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# splits TEXT EXPECTED [OPTION...]: %b of TEXT to exactly the lines EXPECTED.
splits() {
	printf '%b' "$1" >index
	idx-split "${@:3}" <index >ours
	printf '%s' "$2" | diff -u - ours
}

# refuses MESSAGE TEXT [OPTION...]: %b of TEXT.
refuses() {
	printf '%b' "$2" >index
	run_apart idx-split "${@:3}" <index
	assert_equal "${#stderr_lines[@]}" 1
	assert_refused 1 "idx-split: standard input: $1"
}

@test "idx-split: the indexes of the vectors, as jq has them" {
	need_vectors
	for index in "$VECTORS"/repository/state*/index/a*.json; do
		idx-split "$index" >ours
		jq -c '.packages[]' "$index" | cmp - ours
		idx-split -m <"$index" >ours
		jq -c 'del(.packages)' "$index" | cmp - ours
	done
	assert [ "$(wc -l <ours)" -eq 1 ]
}

@test "idx-split: entries stay as they are, on a line each" {
	splits "{$head,\"packages\":[]}\n" ''
	splits "{$head,\"packages\":[ \n]}" ''
	splits "{$head,\"packages\":[{},{ }]}\n" $'{}\n{ }\n'
	splits "{$head,\"packages\":[{\"unknown\":[1E5,-0.50,\"\\\\u0061\\\\n\\\\\"}]\",{\"a\":null}] ,\t\"name\" : \"x\"}]}" \
		$'{"unknown":[1E5,-0.50,"\\u0061\\n\\"}]",{"a":null}] ,\t"name" : "x"}\n'
	splits " \r\n{ $head ,\"packages\":\n[\n{\n\"a\" :\n[\r\n1\n,\n2]\n}\n , {\"b\":\"é\x7f\"}\t] \n} \t\n\n" \
		$'{ "a" : [\r 1 , 2] }\n{"b":"é\x7f"}\n'
	splits "{$head,\"packages\":[{\"a\":1,\"a\":2}]}" $'{"a":1,"a":2}\n'
}

@test "idx-split: members in any order, and some that nobody knows" {
	local kind='"kind":"archive"' packages='"packages":[{"name":"a"},{"name":"b"}]'
	local rest='"schema_version":1,"repo":"r","index_version":7,"generated_at":"2026-03-05T02:00:00Z"'
	local unknown='"x":{"kind":"x","packages":[{"name":"c"}]},"y":"}],\\"","":[],"z":-1e5,"n":null,"kinds":true'

	for members in "$kind,$rest,$packages" "$packages,$rest,$kind" "$rest,$packages,$kind" \
		"$unknown,$packages,$rest,$kind" "$packages,$unknown,$rest,$kind" "$rest,$unknown,$kind,$packages" \
		"$rest,$kind,${packages/p/\\\\u0070}" "${rest/repo/r\\\\u0065po},$kind,$packages"; do
		splits "{$members}" $'{"name":"a"}\n{"name":"b"}\n'
		splits "{$members}" "{$head}"$'\n' -m
	done
}

@test "idx-split -m: the header in canonical form, whatever it says" {
	splits '{"generated_at" : "1970-01-01T00:00:00Z", "repo":"\\u0061\\"\\n\\/\\u2028é<", "packages":[], "kind":"\\u0061ctive",
		"index_version":9223372036854775807, "schema_version":1}' \
		$'{"schema_version":1,"repo":"a\\"\\n/\\u2028é<","kind":"active","index_version":9223372036854775807,"generated_at":"1970-01-01T00:00:00Z"}\n' -m
}

@test "idx-split -m: reads no further than needed" {
	splits "{$head,\"packages\":[{nothing" "{$head}"$'\n' -m
	head -c 1000000 /dev/zero >>index
	idx-split -m index | diff -u <(echo "{$head}") -
	printf '{%s,"packages":[' "$head" | gzip >index.gz
	idx-split -m index.gz | diff -u <(echo "{$head}") -
	refuses "entry 1: byte 2: a string is wanted [§1.3]" "{\"packages\":[{nothing}],$head}" -m
	local text
	for text in "{$head" "{\"packages\":[{}],$head"; do
		refuses "byte $((${#text} + 1)): cut short [§1.3]" "$text" -m
	done
}

@test "idx-split: headers that are none" {
	local bad message
	while IFS=' ' read -r bad message; do
		refuses "$message" "{$(sed "$bad" <<<"$head"),\"packages\":[{}]}"
		refuses "$message" "{\"packages\":[{}],$(sed "$bad" <<<"$head")}" -m
	done <<-'end'
		s/sion":1/sion":2/ schema_version: 2, only 1 is known [§3.3]
		s/sion":1/sion":"1"/ schema_version: no integer from 0 to 2^63-1 [§1.3]
		s/"schema_version":1,// schema_version: missing [§3.3]
		s/"repo":"r",// repo: missing or empty [§3.3]
		s/"r"/""/ repo: missing or empty [§3.3]
		s/"r"/null/ repo: missing or empty [§3.3]
		s/"r"/["r"]/ repo: no string [§3.3]
		s/"r"/"\\\\u0000"/ repo: holds a NUL [§3.3]
		s/"kind":"archive",// kind: missing or empty [§3.3]
		s/archive/Archive/ kind: 'Archive' is neither active nor archive [§6.2.2]
		s/"archive"/null/ kind: missing or empty [§3.3]
		s/"archive"/1/ kind: no string [§3.3]
		s/"index_version":7,// index_version: missing [§3.3]
		s/:7/:0/ index_version: 0, the first is 1 [§6.2.2]
		s/:7/:-7/ index_version: no integer from 0 to 2^63-1 [§1.3]
		s/:7/:7.0/ index_version: no integer from 0 to 2^63-1 [§1.3]
		s/:7/:7e0/ index_version: no integer from 0 to 2^63-1 [§1.3]
		s/:7/:null/ index_version: no integer from 0 to 2^63-1 [§1.3]
		s/:7/:9223372036854775808/ index_version: no integer from 0 to 2^63-1 [§1.3]
		s/,"gen.*// generated_at: missing or empty [§3.3]
		s/"2026.*/null/ generated_at: missing or empty [§3.3]
		s/"2026.*/20260305/ generated_at: no string [§3.3]
		s/,/,"kind":"active",/ key 'kind' twice in one object [§1.3]
		s/,/,"kin\\\\u0064":"active",/ key 'kind' twice in one object [§1.3]
		s/,/,"packages":[],/ key 'packages' twice in one object [§1.3]
		s/,/,"x":1,"x":1,/ key 'x' twice in one object [§1.3]
		s/,/,"x":[{"y":1,"y":1}],/ key 'y' twice in one object [§1.3]
	end
	for time in 2026-02-29T00:00:00Z 2026-03-05T02:00:00+00:00 2026-03-05; do
		printf '{%s,"packages":[]}' "${head/2026-03-05T02:00:00Z/"$time"}" >index
		run_apart idx-split index
		assert_equal "$status:$output" 1:
		assert_equal "${stderr_lines[0]%%"'$time'"*}" "idx-split: index: generated_at: timestamp "
	done
	refuses 'packages: missing [§6.2.2]' "{$head}"
}

@test "idx-split: documents that are none" {
	refuses 'byte 1: cut short [§1.3]' ''
	refuses 'byte 3: cut short [§1.3]' ' \n'
	refuses "byte 1: '{' is wanted [§1.3]" "[{$head}]"
	refuses "byte 1: '{' is wanted [§1.3]" "\xEF\xBB\xBF{$head,\"packages\":[]}"
	refuses "byte 2: '{' is wanted [§1.3]" " null"
	refuses "byte 3: '\"' is wanted [§1.3]" '{ x:1}'
	refuses "byte 9: '\"' is wanted [§1.3]" '{"x":1, }'
	refuses "byte 2: '\"' is wanted [§1.3]" "{,$head}"
	refuses "byte 8: ',' or the end of the container is wanted [§1.3]" '{"x":1 "y":2}'
	refuses "byte 7: ',' or the end of the container is wanted [§1.3]" '{"x":1]'
	refuses "byte 6: ':' is wanted [§1.3]" '{"x" 1}'
	refuses "a key: byte 3: no such escape [§1.3]" '{"\\x":1}'
	refuses "x: no value [§1.3]" '{"x":}'
	refuses "x: no value [§1.3]" '{"x":,}'
	refuses "x: byte 2: a digit is wanted [§1.3]" '{"x":-}'
	refuses "x: byte 1: a NUL [§1.3]" '{"x":\0000}'
	refuses "x: byte 3: not UTF-8 [§1.3]" '{"x":"a\xFF"}'
	refuses "x: byte 2: a control character in a string [§1.3]" '{"x":"\n"}'
	refuses "x: byte 3: ',' or the end of the container is wanted [§1.3]" '{"x":[1}]}'
	refuses 'x\x7f: byte 1: not a value [§1.3]' '{"x\x7f":+}'
	refuses 'packages: no array [§6.2.2]' '{"packages":{}}'
	refuses 'packages: no array [§6.2.2]' '{"packages":null}'
	local whole="{$head,\"packages\":[]}"
	refuses "byte $((${#whole} + 2)): something behind the document [§1.3]" "$whole ,"
	refuses "byte $((${#whole} + 3)): something behind the document [§1.3]" "$whole\n\n\0000"
	refuses "byte $((${#whole} + 1)): something behind the document [§1.3]" "$whole{}"
	refuses "a key: byte 2: a control character in a string [§1.3]" '{"\x1b[2J":+}'
	run_apart idx-split < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
}

@test "idx-split: entries that are none" {
	local bad message
	while IFS=' ' read -r bad message; do
		refuses "entry 2: $message" "{$head,\"packages\":[{},$bad,{}]}"
	done <<-'end'
		[] no object [§6.2.2]
		"a" no object [§6.2.2]
		null no object [§6.2.2]
		1 no object [§6.2.2]
		{"a"} byte 5: ':' is wanted [§1.3]
		{"a":1,} byte 8: a string is wanted [§1.3]
		{"a":[}] byte 7: not a value [§1.3]
		{"a":01} byte 7: a number with a leading zero [§1.3]
		{"a":"\xff"} byte 7: not UTF-8 [§1.3]
		{"a":"\\ud800"} byte 13: a lone surrogate [§1.3]
		]} no value [§1.3]
		,{} no value [§1.3]
		nul byte 1: not a value [§1.3]
		{"a":" cut short [§1.3]
		{"a":[ byte 7: not a value [§1.3]
	end
	local text="{$head,\"packages\":[{}"
	refuses "byte $((${#text} + 1)): ',' or the end of the container is wanted [§1.3]" "$text{}]}"
	refuses "byte $((${#text} + 1)): ',' or the end of the container is wanted [§1.3]" "$text}]}"
	refuses 'entry 2: no value [§1.3]' "{$head,\"packages\":[{},]}"
}

# A suite's file as the value of an unknown member, and as one of an entry's.
wrap() {
	printf '{%s,"packages":[],"x":' "$head" >as-member
	printf '{%s,"packages":[{"x":' "$head" >as-value
	tee -a as-member <"$1" >>as-value
	printf '}' >>as-member
	printf '}]}' >>as-value
}

@test "idx-split: JSONTestSuite inside of an index" {
	need_vectors
	for file in "$VECTORS"/third-party/json/test_parsing/y_*.json; do
		wrap "$file"
		idx-split as-value >ours
		assert_equal "$(wc -l <ours)" 1
		[[ $file == */y_object_duplicated_key* ]] || idx-split as-member
	done
	for file in "$VECTORS"/third-party/json/test_parsing/n_*.json; do
		wrap "$file"
		! idx-split as-member 2>messages || fail "$file accepted"
		! idx-split as-value 2>>messages || fail "$file accepted"
		assert_equal "$(wc -l <messages)" 2
	done
	assert_equal "$(grep -vc '^idx-split: as-' messages)" 0
}

@test "idx-split: cut short anywhere, it is refused" {
	printf '{%s,"packages":[{"a":"\\"","b":[1,{}]},{}],"x":[true]}' "$head" >index
	idx-split index >/dev/null
	gzip -n <index >index.gz
	idx-split index.gz >/dev/null
	for file in index index.gz; do
		for ((size = 0; size < $(stat -c %s "$file"); size++)); do
			! head -c $size "$file" | idx-split 2>>messages >/dev/null || fail "$size bytes"
		done
	done
	assert_equal "$(grep -vc '^idx-split: standard input: .*cut short' messages)" 1
	# One byte of gzip's two.
	assert_equal "$(grep -v 'cut short' messages)" "idx-split: standard input: byte 1: '{' is wanted [§1.3]"
}

@test "idx-split: gzip, and what may not follow it" {
	printf '{%s,"packages":[{"a":1}]}' "$head" | gzip >index.gz
	idx-split index.gz | diff -u <(echo '{"a":1}') -
	idx-split <index.gz | diff -u <(echo '{"a":1}') -
	{
		printf '{%s,"pack' "$head" | gzip
		printf 'ages":[{"a":1}]}' | gzip
	} | idx-split | diff -u <(echo '{"a":1}') -
	cp index.gz more.gz
	echo x >>more.gz
	run_apart idx-split more.gz
	assert_refused 1 'idx-split: more.gz: bad gzip data'
}

@test "idx-split: whatever lies where one piece that is read ends and the next begins" {
	printf '%s' ' , { "a\\\"é" : [ "\u00e9" , -1.5e+3 , true ] } , {} ] , "x" : { "y" : "z" } }' >rest
	printf '%s\n' '{"b":1}' '{ "a\\\"é" : [ "\u00e9" , -1.5e+3 , true ] }' '{}' >expected
	printf '{%s,"packages":[{"b":1}' "$head" >first
	for size in $(seq $((65536 - $(stat -c %s rest))) 65536); do
		{
			cat first
			printf '%*s' $((size - $(stat -c %s first))) ''
			cat rest
		} >index
		idx-split index >ours
		cmp ours expected
	done
}

# nested COUNT: so many arrays, one in the other.
nested() {
	head -c "$1" /dev/zero | tr '\0' '['
	head -c "$1" /dev/zero | tr '\0' ']'
}

@test "idx-split: 64 levels, the document's own among them" {
	splits "{$head,\"packages\":[{\"a\":$(nested 61)}]}" "{\"a\":$(nested 61)}"$'\n'
	refuses 'entry 1: nested deeper than 64 levels [§1.3]' "{$head,\"packages\":[{\"a\":$(nested 62)}]}"
	splits "{\"x\":$(nested 63),$head,\"packages\":[]}" ''
	refuses 'x: nested deeper than 64 levels [§1.3]' "{\"x\":$(nested 64),$head,\"packages\":[]}"
	refuses 'entry 1: nested deeper than 64 levels [§1.3]' "{$head,\"packages\":[$(nested 100000)]}"
}

# entry SIZE: an entry of so many bytes.
entry() {
	printf '{"a":"'
	head -c $(($1 - 8)) /dev/zero | tr '\0' x
	printf '"}'
}

@test "idx-split: 32 MiB an entry" {
	{
		printf '{%s,"packages":[{},' "$head"
		entry $((32 * 1024 * 1024))
		printf ']}'
	} >index
	idx-split index | tail -n 1 | cmp - <(entry $((32 * 1024 * 1024)) && echo)
	sed 's/xx/xxx/' index >larger
	run_apart idx-split larger
	assert_refused 1 'idx-split: larger: entry 2: over the limit of 33554432 bytes'
}

@test "idx-split: 32 MiB for all other members together" {
	{
		printf '{%s,"packages":[],"x":' "$head"
		entry $((16 * 1024 * 1024))
		printf ',"y":'
		entry $((16 * 1024 * 1024 - 200))
		printf '}'
	} >index
	run_apart idx-split index
	assert_equal "$status:$output$stderr" 0:
	sed "s/\"y\":/&[\"$(printf '%0200d' 0)\"],\"z\":/" index >larger
	run_apart idx-split larger
	assert_refused 1 'idx-split: larger: z: members besides packages: over the limit of 33554432 bytes'
}

# An index that goes on for over 1 GiB.
head_and_blanks() {
	printf '{%s,"packages":[{"a":1}' "$head"
	head -c $((1024 * 1024 * 1024)) /dev/zero | tr '\0' ' '
}

@test "idx-split: 1 GiB an index" {
	run_apart idx-split < <(head_and_blanks)
	assert_refused 1 'idx-split: standard input: a document of over 1073741824 bytes'
}

@test "idx-split: a large index, in memory that does not grow" {
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && idx-split --version) &>/dev/null ||
		skip 'this build needs more address space than that to start'
	perl -e '
		print "{'"${head//\"/\\\"}"',\"packages\":[";
		print "{\"name\":\"a\",\"dependencies\":[{\"name\":\"\\\"]}\"}]}," for 1 .. 1000000;
		print "{\"name\":\"b\"}]}\n"' >big
	(ulimit -v "$limit" && idx-split big >ours)
	assert_equal "$(wc -l <ours)" 1000001
	sort ours | uniq -c | diff -u - <(
		echo '1000000 {"name":"a","dependencies":[{"name":"\"]}"}]}'
		echo '      1 {"name":"b"}'
	)
}

@test "idx-split: files that cannot be read" {
	run_apart idx-split absent
	assert_refused 1 'idx-split: absent: No such file or directory'
	run_apart idx-split .
	assert_refused 1 'idx-split: .: is a directory'
	run_apart bash -c 'idx-split -m <&-'
	assert_refused 1 'idx-split: standard input: Bad file descriptor'
	printf ' [' >$'a "name"\n'
	run_apart idx-split $'a "name"\n'
	assert_refused 1 "idx-split: a \"name\"\\x0a: byte 2: '{' is wanted [§1.3]"
}

@test "idx-split: a full disk and a closed pipe are errors" {
	printf '{%s,"packages":[{"a":1}]}' "$head" >index
	for option in '' -m; do
		run_apart bash -c "idx-split $option index >/dev/full"
		assert_refused 1 'idx-split: standard output: No space left on device'
		run_apart bash -c "set -o pipefail; { sleep 0.2; idx-split $option index; } | true"
		assert_refused 1 'idx-split: standard output: Broken pipe'
		run_apart bash -c "idx-split $option index >&-"
		assert_refused 1 'idx-split: standard output: Bad file descriptor'
	done
}

@test "idx-split: usage" {
	run_apart idx-split --help
	assert_output 'usage: idx-split [-m] [INDEX]'
	run_apart idx-split a b
	assert_equal "$status:${stderr_lines[0]}" '2:idx-split: more than one index'
	run_apart idx-split -x
	assert_equal "$status" 2
}

@test "idx-split: the examples of its page" {
	check_examples "$project/filters/idx-split.1"
}
