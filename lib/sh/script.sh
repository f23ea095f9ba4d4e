# Running a recipe's build script.
# shellcheck shell=bash disable=SC2154,SC2164

declare -a sandbox_arguments=()

# Everything of the host that a build may see, read-only; not /run with its sockets, not
# /sys, and not what is put anew. Over it, what is the build's own.
collect_sandbox_arguments() {
	local path
	for path in /* /.[!.]*; do
		case $path in
		/build | /dev | /proc | /run | /sys | /tmp) continue ;;
		esac
		if [[ -L $path ]]; then
			sandbox_arguments+=(--symlink "$(readlink -- "$path")" "$path")
		elif [[ -d $path ]]; then
			sandbox_arguments+=(--ro-bind "$path" "$path")
		fi
	done
	sandbox_arguments+=(--proc /proc --dev /dev --tmpfs /tmp
		--bind "$source" /build/source --bind "$work" /build/work
		--bind "$dest" /build/dest --ro-bind "$recipe_directory" /build/recipe)
}

# hide_from_sandbox PATH: puts an empty device over a file, an empty directory over a
# directory, wherever the sandbox shows it.
hide_from_sandbox() {
	local path
	local -a cover=(--ro-bind /dev/null)
	resolve "$1"
	path=$resolved
	[[ ! -d $path ]] || cover=(--tmpfs)
	[[ $path != "$recipe_directory"/* ]] ||
		sandbox_arguments+=("${cover[@]}" "/build/recipe${path#"$recipe_directory"}")
	resolve "${option[source]}"
	[[ $path != "$resolved"/* ]] || die "$path: in the source tree, where it cannot be hidden"
	case $path in
	/build/* | /dev/* | /proc/* | /run/* | /sys/* | /tmp/*) ;;
	*) sandbox_arguments+=("${cover[@]}" "$path") ;;
	esac
}

# run_script: runs the build script of the recipe with $source, $dest and $work, its output
# into $log. Becomes the script: to be run in the background.
run_script() {
	umask 022
	cd "$work"
	exec </dev/null >>"$log" 2>&1
	# Locks, and whatever our caller left open, a key perhaps, are not for the script.
	close_descriptors 3
	PATH=$caller_path
	if [[ ${option[sandbox]} == bwrap ]]; then
		exec bwrap --unshare-all --die-with-parent --new-session \
			"${sandbox_arguments[@]}" --remount-ro / --chdir /build/work \
			env -i --default-signal "${script_environment[@]}" \
			sh "/build/recipe/$build_script"
	fi
	exec setpriv --pdeathsig KILL env -i --default-signal "${script_environment[@]}" \
		sh "$recipe_directory/$build_script"
}

# What follows on stderr starts a line, whatever the script's last one ended in.
end_last_line() {
	[[ -z $(tail -c 1 -- "$log" | tr '\0' x) ]] || echo >&2
}

# show_log_of PROCESS: copies $log to stderr as it grows, to what there is when the process
# ends; processes that it left behind may hold the log open.
show_log_of() {
	exec setpriv --pdeathsig KILL tail -n +1 -s 0.01 -f --pid="$1" -- "$log" >&2
}
