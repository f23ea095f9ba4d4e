#!/usr/bin/env bats

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	# Everything is given, and nothing as it would be otherwise.
	cat >good.json <<-'end'
		{"manager":{"id":"farm-1","recipes_dir":"/srv/recipes","state_dir":"/srv/a b \"c\""},
		"repo":{"name":"main","description":"All of it, é.","package_url_template":"https://x.org/{filename}","refresh_after":"24h"},
		"signing":{"key_file":"/etc/key","sign_command":"","public_key":null},
		"upload":{"backend":"rsync","remote":"host::module"},
		"http":{"addr":"127.0.0.1:8080","webhook_secret_file":"/etc/secret"},
		"poll":{"default_interval":"90m"},
		"signing_key":[{"name":"a","private":"/etc/a","pubkey_env":"A_HEX"},{"name":"b","private":"/etc/b","pubkey_env":"_b1"},
		{"name":"c","private":"/etc/c"}],
		"grant":[{"recipe":"kernel","inject_pubkey":["b","a"]},{"recipe":"other: $1","inject_pubkey":["a"],"sign":[]},{"recipe":"none"}],
		"build":{"jobs":4,"timeout":"1h30m","poll_timeout":"1.5s","sandbox":"none","runner":"/usr/bin/runner","rebuild_check":true,"keep_failed":0}}
	end
	cat >least.json <<-'end'
		{"manager":{"id":"f","recipes_dir":"r","state_dir":"s"},"repo":{"name":"n"},"signing":{"key_file":"k"},
		"poll":{"default_interval":"1m"}}
	end
}

