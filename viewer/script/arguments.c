/* SPDX-License-Identifier: GPL-2.0-only */

/* Arguments of a script's system calls, from the script's words to user memory; see arguments.h. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/tcp.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/arguments.h"
#include "viewer/script/symbols.h"

#define BUFFER 1048576 /* bytes that one call may carry */

/* The call cannot be made: @fmt says what was expected. */
void *arg_bad(struct task *t, const char *fmt, ...)
{
	va_list args;

	if (t->problem[0])
		return NULL;
	va_start(args, fmt);
	vsnprintf(t->problem, sizeof(t->problem), fmt, args);
	va_end(args);
	return NULL;
}

const struct value *arg(const struct task *t, int i)
{
	const struct value *v = t->event->call->arguments;

	while (i-- > 0)
		v = v->next;
	return v;
}

int call_number(const struct value *v, int64_t *number)
{
	int64_t a, b;

	switch (v->kind) {
	case VALUE_NUMBER:
		*number = v->number;
		return 0;
	case VALUE_NAME:
		return symbol_value(v->text, number) ? symbol_errno(v->text, number) : 0;
	case VALUE_OPERATION:
		if (strcmp(v->text, "|") || call_number(v->child, &a) ||
		    call_number(v->child->next, &b))
			return -1;
		*number = a | b;
		return 0;
	case VALUE_FUNCTION:
		if (strcmp(v->text, "htons") || !v->child || call_number(v->child, &a))
			return -1;
		*number = htons((uint16_t)a);
		return 0;
	default:
		return -1;
	}
}

/* Argument @i as a number; @any for '...'. */
int64_t arg_number(struct task *t, int i, int64_t any)
{
	const struct value *v = arg(t, i);
	int64_t n;

	if (v->kind == VALUE_ANY)
		return any;
	if (v->kind == VALUE_LIST && v->child && !v->child->next)
		v = v->child;
	if (!call_number(v, &n))
		return n;
	arg_bad(t, "argument %d: expected a number or a constant", i + 1);
	return 0;
}

/* A descriptor of the script; one it does not have is none of the core's either. */
int arg_descriptor(struct task *t, int i)
{
	int64_t n = arg_number(t, i, -1);

	for (int k = 0; k < PLAY_FDS; k++) {
		if (t->play->fds[k].open && t->play->fds[k].script == n)
			return t->play->fds[k].live;
	}
	return n < 0 || n > 60000 ? (int)n : (int)n + 4096;
}

void *arg_memory(struct task *t, size_t size)
{
	void *p = core_user_alloc(size);

	return p ? p : arg_bad(t, "the core is out of memory");
}

/* A pointer that the script gives as a number, so as to be a bad one; else NULL and *@is 0. */
void *arg_pointer(struct task *t, int i, int *is)
{
	int64_t n;

	*is = arg(t, i)->kind != VALUE_LIST && !call_number(arg(t, i), &n);
	return *is ? (void *)(uintptr_t)n : NULL;
}

/* ---------------------------------------------------------------- addresses */

static int address_number(const struct value *v, uint32_t *addr)
{
	int64_t n;

	if (v->kind == VALUE_FUNCTION && !strcmp(v->text, "inet_addr") && v->child &&
	    v->child->kind == VALUE_STRING)
		return inet_pton(AF_INET, v->child->text, addr) == 1 ? 0 : -1;
	if (call_number(v, &n))
		return -1;
	*addr = htonl((uint32_t)n);
	return 0;
}

/* {sa_family=..., sin_port=htons(N), sin_addr=inet_addr("...")}; parts that are missing stay. */
void arg_address_fields(struct task *t, const struct value *v, struct sockaddr_in *sin)
{
	for (v = v->child; v; v = v->next) {
		int64_t n = 0;

		if (v->kind == VALUE_ANY || (v->kind == VALUE_FIELD && v->child->kind == VALUE_ANY))
			continue;
		if (v->kind == VALUE_FIELD && !strcmp(v->text, "sa_family") &&
		    !call_number(v->child, &n))
			sin->sin_family = (sa_family_t)n;
		else if (v->kind == VALUE_FIELD && !strcmp(v->text, "sin_port") &&
			 !call_number(v->child, &n))
			sin->sin_port = (in_port_t)n;
		else if (v->kind != VALUE_FIELD || strcmp(v->text, "sin_addr") ||
			 address_number(v->child, &sin->sin_addr.s_addr))
			arg_bad(t, "address: expected sa_family=NUMBER, sin_port=htons(NUMBER) and "
				   "sin_addr=inet_addr(\"ADDRESS\")");
	}
}

/*
 * Argument @i as a socket address, @local or the remote one for '...', and its length, argument
 * @i + 1. A string is the address's bytes, a number a pointer.
 */
struct sockaddr *arg_address(struct task *t, int i, int local, int *length)
{
	const struct value *v = arg(t, i);
	const struct settings *o = &t->play->settings;
	struct sockaddr_in *sin;
	int is;
	void *given = arg_pointer(t, i, &is);

