#!/usr/bin/env bats

load helper
load package

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	new_key_pairs key other
	new_tree
	describe_tree
	tar_tree >unsigned.tar
	sign_archive key.pem <unsigned.tar >signed.tar
	compress <unsigned.tar >unsigned.peipkg
	compress <signed.tar >signed.peipkg
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
}

# refuses MESSAGE FILE [OPTION...]: a package that nothing but its signature or trust in
# it could let through.
refuses() {
	run_apart pk-verify "${@:3}" <"$2"
	assert_output ''
	assert_equal "$stderr" "pk-verify: $1"
	assert_equal "$status" 1
}

# refuses_tar MESSAGE: the same of the unsigned archive on standard input.
refuses_tar() {
	compress >edited.peipkg
	refuses "$1" edited.peipkg -u -k key.pub
}

# refuses_edit MESSAGE ENTRY FIELD=VALUE...: of unsigned.tar, edited.
refuses_edit() {
	edit "${@:2}" <unsigned.tar >edited.tar
	refuses_tar "$1" <edited.tar
}

# accepts_edit ENTRY FIELD=VALUE...
accepts_edit() {
	edit "$@" <unsigned.tar | compress >edited.peipkg
	run_apart pk-verify -u -k key.pub <edited.peipkg
	assert_equal "$stderr" ''
	assert_success
}

# refuses_tree MESSAGE...: of tree with its metadata written by describe_tree (whose
# filter is $filter), these lines in all.
refuses_tree() {
	describe_tree "${filter:-.}"
	tar_tree | compress >edited.peipkg
	run_apart pk-verify -u -k key.pub <edited.peipkg
	assert_output ''
	assert_equal "$status" 1
	printf 'pk-verify: %s\n' "$@" | diff -u - <(printf '%s\n' "$stderr")
}

# What pk-verify has to write about a package, from GNU tar, jq, sha256sum and stat.
document_of() {
	zstd -qdc "$1" >document.tar
	count() {
		tar --quoting-style=escape -tvf document.tar |
			awk -v type="$1" '$6 !~ /^\.peipkg\// && substr($0, 1, 1) == type' | wc -l
	}
	tar -xOf document.tar .peipkg/manifest.json | jq -c \
		--arg hash "$(sha256sum <"$1" | cut -d' ' -f1)" --arg signed_by "$2" \
		--argjson size "$(stat -c %s "$1")" --argjson files "$(count -)" \
		--argjson directories "$(count d)" --argjson links "$(count l)" \
		'{name, version, architecture, hash: $hash, size_compressed: $size, size_installed,
		signed_by: $signed_by, files: $files, directories: $directories, links: $links}'
}

@test "pk-verify: the verdicts of the vectors" {
	need_vectors
	while IFS=$'\t' read -r name _; do
		if pk-verify -u -k "$VECTORS/keys/test.pub.pem" \
			<"$VECTORS/malformed/$name.peipkg" >out 2>messages; then
			assert_equal "$(wc -l <out)" 1
			echo "$name accept" >>verdicts
		else
			assert_equal "$?" 1
			assert_equal "$(wc -c <out)" 0
			[[ -s messages ]]
			echo "$name refuse" >>verdicts
		fi
	done <"$VECTORS/malformed/verdicts.tsv"
	cut -f1,2 --output-delimiter=' ' "$VECTORS/malformed/verdicts.tsv" | diff -u - verdicts
}

@test "pk-verify: what it says of each package of the vectors" {
	need_vectors
	for package in "$VECTORS"/packages/*/expected/*.peipkg "$VECTORS"/repository/incoming/*/*.peipkg; do
		pk-verify -k "$VECTORS/keys/test.pub.pem" <"$package" >ours
		document_of "$package" "$(cat "$VECTORS/keys/test.fingerprint")" | diff -u - ours
	done
}

@test "pk-verify: a package by GNU tar, openssl and zstd" {
	run_apart pk-verify -k key.pub <signed.peipkg
	assert_success
	assert_equal "$stderr" ''
	assert_output "$(document_of signed.peipkg "$(fingerprint key.pub)")"
	# Through a pipe, in small pieces.
	assert_equal "$(dd if=signed.peipkg bs=37 status=none | pk-verify -k key.pub)" "$output"
}

@test "pk-verify: any of several keys" {
	pk-verify -k other.pub -k key.pub <signed.peipkg >ours
	pk-verify -k key.pub -k other.pub <signed.peipkg | cmp - ours
	pk-verify -k <(tail -c 32 <(openssl pkey -pubin -in key.pub -outform DER)) <signed.peipkg |
		cmp - ours
	refuses "signed by $(fingerprint key.pub), which is not trusted [§5.3.4]" \
		signed.peipkg -k other.pub
	refuses "signed by $(fingerprint key.pub), which is not trusted [§5.3.4]" \
		signed.peipkg -u -k other.pub
}

@test "pk-verify: unsigned only with -u" {
	refuses 'not signed [§5.3.4]' unsigned.peipkg -k key.pub
	run_apart pk-verify -u -k key.pub <unsigned.peipkg
	assert_success
	assert_output "$(document_of unsigned.peipkg '')"
	# That of a good signature is told apart all the same.
	assert_equal "$(pk-verify -u -k key.pub <signed.peipkg)" \
		"$(document_of signed.peipkg "$(fingerprint key.pub)")"
}

@test "pk-verify: a signature that says the trusted key and is not its" {
	sign_archive other.pem <unsigned.tar >/dev/null
	sed -i "s/$(fingerprint other.pub)/$(fingerprint key.pub)/" tree/.peipkg/signature
	{
		head -c -1024 unsigned.tar
		printf '%s\0' .peipkg/signature | tar_names
	} | compress >forged.peipkg
	refuses "bad signature by $(fingerprint key.pub) [§5.3.4]" forged.peipkg -k key.pub
	refuses "bad signature by $(fingerprint key.pub) [§5.3.4]" forged.peipkg -u -k key.pub
}

