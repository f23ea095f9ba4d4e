#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2034 # each test is a process of its own

load helper
load package
load build
load repository

# states/0 is a new repository, states/1 to 4 what one publish after the other makes of it:
# 2 has compressed indexes, which 3 no longer has. states/moved has packages elsewhere, too, in
# directories that tools may take for options and patterns.
setup_file() {
	local n
	export states="$BATS_FILE_TMPDIR/the states"
	mkdir "$states" "$BATS_FILE_TMPDIR/tmp"
	export TMPDIR=$BATS_FILE_TMPDIR/tmp
	cd "$BATS_FILE_TMPDIR"
	new_repository
	cp -a repo "$states/0"
	for n in 1 2 3 4; do
		new_package "new$n" alpha "$n.0-1"
		new_package "new$n" "beta-$n" 1.0-1
		if ((n == 2)); then
			publish "$n" "new$n" --precompress gzip
		else
			publish "$n" "new$n"
		fi
		cp -a repo "$states/$n"
	done
	new_package new5 gamma 1.0-1
	publish 5 new5 --package-url-template '/-x/{name}/{filename}'
	new_package new6 delta 1.0-1
	publish 6 new6 --package-url-template '/*/{filename}'
	cp -a repo "$states/moved"
}

setup() {
	enter_workshop
	farm=$project/scripts/farm
	servers=()
	unset AWS_CA_BUNDLE http_proxy HTTP_PROXY no_proxy NO_PROXY
	export HOME=$PWD RCLONE_CONFIG=$PWD/rclone.conf
}

teardown() {
	local server
	for server in "${servers[@]}"; do
		kill -KILL "$server" 2>/dev/null || :
		wait "$server" 2>/dev/null || :
	done
}

need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

# serve COMMAND...: a server on $port of this machine, until the end of the test.
serve() {
	"$@" </dev/null >server.log 2>&1 3>&- &
	servers+=("$!")
	await '(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null'
}

# show N: state N as the farm shows it to a backend, in "the view": documents copied, the rest
# links, and what is not to be uploaded beside them.
show() {
	rm -rf 'the view'
	mkdir 'the view'
	ln -s "$states/$1"/{p,keys} 'the view'
	cp -a "$states/$1"/{index,repo.json,repo.json.sig} 'the view'
	touch 'the view/lock' 'the view/.hidden' 'the view/index/.hidden'
}

# upload BACKEND REMOTE [N]: all of state N, or of what is shown already.
upload() {
	local phase
	[[ -z ${3-} ]] || show "$3"
	for phase in packages indexes delete; do
		"$farm/upload-$1" "$2" "$phase" 'the view' || return
	done
}

# What is no package's directory lies beside.
show_moved() {
	show moved
	ln -s -- "$states/moved/*" "$states/moved/-x" 'the view'
	mkdir 'the view'/{assets,lost+found}
	touch 'the view'/{assets,lost+found}/file
}

files_below() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum)
}

# assert_holds DIRECTORY N: state N, all of it and nothing else.
assert_holds() {
	diff <(files_below "$1") <(files_below "$states/$2" | grep -vF ' ./.peipkg-repo/')
}

# assert_moved_go_up BACKEND: packages of every directory, in the phase that is theirs.
assert_moved_go_up() {
	need "$1"
	show_moved
	"$farm/upload-$1" pages packages 'the view'
	diff <(cd pages && find . -type f | sort) \
		<(cd "$states/moved" && find ./-x ./\* ./keys ./p -type f | sort)
	upload "$1" pages
	assert_holds pages moved
}

watch() {
	"$BATS_TEST_DIRNAME/watch-remote" "$1" end >watched 3>&- &
	watcher=$!
	servers+=("$watcher")
}

# What the watcher has seen: several generations, and no index ahead of its packages.
assert_watched() {
	touch end
	wait "$watcher"
	cat watched
	assert_equal "$(wc -l <watched)" 1
	[[ $(<watched) =~ ^([0-9]+)' reads, '([0-9]+)' generations'$ ]]
	((BASH_REMATCH[1] >= 5 && BASH_REMATCH[2] >= 3))
}

