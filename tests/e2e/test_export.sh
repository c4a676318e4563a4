#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each format of synwalk export, read by the program that it is for.
. tests/lib/tap.sh

trace=$work/connect.db
"$synwalk" connect --wire -o "$trace" >"$work/out" 2>&1 || cat "$work/out"

# to FORMAT [OPTION...]: the file's name is $work/FORMAT
to() {
	format=$1
	shift
	"$synwalk" export "$trace" --format "$format" -o "$work/$format" "$@"
}
# needs PROGRAM PACKAGE WHAT...: skips WHAT if the program is not there
needs() {
	command -v "$1" >/dev/null && return 0
	program=$1 package=$2
	shift 2
	for what; do
		skip "$what" "no $program here; apt-get install $package"
	done
	return 1
}

packets=$(sql "$trace" 'SELECT count(*) FROM packets')
to pcapng
result $? 'pcapng is written'
if needs tshark tshark 'tshark reads every packet' 'none is malformed' 'comments are shown' 'bytes are the trace'\''s'; then
	tshark -r "$work/pcapng" -T fields -e frame.comment -e _ws.malformed -e frame.protocols \
		>"$work/fields" 2>"$work/err"
	equal 'tshark reads every packet' "$packets" "$(wc -l <"$work/fields")"
	equal 'none is malformed' 0 "$(tshark -r "$work/pcapng" -Y _ws.malformed 2>/dev/null | wc -l)"
	contains 'comments are shown' '^step [0-9]+: xmit_one; .*sys_connect > inet_stream_connect > .* > tcp_connect > ' \
		"$(cat "$work/fields")"
	tshark -r "$work/pcapng" -T json -x >"$work/json" 2>/dev/null
	equal 'bytes are the trace'\''s' \
		"$(sql "$trace" 'SELECT lower(hex(bytes)) FROM packets ORDER BY step')" \
		"$(sql :memory: "SELECT json_extract(value, '\$._source.layers.frame_raw[0]')
			FROM json_each(CAST(readfile('$work/json') AS TEXT))")"
fi
# The captures of other scenarios, each thirtieth or, with EXPORT_ALL=1, every one: one behind the
# other they are a capture, too, in which one connection comes several times: so tshark is not to put
# streams together. These send on purpose what no dissector likes.
malformed='arp/malformed|handshake/not-for-tcp|raw/bind|raw/connect'
if needs tshark tshark 'other scenarios: tshark reads every packet' 'none is malformed' 'each has its comment'; then
	find tests/pkt -name '*.pkt' | grep -Ev "/($malformed)\\.pkt" | sort |
		awk -v all="${EXPORT_ALL:-0}" 'all || NR % 30 == 7' >"$work/scripts"
	while read -r script; do
		"$synwalk" run "$script" -o "$work/other.db" >/dev/null 2>&1
		"$synwalk" export "$work/other.db" --format pcapng >>"$work/others" || echo "# $script"
		sql "$work/other.db" 'SELECT count(*) FROM packets' >>"$work/counts"
	done <"$work/scripts"
	tshark -r "$work/others" -T fields -e frame.number -e frame.comment >"$work/fields" 2>"$work/err"
	equal 'other scenarios: tshark reads every packet' "$(awk '{n += $1} END {print n}' "$work/counts")" \
		"$(wc -l <"$work/fields")"
	equal 'none is malformed' '' "$(tshark -o tcp.desegment_tcp_streams:FALSE -r "$work/others" \
		-Y _ws.malformed 2>/dev/null)"
	equal 'each has its comment' '' "$(grep -Ev '^[0-9]+.step [0-9]+: ' "$work/fields")"
fi
if needs capinfos wireshark-common 'capinfos knows the kind, the resolution and the program'; then
	said=$(capinfos "$work/pcapng" 2>&1)
	case $said in
	*pcapng*nanoseconds*"Number of packets:   $packets"*synwalk*) result 0 'capinfos knows the kind, the resolution and the program' ;;
	*) equal 'capinfos knows the kind, the resolution and the program' pcapng "$said" ;;
	esac
fi

to perfetto
result $? 'perfetto is written'
if needs jsonschema python3-jsonschema 'the timeline is as its schema says'; then
	jsonschema -i "$work/perfetto" tests/data/trace_event.schema.json >"$work/schema" 2>&1
	result $? 'the timeline is as its schema says'
	head -c 2000 "$work/schema" | sed 's/^/# /'
fi
events="json_each(CAST(readfile('$work/perfetto') AS TEXT), '\$.traceEvents')"
equal 'each slice of a track that begins ends' '' "$(sql :memory: "
	SELECT value ->> 'tid', sum(CASE value ->> 'ph' WHEN 'B' THEN 1 WHEN 'E' THEN -1 ELSE 0 END) AS open
	FROM $events GROUP BY 1 HAVING open <> 0")"
equal 'every call is a slice' "$(sql "$trace" 'SELECT count(*) FROM calls')" \
	"$(sql :memory: "SELECT count(*) FROM $events WHERE value ->> 'ph' = 'B'")"
