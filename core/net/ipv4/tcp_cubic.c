/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CUBIC, the default congestion control.
 *
 * Theory of operation
 * -------------------
 * Reno adds one segment a round trip, which takes hours to fill a fast long path. CUBIC lets the
 * window be a cubic function of the time since the last loss:
 *
 *	W(t) = C * (t - K)^3 + Wmax,	K = cbrt((Wmax - W(0)) / C)
 *
 * Wmax is the window at which the loss happened. The function rises steeply, flattens as it comes
 * near Wmax, stays there for a while and then feels its way upward faster and faster. Time counts
 * and not round trips, so connections with different RTTs share fairly.
 *
 * Two additions: where Reno would be faster (short RTTs), the window follows Reno's estimate; and
 * HyStart leaves slow start before the first loss, when the spacing of ACKs or a growing delay
 * says that the queue has begun to fill.
 *
 * Times are in units of 1/1024 s (BICTCP_HZ) inside the cubic, in jiffies outside; delays are in
 * milliseconds times 8.
 *
 * Origin: net/ipv4/tcp_cubic.c, v4.9; RFC 9438 (CUBIC), RFC 9406 (HyStart).
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <net/tcp.h>

#define BICTCP_BETA_SCALE 1024 /* beta's denominator */
#define BICTCP_HZ         10   /* the cubic's clock: 2^10 a second */

#define HYSTART_ACK_TRAIN       0x1
#define HYSTART_DELAY           0x2
#define HYSTART_MIN_SAMPLES     8
#define HYSTART_DELAY_MIN       (4U << 3)
#define HYSTART_DELAY_MAX       (16U << 3)
#define HYSTART_DELAY_THRESH(x) clamp(x, HYSTART_DELAY_MIN, HYSTART_DELAY_MAX)

/* Parameters of the kernel's module, at their defaults; there they can be set, here they cannot. */
enum {
	fast_convergence = 1,
	beta = 717, /* of 1024: the window after a loss, 0.7 */
	initial_ssthresh = 0,
	bic_scale = 41, /* C = 0.4, as bic_scale * 10 / 1024 */
	tcp_friendliness = 1,
	hystart = 1,
	hystart_detect = HYSTART_ACK_TRAIN | HYSTART_DELAY,
	hystart_low_window = 16, /* segments; below it slow start is never left early */
	hystart_ack_delta = 2,   /* ms between ACKs of one train */
};

/* Computed once from them. */
static u32 cube_rtt_scale;
static u32 beta_scale;
static u64 cube_factor;

/**
 * struct bictcp - CUBIC's own data of a connection, in icsk_ca_priv
 * @cnt: acknowledged segments for one more of window
 * @last_max_cwnd: Wmax
 * @loss_cwnd: window at the last loss, for undo
 * @last_cwnd: window of the last update
 * @last_time: when that was
 * @bic_origin_point: the plateau of the cubic
 * @bic_K: time from the epoch's start to the plateau, 1/1024 s
 * @delay_min: smallest delay seen, ms << 3
 * @epoch_start: when this rise began; 0: not yet
 * @ack_cnt: acknowledged segments since
 * @tcp_cwnd: what Reno's window would be
 * @sample_cnt: delays measured in this round
 * @found: HyStart has found the end of slow start
 * @round_start: beginning of this round, ms
 * @end_seq: where the round ends
 * @last_ack: time of the last ACK of the train, ms
 * @curr_rtt: smallest delay in this round
 */
struct bictcp {
	u32 cnt;
	u32 last_max_cwnd;
	u32 loss_cwnd;
	u32 last_cwnd;
	u32 last_time;
	u32 bic_origin_point;
	u32 bic_K;
	u32 delay_min;
	u32 epoch_start;
	u32 ack_cnt;
	u32 tcp_cwnd;
	u16 unused;
	u8 sample_cnt;
	u8 found;
	u32 round_start;
	u32 end_seq;
	u32 last_ack;
	u32 curr_rtt;
};

