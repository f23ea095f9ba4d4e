#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a process of its own

load helper
load build
load repository

setup() {
	PATH=$PATH:/usr/sbin
	command -v lighttpd >/dev/null || skip 'no lighttpd here'
	# Names that nothing may take for anything else.
	cd "$(mktemp -d -- "$BATS_TEST_TMPDIR/a \"b\" %c \$d
e.XXXXXX")"
	new_state
	write_manager
	free_port
	base=http://127.0.0.1:$port
}

teardown() {
	stop_manager
}

new_state() {
	mkdir -p state/{stage,repo,spool,state}
	mkfifo state/spool/wake
	touch state/state/tick
	echo '{"farm_id":"one"}' >state/state/status.json
	echo 'farm_builds 1' >state/state/metrics
	printf 'a secret \n' >secret
}

# What stands in for the manager: it starts the server, and waits.
write_manager() {
	cat >manager <<-'END'
		set -euo pipefail
		shopt -s inherit_errexit nullglob
		program=manager share=$1 state=state
		. "$share/common.sh"
		. "$share/farm.sh"
		. "$share/farm-http.sh"
		cleanup() { stop_http; }
		trap_signals
		exec {lock}>>state/state/lock
		flock -n "$lock" || die 'another one is running'
		start_http "$2" "$3" "$4" || die 'cannot listen'
		log INFO 'webhook server listening' addr "$2:$3"
		await "$http_pid"
	END
}

# start_manager [HOST [PREFIX...]]: what it says goes to `said`.
start_manager() {
	local host=${1-127.0.0.1}
	: >said
	"${@:2}" bash -p manager "$project/${BUILD:-build}/share/peipkg-tools" "$host" "$port" \
		"${secret-secret}" 2>>said 3>&- &
	manager=$!
	await 'grep -q "webhook server listening\|^manager: " said'
	grep -q 'webhook server listening' said
}

stop_manager() {
	[[ -n ${manager-} ]] || return 0
	kill -TERM "$manager" 2>/dev/null || :
	wait "$manager" || :
	manager=''
}

# status_of CURL-ARGUMENT...: what is answered; the body in `body`.
status_of() {
	: >body
	curl -s -m 20 --path-as-is -o body -w '%{http_code}' "$@"
}

# assert_statuses STATUS PATH...
assert_statuses() {
	local path
	for path in "${@:2}"; do
		assert_equal "$path $(status_of "$base$path")" "$path $1"
	done
}

sign() {
	openssl dgst -sha256 -hmac "${key-a secret}" <"$1" | sed 's/.*= /X-Hub-Signature-256: sha256=/'
}

# post FILE CURL-ARGUMENT...: signed with `key`, by default the secret.
post() {
	status_of --data-binary "@$1" -H "$(sign "$1")" "${@:2}" "$base/webhooks/github"
}

# post_unsigned FILE CURL-ARGUMENT...
post_unsigned() {
	status_of --data-binary "@$1" "${@:2}" "$base/webhooks/github"
}

name_repository() {
	printf '{"repository":{"clone_url":"https://github.com/%s.git"}}' "$1"
}

# write_posts COUNT: for curl, that many posts of `hook`, one after the other.
write_posts() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf 'next\nurl = "%s/webhooks/github"\ndata-binary = "@hook"\n' "$base"
		printf 'header = "%s"\n' "$(<signature)"
		printf 'silent\nmax-time = 20\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\n'
	done
}

hooks() {
	find state/spool -name '*.hook' -printf '%f\n'
}

