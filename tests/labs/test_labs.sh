#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The labs: each tells right from wrong, and shows in its handout what it does. All of it with LABS_ALL=1
# (make labs); else of every lab its texts, its skeleton, the core and one mutant.
. tests/lib/tap.sh

bin=$PWD/build
PATH=$bin:$PATH

# ---- what each lab is checked for

if [ "${LABS_ALL-}" ]; then
	pages=$(ls labs/[0-9][0-9]-*/handout.md)
else
	synwalk lab dev check --quick >"$work/out" 2>&1
	equal 'every lab: texts, answers, the skeleton, the core itself and a mutant' 0 $?
	sed 's/^/# /' "$work/out"
	pages='labs/00-glass/handout.md labs/05-syn/handout.md'
fi
for page in $pages; do
	sh tests/labs/handout.sh "$page" >"$work/out" 2>&1
	equal "$page: what it shows is what is printed" 0 $?
	sed 's/^/# /' "$work/out"
done

# ---- the same report again

if [ -z "${LABS_ALL-}" ]; then
	sh tests/labs/same.sh 2 5:reads-behind-an-array >"$work/out" 2>&1
	equal 'the report of a file is the same byte for byte' 0 $?
	sed 's/^/# /' "$work/out"
fi

# ---- a class of ten, as they come

if [ "${LABS_ALL-}" ]; then
	sh tests/labs/class.sh 10 600 1 >"$work/out" 2>&1
	equal 'a class of ten: each has a row' 0 $?
	contains 'and what it deserves' '^ *4 right$' "$(cat "$work/out")"
	sed 's/^/# /' "$work/out"
fi

# ---- grading

cd "$work" || exit 2
synwalk lab start 5 --seed 7 >out 2>&1
equal 'a lab is begun' 0 $?
synwalk lab start 5 --seed 7 >out 2>&1
equal 'once' 2 $?
synwalk lab grade 5 >out 2>&1
equal 'first predict' '1 First predict, then look: question number is open (synwalk lab answer number).' "$? $(cat out)"
synwalk lab dev reference 5 >right.c
synwalk lab grade --lab 5 right.c >first 2>&1
equal 'the core itself is right' 0 $?
synwalk lab grade --lab 5 right.c >second 2>&1
equal 'and its report is the same again' "$(cat first)" "$(cat second)"
synwalk lab dev mutant 5 no-plus-one >wrong.c
synwalk lab grade --lab 5 wrong.c >out 2>&1
equal 'a mutant is wrong' 1 $?
contains 'the report says where' '    where:     step [0-9]*, in tcp_connect\(\), tcp_sock.write_seq' "$(cat out)"
contains 'what was expected' '    expected:  [0-9]* \(0x' "$(cat out)"
contains 'and how to look at it' '    look:      synwalk view ' "$(cat out)"
for form in --json --gradescope; do
	synwalk lab grade --lab 5 wrong.c $form >out 2>&1
	python3 -c 'import json,sys; json.load(open(sys.argv[1]))' out
	equal "the report in the form $form is JSON" 0 $?
done
synwalk lab grade --lab 5 wrong.c --autolab | tail -n 1 >out
contains "Autolab's last line" '^\{"scores":\{"syn.una":6,"syn.number":8,"syn.costs-one":0,' "$(cat out)"

# verdict EXPECTED STATUS FILE
verdict() {
	synwalk lab grade --lab 5 "$3" --json >out 2>&1
	equal "verdict: $1" "$2 $1" "$? $(sed -n 's/^  "verdict": "\(.*\)",*$/\1/p' out)"
}
echo 'int tcp_connect(' >x.c
verdict does-not-compile 10 x.c
verdict does-not-link 11 "$bin/../labs/forgeries/05-fork.c"
verdict crashed 12 "$bin/../labs/forgeries/05-crash.c"
verdict endless 13 "$bin/../labs/forgeries/05-endless.c"
synwalk lab dev skeleton 5 >x.c
verdict not-written 17 x.c

# ---- a class

mkdir class class/ann
cp right.c class/ann/tcp_connect.c
cp wrong.c class/bob.c
echo '{"lab": 5, "seed": 3}' >class/ann/.lab.json
echo '(' >class/eve.c
mkdir class/none
synwalk lab grade --lab 5 --batch class --csv >out 2>err
equal 'a class: nobody stops the others' '0 student,verdict,points,of,seed ann,right,70,70,3 bob,wrong eve,does-not-compile,0,70,1 none,not-run,0' \
	"$? $(cut -d, -f1-5 out | sed -e 's/^\(bob,wrong\).*/\1/' -e 's/^\(none,not-run,0\).*/\1/' | tr '\n' ' ' | sed 's/ $//')"

# ---- the student's words

cd lab05 || exit 2
synwalk lab answer number 0 >out
equal 'a wrong answer is told what it means' 1 $?
contains 'without the right one' 'names$' "$(cat out)"
synwalk lab answer number 1 >out
equal 'a right one counts' '0 Right. 5 of 30 points for answers.' "$? $(cat out)"
cp tcp_connect.c kept
echo changed >>tcp_connect.c
synwalk lab reset --yes >out
equal 'reset begins anew' "$(cat kept)" "$(cat tcp_connect.c)"
contains 'and keeps what was there' 'changed' "$(cat tcp_connect.c.1)"
synwalk lab submit --hours 1 >out 2>&1
equal 'what is whole can be handed in' 0 $?
contains 'as one archive' 'lab05-7.tar.gz' "$(ls)"
echo '(' >tcp_connect.c
synwalk lab submit --hours 1 >out 2>&1
equal 'what does not compile cannot' 2 $?
synwalk lab submit >out 2>&1
equal 'nor without the hours' 2 $?

# ---- watching

synwalk lab watch >out 2>&1
contains 'watching, too, comes after predicting' '^First predict, then look: ' "$(cat out)"
for question in $(synwalk lab answer | sed -n 's/^\([a-z][a-z-]*\) (.*points.*)$/\1/p'); do
	synwalk lab answer "$question" 0 >out 2>&1 || synwalk lab answer "$question" a >out 2>&1
done
synwalk lab reset --yes >out
mkfifo watched
# a limit, for what never says that it waits
timeout 120 synwalk lab watch >watched 2>&1 &
watcher=$!
exec 3<watched
# report: what it prints until it waits again, as $report
report() {
	report=
	while IFS= read -r line <&3; do
		case $line in
		'(waiting for '*) return ;;
		esac
		report="$report$line
"
	done
}
report
contains 'what is there is graded at once' '^  not written ' "$report"
cat ../right.c >tcp_connect.c
report
contains 'a file that is written to is graded again' '^70 of 70 points' "$report"
echo nothing >notes
cp ../wrong.c new.c && mv new.c tcp_connect.c
report
contains 'one that takes its place, too, and no other file' '^syn.costs-one: wrong$' "$report"
echo '(' >tcp_connect.c
report
contains 'what does not compile does not end it' '^The file does not compile' "$report"
kill "$watcher" && wait "$watcher" 2>/dev/null
equal 'it ends when it is told to' 143 $?
exec 3<&-
finish
