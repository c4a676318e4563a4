#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The defaults of a v4.9 kernel's tunables; see test_sysctl.c.
exec build/tests/oracle/test_sysctl
