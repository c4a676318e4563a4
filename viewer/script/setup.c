/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * `commands`: what a shell would do before and during a test, carried out in the core's own world.
 * Nothing runs on the host. A command that is not understood ends the play: a test whose set-up
 * was skipped tests something else.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/play.h"

enum { MAX_WORDS = 32, MAX_COMMAND = 1024 };

/* A command in words, quotes removed. */
struct command {
	struct play *play;
	const struct event *event;
	char bytes[MAX_COMMAND];
	char *words[MAX_WORDS + 1];
	int count;
};

static int refuse(const struct command *c, const char *what, const char *expected)
{
	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "command `%s`: %s: expected %s",
			 c->words[0], what ? what : "its end", expected);
}

/* The core said no. */
static int failed(const struct command *c, const char *what, int err)
{
	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "command `%s`: %s: %s", c->words[0],
			 what, strerror(-err));
}

/* ---------------------------------------------------------------- words */

static int parse_prefix(const char *text, uint32_t *addr, int *length)
{
	char dotted[INET_ADDRSTRLEN];
	const char *slash = text ? strchr(text, '/') : NULL;
	size_t n;

	*length = 32;
	if (!text)
		return -1;
	if (!strcmp(text, "default")) {
		*addr = 0;
		*length = 0;
		return 0;
	}
	n = slash ? (size_t)(slash - text) : strlen(text);
	if (n >= sizeof(dotted))
		return -1;
	memcpy(dotted, text, n);
	dotted[n] = 0;
	if (slash) {
		char *end;
		long l = strtol(slash + 1, &end, 10);

		if (end == slash + 1 || *end || l < 0 || l > 32)
			return -1;
		*length = (int)l;
	}
	return inet_pton(AF_INET, dotted, addr) == 1 ? 0 : -1;
}

static uint32_t mask_of(int length)
{
	return length ? htonl(~0u << (32 - length)) : 0;
}

/* The one device there is, by its name or by the one that packetdrill's tun has. */
static const char *device(const char *name)
{
	return name && (!strcmp(name, PLAY_DEVICE) || !strcmp(name, "tun0")) ? PLAY_DEVICE : NULL;
}

/* ---------------------------------------------------------------- sysctl */

static int sysctl_one(const struct command *c, const char *word)
{
	const char *equals = strchr(word, '=');
	char name[128];
	int err;

	if (!equals || (size_t)(equals - word) >= sizeof(name))
		return refuse(c, word, "NAME=VALUE");
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = 0;
	for (char *p = name; *p; p++) {
		if (*p == '/')
			*p = '.';
	}
	err = core_sysctl(name, equals + 1);
	if (err == -ENOENT)
		return refuse(c, name, "a sysctl that the core has");
	return err ? refuse(c, word, "a value that it takes") : 0;
}

static int run_sysctl(const struct command *c)
{
	int i = 1;

	while (i < c->count && (!strcmp(c->words[i], "-q") || !strcmp(c->words[i], "-w")))
		i++;
	if (i == c->count)
		return refuse(c, NULL, "NAME=VALUE");
	for (; i < c->count; i++) {
		/* sysctl NAME = VALUE does not exist, but NAME=VALUE VALUE in quotes does. */
		if (sysctl_one(c, c->words[i]))
			return -1;
	}
	return 0;
}

/* ---------------------------------------------------------------- ip */

static int run_ip_addr(const struct command *c)
{
	uint32_t addr;
	int length, err;

	if (c->count < 4 || strcmp(c->words[2], "add"))
		return refuse(c, c->words[2], "ip addr add ADDRESS/LENGTH dev " PLAY_DEVICE);
	if (parse_prefix(c->words[3], &addr, &length))
		return refuse(c, c->words[3], "ADDRESS/LENGTH");
	if (c->count != 6 || strcmp(c->words[4], "dev") || !device(c->words[5]))
		return refuse(c, c->words[4], "dev " PLAY_DEVICE);
	err = core_addr_add(PLAY_DEVICE, addr, length);
	return err ? failed(c, c->words[3], err) : 0;
}

