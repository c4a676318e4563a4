/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * One run of a script.
 *
 * The world is a child within limits. Time is virtual in it, so that what ends it is a number of events
 * (--budget), the same on every machine; the wall's time only stands behind that.
 */

#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labs/files.h"
#include "labs/run.h"
#include "labs/spawn.h"
#include "trace/read/read.h"

/* Millions of bytes of what the hooks say: some three times what the longest lab needs. */
#define BUDGET "16"

enum { MOST_LEARNT = 8 };

static const struct limits world_limits = {
	.cpu = 2, .wall = 20, .memory = 4ull << 30, .file = 512ull << 20
};

/* The script with this student's numbers, as FOLDER/NAME. */
static int write_script(struct lab_run *r, const struct lab *lab, const char *folder)
{
	char err[512], *name = text_format("tests/%s", r->script), *text, *mine, *path;
	int status = -1;

	text = lab_read_file(lab, name, err, sizeof(err));
	free(name);
	if (!text) {
		r->verdict = VERDICT_TROUBLE;
		r->message = text_format("%s\n", err);
		return -1;
	}
	mine = variation_apply(&r->variation, text);
	path = text_format("%s/%s", folder, r->script);
	if (files_make_folder(folder) || files_write(path, mine, strlen(mine))) {
		r->verdict = VERDICT_TROUBLE;
		r->message = text_format("%s: %s\n", path, strerror(errno));
	} else {
		status = 0;
	}
	free(path);
	free(mine);
	free(text);
	return status;
}

/* ---------------------------------------------------------------- how it ended */

/* The student's own line that led there: "tcp_connect() at core/student/tcp_connect.c:31", or NULL. */
static char *student_frame(struct trace *t, int64_t step)
{
	int64_t calls[64];
	int n = trace_stack(t, step, calls, 64);

	for (int i = 1; i < n && i < 64; i++) {
		struct trace_step s;
		char *text = NULL;

		if (trace_step(t, calls[i], &s) != 1)
			break;
		if (s.func && !strncmp(s.func->file->path, "core/student/", 13))
			text = text_format("%s() at %s:%d", s.func->name, s.func->file->path,
					   trace_call_line(t, calls[i - 1]));
		trace_step_free(&s);
		if (text)
			return text;
	}
	return NULL;
}

/* What runs at the trace's end: "tcp_connect() at core/student/tcp_connect.c:31"; freed. */
static char *at_the_end(struct lab_run *r)
{
	char err[256], *text = text_format("%s", "somewhere"), *mine;
	struct trace *t = r->trace ? trace_open(r->trace, err, sizeof(err)) : NULL;
	struct trace_step s;

	if (!t)
		return text;
	r->step = trace_last_step(t);
	for (int64_t at = r->step; at > 0 && at > r->step - 64; at--) {
		if (trace_step(t, at, &s) != 1)
			break;
		if (s.func && s.line) {
			free(text);
			text = text_format("%s() at %s:%d", s.func->name, s.func->file->path,
					   s.line);
			trace_step_free(&s);
			break;
		}
		trace_step_free(&s);
	}
	mine = student_frame(t, r->step);
	if (mine && !strstr(text, "core/student/"))
		text = text_add(text, ", called from %s", mine);
	free(mine);
	trace_close(t);
	return text;
}

/* The function that is called most often near the end: what a loop without end goes round in. */
static char *loops_in(struct lab_run *r)
{
	struct row row;
	char err[512], *text = NULL;
	struct asked *a = r->trace ? asked_open(r->trace, &r->variation, err, sizeof(err)) : NULL;

	if (a &&
	    asked_row(
		    a,
		    "SELECT max(step), function, count(*) AS times FROM (SELECT step, function FROM"
		    " steps WHERE step > (SELECT max(step) FROM log) - 3000) GROUP BY function"
		    " ORDER BY times DESC LIMIT 1",
		    &row, err, sizeof(err)) == 1) {
		text = text_format("%s() goes round: %s of the last 3000 steps are its own",
				   row_get(&row, "function"), row_get(&row, "times"));
		row_free(&row);
	}
	asked_close(a);
	return text ? text : text_format("the same goes on and on");
}

