/* SPDX-License-Identifier: GPL-2.0-only */
/* What the build reads from the debug information, against what a recording would read. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/record/asking.h"
#include "tests/record/watched/watched.h"
#include "trace/record/baked.h"

/* All rows of all tables, as far as they do not tell which run it was. */
static char *all_tables(void)
{
	char *tables = query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
	char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);

	for (char *name = strtok(tables, "\n"); name; name = strtok(NULL, "\n")) {
		char sql[128], *rows;

		snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2", name);
		rows = query(sql);
		fprintf(out, "%s:\n%s", name, rows);
		free(rows);
	}
	fclose(out);
	free(tables);
	return all;
}

/* What was baked says the same as the debug information, wherever it lies in memory. */
static void baked_and_fresh_traces_are_equal(void **state)
{
	char err[256] = "", *fresh, *baked;

	(void)state;
	record(scenario_locals);
	fresh = all_tables();
	assert_non_null(strstr(fresh, "tcp_sock"));
	assert_int_equal(record_bake(other, "tests/record/watched/", NULL, err, sizeof(err)), 0);
	baked_file = other;
	for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
		struct image image;

		baked_elsewhere = elsewhere;
		assert_int_equal(baked_open(&image, "tests/record/watched/", "core/host/"), 0);
		assert_int_equal((uintptr_t)image.baked == BAKED_BASE, !elsewhere);
		image_close(&image);
		record(scenario_locals);
		baked = all_tables();
		assert_string_equal(fresh, baked);
		free(baked);
	}
	free(fresh);
	baked_file = NULL;
	baked_elsewhere = false;
}

/* What is no bake, or one of another program, is passed over. */
static void a_bake_that_does_not_fit_is_not_taken(void **state)
{
	char err[256] = "";
	struct image image;
	FILE *file;

	(void)state;
	assert_int_equal(record_bake(other, "tests/record/watched/", NULL, err, sizeof(err)), 0);
	baked_file = other;
	assert_int_equal(baked_open(&image, "tests/", "core/host/"), -ENOENT);
	assert_int_equal(truncate(other, 100), 0);
	assert_int_equal(baked_open(&image, "tests/record/watched/", "core/host/"), -ENOENT);
	assert_int_equal(record_bake(other, "tests/record/watched/", NULL, err, sizeof(err)), 0);
	file = fopen(other, "r+b");
	assert_int_equal(fseek(file, offsetof(struct baked, build_id), SEEK_SET), 0);
	fputs("another program's id", file);
	fclose(file);
	assert_int_equal(baked_open(&image, "tests/record/watched/", "core/host/"), -ENOENT);
	record(scenario_stores);
	check("SELECT count(*) > 0 FROM stores", "1\n");
	baked_file = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(baked_and_fresh_traces_are_equal),
		cmocka_unit_test(a_bake_that_does_not_fit_is_not_taken),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
