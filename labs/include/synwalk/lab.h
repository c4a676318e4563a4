/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SYNWALK_LAB_H
#define _SYNWALK_LAB_H

/*
 * What a skeleton calls where nothing is written yet: part @part of @function is still to be done.
 * The run ends there, with what it has done so far in its trace; it does not return.
 */
void lab_todo(const char *function, int part) __attribute__((noreturn));

#endif
