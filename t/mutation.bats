#!/usr/bin/env bats

# Each single bit of what is signed, flipped: the programs refuse every one of these
# packages, indexes, descriptors and signatures.
#
# Under a sanitizer, where a program takes 50 times as long to start, one bit in 61 is taken;
# EVERY_STEP=1 takes all.

load helper
load package
load build
load repository

# A repository, and in it the smallest package with a file and a link.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR enter_workshop
	new_repository
	openssl pkey -in key.pem -pubout -out key.pub
	mkdir -p tree/usr/share new
	echo a >tree/usr/share/a
	ln -s a tree/usr/share/b
	describe_tree '.architecture = "noarch"'
	printf '%s\0' .peipkg/manifest.json .peipkg/files.json usr/share/a usr/share/b |
		tar_names | sign_archive key.pem >signed.tar
	compress <signed.tar >new/hello_1.0-1_noarch.peipkg
	publish 1 new
}

setup() {
	enter_workshop
	cp -a "$BATS_FILE_TMPDIR/work/." .
	PATH=$project/${BUILD:-build}/t/static:$PATH:$project/${BUILD:-build}/t
	every=1
	[[ -z ${ASAN_OPTIONS-} || -n ${EVERY_STEP-} ]] || every=61
	package=hello_1.0-1_noarch.peipkg
}

flips_of() {
	echo $((($(stat -c %s "$1") * 8 + every - 1) / every))
}

# all_refused FILE [OPTION...] -- COMMAND...: whichever of its bits is flipped, by exit
# status 1 and a message each time.
all_refused() {
	local file=$1 options=() flips
	for (( ; $# > 0; )); do
		shift
		[[ $1 != -- ]] || break
		options+=("$1")
	done
	shift
	flips=$(flips_of "$file")
	flip -n "$every" "${options[@]}" "$file" "$@" >outcome 2>messages
	assert_equal "$(<outcome)" "$flips flips, $flips refused"
	run ! grep -v "^$1: " messages
	assert [ "$(wc -l <messages)" -ge "$flips" ]
}

hash_of() {
	sha256sum <"$1" | cut -d ' ' -f 1
}

@test "mutation: the archive of a package" {
	all_refused signed.tar -z -- pk-verify -k key.pub
}

@test "mutation: an index, and its signature" {
	all_refused repo/index/archive.json -- idx-verify -k key.pub repo/index/archive.json.sig
	all_refused repo/index/archive.json.sig -i repo/index/archive.json -- \
		idx-verify -d repo/repo.json /dev/fd/3
}

@test "mutation: a descriptor, and its signature" {
	all_refused repo/repo.json -- idx-verify -k key.pub repo/repo.json.sig
	all_refused repo/repo.json.sig -i repo/repo.json -- idx-verify -k key.pub /dev/fd/3
}

# A frame has bits that change nothing of what comes out: one in its header that no decoder
# looks at, the size of its window, codes that stand for the same bytes.
@test "mutation: a package's file, refused or caught by its hash in the index" {
	published=repo/p/hello/1.0-1/$package
	cp "$published" file
	idx-split repo/index/active.json >entries
	idx-hash -r repo <entries
	mkdir accepted
	[[ $every -eq 1 ]] || every=12 # and that one bit of the header
	flip -n "$every" -a accepted file pk-verify -k key.pub >outcome 2>messages
	count=$(find accepted -type f | wc -l)
	flips=$(flips_of file)
	assert_equal "$(<outcome)" "$flips flips, $((flips - count)) refused"
	run ! grep -v '^pk-verify: ' messages
	assert_file_exist accepted/4.4
	for flipped in accepted/*; do
		zstd -qdc <"$flipped" | cmp - signed.tar
		cp "$flipped" "$published"
		mismatch="hash mismatch: $package computed $(hash_of "$flipped") index claims $(hash_of file)"
		run_apart idx-hash -r repo <entries
		assert_refused 1 "idx-hash: $mismatch"
	done
}

@test "mutation: peipkg-repo verify finds the bit that no decoder looks at" {
	published=repo/p/hello/1.0-1/$package
	verify
	cp "$published" file
	perl -0777 -pe 'substr($_, 4, 1) ^= "\x10"' <file >"$published"
	pk-verify -k key.pub <"$published"
	run_apart verify
	assert_refused 1 'peipkg-repo: 1 issues found'
	assert_equal "${stderr_lines[0]}" \
		"FAIL: hash mismatch: $package computed $(hash_of "$published") index claims $(hash_of file)"
}
