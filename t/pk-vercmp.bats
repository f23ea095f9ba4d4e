#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Reads lines "A B ANSWER" and holds pk-vercmp to them, and to the converse of each.
check_order() {
	awk '
		{
			print $1 "\t" $2 "\t" $3
			converse = $3 == "<" ? ">" : $3 == ">" ? "<" : $3
			print $2 "\t" $1 "\t" converse
		}
	' >expected
	cut -f1,2 expected | pk-vercmp >answered
	diff -u expected answered
}

# Every pair of the lines in a file, with a tab between them.
pairs_of() {
	awk '
		{ line[NR] = $0 }
		END {
			for (a = 1; a <= NR; a++)
				for (b = 1; b <= NR; b++)
					print line[a] "\t" line[b]
		}
	' "$1"
}

@test "pk-vercmp: every pair of the reference" {
	need_vectors
	cut -f1,2 "$VECTORS/versions/compare.tsv" | pk-vercmp >answered
	diff -u "$VECTORS/versions/compare.tsv" answered
}

@test "pk-vercmp: every pair of the reference the other way round" {
	need_vectors
	awk -F '\t' '
		{ print $2 "\t" $1 "\t" ($3 == "<" ? ">" : $3 == ">" ? "<" : $3) }
	' "$VECTORS/versions/compare.tsv" >expected
	cut -f1,2 expected | pk-vercmp >answered
	diff -u expected answered
}

@test "pk-vercmp: every constraint of the reference" {
	need_vectors
	cut -f1,2 "$VECTORS/versions/constraints.tsv" | pk-vercmp -c >answered
	diff -u "$VECTORS/versions/constraints.tsv" answered
}

@test "pk-vercmp: every version of the reference" {
	need_vectors
	cut -f1 "$VECTORS/versions/valid.tsv" | pk-vercmp -n >answered
	diff -u "$VECTORS/versions/valid.tsv" answered
}

@test "pk-vercmp: the worked examples of appendix B (§9.3)" {
	# As the appendix has them, with a revision where it shows the upstream part alone.
	check_order <<-'END'
		1.0-1 1.0-1 =
		1.0-1 2.0-1 <
		1.10-1 1.9-1 >
		1.0-1 1.0.1-1 <
		1.0-1 1.0-rc.1-1 >
		1.0-rc.1-1 1.0-rc.2-1 <
		1.0-alpha-1 1.0-beta-1 <
		1.0-rc-1 1.0-pre-1 >
		1.0a1-1 1.0a2-1 <
		1.0a1-1 1.0b1-1 <
		1.0~rc1-1 1.0-1 <
		0:1.0-1 1:0.5-1 <
		1.0-1 1.0-2 <
		1.0-foo-1 1.0-1 >
	END
}

@test "pk-vercmp: the examples of §2.2.7" {
	check_order <<-'END'
		1.0~alpha-1 1.0~a-1 =
		1.0~beta-1 1.0~b-1 =
		1.0~Alpha-1 1.0~ALPHA-1 =
		1.0-foo-1 1.0-zzz-1 <
		1.0-1 1.0.alpha-1 >
		1.0-1 1.0a-1 >
		1.0.0-rc.1-1 1.0~0~rc~1-1 =
		16beta1-1 16-1 <
	END
}

@test "pk-vercmp: each kind of token against each, inside the tail and outside (§2.2.7.2, .4)" {
	check_order <<-'END'
		1.5-1 1.x-1 <
		1~5-1 1~x-1 >
		1rc5-1 1rc.x-1 >
		1-1 1.0-1 <
		1-1 1~0-1 <
		1-1 1.x-1 <
		1-1 1~x-1 >
		1rc-1 1rc1-1 <
		1rc-1 1rc.x-1 >
		1~x-1 1.x-1 =
		1~rc-1 1.x-1 <
		1~dev-1 1~a-1 <
		1~a-1 1~b-1 <
		1~b-1 1~pre-1 <
		1~pre-1 1~rc-1 <
		1~rc-1 1~a1-1 >
		1~RC-1 1~rC-1 =
		1.X-1 1.x-1 <
		1.xx-1 1.x-1 >
		1.devel-1 1.dev-1 >
	END
}

@test "pk-vercmp: separators, empty tokens and zeros do not count" {
	check_order <<-'END'
		1.0-1 1+0-1 =
		1.0-1 1-0-1 =
		1.0-1 1...0...-1 =
		1.0-1 1--0--1 =
		1.0-1 001.000-1 =
		1.0-1 1.0~-1 =
		1.0-1 0:1.0-1 =
		1x2-1 1.x.2-1 =
	END
}

