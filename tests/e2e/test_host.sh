#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Random programs of system calls and segments, on our core and on this machine's kernel; docs/testing.md.
# Which kernel answers how was looked at from 6.12 on: an older one differs from it, and from v4.9.
release=$(uname -r)
major=${release%%.*} minor=${release#*.}
minor=${minor%%.*}
if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 12 ]; }; then
	echo "ok 1 # SKIP a kernel from 6.12 on; this is $release"
	echo 1..1
	exit 0
fi
if [ "$(id -u)" != 0 ]; then
	unshare -rn true 2>/dev/null && exec unshare -rn build/tests/host/host
	echo 'ok 1 # SKIP a network namespace of its own'
	echo 1..1
	exit 0
fi
exec build/tests/host/host
