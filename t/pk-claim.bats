#!/usr/bin/env bats

load helper
load vectors

setup() {
	# bats keeps files of its own in the other one.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# A recipe of the [[package]] tables that standard input lists as JSON objects.
make_recipe() {
	jq -sc '{meta: {build_script: "build.sh"}, package: .}' >recipe.json
}

# Entries of the lines TYPE|PATH|TARGET and of the directories above them, in order.
make_entries() {
	jq -Rnc '
		def name: .path + (if .type == "dir" then "/" else "" end);
		[inputs / "|" | {path: .[1], type: .[0]}
			+ ({file: {size: 1}, link: {target: .[2]}}[.[0]] // {})]
		| . + [.[].path / "/" | range(1; length) as $n | {path: .[:$n] | join("/"), type: "dir"}]
		| unique_by(name)[]'
}

# The paths of a package among the entries on standard input, directories with a slash.
paths_of() {
	jq -r --arg package "$1" 'select(.package == $package)
		| .path + (if .type == "dir" then "/" else "" end)'
}

@test "pk-claim: files and links, and the directories above them once for each package" {
	make_recipe <<-'END'
		{"name": "foo", "architecture": "x86_64", "files": ["usr/bin/*", "usr/share/foo/data"]}
		{"name": "foo-doc", "architecture": "noarch", "files": ["usr/share/doc/**", "usr/share/foo/[!d]*"]}
	END
	make_entries >entries <<-'END'
		file|usr/bin/foo
		link|usr/bin/bar|foo
		file|usr/share/doc/foo/a
		file|usr/share/foo/data
		file|usr/share/foo/licence
		dir|usr/share/empty/below
	END
	pk-claim recipe.json <entries >claimed
	diff - claimed <<-'END'
		{"path":"usr","type":"dir","package":"foo"}
		{"path":"usr","type":"dir","package":"foo-doc"}
		{"path":"usr/bin","type":"dir","package":"foo"}
		{"path":"usr/bin/bar","type":"link","target":"foo","package":"foo"}
		{"path":"usr/bin/foo","type":"file","size":1,"package":"foo"}
		{"path":"usr/share","type":"dir","package":"foo"}
		{"path":"usr/share","type":"dir","package":"foo-doc"}
		{"path":"usr/share/doc","type":"dir","package":"foo-doc"}
		{"path":"usr/share/doc/foo","type":"dir","package":"foo-doc"}
		{"path":"usr/share/doc/foo/a","type":"file","size":1,"package":"foo-doc"}
		{"path":"usr/share/foo","type":"dir","package":"foo"}
		{"path":"usr/share/foo","type":"dir","package":"foo-doc"}
		{"path":"usr/share/foo/data","type":"file","size":1,"package":"foo"}
		{"path":"usr/share/foo/licence","type":"file","size":1,"package":"foo-doc"}
	END
}

@test "pk-claim: order around the slash" {
	make_recipe <<<'{"name": "pkg", "architecture": "noarch", "files": ["usr/**"]}'
	make_entries >entries <<-'END'
		file|usr/share/a/x
		file|usr/share/a-b
		file|usr/share/a.c/x
		file|usr/share/a0
		link|usr/share/aa|a
	END
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$(paths_of pkg <<<"$output")" 'usr/
usr/share/
usr/share/a-b
usr/share/a.c/
usr/share/a.c/x
usr/share/a/
usr/share/a/x
usr/share/a0
usr/share/aa'
}

@test "pk-claim: the packages of the test data" {
	need_vectors
	for case in "$VECTORS"/packages/*; do
		case=${case##*/}
		stage_vector "$case"
		pk-walk staged | pk-claim recipe.json >claimed
		jq -j 'select(.type == "link") | "\(.path) \(.target)\n"' claimed >links
		while IFS=' ' read -r path target; do
			assert_equal "$(readlink "staged/$path")" "$target"
		done <links
		for name in $(vector_packages); do
			zstd -dc "$(vector_expectation "$case" "$name")" | tar -t --quoting-style=literal >names
			paths_of "$name" <claimed | diff <(grep -v '^\.peipkg/' names) -
		done
	done
}

@test "pk-claim: what no package claims and what several claim, all in one run" {
	make_recipe <<-'END'
		{"name": "aa", "architecture": "x86_64", "files": ["usr/bin/*", "usr/share/both"]}
		{"name": "bb", "architecture": "x86_64", "files": ["usr/bin/b*", "usr/share/both"]}
		{"name": "cc", "architecture": "x86_64", "files": ["usr/bin/bb*", "usr/share/**"]}
	END
	make_entries >entries <<-'END'
		file|etc/orphan
		link|etc/orphaned link|orphan
		file|usr/bin/a
		file|usr/bin/b
		link|usr/bin/bb|b
		file|usr/share/both
		file|usr/share/one
		dir|var/empty
	END
	run_apart pk-claim recipe.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'pk-claim: etc/orphan: claimed by no package [§8.2]
pk-claim: etc/orphaned link: claimed by no package [§8.2]
pk-claim: usr/bin/b: claimed by more than one package: aa, bb [§8.2]
pk-claim: usr/bin/bb: claimed by more than one package: aa, bb, cc [§8.2]
pk-claim: usr/share/both: claimed by more than one package: aa, bb, cc [§8.2]'
}

@test "pk-claim: orphans, overlaps and bad places come together" {
	make_recipe <<-'END'
		{"name": "aa", "architecture": "noarch", "files": ["usr/bin/a", "srv/*"]}
		{"name": "bb", "architecture": "noarch", "files": ["usr/bin/*"]}
	END
	make_entries >entries <<-'END'
		file|etc/orphan
		file|srv/a
		link|srv/b|/etc
		file|usr/bin/a
		link|usr/bin/b|../../../etc
	END
	run_apart pk-claim recipe.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'pk-claim: etc/orphan: claimed by no package [§8.2]
pk-claim: aa: srv/a: not under a permitted destination [§3.4.1]
pk-claim: aa: srv/b: not under a permitted destination [§3.4.1]
pk-claim: aa: srv/b: absolute link target [§3.4]
pk-claim: usr/bin/a: claimed by more than one package: aa, bb [§8.2]
pk-claim: bb: usr/bin/b -> ../../../etc: leaves the package [§3.4]'
}

@test "pk-claim: a package that claims something by two patterns has it once" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["usr/**", "usr/share/*", "usr/share/x"]}'
	make_entries <<<'file|usr/share/x' >entries
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_equal "$(paths_of aa <<<"$output")" 'usr/
usr/share/
usr/share/x'
}

