/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model of the replay: where one stands in a trace, how one moves, and what each pane is to
 * show there.  Nothing in here knows of a terminal; viewer/tui_*.c draws it.
 *
 * Theory of operation
 *
 * There is one position, a step.  Every pane is a function of it: the walk shows the steps around
 * it as a tree, the stack the calls open at it, the source its line, and so on.  Beside it the
 * position before the last move is kept: what was stored between the two is what "just changed",
 * whichever way the move went.
 *
 * The tree folds by itself: a call is open if the position lies inside it (or if the person
 * opened it), and one line if not.  So the walk is always as long as the story needs: the calls
 * around, the way here, and nothing of what other calls did inside.
 */
#ifndef SYNWALK_VIEWER_MODEL_H
#define SYNWALK_VIEWER_MODEL_H

#include "trace/read/read.h"
#include "viewer/decode.h"

/* How much of a trace is walked through, from the outline to everything. */
enum model_detail {
	DETAIL_CALLS,   /* calls, returns, packets, sleeps, drops, timers */
	DETAIL_CHANGES, /* and stores */
	DETAIL_LINES,   /* and source lines */
	DETAIL_ALL,     /* and comparisons, locals, contexts */
	DETAILS
};

/* A field of an object, as the keys "next store", "why" mean it. */
struct model_field {
	int64_t object; /* 0: none */
	int field;      /* trace_field.id, 0 if only the place is known */
	char *place;    /* inside the field, or NULL */
};

#define MODEL_HISTORY 100

/* Was a packet sent before? */
enum packet_again {
	PACKET_FIRST,
	PACKET_AGAIN, /* its bytes, or some of them, went this way before */
	PACKET_PROBE, /* nothing new, from before what was acknowledged: is anybody there? */
};

/* A state of a socket, and how it came to it. */
struct state_change {
	int64_t step, time;
	int from, to; /* TCP_ESTABLISHED is 1, as in net/tcp_states.h */
};

/* A run of small calls that follow each other and change nothing. */
struct model_run {
	int64_t first, last, end; /* the first and the last call, and where that returns */
	int count;
};

/* What was found out about runs lately, for the same lines are asked about again and again. */
struct run_memo {
	int64_t step, position; /* of the call, and where one stood */
	enum model_detail detail;
	unsigned int folds;
	bool folded;
	struct model_run run;
};

/* All the states of one socket that were found. */
struct life {
	int64_t object, last; /* 0: none; @last: the trace's last step then */
	struct state_change *changes;
	int count;
	bool cut;        /* there are more */
	int64_t dull[8]; /* objects that have no states, as was found out lately */
	unsigned int dulls;
};

/* A search that takes longer than somebody waits for a key, and goes on while nobody types. */
struct seeking {
	bool on, forward;
	int64_t step;    /* where it began */
	int64_t reached; /* how far it has come; 0: there is none to be taken up */
	char text[128];
};

/**
 * struct model_core - a core that runs while it is looked at, and waits to be told to
 * @more: lets it go on for so many records (see trace/record/gate.h) and waits until it stands again;
 *        false when it has not in a while: it sleeps, or has ended
 * @running: it goes on by itself, @pace records a second
 */
struct model_core {
	bool (*more)(struct model_core *core, int64_t records);
	bool running;
	double pace;
};

