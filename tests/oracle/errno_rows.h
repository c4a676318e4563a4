/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_ERRNO_ROWS_H
#define SYNWALK_TESTS_ERRNO_ROWS_H

/* Of test_errno.c: the recorded rows, what a socket shows of itself, and holding one against the other. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/peer.h"
#include "tests/lib/rows.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <linux/time.h>
#include <net/tcp.h>

#define MS 1000000ull

struct row {
	size_t at; /* in the table */
	int used, good;
};

static struct row rows[256];
static size_t nrows;
static const char *scenario;
static struct peer *net;

static const char *const states[] = { "",           "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
				      "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSE",
				      "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING" };

static const struct {
	int number;
	const char *name;
} errors[] = {
	{ 0, "0" },
	{ EBADF, "EBADF" },
	{ EFAULT, "EFAULT" },
	{ EINVAL, "EINVAL" },
	{ EACCES, "EACCES" },
	{ EAGAIN, "EAGAIN" },
	{ EINTR, "EINTR" },
	{ ENOTSOCK, "ENOTSOCK" },
	{ EOPNOTSUPP, "ENOTSUP" },
	{ EAFNOSUPPORT, "EAFNOSUPPORT" },
	{ EADDRINUSE, "EADDRINUSE" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL" },
	{ ENETUNREACH, "ENETUNREACH" },
	{ ECONNABORTED, "ECONNABORTED" },
	{ ECONNRESET, "ECONNRESET" },
	{ EISCONN, "EISCONN" },
	{ ENOTCONN, "ENOTCONN" },
	{ ETIMEDOUT, "ETIMEDOUT" },
	{ ECONNREFUSED, "ECONNREFUSED" },
	{ EHOSTDOWN, "EHOSTDOWN" },
	{ EHOSTUNREACH, "EHOSTUNREACH" },
	{ EALREADY, "EALREADY" },
	{ EINPROGRESS, "EINPROGRESS" },
};

static const char *error_name(long number)
{
	static char other[32];
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == number)
			return errors[i].name;
	snprintf(other, sizeof(other), "%ld", number);
	return other;
}

/* ---------------------------------------------------------------- the rows */

static const char *text(const struct row *r, const char *key)
{
	return row_text(r->at, key);
}

static struct row *find(const char *step)
{
	size_t i;

	for (i = 0; i < nrows; i++)
		if (!rows[i].used && !strcmp(text(&rows[i], "scenario"), scenario) &&
		    !strcmp(text(&rows[i], "step"), step)) {
			rows[i].used = 1;
			rows[i].good = 1;
			return &rows[i];
		}
	printf("# %s: no recorded step '%s'\n", scenario, step);
	return NULL;
}

static void differs(struct row *r, const char *what, const char *theirs, const char *ours)
{
	r->good = 0;
	printf("# %s: %s: %s: recorded %s, ours %s\n", scenario, text(r, "step"), what, theirs,
	       ours);
}

static void compare_text(struct row *r, const char *key, const char *ours)
{
	const char *theirs = text(r, key);

	if (row_has(r->at, key) && strcmp(theirs, "n/a") && strcmp(theirs, ours))
		differs(r, key, theirs, ours);
}

/* ---------------------------------------------------------------- a socket's view */

static const char *state_of(long fd)
{
	struct socket *sock;
	int err, state;

	sock = sockfd_lookup((int)fd, &err);
	if (!sock)
		return "no socket";
	state = sock->sk->sk_state;
	fput(sock->file);
	return states[state];
}

static long so_error(long fd)
{
	int *val = core_user_alloc(2 * sizeof(*val));

	val[1] = sizeof(*val);
	sys_getsockopt((int)fd, SOL_SOCKET, SO_ERROR, (char *)val, &val[1]);
	return val[0];
}

static long set_int(long fd, int level, int option, int val)
{
	int *user = core_user_alloc(sizeof(*user));

	*user = val;
	return sys_setsockopt((int)fd, level, option, (char *)user, sizeof(*user));
}

