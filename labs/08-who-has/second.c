/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 8, another way to write it: what may happen to the queue has functions of its own, the questions are
 * asked in another order, and the states are set before the packets are touched.
 */

#include <linux/errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/dropreason.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/route.h>

void arp_send_dst(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
		  const unsigned char *dest_hw, const unsigned char *src_hw,
		  const unsigned char *target_hw, struct dst_entry *dst);
void neigh_add_timer(struct neighbour *n, unsigned long when);
int neigh_del_timer(struct neighbour *n);
void neigh_probe(struct neighbour *neigh);
void neigh_suspect(struct neighbour *neigh);
void neigh_connect(struct neighbour *neigh);
void neigh_update_hhs(struct neighbour *neigh);
void arp_solicit(struct neighbour *neigh, struct sk_buff *skb);
void neigh_invalidate(struct neighbour *neigh);

/* ---- asking ---- */

static bool is_ours(struct net_device *dev, __be32 addr)
{
	return inet_addr_type_dev_table(dev_net(dev), dev, addr) == RTN_LOCAL;
}

static __be32 our_address(struct net_device *dev, struct in_device *in_dev, __be32 target,
			  struct sk_buff *skb)
{
	int announce = IN_DEV_ARP_ANNOUNCE(in_dev);
	__be32 of_packet = skb ? ip_hdr(skb)->saddr : 0;

	if (of_packet && announce != 2 && is_ours(dev, of_packet) &&
	    (announce != 1 || inet_addr_onlink(in_dev, target, of_packet)))
		return of_packet;
	return inet_select_addr(dev, target, RT_SCOPE_LINK);
}

void arp_solicit(struct neighbour *neigh, struct sk_buff *skb)
{
	struct net_device *dev = neigh->dev;
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	__be32 target = *(__be32 *)neigh->primary_key;
	struct dst_entry *dst = NULL;
	u8 known[MAX_ADDR_LEN];
	bool alone;

	if (!in_dev)
		return;
	alone = atomic_read(&neigh->probes) < NEIGH_VAR(neigh->parms, UCAST_PROBES);
	if (alone)
		neigh_ha_snapshot((char *)known, neigh, dev);
	if (skb && !(dev->priv_flags & IFF_XMIT_DST_RELEASE))
		dst = skb_dst(skb);
	arp_send_dst(ARPOP_REQUEST, ETH_P_ARP, target, dev, our_address(dev, in_dev, target, skb),
		     alone ? known : NULL, dev->dev_addr, NULL, dst);
}

/* ---- the queue ---- */

static void queue_emptied(struct neighbour *neigh)
{
	__skb_queue_purge(&neigh->arp_queue);
	neigh->arp_queue_len_bytes = 0;
}

static void park(struct neighbour *neigh, struct sk_buff *skb)
{
	unsigned int room = (unsigned int)NEIGH_VAR(neigh->parms, QUEUE_LEN_BYTES);
	struct sk_buff *old;

	skb_dst_force(skb);
	while (neigh->arp_queue_len_bytes + skb->truesize > room &&
	       (old = __skb_dequeue(&neigh->arp_queue)) != NULL) {
		neigh->arp_queue_len_bytes -= old->truesize;
		kfree_skb_reason(old, SKB_DROP_REASON_NEIGH_QUEUEFULL);
	}
	neigh->arp_queue_len_bytes += skb->truesize;
	__skb_queue_tail(&neigh->arp_queue, skb);
}

/* One that waited goes; its route may lead to another entry by now. */
static void send_one(struct neighbour *neigh, struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	struct neighbour *other = dst ? dst_neigh_lookup_skb(dst, skb) : NULL;
	struct neighbour *by = other ? other : neigh;

	by->output(by, skb);
	if (other)
		neigh_release(other);
}

static void send_all(struct neighbour *neigh)
{
	struct sk_buff *skb;

	for (;;) {
		skb = neigh->nud_state & NUD_VALID ? __skb_dequeue(&neigh->arp_queue) : NULL;
		if (!skb)
			break;
		write_unlock_bh(&neigh->lock);
		send_one(neigh, skb);
		write_lock_bh(&neigh->lock);
	}
	queue_emptied(neigh);
}

void neigh_invalidate(struct neighbour *neigh)
{
	neigh->updated = jiffies;
	while (neigh->nud_state == NUD_FAILED) {
		struct sk_buff *skb = __skb_dequeue(&neigh->arp_queue);

		if (!skb)
			break;
		write_unlock(&neigh->lock);
		neigh->ops->error_report(neigh, skb);
		write_lock(&neigh->lock);
	}
	queue_emptied(neigh);
}

/* ---- sending ---- */

static int refused(struct neighbour *neigh, struct sk_buff *skb, enum skb_drop_reason why)
{
	write_unlock_bh(&neigh->lock);
	kfree_skb_reason(skb, why);
	return 1;
}

