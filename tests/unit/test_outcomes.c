/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * How one connect(2) ends in circumstances that nobody has recorded, and what the socket then says of
 * itself: what v4.9's code says. The recorded ones are in tests/oracle/test_errno.c; this is the same
 * network.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/lib/peer.h"

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/string.h>
#include <linux/time.h>
#include <net/tcp.h>

#define LO        PEER_IP(127, 0, 0, 1)
#define ROUTED    PEER_IP(198, 51, 100, 1)
#define BROADCAST PEER_IP(10, 9, 0, 255)
#define MCAST     PEER_IP(224, 1, 1, 1)
#define MS        1000000ull
#define AF_INET6  10
#define RTN_THROW 9

struct row {
	const char *what;
	uint32_t be_far; /* whom to connect to */
	uint16_t port;   /* 0: 5000 */
	int port_0;      /* 1: really port 0 */
	int type, proto; /* of the socket; 0: stream */
	int family;      /* 0: AF_INET; -1: AF_UNSPEC */
	int len;         /* 0: 16; -1: 0 */
	const char *sysctl[2];
	int bind; /* 1: bind(2) to the next two */
	uint32_t be_bind;
	uint16_t bind_port;
	long bind_says;
	uint32_t be_gone; /* an address taken away after bind(2) */
	struct {
		int level, name, val;
	} opt;
	const char *device, *down;
	uint32_t be_gateway; /* of a default route */
	int route_type;      /* of a route to 198.51.100.0/24 */
	struct core_filter filter;
	int icmp, code; /* what answers the SYN */
	long says;
	int err;   /* SO_ERROR after it */
	int state; /* after it; 0: TCP_CLOSE */
	int ms;    /* how long it took; 0: less than 100 */
};

#define REFUSED .port = 6000, .says = -ECONNREFUSED
#define ICMP(type, code_, errno_)                                                            \
	.be_far = PEER_VETH, .opt = { SOL_TCP, TCP_SYNCNT, 1 }, .icmp = type, .code = code_, \
	.says = errno_
#define REJECT(code_, errno_)                                   \
	.be_far = PEER_VETH, .opt = { SOL_TCP, TCP_SYNCNT, 1 }, \
	.filter = { .output = 1, .proto = IPPROTO_TCP, .reject = 1 + (code_) }, .says = errno_

