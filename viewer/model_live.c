/* SPDX-License-Identifier: GPL-2.0-only */
/* A core that is looked at while it runs: it goes on when the walk comes to the end of what it did. */
#include <inttypes.h>

#include "viewer/i18n.h"
#include "viewer/model.h"

/* Records a second when nothing is said. */
#define PACE 20

bool model_more(struct model *m, int64_t records)
{
	bool stood;

	if (!m->core || !trace_is_live(m->t))
		return false;
	stood = m->core->more(m->core, records);
	/* not each record makes a step */
	if (model_refresh(m) || stood)
		return true;
	if (trace_is_live(m->t))
		model_say(m, _("the core waits for a frame or a timer, and goes on by itself"));
	return false;
}

void model_run(struct model *m, int64_t pace)
{
	if (!m->core || !trace_is_live(m->t)) {
		model_say(m, _("there is no core that could run: this is a replay"));
		return;
	}
	if (pace)
		m->core->pace = (double)pace;
	else if (!m->core->pace)
		m->core->pace = PACE;
	m->core->running = pace || !m->core->running;
	if (!m->core->running) {
		model_say(m, _("the core stands"));
		return;
	}
	model_move(m, trace_last_step(m->t), true);
	m->follow = true;
	model_say(m, _("the core runs, %.0f records a second; R stops it"), m->core->pace);
}

bool model_running(struct model *m, double elapsed)
{
	int64_t records = m->core ? (int64_t)(m->core->pace * elapsed + 0.5) : 0;

	if (!m->core || !m->core->running)
		return false;
	/* whoever steps or looks elsewhere has stopped it */
	if (!m->follow) {
		m->core->running = false;
		return false;
	}
	return model_more(m, records > 0 ? records : 1);
}
