# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2093,SC2154
#
# For test scripts: an LTTng session daemon of their own. Source it before tests/lib/tap.sh.
#
# LTTng allows one daemon a user, and as root one a machine. So that nobody else's is in the way, the
# script runs again in a mount namespace in which /run, where the daemon's sockets are, is empty.

if [ -z "${LTTNG_OWN_RUN-}" ]; then
	for namespace in 'unshare --mount' 'unshare --map-root-user --mount'; do
		$namespace mount -t tmpfs none /run 2>/dev/null || continue
		LTTNG_OWN_RUN=1 exec $namespace sh -c 'mount -t tmpfs none /run && exec sh "$@"' sh "$0" "$@"
	done
fi
# A busy machine may take its time; what a daemon that hangs may cost is tested where it is set.
export LTTNG_UST_REGISTER_TIMEOUT=20000

# lttng_missing TOOL...: status 0 if these or LTTng's own are not there; $lttng_missing says so
lttng_missing() {
	lttng_missing=
	for tool in lttng lttng-sessiond "$@"; do
		command -v $tool >/dev/null || lttng_missing="$tool is not installed"
	done
	[ -n "$lttng_missing" ]
}

# lttng_start: a daemon, unless one of this user runs; status 1 and $lttng_missing if none starts
lttng_start() {
	export LTTNG_HOME="$work"
	daemon=
	lttng --no-sessiond list >/dev/null 2>&1 && return 0
	lttng-sessiond --no-kernel --daemonize --pidfile="$work/pid" >"$work/daemon" 2>&1
	daemon=$(cat "$work/pid" 2>/dev/null)
	[ -n "$daemon" ] && return 0
	lttng_missing="its daemon does not start: $(tail -n 1 "$work/daemon")"
	return 1
}

# lttng_stop: ends the daemon that was started, and waits until it has gone
lttng_stop() {
	[ -n "$daemon" ] || return 0
	kill "$daemon"
	while readlink "/proc/$daemon/exe" >/dev/null 2>&1; do
		sleep 0.1
	done
	daemon=
}

# session NAME CHANNEL_OPTION...: a session that writes to $work/NAME, started; with all of synwalk's
# events, or as $events says
session() {
	name=synwalk-test-$$-$1
	folder=$work/$1
	shift
	{
		lttng --no-sessiond create "$name" --output="$folder" &&
		lttng --no-sessiond enable-channel -s "$name" -u "$@" all &&
		lttng --no-sessiond enable-event -s "$name" -u -c all ${events-synwalk:*} &&
		lttng --no-sessiond start "$name"
	} >"$work/session" 2>&1
}

# session_end NAME
session_end() {
	lttng --no-sessiond destroy "synwalk-test-$$-$1" >>"$work/session" 2>&1
}
