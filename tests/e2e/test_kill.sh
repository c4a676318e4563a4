#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A run that is killed half way leaves a trace that opens, and nothing else.
. tests/lib/tap.sh

own_copy
wire=--wire
have_tap && wire=
killed=0
status="SELECT value FROM meta WHERE key = 'status'"
# How long a run takes is not known: kill earlier or later until one was caught recording.
for delay in 0.3 0.2 0.15 0.1 0.08 0.06 0.05 0.04 0.03 0.5 0.8 1.2 2 3; do
	rm -f "$work"/t.db*
	"$synwalk" connect $wire --no-view -o "$work/t.db" >/dev/null 2>&1 &
	pid=$!
	sleep $delay
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ $? -eq 137 ] || continue
	[ -s "$work/t.db" ] || continue
	steps=$(sql "$work/t.db" 'SELECT count(*) FROM steps' 2>/dev/null)
	[ "${steps:-0}" -gt 0 ] || continue
	# Late enough to die between the end of the recording and that of the process.
	[ "$(sql "$work/t.db" "$status")" != complete ] || continue
	killed=1
	break
done
equal 'a run was killed while it recorded' 1 $killed
if [ $killed = 1 ]; then
	echo "# killed after $delay s"
	"$synwalk" show "$work/t.db" >/dev/null 2>"$work/err"
	equal 'the trace opens' 0 $?
	[ "$(sql "$work/t.db" 'SELECT count(*) FROM steps')" -gt 0 ]
	result $? 'it has steps'
fi
sleep 0.2
equal 'no process is left' '' "$(left_over)"
[ ! -e /sys/class/net/tap0 ]
result $? 'no device is left'
finish
