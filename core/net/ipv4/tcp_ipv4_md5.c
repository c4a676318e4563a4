/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/tcp_ipv4.c */
/*
 * MD5 signatures of TCP segments, RFC 2385: used between BGP routers to keep strangers from
 * resetting their connections.
 *
 * Each segment carries an option of 18 bytes: MD5 over pseudo header, TCP header (options left out,
 * checksum zero), data, and a secret both ends share.  A socket has a list of keys by peer address.
 *
 * The kernel has a crypto layer for the hash; here the bytes are fed to md5_transform() directly.
 *
 * Part of net/ipv4/tcp_ipv4.c and net/ipv4/tcp.c in the kernel.
 */
#include <linux/bottom_half.h>
#include <linux/cryptohash.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>
#include <synwalk/core.h>

#include "tcp_ipv4.h"

#define TCP_MD5_DIGEST 16 /* bytes */

/* ---- MD5 over pieces, RFC 1321 ---- */

/* The hash so far, and a block that is not full yet. */
struct tcp_md5_state {
	u32 hash[MD5_DIGEST_WORDS];
	u32 block[MD5_MESSAGE_BYTES / 4];
	u64 bytes;
};

static void tcp_md5_begin(struct tcp_md5_state *st)
{
	st->hash[0] = 0x67452301;
	st->hash[1] = 0xefcdab89;
	st->hash[2] = 0x98badcfe;
	st->hash[3] = 0x10325476;
	st->bytes = 0;
}

/* Bytes go into the block as they are: x86 is little-endian, and so is MD5. */
static void tcp_md5_update(struct tcp_md5_state *st, const void *data, unsigned int len)
{
	const u8 *p = data;

	while (len) {
		unsigned int used = st->bytes % MD5_MESSAGE_BYTES;
		unsigned int n = min_t(unsigned int, len, MD5_MESSAGE_BYTES - used);

		memcpy((u8 *)st->block + used, p, n);
		st->bytes += n;
		p += n;
		len -= n;
		if (used + n == MD5_MESSAGE_BYTES)
			md5_transform(st->hash, st->block);
	}
}

/* A one bit, zeros, and the length in bits; then the digest. */
static void tcp_md5_end(struct tcp_md5_state *st, char *digest)
{
	static const u8 pad[MD5_MESSAGE_BYTES] = { 0x80 };
	u64 bits = st->bytes * 8;
	unsigned int used = st->bytes % MD5_MESSAGE_BYTES;

	tcp_md5_update(st, pad, (used < 56 ? 56 : 120) - used);
	tcp_md5_update(st, &bits, sizeof(bits));
	memcpy(digest, st->hash, TCP_MD5_DIGEST);
}

/* ---- keys ---- */

/* The key for a peer, or NULL. */
struct tcp_md5sig_key *tcp_md5_do_lookup(const struct sock *sk, const union tcp_md5_addr *addr,
					 int family)
{
	const struct tcp_md5sig_info *md5sig = tcp_sk(sk)->md5sig_info;
	struct tcp_md5sig_key *key;

	if (!md5sig)
		return NULL;
	hlist_for_each_entry(key, &md5sig->head, node) {
		if (key->family != family)
			continue;
		if (!memcmp(&key->addr, addr, sizeof(struct in_addr)))
			return key;
	}
	return NULL;
}

/* The key for the peer of @addr_sk. */
struct tcp_md5sig_key *tcp_v4_md5_lookup(const struct sock *sk, const struct sock *addr_sk)
{
	const union tcp_md5_addr *addr = (const union tcp_md5_addr *)&addr_sk->sk_daddr;

	return tcp_md5_do_lookup(sk, addr, AF_INET);
}

/* Add a key, or replace it.  0, or -ENOMEM. */
int tcp_md5_do_add(struct sock *sk, const union tcp_md5_addr *addr, int family, const u8 *newkey,
		   u8 newkeylen, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_md5sig_key *key = tcp_md5_do_lookup(sk, addr, family);

	if (key) {
		memcpy(key->key, newkey, newkeylen);
		key->keylen = newkeylen;
		return 0;
	}

	if (!tp->md5sig_info) {
		tp->md5sig_info = kzalloc_type(struct tcp_md5sig_info, gfp);
		if (!tp->md5sig_info)
			return -ENOMEM;
		/* every segment is signed by itself: no segmentation in the device */
		sk_nocaps_add(sk, NETIF_F_GSO_MASK);
		INIT_HLIST_HEAD(&tp->md5sig_info->head);
	}

	key = kzalloc_type(struct tcp_md5sig_key, gfp);
	if (!key)
		return -ENOMEM;
	memcpy(key->key, newkey, newkeylen);
	key->keylen = newkeylen;
	key->family = family;
	memcpy(&key->addr, addr, sizeof(struct in_addr));
	hlist_add_head(&key->node, &tp->md5sig_info->head);
	return 0;
}

