/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one query interface over a trace.
 *
 * Theory of operation
 *
 * A trace is one SQLite file (trace/schema.sql) that holds everything: steps, source text, types,
 * objects, packets.  Whoever shows, compares or exports a trace asks here, never the tables.
 *
 * What is small and asked for all the time (functions, files, types, fields, variables, tasks,
 * symbols) is loaded when the trace opens and lives until trace_close(); pointers to it stay
 * valid.  Steps are many: they are read one by one into a struct trace_step that the caller
 * frees.  Steps count from 1 without gaps; 0 means "no step" everywhere.
 *
 * Some questions need to know where to look ("the store to this field before step N").  If the
 * recorder wrote that down (table seek), it is used; if not (the recording was cut short, or the file
 * comes from elsewhere), the first such question builds a table of the kind in SQLite's temporary
 * space, so that the file itself is never written.
 *
 * One thread at a time may ask about an open trace.
 *
 * Errors.  Functions that can fail because the file is damaged return -1, and trace_error() says
 * what happened.  Those that return a step return 0 both for "none" and for "could not be read";
 * trace_error() tells the two apart.
 */
#ifndef TRACE_READ_H
#define TRACE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The schema this reader understands (PRAGMA user_version). */
#define TRACE_SCHEMA_VERSION 3

/* What a step is: event.kind. */
enum trace_kind {
	TRACE_CALL = 1,
	TRACE_RETURN,
	TRACE_STORE,
	TRACE_BRANCH,
	TRACE_LINE,
	TRACE_LOCAL,
	TRACE_PACKET,
	TRACE_DROP,
	TRACE_TIMER,
	TRACE_SLEEP,
	TRACE_WAKE,
	TRACE_SWITCH,
	TRACE_STATE,
	TRACE_ALLOC,
	TRACE_FREE,
	TRACE_CONTEXT,
	TRACE_KINDS /* one more than the last */
};

/* Several kinds as a set of bits. */
#define TRACE_BIT(kind) (1u << (kind))
#define TRACE_ALL_KINDS ((1u << TRACE_KINDS) - 2)

/* A value as the trace holds it.  bytes is NUL-terminated for text, and owned by the container. */
enum trace_value_type { TRACE_NULL, TRACE_INT, TRACE_TEXT, TRACE_BLOB };
struct trace_value {
	enum trace_value_type type;
	int64_t num;       /* TRACE_INT */
	const char *bytes; /* TRACE_TEXT, TRACE_BLOB */
	size_t len;        /* bytes in it, without the NUL */
};

struct trace_file {
	int id;
	const char *path;        /* core/net/ipv4/tcp_output.c */
	const char *kernel_path; /* net/ipv4/tcp_output.c, or NULL */
};

struct trace_func {
	int id;
	const char *name;
	const struct trace_file *file;
	int line, end_line;
	const char *type;      /* of the return value, as C spells it */
	const char *signature; /* int tcp_v4_connect(struct sock *sk, ...) */
};

struct trace_type {
	int id;
	const char *name; /* tcp_sock */
	int64_t size;     /* bytes */
};

struct trace_field {
	int id;
	int type;          /* trace_type.id it is part of */
	const char *name;  /* sk_state */
	const char *path;  /* inet_conn.icsk_inet.sk.__sk_common.skc_state */
	const char *ctype; /* u8 */
	int enumeration;   /* for trace_symbol(); 0 if it has no symbols */
	int64_t offset;    /* bytes from the start of the object */
	int64_t size;      /* bytes */
};

struct trace_variable {
	int id;
	int func; /* trace_func.id */
	const char *name;
	const char *ctype;
	int parameter; /* position from 0; -1 for a local */
	int line;      /* of its declaration */
};

struct trace_object {
	int64_t id;
	char *name; /* tcp_sock#1 */
	const struct trace_type *type;
	char storage[8];    /* heap, global, stack */
	int64_t size;       /* bytes */
	int64_t born, died; /* steps; died 0: still there at the end */
};

/* One step.  Names that do not apply are NULL; strings live until trace_step_free(). */
struct trace_step {
	int64_t step;
	int64_t time; /* ns since the recording began */
	enum trace_kind kind;
	int task; /* 0 is the idle task */
	const char *task_name;
	int context; /* 0 task, 1 softirq, 2 timer, 3 idle */
	const char *context_name;
	int depth;      /* calls open in this task and context */
	int64_t parent; /* step of the enclosing call; of a return: of its call */
	const struct trace_func *func;
	int line;                        /* in func->file */
	int64_t what;                    /* store: field id; local: variable id; state: old value */
	const struct trace_field *field; /* of a store */
	const struct trace_variable *variable; /* of a local */
	int64_t object;                        /* 0: none */
	char *object_name;
	char *place; /* of a store that field alone cannot name: tcphdr.seq, data[20] */
	struct trace_value old, new;
	char *extra; /* call: arguments as JSON; drop: reason; ... */
};

