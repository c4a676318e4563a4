/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was learnt about a peer, for the next connection to it.
 *
 * Theory of operation
 * -------------------
 * When a connection ends, tcp_update_metrics() stores its round trip, congestion window and so on
 * under the pair of addresses; when the next one is established, tcp_init_metrics() starts from
 * there instead of from nothing. `ip tcp_metrics` shows these blocks. A value that the route fixes
 * ("lock") is never overwritten. A block that was not used for an hour begins anew.
 *
 * Fast open keeps the peer's cookie and MSS here too, and TIME-WAIT recycling its last time stamp.
 *
 * Unlike routes, the blocks belong to addresses, not to prefixes, and a chain holds at most five;
 * for one more the least recently used is taken.
 *
 * Origin: net/ipv4/tcp_metrics.c, v4.9; without IPv6 and without the netlink interface.
 */
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <net/dst.h>
#include <net/inetpeer.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/tcp.h>

#define TCP_METRICS_TIMEOUT       (60 * 60 * HZ)
#define TCP_METRICS_RECLAIM_DEPTH 5
/* "Not found, and the chain is full": not a pointer to anything. */
#define TCP_METRICS_RECLAIM_PTR ((struct tcp_metrics_block *)0x1UL)
#define TCP_METRICS_HASH_LOG    8

int sysctl_tcp_nometrics_save; /* 1: learn nothing */

/* Times are in microseconds here, RTT times 8 and its deviation times 4 as in tcp_sock. */
enum tcp_metric_index {
	TCP_METRIC_RTT,
	TCP_METRIC_RTTVAR,
	TCP_METRIC_SSTHRESH,
	TCP_METRIC_CWND,
	TCP_METRIC_REORDERING,
	TCP_METRIC_MAX_KERNEL = TCP_METRIC_REORDERING
};

/**
 * struct tcp_fastopen_metrics - what fast open knows of a peer
 * @mss: its MSS, to cut the data of a SYN to size
 * @syn_loss: SYNs with data lost in a row
 * @try_exp: which form of the option to try next (1 experimental, 2 the standard one)
 * @last_syn_loss: when the last one was lost, jiffies
 * @cookie: its cookie
 */
struct tcp_fastopen_metrics {
	u16 mss;
	u16 syn_loss : 10, try_exp : 2;
	unsigned long last_syn_loss;
	struct tcp_fastopen_cookie cookie;
};

/**
 * struct tcp_metrics_block - what is known of a peer
 * @tcpm_next: next in the chain of its hash
 * @tcpm_net: its namespace
 * @tcpm_saddr: our address
 * @tcpm_daddr: the peer's
 * @tcpm_stamp: last use, jiffies
 * @tcpm_ts: last time stamp of the peer
 * @tcpm_ts_stamp: when it was, seconds
 * @tcpm_lock: bit for each value the route fixes
 * @tcpm_vals: by enum tcp_metric_index
 * @tcpm_fastopen: fast open's part
 */
struct tcp_metrics_block {
	struct tcp_metrics_block *tcpm_next;
	possible_net_t tcpm_net;
	struct inetpeer_addr tcpm_saddr;
	struct inetpeer_addr tcpm_daddr;
	unsigned long tcpm_stamp;
	u32 tcpm_ts;
	u32 tcpm_ts_stamp;
	u32 tcpm_lock;
	u32 tcpm_vals[TCP_METRIC_MAX_KERNEL + 1];
	struct tcp_fastopen_metrics tcpm_fastopen;
};

struct tcpm_hash_bucket {
	struct tcp_metrics_block *chain;
};

static struct tcpm_hash_bucket tcp_metrics_hash[1 << TCP_METRICS_HASH_LOG];
static spinlock_t tcp_metrics_lock; /* whoever makes a block */
static seqlock_t fastopen_seqlock;  /* whoever changes fast open's part of one */

static struct net *tm_net(struct tcp_metrics_block *tm)
{
	return read_pnet(&tm->tcpm_net);
}