# Standard input: lines "FILTER => MESSAGE". Each jq filter makes a configuration out of the
# good one; the program has to say just the message, refuse it and write nothing.
assert_each_refused() {
	local filters messages documents number
	mapfile -t cases
	filters=$(printf ',(%s)' "${cases[@]%% => *}")
	messages=("${cases[@]#* => }")
	mapfile -t documents < <(jq -c "${filters#,}" good.json)
	assert_equal ${#documents[@]} ${#messages[@]}
	for number in "${!messages[@]}"; do
		run_apart farm-config <<<"${documents[number]}"
		assert_equal "$status:$output:$stderr" "1::farm-config: ${messages[number]}"
	done
}

# Standard input: lines "FILTER => QUERY => RESULT"; as above, but the configuration has to
# pass without a word, and jq's query has to find the result in what is written.
assert_each_gives() {
	local filter query
	while IFS= read -r line; do
		filter=${line%% => *}
		query=${line#* => }
		jq "$filter" good.json >document
		farm-config <document >ours 2>messages
		assert_equal "$line:$(<messages)" "$line:"
		assert_equal "$line:$(jq -c "${query%% => *}" ours)" "$line:${query#* => }"
	done
}

@test "farm-config: all members, in their order" {
	cat >expected <<-'end'
		{"manager":{"id":"farm-1","recipes_dir":"/srv/recipes","state_dir":"/srv/a b \"c\""},
		"repo":{"name":"main","description":"All of it, é.","package_url_template":"https://x.org/{filename}","refresh_after":86400},
		"signing":{"key_file":"/etc/key","sign_command":"","public_key":""},
		"upload":{"backend":"rsync","remote":"host::module"},
		"http":{"addr":"127.0.0.1:8080","host":"127.0.0.1","port":8080,"webhook_secret_file":"/etc/secret"},
		"poll":{"default_interval":5400},
		"signing_key":[{"private":"/etc/a","pubkey_env":"A_HEX"},{"private":"/etc/b","pubkey_env":"_b1"},{"private":"/etc/c","pubkey_env":""}],
		"grant":[{"recipe":"kernel","pubkey_env":"_b1","private":"/etc/b"},{"recipe":"kernel","pubkey_env":"A_HEX","private":"/etc/a"},
		{"recipe":"other: $1","pubkey_env":"A_HEX","private":"/etc/a"}],
		"build":{"jobs":4,"timeout":5400,"poll_timeout":2,"sandbox":"none","runner":"/usr/bin/runner","rebuild_check":true,"keep_failed":0}}
	end
	jq -c . expected >line
	farm-config <good.json >ours 2>messages
	cmp ours line
	gzip -c good.json | farm-config >ours 2>>messages
	cmp ours line
	jq -S . good.json | farm-config >ours 2>>messages
	cmp ours line
	assert_equal "$(cat messages)" ''
}

@test "farm-config: what holds without being given" {
	cat >expected <<-'end'
		{"manager":{"id":"f","recipes_dir":"r","state_dir":"s"},
		"repo":{"name":"n","description":"","package_url_template":"","refresh_after":604800},
		"signing":{"key_file":"k","sign_command":"","public_key":""},
		"upload":{"backend":"none","remote":""},
		"http":{"addr":"","host":"","port":0,"webhook_secret_file":""},
		"poll":{"default_interval":60},
		"signing_key":[],
		"grant":[],
		"build":{"jobs":1,"timeout":7200,"poll_timeout":60,"sandbox":"bwrap","runner":"","rebuild_check":false,"keep_failed":3}}
	end
	jq -c . expected >line
	farm-config <least.json >ours 2>messages
	cmp ours line
	jq '.upload = {} | .http = {addr: ""} | .build = {sandbox: "", jobs: null, timeout: ""} | .grant = [] | .signing_key = []
		| .upload.backend = ""' least.json | farm-config >ours 2>>messages
	cmp ours line
	assert_equal "$(cat messages)" ''
}

@test "farm-config: sections and keys that nobody knows, values of the wrong type" {
	assert_each_refused <<-'end'
		.uplod = {} => configuration: unknown key 'uplod'
		.manager.farm_id = "x" => [manager]: unknown key 'farm_id'
		.repo.url = "x" => [repo]: unknown key 'url'
		.signing.key = "x" => [signing]: unknown key 'key'
		.upload["a\nb"] = "x" => [upload]: unknown key 'a\nb'
		.http.port = 80 => [http]: unknown key 'port'
		.poll.interval = "x" => [poll]: unknown key 'interval'
		.signing_key[1].public = "x" => signing key 'b': unknown key 'public'
		.grant[0].inject = [] => grant 'kernel': unknown key 'inject'
		.build.job = 1 => [build]: unknown key 'job'
		.upload = [] => [upload]: no table
		.http = null => [http]: no table
		.build = "x" => [build]: no table
		.signing_key |= .[0:2] + [7] + .[2:] => signing key #3: no table
		.grant = {} => [[grant]]: no array of tables
		.grant[1] = [] => grant #2: no table
		.manager.id = 1 => [manager]: id: no string
		.repo.description = [] => [repo]: description: no string
		.upload.remote = true => [upload]: remote: no string
		.http.addr = 8080 => [http]: addr: no string
		.poll.default_interval = 3600 => [poll]: default_interval: no string
		.build.runner = ["a"] => [build]: runner: no string
		.build.rebuild_check = "yes" => [build]: rebuild_check: neither true nor false
		.build.rebuild_check = 1 => [build]: rebuild_check: neither true nor false
		.grant[0].inject_pubkey = "a" => grant 'kernel': inject_pubkey: no array
		.grant[0].inject_pubkey = ["a", 1] => grant 'kernel': inject_pubkey: no string
	end
	run_apart farm-config < <(jq '.poll = [] | .grant = [5, null] | .signing_key = {}' least.json)
	assert_equal "$status:$output:$stderr" "1::$(
		cat <<-'end'
			farm-config: [poll]: no table
			farm-config: [[signing_key]]: no array of tables
			farm-config: grant #1: no table
			farm-config: grant #2: no table
		end
	)"
}

@test "farm-config: what is required" {
	for absent in 'del(%s)' '%s = ""' '%s = null'; do
		for key in .manager.id .manager.recipes_dir .manager.state_dir .repo.name .poll.default_interval .upload.remote; do
			name=${key#.}
			# shellcheck disable=SC2059 # of the formats above
			run_apart farm-config < <(jq "$(printf "$absent" "$key")" good.json)
			assert_equal "$status:$output:$stderr" "1::farm-config: [${name%.*}]: ${name#*.}: missing or empty"
		done
	done
	run_apart farm-config <<<'{}'
	assert_equal "$status:$output:$stderr" "1::$(
		cat <<-'end'
			farm-config: [manager]: id: missing or empty
			farm-config: [manager]: recipes_dir: missing or empty
			farm-config: [manager]: state_dir: missing or empty
			farm-config: [repo]: name: missing or empty
			farm-config: [signing]: either key_file, or sign_command and public_key is wanted
			farm-config: [poll]: default_interval: missing or empty
		end
	)"
}

@test "farm-config: texts are printable" {
	assert_each_refused <<-'end'
		.manager.id = "a\nb" => [manager]: id: holds what is no printable character
		.manager.state_dir = "/a\u001b[2J" => [manager]: state_dir: holds what is no printable character
		.repo.description = "a\u202eb" => [repo]: description: holds what is no printable character
		.signing.key_file = "a\u0085" => [signing]: key_file: holds what is no printable character
		.upload.remote = "a\u0000b" => [upload]: remote: holds a NUL
		.upload.backend = "a\t" => [upload]: backend: holds what is no printable character
		.http.webhook_secret_file = "a\u007f" => [http]: webhook_secret_file: holds what is no printable character
		.grant[0].recipe = "a\tb" => grant 'a\x09b': recipe: holds what is no printable character
		.grant[0].inject_pubkey = ["a\u0000"] => grant 'kernel': inject_pubkey: no signing key 'a'
	end
}

@test "farm-config: an id that changes with the builds gets a warning" {
	local id
	for id in farm-20260506 farm-2026-05-06 farm2026 06.05.26 farm-26_5_6 1/2/03 build-417 417 farm-b1234 farm.1746500000 \
		'farm 123 b' é123; do
		run_apart farm-config < <(jq --arg id "$id" '.manager.id = $id' good.json)
		assert_equal "$status" 0
		assert_equal "$stderr" "farm-config: warning: [manager]: id: '$id' holds what looks like a build number or a date: it names the farm, not a build [§8.1.2]"
		assert_equal "$(jq -r .manager.id <<<"$output")" "$id"
	done
	for id in peios-build-1 peios-build-12 peios-build-amd64 peios-build-x86_64 i686 farm-s390x 1-2 1.2-3 99 a b123c 1- . \
		1.2. 12-; do
		run_apart farm-config < <(jq --arg id "$id" '.manager.id = $id' good.json)
		assert_equal "$id:$status:$stderr" "$id:0:"
	done
}

@test "farm-config: [repo]" {
	assert_each_refused <<-'end'
		.repo.package_url_template = "/p/{name}" => [repo]: package_url_template: no {filename} in it [§6.4.3]
		.repo.package_url_template = "/{filename}" => [repo]: package_url_template: no directory for packages, which is what is uploaded of a repository before its indexes
		.repo.refresh_after = "7d" => [repo]: refresh_after: '7d' is no length of time as 90s, 1h30m
		.repo.refresh_after = "0" => [repo]: refresh_after: '0' is less than 1s
		.repo.refresh_after = "-1h" => [repo]: refresh_after: '-1h' is no length of time as 90s, 1h30m
	end
	assert_each_gives <<-'end'
		.repo.refresh_after = "1s" => .repo.refresh_after => 1
		.repo.refresh_after = "719h59m59s" => .repo.refresh_after => 2591999
		.repo.package_url_template = "/p/{name}/{filename}" => .repo.package_url_template => "/p/{name}/{filename}"
	end
	run_apart farm-config < <(jq '.repo.refresh_after = "720h"' good.json)
	assert_equal "$status:$stderr" '0:farm-config: warning: [repo]: refresh_after: clients do not trust an index that stays the same for 30 days [§6.5.4]'
	assert_equal "$(jq .repo.refresh_after <<<"$output")" 2592000
}

@test "farm-config: [signing]" {
	assert_each_refused <<-'end'
		del(.signing) => [signing]: either key_file, or sign_command and public_key is wanted
		.signing = {} => [signing]: either key_file, or sign_command and public_key is wanted
		.signing.key_file = "" => [signing]: either key_file, or sign_command and public_key is wanted
		.signing |= {sign_command: "a"} => [signing]: sign_command without public_key
		.signing.public_key = "a" => [signing]: public_key without sign_command
	end
	run_apart farm-config < <(jq '.signing.sign_command = "a"' good.json)
	assert_equal "$status:$output:$stderr" "1::farm-config: [signing]: key_file and sign_command exclude each other
farm-config: [signing]: sign_command without public_key"
	run_apart farm-config < <(jq '.signing = {public_key: "a"}' good.json)
	assert_equal "$status:$output:$stderr" "1::farm-config: [signing]: either key_file, or sign_command and public_key is wanted
farm-config: [signing]: public_key without sign_command"
	assert_each_gives <<-'end'
		.signing = {sign_command: "ssh a | b", public_key: "/k"} => .signing => {"key_file":"","sign_command":"ssh a | b","public_key":"/k"}
	end
}

@test "farm-config: [upload]" {
	assert_each_refused <<-'end'
		.upload.backend = "s3" => [upload]: backend: 's3' is none of none, rclone, rsync, git, command
		.upload.backend = "None" => [upload]: backend: 'None' is none of none, rclone, rsync, git, command
		.upload = {backend: "git"} => [upload]: remote: missing or empty
	end
	for backend in rclone rsync git command none; do
		jq --arg backend "$backend" '.upload.backend = $backend' good.json | farm-config >ours
		assert_equal "$(jq -c .upload ours)" '{"backend":"'$backend'","remote":"host::module"}'
	done
	assert_each_gives <<-'end'
		.upload = {backend: "none"} => .upload => {"backend":"none","remote":""}
	end
}

@test "farm-config: [http]" {
	local address host port
	while read -r address host port; do
		jq --arg address "$address" '.http.addr = $address' good.json | farm-config >ours
		assert_equal "$(jq -c .http ours)" \
			'{"addr":"'"$address"'","host":"'"${host#-}"'","port":'"$port"',"webhook_secret_file":"/etc/secret"}'
	done <<-'end'
		:8080 - 8080
		:1 - 1
		:65535 - 65535
		:00080 - 80
		127.0.0.1:8080 127.0.0.1 8080
		0.0.0.0:80 0.0.0.0 80
		[::1]:8080 ::1 8080
		[::]:8080 :: 8080
		[2001:db8::1]:443 2001:db8::1 443
		localhost:8080 localhost 8080
		farm-1.example.org:8080 farm-1.example.org 8080
	end
	for address in :0 :65536 :99999 :100000 : :http :-1 :+1 ': 80' ':80 ' :8o 127.0.0.1: '[::1]:' localhost:x unix:/a; do
		run_apart farm-config < <(jq --arg address "$address" '.http.addr = $address' good.json)
		assert_equal "$status:$output:$stderr" "1::farm-config: [http]: addr: '$address': the port is not from 1 to 65535"
	done
	for address in 8080 127.0.0.1 300.0.0.1:80 1.2.3:80 .:80 .a:80 -a:80 ::1:80 '[::1]80' '[::1:80' '::1]:80' '[]:80' '[:80' ']:80' \
		'[127.0.0.1]:80' '[::1%lo]:80' '[::g]:80' 'a b:80' '*:80' http://a:80 a/b:80 é:80 ' :80' tcp:127.0.0.1:80; do
		run_apart farm-config < <(jq --arg address "$address" '.http.addr = $address' good.json)
		assert_equal "$status:$output:$stderr" "1::farm-config: [http]: addr: '$address' is no address as :8080, 127.0.0.1:8080, [::1]:8080"
	done
}

@test "farm-config: [poll]" {
	assert_each_refused <<-'end'
		.poll.default_interval = "59.999999999s" => [poll]: default_interval: '59.999999999s' is less than 1m
		.poll.default_interval = "0" => [poll]: default_interval: '0' is less than 1m
		.poll.default_interval = "1" => [poll]: default_interval: '1' is no length of time as 90s, 1h30m
		.poll.default_interval = "often" => [poll]: default_interval: 'often' is no length of time as 90s, 1h30m
	end
	assert_each_gives <<-'end'
		.poll.default_interval = "90s" => .poll.default_interval => 90
		.poll.default_interval = "1h30m" => .poll.default_interval => 5400
		.poll.default_interval = "1.5h" => .poll.default_interval => 5400
		.poll.default_interval = "60000000001ns" => .poll.default_interval => 61
		.poll.default_interval = "60s1us" => .poll.default_interval => 61
		.poll.default_interval = "2562047h47m16.854775807s" => .poll.default_interval => 9223372037
	end
}

@test "farm-config: [build]" {
	assert_each_refused <<-'end'
		.build.jobs = 0 => [build]: jobs: no integer from 1 to 1000
		.build.jobs = 1001 => [build]: jobs: no integer from 1 to 1000
		.build.jobs = -1 => [build]: jobs: no integer from 1 to 1000
		.build.jobs = 1.5 => [build]: jobs: no integer from 1 to 1000
		.build.jobs = "2" => [build]: jobs: no integer from 1 to 1000
		.build.jobs = [] => [build]: jobs: no integer from 1 to 1000
		.build.keep_failed = -1 => [build]: keep_failed: no integer from 0 to 1000000
		.build.keep_failed = 1000001 => [build]: keep_failed: no integer from 0 to 1000000
		.build.timeout = "0s" => [build]: timeout: '0s' is less than 1s
		.build.timeout = "2 h" => [build]: timeout: '2 h' is no length of time as 90s, 1h30m
		.build.poll_timeout = "999ms" => [build]: poll_timeout: '999ms' is less than 1s
		.build.sandbox = "docker" => [build]: sandbox: 'docker' is none of bwrap, none
	end
	assert_each_gives <<-'end'
		.build.jobs = 1000 => .build.jobs => 1000
		.build.keep_failed = 1000000 => .build.keep_failed => 1000000
		.build.timeout = "1s" => .build.timeout => 1
		.build.sandbox = "bwrap" => .build.sandbox => "bwrap"
	end
	run_apart farm-config < <(sed 's/"jobs":4/"jobs":99999999999999999999/' good.json)
	assert_refused 1 'farm-config: [build]: jobs: no integer from 1 to 1000'
}

@test "farm-config: [[signing_key]]" {
	assert_each_refused <<-'end'
		.signing_key[2].name = "" => signing key #3: name: missing or empty
		.signing_key[2].name = 7 => signing key #3: name: no string
		del(.signing_key[2].private) => signing key 'c': private: missing or empty
		.signing_key[2].private = [] => signing key 'c': private: no string
		.signing_key[2].name = "a" => signing key 'a': twice
		.signing_key[2].pubkey_env = 5 => signing key 'c': pubkey_env: no string
	end
	local name
	for name in 1A A-B 'A B' A=B é A. -; do
		run_apart farm-config < <(jq --arg name "$name" '.signing_key[0].pubkey_env = $name' good.json)
		assert_equal "$status:$output:$stderr" "1::farm-config: signing key 'a': pubkey_env: '$name' is no name of a variable"
	done
	for name in SOURCE_DIR DESTDIR SOURCE_DATE_EPOCH LC_ALL TZ PATH; do
		run_apart farm-config < <(jq --arg name "$name" '.signing_key[0].pubkey_env = $name' good.json)
		assert_equal "$status:$output:$stderr" "1::farm-config: signing key 'a': pubkey_env: $name is reserved: every build has it"
	done
	for name in A _ a1_ PATHS path; do
		jq --arg name "$name" '.signing_key[0].pubkey_env = $name' good.json | farm-config >ours
		assert_equal "$(jq -r '.grant[1].pubkey_env' ours)" "$name"
	done
}

@test "farm-config: [[grant]]" {
	assert_each_refused <<-'end'
		del(.grant[2].recipe) => grant #3: recipe: missing or empty
		.grant[2].recipe = "kernel" => grant 'kernel': twice
		.grant[2].recipe = "a/b" => grant 'a/b': recipe: no name of a directory
		.grant[0].inject_pubkey = ["a", "x"] => grant 'kernel': inject_pubkey: no signing key 'x'
		.grant[0].inject_pubkey = [""] => grant 'kernel': inject_pubkey: no signing key ''
		.grant[0].inject_pubkey = ["c"] => grant 'kernel': inject_pubkey: signing key 'c' has no pubkey_env
		.grant[0].inject_pubkey = ["a", "a"] => grant 'kernel': inject_pubkey: A_HEX would be set twice
		.signing_key[1].pubkey_env = "A_HEX" => grant 'kernel': inject_pubkey: A_HEX would be set twice
		.grant[2].sign = ["a"] => grant 'none': sign: binary signatures are not supported
		.grant[2].sign = "a" => grant 'none': sign: binary signatures are not supported
		.grant[2].sign = false => grant 'none': sign: binary signatures are not supported
	end
	run_apart farm-config < <(jq 'del(.signing_key)' good.json)
	assert_equal "$status:$output:$stderr" "1::$(
		cat <<-'end'
			farm-config: grant 'kernel': inject_pubkey: no signing key 'b'
			farm-config: grant 'kernel': inject_pubkey: no signing key 'a'
			farm-config: grant 'other: $1': inject_pubkey: no signing key 'a'
		end
	)"
	assert_each_gives <<-'end'
		del(.grant) => .grant => []
		.grant = [{recipe: "x", inject_pubkey: null, sign: null}] => .grant => []
		.grant |= .[1:] => .grant => [{"recipe":"other: $1","pubkey_env":"A_HEX","private":"/etc/a"}]
	end
}

