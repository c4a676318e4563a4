/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A security module that says no: each system call of a socket asks before it does anything, returns
 * what the module says, and leaves the socket as it was. And tasks without privileges.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/security.h>
#include <linux/string.h>
#include <net/sock.h>
#include <net/tcp.h>

/* What is denied now; a module is one table for all. */
static const char *denied;
static int denied_cap;

static int answer(const char *hook)
{
	return denied && !strcmp(denied, hook) ? -EACCES : 0;
}

static int no_cap(int cap)
{
	return cap == denied_cap ? -EPERM : 0;
}

static int no_create(int family, int type, int protocol, int kern)
{
	return answer("create");
}

static int no_post_create(struct socket *sock, int family, int type, int protocol, int kern)
{
	assert_non_null(sock->sk);
	return answer("post_create");
}

static int no_bind(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return answer("bind");
}

static int no_connect(struct socket *sock, struct sockaddr *address, int addrlen)
{
	assert_int_equal(((struct world_addr *)address)->addr, WORLD_FAR);
	return answer("connect");
}

static int no_shutdown(struct socket *sock, int how)
{
	return answer("shutdown");
}

static int no_getsockname(struct socket *sock)
{
	return answer("getsockname");
}

static int no_getpeername(struct socket *sock)
{
	return answer("getpeername");
}

static int no_setsockopt(struct socket *sock, int level, int optname)
{
	return answer("setsockopt");
}

static int no_getsockopt(struct socket *sock, int level, int optname)
{
	return answer("getsockopt");
}

static int no_sendmsg(struct socket *sock, int size)
{
	return answer("sendmsg");
}

static int no_recvmsg(struct socket *sock, int size, int flags)
{
	return answer("recvmsg");
}

static const struct security_hook_list module = {
	.capable = no_cap,
	.socket_create = no_create,
	.socket_post_create = no_post_create,
	.socket_bind = no_bind,
	.socket_connect = no_connect,
	.socket_shutdown = no_shutdown,
	.socket_getsockname = no_getsockname,
	.socket_getpeername = no_getpeername,
	.socket_setsockopt = no_setsockopt,
	.socket_getsockopt = no_getsockopt,
	.socket_sendmsg = no_sendmsg,
	.socket_recvmsg = no_recvmsg,
};

static int end_world(void **state)
{
	(void)state;
	world_end();
	return 0;
}

/* Runs @fn as a task of a world with the module. */
static void run(void (*fn)(void *))
{
	world_boot(1);
	denied = NULL;
	denied_cap = -1;
	security_register(&module);
	assert_int_equal(world_run(fn, NULL), 0);
}

