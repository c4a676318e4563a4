#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# When a v4.9 kernel sent its SYNs, 8 settings; see test_retransmit.c.
exec build/tests/oracle/test_retransmit