struct trace_packet {
	int64_t step;
	int64_t time; /* ns */
	bool out;
	char *device;
	char *skb; /* object's name, or NULL */
	uint8_t *bytes;
	size_t len;
};

/* One field of an object (or one place inside it) as it is at a step. */
struct trace_member {
	const struct trace_field *field; /* NULL if only a place is known */
	char *name;                      /* the field's name, or the place: bhash[77].chain.first */
	int64_t offset;
	struct trace_value value; /* TRACE_NULL if it was never seen */
	struct trace_value old;   /* before the last store; TRACE_NULL if none */
	int64_t step;             /* of the last store, 0: as it was born */
};
struct trace_state {
	struct trace_member *members; /* by offset, then name */
	size_t count;
};

/* A variable of a function that runs, as it is at a step. */
struct trace_local {
	const struct trace_variable *variable;
	char *name;
	struct trace_value value;
	int64_t step; /* that set it */
};

/* An argument of a call. */
struct trace_arg {
	char *name;
	struct trace_value value;
};

struct trace;

/* ---- opening ------------------------------------------------------------------------------- */

/*
 * Opens the trace in PATH for reading.  NULL if it cannot be read; then err says why, and what to
 * do about it, in one line without the program's name.
 */
struct trace *trace_open(const char *path, char *err, size_t errlen);
void trace_close(struct trace *t);

/* What went wrong last, or NULL. */
const char *trace_error(const struct trace *t);

/* The recording did not end in order: it was killed, crashed, or still runs. */
bool trace_is_partial(const struct trace *t);

/*
 * It is being recorded: it was when it was opened, or last refreshed.  Until trace_refresh() it ends at
 * the same step.
 */
bool trace_is_live(const struct trace *t);

/*
 * Takes up what was recorded since the last time; steps, objects, and whether it has ended.  Pointers
 * that were handed out stay valid.  1 there was something, 0 not, -1 error.
 */
int trace_refresh(struct trace *t);

/* meta.value as text; NULL if the key is not there. */
const char *trace_meta(const struct trace *t, const char *key);

/* The path it was opened with. */
const char *trace_path(const struct trace *t);

/* The number of the last step; 0 in an empty trace. */
int64_t trace_last_step(const struct trace *t);

/* How many steps of a kind there are; -1 on error. */
int64_t trace_count(struct trace *t, enum trace_kind kind);

/* ---- what does not change ------------------------------------------------------------------ */

const char *trace_kind_name(enum trace_kind kind);
int trace_kind_by_name(const char *name); /* 0 if there is none */

const struct trace_func *trace_func(const struct trace *t, int id);
const struct trace_func *trace_func_by_name(const struct trace *t, const char *name);
const struct trace_func *trace_func_next(const struct trace *t, const struct trace_func *after);
const struct trace_file *trace_file(const struct trace *t, int id);
const struct trace_field *trace_field(const struct trace *t, int id);
const struct trace_field *trace_field_by_name(const struct trace *t, int type, const char *name);
const struct trace_variable *trace_variable(const struct trace *t, int id);
const struct trace_variable *trace_variable_by_name(const struct trace *t, int func,
						    const char *name);
const char *trace_task_name(const struct trace *t, int id);

/* The symbol of a value (TCP_SYN_SENT), or NULL. */
const char *trace_symbol(const struct trace *t, int enumeration, int64_t value);

/*
 * Line NUMBER (from 1) of a source file, without its newline; not NUL-terminated, *len bytes.
 * NULL beyond the end.  trace_source_lines() counts them.
 */
const char *trace_source_line(struct trace *t, const struct trace_file *file, int number,
			      size_t *len);
int trace_source_lines(struct trace *t, const struct trace_file *file);

/* ---- objects ------------------------------------------------------------------------------- */

/* 1 found, 0 not, -1 error.  The caller frees with trace_object_free(). */
int trace_object(struct trace *t, int64_t id, struct trace_object *out);
int trace_object_by_name(struct trace *t, const char *name, struct trace_object *out);
/* One that is born by STEP: those of a long trace are not all read to find that it has no such name. */
int trace_object_by_name_at(struct trace *t, const char *name, int64_t step,
			    struct trace_object *out);
void trace_object_free(struct trace_object *o);

/* Calls FN for each object alive at STEP, youngest first, until it returns non-zero. */
int trace_objects_at(struct trace *t, int64_t step,
		     int (*fn)(void *ctx, const struct trace_object *o), void *ctx);

/* Reads some of the objects that nobody has asked about yet, for some ms.  Are there more? */
bool trace_objects_ahead(struct trace *t);