/**
 * struct model - a walk through one trace
 * @t: the trace; owned
 * @flows: initial sequence numbers, for packets in words
 * @step: the position; 0 only in an empty trace
 * @before: the position before the last move
 * @detail: how much is walked through
 * @open: calls that were opened by hand
 * @nopen: how many
 * @hidden_parent: the call for which it was last found out whether it can be seen
 * @hidden_in: the closed call it lies in, 0 if it can be seen
 * @runs: runs of small calls that change nothing are one line
 * @unfolded: first calls of runs that were unfolded by hand, the latest; @nunfolded: how many ever
 * @tiny: calls that were looked at lately, and where each returns if it is small and changes nothing
 * @memo: runs that were looked at lately; @folds: how often anything was folded or unfolded
 * @history: positions before jumps, oldest first
 * @nhistory: how many
 * @at_history: how far "back" has gone; nhistory when not
 * @frame: which call of the stack is looked at, 0 the innermost
 * @selected: the row of the objects pane that is looked at
 * @opened: objects whose fields are all shown
 * @nopened: how many
 * @packets: steps of all packets
 * @again: of each packet whether it is sent again, as enum packet_again
 * @npackets: how many; @packets_room: for how many there is room
 * @packet: which packet is looked at
 * @field_at: which of its fields the cursor is on, from 1; 0: on none
 * @byte_at: which of its bytes, from 1; 0: on none
 * @sent: up to where each conversation has been sent; @nsent: how many
 * @ladder_at: the step looked at in the ladder, 0 if it follows the position; the same of the other
 * @state_at: panes that have lines which stand for steps: of the states,
 * @lanes_at: of the lanes,
 * @port_at: of the port table
 * @lanes_per: steps a column of the lanes stands for; 0: as many as are needed to show all
 * @life: the last socket whose states were asked for
 * @search: what was searched for last
 * @patience: seconds that a search takes at most before it goes on by model_search_work(); 0: for ever
 * @seeking: the search that does so
 * @message: what to tell about the last move; "" if nothing
 * @stop: set by a signal to end a long search
 * @deadline: seconds() until which a long search may go on, 0: for ever
 * @filter: only its steps are walked through; NULL: all; @filter_text: what was typed
 * @marks: steps that a letter stands for, 0: none; @leapt: where the last jump began
 * @variable: of the variables that the source shows, the one at hand; NULL: none
 * @core: what records the trace, NULL: nobody that could be told anything
 * @follow: the position stays at the last step of a trace that is being recorded
 */
struct model {
	struct trace *t;
	struct decode_flows flows;
	int64_t step, before;
	enum model_detail detail;
	int64_t *open;
	size_t nopen;
	int64_t hidden_parent, hidden_in;
	bool runs;
	int64_t unfolded[16];
	unsigned int nunfolded;
	struct tiny {
		int64_t call, end;
	} tiny[512];
	struct run_memo memo[256];
	unsigned int folds;
	int64_t history[MODEL_HISTORY];
	int nhistory, at_history;
	int frame;
	struct model_field selected;
	int64_t *opened;
	size_t nopened;
	int64_t *packets;
	uint8_t *again;
	size_t npackets, packets_room, packet;
	int field_at;
	int64_t byte_at;
	struct sent *sent;
	size_t nsent;
	int64_t ladder_at, state_at, lanes_at, port_at;
	int64_t lanes_per;
	struct life life;
	char search[128];
	double patience;
	struct seeking seeking;
	char message[240];
	volatile int stop;
	double deadline;
	struct trace_filter *filter;
	char filter_text[200];
	int64_t marks[26], leapt;
	char *variable;
	struct model_core *core;
	bool follow;
};

/* Takes over the trace.  NULL when out of memory (the trace is then closed). */
struct model *model_new(struct trace *t);
void model_free(struct model *m);

/*
 * Takes up what was recorded meanwhile; who follows goes along, everybody else stays.  Whether there
 * was something.
 */
bool model_refresh(struct model *m);
/* Follows the end of a trace that is being recorded, or stops to; every move of one's own stops it, too. */
void model_follow(struct model *m);

/* The recording of a kernel (synwalk import --ftrace): there are calls and times, and nothing else. */
bool model_calls_only(const struct model *m);

/* Lets the core go on a little.  Has it, or has the trace ended otherwise? */
bool model_more(struct model *m, int64_t records);
/* The core goes on by itself, so many records a second (0: as before), or stops to. */
void model_run(struct model *m, int64_t pace);
/* What it does at such times: lets pass what is due after @elapsed seconds.  Is there something new? */
bool model_running(struct model *m, double elapsed);

const char *model_detail_name(enum model_detail detail);
/* Bits of the kinds that a level of detail walks through. */
unsigned int model_kinds(enum model_detail detail);

/* ---- moves ------------------------------------------------------------------------------------- */
/* All return whether the position changed; if not, message says why. */

/* To the next (previous) step at this detail, into calls and out of them. */
bool model_step(struct model *m, bool forward);
/* To the next (previous) line of the walk as it is folded: over calls. */
bool model_over(struct model *m, bool forward);
/* To the return of the call one is in, or back to where it was called. */
bool model_out(struct model *m, bool forward);
/* To a step, wherever; out of range goes to the nearest end. A jump: "back" returns from it. */
bool model_go(struct model *m, int64_t step);
/* As people type it: 1204, +10, -10, 50%, $, 40ms, or the name of a function: its next call. */
bool model_go_text(struct model *m, const char *text);
/* To the next (previous) step of some kinds; NAME is what it is called in "no more NAME". */
bool model_go_kind(struct model *m, bool forward, unsigned int kinds, const char *name);
/* To the next (previous) call of the function the position is in. */
bool model_go_same_function(struct model *m, bool forward);
/* To the next (previous) store to the field at hand, see model_field_at_hand(). */
bool model_go_store(struct model *m, bool forward);
/* To the store that put the present value into the field at hand: why it is what it is. */
bool model_go_why(struct model *m);
/*
 * To the next (previous) step that speaks of TEXT; NULL: of what was searched last.  Where that takes longer
 * than m->patience, m->seeking is on.
 */
