/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * setsockopt(2) and getsockopt(2), level by level: what each option accepts, what it refuses and
 * with which errno, and what the kernel makes of the value (doubling, rounding, clamping).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/time.h>
#include <linux/udp.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

/* One option: refused values, an accepted one, and what is read back. */
static void refuses(long fd, int level, int name, int value, int errno_)
{
	assert_int_equal(user_set(fd, level, name, value), -errno_);
}

static void keeps(long fd, int level, int name, int value, int shown)
{
	assert_int_equal(user_set(fd, level, name, value), 0);
	assert_int_equal(user_get(fd, level, name), shown);
}

static void tcp_level(void *arg)
{
	long fd = talk_socket();

	assert_int_equal(user_get(fd, SOL_TCP, TCP_MAXSEG), 536); /* before any connection */
	refuses(fd, SOL_TCP, TCP_MAXSEG, 87, EINVAL);
	refuses(fd, SOL_TCP, TCP_MAXSEG, 32768, EINVAL);
	keeps(fd, SOL_TCP, TCP_MAXSEG, 1000, 536);

	keeps(fd, SOL_TCP, TCP_NODELAY, 1, 1);
	keeps(fd, SOL_TCP, TCP_CORK, 1, 1);
	keeps(fd, SOL_TCP, TCP_CORK, 0, 0);
	keeps(fd, SOL_TCP, TCP_NODELAY, 0, 0);
	keeps(fd, SOL_TCP, TCP_CORK, 0, 0);

	assert_int_equal(user_get(fd, SOL_TCP, TCP_KEEPIDLE), 7200);
	assert_int_equal(user_get(fd, SOL_TCP, TCP_KEEPINTVL), 75);
	assert_int_equal(user_get(fd, SOL_TCP, TCP_KEEPCNT), 9);
	refuses(fd, SOL_TCP, TCP_KEEPIDLE, 0, EINVAL);
	refuses(fd, SOL_TCP, TCP_KEEPIDLE, 32768, EINVAL);
	keeps(fd, SOL_TCP, TCP_KEEPIDLE, 20, 20);
	refuses(fd, SOL_TCP, TCP_KEEPINTVL, 0, EINVAL);
	refuses(fd, SOL_TCP, TCP_KEEPINTVL, 32768, EINVAL);
	keeps(fd, SOL_TCP, TCP_KEEPINTVL, 5, 5);
	refuses(fd, SOL_TCP, TCP_KEEPCNT, 0, EINVAL);
	refuses(fd, SOL_TCP, TCP_KEEPCNT, 128, EINVAL);
	keeps(fd, SOL_TCP, TCP_KEEPCNT, 3, 3);

	/* Seconds become SYN-ACKs after 1, 3, 7, 15 ... seconds, and so they are read back. */
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, 0, 0);
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, 1, 1);
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, 4, 7);
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, 200, 247); /* the steps grow to 120 */
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, -1, 0);
	keeps(fd, SOL_TCP, TCP_DEFER_ACCEPT, 1000000, 127 + 248 * 120);
	refuses(fd, SOL_TCP, TCP_THIN_LINEAR_TIMEOUTS, 2, EINVAL);
	refuses(fd, SOL_TCP, TCP_THIN_DUPACK, -1, EINVAL);
	keeps(fd, SOL_TCP, TCP_THIN_LINEAR_TIMEOUTS, 1, 1);
	keeps(fd, SOL_TCP, TCP_THIN_DUPACK, 0, 0);
	assert_int_equal(tcp_sk(talk_sk(fd))->do_early_retrans, 1);
	keeps(fd, SOL_TCP, TCP_THIN_DUPACK, 1, 1);
	assert_int_equal(tcp_sk(talk_sk(fd))->do_early_retrans, 0);

	/* The sysctl's value shows until the socket has its own. */
	assert_int_equal(user_get(fd, SOL_TCP, TCP_SYNCNT), 6);
	refuses(fd, SOL_TCP, TCP_SYNCNT, 0, EINVAL);
	refuses(fd, SOL_TCP, TCP_SYNCNT, 128, EINVAL);
	keeps(fd, SOL_TCP, TCP_SYNCNT, 127, 127);

	assert_int_equal(user_get(fd, SOL_TCP, TCP_LINGER2), 60);
	keeps(fd, SOL_TCP, TCP_LINGER2, -5, -1);
	keeps(fd, SOL_TCP, TCP_LINGER2, 7, 7);
	keeps(fd, SOL_TCP, TCP_LINGER2, 61, 60); /* more than the sysctl allows: as if not set */

	keeps(fd, SOL_TCP, TCP_WINDOW_CLAMP, 1, SOCK_MIN_RCVBUF / 2);
	keeps(fd, SOL_TCP, TCP_WINDOW_CLAMP, 20000, 20000);
	keeps(fd, SOL_TCP, TCP_WINDOW_CLAMP, 0, 0);

	keeps(fd, SOL_TCP, TCP_QUICKACK, 0, 0);
	keeps(fd, SOL_TCP, TCP_QUICKACK, 1, 1);
	refuses(fd, SOL_TCP, TCP_USER_TIMEOUT, -1, EINVAL);
	keeps(fd, SOL_TCP, TCP_USER_TIMEOUT, 1500, 1500);
	keeps(fd, SOL_TCP, TCP_NOTSENT_LOWAT, 4096, 4096);

	refuses(fd, SOL_TCP, 99, 1, ENOPROTOOPT);
	assert_int_equal(user_get(fd, SOL_TCP, 99), -ENOPROTOOPT);
}

