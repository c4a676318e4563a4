/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "viewer/command.h"

void result_name(long result, char *text, size_t room)
{
	const char *name = result < 0 ? strerrorname_np((int)-result) : NULL;

	if (name)
		snprintf(text, room, "-%s", name);
	else
		snprintf(text, room, "%ld", result);
}