	*length = (int)arg_number(
		t, i + 1, v->kind == VALUE_STRING ? (int64_t)v->length : (int64_t)sizeof(*sin));
	if (is)
		return given;
	/* Lengths that are too long are an error of the call, not of the memory behind. */
	sin = arg_memory(t, v->length > 256 ? v->length : 256);
	if (!sin)
		return NULL;
	if (v->kind == VALUE_STRING) {
		memcpy(sin, v->text, v->length);
		return (struct sockaddr *)sin;
	}
	sin->sin_family = AF_INET;
	sin->sin_port = htons(local ? o->bind_port : o->connect_port);
	sin->sin_addr.s_addr = local ? o->local : o->remote;
	if (v->kind == VALUE_STRUCT)
		arg_address_fields(t, v, sin);
	else if (v->kind != VALUE_ANY)
		arg_bad(t,
			"argument %d: expected '...', {sa_family=...}, a string of bytes or a pointer",
			i + 1);
	return (struct sockaddr *)sin;
}

/* ---------------------------------------------------------------- option values */

int arg_is_timeval(int64_t level, int64_t option)
{
	return level == SOL_SOCKET && (option == SO_RCVTIMEO || option == SO_SNDTIMEO);
}

/* The numbers of a list or struct, as ints or longs. Return: how many; -1 after arg_bad(). */
int arg_numbers(struct task *t, const struct value *v, int wide, void *to, int room)
{
	int count = 0;

	for (v = v->child; v; v = v->next) {
		const struct value *one = v->kind == VALUE_FIELD ? v->child : v;
		int64_t n;

		if (count == room || call_number(one, &n)) {
			arg_bad(t, "option's value: expected at most %d numbers or constants",
				room);
			return -1;
		}
		if (wide)
			((int64_t *)to)[count++] = n;
		else
			((int32_t *)to)[count++] = (int32_t)n;
	}
	return count;
}

/* {tcpm_addr=inet_addr("..."), tcpm_key="..."} for TCP_MD5SIG. Return: its size. */
static size_t md5_value(struct task *t, const struct value *v, struct tcp_md5sig *md5)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_addr.s_addr = t->play->settings.remote };

	for (v = v->child; v; v = v->next) {
		if (v->kind == VALUE_FIELD && !strcmp(v->text, "tcpm_addr") &&
		    !address_number(v->child, &sin.sin_addr.s_addr))
			continue;
		if (v->kind == VALUE_FIELD && !strcmp(v->text, "tcpm_key") &&
		    v->child->kind == VALUE_STRING && v->child->length <= TCP_MD5SIG_MAXKEYLEN) {
			md5->tcpm_keylen = (uint16_t)v->child->length;
			memcpy(md5->tcpm_key, v->child->text, v->child->length);
			continue;
		}
		arg_bad(t,
			"TCP_MD5SIG: expected {tcpm_addr=inet_addr(\"ADDRESS\"), tcpm_key=\"KEY\"}");
	}
	memcpy(&md5->tcpm_addr, &sin, sizeof(sin));
	return sizeof(*md5);
}

/* Argument 4 of setsockopt() in user memory; *@size: what its bytes take. */
char *arg_option(struct task *t, int64_t level, int64_t option, size_t *size)
{
	const struct value *v = arg(t, 3);
	int is, n;
	char *to = arg_pointer(t, 3, &is);

	*size = sizeof(int);
	if (is)
		return to;
	to = arg_memory(t, v->length > 256 ? v->length : 256);
	if (!to)
		return NULL;
	if (v->kind == VALUE_STRING) {
		memcpy(to, v->text, v->length);
		*size = v->length;
	} else if (v->kind == VALUE_STRUCT && level == IPPROTO_TCP && option == TCP_MD5SIG) {
		*size = md5_value(t, v, (struct tcp_md5sig *)to);
	} else if (v->kind == VALUE_LIST || v->kind == VALUE_STRUCT) {
		n = arg_numbers(t, v, arg_is_timeval(level, option), to, 16);
		*size = (size_t)(n > 0 ? n : 0) * (arg_is_timeval(level, option) ? 8 : 4);
	} else {
		arg_bad(t, "argument 4: expected [NUMBER], {...}, a string or a pointer");
	}
	return to;
}

/* ---------------------------------------------------------------- data */

/* Argument 2 as a buffer of @count bytes, with a string's bytes in it. */
char *arg_buffer(struct task *t, size_t count)
{
	const struct value *v = arg(t, 1);
	int is;
	char *to = arg_pointer(t, 1, &is);

	if (is)
		return to;
	if (count > BUFFER)
		return arg_bad(t, "argument 3: expected at most %d bytes", BUFFER);
	to = arg_memory(t, count > v->length ? count : v->length);
	if (to && v->kind == VALUE_STRING)
		memcpy(to, v->text, v->length);
	return to;
}
