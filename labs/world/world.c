/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * world: plays a script in a world whose core may hold a student's functions, and reports.
 *
 * The grader starts it, with limits of its own, once for each script that is recorded, and once with the
 * sanitizer for all. The order matters: the cage is closed
 * before any of the core runs, for its boot may call a student's functions, too.
 */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"
#include "labs/world/world.h"
#include "viewer/command.h"
#include "viewer/script/file.h"

/* How long a call that should have returned is given to do it after all. */
#define LINGER_NS (3600ull * 1000000000)

static struct world world;
static struct play play;

static int usage(FILE *to, int status)
{
	fputs("usage: world SCRIPT.pkt... --report FILE.json [-o TRACE.db] [--seed N] [--clock N]\n"
	      "             [--part FILE] [--real NS] [--set NAME=VALUE]... [--budget N]\n"
	      "\n"
	      "Plays a script as synwalk run does, for the grader of the labs: see docs/labs.md. Of several,\n"
	      "which cannot be recorded, each gets a world of its own, until a sanitizer finds something.\n"
	      "\n"
	      "  --part FILE        a student's functions, linked for this program\n"
	      "  --real NS          the calendar is NS nanoseconds later\n"
	      "  --set NAME=VALUE   in place of the script's option --NAME\n"
	      "  --budget N         end by SIGXCPU after N million bytes of raw records\n"
	      "\n"
	      "Exit status: 0 passed, 1 failed, 2 trouble, 3 a part is still to be written.\n",
	      to);
	return status;
}

static int number(const char *option, uint64_t max, uint64_t *value)
{
	if (!read_number(optarg, max, value))
		return 0;
	return trouble(optarg, NULL, "not a number for %s", option);
}

static int parse_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "report", required_argument, NULL, 'r' },
		{ "part", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 's' },
		{ "clock", required_argument, NULL, 'c' },
		{ "real", required_argument, NULL, 'e' },
		{ "set", required_argument, NULL, 'S' },
		{ "budget", required_argument, NULL, 'b' },
		{ 0 },
	};
	int c, bad = 0;

	world = (struct world){ .seed = 1 };
	while (!bad && (c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			world.trace = optarg;
			break;
		case 'r':
			world.report = optarg;
			break;
		case 'p':
			world.part = optarg;
			break;
		case 's':
			bad = number("--seed", UINT64_MAX, &world.seed);
			world.has_seed = 1;
			break;
		case 'c':
			bad = number("--clock", UINT32_MAX, &world.ticks);
			break;
		case 'e':
			bad = number("--real", INT64_MAX, &world.real_ns);
			break;
		case 'S':
			bad = override_add(&world.set, optarg);
			break;
		case 'b':
			bad = number("--budget", UINT32_MAX, &world.budget_mb);
			break;
		default:
			return usage(stderr, WORLD_TROUBLE);
		}
	}
	if (!bad && (optind >= argc || !world.report || (world.trace && optind != argc - 1)))
		return usage(stderr, WORLD_TROUBLE);
	return bad;
}

/* A skeleton's gap, in the midst of the run: nothing of it will go on. */
static void end_at_gap(const char *function, int part)
{
	char message[256];
	int status = WORLD_TODO;

	if (trace_finish(&world, "todo"))
		_exit(WORLD_TROUBLE);
	snprintf(message, sizeof(message), "%s(): part %d is still to be written", function, part);
	status = report_write(status, message, NULL, 0, function, part);
	_exit(status);
}

static int run(const struct script *s, const char *text, const struct settings *settings)
{
	static const char *const results[] = { "passed", "failed", "trouble" };
	struct core_config boot = {
		.seed = world.seed,
		.ticks = (uint32_t)world.ticks,
		.real_ns = world.real_ns,
	};
	int64_t step = 0;
	int e;

	if ((world.part && part_load(world.part)) || cage_close())
		return WORLD_TROUBLE;
	e = core_boot(&boot);
	if (e)
		return trouble("core", NULL, "could not boot: %s", strerror(-e));
	todo_expect(end_at_gap);
	if (trace_begin(&world))
		return WORLD_TROUBLE;
	play_script(&play, s, text, settings);
	if (play.outcome == PLAY_FAILED)
		play_linger(&play, LINGER_NS);
	if (trace_finish(&world, results[play.outcome]))
		return WORLD_TROUBLE;
	/* a world in which a task sleeps, with a lock perhaps, cannot be taken down, nor need it be */
	if (play.outcome == PLAY_DONE)
		core_shutdown();
	if (play.outcome == PLAY_FAILED)
		step = trace_failure(&world, &play);
	e = report_write((int)play.outcome, play.failure, &play, step, NULL, 0);
	play_free(&play);
	return e;
}

static int play_file(const char *path)
{
	struct settings settings;
	struct script script;
	char error[512];
	size_t length;
	char *text;
	int status;

	world.script = path;
	if (report_open(world.report))
		return WORLD_TROUBLE;
	text = script_file(world.script, &length);
	if (!text)
		return WORLD_TROUBLE;
	if (script_parse(&script, world.script, text, length)) {
		status = report_write(WORLD_TROUBLE, script.error, NULL, 0, NULL, 0);
	} else if (settings_read(&settings, &script, error, sizeof(error))) {
		status = report_write(WORLD_TROUBLE, error, NULL, 0, NULL, 0);
	} else {
		overrides_apply(&world.set, &settings);
		if (!world.has_seed && script.has_seed)
			world.seed = script.seed;
		status = run(&script, text, &settings);
	}
	script_free(&script);
	free(text);
	return status;
}

/*
 * To start a program with a sanitizer takes longer than most scripts do, so it is started once, and each
 * world is a copy of it. Return: how the last one ended; WORLD_SANITIZER if there was a finding.
 */
static int play_each(char *const *paths)
{
	int status = WORLD_TROUBLE;

	for (; *paths; paths++) {
		pid_t pid = fork();

		if (!pid)
			exit(play_file(*paths));
		while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (pid < 0)
			return trouble(*paths, NULL, "%s", strerror(errno));
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
			return WORLD_SANITIZER;
		status = WIFEXITED(status) ? WEXITSTATUS(status) : WORLD_TROUBLE;
		if (status == WORLD_SANITIZER)
			break;
	}
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--bake"))
		return trace_bake(argv[2]);
	if (parse_options(argc, argv))
		return WORLD_TROUBLE;
	return optind == argc - 1 ? play_file(argv[optind]) : play_each(argv + optind);
}
