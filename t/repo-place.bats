#!/usr/bin/env bats

load helper
load package
load repository

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	openssl genpkey -algorithm ed25519 -out key.pem
	new_package packages alpha 1.0-1
	new_package packages libstdc++ 1:0.1-1 x86_64
	mkdir repo
	entry alpha 1.0-1 noarch >entries
	entry libstdc++ 1:0.1-1 x86_64 >>entries
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	cp -r packages kept
}

# entry NAME VERSION ARCHITECTURE [URL]: of a file in packages.
entry() {
	local file=$1_$2_$3.peipkg
	printf '{"name":"%s","version":"%s","architecture":"%s",' "$1" "$2" "$3"
	printf '"size_compressed":%d,' "$(stat -c %s "packages/$file")"
	printf '"hash":{"algorithm":"sha256","value":"%s"},' "$(sha256sum <"packages/$file" | cut -d' ' -f1)"
	printf '"url":"%s"}\n' "${4-/p/$1/$2/$file}"
}

# The names below repo, a directory's with a slash.
names() {
	(cd repo && find . -mindepth 1 -type d -printf '%P/\n' -o -printf '%P\n' | sort)
}

# assert_placed DIRECTORY FILE: the package in repo and what belongs beside it.
assert_placed() {
	cmp "kept/$2" "repo/$1/$2"
	zstd -qdc "kept/$2" >package.tar
	tar -xOf package.tar .peipkg/manifest.json | cmp - "repo/$1/manifest.json"
	tar -xOf package.tar .peipkg/files.json | cmp - "repo/$1/files.json"
}

# refuses MESSAGE: of the entries.
refuses() {
	run_apart timeout 20 repo-place -C packages repo <entries
	assert_equal "$stderr" "repo-place: $1"
	assert_output ''
	assert_equal "$status" 1
}

@test "repo-place: packages and their documents, modes whatever the umask" {
	chmod 600 packages/*
	(
		umask 077
		run_apart repo-place -C packages repo <entries
		assert_success
		assert_equal "$output$stderr" ''
	)
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	assert_placed p/libstdc++/1:0.1-1 libstdc++_1:0.1-1_x86_64.peipkg
	diff -u - <(names) <<-'END'
		p/
		p/alpha/
		p/alpha/1.0-1/
		p/alpha/1.0-1/alpha_1.0-1_noarch.peipkg
		p/alpha/1.0-1/files.json
		p/alpha/1.0-1/manifest.json
		p/libstdc++/
		p/libstdc++/1:0.1-1/
		p/libstdc++/1:0.1-1/files.json
		p/libstdc++/1:0.1-1/libstdc++_1:0.1-1_x86_64.peipkg
		p/libstdc++/1:0.1-1/manifest.json
	END
	assert_equal "$(find repo -mindepth 1 -type d -printf '%m\n' | sort -u)" 755
	assert_equal "$(find repo -type f -printf '%m\n' | sort -u)" 644
	assert_equal "$(find packages -mindepth 1)" ''
}

@test "repo-place: the umask lets too much" {
	(
		umask 0
		repo-place -C packages repo <entries
	)
	assert_equal "$(find repo -mindepth 1 -type d -printf '%m\n' | sort -u)" 755
	assert_equal "$(find repo -type f -printf '%m\n' | sort -u)" 644
}

@test "repo-place: the vectors" {
	need_vectors
	rm packages/*
	cp "$VECTORS"/repository/incoming/[12]/* packages
	jq -c '.packages[]' "$VECTORS/repository/state4/index/archive.json" >entries
	gzip entries
	repo-place -C packages repo <entries.gz
	assert_equal "$(cd repo/p && find . -name '*.peipkg' -printf '%P\n' | sort)" \
		"$(sed 's|^\(\./\)\?\(p/\)\?||' "$VECTORS/repository/state4/packages.txt" | grep 'peipkg$' | sort)"
	for package in "$VECTORS"/repository/incoming/[12]/*; do
		find repo -name "${package##*/}" -exec cmp "$package" {} \;
	done
}

@test "repo-place: no entries, and entries of elsewhere" {
	run_apart repo-place -C packages repo </dev/null
	assert_success
	assert_equal "$output$stderr" ''
	entry alpha 1.0-1 noarch https://example.org/alpha_1.0-1_noarch.peipkg >entries
	entry alpha 1.0-1 noarch http://example.org/ >>entries
	run_apart repo-place -C packages repo <entries
	assert_success
	assert_equal "$output$stderr" ''
	assert_equal "$(names)" ''
	[[ -f packages/alpha_1.0-1_noarch.peipkg ]]
}

