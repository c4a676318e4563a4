/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket system calls.
 *
 * Theory of operation
 *
 * A system call on a socket goes three steps before a protocol is reached:
 *
 *   file descriptor --(task's file table)--> struct file --(private_data)--> struct socket
 *                                                          --(ops)--> inet_stream_connect() ...
 *
 * and everything that comes from user space is copied first, so that the layers below work on
 * memory the user cannot change under them.  Then the security module may object, and only then
 * the socket type's operation runs.
 *
 * A struct socket lives inside a struct socket_alloc together with the inode the file layer wants
 * to see; close(2) of the last descriptor reaches sock_close() through the file's release.
 *
 * Each call returns a result >= 0, or a negative errno, which the C library would turn into -1.
 *
 * Left out: socketcall(2), compat, sockfs mounting, autoloading of families, audit, cgroups.
 *
 * Origin: net/socket.c.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <net/net_namespace.h>
#include <net/sock.h>

static struct kmem_cache *sock_inode_cachep;
static unsigned long sock_last_ino;

/* The families, by AF_ number; NULL: not there. */
static const struct net_proto_family *net_families[AF_MAX];

/* ---- a socket as a file ---- */

static void sock_destroy_inode(struct inode *inode)
{
	kmem_cache_free(sock_inode_cachep, container_of(inode, struct socket_alloc, vfs_inode));
}

/* The last descriptor is gone: close the socket, then the memory under it. */
static int sock_close(struct inode *inode, struct file *filp)
{
	(void)filp;
	sock_release(SOCKET_I(inode));
	sock_destroy_inode(inode);
	return 0;
}

static unsigned int sock_poll(struct file *file, poll_table *wait)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll(file, sock, wait);
}

/* read(2) on a socket: recvmsg without an address. */
static ssize_t sock_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *to };
	ssize_t res;

	if (file->f_flags & O_NONBLOCK)
		msg.msg_flags = MSG_DONTWAIT;
	if (!iov_iter_count(to)) /* read of nothing: POSIX wants 0 whatever the state */
		return 0;

	res = sock_recvmsg(sock, &msg, msg.msg_flags);
	*to = msg.msg_iter;
	return res;
}

/* write(2) on a socket: sendmsg without an address. */
static ssize_t sock_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct socket *sock = file->private_data;
	struct msghdr msg = { .msg_iter = *from };
	ssize_t res;

	if (file->f_flags & O_NONBLOCK)
		msg.msg_flags = MSG_DONTWAIT;

	res = sock_sendmsg(sock, &msg);
	*from = msg.msg_iter;
	return res;
}

/* Its address is what tells a socket's file from any other: see sock_from_file(). */
static const struct file_operations socket_file_ops = {
	.read_iter = sock_read_iter,
	.write_iter = sock_write_iter,
	.poll = sock_poll,
	.release = sock_close,
};

/*
 * Make an open file for @sock.  Of @flags only O_NONBLOCK stays with the file; it is what
 * connect(2) is later told.  The file, or ERR_PTR(-ENFILE); @sock remains the caller's then.
 */
static struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *file;

	file = alloc_file(SOCK_INODE(sock), O_RDWR | (flags & O_NONBLOCK), &socket_file_ops);
	if (IS_ERR(file))
		return file;

	sock->file = file;
	file->private_data = sock;
	return file;
}

/*
 * Give @sock a descriptor.  The number is reserved first and made valid last, so no other task can
 * see a half-made socket.  The descriptor, or a negative errno; @sock remains the caller's then.
 */
static int sock_map_fd(struct socket *sock, int flags)
{
	struct file *newfile;
	int fd = get_unused_fd_flags(flags);

	if (unlikely(fd < 0))
		return fd;

	newfile = sock_alloc_file(sock, flags);
	if (likely(!IS_ERR(newfile))) {
		fd_install(fd, newfile);
		return fd;
	}

	put_unused_fd(fd);
	return PTR_ERR(newfile);
}