/* Forget the epoch. What is needed for undo (loss_cwnd) stays. Origin: 105. */
static inline void bictcp_reset(struct bictcp *ca)
{
	ca->cnt = 0;
	ca->last_max_cwnd = 0;
	ca->last_cwnd = 0;
	ca->last_time = 0;
	ca->bic_origin_point = 0;
	ca->bic_K = 0;
	ca->delay_min = 0;
	ca->epoch_start = 0;
	ca->ack_cnt = 0;
	ca->tcp_cwnd = 0;
	ca->found = 0;
}

/* HyStart's clock, milliseconds. Origin: 120. */
static inline u32 bictcp_clock(void)
{
	return jiffies_to_msecs(jiffies);
}

/* A new round of slow start begins. Origin: 129. */
static inline void bictcp_hystart_reset(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	ca->round_start = ca->last_ack = bictcp_clock();
	ca->end_seq = tp->snd_nxt;
	ca->curr_rtt = 0;
	ca->sample_cnt = 0;
}

/**
 * bictcp_init() - a connection begins to use CUBIC
 * @sk: the socket
 *
 * Origin: net/ipv4/tcp_cubic.c:140.
 */
static void bictcp_init(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	bictcp_reset(ca);
	ca->loss_cwnd = 0;

	if (hystart)
		bictcp_hystart_reset(sk);

	if (!hystart && initial_ssthresh)
		tcp_sk(sk)->snd_ssthresh = initial_ssthresh;
}

/**
 * bictcp_cwnd_event() - something happened to the window
 * @sk: the socket
 * @event: only the start of sending after a pause matters
 *
 * While nothing was sent the cubic must not rise: the epoch's start moves by the pause.
 *
 * Origin: net/ipv4/tcp_cubic.c:154.
 */
static void bictcp_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	struct bictcp *ca;
	u32 now;
	s32 delta;

	if (event != CA_EVENT_TX_START)
		return;

	ca = inet_csk_ca(sk);
	now = tcp_time_stamp;
	delta = (s32)(now - tcp_sk(sk)->lsndtime);

	if (ca->epoch_start && delta > 0) {
		ca->epoch_start += (u32)delta;
		if (after(ca->epoch_start, now))
			ca->epoch_start = now;
	}
}

/**
 * cubic_root() - the integer cube root
 * @a: of this; not 0
 *
 * Newton's method, x' = (2x + a/x^2) / 3, from a power of two that is not below the root: it comes
 * down step by step and stops at the first step that does not.
 *
 * Origin: net/ipv4/tcp_cubic.c:181, which takes a first guess from a table and makes one step.
 */
static u32 cubic_root(u64 a)
{
	u32 x, next;

	x = 1U << (((u32)fls64(a) + 2) / 3);
	for (;;) {
		next = (2 * x + (u32)div64_u64(a, (u64)x * x)) / 3;
		if (next >= x)
			return x;
		x = next;
	}
}

/* The plateau of a new epoch, and the time to it. */
static __always_inline void bictcp_new_epoch(struct bictcp *ca, u32 cwnd, u32 acked)
{
	ca->epoch_start = tcp_time_stamp;
	ca->ack_cnt = acked;
	ca->tcp_cwnd = cwnd;

	if (ca->last_max_cwnd <= cwnd) {
		ca->bic_K = 0;
		ca->bic_origin_point = cwnd;
	} else {
		ca->bic_K = cubic_root(cube_factor * (ca->last_max_cwnd - cwnd));
		ca->bic_origin_point = ca->last_max_cwnd;
	}
}

/* What the cubic says the window should be one round trip from now, in segments. */
static __always_inline u32 bictcp_target(const struct bictcp *ca)
{
	u64 offs, t;
	u32 delta;

	t = (s32)(tcp_time_stamp - ca->epoch_start);
	t += msecs_to_jiffies(ca->delay_min >> 3);
	t <<= BICTCP_HZ;
	t = div_u64(t, HZ);

	if (t < ca->bic_K)
		offs = ca->bic_K - t;
	else
		offs = t - ca->bic_K;

	/* c/rtt * (t - K)^3 */
	delta = (u32)((cube_rtt_scale * offs * offs * offs) >> (10 + 3 * BICTCP_HZ));
	return t < ca->bic_K ? ca->bic_origin_point - delta : ca->bic_origin_point + delta;
}

