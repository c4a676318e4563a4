/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_input.c */
/*
 * What the peer says about data behind a hole: the SACK scoreboard.
 *
 * Theory of operation
 * -------------------
 * A cumulative ACK stops at the first hole. A SACK option (RFC 2018) adds up to four ranges beyond
 * it that have arrived. tcp_sacktag_write_queue() goes through the packets in flight and writes
 * into each packet's "sacked" byte what is known of it:
 *
 *	S	TCPCB_SACKED_ACKED	the peer has it
 *	R	TCPCB_SACKED_RETRANS	it was sent again, and the copy is in flight
 *	L	TCPCB_LOST		it is believed lost
 *
 * S and L exclude each other. What is neither SACKed nor old is judged in tcp_input_mark.c.
 *
 * The first block has a second use: one below the cumulative ACK, or inside the second block,
 * reports that something arrived twice (D-SACK, RFC 2883). It tells the sender that a
 * retransmission was needless, and enough of them undo the reduction that came with it.
 *
 * Every ACK repeats most of what the one before it said. recv_sack_cache remembers its blocks, so
 * that only what is new in them is looked at: a queue of a thousand packets is not walked a
 * thousand times. Blocks can be lies; each one is checked before it is used.
 *
 * Adjacent SACKed packets stay what they are: the kernel shifts their data together to save
 * memory (tcp_shift_skb_data()); one buffer a segment keeps each visible.
 *
 * Origin: net/ipv4/tcp_input.c:861-2007, v4.9; RFC 2018, 2883, 6675.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/unaligned.h>
#include <net/snmp.h>

#include "tcp_input.h"

/* The peer reports duplicates; tcp_info tells of it. */
static void tcp_dsack_seen(struct tcp_sock *tp)
{
	tp->rx_opt.sack_ok |= TCP_DSACK_SEEN;
}

/**
 * tcp_is_sackblock_valid() - can this block be true?
 * @tp: the connection
 * @is_dsack: it reports a duplicate
 * @start_seq: its first byte
 * @end_seq: the one after its last
 *
 * It must lie within what is in flight. A duplicate may also lie below, as far back as
 * undo_marker: older ones belong to no reduction that could still be undone. Numbers wrap around,
 * so "far in the past" may look like "far in the future"; both are refused.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_is_sackblock_valid().
 */
static bool tcp_is_sackblock_valid(struct tcp_sock *tp, bool is_dsack, u32 start_seq, u32 end_seq)
{
	/* Never sent, or upside down. */
	if (after(end_seq, tp->snd_nxt) || !before(start_seq, end_seq))
		return false;
	/* So long a block that its start wraps. */
	if (!before(start_seq, tp->snd_nxt))
		return false;

	if (after(start_seq, tp->snd_una))
		return true;

	if (!is_dsack || !tp->undo_marker)
		return false;

	/* A duplicate of what is acknowledged: wholly so, or it makes no sense. */
	if (after(end_seq, tp->snd_una))
		return false;
	if (!before(start_seq, tp->undo_marker))
		return true;

	/* Before the reduction began. */
	if (!after(end_seq, tp->undo_marker))
		return false;

	/* Across its beginning; longer than any window there was, it is a wrapped number. */
	return !before(start_seq, end_seq - tp->max_window);
}

/**
 * tcp_check_dsack() - is the first block the report of a duplicate?
 * @sk: the socket
 * @ack_skb: the ACK
 * @sp: its blocks, as on the wire
 * @num_sacks: how many
 * @prior_snd_una: snd_una before this ACK
 *
 * Data that is no longer in the queue cannot be marked; that its repeat was needless is only
 * counted, in undo_retrans.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_check_dsack(); RFC 2883 section 4.
 */
static bool tcp_check_dsack(struct sock *sk, const struct sk_buff *ack_skb,
			    const struct tcp_sack_block_wire *sp, int num_sacks, u32 prior_snd_una)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 start_seq_0 = get_unaligned_be32(&sp[0].start_seq);
	u32 end_seq_0 = get_unaligned_be32(&sp[0].end_seq);
	bool dup_sack = false;

	if (before(start_seq_0, TCP_SKB_CB(ack_skb)->ack_seq)) {
		dup_sack = true;
		tcp_dsack_seen(tp);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKRECV);
	} else if (num_sacks > 1) {
		u32 start_seq_1 = get_unaligned_be32(&sp[1].start_seq);
		u32 end_seq_1 = get_unaligned_be32(&sp[1].end_seq);

		if (!after(end_seq_0, end_seq_1) && !before(start_seq_0, start_seq_1)) {
			dup_sack = true;
			tcp_dsack_seen(tp);
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKOFORECV);
		}
	}

	if (dup_sack && tp->undo_marker && tp->undo_retrans > 0 &&
	    !after(end_seq_0, prior_snd_una) && after(end_seq_0, tp->undo_marker))
		tp->undo_retrans--;

	return dup_sack;
}