static void set_time(long fd, int option, int ms)
{
	struct timeval *tv = core_user_alloc(sizeof(*tv));

	tv->tv_sec = ms / 1000;
	tv->tv_usec = ms % 1000 * 1000;
	sys_setsockopt((int)fd, SOL_SOCKET, option, (char *)tv, sizeof(*tv));
}

static struct sockaddr *address(uint32_t be, uint16_t port)
{
	struct sockaddr_in *a = core_user_alloc(128);

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = be;
	a->sin_port = htons(port);
	return (struct sockaddr *)a;
}

static struct sockaddr *family(int f)
{
	struct sockaddr *a = address(PEER_VETH, 5000);

	a->sa_family = (uint16_t)f;
	return a;
}

/* "10.9.0.1:80", or an error's name. */
static void name(long fd, int peer, char *out, size_t len)
{
	struct sockaddr_in *a = core_user_alloc(sizeof(*a));
	int *alen = core_user_alloc(sizeof(*alen));
	long err;
	uint32_t be;

	*alen = sizeof(*a);
	err = peer ? sys_getpeername((int)fd, (struct sockaddr *)a, alen) :
		     sys_getsockname((int)fd, (struct sockaddr *)a, alen);
	be = a->sin_addr.s_addr;
	if (err)
		snprintf(out, len, "%s", error_name(-err));
	else
		snprintf(out, len, "%u.%u.%u.%u:%u", be & 255, be >> 8 & 255, be >> 16 & 255,
			 be >> 24, ntohs(a->sin_port));
}

/* The decimal number behind the last colon; -1: there is none. */
static long port_of(const char *name)
{
	const char *colon = strchr(name, ':');
	long n = 0;

	if (!colon)
		return -1;
	while (*++colon)
		n = n * 10 + *colon - '0';
	return n;
}

/* A port that the recorded kernel picked itself is only known to be one. */
static int chosen(long port)
{
	return port >= 32768 && port != 40000 && port != 40100 && port != 41000 && port != 42000 &&
	       port != 44000 && port != 44100;
}

static void compare_name(struct row *r, const char *key, long fd, int peer)
{
	char ours[64], theirs[64];

	if (!row_has(r->at, key))
		return;
	name(fd, peer, ours, sizeof(ours));
	snprintf(theirs, sizeof(theirs), "%s", text(r, key));
	if (chosen(port_of(theirs))) {
		*strchr(theirs, ':') = '\0';
		if (strchr(ours, ':'))
			*strchr(ours, ':') = '\0';
	}
	if (strcmp(ours, theirs))
		differs(r, key, theirs, ours);
}

static void compare_port(struct row *r, long fd)
{
	long theirs = (long)row_number(r->at, "sport"), ours;
	char text_of[2][32], n[64];

	if (!row_is_int(r->at, "sport"))
		return;
	name(fd, 0, n, sizeof(n));
	ours = port_of(n);
	if (chosen(theirs) ? ours >= 32768 && ours < 61000 : ours == theirs)
		return;
	snprintf(text_of[0], 32, "%ld", theirs);
	snprintf(text_of[1], 32, "%ld", ours);
	differs(r, "sport", text_of[0], text_of[1]);
}

static void compare_ms(struct row *r, uint64_t ns)
{
	double theirs = row_number(r->at, "ms"), ours = (double)ns / 1e6;
	char text_of[2][32];

	if (theirs < 1000 ? ours < 1000 : ours <= theirs * 1.03 && ours >= theirs * 11 / 12)
		return;
	snprintf(text_of[0], 32, "%.1f ms", theirs);
	snprintf(text_of[1], 32, "%.1f ms", ours);
	differs(r, "time", text_of[0], text_of[1]);
}

/* ---------------------------------------------------------------- the packets */

/* TCP segments that left since the step began, as "DPORT FLAGS". */
static char left[16][24];
static size_t nleft;

