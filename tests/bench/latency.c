/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Handshake latency over TAP: how long connect() takes against the host's kernel, for three callers:
 *
 *     core      our core (plain build), which holds the far end's TAP itself
 *     relayed   our core, and a relay between it and the TAP
 *     kernel    the host's own kernel in a namespace with a TAP of its own; two TAPs are joined by
 *               a relay, there is no other way
 *
 *     latency COUNT
 *
 * Each caller is a process with a far end of its own. They take turns, COUNT times: a connect with
 * the far end's neighbour entry thrown away, so that ARP comes first, then one with it. Before that
 * the very first connect of a world is timed in WORLDS new ones of each; who begins changes from one to
 * the next, for what the first of all warms up, in the host's kernel too, the others find warm. Prints a
 * line for each caller: its name; then median and least with ARP, median and least without, median and
 * least of the very first; microseconds. The relays count ARP requests: when a caller did not
 * ask each time that its neighbour was thrown away, the run fails.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"
#include "viewer/netns.h"
#include "viewer/peer.h"

#define CALLERS  3
#define WORLDS   15
#define PAUSE_NS 2000000 /* for the connection's end, between two connects */

static const uint8_t near_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static struct sockaddr_in far_addr;
static int control; /* a caller's: commands in, times out */
static atomic_uint arp_requests;
static unsigned int forgotten; /* how often the neighbour was thrown away */

enum command {
	COLD, /* forget the neighbour first */
	WARM,
};

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "latency: %s: %s\n", what, why);
	exit(2);
}

/* Return: 0 when no command is left. */
static int next_command(enum command *command)
{
	return read(control, command, sizeof(*command)) == sizeof(*command);
}

static void answer(double us)
{
	if (write(control, &us, sizeof(us)) != sizeof(us))
		die("control", strerror(errno));
}

/* ---------------------------------------------------------------- the relay */

static void *relay(void *arg)
{
	struct pollfd *fds = arg;
	static uint8_t frame[65536];
	int i;

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		for (i = 0; i < 2; i++) {
			ssize_t n;

			while ((n = read(fds[i].fd, frame, sizeof(frame))) > 0) {
				if (i == 0 && n >= 42 && frame[12] == 8 && frame[13] == 6 &&
				    frame[21] == 1)
					arp_requests++;
				if (write(fds[1 - i].fd, frame, (size_t)n) < 0)
					continue;
			}
		}
	}
	return NULL;
}

/* Frames go to and fro between @near_fd and @far_fd, both non-blocking. */
static void start_relay(int near_fd, int far_fd)
{
	static struct pollfd fds[2];
	pthread_t thread;

	fds[0] = (struct pollfd){ .fd = near_fd, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = far_fd, .events = POLLIN };
	if (pthread_create(&thread, NULL, relay, fds))
		die("relay", "no thread");
}

static void check_arp(void)
{
	if (arp_requests < forgotten)
		die("ARP", "the neighbour was not asked for each time");
}

/* ---------------------------------------------------------------- our core */

static void core_caller(void *arg)
{
	struct sockaddr_in *sin = core_user_alloc(sizeof(*sin));
	enum command command;

	(void)arg;
	*sin = far_addr;
	while (next_command(&command)) {
		long fd, e;
		double us;

		if (command == COLD) {
			core_neigh_flush(NULL);
			forgotten++;
		}
		fd = sys_socket(AF_INET, SOCK_STREAM, 0);
		us = now_us();
		e = sys_connect((int)fd, (struct sockaddr *)sin, sizeof(*sin));
		us = now_us() - us;
		if (e < 0)
			die("core", strerror((int)-e));
		sys_close((unsigned int)fd);
		sys_nanosleep(PAUSE_NS);
		answer(us);
	}
}

static void run_core(int tap, const char *ifname)
{
	struct core_config boot = { .seed = 1, .wall_clock = 1 };
	int e = core_boot(&boot);

	if (!e)
		e = core_add_tap(ifname, tap, near_mac, 1500);
	if (!e)
		e = core_addr_add(ifname, inet_addr("10.9.0.1"), 24);
	if (!e)
		e = core_task("bench", core_caller, NULL);
	if (e >= 0)
		e = core_run();
	core_shutdown();
	if (e < 0)
		die("core", strerror(-e));
}

static void run_relayed(int tap, const char *ifname)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) < 0)
		die("socketpair", strerror(errno));
	start_relay(ends[1], tap);
	run_core(ends[0], ifname);
	check_arp();
}

/* ---------------------------------------------------------------- the host's kernel */

/* What `ip neigh del` does; that there is none yet is no error. */
static void forget_neighbour(int fd)
{
	struct arpreq req = { .arp_dev = "tap1" };

	memcpy(&req.arp_pa, &far_addr, sizeof(far_addr));
	if (ioctl(fd, SIOCDARP, &req) < 0 && errno != ENXIO && errno != ENOENT)
		die("SIOCDARP", strerror(errno));
}

