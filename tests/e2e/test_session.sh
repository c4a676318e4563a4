#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk run --lttng, connect --lttng: an LTTng session of their own, set up and taken down; and a
# session daemon that hangs, which must hold nothing up.
. tests/lib/lttng.sh
. tests/lib/tap.sh

if lttng_missing; then
	skip 'a session of its own' "$lttng_missing"
	finish
fi
export LTTNG_HOME="$work"
daemon=
own_copy
cp build/libsynwalk-*.so "$work"
trap 'lttng_stop; rm -rf "$work"' EXIT

# nobody: no process of ours, and no session daemon where there was none
nobody() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/exe" 2>/dev/null)" = "$(command -v lttng-sessiond)" ] &&
			grep -qz "^LTTNG_HOME=$work\$" "$process/environ" 2>/dev/null && echo "$process"
	done
	left_over
}
# soon COMMAND...: waits until it says nothing, or for ten seconds; prints what it says then
soon() {
	for _ in $(seq 100); do
		said=$("$@")
		[ -n "$said" ] || return
		sleep 0.1
	done
	echo "$said"
}

# ---- without a daemon ----------------------------------------------------------------------------

if lttng --no-sessiond list >/dev/null 2>&1; then
	skip 'a daemon for the run' 'one of this user runs'
else
	out=$(cd "$work" && ./synwalk connect --wire --lttng --no-view -o t.db 2>&1)
	equal 'connect --lttng: status' 0 $?
	contains 'connect --lttng: it says where' '^  lttng:   t\.ctf$' "$out"
	equal 'connect --lttng: the daemon it started has gone' '' "$(soon nobody)"
	"$synwalk" import "$work/t.ctf" -o "$work/i.db" >"$work/out" 2>&1
	equal 'connect --lttng: what it wrote is imported' 0 $?
	equal 'connect --lttng: the same trace' '' "$(sh tests/lib/same_trace.sh "$work/t.db" "$work/i.db" 2>&1)"
	out=$(cd "$work" && ./synwalk connect --wire --lttng --no-view -o u.db --lttng=t.ctf 2>&1)
	equal 'a folder that is not empty: status' 2 $?
	contains 'a folder that is not empty: message' '^synwalk: t\.ctf: exists and is not empty; ' "$out"
	[ ! -e "$work/u.db" ]
	result $? 'a folder that is not empty: nothing was recorded'
fi

# ---- with one ------------------------------------------------------------------------------------

if ! lttng_start; then
	skip 'a daemon' "$lttng_missing"
	finish
fi
"$synwalk" run tests/pkt/handshake/blocking.pkt --lttng="$work/alone.ctf" >"$work/out" 2>&1
equal 'run --lttng=DIR, no trace: status' 0 $?
"$synwalk" run tests/pkt/handshake/blocking.pkt -o "$work/t.db"
"$synwalk" import "$work/alone.ctf" -o "$work/i.db" >"$work/out" 2>&1
equal 'run --lttng=DIR: imported' 0 $?
equal 'run --lttng=DIR: the trace of another run, but equal' '' \
	"$(sh tests/lib/same_trace.sh "$work/t.db" "$work/i.db" 2>&1)"
out=$("$synwalk" run tests/pkt/handshake/blocking.pkt --lttng 2>&1)
equal 'run --lttng without any name: status' 2 $?
contains 'run --lttng without any name: message' '^synwalk: --lttng: where to\?' "$out"
# It gives way to a session, not to a daemon: that is the user's.
sessions() {
	lttng --no-sessiond list 2>/dev/null | grep -o 'synwalk-[0-9]*'
}
equal 'its session has gone' '' "$(soon sessions)"
lttng --no-sessiond list >/dev/null 2>&1
result $? 'the daemon, which was there before, has not'

