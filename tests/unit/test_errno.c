/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What every system call says to a wrong descriptor, wrong memory, a wrong length, a wrong state;
 * who may bind to what; and descriptors that run out.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/signal.h>
#include <net/tcp.h>

#define BAD ((void *)4096)

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static struct sockaddr_in *addr(uint32_t a, uint16_t port)
{
	struct sockaddr_in *in = core_user_alloc(sizeof(*in));

	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = a;
	return in;
}

static long bind_to(long fd, uint32_t a, uint16_t port)
{
	return sys_bind((int)fd, (struct sockaddr *)addr(a, port), 16);
}

/* Each call on @fd, which is none or no socket. */
static void all_calls(int fd, long says)
{
	struct sockaddr *a = talk_addr();
	int *len = core_user_alloc(sizeof(*len));
	char *buf = core_user_alloc(64);

	*len = 16;
	assert_int_equal(sys_bind(fd, a, 16), says);
	assert_int_equal(sys_connect(fd, a, 16), says);
	assert_int_equal(sys_shutdown(fd, 2), says);
	assert_int_equal(sys_getsockname(fd, a, len), says);
	assert_int_equal(sys_getpeername(fd, a, len), says);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, buf, 4), says);
	assert_int_equal(sys_getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, buf, len), says);
	assert_int_equal(sys_sendto(fd, buf, 1, 0, NULL, 0), says);
	assert_int_equal(sys_recvfrom(fd, buf, 1, 0, NULL, NULL), says);
}

static long user_open(const char *name, int flags)
{
	char *user = core_user_alloc(strlen(name) + 1);

	memcpy(user, name, strlen(name));
	return sys_open(user, flags, 0);
}

static void descriptors(void *arg)
{
	long fd;
	int n;

	all_calls(77, -EBADF);
	all_calls(-1, -EBADF);
	assert_int_equal(user_read(77, 1), -EBADF);
	assert_int_equal(user_write(77, 1), -EBADF);
	assert_int_equal(sys_close(77), -EBADF);
	assert_int_equal(sys_fcntl(77, F_GETFL, 0), -EBADF);

	/* Open files that are no sockets. */
	fd = user_open("/", O_RDONLY);
	all_calls((int)fd, -ENOTSOCK);
	assert_int_equal(user_read(fd, 1), -EISDIR);
	assert_int_equal(user_write(fd, 1), -EBADF); /* not opened for it */
	sys_close((unsigned int)fd);
	fd = user_open("/dev/null", O_RDWR);
	all_calls((int)fd, -ENOTSOCK);
	assert_int_equal(user_read(fd, 1), 0);
	assert_int_equal(user_write(fd, 5), 5);
	sys_close((unsigned int)fd);
	fd = user_open("/dev/null", O_WRONLY);
	assert_int_equal(user_read(fd, 1), -EBADF);
	sys_close((unsigned int)fd);

	for (n = 0; (fd = sys_socket(AF_INET, SOCK_STREAM, 0)) >= 0; n++)
		;
	assert_int_equal(fd, -EMFILE);
	assert_true(n >= 64);
	while (n--)
		sys_close((unsigned int)n);
}

static void test_descriptors(void **state)
{
	talk_run(descriptors);
}

