#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
#     sh tests/lib/same_trace.sh A.db B.db [views]
#
# Are two traces equal: the schema, and all tables row by row? With `views` each view is read from both
# and compared too. Silent if they are, else the tables or views that differ; status 0 or 1.
set -u
a=$1 b=$2 status=0

# rows TRACE NAME: all of a table or view, each value with its type
rows() {
	sqlite3 -batch -readonly "$1" '.mode quote' "SELECT * FROM \"$2\" ORDER BY 1, 2" 2>&1
}

sum() {
	sqlite3 -batch -readonly "$1" '.sha3sum --schema'
}

names=
[ "$(sum "$a")" = "$(sum "$b")" ] && [ -n "$(sum "$a")" ] ||
	names=$(sqlite3 -batch -readonly "$a" "SELECT name FROM sqlite_schema WHERE type = 'table'")
[ -z "$names" ] || status=1
[ "${3-}" != views ] ||
	names="$names $(sqlite3 -batch -readonly "$a" "SELECT name FROM sqlite_schema WHERE type = 'view'")"
for name in $names; do
	if [ "$(rows "$a" "$name" | cksum)" != "$(rows "$b" "$name" | cksum)" ]; then
		echo "differs: $name"
		status=1
	fi
done
exit $status
