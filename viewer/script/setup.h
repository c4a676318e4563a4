/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_SETUP_H
#define SYNWALK_VIEWER_SCRIPT_SETUP_H

/* What the `commands` of a script share. Each command returns 0, or -1 after play_fail(). */

#include "viewer/script/play.h"

enum { MAX_WORDS = 32, MAX_COMMAND = 1024, MAX_PLACE = 300 };

/**
 * struct command - a command in words, quotes removed; words[count] is NULL
 * @file, @line: where it stands if the script called a shell file, else NULL
 */
struct command {
	struct play *play;
	const struct event *event;
	const char *file;
	int line;
	char *words[MAX_WORDS + 2];
	int count;
};

/* "FILE:LINE: " of a command in a shell file, "" of one in the script. */
const char *setup_place(const struct command *c, char place[MAX_PLACE]);
/* Carries out one command. */
int setup_command(const struct command *c);

/* Not understood: @what stands where @expected should. */
int setup_refuse(const struct command *c, const char *what, const char *expected);
/* Understood, but the core said @err. */
int setup_failed(const struct command *c, const char *what, int err);

/* "default", ADDRESS or ADDRESS/LENGTH. Return: 0 or -1. */
int setup_prefix(const char *text, uint32_t *addr, int *length);
/* The netmask of a prefix, network byte order. */
uint32_t setup_mask(int length);
/* Digits only. Return: 0 or -1. */
int setup_number(const char *text, uint32_t *n);
/*
 * The core's name of a device: the wire's (tun0, as packetdrill has it, will do), lo, the second one,
 * be it there or not; or NULL.
 */
const char *setup_device(const char *name);

int setup_ip(const struct command *c);
int setup_iptables(const struct command *c);

#endif