/* The socket behind an open file; NULL and *@err = -ENOTSOCK if it is something else. */
struct socket *sock_from_file(struct file *file, int *err)
{
	if (file->f_op == &socket_file_ops)
		return file->private_data;

	*err = -ENOTSOCK;
	return NULL;
}

/* The socket behind @fd with a reference to its file; NULL and *@err: -EBADF, -ENOTSOCK. */
struct socket *sockfd_lookup(int fd, int *err)
{
	struct socket *sock;
	struct file *file = fget(fd);

	if (!file) {
		*err = -EBADF;
		return NULL;
	}
	sock = sock_from_file(file, err);
	if (!sock)
		fput(file);
	return sock;
}

/*
 * The same for the time of one system call: if no other task shares the file table the file cannot
 * vanish under us, and no reference is taken.  *@fput_needed goes to fput_light().
 */
static struct socket *sockfd_lookup_light(int fd, int *err, int *fput_needed)
{
	struct fd f = fdget(fd);
	struct socket *sock;

	*err = -EBADF;
	if (f.file) {
		sock = sock_from_file(f.file, err);
		if (likely(sock)) {
			*fput_needed = f.flags;
			return sock;
		}
		fdput(f);
	}
	return NULL;
}

/* ---- addresses between user space and the kernel ---- */

/*
 * Copy @ulen bytes of address from user memory to *@kaddr.  A length of 0 is left for the protocol
 * to judge.  0; -EINVAL for a length that cannot be; -EFAULT for memory that is not the user's.
 */
int move_addr_to_kernel(void __user *uaddr, int ulen, struct sockaddr_storage *kaddr)
{
	if (ulen < 0 || ulen > (int)sizeof(struct sockaddr_storage))
		return -EINVAL;
	if (ulen == 0)
		return 0;
	if (copy_from_user(kaddr, uaddr, ulen))
		return -EFAULT;
	return 0;
}

/*
 * The other way: at most *@ulen bytes are written, but *@ulen then tells the full length, so the
 * user can see that it was cut.  0, -EFAULT, -EINVAL.
 */
static int move_addr_to_user(struct sockaddr_storage *kaddr, int klen, void __user *uaddr,
			     int __user *ulen)
{
	int err, len;

	err = get_user(len, ulen);
	if (err)
		return err;
	if (len > klen)
		len = klen;
	if (len < 0)
		return -EINVAL;
	if (len && copy_to_user(uaddr, kaddr, len))
		return -EFAULT;
	return put_user(klen, ulen);
}

/* ---- creating and releasing ---- */

/* An unconnected socket that has no type and no protocol yet; NULL without memory. */
struct socket *sock_alloc(void)
{
	struct socket_alloc *ei = kmem_cache_alloc(sock_inode_cachep, GFP_KERNEL | __GFP_ZERO);
	struct socket *sock;

	if (!ei)
		return NULL;

	sock = &ei->socket;
	sock->state = SS_UNCONNECTED;
	sock->wq = &sock->wq_storage;
	init_waitqueue_head(&sock->wq->wait);
	ei->vfs_inode.i_ino = ++sock_last_ino;
	ei->vfs_inode.i_mode = S_IFSOCK | 0777;
	return sock;
}

/*
 * Close the protocol's side.  A socket with a file leaves the memory to sock_close(); one that
 * never got a file goes at once.
 */
void sock_release(struct socket *sock)
{
	if (sock->ops) {
		sock->ops->release(sock);
		sock->ops = NULL;
	}

	if (!sock->file) {
		sock_destroy_inode(SOCK_INODE(sock));
		return;
	}
	sock->file = NULL;
}

/*
 * Make a socket of a family.  @kern: for the kernel's own use.  0 and *@res; -EAFNOSUPPORT,
 * -EINVAL, -ENFILE, or what the security module or the family says.
 */
