# What the tests of peipkg-build share: a recipe, a source tree, a key of their own.

build_time=2026-05-06T07:08:09Z
facts=(--version 1.0-1 --source-ref git --farm-id farm --timestamp "$build_time")

# A directory of one's own to work in: bats keeps files of its own in the other one.
# TMPDIR is below it, so that a test sees what a run leaves.
enter_workshop() {
	workshop=$BATS_TEST_TMPDIR/work
	mkdir -p "$workshop/tmp"
	cd "$workshop"
	export TMPDIR=$workshop/tmp
}

# A recipe of one package, hello, whose script is standard input; it stages a file if there
# is none.
new_recipe() {
	mkdir -p recipe source
	echo input >source/input
	cat >recipe/peipkg.toml <<-'END'
		[meta]
		build_script = "build.sh"

		[[package]]
		name = "hello"
		architecture = "noarch"
		files = ["**"]
	END
	cat >recipe/build.sh
}

# The script that most tests need.
new_hello() {
	new_recipe <<-'END'
		mkdir -p "$DESTDIR/usr/share"
		cp "$SOURCE_DIR/input" "$DESTDIR/usr/share/hello"
	END
}

# A second package for the recipe, with what lies in etc.
add_second_package() {
	sed -i 's,"\*\*","usr/**",' recipe/peipkg.toml
	cat >>recipe/peipkg.toml <<-'END'

		[[package]]
		name = "a-second"
		architecture = "x86_64"
		files = ["etc/**"]
	END
	echo 'mkdir -p "$DESTDIR/etc"; echo second >"$DESTDIR/etc/second"' >>recipe/build.sh
}

# build OPTION...: what all builds here have in common.
build() {
	peipkg-build build --recipe recipe/peipkg.toml --source source "${facts[@]}" --out out "$@"
}

# A key as openssl makes it, its public half in NAME.pub.
new_key() {
	(umask 077 && openssl genpkey -algorithm ed25519 -out "$1")
	openssl pkey -in "$1" -pubout -out "$1.pub"
}

can_sandbox() {
	bwrap --ro-bind / / --unshare-all --proc /proc true 2>/dev/null
}

need_bwrap() {
	can_sandbox || skip 'bwrap cannot make a sandbox here'
}

# Names of everything in an archive, and a file of it.
members() {
	zstd -dc "$1" | tar -tf -
}

member() {
	zstd -dc "$1" | tar -xOf - "$2"
}

# Nothing is left of a run: no staging in TMPDIR or DIRECTORY.
assert_swept() {
	assert_equal "$(ls -A "$TMPDIR")" ''
	[[ ! -d ${1:-out} ]] || assert_equal "$(find "${1:-out}" -mindepth 1 -name '.*')" ''
}

# Copies the programs, so that a test can put one of its own in the place of a filter;
# "real" below is where they all still are.
copy_programs() {
	cp -RL "$project/${BUILD:-build}/bin" real
	mkdir -p shim/share
	cp -R real shim/bin
	cp -RL "$project/${BUILD:-build}/share/peipkg-tools" shim/share/
	PATH=$PWD/shim/bin:$PATH
}

# replace_filter NAME: standard input is the shell script to run instead.
replace_filter() {
	rm -f "shim/bin/$1"
	{
		printf '#!/bin/bash\nreal=%q\n' "$PWD/real/$1"
		cat
	} >"shim/bin/$1"
	chmod +x "shim/bin/$1"
}

# is_gone PID: it has ended, whether or not anybody has asked for its status.
is_gone() {
	[[ $(ps -o stat= -p "$1") == @(|Z*) ]]
}

# Waits until a condition holds, half a minute at most.
await() {
	local tries=1500
	until eval "$1"; do
		if ((tries-- <= 0)); then
			fail "never came true: $1"
			return 1
		fi
		sleep 0.02
	done
}
