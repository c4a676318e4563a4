/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct sock, the protocol's side of a socket, and struct proto, what a protocol does.
 *
 * Theory of operation
 *
 * A socket has two lives.  Above, struct socket belongs to a file descriptor.  Below, struct sock
 * belongs to the protocol and outlives the descriptor: after close(2) it still sends its FIN.
 *
 * Who may touch a struct sock?  The user's call, and the softirq that brings packets and timers.
 * sk->sk_lock keeps them apart in two steps:
 *   - sk_lock.slock, a spinlock: held for moments, by the softirq while it works on the socket;
 *   - sk_lock.owned, a flag under that spinlock: set by lock_sock() for as long as the user's call
 *     lasts, which may sleep in between (only after release_sock()).
 * A softirq that finds the socket owned does not wait.  It puts the packet on sk_backlog and goes
 * on; release_sock() works the backlog off before it gives the socket away.
 *
 * Memory: sk_wmem_alloc counts the bytes of sent buffers that still exist below us, plus one for
 * the socket itself; sk_refcnt counts users.  The socket is freed when both are gone: sk_free()
 * drops the "plus one", the last packet's sock_wfree() or tcp_wfree() may be what frees the socket.
 * sk_wmem_queued counts the write queue, sk_forward_alloc what was reserved from the protocol's
 * budget (whole pages, SK_MEM_QUANTUM) and is not used yet.
 *
 * Left out: SMP, RCU, per-cpu counters, cgroups, socket filters, busy polling, time stamping.
 *
 * Origin: include/net/sock.h.
 */
#ifndef _SOCK_H
#define _SOCK_H

#include <linux/poll.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>
#include <trace/events.h>

struct inet_hashinfo;
struct inet_timewait_sock;
struct poll_table_struct;
struct proto;
struct raw_hashinfo;
struct request_sock_ops;
struct sk_filter;
struct timewait_sock_ops;
struct udp_table;

/**
 * struct sock_common - what a full socket, a request and a TIME_WAIT remnant have in common
 * @skc_daddr: the peer's address, network order
 * @skc_rcv_saddr: the address we receive on; 0: any
 * @skc_hash: hash of the four-tuple, key of the established table
 * @skc_dport: the peer's port, network order
 * @skc_num: our port, host order
 * @skc_family: AF_INET
 * @skc_state: TCP_ESTABLISHED ...
 * @skc_reuse: SO_REUSEADDR
 * @skc_reuseport: SO_REUSEPORT
 * @skc_net_refcnt: the socket holds its namespace
 * @skc_bound_dev_if: SO_BINDTODEVICE, interface index; 0: any
 * @skc_bind_node: place in the owners of a bind bucket
 * @skc_prot: the protocol
 * @skc_net: the namespace
 * @skc_flags: SOCK_* bits
 * @skc_node: place in the established or listening table.  The kernel's established table ends
 *	its chains with "nulls" markers for lockless readers; without them a plain node does.
 * @skc_tx_queue_mapping: transmit queue of the device, -1: not chosen
 * @skc_refcnt: users of this socket
 */
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	unsigned int skc_hash;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned char skc_reuse : 4;
	unsigned char skc_reuseport : 1;
	unsigned char skc_ipv6only : 1;
	unsigned char skc_net_refcnt : 1;
	int skc_bound_dev_if;
	struct hlist_node skc_bind_node;
	struct proto *skc_prot;
	possible_net_t skc_net;
	unsigned long skc_flags;
	struct hlist_node skc_node;
	int skc_tx_queue_mapping;
	int skc_incoming_cpu;
	atomic_t skc_refcnt;
	u32 skc_rxhash;
};

/* The lock of a socket; see the theory of operation. */
typedef struct {
	spinlock_t slock;
	int owned;
	wait_queue_head_t wq; /* user calls that wait for the owner */
} socket_lock_t;

