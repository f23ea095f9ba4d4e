#!/usr/bin/env bats

load helper
load vectors

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# The manifest of a package pkg over the hashed entries on standard input.
make_manifest() {
	jq -nc --arg architecture "${1-noarch}" '{schema_version: 1, name: "pkg", version: "1-1",
		architecture: $architecture, dependencies: [], conflicts: [],
		size_installed: ([inputs | .size // 0] | add // 0),
		build: {timestamp: "2026-05-06T07:08:09Z", farm_id: "farm", source_ref: "ref"}}'
}

# Walks and hashes staged, and makes the manifest that goes with it.
prepare() {
	pk-walk staged | pk-hash -C staged >entries
	make_manifest "$@" <entries >manifest.json
}

pack() {
	pk-pack -C staged -m manifest.json <entries
}

@test "pk-pack: the packages of the test data" {
	need_vectors
	for case in "$VECTORS"/packages/*; do
		case=${case##*/}
		stage_vector "$case"
		hash_vector >entries
		for name in $(vector_packages); do
			zstd -dc "$(vector_expectation "$case" "$name")" >expected
			pk-manifest -r recipe.json -p "$name" -v "$version" -t "$timestamp" \
				-f "$farm_id" -s "$source_ref" <entries >manifest.json
			pk-pack -C staged -m manifest.json <entries >ours
			# Theirs goes on with the signature, a header and a block.
			assert_equal "$(wc -c <ours)" $(($(wc -c <expected) - 1024))
			cmp -n $(($(wc -c <ours) - 1024)) ours expected
			tail -c 1024 ours | cmp - <(head -c 1024 /dev/zero)
		done
	done
}

@test "pk-pack: GNU tar and bsdtar list and extract the same tree" {
	mkdir -p staged/usr/share/{a,a-b,empty,"with blank"} staged/usr/share/é/中文 staged/var/lib/x
	long=$(printf 'long%.0s' {1..50})
	mkdir -p "staged/usr/share/$long/$long"
	echo a >staged/usr/share/a/x
	echo b >staged/usr/share/a.c
	echo c >"staged/usr/share/with blank/quote'\""
	echo d >"staged/usr/share/$long/file"
	echo e >"staged/usr/share/$long/$long/file"
	echo f >staged/usr/share/é/中文/ű
	: >staged/usr/share/none
	head -c 100000 /dev/urandom >staged/usr/share/random
	ln -s a.c staged/usr/share/link
	ln -s "$long/é" staged/usr/share/a/link
	ln -s ../a.c "staged/usr/share/$long/link"
	prepare
	pack >archive
	(cd staged && find . -mindepth 1 \( -type d -printf '%P/\n' -o -printf '%P\n' \)) |
		LC_ALL=C sort >expected
	for tar in 'tar --quoting-style=literal' bsdtar; do
		$tar -tf archive | grep -v '^\.peipkg/' | diff expected -
		rm -rf extracted
		mkdir extracted
		$tar -xf archive -C extracted
		rm extracted/.peipkg/files.json
		cmp extracted/.peipkg/manifest.json manifest.json
		rm -r extracted/.peipkg
		diff -r --no-dereference staged extracted
	done
	tar -tvf archive --numeric-owner --full-time | awk '{ print substr($1, 2), $2, $4, $5 }' | sort -u |
		diff - <(echo 'rwxrwxrwx 0/0 2026-05-06 07:08:09')
}