/**
 * tcp_match_skb_to_sack() - does the block cover this packet?
 * @sk: the socket
 * @skb: the packet
 * @start_seq: the block's first byte
 * @end_seq: the one after its last
 *
 * A packet of several segments may be covered in part. It is cut at the segment's border, and the
 * first half is what the answer speaks of.
 *
 * Return: 1 covered, 0 not, or -ENOMEM, -EINVAL if it could not be cut.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_match_skb_to_sack().
 */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb, u32 start_seq, u32 end_seq)
{
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	unsigned int mss, pkt_len, new_len;
	bool in_sack;
	int err;

	in_sack = !after(start_seq, scb->seq) && !before(end_seq, scb->end_seq);

	if (tcp_skb_pcount(skb) == 1 || in_sack || !after(scb->end_seq, start_seq))
		return in_sack;

	mss = (unsigned int)tcp_skb_mss(skb);
	in_sack = !after(start_seq, scb->seq);

	/* Either the front is covered, or the front is what is not. */
	pkt_len = in_sack ? end_seq - scb->seq : max(start_seq - scb->seq, mss);
	if (pkt_len < mss)
		return -EINVAL;

	/* Whole segments only: the covered part is rounded down, the other one up. */
	new_len = pkt_len / mss * mss;
	if (!in_sack && new_len < pkt_len)
		new_len += mss;
	if (new_len >= skb->len && !in_sack)
		return 0;

	err = tcp_fragment(sk, skb, new_len, mss, GFP_ATOMIC);
	return err < 0 ? err : in_sack;
}

/* A packet not SACKed before is: which counters it moves between, and what it proves. */
static __always_inline u8 tcp_sacktag_new(struct sock *sk, struct tcp_sacktag_state *state,
					  u8 sacked, u32 start_seq, u32 end_seq, u32 pcount,
					  const struct skb_mstamp *xmit_time)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int fack_count = state->fack_count;

	tcp_rack_advance(tp, xmit_time, sacked);

	if (sacked & TCPCB_SACKED_RETRANS) {
		/* Not lost and yet sent again: the copy is still out there, R stays. */
		if (sacked & TCPCB_LOST) {
			sacked &= ~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
			tp->lost_out -= pcount;
			tp->retrans_out -= pcount;
		}
	} else {
		if (!(sacked & TCPCB_RETRANS)) {
			/* Sent once, below something SACKed before: it was overtaken. */
			if (before(start_seq, tcp_highest_sack_seq(tp)))
				state->reord = min(fack_count, state->reord);
			if (!after(end_seq, tp->high_seq))
				state->flag |= FLAG_ORIG_SACK_ACKED;
			if (state->first_sackt.v64 == 0)
				state->first_sackt = *xmit_time;
			state->last_sackt = *xmit_time;
		}
		if (sacked & TCPCB_LOST) {
			sacked &= ~TCPCB_LOST;
			tp->lost_out -= pcount;
		}
	}

	sacked |= TCPCB_SACKED_ACKED;
	state->flag |= FLAG_DATA_SACKED;
	tp->sacked_out += pcount;
	tp->delivered += pcount;

	/* One more SACKed packet below where tcp_mark_head_lost() has stopped counting. */
	if (!tcp_is_fack(tp) && tp->lost_skb_hint &&
	    before(start_seq, TCP_SKB_CB(tp->lost_skb_hint)->seq))
		tp->lost_cnt_hint += (int)pcount;

	if (fack_count + (int)pcount > (int)tp->fackets_out)
		tp->fackets_out = (u32)fack_count + pcount;
	return sacked;
}

/**
 * tcp_sacktag_one() - a block covers one packet
 * @sk: the socket
 * @state: what the walk has found so far; fack_count is the number of segments before this one
 * @skb: the packet
 * @dup_sack: the block reports a duplicate
 *
 * Return: the packet's TCPCB_* bits from now on.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_sacktag_one().
 */
