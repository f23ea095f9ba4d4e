# peipkg-manager: which versions are built, and batches of builds.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

declare -A slots_of=() # pid of a batch -> its builds that run
declare -A building=() # RECIPE@VERSION -> 1 from when it is handed out
batches=0              # so far

# list_candidates: what is due and may be built now, as `candidates`, ascending by version
# for each recipe; `next_retry` is when there may be more.
list_candidates() {
	local name version file
	candidates=() next_retry=$((1 << 62))
	for name in "${watched[@]}"; do
		[[ -n ${polled[$name]-} && -s $state/state/versions/$name ]] || continue
		while read -r version; do
			file=$name@$version
			[[ -f $state/state/due/$file && ! -d $state/publish/$file ]] || continue
			[[ -z ${building[$file]-} && ${hold[$file]-0} -le $clock ]] || continue
			read_failure "$state/state/failures/$file"
			if ((retry_at <= EPOCHSECONDS)); then
				candidates+=("$file")
			elif ((retry_at < next_retry)); then
				next_retry=$retry_at
			fi
		done <"$state/state/versions/$name"
	done
}

free_slots() {
	local used
	free=${config[build.jobs]}
	for used in "${slots_of[@]}"; do
		free=$((free - used))
	done
}

# Make schedules: a target for each build, numbered, since names may hold what make reads
# otherwise. What there are no slots for waits for a batch to come.
start_batch() {
	local file directory=$state/stage/batch.$((++batches))
	[[ -z $stopping ]] || return 0
	free_slots
	((free > 0)) || return 0
	list_candidates
	((${#candidates[@]} > 0)) || return 0
	candidates=("${candidates[@]:0:free}")
	try write_batch
	if ((status != 0)); then
		postpone_candidates
		return
	fi
	for file in "${candidates[@]}"; do
		building[$file]=1
	done
	start_child batch "$directory" env STEP="$share/farm/build" STATE="$state" \
		BATCH="$directory" make -s -k -j "${#candidates[@]}" -f "$directory/Makefile" \
		3>&2 2>"$state/logs/make.log"
	slots_of[$!]=${#candidates[@]}
}

# In a subshell, by try.
write_batch() {
	local i
	mkdir -- "$directory"
	for i in "${!candidates[@]}"; do
		printf '%s\n' "${candidates[i]%@*}" "${candidates[i]##*@}" >"$directory/$i"
	done
	write_makefile "${!candidates[@]}" >"$directory/Makefile"
}

# A full disk ends no daemon.
postpone_candidates() {
	local file
	for file in "${candidates[@]}"; do
		hold[$file]=$((clock + hold_seconds))
	done
	rm -rf -- "$directory"
	log ERROR 'no build can be started' builds "${candidates[*]}"
	failed=1
}

# What a build leaves running ends with its session; when make ends, so does what it runs.
# What make itself has to say is no line of our log.
write_makefile() {
	cat <<-END
		SHELL = setpriv
		.SHELLFLAGS = --pdeathsig TERM bash -pc
		.PHONY: all $*
		all: $*
		$*:
	END
	# shellcheck disable=SC1003,SC2016 # for make and its shell
	printf '\t%s\n' '@tell() { : >"$$BATCH/$@.ended"; echo 1<>"$$STATE/spool/wake"; }; trap tell EXIT; \' \
		'{ IFS= read -r recipe; read -r version; } <"$$BATCH/$@"; \' \
		'[ ! -e "$$STATE/stage/stop" ] || exit 0; \' \
		'[ -e "$$STATE/state/recipes/$$recipe/recipe.json" ] || exit 0; \' \
		'setpriv --pdeathsig TERM setsid "$$STEP" "$$STATE" "$$recipe" "$$version" \' \
		'2>&3 >&2 3>&- & wait $$!; status=$$?; pkill -KILL -s $$!; exit $$status'
}

# A build that has ended leaves its slot to another one, whatever else of its batch runs.
reap_builds() {
	local pid file
	for pid in "${!slots_of[@]}"; do
		for file in "${subject[$pid]}"/*.ended; do
			end_build_of "${file%.ended}"
			rm -f -- "${file%.ended}" "$file"
			slots_of[$pid]=$((${slots_of[$pid]} - 1))
		done
	done
}

# What did not tell of its end has ended now.
end_batch() {
	local file directory=${subject[$1]}
	unset "slots_of[$1]"
	for file in "$directory"/+([0-9]); do
		end_build_of "$file"
	done
	rm -rf -- "$directory"
}

# end_build_of FILE: of a batch, with the names of a build.
end_build_of() {
	local name version
	{
		IFS= read -r name
		read -r version
	} <"$1"
	end_build "$name" "$version"
}

# Who could not tell of its end left its mark. Whatever happened, the next attempt is not at
# once.
end_build() {
	local duration file=$1@$2
	building[$file]=''
	[[ -d $state/publish/$file ]] || hold[$file]=$((clock + hold_seconds))
	[[ -f $state/stage/running/$file ]] || return 0
	rm -f -- "$state/stage/running/$file"
	put_failure "$state/state/failures/$file" || step=$hold_seconds
	describe_duration "$step"
	log ERROR 'build failed' recipe "$1" version "$2" err 'killed, or broken off' \
		next_retry_after "$duration"
}