@test "farm-http: what is served, and nothing else" {
	mkdir -p 'state/repo/p/a b/1:1+c' state/repo/.peipkg-repo
	echo package >'state/repo/p/a b/1:1+c/a%20b_1:1+c_noarch.peipkg'
	echo '{}' >state/repo/repo.json
	echo lock >state/repo/.peipkg-repo/lock
	ln -s ../state/status.json state/repo/out.json
	ln -s .. state/repo/up
	start_manager
	assert_equal "$(curl -s -w '%{http_code} %{content_type}' "$base/status?x=y")" \
		$'{"farm_id":"one"}\n200 application/json'
	assert_equal "$(curl -s -w '%{content_type}' "$base/metrics")" \
		$'farm_builds 1\ntext/plain; version=0.0.4'
	assert_equal "$(curl -s -w '%{content_type}' "$base/repo/repo.json")" $'{}\napplication/json'
	assert_equal "$(curl -s -w '%{content_type}' \
		"$base/repo/p/a%20b/1:1+c/a%2520b_1%3a1+c_noarch.peipkg")" \
		$'package\napplication/octet-stream'
	assert_statuses 404 / /nothing /status/ /statuses /STATUS /healthz/x /repo /repo/ /repo/p/ \
		/webhooks /webhooks/github/ /webhooks/github/x /repo/../state/status.json \
		/repo/%2e%2e/state/status.json /repo/..%2fstate/status.json \
		/repo/.peipkg-repo/lock /repo/%2epeipkg-repo/lock /repo//.peipkg-repo/lock \
		/repo/nothing
	assert_statuses 403 /repo/out.json /repo/up/state/status.json /repo/repo.json/x
	assert_statuses 400 /repo/repo.json%00
}

@test "farm-http: what was renamed into place a moment ago" {
	local i
	start_manager
	for ((i = 100; i < 120; i++)); do
		echo "{\"farm_id\":\"$i\"}" >state/state/new
		mv state/state/new state/state/status.json
		assert_equal "$(curl -s "$base/status")" "{\"farm_id\":\"$i\"}"
	done
	rm state/state/metrics
	assert_statuses 404 /metrics
}

@test "farm-http: other methods are refused before a body is read" {
	local method path
	truncate -s 30M large
	start_manager
	for method in PUT DELETE PATCH OPTIONS TRACE; do
		for path in /status /metrics /healthz /repo/repo.json /webhooks/github; do
			assert_equal "$method $path $(status_of -X "$method" "$base$path")" \
				"$method $path 405"
		done
	done
	assert_equal "$(status_of -d x "$base/status")" 405
	assert_equal "$(status_of "$base/webhooks/github")" 405
	assert_equal "$(status_of -I "$base/webhooks/github")" 405
	assert_equal "$(status_of -X GET -d x "$base/webhooks/github")" 405
	assert_equal "$(status_of -X GET --data-binary @large "$base/webhooks/github")" 405
	assert_equal "$(status_of -X GET -d x "$base/healthz") $(<body)" '200 ok'
	assert_equal "$(status_of -X GET -d x "$base/status")" 200
	assert_equal "$(status_of -I "$base/healthz")" 200
	assert_equal "$(status_of -X PUT --data-binary @large "$base/webhooks/github")" 405
	assert_equal "$(status_of -X PUT -H 'Transfer-Encoding: chunked' --data-binary @large \
		"$base/webhooks/github")" 405
	assert_equal "$(status_of -X NONSENSE "$base/status")" 501
}

@test "farm-http: healthz, as long as the main loop turns" {
	start_manager
	assert_equal "$(status_of "$base/healthz") $(<body)" '200 ok'
	touch -d '-50 seconds' state/state/tick
	assert_statuses 200 /healthz
	touch -d '-62 seconds' state/state/tick
	assert_equal "$(status_of "$base/healthz") $(<body)" \
		'503 the main loop has not turned for a minute'
	touch -d '+62 seconds' state/state/tick
	assert_statuses 503 /healthz
	rm state/state/tick
	assert_statuses 503 /healthz
	touch state/state/tick
	assert_statuses 200 /healthz
}

