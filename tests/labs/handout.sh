#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# handout.sh FILE.md: does what a page shows, in an empty folder, and holds what comes against it.
#
# A command is a line that begins with "    $ "; the indented lines behind it are what it prints, "..." on
# a line of its own stands for any lines. Prints a line for each command that printed something else;
# status 1 then.
set -u
page=$(realpath "$1")
synwalk=$(realpath "${SYNWALK:-build/synwalk}")
PATH=$(dirname "$synwalk"):$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
HOME=$work
export PATH HOME LC_ALL=C XDG_CONFIG_HOME=none XDG_STATE_HOME=none

# Each command and its output become two files, NNN.command and NNN.expected.
mkdir .page
awk -v to=.page '
	/^    \$ / { n++; name = sprintf("%s/%03d", to, n)
		print substr($0, 7) >(name ".command"); printf "" >(name ".expected"); close(name ".command"); inside = 1; next }
	inside && /^    / { print substr($0, 5) >(name ".expected"); next }
	inside && /^[ \t]*$/ { print "" >(name ".expected"); next }
	{ inside = 0 }' "$page"

# matches EXPECTED GOT: line by line; blank lines at the ends do not count.
matches() {
	awk '
	FNR == 1 { file++ }
	{ sub(/[ \t\r]+$/, "") }
	file == 1 { want[++w] = $0; next }
	{ got[++g] = $0 }
	function same(i, j) {
		for (; i <= w; i++) {
			if (want[i] == "...") {
				for (k[i] = j; k[i] <= g + 1; k[i]++)
					if (same(i + 1, k[i]))
						return 1
				return 0
			}
			if (j > g || want[i] != got[j])
				return 0
			j++
		}
		return j > g
	}
	END {
		while (w && want[w] == "") w--
		while (g && got[g] == "") g--
		exit !same(1, 1)
	}' "$1" "$2"
}

# awk counts an empty file as none: a line more at the ends of both does no harm.
status=0
for command in "$work"/.page/*.command; do
	[ -e "$command" ] || continue
	name=${command%.command}
	{ eval "$(cat "$command")"; } >"$work/.got" 2>&1 </dev/null
	echo >>"$work/.got"
	echo >>"$name.expected"
	if ! matches "$name.expected" "$work/.got"; then
		status=1
		echo "\$ $(cat "$command")"
		echo "    the page shows:"
		sed 's/^/        /' "$name.expected"
		echo "    it prints:"
		sed 's/^/        /' "$work/.got"
	fi
done
exit $status
