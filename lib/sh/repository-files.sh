# The packages of a repository, as files below it.
# shellcheck shell=bash disable=SC2034

# list_package_directories REPOSITORY: as `package_directories`, absolute paths, those that may
# hold packages: templates of URLs lead anywhere but to what a repository and its pages have
# for themselves (§6.4.2).
list_package_directories() {
	package_directories=("$1"/!(index|keys|assets|lost+found)/)
	package_directories=("${package_directories[@]%/}")
}

# remove_package FILE: and what lies beside it, unless that is another package's, too (§6.4.4),
# with the directories that are empty then.
remove_package() {
	local directory=${1%/*}
	local -a others
	rm -f -- "$1" "$1".{sbom.json,attestation.json,debug.peipkg}
	others=("$directory"/!(*.debug).peipkg)
	((${#others[@]} == 0)) || return 0
	rm -f -- "$directory"/{manifest,files}.json
	rmdir -- "$directory" "${directory%/*}" 2>/dev/null || :
}
