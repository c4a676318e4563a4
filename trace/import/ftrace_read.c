// SPDX-License-Identifier: GPL-2.0-only
/*
 * From lines to calls: who runs, in which context, and what returns when.
 *
 * function_graph says it all, but for what lies outside of the recording: returns of calls that began
 * before it. The function tracer says of each call its caller: what is open and is not the caller has
 * returned meanwhile. A caller that is not open (it is not traced, or was called before) is taken as
 * called just then, by nobody. An outline says it by its columns. Where a task goes on after others ran,
 * an outline no longer says in what: its lines are then put below a call "(resumed)" of the outermost.
 */
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

static bool one_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

/* What runs in softirq context, and below what softirqs and timers run. */
static const char *const handlers[] = { "net_rx_action", "net_tx_action", "run_timer_softirq",
					NULL };
static const char *const softirqs[] = { "__do_softirq", "handle_softirqs", NULL };
static const char *const timers[] = { "call_timer_fn", NULL };

static struct ftrace_call *top_of(struct ftrace_track *track)
{
	return track->depth ? &track->calls[track->depth - 1] : NULL;
}

/* As what a task runs that nothing interrupts. */
static int own_context(const struct ftrace_track *track)
{
	return track->pid ? CONTEXT_TASK : CONTEXT_IDLE;
}

/* As what a function runs: what its line says, its name, or who called it. */
static int context_of(struct ftrace_track *track, const struct ftrace_line *line, const char *name)
{
	const struct ftrace_call *top = top_of(track);
	int context = top ? top->context : own_context(track);

	if (track->irqs > (top ? top->irqs : 0))
		return CONTEXT_IRQ;
	if (one_of(name, handlers) || (top && one_of(top->name, softirqs)))
		return CONTEXT_SOFTIRQ;
	if (top && one_of(top->name, timers))
		return CONTEXT_TIMER;
	if (context == own_context(track) && line->context > CONTEXT_TASK)
		return line->context;
	/* the idle task itself does nothing that an outline shows */
	if (context == CONTEXT_IDLE && line->kind == FTRACE_OUTLINE)
		return CONTEXT_SOFTIRQ;
	return context;
}

/* ------------------------------------------------------------------ who runs */

static struct ftrace_track **running_on(struct ftrace_reading *r, int cpu)
{
	return &r->by_cpu[cpu < 0 ? 0 : cpu < FTRACE_CPUS ? cpu : FTRACE_CPUS - 1];
}

static struct ftrace_track *run(struct ftrace_reading *r, int cpu, struct ftrace_track *track)
{
	struct ftrace_track **place = running_on(r, cpu);

	if (*place && *place != track)
		ftrace_switch(&r->build, *place, track);
	*place = track;
	return track;
}

/* Whose line it is. */
static struct ftrace_track *track_of(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *now;

	if (line->task.comm[0])
		return run(r, line->cpu, ftrace_track(&r->build, &line->task, line->cpu));
	now = *running_on(r, line->cpu);
	return now ? now : run(r, line->cpu, ftrace_track(&r->build, &line->task, line->cpu));
}

static void take_switch(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *now = r->by_cpu[line->cpu < 0           ? 0 :
					     line->cpu < FTRACE_CPUS ? line->cpu :
								       FTRACE_CPUS - 1];

	/* who ran before the first of these lines is known only now */
	if (now && now->pid < 0)
		ftrace_name(&r->build, now, &line->task, line->cpu < 0 ? 0 : line->cpu);
	run(r, line->cpu, ftrace_track(&r->build, &line->next, line->cpu));
}

/* ------------------------------------------------------------------ function_graph */

static void take_time(struct ftrace_reading *r, const struct ftrace_line *line)
{
	if (line->timed)
		r->clock = line->time;
	ftrace_at(&r->build, r->clock);
}

static void take_call(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *track;
	struct ftrace_call *call;

	take_time(r, line);
	track = track_of(r, line);
	call = ftrace_call(&r->build, track, context_of(track, line, line->function), line,
			   line->function);
	call->irqs = track->irqs;
	if (line->kind == FTRACE_CALL)
		return;
	if (line->duration > 0)
		r->clock += line->duration;
	ftrace_at(&r->build, r->clock);
	ftrace_return(&r->build, track, line);
}

static void take_return(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *track;
	int at;

	take_time(r, line);
	track = track_of(r, line);
	at = track->depth - 1;
	while (at >= 0 && line->function[0] && strcmp(track->calls[at].name, line->function))
		at--;
	if (at < 0) {
		r->closed_before++;
		return;
	}
	if (!line->timed && line->duration > 0 &&
	    r->clock < r->build.base + track->calls[at].start + line->duration)
		r->clock = r->build.base + track->calls[at].start + line->duration;
	ftrace_at(&r->build, r->clock);
	/* returns of what it called are missing */
	while (track->depth > at + 1)
		ftrace_return(&r->build, track, NULL);
	ftrace_return(&r->build, track, line);
}

