/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * peer_start() forks. The child enters fresh namespaces, opens the TAP device there, gives the
 * host kernel's side its address, listens, and starts to capture; then it sends one message up
 * the control socket: the core's end of the TAP (as a descriptor), or the reason why not.
 *
 * From then on the child waits in one poll() for three things: frames that pass the device (to
 * the capture file), a connection (whose address is what accept() says, the fact the whole
 * exercise is about), and the control socket. The handshake itself is the host kernel's work;
 * the child is not in its way. When the caller shuts the control socket down, the child waits
 * for the connection's end, looks for sockets that were left over and sends its report. Should
 * the caller die, the kernel kills the child with it.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "viewer/netns.h"
#include "viewer/pcap.h"
#include "viewer/peer.h"

#define TAP_NAME "tap0"

/* How long the end of a connection may take to cross the device, milliseconds. */
#define END_TIMEOUT_MS 2000

struct peer {
	pid_t child;
	int control;
};

/* The first message of the child. Success carries the TAP's descriptor beside it. */
struct hello {
	int ok;
	struct peer_problem problem;
};

/* The child's world. Descriptors are -1 when closed. */
struct far {
	int control;
	int listener;
	int conn;
	int sniffer;
	FILE *capture;
	struct peer_report report;
};

/* ---------------------------------------------------------------- the capture */

static int sniffer_open(void)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));

	if (fd < 0)
		return -1;
	ll.sll_ifindex = (int)if_nametoindex(TAP_NAME);
	if (bind(fd, (struct sockaddr *)&ll, sizeof(ll)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void sniffer_read(struct far *far)
{
	static uint8_t frame[65536];
	struct sockaddr_ll from;
	socklen_t len = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(far->sniffer, frame, sizeof(frame), 0, (struct sockaddr *)&from,
			     &len)) >= 0) {
		if (from.sll_pkttype == PACKET_OUTGOING)
			far->report.frames_out++;
		else
			far->report.frames_in++;
		if (far->capture)
			pcap_frame(far->capture, CLOCK_REALTIME, frame, (size_t)n);
		len = sizeof(from);
	}
}

/* ---------------------------------------------------------------- the listener */

static int listener_open(uint32_t addr, uint16_t port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = addr,
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 16) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static void listener_accept(struct far *far)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int fd = accept4(far->listener, (struct sockaddr *)&from, &len,
			 SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	far->report.accepted++;
	far->report.addr = from.sin_addr.s_addr;
	far->report.port = ntohs(from.sin_port);
	if (far->conn >= 0)
		close(far->conn);
	far->conn = fd;
}

static void conn_read(struct far *far)
{
	char waste[4096];
	ssize_t n;

	do
		n = read(far->conn, waste, sizeof(waste));
	while (n > 0);
	if (n < 0 && errno == EAGAIN)
		return;
	far->report.saw_end = n == 0 ? 1 : 2;
	/* Closing answers the FIN with our own, which ends the connection on both sides. */
	close(far->conn);
	far->conn = -1;
}

/*
 * Counts the sockets of this namespace that are neither listeners nor in TIME_WAIT (which is how
 * a clean end looks for the side that closed first).
 */
static void count_lingering(struct peer_report *report)
{
	static const char *const states[] = {
		"?",         "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",
		"TIME_WAIT", "CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",
	};
	char line[256];
	unsigned int state;
	FILE *f = fopen("/proc/self/net/tcp", "re");

	report->lingering = 0;
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, " %*d: %*s %*s %x", &state) != 1 || state >= 12)
			continue;
		if (!strcmp(states[state], "LISTEN") || !strcmp(states[state], "TIME_WAIT"))
			continue;
		report->lingering++;
		snprintf(report->state, sizeof(report->state), "%s", states[state]);
	}
	fclose(f);
}

/* ---------------------------------------------------------------- the child */

