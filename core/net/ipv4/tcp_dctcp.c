/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DCTCP: congestion control for data centres (RFC 8257).
 *
 * Reno halves its window whether one packet or all of them met a full queue. DCTCP asks how many
 * were marked: the receiver echoes each mark (CE) exactly, not until it is told to stop, and the
 * sender keeps a moving average of the marked share, alpha, in 1/1024. When it must slow down it
 * gives up half of that share of its window, so queues stay short and the line stays full.
 *
 * What it means for connect(2): it works only with ECN, so it says so (TCP_CONG_NEEDS_ECN). The
 * SYN then asks for ECN whatever net.ipv4.tcp_ecn says, and is itself marked ECT(0). When the
 * SYN-ACK does not agree, dctcp_init() leaves the connection to Reno.
 *
 * Left out: dctcp_get_info(), which nobody here can ask for, and the module's parameters; they
 * have their defaults (g = 1/16, alpha begins at 1, a time-out does not raise it).
 *
 * Origin: net/ipv4/tcp_dctcp.c, v4.9; RFC 8257.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <net/inet_ecn.h>
#include <net/tcp.h>

#define DCTCP_MAX_ALPHA 1024U /* everything was marked */
#define DCTCP_SHIFT_G   4     /* the newest window weighs 1/16 */

/**
 * struct dctcp - what DCTCP keeps of a connection, in icsk_ca_priv
 * @acked_bytes_ecn, @acked_bytes_total: acknowledged in this window: with ECE, and at all
 * @prior_snd_una: up to where these were counted
 * @prior_rcv_nxt: SND.NXT of the peer when its last data packet came
 * @dctcp_alpha: share of marked bytes, 0 to DCTCP_MAX_ALPHA
 * @next_seq: when this is acknowledged the window, one round trip, is over
 * @ce_state: 1: the last data packet was marked
 * @delayed_ack_reserved: 1: an ACK is owed for packets before
 * @loss_cwnd: the window at the last reduction, to be restored if that was unfounded
 */
struct dctcp {
	u32 acked_bytes_ecn;
	u32 acked_bytes_total;
	u32 prior_snd_una;
	u32 prior_rcv_nxt;
	u32 dctcp_alpha;
	u32 next_seq;
	u32 ce_state;
	u32 delayed_ack_reserved;
	u32 loss_cwnd;
};

static struct tcp_congestion_ops dctcp_reno;

/* A new window begins. Origin: net/ipv4/tcp_dctcp.c:80. */
static void dctcp_reset(const struct tcp_sock *tp, struct dctcp *ca)
{
	ca->next_seq = tp->snd_nxt;
	ca->acked_bytes_ecn = 0;
	ca->acked_bytes_total = 0;
}

/* The connection is established, or the option was set before it. Origin: tcp_dctcp.c:88. */
static void dctcp_init(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if ((tp->ecn_flags & TCP_ECN_OK) || sk->sk_state == TCP_LISTEN ||
	    sk->sk_state == TCP_CLOSE) {
		struct dctcp *ca = inet_csk_ca(sk);

		ca->prior_snd_una = tp->snd_una;
		ca->prior_rcv_nxt = tp->rcv_nxt;
		ca->dctcp_alpha = DCTCP_MAX_ALPHA;
		ca->delayed_ack_reserved = 0;
		ca->loss_cwnd = 0;
		ca->ce_state = 0;
		dctcp_reset(tp, ca);
		return;
	}

	/* Marks that nobody echoes are worse than none: Reno, and unmarked from here on. */
	inet_csk(sk)->icsk_ca_ops = &dctcp_reno;
	INET_ECN_dontxmit(sk);
}

/* cwnd * (1 - alpha / 2), at least two. Origin: net/ipv4/tcp_dctcp.c:118; RFC 8257 section 3.3. */
static u32 dctcp_ssthresh(struct sock *sk)
{
	struct dctcp *ca = inet_csk_ca(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	ca->loss_cwnd = tp->snd_cwnd;
	return max(tp->snd_cwnd - ((tp->snd_cwnd * ca->dctcp_alpha) >> 11U), 2U);
}

/*
 * An ACK speaks either of marked packets or of others. Where the marks begin or end, the ACK that
 * is owed for the packets before must go first, with the number of that time and the old echo.
 */
static void dctcp_flush_delayed_ack(struct sock *sk, const struct dctcp *ca)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rcv_nxt = tp->rcv_nxt;

	tp->rcv_nxt = ca->prior_rcv_nxt;
	tcp_send_ack(sk);
	tp->rcv_nxt = rcv_nxt;
}

