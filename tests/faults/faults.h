/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults injected into recordings, and what must be left of each.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* All happens in a folder of our own, where one finds: */
#define PROGRAM   "./synwalk" /* that is hurt */
#define DISK      "./disk.so" /* preloaded into it */
#define SCRIPT    "script.pkt"
#define REFERENCE "reference.db" /* its trace when nothing happens */
#define SAID      "said"         /* by the last victims */
#define PLACE     "hurt-traces"  /* where victims record */
#define TRACE     PLACE "/t.db"
#define SMALL     "small-disk" /* where a file system is mounted */
#define TEXT_ROOM 256

/**
 * struct setting - what all moments have in common
 * @hooks, @changes, @took_ns: of the whole run: calls of hooks, changes to files, duration
 * @steps: of the reference
 */
struct setting {
	uint64_t hooks, changes;
	int64_t took_ns, steps;
};

/**
 * struct moment - one fault at one moment
 * @random: all that is chosen comes from it, see choose()
 * @what: the fault in words, for who wants to repeat it
 * @trace: what is left, to be looked at
 * @like: a trace that it must be equal to; NULL: any part of the reference from its beginning
 * @witness: the last step that a reader saw in the trace while it was written
 * @complete: the trace must be complete; @counts: or say how many events are missing, and why
 * @refused: the fault was found before the run began: there are none, and none are missing
 * @viewer_first: the viewer opens it before anything else does
 * @wrong: why it counts as failed although the trace may be in order
 */
struct moment {
	uint64_t random;
	const char *trace, *like;
	char what[TEXT_ROOM], wrong[TEXT_ROOM];
	int64_t witness;
	bool complete, counts, refused, viewer_first;
};

/**
 * struct verdict - what was found in a trace
 * @opens: with plain SQLite and with the viewer, which says that it is partial if it is
 * @sound: integrity_check has nothing to say, and each row is the reference's
 * @missing: events that were committed, or seen before a crash, and are not there
 * @why: what is wrong, in words
 */
struct verdict {
	bool opens, sound;
	int64_t missing;
	char why[TEXT_ROOM];
};

/**
 * struct fault - a line of the table
 * @inject: runs a victim; returns whether the fault has hit it, with @moment filled
 */
struct fault {
	const char *name;
	bool (*inject)(const struct setting *setting, struct moment *moment);
};
extern const struct fault faults[];
extern const int faults_count;

/* A number from 0 to @below - 1. */
uint64_t choose(struct moment *moment, uint64_t below);

/* victim.c */
pid_t victim_start(const char *trace, const char *variable, const char *value);
int victim_wait(pid_t pid);
int victim_run(const char *trace, const char *variable, const char *value);
void read_said(const char *name, char *text, size_t room);
int64_t now_ns(void);
void nap(void);

/* judge.c */
void judge(const struct setting *setting, const struct moment *moment, struct verdict *verdict);
int64_t last_committed(const char *trace);

#endif
