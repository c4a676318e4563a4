#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The short run of the fuzzer of the way in, in seconds: the corpus and mutations of it in a fixed
# order, and where clang's runtime is installed some thousand inputs that libFuzzer chooses.
set -u
cd "$(dirname "$0")/../.." || exit 2
corpus=tests/fuzz/corpus/receive

build/asan/tests/fuzz/receive -m "${FUZZ_MUTATIONS:-30000}" $corpus || exit 1

if [ ! -x build/fuzz/receive ]; then
	echo "ok 3 # SKIP libFuzzer is not installed: apt-get install clang libclang-rt-14-dev"
	exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# libFuzzer writes what it finds new into the first folder it is given.
mkdir "$out/new"
if build/fuzz/receive -runs=3000 -seed=1 -max_len=1040 -timeout=20 -artifact_prefix="$out/" \
	"$out/new" $corpus >"$out/log" 2>&1; then
	echo "ok 3 - libFuzzer: $(grep -o 'Done [0-9]* runs' "$out/log")"
else
	cat "$out/log"
	echo 'not ok 3 - libFuzzer'
fi
