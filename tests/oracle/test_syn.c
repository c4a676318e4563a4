/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The SYN under every recorded setting, and what follows its answer, byte for byte against a v4.9
 * kernel. Each scenario of tests/data/oracle/syn.jsonl is set up here in the recorded network
 * (tests/lib/peer.h), the far end answers with the recorded SYN-ACK, and then are compared:
 *
 *   - our SYN and the first segment after the SYN-ACK, all bytes but those named below,
 *   - which segments the call sent, by their flags,
 *   - what connect(2), sendto(2) and setsockopt(2) returned,
 *   - the receive buffer before and after, and of TCP_INFO all that does not depend on time.
 *
 * Not compared, because each run has its own: the source port that the kernel chose, the initial
 * sequence numbers, the IP identification, time stamps (of TCP and of the IP option), and what is
 * computed from these: both checksums and the digest of a signed segment. Of them it is held that
 * the checksums and the digest are right for our bytes, that stamps are the clock's, that the
 * identification begins with number and clock and counts up, and that numbers and stamps answer the
 * SYN-ACK's. How initial numbers and ports are chosen is tested in test_secure_seq.c and in
 * test_inet_hash.c.
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
#include <linux/fcntl.h>
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <net/tcp.h>
#include <net/tcp_info.h>

#include "tests/oracle/syn_settings.h"

struct packet {
	size_t len;
	uint32_t jiffies; /* when it left */
	uint8_t bytes[1536];
};

static struct packet sent[32], synack;
static size_t nsent;
static const struct setting *setting;
static struct peer *net;
static size_t row;
static int bad;

static void differs(const char *what, const char *theirs, const char *ours)
{
	bad = 1;
	printf("# %s: %s: recorded %s, ours %s\n", setting->name, what, theirs, ours);
}

static void compare(const char *what, long theirs, long ours)
{
	char text[2][24];

	if (theirs == ours)
		return;
	snprintf(text[0], sizeof(text[0]), "%ld", theirs);
	snprintf(text[1], sizeof(text[1]), "%ld", ours);
	differs(what, text[0], text[1]);
}

static void check(const char *what, int good)
{
	if (!good)
		differs(what, "so", "not so");
}

/* ---------------------------------------------------------------- packets */

static void unhex(struct packet *p, const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (p->len = 0; hex[0] && hex[1] && p->len < sizeof(p->bytes); hex += 2)
		p->bytes[p->len++] = (uint8_t)((strchr(digits, hex[0]) - digits) << 4 |
					       (strchr(digits, hex[1]) - digits));
}

static void see(const uint8_t *ip, size_t len)
{
	if (ip[9] != IPPROTO_TCP || nsent == sizeof(sent) / sizeof(sent[0]))
		return;
	assert_true(len <= sizeof(sent[0].bytes));
	sent[nsent].len = len;
	sent[nsent].jiffies = (uint32_t)jiffies;
	memcpy(sent[nsent++].bytes, ip, len);
}

static uint8_t *tcp_of(struct packet *p)
{
	return p->bytes + (p->bytes[0] & 15) * 4;
}

/* Option @kind of the header's options [@p, @end); NULL if there is none. */
static uint8_t *option(uint8_t *p, const uint8_t *end, int kind)
{
	while (p < end && *p) {
		if (*p == kind)
			return p;
		p += *p == 1 ? 1 : p[1] ? p[1] : 1;
	}
	return NULL;
}

static uint8_t *tcp_option(struct packet *p, int kind)
{
	uint8_t *tcp = tcp_of(p);

	return option(tcp + 20, tcp + (tcp[12] >> 4) * 4, kind);
}

static uint8_t *ip_option(struct packet *p, int kind)
{
	return option(p->bytes + 20, tcp_of(p), kind);
}

/* The key's digest of segment @p into @digest, by the core's own function. */
static void digest_of(const uint8_t *ip, char digest[16])
{
	struct tcp_md5sig_key key = { .keylen = (u8)strlen(setting->md5) };
	__be32 saddr, daddr;

	memcpy(key.key, setting->md5, key.keylen);
	memcpy(&saddr, ip + 12, 4);
	memcpy(&daddr, ip + 16, 4);
	tcp_v4_md5_hash_hdr(digest, &key, daddr, saddr, (const struct tcphdr *)(ip + 20));
}

