/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_CUT_H
#define SYNWALK_VIEWER_KERNEL_CUT_H

#include <stdio.h>

/**
 * cut_functions() - of all that the function tracer saw, what happened below some functions
 * @whole: what the kernel's file `trace` said
 * @calls: takes the lines from a root's own on until its caller calls something else
 * @roots: names of functions, NULL at the end
 *
 * What interrupts did in between is left out.
 * Return: 0, or -errno.
 */
int cut_functions(FILE *whole, FILE *calls, const char *const *roots);

#endif