@test "pk-claim: a slash at a pattern's end claims the directory, and that alone" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["var/lib/aa/", "etc/*/", "usr/**/empty/"]}'
	make_entries >entries <<-'END'
		dir|etc/one
		dir|etc/two
		dir|etc/two/below
		dir|usr/share/aa/empty
		dir|usr/share/aa/other
		dir|var/lib/aa
		dir|var/lib/bb
	END
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_equal "$stderr" ''
	assert_equal "$(paths_of aa <<<"$output")" 'etc/
etc/one/
etc/two/
usr/
usr/share/
usr/share/aa/
usr/share/aa/empty/
var/
var/lib/
var/lib/aa/'
	# It claims no file of that name, nor what is in it.
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["etc/one/"]}'
	make_entries <<<'file|etc/one' >entries
	run_apart pk-claim recipe.json <entries
	assert_equal "$stderr" "pk-claim: etc/one: claimed by no package [§8.2]
pk-claim: warning: aa: files: 'etc/one/' matches nothing"
	make_entries <<<'file|etc/one/file' >entries
	run_apart pk-claim recipe.json <entries
	assert_equal "$stderr" 'pk-claim: etc/one/file: claimed by no package [§8.2]'
}

@test "pk-claim: every pattern then applies to that directory" {
	make_recipe <<-'END'
		{"name": "aa", "architecture": "noarch", "files": ["var/lib/*/"]}
		{"name": "bb", "architecture": "noarch", "files": ["var/lib/b*", "var/cache/**"]}
		{"name": "cc", "architecture": "noarch", "files": ["var/lib/c/", "var/cache/c/"]}
	END
	make_entries >entries <<-'END'
		dir|var/cache/b
		dir|var/cache/c
		dir|var/lib/a
		dir|var/lib/b
		dir|var/lib/c
	END
	run_apart pk-claim recipe.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'pk-claim: var/cache/c: claimed by more than one package: bb, cc [§8.2]
pk-claim: var/lib/b: claimed by more than one package: aa, bb [§8.2]
pk-claim: var/lib/c: claimed by more than one package: aa, cc [§8.2]'
}

@test "pk-claim: a claimed directory comes also with other packages that have something in it" {
	make_recipe <<-'END'
		{"name": "aa", "architecture": "noarch", "files": ["usr/share/aa/"]}
		{"name": "bb", "architecture": "noarch", "files": ["usr/share/aa/*"]}
	END
	make_entries <<<'file|usr/share/aa/x' >entries
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_equal "$(paths_of aa <<<"$output")" 'usr/
usr/share/
usr/share/aa/'
	assert_equal "$(paths_of bb <<<"$output")" 'usr/
usr/share/
usr/share/aa/
usr/share/aa/x'
}

@test "pk-claim: a pattern that matches nothing gets a warning" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["usr/share/x", "usr/share/\\[", "usr/bin/{a,b}", "var/y/"]}'
	make_entries <<<'file|usr/share/x' >entries
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_equal "$stderr" "pk-claim: warning: aa: files: 'usr/share/\\[' matches nothing
pk-claim: warning: aa: files: 'usr/bin/{a,b}' matches nothing
pk-claim: warning: aa: files: 'var/y/' matches nothing"
}

