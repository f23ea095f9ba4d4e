# What the tests of peipkg-repo share: packages made without the programs under test, a
# repository, times that go up. Needs package.bash and build.bash.

# at HOUR: a time of the day on which everything here happens.
at() {
	printf '2026-06-01T%02d:00:00Z' "$1"
}

# new_package DIRECTORY NAME VERSION [ARCHITECTURE [FILTER]]: a package signed by $key
# (default key.pem) under its own file name; FILTER is what jq is to change in its manifest.
new_package() {
	local directory=$1 name=$2 version=$3 architecture=${4-noarch} filter=${5-.}
	mkdir -p "$directory"
	rm -rf tree
	mkdir -p tree/usr/share
	echo "$name $version" >"tree/usr/share/$name"
	describe_tree ".name = \"$name\" | .version = \"$version\" |
		.architecture = \"$architecture\" | $filter"
	tar_tree | sign_archive "${key-key.pem}" | compress \
		>"$directory/${name}_${version}_$architecture.peipkg"
	rm -rf tree
}

# An empty repository, repo, signed by key.pem.
new_repository() {
	[[ -f key.pem ]] || new_key key.pem
	peipkg-repo init --name example --sign-key key.pem --timestamp "$(at 0)" --out repo
}

# publish HOUR NEW OPTION...: into repo, in place.
publish() {
	peipkg-repo publish --in repo --new "$2" --sign-key key.pem --timestamp "$(at "$1")" \
		--out repo "${@:3}"
}

# verify OPTION...: all of repo, at the end of that day.
verify() {
	peipkg-repo verify --repo repo --timestamp "$(at 23)" "$@"
}

fingerprint_of() {
	openssl pkey -in "$1" -pubout -outform DER | tail -c 32 | sha256sum | cut -d ' ' -f 1
}

# snapshot DIRECTORY: what is served of it: each file's hash and each other name.
snapshot() {
	(
		cd "$1"
		find . -name .peipkg-repo -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum
		find . -name .peipkg-repo -prune -o ! -type f -print | sort
	)
}

# A port of this machine on which nobody listens, in $port.
free_port() {
	for port in $(shuf -i 20000-30000 -n 100); do
		(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
	done
	return 1
}