bool model_search(struct model *m, bool forward, const char *text);
/* Goes on with it for some milliseconds.  Is there more to do? */
bool model_search_work(struct model *m);
/* Ends it; model_search() in the same place takes it up. */
void model_search_stop(struct model *m);
/*
 * The same while TEXT is still being typed: from FROM, within a moment, and it is no jump; without a
 * match the position is FROM.
 */
void model_search_typed(struct model *m, int64_t from, bool forward, const char *text);
/* To where one was before the last jump; forward undoes that. */
bool model_history(struct model *m, bool forward);
/* A letter from a to z stands for this position from now on. */
bool model_mark(struct model *m, char letter);
/* To what a letter stands for; ' is where the last jump began. */
bool model_go_mark(struct model *m, char letter);
/* The next of the variables that the source shows is the one at hand, for "next store" and "why". */
bool model_next_variable(struct model *m, bool forward);

/* ---- filters (model_filter.c) ------------------------------------------------------------------- */

/* Only the steps that TEXT chooses are walked through (see struct trace_filter); "" all again. */
bool model_set_filter(struct model *m, const char *text);
/* Goes on counting for some milliseconds.  Is there more to do? */
bool model_filter_work(struct model *m);
/* "123 of 42672: kind:store"; with a + while they are not all counted.  "" without a filter. */
const char *model_filter_words(const struct model *m, char *buf, size_t len);
/* The next (previous) step of the filter; 0 if there is none or no time. */
int64_t model_filter_next(struct model *m, int64_t step, bool forward);
/* May what takes long go on?  Until m->deadline, and nobody typed ^C; CTX is the model. */
bool model_patience(void *ctx);
/* The time by a clock that nobody sets. */
double seconds(void);

/* More or less detail. */
void model_set_detail(struct model *m, int detail);
/* Runs of small calls are one line each, or every call has its own. */
void model_toggle_runs(struct model *m);
/* Opens or closes the call at the position, or the one that a folded line stands for. */
bool model_toggle_fold(struct model *m);

/* ---- the walk ---------------------------------------------------------------------------------- */

/**
 * struct walk_row - one line of the walk
 * @step: whose step it is
 * @kind: of the step
 * @indent: how deep it stands, from 0
 * @fold: ' ' nothing inside, '+' folded, '-' open
 * @sign: what it is, as one character: see model_sign()
 * @current: the position
 * @text: in words
 */
struct walk_row {
	int64_t step;
	enum trace_kind kind;
	int indent;
	char fold, sign;
	bool current;
	char *text;
};
struct walk {
	struct walk_row *rows;
	int count, current;
};

/* The lines around the position: at most ABOVE before it and BELOW after it.  0 or -1. */
int model_walk(struct model *m, int above, int below, struct walk *out);
void model_walk_free(struct walk *w);

/* The sign of a step: '>' packet out, '*' store ...; ' ' for calls. */
char model_sign(const struct trace_step *s, bool out);

/* ---- the stack and the source ------------------------------------------------------------------ */

struct stack_row {
	int64_t call;
	char *text; /* function with arguments */
	const char *file;
	int line; /* where it stands now, 0 if not known */
	bool selected;
};
struct stack {
	struct stack_row *rows;
	int count;
};
int model_stack(struct model *m, struct stack *out);
void model_stack_free(struct stack *s);
/* Looks at a call further out (in).  Returns whether there is one. */
bool model_select_frame(struct model *m, int frame);

struct source_value {
	char *name, *value;
	bool changed; /* by the last move */
	bool here;    /* its name stands on the current line */
	bool chosen;  /* the variable at hand */
};
/* What the source pane shows of the call looked at. */
struct source {
	const struct trace_func *func; /* NULL: no source here */
	const struct trace_file *file;
	int line, lines; /* the current one, and how many the file has */
	struct source_value *values;
	int nvalues;
};
int model_source(struct model *m, struct source *out);
void model_source_free(struct source *s);

/* ---- objects ----------------------------------------------------------------------------------- */