@test "pk-claim: -m claims all for one package and warns of empty directories" {
	echo '{"name": "aa", "architecture": "noarch", "unknown": [{}]}' >manifest.json
	make_entries >entries <<-'END'
		file|etc/aa
		link|usr/bin/x|y
		dir|usr/share/empty/below
		dir|var/lib/aa
	END
	run_apart pk-claim -m manifest.json <entries
	assert_success
	assert_equal "$stderr" 'pk-claim: warning: usr/share: empty directory, not packed
pk-claim: warning: usr/share/empty: empty directory, not packed
pk-claim: warning: usr/share/empty/below: empty directory, not packed
pk-claim: warning: var: empty directory, not packed
pk-claim: warning: var/lib: empty directory, not packed
pk-claim: warning: var/lib/aa: empty directory, not packed'
	assert_output '{"path":"etc","type":"dir","package":"aa"}
{"path":"etc/aa","type":"file","size":1,"package":"aa"}
{"path":"usr","type":"dir","package":"aa"}
{"path":"usr/bin","type":"dir","package":"aa"}
{"path":"usr/bin/x","type":"link","target":"y","package":"aa"}'
	make_entries <<<'file|srv/x' >entries
	run_apart pk-claim -m manifest.json <entries
	assert_equal "$stderr" 'pk-claim: aa: srv/x: not under a permitted destination [§3.4.1]'
	assert_equal "$status" 1
}

@test "pk-claim: a manifest that says too little" {
	for bad in '{}|name: missing or empty [§3.3]' \
		'{"name":"aa"}|architecture: missing or empty [§3.3]' \
		'{"name":"aa","architecture":7}|architecture: no string [§3.3]' \
		"{\"name\":\"aa\",\"architecture\":\"X\"}|architecture 'X': only a-z, 0-9 and '_' are allowed [§2.3]" \
		"{\"name\":\"a_\",\"architecture\":\"noarch\"}|name 'a_': only a-z, 0-9, '-', '.' and '+' are allowed [§2.1]" \
		'[]|no object'; do
		printf '%s' "${bad%%|*}" >manifest.json
		run_apart pk-claim -m manifest.json </dev/null
		assert_refused 1 "pk-claim: manifest.json: ${bad#*|}"
	done
	run_apart pk-claim -m absent </dev/null
	assert_refused 1 'pk-claim: absent: No such file or directory'
}

@test "pk-claim: an empty stream is an empty payload" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": []}'
	run_apart pk-claim recipe.json </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	echo '{"name": "aa", "architecture": "noarch"}' >manifest.json
	run_apart pk-claim -m manifest.json </dev/null
	assert_success
	assert_equal "$output$stderr" ''
}

# Runs a package of that architecture, which claims everything, over the entries
# TYPE|PATH|TARGET|MESSAGE; every message has to come, and no other.
check_layout() {
	cat >table
	make_recipe <<<"{\"name\": \"pkg\", \"architecture\": \"$1\", \"files\": [\"**\", \"**/claimed/\", \"$2/\"]}"
	make_entries <table >entries
	run_apart pk-claim recipe.json <entries
	awk -F'|' '$4 != "" { print "pk-claim: " $4 }' table | sort >expected
	grep -v -e "matches nothing\$" -e "^\$" <<<"$stderr" | sort | diff expected -
}

@test "pk-claim: places that are permitted" {
	check_layout x86_64 '{dev,proc,run,sys,tmp}' <<-'END'
		file|usr/bin/x
		file|usr/lib/x86_64-linux-peios/x
		file|usr/lib/x86_64-linux-peios/libx.so
		file|usr/lib/x86_64-linux-peios/below/libx.so.1.2
		file|usr/lib/x86_64-linux-peios/libx.a
		file|usr/lib/debug/libx.so.debug
		file|usr/lib/debug/libx.a
		file|usr/lib/modules/6.1/x.ko.xz
		file|usr/lib/x86_64-linux-peios/x.ko
		file|usr/lib/debug/x.ko.debug
		file|opt/x.ko
		file|usr/share/.hidden
		file|usr/share/x.koa
		file|usr/share/x.sox
		file|usr/share/so
		file|usr/include/x.h
		file|usr/src/debug/x.c
		file|system/x
		file|etc/x
		file|etc/profile
		file|etc/sudoers.d/below/x
		file|opt/x
		file|opt/lib/libx.so
		file|opt/lib/libx.a
		file|boot/initramfs/x
		file|boot/cmdline
		link|boot/x|../usr/lib/x86_64-linux-peios/x
		link|etc/profile.d/x|../x
		link|usr/share/libx.so|../lib/x86_64-linux-peios/libx.so
		dir|var/lib/claimed
		dir|boot/claimed
		dir|usr/lib/modules/claimed
		dir|dev
		dir|proc
		dir|run
		dir|sys
		dir|tmp
	END
	assert_success
	check_layout noarch 'usr' <<-'END'
		file|usr/bin/x
		file|usr/src/debug/x
		file|usr/share/x.song
		file|usr/share/x.so-1
		file|usr/share/x.al
		file|usr/share/a
	END
	assert_success
}