static void sign(uint8_t *ip)
{
	digest_of(ip, (char *)ip + 44);
}

/* What must be right in a segment, whoever sent it. */
static void check_segment(struct packet *p)
{
	uint8_t *tcp = tcp_of(p), *ip = p->bytes, *md5 = tcp_option(p, 19);
	size_t hdr = (size_t)(tcp - ip), tcplen = p->len - hdr;
	char digest[16];

	check("IP checksum", fold(sum(ip, hdr, 0)) == 0);
	check("TCP checksum", fold(sum(tcp, tcplen, sum(ip + 12, 8, 6 + (uint32_t)tcplen))) == 0);
	if (md5) {
		digest_of(ip, digest);
		check("MD5 digest", !memcmp(digest, md5 + 2, 16));
	}
}

/* Blanks what each run has its own of. */
static void blank(struct packet *p)
{
	uint8_t *tcp = tcp_of(p), *o;

	put16(p->bytes + 4, 0);
	put16(p->bytes + 10, 0);
	if (!setting->bind_port)
		put16(tcp, 0);
	put32(tcp + 4, 0);
	put32(tcp + 8, 0);
	put16(tcp + 16, 0);
	o = tcp_option(p, 8);
	if (o)
		memset(o + 2, 0, 8);
	o = tcp_option(p, 19);
	if (o)
		memset(o + 2, 0, 16);
	o = ip_option(p, 0x44);
	if (o)
		put32(o + 4, 0);
}

static void compare_segment(const char *what, const struct packet *packet)
{
	struct packet theirs, ours = *packet;
	char text[2][160];
	size_t i, at = 0;

	snprintf(text[0], sizeof(text[0]), "%s.hex", what);
	unhex(&theirs, row_text(row, text[0]));
	check_segment(&theirs); /* or it could not judge ours */
	check_segment(&ours);
	blank(&theirs);
	blank(&ours);
	if (theirs.len == ours.len && !memcmp(theirs.bytes, ours.bytes, ours.len))
		return;
	for (i = 0; i < 78 && (i < theirs.len || i < ours.len); i++, at += 2) {
		snprintf(text[0] + at, 3, i < theirs.len ? "%02x" : "  ", theirs.bytes[i]);
		snprintf(text[1] + at, 3, i < ours.len ? "%02x" : "  ", ours.bytes[i]);
	}
	differs(what, text[0], text[1]);
}

/* The numbers and stamps of the segment that answers the SYN-ACK. */
static void check_answer(struct packet *syn, struct packet *ack)
{
	uint8_t *s = tcp_of(syn), *a = tcp_of(ack), *ts = tcp_option(ack, 8);
	uint32_t next = get32(s + 4) + net->synack_acks;
	/* over the wire it is seen after question and answer of ARP and its own way, 20 ms each */
	uint32_t made = syn->jiffies - (setting->be_far == PEER_WIRE ? 60 : 0);

	check("acknowledges the SYN-ACK", get32(a + 8) == get32(tcp_of(&synack) + 4) + 1);
	check("goes on where the SYN-ACK says", get32(a + 4) == next);
	check("identification counts up",
	      get16(ack->bytes + 4) == (uint16_t)(get16(syn->bytes + 4) + 1));
	check("the same ports", !memcmp(s, a, 4));
	if (ts) {
		check("echoes the SYN-ACK's time stamp",
		      get32(ts + 6) == get32(tcp_option(&synack, 8) + 2));
		check("time stamps do not go back",
		      (int32_t)(get32(ts + 2) - get32(tcp_option(syn, 8) + 2)) >= 0);
	}
	if (syn->bytes[6] & 0x40) /* without DF it must be unique among all, and is drawn */
		check("identification of number and clock",
		      get16(syn->bytes + 4) == (uint16_t)(get32(s + 4) ^ made));
	ts = tcp_option(syn, 8);
	if (ts) {
		check("the SYN's stamp is the clock's", get32(ts + 2) == made);
		check("no echo in the SYN", !get32(ts + 6));
	}
}

