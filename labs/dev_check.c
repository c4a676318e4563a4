/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Is a lab as it should be?
 *
 * Theory of operation
 *
 * A lab is right if it tells right from wrong. So every solution that is known is graded: the skeleton,
 * which must get nothing and one clear message; the core's own code, twice, and another correct one, which
 * must get everything; and the mutants, each of which must lose points, first of all in the test that is
 * meant for it. Each of these is a case; cases run in parallel. A case says nothing when all is well, or
 * a line for each fault.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/cmd.h"
#include "labs/critic.h"
#include "labs/files.h"
#include "labs/pieces.h"
#include "labs/pool.h"
#include "labs/report.h"
#include "labs/run.h"

enum case_kind {
	CASE_TEXTS,
	CASE_SKELETON,
	CASE_REFERENCE,
	CASE_SECOND,
	CASE_MUTANT,
	CASE_FORGERY
};

struct test_case {
	enum case_kind kind;
	bool quick;
	const struct lab_set *set;
	const struct lab *lab;
	const struct lab_mutant *mutant;
	char *file; /* of a forgery */
};

struct check {
	bool quick, times;
	struct test_case *cases;
	int count;
	int faults, killed, by_designated, mutants, forgeries;
};

static void fault(FILE *out, const struct test_case *c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What a case is called. */
static void put_name(FILE *out, const struct test_case *c)
{
	static const char *const kinds[] = { "texts",           "skeleton", "reference",
					     "second solution", "mutant",   "forgery" };

	fprintf(out, "lab %d, %s", c->lab->number, kinds[c->kind]);
	if (c->mutant)
		fprintf(out, " %s", c->mutant->name);
	if (c->file)
		fprintf(out, " %s", strrchr(c->file, '/') + 1);
}

static void fault(FILE *out, const struct test_case *c, const char *fmt, ...)
{
	va_list args;

	put_name(out, c);
	fputs(": ", out);
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fputc('\n', out);
}

/* ---------------------------------------------------------------- texts */

static void check_questions(const struct test_case *c, FILE *out)
{
	char *folder = files_temporary();
	char *where = text_format("%s/questions", folder);

	for (int i = 0; i < c->lab->nquestions; i++) {
		const struct lab_question *q = &c->lab->questions[i];
		char err[600] = "it finds no answer";
		char *answer = lab_answer_of(c->set, c->lab, q, 1, where, err, sizeof(err));

		if (!answer || !*answer)
			fault(out, c, "question %s: %s", q->name, err);
		for (int r = 0; answer && r < q->nremarks; r++) {
			if (lab_answer_is(q->remarks[r].value, answer))
				fault(out, c, "question %s: its remark %d is on the right answer",
				      q->name, r + 1);
			if (!q->nchoices && text_has_word(q->remarks[r].says, answer))
				fault(out, c, "question %s: its remark %d gives the answer away",
				      q->name, r + 1);
		}
		free(answer);
	}
	files_remove(folder);
	free(where);
	free(folder);
}

static bool has_mutant(const struct lab *lab, const char *misconception)
{
	for (int i = 0; i < lab->nmutants; i++) {
		if (!strcmp(lab->mutants[i].misconception, misconception))
			return true;
	}
	return !lab_has_code(lab);
}

static bool has_question(const struct lab *lab, const char *misconception)
{
	for (int i = 0; i < lab->nquestions; i++) {
		for (int r = 0; r < lab->questions[i].nremarks; r++) {
			if (!strcmp(lab->questions[i].remarks[r].misconception, misconception))
				return true;
		}
	}
	return false;
}

static void check_tests(const struct test_case *c, FILE *out)
{
	const struct lab *lab = c->lab;

	for (int i = 0; i < lab->ntests; i++) {
		for (int k = 0; k < i; k++) {
			if (!strcmp(lab->tests[i].name, lab->tests[k].name))
				fault(out, c, "two tests are called %s", lab->tests[i].name);
			if (*lab->tests[i].says && !strcmp(lab->tests[i].says, lab->tests[k].says))
				fault(out, c, "tests %s and %s say the same", lab->tests[k].name,
				      lab->tests[i].name);
		}
	}
	for (int i = 0; i < lab->nmutants; i++) {
		bool found = !strcmp(lab->mutants[i].test, "memory");

		for (int k = 0; k < lab->ntests; k++)
			found = found || !strcmp(lab->mutants[i].test, lab->tests[k].name);
		if (!lab->mutants[i].nedits)
			fault(out, c, "mutant %s changes nothing", lab->mutants[i].name);
		if (!found)
			fault(out, c, "mutant %s: there is no test %s", lab->mutants[i].name,
			      lab->mutants[i].test);
	}
}

/* Words that make who does not see it at once feel small. */
static void check_wording(const struct test_case *c, FILE *out)
{
	static const char *const words[] = { "just", "simply", "obviously", "trivial",
					     "trivially" };
	char err[512], *text = lab_read_file(c->lab, "handout.md", err, sizeof(err));

	if (!text)
		fault(out, c, "%s", err);
	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
		if (text_has_word(text, words[i]))
			fault(out, c, "handout.md says '%s'", words[i]);
	}
	free(text);
}

