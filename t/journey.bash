# A journey through peipkg-build and peipkg-repo, for tests that take it twice: once in peace,
# and once more with hostile names or in a hostile environment. What is made and what is said
# has to be the same. Needs build.bash.

# shellcheck shell=bash disable=SC2119,SC2120,SC2154 # prefixes may be none; what helper.bash sets

programs=$project/${BUILD:-build}/bin

odd='' # what stands before and behind every name of a journey

# new_world DIRECTORY: what a journey needs, in a directory that is made for it.
new_world() {
	mkdir -- "$1"
	(
		cd -- "$1"
		new_hello
		add_second_package
		new_key key
		new_key other
		mkdir -p tmp said tree/usr/share
		echo packed >tree/usr/share/packed
		cat >manifest <<-'JSON'
			{"name":"packed","version":"1.0-1","architecture":"noarch","description":"Packed",
			"license":"MIT","dependencies":[],"conflicts":[],
			"build":{"timestamp":"2026-05-06T07:08:09Z","farm_id":"farm","source_ref":"v1.0"}}
		JSON
		cat >sign <<-'COMMAND'
			PATH=/usr/bin:/bin
			cat >"$0.digest"
			openssl pkeyutl -sign -rawin -inkey "$1" -in "$0.digest"
			rm -- "$0.digest"
		COMMAND
	)
}

# step NAME COMMAND...: what it says and its status, into said/NAME.*.
step() {
	local status=0 said=$PWD/said/$1
	"${@:2}" >"$said.out" 2>"$said.err" || status=$?
	echo "$status" >"$said.status"
}

# journey [PREFIX...]: the programs, each behind a prefix, in the current directory.
journey() {
	local recipe=${odd}recipe$odd source=${odd}source$odd key=${odd}key$odd out=${odd}out$odd
	local repo=${odd}repo$odd command='sh "$SIGN" "$SIGN_KEY"'
	local build=("$@" "$programs/peipkg-build") repository=("$@" "$programs/peipkg-repo")
	export SIGN=./${odd}sign$odd SIGN_KEY=./$key
	step build "${build[@]}" build --recipe "$recipe/peipkg.toml" --source "$source" \
		"${facts[@]}" --out "$out" --sign-key "$key" --build-env "A=$odd"
	step pack "${build[@]}" pack --manifest "${odd}manifest$odd" --staged "${odd}tree$odd" \
		--out "$out/packed_1.0-1_noarch.peipkg" --sign-command "$command" \
		--public-key "${odd}key.pub$odd"
	step lint "${build[@]}" lint --recipe "$recipe/peipkg.toml"
	step init "${repository[@]}" init --name example --sign-key "$key" \
		--timestamp 2026-06-01T00:00:00Z --out "$repo"
	step publish "${repository[@]}" publish --in "$repo" --new "$out" \
		--sign-command "$command" --public-key "${odd}key.pub$odd" \
		--timestamp 2026-06-01T01:00:00Z --precompress gzip,zstd --out "$repo"
	step again "${repository[@]}" publish --in "$repo" --new "$out" --sign-key "$key" \
		--timestamp 2026-06-01T02:00:00Z --out "$repo"
	step rebuild "${repository[@]}" publish --in "$repo" --rebuild \
		--all-packages-dir "$out" --sign-key "$key" --timestamp 2026-06-01T03:00:00Z \
		--out "${odd}copy$odd"
	step add-key "${repository[@]}" add-key --repo "$repo" --sign-key "$key" \
		--new-key "${odd}other$odd" --timestamp 2026-06-01T04:00:00Z
	step prune "${repository[@]}" prune-prerelease --repo "$repo" --older-than 90d \
		--sign-key "${odd}other$odd" --timestamp 2026-06-01T05:00:00Z
	step verify "${repository[@]}" verify --repo "$repo" --all-packages-dir "$out" \
		--timestamp 2026-06-01T06:00:00Z
	step list "${repository[@]}" list --repo "$repo" --timestamp 2026-06-01T06:00:00Z
	step usage "${repository[@]}" frobnicate
}

# made: the bytes and names of all that is in the current directory, but for what is odd.
made() {
	local record
	{
		find . -path ./said -prune -o ! -name lock -type f -print0 | xargs -0 sha256sum -z
		find . -path ./said -prune -o ! -type f -print0
	} | while IFS= read -r -d '' record; do
		printf '%s\n' "${record//"$odd"/}"
	done | LC_ALL=C sort
}

# said SUFFIX...: what a journey said, but for what is odd and for the place where it went.
said() {
	local suffix file text
	for suffix; do
		for file in said/*."$suffix"; do
			text=$(<"$file")
			text=${text//"$PWD/"/}
			printf '%s:\n%s\n' "$file" "${text//"$odd"/}"
		done
	done
}

# travel_in_peace: the journey that others are compared with, in $clean, which has to be one
# worth comparing with; `world` is where it starts from.
travel_in_peace() {
	export world=$BATS_FILE_TMPDIR/world clean=$BATS_FILE_TMPDIR/clean
	new_world "$world"
	cp -a "$world" "$clean"
	cd "$clean"
	TMPDIR=$PWD/tmp journey
	made >"$clean.made"
	said out err status >"$clean.said"
	assert_equal "$(grep -Lx 0 said/*.status)" $'said/again.status\nsaid/usage.status'
	assert_equal "$(<said/verify.out) $(<said/again.status) $(<said/usage.status)" 'OK 1 2'
	grep -q 'in the archive already' said/again.err
}

# enter_world [WORLD]: a copy of it, by default of one in which nothing is done yet.
enter_world() {
	workshop=$BATS_TEST_TMPDIR/${odd}work$odd
	rm -rf "$workshop"
	cp -a "${1-$world}" "$workshop"
	cd "$workshop"
	export TMPDIR=$PWD/tmp
}

# assert_same: what was made and said in the current directory, as in peace.
assert_same() {
	diff -u "$clean.made" <(made)
	diff -u "$clean.said" <(said out err status)
}

# seldom: whether what takes long, and shows little more, is to be tried as well.
seldom() {
	[[ -n ${EVERY_STEP-} ]]
}
