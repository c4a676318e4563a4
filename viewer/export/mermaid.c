/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A sequence diagram in Mermaid's language: who speaks with whom, time running down. On the left
 * the user, who makes system calls; then each task's kernel side and the softirq; on the right the
 * far end of each device. Packets, wake-ups, drops and timers are arrows, with the function that
 * caused them; sleeps and changes of state are notes.
 *
 * Mermaid stops at 50,000 characters: a longer diagram is refused, and a range has to be chosen.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/export/export.h"
#include "viewer/model_words.h"

enum { CHARACTERS = 50000, PARTIES = 32 };

struct diagram {
	struct export *e;
	char *text;
	size_t length;
	FILE *to; /* open_memstream(3) of @text */
	char parties[PARTIES][80];
	int nparties;
	int64_t last_time;
};

/*
 * Words that may stand after a colon: Mermaid ends a line at ';' and takes '#' for the start of a
 * character's number, and "end" closes a block.
 */
static void say(struct diagram *d, const char *words)
{
	for (const char *p = words; *p; p++) {
		if (*p == ';')
			fputs("#59;", d->to);
		else if (*p == '#')
			fputs("#35;", d->to);
		else if (*p == '\n')
			fputs(" ", d->to);
		else if (!strncmp(p, "end", 3) && (p == words || p[-1] == ' ') &&
			 (!p[3] || p[3] == ' '))
			fputs("&#101;", d->to);
		else
			fputc(*p, d->to);
	}
}

/* "p3" for a party; it is declared when it first appears, in the order of appearance. */
static int party(struct diagram *d, const char *name)
{
	for (int i = 0; i < d->nparties; i++) {
		if (!strcmp(d->parties[i], name))
			return i;
	}
	if (d->nparties == PARTIES)
		return PARTIES - 1;
	snprintf(d->parties[d->nparties], sizeof(d->parties[0]), "%s", name);
	return d->nparties++;
}

/* Where a step happens: a task's kernel side, or the softirq and timers, which are nobody's. */
static int where(struct diagram *d, const struct trace_step *s)
{
	char name[80];

	if (s->context)
		return party(d, s->context_name);
	snprintf(name, sizeof(name), "%s, kernel", s->task_name);
	return party(d, name);
}

static void note(struct diagram *d, int over, const char *words)
{
	fprintf(d->to, "    Note over p%d: ", over);
	say(d, words);
	fputc('\n', d->to);
}

static void arrow(struct diagram *d, int from, const char *shaft, int to, const char *words)
{
	fprintf(d->to, "    p%d%sp%d: ", from, shaft, to);
	say(d, words);
	fputc('\n', d->to);
}

static void syscall(struct diagram *d, const struct trace_step *s)
{
	char name[80], words[400], args[300];
	int user, kernel = where(d, s);

	snprintf(name, sizeof(name), "%s, user", s->task_name);
	user = party(d, name);
	if (s->kind == TRACE_CALL) {
		snprintf(words, sizeof(words), "%s(%s)", s->func->name,
			 words_args(args, sizeof(args), d->e->t, s));
		arrow(d, user, "->>", kernel, words);
	} else {
		snprintf(words, sizeof(words), "%s = %s", s->func->name,
			 words_return(args, sizeof(args), d->e->t, &s->new, s->func->type));
		arrow(d, kernel, "-->>", user, words);
	}
}

static void packet(struct diagram *d, const struct trace_step *s)
{
	struct trace_packet p;
	struct decoded decoded;
	char line[300], words[400], far[80];
	int here = where(d, s), there;

	if (trace_packet(d->e->t, s->step, &p) != 1)
		return;
	decode_frame(&decoded, p.bytes, p.len);
	decode_line(line, sizeof(line), &decoded, &d->e->flows, s->step);
	snprintf(words, sizeof(words), "%s (%s)", line, s->func ? s->func->name : "?");
	snprintf(far, sizeof(far), "far end of %s", p.device);
	there = party(d, far);
	if (p.out)
		arrow(d, here, "->>", there, words);
	else
		arrow(d, there, "->>", here, words);
	trace_packet_free(&p);
}

static void wake(struct diagram *d, const struct trace_step *s)
{
	char name[80], words[200];

	snprintf(name, sizeof(name), "%s, kernel", s->extra ? s->extra : "?");
	snprintf(words, sizeof(words), "wakes it (%s)", s->func ? s->func->name : "?");
	arrow(d, where(d, s), "-)", party(d, name), words);
}

static void other(struct diagram *d, const struct trace_step *s)
{
	char words[500];
	size_t n;

	words_step(words, sizeof(words), d->e->t, s, &d->e->flows);
	n = strlen(words);
	if (s->func)
		snprintf(words + n, sizeof(words) - n, " (%s)", s->func->name);
	note(d, where(d, s), words);
}

static int draw(void *ctx, const struct trace_step *s)
{
	struct diagram *d = ctx;
	char words[64];

	if (s->kind == TRACE_CALL || s->kind == TRACE_RETURN) {
		if (s->func && !strncmp(s->func->name, "sys_", 4))
			syscall(d, s);
	} else {
		/* time is a gap that people see */
		if (s->time != d->last_time && d->nparties)
			note(d, where(d, s), words_time(words, sizeof(words), s->time));
		d->last_time = s->time;
		if (s->kind == TRACE_PACKET)
			packet(d, s);
		else if (s->kind == TRACE_WAKE)
			wake(d, s);
		else
			other(d, s);
	}
	return 0;
}

/* The user on the left, the network on the right, the kernel between them. */
static int rank(const char *name)
{
	return strstr(name, ", user")   ? 0 :
	       strstr(name, ", kernel") ? 1 :
	       strstr(name, "far end")  ? 3 :
					  2;
}

static void head(struct diagram *d)
{
	fputs("sequenceDiagram\n", d->e->out);
	for (int r = 0; r < 4; r++) {
		for (int i = 0; i < d->nparties; i++) {
			if (rank(d->parties[i]) == r)
				fprintf(d->e->out, "    participant p%d as %s\n", i, d->parties[i]);
		}
	}
}

int export_mermaid(struct export *e)
{
	const unsigned int kinds = TRACE_BIT(TRACE_CALL) | TRACE_BIT(TRACE_RETURN) |
				   TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_DROP) |
				   TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) |
				   TRACE_BIT(TRACE_STATE) | TRACE_BIT(TRACE_TIMER);
	struct diagram d = { .e = e, .last_time = -1 };
	int err;

	d.to = open_memstream(&d.text, &d.length);
	if (!d.to)
		abort();
	err = trace_each(e->t, e->from, e->to, kinds, draw, &d);
	fclose(d.to);
	if (!err && d.length + 100u * (unsigned int)d.nparties > CHARACTERS) {
		snprintf(e->refusal, sizeof(e->refusal),
			 "the diagram has %zu characters, and Mermaid takes %d; choose steps with "
			 "--from and --to",
			 d.length, CHARACTERS);
		err = -1;
	}
	if (!err) {
		head(&d);
		fwrite(d.text, 1, d.length, e->out);
	}
	free(d.text);
	return err;
}