static void hooks(void *arg)
{
	struct sockaddr *to = (struct sockaddr *)world_user_addr(WORLD_FAR, WORLD_PORT);
	struct sockaddr *from = (struct sockaddr *)world_user_addr(WORLD_NEAR, 7000);
	int *val = core_user_alloc(sizeof(*val)), *len = core_user_alloc(sizeof(*len));
	char *byte = core_user_alloc(1);
	struct socket *sock;
	int fd, err;

	denied = "create";
	assert_int_equal(sys_socket(PF_INET, SOCK_STREAM, 0), -EACCES);
	denied = "post_create";
	assert_int_equal(sys_socket(PF_INET, SOCK_STREAM, 0), -EACCES);
	denied = NULL;
	fd = (int)sys_socket(PF_INET, SOCK_STREAM, 0);
	assert_int_equal(fd, 0);
	sock = sockfd_lookup(fd, &err);
	assert_non_null(sock);

	denied = "bind";
	assert_int_equal(sys_bind(fd, from, 16), -EACCES);
	assert_int_equal(inet_sk(sock->sk)->inet_num, 0);
	denied = "connect";
	assert_int_equal(sys_connect(fd, to, 16), -EACCES);
	assert_int_equal(sock->state, SS_UNCONNECTED);
	assert_int_equal(sock->sk->sk_state, TCP_CLOSE);
	denied = "setsockopt";
	*val = 1;
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *)val, 4), -EACCES);
	assert_false(sock_flag(sock->sk, SOCK_KEEPOPEN));
	denied = "getsockopt";
	*len = 4;
	assert_int_equal(sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, (char *)val, len), -EACCES);
	assert_int_equal(*val, 1);
	denied = "getsockname";
	*len = 16;
	assert_int_equal(sys_getsockname(fd, from, len), -EACCES);

	denied = NULL;
	assert_int_equal(sys_connect(fd, to, 16), 0);
	denied = "getpeername";
	assert_int_equal(sys_getpeername(fd, from, len), -EACCES);
	denied = "sendmsg";
	assert_int_equal(sys_write((unsigned int)fd, byte, 1), -EACCES);
	assert_int_equal(sys_sendto(fd, byte, 1, 0, NULL, 0), -EACCES);
	denied = "recvmsg";
	assert_int_equal(sys_read((unsigned int)fd, byte, 1), -EACCES);
	assert_int_equal(sys_recvfrom(fd, byte, 1, 0, NULL, NULL), -EACCES);
	denied = "shutdown";
	assert_int_equal(sys_shutdown(fd, SHUT_WR), -EACCES);
	assert_int_equal(sock->sk->sk_state, TCP_ESTABLISHED);
	fput(sock->file);
	sys_close((unsigned int)fd);
}

static void test_hooks(void **state)
{
	run(hooks);
}

static void unprivileged(void *arg)
{
	struct sockaddr *low = (struct sockaddr *)world_user_addr(WORLD_NEAR, 1023);
	struct sockaddr *high = (struct sockaddr *)world_user_addr(WORLD_NEAR, 1024);
	int *val = core_user_alloc(sizeof(*val));
	int fd = (int)sys_socket(PF_INET, SOCK_STREAM, 0);
	struct socket *sock;

	/* ports below 1024 are the administrator's */
	denied_cap = CAP_NET_BIND_SERVICE;
	assert_int_equal(sys_bind(fd, low, 16), -EACCES);
	assert_int_equal(sys_bind(fd, high, 16), 0);

	/* so are raw sockets, except for the kernel's own */
	denied_cap = CAP_NET_RAW;
	assert_int_equal(sys_socket(PF_INET, SOCK_RAW, IPPROTO_UDP), -EPERM);
	assert_int_equal(sock_create_kern(&init_net, PF_INET, SOCK_RAW, IPPROTO_UDP, &sock), 0);
	sock_release(sock);
	memcpy(val, "\x82\x04\0\0",
	       4); /* an IP option that is not known, and a device to stay on */
	assert_int_equal(sys_setsockopt(fd, SOL_IP, IP_OPTIONS, (char *)val, 4), -EINVAL);
	memcpy(val, "lo\0", 4);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, (char *)val, 3), -EPERM);

	denied_cap = CAP_NET_ADMIN;
	memcpy(val, "\x82\x04\0\0", 4);
	assert_int_equal(sys_setsockopt(fd, SOL_IP, IP_OPTIONS, (char *)val, 4), 0);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, (char *)val, 4), -EPERM);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, (char *)val, 4), -EPERM);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_DEBUG, (char *)val, 4), -EACCES);
	*val = 6;
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_PRIORITY, (char *)val, 4), 0);
	*val = 7;
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_PRIORITY, (char *)val, 4), -EPERM);
	assert_int_equal(sys_setsockopt(fd, SOL_SOCKET, SO_MARK, (char *)val, 4), -EPERM);
	*val = 1;
	assert_int_equal(sys_setsockopt(fd, SOL_TCP, TCP_REPAIR, (char *)val, 4), -EPERM);
	sys_close((unsigned int)fd);
}

static void test_unprivileged(void **state)
{
	run(unprivileged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_hooks, end_world),
		cmocka_unit_test_teardown(test_unprivileged, end_world),
	};

	return cmocka_run_group_tests_name("security", tests, NULL, NULL);
}
