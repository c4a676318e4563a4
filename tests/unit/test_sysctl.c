/* SPDX-License-Identifier: GPL-2.0-only */

/* Tunables: the defaults of the recorded v4.9 kernel, and what is refused. */

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

/* From the recorded kernel's /proc/sys, but for dctcp and the backlog of listeners, left out here. */
static const char *const defaults[][2] = {
	{ "net.core.default_qdisc", "pfifo_fast" },
	{ "net.core.rmem_default", "212992" },
	{ "net.core.rmem_max", "212992" },
	{ "net.core.somaxconn", "128" },
	{ "net.core.wmem_default", "212992" },
	{ "net.core.wmem_max", "212992" },
	{ "net.ipv4.fwmark_reflect", "0" },
	{ "net.ipv4.ip_default_ttl", "64" },
	{ "net.ipv4.ip_early_demux", "1" },
	{ "net.ipv4.ip_local_port_range", "32768\t60999" },
	{ "net.ipv4.ip_no_pmtu_disc", "0" },
	{ "net.ipv4.ip_nonlocal_bind", "0" },
	{ "net.ipv4.route.min_adv_mss", "256" },
	{ "net.ipv4.route.min_pmtu", "552" },
	{ "net.ipv4.tcp_adv_win_scale", "1" },
	{ "net.ipv4.tcp_app_win", "31" },
	{ "net.ipv4.tcp_available_congestion_control", "cubic reno dctcp" },
	{ "net.ipv4.tcp_base_mss", "1024" },
	{ "net.ipv4.tcp_congestion_control", "cubic" },
	{ "net.ipv4.tcp_dsack", "1" },
	{ "net.ipv4.tcp_early_retrans", "3" },
	{ "net.ipv4.tcp_ecn", "2" },
	{ "net.ipv4.tcp_ecn_fallback", "1" },
	{ "net.ipv4.tcp_fack", "1" },
	{ "net.ipv4.tcp_fastopen", "3" },
	{ "net.ipv4.tcp_low_latency", "0" },
	{ "net.ipv4.tcp_mem", "23763\t31687\t47526" },
	{ "net.ipv4.tcp_moderate_rcvbuf", "1" },
	{ "net.ipv4.tcp_mtu_probing", "0" },
	{ "net.ipv4.tcp_no_metrics_save", "0" },
	{ "net.ipv4.tcp_notsent_lowat", "-1" },
	{ "net.ipv4.tcp_recovery", "1" },
	{ "net.ipv4.tcp_retries1", "3" },
	{ "net.ipv4.tcp_retries2", "15" },
	{ "net.ipv4.tcp_rmem", "4096\t87380\t6291456" },
	{ "net.ipv4.tcp_sack", "1" },
	{ "net.ipv4.tcp_slow_start_after_idle", "1" },
	{ "net.ipv4.tcp_syn_retries", "6" },
	{ "net.ipv4.tcp_synack_retries", "5" },
	{ "net.ipv4.tcp_syncookies", "1" },
	{ "net.ipv4.tcp_timestamps", "1" },
	{ "net.ipv4.tcp_tw_recycle", "0" },
	{ "net.ipv4.tcp_tw_reuse", "0" },
	{ "net.ipv4.tcp_window_scaling", "1" },
	{ "net.ipv4.tcp_wmem", "4096\t16384\t4194304" },
	{ "net.ipv4.tcp_workaround_signed_windows", "0" },
};

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

static void test_defaults(void **state)
{
	unsigned int i, wrong = 0;
	char value[128];

	(void)state;
	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		if (core_sysctl_get(defaults[i][0], value, sizeof(value))) {
			print_error("%s: not there\n", defaults[i][0]);
			wrong++;
		} else if (strcmp(value, defaults[i][1])) {
			print_error("%s: %s, recorded %s\n", defaults[i][0], value, defaults[i][1]);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
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
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bitmap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_new_world_has_defaults, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
