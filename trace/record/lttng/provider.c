/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST sink: passes all that a trace is made of on to whatever LTTng session listens.
 *
 * Built into libsynwalk-lttng.so and loaded by sink_lttng.c on demand.  LTTng does the rest:
 * with no session each event costs a test, with one it goes to shared memory and from there to
 * a CTF trace that babeltrace2 and others read, and of which `synwalk import` makes a trace again
 * (passed.h tells how).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "passed.h"
#include "synwalk_tp.h"

struct sink *synwalk_lttng_sink(const void *tables, size_t tables_size);
int synwalk_lttng_listened(void);

struct lttng_sink {
	struct sink sink;
	struct passed passed;
};

/* Room for what an event has of a text, and for its end. */
struct cut {
	char text[PASSED_TEXT + 1];
};

/*
 * Gives the next event its number, whether or not anybody hears it: a gap tells what was missed.
 * (LTTng's macros look at their arguments only when somebody listens.)
 */
static const struct passed *next(struct lttng_sink *sink)
{
	sink->passed.seq++;
	return &sink->passed;
}

static void send_pieces(struct lttng_sink *sink, enum passed_piece of, const void *bytes,
			size_t size)
{
	uint64_t words[PASSED_PIECE / 8];

	for (size_t at = 0; at < size; at += PASSED_PIECE) {
		size_t count = size - at < PASSED_PIECE ? size - at : PASSED_PIECE;

		if (count < PASSED_PIECE)
			words[count / 8] = 0;
		memcpy(words, (const char *)bytes + at, count);
		next(sink);
		lttng_ust_tracepoint(synwalk, more, &sink->passed, (int)of, (uint32_t)count, words);
	}
}

/*
 * A text as an event has it.  One that would be too long for an event, or that has a NUL in it,
 * goes ahead in pieces.
 */
static const char *send_text(struct lttng_sink *sink, enum passed_piece of, const char *text,
			     size_t size, struct cut *cut)
{
	size_t length = strnlen(text, size);

	if (size > PASSED_TEXT || length < size)
		send_pieces(sink, of, text, size);
	if (length > PASSED_TEXT)
		length = PASSED_TEXT;
	memcpy(cut->text, text, length);
	cut->text[length] = 0;
	return cut->text;
}

/* A value as text; bytes in hexadecimal, if they are too many their beginning. */
static const char *send_value(struct lttng_sink *sink, enum passed_piece of,
			      const struct value *value, struct cut *cut)
{
	const unsigned char *bytes = (const unsigned char *)value->text;
	size_t shown = value->size;

	switch (value->kind) {
	case VALUE_NONE:
		break;
	case VALUE_INTEGER:
		snprintf(cut->text, sizeof(cut->text), "%lld", (long long)value->integer);
		return cut->text;
	case VALUE_TEXT:
		return send_text(sink, of, value->text,
				 value->size ? value->size : strlen(value->text), cut);
	case VALUE_BYTES:
		if (2 * shown > PASSED_TEXT) {
			send_pieces(sink, of, bytes, value->size);
			shown = PASSED_TEXT / 2;
		}
		cut->text[0] = 0;
		for (size_t i = 0; i < shown; i++)
			sprintf(cut->text + 2 * i, "%02x", bytes[i]);
		return cut->text;
	}
	return "";
}

#define SEND(kind, name)                                                           \
	case kind:                                                                 \
		if (lttng_ust_tracepoint_enabled(synwalk, name)) {                 \
			prepare(sink, event, texts);                               \
			lttng_ust_do_tracepoint(synwalk, name, next(sink), event); \
		} else {                                                           \
			next(sink);                                                \
		}                                                                  \
		break

