/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The choice of a local port, and the tables: parity, the step from one connect to the next, ports
 * that run out, the same port towards other destinations, bind(2)'s ports. Results as v4.9 gave
 * them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/string.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>

#define CLOSED_PORT 5001

static int end_world(void **state)
{
	(void)state;
	world_end();
	return 0;
}

/* A socket that is connecting, not waited for: enough to hold a port. */
static long begin_connect(uint16_t bind_port, uint16_t port, long *ret)
{
	struct world_addr *near = world_user_addr(WORLD_NEAR, bind_port);
	struct world_addr *to = world_user_addr(WORLD_FAR, port);
	int *one = core_user_alloc(sizeof(*one));
	long fd = sys_socket(PF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	*one = 1;
	if (bind_port) {
		sys_setsockopt((int)fd, SOL_SOCKET, SO_REUSEADDR, (char *)one, sizeof(*one));
		*ret = sys_bind((int)fd, (struct sockaddr *)near, sizeof(*near));
		if (*ret)
			return fd;
	}
	*ret = sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	return fd;
}

static uint16_t port_of(long fd)
{
	struct world_addr *a = world_user_addr(0, 0);
	int *len = core_user_alloc(sizeof(*len));

	*len = sizeof(*a);
	assert_int_equal(sys_getsockname((int)fd, (struct sockaddr *)a, len), 0);
	return ntohs(a->port);
}

/* ---- ports found by connect(2) ---- */

#define MANY 50

static void connect_in_a_row(void *arg)
{
	uint16_t *ports = arg;
	long fds[MANY], ret;
	int i;

	for (i = 0; i < MANY; i++) {
		fds[i] = begin_connect(0, CLOSED_PORT, &ret);
		assert_int_equal(ret, -EINPROGRESS);
		ports[i] = port_of(fds[i]);
	}
	for (i = 0; i < MANY; i++)
		sys_close((unsigned int)fds[i]);
}

/* All of the range's first parity, each two above the last, within the range. */
static void test_parity_and_step(void **state)
{
	uint16_t ports[MANY];
	int i;

	(void)state;
	world_boot(1);
	assert_int_equal(world_run(connect_in_a_row, ports), 0);
	for (i = 0; i < MANY; i++) {
		assert_in_range(ports[i], 32768, 60999);
		assert_int_equal(ports[i] % 2, 0);
		if (i)
			assert_int_equal((uint16_t)(ports[i] - ports[i - 1]) % 28232, 2);
	}
}

static void exhaust(void *arg)
{
	uint16_t *ports = arg;
	long fd[4], ret;

	fd[0] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	fd[1] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	ports[0] = port_of(fd[0]);
	ports[1] = port_of(fd[1]);

	fd[2] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EADDRNOTAVAIL);
	assert_int_equal(port_of(fd[2]), 0);

	/* towards another port the four-tuples are free */
	fd[3] = begin_connect(0, WORLD_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	ports[2] = port_of(fd[3]);

	for (int i = 0; i < 4; i++)
		sys_close((unsigned int)fd[i]);
}

static void test_two_ports(void **state)
{
	uint16_t ports[3];

	(void)state;
	world_boot(1);
	assert_int_equal(core_sysctl("net.ipv4.ip_local_port_range", "40000 40001"), 0);
	assert_int_equal(world_run(exhaust, ports), 0);
	assert_int_equal(ports[0], 40000);
	assert_int_equal(ports[1], 40001);
	assert_int_equal(ports[2], 40000);
}

static void one_port(void *arg)
{
	uint16_t *ports = arg;
	long fd[2], ret;

	fd[0] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	ports[0] = port_of(fd[0]);
	fd[1] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EADDRNOTAVAIL);
	sys_close((unsigned int)fd[0]);
	/* given back with the socket */
	assert_int_equal(begin_connect(0, CLOSED_PORT, &ret), fd[0]);
	assert_int_equal(ret, -EINPROGRESS);
	assert_int_equal(port_of(fd[0]), ports[0]);
	sys_close((unsigned int)fd[0]);
	sys_close((unsigned int)fd[1]);
}

static void test_range_of_one(void **state)
{
	uint16_t ports[1];

	(void)state;
	world_boot(1);
	assert_int_equal(core_sysctl("net.ipv4.ip_local_port_range", "41001 41001"), 0);
	assert_int_equal(world_run(one_port, ports), 0);
	assert_int_equal(ports[0], 41001);
}

/* ---- ports from bind(2) ---- */

