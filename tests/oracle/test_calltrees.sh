#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The calls of every recorded situation against those of our own, played by scenarios: each recording
# becomes a trace, is shown, and compared by `synwalk diff --calls`, both ways. What may differ is in
# trace/diff/calls.txt, of which every line must be needed.
# tests/oracle/recordings.txt says which scenario plays which recording.
. tests/lib/tap.sh

for script in tests/oracle/trees/*.pkt; do
	name=$(basename "$script" .pkt)
	if ! "$synwalk" run "$script" -o "$work/$name.db" >"$work/out" 2>&1; then
		result 1 "synwalk run $script"
		sed 's/^/# /' "$work/out"
		finish
	fi
done

# compare RECORDING SCENARIO: a trace of it, as many calls shown as imported, nothing different. Where a
# compiler inlined as it liked, what it did not leave over is passed over in ours; but what was recorded
# must be there.
compare() {
	recording=$(basename "$1" .txt)
	case $recording in
	*.normal | calltree_blocking_success) strict= ;; # the second: helpers were taken out for readers
	*) strict=--strict ;;
	esac
	kernel=$work/$recording.db said=$work/$recording.said
	"$synwalk" import --ftrace "tests/data/oracle/$1" -o "$kernel" >"$said" 2>&1 || return 1
	imported=$(sed -n 's/.* steps, \([0-9]*\) calls of .*/\1/p' "$said")
	shown=$("$synwalk" show "$kernel" --calls | grep -vc '^#')
	[ "$imported" -gt 0 ] && [ "$imported" -eq "$shown" ] || return 1
	"$synwalk" diff --calls $strict "$work/$2.db" "$kernel" --json >"$work/calls.$recording.json" 2>>"$said" &&
		! grep -B 1 '"side": "b"' "$work/calls.$recording.json" >>"$said" &&
		return 0
	"$synwalk" diff --calls $strict "$work/$2.db" "$kernel" >>"$said" 2>&1
	return 1
}

recordings() {
	sed '/^#/d; /^$/d' tests/oracle/recordings.txt
}

# two at a time
taken=0
while read -r recording name; do
	( compare "$recording" "$name" && : >"$work/$(basename "$recording" .txt).same" ) &
	taken=$((taken + 1))
	[ $((taken % 2)) -eq 1 ] || wait
done <<END
$(recordings)
END
wait
while read -r recording name; do
	recording=$(basename "$recording" .txt)
	[ -e "$work/$recording.same" ]
	code=$?
	result "$code" "$recording against $name"
	[ "$code" -eq 0 ] || sed 's/^/# /' "$work/$recording.said"
done <<END
$(recordings)
END

# A line of the table is needed if it did something for one side and not the same for the other; one of
# what is left out must never be for ours (side 0).
sed -n '/^## /h; /^[a-z]/{G;p}' trace/diff/calls.txt | awk '
/^## / { sub(/^## /, ""); print rule "\t" $0; next } { rule = $1 " " $2 }' >"$work/lines"
sqlite3 "$work/uses.db" >"$work/out" 2>&1 <<END
CREATE TABLE j AS SELECT CAST(readfile(name) AS TEXT) AS j FROM fsdir('$work') WHERE name LIKE '%/calls.%.json';
CREATE TABLE uses AS SELECT json_extract(r.value, '$.rule') AS rule,
	json_extract(r.value, '$.times[0]') AS ours, json_extract(r.value, '$.times[1]') AS theirs,
	json_extract(r.value, '$.calls[0]') AS our_calls, json_extract(r.value, '$.calls[1]') AS their_calls
	FROM j, json_each(j.j, '$.rules') r;
CREATE TABLE lines(rule, section);
.mode tabs
.import $work/lines lines
END
sqlite3 "$work/uses.db" "
SELECT 'never needed: ' || rule FROM lines WHERE rule NOT IN (SELECT rule FROM uses
	WHERE ours <> theirs OR our_calls <> their_calls);
SELECT 'left out, but we have it: ' || rule FROM lines
	WHERE section = 'Left out' AND rule IN (SELECT rule FROM uses WHERE ours > 0);
SELECT 'no line of calls.txt: ' || rule FROM uses WHERE rule NOT IN (SELECT rule FROM lines);" >>"$work/out" 2>&1
[ ! -s "$work/out" ] && [ "$(sqlite3 "$work/uses.db" 'SELECT count(*) > 50 FROM lines')" = 1 ]
code=$?
result "$code" "every line of trace/diff/calls.txt is needed ($(wc -l <"$work/lines") lines)"
[ "$code" -eq 0 ] || sed 's/^/# /' "$work/out"

sqlite3 "$work/uses.db" "
SELECT '# score calltrees ' || sum(paired) || ' of ' || sum(paired + rest) || ', ' || sum(rest) || ' excused' FROM
	(SELECT json_extract(j, '\$.counts.paired') AS paired, json_extract(j, '\$.counts.excused[1]') +
	 json_extract(j, '\$.counts.unseen[1]') + json_extract(j, '\$.counts.outside[1]') AS rest FROM j)"
finish
