/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_WIN_MINMAX_H
#define _LINUX_WIN_MINMAX_H

/*
 * The minimum (or maximum) of a value over a sliding window of time, kept in
 * three samples (Kathleen Nichols' algorithm; lib/win_minmax.c). TCP keeps its
 * minimum round trip time in one.
 */
#include <linux/types.h>

struct minmax_sample {
	u32 t; /* time of the sample */
	u32 v; /* its value */
};

struct minmax {
	struct minmax_sample s[3]; /* best, second and third choice */
};

static inline u32 minmax_get(const struct minmax *m)
{
	return m->s[0].v;
}

static inline u32 minmax_reset(struct minmax *m, u32 t, u32 meas)
{
	struct minmax_sample val = { .t = t, .v = meas };

	m->s[2] = m->s[1] = m->s[0] = val;
	return m->s[0].v;
}

u32 minmax_running_max(struct minmax *m, u32 win, u32 t, u32 meas);
u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 meas);

#endif