/* With the right assertions every bug is found, and nothing else, whatever the seed draws. */
static void check_critic(const struct test_case *c, FILE *out)
{
	char *folder = files_temporary(), *path = text_format("%s/assertions.yaml", folder);
	int of = c->lab->critic.draw * c->lab->critic.points;

	for (uint64_t seed = 1; c->lab->critic.draw && seed <= 2; seed++) {
		char err[600] = "", *model = critic_model(c->set, c->lab, seed), *said = NULL;
		size_t size = 0;
		FILE *words = open_memstream(&said, &size);
		int points =
			files_write(path, model, strlen(model)) ?
				-1 :
				critic_grade(c->set, c->lab, seed, path, words, err, sizeof(err));

		fclose(words);
		if (points != of)
			fault(out, c, "seed %d: the model assertions get %d of %d points %s\n%s",
			      (int)seed, points, of, err, said);
		free(said);
		free(model);
	}
	files_remove(folder);
	free(path);
	free(folder);
}

static void check_texts(const struct test_case *c, FILE *out)
{
	const struct lab *lab = c->lab;
	int code = lab_code_points(lab), answers = lab_answer_points(lab);

	if (code + answers != 100)
		fault(out, c, "%d points for code and %d for answers: expected 100 in all", code,
		      answers);
	if (lab_has_code(lab) && lab->nmutants < 5)
		fault(out, c, "%d mutants, expected 5 and more", lab->nmutants);
	for (int i = 0; i < lab->nmisconceptions; i++) {
		const char *name = lab->misconceptions[i].name;

		if (!has_mutant(lab, name))
			fault(out, c, "no mutant for the misconception %s", name);
		if (!has_question(lab, name))
			fault(out, c, "no question for the misconception %s", name);
	}
	check_tests(c, out);
	check_wording(c, out);
	check_questions(c, out);
	if (!c->quick)
		check_critic(c, out);
}

/* ---------------------------------------------------------------- solutions */

static char *text_of(const struct test_case *c, char *err, size_t room)
{
	switch (c->kind) {
	case CASE_SKELETON:
		return lab_skeleton(c->lab, 1, err, room);
	case CASE_REFERENCE:
		return lab_reference(c->lab, err, room);
	case CASE_SECOND:
		return lab_read_file(c->lab, "second.c", err, room);
	case CASE_MUTANT:
		return lab_mutated(c->lab, c->mutant, err, room);
	default:
		snprintf(err, room, "%s", c->file);
		return files_read(c->file, NULL);
	}
}

static char *report_of(const struct grade *g, const char *folder)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	report_text(f, g, folder);
	fclose(f);
	return text;
}

static void grade_case(struct grade *g, const struct test_case *c, struct build *b,
		       const char *folder)
{
	struct grade_options o = {
		.seed = 1,
		.folder = folder,
		.only = -1,
		.no_explanation = true,
		.no_hidden = c->kind == CASE_SKELETON || c->quick,
		.no_memory = c->quick,
	};

	/* A mutant is graded until the test that is meant for it, and where nobody has seen it if need be. */
	for (int i = 0; c->kind == CASE_MUTANT && i < c->lab->ntests; i++) {
		if (!strcmp(c->lab->tests[i].name, c->mutant->test))
			o.only = i;
	}
	if (c->kind == CASE_MUTANT) {
		o.no_memory = o.only >= 0;
		o.no_hidden = true;
		grade_built(g, c->lab, b, &o);
		if (g->verdict != VERDICT_RIGHT)
			return;
		grade_free(g);
		o.no_hidden = false;
	}
	grade_built(g, c->lab, b, &o);
}

