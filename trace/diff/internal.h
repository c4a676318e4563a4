/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of trace/diff share.  Nobody outside of this folder includes it.
 *
 * A trace becomes an array of fixed-size events, one a step: what is text becomes a number of the
 * table of strings that both traces share.  An event knows the next one of the same call, so that a
 * call's children are a list; a call has a record of its own with two hashes of all that happens in
 * it: of its shape (what is done, without values) and in full.
 */
#ifndef TRACE_DIFF_INTERNAL_H
#define TRACE_DIFF_INTERNAL_H

#include "trace/diff/diff.h"

/* ---- strings.c ----------------------------------------------------------------------------- */

/* A string of either trace.  Number 0 is no string. */
struct dstr {
	const char *p; /* NUL-terminated */
	uint32_t len;
	bool objects;    /* names an object by number, or an element: two runs may differ in it */
	uint64_t hash;   /* of the bytes */
	uint64_t stable; /* of the bytes, but for the numbers of objects and elements */
	uint64_t loose;  /* and but for any number of more than three digits */
};

struct strings {
	struct dstr *s;
	uint32_t count, room;
	uint32_t *slot; /* open addressing; count is at most half of it */
	uint32_t slots;
	char *block; /* where text is put */
	size_t left;
	char **blocks;
	size_t nblocks;
};

int strings_init(struct strings *s);
/* The number of a string, 0 when out of memory. */
uint32_t strings_add(struct strings *s, const char *p, size_t len);
/* The number of a string that is there; 0 if it is not. */
uint32_t strings_find(const struct strings *s, const char *p, size_t len);
void strings_free(struct strings *s);

static inline uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/* ---- load.c -------------------------------------------------------------------------------- */

/* Value types of an event: of a (old, left) and of b (new, right, value, arguments). */
#define EV_A(e) ((enum trace_value_type)((e)->types & 3))
#define EV_B(e) ((enum trace_value_type)((e)->types >> 2 & 3))

struct event {
	uint32_t parent; /* step of the enclosing call; 0: none */
	uint32_t next;   /* the next step of the same call; 0: none */
	uint32_t
		name; /* string: call, return: function; store: place; local: variable; else what */
	uint32_t object; /* object.id; of a call its number in calls[] */
	uint32_t shape;  /* hash of what is done, without values */
	uint16_t line;   /* as the first trace has it, 0: none */
	uint8_t kind;    /* enum trace_kind; 0: no such step */
	uint8_t types;
	int64_t a, b; /* numbers, or strings */
};

struct call {
	uint32_t step, ret;   /* ret 0: it never returns */
	uint32_t first, last; /* its children; 0: none */
	uint32_t steps;       /* in it, its call and return counted */
	uint64_t shape, full; /* of all that */
};

struct moment {
	int64_t time;
	uint32_t step;
	int16_t task, context;
};

struct object {
	uint32_t name; /* string */
	uint32_t type; /* string: tcp_sock; of a global its name */
	uint32_t mate; /* object.id in the other trace; 0: none known */
	uint32_t born; /* step */
};

/* A function as both traces may know it. */
struct function {
	uint32_t name;      /* string */
	int line, end_line; /* in its own file */
	const struct trace_func *f;
	int16_t *to_a; /* second trace: lines of the first, from `line` on; NULL: `shift` */
	int shift;
};

struct loaded {
	struct trace *t;
	struct strings own; /* while loading */
	uint32_t *mapped;   /* from own to the common strings */
	struct event *e;    /* by step; [0] is unused */
	uint32_t last;
	struct call *calls;
	uint32_t ncalls, calls_room;
	struct moment *moments;
	uint32_t nmoments, moments_room;
	struct object *objects; /* by id */
	uint32_t nobjects;
	uint32_t *spots, nspots; /* spot.id to string */
	uint32_t *variables, nvariables;
	struct function *functions; /* by func.id */
	uint32_t nfunctions;
	uint32_t *mate; /* by step: the other trace's step; 0: none */
	uint8_t *flags; /* by step: EV_MOVED ... */
	bool failed;    /* out of memory */
};

#define EV_MOVED   1 /* its mate stands elsewhere */
#define EV_DIFFERS 2 /* a difference that counts begins here */