static void killed(struct lab_run *r, const struct ended *e)
{
	char *where = at_the_end(r), *loop;

	if (e->overdue || e->signal == SIGXCPU || e->signal == SIGKILL) {
		r->verdict = VERDICT_ENDLESS;
		loop = loops_in(r);
		r->message = text_format("it did not come to an end: %s\n", loop);
		free(loop);
	} else if (e->signal == SIGSYS) {
		r->verdict = VERDICT_CRASHED;
		r->message = text_format(
			"it asked the host's kernel for what is not allowed, in %s\n", where);
	} else if (e->signal) {
		r->verdict = VERDICT_CRASHED;
		r->message = text_format("%s in %s\n", strsignal(e->signal), where);
	} else {
		r->verdict = VERDICT_TROUBLE;
		r->message = text_format("the world could not begin: %s\n",
					 *e->said ? e->said : "no word");
	}
	free(where);
}

/* A call that never came back: asleep, and since when, and who woke nobody. */
static void asleep(struct lab_run *r, json_t *pending)
{
	struct row row;
	char err[512];
	struct asked *a = r->trace ? asked_open(r->trace, &r->variation, err, sizeof(err)) : NULL;

	r->verdict = VERDICT_ASLEEP;
	r->message = text_format("%s() never returns",
				 json_string_value(json_object_get(pending, "call")));
	if (a && asked_row(a,
			   "SELECT max(step) AS step, task FROM tasks WHERE action = 'sleep'"
			   " AND task <> 'idle'",
			   &row, err, sizeof(err)) == 1) {
		if (row.step) {
			r->step = row.step;
			r->message = text_add(r->message, ": task %s sleeps since step %lld",
					      row_get(&row, "task"), (long long)row.step);
		}
		row_free(&row);
	}
	if (a &&
	    asked_row(
		    a,
		    "SELECT c.step, c.function FROM calls c WHERE c.function IN ('__wake_up',"
		    " '__wake_up_sync_key', 'sock_def_wakeup') AND NOT EXISTS (SELECT 1 FROM tasks t"
		    " WHERE t.action = 'wake' AND t.step BETWEEN c.step AND c.return_step)"
		    " ORDER BY c.step LIMIT 1",
		    &row, err, sizeof(err)) == 1) {
		r->message =
			text_add(r->message, "; the wake-up at step %lld, %s(), found no waiter",
				 (long long)row.step, row_get(&row, "function"));
		row_free(&row);
	}
	r->message = text_add(r->message, "\n");
	asked_close(a);
}

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void take_report(struct lab_run *r, json_t *report)
{
	const char *outcome = text_of(report, "outcome");
	json_t *pending, *todo = json_object_get(report, "todo");

	r->leaks = (long)json_integer_value(json_object_get(report, "leaks"));
	r->warnings = (long)json_integer_value(json_object_get(report, "warnings"));
	r->step = json_integer_value(json_object_get(report, "step"));
	if (!strcmp(outcome, "passed")) {
		r->verdict = VERDICT_RIGHT;
		return;
	}
	if (!strcmp(outcome, "todo")) {
		r->verdict = VERDICT_NOT_WRITTEN;
		r->message =
			text_format("%s() reached part %lld, which is not written yet\n",
				    text_of(todo, "function"),
				    (long long)json_integer_value(json_object_get(todo, "part")));
		return;
	}
	r->verdict = strcmp(outcome, "failed") ? VERDICT_TROUBLE : VERDICT_WRONG;
	r->message = text_format("%s\n", text_of(report, "message"));
	pending = json_object_get(report, "pending");
	for (size_t i = 0; i < json_array_size(pending); i++) {
		json_t *call = json_array_get(pending, i);

		if (json_is_null(json_object_get(call, "returned_ns"))) {
			free(r->message);
			asleep(r, call);
			return;
		}
	}
}

/* ---------------------------------------------------------------- the run */

