/* SPDX-License-Identifier: GPL-2.0-only */
/* The watched thread's side of the recorder: what hooks.c, shadow.c and early.c share. */
#ifndef TRACE_RECORD_HOOKS_H
#define TRACE_RECORD_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "gate.h"
#include "image.h"
#include "points.h"
#include "raw.h"
#include "ring.h"

/**
 * struct shadow_frame - a watched function that has not returned yet
 * @slot: where its return address lay, and the trampoline's address lies now
 * @back: the return address
 * @frame: its frame pointer (rbp)
 * @function: NULL when it was entered in an earlier recording
 */
struct shadow_frame {
	uint64_t *slot;
	uint64_t back, frame;
	const struct function *function;
};

/* A task's functions, outermost first.  @task is the address of what describes the task. */
struct shadow {
	uint64_t task;
	struct shadow_frame *frames;
	int depth, room;
	struct shadow *next;
};

/**
 * struct hooks - state of the watched thread while it is recorded
 * @start: the clock when the recording began; times count from there
 * @wall: the last time that was read off the wall's clock
 * @pending, @pending_store: the store that was announced and has not been seen to happen
 * @gate: before each record, NULL: none; @held: told how long it was waited there, ns
 * @quiet: inside a function whose stores are told as one; nothing else is recorded
 */
struct hooks {
	struct ring ring;
	struct image *image;
	struct points *points;
	const volatile uint64_t *virtual_ns;
	uint64_t start, wall;
	struct shadow *current;
	struct raw *pending;
	struct raw_store *pending_store;
	struct record_gate *gate;
	void (*held)(uint64_t ns);
	bool quiet, crashed;
	struct map functions; /* by the return address of their entry hook */
};

extern struct hooks hooks;
extern __thread bool hooks_recording;

int hooks_start(struct image *image, struct points *points, const volatile uint64_t *virtual_ns);
void hooks_stop(void);

/**
 * struct crash - where the program stood when a signal ended it
 * @pc, @frame: its place, and what its frame pointer (rbp) held
 * @access: it was an access to @address; @anywhere: to one that was none, and @address is not it
 */
struct crash {
	uint64_t pc, frame, address;
	bool access, anywhere;
};
void hooks_last(const struct crash *crash);

/* trampoline.c */
void traced_return(void);

/* shadow.c */
struct shadow *shadow_of(uint64_t task);
void shadow_forget(uint64_t task);
void shadow_forget_functions(void);
struct shadow_frame *shadow_push(struct shadow *shadow, const uint64_t *slot);
struct shadow_frame *shadow_find(struct shadow **current, const uint64_t *slot);

/**
 * struct early_object - an object of the watched allocator, noted since the program began
 * @type: struct name it was allocated as, "" for bytes
 * @birth: counts up, orders objects by age
 */
struct early_object {
	uint64_t addr, size, birth;
	char type[48];
};

/* early.c */
void early_point(uint64_t pc, uint64_t frame);
void early_alloc(uint64_t addr, uint64_t size, const char *type);
void early_free(uint64_t addr);
struct early_object *early_objects(int *count);
extern uint64_t early_low, early_span;
extern uint64_t early_task, early_task_pid;
extern char early_task_name[16];

#endif