/* Origin: 62. */
static bool tcp_metric_locked(struct tcp_metrics_block *tm, enum tcp_metric_index idx)
{
	return tm->tcpm_lock & (1U << idx);
}

/* Origin: 68. */
static u32 tcp_metric_get(struct tcp_metrics_block *tm, enum tcp_metric_index idx)
{
	return tm->tcpm_vals[idx];
}

/* Origin: 74. */
static void tcp_metric_set(struct tcp_metrics_block *tm, enum tcp_metric_index idx, u32 val)
{
	tm->tcpm_vals[idx] = val;
}

/**
 * tcpm_suck_dst() - begin with what the route says
 * @tm: the block
 * @dst: the route; its RTTs are in milliseconds
 * @fastopen_clear: forget the cookie too
 *
 * Origin: net/ipv4/tcp_metrics.c:96.
 */
static void tcpm_suck_dst(struct tcp_metrics_block *tm, const struct dst_entry *dst,
			  bool fastopen_clear)
{
	u32 val = 0;

	tm->tcpm_stamp = jiffies;

	if (dst_metric_locked(dst, RTAX_RTT))
		val |= 1U << TCP_METRIC_RTT;
	if (dst_metric_locked(dst, RTAX_RTTVAR))
		val |= 1U << TCP_METRIC_RTTVAR;
	if (dst_metric_locked(dst, RTAX_SSTHRESH))
		val |= 1U << TCP_METRIC_SSTHRESH;
	if (dst_metric_locked(dst, RTAX_CWND))
		val |= 1U << TCP_METRIC_CWND;
	if (dst_metric_locked(dst, RTAX_REORDERING))
		val |= 1U << TCP_METRIC_REORDERING;
	tm->tcpm_lock = val;

	tm->tcpm_vals[TCP_METRIC_RTT] = dst_metric_raw(dst, RTAX_RTT) * (u32)USEC_PER_MSEC;
	tm->tcpm_vals[TCP_METRIC_RTTVAR] = dst_metric_raw(dst, RTAX_RTTVAR) * (u32)USEC_PER_MSEC;
	tm->tcpm_vals[TCP_METRIC_SSTHRESH] = dst_metric_raw(dst, RTAX_SSTHRESH);
	tm->tcpm_vals[TCP_METRIC_CWND] = dst_metric_raw(dst, RTAX_CWND);
	tm->tcpm_vals[TCP_METRIC_REORDERING] = dst_metric_raw(dst, RTAX_REORDERING);
	tm->tcpm_ts = 0;
	tm->tcpm_ts_stamp = 0;
	if (fastopen_clear) {
		tm->tcpm_fastopen.mss = 0;
		tm->tcpm_fastopen.syn_loss = 0;
		tm->tcpm_fastopen.try_exp = 0;
		tm->tcpm_fastopen.cookie.exp = false;
		tm->tcpm_fastopen.cookie.len = 0;
	}
}

/* Too old to be true? Origin: 139. */
static void tcpm_check_stamp(struct tcp_metrics_block *tm, struct dst_entry *dst)
{
	if (tm && unlikely(time_after(jiffies, tm->tcpm_stamp + TCP_METRICS_TIMEOUT)))
		tcpm_suck_dst(tm, dst, false);
}

/* NULL, or "full", for a chain searched in vain. Origin: 207. */
static struct tcp_metrics_block *tcp_get_encode(struct tcp_metrics_block *tm, int depth)
{
	if (tm)
		return tm;
	if (depth > TCP_METRICS_RECLAIM_DEPTH)
		return TCP_METRICS_RECLAIM_PTR;
	return NULL;
}

/* Searches one chain. Origin: 216. */
static struct tcp_metrics_block *__tcp_get_metrics(const struct inetpeer_addr *saddr,
						   const struct inetpeer_addr *daddr,
						   struct net *net, unsigned int hash)
{
	struct tcp_metrics_block *tm;
	int depth = 0;

