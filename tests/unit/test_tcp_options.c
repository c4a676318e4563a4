/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The SYN's bytes under forty settings against those a v4.9 kernel sent (recorded; the time stamp
 * is masked), and the options of other segments.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/in.h>
#include <linux/net.h>
#include <linux/string.h>
#include <net/tcp.h>

#include "core/net/ipv4/tcp_output.h"

/* MSS, SACK permitted, time stamps, NOP, window scale: what the defaults send. */
#define USUAL(mss, scale) "0204" mss "0402080a--------00000000010303" scale

/* One recorded setting: what was set before connect(2), and the SYN that followed. */
struct setting {
	const char *name;
	const char *sysctl[3][2];
	struct {
		int level, name, val;
	} opt;
	const char *options; /* hex; '-' matches anything */
	int window;
	int flags; /* 0: SYN alone */
	int tos;
	int ttl; /* 0: 64 */
	int df;  /* -1: not set */
};

static const struct setting settings[] = {
	{ .name = "defaults", .options = USUAL("05b4", "07"), .window = 29200 },
	{ .name = "sysctl_tcp_timestamps=0",
	  .sysctl = { { "net.ipv4.tcp_timestamps", "0" } },
	  .options = "020405b40101040201030307",
	  .window = 29200 },
	{ .name = "sysctl_tcp_window_scaling=0",
	  .sysctl = { { "net.ipv4.tcp_window_scaling", "0" } },
	  .options = "020405b40402080a--------00000000",
	  .window = 29200 },
	{ .name = "sysctl_tcp_ecn=1",
	  .sysctl = { { "net.ipv4.tcp_ecn", "1" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .flags = 0xc2 },
	{ .name = "sysctl_ip_no_pmtu_disc=1",
	  .sysctl = { { "net.ipv4.ip_no_pmtu_disc", "1" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .df = -1 },
	{ .name = "sysctl_ip_default_ttl=99",
	  .sysctl = { { "net.ipv4.ip_default_ttl", "99" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .ttl = 99 },
	{ .name = "sysctl_tcp_mtu_probing=1",
	  .sysctl = { { "net.ipv4.tcp_mtu_probing", "1" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "sysctl_tcp_adv_win_scale=-2",
	  .sysctl = { { "net.ipv4.tcp_adv_win_scale", "-2" } },
	  .options = USUAL("05b4", "07"),
	  .window = 20440 },
	{ .name = "sysctl_tcp_app_win=0",
	  .sysctl = { { "net.ipv4.tcp_app_win", "0" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "sysctl_tcp_workaround_signed_windows=1",
	  .sysctl = { { "net.ipv4.tcp_workaround_signed_windows", "1" } },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "sysctl_tcp_rmem=4096 16384 1000000",
	  .sysctl = { { "net.ipv4.tcp_rmem", "4096 16384 1000000" } },
	  .options = USUAL("05b4", "04"),
	  .window = 7300 },
	{ .name = "sysctl_tcp_rmem=4096 87380 16777216",
	  .sysctl = { { "net.ipv4.tcp_rmem", "4096 87380 16777216" } },
	  .options = USUAL("05b4", "09"),
	  .window = 29200 },
	{ .name = "sysctl_tcp_rmem=4096 87380 65535",
	  .sysctl = { { "net.ipv4.tcp_rmem", "4096 87380 65535" } },
	  .options = USUAL("05b4", "02"),
	  .window = 29200 },
	{ .name = "maxseg_536",
	  .opt = { SOL_TCP, TCP_MAXSEG, 536 },
	  .options = USUAL("0218", "07"),
	  .window = 10720 },
	{ .name = "maxseg_900",
	  .opt = { SOL_TCP, TCP_MAXSEG, 900 },
	  .options = USUAL("0384", "07"),
	  .window = 18000 },
	{ .name = "maxseg_64",
	  .opt = { SOL_TCP, TCP_MAXSEG, 64 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "maxseg_1400",
	  .opt = { SOL_TCP, TCP_MAXSEG, 1400 },
	  .options = USUAL("0578", "07"),
	  .window = 28000 },
	{ .name = "maxseg_2000",
	  .opt = { SOL_TCP, TCP_MAXSEG, 2000 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "maxseg_8",
	  .opt = { SOL_TCP, TCP_MAXSEG, 8 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "rcvbuf_1",
	  .opt = { SOL_SOCKET, SO_RCVBUF, 1 },
	  .options = USUAL("05b4", "00"),
	  .window = 1152 },
	{ .name = "rcvbuf_4096",
	  .opt = { SOL_SOCKET, SO_RCVBUF, 4096 },
	  .options = USUAL("05b4", "00"),
	  .window = 2920 },
	{ .name = "rcvbuf_32768",
	  .opt = { SOL_SOCKET, SO_RCVBUF, 32768 },
	  .options = USUAL("05b4", "00"),
	  .window = 29200 },
	{ .name = "rcvbuf_65536",
	  .opt = { SOL_SOCKET, SO_RCVBUF, 65536 },
	  .options = USUAL("05b4", "01"),
	  .window = 29200 },
	{ .name = "rcvbuf_1048576",
	  .opt = { SOL_SOCKET, SO_RCVBUF, 1048576 },
	  .options = USUAL("05b4", "02"),
	  .window = 29200 },
	{ .name = "rcvbufforce_8388608",
	  .opt = { SOL_SOCKET, SO_RCVBUFFORCE, 8388608 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "rcvbufforce_1073741823",
	  .opt = { SOL_SOCKET, SO_RCVBUFFORCE, 1073741823 },
	  .options = USUAL("05b4", "0e"),
	  .window = 65535 },
	{ .name = "tos_10",
	  .opt = { SOL_IP, IP_TOS, 0x10 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .tos = 16 },
	{ .name = "tos_08",
	  .opt = { SOL_IP, IP_TOS, 0x08 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .tos = 8 },
	{ .name = "tos_02",
	  .opt = { SOL_IP, IP_TOS, 0x02 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "tos_ff",
	  .opt = { SOL_IP, IP_TOS, 0xff },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .tos = 252 },
	{ .name = "ttl_17",
	  .opt = { SOL_IP, IP_TTL, 17 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .ttl = 17 },
	{ .name = "mtu_discover_0",
	  .opt = { SOL_IP, IP_MTU_DISCOVER, 0 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .df = -1 },
	{ .name = "mtu_discover_1",
	  .opt = { SOL_IP, IP_MTU_DISCOVER, 1 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "mtu_discover_3",
	  .opt = { SOL_IP, IP_MTU_DISCOVER, 3 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .df = -1 },
	{ .name = "mtu_discover_5",
	  .opt = { SOL_IP, IP_MTU_DISCOVER, 5 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200,
	  .df = -1 },
	{ .name = "window_clamp_1",
	  .opt = { SOL_TCP, TCP_WINDOW_CLAMP, 1 },
	  .options = USUAL("05b4", "00"),
	  .window = 1152 },
	{ .name = "window_clamp_4096",
	  .opt = { SOL_TCP, TCP_WINDOW_CLAMP, 4096 },
	  .options = USUAL("05b4", "00"),
	  .window = 2920 },
	{ .name = "window_clamp_30000",
	  .opt = { SOL_TCP, TCP_WINDOW_CLAMP, 30000 },
	  .options = USUAL("05b4", "00"),
	  .window = 29200 },
	{ .name = "window_clamp_1000000",
	  .opt = { SOL_TCP, TCP_WINDOW_CLAMP, 1000000 },
	  .options = USUAL("05b4", "04"),
	  .window = 29200 },
	{ .name = "ts0_sack0",
	  .sysctl = { { "net.ipv4.tcp_timestamps", "0" }, { "net.ipv4.tcp_sack", "0" } },
	  .options = "020405b401030307",
	  .window = 29200 },
	{ .name = "sack0_ws0",
	  .sysctl = { { "net.ipv4.tcp_sack", "0" }, { "net.ipv4.tcp_window_scaling", "0" } },
	  .options = "020405b40101080a--------00000000",
	  .window = 29200 },
	{ .name = "ts0_sack0_ws0",
	  .sysctl = { { "net.ipv4.tcp_timestamps", "0" },
		      { "net.ipv4.tcp_sack", "0" },
		      { "net.ipv4.tcp_window_scaling", "0" } },
	  .options = "020405b4",
	  .window = 29200 },
	{ .name = "nodelay",
	  .opt = { SOL_TCP, TCP_NODELAY, 1 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "sndbuf_4096",
	  .opt = { SOL_SOCKET, SO_SNDBUF, 4096 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "quickack0",
	  .opt = { SOL_TCP, TCP_QUICKACK, 0 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
	{ .name = "oobinline",
	  .opt = { SOL_SOCKET, SO_OOBINLINE, 1 },
	  .options = USUAL("05b4", "07"),
	  .window = 29200 },
};

static void connect_with(void *arg)
{
	const struct setting *s = arg;
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	int *val = core_user_alloc(sizeof(*val));
	long fd = sys_socket(PF_INET, SOCK_STREAM, 0);

	*val = s->opt.val;
	if (s->opt.name)
		sys_setsockopt((int)fd, s->opt.level, s->opt.name, (char *)val, sizeof(*val));
	sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	sys_close((unsigned int)fd);
}

/* The IP packet of the first SYN the core sent. */
static const uint8_t *first_syn(const struct world *w)
{
	size_t i;

	for (i = 0; i < w->nframes; i++) {
		const struct world_frame *f = &w->frames[i];

		if (f->out && f->bytes[12] == 0x08 && f->bytes[13] == 0x00)
			return f->bytes + 14;
	}
	fail_msg("no SYN was sent");
	return NULL;
}

static void check_options(const struct setting *s, const uint8_t *tcp)
{
	char hex[2 * 40 + 1] = "";
	size_t i, n = (size_t)(tcp[12] >> 4) * 4 - 20;

	for (i = 0; i < n; i++) {
		hex[2 * i] = "0123456789abcdef"[tcp[20 + i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[tcp[20 + i] & 15];
	}
	for (i = 0; i < strlen(s->options) && i < strlen(hex); i++)
		if (s->options[i] == '-')
			hex[i] = '-';
	if (strcmp(hex, s->options) != 0)
		fail_msg("%s: options %s, recorded %s", s->name, hex, s->options);
}

static void check_syn(const struct setting *s, const uint8_t *ip)
{
	const uint8_t *tcp = ip + 20;
	struct {
		const char *what;
		int ours, recorded;
	} field[] = {
		{ "flags", tcp[13], s->flags ? s->flags : 0x02 },
		{ "window", tcp[14] << 8 | tcp[15], s->window },
		{ "tos", ip[1], s->tos },
		{ "ttl", ip[8], s->ttl ? s->ttl : 64 },
		{ "df", ip[6] >> 6, s->df < 0 ? 0 : 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		if (field[i].ours != field[i].recorded)
			fail_msg("%s: %s is %d, recorded %d", s->name, field[i].what, field[i].ours,
				 field[i].recorded);
	check_options(s, tcp);
}

static void test_syn_as_recorded(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		const struct setting *s = &settings[i];
		struct world *w = world_boot(i);

		for (k = 0; k < 3 && s->sysctl[k][0]; k++)
			assert_int_equal(core_sysctl(s->sysctl[k][0], s->sysctl[k][1]), 0);
		world_run(connect_with, (void *)s);
		check_syn(s, first_syn(w));
		world_end();
	}
}

/* Two SACK blocks behind the time stamps; a duplicate is reported in the first. */
static void test_sack_blocks(void **state)
{
	static const uint8_t expected[] = {
		1, 1, 8,  10, 0, 0, 0,  7, 0, 0, 0, 9, /* NOP NOP TS 7 9 */
		1, 1, 5,  18,                          /* NOP NOP SACK, 18 bytes */
		0, 0, 16, 0,  0, 0, 32, 0,             /* 0x1000-0x2000 */
		0, 0, 48, 0,  0, 0, 64, 0,             /* 0x3000-0x4000 */
	};
	struct tcp_out_options opts = {
		.options = OPTION_TS, .tsval = 7, .tsecr = 9, .num_sack_blocks = 2
	};
	struct tcp_sock tp;
	uint8_t out[40] = { 0 };

	(void)state;
	memset(&tp, 0, sizeof(tp));
	tp.selective_acks[0] = (struct tcp_sack_block){ 0x1000, 0x2000 };
	tp.selective_acks[1] = (struct tcp_sack_block){ 0x3000, 0x4000 };
	tcp_options_write((__be32 *)out, &tp, &opts);
	assert_memory_equal(out, expected, sizeof(expected));

	tp.rx_opt.dsack = 1;
	tp.duplicate_sack[0] = (struct tcp_sack_block){ 1, 2 };
	opts.num_sack_blocks = 1;
	tcp_options_write((__be32 *)out, &tp, &opts);
	assert_int_equal(out[19], 1);
	assert_int_equal(out[23], 2);
	assert_int_equal(tp.rx_opt.dsack, 0);
}

static struct tcp_md5sig_key *no_key(const struct sock *sk, const struct sock *addr_sk)
{
	(void)sk, (void)addr_sk;
	return NULL;
}

/* Four blocks fit without time stamps, three with. */
static void test_established_size(void **state)
{
	static const struct tcp_sock_af_ops ops = { .md5_lookup = no_key };
	static const struct {
		int tstamp_ok, num_sacks, dsack;
		unsigned int size;
	} cases[] = {
		{ 0, 0, 0, 0 },  { 1, 0, 0, 12 }, { 0, 1, 0, 12 }, { 1, 1, 0, 24 }, { 1, 3, 0, 40 },
		{ 1, 4, 0, 40 }, { 0, 4, 0, 36 }, { 1, 0, 1, 24 }, { 1, 2, 1, 40 },
	};
	struct tcp_out_options opts;
	struct tcp_md5sig_key *md5;
	struct tcp_sock tp;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&tp, 0, sizeof(tp));
		memset(&opts, 0, sizeof(opts));
		tp.af_specific = &ops;
		tp.rx_opt.tstamp_ok = cases[i].tstamp_ok;
		tp.rx_opt.num_sacks = cases[i].num_sacks;
		tp.rx_opt.dsack = cases[i].dsack;
		assert_int_equal(tcp_established_options((struct sock *)&tp, NULL, &opts, &md5),
				 cases[i].size);
	}
}

/* A cookie of eight bytes is padded to a word; a request for one is empty. */
static void test_fastopen_cookie(void **state)
{
	static const uint8_t with[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
	static const uint8_t request[] = { 34, 2, 1, 1 };
	static const uint8_t experimental[] = { 254, 12, 0xf9, 0x89, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct tcp_fastopen_cookie cookie = { .len = 8, .val = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	struct tcp_out_options opts = { .options = OPTION_FAST_OPEN_COOKIE,
					.fastopen_cookie = &cookie };
	uint8_t out[40];

	(void)state;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, with, sizeof(with));

	cookie.exp = true;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, experimental, sizeof(experimental));

	cookie.exp = false;
	cookie.len = 0;
	tcp_options_write((__be32 *)out, NULL, &opts);
	assert_memory_equal(out, request, sizeof(request));
}

/* The first SYN recorded with a TCP_MD5SIG key "secret": we compute the same digest. */
static void test_md5_as_recorded(void **state)
{
	static const uint8_t packet[] = {
		0x45, 0x00, 0x00, 0x48, 0xc7, 0x77, 0x40, 0x00, 0x40, 0x06, 0x5f, 0x24,
		0x0a, 0x09, 0x00, 0x01, 0x0a, 0x09, 0x00, 0x02, 0xce, 0x66, 0x13, 0x8a,
		0xbc, 0x4f, 0xf0, 0xab, 0x00, 0x00, 0x00, 0x00, 0xd0, 0x02, 0x72, 0x10,
		0x8f, 0x85, 0x00, 0x00, 0x01, 0x01, 0x13, 0x12, 0xa5, 0x55, 0x4c, 0xf0,
		0xda, 0x0b, 0x91, 0x5a, 0x62, 0xd7, 0x2b, 0x1c, 0x30, 0x4c, 0x4a, 0x67,
		0x02, 0x04, 0x05, 0xb4, 0x01, 0x01, 0x04, 0x02, 0x01, 0x03, 0x03, 0x07,
	};
	struct tcp_md5sig_key key = { .keylen = 6, .key = "secret" };
	const struct tcphdr *th = (const struct tcphdr *)(packet + 20);
	__be32 saddr, daddr;
	char digest[16];

	(void)state;
	memcpy(&saddr, packet + 12, 4);
	memcpy(&daddr, packet + 16, 4);
	assert_int_equal(packet[42], 19);
	tcp_v4_md5_hash_hdr(digest, &key, daddr, saddr, th);
	assert_memory_equal(digest, packet + 44, 16);
}

static void send_fastopen(void *arg)
{
	long *ret = arg;
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	char *buf = core_user_alloc(10);
	long fd = sys_socket(PF_INET, SOCK_STREAM, 0);

	*ret = sys_sendto((int)fd, buf, 10, MSG_FASTOPEN, (struct sockaddr *)to, sizeof(*to));
	sys_close((unsigned int)fd);
}

/* Without a cookie the SYN asks for one, and the data waits for the connection. */
static void test_fastopen_request(void **state)
{
	static const struct setting recorded = { .name = "tfo_nocookie",
						 .options = USUAL("05b4", "07") "22020101",
						 .window = 29200 };
	struct world *w = world_boot(1);
	const uint8_t *ip;
	long ret = 0;

	(void)state;
	world_run(send_fastopen, &ret);
	assert_int_equal(ret, 10);
	ip = first_syn(w);
	check_syn(&recorded, ip);
	assert_int_equal(ip[2] << 8 | ip[3], 64); /* no data in it */
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syn_as_recorded),  cmocka_unit_test(test_sack_blocks),
		cmocka_unit_test(test_established_size), cmocka_unit_test(test_fastopen_cookie),
		cmocka_unit_test(test_fastopen_request), cmocka_unit_test(test_md5_as_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
