/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step as one JSON object on one line.  Keys that do not apply are left out; values keep their
 * type (numbers as numbers, pointers by the name of what they point at, bytes as "hex:...").
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/show.h"

static char *hex(const uint8_t *p, size_t len, const char *prefix)
{
	size_t head = strlen(prefix);
	char *s = malloc(head + 2 * len + 1);

	if (!s)
		return NULL;
	memcpy(s, prefix, head + 1);
	for (size_t i = 0; i < len; i++)
		sprintf(s + head + 2 * i, "%02x", p[i]);
	return s;
}

static json_t *value(const struct trace_value *v)
{
	json_t *j;
	char *s;

	switch (v->type) {
	case TRACE_INT:
		return json_integer(v->num);
	case TRACE_TEXT:
		j = json_stringn(v->bytes, v->len);
		if (j)
			return j;
		/* Not UTF-8: as bytes. */
		/* fall through */
	case TRACE_BLOB:
		s = hex((const uint8_t *)v->bytes, v->len, "hex:");
		j = s ? json_string(s) : NULL;
		free(s);
		return j;
	case TRACE_NULL:
		break;
	}
	return json_null();
}

static void put_text(json_t *o, const char *key, const char *text)
{
	if (text)
		json_object_set_new(o, key, json_string(text));
}

static void put_change(json_t *o, const struct show *show, const struct trace_step *s,
		       int enumeration)
{
	json_object_set_new(o, "old", value(&s->old));
	json_object_set_new(o, "new", value(&s->new));
	if (s->old.type == TRACE_INT)
		put_text(o, "old_symbol", trace_symbol(show->t, enumeration, s->old.num));
	if (s->new.type == TRACE_INT)
		put_text(o, "new_symbol", trace_symbol(show->t, enumeration, s->new.num));
}

static void put_call(json_t *o, struct show *show, const struct trace_step *s)
{
	json_t *args = s->extra ? json_loads(s->extra, 0, NULL) : NULL;
	int64_t step = trace_return_of(show->t, s->step);
	struct trace_step r;

	json_object_set_new(o, "args", args ? args : json_object());
	if (step && trace_step(show->t, step, &r) == 1) {
		json_object_set_new(o, "return_step", json_integer(step));
		json_object_set_new(o, "value", value(&r.new));
		trace_step_free(&r);
	}
}

static void put_packet(json_t *o, struct show *show, const struct trace_step *s)
{
	struct trace_packet p;
	char *bytes;

	if (trace_packet(show->t, s->step, &p) != 1)
		return;
	put_text(o, "direction", p.out ? "out" : "in");
	put_text(o, "device", p.device);
	put_text(o, "skb", p.skb);
	json_object_set_new(o, "length", json_integer((json_int_t)p.len));
	bytes = hex(p.bytes, p.len, "");
	put_text(o, "bytes", bytes);
	free(bytes);
	trace_packet_free(&p);
}

/* What only this kind of step has. */
static void put_kind(json_t *o, struct show *show, const struct trace_step *s)
{
	switch (s->kind) {
	case TRACE_CALL:
		put_call(o, show, s);
		break;
	case TRACE_RETURN:
		json_object_set_new(o, "value", value(&s->new));
		break;
	case TRACE_STORE:
		put_text(o, "field", s->place ? s->place : s->field ? s->field->name : NULL);
		put_text(o, "path", s->field ? s->field->path : NULL);
		put_text(o, "ctype", s->field ? s->field->ctype : NULL);
		put_change(o, show, s, s->field && !s->place ? s->field->enumeration : 0);
		break;
	case TRACE_LOCAL:
		put_text(o, "variable", s->variable ? s->variable->name : NULL);
		put_change(o, show, s, 0);
		break;
	case TRACE_BRANCH:
		json_object_set_new(o, "left", value(&s->old));
		json_object_set_new(o, "right", value(&s->new));
		break;
	case TRACE_PACKET:
		put_packet(o, show, s);
		break;
	default:
		put_text(o, "what", s->extra);
		if (s->old.type != TRACE_NULL)
			json_object_set_new(o, "old", value(&s->old));
		if (s->new.type != TRACE_NULL)
			json_object_set_new(o, "new", value(&s->new));
	}
}

void show_json(struct show *show, const struct trace_step *s)
{
	json_t *o = json_object();
	char words[1024];

	json_object_set_new(o, "step", json_integer(s->step));
	json_object_set_new(o, "time_ns", json_integer(s->time));
	put_text(o, "kind", trace_kind_name(s->kind));
	put_text(o, "task", s->task_name);
	put_text(o, "context", s->context_name);
	json_object_set_new(o, "depth", json_integer(s->depth));
	if (s->parent)
		json_object_set_new(o, "parent", json_integer(s->parent));
	if (s->func) {
		put_text(o, "function", s->func->name);
		put_text(o, "file", s->func->file->path);
	}
	if (s->line)
		json_object_set_new(o, "line", json_integer(s->line));
	put_text(o, "object", s->object_name);
	put_kind(o, show, s);
	put_text(o, "text",
		 words_step(words, sizeof(words), show->t, s,
			    show->absolute ? NULL : &show->flows));
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}