	for (tm = tcp_metrics_hash[hash].chain; tm; tm = tm->tcpm_next) {
		if (!inetpeer_addr_cmp(&tm->tcpm_saddr, saddr) &&
		    !inetpeer_addr_cmp(&tm->tcpm_daddr, daddr) && net_eq(tm_net(tm), net))
			break;
		depth++;
	}
	return tcp_get_encode(tm, depth);
}

/**
 * tcpm_new() - a block for a peer that has none
 * @dst: its route
 * @saddr: our address
 * @daddr: the peer's
 * @hash: its chain
 *
 * Return: NULL without memory.
 *
 * Origin: net/ipv4/tcp_metrics.c:151.
 */
static struct tcp_metrics_block *tcpm_new(struct dst_entry *dst, struct inetpeer_addr *saddr,
					  struct inetpeer_addr *daddr, unsigned int hash)
{
	struct net *net = dev_net(dst->dev);
	struct tcp_metrics_block *tm, *oldest;
	bool reclaim;

	spin_lock_bh(&tcp_metrics_lock);
	reclaim = __tcp_get_metrics(saddr, daddr, net, hash) == TCP_METRICS_RECLAIM_PTR;
	if (reclaim) {
		oldest = tcp_metrics_hash[hash].chain;
		for (tm = oldest->tcpm_next; tm; tm = tm->tcpm_next) {
			if (time_before(tm->tcpm_stamp, oldest->tcpm_stamp))
				oldest = tm;
		}
		tm = oldest;
	} else {
		tm = kzalloc_type(struct tcp_metrics_block, GFP_ATOMIC);
		if (!tm)
			goto out_unlock;
	}
	write_pnet(&tm->tcpm_net, net);
	tm->tcpm_saddr = *saddr;
	tm->tcpm_daddr = *daddr;

	tcpm_suck_dst(tm, dst, true);

	if (!reclaim) {
		tm->tcpm_next = tcp_metrics_hash[hash].chain;
		tcp_metrics_hash[hash].chain = tm;
	}
out_unlock:
	spin_unlock_bh(&tcp_metrics_lock);
	return tm;
}

/* The chain of an IPv4 peer; the kernel mixes the namespace's address in, ours is one. */
static unsigned int tcp_metrics_hash_v4(__be32 daddr)
{
	return hash_32(ipv4_addr_hash(daddr), TCP_METRICS_HASH_LOG);
}

/**
 * tcp_get_metrics() - the block of a connection's peer
 * @sk: the socket
 * @dst: its route
 * @create: make one if there is none
 *
 * Origin: net/ipv4/tcp_metrics.c:318.
 */
static struct tcp_metrics_block *tcp_get_metrics(struct sock *sk, struct dst_entry *dst,
						 bool create)
{
	struct inetpeer_addr saddr, daddr;
	struct net *net = dev_net(dst->dev);
	struct tcp_metrics_block *tm;
	unsigned int hash;

	inetpeer_set_addr_v4(&saddr, inet_sk(sk)->inet_saddr);
	inetpeer_set_addr_v4(&daddr, inet_sk(sk)->inet_daddr);
	hash = tcp_metrics_hash_v4(inet_sk(sk)->inet_daddr);

	tm = __tcp_get_metrics(&saddr, &daddr, net, hash);
	if (tm == TCP_METRICS_RECLAIM_PTR)
		tm = NULL;
	if (!tm && create)
		tm = tcpm_new(dst, &saddr, &daddr, hash);
	else
		tcpm_check_stamp(tm, dst);
	return tm;
}

/* The same for a remnant in TIME-WAIT; never creates one. Origin: 276. */
static struct tcp_metrics_block *__tcp_get_metrics_tw(struct inet_timewait_sock *tw)
{
	struct inetpeer_addr saddr, daddr;
	struct tcp_metrics_block *tm;

