#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What `synwalk connect --wire` puts on the wire: the SYN and the ACK of the default scenario, byte
# for byte against a v4.9 kernel's, but for what differs from run to run: IP id, both checksums,
# source port, sequence numbers, timestamps, and the destination port (which is ours to choose).
. tests/lib/tap.sh

"$synwalk" connect 10.9.0.2:5000 --wire --no-view -o "$work/t.db" >/dev/null 2>"$work/err"
result $? 'synwalk connect --wire'

# Blanks what differs, in a hexadecimal IPv4 packet: digits 8-11 id, 20-23 IP checksum, 40-43 port,
# 48-63 sequence numbers, 72-75 TCP checksum, and the timestamps' values ($2: where they begin).
mask() {
	printf '%s\n' "$1" | awk -v ts="$2" '
	function blank(s, from, n,  i, x) { x = ""; for (i = 0; i < n; i++) x = x "x"
		return substr(s, 1, from) x substr(s, from + n + 1) }
	{ s = tolower($0); s = blank(s, 8, 4); s = blank(s, 20, 4); s = blank(s, 40, 4)
	  s = blank(s, 48, 16); s = blank(s, 72, 4); s = blank(s, ts, 16); print s }'
}
recorded() {
	head -n 1 tests/data/oracle/syn.jsonl >"$work/defaults.json"
	sqlite3 :memory: "SELECT json_extract(readfile('$work/defaults.json'), '\$.$1.hex')"
}
# The n-th TCP frame that we sent, without its Ethernet header.
ours() {
	sql "$work/t.db" "SELECT hex(substr(bytes, 15)) FROM packets WHERE direction = 'out'
		AND hex(substr(bytes, 13, 2)) = '0800' ORDER BY step LIMIT 1 OFFSET $1"
}
# SYN: options MSS (4 bytes), SACK_PERM (2), then kind and length of the timestamps.
equal 'the SYN' "$(mask "$(recorded syn)" 96)" "$(mask "$(ours 0)" 96)"
# ACK: two NOPs, then kind and length.
equal 'the ACK' "$(mask "$(recorded ack)" 88)" "$(mask "$(ours 1)" 88)"
finish