/**
 * struct sock - a socket as the protocols see it
 * @sk_lock: slock and owner
 * @sk_receive_queue: segments ready for the user
 * @sk_backlog: segments that arrived while a user call owned the socket
 * @sk_forward_alloc: bytes reserved from the protocol's budget and not used
 * @sk_txhash: hash sent packets carry (it chooses paths and queues); 0: none
 * @sk_napi_id: queue the last packet came in by
 * @sk_drops: packets dropped
 * @sk_rcvbuf: limit of receive memory, bytes
 * @sk_wq: who sleeps on the socket
 * @sk_rx_dst: route of packets coming in, for early demux
 * @sk_dst_cache: route of packets going out
 * @sk_wmem_alloc: bytes of buffers on their way out, plus one while the socket lives
 * @sk_omem_alloc: option memory
 * @sk_sndbuf: limit of send memory, bytes
 * @sk_write_queue: segments sent and not acknowledged, then segments not sent yet
 * @sk_userlocks: SOCK_SNDBUF_LOCK ..., what the user fixed
 * @sk_protocol: IPPROTO_TCP
 * @sk_type: SOCK_STREAM ...
 * @sk_wmem_queued: bytes of buffers in the write queue
 * @sk_allocation: GFP mask for the socket's memory
 * @sk_pacing_rate: bytes a second
 * @sk_route_caps: what the route's device can do (NETIF_F_*)
 * @sk_route_nocaps: what must not be used all the same
 * @sk_gso_type: SKB_GSO_TCPV4
 * @sk_gso_max_size: largest packet the device segments, bytes
 * @sk_gso_max_segs: and in segments
 * @sk_rcvlowat: SO_RCVLOWAT
 * @sk_lingertime: SO_LINGER, jiffies
 * @sk_error_queue: errors told in detail (IP_RECVERR)
 * @sk_err: last error, positive; read and cleared by sock_error()
 * @sk_err_soft: an error that may pass (an ICMP); becomes sk_err if the connection times out
 * @sk_ack_backlog: accept queue length
 * @sk_max_ack_backlog: listen(2)'s backlog
 * @sk_priority: SO_PRIORITY
 * @sk_mark: SO_MARK
 * @sk_rcvtimeo: SO_RCVTIMEO, jiffies
 * @sk_sndtimeo: SO_SNDTIMEO, jiffies; how long a blocking connect(2) may sleep
 * @sk_timer: keepalive, FIN_WAIT2 and listener's timer
 * @sk_stamp: time of the last packet received
 * @sk_shutdown: RCV_SHUTDOWN, SEND_SHUTDOWN
 * @sk_socket: the user's side; NULL once orphaned by close(2)
 * @sk_send_head: first segment of the write queue not sent yet
 * @sk_write_pending: writers that wait for the connection
 * @sk_state_change: called when sk_state changes (sock_def_wakeup)
 * @sk_data_ready: called when there is something to read
 * @sk_write_space: called when there is room to write
 * @sk_error_report: called when sk_err was set
 * @sk_backlog_rcv: handles one packet of the backlog (tcp_v4_do_rcv)
 * @sk_destruct: called last
 */
