/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a TCP connection as its user sees it: a new socket, the states, closing, aborting.
 *
 * Theory of operation
 *
 * Every change of state passes through tcp_set_state(), and there the tables are kept in step: a
 * socket that becomes TCP_CLOSE leaves the established table and gives its port back in the same
 * breath.  The state itself is written last, so nobody can look up a socket that is closed.
 *
 * close(2) and the end of the connection are different moments.  tcp_close() sends the FIN, cuts the
 * tie to the user (sock_orphan) and returns; the socket lives on, owned by the protocol, until the
 * peer has answered, a timer gave up, or a TIME_WAIT remnant took its place.  Whoever finds it at
 * its end calls inet_csk_destroy_sock().
 *
 * Data transfer is in tcp_sendrecv.c, socket options in tcp_sockopt.c.
 *
 * Origin: net/ipv4/tcp.c.
 */
#include <linux/bootmem.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/win_minmax.h>
#include <net/inet_common.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>

#include "tcp_output.h"

long tcp_orphan_count;

long sysctl_tcp_mem[3]; /* pages: low, pressure, high */
int sysctl_tcp_wmem[3]; /* bytes: least, default, most */
int sysctl_tcp_rmem[3];
int sysctl_tcp_min_tso_segs = 2;
int sysctl_tcp_autocorking = 1;

long tcp_memory_allocated;  /* pages held by all TCP sockets */
long tcp_sockets_allocated; /* how many there are */
int tcp_memory_pressure;    /* memory is short */

void tcp_enter_memory_pressure(struct sock *sk)
{
	if (!tcp_memory_pressure) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMEMORYPRESSURES);
		tcp_memory_pressure = 1;
	}
}

/**
 * tcp_init_sock - a new TCP socket, before it has an address family's operations
 * @sk: zeroed, with sock_init_data()'s defaults
 *
 * Return: 0.
 */
int tcp_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	skb_queue_head_init(&tp->out_of_order_queue);
	tcp_init_xmit_timers(sk);
	tcp_prequeue_init(tp);
	INIT_LIST_HEAD(&tp->tsq_node);

	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	tp->mdev_us = jiffies_to_usecs(TCP_TIMEOUT_INIT);
	minmax_reset(&tp->rtt_min, tcp_time_stamp, ~0U);

	/* Set here already, so that a SYN counts against a window like any segment. */
	tp->snd_cwnd = TCP_INIT_CWND;

	/* Until the first ACK the path idles through no fault of its own. */
	tp->app_limited = ~0U;

	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_clamp = ~0;
	tp->mss_cache = TCP_MSS_DEFAULT;

	tp->reordering = sock_net(sk)->ipv4.sysctl_tcp_reordering;
	tcp_enable_early_retrans(tp);
	tcp_assign_congestion_control(sk);

	tp->tsoffset = 0;

	sk->sk_state = TCP_CLOSE;

	sk->sk_write_space = sk_stream_write_space;
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);

	icsk->icsk_sync_mss = tcp_sync_mss;

	sk->sk_sndbuf = sysctl_tcp_wmem[1];
	sk->sk_rcvbuf = sysctl_tcp_rmem[1];

	local_bh_disable();
	sk_sockets_allocated_inc(sk);
	local_bh_enable();
	return 0;
}

/**
 * sk_stream_alloc_skb - a buffer for the write queue
 * @sk: the socket that is charged
 * @size: bytes of data it must hold
 * @gfp: how to allocate
 * @force_schedule: charge even if memory is short
 *
 * It comes as a pair (fclone): the original that stays queued and the clone that is sent are one
 * allocation.  The room for all headers is reserved in front.
 *
 * Return: the buffer, or NULL.
 */
struct sk_buff *sk_stream_alloc_skb(struct sock *sk, int size, gfp_t gfp, bool force_schedule)
{
	struct sk_buff *skb;

	/* a TCP header is read in 32-bit words */
	size = ALIGN(size, 4);