@test "pk-verify: a signature of another package" {
	cp tree/.peipkg/signature kept
	filter='.version = "1.0-2"'
	describe_tree "$filter"
	tar_tree >changed.tar
	cp kept tree/.peipkg/signature
	{
		head -c -1024 changed.tar
		printf '%s\0' .peipkg/signature | tar_names
	} | compress >forged.peipkg
	refuses "bad signature by $(fingerprint key.pub) [§5.3.4]" forged.peipkg -k key.pub
}

@test "pk-verify: the descriptor of a repository" {
	need_vectors
	state=$VECTORS/repository/state1
	for package in "$VECTORS"/repository/incoming/1/*.peipkg; do
		pk-verify -d "$state/repo.json" <"$package" >ours
		document_of "$package" "$(cat "$VECTORS/keys/test.fingerprint")" | diff -u - ours
	done
	refuses "signed by $(fingerprint key.pub), which is not trusted [§5.3.4]" \
		signed.peipkg -d "$state/repo.json"
	cd "$state"
	pk-verify -d repo.json <"$package" | cmp - "$OLDPWD/ours"
}

# descriptor FILTER: repo.json that lists key and other as active, changed by a filter.
descriptor() {
	local key
	mkdir -p keys
	for key in key other; do
		cp "$key.pub" "keys/$(fingerprint "$key.pub").pub"
	done
	jq -n --arg key "$(fingerprint key.pub)" --arg other "$(fingerprint other.pub)" '
		{schema_version: 1, repo: {name: "r", description: "", signing:
			{algorithm: "ed25519", keys: [{fingerprint: $key, url: "/keys/\($key).pub",
			status: "active"}, {fingerprint: $other, url: "/keys/\($other).pub",
			status: "active"}]}}, indexes: {}}
		| .repo.signing.keys[0] |= ('"${1:-.}"') | '"${2:-.}" >repo.json
}

@test "pk-verify: revoked and transitioning keys" {
	key=$(fingerprint key.pub)
	descriptor
	pk-verify -d repo.json <signed.peipkg >ours
	document_of signed.peipkg "$key" | cmp - ours
	descriptor '.status = "revoked"'
	refuses "signed by $key, which is revoked [§5.2.6]" signed.peipkg -d repo.json
	refuses "signed by $key, which is revoked [§5.2.6]" signed.peipkg -u -d repo.json
	descriptor '.status = "revoked" | .valid_until = "2100-01-01T00:00:00Z"'
	refuses "signed by $key, which is revoked [§5.2.6]" signed.peipkg -d repo.json
	descriptor '.status = "transitioning" | .valid_until = "2026-06-01T12:00:00Z"'
	for now in 1970-01-01T00:00:00Z 2026-06-01T11:59:59Z 2026-06-01T12:00:00Z; do
		pk-verify -d repo.json -t "$now" <signed.peipkg | cmp - ours
	done
	for now in 2026-06-01T12:00:01Z 2242-03-16T12:56:31Z; do
		refuses "signed by $key, which is past its valid_until [§5.2.6]" \
			signed.peipkg -d repo.json -t "$now"
	done
	# Without -t, now is now.
	descriptor '.status = "transitioning" | .valid_until = "1999-12-31T23:59:59Z"'
	refuses "signed by $key, which is past its valid_until [§5.2.6]" signed.peipkg -d repo.json
	descriptor '.status = "transitioning" | .valid_until = "2242-03-16T12:56:31Z"'
	pk-verify -d repo.json <signed.peipkg | cmp - ours
	# A date on an active key has no meaning.
	descriptor '.valid_until = "1999-12-31T23:59:59Z"'
	pk-verify -d repo.json <signed.peipkg | cmp - ours
}

@test "pk-verify: a bad descriptor" {
	key=$(fingerprint key.pub)
	refuses 'absent.json: No such file or directory' signed.peipkg -d absent.json
	refuses '.: is a directory' signed.peipkg -d .
	: >repo.json
	refuses 'repo.json: byte 1: cut short [§1.3]' signed.peipkg -d repo.json
	descriptor
	head -c 100 repo.json >cut.json
	run_apart pk-verify -d cut.json <signed.peipkg
	assert_equal "$status" 1
	while IFS='|' read -r key_filter filter message; do
		descriptor "$key_filter" "$filter"
		refuses "repo.json: $message" signed.peipkg -d repo.json
	done <<-END
		.|.schema_version = 2|schema_version: 2, only 1 is known [§3.3]
		.|.repo.signing.algorithm = "rsa"|repo.signing.algorithm: only ed25519 is known [§6.1]
		.|del(.repo)|repo.signing.algorithm: only ed25519 is known [§6.1]
		.|del(.repo.signing.keys)|repo.signing.keys: missing or no array [§6.1]
		.|.repo.signing.keys = {}|repo.signing.keys: missing or no array [§6.1]
		7|.|repo.signing.keys: key 1: fingerprint: missing or empty [§3.3]
		del(.fingerprint)|.|repo.signing.keys: key 1: fingerprint: missing or empty [§3.3]
		.fingerprint = "../$key"|.|repo.signing.keys: key 1: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]
		.fingerprint = "${key^^}"|.|repo.signing.keys: key 1: fingerprint: no SHA-256 in lower-case hexadecimal [§1.3]
		.status = "retired"|.|repo.signing.keys: $key: status: not active, transitioning or revoked [§6.1]
		del(.status)|.|repo.signing.keys: $key: status: not active, transitioning or revoked [§6.1]
		.status = "transitioning"|.|repo.signing.keys: $key: valid_until: missing or empty [§3.3]
	END
	descriptor '.status = "transitioning" | .valid_until = 7'
	refuses "repo.json: repo.signing.keys: $key: valid_until: no string [§3.3]" signed.peipkg -d repo.json
	descriptor '.status = "transitioning" | .valid_until = "2026-06-01"'
	refuses "repo.json: repo.signing.keys: $key: valid_until: timestamp '2026-06-01': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]" \
		signed.peipkg -d repo.json
	# Two entries of one key could differ in their status.
	descriptor . '.repo.signing.keys += [.repo.signing.keys[0] | .status = "revoked"]'
	refuses "repo.json: repo.signing.keys: $key: twice [§6.1]" signed.peipkg -d repo.json
	descriptor . '.repo.signing.keys = []'
	refuses "signed by $key, which is not trusted [§5.3.4]" signed.peipkg -d repo.json
}

@test "pk-verify: key files beside a descriptor" {
	key=$(fingerprint key.pub) other=$(fingerprint other.pub)
	descriptor
	rm "keys/$other.pub"
	refuses "repo.json: repo.signing.keys: keys/$other.pub: No such file or directory" \
		signed.peipkg -d repo.json
	cp key.pub "keys/$other.pub"
	refuses "repo.json: repo.signing.keys: keys/$other.pub: holds the key $key [§6.1.3]" \
		signed.peipkg -d repo.json
	: >"keys/$other.pub"
	refuses "repo.json: repo.signing.keys: keys/$other.pub: is empty" signed.peipkg -d repo.json
	# A revoked one has to be there as well (§6.1).
	descriptor . '.repo.signing.keys[1].status = "revoked"'
	pk-verify -d "$PWD/repo.json" <signed.peipkg >/dev/null
	rm "keys/$other.pub"
	refuses "$PWD/repo.json: repo.signing.keys: $PWD/keys/$other.pub: No such file or directory" \
		signed.peipkg -d "$PWD/repo.json"
}

@test "pk-verify: bad keys" {
	refuses 'absent: No such file or directory' signed.peipkg -k absent
	refuses 'key.pem: holds a private key where a public one is wanted' \
		signed.peipkg -k key.pem
	refuses 'other.pem: holds a private key where a public one is wanted' \
		signed.peipkg -k key.pub -k other.pem
}

@test "pk-verify: cut short at every byte" {
	size=$(stat -c %s signed.peipkg)
	for ((length = 0; length < size; length++)); do
		if head -c "$length" signed.peipkg | pk-verify -u -k key.pub >>out 2>>messages; then
			fail "$length bytes of $size were taken"
		fi
	done
	assert_equal "$(wc -c <out)" 0
	assert_equal "$(wc -l <messages)" "$size"
	sort -u messages | diff -u - <(printf 'pk-verify: standard input: %s\n' \
		'empty, no zstd frame [§3.1.3]' 'the zstd frame is cut short [§3.1.3]')
}

@test "pk-verify: the archive cut short at every block" {
	size=$(stat -c %s unsigned.tar)
	mkdir cut
	for ((length = 0; length < size; length += 512)); do
		head -c "$length" unsigned.tar >"cut/$length"
	done
	zstd -q cut/*
	for file in cut/*.zst; do
		if pk-verify -u -k key.pub <"$file" 2>>messages; then
			fail "$file was taken"
		fi
	done
	sort -u messages | diff -u - <(echo 'pk-verify: archive cut short [§3.1]')
}

@test "pk-verify: garbage" {
	refuses 'standard input: empty, no zstd frame [§3.1.3]' /dev/null -k key.pub
	head -c 100000 /dev/zero >zeros
	refuses 'standard input: not zstd [§3.1.3]' zeros -k key.pub
	compress <zeros >zeros.peipkg
	refuses 'bytes behind the end of the archive [§3.1]' zeros.peipkg -k key.pub
	head -c 1024 zeros | refuses_tar 'no manifest.json or no files.json [§3.2.2]'
	head -c 700 zeros | refuses_tar 'archive cut short [§3.1]'
	yes | head -c 100000 | refuses_tar 'checksum not written as 6 octal digits [§3.1.4]'
	gzip -c <unsigned.tar >unsigned.gz
	refuses 'standard input: gzip, not zstd [§3.1.3]' unsigned.gz -k key.pub
	refuses 'standard input: a bare tar, not zstd [§3.1.3]' signed.tar -k key.pub
}

@test "pk-verify: memory is bounded" {
	limit=60000 # KiB of address space
	(ulimit -v "$limit" && pk-verify --version) 2>/dev/null ||
		skip 'this build needs more address space than that to start'
	bounded() {
		run_apart bash -c "ulimit -v $limit; pk-verify -u -k key.pub"
		assert_output ''
		assert_refused 1 "pk-verify: $1"
	}
	# 14 bytes installed, and 320 MiB for headers and metadata.
	mkdir -p tree/.peipkg
	truncate -s 400M tree/.peipkg/zeros
	printf '%s\0' .peipkg/manifest.json .peipkg/files.json .peipkg/zeros | tar_names |
		compress >metadata.peipkg
	assert [ "$(stat -c %s metadata.peipkg)" -lt 50000 ]
	bounded "standard input: more than $((14 + 320 * 1024 * 1024)) bytes come out [§3.5.4]" \
		<metadata.peipkg
	# Zeros without end behind the archive.
	{
		cat unsigned.tar
		head -c 400M /dev/zero
	} | compress >behind.peipkg
	bounded 'bytes behind the end of the archive [§3.1]' <behind.peipkg
	# Sizes that nothing stands behind.
	for name in .peipkg/manifest.json .peipkg/files.json .peipkg/signature; do
		edit "$name" size=77777777777 <signed.tar | compress >huge.peipkg
		case $name in
		*manifest.json) most=16777216 ;;
		*files.json) most=67108864 ;;
		*) most=65536 ;;
		esac
		bounded "$name: over $most bytes [§3.2.7]" <huge.peipkg
	done
	edit usr/bin/hello size=77777777777 <signed.tar | compress >huge.peipkg
	bounded 'usr/bin/hello: 8589934591 bytes, files.json says 6 [§3.5.3]' <huge.peipkg
}

@test "pk-verify: memory does not grow with the payload" {
	limit=60000
	(ulimit -v "$limit" && pk-verify --version) 2>/dev/null ||
		skip 'this build needs more address space than that to start'
	head -c 150000000 /dev/zero >tree/usr/bin/hello
	describe_tree
	tar_tree | compress >big.peipkg
	run_apart bash -c "ulimit -v $limit; pk-verify -u -k key.pub <big.peipkg"
	assert_success
	assert_equal "$(jq .size_installed <<<"$output")" 150000008
}

@test "pk-verify: header fields, each refused by its name" {
	while IFS='|' read -r field message; do
		refuses_edit "usr/bin/hello: $message" usr/bin/hello "$field"
	done <<'END'
mode=0000755|mode is not 0777 [§3.1.4 #6]
mode=   777 |mode is not 0777 [§3.1.4 #6]
mode=0000777 |mode is not 0777 [§3.1.4 #6]
mode=0004777|mode is not 0777 [§3.1.4 #6]
uid=0001750|owner or group is not 0 [§3.1.4 #3]
uid=|owner or group is not 0 [§3.1.4 #3]
gid=0000001|owner or group is not 0 [§3.1.4 #3]
gid=\x80|owner or group is not 0 [§3.1.4 #3]
size=0000000006 |size not written as 11 octal digits [§3.1.4]
size=          6|size not written as 11 octal digits [§3.1.4]
size=00000000008|size not written as 11 octal digits [§3.1.4]
size=000000000006|size not written as 11 octal digits [§3.1.4]
size=|size not written as 11 octal digits [§3.1.4]
size=-0000000006|size not written as 11 octal digits [§3.1.4]
size=\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x06|size not written as 11 octal digits [§3.1.4]
mtime=15176503771 |time not written as 11 octal digits [§3.1.4]
mtime=1517650377|time not written as 11 octal digits [§3.1.4]
mtime=1517650377z|time not written as 11 octal digits [§3.1.4]
mtime=15176503779|time not written as 11 octal digits [§3.1.4]
mtime=\x80|time not written as 11 octal digits [§3.1.4]
mtime=00000000001|modification time is not the build's [§3.1.4 #2]
typeflag=1|type '1' is no file, directory or symbolic link [§3.2.5]
typeflag=3|type '3' is no file, directory or symbolic link [§3.2.5]
typeflag=4|type '4' is no file, directory or symbolic link [§3.2.5]
typeflag=6|type '6' is no file, directory or symbolic link [§3.2.5]
typeflag=7|type '7' is no file, directory or symbolic link [§3.2.5]
typeflag=g|type 'g' is no file, directory or symbolic link [§3.2.5]
typeflag=D|type 'D' is no file, directory or symbolic link [§3.2.5]
typeflag=K|type 'K' is no file, directory or symbolic link [§3.2.5]
typeflag=L|type 'L' is no file, directory or symbolic link [§3.2.5]
typeflag=M|type 'M' is no file, directory or symbolic link [§3.2.5]
typeflag=S|type 'S' is no file, directory or symbolic link [§3.2.5]
typeflag=V|type 'V' is no file, directory or symbolic link [§3.2.5]
typeflag=N|type 'N' is no file, directory or symbolic link [§3.2.5]
typeflag=\x1b|type '\x1b' is no file, directory or symbolic link [§3.2.5]
typeflag=5|a directory or link with content [§3.2.5]
typeflag=2|a directory or link with content [§3.2.5]
magic=ustar |magic is not ustar, version 00 [§3.1.4 #8]
magic=|magic is not ustar, version 00 [§3.1.4 #8]
version= \x00|magic is not ustar, version 00 [§3.1.4 #8]
version=01|magic is not ustar, version 00 [§3.1.4 #8]
uname=|owner or group name is not root [§3.1.4 #4]
uname=rooty|owner or group name is not root [§3.1.4 #4]
uname=root\x00x|owner or group name is not root [§3.1.4 #4]
gname=wheel|owner or group name is not root [§3.1.4 #4]
devmajor=0000001|device number is not 0 [§3.1.4 #9]
devmajor=0|device number is not 0 [§3.1.4 #9]
devminor=00000000|device number is not 0 [§3.1.4 #9]
devminor=\x80|device number is not 0 [§3.1.4 #9]
padding=\x00\x00x|header padding is not NUL [§3.1.4 #10]
linkname=x|a target on an entry that is no link [§3.1.4 #10]
linkname=\x00x|bytes behind the end of a name [§3.1.4 #10]
prefix=\x00x|bytes behind the end of a name [§3.1.4 #10]
name=usr/bin/hello\x00x|bytes behind the end of a name [§3.1.4 #10]
END
	refuses_edit 'usr/bin/: a directory or link with content [§3.2.5]' usr/bin/ size=00000000001
	refuses_edit 'wrong checksum [§3.1.4]' usr/bin/hello 'chksum=000001\x00 '
	sum=$(perl -ne 'print $1 if m{usr/bin/hello.{135}(.{6})\x00 }s' <(tr '\n' ' ' <unsigned.tar))
	for chksum in "$sum \\x00" "${sum#?}\\x00 " "$sum\\x00\\x00" "$sum  " " ${sum#?}\\x00 "; do
		refuses_edit 'checksum not written as 6 octal digits [§3.1.4]' usr/bin/hello "chksum=$chksum"
	done
}

@test "pk-verify: header fields that may be so" {
	accepts_edit usr/bin/hello 'typeflag=\x00'
	accepts_edit usr/bin/hello devmajor= devminor=
	accepts_edit usr/bin/ devmajor=
	# As deployed writers split a long name; here of a short one.
	accepts_edit usr/bin/hello name=hello prefix=usr/bin
}

@test "pk-verify: names" {
	while IFS='|' read -r entry field message; do
		refuses_edit "$message" "$entry" "$field"
	done <<'END'
usr/bin/hello|name=|: empty component [§3.2.6]
usr/bin/hello|name=usr/bin/hello/|usr/bin/hello/: a slash ends the name of what is no directory [§3.1]
usr/bin/link|name=usr/bin/link/|usr/bin/link/: a slash ends the name of what is no directory [§3.1]
usr/bin/|name=usr/bin|usr/bin: no slash ends the name of a directory [§3.1]
usr/bin/|name=/|/: empty component [§3.2.6]
usr/bin/|name=usr/bin//|usr/bin//: empty component [§3.2.6]
usr/bin/hello|name=usr/../bin/hello|usr/../bin/hello: '.' or '..' component [§3.2.6]
usr/bin/hello|name=..|..: '.' or '..' component [§3.2.6]
usr/bin/hello|name=/usr/bin/hello|/usr/bin/hello: absolute path [§3.2.6]
usr/bin/hello|prefix=/usr|/usr/usr/bin/hello: absolute path [§3.2.6]
usr/bin/hello|name=usr/bin/h\x1b[2Jllo|usr/bin/h\x1b[2Jllo: control character [§3.2.6]
usr/bin/hello|name=.peipkg/hello|.peipkg/hello: metadata behind the payload [§3.2.4]
usr/bin/|name=.peipkg/|.peipkg/: reserved for metadata [§3.2.1]
usr/bin/hello|name=usr/bin/aaa|usr/bin/aaa: not in files.json [§3.5.1]
usr/bin/hello|name=usr/bin/hellp|usr/bin/hello: in files.json, not in the payload [§3.5.1]
usr/bin/hello|name=usr/aaa|usr/aaa: out of order behind usr/bin/ [§3.1.4 #1]
usr/bin/link|name=usr/bin/hello|usr/bin/hello: twice [§3.1.4]
usr/bin/link|name=usr/bin/hello/x|usr/bin/hello/x: usr/bin/hello is no directory [§3.2.6]
usr/share/|name=usr/bin/link/|usr/bin/link/: usr/bin/link is no directory [§3.2.6]
.peipkg/manifest.json|name=.peipkg/manifest.jsom|.peipkg/manifest.jsom: the manifest has to be first [§3.2.3]
.peipkg/manifest.json|typeflag=2|.peipkg/manifest.json: a directory or link with content [§3.2.5]
.peipkg/files.json|name=.peipkg/filet.json|.peipkg/filet.json: files.json has to be second [§3.2.3]
END
	refuses_edit '.peipkg/signature: no regular file [§3.2.4]' \
		usr/bin/link name=.peipkg/signature
	edit usr/bin/hello 'content=hello\x0a\x00!' <unsigned.tar |
		refuses_tar 'usr/bin/hello: padding is not NUL [§3.1.4 #10]'
}

@test "pk-verify: targets of links" {
	while IFS='|' read -r field message; do
		refuses_edit "usr/bin/link: $message" usr/bin/link "$field"
	done <<'END'
linkname=|empty link target [§3.4]
linkname=/usr/share|absolute link target [§3.4]
linkname=a\x1bb|link target: control character [§3.2.6]
linkname=a\x5cb|link target: backslash [§3.2.6]
linkname=a\x00b|bytes behind the end of a name [§3.1.4 #10]
records=24 linkpath=e\xcc\x81aaaaaaaa\x0a|link target: not in Unicode normalization form C [§3.2.6]
END
	accepts_edit usr/bin/link 'linkname=./hello//'
	accepts_edit usr/bin/link 'records=21 linkpath=\xc3\xa9aaaaaa\x0a'
	accepts_edit usr/bin/link "records=115 linkpath=$(printf 'a%.0s' {1..101})\\x0a"
}

@test "pk-verify: extended headers" {
	long=$(printf 'a%.0s' {1..101})
	malformed='PaxHeaders.0/x: malformed extended header [§3.1.4 #12]'
	while IFS='|' read -r records message; do
		refuses_edit "$message" usr/bin/link "records=$records"
	done <<END
|PaxHeaders.0/x: extended header of 0 bytes [§3.1.4 #12]
21 linkpath=\\xc3\\xa9a\\x00aaaa\\x0a|PaxHeaders.0/x: record 'linkpath' holds a NUL [§3.2.6]
20 linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
22 linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
021 linkpath=\\xc3\\xa9aaaaa\\x0a|$malformed
 21 linkpath=\\xc3\\xa9aaaaa\\x0a|$malformed
+21 linkpath=\\xc3\\xa9aaaaa\\x0a|$malformed
2a linkpath=\\xc3\\xa9aaaaaaa\\x0a|$malformed
99999999999999999999 linkpath=\\xc3\\xa9\\x0a|$malformed
18446744073709551637 linkpath=\\xc3\\xa9\\x0a|$malformed
0 linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
1 linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
 linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
21 linkpath=\\xc3\\xa9aaaaaaa|$malformed
21\\x09linkpath=\\xc3\\xa9aaaaaa\\x0a|$malformed
12 linkpath\\x0a|$malformed
5 =\\x0a\\x0a|PaxHeaders.0/x: record '' in an extended header [§3.1.4 #12]
21 linkpath=\\xc3\\xa9aaaaaa\\x0a\\x0a|$malformed
13 linkpath=\\x0a|PaxHeaders.0/x: record 'linkpath' that is not needed [§3.1.4 #12]
13 linkpath=x\\x0a|$malformed
14 linkpath=x\\x0a|PaxHeaders.0/x: record 'linkpath' that is not needed [§3.1.4 #12]
14 path=short\\x0a|PaxHeaders.0/x: record 'path' that is not needed [§3.1.4 #12]
13 mtime=1.5\\x0a|PaxHeaders.0/x: record 'mtime' in an extended header [§3.1.4 #12]
11 Path=\\xc3\\xa9\\x0a|PaxHeaders.0/x: record 'Path' in an extended header [§3.1.4 #12]
14 uname=root\\x0a|PaxHeaders.0/x: record 'uname' in an extended header [§3.1.4 #12]
21 linkpath=\\xc3\\xa9aaaaaa\\x0a21 linkpath=\\xc3\\xa9aaaaaa\\x0a|PaxHeaders.0/x: record 'linkpath' twice [§3.1.4 #12]
111 path=$long\\x0a111 path=$long\\x0a|PaxHeaders.0/x: record 'path' twice [§3.1.4 #12]
END
	refuses_edit "usr/bin/hello: a target on an entry that is no link [§3.1.4 #10]" \
		usr/bin/hello 'records=21 linkpath=\xc3\xa9aaaaaa\x0a'
	record='records=21 linkpath=\xc3\xa9aaaaaa\x0a'
	refuses_edit 'two extended headers in a row [§3.1.4 #12]' usr/bin/link "$record" "$record"
	edit '' "$record" <unsigned.tar |
		refuses_tar 'checksum not written as 6 octal digits [§3.1.4]'
	edit '' "$record" <unsigned.tar | head -c -1024 | refuses_tar 'archive cut short [§3.1]'
	edit usr/bin/link "$record" <unsigned.tar >extended.tar
	edit PaxHeaders.0/x size=00000100000 <extended.tar |
		refuses_tar 'PaxHeaders.0/x: extended header of 32768 bytes [§3.1.4 #12]'
	edit PaxHeaders.0/x magic=xstar <extended.tar |
		refuses_tar 'PaxHeaders.0/x: magic is not ustar, version 00 [§3.1.4 #8]'
	edit PaxHeaders.0/x 'size= 00000000021' <extended.tar |
		refuses_tar 'PaxHeaders.0/x: size not written as 11 octal digits [§3.1.4]'
	edit PaxHeaders.0/x 'content=21 linkpath=\xc3\xa9aaaaaa\x0ax' <extended.tar |
		refuses_tar 'PaxHeaders.0/x: padding is not NUL [§3.1.4 #10]'
	# Nothing else of its header is looked at.
	edit PaxHeaders.0/x mode=x uid=y mtime=z uname=u padding=p <extended.tar |
		compress | pk-verify -u -k key.pub >/dev/null
}

@test "pk-verify: parts of the metadata" {
	for case in "other|.peipkg/manifest.json .peipkg/files.json .peipkg/a .peipkg/b|" \
		'order|.peipkg/manifest.json .peipkg/files.json .peipkg/b .peipkg/a|.peipkg/a: out of order behind .peipkg/b [§3.1.4 #1]' \
		'twice|.peipkg/manifest.json .peipkg/files.json .peipkg/a .peipkg/a|.peipkg/a: twice [§3.1.4]' \
		'between|.peipkg/manifest.json .peipkg/a .peipkg/files.json|.peipkg/a: files.json has to be second [§3.2.3]' \
		'first|.peipkg/a .peipkg/manifest.json .peipkg/files.json|.peipkg/a: the manifest has to be first [§3.2.3]' \
		'only|.peipkg/manifest.json|no manifest.json or no files.json [§3.2.2]' \
		'directory|.peipkg/manifest.json .peipkg/files.json .peipkg/c/|.peipkg/c: no regular file [§3.2.4]' \
		'behind|.peipkg/manifest.json .peipkg/files.json .peipkg/signature .peipkg/z|.peipkg/z: behind the signature, which has to be last [§5.3.4]' \
		'payload|.peipkg/manifest.json .peipkg/files.json .peipkg/signature empty|empty: behind the signature, which has to be last [§5.3.4]' \
		'signatures|.peipkg/manifest.json .peipkg/files.json .peipkg/signature .peipkg/signature|.peipkg/signature: behind the signature, which has to be last [§5.3.4]'; do
		IFS='|' read -r name parts message <<<"$case"
		rm -rf tree
		mkdir -p tree/.peipkg/c
		describe_tree
		echo a >tree/.peipkg/a
		echo b >tree/.peipkg/b
		echo z >tree/.peipkg/z
		: >tree/empty
		read -ra parts <<<"$parts"
		# A good signature: it is looked at before what comes behind it.
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json | tar_names |
			sign_archive key.pem >/dev/null
		printf '%s\0' "${parts[@]}" | tar_names >"$name.tar"
		if [[ -z $message ]]; then
			compress <"$name.tar" | pk-verify -u -k key.pub >/dev/null
		else
			refuses_tar "$message" <"$name.tar"
		fi
	done
}

@test "pk-verify: names of other metadata" {
	mkdir -p tree/.peipkg
	echo other >tree/.peipkg/other
	{
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json .peipkg/other
		payload_names
	} | tar_names >unsigned.tar
	while IFS='|' read -r field message; do
		refuses_edit "$message" .peipkg/other "$field"
	done <<'END'
name=.peipkg/../etc/x|.peipkg/../etc/x: '.' or '..' component [§3.2.6]
name=.peipkg/./x|.peipkg/./x: '.' or '..' component [§3.2.6]
name=.peipkg/a/..|.peipkg/a/..: '.' or '..' component [§3.2.6]
name=.peipkg//manifest.json|.peipkg//manifest.json: empty component [§3.2.6]
name=.peipkg/a\x1b[2J|.peipkg/a\x1b[2J: control character [§3.2.6]
name=.peipkg/a\x5cb|.peipkg/a\b: backslash [§3.2.6]
records=18 path=.peipkg/\xff\x0a|.peipkg/\xff: not UTF-8 [§3.2.6]
END
	refuses_edit $'.peipkg/e\u0301: not in Unicode normalization form C [§3.2.6]' \
		.peipkg/other 'records=20 path=.peipkg/e\xcc\x81\x0a'
	accepts_edit .peipkg/other name=.peipkg/.a/..b/c
	accepts_edit .peipkg/other 'records=19 path=.peipkg/\xc3\xa9\x0a'
}

@test "pk-verify: 100,000 entries, and one more" {
	rm -r tree
	mkdir tree
	describe_tree
	tar_tree >empty.tar
	mkdir tree/opt
	printf 'opt/\0' | tar_names | head -c 512 >header
	entries() {
		perl -e '
			local $/;
			open my $file, "<", "header" or die;
			my $header = <$file>;
			for my $i (2 .. $ARGV[0]) {
				substr($header, 0, 100) = pack "a100", sprintf "opt/%06d/", $i;
				substr($header, 148, 8) = " " x 8;
				substr($header, 148, 8) = sprintf "%06o\0 ", unpack "%32C*", $header;
				print $header;
			}' "$1"
	}
	package() {
		head -c -1024 empty.tar
		cat header
		entries "$1"
		tail -c 1024 empty.tar
	}
	package 100000 | compress >most.peipkg
	run_apart pk-verify -u -k key.pub <most.peipkg
	assert_success
	assert_equal "$(jq -c '[.files, .directories, .links]' <<<"$output")" '[0,100000,0]'
	package 100001 | compress >more.peipkg
	refuses 'more than 100000 payload entries [§3.2.7]' more.peipkg -u -k key.pub
}

@test "pk-verify: everything that is wrong with the layout in one run" {
	rm -r tree
	mkdir -p tree/usr/{local,lib/{x86_64-linux-peios,aarch64-linux-peios},share} tree/{var,boot,run} \
		tree/etc/cron.d
	echo x >tree/usr/local/x
	echo x >tree/usr/lib/direct
	echo x >tree/usr/lib/x86_64-linux-peios/libgood.so.1
	echo x >tree/usr/share/libbad.a
	echo x >tree/var/x
	echo x >tree/run/x
	echo x >tree/boot/kernel
	echo x >tree/etc/cron.d/x
	ln -s ../../../run/x tree/usr/share/outside
	ln -s ../../../.. tree/usr/share/root
	filter=. refuses_tree \
		'warning: hello: boot/kernel: should be a link into usr/lib/<triplet>/ [§3.4.1]' \
		'warning: hello: etc/cron.d/x: a drop-in that is taken from official repositories only [§3.4]' \
		'hello: run/x: not under a permitted destination [§3.4.1]' \
		'hello: usr/lib/aarch64-linux-peios: not in usr/lib/x86_64-linux-peios [§3.4.2]' \
		'hello: usr/lib/direct: directly in usr/lib [§3.4.2]' \
		'hello: usr/local: not under a permitted destination [§3.4.1]' \
		'hello: usr/local/x: not under a permitted destination [§3.4.1]' \
		'hello: usr/share/libbad.a: a library outside usr/lib/<triplet>/ [§3.4.2]' \
		'hello: usr/share/outside -> ../../../run/x: leaves the package [§3.4]' \
		'hello: usr/share/root -> ../../../..: leaves the package [§3.4]' \
		'hello: var/x: var holds directories only [§3.4.4]' \
		'refused for its layout, see above [§3.4]'
}

@test "pk-verify: machine code in a noarch package is a warning" {
	printf '\177ELF\0\0' >tree/usr/bin/hello
	describe_tree '.architecture = "noarch"'
	tar_tree | compress >edited.peipkg
	run_apart pk-verify -u -k key.pub <edited.peipkg
	assert_success
	assert_equal "$stderr" \
		'pk-verify: warning: hello: usr/bin/hello: machine code in a noarch package [§3.4.2]'
}

@test "pk-verify: names with blanks, quotes and other characters" {
	rm -r tree
	mkdir -p tree/usr/share
	for name in 'a b' "quote's" '"quoted"' '*' 'é' ' ' '-x' '😀' '$(id)'; do
		echo "$name" >"tree/usr/share/$name"
	done
	describe_tree
	{
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json
		payload_names
	} >names
	tar -C tree --format=pax --pax-option='delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders.0/%f,exthdr.mtime=0' \
		-b1 --no-recursion --owner=root:0 --group=root:0 --mode=0777 --mtime="$build_time" \
		--null --verbatim-files-from -T names -cf - | compress >names.peipkg
	run_apart pk-verify -u -k key.pub <names.peipkg
	assert_equal "$stderr" ''
	assert_output "$(document_of names.peipkg '')"
}

@test "pk-verify: overrides of security descriptors" {
	# Revision 1, self-relative, no owner, group, lists.
	good=$(printf '\1\0\0\200%16s' '' | tr ' ' '\0' | base64 | tr -d '=\n')
	override() {
		filter=".sd_overrides = [$1]"
		filter=${filter//SD/\"$good\"}
	}
	accepts() {
		override "$1"
		describe_tree "$filter"
		tar_tree | compress | pk-verify -u -k key.pub >/dev/null
	}
	refuses_override() {
		override "$1"
		refuses_tree "$2"
	}
	accepts ''
	accepts '{path: "usr/bin/hello", sd: SD}'
	accepts '{path: "usr", sd: SD}, {path: "usr/bin", sd: SD}, {path: "usr/bin/hello", sd: SD}'
	refuses_override '{path: "usr/bin/", sd: SD}' \
		'sd_overrides: usr/bin/: no such entry [§3.3.5]'
	refuses_override '{path: "usr/bin/absent", sd: SD}' \
		'sd_overrides: usr/bin/absent: no such entry [§3.3.5]'
	refuses_override '{path: ".peipkg/files.json", sd: SD}' \
		'sd_overrides: .peipkg/files.json: no such entry [§3.3.5]'
	refuses_override '{path: "usr/bin/link", sd: SD}' \
		'sd_overrides: usr/bin/link: is a symbolic link [§3.3.5]'
	manifest='.peipkg/manifest.json: sd_overrides'
	refuses_override '{path: "usr/bin", sd: SD}, {path: "usr", sd: SD}' \
		"$manifest: usr: not sorted by path [§3.3.5]"
	refuses_override '{path: "usr", sd: SD}, {path: "usr", sd: SD}' "$manifest: usr: twice [§3.3.5]"
	refuses_override '{path: "", sd: SD}' "$manifest: path: missing or empty [§3.3]"
	refuses_override '{sd: SD}' "$manifest: path: missing or empty [§3.3]"
	refuses_override '{path: "usr"}' "$manifest: usr: sd: missing or empty [§3.3]"
	refuses_override '7' "$manifest: no object [§3.3.5]"
	descriptor_of() {
		printf '%b' "$1" | base64 -w0 | tr -d =
	}
	sd() {
		good=$(descriptor_of "$1") refuses_override '{path: "usr", sd: SD}' \
			"$manifest: usr: sd: $2"
	}
	zeros='\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
	sd "\\1\\0\\0\\200$zeros" '19 bytes are no security descriptor [§3.3.5]'
	sd "\\2\\0\\0\\200$zeros\\0" 'no self-relative security descriptor [§3.3.5]'
	sd "\\1\\0\\200\\0$zeros\\0" 'no self-relative security descriptor [§3.3.5]'
	for at in 0 4 8 12; do
		offset=${zeros:0:2*at}'\024'${zeros:0:2*(15 - at)}
		sd "\\1\\0\\0\\200$offset" 'security descriptor points outside itself [§3.3.5]'
		printf '%b' "\\1\\0\\0\\200${offset/024/023}" | base64 -w0 | tr -d = >inside
		good=$(<inside) accepts '{path: "usr", sd: SD}'
	done
	printf '\1\0\0\200' >long
	head -c 65531 /dev/zero >>long
	good=$(base64 -w0 long | tr -d =)
	printf '%s' "$good" >long.base64
	describe_tree
	jq -c --rawfile sd long.base64 '.sd_overrides = [{path: "usr", sd: $sd}]' \
		tree/.peipkg/manifest.json >manifest.json
	mv manifest.json tree/.peipkg
	tar_tree | compress | pk-verify -u -k key.pub >/dev/null
	printf '\0' >>long
	base64 -w0 long | tr -d = >long.base64
	jq -c --rawfile sd long.base64 '.sd_overrides[0].sd = $sd' \
		tree/.peipkg/manifest.json >manifest.json
	mv manifest.json tree/.peipkg
	tar_tree | refuses_tar "$manifest: usr: sd: 65536 bytes are no security descriptor [§3.3.5]"
}

@test "pk-verify: the time of the manifest is that of the headers" {
	filter='.build.timestamp = "2026-05-06T07:08:10Z"'
	refuses_tree '.peipkg/manifest.json: modification time is not build.timestamp [§3.1.4 #2]'
}

@test "pk-verify: a full disk and a closed pipe are errors" {
	run_apart bash -c 'pk-verify -k key.pub <signed.peipkg >/dev/full'
	assert_refused 1 'pk-verify: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; pk-verify -k key.pub <signed.peipkg; } | true'
	assert_refused 1 'pk-verify: standard output: Broken pipe'
	run_apart bash -c 'pk-verify -k key.pub <signed.peipkg >&-'
	assert_refused 1 'pk-verify: standard output: Bad file descriptor'
	run_apart bash -c 'pk-verify -k key.pub <&-'
	assert_refused 1 'pk-verify: standard input: Bad file descriptor'
	run_apart bash -c 'pk-verify -k key.pub <.'
	assert_refused 1 'pk-verify: standard input: Is a directory'
}

@test "pk-verify: usage" {
	while IFS='|' read -r options message; do
		run_apart bash -c "pk-verify $options <signed.peipkg"
		assert_equal "$status" 2
		assert_output ''
		assert_equal "${stderr_lines[0]}" "pk-verify: $message"
	done <<-'END'
		|either -k or -d is wanted
		-u|either -k or -d is wanted
		-k key.pub -d repo.json|either -k or -d is wanted
		-k key.pub -t 2026-01-01T00:00:00Z|-t goes with -d
		-d repo.json -t yesterday|-t: timestamp 'yesterday': YYYY-MM-DDThh:mm:ssZ is wanted [§3.3]
		-k key.pub signed.peipkg|the package comes on standard input
	END
	run_apart pk-verify --help
	assert_success
	assert_output --partial 'usage: pk-verify'
}

@test "pk-verify: the examples of its page" {
	mkdir fresh
	cd fresh
	check_examples "$project/filters/pk-verify.1"
}
