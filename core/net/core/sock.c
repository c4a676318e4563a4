/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a struct sock, whatever its protocol.
 *
 * Theory of operation
 *
 * Three things are done here for every protocol:
 *
 *  1. Birth and death.  sk_alloc() makes the object, sock_init_data() gives it its defaults and the
 *     callbacks that wake sleepers.  Death has two counters: sk_refcnt (users) and sk_wmem_alloc
 *     (bytes still on the way out, plus one).  sock_put() of the last user calls sk_free(), which
 *     gives back the "plus one"; whoever brings sk_wmem_alloc to 0 destroys the object.  A socket
 *     can so be closed and forgotten while its last packet still sits in a device queue.
 *
 *  2. The lock.  See net/sock.h.  The rule worth remembering: release_sock() first works off the
 *     backlog with the socket still owned, so segments are handled in the order they came.
 *
 *  3. Memory.  Protocols with an account (TCP) take whole pages from a common budget,
 *     __sk_mem_schedule(), and spend them in bytes: sk_mem_charge(), sk_mem_uncharge().
 *
 * The third is in sock_mem.c, the socket options in sock_options.c.
 *
 * Origin: net/core/sock.c.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <net/inet_timewait_sock.h>
#include <net/sock.h>
#include <net/xfrm.h>

/* ---- 1. birth and death ---- */

/*
 * One object of the protocol's size, all zero: every field not named in sock_init_data() starts as
 * 0, false or NULL.  NULL without memory.
 */
static struct sock *sk_prot_alloc(struct proto *prot, gfp_t priority, int family)
{
	struct sock *sk = kmem_cache_alloc(prot->slab, priority | __GFP_ZERO);

	if (!sk)
		return NULL;
	if (security_sk_alloc(sk, family, priority)) {
		kmem_cache_free(prot->slab, sk);
		return NULL;
	}
	sk_tx_queue_clear(sk);
	return sk;
}

static void sk_prot_free(struct proto *prot, struct sock *sk)
{
	security_sk_free(sk);
	kmem_cache_free(prot->slab, sk);
}

static inline void sock_lock_init(struct sock *sk)
{
	spin_lock_init(&sk->sk_lock.slock);
	sk->sk_lock.owned = 0;
	init_waitqueue_head(&sk->sk_lock.wq);
}

/**
 * sk_alloc - make a protocol's socket
 * @net: namespace
 * @family: AF_INET
 * @priority: GFP_KERNEL ...
 * @prot: the protocol
 * @kern: belongs to the kernel; such a socket does not keep its namespace alive
 *
 * Return: the socket, or NULL without memory.
 */
struct sock *sk_alloc(struct net *net, int family, gfp_t priority, struct proto *prot, int kern)
{
	struct sock *sk = sk_prot_alloc(prot, priority, family);

	if (!sk)
		return NULL;

	sk->sk_family = family;
	sk->sk_prot = sk->sk_prot_creator = prot;
	sock_lock_init(sk);
	sk->sk_net_refcnt = kern ? 0 : 1;
	if (likely(sk->sk_net_refcnt))
		get_net(net);
	sock_net_set(sk, net);
	/* The socket itself counts as one byte on its way out: see sk_free(). */
	atomic_set(&sk->sk_wmem_alloc, 1);
	return sk;
}

static void sock_def_destruct(struct sock *sk)
{
	(void)sk;
}

/* Nothing refers to the socket any more. */
static void __sk_destruct(struct sock *sk)
{
	if (sk->sk_destruct)
		sk->sk_destruct(sk);

	if (likely(sk->sk_net_refcnt))
		put_net(sock_net(sk));
	sk_prot_free(sk->sk_prot_creator, sk);
}

void sk_destruct(struct sock *sk)
{
	__sk_destruct(sk);
}

static void __sk_free(struct sock *sk)
{
	sk_destruct(sk);
}

