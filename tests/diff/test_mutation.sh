# SPDX-License-Identifier: GPL-2.0-only
#
# A few of the faults of tests/mutation: diff's first cause names the function at fault. make mutation
# takes them all.
set -u
cd "$(dirname "$0")/../.." || exit 2
sh tests/mutation/run.sh -t 5 14 27 37 52 59
