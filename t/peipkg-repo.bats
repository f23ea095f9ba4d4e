#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2034,SC2314 # each test is a process of its own

load helper
load package
load build
load repository

setup() {
	enter_workshop
}

# same_state DIRECTORY NAME: every byte of what the vectors hold of that state.
same_state() {
	local file
	while IFS= read -r file; do
		cmp "$1/$file" "$VECTORS/repository/$2/$file"
	done < <(cd "$VECTORS/repository/$2" && find . -type f ! -name packages.txt)
	diff <(cd "$1" && find p -name '*.peipkg' 2>/dev/null | sort) \
		"$VECTORS/repository/$2/packages.txt"
}

vectors_key() {
	(umask 077 && cp "$VECTORS/keys/test.ed25519.pem" key.pem)
}

vectors_init() {
	peipkg-repo init --name vectors --description 'Quotes " and <tags> & é' \
		--sign-key key.pem --timestamp 2026-03-05T00:00:00Z --out "$1"
}

# vectors_publish IN HOUR INCOMING OUT OPTION...
vectors_publish() {
	mkdir -p empty
	peipkg-repo publish --in "$1" --new "$3" --sign-key key.pem \
		--timestamp "2026-03-05T0$2:00:00Z" --out "$4" "${@:5}"
}

@test "peipkg-repo: the vectors' states, byte for byte, each beside the one before" {
	local incoming=$VECTORS/repository/incoming
	need_vectors
	vectors_key
	run_apart vectors_init state0
	assert_success
	assert_equal "$output" 'initialised repository "vectors" at state0'
	same_state state0 state0
	run_apart vectors_publish state0 1 "$incoming/1" state1
	assert_success
	assert_equal "$output" 'published index_version 2 (3 new packages)
  + alpha_1.0-1_x86_64.peipkg
  + beta_1.0~rc1-1_x86_64.peipkg
  + gamma_2.0-1_noarch.peipkg'
	same_state state1 state1
	vectors_publish state1 2 "$incoming/2" state2
	same_state state2 state2
	run_apart vectors_publish state2 3 empty state3
	assert_equal "$output" 'published index_version 4 (0 new packages)'
	same_state state3 state3
	vectors_publish state3 4 "$incoming/3" state4 --package-url-template \
		'https://example.org/dl/{name}/{version}/{arch}/{filename}'
	same_state state4 state4
	for state in state0 state1 state2 state3; do
		[[ ! -e $state/.peipkg-repo ]]
	done
}

@test "peipkg-repo: the vectors' states in place, and what lies beside a package" {
	local incoming=$VECTORS/repository/incoming package
	need_vectors
	vectors_key
	vectors_init repo
	for i in 1 2; do
		vectors_publish repo "$i" "$incoming/$i" repo
		same_state repo "state$i"
	done
	for package in repo/p/*/*/*.peipkg; do
		cmp "$package" "$incoming"/[12]/"${package##*/}"
		zstd -dc "$package" | tar -xO .peipkg/manifest.json |
			cmp - "${package%/*}/manifest.json"
		zstd -dc "$package" | tar -xO .peipkg/files.json | cmp - "${package%/*}/files.json"
	done
	assert_equal "$(find repo/p -type f | wc -l)" 21
	cmp repo/.peipkg-repo/previous/archive.json "$VECTORS/repository/state1/index/archive.json"
}

@test "peipkg-repo init: into an empty directory, with a key of each kind" {
	mkdir repo
	new_repository
	assert_equal "$(jq -c '[.repo.name, .repo.description, .repo.signing.keys[0].fingerprint]' \
		repo/repo.json)" "[\"example\",\"\",\"$(fingerprint_of key.pem)\"]"
	cmp repo/keys/"$(fingerprint_of key.pem)".pub key.pem.pub
	assert_equal "$(stat -c %a repo repo/index repo/repo.json repo/keys/* | sort -u)" \
		$'644\n755'
	openssl pkey -in key.pem -outform DER | tail -c 32 >seed
	chmod 600 seed
	peipkg-repo init --name example --sign-key seed --timestamp "$(at 0)" --out again
	diff -r repo again
}

