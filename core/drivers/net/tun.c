/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TUN and TAP driver (drivers/net/tun.c); see tun.h for what it joins. A frame that
 * the stack sends waits in the queue of the file's socket until the program
 * reads it; a frame that the program writes becomes a packet and goes up through
 * netif_rx_ni().
 */
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/uio.h>
#include <net/flow_dissector.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>
#include "tun.h"

static void tun_sock_write_space(struct sock *sk);

static struct proto tun_proto = {
	.name = "tun",
	.obj_size = sizeof(struct tun_file),
	.obj_name = "tun_file",
};

/* ---- the stack's side ---- */

/* A frame passes if the program gave no list, or its destination stands in it. */
static int check_filter(struct tap_filter *filter, const struct sk_buff *skb)
{
	const struct ethhdr *eh = (const struct ethhdr *)skb->data;
	unsigned int i;

	if (!filter->count)
		return 1;
	for (i = 0; i < filter->count; i++)
		if (ether_addr_equal(eh->h_dest, filter->addr[i]))
			return 1;
	return is_multicast_ether_addr(eh->h_dest);
}

/*
 * tun_net_xmit - a frame from the stack
 * It leaves its socket's account here: to TCP it is sent. NETDEV_TX_OK, or
 * NET_XMIT_DROP when nobody reads or the queue is full.
 */
static netdev_tx_t tun_net_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct tun_struct *tun = netdev_priv(dev);
	unsigned int txq = skb->queue_mapping;
	struct tun_file *tfile;

	if (txq >= tun->numqueues)
		goto drop;
	tfile = tun->tfiles[txq];
	if (!check_filter(&tun->txflt, skb))
		goto drop;
	if (skb_queue_len(&tfile->sk.sk_receive_queue) >= dev->tx_queue_len)
		goto drop;
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
		goto drop;
	skb_tx_timestamp(skb);
	/* The reader may take its time: the sender must not wait for its memory. */
	skb_orphan(skb);
	nf_reset(skb);
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	skb_queue_tail(&tfile->sk.sk_receive_queue, skb);
	tfile->socket.sk->sk_data_ready(tfile->socket.sk);
	return NETDEV_TX_OK;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
	return NET_XMIT_DROP;
}

static int tun_net_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int tun_net_close(struct net_device *dev)
{
	netif_stop_queue(dev);
	return 0;
}

/* The device goes, and with it what nobody read. */
static void tun_net_uninit(struct net_device *dev)
{
	struct tun_struct *tun = netdev_priv(dev);

	if (tun->numqueues)
		tun->tfiles[0]->tun = NULL;
	tun->numqueues = 0;
}

static const struct net_device_ops tun_netdev_ops = {
	.ndo_uninit = tun_net_uninit,
	.ndo_open = tun_net_open,
	.ndo_stop = tun_net_close,
	.ndo_start_xmit = tun_net_xmit,
};

static const struct net_device_ops tap_netdev_ops = {
	.ndo_uninit = tun_net_uninit,
	.ndo_open = tun_net_open,
	.ndo_stop = tun_net_close,
	.ndo_start_xmit = tun_net_xmit,
	.ndo_features_check = passthru_features_check,
};

/* ---- the program's side ---- */

static struct tun_struct *__tun_get(struct tun_file *tfile)
{
	struct tun_struct *tun = tfile->tun;

	if (tun)
		dev_hold(tun->dev);
	return tun;
}

static struct tun_struct *tun_get(struct file *file)
{
	return __tun_get(file->private_data);
}

static void tun_put(struct tun_struct *tun)
{
	dev_put(tun->dev);
}

/* A packet with room for @len bytes, paid for by the file's socket. */
static struct sk_buff *tun_alloc_skb(struct tun_file *tfile, size_t prepad, size_t len,
				     size_t linear, int noblock)
{
	struct sock *sk = tfile->socket.sk;
	struct sk_buff *skb;
	int err;

	if (prepad + len < PAGE_SIZE || !linear)
		linear = len;
	skb = sock_alloc_send_pskb(sk, prepad + linear, len - linear, noblock, &err, 0);
	if (!skb)
		return ERR_PTR(err);
	skb_reserve(skb, (int)prepad);
	skb_put(skb, (unsigned int)len);
	return skb;
}

/* With several queues a flow would be sent where it was received from; there is one. */
static void tun_flow_update(struct tun_struct *tun, u32 rxhash, struct tun_file *tfile)
{
	(void)tfile;
	if (!rxhash || tun->numqueues == 1)
		return;
	WARN_ON(1);
}

/* Without a link header the packet itself says what it is, by its version. -EINVAL: neither. */
static int tun_set_protocol(struct sk_buff *skb, struct net_device *dev)
{
	switch (skb->data[0] & 0xf0) {
	case 0x40:
		skb->protocol = htons(ETH_P_IP);
		break;
	case 0x60:
		skb->protocol = htons(ETH_P_IPV6);
		break;
	default:
		return -EINVAL;
	}
	skb_reset_mac_header(skb);
	skb->dev = dev;
	return 0;
}