static u8 tcp_sacktag_one(struct sock *sk, struct tcp_sacktag_state *state,
			  const struct sk_buff *skb, bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	u32 pcount = (u32)tcp_skb_pcount(skb);
	u8 sacked = TCP_SKB_CB(skb)->sacked;

	if (dup_sack && (sacked & TCPCB_RETRANS)) {
		if (tp->undo_marker && tp->undo_retrans > 0 && after(end_seq, tp->undo_marker))
			tp->undo_retrans--;
		if (sacked & TCPCB_SACKED_ACKED)
			state->reord = min(state->fack_count, state->reord);
	}

	/* About to leave the queue anyway. */
	if (!after(end_seq, tp->snd_una))
		return sacked;

	if (!(sacked & TCPCB_SACKED_ACKED))
		sacked = tcp_sacktag_new(sk, state, sacked, seq, end_seq, pcount, &skb->skb_mstamp);

	/* Both copies have arrived: none is in flight any more. */
	if (dup_sack && (sacked & TCPCB_SACKED_RETRANS)) {
		sacked &= ~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= pcount;
	}
	return sacked;
}

/**
 * tcp_sacktag_walk() - tag the packets that a block covers
 * @skb: where to begin
 * @sk: the socket
 * @next_dup: a duplicate that lies inside this block, or NULL
 * @state: what was found so far
 * @start_seq: the block's first byte
 * @end_seq: the one after its last
 * @dup_sack_in: the block itself reports a duplicate
 *
 * Return: the first packet behind the block.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_sacktag_walk().
 */
static struct sk_buff *tcp_sacktag_walk(struct sk_buff *skb, struct sock *sk,
					const struct tcp_sack_block *next_dup,
					struct tcp_sacktag_state *state, u32 start_seq, u32 end_seq,
					bool dup_sack_in)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_for_write_queue_from(skb, sk) {
		bool dup_sack = dup_sack_in;
		int in_sack = 0;

		/* The queue is sorted: the rest lies beyond. */
		if (skb == tcp_send_head(sk) || !before(TCP_SKB_CB(skb)->seq, end_seq))
			break;

		if (next_dup && before(TCP_SKB_CB(skb)->seq, next_dup->end_seq)) {
			in_sack = tcp_match_skb_to_sack(sk, skb, next_dup->start_seq,
							next_dup->end_seq);
			if (in_sack > 0)
				dup_sack = true;
		}
		if (in_sack <= 0)
			in_sack = tcp_match_skb_to_sack(sk, skb, start_seq, end_seq);
		if (unlikely(in_sack < 0))
			break;

		if (in_sack) {
			TCP_SKB_CB(skb)->sacked = tcp_sacktag_one(sk, state, skb, dup_sack);
			tcp_rate_skb_delivered(sk, skb, state->rate);

			if (!before(TCP_SKB_CB(skb)->seq, tcp_highest_sack_seq(tp)))
				tcp_advance_highest_sack(sk, skb);
		}
		state->fack_count += tcp_skb_pcount(skb);
	}
	return skb;
}

/* Go on to the packet that contains @skip_to_seq, counting those passed. */
static struct sk_buff *tcp_sacktag_skip(struct sk_buff *skb, struct sock *sk,
					struct tcp_sacktag_state *state, u32 skip_to_seq)
{
	tcp_for_write_queue_from(skb, sk) {
		if (skb == tcp_send_head(sk) || after(TCP_SKB_CB(skb)->end_seq, skip_to_seq))
			break;
		state->fack_count += tcp_skb_pcount(skb);
	}
	return skb;
}

/* A part known already is passed over; not so a duplicate inside it, which is news. */
static struct sk_buff *tcp_maybe_skipping_dsack(struct sk_buff *skb, struct sock *sk,
						const struct tcp_sack_block *next_dup,
						struct tcp_sacktag_state *state, u32 skip_to_seq)
{
	if (!next_dup)
		return skb;

	if (before(next_dup->start_seq, skip_to_seq)) {
		skb = tcp_sacktag_skip(skb, sk, state, next_dup->start_seq);
		skb = tcp_sacktag_walk(skb, sk, NULL, state, next_dup->start_seq, next_dup->end_seq,
				       true);
	}
	return skb;
}