@test "peipkg-repo: --sign-command signs what --sign-key does" {
	new_repository
	new_package new hello 1.0-1
	sign=(--sign-command 'cat >d; openssl pkeyutl -sign -rawin -inkey key.pem -in d'
		--public-key key.pem.pub)
	peipkg-repo init --name example "${sign[@]}" --timestamp "$(at 0)" --out other
	diff -r repo other
	publish 1 new
	peipkg-repo publish --in other --new new "${sign[@]}" --timestamp "$(at 1)" --out other
	assert_equal "$(snapshot repo)" "$(snapshot other)"
	run_apart peipkg-repo publish --in other --new empty --sign-command 'cat >/dev/null; exit 3' \
		--public-key key.pem.pub --timestamp "$(at 1)" --out other
	assert_refused 1 'peipkg-repo: empty: no such directory'
	mkdir empty
	run_apart peipkg-repo publish --in other --new empty --sign-command 'cat >/dev/null; exit 3' \
		--public-key key.pem.pub --timestamp "$(at 1)" --out other
	assert_refused 1 'peipkg-repo: --sign-command: exit status 3'
	assert_equal "$(snapshot repo)" "$(snapshot other)"
}

@test "peipkg-repo: what a --sign-command leaves running holds no lock" {
	new_repository
	mkdir empty
	run_apart peipkg-repo publish --in repo --new empty --public-key key.pem.pub --sign-command \
		"sleep $ages >&2 & cat >d; openssl pkeyutl -sign -rawin -inkey key.pem -in d" \
		--timestamp "$(at 1)" --out repo
	assert_success
	run ! nobody_sleeps
	flock -n repo/.peipkg-repo/lock true
	pkill -fx "sleep $ages"
}

@test "peipkg-repo publish: nothing changes --in while it is copied to --out" {
	new_repository
	mkdir empty
	publish 1 empty
	before_real cp <<-'END'
		[[ $* != *"$work/repo"* ]] || flock -n "$work/repo/.peipkg-repo/lock" true || echo locked >>"$work/said"
	END
	peipkg-repo publish --in repo --new empty --sign-key key.pem \
		--timestamp "$(at 2)" --out other
	assert_equal "$(<said)" locked
}

@test "peipkg-repo publish: the same bytes whatever the umask, locale and directory order" {
	new_repository
	for version in 1.0-1 1.1-1 2.0~rc1-1; do
		new_package new hello "$version"
		new_package new "a+b" "$version"
	done
	cp -a repo other
	publish 1 new
	mkdir reversed
	find new -type f | sort -r | xargs cp -t reversed
	(umask 077 && LC_ALL=C TZ=America/New_York peipkg-repo publish --in other --new reversed \
		--sign-key key.pem --timestamp "$(at 1)" --out other)
	assert_equal "$(snapshot repo)" "$(snapshot other)"
	assert_equal "$(find other -path '*/.peipkg-repo' -prune -o -printf '%m\n' | sort -u)" \
		$'644\n755'
}

@test "peipkg-repo publish: what a static host and a page of packages have there stays" {
	new_repository
	new_package new hello 1.0-1
	mkdir repo/assets
	echo page >repo/index.html
	echo style >repo/assets/a.css
	publish 1 new
	assert_equal "$(cat repo/index.html repo/assets/a.css)" $'page\nstyle'
}

@test "peipkg-repo publish: repo.json is replaced each time, its bytes the same" {
	new_repository
	mkdir new
	before=$(stat -c %i repo/repo.json)
	sum=$(sha256sum repo/repo.json repo/repo.json.sig)
	publish 1 new
	[[ $(stat -c %i repo/repo.json) != "$before" ]]
	assert_equal "$(sha256sum repo/repo.json repo/repo.json.sig)" "$sum"
}

@test "peipkg-repo publish: --dry-run says what it would do, and does nothing" {
	new_repository
	new_package new hello 1.0-1
	before=$(snapshot repo)
	run_apart publish 1 new --dry-run
	assert_success
	assert_equal "$output" 'would publish index_version 2 (1 new packages)
  + hello_1.0-1_noarch.peipkg'
	assert_equal "$(snapshot repo)" "$before"
	assert_equal "$(ls repo/.peipkg-repo)" lock
}

@test "peipkg-repo publish: debug packages and other files are passed over" {
	new_repository
	new_package new hello 1.0-1
	echo x >new/hello_1.0-1_noarch.debug.peipkg
	echo x >new/notes.txt
	mkdir new/directory.peipkg
	publish 1 new
	assert_equal "$(jq -r '.packages[].name' repo/index/archive.json)" hello
}

@test "peipkg-repo publish: dependencies that nothing here satisfies" {
	new_repository
	new_package new hello 1.0-1 noarch '.dependencies = [{name: "greeter", constraint: ">= 2"}]'
	before=$(snapshot repo)
	run_apart publish 1 new --check-deps error
	assert_equal "$status" 1
	[[ $stderr == *'hello_1.0-1_noarch: needs greeter >= 2'* ]]
	assert_equal "$(snapshot repo)" "$before"
	run_apart publish 1 new --check-deps off
	assert_success
	assert_equal "$stderr" ''
	new_package more hello 1.1-1 noarch '.dependencies = [{name: "greeter", constraint: ">= 2"}]'
	run_apart publish 2 more
	assert_success
	[[ $stderr == *'warning: hello_1.1-1_noarch: needs greeter >= 2'* ]]
	new_package last greeter 2.1-1
	new_package last hello 1.2-1 noarch '.dependencies = [{name: "greeter", constraint: ">= 2"}]'
	run_apart publish 3 last --check-deps error
	assert_success
}