/* Plays what was written to @folder in the world of @b. */
static void play(struct lab_run *r, const struct build *b, const char *folder, int64_t later_ns)
{
	char *name = strndup(r->script, strcspn(r->script, "."));
	char *trace = text_format("%s.db", name), *told = text_format("%s.json", name);
	char *path = text_format("%s/%s", folder, told);
	char *seed = text_format("%llu", (unsigned long long)r->variation.seed);
	char *real = text_format("%lld", (long long)later_ns);
	const char *argv[] = { b->world,
			       r->script,
			       "--report",
			       told,
			       "-o",
			       trace,
			       "--seed",
			       seed,
			       "--real",
			       real,
			       "--budget",
			       BUDGET,
			       b->part ? "--part" : NULL,
			       b->part,
			       NULL };
	struct ended e = { 0 };
	json_error_t problem;
	json_t *report;

	unlink(path);
	r->trace = text_format("%s/%s", folder, trace);
	unlink(r->trace);
	if (spawn(argv, folder, &world_limits, &e)) {
		r->verdict = VERDICT_TROUBLE;
		r->message = text_format("%s: %s\n", b->world, strerror(errno));
	} else {
		report = e.status >= 0 ? json_load_file(path, 0, &problem) : NULL;
		if (!files_exist(r->trace)) {
			free(r->trace);
			r->trace = NULL;
		}
		if (report)
			take_report(r, report);
		else
			killed(r, &e);
		json_decref(report);
	}
	unlink(path);
	free(e.said);
	free(real);
	free(seed);
	free(path);
	free(told);
	free(trace);
	free(name);
}

/* For the lab's tests of this script; @lab NULL: for something else. */
static void open_trace(struct lab_run *r, const struct lab *lab)
{
	char err[512];

	if (r->trace)
		r->asked = asked_open(r->trace, &r->variation, err, sizeof(err));
	for (int i = 0; r->asked && lab && i < lab->ntests; i++) {
		if (strcmp(lab->tests[i].script, r->script))
			continue;
		asked_expect(r->asked, lab->tests[i].query);
		asked_expect(r->asked, lab->tests[i].needs);
	}
}

/*
 * So much later (ns) must the world's clock stand for its first SYN to have the number r->isn: the number
 * of a connection grows by one each 64 ns (secure_seq.c). Found by a run without the student. -1: none.
 */
static int64_t clock_for(const struct lab_run *r, const struct lab *lab, const char *folder)
{
	/* What a run without the student has shown stays so. */
	static struct {
		const struct lab *lab;
		const char *script;
		uint64_t seed;
		uint32_t seq;
	} learnt[MOST_LEARNT];
	static int count;
	struct lab_run dry = { .script = r->script, .kind = r->kind, .variation = r->variation };
	char *aside = text_format("%s/dry", folder), err[512];
	struct build b;
	struct row row;
	int64_t later = -1;

	for (int i = 0; i < count; i++) {
		if (learnt[i].lab == lab && !strcmp(learnt[i].script, r->script) &&
		    learnt[i].seed == r->variation.seed) {
			free(aside);
			return (int64_t)((uint32_t)r->isn - learnt[i].seq) * 64;
		}
	}
	build_reference(&b);
	if (b.world && !write_script(&dry, lab, aside)) {
		play(&dry, &b, aside, 0);
		open_trace(&dry, NULL);
	}
	if (dry.asked &&
	    asked_row(dry.asked,
		      "SELECT step, seq FROM wire WHERE kind = 'tcp' AND direction = 'out'"
		      " ORDER BY n LIMIT 1",
		      &row, err, sizeof(err)) == 1) {
		uint32_t seq = (uint32_t)strtoul(row_get(&row, "seq"), NULL, 10);

		later = (int64_t)((uint32_t)r->isn - seq) * 64;
		if (count < MOST_LEARNT) {
			learnt[count].lab = lab;
			learnt[count].script = r->script;
			learnt[count].seed = r->variation.seed;
			learnt[count++].seq = seq;
		}
		row_free(&row);
	}
	lab_run_free(&dry);
	build_free(&b);
	files_remove(aside);
	free(aside);
	return later;
}

void lab_run(struct lab_run *r, const struct build *b, const struct lab *lab, const char *script,
	     uint64_t student, int kind, int64_t isn, const char *folder)
{
	int64_t later = 0;

	*r = (struct lab_run){
		.script = script,
		.kind = kind,
		.isn = isn,
		.variation = variation_of(student, kind),
	};
	if (write_script(r, lab, folder))
		return;
	if (isn >= 0)
		later = clock_for(r, lab, folder);
	if (later < 0) {
		r->verdict = VERDICT_TROUBLE;
		r->message = text_format("%s: no run in which the first number could be learnt\n",
					 script);
		return;
	}
	play(r, b, folder, later);
	open_trace(r, lab);
}

