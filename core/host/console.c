/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/* The machine's console, and its end. Silent unless asked to speak. */
#include "../include/host/host.h"

#include <stdio.h>
#include <stdlib.h>

static int console_level; /* messages up to this level are shown; 0: none */
static void (*panic_hook)(void);

void host_console_level(int level)
{
	console_level = level;
}

int host_console_wants(int level)
{
	return level <= console_level;
}

void host_console_write(int level, const char *text, size_t len)
{
	if (host_console_wants(level))
		fwrite(text, 1, len, stderr);
}

void host_panic_hook(void (*fn)(void))
{
	panic_hook = fn;
}

/* The hook runs once: a panic inside of it must not come back here. */
void host_panic(const char *text)
{
	void (*hook)(void) = panic_hook;

	fprintf(stderr, "synwalk: the core stopped: %s\n", text);
	panic_hook = NULL;
	if (hook)
		hook();
	abort();
}
