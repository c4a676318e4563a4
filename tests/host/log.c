/* SPDX-License-Identifier: GPL-2.0-only */

/* What a machine says, and the source of chance; see machine.h. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/host/machine.h"

static uint64_t state;

void rnd_seed(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15ull + 12345;
	for (int i = 0; i < 20; i++)
		rnd(2);
}

uint32_t rnd(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 20) % n;
}

/* Each line at once: a machine that dies has said what it did. */
void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	fflush(stdout);
}

const char *result_text(long result)
{
	static char text[4][32];
	static unsigned int next;
	char *to = text[next++ % 4];
	const char *name = result < 0 ? strerrorname_np((int)-result) : NULL;

	if (name)
		snprintf(to, sizeof(text[0]), "%s", name);
	else
		snprintf(to, sizeof(text[0]), "%ld", result);
	return to;
}

const char *address_text(uint32_t be)
{
	static char text[4][INET_ADDRSTRLEN];
	static unsigned int next;

	return inet_ntop(AF_INET, &be, text[next++ % 4], sizeof(text[0]));
}

const char *port_text(uint16_t port)
{
	static char text[4][8];
	static unsigned int next;
	char *to = text[next++ % 4];

	if (port >= 32768)
		strcpy(to, "E");
	else
		snprintf(to, sizeof(text[0]), "%u", (unsigned int)port);
	return to;
}
