/* SPDX-License-Identifier: GPL-2.0-only */

/* The words of synwalk lab that grade: grade, watch, hint, submit. */

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "labs/cmd.h"
#include "labs/critic.h"
#include "labs/files.h"
#include "labs/report.h"
#include "labs/spawn.h"

enum form { FORM_TEXT, FORM_JSON, FORM_GRADESCOPE, FORM_AUTOLAB };

struct request {
	enum form form;
	uint64_t seed, lab, jobs;
	bool has_seed, csv;
	const char *batch, *said;
};

static int parse(const struct lab_words *w, struct request *r)
{
	enum {
		OPT_JSON = 256,
		OPT_SCOPE,
		OPT_AUTOLAB,
		OPT_SEED,
		OPT_LAB,
		OPT_BATCH,
		OPT_CSV,
		OPT_JOBS
	};
	static const struct option known[] = {
		{ "json", no_argument, NULL, OPT_JSON },
		{ "gradescope", no_argument, NULL, OPT_SCOPE },
		{ "autolab", no_argument, NULL, OPT_AUTOLAB },
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "lab", required_argument, NULL, OPT_LAB },
		{ "batch", required_argument, NULL, OPT_BATCH },
		{ "csv", no_argument, NULL, OPT_CSV },
		{ "jobs", required_argument, NULL, OPT_JOBS },
		{ 0 },
	};
	int c;

	*r = (struct request){ .seed = 1, .lab = UINT64_MAX };
	opterr = optind = 0;
	while ((c = getopt_long(w->argc, w->argv, ":", known, NULL)) != -1) {
		uint64_t *number = c == OPT_SEED ? &r->seed : c == OPT_LAB ? &r->lab : &r->jobs;

		if (c == ':' || c == '?')
			return trouble(w->argv[optind - 1], "synwalk lab --help",
				       c == ':' ? "needs a value" : "no such option");
		if ((c == OPT_SEED || c == OPT_LAB || c == OPT_JOBS) &&
		    read_number(optarg, INT32_MAX, number))
			return trouble(optarg, "like --seed 7", "not a number");
		if (c == OPT_JSON || c == OPT_SCOPE || c == OPT_AUTOLAB)
			r->form = (enum form)(FORM_JSON + c - OPT_JSON);
		r->has_seed = r->has_seed || c == OPT_SEED;
		r->csv = r->csv || c == OPT_CSV;
		if (c == OPT_BATCH)
			r->batch = optarg;
	}
	r->said = optind < w->argc ? w->argv[optind] : NULL;
	return 0;
}

static void put_json(json_t *o, size_t flags)
{
	json_dumpf(o, stdout, flags);
	putchar('\n');
	json_decref(o);
}

static void put_report(const struct grade *g, enum form form, const char *view)
{
	switch (form) {
	case FORM_TEXT:
		report_text(stdout, g, view);
		break;
	case FORM_JSON:
		put_json(report_json(g), JSON_INDENT(2));
		break;
	case FORM_GRADESCOPE:
		put_json(report_gradescope(g), JSON_INDENT(2));
		break;
	case FORM_AUTOLAB:
		report_text(stdout, g, view);
		put_json(report_autolab(g), JSON_COMPACT);
		break;
	}
}

int lab_grade_place(struct grade *g, const struct place *p)
{
	char err[512], *text = place_text(p, err, sizeof(err));
	char *traces = text_format("%s/traces", p->folder);
	struct grade_options o = { .seed = p->seed, .folder = traces, .only = -1 };
	int status = 0;

	*g = (struct grade){ 0 };
	if (!text)
		status = trouble("lab", NULL, "%s", err);
	else if (files_make_folder(traces))
		status = trouble(traces, NULL, "%s", strerror(errno));
	else
		grade_solution(g, p->lab, text, &o);
	free(text);
	free(traces);
	return status;
}

/* A file that lies anywhere, with a seed of the grader's. */
static int grade_file(const struct lab_words *w, const struct request *r)
{
	const struct lab *lab = lab_by_number(w->set, (int)r->lab);
	struct grade_options o = { .seed = r->seed, .only = -1 };
	char *text = r->said ? files_read(r->said, NULL) : NULL, *folder;
	struct grade g;
	int status;

	if (!lab || !lab_has_code(lab))
		return trouble("lab grade", "synwalk lab list", "no such lab, or no code in it");
	if (!text)
		return trouble(r->said ? r->said : "lab grade", "synwalk lab grade --lab N FILE",
			       "%s", r->said ? strerror(errno) : "which file?");
	o.folder = folder = files_temporary();
	grade_solution(&g, lab, text, &o);
	put_report(&g, r->form, folder);
	status = verdict_status(g.verdict);
	grade_free(&g);
	files_remove(folder);
	free(folder);
	free(text);
	return status;
}