@test "upload: operands" {
	local backend
	for backend in rclone rsync git command; do
		show 1
		run_apart "$farm/upload-$backend" --help
		assert_success
		assert_equal "$output" \
			"usage: upload-$backend REMOTE packages|indexes|delete DIRECTORY"
		run_apart "$farm/upload-$backend" remote packages
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" \
			"upload-$backend: a remote, a phase and a directory are wanted"
		run_apart "$farm/upload-$backend" '' packages 'the view'
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" "upload-$backend: the remote is empty"
		run_apart "$farm/upload-$backend" remote p 'the view'
		assert_equal "$status" 2
		assert_equal "${stderr_lines[0]}" "upload-$backend: no phase 'p'"
		rm -r 'the view/index'
		run_apart "$farm/upload-$backend" remote packages 'the view'
		assert_refused 1 "upload-$backend: the view: no repository: index is not there"
	done
}

@test "upload: installed, and called through a link" {
	mkdir -p prefix/share/peipkg-tools/farm
	cp "$farm"/upload-* prefix/share/peipkg-tools/farm
	cp "$project"/lib/sh/* prefix/share/peipkg-tools
	ln -s prefix/share/peipkg-tools/farm/upload-command link
	show 1
	run_apart ./link 'printf "%s\n"' packages 'the view'
	assert_success
	assert_equal "$output" "packages
$PWD/the view"
}

# The tests' S3 server, and a bucket of it with a blank in the path.
start_store() {
	need rclone
	need python3
	free_port
	serve "$BATS_TEST_DIRNAME/object-store" "$port" "$PWD/store"
	cat >rclone.conf <<-END
		[store]
		type = s3
		provider = Other
		endpoint = http://127.0.0.1:$port
		access_key_id = a
		secret_access_key = b
		no_check_bucket = true
	END
	remote='store:bucket/the pages'
}

# requests METHOD: those since the last time, without the name of the remote.
requests() {
	sed -n "s,^$1 the pages/,,p" store/requests
}

fetch_store() {
	rm -rf fetched
	rclone copy "$remote" fetched
}

# The first part of the names, and what caches are told, as often as they follow each other.
summary() {
	sed -E 's,(/[^ ]*)? , ,' "$1" | uniq -c | sed 's/^ *//'
}

@test "upload-rclone: packages, then indexes, then deletions, each with its time in caches" {
	local n
	start_store
	for n in 0 1 2; do
		: >store/requests
		run_apart upload rclone "$remote" "$n"
		assert_success
		assert_equal "$output$stderr" ''
		requests PUT >"puts$n"
		fetch_store
		assert_holds fetched "$n"
	done
	assert_equal "$(summary puts0)" '1 keys max-age=3600
4 index max-age=60
1 repo.json.sig max-age=60
1 repo.json max-age=60'
	assert_equal "$(summary puts1)" '6 p public, max-age=31536000, immutable
1 keys max-age=3600
4 index max-age=60
1 repo.json.sig max-age=60
1 repo.json max-age=60'
	assert_equal "$(cut -d ' ' -f 1 puts2 | grep ^p | sort)" \
		'p/alpha/2.0-1/alpha_2.0-1_noarch.peipkg
p/alpha/2.0-1/files.json
p/alpha/2.0-1/manifest.json
p/beta-2/1.0-1/beta-2_1.0-1_noarch.peipkg
p/beta-2/1.0-1/files.json
p/beta-2/1.0-1/manifest.json'
}

@test "upload-rclone: what the repository no longer has goes, what is not of it stays" {
	start_store
	mkdir -p beside/{p/old/1,.well-known,index}
	touch beside/{p/old/1/old_1_noarch.peipkg,.well-known/security.txt,index.html}
	touch beside/index/{stale.json,.hidden}
	rclone copy beside "$remote"
	: >store/requests
	upload rclone "$remote" 1
	assert_equal "$(requests DELETE)" index/stale.json
	assert_equal "$(requests GET | grep -c '^p')" 1
}

