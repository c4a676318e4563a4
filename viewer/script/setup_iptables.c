/* SPDX-License-Identifier: GPL-2.0-only */

/* `iptables`: rules of the core's filter table. */

#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/setup.h"

/* --reject-with: an ICMP code plus one. */
static const struct {
	const char *name;
	int value;
} rejects[] = {
	{ "tcp-reset", CORE_REJECT_TCP_RESET }, { "icmp-net-unreachable", 1 },
	{ "icmp-host-unreachable", 2 },         { "icmp-proto-unreachable", 3 },
	{ "icmp-port-unreachable", 4 },         { "icmp-net-prohibited", 10 },
	{ "icmp-host-prohibited", 11 },         { "icmp-admin-prohibited", 14 },
};

static int filter_protocol(const char *name, struct core_filter *f)
{
	static const struct {
		const char *name;
		uint8_t number;
	} protocols[] = { { "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "all", 0 } };

	for (size_t i = 0; name && i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (!strcmp(name, protocols[i].name)) {
			f->proto = protocols[i].number;
			return 0;
		}
	}
	return -1;
}

static int filter_port(const char *text, uint16_t *port)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;

	if (n <= 0 || n > 65535 || *end)
		return -1;
	*port = (uint16_t)n;
	return 0;
}

/* One match of a rule, two words. */
static int filter_match(const struct command *c, const char *name, const char *value,
			struct core_filter *f)
{
	int length;

	if (!strcmp(name, "-p"))
		return filter_protocol(value, f) ? setup_refuse(c, value, "tcp, udp, icmp or all") :
						   0;
	if (!strcmp(name, "--dport"))
		return filter_port(value, &f->dport) ? setup_refuse(c, value, "a port") : 0;
	if (!strcmp(name, "--sport"))
		return filter_port(value, &f->sport) ? setup_refuse(c, value, "a port") : 0;
	if (!strcmp(name, "-s") || !strcmp(name, "-d")) {
		int source = name[1] == 's';

		if (setup_prefix(value, source ? &f->be_src : &f->be_dst, &length))
			return setup_refuse(c, value, "ADDRESS or ADDRESS/LENGTH");
		*(source ? &f->be_src_mask : &f->be_dst_mask) = setup_mask(length);
		return 0;
	}
	return setup_refuse(c, name, "-p, -s, -d, --sport, --dport or -j");
}

/* -j TARGET [--reject-with WHAT]; @i stays on the last pair of words. */
static int filter_target(const struct command *c, int *i, struct core_filter *f)
{
	const char *target = c->words[*i + 1], *how;

	if (target && (!strcmp(target, "DROP") || !strcmp(target, "ACCEPT"))) {
		f->drop = target[0] == 'D';
		return 0;
	}
	if (!target || strcmp(target, "REJECT"))
		return setup_refuse(c, target, "ACCEPT, DROP or REJECT");
	f->reject = 4; /* icmp-port-unreachable */
	if (*i + 2 >= c->count)
		return 0;
	*i += 2;
	if (strcmp(c->words[*i], "--reject-with"))
		return setup_refuse(c, c->words[*i], "--reject-with");
	how = c->words[*i + 1];
	for (size_t k = 0; how && k < sizeof(rejects) / sizeof(rejects[0]); k++) {
		if (!strcmp(rejects[k].name, how)) {
			f->reject = rejects[k].value;
			return 0;
		}
	}
	return setup_refuse(c, how,
			    "tcp-reset, or icmp-{net,host,port,proto}-unreachable, "
			    "icmp-{net,host,admin}-prohibited");
}

int setup_iptables(const struct command *c)
{
	struct core_filter f = { 0 };
	int i, target = 0, err;

	if (c->count == 2 && !strcmp(c->words[1], "-F")) {
		core_filter_flush();
		return 0;
	}
	if (c->count < 3 || strcmp(c->words[1], "-A"))
		return setup_refuse(c, c->words[1], "-A INPUT or -A OUTPUT, or -F");
	if (strcmp(c->words[2], "INPUT") && strcmp(c->words[2], "OUTPUT"))
		return setup_refuse(c, c->words[2], "INPUT or OUTPUT");
	f.output = c->words[2][0] == 'O';
	for (i = 3; i < c->count; i += 2) {
		if (strcmp(c->words[i], "-j")) {
			if (filter_match(c, c->words[i], c->words[i + 1], &f))
				return -1;
			continue;
		}
		target = 1;
		if (filter_target(c, &i, &f))
			return -1;
	}
	if (!target)
		return setup_refuse(c, NULL, "-j ACCEPT, DROP or REJECT");
	err = core_filter_append(&f);
	return err ? setup_failed(c, "-A", err) : 0;
}