	inetpeer_set_addr_v4(&saddr, tw->tw_rcv_saddr);
	inetpeer_set_addr_v4(&daddr, tw->tw_daddr);
	tm = __tcp_get_metrics(&saddr, &daddr, twsk_net(tw), tcp_metrics_hash_v4(tw->tw_daddr));
	return tm == TCP_METRICS_RECLAIM_PTR ? NULL : tm;
}

/*
 * The round trip and its deviation. Growing is believed at once, shrinking by an eighth, so that
 * the next connection rather waits too long than retransmits for nothing.
 */
static __always_inline void tcp_update_rtt_metrics(struct tcp_sock *tp,
						   struct tcp_metrics_block *tm)
{
	unsigned long rtt = tcp_metric_get(tm, TCP_METRIC_RTT), var;
	long m = (long)rtt - (long)tp->srtt_us;

	if (!tcp_metric_locked(tm, TCP_METRIC_RTT)) {
		if (m <= 0)
			rtt = tp->srtt_us;
		else
			rtt -= (unsigned long)(m >> 3);
		tcp_metric_set(tm, TCP_METRIC_RTT, (u32)rtt);
	}

	if (!tcp_metric_locked(tm, TCP_METRIC_RTTVAR)) {
		if (m < 0)
			m = -m;

		m >>= 1; /* from the RTT's scale (8) to the deviation's (4) */
		if (m < (long)tp->mdev_us)
			m = tp->mdev_us;

		var = tcp_metric_get(tm, TCP_METRIC_RTTVAR);
		if ((unsigned long)m >= var)
			var = (unsigned long)m;
		else
			var -= (var - (unsigned long)m) >> 2;
		tcp_metric_set(tm, TCP_METRIC_RTTVAR, (u32)var);
	}
}

/* The window, as far as the connection's end says something about it. */
static __always_inline void tcp_update_cwnd_metrics(struct sock *sk, struct tcp_metrics_block *tm)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 val;

	if (tcp_in_initial_slowstart(tp)) {
		/* Slow start was never left: the path takes at least this much. */
		if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH)) {
			val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
			if (val && (tp->snd_cwnd >> 1) > val)
				tcp_metric_set(tm, TCP_METRIC_SSTHRESH, tp->snd_cwnd >> 1);
		}
		if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
			val = tcp_metric_get(tm, TCP_METRIC_CWND);
			if (tp->snd_cwnd > val)
				tcp_metric_set(tm, TCP_METRIC_CWND, tp->snd_cwnd);
		}
	} else if (!tcp_in_slow_start(tp) && icsk->icsk_ca_state == TCP_CA_Open) {
		/* In balance: the window is reliable. */
		if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH))
			tcp_metric_set(tm, TCP_METRIC_SSTHRESH,
				       max(tp->snd_cwnd >> 1, tp->snd_ssthresh));
		if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
			val = tcp_metric_get(tm, TCP_METRIC_CWND);
			tcp_metric_set(tm, TCP_METRIC_CWND, (val + tp->snd_cwnd) >> 1);
		}
	} else {
		/* In the middle of something: the window says nothing, ssthresh a little. */
		if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
			val = tcp_metric_get(tm, TCP_METRIC_CWND);
			tcp_metric_set(tm, TCP_METRIC_CWND, (val + tp->snd_ssthresh) >> 1);
		}
		if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH)) {
			val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
			if (val && tp->snd_ssthresh > val)
				tcp_metric_set(tm, TCP_METRIC_SSTHRESH, tp->snd_ssthresh);
		}
		if (!tcp_metric_locked(tm, TCP_METRIC_REORDERING)) {
			val = tcp_metric_get(tm, TCP_METRIC_REORDERING);
			if (val < tp->reordering &&
			    tp->reordering != (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering)
				tcp_metric_set(tm, TCP_METRIC_REORDERING, tp->reordering);
		}
	}
}

