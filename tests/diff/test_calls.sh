#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk diff --calls from outside, on small recordings: what it finds, what its table excuses, what it says.
. tests/lib/tap.sh
root=$PWD
cd "$work" || exit 2

# import NAME: from standard input
import() {
	"$synwalk" import --ftrace - -o "$1.db" >import.out 2>&1 || sed 's/^/# /' import.out
}
calls() {
	"$synwalk" diff --calls "$@" >out 2>err
}
# said STATUS WHAT: the last one ended so
said() {
	code=$?
	result "$((code != $1))" "$2"
	[ "$code" -eq "$1" ] || sed 's/^/# /' out err
}
has() {
	grep -q -e "$2" out
	result $? "$1"
	grep -q -e "$2" out || sed 's/^/# /' out
}

import a <<'END'
== python3-1
     0.000  SyS_connect
     0.001    tcp_connect
     0.002      tcp_connect_init
     0.003        tcp_sync_mss
     0.004      tcp_options_write.isra.0
     0.005      tcp_transmit_skb
     0.006    release_sock
END
import same <<'END'
== sh-2
     0.000  sys_connect
     0.001    tcp_connect
     0.002      tcp_connect_init
     0.003        tcp_sync_mss
     0.004      tcp_options_write
     0.005      tcp_transmit_skb
     0.006    release_sock
END
import less <<'END'
== sh-2
     0.000  sys_connect
     0.001    tcp_connect
     0.002      tcp_connect_init
     0.004      tcp_options_write
     0.005      tcp_transmit_skb
     0.006    release_sock
     0.007  sys_connect
     0.008    tcp_sync_mss
END
import moved <<'END'
== sh-2
     0.000  sys_connect
     0.001    tcp_connect
     0.002      tcp_connect_init
     0.003        tcp_sync_mss
     0.004      tcp_options_write
     0.006    release_sock
     0.005      tcp_transmit_skb
END
import new <<'END'
== sh-2
     0.000  sys_connect
     0.001    tcp_connect
     0.002      tcp_connect_init
     0.003        inlined_there
     0.004          tcp_sync_mss
     0.005      tcp_options_write
     0.006      tcp_transmit_skb
     0.007    release_sock
END
calls a.db same.db
said 0 'names of the system call, of tasks and of clones do not matter'
equal '... and nothing is said of that' '' "$(cat out err)"

calls a.db less.db
said 1 'a call that is missing'
has 'the first divergence names function and caller' '^first divergence: tcp_sync_mss() is missing in tcp_connect_init()$'
has 'the calls that led there' '^  python3, task: SyS_connect > tcp_connect > tcp_connect_init > tcp_sync_mss$'
has 'the call itself' '^  -        4  tcp_sync_mss$'
has 'where it would be' '^    in the other trace: tcp_connect_init() at step 3$'
has 'a unit that only one has' '^2. sys_connect() is extra, with all that it does$'
has 'the sum' '2 differences: 1 call missing, 2 extra, 0 moved$'
calls less.db a.db --stat
said 1 '--stat'
has 'the other way round what was missing is extra' '2 differences: 2 calls missing, 1 extra, 0 moved$'
calls a.db moved.db
said 1 'a call at another place'
has '... is one move' 'tcp_transmit_skb() stands elsewhere in tcp_connect()$'
calls a.db new.db --explain
said 0 'a function that only one trace shows counts as inlined'
calls a.db new.db --strict
said 1 '... but not with --strict'
calls same.db new.db --json
said 0 '--json'
equal 'keys of the whole' 'counts differences equal rules schema unseen' \
	"$(sqlite3 :memory: "SELECT group_concat(key, ' ') FROM (SELECT key FROM json_each(CAST(readfile('out') AS TEXT)) ORDER BY key)")"
equal 'what only one shows is told' 'inlined_there b 1' \
	"$(sqlite3 :memory: "SELECT group_concat(value, ' ') FROM json_each(CAST(readfile('out') AS TEXT), '\$.unseen[0]')")"
calls a.db less.db --json
equal 'a difference for programs' 'missing tcp_sync_mss tcp_connect_init 4 3 1' \
	"$(sqlite3 :memory: "SELECT group_concat(value, ' ') FROM json_each(CAST(readfile('out') AS TEXT), '\$.differences[0]')")"

# tables
echo 'skip tcp_connect_init/tcp_sync_mss  because' >one.txt
echo 'same SyS_connect=sys_connect  because' >>one.txt
calls a.db same.db --rules one.txt --explain
said 0 'a table is applied to both sides alike'
sed 's/tcp_connect_init.//' one.txt >two.txt
echo 'often sys_connect  because' >>two.txt
calls a.db less.db --rules two.txt --explain
said 0 'a table of one'"'"'s own excuses it'
has '... and --explain says so' "^rule 'skip tcp_sync_mss' (because): 1 and 0 times, first at step 4 of a.db$"
printf 'same SyS_connect=sys_connect  because\nleave tcp_conn*  because\nothers release_sock  because\n' >three.txt
calls a.db same.db --rules three.txt --stat
said 0 'what is somebody else'"'"'s is not compared'
has '... none of it' ' 0 of them side by side; equal$'
printf '# of mine\n\nskip\n' >bad.txt
calls a.db same.db --rules bad.txt
said 2 'a table that cannot be understood'
equal 'its line is told' 'synwalk: bad.txt: line 3: which function?' "$(head -n 1 err)"
for line in 'skip f' 'hide f  why' 'same f  why' 'skip a/b/c  why' 'skip a=b  why' 'skip /f  why'; do
	echo "$line" >bad.txt
	calls a.db same.db --rules bad.txt
	said 2 "a bad line: $line"
done
calls --print-rules
said 0 '--print-rules'
cmp -s out "$root/trace/diff/calls.txt"
result $? '... prints the table'

# trouble
for options in '--strict a.db same.db' '--calls --alignment a.db same.db' '--calls --ignore f a.db same.db' \
	'--calls a.db nowhere.db' '--calls --rules nowhere.txt a.db same.db'; do
	"$synwalk" diff $options >out 2>err
	said 2 "a message for $options"
done
awk 'BEGIN { for (i = 0; i < 20000; i++) print "f" i % 50 "() {" }' | import deep
calls deep.db deep.db
said 0 'twenty thousand calls in one another'

sh "$root/tests/diff/differences.sh" >part
sed -n '/^<!-- made by/,/^<!-- until here/p' "$root/docs/differences.md" >there
cmp -s part there
result $? 'docs/differences.md has the table (sh tests/diff/differences.sh write)'
finish
