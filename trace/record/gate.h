/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A gate before the watched program: it takes a step when somebody who looks on lets it.
 *
 * Theory of operation.  The gate lies in memory that two processes share.  The hooks of the watched
 * thread pass it before each record; while it is closed they wait there for a permission (a semaphore).
 * The writer thread sees that the watched thread stands and the ring is empty, makes all that was
 * recorded readable, and notes in the gate how far that is: the gate has settled.  So the one who looks
 * on always finds in the trace what the program has done, up to where it stands.
 *
 * A record is the recorder's unit: a call, a return, a store, a comparison, a basic block; it becomes a
 * step, some steps (a block has lines), or none.
 */
#ifndef TRACE_RECORD_GATE_H
#define TRACE_RECORD_GATE_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define GATE_NAME 64

/**
 * struct record_gate - the shared memory
 * @go: permissions
 * @passed: records that went through
 * @settled: the same when all before was readable last; @steps: the last step then
 * @open: nobody waits here
 * @waiting: the watched thread stands here
 * @until: the gate closes by itself at the first call of this function; "" for none
 */
struct record_gate {
	sem_t go;
	_Atomic uint64_t passed, settled;
	_Atomic int64_t steps;
	_Atomic int open, waiting;
	char until[GATE_NAME];
};

/* ---- for who looks on ---- */

/**
 * record_gate_new - a gate that processes forked from now on share
 * @until: it is open up to the first call of this function, NULL: it is closed from the start
 *
 * Return: the gate, NULL when out of memory.
 */
struct record_gate *record_gate_new(const char *until);
void record_gate_free(struct record_gate *gate);
/* Lets so many records pass. */
void record_gate_let(struct record_gate *gate, int64_t records);
/* Lets all pass from now on, or none any more. */
void record_gate_set_open(struct record_gate *gate, bool open);
/* The watched thread stands, and all that it did is in the trace. */
bool record_gate_settled(struct record_gate *gate);

/* ---- for the recorder ---- */

/* Waits for permission; how long it has waited, ns. */
uint64_t record_gate_pass(struct record_gate *gate);
/* A function is called. */
void record_gate_reached(struct record_gate *gate, const char *function);

#endif
