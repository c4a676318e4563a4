/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk in lines: for screen readers, braille lines, teletypes and scripts.
 *
 * A line that is typed holds the keys that would be pressed on the screen (`3n`, `/refused`, `:40ms`), or
 * the name of a pane, which is printed then.  What follows is what changed: the step, its place, what the
 * objects became, a message.  Nothing is drawn over, nothing moves, and the end of the input ends it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/explain.h"
#include "viewer/i18n.h"
#include "viewer/model_words.h"
#include "viewer/tui.h"

/* Lines of the walk around the position. */
#define AROUND 5

/* Sentences are broken for whoever reads them on a screen after all. */
#define LINE_WIDTH 80

/* Of what a move changed, so many fields are told. */
#define CHANGES 12

static void print_walk(struct model *m)
{
	struct walk w;

	if (model_walk(m, AROUND, AROUND, &w))
		return;
	for (int i = 0; i < w.count; i++)
		printf(_("%s%" PRId64 " level %d: %c %s\n"), w.rows[i].current ? _("here: ") : "",
		       w.rows[i].step, w.rows[i].indent, w.rows[i].sign, w.rows[i].text);
	model_walk_free(&w);
}

static void print_stack(struct model *m)
{
	struct stack s;

	if (model_stack(m, &s))
		return;
	for (int i = 0; i < s.count; i++)
		printf(_("%s%d: %s, %s line %d\n"), s.rows[i].selected ? _("looked at: ") : "", i,
		       s.rows[i].text, s.rows[i].file, s.rows[i].line);
	if (!s.count)
		puts(_("no call is open"));
	model_stack_free(&s);
}

static void print_source(struct model *m)
{
	struct source s;

	if (model_source(m, &s))
		return;
	for (int n = s.line - AROUND; s.file && n <= s.line + AROUND; n++) {
		size_t len;
		const char *line = trace_source_line(m->t, s.file, n, &len);

		if (line)
			printf(_("%sline %d: %.*s\n"), n == s.line ? _("here: ") : "", n, (int)len,
			       line);
	}
	for (int i = 0; i < s.nvalues; i++)
		printf("%s = %s%s\n", s.values[i].name, s.values[i].value,
		       s.values[i].changed ? _(", just changed") : "");
	if (!s.file)
		puts(_("no source here"));
	model_source_free(&s);
}

static void print_row(const struct model *m, const struct object_row *r)
{
	const char *selected = r->selected ? _("selected: ") : "";

	if (r->heading)
		printf("%s%s, %s\n", selected, r->name, r->value);
	else if (r->changed && r->other)
		printf(m->before > m->step ? _("  %s%s is %s, will be %s\n") :
					     _("  %s%s is %s, was %s\n"),
		       selected, r->name, r->value, r->other);
	else
		printf(_("  %s%s is %s\n"), selected, r->name, r->value);
}

/* All objects, or only what the last move changed. */
static void print_objects(struct model *m, bool changed)
{
	struct objects o;
	const struct object_row *heading = NULL;
	int told = 0;

	if (model_objects(m, &o))
		return;
	for (int i = 0; i < o.count; i++) {
		if (o.rows[i].heading)
			heading = &o.rows[i];
		if (changed && !(o.rows[i].changed && !o.rows[i].heading))
			continue;
		if (changed && ++told > CHANGES)
			continue;
		if (changed && heading) {
			print_row(m, heading);
			heading = NULL;
		}
		print_row(m, &o.rows[i]);
	}
	if (changed && told > CHANGES)
		printf(_("and %d more; objects tells all\n"), told - CHANGES);
	model_objects_free(&o);
}

static void print_packets(struct model *m)
{
	struct packets p;

	if (model_packets(m, 2 * AROUND, &p))
		return;
	for (int i = 0; i < p.count; i++)
		printf("%s%.3f ms %s%s %s\n", p.rows[i].selected ? _("looked at: ") : "",
		       (double)p.rows[i].time / 1e6, p.rows[i].out ? _("out") : _("in"),
		       p.rows[i].future ? _(", later:") : "", p.rows[i].text);
	for (int i = 0; i < p.nfields; i++)
		puts(p.fields[i].text);
	if (!p.count)
		puts(_("no packets in this trace"));
	model_packets_free(&p);
}

static void print_ladder(struct model *m)
{
	static const char *const again[] = { "", N_(", again"), N_(", a probe") };
	struct ladder l;

	if (model_ladder(m, AROUND, AROUND, &l))
		return;
	printf(_("%s and %s\n"), *l.left ? l.left : _("this host"),
	       *l.right ? l.right : _("nobody"));
	for (int i = 0; i < l.count; i++) {
		const struct ladder_row *r = &l.rows[i];

		printf("%s%.3f ms%s%s%s%s %s\n", r->current ? _("here: ") : "",
		       (double)r->time / 1e6,
		       r->what == RUNG_PACKET ? r->out ? _(", out") : _(", in") : "",
		       *again[r->again] ? _(again[r->again]) : "", r->future ? _(", later") : "",
		       r->text ? ":" : "", r->text ? r->text : "");
	}
	model_ladder_free(&l);
}

