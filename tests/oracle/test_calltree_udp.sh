#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The calls of connect(2) on a UDP socket against those of a v4.9 kernel: the same functions in the
# same order, each inside the same one.  Left aside: what only that kernel has between them (RCU,
# lock debugging), a softirq that happened to run there, and xfrm_pols_put(), which gives policies
# back that nobody has here.  The second socket's call is taken: the recorded kernel had the route
# cached, too.
. tests/lib/tap.sh

echo '0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3
+0 connect(3, ..., ...) = 0
+0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 4
+0 connect(4, ..., ...) = 0' >"$work/udp.pkt"
"$synwalk" run "$work/udp.pkt" -o "$work/t.db" >"$work/err" 2>&1
result $? 'synwalk run: connect(2) of a UDP socket, recorded'

# name and the recorded names it stands in, from lines of indented names
tree() {
	awk '{ d = match($0, /[^ ]/); name = $1
		while (n && depth[n] >= d) n--
		depth[++n] = d; path[n] = name
		s = ""; for (i = 1; i <= n; i++) s = s "/" path[i]; print s }'
}
sed -n 's/^ *-*[0-9.]*\( *\)\([A-Za-z_][A-Za-z0-9_]*\)\( x[0-9]*\)\{0,1\}$/\1\2\3/p' \
	tests/data/oracle/calltree_udp.txt |
	sed 's/ x2$/&/; s/^\( *\)SyS_connect$/\1sys_connect/' |
	grep -vE ' (SYSC_connect|do_softirq|__do_softirq|__local_bh_enable_ip|xfrm_pols_put)$' |
	awk '/ x2$/ { sub(/ x2$/, ""); print } { print }' | tree >"$work/theirs"
sed 's|.*/||' "$work/theirs" | sort -u >"$work/names"
"$synwalk" show "$work/t.db" --calls |
	awk '$1 == "sys_connect" { n++; match($0, /[^ ]/); d = RSTART }
		n == 2 && match($0, /[^ ]/) && (RSTART > d || $1 == "sys_connect")
		n == 2 && RSTART <= d && $1 != "sys_connect" { exit }' |
	awk 'NR == FNR { want[$1] = 1; next } $1 in want' "$work/names" - | tree >"$work/ours"
diff "$work/theirs" "$work/ours" >"$work/diff"
result $? "$(wc -l <"$work/theirs") calls, in order and nesting"
sed 's/^/# /' "$work/diff"
finish