static void test_tcp_level(void **state)
{
	talk_run(tcp_level);
}

/* What only a connection can say or refuse. */
static void connected(void *arg)
{
	long fd = talk_connect();

	assert_int_equal(user_get(fd, SOL_TCP, TCP_MAXSEG), 1448); /* 1460 without the stamps */
	refuses(fd, SOL_TCP, TCP_WINDOW_CLAMP, 0, EINVAL);         /* the peer relies on it */

	/* TCP_QUICKACK sends what is owed; an even value then falls back to delaying. */
	talk_says(SEG_ACK, "data");
	talk_pass(2);
	user_set(fd, SOL_TCP, TCP_QUICKACK, 0);
	talk_says(SEG_ACK, "more");
	talk_pass(2);
	assert_int_equal(user_read(fd, 100), 8);
	assert_int_equal(talk_last()->ack, far.seq - 4);
	keeps(fd, SOL_TCP, TCP_QUICKACK, 2, 0);
	talk_pass(2);
	assert_int_equal(talk_last()->ack, far.seq);

	/* A running keepalive timer takes a new time at once. */
	keeps(fd, SOL_SOCKET, SO_KEEPALIVE, 1, 1);
	keeps(fd, SOL_TCP, TCP_KEEPIDLE, 1, 1);
	talk_pass(1100);
	assert_int_equal(talk_last()->seq, far.heard - 1);
	talk_pass(2000); /* longer ago than the new time: at once */
	keeps(fd, SOL_TCP, TCP_KEEPIDLE, 1, 1);
	keeps(fd, SOL_SOCKET, SO_KEEPALIVE, 0, 0);

	assert_int_equal(user_get(fd, SOL_IP, IP_MTU), 1500);
	far.acks = 2;
}

static void test_connected(void **state)
{
	talk_run(connected);
}

static void congestion(void *arg)
{
	char *name = core_user_alloc(16);
	int *len = core_user_alloc(sizeof(*len));
	long fd = talk_connect();

	*len = 16;
	assert_int_equal(sys_getsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, len), 0);
	assert_string_equal(name, "cubic");
	__builtin_memcpy(name, "reno", 5);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 4), 0);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 5), 0);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 0), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, (char *)8, 4), -EFAULT);
	__builtin_memcpy(name, "bbr9", 5);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 5), -ENOENT);
	*len = 3; /* cut */
	assert_int_equal(sys_getsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, len), 0);
	assert_int_equal(*len, 3);
	assert_memory_equal(name, "ren", 3);

	fd = talk_socket(); /* no connection yet: nothing to initialise */
	__builtin_memcpy(name, "reno", 5);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 5), 0);
	assert_ptr_equal(inet_csk(talk_sk(fd))->icsk_ca_ops, &tcp_reno);
	inet_csk(talk_sk(fd))->icsk_ca_dst_locked = 1; /* the route decides */
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_CONGESTION, name, 5), -EPERM);
	far.acks = 2;
}

