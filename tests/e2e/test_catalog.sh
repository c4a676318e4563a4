#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The catalogue knows every function that a recorded connect calls, every field that it stores to, and
# every name of the seed; and the translations that there are can be had.  CATALOG_ALL=1 records every
# scenario of tests/pkt as well (make catalog-check).
set -eu
cd "$(dirname "$0")/../.."

synwalk=$PWD/build/synwalk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		[ ! -s "$work/said" ] || sed 's/^/# /' "$work/said" | head -n 20
	fi
}

"$synwalk" connect --wire --no-view -o "$work/connect.db" >/dev/null
status=0
"$synwalk" explain --missing "$work/connect.db" >"$work/said" 2>&1 || status=$?
result $status "every function and field of a connect has a text: $(tail -n 1 "$work/said")"

status=0
grep -hv '^#' tests/seed/functions.txt tests/seed/fields.txt | xargs "$synwalk" explain >/dev/null 2>"$work/said" ||
	status=$?
result $status "every name of the seed has a text"

if [ "${CATALOG_ALL-}" ]; then
	status=0
	: >"$work/said"
	for script in tests/pkt/*/*.pkt; do
		rm -f "$work"/run.db*
		"$synwalk" run "$script" -o "$work/run.db" >/dev/null 2>&1 || :
		[ -e "$work/run.db" ] || continue
		"$synwalk" explain --missing "$work/run.db" | grep -v '^#' >>"$work/found" || :
	done
	sort -u "$work/found" >"$work/said"
	[ ! -s "$work/said" ] || status=1
	result $status "every function and field of the scenarios has a text"
fi

for po in po/*.po; do
	[ -e "$po" ] || continue
	language=$(basename "$po" .po)
	if [ ! -e "build/locale/$language/LC_MESSAGES/synwalk.mo" ]; then
		n=$((n + 1))
		echo "ok $n - $language # SKIP gettext's msgfmt is not installed (apt-get install gettext)"
		continue
	fi
	english=$(LC_ALL=C "$synwalk" explain tcp_connect)
	for setting in "LANGUAGE=$language LC_ALL=C.UTF-8" "LANGUAGE=$language" "LANG=$language.UTF-8"; do
		other=$(env -u LANGUAGE -u LC_ALL -u LC_MESSAGES -u LANG $setting "$synwalk" explain tcp_connect)
		status=0
		[ "$other" != "$english" ] || status=1
		: >"$work/said"
		result $status "$setting: another language"
	done
	LC_ALL=C LANGUAGE=$language "$synwalk" explain tcp_connect >"$work/said"
	status=0
	[ "$(cat "$work/said")" = "$english" ] || status=1
	result $status "LC_ALL=C is English, whatever LANGUAGE says"
done
echo "1..$n"