/**
 * struct object_row - one line of the objects pane
 * @object: which
 * @field: of the object; NULL in the object's own line, or when only the place is known
 * @name: the object's name, or the field's
 * @value: of the field; of an object's line what it is: its type and size
 * @other: what the value was before the last move (after it, when the move went back); or NULL
 * @heading: the object's own line
 * @open: all its fields follow
 * @changed: by the last move
 * @selected: the person looks at it
 * @step: of the last store to it, 0 if none
 */
struct object_row {
	int64_t object;
	const struct trace_field *field;
	char *name, *value, *other;
	bool heading, open, changed, selected;
	int64_t step;
};
struct objects {
	struct object_row *rows;
	int count, selected; /* selected -1: none */
};
int model_objects(struct model *m, struct objects *out);
void model_objects_free(struct objects *o);
void model_select_object(struct model *m, const struct object_row *row);
/* Shows or hides all fields of an object. */
void model_toggle_object(struct model *m, int64_t object);
/*
 * The field that "next store" means: the selected one, else the one stored at the position.
 * The caller frees place.  False if there is none.
 */
bool model_field_at_hand(struct model *m, struct model_field *out);

/* ---- packets ----------------------------------------------------------------------------------- */

struct packet_row {
	int64_t step, time;
	bool out, future, selected; /* future: after the position */
	char *text;
};
/* A line about the selected packet: a header's name, or a field of it. */
struct packet_field {
	bool heading;
	size_t offset, length; /* of the frame's bytes; a heading has none */
	char *text;
};
struct packets {
	struct packet_row *rows;     /* only the asked for window */
	int first, count;            /* rows[0] is packet number `first`, from 0 */
	struct packet_field *fields; /* of the selected packet, the innermost header first */
	int nfields, field;          /* @field: the one under the cursor, -1: none */
	uint8_t *bytes;              /* its frame */
	size_t len;
	int64_t byte; /* the byte under the cursor, -1: none */
};
/* A window of at most MAX packets around the selected one, and the selected one in detail. */
int model_packets(struct model *m, int max, struct packets *out);
void model_packets_free(struct packets *p);
void model_select_packet(struct model *m, int64_t index);
/* The cursor to the next (previous) field of the selected packet. */
bool model_packet_field(struct model *m, bool forward);
/* The cursor to the next (previous) byte, and to the field that has it. */
bool model_packet_byte(struct model *m, bool forward);

/* ---- the ladder -------------------------------------------------------------------------------- */

enum rung { RUNG_PACKET, RUNG_DROP, RUNG_TIMER, RUNG_HERE };

/**
 * struct ladder_row - one line between the peers
 * @step: whose step it is; of the position's own line the position
 * @time: ns
 * @what: it is; RUNG_HERE: the position, between what was and what will be
 * @out: from left to right
 * @future: after the position
 * @current: the position is this very step
 * @selected: it is looked at
 * @other: it belongs to another conversation than the one at the ladder's head
 * @again: was it sent before?
 * @text: in words
 */
struct ladder_row {
	int64_t step, time;
	enum rung what;
	bool out, future, current, selected, other;
	enum packet_again again;
	char *text;
};
struct ladder {
	char left[32], right[32]; /* who talks: address and port; "" without packets */
	struct ladder_row *rows;
	int count, center; /* the row that is to be in sight */
};
/* The rows around the one looked at: at most ABOVE before and BELOW after it.  0 or -1. */
int model_ladder(struct model *m, int above, int below, struct ladder *out);
void model_ladder_free(struct ladder *l);
/* Looks at the next (previous) row.  False if there is none. */
bool model_ladder_move(struct model *m, bool forward);

/* ---- the TCP states ---------------------------------------------------------------------------- */

enum { STATES_COUNT = 13 }; /* 1..12 are used */

struct states {
	char *object;                       /* whose; NULL: there are none, and MISSING says why */
	const char *missing;                /* what the trace does not have, or NULL */
	const struct state_change *changes; /* all of them, in order; the model's */
	int count, now;                     /* @now: the last one by the position, -1: none yet */
	int current;                        /* the state now */
	int64_t entered[STATES_COUNT];      /* by which step each was entered, 0: not yet */
	bool begun[STATES_COUNT];           /* it was in it before the first change */
	char *heir;              /* the small socket that waits in its place; NULL: none yet */
	int64_t inherited, died; /* when that was made and gave up, 0: not yet */
	int waits;               /* in which state it is, 0: in none any more */
	bool cut;
};
/* The states of the socket at hand: of the one selected, argued about, or changed last.  0 or -1. */
int model_states(struct model *m, struct states *out);
void model_states_free(struct states *s);
/* "SYN_SENT"; NULL if there is no such state. */
const char *model_state_name(int state);
/* Looks at the next (previous) change. */
bool model_states_move(struct model *m, bool forward);

