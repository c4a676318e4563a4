/* SPDX-License-Identifier: GPL-2.0-only */
/* The call stack at a step: which calls are open, with which arguments and locals. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/internal.h"

/* The few columns that tell how steps hang together. 1 found, 0 not, -1 error. */
static int shape(struct trace *t, int64_t step, int *kind, int64_t *parent, int *func, int *line)
{
	sqlite3_stmt *st = trace_stmt(t, ST_STEP_SHAPE);
	int rc;

	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, step);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*kind = sqlite3_column_int(st, 0);
		*parent = sqlite3_column_int64(st, 1);
		*func = sqlite3_column_int(st, 2);
		*line = sqlite3_column_int(st, 3);
	} else if (rc != SQLITE_DONE) {
		trace_fail(t, "reading the stack");
	}
	sqlite3_reset(st);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int trace_stack(struct trace *t, int64_t step, int64_t *calls, int max)
{
	int kind, func, line, depth = 0, found;
	int64_t parent, at = step;

	while (at > 0 && (found = shape(t, at, &kind, &parent, &func, &line)) != 0) {
		if (found < 0)
			return -1;
		if (kind == TRACE_CALL) {
			if (depth < max)
				calls[depth] = at;
			depth++;
		}
		/* A parent lies before its children; a damaged file must not make a circle. */
		if (parent >= at)
			break;
		at = parent;
	}
	return depth;
}

int trace_call_line(struct trace *t, int64_t call)
{
	int kind, func, line, caller_kind, caller_func, caller_line;
	int64_t parent, caller, unused;

	if (shape(t, call, &kind, &caller, &func, &line) != 1 || !caller ||
	    shape(t, caller, &caller_kind, &unused, &caller_func, &caller_line) != 1)
		return 0;
	/*
	 * The caller's last own step before the call stands on the calling line.  Between the two
	 * lie at most the other calls of that line; give up rather than walk through all of those.
	 */
	for (int64_t at = call - 1, tries = 64; at > caller && tries > 0; at--, tries--) {
		if (shape(t, at, &kind, &parent, &func, &line) != 1)
			return 0;
		if (parent == caller && kind == TRACE_LINE)
			return line;
		if (kind == TRACE_RETURN && parent < at)
			at = parent; /* over a finished call: the loop goes before it */
	}
	return 0;
}

/* ---- arguments ----------------------------------------------------------------------------- */

static void value_of_json(struct trace_value *v, const json_t *j)
{
	memset(v, 0, sizeof(*v));
	if (json_is_integer(j)) {
		v->type = TRACE_INT;
		v->num = json_integer_value(j);
	} else if (json_is_boolean(j)) {
		v->type = TRACE_INT;
		v->num = json_is_true(j);
	} else if (json_is_string(j)) {
		v->bytes = strdup(json_string_value(j));
		v->type = v->bytes ? TRACE_TEXT : TRACE_NULL;
		v->len = v->bytes ? strlen(v->bytes) : 0;
	} else if (j && !json_is_null(j)) {
		v->bytes = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
		v->type = v->bytes ? TRACE_TEXT : TRACE_NULL;
		v->len = v->bytes ? strlen(v->bytes) : 0;
	}
}

int trace_args(const char *extra, struct trace_arg **out)
{
	json_t *root = extra ? json_loads(extra, JSON_ALLOW_NUL, NULL) : NULL, *value;
	const char *key;
	int n = 0;

	*out = NULL;
	if (json_is_object(root) && json_object_size(root))
		*out = calloc(json_object_size(root), sizeof(**out));
	if (*out) {
		/* jansson keeps the order in which the recorder wrote them. */
		json_object_foreach(root, key, value) {
			(*out)[n].name = strdup(key);
			value_of_json(&(*out)[n].value, value);
			n++;
		}
	}
	json_decref(root);
	return n;
}

void trace_args_free(struct trace_arg *args, int count)
{
	for (int i = 0; i < count; i++) {
		free(args[i].name);
		trace_value_free(&args[i].value);
	}
	free(args);
}

/* ---- locals -------------------------------------------------------------------------------- */

