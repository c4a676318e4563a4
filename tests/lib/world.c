/* SPDX-License-Identifier: GPL-2.0-only */

/* A small world for tests of the core; see world.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/world.h"

static const uint8_t near_mac[6] = { 2, 0, 0, 0, 0, 1 };
static struct world world;

static uint64_t world_now(void)
{
	return *core_clock();
}

static void keep(int out, const void *frame, size_t len)
{
	struct world_frame *f = &world.frames[world.nframes];

	assert_true(len <= sizeof(f->bytes));
	if (world.nframes == sizeof(world.frames) / sizeof(world.frames[0]))
		return;
	f->out = out;
	f->len = len;
	memcpy(f->bytes, frame, len);
	world.nframes++;
}

static int far_sends(const char *ifname, const void *frame, size_t len, uint64_t delay_ns)
{
	keep(0, frame, len);
	return core_wire_inject(ifname, frame, len, delay_ns);
}

static void far_receives(void *ctx, const void *frame, size_t len)
{
	keep(1, frame, len);
	if (!world.deaf)
		farend_frame(ctx, frame, len);
}

struct world *world_boot(uint64_t seed)
{
	const struct core_config config = { .seed = seed, .console_level = 4 };
	const struct farend_config far = {
		.mac = { 2, 0, 0, 0, 0, 2 },
		.addr = WORLD_FAR,
		.gateway = WORLD_FAR,
		.port = WORLD_PORT,
		.seed = seed,
		.delay_ns = WORLD_DELAY_NS,
		.now_ns = world_now,
		.inject = far_sends,
		.ifname = "wire0",
	};

	memset(&world, 0, sizeof(world));
	farend_init(&world.far, &far);
	assert_int_equal(core_boot(&config), 0);
	assert_int_equal(core_add_wire("wire0", near_mac, 1500, WORLD_DELAY_NS, far_receives,
				       &world.far),
			 0);
	assert_int_equal(core_addr_add("wire0", WORLD_NEAR, 24), 0);
	return &world;
}

int world_run(void (*fn)(void *arg), void *arg)
{
	assert_true(core_task("test", fn, arg) > 0);
	return core_run();
}

void world_end(void)
{
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
}

struct world_addr *world_user_addr(uint32_t addr, uint16_t port)
{
	struct world_addr *a = core_user_alloc(sizeof(*a));

	assert_non_null(a);
	a->family = 2; /* AF_INET */
	a->addr = addr;
	a->port = (uint16_t)(port << 8 | port >> 8);
	return a;
}