/* TCP_CONGESTION takes a name: also in the middle of a connection. */
static void test_congestion(void **state)
{
	talk_run(congestion);
}

static void ip_level(void *arg)
{
	unsigned char *byte = core_user_alloc(1);
	unsigned char *opts = core_user_alloc(44);
	long fd = talk_socket();

	keeps(fd, SOL_IP, IP_TOS, 0x13, 0x10); /* the ECN bits are TCP's */
	keeps(fd, SOL_IP, IP_TOS, 0x10, 0x10);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_PRIORITY),
			 6); /* "delay": first in our queue */
	keeps(fd, SOL_IP, IP_TOS, 0x08, 0x08);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_PRIORITY), 2);
	keeps(fd, SOL_IP, IP_TOS, 0x1a, 0x18);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_PRIORITY), 4);
	keeps(fd, SOL_IP, IP_TOS, 0x04, 0x04);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_PRIORITY), 0);
	keeps(fd, SOL_IP, IP_MINTTL, 255, 255);
	refuses(fd, SOL_IP, IP_MINTTL, 256, EINVAL);
	refuses(fd, SOL_IP, IP_MINTTL, -1, EINVAL);
	keeps(fd, SOL_IP, IP_MINTTL, 0, 0);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_MINTTL, NULL, 0), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_FREEBIND, NULL, 0), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_TRANSPARENT, NULL, 0), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_TTL, NULL, 0), -EINVAL);
	assert_int_equal(user_get(fd, SOL_IP, IP_TTL), 64);
	refuses(fd, SOL_IP, IP_TTL, 0, EINVAL);
	refuses(fd, SOL_IP, IP_TTL, 256, EINVAL);
	keeps(fd, SOL_IP, IP_TTL, 7, 7);
	keeps(fd, SOL_IP, IP_TTL, -1, 64);
	*byte = 9; /* one byte does for an integer */
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_TTL, (char *)byte, 1), 0);
	assert_int_equal(user_get(fd, SOL_IP, IP_TTL), 9);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_TTL, (char *)8, 1), -EFAULT);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_TTL, (char *)8, 4), -EFAULT);
	refuses(fd, SOL_IP, IP_MTU_DISCOVER, -1, EINVAL);
	refuses(fd, SOL_IP, IP_MTU_DISCOVER, 6, EINVAL);
	keeps(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT, IP_PMTUDISC_DONT);
	keeps(fd, SOL_IP, IP_RECVERR, 1, 1);
	keeps(fd, SOL_IP, IP_RECVERR, 0, 0);
	keeps(fd, SOL_IP, IP_FREEBIND, 1, 1);
	keeps(fd, SOL_IP, IP_TRANSPARENT, 1, 1);
	keeps(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1, 1);
	assert_int_equal(user_get(fd, SOL_IP, IP_MTU), -ENOTCONN);
	refuses(fd, SOL_IP, 99, 1, ENOPROTOOPT);
	assert_int_equal(user_get(fd, SOL_IP, 99), -ENOPROTOOPT);
	refuses(fd, 77, 1, 1, ENOPROTOOPT);
	assert_int_equal(user_get(fd, 77, 1), -EOPNOTSUPP);

	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, (char *)opts, 41), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, (char *)8, 4), -EFAULT);
	opts[0] = 0x44; /* a time stamp option of impossible length */
	opts[1] = 1;
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, (char *)opts, 4), -EINVAL);
	opts[0] = opts[1] = opts[2] = opts[3] = 1;
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, (char *)opts, 4), 0);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ext_hdr_len, 4);
	assert_int_equal(sys_setsockopt((int)fd, SOL_IP, IP_OPTIONS, (char *)opts, 0), 0);
	assert_int_equal(inet_csk(talk_sk(fd))->icsk_ext_hdr_len, 0);
}