static bool tcp_sack_cache_ok(const struct tcp_sock *tp, const struct tcp_sack_block *cache)
{
	return cache < tp->recv_sack_cache + ARRAY_SIZE(tp->recv_sack_cache);
}

/*
 * Read the blocks that can be true into @sp, in host byte order. Return: how many; @first is the
 * index of the packet's first block among them, -1 if that one was refused.
 */
static __always_inline int tcp_sacktag_read_blocks(struct sock *sk, const struct sk_buff *ack_skb,
						   const struct tcp_sack_block_wire *sp_wire,
						   int num_sacks, bool found_dup_sack,
						   u32 prior_snd_una, struct tcp_sack_block *sp,
						   int *first)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int i, used_sacks = 0;

	*first = 0;
	for (i = 0; i < num_sacks; i++) {
		bool dup_sack = !i && found_dup_sack;
		struct tcp_sack_block *b = &sp[used_sacks];
		int mib_idx;

		b->start_seq = get_unaligned_be32(&sp_wire[i].start_seq);
		b->end_seq = get_unaligned_be32(&sp_wire[i].end_seq);

		if (tcp_is_sackblock_valid(tp, dup_sack, b->start_seq, b->end_seq)) {
			/* What this ACK acknowledges as well needs no mark. */
			if (after(b->end_seq, prior_snd_una))
				used_sacks++;
			continue;
		}

		if (dup_sack) {
			mib_idx = tp->undo_marker ? LINUX_MIB_TCPDSACKIGNOREDOLD :
						    LINUX_MIB_TCPDSACKIGNOREDNOUNDO;
		} else {
			/* An ACK that was overtaken says old things; that is no lie. */
			if (TCP_SKB_CB(ack_skb)->ack_seq != tp->snd_una &&
			    !after(b->end_seq, tp->snd_una))
				continue;
			mib_idx = LINUX_MIB_TCPSACKDISCARD;
		}
		NET_INC_STATS(sock_net(sk), mib_idx);
		if (i == 0)
			*first = -1;
	}
	return used_sacks;
}

/* Into the order of the queue, so that one walk does for all. Return: where @first went. */
static __always_inline int tcp_sacktag_sort(struct tcp_sack_block *sp, int used_sacks, int first)
{
	int i, j;

	for (i = used_sacks - 1; i > 0; i--) {
		for (j = 0; j < i; j++) {
			if (!after(sp[j].start_seq, sp[j + 1].start_seq))
				continue;
			swap(sp[j], sp[j + 1]);
			if (j == first)
				first = j + 1;
		}
	}
	return first;
}

/*
 * The block overlaps one that an earlier ACK reported. Tag what lies before that, pass over what
 * it covers, and say what is left to do: 0 nothing, 1 look at the next cached block, 2 walk the
 * rest from @skb, -1 stop, the block ends where the queue does.
 */
static __always_inline int tcp_sacktag_cached(struct sock *sk, struct sk_buff **skb,
					      const struct tcp_sack_block *next_dup,
					      struct tcp_sacktag_state *state,
					      const struct tcp_sack_block *block,
					      const struct tcp_sack_block *cache)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (before(block->start_seq, cache->start_seq)) {
		*skb = tcp_sacktag_skip(*skb, sk, state, block->start_seq);
		*skb = tcp_sacktag_walk(*skb, sk, next_dup, state, block->start_seq,
					cache->start_seq, false);
	}
	if (!after(block->end_seq, cache->end_seq))
		return 0;

	*skb = tcp_maybe_skipping_dsack(*skb, sk, next_dup, state, cache->end_seq);

	/* The cached block was the highest: its end is known, no need to walk there. */
	if (tcp_highest_sack_seq(tp) == cache->end_seq) {
		*skb = tcp_highest_sack(sk);
		if (!*skb)
			return -1;
		state->fack_count = (int)tp->fackets_out;
		return 2;
	}
	*skb = tcp_sacktag_skip(*skb, sk, state, cache->end_seq);
	return 1;
}