@test "upload-rclone: no index is ever ahead of its packages, also after a failure" {
	local n
	local -a parts=('' p index repo.json)
	local -a puts=(0 3 8 12) # among the packages, among the indexes, behind the signature
	start_store
	watch "http://127.0.0.1:$port/bucket/the%20pages"
	upload rclone "$remote" 0
	for n in 1 2 3; do
		echo "${puts[n]}" >store/puts
		run_apart upload rclone "$remote" "$n"
		assert_equal "$status" 1
		[[ ${stderr_lines[-1]} == "upload-rclone: ${parts[n]}: Failed to copy"*AccessDenied ]]
		rm store/puts
		: >store/requests
		upload rclone "$remote"
		((n == 1)) || assert_equal "$(requests PUT | grep -c ^p/)" 0
	done
	upload rclone "$remote" 4
	assert_watched
	fetch_store
	assert_holds fetched 4
}

@test "upload-rclone: a server without times and hashes gets signatures of the same size" {
	local n
	need rclone
	free_port
	mkdir served
	serve rclone serve webdav served --addr "127.0.0.1:$port"
	printf '[dav]\ntype = webdav\nurl = http://127.0.0.1:%d\nvendor = other\n' "$port" \
		>rclone.conf
	for n in 1 2; do
		upload rclone 'dav:' "$n"
		assert_holds served "$n"
	done
}

@test "upload-rclone: packages go up from wherever they are, and before the indexes" {
	assert_moved_go_up rclone
}

start_rsync() {
	need rsync
	free_port
	mkdir 'the pages'
	cat >rsyncd.conf <<-END
		address = 127.0.0.1
		port = $port
		use chroot = no
		uid = $(id -u)
		gid = $(id -g)
		[pages]
		path = $PWD/the pages
		read only = no
	END
	serve rsync --daemon --no-detach --config=rsyncd.conf
	remote=rsync://127.0.0.1:$port/pages
}

@test "upload-rsync: packages, then indexes, then deletions; what else there is stays" {
	local n
	start_rsync
	for n in 0 1 2; do
		run_apart upload rsync "$remote" "$n"
		assert_success
		assert_equal "$output$stderr" ''
		assert_holds 'the pages' "$n"
	done
	mkdir -p 'the pages/.well-known' 'the pages/p/old/1' 'the pages/index/stale'
	touch 'the pages/index.html' 'the pages/p/old/1/old_1_noarch.peipkg' \
		'the pages/index/stale/file' 'the pages/.well-known/file'
	chmod 2775 'the pages'
	upload rsync "$remote" 3
	assert_exists 'the pages/index.html'
	assert_exists 'the pages/p/old/1/old_1_noarch.peipkg'
	assert_exists 'the pages/.well-known/file'
	assert_not_exists 'the pages/index/stale'
	assert_equal "$(stat -c %a 'the pages')" 2775
}

@test "upload-rsync: a path is a remote too; a colon in the directory's makes no host" {
	need rsync
	show 1
	mv 'the view' a:b
	mkdir dest
	"$farm/upload-rsync" 'dest/the pages' packages a:b
	"$farm/upload-rsync" 'dest/the pages' indexes a:b
	"$farm/upload-rsync" 'dest/the pages' delete a:b
	assert_holds 'dest/the pages' 1
	"$farm/upload-rsync" --rsh='touch ran;' packages a:b
	assert_not_exists ran
}

@test "upload-rsync: files that only their owner can read are for all to read there" {
	need rsync
	cp -a "$states/1" private
	chmod -R go= private
	"$farm/upload-rsync" dest packages private
	assert_equal "$(find dest -type f -printf '%m\n' | sort -u)" 644
	assert_equal "$(find dest/p -type d -printf '%m\n' | sort -u)" 755
}

@test "upload-rsync: killed in the middle of a file, and the retry" {
	start_rsync
	cp -a "$states/1" big
	mkdir -p big/p/big shim
	head -c 3000000 /dev/urandom >big/p/big/big
	printf '#!/bin/sh\nexec %q --bwlimit=1000 "$@"\n' "$(command -v rsync)" >shim/rsync
	chmod +x shim/rsync
	PATH=$PWD/shim:$PATH setsid "$farm/upload-rsync" "$remote" packages big 3>&- &
	await 'compgen -G "the pages/p/big/.big.*" || compgen -G "the pages/p/big/.~tmp~/*"'
	kill -KILL -- -$!
	run ! wait $!
	assert_not_exists 'the pages/p/big/big'
	"$farm/upload-rsync" "$remote" packages big
	cmp 'the pages/p/big/big' big/p/big/big
}