/* A marked packet has come. Origin: net/ipv4/tcp_dctcp.c:131; RFC 8257 section 3.2. */
static void dctcp_ce_state_0_to_1(struct sock *sk)
{
	struct dctcp *ca = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!ca->ce_state && ca->delayed_ack_reserved)
		dctcp_flush_delayed_ack(sk, ca);

	ca->prior_rcv_nxt = tp->rcv_nxt;
	ca->ce_state = 1;
	tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
}

/* One without a mark has come. Origin: net/ipv4/tcp_dctcp.c:160. */
static void dctcp_ce_state_1_to_0(struct sock *sk)
{
	struct dctcp *ca = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (ca->ce_state && ca->delayed_ack_reserved)
		dctcp_flush_delayed_ack(sk, ca);

	ca->prior_rcv_nxt = tp->rcv_nxt;
	ca->ce_state = 0;
	tp->ecn_flags &= ~TCP_ECN_DEMAND_CWR;
}

/*
 * Every ACK: count what it acknowledges, and once a window average the marked share into alpha.
 * A duplicate ACK stands for a segment that has arrived beyond a gap.
 *
 * Origin: net/ipv4/tcp_dctcp.c:189; RFC 8257 section 3.3.
 */
static void dctcp_update_alpha(struct sock *sk, u32 flags)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct dctcp *ca = inet_csk_ca(sk);
	u32 acked_bytes = tp->snd_una - ca->prior_snd_una;
	u32 alpha = ca->dctcp_alpha;

	if (acked_bytes == 0 && !(flags & CA_ACK_WIN_UPDATE))
		acked_bytes = inet_csk(sk)->icsk_ack.rcv_mss;
	if (acked_bytes) {
		ca->acked_bytes_total += acked_bytes;
		ca->prior_snd_una = tp->snd_una;
		if (flags & CA_ACK_ECE)
			ca->acked_bytes_ecn += acked_bytes;
	}
	if (before(tp->snd_una, ca->next_seq))
		return;

	/* below 16 the shift leaves nothing, and alpha would never reach 0 */
	alpha -= alpha >> DCTCP_SHIFT_G ? alpha >> DCTCP_SHIFT_G : alpha;
	if (ca->acked_bytes_ecn) {
		u64 bytes_ecn = (u64)ca->acked_bytes_ecn << (10 - DCTCP_SHIFT_G);

		do_div(bytes_ecn, max(1U, ca->acked_bytes_total));
		alpha = min(alpha + (u32)bytes_ecn, DCTCP_MAX_ALPHA);
	}
	ca->dctcp_alpha = alpha;
	dctcp_reset(tp, ca);
}

/* What happens to the window and to ACKs. Origin: net/ipv4/tcp_dctcp.c:258. */
static void dctcp_cwnd_event(struct sock *sk, enum tcp_ca_event ev)
{
	struct dctcp *ca = inet_csk_ca(sk);

	switch (ev) {
	case CA_EVENT_ECN_IS_CE:
		dctcp_ce_state_0_to_1(sk);
		break;
	case CA_EVENT_ECN_NO_CE:
		dctcp_ce_state_1_to_0(sk);
		break;
	case CA_EVENT_DELAYED_ACK:
		ca->delayed_ack_reserved = 1;
		break;
	case CA_EVENT_NON_DELAYED_ACK:
		ca->delayed_ack_reserved = 0;
		break;
	default:
		break;
	}
}

/* The reduction was unfounded. Origin: net/ipv4/tcp_dctcp.c:305. */
static u32 dctcp_cwnd_undo(struct sock *sk)
{
	const struct dctcp *ca = inet_csk_ca(sk);

	return max(tcp_sk(sk)->snd_cwnd, ca->loss_cwnd);
}

struct tcp_congestion_ops dctcp = {
	.init = dctcp_init,
	.in_ack_event = dctcp_update_alpha,
	.cwnd_event = dctcp_cwnd_event,
	.ssthresh = dctcp_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = dctcp_cwnd_undo,
	.flags = TCP_CONG_NEEDS_ECN,
	.name = "dctcp",
};

/* What a connection without ECN gets in its place; not on offer. */
static struct tcp_congestion_ops dctcp_reno = {
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.name = "dctcp-reno",
};

/**
 * dctcp_register() - offer DCTCP by its name
 *
 * Origin: net/ipv4/tcp_dctcp.c:334.
 */
void dctcp_register(void)
{
	BUILD_BUG_ON(sizeof(struct dctcp) > ICSK_CA_PRIV_SIZE);
	tcp_register_congestion_control(&dctcp);
}
