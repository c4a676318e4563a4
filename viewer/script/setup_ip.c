/* SPDX-License-Identifier: GPL-2.0-only */

/* `ip`: addresses, the device, routes, neighbours and TCP's memory of its peers. */

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/setup.h"

/* Adds, or with "replace" replaces. */
static int is_add(const char *word)
{
	return word &&
	       (!strcmp(word, "add") || !strcmp(word, "replace") || !strcmp(word, "change"));
}

static int is_del(const char *word)
{
	return word && (!strcmp(word, "del") || !strcmp(word, "delete"));
}

/* ---------------------------------------------------------------- address, link */

static int run_addr(const struct command *c)
{
	const char *dev;
	uint32_t addr;
	int length, err;

	if (!is_add(c->words[2]) && !is_del(c->words[2]))
		return setup_refuse(c, c->words[2], "add or del");
	if (setup_prefix(c->words[3], &addr, &length))
		return setup_refuse(c, c->words[3], "ADDRESS/LENGTH");
	if (c->count != 6 || strcmp(c->words[4], "dev") || !(dev = setup_device(c->words[5])))
		return setup_refuse(c, c->words[4], "dev " PLAY_DEVICE);
	err = is_del(c->words[2]) ? core_addr_del(dev, addr, length) :
				    core_addr_add(dev, addr, length);
	return err ? setup_failed(c, c->words[3], err) : 0;
}

static int run_link(const struct command *c)
{
	const char *dev;
	uint32_t mtu;
	int i = 3, err;

	if (c->count < 4 || strcmp(c->words[2], "set"))
		return setup_refuse(c, c->words[2], "set");
	if (!strcmp(c->words[i], "dev"))
		i++;
	dev = setup_device(c->words[i]);
	if (!dev)
		return setup_refuse(c, c->words[i], PLAY_DEVICE " or lo");
	i++;
	if (c->count == i + 2 && !strcmp(c->words[i], "mtu") &&
	    !setup_number(c->words[i + 1], &mtu))
		err = core_link_mtu(dev, (int)mtu);
	else if (c->count == i + 1 && (!strcmp(c->words[i], "up") || !strcmp(c->words[i], "down")))
		err = core_link_set(dev, c->words[i][0] == 'u');
	else
		return setup_refuse(c, c->words[i], "up, down or mtu N");
	return err ? setup_failed(c, c->words[i], err) : 0;
}

/* The far end of the second device lets every packet fall. */
static void swallow(void *ctx, const void *frame, size_t len)
{
	(void)ctx;
	(void)frame;
	(void)len;
}

/* ip tuntap add: a device without link layer. */
static int run_tuntap(const struct command *c)
{
	static const char *const known[] = { "ip",        "tuntap", "add", "dev",
					     PLAY_SECOND, "mode",   "tun" };
	int err;

	for (int i = 2; i < 7; i++) {
		if (!c->words[i] || strcmp(c->words[i], known[i]))
			return setup_refuse(c, c->words[i], known[i]);
	}
	if (c->count != 7)
		return setup_refuse(c, c->words[7], "its end");
	err = core_add_wire(PLAY_SECOND, NULL, c->play->settings.mtu, 0, swallow, NULL);
	return err ? setup_failed(c, c->words[4], err) : 0;
}

/* ---------------------------------------------------------------- route */

/* Metrics that are one number, and the kernel's number of each, for "lock". */
static const struct {
	const char *name;
	size_t offset;
	int bit;
} metrics[] = {
#define METRIC(word, field, bit)                              \
	{                                                     \
		word, offsetof(struct core_route, field), bit \
	}
	METRIC("mtu", mtu, 2),
	METRIC("window", window, 3),
	METRIC("rtt", rtt_ms, 4),
	METRIC("rttvar", rttvar_ms, 5),
	METRIC("ssthresh", ssthresh, 6),
	METRIC("cwnd", cwnd, 7),
	METRIC("advmss", advmss, 8),
	METRIC("reordering", reordering, 9),
	METRIC("hoplimit", hoplimit, 10),
	METRIC("initcwnd", initcwnd, 11),
	METRIC("rto_min", rto_min_ms, 13),
	METRIC("initrwnd", initrwnd, 14),
	METRIC("priority", priority, 0),
	METRIC("metric", priority, 0),
#undef METRIC
};