static int run_ip_link(const struct command *c)
{
	int i = 3, err;

	if (c->count < 4 || strcmp(c->words[2], "set"))
		return refuse(c, c->words[2], "ip link set dev " PLAY_DEVICE " up|down");
	if (!strcmp(c->words[i], "dev"))
		i++;
	if (!device(c->words[i]) && (!c->words[i] || strcmp(c->words[i], "lo")))
		return refuse(c, c->words[i], PLAY_DEVICE " or lo");
	if (c->count != i + 2 || (strcmp(c->words[i + 1], "up") && strcmp(c->words[i + 1], "down")))
		return refuse(c, c->words[i + 1], "up or down");
	err = core_link_set(device(c->words[i]) ? PLAY_DEVICE : "lo",
			    !strcmp(c->words[i + 1], "up"));
	return err ? failed(c, c->words[i], err) : 0;
}

static int run_ip_route(const struct command *c)
{
	const char *dev = PLAY_DEVICE;
	uint32_t dst, gateway = 0;
	int length, err, i, full;

	if (c->count < 4 || strcmp(c->words[2], "add"))
		return refuse(c, c->words[2], "ip route add PREFIX [via GATEWAY] [dev DEVICE]");
	if (parse_prefix(c->words[3], &dst, &length))
		return refuse(c, c->words[3], "default or ADDRESS/LENGTH");
	for (i = 4; i < c->count; i += 2) {
		if (!strcmp(c->words[i], "via") &&
		    !parse_prefix(c->words[i + 1], &gateway, &full) && full == 32)
			continue;
		if (!strcmp(c->words[i], "dev") && device(c->words[i + 1]))
			continue;
		return refuse(c, c->words[i], "via GATEWAY or dev " PLAY_DEVICE);
	}
	err = core_route_add(dst, length, gateway, dev);
	return err ? failed(c, c->words[3], err) : 0;
}

static int run_ip_neigh(const struct command *c)
{
	unsigned int b[6];
	uint8_t mac[6];
	uint32_t addr;
	int length, err;

	if (c->count < 8 || (strcmp(c->words[2], "add") && strcmp(c->words[2], "replace")))
		return refuse(c, c->words[2], "ip neigh add ADDRESS lladdr MAC dev " PLAY_DEVICE);
	if (parse_prefix(c->words[3], &addr, &length) || length != 32)
		return refuse(c, c->words[3], "an IPv4 address");
	if (strcmp(c->words[4], "lladdr") || sscanf(c->words[5], "%2x:%2x:%2x:%2x:%2x:%2x", &b[0],
						    &b[1], &b[2], &b[3], &b[4], &b[5]) != 6)
		return refuse(c, c->words[5], "lladdr MAC");
	if (strcmp(c->words[6], "dev") || !device(c->words[7]))
		return refuse(c, c->words[7], "dev " PLAY_DEVICE);
	if (c->count > 8 &&
	    (c->count != 10 || strcmp(c->words[8], "nud") || strcmp(c->words[9], "permanent")))
		return refuse(c, c->words[8], "nud permanent");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	err = core_neigh_add(PLAY_DEVICE, addr, mac);
	return err ? failed(c, c->words[3], err) : 0;
}

static int run_ip(const struct command *c)
{
	static const struct {
		const char *name;
		int (*run)(const struct command *c);
	} objects[] = {
		{ "addr", run_ip_addr },   { "address", run_ip_addr },
		{ "link", run_ip_link },   { "route", run_ip_route },
		{ "neigh", run_ip_neigh }, { "neighbour", run_ip_neigh },
	};

	for (size_t i = 0; c->count > 1 && i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (!strcmp(objects[i].name, c->words[1]))
			return objects[i].run(c);
	}
	return refuse(c, c->words[1], "addr, link, route or neigh");
}

/* ---------------------------------------------------------------- iptables */

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
		return filter_protocol(value, f) ? refuse(c, value, "tcp, udp, icmp or all") : 0;
	if (!strcmp(name, "--dport"))
		return filter_port(value, &f->dport) ? refuse(c, value, "a port") : 0;
	if (!strcmp(name, "--sport"))
		return filter_port(value, &f->sport) ? refuse(c, value, "a port") : 0;
	if (!strcmp(name, "-s") || !strcmp(name, "-d")) {
		int source = name[1] == 's';

		if (parse_prefix(value, source ? &f->be_src : &f->be_dst, &length))
			return refuse(c, value, "ADDRESS or ADDRESS/LENGTH");
		*(source ? &f->be_src_mask : &f->be_dst_mask) = mask_of(length);
		return 0;
	}
	return refuse(c, name, "-p, -s, -d, --sport, --dport or -j");
}

