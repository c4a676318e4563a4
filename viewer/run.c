/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * synwalk run: a scenario in packetdrill's language, played on the virtual wire and the virtual
 * clock, and recorded if a trace is asked for. What the language can say: docs/scenarios.md.
 */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "trace/read/read.h"
#include "viewer/command.h"
#include "viewer/recording.h"
#include "viewer/script/failure.h"
#include "viewer/script/file.h"
#include "viewer/script/override.h"
#include "viewer/script/play.h"

struct options {
	const char *path;
	struct recording recording;
	struct overrides set;
	uint64_t seed;
	uint64_t ticks;
	int has_seed;
	int check;
	int digest;
};

static void usage(void)
{
	puts("usage: synwalk run SCRIPT.pkt [options]\n"
	     "\n"
	     "Plays a packetdrill script on a virtual link with a virtual clock: the same bytes in\n"
	     "every run with the same seed. Silent if everything is as the script says.\n"
	     "\n"
	     "  -o, --output TRACE.db   record what the core does\n"
	     "      --seed N            seed of all randomness (default: the script's, or 1)\n"
	     "      --clock N           the tick counter, and time stamps, start N ticks later\n"
	     "      --check             only read the script\n"
	     "      --digest            record, and print one number for all of it: equal runs have\n"
	     "                          equal ones. Needs no -o\n"
	     "      --lttng[=DIR]       have LTTng record it, too or alone: a session of its own, started\n"
	     "                          and ended with the run, writes CTF to DIR (default TRACE.ctf)\n"
	     "      --lttng-join        send the events to LTTng sessions that run already\n"
	     "      --local_ip=ADDR ...     any option of a script, in place of what the script says: remote_ip,\n"
	     "                          gateway_ip, netmask_ip, connect_port, bind_port, link, mtu,\n"
	     "                          tolerance_usecs, tcp_ts_tick_usecs\n"
	     "\n"
	     "SCRIPT.pkt may be - for standard input.\n"
	     "Exit status: 0 all as expected, 1 an expectation failed, 2 trouble.");
}

/* Return: 0; 1 if only help was asked for; or STATUS_TROUBLE. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum { OPT_SEED = 256, OPT_CLOCK, OPT_CHECK, OPT_DIGEST, OPT_LTTNG, OPT_JOIN };
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "clock", required_argument, NULL, OPT_CLOCK },
		{ "check", no_argument, NULL, OPT_CHECK },
		{ "digest", no_argument, NULL, OPT_DIGEST },
		{ "lttng", optional_argument, NULL, OPT_LTTNG },
		{ "lttng-join", no_argument, NULL, OPT_JOIN },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *help = "synwalk run --help lists the options";
	int c;

	*o = (struct options){ .seed = 1 };
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":o:h", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			o->recording.trace = optarg;
			break;
		case OPT_SEED:
			if (read_number(optarg, UINT64_MAX, &o->seed))
				return trouble(optarg, "like --seed 7", "not a number");
			o->has_seed = 1;
			break;
		case OPT_CLOCK:
			if (read_number(optarg, UINT32_MAX, &o->ticks))
				return trouble(optarg, "like --clock 5000",
					       "not a number of ticks");
			break;
		case OPT_CHECK:
			o->check = 1;
			break;
		case OPT_DIGEST:
			o->digest = 1;
			break;
		case OPT_LTTNG:
			o->recording.lttng = 1;
			o->recording.folder = optarg;
			break;
		case OPT_JOIN:
			o->recording.join = 1;
			break;
		case 'h':
			usage();
			return 1;
		case ':':
			return trouble(argv[optind - 1], help, "needs a value");
		default:
			if (!strncmp(argv[optind - 1], "--", 2) && strchr(argv[optind - 1], '=')) {
				if (override_add(&o->set, argv[optind - 1] + 2))
					return STATUS_TROUBLE;
				break;
			}
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	if (optind == argc)
		return trouble("run", help, "which script?");
	if (argc - optind > 1)
		return trouble(argv[optind + 1], help, "one script is enough");
	o->path = argv[optind];
	return recording_check(&o->recording);
}

static void tell_failure(const struct options *o, const struct play *p)
{
	char err[512];
	struct trace *t;

	fprintf(stderr, "synwalk: %s\n", p->failure);
	if (p->outcome != PLAY_FAILED)
		return;
	if (!o->recording.trace) {
		fprintf(stderr, "    record it: synwalk run %s -o TRACE.db\n", o->path);
		return;
	}
	t = trace_open(o->recording.trace, err, sizeof(err));
	if (!t)
		return;
	fprintf(stderr, "    look:     synwalk view %s, then :%lld\n", o->recording.trace,
		(long long)failure_step(t, p));
	trace_close(t);
}

/* ---------------------------------------------------------------- the run */

static int is_recorded(const struct options *o)
{
	const struct recording *r = &o->recording;

	return r->trace || r->lttng || r->join || o->digest;
}

/* Boots a world, plays, ends the recording where the play ended, and the world. */
static int run_script(const struct options *o, const struct script *s, const char *text,
		      const struct settings *settings)
{
	struct core_config boot = {
		.seed = !o->has_seed && s->has_seed ? s->seed : o->seed,
		.ticks = (uint32_t)o->ticks,
	};
	struct record_options record = {
		.scenario = o->path,
		.seed = boot.seed,
		.hz = 1000,
		.version = SYNWALK_VERSION,
	};
	uint64_t digest[2] = { 0, 0 };
	static struct play play;
	int e = core_boot(&boot);

	if (e)
		return trouble("core", NULL, "could not boot: %s", strerror(-e));
	record.virtual_ns = core_clock();
	record.digest = o->digest ? digest : NULL;
	if (is_recorded(o) && recording_start(&o->recording, &record)) {
		core_shutdown();
		return STATUS_TROUBLE;
	}
	play_script(&play, s, text, settings);
	if (is_recorded(o) && recording_stop(play.outcome ? "failed" : "passed")) {
		core_shutdown();
		return STATUS_TROUBLE;
	}
	core_shutdown();
	if (o->digest)
		printf("%016" PRIx64 "%016" PRIx64 "\n", digest[0], digest[1]);
	if (play.outcome != PLAY_DONE)
		tell_failure(o, &play);
	play_free(&play);
	if (core_warnings() || core_leaks())
		return trouble("core", "this is a defect of synwalk; record a trace to see where",
			       "%u warnings, %u objects leaked", core_warnings(), core_leaks());
	return (int)play.outcome;
}

int cmd_run(int argc, char **argv)
{
	struct settings settings;
	struct script script;
	struct options o;
	char error[512];
	size_t length = 0;
	char *text;
	int status = parse_options(argc, argv, &o);

	if (status)
		return status == 1 ? STATUS_DONE : status;
	text = script_file(o.path, &length);
	if (!text)
		return STATUS_TROUBLE;
	if (script_parse(&script, o.path, text, length)) {
		fprintf(stderr, "synwalk: %s\n", script.error);
		status = STATUS_TROUBLE;
	} else if (settings_read(&settings, &script, error, sizeof(error))) {
		fprintf(stderr, "synwalk: %s\n", error);
		status = STATUS_TROUBLE;
	} else if (!o.check) {
		overrides_apply(&o.set, &settings);
		status = recording_prepare(&o.recording);
		if (!status)
			status = run_script(&o, &script, text, &settings);
		if (recording_end(&o.recording))
			status = STATUS_TROUBLE;
	}
	script_free(&script);
	free(text);
	return status;
}