struct sock {
	struct sock_common __sk_common;
#define sk_node             __sk_common.skc_node
#define sk_nulls_node       __sk_common.skc_node
#define sk_refcnt           __sk_common.skc_refcnt
#define sk_tx_queue_mapping __sk_common.skc_tx_queue_mapping
#define sk_hash             __sk_common.skc_hash
#define sk_num              __sk_common.skc_num
#define sk_dport            __sk_common.skc_dport
#define sk_daddr            __sk_common.skc_daddr
#define sk_rcv_saddr        __sk_common.skc_rcv_saddr
#define sk_family           __sk_common.skc_family
#define sk_state            __sk_common.skc_state
#define sk_reuse            __sk_common.skc_reuse
#define sk_reuseport        __sk_common.skc_reuseport
#define sk_ipv6only         __sk_common.skc_ipv6only
#define sk_net_refcnt       __sk_common.skc_net_refcnt
#define sk_bound_dev_if     __sk_common.skc_bound_dev_if
#define sk_bind_node        __sk_common.skc_bind_node
#define sk_prot             __sk_common.skc_prot
#define sk_net              __sk_common.skc_net
#define sk_incoming_cpu     __sk_common.skc_incoming_cpu
#define sk_flags            __sk_common.skc_flags
#define sk_rxhash           __sk_common.skc_rxhash
	socket_lock_t sk_lock;
	struct sk_buff_head sk_receive_queue;
	struct {
		atomic_t rmem_alloc;
		int len;
		struct sk_buff *head;
		struct sk_buff *tail;
	} sk_backlog;
#define sk_rmem_alloc sk_backlog.rmem_alloc
	int sk_forward_alloc;
	__u32 sk_txhash;
	unsigned int sk_napi_id;
	unsigned int sk_ll_usec;
	atomic_t sk_drops;
	int sk_rcvbuf;
	struct sk_filter *sk_filter;
	struct socket_wq *sk_wq;
	struct dst_entry *sk_rx_dst;
	struct dst_entry *sk_dst_cache;
	atomic_t sk_wmem_alloc;
	atomic_t sk_omem_alloc;
	int sk_sndbuf;
	struct sk_buff_head sk_write_queue;
	unsigned int sk_padding : 2, sk_no_check_tx : 1, sk_no_check_rx : 1, sk_userlocks : 4,
		sk_protocol : 8, sk_type : 16;
	int sk_wmem_queued;
	gfp_t sk_allocation;
	u32 sk_pacing_rate;
	u32 sk_max_pacing_rate;
	netdev_features_t sk_route_caps;
	netdev_features_t sk_route_nocaps;
	int sk_gso_type;
	unsigned int sk_gso_max_size;
	u16 sk_gso_max_segs;
	int sk_rcvlowat;
	unsigned long sk_lingertime;
	struct sk_buff_head sk_error_queue;
	struct proto *sk_prot_creator;
	rwlock_t sk_callback_lock;
	int sk_err;
	int sk_err_soft;
	u32 sk_ack_backlog;
	u32 sk_max_ack_backlog;
	__u32 sk_priority;
	__u32 sk_mark;
	long sk_rcvtimeo;
	long sk_sndtimeo;
	struct timer_list sk_timer;
	ktime_t sk_stamp;
	u16 sk_tsflags;
	u8 sk_shutdown;
	u32 sk_tskey;
	struct socket *sk_socket;
	void *sk_user_data;
	struct sk_buff *sk_send_head;
	__s32 sk_peek_off;
	int sk_write_pending;
	void *sk_security;
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
	void (*sk_error_report)(struct sock *sk);
	int (*sk_backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*sk_destruct)(struct sock *sk);
};

/* sk_reuse */
#define SK_NO_REUSE    0
#define SK_CAN_REUSE   1
#define SK_FORCE_REUSE 2

/* sk_shutdown */
#define SHUTDOWN_MASK 3
#define RCV_SHUTDOWN  1
#define SEND_SHUTDOWN 2

/* sk_userlocks: values the user chose, which auto-tuning must leave alone */
#define SOCK_SNDBUF_LOCK   1
#define SOCK_RCVBUF_LOCK   2
#define SOCK_BINDADDR_LOCK 4
#define SOCK_BINDPORT_LOCK 8

