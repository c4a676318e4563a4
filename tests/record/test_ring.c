/* SPDX-License-Identifier: GPL-2.0-only */
/* How much a producer may say: the limit is seen whether or not its records end where a lap does. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trace/record/ring.h"

enum { LAP = 65536, LIMIT = 2 * LAP };

static volatile sig_atomic_t told;

static void on_signal(int number)
{
	(void)number;
	told++;
}

/* Records of @size bytes, each read at once. How many were published when the signal came. */
static uint64_t said_before_it_ends(uint64_t size)
{
	struct ring ring = { 0 };
	uint64_t published = 0;

	told = 0;
	assert_int_equal(ring_open(&ring, LAP), 0);
	ring.limit = LIMIT;
	while (!told && published < 4 * (uint64_t)LIMIT / size) {
		struct ring_record *r = ring_reserve(&ring, size);
		uint64_t bytes;

		*r = (struct ring_record){ (uint32_t)size, 1 };
		ring_publish(&ring, size);
		published += !told;
		ring_peek(&ring, &bytes);
		ring_consume(&ring, bytes);
		if (ring_peek(&ring, &bytes) && bytes)
			ring_consume(&ring, bytes);
	}
	ring_close(&ring);
	return published;
}

static void records_that_fill_a_lap_have_a_limit(void **state)
{
	(void)state;
	assert_int_equal(said_before_it_ends(64), LIMIT / 64 - 1);
	assert_int_equal(told, 1);
}

static void records_that_leave_a_rest_have_one_too(void **state)
{
	(void)state;
	assert_int_equal(said_before_it_ends(24), LIMIT / LAP * (LAP / 24));
	assert_int_equal(told, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_that_fill_a_lap_have_a_limit),
		cmocka_unit_test(records_that_leave_a_rest_have_one_too),
	};

	signal(SIGXCPU, on_signal);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