@test "pk-vercmp: numbers of any length, and the greatest epoch and revision" {
	printf -v digits '%0100000d' 7
	max=9223372036854775807
	printf '%s\n' "${digits}1-1	72-1	<" "${digits}1-1	71-1	=" \
		"1$digits-1	1${digits}0-1	<" "1${digits}8-1	1${digits}9-1	<" \
		"18446744073709551616-1	18446744073709551617-1	<" \
		"$max:1-$max	$max:1-$max	=" \
		"9223372036854775806:1-$max	$max:1-1	<" \
		"1-9223372036854775806	1-$max	<" \
		"9223372036854775808:1-1	1-1	invalid" \
		"1-1	1-9223372036854775808	invalid" >expected
	cut -f1,2 expected | pk-vercmp >answered
	cmp expected answered
}

@test "pk-vercmp: -n: what a version has and has not (§2.2.2 to §2.2.5)" {
	printf '%s\n' 1-1 0-1 a-1 Z-1 1.-1 1~-1 1+-1 1--1 1-rc-1 0:1-1 10:1-1 \
		1-10 1.0.0-rc.1-1 '1~~..++--1' >good
	printf '%s\n' '' - : 1 1- -1 1-0 1-01 1-1a '1-+1' 1-1-01 .1-1 '+1-1' '~1-1' --1 \
		:1-1 1: 00:1-1 01:1-1 +1:1-1 -1:1-1 a:1-1 ' 1:1-1' 1:2:1-1 1:-1 1:1 \
		1_0-1 1/0-1 '1 0-1' ' 1-1' '1-1 ' '1*-1' '1@-1' '1[-1' '1`-1' '1{-1' \
		$'1-1\r' $'1\v-1' 1é-1 $'1\xff-1' 1-¹ ١-1 '>=1-1' >bad
	sed 's/$/\tvalid/' good >expected
	sed 's/$/\tinvalid/' bad >>expected
	cat good bad | pk-vercmp -n >answered
	diff -au expected answered
}

@test "pk-vercmp: -c: operators, blanks, commas (§2.2.8, §4.1.6)" {
	awk -F '|' -v OFS='\t' '{ print $1, $2, $3 }' >expected <<-'END'
		2-3|=2-3|yes
		2-3|= 2-4|no
		2-3|2-3|yes
		2-3|  2  |yes
		2-3|!=2-3|no
		2-3|!=2-2|yes
		2-3|!=2|no
		2-3|>2-2|yes
		2-3|>2-3|no
		2-3|>2|no
		2-3|>=2-3|yes
		2-3|>=2-4|no
		2-3|>=2|yes
		2-3|<2-4|yes
		2-3|<2|no
		2-3|<=2-3|yes
		2-3|<=2-2|no
		2-3|<=2|yes
		2-3| >=  1 ,  < 3  |yes
		2-3|>=1,<3,!=2-3|no
		2-3|>=1,<3,!=2-4|yes
		2-3|<1,>3|no
		2-3|<1:0|yes
		2-3|>=0:2|yes
		1:2-3|2|no
		2~rc1-1|<2|yes
		2-rc1-1|=2-rc1|yes
		2-0-1|=2-0|yes
		2-01-1|=2-01|yes
		2.9223372036854775808-1|=2-9223372036854775808|yes
		2--1|=2-|yes
		2-3-1|=2-3|no
		2-3||invalid
		2-3| |invalid
		2-3|,|invalid
		2-3|>=1,|invalid
		2-3|,>=1|invalid
		2-3|>=1,,<3|invalid
		2-3|>|invalid
		2-3|>=|invalid
		2-3|!|invalid
		2-3|!2|invalid
		2-3|==2|invalid
		2-3|=>2|invalid
		2-3|<>2|invalid
		2-3|~>2|invalid
		2-3|> =2|invalid
		2-3|! =2|invalid
		2-3|>=1 <3|invalid
		2-3|>= 1 .0|invalid
		2-3|>=1;<3|invalid
		2-3|-1|invalid
		2-3|=-|invalid
		2-3|=1:|invalid
		2-3|=:1|invalid
		2-3|=01:1|invalid
		2-3|=9223372036854775808:1|invalid
		2-3|>=.1|invalid
		2-3|>=1_0|invalid
		2-3|<1,>=1_0|invalid
		2|>=1|invalid
		2-0|>=1|invalid
		|>=1|invalid
	END
	printf '2-3\t%s\tinvalid\n' $'>=1\r' $'>=1\v' $'\f>=1' $'>=\u00a01' '≥1' $'\xff' >>expected
	cut -f1,2 expected | pk-vercmp -c >answered
	diff -au expected answered
}