/* bits of sk_flags */
enum sock_flags {
	SOCK_DEAD, /* no user any more: orphaned */
	SOCK_DONE, /* the peer's FIN was seen */
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
	SOCK_DESTROY,
	SOCK_BROADCAST,
	SOCK_TIMESTAMP,
	SOCK_ZAPPED,
	SOCK_USE_WRITE_QUEUE, /* sock_wfree() must call sk_write_space */
	SOCK_DBG,
	SOCK_RCVTSTAMP,
	SOCK_RCVTSTAMPNS,
	SOCK_LOCALROUTE,   /* SO_DONTROUTE */
	SOCK_QUEUE_SHRUNK, /* write queue has shrunk: someone may wait for room */
	SOCK_MEMALLOC,
	SOCK_TIMESTAMPING_RX_SOFTWARE,
	SOCK_FASYNC,
	SOCK_RXQ_OVFL,
	SOCK_ZEROCOPY,
	SOCK_WIFI_STATUS,
	SOCK_NOFCS,
	SOCK_FILTER_LOCKED,
	SOCK_SELECT_ERR_QUEUE,
	SOCK_RCU_FREE
};

/**
 * struct proto - a transport protocol's operations; the second switch, under struct proto_ops
 *
 * Only what the path uses.  sysctl_* point at three limits: minimum, default, maximum.
 *
 * @memory_allocated: pages all sockets of the protocol hold
 * @sockets_allocated: how many sockets there are
 * @memory_pressure: set while memory is short
 * @sysctl_mem: limits of @memory_allocated, pages
 * @sysctl_wmem: send buffer, bytes
 * @sysctl_rmem: receive buffer, bytes
 * @obj_name: the struct of its sockets, "tcp_sock": how the trace names them
 * @orphan_count: sockets without a user
 * @inuse: sockets in use, for /proc/net/sockstat
 */
struct proto {
	void (*close)(struct sock *sk, long timeout);
	int (*connect)(struct sock *sk, struct sockaddr *uaddr, int addr_len);
	int (*disconnect)(struct sock *sk, int flags);
	struct sock *(*accept)(struct sock *sk, int flags, int *err);
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*setsockopt)(struct sock *sk, int level, int optname, char *optval,
			  unsigned int optlen);
	int (*getsockopt)(struct sock *sk, int level, int optname, char *optval, int *option);
	int (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);
	int (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int noblock, int flags,
		       int *addr_len);
	int (*bind)(struct sock *sk, struct sockaddr *uaddr, int addr_len);
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);
	void (*release_cb)(struct sock *sk);
	int (*hash)(struct sock *sk);
	void (*unhash)(struct sock *sk);
	void (*rehash)(struct sock *sk);
	int (*get_port)(struct sock *sk, unsigned short snum);

	int inuse;
	bool (*stream_memory_free)(const struct sock *sk);
	void (*enter_memory_pressure)(struct sock *sk);
	long *memory_allocated;
	long *sockets_allocated;
	int *memory_pressure;
	long *sysctl_mem;
	int *sysctl_wmem;
	int *sysctl_rmem;
	int max_header;
	bool no_autobind;

	struct kmem_cache *slab;
	unsigned int obj_size;
	const char *obj_name;
	long *orphan_count;
	struct request_sock_ops *rsk_prot;
	struct timewait_sock_ops *twsk_prot;
	union {
		struct inet_hashinfo *hashinfo;
		struct udp_table *udp_table;
		struct raw_hashinfo *raw_hash;
	} h;
	char name[32];
};

int proto_register(struct proto *prot, int alloc_slab);
void proto_unregister(struct proto *prot);
void sock_prot_inuse_add(struct net *net, struct proto *prot, int inc);

/* ---- hash table membership; each hashed place holds a reference ---- */

static inline struct sock *__sk_head(const struct hlist_head *head)
{
	return hlist_entry(head->first, struct sock, sk_node);
}

static inline struct sock *sk_head(const struct hlist_head *head)
{
	return hlist_empty(head) ? NULL : __sk_head(head);
}

static inline struct sock *sk_next(const struct sock *sk)
{
	return sk->sk_node.next ? hlist_entry(sk->sk_node.next, struct sock, sk_node) : NULL;
}

static inline bool sk_unhashed(const struct sock *sk)
{
	return hlist_unhashed(&sk->sk_node);
}

static inline bool sk_hashed(const struct sock *sk)
{
	return !sk_unhashed(sk);
}