/**
 * tcp_update_metrics() - a connection ends: remember what it learnt
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_metrics.c:367.
 */
void tcp_update_metrics(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_metrics_block *tm;

	if (sysctl_tcp_nometrics_save || !dst)
		return;

	if (dst->flags & DST_HOST)
		dst_confirm(dst);

	if (icsk->icsk_backoff || !tp->srtt_us) {
		/* It never got a clean round trip: what was remembered is not true any more. */
		tm = tcp_get_metrics(sk, dst, false);
		if (tm && !tcp_metric_locked(tm, TCP_METRIC_RTT))
			tcp_metric_set(tm, TCP_METRIC_RTT, 0);
		return;
	}

	tm = tcp_get_metrics(sk, dst, true);
	if (!tm)
		return;

	tcp_update_rtt_metrics(tp, tm);
	tcp_update_cwnd_metrics(sk, tm);
	tm->tcpm_stamp = jiffies;
}

/**
 * tcp_init_metrics() - a connection is established: begin with what is known of the peer
 * @sk: the socket
 *
 * The handshake's round trip was measured with the smallest of packets, so a longer one of an
 * earlier connection is believed rather. With no sample at all (the SYN was sent twice, and there
 * are no time stamps) RFC 6298 (5.7) asks for three seconds. More than one retransmission in the
 * handshake means congestion: the window begins with one segment (RFC 5681 section 3.1).
 *
 * Origin: net/ipv4/tcp_metrics.c:489.
 */
void tcp_init_metrics(struct sock *sk)
{
	struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_metrics_block *tm;
	u32 val, crtt = 0; /* the RTT remembered, microseconds * 8 */

	if (!dst)
		goto reset;

	dst_confirm(dst);

	tm = tcp_get_metrics(sk, dst, true);
	if (!tm)
		goto reset;

	if (tcp_metric_locked(tm, TCP_METRIC_CWND))
		tp->snd_cwnd_clamp = tcp_metric_get(tm, TCP_METRIC_CWND);

	val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
	if (val) {
		tp->snd_ssthresh = val;
		if (tp->snd_ssthresh > tp->snd_cwnd_clamp)
			tp->snd_ssthresh = tp->snd_cwnd_clamp;
	} else {
		/* A lost SYN may have lowered it; that said nothing about the path. */
		tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	}

	val = tcp_metric_get(tm, TCP_METRIC_REORDERING);
	if (val && tp->reordering != val) {
		tcp_disable_fack(tp);
		tcp_disable_early_retrans(tp);
		tp->reordering = val;
	}

	crtt = tcp_metric_get(tm, TCP_METRIC_RTT);
reset:
	if (crtt > tp->srtt_us) {
		crtt /= (u32)(8 * USEC_PER_SEC / HZ);
		inet_csk(sk)->icsk_rto = crtt + max(2 * crtt, tcp_rto_min(sk));
	} else if (tp->srtt_us == 0) {
		tp->rttvar_us = jiffies_to_usecs(TCP_TIMEOUT_FALLBACK);
		tp->mdev_us = tp->mdev_max_us = tp->rttvar_us;

		inet_csk(sk)->icsk_rto = TCP_TIMEOUT_FALLBACK;
	}

	if (tp->total_retrans > 1)
		tp->snd_cwnd = 1;
	else
		tp->snd_cwnd = tcp_init_cwnd(tp, dst);
	tp->snd_cwnd_stamp = tcp_time_stamp;
}

/* ---- time stamps of former connections (net.ipv4.tcp_tw_recycle) ---- */

/**
 * tcp_fetch_timewait_stamp() - the peer's last stamp, so that PAWS begins with its SYN
 * @sk: the socket, about to connect
 * @dst: its route
 *
 * Origin: net/ipv4/tcp_metrics.c:611.
 */