static void see(const uint8_t *ip, size_t len)
{
	static const char letters[] = "FSRPAUEC";
	const uint8_t *tcp = ip + (ip[0] & 15) * 4;
	char flags[9] = "";
	size_t i, at = 0;
	uint32_t dst;

	(void)len;
	memcpy(&dst, ip + 16, 4);
	if (dst == PEER_NEAR) /* by lo, and the recorder looked at cv */
		return;
	if (ip[9] != IPPROTO_TCP || nleft == sizeof(left) / sizeof(left[0]))
		return;
	for (i = 0; i < 8; i++)
		if (tcp[13] >> i & 1)
			flags[at++] = letters[i];
	flags[at] = '\0';
	snprintf(left[nleft++], sizeof(left[0]), "%u %s", tcp[2] << 8 | tcp[3], flags);
}

/* Is "out 40000>5000 S" this "5000 S"? A port that the kernel chose is only known to be one. */
static int same_packet(const char *theirs, const char *ours)
{
	const char *port = strchr(theirs, '>') + 1, *p;
	long n = 0;

	for (p = port; *p >= '0' && *p <= '9'; p++)
		n = n * 10 + *p - '0';
	return !strcmp(chosen(n) ? p : port, chosen(n) ? strchr(ours, ' ') : ours);
}

/*
 * ARP is compared where nobody answers it; elsewhere the recorded one is that of an earlier step. A
 * third SYN, with a question of its own, falls together with the end: the recorded kernel's timers
 * were late, and there it came before the end or not.
 */
static void compare_packets(struct row *r)
{
	size_t i, at = 0, narps = 0;
	char text_of[2][24];

	if (!row_has(r->at, "packets"))
		return;
	for (i = 0; i < row_list(r->at, "packets"); i++) {
		const char *theirs = row_list_text(r->at, "packets", i, NULL);

		narps += !strcmp(theirs, "out ARP op=1");
		if (strncmp(theirs, "out ", 4) || !strchr(theirs, '>'))
			continue;
		if (at == nleft || !same_packet(theirs, left[at]))
			differs(r, "packet", theirs, at < nleft ? left[at] : "nothing");
		at += at < nleft;
	}
	if (at < nleft)
		differs(r, "packet", "nothing", left[at]);
	if (net->narps && narps != net->narps && narps != net->narps + 1) {
		snprintf(text_of[0], sizeof(text_of[0]), "%zu", narps);
		snprintf(text_of[1], sizeof(text_of[1]), "%zu", net->narps);
		differs(r, "ARP requests", text_of[0], text_of[1]);
	}
}

/* Compares a call's outcome; @fd -1: there is no socket to look at. */
static void outcome(const char *step, long fd, long ret, uint64_t began)
{
	struct row *r = find(step);
	const char *error = error_name(ret < 0 ? -ret : 0);

	if (!r)
		return;
	if (row_has(r->at, "errno"))
		compare_text(r, "errno", error);
	if (row_is_int(r->at, "ret") && (row_number(r->at, "ret") < 0) != (ret < 0))
		differs(r, "return", text(r, "errno"), error);
	if (row_has(r->at, "ms"))
		compare_ms(r, *core_clock() - began);
	if (fd < 0)
		return;
	compare_packets(r);
	compare_text(r, "state", state_of(fd));
	compare_port(r, fd);
	compare_name(r, "sockname", fd, 0);
	compare_name(r, "peername", fd, 1);
	if (row_has(r->at, "so_error")) {
		compare_text(r, "so_error", error_name(so_error(fd)));
		compare_text(r, "state_after", state_of(fd));
	}
}

static long do_connect(const char *step, long fd, struct sockaddr *a, int len)
{
	uint64_t began = *core_clock();
	long ret;

	nleft = 0;
	net->narps = 0;
	net->seen = see;
	ret = sys_connect((int)fd, a, len);
	outcome(step, fd, ret, began);
	return ret;
}

static long tcp(void)
{
	return sys_socket(AF_INET, SOCK_STREAM, 0);
}

static long tcp_nonblock(void)
{
	return sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static long udp(void)
{
	return sys_socket(AF_INET, SOCK_DGRAM, 0);
}

static void sleep_ms(unsigned int ms)
{
	sys_nanosleep(ms * MS);
}

#endif
