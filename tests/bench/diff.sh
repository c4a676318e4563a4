#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What synwalk diff costs: two traces of BENCH_DIFF_STEPS (a million, and ten) with a hundred
# differences and two blocks of 10,000 steps swapped, beside writing both listings and running diff.
set -eu
cd "$(dirname "$0")/../.."

bin=build/tests/bench
synwalk=build/synwalk
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-diff.XXXXXX")
trap 'rm -rf "$work"' EXIT

# measured COMMAND...: leaves elapsed, processor and memory in $elapsed, $cpu, $mb
measured() {
	"$bin/measure" "$work/used" "$@" || [ $? -eq 1 ]
	read -r elapsed cpu mb <"$work/used"
}

"$synwalk" connect --wire -o "$work/base.db" --no-view >/dev/null
echo 'two traces with 100 differences, and two blocks of 10,000 steps swapped'
echo '                         elapsed s   processor s   at most MB   values   moves   steps moved'
for steps in ${BENCH_DIFF_STEPS:-1000000 10000000}; do
	rm -f "$work/a.db" "$work/b.db"
	cp "$work/base.db" "$work/a.db"
	cp "$work/base.db" "$work/b.db"
	"$bin/difftraces" "$work/base.db" "$work/a.db" "$work/b.db" "$steps" >"$work/where"
	measured "$synwalk" diff "$work/a.db" "$work/b.db" --stat >"$work/stat"
	"$synwalk" diff "$work/a.db" "$work/b.db" --json >"$work/json" || :
	# how many of the steps that were changed are told, each by its own difference
	found=$(sqlite3 :memory: "SELECT group_concat(json_extract(value, '\$.b.step'), char(10)) FROM
		json_each(CAST(readfile('$work/json') AS TEXT), '\$.differences') WHERE
		json_extract(value, '\$.kind') = 'value'" | sort | comm -12 - "$(sort "$work/where" >"$work/sorted"
		echo "$work/sorted")" | wc -l)
	moves=$(grep -c '"kind": "moved"' "$work/json" || :)
	moved=$(sed 's/.*, \([0-9]*\) moved$/\1/' "$work/stat")
	printf '  synwalk diff %9d %12s %13s %12s %8d %7d %13d\n' "$steps" "$elapsed" "$cpu" "$mb" "$found" \
		"$moves" "$moved"
	[ "$steps" -le 1000000 ] || continue
	measured sh -c "$synwalk show --all $work/a.db >$work/a.txt; $synwalk show --all $work/b.db >$work/b.txt"
	listing=$elapsed
	measured diff "$work/a.txt" "$work/b.txt" >"$work/lines"
	printf '  listings and diff      %12s %13s %12s   %d lines of difference\n' \
		"$(awk -v a="$listing" -v b="$elapsed" 'BEGIN { printf "%.3f", a + b }')" '' "$mb" \
		"$(grep -c '^[<>]' "$work/lines")"
	rm -f "$work/a.txt" "$work/b.txt" "$work/lines"
done
