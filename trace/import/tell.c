/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the provider's events back to what the recorder told its sinks.
 *
 * What is read here may be anything: a file that was damaged, or made by another program.  Nothing
 * of it is trusted to be there or to fit.  Once the trace has begun, an event that cannot be
 * understood counts as one that was lost.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "trace/record/rows.h"

/* What one event may have in pieces, and the tables (bytes): more is no trace of ours. */
#define PIECES_MAX (256U << 20)

/* How each kind of step calls the three values of struct event; NULL: it has none. */
static const struct step_names {
	const char *event;
	enum event_kind kind;
	const char *extra, *old, *new;
} steps[] = {
	{ "line", EVENT_LINE, NULL, NULL, NULL },
	{ "store", EVENT_STORE, NULL, "old", "new" },
	{ "branch", EVENT_BRANCH, NULL, "left", "right" },
	{ "local", EVENT_LOCAL, NULL, "old", "new" },
	{ "call", EVENT_CALL, "args", NULL, NULL },
	{ "return", EVENT_RETURN, NULL, NULL, "value" },
	{ "packet", EVENT_PACKET, "extra", "old", "new" },
	{ "drop", EVENT_DROP, "reason", "old", "new" },
	{ "timer", EVENT_TIMER, "action", "field", "expires_ns" },
	{ "sleep", EVENT_SLEEP, "other", "old", "timeout" },
	{ "wake", EVENT_WAKE, "other", "old", "number" },
	{ "switch", EVENT_SWITCH, "other", "old", "number" },
	{ "state", EVENT_STATE, "change", "old", "new" },
	{ "alloc", EVENT_ALLOC, "extra", "old", "size" },
	{ "free", EVENT_FREE, "extra", "old", "size" },
	{ "context", EVENT_CONTEXT, "name", "old", "number" },
};

/* An event, and how to ask it. */
struct asked {
	const struct ctf_fields *fields;
	const struct ctf_event *event;
};

static int64_t number(const struct asked *asked, const char *field)
{
	return asked->fields->number(asked->event, field);
}

static const char *text(const struct asked *asked, const char *field)
{
	const char *found = asked->fields->text(asked->event, field);

	return found ? found : "";
}

__attribute__((format(printf, 3, 4))) static int fail(struct telling *t, int code, const char *fmt,
						      ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(t->err, t->errlen, fmt, args);
	va_end(args);
	return code;
}

/* ------------------------------------------------------------------ pieces */

/* Appends bytes, with a NUL behind them.  0 or -errno. */
static int append(struct pieces *pieces, const void *bytes, size_t size)
{
	if (size > PIECES_MAX - pieces->size)
		return -EMSGSIZE;
	if (pieces->size + size + 1 > pieces->room) {
		size_t room = (pieces->size + size) * 2 + 64;
		char *more = realloc(pieces->bytes, room);

		if (!more)
			return -ENOMEM;
		pieces->bytes = more;
		pieces->room = room;
	}
	memcpy(pieces->bytes + pieces->size, bytes, size);
	pieces->size += size;
	pieces->bytes[pieces->size] = 0;
	return 0;
}

static int take_piece(struct telling *t, const struct asked *asked)
{
	uint64_t words[PASSED_PIECE / 8];
	size_t count = asked->fields->array(asked->event, "words", words, PASSED_PIECE / 8);
	uint64_t size = (uint64_t)number(asked, "size");
	int64_t of = number(asked, "of");

	if (of < 0 || of >= PIECES || size > sizeof(words) || size > 8 * count)
		return fail(t, -EPROTO, "a piece of something that is not known");
	return append(&t->pieces[of], words, size);
}

/* The bytes of an array of bytes, for a packet that came in one.  0 or -errno. */
static int take_bytes(struct pieces *to, const struct asked *asked)
{
	uint64_t bytes[PASSED_PACKET];
	size_t count = asked->fields->array(asked->event, "bytes", bytes, PASSED_PACKET);

	to->size = 0;
	for (size_t i = 0; i < count && i < PASSED_PACKET; i++) {
		char byte = (char)bytes[i];
		int code = append(to, &byte, 1);

		if (code)
			return code;
	}
	return append(to, "", 0);
}

/* ------------------------------------------------------------------ the beginning */

