#!/usr/bin/env bats

# No input of 1 MiB makes a filter take more than 64 MiB of memory or five seconds of
# processor time, however nasty it is. Where the format or a limit of ours that a page names
# lets an input stand for more than it is, the test says for how much.

load helper

setup() {
	[[ ! -v ASAN_OPTIONS ]] || skip 'under a sanitizer, memory and time are not those of the programs'
	cd "$BATS_TEST_TMPDIR"
	PATH=$PATH:$project/${BUILD:-build}/t
	mib=65536
	now=2026-01-01T00:00:00Z
}

# within COMMAND...: whatever it says of the input, it stays below the ceilings. With
# EVERY_STEP=1 it is told what each took.
within() {
	local spent
	spent=$(spend -m "$mib" -t 5000 "$@") || fail "${*:1:8}: $spent"
	[[ -z ${EVERY_STEP-} ]] || echo "# $spent: ${*:1:8}" >&3
}

# Files, each 1 MiB of one kind of JSON, or of none.
make_documents() {
	mkdir documents
	perl - <<'END'
		my $size = 1 << 20;
		# put NAME, START, PIECE, BETWEEN, END: %d in a piece is its number.
		sub put {
			my ($name, $start, $piece, $between, $end) = @_;
			my ($text, $room) = ($start, $size - length($end) - 1);
			for (my $number = 0;; $number++) {
				my $next = ($number ? $between : "") . ($piece =~ s/%d/$number/r);
				last if length($text) + length($next) > $room;
				$text .= $next;
			}
			open my $file, ">", "documents/$name" or die;
			print $file "$text$end\n";
		}
		put("arrays-open", "", "[", "", "");
		put("string", '"', "a", "", '"');
		put("number", "", "1", "", "");
		put("numbers", "[", "0", ",", "]");
		put("members", "{", '"%d":0', ",", "}");
		put("members-escaped", "{", '"\u0061%d":0', ",", "}");
		put("members-alike-escaped", "{", '"' . '\u0061' x 150 . '%d":0', ",", "}");
		put("members-twice", "{", '"a":0', ",", "}");
		put("escapes", '"', '\u00e9', "", '"');
		put("marks", '"', "a" . "\xcc\x81\xcc\xa3" x 1000, "", '"');
		put("backslashes", '"', "\\", "", '"');
		put("lines", "", "\n", "", "");
		put("objects", "", "{}\n", "", "");
		put("no-utf-8", "", "\xff", "", "");
END
}

