/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IPv4 options, RFC 791, 3.1: source routes, record route, timestamps.
 *
 * Theory of operation
 *
 * Options are kept parsed, as offsets from the start of the IP header (struct ip_options):
 * opt->srr is where the source route begins, 0 if there is none. Each option is a type byte, for
 * all but END and NOP a length byte, and here mostly a pointer byte: where the next address goes,
 * counted from the option's type byte as 1.
 *
 * Three sources: a program (setsockopt(IP_OPTIONS), ip_options_get), a received packet
 * (ip_options_compile), and the reply to one (ip_options_echo, which turns a source route round).
 *
 * A source route's first hop is where the packet goes; the socket's destination stands last in
 * the option. So a connect with options routes to opt->faddr and not to inet_daddr.
 *
 * Origin: net/ipv4/ip_options.c, v4.9. A host does not forward, so what routers do with options
 * of a packet in transit is left out.
 */
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/unaligned.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/* Milliseconds since midnight UT, network order. The clock of this world starts at midnight. */
__be32 inet_current_timestamp(void)
{
	u64 ms = ktime_to_ms(ktime_get());

	return htonl((u32)(ms % (24ULL * 3600 * 1000)));
}

/**
 * ip_options_build() - write a socket's options into a packet
 * @skb: the packet, with room for them behind the fixed header
 * @opt: the options
 * @daddr: final destination, network order
 * @rt: its route
 * @is_frag: the packet is a fragment, not the first: some options do not go with it
 */
void ip_options_build(struct sk_buff *skb, struct ip_options *opt, __be32 daddr, struct rtable *rt,
		      int is_frag)
{
	unsigned char *iph = skb_network_header(skb);

	memcpy(&(IPCB(skb)->opt), opt, sizeof(struct ip_options));
	memcpy(iph + sizeof(struct iphdr), opt->__data, opt->optlen);
	opt = &(IPCB(skb)->opt);

	if (opt->srr)
		memcpy(iph + opt->srr + iph[opt->srr + 1] - 4, &daddr, 4);

	if (!is_frag) {
		if (opt->rr_needaddr)
			ip_rt_get_source(iph + opt->rr + iph[opt->rr + 2] - 5, skb, rt);
		if (opt->ts_needaddr)
			ip_rt_get_source(iph + opt->ts + iph[opt->ts + 2] - 9, skb, rt);
		if (opt->ts_needtime) {
			__be32 midtime = inet_current_timestamp();

			memcpy(iph + opt->ts + iph[opt->ts + 2] - 5, &midtime, 4);
		}
		return;
	}
	if (opt->rr) {
		memset(iph + opt->rr, IPOPT_NOP, iph[opt->rr + 1]);
		opt->rr = 0;
		opt->rr_needaddr = 0;
	}
	if (opt->ts) {
		memset(iph + opt->ts, IPOPT_NOP, iph[opt->ts + 1]);
		opt->ts = 0;
		opt->ts_needaddr = opt->ts_needtime = 0;
	}
}

/*
 * The source route of an answer: the hops of @skb's, last first. @doffset: where the answer's
 * options stand so far. Returns the bytes written at @dptr.
 */
static int ip_options_echo_srr(struct ip_options *dopt, struct sk_buff *skb,
			       const struct ip_options *sopt, unsigned char *dptr, int doffset)
{
	const unsigned char *start = skb_network_header(skb) + sopt->srr;
	int soffset = start[2];
	__be32 faddr;

	/* A pointer beyond the end, however far, says that the route has been used up. */
	if (soffset > start[1])
		soffset = start[1] + 1;
	soffset -= 4;
	if (soffset < 4)
		return 0;

	memcpy(&faddr, &start[soffset - 1], 4);
	for (soffset -= 4, doffset = 4; soffset > 3; soffset -= 4, doffset += 4)
		memcpy(&dptr[doffset - 1], &start[soffset - 1], 4);

	/* RFC 1812 requires this not to be repeated: the sender is the last hop. */
	if (memcmp(&ip_hdr(skb)->saddr, &start[soffset + 3], 4) == 0)
		doffset -= 4;

	if (doffset <= 3)
		return 0;
	dopt->faddr = faddr;
	dptr[0] = start[0];
	dptr[1] = doffset + 3;
	dptr[2] = 4;
	dopt->srr = dopt->optlen + sizeof(struct iphdr);
	dopt->is_strictroute = sopt->is_strictroute;
	return doffset + 3;
}

