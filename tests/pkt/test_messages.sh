#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What synwalk run says when a script, or the core, is not as expected.
. tests/lib/tap.sh

# says WHAT STATUS MESSAGE [OPTION...]: the script is on standard input; its name in messages is -
says() {
	what=$1 status=$2 message=$3
	shift 3
	out=$("$synwalk" run - "$@" 2>&1)
	equal "$what" "$status $message" "$? $out"
}

socket='0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3'
connect='+0 connect(3, ..., ...) = -1 EINPROGRESS'

says 'a script without a line passes' 0 '' </dev/null
says 'a wrong result' 1 'synwalk: -:2:3: connect(): it returned -1 EINPROGRESS (Operation now in progress)
    expected: +0 connect(3, ..., ...) = 0
    record it: synwalk run - -o TRACE.db' <<END
$socket
  +0 connect(3, ..., ...) = 0
END
says 'a call that blocks' 1 "synwalk: -:2:1: connect(): it blocks (a call that may block is written with a time range, like 0...0.2)
    expected: +0 connect(3, ..., ...) = 0
    record it: synwalk run - -o TRACE.db" <<END
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 connect(3, ..., ...) = 0
END
says 'an older socket speaks, and the line is another' 1 'synwalk: -:4:1: packet: none came until 0.004000
    expected: +0 > S 0:0(0) win 1 <...>
    got:      0.000000 > S 0:0(0) win 29200 <mss 1460,sackOK,TS val 4294667296 ecr 0,nop,wscale 7> (of an older socket)
    record it: synwalk run - -o TRACE.db' <<END
$socket
$connect
+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 4
+0 > S 0:0(0) win 1 <...>
END
says 'a call that returns too early' 1 "synwalk: -:2:1: connect(): it should return at 2.000000, and did at 0.500000
    expected: 0...2 connect(3, ..., ...) = -1 ECONNREFUSED
    record it: synwalk run - -o TRACE.db" <<END
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0...2 connect(3, ..., ...) = -1 ECONNREFUSED
+0 > S 0:0(0) <...>
.5 < R. 0:0(0) ack 1
END
says 'a call that never returns' 1 "synwalk: -:2:1: connect(): it should return at 0.500000, and did not
    expected: 0...0.5 connect(3, ..., ...) = 0
    record it: synwalk run - -o TRACE.db" <<END
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
0...0.5 connect(3, ..., ...) = 0
END
says 'a value that differs' 1 'synwalk: -:2:1: getsockopt(): value: expected 5, got 6
    expected: +0 getsockopt(3, SOL_TCP, TCP_SYNCNT, [5], [4]) = 0
    record it: synwalk run - -o TRACE.db' <<END
$socket
+0 getsockopt(3, SOL_TCP, TCP_SYNCNT, [5], [4]) = 0
END
says 'a packet that differs' 1 'synwalk: -:3:1: packet: mss: expected 1400, got 1460
    expected: +0 > S 0:0(0) <mss 1400>
    got:      0.000000 > S 0:0(0) win 29200 <mss 1460,nop,nop,sackOK,nop,wscale 7>
    record it: synwalk run - -o TRACE.db' <<END
