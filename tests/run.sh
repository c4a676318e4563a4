#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs every test and counts.  The last line is always 'N passed, N failed, N skipped'.
#
#     sh tests/run.sh                 everything
#     sh tests/run.sh unit e2e        only these groups: unit asan valgrind record view script pkt
#                                   diff fuzz labs e2e oracle
#
# A cmocka binary counts by its own TAP lines ('ok', 'not ok', '# SKIP').  A script prints the same
# lines.  One that dies, or says nothing, counts as failed.  A comment '# told: ...' is printed, too.
# What failed is told where it failed, whole, and once more, in short, above the last line.
set -u
cd "$(dirname "$0")/.." || exit 2

groups=${*:-unit asan valgrind record view script pkt diff golden fuzz labs e2e oracle}
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
passed=0 failed=0 skipped=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# play NUMBER COMMAND...: what it says, its status and the seconds it took become files
play() {
	out=$dir/$1
	shift
	began=$(date +%s)
	timeout -k 5 300 "$@" >"$out" 2>&1 </dev/null
	echo "$? $(($(date +%s) - began))" >"$out.end"
}

# count NUMBER LABEL
count() {
	out=$dir/$1 label=$2
	read -r status seconds <"$out.end"
	p=$(grep -c '^ok ' "$out")
	s=$(grep -ci '^ok .*# *skip' "$out")
	f=$(grep -c '^not ok ' "$out")
	p=$((p - s))
	# A crash after (or before) the lines is a failure that no line tells.
	if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then
		f=1
		echo "not ok - $label ended with status $status" >>"$out"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	echo "$label: $p passed, $f failed, $s skipped ($seconds s)"
	grep -i '^ok .*# *skip' "$out" | sed 's|^ok [0-9]* *#* *[Ss][Kk][Ii][Pp] *|    skipped: |'
	sed -n 's/^# told: /    /p' "$out"
	[ "$f" -eq 0 ] && return
	sed 's/^/    | /' "$out"
	# The first of each: what a test says of its failure stands before it or behind it.
	{
		echo "failed: $label"
		grep -m 5 -B 3 -A 8 '^not ok ' "$out" | cut -c 1-200 | head -n 60 | sed 's/^/    | /'
	} >>"$dir/failures"
}

# run LABEL COMMAND...: one binary or script
run() {
	label=$1
	shift
	play 0 "$@"
	count 0 "$label"
}

# beside LABEL COMMAND...: the same, while others run; counted() waits for them, and counts in order. For
# what looks at no clock.
begun=0 window=$(nproc)
beside() {
	begun=$((begun + 1))
	eval "label$begun=\$1"
	shift
	play $begun "$@" &
	eval "pid$begun=$!"
	[ $begun -le "$window" ] || eval "wait \$pid$((begun - window))"
}
counted() {
	wait
	i=0
	while [ $i -lt $begun ]; do
		i=$((i + 1))
		eval "count $i \"\$label$i\""
	done
	begun=0
}

for group in $groups; do
	case $group in
	unit)
		for t in tests/unit/test_*.c; do
			[ -e "$t" ] && beside "${t%.c}" "build/${t%.c}"
		done
		counted ;;
	asan)
		for t in tests/unit/test_*.c; do
			[ -e "$t" ] && beside "asan+ubsan ${t%.c}" "build/asan/${t%.c}"
		done
		counted ;;
	valgrind)
		for t in tests/unit/test_*.c; do
			# valgrind does not know our coroutines' stacks by name: --error-exitcode tells.
			[ -e "$t" ] && beside "valgrind ${t%.c}" valgrind -q --error-exitcode=99 \
				--leak-check=full --max-stackframe=8388608 "build/${t%.c}"
		done
		counted ;;
	record | view | script)
		for t in tests/"$group"/test_*.c; do
			[ -e "$t" ] && run "${t%.c}" "build/${t%.c}"
		done ;;
	pkt | diff | golden | fuzz | labs | e2e | oracle)
		for t in tests/"$group"/test_*.sh; do
			[ -e "$t" ] && run "${t%.sh}" sh "$t"
		done ;;
	*)
		echo "synwalk: tests: no group '$group' (unit asan valgrind record view script pkt diff golden fuzz labs e2e oracle)" >&2
		exit 2 ;;
	esac
done

[ "$failed" -eq 0 ] || cat "$dir/failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