/* What is read back of @len bytes of room: how many were written, and the first int of them. */
static int room(long fd, int level, int name, int len, int *first)
{
	int *l = core_user_alloc(sizeof(*l)), *b = core_user_alloc(64);

	*l = len;
	assert_int_equal(sys_getsockopt((int)fd, level, name, (char *)b, l), 0);
	*first = *b;
	return *l;
}

/* The options of datagrams and of groups, and what else the program may know of IP. */
static void ip_rest(void *arg)
{
	static const int flags[] = { IP_PKTINFO, IP_RECVTTL, IP_RECVTOS,         IP_RECVOPTS,
				     IP_RETOPTS, IP_PASSSEC, IP_RECVORIGDSTADDR, IP_CHECKSUM };
	long tcp = talk_socket(), udp = sys_socket(AF_INET, SOCK_DGRAM, 0);
	uint8_t *b = core_user_alloc(64);
	int first;
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		assert_int_equal(user_get(udp, SOL_IP, flags[i]), 0);
		keeps(udp, SOL_IP, flags[i], 7, 1);
		keeps(tcp, SOL_IP, flags[i], 1, 1);
		keeps(udp, SOL_IP, flags[i], 0, 0);
	}
	assert_int_equal(user_get(udp, SOL_IP, IP_MULTICAST_TTL), 1);
	keeps(udp, SOL_IP, IP_MULTICAST_TTL, 9, 9);
	keeps(udp, SOL_IP, IP_MULTICAST_TTL, -1, 1);
	refuses(udp, SOL_IP, IP_MULTICAST_TTL, 256, EINVAL);
	refuses(tcp, SOL_IP, IP_MULTICAST_TTL, 1, EINVAL);
	keeps(tcp, SOL_IP, IP_MULTICAST_LOOP, 0, 0);
	keeps(udp, SOL_IP, IP_MULTICAST_ALL, 0, 0);
	refuses(udp, SOL_IP, IP_MULTICAST_ALL, 2, EINVAL);
	refuses(tcp, SOL_IP, IP_NODEFRAG, 1, ENOPROTOOPT);
	refuses(tcp, SOL_IP, IP_ROUTER_ALERT, 1, EINVAL);
	keeps(udp, SOL_IP, IP_UNICAST_IF, 0x01000000, 0x01000000); /* 1, in network byte order */
	refuses(udp, SOL_IP, IP_UNICAST_IF, 0x63000000, EADDRNOTAVAIL);
	refuses(tcp, SOL_IP, IP_MULTICAST_IF, 0, EINVAL);
	refuses(udp, SOL_IP, IP_MULTICAST_IF, 0x09080706, EADDRNOTAVAIL);
	keeps(udp, SOL_IP, IP_MULTICAST_IF, 0x0100007f, 0x0100007f);
	keeps(udp, SOL_IP, IP_MULTICAST_IF, 0, 0);

	/* whose room is no int's gets a byte, if the value is one */
	assert_int_equal(room(tcp, SOL_IP, IP_TTL, 3, &first), 1);
	assert_int_equal(first, 64);
	assert_int_equal(room(udp, SOL_IP, IP_UNICAST_IF, 3, &first), 3);
	assert_int_equal(room(tcp, SOL_IP, IP_TTL, 0, &first), 0);

	/* IP options come back as they were given, though their pointers have moved meanwhile */
	assert_int_equal(room(tcp, SOL_IP, IP_OPTIONS, 40, &first), 0);
	memcpy(b, "\x83\x0b\x04\x0a\x09\x00\x02\x0a\x0a\x00\x01\x07\x07\x04\0\0\0\0", 18);
	assert_int_equal(sys_setsockopt((int)tcp, SOL_IP, IP_OPTIONS, (char *)b, 18), 0);
	{
		int *l = core_user_alloc(sizeof(*l));
		uint8_t *got = core_user_alloc(64);

		*l = 40;
		assert_int_equal(sys_getsockopt((int)tcp, SOL_IP, IP_OPTIONS, (char *)got, l), 0);
		assert_int_equal(*l, 20);
		assert_memory_equal(got, b, 18);
		memcpy(b, "\x44\x0c\x05\x01\0\0\0\0\0\0\0\0", 12);
		assert_int_equal(sys_setsockopt((int)tcp, SOL_IP, IP_OPTIONS, (char *)b, 12), 0);
		*l = 40;
		assert_int_equal(sys_getsockopt((int)tcp, SOL_IP, IP_OPTIONS, (char *)got, l), 0);
		assert_int_equal(*l, 12);
		assert_memory_equal(got, b, 12);
	}
}

