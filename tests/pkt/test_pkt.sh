#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The scenarios: each passes, each says what it teaches, and a recorded one is the same every time.
. tests/lib/tap.sh

for script in tests/pkt/*/*.pkt; do
	out=$("$synwalk" run "$script" 2>&1)
	equal "${script#tests/pkt/}" '0 ' "$? $out"
	case $(head -n 1 "$script") in
	'// '?*) ;;
	*) result 1 "$script begins by telling what it teaches" ;;
	esac
done

# One of each topic twice: every view of the trace, byte by byte.
for topic in tests/pkt/*/; do
	script=$(printf '%s\n' "$topic"*.pkt | head -n 1)
	for n in 1 2; do
		"$synwalk" run "$script" -o "$work/$n.db" >/dev/null 2>&1
		for view in $(sql "$work/$n.db" "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY 1"); do
			echo "== $view"
			sqlite3 -batch "$work/$n.db" ".mode quote" "SELECT * FROM $view"
		done >"$work/$n.txt"
	done
	[ -s "$work/1.txt" ] && cmp -s "$work/1.txt" "$work/2.txt"
	result $? "twice the same bytes: ${script#tests/pkt/} ($(wc -l <"$work/1.txt") rows)"
done

finish
