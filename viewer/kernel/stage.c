/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * stage_open() forks the program that connects, which enters the namespaces, makes the TAP and forks
 * the far end: that one holds the TAP's descriptor, reads what the kernel sends, and writes what
 * farend_frame() answers when its time has come. Both wait for the other side of the control socket to
 * close, and die with their parents.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "viewer/farend.h"
#include "viewer/kernel/stage.h"
#include "viewer/netns.h"
#include "viewer/pcap.h"
#include "viewer/target.h"

#define TAP_NAME "tap0"

/* The far end answers one frame with one; what it could not write yet waits here. */
enum { WAITING = 16, LONGEST = 2048 };

/* The first message of the program that connects. */
struct hello {
	int ok;
	pid_t far;
	struct peer_problem problem;
};

/* One frame on its way back. */
struct answer {
	uint64_t due_ns;
	size_t len;
	uint8_t frame[LONGEST];
};

/* The far end's world. inject() has no context of its own, and there is one far end a process. */
static struct answer waiting[WAITING];
static unsigned int first, count;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* ---------------------------------------------------------------- the far end */

static int inject(const char *ifname, const void *frame, size_t len, uint64_t delay_ns)
{
	struct answer *answer = &waiting[(first + count) % WAITING];

	if (count == WAITING || len > LONGEST)
		return -ENOBUFS;
	answer->due_ns = now_ns() + delay_ns;
	answer->len = len;
	memcpy(answer->frame, frame, len);
	count++;
	return 0;
}

/* Writes the answers whose time has come. Return: milliseconds until the next, -1: there is none. */
static int answer(int tap, FILE *capture)
{
	while (count) {
		struct answer *next = &waiting[first];
		uint64_t now = now_ns();

		if (next->due_ns > now)
			return (int)((next->due_ns - now) / 1000000 + 1);
		pcap_frame(capture, CLOCK_MONOTONIC, next->frame, next->len);
		if (write(tap, next->frame, next->len) < 0)
			_exit(1);
		first = (first + 1) % WAITING;
		count--;
	}
	return -1;
}

static void far_main(int tap, FILE *capture, const struct stage_config *config)
{
	static uint8_t frame[PCAP_LONGEST];
	struct farend_config wire = {
		.addr = config->target->addr,
		.gateway = inet_addr(FAR_ADDR),
		.port = config->target->port,
		.seed = 1,
		.delay_ns = config->delay_ns,
		.now_ns = now_ns,
		.inject = inject,
		.ifname = TAP_NAME,
	};
	struct farend far;
	ssize_t n;

	memcpy(wire.mac, far_mac, sizeof(far_mac));
	farend_init(&far, &wire);
	for (;;) {
		struct pollfd fd = { .fd = tap, .events = POLLIN };

		if (poll(&fd, 1, answer(tap, capture)) < 0 && errno != EINTR)
			_exit(1);
		while ((n = read(tap, frame, sizeof(frame))) > 0) {
			pcap_frame(capture, CLOCK_MONOTONIC, frame, (size_t)n);
			farend_frame(&far, frame, (size_t)n);
		}
	}
}

/* ---------------------------------------------------------------- the program that connects */

/* The namespace, its device and the far end. Return: 0, or -1 with @hello's problem. */
static int build(const struct stage_config *config, FILE *capture, struct hello *hello)
{
	int tap;

	if (netns_enter(&hello->problem) < 0)
		return -1;
	/* Only now: entering a user namespace clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tap = netns_open_tap(TAP_NAME, &hello->problem);
	if (tap < 0 ||
	    netns_configure(TAP_NAME, near_mac, LINK_MTU, inet_addr(NEAR_ADDR), PREFIXLEN, 0,
			    &hello->problem) < 0 ||
	    netns_route_default(inet_addr(FAR_ADDR), &hello->problem) < 0 ||
	    netns_loopback(&hello->problem) < 0)
		return -1;
	hello->far = fork();
	if (hello->far < 0)
		return problem_set(&hello->problem, "fork", errno, "");
	if (hello->far == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "farend");
		far_main(tap, capture, config);
	}
	close(tap);
	return 0;
}

/*
 * The first connect after a boot draws the keys of its hashes, and a table of random numbers: thousands
 * of calls that no other has. This one, to where nobody listens, has drawn them then.
 */
static void warm_up(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
				   .sin_port = htons(9),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	/* Whatever comes of it is fine. */
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0)
		shutdown(fd, SHUT_RDWR);
	close(fd);
}

