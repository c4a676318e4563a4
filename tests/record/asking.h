/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the recorder's tests share: a scenario of the watched program is recorded into a file of a
 * scratch folder, and SQL asks what the trace says about it.
 */
#ifndef TESTS_RECORD_ASKING_H
#define TESTS_RECORD_ASKING_H

#include <sqlite3.h>

#include "trace/record/record.h"

extern char folder[];             /* scratch */
extern char trace[64], other[64]; /* two paths in the scratch folder */
extern sqlite3 *db;               /* what open_trace() opened last */

struct record_options options(const char *path);
void record_to(const char *path, void (*scenario)(void));
void open_trace(const char *path);
/* Records to `trace` and opens it. */
void record(void (*scenario)(void));
/* All rows of a query as text: columns with '|' between, rows with a newline behind. */
char *query(const char *sql);
void check(const char *sql, const char *expected);

/* Setup and teardown of a group of tests. */
int make_folder(void **state);
int remove_folder(void **state);

#endif
