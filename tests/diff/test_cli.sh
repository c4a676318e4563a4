# SPDX-License-Identifier: GPL-2.0-only
#
# synwalk diff from outside: what it says, its exit statuses, what programs get.
set -u
cd "$(dirname "$0")/../.." || exit 2

synwalk=$PWD/build/synwalk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
check() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# /' "$work/out" "$work/err"
	fi
}
diff_says() {
	"$synwalk" diff "$@" >"$work/out" 2>"$work/err"
}
cd "$work" || exit 2
: >out
: >err

"$synwalk" connect --wire -o a.db --no-view >out 2>err
cp a.db b.db
diff_says a.db b.db
check $? 'a trace is equal to its copy'
[ ! -s out ] && [ ! -s err ]
check $? '... and nothing is said of that'

# one store of another value, one line less
store=$(sqlite3 a.db "SELECT step FROM stores WHERE field = 'mss_cache' AND function = 'tcp_sync_mss' LIMIT 1")
line=$(sqlite3 a.db "SELECT step FROM steps WHERE kind = 'line' AND function = 'tcp_fin' LIMIT 1")
sqlite3 b.db "UPDATE log SET new = 77 WHERE step = $store; DELETE FROM log WHERE step = $line"
diff_says a.db b.db
[ $? -eq 1 ] && grep -q "^first divergence: tcp_sync_mss() stores another value to tcp_sock#1.mss_cache" out &&
	grep -q "^  -     $store  tcp_sock#1.mss_cache: 536 -> 524" out &&
	grep -q "^  +     $store  tcp_sock#1.mss_cache: 536 -> 77" out
check $? 'the first divergence names function, object and field, and both values'
grep -q '^2. tcp_fin() is missing: ' out
check $? 'what has nothing to do with it is a cause of its own'
grep -q 'called from: .*tcp_connect > tcp_connect_init > tcp_sync_mss$' out
check $? 'the calls that led there'
diff_says a.db b.db --context 2 && false
[ "$(sed -n '/first div/,/^  -/p' out | grep -c '^        ')" -eq 2 ]
check $? '--context 2 shows two steps before it'
diff_says a.db b.db --stat
grep -q '2 differences of 2 causes: 1 value, 1 step missing, 0 extra, 0 moved' out
check $? '--stat counts'
diff_says b.db a.db --stat
grep -q '1 value, 0 steps missing, 1 extra, 0 moved' out
check $? 'the other way round what was missing is extra'

for pattern in tcp_sync_mss 'tcp_sock.mss*' 'tcp_sock#1.*' core/net/ipv4/tcp_output_window.c \
	'net/ipv4/tcp_output*' store; do
	diff_says a.db b.db --ignore "$pattern" --stat
	grep -q '1 difference of 1 cause: 0 values, 1 step missing' out
	check $? "--ignore $pattern"
	diff_says a.db b.db --only "$pattern" --stat
	grep -q '1 difference of 1 cause: 1 value' out
	check $? "--only $pattern"
done
diff_says a.db b.db --ignore line --ignore tcp_sync_mss
check $? 'several --ignore, and nothing is left'

# --json: every key that docs/diff.md tells, and no other
diff_says a.db b.db --json
[ $? -eq 1 ]
check $? '--json has the same exit status'
cp out j.json
sqlite3 :memory: "SELECT json_valid(CAST(readfile('j.json') AS TEXT))" | grep -q 1
check $? '... and is JSON'
ask() { sqlite3 :memory: "SELECT $1 FROM (SELECT CAST(readfile('j.json') AS TEXT) AS j)"; }
keys() {
	sqlite3 :memory: "SELECT group_concat(key, ' ') FROM (SELECT key FROM json_each(CAST(readfile('j.json') AS TEXT), '$1') ORDER BY key)"
}
[ "$(keys '$')" = 'a b counts differences equal rules schema' ]
check $? "keys of the whole: $(keys '$')"
[ "$(keys '$.a')" = 'clock partial path result scenario seed steps' ]
check $? "keys of a trace: $(keys '$.a')"
[ "$(keys '$.counts')" = 'causes differences extra missing moved paired values' ]
check $? "keys of the counts: $(keys '$.counts')"
[ "$(keys '$.differences[0]')" = 'a b cause follow function kind text what' ]
check $? "keys of a difference: $(keys '$.differences[0]')"
[ "$(keys '$.differences[0].a')" = 'context field kind object stack step steps task text time_ns where' ]
check $? "keys of a side: $(keys '$.differences[0].a')"
[ "$(ask "json_extract(j, '\$.differences[0].a.step')||' '||json_extract(j, '\$.differences[0].b.field')||' '||json_extract(j, '\$.equal')")" = "$store mss_cache 0" ]
check $? 'their values'
[ "$(ask "json_extract(j, '\$.differences[1].b') IS NULL AND json_extract(j, '\$.differences[1].kind') = 'missing'")" = 1 ]
check $? 'the side that has nothing is null'