static void bound(void *arg)
{
	long fd[4], ret;

	(void)arg;
	fd[0] = begin_connect(41000, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	assert_int_equal(port_of(fd[0]), 41000);
	/* the same four-tuple again, and one that differs in the destination */
	fd[1] = begin_connect(41000, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EADDRNOTAVAIL);
	fd[2] = begin_connect(41000, CLOSED_PORT + 1, &ret);
	assert_int_equal(ret, -EINPROGRESS);

	/* without SO_REUSEADDR the port is taken */
	struct world_addr *near = world_user_addr(WORLD_NEAR, 41000);

	fd[3] = sys_socket(PF_INET, SOCK_STREAM, 0);
	assert_int_equal(sys_bind((int)fd[3], (struct sockaddr *)near, sizeof(*near)), -EADDRINUSE);
	assert_int_equal(port_of(fd[3]), 0);

	for (int i = 0; i < 4; i++)
		sys_close((unsigned int)fd[i]);
}

static void test_bound_port(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(world_run(bound, NULL), 0);
}

static void bound_is_out_of_bounds(void *arg)
{
	struct world_addr *near = world_user_addr(WORLD_NEAR, 40000);
	long fd[3], ret;

	(void)arg;
	fd[0] = sys_socket(PF_INET, SOCK_STREAM, 0);
	assert_int_equal(sys_bind((int)fd[0], (struct sockaddr *)near, sizeof(*near)), 0);
	/* connect(2) does not share it, and falls to the other parity */
	fd[1] = begin_connect(0, CLOSED_PORT, &ret);
	assert_int_equal(ret, -EINPROGRESS);
	assert_int_equal(port_of(fd[1]), 40001);

	/* and bind(2) to any port finds none */
	near = world_user_addr(WORLD_NEAR, 0);
	fd[2] = sys_socket(PF_INET, SOCK_STREAM, 0);
	assert_int_equal(sys_bind((int)fd[2], (struct sockaddr *)near, sizeof(*near)), -EADDRINUSE);
	for (int i = 0; i < 3; i++)
		sys_close((unsigned int)fd[i]);
}

static void test_bind_keeps_connect_away(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(core_sysctl("net.ipv4.ip_local_port_range", "40000 40001"), 0);
	assert_int_equal(world_run(bound_is_out_of_bounds, NULL), 0);
}

static void bind_any(void *arg)
{
	uint16_t *port = arg;
	struct world_addr *near = world_user_addr(WORLD_NEAR, 0);
	long fd = sys_socket(PF_INET, SOCK_STREAM, 0);

	assert_int_equal(sys_bind((int)fd, (struct sockaddr *)near, sizeof(*near)), 0);
	*port = port_of(fd);
	sys_close((unsigned int)fd);
}

/* bind(2) prefers the parity that connect(2) takes last. */
static void test_bind_parity(void **state)
{
	uint16_t port;

	(void)state;
	world_boot(1);
	assert_int_equal(world_run(bind_any, &port), 0);
	assert_in_range(port, 32768, 60999);
	assert_int_equal(port % 2, 1);
}

/* ---- the tables ---- */

/* All tables are empty when nothing is connected. */
static void assert_tables_empty(void)
{
	unsigned int i;

	for (i = 0; i <= tcp_hashinfo.ehash_mask; i++)
		assert_null(tcp_hashinfo.ehash[i].chain.first);
	for (i = 0; i < tcp_hashinfo.bhash_size; i++)
		assert_null(tcp_hashinfo.bhash[i].chain.first);
}

static void look_up(void *arg)
{
	long ret, fd = begin_connect(0, CLOSED_PORT, &ret);
	uint16_t port = port_of(fd);
	struct sock *sk;

	(void)arg;
	sk = __inet_lookup_established(&init_net, &tcp_hashinfo, WORLD_FAR, htons(CLOSED_PORT),
				       WORLD_NEAR, port, 1);
	assert_non_null(sk);
	assert_int_equal(sk->sk_state, TCP_SYN_SENT);
	assert_int_equal(sk->sk_hash, sk_ehashfn(sk));
	sock_put(sk);

	/* any part of the four-tuple wrong: nobody */
	assert_null(__inet_lookup_established(&init_net, &tcp_hashinfo, WORLD_FAR,
					      htons(CLOSED_PORT + 1), WORLD_NEAR, port, 1));
	assert_null(__inet_lookup_established(&init_net, &tcp_hashinfo, WORLD_NEAR,
					      htons(CLOSED_PORT), WORLD_NEAR, port, 1));
	assert_null(__inet_lookup_established(&init_net, &tcp_hashinfo, WORLD_FAR,
					      htons(CLOSED_PORT), WORLD_NEAR, port ^ 1, 1));
	sys_close((unsigned int)fd);
	assert_tables_empty();
}

static void test_lookup(void **state)
{
	(void)state;
	world_boot(1);
	assert_tables_empty();
	assert_int_equal(world_run(look_up, NULL), 0);
	assert_tables_empty();
}

/* ---- full chains, equal hashes ---- */

static struct sock *sk_of(long fd)
{
	int err;
	struct socket *sock = sockfd_lookup((int)fd, &err);

	assert_non_null(sock);
	fput(sock->file);
	return sock->sk;
}

/* The hash that @sk would have with these names; what it really has is left alone. */
static u32 hash_of(struct sock *sk, __be32 daddr, __be16 dport, __be32 saddr, u16 num)
{
	const struct sock_common saved = sk->__sk_common;
	u32 hash;

	sk->sk_daddr = daddr;
	sk->sk_dport = dport;
	sk->sk_rcv_saddr = saddr;
	sk->sk_num = num;
	hash = sk_ehashfn(sk);
	sk->__sk_common = saved;
	return hash;
}

static struct sock *find(__be32 daddr, __be16 dport, __be32 saddr, u16 num, int dif)
{
	return __inet_lookup_established(&init_net, &tcp_hashinfo, daddr, dport, saddr, num, dif);
}

/* Every socket in one chain of each table: what a table gives does not depend on its size. */
static void one_chain(void *arg)
{
	long fd[3], ret;
	int i;

	for (i = 0; i < 3; i++) {
		fd[i] = begin_connect((uint16_t)(41000 + i), CLOSED_PORT, &ret);
		assert_int_equal(ret, -EINPROGRESS);
	}
	for (i = 0; i < 3; i++) {
		struct sock *sk =
			find(WORLD_FAR, htons(CLOSED_PORT), WORLD_NEAR, (u16)(41000 + i), 1);

		assert_ptr_equal(sk, sk_of(fd[i]));
		sock_gen_put(sk);
	}
	assert_null(find(WORLD_FAR, htons(CLOSED_PORT), WORLD_NEAR, 41003, 1));
	/* a socket that is dying is not found any more */
	i = atomic_read(&sk_of(fd[1])->sk_refcnt);
	atomic_set(&sk_of(fd[1])->sk_refcnt, 0);
	assert_null(find(WORLD_FAR, htons(CLOSED_PORT), WORLD_NEAR, 41001, 1));
	atomic_set(&sk_of(fd[1])->sk_refcnt, i);
	for (i = 0; i < 3; i++)
		sys_close((unsigned int)fd[i]);
}

/* Equal hashes are not equal names: each part is compared. */
static void equal_hashes(void *arg)
{
	long ret, fd = begin_connect(41000, CLOSED_PORT, &ret);
	struct sock *sk = sk_of(fd), *found;
	const __be16 dport = htons(CLOSED_PORT);
	u32 hash = sk->sk_hash;

	sk->sk_hash = hash_of(sk, WORLD_FAR + 1, dport, WORLD_NEAR, 41000);
	assert_null(find(WORLD_FAR + 1, dport, WORLD_NEAR, 41000, 1));
	sk->sk_hash = hash_of(sk, WORLD_FAR, dport + 1, WORLD_NEAR, 41000);
	assert_null(find(WORLD_FAR, dport + 1, WORLD_NEAR, 41000, 1));
	sk->sk_hash = hash_of(sk, WORLD_FAR, dport, WORLD_NEAR + 1, 41000);
	assert_null(find(WORLD_FAR, dport, WORLD_NEAR + 1, 41000, 1));
	sk->sk_hash = hash_of(sk, WORLD_FAR, dport, WORLD_NEAR, 41001);
	assert_null(find(WORLD_FAR, dport, WORLD_NEAR, 41001, 1));
	sk->sk_hash = hash;
	/* a socket that is bound to a device hears that one only */
	sk->sk_bound_dev_if = 2;
	assert_null(find(WORLD_FAR, dport, WORLD_NEAR, 41000, 1));
	found = find(WORLD_FAR, dport, WORLD_NEAR, 41000, 2);
	assert_ptr_equal(found, sk);
	sock_gen_put(sk);
	sk->sk_bound_dev_if = 0;
	sys_close((unsigned int)fd);
}

/* The same when connect(2) asks whether its four-tuple is free. */
static void equal_hashes_connect(void *arg)
{
	long ret, fd = begin_connect(41000, CLOSED_PORT, &ret), fd2;
	struct sock *sk = sk_of(fd);
	const struct sock_common saved = sk->__sk_common;
	u32 hash = hash_of(sk, WORLD_FAR, htons(CLOSED_PORT), WORLD_NEAR, 41500);
	int part;

	for (part = 0; part < 7; part++) {
		/* all as the second socket will have it, but for one part */
		sk->sk_hash = hash;
		sk->sk_num = part == 1 ? 41000 : 41500;
		sk->sk_daddr = part == 2 ? WORLD_FAR + 1 : WORLD_FAR;
		sk->sk_rcv_saddr = part == 3 ? WORLD_NEAR + 1 : WORLD_NEAR;
		sk->sk_dport = htons(part == 4 ? CLOSED_PORT + 1 : CLOSED_PORT);
		sk->sk_bound_dev_if = part == 5 ? 2 : 0;
		if (part == 6)
			sk->sk_hash = hash ^ 1;
		fd2 = begin_connect(41500, CLOSED_PORT, &ret);
		assert_int_equal(ret, part ? -EINPROGRESS : -EADDRNOTAVAIL);
		sys_close((unsigned int)fd2);
	}
	sk->sk_hash = saved.skc_hash;
	sk->sk_num = saved.skc_num;
	sk->sk_daddr = saved.skc_daddr;
	sk->sk_rcv_saddr = saved.skc_rcv_saddr;
	sk->sk_dport = saved.skc_dport;
	sk->sk_bound_dev_if = 0;
	sys_close((unsigned int)fd);
}

static void run_in_one_chain(void (*fn)(void *))
{
	world_boot(1);
	tcp_hashinfo.ehash_mask = 0;
	tcp_hashinfo.bhash_size = 1;
	assert_int_equal(world_run(fn, NULL), 0);
	assert_tables_empty();
}

static void test_one_chain(void **state)
{
	(void)state;
	run_in_one_chain(one_chain);
}

static void test_equal_hashes(void **state)
{
	(void)state;
	run_in_one_chain(equal_hashes);
}

static void test_equal_hashes_connect(void **state)
{
	(void)state;
	run_in_one_chain(equal_hashes_connect);
}

/* ---- entering, leaving, the last reference ---- */

/* A socket nobody has a descriptor for, as one that a listener would make. */
static struct sock *lone_sock(void)
{
	struct socket *sock;
	struct sock *sk;

	assert_int_equal(sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &sock), 0);
	sk = sock->sk;
	sock_orphan(sk);
	sock->sk = NULL;
	sock_release(sock);
	return sk;
}

