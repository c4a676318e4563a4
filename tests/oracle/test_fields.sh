#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The fields of the socket, of its queued skb and of its route against those read in a v4.9 kernel.
. tests/lib/tap.sh

if ! "$synwalk" connect --wire --no-view -o "$work/t.db" >"$work/out" 2>&1; then
	result 1 "synwalk connect --wire"
	sed 's/^/# /' "$work/out"
	finish
fi
build/tests/oracle/fields "$work/t.db" tests/data/oracle/fields.jsonl defaults \
	tests/oracle/fields_excused.txt
exit
