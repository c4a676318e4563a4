/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * `commands`: what a shell would do before and during a test, carried out in the core's own world.
 * Nothing runs on the host. A command that is not understood ends the play: a test whose set-up
 * was skipped tests something else.
 *
 * Here are the words, and the small commands; ip is in setup_ip.c, iptables in setup_iptables.c.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/setup.h"

int setup_refuse(const struct command *c, const char *what, const char *expected)
{
	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "command `%s`: %s: expected %s",
			 c->words[0], what ? what : "its end", expected);
}

int setup_failed(const struct command *c, const char *what, int err)
{
	return play_fail(c->play, PLAY_TROUBLE, c->event->at, "command `%s`: %s: %s", c->words[0],
			 what, strerror(-err));
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
	const char *equals = strchr(word, '=');
	char name[128];
	int err;

	if (!equals || (size_t)(equals - word) >= sizeof(name))
		return setup_refuse(c, word, "NAME=VALUE");
	memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = 0;
	for (char *p = name; *p; p++) {
		if (*p == '/')
			*p = '.';
	}
	err = core_sysctl(name, equals + 1);
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

static int run_true(const struct command *c)
{
	(void)c;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct command *c);
} commands[] = {
	{ "sysctl", run_sysctl }, { "ip", setup_ip },   { "iptables", setup_iptables },
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
	c->words[c->count] = c->words[c->count + 1] = NULL;
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
