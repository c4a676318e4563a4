#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# For shell.pkt. Nothing here runs on the host: the core is told.
ip tcp_metrics flush all > /dev/null 2>&1

sysctl -q net.ipv4.tcp_rmem="4096 $((16 * 1024)) $((2 * 1024*1024))"
sysctl -q net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0   # both
tc qdisc add dev tun0 root pfifo
