#!/usr/bin/env bats

load helper

# scripts/bootstrap in a tree of its own, among commands that only say that they ran: who
# the user is, what is installed and whether installing works is up to the test.
setup() {
	cd "$BATS_TEST_TMPDIR"
	unset DEBIAN_FRONTEND CXX
	mkdir -p 'a tree/scripts' commands
	cp "$project/scripts/bootstrap" 'a tree/scripts'
	for tool in sh cat dirname env grep sed; do
		ln -s "$(command -v "$tool")" commands
	done
	command_is id 'echo 0'
	command_is dpkg-query 'while read -r package; do echo "installed $package"; done <installed'
	command_is apt-get 'echo "apt-get${DEBIAN_FRONTEND+ ($DEBIAN_FRONTEND)} $*"' \
		'case "$*" in *install*) [ ! -e broken ];; esac'
	command_is make 'echo "make $* in $PWD"'
	all_packages >installed
}

command_is() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >"commands/$1"
	chmod +x "commands/$1"
}

all_packages() {
	sed -nE 's/^(use|check|bench)\t+([^\t]+)\t.*/\2/p' 'a tree/scripts/bootstrap'
}

# The commands by which packages that are always wanted are found, make left alone.
used_tools() {
	sed -nE '/make$/d; s/^use\t+[^\t]+\t+([^./]+)$/\1/p' 'a tree/scripts/bootstrap'
}

uninstall() {
	for package; do
		sed -i "/^$package\$/d" installed
	done
}

bootstrap() {
	run_apart env PATH="$PWD/commands" sh 'a tree/scripts/bootstrap' "$@"
}

@test "bootstrap: quiet when nothing is missing, and make gets the arguments" {
	bootstrap demo -j 'A=b c'
	assert_success
	assert_output "make demo -j A=b c in $PWD/a tree"
	assert_equal "$stderr" ''
	bootstrap
	assert_success
	assert_output ''
	assert_equal "$stderr" ''
}

@test "bootstrap: what is missing is installed before make runs" {
	uninstall zstd g++
	bootstrap demo
	assert_success
	assert_output "make demo in $PWD/a tree"
	assert_equal "$stderr" 'bootstrap: installing g++ zstd
apt-get -qq update
apt-get (noninteractive) -qq -y --no-install-recommends install g++ zstd'
}

@test "bootstrap: tools for tests are installed for tests only" {
	uninstall bats zstd
	bootstrap demo BUILD=build/check
	assert_equal "${stderr_lines[0]}" 'bootstrap: installing zstd'
	for target in check check-sanitized lint fuzz bench; do
		bootstrap "$target"
		assert_equal "${stderr_lines[0]}" 'bootstrap: installing zstd bats'
		assert_output "make $target in $PWD/a tree"
	done
	bootstrap
	assert_equal "${stderr_lines[0]}" 'bootstrap: installing zstd bats'
	assert_output ''
}

@test "bootstrap: what the benchmark compares with is installed for the benchmark only" {
	uninstall createrepo-c
	for target in demo check check-sanitized lint fuzz; do
		bootstrap "$target"
		assert_success
		assert_equal "$stderr" ''
	done
	bootstrap
	assert_equal "$stderr" ''
	bootstrap bench
	assert_equal "${stderr_lines[0]}" 'bootstrap: installing createrepo-c'
	bootstrap bench check
	assert_equal "${stderr_lines[0]}" 'bootstrap: installing createrepo-c'
}

@test "bootstrap: installing goes through sudo when the user is not root" {
	command_is id 'echo 1000'
	command_is sudo 'echo "sudo $*"; "$@"'
	uninstall pv
	bootstrap demo
	assert_success
	assert_equal "$stderr" 'bootstrap: installing pv
sudo apt-get -qq update
apt-get -qq update
sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install pv
apt-get (noninteractive) -qq -y --no-install-recommends install pv'

	rm commands/sudo
	bootstrap demo
	assert_refused 1 'bootstrap: not root, and no sudo; install these first: pv'
	assert_output ''
}

@test "bootstrap: make does not run when installing fails" {
	touch broken
	uninstall pv
	bootstrap demo
	assert_failure
	assert_output ''
}

@test "bootstrap: on another system it lists what is missing and stops" {
	rm commands/apt-get
	for tool in $(used_tools); do
		command_is "$tool"
	done
	rm commands/pv
	command_is c++ 'while read -r line; do case $line in *zstd.h*) exit 1;; esac; done'
	bootstrap demo
	assert_equal "$status" 1
	assert_output ''
	assert_equal "$stderr" "bootstrap: no Debian system; install what Debian calls:
  libzstd-dev
  pv"

	command_is c++
	command_is pv
	bootstrap demo
	assert_success
	assert_output "make demo in $PWD/a tree"
}

@test "bootstrap: apt-get alone makes no Debian" {
	printf 'ID=fedora\nID_LIKE="rhel centos"\n' >os-release
	bwrap --dev-bind / / true || skip 'bubblewrap cannot run here'
	run_apart bwrap --dev-bind / / --ro-bind os-release "$(realpath /etc/os-release)" \
		env PATH="$PWD/commands" sh 'a tree/scripts/bootstrap' demo
	assert_equal "$status" 1
	assert_equal "${stderr_lines[0]}" \
		'bootstrap: no Debian system; install what Debian calls:'
}

@test "bootstrap: help" {
	for option in -h --help; do
		bootstrap "$option"
		assert_success
		assert_line --index 0 'usage: sh scripts/bootstrap [MAKE-ARGUMENT...]'
	done
}
