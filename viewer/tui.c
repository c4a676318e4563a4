/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of the screen: draw everything, wait for a key, let it act. */
#include <curses.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model_words.h"
#include "viewer/tui.h"

/* So many keys may be taken without the screen being drawn between. */
#define MAX_BEHIND 20

/* How often a trace that is being recorded is looked at again. */
#define LOOK_AGAIN_MS 200

/* So long somebody waits for what a key does, s. */
#define PATIENCE 0.03

/* And when it runs before one's eyes. */
#define RUN_MS 50

/* The last part of a path that fits a bar. */
static const char *short_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && strlen(path) > 20 ? slash + 1 : path;
}

/* " demo.db   step 1204 of 21744   20.003 ms   task connect, softirq" */
static void draw_bar(struct tui *ui, int cols)
{
	int64_t last = trace_last_step(ui->m->t);
	struct trace_step s;
	char time[32] = "", text[400];
	size_t at;

	at = (size_t)snprintf(text, sizeof(text), _(" %s   step %" PRId64 " of %" PRId64),
			      short_path(trace_path(ui->m->t)), ui->m->step, last);
	if (trace_step(ui->m->t, ui->m->step, &s) == 1) {
		words_time(time, sizeof(time), s.time);
		at += (size_t)snprintf(text + at, sizeof(text) - at, _("   %s   task %s%s%s"), time,
				       s.task_name, s.context ? ", " : "",
				       s.context ? s.context_name : "");
		trace_step_free(&s);
	}
	if (trace_is_live(ui->m->t) && ui->m->core && at < sizeof(text))
		snprintf(text + at, sizeof(text) - at, "%s",
			 ui->m->core->running ? _("   LIVE: the core runs") :
						_("   LIVE: the core waits"));
	else if (trace_is_live(ui->m->t) && at < sizeof(text))
		snprintf(text + at, sizeof(text) - at, "%s",
			 ui->m->follow ? _("   RECORDING, followed") : _("   RECORDING"));
	else if (trace_is_partial(ui->m->t) && at < sizeof(text))
		snprintf(text + at, sizeof(text) - at, "%s", _("   PARTIAL"));
	draw_line(0, 0, cols, LOOK_BAR, "%s", text);
}

/* The whole of the line one stands on, which the walk may have had to cut. */
static void draw_here(struct tui *ui, int y, int cols)
{
	struct trace_step s;
	char text[1024];

	if (trace_step(ui->m->t, ui->m->step, &s) == 1) {
		words_step(text, sizeof(text), ui->m->t, &s, &ui->m->flows);
		draw_line(y, 0, cols, LOOK_PLAIN, "%s %s", glyph(GLYPH_HERE), text);
		trace_step_free(&s);
	}
}

static void draw_bottom(struct tui *ui, int rows, int cols)
{
	const char *error = trace_error(ui->m->t);

	if (ui->prompt && ui->m->message[0])
		draw_line(rows - 1, 0, cols, LOOK_PLAIN, "%c%s_  (%s)", ui->prompt, ui->input,
			  ui->m->message);
	else if (ui->prompt)
		draw_line(rows - 1, 0, cols, LOOK_PLAIN, "%c%s_", ui->prompt, ui->input);
	else if (error)
		draw_line(rows - 1, 0, cols, LOOK_BAD, "%s", error);
	else if (ui->m->message[0])
		draw_line(rows - 1, 0, cols, LOOK_CHANGED, "%s", ui->m->message);
	else if (ui->count)
		draw_line(rows - 1, 0, cols, LOOK_PLAIN, "%" PRId64, ui->count);
	else
		draw_line(rows - 1, 0, cols, LOOK_DIM, "%s", keys_hint(ui));
}

static void draw(struct tui *ui)
{
	int rows, cols;

	getmaxyx(stdscr, rows, cols);
	erase();
	if (rows < 4 || cols < 20) {
		draw_line(0, 0, cols, LOOK_PLAIN, "%s", _("too small"));
	} else if (ui->help) {
		help_draw(ui, rows, cols);
	} else {
		layout(ui, rows, cols);
		draw_bar(ui, cols);
		panes_draw(ui);
		layout_draw(ui);
		draw_here(ui, rows - 2, cols);
		if (ui->menu)
			menu_draw(ui, rows, cols);
		draw_bottom(ui, rows, cols);
	}
	refresh();
	ui->drawn = seconds();
}

/*
 * Nobody types: a search or a move goes on, and what will be asked for is read.  ERR when there is nothing left to
 * do, else the key that was typed, or KEY_RESIZE when there is something new to draw.
 */
