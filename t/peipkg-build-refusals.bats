#!/usr/bin/env bats

load helper
load build

setup() {
	enter_workshop
	new_hello
	mkdir out
	echo before >out/hello_1.0-1_noarch.peipkg
}

# What was in --out is there as it was, and nothing else, anywhere.
assert_untouched() {
	assert_equal "$(ls -A out)" hello_1.0-1_noarch.peipkg
	assert_equal "$(cat out/*)" before
	assert_swept
}

# refused MESSAGE COMMAND...: exit 1 and a message that MESSAGE, a regular expression,
# finds a line of; nothing is half-written.
refused() {
	local message=$1
	shift
	run_apart "$@"
	assert_equal "$status" 1
	assert_equal "$output" ''
	grep -qE -- "$message" <<<"$stderr" || fail "no '$message' in: $stderr"
	assert_untouched
}

# wrong_usage MESSAGE COMMAND...: exit 2, that message, the usage behind it.
wrong_usage() {
	local message=$1
	shift
	run_apart "$@"
	assert_equal "$status" 2
	assert_equal "$output" ''
	assert_equal "${stderr_lines[0]}" "peipkg-build: $message"
	assert_equal "${stderr_lines[1]}" \
		'usage: peipkg-build build --recipe PATH --source DIR --version V --source-ref REF'
	assert_untouched
}

# with_recipe MESSAGE SED-SCRIPT: a recipe changed so is refused, before its script runs.
with_recipe() {
	new_hello
	echo 'touch "$MARK"' >>recipe/build.sh
	sed -i "$2" recipe/peipkg.toml
	refused "$1" build --build-env "MARK=$PWD/mark"
	[[ ! -e mark ]]
}

# with_script MESSAGE: so is what the script on standard input makes.
with_script() {
	new_recipe
	refused "$1" build
}

@test "peipkg-build: usage errors" {
	wrong_usage 'a subcommand is wanted' peipkg-build
	wrong_usage "no subcommand 'make'" peipkg-build make
	wrong_usage "no option '--recipes'" build --recipes x
	wrong_usage "no option '---recipe'" build ---recipe x
	wrong_usage "no option '--recipe source'" build '--recipe source' x
	wrong_usage "no option '--=x'" build --=x
	wrong_usage "no operand is wanted: 'x'" build x
	wrong_usage "no operand is wanted: '-q'" build -- -q
	wrong_usage '--level: a value is wanted' build --level
	wrong_usage '--sign-key: a value is wanted' build --sign-key=
	wrong_usage '--sign-key: a value is wanted' build --sign-key ''
	wrong_usage '--source-writable: takes no value' build --source-writable=yes
	wrong_usage "--level: a number from 1 to 19 is wanted, not '20'" build --level 20
	wrong_usage "--level: a number from 1 to 19 is wanted, not '1e1'" build --level 1e1
	wrong_usage "--sandbox: none or bwrap is wanted, not 'jail'" build --sandbox jail
}

@test "peipkg-build: every missing flag" {
	local -a given
	local flag
	without() {
		local left=$1
		given=("$2")
		shift 2
		for flag; do
			[[ $flag == "$left" ]] || given+=("--$flag" x)
		done
		wrong_usage "--$left is required" peipkg-build "${given[@]}"
	}
	for missing in recipe source version source-ref farm-id timestamp out; do
		without "$missing" build recipe source version source-ref farm-id timestamp out
	done
	for missing in manifest staged out; do
		without "$missing" pack manifest staged out
	done
	wrong_usage '--recipe is required' peipkg-build lint
	wrong_usage '--farm-id: a value is wanted' build --farm-id ''
}

@test "peipkg-build: which options go together" {
	wrong_usage '--sign-key and --sign-command exclude each other' \
		build --sign-key key --sign-command true --public-key key
	wrong_usage '--sign-command goes with --public-key' build --sign-command true
	wrong_usage '--public-key goes with --sign-command' build --public-key key
	wrong_usage '--public-key goes with --sign-command' \
		build --sign-key key --public-key key
}