static void attempt(int fd, const struct target *target, struct stage_result *result)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);

	sin.sin_addr.s_addr = target->addr;
	sin.sin_port = htons(target->port);
	result->began_ns = now_ns();
	result->result = connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 ? -errno : 0;
	result->ended_ns = now_ns();
	if (result->result == 0 && getsockname(fd, (struct sockaddr *)&sin, &len) == 0) {
		result->local_addr = sin.sin_addr.s_addr;
		result->local_port = ntohs(sin.sin_port);
	}
}

static void task_main(int control, FILE *capture, const struct stage_config *config)
{
	struct stage_result result = { 0 };
	struct hello hello = { 0 };
	char go;
	int fd;

	hello.ok = build(config, capture, &hello) == 0;
	prctl(PR_SET_NAME, "connect");
	if (hello.ok)
		warm_up();
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (hello.ok && fd < 0) {
		problem_set(&hello.problem, "socket", errno, "");
		hello.ok = 0;
	}
	if (send(control, &hello, sizeof(hello), MSG_NOSIGNAL) < 0 || !hello.ok)
		_exit(1);
	if (recv(control, &go, 1, 0) == 1) {
		attempt(fd, config->target, &result);
		send(control, &result, sizeof(result), MSG_NOSIGNAL);
		while (recv(control, &go, 1, 0) > 0)
			;
	}
	/* The far end goes with us, and with both the namespace. */
	kill(hello.far, SIGKILL);
	waitpid(hello.far, NULL, 0);
	_exit(0);
}

/* ---------------------------------------------------------------- the caller's side */

/* In the child: the descriptors that it needs, and no other, so that nobody waits for their end. */
static int keep_only(int control, FILE **capture, const char *path)
{
	if (dup2(control, 3) < 0)
		return -1;
	close_range(4, ~0u, 0);
	*capture = fopen(path, "we");
	return *capture ? 0 : -1;
}

int stage_open(struct stage *stage, const struct stage_config *config, struct peer_problem *problem)
{
	/* What holds if the child dies before it can say anything. */
	struct hello hello = { .problem = { "stage", "its process died", "" } };
	int ends[2];

	*stage = (struct stage){ .control = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return problem_set(problem, "socketpair", errno, "");
	fflush(NULL);
	stage->task = fork();
	if (stage->task == 0) {
		FILE *capture;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (keep_only(ends[1], &capture, config->capture) < 0) {
			problem_set(&hello.problem, config->capture, errno, "");
			send(3, &hello, sizeof(hello), MSG_NOSIGNAL);
			_exit(1);
		}
		pcap_begin(capture);
		task_main(3, capture, config);
	}
	close(ends[1]);
	stage->control = ends[0];
	if (stage->task < 0)
		problem_set(&hello.problem, "fork", errno, "");
	else if (recv(stage->control, &hello, sizeof(hello), 0) == sizeof(hello) && hello.ok)
		stage->far = hello.far;
	if (hello.ok)
		return 0;
	*problem = hello.problem;
	stage_close(stage);
	return -1;
}

int stage_connect(struct stage *stage, struct stage_result *result)
{
	ssize_t n;

	if (send(stage->control, "c", 1, MSG_NOSIGNAL) < 0)
		return -errno;
	n = recv(stage->control, result, sizeof(*result), 0);
	if (n < 0)
		return -errno;
	return n == sizeof(*result) ? 0 : -ECHILD;
}

void stage_close(struct stage *stage)
{
	if (stage->control < 0)
		return;
	close(stage->control);
	stage->control = -1;
	if (stage->task > 0)
		waitpid(stage->task, NULL, 0);
}
