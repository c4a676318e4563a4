/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the panes lie at each size, how they are shown and hidden, and the file that keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "viewer/panes.h"

static struct panes fresh(int rows, int cols)
{
	struct panes p;

	panes_default(&p);
	panes_arrange(&p, rows, cols);
	return p;
}

static void assert_box(const struct panes *p, enum pane which, int y, int x, int h, int w)
{
	const struct box *b = &p->box[which];

	if (b->y != y || b->x != x || b->h != h || b->w != w)
		fail_msg("%s: %d %d %d %d, not %d %d %d %d", pane_name(which), b->y, b->x, b->h,
			 b->w, y, x, h, w);
}

/* The panes on screen cover its inside once, but for the lines between columns. */
static void assert_covers(const struct panes *p, int rows, int cols)
{
	static char cell[64][256];
	int bare = 0;

	memset(cell, 0, sizeof(cell));
	for (int i = 0; i < PANES; i++)
		for (int y = p->box[i].y; y < p->box[i].y + p->box[i].h; y++)
			for (int x = p->box[i].x; x < p->box[i].x + p->box[i].w; x++) {
				assert_in_range(y, 1, (uintmax_t)rows - 3);
				assert_in_range(x, 0, (uintmax_t)cols - 1);
				assert_int_equal(cell[y][x]++, 0);
			}
	for (int y = 1; y < rows - 2; y++) {
		bare = 0;
		for (int x = 0; x < cols; x++)
			bare += !cell[y][x];
		assert_true(bare <= 2);
	}
}

static void test_small(void **state)
{
	struct panes p = fresh(24, 80);

	assert_box(&p, PANE_WALK, 1, 0, 12, 36);
	assert_box(&p, PANE_SOURCE, 1, 37, 12, 43);
	assert_box(&p, PANE_STACK, 13, 0, 9, 36);
	assert_box(&p, PANE_OBJECTS, 13, 37, 9, 43);
	assert_box(&p, PANE_PACKETS, 0, 0, 0, 0);
	assert_covers(&p, 24, 80);
	/* others go across, one at a time */
	panes_focus(&p, PANE_LADDER);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_LADDER, 13, 0, 9, 80);
	assert_box(&p, PANE_STACK, 0, 0, 0, 0);
	panes_focus(&p, PANE_WALK);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_LADDER, 13, 0, 9, 80);
	panes_focus(&p, PANE_OBJECTS);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_OBJECTS, 13, 37, 9, 43);
	assert_covers(&p, 24, 80);
}

static void test_columns(void **state)
{
	struct panes p = fresh(40, 120);

	assert_int_equal(p.columns, 2);
	for (int i = PANE_WALK; i <= PANE_PACKETS; i++)
		assert_true(p.box[i].h > 0);
	assert_int_equal(p.box[PANE_LADDER].h, 0);
	assert_covers(&p, 40, 120);
	/* what does not fit beside the others leaves out the one that nobody looked at */
	for (int i = PANE_LADDER; i <= PANE_PORTS; i++)
		panes_focus(&p, (enum pane)i);
	panes_focus(&p, PANE_OBJECTS);
	panes_focus(&p, PANE_SOURCE);
	panes_arrange(&p, 34, 120);
	assert_int_equal(p.box[PANE_PACKETS].h, 0);
	assert_true(p.box[PANE_STATES].h >= 9 && p.box[PANE_SOURCE].h >= 6);
	assert_covers(&p, 34, 120);
	p = fresh(60, 200);
	assert_int_equal(p.columns, 3);
	for (int i = 0; i < PANE_EXPLAIN; i++)
		assert_true(p.box[i].h >= 4);
	assert_int_equal(p.box[PANE_EXPLAIN].h, 0);
	assert_covers(&p, 60, 200);
}

static void test_any_size(void **state)
{
	struct panes p;

	for (int rows = 4; rows <= 62; rows++)
		for (int cols = 20; cols <= 220; cols += 5) {
			p = fresh(rows, cols);
			assert_true(p.box[p.focus].h > 0);
			assert_covers(&p, rows, cols);
		}
}

static void test_hide(void **state)
{
	struct panes p = fresh(24, 80);

	/* shown but not looked at: the first time it is looked at, then hidden */
	assert_true(panes_toggle(&p, PANE_SOURCE));
	assert_int_equal(p.focus, PANE_SOURCE);
	assert_true(panes_toggle(&p, PANE_SOURCE));
	assert_false(panes_shown(&p, PANE_SOURCE));
	assert_int_equal(p.focus, PANE_WALK);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_WALK, 1, 0, 12, 80);
	assert_covers(&p, 24, 80);
	/* Tab passes it by */
	panes_next(&p, true);
	assert_int_equal(p.focus, PANE_STACK);
	panes_next(&p, false);
	panes_next(&p, false);
	assert_int_equal(p.focus, PANE_PACKETS);
	for (int i = 0; i < PANES; i++)
		p.shown[i] = i == PANE_PORTS ? PANE_ON : PANE_OFF;
	panes_arrange(&p, 24, 80);
	assert_int_equal(p.focus, PANE_PORTS);
	assert_box(&p, PANE_PORTS, 1, 0, 21, 80);
	assert_false(panes_toggle(&p, PANE_PORTS));
	assert_true(panes_shown(&p, PANE_PORTS));
	panes_arrange(&p, 60, 200);
	assert_box(&p, PANE_PORTS, 1, 0, 57, 200);
}

