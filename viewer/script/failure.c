/* SPDX-License-Identifier: GPL-2.0-only */

/* Where in a trace to look for what a script complains about. */

#include <stdio.h>
#include <string.h>

#include "viewer/script/failure.h"

struct search {
	struct trace *trace;
	unsigned int left;
	int64_t found;
};

static int find_frame(void *ctx, const struct trace_step *s)
{
	struct search *search = ctx;
	struct trace_packet packet;
	int out;

	if (trace_packet(search->trace, s->step, &packet) != 1)
		return 0;
	out = packet.out;
	trace_packet_free(&packet);
	if (!out || --search->left)
		return 0;
	search->found = s->step;
	return 1;
}

/* The last step before the failure: the world may have run on. */
static int64_t last_before(struct trace *t, const struct play *p)
{
	int64_t after = trace_step_at(t, (int64_t)(p->failure_ns - p->begin_ns) + 1);

	return after > 1 ? after - 1 : trace_last_step(t);
}

int64_t failure_step(struct trace *t, const struct play *p)
{
	struct search search = { t, p->failure_frame, 0 };
	const struct trace_func *func;
	char name[64];

	if (p->failure_frame)
		trace_each(t, 1, trace_last_step(t), TRACE_BIT(TRACE_PACKET), find_frame, &search);
	if (!search.found && p->failure_call) {
		const char *call = p->failure_call;

		if (!strcmp(call, "send"))
			call = "sendto";
		else if (!strcmp(call, "recv"))
			call = "recvfrom";
		snprintf(name, sizeof(name), "sys_%s", call);
		func = trace_func_by_name(t, name);
		if (func)
			search.found = trace_previous_call_of(t, trace_last_step(t) + 1, func->id);
	}
	return search.found ? search.found : last_before(t, p);
}
