#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the build read from the debug information is what a recording would read from it.
. tests/lib/tap.sh

# The program before its bake was added to it: it reads DWARF itself.
fresh=build/tool/synwalk

# sum PROGRAM ARGUMENTS...: SQLite's checksum of all tables of the trace
sum() {
	rm -f "$work/t.db"
	"$@" -o "$work/t.db" >/dev/null 2>&1
	sqlite3 -batch "$work/t.db" .sha3sum
}

baked=$(sum "$synwalk" connect --wire --no-view)
[ -n "$baked" ]
result $? 'a connect is recorded'
equal 'a connect gives the same tables' "$(sum $fresh connect --wire --no-view)" "$baked"
for script in handshake/blocking data/exchange; do
	script=tests/pkt/$script.pkt
	equal "$script gives the same tables" "$(sum $fresh run "$script")" "$(sum "$synwalk" run "$script")"
done
readelf -SW "$synwalk" | grep -q synwalk.baked
result $? 'the program carries its bake'
strip -o "$work/stripped" "$synwalk"
equal 'a program without debug information records as well' "$baked" \
	"$(sum "$work/stripped" connect --wire --no-view)"
finish
