#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which lines and branches of the core the unit tests, the oracle's tables and the scenarios reach;
# called by make coverage.
#
#     sh tests/coverage.sh build/cov           a line a file, least covered first, and the sums
#     sh tests/coverage.sh build/cov -u FILE   the lines of FILE with a branch never taken
#
# A branch is one way out of a condition, as the compiler counts them at -O0: each part of an &&
# has two. Assertions (WARN_ON, BUG_ON) count, too, though the way into them is never taken.
set -eu
cd "$(dirname "$0")/.."
dir=${1:-build/cov}

if ! command -v gcovr >/dev/null; then
	echo 'synwalk: coverage: gcovr is not installed' >&2
	echo '    run: apt-get install --no-install-recommends gcovr' >&2
	exit 2
fi

if [ "${2:-}" = -u ]; then
	exec gcovr -r . --branches -f "$3" "$dir/core"
fi

# Counts of runs before would be added to.
find "$dir" -name '*.gcda' -delete
export CMOCKA_MESSAGE_OUTPUT=TAP
for t in tests/unit/test_*.c tests/oracle/test_*.c; do
	t=${t%.c}
	if ! "$dir/$t" >"$dir/out" 2>&1; then
		group=${t#tests/}
		echo "synwalk: coverage: $t fails; run make test TESTS=${group%%/*}" >&2
		exit 1
	fi
done
for t in $(find tests/pkt -name '*.pkt' | sort); do
	if ! "$dir/synwalk" run "$t" >"$dir/out" 2>&1; then
		echo "synwalk: coverage: $t fails; run make test TESTS=pkt" >&2
		exit 1
	fi
done

gcovr -r . -f core/ --csv "$dir/coverage.csv" "$dir/core"
# filename,line_total,line_covered,line_percent,branch_total,branch_covered,...
awk -F, '
function text(name, lt, lc, bt, bc) {
	return sprintf("%6.1f %% %5d of %5d  %6.1f %% %5d of %5d  %s", bt ? 100 * bc / bt : 100, bc, bt,
		lt ? 100 * lc / lt : 100, lc, lt, name)
}
BEGIN { print "       branches                 lines" }
NR > 1 {
	print text($1, $2, $3, $5, $6) | "sort -n"
	lt += $2; lc += $3; bt += $5; bc += $6
	if ($1 ~ /^core\/net\/ipv4\/(tcp(_.*)?|inet_.*|af_inet|ip_output)\.c$/ ||
	    $1 == "core/net/socket.c") {
		plt += $2; plc += $3; pbt += $5; pbc += $6
	}
}
END {
	close("sort -n")
	print ""
	print text("all of the core", lt, lc, bt, bc)
	print text("the path: tcp*, inet_*, af_inet, ip_output, socket", plt, plc, pbt, pbc)
}' "$dir/coverage.csv"