/* Tag the queue with the sorted blocks; @first is the index of a duplicate's report, if any. */
static __always_inline void tcp_sacktag_blocks(struct sock *sk, struct tcp_sacktag_state *state,
					       struct tcp_sack_block *sp, int used_sacks,
					       bool found_dup_sack, int first)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *cache = tp->recv_sack_cache;
	struct sk_buff *skb = tcp_write_queue_head(sk);
	int i = 0;

	/* With nothing SACKed what earlier ACKs said is over; else skip the unused places. */
	if (!tp->sacked_out)
		cache += ARRAY_SIZE(tp->recv_sack_cache);
	while (tcp_sack_cache_ok(tp, cache) && !cache->start_seq && !cache->end_seq)
		cache++;

	while (i < used_sacks) {
		bool dup_sack = found_dup_sack && i == first;
		struct tcp_sack_block *next_dup =
			found_dup_sack && i + 1 == first ? &sp[i + 1] : NULL;
		int todo = 1;

		while (tcp_sack_cache_ok(tp, cache) && !before(sp[i].start_seq, cache->end_seq))
			cache++;

		if (tcp_sack_cache_ok(tp, cache) && !dup_sack &&
		    after(sp[i].end_seq, cache->start_seq)) {
			todo = tcp_sacktag_cached(sk, &skb, next_dup, state, &sp[i], cache);
			if (todo < 0)
				break;
			if (todo)
				cache++;
			if (todo == 1)
				continue;
		} else {
			if (!before(sp[i].start_seq, tcp_highest_sack_seq(tp))) {
				skb = tcp_highest_sack(sk);
				if (!skb)
					break;
				state->fack_count = (int)tp->fackets_out;
			}
			skb = tcp_sacktag_skip(skb, sk, state, sp[i].start_seq);
		}
		if (todo)
			skb = tcp_sacktag_walk(skb, sk, next_dup, state, sp[i].start_seq,
					       sp[i].end_seq, dup_sack);
		i++;
	}
}

/**
 * tcp_sacktag_write_queue() - learn from the SACK blocks of an ACK
 * @sk: the socket
 * @ack_skb: the ACK; "sacked" in its control block is the option's offset from the TCP header
 * @prior_snd_una: snd_una before this ACK
 * @state: times and indices of what was newly SACKed
 *
 * Return: FLAG_DATA_SACKED, FLAG_ORIG_SACK_ACKED, FLAG_DSACKING_ACK, as found.
 *
 * Origin: net/ipv4/tcp_input.c, tcp_sacktag_write_queue(); RFC 2018, RFC 2883.
 */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una,
			    struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const unsigned char *ptr = skb_transport_header(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	const struct tcp_sack_block_wire *sp_wire = (const struct tcp_sack_block_wire *)(ptr + 2);
	int num_sacks = min(TCP_NUM_SACKS, (ptr[1] - TCPOLEN_SACK_BASE) >> 3);
	struct tcp_sack_block sp[TCP_NUM_SACKS];
	int i, j, used_sacks, first_sack_index;
	bool found_dup_sack;

	state->flag = 0;
	state->reord = (int)tp->packets_out;

	if (!tp->sacked_out) {
		if (WARN_ON(tp->fackets_out))
			tp->fackets_out = 0;
		tcp_highest_sack_reset(sk);
	}

	found_dup_sack = tcp_check_dsack(sk, ack_skb, sp_wire, num_sacks, prior_snd_una);
	if (found_dup_sack)
		state->flag |= FLAG_DSACKING_ACK;

	/* An ACK too old for its blocks to mean anything does not come here: tcp_ack() refused it. */
	if (!tp->packets_out)
		return state->flag;

	used_sacks = tcp_sacktag_read_blocks(sk, ack_skb, sp_wire, num_sacks, found_dup_sack,
					     prior_snd_una, sp, &first_sack_index);
	first_sack_index = tcp_sacktag_sort(sp, used_sacks, first_sack_index);

	state->fack_count = 0;
	tcp_sacktag_blocks(sk, state, sp, used_sacks, found_dup_sack, first_sack_index);

	/* For the next ACK; used places stand at the end. */
	for (i = 0; i < (int)ARRAY_SIZE(tp->recv_sack_cache) - used_sacks; i++) {
		tp->recv_sack_cache[i].start_seq = 0;
		tp->recv_sack_cache[i].end_seq = 0;
	}
	for (j = 0; j < used_sacks; j++)
		tp->recv_sack_cache[i++] = sp[j];

	if (state->reord < (int)tp->fackets_out &&
	    (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker))
		tcp_update_reordering(sk, (int)tp->fackets_out - state->reord, 0);

	tcp_verify_left_out(tp);
	return state->flag;
}