/**
 * __ip_options_echo() - options for the answer to a packet
 * @dopt: out, with room for 40 bytes behind it
 * @skb: the packet that is answered
 * @sopt: its options, parsed
 *
 * Return: 0; -EINVAL the packet's source route makes no sense.
 */
int __ip_options_echo(struct ip_options *dopt, struct sk_buff *skb, const struct ip_options *sopt)
{
	unsigned char *sptr, *dptr;
	int optlen;

	memset(dopt, 0, sizeof(struct ip_options));
	if (sopt->optlen == 0)
		return 0;

	sptr = skb_network_header(skb);
	dptr = dopt->__data;

	if (sopt->rr) {
		optlen = sptr[sopt->rr + 1];
		dopt->rr = dopt->optlen + sizeof(struct iphdr);
		memcpy(dptr, sptr + sopt->rr, optlen);
		if (sptr[sopt->rr + 2] <= optlen) {
			if (sptr[sopt->rr + 2] + 3 > optlen)
				return -EINVAL;
			dopt->rr_needaddr = 1;
			dptr[2] += 4;
		}
		dptr += optlen;
		dopt->optlen += optlen;
	}
	if (sopt->srr) {
		optlen = ip_options_echo_srr(dopt, skb, sopt, dptr, 0);
		dptr += optlen;
		dopt->optlen += optlen;
	}
	while (dopt->optlen & 3) {
		*dptr++ = IPOPT_END;
		dopt->optlen++;
	}
	return 0;
}

/* A first fragment was made of @skb: options that are not for all fragments become NOPs. */
void ip_options_fragment(struct sk_buff *skb)
{
	unsigned char *optptr = skb_network_header(skb) + sizeof(struct iphdr);
	struct ip_options *opt = &(IPCB(skb)->opt);
	int l = opt->optlen, optlen;

	while (l > 0) {
		if (*optptr == IPOPT_END)
			return;
		if (*optptr == IPOPT_NOOP) {
			l--;
			optptr++;
			continue;
		}
		optlen = l > 1 ? optptr[1] : 0;
		if (optlen < 2 || optlen > l)
			return;
		if (!IPOPT_COPIED(*optptr))
			memset(optptr, IPOPT_NOOP, optlen);
		l -= optlen;
		optptr += optlen;
	}
	opt->ts = 0;
	opt->rr = 0;
	opt->rr_needaddr = 0;
	opt->ts_needaddr = 0;
	opt->ts_needtime = 0;
}

/*
 * Check a source route option. @skb: the packet it came in, NULL if a program gave it. Returns
 * where it is wrong, or NULL.
 */
static unsigned char *compile_srr(struct ip_options *opt, struct sk_buff *skb,
				  unsigned char *optptr, int optlen, const unsigned char *iph)
{
	if (optlen < 3)
		return optptr + 1;
	if (optptr[2] < 4)
		return optptr + 2;
	if (opt->srr) /* one is enough for any packet */
		return optptr;
	if (!skb) {
		/* A program names all hops; the first becomes the destination. */
		if (optptr[2] != 4 || optlen < 7 || ((optlen - 3) & 3))
			return optptr + 1;
		memcpy(&opt->faddr, &optptr[3], 4);
		if (optlen > 7)
			memmove(&optptr[3], &optptr[7], optlen - 7);
	}
	opt->is_strictroute = (optptr[0] == IPOPT_SSRR);
	opt->srr = optptr - iph;
	return NULL;
}

/* Check a record route option, and write our address into it if there is room. */
static unsigned char *compile_rr(struct ip_options *opt, struct sk_buff *skb, struct rtable *rt,
				 unsigned char *optptr, int optlen, const unsigned char *iph)
{
	if (opt->rr)
		return optptr;
	if (optlen < 3)
		return optptr + 1;
	if (optptr[2] < 4)
		return optptr + 2;
	if (optptr[2] <= optlen) {
		if (optptr[2] + 3 > optlen)
			return optptr + 2;
		if (rt) {
			__be32 us = fib_compute_spec_dst(skb);

			memcpy(&optptr[optptr[2] - 1], &us, 4);
			opt->is_changed = 1;
		}
		optptr[2] += 4;
		opt->rr_needaddr = 1;
	}
	opt->rr = optptr - iph;
	return NULL;
}