/* A time may end in "ms". */
static int metric_number(const char *text, uint32_t *n)
{
	char digits[16];
	size_t length = text ? strlen(text) : 0;

	if (length > 2 && length < sizeof(digits) && !strcmp(text + length - 2, "ms")) {
		memcpy(digits, text, length - 2);
		digits[length - 2] = 0;
		return setup_number(digits, n);
	}
	return setup_number(text, n);
}

/* NAME [lock] NUMBER at word *@i, which is left on the last. Return: 1 if it is a metric. */
static int route_metric(const struct command *c, int *i, struct core_route *r)
{
	for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++) {
		if (strcmp(metrics[k].name, c->words[*i]))
			continue;
		if (c->words[*i + 1] && !strcmp(c->words[*i + 1], "lock")) {
			r->lock |= 1u << metrics[k].bit;
			++*i;
		}
		return metric_number(c->words[++*i], (uint32_t *)((char *)r + metrics[k].offset)) ?
			       setup_refuse(c, c->words[*i], "a number") :
			       1;
	}
	return 0;
}

/* How far away what a route leads to may be; "global" is what it is by default. */
static int route_scope(const char *text, int *scope)
{
	static const struct {
		const char *name;
		int value;
	} scopes[] = { { "global", 0 }, { "link", 253 }, { "host", 254 } };

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		if (!strcmp(text, scopes[i].name)) {
			*scope = scopes[i].value;
			return 0;
		}
	}
	return -1;
}

/* One property of a route, at word *@i. */
static int route_word(const struct command *c, int *i, struct core_route *r)
{
	const char *name = c->words[*i], *value = c->words[*i + 1];
	uint32_t n;
	int length = 32;
	int done = route_metric(c, i, r);

	if (done)
		return done < 0 ? -1 : 0;
	++*i;
	if (!strcmp(name, "via"))
		return setup_prefix(value, &r->be_gateway, &length) || length != 32 ?
			       setup_refuse(c, value, "an IPv4 address") :
			       0;
	if (!strcmp(name, "src"))
		return setup_prefix(value, &r->be_src, &length) || length != 32 ?
			       setup_refuse(c, value, "an IPv4 address") :
			       0;
	if (!strcmp(name, "dev")) {
		r->ifname = setup_device(value);
		return r->ifname ? 0 : setup_refuse(c, value, PLAY_DEVICE " or lo");
	}
	if (!strcmp(name, "tos") && !setup_number(value, &n) && n < 256) {
		r->tos = (uint8_t)n;
		return 0;
	}
	if (!strcmp(name, "scope") && value && !route_scope(value, &r->scope))
		return 0;
	if (!strcmp(name, "quickack") && !setup_number(value, &n)) {
		r->quickack = n != 0;
		return 0;
	}
	if (!strcmp(name, "features") && value && !strcmp(value, "ecn")) {
		r->features_ecn = 1;
		return 0;
	}
	if (!strcmp(name, "congctl") && value) {
		r->congctl = value;
		return 0;
	}
	return setup_refuse(
		c, name, "via, dev, src, tos, scope, features ecn, congctl, quickack or a metric");
}

static int run_route(const struct command *c)
{
	static const struct {
		const char *name;
		int type;
	} types[] = { { "unicast", 1 },     { "local", 2 },    { "blackhole", 6 },
		      { "unreachable", 7 }, { "prohibit", 8 }, { "throw", 9 } };
	struct core_route r = { .type = 1 };
	int i = 3, err;

	if (!is_add(c->words[2]) && !is_del(c->words[2]))
		return setup_refuse(c, c->words[2], "add, replace or del");
	for (size_t k = 0; c->words[3] && k < sizeof(types) / sizeof(types[0]); k++) {
		if (!strcmp(types[k].name, c->words[3])) {
			r.type = types[k].type;
			i = 4;
		}
	}
	if (setup_prefix(i < c->count ? c->words[i] : NULL, &r.be_dst, &r.prefixlen))
		return setup_refuse(c, i < c->count ? c->words[i] : NULL,
				    "default or ADDRESS/LENGTH");
	for (i++; i < c->count; i++) {
		if (route_word(c, &i, &r))
			return -1;
	}
	r.replace = c->words[2][0] == 'r' || c->words[2][0] == 'c';
	/* A route that leads somewhere leads over the wire if it does not say where. */
	if (!r.ifname && !r.be_gateway && r.type == 1 && !is_del(c->words[2]))
		r.ifname = PLAY_DEVICE;
	err = is_del(c->words[2]) ? core_route_del(&r) : core_route_add_full(&r);
	return err ? setup_failed(c, c->words[2], err) : 0;
}

