/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs of small calls: where helpers are called one after the other and nothing changes, the walk has
 * one line for all of them.
 *
 * A call is small if it returns within some steps, and changes nothing if there is no store, packet or
 * the like among them.  Calls that follow each other as lines of the same call make a run, from three
 * on.  A run in which the position lies, other than on its first call, has its lines: so whoever steps
 * or jumps into it sees where that is.
 */
#include <stdio.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"

/* Steps that a small call has at most, calls that a run has at least and at most. */
#define SMALL 64
#define LEAST 3
#define MOST  256

/* Names told of a run. */
#define NAMES 8

#define CHANGE_KINDS                                                                 \
	(TRACE_BIT(TRACE_STORE) | TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_DROP) |  \
	 TRACE_BIT(TRACE_TIMER) | TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) |   \
	 TRACE_BIT(TRACE_SWITCH) | TRACE_BIT(TRACE_STATE) | TRACE_BIT(TRACE_ALLOC) | \
	 TRACE_BIT(TRACE_FREE) | TRACE_BIT(TRACE_CONTEXT))

/* Where a small call that changes nothing returns; 0 of any other step. */
static int64_t small_end(struct model *m, int64_t call)
{
	struct tiny *kept = &m->tiny[(uint64_t)call % (sizeof(m->tiny) / sizeof(m->tiny[0]))];
	int64_t end;

	if (kept->call == call)
		return kept->end;
	end = trace_return_of(m->t, call);
	if (end > call + SMALL || (end && trace_next_within(m->t, call, end, CHANGE_KINDS)))
		end = 0;
	*kept = (struct tiny){ call, end };
	return end;
}

static int64_t parent_of(struct model *m, int64_t step)
{
	int64_t parent;

	trace_shape(m->t, step, &parent);
	return parent;
}

static bool belongs(struct model *m, int64_t call, int64_t parent)
{
	return call && small_end(m, call) && model_is_closed(m, call) &&
	       parent_of(m, call) == parent;
}

static bool is_unfolded(const struct model *m, int64_t first)
{
	for (size_t i = 0; i < sizeof(m->unfolded) / sizeof(m->unfolded[0]); i++)
		if (first && m->unfolded[i] == first)
			return true;
	return false;
}

/* The run that a small, closed call is part of.  Is it folded? */
static bool find_run(struct model *m, int64_t step, struct model_run *run)
{
	int64_t parent = parent_of(m, step), at;

	*run = (struct model_run){ .first = step, .last = step, .count = 1 };
	while (run->count < MOST && belongs(m, at = model_line_before(m, run->first), parent)) {
		run->first = at;
		run->count++;
	}
	while (run->count < MOST && belongs(m, at = model_line_after(m, run->last), parent)) {
		run->last = at;
		run->count++;
	}
	run->end = small_end(m, run->last);
	return run->count >= LEAST && !(m->step > run->first && m->step <= run->end) &&
	       !is_unfolded(m, run->first);
}

bool model_run_of(struct model *m, int64_t step, struct model_run *run)
{
	struct run_memo *memo = &m->memo[(uint64_t)step % (sizeof(m->memo) / sizeof(m->memo[0]))];

	memset(run, 0, sizeof(*run));
	if (!m->runs || m->filter || !small_end(m, step) || !model_is_closed(m, step))
		return false;
	if (memo->step != step || memo->position != m->step || memo->detail != m->detail ||
	    memo->folds != m->folds) {
		memo->folded = find_run(m, step, &memo->run);
		memo->step = step;
		memo->position = m->step;
		memo->detail = m->detail;
		memo->folds = m->folds;
	}
	if (memo->folded)
		*run = memo->run;
	return memo->folded;
}

void model_run_text(struct model *m, const struct model_run *run, char *buf, size_t len)
{
	struct {
		const char *name;
		int times;
	} names[NAMES];
	int n = 0, others = 0;
	size_t used;
	int64_t at = run->first;

	for (int i = 0; i < run->count && at; i++, at = model_line_after(m, at)) {
		struct trace_step s;
		int k = 0;

		if (trace_step(m->t, at, &s) != 1)
			break;
		while (k < n && s.func && strcmp(names[k].name, s.func->name))
			k++;
		if (k < n)
			names[k].times++;
		else if (n < NAMES && s.func)
			names[n++] = (typeof(names[0])){ s.func->name, 1 };
		else
			others++;
		trace_step_free(&s);
	}
	used = (size_t)snprintf(buf, len, "%d calls:", run->count);
	for (int k = 0; k < n && used < len; k++)
		used += (size_t)snprintf(buf + used, len - used,
					 names[k].times > 1 ? "%s %s %dx" : "%s %s", k ? "," : "",
					 names[k].name, names[k].times);
	if (others && used < len)
		snprintf(buf + used, len - used, ", ...");
}

void model_unfold_run(struct model *m, const struct model_run *run)
{
	m->folds++;
	m->unfolded[m->nunfolded++ % (sizeof(m->unfolded) / sizeof(m->unfolded[0]))] = run->first;
}

void model_toggle_runs(struct model *m)
{
	m->runs = !m->runs;
	m->folds++;
	memset(m->unfolded, 0, sizeof(m->unfolded));
	model_say(m, m->runs ? _("runs of small calls that change nothing are one line") :
			       _("every call has a line of its own"));
}
