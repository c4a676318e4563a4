#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make demo: a connect of our core to the host's own kernel over TAP, recorded and shown.
# Where no TAP device is to be had it says why, and shows the same connect over the wire.
set -u
cd "$(dirname "$0")/../.." || exit 2

trace=build/demo.db
rm -f "$trace"
show=--show
[ -t 0 ] && [ -t 1 ] && show=--view

build/synwalk connect 10.9.0.2:7 -o "$trace" $show
status=$?
if [ "$status" -eq 2 ] && [ ! -e "$trace" ]; then
	echo
	echo "No TAP here (the message above says why): the same connect over the virtual wire."
	build/synwalk connect 10.9.0.2:7 --wire -o "$trace" $show
	status=$?
fi
[ "$status" -eq 0 ] || exit "$status"
echo
echo "The trace is $trace: see it again with build/synwalk view $trace"
