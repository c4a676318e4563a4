#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The score: of each table that was recorded from a real kernel, how much is here as it was there.
#
#     sh tests/oracle/score.sh        make oracle
#
# Each test of the oracle ends with '# score TABLE N of M, E excused'. Status 1 if something differs
# that is not excused, or a test fails or says nothing.
set -u
cd "$(dirname "$0")/../.." || exit 2
export CMOCKA_MESSAGE_OUTPUT=TAP

out=$(mktemp)
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM
bad=0 all_good=0 all=0 all_excused=0

for test in tests/oracle/test_*.sh; do
	timeout -k 5 300 sh "$test" >"$out" 2>&1 </dev/null
	status=$?
	# A test without a table of its own has only to pass.
	if [ "$status" -ne 0 ] || grep -q '^not ok' "$out" || ! grep -q '^ok' "$out"; then
		bad=1
		echo "$test: failed, status $status"
		grep -A 3 '^not ok' "$out" | sed 's/^/    /'
	fi
	while read -r _ _ table good _ total excused _; do
		[ -n "${table-}" ] || continue
		total=${total%,}
		[ $((good + excused)) -eq "$total" ] || bad=1
		printf '%-12s %6d of %6d as recorded, %3d excused\n' "$table" "$good" "$total" "$excused"
		all_good=$((all_good + good)) all=$((all + total)) all_excused=$((all_excused + excused))
	done <<-END
		$(grep '^# score ' "$out")
	END
done
printf '%-12s %6d of %6d as recorded, %3d excused\n' total "$all_good" "$all" "$all_excused"
exit "$bad"
