/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Handshake latency over TAP: how long connect() takes against the host's kernel.
 *
 *     latency core COUNT     our core (plain build) at the core's end of the TAP
 *     latency kernel COUNT   the host's own kernel, in a namespace with a TAP of its own; a thread
 *                            carries the frames between the two devices
 *
 * Prints the median and the smallest, in microseconds. The kernel's way is one hop longer (the
 * relay), ours has the core's poll loop in it: both are one process away from the far kernel.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"
#include "viewer/netns.h"
#include "viewer/peer.h"

static const uint8_t near_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };

static int count = 200;
static double *samples;
static long failure;

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_samples(void)
{
	qsort(samples, (size_t)count, sizeof(*samples), ascending);
	printf("%.0f %.0f\n", samples[count / 2], samples[0]);
	fflush(stdout);
}

static void die(const char *what, const char *why)
{
	fprintf(stderr, "latency: %s: %s\n", what, why);
	exit(2);
}

/* ---------------------------------------------------------------- our core */

static void core_loop(void *arg)
{
	struct sockaddr_in *sin = core_user_alloc(sizeof(*sin));
	int i;

	(void)arg;
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = inet_addr("10.9.0.2");
	sin->sin_port = htons(80);
	/* One more, first, for the neighbour entry. */
	for (i = -1; i < count && failure >= 0; i++) {
		long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
		double began = now_us();

		failure = sys_connect((int)fd, (struct sockaddr *)sin, sizeof(*sin));
		if (i >= 0)
			samples[i] = now_us() - began;
		sys_close((unsigned int)fd);
		sys_nanosleep(1000000);
	}
}

static void measure_core(int tap, const char *ifname)
{
	struct core_config boot = { .seed = 1, .wall_clock = 1 };
	int e = core_boot(&boot);

	if (!e)
		e = core_add_tap(ifname, tap, near_mac, 1500);
	if (!e)
		e = core_addr_add(ifname, inet_addr("10.9.0.1"), 24);
	if (!e)
		e = core_task("bench", core_loop, NULL);
	if (e >= 0)
		e = core_run();
	core_shutdown();
	if (e < 0 || failure < 0)
		die("core", strerror((int)-(e < 0 ? e : failure)));
}

/* ---------------------------------------------------------------- the host's kernel */

static void *relay(void *arg)
{
	struct pollfd *fds = arg;
	static uint8_t frame[65536];
	int i;

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		for (i = 0; i < 2; i++) {
			ssize_t n;

			while ((n = read(fds[i].fd, frame, sizeof(frame))) > 0)
				if (write(fds[1 - i].fd, frame, (size_t)n) < 0)
					continue;
		}
	}
	return NULL;
}

/* In a child: a namespace with a TAP of its own, joined to the far end's @tap. */
static void measure_kernel(int tap)
{
	static struct pollfd fds[2];
	struct peer_problem problem;
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = inet_addr("10.9.0.2"),
		.sin_port = htons(80),
	};
	pthread_t thread;
	int i, own;

	if (netns_enter(&problem) < 0)
		die(problem.what, problem.why);
	own = netns_open_tap("tap1", &problem);
	if (own < 0 ||
	    netns_configure("tap1", near_mac, 1500, inet_addr("10.9.0.1"), 24, 0, &problem) < 0)
		die(problem.what, problem.why);
	fds[0] = (struct pollfd){ .fd = own, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = tap, .events = POLLIN };
	if (pthread_create(&thread, NULL, relay, fds))
		die("relay", "no thread");
	for (i = -1; i < count; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		double began = now_us();

		if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0)
			die("connect", strerror(errno));
		if (i >= 0)
			samples[i] = now_us() - began;
		close(fd);
		usleep(1000);
	}
	print_samples();
	_exit(0);
}

int main(int argc, char **argv)
{
	struct peer_config config = {
		.addr = inet_addr("10.9.0.2"),
		.gateway = inet_addr("10.9.0.2"),
		.port = 80,
		.prefixlen = 24,
		.mac = { 0x02, 0, 0, 0, 0, 0x02 },
		.mtu = 1500,
	};
	struct peer_problem problem = { "", "", "" };
	struct peer_report report;
	struct peer *peer;
	char ifname[16];
	int tap, status = 0;

	if (argc != 3 || atoi(argv[2]) <= 0)
		die("usage", "latency core|kernel COUNT");
	count = atoi(argv[2]);
	samples = calloc((size_t)count, sizeof(*samples));
	peer = peer_start(&config, ifname, &tap, &problem);
	if (!peer || !samples)
		die(problem.what, problem.why);
	if (!strcmp(argv[1], "core")) {
		measure_core(tap, ifname);
		print_samples();
	} else {
		pid_t child = fork();

		if (child == 0)
			measure_kernel(tap);
		waitpid(child, &status, 0);
	}
	peer_finish(peer, &report);
	free(samples);
	return status ? 2 : 0;
}
