/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The SYN under settings that nobody has recorded: what the rules of v4.9 say, computed by hand. The
 * recorded ones are in tests/oracle/test_syn.c. Each row names what is set, and how the SYN differs
 * from that of the defaults: MSS 1460, SACK, time stamps, scale 7, window 29200, TTL 64, TOS 0, DF.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/bytes.h"
#include "tests/lib/peer.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/tcp.h>

/* MSS, SACK permitted, time stamps, NOP, window scale; '-' is anything. */
#define USUAL(mss, scale) "0204" mss "0402080a--------00000000010303" scale

struct row {
	const char *what;
	const char *sysctl[2][2];
	struct {
		int level, name, val;
		const char *text; /* not NULL: the option's bytes, @val of them */
		long says;        /* what setsockopt(2) returns */
	} opt[2];
	struct core_route route;
	int mtu;
	uint32_t be_far;     /* 0: 10.9.0.2 */
	const char *options; /* NULL: USUAL("05b4", "07") */
	const char *ip_options;
	int window; /* 0: 29200 */
	int flags;  /* 0: SYN */
	int tos;
	int ttl; /* 0: 64 */
	int no_df;
	uint32_t be_source; /* 0: not looked at */
	uint32_t be_dest;   /* of the packet; 0: not looked at */
};

#define SYSCTL(key, value)       .sysctl = { { "net.ipv4." key, value } }
#define SYSCTLS(k, v, k2, v2)    .sysctl = { { "net.ipv4." k, v }, { "net.ipv4." k2, v2 } }
#define ROUTE(...)               .route = { .be_dst = PEER_VETH, .prefixlen = 32, .ifname = "cv", __VA_ARGS__ }
#define OPT(level, name, value)  .opt = { { level, name, value, NULL, 0 } }
#define BAD(level, name, value)  .opt = { { level, name, value, NULL, -EINVAL } }
#define TEXT(level, name, value) .opt = { { level, name, sizeof(value) - 1, value, 0 } }

