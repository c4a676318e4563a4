/* SPDX-License-Identifier: GPL-2.0-only */
/* synwalk import: makes a trace of what an LTTng session has recorded. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "trace/import/import.h"
#include "viewer/command.h"

struct options {
	const char *folder, *trace;
	uint64_t pid; /* 0: the only one there is */
	int list;
};

static void usage(void)
{
	puts("usage: synwalk import CTF_DIR -o TRACE.db [options]\n"
	     "\n"
	     "Makes a trace of what an LTTng session recorded (synwalk run --lttng, or a session of\n"
	     "your own): the same that synwalk would have written itself.\n"
	     "\n"
	     "  -o, --output TRACE.db   the trace; one that is there is replaced\n"
	     "      --pid N             of which process, when there are several\n"
	     "      --list              only list what was recorded\n"
	     "\n"
	     "Exit status: 0 the trace is complete, 1 it is partial: events are missing, 2 trouble.");
}

/* Return: 0; 1 if only help was asked for; or STATUS_TROUBLE. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum { OPT_PID = 256, OPT_LIST };
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "pid", required_argument, NULL, OPT_PID },
		{ "list", no_argument, NULL, OPT_LIST },
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
		case 'h':
			usage();
			return 1;
		case ':':
			return trouble(argv[optind - 1], help, "needs a value");
		default:
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	if (optind + 1 != argc)
		return trouble("import", help,
			       optind == argc ? "which folder?" : "one folder at a time");
	if (!o->trace && !o->list)
		return trouble("import", "add -o TRACE.db", "where to?");
	o->folder = argv[optind];
	return 0;
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

int cmd_import(int argc, char **argv)
{
	struct import_list list;
	struct options o;
	char err[800];
	int status = parse_options(argc, argv, &o);

	if (status)
		return status == 1 ? STATUS_DONE : status;
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
