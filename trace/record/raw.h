/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw records: what the hooks put into the ring and the writer takes out of it.
 *
 * The hooks run inside the watched program and must be quick, so a record holds only what can
 * no longer be learned later: addresses, bytes as they are at this moment, the time.  Everything
 * else (names, types, lines, steps) the writer works out from DWARF.
 *
 * A record is a struct raw, a payload that depends on its type, then (when snap > 0) a snapshot:
 * the bytes of the running frame that hold parameters and locals, segment after segment as the
 * function's struct segment list says.  Everything is a multiple of 8 bytes.
 */
#ifndef TRACE_RECORD_RAW_H
#define TRACE_RECORD_RAW_H

#include <stdint.h>

enum raw_type {
	RAW_CALL = 1, /* a function begins; snapshot: its own frame */
	RAW_SYNC,     /* only a place and a snapshot: before a call, before the end */
	RAW_BLOCK,    /* a basic block begins */
	RAW_STORE,    /* bytes were stored */
	RAW_COMPARE,  /* two integers were compared */
	RAW_SWITCH,   /* an integer was looked up among the cases of a switch */
	RAW_RETURN,   /* a function gave its value back */
	RAW_POINT,    /* a tracepoint was passed */
};

/**
 * struct raw - the head of every record; it begins as struct ring_record does
 * @size: bytes of the whole record
 * @type: enum raw_type
 * @snap: bytes of snapshot at the record's end
 * @depth: position in the task's shadow stack of the frame this happened in (for RAW_CALL the
 *         new frame); RAW_ORPHAN when the frame was entered before the recording began
 * @time: ns since the recording began
 * @pc: return address of the hook, that is a place inside the watched function
 */
struct raw {
	uint32_t size;
	uint16_t type;
	uint16_t snap;
	uint32_t depth;
	uint32_t reserved;
	uint64_t time;
	uint64_t pc;
};

#define RAW_ORPHAN UINT32_MAX

/* What follows struct raw in a record of each type. */
struct raw_call {
	uint64_t function; /* index in the image's functions */
	uint64_t frame;    /* the canonical frame address (CFA) that DWARF's offsets count from */
};

struct raw_store {
	uint64_t addr;
	uint64_t size; /* bytes stored; size old bytes follow, then size new ones, each padded */
	uint8_t bytes[];
};

struct raw_compare {
	uint64_t left, right;
	uint64_t size; /* bytes of the operands */
};

struct raw_return {
	uint64_t low, high; /* rax and rdx */
};

/**
 * struct raw_point - a tracepoint with what it pointed at
 * @id: enum point
 * @arg: integer and pointer arguments in the order of the tracepoint's table entry
 * @text: the string argument: type, device or reason
 * @task: pid and name of up to two tasks that the arguments pointed at
 * @blob: bytes that follow: a packet, or what an object held at its birth
 */
struct raw_point {
	uint64_t id;
	uint64_t arg[4];
	char text[48];
	struct {
		uint64_t pid;
		char name[16];
	} task[2];
	uint64_t blob;
	uint8_t bytes[];
};

static inline uint64_t pad8(uint64_t n)
{
	return (n + 7) & ~7ULL;
}

#endif