/* Puts together what goes beside the event, and sends ahead what is too long for it. */
static void prepare(struct lttng_sink *sink, const struct event *event, struct cut *texts)
{
	struct passed *passed = &sink->passed;

	passed->forms = (uint8_t)(event->old_value.kind | event->new_value.kind << 2);
	passed->forms |= event->has_what ? FORMS_WHAT : 0;
	passed->forms |= event->extra ? FORMS_EXTRA : 0;
	passed->forms |= event->place ? FORMS_PLACE : 0;
	passed->old_text = send_value(sink, PIECE_OLD, &event->old_value, &texts[0]);
	passed->new_text = send_value(sink, PIECE_NEW, &event->new_value, &texts[1]);
	passed->extra = event->extra ? send_text(sink, PIECE_EXTRA, event->extra,
						 strlen(event->extra), &texts[2]) :
				       "";
	passed->packet_size = event->packet_size;
	if (event->packet_size > PASSED_PACKET) {
		send_pieces(sink, PIECE_PACKET, event->packet, event->packet_size);
		passed->packet_size = PASSED_PACKET;
	}
}

static int lttng_event(struct sink *base, const struct event *event)
{
	struct lttng_sink *sink = (struct lttng_sink *)base;
	struct cut texts[3];

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
	return 0;
}

/* A column as a literal of SQL; a text with a NUL in it as T'its bytes'. */
static void write_literal(FILE *out, const struct value *value)
{
	size_t size = value->kind == VALUE_TEXT && !value->size ? strlen(value->text) : value->size;

	switch (value->kind) {
	case VALUE_NONE:
		fputs("NULL", out);
		return;
	case VALUE_INTEGER:
		fprintf(out, "%lld", (long long)value->integer);
		return;
	case VALUE_TEXT:
		if (!memchr(value->text, 0, size)) {
			fputc('\'', out);
			for (size_t i = 0; i < size; i++) {
				if (value->text[i] == '\'')
					fputc('\'', out);
				fputc(value->text[i], out);
			}
			fputc('\'', out);
			return;
		}
		break;
	case VALUE_BYTES:
		break;
	}
	fputs(value->kind == VALUE_TEXT ? "T'" : "X'", out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", (unsigned char)value->text[i]);
	fputc('\'', out);
}

static int lttng_define(struct sink *base, const char *table, const struct value *columns,
			int count)
{
	struct lttng_sink *sink = (struct lttng_sink *)base;
	char *row = NULL;
	size_t size = 0;
	struct cut cut;
	FILE *out;

	if (!lttng_ust_tracepoint_enabled(synwalk, define)) {
		next(sink);
		return 0;
	}
	out = open_memstream(&row, &size);
	if (!out) {
		next(sink); /* missing, as if LTTng had lost it */
		return 0;
	}
	for (int i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		write_literal(out, &columns[i]);
	}
	fclose(out);
	lttng_ust_do_tracepoint(synwalk, define, next(sink), table,
				send_text(sink, PIECE_ROW, row, size, &cut));
	free(row);
	return 0;
}

static int lttng_died(struct sink *base, int object, int64_t step)
{
	struct lttng_sink *sink = (struct lttng_sink *)base;

	next(sink);
	lttng_ust_tracepoint(synwalk, died, &sink->passed, object, step);
	return 0;
}

static int lttng_close(struct sink *base, const char *status)
{
	struct lttng_sink *sink = (struct lttng_sink *)base;

	next(sink);
	lttng_ust_tracepoint(synwalk, end, &sink->passed, status);
	free(sink);
	return 0;
}

/* Does a session hear what is sent? */
int synwalk_lttng_listened(void)
{
	return lttng_ust_tracepoint_enabled(synwalk, begin) != 0;
}

/*
 * The entry of this library: a new sink, NULL without memory.  @tables, @tables_size: the database
 * that the trace begins with; NULL: its rows will be told.
 */
struct sink *synwalk_lttng_sink(const void *tables, size_t tables_size)
{
	struct lttng_sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return NULL;
	if (!tables)
		tables_size = 0;
	sink->sink = (struct sink){ .define = lttng_define,
				    .event = lttng_event,
				    .died = lttng_died,
				    .close = lttng_close };
	sink->passed.pid = getpid();
	next(sink);
	lttng_ust_tracepoint(synwalk, begin, &sink->passed, PASSED_VERSION, tables_size,
			     passed_sum(tables, tables_size));
	if (tables && lttng_ust_tracepoint_enabled(synwalk, more))
		send_pieces(sink, PIECE_TABLES, tables, tables_size);
	return &sink->sink;
}
