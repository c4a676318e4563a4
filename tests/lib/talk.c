/* SPDX-License-Identifier: GPL-2.0-only */

/* A conversation told from top to bottom; see talk.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/file.h>
#include <linux/net.h>

struct talk far;
static struct segments *w;

static int32_t distance(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

struct segment talk_segment(uint8_t flags)
{
	struct segment s = { .flags = flags, .seq = far.seq, .window = far.window };

	if (flags & SEG_ACK)
		s.ack = far.heard;
	if (far.stamps_on && !(flags & SEG_RST))
		segment_stamps(&s, far.stamp + (uint32_t)(*core_clock() / 1000000), far.stamp_seen);
	return s;
}

static void answer_syn(const struct segment *syn)
{
	struct segment s = { .flags = (uint8_t)(SEG_SYN | SEG_ACK | far.synack),
			     .seq = far.seq,
			     .ack = syn->seq + 1,
			     .window = far.window };
	const uint8_t mss[4] = { 2, 4, (uint8_t)(far.mss >> 8), (uint8_t)far.mss };

	far.heard = syn->seq + 1;
	if (far.mss)
		segment_option(&s, mss, 4);
	if (far.options & TALK_SACK)
		segment_option(&s, (const uint8_t[]){ 4, 2, 1, 1 }, 4);
	far.stamps_on = (far.options & TALK_STAMPS) && syn->has_stamps;
	if (far.stamps_on) {
		far.stamp_seen = syn->tsval;
		segment_stamps(&s, far.stamp + (uint32_t)(*core_clock() / 1000000), syn->tsval);
	}
	if (far.options & TALK_SCALE)
		segment_option(&s, (const uint8_t[]){ 1, 3, 3, 7 }, 4);
	segment_option(&s, far.extra, far.nextra);
	segments_send(s);
	far.seq++;
}

static void hears(const struct segment *s)
{
	uint32_t end = s->seq + (uint32_t)s->ndata + !!(s->flags & (SEG_SYN | SEG_FIN));

	if (far.loses && far.loses(s))
		return;
	if (s->flags == SEG_SYN || s->flags == (SEG_SYN | SEG_ECE | SEG_CWR)) {
		if (!far.deaf && far.seq == TALK_IRS)
			answer_syn(s);
		return;
	}
	if (s->flags & (SEG_RST | SEG_SYN) || far.deaf)
		return;
	if (s->has_stamps && distance(s->seq, far.heard) <= 0)
		far.stamp_seen = s->tsval;
	if (distance(s->seq, far.heard) <= 0 && distance(end, far.heard) > 0)
		far.heard = end;
	if (!far.acks || end == s->seq)
		return;
	if (far.acks == 2 && (s->flags & SEG_FIN) && far.heard == end)
		talk_says(SEG_FIN | SEG_ACK, "");
	else
		talk_says(SEG_ACK, "");
}

struct segments *talk_boot(void)
{
	if (*core_clock())
		core_shutdown(); /* a test before this one failed in the middle */
	__builtin_memset(&far, 0, sizeof(far));
	far.options = TALK_ALL;
	far.mss = 1460;
	far.window = 10000;
	far.seq = TALK_IRS;
	far.stamp = 5000;
	w = segments_boot(11, hears);
	return w;
}

void talk_run(void (*fn)(void *arg))
{
	segments_run(fn, NULL);
	segments_end();
}

struct wire_addr {
	uint16_t family, port;
	uint32_t addr;
	uint8_t zero[8];
};

void *talk_addr(void)
{
	struct wire_addr *a = core_user_alloc(sizeof(*a));

	assert_non_null(a);
	*a = (struct wire_addr){ .family = 2, .port = SEG_PORT << 8, .addr = SEG_FAR };
	return a;
}

long talk_socket(void)
{
	long fd = sys_socket(2, 1, 0);

	assert_true(fd >= 0);
	return fd;
}

long talk_connect(void)
{
	long fd = talk_socket();

	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0);
	talk_pass(2);
	return fd;
}

void talk_forget(void)
{
	far.seq = TALK_IRS;
	w->near_port = 0;
}

long talk_again(void)
{
	talk_forget();
	return talk_connect();
}

void talk_pass(unsigned int ms)
{
	sys_nanosleep(ms * 1000000ull);
}

