# SPDX-License-Identifier: GPL-2.0-only
#
# The chosen scenarios go the way they went; and a golden trace that differs says where.
set -u
cd "$(dirname "$0")/../.." || exit 2
sh tests/golden/golden.sh
