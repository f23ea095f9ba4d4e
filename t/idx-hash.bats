#!/usr/bin/env bats

load helper

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

# entry_for FILE NAME VERSION ARCHITECTURE [URL]: an entry that fits the file's bytes.
entry_for() {
	jq -nc --arg name "$2" --arg version "$3" --arg architecture "$4" \
		--arg url "${5-/p/$2/$3/$2_$3_$4.peipkg}" --argjson size "$(stat -Lc %s "$1")" \
		--arg hash "$(sha256sum <"$1" | cut -d' ' -f1)" '{$name, $version, $architecture,
		dependencies: [], conflicts: [], size_compressed: $size, size_installed: 0,
		hash: {algorithm: "sha256", value: $hash}, $url}'
}

# new_file PATH [SIZE]: random bytes.
new_file() {
	mkdir -p "$(dirname "$1")"
	head -c "${2-1000}" /dev/urandom >"$1"
}

# An entry of each of three packages, flat, as in p/ and as a repository.
new_packages() {
	new_file flat/alpha_1.0-1_x86_64.peipkg 0
	new_file flat/libstdc++_1:0.1-1_x86_64.peipkg 131072
	new_file flat/zeta_1.0~rc1-2_noarch.peipkg 3000001
	local file
	for file in flat/*; do
		IFS=_ read -r name version architecture <<<"${file#flat/}"
		mkdir -p "repo/p/$name/$version"
		ln "$file" "repo/p/$name/$version"
		entry_for "$file" "$name" "$version" "${architecture%.peipkg}"
		[[ $architecture != x86_64.peipkg ]] || continue
	done >entries
}

silent() {
	run_apart "$@"
	assert_equal "$output$stderr" ''
	assert_success
}

# refuses MESSAGES ARGUMENT...: of the entries.
refuses() {
	run_apart timeout 20 idx-hash "${@:2}" <entries
	assert_equal "$stderr" "$1"
	assert_output ''
	assert_equal "$status" 1
}

@test "idx-hash: packages that fit, flat, laid out like p/, in a repository" {
	new_packages
	silent idx-hash -C flat <entries
	silent idx-hash -C repo/p <entries
	silent idx-hash -r repo <entries
	silent idx-hash -j 1 -r repo/ <entries
	silent idx-hash -j 1024 -C flat/ <entries
	mv flat some
	mkdir flat
	mv some/alpha* flat
	cp -r repo/p/lib* repo/p/zeta flat
	silent idx-hash -C flat <entries
	gzip <entries >entries.gz
	silent idx-hash -C flat <entries.gz
}

@test "idx-hash: no entries" {
	mkdir repo
	silent idx-hash -r repo </dev/null
	silent idx-hash -C repo </dev/null
}

@test "idx-hash: the vectors" {
	need_vectors
	mkdir packages
	cp "$VECTORS"/repository/incoming/[123]/* packages
	jq -c '.packages[]' "$VECTORS/repository/state4/index/archive.json" >entries
	silent idx-hash -C packages <entries
	mkdir -p repo/p
	while read -r path; do
		mkdir -p "repo/p/${path%/*}"
		cp "packages/${path##*/}" "repo/p/$path"
	done < <(sed 's|^\(\./\)\?\(p/\)\?||' "$VECTORS/repository/state4/packages.txt" | grep 'peipkg$')
	run_apart idx-hash -r repo <entries
	assert_success
	assert_output ''
	assert_equal "$stderr" \
		'idx-hash: warning: 2 packages are at URLs outside of repo, and not looked at'
}

@test "idx-hash: hash and size mismatches, in the order of the entries" {
	new_packages
	printf x >flat/alpha_1.0-1_x86_64.peipkg
	printf x | dd of=flat/zeta_1.0~rc1-2_noarch.peipkg bs=1 seek=2999999 conv=notrunc status=none
	printf y | dd of=flat/zeta_1.0~rc1-2_noarch.peipkg bs=1 seek=3000000 conv=notrunc status=none
	jq -c '.size_compressed += if .name == "libstdc++" then 1 else 0 end' entries >claims
	mv claims entries
	hash() {
		sha256sum <"flat/$1" | cut -d' ' -f1
	}
	cat >expected <<-END
		idx-hash: hash mismatch: alpha_1.0-1_x86_64.peipkg computed $(hash alpha_1.0-1_x86_64.peipkg) index claims $(sha256sum </dev/null | cut -d' ' -f1)
		idx-hash: size mismatch: alpha_1.0-1_x86_64.peipkg computed 1 index claims 0
		idx-hash: size mismatch: libstdc++_1:0.1-1_x86_64.peipkg computed 131072 index claims 131073
		idx-hash: hash mismatch: zeta_1.0~rc1-2_noarch.peipkg computed $(hash zeta_1.0~rc1-2_noarch.peipkg) index claims $(jq -r 'select(.name == "zeta").hash.value' entries)
	END
	for jobs in 1 2 3 7; do
		refuses "$(<expected)" -j "$jobs" -C flat
		refuses "$(<expected)" -j "$jobs" -r repo
	done
	tac entries >turned
	mv turned entries
	refuses "$(printf '%s\n' "$(sed -n 4p expected)" "$(sed -n 3p expected)" "$(sed -n 1,2p expected)")" -C flat
}