/* A descriptor of O_PATH names a place: for everything else it is not there. */
static void path_descriptors(void *arg)
{
	static char kernel[2] = "/";
	char *longest = core_user_alloc(5000);
	struct {
		int fd;
		short events, revents;
	} *p = core_user_alloc(sizeof(*p));
	long fd = user_open("/", O_PATH), copy;

	all_calls((int)fd, -EBADF);
	assert_int_equal(user_read(fd, 1), -EBADF);
	assert_int_equal(user_write(fd, 1), -EBADF);
	assert_int_equal(sys_fcntl((unsigned int)fd, F_GETFL, 0), O_PATH);
	assert_int_equal(sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK), -EBADF);
	assert_int_equal(sys_fcntl((unsigned int)fd, F_SETFD, FD_CLOEXEC), 0);
	copy = sys_dup((unsigned int)fd);
	assert_true(copy > fd);
	all_calls((int)copy, -EBADF);
	p->fd = (int)fd;
	p->events = 1;
	assert_int_equal(sys_poll((struct pollfd *)p, 1, 0), 1);
	assert_int_equal(p->revents, 0x20); /* POLLNVAL */
	assert_int_equal(sys_close((unsigned int)fd), 0);
	assert_int_equal(sys_close((unsigned int)copy), 0);

	assert_int_equal(user_open("/nowhere", O_RDONLY), -ENOENT);
	assert_int_equal(user_open("", O_RDONLY), -ENOENT);
	assert_int_equal(user_open("/", O_RDWR), -EISDIR);
	assert_int_equal(user_open("/dev/null", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	assert_int_equal(sys_open(kernel, O_RDONLY, 0), -EFAULT);
	memset(longest, '/', 5000);
	assert_int_equal(sys_open(longest, O_RDONLY, 0), -ENAMETOOLONG);
}

static void test_path_descriptors(void **state)
{
	talk_run(path_descriptors);
}

/* Two descriptors, one socket. */
static void copies(void *arg)
{
	long fd = talk_socket(), copy = sys_dup((unsigned int)fd), third;

	assert_int_equal(sys_dup(77), -EBADF);
	assert_int_equal(sys_connect((int)copy, talk_addr(), 16), 0);
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EISCONN);
	third = sys_fcntl((unsigned int)fd, F_DUPFD, 100);
	assert_int_equal(third, 100);
	assert_int_equal(sys_fcntl((unsigned int)third, F_GETFD, 0), 0);
	assert_int_equal(sys_fcntl((unsigned int)fd, F_DUPFD_CLOEXEC, 100), 101);
	assert_int_equal(sys_fcntl(101, F_GETFD, 0), FD_CLOEXEC);
	assert_int_equal(sys_fcntl((unsigned int)fd, F_DUPFD, 100000000), -EINVAL);
	/* the flags are the file's, so O_NONBLOCK is set for all */
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(user_read(copy, 1), -EAGAIN);
	sys_close((unsigned int)fd);
	sys_close((unsigned int)copy);
	sys_close(101);
	assert_int_equal(user_write(third, 1), 1);
	far.acks = 2;
	talk_says(SEG_ACK, "");
	/* the lowest free number comes first, whatever F_DUPFD took above */
	assert_int_equal(talk_socket(), fd);
}

static void test_copies(void **state)
{
	talk_run(copies);
}

static void pointers(void *arg)
{
	struct sockaddr *a = talk_addr();
	int *len = core_user_alloc(sizeof(*len));
	long fd = talk_connect();

	assert_int_equal(sys_connect((int)fd, BAD, 16), -EFAULT);
	assert_int_equal(sys_connect((int)fd, BAD, 129),
			 -EINVAL); /* the length is looked at first */
	assert_int_equal(sys_connect((int)fd, BAD, -1), -EINVAL);
	assert_int_equal(sys_bind((int)fd, BAD, 16), -EFAULT);
	assert_int_equal(sys_bind((int)fd, a, 200), -EINVAL);
	*len = 16;
	assert_int_equal(sys_getsockname((int)fd, BAD, len), -EFAULT);
	assert_int_equal(sys_getsockname((int)fd, a, BAD), -EFAULT);
	*len = -1;
	assert_int_equal(sys_getsockname((int)fd, a, len), -EINVAL);
	*len = 0; /* nothing is written, but the full length is told */
	assert_int_equal(sys_getpeername((int)fd, BAD, len), 0);
	assert_int_equal(*len, 16);
	*len = 100;
	assert_int_equal(sys_getpeername((int)fd, a, len), 0);
	assert_int_equal(*len, 16);
	assert_int_equal(sys_write((unsigned int)fd, BAD, 10), -EFAULT);
	talk_says(SEG_ACK, "data");
	talk_pass(3);
	assert_int_equal(sys_read((unsigned int)fd, BAD, 10), -EFAULT);
	assert_int_equal(user_read(fd, 0), 0); /* of nothing, whatever the state */
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(4), 4, 0, BAD, 16), -EFAULT);
	*len = 16;
	assert_int_equal(sys_recvfrom((int)fd, core_user_alloc(9), 9, MSG_PEEK, a, len), 4);
	assert_int_equal(sys_recvfrom((int)fd, core_user_alloc(9), 2, MSG_PEEK, NULL, NULL), 2);
	assert_int_equal(sys_recvfrom((int)fd, BAD, 9, MSG_TRUNC, NULL, NULL), 4);
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(user_read(fd, 4), -EAGAIN);
	assert_int_equal(sys_recvfrom((int)fd, core_user_alloc(9), 9, 0, NULL, NULL), -EAGAIN);
	assert_int_equal(sys_sendto((int)fd, core_user_alloc(4), 4, 0, NULL, 0), 4);
	assert_int_equal(user_write(fd, 4), 4);
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(5);
}

