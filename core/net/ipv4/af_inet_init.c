/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: net/ipv4/af_inet.c */
/*
 * IPv4 at boot: which socket types and protocols there are, who handles received packets, and the
 * order in which the layers come up.
 *
 * Part of net/ipv4/af_inet.c in the kernel.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inet_connection_sock.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/secure_seq.h>
#include <net/raw.h>
#include <net/tcp.h>
#include <net/udp.h>

#include "af_inet.h"

struct list_head inetsw[SOCK_MAX];

/* ---- sockets without a user ---- */

/* The protocol of sockets that only lend their identity to packets the kernel sends by itself. */
static struct proto inet_ctl_prot = {
	.name = "CTL",
	.obj_size = sizeof(struct inet_sock),
	.obj_name = "inet_sock",
};

/*
 * A socket for answers that belong to no connection: resets, ICMP.  It is in no table, so nothing
 * is ever received on it.  (The kernel makes a raw socket and unhashes it.)  0, or -ENOBUFS.
 */
int inet_ctl_sock_create(struct sock **sk, unsigned short family, unsigned short type,
			 unsigned char protocol, struct net *net)
{
	struct sock *ctl = sk_alloc(net, family, GFP_KERNEL, &inet_ctl_prot, 1);

	if (!ctl)
		return -ENOBUFS;

	sock_init_data(NULL, ctl);
	ctl->sk_type = type;
	ctl->sk_protocol = protocol;
	ctl->sk_destruct = inet_sock_destruct;
	ctl->sk_allocation = GFP_ATOMIC;
	sock_set_flag(ctl, SOCK_DEAD);
	inet_sk(ctl)->uc_ttl = -1;
	inet_sk(ctl)->pmtudisc = IP_PMTUDISC_WANT;
	inet_sk(ctl)->mc_loop = 1;
	*sk = ctl;
	return 0;
}

void inet_ctl_sock_destroy(struct sock *sk)
{
	if (sk)
		sock_put(sk);
}

/* ---- tables and boot ---- */

const struct proto_ops inet_stream_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.getname = inet_getname,
	.poll = tcp_poll,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.getname = inet_getname,
	.poll = udp_poll,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

/* As inet_dgram_ops, but for what can be read. */
static const struct proto_ops inet_sockraw_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.getname = inet_getname,
	.poll = datagram_poll,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
};

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
};

static struct inet_protosw inetsw_tcp = {
	.type = SOCK_STREAM,
	.protocol = IPPROTO_TCP,
	.prot = &tcp_prot,
	.ops = &inet_stream_ops,
	.flags = INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK,
};

static struct inet_protosw inetsw_udp = {
	.type = SOCK_DGRAM,
	.protocol = IPPROTO_UDP,
	.prot = &udp_prot,
	.ops = &inet_dgram_ops,
	.flags = INET_PROTOSW_PERMANENT,
};

/* Any protocol: the last row, which matches what no other does. */
static struct inet_protosw inetsw_raw = {
	.type = SOCK_RAW,
	.protocol = IPPROTO_IP,
	.prot = &raw_prot,
	.ops = &inet_sockraw_ops,
	.flags = INET_PROTOSW_REUSE,
};

static const struct net_protocol tcp_protocol = {
	.early_demux = tcp_v4_early_demux,
	.handler = tcp_v4_rcv,
	.err_handler = tcp_v4_err,
	.no_policy = 1,
	.netns_ok = 1,
	.icmp_strict_tag_validation = 1,
};

static const struct net_protocol udp_protocol = {
	.handler = udp_rcv,
	.err_handler = udp_err,
	.no_policy = 1,
	.netns_ok = 1,
};

static const struct net_protocol icmp_protocol = {
	.handler = icmp_rcv,
	.err_handler = icmp_err,
	.no_policy = 1,
	.netns_ok = 1,
};

/* IPv4's place in the table of receivers, by EtherType. */
static struct packet_type ip_packet_type;

/* Later rows of a type go behind earlier ones; the first is what protocol 0 means. */
void inet_register_protosw(struct inet_protosw *p)
{
	if (WARN_ON(p->type >= SOCK_MAX))
		return;
	list_add_tail(&p->list, &inetsw[p->type]);
}

/*
 * IPv4 at boot: protocols, then the layers from the bottom up, TCP last because its control socket
 * needs all the rest.  0, or a negative errno.
 */
int inet_init(void)
{
	int i, err;

	net_secret_reset();
	for (i = 0; i < SOCK_MAX; i++)
		INIT_LIST_HEAD(&inetsw[i]);
	memset(inet_protos, 0, sizeof(inet_protos));

	err = proto_register(&tcp_prot, 1);
	if (!err)
		err = proto_register(&udp_prot, 1);
	if (!err)
		err = proto_register(&raw_prot, 1);
	if (!err)
		err = proto_register(&inet_ctl_prot, 1);
	if (!err)
		err = sock_register(&inet_family_ops);
	if (!err)
		err = inet_add_protocol(&icmp_protocol, IPPROTO_ICMP);
	if (!err)
		err = inet_add_protocol(&udp_protocol, IPPROTO_UDP);
	if (!err)
		err = inet_add_protocol(&tcp_protocol, IPPROTO_TCP);
	if (err)
		return err;

	inet_register_protosw(&inetsw_tcp);
	inet_register_protosw(&inetsw_udp);
	inet_register_protosw(&inetsw_raw);

	arp_init();
	ip_init();
	tcp_init();
	raw_init_table();
	udp_init();
	err = tcp_sk_init(&init_net);
	if (err)
		return err;
	err = icmp_init();
	if (err)
		return err;

	ipv4_offload_init();

	/* Last of all: from here on packets come in. */
	ip_packet_type = (struct packet_type){ .type = htons(ETH_P_IP), .func = ip_rcv };
	dev_add_pack(&ip_packet_type);
	return 0;
}

/* The reverse.  Connections still open are dropped without a word: their devices are gone. */
void inet_exit(void)
{
	if (ip_packet_type.func)
		dev_remove_pack(&ip_packet_type);
	ip_packet_type.func = NULL;
	tcp_exit();
	icmp_exit();
	tcp_sk_exit(&init_net);
	ip_exit();
	arp_exit();
	proto_unregister(&inet_ctl_prot);
	proto_unregister(&raw_prot);
	proto_unregister(&udp_prot);
	proto_unregister(&tcp_prot);
}