static const struct row rows[] = {
	/* ---- which options */
	{ .what = "tcp_sack=0",
	  SYSCTL("tcp_sack", "0"),
	  .options = "020405b40101080a--------0000000001030307" },
	{ .what = "no stamps, no scale",
	  SYSCTLS("tcp_timestamps", "0", "tcp_window_scaling", "0"),
	  .options = "020405b401010402" },
	{ .what = "tcp_timestamps=2 is on, too", SYSCTL("tcp_timestamps", "2") },
	{ .what = "tcp_dsack, tcp_fack", SYSCTLS("tcp_dsack", "0", "tcp_fack", "0") },
	/* ---- ECN */
	{ .what = "tcp_ecn=0", SYSCTL("tcp_ecn", "0") },
	{ .what = "tcp_ecn=2: only when asked", SYSCTL("tcp_ecn", "2") },
	{ .what = "the route asks for ECN, whatever the namespace says",
	  SYSCTL("tcp_ecn", "0"),
	  ROUTE(.features_ecn = 1),
	  .flags = 0xc2 },
	{ .what = "DCTCP by default: ECN, and the SYN itself is marked",
	  SYSCTLS("tcp_congestion_control", "dctcp", "tcp_ecn", "0"),
	  .flags = 0xc2,
	  .tos = 2 },
	{ .what = "DCTCP, but the route wants Reno: the mark stays, the question not",
	  SYSCTL("tcp_congestion_control", "dctcp"),
	  ROUTE(.congctl = "reno"),
	  .tos = 2 },
	{ .what = "TOS and ECN share a byte",
	  SYSCTL("tcp_congestion_control", "dctcp"),
	  OPT(SOL_IP, IP_TOS, 0xb9),
	  .flags = 0xc2,
	  .tos = 0xba },
	/* ---- MSS */
	{ .what = "TCP_MAXSEG 88, the least",
	  OPT(SOL_TCP, TCP_MAXSEG, 88),
	  .options = USUAL("0058", "07"),
	  .window = 496 * 88 },
	{ .what = "TCP_MAXSEG 87", BAD(SOL_TCP, TCP_MAXSEG, 87) },
	{ .what = "TCP_MAXSEG 32767, the most", OPT(SOL_TCP, TCP_MAXSEG, 32767) },
	{ .what = "TCP_MAXSEG 32768", BAD(SOL_TCP, TCP_MAXSEG, 32768) },
	{ .what = "TCP_MAXSEG beats a larger advmss",
	  OPT(SOL_TCP, TCP_MAXSEG, 1000),
	  ROUTE(.advmss = 1200),
	  .options = USUAL("03e8", "07"),
	  .window = 20000 },
	{ .what = "a smaller advmss beats TCP_MAXSEG",
	  OPT(SOL_TCP, TCP_MAXSEG, 1300),
	  ROUTE(.advmss = 1200),
	  .options = USUAL("04b0", "07"),
	  .window = 24000 },
	{ .what = "the route's MTU is the path's, not the MSS we offer", ROUTE(.mtu = 1000) },
	{ .what = "the device's MTU is",
	  .mtu = 1280,
	  .options = USUAL("04d8", "07"),
	  .window = 24800 },
	{ .what = "but not below route/min_adv_mss",
	  SYSCTL("route/min_adv_mss", "1000"),
	  .mtu = 576,
	  .options = USUAL("03e8", "07"),
	  .window = 20000 },
	{ .what = "MTU probing looks for what we may send",
	  SYSCTLS("tcp_mtu_probing", "2", "tcp_base_mss", "512") },
	{ .what = "an MTU of 65535",
	  .mtu = 65535,
	  .options = USUAL("ffd7", "07"),
	  .window = 43690 },
	/* ---- window and scale */
	{ .what = "tcp_adv_win_scale=-4: a sixteenth, in whole segments",
	  SYSCTL("tcp_adv_win_scale", "-4"),
	  .window = 4380 },
	{ .what = "tcp_adv_win_scale=0: all", SYSCTL("tcp_adv_win_scale", "0") },
	{ .what = "less room than a segment",
	  SYSCTL("tcp_rmem", "4096 2000 6291456"),
	  .window = 1000 },
	{ .what = "net.core.rmem_max, too, may need a scale; when its unit is larger than a segment, "
		  "the first window is not cut to twenty",
	  .sysctl = { { "net.core.rmem_max", "100000000" } },
	  .options = USUAL("05b4", "0b"),
	  .window = 29 * 1460 },
	{ .what = "signed windows: at most 32767",
	  SYSCTL("tcp_workaround_signed_windows", "1"),
	  OPT(SOL_SOCKET, SO_RCVBUFFORCE, 1073741823),
	  .options = USUAL("05b4", "0e"),
	  .window = 32767 },
	{ .what = "a buffer without scaling: 64 KB and no more",
	  SYSCTL("tcp_window_scaling", "0"),
	  OPT(SOL_SOCKET, SO_RCVBUFFORCE, 1073741823),
	  .options = "020405b40402080a--------00000000" },
	{ .what = "SO_RCVBUF 0: the least there is",
	  OPT(SOL_SOCKET, SO_RCVBUF, 0),
	  .options = USUAL("05b4", "00"),
	  .window = 1152 },
	{ .what = "TCP_WINDOW_CLAMP 0: none", OPT(SOL_TCP, TCP_WINDOW_CLAMP, 0) },
	{ .what = "TCP_WINDOW_CLAMP 65536: one bit of scale",
	  OPT(SOL_TCP, TCP_WINDOW_CLAMP, 65536),
	  .options = USUAL("05b4", "01") },
	{ .what = "the smaller of clamp and buffer",
	  .opt = { { SOL_TCP, TCP_WINDOW_CLAMP, 100000, NULL, 0 },
		   { SOL_SOCKET, SO_RCVBUF, 4096, NULL, 0 } },
	  .options = USUAL("05b4", "00"),
	  .window = 2920 },
	{ .what = "a route's window is a clamp",
	  ROUTE(.window = 1000),
	  .options = USUAL("05b4", "00"),
	  .window = 1000 },
	{ .what = "but the user's clamp comes first",
	  OPT(SOL_TCP, TCP_WINDOW_CLAMP, 65536),
	  ROUTE(.window = 1000),
	  .options = USUAL("05b4", "01") },
	{ .what = "initrwnd beyond the buffer", ROUTE(.initrwnd = 40), .window = 29 * 1460 },
	{ .what = "initrwnd 1", ROUTE(.initrwnd = 1), .window = 1460 },
	{ .what = "the loopback device",
	  .be_far = PEER_IP(127, 0, 0, 1),
	  .options = USUAL("ffd7", "07"),
	  .window = 43690 },
	/* ---- the IP header */
	{ .what = "IP_TTL 255", OPT(SOL_IP, IP_TTL, 255), .ttl = 255 },
	{ .what = "IP_TTL 1", OPT(SOL_IP, IP_TTL, 1), .ttl = 1 },
	{ .what = "IP_TTL 0", BAD(SOL_IP, IP_TTL, 0) },
	{ .what = "IP_TTL 256", BAD(SOL_IP, IP_TTL, 256) },
	{ .what = "IP_TTL -1: the route's",
	  OPT(SOL_IP, IP_TTL, -1),
	  ROUTE(.hoplimit = 255),
	  .ttl = 255 },
	{ .what = "the user's TTL beats the route's",
	  OPT(SOL_IP, IP_TTL, 3),
	  ROUTE(.hoplimit = 33),
	  .ttl = 3 },
	{ .what = "the route's beats the namespace's",
	  SYSCTL("ip_default_ttl", "99"),
	  ROUTE(.hoplimit = 33),
	  .ttl = 33 },
	{ .what = "IP_MTU_DISCOVER 2: DF, even with a locked MTU",
	  OPT(SOL_IP, IP_MTU_DISCOVER, 2),
	  ROUTE(.mtu = 1000, .lock = 1u << RTAX_MTU) },
	{ .what = "IP_MTU_DISCOVER 4", OPT(SOL_IP, IP_MTU_DISCOVER, 4), .no_df = 1 },
	{ .what = "IP_MTU_DISCOVER 6", BAD(SOL_IP, IP_MTU_DISCOVER, 6) },
	{ .what = "the namespace's default can be taken back",
	  SYSCTL("ip_no_pmtu_disc", "1"),
	  OPT(SOL_IP, IP_MTU_DISCOVER, 1) },
	{ .what = "the mark and the priority are not on the wire",
	  .opt = { { SOL_SOCKET, SO_MARK, 7, NULL, 0 }, { SOL_SOCKET, SO_PRIORITY, 6, NULL, 0 } } },
	{ .what = "router alert",
	  TEXT(SOL_IP, IP_OPTIONS, "\x94\x04\0\0"),
	  .ip_options = "94040000" },
	{ .what = "stamps with addresses: ours is in the first",
	  TEXT(SOL_IP, IP_OPTIONS, "\x44\x0c\x05\x01\0\0\0\0\0\0\0\0"),
	  .ip_options = "440c0d010a090001--------" },
	{ .what = "strict source route: the first hop is the packet's destination",
	  TEXT(SOL_IP, IP_OPTIONS, "\x89\x07\x04\x0a\x09\x00\x02\x01"),
	  .be_far = PEER_IP(10, 10, 0, 1),
	  .ip_options = "8907040a0a000101",
	  .be_dest = PEER_VETH },
	{ .what = "no options after all",
	  .opt = { { SOL_IP, IP_OPTIONS, 4, "\x94\x04\0\0", 0 },
		   { SOL_IP, IP_OPTIONS, 0, "", 0 } } },
	{ .what = "an option that is cut off",
	  .opt = { { SOL_IP, IP_OPTIONS, 3, "\x07\x0f\x04", -EINVAL } } },
	/* ---- addresses */
	{ .what = "the route names the source",
	  ROUTE(.be_src = PEER_IP(10, 8, 0, 1)),
	  .be_source = PEER_IP(10, 8, 0, 1) },
};