@test "ceilings: documents, and what is none, to every filter" {
	make_documents
	mkdir empty
	openssl genpkey -algorithm ed25519 -out key.pem
	echo secret >secret
	none=$(printf '0%.0s' {1..64})
	while read -ra command; do
		for document in documents/*; do
			within "${command[@]/FILE/$document}" <"$document"
		done
	done <<END
farm-config
farm-recipe -n name
farm-tags -r FILE
idx-active
idx-check FILE FILE FILE
idx-deps FILE
idx-entry -u -d FILE key.pem
idx-entry -u -k key.pem FILE
idx-hash -C empty
idx-join -k archive -r name -i 1 -g $now
idx-merge
idx-merge FILE
idx-prune -b $now FILE
idx-sign -k key.pem
idx-sign -a FILE -p key.pem
idx-signer -C empty
idx-split
idx-verify -k key.pem FILE
pk-claim FILE
pk-claim -m FILE
pk-get . * *.* 100000? a?
pk-get -l .
pk-glob *a*a*a*a*b **/**/**/b
pk-hash
pk-hash -C empty
pk-key
pk-key -p
pk-manifest -m FILE
pk-manifest -r FILE -p name -v 1-1 -t $now -f farm -s source
pk-meta
pk-pack -C empty -m FILE
pk-recipe
pk-recipe -u
pk-sign -k key.pem
pk-toml
pk-unzstd
pk-vercmp
pk-vercmp -c
pk-verify -u -k key.pem
pk-zstd
repo-desc -x $none
repo-place -C empty empty
END
	for document in documents/*; do
		signature=$(openssl dgst -sha256 -hmac secret <"$document")
		within farm-hook -s secret -g "sha256=${signature##* }" <"$document"
	done
}

@test "ceilings: pk-toml" {
	make() {
		perl -e 'my ($start, $piece, $between, $end) = @ARGV;
			my $text = $start;
			for (my $number = 0; length($text) < 1048000; $number++) {
				$text .= ($number ? $between : "") . ($piece =~ s/%d/$number/gr);
			}
			print "$text$end\n"' "$@"
	}
	keys=$(printf 'a%.0s.' {1..60})
	for kind in '|[a%d]|\n|' '|[[a]]|\n|' '|a=1|\n|' '|a%d.b=1|\n|' "|$keys%d=1|\n|" \
		"|[$keys%d]|\n|" 'a=[|1|,|]' 'a=[|{}|,|]' 'a=|[||' 'a=[|[[[[]]]]|,|]' 'a="|\u00e9||"' \
		"a='''|'||" 'a=|1||' 'a=0.|1||'; do
		IFS='|' read -r start piece between end <<<"$kind"
		printf -v between '%b' "$between"
		make "$start" "$piece" "$between" "$end" >text
		within pk-toml <text
	done
	# As many tables as a text may have, and numbers up to its end.
	perl -e 'print "a=[", "{a.a.a.a=0}," x 16383, "0," x 425000, "0]\n"' >text
	assert [ "$(stat -c %s text)" -gt 1040000 ]
	pk-toml <text >/dev/null
	within pk-toml <text
}

# Each pattern is held against each entry: a recipe may have 3,855 of them at most.
@test "ceilings: recipes of thousands of packages, trees of thousands of entries" {
	recipe_of() {
		perl -e 'print "{\"meta\":{\"build_script\":\"b\"},\"package\":[", join(",", map {
			"{\"name\":\"a$_\",\"architecture\":\"noarch\"$ARGV[1]}" } 1 .. $ARGV[0]), "]}\n"' "$@"
	}
	perl -e 'printf "{\"path\":\"%05d\",\"type\":\"link\",\"target\":\"a\"}\n", $_ for 1 .. 12000' >tree
	recipe_of 12000 '' >packages
	assert [ "$(cat packages tree | wc -c)" -lt 1048576 ]
	within pk-claim packages <tree
	within pk-recipe <packages
	within farm-recipe -n a1 <packages
	within pk-manifest -r packages -p a1 -v 1-1 -t "$now" -f farm -s source </dev/null
	recipe_of 3855 ',"files":["*"]' >packages
	within pk-claim packages <tree
}

@test "ceilings: paths that are not in normalization form C" {
	perl -e 'print "{\"meta\":{\"build_script\":\"b\"},\"package\":[{\"name\":\"aa\",
		\"architecture\":\"noarch\",\"files\":[\"**\"]}]}\n"' >recipe
	perl -e 'printf "{\"path\":\"usr/share/%04da%s\",\"type\":\"link\",\"target\":\"a\"}\n", $_,
		"\xcc\x81\xcc\xa3" x 1000 for 1 .. 250' >tree
	within pk-claim recipe <tree
}

# As people write them: those of a recipe's author may be long, and take as long for every
# path (pk-glob(1)).
@test "ceilings: patterns" {
	perl -e 'print "a\n" x 524288' >short
	perl -e 'print "a" x 4000, "\n" for 1 .. 262' >long
	perl -e 'print "a/" x 2000, "a\n" for 1 .. 262' >deep
	for pattern in "$(printf '*a%.0s' {1..30})b" "$(printf '**/%.0s' {1..50})b" '**/*a*a*a*a*a*b' \
		"$(printf '**/*a*/%.0s' {1..50})b" '{a,b}{a,b}{a,b}{a,b}{a,b}' "*[$(printf 'b%.0s' {1..100})]" \
		"*$(printf 'a%.0s' {1..100})b" "$(printf '*%.0s' {1..100})b"; do
		for paths in short long deep; do
			within pk-glob "$pattern" <"$paths"
		done
	done
}

@test "ceilings: patterns for tags" {
	perl -e 'printf "%040x\trefs/tags/%s!\n", $_, "a" x 30 for 1 .. 12000' >many
	perl -e 'printf "%040x\trefs/tags/%s!\n", $_, "a" x 4000 for 1 .. 250' >long
	perl -e 'printf "%040x\trefs/tags/v1.%s\n", $_, "0" x (1 + $_ % 4000) for 1 .. 500' >same
	for pattern in '(a+)+$' '^((?:(?:(?:a?)+)+)+)b' '(.*.*.*.*.*b)' '^v(.*)$'; do
		printf '{"tag_pattern":"%s","peios_revision":1}\n' "$pattern" >recipe
		for tags in many long same; do
			within farm-tags -r recipe <"$tags"
		done
	done
}

@test "ceilings: versions and constraints" {
	perl -e 'my $a = "1" x 500000; print "$a-1 $a-1\n"' >digits
	perl -e 'my $a = "1." x 250000; print "${a}1-1 ${a}1-1\n"' >tokens
	perl -e 'print "1-1 ", ">1," x 340000, ">1\n"' >terms
	perl -e 'print "1-1 1-1\n" x 131072' >lines
	for versions in digits tokens terms lines; do
		within pk-vercmp <"$versions"
		within pk-vercmp -c <"$versions"
		within pk-vercmp -n <"$versions"
	done
}

