# Command lines: options into variables.
# shellcheck shell=bash disable=SC2034,SC2154

declare -A option=() # what was given, by name; switches are 1
declare -a operands=()

# parse_options 'NAME= NAME=? NAME=* NAME' ARGUMENT...: one or two dashes before a name, its
# value behind "=" or as the next argument. Values go into `option` under the name, with "_"
# for "-"; those of NAME=*, which may be given more than once, into the array of that name.
# Only that of NAME=? may be empty, as if it were not given.
parse_options() {
	local known argument name value
	known=" ${1//[[:space:]]/ } "
	shift
	while (($# > 0)); do
		argument=$1
		shift
		case $argument in
		--)
			operands+=("$@")
			return
			;;
		-h | -help | --help) show_usage ;;
		-?*) ;;
		*)
			operands+=("$argument")
			continue
			;;
		esac
		name=${argument#-}
		name=${name#-}
		[[ ${name%%=*} == +([a-z-]) ]] || usage_error "no option '$argument'"
		value=''
		if [[ $name == *=* ]]; then
			value=${name#*=}
			name=${name%%=*}
		elif [[ $known == *" $name="?([?*])" "* ]]; then
			(($# > 0)) || usage_error "--$name: a value is wanted"
			value=$1
			shift
		fi
		take_option
	done
}

# take_option: what parse_options has found, as its variables say.
take_option() {
	local variable=${name//-/_}
	if [[ $known == *" $name=* "* ]]; then
		local -n values=$variable
		values+=("$value")
	elif [[ $known == *" $name="?(\?)" "* ]]; then
		[[ -n $value || $known == *" $name=? "* ]] || usage_error "--$name: a value is wanted"
		option[$variable]=$value
	elif [[ $known != *" $name "* ]]; then
		usage_error "no option '$argument'"
	elif [[ $argument == *=* ]]; then
		usage_error "--$name: takes no value"
	else
		option[$variable]=1
	fi
}

require_options() {
	local name
	for name; do
		[[ -n ${option[${name//-/_}]-} ]] || usage_error "--$name is required"
	done
	((${#operands[@]} == 0)) || usage_error "no operand is wanted: '${operands[0]}'"
}

# parse_timestamp OPTION: the time that was given, in seconds since 1970, in `epoch`.
parse_timestamp() {
	local times given=${option[${1//-/_}]}
	times=$(date -u -d "$given" '+%s %Y-%m-%dT%H:%M:%SZ' 2>/dev/null) || times=''
	epoch=${times% *}
	[[ -n $times && ${times#* } == "$given" && $epoch -ge 0 && $epoch -lt $((1 << 33)) ]] ||
		die "--$1: '$given' is no time as YYYY-MM-DDThh:mm:ssZ [§3.3]"
}