@test "peipkg-build: --build-env" {
	wrong_usage "--build-env 'A': NAME=VALUE is wanted" build --build-env A
	wrong_usage "--build-env '': NAME=VALUE is wanted" build --build-env ''
	wrong_usage "--build-env '=x': NAME=VALUE is wanted" build --build-env =x
	wrong_usage "--build-env '1A=x': NAME=VALUE is wanted" build --build-env=1A=x
	wrong_usage "--build-env 'A-B=x': NAME=VALUE is wanted" build --build-env A-B=x
	wrong_usage "--build-env 'é=x': NAME=VALUE is wanted" build --build-env é=x
	for name in SOURCE_DIR DESTDIR SOURCE_DATE_EPOCH LC_ALL TZ PATH; do
		wrong_usage "--build-env: $name is reserved" build --build-env "$name=x"
	done
	wrong_usage '--build-env: A twice' build --build-env A=1 --build-env A=2
}

@test "peipkg-build: binary signatures are refused by name" {
	refused '^peipkg-build: binary-sign: binary signatures are not supported$' \
		peipkg-build binary-sign --in x --key y
	refused '^peipkg-build: --binary-sign-key: binary signatures are not supported$' \
		build --binary-sign-key key
	refused '^peipkg-build: --binary-sign-key: binary signatures are not supported$' \
		peipkg-build pack --manifest m --staged source --out out/x -binary-sign-key=key
	with_recipe '^pk-recipe: \[\[sign\]\]: binary signatures are not supported' \
		'$a [[sign]]\nkey = "x"'
}

@test "peipkg-build: bad facts" {
	for version in 1.0 1-0 1-01 -1 1:-1 a:1-1 '1 -1' $'1-1\n2-2' 1_1-1 9999999999999999999:1-1; do
		refused "--version: .*is no version" build "--version=$version"
	done
	for time in 2026-02-30T00:00:00Z 2026-05-06T07:08:09+00:00 2026-05-06T07:08:60Z \
		2026-05-06T24:00:00Z 2026-05-06T07:08:09.0Z 2026-05-06t07:08:09z 2026-05-06 now \
		@0 1969-12-31T23:59:59Z 2242-03-16T12:56:32Z ' 2026-05-06T07:08:09Z'; do
		refused "--timestamp: '${time/+/[+]}' is no time" build --timestamp "$time"
	done
	for time in 1970-01-01T00:00:00Z 2242-03-16T12:56:31Z 2024-02-29T23:59:59Z; do
		build --timestamp "$time" --out "$time"
	done
	refused '^peipkg-build: absent: no such source directory$' build --source absent
	refused '^peipkg-build: absent: no such recipe$' build --recipe absent
	refused '^peipkg-build: recipe: no such recipe$' build --recipe recipe
}

@test "peipkg-build: a refused recipe does not even make --out" {
	sed -i s/noarch/NOARCH/ recipe/peipkg.toml
	run_apart build --out new
	assert_failure 1
	[[ ! -e new ]]
}

@test "peipkg-build: unknown keys, wrong types, missing keys, bad TOML" {
	with_recipe "\[meta\]: unknown key 'x'" '/build_script/a x = 1'
	with_recipe "unknown key 'x'" '$a x = 1'
	with_recipe "unknown key 'x'" '$a dependencies = [{ name = "libc", x = 1 }]'
	with_recipe 'build_script' '/build_script/s/=.*/= 1/'
	with_recipe 'files' 's/files = .*/files = "**"/'
	with_recipe 'name' 's/^name = .*/name = ["hello"]/'
	with_recipe 'build_script' '/build_script/d'
	with_recipe 'name' '/^name/d'
	with_recipe 'architecture' '/^architecture/d'
	with_recipe 'package' '/package/,$d'
	with_recipe '^pk-toml: ' '$a = ='
	with_recipe '^pk-toml: ' 's/name = .*/name = "\xff"/'
	with_recipe "package 'hello': twice|twice|two" \
		'$a [[package]]\nname = "hello"\narchitecture = "noarch"'
}