@test "pk-pack: metadata comes first, canonical and as given" {
	mkdir -p staged/usr/share staged/etc
	printf 12345 >staged/usr/share/b
	: >staged/etc/a
	ln -s a staged/etc/link
	prepare
	pack >archive
	tar -tf archive | diff - <(printf '%s\n' .peipkg/manifest.json .peipkg/files.json etc/ etc/a \
		etc/link usr/ usr/share/ usr/share/b)
	tar -xOf archive .peipkg/manifest.json | cmp - manifest.json
	tar -xOf archive .peipkg/files.json | diff - <(
		printf '{"schema_version":1,"algorithm":"sha256","entries":[{"path":"etc/a","size":0,"hash":"%s"},{"path":"usr/share/b","size":5,"hash":"%s"}]}\n' \
			"$(sha256sum </dev/null | head -c 64)" "$(printf 12345 | sha256sum | head -c 64)"
	)
	# The manifest's bytes are the package's, whatever their form.
	jq . manifest.json >pretty.json
	pk-pack -C staged -m pretty.json <entries | tar -xO .peipkg/manifest.json | cmp - pretty.json
	# Not those of its compressed form, however.
	gzip -k manifest.json entries
	pk-pack -C staged -m manifest.json.gz <entries.gz | cmp - archive
}

@test "pk-pack: every byte of a header" {
	mkdir -p staged/etc
	printf 12345678 >staged/etc/file
	ln -s file staged/etc/link
	prepare
	pack | tail -c $((1024 + 512 + 512 + 512 + 512)) >payload
	# name, type, size and target, as §3.1.4 has the rest
	expected_header() {
		perl -e '
			my ($name, $type, $size, $target) = @ARGV;
			my $block = pack("a100a8a8a8a12a12a8a1a100a6a2a32a32a8a8a155x12", $name, "0000777",
				"0000000", "0000000", sprintf("%011o", $size), sprintf("%011o", 1778051289),
				" " x 8, $type, $target, "ustar", "00", "root", "root", "0000000", "0000000", "");
			substr($block, 148, 8) = sprintf("%06o\0 ", unpack("%32C*", $block));
			print $block' "$@"
	}
	{
		expected_header etc/ 5 0 ''
		expected_header etc/file 0 8 ''
		printf 12345678
		head -c 504 /dev/zero
		expected_header etc/link 2 0 file
		head -c 1024 /dev/zero
	} | cmp - payload
}

# Empty files, or the directories themselves, links to targets: lines TYPE|PATH|TARGET.
stage() {
	local type path target
	mkdir -p staged
	while IFS='|' read -r type path target; do
		mkdir -p "staged/${path%/*}"
		case $type in
		file) : >"staged/$path" ;;
		dir) mkdir -p "staged/$path" ;;
		link) ln -s "$target" "staged/$path" ;;
		esac
	done
}

