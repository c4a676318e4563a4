/* SPDX-License-Identifier: GPL-2.0-only */
/* Two replays side by side; see twin.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model_words.h"
#include "viewer/twin.h"

__attribute__((format(printf, 2, 3))) static bool say(struct twin *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(t->message, sizeof(t->message), fmt, args);
	va_end(args);
	return false;
}

/* ------------------------------------------------------------------ the list of pairs */

/* Appends a number to a list that grows by doubling.  0 or -1. */
static int note(int64_t **list, int64_t *count, int64_t number)
{
	if (!(*count & (*count - 1))) {
		int64_t *more = realloc(*list, (size_t)(*count ? 2 * *count : 1) * sizeof(*more));

		if (!more)
			return -1;
		*list = more;
	}
	(*list)[(*count)++] = number;
	return 0;
}

/* Goes through all pairs once: how many there are, and where they differ.  0 or -1. */
static int count_pairs(struct twin *t)
{
	struct diff_pair pair = { 0 }, before;

	for (before = pair; diff_next_pair(t->report.d, &pair); before = pair, t->count++) {
		if (t->count % TWIN_BLOCK == 0) {
			struct diff_pair *more =
				realloc(t->marks, ((size_t)t->nmarks + 1) * sizeof(*t->marks));

			if (!more)
				return -1;
			t->marks = more;
			t->marks[t->nmarks++] = before;
		}
		if ((pair.differs || pair.moved) && note(&t->differs, &t->ndiffers, t->count))
			return -1;
	}
	return 0;
}

/* A pair by its number, which must be one. */
static const struct diff_pair *pair_at(struct twin *t, int64_t number)
{
	int64_t block = number / TWIN_BLOCK;
	struct twin_block *to = &t->blocks[1];
	struct diff_pair at;

	if (t->blocks[0].number == block)
		return &t->blocks[0].pairs[number % TWIN_BLOCK];
	if (to->number != block) {
		at = t->marks[block];
		to->number = block;
		to->count = 0;
		while (to->count < TWIN_BLOCK && diff_next_pair(t->report.d, &at))
			to->pairs[to->count++] = at;
	}
	{
		struct twin_block swap = t->blocks[0];

		t->blocks[0] = *to;
		*to = swap;
	}
	return &t->blocks[0].pairs[number % TWIN_BLOCK];
}

/* The number of the pair that a step of one side is in. */
static int64_t pair_of(struct twin *t, int side, int64_t step)
{
	int64_t low = 0, high = t->nmarks - 1;

	/* the last block that begins at or before the step */
	while (low < high) {
		int64_t middle = (low + high + 1) / 2, next;

		next = side ? t->marks[middle].next_b : t->marks[middle].next_a;
		if (next <= step)
			low = middle;
		else
			high = middle - 1;
	}
	for (int64_t i = low * TWIN_BLOCK; i < t->count; i++) {
		const struct diff_pair *pair = pair_at(t, i);

		if ((side ? pair->b : pair->a) >= step)
			return i;
	}
	return t->count - 1;
}