@test "peipkg-build: bad names, constraints, relations" {
	with_recipe "'Hello'" 's/"hello"/"Hello"/'
	with_recipe "'X86'" 's/"noarch"/"X86"/'
	with_recipe 'homepage' '/build_script/a homepage = "ftp://example.org"'
	with_recipe 'description' '$a description = "two\\nlines"'
	with_recipe "'>> 1'" '$a dependencies = [{ name = "libc", constraint = ">> 1" }]'
	with_recipe "'lib_c'" '$a dependencies = [{ name = "lib_c" }]'
	with_recipe 'libc.*twice' '$a dependencies = [{ name = "libc" }, { name = "libc" }]'
	with_recipe 'same_build' '$a dependencies = [{ name = "libc", same_build = true }]'
	with_recipe 'same_build' \
		'$a conflicts = [{ name = "hello", same_build = true, constraint = "> 1" }]'
	with_recipe 'version' '$a provides = [{ name = "hi", version = "1" }]'
	with_recipe 'arch' '$a dependencies = [{ name = "libc", arch = "x86_64" }]'
	with_recipe "'man'|man" '$a side_effects = ["man"]'
	with_recipe '\[a: a class' 's/"\*\*"/"[a"/'
}

@test "peipkg-build: a build script that is missing, or climbs" {
	rm recipe/build.sh
	refused '^peipkg-build: build.sh: build script not found$' build
	mkdir recipe/build.sh
	refused '^peipkg-build: build.sh: build script not found$' build
	rmdir recipe/build.sh
	with_recipe 'build_script' 's,"build.sh","../build.sh",'
	with_recipe 'build_script' 's,"build.sh","/build.sh",'
	new_hello
	mkdir recipe/sub
	mv recipe/build.sh 'recipe/sub/-a script'
	sed -i 's,"build.sh","sub/-a script",' recipe/peipkg.toml
	build --out other
}

@test "peipkg-build: a build script that fails" {
	new_recipe <<<'for i in $(seq 30); do echo "line $i"; done; printf "the end"; exit 7'
	refused '^peipkg-build: build script failed, exit status 7; its last lines:$' build
	# All of it as it came, the message, and the last twenty again.
	assert_equal "$stderr" "$(
		seq -f 'line %g' 30
		printf 'the end\npeipkg-build: build script failed, exit status 7; its last lines:\n'
		seq -f 'line %g' 12 30
		printf 'the end'
	)"
	new_recipe <<<'set -e; false; echo not reached'
	refused 'build script failed, exit status 1;' build
	new_recipe <<<'exit 200'
	refused 'build script failed, exit status 200;' build
	new_recipe <<<'no-such-command'
	refused 'build script failed, exit status 127;' build
}

@test "peipkg-build: a build script that is killed" {
	new_recipe <<<'echo last words; kill -9 $$'
	refused 'build script failed, killed by SIGKILL, exit status 137; its last lines:$' build
	assert_equal "${stderr_lines[-1]}" 'last words'
	assert_equal "${#stderr_lines[@]}" 3
	if can_sandbox; then
		new_recipe <<<'echo last words; sh -c "kill -9 \$\$"'
		refused 'killed by SIGKILL, exit status 137' build --sandbox bwrap
	fi
}

@test "peipkg-build: a build script that writes outside of a sandbox" {
	need_bwrap
	mkdir outside
	new_recipe <<<'set -e; echo x >"$OUTSIDE/x"'
	# Below /tmp, which is private, the path is not even there.
	refused 'build script failed' build --sandbox bwrap --build-env "OUTSIDE=$PWD/outside"
	assert_equal "$(ls outside)" ''
	new_recipe <<<'set -e; echo x >/etc/peipkg-build-was-here'
	refused 'Read-only file system' build --sandbox bwrap
	[[ ! -e /etc/peipkg-build-was-here ]]
}

@test "peipkg-build: --keep-failed" {
	new_recipe <<<'echo "said"; mkdir "$DESTDIR/made"; echo temporary >file; exit 1'
	refused 'kept for a look: kept here/failed-' build --keep-failed 'kept here'
	kept=$(echo 'kept here'/failed-*)
	assert_equal "$(cat "$kept/log")" said
	assert_equal "$(cat "$kept/work/file")" temporary
	assert_equal "$(cat "$kept/source/input")" input
	[[ -d $kept/dest/made ]]
	# Even when it is where runs have their staging, a sweep leaves it alone.
	run build --keep-failed "$TMPDIR"
	new_hello
	build --keep-failed kept-nothing --out other
	[[ -d $(echo "$TMPDIR"/failed-*/dest/made) && ! -e kept-nothing ]]
	rm -r "$TMPDIR"/failed-*
	# What fails before the script starts is not worth it.
	sed -i s/noarch/NOARCH/ recipe/peipkg.toml
	refused NOARCH build --keep-failed kept-nothing
	[[ ! -e kept-nothing ]]
}

