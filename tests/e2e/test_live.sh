#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# synwalk live: a connect that waits for keys, typed in lines; what it records is what it always is.
. tests/lib/tap.sh
own_copy

# steps: the numbers of the steps that were told, one a line
steps() {
	sed -n 's/^step \([0-9]*\),.*/\1/p' "$work/out"
}
# live KEYS ARGUMENT...: what it prints goes to $work/out
live() {
	keys=$1
	shift
	printf '%b' "$keys" | (cd "$work" && timeout 60 "$synwalk" live --linear "$@") >"$work/out" 2>&1
}

"$synwalk" connect --wire --no-view -o "$work/plain.db" >"$work/said" 2>&1
live 's\ns\nn\nN\n3p\nf\n' --wire -o w.db
equal 'on the wire: status 0' 0 $?
contains 'it stands at sys_connect' '^step [0-9]+, .* call: sys_connect\(' "$(cat "$work/out")"
contains 'a step later it is inside' '^in sys_connect, core/net/socket\.c line' "$(cat "$work/out")"
contains 'three packets later the SYN' 'packet: out wire0  IP .*Flags \[S\]' "$(cat "$work/out")"
contains 'what the run says comes at the end' '^connect\(10\.9\.0\.2:80\) over the wire: 0 ' "$(tail -n 7 "$work/out")"
first=$(steps | head -n 1)
equal 'the core took one step' $((first + 1)) "$(steps | sed -n 2p)"
equal 'its trace is the one that it records unwatched' \
	"$(sqlite3 -batch "$work/plain.db" .sha3sum)" "$(sqlite3 -batch "$work/w.db" .sha3sum)"

# It stands: nothing behind the place where the person stands has happened.
live 'G\nG\n' --wire --until tcp_connect -o u.db
contains '--until' '^u\.db, ([0-9]+) steps' "$(cat "$work/out")"
equal 'the last step is its call' "$(sed -n 's/^u\.db, \([0-9]*\) steps.*/\1/p' "$work/out")" "$(steps | head -n 1)"
contains 'and it is that function' 'call: tcp_connect\(' "$(cat "$work/out")"

live '' --wire --pace 1000000 -o p.db
equal 'no keys at all: it ends' 0 $?
equal 'and the trace is whole' complete "$(sql "$work/p.db" "SELECT value FROM meta WHERE key = 'status'")"
live 'q\n' "$PWD/tests/pkt/handshake/blocking.pkt" -o s.db
equal 'a script' 0 $?
equal 'and its trace is whole' complete "$(sql "$work/s.db" "SELECT value FROM meta WHERE key = 'status'")"

# What it cannot do.
live '' --wire 10.9.0.1:80 -o x.db
equal 'a target that cannot be: status 2' 2 $?
contains 'it says what connect says' 'this is the address that connects' "$(cat "$work/out")"
live '' --nonsense
equal 'an option that is none: status 2' 2 $?
live '' --pace none
contains 'a pace that is none' '^synwalk: none: no number of records' "$(cat "$work/out")"
mkdir "$work/dir.db"
live '' --wire -o dir.db
equal 'a trace that cannot be written: status 2' 2 $?
"$synwalk" live --wire </dev/null >"$work/out" 2>&1
equal 'no terminal: status 2' 2 $?
contains 'no terminal: it says what to do' 'synwalk live --linear' "$(cat "$work/out")"

# The viewer is killed: nothing stays behind.
mkfifo "$work/keys"
(cd "$work" && exec "$synwalk" live --linear --wire -o k.db) <"$work/keys" >"$work/out" 2>&1 &
viewer=$!
exec 9>"$work/keys"
echo s >&9
while [ "$(steps | wc -l)" -lt 2 ] && kill -0 $viewer 2>/dev/null; do :; done
kill -9 $viewer
wait $viewer 2>/dev/null
exec 9>&-
left=1 looks=0
while [ "$left" -gt 0 ] && [ $looks -lt 2000 ]; do
	left=$(pgrep -f "^$synwalk live" | wc -l)
	looks=$((looks + 1))
done
equal 'killed: no process is left' 0 "$left"
contains 'killed: the trace opens' 'sys_connect' "$("$synwalk" show "$work/k.db" --calls 2>&1)"

if have_tap; then
	live 's\n3p\n' -o t.db
	equal 'over TAP: status 0' 0 $?
	contains 'over TAP: the handshake waits for keys' 'packet: .* tap0  IP' "$(cat "$work/out")"
	contains 'over TAP: connected' 'over TAP: 0 after' "$(cat "$work/out")"
else
	skip 'over TAP' "$no_tap"
fi
finish