# The blocks of an archive's payload as lines: name field, type, linkname and prefix
# fields, or the content of an extended header; NUL bytes inside of a field as ~.
show_blocks() {
	perl -0777 -ne '
		sub field { my ($text) = @_; $text =~ s/\0+$//; $text =~ tr/\0/~/; $text }
		my $after_metadata = 0;
		for (my $at = 0; $at < length $_ and substr($_, $at, 1) ne "\0";) {
			my ($name, $size, $type, $target, $prefix) =
				unpack("a100 x24 a12 x20 a1 a100 x88 a155", substr($_, $at, 512));
			$size = oct $size;
			if (field($name) !~ m{^\.peipkg/(manifest|files)\.json$}) {
				print join("|", field($name), $type, field($target), field($prefix)), "\n";
				print substr($_, $at + 512, $size) if $type eq "x";
			}
			$at += 512 + int(($size + 511) / 512) * 512;
		}'
}

x() {
	printf "%*s" "$1" '' | tr ' ' "${2-x}"
}

@test "pk-pack: names of up to 100 bytes, and longer ones that the prefix takes" {
	# usr/share/ are 10 bytes.
	stage <<-END
		file|usr/share/$(x 89)
		file|usr/share/$(x 90)
		file|usr/share/$(x 91)
		dir|usr/share/$(x 88 d)
		dir|usr/share/$(x 89 d)
		dir|usr/share/$(x 90 d)
		dir|usr/share/$(x 91 d)
		file|usr/share/$(x 40 e)/$(x 49)
		file|usr/share/$(x 40 e)/$(x 50)
	END
	prepare
	pack | show_blocks >shown
	diff - shown <<-END
		usr/|5||
		usr/share/|5||
		usr/share/$(x 88 d)/|5||
		usr/share/$(x 89 d)/|5||
		$(x 90 d)/|5||usr/share
		$(x 91 d)/|5||usr/share
		usr/share/$(x 40 e)/|5||
		usr/share/$(x 40 e)/$(x 49)|0||
		$(x 50)|0||usr/share/$(x 40 e)
		usr/share/$(x 89)|0||
		usr/share/$(x 90)|0||
		$(x 91)|0||usr/share
	END
}

@test "pk-pack: names that need an extended header" {
	a=usr/share/$(x 44 a) b=usr/share/$(x 45 b) c=usr/share/$(x 89 c) y=$(x 100 y)
	stage <<-END
		file|$a/$y/$(x 100 z)
		file|$a/$y/$(x 101 z)
		file|$a/$y/z
		file|$b/$y/zz
		file|$c/$(x 101 z)
	END
	prepare
	pack | show_blocks >shown
	# 155 bytes before the last slash fit, 156 do not. A directory's own last slash is none
	# to split at. The cut leaves a slash as byte 100 of what is in $c.
	diff - shown <<-END
		usr/|5||
		usr/share/|5||
		$a/|5||
		$a/$(x 45 y)|x||
		166 path=$a/$y/
		$a/$(x 45 y)|5||
		z|0||$a/$y
		$(x 100 z)|0||$a/$y
		$a/$(x 45 y)|x||
		267 path=$a/$y/$(x 101 z)
		$a/$(x 45 y)|0||
		$b/|5||
		$b/$(x 44 y)|x||
		167 path=$b/$y/
		$b/$(x 44 y)|5||
		$b/$(x 44 y)|x||
		169 path=$b/$y/zz
		$b/$(x 44 y)|0||
		$c/|5||
		$c|x||
		211 path=$c/$(x 101 z)
		$c|0||
	END
}

@test "pk-pack: targets of links" {
	stage <<-END
		link|usr/share/t100|$(x 100 t)
		link|usr/share/t101|$(x 101 t)
		link|usr/share/$(x 91 u)|$(x 100 t)
		link|usr/share/$(x 91 v)|$(x 101 t)
		link|usr/share/w|$(x 97 w)///$(x 10 w)
		link|usr/share/x|é
		link|usr/share/y|yé/y
	END
	prepare
	pack | show_blocks >shown
	diff - shown <<-END
		usr/|5||
		usr/share/|5||
		usr/share/t100|2|$(x 100 t)|
		usr/share/PaxHeaders.0/t101|x||
		115 linkpath=$(x 101 t)
		usr/share/t101|2|$(x 100 t)|
		$(x 91 u)|2|$(x 100 t)|usr/share
		usr/share/PaxHeaders.0/$(x 77 v)|x||
		115 linkpath=$(x 101 t)
		111 path=usr/share/$(x 91 v)
		usr/share/$(x 90 v)|2|$(x 100 t)|
		usr/share/PaxHeaders.0/w|x||
		124 linkpath=$(x 97 w)///$(x 10 w)
		usr/share/w|2|$(x 97 w)~//|
		usr/share/PaxHeaders.0/x|x||
		15 linkpath=é
		usr/share/x|2||
		usr/share/PaxHeaders.0/y|x||
		18 linkpath=yé/y
		usr/share/y|2|y/y|
	END
}

@test "pk-pack: names that are not ASCII" {
	stage <<-END
		dir|usr/share/é
		file|usr/share/é/é
		link|usr/share/ü|x
		file|usr/share/$(x 88)/é/f
		file|usr/share/aé$(x 95 a)
	END
	prepare
	pack | show_blocks >shown
	diff - shown <<-END
		usr/|5||
		usr/share/|5||
		usr/share/PaxHeaders.0/a$(x 76 a)|x||
		118 path=usr/share/aé$(x 95 a)
		usr/share/a$(x 89 a)|0||
		usr/share/$(x 88)/|5||
		usr/share/$(x 88)|x||
		112 path=usr/share/$(x 88)/é/
		usr/share/$(x 88)//|5||
		usr/share/$(x 88)|x||
		113 path=usr/share/$(x 88)/é/f
		usr/share/$(x 88)~/|0||
		usr/share//PaxHeaders.0|x||
		22 path=usr/share/é/
		usr/share//|5||
		usr/share//PaxHeaders.0|x||
		24 path=usr/share/é/é
		usr/share//|0||
		usr/share/PaxHeaders.0|x||
		21 path=usr/share/ü
		usr/share/|2|x|
	END
}

# Names of all lengths around the limits, with slashes at various places and characters
# that are not ASCII in some of them.
stage_many_names() {
	perl -Mutf8 -CO -e '
		for my $length (97 .. 103, 153 .. 159, 253 .. 259) {
			for my $last (1, 2, 50, 97 .. 103) {
				next if $last > $length - 16;
				my $first = ($length * 7 + $last * 3) % 60;
				my $rest = $length - length("usr/share/") - $first - 1 - $last - 1;
				next if $rest < 1 || $first < 1 || $rest > 255;
				my $n = $length * 1000 + $last;
				my ($f, $r, $l) = ("a" x $first, "b" x $rest, "c" x $last);
				substr($f, -1) = "é" if $n % 5 == 0;
				substr($r, 0, 1) = "é" if $n % 7 == 0;
				$l = "é" if $n % 11 == 0 && $last == 1;
				my $type = ("file", "dir", "link")[$n % 3];
				print "$type|usr/share/$f/$r/$l|", ("t" x (98 + $n % 5)), ($n % 13 == 0 ? "/é" : ""), "\n";
			}
		}' | stage
}

@test "pk-pack: what deployed producers write for names of all kinds" {
	stage_many_names
	prepare
	pack >archive
	# The archive/tar package of Go 1.26, which they use, with Format: FormatPAX.
	metadata=$(show_offset <archive)
	assert_equal "$(tail -c "+$((metadata + 1))" archive | sha256sum | head -c 64)" \
		e8d7c32b435c5ab85bdd73656966cbcab083ab7dac7a9a6bafe6defefef46adc
}

# Where the payload of an archive starts.
show_offset() {
	perl -0777 -ne '
		my $at = 0;
		for my $entry (1 .. 2) {
			my $size = oct substr($_, $at + 124, 11);
			$at += 512 + int(($size + 511) / 512) * 512;
		}
		print $at'
}

# Changes the tree behind the entries' back with the commands given; packing then has to
# be refused with that message, at or before the file in question.
assert_change_refused() {
	local message=$1
	shift
	rm -rf staged
	mkdir -p staged/usr/share/sub
	printf 12345 >staged/usr/share/sub/x
	ln -s sub staged/usr/share/link
	prepare
	pack >archive
	(cd staged/usr/share && "$@")
	run_apart bash -c 'timeout 10 pk-pack -C staged -m manifest.json <entries >changed'
	assert_refused 1 "pk-pack: usr/share/sub/x: $message"
	# What was written lacks the end.
	[[ $(wc -c <changed) -le $(($(wc -c <archive) - 1024)) ]]
	run ! cmp -s <(tail -c 1024 changed) <(head -c 1024 /dev/zero)
}

@test "pk-pack: a file that changed since it was hashed" {
	assert_change_refused 'changed since it was hashed' sh -c 'printf 12346 >sub/x'
	assert_change_refused 'changed, 6 bytes instead of 5' sh -c 'printf 6 >>sub/x'
	assert_change_refused 'changed, 4 bytes instead of 5' truncate -s 4 sub/x
	assert_change_refused 'changed, 0 bytes instead of 5' truncate -s 0 sub/x
	assert_change_refused 'No such file or directory' rm sub/x
	assert_change_refused 'No such file or directory' mv sub other
	assert_change_refused 'no regular file' sh -c 'rm sub/x && mkfifo sub/x'
	assert_change_refused 'no regular file' sh -c 'rm sub/x && mkdir sub/x'
	assert_change_refused 'Too many levels of symbolic links' sh -c 'mv sub/x sub/y && ln -s y sub/x'
	assert_change_refused 'Not a directory' sh -c 'mv sub other && ln -s other sub'
	assert_change_refused 'Not a directory' sh -c 'rm -r sub && : >sub'
	# Same name, size and time, other bytes.
	assert_change_refused 'changed since it was hashed' \
		sh -c 'touch -r sub/x time && printf 54321 >sub/x && touch -r time sub/x'
}

@test "pk-pack: the tree itself may be named by a link" {
	mkdir -p staged/etc
	echo x >staged/etc/x
	prepare
	pack >expected
	mv staged real
	ln -s real staged
	pack | cmp - expected
	(cd real && pk-pack -C . -m ../manifest.json <../entries) | cmp - expected
	rm -r real
	run_apart pk-pack -C staged -m manifest.json <entries
	assert_refused 1 'pk-pack: staged: No such file or directory'
	: >real
	run_apart pk-pack -C staged -m manifest.json <entries
	assert_refused 1 'pk-pack: staged: Not a directory'
}

@test "pk-pack: manifest and entries that do not belong together" {
	mkdir -p staged/etc
	printf 12345 >staged/etc/x
	prepare
	jq -c '.size_installed = 6' manifest.json >other.json
	run_apart pk-pack -C staged -m other.json <entries
	assert_refused 1 'pk-pack: size_installed is 6, the entries are 5 bytes [§3.3]'
	assert_output ''
	# Entries of other packages are passed over.
	jq -c '.package = "other"' entries >others
	run_apart pk-pack -C staged -m manifest.json <others
	assert_refused 1 'pk-pack: size_installed is 5, the entries are 0 bytes [§3.3]'
	jq -c '.package = "pkg"' entries >ours
	pk-pack -C staged -m manifest.json <ours | cmp - <(pack)
	jq -c 'del(.hash)' entries >unhashed
	run_apart pk-pack -C staged -m manifest.json <unhashed
	assert_refused 1 'pk-pack: etc/x: no hash'
	assert_output ''
	while IFS='|' read -r change message; do
		jq "$change" manifest.json >other.json
		run_apart pk-pack -C staged -m other.json <entries
		assert_refused 1 "pk-pack: other.json: $message"
		assert_output ''
	done <<-'END'
		del(.name)|name: missing or empty [§3.3]
		.version = "1.0"|version '1.0': it does not end in '-' and a revision, a number from 1 to 2^63-1 without leading zeros [§2.2.4]
		.build.timestamp = "2026-02-30T00:00:00Z"|build: timestamp '2026-02-30T00:00:00Z': there is no such date or time of day [§3.3]
		.dependencies = null|dependencies: missing or no array [§3.3]
		.conflicts = [{name: "b-"}]|conflicts: name 'b-': the last byte has to be one of a-z, 0-9 and '+' [§2.1]
		.replaces = [{name: "bb"}, {name: "aa"}]|replaces: not sorted by name [§4.1]
		.size_installed = -1|size_installed: no integer from 0 to 2^63-1 [§1.3]
	END
}

@test "pk-pack: entries that belong in no package" {
	mkdir -p staged/etc staged/srv staged/usr/share
	ln -s /etc staged/etc/out
	: >staged/srv/x
	: >staged/usr/share/x.so
	prepare
	run_apart pk-pack -C staged -m manifest.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'pk-pack: pkg: etc/out: absolute link target [§3.4]
pk-pack: pkg: srv: not under a permitted destination [§3.4.1]
pk-pack: pkg: srv/x: not under a permitted destination [§3.4.1]
pk-pack: pkg: usr/share/x.so: noarch packages have no libraries or modules [§3.4.2]'
	printf '{"path":"etc","type":"dir"}\n{"path":"etc/x","type":"file","size":8589934592,"hash":"%064d"}\n' 0 >entries
	make_manifest <entries >manifest.json
	run_apart pk-pack -C staged -m manifest.json <entries
	assert_equal "${stderr_lines[0]}" 'pk-pack: etc/x: over 8 GiB - 1 [§3.1.4]'
	assert_equal "$status" 1
}

@test "pk-pack: entries whose directory has no entry" {
	mkdir -p staged/etc/sub
	: >staged/etc/sub/x
	prepare
	for line in 1 2; do
		sed "${line}d" entries >fewer
		run_apart pk-pack -C staged -m manifest.json <fewer
		assert_equal "$status" 1
		assert_output ''
		assert_regex "$stderr" 'the directory that it is in has no entry'
	done
	cat >entries <<-'END'
		{"path":"etc","type":"dir"}
		{"path":"etc/l","type":"link","target":"x"}
		{"path":"etc/l/l","type":"link","target":"x"}
	END
	run_apart pk-pack -C staged -m manifest.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "${stderr_lines[0]}" \
		'pk-pack: etc/l/l: the directory that it is in has no entry [§3.1.4]'
}

@test "pk-pack: machine code in a noarch package gets a warning" {
	mkdir -p staged/usr/bin
	printf '\177ELF' >staged/usr/bin/a
	printf '\177EL' >staged/usr/bin/b
	printf 'x\177ELF' >staged/usr/bin/c
	cp "$(type -P true)" staged/usr/bin/d
	ln -s a staged/usr/bin/l
	prepare
	run_apart bash -c 'pk-pack -C staged -m manifest.json <entries >archive'
	assert_success
	assert_equal "$stderr" 'pk-pack: warning: pkg: usr/bin/a: machine code in a noarch package [§3.4.2]
pk-pack: warning: pkg: usr/bin/d: machine code in a noarch package [§3.4.2]'
	prepare x86_64
	run_apart bash -c 'pk-pack -C staged -m manifest.json <entries >archive'
	assert_success
	assert_equal "$stderr" ''
}

@test "pk-pack: empty, sparse and hard-linked files, and sizes around a block and a buffer" {
	mkdir -p staged/usr/share
	truncate -s 10000000 staged/usr/share/sparse
	for size in 0 1 511 512 513 1024 262143 262144 262145 524288; do
		head -c "$size" /dev/urandom >"staged/usr/share/$size"
	done
	ln staged/usr/share/513 staged/usr/share/link
	prepare
	pack >archive
	mkdir extracted
	tar -xf archive -C extracted --exclude=.peipkg
	diff -r staged extracted
	assert_equal "$(tar -tvf archive | grep -c ' link to ')" 0
	assert_equal "$(($(wc -c <archive) % 512))" 0
}

@test "pk-pack: an empty payload" {
	mkdir staged
	prepare
	pack >archive
	tar -tf archive | diff - <(printf '.peipkg/manifest.json\n.peipkg/files.json\n')
	tar -xOf archive .peipkg/files.json |
		diff - <(echo '{"schema_version":1,"algorithm":"sha256","entries":[]}')
}

@test "pk-pack: 5,000 small files" {
	mkdir -p staged/usr/share/{a,b,c,d,e}
	seq -f 'staged/usr/share/%g' 1 1000 |
		awk '{ for (i = 0; i < 5; i++) print $0 "." i }' | sed 's|share/|&a/|' |
		xargs perl -e 'for (@ARGV) { open my $f, ">", $_ or die; print $f $_ }'
	prepare
	pack >archive
	mkdir extracted
	tar -xf archive -C extracted --exclude=.peipkg
	(cd staged && find usr/share/a -type f -print0 | sort -z | xargs -0 cat) | sha256sum >sums
	(cd extracted && find usr/share/a -type f -print0 | sort -z | xargs -0 cat) | sha256sum | cmp - sums
}

@test "pk-pack: neither locale, umask, time zone, user, times nor permissions show" {
	stage_many_names
	prepare
	pack >expected
	find staged -type d -exec chmod 700 {} +
	find staged -type f -exec chmod 600 {} +
	find staged -exec touch -h -d '2001-02-03' {} +
	umask 077
	for locale in C C.UTF-8 tr_TR.UTF-8; do
		LC_ALL=$locale TZ=Pacific/Auckland pack | cmp - expected
	done
	pk-walk staged | pk-hash -e portable -C staged | cmp - entries
	cp -a staged moved
	pk-pack -C "$PWD/moved" -m manifest.json <entries | cmp - expected
	if [[ $(id -u) == 0 ]]; then
		chown -R 1234:5678 staged
		pack | cmp - expected
	fi
}

@test "pk-pack: bad input" {
	mkdir -p staged/etc
	echo x >staged/etc/x
	prepare
	head -c -1 entries >short
	run_apart pk-pack -C staged -m manifest.json <short
	assert_refused 1 'pk-pack: standard input: the last line is cut short'
	assert_output ''
	cp manifest.json other
	run_apart pk-pack -C staged -m manifest.json <other
	assert_equal "$status" 1
	assert_output ''
	tac entries >unsorted
	run_apart pk-pack -C staged -m manifest.json <unsorted
	assert_refused 1 'pk-pack: standard input: etc: out of order behind etc/x [§3.1.4]'
	head -c 100 manifest.json >short.json
	run_apart pk-pack -C staged -m short.json <entries
	assert_equal "$status" 1
	assert_regex "$stderr" '^pk-pack: short.json: '
	: >empty
	run_apart pk-pack -C staged -m empty <entries
	assert_equal "$status" 1
	assert_regex "$stderr" '^pk-pack: empty: '
	run_apart pk-pack -C staged -m absent <entries
	assert_refused 1 'pk-pack: absent: No such file or directory'
	awk 'BEGIN { for (i = 0; i < 100001; i++)
		printf "{\"path\":\"etc%06d\",\"type\":\"link\",\"target\":\"x\"}\n", i }' >many
	run_apart pk-pack -C staged -m manifest.json <many
	assert_refused 1 'pk-pack: standard input: more than 100000 entries [§3.2.7]'
}

