/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sinks: where finished events go.  The writer resolves an event once and hands it to each sink;
 * trace/schema.sql tells what the numbers mean.
 */
#ifndef TRACE_RECORD_SINK_H
#define TRACE_RECORD_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "tables.h"

/* The kinds of events, as in the table `kind`. */
enum event_kind {
	EVENT_CALL = 1,
	EVENT_RETURN,
	EVENT_STORE,
	EVENT_BRANCH,
	EVENT_LINE,
	EVENT_LOCAL,
	EVENT_PACKET,
	EVENT_DROP,
	EVENT_TIMER,
	EVENT_SLEEP,
	EVENT_WAKE,
	EVENT_SWITCH,
	EVENT_STATE,
	EVENT_ALLOC,
	EVENT_FREE,
	EVENT_CONTEXT,
	EVENT_KINDS /* one more than the last */
};

enum event_context { CONTEXT_TASK, CONTEXT_SOFTIRQ, CONTEXT_TIMER, CONTEXT_IDLE };

enum value_kind { VALUE_NONE, VALUE_INTEGER, VALUE_TEXT, VALUE_BYTES };

/* A value in the type it has; text and bytes belong to somebody else. */
struct value {
	enum value_kind kind;
	int64_t integer;
	const char *text;
	size_t size;
};

/**
 * struct event - one step of a trace
 * @parent: step of the enclosing call, 0 for none
 * @function, @object, @what: ids, 0 for none; @has_what tells a @what of 0 from none
 * @place, @place_size: the field of a store when @what cannot name it by itself, else NULL
 * @function_name, @object_name, @field_name, @task_name, @file_name: the same in words
 */
struct event {
	int64_t step, time;
	enum event_kind kind;
	int task, context, depth;
	int64_t parent;
	int function, line, object, has_what;
	int64_t what;
	struct value old_value, new_value;
	const char *extra;
	const char *place;
	uint64_t place_size;
	const char *direction, *device;
	const void *packet;
	size_t packet_size;
	const char *function_name, *object_name, *field_name, *task_name, *file_name;
};

/**
 * struct sink - one destination
 * @ready: waits until it can take events, or never will
 * @define: one row of a dictionary table; columns as in the schema, by position
 * @event: one step
 * @died: an object ceased to exist at @step
 * @tick: called now and then, so that what was written becomes readable by others;
 *        @force: 1: now; 2: now, and the program ends without more ado
 * @failed: after an error, when no more events come: there were @steps in all, of which those that
 *          are not kept are lost
 * @close: the end; @status 'complete' or 'partial', @meta_count pairs of keys and values
 *
 * All return 0 or -errno; a member that is NULL is not wanted.  After an error the writer
 * calls nothing but @failed and @close.
 */
struct sink {
	int (*ready)(struct sink *sink);
	int (*define)(struct sink *sink, const char *table, const struct value *columns, int count);
	int (*event)(struct sink *sink, const struct event *event);
	int (*died)(struct sink *sink, int object, int64_t step);
	int (*tick)(struct sink *sink, int force);
	void (*failed)(struct sink *sink, int64_t steps);
	int (*close)(struct sink *sink, const char *status);
	const char *(*error)(struct sink *sink);
	struct sink *next;
};

int sink_sqlite_open(struct sink **sink, const char *path, const struct tables *tables, char *err,
		     size_t errlen);
int sink_lttng_open(struct sink **sink, const char *provider, int listened, const void *tables,
		    size_t tables_size, char *err, size_t errlen);

int sink_digest_open(struct sink **sink, uint64_t *digest);

static inline struct value value_none(void)
{
	return (struct value){ VALUE_NONE, 0, NULL, 0 };
}

static inline struct value value_integer(int64_t integer)
{
	return (struct value){ VALUE_INTEGER, integer, NULL, 0 };
}

static inline struct value value_text(const char *text)
{
	return text ? (struct value){ VALUE_TEXT, 0, text, 0 } : value_none();
}

static inline struct value value_bytes(const void *bytes, size_t size)
{
	return (struct value){ VALUE_BYTES, 0, bytes, size };
}

#endif
