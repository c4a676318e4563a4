/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linked into a synwalk of its own, between the watched core and the hooks (ld --wrap): counts the
 * hooks' calls since the recording began and, at one of them, does what a mistake in the core would.
 *
 *     CRASH=KIND:AT     KIND as in the table below, AT from 1
 *
 * `count` tells at the end of the recording how many calls are left of AT; `stop` ends the recording
 * in order at that call, and the program with it.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "trace/record/record.h"

/* Calls to go; 0: the recording has not begun, or nothing is to happen. */
uint64_t crash_countdown;
void crash_now(void);

static char kind[16];

/* Each hook counts down and goes on to the real one, its arguments and return address untouched. */
#define BETWEEN(hook)                           \
	__asm__(".text\n"                       \
		".globl __wrap_" hook "\n"      \
		"__wrap_" hook ":\n"            \
		"	decq crash_countdown(%rip)\n" \
		"	jz crash_now\n"               \
		"	jmp __real_" hook "\n")
BETWEEN("__tsan_func_entry");
BETWEEN("__tsan_func_exit");
BETWEEN("__tsan_write1");
BETWEEN("__tsan_write2");
BETWEEN("__tsan_write4");
BETWEEN("__tsan_write8");
BETWEEN("__tsan_write_range");
BETWEEN("__sanitizer_cov_trace_pc");
BETWEEN("__sanitizer_cov_trace_cmp4");
BETWEEN("__sanitizer_cov_trace_const_cmp4");

static __attribute__((noinline)) int overflow(volatile char *before)
{
	volatile char room[512];

	room[0] = *before;
	return kind[0] ? overflow(room) + room[0] : 0;
}

static void touch_beyond_file(void)
{
	int fd = memfd_create("empty", 0);
	volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	(void)page[0];
}

void crash_now(void)
{
	static volatile int zero;
	volatile char byte = 0;
	char err[256];

	if (!strcmp(kind, "write"))
		*(volatile int *)(uintptr_t)8 = 1;
	else if (!strcmp(kind, "read"))
		(void)*(volatile int *)(uintptr_t)8;
	else if (!strcmp(kind, "wild"))
		*(volatile int *)0xa7a7a7a7a7a7a7a7 = 1;
	else if (!strcmp(kind, "jump"))
		((void (*)(void))(uintptr_t)8)();
	else if (!strcmp(kind, "divide"))
		zero = 100 / zero;
	else if (!strcmp(kind, "illegal"))
		__builtin_trap();
	else if (!strcmp(kind, "bus"))
		touch_beyond_file();
	else if (!strcmp(kind, "overflow"))
		overflow(&byte);
	else if (!strcmp(kind, "abort"))
		abort();
	else if (!strcmp(kind, "term"))
		raise(SIGTERM);
	else if (!strcmp(kind, "stop"))
		_exit(record_stop("0", err, sizeof(err)) ? 2 : 0);
	fprintf(stderr, "crash: %s: no such kind\n", kind);
	_exit(99);
}

int __real_record_start(const struct record_options *options, char *err, size_t errlen);
int __wrap_record_start(const struct record_options *options, char *err, size_t errlen);
int __real_record_stop(const char *result, char *err, size_t errlen);
int __wrap_record_stop(const char *result, char *err, size_t errlen);

int __wrap_record_start(const struct record_options *options, char *err, size_t errlen)
{
	const struct rlimit none = { 0, 0 };
	const char *wanted = getenv("CRASH");
	int code = __real_record_start(options, err, errlen);
	unsigned long at = 0;

	setrlimit(RLIMIT_CORE, &none);
	if (!code && wanted && sscanf(wanted, "%15[a-z]:%lu", kind, &at) == 2)
		crash_countdown = at;
	return code;
}

int __wrap_record_stop(const char *result, char *err, size_t errlen)
{
	if (!strcmp(kind, "count"))
		printf("%lu\n", (unsigned long)crash_countdown);
	return __real_record_stop(result, err, errlen);
}
