/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that import a kernel's recording share. */
#ifndef TRACE_IMPORT_FTRACE_H
#define TRACE_IMPORT_FTRACE_H

#include "import.h"
#include "trace/record/sink.h"
#include "trace/record/util.h"

/* Longer names are none of a kernel's. */
#define FTRACE_NAME 128

/* The context beyond those of the recorder (enum event_context): a hardware interrupt. */
enum { CONTEXT_IRQ = 4, CONTEXT_UNKNOWN = -1 };

/* What is taken as called where an outline goes on in the middle of a call; see ftrace_read.c. */
#define FTRACE_RESUMED "(resumed)"

/* ---- one line (ftrace_line.c, ftrace_graph.c) ---------------------------------------------------- */

enum ftrace_kind {
	FTRACE_NOTHING,  /* blank, a heading, a rule, a remark */
	FTRACE_CALL,     /* function_graph: f() { */
	FTRACE_LEAF,     /* f(); */
	FTRACE_RETURN,   /* } */
	FTRACE_FUNCTION, /* the function tracer: f <-caller */
	FTRACE_OUTLINE,  /* an outline: f */
	FTRACE_TASK,     /* an outline: whose lines follow */
	FTRACE_SWITCH,   /* function_graph: one task => another */
	FTRACE_IRQ,      /* ==========> */
	FTRACE_IRQ_END,  /* <========== */
	FTRACE_LOST,     /* events were lost */
	FTRACE_SCENARIO, /* what ran, in words */
	FTRACE_BAD       /* not understood */
};

/* A task as the text names it: comm-pid. */
struct ftrace_task {
	char comm[64];
	int pid; /* -1: not said */
};

/**
 * struct ftrace_line - what a line says
 * @cpu: -1: not said
 * @time: ns, as the text says it; @timed: it does
 * @duration: of a leaf, or the call that returns: ns; -1: not said
 * @task: who runs; of FTRACE_SWITCH who ran, and @next who runs then
 * @context: as its flags say it, or CONTEXT_UNKNOWN
 * @function: which; of FTRACE_RETURN "" when not said
 * @caller: of FTRACE_FUNCTION
 * @column: of FTRACE_OUTLINE: how far to the right it stands
 * @times: of FTRACE_OUTLINE: how often in a row
 * @file, @file_line: where it is defined; "" and 0: not said
 * @value: what it returned; @valued: that is said
 * @lost: how many; of FTRACE_LOST
 * @words: of FTRACE_SCENARIO
 * @why: of FTRACE_BAD: what is wrong, and what to do
 */
struct ftrace_line {
	enum ftrace_kind kind;
	int cpu;
	bool timed, valued;
	int64_t time, duration;
	struct ftrace_task task, next;
	int context;
	char function[FTRACE_NAME], caller[FTRACE_NAME];
	int column, times;
	char file[FTRACE_NAME];
	int file_line;
	int64_t value, lost;
	char words[160];
	const char *why;
};

/* Reads a line, which is changed; @size bytes without its newline and a NUL behind them. */
void ftrace_parse(char *text, size_t size, struct ftrace_line *line);

/* ftrace_graph.c: what stands behind the time of an event, or in a line of function_graph's. */
void ftrace_parse_graph(char *text, struct ftrace_line *line);

/* Small readers: each moves *@at behind what it read, and says whether it was there. */
bool ftrace_read_number(const char **at, int64_t *number);
/* "123.456": in units of 10^-@digits of what is counted; more digits are cut off. */
bool ftrace_read_decimal(const char **at, int digits, int64_t *number);
bool ftrace_read_name(const char **at, char *name);
bool ftrace_read_task(const char *from, const char *to, struct ftrace_task *task);
bool ftrace_read_flags(const char *from, const char *to, int *context);

/* ---- the trace (ftrace_build.c) ------------------------------------------------------------------ */

/* A call that is open in a task. */
struct ftrace_call {
	int64_t step, start;
	int func, context, depth;
	int column; /* of an outline */
	int irqs;   /* of its track, when it began */
	const char *name;
};

/* A task, and what it is in. */
struct ftrace_track {
	int id;
	int pid; /* 0: an idle task; -1: not known yet */
	const char *name;
	struct ftrace_call *calls;
	int depth, room;
	int irqs; /* interrupts it is in */
};

/* A function of the text. */
struct ftrace_func {
	int id;
};

/**
 * struct ftrace_build - a trace that is being made
 * @sink: NULL until there is a first call
 * @path: where it goes; @err, @errlen: for what the sink says
 * @frames, @frame_count, @frame_at: packets that wait for their time
 * @waiting: their clock is another: they wait for the first call that gives a frame to a device
 * @shift: what their times are before the text's
 * @object, @moment_at, @held: fields that wait for their time, and what they held at the moment before
 * @base: the first time of the text; @now: of the last step, counted from there
 * @running: whose step was the last
 */