static void judge_skeleton(const struct test_case *c, const struct grade *g, const char *report,
			   FILE *out)
{
	if (g->points)
		fault(out, c, "it gets %d points", g->points);
	if (g->verdict != VERDICT_NOT_WRITTEN)
		fault(out, c, "it is '%s', not 'not written'", verdict_name(g->verdict));
	if (g->message && *g->message)
		fault(out, c, "the compiler remarks: %s", g->message);
	if (!strstr(report, c->lab->file) || !strstr(report, "Write it in"))
		fault(out, c, "its message does not name what to write");
}

static void judge_right(const struct test_case *c, const struct grade *g, const char *report,
			FILE *out)
{
	if (g->points != g->of - (c->quick && lab_has_code(c->lab) ? LAB_MEMORY_POINTS : 0))
		fault(out, c, "it gets %d of %d points:\n%s", g->points, g->of, report);
	if (g->message && *g->message)
		fault(out, c, "the compiler remarks: %s", g->message);
}

static const struct result *first_bad(const struct grade *g)
{
	for (int i = 0; i < g->lab->ntests; i++) {
		if (g->results[i].verdict != VERDICT_RIGHT)
			return &g->results[i];
	}
	return g->memory.verdict != VERDICT_RIGHT ? &g->memory : NULL;
}

/* The verdict on a mutant goes into its status: 1: it lost points, 2: by the test meant for it. */
static int judge_mutant(const struct test_case *c, const struct grade *g, FILE *out)
{
	const struct result *bad = first_bad(g);
	bool meant;

	if (!bad || (g->verdict == VERDICT_RIGHT)) {
		fault(out, c, "it gets all points");
		return 0;
	}
	if (g->verdict == VERDICT_NO_COMPILE || g->verdict == VERDICT_NO_LINK ||
	    g->verdict == VERDICT_TROUBLE) {
		fault(out, c, "it is '%s': %s", verdict_name(g->verdict), g->message);
		return 0;
	}
	meant = !strcmp(bad->test->name, c->mutant->test);
	if (!meant)
		fault(out, c, "%s is blamed first (%s: %s), not %s", bad->test->name,
		      verdict_name(bad->verdict), bad->message ? bad->message : "",
		      c->mutant->test);
	else if (bad != &g->memory && (!bad->step || !bad->function))
		fault(out, c, "%s does not say where", bad->test->name);
	return meant ? 2 : 1;
}

static int check_solution(const struct test_case *c, FILE *out)
{
	char err[512] = "", *text = text_of(c, err, sizeof(err)), *folder = files_temporary(),
	     *report;
	struct grade g, again;
	struct build b;
	int status = 0;

	if (!text || !folder) {
		fault(out, c, "%s", err);
		return 0;
	}
	build_student(&b, c->lab, text, folder);
	grade_case(&g, c, &b, folder);
	report = report_of(&g, folder);
	if (c->kind == CASE_SKELETON)
		judge_skeleton(c, &g, report, out);
	if (c->kind == CASE_REFERENCE || c->kind == CASE_SECOND)
		judge_right(c, &g, report, out);
	if (c->kind == CASE_REFERENCE && !c->quick) {
		char *second;

		grade_case(&again, c, &b, folder);
		second = report_of(&again, folder);
		if (strcmp(report, second))
			fault(out, c, "its second report is another:\n%s\n%s", report, second);
		grade_free(&again);
		free(second);
	}
	if (c->kind == CASE_MUTANT)
		status = judge_mutant(c, &g, out);
	if (c->kind == CASE_FORGERY && g.points)
		fault(out, c, "it gets %d points:\n%s", g.points, report);
	grade_free(&g);
	build_free(&b);
	files_remove(folder);
	free(folder);
	free(report);
	free(text);
	return status;
}

/* ---------------------------------------------------------------- all of it */

static int run_case(void *ctx, int i, FILE *out)
{
	struct check *check = ctx;
	const struct test_case *c = &check->cases[i];

	if (c->kind != CASE_TEXTS)
		return check_solution(c, out);
	check_texts(c, out);
	return 0;
}

static void take_case(void *ctx, int i, const struct pool_end *end)
{
	struct check *check = ctx;
	const struct test_case *c = &check->cases[i];

	if (*end->text || end->status < 0) {
		check->faults++;
		fputs(end->text, stdout);
		if (end->status < 0) {
			put_name(stdout, c);
			puts(": the check itself died");
		}
		fflush(stdout);
	}
	if (check->times) {
		printf("%7.2f s  ", (double)end->cpu_ms / 1000);
		put_name(stdout, c);
		putchar('\n');
		fflush(stdout);
	}
	check->mutants += c->kind == CASE_MUTANT;
	check->forgeries += c->kind == CASE_FORGERY;
	if (c->kind == CASE_MUTANT) {
		check->killed += end->status > 0;
		check->by_designated += end->status == 2;
	}
}

