#!/usr/bin/env bats
# shellcheck disable=SC2034 # for inject.bash

# Each filter, when any of its system calls fails: exit 1 with a message that says so, or all
# is as without the failure; never another status, wrong output, half a change, or, under
# sanitizers, a leak. And when reads and writes are interrupted or short, nothing changes.

load helper
load package
load build
load inject

time=2026-05-06T07:08:09Z

new_payload() {
	mkdir -p staged/usr/{bin,share/doc}
	echo hello >staged/usr/bin/hello
	echo read me >staged/usr/share/doc/README
	ln -s ../share/doc/README staged/usr/bin/link
	cat >peipkg.toml <<-'END'
		[meta]
		build_script = "build.sh"

		[[package]]
		name = "hello"
		architecture = "noarch"
		files = ["usr/**"]

		[upstream]
		git = "https://example.org/hello.git"
		tag_pattern = '^v([0-9.]+)$'
	END
}

new_streams() {
	pk-toml <peipkg.toml >raw.json
	pk-recipe <raw.json >recipe.json
	pk-walk staged >walked
	pk-claim recipe.json <walked >claimed
	pk-hash -C staged <claimed >hashed
	pk-manifest -r recipe.json -p hello -v 1.0-1 -t "$time" -f farm -s git <hashed >manifest.json
	pk-pack -C staged -m manifest.json <hashed >tar
	pk-sign -k key.pem <tar >signed
	mkdir new
	pk-zstd <signed >new/hello_1.0-1_noarch.peipkg
}

# Half a megabyte is worth a thread or two.
new_large_package() {
	cp -r staged large
	head -c 500000 /dev/urandom >large/usr/share/random
	pk-walk large | pk-claim recipe.json | pk-hash -C large >large.hashed
	pk-manifest -m manifest.json <large.hashed >large.json
	pk-pack -C large -m large.json <large.hashed | pk-sign -k key.pem | pk-zstd >large.peipkg
}

