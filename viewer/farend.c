/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * farend_frame() is called for each frame that the core put on the wire. It is a pure function of
 * the frame and of struct farend: it may inject frames, nothing else. One connection at a time;
 * a SYN to another port is answered with RST, as a kernel without a listener answers.
 *
 * The far end is a fixture, not a second mirror: no retransmission, no windows, no congestion
 * control. The wire loses nothing, so it needs none.
 */

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

#include "viewer/farend.h"

/* What a v4.9 kernel offers in a SYN-ACK on Ethernet: MSS 1460, window 28960, scale 7. */
enum { OFFER_MSS = 1460, OFFER_WINDOW = 28960, OFFER_WSCALE = 7 };

/* One segment to send, before it is laid out in bytes. */
struct segment {
	uint8_t flags;
	uint32_t seq;
	uint32_t ack;
	uint16_t window;
	int syn_options; /* MSS, SACK, timestamps, window scale */
};

void farend_init(struct farend *far, const struct farend_config *config)
{
	memset(far, 0, sizeof(*far));
	far->config = *config;
}

/* The Internet checksum (RFC 1071) of @len bytes, continued from @sum; not yet folded. */
static uint32_t sum_add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	if (len & 1)
		sum += (uint32_t)p[len - 1] << 8;
	return sum;
}

/* Return: the complement of the folded sum, network byte order. */
static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void transmit(struct farend *far, const uint8_t *frame, size_t len)
{
	far->frames_out++;
	far->config.inject(far->config.ifname, frame, len, far->config.delay_ns);
}

static void frame_address(struct farend *far, uint8_t *frame, const uint8_t to[6], uint16_t type)
{
	struct ether_header *eth = (struct ether_header *)frame;

	memcpy(eth->ether_dhost, to, 6);
	memcpy(eth->ether_shost, far->config.mac, 6);
	eth->ether_type = htons(type);
}

/* ---------------------------------------------------------------- ARP (RFC 826) */

static void arp_receive(struct farend *far, const uint8_t *frame, size_t len)
{
	struct ether_arp ask, answer;
	uint8_t reply[sizeof(struct ether_header) + sizeof(answer)];

	if (len < sizeof(reply))
		return;
	memcpy(&ask, frame + sizeof(struct ether_header), sizeof(ask));
	if (ask.ea_hdr.ar_op != htons(ARPOP_REQUEST))
		return;
	if (memcmp(ask.arp_tpa, &far->config.addr, 4) &&
	    memcmp(ask.arp_tpa, &far->config.gateway, 4))
		return;

	answer.ea_hdr = ask.ea_hdr;
	answer.ea_hdr.ar_op = htons(ARPOP_REPLY);
	memcpy(answer.arp_sha, far->config.mac, 6);
	memcpy(answer.arp_spa, ask.arp_tpa, 4);
	memcpy(answer.arp_tha, ask.arp_sha, 6);
	memcpy(answer.arp_tpa, ask.arp_spa, 4);
	frame_address(far, reply, ask.arp_sha, ETHERTYPE_ARP);
	memcpy(reply + sizeof(struct ether_header), &answer, sizeof(answer));
	transmit(far, reply, sizeof(reply));
}

/* ---------------------------------------------------------------- TCP (RFC 9293) */

static uint8_t *put32(uint8_t *at, uint32_t value)
{
	value = htonl(value);
	memcpy(at, &value, 4);
	return at + 4;
}

/* The options in the order in which Linux writes them. Return: their length in bytes. */
static size_t put_options(struct farend *far, const struct segment *seg, uint8_t *at)
{
	const uint8_t *start = at;
	uint32_t now_ms = (uint32_t)(far->config.now_ns() / 1000000);

	if (seg->flags & TH_RST)
		return 0;
	if (seg->syn_options)
		at = put32(at, TCPOPT_MAXSEG << 24 | 4 << 16 | OFFER_MSS);
	if (far->timestamps) {
		/* SACK-permitted fills the two bytes that would be NOPs otherwise. */
		at = put32(at, (seg->syn_options ? TCPOPT_SACK_PERMITTED << 24 | 2 << 16 :
						   TCPOPT_NOP << 24 | TCPOPT_NOP << 16) |
				       TCPOPT_TIMESTAMP << 8 | 10);
		at = put32(at, now_ms);
		at = put32(at, far->ts_recent);
	} else if (seg->syn_options) {
		at = put32(at,
			   TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | TCPOPT_SACK_PERMITTED << 8 | 2);
	}
	if (seg->syn_options)
		at = put32(at, TCPOPT_NOP << 24 | TCPOPT_WINDOW << 16 | 3 << 8 | OFFER_WSCALE);
	return (size_t)(at - start);
}