static void test_lend(void **state)
{
	struct panes p = fresh(24, 80);

	panes_lend(&p, true);
	assert_int_equal(p.across, PANE_PACKETS);
	panes_lend(&p, false);
	assert_int_equal(p.across, PANES);
	/* what was chosen stays */
	panes_focus(&p, PANE_STATES);
	panes_lend(&p, true);
	assert_int_equal(p.across, PANE_STATES);
	panes_lend(&p, false);
	assert_int_equal(p.across, PANE_STATES);
}

static void test_resize(void **state)
{
	struct panes p = fresh(24, 80);

	panes_resize(&p, 2, 1);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_WALK, 1, 0, 13, 44);
	panes_focus(&p, PANE_OBJECTS);
	panes_resize(&p, 1, 1);
	panes_arrange(&p, 24, 80);
	assert_box(&p, PANE_OBJECTS, 13, 41, 9, 39);
	for (int i = 0; i < 50; i++)
		panes_resize(&p, 1, 1);
	panes_arrange(&p, 24, 80);
	assert_true(p.box[PANE_WALK].h >= 4 && p.box[PANE_WALK].w >= 12);
	assert_covers(&p, 24, 80);
	p = fresh(60, 200);
	panes_focus(&p, PANE_LADDER);
	panes_resize(&p, 1, 2);
	panes_arrange(&p, 60, 200);
	assert_covers(&p, 60, 200);
	assert_int_equal(p.third, 38);
	assert_int_equal(p.weight[PANE_LADDER], 45);
}

/* ---- the file -------------------------------------------------------------------------------------- */

static const char *write_file(const char *text)
{
	const char *path = fixture_path("layout");
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void test_kept(void **state)
{
	struct panes p = fresh(24, 80), before = p, again;
	char message[200], *path;

	setenv("XDG_STATE_HOME", fixture_path("state"), 1);
	path = panes_path();
	assert_non_null(strstr(path, "/state/synwalk/layout"));
	/* nothing changed, nothing written */
	assert_int_equal(panes_save(&p, &before, path), 0);
	assert_int_not_equal(access(path, F_OK), 0);
	panes_focus(&p, PANE_LADDER);
	panes_resize(&p, 1, 1);
	panes_toggle(&p, PANE_SOURCE);
	panes_toggle(&p, PANE_SOURCE);
	panes_focus(&p, PANE_LADDER);
	assert_int_equal(panes_save(&p, &before, path), 0);
	panes_default(&again);
	panes_load(&again, path, message, sizeof(message));
	assert_string_equal(message, "");
	assert_int_equal(again.across, PANE_LADDER);
	assert_int_equal(again.shown[PANE_SOURCE], PANE_OFF);
	assert_int_equal(again.shown[PANE_LANES], PANE_AUTO);
	assert_int_equal(again.left, p.left);
	assert_int_equal(again.upper, p.upper);
	assert_int_equal(panes_save(&again, &p, "/no/such/place/layout"), 0);
	again.left++;
	assert_int_equal(panes_save(&again, &p, "/proc/no/layout"), -1);
	unlink(path);
	free(path);
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/home/x", 1);
	path = panes_path();
	assert_string_equal(path, "/home/x/.local/state/synwalk/layout");
	free(path);
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_null(panes_path());
}

static void test_broken(void **state)
{
	static const char *const bad[] = {
		"ladder on\n",
		"ladder maybe 3\n",
		"left 900\n",
		"left 4x\n",
		"across nothing\n",
		"walk on 40 more\n",
		"walk on 0\n",
		"\x01\xff\x80 \x02\n",
		"upper\n",
		"third -99999999999999\n",
		"walk on 99999999\n",
	};
	struct panes p, first;
	char message[300], long_line[2000];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		panes_default(&p);
		panes_default(&first);
		panes_load(&p, write_file(bad[i]), message, sizeof(message));
		if (!strstr(message, "layout:1: not understood"))
			fail_msg("%s: %s", bad[i], message);
		assert_memory_equal(&p, &first, sizeof(p));
	}
	/* the rest of a file counts */
	panes_default(&p);
	panes_load(&p, write_file("# mine\n\nnonsense\nleft 60\nladder on 30\n"), message,
		   sizeof(message));
	assert_non_null(strstr(message, "layout:3: not understood"));
	assert_int_equal(p.left, 60);
	assert_int_equal(p.shown[PANE_LADDER], PANE_ON);
	memset(long_line, 'x', sizeof(long_line) - 1);
	long_line[sizeof(long_line) - 1] = '\0';
	panes_load(&p, write_file(long_line), message, sizeof(message));
	assert_non_null(strstr(message, "layout:1: not understood"));
	/* all hidden is no layout */
	panes_default(&p);
	panes_load(&p,
		   write_file(
			   "walk off 1\nsource off 1\nstack off 1\nobjects off 1\npackets off 1\n"
			   "ladder off 1\nstates off 1\nlanes off 1\nports off 1\n"),
		   message, sizeof(message));
	assert_string_equal(message, "");
	assert_true(panes_shown(&p, PANE_WALK));
	/* no file, and one that is a folder */
	panes_load(&p, fixture_path("nowhere"), message, sizeof(message));
	assert_string_equal(message, "");
	panes_load(&p, "/", message, sizeof(message));
	assert_non_null(strstr(message, "as at first"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),    cmocka_unit_test(test_columns),
		cmocka_unit_test(test_any_size), cmocka_unit_test(test_hide),
		cmocka_unit_test(test_lend),     cmocka_unit_test(test_resize),
		cmocka_unit_test(test_kept),     cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests_name("panes", tests, NULL, NULL);
}
