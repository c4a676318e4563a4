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

# One of each topic twice, recorded: the same trace. (All of them, a hundred times: make again.)
set --
for topic in tests/pkt/*/; do
	script=$(printf '%s\n' "$topic"*.pkt | head -n 1)
	set -- "$@" "$script"
done
said=$(sh tests/pkt/again.sh 2 "$@")
result $? "$said"

finish
