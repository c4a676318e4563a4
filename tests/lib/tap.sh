# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For test scripts: lines of the Test Anything Protocol, a scratch folder, and synwalk at hand.
# Source it from the project's root. Every script ends with 'finish'.

number=0
broken=0
synwalk=$PWD/build/synwalk
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

# result STATUS WHAT: one line; 0 is good
result() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		broken=1
		echo "not ok $number - $2"
	fi
}

# skip WHAT WHY
skip() {
	number=$((number + 1))
	echo "ok $number # SKIP $1: $2"
}

# equal WHAT EXPECTED GOT
equal() {
	if [ "$2" = "$3" ]; then
		result 0 "$1"
	else
		result 1 "$1"
		printf '%s\n' "expected: $2" "got:      $3" | sed 's/^/# /'
	fi
}

# contains WHAT PATTERN TEXT: an extended regular expression, somewhere in the text
contains() {
	if printf '%s\n' "$3" | grep -qE -e "$2"; then
		result 0 "$1"
	else
		result 1 "$1"
		printf '%s\n' "no match for: $2" "in: $3" | sed 's/^/# /'
	fi
}

# trouble WHAT PATTERN COMMAND...: status 2, a message, and nothing left in the empty folder it is run in
trouble() {
	what=$1 pattern=$2
	shift 2
	mkdir "$work/empty"
	out=$(cd "$work/empty" && "$@" 2>&1 >/dev/null)
	equal "$what: status 2" 2 $?
	contains "$what: message" "$pattern" "$out"
	equal "$what: nothing left" '' "$(ls -A "$work/empty")"
	rm -rf "$work/empty"
}

# Whether a TAP device can be had here; the reason why not in $no_tap.
have_tap() {
	no_tap=$("$synwalk" doctor 2>&1 | sed -n 's/^missing  *TAP  *//p')
	[ -z "$no_tap" ]
}

# A copy of the program under a name that no other run has, so that left_over can tell its processes.
own_copy() {
	cp "$synwalk" "$work/synwalk"
	synwalk=$work/synwalk
}

# Processes of our own copy that are still there.
left_over() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/exe" 2>/dev/null)" = "$synwalk" ] && echo "$process"
	done
}

# sql TRACE QUERY
sql() {
	sqlite3 -batch -noheader "$1" "$2"
}

finish() {
	echo "1..$number"
	exit "$broken"
}