static int run_iptables(const struct command *c)
{
	struct core_filter f = { 0 };
	int i, target = 0, err;

	if (c->count == 2 && !strcmp(c->words[1], "-F")) {
		core_filter_flush();
		return 0;
	}
	if (c->count < 3 || strcmp(c->words[1], "-A"))
		return refuse(c, c->words[1], "-A INPUT or -A OUTPUT, or -F");
	if (strcmp(c->words[2], "INPUT") && strcmp(c->words[2], "OUTPUT"))
		return refuse(c, c->words[2], "INPUT or OUTPUT");
	f.output = c->words[2][0] == 'O';
	for (i = 3; i < c->count; i += 2) {
		if (strcmp(c->words[i], "-j")) {
			if (filter_match(c, c->words[i], c->words[i + 1], &f))
				return -1;
			continue;
		}
		target = c->words[i + 1] &&
			 (!strcmp(c->words[i + 1], "DROP") || !strcmp(c->words[i + 1], "ACCEPT"));
		if (!target)
			return refuse(c, c->words[i + 1], "ACCEPT or DROP");
		f.drop = c->words[i + 1][0] == 'D';
	}
	if (!target)
		return refuse(c, NULL, "-j ACCEPT or -j DROP");
	err = core_filter_append(&f);
	return err ? failed(c, "-A", err) : 0;
}

/* ---------------------------------------------------------------- the rest */

static int run_sleep(const struct command *c)
{
	char *end;
	double seconds = c->count == 2 ? strtod(c->words[1], &end) : -1;

	if (!(seconds >= 0 && seconds < 1e6) || *end)
		return refuse(c, c->words[1], "a number of seconds");
	core_run_until(*core_clock() + (uint64_t)(seconds * 1e9));
	return 0;
}

static int run_true(const struct command *c)
{
	(void)c;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct command *c);
} commands[] = {
	{ "sysctl", run_sysctl }, { "ip", run_ip },     { "iptables", run_iptables },
	{ "sleep", run_sleep },   { "true", run_true },
};

static int run_words(const struct command *c)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, c->words[0]))
			return commands[i].run(c);
	}
	return play_fail(c->play, PLAY_TROUBLE, c->event->at,
			 "command `%s`: expected sysctl, ip, iptables, sleep or true", c->words[0]);
}

/* Takes the next command off @text: up to a newline, ';' or '&&'. Return: what follows, or NULL. */
static const char *next_command(struct command *c, const char *text)
{
	char *to = c->bytes, *end = c->bytes + sizeof(c->bytes) - 1;
	char quote = 0, *word = NULL;

	c->count = 0;
	for (; *text; text++) {
		if (!quote && (*text == ';' || *text == '\n' || !strncmp(text, "&&", 2)))
			break;
		if (to == end || c->count == MAX_WORDS)
			return NULL;
		if (quote ? *text == quote : *text == '"' || *text == '\'') {
			quote = quote ? 0 : *text;
			if (!word)
				word = to;
		} else if (!quote && (*text == ' ' || *text == '\t' || *text == '\r')) {
			if (word) {
				*to++ = 0;
				c->words[c->count++] = word;
				word = NULL;
			}
		} else {
			if (!word)
				word = to;
			*to++ = *text;
		}
	}
	*to = 0;
	if (word)
		c->words[c->count++] = word;
	c->words[c->count] = NULL;
	return *text ? text + (*text == '&' ? 2 : 1) : text;
}

int setup_run(struct play *p, const struct event *e)
{
	struct command c = { .play = p, .event = e };
	const char *text = e->text;

	while (*text) {
		text = next_command(&c, text);
		if (!text)
			return play_fail(p, PLAY_TROUBLE, e->at,
					 "command: expected %d words and %d bytes at most",
					 MAX_WORDS, MAX_COMMAND);
		if (c.count && run_words(&c))
			return -1;
	}
	return 0;
}
