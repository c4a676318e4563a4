/* SPDX-License-Identifier: GPL-2.0-only */
/* synwalk diff for programs: one JSON object; docs/diff.md tells what is in it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/diff.h"
#include "viewer/model_words.h"

static json_t *text(const char *s)
{
	json_t *j = json_string(s);

	return j ? j : json_string("?"); /* not UTF-8 */
}

static json_t *trace_json(struct trace *t)
{
	static const char *const keys[] = { "scenario", "seed", "clock", "result" };
	json_t *o = json_object();

	json_object_set_new(o, "path", text(trace_path(t)));
	json_object_set_new(o, "steps", json_integer(trace_last_step(t)));
	json_object_set_new(o, "partial", json_boolean(trace_is_partial(t)));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *v = trace_meta(t, keys[i]);

		json_object_set_new(o, keys[i], v ? text(v) : json_null());
	}
	return o;
}

static void add_stack(json_t *o, struct trace *t, int64_t step)
{
	json_t *stack = json_array();
	int64_t calls[64];
	int n = trace_stack(t, step, calls, 64);
	struct trace_step s;

	for (int i = 0; i < n && i < 64; i++) {
		if (trace_step(t, calls[i], &s) != 1)
			continue;
		json_array_append_new(stack, text(s.func ? s.func->name : "?"));
		trace_step_free(&s);
	}
	json_object_set_new(o, "stack", stack);
}

/* One side of a difference: null where the trace has nothing. */
static json_t *side_json(struct report *r, int side, int64_t step, int64_t steps)
{
	char words[600], where[200];
	struct trace_step s;
	json_t *o;

	if (!steps || step <= 0 || trace_step(r->t[side], step, &s) != 1)
		return json_null();
	o = json_object();
	json_object_set_new(o, "step", json_integer(step));
	json_object_set_new(o, "steps", json_integer(steps));
	json_object_set_new(o, "time_ns", json_integer(s.time));
	json_object_set_new(o, "kind", text(trace_kind_name(s.kind)));
	json_object_set_new(o, "task", text(s.task_name ? s.task_name : "?"));
	json_object_set_new(o, "context", text(s.context_name ? s.context_name : "?"));
	json_object_set_new(o, "where", text(diff_where(where, sizeof(where), r, side, step)));
	json_object_set_new(o, "text", text(diff_step_words(words, sizeof(words), r, side, step)));
	if (s.kind == TRACE_STORE) {
		json_object_set_new(o, "object", text(s.object_name ? s.object_name : "?"));
		json_object_set_new(o, "field",
				    text(s.place ? s.place :
					 s.field ? s.field->name :
						   "?"));
	}
	trace_step_free(&s);
	add_stack(o, r->t[side], step);
	return o;
}

static json_t *entry_json(struct report *r, const struct diff_entry *all, size_t i,
			  const int *number)
{
	static const char *const kinds[] = {
		[DIFF_VALUE] = "value", [DIFF_MISSING] = "missing", [DIFF_EXTRA] = "extra",
		[DIFF_MOVED] = "moved", [DIFF_TIME] = "time",
	};
	const struct diff_entry *e = &all[i];
	char words[600];
	json_t *o = json_object();

	json_object_set_new(o, "kind", text(kinds[e->kind]));
	json_object_set_new(o, "function", text(e->function));
	json_object_set_new(o, "what", text(e->what));
	json_object_set_new(o, "text", text(diff_words(words, sizeof(words), r, e)));
	json_object_set_new(o, "cause", json_integer(number[e->cause]));
	json_object_set_new(o, "follow", json_integer(e->follow));
	json_object_set_new(o, "a", side_json(r, 0, e->a, e->a_steps));
	json_object_set_new(o, "b", side_json(r, 1, e->b, e->b_steps));
	return o;
}

static json_t *counts_json(const struct diff_counts *c)
{
	return json_pack("{sI sI sI sI sI sI sI}", "paired", (json_int_t)c->paired, "differences",
			 (json_int_t)c->entries, "causes", (json_int_t)c->causes, "values",
			 (json_int_t)c->values, "missing", (json_int_t)c->missing, "extra",
			 (json_int_t)c->extra, "moved", (json_int_t)c->moved);
}

static json_t *uses_json(struct report *r)
{
	const struct diff_use *uses;
	size_t n = diff_uses(r->d, &uses);
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_pack("{ss sI sI sI}", "rule", uses[i].rule, "times",
						   (json_int_t)uses[i].times, "first_a",
						   (json_int_t)uses[i].first_a, "first_b",
						   (json_int_t)uses[i].first_b));
	return a;
}

int diff_print_json(struct report *r)
{
	size_t count, n = 0;
	const struct diff_entry *all = diff_entries(r->d, &count);
	json_t *o = json_object(), *list = json_array();
	int *number = calloc(count + 1, sizeof(*number)), err;

	if (!number)
		return -1;
	/* differences are numbered as they come out: the excused ones are left out */
	for (size_t i = 0; i < count; i++)
		if (!all[i].excused)
			number[i] = (int)n++;
	for (size_t i = 0; i < count; i++)
		if (!all[i].excused)
			json_array_append_new(list, entry_json(r, all, i, number));
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "a", trace_json(r->t[0]));
	json_object_set_new(o, "b", trace_json(r->t[1]));
	json_object_set_new(o, "equal", json_boolean(!diff_first(r->d)));
	json_object_set_new(o, "counts", counts_json(diff_counts(r->d)));
	json_object_set_new(o, "differences", list);
	json_object_set_new(o, "rules", uses_json(r));
	err = json_dumpf(o, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(o);
	free(number);
	return err;
}
