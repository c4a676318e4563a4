#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What docs/walk.md prints is what the program prints. Each block of the page that begins with
# '$ synwalk ...' is run, and its lines must come in that order; a line '...' stands for any number
# of lines. The columns of step and time, and the indentation, are left out on the page and here;
# numbers of eight digits and more, and the port, are random and are not compared.
# The first block records the trace that the others show.
. tests/lib/tap.sh

awk -v dir="$work" '
	/^```console/ { n++; inside = 1; file = sprintf("%s/block.%03d", dir, n); next }
	/^```/ { inside = 0; next }
	inside { print > file }
' docs/walk.md

PATH=$work:$PATH
ln -s "$synwalk" "$work/synwalk"
port_of() {
	sed -n 's/.*10\.9\.0\.1:\([0-9]*\).*/\1/p' "$1" | head -n 1
}
page=$(port_of docs/walk.md)
blocks=0
for block in "$work"/block.*; do
	command=$(sed -n '1s/^\$ //p' "$block")
	[ -n "$command" ] || continue
	blocks=$((blocks + 1))
	(cd "$work" && eval "$command") >"$work/got" 2>&1
	sed 1d "$block" >"$work/expected"
	[ "$blocks" = 1 ] && mine=$(port_of "$work/got")
	if awk -v mine="$mine" -v page="$page" '
		BEGIN { gap = 1 }
		{
			sub(/^ *[0-9]+ +[0-9.]+ +/, "")
			sub(/^ +/, "")
			gsub(/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]+/, "N")
			gsub(NR == FNR ? mine : page, "PORT")
		}
		NR == FNR { got[++n] = $0; next }
		$0 == "..." { gap = 1; next }
		{
			at++
			while (gap && at <= n && got[at] != $0)
				at++
			if (at > n || got[at] != $0) {
				print "# not there: " $0
				if (at <= n)
					print "# but:       " got[at]
				exit 1
			}
			gap = 0
		}
	' "$work/got" "$work/expected"; then
		result 0 "$command"
	else
		result 1 "$command"
	fi
done
[ "$blocks" -gt 5 ]
result $? "the page holds output ($blocks blocks)"
finish