static void send_and_advance(struct segment s)
{
	segments_send(s);
	far.seq += (uint32_t)s.ndata + !!(s.flags & SEG_FIN);
}

void talk_says(uint8_t flags, const char *data)
{
	struct segment s = talk_segment(flags);

	s.ndata = __builtin_strlen(data);
	__builtin_memcpy(s.data, data, s.ndata);
	send_and_advance(s);
}

void talk_sends(uint8_t flags, size_t n)
{
	struct segment s = talk_segment(flags);

	assert_true(n <= sizeof(s.data));
	s.ndata = n;
	__builtin_memset(s.data, 'x', n);
	send_and_advance(s);
}

void talk_odd(uint8_t flags, int32_t dseq, int32_t dack, size_t n)
{
	struct segment s = talk_segment(flags);

	s.seq += (uint32_t)dseq;
	s.ack += (uint32_t)dack;
	s.ndata = n;
	__builtin_memset(s.data, 'o', n);
	segments_send(s);
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void checksum(uint8_t *p, size_t n, uint8_t *field)
{
	uint32_t sum = 0;
	size_t i;

	put16(field, 0);
	for (i = 0; i < n; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(field, ~sum);
}

void talk_icmp(int type, int code, uint16_t mtu, uint32_t seq)
{
	static const uint8_t macs[12] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2 };
	uint8_t f[14 + 20 + 8 + 28] = { 0 };
	uint8_t *ip = f + 14, *icmp = f + 34, *quoted = f + 42;

	__builtin_memcpy(f, macs, 12);
	put16(f + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, sizeof(f) - 14);
	ip[8] = 64;
	ip[9] = 1;
	__builtin_memcpy(ip + 12, &(uint32_t){ SEG_FAR }, 4);
	__builtin_memcpy(ip + 16, &(uint32_t){ SEG_NEAR }, 4);
	checksum(ip, 20, ip + 10);
	icmp[0] = (uint8_t)type;
	icmp[1] = (uint8_t)code;
	put16(icmp + 6, mtu);
	quoted[0] = 0x45;
	put16(quoted + 2, 60);
	quoted[6] = 0x40;
	quoted[8] = 64;
	quoted[9] = 6;
	__builtin_memcpy(quoted + 12, &(uint32_t){ SEG_NEAR }, 4);
	__builtin_memcpy(quoted + 16, &(uint32_t){ SEG_FAR }, 4);
	checksum(quoted, 20, quoted + 10);
	put16(quoted + 20, w->near_port);
	put16(quoted + 22, SEG_PORT);
	put16(quoted + 24, seq >> 16);
	put16(quoted + 26, seq);
	checksum(icmp, sizeof(f) - 34, icmp + 2);
	assert_int_equal(core_wire_inject("wire0", f, sizeof(f), SEG_DELAY_NS), 0);
}

size_t talk_nseen(void)
{
	return w->nseen;
}

const struct segment *talk_last(void)
{
	assert_true(w->nseen > 0);
	return &w->seen[w->nseen - 1];
}

struct sock *talk_sk(long fd)
{
	struct socket *sock;
	struct sock *sk;
	int err = 0;

	sock = sockfd_lookup((int)fd, &err);
	assert_non_null(sock);
	sk = sock->sk;
	fput(sock->file);
	return sk;
}

long user_write(long fd, size_t n)
{
	return sys_write((unsigned int)fd, core_user_alloc(n), n);
}

long user_read(long fd, size_t n)
{
	return sys_read((unsigned int)fd, core_user_alloc(n), n);
}

long user_set(long fd, int level, int name, int value)
{
	int *v = core_user_alloc(sizeof(*v));

	*v = value;
	return sys_setsockopt((int)fd, level, name, (char *)v, sizeof(*v));
}

long user_get(long fd, int level, int name)
{
	int *v = core_user_alloc(2 * sizeof(*v));
	long err;

	v[1] = sizeof(*v);
	err = sys_getsockopt((int)fd, level, name, (char *)v, v + 1);
	return err ? err : v[0];
}

void counts(const char *name, long value)
{
	long n = core_counter(name);

	if (n != value)
		fail_msg("%s is %ld, not %ld", name, n, value);
}
