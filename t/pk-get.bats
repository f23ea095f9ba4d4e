#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >document <<-'end'
		{ "meta" : { "build_script" : "build.sh" , "a.b" : 1, "*" : 2, "#" : 3, "q?" : 4, "b\\s" : 5, "" : 6 },
		  "package" : [ { "name" : "libfoo" , "files" : [ "a" , "b c" ] , "dependencies" : [ ] },
		                { "name" : "libfoo-dev" , "files" : [ ] , "description" : null },
		                { "name" : "" , "dependencies" : [ { "name" : "x" } , { "name" : "y" } ] } ],
		  "values" : [ 1.50 , -0 , 1e3 , true , false , null , { "k" : [ "\u0041\/\u2028" , { } ] } ],
		  "text" : "caf\u00e9 \ud83d\ude00 \"quoted\" \\ <&>" , "2" : "two" }
	end
}

# assert_gets ARGUMENT... EXPECTED: runs the program and compares its output with the last
# argument.
assert_gets() {
	local expected=${*: -1}
	pk-get "${@:1:$#-1}" <document >ours
	printf '%s' "$expected" | cmp - ours
}

@test "pk-get: strings are decoded, other scalars as they stand, containers on one line" {
	assert_gets text $'café 😀 "quoted" \\ <&>\n'
	assert_gets 'values.*' $'1.50\n-0\n1e3\ntrue\nfalse\nnull\n{"k":["A/\\u2028",{}]}\n'
	assert_gets meta.build_script 'package.0' values.6.k $'build.sh\n{"name":"libfoo","files":["a","b c"],"dependencies":[]}\n["A/\\u2028",{}]\n'
	assert_gets 2 package.2.name values.0 $'two\n\n1.50\n'
}

@test "pk-get: the whole document, as jq has it" {
	printf '%s' '{"a":[1,{"b":"c d"}],"é":"\u0001\t","z":{}}' >plain
	jq . plain | pk-get . >ours
	jq -c . plain | cmp - ours
	for document in '"a b"' 7 '[]' null; do
		assert_equal "$(pk-get . <<<"$document")" "$(jq -r . <<<"$document")"
	done
	assert_equal "$(pk-get '*' '#' <<<'[1,"b",[]]')" $'1\nb\n[]\n3'
	assert_equal "$(pk-get 0 <<<'["b"]')" b
}

@test "pk-get: every element, and how many" {
	assert_gets 'package.*.name' $'libfoo\nlibfoo-dev\n\n'
	assert_gets 'package.#' $'3\n'
	assert_gets 'package.*.files?' $'["a","b c"]\n[]\n\n'
	assert_gets 'package.0.files.*' package.1.files.'*' $'a\nb c\n'
	assert_gets 'meta.*' $'build.sh\n1\n2\n3\n4\n5\n6\n'
	assert_gets 'meta.#' '#' 'package.*.#' $'7\n5\n3\n3\n2\n'
}

@test "pk-get: keys with characters of their own" {
	assert_gets 'meta.a\.b' 'meta.\*' 'meta.\#' 'meta.q\?' 'meta.b\\s' 'm\eta.b\uild_script' $'1\n2\n3\n4\n5\nbuild.sh\n'
	assert_equal "$(printf '%s' '{"a\nb":1,"-x":2,"é":{"\u00e8":3},"\"":4}' | pk-get -- $'a\nb' -x é.è '"')" $'1\n2\n3\n4'
}

@test "pk-get: what is not there is an error that names it, and nothing is written" {
	local path named
	while read -r path named; do
		run_apart pk-get meta.build_script "$path" text <document
		assert_equal "$status:$output:$stderr" "1::pk-get: $named: not there"
	done <<-'end'
		build.time build
		meta.time meta.time
		meta.build_script.x meta.build_script.x
		package.3 package.3
		package.-1 package.-1
		package.00 package.00
		package.+1 package.+1
		package.1x package.1x
		package.18446744073709551616 package.18446744073709551616
		package.99999999999999999999999 package.99999999999999999999999
		package.name package.name
		package.*.description package.0.description
		package.*.files package.2.files
		values.5.x values.5.x
		values.0.x values.0.x
		meta.2 meta.2
		meta.a meta.a
		values.*.k values.0.k
	end
	run_apart pk-get 'values.3.*' <document
	assert_refused 1 'pk-get: values.3: neither an array nor an object'
	run_apart pk-get 'values.*.#' <document
	assert_refused 1 'pk-get: values.0: neither an array nor an object'
	run_apart pk-get 'values.5.#' <document
	assert_refused 1 'pk-get: values.5: neither an array nor an object'
	run_apart pk-get '*' <<<'"a"'
	assert_refused 1 'pk-get: .: neither an array nor an object'
	run_apart pk-get $'a\e[2Jb' <document
	assert_refused 1 'pk-get: a\x1b[2Jb: not there'
}