	if (unlikely(tcp_under_memory_pressure(sk)))
		sk_mem_reclaim_partial(sk);

	skb = alloc_skb_fclone(size + sk->sk_prot->max_header, gfp);
	if (likely(skb)) {
		bool mem_scheduled;

		if (force_schedule) {
			mem_scheduled = true;
			sk_forced_mem_schedule(sk, skb->truesize);
		} else {
			mem_scheduled = sk_wmem_schedule(sk, skb->truesize);
		}
		if (likely(mem_scheduled)) {
			skb_reserve(skb, sk->sk_prot->max_header);
			return skb;
		}
		__kfree_skb(skb);
	} else {
		sk->sk_prot->enter_memory_pressure(sk);
		sk_stream_moderate_sndbuf(sk);
	}
	return NULL;
}

/* ---- states ---- */

/**
 * tcp_set_state - the one place a connection changes its state
 * @sk: the socket
 * @state: TCP_*
 *
 * A port that bind(2) chose stays with a closed socket (SOCK_BINDPORT_LOCK): it can connect again
 * from it.  One that connect(2) found goes back.
 */
void tcp_set_state(struct sock *sk, int state)
{
	int oldstate = sk->sk_state;

	switch (state) {
	case TCP_ESTABLISHED:
		if (oldstate != TCP_ESTABLISHED)
			TCP_INC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
		break;

	case TCP_CLOSE:
		if (oldstate == TCP_CLOSE_WAIT || oldstate == TCP_ESTABLISHED)
			TCP_INC_STATS(sock_net(sk), TCP_MIB_ESTABRESETS);

		sk->sk_prot->unhash(sk);
		if (inet_csk(sk)->icsk_bind_hash && !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
			inet_put_port(sk);
		fallthrough;
	default:
		if (oldstate == TCP_ESTABLISHED)
			TCP_DEC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
	}

	/* after the table was left: no lookup must meet a closed socket */
	sk_state_store(sk, state);
}

/* What close(2) and shutdown(2) do to each state: the next one, and whether a FIN is due. */
static const unsigned char new_state[16] = {
	[TCP_ESTABLISHED] = TCP_FIN_WAIT1 | TCP_ACTION_FIN,
	[TCP_SYN_SENT] = TCP_CLOSE,
	[TCP_SYN_RECV] = TCP_FIN_WAIT1 | TCP_ACTION_FIN,
	[TCP_FIN_WAIT1] = TCP_FIN_WAIT1,
	[TCP_FIN_WAIT2] = TCP_FIN_WAIT2,
	[TCP_TIME_WAIT] = TCP_CLOSE,
	[TCP_CLOSE] = TCP_CLOSE,
	[TCP_CLOSE_WAIT] = TCP_LAST_ACK | TCP_ACTION_FIN,
	[TCP_LAST_ACK] = TCP_LAST_ACK,
	[TCP_LISTEN] = TCP_CLOSE,
	[TCP_CLOSING] = TCP_CLOSING,
	[TCP_NEW_SYN_RECV] = TCP_CLOSE,
};

/* Take that step; nonzero: send a FIN. */
static int tcp_close_state(struct sock *sk)
{
	int next = (int)new_state[sk->sk_state];
	int ns = next & TCP_STATE_MASK;

	tcp_set_state(sk, ns);
	return next & TCP_ACTION_FIN;
}

/* shutdown(2): the receiving side needs no segment, the sending side a FIN. */
void tcp_shutdown(struct sock *sk, int how)
{
	if (!(how & SEND_SHUTDOWN))
		return;

	/* a state in which our FIN has not been sent yet? */
	if ((1 << sk->sk_state) &
	    (TCPF_ESTABLISHED | TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_CLOSE_WAIT)) {
		if (tcp_close_state(sk))
			tcp_send_fin(sk);
	}
}

/* Are there so many orphans, or so little memory, that this one must go at once? */
bool tcp_check_oom(struct sock *sk, int shift)
{
	return tcp_too_many_orphans(sk, shift) || tcp_out_of_memory(sk);
}

/* ---- closing ---- */

/* Throw away what the user has not read; bytes. */
static int tcp_close_drop_unread(struct sock *sk)
{
	struct sk_buff *skb;
	int data_was_unread = 0;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue)) != NULL) {
		u32 len = TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq;

		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			len--;
		data_was_unread += len;
		__kfree_skb(skb);
	}
	sk_mem_reclaim(sk);
	return data_was_unread;
}