static const struct row rows[] = {
	/* ---- lengths and families */
	{ .what = "length 1", .be_far = PEER_VETH, .len = 1, .says = -EINVAL },
	{ .what = "length 15", .be_far = PEER_VETH, .len = 15, .says = -EINVAL },
	{ .what = "length 17", .be_far = PEER_VETH, .len = 17, .state = TCP_ESTABLISHED },
	{ .what = "length below 0", .be_far = PEER_VETH, .len = -2, .says = -EINVAL },
	{ .what = "AF_UNSPEC, length 2, new socket", .family = -1, .len = 2 },
	{ .what = "AF_UNSPEC, length 16, new socket", .family = -1 },
	{ .what = "AF_UNSPEC, length 0", .family = -1, .len = -1, .says = -EINVAL },
	{ .what = "AF_INET6", .be_far = PEER_VETH, .family = AF_INET6, .says = -EAFNOSUPPORT },
	{ .what = "the length comes before the family",
	  .be_far = PEER_VETH,
	  .family = AF_INET6,
	  .len = 8,
	  .says = -EINVAL },
	{ .what = "UDP, length 1",
	  .be_far = PEER_VETH,
	  .type = SOCK_DGRAM,
	  .len = 1,
	  .says = -EINVAL },
	{ .what = "UDP, length 128", .be_far = PEER_VETH, .type = SOCK_DGRAM, .len = 128 },
	{ .what = "UDP, AF_UNSPEC, length 1",
	  .type = SOCK_DGRAM,
	  .family = -1,
	  .len = 1,
	  .says = -EINVAL },
	{ .what = "raw", .be_far = PEER_VETH, .type = SOCK_RAW, .proto = IPPROTO_ICMP },
	{ .what = "raw, length 8",
	  .be_far = PEER_VETH,
	  .type = SOCK_RAW,
	  .proto = IPPROTO_ICMP,
	  .len = 8,
	  .says = -EINVAL },
	{ .what = "raw, another family",
	  .be_far = PEER_VETH,
	  .type = SOCK_RAW,
	  .proto = IPPROTO_ICMP,
	  .family = AF_INET6,
	  .says = -EAFNOSUPPORT },

	/* ---- destinations */
	{ .what = "port 0 is a port like any other",
	  .be_far = PEER_VETH,
	  .port_0 = 1,
	  .says = -ECONNREFUSED },
	{ .what = "0.0.0.0 is this host", .be_far = 0, REFUSED },
	{ .what = "127.9.9.9 is, too", .be_far = PEER_IP(127, 9, 9, 9), REFUSED },
	{ .what = "and our own address", .be_far = PEER_NEAR, REFUSED },
	{ .what = "the net's broadcast", .be_far = BROADCAST, .says = -ENETUNREACH },
	{ .what = "the net's number", .be_far = PEER_IP(10, 9, 0, 0), .says = -ENETUNREACH },
	{ .what = "the net's broadcast, allowed: not by TCP",
	  .be_far = BROADCAST,
	  .opt = { SOL_SOCKET, SO_BROADCAST, 1 },
	  .says = -ENETUNREACH },
	{ .what = "a group without a route", .be_far = MCAST, .says = -ENETUNREACH },
	{ .what = "nobody's net", .be_far = ROUTED, .says = -ENETUNREACH },
	{ .what = "beyond a gateway, but SO_DONTROUTE",
	  .be_far = ROUTED,
	  .be_gateway = PEER_VETH,
	  .opt = { SOL_SOCKET, SO_DONTROUTE, 1 },
	  .says = -ENETUNREACH },
	{ .what = "on the link, SO_DONTROUTE",
	  .be_far = PEER_VETH,
	  .opt = { SOL_SOCKET, SO_DONTROUTE, 1 },
	  .state = TCP_ESTABLISHED },
	{ .what = "an unreachable route",
	  .be_far = ROUTED,
	  .route_type = 7,
	  .says = -EHOSTUNREACH },
	{ .what = "a prohibiting route", .be_far = ROUTED, .route_type = 8, .says = -EACCES },
	{ .what = "a route that says look elsewhere",
	  .be_far = ROUTED,
	  .route_type = RTN_THROW,
	  .says = -ENETUNREACH },
	{ .what = "a thrown route hides the default route of its table",
	  .be_far = ROUTED,
	  .route_type = RTN_THROW,
	  .be_gateway = PEER_VETH,
	  .says = -ENETUNREACH },
	{ .what = "UDP, an unreachable route",
	  .be_far = ROUTED,
	  .type = SOCK_DGRAM,
	  .route_type = 7,
	  .says = -EHOSTUNREACH },
	{ .what = "UDP, a prohibiting route",
	  .be_far = ROUTED,
	  .type = SOCK_DGRAM,
	  .route_type = 8,
	  .says = -EACCES },
	{ .what = "UDP, a broadcast, allowed",
	  .be_far = BROADCAST,
	  .type = SOCK_DGRAM,
	  .opt = { SOL_SOCKET, SO_BROADCAST, 1 } },
	{ .what = "UDP, the broadcast of all nets with a default route",
	  .be_far = 0xffffffff,
	  .type = SOCK_DGRAM,
	  .be_gateway = PEER_VETH,
	  .says = -EACCES },
	{ .what = "UDP, a group with a default route",
	  .be_far = MCAST,
	  .type = SOCK_DGRAM,
	  .be_gateway = PEER_VETH },
	{ .what = "nobody answers ARP", .be_far = PEER_NOARP, .says = -EHOSTUNREACH, .ms = 3000 },
	{ .what = "nobody answers, one repeat",
	  .be_far = PEER_SILENT,
	  .opt = { SOL_TCP, TCP_SYNCNT, 1 },
	  .says = -ETIMEDOUT,
	  .ms = 3000 },
	{ .what = "one repeat, by the namespace",
	  .be_far = PEER_SILENT,
	  .sysctl = { "net.ipv4.tcp_syn_retries", "1" },
	  .says = -ETIMEDOUT,
	  .ms = 3000 },
	{ .what = "the socket's count beats the namespace's",
	  .be_far = PEER_SILENT,
	  .sysctl = { "net.ipv4.tcp_syn_retries", "1" },
	  .opt = { SOL_TCP, TCP_SYNCNT, 2 },
	  .says = -ETIMEDOUT,
	  .ms = 7000 },

	/* ---- sources */
	{ .what = "bound to the loopback address, to elsewhere",
	  .be_far = PEER_VETH,
	  .bind = 1,
	  .be_bind = LO,
	  .says = -EINVAL },
	{ .what = "bound to the other device's address",
	  .be_far = PEER_VETH,
	  .bind = 1,
	  .be_bind = PEER_IP(10, 8, 0, 1),
	  .state = TCP_ESTABLISHED },
	{ .what = "bound to an address that has gone since",
	  .be_far = PEER_VETH,
	  .bind = 1,
	  .be_bind = PEER_IP(10, 8, 0, 1),
	  .be_gone = PEER_IP(10, 8, 0, 1),
	  .says = -EINVAL },
	{ .what = "bind(2) to somebody else's address",
	  .be_far = PEER_VETH,
	  .bind = 1,
	  .be_bind = PEER_VETH,
	  .bind_says = -EADDRNOTAVAIL,
	  .state = TCP_ESTABLISHED },
	{ .what = "bind(2) to a broadcast address: good for receiving, so the route's is used",
	  .be_far = PEER_VETH,
	  .bind = 1,
	  .be_bind = BROADCAST,
	  .bind_port = 4000,
	  .state = TCP_ESTABLISHED },
	{ .what = "bound to our address, to ourselves: the port is ours, and open to a SYN of our own",
	  .be_far = PEER_NEAR,
	  .port = 4000,
	  .bind = 1,
	  .be_bind = PEER_NEAR,
	  .bind_port = 4000,
	  .state = TCP_ESTABLISHED },
	{ .what = "IP_FREEBIND binds anything, but no route begins there",
	  .be_far = PEER_VETH,
	  .opt = { SOL_IP, IP_FREEBIND, 1 },
	  .bind = 1,
	  .be_bind = ROUTED,
	  .says = -EINVAL },
	{ .what = "ip_nonlocal_bind neither",
	  .be_far = PEER_VETH,
	  .sysctl = { "net.ipv4.ip_nonlocal_bind", "1" },
	  .bind = 1,
	  .be_bind = ROUTED,
	  .says = -EINVAL },
	{ .what = "IP_TRANSPARENT: the SYN leaves, the answer is for somebody else",
	  .be_far = PEER_VETH,
	  .sysctl = { "net.ipv4.tcp_syn_retries", "1" },
	  .opt = { SOL_IP, IP_TRANSPARENT, 1 },
	  .bind = 1,
	  .be_bind = ROUTED,
	  .says = -ETIMEDOUT,
	  .ms = 3000 },
	{ .what = "the device is down", .be_far = PEER_WIRE, .down = "wire", .says = -ENETUNREACH },
	{ .what = "bound to a device that is down",
	  .be_far = PEER_VETH,
	  .device = "wire",
	  .down = "wire",
	  .says = -ENETUNREACH },
	{ .what = "bound to a device, and nobody answers ARP: our own ICMP about it comes by lo, which "
		  "is another device, and does not find the socket",
	  .be_far = PEER_NOARP,
	  .device = "cv",
	  .says = -ETIMEDOUT,
	  .ms = 127000 },

	/* ---- ICMP answers the SYN: soft errors end a connect, too, if the socket is not in use */
	{ .what = "host unreachable", ICMP(3, 1, -EHOSTUNREACH) },
	{ .what = "protocol unreachable", ICMP(3, 2, -ENOPROTOOPT) },
	{ .what = "port unreachable", ICMP(3, 3, -ECONNREFUSED) },
	{ .what = "net unknown", ICMP(3, 6, -ENETUNREACH) },
	{ .what = "host isolated", ICMP(3, 8, -ENONET) },
	{ .what = "net prohibited", ICMP(3, 9, -ENETUNREACH) },
	{ .what = "host unreachable for TOS", ICMP(3, 12, -EHOSTUNREACH) },
	{ .what = "precedence cut-off", ICMP(3, 15, -EHOSTUNREACH) },
	{ .what = "reassembly time exceeded", ICMP(11, 1, -EHOSTUNREACH) },
	{ .what = "parameter problem", ICMP(12, 0, -EPROTO) },
	{ .what = "a redirect is no error", ICMP(5, 1, -ETIMEDOUT), .ms = 3000 },
	{ .what = "an unknown type is none either", ICMP(42, 0, -ETIMEDOUT), .ms = 3000 },

	/* ---- our own filter: within the call, so a soft error, and the second one ends it */
	{ .what = "rejected, port unreachable",
	  REJECT(3, -ECONNREFUSED),
	  .err = ECONNREFUSED,
	  .ms = 1000 },
	{ .what = "rejected, protocol unreachable",
	  REJECT(2, -ENOPROTOOPT),
	  .err = ENOPROTOOPT,
	  .ms = 1000 },
	{ .what = "rejected, host unreachable",
	  REJECT(1, -EHOSTUNREACH),
	  .err = EHOSTUNREACH,
	  .ms = 1000 },
	{ .what = "rejected, net prohibited",
	  REJECT(9, -ENETUNREACH),
	  .err = ENETUNREACH,
	  .ms = 1000 },
	{ .what = "the answers are dropped",
	  .be_far = PEER_VETH,
	  .opt = { SOL_TCP, TCP_SYNCNT, 1 },
	  .filter = { .output = 0, .drop = 1 },
	  .says = -ETIMEDOUT,
	  .ms = 3000 },
};