/*
 * The number that an object which is one, a global of the kind, held when it was born.  1 found, 0 it
 * is no number, -1 error.
 */
int trace_initial_number(struct trace *t, int64_t object, int64_t *number);

/* Every field of the object at STEP, each with its last store. 0 or -1. */
int trace_state(struct trace *t, int64_t object, int64_t step, struct trace_state *out);
void trace_state_free(struct trace_state *s);

/*
 * One field of the object, or place inside it, by its name, without the others being read.  1 found, 0
 * there is none of that name, -1 error.  The caller frees with trace_member_free().
 */
int trace_member(struct trace *t, int64_t object, int64_t step, const char *name,
		 struct trace_member *out);
void trace_member_free(struct trace_member *m);

/*
 * The places in the object whose names end with TAIL and that were stored to by STEP, in the order of
 * their first stores, at most MAX of them.  0 or -1; to trace_state_free().
 */
int trace_places(struct trace *t, int64_t object, int64_t step, const char *tail, size_t max,
		 struct trace_state *out);

/* ---- steps --------------------------------------------------------------------------------- */

/* 1 found, 0 no such step, -1 error. */
int trace_step(struct trace *t, int64_t step, struct trace_step *out);
void trace_step_free(struct trace_step *s);

/*
 * Calls FN for every step from FROM to TO (both included) whose kind is in KINDS, in order, until
 * FN returns non-zero (which is returned).  The step is freed after FN returns.
 */
int trace_each(struct trace *t, int64_t from, int64_t to, unsigned kinds,
	       int (*fn)(void *ctx, const struct trace_step *s), void *ctx);

/* The nearest step after (before) STEP whose kind is in KINDS; 0 if there is none. */
int64_t trace_next(struct trace *t, int64_t step, unsigned kinds);
int64_t trace_previous(struct trace *t, int64_t step, unsigned kinds);

/* The first step after STEP and up to TO whose kind is in KINDS, by reading all between; 0: none. */
int64_t trace_next_within(struct trace *t, int64_t step, int64_t to, unsigned kinds);

/* The nearest call of a function after (before) STEP. */
int64_t trace_next_call_of(struct trace *t, int64_t step, int func);
int64_t trace_previous_call_of(struct trace *t, int64_t step, int func);

/*
 * The nearest store after STEP (at or before STEP) to a field of an object, or with FIELD 0 to
 * any part of the object.  PLACE, if not NULL, names a place inside (trace_step.place).
 */
int64_t trace_next_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place);
int64_t trace_last_store(struct trace *t, int64_t step, int64_t object, int field,
			 const char *place);

/*
 * Calls FN with when it was and who ran, first as it was at FROM, then for each step up to TO from which
 * on that is another, until FN returns non-zero (which is returned).  FN must not ask for moments.
 */
int trace_moments(struct trace *t, int64_t from, int64_t to,
		  int (*fn)(void *ctx, int64_t step, int64_t time, int task, int context),
		  void *ctx);

/* The kind of a step and the call that it belongs to, as trace_step() says them; 0 if there is no such step. */
int trace_shape(struct trace *t, int64_t step, int64_t *parent);

/* Where the call that began at CALL returns; 0 if it never does. */
int64_t trace_return_of(struct trace *t, int64_t call);

/* ---- everything at once -------------------------------------------------------------------- */

/*
 * One step as the log has it, for whoever reads a whole trace: nothing is joined and nothing copied.
 * Texts and bytes are the database's and gone when the function that got them returns.
 */
struct trace_row {
	int64_t step;
	enum trace_kind kind;
	int64_t parent;         /* step of the enclosing call, of a return: of its call; 0: none */
	int func;               /* of a call; the others' is their parent's */
	int line;               /* 0: none */
	int variable;           /* of a local: its id */
	int64_t object;         /* 0: none */
	int spot;               /* of a store: for trace_each_spot(); 0: none */
	struct trace_value old; /* branch: left */
	struct trace_value new; /* branch: right; return: its value */
	struct trace_value extra;
};

/* Calls FN for every step in order until it returns non-zero (which is returned).  -1 on error. */
int trace_each_row(struct trace *t, int (*fn)(void *ctx, const struct trace_row *r), void *ctx);

/* Calls FN for each step from which on time, task or context are others than before. */
int trace_each_moment(struct trace *t,
		      int (*fn)(void *ctx, int64_t step, int64_t time, int task, int context),
		      void *ctx);

/* Calls FN for each object there ever was, by id. */
int trace_each_object(struct trace *t, int (*fn)(void *ctx, const struct trace_object *o),
		      void *ctx);

/*
 * Calls FN for each place in objects that stores go to: a field by its id, or with NAME a place that
 * a field alone cannot name.
 */