/* Flags of the segments that the call sent, against the recorded list ("out S", "in SA", ...). */
static void compare_flags(size_t n)
{
	static const char letters[] = "FSRPAUEC";
	size_t i, k, at = 0;

	for (i = 0; i < row_list(row, "others"); i++) {
		const char *theirs = row_list_text(row, "others", i, NULL);
		uint8_t flags = 0;

		if (strncmp(theirs, "out ", 4))
			continue;
		for (k = 4; theirs[k]; k++)
			flags |= (uint8_t)(1 << (strchr(letters, theirs[k]) - letters));
		if (at < n)
			compare("flags", flags, tcp_of(&sent[at])[13]);
		at++;
	}
	compare("segments", (long)at, (long)n);
}

/* ---------------------------------------------------------------- the calls */

static long get_int(long fd, int level, int name)
{
	int *val = core_user_alloc(2 * sizeof(*val));

	val[1] = sizeof(*val);
	assert_int_equal(sys_getsockopt((int)fd, level, name, (char *)val, &val[1]), 0);
	return val[0];
}

static void compare_info(long fd)
{
	struct tcp_info *t = core_user_alloc(sizeof(*t));
	int *len = core_user_alloc(sizeof(*len));

	*len = sizeof(*t);
	assert_int_equal(sys_getsockopt((int)fd, SOL_TCP, TCP_INFO, (char *)t, len), 0);
#define SAME(name, ours) compare(#name, (long)row_number(row, "tcp_info." #name), (long)(ours))
	SAME(state, t->tcpi_state);
	SAME(options, t->tcpi_options);
	SAME(wscale, t->tcpi_rcv_wscale << 4 | t->tcpi_snd_wscale);
	SAME(snd_mss, t->tcpi_snd_mss);
	SAME(rcv_mss, t->tcpi_rcv_mss);
	SAME(advmss, t->tcpi_advmss);
	SAME(pmtu, t->tcpi_pmtu);
	SAME(rcv_ssthresh, t->tcpi_rcv_ssthresh);
	SAME(snd_cwnd, t->tcpi_snd_cwnd);
	SAME(snd_ssthresh, t->tcpi_snd_ssthresh);
}

static struct sockaddr_in *address(uint32_t be, uint16_t port)
{
	struct sockaddr_in *a = core_user_alloc(sizeof(*a));

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = be;
	a->sin_port = htons(port);
	return a;
}

static void set_option(long fd)
{
	int len = setting->opt.text ? setting->opt.val : (int)sizeof(int);
	char *val = core_user_alloc((size_t)len);
	long err;

	if (!setting->opt.name)
		return;
	if (setting->opt.text)
		memcpy(val, setting->opt.text, (size_t)len);
	else
		memcpy(val, &setting->opt.val, sizeof(int));
	err = sys_setsockopt((int)fd, setting->opt.level, setting->opt.name, val, len);
	check("setsockopt(2)", err == (row_has(row, "setsockopt_err") ? -EINVAL : 0));
}

static void set_key(long fd, uint32_t be_far)
{
	struct tcp_md5sig *key = core_user_alloc(sizeof(*key));
	struct sockaddr_in far = { .sin_family = AF_INET, .sin_addr.s_addr = be_far };

	memcpy(&key->tcpm_addr, &far, sizeof(far));
	key->tcpm_keylen = (u16)strlen(setting->md5);
	memcpy(key->tcpm_key, setting->md5, key->tcpm_keylen);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_MD5SIG, (char *)key, sizeof(*key)),
			 0);
}

/* sendto(MSG_FASTOPEN) of "0123456789", or of that many x. */
static long fastopen(long fd, struct sockaddr_in *to, size_t bytes)
{
	char *buf = core_user_alloc(bytes + 1);

	memset(buf, 'x', bytes);
	if (bytes == 10)
		memcpy(buf, "0123456789", 10);
	return sys_sendto((int)fd, buf, bytes, MSG_FASTOPEN, (struct sockaddr *)to, sizeof(*to));
}