@test "pk-pack: a full disk, a closed pipe, closed descriptors" {
	mkdir -p staged/etc
	head -c 1000000 /dev/urandom >staged/etc/x
	prepare
	run_apart bash -c 'pk-pack -C staged -m manifest.json <entries >/dev/full'
	assert_refused 1 'pk-pack: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; pk-pack -C staged -m manifest.json <entries | head -c 10000 >/dev/null'
	assert_refused 1 'pk-pack: standard output: Broken pipe'
	run_apart bash -c 'pk-pack -C staged -m manifest.json <entries >&-'
	assert_refused 1 'pk-pack: standard output: Bad file descriptor'
	run_apart bash -c 'pk-pack -C staged -m manifest.json <&-'
	assert_refused 1 'pk-pack: standard input: Bad file descriptor'
	# A small archive, too, which is written at the end only.
	: >staged/etc/x
	prepare
	run_apart bash -c 'pk-pack -C staged -m manifest.json <entries >/dev/full'
	assert_refused 1 'pk-pack: standard output: No space left on device'
}

@test "pk-pack: usage" {
	while IFS='|' read -r arguments message; do
		read -ra words <<<"$arguments"
		run_apart pk-pack "${words[@]}" </dev/null
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" "pk-pack: $message"
	done <<-'END'
		|-C and -m are wanted
		-C x|-C and -m are wanted
		-m x|-C and -m are wanted
		-C x -m y z|the entries come on standard input
	END
}

@test "pk-pack: the examples of its page" {
	check_examples "$project/filters/pk-pack.1"
}

@test "pk-pack: the examples of the page on streams" {
	check_examples "$project/filters/peipkg-streams.5"
}
