/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The writer: the thread that takes raw records out of the ring, gives everything its name and
 * passes finished events to the sinks.  Its state mirrors the watched program's at the record it
 * is working on, never at what the program does meanwhile.
 */
#ifndef TRACE_RECORD_WRITER_H
#define TRACE_RECORD_WRITER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "gate.h"
#include "image.h"
#include "points.h"
#include "raw.h"
#include "ring.h"
#include "sink.h"

#define UNASSIGNED 0xa7 /* see hooks.c */

enum object_kind { OBJECT_HEAP, OBJECT_GLOBAL, OBJECT_STACK, OBJECT_FOUND };

/* So many objects that no allocation told of are remembered. */
#define FOUND_OBJECTS 16

/**
 * struct object - something with an address and a name
 * @type: NULL for bytes; an array type when the memory holds several of one type
 * @born: step; @written: it has a row in the trace
 */
struct object {
	int id;
	const char *name;
	struct dtype *type;
	enum object_kind kind;
	uint64_t addr, size;
	int64_t born;
};

/* The objects, found by the pages they touch. */
struct objects {
	struct map pages;
	struct names counts; /* ordinals given to each type's name */
	struct map at;       /* heap objects by address */
	int last_id;
	uint64_t heap_low, heap_high; /* where heap objects have been */
	struct object *found[FOUND_OBJECTS];
	unsigned int found_next;
};

#define KNOWN_NO  ((uintptr_t)1)
#define KNOWN_YES ((uintptr_t)2)

/* Snapshots of most frames fit here, bytes. */
#define SNAP_ROOM 1024

/* So many pointers that were given back to a function are remembered. */
#define RETURNED 4

/**
 * struct frame - a watched function that runs, as the writer sees it
 * @step: of its call; @depth: calls open around it in its context
 * @snap: its parameters and locals when last seen; NULL before the first look
 * @room, @room_size: the memory it lies in, which stays when the frame is gone
 * @last_line: the line told last
 * @next, @end: lines of the running basic block that were not told yet (indices)
 * @block: start of that block
 * @returned: typed pointers that called functions gave back lately
 * @locals: objects made for locals whose address is used, by variable
 */
struct frame {
	const struct function *function;
	uint64_t cfa;
	int64_t step;
	int depth;
	uint8_t *snap, *room;
	size_t room_size;
	int last_line, next, end;
	uint64_t block;
	struct {
		uint64_t value;
		struct dtype *type;
	} returned[RETURNED];
	unsigned int returned_next;
	struct object **locals;
};

struct open_context {
	enum event_context context;
	int base; /* frames that were open when it began */
};

/* A task of the watched program. */
struct wtask {
	uint64_t addr;
	int id;
	const char *name;
	struct frame *frames;
	int count, room, used; /* frames that are, that fit, that ever were */
	struct open_context contexts[8];
	int contexts_count;
	struct wtask *next;
};

struct writer {
	struct image *image;
	struct points *points;
	struct ring *ring;
	struct sink *sinks;
	struct pool pool;    /* as long as the recording */
	struct pool scratch; /* as long as one record */
	struct objects objects;
	struct wtask *tasks, *task;
	struct map local_leaves; /* variables made up for members of local structs */
	struct map assigns;      /* what the source's text says: by line and variable, and */
	struct map mentions;     /* by field, file and line; KNOWN_NO or KNOWN_YES */
	struct names arrays;     /* types made up for memory that holds several of one type */
	int64_t step;
	uint64_t time;
	uint64_t clock_start; /* the watched program's clock when the recording began */
	int line;             /* of the record at hand */
	pthread_t thread;
	struct record_gate *_Atomic gate; /* see gate.h; NULL: none */
	_Atomic int stop;                 /* 1: drain and end; 2: the same after a crash */
	const char *crash;                /* the signal that was it, NULL: none */
	_Atomic int done;
	_Atomic uint64_t lost;
	int error;
	char message[256];
	const char *end_status;
};

/* writer.c */
int writer_start(struct writer *writer);
void writer_finish(struct writer *writer);

/* crash.c */
void crash_watch(struct writer *saved);
void crash_forget(void);

/* emit.c: rows and events */
void emit(struct writer *writer, struct event *event);
void define(struct writer *writer, const char *table, const struct value *columns, int count);
void define_meta(struct writer *writer, const char *key, struct value value);
void define_image(struct writer *writer);
void define_type(struct writer *writer, struct dtype *type);
int define_enumeration(struct writer *writer, struct dtype *type);
int define_variable(struct writer *writer, const struct function *function, const char *name,
		    const char *ctype, int parameter, int line);
void emit_line(struct writer *writer, struct frame *frame, int line);

/* hints.c: which names the values of a plain integer field have */
int hint_enumeration(struct writer *writer, const struct leaf *leaf);

/* objects.c */
struct object *object_find(const struct writer *writer, uint64_t addr);
struct object *object_add(struct writer *writer, enum object_kind kind, const char *name,
			  struct dtype *type, uint64_t addr, uint64_t size);
struct object *object_birth(struct writer *writer, uint64_t addr, uint64_t size,
			    const char *type_name);
struct object *object_find_out(struct writer *writer, uint64_t addr, struct dtype *type);
bool object_heap_around(const struct writer *writer, uint64_t addr);
struct object *object_found(const struct writer *writer, uint64_t addr);
void object_death(struct writer *writer, struct object *object);
void object_initial(struct writer *writer, const struct object *object, const uint8_t *bytes);
void objects_globals(struct writer *writer);
void objects_free(struct writer *writer);

/* frames.c */
struct frame *frame_top(const struct writer *writer);
struct frame *frame_push(struct writer *writer, const struct function *function, uint64_t cfa);
void frame_pop(struct writer *writer);
uint64_t frame_place(const struct writer *writer, const struct frame *frame, const struct raw *raw);
void frame_lines(struct writer *writer, struct frame *frame, const struct raw *raw);
void frame_block(struct writer *writer, struct frame *frame, const struct raw *raw);
void frame_finish_block(struct writer *writer, struct frame *frame, const struct raw *raw);
void frame_first_look(struct frame *frame, const struct raw *raw);
struct object *frame_object(struct writer *writer, uint64_t addr);
void frame_patch(struct writer *writer, uint64_t addr, uint64_t size, const uint8_t *bytes);
bool frame_value(const struct frame *frame, const struct variable *variable, uint64_t *value);

/* value.c */
struct value value_of(struct writer *writer, struct dtype *type, const uint8_t *bytes,
		      uint64_t size, int bit_at, int bit_size);
const char *pointer_name(struct writer *writer, uint64_t addr, struct dtype *pointee);
const char *arguments_json(struct writer *writer, const struct frame *frame);
struct value operand_value(struct writer *writer, uint64_t number, uint64_t size, bool is_signed);
bool looks_like_pointer(const struct writer *writer, uint64_t number);
bool all_bytes(const uint8_t *bytes, uint64_t size, uint8_t byte);

/* compare.c */
bool comparison_signed(uint64_t pc, const struct raw_compare *compare);

/* resolve.c */
void resolve_store(struct writer *writer, struct frame *frame, const struct raw *raw);
const char *member_name(struct writer *writer, struct dtype *type, uint64_t offset,
			struct dtype *wanted);

/* point.c */
void resolve_point(struct writer *writer, struct frame *frame, const struct raw_point *point);

#endif
