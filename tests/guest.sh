#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make guest: a Debian kernel is booted under software emulation for each tracer, and what the three saw
# of its connect is held together. It needs qemu and, the first time, the network: the kernel's package.
cd "$(dirname "$0")/.." || exit 2
. tests/lib/tap.sh

# names TRACER: the functions of its trace, each once
names() {
	sql "$work/$1.db" 'SELECT DISTINCT function FROM calls ORDER BY 1' >"$work/$1.names"
}
# share A B: how many percent of A's functions B has, too
share() {
	echo $((100 * $(comm -12 "$work/$1.names" "$work/$2.names" | wc -l) / $(wc -l <"$work/$1.names")))
}

recorded=0
for tracer in function_graph function events; do
	began=$(date +%s)
	"$synwalk" kernel --guest --tracer $tracer -o "$work/$tracer.db" --raw "$work/$tracer" >"$work/out" 2>&1
	status=$?
	took=$(($(date +%s) - began))
	sed 's/^/# /' "$work/out"
	equal "$tracer records" 0 $status
	[ $status -eq 0 ] || continue
	recorded=$((recorded + 1))
	[ $took -lt 180 ]
	result $? "$tracer takes $took seconds, 180 are enough"
	names $tracer
	for call in inet_stream_connect tcp_v4_connect tcp_connect __tcp_transmit_skb ip_output \
		ip_finish_output2 __dev_queue_xmit tcp_v4_rcv tcp_rcv_state_process; do
		grep -qx $call "$work/$tracer.names" || echo $call
	done >"$work/unseen"
	equal "$tracer sees the calls on the path" '' "$(cat "$work/unseen")"
	equal "$tracer: SYN, SYN-ACK and ACK" 3 "$(sql "$work/$tracer.db" "SELECT count(DISTINCT hex(substr(bytes, 48, 1)))
		FROM packets WHERE hex(substr(bytes, 13, 2)) = '0800'")"
done
# Another release of the package may inline others: then docs/kernel.md and its tables want a line.
"$synwalk" connect --wire --no-view -o "$work/mirror.db" >/dev/null 2>&1
for tracer in function_graph events; do
	[ -s "$work/$tracer.db" ] || continue
	{ "$synwalk" diff --calls --print-rules && "$synwalk" kernel --print-rules --tracer $tracer; } >"$work/rules"
	"$synwalk" diff --calls --rules "$work/rules" "$work/mirror.db" "$work/$tracer.db" >"$work/out" 2>&1
	equal "$tracer: what differs from the mirror is in the tables" 0 $?
	cut -c1-150 "$work/out" | sed 's/^/# /'
done
if [ $recorded -eq 3 ]; then
	# The graph has no interrupts, and what is reached by a jump is seen by the function tracer alone.
	[ "$(share function_graph function)" -ge 90 ]
	result $? "of the graph's functions the function tracer sees $(share function_graph function) %"
	[ "$(share events function_graph)" -ge 90 ]
	result $? "of the functions on the tracepoints' stacks the graph has $(share events function_graph) %"
fi
finish
