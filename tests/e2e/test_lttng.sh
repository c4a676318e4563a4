#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk connect --lttng: an LTTng session receives the events that the trace holds.
. tests/lib/tap.sh

# Without the provider, the message must say so, and the run must not start.
own_copy
out=$(cd "$work" && LD_LIBRARY_PATH='' ./synwalk connect --wire --lttng --no-view -o no.db 2>&1 >/dev/null)
equal 'a program without its provider: status 2' 2 $?
contains 'a program without its provider: message' '^synwalk: LTTng: ' "$out"
[ ! -e "$work/no.db" ]
result $? 'a program without its provider: no trace left'
synwalk=$PWD/build/synwalk

for tool in lttng lttng-sessiond babeltrace2; do
	if ! command -v $tool >/dev/null; then
		skip 'an LTTng session' "$tool is not installed"
		finish
	fi
done
# The daemon of this user may be there already; else one of our own, for this test.
export LTTNG_HOME="$work"
daemon=
if ! lttng --no-sessiond list >/dev/null 2>&1; then
	lttng-sessiond --no-kernel --daemonize --pidfile="$work/pid" >"$work/daemon" 2>&1
	daemon=$(cat "$work/pid" 2>/dev/null)
	if [ -z "$daemon" ]; then
		skip 'an LTTng session' "its daemon does not start: $(tail -n 1 "$work/daemon")"
		finish
	fi
	trap 'kill $daemon; while readlink /proc/$daemon/exe; do sleep 0.1; done >/dev/null 2>&1; rm -rf "$work"' EXIT
fi

session=synwalk-test-$$
{
	lttng --no-sessiond create $session --output="$work/ctf" &&
	lttng --no-sessiond enable-channel -s $session -u --subbuf-size=4M --num-subbuf=8 all &&
	lttng --no-sessiond enable-event -s $session -u -c all 'synwalk:*' &&
	lttng --no-sessiond start $session
} >"$work/session" 2>&1
equal 'a session of provider synwalk' 0 $?
"$synwalk" connect --wire --lttng --no-view -o "$work/t.db" >"$work/out" 2>&1
equal 'connect --lttng' 0 $?
lttng --no-sessiond destroy $session >>"$work/session" 2>&1
babeltrace2 "$work/ctf" >"$work/events" 2>"$work/lost"
equal 'the session lost nothing' '' "$(cat "$work/lost")"
equal 'as many events as the trace has steps' "$(sql "$work/t.db" 'SELECT count(*) FROM steps')" \
	"$(wc -l <"$work/events")"
equal 'the same functions, as often' \
	"$(sql "$work/t.db" 'SELECT count(*), function FROM calls GROUP BY 2 ORDER BY 2')" \
	"$(sed -n 's/.* synwalk:call: .* function = "\([^"]*\)".*/\1/p' "$work/events" | LC_ALL=C sort |
		uniq -c | awk '{ print $1 "|" $2 }')"
finish
