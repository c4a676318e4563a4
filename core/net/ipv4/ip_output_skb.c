/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/ip_output.c */
/*
 * IPv4, sending datagrams: data becomes one packet with a header.
 *
 * The kernel can collect a datagram from several calls: the socket is "corked", the pieces wait in
 * its write queue, each as large as the path's MTU, and need no cutting later. Here a datagram is
 * appended whole, by one call, in one buffer, and pushed at once; if it is too big for the path,
 * ip_fragment() cuts it.
 *
 *   ip_append_data()          into the socket's write queue: what the kernel's own sockets send
 *   ip_push_pending_frames()  the header in front, and away
 *   ip_make_skb()             both with a queue of its own, and not sent yet: UDP
 *
 * Part of net/ipv4/ip_output.c in the kernel.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/icmp.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>
#include "ip_output_local.h"

/* struct msghdr as the source; the transport's checksum is made later, over all of it. */
int ip_generic_getfrag(void *from, char *to, int offset, int len, int odd, struct sk_buff *skb)
{
	struct msghdr *msg = from;

	(void)offset;
	(void)odd;
	(void)skb;
	return copy_from_iter(to, (size_t)len, &msg->msg_iter) == (size_t)len ? 0 : -EFAULT;
}

/*
 * Takes @length bytes into one packet at the tail of @queue, with room for all headers.  0;
 * -EMSGSIZE if it may not be cut and is too big, or bigger than IP can say; -EFAULT; -EAGAIN,
 * -ENOBUFS, -EPIPE ... of the send buffer.
 */
static int __ip_append_data(struct sock *sk, struct flowi4 *fl4, struct sk_buff_head *queue,
			    struct inet_cork *cork, ip_getfrag_t *getfrag, void *from, int length,
			    int transhdrlen, unsigned int flags)
{
	struct rtable *rt = (struct rtable *)cork->dst;
	unsigned int hh_len = LL_RESERVED_SPACE(rt->dst.dev);
	unsigned int fragheaderlen = sizeof(struct iphdr) + (cork->opt ? cork->opt->optlen : 0);
	unsigned int alloclen = hh_len + fragheaderlen + (unsigned int)length + 15;
	unsigned int maxnonfragsize;
	struct sk_buff *skb = skb_peek_tail(queue);
	int err = -ENOBUFS, copy = length - transhdrlen;
	char *data;

	(void)fl4;
	WARN_ON(skb); /* a datagram is appended whole */
	maxnonfragsize = ip_sk_ignore_df(sk) ? 0xFFFF : cork->fragsize;
	if ((unsigned int)length > maxnonfragsize - fragheaderlen)
		return -EMSGSIZE;
	cork->length += length;

	/* Without a transport of its own nobody waits for room, but some is always found. */
	if (transhdrlen)
		skb = sock_alloc_send_skb(sk, alloclen, flags & MSG_DONTWAIT, &err);
	else if (atomic_read(&sk->sk_wmem_alloc) <= 2 * sk->sk_sndbuf)
		skb = sock_wmalloc(sk, alloclen, 1, sk->sk_allocation);
	if (!skb)
		goto error;

	skb->ip_summed = CHECKSUM_NONE;
	skb->csum = 0;
	skb_reserve(skb, hh_len);
	data = (char *)skb_put(skb, fragheaderlen + (unsigned int)length);
	skb_set_network_header(skb, 0);
	skb->transport_header = (__u16)(skb->network_header + fragheaderlen);
	data += fragheaderlen + transhdrlen;
	if (copy > 0 && getfrag(from, data, 0, copy, 0, skb) < 0) {
		err = -EFAULT;
		kfree_skb(skb);
		goto error;
	}
	__skb_queue_tail(queue, skb);
	return 0;

error:
	cork->length -= length;
	IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTDISCARDS);
	return err;
}

/* What holds for all of the datagram; takes the route over from *@rtp.  0, -EFAULT, -ENOBUFS. */
static int ip_setup_cork(struct sock *sk, struct inet_cork *cork, struct ipcm_cookie *ipc,
			 struct rtable **rtp)
{
	struct ip_options_rcu *opt = ipc->opt;
	struct rtable *rt = *rtp;

	if (unlikely(!rt))
		return -EFAULT;
	if (opt) {
		if (!cork->opt) {
			cork->opt = kmalloc(sizeof(struct ip_options) + 40, sk->sk_allocation);
			if (!cork->opt)
				return -ENOBUFS;
		}
		memcpy(cork->opt, &opt->opt, sizeof(struct ip_options) + opt->opt.optlen);
		cork->flags |= IPCORK_OPT;
		cork->addr = ipc->addr;
	}
	*rtp = NULL;
	cork->fragsize = ip_sk_use_pmtu(sk) ? dst_mtu(&rt->dst) : rt->dst.dev->mtu;
	cork->dst = &rt->dst;
	cork->length = 0;
	cork->ttl = ipc->ttl;
	cork->tos = ipc->tos;
	cork->priority = ipc->priority;
	return 0;
}

static void ip_cork_release(struct inet_cork *cork)
{
	cork->flags &= ~(unsigned int)IPCORK_OPT;
	kfree(cork->opt);
	cork->opt = NULL;
	dst_release(cork->dst);
	cork->dst = NULL;
}