static void test_pointers(void **state)
{
	talk_run(pointers);
}

static void states(void *arg)
{
	struct sockaddr *a = talk_addr();
	int *len = core_user_alloc(sizeof(*len));
	long fd = talk_socket();

	*len = 16;
	assert_int_equal(user_read(fd, 1), -ENOTCONN);
	assert_int_equal(user_write(fd, 1), -EPIPE);
	assert_int_equal(sys_getpeername((int)fd, a, len), -ENOTCONN);
	assert_int_equal(sys_shutdown((int)fd, 1), -ENOTCONN);
	assert_int_equal(sys_shutdown((int)fd, 3), -EINVAL);
	assert_int_equal(sys_shutdown((int)fd, -1), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, 99, 0), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, -1, 0), -EINVAL);
	assert_int_equal(sys_socket(99, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(-1, SOCK_STREAM, 0), -EAFNOSUPPORT);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 256), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, -1), -EINVAL);
	assert_int_equal(sys_socket(AF_INET, SOCK_STREAM, 17), -EPROTONOSUPPORT);
	assert_int_equal(sys_socket(AF_INET, SOCK_SEQPACKET, 0), -ESOCKTNOSUPPORT);

	/* Shutting down a connect in progress ends it. */
	core_take_signal(); /* SIGPIPE of the write above */
	far.deaf = 1;
	fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(sys_connect((int)fd, a, 16), -EINPROGRESS);
	assert_int_equal(sys_connect((int)fd, a, 16), -EALREADY);
	assert_int_equal(user_write(fd, 1), -EAGAIN);
	assert_int_equal(user_read(fd, 1), -EAGAIN);
	assert_int_equal(sys_shutdown((int)fd, 2), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);
	talk_pass(5);
	far.deaf = 0;
	fd = talk_again();
	assert_int_equal(sys_connect((int)fd, a, 16), -EISCONN);
	assert_int_equal(bind_to(fd, SEG_NEAR, 99), -EINVAL); /* it has a port */
	assert_int_equal(sys_shutdown((int)fd, 0), 0);        /* only our reading */
	assert_int_equal(user_read(fd, 1), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_ESTABLISHED);
	far.acks = 2;
}

static void test_states(void **state)
{
	talk_run(states);
}

