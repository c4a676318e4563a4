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
set -u
cd "$(dirname "$0")/.." || exit 2

groups=${*:-unit asan valgrind record view script pkt diff fuzz labs e2e oracle}
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
passed=0 failed=0 skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM

# run LABEL COMMAND...: one binary or script
run() {
	label=$1
	shift
	began=$(date +%s)
	timeout -k 5 300 "$@" >"$out" 2>&1 </dev/null
	status=$?
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
	echo "$label: $p passed, $f failed, $s skipped ($(($(date +%s) - began)) s)"
	grep -i '^ok .*# *skip' "$out" | sed 's|^ok [0-9]* *#* *[Ss][Kk][Ii][Pp] *|    skipped: |'
	sed -n 's/^# told: /    /p' "$out"
	[ "$f" -eq 0 ] || sed 's/^/    | /' "$out"
}

for group in $groups; do
	case $group in
	unit)
		for t in tests/unit/test_*.c; do
			[ -e "$t" ] && run "${t%.c}" "build/${t%.c}"
		done ;;
	asan)
		for t in tests/unit/test_*.c; do
			[ -e "$t" ] && run "asan+ubsan ${t%.c}" "build/asan/${t%.c}"
		done ;;
	valgrind)
		for t in tests/unit/test_*.c; do
			# valgrind does not know our coroutines' stacks by name: --error-exitcode tells.
			[ -e "$t" ] && run "valgrind ${t%.c}" valgrind -q --error-exitcode=99 \
				--leak-check=full --max-stackframe=8388608 "build/${t%.c}"
		done ;;
	record | view | script)
		for t in tests/"$group"/test_*.c; do
			[ -e "$t" ] && run "${t%.c}" "build/${t%.c}"
		done ;;
	pkt | diff | fuzz | labs | e2e | oracle)
		for t in tests/"$group"/test_*.sh; do
			[ -e "$t" ] && run "${t%.sh}" sh "$t"
		done ;;
	*)
		echo "synwalk: tests: no group '$group' (unit asan valgrind record view script pkt diff fuzz labs e2e oracle)" >&2
		exit 2 ;;
	esac
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