/* Lays one segment out and sends it to where @ip and @tcp (a segment received) came from. */
static void tcp_send(struct farend *far, const struct iphdr *ip, const struct tcphdr *tcp,
		     const struct segment *seg)
{
	uint8_t frame[sizeof(struct ether_header) + 60 + 60] = { 0 };
	uint8_t *net = frame + sizeof(struct ether_header);
	uint8_t *options = net + sizeof(struct iphdr) + sizeof(struct tcphdr);
	size_t tcp_len = sizeof(struct tcphdr) + put_options(far, seg, options);
	size_t len = sizeof(struct iphdr) + tcp_len;
	struct iphdr iph = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons((uint16_t)len),
		.frag_off = htons(IP_DF),
		.ttl = 64,
		.protocol = IPPROTO_TCP,
		.saddr = ip->daddr,
		.daddr = ip->saddr,
	};
	struct tcphdr th = {
		.th_sport = tcp->th_dport,
		.th_dport = tcp->th_sport,
		.th_seq = htonl(seg->seq),
		.th_ack = htonl(seg->flags & TH_ACK ? seg->ack : 0),
		.th_off = (uint8_t)(tcp_len / 4) & 0xf,
		.th_flags = seg->flags,
		.th_win = htons(seg->window),
	};
	uint32_t sum;

	iph.check = sum_fold(sum_add(0, &iph, sizeof(iph)));
	memcpy(net + sizeof(iph), &th, sizeof(th));
	/* The pseudo header: addresses, protocol, length. */
	sum = sum_add(IPPROTO_TCP + (uint32_t)tcp_len, &iph.saddr, 8);
	th.th_sum = sum_fold(sum_add(sum, net + sizeof(iph), tcp_len));
	memcpy(net, &iph, sizeof(iph));
	memcpy(net + sizeof(iph), &th, sizeof(th));
	frame_address(far, frame, far->peer_mac, ETHERTYPE_IP);
	transmit(far, frame, sizeof(struct ether_header) + len);
}

/* Finds the timestamps option. Return: 1 and *@value, or 0. */
static int find_timestamp(const uint8_t *options, size_t len, uint32_t *value)
{
	size_t i = 0;

	while (i < len && options[i] != TCPOPT_EOL) {
		if (options[i] == TCPOPT_NOP) {
			i++;
			continue;
		}
		if (i + 1 >= len || options[i + 1] < 2 || i + options[i + 1] > len)
			return 0;
		if (options[i] == TCPOPT_TIMESTAMP && options[i + 1] == TCPOLEN_TIMESTAMP) {
			memcpy(value, options + i + 2, 4);
			*value = ntohl(*value);
			return 1;
		}
		i += options[i + 1];
	}
	return 0;
}

static void refuse(struct farend *far, const struct iphdr *ip, const struct tcphdr *tcp,
		   uint32_t seg_len)
{
	struct segment rst = { .flags = TH_RST };

	/* RFC 9293 3.10.7.1: take the number from the ACK if there is one, else acknowledge. */
	if (tcp->th_flags & TH_ACK) {
		rst.seq = ntohl(tcp->th_ack);
	} else {
		rst.flags |= TH_ACK;
		rst.ack = ntohl(tcp->th_seq) + seg_len;
	}
	tcp_send(far, ip, tcp, &rst);
}

static void syn_receive(struct farend *far, const struct iphdr *ip, const struct tcphdr *tcp)
{
	struct segment synack = {
		.flags = TH_SYN | TH_ACK,
		.window = OFFER_WINDOW,
		.syn_options = 1,
	};
	uint32_t isn = (uint32_t)(far->config.seed * 2654435761u + 0x5eed);

	far->state = FAREND_SYN_RECV;
	far->peer_addr = ip->saddr;
	far->peer_port = ntohs(tcp->th_sport);
	far->rcv_nxt = ntohl(tcp->th_seq) + 1;
	far->snd_nxt = isn + 1;
	synack.seq = isn;
	synack.ack = far->rcv_nxt;
	tcp_send(far, ip, tcp, &synack);
}

