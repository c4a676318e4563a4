/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST provider `synwalk`: one event for each kind of step, with the payload that the
 * trace database has.  LTTng's headers read this file several times, hence the odd guard.
 *
 * Every event begins with the same fields: step, time_ns (the trace's own clock, which may be
 * virtual), task, context (0 task, 1 softirq, 2 timer, 3 idle), depth, parent (step of the
 * enclosing call), function, file, line.  Values are text, as `synwalk show` prints them: an
 * integer in decimal, a pointer by the name of what it points at, bytes in hexadecimal.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER synwalk

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "synwalk_tp.h"

#if !defined(TRACE_RECORD_LTTNG_SYNWALK_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define TRACE_RECORD_LTTNG_SYNWALK_TP_H

#include <lttng/tracepoint.h>

#include "trace/record/sink.h"

#ifndef SYNWALK_TP_TEXTS
#define SYNWALK_TP_TEXTS
/* The values of an event as text. */
struct synwalk_texts {
	const char *old_text, *new_text;
};
#endif

#undef SYNWALK_ARGS
#define SYNWALK_ARGS                                                                        \
	LTTNG_UST_TP_ARGS(const struct event *, e, const struct synwalk_texts *, t)

#undef SYNWALK_COMMON
#define SYNWALK_COMMON                                                                      \
	lttng_ust_field_integer(int64_t, step, e->step)                                     \
	lttng_ust_field_integer(int64_t, time_ns, e->time)                                  \
	lttng_ust_field_string(task, e->task_name ? e->task_name : "")                      \
	lttng_ust_field_integer(int, context, e->context)                                   \
	lttng_ust_field_integer(int, depth, e->depth)                                       \
	lttng_ust_field_integer(int64_t, parent, e->parent)                                 \
	lttng_ust_field_string(function, e->function_name ? e->function_name : "")          \
	lttng_ust_field_string(file, e->file_name ? e->file_name : "")                      \
	lttng_ust_field_integer(int, line, e->line)

#undef SYNWALK_OBJECT
#define SYNWALK_OBJECT lttng_ust_field_string(object, e->object_name ? e->object_name : "")
#undef SYNWALK_EXTRA
#define SYNWALK_EXTRA(name) lttng_ust_field_string(name, e->extra ? e->extra : "")
#undef SYNWALK_NAME
#define SYNWALK_NAME(name) lttng_ust_field_string(name, e->field_name ? e->field_name : "")
#undef SYNWALK_OLD
#define SYNWALK_OLD(name) lttng_ust_field_string(name, t->old_text)
#undef SYNWALK_NEW
#define SYNWALK_NEW(name) lttng_ust_field_string(name, t->new_text)

/* cppcheck-suppress unknownMacro */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, call, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(args)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, return, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_NEW(value)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, store, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT SYNWALK_NAME(field) SYNWALK_OLD(old)
			    SYNWALK_NEW(new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, branch, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OLD(left) SYNWALK_NEW(right)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, line, SYNWALK_ARGS, LTTNG_UST_TP_FIELDS(SYNWALK_COMMON))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, local, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_NAME(variable) SYNWALK_OLD(old)
			    SYNWALK_NEW(new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, packet, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON
		lttng_ust_field_string(direction, e->direction)
		lttng_ust_field_string(device, e->device)
		SYNWALK_OBJECT
		lttng_ust_field_sequence(uint8_t, bytes, (const uint8_t *)e->packet, uint32_t,
					 e->packet_size)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, drop, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT SYNWALK_EXTRA(reason)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, timer, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(action) SYNWALK_OBJECT SYNWALK_OLD(field)
			    SYNWALK_NEW(expires_ns)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, sleep, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(other) SYNWALK_NEW(timeout)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, wake, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(other) SYNWALK_NEW(pid)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, switch, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(other) SYNWALK_NEW(pid)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, state, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT SYNWALK_EXTRA(change) SYNWALK_OLD(old)
			    SYNWALK_NEW(new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, alloc, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT SYNWALK_NEW(size)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, free, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, context, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(what) SYNWALK_NEW(number)))

#endif

#include <lttng/tracepoint-event.h>
