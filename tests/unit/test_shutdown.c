/* SPDX-License-Identifier: GPL-2.0-only */

/* A world may end at any moment: with tasks asleep, sockets half open, frames and timers under way. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/world.h"

static long returned;

static void connects(void *arg)
{
	struct world_addr *addr = world_user_addr(WORLD_FAR, WORLD_PORT);
	long fd = sys_socket(2, 1, 0);

	(void)arg;
	assert_true(fd >= 0);
	returned = sys_connect((int)fd, (struct sockaddr *)addr, sizeof(*addr));
	returned = sys_nanosleep(1000000000);
}

/* Each time a little later: before ARP is answered, in SYN_SENT, established, closing. */
static void test_end_at_any_time(void **state)
{
	uint64_t ns;

	(void)state;
	for (ns = 0; ns < 6000000; ns += 250000) {
		world_boot(1);
		returned = 99;
		assert_true(core_task("connect", connects, NULL) > 0);
		assert_true(core_task("connect2", connects, NULL) > 0);
		assert_int_equal(core_run_until(ns), 0);
		world_end();
	}
	assert_int_equal(returned, 0);
}

/* Nobody answers: the SYN is repeated, and the world ends before connect gives up. */
static void test_end_while_syn_is_repeated(void **state)
{
	struct world *world = world_boot(1);

	(void)state;
	assert_true(core_task("connect", connects, NULL) > 0);
	assert_int_equal(core_run_until(500000), 0);
	world->deaf = 1;
	assert_int_equal(core_run_until(20000000000), 0);
	world_end();
}

static void sleeps(void *arg)
{
	(void)arg;
	sys_nanosleep(3600000000000);
}

static void test_end_with_sleepers(void **state)
{
	int i;

	(void)state;
	world_boot(1);
	for (i = 0; i < 20; i++)
		assert_true(core_task("sleep", sleeps, NULL) > 0);
	assert_int_equal(core_run_until(1000000), 0);
	world_end();
}

static void test_end_of_task_that_never_ran(void **state)
{
	(void)state;
	world_boot(1);
	assert_true(core_task("new", sleeps, NULL) > 0);
	world_end();
	core_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end_at_any_time),
		cmocka_unit_test(test_end_while_syn_is_repeated),
		cmocka_unit_test(test_end_with_sleepers),
		cmocka_unit_test(test_end_of_task_that_never_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
