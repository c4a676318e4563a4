#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make lint: what the compiler's warnings (always errors, see Makefile) do not say. Prints what is
# wrong, and nothing else; exit status 1 if anything was.
#
# sh tests/lint.sh rules checks the rules of the house only, which needs no tool and no time; make
# test does that. A tool that is not installed is named and passed over, except where LINT_STRICT=1
# is set.
set -u
cd "$(dirname "$0")/.." || exit 2

bad=0
complain() {
	echo "$1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/    /'
	bad=1
}
have() {
	command -v "$1" >/dev/null 2>&1 && return 0
	if [ "${LINT_STRICT-0}" = 1 ]; then
		complain "lint: $1 is not installed: apt-get install $1"
	else
		echo "lint: passed over: $1 is not installed (apt-get install $1)"
	fi
	return 1
}

# files PLACE PATTERN...: the files there whose names match, without git, which need not be here
files() {
	place=$1
	shift
	for pattern; do
		find $place -type f -name "$pattern"
	done | sort
}
code=$(files 'core trace viewer labs tests' '*.c' '*.h')
core=$(files core '*.c' '*.h')
# The machine below the kernel may know what the C library and the sanitizers are.
kernel=$(echo "$core" | grep -v -e '^core/host/')
scripts="$(files 'tests trace labs' '*.sh') .ci/run"
sources="$code $(files core '*.S')"

# --- licence, in the first three lines of every source file
found=$(for f in $sources $scripts Makefile; do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' || echo "$f"
done)
[ -z "$found" ] || complain 'without an SPDX line at the top:' "$found"

# --- layout
found=$(grep -nE '[[:space:]]+$' $sources $scripts Makefile | cut -c1-100)
[ -z "$found" ] || complain 'blanks at the end of lines:' "$found"
# One concept a file. In core/ the kernel's own division of files comes first, so its files may be
# longer; elsewhere there is no such excuse.
found=$(for f in $code; do
	limit=700
	case $f in core/net/* | core/include/*) limit=1200 ;; esac
	lines=$(wc -l <"$f")
	[ "$lines" -le $limit ] || echo "$f: $lines lines, $limit are enough"
done)
[ -z "$found" ] || complain 'long files (one concept a file):' "$found"

# --- the core does not know that it is watched
found=$(grep -nE 'sqlite3|lttng|libdw|__tsan|__sanitizer|no_sanitize|no_instrument' \
	$kernel)
[ -z "$found" ] || complain 'core/ must not know that it is watched:' "$found"
# Explicit tracepoints: calls trace_xxx(...) outside their own declarations and empty bodies.
calls=$(echo "$core" | grep -v -e '^core/include/trace/' \
	-e '^core/kernel/tracepoint\.c$' | xargs grep -nE '\btrace_[a-z_]+\(' | grep -v '^[^:]*:[0-9]*: \*')
count=$(printf '%s' "$calls" | grep -c .)
[ "$count" -lt 40 ] || complain "core/ has $count tracing calls, and fewer than 40 are the promise:" "$calls"
found=$(printf '%s\n' "$calls" | grep -oE 'trace_[a-z_]+\(' | sort -u | tr -d '(' | while read -r name; do
	grep -q "\b$name(" core/include/trace/events.h || echo "$name"
done)
[ -z "$found" ] || complain 'not a tracepoint of core/include/trace/events.h:' "$found"

# --- the core stands on its own headers: everything it includes is its own or the compiler's
found=$(grep -nE '^#include <' $kernel |
	sed -E 's/^([^:]*:[0-9]*):#include <([^>]*)>.*/\1 \2/' | while read -r where header; do
	case $header in stdint.h | stddef.h | stdarg.h | stdbool.h | limits.h) continue ;; esac
	[ -e "core/include/$header" ] || echo "$where: <$header>"
done)
[ -z "$found" ] || complain 'core/ includes what is not its own:' "$found"
if [ -e build/watched/core.o ]; then
	# What the core needs from outside: the machine below it, and the hooks that watch it.
	found=$(nm -u build/watched/core.o | awk '{ print $2 }' |
		grep -vE '^(host_|__tsan_|__sanitizer_cov_|_GLOBAL_OFFSET_TABLE_$)')
	[ -z "$found" ] || complain 'the core calls what neither it nor core/host defines:' "$found"
fi
# --- floors: no arrow runs upward
found=$(grep -nE '#include "(core|viewer)/' $(files trace '*.c' '*.h'))
[ -z "$found" ] || complain 'trace/ includes a floor above it, or the core:' "$found"
found=$(grep -nE '#include "trace/' $(files trace/read '*.c' '*.h') | grep -v '"trace/read/'
	grep -nE '#include "trace/' $(files trace/diff '*.c' '*.h') | grep -vE '"trace/(read|diff)/')
[ -z "$found" ] || complain 'a room of trace/ includes one above it, or beside it:' "$found"
found=$(grep -nE '#include "core/' $(files viewer '*.c' '*.h') |
	grep -v '"core/include/synwalk/core.h"')
[ -z "$found" ] || complain 'viewer/ knows more of the core than core/include/synwalk/core.h:' "$found"

# --- unfinished business
found=$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b|not implemented yet' $sources $scripts | grep -v '^tests/lint.sh')
[ -z "$found" ] || complain 'promises instead of work:' "$found"

if [ "${1-}" = rules ]; then
	[ "$bad" -eq 0 ] && echo 'lint: the rules of the house are kept'
	exit "$bad"
fi

# --- what tools find
if have clang-format; then
	# LTTng's tracepoint files are macros of macros, which clang-format does not understand.
	found=$(clang-format --dry-run $(echo "$code" | grep -v '_tp\.h$') 2>&1 | grep -o '^[^:]*:[0-9]*:[0-9]*: warning' |
		cut -d: -f1 | sort | uniq -c | awk '{ print $2 ": " $1 " places" }')
	[ -z "$found" ] || complain 'not laid out by .clang-format (make format does it):' "$found"
fi
# Passed over: what cppcheck 2.10 cannot parse (internalAstError: compound literals, atomics), and
# its guesses about pointers tested twice and about buffers that a callee fills.
if have cppcheck; then
	check() {
		cppcheck --quiet -j 2 --std=c11 --enable=warning,portability --inline-suppr \
			--suppress=missingIncludeSystem --suppress=internalAstError \
			--suppress=nullPointerRedundantCheck --suppress=uninitvar \
			-D__GNUC__=12 --template='{file}:{line}: {id}: {message}' "$@" 2>&1
	}
	found=$(check -D_GNU_SOURCE -I. -Ibuild/gen $(files 'trace viewer labs core/host' '*.c' |
			grep -v /lttng/)
		check --suppress=nullPointerArithmetic -Icore/include \
			$(echo "$kernel" | grep '\.c$'))
	[ -z "$found" ] || complain 'cppcheck:' "$found"
fi
if have shellcheck; then
	found=$(shellcheck -s sh -S warning -e SC2046 -f gcc $scripts)
	[ -z "$found" ] || complain 'shellcheck:' "$found"
fi

[ "$bad" -eq 0 ] && echo 'lint: nothing to complain about'
exit "$bad"
