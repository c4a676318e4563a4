#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same over a device of the same kind, a tap: there is nothing to excuse.
. tests/lib/tap.sh

if ! "$synwalk" connect --wire --no-view -o "$work/t.db" >"$work/out" 2>&1; then
	result 1 "synwalk connect --wire"
	sed 's/^/# /' "$work/out"
	finish
fi
build/tests/oracle/fields "$work/t.db" tests/data/oracle/fields.jsonl wire \
	/dev/null
exit