static uint8_t syn[256];
static size_t nseen;

static void see(const uint8_t *ip, size_t len)
{
	if (!nseen++)
		memcpy(syn, ip, len < sizeof(syn) ? len : sizeof(syn));
}

static void connects(void *arg)
{
	const struct row *r = arg;
	struct sockaddr_in *to = core_user_alloc(sizeof(*to));
	long fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	size_t i;

	for (i = 0; i < 2 && r->opt[i].name; i++) {
		int len = r->opt[i].text ? r->opt[i].val : (int)sizeof(int);
		char *val = core_user_alloc((size_t)len + 1);

		if (r->opt[i].text)
			memcpy(val, r->opt[i].text, (size_t)len);
		else
			memcpy(val, &r->opt[i].val, sizeof(int));
		if (sys_setsockopt((int)fd, r->opt[i].level, r->opt[i].name, val, len) !=
		    r->opt[i].says)
			fail_msg("%s: setsockopt", r->what);
	}
	to->sin_family = AF_INET;
	to->sin_port = htons(r->be_far == PEER_IP(127, 0, 0, 1) ? 7002 : 5000);
	to->sin_addr.s_addr = r->be_far ? r->be_far : PEER_VETH;
	sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
}

/* @want in hex against @n bytes. */
static void check_hex(const struct row *r, const char *what, const uint8_t *p, size_t n,
		      const char *want)
{
	char hex[81] = "";
	size_t i;

	for (i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", p[i]);
	for (i = 0; want[i] && hex[i]; i++)
		if (want[i] == '-')
			hex[i] = '-';
	if (strcmp(hex, want))
		fail_msg("%s: %s %s, expected %s", r->what, what, hex, want);
}

static void check_number(const struct row *r, const char *what, int ours, int want)
{
	if (ours != want)
		fail_msg("%s: %s is %d, expected %d", r->what, what, ours, want);
}

static void check_syn(const struct row *r)
{
	const uint8_t *tcp = syn + (syn[0] & 15) * 4;
	uint32_t be;

	check_hex(r, "options", tcp + 20, (size_t)(tcp[12] >> 4) * 4 - 20,
		  r->options ? r->options : USUAL("05b4", "07"));
	check_hex(r, "IP options", syn + 20, (size_t)(tcp - syn) - 20,
		  r->ip_options ? r->ip_options : "");
	check_number(r, "window", get16(tcp + 14), r->window ? r->window : 29200);
	check_number(r, "flags", tcp[13], r->flags ? r->flags : 2);
	check_number(r, "tos", syn[1], r->tos);
	check_number(r, "ttl", syn[8], r->ttl ? r->ttl : 64);
	check_number(r, "df", syn[6] >> 6, !r->no_df);
	memcpy(&be, syn + 12, 4);
	if (r->be_source)
		assert_int_equal(be, r->be_source);
	memcpy(&be, syn + 16, 4);
	if (r->be_dest)
		assert_int_equal(be, r->be_dest);
}

static void test_settings(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct peer *net = peer_boot(i + 1);

		for (k = 0; k < 2 && r->sysctl[k][0]; k++)
			if (core_sysctl(r->sysctl[k][0], r->sysctl[k][1]))
				fail_msg("%s: %s", r->what, r->sysctl[k][0]);
		if (r->mtu)
			assert_int_equal(core_link_mtu("cv", r->mtu), 0);
		if (r->route.prefixlen)
			assert_int_equal(core_route_add_full(&r->route), 0);
		net->seen = see;
		net->local_listen = r->be_far == PEER_IP(127, 0, 0, 1);
		nseen = 0;
		peer_run(connects, (void *)r);
		peer_end();
		if (!nseen)
			fail_msg("%s: no SYN was sent", r->what);
		check_syn(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
