/* SPDX-License-Identifier: GPL-2.0-only */

/* The one way in which the commands read a number. */

#include <errno.h>
#include <stdlib.h>

#include "viewer/command.h"

int read_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno || *end || *value > max ? -1 : 0;
}
