# SPDX-License-Identifier: GPL-2.0-only
#
# Equal runs with other seeds, ports and clocks; make equal takes a thousand pairs.
set -u
cd "$(dirname "$0")/../.." || exit 2
sh tests/mutation/equal.sh 20
