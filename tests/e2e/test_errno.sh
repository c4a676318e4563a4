#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every errno that the core returns stands in the tables of docs/testing.md, and the test that is
# said to produce it speaks of it.
set -u
cd "$(dirname "$0")/../.." || exit 2
doc=docs/testing.md
n=0 missing=

say() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1:$2"
	fi
}

# An errno is a word in capitals behind a minus, an assignment, a brace or a question mark.
for e in $(grep -rhoE '(-|= |\{ |\? |: )E[A-Z]{3,}\b' core --include='*.c' | grep -oE 'E[A-Z]+$' |
	sort -u); do
	grep -qE "^#define[[:space:]]+${e}[[:space:]]" core/include/linux/errno.h || continue
	grep -q "^| $e |" "$doc" || missing="$missing $e"
done
say "every errno of the core stands in $doc" "$missing"

missing=
for row in $(sed -n 's/^| \(E[A-Z]*\) |.*| `\(tests[^`]*\)` |$/\1:\2/p' "$doc"); do
	grep -qw "${row%%:*}" "${row#*:}" 2>/dev/null || missing="$missing $row"
done
say 'each is produced by the test that is named' "$missing"