static struct peer *net;

static struct sockaddr *address(uint32_t be, uint16_t port)
{
	struct sockaddr_in *a = core_user_alloc(128);

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = be;
	a->sin_port = htons(port);
	return (struct sockaddr *)a;
}

static long get_int(long fd, int level, int name)
{
	int *val = core_user_alloc(2 * sizeof(*val));

	val[1] = sizeof(*val);
	assert_int_equal(sys_getsockopt((int)fd, level, name, (char *)val, &val[1]), 0);
	return val[0];
}

static void check(const struct row *r, const char *what, long ours, long want)
{
	if (ours != want)
		fail_msg("%s: %s is %ld, expected %ld", r->what, what, ours, want);
}

static void set_up_socket(const struct row *r, long fd)
{
	char *val = core_user_alloc(16);

	if (r->opt.name) {
		memcpy(val, &r->opt.val, sizeof(int));
		assert_int_equal(sys_setsockopt((int)fd, r->opt.level, r->opt.name, val, 4), 0);
	}
	if (r->device) {
		memcpy(val, r->device, strlen(r->device) + 1);
		assert_int_equal(sys_setsockopt((int)fd, SOL_SOCKET, SO_BINDTODEVICE, val, 16), 0);
	}
	if (r->bind)
		check(r, "bind(2)", sys_bind((int)fd, address(r->be_bind, r->bind_port), 16),
		      r->bind_says);
	if (r->be_gone)
		assert_int_equal(core_addr_del("wire", r->be_gone, 24), 0);
	if (r->down)
		assert_int_equal(core_link_set(r->down, 0), 0);
}