@test "idx-hash: thousands of findings come in order" {
	mkdir packages
	new_file packages/slow_1.0-1_noarch.peipkg 50000000
	{
		entry_for packages/slow_1.0-1_noarch.peipkg slow 1.0-1 noarch
		jq -nc 'range(3000) | "pkg\(.)" as $name | {$name, version: "1-1", architecture: "noarch",
			dependencies: [], conflicts: [], size_compressed: 1, size_installed: 0,
			hash: {algorithm: "sha256", value: ("0" * 64)}, url: "/\($name)"}'
	} >entries
	echo x >>packages/slow_1.0-1_noarch.peipkg
	run_apart idx-hash -j 4 -C packages <entries
	assert_equal "$status" 1
	grep -o '[a-z]*[0-9]*_[^ :]*' <<<"$stderr" | uniq |
		cmp - <(jq -r '"\(.name)_\(.version)_noarch.peipkg"' entries)
}

@test "idx-hash: missing files" {
	mkdir -p repo packages/beta
	: >packages/beta/1-1
	new_file file
	{
		entry_for file alpha 1:1-1 noarch
		entry_for file beta 1-1 noarch p/beta_1-1_noarch.peipkg
	} >entries
	refuses 'idx-hash: alpha_1:1-1_noarch.peipkg: missing at /p/alpha/1:1-1/alpha_1:1-1_noarch.peipkg in repo [§6.3.1]
idx-hash: beta_1-1_noarch.peipkg: missing at p/beta_1-1_noarch.peipkg in repo [§6.3.1]' -r repo
	refuses 'idx-hash: alpha_1:1-1_noarch.peipkg: missing in packages, there and below alpha/1:1-1 [§6.3.1]
idx-hash: beta_1-1_noarch.peipkg: Not a directory' -C packages
}

@test "idx-hash: what is no regular file" {
	local file=alpha_1-1_noarch.peipkg
	new_file file
	entry_for file alpha 1-1 noarch "/p/$file" >entries
	mkdir -p "repo/p/$file"
	refuses "idx-hash: $file: no regular file" -r repo
	refuses "idx-hash: $file: no regular file" -C repo/p
	rmdir "repo/p/$file"
	mkfifo "repo/p/$file"
	refuses "idx-hash: $file: no regular file" -r repo
	refuses "idx-hash: $file: no regular file" -C repo/p
}

@test "idx-hash: links, in a repository and elsewhere" {
	local file=alpha_1-1_noarch.peipkg
	mkdir -p repo elsewhere
	new_file "elsewhere/$file"
	entry_for "elsewhere/$file" alpha 1-1 noarch "/p/$file" >entries
	ln -s ../elsewhere repo/p
	refuses "idx-hash: $file: Not a directory" -r repo
	silent idx-hash -C repo/p <entries
	rm repo/p
	mkdir repo/p
	ln -s "../../elsewhere/$file" repo/p
	refuses "idx-hash: $file: Too many levels of symbolic links" -r repo
	silent idx-hash -C repo/p <entries
	ln -s repo link
	rm "repo/p/$file"
	mv "elsewhere/$file" repo/p
	silent idx-hash -r link <entries
}

@test "idx-hash: urls that lead elsewhere" {
	mkdir repo
	new_file alpha_1-1_noarch.peipkg
	for url in http://example.org/x HTTPS://example.org/y; do
		entry_for alpha_1-1_noarch.peipkg alpha 1-1 noarch "$url"
	done >entries
	run_apart idx-hash -r repo <entries
	assert_success
	assert_equal "$stderr" \
		'idx-hash: warning: 2 packages are at URLs outside of repo, and not looked at'
	silent idx-hash -C . <entries
	entry_for alpha_1-1_noarch.peipkg alpha 1-1 noarch /p/../../alpha_1-1_noarch.peipkg >entries
	refuses "idx-hash: standard input: entry 1: alpha_1-1_noarch: url '/p/../../alpha_1-1_noarch.peipkg': '.' or '..' component [§6.2.7]" -r repo
}