@test "pk-claim: places that are not" {
	check_layout x86_64 '{home,dev/claimed}' <<-'END'
		file|x||pkg: x: not under a permitted destination [§3.4.1]
		file|usr/x||pkg: usr/x: not under a permitted destination [§3.4.1]
		file|usr/local/bin/x||pkg: usr/local/bin/x: not under a permitted destination [§3.4.1]
		file|usr/sbin/x||pkg: usr/sbin/x: not under a permitted destination [§3.4.1]
		file|usr/binx||pkg: usr/binx: not under a permitted destination [§3.4.1]
		file|usr/src/x||pkg: usr/src/x: not under a permitted destination [§3.4.1]
		file|usr/src/debugx||pkg: usr/src/debugx: not under a permitted destination [§3.4.1]
		file|bin/x||pkg: bin/x: not under a permitted destination [§3.4.1]
		file|lib64/x||pkg: lib64/x: not under a permitted destination [§3.4.1]
		file|dev/x||pkg: dev/x: not under a permitted destination [§3.4.1]
		file|proc/x||pkg: proc/x: not under a permitted destination [§3.4.1]
		file|run/x||pkg: run/x: not under a permitted destination [§3.4.1]
		file|sys/x||pkg: sys/x: not under a permitted destination [§3.4.1]
		link|tmp/x|../etc/x|pkg: tmp/x: not under a permitted destination [§3.4.1]
		dir|home||pkg: home: not under a permitted destination [§3.4.1]
		dir|dev/claimed||pkg: dev/claimed: not under a permitted destination [§3.4.1]
		file|Usr/bin/x||pkg: Usr/bin/x: not under a permitted destination [§3.4.1]
	END
	assert_equal "$status" 1
	# A destination itself is a directory.
	check_layout x86_64 usr <<-'END'
		file|boot||pkg: boot: not under a permitted destination [§3.4.1]
		file|etc||pkg: etc: not under a permitted destination [§3.4.1]
		file|opt||pkg: opt: not under a permitted destination [§3.4.1]
		file|system||pkg: system: not under a permitted destination [§3.4.1]
		file|usr/bin||pkg: usr/bin: not under a permitted destination [§3.4.1]
		link|usr/lib|../opt|pkg: usr/lib: not under a permitted destination [§3.4.1]
		file|usr/share||pkg: usr/share: not under a permitted destination [§3.4.1]
		file|usr/src/debug||pkg: usr/src/debug: not under a permitted destination [§3.4.1]
		file|var||pkg: var: not under a permitted destination [§3.4.1]
		file|dev||pkg: dev: not under a permitted destination [§3.4.1]
	END
	assert_equal "$status" 1
}

