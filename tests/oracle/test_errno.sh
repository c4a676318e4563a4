#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How connect(2) ended on a v4.9 kernel, 135 rows; see test_errno.c.
exec build/tests/oracle/test_errno