static void take_place(void *arg)
{
	long ret, fd = begin_connect(41000, CLOSED_PORT, &ret);
	struct sock *old = sk_of(fd), *new = lone_sock(), *late = lone_sock();
	long orphans = *new->sk_prot->orphan_count;

	/* a closed socket belongs into no table */
	assert_int_equal(inet_hash(new), 0);
	assert_true(sk_unhashed(new));

	new->sk_daddr = late->sk_daddr = old->sk_daddr;
	new->sk_dport = late->sk_dport = old->sk_dport;
	new->sk_rcv_saddr = late->sk_rcv_saddr = old->sk_rcv_saddr;
	new->sk_num = late->sk_num = old->sk_num;
	local_bh_disable();
	assert_true(inet_ehash_nolisten(new, old));
	assert_true(sk_unhashed(old));
	/* the place is given away already: whoever comes late is destroyed */
	late->sk_num = 0;
	new->sk_num = 0;
	late->sk_hash = new->sk_hash = old->sk_hash;
	old->sk_hash = sk_ehashfn(late);
	assert_false(inet_ehash_nolisten(late, old));
	old->sk_hash = new->sk_hash;
	assert_int_equal(*new->sk_prot->orphan_count, orphans);
	local_bh_enable();
	inet_unhash(new);
	(*new->sk_prot->orphan_count)++;
	inet_csk_destroy_sock(new);
	sys_close((unsigned int)fd);
}

