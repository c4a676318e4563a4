/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct socket: what a file descriptor of a socket stands on, between the file table above and
 * the protocol's struct sock below.  struct proto_ops is the first switch on the way down: one
 * table per socket type (inet_stream_ops, inet_dgram_ops); the second switch is struct proto.
 *
 * Origin: include/linux/net.h, include/uapi/linux/net.h.
 */
#ifndef _LINUX_NET_H
#define _LINUX_NET_H

#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/socket.h>
#include <linux/types.h>
#include <linux/wait.h>

struct net;
struct sock;
struct poll_table_struct;

enum sock_shutdown_cmd { SHUT_RD, SHUT_WR, SHUT_RDWR };

enum sock_type {
	SOCK_STREAM = 1,
	SOCK_DGRAM = 2,
	SOCK_RAW = 3,
	SOCK_RDM = 4,
	SOCK_SEQPACKET = 5,
	SOCK_DCCP = 6,
	SOCK_PACKET = 10
};

#define SOCK_MAX       (SOCK_PACKET + 1)
#define SOCK_TYPE_MASK 0xf
#define SOCK_CLOEXEC   O_CLOEXEC
#define SOCK_NONBLOCK  O_NONBLOCK

/*
 * What connect(2) has done to the socket so far.  Coarser than sk_state, and not the same thing:
 * SS_UNCONNECTED with sk_state TCP_LISTEN is possible, and is why __inet_stream_connect() looks
 * at both.
 */
typedef enum {
	SS_FREE = 0,
	SS_UNCONNECTED,
	SS_CONNECTING,
	SS_CONNECTED,
	SS_DISCONNECTING
} socket_state;

/* bits of struct socket.flags and struct socket_wq.flags */
#define SOCKWQ_ASYNC_NOSPACE  0
#define SOCKWQ_ASYNC_WAITDATA 1
#define SOCK_NOSPACE          2

/* sk_wake_async(): what happened, and the band (si_code of SIGIO) it is reported as */
enum {
	SOCK_WAKE_IO,    /* readable or writable */
	SOCK_WAKE_WAITD, /* data, or end of file */
	SOCK_WAKE_SPACE, /* send buffer has room again */
	SOCK_WAKE_URG    /* urgent data */
};
#define POLL_IN       1
#define POLL_OUT      2
#define POLL_ERR      4
#define POLL_PRI      5
#define POLL_HUP      6
#define SOCK_PASSCRED 3
#define SOCK_PASSSEC  4

/* Who sleeps on a socket.  sk->sk_wq points here, so the protocol can wake without the file. */
struct socket_wq {
	wait_queue_head_t wait;
	unsigned long flags;
};

/**
 * struct socket - the VFS side of a socket
 * @state: SS_*, guarded by lock_sock(sk)
 * @type: SOCK_STREAM ...
 * @flags: SOCK_NOSPACE ...
 * @wq: the wait queue that connect(2) sleeps on
 * @file: back to the open file, for its f_flags (O_NONBLOCK)
 * @sk: the protocol's socket; NULL once released
 * @ops: the socket type's operations
 * @wq_storage: where @wq points
 */
struct socket {
	socket_state state;
	short type;
	unsigned long flags;
	struct socket_wq *wq;
	struct file *file;
	struct sock *sk;
	const struct proto_ops *ops;
	struct socket_wq wq_storage;
};

/* What a socket type can do.  0 or a negative errno, unless said otherwise. */
struct proto_ops {
	int family;
	int (*release)(struct socket *sock);
	int (*bind)(struct socket *sock, struct sockaddr *myaddr, int sockaddr_len);
	int (*connect)(struct socket *sock, struct sockaddr *vaddr, int sockaddr_len, int flags);
	int (*getname)(struct socket *sock, struct sockaddr *addr, int *sockaddr_len, int peer);
	unsigned int (*poll)(struct file *file, struct socket *sock,
			     struct poll_table_struct *wait);
	int (*listen)(struct socket *sock, int len);
	int (*shutdown)(struct socket *sock, int how);
	int (*setsockopt)(struct socket *sock, int level, int optname, char *optval,
			  unsigned int optlen);
	int (*getsockopt)(struct socket *sock, int level, int optname, char *optval, int *optlen);
	int (*sendmsg)(struct socket *sock, struct msghdr *m, size_t total_len);
	int (*recvmsg)(struct socket *sock, struct msghdr *m, size_t total_len, int flags);
};

/* A protocol family: how to make a socket of it.  Registered once at boot. */
struct net_proto_family {
	int family;
	int (*create)(struct net *net, struct socket *sock, int protocol, int kern);
};

int sock_register(const struct net_proto_family *fam);
int __sock_create(struct net *net, int family, int type, int proto, struct socket **res, int kern);
int sock_create(int family, int type, int proto, struct socket **res);
int sock_create_kern(struct net *net, int family, int type, int proto, struct socket **res);
void sock_release(struct socket *sock);
struct socket *sock_alloc(void);
struct socket *sock_from_file(struct file *file, int *err);
struct socket *sockfd_lookup(int fd, int *err);
int move_addr_to_kernel(void *uaddr, int ulen, struct sockaddr_storage *kaddr);
int sock_sendmsg(struct socket *sock, struct msghdr *msg);
int sock_recvmsg(struct socket *sock, struct msghdr *msg, int flags);
void sock_init(void);
void sock_exit(void);

long sys_socket(int family, int type, int protocol);
long sys_listen(int fd, int backlog);
long sys_bind(int fd, struct sockaddr *umyaddr, int addrlen);
long sys_connect(int fd, struct sockaddr *uservaddr, int addrlen);
long sys_shutdown(int fd, int how);
long sys_getsockname(int fd, struct sockaddr *usockaddr, int *usockaddr_len);
long sys_getpeername(int fd, struct sockaddr *usockaddr, int *usockaddr_len);
long sys_setsockopt(int fd, int level, int optname, char *optval, int optlen);
long sys_getsockopt(int fd, int level, int optname, char *optval, int *optlen);
long sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags);
long sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags);
long sys_sendto(int fd, void *buff, size_t len, unsigned int flags, struct sockaddr *addr,
		int addr_len);
long sys_recvfrom(int fd, void *ubuf, size_t size, unsigned int flags, struct sockaddr *addr,
		  int *addr_len);

#endif
