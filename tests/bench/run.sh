#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make bench: what watching and recording cost, measured in one run on one machine.
set -eu
cd "$(dirname "$0")/../.."

bin=build/tests/bench
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
seconds=${BENCH_SECONDS:-2}
handshakes=${BENCH_HANDSHAKES:-200}

field() { echo "$1" | cut -d' ' -f"$2"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
# Of times, a line each, so many milliseconds a unit: the middle one and the least.
middle() { sort -n | awk -v unit="$1" '{ ms[NR] = unit * $1 } END { printf "%.1f %.1f", ms[int(NR / 2)], ms[1] }'; }
# bare N TRACE.db: so often its rows, by bare inserts into a new file
bare() {
	for _ in $(seq "$1"); do
		rm -f "$work/bare.db"
		$bin/inserts "$2" "$work/bare.db"
	done
}

# Five parts, of which the middle one counts: other work on the machine disturbs some of them.
for _ in 1 2 3 4 5; do
	$bin/connects-plain "$(awk -v s="$seconds" 'BEGIN { print s / 5 }')"
done | sort -n -k 3 >"$work/plain"
plain=$(sed -n 3p "$work/plain")
off=$($bin/connects-watched "$seconds")
on=$($bin/connects-watched 0.5 "$work/t.db")
hooks=$($bin/hooks "$work/h.db")
# The best of three: whatever disturbs it would flatter us.
insert=$(bare 3 "$work/t.db" | sort -n -k 3 | tail -n 1)
# Ten million events, for which some minutes are allowed and half a gigabyte.
$bin/connects-watched 300 "$work/long.db" "${BENCH_LONG:-300}" >"$work/long"
seek=$($bin/seek "$work/long.db" 4000)
walk=$(XDG_STATE_HOME="$work" XDG_CONFIG_HOME="$work" $bin/walk "$work/long.db" "${BENCH_KEYS:-600}" 100)
sqlite3 "$work/long.db" "UPDATE meta SET value = 0 WHERE key = 'indexed'"
unlisted=$($bin/seek "$work/long.db" 1)
rm "$work/long.db"
bytes=$(sqlite3 "$work/t.db" "SELECT sum(pgsize) FROM dbstat WHERE name NOT IN (SELECT name FROM
	sqlite_schema WHERE tbl_name IN ('file', 'func', 'variable', 'type', 'field', 'enumeration'))")

startup=$($bin/startup "${BENCH_STARTS:-200}")

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
echo
echo 'connects a second (socket, connect, close over the wire)'
printf '  plain core, -O2                  %10s   the best of five parts %s\n' "$(field "$plain" 3)" \
	"$(field "$(tail -n 1 "$work/plain")" 3)"
printf '  watched core, hooks off          %10s   1/%s of plain\n' "$(field "$off" 3)" \
	"$(ratio "$(field "$plain" 3)" "$(field "$off" 3)")"
printf '  watched core, recording          %10s   %s events each\n' "$(field "$on" 3)" \
	"$(ratio "$(field "$on" 4)" "$(field "$on" 1)")"
echo
echo 'events a second'
printf '  recorded, to the last index      %10s   %s events in %s s\n' "$(field "$on" 6)" \
	"$(field "$on" 4)" "$(field "$on" 5)"
printf '  bare SQLite inserts, same rows   %10s   recording reaches %s of it\n' \
	"$(field "$insert" 3)" "$(awk -v a="$(field "$on" 6)" -v b="$(field "$insert" 3)" \
	'BEGIN { printf "%.0f %%", 100 * a / b }')"
printf '  bytes an event on disk           %10s   indexes included, the static part not\n' \
	"$(ratio "$bytes" "$(field "$on" 4)")"
echo
echo 'what a hook costs the watched thread (ns)'
printf '  off                              %10s   at most 2.5\n' "$(field "$hooks" 1)"
printf '  a call with arguments, recorded  %10s   its return included; at most 150. On the wall clock %s\n' \
	"$(field "$hooks" 2)" "$(field "$hooks" 3)"
printf '  at %8s events a second      %10s   times the queue was full; %s events lost\n' \
	"$(field "$hooks" 4)" "$(field "$hooks" 5)" "$(field "$hooks" 6)"
echo
# The best of some, for whatever else runs only adds.
whole=$(for _ in 1 2 3 4 5 6 7 8 9 10; do
	began=$(date +%s%N)
	build/synwalk connect --wire --no-view -o "$work/c.db" >/dev/null
	echo $(($(date +%s%N) - began))
done | middle 0.000001)
one=$(for _ in 1 2 3 4 5 6 7 8 9 10; do
	field "$($bin/connects-watched 1 "$work/one.db" 1)" 5
done | middle 1000)
rows=$(bare 10 "$work/c.db" | cut -d' ' -f2 | middle 1000)
echo "synwalk connect --wire, recorded, from the shell to the shell (ms)"
printf '  median, best of ten              %10s   %s\n' "$(field "$whole" 1)" "$(field "$whole" 2)"
printf '  from its first event to the end  %10s   %s: the trace is closed\n' "$(field "$one" 1)" "$(field "$one" 2)"
printf '  bare SQLite inserts of its rows  %10s   %s: %s rows, into an empty file that is open already\n' \
	"$(field "$rows" 1)" "$(field "$rows" 2)" "$(sqlite3 "$work/c.db" 'SELECT count(*) FROM log')"
echo
echo 'to start synwalk and end it, processor time, median (ms)'
printf '  as it is, LTTng not asked for    %10s   were it linked with LTTng %s, with libbabeltrace2 %s\n' \
	"$(field "$startup" 1)" "$(field "$startup" 2)" "$(field "$startup" 3)"
echo
echo "what an object holds at a random step, of $(field "$seek" 1) steps and $(field "$seek" 2) objects (ms)"
printf '  opening, file dropped from cache %10s   %s %% of it had stayed\n' "$(field "$seek" 3)" \
	"$(field "$seek" 5)"
printf '  the first question after that    %10s   without the lists %s\n' "$(field "$seek" 4)" \
	"$(field "$unlisted" 4)"
printf '  median, 99th percentile          %10s   %s, in processor time %s; up to %s fields\n' \
	"$(field "$seek" 6)" "$(field "$seek" 7)" "$(field "$seek" 8)" "$(field "$seek" 9)"
printf '  which objects there are          %10s   99th percentile %s\n' "$(field "$seek" 10)" \
	"$(field "$seek" 11)"
echo
echo "the viewer on that trace, 120x40, from the key to the screen's last byte (ms)"
printf '  the first screen                 %10s   at most 100; of processor time %s\n' \
	"$(field "$walk" 1)" "$(field "$walk" 2)"
printf '  a move, median of %-6s         %10s   99th percentile %s, in processor time %s (at most 16)\n' \
	"$(field "$walk" 3)" "$(field "$walk" 4)" "$(field "$walk" 5)" "$(field "$walk" 6)"
printf '  the longest                      %10s   %s\n' "$(field "$walk" 7)" "$(field "$walk" 8)"
printf '  /FUNCTION, median of %-6s      %10s   99th percentile %s, in processor time %s (at most 200)\n' \
	"$(field "$walk" 9)" "$(field "$walk" 10)" "$(field "$walk" 11)" "$(field "$walk" 12)"
printf '  its memory, trace not counted    %10s   MB, at most 100\n' "$(field "$walk" 13)"
echo
echo "connect() over TAP to the host's kernel, microseconds, median (and least) of $handshakes, taking turns;"
echo "the very first of a world: of 15 worlds of each, in which each begins as often as the others"
if $bin/latency "$handshakes" >"$work/latency" 2>"$work/err"; then
	echo '                                        with ARP     without ARP   the very first'
	awk '{
		name["core"] = "our core, plain"
		name["relayed"] = "our core behind a relay"
		name["kernel"] = "the host'"'"'s kernel, relay"
		printf "  %-28s %9s %-6s %6s %-6s %9s %s\n", name[$1], $2, "(" $3 ")", $4, "(" $5 ")", $6,
			"(" $7 ")"
	}' "$work/latency"
else
	echo "  not measured: $(cat "$work/err")"
fi

echo
crowd=$($bin/sockets crowd "${BENCH_SOCKETS:-100000}")
echo "$(field "$crowd" 1) sockets connect at once, $(field "$crowd" 2) are established"
printf '  socket() and connect()           %10s   ns each\n' "$(field "$crowd" 3)"
printf '  SYN-ACK and ACK                  %10s   ns each\n' "$(field "$crowd" 4)"
printf '  memory                           %10s   bytes each, SYN and its copy under way included\n' \
	"$(field "$crowd" 5)"
echo
echo 'the search for a port, one destination, 4096 ports: the even ones first, the odd ones after'
$bin/sockets search | awk '{ printf "  %5.1f %% of the range taken         %10d   ns a connect()\n", $1, $2 }'
echo
sh tests/bench/diff.sh