/*
 * A time stamp option with room: what goes into its next entry, and how far its pointer moves. The flag
 * nibble: 0 times only, 1 addresses and times, 3 times of the hosts named; others are for those who
 * may send what they like, and are left as they are. Return: NULL, or the byte that is wrong.
 */
static unsigned char *compile_ts_entry(struct net *net, struct ip_options *opt, struct sk_buff *skb,
				       struct rtable *rt, unsigned char *optptr, int optlen)
{
	unsigned char *entry = &optptr[optptr[2] - 1], *timeptr = NULL;
	int flag = optptr[3] & 0xf;
	__be32 now, us;

	if (optptr[2] + 3 > optlen ||
	    ((flag == IPOPT_TS_TSANDADDR || flag == IPOPT_TS_PRESPEC) && optptr[2] + 7 > optlen))
		return optptr + 2;

	switch (flag) {
	case IPOPT_TS_TSONLY:
		timeptr = entry;
		optptr[2] += 4;
		break;
	case IPOPT_TS_TSANDADDR:
		if (rt) {
			us = fib_compute_spec_dst(skb);
			memcpy(entry, &us, 4);
		}
		timeptr = entry + 4;
		opt->ts_needaddr = 1;
		optptr[2] += 8;
		break;
	case IPOPT_TS_PRESPEC:
		memcpy(&us, entry, 4);
		if (inet_addr_type(net, us) == RTN_UNICAST)
			return NULL; /* another host's entry */
		timeptr = entry + 4;
		optptr[2] += 8;
		break;
	default:
		return !skb && !capable(CAP_NET_RAW) ? optptr + 3 : NULL;
	}
	opt->ts_needtime = 1;
	if (skb) {
		now = inet_current_timestamp();
		memcpy(timeptr, &now, 4);
		opt->is_changed = 1;
	}
	return NULL;
}

/* Check a time stamp option, and write time and address where they are asked for and have room. */
static unsigned char *compile_ts(struct net *net, struct ip_options *opt, struct sk_buff *skb,
				 struct rtable *rt, unsigned char *optptr, int optlen,
				 const unsigned char *iph)
{
	unsigned char *wrong;

	if (opt->ts)
		return optptr;
	if (optlen < 4)
		return optptr + 1;
	if (optptr[2] < 5)
		return optptr + 2;
	if (optptr[2] <= optlen) {
		wrong = compile_ts_entry(net, opt, skb, rt, optptr, optlen);
		if (wrong)
			return wrong;
	} else if ((optptr[3] & 0xf) != IPOPT_TS_PRESPEC) {
		/* Full: count those it had no room for. */
		if ((optptr[3] >> 4) == 15)
			return optptr + 3;
		if (skb) {
			optptr[3] += 1 << 4;
			opt->is_changed = 1;
		}
	}
	opt->ts = optptr - iph;
	return NULL;
}

/**
 * ip_options_compile() - check options and note where each stands
 * @net: namespace
 * @opt: out; optlen is set, and without @skb the options themselves in __data
 * @skb: packet they came in, or NULL: a program gave them
 *
 * An error in a packet is answered with an ICMP parameter problem that points to the byte.
 *
 * Return: 0 or -EINVAL.
 */
int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb)
{
	struct rtable *rt = skb ? skb_rtable(skb) : NULL;
	unsigned char *optptr, *iph, *pp_ptr = NULL;
	int optlen, l = opt->optlen;

	optptr = skb ? skb_network_header(skb) + sizeof(struct iphdr) : opt->__data;
	iph = optptr - sizeof(struct iphdr);

	for (; l > 0; l -= optlen, optptr += optlen) {
		if (*optptr == IPOPT_END) {
			/* Behind the end there is nothing, in zeros. */
			memset(optptr, IPOPT_END, l);
			return 0;
		}
		optlen = 1;
		if (*optptr == IPOPT_NOOP)
			continue;
		pp_ptr = optptr;
		if (l < 2)
			goto error;
		optlen = optptr[1];
		if (optlen < 2 || optlen > l)
			goto error;

		pp_ptr = NULL;
		switch (*optptr) {
		case IPOPT_SSRR:
		case IPOPT_LSRR:
			pp_ptr = compile_srr(opt, skb, optptr, optlen, iph);
			break;
		case IPOPT_RR:
			pp_ptr = compile_rr(opt, skb, rt, optptr, optlen, iph);
			break;
		case IPOPT_TIMESTAMP:
			pp_ptr = compile_ts(net, opt, skb, rt, optptr, optlen, iph);
			break;
		case IPOPT_RA:
			if (optlen < 4)
				pp_ptr = optptr + 1;
			else if (optptr[2] == 0 && optptr[3] == 0)
				opt->router_alert = optptr - iph;
			break;
		default:
			/* What we do not know only the privileged may send. */
			if (!skb && !capable(CAP_NET_RAW))
				pp_ptr = optptr;
			break;
		}
		if (pp_ptr)
			goto error;
	}
	return 0;

error:
	if (skb)
		icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl((u32)(pp_ptr - iph) << 24));
	return -EINVAL;
}