int __sock_create(struct net *net, int family, int type, int protocol, struct socket **res,
		  int kern)
{
	const struct net_proto_family *pf;
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;

	err = security_socket_create(family, type, protocol, kern);
	if (err)
		return err;

	sock = sock_alloc();
	if (!sock)
		return -ENFILE;
	sock->type = type;

	err = -EAFNOSUPPORT;
	pf = net_families[family];
	if (!pf)
		goto out_release;

	err = pf->create(net, sock, protocol, kern);
	if (err < 0) {
		/* the family made nothing: its release must not run */
		sock->ops = NULL;
		goto out_release;
	}

	err = security_socket_post_create(sock, family, type, protocol, kern);
	if (err)
		goto out_release;

	*res = sock;
	return 0;

out_release:
	sock_release(sock);
	return err;
}

int sock_create(int family, int type, int protocol, struct socket **res)
{
	return __sock_create(&init_net, family, type, protocol, res, 0);
}

/* For sockets no user ever sees, such as the one that sends resets for nobody's connections. */
int sock_create_kern(struct net *net, int family, int type, int protocol, struct socket **res)
{
	return __sock_create(net, family, type, protocol, res, 1);
}

/**
 * sys_socket - socket(2)
 * @family: AF_INET
 * @type: SOCK_STREAM ..., with SOCK_NONBLOCK and SOCK_CLOEXEC or'ed in
 * @protocol: IPPROTO_TCP, or 0 for the type's default
 *
 * Return: a descriptor; -EINVAL, -EAFNOSUPPORT, -ESOCKTNOSUPPORT, -EPROTONOSUPPORT, -EMFILE,
 * -ENFILE, -ENOBUFS.
 */
long sys_socket(int family, int type, int protocol)
{
	int flags = type & ~SOCK_TYPE_MASK;
	struct socket *sock;
	int retval;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	type &= SOCK_TYPE_MASK;

	retval = sock_create(family, type, protocol, &sock);
	if (retval < 0)
		return retval;

	retval = sock_map_fd(sock, flags & (O_CLOEXEC | O_NONBLOCK));
	if (retval < 0)
		sock_release(sock);
	return retval;
}

/* ---- binding and connecting ---- */

/**
 * sys_bind - bind(2): choose the local address and port
 * @fd: descriptor
 * @umyaddr: address, user memory
 * @addrlen: its length, bytes
 *
 * Return: 0; -EBADF, -ENOTSOCK, -EFAULT, -EINVAL, -EADDRINUSE, -EADDRNOTAVAIL, -EACCES.
 */
long sys_bind(int fd, struct sockaddr __user *umyaddr, int addrlen)
{
	struct sockaddr_storage address;
	int err, fput_needed;
	struct socket *sock;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = move_addr_to_kernel(umyaddr, addrlen, &address);
	if (err >= 0) {
		err = security_socket_bind(sock, (struct sockaddr *)&address, addrlen);
		if (!err)
			err = sock->ops->bind(sock, (struct sockaddr *)&address, addrlen);
	}
	fput_light(sock->file, fput_needed);
	return err;
}

/**
 * sys_listen - listen(2): wait for others to connect
 * @fd: descriptor
 * @backlog: so many may wait for accept(2); at most net.core.somaxconn
 *
 * Return: 0; -EBADF, -ENOTSOCK, -EOPNOTSUPP, -EINVAL, -EADDRINUSE.
 */
long sys_listen(int fd, int backlog)
{
	struct socket *sock;
	int err, fput_needed;
	int somaxconn;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	somaxconn = sock_net(sock->sk)->core.sysctl_somaxconn;
	if ((unsigned int)backlog > (unsigned int)somaxconn)
		backlog = somaxconn;

	err = security_socket_listen(sock, backlog);
	if (!err)
		err = sock->ops->listen(sock, backlog);
	fput_light(sock->file, fput_needed);
	return err;
}