# Two at once, in one daemon: each hears itself.
"$synwalk" run tests/pkt/handshake/blocking.pkt --lttng="$work/1.ctf" >"$work/out1" 2>&1 &
one=$!
"$synwalk" run tests/pkt/handshake/blocking.pkt --lttng="$work/2.ctf" >"$work/out2" 2>&1 &
two=$!
wait $one
status=$?
wait $two
equal 'two at once: status' '0 0' "$status $?"
for n in 1 2; do
	"$synwalk" import "$work/$n.ctf" -o "$work/i.db" >"$work/out" 2>&1
	equal "two at once: imported, number $n" 0 $?
done

# ---- killed --------------------------------------------------------------------------------------

# Long enough to be met in the middle.
{
	echo '0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3'
	for _ in $(seq 400); do
		echo '+0 connect(3, ..., ...) = -1 EINPROGRESS'
		echo '+0 > S 0:0(0) <...>'
		echo '+0 connect(3, {sa_family=AF_UNSPEC}, 16) = 0'
		echo '+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0'
	done
} >"$work/long.pkt"
"$synwalk" run "$work/long.pkt" --lttng="$work/killed.ctf" >"$work/out" 2>&1 &
running=$!
written() {
	[ "$(du -sm "$work/killed.ctf" 2>/dev/null | cut -f1)" -ge 8 ] 2>/dev/null || echo 'not yet'
}
soon written >"$work/out"
kill -KILL $running
wait $running 2>/dev/null
equal 'killed half way: its session has gone' '' "$(soon sessions)"
equal 'killed half way: no process is left' '' "$(soon left_over)"
out=$("$synwalk" import "$work/killed.ctf" -o "$work/i.db" 2>&1)
equal 'killed half way: imported, status 1' 1 $?
contains 'killed half way: message' 'its end is not there: it was cut short at step [1-9]' "$out"
equal 'killed half way: the trace is sound, and partial' 'ok partial' \
	"$(sql "$work/i.db" 'PRAGMA integrity_check') $(sql "$work/i.db" "SELECT value FROM meta WHERE key = 'status'")"

# ---- a daemon that hangs; how long it is waited for: tests/record/test_provider.c --------------

if [ -z "$daemon" ]; then
	skip 'a daemon that hangs' 'the one that runs is not of this test'
	finish
fi
# took COMMAND...: how long it took, ms; after NOT, it must fail
took() {
	before=$(date +%s%N)
	if [ "$1" = NOT ]; then
		shift
		! "$@" >"$work/out" 2>&1
	else
		"$@" >"$work/out" 2>&1
	fi || echo 0
	echo $((($(date +%s%N) - before) / 1000000))
}
least() {
	sort -n "$1" | head -n 1
}
unset LTTNG_UST_REGISTER_TIMEOUT
record="$synwalk connect --wire --no-view -o $work/t.db"
kill -STOP "$daemon"
# taking turns: other work on the machine meets all of them
for _ in 1 2 3 4 5 6 7; do
	took $record >>"$work/plain"
	took $record --lttng-join >>"$work/hung"
	took NOT $record --lttng="$work/hung.ctf" >>"$work/refused"
done
out=$($record --lttng="$work/hung.ctf" 2>&1)
status=$?
kill -CONT "$daemon"
plain=$(least "$work/plain") hung=$(least "$work/hung") refused=$(least "$work/refused")
echo "# beside a daemon that hangs a connect takes $plain ms, with --lttng-join $hung ms;"
echo "# --lttng=DIR is refused after $refused ms"
[ "$plain" -gt 0 ] && [ "$hung" -gt 0 ] && [ $((hung - plain)) -le 1000 ]
result $? 'a daemon that hangs does not delay a run by the three seconds that LTTng would wait'
equal 'it must answer where a session is to be set up: status' 2 $status
contains 'it must answer where a session is to be set up: message' \
	'^synwalk: LTTng: its session daemon does not answer; ' "$out"
[ "$refused" -gt 0 ] && [ "$refused" -le 1000 ]
result $? 'it must answer where a session is to be set up: that is told at once'
[ ! -e "$work/hung.ctf" ]
result $? 'it must answer where a session is to be set up: no folder is left'
finish
