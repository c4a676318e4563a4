#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make install into a folder: the program works there, without the sources, and leaves no trace.
. tests/lib/tap.sh

make --no-print-directory install DESTDIR="$work/root" PREFIX=/usr >"$work/log" 2>&1
equal 'make install' 0 $?
program=$work/root/usr/bin/synwalk
for f in bin/synwalk lib/synwalk/libsynwalk-lttng.so lib/synwalk/libsynwalk-ctf.so share/man/man1/synwalk.1 share/doc/synwalk/LICENSE share/doc/synwalk/README.md; do
	[ -e "$work/root/usr/$f" ]
	result $? "$f is there"
done
contains '--version' '^synwalk [0-9]+\.[0-9]+' "$("$program" --version)"
for command in connect run view show export import doctor; do
	contains "$command --help" 'synwalk' "$("$program" $command --help)"
done
mkdir "$work/elsewhere"
(cd "$work/elsewhere" && "$program" connect --wire --no-view -o t.db >../out 2>&1)
equal 'connect --wire, away from the sources' 0 $?
contains 'the trace holds the source' 'tcp_v4_connect' \
	"$(sql "$work/elsewhere/t.db" "SELECT text FROM file WHERE path LIKE '%ipv4/tcp_ipv4.c'")"
(cd "$work/elsewhere" && "$program" lab start 5 --seed 7 >../out 2>&1)
equal 'a lab can be begun there' 0 $?
"$program" lab dev reference 5 >"$work/right.c"
"$program" lab grade --lab 5 "$work/right.c" >"$work/out" 2>&1
equal 'and graded' 0 $?
make --no-print-directory uninstall DESTDIR="$work/root" PREFIX=/usr >"$work/log" 2>&1
equal 'make uninstall leaves no file' '' "$(find "$work/root" -type f)"
finish