/* A lab of questions alone. */
static int grade_answers(const struct place *p)
{
	printf("Lab %d: %s (seed %llu)\n\n%d of %d points for answers.\n", p->lab->number,
	       p->lab->title, (unsigned long long)p->seed, place_answer_points(p),
	       lab_answer_points(p->lab));
	return place_answer_points(p) == lab_answer_points(p->lab) ? STATUS_DONE : STATUS_NO;
}

/* A lab of judging: the assertions, then the answers. */
static int grade_critic(const struct lab_words *w, const struct place *p)
{
	char *path = text_format("%s/assertions.yaml", p->folder), err[600];
	int of = p->lab->critic.draw * p->lab->critic.points, points;

	printf("Lab %d: %s (seed %llu)\n\n", p->lab->number, p->lab->title,
	       (unsigned long long)p->seed);
	points = critic_grade(w->set, p->lab, p->seed, path, stdout, err, sizeof(err));
	free(path);
	if (points < 0)
		return trouble("lab grade", "handout.md says what it looks like", "%s", err);
	printf("\n%d of %d points for the assertions.\n%d of %d points for answers.\n", points, of,
	       place_answer_points(p), lab_answer_points(p->lab));
	return points == of ? STATUS_DONE : STATUS_NO;
}

static int refuse_unpredicted(const struct place *p)
{
	const struct lab_question *q = place_open_question(p);

	if (!q)
		return 0;
	printf("First predict, then look: question %s is open (synwalk lab answer %s).\n", q->name,
	       q->name);
	return STATUS_NO;
}

int lab_grade(const struct lab_words *w)
{
	struct request r;
	struct place p;
	struct grade g;
	int status = parse(w, &r);

	if (status)
		return status;
	if (r.batch) {
		struct batch b = { .lab = lab_by_number(w->set, (int)r.lab),
				   .folder = r.batch,
				   .seed = r.seed,
				   .jobs = (unsigned int)r.jobs,
				   .csv = r.csv };

		return lab_batch(&b);
	}
	if (r.lab != UINT64_MAX)
		return grade_file(w, &r);
	if (lab_place(&p, w, r.said))
		return STATUS_TROUBLE;
	if (r.has_seed)
		p.seed = r.seed;
	status = lab_has_code(p.lab) ? refuse_unpredicted(&p) :
		 p.lab->critic.draw  ? grade_critic(w, &p) :
				       grade_answers(&p);
	if (!status && lab_has_code(p.lab)) {
		status = lab_grade_place(&g, &p);
		if (!status) {
			put_report(&g, r.form, strcmp(p.folder, ".") ? "" : ".");
			if (r.form == FORM_TEXT)
				printf("%d of %d points for answers.\n", place_answer_points(&p),
				       lab_answer_points(p.lab));
			status = verdict_status(g.verdict);
		}
		grade_free(&g);
	}
	place_close(&p);
	return status;
}

/* ---------------------------------------------------------------- watch */

/* Waits until the file was written; editors replace it, so it is its folder that is watched. */
static int wait_for_save(int fd, const char *file)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t n, at;

	for (;;) {
		n = read(fd, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		for (at = 0; at < n;) {
			const struct inotify_event *e = (const void *)(buffer + at);

			if (e->len && !strcmp(e->name, file))
				return 0;
			at += (ssize_t)(sizeof(*e) + e->len);
		}
	}
}

