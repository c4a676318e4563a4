/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 1, another way to write it: each gate is a function of its own that says yes or no, and there is one
 * way out of each.
 */

#include <linux/errno.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/security.h>
#include <linux/socket.h>
#include <linux/uaccess.h>
#include <net/sock.h>

struct socket *sockfd_lookup_light(int fd, int *err, int *fput_needed);

struct socket *sockfd_lookup_light(int fd, int *err, int *fput_needed)
{
	struct fd found = fdget(fd);
	struct socket *sock;

	if (!found.file) {
		*err = -EBADF;
		return NULL;
	}
	sock = sock_from_file(found.file, err);
	if (sock)
		*fput_needed = found.flags;
	else
		fdput(found);
	return sock;
}

static bool any_family_has(int length)
{
	return length >= 0 && (size_t)length <= sizeof(struct sockaddr_storage);
}

int move_addr_to_kernel(void __user *uaddr, int ulen, struct sockaddr_storage *kaddr)
{
	unsigned long missing = 0;

	if (!any_family_has(ulen))
		return -EINVAL;
	if (ulen)
		missing = copy_from_user(kaddr, uaddr, (unsigned long)ulen);
	return missing ? -EFAULT : 0;
}

/* Behind the first gate: @sock is there. */
static int connect_to(struct socket *sock, struct sockaddr __user *where, int length)
{
	struct sockaddr_storage copy;
	struct sockaddr *address = (struct sockaddr *)&copy;
	int flags = (int)sock->file->f_flags;
	int err = move_addr_to_kernel(where, length, &copy);

	if (!err)
		err = security_socket_connect(sock, address, length);
	if (!err)
		err = sock->ops->connect(sock, address, length, flags);
	return err;
}

long sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen)
{
	int taken = 0, err = 0;
	struct socket *sock = sockfd_lookup_light(fd, &err, &taken);
	struct file *file;

	if (!sock)
		return err;
	file = sock->file;
	err = connect_to(sock, uservaddr, addrlen);
	fput_light(file, taken);
	return err;
}
