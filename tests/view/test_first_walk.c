/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * docs/first-walk.md: every key that it shows is pressed, and every screen that it shows is seen.
 *
 *     UPDATE=1 build/tests/view/test_first_walk    puts the screens of today into the page
 *
 * In the page a line `<!-- press: KEYS -->` says what is typed (\r Enter, \t Tab, \e Esc), and the block of
 * code behind it is the screen that follows, all 24 rows of it. The trace is that of `synwalk connect
 * --wire`, which is the same in every run.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "tests/view/terminal.h"

#define PAGE  "docs/first-walk.md"
#define PRESS "<!-- press: "

/* What a line of the page has typed. */
static void unescape(const char *from, char *to)
{
	for (; *from && strncmp(from, "-->", 3) && strncmp(from, " -->", 4); from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		from++;
		*to++ = (char)(*from == 'r' ? '\r' :
			       *from == 't' ? '\t' :
			       *from == 'e' ? 27 :
					      *from);
	}
	*to = '\0';
}

/* Types the keys one by one, as a person does, up to what belongs together (an escape sequence, a prompt). */
static void type(const char *typed)
{
	char one[2] = "";

	if (*typed == 27) {
		keys(typed);
		return;
	}
	for (; *typed; typed++) {
		*one = *typed;
		keys(one);
	}
}

/* The screen that follows must be the block that begins at the page's next line. */
static int check_block(FILE *page, FILE *out, int number)
{
	char line[1024];
	int differs = 0;

	for (int y = 0; fgets(line, sizeof(line), page); y++) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "```", 3)) {
			assert_true(out || y == 24);
			for (int i = 0; out && i < 24; i++)
				fprintf(out, "%s\n", row(i));
			if (out)
				fprintf(out, "%s\n", line);
			return differs;
		}
		/* blank at their ends, as editors leave them */
		while (*line && line[strlen(line) - 1] == ' ')
			line[strlen(line) - 1] = '\0';
		if (y < 24 && strcmp(row(y), line) && !out) {
			print_message("# screen %d, row %d:\n# page: %s\n# now:  %s\n", number, y,
				      line, row(y));
			differs = 1;
		}
	}
	fail_msg("%s: a screen has no end", PAGE);
	return 1;
}

static void test_page(void **state)
{
	FILE *page = fopen(PAGE, "r"), *out = NULL;
	char line[1024], typed[256];
	int screens = 0, differ = 0;
	bool pressed = false;

	assert_non_null(page);
	if (getenv("UPDATE"))
		out = fopen(PAGE ".new", "w");
	start_with(fixture_path("first.db"), NULL, 24, 80);
	see("step ");
	while (fgets(line, sizeof(line), page)) {
		if (out)
			fputs(line, out);
		if (!strncmp(line, PRESS, strlen(PRESS))) {
			unescape(line + strlen(PRESS), typed);
			type(typed);
			pressed = true;
		} else if (pressed && !strncmp(line, "```", 3)) {
			differ += check_block(page, out, ++screens);
			pressed = false;
		}
	}
	fclose(page);
	if (out) {
		fclose(out);
		assert_int_equal(rename(PAGE ".new", PAGE), 0);
	}
	quit();
	assert_true(screens >= 8);
	if (differ)
		fail_msg("%d screens of %s are not what is seen; UPDATE=1 %s writes them anew",
			 differ, PAGE, "build/tests/view/test_first_walk");
}

/* What is repeated for longer than somebody waits goes on while nobody types, to its end. */
static void test_long_move(void **state)
{
	start_with(fixture_path("first.db"), NULL, 24, 80);
	see("step ");
	press(":1\r", 1);
	type("10000s");
	see_not("any key stops");
	see_not("step 1 of");
	type("10000S");
	see("step 1 of");
	quit();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_long_move),
	};
	char command[1200];

	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("HOME", "none", 1);            /* relative: not taken */
	setenv("XDG_CONFIG_HOME", "none", 1); /* relative: not taken */
	setenv("XDG_STATE_HOME", "none", 1);  /* relative: not taken */
	unsetenv("LANGUAGE");
	signal(SIGPIPE, SIG_IGN);
	snprintf(command, sizeof(command),
		 "build/synwalk connect --wire --no-view -o %s >/dev/null",
		 fixture_path("first.db"));
	if (system(command))
		return 1;
	return cmocka_run_group_tests_name("first walk", tests, NULL, NULL);
}