/**
 * sys_connect - connect(2): the start of the walk
 * @fd: descriptor
 * @uservaddr: whom to connect to, user memory
 * @addrlen: its length, bytes
 *
 * The address is copied before anybody looks at it: another thread could change it between a check
 * and a use.  The file's O_NONBLOCK, read here at the moment of the call, goes down as a flag; it
 * decides in the end whether the caller sleeps.
 *
 * Return: 0 when connected; -EBADF, -ENOTSOCK, -EFAULT, -EINVAL from here; -EACCES from a module;
 * else the protocol's: -EINPROGRESS, -EALREADY, -EISCONN, -ECONNREFUSED, -ETIMEDOUT,
 * -EHOSTUNREACH, -ENETUNREACH, -EADDRNOTAVAIL, -EAFNOSUPPORT, -EINTR, -ERESTARTSYS.
 */
long sys_connect(int fd, struct sockaddr __user *uservaddr, int addrlen)
{
	struct socket *sock;
	struct sockaddr_storage address;
	int err, fput_needed;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		goto out;
	err = move_addr_to_kernel(uservaddr, addrlen, &address);
	if (err < 0)
		goto out_put;

	err = security_socket_connect(sock, (struct sockaddr *)&address, addrlen);
	if (err)
		goto out_put;

	err = sock->ops->connect(sock, (struct sockaddr *)&address, addrlen, sock->file->f_flags);
out_put:
	fput_light(sock->file, fput_needed);
out:
	return err;
}

/**
 * sys_shutdown - shutdown(2)
 * @fd: descriptor
 * @how: SHUT_RD, SHUT_WR, SHUT_RDWR
 *
 * Return: 0; -EBADF, -ENOTSOCK, -EINVAL, -ENOTCONN.
 */
long sys_shutdown(int fd, int how)
{
	int err, fput_needed;
	struct socket *sock;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = security_socket_shutdown(sock, how);
	if (!err)
		err = sock->ops->shutdown(sock, how);
	fput_light(sock->file, fput_needed);
	return err;
}

/* ---- names ---- */

/* getsockname(2): our own address.  0; -EBADF, -ENOTSOCK, -EFAULT, -EINVAL. */
long sys_getsockname(int fd, struct sockaddr __user *usockaddr, int __user *usockaddr_len)
{
	struct sockaddr_storage address;
	int len, err, fput_needed;
	struct socket *sock;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = security_socket_getsockname(sock);
	if (!err)
		err = sock->ops->getname(sock, (struct sockaddr *)&address, &len, 0);
	if (!err)
		err = move_addr_to_user(&address, len, usockaddr, usockaddr_len);
	fput_light(sock->file, fput_needed);
	return err;
}

/* getpeername(2): the other end's.  As above, and -ENOTCONN. */
long sys_getpeername(int fd, struct sockaddr __user *usockaddr, int __user *usockaddr_len)
{
	struct sockaddr_storage address;
	int len, err, fput_needed;
	struct socket *sock;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = security_socket_getpeername(sock);
	if (!err)
		err = sock->ops->getname(sock, (struct sockaddr *)&address, &len, 1);
	if (!err)
		err = move_addr_to_user(&address, len, usockaddr, usockaddr_len);
	fput_light(sock->file, fput_needed);
	return err;
}

/* ---- options ---- */

/* setsockopt(2).  0; -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, -ENOPROTOOPT. */
long sys_setsockopt(int fd, int level, int optname, char __user *optval, int optlen)
{
	int err, fput_needed;
	struct socket *sock;

	if (optlen < 0)
		return -EINVAL;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = security_socket_setsockopt(sock, level, optname);
	if (err)
		goto out_put;
	if (level == SOL_SOCKET)
		err = sock_setsockopt(sock, level, optname, optval, optlen);
	else
		err = sock->ops->setsockopt(sock, level, optname, optval, optlen);
out_put:
	fput_light(sock->file, fput_needed);
	return err;
}