@test "pk-claim: usr/lib, libraries and var" {
	check_layout x86_64 'usr/lib/aarch64-linux-peios' <<-'END'
		file|usr/lib/x||pkg: usr/lib/x: directly in usr/lib [§3.4.2]
		link|usr/lib/l|x86_64-linux-peios|pkg: usr/lib/l: directly in usr/lib [§3.4.2]
		file|usr/lib/libx.so||pkg: usr/lib/libx.so: directly in usr/lib [§3.4.2]
		file|usr/lib/x86_64-linux-gnu/x||pkg: usr/lib/x86_64-linux-gnu/x: not in usr/lib/x86_64-linux-peios [§3.4.2]
		file|usr/lib/x86_64-linux-peios2/x||pkg: usr/lib/x86_64-linux-peios2/x: not in usr/lib/x86_64-linux-peios [§3.4.2]
		dir|usr/lib/aarch64-linux-peios||pkg: usr/lib/aarch64-linux-peios: not in usr/lib/x86_64-linux-peios [§3.4.2]
		file|usr/lib/python3/libx.so||pkg: usr/lib/python3/libx.so: not in usr/lib/x86_64-linux-peios [§3.4.2]
		file|usr/lib/modules/6.1/libx.so||pkg: usr/lib/modules/6.1/libx.so: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|usr/share/libx.so||pkg: usr/share/libx.so: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|usr/share/libx.so.1||pkg: usr/share/libx.so.1: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|usr/bin/libx.a||pkg: usr/bin/libx.a: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|system/libx.so.1.2||pkg: system/libx.so.1.2: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|etc/x.a||pkg: etc/x.a: a library outside usr/lib/<triplet>/ [§3.4.2]
		file|var/lib/x||pkg: var/lib/x: var holds directories only [§3.4.4]
		link|var/lib/l|x|pkg: var/lib/l: var holds directories only [§3.4.4]
	END
	assert_equal "$status" 1
	check_layout noarch 'usr/lib{,/debug}' <<-'END'
		dir|usr/lib||pkg: usr/lib: noarch packages have nothing in usr/lib [§3.4.2]
		file|usr/lib/modules/x||pkg: usr/lib/modules/x: noarch packages have nothing in usr/lib [§3.4.2]
		dir|usr/lib/debug||pkg: usr/lib/debug: noarch packages have nothing in usr/lib [§3.4.2]
		file|usr/share/x.so||pkg: usr/share/x.so: noarch packages have no libraries or modules [§3.4.2]
		link|usr/share/l.so|x|pkg: usr/share/l.so: noarch packages have no libraries or modules [§3.4.2]
		file|usr/share/x.so.1||pkg: usr/share/x.so.1: noarch packages have no libraries or modules [§3.4.2]
		file|usr/share/x.a||pkg: usr/share/x.a: noarch packages have no libraries or modules [§3.4.2]
		file|usr/share/x.ko||pkg: usr/share/x.ko: noarch packages have no libraries or modules [§3.4.2]
		file|usr/share/x.ko.zst||pkg: usr/share/x.ko.zst: noarch packages have no libraries or modules [§3.4.2]
		file|opt/x/libx.so||pkg: opt/x/libx.so: noarch packages have no libraries or modules [§3.4.2]
		dir|usr/share/claimed/x.so
	END
	assert_equal "$status" 1
	# noarch has no triplet.
	check_layout noarch usr <<-'END'
		file|usr/lib/noarch-linux-peios/x||pkg: usr/lib/noarch-linux-peios/x: noarch packages have nothing in usr/lib [§3.4.2]
	END
	assert_equal "$status" 1
}

@test "pk-claim: targets of links" {
	long=$(printf 'x%.0s' {1..256})
	check_layout x86_64 usr <<-END
		link|usr/share/ok1|.
		link|usr/share/ok2|..//./share/
		link|usr/share/ok3|../lib
		link|usr/share/ok4|../lib/aarch64-linux-peios/x
		link|usr/share/ok5|../../etc
		link|usr/share/ok6|../../var/run/x
		link|usr/share/ok7|no such file
		link|usr/share/ok8|../../usr/../etc/x
		link|usr/share/ok9|../src/debug
		link|usr/share/ok10|x//y
		link|usr/share/empty||pkg: usr/share/empty: empty link target [§3.4]
		link|usr/share/absolute|/usr/share/x|pkg: usr/share/absolute: absolute link target [§3.4]
		link|usr/share/leaving|../../../usr/share/x|pkg: usr/share/leaving -> ../../../usr/share/x: leaves the package [§3.4]
		link|usr/share/root|../..|pkg: usr/share/root -> ../..: points outside the permitted destinations [§3.4]
		link|usr/share/usr|..|pkg: usr/share/usr -> ..: points outside the permitted destinations [§3.4]
		link|usr/share/src|../src|pkg: usr/share/src -> ../src: points outside the permitted destinations [§3.4]
		link|usr/share/run|../../run/x|pkg: usr/share/run -> ../../run/x: points outside the permitted destinations [§3.4]
		link|usr/share/tmp|../../tmp|pkg: usr/share/tmp -> ../../tmp: points outside the permitted destinations [§3.4]
		link|usr/share/sbin|../sbin/x|pkg: usr/share/sbin -> ../sbin/x: points outside the permitted destinations [§3.4]
		link|usr/share/backslash|a\\b|pkg: usr/share/backslash: link target: backslash [§3.2.6]
		link|usr/share/escape|a$(printf '\033')b|pkg: usr/share/escape: link target: control character [§3.2.6]
		link|usr/share/delete|a$(printf '\177')b|pkg: usr/share/delete: link target: control character [§3.2.6]
		link|usr/share/nfd|$(printf 'u\314\210')|pkg: usr/share/nfd: link target: not in Unicode normalization form C [§3.2.6]
		link|usr/share/component|$long|pkg: usr/share/component: link target: component longer than 255 bytes [§3.2.7]
	END
	assert_equal "$status" 1
}