static void test_take_place(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(world_run(take_place, NULL), 0);
	assert_tables_empty();
}

/* Who looked it up may outlive its user: the last reference frees it. */
static void last_reference(void *arg)
{
	long ret, fd = begin_connect(41000, CLOSED_PORT, &ret);
	struct sock *sk = find(WORLD_FAR, htons(CLOSED_PORT), WORLD_NEAR, 41000, 1);

	assert_non_null(sk);
	sys_close((unsigned int)fd);
	assert_int_equal(sk->sk_state, TCP_CLOSE);
	assert_true(sk_unhashed(sk));
	assert_int_equal(atomic_read(&sk->sk_refcnt), 1);
	sock_gen_put(sk);
}

static void test_last_reference(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(world_run(last_reference, NULL), 0);
}

/* ---- listeners ---- */

/* Listens on @addr:@port, and with @dev on that device only. */
static long listens(uint32_t addr, uint16_t port, int dev)
{
	struct world_addr *a = world_user_addr(addr, port);
	int *one = core_user_alloc(sizeof(*one));
	long fd = sys_socket(PF_INET, SOCK_STREAM, 0);

	*one = 1;
	sys_setsockopt((int)fd, SOL_SOCKET, SO_REUSEPORT, (char *)one, sizeof(*one));
	sk_of(fd)->sk_bound_dev_if = dev;
	assert_int_equal(sys_bind((int)fd, (struct sockaddr *)a, sizeof(*a)), 0);
	assert_int_equal(sys_listen((int)fd, 5), 0);
	return fd;
}