@test "upload-rsync: no index is ever ahead of its packages, also after a failure" {
	local obstacle='the pages/p/beta-2/1.0-1/beta-2_1.0-1_noarch.peipkg'
	start_rsync
	watch "$PWD/the pages"
	upload rsync "$remote" 0
	upload rsync "$remote" 1
	mkdir -p "$obstacle/in the way"
	run_apart upload rsync "$remote" 2
	assert_equal "$status" 1
	[[ ${stderr_lines[-1]} == upload-rsync:*beta-2* ]]
	cmp 'the pages/index/active.json' "$states/1/index/active.json"
	rm -r "$obstacle"
	upload rsync "$remote"
	kill -KILL "${servers[0]}"
	wait "${servers[0]}" || :
	run_apart upload rsync "$remote" 3
	assert_equal "$status" 1
	[[ ${stderr_lines[-1]} == upload-rsync:*'Connection refused'* ]]
	serve rsync --daemon --no-detach --config=rsyncd.conf
	upload rsync "$remote"
	assert_watched
	assert_holds 'the pages' 3
}

@test "upload-rsync: packages go up from wherever they are, and before the indexes" {
	assert_moved_go_up rsync
}

@test "the watcher of these tests does see an index that is ahead" {
	mkdir remote
	show 2
	cp -R 'the view/.' remote
	rm remote/p
	touch end
	run "$BATS_TEST_DIRNAME/watch-remote" "$PWD/remote" end
	assert_line '/index/active.json of generation 3: /p/beta-1/1.0-1/beta-1_1.0-1_noarch.peipkg is not there'
	cp -R "$states/2/p" remote
	echo >>remote/p/beta-1/1.0-1/beta-1_1.0-1_noarch.peipkg
	run "$BATS_TEST_DIRNAME/watch-remote" "$PWD/remote" end
	assert_line '/p/beta-1/1.0-1/beta-1_1.0-1_noarch.peipkg: another hash'
}

start_git() {
	need git
	git init -q --bare 'the pages.git'
	remote="$PWD/the pages.git"
}

pages() {
	git --git-dir='the pages.git' "$@"
}

fetch_branch() {
	rm -rf fetched
	mkdir fetched
	pages archive "${1-gh-pages}" | tar -x -C fetched
}

# commit_beside NAME: somebody else's commit on the branch.
commit_beside() {
	local blob tree
	export GIT_INDEX_FILE=$PWD/index-beside
	pages read-tree gh-pages
	blob=$(echo beside | pages hash-object -w --stdin)
	pages update-index --add --cacheinfo "100644,$blob,$1"
	tree=$(pages write-tree)
	unset GIT_INDEX_FILE
	pages update-ref refs/heads/gh-pages "$(pages -c user.name=a -c user.email=b \
		commit-tree -p gh-pages -m beside "$tree")"
}

@test "upload-git: a commit for each publish, with all of it" {
	local n
	start_git
	for n in 0 1 2 3; do
		run_apart upload git "$remote" "$n"
		assert_success
		assert_equal "$output$stderr" ''
		fetch_branch
		assert_exists fetched/.nojekyll
		rm fetched/.nojekyll
		assert_holds fetched "$n"
	done
	assert_equal "$(pages log --date=iso-strict --format='%an <%ae> %ad %cn <%ce> %cd %s' gh-pages)" \
		"$(for n in 3 2 1 0; do
			who="peipkg-manager <peipkg-manager@localhost> 2026-06-01T0$n:00:00+00:00"
			echo "$who $who index_version $((n + 1))"
		done)"
	pages fsck --strict
	assert_swept
}

@test "upload-git: packages from wherever they are" {
	start_git
	show_moved
	upload git "$remote"
	fetch_branch
	rm fetched/.nojekyll
	assert_holds fetched moved
}

