#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# first_green.sh [SECONDS]: from nothing to the first test that is right, as README.md and the handout of the
# first lab with code say it, in a fresh clone.
#
# The clone is built as README.md says. What the handout shows is done in its order; predictions are tried
# once, whatever comes. What the handout asks to be written is written part by part, in its order, and after
# each part its words under "Then:" are said, until a test is right. Prints how long it took; status 1 if
# nothing became right, or if it took longer than SECONDS (600).
set -u
most=${1:-600}
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-green.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset SYNWALK_LABS SYNWALK_KIT MAKEFLAGS MFLAGS MAKELEVEL
begin=$(date +%s)
cd "$work" || exit 2

told() {
	echo "$(($(date +%s) - begin)) s: $*"
}
fail() {
	told "$*"
	exit 1
}

# README.md's two commands, as they stand there; the URL is this project's, with what is not committed yet
clone=$(sed -n 's/^    \(git clone URL .*\)$/\1/p' "$project/README.md" | head -n 1)
build=$(sed -n '/^    git clone URL/,$s/^    \(make .*\)$/\1/p' "$project/README.md" | head -n 1)
if [ -z "$clone" ] || [ -z "$build" ]; then
	fail 'README.md does not say how to begin'
fi
told "$clone"
eval "$(echo "$clone" | sed "s,URL,$project,")" >"$work/log" 2>&1 || fail "$(tail -n 3 "$work/log")"
told "$build"
eval "$build" >"$work/log" 2>&1 </dev/null || fail "$(tail -n 5 "$work/log")"
PATH=$PWD/build:$PATH
export PATH

page=$PWD/labs/01-gate/handout.md
mkdir "$work/mine" && cd "$work/mine" || exit 2

# What the page shows, up to where the student is to write.
sed '/^## Write/,$d' "$page" | sed -n 's/^    \$ //p' >"$work/shown"
while read -r line <&3; do
	told "$line"
	# what a page shows may fail, as an answer that is not so does; but where it goes it must get
	eval "$line" >"$work/log" 2>&1 </dev/null || case $line in
	cd*) fail "$(cat "$work/log")" ;;
	esac
done 3<"$work/shown"

# Each question that is open gets one answer.
synwalk lab answer >"$work/questions"
sed -n 's/^\([a-z][a-z-]*\) (.*points.*)$/\1/p' "$work/questions" >"$work/names"
[ -s "$work/names" ] || fail 'synwalk lab answer lists no questions'
while read -r name <&3; do
	synwalk lab answer "$name" EBADF </dev/null >"$work/log" 2>&1 ||
		synwalk lab answer "$name" a </dev/null >"$work/log" 2>&1
done 3<"$work/names"
told "$(wc -l <"$work/names") predictions"

# The words under "Then:", but for the one that does not end.
sed -n '/^Then:$/,/^## /s/^    \(synwalk [a-z0-9. ]*[a-z0-9.]\)  .*$/\1/p' "$page" | grep -v watch >"$work/then"
[ -s "$work/then" ] || fail 'the handout does not say what to do when the file is written'
# shellcheck disable=SC2016 # the page's own backquotes
file=$(sed -n 's/^The file is `\(.*\)`, .*$/\1/p' "$page")
parts=$(grep -c lab_todo "$file")
part=0
while [ "$part" -lt "$parts" ]; do
	part=$((part + 1))
	if [ "$part" -lt "$parts" ]; then
		synwalk lab dev skeleton 1 $((part + 1)) >"$file"
	else
		synwalk lab dev reference 1 >"$file"
	fi
	while read -r line <&3; do
		$line </dev/null >"$work/log" 2>&1
	done 3<"$work/then"
	told "part $part is written: $(tail -n 1 "$work/log")"
	grep -q '^  right ' "$work/log" && break
done
grep -q '^  right ' "$work/log" || fail "nothing is right: $(cat "$work/log")"
told "first green: $(grep -m 1 '^  right ' "$work/log" | tr -s ' ')"
[ $(($(date +%s) - begin)) -le "$most" ]