static void test_ip_rest(void **state)
{
	(void)state;
	talk_run(ip_rest);
}

/* Options that are kept and change nothing here, and those of protocols beside TCP. */
static void rest(void *arg)
{
	static const int flags[] = { SO_DEBUG, SO_NO_CHECK, SO_PASSCRED, SO_PASSSEC, SO_RXQ_OVFL };
	long tcp = talk_socket(), udp = sys_socket(AF_INET, SOCK_DGRAM, 0);
	long icmp = sys_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	long raw = sys_socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
	size_t i;
	int first;

	(void)arg;
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		assert_int_equal(user_get(tcp, SOL_SOCKET, flags[i]), 0);
		keeps(tcp, SOL_SOCKET, flags[i], 5, 1);
		keeps(tcp, SOL_SOCKET, flags[i], 0, 0);
	}
	keeps(tcp, SOL_SOCKET, SO_BSDCOMPAT, 1, 0);
	assert_int_equal(user_get(tcp, SOL_SOCKET, SO_INCOMING_CPU), -1);
	keeps(tcp, SOL_SOCKET, SO_INCOMING_CPU, 3, 3);

	keeps(tcp, SOL_TCP, TCP_FASTOPEN, 5, 5);
	keeps(tcp, SOL_TCP, TCP_FASTOPEN, 1000, 128); /* no more than somaxconn */
	refuses(tcp, SOL_TCP, TCP_FASTOPEN, -1, EINVAL);
	assert_int_equal(room(tcp, SOL_TCP, TCP_CC_INFO, 16, &first), 0);
	assert_int_equal(room(tcp, SOL_TCP, TCP_SAVED_SYN, 16, &first), 0);

	keeps(udp, SOL_UDP, UDP_CORK, 0, 0);
	refuses(udp, SOL_UDP, UDP_CORK, 1, ENOPROTOOPT);
	assert_int_equal(user_get(udp, SOL_UDP, 99), -ENOPROTOOPT);
	assert_int_equal(user_get(tcp, SOL_UDP, UDP_CORK), -EOPNOTSUPP);
	keeps(icmp, SOL_RAW, ICMP_FILTER, 0x101, 0x101);
	refuses(raw, SOL_RAW, ICMP_FILTER, 1, EOPNOTSUPP);
	refuses(icmp, SOL_RAW, 2, 1, ENOPROTOOPT);
	assert_int_equal(user_get(raw, SOL_RAW, ICMP_FILTER), -EOPNOTSUPP);
}

static void test_rest(void **state)
{
	(void)state;
	talk_run(rest);
}

static void test_ip_level(void **state)
{
	talk_run(ip_level);
}

