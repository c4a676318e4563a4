#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every scenario again and again: each recording must be the first one's equal.
#
#     sh tests/pkt/again.sh [RUNS [SCRIPT...]]     2 runs of all scripts, if nothing is said
#
# Two of the runs are written, and their files compared; where those differ, for a transaction may end
# at another step, SQLite's own checksum of all tables (.sha3sum). Of all runs the digest is compared:
# one number for every event and row that a file is made from. A line for each script that differs,
# and one for all at the end; status 1 if any differs.
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-2}
[ $# -eq 0 ] || shift
case $runs in
'' | *[!0-9]* | 0 | 1)
	echo "synwalk: again: '$runs' is no number of runs; say 2 or more" >&2
	exit 2
	;;
esac
[ $# -gt 0 ] || set -- tests/pkt/*/*.pkt
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-again.XXXXXX")
trap 'rm -rf "$work"' EXIT

# One script, all its runs.
cat >"$work/one" <<'END'
runs=$1 work=$2/$$ script=$3
mkdir "$work"
fails() {
	echo "fails $script"
	sed 's/^/    /' "$work/said"
	exit
}
n=0 different=0 first=
while [ $n -lt "$runs" ]; do
	n=$((n + 1))
	set --
	[ $n -gt 2 ] || set -- -o "$work/$n.db"
	build/synwalk run "$script" --digest "$@" >"$work/said" 2>&1 || fails
	digest=$(cat "$work/said")
	first=${first:-$digest}
	[ "$digest" = "$first" ] || different=$((different + 1))
done
cmp -s "$work/1.db" "$work/2.db" ||
	[ "$(sqlite3 -batch "$work/1.db" .sha3sum)" = "$(sqlite3 -batch "$work/2.db" .sha3sum)" ] ||
	different=$((different + 1))
rm -rf "$work"
if [ $different -eq 0 ]; then
	echo "equal $script"
else
	echo "differs $script: $different of $runs runs from the first"
fi
END
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$work/one" "$runs" "$work" >"$work/told"
grep -v '^equal ' "$work/told" || :
equal=$(grep -c '^equal ' "$work/told" || :)
echo "$equal of $# scenarios: $runs runs in a row, byte-identical traces"
[ "$equal" -eq $# ]
