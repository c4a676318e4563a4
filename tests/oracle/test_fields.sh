#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The fields of the socket, of its queued skb and of its route against those read in a v4.9 kernel:
# each recorded scenario is played by its script in tests/oracle/fields, and read from the trace.
. tests/lib/tap.sh

for script in tests/oracle/fields/*.pkt; do
	name=${script##*/}
	"$synwalk" run "$script" -o "$work/${name%.pkt}.db" >"$work/out" 2>&1 && continue
	result 1 "$script"
	sed 's/^/# /' "$work/out"
done
build/tests/oracle/fields tests/data/oracle/fields.jsonl tests/oracle/fields_excused.txt "$work" ||
	broken=1
exit "$broken"
