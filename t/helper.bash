# What every test file loads: the programs under test first on PATH, and a world in which
# neither user, locale, time zone nor umask reaches a test unless it asks for that.

project=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
PATH=$project/${BUILD:-build}/bin:$PATH
VECTORS=${VECTORS:-$project/../shared/vectors}
export LC_ALL=C.UTF-8 TZ=UTC
unset POSIXLY_CORRECT TMPDIR
umask 022

# Seconds that only this test's processes sleep, whatever else runs on the machine.
ages=9000$$

nobody_sleeps() {
	! pgrep -fx "sleep $ages"
}

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
bats_load_library bats-file

# Skips the test when the test data is not beside the project.
need_vectors() {
	[[ -d $VECTORS ]] || skip 'test data (../shared/vectors) is not here'
}

# A leak checker cannot work under strace.
need_strace() {
	export ASAN_OPTIONS=detect_leaks=0
	strace -o /dev/null true || skip 'strace does not work here'
}

# new_key_pairs NAME...: NAME.pem as openssl makes it, NAME.pub its public half.
new_key_pairs() {
	local name
	for name; do
		(umask 077 && openssl genpkey -algorithm ed25519 -out "$name.pem")
		openssl pkey -in "$name.pem" -pubout -out "$name.pub"
	done
}

# The fingerprint of a public key, as openssl and sha256sum have it.
fingerprint() {
	openssl pkey -pubin -in "$1" -outform DER | tail -c 32 | sha256sum | cut -d' ' -f1
}

# before_real PROGRAM: standard input is a script in bash that comes before the program of that
# name from now on; in it, $real is that program, and $work the directory of now.
before_real() {
	mkdir -p shims
	{
		printf '#!/bin/bash\nreal=%q work=%q\n' "$(command -v "$1")" "$PWD"
		cat
		printf 'exec "$real" "$@"\n'
	} >"shims/$1"
	chmod +x "shims/$1"
	PATH=$PWD/shims:$PATH
}

# run, with standard error in $stderr and apart from $output; both without their last
# newline. For exact bytes, compare files.
run_apart() {
	run --separate-stderr "$@"
}

# Asserts the status and the last line of standard error of the last run_apart.
assert_refused() {
	local expected_status=$1 message=$2
	assert_equal "$status" "$expected_status"
	assert_equal "${stderr_lines[-1]-}" "$message"
}

# Runs every "$ command" of the EXAMPLES in a man page, in one shell in the current
# directory, and compares what all of it prints with the lines shown under the commands.
# A command may go on in lines that start with "> ", as a shell shows it.
check_examples() {
	awk '
		/^\.Sh /			{ inside = /EXAMPLES/ }
		inside && /^\.Bd -literal/	{ block = 1; next }
		inside && /^\.Ed/		{ block = 0 }
		block				{ gsub(/\\e/, "\\"); sub(/^\\&/, ""); print }
	' "$1" >"$BATS_TEST_TMPDIR/examples"
	[[ -s $BATS_TEST_TMPDIR/examples ]]
	sed -n 's/^\$ //p; s/^> //p' "$BATS_TEST_TMPDIR/examples" >"$BATS_TEST_TMPDIR/commands"
	sed '/^\$ /d; /^> /d' "$BATS_TEST_TMPDIR/examples" >"$BATS_TEST_TMPDIR/expected"
	bash "$BATS_TEST_TMPDIR/commands" >"$BATS_TEST_TMPDIR/shown" 2>&1
	diff -u "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/shown"
}
