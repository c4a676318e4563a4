/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: drivers/net/tun.c */
#ifndef _DRIVERS_NET_TUN_H
#define _DRIVERS_NET_TUN_H

/*
 * A TAP device: the stack's side is an Ethernet device (of a TUN: one without a link layer, whose
 * frames are IP packets), the other side is a file
 * whose writes are frames received and whose reads are frames sent. In a real
 * kernel a program holds that file. Here tap.c holds it, and carries the frames
 * to and from a TAP of the host, and wire.c, which carries them to a peer in
 * this process. Both are "the program" to this driver.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <net/sock.h>

/* The largest frame, link layer and all: as much as an IP header can say. */
#define TUN_FRAME_MAX 65535

#define FLT_EXACT_COUNT 8

/* Which frames the program wants to see; count 0: all. */
struct tap_filter {
	unsigned int count;
	u32 mask[2];
	unsigned char addr[FLT_EXACT_COUNT][ETH_ALEN];
};

struct tun_struct;

/**
 * struct tun_file - the open file of a queue
 * @sk: carries the queue of frames sent (sk_receive_queue) and pays for those received
 * @socket: its socket
 * @wq: where the program sleeps
 * @tun: the device
 * @file: the file itself
 * @reader: the program's entry in @wq: wakes it instead of a task
 * @reader_wake: called when there is a frame to be read
 * @buf: the program's buffer, user memory of TUN_FRAME_MAX bytes
 */
struct tun_file {
	struct sock sk;
	struct socket socket;
	struct socket_wq wq;
	struct tun_struct *tun;
	struct file *file;
	wait_queue_t reader;
	void (*reader_wake)(struct tun_file *tfile);
	u8 __user *buf;
};

/**
 * struct tun_struct - the device's private part
 * @tfiles: its queues, one here
 * @numqueues: 1, 0 while the file is closed
 * @flags: IFF_TAP, or IFF_TUN: packets without a link header
 * @dev: the device
 * @txflt: what the program wants
 * @sndbuf: bytes of received frames that may be under way
 */
struct tun_struct {
	struct tun_file *tfiles[1];
	unsigned int numqueues;
	unsigned int flags;
	struct net_device *dev;
	struct tap_filter txflt;
	int sndbuf;
};

#define IFF_TUN   0x0001
#define IFF_TAP   0x0002
#define IFF_NO_PI 0x1000

/*
 * Makes the device, brings it up and opens its queue. @mac NULL: a tun, otherwise a tap. @wake is called, from
 * the context that sends, when the queue has a frame. ERR_PTR(-EINVAL, -EEXIST,
 * -ENOMEM).
 */
struct tun_file *tun_open(const char *ifname, const u8 *mac, int mtu,
			  void (*wake)(struct tun_file *tfile));
/* write(2) by the program: @len bytes in tfile->buf are a frame for the stack; bytes or -errno. */
ssize_t tun_write(struct tun_file *tfile, size_t len);
/* read(2): the next frame that the stack sent, into tfile->buf; bytes, or -EAGAIN. */
ssize_t tun_read(struct tun_file *tfile);

/* Boot and end of the driver. */
int tun_init(void);
void tun_exit(void);

#endif
