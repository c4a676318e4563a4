/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lanes: who runs when, who sleeps, who wakes whom.
 *
 * Theory of operation
 *
 * The axis counts steps, not time: on a virtual clock most of a walk happens at one instant.  A column
 * stands for some steps.  Who runs in it is read from the trace's moments (at which steps it becomes
 * another time, task or context), a few for each column whatever it stands for; so the cost depends on
 * the columns, not on the length of the trace.  Who sleeps follows from the sleeps and wake-ups around.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

#define LANE_KINDS                                                                  \
	(TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) | TRACE_BIT(TRACE_SWITCH) | \
	 TRACE_BIT(TRACE_TIMER))

/*
 * Moments read of each column; where there are more, so many of its steps are asked instead.  Marks of all, sleeps looked at
 * before the first column.
 */
#define MAX_MOMENTS 8
#define SAMPLES     8
#define MAX_MARKS   300
#define MAX_BEFORE  64

/* Tasks that are looked for by their names have lower numbers. */
#define MAX_TASKS 1024

/* A trace of so many steps is shown as a whole at first; of a longer one so many a column. */
#define WHOLE_TRACE  100000
#define FIRST_COLUMN 256

struct builder {
	struct model *m;
	struct lanes *out;
	int column, moments;
	int64_t share[LANES_MAX]; /* how many of its steps each ran */
	int64_t since;
	int who;
};

/* ---- who runs ---------------------------------------------------------------------------------- */

static int lane_of(struct builder *b, int task, int context)
{
	static const char *const names[] = { "task", "softirq", "timer", "idle" };
	struct lanes *l = b->out;
	struct lane *lane;
	const char *name;

	if (context)
		task = -1;
	for (int i = 0; i < l->count; i++)
		if (l->lane[i].task == task && l->lane[i].context == context)
			return i;
	if (l->count == LANES_MAX) {
		l->cut = true;
		return -1;
	}
	lane = &l->lane[l->count];
	lane->cells = calloc((size_t)l->columns, 1);
	if (!lane->cells)
		return -1;
	name = context ? names[context & 3] : trace_task_name(b->m->t, task);
	snprintf(lane->name, sizeof(lane->name), "%s", name ? name : "?");
	lane->task = task;
	lane->context = context;
	return l->count++;
}

static void close_span(struct builder *b, int64_t end)
{
	if (b->who >= 0 && end > b->since)
		b->share[b->who] += end - b->since;
}

static int one_moment(void *ctx, int64_t step, int64_t time, int task, int context)
{
	struct builder *b = ctx;
	struct lanes *l = b->out;
	int64_t from = l->from + b->column * l->per;

	if (!b->moments || step <= from)
		l->times[b->column] = time;
	close_span(b, step);
	b->since = step > from ? step : from;
	b->who = lane_of(b, task, context);
	return ++b->moments == MAX_MOMENTS;
}

static int one_sample(void *ctx, int64_t step, int64_t time, int task, int context)
{
	struct builder *b = ctx;
	int lane = lane_of(b, task, context);

	(void)step;
	(void)time;
	if (lane >= 0)
		b->share[lane]++;
	return 1;
}

/* A recording with times of its own for every step has too many moments to be read. */
static void sample_column(struct builder *b, int64_t from, int64_t to)
{
	memset(b->share, 0, sizeof(b->share));
	for (int i = 0; i < SAMPLES; i++) {
		int64_t at = from + (to - from) * i / (SAMPLES - 1);

		trace_moments(b->m->t, at, at, one_sample, b);
	}
}

static void fill_column(struct builder *b, int column, int64_t last)
{
	struct lanes *l = b->out;
	int64_t from = l->from + column * l->per, to = from + l->per - 1;
	int ran = 0;

	if (from > last)
		return;
	if (to > last)
		to = last;
	b->column = column;
	b->moments = 0;
	b->who = -1;
	memset(b->share, 0, sizeof(b->share));
	if (trace_moments(b->m->t, from, to, one_moment, b))
		sample_column(b, from, to);
	else
		close_span(b, to + 1);
	for (int i = 0; i < l->count; i++)
		ran += b->share[i] > 0;
	for (int i = 0; i < l->count; i++)
		if (b->share[i])
			l->lane[i].cells[column] = ran > 1 ? LANE_SHARES : LANE_RUNS;
}

