/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The times and contents of every SYN that a v4.9 kernel sent to a silent peer, held against ours:
 * how many, how far apart, flags, options, payload, window, length, DF, identifications that count up
 * and time stamps that go with the clock. Then how connect(2) ended and what TCP_INFO counted.
 *
 * v4.9's timers fire late by up to one granule of their wheel, a sixteenth of the time, and its
 * clock was that of a slow machine; ours are exact. A repeat is therefore held to fall at most a
 * tenth before the recorded one and never after.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/bytes.h"
#include "tests/lib/peer.h"
#include "tests/lib/rows.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/string.h>
#include <net/tcp.h>
#include <net/tcp_info.h>

static struct peer *net;
static long result;
static uint64_t took;
static unsigned int retrans, backoff;

struct scenario {
	const char *name;
	uint32_t be;
	int count; /* TCP_SYNCNT */
	const char *sysctl, *value;
	const char *sysctl2, *value2;
	int rtt_ms, rto_min_ms;
	int fastopen; /* sendto(MSG_FASTOPEN) of 10 bytes with this tcp_fastopen; 0: connect(2) */
	int again;    /* 1: a second time, and that is compared */
};

static const struct scenario scenarios[] = {
	{ .name = "syn_retries_3", .sysctl = "net.ipv4.tcp_syn_retries", .value = "3" },
	{ .name = "syn_retries_3_ecn",
	  .sysctl = "net.ipv4.tcp_syn_retries",
	  .value = "3",
	  .sysctl2 = "net.ipv4.tcp_ecn",
	  .value2 = "1" },
	{ .name = "TCP_SYNCNT_2", .count = 2 },
	{ .name = "tfo_nocookie_mode_syncnt2", .count = 2, .fastopen = 7 },
	{ .name = "tfo_cookie_request_syncnt2_again", .count = 2, .fastopen = 1, .again = 1 },
	{ .name = "noarp_default", .be = PEER_NOARP },
	{ .name = "route_rtt_rto_min", .count = 2, .rtt_ms = 300, .rto_min_ms = 2000 },
	{ .name = "syn_retries_6_default" },
};

static void connects(void *arg)
{
	const struct scenario *s = arg;
	struct sockaddr_in *a = core_user_alloc(sizeof(*a));
	struct tcp_info *info;
	int *n = core_user_alloc(sizeof(*n));
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

	a->sin_family = AF_INET;
	a->sin_port = htons(5000);
	a->sin_addr.s_addr = s->be ? s->be : PEER_SILENT;
	if (s->count) {
		*n = s->count;
		sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)n, sizeof(*n));
	}
	took = *core_clock();
	if (s->fastopen)
		result = sys_sendto((int)fd, core_user_alloc(10), 10, MSG_FASTOPEN,
				    (struct sockaddr *)a, sizeof(*a));
	else
		result = sys_connect((int)fd, (struct sockaddr *)a, sizeof(*a));
	took = *core_clock() - took;
	info = core_user_alloc(sizeof(*info));
	*n = sizeof(*info);
	assert_int_equal(sys_getsockopt((int)fd, SOL_TCP, TCP_INFO, (char *)info, n), 0);
	retrans = info->tcpi_total_retrans;
	backoff = info->tcpi_backoff;
}

static void set_up(const struct scenario *s)
{
	struct core_route r = { .be_dst = PEER_SILENT, .prefixlen = 32, .ifname = "cv" };

	if (s->sysctl)
		assert_int_equal(core_sysctl(s->sysctl, s->value), 0);
	if (s->sysctl2)
		assert_int_equal(core_sysctl(s->sysctl2, s->value2), 0);
	if (s->fastopen)
		assert_int_equal(core_sysctl("net.ipv4.tcp_fastopen", s->fastopen == 7 ? "7" : "1"),
				 0);
	r.rtt_ms = (uint32_t)s->rtt_ms;
	r.rto_min_ms = (uint32_t)s->rto_min_ms;
	if (r.rtt_ms)
		assert_int_equal(core_route_add_full(&r), 0);
}

static int bad;

static void check(int good, const struct scenario *s, size_t i, const char *what, double theirs,
		  double ours)
{
	if (good)
		return;
	bad = 1;
	printf("# %s: SYN %zu: %s: recorded %g, ours %g\n", s->name, i, what, theirs, ours);
}

/* At most a tenth early, never late, both in seconds from the first. */
static int in_time(double theirs, double ours)
{
	return ours <= theirs + 0.001 && ours >= theirs * 0.9 - 0.01;
}

/* The options of header @tcp in the recording's words, without the stamp's own value. */
static void options_text(const uint8_t *tcp, char *out, size_t len)
{
	const uint8_t *o = tcp + 20, *end = tcp + (tcp[12] >> 4) * 4;
	size_t at = 0;

	out[0] = '\0';
	for (; o < end && at < len; o += *o == 1 ? 1 : o[1]) {
		if (at)
			out[at++] = ',';
		if (*o == 1)
			at += (size_t)snprintf(out + at, len - at, "NOP");
		else if (*o == 2)
			at += (size_t)snprintf(out + at, len - at, "MSS=%u", get16(o + 2));
		else if (*o == 3)
			at += (size_t)snprintf(out + at, len - at, "WS=%u", o[2]);
		else if (*o == 4)
			at += (size_t)snprintf(out + at, len - at, "SACK_PERM");
		else if (*o == 8)
			at += (size_t)snprintf(out + at, len - at, "TS val= ecr=%u", get32(o + 6));
		else
			at += (size_t)snprintf(out + at, len - at, "kind %u", *o);
		if (*o != 1 && !o[1])
			break;
	}
}

