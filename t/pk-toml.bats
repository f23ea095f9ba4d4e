#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	suite=$VECTORS/third-party/toml/tests
}

# COUNT times TEXT.
repeat() {
	printf "$2%.0s" $(seq "$1")
}

# The cases of toml-test for TOML 1.0 that start with KIND.
cases() {
	grep "^$1/.*\.toml\$" "$suite/files-toml-1.0.0"
}

# Asserts that TEXT, as printf has it, becomes DOCUMENT.
assert_document() {
	local text
	printf -v text '%b.' "$1"
	run_apart pk-toml < <(printf '%s' "${text%.}")
	assert_equal "$status,$stderr" '0,'
	assert_equal "$output" "$2"
}

# Asserts that TEXT, as printf has it, is refused with MESSAGE, or one that starts with it
# when it ends in "*".
assert_no_document() {
	run_apart pk-toml < <(printf '%b' "$1")
	assert_equal "$status,$output" '1,'
	# shellcheck disable=SC2053
	[[ $stderr == "pk-toml: "$2 ]] || fail "$stderr"
	assert_equal "${#stderr_lines[@]}" 1
}

@test "pk-toml: every valid case of toml-test gives its values" {
	need_vectors
	cases valid >names
	(($(wc -l <names) > 200))
	while read -r name; do
		echo "$name" >>named
		pk-toml <"$suite/$name" >>documents || echo "$name" >>refused
	done <names
	[[ ! -e refused ]] || fail "refused: $(cat refused)"
	assert_equal "$(wc -l <documents)" "$(wc -l <names)"
	sed "s|^|$suite/|; s|\.toml$|.json|" names | xargs -d '\n' jq -cS '
		def value:
			if .type == "integer" then .value | tonumber
			elif .type == "bool" then .value == "true"
			elif .type == "string" then .value
			elif .type == "float" and (.value | test("inf|nan")) then .value | ltrimstr("+")
			elif .type == "float" then .value | tonumber
			else .value | sub("(?<part>\\.[0-9]*[1-9])0+(?<rest>[^0-9]|$)"; "\(.part)\(.rest)")
			end;
		def plain:
			if type == "array" then map(plain)
			elif keys == ["type", "value"] and all(.[]; type == "string") then value
			else map_values(plain) end;
		plain' >expected
	jq -cS . documents >found
	paste names expected >expected.named
	paste names found >found.named
	diff -u expected.named found.named
}

@test "pk-toml: every invalid case of toml-test is refused, with line and column" {
	need_vectors
	cases invalid >names
	(($(wc -l <names) > 450))
	while read -r name; do
		code=0
		pk-toml "$suite/$name" >document 2>message || code=$?
		[[ $code == 1 && ! -s document && $(wc -l <message) == 1 &&
		$(<message) =~ ^pk-toml:\ "$suite/$name":[0-9]+:[0-9]+:\ . ]] ||
			echo "$name: status $code: $(head -c 200 document message)"
	done <names >faults
	[[ ! -s faults ]] || fail "$(cat faults)"
}

@test "pk-toml: an empty text is an empty table" {
	assert_document '' '{}'
	assert_document '\n' '{}'
	assert_document '# remark' '{}'
	assert_document '\xef\xbb\xbf' '{}'
	assert_document '\xef\xbb\xbfa = 1\r\n' '{"a":1}'
}

@test "pk-toml: integers are exact" {
	assert_document 'a = 9223372036854775807' '{"a":9223372036854775807}'
	assert_document 'a = -9223372036854775808' '{"a":-9223372036854775808}'
	assert_document 'a = 9007199254740993' '{"a":9007199254740993}'
	assert_document 'a = 0x7fff_ffff_ffff_ffff' '{"a":9223372036854775807}'
	assert_document 'a = [0o755, 0b101, +7, -0, 1_000]' '{"a":[493,5,7,0,1000]}'
	assert_no_document 'a = 9223372036854775808' '1:*'
	assert_no_document 'a = -9223372036854775809' '1:*'
	assert_no_document 'a = 0xffffffffffffffff' '1:*'
	assert_no_document 'a = 01' '1:*'
}

