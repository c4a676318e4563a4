#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The calls of every recorded situation against those of our own, played by scenarios.
# tests/oracle/recordings.txt says which scenario plays which recording.
. tests/lib/tap.sh

for script in tests/oracle/trees/*.pkt; do
	name=$(basename "$script" .pkt)
	if ! "$synwalk" run "$script" -o "$work/$name.db" >"$work/out" 2>&1; then
		result 1 "synwalk run $script"
		sed 's/^/# /' "$work/out"
		finish
	fi
done
set --
while read -r recording name; do
	case $recording in
	'' | '#') ;;
	*) set -- "$@" "tests/data/oracle/$recording" "$work/$name.db" ;;
	esac
done <tests/oracle/recordings.txt
build/tests/oracle/calltrees tests/oracle/left_out.txt tests/oracle/calltree_differences.txt "$@"
exit
