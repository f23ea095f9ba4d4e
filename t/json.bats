#!/usr/bin/env bats
# JSON as §1.3 has it, through pk-get, which every document can go through.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# verdicts PREFIX: what pk-get says of the suite's files of that prefix, a line each.
verdicts() {
	for file in "$VECTORS"/third-party/json/test_parsing/"$1"_*.json; do
		name=${file##*/}
		if pk-get . <"$file" >>out 2>message; then
			echo "${name%.json} accepted"
		else
			assert_equal "$?" 1
			assert_equal "$(wc -l <message)" 1
			[[ $(<message) == 'pk-get: standard input: '* ]]
			echo "${name%.json} refused"
		fi
	done
}

# parses TEXT EXPECTED: %b of TEXT to its canonical form.
parses() {
	printf '%b' "$1" | pk-get . >ours
	printf '%s\n' "$2" | diff -u - ours
}

# refuses MESSAGE TEXT: %b of it.
refuses() {
	printf '%b' "$2" >text
	run_apart pk-get . <text
	assert_output ''
	assert_refused 1 "pk-get: standard input: $1 [§1.3]"
}

@test "json: JSONTestSuite: what must parse does, but for a key twice in an object" {
	need_vectors
	verdicts y >results
	assert [ "$(wc -l <results)" -gt 90 ]
	grep -v accepted results | diff -u - <(
		echo y_object_duplicated_key refused
		echo y_object_duplicated_key_and_value refused
	)
}

@test "json: JSONTestSuite: what must not parse does not" {
	need_vectors
	verdicts n >results
	assert [ "$(wc -l <results)" -gt 180 ]
	grep -v refused results && fail 'accepted'
	[[ ! -s out ]]
}

@test "json: JSONTestSuite: what is left open" {
	need_vectors
	verdicts i >results
	assert [ "$(wc -l <results)" -gt 30 ]
	# Numbers that nobody interprets may be of any size (§1.3). Lone surrogates, what is
	# not UTF-8, a byte order mark and 500 levels are refused.
	grep accepted results | diff -u - <(printf 'i_number_%s accepted\n' \
		double_huge_neg_exp huge_exp neg_int_huge_exp pos_double_huge_exp \
		real_neg_overflow real_pos_overflow real_underflow too_big_neg_int \
		too_big_pos_int very_big_negative_int)
}

@test "json: JSONTestSuite: documents that are no object are refused as a manifest" {
	need_vectors
	# As files of a package's metadata nothing but an object will do.
	load package
	mkdir -p tree/.peipkg
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl pkey -in key.pem -pubout -out key.pub
	echo '{}' >tree/.peipkg/files.json
	for file in "$VECTORS"/third-party/json/test_parsing/y_*.json; do
		cp "$file" tree/.peipkg/manifest.json
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json | tar_names | compress >package
		pk-verify -u -k key.pub <package 2>message && fail 'accepted'
		[[ $(<message) != *'no object'* ]] || basename "$file" .json
	done >refused
	for file in "$VECTORS"/third-party/json/test_parsing/y_*.json; do
		[[ $(tr -d "[:space:]" <"$file" | head -c 1) == "{" ]] || basename "$file" .json
	done | diff -u - refused
	assert [ "$(wc -l <refused)" -gt 70 ]
}

@test "json: a key twice in one object, after unescaping" {
	refuses "key 'a' twice in one object" '{"a":1,"b":2,"a":3}'
	refuses "key '' twice in one object" '{"":1,"":1}'
	refuses "key 'a' twice in one object" '[{"x":{"a":1,"a":1}}]'
	# Two bytes, an escape; a pair of surrogates; names that begin alike.
	for twice in '"\\u00e9":1,"é":1' '"\\ud83d\\ude00":1,"😀":1' '"\\/":1,"/":1' \
		'"\\u0000":1,"\\u0000":2' '"a\\u0062c":1,"ab\\u0063":1' '"\\u0061":1,"a":1'; do
		printf '{%b}' "$twice" >text
		run_apart pk-get . <text
		assert_equal "$status" 1
		assert_output ''
		assert_equal "$(grep -c 'twice in one object' <<<"$stderr")" 1
	done
	parses '{"a":1,"A":2,"a ":3,"aa":4,"":5,"\\u00e9":6,"e\\u0301":7,"\\u0000":8,"\\u0000a":9}' \
		"{\"a\":1,\"A\":2,\"a \":3,\"aa\":4,\"\":5,\"é\":6,\"e$(printf '\u0301')\":7,\"\\u0000\":8,\"\\u0000a\":9}"
	parses '{"a":{"a":{"a":1}},"b":{"a":1}}' '{"a":{"a":{"a":1}},"b":{"a":1}}'
}

@test "json: as many keys as a document may have" {
	{
		printf '{"k0":0'
		seq -f ',"k%.0f":0' 1 200000
		printf '}'
	} >many
	assert_equal "$(pk-get '#' <many)" 200001
	sed 's/}$/,"k77777":1}/' many >twice
	run_apart pk-get '#' <twice
	assert_refused 1 "pk-get: standard input: key 'k77777' twice in one object [§1.3]"
}

@test "json: 64 levels, not 65" {
	nested() {
		printf "%${1}s" '' | tr ' ' '['
		printf "%${1}s" '' | tr ' ' ']'
	}
	assert_equal "$(nested 64 | pk-get .)" "$(nested 64)"
	refuses 'byte 65: nested deeper than 64 levels' "$(nested 65)"
	objects=$(printf '{"a":%.0s' {1..64})1$(printf '}%.0s' {1..64})
	assert_equal "$(pk-get . <<<"$objects")" "$objects"
	refuses 'byte 321: nested deeper than 64 levels' "${objects/:1/:[]}"
	refuses 'byte 321: nested deeper than 64 levels' "${objects/:1/:{\}}"
	# Side by side is not nested.
	side=[$(printf '[[]],%.0s' {1..100})0]
	assert_equal "$(pk-get . <<<"$side")" "$side"
	run_apart bash -c "yes '[' | tr -d '\n' | head -c 10000000 | pk-get ."
	assert_refused 1 'pk-get: standard input: byte 65: nested deeper than 64 levels [§1.3]'
}

@test "json: canonical escapes" {
	# A string alone pk-get writes as its text; as the element of an array it is JSON.
	parses '["\\u0022\\u005C\\u002f\\/\\u0008\\u000c\\u000A\\u000d\\u0009"]' \
		'["\"\\//\b\f\n\r\t"]'
	parses '["\\u0001\\u001F\\u000b"]' '["\u0001\u001f\u000b"]'
	parses '["\\u2028\\u2029\\u2027\\u202a"]' "[\"\\u2028\\u2029$(printf '\u2027\u202a')\"]"
	parses '["\xe2\x80\xa8"]' '["\u2028"]'
	parses '["\\u003c>&\\u0026/\\u007f\x7f"]' "[\"<>&&/$(printf '\x7f\x7f')\"]"
	parses '["\\u00e9\\u00E9é\\uD83D\\uDE00\\uFFFF\\u0000"]' \
		"[\"ééé😀$(printf '\uffff')\\u0000\"]"
}

@test "json: white space goes, numbers and order stay" {
	parses ' \t\r\n{ "b" : [ 1 , 2 ] , "a" : { } } \n\n' '{"b":[1,2],"a":{}}'
	parses '[-0,0.10,1E+2,1e-2,12345678901234567890123456789012345678901234567890]' \
		'[-0,0.10,1E+2,1e-2,12345678901234567890123456789012345678901234567890]'
	# Scalars with nothing behind them, not even a newline.
	for scalar in 7 -0 1.5e3 true false null; do
		parses "$scalar" "$scalar"
		parses "$scalar " "$scalar"
	done
}

@test "json: what jsmn alone would let through" {
	refuses 'byte 1: not a value' '\xef\xbb\xbf{}'
	refuses 'byte 1: cut short' ''
	refuses 'byte 3: cut short' ' \n'
	refuses 'byte 4: something behind the value' '{} {}'
	refuses 'byte 3: something behind the value' '{}\0'
	refuses 'byte 4: something behind the value' '[] x'
	refuses 'byte 8: a string is wanted' '{"a":1,}'
	refuses 'byte 4: not a value' '[1,]'
	refuses "byte 4: ',' or the end of the container is wanted" '[1 2]'
	refuses "byte 5: ':' is wanted" '{"a"}'
	refuses 'byte 2: a string is wanted' '{a:1}'
	refuses "byte 4: ',' or the end of the container is wanted" '[[1}]'
	refuses 'byte 3: a number with a leading zero' '[01]'
	refuses 'byte 3: a digit is wanted' '[-]'
	refuses 'byte 4: a digit is wanted' '[1.]'
	refuses 'byte 2: not a value' '[+1]'
	refuses 'byte 2: not a value' '[.5]'
	refuses 'byte 2: not a value' '[nul]'
	refuses 'byte 2: not a value' '[NaN]'
	refuses 'byte 3: a control character in a string' '["\n"]'
	refuses 'byte 3: a control character in a string' '["\0"]'
	refuses 'byte 4: no such escape' '["\\x41"]'
	refuses 'byte 9: cut short' '["abcdef'
	refuses 'byte 10: cut short' '["abcdef"'
	refuses 'byte 3: not UTF-8' '["\xc0\xaf"]'
	refuses 'byte 3: not UTF-8' '["\xed\xa0\x80"]'
	refuses 'byte 3: not UTF-8' '["\xf4\x90\x80\x80"]'
	refuses 'byte 3: not UTF-8' '["\xff"]'
}
