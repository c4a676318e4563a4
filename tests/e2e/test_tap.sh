#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Our connect(2) against the host's real kernel, over TAP.
. tests/lib/tap.sh

if ! have_tap; then
	skip 'connect over TAP' "$no_tap"
	finish
fi

# The frames of a pcap file as lines of hexadecimal digits, in the order captured.
frames() {
	od -An -v -tx1 "$1" | tr -d ' \n' | awk '
	function byte(i) { return substr($0, 2 * i + 1, 2) }
	function digit(c) { return index("0123456789abcdef", c) - 1 }
	function little(i,  n, k, b) { for (k = 3; k >= 0; k--) { b = byte(i + k)
		n = n * 256 + digit(substr(b, 1, 1)) * 16 + digit(substr(b, 2, 1)) } return n }
	{ for (at = 24; at + 16 <= length($0) / 2; at += 16 + len) { len = little(at + 8)
		print substr($0, 2 * (at + 16) + 1, 2 * len) } }'
}

own_copy
mkdir "$work/run"
before=$(ls /sys/class/net)
out=$("$synwalk" connect 10.9.0.2:8080 --no-view -o "$work/run/t.db" --capture "$work/run/peer.pcap" 2>&1)
equal 'connect() succeeds' 0 $?
contains 'it says so' '^connect\(10\.9\.0\.2:8080\) over TAP: 0 ' "$out"

we=$(printf '%s\n' "$out" | sed -n 's/.*getsockname() says we are //p')
contains 'getsockname() gives our address' '^10\.9\.0\.1:[0-9]+$' "$we"
contains "the host's accept() returned our address and port" \
	"accept\(\) returned a connection from $we\$" "$out"
contains 'the far end is left clean, by FIN' 'left clean, the connection ended by FIN' "$out"
equal 'no warning, no leak' '' "$(printf '%s\n' "$out" | grep -iE 'warn|leak|stray')"

frames "$work/run/peer.pcap" >"$work/all"
sed -n '/^............020000000001/p' "$work/all" >"$work/seen-from-us"
sed -n '/^............020000000002/p' "$work/all" >"$work/seen-to-us"
sql "$work/run/t.db" "SELECT lower(hex(bytes)) FROM packets WHERE direction = 'out' ORDER BY step" \
	>"$work/sent"
sql "$work/run/t.db" "SELECT lower(hex(bytes)) FROM packets WHERE direction = 'in' ORDER BY step" \
	>"$work/received"
# Type IPv4, protocol TCP, flags SYN alone.
syn='^.{24}0800.{18}06.{46}02'
equal "the SYN that the host's kernel captured is the trace's, byte for byte" \
	"$(grep -E "$syn" "$work/sent")" "$(grep -E "$syn" "$work/seen-from-us")"
equal 'it is one frame' 1 "$(grep -cE "$syn" "$work/sent")"
equal 'every frame that we sent is the one captured, in order' \
	"$(cat "$work/sent")" "$(cat "$work/seen-from-us")"
equal 'every frame that we received is the one captured, in order' \
	"$(cat "$work/received")" "$(cat "$work/seen-to-us")"

equal 'no device is left' "$before" "$(ls /sys/class/net)"
equal 'no process is left' '' "$(left_over)"
equal 'no file is left but the trace and the capture' 'peer.pcap t.db ' \
	"$(cd "$work/run" && ls -A | tr '\n' ' ')"

# An address beyond the link goes by way of the default route.
out=$("$synwalk" connect 192.0.2.80:443 --no-view -o "$work/far.db" 2>&1)
equal 'connect() to a host beyond the link' 0 $?
contains 'its accept() too' 'accept\(\) returned a connection from 10\.9\.0\.1:' "$out"
contains 'and it is left clean' 'left clean, the connection ended by FIN' "$out"

equal 'every store has object, field, old, new and line' 0 "$(sql "$work/run/t.db" "SELECT count(*)
	FROM stores WHERE object IS NULL OR field IS NULL OR old IS NULL OR new IS NULL
	OR function IS NULL OR file IS NULL OR line IS NULL OR object = 'stray'")"
finish