/*
 * tun_get_user - makes a packet of the frame that the program wrote
 * Returns the bytes taken, -EINVAL for less than a header, -EFAULT, -EAGAIN.
 */
static ssize_t tun_get_user(struct tun_struct *tun, struct tun_file *tfile, struct iov_iter *from,
			    int noblock)
{
	size_t len = iov_iter_count(from);
	bool tap = (tun->flags & IFF_TAP) != 0;
	size_t align = NET_SKB_PAD + (tap ? NET_IP_ALIGN : 0);
	struct sk_buff *skb;
	u32 rxhash;

	if (unlikely(len < (tap ? ETH_HLEN : sizeof(struct iphdr))))
		return -EINVAL;
	skb = tun_alloc_skb(tfile, align, len, len, noblock);
	if (IS_ERR(skb)) {
		tun->dev->stats.rx_dropped++;
		return PTR_ERR(skb);
	}
	if (skb_copy_datagram_from_iter(skb, 0, from, (int)len)) {
		tun->dev->stats.rx_dropped++;
		kfree_skb(skb);
		return -EFAULT;
	}
	if (tap) {
		skb->protocol = eth_type_trans(skb, tun->dev);
	} else if (tun_set_protocol(skb, tun->dev)) {
		tun->dev->stats.rx_dropped++;
		kfree_skb(skb);
		return -EINVAL;
	}
	skb_reset_network_header(skb);
	skb_probe_transport_header(skb, 0);
	rxhash = skb_get_hash(skb);
	netif_rx_ni(skb);
	tun->dev->stats.rx_packets++;
	tun->dev->stats.rx_bytes += len;
	tun_flow_update(tun, rxhash, tfile);
	return (ssize_t)len;
}

static ssize_t tun_chr_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct tun_struct *tun = tun_get(file);
	ssize_t result;

	if (!tun)
		return -EBADF;
	result = tun_get_user(tun, file->private_data, from, (file->f_flags & O_NONBLOCK) != 0);
	tun_put(tun);
	return result;
}

/* Copies a frame out to the program; bytes or -EFAULT. */
static ssize_t tun_put_user(struct sk_buff *skb, struct iov_iter *iter)
{
	int len = (int)min_t(size_t, skb->len, iov_iter_count(iter));

	if (skb_copy_datagram_iter(skb, 0, iter, len))
		return -EFAULT;
	return len;
}

static ssize_t tun_do_read(struct tun_file *tfile, struct iov_iter *to)
{
	struct sk_buff *skb = skb_dequeue(&tfile->sk.sk_receive_queue);
	ssize_t ret;

	if (!skb)
		return -EAGAIN;
	ret = tun_put_user(skb, to);
	if (ret < 0)
		kfree_skb(skb);
	else
		consume_skb(skb);
	return ret;
}

static ssize_t tun_chr_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct tun_file *tfile = file->private_data;
	struct tun_struct *tun = __tun_get(tfile);
	ssize_t ret;

	if (!tun)
		return -EBADF;
	ret = tun_do_read(tfile, to);
	tun_put(tun);
	return ret;
}

/* Received frames were freed and the account has room: a waiting program could write again. */
static void tun_sock_write_space(struct sock *sk)
{
	if (!sock_writeable(sk))
		return;
	if (test_and_clear_bit(SOCKWQ_ASYNC_NOSPACE, &sk->sk_socket->flags))
		wake_up_interruptible(sk_sleep(sk));
}

static int tun_chr_close(struct inode *inode, struct file *file)
{
	struct tun_file *tfile = file->private_data;

	(void)inode;
	if (tfile->tun)
		tfile->tun->numqueues = 0;
	skb_queue_purge(&tfile->sk.sk_receive_queue);
	sock_put(&tfile->sk);
	return 0;
}

static const struct file_operations tun_fops = {
	.read_iter = tun_chr_read_iter,
	.write_iter = tun_chr_write_iter,
	.release = tun_chr_close,
};

/* The program is no task: its wake-up is a call. It stays on the queue, as epoll does. */
static int tun_reader_wake(wait_queue_t *wait, unsigned int mode, int sync, void *key)
{
	struct tun_file *tfile = container_of(wait, struct tun_file, reader);

	(void)mode;
	(void)sync;
	(void)key;
	tfile->reader_wake(tfile);
	return 0;
}

/* What open("/dev/net/tun") does; NULL when memory is out. */
static struct tun_file *tun_chr_open(void (*wake)(struct tun_file *tfile))
{
	struct tun_file *tfile;
	struct file *file;