/* ---- the lanes --------------------------------------------------------------------------------- */

/* What somebody does in a column. */
enum lane_cell { LANE_NOTHING, LANE_RUNS, LANE_SHARES, LANE_SLEEPS, LANE_READY };

enum { LANES_MAX = 24 };

/**
 * struct lane - one who runs
 * @name: a task's, or of the context: softirq, timer, idle
 * @task: the task, -1 for a context that interrupts whichever task
 * @context: 0 task, 1 softirq, 2 timer, 3 idle
 * @cells: a column each
 */
struct lane {
	char name[24];
	int task, context;
	uint8_t *cells;
};

/* What happens at a column: z sleeps, ^ wakes, % switches, + arms, - cancels, @ fires a timer. */
struct lane_mark {
	int64_t step;
	int column;
	int lane, to; /* who does it; whom it wakes, or -1 */
	char sign;
};

/**
 * struct lanes - who runs when, around the position
 * @lane: who; @count: how many
 * @columns: of the axis; @per: steps a column stands for; @from: the first step of the first column
 * @here: the column of the position; @at: of the one looked at, -1 if that is the position
 * @marks: in the order of their steps; @nmarks: how many
 * @times: ns at the beginning of each column
 * @cut: there were more lanes or marks than are told
 * @text: what happens at the step looked at, in words
 */
struct lanes {
	struct lane lane[LANES_MAX];
	int count;
	int columns, here, at;
	int64_t from, per;
	struct lane_mark *marks;
	int nmarks;
	int64_t *times;
	bool cut;
	char *text;
};
int model_lanes(struct model *m, int columns, struct lanes *out);
void model_lanes_free(struct lanes *l);
/* Half, or twice as many steps a column. */
void model_lanes_zoom(struct model *m, bool in, int columns);
/* Looks at the next (previous) thing that happens in them. */
bool model_lanes_move(struct model *m, bool forward);

/* ---- the port table ----------------------------------------------------------------------------- */

enum port_look { PORT_PLAIN, PORT_HEADING, PORT_NOW, PORT_PAST, PORT_LACKS };

/* A line of the port table. */
struct port_row {
	int64_t step; /* that it tells of, 0: of none */
	enum port_look look;
	bool selected;
	char *text;
};
struct ports {
	struct port_row *rows;
	int count, center; /* the row that is to be in sight */
};
/*
 * The search for a port at hand (the one that runs, else the last, else the next), as far as it has come
 * by the position; then what the tables hold there.  0 or -1.
 */
int model_ports(struct model *m, struct ports *out);
void model_ports_free(struct ports *p);
/* Looks at the next (previous) port that was tried. */
bool model_ports_move(struct model *m, bool forward);

/* ---- shared by the model's files --------------------------------------------------------------- */

/* Moves and keeps the rest of the model in step with it.  A jump is remembered for "back". */
bool model_move(struct model *m, int64_t step, bool jump);
__attribute__((format(printf, 2, 3))) bool model_say(struct model *m, const char *fmt, ...);
/* ---- model_walk.c and model_runs.c ---- */

/* The lines of the walk as they are without runs. */
int64_t model_line_after(struct model *m, int64_t step);
int64_t model_line_before(struct model *m, int64_t step);
/* Is a call one line and not open? */
bool model_is_closed(struct model *m, int64_t call);
/* The folded run that the call at STEP is part of; false if there is none. */
bool model_run_of(struct model *m, int64_t step, struct model_run *run);
/* "4 calls: list_empty twice, skb_headroom" */
void model_run_text(struct model *m, const struct model_run *run, char *buf, size_t len);
/* Shows the calls of a run. */
void model_unfold_run(struct model *m, const struct model_run *run);

/* model_ladder.c: takes up the packet at the end of the list of packets. */
void model_ladder_learn(struct model *m, const struct decoded *d);
/* model_objects.c: the object that a pointer's text names ("tcp_sock#1.sk_node").  To be freed. */
bool model_object_of_text(struct model *m, const char *text, struct trace_object *o);
/* Is STEP between the two ends of the last move (the one it went to included)? */
bool model_just_changed(const struct model *m, int64_t step);

#endif
