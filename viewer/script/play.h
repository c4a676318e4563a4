/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_PLAY_H
#define SYNWALK_VIEWER_SCRIPT_PLAY_H

/*
 * A script being played: the state that its parts share.
 *
 * play.c walks through the events; tasks.c has the script's user tasks, calls.c what they do in a
 * system call, setup.c the `commands`, asserts.c the conditions.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "viewer/script/frame.h"
#include "viewer/script/script.h"

#define PLAY_DEVICE "wire0"
/* One that a script may add. */
#define PLAY_SECOND "tun1"

enum {
	PLAY_TASKS = 8,
	PLAY_FDS = 64,
	PLAY_FLOWS = 64,
	PLAY_INBOX = 512,
	SIGNALS = 65,
};

/* How a play ended; the values are exit statuses. */
enum outcome { PLAY_DONE = 0, PLAY_FAILED = 1, PLAY_TROUBLE = 2 };

/*
 * What lies between the core and the script: a tap with a wire of its own, one half of a veth pair,
 * or a tun, which has no link layer.
 */
enum link { LINK_WIRE, LINK_VETH, LINK_TUN };

/** struct settings - the --options in force. Addresses in network byte order. */
struct settings {
	uint32_t local, remote, gateway;
	int prefix;
	enum link link;
	uint16_t connect_port, bind_port;
	int mtu;
	uint64_t tolerance_ns;
	uint64_t ts_tick_ns;
};

struct play;

/**
 * struct task - one of the script's user tasks
 * @job: what it is to do next; NULL: it waits
 * @event: the call line that @job carries out
 * @began_ns, @ended_ns: of the call
 * @returned: @result is new, and not yet held against @event
 * @due_ns: when the call should return
 * @problem: why the call could not be made; empty if it could
 */
struct task {
	struct play *play;
	const char *name;
	int pid;
	void (*job)(struct task *t);
	const struct event *event;
	uint64_t began_ns, ended_ns, due_ns;
	bool returned;
	long result;
	char problem[256];
	bool restarts[SIGNALS];
	char difference[256];
};

/** struct descriptor - what a number of the script is in the core */
struct descriptor {
	bool open;
	int64_t script;
	int live;
};

/**
 * struct play - everything
 * @begin_ns: the script's time 0 on the core's clock
 * @base_ns: what the next relative time counts from
 * @next: the first line that did not happen yet
 * @waits: the line with '>' that waits for its packet; NULL: none does
 * @inbox: the core's frames that no line has spoken of yet
 * @frames: how many the core has sent, ARP included
 * @asked: the socket that the last socket() made: TCP_INFO is asked of it
 * @sockets: how many socket() has made
 * @passed_over: the last packet of an older socket that was not what a line said; empty: none
 * @failure_*: what went wrong, and where; @failure_ns on the core's clock
 */
struct play {
	const struct script *script;
	const char *text;
	struct settings settings;
	uint64_t begin_ns, base_ns;

	const struct event *next, *waits;

	struct task tasks[PLAY_TASKS];
	int ntasks;
	struct descriptor fds[PLAY_FDS];
	int asked;
	unsigned int sockets;

	struct flow flows[PLAY_FLOWS];
	int nflows;
	struct flow *flow;

	struct seen *inbox[PLAY_INBOX];
	int ninbox, first;
	unsigned int frames;
	bool overflow;
	char passed_over[512];

	uint8_t *tcp_info; /* user memory */
	long tcp_info_length;

	enum outcome outcome;
	char failure[1024];
	uint64_t failure_ns;
	int failure_line;           /* of the script */
	unsigned int failure_frame; /* ordinal of the frame it is about, or 0 */
	const char *failure_call;   /* or the system call */
};

/* Default settings, then the script's. Return: 0; or -1 with @error as FILE:LINE:COLUMN: ... */
int settings_read(struct settings *o, const struct script *s, char *error, size_t room);

/* Sets one of them, as an option of a script does. Return: NULL, or what was expected instead. */
const char *settings_set(struct settings *o, const char *name, const char *value);

/**
 * play_script() - play the script in the world that is up
 * @text: of the script, for messages
 *
 * Return: how it ended; @p->failure says why in lines without a final newline.
 */
enum outcome play_script(struct play *p, const struct script *s, const char *text,
			 const struct settings *o);
/*
 * After a play that has failed while calls were under way: lets the world run on until they have
 * returned, at most for @ns. Nothing is held against the script any more.
 */
void play_linger(struct play *p, uint64_t ns);
void play_free(struct play *p);

/* The far end of the wire; @ctx is the struct play. */
void play_hears(void *ctx, const void *frame, size_t length);

/* Ends the play: the script, or the core, did what it should not. Always returns -1. */
int play_fail(struct play *p, enum outcome outcome, struct at at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Seconds since the script began, as text. */
const char *play_time(const struct play *p, uint64_t ns, char text[32]);

/* ---- setup_shell.c ---- */

/* Carries out a `command`. Return: 0, or -1 after play_fail(). */
int setup_run(struct play *p, const struct event *e);

/* ---- tasks.c ---- */

/* The task of this name, made if there is none; NULL: main. NULL after play_fail(). */
struct task *task_named(struct play *p, const char *name, struct at at);
/* Gives a waiting task something to do, and lets it begin. */
void task_start(struct task *t, void (*job)(struct task *t));
/* Lets the core run until the task waits again, or until @until_ns. */
void task_finish(struct task *t, uint64_t until_ns);

/* ---- calls.c ---- */

/* Is there such a call? Otherwise a hint why not, in words. */
const char *call_unknown(const char *name);
/* The job of a task: makes the system call of its event and keeps the result. */
void call_make(struct task *t);
/* Holds the result against the line. Return: 0, or -1 after play_fail(). */
int call_check(struct task *t);
/* kill(TASK, SIGNAL), which no task does. */
int call_kill(struct play *p, const struct event *e);
/* A number of a value; symbols and | are resolved. Return: 0 or -1. */
int call_number(const struct value *v, int64_t *number);

/* ---- asserts.c ---- */

/* Return: 0, or -1 after play_fail(). */
int asserts_check(struct play *p, const struct event *e);

#endif
