/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synwalk import: makes a trace of what somebody else has recorded: an LTTng session, or a kernel's
 * ftrace.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "trace/import/import.h"
#include "viewer/command.h"

/* So many lines that were left out are told, and then how many more there are. */
#define COMPLAINTS 5

struct options {
	const char *folder, *trace;
	const char *ftrace, *packets, *kernel; /* a kernel's recording, and what belongs to it */
	uint64_t pid;                          /* 0: the only one there is */
	int list;
};

static void usage(void)
{
	puts("usage: synwalk import CTF_DIR -o TRACE.db [options]\n"
	     "       synwalk import --ftrace FILE -o TRACE.db [options]\n"
	     "\n"
	     "Makes a trace of what an LTTng session recorded (synwalk run --lttng, or a session of\n"
	     "your own): the same that synwalk would have written itself.\n"
	     "\n"
	     "  -o, --output TRACE.db   the trace; one that is there is replaced\n"
	     "      --pid N             of which process, when there are several\n"
	     "      --list              only list what was recorded\n"
	     "\n"
	     "With --ftrace it makes a trace of what a kernel's function tracer recorded: the text of\n"
	     "function_graph or function, as the kernel prints it (cat /sys/kernel/tracing/trace) or as\n"
	     "trace-cmd report does, or an outline (docs/recording.md). It has calls and times only.\n"
	     "\n"
	     "      --ftrace FILE       the text; - is standard input\n"
	     "      --packets FILE      a capture of the same time (tcpdump -w), put between the calls\n"
	     "      --kernel RELEASE    of the kernel that was recorded (uname -r), for the trace to say\n"
	     "\n"
	     "Exit status: 0 the trace is complete, 1 it is partial: events are missing, 2 trouble.");
}

/* Whether they fit together; @named folders were named. Return: 0 or STATUS_TROUBLE. */
static int check_options(int named, const struct options *o, const char *help)
{
	if (o->ftrace && (named || o->pid || o->list))
		return trouble("import", help,
			       "--ftrace goes neither with a folder nor its options");
	if (!o->ftrace && (o->packets || o->kernel))
		return trouble("import", help, "--packets and --kernel belong to --ftrace FILE");
	if (!o->ftrace && named != 1)
		return trouble("import", help, !named ? "which folder?" : "one folder at a time");
	if (!o->trace && !o->list)
		return trouble("import", "add -o TRACE.db", "where to?");
	return 0;
}

/* Return: 0; 1 if only help was asked for; or STATUS_TROUBLE. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum { OPT_PID = 256, OPT_LIST, OPT_FTRACE, OPT_PACKETS, OPT_KERNEL };
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "pid", required_argument, NULL, OPT_PID },
		{ "list", no_argument, NULL, OPT_LIST },
		{ "ftrace", required_argument, NULL, OPT_FTRACE },
		{ "packets", required_argument, NULL, OPT_PACKETS },
		{ "kernel", required_argument, NULL, OPT_KERNEL },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *help = "synwalk import --help lists the options";
	int c;

	*o = (struct options){ 0 };
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, ":o:h", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			o->trace = optarg;
			break;
		case OPT_PID:
			if (read_number(optarg, INT32_MAX, &o->pid) || !o->pid)
				return trouble(optarg, "like --pid 1234; --list lists them",
					       "not the number of a process");
			break;
		case OPT_LIST:
			o->list = 1;
			break;
		case OPT_FTRACE:
			o->ftrace = optarg;
			break;
		case OPT_PACKETS:
			o->packets = optarg;
			break;
		case OPT_KERNEL:
			o->kernel = optarg;
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
	o->folder = argv[optind];
	return check_options(argc - optind, o, help);
}

static void tell_runs(FILE *to, const char *before, const struct import_list *list)
{
	for (int i = 0; i < list->count; i++) {
		const struct import_run *run = &list->runs[i];

		fprintf(to, "%s--pid %-8d %9lld steps%s  %s\n", before, run->pid,
			(long long)run->steps,
			!run->begun || !run->ended || run->missing ? ", not all of it" : "",
			run->scenario);
	}
}

/* How many recordings may be meant; *@found is the last of them. */
static int count_runs(const struct options *o, const struct import_list *list, bool begun,
		      int *found)
{
	int count = 0;

	for (int i = 0; i < list->count; i++)
		if ((!o->pid || list->runs[i].pid == (int)o->pid) &&
		    (!begun || list->runs[i].begun)) {
			*found = i;
			count++;
		}
	return count;
}