int trace_each_spot(struct trace *t, int (*fn)(void *ctx, int id, int field, const char *name),
		    void *ctx);

/* ---- the stack ----------------------------------------------------------------------------- */

/*
 * The calls open at STEP, innermost first, as steps into CALLS.  Standing on a call, that call is
 * the innermost.  Returns how many there are, which may be more than MAX; -1 on error.
 */
int trace_stack(struct trace *t, int64_t step, int64_t *calls, int max);

/* The arguments of a call from trace_step.extra.  Returns the count, *out to trace_args_free(). */
int trace_args(const char *extra, struct trace_arg **out);
void trace_args_free(struct trace_arg *args, int count);

/*
 * Parameters and locals of the call that began at CALL as they are at STEP, parameters first.
 * Returns the count or -1.
 */
int trace_locals(struct trace *t, int64_t call, int64_t step, struct trace_local **out);
void trace_locals_free(struct trace_local *locals, int count);

/*
 * The last time by STEP, or the first behind it, that a variable of the call that began at CALL was set
 * (trace_variable.id); 0: never. What a parameter was called with counts as none.
 */
int64_t trace_last_local(struct trace *t, int64_t step, int64_t call, int variable);
int64_t trace_next_local(struct trace *t, int64_t step, int64_t call, int variable);

/* The line in the caller from which the call at CALL was made; 0 if not known. */
int trace_call_line(struct trace *t, int64_t call);

/* ---- packets ------------------------------------------------------------------------------- */

/* 1 found, 0 not a packet, -1 error. */
int trace_packet(struct trace *t, int64_t step, struct trace_packet *out);
void trace_packet_free(struct trace_packet *p);

/*
 * Calls FN for each packet behind a step, in their order, until it returns non-zero; its strings and bytes
 * are SQLite's, and good until FN returns; .skb is NULL.
 */
int trace_each_packet(struct trace *t, int64_t behind,
		      int (*fn)(void *ctx, const struct trace_packet *p), void *ctx);

/* ---- searching ----------------------------------------------------------------------------- */

/*
 * The nearest step after (forward) or before STEP that speaks of TEXT: a call or return of a
 * function of such a name, a store to a field or object of such a name, a local, a value, a
 * reason, or a line whose source holds it.  Upper case in TEXT makes the search exact about case.
 * Only kinds in KINDS are looked at.  MORE(ctx), if given, is asked now and then: when it says no, the
 * search ends with the nearest call of such a name, or 0.  *stopped is the step that it had come to then,
 * from which it can be taken up again; 0 when it was not stopped.
 */
int64_t trace_search(struct trace *t, int64_t step, bool forward, unsigned kinds, const char *text,
		     bool (*more)(void *ctx), void *ctx, int64_t *stopped);

/* ---- filters ------------------------------------------------------------------------------- */

/*
 * A filter chooses steps.  Its text is words with spaces between, all of which must hold:
 *
 *   function:tcp_*    of this function; a word without a colon means that, too
 *   file:*ipv4*       of a function in this file (ours or the kernel's)
 *   kind:store,drop   of one of these kinds (trace_kind_name())
 *   object:tcp_sock#* a store to it, or an event of it
 *   field:snd_*       a store to a field, or to a variable, of this name
 *   task:connect  context:softirq
 *   text:refused      what the view `steps` says of it holds this
 *
 * Patterns are those of file names; commas stand between several; ! before a word: it must not hold; a
 * word may be shortened (f:, k:store).  Or it is SQL: "where CONDITION" over the view `steps`, or
 * "stores where CONDITION" over another view that has steps.
 */
struct trace_filter;

/* NULL if the text is not understood: then err says why, in one line. */
struct trace_filter *trace_filter_new(struct trace *t, const char *text, char *err, size_t errlen);
void trace_filter_free(struct trace_filter *f);

/*
 * The nearest match after (before) STEP; 0 if there is none, or if MORE(ctx), which is asked before each
 * some ten thousand steps that have to be looked at, says that it has taken long enough.  NULL: never.
 */
int64_t trace_filter_next(struct trace_filter *f, int64_t step, bool forward,
			  bool (*more)(void *ctx), void *ctx);
bool trace_filter_has(struct trace_filter *f, int64_t step);

/* Looks at steps that nobody has asked for, until MORE(ctx) says no.  False: all have been looked at. */
bool trace_filter_work(struct trace_filter *f, bool (*more)(void *ctx), void *ctx);

/* How many matches are known; *whole: of all steps that there are. */
int64_t trace_filter_count(const struct trace_filter *f, bool *whole);

/* ---- time ---------------------------------------------------------------------------------- */

/* The first step at or after a time (ns since the recording began); 0 if there is none. */
int64_t trace_step_at(struct trace *t, int64_t time);

#endif
