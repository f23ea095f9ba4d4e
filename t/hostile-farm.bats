#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # each test is a process of its own

# A farm in a hostile environment, and with hostile names: its packages are those that it
# builds in peace, its log says the same, and nothing of what it was given is run.

load helper
load build
load repository
load farm

setup() {
	enter_workshop
	pwned=$BATS_TEST_TMPDIR/pwned
	unset "${!GIT_@}"
}

teardown() {
	end_farm
}

# sweep_in PREFIX...: as sweep, behind the prefix, of a farm that has done nothing yet.
sweep_in() {
	rm -rf "$farm"
	status=0
	timeout 120 env --default-signal "$@" peipkg-manager --config config.toml --once \
		>"$log.out" 2>"$log" || status=$?
}

# kept: what is in the published packages.
kept() {
	(cd "$farm/repo/p" && find . -name '*.peipkg' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

@test "a sweep in a hostile environment" {
	local evil=$BATS_TEST_TMPDIR/evil name
	local -a functions=()
	new_farm <<<'build.sandbox = "none"'
	! can_sandbox || configure <<<'build.rebuild_check = true'
	new_watched hello v1.0 v1.1 </dev/null
	printf 'one\r\ntwo\n' >upstreams/hello/text
	printf '*.input text\n' >upstreams/hello/.gitattributes
	ln -s text upstreams/hello/link
	tag hello v1.2
	echo 'cp -a "$SOURCE_DIR"/* "$DESTDIR/usr/share/"' >>recipes/hello/build.sh
	sweep_in env
	assert_equal "$status" 0
	assert_equal "$(published)" $'hello 1.0-1\nhello 1.1-1\nhello 1.2-1'
	kept >kept.before
	log_lines | sort >log.before

	printf 'touch %q\necho hostile\necho hostile >&2\nexit 9\n' "$pwned" >"$evil"
	mkdir hooks templates
	for name in post-checkout reference-transaction post-index-change; do
		printf '#!/bin/sh\n>%q\n' "$pwned" >"hooks/$name"
		chmod +x "hooks/$name"
	done
	mkdir -p templates/hooks home/.config/git
	cp hooks/* templates/hooks
	printf '* text eol=crlf\n' | tee attributes >home/.config/git/attributes
	cat >gitconfig <<-END
		[core]
		autocrlf = true
		eol = crlf
		symlinks = false
		hooksPath = $PWD/hooks
		attributesFile = $PWD/attributes
		[log]
		showSignature = true
		[init]
		templateDir = $PWD/templates
	END
	cp gitconfig gitconfig.before
	printf 'all:\n\ttouch %s\n$(shell touch %s)\n' "$pwned" "$pwned" >makefile
	for name in $(compgen -b) rm mv git make find sort pk-get pk-hash setpriv timeout bash; do
		functions+=("BASH_FUNC_$name%%=() { >$pwned; }")
	done
	sweep_in "${functions[@]}" "BASH_ENV=$evil" "ENV=$evil" CDPATH=/ POSIXLY_CORRECT=1 \
		BASH_COMPAT=3.1 FUNCNEST=2 TMOUT=1 SHELLOPTS=noclobber:noglob:xtrace \
		BASHOPTS=failglob GLOBIGNORE='*' \
		"PS4=\$(touch $pwned)" LC_ALL=C TZ=Asia/Kolkata GZIP=-d TAR_OPTIONS=-v "TAPE=$pwned" \
		"MAKEFILES=$PWD/makefile" MAKEFLAGS=n MFLAGS=-n GNUMAKEFLAGS=-n MAKELEVEL=7 \
		GIT_DIR=/nowhere GIT_WORK_TREE=/nowhere GIT_INDEX_FILE=/nowhere/index \
		GIT_OBJECT_DIRECTORY=/nowhere GIT_ALTERNATE_OBJECT_DIRECTORIES=/nowhere \
		GIT_COMMON_DIR=/nowhere GIT_NAMESPACE=nowhere GIT_SHALLOW_FILE=/nowhere \
		"GIT_CONFIG=$PWD/gitconfig" GIT_DEFAULT_HASH=sha256 GIT_CEILING_DIRECTORIES="$PWD" \
		GIT_TEMPLATE_DIR="$PWD/templates" GIT_PREFIX=x/ GIT_CONFIG_GLOBAL="$PWD/gitconfig" \
		GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0="$PWD/hooks" \
		GIT_CONFIG_KEY_1=core.autocrlf GIT_CONFIG_VALUE_1=true HOME="$PWD/home" \
		GIT_EXTERNAL_DIFF="$evil" GIT_PAGER="$evil" GIT_EDITOR="$evil" GIT_ASKPASS="$evil" \
		http_proxy=http://127.0.0.1:1 PEIPKG_CONFIG=/nowhere \
		env --ignore-signal=PIPE,CHLD,XFSZ,QUIT
	assert_equal "$status" 0 || fail "$(<"$log")"
	kept | diff -u kept.before -
	log_lines | sort | diff -u log.before -
	cmp gitconfig.before gitconfig
	assert_not_exist "$pwned"
}

@test "recipes with odd names" {
	local i=0 name seen
	new_farm <<<'build.sandbox = "none"'
	new_upstream hello
	tag hello v1.0
	while IFS= read -r name; do
		new_farm_recipe new "package-$((++i))" hello </dev/null
		mv recipes/new "recipes/$name"
	done <<-'END'
		*
		?
		[ab]
		it's "quoted"
		$(touch x) `touch x`
		\&\n$$%s
		{a,b};|<>#=!~:
		-- --once
	END
	mv 'recipes/-- --once' 'recipes/- --once'
	for name in -dash 'a@b' $'tab\t' $'new\nline' $'bad\xff' .hidden; do
		cp -R 'recipes/*' "recipes/$name"
	done
	assert_sweep 0
	assert_equal "$(published)" "$(printf 'package-%d 1.0-1\n' {1..7})"
	assert_equal "$(jq -r '.recipes[]' "$farm/state/status.json")" \
		"$(cd recipes && printf '%s\n' '$('* '*' '?' '[ab]' $'\\'* it* '{'* | LC_ALL=C sort)"
	LC_ALL=C sort >expected <<-'END'
		recipe="- --once" err="farm-recipe: recipe '- --once': starts with '-'"
		recipe=-dash err="farm-recipe: recipe '-dash': starts with '-'"
		recipe=a@b err="farm-recipe: recipe 'a@b': has a '@' in it"
		recipe="bad\xff" err="farm-recipe: recipe 'bad\\xff': holds what is no printable character"
		recipe="new\nline" err="control characters in its name"
		recipe="tab\t" err="control characters in its name"
	END
	seen=$(log_lines 'recipe broken, left out' | sed 's/.* msg="recipe broken, left out" //' |
		LC_ALL=C sort)
	assert_equal "$seen" "$(<expected)"
	assert_well_logged
	run find . -name 'x*'
	assert_output ''
}

# In a configuration and in recipes stand names without control characters only.
@test "a farm in odd places" {
	local file text quoted odd='-n "it'\''s" `touch x` $(touch x) *?[a-z]{a,b} \n\& ;|<>#!%s~='
	mkdir "./$odd"
	cd "./$odd"
	cp -RL "$project/${BUILD:-build}"/{bin,share} .
	PATH=$workshop/commands:$PATH
	mkdir ../commands
	ln -s "$PWD/bin/peipkg-manager" ../commands
	new_farm <<<'build.sandbox = "none"'
	new_watched hello v1.0 </dev/null
	# As TOML wants it within quotes.
	quoted=${PWD//\\/\\\\}
	quoted=${quoted//\"/\\\"}
	for file in config.toml recipes/hello/peipkg.toml; do
		text=$(<"$file")
		printf '%s\n' "${text//"$PWD"/"$quoted"}" >"$file"
	done
	assert_sweep 0
	assert_equal "$(published)" 'hello 1.0-1' || fail "$(<"$log")"
	assert_well_logged
	verify_farm
	run find "$workshop" -name 'x'
	assert_output ''
}

@test "a newline in a configuration" {
	local key reason='holds what is no printable character'
	for key in manager.state_dir manager.recipes_dir signing.key_file; do
		rm -rf config.toml
		new_farm </dev/null
		sed -i "s|^$key = .*|$key = \"/tmp/new\\\\nline\"|" config.toml
		sweep
		assert_equal "$status $(<"$log")" "2 farm-config: [${key%.*}]: ${key#*.}: $reason"
		assert_not_exist "$farm"
	done
}

@test "a build by ssh in a hostile environment, with hostile names" {
	local odd=$'-n \'"`touch x`$(touch x)*?[a-z]{a,b}\\n\\&;|<>!%s\t\xff:~='
	new_hello
	mkdir "./$odd" commands 'the far side'
	mv recipe source "./$odd"
	mkdir "./$odd/source/$odd"
	echo "$odd" >"./$odd/source/$odd/$odd"
	echo 'cp "$SOURCE_DIR"/-n*/-n* "$DESTDIR/usr/share/odd"' >>"./$odd/recipe/build.sh"
	printf '%s\n' build --recipe recipe/peipkg.toml --source source --source-writable \
		"${facts[@]}" --out out -q >"./$odd/job"
	printf '#!/bin/sh\nfor command; do :; done\ncd %q && TMPDIR=$PWD exec sh -c "$command"\n' \
		"$PWD/the far side" >commands/ssh
	chmod +x commands/ssh
	PATH=$PWD/commands:$PATH
	export PEIPKG_RUNNER_HOST=far
	run_ssh env
	mv "./$odd/out/hello_1.0-1_noarch.peipkg" peaceful
	assert_equal "$(member peaceful usr/share/odd)" "$odd"

	printf 'touch %q\n' "$pwned" >evil
	run_ssh env "BASH_ENV=$PWD/evil" "ENV=$PWD/evil" TAR_OPTIONS=-v "TAPE=$pwned" TMOUT=1 \
		FUNCNEST=2 BASH_COMPAT=3.1 POSIXLY_CORRECT=1 CDPATH=/ GLOBIGNORE='*' \
		SHELLOPTS=noclobber:noglob:xtrace BASHOPTS=failglob "BASH_FUNC_tar%%=() { >$pwned; }" \
		env --ignore-signal=CHLD,PIPE,HUP
	cmp peaceful "./$odd/out/hello_1.0-1_noarch.peipkg"
	assert_equal "$(ls -A 'the far side')" ''
	assert_not_exist "$pwned"
	run find . -name x
	assert_output ''
}

# run_ssh PREFIX...: the job in ./$odd, of which only its package is told.
run_ssh() {
	run_apart timeout 60 "$@" "$project/scripts/runner-ssh" "./$odd"
	assert_equal "$status$stderr" 0
	assert_equal "${output/peipkg-runner.??????????/runner}" \
		"$PWD/the far side/runner/out/hello_1.0-1_noarch.peipkg"
}

# What relays the messages of the web server waits for longer than the user's shell does.
@test "the web server's messages, where TMOUT is exported" {
	free_port
	new_farm <<-END
		http.addr = "127.0.0.1:$port"
		build.sandbox = "none"
	END
	new_watched hello v1.0 <<<'github_webhook = false'
	TMOUT=1 start_manager
	await 'has_logged "webhook server listening"'
	sleep 3
	curl -s -o answer -w '%{http_code}' -X POST -d x "http://127.0.0.1:$port/webhooks/github" >code
	await 'has_logged "webhook signature invalid"'
	stop_manager
}