@test "pk-toml: floats keep their value and stay floats" {
	assert_document 'a = [1.0, -0.0, 1e3, 12345.0]' '{"a":[1.0,-0.0,1000.0,12345.0]}'
	assert_document 'a = [0.1, 3.141592653589793]' '{"a":[0.1,3.141592653589793]}'
	assert_document 'a = [6.02214076e23, 1e22]' '{"a":[6.02214076e+23,1e+22]}'
	assert_document 'a = 1.7976931348623157e308' '{"a":1.7976931348623157e+308}'
	assert_document 'a = [5e-324, 2.2250738585072014e-308]' \
		'{"a":[5e-324,2.2250738585072014e-308]}'
	assert_document 'a = 0.1000000000000000055511151231257827021181583404541015625' '{"a":0.1}'
	assert_document 'a = [inf, +inf, -inf, nan, +nan, -nan]' \
		'{"a":["inf","inf","-inf","nan","nan","nan"]}'
	assert_no_document 'a = 1e400' '1:*'
	assert_no_document 'a = .5' '1:*'
}

@test "pk-toml: dates and times in the form of RFC 3339" {
	assert_document 'a = 1979-05-27T07:32:00Z' '{"a":"1979-05-27T07:32:00Z"}'
	assert_document 'a = 1979-05-27 07:32:00z' '{"a":"1979-05-27T07:32:00Z"}'
	assert_document 'a = 1979-05-27t00:32:00.5-07:00' '{"a":"1979-05-27T00:32:00.5-07:00"}'
	assert_document 'a = 1979-05-27T00:32:00.120000+05:30' \
		'{"a":"1979-05-27T00:32:00.12+05:30"}'
	assert_document 'a = 1979-05-27T00:32:00-00:30' '{"a":"1979-05-27T00:32:00-00:30"}'
	assert_document 'a = 1979-05-27T07:32:00+00:00' '{"a":"1979-05-27T07:32:00Z"}'
	assert_document 'a = 1979-05-27T07:32:00.000000001' '{"a":"1979-05-27T07:32:00.000000001"}'
	assert_document 'a = 1979-05-27T07:32:00.1234567899' '{"a":"1979-05-27T07:32:00.123456789"}'
	assert_document 'a = [2000-02-29, 07:32:00.500]' '{"a":["2000-02-29","07:32:00.5"]}'
	assert_no_document 'a = 2100-02-29' '1:*'
	assert_no_document 'a = 2016-12-31T23:59:60Z' '1:*'
	assert_no_document 'a = 07:32' '1:*'
}

@test "pk-toml: strings in the canonical form" {
	assert_document 'a = "\\b\\t\\n\\f\\r\\"\\\\"' '{"a":"\b\t\n\f\r\"\\"}'
	assert_document 'a = "\\u0000\\u001F\\u007F"' $'{"a":"\\u0000\\u001f\x7f"}'
	assert_document 'a = "\u2028\u2029\u2027"' $'{"a":"\\u2028\\u2029\u2027"}'
	assert_document "a = '<>&/\\\\u00e9é\\U1F600'" '{"a":"<>&/\\u00e9é😀"}'
	assert_document '"" = 1\n"a.b" = 2\n"\\"" = 3' '{"":1,"a.b":2,"\"":3}'
	assert_document 'a = """\n\none \\\n\n  two\\n"""' '{"a":"\none two\n"}'
}

@test "pk-toml: white space behind a line-ending backslash is ASCII, letters are not" {
	assert_document 'a = """x\\\n \u00a0y"""' $'{"a":"x\u00a0y"}'
	assert_document 'a = """x\\\n \u3000\ufeff"""' $'{"a":"x\u3000\ufeff"}'
	assert_document 'a = """\\\n§éжא"""' '{"a":"§éжא"}'
	assert_no_document 'a = """x\\\u00a0\ny"""' '1:*'
	assert_no_document 'a =\u00a01' '1:*'
	assert_no_document 'é = 1' '1:*'
}

@test "pk-toml: members stand in the order of the text" {
	assert_document 'z = 1\na = 2\n[y]\nz = 1\n[b.x]\n[b]\na = 1\n[a1]' \
		'{"z":1,"a":2,"y":{"z":1},"b":{"x":{},"a":1},"a1":{}}'
	assert_document 'b.z.y = 1\na = {z = 1, y = 2, x.b = 3, x.a = 4}\nb.a = 2' \
		'{"b":{"z":{"y":1},"a":2},"a":{"z":1,"y":2,"x":{"b":3,"a":4}}}'
	assert_document '[[p]]\nz = 1\na = 2\n[[p.q]]\n[[p]]\n[[p.q]]\nb = 1\na = 1' \
		'{"p":[{"z":1,"a":2,"q":[{}]},{"q":[{"b":1,"a":1}]}]}'
}