@test "farm-http: a webhook, checked for method, size, signature and JSON in this order" {
	start_manager
	head -c 26214401 /dev/zero >large
	printf '{' >no-json
	name_repository Foo/Bar >hook
	assert_equal "$(post large -X PUT)" 405
	assert_equal "$(post_unsigned large)" 413
	assert_equal "$(post large)" 413
	assert_equal "$(post large -H 'Transfer-Encoding: chunked')" 413
	truncate -s 26214400 large
	assert_equal "$(post_unsigned large)" 401
	assert_equal "$(key=another post no-json)" 401
	assert_equal "$(<body)" 'invalid signature'
	assert_equal "$(post no-json)" 400
	assert_equal "$(post large)" 400
	assert_equal "$(hooks)" ''
	assert_equal "$(post hook)" 200
	assert_equal "$(cat state/spool/*.hook)" github.com/foo/bar
}

@test "farm-http: webhooks as large as they may be, in chunks, and empty" {
	start_manager
	{
		name_repository foo/large
		printf '%*s' "$((26214400 - $(name_repository foo/large | wc -c)))" ''
	} >large
	assert_equal "$(stat -c %s large)" 26214400
	truncate -s 0 empty
	assert_equal "$(post large)" 200
	assert_equal "$(post large -H 'Transfer-Encoding: chunked')" 200
	assert_equal "$(cat state/spool/*.hook)" $'github.com/foo/large\ngithub.com/foo/large'
	assert_equal "$(post empty)" 400
	assert_equal "$(status_of -X POST -H 'Content-Length:' "$base/webhooks/github")" 411
	assert_equal "$(ls -A state/stage/http/bodies)" ''
}

@test "farm-http: the log has a line for each webhook that is refused" {
	start_manager
	printf '{' >no-json
	assert_equal "$(post_unsigned no-json)" 401
	assert_equal "$(post_unsigned no-json -H 'X-Hub-Signature-256: sha256=0 level=x')" 401
	assert_equal "$(post no-json)" 400
	head -c 26214401 /dev/zero >large
	assert_equal "$(post large)" 413
	await '(($(wc -l <said) == 5))'
	run -0 cut -d ' ' -f 2- said
	assert_line -n 1 -e '^level=WARN msg="webhook signature invalid" remote=127\.0\.0\.1 err="no signature"$'
	assert_line -n 2 -e '^level=WARN msg="webhook signature invalid" remote=127\.0\.0\.1 err="[^"]*"$'
	assert_line -n 3 -e '^level=WARN msg="webhook body invalid" remote=127\.0\.0\.1 err="[^"]*"$'
	assert_line -n 4 -e '^level=WARN msg="web server" err=".*request-size too long: 26214401 -> 413"$'
	run ! grep -vE '^time=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z level=' said
}

@test "farm-http: a hook wakes the manager, if it is there" {
	start_manager
	name_repository foo/bar >hook
	exec {wake}<>state/spool/wake
	assert_equal "$(post hook)" 200
	read -r -t 5 -u "$wake" line
	assert_equal "$line" ''
	exec {wake}>&-
	rm state/spool/wake
	assert_equal "$(post hook)" 200
	assert_equal "$(hooks | wc -l)" 2
	echo '{"zen":"names no repository"}' >hook
	assert_equal "$(post hook)" 200
	assert_equal "$(hooks | wc -l)" 3
	assert_equal "$(cat state/spool/*.hook)" $'github.com/foo/bar\ngithub.com/foo/bar'
}

@test "farm-http: no secret, no webhooks; a secret that cannot be read, no answer to them" {
	name_repository foo/bar >hook
	secret='' start_manager
	assert_equal "$(post hook)" 401
	ln -s "$PWD/secret" state/state/webhook-secret
	assert_equal "$(post hook)" 200
	rm secret
	assert_equal "$(post hook)" 500
	echo ' ' >secret
	assert_equal "$(post hook)" 500
	printf another >secret
	assert_equal "$(post hook)" 401
	assert_equal "$(key=another post hook)" 200
	await '(($(grep -c "level=ERROR msg=.webhook failed." said) == 2))'
}

