#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each function and each field that the seed names: where it stands, and the first step of a trace
# in which it runs, is stored to or is read.
#
#     make seed
#
# The traces are those of `synwalk connect --wire` and of the scripts in tests/pkt, so each is a
# test too.  A function of C is seen as a call; a macro, and a field that is only read, as a line
# that ran and holds its name.  Ends with status 1 if one is missing, 2 in trouble.
set -eu
cd "$(dirname "$0")/../.."

synwalk=$PWD/build/synwalk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

names() {
	grep -v '^#' "tests/seed/$1.txt"
}

# Lines of the core's sources that hold a name as a word: kind, name, file, line.
{
	names functions | sed 's/^/function /'
	names fields | sed 's/^/field /'
} >"$work/wanted"
find core -name '*.[ch]' | sort | xargs awk -v wanted="$work/wanted" '
	BEGIN { while ((getline pair < wanted) > 0) { split(pair, p, " "); kind[p[2], p[1]] = 1; any[p[2]] = 1 } }
	/^[ \t]*(\/?\*|\/\/)/ { next }
	{
		rest = $0; before = ""
		while (match(rest, /[A-Za-z_][A-Za-z_0-9]*/)) {
			name = substr(rest, RSTART, RLENGTH)
			before = substr(rest, 1, RSTART - 1)
			rest = substr(rest, RSTART + RLENGTH)
			if (!(name in any))
				continue
			if ((name, "function") in kind && rest ~ /^[ \t]*\(/)
				print "function|" name "|" FILENAME "|" FNR
			if ((name, "field") in kind && (before ~ /(->|\.)$/ || $0 ~ /^#define/))
				print "field|" name "|" FILENAME "|" FNR
		}
	}' >"$work/places"

# Where each is declared or defined: the line at the margin, or of the #define; a struct member.
for f in $(names functions); do
	at=$(grep -rnE "^(#define $f\\b|[A-Za-z_].*[ *]$f\\()" core --include='*.c' --include='*.h' |
		grep -vE ';[^{]*$' | head -n 1 | cut -d: -f1,2)
	echo "function|$f|$at"
done >"$work/defined"
for f in $(names fields); do
	at=$(grep -rnE "^([[:space:]](.*[[:space:]*])?$f( *:|;|,|\\[|\\))|#define $f\\b)" core/include core/net |
		head -n 1 | cut -d: -f1,2)
	echo "field|$f|$at"
done >>"$work/defined"

sqlite3 "$work/seed.db" "CREATE TABLE place(kind, name, path, line INTEGER);
	CREATE TABLE defined(kind, name, at);
	CREATE TABLE seen(kind, name, test, step, how, PRIMARY KEY (kind, name));" \
	'.separator |' ".import $work/places place" ".import $work/defined defined" \
	'CREATE INDEX place_at ON place(path, line);'

# look TEST: what of the wanted, and not seen yet, the trace shows
look() {
	sqlite3 "$work/seed.db" "ATTACH '$work/t.db' AS t;
	CREATE TEMP TABLE open AS SELECT d.kind, d.name FROM defined d LEFT JOIN seen s USING (kind, name)
		WHERE s.step IS NULL;
	CREATE TEMP TABLE e AS SELECT kind, func, line, what, min(step) AS step FROM t.event
		WHERE kind IN (1, 3, 5) GROUP BY kind, func, line, what;
	INSERT OR IGNORE INTO seen
		SELECT 'function', f.name, '$1', min(e.step), 'called' FROM e JOIN t.func f ON f.id = e.func
		WHERE e.kind = 1 AND f.name IN (SELECT name FROM open WHERE kind = 'function') GROUP BY f.name;
	CREATE TEMP TABLE stored AS
		SELECT DISTINCT fd.id, d.name FROM t.field fd JOIN open d ON d.kind = 'field'
		AND '.' || fd.name || '.' || fd.path || '.' GLOB '*[.]' || d.name || '[.[]*';
	INSERT OR IGNORE INTO seen
		SELECT 'field', s.name, '$1', min(e.step), 'stored to' FROM e JOIN stored s ON s.id = e.what
		WHERE e.kind = 3 GROUP BY s.name;
	INSERT OR IGNORE INTO seen
		SELECT p.kind, p.name, '$1', min(e.step), 'line ran' FROM e JOIN t.func f ON f.id = e.func
		JOIN t.file fi ON fi.id = f.file JOIN place p ON p.path = fi.path AND p.line = e.line
		JOIN open o ON o.kind = p.kind AND o.name = p.name WHERE e.kind = 5 GROUP BY p.kind, p.name;"
}

"$synwalk" connect --wire --no-view -o "$work/t.db" >/dev/null
look 'connect --wire'
# One run of each is enough: the rest of the scripts is not played when nothing is missing any more.
missing() {
	sqlite3 "$work/seed.db" "SELECT count(*) FROM defined d LEFT JOIN seen s USING (kind, name)
		WHERE s.step IS NULL"
}
# The first of each topic come first, then the second ones ...
for script in $(for topic in tests/pkt/*/; do
	printf '%s\n' "$topic"*.pkt | nl -n rz | sort
done | sort -s -k 1,1 | cut -f 2); do
	[ "$(missing)" -gt 0 ] || break
	rm -f "$work/t.db"
	"$synwalk" run "$script" -o "$work/t.db" >/dev/null 2>&1 || continue
	look "$script"
done

sqlite3 -separator ' ' "$work/seed.db" "
	SELECT printf('%-8s %-30s %-48s %s', d.kind, d.name, coalesce(nullif(d.at, ''), 'NOT DEFINED'),
		coalesce(s.how || ' at step ' || s.step || ' of ' || s.test, 'NOT SEEN'))
	FROM defined d LEFT JOIN seen s USING (kind, name) ORDER BY d.kind DESC, d.name"
sqlite3 "$work/seed.db" "
	SELECT sum(kind = 'function') || ' functions and ' || sum(kind = 'field') || ' fields, ' ||
		sum(d.at = '' OR s.step IS NULL) || ' missing'
	FROM defined d LEFT JOIN seen s USING (kind, name)"
[ "$(sqlite3 "$work/seed.db" "SELECT count(*) FROM defined d LEFT JOIN seen s USING (kind, name)
	WHERE d.at = '' OR s.step IS NULL")" -eq 0 ]
