#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kit: a student's functions take the place of the core's, and whatever they do, the run ends as it
# should, with a trace that opens.
. tests/lib/tap.sh

kit=build/kit
cat >"$work/silence.pkt" <<'END'
// nobody answers: the connect gives up after a second and a half
--tolerance_usecs=4000
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_SNDTIMEO, {tv_sec=1, tv_usec=500000}, ...) = 0
+0...1.5 connect(3, ..., ...) = -1 EINPROGRESS
+0 > S 0:0(0) <...>
+1 > S 0:0(0) <...>
END

# student NAME: the function of a student, its whole text on standard input, and its world $work/NAME
student() {
	mkdir -p "$work/core/student"
	cat >"$work/core/student/$1.c"
	gcc $(cat $kit/flags) -ffile-prefix-map="$work/"= -c "$work/core/student/$1.c" -o "$work/$1.o" &&
		sh $kit/embed-sources --root "$work" "core/student/$1.c" >"$work/$1-text.S" &&
		gcc -o "$work/$1" $kit/world.o "$work/$1.o" "$work/$1-text.S" $(cat $kit/libs)
}

# play WORLD OPTION...: sets $status, $report; the trace is $work/t.db
play() {
	program=$1
	shift
	rm -f "$work"/t.db* "$work/r.json"
	timeout 20 "$program" "$work/silence.pkt" --report "$work/r.json" -o "$work/t.db" "$@" >"$work/out" 2>"$work/err"
	status=$?
	report=$(cat "$work/r.json" 2>/dev/null)
}
meta() {
	sql "$work/t.db" "SELECT group_concat(key || ' ' || value, ', ') FROM (SELECT * FROM meta
		WHERE key IN ('status', 'crash', 'result') ORDER BY key DESC)"
}
opens() {
	"$synwalk" show "$work/t.db" --calls >"$work/calls" 2>"$work/err"
	equal "$1: the trace opens" 0 $?
}

# ---- the reference

play $kit/world
equal 'the reference passes' 0 $status
contains 'its report' '"outcome": "passed"' "$report"
equal 'its trace' 'status complete, result passed' "$(meta)"
reference=$(sql "$work/t.db" "SELECT group_concat(new) FROM stores WHERE field = 'snd_una'")
"$synwalk" run "$work/silence.pkt" -o "$work/s.db"
"$synwalk" diff "$work/s.db" "$work/t.db" >"$work/out" 2>&1
equal 'and what it does is what synwalk does' 0 $?
play $kit/world --set connect_port=81 --set mtu=1400
equal 'options of the script set from outside: passed' 0 $status
contains 'the port is another' ' > 192\.0\.2\.1\.81: Flags \[S\].*mss 1360,' "$("$synwalk" show "$work/t.db" --packets)"
play $kit/world --set connect_port=none
equal 'a bad option' "2 synwalk: --connect_port: expected a number from 1 to 65535" "$status $(head -n 1 "$work/err")"
play $kit/world --real 6400000000
equal 'a later calendar' 0 $status
later=$(sql "$work/t.db" "SELECT group_concat(new) FROM stores WHERE field = 'snd_una'")
equal 'moves the initial sequence number by its 64th part' 100000000 \
	$(((${later%%,*} - ${reference%%,*} + 4294967296) % 4294967296))
"$kit/world-asan" "$work/silence.pkt" --report "$work/r.json"
equal 'the reference passes under ASan, not recorded' '0 passed' \
	"$? $(sed -n 's/.*"outcome": "\(.*\)".*/\1/p' "$work/r.json")"

# ---- a student's function

head='/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_output.c */
#include <linux/errno.h>
#include <linux/string.h>
#include <net/tcp.h>
#include <synwalk/lab.h>
'
begin='
void tcp_connect_init(struct sock *sk);
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb);
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);

int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *syn;
	char copy[24];

	tcp_connect_init(sk);
	syn = sk_stream_alloc_skb(sk, 0, sk->sk_allocation, true);
	if (!syn)
		return -ENOBUFS;
	memset(copy, 0, sizeof(copy));
'
end='
	tcp_init_nondata_skb(syn, tp->write_seq++, TCPHDR_SYN);
	tp->retrans_stamp = tcp_time_stamp;
	tcp_connect_queue_skb(sk, syn);
	tcp_transmit_skb(sk, syn, 1, sk->sk_allocation);
	tp->snd_nxt = tp->write_seq;
	tp->pushed_seq = tp->write_seq;
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto, TCP_RTO_MAX);
	return 0;
}
'
# writes NAME: $head, what stands on standard input, and, with its begin and end, tcp_connect()
writes() {
	{
		printf '%s%s' "$head" "$begin"
		cat
		printf '%s' "$end"
	} | student "$1" 2>"$work/err"
	equal "$1 compiles and links without a warning" '0 ' "$? $(cat "$work/err")"
}