/* The last user is gone.  Packets of this socket may still be under way; the last one frees it. */
void sk_free(struct sock *sk)
{
	if (atomic_dec_and_test(&sk->sk_wmem_alloc))
		__sk_free(sk);
}

/*
 * A sent packet was freed.  The write-space callback comes while one byte is still held, or the
 * socket could vanish under it.
 */
void sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	unsigned int len = skb->truesize;

	if (!sock_flag(sk, SOCK_USE_WRITE_QUEUE)) {
		atomic_sub(len - 1, &sk->sk_wmem_alloc);
		sk->sk_write_space(sk);
		len = 1;
	}
	if (atomic_sub_and_test(len, &sk->sk_wmem_alloc))
		__sk_free(sk);
}

/* The same for packets whose freeing gives nobody room (pure ACKs). */
void __sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	if (atomic_sub_and_test(skb->truesize, &sk->sk_wmem_alloc))
		__sk_free(sk);
}

/* End of a protocol without a connection to wind down (UDP, raw). */
void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);

	/* out of the tables first: then no new packet can find it */
	sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	xfrm_sk_free_policy(sk);
	sk_refcnt_debug_release(sk);
	sock_put(sk);
}

/* ---- waking those who wait on the socket ---- */

/* The state changed (connected, closed): everybody should look.  This ends connect(2)'s sleep. */
static void sock_def_wakeup(struct sock *sk)
{
	struct socket_wq *wq = sk->sk_wq;

	if (skwq_has_sleeper(wq))
		wake_up_interruptible_all(&wq->wait);
}

/* sk_err was set. */
static void sock_def_error_report(struct sock *sk)
{
	struct socket_wq *wq = sk->sk_wq;

	if (skwq_has_sleeper(wq))
		wake_up_interruptible_poll(&wq->wait, POLLERR);
	sk_wake_async(sk, 0, 0);
}

/* There is something to read. */
static void sock_def_readable(struct sock *sk)
{
	struct socket_wq *wq = sk->sk_wq;

	if (skwq_has_sleeper(wq))
		wake_up_interruptible_sync_poll(&wq->wait,
						POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND);
	sk_wake_async(sk, 0, 0);
}

/*
 * A packet left.  Wake writers only when half of the buffer is free: waking one for every packet
 * would make it write one packet, sleep, and so on.
 */
static void sock_def_write_space(struct sock *sk)
{
	struct socket_wq *wq = sk->sk_wq;

	if ((atomic_read(&sk->sk_wmem_alloc) << 1) <= sk->sk_sndbuf) {
		if (skwq_has_sleeper(wq))
			wake_up_interruptible_sync_poll(&wq->wait,
							POLLOUT | POLLWRNORM | POLLWRBAND);
		if (sock_writeable(sk))
			sk_wake_async(sk, 0, 0);
	}
}

/**
 * sock_init_data - a new socket's defaults
 * @sock: the user's side, or NULL for a socket without one
 * @sk: fresh from sk_alloc()
 */
void sock_init_data(struct socket *sock, struct sock *sk)
{
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	skb_queue_head_init(&sk->sk_error_queue);

	sk->sk_send_head = NULL;
	init_timer(&sk->sk_timer);

	sk->sk_allocation = GFP_KERNEL;
	sk->sk_rcvbuf = sysctl_rmem_default;
	sk->sk_sndbuf = sysctl_wmem_default;
	sk->sk_state = TCP_CLOSE;
	sk_set_socket(sk, sock);

	sock_set_flag(sk, SOCK_ZAPPED);

	if (sock) {
		sk->sk_type = sock->type;
		sk->sk_wq = sock->wq;
		sock->sk = sk;
	} else {
		sk->sk_wq = NULL;
	}
	rwlock_init(&sk->sk_callback_lock);

	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_readable;
	sk->sk_write_space = sock_def_write_space;
	sk->sk_error_report = sock_def_error_report;
	sk->sk_destruct = sock_def_destruct;

	sk->sk_peek_off = -1;
	sk->sk_write_pending = 0;
	sk->sk_rcvlowat = 1;
	sk->sk_rcvtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_max_pacing_rate = ~0U;
	sk->sk_pacing_rate = ~0U;
	sk->sk_incoming_cpu = -1;

	atomic_set(&sk->sk_refcnt, 1);
	atomic_set(&sk->sk_drops, 0);
}

