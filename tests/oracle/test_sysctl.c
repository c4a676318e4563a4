/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The tunables of a v4.9 kernel, held against ours: each recorded default is the one that a fresh
 * world shows, and each tunable is a namespace's own or the machine's, as recorded. The second is
 * seen by writing another value: either it lands in init_net, or somewhere else.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/include/synwalk/core.h"
#include "tests/lib/rows.h"

#include <linux/string.h>
#include <net/net_namespace.h>

/* What this kernel does not have, and why. */
static const char *const excuses[][2] = {
	{ "net.ipv4.tcp_max_syn_backlog", "a listener takes no connection on" },
};

static const char *excuse(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (!strcmp(excuses[i][0], name))
			return excuses[i][1];
	return NULL;
}

static char *at_init_net(void)
{
	return (char *)&init_net;
}

/* Writes another value: 1, it changed init_net; 0, something else; -1, it cannot be written. */
static int is_of_namespace(const char *name)
{
	static const char *const values[] = { "0",          "1",   "300", "4096 8192 16384",
					      "1024 65535", "reno" };
	static char before[sizeof(init_net)];
	char was[128], is[128];
	size_t i;

	core_sysctl_get(name, was, sizeof(was));
	memcpy(before, at_init_net(), sizeof(before));
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (core_sysctl(name, values[i]))
			continue;
		core_sysctl_get(name, is, sizeof(is));
		if (strcmp(was, is))
			return memcmp(before, at_init_net(), sizeof(before)) != 0;
	}
	return -1;
}

/* 1 as recorded, 0 not, -1 excused. */
static int try_row(size_t row)
{
	const char *name = row_text(row, "name"), *theirs = row_list_text(row, "is", 0, NULL);
	const char *scope = row_list_text(row, "is", 1, NULL);
	char ours[128];
	int own;

	if (core_sysctl_get(name, ours, sizeof(ours))) {
		printf("# %s: not there%s%s\n", name, excuse(name) ? ": " : "",
		       excuse(name) ? excuse(name) : "");
		return excuse(name) ? -1 : 0;
	}
	if (excuse(name)) {
		printf("# %s: excuse not needed\n", name);
		return 0;
	}
	if (strcmp(ours, theirs)) {
		printf("# %s: recorded %s, ours %s\n", name, theirs, ours);
		return 0;
	}
	own = is_of_namespace(name);
	if (own >= 0 && own != !strcmp(scope, "netns")) {
		printf("# %s: recorded as of %s\n", name, scope);
		return 0;
	}
	return 1;
}

int main(void)
{
	size_t n = rows_read_members("tests/data/oracle/sysctl_defaults.json"), i, good = 0,
	       off = 0;

	for (i = 0; i < n; i++) {
		int result;

		assert_int_equal(core_boot(&(struct core_config){ .seed = 1 }), 0);
		result = try_row(i);
		core_shutdown();
		good += result > 0;
		off += result < 0;
		printf("%sok %zu - %s\n", result ? "" : "not ", i + 1, row_text(i, "name"));
	}
	printf("1..%zu\n# score sysctl %zu of %zu, %zu excused\n", n, good, n, off);
	rows_free();
	return !n || good + off != n;
}
