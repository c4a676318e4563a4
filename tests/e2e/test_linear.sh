#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# synwalk view --linear: keys in lines, answers in lines; no terminal, no control characters.
. tests/lib/tap.sh

"$synwalk" run tests/pkt/handshake/blocking.pkt -o "$work/t.db" >"$work/said" 2>&1
result $? 'a trace'

# linear WHAT KEYS PATTERN: what is printed for some lines of keys
linear() {
	printf '%b' "$2" | "$synwalk" view --linear "$work/t.db" >"$work/out" 2>"$work/err"
	equal "$1: status 0" 0 $?
	contains "$1" "$3" "$(cat "$work/out" "$work/err")"
}
linear 'it says where one is' '' 'blocking|t\.db, [0-9]+ steps; help tells the keys'
linear 'a step' ':tcp_connect\n' '^step [0-9]+, .* task .*: call: tcp_connect\(sk=tcp_sock#1\)'
linear 'where it is' ':tcp_connect\n' '^in tcp_connect, core/net/ipv4/tcp_output\.c line [0-9]+'
linear 'a change says what it was' "&stores where field = 'sk_state'\\ns\\n&\\025\\nS\\ns\\n" '^  sk_state is TCP_SYN_SENT, was TCP_CLOSE'
linear 'a packet' '3p\npackets\n' '^looked at: .* ms out .*Flags \[S\]'
linear 'the stack' ':tcp_connect\nstack\n' '^looked at: 0: tcp_connect\(sk=tcp_sock#1\), core/net/ipv4/tcp_output\.c line'
linear 'the source' ':tcp_connect\nsource\n' '^here: line [0-9]+: int tcp_connect'
linear 'the walk' ':tcp_connect\nwalk\n' '^here: [0-9]+ level [0-9]+:   tcp_connect'
linear 'the ladder' '3p\nladder\n' '^here: .* ms, out: Flags \[S\]'
linear 'the states' ':tcp_finish_connect\nstates\n' '^now: tcp_sock#1 from CLOSE to SYN_SENT at step [0-9]+'
linear 'the port table' ':tcp_connect\nports\n' '^now: .* port [0-9]+ taken'
linear 'a filter' '&kind:packet\n3s\n' 'packet: out .*Flags \[S\]'
linear 'a filter that is wrong' '&colour:red\nhere\n' "'colour:' is no filter"
linear 'a move that does not go' 'g\nS\n' '^this is the first step'
linear 'help' 'help\n' '^Or it is a word: walk, source, stack'
linear 'quit' 'quit\ns\n' 'steps; help'
equal 'after quit nothing is read' 1 "$(grep -c '^step ' "$work/out")"
linear 'no line is too odd' '\033[A\n\t\t\n99999999999999n\n?\nO\nx\n' 'steps; help'
equal 'nothing but text is printed' 0 "$(LC_ALL=C tr -d '\n\11\40-\176\200-\377' <"$work/out" | wc -c)"
finish
