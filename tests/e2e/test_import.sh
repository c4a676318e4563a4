#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# synwalk import: of what an LTTng session recorded comes the trace that the same run wrote itself.
#
#     sh tests/e2e/test_import.sh         scenarios of every topic
#     IMPORT_ALL=1 sh ...                 all of them, and every view of every trace (make import-all)
. tests/lib/lttng.sh
. tests/lib/tap.sh

if lttng_missing || ! lttng_start; then
	skip 'an LTTng session' "$lttng_missing"
	finish
fi
trap 'lttng_stop; rm -rf "$work"' EXIT
lossless='--subbuf-size=1M --num-subbuf=4 --blocking-timeout=inf'

# ---- the same trace ------------------------------------------------------------------------------

# Every twentieth scenario, beginning with the first.
printf '%s\n' tests/pkt/*/*.pkt | awk -v all="${IMPORT_ALL-0}" 'all == 1 || NR % 20 == 1' >"$work/scripts"
echo 'connect --wire' >>"$work/scripts"

# Records one, into a trace and to LTTng; the process number is that of the shell that becomes synwalk.
cat >"$work/record" <<'END'
number=$1 script=$2
case $script in
*.pkt) set -- run "$script" ;;
*) set -- connect --wire --no-view ;;
esac
exec >"$work/$number.said" 2>&1
echo $$ >"$work/$number.pid"
exec build/synwalk "$@" --lttng-join -o "$work/$number.db"
END
# Imports it from its own folder, and compares.
cat >"$work/compare" <<'END'
number=$1 script=$2
folder=$(echo "$work"/batch/ust/pid/synwalk-$(cat "$work/$number.pid")-*)
status=0
build/synwalk import "$folder" -o "$work/$number.i.db" >"$work/$number.imported" 2>&1 || status=$?
# the views follow from the tables; in the short run it is enough to see that of two
views=views
[ "${IMPORT_ALL-0}" = 1 ] || [ "$number" -eq 2 ] || [ "$script" = connect ] || views=
differ=$(sh tests/lib/same_trace.sh "$work/$number.db" "$work/$number.i.db" $views 2>&1)
steps=$(sqlite3 -batch "$work/$number.db" "SELECT value FROM meta WHERE key = 'steps'")
if [ $status -eq 0 ] && [ -z "$differ" ] && [ "${steps:-0}" -gt 0 ]; then
	echo "equal $steps $script ${views:+and its views}"
else
	echo "differs $script: import ended with $status" $differ
	sed 's/^/    /' "$work/$number.said" "$work/$number.imported"
fi
rm -f "$work/$number".*
END
export work
# in batches, so that the events of all of them do not lie on the disk at once
awk '{ print NR, $0 }' "$work/scripts" | split -l 24 - "$work/part."
for part in "$work"/part.*; do
	session batch --buffers-pid $lossless || sed 's/^/# /' "$work/session"
	xargs -P "$(nproc)" -L 1 sh "$work/record" <"$part"
	session_end batch
	xargs -P "$(nproc)" -L 1 sh "$work/compare" <"$part"
	rm -rf "$work/batch"
done >"$work/told"
grep -v '^equal ' "$work/told" | sed 's/^/# /'
awk '/^equal / { runs++; steps += $2; views += /and its views/ }
	END { printf "# %d runs of %d, %d steps; of %d the views were compared, too\n", runs, all, steps, views }' \
	all="$(wc -l <"$work/scripts")" "$work/told"
equal 'what LTTng recorded becomes the same trace, row by row' "$(wc -l <"$work/scripts")" \
	"$(grep -c '^equal ' "$work/told")"
[ "${IMPORT_ALL-0}" = 0 ] || finish

# ---- what is in a folder -------------------------------------------------------------------------

# import WHAT STATUS PATTERN ARGUMENT...: into $work/i.db; its status, and what it says
import() {
	what=$1 status=$2 pattern=$3
	shift 3
	rm -f "$work/i.db"
	out=$("$synwalk" import "$@" -o "$work/i.db" 2>&1)
	equal "$what: status $status" "$status" $?
	contains "$what: message" "$pattern" "$out"
	if [ "$status" -eq 2 ]; then
		[ ! -e "$work/i.db" ]
		result $? "$what: no trace"
	fi
}

session two $lossless
"$synwalk" connect --wire --lttng-join --no-view -o "$work/a.db" >"$work/out" 2>&1
"$synwalk" run tests/pkt/handshake/blocking.pkt --lttng-join >"$work/out" 2>&1
session_end two
first=$("$synwalk" import "$work/two" --list | awk '/over the wire/ { print $2 }')
equal 'two recordings in one session are listed' 'connect 10.9.0.2:80 over the wire
tests/pkt/handshake/blocking.pkt' "$("$synwalk" import "$work/two" --list | sed 's/.* steps  //')"
import 'two recordings' 2 'two: 2 recordings are in it; choose one' "$work/two"
contains 'two recordings: they are listed' "^    --pid $first .* over the wire" "$out"
import 'no such process' 2 'no recording of process 4194305; there are' "$work/two" --pid 4194305
import 'one of two' 0 "steps of process $first: connect" "$work/two" --pid "$first"
equal 'one of two, from buffers that both wrote to' '' \
	"$(sh tests/lib/same_trace.sh "$work/a.db" "$work/i.db" 2>&1)"
import 'no folder' 2 '^synwalk: .*/nowhere: No such file' "$work/nowhere"
import 'a file' 2 '^synwalk: .*/scripts: not a folder' "$work/scripts"
mkdir "$work/empty"
import 'an empty folder' 2 '^synwalk: .*/empty: there is no CTF trace in it' "$work/empty"
import 'no process number' 2 '^synwalk: 0: not the number of a process' "$work/two" --pid 0
cp tests/e2e/test_import.sh "$work/precious"
out=$("$synwalk" import "$work/two" --pid "$first" -o "$work/precious" 2>&1)
equal 'over a file that is no trace: status 2' 2 $?
contains 'over a file that is no trace: message' '^synwalk: .*/precious: exists and is not a trace' "$out"
cmp -s tests/e2e/test_import.sh "$work/precious"
result $? 'over a file that is no trace: it is as it was'