/* ------------------------------------------------------------------ the function tracer */

/* How far calls of an interrupt's context are above others. */
static int rank(int context)
{
	return context == CONTEXT_IRQ                             ? 2 :
	       context == CONTEXT_TASK || context == CONTEXT_IDLE ? 0 :
								    1;
}

static void pop_to(struct ftrace_reading *r, struct ftrace_track *track, int depth)
{
	while (track->depth > depth)
		ftrace_return(&r->build, track, NULL);
}

/* Leaves the caller of a function the innermost call. */
static void find_caller(struct ftrace_reading *r, struct ftrace_track *track,
			const struct ftrace_line *line)
{
	int context = line->context > CONTEXT_TASK ? line->context : own_context(track);
	int at = track->depth - 1;

	while (at >= 0 && strcmp(track->calls[at].name, line->caller))
		at--;
	if (at >= 0) {
		pop_to(r, track, at + 1);
		return;
	}
	/* what was interrupted is still open below */
	while (track->depth && rank(top_of(track)->context) >= rank(context))
		ftrace_return(&r->build, track, NULL);
	r->implied++;
	ftrace_call(&r->build, track, context, NULL, line->caller);
}

static void take_function(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *track;

	take_time(r, line);
	track = track_of(r, line);
	find_caller(r, track, line);
	ftrace_call(&r->build, track, context_of(track, line, line->function), line,
		    line->function);
}

/* ------------------------------------------------------------------ outlines */

static void take_outline_task(struct ftrace_reading *r, const struct ftrace_line *line)
{
	run(r, 0, ftrace_track(&r->build, &line->task, 0));
	r->resumes = true;
}

/* The task goes on in the middle of a call: which of those that were open has returned is not said. */
static void resume(struct ftrace_reading *r, struct ftrace_track *track,
		   const struct ftrace_line *line)
{
	struct ftrace_call *call;

	if (!track->depth || line->column <= track->calls[0].column)
		return;
	track->depth = 1;
	call = ftrace_call(&r->build, track, track->calls[0].context, NULL, FTRACE_RESUMED);
	call->column = track->calls[0].column;
}

static void take_outline(struct ftrace_reading *r, const struct ftrace_line *line)
{
	struct ftrace_track *track;
	struct ftrace_call *call;

	take_time(r, line);
	track = track_of(r, line);
	if (r->resumes)
		resume(r, track, line);
	r->resumes = false;
	for (int i = 0; i < line->times; i++) {
		while (track->depth && top_of(track)->column >= line->column)
			ftrace_return(&r->build, track, NULL);
		call = ftrace_call(&r->build, track, context_of(track, line, line->function), line,
				   line->function);
		call->column = line->column;
	}
}

/* ------------------------------------------------------------------ lines */

/* What says how the rest is to be understood. */
static void take_format(struct ftrace_reading *r, const struct ftrace_line *line)
{
	static const char *const words[] = {
		[FTRACE_CALL] = "function_graph",   [FTRACE_LEAF] = "function_graph",
		[FTRACE_RETURN] = "function_graph", [FTRACE_FUNCTION] = "function",
		[FTRACE_OUTLINE] = "outline",
	};

	if (r->counts.format || line->kind >= sizeof(words) / sizeof(*words) || !words[line->kind])
		return;
	r->counts.format = words[line->kind];
	r->format = line->kind;
}

void ftrace_take(struct ftrace_reading *r, int number, const struct ftrace_line *line)
{
	r->counts.lines++;
	take_format(r, line);
	switch (line->kind) {
	case FTRACE_CALL:
	case FTRACE_LEAF:
		take_call(r, line);
		break;
	case FTRACE_RETURN:
		take_return(r, line);
		break;
	case FTRACE_FUNCTION:
		take_function(r, line);
		break;
	case FTRACE_OUTLINE:
		take_outline(r, line);
		break;
	case FTRACE_TASK:
		take_outline_task(r, line);
		break;
	case FTRACE_SWITCH:
		take_switch(r, line);
		break;
	case FTRACE_IRQ:
		track_of(r, line)->irqs++;
		break;
	case FTRACE_IRQ_END:
		if (track_of(r, line)->irqs)
			track_of(r, line)->irqs--;
		break;
	case FTRACE_LOST:
		r->counts.lost += line->lost;
		break;
	case FTRACE_SCENARIO:
		if (!r->scenario[0])
			strcpy(r->scenario, line->words);
		break;
	case FTRACE_BAD:
		r->counts.left_out++;
		if (r->in->complain)
			r->in->complain(r->in->context, number, line->why);
		break;
	case FTRACE_NOTHING:
		break;
	}
}

void ftrace_take_end(struct ftrace_reading *r)
{
	/* when calls end, only function_graph says */
	if (r->format != FTRACE_FUNCTION && r->format != FTRACE_OUTLINE)
		return;
	for (int i = 0; i < r->build.track_count; i++)
		pop_to(r, r->build.tracks[i], 0);
}
