#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk connect --lttng-join: an LTTng session receives the events that the trace holds.
. tests/lib/lttng.sh
. tests/lib/tap.sh

# Without the provider, the message must say so, and the run must not start.
own_copy
out=$(cd "$work" && LD_LIBRARY_PATH='' ./synwalk connect --wire --lttng-join --no-view -o no.db 2>&1 >/dev/null)
equal 'a program without its provider: status 2' 2 $?
contains 'a program without its provider: message' '^synwalk: LTTng: ' "$out"
[ ! -e "$work/no.db" ]
result $? 'a program without its provider: no trace left'
synwalk=$PWD/build/synwalk

# Whoever does not ask for it does not pay for it: what LTTng and CTF need is not even loaded.
loaded=$(LD_DEBUG=files "$synwalk" connect --wire --no-view -o "$work/t.db" 2>&1 |
	grep -cE 'calling init: .*(lttng|babeltrace|glib)')
equal 'nothing of LTTng is loaded when nobody asks for it' 0 "$loaded"
loaded=$(LD_DEBUG=files "$synwalk" connect --wire --no-view --lttng-join -o "$work/t.db" 2>&1 |
	grep -cE 'calling init: .*/libsynwalk-lttng')
equal 'its provider is when somebody does' 1 "$loaded"

if lttng_missing babeltrace2 || ! lttng_start; then
	skip 'an LTTng session' "$lttng_missing"
	finish
fi
trap 'lttng_stop; rm -rf "$work"' EXIT

session ctf --subbuf-size=4M --num-subbuf=8
equal 'a session of provider synwalk' 0 $?
"$synwalk" connect --wire --lttng-join --no-view -o "$work/t.db" >"$work/out" 2>&1
equal 'connect --lttng-join' 0 $?
session_end ctf
babeltrace2 "$work/ctf" >"$work/events" 2>"$work/lost"
equal 'the session lost nothing' '' "$(cat "$work/lost")"
equal 'as many events as the trace has steps' "$(sql "$work/t.db" 'SELECT count(*) FROM steps')" \
	"$(grep -vcE ' synwalk:(begin|more|define|died|end): ' "$work/events")"
equal 'the same functions, as often' \
	"$(sql "$work/t.db" 'SELECT count(*), function FROM calls GROUP BY 2 ORDER BY 2')" \
	"$(sed -n 's/.* synwalk:call: .* function = "\([^"]*\)".*/\1/p' "$work/events" | LC_ALL=C sort |
		uniq -c | awk '{ print $1 "|" $2 }')"
finish
