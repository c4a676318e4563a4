#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make monkey: random keys and resizes on the viewer, built with ASan and UBSan.
#
#     sh tests/view/monkey.sh [KEYS [TRACES]]     10000 keys on each of 20 traces, and on 10 pairs
#
# Status 1 when the viewer died, hung, left the terminal otherwise, or took 100 ms of the processor for a key.
set -u
cd "$(dirname "$0")/../.." || exit 2
keys=${1:-10000} traces=${2:-20}
work=$(mktemp -d "${TMPDIR:-/tmp}/synwalk-monkey.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# what the sanitizer does now and then is not the viewer's: it empties a quarantine of 256 MB, 60 to 140 ms
# long, and gives memory back to the system every five seconds
export ASAN_OPTIONS=detect_stack_use_after_return=0:abort_on_error=0
export ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=16:allocator_release_to_os_interval_ms=-1
export UBSAN_OPTIONS=print_stacktrace=1
# what a person has set is left alone
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"

printf '%s\n' tests/pkt/*/*.pkt | awk -v n="$traces" '{ line[NR] = $0 }
	END { for (i = 0; i < n; i++) print line[1 + int(i * NR / n)] }' >"$work/scripts"
bad=0 seed=0 longest=0 most=0

# play WHAT TRACE.db [OTHER.db]
play() {
	what=$1
	shift
	seed=$((seed + 1))
	if out=$(build/tests/bench/monkey build/san/tool/synwalk $seed "$keys" "$@" 2>&1); then
		read -r _ ms worked key <<-END
			$out
		END
		[ "$ms" -le "$longest" ] || longest=$ms
		[ "$worked" -le "$most" ] || most=$worked
		# echo would turn \033 into what it stands for
		printf '%s\n' "lived  $what: $keys keys, the longest answer $ms ms, of processor time $worked (to $key)"
	else
		bad=$((bad + 1))
		echo "died   $what (seed $seed):"
		printf '%s\n' "$out" | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/^/    /' | tail -n 40
	fi
}

# Each trace alone, and each second one beside the trace before it.
before=
while read -r script; do
	build/synwalk run "$script" -o "$work/t.db" >/dev/null 2>&1
	play "$script" "$work/t.db"
	if [ -z "$before" ]; then
		before=$script
		mv "$work/t.db" "$work/before.db"
	else
		play "$before and $script" "$work/before.db" "$work/t.db"
		before=
	fi
done <"$work/scripts"
echo "$((seed - bad)) of $seed walks: $keys random keys, the longest answer $longest ms (of processor time $most), and the terminal as it was"
[ "$bad" -eq 0 ] && [ "$most" -lt 100 ]
