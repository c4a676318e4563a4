/* SPDX-License-Identifier: GPL-2.0-only */

/* The words of synwalk lab for students, but for those that grade. */

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "labs/cases.h"
#include "labs/cmd.h"
#include "labs/critic.h"
#include "labs/files.h"
#include "labs/pieces.h"
#include "labs/run.h"
#include "labs/spawn.h"

/* ---------------------------------------------------------------- list, start */

/* How far a lab in labNN has come: "begun", or nothing. */
static const char *progress(int number)
{
	char *state = text_format("lab%02d/.lab.json", number);
	const char *text = files_exist(state) ? "begun" : "";

	free(state);
	return text;
}

int lab_list(const struct lab_words *w)
{
	for (int i = 0; i < w->set->count; i++) {
		const struct lab *lab = &w->set->labs[i];

		printf("%2d  %-28s %-24s %ld h %02ld  %s\n", lab->number, lab->title, lab->mode,
		       lab->minutes / 60, lab->minutes % 60, progress(lab->number));
	}
	puts("\nsynwalk lab start N begins one.");
	return STATUS_DONE;
}

/* Nobody else's: from the host's own source, for this is chosen once and then kept and printed. */
static uint64_t own_seed(void)
{
	uint32_t seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint32_t)getpid();
	return seed % 1000000 + 1;
}

static int parse_start(const struct lab_words *w, uint64_t *seed, uint64_t *todo)
{
	enum { OPT_SEED = 256, OPT_TODO };
	static const struct option known[] = {
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "todo", required_argument, NULL, OPT_TODO },
		{ 0 },
	};
	int c;

	*seed = own_seed();
	*todo = 1;
	opterr = optind = 0;
	while ((c = getopt_long(w->argc, w->argv, ":", known, NULL)) != -1) {
		if (c == ':' || c == '?')
			return trouble(w->argv[optind - 1], "synwalk lab --help",
				       c == ':' ? "needs a value" : "no such option");
		if (read_number(optarg, INT32_MAX, c == OPT_SEED ? seed : todo))
			return trouble(optarg, "like --seed 7", "not a number");
	}
	return 0;
}

/* The traces that the lab is about. */
static int make_cases(const struct lab_set *set, const struct place *p, char *err, size_t room)
{
	char *folder = text_format("%s/traces", p->folder);
	int status = 0;

	for (int i = 0; !status && i < p->lab->ncases; i++) {
		struct lab_run r;

		status = case_run(&r, set, p->lab, &p->lab->cases[i], p->seed, folder, err, room);
		lab_run_free(&r);
	}
	if (!status && p->lab->critic.draw)
		status = critic_make(set, p->lab, p->seed, folder, err, room);
	free(folder);
	return status;
}

int lab_start(const struct lab_words *w)
{
	uint64_t seed, todo, number;
	const struct lab *lab;
	struct place p = { 0 };
	char err[512], *folder;
	int status = parse_start(w, &seed, &todo);

	if (status)
		return status;
	if (optind == w->argc)
		return trouble("lab start", "synwalk lab list", "which lab?");
	if (read_number(w->argv[optind], 99, &number) ||
	    !(lab = lab_by_number(w->set, (int)number)))
		return trouble(w->argv[optind], "synwalk lab list", "no such lab");
	folder = optind + 1 < w->argc ? text_format("%s", w->argv[optind + 1]) :
					text_format("lab%02d", lab->number);
	if (place_make(&p, lab, folder, seed, (int)todo, err, sizeof(err)) ||
	    make_cases(w->set, &p, err, sizeof(err))) {
		status = trouble("lab", NULL, "%s", err);
	} else {
		printf("Lab %d: %s. About %ld minutes. Your seed is %llu.\n\n", lab->number,
		       lab->title, lab->minutes, (unsigned long long)seed);
		printf("    cd %s\n    read handout.md%s%s\n    synwalk lab answer\n", folder,
		       lab_has_code(lab) ? ", write " : "", lab->file);
		if (lab->ntests)
			puts("    synwalk lab grade");
	}
	place_close(&p);
	free(folder);
	return status;
}

/* ---------------------------------------------------------------- run */