/* getsockopt(2).  0; -EBADF, -ENOTSOCK, -EINVAL, -EFAULT, -ENOPROTOOPT. */
long sys_getsockopt(int fd, int level, int optname, char __user *optval, int __user *optlen)
{
	int err, fput_needed;
	struct socket *sock;

	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	err = security_socket_getsockopt(sock, level, optname);
	if (err)
		goto out_put;
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, level, optname, optval, optlen);
	else
		err = sock->ops->getsockopt(sock, level, optname, optval, optlen);
out_put:
	fput_light(sock->file, fput_needed);
	return err;
}

/* ---- data ---- */

static inline int sock_sendmsg_nosec(struct socket *sock, struct msghdr *msg)
{
	return sock->ops->sendmsg(sock, msg, msg_data_left(msg));
}

/* Bytes sent, or a negative errno. */
int sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	int err = security_socket_sendmsg(sock, msg_data_left(msg));

	return err ?: sock_sendmsg_nosec(sock, msg);
}

/* Bytes received, 0 at the end of the stream, or a negative errno. */
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags)
{
	int err = security_socket_recvmsg(sock, msg_data_left(msg), flags);

	return err ?: sock->ops->recvmsg(sock, msg, msg_data_left(msg), flags);
}

/* sendto(2).  Bytes sent; -EBADF, -ENOTSOCK, -EFAULT, -EPIPE, -EAGAIN ... */
long sys_sendto(int fd, void __user *buff, size_t len, unsigned int flags,
		struct sockaddr __user *addr, int addr_len)
{
	struct iovec iov = { .iov_base = buff, .iov_len = len };
	struct msghdr msg = { .msg_name = NULL };
	struct sockaddr_storage address;
	int err, fput_needed;
	struct socket *sock;

	iov_iter_init(&msg.msg_iter, WRITE, &iov, 1, len);
	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	if (addr) {
		err = move_addr_to_kernel(addr, addr_len, &address);
		if (err < 0)
			goto out_put;
		msg.msg_name = &address;
		msg.msg_namelen = addr_len;
	}
	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	msg.msg_flags = flags;
	err = sock_sendmsg(sock, &msg);
out_put:
	fput_light(sock->file, fput_needed);
	return err;
}

/* recvfrom(2).  Bytes received; -EBADF, -ENOTSOCK, -EFAULT, -ENOTCONN, -EAGAIN ... */
long sys_recvfrom(int fd, void __user *ubuf, size_t size, unsigned int flags,
		  struct sockaddr __user *addr, int __user *addr_len)
{
	struct iovec iov = { .iov_base = ubuf, .iov_len = size };
	struct sockaddr_storage address;
	struct msghdr msg = { .msg_name = addr ? &address : NULL };
	int err, err2, fput_needed;
	struct socket *sock;

	iov_iter_init(&msg.msg_iter, READ, &iov, 1, size);
	sock = sockfd_lookup_light(fd, &err, &fput_needed);
	if (!sock)
		return err;

	if (sock->file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	err = sock_recvmsg(sock, &msg, flags);
	if (err >= 0 && addr) {
		err2 = move_addr_to_user(&address, msg.msg_namelen, addr, addr_len);
		if (err2 < 0)
			err = err2;
	}
	fput_light(sock->file, fput_needed);
	return err;
}

/*
 * The header of a sendmsg(2) or recvmsg(2): its address, if it is for sending, to *@address, its
 * pieces to *@iov (for kfree()).  0; -EINVAL, -EMSGSIZE for too many pieces, -EFAULT, -ENOMEM;
 * -EOPNOTSUPP for control messages, which are left out.
 */
static int copy_msghdr_from_user(struct msghdr *kmsg, const struct user_msghdr __user *umsg,
				 int type, struct sockaddr_storage *address, struct iovec **iov,
				 struct user_msghdr *msg)
{
	ssize_t err;

