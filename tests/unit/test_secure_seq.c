/* SPDX-License-Identifier: GPL-2.0-only */

/* Initial sequence numbers (RFC 6528) and port offsets (RFC 6056): what depends on what. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/include/synwalk/core.h"

#include <net/secure_seq.h>

#define US  0x0100090aU
#define YOU 0x0200090aU

static void boot(uint64_t seed)
{
	const struct core_config config = { .seed = seed };

	assert_int_equal(core_boot(&config), 0);
}

static int end(void **state)
{
	(void)state;
	core_shutdown();
	return 0;
}

/* One tick every 64 ns, whoever the connection is with. */
static void test_clock(void **state)
{
	u32 before, other;

	(void)state;
	boot(1);
	before = secure_tcp_sequence_number(US, YOU, 1, 2);
	other = secure_tcp_sequence_number(US, YOU, 3, 4);
	assert_int_equal(secure_tcp_sequence_number(US, YOU, 1, 2), before);
	core_run_until(*core_clock() + 64000000);
	assert_int_equal(secure_tcp_sequence_number(US, YOU, 1, 2) - before, 1000000);
	assert_int_equal(secure_tcp_sequence_number(US, YOU, 3, 4) - other, 1000000);
}

/* Each part of the four-tuple counts, and in its place. */
static void test_four_tuple(void **state)
{
	static const struct {
		u32 saddr, daddr;
		u16 sport, dport;
	} tuples[] = {
		{ US, YOU, 1, 2 }, { YOU, US, 1, 2 }, { US, YOU, 2, 1 },
		{ US, US, 1, 2 },  { US, YOU, 1, 3 }, { US, YOU, 3, 2 },
	};
	const size_t n = sizeof(tuples) / sizeof(tuples[0]);
	u32 isn[sizeof(tuples) / sizeof(tuples[0])];
	size_t i, k;

	(void)state;
	boot(1);
	for (i = 0; i < n; i++) {
		isn[i] = secure_tcp_sequence_number(tuples[i].saddr, tuples[i].daddr,
						    tuples[i].sport, tuples[i].dport);
		for (k = 0; k < i; k++)
			assert_int_not_equal(isn[i], isn[k]);
	}
}

/* Where the port search begins depends on the destination, not on the time. */
static void test_port_offset(void **state)
{
	u32 offset;

	(void)state;
	boot(1);
	offset = secure_ipv4_port_ephemeral(US, YOU, 80);
	core_run_until(*core_clock() + 1000000000);
	assert_int_equal(secure_ipv4_port_ephemeral(US, YOU, 80), offset);
	assert_int_not_equal(secure_ipv4_port_ephemeral(US, YOU, 81), offset);
	assert_int_not_equal(secure_ipv4_port_ephemeral(US, US, 80), offset);
	assert_int_not_equal(secure_ipv4_port_ephemeral(YOU, YOU, 80), offset);
}

/* The secret is the world's: the same seed draws the same one, another seed another. */
static void test_secret(void **state)
{
	u32 isn, offset;

	(void)state;
	boot(1);
	isn = secure_tcp_sequence_number(US, YOU, 1, 2);
	offset = secure_ipv4_port_ephemeral(US, YOU, 80);
	core_shutdown();

	boot(1);
	assert_int_equal(secure_tcp_sequence_number(US, YOU, 1, 2), isn);
	assert_int_equal(secure_ipv4_port_ephemeral(US, YOU, 80), offset);
	core_shutdown();

	boot(2);
	assert_int_not_equal(secure_tcp_sequence_number(US, YOU, 1, 2), isn);
	assert_int_not_equal(secure_ipv4_port_ephemeral(US, YOU, 80), offset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_clock, end),
		cmocka_unit_test_teardown(test_four_tuple, end),
		cmocka_unit_test_teardown(test_port_offset, end),
		cmocka_unit_test_teardown(test_secret, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