void tcp_fetch_timewait_stamp(struct sock *sk, struct dst_entry *dst)
{
	struct tcp_metrics_block *tm = tcp_get_metrics(sk, dst, true);

	if (tm) {
		struct tcp_sock *tp = tcp_sk(sk);

		if ((u32)get_seconds() - tm->tcpm_ts_stamp <= TCP_PAWS_MSL) {
			tp->rx_opt.ts_recent_stamp = tm->tcpm_ts_stamp;
			tp->rx_opt.ts_recent = tm->tcpm_ts;
		}
	}
}

/* Is this stamp newer than the one we have, or ours too old to matter? */
static __always_inline void tcpm_keep_stamp(struct tcp_metrics_block *tm, u32 ts, u32 stamp)
{
	if ((s32)(tm->tcpm_ts - ts) <= 0 ||
	    ((u32)get_seconds() - tm->tcpm_ts_stamp > TCP_PAWS_MSL && tm->tcpm_ts_stamp <= stamp)) {
		tm->tcpm_ts_stamp = stamp;
		tm->tcpm_ts = ts;
	}
}

/**
 * tcp_remember_stamp() - keep the peer's last stamp beyond the socket's life
 * @sk: the socket
 *
 * Return: false if there is no route or no memory.
 *
 * Origin: net/ipv4/tcp_metrics.c:634.
 */
bool tcp_remember_stamp(struct sock *sk)
{
	struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_metrics_block *tm;

	if (!dst)
		return false;
	tm = tcp_get_metrics(sk, dst, true);
	if (!tm)
		return false;
	tcpm_keep_stamp(tm, tcp_sk(sk)->rx_opt.ts_recent, (u32)tcp_sk(sk)->rx_opt.ts_recent_stamp);
	return true;
}

/**
 * tcp_tw_remember_stamp() - the same for a remnant in TIME-WAIT
 * @tw: it
 *
 * Origin: net/ipv4/tcp_metrics.c:660.
 */
bool tcp_tw_remember_stamp(struct inet_timewait_sock *tw)
{
	struct tcp_metrics_block *tm = __tcp_get_metrics_tw(tw);
	const struct tcp_timewait_sock *tcptw = tcp_twsk((struct sock *)tw);

	if (!tm)
		return false;
	tcpm_keep_stamp(tm, tcptw->tw_ts_recent, (u32)tcptw->tw_ts_recent_stamp);
	return true;
}

/* ---- fast open (RFC 7413) ---- */

/**
 * tcp_fastopen_cache_get() - what fast open knows of the peer
 * @sk: the socket
 * @mss: the peer's MSS, left alone if not known
 * @cookie: its cookie; len <= 0: none
 * @syn_loss: SYNs with data lost in a row
 * @last_syn_loss: when the last one was, jiffies; 0: never
 *
 * Origin: net/ipv4/tcp_metrics.c:687.
 */
void tcp_fastopen_cache_get(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie,
			    int *syn_loss, unsigned long *last_syn_loss)
{
	struct tcp_metrics_block *tm = tcp_get_metrics(sk, __sk_dst_get(sk), false);
	struct tcp_fastopen_metrics *tfom;

	if (!tm)
		return;

	tfom = &tm->tcpm_fastopen;
	if (tfom->mss)
		*mss = tfom->mss;
	*cookie = tfom->cookie;
	if (cookie->len <= 0 && tfom->try_exp == 1)
		cookie->exp = true;
	*syn_loss = tfom->syn_loss;
	*last_syn_loss = *syn_loss ? tfom->last_syn_loss : 0;
}

/**
 * tcp_fastopen_cache_set() - remember what a SYN of fast open met with
 * @sk: the socket
 * @mss: the peer's MSS; 0: not told
 * @cookie: a new cookie; NULL or len <= 0: none came
 * @syn_lost: the SYN was lost
 * @try_exp: form of the option to try next; 0: as before
 *
 * Origin: net/ipv4/tcp_metrics.c:713.
 */