static int begin(struct telling *t, const struct asked *asked)
{
	int64_t version = number(asked, "version");

	if (version != PASSED_VERSION)
		return fail(
			t, -EPROTO,
			"recorded by a synwalk whose events are of version %lld, this one reads %d; "
			"import it with that synwalk",
			(long long)version, PASSED_VERSION);
	t->tables_size = (uint64_t)number(asked, "tables_size");
	t->tables_sum = (uint64_t)number(asked, "tables_sum");
	return 0;
}

/* Opens the sink; before anything is told to it, the tables that it begins with must be whole. */
static int open_sink(struct telling *t)
{
	const struct pieces *tables = &t->pieces[PIECE_TABLES];
	int code;

	if (tables->size != t->tables_size)
		return fail(
			t, -ENODATA,
			"of the tables that the trace begins with %llu of %llu bytes are lost; "
			"record with --lttng=DIR, or into a channel with --blocking-timeout=inf",
			(unsigned long long)(t->tables_size - tables->size),
			(unsigned long long)t->tables_size);
	if (tables->size && passed_sum(tables->bytes, tables->size) != t->tables_sum)
		return fail(t, -EPROTO,
			    "the tables that the trace begins with are damaged; record it again");
	if (tables->size && (tables->size < 8192 || memcmp(tables->bytes, "SQLite format 3", 16)))
		return fail(t, -EPROTO, "the tables that the trace begins with are no database");
	code = sink_sqlite_open(&t->sink, t->path,
				&(struct tables){ tables->size ? tables->bytes : NULL, tables->size,
						  -1, 0 },
				t->err, t->errlen);
	return code ? code : t->sink->ready(t->sink);
}

/* ------------------------------------------------------------------ what sinks are told */

static int define(struct telling *t, const struct asked *asked)
{
	struct pieces *row = &t->pieces[PIECE_ROW];
	const char *table = text(asked, "table");
	int which = rows_table(table), count, code = 0;
	struct value columns[COLUMNS_MAX];

	if (!row->size)
		code = append(row, text(asked, "row"), strlen(text(asked, "row")));
	if (code)
		return code;
	count = which < 0 ? -1 : row_parse(row->bytes, row->size, columns, COLUMNS_MAX);
	if (count < 0 || count != rows_columns((enum table)which))
		return fail(t, -EPROTO, "a row that does not fit table '%s'", table);
	return t->sink->define(t->sink, table, columns, count);
}

/* A value of a step.  Bytes come in hexadecimal, and are kept in @bytes then. */
static int take_value(struct telling *t, const struct asked *asked, const char *field,
		      struct pieces *pieces, unsigned int kind, struct value *value)
{
	const char *shown = field ? text(asked, field) : "";
	int code;

	*value = value_none();
	if (kind == VALUE_NONE || !field)
		return 0;
	if (kind == VALUE_INTEGER) {
		*value = value_integer(strtoll(shown, NULL, 10));
		return 0;
	}
	if (!pieces->size) {
		code = append(pieces, shown, strlen(shown));
		if (code)
			return code;
		if (kind == VALUE_BYTES) {
			int64_t size = hex_parse(pieces->bytes, pieces->size);

			if (size < 0)
				return fail(t, -EPROTO, "'%s' of a step is not in hexadecimal",
					    field);
			pieces->size = (size_t)size;
		}
	}
	*value = (struct value){ .kind = (enum value_kind)kind,
				 .text = pieces->bytes,
				 .size = pieces->size };
	return 0;
}

static int take_packet(struct telling *t, const struct asked *asked, struct event *event)
{
	const struct pieces *pieces = &t->pieces[PIECE_PACKET];
	int code;

	event->direction = text(asked, "direction");
	event->device = text(asked, "device");
	if (!pieces->size) {
		code = take_bytes(&t->packet, asked);
		if (code)
			return code;
		pieces = &t->packet;
	}
	event->packet = pieces->bytes;
	event->packet_size = pieces->size;
	return 0;
}

/* What a store's field or place, a local's variable and a point's `what` are. */
static void take_what(const struct asked *asked, unsigned int forms, struct event *event)
{
	event->has_what = !!(forms & FORMS_WHAT);
	event->what = number(asked, "what");
	event->object = (int)number(asked, "object_id");
	if (forms & FORMS_PLACE)
		event->place = text(asked, "field");
}