@test "pk-vercmp: the operators of a constraint agree with the order" {
	need_vectors
	awk -F '\t' -v OFS='\t' '
		$3 == "invalid" { next }
		{
			print $1, "<" $2, $3 == "<" ? "yes" : "no"
			print $1, "<=" $2, $3 == ">" ? "no" : "yes"
			print $1, "=" $2, $3 == "=" ? "yes" : "no"
			print $1, "!=" $2, $3 == "=" ? "no" : "yes"
			print $1, ">=" $2, $3 == "<" ? "no" : "yes"
			print $1, ">" $2, $3 == ">" ? "yes" : "no"
		}
	' "$VECTORS/versions/compare.tsv" >expected
	cut -f1,2 expected | pk-vercmp -c >answered
	diff -u expected answered
}

@test "pk-vercmp: reflexive and antisymmetric, over all pairs of a generated set" {
	awk '
		BEGIN {
			count = split("1 0 10 a rc x", token, " ")
			split(". ~ -", separator, " ")
			for (i = 1; i <= count; i++)
				for (j = 1; j <= count; j++)
					for (s = 1; s <= 3; s++) {
						print token[i] separator[s] token[j] "-1"
						print "1.0" separator[s] token[i] token[j] "-2"
					}
		}
	' >versions
	pairs_of versions | pk-vercmp >answered
	awk -F '\t' '
		{ order[$1, $2] = $3 }
		$1 == $2 && $3 != "=" { print "not itself: " $0; bad++ }
		$3 !~ /^[<=>]$/ { print "no order: " $0; bad++ }
		END {
			converse["<"] = ">"; converse[">"] = "<"; converse["="] = "="
			for (pair in order) {
				split(pair, version, SUBSEP)
				if (order[version[2], version[1]] != converse[order[pair]]) {
					print "not antisymmetric: " version[1], version[2]
					bad++
				}
			}
			exit bad > 0
		}
	' answered
}

@test "pk-vercmp: transitive where a rank stands right behind each ~" {
	awk '
		BEGIN {
			count = split(".0 .1 .x .10 .a -beta ~rc ~dev +1 -7 .rc.x ~pre1", part, " ")
			print "1-1\n1-2\n2:1-1"
			for (i = 1; i <= count; i++)
				for (j = 0; j <= count; j++)
					print "1" part[i] part[j] "-1"
		}
	' >versions
	pairs_of versions | pk-vercmp >answered
	awk -F '\t' '
		{ notafter[$1, $2] = $3 != ">"; before[$1, $2] = $3 == "<"; all[$1] }
		END {
			for (a in all) for (b in all) {
				if (!notafter[a, b])
					continue
				for (c in all) {
					checked++
					if (notafter[b, c] && (!notafter[a, c] ||
					    (before[a, b] || before[b, c]) && !before[a, c])) {
						print a, b, c
						exit 1
					}
				}
			}
			exit checked < 100000
		}
	' answered
}

@test "pk-vercmp: the order of §2.2.7 is not transitive where it does not" {
	check_order <<-'END'
		1.0~x-1 1.0-1 <
		1.0-1 1.0x-1 <
		1.0~x-1 1.0x-1 =
	END
}

@test "pk-vercmp: empty input" {
	for option in '' -c -n; do
		# shellcheck disable=SC2086 # no option is no argument
		run_apart pk-vercmp $option </dev/null
		assert_success
		assert_output ''
		assert_equal "$stderr" ''
	done
}

@test "pk-vercmp: a line with the wrong number of tabs is refused by its number" {
	run_apart pk-vercmp <<<$'1-1\t2-1\n1-1 2-1\n1-1\t2-1'
	assert_refused 1 \
		'pk-vercmp: standard input: line 2: two versions with one tab between them are wanted'
	assert_output $'1-1\t2-1\t<'
	run_apart pk-vercmp <<<$'1-1\t2-1\t<'
	assert_refused 1 \
		'pk-vercmp: standard input: line 1: two versions with one tab between them are wanted'
	run_apart pk-vercmp <<<''
	assert_refused 1 \
		'pk-vercmp: standard input: line 1: two versions with one tab between them are wanted'
	run_apart pk-vercmp -c <<<'1-1'
	assert_refused 1 \
		'pk-vercmp: standard input: line 1: a version and a constraint with a tab between them are wanted'
	run_apart pk-vercmp -n <<<$'1-1\n1-1\t'
	assert_refused 1 'pk-vercmp: standard input: line 2: a version without a tab is wanted'
	assert_output $'1-1\tvalid'
}

@test "pk-vercmp -c: tabs in a constraint are as blanks, and the first one separates" {
	printf '%s\n' $'1.0-1\t>=\t1\tyes' $'1.0-1\t\t>=1\tyes' $'1.0-1\t>=1\t\tyes' \
		$'1.0-1\t>=1\t,\t<\t1.0-1\t\tno' $'1.0-1\t1\t.0\tinvalid' $'1.0-1\t\tinvalid' \
		$'\t1.0-1\t>=1\tinvalid' >expected
	sed 's/\t[^\t]*$//' expected | pk-vercmp -c >answered
	diff -u expected answered
}