static void connects(void *arg)
{
	const struct row *r = arg;
	long fd = sys_socket(AF_INET, r->type ? r->type : SOCK_STREAM, r->proto);
	struct sockaddr *to = address(r->be_far, r->port_0 ? 0 : r->port ? r->port : 5000);
	uint64_t began;
	long took;

	assert_true(fd >= 0);
	set_up_socket(r, fd);
	if (r->family)
		to->sa_family = r->family < 0 ? AF_UNSPEC : (uint16_t)r->family;
	began = *core_clock();
	check(r, "connect(2)",
	      sys_connect((int)fd, to,
			  r->len == -1 ? 0 :
			  r->len       ? r->len :
					 16),
	      r->says);
	took = (long)((*core_clock() - began) / MS);
	if (r->ms ? took < r->ms || took > r->ms + 50 : took > 100)
		fail_msg("%s: it took %ld ms, expected %d", r->what, took, r->ms);
	check(r, "SO_ERROR", get_int(fd, SOL_SOCKET, SO_ERROR), r->err);
	if (!r->type)
		check(r, "tcpi_state", get_int(fd, SOL_TCP, TCP_INFO) & 0xff,
		      r->state ? r->state : TCP_CLOSE);
}

static void set_up(const struct row *r)
{
	struct core_route route = { .be_dst = PEER_IP(198, 51, 100, 0),
				    .prefixlen = 24,
				    .type = r->route_type };

	if (r->sysctl[0])
		assert_int_equal(core_sysctl(r->sysctl[0], r->sysctl[1]), 0);
	if (r->be_gateway)
		assert_int_equal(core_route_add(0, 0, r->be_gateway, NULL), 0);
	if (r->route_type)
		assert_int_equal(core_route_add_full(&route), 0);
	if (r->filter.drop || r->filter.reject)
		assert_int_equal(core_filter_append(&r->filter), 0);
	net->icmp = r->icmp;
	net->icmp_code = r->code;
}

