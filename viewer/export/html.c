/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * One page that replays the trace in a browser: no network, no other file. The page's own text is
 * in viewer/export/page/; here it gets its data, as JSON in the middle.
 *
 * Theory of operation. What is long is told in columns, one array for each property of all steps:
 * kind, time, depth, parent, function, line, words. Everything that refers to a step does so by its
 * index in these. Names are told once and referred to by number. Values are in words already, so
 * that the page knows nothing of types. An object comes with the members that it had before the
 * first step of the range; the page applies the stores to them.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/export/export.h"
#include "viewer/model_words.h"

extern const char page_head[], page_css[], page_body[], page_middle[], page_js[], page_tail[];

/* More than a browser would like to hold. */
#define STEPS_MAX 500000

/* Numbers given to things as they are first met, from 0 on: a thing's id -> its number. */
struct numbers {
	int64_t *ids;
	size_t count, room;
};

struct page {
	struct export *e;
	/* arrays that grow with the steps, each a JSON text that still lacks its ']' */
	struct column {
		char *text;
		size_t length;
		FILE *to;
	} kind, time, depth, parent, func, line, track, words, stores, packets;
	struct column open; /* for each track the calls open before the range, innermost first */
	struct numbers functions, files, objects, tracks;
	struct export_stacks stacks;
};

static void column_open(struct column *c)
{
	c->to = open_memstream(&c->text, &c->length);
	if (!c->to)
		abort();
}

/* Before each element but the first. */
static FILE *element(struct column *c)
{
	if (ftello(c->to))
		fputc(',', c->to);
	return c->to;
}

static void column_write(struct page *p, const char *name, struct column *c)
{
	fclose(c->to);
	fprintf(p->e->out, "\"%s\":[%s],\n", name, c->text);
	free(c->text);
}

static int number_of(struct numbers *n, int64_t id)
{
	for (size_t i = n->count; i-- > 0;) {
		if (n->ids[i] == id)
			return (int)i;
	}
	if (n->count == n->room) {
		n->room = n->room ? 2 * n->room : 64;
		n->ids = realloc(n->ids, n->room * sizeof(*n->ids));
		if (!n->ids)
			abort();
	}
	n->ids[n->count] = id;
	return (int)n->count++;
}

/* ---------------------------------------------------------------- text */

