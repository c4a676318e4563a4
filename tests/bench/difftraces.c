/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * difftraces BASE.db A.db B.db STEPS: two long traces made of a short one, for what `synwalk diff`
 * costs.
 *
 * Calls of BASE whose steps are of one task and context are copied one behind the other, each copy
 * with an argument of its own, until there are STEPS steps. In B two neighbouring blocks of 10,000
 * steps stand in the other order, and a hundred values are others: stores, comparisons, returned
 * values and locals in turn. Prints the steps of B at which they stand, one a line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define DIFFERENCES 100
#define BLOCK       10000
#define UNITS       64

struct unit {
	long long first, steps, depth;
};

static struct unit units[UNITS];
static int nunits;
static struct unit filler;

static void die(sqlite3 *db, const char *what)
{
	fprintf(stderr, "difftraces: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(2);
}

__attribute__((format(printf, 2, 3))) static void run(sqlite3 *db, const char *fmt, ...)
{
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = sqlite3_vmprintf(fmt, args);
	va_end(args);
	if (!sql || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(db, sql ? sql : "memory");
	sqlite3_free(sql);
}

static int take_unit(void *ctx, int columns, char **v, char **names)
{
	struct unit *u = ctx ? ctx : &units[nunits++];

	u->first = atoll(v[0]);
	u->steps = atoll(v[1]);
	u->depth = atoll(v[2]);
	return 0;
}

/* Calls that are large, in one piece, and not part of one another; and the smallest of four steps. */
static void find_units(const char *base)
{
	static const char one_piece[] =
		"WITH c AS (SELECT e.step, r.step AS last, r.step - e.step + 1 AS n, e.old AS depth "
		"FROM log e JOIN log r ON r.parent = e.step AND r.at & 31 = 2 WHERE e.at & 31 = 1) "
		"SELECT step, n, depth FROM c WHERE NOT EXISTS "
		"(SELECT 1 FROM moment m WHERE m.step > c.step AND m.step <= c.last)";
	sqlite3 *db;
	char *sql;

	if (sqlite3_open_v2(base, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		die(db, base);
	sql = sqlite3_mprintf(
		"%s AND n BETWEEN 300 AND 3000 AND NOT EXISTS (SELECT 1 FROM c p WHERE "
		"p.step < c.step AND p.last > c.last AND p.n < 3000) ORDER BY step "
		"LIMIT %d",
		one_piece, UNITS);
	if (sqlite3_exec(db, sql, take_unit, NULL, NULL) != SQLITE_OK)
		die(db, sql);
	sqlite3_free(sql);
	sql = sqlite3_mprintf("%s AND n = 4 LIMIT 1", one_piece);
	if (sqlite3_exec(db, sql, take_unit, &filler, NULL) != SQLITE_OK)
		die(db, sql);
	sqlite3_free(sql);
	sqlite3_close(db);
	if (nunits < 2 || !filler.steps)
		die(NULL, "the base trace has no calls to copy");
}

/* ---- copying ----------------------------------------------------------------------------------- */

/* ?1 how far the steps go, ?2 ?3 which, ?4 the depth of the first call, ?5 the number of the copy. */
static const char *const copies[] = {
	"INSERT INTO log SELECT step + ?1, CASE step WHEN ?2 THEN 0 ELSE parent + ?1 END, at, what, "
	"CASE at & 31 WHEN 1 THEN old - ?4 ELSE old END, "
	"CASE step WHEN ?2 THEN '{\"copy\":' || ?5 || '}' ELSE new END FROM base.log "
	"WHERE step BETWEEN ?2 AND ?3 ORDER BY step",
	"INSERT INTO point SELECT step + ?1, kind, object, what, extra FROM base.point "
	"WHERE step BETWEEN ?2 AND ?3",
	"INSERT INTO packet SELECT step + ?1, direction, device, length, bytes FROM base.packet "
	"WHERE step BETWEEN ?2 AND ?3",
};

#define NCOPIES (sizeof(copies) / sizeof(copies[0]))

struct out {
	sqlite3 *db;
	sqlite3_stmt *st[NCOPIES];
	long long steps;
};

static void open_out(struct out *o, const char *base, const char *path)
{
	static const char *const tables[] = {
		"log", "point", "packet", "moment", "seek", "stored"
	};

	if (sqlite3_open(path, &o->db) != SQLITE_OK)
		die(o->db, path);
	run(o->db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ATTACH '%s' AS base",
	    base);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		run(o->db, "DELETE FROM main.%s", tables[i]);
	run(o->db, "INSERT INTO moment VALUES (1, 0, 1, 0)");
	for (size_t i = 0; i < NCOPIES; i++)
		if (sqlite3_prepare_v2(o->db, copies[i], -1, &o->st[i], NULL) != SQLITE_OK)
			die(o->db, copies[i]);
	run(o->db, "BEGIN");
}

static void copy(struct out *o, const struct unit *u, long long number)
{
	long long offset = o->steps + 1 - u->first;

	for (size_t i = 0; i < NCOPIES; i++) {
		sqlite3_reset(o->st[i]);
		sqlite3_bind_int64(o->st[i], 1, offset);
		sqlite3_bind_int64(o->st[i], 2, u->first);
		sqlite3_bind_int64(o->st[i], 3, u->first + u->steps - 1);
		if (i == 0) {
			sqlite3_bind_int64(o->st[i], 4, u->depth);
			sqlite3_bind_int64(o->st[i], 5, number);
		}
		if (sqlite3_step(o->st[i]) != SQLITE_DONE)
			die(o->db, copies[i]);
	}
	o->steps += u->steps;
}

/* Exactly 10,000 steps: large units, then small ones. */
static void block(struct out *o, long long number)
{
	long long end = o->steps + BLOCK;
	int u = (int)(number % nunits);

	while (o->steps + units[u].steps + 8 <= end) {
		copy(o, &units[u], number++);
		u = (u + 1) % nunits;
	}
	while (o->steps + filler.steps <= end)
		copy(o, &filler, number++);
	/* what is left over are lines of the last call */
	if (o->steps != end)
		run(o->db,
		    "WITH RECURSIVE n(i) AS (SELECT %lld UNION ALL SELECT i + 1 FROM n WHERE i < %lld) "
		    "INSERT INTO log SELECT i, (SELECT max(step) FROM log WHERE at & 31 = 1), 5, NULL, "
		    "NULL, NULL FROM n",
		    o->steps + 1, end);
	o->steps = end;
}

static void write_trace(const char *base, const char *path, long long steps, int swapped)
{
	struct out o = { 0 };
	long long number = 0;

	open_out(&o, base, path);
	while (o.steps < steps / 2)
		copy(&o, &units[number % nunits], number), number++;
	block(&o, swapped ? 20000000 : 10000000);
	block(&o, swapped ? 10000000 : 20000000);
	while (o.steps < steps)
		copy(&o, &units[number % nunits], number), number++;
	run(o.db,
	    "UPDATE meta SET value = %lld WHERE key = 'steps';"
	    "DELETE FROM meta WHERE key = 'indexed'; COMMIT",
	    o.steps);
	for (size_t i = 0; i < NCOPIES; i++)
		sqlite3_finalize(o.st[i]);
	sqlite3_close(o.db);
}

/* ---- differences ------------------------------------------------------------------------------- */

static void differ(const char *path, long long steps)
{
	static const int kinds[] = { 3, 4, 2, 6 }; /* store, branch, return, local */
	sqlite3 *db;
	sqlite3_stmt *st;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(db, path);
	run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	for (int i = 0; i < DIFFERENCES; i++) {
		char *sql =
			sqlite3_mprintf("SELECT step FROM log WHERE step > %lld AND at & 31 = %d "
					"AND typeof(new) = 'integer' ORDER BY step LIMIT 1",
					steps * (2 * i + 1) / (2 * DIFFERENCES), kinds[i % 4]);
		long long step;

		if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
		    sqlite3_step(st) != SQLITE_ROW)
			die(db, sql);
		step = sqlite3_column_int64(st, 0);
		sqlite3_finalize(st);
		sqlite3_free(sql);
		run(db, "UPDATE log SET new = new + %d WHERE step = %lld", 100003 + i, step);
		printf("%lld\n", step);
	}
	run(db, "COMMIT");
	sqlite3_close(db);
}

int main(int argc, char **argv)
{
	long long steps = argc == 5 ? atoll(argv[4]) : 0;

	if (steps < 4 * BLOCK) {
		fputs("usage: difftraces BASE.db A.db B.db STEPS\n", stderr);
		return 2;
	}
	find_units(argv[1]);
	write_trace(argv[1], argv[2], steps, 0);
	write_trace(argv[1], argv[3], steps, 1);
	differ(argv[3], steps);
	return 0;
}
