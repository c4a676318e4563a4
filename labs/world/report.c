/* SPDX-License-Identifier: GPL-2.0-only */

/* What a run tells the grader, as JSON: docs/labs.md. */

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "labs/world/world.h"
#include "viewer/command.h"

static FILE *report;
static const char *report_path;

int report_open(const char *path)
{
	report_path = path;
	report = fopen(path, "we");
	return report ? 0 : trouble(path, NULL, "%s", strerror(errno));
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* Calls that were under way when the play failed, and when they returned after all. */
static json_t *pending(const struct play *p)
{
	json_t *list = json_array();

	for (int i = 0; p && i < p->ntasks; i++) {
		const struct task *t = &p->tasks[i];
		int late = t->returned && t->ended_ns >= p->failure_ns;

		if (p->outcome == PLAY_DONE || !t->event || !(t->job || late))
			continue;
		json_array_append_new(
			list,
			json_pack("{s:s, s:i, s:s, s:i, s:o}", "task", t->name, "pid", t->pid,
				  "call", t->event->call->name, "line", t->event->at.line,
				  "returned_ns",
				  t->job ? json_null() :
					   json_integer((json_int_t)(t->ended_ns - p->begin_ns))));
	}
	return list;
}

int report_write(int status, const char *message, const struct play *p, int64_t step,
		 const char *function, int part)
{
	static const char *const names[] = { "passed", "failed", "trouble", "todo" };
	json_t *todo = function ? json_pack("{s:s, s:i}", "function", function, "part", part) :
				  json_null();
	json_t *all =
		json_pack("{s:s, s:s, s:i, s:I, s:o, s:o, s:o, s:i, s:i}", "outcome", names[status],
			  "message", message ? message : "", "line", p ? p->failure_line : 0,
			  "step", (json_int_t)step, "call",
			  text_or_null(p ? p->failure_call : NULL), "pending", pending(p), "todo",
			  todo, "warnings", (int)core_warnings(), "leaks", (int)core_leaks());
	int bad = !all || json_dumpf(all, report, JSON_INDENT(2) | JSON_ENSURE_ASCII) ||
		  fputc('\n', report) == EOF;

	json_decref(all);
	if (fclose(report) || bad)
		return trouble(report_path, NULL, "the report could not be written");
	return status;
}
