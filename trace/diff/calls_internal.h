/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that compare calls share. */
#ifndef TRACE_DIFF_CALLS_INTERNAL_H
#define TRACE_DIFF_CALLS_INTERNAL_H

#include "trace/diff/calls.h"
#include "trace/diff/internal.h"

/* A call that an outline's reader made up: see docs/recording.md. */
#define CALLS_RESUMED "(resumed)"

/* No kernel's stack is that deep: what is deeper begins a unit, so that no trace overflows ours. */
#define CALLS_DEPTH_MAX 1000

enum calls_verb {
	CALLS_SAME,   /* another name for it */
	CALLS_ALONE,  /* a unit of its own, wherever it is called */
	CALLS_OFTEN,  /* a unit of which there may be more in one trace */
	CALLS_OTHERS, /* the whole unit in which it is called is somebody else's */
	CALLS_LEAVE,  /* left out with all that is in it */
	CALLS_SKIP,   /* passed over; what it calls is its caller's */
	CALLS_INLINE, /* passed over where the other trace never shows it */
	CALLS_VERBS
};

/* "VERB [CALLER/]NAME  REASON"; of CALLS_SAME "NAME=OTHER". */
struct calls_rule {
	enum calls_verb verb;
	const char *caller; /* a pattern; NULL: whoever */
	const char *name;   /* a pattern */
	const char *other;  /* of CALLS_SAME */
	const char *what, *reason;
	int line;
};

struct calls_table {
	char *text;
	struct calls_rule *rules;
	int count;
};

/* A function, of whichever trace; its rules by verb, as far as its name goes. */
struct calls_name {
	const char *text;
	bool seen[2], known;
	bool begins; /* a unit, in one of the traces */
	int *rules[CALLS_VERBS];
	int counts[CALLS_VERBS];
};

/* A call. Children of one call are a list. */
struct calls_node {
	int64_t step;
	uint32_t name;
	int parent, first, last, next; /* indices, -1 */
	int within;                    /* of a unit: the call that it was cut out of */
	int16_t context;
	bool clone;    /* f.part.0, called by f */
	uint64_t hash; /* of all that is called, names alone */
	int size;      /* calls, itself included */
	int depth;     /* in its unit, before the table is applied */
};

/* What the table did to a unit: it counts when the unit is compared. */
struct calls_excuse {
	int rule; /* -1: a function that the other never shows */
	int unit;
	uint32_t name;
	int64_t step, calls;
};

struct calls_side {
	struct trace *t;
	struct calls_node *nodes;
	int count, room;
	int *units; /* nodes */
	int *mates; /* of each unit: that of the other side, -1 */
	int unit_count, unit_room;
	struct calls_excuse *excuses;
	int excuse_count, excuse_room;
};

struct calls_diff {
	const struct calls_table *table;
	struct calls_table *own; /* the default one, if it is used */
	bool strict;
	struct strings strings;
	struct calls_name *names; /* by number in strings */
	size_t name_count;
	struct calls_side side[2];
	struct calls_entry *entries;
	int entry_count, entry_room;
	struct calls_use *uses;
	int use_count;
	struct calls_unseen *unseen;
	int unseen_count, unseen_room;
	struct calls_counts counts;
	bool failed; /* memory ran out */
};

/* A line of the table did something on a side, to so many calls. */
void calls_used(struct calls_diff *d, int rule, int side, int64_t step, int64_t calls);
/* Room for one more; its place, zeroed, or NULL and d->failed. */
void *calls_grow(struct calls_diff *d, void *array, int *count, int *room, size_t element);

/* calls_table.c: the rule of that verb for a call, or -1. */
int calls_rule_for(struct calls_diff *d, enum calls_verb verb, uint32_t name, uint32_t caller,
		   uint32_t recorded_caller);
/* What a table says of every name; after both sides are loaded. */
int calls_names_learn(struct calls_diff *d);

/* calls_load.c: calls of a trace as a forest, names as the table has them; 0 or -1. */
int calls_load(struct calls_diff *d, int side);
/* Cuts the forest into units. */
int calls_cut(struct calls_diff *d, int side);

/* calls_apply.c: applies the table to each unit; drops units, and parts those whose first call goes. */
int calls_apply(struct calls_diff *d, int side);

/* calls_pair.c: which unit answers to which; the best, each once. */
int calls_pair(struct calls_diff *d);

/* calls_align.c: hashes of a unit, anew. */
void calls_hash(struct calls_side *s, int node);
/* Puts what an outline resumed into the calls where the other unit has it. */
void calls_graft(struct calls_diff *d, int side, int node, int other);
/* Compares two calls of one name and all in them. 0 or -1. */
int calls_align(struct calls_diff *d, int a, int b);

void calls_unlink_children(struct calls_node *n);
void calls_link(struct calls_side *s, int parent, int child);

#endif