@test "pk-claim: names" {
	x255=$(printf 'x%.0s' {1..255})
	deep=$(printf 'd/%.0s' {1..253})
	long=$(printf "y${x255:1}/%.0s" {1..15})
	long_end=${x255:0:246}
	check_layout x86_64 usr <<-END
		file|usr/share/$x255
		file|usr/share/with blank
		file|usr/share/quote'"s
		file|usr/share/\$(x)
		file|usr/share/-x
		file|usr/share/$(printf '\303\274')
		file|usr/share/😀
		file|usr/share/..x/x..
		file|usr/share/${deep}x
		file|usr/share/$long$long_end
		file|usr/share/x$x255||pkg: usr/share/x$x255: component longer than 255 bytes [§3.2.7]
		file|usr/share/${deep}d/x||pkg: usr/share/${deep}d/x: more than 256 components [§3.2.7]
		file|usr/share/$long${long_end}y||pkg: usr/share/$long${long_end}y: longer than 4096 bytes [§3.2.7]
		file|usr/share/back\\slash||pkg: usr/share/back\\slash: backslash [§3.2.6]
		file|usr/share/escape$(printf '\033')||pkg: usr/share/escape\\x1b: control character [§3.2.6]
		file|usr/share/delete$(printf '\177')||pkg: usr/share/delete\\x7f: control character [§3.2.6]
		file|usr/share/$(printf 'u\314\210')||pkg: usr/share/$(printf 'u\314\210'): not in Unicode normalization form C [§3.2.6]
		file|usr/share/$(printf '\342\204\253')||pkg: usr/share/$(printf '\342\204\253'): not in Unicode normalization form C [§3.2.6]
		file|.peipkg/x||pkg: .peipkg/x: reserved for metadata [§3.2.1]
		file|.peipkgx||pkg: .peipkgx: not under a permitted destination [§3.4.1]
	END
	assert_equal "$status" 1
	make_recipe <<<'{"name": "pkg", "architecture": "noarch", "files": ["**"]}'
	while IFS='|' read -r path message; do
		printf '{"path":"%s","type":"file","size":0}\n' "$path" >entries
		run_apart pk-claim recipe.json <entries
		assert_refused 1 "pk-claim: pkg: $message"
	done <<-'END'
		.peipkg|.peipkg: reserved for metadata [§3.2.1]
		new\nline|new\x0aline: control character [§3.2.6]
		.|.: '.' or '..' component [§3.2.6]
		..|..: '.' or '..' component [§3.2.6]
	END
	while IFS='|' read -r path message; do
		printf '{"path":"%s","type":"file","size":0}\n' "$path" >entries
		run_apart pk-claim recipe.json <entries
		assert_equal "$status" 1
		assert_output ''
		assert_regex "$stderr" "$message"
	done <<-'END'
		/|absolute path \[§3.2.6\]
		/etc/x|absolute path \[§3.2.6\]
		etc//x|empty component \[§3.2.6\]
		etc/|empty component \[§3.2.6\]
		etc/./x|'.' or '..' component \[§3.2.6\]
		etc/../x|'.' or '..' component \[§3.2.6\]
	END
}

@test "pk-claim: what is unwise gets a warning, and passes" {
	check_layout x86_64 usr <<-'END'
		file|usr/share/x.ko||warning: pkg: usr/share/x.ko: a kernel module outside usr/lib/modules/ and usr/lib/<triplet>/? [§3.4.2]
		file|usr/share/x.ko.zst||warning: pkg: usr/share/x.ko.zst: a kernel module outside usr/lib/modules/ and usr/lib/<triplet>/? [§3.4.2]
		file|boot/vmlinuz||warning: pkg: boot/vmlinuz: should be a link into usr/lib/<triplet>/ [§3.4.1]
		file|boot/grub/x||warning: pkg: boot/grub/x: should be a link into usr/lib/<triplet>/ [§3.4.1]
		file|boot/initramfsx||warning: pkg: boot/initramfsx: should be a link into usr/lib/<triplet>/ [§3.4.1]
		file|boot/cmdline.d/x||warning: pkg: boot/cmdline.d/x: should be a link into usr/lib/<triplet>/ [§3.4.1]
		file|etc/ld.so.conf.d/x||warning: pkg: etc/ld.so.conf.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/profile.d/x||warning: pkg: etc/profile.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/sudoers.d/x||warning: pkg: etc/sudoers.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/cron.d/x||warning: pkg: etc/cron.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/cron.daily/x||warning: pkg: etc/cron.daily/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/cron.hourly/x||warning: pkg: etc/cron.hourly/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/cron.weekly/x||warning: pkg: etc/cron.weekly/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/cron.monthly/x||warning: pkg: etc/cron.monthly/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/sysctl.d/x||warning: pkg: etc/sysctl.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/modules-load.d/x||warning: pkg: etc/modules-load.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/modprobe.d/x||warning: pkg: etc/modprobe.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/binfmt.d/x||warning: pkg: etc/binfmt.d/x: a drop-in that is taken from official repositories only [§3.4]
		file|etc/profile.d/below/x
	END
	assert_success
	assert_equal "$(jq -s length <<<"$output")" "$(wc -l <entries)"
}