struct ftrace_build {
	struct sink *sink;
	const char *path;
	char *err;
	size_t errlen;
	const struct import_frame *frames;
	size_t frame_count, frame_at;
	bool waiting;
	int64_t shift;
	const struct import_object *object; /* NULL: none */
	size_t moment_at;
	const int64_t *held;
	int64_t base, now;
	bool based;
	struct ftrace_track **tracks;
	int track_count, track_room;
	struct map by_pid;
	struct ftrace_track *running;
	struct names funcs, files, comms;
	struct pool pool;
	int func_count, file_count, task_count;
	struct ftrace_known *known; /* NULL: nothing is known of files */
	int64_t step, calls, packets, stores;
	int code; /* the first error */
};

/* Where a step of a track stands that is no call; and the step. */
struct event ftrace_inside(const struct ftrace_build *b, const struct ftrace_track *track,
			   enum event_kind kind);
void ftrace_put(struct ftrace_build *b, struct event *event);
void ftrace_define_row(struct ftrace_build *b, const char *table, const struct value *columns,
		       int count);
struct ftrace_track *ftrace_track(struct ftrace_build *b, const struct ftrace_task *task, int cpu);
/* The time of the text (ns) is reached; frames that are due by then become steps. */
void ftrace_at(struct ftrace_build *b, int64_t time);
/* Another task runs on a CPU from here on. */
void ftrace_switch(struct ftrace_build *b, struct ftrace_track *from, struct ftrace_track *to);
/* A track of a pid of -1 gets its name, if no other has it. */
void ftrace_name(struct ftrace_build *b, struct ftrace_track *track, const struct ftrace_task *task,
		 int cpu);
/* A function begins; its open call, for @column and @irq.  NULL on error. */
struct ftrace_call *ftrace_call(struct ftrace_build *b, struct ftrace_track *track, int context,
				const struct ftrace_line *line, const char *name);
/* The innermost call returns; with @line its value. */
void ftrace_return(struct ftrace_build *b, struct ftrace_track *track,
		   const struct ftrace_line *line);
/* Frames that still wait, and the end; @b->code, or what closing gave. */
void ftrace_packets_left(struct ftrace_build *b);
int ftrace_define(struct ftrace_build *b, const char *key, struct value value);
void ftrace_free(struct ftrace_build *b);

/* ---- what an object held (ftrace_fields.c) ------------------------------------------------------- */

/* The object's rows; when the trace begins. */
void ftrace_fields_begin(struct ftrace_build *b);
/* What was seen until then: what changed becomes stores. */
void ftrace_fields_until(struct ftrace_build *b, int64_t time);

/* ---- which file a function is in (ftrace_known.c) ------------------------------------------------ */

/* What the program's own functions say: NULL when it carries no table of them. */
struct ftrace_known *ftrace_known_open(void);
/* The kernel's file that a function is in; NULL: not known. */
const char *ftrace_known_file(const struct ftrace_known *known, const char *function);
void ftrace_known_close(struct ftrace_known *known);

/* ---- what is read (ftrace_read.c) ---------------------------------------------------------------- */

/**
 * struct ftrace_reading - a text on its way into a trace
 * @by_cpu: who runs on each; CPUs beyond are taken for the last
 * @resumes: an outline's task goes on: its next line may lie in the middle of a call
 * @clock: the time of a text that has none, by its durations
 * @format: the first kind of line that said something
 * @implied: callers that the function tracer did not show, but named
 * @closed_before: returns of calls that began before the recording
 */
#define FTRACE_CPUS 512
struct ftrace_reading {
	struct ftrace_build build;
	const struct import_ftrace *in;
	struct import_counts counts;
	struct ftrace_track *by_cpu[FTRACE_CPUS];
	bool resumes;
	int64_t clock;
	char scenario[160];
	int64_t implied, closed_before;
	enum ftrace_kind format;
};

/* Takes up what a line says; @number is its, for complaints. */
void ftrace_take(struct ftrace_reading *r, int number, const struct ftrace_line *line);
/* The text has ended: so have the calls of a text that does not say when they do. */
void ftrace_take_end(struct ftrace_reading *r);

/* ---- captures (capture.c) ------------------------------------------------------------------------ */

struct capture {
	struct import_frame *frames;
	size_t count, room;
};
/* Reads a file of libpcap's. 0 or -errno with a message. */
int capture_read(const char *path, struct capture *capture, char *err, size_t errlen);
void capture_free(struct capture *capture);

#endif
