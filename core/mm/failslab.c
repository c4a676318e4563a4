/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail on purpose.
 *
 * Every kmalloc() of the kernel has a branch for "no memory", and no ordinary run takes one. With
 * core_fail_alloc(n) the n-th allocation from now on finds no memory, all others do: a test that
 * walks n from 1 upwards takes every such branch once.
 *
 * The kernel has it as /proc/<pid>/fail-nth since v4.14; before that there was only failing by
 * chance, under the same name.
 *
 * Origin: mm/failslab.c, lib/fault-inject.c.
 */
#include <linux/slab.h>
#include <synwalk/core.h>

unsigned long failslab_nth;

void core_fail_alloc(unsigned long nth)
{
	failslab_nth = nth;
}

unsigned long core_fail_alloc_left(void)
{
	return failslab_nth;
}