/**
 * ip_append_data() - a datagram into the socket's write queue
 * @sk: the socket that pays for it; its protocol, TOS, TTL
 * @fl4: addresses
 * @getfrag: @from: where the data is copied from
 * @length: bytes, the transport's header included
 * @transhdrlen: bytes of that header; left for the caller to fill
 * @ipc: what else is asked for
 * @rtp: the route; taken over, and *@rtp is NULL then
 * @flags: MSG_DONTWAIT
 *
 * Return: 0, or a negative errno; then ip_flush_pending_frames() is due.
 */
int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t *getfrag, void *from,
		   int length, int transhdrlen, struct ipcm_cookie *ipc, struct rtable **rtp,
		   unsigned int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	int err = ip_setup_cork(sk, &inet->cork.base, ipc, rtp);

	if (err)
		return err;
	return __ip_append_data(sk, fl4, &sk->sk_write_queue, &inet->cork.base, getfrag, from,
				length, transhdrlen, flags);
}

/* DF: the user insists on it, or the datagram fits and the path's MTU shall be learned. */
static __be16 ip_cork_df(const struct sock *sk, const struct dst_entry *dst, unsigned int len)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	if (pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE ||
	    (len <= dst_mtu(dst) && ip_dont_fragment(sk, dst)))
		return htons(IP_DF);
	return 0;
}

static u8 ip_cork_ttl(const struct inet_sock *inet, const struct inet_cork *cork, struct rtable *rt)
{
	if (cork->ttl != 0)
		return cork->ttl;
	if (rt->rt_type == RTN_MULTICAST)
		return inet->mc_ttl;
	return (u8)ip_select_ttl((struct inet_sock *)inet, &rt->dst);
}

/* What lies in @queue, with an IP header but for length and checksum; NULL if nothing does. */
static struct sk_buff *__ip_make_skb(struct sock *sk, struct flowi4 *fl4,
				     struct sk_buff_head *queue, struct inet_cork *cork)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct ip_options *opt = NULL;
	struct rtable *rt = (struct rtable *)cork->dst;
	struct sk_buff *skb = __skb_dequeue(queue);
	struct iphdr *iph;

	if (!skb)
		goto out;
	WARN_ON(__skb_dequeue(queue));

	skb->ignore_df = ip_sk_ignore_df(sk);
	if (cork->flags & IPCORK_OPT)
		opt = cork->opt;
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = (cork->tos != -1) ? (u8)cork->tos : inet->tos;
	iph->frag_off = ip_cork_df(sk, &rt->dst, skb->len);
	iph->ttl = ip_cork_ttl(inet, cork, rt);
	iph->protocol = (u8)sk->sk_protocol;
	ip_copy_addrs(iph, fl4);
	ip_select_ident(net, skb, sk);
	if (opt) {
		iph->ihl += opt->optlen >> 2;
		ip_options_build(skb, opt, cork->addr, rt, 0);
	}

	skb->priority = (cork->tos != -1) ? (__u32)cork->priority : sk->sk_priority;
	skb->mark = sk->sk_mark;
	/* the packet takes the cork's reference */
	cork->dst = NULL;
	skb_dst_set(skb, &rt->dst);
	if (iph->protocol == IPPROTO_ICMP)
		icmp_out_count(net, ((struct icmphdr *)skb_transport_header(skb))->type);
	ip_cork_release(cork);
out:
	return skb;
}

static struct sk_buff *ip_finish_skb(struct sock *sk, struct flowi4 *fl4)
{
	return __ip_make_skb(sk, fl4, &sk->sk_write_queue, &inet_sk(sk)->cork.base);
}

/* Sends what ip_append_data() collected.  0, or a negative errno. */
int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4)
{
	struct sk_buff *skb = ip_finish_skb(sk, fl4);

	return skb ? ip_send_skb(sock_net(sk), skb) : 0;
}

/* Throws it away. */
void ip_flush_pending_frames(struct sock *sk)
{
	__skb_queue_purge(&sk->sk_write_queue);
	ip_cork_release(&inet_sk(sk)->cork.base);
}

/**
 * ip_make_skb() - a datagram with its IP header, but for length and checksum
 * @sk, @fl4, @getfrag, @from, @length, @transhdrlen, @ipc, @rtp, @flags: as of ip_append_data()
 *
 * Return: the packet, data at the IP header; ERR_PTR.
 */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t *getfrag, void *from,
			    int length, int transhdrlen, struct ipcm_cookie *ipc,
			    struct rtable **rtp, unsigned int flags)
{
	struct inet_cork cork = { 0 };
	struct sk_buff_head queue;
	int err;

	__skb_queue_head_init(&queue);
	err = ip_setup_cork(sk, &cork, ipc, rtp);
	if (err)
		return ERR_PTR(err);
	err = __ip_append_data(sk, fl4, &queue, &cork, getfrag, from, length, transhdrlen, flags);
	if (err) {
		__skb_queue_purge(&queue);
		ip_cork_release(&cork);
		return ERR_PTR(err);
	}
	return __ip_make_skb(sk, fl4, &queue, &cork);
}

/*
 * Send what ip_make_skb() made.  0, or a negative errno; a packet that the device's queue dropped
 * counts as sent unless the user wants to know (IP_RECVERR).
 */
int ip_send_skb(struct net *net, struct sk_buff *skb)
{
	int err = ip_local_out(net, skb->sk, skb);

	if (err > 0)
		err = net_xmit_errno(err);
	if (err)
		IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
	return err;
}