static void socket_level(void *arg)
{
	static const int flags[] = { SO_REUSEADDR, SO_REUSEPORT, SO_DONTROUTE,
				     SO_BROADCAST, SO_KEEPALIVE, SO_OOBINLINE };
	long fd = talk_socket();
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		keeps(fd, SOL_SOCKET, flags[i], 5, 1); /* any value but 0 is "on" */
		keeps(fd, SOL_SOCKET, flags[i], 0, 0);
	}
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_SNDBUF), 16384);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_RCVBUF), 87380);
	keeps(fd, SOL_SOCKET, SO_SNDBUF, 10000, 20000); /* the kernel doubles */
	keeps(fd, SOL_SOCKET, SO_RCVBUF, 10000, 20000);
	keeps(fd, SOL_SOCKET, SO_SNDBUF, 1, SOCK_MIN_SNDBUF);
	keeps(fd, SOL_SOCKET, SO_RCVBUF, 1, SOCK_MIN_RCVBUF);
	keeps(fd, SOL_SOCKET, SO_SNDBUF, 1 << 20, 425984); /* twice wmem_max */
	assert_int_equal(user_set(fd, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 20), 0);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_SNDBUF), 2 << 20);
	assert_int_equal(user_set(fd, SOL_SOCKET, SO_RCVBUFFORCE, 1 << 20), 0);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_RCVBUF), 2 << 20);
	keeps(fd, SOL_SOCKET, SO_PRIORITY, 6, 6);
	keeps(fd, SOL_SOCKET, SO_RCVLOWAT, 100, 100);
	keeps(fd, SOL_SOCKET, SO_RCVLOWAT, 0, 1);
	keeps(fd, SOL_SOCKET, SO_RCVLOWAT, -1, 0x7fffffff);
	keeps(fd, SOL_SOCKET, SO_MARK, 12, 12);
	keeps(fd, SOL_SOCKET, SO_MAX_PACING_RATE, 5000, 5000);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_SNDLOWAT), 1);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), 0);
	refuses(fd, SOL_SOCKET, 999, 1, ENOPROTOOPT);
	assert_int_equal(user_get(fd, SOL_SOCKET, 999), -ENOPROTOOPT);
}

static void test_socket_level(void **state)
{
	talk_run(socket_level);
}

static void times_and_linger(void *arg)
{
	struct timeval *tv = core_user_alloc(sizeof(*tv));
	struct linger *ling = core_user_alloc(sizeof(*ling));
	int *len = core_user_alloc(sizeof(*len));
	long fd = talk_socket();
	struct sock *sk = talk_sk(fd);

	tv->tv_sec = 1;
	tv->tv_usec = 500;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_SNDTIMEO, (char *)tv, sizeof(*tv)), 0);
	assert_int_equal(sk->sk_sndtimeo, 1001); /* rounded up to a jiffy */
	*len = sizeof(*tv);
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_SNDTIMEO, (char *)tv, len), 0);
	assert_int_equal(tv->tv_usec, 1000);
	tv->tv_sec = -1; /* no waiting at all */
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, sizeof(*tv)), 0);
	assert_int_equal(sk->sk_rcvtimeo, 0);
	tv->tv_sec = tv->tv_usec = 0; /* no limit */
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, sizeof(*tv)), 0);
	assert_int_equal(sk->sk_rcvtimeo, MAX_SCHEDULE_TIMEOUT);
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, len), 0);
	assert_int_equal(tv->tv_sec, 0);
	tv->tv_sec = 0x7fffffffffffffff; /* beyond all jiffies: no limit either */
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, sizeof(*tv)), 0);
	assert_int_equal(sk->sk_rcvtimeo, MAX_SCHEDULE_TIMEOUT);
	tv->tv_usec = 1000000;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, sizeof(*tv)), -EDOM);
	tv->tv_usec = -1;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, sizeof(*tv)), -EDOM);
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_RCVTIMEO, (char *)tv, 8), -EINVAL);

	ling->l_onoff = 1;
	ling->l_linger = 3;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_LINGER, (char *)ling, sizeof(*ling)), 0);
	*len = sizeof(*ling);
	ling->l_linger = 0;
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_LINGER, (char *)ling, len), 0);
	assert_int_equal(ling->l_linger, 3);
	ling->l_onoff = 0;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_LINGER, (char *)ling, sizeof(*ling)), 0);
	assert_false(sock_flag(sk, SOCK_LINGER));
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_LINGER, (char *)ling, 4), -EINVAL);
}