/*
 * The user's part of the close: say good-bye to the peer.  With data unread the peer must learn
 * that it was not read (RFC 2525 2.17), so a RST; likewise if the user asked for an abort.
 */
static void tcp_close_goodbye(struct sock *sk, int data_was_unread)
{
	if (unlikely(tcp_sk(sk)->repair)) {
		sk->sk_prot->disconnect(sk, 0);
	} else if (data_was_unread) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONCLOSE);
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, sk->sk_allocation);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		sk->sk_prot->disconnect(sk, 0);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
	} else if (tcp_close_state(sk)) {
		tcp_send_fin(sk);
	}
}

/*
 * FIN_WAIT2 without a user: the peer owes us nothing but its FIN, and may never send it.  A remnant
 * waits for it as well as a socket would; with a very long limit the socket waits a while first.
 * True: the remnant has taken over.
 */
static bool tcp_close_fin_wait2(struct sock *sk)
{
	if (tcp_sk(sk)->linger2 < 0) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_ATOMIC);
		__NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONLINGER);
	} else {
		const int tmo = tcp_fin_time(sk);

		if (tmo > TCP_TIMEWAIT_LEN) {
			inet_csk_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
		} else {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
			return true;
		}
	}
	return false;
}

/**
 * tcp_close - the last descriptor was closed
 * @sk: the socket
 * @timeout: how long to wait for the FIN's acknowledgment (SO_LINGER), jiffies
 *
 * The order at the end matters: orphan first, so nobody is woken any more; then release_sock(),
 * which works off the backlog and may itself finish the connection; and only then, as a softirq
 * would, look at what is left to do.
 */
void tcp_close(struct sock *sk, long timeout)
{
	int data_was_unread;
	int state;

	lock_sock(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;

	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
		goto adjudge_to_death;
	}

	data_was_unread = tcp_close_drop_unread(sk);

	/* reset or never connected: nobody to talk to */
	if (sk->sk_state == TCP_CLOSE)
		goto adjudge_to_death;

	tcp_close_goodbye(sk, data_was_unread);
	sk_stream_wait_close(sk, timeout);

adjudge_to_death:
	state = sk->sk_state;
	sock_hold(sk);
	sock_orphan(sk);

	/* the last one: it takes care of the backlog */
	release_sock(sk);

	local_bh_disable();
	bh_lock_sock(sk);
	WARN_ON(sock_owned_by_user(sk));

	(*sk->sk_prot->orphan_count)++;

	/* A segment of the backlog ended it: then tcp_done() destroyed it already. */
	if (state != TCP_CLOSE && sk->sk_state == TCP_CLOSE)
		goto out;

	if (sk->sk_state == TCP_FIN_WAIT2 && tcp_close_fin_wait2(sk))
		goto out;

	if (sk->sk_state != TCP_CLOSE) {
		sk_mem_reclaim(sk);
		if (tcp_check_oom(sk, 0)) {
			tcp_set_state(sk, TCP_CLOSE);
			tcp_send_active_reset(sk, GFP_ATOMIC);
			__NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
		}
	}

	if (sk->sk_state == TCP_CLOSE)
		inet_csk_destroy_sock(sk);
	/* else it lives on until the protocol is done with it */
out:
	bh_unlock_sock(sk);
	local_bh_enable();
	sock_put(sk);
}

/* Does RFC 793's ABORT send a RST in this state? */
static inline bool tcp_need_reset(int state)
{
	return (1 << state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_FIN_WAIT1 |
			       TCPF_FIN_WAIT2 | TCPF_SYN_RECV);
}