/* 0, or -ENOENT. */
int tcp_md5_do_del(struct sock *sk, const union tcp_md5_addr *addr, int family)
{
	struct tcp_md5sig_key *key = tcp_md5_do_lookup(sk, addr, family);

	if (!key)
		return -ENOENT;
	hlist_del(&key->node);
	kfree(key);
	return 0;
}

void tcp_clear_md5_list(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_md5sig_key *key;
	struct hlist_node *n;

	if (!tp->md5sig_info)
		return;
	hlist_for_each_entry_safe(key, n, &tp->md5sig_info->head, node) {
		hlist_del(&key->node);
		kfree(key);
	}
	kfree(tp->md5sig_info);
	tp->md5sig_info = NULL;
}

/* setsockopt(TCP_MD5SIG).  An empty key deletes.  0; -EINVAL, -EFAULT, -ENOENT, -ENOMEM. */
static int tcp_v4_parse_md5_keys(struct sock *sk, char __user *optval, int optlen)
{
	struct tcp_md5sig cmd;
	struct sockaddr_in *sin = (struct sockaddr_in *)&cmd.tcpm_addr;

	if (optlen < (int)sizeof(cmd))
		return -EINVAL;
	if (copy_from_user(&cmd, optval, sizeof(cmd)))
		return -EFAULT;
	if (sin->sin_family != AF_INET)
		return -EINVAL;
	if (!cmd.tcpm_keylen)
		return tcp_md5_do_del(sk, (union tcp_md5_addr *)&sin->sin_addr.s_addr, AF_INET);
	if (cmd.tcpm_keylen > TCP_MD5SIG_MAXKEYLEN)
		return -EINVAL;
	return tcp_md5_do_add(sk, (union tcp_md5_addr *)&sin->sin_addr.s_addr, AF_INET,
			      cmd.tcpm_key, cmd.tcpm_keylen, GFP_KERNEL);
}

/* ---- signing ---- */

/* What a signature is computed in; v4.9 has one for each CPU. */
struct tcp_md5sig_pool {
	struct tcp_md5_state md5_req;
};

static struct tcp_md5sig_pool tcp_md5sig_pool;

/* The pool, until tcp_put_md5sig_pool(): softirqs, which sign too, are held off. */
static struct tcp_md5sig_pool *tcp_get_md5sig_pool(void)
{
	local_bh_disable();
	return &tcp_md5sig_pool;
}

static inline void tcp_put_md5sig_pool(void)
{
	local_bh_enable();
}

/* Pseudo header and TCP header, as they are signed: no options, checksum zero. */
static void tcp_v4_md5_hash_headers(struct tcp_md5sig_pool *hp, __be32 daddr, __be32 saddr,
				    const struct tcphdr *th, int nbytes)
{
	struct tcp4_pseudohdr bp = {
		.saddr = saddr,
		.daddr = daddr,
		.pad = 0,
		.protocol = IPPROTO_TCP,
		.len = htons(nbytes),
	};
	struct tcphdr header = *th;

	header.check = 0;
	tcp_md5_update(&hp->md5_req, &bp, sizeof(bp));
	tcp_md5_update(&hp->md5_req, &header, sizeof(header));
}

/* The data behind a header of @header_len bytes. */
static void tcp_md5_hash_skb_data(struct tcp_md5sig_pool *hp, const struct sk_buff *skb,
				  unsigned int header_len)
{
	if (skb->len > header_len)
		tcp_md5_update(&hp->md5_req, (const u8 *)tcp_hdr(skb) + header_len,
			       skb->len - header_len);
}

static void tcp_md5_hash_key(struct tcp_md5sig_pool *hp, const struct tcp_md5sig_key *key)
{
	tcp_md5_update(&hp->md5_req, key->key, key->keylen);
}

/* Sign a header without data; 16 bytes to @md5_hash.  0. */
int tcp_v4_md5_hash_hdr(char *md5_hash, const struct tcp_md5sig_key *key, __be32 daddr,
			__be32 saddr, const struct tcphdr *th)
{
	struct tcp_md5sig_pool *hp = tcp_get_md5sig_pool();

	tcp_md5_begin(&hp->md5_req);
	tcp_v4_md5_hash_headers(hp, daddr, saddr, th, th->doff << 2);
	tcp_md5_hash_key(hp, key);
	tcp_md5_end(&hp->md5_req, md5_hash);
	tcp_put_md5sig_pool();
	return 0;
}

/*
 * Sign a whole segment; 16 bytes to @md5_hash.  With @sk it is one of ours, without, one received.
 * 0.
 */
int tcp_v4_md5_hash_skb(char *md5_hash, const struct tcp_md5sig_key *key, const struct sock *sk,
			const struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_md5sig_pool *hp;
	__be32 saddr, daddr;

	if (sk) {
		saddr = sk->sk_rcv_saddr;
		daddr = sk->sk_daddr;
	} else {
		saddr = ip_hdr(skb)->saddr;
		daddr = ip_hdr(skb)->daddr;
	}

	hp = tcp_get_md5sig_pool();
	tcp_md5_begin(&hp->md5_req);
	tcp_v4_md5_hash_headers(hp, daddr, saddr, th, skb->len);
	tcp_md5_hash_skb_data(hp, skb, th->doff << 2);
	tcp_md5_hash_key(hp, key);
	tcp_md5_end(&hp->md5_req, md5_hash);
	tcp_put_md5sig_pool();
	return 0;
}

