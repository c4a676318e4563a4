/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_OVERRIDE_H
#define SYNWALK_VIEWER_SCRIPT_OVERRIDE_H

#include "viewer/script/play.h"

/** struct overrides - options of a script that the command line has set in their place */
struct overrides {
	const char *text[32];
	int count;
};

/* Takes up "NAME=VALUE". Return: 0, or STATUS_TROUBLE after telling what it should be. */
int override_add(struct overrides *v, const char *text);
/* Puts them over what the script says. */
void overrides_apply(const struct overrides *v, struct settings *o);

#endif
