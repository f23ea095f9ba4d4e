#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

match_paths() {
	pk-glob -- "$1" <paths >matched
}

# Runs pk-glob with one pattern over lines "PATH<TAB>VERDICT" of standard input, and
# compares with what matches by the verdicts; with "invalid" ones the pattern is refused.
check_pattern() {
	local pattern=$1 verdict expected_status=1
	cat >verdicts
	cut -f1 verdicts >paths
	awk -F '\t' '$2 == "yes" { print $1 }' verdicts >expected
	for verdict in yes:0 invalid:2; do
		! cut -f2 verdicts | grep -q "${verdict%:*}" || expected_status=${verdict#*:}
	done
	run_apart match_paths "$pattern"
	diff -u --label "$pattern" expected --label matched matched
	assert_equal "$pattern: $status" "$pattern: $expected_status"
	if ((status == 2)); then
		assert_equal "$stderr" "pk-glob: $pattern: ${stderr#"pk-glob: $pattern: "}"
	else
		assert_equal "$stderr" ''
	fi
}

@test "pk-glob: every verdict of the reference's library" {
	need_vectors
	# As no line is read by the shell, no tab or backslash is lost.
	awk -F '\t' '
		$1 != pattern || NR == 1 { pattern = $1; count++; print pattern >"patterns" }
		{ print $2 "\t" $3 >("verdicts." count) }
	' "$VECTORS/globs/match.tsv"
	mapfile -t patterns <patterns
	((${#patterns[@]} > 50))
	for i in "${!patterns[@]}"; do
		check_pattern "${patterns[i]}" <"verdicts.$((i + 1))"
	done
}

# "PATTERN | PATHS that match | PATHS that do not", as doublestar 4.10 says, the library
# of which the verdicts above are.
verdicts() {
	cat <<-'end'
		usr/lib/**/*.{so,so.*,a} | usr/lib/libz.so usr/lib/t/libz.so.1.2 usr/lib/t/x/y.a | usr/lib/t/x/y.o
		**/.git* | .gitignore a/b/.gitattributes | a/.git/config
		[a-c][!a-c][^0-9] | axx bdz a/x | ab1 cc-
		[!a] | / b | a
		[^/]x | bx | /x
		[a-c-e] | a b - e | d
		[--0] | - . / 0 | 1
		[\--0] | - . 0 | \
		[\]\[] | ] [ | \
		[z-a] | z | a m
		[é-ü] | é ö ü | e
		[日-本] | 日 本 月 |
		?? | éü | é éüx
		\?\[\{\\ | ?[{\ |
		a\/b | a/b | a\/b
		a\/** | a/b a/b/c | a
		{a\,b,c\}} | a,b c} | a
		{a,b/c,d/**} | a b/c d d/e/f | b
		x/{**,y}/z | x/z x/a/b/z x/y/z |
		{a,}{b,}c | abc ac bc c | bac
		{a,{b,{c,d}e}f}g | ag bfg cefg defg | cfg
		{,**/}x | x a/x a/b/x | ax
		{**/,}x | x a/x a/b/x | ax
		a{**,x} | ab a/b ax a/b/c |
		a{,/**} | a a/b a/b/c | ab
		a{/**,} | a a/b | ab
		a/**{/b,} | a/b a/x/b | a/x/y/b
		**{,x} | a ax | a/x
		{a/*,b}*/c | a/x/c a/x/y/c b/c a/c |
		{a/*,b}*/c/d | a/x/y/c/d |
		**/a/**/b | a/b x/a/y/b a/a/b/b | ab
		**/*a* | a b/xax | xa/b
		*/** | a a/ a/b a/b/c |
		**/*/** | a a/b a/b/c |
		a/**/** | a/b a/b/c | a a/
		a** | a ab | a/b
		a*** | ab abc | a
		*** | a | a/b
		***/x | a/x | x a/b/x
		a**/ | a a/ ab/ | ab
		*{,.gz} | a a.gz | a/b
		a*{,b} | ab ac | a
		a{,b}* | a ab ac |
		a?{b,} | ab abb | a/b
		**/{a,b}/ | a/ x/b/ | a
		usr/share/doc/ | usr/share/doc/ | usr/share/doc
		*/ | a/ | a a/b/
		a//b | a//b | a/b
		a/**/b | a//b | a/b/
		a/../b | a/../b | b
		./a | ./a | a
		] | ] | a
		a]b | a]b |
		a,b | a,b | a b
		a-b | a-b |
		!a | !a | b
		^a | ^a |
		{a} | a | {a}
		{} |  | {} x
		a{}b | ab | a{}b
		{{a,b},{c,d}} | a b c d | {a
		a*b*c | abc aXbYc abXc | a/bc
		*a*b | aab ab abab | abx
		*.* | a.b a..b .b | ab
	end
}

@test "pk-glob: components, classes, braces and what is left at the end of a path" {
	verdicts | awk '
		{
			split($0, part, /[|]/)
			print $1 >"patterns"
			for (i = 2; i <= 3; i++) {
				count = split(part[i], path, " ")
				for (j = 1; j <= count; j++)
					print path[j] "\t" (i == 2 ? "yes" : "no") >("verdicts." NR)
			}
		}
	'
	mapfile -t patterns <patterns
	((${#patterns[@]} > 50))
	for i in "${!patterns[@]}"; do
		check_pattern "${patterns[i]}" <"verdicts.$((i + 1))"
	done
}

@test "pk-glob: a malformed part counts where no match would get to it" {
	while IFS=' ' read -r pattern byte what; do
		run_apart pk-glob 'a' "$pattern" <<<'a'
		assert_refused 2 "pk-glob: $pattern: $what at byte $byte [§8.2]"
		assert_output ''
	done <<-'end'
		zz/[ 4 a class without its ']'
		zz/[a 4 a class without its ']'
		zz/[! 4 a class without its ']'
		zz/[\] 4 a class without its ']'
		zz/[a\ 4 a class without its ']'
		zz/[] 4 an empty class
		zz/[]a] 4 an empty class
		zz/[!] 4 an empty class
		zz/[^] 4 an empty class
		zz/\ 4 a backslash with nothing behind it
		zz/{ 4 a '{' without its '}'
		zz/{a,{b} 4 a '{' without its '}'
		{z{a{b} 3 a '{' without its '}'
		zz/{a\} 4 a '{' without its '}'
		zz/} 4 a '}' without its '{'
		{z,[a} 4 a class inside of braces with a brace or comma that is not escaped
		{[a,b]} 2 a class inside of braces with a brace or comma that is not escaped
		{a,b}} 6 a '}' without its '{'
	end
	run_apart pk-glob $'a\n[' <<<'a'
	assert_refused 2 $'pk-glob: a\\x0a[: a class without its \']\' at byte 3 [§8.2]'
	run_apart pk-glob "$(printf '%0300d' 0)[" <<<'a'
	assert_refused 2 \
		"pk-glob: $(printf '%0200d' 0)...: a class without its ']' at byte 301 [§8.2]"
}

# COUNT times TEXT.
repeat() {
	printf "$2%.0s" $(seq "$1")
}

@test "pk-glob: limits" {
	pk-glob "$(repeat 64 '{')a$(repeat 64 '}')" <<<'a'
	run_apart pk-glob "$(repeat 65 '{')a$(repeat 65 '}')" <<<'a'
	assert_refused 2 "pk-glob: $(repeat 65 '{')a$(repeat 65 '}'): braces nested more than \
64 levels deep at byte 65 [§8.2]"
	# 2^12 choices of 12 bytes and 12 pairs of braces pass the limit; 2^11 do not.
	pk-glob "$(repeat 11 '{a,b}')" <<<'abababababa'
	run_apart pk-glob "$(repeat 12 '{a,b}')" <<<'a'
	assert_refused 2 "pk-glob: $(repeat 12 '{a,b}'): more than 65536 bytes, written out \
without braces, at byte 60 [§8.2]"
	long=$(head -c 65536 /dev/zero | tr '\0' '*')
	run_apart pk-glob "${long:1}" <<<'a'
	assert_success
	run_apart pk-glob "$long" <<<'a'
	assert_equal "$status" 2
}

@test "pk-glob: hostile patterns end soon" {
	head -c 4096 /dev/zero | tr '\0' a >path
	printf '\n' >>path
	repeat 2048 a/ >deep_path
	printf '\n' >>deep_path
	patterns=(
		"$(repeat 32000 '*a')b" "*$(repeat 2048 a)b" "**/$(repeat 1020 a/)b"
		"$(repeat 8000 '**/a/')b" "$(repeat 1000 '**/*/')b" "$(repeat 10 '{*a,*aa}')b"
		"$(repeat 30000 '{}')b" "*[$(repeat 10000 b-c)a]b" "$(repeat 60000 '*')b"
	)
	for pattern in "${patterns[@]}"; do
		run_apart timeout 20 pk-glob "$pattern" <path
		assert_equal "$status,$stderr" '1,'
		run_apart timeout 20 pk-glob "$pattern" <deep_path
		assert_equal "$status,$stderr" '1,'
	done
}

@test "pk-glob: names of any bytes" {
	printf '%s\n' 'a b' "it's" 'say "a"' $'tab\tbed' $'\xff' $'a\xc3' 'back\slash' '' \
		$'\r' '-0' $'\x1f\x8b' >paths
	pk-glob '**' <paths >matched
	cmp matched paths
	assert_equal "$(pk-glob '?' <paths | xxd -p)" ff0a0d0a
	assert_equal "$(pk-glob 'a?' <paths | xxd -p)" 61c30a
	assert_equal "$(pk-glob $'\xff' <paths | xxd -p)" ff0a
	assert_equal "$(pk-glob '[!a]' <paths | xxd -p)" ff0a0d0a
	run_apart pk-glob $'\xfe' $'\ufffd' $'\xc3?' <paths
	assert_equal "$status,$output" '1,'
	pk-glob -- '-0' <paths | cmp - <(echo '-0')
	printf 'new\nline\0a\0\0b/c\0' >ended
	pk-glob -0 '**' <ended >matched
	cmp matched ended
	pk-glob -0 $'new\nline' '' <ended | cmp - <(printf 'new\nline\0\0')
	pk-glob -0 'new*line' <ended | cmp - <(printf 'new\nline\0')
}

@test "pk-glob: lines that cannot be paths, and a last one cut short" {
	run_apart bash -c 'printf "a\nb\0c\n" | pk-glob "*"'
	assert_refused 1 \
		'pk-glob: standard input: path 2: holds a NUL byte; -0 reads paths that end in one'
	run_apart bash -c 'printf "a\nb" | pk-glob "*"'
	assert_refused 1 'pk-glob: standard input: path 2: cut short'
	run_apart bash -c 'printf "a\0b\n" | pk-glob -0 "*"'
	assert_refused 1 'pk-glob: standard input: path 2: cut short'
	head -c 4096 /dev/zero | tr '\0' a >longest
	echo >>longest
	pk-glob 'a*' <longest >matched
	cmp matched longest
	run_apart bash -c 'sed s/a/aa/ longest | pk-glob "a*"'
	assert_refused 1 \
		'pk-glob: standard input: path 1: longer than 4096 bytes [§3.2.6]'
	run_apart timeout 10 pk-glob '*' </dev/zero
	assert_equal "$status" 1
	run_apart timeout 10 pk-glob -0 '*' < <(tr '\0' a </dev/zero)
	assert_refused 1 \
		'pk-glob: standard input: path 1: longer than 4096 bytes [§3.2.6]'
}

@test "pk-glob: paths come once and in their order, whichever pattern they match" {
	run_apart pk-glob 'b' '?' 'a' 'no' <<<$'b\nc\na\nab\nb'
	assert_success
	assert_output $'b\nc\na\nb'
	run_apart pk-glob 'no' <<<'a'
	assert_equal "$status,$output,$stderr" '1,,'
	run_apart pk-glob '*' </dev/null
	assert_equal "$status,$output,$stderr" '1,,'
}

@test "pk-glob: a full disk, a closed pipe and closed descriptors are errors" {
	run_apart bash -c 'echo a | pk-glob a >/dev/full'
	assert_refused 1 'pk-glob: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; yes a | timeout 10 pk-glob a | true'
	assert_refused 1 'pk-glob: standard output: Broken pipe'
	run_apart bash -c 'echo a | pk-glob a >&-'
	assert_refused 1 'pk-glob: standard output: Bad file descriptor'
	run_apart bash -c 'pk-glob a <&-'
	assert_refused 1 'pk-glob: standard input: Bad file descriptor'
	run_apart pk-glob a <.
	assert_refused 1 'pk-glob: standard input: Is a directory'
}

@test "pk-glob: usage" {
	run_apart pk-glob </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'pk-glob: a pattern is wanted'
	run_apart pk-glob -x a
	assert_equal "$status" 2
	run_apart pk-glob --help
	assert_success
	assert_output 'usage: pk-glob [-0] PATTERN...'
	run_apart pk-glob --version
	assert_output --regexp '^pk-glob [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-glob: the examples of its page" {
	check_examples "$project/filters/pk-glob.1"
}
