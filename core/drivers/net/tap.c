/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The program at the other side of a TAP device when that is a TAP of the host:
 * frames that the core sends are written to the host's queue, frames that the
 * host sends are read from it. So the core's "tap0" and the host's are the two
 * ends of one cable.
 *
 * The host's queue is read when the machine idles (tap_wait, tap_poll). What the
 * core sends is written out at once when the machine idles next, through an
 * event due now: tun_net_xmit() must not be delayed by the host.
 */
#include <linux/clockchips.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tapdev.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <host/host.h>
#include "tun.h"

#define MAX_TAPS  8
#define TAP_BATCH 32 /* frames received before others get their turn */

/**
 * struct tap_port - one cable to the host
 * @tfile: the core's end
 * @fd: the host's end
 * @tx_event: due when there is something to write out
 * @tx_pending: @tx_event is programmed
 */
struct tap_port {
	struct tun_file *tfile;
	int fd;
	struct clock_event tx_event;
	bool tx_pending;
};

static struct tap_port *taps[MAX_TAPS];
static unsigned int nr_taps;
static unsigned char tap_ready[MAX_TAPS];

/* Writes out all that waits. A frame that the host does not take is lost, as on a cable. */
static void tap_transmit(struct clock_event *evt)
{
	struct tap_port *port = container_of(evt, struct tap_port, tx_event);
	ssize_t len;

	port->tx_pending = false;
	while ((len = tun_read(port->tfile)) > 0)
		if (host_write(port->fd, port->tfile->buf, (size_t)len) != len)
			port->tfile->tun->dev->stats.tx_errors++;
}

static void tap_reader_wake(struct tun_file *tfile)
{
	unsigned int i;

	for (i = 0; i < nr_taps; i++) {
		struct tap_port *port = taps[i];

		if (port->tfile == tfile && !port->tx_pending) {
			port->tx_pending = true;
			clockevents_program_event(&port->tx_event, clock_ns, tap_transmit);
		}
	}
}

/* The wall clock is a must: the host does not wait for a virtual one. */
int tap_add(const char *ifname, int tap_fd, const u8 *mac, int mtu)
{
	struct tap_port *port;
	int err;

	if (!timekeeping_is_wall() || nr_taps == MAX_TAPS)
		return -EINVAL;
	err = host_set_nonblock(tap_fd);
	if (err)
		return err;
	port = kzalloc_type(struct tap_port, GFP_KERNEL);
	if (!port)
		return -ENOMEM;
	port->fd = tap_fd;
	port->tfile = tun_open(ifname, mac, mtu, tap_reader_wake);
	if (IS_ERR(port->tfile)) {
		err = (int)PTR_ERR(port->tfile);
		kfree(port);
		return err;
	}
	taps[nr_taps++] = port;
	return 0;
}

unsigned int tap_devices(void)
{
	return nr_taps;
}

void tap_wait(u64 timeout_ns)
{
	int fds[MAX_TAPS];
	unsigned int i;

	for (i = 0; i < nr_taps; i++)
		fds[i] = taps[i]->fd;
	if (host_wait(fds, (int)nr_taps, timeout_ns, tap_ready) < 0)
		memset(tap_ready, 0, sizeof(tap_ready));
}

/* Reads up to a batch of frames, each of them delivered before the next is read. */
static void tap_receive(struct tap_port *port)
{
	unsigned int i;
	long len;

	for (i = 0; i < TAP_BATCH; i++) {
		len = host_read(port->fd, port->tfile->buf, TUN_FRAME_MAX);
		if (len <= 0)
			return;
		tun_write(port->tfile, (size_t)len);
	}
}

void tap_poll(void)
{
	unsigned int i;

	for (i = 0; i < nr_taps; i++) {
		if (tap_ready[i]) {
			tap_ready[i] = 0;
			tap_receive(taps[i]);
		}
	}
}

/* Lets the last frames out, then closes the core's end; the host's is the runner's. */
void tap_exit(void)
{
	while (nr_taps) {
		struct tap_port *port = taps[--nr_taps];

		if (port->tx_pending) {
			clockevents_cancel(&port->tx_event);
			tap_transmit(&port->tx_event);
		}
		fput(port->tfile->file);
		kfree(port);
	}
	memset(tap_ready, 0, sizeof(tap_ready));
}