@test "pk-get: what may be absent" {
	assert_gets 'build.time?' 'meta.time?' 'package.*.description?' 'package.7.name?' $'\n\n\n\n\n\n'
	assert_gets 'meta.build_script?' 'values.5?' 'values.5.x?' 'text.x?' $'build.sh\n\n\n\n'
	assert_gets 'package.*.dependencies.*.name?' $'x\ny\n'
	assert_gets 'package.*.dependencies.#?' $'0\n0\n2\n'
	assert_gets 'nothing.*?' 'nothing.*.a.*?' $''
	assert_gets 'nothing.#?' 'values.5.#?' $'0\n0\n'
	assert_equal "$(pk-get '.' <<<null)" null
	run_apart pk-get 'text.*?' <document
	assert_refused 1 'pk-get: text: neither an array nor an object'
}

@test "pk-get: strings that a line cannot hold" {
	local escape
	for escape in '\u0000' '\u0001' '\t' '\n' '\r' '\u001b' '\u001f' '\u007f' '\u0080' '\u009f'; do
		run_apart pk-get a 'b.*.c' <<<'{"a":"good","b":[{"c":"x"},{"c":"x'"$escape"'y"}]}'
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" '^pk-get: b\.1\.c: holds a (NUL|control character)$'
		# As a part of a container it is escaped.
		pk-get b <<<'{"b":["x'"$escape"'y"]}' >ours
		assert_equal "$(wc -l <ours)" 1
		[[ $escape != '\u0000' ]] || continue
		pk-get -0 a b.0 <<<'{"a":"good","b":["x'"$escape"'y"]}' >ours
		printf 'good\0x%by\0' "$escape" | cmp - ours
	done
	run_apart pk-get -0 a <<<'{"a":"\u0000"}'
	assert_refused 1 'pk-get: a: holds a NUL'
	assert_equal "$(pk-get a <<<'{"a":"\u0020\u007e\u00a0\u00c2\u0100\ud840\udc00"}')" $' ~\u00a0\u00c2\u0100\U00020000'
}

@test "pk-get -0: a NUL behind each value" {
	pk-get -0 'package.*.name' values.0 'nothing?' package.# <document >ours
	printf '%s\0' libfoo libfoo-dev '' 1.50 '' 3 | cmp - ours
}

@test "pk-get: what is no document" {
	for document in '' '{' '{"a":1}}' '{"a":1,"a":2}' '{"a":1,"\u0061":2}' $'{"a":"\xff"}' '[01]' 'nul'; do
		run_apart pk-get . < <(printf '%s' "$document")
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" '^pk-get: standard input: [^:].*$'
	done
	run_apart pk-get . < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	run_apart pk-get . </
	assert_refused 1 'pk-get: standard input: Is a directory'
}

@test "pk-get: cut short anywhere, it is refused" {
	printf '%s' '{"meta":{"build_script":"build.sh"},"package":[{"name":"ab","files":[true,-1]}]}' >short
	for ((size = 0; size < $(stat -c %s short); size++)); do
		run_apart pk-get meta.build_script < <(head -c $size short)
		assert_equal "$status:$output" 1:
	done
	pk-get meta.build_script <short
}

@test "pk-get: gzip, and the limit of 64 MiB" {
	gzip -c document | pk-get meta.build_script >ours
	echo build.sh | cmp - ours
	{
		printf '{"a":"b","c":"'
		head -c $((64 * 1024 * 1024 - 16)) /dev/zero | tr '\0' x
		printf '"}'
	} >full
	assert_equal "$(pk-get a <full)" b
	pk-get c <full | tail -c 3 | cmp - <(echo xx)
	echo >>full
	run_apart pk-get a <full
	assert_refused 1 'pk-get: standard input: over the limit of 67108864 bytes'
}

