/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys that a person has set.
 *
 *     # gdb's habits
 *     ^N       over
 *     F5       next-packet
 *     x        none
 *
 * A key is a character, ^X for Ctrl-X, or a name (Space Tab Enter Esc Up Down Left Right PgUp PgDn Home
 * End Backspace F1 to F12); an action is called as viewer/tui_keys.c has it.  Digits repeat keys, always.
 */
#include <ctype.h>
#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/tui.h"

#define LINES_MAX 128

static struct line {
	int key, action;
	char text[80];
} lines[LINES_MAX];
static int count;

/* The code of a key that a line names; -1: there is none. */
static int key_named(const char *name)
{
	static const struct {
		const char *name;
		int key;
	} names[] = { { "Space", ' ' },          { "Tab", '\t' },
		      { "Enter", '\r' },         { "Esc", 27 },
		      { "Up", KEY_UP },          { "Down", KEY_DOWN },
		      { "Left", KEY_LEFT },      { "Right", KEY_RIGHT },
		      { "PgUp", KEY_PPAGE },     { "PgDn", KEY_NPAGE },
		      { "Home", KEY_HOME },      { "End", KEY_END },
		      { "Shift-Tab", KEY_BTAB }, { "Backspace", KEY_BACKSPACE } };
	char *end;
	long f;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcasecmp(names[i].name, name))
			return names[i].key;
	if (strlen(name) == 1 && (unsigned char)*name > ' ' && !isdigit((unsigned char)*name))
		return (unsigned char)*name;
	if (*name == '^' && strlen(name) == 2 && isalpha((unsigned char)name[1]))
		return toupper((unsigned char)name[1]) & 31;
	f = *name == 'F' || *name == 'f' ? strtol(name + 1, &end, 10) : 0;
	return f >= 1 && f <= 12 && !*end ? KEY_F((int)f) : -1;
}

/* What is wrong with a line, NULL if nothing is; empty lines and remarks are nothing at all. */
static const char *take_line(char *text)
{
	char key[32], action[32], more[2];
	struct line line;
	int words;

	if (*text == '#')
		return NULL;
	words = sscanf(text, "%31s %31s %1s", key, action, more);
	if (words <= 0)
		return NULL;
	if (words == 1 || (words == 3 && *more != '#'))
		return "a key and an action are wanted";
	line.key = key_named(key);
	if (line.key < 0)
		return "there is no such key (or it is a digit: those repeat)";
	line.action = strcmp(action, "none") ? action_named(action) : KEYFILE_NONE;
	if (line.action == -1)
		return "there is no such action; docs/viewer.md lists them";
	if (count == LINES_MAX)
		return "too many lines";
	snprintf(line.text, sizeof(line.text), "%s %s", key, action);
	lines[count++] = line;
	return NULL;
}

/* Where the file is.  False if nobody says where a home is. */
static bool path_of(char *path, size_t len)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config == '/')
		return (size_t)snprintf(path, len, "%s/synwalk/keys", config) < len;
	return home && *home == '/' &&
	       (size_t)snprintf(path, len, "%s/.config/synwalk/keys", home) < len;
}

int keyfile_read(char *err, size_t errlen)
{
	char path[1024], text[256];
	int number = 0, result = 0;
	FILE *file;

	count = 0;
	if (!path_of(path, sizeof(path)))
		return 0;
	file = fopen(path, "re");
	if (!file) {
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		snprintf(err, errlen, "%s: %s", path, strerror(errno));
		return -1;
	}
	while (fgets(text, sizeof(text), file)) {
		const char *wrong = take_line(text);

		number++;
		if (wrong && !result)
			snprintf(err, errlen, "%s:%d: %s", path, number, wrong);
		result = wrong ? -1 : result;
	}
	fclose(file);
	return result;
}

int keyfile_action(int key)
{
	/* the last line that speaks of a key counts */
	for (int i = count - 1; i >= 0; i--)
		if (lines[i].key == key)
			return lines[i].action;
	return -1;
}

const char *keyfile_line(int i)
{
	return i < count ? lines[i].text : NULL;
}

void keyfile_forget(void)
{
	count = 0;
}
