/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The program at the other side of a TAP device when that is a peer in this
 * process: a virtual cable with a length. A frame that the core sends reaches
 * the far end delay_ns after it was sent; the far end puts frames on the cable
 * that reach the core when it says. Frames due at the same time arrive in the
 * order in which they were put on the cable.
 *
 * With the virtual clock all of this is exact and repeatable; with the wall
 * clock the delays are really waited for.
 */
#include <linux/clockchips.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tapdev.h>
#include <linux/timekeeping.h>
#include "tun.h"

/**
 * struct wire - one cable
 * @list: among all wires
 * @tfile: the core's end
 * @delay_ns: how long a frame takes to the far end
 * @far_end: the peer
 * @ctx: the peer's own
 * @tx_event: due when there is a frame to fetch from the core
 * @tx_pending: @tx_event is programmed
 */
struct wire {
	struct list_head list;
	struct tun_file *tfile;
	u64 delay_ns;
	void (*far_end)(void *ctx, const void *frame, size_t len);
	void *ctx;
	struct clock_event tx_event;
	bool tx_pending;
};

/**
 * struct wire_frame - a frame under way
 * @event: its arrival
 * @wire: the cable
 * @len: bytes
 * @data: the frame, Ethernet header first if there is one
 */
struct wire_frame {
	struct clock_event event;
	struct wire *wire;
	size_t len;
	u8 data[];
};

static LIST_HEAD(wires);

/* A frame of the core reaches the peer, which may answer from within. */
static void wire_arrive_far(struct clock_event *evt)
{
	struct wire_frame *frame = container_of(evt, struct wire_frame, event);

	frame->wire->far_end(frame->wire->ctx, frame->data, frame->len);
	kfree(frame);
}

/* A frame of the peer reaches the core. */
static void wire_arrive_near(struct clock_event *evt)
{
	struct wire_frame *frame = container_of(evt, struct wire_frame, event);
	struct tun_file *tfile = frame->wire->tfile;
	size_t len = frame->len;

	memcpy(tfile->buf, frame->data, len);
	kfree(frame);
	tun_write(tfile, len);
}

static int wire_send(struct wire *wire, const void *data, size_t len, u64 at_ns,
		     void (*arrive)(struct clock_event *evt))
{
	struct wire_frame *frame = kmalloc(sizeof(*frame) + len, GFP_ATOMIC);

	if (!frame)
		return -ENOMEM;
	frame->wire = wire;
	frame->len = len;
	memcpy(frame->data, data, len);
	clockevents_program_event(&frame->event, at_ns, arrive);
	return 0;
}

/* The core has sent: fetch all frames and put them on the cable. */
static void wire_transmit(struct clock_event *evt)
{
	struct wire *wire = container_of(evt, struct wire, tx_event);
	u64 sent_ns = evt->at_ns;
	ssize_t len;

	wire->tx_pending = false;
	while ((len = tun_read(wire->tfile)) > 0)
		wire_send(wire, wire->tfile->buf, (size_t)len, sent_ns + wire->delay_ns,
			  wire_arrive_far);
}

static void wire_reader_wake(struct tun_file *tfile)
{
	struct wire *wire;

	list_for_each_entry(wire, &wires, list) {
		if (wire->tfile == tfile && !wire->tx_pending) {
			wire->tx_pending = true;
			clockevents_program_event(&wire->tx_event, clock_ns, wire_transmit);
		}
	}
}

int wire_add(const char *ifname, const u8 *mac, int mtu, u64 delay_ns,
	     void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx)
{
	struct wire *wire = kzalloc_type(struct wire, GFP_KERNEL);
	int err;

	if (!wire)
		return -ENOMEM;
	wire->delay_ns = delay_ns;
	wire->far_end = far_end;
	wire->ctx = ctx;
	wire->tfile = tun_open(ifname, mac, mtu, wire_reader_wake);
	if (IS_ERR(wire->tfile)) {
		err = (int)PTR_ERR(wire->tfile);
		kfree(wire);
		return err;
	}
	list_add_tail(&wire->list, &wires);
	return 0;
}

/* @delay_ns from now. -ENODEV: no such wire, -EMSGSIZE: no Ethernet frame of its MTU, -ENOMEM. */
int wire_inject(const char *ifname, const void *frame, size_t len, u64 delay_ns)
{
	struct wire *wire;

	list_for_each_entry(wire, &wires, list) {
		const struct net_device *dev = wire->tfile->tun->dev;

		if (strcmp(dev->name, ifname))
			continue;
		if (len < dev->hard_header_len || !len || len > TUN_FRAME_MAX)
			return -EMSGSIZE;
		return wire_send(wire, frame, len, clock_ns + delay_ns, wire_arrive_near);
	}
	return -ENODEV;
}

/* Cuts the cables; frames under way are lost. */
void wire_exit(void)
{
	struct clock_event *evt;
	struct wire *wire, *tmp;

	while ((evt = clockevents_take()) != NULL)
		if (evt->event_handler != wire_transmit)
			kfree(evt);
	list_for_each_entry_safe(wire, tmp, &wires, list) {
		list_del(&wire->list);
		fput(wire->tfile->file);
		kfree(wire);
	}
}