$socket
\`sysctl -q net.ipv4.tcp_timestamps=0\` $connect
+0 > S 0:0(0) <mss 1400>
END
says 'a packet at another time' 1 'synwalk: -:5:1: packet: it should be sent at 0.500000, and was at 1.000000
    expected: .5~.9 > S 0:0(0) <...>
    got:      1.000000 > S 0:0(0) win 29200 <mss 1460,sackOK,TS val 1000 ecr 0,nop,wscale 7>
    record it: synwalk run - -o TRACE.db' <<END
$socket
$connect
+0 > S 0:0(0) <mss 1460,sackOK,TS val 0 ecr 0,nop,wscale 7>
2 fcntl(3, F_GETFD) = 0
.5~.9 > S 0:0(0) <...>
END
says 'a packet that does not come' 1 'synwalk: -:1:1: packet: none came until 1.004000
    expected: 1 > S 0:0(0)
    record it: synwalk run - -o TRACE.db' <<END
1 > S 0:0(0)
END
says 'a condition that does not hold' 1 'synwalk: -:2:14: assert: the condition does not hold; tcpi_state is 7
    expected: +0 %{ assert tcpi_state == TCP_ESTABLISHED }%
    record it: synwalk run - -o TRACE.db' <<END
$socket
+0 %{ assert tcpi_state == TCP_ESTABLISHED }%
END

says 'an unknown call, before anything runs' 2 'synwalk: -:3:1: frobnicate(): expected the name of a system call' <<END
$socket
+0 connect(3, ..., ...) = 0
+0 frobnicate() = 0
END
says 'a call of servers' 2 'synwalk: -:2:1: accept(): not in this core, which knows how to connect: expected another system call' <<END
$socket
+0 accept(3, ..., ...) = 4
END
says 'too few arguments' 2 'synwalk: -:1:1: close(): expected 1 argument' <<END
0 close() = 0
END
says 'an unknown constant' 2 'synwalk: -:1:1: socket(): argument 2: expected a number or a constant' <<END
0 socket(..., SOCK_STRAEM, 0) = 3
END
says 'an unknown command' 2 'synwalk: -:1:1: command `ethtool`: expected sysctl, ip, iptables, lsm, tc, sleep, true or a file of these, FILE.sh' <<END
\`ethtool -K tun0 tso off\`
END
says 'a hook that there is not' 2 'synwalk: -:1:1: command `lsm`: socket_conect: expected a hook, as socket_connect' <<END
\`lsm deny socket_conect EACCES\`
END
says 'a denial without a reason' 2 'synwalk: -:1:1: command `lsm`: its end: expected an errno, as EACCES' <<END
\`lsm deny socket_connect\`
END
says 'a queue that the device has not' 2 'synwalk: -:1:1: command `tc`: fq: expected pfifo or pfifo_fast' <<END
\`tc qdisc add dev tun0 root fq\`
END
says 'a quote without an end' 2 'synwalk: -:1:1: command `true "a`: expected words, quotes that end, no command in a command' <<END
\`true "a\`
END
says 'a command for the host' 2 'synwalk: -:1:1: command `true $(touch x)`: expected words, quotes that end, no command in a command' <<END
\`true \$(touch x)\`
END
says 'a file that is not there' 2 'synwalk: -:1:1: command `./none.sh`: No such file or directory' <<END
\`./none.sh\`
END
printf 'sysctl -q net.ipv4.none=1\nip frob\n' >"$work/settings.sh"
says 'what a file says' 2 "synwalk: $work/settings.sh:1: net.ipv4.none=1: the core has no such sysctl, it is passed over
synwalk: -:1:1: $work/settings.sh:2: command \`ip\`: frob: expected addr, link, route, neigh, tcp_metrics or tuntap" <<END
\`$work/settings.sh\`
END
printf '%s\n' "$work/settings.sh" >"$work/settings.sh"
contains 'a file that calls itself' 'expected files that do not call each other without end' \
	"$(echo "\`$work/settings.sh\`" | "$synwalk" run - 2>&1)"
says 'an unknown sysctl' 2 'synwalk: -:2:1: command `sysctl`: net.ipv4.tcp_frobnicate: expected a sysctl that the core has' <<END
# comment
\`sysctl -q net.ipv4.tcp_frobnicate=1\`
END
says 'an ip command that is not there' 2 'synwalk: -:1:1: command `ip`: rule: expected addr, link, route, neigh, tcp_metrics or tuntap' <<END
\`ip rule add from all lookup main\`
END
says 'another second device' 2 'synwalk: -:1:1: command `ip`: tun2: expected tun1' <<END
\`ip tuntap add dev tun2 mode tun\`
END
says 'a second device twice' 2 'synwalk: -:2:1: command `ip`: tun1: File exists' <<END
\`ip tuntap add dev tun1 mode tun; ip addr add 10.7.0.1/24 dev tun1\`
\`ip tuntap add dev tun1 mode tun\`
END
says 'an unknown target' 2 'synwalk: -:1:1: command `iptables`: MASQUERADE: expected ACCEPT, DROP or REJECT' <<END
\`iptables -A OUTPUT -j MASQUERADE\`
END
says 'an unknown option' 2 "synwalk: -:1:1: option '--wire_client': expected an option that means something on the virtual wire" <<END
--wire_client
END
says 'a bad value of an option' 2 "synwalk: -:1:1: option '--mtu': expected a number from 68 to 65521" <<END
--mtu=65535
END
says 'a time that is over' 2 'synwalk: -:2:1: time 0.500000: expected one that is not over (it is 1.000000)' <<END
1 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
.5 close(3) = 0
END
says 'only reading the script' 0 '' --check <<END
1 > S 0:0(0)
END

# A recorded failure tells the step: the frame that differs, the call that failed.
printf '%s\n' "$socket" "$connect" '+0 > S. 0:0(0) <...>' >"$work/bad.pkt"
out=$("$synwalk" run "$work/bad.pkt" -o "$work/bad.db" 2>&1)
step=$(printf '%s\n' "$out" | sed -n 's/.*then ://p')
equal 'the step is that of the SYN' "$(sql "$work/bad.db" "SELECT step FROM packets WHERE direction = 'out' AND length > 60 LIMIT 1")" "$step"
printf '%s\n' "$socket" '+0 connect(3, ..., ...) = 0' >"$work/bad.pkt"
out=$("$synwalk" run "$work/bad.pkt" -o "$work/bad.db" 2>&1)
step=$(printf '%s\n' "$out" | sed -n 's/.*then ://p')
equal 'the step is that of sys_connect()' "$(sql "$work/bad.db" "SELECT step FROM calls WHERE function = 'sys_connect'")" "$step"

for arguments in '' 'a.pkt b.pkt' '--seed x a.pkt' '--lttng a.pkt' '--frobnicate' "$work/no.pkt"; do
	# shellcheck disable=SC2086
	"$synwalk" run $arguments >/dev/null 2>&1
	equal "run $arguments is trouble" 2 $?
done

says 'a kind of link that there is not' 2 "synwalk: -:1:1: option '--link': expected wire, veth or tun" <<END
--link=token-ring
END
says 'an answer inside, but not over a veth' 2 'synwalk: -:3:1: packet: expected (inside) with --link=veth at the head, and a time like +.02' <<END
$socket
$connect
+.02 < (inside) S. 0:0(0) ack 1 win 1000
END
says 'an answer inside of no call' 2 'synwalk: -:6:1: packet: expected (inside) right behind the line of the packet that it answers, and that behind the call which sends it' <<END
--link=veth
$socket
$connect
+0 > S 0:0(0) <...>
+.02 < S. 0:0(0) ack 1 win 1000
+.02 < (inside) R. 1:1(0) ack 1
END
says 'ARP over a tun' 2 'synwalk: -:4:1: packet: expected one of IP: --link=tun has no Ethernet' <<END
--link=tun
$socket
$connect
+0 > arp request who-has 192.168.0.2 tell 192.168.0.1
END
finish