@test "peipkg-build: FIFOs, sockets, devices" {
	with_script 'usr/share/fifo: a FIFO' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && mkfifo "$DESTDIR/usr/share/fifo"
	END
	with_script 'usr/socket: a socket' <<-'END'
		mkdir -p "$DESTDIR/usr" && cd "$DESTDIR/usr" &&
			perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'
	END
	if mknod probe c 1 3 2>/dev/null; then
		with_script 'usr/null: a character device' <<-'END'
			mkdir -p "$DESTDIR/usr" && mknod "$DESTDIR/usr/null" c 1 3
		END
	fi
}

@test "peipkg-build: names and links that the format does not allow" {
	with_script 'not UTF-8' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && : >"$DESTDIR/usr/share/$(printf 'caf\351')"
	END
	with_script 'form C' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && : >"$DESTDIR/usr/share/$(printf 'cafe\314\201')"
	END
	with_script '§3.2.6' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && : >"$DESTDIR/usr/share/$(printf 'a\nb')"
	END
	with_script 'usr/share/out' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && ln -s ../../../etc/passwd "$DESTDIR/usr/share/out"
	END
	with_script 'usr/share/absolute' <<-'END'
		mkdir -p "$DESTDIR/usr/share" && ln -s /etc/passwd "$DESTDIR/usr/share/absolute"
	END
}

@test "peipkg-build: orphans, overlaps, wrong places: all are listed" {
	add_second_package
	echo 'mkdir -p "$DESTDIR/opt/a" "$DESTDIR/var"; cd "$DESTDIR"; : >opt/a/one; : >opt/two' \
		>>recipe/build.sh
	sed -i 's,"usr/\*\*","usr/**"\, "etc/sec*",' recipe/peipkg.toml
	refused 'opt/a/one' build
	for path in opt/two etc/second; do
		assert_regex "$stderr" "$path"
	done
	with_script 'usr/local/one' <<-'END'
		mkdir -p "$DESTDIR/usr/local" "$DESTDIR/home" "$DESTDIR/var"
		cd "$DESTDIR"
		: >usr/local/one; : >home/two; : >var/three
	END
	assert_regex "$stderr" 'home/two'
	assert_regex "$stderr" 'var/three'
}

# pk-walk and pk-claim run side by side.
@test "peipkg-build: what no package can hold is listed with what is wrong otherwise" {
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share" "$DESTDIR/home" && cd "$DESTDIR"
		: >usr/share/good; : >home/one; : >orphan; ln -s /x usr/share/link
		: >"usr/share/$(printf 'caf\351')"; mkfifo usr/share/fifo
	END
	sed -i 's,"\*\*","usr/**"\, "home/**",' recipe/peipkg.toml
	refused 'a FIFO' build
	diff -u - <(sort <<<"$stderr") <<-'END'
		pk-claim: hello: home/one: not under a permitted destination [§3.4.1]
		pk-claim: hello: usr/share/link: absolute link target [§3.4]
		pk-claim: orphan: claimed by no package [§8.2]
		pk-walk: usr/share/caf\xe9: name is not UTF-8 [§3.2.6]
		pk-walk: usr/share/fifo: a FIFO, neither file, directory nor symbolic link [§3.2.5]
	END
}

@test "peipkg-build: wrong and missing side effects" {
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/lib/x86_64-linux-peios"
		: >"$DESTDIR/usr/lib/x86_64-linux-peios/libx.so.1"
	END
	sed -i 's/noarch/x86_64/' recipe/peipkg.toml
	refused 'ldconfig' build
	new_hello
	echo 'side_effects = ["depmod"]' >>recipe/peipkg.toml
	refused 'depmod' build
}

@test "peipkg-build: a second package that fails takes the first with it" {
	add_second_package
	sed -i '$s/etc/usr\/lib\/modules; : >"$DESTDIR"\/usr\/lib\/modules\/x.ko; mkdir -p "$DESTDIR\/etc/' \
		recipe/build.sh
	new_hello
	add_second_package
	echo 'side_effects = ["depmod"]' >>recipe/peipkg.toml
	refused 'a-second.*depmod' build
}