/* JSON inside a page: "</script>" in it must not end it. */
static void text(FILE *out, const char *bytes, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (c < 0x20 || c == 0x7f || c == '<')
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void string(FILE *out, const char *bytes)
{
	text(out, bytes, strlen(bytes));
}

static void value(FILE *out, const struct page *p, const struct trace_value *v,
		  const struct trace_field *field, const char *name)
{
	char words[400];

	string(out, words_value(words, sizeof(words), p->e->t, v, name, field ? field->ctype : NULL,
				field ? field->enumeration : 0));
}

/* ---------------------------------------------------------------- steps */

static void store(struct page *p, const struct trace_step *s)
{
	const char *name = s->place ? s->place : s->field ? s->field->name : "?";
	FILE *to;

	if (!s->object)
		return;
	to = element(&p->stores);
	fprintf(to, "[%" PRId64 ",%d,", s->step - p->e->from, number_of(&p->objects, s->object));
	string(to, name);
	fputc(',', to);
	value(to, p, &s->old, s->field, name);
	fputc(',', to);
	value(to, p, &s->new, s->field, name);
	fputc(']', to);
}

struct fields {
	FILE *to;
	bool first;
};

static void field(void *ctx, bool heading, size_t offset, size_t length, const char *name,
		  const char *words)
{
	struct fields *f = ctx;

	fprintf(f->to, "%s[%zu,%zu,", f->first ? "" : ",", offset, heading ? 0 : length);
	f->first = false;
	string(f->to, name);
	fputc(',', f->to);
	string(f->to, words ? words : "");
	fputc(']', f->to);
}

static void packet(struct page *p, const struct trace_step *s)
{
	struct trace_packet frame;
	struct decoded d;
	struct fields fields = { .first = true };
	char line[300];

	if (trace_packet(p->e->t, s->step, &frame) != 1)
		return;
	fields.to = element(&p->packets);
	decode_frame(&d, frame.bytes, frame.len);
	decode_line(line, sizeof(line), &d, &p->e->flows, s->step);
	fprintf(fields.to, "{\"index\":%" PRId64 ",\"out\":%s,\"line\":", s->step - p->e->from,
		frame.out ? "true" : "false");
	string(fields.to, line);
	fputs(",\"hex\":\"", fields.to);
	for (size_t i = 0; i < frame.len; i++)
		fprintf(fields.to, "%02x", frame.bytes[i]);
	fputs("\",\"fields\":[", fields.to);
	decode_fields(&d, &p->e->flows, s->step, field, &fields);
	fputs("]}", fields.to);
	trace_packet_free(&frame);
}

/* The calls of a track that were open before the range. */
static void add_open(struct page *p, const struct export_stack *stack)
{
	FILE *to = element(&p->open);
	char words[1024];

	fputc('[', to);
	for (size_t i = stack->depth; i-- > 0;) {
		struct trace_step call;

		if (trace_step(p->e->t, stack->calls[i].step, &call) != 1)
			continue;
		string(to, words_step(words, sizeof(words), p->e->t, &call, NULL));
		if (i)
			fputc(',', to);
		trace_step_free(&call);
	}
	fputc(']', to);
}

static int add_step(void *ctx, const struct trace_step *s)
{
	struct page *p = ctx;
	size_t known = p->stacks.count;
	struct export_stack *stack = export_stack_of(&p->stacks, p->e->t, s);
	int64_t parent = s->parent >= p->e->from ? s->parent - p->e->from : -1;
	size_t depth = stack->depth;
	char words[1024];

	if (p->stacks.count > known)
		add_open(p, stack);
	if (s->kind == TRACE_RETURN && depth)
		depth--;
	fprintf(element(&p->kind), "%d", s->kind);
	fprintf(element(&p->time), "%" PRId64, s->time);
	fprintf(element(&p->depth), "%zu", depth);
	fprintf(element(&p->parent), "%" PRId64, parent);
	fprintf(element(&p->func), "%d", s->func ? number_of(&p->functions, s->func->id) : -1);
	fprintf(element(&p->line), "%d", s->line);
	fprintf(element(&p->track), "%d",
		number_of(&p->tracks, (int64_t)s->task * EXPORT_CONTEXTS + s->context));
	string(element(&p->words), words_step(words, sizeof(words), p->e->t, s, &p->e->flows));
	if (s->kind == TRACE_STORE)
		store(p, s);
	if (s->kind == TRACE_PACKET)
		packet(p, s);
	export_stack_step(stack, s);
	return 0;
}

/* ---------------------------------------------------------------- names */

static void write_functions(struct page *p)
{
	fputs("\"functions\":[", p->e->out);
	for (size_t i = 0; i < p->functions.count; i++) {
		const struct trace_func *f = trace_func(p->e->t, (int)p->functions.ids[i]);

		fprintf(p->e->out,
			"%s{\"file\":%d,\"line\":%d,\"end\":%d,\"name\":", i ? ",\n" : "",
			number_of(&p->files, f->file->id), f->line, f->end_line);
		string(p->e->out, f->name);
		fputc('}', p->e->out);
	}
	fputs("],\n", p->e->out);
}

static void write_files(struct page *p)
{
	fputs("\"files\":[", p->e->out);
	for (size_t i = 0; i < p->files.count; i++) {
		const struct trace_file *f = trace_file(p->e->t, (int)p->files.ids[i]);
		int lines = trace_source_lines(p->e->t, f);
		size_t length = 0;
		const char *first = trace_source_line(p->e->t, f, 1, &length), *last = first;

		if (lines > 0)
			last = trace_source_line(p->e->t, f, lines, &length);
		fprintf(p->e->out, "%s{\"path\":", i ? ",\n" : "");
		string(p->e->out, f->path);
		fputs(",\"kernel\":", p->e->out);
		string(p->e->out, f->kernel_path ? f->kernel_path : "");
		fputs(",\"text\":", p->e->out);
		/* the lines lie one behind the other */
		text(p->e->out, first ? first : "", first ? (size_t)(last - first) + length : 0);
		fputc('}', p->e->out);
	}
	fputs("],\n", p->e->out);
}

static int64_t index_of(const struct page *p, int64_t step)
{
	return step < p->e->from ? 0 : step - p->e->from;
}

/* An object, and what its members were before the range. */
static int write_object(struct page *p, int64_t id)
{
	struct trace_object o;
	struct trace_state state = { 0 };
	bool first = true;

	if (trace_object(p->e->t, id, &o) != 1)
		return -1;
	/* one that is born later begins with what it was born with */
	if (trace_state(p->e->t, id, o.born < p->e->from ? p->e->from - 1 : o.born, &state)) {
		trace_object_free(&o);
		return -1;
	}
	fputs("{\"name\":", p->e->out);
	string(p->e->out, o.name);
	fprintf(p->e->out, ",\"born\":%" PRId64 ",\"died\":%" PRId64 ",\"initial\":[",
		index_of(p, o.born), o.died ? o.died - p->e->from : -1);
	for (size_t i = 0; i < state.count; i++) {
		const struct trace_member *m = &state.members[i];

		if (m->value.type == TRACE_NULL)
			continue;
		fputs(first ? "[" : ",[", p->e->out);
		first = false;
		string(p->e->out, m->name);
		fputc(',', p->e->out);
		value(p->e->out, p, &m->value, m->field, m->name);
		fputc(']', p->e->out);
	}
	fputs("]}", p->e->out);
	trace_state_free(&state);
	trace_object_free(&o);
	return 0;
}

static int write_objects(struct page *p)
{
	fputs("\"objects\":[", p->e->out);
	for (size_t i = 0; i < p->objects.count; i++) {
		if (i)
			fputs(",\n", p->e->out);
		if (write_object(p, p->objects.ids[i]))
			return -1;
	}
	fputs("],\n", p->e->out);
	return 0;
}

static void write_tracks(struct page *p)
{
	fputs("\"tracks\":[", p->e->out);
	for (size_t i = 0; i < p->stacks.count; i++) {
		const struct export_stack *stack = &p->stacks.list[i];
		char name[128];

		snprintf(name, sizeof(name), "%s, %s", stack->task_name, stack->context_name);
		if (i)
			fputc(',', p->e->out);
		string(p->e->out, name);
	}
	fputs("],\n", p->e->out);
}

static int write_data(struct page *p)
{
	const char *scenario = trace_meta(p->e->t, "scenario");
	int err;

	fprintf(p->e->out, "{\"from\":%" PRId64 ",\"title\":", p->e->from);
	string(p->e->out, scenario && *scenario ? scenario : trace_path(p->e->t));
	fputs(",\n", p->e->out);
	column_write(p, "kind", &p->kind);
	column_write(p, "time", &p->time);
	column_write(p, "depth", &p->depth);
	column_write(p, "parent", &p->parent);
	column_write(p, "func", &p->func);
	column_write(p, "line", &p->line);
	column_write(p, "track", &p->track);
	column_write(p, "words", &p->words);
	column_write(p, "stores", &p->stores);
	column_write(p, "packets", &p->packets);
	column_write(p, "open", &p->open);
	write_functions(p);
	write_files(p);
	err = write_objects(p);
	write_tracks(p);
	fputs("\"version\":1}\n", p->e->out);
	return err;
}

int export_html(struct export *e)
{
	struct page p = { .e = e };
	struct column *columns[] = { &p.kind,  &p.time,  &p.depth,  &p.parent,  &p.func, &p.line,
				     &p.track, &p.words, &p.stores, &p.packets, &p.open };
	int err;

	if (e->to - e->from >= STEPS_MAX) {
		snprintf(e->refusal, sizeof(e->refusal),
			 "a page of %" PRId64 " steps is too much for a browser; choose up to %d "
			 "with --from and --to",
			 e->to - e->from + 1, STEPS_MAX);
		return -1;
	}
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		column_open(columns[i]);
	err = trace_each(e->t, e->from, e->to, TRACE_ALL_KINDS, add_step, &p);
	fprintf(e->out, "%s%s%s", page_head, page_css, page_body);
	if (write_data(&p))
		err = -1;
	fprintf(e->out, "%s%s%s", page_middle, page_js, page_tail);
	free(p.functions.ids);
	free(p.files.ids);
	free(p.objects.ids);
	free(p.tracks.ids);
	export_stacks_free(&p.stacks);
	return err;
}