static void run_kernel(int tap, const char *ifname)
{
	struct peer_problem problem;
	enum command command;
	int own;

	(void)ifname;
	if (netns_enter(&problem) < 0)
		die(problem.what, problem.why);
	own = netns_open_tap("tap1", &problem);
	if (own < 0 ||
	    netns_configure("tap1", near_mac, 1500, inet_addr("10.9.0.1"), 24, 0, &problem) < 0)
		die(problem.what, problem.why);
	start_relay(own, tap);
	while (next_command(&command)) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		double us;

		if (command == COLD) {
			forget_neighbour(fd);
			forgotten++;
		}
		us = now_us();
		if (connect(fd, (struct sockaddr *)&far_addr, sizeof(far_addr)) < 0)
			die("connect", strerror(errno));
		us = now_us() - us;
		close(fd);
		usleep(PAUSE_NS / 1000);
		answer(us);
	}
	check_arp();
}

/* ---------------------------------------------------------------- taking turns */

static struct caller {
	const char *name;
	void (*run)(int tap, const char *ifname);
	int control;
	pid_t pid;
	double first[WORLDS], *us[2];
} callers[CALLERS] = {
	{ .name = "core", .run = run_core },
	{ .name = "relayed", .run = run_relayed },
	{ .name = "kernel", .run = run_kernel },
};

/* In a child: a far end, and the caller before it. */
static void caller_main(const struct caller *c)
{
	struct peer_config config = {
		.addr = far_addr.sin_addr.s_addr,
		.gateway = far_addr.sin_addr.s_addr,
		.port = ntohs(far_addr.sin_port),
		.prefixlen = 24,
		.mac = { 0x02, 0, 0, 0, 0, 0x02 },
		.mtu = 1500,
	};
	struct peer_problem problem = { "", "", "" };
	struct peer_report report;
	char ifname[16];
	struct peer *peer;
	int tap;

	peer = peer_start(&config, ifname, &tap, &problem);
	if (!peer)
		die(problem.what, problem.why);
	answer(0); /* it stands */
	c->run(tap, ifname);
	peer_finish(peer, &report);
	exit(0);
}

static void start(struct caller *c)
{
	double ready;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		die("socketpair", strerror(errno));
	c->pid = fork();
	if (c->pid == 0) {
		close(ends[0]);
		control = ends[1];
		caller_main(c);
	}
	close(ends[1]);
	c->control = ends[0];
	if (c->pid < 0 || read(c->control, &ready, sizeof(ready)) != sizeof(ready))
		exit(2); /* it has said why */
}

static double measure(const struct caller *c, enum command command)
{
	double us;

	if (write(c->control, &command, sizeof(command)) != sizeof(command) ||
	    read(c->control, &us, sizeof(us)) != sizeof(us))
		die(c->name, "it died");
	return us;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Ends the caller's world.  Its status, as waitpid() gives it. */
static int stop(const struct caller *c)
{
	int status;

	shutdown(c->control, SHUT_WR); /* other callers have it open, too */
	waitpid(c->pid, &status, 0);
	close(c->control);
	return status;
}

/* In each of them who has begun is the next one after who began in the one before. */
static int measure_first(void)
{
	int status = 0;

	for (int world = 0; world < WORLDS; world++) {
		for (int k = 0; k < CALLERS; k++)
			start(&callers[k]);
		for (int k = 0; k < CALLERS; k++) {
			struct caller *c = &callers[(world + k) % CALLERS];

			c->first[world] = measure(c, COLD);
		}
		for (int k = 0; k < CALLERS; k++)
			status |= stop(&callers[k]);
	}
	return status;
}

static int measure_turns(int count)
{
	int status = 0;

	for (int k = 0; k < CALLERS; k++) {
		start(&callers[k]);
		callers[k].us[COLD] = calloc((size_t)count, sizeof(double));
		callers[k].us[WARM] = calloc((size_t)count, sizeof(double));
		measure(&callers[k], COLD);
	}
	for (int i = 0; i < count; i++) {
		for (int k = 0; k < CALLERS; k++)
			callers[k].us[COLD][i] = measure(&callers[k], COLD);
		for (int k = 0; k < CALLERS; k++)
			callers[k].us[WARM][i] = measure(&callers[k], WARM);
	}
	for (int k = 0; k < CALLERS; k++)
		status |= stop(&callers[k]);
	return status;
}

static void print_times(double *us, int count)
{
	qsort(us, (size_t)count, sizeof(*us), ascending);
	printf(" %.0f %.0f", us[count / 2], us[0]);
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0, status;

	if (count <= 0)
		die("usage", "latency COUNT");
	far_addr.sin_family = AF_INET;
	far_addr.sin_addr.s_addr = inet_addr("10.9.0.2");
	far_addr.sin_port = htons(80);
	status = measure_first();
	status |= measure_turns(count);
	for (struct caller *c = callers; c < callers + CALLERS; c++) {
		printf("%s", c->name);
		print_times(c->us[COLD], count);
		print_times(c->us[WARM], count);
		print_times(c->first, WORLDS);
		putchar('\n');
		free(c->us[COLD]);
		free(c->us[WARM]);
	}
	return status ? 2 : 0;
}