@test "ceilings: indexes" {
	load entries
	mkdir empty entries
	: >none
	declare -A make=(
		[names]='printf "a%05d 1-1 noarch\n", $_ for 1 .. 3600'
		[versions]='printf "aa 1.%05d-1 noarch\n", 90000 - $_ for 1 .. 3600'
		[equal]='printf "aa 1.%s-1 noarch\n", "0" x $_ for 1 .. 550'
		[architectures]='print "aa 1-1 a$_ \n" for 1 .. 3600'
		[long]='printf "aa 1.%s%02d-1 noarch\n", "a.1~" x 2500, 99 - $_ for 1 .. 25'
		[needs]='printf "a%05d 1-1 noarch ,\"dependencies\":[{\"name\":\"pp\",\"constraint\":\">%d\"}]\n", $_, $_ + 1 for 1 .. 3000'
		[provides]='printf "a%05d 1-1 noarch ,\"provides\":[%s]\n", $_,
			join(",", map { sprintf "{\"name\":\"p%05d\",\"version\":\"1-1\"}", $_ } 1 .. 9000) for 1 .. 2'
	)
	perl -e 'printf "pp 1.%05d-1 noarch\n", 90000 - $_ for 1 .. 3600' | entries >offers
	for kind in "${!make[@]}"; do
		perl -e "${make[$kind]}" | entries >"entries/$kind"
		assert [ "$(stat -c %s "entries/$kind")" -lt 1048576 ]
		index_of archive >archive.json <"entries/$kind"
		index_of active >active.json <"entries/$kind"
		within idx-active <"entries/$kind"
		within idx-check archive.json active.json archive.json
		within idx-deps "entries/$kind" <offers
		within idx-hash -C empty <"entries/$kind"
		within idx-join -k archive -r test -i 1 -g "$now" <"entries/$kind"
		within idx-merge <"entries/$kind"
		within idx-merge archive.json <none
		within idx-prune -b "$now" active.json <"entries/$kind"
		within idx-sign -n <archive.json
		within idx-signer -C empty <"entries/$kind"
		within idx-split <archive.json
		within repo-place -C empty empty <"entries/$kind"
	done
}

# What a frame stands for is limited to 4 GiB (§3.5.4), its window to 128 MiB (§3.1.3).
@test "ceilings: zstd" {
	magic='\x28\xb5\x2f\xfd\x00'
	window='\x88' # 128 MiB
	last='\x01\x00\x00'
	a='\x09\x00\x00a'
	bytes() {
		perl -e 'print eval(qq{"$ARGV[0]"}) x int((1 << 20) / $ARGV[1])' "$@"
	}
	bytes "$magic$window$last" 9 >frames
	bytes "$magic$window$a" 10 >frames-of-a
	for file in frames frames-of-a; do
		within pk-unzstd <"$file"
		within pk-verify -u -k <(openssl genpkey -algorithm ed25519) <"$file"
		within pk-meta <"$file"
	done
	# 34 GB, of which 4 GiB come out.
	{
		printf '%b' "$magic$window"
		bytes '\x02\x00\x10a' 4
	} >bomb
	mib=$((65536 + 131072))
	within pk-unzstd <bomb
	within pk-verify -u -k <(openssl genpkey -algorithm ed25519) <bomb
	within pk-meta <bomb
}

# A document may be 16 MiB (manifest.json), 64 MiB (files.json) or whatever a page says, and
# hold 4194304 values (peipkg-streams(5)), in 80 MiB.
@test "ceilings: documents that are short only while compressed" {
	load package
	openssl genpkey -algorithm ed25519 -out key.pem
	openssl pkey -in key.pem -pubout -out key.pub
	mkdir -p tree
	describe_tree
	for members in '"0,"' '"\"a\":0,"'; do
		opening='[' closing='0]'
		[[ $members == '"0,"' ]] || opening='{' closing='"b":0}'
		perl -e "print '{\"x\":$opening', $members x int((63 << 20) / length $members), '$closing}'" >document
		{
			head -c -2 tree/.peipkg/files.json
			printf ,
			tail -c +2 document
			echo
		} >files.json
		gzip -c document >document.gz
		cp tree/.peipkg/files.json kept
		cp files.json tree/.peipkg/files.json
		tar_tree | compress >bomb
		cp kept tree/.peipkg/files.json
		assert [ "$(cat bomb document.gz | wc -c)" -lt 1048576 ]
		mib=$((65536 + 65536 + 81920))
		within pk-verify -u -k key.pub <bomb
		within idx-entry -u -k key.pub bomb
		within pk-meta -l <bomb
		within pk-get x.0 <document.gz
		within idx-split <document.gz
		mib=65536
		within farm-config <document.gz
		within pk-recipe <document.gz
		within farm-recipe -n name <document.gz
		within repo-desc -x "$(printf '0%.0s' {1..64})" <document.gz
	done
}
