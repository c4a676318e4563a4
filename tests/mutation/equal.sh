#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# equal.sh PAIRS: runs of one scenario with other seeds, ports and clocks are equal to synwalk diff.
# The scripts of tests/pkt take turns, but those of unequal.txt; each pair has seeds and a start of the
# clock of its own.
# Prints one line of TAP, and what differed when something did.
set -u
cd "$(dirname "$0")/../.." || exit 2

pairs=${1-1000}
synwalk=build/synwalk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
scenarios=$(echo wire; cd tests/pkt && ls */*.pkt | grep -vxFf ../mutation/unequal.txt)
count=$(printf '%s\n' "$scenarios" | grep -c .)

# record SCENARIO SEED CLOCK TRACE
record() {
	case $1 in
	wire) "$synwalk" connect --wire --seed "$2" --clock "$3" -o "$4" --no-view ;;
	*) "$synwalk" run --seed "$2" --clock "$3" "tests/pkt/$1" -o "$4" ;;
	esac >/dev/null 2>&1
}

bad=0 i=0
while [ "$i" -lt "$pairs" ]; do
	# few pairs are of scenarios far from one another
	scenario=$(printf '%s\n' "$scenarios" | sed -n "$((i * 37 % count + 1))p")
	# every third pair's clocks are the same
	clock=$((i % 3 * (i * 7919 % 100000 + 1)))
	record "$scenario" $((i * 2 + 1)) 0 "$work/a.db"
	record "$scenario" $((i * 2 + 2)) "$clock" "$work/b.db"
	if ! "$synwalk" diff "$work/a.db" "$work/b.db" >"$work/out" 2>&1; then
		bad=$((bad + 1))
		echo "# $scenario, seeds $((i * 2 + 1)) and $((i * 2 + 2)), clock $clock ms later:"
		sed -n '3,10s/^/# /p' "$work/out" | cut -c1-150
	fi
	i=$((i + 1))
done
if [ "$bad" -eq 0 ]; then
	echo "ok 1 - $pairs pairs of equal runs with other seeds and clocks are equal"
else
	echo "not ok 1 - $bad of $pairs pairs of equal runs are called different"
	exit 1
fi
