/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * synwalk connect: one blocking connect(2) of the core, recorded.
 *
 * Theory of operation
 *
 * A run has two sides. The near side is the core: booted here, given one device and one address,
 * and a user task that calls sys_socket(), sys_connect() and sys_close(). The far side is either
 * the host's own kernel at the other end of a TAP device (peer.c), or, with --wire, a scripted
 * host on a virtual link with a virtual clock (farend.c), where two runs are equal to the byte.
 * Both sides are described by struct world, so that everything else is written once.
 *
 * The order matters: the far side is complete before the core boots, the recording ends before
 * the far side is asked what it saw, and the core is shut down before the viewer opens the trace.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"
#include "viewer/command.h"
#include "viewer/farend.h"
#include "viewer/peer.h"
#include "viewer/recording.h"
#include "viewer/target.h"

#define DEFAULT_TRACE "connect.db"

/* One way over the virtual wire: far enough that the task really goes to sleep. */
#define WIRE_DELAY_NS 20000000ull
#define WIRE_NAME     "wire0"

enum afterwards { AFTER_AUTO, AFTER_VIEW, AFTER_SHOW, AFTER_NOTHING };

struct options {
	struct target target;
	struct recording recording;
	const char *capture;
	uint64_t seed;
	uint64_t ticks;
	int wire;
	enum afterwards after;
};

/* What the user task did. Addresses in network byte order, ports in host byte order. */
struct attempt {
	const struct options *options;
	long fd;
	long result; /* of sys_connect(): 0 or -errno */
	long closed; /* of sys_close() */
	uint32_t local_addr;
	uint16_t local_port;
	uint64_t took_ns;
};

struct world {
	const struct options *options;
	char ifname[IFNAMSIZ];
	int tap_fd;
	struct peer *peer;
	struct farend farend;
};

/* ---------------------------------------------------------------- the command line */

static void usage(void)
{
	puts("usage: synwalk connect [ADDR:PORT] [options]\n"
	     "\n"
	     "Connects from the core at " NEAR_ADDR " to ADDR:PORT (default " DEFAULT_TARGET ").\n"
	     "The far end is this machine's kernel in a private network namespace, over TAP:\n"
	     "it takes ADDR there, whatever it is, and listens; no packet leaves the machine.\n"
	     "\n"
	     "  -o, --output TRACE.db   where to record (default " DEFAULT_TRACE ")\n"
	     "      --wire              no TAP: a scripted far end and a virtual clock,\n"
	     "                          the same bytes in every run with the same seed\n"
	     "      --seed N            seed of all randomness (default 1)\n"
	     "      --clock N           with --wire: the tick counter starts N ticks later\n"
	     "      --view, --show, --no-view\n"
	     "                          afterwards: the viewer, the walk as text, or neither\n"
	     "                          (default: the viewer on a terminal, else the text)\n"
	     "      --capture FILE      write what the far end's kernel saw, as pcap\n"
	     "      --lttng[=DIR]       have LTTng record it too: a session of its own, started and\n"
	     "                          ended with the run, writes CTF to DIR (default TRACE.ctf)\n"
	     "      --lttng-join        send the events to LTTng sessions that run already\n"
	     "\n"
	     "Exit status: 0 connected, 1 connect() returned an error, 2 trouble.");
}

