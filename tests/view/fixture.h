/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small trace made by hand, row by row as trace/schema.sql says: a blocking connect() of some
 * sixty steps with a sleep, a softirq that wakes it up, three packets, two objects.  The tests of
 * the reader and the viewer know it step by step; fixture.c numbers them.
 */
#ifndef TESTS_VIEW_FIXTURE_H
#define TESTS_VIEW_FIXTURE_H

enum fixture_flags {
	FIXTURE_PLAIN = 0,
	FIXTURE_PARTIAL = 1,   /* status 'recording': as if the recorder had been killed */
	FIXTURE_INDEXED = 2,   /* with the indexes a recorder makes at the end */
	FIXTURE_VERSION_9 = 4, /* of a schema that nobody knows */
	FIXTURE_EMPTY = 8,     /* no steps at all */
};

/* Steps that tests ask for. */
struct fixture_steps {
	long long connect, v4_connect, set_state, state_store, state_event, set_state_return;
	long long branch, syn, v4_connect_return, sleep, softirq_rcv, synack, established, wake;
	long long rcv_return, timeout_call, timeout_return, ack, drop, connect_return, last;
	long long err_local, port_store;
};

/* Writes the trace to PATH (which is replaced) and tells where things are.  Aborts on failure. */
struct fixture_steps make_fixture(const char *path, unsigned flags);

/* A path in a directory of this process, removed when it ends. */
const char *fixture_path(const char *name);

/* make_fixture() under fixture_path(name), opened; the steps go to *steps if not NULL. */
struct trace *open_fixture(const char *name, unsigned flags, struct fixture_steps *steps);

#endif