/* How many of the pairs that differ are before this one. */
static int64_t differing_before(const struct twin *t, int64_t pair)
{
	int64_t low = 0, high = t->ndiffers;

	while (low < high) {
		int64_t middle = (low + high) / 2;

		if (t->differs[middle] < pair)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ------------------------------------------------------------------ calls */

/* The side that a pair is told from: A's, or B's where A has none. */
static int side_of(const struct diff_pair *pair)
{
	return !pair->a;
}

static bool shape(struct twin *t, int64_t number, struct trace_step *s, int *side)
{
	const struct diff_pair *pair = pair_at(t, number);

	*side = side_of(pair);
	return trace_step(t->report.t[*side], *side ? pair->b : pair->a, s) == 1;
}

/* The pair of a call's return, or the last one if it has none. */
static int64_t end_of(struct twin *t, int64_t call)
{
	struct diff_pair pair = *pair_at(t, call);
	int side = side_of(&pair);
	int64_t back = trace_return_of(t->report.t[side], side ? pair.b : pair.a);

	return back ? pair_of(t, side, back) : t->count - 1;
}

/* Is the call one line? Not while one is inside, nor when something in it differs. */
static bool is_folded(struct twin *t, int64_t call, int64_t end)
{
	if (t->at > call && t->at <= end)
		return false;
	return differing_before(t, end + 1) == differing_before(t, call + 1);
}

static bool visible(const struct twin *t, int64_t number, const struct trace_step *s)
{
	int64_t i;

	if (model_kinds(t->detail) & TRACE_BIT(s->kind))
		return true;
	i = differing_before(t, number);
	return i < t->ndiffers && t->differs[i] == number;
}

/* The line behind a line; -1 at the end. */
static int64_t line_after(struct twin *t, int64_t number)
{
	struct trace_step s;
	int side;
	bool seen;

	if (shape(t, number, &s, &side)) {
		bool call = s.kind == TRACE_CALL;

		trace_step_free(&s);
		if (call) {
			int64_t end = end_of(t, number);

			if (is_folded(t, number, end))
				number = end;
		}
	}
	while (++number < t->count) {
		if (!shape(t, number, &s, &side))
			return -1;
		seen = visible(t, number, &s);
		trace_step_free(&s);
		if (seen)
			return number;
	}
	return -1;
}

/* The line before a line; -1 at the beginning. */
static int64_t line_before(struct twin *t, int64_t number)
{
	struct trace_step s;
	int side;

	while (--number >= 0) {
		int64_t call = -1;
		bool seen;

		if (!shape(t, number, &s, &side))
			return -1;
		seen = visible(t, number, &s);
		if (s.kind == TRACE_RETURN && s.parent)
			call = pair_of(t, side, s.parent);
		trace_step_free(&s);
		if (call >= 0 && is_folded(t, call, number))
			return call;
		if (seen)
			return number;
	}
	return -1;
}

/* ------------------------------------------------------------------ its life */

struct twin *twin_new(struct trace *a, struct trace *b, char *err, size_t errlen)
{
	struct twin *t = calloc(1, sizeof(*t));

	snprintf(err, errlen, "%s", _("out of memory"));
	if (!t) {
		trace_close(a);
		trace_close(b);
		return NULL;
	}
	t->report.t[0] = a;
	t->report.t[1] = b;
	t->report.translated = true;
	t->model[0] = model_new(a);
	t->model[1] = model_new(b);
	if (!t->model[0] || !t->model[1]) {
		twin_free(t);
		return NULL;
	}
	t->detail = DETAIL_LINES;
	t->blocks[0].number = t->blocks[1].number = -1;
	t->report.d = diff_traces(a, b, &(struct diff_options){ 0 }, err, errlen);
	if (!t->report.d || count_pairs(t)) {
		twin_free(t);
		return NULL;
	}
	words_learn_flows(a, &t->report.flows[0], 0);
	words_learn_flows(b, &t->report.flows[1], 0);
	if (t->ndiffers) {
		t->at = t->differs[0];
		say(t, _("here they part: %" PRId64 " places differ; d goes to the next"),
		    t->ndiffers);
	} else {
		say(t, "%s", _("the traces are equal"));
	}
	return t;
}

void twin_free(struct twin *t)
{
	diff_free(t->report.d);
	for (int i = 0; i < 2; i++) {
		decode_flows_free(&t->report.flows[i]);
		if (t->model[i])
			model_free(t->model[i]);
	}
	free(t->marks);
	free(t->differs);
	free(t);
}

struct model *twin_side(struct twin *t, int side)
{
	struct diff_pair here = { 0 };
	int64_t step;

	twin_here(t, &here);
	step = side ? here.b : here.a;
	if (!step)
		return NULL;
	model_move(t->model[side], step, false);
	return t->model[side];
}

bool twin_here(struct twin *t, struct diff_pair *out)
{
	if (!t->count)
		return false;
	*out = *pair_at(t, t->at);
	return true;
}

/* ------------------------------------------------------------------ lines */

static char sign_of(const struct diff_pair *pair)
{
	if (pair->moved)
		return '~';
	if (!pair->b)
		return '<';
	if (!pair->a)
		return '>';
	return pair->differs ? '!' : '=';
}

static int fill_row(struct twin *t, int64_t number, struct twin_row *row)
{
	const struct diff_pair pair = *pair_at(t, number);
	struct trace_step s;
	char text[1024];
	int side;

	memset(row, 0, sizeof(*row));
	row->pair = number;
	row->a = pair.a;
	row->b = pair.b;
	row->sign = sign_of(&pair);
	row->current = number == t->at;
	if (shape(t, number, &s, &side)) {
		row->indent = s.kind == TRACE_CALL ? s.depth : s.depth + 1;
		row->folded = s.kind == TRACE_CALL && is_folded(t, number, end_of(t, number));
		trace_step_free(&s);
	}
	row->text[0] = strdup(diff_step_words(text, sizeof(text), &t->report, 0, pair.a));
	row->text[1] = strdup(diff_step_words(text, sizeof(text), &t->report, 1, pair.b));
	return row->text[0] && row->text[1] ? 0 : -1;
}

int twin_walk(struct twin *t, int above, int below, struct twin_rows *out)
{
	int64_t at = t->at;
	int n = 0;

	memset(out, 0, sizeof(*out));
	if (!t->count)
		return 0;
	out->rows = calloc((size_t)(above + below + 1), sizeof(*out->rows));
	if (!out->rows)
		return -1;
	while (n < above && (at = line_before(t, at)) >= 0)
		if (fill_row(t, at, &out->rows[n++]))
			return -1;
	for (int i = 0; i < n / 2; i++) {
		struct twin_row swap = out->rows[i];

		out->rows[i] = out->rows[n - 1 - i];
		out->rows[n - 1 - i] = swap;
	}
	out->current = n;
	at = t->at;
	do
		if (fill_row(t, at, &out->rows[n++]))
			return -1;
	while (n < out->current + 1 + below && (at = line_after(t, at)) >= 0);
	out->count = n;
	return 0;
}

void twin_rows_free(struct twin_rows *rows)
{
	for (int i = 0; i < rows->count; i++) {
		free(rows->rows[i].text[0]);
		free(rows->rows[i].text[1]);
	}
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}

/* ------------------------------------------------------------------ moves */

static bool move(struct twin *t, int64_t to, bool forward)
{
	if (to < 0 || to >= t->count)
		return say(t, "%s",
			   forward ? _("this is the last step") : _("this is the first step"));
	t->at = to;
	return true;
}

bool twin_over(struct twin *t, bool forward)
{
	if (!t->count)
		return say(t, "%s", _("two empty traces"));
	return move(t, forward ? line_after(t, t->at) : line_before(t, t->at), forward);
}

bool twin_step(struct twin *t, bool forward)
{
	int64_t at = t->at;
	struct trace_step s;
	int side;

	while ((forward ? ++at : --at) >= 0 && at < t->count) {
		bool seen = shape(t, at, &s, &side) && visible(t, at, &s);

		trace_step_free(&s);
		if (seen)
			return move(t, at, forward);
	}
	return move(t, -1, forward);
}

bool twin_difference(struct twin *t, bool forward)
{
	int64_t i = differing_before(t, forward ? t->at + 1 : t->at) - !forward;

	if (i < 0 || i >= t->ndiffers)
		return say(t, "%s",
			   forward ? _("no difference behind here") :
				     _("no difference before here"));
	return move(t, t->differs[i], forward);
}

/* The difference that the position stands on, by its index; -1: none. */
static int entry_here(struct twin *t)
{
	struct diff_pair pair;
	size_t count;
	const struct diff_entry *e = diff_entries(t->report.d, &count);

	if (!twin_here(t, &pair))
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool in_a = pair.a && e[i].kind != DIFF_EXTRA && pair.a >= e[i].a &&
			    pair.a < e[i].a + (e[i].a_steps ? e[i].a_steps : 1);
		bool in_b = pair.b && e[i].kind == DIFF_EXTRA && pair.b >= e[i].b &&
			    pair.b < e[i].b + (e[i].b_steps ? e[i].b_steps : 1);

		if (!e[i].excused && (in_a || in_b) && (pair.differs || pair.moved))
			return (int)i;
	}
	return -1;
}

bool twin_cause(struct twin *t)
{
	int i = entry_here(t);
	const struct diff_entry *cause;
	size_t count;

	if (i < 0)
		return say(t, "%s", _("nothing differs here: d goes to the next difference"));
	cause = &diff_entries(t->report.d, &count)[diff_entries(t->report.d, &count)[i].cause];
	if (cause == &diff_entries(t->report.d, &count)[i])
		return say(t, "%s", _("this follows from nothing else: it is a cause"));
	return cause->kind == DIFF_EXTRA ? twin_go_step(t, 1, cause->b) :
					   twin_go_step(t, 0, cause->a);
}

bool twin_go(struct twin *t, int64_t pair)
{
	if (!t->count)
		return say(t, "%s", _("two empty traces"));
	return move(t, pair < 0 ? 0 : pair >= t->count ? t->count - 1 : pair, true);
}

bool twin_go_step(struct twin *t, int side, int64_t step)
{
	return twin_go(t, t->count ? pair_of(t, side, step) : 0);
}

void twin_set_detail(struct twin *t, int detail)
{
	if (detail < 0 || detail >= DETAILS)
		say(t, "%s",
		    detail < 0 ? _("calls only: there is no less") :
				 _("all steps: there is no more"));
	else
		t->detail = (enum model_detail)detail;
}

char *twin_words(struct twin *t, char *buf, size_t len)
{
	int i = entry_here(t);
	size_t count;
	const struct diff_entry *e = diff_entries(t->report.d, &count);

	*buf = '\0';
	if (i >= 0) {
		diff_words(buf, len, &t->report, &e[i]);
		if (e[i].cause == i && e[i].follow && strlen(buf) + 30 < len)
			snprintf(buf + strlen(buf), len - strlen(buf), _("; %d follow from it"),
				 e[i].follow);
	}
	return buf;
}