/* The same of what is recorded. */
static void recorded_options(const char *theirs, char *out, size_t len)
{
	static const char mark[] = "TS val=";
	size_t at = 0;

	while (*theirs && at + 1 < len) {
		out[at++] = *theirs++;
		if (at >= sizeof(mark) - 1 && !memcmp(out + at - 7, mark, sizeof(mark) - 1))
			while (*theirs >= '0' && *theirs <= '9')
				theirs++;
	}
	out[at] = '\0';
}

static void compare_options(const struct scenario *s, size_t row, size_t i)
{
	const uint8_t *tcp = net->syns[i].bytes + 20, *first = net->syns[0].bytes + 20;
	char ours[160], theirs[160];

	options_text(tcp, ours, sizeof(ours));
	recorded_options(row_list_text(row, "syns", i, "options"), theirs, sizeof(theirs));
	if (strcmp(ours, theirs)) {
		bad = 1;
		printf("# %s: SYN %zu: options: recorded %s, ours %s\n", s->name, i, theirs, ours);
	}
	/* a repeat has the stamp of its own time: the third option, behind MSS and SACK_PERM */
	if (tcp[26] == 8)
		check(get32(tcp + 28) - get32(first + 28) ==
			      (net->syns[i].at_ns - net->syns[0].at_ns) / 1000000,
		      s, i, "time stamp goes with the clock", 0, get32(tcp + 28));
}

static void compare_syn(const struct scenario *s, size_t row, size_t i)
{
	const struct peer_syn *syn = &net->syns[i];
	const uint8_t *ip = syn->bytes, *tcp = ip + 20;
	const char *flags = row_list_text(row, "syns", i, "flags");
	size_t hdr = (size_t)(tcp[12] >> 4) * 4, k;
	double t = (double)(syn->at_ns - net->syns[0].at_ns) / 1e9;
	int want = 0;

	for (k = 0; flags[k]; k++)
		want |= flags[k] == 'S' ? 2 : flags[k] == 'E' ? 0x40 : flags[k] == 'C' ? 0x80 : 0;
	check(in_time(row_list_number(row, "syns", i, "t"), t), s, i, "time",
	      row_list_number(row, "syns", i, "t"), t);
	check(tcp[13] == want, s, i, "flags", want, tcp[13]);
	compare_options(s, row, i);
#define SAME(key, ours)                                                          \
	check(row_list_number(row, "syns", i, key) == (double)(ours), s, i, key, \
	      row_list_number(row, "syns", i, key), (double)(ours))
	SAME("len", syn->len);
	SAME("payload_len", syn->len - 20 - hdr);
	SAME("window", tcp[14] << 8 | tcp[15]);
	SAME("df", ip[6] >> 6 & 1);
	check((uint16_t)(ip[4] << 8 | ip[5]) ==
		      (uint16_t)((net->syns[0].bytes[4] << 8 | net->syns[0].bytes[5]) + (int)i),
	      s, i, "identification counts up", (double)i, ip[4] << 8 | ip[5]);
	check(!memcmp(tcp + 4, net->syns[0].bytes + 24, 4), s, i, "one sequence number", 0, 0);
}

static void compare(const struct scenario *s, size_t row)
{
	size_t n = row_list(row, "syns"), i;

	if (s->be == PEER_NOARP) {
		/* The recorded fourth question is that of the second SYN. */
		for (i = 0; i < n && i < net->narps; i++) {
			double theirs = row_list_number(row, "syns", i, "t");
			double ours = (double)(net->arp_at_ns[i] - net->arp_at_ns[0]) / 1e9;

			check(in_time(theirs, ours), s, i, "time of ARP", theirs, ours);
		}
		check(n == net->narps, s, n, "count of ARP", (double)n, (double)net->narps);
		return;
	}
	check(n == net->nsyns, s, n, "count", (double)n, (double)net->nsyns);
	for (i = 0; i < n && i < net->nsyns; i++)
		compare_syn(s, row, i);
}

int main(void)
{
	size_t i, n = rows_read("tests/data/oracle/retransmit.jsonl"), good = 0, tried = 0, row;

	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		const struct scenario *s = &scenarios[i];

		for (row = 0; row < n && strcmp(row_text(row, "scenario"), s->name); row++)
			;
		if (row == n) {
			printf("not ok %zu - %s: not recorded\n", i + 1, s->name);
			continue;
		}
		bad = 0;
		tried++;
		net = peer_boot(i + 1);
		set_up(s);
		peer_run(connects, (void *)s);
		if (s->again) {
			net->nsyns = 0;
			peer_run(connects, (void *)s);
		}
		compare(s, row);
		peer_end();
		check(result == (s->be ? -EHOSTUNREACH : -ETIMEDOUT), s, 0, "return", 0,
		      (double)result);
		check(row_number(row, "tcp_info_retrans") == retrans, s, 0, "retransmissions",
		      row_number(row, "tcp_info_retrans"), retrans);
		check(row_number(row, "backoff") == backoff, s, 0, "backoff",
		      row_number(row, "backoff"), backoff);
		good += !bad;
		printf("%sok %zu - %s: %zu SYNs, %.3f s\n", bad ? "not " : "", i + 1, s->name,
		       net->nsyns, (double)took / 1e9);
	}
	printf("1..%zu\n# score retransmit %zu of %zu, 0 excused\n", i, good, n);
	rows_free();
	return good != n || tried != i || !n;
}
