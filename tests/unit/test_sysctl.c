/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Tunables: what is taken and what is refused. Their defaults are held against a recorded kernel in
 * tests/oracle/test_sysctl.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/include/synwalk/core.h"

/* Kernel numbers; this file sees no errno.h. */
#define ENOENT 2
#define EINVAL 22

static int setup(void **state)
{
	(void)state;
	assert_int_equal(core_boot(&(struct core_config){ .seed = 1 }), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	core_shutdown();
	return 0;
}

static void check(const char *name, const char *value, int err, const char *after)
{
	char now[128];

	assert_int_equal(core_sysctl(name, value), err);
	assert_int_equal(core_sysctl_get(name, now, sizeof(now)), 0);
	assert_string_equal(now, after);
}

static void test_write(void **state)
{
	char value[8];

	(void)state;
	check("net.ipv4.tcp_timestamps", "0", 0, "0");
	check("net/ipv4/tcp_timestamps", "1\n", 0, "1");
	check("net.ipv4.tcp_timestamps", "maybe", -EINVAL, "1");
	check("net.ipv4.tcp_timestamps", "", -EINVAL, "1");
	check("net.ipv4.tcp_timestamps", "1 2", -EINVAL, "1");
	check("net.ipv4.tcp_timestamps", "99999999999", -EINVAL, "1");
	check("net.ipv4.tcp_rmem", "4096 10000 20000", 0, "4096\t10000\t20000");
	check("net.ipv4.tcp_congestion_control", "reno", 0, "reno");
	check("net.ipv4.tcp_congestion_control", "vegas", -ENOENT, "reno");
	check("net.ipv4.tcp_rmem", "4096 x 20000", -EINVAL, "4096\t10000\t20000");
	assert_int_equal(core_sysctl("net.ipv4.no_such_thing", "0"), -ENOENT);
	assert_int_equal(core_sysctl("net.ipv4", "0"), -ENOENT);
	assert_int_equal(core_sysctl_get("no.such.thing", value, sizeof(value)), -ENOENT);
}

/* A set of ports: read back as the shortest text, and all or nothing. */
static void test_bitmap(void **state)
{
	const char *name = "net.ipv4.ip_local_reserved_ports";

	(void)state;
	check(name, "", 0, "");
	check(name, "8080", 0, "8080");
	check(name, "40000-40002,8080,40003\n", 0, "8080,40000-40003");
	check(name, "1-70000", -EINVAL, "8080,40000-40003");
	check(name, "5-4", -EINVAL, "8080,40000-40003");
	check(name, "5;6", -EINVAL, "8080,40000-40003");
	check(name, "-5", -EINVAL, "8080,40000-40003");
	check(name, "0,65535,", 0, "0,65535");
	check(name, " \n", 0, "");
}

/* What one world was told, the next does not know. */
static void test_new_world_has_defaults(void **state)
{
	char value[128];

	assert_int_equal(core_sysctl("net.ipv4.tcp_sack", "0"), 0);
	assert_int_equal(core_sysctl("net.ipv4.tcp_syn_retries", "2"), 0);
	assert_int_equal(core_sysctl("net.ipv4.ip_local_reserved_ports", "8080"), 0);
	core_shutdown();
	setup(state);
	assert_int_equal(core_sysctl_get("net.ipv4.tcp_sack", value, sizeof(value)), 0);
	assert_string_equal(value, "1");
	assert_int_equal(core_sysctl_get("net.ipv4.tcp_syn_retries", value, sizeof(value)), 0);
	assert_string_equal(value, "6");
	check("net.ipv4.ip_local_reserved_ports", "", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bitmap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_new_world_has_defaults, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
