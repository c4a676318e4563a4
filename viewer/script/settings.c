/* SPDX-License-Identifier: GPL-2.0-only */

/* --options of a script: packetdrill's, as far as they mean something on a virtual wire. */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/script/play.h"

enum setting_kind {
	SET_ADDRESS,
	SET_MASK,
	SET_PORT,
	SET_NUMBER,
	SET_MICROSECONDS,
	SET_WORD,
	SET_LINK
};

/* Where a setting goes, and the word that SET_WORD wants. */
struct known {
	const char *name;
	enum setting_kind kind;
	void *to;
	int64_t least, most;
	const char *word;
};

static const char *set_number(const struct known *k, const char *text)
{
	static char expected[64];
	char *end;
	long long n = strtoll(text, &end, 10);

	if (end == text || *end || n < k->least || n > k->most) {
		snprintf(expected, sizeof(expected), "a number from %lld to %lld",
			 (long long)k->least, (long long)k->most);
		return expected;
	}
	if (k->kind == SET_PORT)
		*(uint16_t *)k->to = (uint16_t)n;
	else if (k->kind == SET_MICROSECONDS)
		*(uint64_t *)k->to = (uint64_t)n * 1000;
	else
		*(int *)k->to = (int)n;
	return NULL;
}

/* A mask as the length of the prefix that it keeps. */
static const char *set_mask(const struct known *k, const char *text)
{
	uint32_t mask;

	if (inet_pton(AF_INET, text, &mask) != 1 || (ntohl(~mask) & (ntohl(~mask) + 1)))
		return "a netmask like 255.255.0.0";
	*(int *)k->to = __builtin_popcount(mask);
	return NULL;
}

static const char *set_link(const struct known *k, const char *text)
{
	static const char *const names[] = {
		[LINK_WIRE] = "wire", [LINK_VETH] = "veth", [LINK_TUN] = "tun"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], text)) {
			*(enum link *)k->to = (enum link)i;
			return NULL;
		}
	}
	return "wire, veth or tun";
}

/* Return: NULL, or what was expected. */
static const char *set(const struct known *k, const char *text)
{
	if (!text)
		return "=VALUE after it";
	switch (k->kind) {
	case SET_ADDRESS:
		return inet_pton(AF_INET, text, k->to) == 1 ? NULL : "an IPv4 address";
	case SET_MASK:
		return set_mask(k, text);
	case SET_WORD:
		return strcmp(text, k->word) ? k->word : NULL;
	case SET_LINK:
		return set_link(k, text);
	default:
		return set_number(k, text);
	}
}

const char *settings_set(struct settings *o, const char *name, const char *value)
{
	const struct known known[] = {
		{ "local_ip", SET_ADDRESS, &o->local, 0, 0, NULL },
		{ "remote_ip", SET_ADDRESS, &o->remote, 0, 0, NULL },
		{ "gateway_ip", SET_ADDRESS, &o->gateway, 0, 0, NULL },
		{ "netmask_ip", SET_MASK, &o->prefix, 0, 0, NULL },
		{ "connect_port", SET_PORT, &o->connect_port, 1, 65535, NULL },
		{ "bind_port", SET_PORT, &o->bind_port, 1, 65535, NULL },
		{ "link", SET_LINK, &o->link, 0, 0, NULL },
		{ "mtu", SET_NUMBER, &o->mtu, 68, 65521, NULL },
		{ "tolerance_usecs", SET_MICROSECONDS, &o->tolerance_ns, 0, 10000000, NULL },
		{ "tcp_ts_tick_usecs", SET_MICROSECONDS, &o->ts_tick_ns, 0, 1000000, NULL },
		{ "ip_version", SET_WORD, NULL, 0, 0, "ipv4" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcmp(known[i].name, name))
			return set(&known[i], value);
	}
	return "an option that means something on the virtual wire";
}

int settings_read(struct settings *o, const struct script *s, char *error, size_t room)
{
	const struct setting *line;
	const char *expected;

	*o = (struct settings){
		.local = inet_addr("192.168.0.1"),
		.remote = inet_addr("192.0.2.1"),
		.gateway = inet_addr("192.168.0.2"),
		.prefix = 16,
		.connect_port = 8080,
		.bind_port = 8080,
		.mtu = 1500,
		.tolerance_ns = 4000000,
	};
	for (line = s->settings; line; line = line->next) {
		expected = settings_set(o, line->name, line->value);
		if (!expected)
			continue;
		snprintf(error, room, "%s:%d:%d: option '--%s': expected %s", s->name,
			 line->at.line, line->at.column, line->name, expected);
		return -1;
	}
	return 0;
}
