# Running a recipe's build script.
# shellcheck shell=bash disable=SC2154,SC2164

declare -a sandbox_arguments=()

# Everything of the host that a build may see, read-only; not /run with its sockets, not
# /sys, and not what is put anew.
collect_host_binds() {
	local path
	for path in /*; do
		case $path in
		/build | /dev | /proc | /run | /sys | /tmp) continue ;;
		esac
		if [[ -L $path ]]; then
			sandbox_arguments+=(--symlink "$(readlink -- "$path")" "$path")
		elif [[ -d $path ]]; then
			sandbox_arguments+=(--ro-bind "$path" "$path")
		fi
	done
}

# hide_from_sandbox FILE: puts an empty device over a file that the host's directories show.
hide_from_sandbox() {
	local path
	path=$(realpath -e -- "$1")
	case $path in
	/build/* | /dev/* | /proc/* | /run/* | /sys/* | /tmp/*) ;;
	*) sandbox_arguments+=(--ro-bind /dev/null "$path") ;;
	esac
}

# run_script: runs the build script of the recipe with $source, $dest and $work, its output
# into $log. Becomes the script: to be run in the background.
run_script() {
	local lock
	for lock in "${stage_locks[@]}"; do
		exec {lock}>&-
	done
	umask 022
	cd "$work"
	PATH=$caller_path
	exec </dev/null >>"$log" 2>&1
	if [[ ${option[sandbox]} == bwrap ]]; then
		exec bwrap --unshare-all --die-with-parent --new-session \
			"${sandbox_arguments[@]}" --proc /proc --dev /dev --tmpfs /tmp \
			--bind "$source" /build/source --bind "$work" /build/work \
			--bind "$dest" /build/dest --ro-bind "$recipe_directory" /build/recipe \
			--remount-ro / --chdir /build/work \
			env -i "${script_environment[@]}" sh "/build/recipe/$build_script"
	fi
	exec setpriv --pdeathsig KILL \
		env -i "${script_environment[@]}" sh "$recipe_directory/$build_script"
}

# show_log_of PROCESS: copies $log to stderr as it grows, to what there is when the process
# ends; processes that it left behind may hold the log open.
show_log_of() {
	exec tail -n +1 -s 0.05 -f --pid="$1" -- "$log" >&2
}

describe_status() {
	if (($1 > 128)); then
		printf 'killed by SIG%s' "$(kill -l "$(($1 - 128))")"
	else
		printf 'exit status %d' "$1"
	fi
}
