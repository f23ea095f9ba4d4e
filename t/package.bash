# Packages for the tests, made without the programs under test: by GNU tar, openssl, jq,
# zstd. tree/ in the current directory is what they hold.

build_time=2026-05-06T07:08:09Z

# A small payload: two files, a link, their directories.
new_tree() {
	mkdir -p tree/usr/bin tree/usr/share/doc
	echo hello >tree/usr/bin/hello
	echo read me >tree/usr/share/doc/README
	ln -s ../share/doc/README tree/usr/bin/link
}

# The names of tree's payload in the order of the archive, NUL behind each.
payload_names() {
	(
		cd tree
		find . -mindepth 1 -path ./.peipkg -prune -o \
			-type d -printf '%P/\0' -o -printf '%P\0' | sort -z
	)
}

# Writes the metadata of tree: [FILTER] is what jq is to change in the manifest.
describe_tree() {
	local filter=${1:-.}
	mkdir -p tree/.peipkg
	(
		cd tree
		payload_names_of_files | while IFS= read -r path; do
			printf '%s\t%s\t%s\n' "$(sha256sum <"$path" | cut -d' ' -f1)" \
				"$(stat -c %s "$path")" "$path"
		done
	) | jq -Rnc '{schema_version: 1, algorithm: "sha256", entries:
		[inputs / "\t" | {path: .[2], size: (.[1] | tonumber), hash: .[0]}]}' \
		>tree/.peipkg/files.json
	jq -c --arg time "$build_time" "{
		schema_version: 1, name: \"hello\", version: \"1.0-1\", architecture: \"x86_64\",
		dependencies: [], conflicts: [],
		size_installed: ([.entries[].size] | add // 0), sd_overrides: [],
		build: {timestamp: \$time, farm_id: \"farm\", source_ref: \"git\"}
		} | $filter" tree/.peipkg/files.json >tree/.peipkg/manifest.json
}

payload_names_of_files() {
	find . -path ./.peipkg -prune -o -type f -printf '%P\n' | sort
}

# tar_of NAME...: those names of tree as an archive with its trailer, on standard output;
# names come NUL-terminated on standard input.
tar_names() {
	tar -C tree --format=ustar -b1 --no-recursion --hard-dereference \
		--owner=root:0 --group=root:0 --mode=0777 --mtime="$build_time" \
		--null --verbatim-files-from -T - -cf -
}

# tree as an unsigned archive.
tar_tree() {
	{
		printf '%s\0' .peipkg/manifest.json .peipkg/files.json
		payload_names
	} | tar_names
}

# An unsigned archive on standard input, signed by KEY (PEM), on standard output.
sign_archive() {
	local key=$1 fingerprint
	head -c -1024 >to-sign
	sha256sum to-sign | cut -d' ' -f1 | xxd -r -p >digest
	openssl pkeyutl -sign -rawin -inkey "$key" -in digest -out raw-signature
	fingerprint=$(openssl pkey -in "$key" -pubout -outform DER | tail -c 32 | sha256sum)
	printf '{"schema_version":1,"algorithm":"ed25519","key_fingerprint":"%s","signature":"%s"}\n' \
		"${fingerprint%% *}" "$(base64 -w0 raw-signature | tr -d =)" >tree/.peipkg/signature
	cat to-sign
	printf '%s\0' .peipkg/signature | tar_names
}

# tar-edit, see there.
edit() {
	"$BATS_TEST_DIRNAME/tar-edit" "$@"
}

# An archive on standard input as a package on standard output.
compress() {
	zstd -qc --no-check
}