/* ---------------------------------------------------------------- neighbours */

static int parse_mac(const char *text, uint8_t mac[6])
{
	unsigned int b[6];
	int n = 0;

	if (!text ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &n) != 6 ||
	    text[n])
		return -1;
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	return 0;
}

static int parse_nud(const char *text, int *nud)
{
	static const struct {
		const char *name;
		int value;
	} states[] = { { "reachable", 0x02 }, { "stale", 0x04 },     { "delay", 0x08 },
		       { "probe", 0x10 },     { "failed", 0x20 },    { "noarp", 0x40 },
		       { "permanent", 0x80 }, { "incomplete", 0x01 } };

	for (size_t i = 0; text && i < sizeof(states) / sizeof(states[0]); i++) {
		if (!strcmp(text, states[i].name)) {
			*nud = states[i].value;
			return 0;
		}
	}
	return -1;
}

static int run_neigh(const struct command *c)
{
	const char *dev = PLAY_DEVICE;
	int length, err, nud = 0x80, has_mac = 0;
	uint8_t mac[6];
	uint32_t addr;

	if (c->words[2] && !strcmp(c->words[2], "flush")) {
		err = core_neigh_flush(PLAY_DEVICE);
		return err ? setup_failed(c, "flush", err) : 0;
	}
	if (!is_add(c->words[2]) && !is_del(c->words[2]))
		return setup_refuse(c, c->words[2], "add, replace, del or flush");
	if (setup_prefix(c->words[3], &addr, &length) || length != 32)
		return setup_refuse(c, c->words[3], "an IPv4 address");
	for (int i = 4; i < c->count; i += 2) {
		if (!strcmp(c->words[i], "lladdr") && !parse_mac(c->words[i + 1], mac))
			has_mac = 1;
		else if (strcmp(c->words[i], "nud") || parse_nud(c->words[i + 1], &nud))
			if (strcmp(c->words[i], "dev") || !(dev = setup_device(c->words[i + 1])))
				return setup_refuse(c, c->words[i],
						    "lladdr MAC, nud STATE or dev " PLAY_DEVICE);
	}
	if (is_del(c->words[2]))
		err = core_neigh_del(dev, addr);
	else
		err = core_neigh_set(dev, addr, has_mac ? mac : NULL, nud);
	return err ? setup_failed(c, c->words[3], err) : 0;
}

/* ---------------------------------------------------------------- TCP metrics */

/* The kernel's ip can only show and forget them; "set" is this language's own. */
static int run_metrics(const struct command *c)
{
	uint32_t addr, n;
	int length, err;

	if (c->words[2] && !strcmp(c->words[2], "flush")) {
		core_tcp_metrics_flush();
		return 0;
	}
	if (!c->words[2] || strcmp(c->words[2], "set"))
		return setup_refuse(c, c->words[2], "flush, or set ADDRESS NAME VALUE");
	if (setup_prefix(c->words[3], &addr, &length) || length != 32)
		return setup_refuse(c, c->words[3], "an IPv4 address");
	for (int i = 4; i < c->count; i += 2) {
		if (setup_number(c->words[i + 1], &n))
			return setup_refuse(c, c->words[i + 1], "a number");
		err = core_tcp_metrics_set(c->play->settings.local, addr, c->words[i], n);
		if (err)
			return setup_failed(c, c->words[i], err);
	}
	return 0;
}

int setup_ip(const struct command *c)
{
	static const struct {
		const char *name;
		int (*run)(const struct command *c);
	} objects[] = {
		{ "addr", run_addr },           { "address", run_addr },
		{ "link", run_link },           { "route", run_route },
		{ "neigh", run_neigh },         { "neighbour", run_neigh },
		{ "tcp_metrics", run_metrics }, { "tuntap", run_tuntap },
	};

	for (size_t i = 0; c->count > 1 && i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (!strcmp(objects[i].name, c->words[1]))
			return objects[i].run(c);
	}
	return setup_refuse(c, c->words[1], "addr, link, route, neigh, tcp_metrics or tuntap");
}