@test "pk-toml: columns count code points, and a file is named" {
	printf 'a = "é😀" x\n' >'a file'
	run_apart pk-toml 'a file'
	assert_equal "$status" 1
	[[ $stderr == 'pk-toml: a file:1:10: '* ]] || fail "$stderr"
	printf '# é\né = "\xff"\n' >'a file'
	run_apart pk-toml 'a file'
	assert_refused 1 'pk-toml: a file:2:6: not UTF-8'
	run_apart pk-toml absent
	assert_refused 1 'pk-toml: absent: No such file or directory'
	run_apart pk-toml .
	assert_refused 1 'pk-toml: .: Is a directory'
}

@test "pk-toml: bytes that TOML does not allow" {
	assert_no_document 'a = 1\n\x00' '2:1: *'
	assert_no_document 'a = "\x00"' '1:*'
	assert_no_document '# \x00' '1:*'
	assert_no_document 'a = 1\rb = 2' '1:*'
	assert_no_document '# a\rb = 2' '1:*'
	assert_no_document 'a = """\r"""' '1:*'
	assert_no_document '# \x7f' '1:*'
	assert_no_document '# \xff' '1:3: not UTF-8'
	assert_no_document 'a = "\xed\xa0\x80"' '1:6: not UTF-8'
	assert_no_document 'a = "\xc0\x80"' '1:6: not UTF-8'
	assert_no_document '# \xf4\x90\x80\x80' '1:3: not UTF-8'
	assert_no_document '# \xe2\x82' '1:3: not UTF-8'
	assert_no_document '\xff\xfea\x00=\x001\x00' '1:1: not UTF-8'
	assert_no_document '\xef\xbb\xbf\xef\xbb\xbfa = 1' '1:*'
	assert_no_document 'a = 1\n\xef\xbb\xbf' '2:*'
}

@test "pk-toml: a key twice, in all the ways" {
	assert_no_document 'a = 1\na = 1' '2:*'
	assert_no_document '"a" = 1\na = 1' '2:*'
	assert_no_document 'a = 1\na.b = 1' '2:*'
	assert_no_document '[a]\n[a]' '2:*'
	assert_no_document '[a]\n[[a]]' '2:*'
	assert_no_document '[a.b]\n[a]\nb = 1' '3:*'
	assert_no_document '[a]\nb.c = 1\n[a.b]' '3:*'
	assert_no_document 'a = {b = 1, b = 2}' '1:*'
	assert_no_document 'a = {}\na.b = 1' '2:*'
	assert_no_document 'a = [{}]\n[[a]]' '2:*'
}

@test "pk-toml: limits of length, key parts and nesting" {
	local dotted
	dotted=$(repeat 64 .a)
	pk-toml <<<"${dotted:1} = 1" | jq -e '[paths] | length == 64'
	run_apart pk-toml <<<"a$dotted = 1"
	assert_refused 1 'pk-toml: 1:128: a key of more than 64 parts'
	run_apart pk-toml <<<"[a$dotted]"
	assert_refused 1 'pk-toml: 1:129: a key of more than 64 parts'
	pk-toml <<<"[${dotted:3}]" | jq -e '[paths] | length == 63'
	run_apart pk-toml <<<"[${dotted:1}]"
	assert_refused 1 'pk-toml: 1:1: nested more than 64 levels deep'
	pk-toml <<<"a = $(repeat 63 '[')$(repeat 63 ']')" | jq -e '[paths] | length == 63'
	run_apart pk-toml <<<"a = $(repeat 64 '[')$(repeat 64 ']')"
	assert_refused 1 'pk-toml: 1:68: nested more than 64 levels deep'
	run_apart pk-toml <<<"a = $(repeat 65 '[')$(repeat 65 ']')"
	assert_refused 1 'pk-toml: 1:69: nested more than 64 levels deep'
	repeat 1048575 x >text
	run_apart pk-toml < <(printf '#%s' "$(<text)")
	assert_success
	assert_output '{}'
	run_apart pk-toml < <(printf '#x%s' "$(<text)")
	assert_refused 1 'pk-toml: 1:1: longer than 1048576 bytes'
	run_apart timeout 10 pk-toml </dev/zero
	assert_refused 1 'pk-toml: 1:1: longer than 1048576 bytes'
}