@test "peipkg-repo publish: --precompress, and what is published without" {
	new_repository
	new_package new hello 1.0-1
	publish 1 new --precompress gzip,zstd
	for kind in active archive; do
		gzip -dc "repo/index/$kind.json.gz" | cmp - "repo/index/$kind.json"
		zstd -dc "repo/index/$kind.json.zst" | cmp - "repo/index/$kind.json"
	done
	verify
	cp -a repo other
	echo | gzip >other/index/active.json.gz
	run_apart peipkg-repo verify --repo other --timestamp "$(at 23)"
	assert_equal "$status" 1
	assert_equal "$stderr" 'FAIL: index/active.json.gz: not index/active.json compressed
peipkg-repo: 1 issues found'
	mkdir empty
	publish 2 empty
	assert_equal "$(cd repo/index && echo *)" \
		'active.json active.json.sig archive.json archive.json.sig'
}

@test "peipkg-repo publish: --rebuild makes the same entries, and keeps recorded URLs" {
	new_repository
	new_package one hello 1.0-1
	new_package two hello 1.1-1
	new_package two other 2:3.0-1 x86_64
	publish 1 one --package-url-template 'https://example.org/{filename}'
	publish 2 two
	mkdir all
	cp one/* two/* all
	jq -c .packages repo/index/archive.json >before
	cp -a repo lost
	echo broken >lost/index/active.json
	run_apart peipkg-repo publish --in lost --rebuild --all-packages-dir all --sign-key key.pem \
		--timestamp "$(at 3)" --out lost
	assert_success
	assert_equal "${lines[0]}" 'published index_version 4 (3 new packages)'
	jq -c .packages lost/index/archive.json | cmp - before
	peipkg-repo verify --repo lost --all-packages-dir all --timestamp "$(at 23)"
	# From its own p/, without the package that lies elsewhere.
	run_apart publish 3 two --rebuild --all-packages-dir repo/p
	assert_equal "$status" 1
	run_apart peipkg-repo publish --in repo --rebuild --all-packages-dir repo/p \
		--sign-key key.pem --timestamp "$(at 3)" --out repo
	assert_success
	[[ $stderr == *'warning: hello_1.0-1_noarch.peipkg: in the old archive, not in --all-packages-dir'* ]]
	assert_equal "$(jq -r '.packages[].version' repo/index/archive.json)" $'1.1-1\n2:3.0-1'
	verify
}

@test "peipkg-repo publish: --rebuild without an index that can be trusted wants a floor" {
	new_repository
	new_package new hello 1.0-1
	publish 1 new
	echo x >repo/index/active.json
	echo x >repo/index/archive.json
	run_apart peipkg-repo publish --in repo --rebuild --all-packages-dir new --sign-key key.pem \
		--timestamp "$(at 2)" --out repo
	assert_refused 1 'peipkg-repo: --index-version-floor is wanted: no old index says which versions clients have seen [§6.2.3]'
	run_apart peipkg-repo publish --in repo --rebuild --all-packages-dir new --sign-key key.pem \
		--timestamp "$(at 2)" --out repo --index-version-floor 41
	assert_success
	assert_equal "${lines[0]}" 'published index_version 42 (1 new packages)'
	verify
}

@test "peipkg-repo prune-prerelease: old pre-releases go, entry and file, nothing else" {
	new_repository
	new_package new hello 1.0~rc1-1
	new_package new hello 1.0-1
	new_package new other 2.0~beta-1
	new_package new hello 0.9-1
	publish 1 new
	before=$(snapshot repo)
	prune() {
		peipkg-repo prune-prerelease --repo repo --sign-key key.pem "$@"
	}
	run_apart prune --older-than 90d --timestamp "$(at 2)"
	assert_success
	assert_equal "$output" 'nothing to prune'
	run_apart prune --older-than 20d --timestamp "$(at 2)" --dry-run
	assert_equal "$output" $'would prune 1 pre-releases\n  - hello_1.0~rc1-1_noarch.peipkg'
	assert_equal "$(snapshot repo)" "$before"
	run_apart prune --older-than 20d --timestamp "$(at 2)"
	assert_success
	assert_equal "$output" $'pruned 1 pre-releases\n  - hello_1.0~rc1-1_noarch.peipkg\npublished index_version 3'
	assert_equal "$(jq -r '.packages[] | .name + " " + .version' repo/index/archive.json)" \
		$'hello 1.0-1\nhello 0.9-1\nother 2.0~beta-1'
	assert_equal "$(ls repo/p/hello repo/p/hello/1.0-1)" 'repo/p/hello:
0.9-1
1.0-1

repo/p/hello/1.0-1:
files.json
hello_1.0-1_noarch.peipkg
manifest.json'
	verify
	run_apart prune --older-than ninety --timestamp "$(at 3)"
	assert_equal "$status" 2
}

@test "peipkg-repo prune-prerelease: a path without / is one below the repository (§9)" {
	local place=p/hello/1.0~rc1-1
	new_repository
	new_package new hello 1.0~rc1-1
	new_package new hello 1.0-1
	publish 1 new
	sed -i "s#\"/$place/#\"$place/#" repo/index/archive.json
	idx-sign -k key.pem <repo/index/archive.json >repo/index/archive.json.sig
	verify
	mkdir -p "repo$place"
	touch "repo$place/hello_1.0~rc1-1_noarch.peipkg" "repo/$place/note"
	peipkg-repo prune-prerelease --repo repo --sign-key key.pem --older-than 20d \
		--timestamp "$(at 2)"
	assert_equal "$(ls "repo$place")" hello_1.0~rc1-1_noarch.peipkg
	assert_equal "$(ls "repo/$place")" note
	verify
}

@test "peipkg-repo prune-prerelease: what is reserved beside a package goes with it (§6.4.4)" {
	local file=repo/p/hello/1.0~rc1-1/hello_1.0~rc1-1_noarch.peipkg
	new_repository
	new_package new hello 1.0~rc1-1
	new_package new hello 1.0-1
	publish 1 new
	touch "$file".{sbom.json,attestation.json,debug.peipkg}
	peipkg-repo prune-prerelease --repo repo --sign-key key.pem --older-than 20d \
		--timestamp "$(at 2)"
	assert_equal "$(ls repo/p/hello)" 1.0-1
	verify
}

@test "peipkg-repo: an empty description, an empty template: as if not given" {
	new_key key.pem
	peipkg-repo init --name example --description '' --sign-key key.pem \
		--timestamp "$(at 0)" --out repo
	jq -e '.repo.description == null or .repo.description == ""' repo/repo.json
	new_package new hello 1.0-1
	publish 1 new --package-url-template=
	assert_equal "$(jq -r '.packages[].url' repo/index/active.json)" \
		/p/hello/1.0-1/hello_1.0-1_noarch.peipkg
}

@test "peipkg-repo list: a table, or the index" {
	new_repository
	new_package new hello 1.0-1
	new_package new hello 1.1-1
	publish 1 new
	run_apart peipkg-repo list --repo repo
	assert_equal "$output" \
		'NAME   VERSION  ARCHITECTURE  INSTALLED  BUILT
hello  1.1-1    noarch        12         2026-05-06T07:08:09Z'
	run_apart peipkg-repo list --repo repo --all
	assert_equal "${#lines[@]}" 3
	peipkg-repo list --repo repo --json | cmp - repo/index/active.json
	peipkg-repo list --repo repo --all --json | cmp - repo/index/archive.json
}

@test "peipkg-repo serve: what is published, and nothing else" {
	command -v lighttpd >/dev/null || [[ -x /usr/sbin/lighttpd ]] || skip 'no lighttpd here'
	new_repository
	new_package new hello 1:1.0+b-1
	publish 1 new
	free_port
	env --default-signal peipkg-repo serve --repo repo --addr "127.0.0.1:$port" >said 2>&1 3>&- &
	server=$!
	base=http://127.0.0.1:$port
	await 'curl -sf "$base/repo.json" >got'
	cmp got repo/repo.json
	curl -sf "$base/p/hello/1:1.0+b-1/hello_1:1.0+b-1_noarch.peipkg" |
		cmp - new/hello_1:1.0+b-1_noarch.peipkg
	assert_equal "$(curl -s -o /dev/null -w '%{http_code}' "$base/.peipkg-repo/lock")" 403
	assert_equal "$(curl -s -o /dev/null -w '%{http_code}' -X PUT -d x "$base/repo.json")" 501
	assert_equal "$(curl -s -o /dev/null -w '%{content_type}' "$base/index/active.json")" \
		application/json
	mkdir empty
	publish 2 empty
	curl -sf "$base/index/active.json" | cmp - repo/index/active.json
	kill -TERM "$server"
	status=0
	wait "$server" || status=$?
	assert_equal "$status" 143
	assert_equal "$(ls -A tmp)" ''
}

@test "peipkg-repo: the examples of its page" {
	check_examples "$project/bin/peipkg-repo.1"
}