/* Something arrived on the connection: take its data and its FIN, and answer. */
static void conn_receive(struct farend *far, const struct iphdr *ip, const struct tcphdr *tcp,
			 uint32_t payload)
{
	struct segment answer = {
		.flags = TH_ACK,
		.window = OFFER_WINDOW >> OFFER_WSCALE,
		.seq = far->snd_nxt,
	};
	int fin = tcp->th_flags & TH_FIN;

	if (far->state == FAREND_SYN_RECV) {
		far->state = FAREND_ESTABLISHED;
		far->accepted++;
	}
	if (far->state == FAREND_LAST_ACK) {
		if (ntohl(tcp->th_ack) == far->snd_nxt)
			far->state = FAREND_CLOSED;
		return;
	}
	if (ntohl(tcp->th_seq) != far->rcv_nxt || (!payload && !fin))
		return;
	far->rcv_nxt += payload + (fin ? 1 : 0);
	answer.ack = far->rcv_nxt;
	if (fin) {
		/* Nothing is left to say on this side either: acknowledge and close in one. */
		answer.flags |= TH_FIN;
		far->snd_nxt++;
		far->state = FAREND_LAST_ACK;
	}
	tcp_send(far, ip, tcp, &answer);
}

static void tcp_receive(struct farend *far, const struct iphdr *ip, const uint8_t *data, size_t len)
{
	struct tcphdr tcp;
	size_t header;
	uint32_t payload, tsval;
	int known;

	if (len < sizeof(tcp))
		return;
	memcpy(&tcp, data, sizeof(tcp));
	header = (size_t)tcp.th_off * 4;
	if (header < sizeof(tcp) || header > len)
		return;
	payload = (uint32_t)(len - header);
	if (find_timestamp(data + sizeof(tcp), header - sizeof(tcp), &tsval)) {
		far->ts_recent = tsval;
		if (tcp.th_flags & TH_SYN)
			far->timestamps = 1;
	} else if (tcp.th_flags & TH_SYN) {
		far->timestamps = 0;
	}

	known = ip->saddr == far->peer_addr && ntohs(tcp.th_sport) == far->peer_port &&
		ntohs(tcp.th_dport) == far->config.port && far->state != FAREND_LISTEN &&
		far->state != FAREND_CLOSED;
	if (tcp.th_flags & TH_RST) {
		if (known) {
			far->reset = 1;
			far->state = FAREND_CLOSED;
		}
		return;
	}
	if (ip->daddr == far->config.addr && ntohs(tcp.th_dport) == far->config.port &&
	    (tcp.th_flags & (TH_SYN | TH_ACK)) == TH_SYN)
		syn_receive(far, ip, &tcp);
	else if (known)
		conn_receive(far, ip, &tcp, payload);
	else
		refuse(far, ip, &tcp,
		       payload + !!(tcp.th_flags & TH_SYN) + !!(tcp.th_flags & TH_FIN));
}

static void ip_receive(struct farend *far, const uint8_t *frame, size_t len)
{
	struct iphdr ip;
	size_t header, total;

	if (len < sizeof(struct ether_header) + sizeof(ip))
		return;
	memcpy(&ip, frame + sizeof(struct ether_header), sizeof(ip));
	header = (size_t)ip.ihl * 4;
	total = ntohs(ip.tot_len);
	if (ip.version != 4 || header < sizeof(ip) || total < header ||
	    total > len - sizeof(struct ether_header) || ip.protocol != IPPROTO_TCP)
		return;
	if (ip.daddr != far->config.addr && ip.daddr != far->config.gateway)
		return;
	memcpy(far->peer_mac, frame + 6, 6);
	tcp_receive(far, &ip, frame + sizeof(struct ether_header) + header, total - header);
}

void farend_frame(void *ctx, const void *frame, size_t len)
{
	struct farend *far = ctx;
	struct ether_header eth;

	far->frames_in++;
	if (len < sizeof(eth))
		return;
	memcpy(&eth, frame, sizeof(eth));
	if (eth.ether_type == htons(ETHERTYPE_ARP))
		arp_receive(far, frame, len);
	else if (eth.ether_type == htons(ETHERTYPE_IP))
		ip_receive(far, frame, len);
}