/**
 * bictcp_update() - how many acknowledged segments make one more of window?
 * @ca: CUBIC's data; the answer is in cnt
 * @cwnd: the window now
 * @acked: segments acknowledged
 *
 * Origin: net/ipv4/tcp_cubic.c:234.
 */
static inline void bictcp_update(struct bictcp *ca, u32 cwnd, u32 acked)
{
	u32 bic_target, max_cnt;

	ca->ack_cnt += acked;

	/* At most 32 times a second: more often changes nothing. */
	if (ca->last_cwnd == cwnd && (s32)(tcp_time_stamp - ca->last_time) <= HZ / 32)
		return;

	/* The cubic only moves when the window or the clock did. */
	if (!(ca->epoch_start && tcp_time_stamp == ca->last_time)) {
		ca->last_cwnd = cwnd;
		ca->last_time = tcp_time_stamp;

		if (ca->epoch_start == 0)
			bictcp_new_epoch(ca, cwnd, acked);

		bic_target = bictcp_target(ca);
		if (bic_target > cwnd)
			ca->cnt = cwnd / (bic_target - cwnd);
		else
			ca->cnt = 100 * cwnd; /* on the plateau: hardly any growth */

		/* Before the first loss nothing is known: at least 5 percent a round trip. */
		if (ca->last_max_cwnd == 0 && ca->cnt > 20)
			ca->cnt = 20;
	}

	if (tcp_friendliness) {
		u32 delta = (cwnd * beta_scale) >> 3;

		while (ca->ack_cnt > delta) {
			ca->ack_cnt -= delta;
			ca->tcp_cwnd++;
		}

		/* Never slower than Reno would be. */
		if (ca->tcp_cwnd > cwnd) {
			delta = ca->tcp_cwnd - cwnd;
			max_cnt = cwnd / delta;
			if (ca->cnt > max_cnt)
				ca->cnt = max_cnt;
		}
	}

	/* One segment for two acknowledged is the steepest rise allowed. */
	ca->cnt = max(ca->cnt, 2U);
}

/**
 * bictcp_cong_avoid() - segments were acknowledged: grow the window
 * @sk: the socket
 * @ack: up to where
 * @acked: how many
 *
 * Origin: net/ipv4/tcp_cubic.c:345.
 */
static void bictcp_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	/* A window that is not filled says nothing about the path. */
	if (!tcp_is_cwnd_limited(sk))
		return;

	if (tcp_in_slow_start(tp)) {
		if (hystart && after(ack, ca->end_seq))
			bictcp_hystart_reset(sk);
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	bictcp_update(ca, tp->snd_cwnd, acked);
	tcp_cong_avoid_ai(tp, ca->cnt, acked);
}

/**
 * bictcp_recalc_ssthresh() - a loss: remember where it was, come down to 0.7 of it
 * @sk: the socket
 *
 * Fast convergence: a window that did not even reach its last maximum is being squeezed by a new
 * competitor, so a lower plateau is remembered to make room for it.
 *
 * Return: the new ssthresh, segments.
 *
 * Origin: net/ipv4/tcp_cubic.c:366.
 */
static u32 bictcp_recalc_ssthresh(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	ca->epoch_start = 0;

	if (tp->snd_cwnd < ca->last_max_cwnd && fast_convergence)
		ca->last_max_cwnd =
			(tp->snd_cwnd * (BICTCP_BETA_SCALE + beta)) / (2 * BICTCP_BETA_SCALE);
	else
		ca->last_max_cwnd = tp->snd_cwnd;

	ca->loss_cwnd = tp->snd_cwnd;

	return max((tp->snd_cwnd * beta) / BICTCP_BETA_SCALE, 2U);
}

/* The loss was none: the window from before it. Origin: 384. */
static u32 bictcp_undo_cwnd(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	return max(tcp_sk(sk)->snd_cwnd, ca->loss_cwnd);
}

/* After a time-out everything starts anew. Origin: 391. */
static void bictcp_state(struct sock *sk, u8 new_state)
{
	if (new_state == TCP_CA_Loss) {
		bictcp_reset(inet_csk_ca(sk));
		bictcp_hystart_reset(sk);
	}
}

