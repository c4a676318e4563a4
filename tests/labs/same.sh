#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# same.sh RUNS [LAB:MUTANT...]: is a report the same, byte for byte, however often a file is graded?
#
# Each solution ("core" is the core's own) is graded RUNS times, in folders of their own, two at a time and
# in turn as usual, as nicely as can be, on one processor, and by a grader that is built with the address
# sanitizer, if there is one (make tool-san). The seed that the report prints is taken from it and given back.
# Prints a line for each solution; status 1 if a report is another one.
set -u
cd "$(dirname "$0")/../.." || exit 2
runs=$1
shift
synwalk=$(realpath "${SYNWALK:-build/synwalk}")
sanitized=$(realpath build/san/tool/synwalk 2>/dev/null) graders='a quarter of them by the sanitized grader'
[ -x "$sanitized" ] || sanitized=$synwalk graders='no grader was sanitized'
export SYNWALK_LABS="$PWD/labs" SYNWALK_KIT="$PWD/build/kit"
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-same.XXXXXX")
trap 'rm -rf "$work"' EXIT

# one LAB FILE SEED NUMBER: the report of the run, as $work/reports/NUMBER
cat >"$work/one" <<'E2'
#!/bin/sh
mkdir "$work/runs/$4" && cd "$work/runs/$4" || exit 2
case $(($4 % 4)) in
0) how= ;;
1) how='nice -n 19' ;;
2) how="taskset -c $(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" ;;
3) how= synwalk=$sanitized ;;
esac
$how "$synwalk" lab grade --lab "$1" "$2" --seed "$3" >"$work/reports/$4" 2>&1
cd / && rm -rf "$work/runs/$4"
E2
export work synwalk sanitized

status=0
for solution; do
	lab=${solution%%:*} name=${solution#*:}
	if [ "$name" = core ]; then
		"$synwalk" lab dev reference "$lab" >"$work/file.c" || exit 2
	else
		"$synwalk" lab dev mutant "$lab" "$name" >"$work/file.c" || exit 2
	fi
	rm -rf "$work/runs" "$work/reports" && mkdir "$work/runs" "$work/reports"
	# a seed that nobody chose: the report says which
	(cd "$work/runs" && "$synwalk" lab grade --lab "$lab" "$work/file.c" --seed 4711 >"$work/first" 2>&1)
	seed=$(sed -n '1s/^Lab .* (seed \([0-9]*\))$/\1/p' "$work/first")
	rm -rf "$work/runs" && mkdir "$work/runs"
	seq 1 "$runs" | xargs -P "$(nproc)" -n 1 sh "$work/one" "$lab" "$work/file.c" "${seed:-none}"
	others=0
	for report in "$work/reports"/*; do
		cmp -s "$work/first" "$report" || others=$((others + 1))
	done
	got=$(find "$work/reports" -type f | wc -l)
	echo "lab $lab, $name (seed ${seed:-not printed}): $got reports of $(wc -c <"$work/first") bytes, $others are others; $graders"
	if [ "$others" -ne 0 ] || [ "$got" -ne "$runs" ] || [ -z "$seed" ]; then
		status=1
		for report in "$work/reports"/*; do
			diff "$work/first" "$report" && continue
			break
		done
	fi
done
exit $status
