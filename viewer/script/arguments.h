/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_ARGUMENTS_H
#define SYNWALK_VIEWER_SCRIPT_ARGUMENTS_H

/*
 * Arguments of a script's system calls. All of these run in the calling task; one that cannot make
 * sense of an argument leaves word with arg_bad() and returns something harmless. Arguments count
 * from 0.
 */

#include "viewer/script/play.h"

struct sockaddr;
struct sockaddr_in;

/* The call cannot be made: @fmt says what was expected. Always NULL. */
void *arg_bad(struct task *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const struct value *arg(const struct task *t, int i);
/* As a number, or as a list of one; @any for '...'. */
int64_t arg_number(struct task *t, int i, int64_t any);
/* A descriptor of the script as the core's; one that the script does not have, the core has not. */
int arg_descriptor(struct task *t, int i);
/* Zeroed user memory. */
void *arg_memory(struct task *t, size_t size);
/* A pointer given as a number, so as to be a bad one; else NULL and *@is 0. */
void *arg_pointer(struct task *t, int i, int *is);

/*
 * A socket address, @local or the remote one for '...', and its length, argument @i + 1. A string
 * is the address's bytes, a number a pointer.
 */
struct sockaddr *arg_address(struct task *t, int i, int local, int *length);
/* {sa_family=..., sin_port=htons(N), sin_addr=inet_addr("...")} over what is in @sin. */
void arg_address_fields(struct task *t, const struct value *v, struct sockaddr_in *sin);

/* Whether an option's value is a struct timeval, of longs. */
int arg_is_timeval(int64_t level, int64_t option);
/* The numbers of a list or struct, as ints or longs. Return: how many; -1 after arg_bad(). */
int arg_numbers(struct task *t, const struct value *v, int wide, void *to, int room);
/* Argument 3 of setsockopt() in user memory; *@size: what its bytes take. */
char *arg_option(struct task *t, int64_t level, int64_t option, size_t *size);
/* Argument 1 of read() or write(): @count bytes, with a string's bytes in them. */
char *arg_buffer(struct task *t, size_t count);

#endif