/* The line of a student's code at @pc, "core/student/tcp_connect.c:31"; NULL: it is none. */
static char *line_of(Dwarf *dwarf, uint64_t pc)
{
	Dwarf_Die unit;
	Dwarf_Line *line = dwarf_addrdie(dwarf, pc, &unit) ? dwarf_getsrc_die(&unit, pc) : NULL;
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number;

	file = file ? strstr(file, "core/student/") : NULL;
	return file && !dwarf_lineno(line, &number) ? text_format("%s:%d", file, number) : NULL;
}

/*
 * The first of the student's own lines in a sanitizer's report. It knows no lines of what the world has
 * loaded, so they are looked up; what it says itself (an overflow's place, where a variable is) comes first
 * only where it stands before all frames.
 */
static char *first_line(const struct build *b, const char *said)
{
	const char *own = strstr(said, "core/student/");
	int fd = open(b->part_asan ? b->part_asan : "", O_RDONLY | O_CLOEXEC);
	Dwarf *dwarf = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
	char *text = NULL;

	for (const char *at = said; dwarf && !text && (at = strstr(at, "\n    #")) != NULL; at++) {
		unsigned long long pc;

		if (own && own < at)
			break;
		/* What returns there was called by what stands before it. */
		if (sscanf(at, "\n    #%*d 0x%llx", &pc) == 1)
			text = line_of(dwarf, strstr(at, "#0 ") == at + 5 ? pc : pc - 1);
	}
	if (!text && own)
		text = text_format("%.*s", (int)strcspn(own, "\n )'"), own);
	dwarf_end(dwarf);
	if (fd >= 0)
		close(fd);
	return text;
}

/* A sanitizer's report in two lines: what it is, and the first of the student's own lines. */
static char *first_frame(const struct build *b, const char *said)
{
	const char *what = strstr(said, "ERROR: ");
	char *text, *line = first_line(b, said);

	if (!what)
		what = strstr(said, "runtime error: ");
	text = text_format("%.*s", what ? (int)strcspn(what, "\n") : 40,
			   what ? what : "it crashed");
	/* Addresses are another in each run. */
	for (char *at = strstr(text, " 0x"); at; at = strstr(at, " 0x"))
		memmove(at, at + 1 + strcspn(at + 1, " )"),
			strlen(at + 1 + strcspn(at + 1, " )")) + 1);
	if (line)
		text = text_add(text, "\n    at %s", line);
	free(line);
	return text_add(text, "\n");
}

enum verdict lab_run_asan(const struct build *b, const char *const *scripts, int count,
			  uint64_t student, const char *folder, char **message)
{
	char *seed = text_format("%llu", (unsigned long long)variation_of(student, RUN_SEEN).seed);
	const char *options[] = { "--report", "asan.json", "--seed", seed, "--part", b->part_asan };
	const char **argv = calloc((size_t)count + 8, sizeof(*argv));
	struct limits limits = { .cpu = 10, .wall = 60, .file = 64ull << 20 };
	struct ended e = { 0 };
	enum verdict v = VERDICT_RIGHT;

	argv[0] = b->world_asan;
	memcpy(argv + 1, options, sizeof(options));
	if (count)
		memcpy(argv + 7, scripts, (size_t)count * sizeof(*argv));
	if (spawn(argv, folder, &limits, &e)) {
		v = VERDICT_TROUBLE;
		*message = text_format("%s: %s\n", b->world_asan, strerror(errno));
	} else if (e.status == 99 || e.signal == SIGABRT || strstr(e.said, "Sanitizer")) {
		v = VERDICT_MEMORY;
		*message = first_frame(b, e.said);
	}
	free(e.said);
	free(argv);
	free(seed);
	return v;
}

void lab_run_free(struct lab_run *r)
{
	asked_close(r->asked);
	free(r->trace);
	free(r->message);
	*r = (struct lab_run){ 0 };
}
