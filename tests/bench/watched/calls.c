/* SPDX-License-Identifier: GPL-2.0-only */
/* What hooks.c calls: compiled twice, with the hooks (watched_add) and without (plain_add). */
#include "calls.h"

int ADD(int a, const struct pair *pair)
{
	return a + pair->b;
}