static int work_ahead(struct tui *ui)
{
	int key = ERR;

	while (ui->m->seeking.on && key == ERR && !ui->m->stop) {
		bool more = model_search_work(ui->m);

		key = term_key_at_once();
		if (key == ERR && (!more || seconds() - ui->drawn > LOOK_AGAIN_MS / 1e3))
			return KEY_RESIZE;
	}
	while (ui->repeat.on && key == ERR && !ui->m->stop) {
		keys_repeat(ui);
		key = term_key_at_once();
		if (key == ERR && (!ui->repeat.on || seconds() - ui->drawn > LOOK_AGAIN_MS / 1e3))
			return KEY_RESIZE;
	}
	while (!trace_is_live(ui->m->t) && key == ERR && !ui->m->stop &&
	       trace_objects_ahead(ui->m->t))
		key = term_key_at_once();
	return key;
}

/*
 * Waits for a key.  While the trace is being recorded it is looked at again now and then, until there is
 * something new to draw (KEY_RESIZE, on which nobody acts).
 */
static int wait_for_key(struct tui *ui)
{
	int key = work_ahead(ui);

	/* nobody types: the filter looks at the rest of the trace */
	while (ui->m->filter && key == ERR && !ui->m->stop) {
		bool more = model_filter_work(ui->m);

		key = term_key_at_once();
		if (!more && !ui->counted) {
			ui->counted = true;
			return key == ERR ? KEY_RESIZE : key;
		}
		if (!more)
			break;
		ui->counted = false;
		if (seconds() - ui->drawn > LOOK_AGAIN_MS / 1e3)
			return key == ERR ? KEY_RESIZE : key;
	}
	while (trace_is_live(ui->m->t) && key == ERR && !ui->m->stop) {
		double before = seconds();
		bool running = ui->m->core && ui->m->core->running;

		timeout(running ? RUN_MS : LOOK_AGAIN_MS);
		key = getch();
		if (key == ERR && running && seconds() - before > RUN_MS / 2e3) {
			if (model_running(ui->m, seconds() - ui->drawn))
				key = KEY_RESIZE;
			continue;
		}
		/* a terminal that has gone does not let anybody wait */
		if (key == ERR && seconds() - before < LOOK_AGAIN_MS / 2e3)
			break;
		if (key == ERR && model_refresh(ui->m))
			key = KEY_RESIZE;
	}
	timeout(-1);
	return key == ERR && !ui->m->stop ? term_key() : key;
}

/*
 * Waits for a key and lets it act, then takes those that were typed meanwhile too: whoever holds a
 * key down wants to arrive, not to see every place between.  False when the terminal is gone.
 */
static bool take_keys(struct tui *ui)
{
	int key = wait_for_key(ui);
	bool sought = ui->m->seeking.on || ui->repeat.on;

	if (key != KEY_RESIZE) {
		model_search_stop(ui->m);
		keys_repeat_stop(ui);
	}
	if (key == ERR) {
		if (!ui->m->stop)
			return false;
		if (!sought)
			model_say(ui->m, _("q quits"));
		ui->m->stop = 0;
		return true;
	}
	nodelay(stdscr, TRUE);
	for (int taken = 0; key != ERR && !ui->quit; key = getch()) {
		if (key != KEY_RESIZE)
			keys_press(ui, key);
		if (++taken == MAX_BEHIND)
			break;
	}
	nodelay(stdscr, FALSE);
	keys_look(ui);
	return true;
}

/* The arrangement of the panes is kept.  That it could not be is no reason to fail. */
static void keep_panes(const struct tui *ui, const struct panes *before, const char *path)
{
	if (path && panes_save(&ui->panes, before, path))
		fprintf(stderr, "synwalk: %s: %s; the panes will be as before\n", path,
			strerror(errno));
}

int tui_run(struct model *m, const struct tui_options *options)
{
	struct tui ui = { .m = m };
	struct panes before;
	char message[sizeof(m->message)] = "", *path = panes_path();

	if (!term_start(&m->stop, options->mouse)) {
		free(path);
		return -1;
	}
	panes_default(&ui.panes);
	if (path)
		panes_load(&ui.panes, path, message, sizeof(message));
	if (message[0])
		model_say(m, "%s", message);
	before = ui.panes;
	draw_start(options->ascii, (enum colours)options->colours);
	m->patience = PATIENCE;
	if (keyfile_read(ui.m->message, sizeof(ui.m->message)))
		beep();
	do
		draw(&ui);
	while (take_keys(&ui) && !ui.quit);
	term_end();
	keyfile_forget();
	keep_panes(&ui, &before, path);
	free(path);
	return 0;
}