@test "farm-config: all that is wrong, in one run" {
	pk-toml >wrong.json <<-'end'
		[uplaod]
		backend = "rsync"
		[manager]
		id = "x-20260506"
		[repo]
		refresh_after = "a"
		[http]
		addr = "localhost"
		[poll]
		default_interval = "1s"
		[[signing_key]]
		pubkey_env = "PATH"
		[[grant]]
		recipe = "kernel"
		inject_pubkey = ["tcb"]
		sign = ["tcb"]
		[build]
		jobs = 0
		sandbox = "chroot"
	end
	run_apart farm-config <wrong.json
	assert_equal "$status:$output:$stderr" "1::$(
		cat <<-'end'
			farm-config: configuration: unknown key 'uplaod'
			farm-config: warning: [manager]: id: 'x-20260506' holds what looks like a build number or a date: it names the farm, not a build [§8.1.2]
			farm-config: [manager]: recipes_dir: missing or empty
			farm-config: [manager]: state_dir: missing or empty
			farm-config: [repo]: name: missing or empty
			farm-config: [repo]: refresh_after: 'a' is no length of time as 90s, 1h30m
			farm-config: [signing]: either key_file, or sign_command and public_key is wanted
			farm-config: [http]: addr: 'localhost' is no address as :8080, 127.0.0.1:8080, [::1]:8080
			farm-config: [poll]: default_interval: '1s' is less than 1m
			farm-config: signing key #1: name: missing or empty
			farm-config: signing key #1: private: missing or empty
			farm-config: signing key #1: pubkey_env: PATH is reserved: every build has it
			farm-config: grant 'kernel': sign: binary signatures are not supported
			farm-config: grant 'kernel': inject_pubkey: no signing key 'tcb'
			farm-config: [build]: jobs: no integer from 1 to 1000
			farm-config: [build]: sandbox: 'chroot' is none of bwrap, none
		end
	)"
}

