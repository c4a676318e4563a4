/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST provider `synwalk`: one event for each kind of step, with the payload that the
 * trace database has, and what else the trace is made of.  LTTng's headers read this file several
 * times, hence the odd guard.
 *
 * Every step begins with the same fields: step, time_ns (the trace's own clock, which may be
 * virtual), task, context (0 task, 1 softirq, 2 timer, 3 idle), depth, parent (step of the
 * enclosing call), function, file, line.  Values are text, as `synwalk show` prints them: an
 * integer in decimal, a pointer by the name of what it points at, bytes in hexadecimal.
 * For `synwalk import` there are pid, seq, forms (passed.h) and the trace's own ids.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER synwalk

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "synwalk_tp.h"

#if !defined(TRACE_RECORD_LTTNG_SYNWALK_TP_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define TRACE_RECORD_LTTNG_SYNWALK_TP_H

#include <lttng/tracepoint.h>

#include "trace/record/sink.h"

#ifndef SYNWALK_TP_PASSED
#define SYNWALK_TP_PASSED
/* Whose event it is and which; the values of a step as text, cut to what an event holds. */
struct passed {
	int pid;
	uint64_t seq;
	uint8_t forms;
	const char *old_text, *new_text, *extra;
	size_t packet_size;
};
#endif

#undef SYNWALK_ARGS
#define SYNWALK_ARGS                                                                        \
	LTTNG_UST_TP_ARGS(const struct passed *, p, const struct event *, e)

#undef SYNWALK_WHOSE
#define SYNWALK_WHOSE                                                                       \
	lttng_ust_field_integer(int, pid, p->pid)                                           \
	lttng_ust_field_integer(uint64_t, seq, p->seq)

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
	lttng_ust_field_integer(int, line, e->line)                                         \
	SYNWALK_WHOSE                                                                       \
	lttng_ust_field_integer(int, task_id, e->task)                                      \
	lttng_ust_field_integer(int, function_id, e->function)                              \
	lttng_ust_field_integer(uint8_t, forms, p->forms)

#undef SYNWALK_OBJECT
#define SYNWALK_OBJECT                                                                      \
	lttng_ust_field_string(object, e->object_name ? e->object_name : "")                \
	lttng_ust_field_integer(int, object_id, e->object)
#undef SYNWALK_WHAT
#define SYNWALK_WHAT(name)                                                                  \
	lttng_ust_field_string(name, e->field_name ? e->field_name : "")                    \
	lttng_ust_field_integer(int64_t, what, e->what)
#undef SYNWALK_EXTRA
#define SYNWALK_EXTRA(name) lttng_ust_field_string(name, p->extra)
#undef SYNWALK_OLD
#define SYNWALK_OLD(name) lttng_ust_field_string(name, p->old_text)
#undef SYNWALK_NEW
#define SYNWALK_NEW(name) lttng_ust_field_string(name, p->new_text)

/* cppcheck-suppress unknownMacro */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, call, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_EXTRA(args)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, return, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_NEW(value)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, store, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OBJECT SYNWALK_WHAT(field) SYNWALK_OLD(old)
			    SYNWALK_NEW(new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, branch, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_OLD(left) SYNWALK_NEW(right)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, line, SYNWALK_ARGS, LTTNG_UST_TP_FIELDS(SYNWALK_COMMON))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, local, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_COMMON SYNWALK_WHAT(variable) SYNWALK_OLD(old)
			    SYNWALK_NEW(new)))

/* What tracepoints told: all columns of the table `point`, each under the name it has there. */
#undef SYNWALK_POINT
#define SYNWALK_POINT(extra, old, new)                                                      \
	SYNWALK_COMMON SYNWALK_EXTRA(extra) SYNWALK_OBJECT                                  \
	lttng_ust_field_integer(int64_t, what, e->what)                                     \
	SYNWALK_OLD(old) SYNWALK_NEW(new)

LTTNG_UST_TRACEPOINT_EVENT(synwalk, packet, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(extra, old, new)
		lttng_ust_field_string(direction, e->direction)
		lttng_ust_field_string(device, e->device)
		lttng_ust_field_integer(uint32_t, length, (uint32_t)e->packet_size)
		lttng_ust_field_sequence(uint8_t, bytes, (const uint8_t *)e->packet, uint16_t,
					 p->packet_size)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, drop, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(reason, old, new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, timer, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(action, field, expires_ns)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, sleep, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(other, old, timeout)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, wake, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(other, old, number)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, switch, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(other, old, number)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, state, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(change, old, new)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, alloc, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(extra, old, size)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, free, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(extra, old, size)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, context, SYNWALK_ARGS,
	LTTNG_UST_TP_FIELDS(SYNWALK_POINT(name, old, number)))

/* ------------------------------------------------------------------ no steps */

/*
 * A recording begins.  @tables_size: bytes of the tables that come in pieces, 0: they come as rows;
 * @tables_sum: passed_sum() of them
 */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, begin,
	LTTNG_UST_TP_ARGS(const struct passed *, p, int, version, uint64_t, tables_size, uint64_t,
			  tables_sum),
	LTTNG_UST_TP_FIELDS(SYNWALK_WHOSE
		lttng_ust_field_integer(int, version, version)
		lttng_ust_field_integer(uint64_t, tables_size, tables_size)
		lttng_ust_field_integer_hex(uint64_t, tables_sum, tables_sum)))
/* A row of a dictionary table, its columns as literals of SQL. */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, define,
	LTTNG_UST_TP_ARGS(const struct passed *, p, const char *, table, const char *, row),
	LTTNG_UST_TP_FIELDS(SYNWALK_WHOSE
		lttng_ust_field_string(table, table)
		lttng_ust_field_string(row, row)))
LTTNG_UST_TRACEPOINT_EVENT(synwalk, died,
	LTTNG_UST_TP_ARGS(const struct passed *, p, int, object, int64_t, step),
	LTTNG_UST_TP_FIELDS(SYNWALK_WHOSE
		lttng_ust_field_integer(int, object_id, object)
		lttng_ust_field_integer(int64_t, step, step)))
/* A piece of something long, in words of eight bytes; the last ones are filled up with zeros. */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, more,
	LTTNG_UST_TP_ARGS(const struct passed *, p, int, of, uint32_t, size, const uint64_t *, words),
	LTTNG_UST_TP_FIELDS(SYNWALK_WHOSE
		lttng_ust_field_integer(uint8_t, of, (uint8_t)of)
		lttng_ust_field_integer(uint32_t, size, size)
		lttng_ust_field_sequence(uint64_t, words, words, uint16_t, (size + 7) / 8)))
/* The recording ends.  @status: 'complete' or 'partial' */
LTTNG_UST_TRACEPOINT_EVENT(synwalk, end,
	LTTNG_UST_TP_ARGS(const struct passed *, p, const char *, status),
	LTTNG_UST_TP_FIELDS(SYNWALK_WHOSE lttng_ust_field_string(status, status)))

#endif

#include <lttng/tracepoint-event.h>