int lab_run_word(const struct lab_words *w)
{
	const struct lab_question *open;
	struct place p;
	struct lab_run r = { 0 };
	struct build b = { 0 };
	char *text = NULL, *traces, err[512];
	const char *slash;
	int status = STATUS_NO;

	if (w->argc < 2)
		return trouble("lab run", "like: synwalk lab run plain.pkt", "which script?");
	if (lab_place(&p, w, w->argc > 2 ? w->argv[2] : NULL))
		return STATUS_TROUBLE;
	open = lab_has_code(p.lab) ? place_open_question(&p) : NULL;
	if (open) {
		printf("First predict, then look: question %s is open (synwalk lab answer %s).\n",
		       open->name, open->name);
		place_close(&p);
		return STATUS_NO;
	}
	slash = strrchr(w->argv[1], '/');
	traces = text_format("%s/traces/run", p.folder);
	files_make_folder(traces);
	if (!lab_has_code(p.lab))
		build_reference(&b);
	else if ((text = place_text(&p, err, sizeof(err))) != NULL)
		build_student(&b, p.lab, text, traces);
	else
		status = trouble("lab", NULL, "%s", err);
	if (b.world) {
		lab_run(&r, &b, p.lab, slash ? slash + 1 : w->argv[1], p.seed, RUN_SEEN, -1,
			traces);
		printf("%s: %s\n%s", r.script, verdict_name(r.verdict), r.message ? r.message : "");
		if (r.trace)
			printf("    synwalk view %s%s", r.trace, r.step ? "" : "\n");
		if (r.trace && r.step)
			printf(", then :%lld\n", (long long)r.step);
		status = verdict_status(r.verdict);
	} else if (b.message) {
		fputs(b.message, stdout);
		status = verdict_status(b.verdict);
	}
	lab_run_free(&r);
	build_free(&b);
	free(text);
	free(traces);
	place_close(&p);
	return status;
}

/* ---------------------------------------------------------------- answer */

int lab_answer_run(struct lab_run *r, const struct lab_set *set, const struct lab *lab,
		   const struct lab_question *q, uint64_t student, const char *folder, char *err,
		   size_t room)
{
	const struct lab_case own = { .name = "own", .script = q->script, .fault = "" };
	const struct lab_case *c = *q->in ? lab_case_of(lab, q->in) : &own;

	*r = (struct lab_run){ 0 };
	if (c)
		return case_run(r, set, lab, c, student, folder, err, room);
	snprintf(err, room, "there is no case %s", q->in);
	return -1;
}

char *lab_answer_in(struct lab_run *r, const struct lab_question *q, char *err, size_t room)
{
	char *text = NULL;
	struct row row;

	if (!r->asked) {
		snprintf(err, room, "%s", r->message ? r->message : q->script);
	} else if (asked_row(r->asked, q->answer, &row, err, room) == 1) {
		text = text_format("%s", row.value[row.count - 1]);
		row_free(&row);
	}
	return text;
}

char *lab_answer_of(const struct lab_set *set, const struct lab *lab, const struct lab_question *q,
		    uint64_t student, const char *folder, char *err, size_t room)
{
	struct lab_run r;
	char *text;

	if (!q->is_sql)
		return text_format("%s", q->answer);
	if (lab_answer_run(&r, set, lab, q, student, folder, err, room))
		return NULL;
	text = lab_answer_in(&r, q, err, room);
	lab_run_free(&r);
	return text;
}

/* Without what people write around a value. */
static char *plain(const char *text)
{
	char *copy = text_format("%s", ""), *at;

	for (; *text; text++) {
		if (!strchr(" \t\n()", *text))
			copy = text_add(copy, "%c",
					*text >= 'A' && *text <= 'Z' ? *text + 32 : *text);
	}
	at = copy + strlen(copy);
	while (at > copy && at[-1] == '.')
		*--at = 0;
	return copy;
}

bool lab_answer_is(const char *given, const char *right)
{
	char *a = plain(given), *b = plain(right);
	bool same = !strcmp(a, b);

	free(a);
	free(b);
	return same;
}

/*
 * Slow on purpose, for answers are short; and of the question, so that equal answers are not seen to be
 * equal.
 */
char *lab_answer_hash(const struct lab *lab, const struct lab_question *q, const char *answer)
{
	char *is = plain(answer), *key = text_format("%d/%s/%s", lab->number, q->name, is);
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *hash = data ? crypt_r(key, "$5$rounds=20000$synwalk$", data) : NULL;
	char *text = text_format("%s", hash ? strrchr(hash, '$') + 1 : "");

	free(data);
	free(key);
	free(is);
	return text;
}

/* Whether a package's hash is that of the answer. */
static bool hash_is(const struct place *p, const struct lab_question *q, const char *value,
		    const char *hash)
{
	char *is = lab_answer_hash(p->lab, q, value);
	bool same = *is && !strcmp(is, hash);

	free(is);
	return same;
}

static void show_question(const struct place *p, const struct lab_question *q)
{
	int tries;
	bool right;

	place_answers(p, q->name, &tries, &right);
	printf("%s (%d points%s%s)\n", q->name, q->points, right ? ", answered" : "",
	       *q->script || *q->in ? "" : ", explain");
	text_put(stdout, "    ", q->ask);
	for (int i = 0; i < q->nchoices; i++)
		printf("    %c) %s\n", 'a' + i, q->choices[i]);
}

