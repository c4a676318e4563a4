#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The virtual wire: the same run twice is the same trace, and no store is nameless.
. tests/lib/tap.sh

for n in 1 2; do
	out=$("$synwalk" connect --wire --seed 7 --no-view -o "$work/$n.db" 2>&1)
	equal "run $n connects" 0 $?
done
contains 'the virtual clock counts two round trips' ': 0 after (40|80)\.[0-9]+ ms, virtual time' "$out"
contains 'the far end is left clean' 'left clean, the connection ended by FIN' "$out"
equal 'no warning, no leak' '' "$(printf '%s\n' "$out" | grep -iE 'warn|leak|stray')"

views=$(sql "$work/1.db" "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
for view in $views; do
	for n in 1 2; do
		sqlite3 -batch "$work/$n.db" ".mode quote" "SELECT * FROM $view" >"$work/$n.txt"
	done
	cmp -s "$work/1.txt" "$work/2.txt"
	result $? "same seed, same bytes: $view ($(wc -l <"$work/1.txt") rows)"
	[ -s "$work/1.txt" ] || echo "# $view is empty"
done
for view in steps calls stores branches packets timers tasks objects; do
	[ "$(sql "$work/1.db" "SELECT count(*) > 0 FROM $view")" = 1 ]
	result $? "the $view view is there and not empty"
done

"$synwalk" connect --wire --seed 8 --no-view -o "$work/3.db" >/dev/null 2>&1
syn="SELECT hex(bytes) FROM packets WHERE direction = 'out' AND length > 60 LIMIT 1"
[ "$(sql "$work/1.db" "$syn")" != "$(sql "$work/3.db" "$syn")" ]
result $? 'another seed gives another SYN'

nameless=$(sql "$work/1.db" "SELECT count(*) FROM stores WHERE object IS NULL OR field IS NULL
	OR old IS NULL OR new IS NULL OR function IS NULL OR file IS NULL OR line IS NULL
	OR object = 'stray'")
equal 'every store has object, field, old, new and line' 0 "$nameless"
if [ "$nameless" != 0 ]; then
	sql "$work/1.db" "SELECT count(*), object, field, typeof(old), typeof(new), function, line
		FROM stores WHERE object IS NULL OR field IS NULL OR old IS NULL OR new IS NULL
		OR function IS NULL OR line IS NULL OR object = 'stray'
		GROUP BY 2, 3, 4, 5, 6, 7 ORDER BY 1 DESC LIMIT 20" | sed 's/^/# /'
fi
equal 'the trace is marked complete' complete \
	"$(sql "$work/1.db" "SELECT value FROM meta WHERE key = 'status'")"
equal 'no event was lost' 0 "$(sql "$work/1.db" "SELECT value FROM meta WHERE key = 'lost'")"

# The plain walk is folded: every call has its line, or is one of those that the last line counts.
"$synwalk" show "$work/1.db" >"$work/folded"
"$synwalk" show "$work/1.db" --helpers >"$work/whole"
calls() {
	awk '$3 ~ /^[a-zA-Z_][a-zA-Z0-9_]*\(/' "$1" | wc -l
}
left_out=$(sed -n '$s/^# \([0-9]*\) calls of helpers are folded.*/\1/p' "$work/folded")
equal 'what is folded is counted' "$(calls "$work/whole")" "$(($(calls "$work/folded") + left_out))"
equal 'folding leaves calls out' '' "$(grep -E '(list_add|kmalloc)\(' "$work/folded")"
equal 'no call of the networking code is left out' \
	"$(sql "$work/1.db" "SELECT count(*) FROM calls WHERE kernel_file LIKE 'net/%'")" \
	"$("$synwalk" show "$work/1.db" --where | grep -cE '^ *[0-9]+ +[0-9.]+ +[a-zA-Z_0-9]+\(.*\[core/net/')"
finish