static void begin_to_ask(struct neighbour *neigh)
{
	int wait = NEIGH_VAR(neigh->parms, RETRANS_TIME);

	if (wait < HZ / 2)
		wait = HZ / 2;
	neigh->updated = jiffies;
	neigh->nud_state = NUD_INCOMPLETE;
	atomic_set(&neigh->probes, NEIGH_VAR(neigh->parms, UCAST_PROBES));
	neigh_add_timer(neigh, jiffies + wait);
}

int __neigh_event_send(struct neighbour *neigh, struct sk_buff *skb)
{
	bool ask = false, waits;

	write_lock_bh(&neigh->lock);
	if (!(neigh->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))) {
		if (neigh->dead && !(neigh->nud_state & NUD_STALE))
			return refused(neigh, skb, SKB_DROP_REASON_NEIGH_DEAD);
		if (neigh->nud_state & NUD_STALE && !neigh->dead) {
			neigh->updated = jiffies;
			neigh->nud_state = NUD_DELAY;
			neigh_add_timer(neigh, jiffies + NEIGH_VAR(neigh->parms, DELAY_PROBE_TIME));
		} else if (!(neigh->nud_state & (NUD_STALE | NUD_INCOMPLETE))) {
			if (!NEIGH_VAR(neigh->parms, MCAST_PROBES) &&
			    !NEIGH_VAR(neigh->parms, APP_PROBES)) {
				neigh->nud_state = NUD_FAILED;
				neigh->updated = jiffies;
				return refused(neigh, skb, SKB_DROP_REASON_NEIGH_FAILED);
			}
			begin_to_ask(neigh);
			ask = true;
		}
	}
	waits = neigh->nud_state == NUD_INCOMPLETE;
	if (waits && skb)
		park(neigh, skb);
	if (ask)
		neigh_probe(neigh);
	else
		write_unlock(&neigh->lock);
	local_bh_enable();
	return waits ? 1 : 0;
}

/* ---- learning ---- */

static void no_address(struct neighbour *neigh, u8 old, u8 new)
{
	neigh_del_timer(neigh);
	if (old & NUD_CONNECTED)
		neigh_suspect(neigh);
	neigh->nud_state = new;
	if (new &NUD_FAILED && old &(NUD_INCOMPLETE | NUD_PROBE))
		neigh_invalidate(neigh);
}

static void enter(struct neighbour *neigh, u8 new)
{
	neigh_del_timer(neigh);
	neigh->nud_state = new;
	if (new &NUD_PROBE)
		atomic_set(&neigh->probes, 0);
	if (new &NUD_IN_TIMER)
		neigh_add_timer(neigh,
				jiffies + (new &NUD_REACHABLE ? neigh->parms->reachable_time : 0));
}

static void move_to(struct neighbour *neigh, const u8 *lladdr, u8 old, u8 new)
{
	if (new != old)
		enter(neigh, new);
	if (lladdr != neigh->ha) {
		memcpy(&neigh->ha, lladdr, neigh->dev->addr_len);
		neigh_update_hhs(neigh);
		if (!(new &NUD_CONNECTED))
			neigh->confirmed =
				jiffies - (NEIGH_VAR(neigh->parms, BASE_REACHABLE_TIME) << 1);
	}
	if (new == old)
		return;
	(new &NUD_CONNECTED ? neigh_connect : neigh_suspect)(neigh);
	if (!(old & NUD_VALID))
		send_all(neigh);
}

/* Which address the entry shall have: its own, @told, or NULL if there is none. */
static const u8 *address_of(struct neighbour *neigh, const u8 *told, u8 old)
{
	unsigned char len = neigh->dev->addr_len;

	if (!len)
		return neigh->ha;
	if (!told)
		return old & NUD_VALID ? neigh->ha : NULL;
	return old & NUD_VALID && !memcmp(told, neigh->ha, len) ? neigh->ha : told;
}

static int learn(struct neighbour *neigh, const u8 *told, u8 new, u32 flags)
{
	u8 old = neigh->nud_state;
	const u8 *lladdr;

	if (neigh->dead || (old & (NUD_NOARP | NUD_PERMANENT) && !(flags & NEIGH_UPDATE_F_ADMIN)))
		return -EPERM;
	if (!(new &NUD_VALID)) {
		no_address(neigh, old, new);
		return 0;
	}
	lladdr = address_of(neigh, told, old);
	if (!lladdr)
		return -EINVAL;
	neigh->updated = jiffies;
	if (new &NUD_CONNECTED)
		neigh->confirmed = jiffies;
	if (old & NUD_VALID && lladdr != neigh->ha && !(flags & NEIGH_UPDATE_F_OVERRIDE)) {
		if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED))
			return 0;
		lladdr = neigh->ha;
		new = NUD_STALE;
	} else if (old & NUD_VALID && lladdr == neigh->ha && new == NUD_STALE &&
		   !(flags & NEIGH_UPDATE_F_ADMIN)) {
		new = old;
	}
	move_to(neigh, lladdr, old, new);
	return 0;
}

int neigh_update(struct neighbour *neigh, const u8 *lladdr, u8 new, u32 flags)
{
	int err;

	write_lock_bh(&neigh->lock);
	err = learn(neigh, lladdr, new, flags);
	write_unlock_bh(&neigh->lock);
	return err;
}