@test "pk-get: the deepest document, and one path of as many steps" {
	nested=$(printf '%064d' 0)
	printf '%s1%s' "${nested//0/[}" "${nested//0/]}" >deep
	path=$(printf '%064d' 0 | sed 's/0/.0/g; s/^\.//')
	assert_equal "$(pk-get "$path" <deep)" 1
	assert_equal "$(pk-get "${path//0/*}" <deep)" 1
	run_apart pk-get "$path.0" <deep
	assert_refused 1 "pk-get: $path.0: not there"
	path=$(head -c 100000 /dev/zero | sed 's/\x00/a./g')a
	assert_equal "$(pk-get "$path?" <deep)" ''
}

@test "pk-get: many elements" {
	jq -nc '{a: [range(100000) | {b: ., c: {d: "x"}}]}' >many
	pk-get 'a.*.b' <many >ours
	seq 0 99999 | cmp - ours
	assert_equal "$(pk-get a.99999.b a.# <many)" $'99999\n100000'
}

@test "pk-get -l: the values of each line, as jq has them" {
	cat >lines <<-'end'
		{"name":"a","deps":[{"name":"x y"},{"name":"z"}],"size":1.50}
		 { "name" : "caf\u00e9" , "deps" : [ ] , "size" : -0 } 
		{"size":{"a":[1, 2]},"name":"","deps":[{"name":"\"q\""}]}
	end
	pk-get -l name 'deps.*.name' deps.# size <lines >ours
	printf '%s\n' a 'x y' z 2 1.50 café 0 -0 '' '"q"' 1 '{"a":[1,2]}' | cmp - ours
	pk-get -l name 'deps.*.name' <lines >ours
	jq -r '.name, .deps[].name' lines | cmp - ours
	pk-get -0 -l name 'deps.0.name?' <lines >ours
	printf '%s\0' a 'x y' café '' '' '"q"' | cmp - ours
	pk-get -0l name 'deps.0.name?' <lines | cmp - ours
	gzip -c lines | pk-get -0l name 'deps.0.name?' | cmp - ours
	assert_equal "$(printf '%s\n' '"a b"' 7 '[]' null | pk-get -l .)" $'a b\n7\n[]\nnull'
	assert_equal "$(pk-get -l . </dev/null)" ''
	pk-get -l . </dev/null
}

@test "pk-get -l: a value that is not there, behind those of the lines before" {
	printf '%s\n' '{"a":1,"b":2}' '{"a":3,"b":4}' '{"a":5}' '{"a":6,"b":7}' >lines
	run_apart pk-get -l a b <lines
	assert_equal "$status:$output" $'1:1\n2\n3\n4'
	assert_equal "$stderr" 'pk-get: line 3: b: not there'
	pk-get -l a 'b?' <lines >ours
	printf '%s\n' 1 2 3 4 5 '' 6 7 | cmp - ours
	run_apart pk-get -l a <<<'{"a":"x\ny"}'
	assert_refused 1 'pk-get: line 1: a: holds a control character'
}

@test "pk-get -l: lines that are no documents" {
	for line in '' ' ' '{' '{"a":1}}' '{"a":1} {"a":1}' '{"a":1,"a":2}' $'{"a":"\xff"}' 'nul'; do
		run_apart pk-get -l a < <(printf '%s\n' '{"a":1}' "$line" '{"a":3}')
		assert_equal "$status:$output" 1:1
		assert_regex "$stderr" '^pk-get: standard input: line 2: [^:].*$'
	done
	# A document over several lines is none here.
	run_apart pk-get -l meta <document
	assert_equal "$status:$output" 1:
	run_apart pk-get -l a < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	run_apart pk-get -l a < <(printf '%s\n' '{"a":1}' | head -c -1)
	assert_refused 1 'pk-get: standard input: the last line is cut short'
	assert_output ''
	run_apart pk-get -l a < <(printf '%s\n%s' '{"a":1}' '{"a":2}')
	assert_refused 1 'pk-get: standard input: the last line is cut short'
	assert_output 1
	run_apart pk-get -l a < <(yes '{"a":1}' | head -n 1000 | gzip -c | head -c -1)
	assert_refused 1 'pk-get: standard input: gzip data cut short'
}

@test "pk-get -l: a line of 64 MiB and of more" {
	{
		printf '{"a":"b","c":"'
		head -c $((64 * 1024 * 1024 - 16)) /dev/zero | tr '\0' x
		printf '"}\n{"a":"d"}\n'
	} >full
	assert_equal "$(pk-get -l a <full)" $'b\nd'
	sed 's/^/ /' full >over
	run_apart pk-get -l a <over
	assert_refused 1 'pk-get: standard input: a line of over 67108864 bytes'
}

@test "pk-get -l: many lines, in memory that does not grow" {
	jq -nc 'range(50000) | {a: ., b: [{c: "d\(.)"}]}' >lines
	pk-get -l a b.0.c <lines >ours
	jq -r '.a, .b[0].c' lines | cmp - ours
	limit=20000 # KiB of address space
	(ulimit -v "$limit" && pk-get --version) &>/dev/null ||
		skip 'this build needs more address space than that to start'
	(
		ulimit -v "$limit"
		for _ in {1..10}; do cat lines; done | pk-get -l b.0.c | tail -n 1
	) >ours
	echo d49999 | cmp - ours
}

@test "pk-get -l: a full disk and a closed pipe" {
	echo '{"a":1}' >line
	run_apart bash -c 'pk-get -l a <line >/dev/full'
	assert_refused 1 'pk-get: standard output: No space left on device'
	run_apart bash -c 'pk-get -l a <line >&-'
	assert_refused 1 'pk-get: standard output: Bad file descriptor'
	run_apart bash -c 'pk-get -l a <&-'
	assert_refused 1 'pk-get: standard input: Bad file descriptor'
	# A reader that leaves is noticed while the stream still goes on.
	run_apart timeout 20 bash -c 'set -o pipefail; yes "$(<line)" | pk-get -l a | head -n 1'
	assert_refused 1 'pk-get: standard output: Broken pipe'
}

@test "pk-get: a full disk and a closed pipe are errors" {
	run_apart bash -c 'pk-get . <document >/dev/full'
	assert_refused 1 'pk-get: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-get . <document; } | true'
	assert_refused 1 'pk-get: standard output: Broken pipe'
	run_apart bash -c 'pk-get . <document >&-'
	assert_refused 1 'pk-get: standard output: Bad file descriptor'
	run_apart bash -c 'pk-get . <&-'
	assert_refused 1 'pk-get: standard input: Bad file descriptor'
}

@test "pk-get: usage" {
	run_apart pk-get <document
	assert_equal "$status:${stderr_lines[0]}" '2:pk-get: no path'
	run_apart pk-get -x
	assert_equal "$status" 2
	run_apart pk-get --help
	assert_output 'usage: pk-get [-0l] PATH...'
	local path message
	while IFS=' ' read -r path message; do
		run_apart pk-get meta "$path" <document
		assert_equal "$status:$output:${stderr_lines[0]}" "2::pk-get: path '$path': $message"
	done <<-'end'
		a. an empty step
		.a an empty step
		a..b an empty step
		.. an empty step
		? an empty step
		.? an empty step
		a.? an empty step
		a?b '?' before the end wants a backslash
		a?.b '?' before the end wants a backslash
		a?? '?' before the end wants a backslash
		#.a a step behind '#'
		a.#.* a step behind '#'
		a* '*' within a step wants a backslash
		**.b '*' within a step wants a backslash
		#a '#' within a step wants a backslash
		a\ nothing behind the backslash
		a.b\ nothing behind the backslash
	end
	run_apart pk-get '' <document
	assert_equal "$status:${stderr_lines[0]}" "2:pk-get: path '': an empty step"
}

@test "pk-get: the examples of its page" {
	check_examples "$project/filters/pk-get.1"
}

@test "pk-get: as many values as a document may hold, and one more" {
	perl -e 'print "[", "0," x (4194304 - 2), "0]"' >full
	assert_equal "$(pk-get '#' <full)" 4194303
	perl -e 'print "[", "0," x (4194304 - 1), "0]"' >over
	run_apart pk-get '#' <over
	assert_output ''
	assert_refused 1 'pk-get: standard input: more than 4194304 values'
}