static void add_case(struct check *check, struct test_case c)
{
	check->cases = realloc(check->cases, sizeof(c) * (size_t)(check->count + 1));
	check->cases[check->count++] = c;
}

/* labs/forgeries/NN-*.c: attempts at lab NN. */
static void add_forgeries(struct check *check, const struct lab_set *set, const struct lab *lab)
{
	struct lab folder = { .folder = text_format("%s/forgeries", set->folder) };
	char *list = text_format("%s/list", folder.folder), *names = files_read(list, NULL),
	     *save = NULL;

	for (char *n = names ? strtok_r(names, "\n", &save) : NULL; n;
	     n = strtok_r(NULL, "\n", &save)) {
		if (atoi(n) == lab->number)
			add_case(check,
				 (struct test_case){ CASE_FORGERY, check->quick, set, lab, NULL,
						     text_format("%s/%s", folder.folder, n) });
	}
	free(names);
	free(list);
	free(folder.folder);
}

static void add_lab(struct check *check, const struct lab_set *set, const struct lab *lab)
{
	add_case(check, (struct test_case){ CASE_TEXTS, check->quick, set, lab, NULL, NULL });
	if (!lab_has_code(lab))
		return;
	if (check->quick) {
		add_case(check,
			 (struct test_case){ CASE_SKELETON, check->quick, set, lab, NULL, NULL });
		add_case(check,
			 (struct test_case){ CASE_REFERENCE, check->quick, set, lab, NULL, NULL });
		if (lab->nmutants)
			add_case(check, (struct test_case){ CASE_MUTANT, check->quick, set, lab,
							    lab->mutants, NULL });
		return;
	}
	add_case(check, (struct test_case){ CASE_SKELETON, check->quick, set, lab, NULL, NULL });
	add_case(check, (struct test_case){ CASE_REFERENCE, check->quick, set, lab, NULL, NULL });
	add_case(check, (struct test_case){ CASE_SECOND, check->quick, set, lab, NULL, NULL });
	for (int i = 0; i < lab->nmutants; i++)
		add_case(check, (struct test_case){ CASE_MUTANT, check->quick, set, lab,
						    &lab->mutants[i], NULL });
	add_forgeries(check, set, lab);
}

/* What takes longest comes first, or one processor works on it alone at the end: judging others' solutions. */
static void add_all(struct check *check, const struct lab_set *set)
{
	for (int others = 0; others <= 1; others++) {
		for (int i = 0; i < set->count; i++) {
			if ((set->labs[i].critic.draw == 0) == others)
				add_lab(check, set, &set->labs[i]);
		}
	}
}

int lab_dev_check(const struct lab_words *w)
{
	struct check check = { 0 };
	struct pool pool = { .job = run_case, .done = take_case, .ctx = &check };
	uint64_t number;
	int first = 1;

	for (; first < w->argc && w->argv[first][0] == '-'; first++) {
		if (!strcmp(w->argv[first], "--quick"))
			check.quick = true;
		else if (!strcmp(w->argv[first], "--times"))
			check.times = true;
		else
			return trouble(w->argv[first], NULL, "expected --quick, --times or labs");
	}
	for (int i = first; i < w->argc; i++) {
		const struct lab *lab = read_number(w->argv[i], 99, &number) ?
						NULL :
						lab_by_number(w->set, (int)number);

		if (!lab)
			return trouble(w->argv[i], "synwalk lab list", "no such lab");
		add_lab(&check, w->set, lab);
	}
	if (w->argc == first)
		add_all(&check, w->set);
	pool.count = check.count;
	if (pool_run(&pool))
		return trouble("lab dev check", NULL, "%s", strerror(errno));
	printf("%d cases, %d with faults; %d of %d mutants lose points, %d by the test meant for them; "
	       "%d forgeries tried\n",
	       check.count, check.faults, check.killed, check.mutants, check.by_designated,
	       check.forgeries);
	for (int i = 0; i < check.count; i++)
		free(check.cases[i].file);
	free(check.cases);
	return check.faults ? STATUS_NO : STATUS_DONE;
}