/* Everything the old connection learned is void; the next one starts as new. */
static void tcp_disconnect_forget(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	sk->sk_shutdown = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->srtt_us = 0;
	/* above everything the peer may still hold of ours; 0 means "not chosen" */
	tp->write_seq += tp->max_window + 2;
	if (tp->write_seq == 0)
		tp->write_seq = 1;
	icsk->icsk_backoff = 0;
	tp->snd_cwnd = 2;
	icsk->icsk_probes_out = 0;
	tp->packets_out = 0;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_cnt = 0;
	tp->window_clamp = 0;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tcp_clear_retrans(tp);
	inet_csk_delack_init(sk);
	tcp_init_send_head(sk);
	memset(&tp->rx_opt, 0, sizeof(tp->rx_opt));
	__sk_dst_reset(sk);
	/* the next handshake stores the route it came by without looking at this one */
	dst_release(sk->sk_rx_dst);
	sk->sk_rx_dst = NULL;
}

/**
 * tcp_disconnect - abort the connection, keep the socket
 * @sk: the socket, owned
 * @flags: not used
 *
 * connect(2) comes here when the connection failed, and after AF_UNSPEC: the socket can connect
 * again afterwards.
 *
 * Return: 0.
 */
int tcp_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int old_state = sk->sk_state;

	(void)flags;
	if (old_state != TCP_CLOSE)
		tcp_set_state(sk, TCP_CLOSE);

	if (old_state == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
	} else if (unlikely(tp->repair)) {
		sk->sk_err = ECONNABORTED;
	} else if (tcp_need_reset(old_state) ||
		   (tp->snd_nxt != tp->write_seq &&
		    (1 << old_state) & (TCPF_CLOSING | TCPF_LAST_ACK))) {
		tcp_send_active_reset(sk, gfp_any());
		sk->sk_err = ECONNRESET;
	} else if (old_state == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET;
	}

	tcp_clear_xmit_timers(sk);
	__skb_queue_purge(&sk->sk_receive_queue);
	tcp_write_queue_purge(sk);
	__skb_queue_purge(&tp->out_of_order_queue);

	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet->inet_rcv_saddr = inet->inet_saddr = 0;

	tcp_disconnect_forget(sk);

	WARN_ON(inet->inet_num && !icsk->icsk_bind_hash);

	sk->sk_error_report(sk);
	return 0;
}

/**
 * tcp_done - the connection is over, from the protocol's side
 * @sk: the socket, locked by the softirq or owned
 *
 * With a user, wake him: connect(2) returns with sk_err.  Without, there is nobody left to wait for.
 */
void tcp_done(struct sock *sk)
{
	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		TCP_INC_STATS(sock_net(sk), TCP_MIB_ATTEMPTFAILS);

	tcp_set_state(sk, TCP_CLOSE);
	tcp_clear_xmit_timers(sk);

	sk->sk_shutdown = SHUTDOWN_MASK;

	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		inet_csk_destroy_sock(sk);
}

/* ---- boot ---- */

/*
 * Settings as the kernel has them after boot, on a machine like the one the recordings come from.
 * They are assigned, not only initialised: a second world in one process must not inherit the first
 * one's.
 */
