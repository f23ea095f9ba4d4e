# The demo's farm, in the directory and with the functions of scripts/demo.
# shellcheck shell=bash disable=SC2154

port=8080 # or above it

# The example of a farm, as one that lives in this directory, at a port that is free.
make_farm() {
	local file text
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
	mv recipes/farm farm
	for file in farm/config.toml farm/recipes/dice/peipkg.toml farm/release.json; do
		text=$(<"$file")
		text=${text//\/srv\/farm/$PWD\/farm}
		text=${text//127.0.0.1:8080/127.0.0.1:$port}
		printf '%s\n' "${text//bwrap/$sandbox}" >"$file"
	done
}

# start_manager COMMAND: in the background; it ends with us, and says why if that is early.
start_manager() {
	printf '\n$ %s &\n' "$1"
	: >farm/log
	bash -c "exec $1" &
	manager=$!
	trap 'kill "$manager"; cat farm/log' EXIT
}

stop_manager() {
	trap - EXIT
	show "kill $manager"
	wait "$manager"
}

# await COMMAND...: until it succeeds, a minute at most.
await() {
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	echo "in vain: $*" >&2
	return 1
}

# shows MEMBER VALUE: whether /status does.
shows() {
	curl -sf "http://127.0.0.1:$port/status" | pk-get "$1" | grep -qx -- "$2"
}

heading 'A farm: a configuration, a recipe, and an upstream with its first release'
make_farm
show 'cat farm/config.toml'
show 'cat farm/recipes/dice/peipkg.toml'
show '(umask 077 && openssl genpkey -algorithm ed25519 -out farm/farm.pem)'
show '(umask 077 && openssl rand -hex 32 >farm/webhook-secret)'
export no_proxy=127.0.0.1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.org
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.org
show 'cd farm/upstream/dice && git init -q -b main && git add dice &&
  git commit -q -m "Roll dice" && git tag v1.0'

heading 'One sweep builds and publishes it'
show 'peipkg-manager --config farm/config.toml --once'
show 'peipkg-repo list --repo farm/state/repo'

heading 'A daemon: it polls at its start, and then waits'
start_manager 'peipkg-manager --config farm/config.toml 2>farm/log'
await grep -q 'poll complete' farm/log
show 'cat farm/log'

heading 'The second release, of which a signed webhook tells'
show 'cd farm/upstream/dice && sed -i "s/^shuf /shuf --repeat /" dice &&
  git commit -q -a -m "Repeat" && git tag v1.1'
show 'cat farm/release.json'
show "signature=\$(openssl dgst -r -sha256 -hmac \"\$(cat farm/webhook-secret)\" \\
  farm/release.json | cut -d ' ' -f 1)
curl -sS -H \"X-Hub-Signature-256: sha256=\$signature\" \\
  --data-binary @farm/release.json http://127.0.0.1:$port/webhooks/github"
await shows index_version 3
show "curl -sS http://127.0.0.1:$port/status"

heading 'What it published, as a client gets it'
farm=http://127.0.0.1:$port/repo
show 'pk-key <farm/farm.pem >farm.pub'
show "curl -sS -O $farm/index/active.json \\
  -O $farm/index/active.json.sig"
show 'idx-verify -k farm.pub active.json.sig <active.json'
show 'idx-split active.json | pk-get -l name version url'
show "curl -sS $farm/p/dice/1.1-1/dice_1.1-1_noarch.peipkg |
  pk-verify -k farm.pub"
stop_manager
show 'cat farm/log'
show 'peipkg-repo verify --repo farm/state/repo'
