/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
#ifndef _LINUX_TAPDEV_H
#define _LINUX_TAPDEV_H

/* Between the idle loop, core.h's functions and the drivers in core/drivers/net. */
#include <linux/types.h>

struct net_device;

/* Devices over a TAP of the host (drivers/net/tap.c). */
int tap_add(const char *ifname, int tap_fd, const u8 *mac, int mtu);
unsigned int tap_devices(void);
/* Sleeps in the host until a frame arrives, at most @timeout_ns (U64_MAX: no limit). */
void tap_wait(u64 timeout_ns);
/* Receives from the queues that tap_wait() found readable. */
void tap_poll(void);

/* Devices with a far end in the same process (drivers/net/wire.c). */
int wire_add(const char *ifname, const u8 *mac, int mtu, u64 delay_ns,
	     void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx);
int wire_inject(const char *ifname, const void *frame, size_t len, u64 delay_ns);

/* Devices whose other half is in the same machine (drivers/net/veth.c). */
int veth_add(const char *ifname, const u8 *mac, int mtu,
	     void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx);
/* A frame from the other half. -ENODEV: no such veth, -EMSGSIZE, -ENOMEM. */
int veth_inject(const char *ifname, const void *frame, size_t len, u64 delay_ns);

/* Forgets all taps and wires, frames under way included. */
void tap_exit(void);
void wire_exit(void);

#endif