@test "upload-git: nothing changed, nothing done" {
	local before
	start_git
	upload git "$remote" 1
	before=$(pages rev-parse gh-pages)
	upload git "$remote" 1
	assert_equal "$(pages rev-parse gh-pages)" "$before"
}

@test "upload-git: all at once, in the last phase" {
	start_git
	show 1
	"$farm/upload-git" "$remote" packages 'the view'
	"$farm/upload-git" "$remote" indexes 'the view'
	run ! pages rev-parse --verify gh-pages
	"$farm/upload-git" "$remote" delete 'the view'
	pages rev-parse --verify gh-pages
}

@test "upload-git: what else is on the branch stays, and what was published" {
	start_git
	upload git "$remote" 1
	commit_beside CNAME
	commit_beside p/old/1/old_1_noarch.peipkg
	commit_beside 'index/st"a\le'
	upload git "$remote" 2
	fetch_branch
	assert_exists fetched/CNAME
	assert_exists fetched/p/old/1/old_1_noarch.peipkg
	assert_not_exists 'fetched/index/st"a\le'
	assert_equal "$(pages rev-list --count gh-pages)" 5
}

@test "upload-git: another branch, another repository's content" {
	start_git
	upload git "$remote#feature/a b" 1 2>&1 | grep -F "#feature/a b: no name of a branch"
	upload git "$remote#feature/pages" 1
	fetch_branch feature/pages
	assert_exists fetched/repo.json
	run ! pages rev-parse --verify gh-pages
}

@test "upload-git: without what the branch held before, where the server can do that" {
	start_git
	pages config uploadpack.allowFilter true
	upload git "file://$remote" 1
	commit_beside CNAME
	GIT_TRACE=$PWD/trace upload git "file://$remote" 2
	grep -q 'filter=blob:none' trace
	assert_equal "$(grep -c 'built-in: git fetch' trace)" 1
	fetch_branch
	assert_exists fetched/CNAME
	rm fetched/{CNAME,.nojekyll}
	assert_holds fetched 2
	pages fsck --strict
}