# --alignment: every step of both, in order
diff_says a.db b.db --alignment
awk -F '\t' -v last="$(sqlite3 a.db 'SELECT max(step) FROM log')" '
/^#/ { next }
$1 != "" && $1 != ++a { exit 1 }
$2 != "" && $2 <= b { exit 1 }
$2 != "" { b = $2 }
{ seen[$3]++ }
END { exit !(a == last && b == last && seen["!"] == 1 && seen["-"] == 1 && !seen["moved"]) }' out
check $? '--alignment has every step of both once, in order, and marks the differences'

# rules
"$synwalk" connect --wire --seed 2 -o c.db --no-view >out 2>err
diff_says a.db c.db --explain
[ $? -eq 0 ] && grep -q "^rule 'isn seq_scale()' let [0-9]* values pass, first at steps [0-9]* and [0-9]*$" out
check $? 'a run of another seed is equal, and --explain says by which rules'
"$synwalk" diff --print-rules >r.txt 2>err
diff_says --rules r.txt a.db c.db
check $? 'the printed rules are the default ones'
grep -v seq_scale r.txt | grep -v tcp.isn >fewer.txt
diff_says --rules fewer.txt a.db c.db
[ $? -eq 1 ]
check $? 'without a rule on sequence numbers they differ'
step=$(sqlite3 a.db "SELECT min(return_step) FROM calls WHERE function = 'memcmp' AND value = 0")
cp a.db a5.db
cp c.db c5.db
cp c.db c9.db
sqlite3 a5.db "UPDATE log SET new = 5 WHERE step = $step; UPDATE log SET old = 5 WHERE step = $step + 1"
sqlite3 c5.db "UPDATE log SET new = -9 WHERE step = $step; UPDATE log SET old = -9 WHERE step = $step + 1"
sqlite3 c9.db "UPDATE log SET new = -9 WHERE step = $step"
diff_says a5.db c5.db
check $? 'of what memcmp() returns only the truth counts, and so for what it is compared with'
diff_says a.db c9.db
[ $? -eq 1 ] && grep -q '^first divergence: memcmp() returns another value' out
check $? '... but that does count'
echo 'own everything' >bad.txt
diff_says --rules bad.txt a.db c.db
[ $? -eq 2 ] && grep -q '^synwalk: bad.txt: line 1: a place looks like' err
check $? 'a bad rule is told with its line'
diff_says --rules nowhere.txt a.db c.db
[ $? -eq 2 ] && grep -q '^synwalk: nowhere.txt: No such file' err
check $? 'rules that are not there'

# trouble
diff_says a.db
[ $? -eq 2 ] && grep -q '^synwalk: diff: two traces are compared, and 1 were named' err
check $? 'one trace is not enough'
diff_says a.db nowhere.db
[ $? -eq 2 ] && grep -q '^synwalk: nowhere.db: No such file' err
check $? 'a trace that is not there'
echo hello >text.db
diff_says a.db text.db
[ $? -eq 2 ] && grep -q '^synwalk: text.db: not a trace' err
check $? 'a file that is no trace'
cp a.db old.db
sqlite3 old.db 'PRAGMA user_version = 1'
diff_says old.db a.db
[ $? -eq 2 ] && grep -q 'old.db: trace of schema version 1' err
check $? 'a trace of another schema'
sqlite3 b.db "UPDATE meta SET value = 'recording' WHERE key = 'status'; DELETE FROM log WHERE step > 20000"
diff_says a.db b.db --stat
[ $? -eq 1 ] && grep -q '^synwalk: b.db: partial' err
check $? 'a partial trace is compared as far as it goes, and said to be partial'
head -c 100000 a.db >cut.db
diff_says a.db cut.db
[ $? -eq 2 ] && [ -s err ]
check $? 'a damaged trace'
for option in --context=x --colour --rules; do
	diff_says a.db c.db $option
	[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 2 ]
	check $? "a message for $option"
done
echo "1..$number"
