/* SPDX-License-Identifier: GPL-2.0-only */

/* Where a run first parts from the core's own. */

#include <stdlib.h>
#include <string.h>

#include "labs/explain.h"
#include "labs/files.h"
#include "trace/diff/diff.h"
#include "trace/read/read.h"
#include "viewer/diff.h"

/* What a solution may do in its own way: its lines, its comparisons, its variables. */
static const char *const own_way[] = { "line", "branch", "local", NULL };

/* The first difference that says something: a field's, then anything's. */
static char *words_of(struct trace *good, struct trace *bad)
{
	struct diff_options options = { .ignore = own_way };
	struct report report = { .t = { good, bad } };
	const struct diff_entry *e;
	char err[512], words[512], *text = NULL;

	report.d = diff_traces(good, bad, &options, err, sizeof(err));
	e = report.d ? diff_first(report.d) : NULL;
	if (e) {
		diff_words(words, sizeof(words), &report, e);
		text = text_format("step %lld: %s", (long long)e->b, words);
	}
	if (report.d)
		diff_free(report.d);
	return text;
}

char *explain_divergence(const struct lab *lab, const struct lab_run *r, uint64_t student,
			 const char *folder)
{
	char *aside = text_format("%s/core", folder), err[512], *text = NULL;
	struct trace *good = NULL, *bad = NULL;
	struct lab_run reference;
	struct build b;

	build_reference(&b);
	if (b.world) {
		lab_run(&reference, &b, lab, r->script, student, r->kind, r->isn, aside);
		if (reference.trace)
			good = trace_open(reference.trace, err, sizeof(err));
		bad = trace_open(r->trace, err, sizeof(err));
		if (good && bad)
			text = words_of(good, bad);
		trace_close(good);
		trace_close(bad);
		lab_run_free(&reference);
	}
	build_free(&b);
	free(aside);
	return text;
}
