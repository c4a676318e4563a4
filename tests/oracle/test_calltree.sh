#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The calls of a blocking connect against those a v4.9 kernel was recorded to make.
. tests/lib/tap.sh

device=tap
if ! have_tap; then
	echo "# no TAP here ($no_tap): the wire instead"
	device=wire
fi
[ "$device" = wire ] && wire=--wire
if ! "$synwalk" connect ${wire-} --no-view -o "$work/t.db" >"$work/out" 2>&1; then
	result 1 "synwalk connect"
	sed 's/^/# /' "$work/out"
	finish
fi
cat tests/data/oracle/calltree_blocking_success.txt tests/data/oracle/calltree_cold_arp.txt \
	>"$work/recorded.txt"
build/tests/oracle/calltree "$work/t.db" "$work/recorded.txt" tests/oracle/excused.txt $device
exit
