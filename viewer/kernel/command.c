/* SPDX-License-Identifier: GPL-2.0-only */

/* synwalk kernel: one connect(2) of a real kernel, recorded: the running one's, or a guest's. */

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/command.h"
#include "viewer/kernel/bring.h"
#include "viewer/kernel/guest/guest.h"
#include "viewer/kernel/record.h"
#include "viewer/target.h"

#define DEFAULT_TRACE "kernel.db"

/* From a frame to its answer. The guest is slow: its task must be asleep by then. */
enum { DELAY_MS = 40, GUEST_DELAY_MS = 150, TIMEOUT_S = 300 };

struct options {
	struct target target;
	const char *trace, *raw, *package;
	enum tracer_kind only;
	uint64_t timeout; /* seconds */
	int guest, rules;
};

/* rules.S */
extern const char kernel_rules_newer[], kernel_rules_stacks[];

static void usage(void)
{
	puts("usage: synwalk kernel [ADDR:PORT] [options]\n"
	     "\n"
	     "Records a connect of the running kernel from " NEAR_ADDR
	     " to ADDR:PORT (default\n" DEFAULT_TARGET
	     "), in a network namespace of its own, with the best tracer that the machine\n"
	     "permits: function_graph, the function tracer, or tracepoints with stacks; and, where BPF\n"
	     "may look, fields of the socket. It needs root.\n"
	     "No packet leaves the machine, and every tracing setting is as before.\n"
	     "\n"
	     "  -o, --output TRACE.db   where to record (default " DEFAULT_TRACE ")\n"
	     "      --guest             not the running kernel but the distribution's package, booted\n"
	     "                          under qemu's software emulation: needs no rights, and a minute\n"
	     "      --package PACKAGE   with --guest: another kernel package, or its file\n"
	     "                          (default " GUEST_PACKAGE ")\n"
	     "      --timeout SECONDS   with --guest: how long it may take (default 300)\n"
	     "      --tracer NAME       only this one: function_graph, function, events\n"
	     "      --raw DIR           keep what the trace is made of: the kernel's own text, the\n"
	     "                          packets, which tracer was used and why no better one\n"
	     "      --print-rules       print what the table of synwalk diff --calls lacks for newer kernels,\n"
	     "                          with --tracer events for such recordings, too\n"
	     "\n"
	     "Exit status: 0 connected, 1 connect() returned an error, 2 trouble.");
}

static int parse_tracer(const char *text, enum tracer_kind *only)
{
	for (int i = 0; i < TRACERS; i++)
		if (!strcmp(text, tracer_names[i])) {
			*only = (enum tracer_kind)i;
			return 0;
		}
	return trouble(text, "function_graph, function or events", "no such tracer");
}

/* Return: 0; 1 if only help was asked for; or STATUS_TROUBLE. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum { OPT_GUEST = 256, OPT_PACKAGE, OPT_TIMEOUT, OPT_TRACER, OPT_RAW, OPT_RULES };
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "guest", no_argument, NULL, OPT_GUEST },
		{ "package", required_argument, NULL, OPT_PACKAGE },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
		{ "tracer", required_argument, NULL, OPT_TRACER },
		{ "raw", required_argument, NULL, OPT_RAW },
		{ "print-rules", no_argument, NULL, OPT_RULES },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *help = "synwalk kernel --help lists the options";
	int c;

	*o = (struct options){ .trace = DEFAULT_TRACE, .only = TRACERS };
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":o:h", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			o->trace = optarg;
			break;
		case OPT_GUEST:
			o->guest = 1;
			break;
		case OPT_PACKAGE:
			o->package = optarg;
			break;
		case OPT_TIMEOUT:
			if (read_number(optarg, 86400, &o->timeout) || !o->timeout)
				return trouble(optarg, "like --timeout 300",
					       "not a number of seconds");
			break;
		case OPT_TRACER:
			if (parse_tracer(optarg, &o->only))
				return STATUS_TROUBLE;
			break;
		case OPT_RAW:
			o->raw = optarg;
			break;
		case OPT_RULES:
			o->rules = 1;
			break;
		case 'h':
			usage();
			return 1;
		case ':':
			return trouble(argv[optind - 1], help, "needs a value");
		default:
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	if (argc - optind > 1)
		return trouble(argv[optind + 1], help, "one address is enough");
	if ((o->package || o->timeout) && !o->guest)
		return trouble(o->package ? "--package" : "--timeout", "add --guest",
			       "the running kernel is there already");
	return parse_target(optind < argc ? argv[optind] : DEFAULT_TARGET, &o->target);
}

/* ---------------------------------------------------------------- the folder */

/* Makes the folder of the recording: @path is set to it. Return: 0 or a status. */
static int folder_open(const struct options *o, char *path, size_t room)
{
	const char *tmp = getenv("TMPDIR");

	if (o->raw) {
		snprintf(path, room, "%s", o->raw);
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return trouble(path, NULL, "%s", strerror(errno));
		return 0;
	}
	snprintf(path, room, "%s/synwalk-kernel.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(path))
		return trouble(path, NULL, "%s", strerror(errno));
	return 0;
}

static void folder_close(const struct options *o, const char *path)
{
	struct dirent *entry;
	DIR *dir;

	if (o->raw)
		return;
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

/* ---------------------------------------------------------------- the run */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

/* Every wait ends with EINTR, and the way out is the ordinary one. */
static void heed_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

static int record(const struct options *o, const char *folder)
{
	struct kernel_record how = {
		.target = &o->target,
		.only = o->only,
		.delay_ns = (o->guest ? GUEST_DELAY_MS : DELAY_MS) * 1000000ull,
	};
	struct peer_problem problem = { "", "", "" };
	int status;

	heed_signals();
	if (o->guest)
		status = guest_record(&how, o->package ? o->package : GUEST_PACKAGE,
				      o->timeout ? (unsigned int)o->timeout : TIMEOUT_S, folder,
				      &problem);
	else
		status = kernel_record(&how, folder, &problem);
	if (interrupted)
		return trouble("kernel", "nothing was kept, and nothing is left behind",
			       "interrupted");
	if (status < 0)
		return trouble(problem.what, problem.hint[0] ? problem.hint : NULL, "%s",
			       problem.why);
	return 0;
}

int cmd_kernel(int argc, char **argv)
{
	char folder[4000];
	struct options o;
	int status = parse_options(argc, argv, &o);

	if (status)
		return status == 1 ? STATUS_DONE : status;
	if (o.rules) {
		fputs(kernel_rules_newer, stdout);
		if (o.only == TRACER_EVENTS)
			fputs(kernel_rules_stacks, stdout);
		return STATUS_DONE;
	}
	status = folder_open(&o, folder, sizeof(folder));
	if (status)
		return status;
	status = record(&o, folder);
	if (!status)
		status = bring_home(folder, o.trace, o.guest);
	folder_close(&o, folder);
	return status;
}