static void remark(const struct place *p, const struct lab_question *q, const char *value)
{
	int tries;
	bool right;

	for (int i = 0; i < q->nremarks; i++) {
		if (*q->remarks[i].hash ? hash_is(p, q, value, q->remarks[i].hash) :
					  lab_answer_is(value, q->remarks[i].value)) {
			puts("Not so.");
			text_put(stdout, "    ", q->remarks[i].says);
			return;
		}
	}
	place_answers(p, q->name, &tries, &right);
	printf("Not so. %s\n",
	       tries > 1 ? "The trace has it: look there." : "Think again, or look in the trace.");
}

static int take_answer(const struct lab_set *set, struct place *p, const struct lab_question *q,
		       const char *value)
{
	char err[512] = "", *folder, *right;
	bool is;

	if (q->nhashes) {
		is = hash_is(p, q, value, q->hashes[p->seed % (unsigned int)q->nhashes]);
	} else {
		folder = text_format("%s/traces/questions", p->folder);
		right = lab_answer_of(set, p->lab, q, p->seed, folder, err, sizeof(err));
		free(folder);
		if (!right)
			return trouble("lab answer", NULL, "%s: %s", q->name, err);
		is = lab_answer_is(value, right);
		free(right);
	}
	place_note_answer(p, q->name, value, is);
	if (place_save(p, err, sizeof(err)))
		return trouble("lab answer", NULL, "%s", err);
	if (is)
		printf("Right. %d of %d points for answers.\n", place_answer_points(p),
		       lab_answer_points(p->lab));
	else
		remark(p, q, value);
	return is ? STATUS_DONE : STATUS_NO;
}

int lab_answer(const struct lab_words *w)
{
	const char *name = w->argc > 1 ? w->argv[1] : NULL;
	struct place p;
	int status = STATUS_TROUBLE;

	if (lab_place(&p, w, NULL))
		return STATUS_TROUBLE;
	for (int i = 0; i < p.lab->nquestions; i++) {
		const struct lab_question *q = &p.lab->questions[i];

		if (name && strcmp(name, q->name))
			continue;
		status = STATUS_DONE;
		if (name && w->argc > 2)
			status = take_answer(w->set, &p, q, w->argv[2]);
		else
			show_question(&p, q);
	}
	if (status == STATUS_TROUBLE)
		trouble(name ? name : "lab answer", "synwalk lab answer lists the questions",
			"no such question");
	else if (!name)
		puts("\nsynwalk lab answer NAME VALUE answers one.");
	place_close(&p);
	return status;
}

/* ---------------------------------------------------------------- next, reset, submit */

int lab_next(const struct lab_words *w)
{
	const struct lab_question *q;
	struct place p;
	struct grade g;
	int status;

	if (!files_exist(".lab.json")) {
		for (int i = 0; i < w->set->count; i++) {
			if (*progress(w->set->labs[i].number))
				continue;
			printf("synwalk lab start %d: %s\n", w->set->labs[i].number,
			       w->set->labs[i].title);
			return STATUS_DONE;
		}
		puts("All labs are begun: go on in their folders.");
		return STATUS_DONE;
	}
	if (lab_place(&p, w, NULL))
		return STATUS_TROUBLE;
	q = place_open_question(&p);
	if (q) {
		puts("Predict:");
		show_question(&p, q);
	} else if (lab_has_code(p.lab)) {
		status = lab_grade_place(&g, &p);
		for (int i = 0; !status && i < p.lab->ntests; i++) {
			if (g.results[i].verdict == VERDICT_RIGHT)
				continue;
			printf("Test %s: %s\n    synwalk lab grade says what is found, synwalk lab hint "
			       "helps.\n",
			       g.results[i].test->name, g.results[i].test->title);
			break;
		}
		if (!status && g.verdict == VERDICT_RIGHT)
			puts("All tests are right: synwalk lab submit --hours H");
		grade_free(&g);
	} else {
		puts("All questions have an answer: synwalk lab submit --hours H");
	}
	place_close(&p);
	return STATUS_DONE;
}

int lab_reset(const struct lab_words *w)
{
	bool sure = w->argc > 1 && !strcmp(w->argv[w->argc - 1], "--yes");
	char err[512], *kept = NULL, answer[16] = "";
	struct place p;
	int status = STATUS_DONE;

	if (lab_place(&p, w, w->argc > 1 + sure ? w->argv[1] : NULL))
		return STATUS_TROUBLE;
	if (!lab_has_code(p.lab)) {
		place_close(&p);
		return trouble("lab reset", NULL, "there is no code in this lab");
	}
	if (!sure) {
		printf("Begin %s anew? What is there is kept beside it. [y/N] ", p.lab->file);
		fflush(stdout);
		sure = fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
	}
	if (!sure) {
		puts("Nothing was changed.");
		status = STATUS_NO;
	} else if (place_reset(&p, &kept, err, sizeof(err))) {
		status = trouble("lab reset", NULL, "%s", err);
	} else {
		printf("%s is as it was at first%s%s.\n", p.lab->file, kept ? "; yours is " : "",
		       kept ? kept : "");
	}
	free(kept);
	place_close(&p);
	return status;
}
