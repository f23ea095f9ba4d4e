#!/usr/bin/env bats

load helper

build=${BUILD:-build}

# A copy of the tree under a path that shells stumble over, with what is built already, so
# that a test compiles only what it asks for.
setup_file() {
	local tree="$BATS_FILE_TMPDIR/a tree's \$(path)"

	cd "$project"
	mkdir -p "$tree/$build"
	tar -c --exclude=./build --exclude=./.git . | tar -x -C "$tree"
	tar -c -C "$build" bin share lib filters | tar -x -C "$tree/$build"
}

setup() {
	unset MAKEFLAGS MAKELEVEL MFLAGS
	cd "$BATS_FILE_TMPDIR"/*/
}

make() {
	command make BUILD="$build" "$@"
}

# The files of the tree, or of a directory, without what is in build/.
files() {
	(cd "${1:-.}" && find . -path ./build -prune -o ! -type d -print | sort)
}

is_sanitized() {
	nm "$build"/bin/pk-hash | grep -q __asan_init
}

@test "make: what is built is not built again" {
	run make
	assert_success
	assert_output "make: Nothing to be done for 'all'."
}

@test "make: a header that changed rebuilds what includes it, and no more" {
	run make -n -W lib/hash.h
	assert_success
	assert_output --partial "$build/lib/hash.o lib/hash.c"
	assert_output --partial "$build/filters/pk-hash.o filters/pk-hash.c"
	assert_output --partial "-o $build/bin/pk-hash"
	refute_output --partial 'lib/utf8.c'
}

@test "make: install honours DESTDIR and PREFIX, uninstall removes what it put" {
	local stage="$BATS_TEST_TMPDIR/stage of mine"
	mkdir -p "$stage/opt/x/bin" "$stage/opt/x/share/man/man1"
	touch "$stage/opt/x/bin/pk-other" "$stage/opt/x/share/man/man1/pk-other.1"
	files >"$BATS_TEST_TMPDIR/tree"
	files "$stage" >"$BATS_TEST_TMPDIR/stage"

	umask 077
	make -s install DESTDIR="$stage" PREFIX=/opt/x
	for page in filters/*.[1-8] bin/*.[1-8]; do
		[[ -e $page ]] || continue
		cmp "$page" "$stage/opt/x/share/man/man${page##*.}/${page##*/}"
	done
	for unit in scripts/systemd/*.service scripts/systemd/*.timer; do
		sed 's|/usr/local/|/opt/x/|' "$unit" |
			cmp - "$stage/opt/x/lib/systemd/system/${unit##*/}"
	done
	run find "$stage/opt/x/bin" "$stage/opt/x/lib" "$stage/opt/x/share" ! -perm -a=r
	assert_output ''
	for program in filters/*.c filters/*.cc bin/*; do
		[[ $program != *.[1-8] ]] || continue
		program=${program##*/} program=${program%.c*}
		run env -i PATH=/usr/bin:/bin "$stage/opt/x/bin/$program" --version
		assert_success
		assert_output --regexp "^$program [0-9.]+\$"
	done

	make -s uninstall DESTDIR="$stage" PREFIX=/opt/x
	files "$stage" | diff "$BATS_TEST_TMPDIR/stage" -
	assert_not_exist "$stage/opt/x/share/peipkg-tools"
	files | diff "$BATS_TEST_TMPDIR/tree" -
}

@test "make: static filters need no shared library, and write the same bytes" {
	! is_sanitized || skip 'a sanitized program cannot be static'
	mkdir "$build/static"
	cp -R "$build/lib" "$build/filters" "$build/static"
	make -s static
	for program in "$build"/static/bin/*; do
		[[ ! -L $program && $program != */pk-zstd ]] || continue
		run readelf -d "$program"
		refute_output --partial NEEDED
	done

	for flavour in "$build" "$build/static"; do
		PATH=$PWD/$flavour/bin:$PATH peipkg-build build \
			--recipe recipes-example/libgreet/peipkg.toml \
			--source recipes-example/libgreet/source --version 1.2.0-1 \
			--source-ref 'git+https://example.org/libgreet#refs/tags/v1.2.0' \
			--farm-id test --timestamp 2026-01-02T03:04:05Z --sandbox none \
			--out "$BATS_TEST_TMPDIR/${flavour##*/}"
	done
	diff -r "$BATS_TEST_TMPDIR/${build##*/}" "$BATS_TEST_TMPDIR/static"
}

@test "make: help names every target" {
	run make help
	assert_success
	for target in all check check-sanitized demo bench lint fuzz install uninstall static \
		clean help; do
		assert_line --regexp "^$target +[a-z]"
	done
}

@test "make: clean removes build/" {
	make -s clean
	assert_not_exist "$build"
}