/* ---- the route out ---- */

/*
 * The cached route, if it still holds.  An obsolete mark only means "ask": IPv4 routes carry it
 * always, and ops->check() compares generations.  NULL: it was dropped, look it up anew.
 */
struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = __sk_dst_get(sk);

	if (dst && dst->obsolete && dst->ops->check(dst, cookie) == NULL) {
		sk_tx_queue_clear(sk);
		sk->sk_dst_cache = NULL;
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/* The same for a caller that does not own the socket; the result carries a reference. */
struct dst_entry *sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = sk_dst_get(sk);

	if (dst && dst->obsolete && dst->ops->check(dst, cookie) == NULL) {
		sk_dst_reset(sk);
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/**
 * sk_setup_caps - commit a route to the socket, and learn what its device can do
 * @sk: the socket
 * @dst: the route; the socket takes over the caller's reference
 *
 * If the stack can cut large packets in software, the socket may build them even for a device that
 * cannot, and then it may also leave checksums to the last moment.
 */
void sk_setup_caps(struct sock *sk, struct dst_entry *dst)
{
	u32 max_segs = 1;

	sk_dst_set(sk, dst);
	sk->sk_route_caps = dst->dev->features;
	if (sk->sk_route_caps & NETIF_F_GSO)
		sk->sk_route_caps |= NETIF_F_GSO_SOFTWARE;
	sk->sk_route_caps &= ~sk->sk_route_nocaps;
	if (sk_can_gso(sk)) {
		if (dst->header_len) {
			/* a transformation adds headers: sizes would come out wrong */
			sk->sk_route_caps &= ~NETIF_F_GSO_MASK;
		} else {
			sk->sk_route_caps |= NETIF_F_SG | NETIF_F_HW_CSUM;
			sk->sk_gso_max_size = dst->dev->gso_max_size;
			max_segs = max_t(u32, dst->dev->gso_max_segs, 1);
		}
	}
	sk->sk_gso_max_segs = max_segs;
}

/* Who owns the socket; 0 (root) for one without a descriptor. */
unsigned int sock_i_uid(struct sock *sk)
{
	unsigned int uid;

	read_lock_bh(&sk->sk_callback_lock);
	uid = sk->sk_socket ? SOCK_INODE(sk->sk_socket)->i_uid : 0;
	read_unlock_bh(&sk->sk_callback_lock);
	return uid;
}

/* May multicast of this socket come back to this host? */
bool sk_mc_loop(struct sock *sk)
{
	return !sk || sk->sk_family != AF_INET || inet_sk(sk)->mc_loop;
}

/* ---- 2. the lock ---- */

/* Somebody else owns the socket: sleep until it is free.  slock is held on entry and on return. */
void __lock_sock(struct sock *sk)
{
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait_exclusive(&sk->sk_lock.wq, &wait, TASK_UNINTERRUPTIBLE);
		spin_unlock_bh(&sk->sk_lock.slock);
		schedule();
		spin_lock_bh(&sk->sk_lock.slock);
		if (!sock_owned_by_user(sk))
			break;
	}
	finish_wait(&sk->sk_lock.wq, &wait);
}

/*
 * Hand the packets that came meanwhile to the protocol.  The list is taken whole and the spinlock
 * dropped, so softirqs may queue more; the loop ends when none came.  The length is cleared only
 * at the end: a flood cannot keep us here, sk_add_backlog() refuses it.
 */
void __release_sock(struct sock *sk)
{
	struct sk_buff *skb, *next;

	while ((skb = sk->sk_backlog.head) != NULL) {
		sk->sk_backlog.head = sk->sk_backlog.tail = NULL;
		spin_unlock_bh(&sk->sk_lock.slock);

		do {
			next = skb->next;
			WARN_ON_ONCE(skb_dst_is_noref(skb));
			skb->next = NULL;
			sk_backlog_rcv(sk, skb);
			cond_resched();
			skb = next;
		} while (skb != NULL);

		spin_lock_bh(&sk->sk_lock.slock);
	}
	sk->sk_backlog.len = 0;
}

/* lock_sock() with a class for the lock checker; there is none here. */
void lock_sock_nested(struct sock *sk, int subclass)
{
	(void)subclass;
	might_sleep();
	spin_lock_bh(&sk->sk_lock.slock);
	if (sk->sk_lock.owned)
		__lock_sock(sk);
	sk->sk_lock.owned = 1;
	spin_unlock(&sk->sk_lock.slock);
	local_bh_enable();
}

/*
 * Give the socket away: backlog first, then what timers and devices left for the protocol to do
 * (release_cb), and only then ownership.
 */
void release_sock(struct sock *sk)
{
	spin_lock_bh(&sk->sk_lock.slock);
	if (sk->sk_backlog.tail)
		__release_sock(sk);

	if (sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);

	sock_release_ownership(sk);
	if (waitqueue_active(&sk->sk_lock.wq))
		wake_up(&sk->sk_lock.wq);
	spin_unlock_bh(&sk->sk_lock.slock);
}

/* Sleep until something arrives behind @skb; nonzero if it did.  The socket is owned. */
int sk_wait_data(struct sock *sk, long *timeo, const struct sk_buff *skb)
{
	DEFINE_WAIT(wait);
	int rc;

	prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	sk_set_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	release_sock(sk);
	rc = skb_peek_tail(&sk->sk_receive_queue) != skb;
	if (!rc)
		*timeo = schedule_timeout(*timeo);
	lock_sock(sk);
	rc = skb_peek_tail(&sk->sk_receive_queue) != skb;
	sk_clear_bit(SOCKWQ_ASYNC_WAITDATA, sk);
	finish_wait(sk_sleep(sk), &wait);
	return rc;
}

/* ---- timers ---- */

/* Arm, at @expires jiffies.  The timer's reference keeps the socket alive until it fires. */
void sk_reset_timer(struct sock *sk, struct timer_list *timer, unsigned long expires)
{
	if (!mod_timer(timer, expires))
		sock_hold(sk);
}

void sk_stop_timer(struct sock *sk, struct timer_list *timer)
{
	if (del_timer(timer))
		__sock_put(sk);
}

/* ---- protocols ---- */

void sock_prot_inuse_add(struct net *net, struct proto *prot, int val)
{
	(void)net;
	prot->inuse += val;
}

/* Make the protocol's caches.  0, or -ENOBUFS. */
int proto_register(struct proto *prot, int alloc_slab)
{
	prot->inuse = 0;
	if (!alloc_slab)
		return 0;

	prot->slab = kmem_cache_create(prot->obj_name, prot->obj_size, SLAB_HWCACHE_ALIGN);
	if (!prot->slab)
		return -ENOBUFS;

	if (prot->twsk_prot) {
		prot->twsk_prot->twsk_slab =
			kmem_cache_create(prot->twsk_prot->twsk_slab_name,
					  prot->twsk_prot->twsk_obj_size, SLAB_HWCACHE_ALIGN);
		if (!prot->twsk_prot->twsk_slab)
			return -ENOBUFS;
	}
	return 0;
}

void proto_unregister(struct proto *prot)
{
	if (prot->slab) {
		kmem_cache_destroy(prot->slab);
		prot->slab = NULL;
	}
	if (prot->twsk_prot && prot->twsk_prot->twsk_slab) {
		kmem_cache_destroy(prot->twsk_prot->twsk_slab);
		prot->twsk_prot->twsk_slab = NULL;
	}
}