static void binds(void *arg)
{
	struct sockaddr_in *a = addr(0, 3000);
	long one = talk_socket(), two = talk_socket(), three = talk_socket();

	assert_int_equal(sys_bind((int)one, (struct sockaddr *)a, 8), -EINVAL);
	a->sin_family = AF_UNSPEC;
	a->sin_addr.s_addr = SEG_NEAR;
	assert_int_equal(sys_bind((int)one, (struct sockaddr *)a, 16), -EAFNOSUPPORT);
	a->sin_family = 9;
	assert_int_equal(sys_bind((int)one, (struct sockaddr *)a, 16), -EAFNOSUPPORT);
	assert_int_equal(bind_to(one, SEG_FAR, 3000), -EADDRNOTAVAIL); /* not ours */
	user_set(one, SOL_IP, IP_FREEBIND, 1);
	assert_int_equal(bind_to(one, SEG_FAR, 3000), 0); /* unless one insists */
	assert_int_equal(bind_to(one, SEG_FAR, 3001), -EINVAL);

	/* AF_UNSPEC with no address is tolerated, for programs of old. */
	a->sin_family = AF_UNSPEC;
	a->sin_addr.s_addr = 0;
	a->sin_port = htons(3002);
	assert_int_equal(sys_bind((int)two, (struct sockaddr *)a, 16), 0);
	assert_int_equal(bind_to(three, SEG_NEAR, 3002),
			 -EADDRINUSE); /* any address is mine, too */
	user_set(three, SOL_SOCKET, SO_REUSEADDR, 1);
	assert_int_equal(bind_to(three, SEG_NEAR, 3002), -EADDRINUSE); /* both must agree */
	user_set(two, SOL_SOCKET, SO_REUSEADDR, 1);
	assert_int_equal(bind_to(three, SEG_NEAR, 3002), 0);

	/* Other addresses, other devices, or SO_REUSEPORT on both: no conflict. */
	one = talk_socket();
	two = talk_socket();
	three = talk_socket();
	assert_int_equal(bind_to(one, SEG_NEAR, 3003), 0);
	assert_int_equal(bind_to(two, 0x0100007f, 3003), 0);
	talk_sk(two)->sk_bound_dev_if = 1;
	talk_sk(three)->sk_bound_dev_if = 2;
	assert_int_equal(bind_to(three, 0x0100007f, 3003), 0);
	one = talk_socket();
	two = talk_socket();
	user_set(one, SOL_SOCKET, SO_REUSEPORT, 1);
	assert_int_equal(bind_to(one, SEG_NEAR, 3004), 0);
	assert_int_equal(bind_to(two, SEG_NEAR, 3004), -EADDRINUSE);
	user_set(two, SOL_SOCKET, SO_REUSEPORT, 1);
	assert_int_equal(bind_to(two, SEG_NEAR, 3004), 0);

	/* The port is chosen by connect(2) if IP_BIND_ADDRESS_NO_PORT asks for it. */
	one = talk_socket();
	user_set(one, SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	assert_int_equal(bind_to(one, SEG_NEAR, 0), 0);
	assert_int_equal(inet_sk(talk_sk(one))->inet_num, 0);

	/* Two ports, both taken. */
	core_sysctl("net.ipv4.ip_local_port_range", "40000 40001");
	one = talk_socket();
	two = talk_socket();
	three = talk_socket();
	assert_int_equal(bind_to(one, SEG_NEAR, 0), 0);
	assert_int_equal(bind_to(two, SEG_NEAR, 0), 0);
	assert_int_equal(bind_to(three, SEG_NEAR, 0), -EADDRINUSE);
	assert_int_equal(sys_connect((int)three, talk_addr(), 16), -EADDRNOTAVAIL);
	core_sysctl("net.ipv4.ip_nonlocal_bind", "1");
	assert_int_equal(bind_to(three, SEG_FAR, 3009), 0);
}

static void test_bind(void **state)
{
	talk_run(binds);
}

static void odd_lengths(void *arg)
{
	struct sockaddr *a = talk_addr();
	long fd = talk_socket();

	assert_int_equal(sys_connect((int)fd, a, 0), -EINVAL);
	assert_int_equal(sys_connect((int)fd, a, 1), -EINVAL);
	assert_int_equal(sys_connect((int)fd, a, 15), -EINVAL);
	a->sa_family = 10;
	assert_int_equal(sys_connect((int)fd, a, 16), -EAFNOSUPPORT);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)addr(0x000000e0, 80), 16),
			 -ENETUNREACH); /* a group */
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)addr(0xff00090a, 80), 16),
			 -ENETUNREACH); /* a broadcast: TCP has one peer */
	user_set(fd, SOL_SOCKET, SO_BROADCAST, 1);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)addr(0xff00090a, 80), 16),
			 -ENETUNREACH);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)addr(0x01020304, 80), 16),
			 -ENETUNREACH); /* no route */
}

static void test_addresses(void **state)
{
	talk_run(odd_lengths);
}

static void self(void *arg)
{
	long fd = talk_socket();

	assert_int_equal(bind_to(fd, 0x0100007f, 4200), 0);
	/* A SYN that meets its own sender: simultaneous open with oneself (RFC 793 figure 8). */
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)addr(0x0100007f, 4200), 16), 0);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_ESTABLISHED);
	assert_int_equal(user_write(fd, 5), 5);
	talk_pass(5);
	assert_int_equal(user_read(fd, 10), 5);
}

static void test_self_connect(void **state)
{
	talk_run(self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_descriptors, setup),
		cmocka_unit_test_setup(test_path_descriptors, setup),
		cmocka_unit_test_setup(test_copies, setup),
		cmocka_unit_test_setup(test_pointers, setup),
		cmocka_unit_test_setup(test_states, setup),
		cmocka_unit_test_setup(test_bind, setup),
		cmocka_unit_test_setup(test_addresses, setup),
		cmocka_unit_test_setup(test_self_connect, setup),
	};

	return cmocka_run_group_tests_name("errno", tests, NULL, NULL);
}
