/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The best value of a sliding window (lib/win_minmax.c), after Kathleen Nichols'
 * windowed filter. Three samples are kept: the best of the window, the best
 * since that one, and the best since the second. When the best leaves the window
 * the second takes its place, without looking at old measurements again.
 */
#include <linux/kernel.h>
#include <linux/win_minmax.h>

/*
 * The best has not been replaced: let samples grow old. Samples 2 and 3 are
 * renewed when a quarter and a half of the window has passed without news, so
 * that there is always a recent one to fall back on.
 */
static u32 minmax_subwin_update(struct minmax *m, u32 win, const struct minmax_sample *val)
{
	u32 dt = val->t - m->s[0].t;

	if (unlikely(dt > win)) {
		m->s[0] = m->s[1];
		m->s[1] = m->s[2];
		m->s[2] = *val;
		if (unlikely(val->t - m->s[0].t > win)) {
			m->s[0] = m->s[1];
			m->s[1] = m->s[2];
			m->s[2] = *val;
		}
	} else if (unlikely(m->s[1].t == m->s[0].t) && dt > win / 4) {
		m->s[2] = m->s[1] = *val;
	} else if (unlikely(m->s[2].t == m->s[1].t) && dt > win / 2) {
		m->s[2] = *val;
	}
	return m->s[0].v;
}

/* Both: @win and @t in the caller's unit of time; returns the best of the window. */
u32 minmax_running_max(struct minmax *m, u32 win, u32 t, u32 meas)
{
	struct minmax_sample val = { .t = t, .v = meas };

	if (unlikely(val.v >= m->s[0].v) || unlikely(val.t - m->s[2].t > win))
		return minmax_reset(m, t, meas);
	if (unlikely(val.v >= m->s[1].v))
		m->s[2] = m->s[1] = val;
	else if (unlikely(val.v >= m->s[2].v))
		m->s[2] = val;
	return minmax_subwin_update(m, win, &val);
}

u32 minmax_running_min(struct minmax *m, u32 win, u32 t, u32 meas)
{
	struct minmax_sample val = { .t = t, .v = meas };

	if (unlikely(val.v <= m->s[0].v) || unlikely(val.t - m->s[2].t > win))
		return minmax_reset(m, t, meas);
	if (unlikely(val.v <= m->s[1].v))
		m->s[2] = m->s[1] = val;
	else if (unlikely(val.v <= m->s[2].v))
		m->s[2] = val;
	return minmax_subwin_update(m, win, &val);
}
