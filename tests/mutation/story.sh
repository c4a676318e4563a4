#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# story.sh KIND A.db B.db DIFF.json: did their random numbers lead two runs on different ways? DIFF.json
# is what synwalk diff --json says of them. How far the runs go alike is looked at without diff:
#
#     timers  between which others each timer is armed, which fire, and when packets come and go between
#             them; where that parts, a neighbour's timer, which is armed for a random time, is one of
#             them, and diff's first divergence is in the code of timers
#     search  each line, and each object met, in the functions that walk along a chain whose slot is a
#             hash, or that try random ports; diff's first divergence is in one of them
#
# Nothing may differ before the last thing that both runs do alike in this. Prints where they part; the status
# is 1 when it is no other story.
set -u
kind=$1 a=$2 b=$3 json=$4

searches="__inet_hash_connect inet_csk_find_bucket inet_csk_find_open_port udp_lib_get_port
	___neigh_lookup_noref __neigh_create"
clocks="core/kernel/time/timer.c core/kernel/sched/idle.c core/lib/rbtree.c"

# "STEP what was done", a line each
timers() {
	sqlite3 -separator ' ' "$1" "
		SELECT step, action, timer, coalesce(expires_ns, 0) FROM timers
		UNION ALL SELECT step, 'packet', direction, 0 FROM packets ORDER BY step" |
		awk '
		# the pending timer that fires last before this one, or first behind it
		function beside(t, sign, p, best) {
			best = "none"
			for (p in at)
				if (p != t && (at[p] - at[t]) * sign > 0 &&
				    (best == "none" || (at[p] - at[best]) * sign < 0))
					best = p
			sub(/#[0-9]+/, "", best)
			return best
		}
		{ name = $3; sub(/#[0-9]+/, "", name) }
		$2 == "armed" { at[$3] = $4; print $1, name, "between", beside($3, -1), "and", beside($3, 1) }
		$2 == "fired" || $2 == "cancelled" { delete at[$3] }
		$2 == "fired" || $2 == "packet" { print $1, $2, name }'
}

search() {
	sqlite3 -separator ' ' "$1" "
		SELECT e.step, f.name || CASE e.at & 31 WHEN 5 THEN ':' || (e.at >> 5)
				ELSE ': ' || v.name || ' = ' || e.new END
		  FROM log e JOIN log p ON p.step = e.parent JOIN func f ON f.id = p.what
		  LEFT JOIN variable v ON v.id = e.what
		 WHERE instr(' $(echo $searches) ', ' ' || f.name || ' ')
		   AND (e.at & 31 = 5 OR (e.at & 31 = 6 AND typeof(e.new) = 'text'))
		 ORDER BY e.step" | sed 's/\[[0-9]*\]/[]/g'
}

case $kind in
timers) places=$clocks ;;
search) places=$searches ;;
*) exit 1 ;;
esac
"$kind" "$a" >"$a.rows"
"$kind" "$b" >"$b.rows"
# the first difference: its last step in each, 0 for none; function, file
first=$(sqlite3 -separator ' ' :memory: "
	SELECT coalesce((d ->> '$.a.step') + (d ->> '$.a.steps'), 0),
	       coalesce((d ->> '$.b.step') + (d ->> '$.b.steps'), 0), d ->> '$.function',
	       substr(at, 1, instr(at, ':') - 1)
	  FROM (SELECT d, coalesce(d ->> '$.a.where', d ->> '$.b.where') AS at
		  FROM (SELECT readfile('$json') -> '$.differences[0]' AS d))")
set -- $first
case " $(echo $places) " in
*" $3 "* | *" $4 "*) ;;
*) exit 1 ;;
esac
awk -v kind="$kind" -v step_a="$1" -v step_b="$2" '
function said(row) { sub(/^[0-9]+ /, "", row); return row }
NR == FNR { a[++na] = $0; next }
{ b[++nb] = $0 }
END {
	for (i = 1; i <= na && i <= nb && said(a[i]) == said(b[i]); i++)
		;
	if (i > na && i > nb)
		exit 1
	x = i > na ? "the end" : said(a[i])
	y = i > nb ? "the end" : said(b[i])
	if (kind == "timers" && (x " " y) !~ /neighbour/)
		exit 1
	# a step of one run may stand beside a later one of the other, but not both before they part
	if ((!step_a || step_a < a[i - 1] + 0) && (!step_b || step_b < b[i - 1] + 0))
		exit 1
	print x " in one, " y " in the other"
}' "$a.rows" "$b.rows"