echo '	copy[0] = 1;' | writes right
play "$work/right"
equal 'a right function passes' 0 $status
equal 'its file is in the trace, with its kernel file, text and lines' 'net/ipv4/tcp_output.c 1 1' \
	"$(sql "$work/t.db" "SELECT f.kernel_path, instr(f.text, 'copy[0] = 1;') > 0, count(DISTINCT s.line) > 9
		FROM file f JOIN steps s ON s.file = f.path WHERE f.path = 'core/student/right.c'" | tr '|' ' ')"
equal 'its locals are' 'struct sk_buff * core/student/right.c' \
	"$(sql "$work/t.db" "SELECT DISTINCT ctype, file FROM locals WHERE variable = 'syn'" | tr '|' ' ')"
equal 'the memset() that it calls is the core'"'"'s' core/lib/string.c \
	"$(sql "$work/t.db" "SELECT DISTINCT c.file FROM calls c JOIN calls p ON p.step = c.parent
		WHERE c.function = 'memset' AND p.function = 'tcp_connect'")"
equal 'the static function that it calls is the core'"'"'s' core/net/ipv4/tcp_output.c \
	"$(sql "$work/t.db" "SELECT DISTINCT file FROM calls WHERE function = 'tcp_connect_init'")"

printf '%s\nvoid tcp_connect_init(struct sock *sk)\n{\n\tlab_todo("tcp_connect_init", 2);\n}\n' "$head" | student static
play "$work/static"
equal 'a static function is replaced where its own file calls it; a gap ends the run' 3 $status
equal 'its report' 'tcp_connect_init(): part 2 is still to be written|tcp_connect_init|2' \
	"$(sql :memory: "SELECT r ->> '$.message', r ->> '$.todo.function', r ->> '$.todo.part'
		FROM (SELECT readfile('$work/r.json') AS r)")"
equal 'its trace' 'status complete, result todo' "$(meta)"
opens 'a gap'

echo '	*(volatile int *)8 = 1;' | writes crash
play "$work/crash"
equal 'a crash ends as one, without a report' '139 ' "$status $report"
equal 'its trace' 'status partial, crash SIGSEGV' "$(meta)"
contains 'ends in the student'"'"'s function' '^tcp_connect\|core/student/crash.c$' \
	"$(sql "$work/t.db" 'SELECT function, file FROM steps ORDER BY step DESC LIMIT 1')"
opens 'a crash'

echo '	for (int i = 0; copy[1] == 0; i++)
		copy[2] = (char)i;' | writes endless
play "$work/endless" --budget 6
equal 'an endless loop ends at its budget' '152 ' "$status $report"
equal 'its trace' 'status partial, crash SIGXCPU' "$(meta)"
opens 'an endless loop'
steps=$(sql "$work/t.db" 'SELECT max(step) FROM log')
play "$work/endless" --budget 6
equal 'at the same step in each run' "$steps" "$(sql "$work/t.db" 'SELECT max(step) FROM log')"
play "$work/right" --budget 64
equal 'what keeps to the budget passes' 0 $status

echo '	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();' | writes asleep
play "$work/asleep"
equal 'a call that sleeps for ever fails' 1 $status
equal 'its report' 'failed|6|connect|5|null' \
	"$(sql :memory: "SELECT r ->> '$.outcome', r ->> '$.line', r ->> '$.pending[0].call',
		r ->> '$.pending[0].line', r -> '$.pending[0].returned_ns'
		FROM (SELECT readfile('$work/r.json') AS r)")"
opens 'asleep'

echo '	schedule_timeout_uninterruptible(5000);' | writes late
play "$work/late"
equal 'of one that comes back late, the time is told' '1 6500' \
	"$status $(($(sed -n 's/.*"returned_ns": \([0-9]*\).*/\1/p' "$work/r.json") / 1000000))"

# fork and socket(AF_INET)
for call in 57 41; do
	echo "	__asm__ volatile (\"syscall\" : : \"a\"($call), \"D\"(0) : \"rcx\", \"r11\", \"memory\");" | writes "call-$call"
	play "$work/call-$call"
	equal "system call $call ends the run" '159 ' "$status $report"
	equal 'its trace' 'status partial, crash SIGSYS' "$(meta)"
	opens "system call $call"
done
finish