/* Options that are structures: too short is EINVAL, impossible microseconds EDOM. */
static void test_times_and_linger(void **state)
{
	talk_run(times_and_linger);
}

static void device(void *arg)
{
	char *name = core_user_alloc(32);
	long fd = talk_socket();
	char *told = core_user_alloc(16);
	int *len = core_user_alloc(sizeof(*len));

	__builtin_memcpy(name, "wire0", 6);
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_BINDTODEVICE, name, 32), 0);
	assert_true(talk_sk(fd)->sk_bound_dev_if > 1);
	*len = 15;
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_BINDTODEVICE, told, len), -EINVAL);
	*len = 16;
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_BINDTODEVICE, (char *)8, len), -EFAULT);
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_BINDTODEVICE, told, len), 0);
	assert_int_equal(*len, 6);
	assert_string_equal(told, "wire0");
	__builtin_memcpy(name, "eth77", 6);
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_BINDTODEVICE, name, 6), -ENODEV);
	name[0] = 0;
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_BINDTODEVICE, name, 1), 0);
	assert_int_equal(talk_sk(fd)->sk_bound_dev_if, 0);
	assert_int_equal(sys_getsockopt((int)fd, 1, SO_BINDTODEVICE, told, len), 0);
	assert_int_equal(*len, 0);
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_BINDTODEVICE, name, -1), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, 1, SO_BINDTODEVICE, (char *)8, 4), -EFAULT);
}

static void test_device(void **state)
{
	talk_run(device);
}

static void bad_memory(void *arg)
{
	static const int levels[] = { SOL_SOCKET, SOL_IP, SOL_TCP };
	static const int names[] = { SO_SNDBUF, IP_TTL, TCP_NODELAY };
	int *v = core_user_alloc(2 * sizeof(*v));
	long fd = talk_socket();
	char *bad = (char *)8;
	int i;

	for (i = 0; i < 3; i++) {
		int l = levels[i], n = names[i], f = (int)fd;

		assert_int_equal(sys_setsockopt(f, l, n, bad, 4), -EFAULT);
		assert_int_equal(sys_getsockopt(f, l, n, (char *)v, (int *)bad), -EFAULT);
		v[1] = 4;
		assert_int_equal(sys_getsockopt(f, l, n, bad, v + 1), -EFAULT);
		v[1] = -1;
		assert_int_equal(sys_getsockopt(f, l, n, (char *)v, v + 1), -EINVAL);
		assert_int_equal(sys_setsockopt(f, l, n, (char *)v, -1), -EINVAL);
		v[1] = 1; /* cut to one byte */
		v[0] = -1;
		assert_int_equal(sys_getsockopt(f, l, n, (char *)v, v + 1), 0);
		assert_int_equal(v[1], 1);
	}
	assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_SNDBUF, (char *)v, 3), -EINVAL);
	assert_int_equal(sys_setsockopt((int)fd, SOL_TCP, TCP_NODELAY, (char *)v, 3), -EINVAL);
	assert_int_equal(sys_setsockopt(99, SOL_TCP, TCP_NODELAY, (char *)v, 4), -EBADF);
	assert_int_equal(sys_getsockopt(99, SOL_TCP, TCP_NODELAY, (char *)v, v + 1), -EBADF);
}

/* Pointers that lead nowhere, lengths that are none. */
static void test_bad_memory(void **state)
{
	talk_run(bad_memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_tcp_level, setup),
		cmocka_unit_test_setup(test_connected, setup),
		cmocka_unit_test_setup(test_congestion, setup),
		cmocka_unit_test_setup(test_ip_level, setup),
		cmocka_unit_test_setup(test_ip_rest, setup),
		cmocka_unit_test_setup(test_rest, setup),
		cmocka_unit_test_setup(test_socket_level, setup),
		cmocka_unit_test_setup(test_times_and_linger, setup),
		cmocka_unit_test_setup(test_device, setup),
		cmocka_unit_test_setup(test_bad_memory, setup),
	};

	return cmocka_run_group_tests_name("sockopt", tests, NULL, NULL);
}
