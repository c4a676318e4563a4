/* SPDX-License-Identifier: GPL-2.0-only */
/* Filters: walking through some of the steps only. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "viewer/i18n.h"
#include "viewer/model.h"

/* Between two keys nobody notices so much, s. */
#define MOMENT 0.01

double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool model_patience(void *ctx)
{
	const struct model *m = ctx;

	return !m->stop && (m->deadline <= 0 || seconds() < m->deadline);
}

bool model_set_filter(struct model *m, const char *text)
{
	struct trace_filter *filter = NULL;
	char why[240];

	if (*text) {
		filter = trace_filter_new(m->t, text, why, sizeof(why));
		if (!filter)
			return model_say(m, "%s", why);
	} else if (!m->filter) {
		return model_say(m, _("there was no filter"));
	}
	trace_filter_free(m->filter);
	m->filter = filter;
	snprintf(m->filter_text, sizeof(m->filter_text), "%s", text);
	if (!filter)
		model_say(m, _("all steps again"));
	else if (!trace_filter_has(filter, m->step))
		model_say(m, _("this step is none of them: n and N go to those around it"));
	return true;
}

bool model_filter_work(struct model *m)
{
	bool more;

	if (!m->filter)
		return false;
	m->deadline = seconds() + MOMENT;
	more = trace_filter_work(m->filter, model_patience, m);
	m->deadline = 0;
	return more;
}

const char *model_filter_words(const struct model *m, char *buf, size_t len)
{
	bool whole = false;
	int64_t count = m->filter ? trace_filter_count(m->filter, &whole) : 0;

	*buf = '\0';
	if (m->filter)
		snprintf(buf, len, _("%" PRId64 "%s of %" PRId64 ": %s"), count, whole ? "" : "+",
			 trace_last_step(m->t), m->filter_text);
	return buf;
}

int64_t model_filter_next(struct model *m, int64_t step, bool forward)
{
	return trace_filter_next(m->filter, step, forward, model_patience, m);
}