/* ---- what happens ------------------------------------------------------------------------------- */

static int column_of(const struct lanes *l, int64_t step)
{
	return (int)((step - l->from) / l->per);
}

/* The lane of a task, which need not run in these columns. */
static int task_by_name(struct builder *b, const char *name)
{
	for (int id = 0; id < MAX_TASKS; id++) {
		const char *task = trace_task_name(b->m->t, id);

		if (task && !strcmp(task, name))
			return lane_of(b, id, 0);
	}
	return -1;
}

/*
 * From a column on, a task does this until it runs; it may run still in the first columns, in which it
 * says so.
 */
static void goes_on(struct builder *b, int lane, int column, enum lane_cell what)
{
	struct lanes *l = b->out;
	int64_t last = (trace_last_step(b->m->t) - l->from) / l->per;
	bool rests = false;

	if (lane < 0)
		return;
	for (; column < l->columns && column <= last; column++) {
		uint8_t *cell = &l->lane[lane].cells[column];
		bool runs = *cell == LANE_RUNS || *cell == LANE_SHARES;

		if (runs && (rests || what == LANE_READY))
			break;
		rests |= !runs;
		if (!runs)
			*cell = what;
	}
}

static char sign_of(const struct trace_step *s)
{
	const char *extra = s->extra ? s->extra : "";

	switch (s->kind) {
	case TRACE_SLEEP:
		return 'z';
	case TRACE_WAKE:
		return '^';
	case TRACE_SWITCH:
		return '%';
	default:
		return !strcmp(extra, "fired") ? '@' : !strcmp(extra, "armed") ? '+' : '-';
	}
}

static int one_mark(void *ctx, const struct trace_step *s)
{
	struct builder *b = ctx;
	struct lanes *l = b->out;
	struct lane_mark *mark;
	int column = column_of(l, s->step);

	if (l->nmarks == MAX_MARKS) {
		l->cut = true;
		return 1;
	}
	mark = &l->marks[l->nmarks++];
	mark->step = s->step;
	mark->column = column;
	mark->sign = sign_of(s);
	mark->lane = lane_of(b, s->task, s->context);
	mark->to = s->kind == TRACE_WAKE && s->extra ? task_by_name(b, s->extra) : -1;
	if (s->kind == TRACE_SLEEP)
		goes_on(b, mark->lane, column, LANE_SLEEPS);
	else if (s->kind == TRACE_WAKE)
		goes_on(b, mark->to, column, LANE_READY);
	return 0;
}

/* Who slept, or was woken and had not run yet, when the first column begins. */
static void look_before(struct builder *b)
{
	struct lanes *l = b->out;
	bool known[LANES_MAX] = { false };
	int64_t at = l->from;

	for (int n = 0; n < MAX_BEFORE; n++) {
		struct trace_step s;
		int lane;

		at = trace_previous(b->m->t, at, TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE));
		if (!at || trace_step(b->m->t, at, &s) != 1)
			break;
		lane = s.kind == TRACE_SLEEP ? lane_of(b, s.task, 0) :
		       s.extra               ? task_by_name(b, s.extra) :
					       -1;
		if (lane >= 0 && !known[lane] && s.kind == TRACE_SLEEP)
			goes_on(b, lane, 0, LANE_SLEEPS);
		if (lane >= 0)
			known[lane] = true;
		trace_step_free(&s);
	}
}

/*
 * All that happens in the columns.  Steps of these kinds are found by their lists, one after the other;
 * what lies between is not read.
 */