/* The recording that is meant, or -1 after telling why it is not clear. */
static int choose(const struct options *o, const struct import_list *list)
{
	int found = -1, count = count_runs(o, list, true, &found);

	/* one whose beginning is not there is meant only where there is no other */
	if (!count)
		count = count_runs(o, list, false, &found);
	if (count == 1)
		return found;
	if (!list->count)
		trouble(o->folder, "the session must be started before synwalk, with 'synwalk:*'",
			"no recording of synwalk is in it");
	else if (!count)
		trouble(o->folder, NULL,
			"no recording of process %llu; there are:", (unsigned long long)o->pid);
	else
		trouble(o->folder, NULL, "%d recordings are in it; choose one%s:", count,
			o->pid ? ", and its own folder: they have one process number" : "");
	if (list->count)
		tell_runs(stderr, "    ", list);
	return -1;
}

static int import(const struct options *o, const struct import_list *list)
{
	int run = choose(o, list), code;
	char err[800];

	if (run < 0)
		return STATUS_TROUBLE;
	code = import_one(o->folder, list, run, o->trace, err, sizeof(err));
	if (code < 0) {
		fprintf(stderr, "synwalk: %s%s%s\n", strstr(err, o->trace) == err ? "" : o->folder,
			strstr(err, o->trace) == err ? "" : ": ", err);
		return STATUS_TROUBLE;
	}
	printf("%s: %lld steps of process %d: %s\n", o->trace, (long long)list->runs[run].steps,
	       list->runs[run].pid, list->runs[run].scenario);
	if (code == 0)
		return STATUS_DONE;
	trouble(o->folder, "the trace has what was there, and says that it is partial", "%s",
		*err ? err : "the recording did not end in order");
	return STATUS_NO;
}

/* ---- a kernel's recording ---------------------------------------------------------------------- */

struct complaints {
	const char *name;
	int count;
};

static void complain(void *context, int line, const char *why)
{
	struct complaints *c = context;

	if (c->count++ < COMPLAINTS)
		fprintf(stderr, "synwalk: %s:%d: %s\n", c->name, line, why);
}

/* Return: an exit status. */
static int tell_ftrace(const struct options *o, const struct import_counts *counts, int code,
		       const struct complaints *c, const char *err)
{
	if (c->count > COMPLAINTS)
		fprintf(stderr, "    and %d more lines\n", c->count - COMPLAINTS);
	if (code < 0) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	printf("%s: %lld steps, %lld calls of %d task%s, from %s\n", o->trace,
	       (long long)counts->steps, (long long)counts->calls, counts->tasks,
	       counts->tasks == 1 ? "" : "s", counts->format);
	if (counts->packets)
		printf("%s: %lld packets\n", o->trace, (long long)counts->packets);
	if (code == 0)
		return STATUS_DONE;
	if (counts->lost)
		trouble(c->name, "record with a larger buffer (buffer_size_kb), or fewer functions",
			"the kernel lost %lld of the events", (long long)counts->lost);
	if (counts->left_out)
		trouble(c->name, "the trace has the rest, and says that it is partial",
			"%d of %d lines were left out", counts->left_out, counts->lines);
	return STATUS_NO;
}

static int import_text(const struct options *o)
{
	bool standard = !strcmp(o->ftrace, "-");
	struct complaints c = { .name = standard ? "standard input" : o->ftrace };
	struct import_ftrace in = {
		.name = c.name,
		.text = standard ? stdin : fopen(o->ftrace, "r"),
		.kernel = o->kernel,
		.capture = o->packets,
		.complain = complain,
		.context = &c,
	};
	struct import_counts counts;
	char err[800];
	int code;

	if (!in.text)
		return trouble(o->ftrace,
			       "name a file with the text of ftrace, or - for standard "
			       "input",
			       "%s", strerror(errno));
	code = import_ftrace(&in, o->trace, &counts, err, sizeof(err));
	if (!standard)
		fclose(in.text);
	return tell_ftrace(o, &counts, code, &c, err);
}

int cmd_import(int argc, char **argv)
{
	struct import_list list;
	struct options o;
	char err[800];
	int status = parse_options(argc, argv, &o);

	if (status)
		return status == 1 ? STATUS_DONE : status;
	if (o.ftrace)
		return import_text(&o);
	if (import_look(o.folder, &list, err, sizeof(err)) < 0) {
		fprintf(stderr, "synwalk: %s: %s\n", o.folder, err);
		status = STATUS_TROUBLE;
	} else if (o.list) {
		tell_runs(stdout, "", &list);
	} else {
		status = import(&o, &list);
	}
	import_list_free(&list);
	return status;
}
