/* SPDX-License-Identifier: GPL-2.0-only */
/* The log (kernel/printk/printk.c): formats a message and hands it to the host's console. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <host/host.h>

/*
 * printk - logs a message; KERN_x in front of the format gives its level
 * Returns the number of characters. Messages above the console's level go nowhere.
 */
int printk(const char *fmt, ...)
{
	int level = 4;
	char text[256];
	va_list args;
	int len;

	if (fmt[0] == '<' && fmt[1] >= '0' && fmt[1] <= '7' && fmt[2] == '>') {
		level = fmt[1] - '0';
		fmt += 3;
	}
	if (!host_console_wants(level))
		return 0;
	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	host_console_write(level, text, strnlen(text, sizeof(text)));
	return len;
}