/* Sends the first message, with a descriptor beside it if @fd is not -1. */
static void hello_send(int control, const struct hello *hello, int fd)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} aux = { 0 };
	struct iovec iov = { (void *)hello, sizeof(*hello) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *cmsg;

		msg.msg_control = aux.room;
		msg.msg_controllen = sizeof(aux.room);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	}
	if (sendmsg(control, &msg, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void fail(int control, const char *what, const char *hint)
{
	struct hello hello = { 0 };

	snprintf(hello.problem.what, sizeof(hello.problem.what), "%s", what);
	snprintf(hello.problem.why, sizeof(hello.problem.why), "%s", strerror(errno));
	snprintf(hello.problem.hint, sizeof(hello.problem.hint), "%s", hint);
	hello_send(control, &hello, -1);
	_exit(1);
}

/* Return: the TAP's descriptor, with everything of the far end in place; or does not return. */
static int far_set_up(struct far *far, const struct peer_config *config)
{
	struct hello hello = { 0 };
	uint32_t alias = config->addr == config->gateway ? 0 : config->addr;
	int tap;

	if (netns_enter(&hello.problem) < 0)
		goto told;
	/* Only now: entering a user namespace clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tap = netns_open_tap(TAP_NAME, &hello.problem);
	if (tap < 0)
		goto told;
	if (netns_configure(TAP_NAME, config->mac, config->mtu, config->gateway, config->prefixlen,
			    alias, &hello.problem) < 0)
		goto told;
	far->listener = listener_open(config->addr, config->port);
	if (far->listener < 0)
		fail(far->control, "listener", "the far end could not listen there");
	far->sniffer = sniffer_open();
	if (far->sniffer < 0)
		fail(far->control, "capture", "AF_PACKET sockets are needed in the namespace");
	return tap;

told:
	hello_send(far->control, &hello, -1);
	_exit(1);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Whether everything that was begun has come to its end. */
static int far_settled(struct far *far)
{
	if (far->conn >= 0)
		return 0;
	count_lingering(&far->report);
	return far->report.lingering == 0;
}

static void far_run(struct far *far)
{
	long deadline = 0;

	for (;;) {
		struct pollfd fds[4] = {
			{ .fd = far->sniffer, .events = POLLIN },
			{ .fd = far->listener, .events = POLLIN },
			{ .fd = far->conn, .events = POLLIN },
			{ .fd = deadline ? -1 : far->control, .events = POLLIN },
		};

		if (poll(fds, 4, deadline ? 10 : -1) < 0 && errno != EINTR)
			return;
		sniffer_read(far);
		if (fds[1].revents)
			listener_accept(far);
		if (far->conn >= 0)
			conn_read(far);
		if (fds[3].revents)
			deadline = now_ms() + END_TIMEOUT_MS;
		if (deadline && (far_settled(far) || now_ms() >= deadline))
			return;
	}
}

static void far_main(int control, FILE *capture, const struct peer_config *config)
{
	struct far far = { .control = control, .conn = -1, .capture = capture };
	struct hello hello = { .ok = 1 };
	int tap = far_set_up(&far, config);

	if (capture)
		pcap_begin(capture);
	hello_send(control, &hello, tap);
	/* The core's copy is now the only one: the device goes when the core lets it go. */
	close(tap);
	far_run(&far);
	sniffer_read(&far);
	if (send(control, &far.report, sizeof(far.report), MSG_NOSIGNAL) < 0)
		_exit(1);
	_exit(0);
}

/* ---------------------------------------------------------------- the caller's side */

/* Return: 1 with @hello and, on success, *@fd; 0 when the child died without a word. */
static int hello_receive(int control, struct hello *hello, int *fd)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} aux;
	struct iovec iov = { hello, sizeof(*hello) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = aux.room,
		.msg_controllen = sizeof(aux.room),
	};
	struct cmsghdr *cmsg;
	ssize_t n;

	do
		n = recvmsg(control, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*hello))
		return 0;
	*fd = -1;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(cmsg), sizeof(int));
	return 1;
}

static struct peer *start_failed(struct peer *peer, struct peer_problem *problem, const char *what,
				 int error)
{
	snprintf(problem->what, sizeof(problem->what), "%s", what);
	snprintf(problem->why, sizeof(problem->why), "%s", strerror(error));
	problem->hint[0] = '\0';
	free(peer);
	return NULL;
}

struct peer *peer_start(const struct peer_config *config, char *ifname, int *tap_fd,
			struct peer_problem *problem)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	/* What holds if the child dies before it can say anything. */
	struct hello hello = { .problem = { "far end", "its process died", "" } };
	FILE *capture = NULL;
	int ends[2];

	if (!peer)
		return start_failed(NULL, problem, "far end", ENOMEM);
	/* Opened here, with the caller's rights: in its namespace the child has fewer. */
	if (config->capture) {
		capture = fopen(config->capture, "we");
		if (!capture)
			return start_failed(peer, problem, config->capture, errno);
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		int error = errno;

		if (capture)
			fclose(capture);
		return start_failed(peer, problem, "socketpair", error);
	}
	fflush(NULL);
	peer->child = fork();
	if (peer->child == 0) {
		close(ends[0]);
		far_main(ends[1], capture, config);
	}
	if (capture)
		fclose(capture);
	close(ends[1]);
	peer->control = ends[0];
	if (peer->child > 0 && hello_receive(peer->control, &hello, tap_fd) && hello.ok) {
		snprintf(ifname, IFNAMSIZ, "%s", TAP_NAME);
		return peer;
	}
	if (config->capture)
		unlink(config->capture);
	close(peer->control);
	if (peer->child < 0)
		return start_failed(peer, problem, "fork", errno);
	waitpid(peer->child, NULL, 0);
	*problem = hello.problem;
	free(peer);
	return NULL;
}

int peer_finish(struct peer *peer, struct peer_report *report)
{
	ssize_t n;
	int status = 0;

	memset(report, 0, sizeof(*report));
	shutdown(peer->control, SHUT_WR);
	do
		n = recv(peer->control, report, sizeof(*report), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*report)) {
		memset(report, 0, sizeof(*report));
		status = -ECHILD;
	}
	close(peer->control);
	waitpid(peer->child, NULL, 0);
	free(peer);
	return status;
}