static void print_states(struct model *m)
{
	struct states s;

	if (model_states(m, &s))
		return;
	if (s.missing)
		printf("%s%s%s\n", s.object ? s.object : "", s.object ? ": " : "", s.missing);
	for (int i = 0; !s.missing && i < s.count; i++) {
		const char *from = model_state_name(s.changes[i].from);
		const char *to = model_state_name(s.changes[i].to);

		printf(_("%s%s from %s to %s at step %" PRId64 "%s\n"),
		       i == s.now ? _("now: ") : "", s.object, from ? from : "?", to ? to : "?",
		       s.changes[i].step, i > s.now ? _(", later") : "");
	}
	if (s.waits)
		printf(_("%s waits in its place: %s\n"), s.heir, model_state_name(s.waits));
	model_states_free(&s);
}

static void print_ports(struct model *m)
{
	struct ports p;

	if (model_ports(m, &p))
		return;
	for (int i = 0; i < p.count; i++)
		printf("%s%s\n", p.rows[i].look == PORT_NOW ? _("now: ") : "", p.rows[i].text);
	model_ports_free(&p);
}

/* Where one is, and what the last move changed. */
static void print_here(struct model *m, bool moved)
{
	struct trace_step s;
	char text[1024], time[32];

	if (trace_step(m->t, m->step, &s) == 1) {
		words_step(text, sizeof(text), m->t, &s, &m->flows);
		words_time(time, sizeof(time), s.time);
		printf(_("step %" PRId64 ", %s, task %s%s%s: %s: %s\n"), s.step, time, s.task_name,
		       s.context ? ", " : "", s.context ? s.context_name : "",
		       trace_kind_name(s.kind), text);
		if (moved && s.func && s.line)
			printf(_("in %s, %s line %d\n"), s.func->name, s.func->file->path, s.line);
		trace_step_free(&s);
	}
	if (moved)
		print_objects(m, true);
}

static void print_explanation(struct model *m)
{
	struct explanation e;

	if (model_explain(m, &e))
		return;
	explain_print(stdout, &e, LINE_WIDTH);
	model_explain_free(&e);
}

static void print_help(void)
{
	puts(_("A line holds keys: s step in, n over, f out; S N F the same back; 3n three times;\n"
	       "g G first and last step; p packet, w wake-up, e event, c store, y why; capitals back;\n"
	       ":1204 or :40ms or :tcp_connect goes there; /text finds; &kind:store filters.\n"
	       "Or it is a word: walk, source, stack, objects, packets, ladder, states, ports,\n"
	       "explain, here, help, quit."));
}

/* A word that prints a pane.  False if it is none. */
static bool take_word(struct model *m, const char *word)
{
	if (!strcmp(word, "walk"))
		print_walk(m);
	else if (!strcmp(word, "source"))
		print_source(m);
	else if (!strcmp(word, "stack"))
		print_stack(m);
	else if (!strcmp(word, "objects"))
		print_objects(m, false);
	else if (!strcmp(word, "packets"))
		print_packets(m);
	else if (!strcmp(word, "ladder"))
		print_ladder(m);
	else if (!strcmp(word, "states"))
		print_states(m);
	else if (!strcmp(word, "ports"))
		print_ports(m);
	else if (!strcmp(word, "explain") || !strcmp(word, "x"))
		print_explanation(m);
	else if (!strcmp(word, "here"))
		print_here(m, true);
	else if (!strcmp(word, "help") || !strcmp(word, "?") || !strcmp(word, "h"))
		print_help();
	else
		return false;
	return true;
}

/* The keys of a line, with Enter behind what asks for text.  What they led to is printed. */
static void take_keys(struct tui *ui, const char *line)
{
	int64_t before = ui->m->step;

	for (const char *p = line; *p && !ui->quit; p++)
		keys_press(ui, (unsigned char)*p);
	if (ui->prompt)
		keys_press(ui, '\r');
	/* a filter that was not understood is typed again */
	ui->prompt = 0;
	ui->help = ui->menu = false;
	ui->count = 0;
	if (*ui->m->message)
		puts(ui->m->message);
	if (ui->m->step != before)
		print_here(ui->m, true);
	else if (!*ui->m->message && !ui->quit)
		print_here(ui->m, false);
}

int linear_run(struct model *m)
{
	struct tui ui = { .m = m, .page = 2 * AROUND };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	panes_default(&ui.panes);
	printf(_("%s, %" PRId64 " steps; help tells the keys\n"), trace_path(m->t),
	       trace_last_step(m->t));
	print_here(m, true);
	while (!ui.quit && fflush(stdout) == 0 && (len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (!strcmp(line, "quit"))
			break;
		if (!take_word(m, line))
			take_keys(&ui, line);
	}
	free(line);
	return trace_error(m->t) ? STATUS_TROUBLE : STATUS_DONE;
}
