#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The rules of the house that a script can check: see tests/lint.sh.
. tests/lib/tap.sh

sh tests/lint.sh rules >"$work/out" 2>&1
result $? 'the rules of the house are kept'
sed 's/^/# /' "$work/out"
calls=$(grep -rnE '\btrace_[a-z_]+\(' core --include='*.c' --include='*.h' |
	grep -vE '^core/(include/trace/|kernel/tracepoint\.c)|^[^:]*:[0-9]*: \*' | wc -l)
[ "$calls" -gt 0 ] && [ "$calls" -lt 40 ]
result $? "core/ has explicit tracepoints, fewer than 40 ($calls)"
finish
