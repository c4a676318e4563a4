/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses, address families, message flags and socket options, as user space and the kernel
 * agree on them.  The numbers are ABI (x86-64): a program compiled elsewhere passes exactly these.
 *
 * Origin: include/linux/socket.h, include/uapi/linux/socket.h, include/uapi/asm-generic/socket.h.
 */
#ifndef _LINUX_SOCKET_H
#define _LINUX_SOCKET_H

#include <linux/types.h>
#include <linux/uio.h>

typedef __kernel_sa_family_t sa_family_t;
typedef int socklen_t;

/* The part all addresses share: a family, and bytes whose meaning the family gives. */
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

#define _K_SS_MAXSIZE 128

/* Room for the largest address of any family; move_addr_to_kernel() never writes past it. */
struct sockaddr_storage {
	sa_family_t ss_family;
	char __data[_K_SS_MAXSIZE - sizeof(sa_family_t)];
} __attribute__((aligned(8)));

/* SO_LINGER's argument: wait at most l_linger seconds in close(2) for unsent data. */
struct linger {
	int l_onoff;
	int l_linger;
};

/* What a send or receive carries. */
struct msghdr {
	void *msg_name;           /* address, kernel memory, or NULL */
	int msg_namelen;          /* bytes at msg_name */
	struct iov_iter msg_iter; /* the user's buffers, and how far they are used */
	unsigned int msg_flags;   /* MSG_* */
};

/* What a program hands over; fields as the C library's struct msghdr. */
struct user_msghdr {
	void __user *msg_name;
	int msg_namelen;
	struct iovec __user *msg_iov;
	size_t msg_iovlen;
	void __user *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags; /* out: of what was received */
};

static inline size_t msg_data_left(struct msghdr *msg)
{
	return iov_iter_count(&msg->msg_iter);
}

#define AF_UNSPEC  0
#define AF_UNIX    1
#define AF_INET    2
#define AF_INET6   10
#define AF_NETLINK 16
#define AF_PACKET  17
#define AF_MAX     44

#define PF_UNSPEC AF_UNSPEC
#define PF_INET   AF_INET
#define PF_INET6  AF_INET6
#define PF_PACKET AF_PACKET

#define SOMAXCONN 128

#define MSG_OOB       0x1
#define MSG_PEEK      0x2
#define MSG_DONTROUTE 0x4
#define MSG_TRUNC     0x20
#define MSG_DONTWAIT  0x40
#define MSG_EOR       0x80
#define MSG_WAITALL   0x100
#define MSG_NOSIGNAL  0x4000
#define MSG_MORE      0x8000
#define MSG_FASTOPEN  0x20000000

#define SOL_SOCKET 1
#define SOL_IP     0
#define SOL_TCP    6
#define SOL_UDP    17
#define SOL_RAW    255

#define SO_DEBUG           1
#define SO_REUSEADDR       2
#define SO_TYPE            3
#define SO_ERROR           4
#define SO_DONTROUTE       5
#define SO_BROADCAST       6
#define SO_SNDBUF          7
#define SO_RCVBUF          8
#define SO_KEEPALIVE       9
#define SO_OOBINLINE       10
#define SO_NO_CHECK        11
#define SO_PRIORITY        12
#define SO_LINGER          13
#define SO_BSDCOMPAT       14
#define SO_REUSEPORT       15
#define SO_PASSCRED        16
#define SO_RCVLOWAT        18
#define SO_SNDLOWAT        19
#define SO_RCVTIMEO        20
#define SO_SNDTIMEO        21
#define SO_BINDTODEVICE    25
#define SO_PEERNAME        28
#define SO_ACCEPTCONN      30
#define SO_SNDBUFFORCE     32
#define SO_RCVBUFFORCE     33
#define SO_PASSSEC         34
#define SO_MARK            36
#define SO_PROTOCOL        38
#define SO_DOMAIN          39
#define SO_RXQ_OVFL        40
#define SO_MAX_PACING_RATE 47
#define SO_INCOMING_CPU    49

#endif