equal 'no time goes back' 0 "$(sql :memory: "SELECT count(*) FROM (SELECT value ->> 'ts' AS ts,
	lag(value ->> 'ts') OVER (ORDER BY key) AS before FROM $events WHERE value ->> 'ph' <> 'M') WHERE ts < before")"
to perfetto --time
equal 'with --time, the last event is at the trace'\''s last microsecond' \
	"$(sql "$trace" 'SELECT max(time_ns) / 1000.0 FROM steps')" \
	"$(sql :memory: "SELECT max(value ->> 'ts') FROM $events")"

to mermaid
result $? 'mermaid is written'
contains 'the SYN goes to the far end' '^    p[0-9]+->>p[0-9]+: IP .* Flags \[S\]' "$(cat "$work/mermaid")"
equal 'every line is a statement of a sequence diagram' '' "$(grep -Ev \
	'^(sequenceDiagram|    participant p[0-9]+ as [^;#]+|    (p[0-9]+(->>|-->>|-\))p[0-9]+|Note over p[0-9]+): .+)$' "$work/mermaid")"
# Sixty sockets that connect and close, each with its own arrows.
for fd in $(seq 3 62); do
	printf '+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = %s\n+0...0.1 connect(%s, ..., ...) = 0\n' "$fd" "$fd"
	printf '+0 > S 0:0(0) <...>\n+.1 < S. 0:0(0) ack 1 win 1000 <mss 1000>\n+0 > . 1:1(0) ack 1\n'
done >"$work/long.pkt"
"$synwalk" run "$work/long.pkt" -o "$work/long.db"
contains 'a diagram that Mermaid would not take is refused' 'choose steps with --from and --to' \
	"$("$synwalk" export "$work/long.db" --format mermaid 2>&1 >/dev/null)"

to dot
result $? 'dot is written'
if needs dot graphviz 'Graphviz draws it'; then
	dot -Tsvg "$work/dot" -o "$work/dot.svg" 2>"$work/err"
	result $? 'Graphviz draws it'
	sed 's/^/# /' "$work/err" | head -n 5
fi
contains 'an arrow for tcp_v4_connect and tcp_connect' '"tcp_v4_connect" -> "tcp_connect" \[label="1"\]' "$(cat "$work/dot")"
to dot --edges 50
equal 'at most so many arrows' 0 "$(awk '/ -> /{n++} END {print (n > 50)}' "$work/dot")"

to folded
equal 'the weights are all steps' "$(sql "$trace" 'SELECT count(*) FROM steps')" \
	"$(awk '{n += $NF} END {print n}' "$work/folded")"
equal 'every line is a stack and a number' '' "$(grep -Ev '^[^ ;]+(;[^ ;]+)* [0-9]+$' "$work/folded")"

range=$(sql "$trace" "SELECT '--from ' || (step - 100) || ' --to ' || (return_step + 100) FROM calls
	WHERE function = 'neigh_probe' ORDER BY step LIMIT 1")
# shellcheck disable=SC2086 # two options and their values
to html $range
result $? 'html is written'
contains 'it asks for nothing outside' "Content-Security-Policy.*default-src 'none'" "$(head -n 20 "$work/html")"
if needs chromium chromium 'a browser walks from the first step to the last'; then
	cat "$work/html" tests/e2e/drive.html >"$work/drive.html"
	HOME=$work timeout 120 chromium --headless --no-sandbox --disable-gpu --dump-dom \
		--virtual-time-budget=600000 "file://$work/drive.html" 2>"$work/err" |
		sed -n '/TOLD/,/END/p' >"$work/told"
	contains 'a browser walks from the first step to the last' '^steps ([0-9]+) of \1, blank 0$' "$(cat "$work/told")"
	contains 'the packet' '^first packet: Step .*ARP, Request who-has' "$(cat "$work/told")"
	contains 'the source' '^source: core/net/ipv4/arp.c .kernel: net/ipv4/arp.c.' "$(cat "$work/told")"
	contains 'over a call' '^over: arp_solicit returns' "$(cat "$work/told")"
	contains 'a field is found and its change shown' '^shown: true' "$(cat "$work/told")"
	contains 'every control has a name' '^labels: true' "$(cat "$work/told")"
	equal 'no error' 'errors: ' "$(grep '^errors' "$work/told")"
fi

# What cannot be.
wrong() {
	what=$1 message=$2
	shift 2
	out=$("$synwalk" export "$@" 2>&1 >/dev/null)
	equal "$what" "2 $message" "$? $out"
}
wrong 'a format that is not there' "synwalk: svg: no such format
    synwalk export --help lists them" "$trace" --format svg
wrong 'a range that is not there' "synwalk: $trace: there is no step from 99999999 to $(sql "$trace" 'SELECT max(step) FROM steps') (it has $(sql "$trace" 'SELECT max(step) FROM steps'))" \
	"$trace" --format dot --from 99999999
wrong 'a folder that is not there' "synwalk: $work/none/x: No such file or directory
    name a file in a folder that you may write to" "$trace" --format dot -o "$work/none/x"
wrong 'a disk that is full' "synwalk: /dev/full: No space left on device
    nothing was kept; free some space, or name another file" "$trace" --format dot -o /dev/full
finish