static inline void sk_node_init(struct hlist_node *node)
{
	node->pprev = NULL;
}

static inline void __sk_del_node(struct sock *sk)
{
	__hlist_del(&sk->sk_node);
}

static inline bool __sk_del_node_init(struct sock *sk)
{
	if (sk_hashed(sk)) {
		__sk_del_node(sk);
		sk_node_init(&sk->sk_node);
		return true;
	}
	return false;
}

static inline void sock_hold(struct sock *sk)
{
	atomic_inc(&sk->sk_refcnt);
}

/* Drop a reference that cannot be the last one. */
static inline void __sock_put(struct sock *sk)
{
	atomic_dec(&sk->sk_refcnt);
}

static inline bool sk_del_node_init(struct sock *sk)
{
	bool rc = __sk_del_node_init(sk);

	if (rc)
		__sock_put(sk);
	return rc;
}

static inline bool __sk_nulls_del_node_init_rcu(struct sock *sk)
{
	return __sk_del_node_init(sk);
}

static inline bool sk_nulls_del_node_init_rcu(struct sock *sk)
{
	bool rc = __sk_nulls_del_node_init_rcu(sk);

	if (rc)
		__sock_put(sk);
	return rc;
}

static inline void __sk_nulls_add_node_rcu(struct sock *sk, struct hlist_head *list)
{
	hlist_add_head(&sk->sk_nulls_node, list);
}

static inline void sk_add_node_rcu(struct sock *sk, struct hlist_head *list)
{
	sock_hold(sk);
	hlist_add_head(&sk->sk_node, list);
}

static inline void __sk_del_bind_node(struct sock *sk)
{
	__hlist_del(&sk->sk_bind_node);
}

static inline void sk_add_bind_node(struct sock *sk, struct hlist_head *list)
{
	hlist_add_head(&sk->sk_bind_node, list);
}

#define sk_for_each(__sk, list)       hlist_for_each_entry(__sk, list, sk_node)
#define sk_for_each_bound(__sk, list) hlist_for_each_entry(__sk, list, sk_bind_node)

/* ---- flags ---- */

static inline void sock_set_flag(struct sock *sk, enum sock_flags flag)
{
	sk->sk_flags |= 1UL << flag;
}

static inline void sock_reset_flag(struct sock *sk, enum sock_flags flag)
{
	sk->sk_flags &= ~(1UL << flag);
}

static inline bool sock_flag(const struct sock *sk, enum sock_flags flag)
{
	return (sk->sk_flags >> flag) & 1;
}

static inline void sock_valbool_flag(struct sock *sk, int bit, int valbool)
{
	if (valbool)
		sock_set_flag(sk, bit);
	else
		sock_reset_flag(sk, bit);
}

/* Sockets that may use emergency memory (swap over network): none here. */
static inline int sk_memalloc_socks(void)
{
	return 0;
}

/* The allocation mask for a packet of this socket. */
static inline gfp_t sk_gfp_mask(const struct sock *sk, gfp_t gfp_mask)
{
	(void)sk;
	return gfp_mask;
}

/* ---- life and death ---- */

struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern);
void sk_free(struct sock *sk);
void sk_destruct(struct sock *sk);
void sock_init_data(struct socket *sock, struct sock *sk);
void sk_common_release(struct sock *sk);
void sock_gen_put(struct sock *sk);
void sock_edemux(struct sk_buff *skb);
void sock_efree(struct sk_buff *skb);

static inline void sock_put(struct sock *sk)
{
	if (atomic_dec_and_test(&sk->sk_refcnt))
		sk_free(sk);
}

static inline void sk_refcnt_debug_inc(struct sock *sk)
{
	(void)sk;
}

static inline void sk_refcnt_debug_dec(struct sock *sk)
{
	(void)sk;
}

static inline void sk_refcnt_debug_release(const struct sock *sk)
{
	(void)sk;
}

