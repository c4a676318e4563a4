#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Golden traces: the outline of chosen scenarios (scenarios.txt), kept as text and held against what the
# core does today.
#
#     sh tests/golden/golden.sh          compares; a line of TAP for each
#     sh tests/golden/golden.sh show     what would change
#     sh tests/golden/golden.sh write    writes them anew (make golden shows first)
#
# A scenario that differs leaves its trace in build/golden, and says with which command to look at it.
set -u
cd "$(dirname "$0")/../.." || exit 2

what=${1-check}
synwalk=${SYNWALK-build/synwalk}
here=tests/golden
keep=build/golden
mkdir -p "$keep"

# record SCENARIO TRACE
record() {
	case $1 in
	wire) "$synwalk" connect --wire -o "$2" --no-view >/dev/null 2>"$keep/err" ;;
	*) "$synwalk" run "tests/pkt/$1" -o "$2" >/dev/null 2>"$keep/err" ;;
	esac
}

number=0 changed=0
for scenario in $(grep -v '^#' "$here/scenarios.txt"); do
	number=$((number + 1))
	name=$(echo "${scenario%.pkt}" | tr '/' '_')
	trace=$keep/$name.db text=$keep/$name.txt
	record "$scenario" "$trace"
	status=$?
	if ! "$synwalk" show --outline "$trace" >"$text" 2>>"$keep/err"; then
		echo "not ok $number - $scenario: no trace"
		sed 's/^/# /' "$keep/err"
		changed=$((changed + 1))
		continue
	fi
	echo "# status $status" >>"$text"
	if cmp -s "$here/$name.txt" "$text"; then
		[ "$what" != check ] || echo "ok $number - $scenario is as it was"
		rm -f "$trace" "$text"
		continue
	fi
	changed=$((changed + 1))
	case $what in
	check)
		# the first line that differs, and the step that it tells of
		line=$(cmp "$here/$name.txt" "$text" 2>/dev/null | sed 's/.*line //')
		step=$("$synwalk" show --outline --steps "$trace" |
			awk -v n="${line:-1}" 'NR >= n && $1 ~ /^[0-9]+$/ { print $1; exit }')
		echo "not ok $number - $scenario is not as it was"
		echo "# first at line ${line:-1} of $here/$name.txt:"
		diff -U 3 "$here/$name.txt" "$text" 2>&1 | sed -n '3,14s/^/# /p'
		echo "# look: $synwalk view $trace --step ${step:-1}"
		echo '# is it meant? make golden shows all that changes, then writes it' ;;
	show) diff -u "$here/$name.txt" "$text" 2>/dev/null || [ -e "$here/$name.txt" ] ||
		echo "new: $here/$name.txt" ;;
	write) cp "$text" "$here/$name.txt" ;;
	esac
done
case $what in
check) [ "$changed" -eq 0 ] ;;
*) echo "$changed of $number golden traces change" ;;
esac
