#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Does synwalk diff name the function at fault? Each fault of faults.txt is put into the watched core,
# its scenario recorded with and without it, and the first cause that diff reports is looked at.
#
#     make mutation                  all of them; the last line is the score, 95 % are asked for
#     sh tests/mutation/run.sh 3 17  only those, after make
#     SEED=2 sh ...                  the faulty run has another seed than the good one, so that diff
#                                    compares under its rules: do they hide a fault?
#
# Prints a line of TAP for each when called with -t.
set -u
cd "$(dirname "$0")/../.." || exit 2

faults=tests/mutation/faults.txt
good=build/synwalk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tap=
[ "${1-}" = -t ] && tap=1 && shift
count=$(grep -c '^@' "$faults")
[ "${1-all}" = all ] && set -- $(seq "$count")

# record PROGRAM SCENARIO TRACE SEED: a fault may make the run fail, or not end
record() {
	case $2 in
	wire) timeout 20 "$1" connect --wire --seed "$4" -o "$3" --no-view >/dev/null 2>&1 ;;
	*) timeout 20 "$1" run --seed "$4" "tests/pkt/$2" -o "$3" >/dev/null 2>&1 ;;
	esac
	[ -s "$3" ]
}

# put NUMBER: writes mutant.c and sets function, file, scenario
put() {
	entry=$(awk -v n="$1" '/^@/ { i++ } i == n && !/^#/ && NF' "$faults")
	set -- $(printf '%s\n' "$entry" | head -n 1)
	function=$2 file=$3 scenario=$4
	old=$(printf '%s\n' "$entry" | sed -n 's/^- *//p')
	new=$(printf '%s\n' "$entry" | sed -n 's/^+ *//p')
	OLD=$old NEW=$new awk -v fn="$function" '
	function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
	$0 ~ "^[a-z].*[ *]" fn "\\(" && !/;$/ { inside = 1 }
	/^}/ { inside = 0 }
	inside && trim($0) == ENVIRON["OLD"] { print ENVIRON["NEW"]; found++; next }
	{ print }
	END { exit found != 1 }' "$file" >"$work/mutant.c"
}

eval "$(make -s --no-print-directory mutant-env)"
named=0 number=0
for n; do
	number=$((number + 1))
	rm -f "$work"/bad.db* "$work/synwalk"
	if ! put "$n"; then
		echo "not ok $number - fault $n: the line does not stand in $function() of $file once"
		continue
	fi
	trace=$work/good-$(echo "$scenario" | tr '/' '_').db
	[ -e "$trace" ] || record "$good" "$scenario" "$trace" 1
	if ! sh tests/mutation/build-mutant "$work" "$file" >"$work/log" 2>&1; then
		echo "not ok $number - fault $n: $file cannot be built"
		sed 's/^/# /' "$work/log"
		continue
	fi
	record "$work/synwalk" "$scenario" "$work/bad.db" "${SEED-1}"
	cause=$("$good" diff --json "$trace" "$work/bad.db" 2>"$work/log" |
		sed -n 's/^ *"function": "\(.*\)",*$/\1/p' | head -n 1)
	if [ "$cause" = "$function" ]; then
		named=$((named + 1))
		[ -z "$tap" ] || echo "ok $number - fault $n in $function()"
	else
		echo "not ok $number - fault $n is in $function(), diff says ${cause:-nothing}"
		printf '%s\n' "$entry" | sed 's/^/# /'
		sed 's/^/# /' "$work/log"
	fi
done
[ -n "$tap" ] && [ "$named" -eq $# ] && exit 0
echo "# score: $named of $# faults: the first cause names the function"
[ $((named * 100)) -ge $(($# * 95)) ]