static inline void sk_tx_queue_set(struct sock *sk, int tx_queue)
{
	sk->sk_tx_queue_mapping = tx_queue;
}

static inline void sk_tx_queue_clear(struct sock *sk)
{
	sk->sk_tx_queue_mapping = -1;
}

static inline int sk_tx_queue_get(const struct sock *sk)
{
	return sk ? sk->sk_tx_queue_mapping : -1;
}

static inline void sk_set_socket(struct sock *sk, struct socket *sock)
{
	sk_tx_queue_clear(sk);
	sk->sk_socket = sock;
}

/* The queue that connect(2), poll(2) and readers sleep on. */
static inline wait_queue_head_t *sk_sleep(struct sock *sk)
{
	return &sk->sk_wq->wait;
}

/* The user closed the descriptor: cut the tie upward, the protocol goes on alone. */
static inline void sock_orphan(struct sock *sk)
{
	write_lock_bh(&sk->sk_callback_lock);
	sock_set_flag(sk, SOCK_DEAD);
	sk_set_socket(sk, NULL);
	sk->sk_wq = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
}

/* The other way round: give @sk to the descriptor's @parent (accept(2)). */
static inline void sock_graft(struct sock *sk, struct socket *parent)
{
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_wq = parent->wq;
	parent->sk = sk;
	sk_set_socket(sk, parent);
	write_unlock_bh(&sk->sk_callback_lock);
}

/* A socket and the inode that stands for it in the file layer: one allocation, one life. */
struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

static inline struct socket *SOCKET_I(struct inode *inode)
{
	return &container_of(inode, struct socket_alloc, vfs_inode)->socket;
}

static inline struct inode *SOCK_INODE(struct socket *socket)
{
	return &container_of(socket, struct socket_alloc, socket)->vfs_inode;
}

unsigned int sock_i_uid(struct sock *sk);

static inline struct net *sock_net(const struct sock *sk)
{
	return read_pnet(&sk->sk_net);
}

static inline void sock_net_set(struct sock *sk, struct net *net)
{
	write_pnet(&sk->sk_net, net);
}

/* Neither a TIME_WAIT remnant nor a request: all of struct sock is there. */
static inline bool sk_fullsock(const struct sock *sk)
{
	return (1 << sk->sk_state) & ~(TCPF_TIME_WAIT | TCPF_NEW_SYN_RECV);
}

static inline int sk_state_load(const struct sock *sk)
{
	return sk->sk_state;
}

/* The one place where a socket's state is written, so the one place where a change is told. */
static inline void sk_state_store(struct sock *sk, int newstate)
{
	trace_inet_sock_set_state(sk, sk->sk_state, newstate);
	sk->sk_state = newstate;
}

/* Early demux left the socket in the packet: take it, reference and all. */
static inline struct sock *skb_steal_sock(struct sk_buff *skb)
{
	if (skb->sk) {
		struct sock *sk = skb->sk;

		skb->destructor = NULL;
		skb->sk = NULL;
		return sk;
	}
	return NULL;
}

int sock_setsockopt(struct socket *sock, int level, int optname, char *optval, unsigned int optlen);
int sock_getsockopt(struct socket *sock, int level, int optname, char *optval, int *optlen);
int sock_common_setsockopt(struct socket *sock, int level, int optname, char *optval,
			   unsigned int optlen);
int sock_common_getsockopt(struct socket *sock, int level, int optname, char *optval, int *optlen);

unsigned int datagram_poll(struct file *file, struct socket *sock, struct poll_table_struct *wait);
int sock_no_connect(struct socket *sock, struct sockaddr *saddr, int len, int flags);
int sock_no_listen(struct socket *sock, int backlog);
int sock_no_getname(struct socket *sock, struct sockaddr *saddr, int *len, int peer);

/* No filter programs here: every packet passes.  0, or -EPERM. */
int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, unsigned int cap);

#include <net/sock_wait.h>
#include <net/sock_route.h>
#include <net/sock_mem.h>

#endif