@test "pk-claim: fields that it does not know stay" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["etc/*"]}'
	cat >entries <<-'END'
		{"mine":{"a":[1,2.5e3,"\u00e9\u001b"],"b":null},"path":"etc","type":"dir"}
		 { "path" : "etc/x" , "sha512" : "/\/" , "type" : "file" , "size" : 7 , "hash" : "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" , "package" : "zz" }
	END
	run_apart pk-claim recipe.json <entries
	assert_success
	assert_output '{"path":"etc","type":"dir","package":"aa","mine":{"a":[1,2.5e3,"é\u001b"],"b":null}}
{"path":"etc/x","type":"file","size":7,"hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","package":"aa","sha512":"//"}'
}

@test "pk-claim: lines that are no entries" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["**"]}'
	while IFS='|' read -r line message; do
		printf '%s\n' "$line" >entries
		run_apart pk-claim recipe.json <entries
		assert_refused 1 "pk-claim: standard input: not an entry: $message"
		assert_output ''
	done <<-'END'
		[]|no object
		"etc"|no object
		{"type":"dir"}|no 'path'
		{"path":"","type":"dir"}|no 'path'
		{"path":null,"type":"dir"}|no 'path'
		{"path":7,"type":"dir"}|'path' is no string
		{"path":"a\u0000b","type":"dir"}|'path' holds a NUL
		{"path":"etc"}|'type' is not file, dir or link
		{"path":"etc","type":"fifo"}|'type' is not file, dir or link
		{"path":"etc","type":["dir"]}|'type' is not file, dir or link
		{"path":"etc/x","type":"file"}|a file without 'size'
		{"path":"etc/x","type":"file","size":null}|a file without 'size'
		{"path":"etc/x","type":"file","size":-1}|a file without 'size'
		{"path":"etc/x","type":"file","size":1.0}|a file without 'size'
		{"path":"etc/x","type":"file","size":"1"}|a file without 'size'
		{"path":"etc/x","type":"file","size":9223372036854775808}|a file without 'size'
		{"path":"etc/x","type":"link"}|a link without 'target'
		{"path":"etc/x","type":"link","target":[]}|'target' is no string
		{"path":"etc/x","type":"file","size":1,"hash":"00"}|'hash' is no SHA-256
		{"path":"etc/x","type":"file","size":1,"hash":"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}|'hash' is no SHA-256
		{"path":"etc","type":"dir","package":1}|'package' is no string
	END
	for line in '' ' ' 'etc' '{"path":"etc","type":"dir"' '{"path":"etc","type":"dir"}}' \
		'{"path":"etc","path":"etc","type":"dir"}' $'{"path":"\xff","type":"dir"}' $'\x01\x02'; do
		printf '%s\n' "$line" >entries
		run_apart pk-claim recipe.json <entries
		assert_equal "$status" 1
		assert_output ''
		assert_regex "$stderr" '^pk-claim: standard input: not an entry: '
	done
}

@test "pk-claim: streams that are cut short, out of order, too long" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["**"]}'
	printf '{"path":"etc","type":"dir"}\n{"path":"etc/x","type":"file","size":1}' >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: the last line is cut short'
	assert_output ''
	printf '{"path":"etc","type":"dir"}\n{"path":"boot","type":"dir"}\n' >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: boot: out of order behind etc [§3.1.4]'
	printf '{"path":"etc","type":"dir"}\n{"path":"etc-b","type":"dir"}\n' >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: etc-b: out of order behind etc [§3.1.4]'
	printf '{"path":"etc","type":"dir"}\n{"path":"etc","type":"dir"}\n' >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: etc: twice [§3.1.4]'
	printf '{"path":"etc","type":"dir"}\n{"path":"etc","type":"file","size":1}\n' >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: etc: twice [§3.1.4]'
	# Other names may stand between a file and a directory of the same name.
	cat >entries <<-'END'
		{"path":"etc","type":"dir"}
		{"path":"etc/a","type":"file","size":1}
		{"path":"etc/a-b","type":"file","size":1}
		{"path":"etc/a","type":"dir"}
	END
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: etc/a: twice [§3.1.4]'
	printf '{"path":"%065536d","type":"dir"}\n' 0 >entries
	run_apart pk-claim recipe.json <entries
	assert_refused 1 'pk-claim: standard input: a line of over 65536 bytes'
}

@test "pk-claim: entries whose directory has no entry" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["**"]}'
	cat >entries <<-'END'
		{"path":"etc/x","type":"file","size":1}
		{"path":"usr","type":"dir"}
		{"path":"usr/share/a/b","type":"link","target":"c"}
		{"path":"usr/share/a/b/c","type":"file","size":1}
	END
	run_apart pk-claim recipe.json <entries
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" 'pk-claim: etc/x: the directory that it is in has no entry
pk-claim: usr/share/a/b: the directory that it is in has no entry
pk-claim: usr/share/a/b/c: the directory that it is in has no entry'
}