/**
 * hystart_update() - is it time to leave slow start?
 * @sk: the socket
 * @delay: this ACK's delay, ms << 3
 *
 * Either the ACKs of one train have spread over half the smallest delay: then the path is full.
 * Or the delay has grown by an eighth: then a queue is filling.
 *
 * Origin: net/ipv4/tcp_cubic.c:399; RFC 9406.
 */
static void hystart_update(struct sock *sk, u32 delay)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	if (ca->found & hystart_detect)
		return;

	if (hystart_detect & HYSTART_ACK_TRAIN) {
		u32 now = bictcp_clock();

		if ((s32)(now - ca->last_ack) <= (s32)hystart_ack_delta) {
			ca->last_ack = now;
			if ((s32)(now - ca->round_start) > (s32)(ca->delay_min >> 4)) {
				ca->found |= HYSTART_ACK_TRAIN;
				NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHYSTARTTRAINDETECT);
				NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPHYSTARTTRAINCWND,
					      tp->snd_cwnd);
				tp->snd_ssthresh = tp->snd_cwnd;
			}
		}
	}

	if (hystart_detect & HYSTART_DELAY) {
		/* The first few delays of a round; their minimum is what counts. */
		if (ca->sample_cnt < HYSTART_MIN_SAMPLES) {
			if (ca->curr_rtt == 0 || ca->curr_rtt > delay)
				ca->curr_rtt = delay;
			ca->sample_cnt++;
		} else if (ca->curr_rtt >
			   ca->delay_min + HYSTART_DELAY_THRESH(ca->delay_min >> 3)) {
			ca->found |= HYSTART_DELAY;
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHYSTARTDELAYDETECT);
			NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPHYSTARTDELAYCWND, tp->snd_cwnd);
			tp->snd_ssthresh = tp->snd_cwnd;
		}
	}
}

/**
 * bictcp_acked() - an ACK with a round-trip sample
 * @sk: the socket
 * @sample: the sample; rtt_us < 0: none
 *
 * Origin: net/ipv4/tcp_cubic.c:440.
 */
static void bictcp_acked(struct sock *sk, const struct ack_sample *sample)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);
	u32 delay;

	if (sample->rtt_us < 0)
		return;

	/* Right after a recovery delays are those of the repair. */
	if (ca->epoch_start && (s32)(tcp_time_stamp - ca->epoch_start) < HZ)
		return;

	delay = (u32)((sample->rtt_us << 3) / (s32)USEC_PER_MSEC);
	if (delay == 0)
		delay = 1;

	if (ca->delay_min == 0 || ca->delay_min > delay)
		ca->delay_min = delay;

	if (hystart && tcp_in_slow_start(tp) && tp->snd_cwnd >= hystart_low_window)
		hystart_update(sk, delay);
}

struct tcp_congestion_ops cubictcp = {
	.init = bictcp_init,
	.ssthresh = bictcp_recalc_ssthresh,
	.cong_avoid = bictcp_cong_avoid,
	.set_state = bictcp_state,
	.undo_cwnd = bictcp_undo_cwnd,
	.cwnd_event = bictcp_cwnd_event,
	.pkts_acked = bictcp_acked,
	.name = "cubic",
};

/**
 * cubictcp_register() - compute the constants, and offer CUBIC by its name
 *
 * Origin: net/ipv4/tcp_cubic.c:482.
 */
void cubictcp_register(void)
{
	BUILD_BUG_ON(sizeof(struct bictcp) > ICSK_CA_PRIV_SIZE);

	/* Reno with CUBIC's beta: 3 * (1 - beta) / (1 + beta) segments a round trip. */
	beta_scale = 8U * (BICTCP_BETA_SCALE + beta) / 3 / (BICTCP_BETA_SCALE - beta);

	cube_rtt_scale = bic_scale * 10; /* 1024 * c / rtt */

	/* K in units of 1/1024 s: the cube root of 2^(10 + 3*10) / cube_rtt_scale. */
	cube_factor = 1ULL << (10 + 3 * BICTCP_HZ);
	do_div(cube_factor, cube_rtt_scale);

	tcp_register_congestion_control(&cubictcp);
}