	*iov = NULL;
	if (copy_from_user(msg, umsg, sizeof(*msg)))
		return -EFAULT;
	if (!msg->msg_name)
		msg->msg_namelen = 0;
	if (msg->msg_namelen < 0)
		return -EINVAL;
	if (msg->msg_namelen > (int)sizeof(*address))
		msg->msg_namelen = sizeof(*address);

	memset(kmsg, 0, sizeof(*kmsg));
	if (msg->msg_name && (msg->msg_namelen || type == READ)) {
		if (type == WRITE) {
			err = move_addr_to_kernel(msg->msg_name, msg->msg_namelen, address);
			if (err < 0)
				return (int)err;
		}
		kmsg->msg_name = address;
		kmsg->msg_namelen = msg->msg_namelen;
	}
	if (msg->msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	if (msg->msg_controllen)
		return -EOPNOTSUPP;
	err = import_iovec(type, msg->msg_iov, msg->msg_iovlen, iov, &kmsg->msg_iter);
	return err < 0 ? (int)err : 0;
}

/* sendmsg(2).  Bytes sent, or as sys_sendto(). */
long sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct sockaddr_storage address;
	struct user_msghdr head;
	struct msghdr msg;
	struct iovec *iov;
	int err, fput_needed;
	struct socket *sock = sockfd_lookup_light(fd, &err, &fput_needed);

	if (!sock)
		return err;
	err = copy_msghdr_from_user(&msg, umsg, WRITE, &address, &iov, &head);
	if (!err) {
		msg.msg_flags = flags;
		if (sock->file->f_flags & O_NONBLOCK)
			msg.msg_flags |= MSG_DONTWAIT;
		err = sock_sendmsg(sock, &msg);
	}
	kfree(iov);
	fput_light(sock->file, fput_needed);
	return err;
}

/* recvmsg(2).  Bytes received, with whom they are from and MSG_TRUNC in the header; or as sys_recvfrom(). */
long sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct sockaddr_storage address;
	struct user_msghdr head;
	struct msghdr msg;
	struct iovec *iov;
	int err, err2 = 0, fput_needed;
	struct socket *sock = sockfd_lookup_light(fd, &err, &fput_needed);

	if (!sock)
		return err;
	err = copy_msghdr_from_user(&msg, umsg, READ, &address, &iov, &head);
	if (!err) {
		if (sock->file->f_flags & O_NONBLOCK)
			flags |= MSG_DONTWAIT;
		msg.msg_namelen = 0;
		err = sock_recvmsg(sock, &msg, flags);
	}
	if (err >= 0 && msg.msg_name)
		err2 = move_addr_to_user(&address, msg.msg_namelen, head.msg_name,
					 &umsg->msg_namelen);
	if (err >= 0 && !err2)
		err2 = put_user(msg.msg_flags, &umsg->msg_flags);
	kfree(iov);
	fput_light(sock->file, fput_needed);
	return err2 ?: err;
}

/* ---- boot ---- */

/* A family announces itself.  0; -ENOBUFS for a number that cannot be; -EEXIST. */
int sock_register(const struct net_proto_family *ops)
{
	if (ops->family < 0 || ops->family >= AF_MAX)
		return -ENOBUFS;
	if (net_families[ops->family])
		return -EEXIST;
	net_families[ops->family] = ops;
	return 0;
}

/* First of the network at boot: families register themselves after it. */
void sock_init(void)
{
	memset(net_families, 0, sizeof(net_families));
	sock_last_ino = 0;
	sock_inode_cachep =
		kmem_cache_create("socket_alloc", sizeof(struct socket_alloc), SLAB_PANIC);
}

/* After the last socket is closed. */
void sock_exit(void)
{
	kmem_cache_destroy(sock_inode_cachep);
	sock_inode_cachep = NULL;
}