	tfile = (struct tun_file *)sk_alloc(&init_net, AF_UNSPEC, GFP_KERNEL, &tun_proto, 1);
	if (!tfile)
		return NULL;
	init_waitqueue_head(&tfile->wq.wait);
	tfile->socket.wq = &tfile->wq;
	sock_init_data(&tfile->socket, &tfile->sk);
	tfile->sk.sk_write_space = tun_sock_write_space;
	tfile->sk.sk_sndbuf = INT_MAX;
	tfile->buf = user_memory_alloc(TUN_FRAME_MAX);
	file = alloc_file(NULL, O_RDWR | O_NONBLOCK, &tun_fops);
	if (IS_ERR(file) || !tfile->buf) {
		if (!IS_ERR(file))
			fput(file);
		else
			sock_put(&tfile->sk);
		return NULL;
	}
	file->private_data = tfile;
	tfile->file = file;
	tfile->reader_wake = wake;
	tfile->reader.func = tun_reader_wake;
	add_wait_queue(&tfile->wq.wait, &tfile->reader);
	return tfile;
}

/* What the two kinds have in common. */
static void tun_setup(struct net_device *dev)
{
	dev->priv_flags |= IFF_TUN_TAP;
	dev->tx_queue_len = 1000;
	/*
	 * The driver guards itself and takes packets in pieces. Checksums and segmentation are
	 * software's work until the reader of the device says that it can cope without.
	 */
	dev->features = NETIF_F_LLTX | NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_VLAN_CTAG_TX |
			NETIF_F_HW_VLAN_STAG_TX;
	dev->vlan_features = dev->features & ~(NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX);
}

/* The link layer: Ethernet, or none: then there is one peer, and nobody to ask for its address. */
static void tun_net_init(struct net_device *dev, const u8 *mac)
{
	if (mac) {
		ether_setup(dev);
		dev->netdev_ops = &tap_netdev_ops;
		dev->priv_flags &= ~(unsigned int)IFF_TX_SKB_SHARING;
		dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
		memcpy(dev->dev_addr, mac, ETH_ALEN);
		return;
	}
	dev->netdev_ops = &tun_netdev_ops;
	dev->hard_header_len = 0;
	dev->addr_len = 0;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
}

/* The device of a queue that is open (TUNSETIFF); 0, -EEXIST, -EINVAL or -ENOMEM. */
static int tun_set_iff(struct tun_file *tfile, const char *ifname, const u8 *mac, int mtu)
{
	struct net_device *dev;
	struct tun_struct *tun;
	int err;

	dev = alloc_netdev(sizeof(struct tun_struct), ifname, "tun_struct", tun_setup);
	if (!dev)
		return -ENOMEM;
	tun_net_init(dev, mac);
	dev->mtu = (unsigned int)mtu;
	tun = netdev_priv(dev);
	tun->dev = dev;
	tun->flags = (mac ? IFF_TAP : IFF_TUN) | IFF_NO_PI;
	tun->sndbuf = tfile->sk.sk_sndbuf;
	tun->tfiles[0] = tfile;
	tun->numqueues = 1;
	tfile->tun = tun;
	err = register_netdevice(dev);
	if (err) {
		tfile->tun = NULL;
		free_netdev(dev);
		return err;
	}
	return dev_open(dev);
}

struct tun_file *tun_open(const char *ifname, const u8 *mac, int mtu,
			  void (*wake)(struct tun_file *tfile))
{
	struct tun_file *tfile;
	int err;

	if ((mac && !is_valid_ether_addr(mac)) || mtu < 68 ||
	    mtu + (mac ? ETH_HLEN : 0) > TUN_FRAME_MAX || strnlen(ifname, IFNAMSIZ) == IFNAMSIZ)
		return ERR_PTR(-EINVAL);
	tfile = tun_chr_open(wake);
	if (!tfile)
		return ERR_PTR(-ENOMEM);
	err = tun_set_iff(tfile, ifname, mac, mtu);
	if (err) {
		fput(tfile->file);
		return ERR_PTR(err);
	}
	return tfile;
}

ssize_t tun_write(struct tun_file *tfile, size_t len)
{
	struct iovec iov = { .iov_base = tfile->buf, .iov_len = len };
	struct kiocb kiocb = { .ki_filp = tfile->file };
	struct iov_iter iter;

	iov_iter_init(&iter, WRITE, &iov, 1, len);
	return tfile->file->f_op->write_iter(&kiocb, &iter);
}

ssize_t tun_read(struct tun_file *tfile)
{
	struct iovec iov = { .iov_base = tfile->buf, .iov_len = TUN_FRAME_MAX };
	struct kiocb kiocb = { .ki_filp = tfile->file };
	struct iov_iter iter;

	iov_iter_init(&iter, READ, &iov, 1, TUN_FRAME_MAX);
	return tfile->file->f_op->read_iter(&kiocb, &iter);
}

int tun_init(void)
{
	return proto_register(&tun_proto, 1);
}

void tun_exit(void)
{
	proto_unregister(&tun_proto);
}
