#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Bad input and missing rights: a clear message, exit status 2, nothing left behind.
. tests/lib/tap.sh

trouble 'no command' 'synwalk connect' "$synwalk"
trouble 'unknown command' '^synwalk: fly: no such command' "$synwalk" fly
trouble 'unknown option' '^synwalk: --fast: no such option' "$synwalk" connect --fast
trouble 'option without value' '^synwalk: -o: needs a value' "$synwalk" connect -o

for address in 10.9.0.2 10.9.0.2: 10.9.0.2:0 10.9.0.2:65536 10.9.0.2:http 10.9.0:80 10.9.0.256:80 \
	nowhere:80 :80 '[::1]:80' 127.0.0.1:80 224.0.0.1:80 0.0.0.0:80 10.9.0.1:80 10.9.0.255:80; do
	trouble "address '$address'" "^synwalk: .*$(printf '%s' "$address" | sed 's/[].[]/\\&/g'): " \
		"$synwalk" connect --wire "$address"
done
trouble 'two addresses' 'one address is enough' "$synwalk" connect 10.9.0.2:1 10.9.0.2:2
trouble 'seed' '^synwalk: x7: not a number' "$synwalk" connect --wire --seed x7
trouble 'a folder that is not there' '^synwalk: .*no/such/t\.db: ' \
	"$synwalk" connect --wire --no-view -o no/such/t.db

# Traces that are none.
"$synwalk" connect --wire --no-view -o "$work/good.db" >/dev/null 2>&1
result $? 'a good trace to spoil'
head -c 20000 "$work/good.db" >"$work/short.db"
echo 'not a database, and longer than the header of one: ..............................................' \
	>"$work/text.db"
: >"$work/nothing.db"
sqlite3 "$work/other.db" 'CREATE TABLE t (x)'
cp "$work/good.db" "$work/version.db"
sqlite3 "$work/version.db" 'PRAGMA user_version = 99;
	UPDATE meta SET value = 99 WHERE key = "schema_version"' 2>/dev/null
for command in show view; do
	for bad in missing short text nothing other version; do
		trouble "$command $bad.db" "^synwalk: .*$bad\\.db: " "$synwalk" $command "$work/$bad.db"
	done
done
contains 'another version is told from damage' 'version' \
	"$("$synwalk" show "$work/version.db" 2>&1 >/dev/null)"

# What is not a trace is not overwritten.
cp "$work/text.db" "$work/precious"
trouble 'output over a file that is no trace' '^synwalk: .*precious: ' \
	"$synwalk" connect --wire --no-view -o "$work/precious"
cmp -s "$work/text.db" "$work/precious"
result $? 'and the file is as it was'

# No right to open TAP.
mode=$(stat -c %a /dev/net/tun 2>/dev/null)
if [ "$(id -u)" -ne 0 ]; then
	skip 'no right to open TAP' 'only root can drop rights'
elif [ "${mode:-missing}" = missing ]; then
	skip 'no right to open TAP' 'there is no /dev/net/tun to have no right to'
elif [ $((0$mode & 2)) -ne 0 ]; then
	skip 'no right to open TAP' "/dev/net/tun is open to all (mode $mode)"
else
	chmod 711 "$work"
	cp "$synwalk" "$work/synwalk"
	mkdir "$work/theirs"
	chown 65534:65534 "$work/theirs"
	out=$(cd "$work/theirs" && setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$work/synwalk" connect --no-view 2>&1 >/dev/null)
	equal 'no right to open TAP: status 2' 2 $?
	contains 'no right to open TAP: message' '^synwalk: (/dev/net/tun|.*namespace|.*map): ' "$out"
	contains 'no right to open TAP: what to do' 'root|--wire' "$out"
	equal 'no right to open TAP: nothing left' '' "$(ls -A "$work/theirs")"
	(cd "$work/theirs" && setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$work/synwalk" connect --wire --no-view >"$work/out" 2>&1)
	equal 'without rights, --wire works' 0 $?
fi
finish