@test "pk-claim: bad recipes" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["usr/[", "usr/{a/"]}'
	run_apart pk-claim recipe.json </dev/null
	assert_equal "$status" 1
	assert_regex "${stderr_lines[0]}" "^pk-claim: package 'aa': files: .*usr/\["
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": 7}'
	run_apart pk-claim recipe.json </dev/null
	assert_equal "$status" 1
	make_recipe </dev/null
	run_apart pk-claim recipe.json </dev/null
	assert_equal "$status" 1
	: >empty
	run_apart pk-claim empty </dev/null
	assert_equal "$status" 1
	assert_regex "$stderr" '^pk-claim: empty: '
	run_apart pk-claim absent </dev/null
	assert_refused 1 'pk-claim: absent: No such file or directory'
	run_apart pk-claim . </dev/null
	assert_refused 1 'pk-claim: .: is a directory'
}

@test "pk-claim: gzip-compressed input" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["etc/*"]}'
	make_entries <<<'file|etc/x' >entries
	pk-claim recipe.json <entries >expected
	gzip -k entries recipe.json
	pk-claim recipe.json.gz <entries.gz | cmp - expected
	head -c -3 entries.gz >short.gz
	run_apart pk-claim recipe.json <short.gz
	assert_refused 1 'pk-claim: standard input: gzip data cut short'
	assert_output ''
	(cat entries.gz && echo x) >more.gz
	run_apart pk-claim recipe.json <more.gz
	assert_refused 1 'pk-claim: standard input: bad gzip data'
	assert_output ''
}

@test "pk-claim: 200 packages of 20,000 files" {
	seq -f '%03.0f' 0 199 | jq -Rc '{name: "p\(.)", architecture: "noarch", files: ["usr/share/\(.)/**"]}' |
		make_recipe
	awk 'BEGIN {
		print "{\"path\":\"usr\",\"type\":\"dir\"}\n{\"path\":\"usr/share\",\"type\":\"dir\"}"
		for (i = 0; i < 200; i++) {
			printf "{\"path\":\"usr/share/%03d\",\"type\":\"dir\"}\n", i
			for (k = 0; k < 100; k++)
				printf "{\"path\":\"usr/share/%03d/%02d\",\"type\":\"file\",\"size\":0}\n", i, k
		}
	}' >entries
	pk-claim recipe.json <entries >claimed
	# 100 files and 3 directories each
	assert_equal "$(wc -l <claimed)" 20600
	assert_equal "$(grep -c '"package":"p137"' claimed)" 103
}

@test "pk-claim: a full disk, a closed pipe, closed descriptors" {
	make_recipe <<<'{"name": "aa", "architecture": "noarch", "files": ["etc/*"]}'
	make_entries <<<'file|etc/x' >entries
	run_apart bash -c 'pk-claim recipe.json <entries >/dev/full'
	assert_refused 1 'pk-claim: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-claim recipe.json <entries; } | true'
	assert_refused 1 'pk-claim: standard output: Broken pipe'
	run_apart bash -c 'pk-claim recipe.json <entries >&-'
	assert_refused 1 'pk-claim: standard output: Bad file descriptor'
	run_apart bash -c 'pk-claim recipe.json <&-'
	assert_refused 1 'pk-claim: standard input: Bad file descriptor'
}

@test "pk-claim: usage" {
	for bad in '' 'a b' '-m' '-m a b' '-x a'; do
		read -ra words <<<"$bad"
		run_apart pk-claim "${words[@]}" </dev/null
		assert_equal "$status" 2
		assert_equal "${stderr_lines[-2]}" 'usage: pk-claim RECIPE'
		assert_equal "${stderr_lines[-1]}" '       pk-claim -m MANIFEST'
	done
}

@test "pk-claim: the examples of its page" {
	check_examples "$project/filters/pk-claim.1"
}

@test "pk-claim: an entry that many packages claim" {
	seq -f '{"name":"p%.0f","architecture":"noarch","files":["usr/share/a"]}' 31 42 |
		make_recipe
	make_entries <<<'file|usr/share/a' >entries
	run_apart pk-claim recipe.json <entries
	assert_equal "$stderr" \
		'pk-claim: usr/share/a: claimed by more than one package: p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42 [§8.2]'
	seq -f '{"name":"p%.0f","architecture":"noarch","files":["usr/share/a"]}' 31 54 |
		make_recipe
	run_apart pk-claim recipe.json <entries
	assert_output ''
	assert_refused 1 "pk-claim: usr/share/a: claimed by more than one package: $(
		seq -s ', ' -f 'p%.0f' 31 50
	) and 4 more [§8.2]"
}