/* Reads a trace into events; strings are its own yet. 0 or -1. */
int load_trace(struct loaded *l, struct trace *t);
/* Gives both the same strings, and the second the first one's lines. 0 or -1. */
int load_join(struct loaded *a, struct loaded *b, struct strings *common);
/* Hashes of events and calls; WIDE: all numbers are part of them. */
void load_hash(struct loaded *l, const struct strings *common, bool wide);
void load_free(struct loaded *l);

/* The moment that a step lies in. */
const struct moment *load_moment(const struct loaded *l, uint32_t step);
/* Hash of an event by itself, with its values. */
uint64_t event_full(const struct event *e, const struct strings *s, bool wide);
static inline struct call *call_of(const struct loaded *l, uint32_t step)
{
	return &l->calls[l->e[step].object];
}

/* ---- sequence.c ---------------------------------------------------------------------------- */

/*
 * Brings two sequences of keys in line: pa[i] becomes the index in B of what A's i answers to, or
 * stays -1; never crossing.  Only indexes from a0 to a1 and b0 to b1 (behind the last) are looked at.
 * 0 or -1 (out of memory).
 */
int sequence_align(const uint64_t *a, int a0, int a1, const uint64_t *b, int b0, int b1, int *pa);

/* ---- align.c ------------------------------------------------------------------------------- */

/* A run of children of one call without an answer. */
struct run {
	uint32_t first, steps; /* first step; steps in all of it, with what is inside of calls */
	uint32_t items;        /* children */
	uint32_t after;        /* the child before it in its own trace, or the call; 0: none */
	bool moved;            /* found elsewhere in the other trace */
	uint32_t other;        /* of a moved run: where */
};

struct runs {
	struct run *r;
	size_t count, room;
};

int align_traces(struct loaded *a, struct loaded *b, const struct strings *s, bool wide,
		 struct runs *missing, struct runs *extra);
/* Splits what is missing and what is extra into what was moved and the rest. 0 or -1. */
int find_moves(struct loaded *a, struct loaded *b, const struct strings *s, bool wide,
	       struct runs *missing, struct runs *extra);
int runs_add(struct runs *runs, const struct run *r);
/* Makes two children answer to one another, and all that is in them. 0 or -1. */
int align_pair(struct loaded *a, struct loaded *b, const struct strings *s, bool wide, uint32_t x,
	       uint32_t y, struct runs *missing, struct runs *extra);

/* ---- rules.c ------------------------------------------------------------------------------- */

enum verb {
	RULE_OWN,    /* each run has its own: known from there on wherever it is copied to */
	RULE_TRUTH,  /* each run has its own, but both are zero or neither is */
	RULE_INSIDE, /* nothing inside of this function is compared */
	RULE_ISN,    /* starts a count: what is as far from it is equal */
	RULE_CLOCK,  /* tells the time since boot: the distance between the runs stays the same */
};

enum place_kind {
	PLACE_RETURN,
	PLACE_ARGUMENT,
	PLACE_LOCAL,
	PLACE_BRANCH,
	PLACE_STORE,
	PLACE_PACKET,
};

struct rule {
	char *text; /* as written */
	enum verb verb;
	enum place_kind place;
	char *name; /* of the function; of a store the object's type; of a packet "" */
	char *part; /* the argument, local, field; "" */
	char *in;   /* of a store or an argument: only by this function; NULL: by any */
};

struct diff_rules {
	struct rule *r;
	size_t count;
};

/* A place that a value was seen at, to be held against the rules. */
struct place {
	enum place_kind kind;
	const char *name, *part;
	const char *in; /* of a store or an argument: the function that does it */
};

/* The first rule of the place, as an index; -1 if there is none. */
int rules_find(const struct diff_rules *rules, const struct place *p);
/* The rule of the place that lets anything differ there, whatever it is; -1 if there is none. */
int rules_let_differ(const struct diff_rules *rules, const struct place *p);
/* Whether a rule says that nothing inside of the function is compared; the rule's index or -1. */
int rules_inside(const struct diff_rules *rules, const char *function);
/* Whether such a rule still compares what the function is called with. */
bool rules_compare_arguments(const struct diff_rules *rules, int rule);

/* ---- known.c: what is known of the numbers that each run has its own of --------------------- */

