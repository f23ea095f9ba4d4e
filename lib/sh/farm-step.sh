# What the steps of a farm begin and end with. Sourced with `share` set to the directory that
# this file is in.
# shellcheck shell=bash disable=SC2034,SC2154

program=${0##*/}
# shellcheck source=lib/sh/common.sh
. "$share/common.sh"
# shellcheck source=lib/sh/stage.sh
. "$share/stage.sh"
# shellcheck source=lib/sh/farm.sh
. "$share/farm.sh"

end_step() {
	remove_stages
	[[ -z ${state-} ]] || wake_manager
}

cleanup() {
	end_step
}
