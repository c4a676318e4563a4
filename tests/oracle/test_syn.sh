#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The SYN of a v4.9 kernel and what follows its answer, 82 settings; see test_syn.c.
exec build/tests/oracle/test_syn
