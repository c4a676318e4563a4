/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Initial sequence numbers and ephemeral ports that cannot be guessed.
 *
 * RFC 6528: ISN = M + F(local address, local port, remote address, remote port, secret), where M is
 * a clock and F a keyed hash.  F gives every four-tuple a number space of its own, so watching
 * one's own connections tells nothing about anybody else's; M makes a new incarnation of the same
 * four-tuple start above the old one.  F here is one round of MD5 over addresses, ports and a
 * 512-bit secret drawn at the first use.
 *
 * RFC 6056 section 3.3.3 does the same for ports: where the search for a free port begins depends
 * on the destination and the secret.
 *
 * Origin: net/core/secure_seq.c.
 */
#include <linux/cryptohash.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/string.h>
#include <net/secure_seq.h>

#define NET_SECRET_SIZE (MD5_MESSAGE_BYTES / 4)

static u32 net_secret[NET_SECRET_SIZE];
static bool net_secret_ready;

/* Draw the secret, once a boot and as late as possible: early boot has little randomness. */
static void net_secret_init(void)
{
	if (net_secret_ready)
		return;
	get_random_bytes(net_secret, sizeof(net_secret));
	net_secret_ready = true;
}

/* A new world forgets the old one's secret. */
void net_secret_reset(void)
{
	memset(net_secret, 0, sizeof(net_secret));
	net_secret_ready = false;
}

/*
 * Add the clock M.  It ticks every 64 ns, so 2^32 numbers last 274 seconds: longer than any segment
 * lives (RFC 793 assumes 2 minutes), and faster than any link sends new bytes.
 */
static u32 seq_scale(u32 seq)
{
	return seq + (u32)(ktime_to_ns(ktime_get_real()) >> 6);
}

/**
 * secure_tcp_sequence_number - the ISN of a connection
 * @saddr: our address, network order
 * @daddr: the peer's
 * @sport: our port, network order
 * @dport: the peer's
 *
 * Both ports share one word of the block that is hashed; the digest's first word is the number.
 *
 * Return: a sequence number, host order.
 */
__u32 secure_tcp_sequence_number(__be32 saddr, __be32 daddr, __be16 sport, __be16 dport)
{
	u32 hash[MD5_DIGEST_WORDS];

	net_secret_init();
	hash[0] = (__force u32)saddr;
	hash[1] = (__force u32)daddr;
	hash[2] = ((__force u32)sport << 16) + (__force u16)dport;
	hash[3] = net_secret[15];

	md5_transform(hash, net_secret);

	return seq_scale(hash[0]);
}

/**
 * secure_ipv4_port_ephemeral - where to begin looking for a free port
 * @saddr: our address, network order
 * @daddr: the peer's
 * @dport: the peer's port, network order
 *
 * No clock: the offset of one destination stays, so ports to it are used up in order and a port
 * just left in TIME_WAIT is not met again at once.
 */
u32 secure_ipv4_port_ephemeral(__be32 saddr, __be32 daddr, __be16 dport)
{
	u32 hash[MD5_DIGEST_WORDS];

	net_secret_init();
	hash[0] = (__force u32)saddr;
	hash[1] = (__force u32)daddr;
	hash[2] = (__force u32)dport ^ net_secret[14];
	hash[3] = net_secret[15];

	md5_transform(hash, net_secret);

	return hash[0];
}