/* Steps come in their order, and each has a number of the provider's at least. */
static int take_number(struct telling *t, int64_t step, uint64_t seq)
{
	if (step <= t->steps || seq <= t->step_seq ||
	    (uint64_t)(step - t->steps) > seq - t->step_seq)
		return fail(t, -EPROTO, "step %lld behind step %lld", (long long)step,
			    (long long)t->steps);
	t->steps = step;
	t->step_seq = seq;
	return 0;
}

/*
 * Objects, functions and variables are numbered from 1 on, and each was told in some bytes of the trace:
 * a number beyond them is noise. The sink has lists by these numbers, which must not grow with it.
 */
static bool numbered(const struct telling *t, int64_t id)
{
	return id >= 0 && (uint64_t)id <= t->reading->bytes / 8;
}

static int take_ids(struct telling *t, const struct event *event)
{
	if (numbered(t, event->object) && numbered(t, event->function) &&
	    (event->kind != EVENT_LOCAL || numbered(t, event->what)))
		return 0;
	return fail(t, -EPROTO, "step %lld is of an object that cannot be", (long long)event->step);
}

static int take_died(struct telling *t, const struct asked *asked)
{
	int object = (int)number(asked, "object_id");

	if (!numbered(t, object))
		return fail(t, -EPROTO, "the end of an object that cannot be");
	return t->sink->died(t->sink, object, number(asked, "step"));
}

static int step(struct telling *t, const struct step_names *names, const struct asked *asked)
{
	unsigned int forms = (unsigned int)number(asked, "forms");
	struct event event = {
		.kind = names->kind,
		.step = number(asked, "step"),
		.time = number(asked, "time_ns"),
		.task = (int)number(asked, "task_id"),
		.context = (int)number(asked, "context"),
		.depth = (int)number(asked, "depth"),
		.parent = number(asked, "parent"),
		.function = (int)number(asked, "function_id"),
		.line = (int)number(asked, "line"),
	};
	struct value extra;
	int code = 0;

	if (names->kind != EVENT_LINE) {
		code = take_value(t, asked, names->old, &t->pieces[PIECE_OLD], FORMS_OLD(forms),
				  &event.old_value);
		if (!code)
			code = take_value(t, asked, names->new, &t->pieces[PIECE_NEW],
					  FORMS_NEW(forms), &event.new_value);
		if (!code)
			code = take_value(t, asked, names->extra, &t->pieces[PIECE_EXTRA],
					  forms & FORMS_EXTRA ? VALUE_TEXT : VALUE_NONE, &extra);
		if (code)
			return code;
		event.extra = names->kind == EVENT_CALL && !extra.text ? "" : extra.text;
		take_what(asked, forms, &event);
	}
	if (names->kind == EVENT_PACKET)
		code = take_packet(t, asked, &event);
	if (!code)
		code = take_ids(t, &event);
	if (!code)
		code = take_number(t, event.step, (uint64_t)number(asked, "seq"));
	if (code)
		return code;
	return t->sink->event(t->sink, &event);
}

static int tell_other(struct telling *t, const char *name, const struct asked *asked)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (!strcmp(name, steps[i].event))
			return step(t, &steps[i], asked);
	if (!strcmp(name, "define"))
		return define(t, asked);
	if (!strcmp(name, "died"))
		return take_died(t, asked);
	if (!strcmp(name, "end"))
		snprintf(t->status, sizeof(t->status), "%s", text(asked, "status"));
	return 0;
}

int import_tell(void *telling, const char *name, const struct ctf_fields *fields,
		const struct ctf_event *event)
{
	struct asked asked = { fields, event };
	struct telling *t = telling;
	struct import_run *run = list_run(&t->seen, name, fields, event);
	int code = 0;

	if (!run)
		return -ENOMEM;
	if (run != &t->seen.runs[t->wanted])
		return 0;
	if (!strcmp(name, "begin"))
		return begin(t, &asked);
	if (!strcmp(name, "more"))
		return take_piece(t, &asked);
	if (!t->sink)
		code = open_sink(t);
	if (!code) {
		code = tell_other(t, name, &asked);
		if (code == -EPROTO) {
			t->spoiled++;
			*t->err = 0;
			code = 0;
		}
	}
	for (int i = PIECE_TABLES + 1; i < PIECES; i++)
		t->pieces[i].size = 0;
	return code;
}