# Events of another provider only: LTTng's own.
events='lttng_ust*' session other
"$synwalk" connect --wire --lttng-join --no-view -o "$work/b.db" >"$work/out" 2>&1
session_end other
import 'no event of synwalk' 2 'no recording of synwalk is in it' "$work/other"

# ---- what is missing is told ---------------------------------------------------------------------

meta() {
	sql "$1" "SELECT value FROM meta WHERE key = '$2'"
}
intact() {
	equal "$1: the trace is sound" ok "$(sql "$work/i.db" 'PRAGMA integrity_check')"
	equal "$1: it says that it is partial" partial "$(meta "$work/i.db" status)"
}

# Every comparison is left out: just as many events are missing.
events='synwalk:* --exclude=synwalk:branch' session gaps $lossless
"$synwalk" connect --wire --lttng-join --no-view -o "$work/a.db" >"$work/out" 2>&1
session_end gaps
branches=$(sql "$work/a.db" 'SELECT count(*) FROM branches')
import 'events are missing' 1 "gaps: $branches of its events were lost" "$work/gaps"
intact 'events are missing'
equal 'events are missing: how many' "$branches" "$(meta "$work/i.db" lost)"
contains 'events are missing: why' 'were lost or spoiled' "$(meta "$work/i.db" why_lost)"
equal 'events are missing: all others are there' "$(sql "$work/a.db" "SELECT count(*) FROM steps")" \
	"$(sql "$work/i.db" "SELECT count(*) + $branches FROM steps")"

# Buffers that are too small for what comes at once.
session small --subbuf-size=4k --num-subbuf=2
"$synwalk" connect --wire --lttng-join --no-view -o "$work/a.db" >"$work/out" 2>&1
session_end small
import 'small buffers' 2 '([0-9]+ bytes are lost|threw away [1-9][0-9]* events); record with --lttng=DIR' "$work/small"

# A session that begins later than the recording.
session late $lossless
lttng --no-sessiond stop "$name" >/dev/null 2>&1
mkfifo "$work/go"
"$synwalk" run - --lttng-join <"$work/go" >"$work/out" 2>&1 &
running=$!
cat tests/pkt/handshake/blocking.pkt >"$work/go"
wait $running
session_end late
import 'a session that hears nothing' 2 'no (recording of synwalk|CTF trace)' "$work/late"

# ---- damage --------------------------------------------------------------------------------------

# stream FOLDER: its largest file of events
stream() {
	find "$1" -type f -name 'all_*' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-
}
# damaged WHAT COMMAND: on a copy of a good trace, with $file its events
damaged() {
	rm -rf "$work/bad" "$work/i.db"
	cp -r "$work/good" "$work/bad"
	file=$(stream "$work/bad")
	eval "$2"
	out=$(timeout -k 1 60 "$synwalk" import "$work/bad" -o "$work/i.db" 2>&1)
	status=$?
}
# spoiled WHAT COMMAND: the damage is seen
spoiled() {
	damaged "$@"
	[ $status -eq 1 ] && intact "$1" || equal "$1: status 2" 2 $status
	contains "$1: message" '^synwalk: .*/bad: ' "$out"
}
session good $lossless
"$synwalk" connect --wire --lttng-join --no-view -o "$work/a.db" >"$work/out" 2>&1
session_end good
import 'before the damage' 0 'steps of process' "$work/good"
# shellcheck disable=SC2034 # it is used by the commands below
size=$(stat -c %s "$(stream "$work/good")")
spoiled 'cut in half' 'truncate -s $((size / 2)) "$file"'
spoiled 'cut at a page' 'truncate -s $((size / 8192 * 4096)) "$file"'
spoiled 'empty' ': >"$file"'
spoiled 'its indexes are gone, and half of it' 'find "$work/bad" -name "*.idx" -exec rm {} +; truncate -s $((size / 2)) "$file"'
spoiled 'no metadata' ': >"$(find "$work/bad" -name metadata)"'
spoiled 'strange metadata' 'yes | head -c 3000 >"$(find "$work/bad" -name metadata)"'
# noise AT SEED: 64 bytes
noise() {
	LC_ALL=C awk -v seed="$2" 'BEGIN { srand(seed); for (i = 0; i < 64; i++) printf "%c", 1 + rand() * 254 }' |
		dd of="$file" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
spoiled 'noise in the tables' 'noise 1000000 1'
# Noise elsewhere may fall on what is for people only, or be seen by nobody; but it is no crash and no
# hang, and what comes of it is a database. NOISE=300 tries as many places.
survived=0
tried=${NOISE-5}
for turn in $(seq 1 "$tried"); do
	place=$((30 + turn * 69 / tried))
	damaged "noise at $place %" 'noise $((size * 3 / 10 + (size * 7 / 10 - 64) * (turn - 1) / tried)) $turn'
	case $status in
	0 | 1) [ "$(sql "$work/i.db" 'PRAGMA integrity_check')" = ok ] && survived=$((survived + 1)) ;;
	2) [ ! -e "$work/i.db" ] && survived=$((survived + 1)) ;;
	esac
	echo "# noise at $place %: status $status, $(printf '%s' "$out" | head -n 1 | cut -c1-150)"
done
equal 'noise in the events never ends in a crash, a hang or a broken trace' "$tried" $survived
finish
