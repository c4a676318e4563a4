/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * A security module with one rule for each hook: yes, or an errno. It stands for
 * whatever policy a machine may have; a system call sees no more of one than that.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/security.h>
#include <linux/string.h>
#include <synwalk/core.h>

enum {
	CAPABLE,
	CREATE,
	BIND,
	CONNECT,
	SHUTDOWN,
	GETSOCKNAME,
	GETPEERNAME,
	SETSOCKOPT,
	GETSOCKOPT,
	SENDMSG,
	RECVMSG
};

/* @answer: 0 or -errno */
static struct {
	const char *hook;
	int answer;
} rules[] = {
	[CAPABLE] = { "capable", 0 },
	[CREATE] = { "socket_create", 0 },
	[BIND] = { "socket_bind", 0 },
	[CONNECT] = { "socket_connect", 0 },
	[SHUTDOWN] = { "socket_shutdown", 0 },
	[GETSOCKNAME] = { "socket_getsockname", 0 },
	[GETPEERNAME] = { "socket_getpeername", 0 },
	[SETSOCKOPT] = { "socket_setsockopt", 0 },
	[GETSOCKOPT] = { "socket_getsockopt", 0 },
	[SENDMSG] = { "socket_sendmsg", 0 },
	[RECVMSG] = { "socket_recvmsg", 0 },
};

static int deny_capable(int cap)
{
	return rules[CAPABLE].answer;
}

static int deny_socket_create(int family, int type, int protocol, int kern)
{
	return rules[CREATE].answer;
}

static int deny_socket_bind(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return rules[BIND].answer;
}

static int deny_socket_connect(struct socket *sock, struct sockaddr *address, int addrlen)
{
	return rules[CONNECT].answer;
}

static int deny_socket_shutdown(struct socket *sock, int how)
{
	return rules[SHUTDOWN].answer;
}

static int deny_socket_getsockname(struct socket *sock)
{
	return rules[GETSOCKNAME].answer;
}

static int deny_socket_getpeername(struct socket *sock)
{
	return rules[GETPEERNAME].answer;
}

static int deny_socket_setsockopt(struct socket *sock, int level, int optname)
{
	return rules[SETSOCKOPT].answer;
}

static int deny_socket_getsockopt(struct socket *sock, int level, int optname)
{
	return rules[GETSOCKOPT].answer;
}

static int deny_socket_sendmsg(struct socket *sock, int size)
{
	return rules[SENDMSG].answer;
}

static int deny_socket_recvmsg(struct socket *sock, int size, int flags)
{
	return rules[RECVMSG].answer;
}

static const struct security_hook_list module = {
	.capable = deny_capable,
	.socket_create = deny_socket_create,
	.socket_bind = deny_socket_bind,
	.socket_connect = deny_socket_connect,
	.socket_shutdown = deny_socket_shutdown,
	.socket_getsockname = deny_socket_getsockname,
	.socket_getpeername = deny_socket_getpeername,
	.socket_setsockopt = deny_socket_setsockopt,
	.socket_getsockopt = deny_socket_getsockopt,
	.socket_sendmsg = deny_socket_sendmsg,
	.socket_recvmsg = deny_socket_recvmsg,
};

int core_deny(const char *hook, int err)
{
	/* The rules of an earlier world are gone with it. */
	static unsigned int generation;

	if (generation != boot_generation) {
		for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
			rules[i].answer = 0;
		generation = boot_generation;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (strcmp(rules[i].hook, hook))
			continue;
		rules[i].answer = -err;
		security_register(&module);
		return 0;
	}
	return -ENOENT;
}
