/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * `commands`: what a shell would do before and during a test, carried out in the core's own world.
 * Nothing runs on the host. A command that is not understood ends the play: a test whose set-up
 * was skipped tests something else.
 *
 * Here are the small commands; ip is in setup_ip.c, iptables in setup_iptables.c. The words come
 * from setup_shell.c.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/setup.h"
#include "viewer/script/symbols.h"

const char *setup_place(const struct command *c, char place[MAX_PLACE])
{
	*place = 0;
	if (c->file)
		snprintf(place, MAX_PLACE, "%s:%d: ", c->file, c->line);
	return place;
}

int setup_refuse(const struct command *c, const char *what, const char *expected)
{
	char place[MAX_PLACE];

	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "%scommand `%s`: %s: expected %s",
			 setup_place(c, place), c->words[0], what ? what : "its end", expected);
}

int setup_failed(const struct command *c, const char *what, int err)
{
	char place[MAX_PLACE];

	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "%scommand `%s`: %s: %s",
			 setup_place(c, place), c->words[0], what, strerror(-err));
}

/* ---------------------------------------------------------------- words */

int setup_prefix(const char *text, uint32_t *addr, int *length)
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

uint32_t setup_mask(int length)
{
	return length ? htonl(~0u << (32 - length)) : 0;
}

const char *setup_device(const char *name)
{
	if (name && !strcmp(name, "lo"))
		return "lo";
	if (name && !strcmp(name, PLAY_SECOND))
		return PLAY_SECOND;
	return name && (!strcmp(name, PLAY_DEVICE) || !strcmp(name, "tun0")) ? PLAY_DEVICE : NULL;
}

int setup_number(const char *text, uint32_t *n)
{
	char *end;
	unsigned long long value;

	if (!text || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || value > UINT32_MAX)
		return -1;
	*n = (uint32_t)value;
	return 0;
}

/* ---------------------------------------------------------------- sysctl */

static int sysctl_one(const struct command *c, const char *word)
{
	static const char files[] = "/proc/sys/";
	const char *equals;
	char name[128];
	int err;

	if (!strncmp(word, files, sizeof(files) - 1))
		word += sizeof(files) - 1;
	equals = strchr(word, '=');

	if (!equals || (size_t)(equals - word) >= sizeof(name))
		return setup_refuse(c, word, "NAME=VALUE");
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = 0;
	for (char *p = name; *p; p++) {
		if (*p == '/')
			*p = '.';
	}
	err = core_sysctl(name, equals + 1);
	/* a shell goes on to its next line */
	if (err && c->file) {
		fprintf(stderr, "synwalk: %s:%d: %s: %s, it is passed over\n", c->file, c->line,
			word, err == -ENOENT ? "the core has no such sysctl" : "no value for it");
		return 0;
	}
	if (err == -ENOENT)
		return setup_refuse(c, name, "a sysctl that the core has");
	return err ? setup_refuse(c, word, "a value that it takes") : 0;
}

static int run_sysctl(const struct command *c)
{
	int i = 1;

	while (i < c->count && (!strcmp(c->words[i], "-q") || !strcmp(c->words[i], "-w")))
		i++;
	if (i == c->count)
		return setup_refuse(c, NULL, "NAME=VALUE");
	for (; i < c->count; i++) {
		/* sysctl NAME = VALUE does not exist, but NAME=VALUE VALUE in quotes does. */
		if (sysctl_one(c, c->words[i]))
			return -1;
	}
	return 0;
}

/* ---------------------------------------------------------------- the rest */

static int run_sleep(const struct command *c)
{
	char *end;
	double seconds = c->count == 2 ? strtod(c->words[1], &end) : -1;

	if (!(seconds >= 0 && seconds < 1e6) || *end)
		return setup_refuse(c, c->words[1], "a number of seconds");
	core_run_until(*core_clock() + (uint64_t)(seconds * 1e9));
	return 0;
}

/* `lsm deny HOOK ERRNO`, `lsm allow HOOK`: the policy of a security module. */
static int run_lsm(const struct command *c)
{
	const char *what = c->words[1], *hook = what ? c->words[2] : NULL;
	bool deny = what && !strcmp(what, "deny");
	int64_t err = 0;

	if (!deny && (!what || strcmp(what, "allow")))
		return setup_refuse(c, what, "deny or allow");
	if (deny && (!hook || !c->words[3] || symbol_errno(c->words[3], &err)))
		return setup_refuse(c, hook ? c->words[3] : NULL, "an errno, as EACCES");
	if (c->count != (deny ? 4 : 3))
		return setup_refuse(c, c->words[deny ? 4 : 3], "no more words");
	if (core_deny(hook, (int)err))
		return setup_refuse(c, hook, "a hook, as socket_connect");
	return 0;
}

static int run_true(const struct command *c)
{
	(void)c;
	return 0;
}

/* The device has a simple queue, and that is all that can be asked for. */
static int run_tc(const struct command *c)
{
	static const char *const known[] = { "tc", "qdisc", "", "dev", "", "root" };

	for (int i = 1; i < 6; i++) {
		if (*known[i] && (!c->words[i] || strcmp(c->words[i], known[i])))
			return setup_refuse(c, c->words[i], known[i]);
		if (i == 2 && (!c->words[i] ||
			       (strcmp(c->words[i], "add") && strcmp(c->words[i], "replace"))))
			return setup_refuse(c, c->words[i], "add or replace");
		if (i == 4 && !setup_device(c->words[i]))
			return setup_refuse(c, c->words[i], "dev " PLAY_DEVICE);
	}
	if (c->count != 7 || (strcmp(c->words[6], "pfifo") && strcmp(c->words[6], "pfifo_fast")))
		return setup_refuse(c, c->words[6], "pfifo or pfifo_fast");
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct command *c);
} commands[] = {
	{ "sysctl", run_sysctl }, { "ip", setup_ip },   { "iptables", setup_iptables },
	{ "sleep", run_sleep },   { "true", run_true }, { "tc", run_tc },
	{ "lsm", run_lsm },
};

int setup_command(const struct command *c)
{
	const char *slash = strrchr(c->words[0], '/'), *name = slash ? slash + 1 : c->words[0];
	char place[MAX_PLACE];

	/* what packetdrill's own tests call: sysctls that are put back when the test is over */
	if (!strcmp(name, "set_sysctls.py"))
		return run_sysctl(c);
	if (!strncmp(name, "sysctl_restore_", 15))
		return 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, c->words[0]))
			return commands[i].run(c);
	}
	return play_fail(
		c->play, PLAY_TROUBLE, c->event->at,
		"%scommand `%s`: expected sysctl, ip, iptables, lsm, tc, sleep, true or a file of these, "
		"FILE.sh",
		setup_place(c, place), c->words[0]);
}