static void tcp_init_sysctls(void)
{
	static const long mem[3] = { 23763, 31687, 47526 };
	static const int wmem[3] = { 4096, 16 * 1024, 4 * 1024 * 1024 };
	static const int rmem[3] = { 4096, 87380, 6 * 1024 * 1024 };

	memcpy(sysctl_tcp_mem, mem, sizeof(mem));
	memcpy(sysctl_tcp_wmem, wmem, sizeof(wmem));
	memcpy(sysctl_tcp_rmem, rmem, sizeof(rmem));
	sysctl_tcp_timestamps = 1;
	sysctl_tcp_window_scaling = 1;
	sysctl_tcp_sack = 1;
	sysctl_tcp_fack = 1;
	sysctl_tcp_dsack = 1;
	sysctl_tcp_fastopen = TFO_CLIENT_ENABLE | TFO_SERVER_ENABLE;
	sysctl_tcp_adv_win_scale = 1;
	sysctl_tcp_app_win = 31;
	sysctl_tcp_moderate_rcvbuf = 1;
	sysctl_tcp_early_retrans = 3;
	sysctl_tcp_recovery = TCP_RACK_LOST_RETRANS;
	sysctl_tcp_retrans_collapse = 1;
	sysctl_tcp_workaround_signed_windows = 0;
	sysctl_tcp_limit_output_bytes = 262144;
	sysctl_tcp_slow_start_after_idle = 1;
	sysctl_tcp_tw_reuse = 0;
	sysctl_tcp_low_latency = 0;
	sysctl_tcp_nometrics_save = 0;
	tcp_death_row.sysctl_tw_recycle = 0;
}

/*
 * The established and the bind table, empty: a bucket for each 128 KB of memory.  They come zeroed,
 * which is what an empty chain and a free lock are, so boot does not touch them.
 */
static void tcp_init_tables(void)
{
	unsigned int cnt;

	inet_hashinfo_init(&tcp_hashinfo);
	tcp_hashinfo.bind_bucket_cachep =
		kmem_cache_create("inet_bind_bucket", sizeof(struct inet_bind_bucket),
				  SLAB_HWCACHE_ALIGN | SLAB_PANIC);

	tcp_hashinfo.ehash =
		alloc_large_system_hash("TCP established", struct inet_ehash_bucket, 0, 17, NULL,
					&tcp_hashinfo.ehash_mask, 0, 512 * 1024);
	cnt = tcp_hashinfo.ehash_mask + 1;
	tcp_hashinfo.bhash =
		alloc_large_system_hash("TCP bind", struct inet_bind_hashbucket, cnt, 17,
					&tcp_hashinfo.bhash_size, NULL, 0, 64 * 1024);
	tcp_hashinfo.bhash_size = 1U << tcp_hashinfo.bhash_size;

	tcp_death_row.sysctl_max_tw_buckets = (int)(cnt / 2);
	sysctl_tcp_max_orphans = (int)(cnt / 2);
}

/* TCP at boot. */
void tcp_init(void)
{
	tcp_memory_allocated = 0;
	tcp_sockets_allocated = 0;
	tcp_memory_pressure = 0;
	tcp_orphan_count = 0;

	tcp_init_tables();
	tcp_init_sysctls();
	atomic_set(&tcp_death_row.tw_count, 0);
	tcp_death_row.hashinfo = &tcp_hashinfo;

	tcp_metrics_init();
	tcp_cong_init();
	tcp_input_init();
	tcp_tasklet_init();
}

/*
 * End a connection that outlived its user, without telling the peer.  It is the established table's
 * entry that is found; tcp_done() takes it out and, for an orphan, destroys it.
 */
static void tcp_exit_sock(struct sock *sk)
{
	sock_hold(sk);
	local_bh_disable();
	bh_lock_sock(sk);
	tcp_done(sk);
	bh_unlock_sock(sk);
	local_bh_enable();
	sock_put(sk);
}

/* The world ends: no task is left, so every socket still there is an orphan or a remnant. */
void tcp_exit(void)
{
	struct hlist_node *n;
	unsigned int slot;
	struct sock *sk;

	inet_twsk_purge(&tcp_hashinfo);
	for (slot = 0; slot <= tcp_hashinfo.ehash_mask; slot++)
		hlist_for_each_entry_safe(sk, n, &tcp_hashinfo.ehash[slot].chain, sk_node)
			tcp_exit_sock(sk);
	tcp_metrics_exit();
	kfree(tcp_hashinfo.ehash);
	kfree(tcp_hashinfo.bhash);
	kmem_cache_destroy(tcp_hashinfo.bind_bucket_cachep);
	memset(&tcp_hashinfo, 0, sizeof(tcp_hashinfo));
}
