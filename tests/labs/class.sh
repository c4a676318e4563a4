#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# class.sh STUDENTS SECONDS [LAB]: a class of so many submissions, as they come, graded in one go.
#
# Of ten, three are right, one is right in another way, one is the skeleton, three have a mistake (the lab's
# mutants, one after the other), and one each in turn does not compile, crashes, goes round for ever or is
# empty. Each has its own seed. Prints how long it took; status 1 if that was more than SECONDS, or if
# somebody has no row.
set -eu
cd "$(dirname "$0")/../.."
students=$1 most=$2 lab=${3:-12}
synwalk=$(realpath "${SYNWALK:-build/synwalk}")
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-class.XXXXXX")
trap 'rm -rf "$work"' EXIT

folder=$(echo labs/"$(printf %02d "$lab")"-*)
file=$(sed -n 's/^file: *//p' "$folder/lab.yaml")
"$synwalk" lab dev reference "$lab" >"$work/right"
"$synwalk" lab dev skeleton "$lab" >"$work/skeleton"
cp "$folder/second.c" "$work/second"
# the mutants' names: what stands behind "mutants:"
sed -n '/^mutants:/,$s/^ *- name: //p' "$folder/lab.yaml" >"$work/mutants"
count=$(wc -l <"$work/mutants")
i=0
while read -r name; do
	i=$((i + 1))
	"$synwalk" lab dev mutant "$lab" "$name" >"$work/mutant$i"
done <"$work/mutants"
# behind the first brace that begins a function
sed '0,/^{/s/^{/{\n\tfor (volatile int i = 1; i;)\n\t\t;/' "$work/right" >"$work/endless"
sed '0,/^{/s/^{/{\n\t*(volatile int *)8 = 1;/' "$work/right" >"$work/crash"
sed '$d' "$work/right" >"$work/broken"
: >"$work/empty"

mkdir "$work/class"
n=0 mutant=0
while [ "$n" -lt "$students" ]; do
	case $((n % 10)) in
	0 | 3 | 6) from=right ;;
	1) from=second ;;
	2) from=skeleton ;;
	4 | 7 | 8)
		mutant=$((mutant % count + 1))
		from=mutant$mutant
		;;
	5) from=$(echo 'broken crash endless empty' | cut -d ' ' -f $((n / 10 % 4 + 1))) ;;
	9) from=$(echo 'crash endless' | cut -d ' ' -f $((n / 10 % 2 + 1))) ;;
	esac
	n=$((n + 1))
	student=$work/class/$(printf 'student-%04d' "$n")
	mkdir "$student"
	cp "$work/$from" "$student/$file"
	echo "{\"lab\": $lab, \"seed\": $n}" >"$student/.lab.json"
done

begin=$(date +%s)
status=0
"$synwalk" lab grade --lab "$lab" --batch "$work/class" --csv >"$work/marks" || status=$?
took=$(($(date +%s) - begin))
rows=$(($(wc -l <"$work/marks") - 1))
echo "lab $lab: $rows of $students submissions graded in $took seconds ($(nproc) processors)"
sed 1d "$work/marks" | cut -d, -f2 | sort | uniq -c | sort -rn | sed 's/^/  /'
[ "$status" -eq 0 ] && [ "$rows" -eq "$students" ] && [ "$took" -le "$most" ]
