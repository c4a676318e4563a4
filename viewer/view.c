/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk view: the replay of a trace on the screen; on something that is no screen, the listing.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "viewer/command.h"
#include "viewer/i18n.h"
#include "viewer/tui.h"
#include "viewer/twin.h"

static void usage(FILE *to)
{
	fputs("usage: synwalk view TRACE.db [OTHER.db] [OPTION]...\n"
	      "\n"
	      "Replays a trace step by step, forward and back.  Inside, ? lists the keys.\n"
	      "A trace that is being recorded grows as it is viewed; T follows its end.\n"
	      "Two traces are walked through side by side, in line as synwalk diff sees them.\n"
	      "Without a terminal (or with TERM=dumb) it prints what synwalk show prints.\n"
	      "\n"
	      "  --step N     begin at step N, or at the first call of function N\n"
	      "  --ascii      lines and signs in plain ASCII\n"
	      "  --colours N  auto, none, 16 or 256\n"
	      "  --no-mouse   leave the mouse to the terminal\n"
	      "  --linear     keys are read in lines and answered in lines: for screen readers\n"
	      "  --help       this\n"
	      "\n"
	      "NO_COLOR=1 in the environment: no colours, unless --colours asks for them.\n"
	      "Keys can be set in ~/.config/synwalk/keys: docs/viewer.md.\n",
	      to);
}

static const struct option options[] = {
	{ "step", required_argument, NULL, 's' },    { "ascii", no_argument, NULL, 'a' },
	{ "colours", required_argument, NULL, 'c' }, { "colors", required_argument, NULL, 'c' },
	{ "no-mouse", no_argument, NULL, 'm' },      { "linear", no_argument, NULL, 'l' },
	{ "help", no_argument, NULL, 'h' },          { NULL, 0, NULL, 0 },
};

static int list(const char *path)
{
	char *argv[] = { (char *)"show", (char *)(uintptr_t)path, NULL };

	return cmd_show(2, argv);
}

/*
 * Where a replay begins: at the call that the story is about, if it is there.  What lies before
 * it (the task is made, the socket) stays one key away.
 */
static void begin(struct model *m)
{
	const struct trace_func *f = trace_func_by_name(m->t, "sys_connect");
	int64_t call = f ? trace_next_call_of(m->t, 0, f->id) : 0;

	if (call > 1 && model_go(m, call))
		model_say(m,
			  _("sys_connect begins here; g goes to the first step, ? tells the keys"));
}

/* Its number, or -1. */
static int colours_of(const char *text)
{
	static const char *const names[] = { [COLOURS_AUTO] = "auto",
					     [COLOURS_NONE] = "none",
					     [COLOURS_16] = "16",
					     [COLOURS_256] = "256" };

	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++)
		if (!strcmp(names[i], text))
			return i;
	return -1;
}

static int view(const char *path, const char *step, bool linear, const struct tui_options *screen)
{
	char err[400];
	struct trace *t;
	struct model *m;
	int status;

	if (!linear && !term_able())
		return list(path);
	t = trace_open(path, err, sizeof(err));
	if (!t) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	m = model_new(t);
	if (!m)
		return trouble(path, NULL, "out of memory");
	/* Step 1 is where one stands already. */
	if (step && strcmp(step, "1") && !model_go_text(m, step)) {
		status = trouble(step, NULL, "%s", m->message);
		model_free(m);
		return status;
	}
	m->message[0] = '\0';
	if (!step)
		begin(m);
	m->before = m->step;
	m->nhistory = m->at_history = 0;
	status = linear ? linear_run(m) : tui_run(m, screen);
	model_free(m);
	return status < 0 ? list(path) : STATUS_DONE;
}

/* Two traces; without a screen what diff says of them. */
static int view_two(char *const paths[2], const struct tui_options *screen)
{
	char *argv[] = { (char *)"diff", paths[0], paths[1], NULL };
	struct trace *t[2] = { NULL, NULL };
	struct twin *twin;
	char err[400];
	int status;

	if (!term_able())
		return cmd_diff(3, argv);
	for (int i = 0; i < 2; i++) {
		t[i] = trace_open(paths[i], err, sizeof(err));
		if (!t[i]) {
			fprintf(stderr, "synwalk: %s\n", err);
			trace_close(t[0]);
			return STATUS_TROUBLE;
		}
	}
	twin = twin_new(t[0], t[1], err, sizeof(err));
	if (!twin)
		return trouble("view", NULL, "%s", err);
	status = twin_run(twin, screen->ascii, screen->colours);
	twin_free(twin);
	return status < 0 ? cmd_diff(3, argv) : STATUS_DONE;
}

int cmd_view(int argc, char **argv)
{
	const char *step = NULL;
	struct tui_options screen = { .mouse = true };
	bool linear = false;
	int option;

	optind = 0; /* a second command in one process starts anew */
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 's':
			step = optarg;
			break;
		case 'a':
			screen.ascii = true;
			break;
		case 'c':
			screen.colours = colours_of(optarg);
			if (screen.colours < 0)
				return trouble(optarg, "--colours auto, none, 16 or 256",
					       "no such colours");
			break;
		case 'm':
			screen.mouse = false;
			break;
		case 'l':
			linear = true;
			break;
		case 'h':
			usage(stdout);
			return STATUS_DONE;
		default:
			return trouble("view", "synwalk view --help lists the options",
				       "not understood");
		}
	}
	if (optind + 2 == argc && !step && !linear)
		return view_two(argv + optind, &screen);
	if (optind + 1 != argc)
		return trouble("view", "synwalk view TRACE.db; --help lists the options",
			       optind == argc ? "which trace?" :
						"one trace, or two to be compared on a screen");
	return view(argv[optind], step, linear, &screen);
}
