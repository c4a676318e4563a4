/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A step in sentences.
 *
 * Theory of operation: an explanation is a list of items, each a heading and a paragraph.  The first
 * is the step itself, by its kind; then come the things it touches (field, object, errno, state,
 * names on the source line), each with its text from the catalogue; then the function it happens in,
 * and if that is only a helper of others, the function of the path that called it.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/catalog.h"
#include "viewer/explain.h"
#include "viewer/explain_local.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"
#include "viewer/text.h"

/* ---- items -------------------------------------------------------------------------------------- */

/* Ends the item that is being written. */
static void close_item(struct explainer *x)
{
	if (!x->to)
		return;
	fclose(x->to);
	x->to = NULL;
	x->out->items[x->out->count - 1].text = x->text;
	x->text = NULL;
}

void explain_item(struct explainer *x, const char *fmt, ...)
{
	struct explanation *out = x->out;
	struct explain_item *more;
	va_list args;
	char *head;

	close_item(x);
	more = realloc(out->items, (size_t)(out->count + 1) * sizeof(*more));
	if (!more)
		abort();
	out->items = more;
	va_start(args, fmt);
	if (vasprintf(&head, fmt, args) < 0)
		abort();
	va_end(args);
	out->items[out->count++] = (struct explain_item){ .head = head };
	x->to = open_memstream(&x->text, &x->len);
	if (!x->to)
		abort();
}

void explain_say(struct explainer *x, const char *fmt, ...)
{
	va_list args;

	/* Sentences are parted by a space, but not in scripts whose full stop is wide enough. */
	fflush(x->to);
	if (x->len && !(x->len > 3 && !strcmp(x->text + x->len - 3, "\u3002")))
		fputc(' ', x->to);
	va_start(args, fmt);
	vfprintf(x->to, fmt, args);
	va_end(args);
}

bool explain_entry(struct explainer *x, enum catalog_kind kind, const char *name)
{
	const char *text = catalog_text(kind, name);

	if (text) {
		explain_item(x, "%s", name);
		explain_say(x, "%s", text);
	}
	return text != NULL;
}

void explain_error(struct explainer *x, int64_t number)
{
	const char *name = words_errno(number < 0 ? -number : number);

	if (name)
		explain_entry(x, CATALOG_ERRNO, name);
}

/* ---- the function it happens in ----------------------------------------------------------------- */

static const char *place_of(const struct trace_func *f)
{
	return f->file->kernel_path ? f->file->kernel_path : f->file->path;
}

/* A function that serves everybody: what it does says little about why it is called here. */
static bool is_helper(const struct trace_func *f)
{
	static const char *const rooms[] = { "net/", "fs/", "security/", "drivers/" };

	for (size_t i = 0; f->file->kernel_path && i < sizeof(rooms) / sizeof(*rooms); i++)
		if (!strncmp(f->file->kernel_path, rooms[i], strlen(rooms[i])))
			return false;
	return true;
}

static void one_function(struct explainer *x, const struct trace_func *f)
{
	const char *text = catalog_text(CATALOG_FUNCTION, f->name);

	explain_item(x, "%s()  %s", f->name, place_of(f));
	explain_say(x, "%s", text ? text : _("The catalogue has no text for this function."));
}

static void functions(struct explainer *x)
{
	int64_t calls[64];
	int n = trace_stack(x->m->t, x->s.step, calls, 64);

	if (!x->s.func)
		return;
	one_function(x, x->s.func);
	for (int i = 1; is_helper(x->s.func) && i < n && i < 64; i++) {
		struct trace_step call;
		bool found;

		if (trace_step(x->m->t, calls[i], &call) != 1)
			return;
		found = call.func && !is_helper(call.func);
		if (found)
			one_function(x, call.func);
		trace_step_free(&call);
		if (found)
			return;
	}
}

/* ---- printing ----------------------------------------------------------------------------------- */

void model_explain_free(struct explanation *e)
{
	for (int i = 0; i < e->count; i++) {
		free(e->items[i].head);
		free(e->items[i].text);
	}
	free(e->items);
	memset(e, 0, sizeof(*e));
}

int model_explain(struct model *m, struct explanation *out)
{
	struct explainer x = { .m = m, .out = out };
	char words[1024];

	memset(out, 0, sizeof(*out));
	if (!m->step || trace_step(m->t, m->step, &x.s) != 1)
		return -1;
	words_step(words, sizeof(words), m->t, &x.s, &m->flows);
	explain_item(&x, "%s", words);
	explain_step(&x);
	functions(&x);
	close_item(&x);
	trace_step_free(&x.s);
	return 0;
}

struct printing {
	FILE *to;
	int indent;
};

static void print_line(void *ctx, const char *line, size_t len)
{
	struct printing *p = ctx;

	fprintf(p->to, "%*s%.*s\n", p->indent, "", (int)len, line);
}

void explain_print_item(FILE *to, const char *head, const char *text, int width)
{
	struct printing p = { to, 0 };

	text_wrap(head, width, print_line, &p);
	p.indent = 4;
	if (text && *text)
		text_wrap(text, width - p.indent, print_line, &p);
}

void explain_print(FILE *to, const struct explanation *e, int width)
{
	for (int i = 0; i < e->count; i++) {
		if (i)
			fputc('\n', to);
		explain_print_item(to, e->items[i].head, e->items[i].text, width);
	}
}