struct known {
	struct known_pair {
		int64_t a, b;
		uint32_t call; /* step in A of the call that knows it; 0: known everywhere */
		int rule;      /* + 1; 0: a free slot */
	} * slot;
	size_t count, slots;
	struct known_shift {
		uint64_t by; /* a - b */
		bool wide;   /* 64 bits count, not 32 */
		int rule;
	} shift[64];
	size_t shifts;
};

int known_init(struct known *k);
void known_free(struct known *k);
/* Learns that A of the first run is B of the second. 0 or -1. */
int known_pair(struct known *k, int64_t a, int64_t b, int rule);
/* Learns that numbers of a sort are apart by a - b. */
void known_shift(struct known *k, int64_t a, int64_t b, bool wide, int rule);
/*
 * Learns how far two clocks of ticks are apart, in ticks and in microseconds: of these two spans of time
 * are so, too, if they begin with a stamp that nobody has set, 0.
 */
void known_clock(struct known *k, int64_t a, int64_t b, int rule);
/* The same as known_pair() of numbers too small to be told from others: only in the call at step CALL of A. */
int known_pair_in(struct known *k, int64_t a, int64_t b, uint32_t call, int rule);
int known_equal_in(const struct known *k, int64_t a, int64_t b, uint32_t call);
/* Whether two different numbers are known to be the same; the rule's index, or -1. */
int known_equal(const struct known *k, int64_t a, int64_t b);
/* The same of slots of tables, which may be small numbers. */
int known_slot(const struct known *k, int64_t a, int64_t b);

/* ---- compare.c, words.c, packet.c ------------------------------------------------------------ */

struct diff {
	struct loaded a, b;
	struct strings s;
	const struct diff_rules *rules; /* NULL: nothing is let pass */
	struct diff_rules *own_rules;
	const struct diff_options *options;
	struct known known;
	uint32_t *object_a, *object_b; /* object.id by the string of its name */
	bool identity;                 /* objects that are mates have the same names, so far */
	int64_t lag;                   /* time of b - time of a */

	struct runs missing, extra;
	struct diff_entry *entry;
	struct detail *detail; /* beside entry */
	size_t entries, entries_room;
	struct diff_counts counts;
	struct diff_use *use; /* by rule */
	struct diff_use *uses;
	size_t nuses;
	bool strict; /* neither run has numbers of its own */
	bool failed;
};

/* What of an entry only the search for causes needs. */
struct detail {
	uint32_t frame;  /* step in A of the enclosing call, 0: none */
	int64_t x, y;    /* the values, when there is one of each */
	uint8_t types;   /* of them: EV_A, EV_B */
	uint32_t name;   /* string: what was stored to, or the local */
	uint32_t object; /* in A */
	uint32_t at;     /* place in the walk: step of A, */
	bool behind;     /* behind it, not at it */
	bool decision;   /* only a comparison of numbers that each run has its own of */
};

int compare_traces(struct diff *d);
/* Numbers, texts or bytes. With a place its rules are asked, and it may teach. */
bool values_equal(struct diff *d, enum trace_value_type ta, int64_t x, enum trace_value_type tb,
		  int64_t y, const struct place *p, uint32_t step_a, uint32_t step_b);
bool numbers_equal(struct diff *d, int64_t x, int64_t y, const struct place *p, uint32_t step_a,
		   uint32_t step_b);
bool texts_equal(struct diff *d, const char *a, const char *b, const struct place *p,
		 uint32_t step_a, uint32_t step_b);
bool bytes_equal(struct diff *d, const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
		 uint32_t step_a, uint32_t step_b);
/* Frames, field by field; *field says which one differs first. */
bool frames_equal(struct diff *d, const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
		  uint32_t step_a, uint32_t step_b, const char **field);
/* Objects are mates, or become it when they meet for the first time. */
bool objects_equal(struct diff *d, uint32_t x, uint32_t y);
void pair_objects(struct diff *d, uint32_t x, uint32_t y);
/* Counts the use of a rule. */
void rule_used(struct diff *d, int rule, uint32_t step_a, uint32_t step_b);
struct diff_entry *add_entry(struct diff *d, const struct diff_entry *e, const struct detail *t);

/* ---- cause.c -------------------------------------------------------------------------------- */

int find_causes(struct diff *d);

#endif
