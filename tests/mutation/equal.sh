#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# equal.sh PAIRS [SCENARIO...]: runs of one scenario with other seeds, ports and clocks are equal to
# synwalk diff. All scripts of tests/pkt take turns, or those that are named; each pair has seeds and
# a start of the clock of its own, from BASE (0) on. JOBS pairs are taken at once, as many as there are
# cores.
#
# In the scenarios of unequal.txt random numbers may lead two runs on different ways. If they are
# different then, story.sh must find where they part, and the pair is told as another story.
# Such pairs are not counted. Prints one line of TAP, and what differed when something did.
set -u
cd "$(dirname "$0")/../.." || exit 2

synwalk=build/synwalk

# record SCENARIO SEED CLOCK TRACE
record() {
	case $1 in
	wire) "$synwalk" connect --wire --seed "$2" --clock "$3" -o "$4" --no-view ;;
	*) "$synwalk" run --seed "$2" --clock "$3" "tests/pkt/$1" -o "$4" ;;
	esac >/dev/null 2>&1
}

# pair WORK NUMBER SCENARIO: says what differs, if something does
pair() {
	dir=$1/$2
	mkdir "$dir" || exit 2
	a=$((BASE + $2 * 2 + 1))
	# every third pair's clocks are the same
	clock=$((($2 + BASE) % 3 * (($2 + BASE) * 7919 % 100000 + 1)))
	record "$3" "$a" 0 "$dir/a.db"
	record "$3" $((a + 1)) "$clock" "$dir/b.db"
	if ! "$synwalk" diff --json "$dir/a.db" "$dir/b.db" >"$dir/json" 2>&1; then
		kind=$(awk -v s="$3" '$1 == s { print $2 }' tests/mutation/unequal.txt)
		if [ "$kind" ] &&
		   parts=$(sh tests/mutation/story.sh "$kind" "$dir/a.db" "$dir/b.db" "$dir/json"); then
			echo "# another story: $3, seeds $a and $((a + 1)): $parts" >"$1/$2.story"
		else
			{
				echo "# $3, seeds $a and $((a + 1)), clock $clock ms later:"
				"$synwalk" diff "$dir/a.db" "$dir/b.db" 2>&1 |
					sed -n '3,12s/^/# /p' | cut -c1-150
			} >"$1/$2.differs"
		fi
	fi
	rm -rf "$dir"
}

BASE=${BASE-0}
[ "${1-}" = --pair ] && shift && pair "$@" && exit
export BASE

pairs=${1-1000}
[ $# -eq 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
if [ $# -gt 0 ]; then
	printf '%s\n' "$@"
else
	echo wire
	(cd tests/pkt && ls -- */*.pkt)
fi >"$work/scenarios"
# take FROM TO: few pairs that follow one another are of scenarios that are like one another
take() {
	awk -v from="$1" -v to="$2" '{ s[n++] = $0 } END {
		for (step = 37; n % step == 0; step += 2)
			;
		for (i = from; i < to; i++)
			print i, s[i * step % n]
	}' "$work/scenarios" |
		nice xargs -n 2 -P "${JOBS-$(nproc)}" sh "$0" --pair "$work"
}

count() {
	find "$work" -maxdepth 1 -name "*.$1" | wc -l
}

# a pair of two stories is no equal pair: others take their places
taken=0 others=0
while [ $((taken - others)) -lt "$pairs" ] && [ "$others" -le $((pairs + 10)) ]; do
	next=$((pairs + others))
	take "$taken" "$next"
	taken=$next
	others=$(count story)
done
bad=$(count differs)
i=0
while [ "$i" -lt "$taken" ]; do
	cat "$work/$i.story" "$work/$i.differs" 2>/dev/null
	i=$((i + 1))
done
also="; $others more are another story"
[ "$others" -gt 0 ] || also=
pairs=$((taken - others))
if [ "$bad" -eq 0 ] && [ "$pairs" -gt 0 ]; then
	echo "ok 1 - $pairs pairs of equal runs with other seeds and clocks are equal$also"
else
	echo "not ok 1 - $bad of $pairs pairs of equal runs are called different$also"
	exit 1
fi
