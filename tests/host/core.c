/* SPDX-License-Identifier: GPL-2.0-only */

/* Our core as the machine; see machine.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/host/machine.h"

enum { QUEUE = 128 };

static uint8_t queue[QUEUE][PACKET_MAX];
static size_t lengths[QUEUE];
static unsigned int head, tail;
static void (*the_program)(void);

static void far_end(void *ctx, const void *frame, size_t length)
{
	(void)ctx;
	if (tail - head == QUEUE || length > PACKET_MAX)
		return;
	lengths[tail % QUEUE] = length;
	memcpy(queue[tail++ % QUEUE], frame, length);
}

/* What was sent reaches the far end, and is answered, while this task sleeps. */
static size_t packet(uint8_t *to)
{
	size_t n;

	if (head == tail)
		sys_nanosleep(1000);
	if (head == tail)
		return 0;
	n = lengths[head % QUEUE];
	memcpy(to, queue[head++ % QUEUE], n);
	return n;
}

static void inject(const uint8_t *ip, size_t length)
{
	core_wire_inject("tun0", ip, length, 0);
	sys_nanosleep(1000);
}

static long bind_(int fd, void *address, int length)
{
	return sys_bind(fd, address, length);
}

static long connect_(int fd, void *address, int length)
{
	return sys_connect(fd, address, length);
}

static long close_(int fd)
{
	return sys_close((unsigned int)fd);
}

static long getsockname_(int fd, void *address, int *length)
{
	return sys_getsockname(fd, address, length);
}

static long getpeername_(int fd, void *address, int *length)
{
	return sys_getpeername(fd, address, length);
}

static long setsockopt_(int fd, int level, int name, void *value, int length)
{
	return sys_setsockopt(fd, level, name, value, length);
}

static long getsockopt_(int fd, int level, int name, void *value, int *length)
{
	return sys_getsockopt(fd, level, name, value, length);
}

static long sendto_(int fd, void *data, size_t size, unsigned int flags, void *address, int length)
{
	return sys_sendto(fd, data, size, flags, address, length);
}

static long recv_(int fd, void *data, size_t size, unsigned int flags)
{
	return sys_recvfrom(fd, data, size, flags, NULL, NULL);
}

static const struct machine core = {
	sys_socket,   bind_,        connect_,    sys_listen,      sys_shutdown, close_,
	getsockname_, getpeername_, setsockopt_, getsockopt_,     sendto_,      recv_,
	sys_poll,     packet,       inject,      core_user_alloc,
};

static void task(void *arg)
{
	(void)arg;
	the_program();
}

static void must(const char *what, int err)
{
	if (err) {
		say("%s: %d\n", what, err);
		exit(2);
	}
}

void core_machine(const struct setup *setup, void (*program)(void))
{
	struct core_config config = { .seed = 7, .console_level = 4 };
	char name[64];

	machine = &core;
	the_program = program;
	must("boot", core_boot(&config));
	must("tun0", core_add_wire("tun0", NULL, setup->mtu, 0, far_end, NULL));
	must("address", core_addr_add("tun0", HOST_NEAR, 24));
	must("address", core_addr_add("tun0", HOST_ALSO, 24));
	for (int type = 6; type <= 9; type++) {
		struct core_route r = { .be_dst = HOST_IP(198, 51, 95 + (unsigned int)type, 0),
					.prefixlen = 24,
					.type = type };

		must("route", core_route_add_full(&r));
	}
	if (setup->route.ifname)
		must("route", core_route_add_full(&setup->route));
	for (int i = 0; i < setup->nsysctl; i++) {
		snprintf(name, sizeof(name), "net.ipv4.%s", setup->sysctl[i].name);
		must(name, core_sysctl(name, setup->sysctl[i].value));
	}
	core_task("program", task, NULL);
	core_run_until(1000000000000ull);
	if (core_warnings())
		say("%u warnings\n", core_warnings());
}
