/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

/*
 * No initcall sections: start_kernel() in core/init/main.c calls each
 * subsystem's init function by name, in one visible order.
 */
#include <linux/compiler.h>

/*
 * Counts boots of this process, from 1. What is "done once" (linux/once.h) is
 * done once a boot, so that a second world in the same process starts as
 * fresh, and as repeatable, as the first.
 */
extern unsigned int boot_generation;

#endif