/*
 * Is the signature of a received segment as it should be?  No key and no signature is right; one
 * without the other, or a wrong one, is not.  True: drop the segment.
 */
bool tcp_v4_inbound_md5_hash(const struct sock *sk, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_md5sig_key *hash_expected;
	const u8 *hash_location;
	char newhash[TCP_MD5_DIGEST];

	hash_expected = tcp_md5_do_lookup(sk, (const union tcp_md5_addr *)&iph->saddr, AF_INET);
	hash_location = tcp_parse_md5sig_option(th);

	if (!hash_expected && !hash_location)
		return false;

	if (hash_expected && !hash_location) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMD5NOTFOUND);
		return true;
	}
	if (!hash_expected && hash_location) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMD5UNEXPECTED);
		return true;
	}

	tcp_v4_md5_hash_skb(newhash, hash_expected, NULL, skb);
	return memcmp(hash_location, newhash, TCP_MD5_DIGEST) != 0;
}

/*
 * The key for the RST that answers a signed segment of no connection: that of the socket that listens
 * where it came from, if the signature proves that the sender knows it. NULL: no RST either.
 */
static struct tcp_md5sig_key *tcp_v4_md5_listener_key(struct sk_buff *skb, const u8 *hash_location)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_md5sig_key *key;
	char newhash[TCP_MD5_DIGEST];
	struct sock *sk;

	sk = __inet_lookup_listener(dev_net(skb_dst(skb)->dev), &tcp_hashinfo, NULL, 0, iph->saddr,
				    th->source, iph->daddr, ntohs(th->source), inet_iif(skb));
	if (!sk)
		return NULL;
	key = tcp_md5_do_lookup(sk, (const union tcp_md5_addr *)&iph->saddr, AF_INET);
	if (!key)
		return NULL;
	tcp_v4_md5_hash_skb(newhash, key, NULL, skb);
	return memcmp(hash_location, newhash, TCP_MD5_DIGEST) ? NULL : key;
}

/*
 * A RST on a signed connection must be signed too, or the peer ignores it.  0; -1: none may be sent,
 * because the segment that it would answer is signed with a key that nobody here knows.
 */
int tcp_v4_md5_sign_reset(const struct sock *sk, struct sk_buff *skb, struct tcphdr *th,
			  __be32 *opt, struct ip_reply_arg *arg)
{
	const struct iphdr *iph = ip_hdr(skb);
	const u8 *hash_location = tcp_parse_md5sig_option(tcp_hdr(skb));
	struct tcp_md5sig_key *key = NULL;

	if (sk && sk_fullsock(sk)) {
		key = tcp_md5_do_lookup(sk, (const union tcp_md5_addr *)&iph->saddr, AF_INET);
	} else if (hash_location) {
		key = tcp_v4_md5_listener_key(skb, hash_location);
		if (!key)
			return -1;
	}
	if (!key)
		return 0;

	opt[0] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_MD5SIG << 8) |
		       TCPOLEN_MD5SIG);
	arg->iov[0].iov_len += TCPOLEN_MD5SIG_ALIGNED;
	th->doff = arg->iov[0].iov_len / 4;
	tcp_v4_md5_hash_hdr((char *)&opt[1], key, iph->saddr, iph->daddr, th);
	return 0;
}

const struct tcp_sock_af_ops tcp_sock_ipv4_specific = {
	.md5_lookup = tcp_v4_md5_lookup,
	.calc_md5_hash = tcp_v4_md5_hash_skb,
	.md5_parse = tcp_v4_parse_md5_keys,
};

void core_tcp_sign(uint8_t *packet, size_t len, const void *key, size_t keylen)
{
	const struct iphdr *iph = (const struct iphdr *)packet;
	struct tcphdr *th = (struct tcphdr *)(packet + iph->ihl * 4);
	unsigned int tcp_len = (unsigned int)len - iph->ihl * 4;
	u8 *option = (u8 *)tcp_parse_md5sig_option(th);
	struct tcp_md5sig_pool *hp;

	if (!option)
		return;
	hp = tcp_get_md5sig_pool();
	tcp_md5_begin(&hp->md5_req);
	tcp_v4_md5_hash_headers(hp, iph->daddr, iph->saddr, th, (int)tcp_len);
	tcp_md5_update(&hp->md5_req, (const u8 *)th + th->doff * 4, tcp_len - th->doff * 4);
	tcp_md5_update(&hp->md5_req, key, (unsigned int)keylen);
	tcp_md5_end(&hp->md5_req, (char *)option);
	tcp_put_md5sig_pool();

	th->check = 0;
	th->check = csum_tcpudp_magic(iph->saddr, iph->daddr, tcp_len, IPPROTO_TCP,
				      csum_partial(th, (int)tcp_len, 0));
}