static void fill_marks(struct builder *b, int64_t last)
{
	struct lanes *l = b->out;
	int64_t at = l->from - 1, to = l->from + l->columns * l->per - 1;

	if (to > last)
		to = last;
	while ((at = trace_next(b->m->t, at, LANE_KINDS)) != 0 && at <= to) {
		struct trace_step s;
		int stop;

		if (trace_step(b->m->t, at, &s) != 1)
			break;
		stop = one_mark(b, &s);
		trace_step_free(&s);
		if (stop)
			break;
	}
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static int64_t per_column(const struct model *m, int columns)
{
	int64_t last = trace_last_step(m->t);

	if (m->lanes_per)
		return m->lanes_per;
	if (last > WHOLE_TRACE)
		return FIRST_COLUMN;
	return last / columns + 1;
}

static void say_what(struct model *m, struct lanes *out)
{
	int64_t step = m->lanes_at ? m->lanes_at : m->step;
	char words[300], time[32], text[500];
	struct trace_step s;

	if (trace_step(m->t, step, &s) != 1)
		return;
	snprintf(text, sizeof(text), "%s  %s%s%s: %s", words_time(time, sizeof(time), s.time),
		 s.task_name ? s.task_name : "?", s.context ? ", " : "",
		 s.context && s.context_name ? s.context_name : "",
		 words_step(words, sizeof(words), m->t, &s, &m->flows));
	out->text = strdup(text);
	trace_step_free(&s);
}

static int by_context(const void *a, const void *b)
{
	const struct lane *x = *(const struct lane *const *)a, *y = *(const struct lane *const *)b;

	/* tasks first, then what interrupts them, the idle task last */
	return x->context != y->context ? x->context - y->context : x->task - y->task;
}

/* Puts the lanes in their order, whichever was met first. */
static void sort_lanes(struct lanes *l)
{
	const struct lane *order[LANES_MAX];
	struct lane sorted[LANES_MAX];
	int place[LANES_MAX];

	for (int i = 0; i < l->count; i++)
		order[i] = &l->lane[i];
	qsort(order, (size_t)l->count, sizeof(order[0]), by_context);
	for (int i = 0; i < l->count; i++) {
		sorted[i] = *order[i];
		place[order[i] - l->lane] = i;
	}
	memcpy(l->lane, sorted, (size_t)l->count * sizeof(sorted[0]));
	for (int i = 0; i < l->nmarks; i++) {
		l->marks[i].lane = l->marks[i].lane < 0 ? -1 : place[l->marks[i].lane];
		l->marks[i].to = l->marks[i].to < 0 ? -1 : place[l->marks[i].to];
	}
}

int model_lanes(struct model *m, int columns, struct lanes *out)
{
	struct builder b = { .m = m, .out = out };
	int64_t last = trace_last_step(m->t), center = m->lanes_at ? m->lanes_at : m->step, most;

	memset(out, 0, sizeof(*out));
	out->at = -1;
	if (!m->step || columns < 1)
		return 0;
	out->columns = columns;
	out->per = per_column(m, columns);
	/* columns begin at multiples of their steps, so that they stand still while one steps */
	out->from = ((center - 1) / out->per - columns / 2) * out->per + 1;
	most = ((last - 1) / out->per + 1 - columns) * out->per + 1;
	if (out->from > most)
		out->from = most;
	if (out->from < 1)
		out->from = 1;
	out->times = calloc((size_t)columns, sizeof(*out->times));
	out->marks = calloc(MAX_MARKS, sizeof(*out->marks));
	if (!out->times || !out->marks)
		return -1;
	for (int c = 0; c < columns; c++)
		fill_column(&b, c, last);
	look_before(&b);
	fill_marks(&b, last);
	sort_lanes(out);
	out->here = m->step >= out->from ? column_of(out, m->step) : -1;
	if (m->lanes_at)
		out->at = column_of(out, m->lanes_at);
	say_what(m, out);
	return 0;
}

void model_lanes_free(struct lanes *l)
{
	for (int i = 0; i < l->count; i++)
		free(l->lane[i].cells);
	free(l->marks);
	free(l->times);
	free(l->text);
	memset(l, 0, sizeof(*l));
}

void model_lanes_zoom(struct model *m, bool in, int columns)
{
	int64_t per = columns > 0 ? per_column(m, columns) : 1, last = trace_last_step(m->t);

	if (in && per == 1)
		model_say(m, _("a column is one step already"));
	else if (!in && columns > 0 && per > last / columns)
		model_say(m, _("the whole trace is shown"));
	else
		m->lanes_per = in ? per / 2 : per * 2;
}

bool model_lanes_move(struct model *m, bool forward)
{
	int64_t at = m->lanes_at ? m->lanes_at : m->step;
	int64_t to =
		forward ? trace_next(m->t, at, LANE_KINDS) : trace_previous(m->t, at, LANE_KINDS);

	if (!to)
		return model_say(m, _("no %s sleep, wake-up, switch or timer"),
				 forward ? _("later") : _("earlier"));
	m->lanes_at = to;
	return true;
}