@test "farm-http: a spool that takes nothing, or half of it" {
	local spool
	unshare -rm true 2>/dev/null || skip 'no name spaces here'
	name_repository foo/bar >hook
	start_manager 127.0.0.1 unshare -rm bash -c '
		mount -t tmpfs -o size=64k none state/spool
		head -c 1M /dev/zero >state/spool/other 2>/dev/null
		exec "$@"' bash
	spool=/proc/$manager/root$PWD/state/spool
	assert_equal "$(post hook)" 500
	assert_equal "$(ls -A "$spool")" other
	await 'grep -q "level=ERROR msg=.webhook failed. .*No space left on device" said'
	rm "$spool/other"
	assert_equal "$(post hook)" 200
	assert_equal "$(cat "$spool"/*.hook)" github.com/foo/bar
}

@test "farm-http: hundreds of webhooks, beside hundreds of clients that are slow" {
	local -a slow=()
	local i client
	name_repository foo/bar >hook
	sign hook >signature
	write_posts 300 >posts
	start_manager 127.0.0.1 env --ignore-signal=HUP --ignore-signal=INT --ignore-signal=PIPE
	for ((i = 0; i < 300; i++)); do
		exec {client}<>"/dev/tcp/127.0.0.1/$port"
		slow+=("$client")
		printf 'POST /webhooks/github HTTP/1.1\r\n' >&"$client"
		((i % 2 == 0)) || printf 'Host: x\r\nContent-Length: 20000000\r\n\r\n{' >&"$client"
	done
	curl -Z --parallel-max 20 -K posts >statuses 2>/dev/null
	assert_equal "$(sort statuses | uniq -c | xargs)" '300 200'
	assert_equal "$(hooks | wc -l)" 300
	assert_equal "$(cat state/spool/*.hook | uniq -c | xargs)" '300 github.com/foo/bar'
	assert_statuses 200 /healthz
	for client in "${slow[0]}" "${slow[299]}"; do
		status=0
		read -r -t 15 -u "$client" || status=$?
		assert_equal "$status" 1 # the end, not that nothing came in time
	done
}

@test "farm-http: killed with the manager, having lost no hook, and started again at once" {
	local accepted
	name_repository foo/bar >hook
	sign hook >signature
	write_posts 400 >posts
	start_manager
	curl -Z --parallel-max 20 -K posts >statuses 2>/dev/null 3>&- &
	await '(($(hooks | wc -l) > 20))'
	kill -KILL "$manager"
	wait "$manager" "$!" || :
	await '! kill -0 "$(<state/stage/http/pid)" 2>/dev/null'
	accepted=$(grep -c 200 statuses)
	((accepted < 400 && accepted <= $(hooks | wc -l)))
	touch state/spool/.1.2.hook
	start_manager
	assert_equal "$(post hook)" 200
	assert_equal "$(find state/spool -name '.*')" ''
}

@test "farm-http: stopped in order" {
	start_manager
	stop_manager
	run ! curl -s "$base/healthz"
	run ! grep 'web server' said
}

@test "farm-http: all addresses, one of IPv6, and none that is ours" {
	grep -q . /proc/net/if_inet6 2>/dev/null || skip 'no IPv6 here'
	start_manager ''
	assert_equal "$(status_of "$base/status")" 200
	assert_equal "$(status_of "http://[::1]:$port/status")" 200
	assert_equal "$(status_of -d x "$base/webhooks/github")" 401
	await 'grep -q "msg=.webhook signature invalid. remote=127.0.0.1 " said'
	stop_manager
	start_manager ::1
	assert_equal "$(status_of "http://[::1]:$port/status")" 200
	assert_equal "$(status_of -d x "http://[::1]:$port/webhooks/github")" 401
	await 'grep -q "msg=.webhook signature invalid. remote=::1 " said'
	stop_manager
	run ! start_manager 192.0.2.1
	await 'grep -q "level=WARN msg=.web server. err=..*192.0.2.1:" said'
}