static void test_outcomes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		net = peer_boot(i + 1);
		set_up(&rows[i]);
		peer_run(connects, (void *)&rows[i]);
		peer_end();
	}
}

/* ---------------------------------------------------------------- one call after another */

static long stream(int flags)
{
	return sys_socket(AF_INET, SOCK_STREAM | flags, 0);
}

static long to(long fd, uint32_t be, uint16_t port)
{
	return sys_connect((int)fd, address(be, port), 16);
}

static long to_nobody(long fd)
{
	struct sockaddr *a = address(0, 0);

	a->sa_family = AF_UNSPEC;
	return sys_connect((int)fd, a, 16);
}

/* The name is @be and a port; @port -1: some port, -2: none may be known. */
static void named(long fd, int peer, long says, uint32_t be, int port)
{
	struct sockaddr_in *a = core_user_alloc(16);
	int *len = core_user_alloc(sizeof(*len));

	*len = 16;
	assert_int_equal(peer ? sys_getpeername((int)fd, (struct sockaddr *)a, len) :
				sys_getsockname((int)fd, (struct sockaddr *)a, len),
			 says);
	if (says)
		return;
	assert_int_equal(a->sin_addr.s_addr, be);
	if (port < 0)
		assert_true(ntohs(a->sin_port) >= 32768);
	else
		assert_int_equal(ntohs(a->sin_port), port);
}

static long error_of(long fd)
{
	return get_int(fd, SOL_SOCKET, SO_ERROR);
}

static void passes(unsigned int ms)
{
	sys_nanosleep(ms * MS);
}

/* A socket whose connect failed can connect again, and has forgotten the peer, not its old port. */
static void after_failure(void *arg)
{
	long fd = stream(0);

	assert_int_equal(to(fd, ROUTED, 80), -ENETUNREACH);
	named(fd, 0, 0, 0, 0);
	named(fd, 1, -ENOTCONN, 0, 0);
	assert_int_equal(to(fd, PEER_VETH, 6000), -ECONNREFUSED);
	named(fd, 0, 0, 0, -1);
	named(fd, 1, -ENOTCONN, 0, 0);
	assert_int_equal(error_of(fd), 0);
	assert_int_equal(to(fd, PEER_VETH, 5000), 0);
	named(fd, 0, 0, PEER_NEAR, -1);
	named(fd, 1, 0, PEER_VETH, 5000);

	/* what bind(2) chose stays */
	fd = stream(0);
	sys_bind((int)fd, address(PEER_NEAR, 4100), 16);
	assert_int_equal(to(fd, PEER_VETH, 6000), -ECONNREFUSED);
	named(fd, 0, 0, PEER_NEAR, 4100);
	assert_int_equal(to(fd, PEER_VETH, 5000), 0);
	named(fd, 0, 0, PEER_NEAR, 4100);
	assert_int_equal(to_nobody(fd), 0);
	named(fd, 0, 0, PEER_NEAR, 4100);
	assert_int_equal(error_of(fd), ECONNRESET);
	assert_int_equal(to(fd, PEER_VETH, 5001), 0);
}

/* SO_SNDTIMEO ends the wait, not the connect; each call waits anew. */
static void time_limit(void *arg)
{
	struct timeval *tv = core_user_alloc(sizeof(*tv));
	long fd = stream(0);
	int *one = core_user_alloc(sizeof(*one));
	uint64_t began = *core_clock();

	tv->tv_usec = 300000;
	*one = 1;
	sys_setsockopt((int)fd, SOL_SOCKET, SO_SNDTIMEO, (char *)tv, sizeof(*tv));
	sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)one, sizeof(*one));
	assert_int_equal(to(fd, PEER_SILENT, 5000), -EINPROGRESS);
	assert_int_equal((*core_clock() - began) / MS, 300);
	assert_int_equal(to(fd, PEER_SILENT, 5000), -EALREADY);
	assert_int_equal((*core_clock() - began) / MS, 600);
	assert_int_equal(error_of(fd), 0);
	named(fd, 1, -ENOTCONN, 0, 0);
	passes(3000);
	assert_int_equal(to(fd, PEER_SILENT, 5000), -ETIMEDOUT);
	assert_int_equal(to(fd, PEER_VETH, 5000), 0);
}