@test "pk-vercmp: a last line without its newline is refused" {
	for cut in $'1-1\t2-1' $'1-1\t' '1'; do
		run_apart pk-vercmp < <(printf '1-1\t2-1\n%s' "$cut")
		assert_refused 1 'pk-vercmp: standard input: the last line is cut short'
		assert_output $'1-1\t2-1\t<'
	done
	run_apart pk-vercmp -n < <(printf '1-1')
	assert_refused 1 'pk-vercmp: standard input: the last line is cut short'
	assert_output ''
}

@test "pk-vercmp: a NUL makes invalid what holds it, and the line is written as it was" {
	printf '1-1\0\t2-1\n1-1\t2-1\0x\n\0\t\0\n' >lines
	pk-vercmp <lines >answered
	printf '1-1\0\t2-1\tinvalid\n1-1\t2-1\0x\tinvalid\n\0\t\0\tinvalid\n' | cmp - answered
	printf '1-1\t>=1\0\n' | pk-vercmp -c | cmp - <(printf '1-1\t>=1\0\tinvalid\n')
	printf '1-1\0\n' | pk-vercmp -n | cmp - <(printf '1-1\0\tinvalid\n')
}

@test "pk-vercmp: a line of 1 MiB is read, a longer one refused" {
	printf '%01048574d-1\n' 1 >longest
	pk-vercmp -n <longest >answered
	sed 's/$/\tvalid/' longest | cmp - answered
	printf '1-1\n0%s\n' "$(cat longest)" >longer
	run_apart pk-vercmp -n <longer
	assert_refused 1 'pk-vercmp: standard input: a line of over 1048576 bytes'
	assert_output $'1-1\tvalid'
	run_apart bash -c 'head -c 300000000 /dev/zero | pk-vercmp -n'
	assert_refused 1 'pk-vercmp: standard input: a line of over 1048576 bytes'
}

@test "pk-vercmp: garbage" {
	printf -v key '%032d' 0
	head -c 200000 /dev/zero | openssl enc -aes-128-ctr -K "$key" -iv "$key" |
		tr '\t' ' ' >garbage
	echo >>garbage
	LC_ALL=C sed 's/$/\tinvalid/' garbage >expected
	pk-vercmp -n <garbage >answered
	cmp expected answered
	LC_ALL=C sed $'s/$/\t1-1/' garbage | pk-vercmp | cut -f3 | sort -u >answers
	assert_equal "$(cat answers)" invalid
}

@test "pk-vercmp: input compressed with gzip" {
	printf '1-1\t2-1\n' | gzip >lines.gz
	assert_equal "$(pk-vercmp <lines.gz)" $'1-1\t2-1\t<'
	head -c -1 lines.gz >cut.gz
	run_apart pk-vercmp <cut.gz
	assert_refused 1 'pk-vercmp: standard input: gzip data cut short'
}

@test "pk-vercmp: the locale changes nothing" {
	need_vectors
	for locale in C POSIX $(locale -a | grep -i -m1 '^tr_TR' || true); do
		cut -f1,2 "$VECTORS/versions/compare.tsv" | LC_ALL=$locale pk-vercmp >answered
		cmp "$VECTORS/versions/compare.tsv" answered
	done
}

@test "pk-vercmp: a full disk and a closed pipe are errors" {
	run_apart bash -c 'echo 1-1 | pk-vercmp -n >/dev/full'
	assert_refused 1 'pk-vercmp: standard output: No space left on device'
	run_apart bash -c 'yes 1-1 | pk-vercmp -n >/dev/full'
	assert_refused 1 'pk-vercmp: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; yes 1-1 2>&- | pk-vercmp -n | true'
	assert_equal "${stderr_lines[0]}" 'pk-vercmp: standard output: Broken pipe'
	run_apart bash -c 'echo 1-1 | pk-vercmp -n >&-'
	assert_refused 1 'pk-vercmp: standard output: Bad file descriptor'
	run_apart bash -c 'pk-vercmp <&-'
	assert_refused 1 'pk-vercmp: standard input: Bad file descriptor'
}

@test "pk-vercmp: usage" {
	run_apart pk-vercmp -c -n </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" 'pk-vercmp: -c and -n exclude each other'
	run_apart pk-vercmp 1-1 2-1 </dev/null
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "pk-vercmp: '1-1': versions are read from standard input"
	run_apart pk-vercmp -x </dev/null
	assert_equal "$status" 2
	run_apart pk-vercmp --help
	assert_success
	assert_output 'usage: pk-vercmp [-c | -n]'
	run_apart pk-vercmp --version
	assert_output --regexp '^pk-vercmp [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "pk-vercmp: the examples of its page" {
	check_examples "$project/filters/pk-vercmp.1"
}