/* The descriptor of the listener that a segment to @daddr:@port by device @dif goes to, or -1. */
static long listener_for(const long *fds, int n, uint32_t daddr, uint16_t port, int dif)
{
	struct sock *sk = __inet_lookup_listener(&init_net, &tcp_hashinfo, NULL, 0, WORLD_FAR,
						 htons(1000), daddr, port, dif);
	int i;

	for (i = 0; sk && i < n; i++) {
		if (sk_of(fds[i]) == sk)
			return i;
	}
	return -1;
}

/* The one that says most about itself hears it: an address, a device. */
static void listeners(void *arg)
{
	/* 7033 and 7001 share a chain of the 32 */
	const long fds[] = { listens(0, 7001, 0), listens(WORLD_NEAR, 7001, 0), listens(0, 7001, 2),
			     listens(WORLD_NEAR, 7001, 2), listens(0, 7033, 0) };
	int i;

	assert_int_equal(listener_for(fds, 5, WORLD_FAR, 7001, 1), 0);
	assert_int_equal(listener_for(fds, 5, WORLD_NEAR, 7001, 1), 1);
	assert_int_equal(listener_for(fds, 5, WORLD_FAR, 7001, 2), 2);
	assert_int_equal(listener_for(fds, 5, WORLD_NEAR, 7001, 2), 3);
	assert_int_equal(listener_for(fds, 5, WORLD_NEAR, 7033, 1), 4);
	assert_int_equal(listener_for(fds, 5, WORLD_NEAR, 7065, 1), -1);
	for (i = 0; i < 5; i++)
		sys_close((unsigned int)fds[i]);
	assert_int_equal(listener_for(fds, 0, WORLD_NEAR, 7001, 1), -1);
}

static void test_listeners(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(world_run(listeners, NULL), 0);
	assert_tables_empty();
}

/* A bucket without owners, as it is between its making and its first owner, forbids nobody. */
static void no_owners(void *arg)
{
	struct world_addr *a = world_user_addr(WORLD_NEAR, 7000);
	struct inet_bind_hashbucket *head =
		&tcp_hashinfo.bhash[inet_bhashfn(&init_net, 7000, tcp_hashinfo.bhash_size)];
	struct inet_bind_bucket *tb =
		inet_bind_bucket_create(tcp_hashinfo.bind_bucket_cachep, &init_net, head, 7000);
	long fd = sys_socket(PF_INET, SOCK_STREAM, 0);

	assert_non_null(tb);
	assert_int_equal(inet_csk_bind_conflict(sk_of(fd), tb, true), 0);
	assert_int_equal(sys_bind((int)fd, (struct sockaddr *)a, sizeof(*a)), 0);
	assert_ptr_equal(inet_csk(sk_of(fd))->icsk_bind_hash, tb);
	assert_int_equal(tb->num_owners, 1);
	sys_close((unsigned int)fd);
}

static void test_no_owners(void **state)
{
	(void)state;
	world_boot(1);
	assert_int_equal(world_run(no_owners, NULL), 0);
	assert_tables_empty();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_parity_and_step, end_world),
		cmocka_unit_test_teardown(test_two_ports, end_world),
		cmocka_unit_test_teardown(test_range_of_one, end_world),
		cmocka_unit_test_teardown(test_bound_port, end_world),
		cmocka_unit_test_teardown(test_bind_keeps_connect_away, end_world),
		cmocka_unit_test_teardown(test_bind_parity, end_world),
		cmocka_unit_test_teardown(test_lookup, end_world),
		cmocka_unit_test_teardown(test_one_chain, end_world),
		cmocka_unit_test_teardown(test_equal_hashes, end_world),
		cmocka_unit_test_teardown(test_equal_hashes_connect, end_world),
		cmocka_unit_test_teardown(test_take_place, end_world),
		cmocka_unit_test_teardown(test_last_reference, end_world),
		cmocka_unit_test_teardown(test_listeners, end_world),
		cmocka_unit_test_teardown(test_no_owners, end_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