@test "pk-toml: 65536 dots, brackets and braces, those of texts and comments aside" {
	cat >others <<-'end'
		# .[{
		b = "x.[{"
		c = '''.[{'''
	end
	run_apart pk-toml < <(cat others && printf 'a = [%s0]\n' "$(repeat 65535 '[],')")
	assert_success
	assert_regex "$output" '\[\],0\]\}$'
	run_apart pk-toml < <(cat others && printf 'a = [%s0]\n' "$(repeat 65534 '{},')")
	assert_success
	for kind in '[]' '{}' 0.1; do
		run_apart pk-toml < <(cat others && printf 'a = [%s%s]\n' "$(repeat 65535 '[],')" "$kind")
		assert_equal "$status:$output" '1:'
		assert_regex "$stderr" '^pk-toml: 4:1966[0-9]*: more than 65536 dots, brackets and braces$'
	done
}

@test "pk-toml: what would overflow the parser's stack hides behind no quotes" {
	local key hiding
	key=$(repeat 30000 'a.')a
	while read -r hiding; do
		run_apart pk-toml < <(printf '%s %s = 1 }\n' "$hiding" "$key")
		assert_equal "$status,$output" '1,'
		[[ $stderr == *': a key of more than 64 parts' ]] || fail "$hiding: $stderr"
	done <<-'end'
		a =
		a = { b = "", c = '',
		a = { b = "\"", c = '\',
		a = { b = "\\",
		a = { b = """x""",
		a = { b = """""",
		a = { b = """"""", c = 1,
		a = { b = """x"""", c = 1,
		a = { b = """x""""", c = 1,
		a = { b = """x\"""", c = 1,
		a = { b = """\\""", c = 1,
		a = { b = ''''''', c = 1,
		a = { b = '''x'''', c = 1,
		a = { b = '''x\''', c = 1,
		a = { b = "'", c = '"', d = "#", e = '#',
	end
	run_apart pk-toml < <(
		repeat 200000 'a={b=['
		repeat 200000 ']}'
	)
	assert_refused 1 'pk-toml: 1:1: longer than 1048576 bytes'
	run_apart pk-toml < <(repeat 10000 'a={b=[')
	assert_equal "$status" 1
	[[ $stderr == *': nested more than 64 levels deep' ]] || fail "$stderr"
	# As deep as the parser ever gets.
	run_apart pk-toml < <(
		printf '[%sa]\n' "$(repeat 63 'a.')"
		repeat 60 "$(repeat 62 'a.')a={"
		printf 'a=1%s\n' "$(repeat 60 '}')"
	)
	assert_refused 1 'pk-toml: 1:1: nested more than 64 levels deep'
}

@test "pk-toml: a text cut short anywhere is a shorter text or none" {
	cat >whole <<-'end'
		# é
		[[package]]
		name = "a\u00e9"
		files = ["a/**", 'b', """c
		""", '''d''']
		x = { y.z = 1979-05-27T07:32:00Z, w = [1.5, 0x1F] }
	end
	for ((size = 0; size <= $(wc -c <whole); size++)); do
		code=0
		head -c "$size" whole | pk-toml >document 2>message || code=$?
		case $code in
		0) jq -e 'type == "object"' document >/dev/null ;;
		1) [[ ! -s document && $(<message) == pk-toml:\ [1-7]:* ]] ;;
		*) fail "$size bytes: status $code" ;;
		esac
	done
	assert_equal "$code" 0
}

@test "pk-toml: a full disk, a closed pipe and closed descriptors are errors" {
	run_apart bash -c 'pk-toml </dev/null >/dev/full'
	assert_refused 1 'pk-toml: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-toml </dev/null; } | true'
	assert_refused 1 'pk-toml: standard output: Broken pipe'
	run_apart bash -c 'pk-toml </dev/null >&-'
	assert_refused 1 'pk-toml: standard output: Bad file descriptor'
	run_apart bash -c 'pk-toml <&-'
	assert_refused 1 'pk-toml: standard input: Bad file descriptor'
}

@test "pk-toml: usage" {
	run_apart pk-toml a b
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'pk-toml: one file at most is wanted'
	run_apart pk-toml -x
	assert_equal "$status" 2
	run_apart pk-toml --help
	assert_success
	assert_output 'usage: pk-toml [FILE]'
	run_apart pk-toml --version
	assert_output --regexp '^pk-toml [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-toml: the examples of its page" {
	check_examples "$project/filters/pk-toml.1"
}