/* Return: 0; 1 if only help was asked for; or STATUS_TROUBLE. */
static int parse_options(int argc, char **argv, struct options *o)
{
	enum {
		OPT_WIRE = 256,
		OPT_SEED,
		OPT_CLOCK,
		OPT_VIEW,
		OPT_SHOW,
		OPT_NO_VIEW,
		OPT_CAPTURE,
		OPT_LTTNG,
		OPT_JOIN
	};
	static const struct option known[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "wire", no_argument, NULL, OPT_WIRE },
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "clock", required_argument, NULL, OPT_CLOCK },
		{ "view", no_argument, NULL, OPT_VIEW },
		{ "show", no_argument, NULL, OPT_SHOW },
		{ "no-view", no_argument, NULL, OPT_NO_VIEW },
		{ "capture", required_argument, NULL, OPT_CAPTURE },
		{ "lttng", optional_argument, NULL, OPT_LTTNG },
		{ "lttng-join", no_argument, NULL, OPT_JOIN },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *help = "synwalk connect --help lists the options";
	int c;

	*o = (struct options){ .recording.trace = DEFAULT_TRACE, .seed = 1 };
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":o:h", known, NULL)) != -1) {
		switch (c) {
		case 'o':
			o->recording.trace = optarg;
			break;
		case OPT_WIRE:
			o->wire = 1;
			break;
		case OPT_SEED:
			if (read_number(optarg, UINT64_MAX, &o->seed))
				return trouble(optarg, "like --seed 7", "not a number");
			break;
		case OPT_CLOCK:
			if (read_number(optarg, UINT32_MAX, &o->ticks))
				return trouble(optarg, "like --clock 5000",
					       "not a number of ticks");
			break;
		case OPT_VIEW:
			o->after = AFTER_VIEW;
			break;
		case OPT_SHOW:
			o->after = AFTER_SHOW;
			break;
		case OPT_NO_VIEW:
			o->after = AFTER_NOTHING;
			break;
		case OPT_CAPTURE:
			o->capture = optarg;
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
			return trouble(argv[optind - 1], help, "no such option");
		}
	}
	if (argc - optind > 1)
		return trouble(argv[optind + 1], help, "one address is enough");
	if (o->ticks && !o->wire)
		return trouble("--clock", "add --wire", "over TAP the clock is the host's");
	if (o->capture && o->wire)
		return trouble("--capture", "the trace's packets view has what the wire carried",
			       "there is no other kernel behind --wire to look from");
	if (recording_check(&o->recording))
		return STATUS_TROUBLE;
	return parse_target(optind < argc ? argv[optind] : DEFAULT_TARGET, &o->target);
}

/* ---------------------------------------------------------------- the far side */

static uint64_t core_now(void)
{
	return *core_clock();
}