/* shutdown(2) in the middle, and after the end that nobody has asked for yet. */
static void shut_down(void *arg)
{
	long fd = stream(SOCK_NONBLOCK);

	assert_int_equal(to(fd, PEER_SILENT, 5000), -EINPROGRESS);
	assert_int_equal(sys_shutdown((int)fd, SHUT_RDWR), 0);
	assert_int_equal(error_of(fd), ECONNRESET);
	assert_int_equal(to(fd, PEER_WIRE, 5000), -EINPROGRESS);
	passes(100);
	assert_int_equal(to(fd, PEER_WIRE, 5000), 0);

	fd = stream(SOCK_NONBLOCK);
	assert_int_equal(sys_shutdown((int)fd, SHUT_RDWR), -ENOTCONN);
	assert_int_equal(to(fd, PEER_WIRE, 6000), -EINPROGRESS);
	passes(100);
	assert_int_equal(sys_shutdown((int)fd, SHUT_RDWR), -ENOTCONN);
	/* now it is disconnecting, for good: only AF_UNSPEC helps */
	assert_int_equal(to(fd, PEER_WIRE, 5000), -EINVAL);
	assert_int_equal(to_nobody(fd), 0);
	assert_int_equal(to(fd, PEER_WIRE, 5000), -EINPROGRESS);
	passes(100);
	assert_int_equal(to(fd, PEER_WIRE, 5000), 0);
	assert_int_equal(to(fd, PEER_WIRE, 5000), -EISCONN);
}

/* A non-blocking connect that timed out tells it once. */
static void timed_out(void *arg)
{
	long fd = stream(SOCK_NONBLOCK);
	int *one = core_user_alloc(sizeof(*one));

	*one = 1;
	sys_setsockopt((int)fd, SOL_TCP, TCP_SYNCNT, (char *)one, sizeof(*one));
	assert_int_equal(to(fd, PEER_SILENT, 5000), -EINPROGRESS);
	passes(2900);
	assert_int_equal(to(fd, PEER_SILENT, 5000), -EALREADY);
	assert_int_equal(error_of(fd), 0);
	passes(200);
	assert_int_equal(to(fd, PEER_SILENT, 5000), -ETIMEDOUT);
	assert_int_equal(error_of(fd), 0);
	assert_int_equal(to(fd, PEER_WIRE, 5000), -EINPROGRESS);
	passes(100);
	assert_int_equal(error_of(fd), 0);
	assert_int_equal(to(fd, PEER_WIRE, 5000), 0);
}

/* A UDP socket whose second connect(2) finds no route has its first peer still. */
static void udp_again(void *arg)
{
	long fd = sys_socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(to(fd, PEER_VETH, 53), 0);
	assert_int_equal(to(fd, ROUTED, 53), -ENETUNREACH);
	named(fd, 1, 0, PEER_VETH, 53);
	assert_int_equal(to(fd, BROADCAST, 53), -EACCES);
	named(fd, 1, 0, PEER_VETH, 53);
	named(fd, 0, 0, PEER_NEAR, -1);
	assert_int_equal(to(fd, PEER_WIRE, 53), 0); /* the source stays what the first chose */
	named(fd, 0, 0, PEER_NEAR, -1);
	assert_int_equal(to_nobody(fd), 0);
	named(fd, 0, 0, 0, 0);
	named(fd, 1, -ENOTCONN, 0, 0);

	sys_bind((int)fd, address(0, 4200), 16);
	assert_int_equal(to(fd, PEER_WIRE, 53), 0);
	named(fd, 0, 0, PEER_IP(10, 8, 0, 1), 4200);
	assert_int_equal(to_nobody(fd), 0);
	named(fd, 0, 0, 0, 4200);
}

static void test_sequences(void **state)
{
	static void (*const sequences[])(void *arg) = { after_failure, time_limit, shut_down,
							timed_out, udp_again };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		net = peer_boot(i + 1);
		peer_run(sequences[i], NULL);
		peer_end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
