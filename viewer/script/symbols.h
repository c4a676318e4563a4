/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_SYMBOLS_H
#define SYNWALK_VIEWER_SCRIPT_SYMBOLS_H

/*
 * Names that scripts use for numbers. They are Linux' numbers on x86-64, which the core shares.
 * Functions that look one up return 0, or -1 when there is no such name.
 */

#include <stdint.h>

/* Constants of system calls: SOCK_STREAM, O_NONBLOCK, TCP_SYN_SENT ... */
int symbol_value(const char *name, int64_t *value);
/* ECONNREFUSED: 111; also the kernel's own, like ERESTARTSYS. */
int symbol_errno(const char *name, int64_t *value);
/* The name of an errno, or NULL. */
const char *symbol_errno_name(int64_t number);
/* packetdrill's names of ICMP types, and of the codes of a type. */
int symbol_icmp_type(const char *name, int64_t *value);
int symbol_icmp_code(int type, const char *name, int64_t *value);
/* The name of a code that this type has, for messages. */
const char *symbol_icmp_code_example(int type);

#endif