/* Over TAP the core's clock stands still between two looks at it: the host's own tells the time. */
static uint64_t elapsed_ns(const struct options *o)
{
	struct timespec ts;

	if (o->wire)
		return core_now();
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static int far_side_open(struct world *w)
{
	const struct options *o = w->options;
	struct peer_config config = {
		.addr = o->target.addr,
		.port = o->target.port,
		.gateway = inet_addr(FAR_ADDR),
		.prefixlen = PREFIXLEN,
		.mtu = LINK_MTU,
		.capture = o->capture,
	};
	struct peer_problem problem = { "", "", "" };

	if (o->wire) {
		struct farend_config wire = {
			.addr = o->target.addr,
			.gateway = inet_addr(FAR_ADDR),
			.port = o->target.port,
			.seed = o->seed,
			.delay_ns = WIRE_DELAY_NS,
			.now_ns = core_now,
			.inject = core_wire_inject,
			.ifname = WIRE_NAME,
		};

		memcpy(wire.mac, far_mac, sizeof(far_mac));
		farend_init(&w->farend, &wire);
		snprintf(w->ifname, sizeof(w->ifname), "%s", WIRE_NAME);
		return 0;
	}
	memcpy(config.mac, far_mac, sizeof(far_mac));
	w->peer = peer_start(&config, w->ifname, &w->tap_fd, &problem);
	if (!w->peer)
		return trouble(problem.what, problem.hint[0] ? problem.hint : NULL, "%s",
			       problem.why);
	return 0;
}

/* ---------------------------------------------------------------- the near side */

/* Gives the core its device, its address and its default route. Return: 0 or -errno. */
static int near_side_open(struct world *w)
{
	int err;

	if (w->options->wire)
		err = core_add_wire(w->ifname, near_mac, LINK_MTU, WIRE_DELAY_NS, farend_frame,
				    &w->farend);
	else
		err = core_add_tap(w->ifname, w->tap_fd, near_mac, LINK_MTU);
	if (!err)
		err = core_addr_add(w->ifname, inet_addr(NEAR_ADDR), PREFIXLEN);
	if (!err)
		err = core_route_add(0, 0, inet_addr(FAR_ADDR), w->ifname);
	return err;
}

/* The user's program. It runs as a task of the core, so what it passes lies in user memory. */
static void connect_task(void *arg)
{
	struct attempt *a = arg;
	struct sockaddr_in *sin = core_user_alloc(sizeof(*sin));
	int *len = core_user_alloc(sizeof(*len));
	uint64_t began;

	if (!sin || !len) {
		a->fd = -ENOMEM;
		return;
	}
	a->fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	if (a->fd < 0)
		return;
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = a->options->target.addr;
	sin->sin_port = htons(a->options->target.port);
	began = elapsed_ns(a->options);
	a->result = sys_connect((int)a->fd, (struct sockaddr *)sin, sizeof(*sin));
	a->took_ns = elapsed_ns(a->options) - began;

	*len = sizeof(*sin);
	if (a->result == 0 && sys_getsockname((int)a->fd, (struct sockaddr *)sin, len) == 0) {
		a->local_addr = sin->sin_addr.s_addr;
		a->local_port = ntohs(sin->sin_port);
	}
	a->closed = sys_close((unsigned int)a->fd);
}

/* Boots the core, records the attempt, shuts the core down. Return: a status. */
static int record_attempt(struct world *w, struct attempt *a)
{
	const struct options *o = w->options;
	struct core_config boot = { .seed = o->seed,
				    .wall_clock = !o->wire,
				    .ticks = (uint32_t)o->ticks };
	char scenario[96], result[32];
	struct record_options record = {
		.scenario = scenario,
		.seed = o->seed,
		.virtual_ns = o->wire ? core_clock() : NULL,
		.hz = 1000,
		.version = SYNWALK_VERSION,
	};
	int e;

	snprintf(scenario, sizeof(scenario), "connect %s over %s", o->target.text,
		 o->wire ? "the wire" : "TAP");
	e = core_boot(&boot);
	if (e)
		return trouble("core", NULL, "could not boot: %s", strerror(-e));
	e = near_side_open(w);
	if (e) {
		core_shutdown();
		return trouble(w->ifname, NULL, "the core would not take it: %s", strerror(-e));
	}
	if (recording_start(&o->recording, &record)) {
		core_shutdown();
		return STATUS_TROUBLE;
	}
	e = core_task("connect", connect_task, a);
	if (e >= 0)
		e = core_run();
	result_name(a->result, result, sizeof(result));
	if (recording_stop(result)) {
		core_shutdown();
		return STATUS_TROUBLE;
	}
	core_shutdown();
	if (e < 0)
		return trouble("core", NULL, "the run stopped: %s", strerror(-e));
	if (core_warnings() || core_leaks())
		return trouble("core",
			       "this is a defect of synwalk; the trace shows where it began",
			       "%u warnings, %u objects leaked", core_warnings(), core_leaks());
	return STATUS_DONE;
}

/* ---------------------------------------------------------------- what came of it */

static const char *name_of(uint32_t addr, uint16_t port, char text[32])
{
	char dotted[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, dotted, sizeof(dotted));
	snprintf(text, 32, "%s:%u", dotted, (unsigned int)port);
	return text;
}

/* @end: 0: no connection ended, 1: by FIN, 2: by RST */
static void tell_clean(int end)
{
	static const char *const how[] = {
		"",
		", the connection ended by FIN",
		", the connection ended by RST",
	};

	printf("  far end: left clean%s\n", how[end]);
}

static void tell_peer(const struct peer_report *r)
{
	char from[32];

	if (r->accepted)
		printf("  far end: accept() returned a connection from %s\n",
		       name_of(r->addr, r->port, from));
	else
		puts("  far end: accept() returned no connection");
	printf("  far end: its kernel saw %d frames come and %d go\n", r->frames_in, r->frames_out);
	if (r->lingering)
		printf("  far end: NOT left clean, %d socket in %s\n", r->lingering, r->state);
	else
		tell_clean(r->saw_end);
}

static void tell_farend(const struct farend *far)
{
	char from[32];

	if (far->accepted)
		printf("  far end: accepted a connection from %s\n",
		       name_of(far->peer_addr, far->peer_port, from));
	printf("  far end: %d frames came and %d went\n", far->frames_in, far->frames_out);
	if (far->state == FAREND_CLOSED || far->state == FAREND_LISTEN)
		tell_clean(far->reset ? 2 : far->accepted ? 1 : 0);
	else
		puts("  far end: NOT left clean");
}

static int tell(struct world *w, const struct attempt *a)
{
	const struct options *o = w->options;
	struct peer_report report;
	char local[32], result[32];

	if (a->fd < 0)
		return trouble("socket()", NULL, "%s", strerror((int)-a->fd));
	printf("connect(%s) over %s: ", o->target.text, o->wire ? "the wire" : "TAP");
	result_name(a->result, result, sizeof(result));
	if (a->result == 0)
		printf("0 after %llu.%03llu ms", (unsigned long long)a->took_ns / 1000000,
		       (unsigned long long)a->took_ns / 1000 % 1000);
	else
		printf("%s (%s)", result, strerror((int)-a->result));
	printf("%s\n", o->wire ? ", virtual time" : "");
	if (a->local_port)
		printf("  core:    getsockname() says we are %s\n",
		       name_of(a->local_addr, a->local_port, local));
	if (a->closed < 0)
		printf("  core:    close() returned an error: %s\n", strerror((int)-a->closed));
	if (w->peer) {
		int e = peer_finish(w->peer, &report);

		w->peer = NULL;
		if (e)
			return trouble("far end", NULL, "its process ended without a report");
		tell_peer(&report);
	} else {
		tell_farend(&w->farend);
	}
	printf("  trace:   %s\n", o->recording.trace);
	if (o->recording.lttng)
		printf("  lttng:   %s\n", o->recording.folder);
	return a->result == 0 ? STATUS_DONE : STATUS_NO;
}

static int open_trace(const struct options *o)
{
	char *show[] = { "show", (char *)o->recording.trace, NULL };
	char *view[] = { "view", (char *)o->recording.trace, NULL };
	enum afterwards after = o->after;

	if (after == AFTER_AUTO)
		after = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? AFTER_VIEW : AFTER_SHOW;
	fflush(stdout);
	/* getopt keeps its place between calls; 0 makes glibc begin anew. */
	optind = 0;
	if (after == AFTER_VIEW)
		return cmd_view(2, view);
	if (after == AFTER_SHOW)
		return cmd_show(2, show);
	return STATUS_DONE;
}

int cmd_connect(int argc, char **argv)
{
	struct options o;
	struct world w = { .options = &o, .tap_fd = -1 };
	struct attempt a = { .options = &o, .result = -ECONNABORTED };
	struct peer_report report;
	int status = parse_options(argc, argv, &o);

	if (status)
		return status == 1 ? STATUS_DONE : status;
	status = far_side_open(&w);
	if (status)
		return status;
	status = recording_prepare(&o.recording);
	if (!status)
		status = record_attempt(&w, &a);
	if (recording_end(&o.recording))
		status = STATUS_TROUBLE;
	if (status == STATUS_DONE)
		status = tell(&w, &a);
	if (w.peer)
		peer_finish(w.peer, &report);
	if (w.tap_fd >= 0)
		close(w.tap_fd);
	if (status != STATUS_TROUBLE && open_trace(&o) == STATUS_TROUBLE)
		status = STATUS_TROUBLE;
	return status;
}