@test "upload-git: the branch moves meanwhile" {
	start_git
	upload git "$remote" 1
	export -f pages commit_beside
	before_real git <<-'END'
		PATH=${PATH#*/shims:}
		if [[ $1 == push ]] && mkdir moved 2>/dev/null; then
			(unset GIT_DIR; cd ..; commit_beside CNAME)
		fi
	END
	run_apart upload git "$remote" 2
	assert_success
	fetch_branch
	assert_exists fetched/CNAME
	cmp fetched/index/active.json "$states/2/index/active.json"
	assert_equal "$(pages log --format=%s gh-pages)" 'index_version 3
beside
index_version 2'
}

@test "upload-git: no connection, a remote that refuses, a push that was killed; the retry" {
	local hook='the pages.git/hooks/pre-receive'
	start_git
	upload git "$remote" 1
	mv 'the pages.git' away
	run_apart upload git "$remote" 2
	assert_refused 1 "upload-git: fatal: '$remote' does not appear to be a git repository"
	mv away 'the pages.git'
	printf '#!/bin/sh\necho not today >&2\nexit 1\n' >"$hook"
	chmod +x "$hook"
	run_apart upload git "$remote"
	assert_refused 1 'upload-git: remote: not today'
	assert_equal "$(pages rev-list --count gh-pages)" 1
	printf '#!/bin/sh\ntouch %q\nexec sleep 60\n' "$PWD/reached" >"$hook"
	setsid "$farm/upload-git" "$remote" delete 'the view' 3>&- &
	await '[[ -e reached ]]'
	kill -KILL -- -$!
	run ! wait $!
	assert_equal "$(pages rev-list --count gh-pages)" 1
	rm "$hook"
	upload git "$remote"
	fetch_branch
	cmp fetched/index/active.json "$states/2/index/active.json"
	assert_equal "$(pages rev-list --count gh-pages)" 2
	assert_swept
}

@test "upload-git: whatever step fails, the branch stays as it was" {
	local step before
	start_git
	upload git "$remote" 1
	before=$(pages rev-parse gh-pages)
	export step
	before_real git <<-'END'
		[[ $1 != "$step" ]] || exit 1
	END
	for step in init ls-remote fetch read-tree ls-files hash-object update-index write-tree \
		commit-tree push; do
		run_apart upload git "$remote" 2
		assert_equal "$step $status" "$step 1"
		assert_equal "$(PATH=${PATH#*:} pages rev-parse gh-pages)" "$before"
	done
	step=none
	upload git "$remote" 2
	assert_swept
}

@test "upload-git: the same commit, whatever the user's configuration and environment" {
	start_git
	upload git "$remote#plain" 1
	mkdir -p hooks other
	printf '#!/bin/sh\nexit 1\n' | tee hooks/{pre-push,pre-commit} >/dev/null
	chmod +x hooks/*
	printf '*.sig\n' >ignored
	printf '* text eol=crlf\n' >attributes
	cat >.gitconfig <<-END
		[core]
			hooksPath = $PWD/hooks
			excludesFile = $PWD/ignored
			attributesFile = $PWD/attributes
			autocrlf = true
		[commit]
			gpgSign = true
		[push]
			gpgSign = true
			followTags = true
		[i18n]
			commitEncoding = latin1
		[user]
			useConfigOnly = true
	END
	export GIT_DIR=$PWD/other GIT_INDEX_FILE=$PWD/other/index GIT_WORK_TREE=$PWD/other
	export GIT_AUTHOR_NAME=me GIT_COMMITTER_DATE=2001-01-01T00:00:00Z TZ=Asia/Tokyo
	(umask 077 && upload git "$remote#odd" 1)
	unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
	assert_equal "$(pages rev-parse odd)" "$(pages rev-parse plain)"
}

@test "upload-git: a remote is no option, and no command" {
	local bad
	need git
	for bad in '--upload-pack=touch ran;' '-x' 'ext::sh -c "touch ran"' "$PWD#-/../x" "$PWD#"; do
		run upload git "$bad" 1
		assert_equal "$status" 1
	done
	assert_equal "$(find . -name ran)" ''
}

@test "upload-git: no index is ever ahead of its packages" {
	local n
	start_git
	watch "$remote#gh-pages"
	for n in 0 1 2 3 4; do
		upload git "$remote" "$n"
	done
	assert_watched
}

@test "upload-command: called once a phase; its failure is ours" {
	mkdir 'my programs'
	cat >'my programs/put it' <<-'END'
		#!/bin/sh
		printf '<%s>' "$@" >>calls
		echo >>calls
		[ "$1" != indexes ] || [ ! -e broken ] || exit 3
	END
	chmod +x 'my programs/put it'
	upload command "$PWD/my programs/put it" 1
	upload command '"my programs/put it" --to "a b"' 1
	assert_equal "$(<calls)" "<packages><$PWD/the view>
<indexes><$PWD/the view>
<delete><$PWD/the view>
<--to><a b><packages><$PWD/the view>
<--to><a b><indexes><$PWD/the view>
<--to><a b><delete><$PWD/the view>"
	touch broken
	rm calls
	run_apart upload command "$PWD/my programs/put it"
	assert_refused 1 "upload-command: $PWD/my programs/put it: exit status 3"
	assert_equal "$(wc -l <calls)" 2
	rm broken
	upload command "$PWD/my programs/put it"
	run_apart upload command 'kill -9 $$ #' 1
	assert_refused 1 'upload-command: kill -9 $$ #: killed by SIGKILL, exit status 137'
}

@test "upload-command: no index is ever ahead of its packages" {
	local n
	mkdir pages
	cat >put <<-'END'
		#!/bin/bash -e
		case $1 in
		packages) for part in p keys; do [[ ! -d $2/$part ]] || cp -RLn "$2/$part" pages; done ;;
		indexes)
			for file in index/active.json index/archive.json repo.json; do
				mkdir -p pages/index
				cp "$2/$file" pages/new
				mv pages/new "pages/$file"
			done
			;;
		esac
	END
	chmod +x put
	watch "$PWD/pages"
	for n in 0 1 2 3 4; do
		upload command ./put "$n"
	done
	assert_watched
}
