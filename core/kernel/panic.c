/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to do when an assumption does not hold (kernel/panic.c): panic() ends
 * the process, because a kernel that goes on with broken state lies in every
 * line of its trace; WARN_ON() is counted and goes on.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <host/host.h>

unsigned int warn_count;

void panic(const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	host_panic(text);
}

/* Out of line, so that a WARN_ON() costs its caller one comparison. */
void warn_slowpath(const char *file, int line, const char *what)
{
	warn_count++;
	pr_err("WARNING: %s at %s:%d, task %s/%d\n", what, file, line, current->comm, current->pid);
}

/* A caller that may have to sleep must not hold a spinlock or be in an interrupt. */
void might_sleep_check(const char *file, int line)
{
	if (unlikely(in_atomic()))
		panic("sleeping function called from invalid context at %s:%d", file, line);
}