static int by_parameter(const void *a, const void *b)
{
	const struct trace_local *x = a, *y = b;
	/* Locals (-1) after all parameters; both in the order of the source. */
	unsigned px = (unsigned)x->variable->parameter, py = (unsigned)y->variable->parameter;

	if (px != py)
		return px < py ? -1 : 1;
	return x->variable->line != y->variable->line ? x->variable->line - y->variable->line :
							x->variable->id - y->variable->id;
}

/* Puts a value into the list, in place of an earlier one of the same variable.  0 or -1. */
static int put_local(struct trace_local **list, int *n, const struct trace_variable *v,
		     int64_t step, struct trace_value *value)
{
	struct trace_local *more, *l = NULL;

	for (int i = 0; i < *n; i++)
		if ((*list)[i].variable == v)
			l = &(*list)[i];
	if (l) {
		trace_value_free(&l->value);
	} else {
		more = realloc(*list, ((size_t)*n + 1) * sizeof(*more));
		if (!more)
			return -1;
		*list = more;
		l = &more[(*n)++];
		l->variable = v;
		l->name = strdup(v->name);
	}
	l->value = *value;
	l->step = step;
	memset(value, 0, sizeof(*value));
	return 0;
}

/* The arguments the call was entered with. */
static int locals_of_args(struct trace *t, const struct trace_step *call, struct trace_local **out,
			  int *n)
{
	struct trace_arg *args;
	int count = trace_args(call->extra, &args), rc = 0;

	for (int i = 0; i < count && !rc; i++) {
		const struct trace_variable *v =
			trace_variable_by_name(t, call->func->id, args[i].name);

		if (v)
			rc = put_local(out, n, v, call->step, &args[i].value);
	}
	trace_args_free(args, count);
	return rc;
}

int64_t trace_last_local(struct trace *t, int64_t step, int64_t call, int variable)
{
	int64_t at = step;

	/* the same variable of another call, by a recursion or in another task, may lie between */
	do {
		at = trace_seek_last(t, TRACE_LOCAL, variable, at);
		if (at <= call)
			return 0;
	} while (trace_parent(t, at) != call && at--);
	return at;
}

int64_t trace_next_local(struct trace *t, int64_t step, int64_t call, int variable)
{
	int64_t at = step > call ? step : call;

	do
		at = trace_seek_next(t, TRACE_LOCAL, variable, at);
	while (at && trace_parent(t, at) != call);
	return at;
}

/* The last value of one variable of the call, if it has one by then.  0 or -1. */
static int local_at(struct trace *t, int64_t call, const struct trace_variable *v, int64_t step,
		    struct trace_local **out, int *n)
{
	struct trace_value value;
	sqlite3_stmt *st;
	int64_t at = trace_last_local(t, step, call, v->id);
	int rc = 0;

	if (!at)
		return 0;
	st = trace_stmt(t, ST_VALUES);
	if (!st)
		return -1;
	sqlite3_bind_int64(st, 1, at);
	if (sqlite3_step(st) == SQLITE_ROW) {
		trace_value_read(&value, st, 2);
		rc = put_local(out, n, v, at, &value);
		trace_value_free(&value);
	} else {
		rc = trace_fail(t, "reading locals");
	}
	sqlite3_reset(st);
	return rc;
}

int trace_locals(struct trace *t, int64_t call, int64_t step, struct trace_local **out)
{
	int n = 0, func = 0, rc;
	struct trace_step s;

	*out = NULL;
	rc = trace_step(t, call, &s);
	if (rc == 1 && s.kind == TRACE_CALL && s.func) {
		func = s.func->id;
		rc = locals_of_args(t, &s, out, &n);
	}
	trace_step_free(&s);
	if (rc >= 0 && func && trace_variables(t))
		rc = -1;
	for (size_t i = 0; rc >= 0 && func && i < t->nvariables; i++)
		if (t->variables[i].func == func)
			rc = local_at(t, call, &t->variables[i], step, out, &n);
	if (rc < 0) {
		trace_locals_free(*out, n);
		*out = NULL;
		return -1;
	}
	if (n > 1)
		qsort(*out, (size_t)n, sizeof(**out), by_parameter);
	return n;
}

void trace_locals_free(struct trace_local *locals, int count)
{
	for (int i = 0; i < count; i++) {
		free(locals[i].name);
		trace_value_free(&locals[i].value);
	}
	free(locals);
}