@test "idx-hash: urls that clients could not fetch, or that climb" {
	local url message number=0
	mkdir repo
	new_file file
	while IFS='|' read -r url message; do
		entry_for file alpha 1-1 noarch "$url"
		echo "idx-hash: standard input: entry $((++number)): alpha_1-1_noarch: url '$url': $message" >&3
	done 3>expected >entries <<-'END'
		/|empty component [§6.2.7]
		//example.org/x|empty component [§6.2.7]
		/p//x|empty component [§6.2.7]
		/p/|empty component [§6.2.7]
		..|'.' or '..' component [§6.2.7]
		/p/./x|'.' or '..' component [§6.2.7]
		/p/..|'.' or '..' component [§6.2.7]
		https://example.org/%2e./x|'.' or '..' component [§6.2.7]
		https://example.org/..?x|'.' or '..' component [§6.2.7]
		/p/.x|a hidden name [§6.4.2]
		.x|a hidden name [§6.4.2]
		/p/%2e%2e/x|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		/p/x?y|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		/p/x y|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		/p\x|a byte that no URL's path holds as it is, or an encoded one [§6.2.7]
		https://example.org/x y|a byte that no URL holds as it is [§6.2.7]
		https://example.org/é|a byte that no URL holds as it is [§6.2.7]
		ftp://example.org/x|neither a path nor http:// nor https:// [§6.2.7]
		1:1-1/x|neither a path nor http:// nor https:// [§6.2.7]
		https://|no host [§6.2.7]
		http:///x|no host [§6.2.7]
		file://|no host [§6.2.7]
		/index/x|where the repository's own documents are [§6.4.2]
		keys/x|where the repository's own documents are [§6.4.2]
		/repo.json|where the repository's own documents are [§6.4.2]
		/index.html|where the repository's own documents are [§6.4.2]
	END
	refuses "$(<expected)" -r repo
	for url in /indexes/x keys.pub p/1:1-1/libstdc++ "/~!\$&'()*+,;=:@-._x" file:///srv/x 'HTTP://h?x#y%'; do
		entry_for file alpha 1-1 noarch "$url"
	done >entries
	run_apart idx-hash -r repo <entries
	assert_equal "$(grep -c ': missing at' <<<"$stderr")" 4
	assert_equal "${stderr_lines[-1]}" \
		'idx-hash: warning: 2 packages are at URLs outside of repo, and not looked at'
}

@test "idx-hash -n: of these names only" {
	new_packages
	rm flat/alpha_1.0-1_x86_64.peipkg
	echo >>flat/zeta_1.0~rc1-2_noarch.peipkg
	silent idx-hash -n libstdc++ -C flat <entries
	silent idx-hash -n libstdc++ -n libstdc++ -C flat <entries
	run_apart idx-hash -n alpha -n libstdc++ -C flat <entries
	assert_refused 1 'idx-hash: alpha_1.0-1_x86_64.peipkg: missing in flat, there and below alpha/1.0-1 [§6.3.1]'
	refuses "idx-hash: alph: no package of that name
idx-hash: : no package of that name" -n alph -n libstdc++ -n '' -C flat
}

@test "idx-hash: bad streams" {
	new_packages
	cp entries good
	{
		echo
		head -n 1 good
		echo '{"name":"alpha"}'
		for _ in {5..3000}; do
			head -n 1 good
		done
		echo garbage
	} >entries
	for jobs in 1 3; do
		refuses 'idx-hash: standard input: entry 1: byte 1: cut short [§1.3]
idx-hash: standard input: entry 3: version: missing or empty [§3.3]
idx-hash: standard input: entry 3000: byte 1: not a value [§1.3]' -j "$jobs" -C flat
	done
	head -c -1 good >entries
	refuses 'idx-hash: standard input: the last line is cut short' -C flat
	gzip <good | head -c -1 >entries
	refuses 'idx-hash: standard input: gzip data cut short' -C flat
	refuses 'idx-hash: absent: No such file or directory' -C absent
	refuses 'idx-hash: entries: Not a directory' -r entries
	run_apart bash -c 'idx-hash -C flat <&-'
	assert_refused 1 'idx-hash: standard input: Bad file descriptor'
}

@test "idx-hash: usage" {
	local arguments
	for arguments in '' '-C . -r .' '-C . file' '-C . -j 0' '-C . -j 1025' '-C . -j x' -x; do
		# shellcheck disable=SC2086 # words
		run_apart idx-hash $arguments </dev/null
		assert_equal "$status" 2
	done
	run_apart idx-hash --help
	assert_success
	assert_output --partial 'usage: idx-hash'
}

@test "idx-hash: the examples of its page" {
	check_examples "$project/filters/idx-hash.1"
}
