/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sink that only sums up: one number for everything that a trace would hold.  Two recordings with
 * the same number had the same events and dictionary rows in the same order, and a database is made
 * from nothing else.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

/* Two sums that are mixed differently: chance does not make both of them equal. */
struct digest_sink {
	struct sink sink;
	uint64_t *out, sum[2];
};

static void add_number(struct digest_sink *sink, uint64_t number)
{
	sink->sum[0] = (sink->sum[0] ^ number) * 0x9e3779b97f4a7c15ULL;
	sink->sum[0] ^= sink->sum[0] >> 29;
	sink->sum[1] = (sink->sum[1] + number) * 0xd6e8feb86659fd93ULL;
	sink->sum[1] ^= sink->sum[1] >> 32;
}

static void add_bytes(struct digest_sink *sink, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	add_number(sink, size);
	for (; size; at += 8, size -= size < 8 ? size : 8) {
		uint64_t word = 0;

		memcpy(&word, at, size < 8 ? size : 8);
		add_number(sink, word);
	}
}

static void add_text(struct digest_sink *sink, const char *text)
{
	add_bytes(sink, text ? text : "", text ? strlen(text) + 1 : 0);
}

static void add_value(struct digest_sink *sink, const struct value *value)
{
	add_number(sink, value->kind);
	if (value->kind == VALUE_INTEGER)
		add_number(sink, (uint64_t)value->integer);
	else if (value->kind != VALUE_NONE)
		add_bytes(sink, value->text,
			  value->kind == VALUE_TEXT && !value->size ? strlen(value->text) :
								      value->size);
}

/* Who recorded is told too, and is another one each time. */
static bool is_of_the_host(const char *table, const struct value *columns)
{
	return !strcmp(table, "meta") && columns->kind == VALUE_TEXT &&
	       !strcmp(columns->text, "recorder_pid");
}

static int digest_define(struct sink *base, const char *table, const struct value *columns,
			 int count)
{
	struct digest_sink *sink = (struct digest_sink *)base;

	if (is_of_the_host(table, columns))
		return 0;
	add_text(sink, table);
	for (int i = 0; i < count; i++)
		add_value(sink, &columns[i]);
	return 0;
}

static int digest_event(struct sink *base, const struct event *event)
{
	struct digest_sink *sink = (struct digest_sink *)base;
	const int64_t numbers[] = { event->step,    event->time,   event->kind,     event->task,
				    event->context, event->depth,  event->parent,   event->function,
				    event->line,    event->object, event->has_what, event->what };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		add_number(sink, (uint64_t)numbers[i]);
	add_value(sink, &event->old_value);
	add_value(sink, &event->new_value);
	add_text(sink, event->extra);
	add_text(sink, event->place);
	add_text(sink, event->direction);
	add_text(sink, event->device);
	add_bytes(sink, event->packet, event->packet_size);
	return 0;
}

static int digest_died(struct sink *base, int object, int64_t step)
{
	add_number((struct digest_sink *)base, (uint64_t)object);
	add_number((struct digest_sink *)base, (uint64_t)step);
	return 0;
}

static int digest_close(struct sink *base, const char *status)
{
	struct digest_sink *sink = (struct digest_sink *)base;

	add_text(sink, status);
	memcpy(sink->out, sink->sum, sizeof(sink->sum));
	free(sink);
	return 0;
}

/* A sink that leaves its sums in @out[0] and @out[1] when it is closed.  Returns 0 or -ENOMEM. */
int sink_digest_open(struct sink **out, uint64_t *digest)
{
	struct digest_sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return -ENOMEM;
	sink->sink = (struct sink){ .define = digest_define,
				    .event = digest_event,
				    .died = digest_died,
				    .close = digest_close };
	sink->out = digest;
	*out = &sink->sink;
	return 0;
}
