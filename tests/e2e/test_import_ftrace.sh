#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# synwalk import --ftrace from outside: what it says, its exit statuses, a capture between the calls; and that
# the trace shows and exports. tests/view/test_ftrace.c has what is made of each kind of text.
. tests/lib/tap.sh
samples=$PWD/tests/data/ftrace
cd "$work" || exit 2

import() {
	"$synwalk" import "$@" >out 2>err
}
said() {
	code=$?
	result "$((code != $1))" "$2"
	[ "$code" -eq "$1" ] || sed 's/^/# /' out err
}

import --ftrace "$samples/graph-columns.txt" --kernel 6.1.0 -o k.db
said 0 'a text of function_graph'
equal 'what it tells' 'k.db: 12 steps, 5 calls of 3 tasks, from function_graph' "$(cat out err)"
"$synwalk" show k.db >out 2>err
contains 'show says what it is' '^# a kernel.s recording \(ftrace, function_graph, 6.1.0\): calls and times only$' "$(cat out)"
for format in pcapng perfetto mermaid dot folded html; do
	"$synwalk" export k.db --format "$format" -o "x.$format" >out 2>err && [ -s "x.$format" ]
	said 0 "export --format $format"
done
# What Debian's 6.1 did: of each call its name and how deep it stands, by the text's indentation; in a
# softirq, or a timer, from where that begins.
real=$samples/guest-6.1.txt
import --ftrace "$real" -o real.db
said 0 'a recorded connect of Linux 6.1'
awk -F'|' '/^ *[0-9]/ && NF == 4 && $4 !~ /^ *}/ {
	sub(/^  /, "", $4); sub(/( \[[^]]*\])?\(\).*/, "", $4)
	match($4, /^ */)
	while (inside && RLENGTH <= margin[inside]) inside--
	if ($4 ~ / handle_softirqs$/ || before ~ / call_timer_fn$/) margin[++inside] = RLENGTH
	print substr($4, margin[inside] + 1); before = $4 }' "$real" | sort >text.calls
"$synwalk" show real.db --calls | sed '/^#/d' | sort >trace.calls
[ "$(wc -l <text.calls)" -eq 935 ] && cmp -s text.calls trace.calls
result $? '... all of its calls, each at its depth'
equal '... and its two tasks' 'connect farend' \
	"$(sqlite3 -separator ' ' real.db 'SELECT DISTINCT task FROM calls ORDER BY 1' | tr '\n' ' ' | sed 's/ $//')"
{ "$synwalk" diff --calls --print-rules && "$synwalk" kernel --print-rules; } >rules
"$synwalk" connect --wire -o mirror.db --no-view >out 2>err
"$synwalk" diff --calls --rules rules mirror.db real.db >out 2>err
said 0 '... of which the tables explain all that differs from the mirror'
import --ftrace - -o k.db <"$samples/graph.txt"
said 1 'events were lost'
equal '... and that is told' 'synwalk: standard input: the kernel lost 12 of the events' "$(head -n 1 err)"
printf ' 0) | f() {\n 0) what |\n 0) | }\n' >text
import --ftrace text -o k.db
said 1 'a line that makes no sense'
contains '... is told with its number' '^synwalk: text:2: ' "$(head -n 1 err)"
cp k.db before.db
echo 'Dear reader,' >letter
import --ftrace letter -o k.db
said 2 'no call in it'
cmp -s k.db before.db
result $? '... and the trace that was there is left alone'
for options in '--ftrace nowhere -o k.db' '--ftrace text' '--ftrace text folder -o k.db' '--packets x.pcapng folder -o k.db' \
	'--ftrace . -o k.db' '--ftrace text --packets letter -o k.db' '--ftrace text -o /nowhere/k.db'; do
	# shellcheck disable=SC2086
	import $options
	said 2 "a message for $options"
	[ -s err ]
	result $? '... which is not empty'
done

cp mirror.db c.db
"$synwalk" export c.db --format pcapng -o c.pcapng >out 2>err
printf ' a-1 [000] 10.000000: funcgraph_entry: | f() {\n a-1 [000] 10.000002: funcgraph_entry: | xmit_one() {\n' >text
printf ' a-1 [000] 10.000003: funcgraph_exit: 1 us | }\n a-1 [000] 99.0: funcgraph_exit: 9 us | }\n' >>text
import --ftrace text --packets c.pcapng -o k.db
said 0 'a capture beside it'
equal 'all of its frames' "$(sqlite3 c.db 'SELECT group_concat(direction || length, char(44)) FROM (SELECT * FROM packets ORDER BY step)')" \
	"$(sqlite3 k.db 'SELECT group_concat(direction || length, char(44)) FROM (SELECT * FROM packets ORDER BY step)')"
equal 'the first where a frame is given away' '2000 xmit_one' \
	"$(sqlite3 -separator ' ' k.db 'SELECT time_ns, function FROM packets ORDER BY step LIMIT 1')"
head -c 300 c.pcapng >cut.pcapng
import --ftrace text --packets cut.pcapng -o k.db
said 2 'a capture that was cut short'
finish