void tcp_fastopen_cache_set(struct sock *sk, u16 mss, struct tcp_fastopen_cookie *cookie,
			    bool syn_lost, u16 try_exp)
{
	struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_metrics_block *tm;
	struct tcp_fastopen_metrics *tfom;

	if (!dst)
		return;
	tm = tcp_get_metrics(sk, dst, true);
	if (!tm)
		return;

	tfom = &tm->tcpm_fastopen;
	write_seqlock_bh(&fastopen_seqlock);
	if (mss)
		tfom->mss = mss;
	if (cookie && cookie->len > 0)
		tfom->cookie = *cookie;
	else if (try_exp > tfom->try_exp && tfom->cookie.len <= 0 && !tfom->cookie.exp)
		tfom->try_exp = try_exp & 3;

	if (syn_lost) {
		++tfom->syn_loss;
		tfom->last_syn_loss = jiffies;
	} else {
		tfom->syn_loss = 0;
	}
	write_sequnlock_bh(&fastopen_seqlock);
}

/* ---- from outside ---- */

/**
 * tcp_metrics_set() - one value of a peer's, as if a connection had left it
 * @saddr: our address, network order; @daddr: the peer's
 * @name: "rtt", "rttvar" (microseconds), "ssthresh", "cwnd", "reordering", "ts", "ts_age" (seconds)
 * @value: it
 *
 * Return: 0; -EINVAL for another name; -ENOMEM; the errno of a route to a peer not heard of yet.
 */
int tcp_metrics_set(__be32 saddr, __be32 daddr, const char *name, u32 value)
{
	static const struct {
		const char *name;
		enum tcp_metric_index idx;
		u32 scale;
	} rows[] = {
		{ "rtt", TCP_METRIC_RTT, 8 },
		{ "rttvar", TCP_METRIC_RTTVAR, 4 },
		{ "ssthresh", TCP_METRIC_SSTHRESH, 1 },
		{ "cwnd", TCP_METRIC_CWND, 1 },
		{ "reordering", TCP_METRIC_REORDERING, 1 },
	};
	unsigned int hash = tcp_metrics_hash_v4(daddr);
	struct inetpeer_addr from, to;
	struct tcp_metrics_block *tm;
	size_t i;

	inetpeer_set_addr_v4(&from, saddr);
	inetpeer_set_addr_v4(&to, daddr);
	tm = __tcp_get_metrics(&from, &to, &init_net, hash);
	if (!tm || tm == TCP_METRICS_RECLAIM_PTR) {
		struct rtable *rt = ip_route_output(&init_net, daddr, saddr, 0, 0);

		if (IS_ERR(rt))
			return PTR_ERR(rt);
		tm = tcpm_new(&rt->dst, &from, &to, hash);
		ip_rt_put(rt);
		if (!tm)
			return -ENOMEM;
	}
	if (!strcmp(name, "ts")) {
		tm->tcpm_ts = value;
		return 0;
	}
	if (!strcmp(name, "ts_age")) {
		tm->tcpm_ts_stamp = (u32)get_seconds() - value;
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(name, rows[i].name)) {
			tcp_metric_set(tm, rows[i].idx, value * rows[i].scale);
			return 0;
		}
	}
	return -EINVAL;
}

/** tcp_metrics_flush_all() - forget every peer (ip tcp_metrics flush) */
void tcp_metrics_flush_all(void)
{
	tcp_metrics_exit();
}

/* ---- boot and shutdown ---- */

/** tcp_metrics_init() - an empty table */
void tcp_metrics_init(void)
{
	memset(tcp_metrics_hash, 0, sizeof(tcp_metrics_hash));
}

/** tcp_metrics_exit() - forget every peer */
void tcp_metrics_exit(void)
{
	struct tcp_metrics_block *tm;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tcp_metrics_hash); i++) {
		while ((tm = tcp_metrics_hash[i].chain) != NULL) {
			tcp_metrics_hash[i].chain = tm->tcpm_next;
			kfree(tm);
		}
	}
}
