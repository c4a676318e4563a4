/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "viewer/problem.h"

static void put(char *to, size_t room, const char *text)
{
	size_t length = strnlen(text, room - 1);

	memmove(to, text, length);
	to[length] = '\0';
}

int problem_say(struct peer_problem *problem, const char *what, const char *why, const char *hint)
{
	put(problem->what, sizeof(problem->what), what);
	put(problem->why, sizeof(problem->why), why);
	put(problem->hint, sizeof(problem->hint), hint);
	return -1;
}

int problem_set(struct peer_problem *problem, const char *what, int error, const char *hint)
{
	return problem_say(problem, what, strerror(error), hint);
}