@test "repo-place: other places, flat and deep, with and without a slash" {
	entry alpha 1.0-1 noarch alpha_1.0-1_noarch.peipkg >entries
	local deep
	deep=$(printf 'd/%.0s' {1..100})
	entry libstdc++ 1:0.1-1 x86_64 "/${deep}libstdc++_1:0.1-1_x86_64.peipkg" >>entries
	repo-place -C packages/ repo/ <entries
	assert_placed . alpha_1.0-1_noarch.peipkg
	assert_placed "$deep" libstdc++_1:0.1-1_x86_64.peipkg
}

@test "repo-place: again, with nothing to do and with all to do" {
	repo-place -C packages repo <entries
	ls -i -R repo >inodes
	find repo -name '*.peipkg' -exec ln -t packages {} +
	repo-place -C packages repo <entries
	cmp inodes <(ls -i -R repo)
	rm packages/*
	cp kept/* packages
	repo-place -C packages repo <entries
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	cp kept/* packages
	find repo -type f -exec sh -c 'for file; do echo other >"$file"; done' - {} +
	chmod 600 repo/p/alpha/1.0-1/*
	repo-place -C packages repo <entries
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	assert_placed p/libstdc++/1:0.1-1 libstdc++_1:0.1-1_x86_64.peipkg
	assert_equal "$(find repo -type f -printf '%m\n' | sort -u)" 644
	assert_equal "$(find packages -mindepth 1)" ''
}

@test "repo-place: what a killed run left" {
	mkdir -p repo/p/alpha/1.0-1
	printf half >packages/.sidecar
	printf half >repo/p/alpha/1.0-1/manifest.json
	repo-place -C packages repo <entries
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	assert_equal "$(find packages -mindepth 1)" ''
}

@test "repo-place: links in the way" {
	mkdir elsewhere
	ln -s ../elsewhere repo/p
	refuses 'alpha_1.0-1_noarch.peipkg: the directory of /p/alpha/1.0-1/alpha_1.0-1_noarch.peipkg: Not a directory'
	rm repo/p
	mkdir -p repo/p/alpha
	ln -s "$PWD/elsewhere" repo/p/alpha/1.0-1
	refuses 'alpha_1.0-1_noarch.peipkg: the directory of /p/alpha/1.0-1/alpha_1.0-1_noarch.peipkg: Not a directory'
	assert_equal "$(find elsewhere -mindepth 1)" ''
	rm repo/p/alpha/1.0-1
	mkdir repo/p/alpha/1.0-1
	echo theirs >theirs
	for name in alpha_1.0-1_noarch.peipkg manifest.json files.json; do
		ln -s ../../../../theirs "repo/p/alpha/1.0-1/$name"
	done
	ln -s ../theirs packages/.sidecar
	refuses 'alpha_1.0-1_noarch.peipkg: manifest.json cannot be written: Too many levels of symbolic links'
	rm packages/.sidecar
	ln -s repo link
	repo-place -C packages link <entries
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	assert_equal "$(find repo -type l)" ''
	assert_equal "$(<theirs)" theirs
}

@test "repo-place: packages that are not what they have to be" {
	local alpha=packages/alpha_1.0-1_noarch.peipkg
	mv "$alpha" moved
	refuses 'alpha_1.0-1_noarch.peipkg: No such file or directory'
	ln -s ../moved "$alpha"
	refuses 'alpha_1.0-1_noarch.peipkg: Too many levels of symbolic links'
	rm "$alpha"
	mkfifo "$alpha"
	refuses 'alpha_1.0-1_noarch.peipkg: no regular file'
	rm "$alpha"
	mkdir "$alpha"
	refuses 'alpha_1.0-1_noarch.peipkg: no regular file'
	rmdir "$alpha"
	head -c -1 moved >"$alpha"
	refuses "alpha_1.0-1_noarch.peipkg: $(stat -c %s "$alpha") bytes, its entry says $(stat -c %s moved) [§6.2.5]"
	head -c "$(stat -c %s moved)" /dev/zero >"$alpha"
	refuses 'alpha_1.0-1_noarch.peipkg: not zstd [§3.1.3]'
	assert_equal "$(find repo -type f)" ''
}

@test "repo-place: places that cannot be" {
	entry alpha 1.0-1 noarch /p/other.peipkg >entries
	refuses "alpha_1.0-1_noarch.peipkg: url '/p/other.peipkg' does not end in that name [§6.4.3]"
	entry alpha 1.0-1 noarch /p/../../alpha_1.0-1_noarch.peipkg >entries
	refuses "standard input: alpha_1.0-1_noarch: url '/p/../../alpha_1.0-1_noarch.peipkg': '.' or '..' component [§6.2.7]"
	entry alpha 1.0-1 noarch /index/alpha_1.0-1_noarch.peipkg >entries
	refuses "standard input: alpha_1.0-1_noarch: url '/index/alpha_1.0-1_noarch.peipkg': where the repository's own documents are [§6.4.2]"
	local long
	long=$(printf 'd%.0s' {1..256})
	entry alpha 1.0-1 noarch "/$long/alpha_1.0-1_noarch.peipkg" >entries
	refuses "alpha_1.0-1_noarch.peipkg: the directory of /$long/alpha_1.0-1_noarch.peipkg: File name too long"
	assert_equal "$(names)" ''
	entry alpha 1.0-1 noarch /p/alpha_1.0-1_noarch.peipkg >entries
	echo >repo/p
	refuses 'alpha_1.0-1_noarch.peipkg: the directory of /p/alpha_1.0-1_noarch.peipkg: Not a directory'
	rm repo/p
	mkdir -p repo/p/alpha_1.0-1_noarch.peipkg
	refuses 'alpha_1.0-1_noarch.peipkg: cannot be renamed to its place: Is a directory'
	cmp packages/alpha_1.0-1_noarch.peipkg kept/alpha_1.0-1_noarch.peipkg
	mkdir repo/p/moved
	rm repo/p/manifest.json
	mkdir repo/p/manifest.json
	refuses 'alpha_1.0-1_noarch.peipkg: manifest.json cannot be renamed to its place: Is a directory'
}

@test "repo-place: bad streams and directories" {
	head -n 1 entries >first
	cp entries all
	head -c -1 all >entries
	refuses 'standard input: the last line is cut short'
	assert_placed p/alpha/1.0-1 alpha_1.0-1_noarch.peipkg
	echo garbage >entries
	run_apart repo-place -C packages repo <entries
	assert_equal "$status" 1
	run_apart repo-place -C absent repo <first
	assert_refused 1 'repo-place: absent: No such file or directory'
	run_apart repo-place -C packages first <all
	assert_refused 1 'repo-place: first: Not a directory'
}

# The calls that decide on what is left after a loss of power, in their order: renames as
# FROM TO, syncs by their names.
traced_calls() {
	strace -f -e trace=renameat,renameat2,fsync,syncfs -o trace repo-place -C packages repo <entries
	sed -nE 's/^[0-9]+ +(fsync|syncfs)\([0-9]+\).*/\1/p
		s/^[0-9]+ +renameat2?\([^"]*"([^"]*)"[^"]*"([^"]*)".*/\1 \2/p' trace
}

@test "repo-place: one sync, behind all renames; what replaces is synced before" {
	# LeakSanitizer cannot trace a traced process.
	[[ ! -v ASAN_OPTIONS && ${BUILD-} != *asan* ]] || skip 'not under sanitizers'
	head -n 1 entries >first
	mv first entries
	traced_calls >calls
	diff -u - calls <<-'END'
		.sidecar manifest.json
		.sidecar files.json
		alpha_1.0-1_noarch.peipkg alpha_1.0-1_noarch.peipkg
		syncfs
	END
	cp kept/* packages
	traced_calls >calls
	diff -u - calls <<-'END'
		syncfs
		alpha_1.0-1_noarch.peipkg alpha_1.0-1_noarch.peipkg
		syncfs
	END
	cp kept/* packages
	echo >>repo/p/alpha/1.0-1/files.json
	traced_calls >calls
	diff -u - calls <<-'END'
		fsync
		.sidecar files.json
		syncfs
		alpha_1.0-1_noarch.peipkg alpha_1.0-1_noarch.peipkg
		syncfs
	END
}

@test "repo-place: a call that fails is told" {
	[[ ! -v ASAN_OPTIONS && ${BUILD-} != *asan* ]] || skip 'not under sanitizers'
	head -n 1 entries >first
	fails() {
		rm -rf repo packages
		mkdir repo
		cp -r kept packages
		run_apart strace -f -o trace -e inject="$1" repo-place -C packages repo <first
		grep -q INJECTED trace
		assert_refused 1 "repo-place: $2"
	}
	fails syncfs:error=EIO 'repo: cannot be synced: Input/output error'
	fails write:error=ENOSPC:when=1 'alpha_1.0-1_noarch.peipkg: manifest.json cannot be written: No space left on device'
	fails renameat:error=EXDEV:when=2 \
		'alpha_1.0-1_noarch.peipkg: files.json cannot be renamed to its place: Invalid cross-device link'
	fails renameat:error=EXDEV:when=3 \
		'alpha_1.0-1_noarch.peipkg: cannot be renamed to its place: Invalid cross-device link'
	fails mkdirat:error=EACCES:when=2 \
		'alpha_1.0-1_noarch.peipkg: the directory of /p/alpha/1.0-1/alpha_1.0-1_noarch.peipkg: Permission denied'
}

@test "repo-place: usage" {
	local arguments
	for arguments in '' repo '-C packages' '-C packages repo repo' '-C' -x; do
		# shellcheck disable=SC2086 # words
		run_apart repo-place $arguments </dev/null
		assert_equal "$status" 2
	done
	run_apart repo-place --help
	assert_success
	assert_output --partial 'usage: repo-place'
}

@test "repo-place: the examples of its page" {
	mkdir work
	cd work
	check_examples "$project/filters/repo-place.1"
}
