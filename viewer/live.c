/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk live: a connect that is walked through while it happens.
 *
 * Theory of operation
 *
 * A child records, as `synwalk connect` or `synwalk run` would, with a gate before its core
 * (trace/record/gate.h); the parent is the viewer of the trace that grows.  When a move comes to the end
 * of what was recorded, the viewer lets the core pass and looks again.  What lies behind can be walked
 * through at any time, as in every replay.  When the person leaves, the gate opens and the recording
 * goes on to its end, so that the trace is whole.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "viewer/command.h"
#include "viewer/i18n.h"
#include "viewer/recording.h"
#include "viewer/tui.h"

#define DEFAULT_TRACE "live.db"
#define DEFAULT_UNTIL "sys_connect"

/* So long a core that was let go on is waited for, s: then it sleeps, and the viewer does not. */
#define PATIENCE 0.25

/* And so long for its first step: it has to boot, and to be given a far end. */
#define BOOT_PATIENCE 20.0

/* What the child has said is told after the viewer. */
struct live {
	struct model_core core; /* first: the model knows only this */
	struct record_gate *gate;
	struct model *model;
	pid_t child;
	int status; /* of the child, -1 while it runs */
	FILE *said;
	const char *path;
};

static void usage(void)
{
	puts("usage: synwalk live [OPTION]... [ADDR:PORT | SCRIPT.pkt] [-- OPTION...]\n"
	     "\n"
	     "Walks through a connect while it happens: the core waits for your keys.\n"
	     "The target and the options behind -- are those of synwalk connect (--wire, --seed N);\n"
	     "with a script, those of synwalk run.\n"
	     "\n"
	     "  -o, --output TRACE.db   where it is recorded (default " DEFAULT_TRACE ")\n"
	     "      --until FUNCTION    run until it is called (default " DEFAULT_UNTIL ")\n"
	     "      --pace N            do not wait: N records a second\n"
	     "      --linear            keys are read in lines and answered in lines\n"
	     "      --help              this\n"
	     "\n"
	     "Inside, s n f p ... let the core go on when they come to its last step; R runs it,\n"
	     "50R at 50 records a second. While it waits its clock stands. q lets it end.");
}

/* ---------------------------------------------------------------- the child */

/* Records.  Never returns. */
static _Noreturn void play(const struct live *l, int argc, char **argv)
{
	char *line[64] = { 0 };
	int n = 0;
	bool script =
		argc > 0 && strlen(argv[0]) > 4 && !strcmp(argv[0] + strlen(argv[0]) - 4, ".pkt");

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* the keys are the viewer's, ^C too */
	signal(SIGINT, SIG_IGN);
	setpgid(0, 0);
	dup2(fileno(l->said), STDOUT_FILENO);
	dup2(fileno(l->said), STDERR_FILENO);
	recording_behind(l->gate);
	line[n++] = (char *)(script ? "run" : "connect");
	for (int i = 0; i < argc && n < 60; i++)
		line[n++] = argv[i];
	line[n++] = (char *)"-o";
	line[n++] = (char *)(uintptr_t)l->path;
	if (!script)
		line[n++] = (char *)"--no-view";
	exit(script ? cmd_run(n, line) : cmd_connect(n, line));
}

/* Has the child ended? */
static bool ended(struct live *l)
{
	int status;

	if (l->status < 0 && waitpid(l->child, &status, WNOHANG) == l->child)
		l->status = WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_TROUBLE;
	return l->status >= 0;
}

static void nap(void)
{
	const struct timespec t = { .tv_nsec = 1000000 };

	nanosleep(&t, NULL);
}

/* Waits until the core stands, or the time is over, or it has ended.  Whether it stands. */
static bool await(struct live *l, uint64_t passed, double patience)
{
	double end = seconds() + patience;

	while (!ended(l) && seconds() < end) {
		if (l->gate->passed >= passed && record_gate_settled(l->gate))
			return true;
		nap();
	}
	return false;
}

static bool more(struct model_core *core, int64_t records)
{
	struct live *l = (struct live *)core;
	uint64_t passed = l->gate->passed;

	if (l->gate->open || ended(l))
		return false;
	/* if it sleeps, permissions are not collected for when it wakes up */
	if (!l->gate->waiting)
		return await(l, passed, PATIENCE);
	record_gate_let(l->gate, records);
	return await(l, passed + (uint64_t)records, PATIENCE);
}