@test "farm-config: huge and hostile texts in messages" {
	run_apart farm-config < <(jq '.["k\u001b[2J" * 50000] = 1 | .upload.backend = ("x" * 100000)
		| .grant[0].inject_pubkey = ["y" * 100000] | .grant[2].recipe = "/" * 100000' good.json)
	assert_equal "$status:$output" 1:
	assert_equal "${#stderr_lines[@]}" 4
	[[ $stderr != *$'\e'* ]]
	assert_equal "${stderr_lines[1]}" "farm-config: [upload]: backend: '$(printf 'x%.0s' {1..200})' is none of none, rclone, rsync, git, command"
	run_apart farm-config < <(jq '.grant = [range(10000) | {recipe: "r\(.)", inject_pubkey: ["a", "b"]}]' good.json)
	assert_equal "$status:$stderr" 0:
	assert_equal "$(jq '.grant | length' <<<"$output")" 20000
}

@test "farm-config: what is no document" {
	for document in '[]' 1 '"a"' null '[{}]'; do
		run_apart farm-config <<<"$document"
		assert_equal "$status:$output:$stderr" '1::farm-config: standard input: no object'
	done
	for document in '' ' ' '{' '{}{}' '{"a":1,"a":2}' '{"a":1,}' $'{"a":"\xff"}' $'\xef\xbb\xbf{}' '{"a":"\ud800"}'; do
		run_apart farm-config < <(printf '%s' "$document")
		assert_equal "$status:$output" 1:
		assert_regex "$stderr" '^farm-config: standard input: [^:].*$'
	done
	run_apart farm-config < <(head -c 100000 /dev/urandom)
	assert_equal "$status:$output" 1:
	run_apart farm-config < <(printf '{"a":"%01048576d"}' 0)
	assert_refused 1 'farm-config: standard input: over the limit of 1048576 bytes'
	jq -cj . least.json >document
	for ((size = 0; size < $(stat -c %s document); size += 3)); do
		run_apart farm-config < <(head -c $size document)
		assert_equal "$status:$output" 1:
	done
	gzip document
	run_apart farm-config < <(head -c 100 document.gz)
	assert_equal "$status:$output:$stderr" '1::farm-config: standard input: gzip data cut short'
}

@test "farm-config: a full disk and a closed pipe are errors" {
	run_apart bash -c 'farm-config <good.json >/dev/full'
	assert_refused 1 'farm-config: standard output: No space left on device'
	run_apart bash -c 'set -o pipefail; { sleep 0.2; farm-config <good.json; } | true'
	assert_refused 1 'farm-config: standard output: Broken pipe'
	run_apart bash -c 'farm-config <good.json >&-'
	assert_refused 1 'farm-config: standard output: Bad file descriptor'
	run_apart bash -c 'farm-config <&-'
	assert_refused 1 'farm-config: standard input: Bad file descriptor'
}

@test "farm-config: usage" {
	run_apart farm-config good.json
	assert_equal "$status" 2
	assert_equal "${stderr_lines[0]}" "farm-config: 'good.json': the configuration is read from standard input"
	run_apart farm-config -x
	assert_equal "$status" 2
	run_apart farm-config --help
	assert_output 'usage: farm-config [-o RUNNING]'
}

@test "farm-config: the examples of its page, and those of peipkg-manager.toml(5)" {
	local page=$project/filters/peipkg-manager.toml.5
	check_examples "$project/filters/farm-config.1"
	# The page shows a file that has to be there, before what is done with it.
	sed -n '/^\$ cat config.toml/,/^\.Ed/p' "$page" | sed '1d;$d;s/\\e/\\/g' >config.toml
	pk-toml <config.toml | farm-config >config.json 2>messages
	assert_equal "$(cat messages)" ''
	check_examples "$page"
}

@test "farm-config: peipkg-manager.toml(5) has every key, and no other" {
	local page=$project/filters/peipkg-manager.toml.5
	# Of each section, the keys that stand behind an .It Ic.
	awk '/^\.Ss/ { section = $2; gsub(/[][]|\\&/, "", section) } /^\.It Ic/ { print section "." $3 }' "$page" | sort >documented
	# host and port are made of addr, and the members of keys and grants of each other.
	{
		farm-config <good.json | jq -r 'to_entries[] | .key as $section | select($section != "grant" and $section != "signing_key")
			| .value | keys[] | "\($section).\(.)" | select(. != "http.host" and . != "http.port")'
		printf '%s\n' grant.{recipe,inject_pubkey,sign} signing_key.{name,private,pubkey_env}
	} | sort >known
	diff documented known
}

@test "farm-config: -o keeps what needs a restart, and says so" {
	configure() {
		jq -n --arg id "$1" --arg state "$2" --arg addr "$3" '{
			manager: {id: $id, recipes_dir: "/r", state_dir: $state},
			repo: {name: "example"}, signing: {key_file: "/k"},
			http: {addr: $addr}, poll: {default_interval: $ARGS.positional[0]}}' \
			--args "$4"
	}
	configure 'fa"rm' /s :8080 1h | farm-config >running.json
	configure another /elsewhere '[::1]:99' 2h >new.json
	run_apart farm-config -o running.json <new.json
	assert_success
	assert_equal "$stderr" 'farm-config: warning: [manager]: id: stays fa\"rm until a restart
farm-config: warning: [manager]: state_dir: stays /s until a restart
farm-config: warning: [http]: addr: stays :8080 until a restart'
	assert_equal "$output" "$(jq -c '.poll.default_interval = 7200' running.json)"

	# What may change does so without a word; what is broken is not written.
	configure 'fa"rm' /s :8080 2h >new.json
	run_apart farm-config -o running.json <new.json
	assert_success
	assert_equal "$stderr" ''
	configure 'fa"rm' /s :8080 1s >new.json
	run_apart farm-config -o running.json <new.json
	assert_refused 1 "farm-config: [poll]: default_interval: '1s' is less than 1m"
	run_apart farm-config -o nowhere.json <running.json
	assert_equal "$status" 1
}
