#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What docs/differences.md says by function is made from trace/diff/calls.txt.
#
#     sh tests/diff/differences.sh          the part, as it must be
#     sh tests/diff/differences.sh write    puts it into docs/differences.md
set -u
cd "$(dirname "$0")/../.." || exit 2

begin='<!-- made by tests/diff/differences.sh from trace/diff/calls.txt -->'
end='<!-- until here -->'
part() {
	awk -v begin="$begin" -v end="$end" '
BEGIN { print begin
	words["skip"] = "passed over"; words["leave"] = "left out"; words["alone"] = "by itself"
	words["often"] = "as often as it comes"; words["others"] = "not compared, with all around it"
	words["inline"] = "passed over where it does not show" }
/^## / { printf "\n### %s\n\n| function | | why |\n|---|---|---|\n", substr($0, 4); next }
/^[a-z]/ {
	verb = $1; what = $2; why = $0
	sub(/^[a-z]+ +[^ ]+ +/, "", why)
	if (verb == "same") {
		split(what, names, "=")
		printf "| `%s` | is `%s` | %s |\n", names[1], names[2], why
		next
	}
	if (verb != "inline" && split(what, names, "/") == 2)
		what = names[2] "` in `" names[1]
	printf "| `%s` | %s | %s |\n", what, words[verb], why
}
END { print "\n" end }' trace/diff/calls.txt
}
case ${1-} in
'') part ;;
write)
	new=$(mktemp) || exit 2
	part >"$new.part"
	awk -v begin="$begin" -v end="$end" -v part="$new.part" '
$0 == begin { while ((getline line < part) > 0) print line; inside = 1 }
!inside { print }
$0 == end { inside = 0 }' docs/differences.md >"$new" && cat "$new" >docs/differences.md
	rm -f "$new" "$new.part"
	;;
*)
	echo 'usage: sh tests/diff/differences.sh [write]' >&2
	exit 2
	;;
esac
