/* SPDX-License-Identifier: GPL-2.0-only */

/* What is set before a program begins; see machine.h. */

#include <string.h>

#include "tests/host/machine.h"

static void random_route(struct core_route *r)
{
	*r = (struct core_route){
		.be_dst = HOST_FAR, .prefixlen = 32, .ifname = "tun0", .type = 1, .replace = 1
	};
	/* Not here: what has changed since v4.9: the MSS of a route's MTU, ssthresh. */
	switch (rnd(6)) {
	case 0:
		r->advmss = 1 + rnd(2000);
		break;
	case 1:
		r->hoplimit = 1 + rnd(255);
		break;
	case 2:
		r->features_ecn = 1;
		break;
	case 3:
		r->initcwnd = 5 + rnd(30);
		break;
	case 4:
		r->cwnd = 5 + rnd(30);
		r->lock = 1u << 7;
		break;
	default:
		r->be_src = HOST_ALSO;
		break;
	}
}

void setup_make(struct setup *setup, enum kind kind)
{
	static const struct {
		const char *name, *values[6];
	} known[] = {
		{ "tcp_timestamps", { "0", "1" } },
		{ "tcp_sack", { "0", "1" } },
		{ "tcp_window_scaling", { "0", "1" } },
		{ "tcp_ecn", { "0", "1", "2" } },
		{ "ip_no_pmtu_disc", { "0", "1" } },
		{ "ip_default_ttl", { "1", "17", "255" } },
		{ "tcp_mtu_probing", { "0", "1" } },
		{ "tcp_fastopen", { "0", "1", "3", "5" } },
		{ "tcp_workaround_signed_windows", { "0", "1" } },
	};
	static const int mtus[] = { 1500, 1500, 1500, 1400, 576, 1000, 9000 };

	memset(setup, 0, sizeof(*setup));
	setup->mtu = PICK(mtus);
	setup->nsysctl = (int)rnd(3);
	for (int i = 0; i < setup->nsysctl; i++) {
		uint32_t k = rnd(COUNT(known)), n = 0;

		while (n < COUNT(known[k].values) && known[k].values[n])
			n++;
		setup->sysctl[i].name = known[k].name;
		setup->sysctl[i].value = known[k].values[rnd(n)];
		say("net.ipv4.%s=%s\n", setup->sysctl[i].name, setup->sysctl[i].value);
	}
	if (kind != OPTIONS && rnd(3) == 0)
		random_route(&setup->route);
	say("mtu %d%s\n", setup->mtu, setup->route.ifname ? ", a route" : "");
}