@test "peipkg-build: a file that changes while it is packed" {
	copy_programs
	replace_filter pk-hash <<-'END'
		"$real" "$@" || exit
		[[ $1 != -C ]] || echo more >>"$2/usr/share/hello"
	END
	refused '^pk-pack: usr/share/hello: ' build
	replace_filter pk-hash <<-'END'
		"$real" "$@" || exit
		[[ $1 != -C ]] || echo inpuT >"$2/usr/share/hello"
	END
	refused '^pk-pack: usr/share/hello: changed since it was hashed' build
	replace_filter pk-hash <<-'END'
		"$real" "$@" || exit
		[[ $1 != -C ]] || ln -sf hello2 "$2/usr/share/hello"
	END
	refused '^pk-pack: usr/share/hello' build
}

@test "peipkg-build: each filter that fails, or is killed" {
	new_key key
	copy_programs
	for filter in pk-toml pk-recipe pk-get pk-key pk-vercmp pk-walk pk-claim pk-hash pk-manifest \
		pk-pack pk-sign pk-zstd fs-commit; do
		for end in 'exit 2' 'kill -KILL $$' 'head -c 10; exit 1'; do
			replace_filter "$filter" <<<"$end"
			run_apart build --sign-key key
			assert_equal "$status" 1
			[[ -n $stderr || $end != kill* ]] || fail "$filter killed, and no message"
			assert_untouched
		done
		cp real/"$filter" shim/bin/"$filter".new
		mv shim/bin/"$filter".new shim/bin/"$filter"
	done
}

@test "peipkg-build: a full disk" {
	((EUID == 0)) || skip 'only root can mount a small file system'
	mkdir small
	mount -t tmpfs -o size=100k tmpfs small 2>/dev/null || skip 'cannot mount here'
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		head -c 300000 /dev/urandom >"$DESTDIR/usr/share/noise"
	END
	echo before >small/before
	refused 'No space left on device' build --out small
	assert_equal "$(ls -A small)" before
	TMPDIR=$PWD/small run_apart build
	assert_failure 1
	assert_untouched
	assert_equal "$(ls -A small)" before
	umount small
}

teardown() {
	! mountpoint -q "$workshop/small" || umount "$workshop/small"
	chmod -R u+rwX "$workshop"
}

@test "peipkg-build: keys that are none, before the script runs" {
	new_recipe <<<'touch "$MARK"'
	(
		umask 077
		openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024 -out rsa 2>/dev/null
		openssl genpkey -algorithm ed25519 -aes-128-cbc -pass pass:x -out encrypted
		openssl genpkey -algorithm ed25519 -out key
		head -n 1 key >truncated
		head -c 31 /dev/urandom >short
		: >empty
	)
	openssl pkey -in key -pubout -out public
	bad_key() {
		refused "^peipkg-build: $1: $2" build --sign-key "$1" --build-env "MARK=$PWD/mark"
		[[ ! -e mark ]]
	}
	bad_key absent 'no such key'
	bad_key rsa '.*RSA'
	bad_key encrypted '.*encrypted'
	bad_key truncated ''
	bad_key short ''
	bad_key empty ''
	bad_key public ''
	refused '^peipkg-build: key: ' build --sign-command true --public-key key
	refused '^peipkg-build: absent: no such key' build --sign-command true --public-key absent
}

@test "peipkg-build: a key that others may read gets a warning" {
	new_key key
	chmod 644 key
	rm -r out
	run_apart build --sign-key key
	assert_success
	assert_equal "$stderr" 'pk-sign: warning: key: readable by others (mode 0644)'
}

@test "peipkg-build: more than 100,000 entries" {
	with_script 'more than 100000 entries' <<-'END'
		mkdir -p "$DESTDIR/usr/share/many"
		cd "$DESTDIR/usr/share/many"
		seq 100000 | xargs touch
	END
}

@test "peipkg-build: directories that a script left without permissions" {
	new_recipe <<-'END'
		mkdir -p "$SOURCE_DIR/a/b" "$DESTDIR/usr/share/c"
		: >"$SOURCE_DIR/a/b/file"
		chmod 000 "$SOURCE_DIR/a/b" "$SOURCE_DIR/a"
		exit 1
	END
	refused 'build script failed' build
}