static void play(void *arg)
{
	uint32_t be_far = setting->be_far ? setting->be_far : PEER_VETH;
	struct sockaddr_in *to = address(be_far, setting->port ? setting->port : 5000);
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0), ret;
	const char *theirs = row_text(row, "errno");

	(void)arg;
	if (setting->nonblock)
		sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	set_option(fd);
	if (setting->md5)
		set_key(fd, be_far);
	if (setting->binds)
		assert_int_equal(
			sys_bind((int)fd,
				 (struct sockaddr *)address(setting->be_bind, setting->bind_port),
				 sizeof(*to)),
			0);
	compare("rcvbuf before", (long)row_number(row, "rcvbuf_before"),
		get_int(fd, SOL_SOCKET, SO_RCVBUF));
	if (setting->call == FASTOPEN)
		ret = fastopen(fd, to, setting->bytes);
	else
		ret = sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	if (row_number(row, "ret") >= 0)
		compare("return", (long)row_number(row, "ret"), ret);
	else
		compare(theirs, !strcmp(theirs, "EINPROGRESS") ? -EINPROGRESS : -EOPNOTSUPP, ret);
	sys_nanosleep(300 * 1000000ull); /* a delayed ACK has gone, too */
	compare_flags(nsent);
	compare("rcvbuf after", (long)row_number(row, "rcvbuf_after"),
		get_int(fd, SOL_SOCKET, SO_RCVBUF));
	compare_info(fd);
}

/* A connection before, which gets a cookie. */
static void play_cookie(void *arg)
{
	struct sockaddr_in *to = address(PEER_VETH, setting->port);
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	assert_int_equal(fastopen(fd, to, 10), 10);
	sys_close((unsigned int)fd);
}

/* ---------------------------------------------------------------- all of them */

static size_t row_of(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < n && strcmp(row_text(i, "scenario"), name); i++)
		;
	return i;
}

/* The recorded SYN-ACK of @at is what the far end says from now on. */
static void answer_with(size_t at)
{
	unhex(&synack, row_text(at, "synack.hex"));
	net->synack = synack.len ? synack.bytes : NULL;
	net->synack_len = synack.len;
	net->synack_acks = synack.len ? (uint32_t)(row_number(at, "synack.tcp.ack") -
						   row_number(at, "syn.tcp.seq")) :
					0;
}

static void set_up(size_t nrows)
{
	size_t k;

	for (k = 0; k < 3 && setting->sysctl[k][0]; k++)
		assert_int_equal(core_sysctl(setting->sysctl[k][0], setting->sysctl[k][1]), 0);
	if (setting->mtu)
		assert_int_equal(core_link_mtu("cv", setting->mtu), 0);
	if (setting->be_near)
		assert_int_equal(core_addr_add("cv", setting->be_near, 24), 0);
	if (setting->route.prefixlen)
		assert_int_equal(core_route_add_full(&setting->route), 0);
	if (setting->md5)
		net->sign = sign;
	if (setting->cookie) {
		answer_with(row_of("tfo_nocookie", nrows));
		peer_run(play_cookie, NULL);
	}
}

static void play_setting(size_t nrows)
{
	bad = 0;
	net = peer_boot(row + 1);
	set_up(nrows);
	answer_with(row);
	nsent = 0;
	net->seen = see;
	peer_run(play, NULL);
	peer_end();
	if (!row_has(row, "syn.hex"))
		return;
	if (nsent < 2) {
		differs("segments", "at least 2", "fewer");
		return;
	}
	compare_segment("syn", &sent[0]);
	compare_segment("ack", &sent[1]);
	check_answer(&sent[0], &sent[1]);
}

int main(void)
{
	size_t n = rows_read("tests/data/oracle/syn.jsonl"), i, good = 0, played = 0;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		setting = &settings[i];
		row = row_of(setting->name, n);
		if (row == n) {
			printf("not ok %zu - %s: not recorded\n", i + 1, setting->name);
			continue;
		}
		play_setting(n);
		played++;
		good += !bad;
		printf("%sok %zu - %s\n", bad ? "not " : "", i + 1, setting->name);
	}
	printf("1..%zu\n# score syn %zu of %zu, 0 excused\n", i, good, n);
	rows_free();
	return good != n || played != i || !n;
}