/* ---------------------------------------------------------------- the viewer */

/* The trace as soon as it has a step; NULL with a status, if the child has ended without one. */
static struct trace *first_look(struct live *l, int *status)
{
	struct trace *t = NULL;
	char err[400] = "";
	double end = seconds() + BOOT_PATIENCE;

	*status = STATUS_TROUBLE;
	if (!await(l, 1, BOOT_PATIENCE) && !ended(l)) {
		trouble("live", NULL, "the core has not begun in %.0f s", BOOT_PATIENCE);
		return NULL;
	}
	while (!t && seconds() < end) {
		t = trace_open(l->path, err, sizeof(err));
		if (!t && ended(l))
			break;
		if (!t)
			nap();
	}
	if (!t && l->status >= 0)
		*status = l->status;
	else if (!t)
		fprintf(stderr, "synwalk: %s\n", err);
	return t;
}

static int look_on(struct live *l, const struct tui_options *screen, bool linear, int64_t pace)
{
	struct trace *t;
	struct model *m;
	int status;

	t = first_look(l, &status);
	if (!t)
		return status;
	m = model_new(t);
	if (!m)
		return trouble(l->path, NULL, "out of memory");
	l->model = m;
	m->core = &l->core;
	if (trace_last_step(t))
		model_go(m, trace_last_step(t));
	m->before = m->step;
	m->nhistory = m->at_history = 0;
	if (pace)
		model_run(m, pace);
	else if (trace_is_live(t))
		model_say(m, _("the core stands here, and goes on with you; ? tells the keys"));
	status = linear ? linear_run(m) : tui_run(m, screen);
	model_free(m);
	return status < 0 ? trouble("live", "synwalk live --linear needs none", "no terminal") :
			    status;
}

/* The recording goes on to its end; what it said is told. */
static int finish(struct live *l, int status)
{
	char line[512];
	int word;

	record_gate_set_open(l->gate, true);
	while (!ended(l))
		nap();
	rewind(l->said);
	while (fgets(line, sizeof(line), l->said))
		fputs(line, l->status == STATUS_TROUBLE ? stderr : stdout);
	fclose(l->said);
	record_gate_free(l->gate);
	word = l->status;
	return status == STATUS_DONE ? word : status;
}

static int live(struct live *l, const char *until, bool linear, int64_t pace, int argc, char **argv)
{
	const struct tui_options screen = { .mouse = true };

	if (!linear && !term_able())
		return trouble("live", "synwalk live --linear needs none", "no terminal");
	l->gate = record_gate_new(until);
	l->said = tmpfile();
	if (!l->gate || !l->said)
		return trouble("live", NULL, "%s", strerror(errno));
	fflush(NULL);
	l->child = fork();
	if (l->child < 0)
		return trouble("live", NULL, "%s", strerror(errno));
	if (!l->child)
		play(l, argc, argv);
	return finish(l, look_on(l, &screen, linear, pace));
}

int cmd_live(int argc, char **argv)
{
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "until", required_argument, NULL, 'u' },
		{ "pace", required_argument, NULL, 'p' },
		{ "linear", no_argument, NULL, 'l' },
		{ "wire", no_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct live l = { .core.more = more, .path = DEFAULT_TRACE, .status = -1 };
	const char *until = DEFAULT_UNTIL, *help = "synwalk live --help lists the options";
	char *rest[60];
	int c, n = 0;
	bool linear = false, wire = false;
	uint64_t pace = 0;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":o:h", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			l.path = optarg;
			break;
		case 'u':
			until = optarg;
			break;
		case 'p':
			if (read_number(optarg, 1000000, &pace) || !pace)
				return trouble(optarg, "like --pace 50", "no number of records");
			break;
		case 'l':
			linear = true;
			break;
		case 'w':
			wire = true;
			break;
		case 'h':
			usage();
			return STATUS_DONE;
		case ':':
			return trouble(argv[optind - 1], help, "needs a value");
		default:
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	for (int i = optind; i < argc && n < 55; i++)
		rest[n++] = argv[i];
	if (wire)
		rest[n++] = (char *)"--wire";
	if (strlen(until) >= GATE_NAME)
		return trouble(until, help, "no function has such a name");
	return live(&l, until, linear, (int64_t)pace, n, rest);
}
