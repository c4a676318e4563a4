#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Never lost: each fault at two random moments of a recording. make faults has a hundred of each.
echo 1..12
exec build/tests/faults/faults -t -c 6 2