int lab_watch(const struct lab_words *w)
{
	int fd = inotify_init1(IN_CLOEXEC), status = STATUS_DONE;
	struct place p;
	struct grade g;

	if (lab_place(&p, w, w->argc > 1 ? w->argv[1] : NULL))
		return STATUS_TROUBLE;
	if (fd < 0 || inotify_add_watch(fd, p.folder, IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
		status = trouble(p.folder, NULL, "%s", strerror(errno));
		place_close(&p);
		return status;
	}
	do {
		status = refuse_unpredicted(&p);
		if (status)
			break;
		status = lab_grade_place(&g, &p);
		if (!status)
			report_text(stdout, &g, "");
		grade_free(&g);
		printf("\n(waiting for %s to be saved; ^C ends)\n\n", p.lab->file);
		fflush(stdout);
	} while (!status && !wait_for_save(fd, p.lab->file));
	close(fd);
	place_close(&p);
	return status;
}

/* ---------------------------------------------------------------- hint */

/* The level's words; the first names where the test found what it found. */
static void say_hint(const struct result *r, int level)
{
	static const char *const levels[] = { "a question", "where to look", "a line of thought" };

	printf("%s, hint %d of %d (%s):\n", r->test->name, level + 1, LAB_HINTS, levels[level]);
	if (r->step && r->function)
		printf("    At step %lld, in %s():\n", (long long)r->step, r->function);
	text_put(stdout, "    ", r->test->hints[level]);
}

int lab_hint(const struct lab_words *w)
{
	const char *name = w->argc > 1 ? w->argv[1] : NULL;
	char err[512];
	struct place p;
	struct grade g;
	int status, level;

	if (lab_place(&p, w, NULL))
		return STATUS_TROUBLE;
	status = lab_has_code(p.lab) ? lab_grade_place(&g, &p) :
				       trouble("lab hint", NULL, "this lab has no tests");
	for (int i = 0; !status && i < p.lab->ntests; i++) {
		const struct result *r = &g.results[i];

		if (name ? strcmp(name, r->test->name) != 0 : r->verdict == VERDICT_RIGHT)
			continue;
		level = place_hints(&p, r->test->name);
		level = level < LAB_HINTS ? level : LAB_HINTS - 1;
		say_hint(r, level);
		place_note_hints(&p, r->test->name, level + 1);
		if (place_save(&p, err, sizeof(err)))
			status = trouble("lab hint", NULL, "%s", err);
		goto out;
	}
	if (!status && name)
		status = trouble(name, "synwalk lab grade lists them", "no such test");
	else if (!status)
		puts("All tests are right.");
out:
	if (lab_has_code(p.lab))
		grade_free(&g);
	place_close(&p);
	return status;
}

/* ---------------------------------------------------------------- submit */

/* Packs the file, the report and the state. */
static int pack(const struct place *p, const struct grade *g, const char *hours)
{
	char *archive =
		text_format("lab%02d-%llu.tar.gz", p->lab->number, (unsigned long long)p->seed);
	char *report = text_format("%s/report.json", p->folder), *text;
	const char *argv[] = { "tar",         "-czf",
			       archive,       "-C",
			       p->folder,     "--owner=0",
			       "--group=0",   ".lab.json",
			       "report.json", lab_has_code(p->lab) ? p->lab->file : NULL,
			       NULL };
	struct limits none = { .wall = 60 };
	json_t *o = g ? report_json(g) : json_object();
	struct ended e = { 0 };
	int status;

	json_object_set_new(o, "hours", json_string(hours));
	json_object_set_new(o, "answer_points", json_integer(place_answer_points(p)));
	text = json_dumps(o, JSON_INDENT(2));
	status =
		files_write(report, text, strlen(text)) || spawn(argv, NULL, &none, &e) || e.status;
	if (status)
		status = trouble(archive, NULL, "%s", e.said && *e.said ? e.said : strerror(errno));
	else
		printf("%s: %s%s the report, seed %llu, %s hours. Hand it in.\n", archive,
		       p->lab->file, *p->lab->file ? "," : "", (unsigned long long)p->seed, hours);
	free(e.said);
	free(text);
	json_decref(o);
	free(report);
	free(archive);
	return status;
}

int lab_submit(const struct lab_words *w)
{
	static const struct option known[] = { { "hours", required_argument, NULL, 'H' }, { 0 } };
	const char *hours = NULL;
	struct place p;
	struct grade g = { 0 };
	int status = 0, c;

	opterr = optind = 0;
	while ((c = getopt_long(w->argc, w->argv, ":", known, NULL)) != -1) {
		if (c != 'H')
			return trouble(w->argv[optind - 1], "synwalk lab submit --hours 2.5",
				       c == ':' ? "needs a value" : "no such option");
		hours = optarg;
	}
	if (!hours || !*hours || strspn(hours, "0123456789.") != strlen(hours))
		return trouble("lab submit", "synwalk lab submit --hours 2.5",
			       "how many hours did it take?");
	if (lab_place(&p, w, optind < w->argc ? w->argv[optind] : NULL))
		return STATUS_TROUBLE;
	if (lab_has_code(p.lab)) {
		status = lab_grade_place(&g, &p);
		if (!status && (g.verdict == VERDICT_NO_COMPILE || g.verdict == VERDICT_NO_LINK)) {
			report_text(stdout, &g, "");
			status = trouble(p.lab->file, "mend that first", "it %s",
					 verdict_name(g.verdict));
		}
	}
	if (!status)
		status = pack(&p, lab_has_code(p.lab) ? &g : NULL, hours);
	if (lab_has_code(p.lab))
		grade_free(&g);
	place_close(&p);
	return status;
}
