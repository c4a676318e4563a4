/* SPDX-License-Identifier: GPL-2.0-only */

/* The whole path in one process: connect(2) of the plain core against the scripted far end. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/include/linux/errno.h"
#include "tests/lib/world.h"

enum { INET = 2, STREAM = 1, DGRAM = 2 };

struct result {
	long fd, connect, close;
	struct world_addr local;
};

static struct sockaddr *as_sockaddr(void *p)
{
	return p;
}

static void connect_once(void *arg)
{
	struct result *r = arg;
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	int *len = core_user_alloc(sizeof(*len));

	r->fd = sys_socket(INET, STREAM, 0);
	r->connect = sys_connect((int)r->fd, as_sockaddr(to), sizeof(*to));
	*len = sizeof(*to);
	if (sys_getsockname((int)r->fd, as_sockaddr(to), len) == 0)
		r->local = *to;
	r->close = sys_close((unsigned int)r->fd);
}

static int end_world(void **state)
{
	(void)state;
	world_end();
	return 0;
}

static void test_succeeds_and_closes(void **state)
{
	struct world *w = world_boot(1);
	struct result r = { 0 };

	(void)state;
	assert_int_equal(world_run(connect_once, &r), 0);
	assert_true(r.fd >= 0);
	assert_int_equal(r.connect, 0);
	assert_int_equal(r.close, 0);
	assert_int_equal(r.local.addr, WORLD_NEAR);
	assert_int_equal(w->far.accepted, 1);
	assert_int_equal(w->far.peer_addr, WORLD_NEAR);
	assert_int_equal((uint16_t)(r.local.port << 8 | r.local.port >> 8), w->far.peer_port);
	assert_int_equal(w->far.state, FAREND_CLOSED);
	assert_int_equal(w->far.reset, 0);
	assert_int_equal(core_counter("TcpActiveOpens"), 1);
	assert_int_equal(core_counter("TcpRetransSegs"), 0);
}

/* ARP before anything else, and the SYN that waited for it is not lost and not sent twice. */
static void test_frames_in_order(void **state)
{
	struct world *w = world_boot(1);
	struct result r = { 0 };
	/* Type of frame, TCP flags (0 for ARP), and who sent it. */
	static const struct {
		uint8_t type, flags;
		int out;
	} expected[] = {
		{ 6, 0, 1 },    { 6, 0, 0 },    { 0, 0x02, 1 }, { 0, 0x12, 0 },
		{ 0, 0x10, 1 }, { 0, 0x11, 1 }, { 0, 0x11, 0 }, { 0, 0x10, 1 },
	};
	size_t i;

	(void)state;
	assert_int_equal(world_run(connect_once, &r), 0);
	assert_int_equal(w->nframes, sizeof(expected) / sizeof(expected[0]));
	for (i = 0; i < w->nframes; i++) {
		const struct world_frame *f = &w->frames[i];

		assert_int_equal(f->out, expected[i].out);
		assert_int_equal(f->bytes[13], expected[i].type);
		if (!f->bytes[13])
			assert_int_equal(f->bytes[14 + 20 + 13], expected[i].flags);
	}
}

static void test_same_seed_same_frames(void **state)
{
	struct world *first = malloc(sizeof(*first));
	struct result r = { 0 };
	struct world *w;

	(void)state;
	assert_non_null(first);
	w = world_boot(7);
	assert_int_equal(world_run(connect_once, &r), 0);
	*first = *w;
	world_end();

	w = world_boot(7);
	assert_int_equal(world_run(connect_once, &r), 0);
	assert_int_equal(w->nframes, first->nframes);
	assert_memory_equal(w->frames, first->frames, sizeof(w->frames));
	world_end();

	w = world_boot(8);
	assert_int_equal(world_run(connect_once, &r), 0);
	assert_memory_not_equal(w->frames, first->frames, sizeof(w->frames));
	free(first);
}

static void connect_many(void *arg)
{
	long *failed = arg;
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	int i;

	for (i = 0; i < 100; i++) {
		long fd = sys_socket(INET, STREAM, 0);

		if (fd < 0 || sys_connect((int)fd, as_sockaddr(to), sizeof(*to)) ||
		    sys_close((unsigned int)fd))
			(*failed)++;
		sys_nanosleep(10 * WORLD_DELAY_NS);
	}
}

static void test_many(void **state)
{
	struct world *w = world_boot(3);
	long failed = 0;

	(void)state;
	assert_int_equal(world_run(connect_many, &failed), 0);
	assert_int_equal(failed, 0);
	assert_int_equal(w->far.accepted, 100);
	assert_int_equal(core_counter("TcpActiveOpens"), 100);
}

struct calls {
	long bad_fd, bad_pointer, bad_family, short_address, unknown_family, unknown_type;
};

static void bad_calls(void *arg)
{
	struct calls *c = arg;
	struct world_addr *to = world_user_addr(WORLD_FAR, WORLD_PORT);
	long fd = sys_socket(INET, STREAM, 0);

	c->bad_fd = sys_connect(77, as_sockaddr(to), sizeof(*to));
	c->bad_pointer = sys_connect((int)fd, as_sockaddr((void *)8), sizeof(*to));
	c->short_address = sys_connect((int)fd, as_sockaddr(to), 1);
	to->family = 99;
	c->bad_family = sys_connect((int)fd, as_sockaddr(to), sizeof(*to));
	c->unknown_family = sys_socket(99, STREAM, 0);
	c->unknown_type = sys_socket(INET, 77, 0);
	sys_close((unsigned int)fd);
}

static void test_bad_arguments(void **state)
{
	struct calls c = { 0 };

	(void)state;
	world_boot(1);
	assert_int_equal(world_run(bad_calls, &c), 0);
	assert_int_equal(c.bad_fd, -EBADF);
	assert_int_equal(c.bad_pointer, -EFAULT);
	assert_int_equal(c.short_address, -EINVAL);
	assert_int_equal(c.bad_family, -EAFNOSUPPORT);
	assert_int_equal(c.unknown_family, -EAFNOSUPPORT);
	assert_int_equal(c.unknown_type, -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_succeeds_and_closes, end_world),
		cmocka_unit_test_teardown(test_frames_in_order, end_world),
		cmocka_unit_test_teardown(test_same_seed_same_frames, end_world),
		cmocka_unit_test_teardown(test_many, end_world),
		cmocka_unit_test_teardown(test_bad_arguments, end_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