new_index() {
	local join=(idx-join -r test -i 1 -g "$time")
	idx-entry -k key.pem.pub new/*.peipkg >new.entries
	sed 's/1\.0-1/0.9~rc1-1/g' new.entries >old.entries
	cat old.entries new.entries | idx-merge >archive.entries
	"${join[@]}" -k archive <archive.entries >archive.json
	gzip -nk archive.json
	idx-active <archive.entries | "${join[@]}" -k active >active.json
	repo-desc -c test -k key.pem.pub >repo.json
	idx-sign -k key.pem <archive.json >archive.json.sig
	idx-sign -n <archive.json >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out index.raw
	pk-sign -n <tar >digest
	openssl pkeyutl -sign -rawin -inkey key.pem -in digest -out tar.raw
	mkdir keys
	cp key.pem.pub "keys/$(pk-key -f <key.pem.pub).pub"
}

new_places() {
	mkdir -p repo place/{repo,site,next,empty,bare}
	cp -a new place
	cp -a new copy
	repo-place -C copy repo <new.entries
	echo first >place/site/list
	echo second >place/.new
	echo third >place/.newer
	echo more >place/next/more
}

# What is to be refused.
new_falsehoods() {
	sed 's/read me/READ ME/' signed | pk-zstd >bad.peipkg
	sed 's/"test"/"tset"/' archive.json >bad.json
	sed 's/1\.0-1/1.1-1/g' new.entries >bad.entries
	sed 's/"dependencies":\[\]/"dependencies":[{"name":"absent"}]/' new.entries >needy.entries
	cp -r repo bad-repo
	find bad-repo -name '*.peipkg' -exec sh -c 'head -c -1 "$1" >cut; echo >>cut; mv cut "$1"' - {} \;
	cp -r staged bad-staged
	echo hello, hello >bad-staged/usr/bin/hello
}

new_farm() {
	cat >config.toml <<-'END'
		manager = { id = "example-1", recipes_dir = "/srv/recipes", state_dir = "/srv/f" }
		repo.name = "example"
		signing.key_file = "/etc/peipkg-manager/key.pem"
		poll.default_interval = "5m"
	END
	pk-toml <config.toml >config.json
	farm-recipe -n hello <recipe.json >farm.json
	printf '%040d\trefs/tags/v1.%d\n' 1 0 2 1 >listing
	echo secret >secret
	echo '{"repository":{"clone_url":"https://example.org/hello.git"}}' >body
	hook=sha256=$(openssl dgst -r -sha256 -hmac secret <body | cut -d ' ' -f 1)
	echo "$hook" >hook
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/start"
	cd "$BATS_FILE_TMPDIR/start"
	new_key key.pem
	new_key next.pem
	new_payload
	new_streams
	new_large_package
	new_index
	new_places
	new_farm
	new_falsehoods
	printf 'new/hello_1.0-1_noarch.peipkg\0' >package.list
	printf '1.0~rc1-1\t1.0-1\n' >versions
	printf '1.0-1\t>= 1.0\n' >constraints
	printf 'usr/bin/hello\nusr/share/doc/README\n' >paths
	head -c 1500000 /dev/urandom >random
}

setup() {
	prepare_inject
}

@test "a program that does not look whether it could write is found out" {
	counted=() one_in=1
	run bears /dev/null bash -c 'echo output; exit 0'
	assert_failure
	assert_output --regexp 'call [0-9]+, write.*: done, but not as it should be'
}

@test "pk-toml" {
	bears peipkg.toml pk-toml
	bears /dev/null pk-toml peipkg.toml
}

@test "pk-recipe" {
	bears raw.json pk-recipe
	bears raw.json pk-recipe -u
}

@test "pk-walk" {
	bears /dev/null pk-walk staged
}

@test "pk-glob" {
	bears paths pk-glob usr/bin/*
}

@test "pk-claim" {
	bears walked pk-claim recipe.json
	bears walked pk-claim -m manifest.json
}

@test "pk-hash" {
	bears tar pk-hash
	bears /dev/null pk-hash tar
	bears claimed pk-hash -C staged
}

@test "pk-manifest" {
	bears hashed pk-manifest -r recipe.json -p hello -v 1.0-1 -t "$time" -f farm -s git
	bears hashed pk-manifest -m manifest.json
}

@test "pk-pack" {
	bears hashed pk-pack -C staged -m manifest.json
}

@test "pk-sign" {
	bears tar pk-sign -k key.pem
	bears tar pk-sign -n
	bears tar pk-sign -a tar.raw -p key.pem.pub
}

@test "pk-zstd" {
	bears signed pk-zstd
}

@test "pk-unzstd" {
	bears new/hello_1.0-1_noarch.peipkg pk-unzstd
}

@test "pk-verify" {
	bears new/hello_1.0-1_noarch.peipkg pk-verify -k key.pem.pub
	bears new/hello_1.0-1_noarch.peipkg pk-verify -d repo.json -t "$time"
}

@test "pk-meta" {
	bears new/hello_1.0-1_noarch.peipkg pk-meta
	bears new/hello_1.0-1_noarch.peipkg pk-meta -f
	bears new/hello_1.0-1_noarch.peipkg pk-meta -l
	bears new/hello_1.0-1_noarch.peipkg pk-meta -s
}

@test "pk-get" {
	bears manifest.json pk-get name version
	bears new.entries pk-get -l url
}

@test "pk-key" {
	bears key.pem pk-key
	bears key.pem.pub pk-key -f
}

@test "pk-vercmp" {
	bears versions pk-vercmp
	bears constraints pk-vercmp -c
}

@test "idx-entry" {
	bears /dev/null idx-entry -k key.pem.pub new/hello_1.0-1_noarch.peipkg
	bears package.list idx-entry -0 -k key.pem.pub
	bears /dev/null idx-entry -d repo.json -t "$time" -o archive.json new/hello_1.0-1_noarch.peipkg
}

@test "idx-split" {
	bears archive.json idx-split
	bears archive.json.gz idx-split -m
}

@test "idx-join" {
	bears archive.entries idx-join -k archive -r test -i 1 -g "$time"
}

@test "idx-merge" {
	bears new.entries idx-merge
	bears /dev/null idx-merge archive.json
}

@test "idx-active" {
	bears archive.entries idx-active
}

@test "idx-deps" {
	bears archive.entries idx-deps new.entries
}

@test "idx-prune" {
	bears archive.entries idx-prune -b 2026-06-01T00:00:00Z active.json
}

@test "idx-sign" {
	bears archive.json idx-sign -k key.pem
	bears archive.json idx-sign -n
	bears archive.json idx-sign -a index.raw -p key.pem.pub
}

@test "idx-verify" {
	bears archive.json idx-verify -k key.pem.pub archive.json.sig
	bears archive.json idx-verify -d repo.json -t "$time" archive.json.sig
}

@test "idx-check" {
	bears /dev/null idx-check -t 2026-05-07T00:00:00Z repo.json active.json archive.json
}

@test "idx-hash" {
	bears new.entries idx-hash -j 1 -r repo
}

@test "idx-signer" {
	bears new.entries idx-signer -j 1 -C new
}

@test "repo-desc" {
	bears /dev/null repo-desc -c test -D text -k key.pem.pub
	bears repo.json repo-desc -a next.pem.pub
}

@test "farm-config" {
	bears config.json farm-config
}

@test "farm-recipe" {
	bears recipe.json farm-recipe -n hello
}

@test "farm-tags" {
	bears listing farm-tags -r farm.json
}

@test "farm-hook" {
	bears body farm-hook -s secret -g "$(<hook)"
}

@test "larger ones, with threads" {
	piece=512 varies=4
	bears random pk-zstd
	bears large.peipkg pk-verify -k key.pem.pub
	bears large.hashed pk-hash -C large
	bears new.entries idx-hash -j 2 -r repo
	bears new.entries idx-signer -j 2 -C new
	bears large.hashed pk-pack -C large -m large.json
}

@test "fs-commit" {
	changes=place
	bears /dev/null fs-commit place/.new place/site/list place/.newer place/site/other
	bears /dev/null fs-commit place/next place/empty
	bears /dev/null fs-commit -x place/next place/site
	refuses /dev/null fs-commit place/next place/site
}

# Packages that have their place already may stay there, whole.
left_packages() {
	local file
	while IFS= read -r -d '' file; do
		cmp -s "$1/$file" "$undisturbed/$file" || return 1
	done < <(cd "$1" && find place/repo -type f -print0)
}

@test "repo-place" {
	changes=place
	left_well() {
		left_packages "$@"
	}
	bears new.entries repo-place -C place/new place/repo
}

# A file that is replaced has to be on the disk before; so what cannot be looked at is not
# taken for a name that is free.
@test "repo-place: names that cannot be looked at" {
	local number name looks=0
	mkdir "$BATS_TEST_TMPDIR/place"
	cp -a "$BATS_FILE_TMPDIR/start" "$BATS_TEST_TMPDIR/place/work"
	cd "$BATS_TEST_TMPDIR/place/work"
	echo >repo/p/hello/1.0-1/hello_1.0-1_noarch.peipkg
	echo >repo/p/hello/1.0-1/manifest.json
	cp -a new repo ..
	inject -b -o ../log repo-place -C new repo <new.entries
	while IFS=: read -r number name; do
		rm -r new repo
		cp -a ../{new,repo} .
		run_apart inject -b -n "$number" repo-place -C new repo <new.entries
		assert_equal "$status" 1
		[[ $stderr == *"${name##*/}"*'in its place: Input/output error' ]]
		looks=$((looks + 1))
	done < <(grep -nE '^fstatat.*/p/.*(json|peipkg)$' ../log)
	((looks == 2))
}

@test "what is refused stays refused" {
	refuses bad.peipkg pk-verify -k key.pem.pub
	refuses new/hello_1.0-1_noarch.peipkg pk-verify -k next.pem.pub
	refuses tar pk-sign -a index.raw -p key.pem.pub
	refuses claimed pk-hash -C bad-staged
	refuses hashed pk-pack -C bad-staged -m manifest.json
	refuses bad.json idx-verify -k key.pem.pub archive.json.sig
	refuses bad.json idx-verify -d repo.json -t "$time" archive.json.sig
	refuses archive.json idx-sign -a tar.raw -p key.pem.pub
	refuses new.entries idx-hash -j 1 -r bad-repo
	refuses new.entries idx-merge archive.json
	refuses archive.entries idx-deps needy.entries
	refuses /dev/null idx-check -t "$time" repo.json active.json bad.json
	refuses /dev/null idx-entry -k key.pem.pub bad.peipkg
	expected=3 bears body farm-hook -s secret -g "sha256=$(printf '%064d' 0)"
}
