/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST sink: passes finished events on to whatever LTTng session listens.
 *
 * Built into libsynwalk-lttng.so and loaded by sink_lttng.c on demand.  LTTng does the rest:
 * with no session each event costs a test, with one it goes to shared memory and from there to
 * a CTF trace that babeltrace2 and others read.
 */
#include <stdio.h>
#include <stdlib.h>

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "synwalk_tp.h"

/* Longest value told; packets go out whole, in a field of their own. */
#define TEXT_MAX 1024

struct sink *synwalk_lttng_sink(void);

static const char *text_of(const struct value *value, char *to)
{
	const unsigned char *bytes = (const unsigned char *)value->text;
	size_t used = 0;

	switch (value->kind) {
	case VALUE_NONE:
		return "";
	case VALUE_INTEGER:
		snprintf(to, TEXT_MAX, "%lld", (long long)value->integer);
		return to;
	case VALUE_TEXT:
		return value->text;
	case VALUE_BYTES:
		to[0] = 0;
		for (size_t i = 0; i < value->size && used + 3 < TEXT_MAX; i++)
			used += (size_t)snprintf(to + used, TEXT_MAX - used, "%02x", bytes[i]);
		return to;
	}
	return "";
}

#define SEND(kind, name)                                               \
	case kind:                                                     \
		if (!lttng_ust_tracepoint_enabled(synwalk, name))      \
			break;                                         \
		texts.old_text = text_of(&event->old_value, old_text); \
		texts.new_text = text_of(&event->new_value, new_text); \
		lttng_ust_do_tracepoint(synwalk, name, event, &texts); \
		break

/* Values become text only when somebody listens. */
static void send(const struct event *event)
{
	char old_text[TEXT_MAX], new_text[TEXT_MAX];
	struct synwalk_texts texts;

	switch (event->kind) {
		SEND(EVENT_CALL, call);
		SEND(EVENT_RETURN, return );
		SEND(EVENT_STORE, store);
		SEND(EVENT_BRANCH, branch);
		SEND(EVENT_LINE, line);
		SEND(EVENT_LOCAL, local);
		SEND(EVENT_PACKET, packet);
		SEND(EVENT_DROP, drop);
		SEND(EVENT_TIMER, timer);
		SEND(EVENT_SLEEP, sleep);
		SEND(EVENT_WAKE, wake);
		SEND(EVENT_SWITCH, switch);
		SEND(EVENT_STATE, state);
		SEND(EVENT_ALLOC, alloc);
		SEND(EVENT_FREE, free);
		SEND(EVENT_CONTEXT, context);
	case EVENT_KINDS:
		break;
	}
}

static int lttng_event(struct sink *sink, const struct event *event)
{
	(void)sink;
	send(event);
	return 0;
}

static int lttng_close(struct sink *sink, const char *status)
{
	(void)status;
	free(sink);
	return 0;
}

/* The one entry of this library: a new sink, NULL without memory. */
struct sink *synwalk_lttng_sink(void)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	if (sink) {
		sink->event = lttng_event;
		sink->close = lttng_close;
	}
	return sink;
}