/**
 * ip_options_get() - options from setsockopt(IP_OPTIONS)
 * @net: namespace
 * @optp: in and out: the options in force; replaced on success
 * @data: the new ones, in kernel memory
 * @optlen: their length, at most 40
 *
 * Return: 0; -EINVAL malformed; -ENOMEM.
 */
int ip_options_get(struct net *net, struct ip_options_rcu **optp, unsigned char *data, int optlen)
{
	struct ip_options_rcu *opt;

	if (optlen < 0 || optlen > MAX_IPOPTLEN)
		return -EINVAL;
	opt = kzalloc(sizeof(*opt) + ((optlen + 3) & ~3), GFP_KERNEL);
	if (!opt)
		return -ENOMEM;
	memcpy(opt->opt.__data, data, optlen);
	while (optlen & 3)
		opt->opt.__data[optlen++] = IPOPT_END;
	opt->opt.optlen = optlen;
	if (optlen && ip_options_compile(net, &opt->opt, NULL)) {
		kfree(opt);
		return -EINVAL;
	}
	kfree(*optp);
	*optp = opt;
	return 0;
}

/* The pointer of the option at @optptr goes back by one entry of four bytes, which is emptied. */
static void ip_options_take_back(unsigned char *optptr)
{
	optptr[2] -= 4;
	memset(&optptr[optptr[2] - 1], 0, 4);
}

/**
 * ip_options_undo() - a copy of a socket's options as its program wrote them
 * @opt: the copy: ip_options_compile() has taken the first hop out of a source route, and has
 *	reserved the entries that ip_options_build() fills
 */
void ip_options_undo(struct ip_options *opt)
{
	unsigned char *data =
		opt->__data - sizeof(struct iphdr); /* offsets count from the header */

	if (opt->srr) {
		unsigned char *optptr = data + opt->srr;

		memmove(optptr + 7, optptr + 3, optptr[1] - 7);
		memcpy(optptr + 3, &opt->faddr, 4);
	}
	if (opt->rr_needaddr)
		ip_options_take_back(data + opt->rr);
	if (opt->ts) {
		unsigned char *optptr = data + opt->ts;

		if (opt->ts_needtime) {
			ip_options_take_back(optptr);
			/* beside an address that the program wrote: it stays */
			if ((optptr[3] & 0xf) == IPOPT_TS_PRESPEC)
				optptr[2] -= 4;
		}
		if (opt->ts_needaddr)
			ip_options_take_back(optptr);
	}
}

/**
 * ip_options_rcv_srr() - a packet with a source route is addressed to us
 * @skb: the packet
 *
 * If the route is used up, the packet has arrived. If hops are left, it wants to be sent on,
 * which a host does not do.
 *
 * Return: 0 deliver it; -EINVAL drop it.
 */
int ip_options_rcv_srr(struct sk_buff *skb)
{
	struct ip_options *opt = &(IPCB(skb)->opt);
	unsigned char *optptr = skb_network_header(skb) + opt->srr;
	struct rtable *rt = skb_rtable(skb);

	if (rt->rt_type == RTN_UNICAST)
		return opt->is_strictroute ? -EINVAL : 0;
	if (rt->rt_type != RTN_LOCAL)
		return -EINVAL;
	/* optptr[2] points behind the last address once all have been visited. */
	return optptr[2] > optptr[1] ? 0 : -EINVAL;
}
