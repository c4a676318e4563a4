/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_HOST_MACHINE_H
#define SYNWALK_TESTS_HOST_MACHINE_H

/*
 * Two machines that run the same program: our core, and this machine's own kernel in a network
 * namespace. Each has one device without a link layer, tun0, with 10.9.0.1/24 and 10.9.0.3/24, whose far
 * end is the program itself; and routes of every kind (setup.c).
 *
 * A program is random, made of a seed, and asks no machine how to go on: so both do the same.
 * What they answer is written down (say()), and the two texts are compared.
 */

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/include/synwalk/core.h"

/* Network byte order, on a little-endian machine. */
#define HOST_IP(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define HOST_NEAR HOST_IP(10, 9, 0, 1)
#define HOST_ALSO HOST_IP(10, 9, 0, 3)
#define HOST_FAR  HOST_IP(10, 9, 0, 2)

enum { PACKET_MAX = 65536 };

/* What programs do: mostly calls, mostly options, or mostly segments that come in. */
enum kind { CALLS, OPTIONS, SEGMENTS };

/** struct setup - what is set before a program begins */
struct setup {
	struct {
		const char *name, *value;
	} sysctl[3];
	int nsysctl;
	int mtu;
	struct core_route route; /* of 10.9.0.2/32, if it has a device */
};

/*
 * struct machine - calls return a negative errno, as the core's do; @memory is for what is passed.
 * @packet: the next that tun0 has sent, 0: none; @inject: one that it receives.
 */
struct machine {
	long (*socket)(int family, int type, int protocol);
	long (*bind)(int fd, void *address, int length);
	long (*connect)(int fd, void *address, int length);
	long (*listen)(int fd, int backlog);
	long (*shutdown)(int fd, int how);
	long (*close)(int fd);
	long (*getsockname)(int fd, void *address, int *length);
	long (*getpeername)(int fd, void *address, int *length);
	long (*setsockopt)(int fd, int level, int name, void *value, int length);
	long (*getsockopt)(int fd, int level, int name, void *value, int *length);
	long (*sendto)(int fd, void *data, size_t size, unsigned int flags, void *address,
		       int length);
	long (*recv)(int fd, void *data, size_t size, unsigned int flags);
	long (*poll)(struct pollfd *fds, unsigned int count, int timeout);
	size_t (*packet)(uint8_t *to);
	void (*inject)(const uint8_t *ip, size_t length);
	void *(*memory)(size_t size);
};

/* The one that this process is. */
extern const struct machine *machine;

/* Sets up, and runs @program; in a process of its own, which then ends. */
void core_machine(const struct setup *setup, void (*program)(void));
void host_machine(const struct setup *setup, void (*program)(void));

/* setup.c: random, and written down. */
void setup_make(struct setup *setup, enum kind kind);

/* program.c */
void program_run(enum kind kind);

/* packets.c: writes down what tun0 has sent. @slot: the socket that was just used. */
void packets_show(int slot);
/* A segment, or an ICMP error, for a connection of which a SYN was seen. */
void packets_inject_tcp(void);
void packets_inject_icmp(void);

/* log.c */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A call's result: a number, or the name of an errno; in one of four buffers. */
const char *result_text(long result);
const char *address_text(uint32_t be);
/* Ports that the kernel chose are its own affair: "E". */
const char *port_text(uint16_t port);
/* 0 to @n - 1. */
uint32_t rnd(uint32_t n);
void rnd_seed(uint64_t seed);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PICK(a)  ((a)[rnd(COUNT(a))])

#endif
