#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a process of its own

# Whatever files and directories are called, the programs make the same bytes and say the same,
# or refuse; and no name is taken for anything else.

load helper
load build
load package
load journey

setup_file() {
	travel_in_peace
}

# As much as goes into one name; and those that have to stand alone to mean anything.
worst=$'-n\n \'"`touch x`$(touch x)$IFS${x}*?[a-z]{a,b}\\n\\&;|<>#!%s\t\xff\xfe\x1b[31m:~='
names=(-dash '*')
more_names=('two  words' $'new\nline\n' "it's" 'a"b' 'a?' '[ab]' '$(touch x)' '`touch x`'
	$'back\\' '\&' $'tab\t' $'\xff' '~' '!' '(' ':' '#' '%s' '{a,b}' .hidden -- - '^' ';' $'\u009b31m')

@test "every path there is, and the current directory" {
	! seldom || names+=("${more_names[@]}")
	for odd in "$worst" "${names[@]}"; do
		printf '%q\n' "$odd"
		odd=$odd enter_world
		mkdir "./${odd}tmp$odd"
		for name in recipe source key key.pub other manifest tree sign; do
			mv "./$name" "./$odd$name$odd"
		done
		rmdir tmp
		TMPDIR=./${odd}tmp$odd journey
		assert_same
	done
}

@test "where the programs are" {
	local place
	local -a places=("${worst//:/}")
	! seldom || places+=("${more_names[@]//:/x}")
	for place in "${places[@]}"; do
		rm -rf "$BATS_TEST_TMPDIR/place"
		mkdir -p "$BATS_TEST_TMPDIR/place/$place"
		cd "$BATS_TEST_TMPDIR/place/$place"
		cp -RL "$project/${BUILD:-build}"/{bin,share} .
		odd=''
		programs=$PWD/bin
		enter_world
		# shellcheck disable=SC2031 # for this journey
		PATH=/usr/bin:/bin journey
		assert_same
		cd "$BATS_TEST_TMPDIR/place/$place"
		ln -s "$PWD/bin/peipkg-repo" ./-link
		assert_equal "$(cd bin && ./peipkg-build --version)" "$(peipkg-build --version)"
		assert_equal "$(bash -p -- -link --version)" "$(peipkg-repo --version)"
		assert_equal "$(env PATH=".:$PATH" -link --version)" "$(peipkg-repo --version)"
		assert_equal "$(bin/peipkg-manager --version)" "$(peipkg-manager --version)"
	done
}

@test "the files of a package" {
	local name
	enter_world
	for name in "${worst//[[:cntrl:]$'\xff\xfe'\\:]/}" -dash '*' ' ' '$(touch x)' '`' \' '"' '~'; do
		mkdir -p "tree/usr/share/$name"
		echo "$name" >"tree/usr/share/$name/$name"
		ln -s -- "$name" "tree/usr/share/$name/link"
	done
	for name in '[a]' 'b*'; do
		echo "$name" >"tree/usr/share/$name"
	done
	peipkg-build pack --manifest manifest --staged tree --out packed.peipkg
	mkdir unpacked
	zstd -dc packed.peipkg | tar -x -C unpacked
	rm -r unpacked/.peipkg
	diff -r tree unpacked
	assert_not_exist x

	sed -i 's|"usr/\*\*"|"usr/share/[*]*", &|' recipe/peipkg.toml
	cp -a tree/. source
	cp recipe/build.sh build.sh
	echo 'cp -a "$SOURCE_DIR/usr/." "$DESTDIR/usr/"' >>recipe/build.sh
	peipkg-build build --recipe recipe/peipkg.toml --source source "${facts[@]}" --out out >/dev/null
	members out/hello*.peipkg | grep -c '^usr/share/.*/link$' >links
	assert_equal "$(<links)" 9
	assert_not_exist x
}

@test "packages to publish that have odd names" {
	local name seen reason='the name of its file has to be hello_1.0-1_noarch.peipkg [§2.1.4]'
	enter_world "$clean"
	made >../before
	while IFS='|' read -r name seen; do
		printf -v name %b "$name"
		rm -rf new
		mkdir new
		cp out/hello* "new/$name.peipkg"
		run_apart peipkg-repo publish --in repo --new new --sign-key other \
			--timestamp 2026-06-01T07:00:00Z --out repo
		assert_refused 1 "idx-entry: $seen.peipkg: $reason"
	done <<-'END'
		-dash|-dash
		*|*
		it's|it's
		$(touch x)|$(touch x)
		new\nline|new\x0aline
		\xff|\xff
	END
	rm -rf new
	made | diff ../before -
}

@test "uploads of a repository from and to odd places" {
	local backend phase remote
	odd=$'-n \'"`touch x`$(touch x)*?[a-z]{a,b}\\n\\&;|<>!%s\t\xff:~='
	! seldom || odd+=$'\n'
	enter_world "$clean"
	mv repo "./${odd}repo$odd"
	rm -rf "./${odd}repo$odd/.peipkg-repo"
	cat >../upload <<-'END'
		#!/bin/sh
		mkdir -p -- "${0%/*}/command"
		[ "$1" != packages ] || cp -R -- "$2/." "${0%/*}/command"
	END
	chmod +x ../upload
	mv ../upload "../${odd}upload"
	mkdir "../${odd}rclone" "../${odd}rsync" "../${odd}git"
	export HOME=$PWD RCLONE_CONFIG=/dev/null
	for backend in command git rclone rsync; do
		[[ $backend == command ]] || command -v "$backend" >/dev/null || continue
		remote=$BATS_TEST_TMPDIR/$odd$backend
		[[ $backend != command ]] || remote=$BATS_TEST_TMPDIR/${odd}upload
		[[ $backend != git ]] || git init -q --bare --template= "$remote"
		for phase in packages indexes delete; do
			"$project/scripts/farm/upload-$backend" "$remote" "$phase" "./${odd}repo$odd"
		done
		if [[ $backend == git ]]; then
			git --git-dir="$remote" archive gh-pages | tar -x \
				--one-top-level=fetched
			rm fetched/.nojekyll
			remote=fetched
		elif [[ $backend == command ]]; then
			remote=${remote%/*}/command
		fi
		diff -r "./${odd}repo$odd" "$remote"
	done
	assert_not_exist x
}

@test "bootstrap in an odd place" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p "./$worst/scripts" other/scripts bin
	cd "./$worst"
	cp "$project/scripts/bootstrap" scripts
	printf '#!/bin/sh\nprintf "%%s" "$PWD" "$*" >%q\n' "$BATS_TEST_TMPDIR/made" >../bin/make
	printf '#!/bin/sh\nexit 0\n' >../bin/apt-get
	printf '#!/bin/sh\nsed "s/^/installed /"\n' >../bin/dpkg-query
	chmod +x ../bin/*
	CDPATH=$BATS_TEST_TMPDIR/other IFS=/ PATH=$BATS_TEST_TMPDIR/bin:$PATH \
		sh scripts/bootstrap demo A="$worst" >said 2>&1
	assert_equal "$(cat said)" ''
	assert_equal "$(cat ../made)" "${PWD}demo A=$worst"
	ln -s scripts ./-scripts
	CDPATH=$BATS_TEST_TMPDIR/other PATH=$BATS_TEST_TMPDIR/bin:$PATH sh -- -scripts/bootstrap help
	assert_equal "$(cat ../made)" "${PWD}help"
}
