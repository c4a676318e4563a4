/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Screens as they are kept in tests/view/screens: what stands in each cell, and how it looks, at three
 * sizes and in the three colour modes.
 *
 *     UPDATE=1 build/tests/view/test_screens      writes them anew, to be looked at with git diff
 *
 * A file has the rows of the screen, which are the same in all modes, then for each mode the rows that are
 * not plain throughout: "row: first-last look ...", columns from 0.  A look is b bold, r reverse,
 * u underlined, and the number of the colour.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"

#define FOLDER "tests/view/screens"

/* What is typed for each; a screen begins at the first step of the fixture. */
static const struct scene {
	const char *name, *keys;
} scenes[] = {
	{ "first", "" },
	{ "store", ":9\r" },
	{ "back", ":9\rS" },
	{ "packet", "p" },
	{ "bytes", "p\t\t\t\tJJJ" },
	{ "objects", ":9\r\t\t\tj\r" },
	{ "stack", ":9\r\t\tj" },
	{ "detail", "++:9\r" },
	{ "calls", "--:9\r" },
	{ "filter", "&kind:store\rn" },
	{ "search", "/NO_SOCKET" },
	{ "variable", ":12\rv" },
	{ "ladder", "ppt6" },
	{ "states", ":9\rt7" },
	{ "lanes", "wt8" },
	{ "ports", ":20\rt9" },
	{ "panes", "t" },
	{ "zoom", ":9\rO" },
	{ "explain", ":9\rx" },
	{ "help", "?" },
};
static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 60, 200 } };
static const char *const modes[] = { "none", "16", "256" };

/* Appends to a text that is long enough. */
static void add(char *text, size_t room, const char *more)
{
	size_t at = strlen(text);

	if (at + strlen(more) + 1 > room)
		fail_msg("a screen of more than %zu bytes", room);
	strcpy(text + at, more);
}

/* The screen's rows, or how they look. */
static void take_text(char *text, size_t room, int rows)
{
	for (int y = 0; y < rows; y++) {
		add(text, room, row(y));
		add(text, room, "\n");
	}
}

static void take_looks(char *text, size_t room, int rows, int cols)
{
	for (int y = 0; y < rows; y++) {
		char line[4096], piece[64], look[16], before[16] = "";
		int from = 0;
		bool any = false;

		snprintf(line, sizeof(line), "%d:", y);
		for (int x = 0; x <= cols; x++) {
			snprintf(look, sizeof(look), "%s", x < cols ? look_at(y, x) : "");
			if (!strcmp(look, before))
				continue;
			if (*before) {
				snprintf(piece, sizeof(piece), " %d-%d %s", from, x - 1, before);
				add(line, sizeof(line), piece);
				any = true;
			}
			from = x;
			strcpy(before, look);
		}
		if (!any)
			continue;
		add(text, room, line);
		add(text, room, "\n");
	}
}

/* All of one scene at one size. */
static void take(const struct scene *scene, const int *size, char *text, size_t room)
{
	static char rows[65536], first[65536];

	*text = *first = '\0';
	for (int mode = 0; mode < 3; mode++) {
		char option[32];

		snprintf(option, sizeof(option), "--colours=%s", modes[mode]);
		start_with(fixture_path("screens.db"), option, size[0], size[1]);
		see("step 1 of");
		if (*scene->keys)
			keys(scene->keys);
		*rows = '\0';
		take_text(rows, sizeof(rows), size[0]);
		if (!mode) {
			strcpy(first, rows);
			add(text, room, rows);
		} else {
			assert_string_equal(rows, first);
		}
		add(text, room, "---- ");
		add(text, room, modes[mode]);
		add(text, room, "\n");
		take_looks(text, room, size[0], size[1]);
		leave();
	}
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	fputs(text, file);
	fclose(file);
}

static void compare(const char *path, const char *text)
{
	static char kept[262144];
	FILE *file = fopen(path, "r");
	size_t len, line = 1, at = 0;

	if (!file)
		fail_msg("%s: %s; UPDATE=1 %s writes it", path, strerror(errno),
			 "build/tests/view/test_screens");
	len = fread(kept, 1, sizeof(kept) - 1, file);
	kept[len] = '\0';
	fclose(file);
	if (!strcmp(kept, text))
		return;
	while (kept[at] && kept[at] == text[at])
		line += kept[at++] == '\n';
	while (at && kept[at - 1] != '\n')
		at--;
	fail_msg("%s:%zu: the screen has changed\nkept: %.*s\nnow:  %.*s\nall of it now:\n%.6000s",
		 path, line, (int)strcspn(kept + at, "\n"), kept + at,
		 (int)strcspn(text + at, "\n"), text + at, text);
}

static void check_size(int which)
{
	static char text[262144];
	char path[128];

	make_fixture(fixture_path("screens.db"), 0);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		take(&scenes[i], sizes[which], text, sizeof(text));
		snprintf(path, sizeof(path), FOLDER "/%s.%dx%d", scenes[i].name, sizes[which][1],
			 sizes[which][0]);
		if (getenv("UPDATE"))
			write_file(path, text);
		else
			compare(path, text);
	}
}

static void test_small(void **state)
{
	check_size(0);
}

static void test_middle(void **state)
{
	check_size(1);
}

static void test_wide(void **state)
{
	check_size(2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_middle),
		cmocka_unit_test(test_wide),
	};

	mkdir(FOLDER, 0777);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* what a person has set does not count here */
	setenv("HOME", "none", 1);            /* relative: not taken */
	setenv("XDG_CONFIG_HOME", "none", 1); /* relative: not taken */
	setenv("XDG_STATE_HOME", "none", 1);  /* relative: not taken */
	unsetenv("NO_COLOR");
	unsetenv("LANGUAGE");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("screens", tests, NULL, NULL);
}
