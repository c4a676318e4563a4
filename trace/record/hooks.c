/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiler's hooks.
 *
 * Theory of operation.  GCC calls the functions below from the watched code: __tsan_* because
 * of -fsanitize=thread (a function begins or ends, memory is about to be written), and
 * __sanitizer_cov_* because of -fsanitize-coverage (a basic block begins, integers are
 * compared).  No runtime of GCC's is linked; this file stands in for it.
 *
 * Each hook leaves a record in the ring and returns.  A store is announced before it happens, so
 * its record stays reserved but unpublished ("pending") until the next hook, which finds the new
 * bytes in memory.  While nothing is recorded a hook costs a test of a thread-local flag.
 *
 * hooks_recording is true only in the thread that called record_start(): the writer and other
 * threads of the program pass through unseen.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hooks.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define HOOK        __attribute__((noinline))
/* Some tens of milliseconds of events; more would only mean fresh pages instead of warm ones. */
#define RING_SIZE (4ULL << 20)

/* Bytes written into locals at a function's start: "nothing has been assigned yet". */
#define UNASSIGNED 0xa7

/* More than this of one store or one object is not copied; nothing in a real core comes near. */
#define COPY_LIMIT (1ULL << 20)

struct hooks hooks;
__thread bool hooks_recording;

static uint64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

/*
 * The time of a record.  To ask the wall's clock costs as much as all the rest of it, so it is asked where
 * a function begins or ends and at tracepoints; what lies between has the time of the last of them.
 */
static inline uint64_t now(enum raw_type type)
{
	if (likely(hooks.virtual_ns))
		return *hooks.virtual_ns - hooks.start;
	if (type == RAW_CALL || type == RAW_RETURN || type == RAW_POINT)
		hooks.wall = wall_ns() - hooks.start;
	return hooks.wall;
}

/*
 * Somebody looks on and says when it goes on.  For the watched program no time passes while it stands
 * here.
 */
static HOOK void wait_at_gate(void)
{
	uint64_t waited = record_gate_pass(hooks.gate);

	if (!waited || hooks.virtual_ns)
		return;
	hooks.start += waited;
	if (hooks.held)
		hooks.held(waited);
}

/* Publishes the pending store: by now it has happened. */
static inline void settle(void)
{
	struct raw_store *store = hooks.pending_store;

	if (!store)
		return;
	memcpy(store->bytes + pad8(store->size), (const void *)(uintptr_t)store->addr, store->size);
	ring_publish(&hooks.ring, hooks.pending->size);
	hooks.pending_store = NULL;
}

/*
 * Copies the frame's parameters and locals, eight bytes at a time: what that takes along behind
 * a segment is overwritten by the next one, or lies behind the end that the writer looks at.
 */
static inline void snapshot(uint8_t *to, const struct function *function, uint64_t frame)
{
	const uint8_t *cfa = (const uint8_t *)(uintptr_t)(frame + 16);

	for (int i = 0; i < function->snaps_count; i++) {
		const uint8_t *from = cfa + function->snaps[i].at;
		uint32_t size = function->snaps[i].size;

		for (uint32_t at = 0; at < size; at += 8) {
			uint64_t word;

			memcpy(&word, from + at, 8);
			memcpy(to + at, &word, 8);
		}
		to += size;
	}
}

/*
 * Reserves a record with @payload bytes and room for a snapshot of the frame that runs: the top
 * of the shadow stack if @frame is its, else none ("orphan").
 */
static inline struct raw *record(enum raw_type type, uint64_t payload, uint64_t pc, uint64_t frame)
{
	struct shadow *shadow = hooks.current;
	const struct shadow_frame *top = shadow->depth ? &shadow->frames[shadow->depth - 1] : NULL;
	const struct function *function = NULL;
	uint64_t snap = 0;
	struct raw *raw;

	if (unlikely(hooks.gate))
		wait_at_gate();
	/* a longjmp may have dropped frames: look for the one that runs */
	if (unlikely(top && top->frame != frame)) {
		int i = shadow->depth - 1;

		while (i >= 0 && shadow->frames[i].frame != frame)
			i--;
		if (i >= 0)
			shadow->depth = i + 1;
		top = i >= 0 ? &shadow->frames[i] : NULL;
	}
	if (top && top->function) {
		function = top->function;
		snap = pad8(function->snap_size + (function->snap_size ? 7 : 0));
	}
	raw = ring_reserve(&hooks.ring, sizeof(*raw) + payload + snap);
	raw->size = (uint32_t)(sizeof(*raw) + payload + snap);
	raw->type = (uint16_t)type;
	raw->snap = (uint16_t)snap;
	raw->depth = function ? (uint32_t)(shadow->depth - 1) : RAW_ORPHAN;
	raw->time = now(type);
	raw->pc = pc;
	if (snap)
		snapshot((uint8_t *)raw + sizeof(*raw) + payload, function, frame);
	return raw;
}

/* ------------------------------------------------------------------ stores */

static inline void announce(const void *addr, uint64_t size, uint64_t pc, uint64_t frame)
{
	struct raw_store *store;
	struct raw *raw;

	if (hooks.quiet || unlikely(hooks.crashed))
		return;
	settle();
	if (unlikely(size > COPY_LIMIT))
		size = COPY_LIMIT;
	raw = record(RAW_STORE, sizeof(*store) + 2 * pad8(size), pc, frame);
	store = (struct raw_store *)(raw + 1);
	store->addr = (uint64_t)(uintptr_t)addr;
	store->size = size;
	/* it may be this look that faults: hooks_last() then finds where */
	__asm__ volatile("" ::: "memory");
	memcpy(store->bytes, addr, size);
	hooks.pending = raw;
	hooks.pending_store = store;
}

#define CALLER_PC    ((uint64_t)(uintptr_t)__builtin_return_address(0))
#define CALLER_FRAME (*(uint64_t *)__builtin_frame_address(0))

#define ACCESS(n)                                                   \
	void __tsan_write##n(void *addr);                           \
	HOOK void __tsan_write##n(void *addr)                       \
	{                                                           \
		if (unlikely(hooks_recording))                      \
			announce(addr, n, CALLER_PC, CALLER_FRAME); \
	}                                                           \
	void __tsan_unaligned_write##n(void *addr);                 \
	HOOK void __tsan_unaligned_write##n(void *addr)             \
	{                                                           \
		if (unlikely(hooks_recording))                      \
			announce(addr, n, CALLER_PC, CALLER_FRAME); \
	}                                                           \
	void __tsan_read##n(void *addr);                            \
	void __tsan_read##n(void *addr)                             \
	{                                                           \
		(void)addr;                                         \
	}                                                           \
	void __tsan_unaligned_read##n(void *addr);                  \
	void __tsan_unaligned_read##n(void *addr)                   \
	{                                                           \
		(void)addr;                                         \
	}
ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __tsan_write_range(void *addr, unsigned long size);
HOOK void __tsan_write_range(void *addr, unsigned long size)
{
	if (unlikely(hooks_recording))
		announce(addr, size, CALLER_PC, CALLER_FRAME);
}

void __tsan_read_range(void *addr, unsigned long size);
void __tsan_read_range(void *addr, unsigned long size)
{
	(void)addr;
	(void)size;
}

void __tsan_init(void);
void __tsan_init(void)
{
}

/* ------------------------------------------------------------------ functions */

static const struct function *function_at(uint64_t pc)
{
	struct function *function = map_get(&hooks.functions, pc);

	if (unlikely(!function)) {
		function = image_function(hooks.image, pc);
		if (function)
			map_set(&hooks.functions, pc, function);
	}
	return function;
}

static uint64_t argument(const struct point_layout *layout, int i, uint64_t frame)
{
	const void *from = (const void *)(uintptr_t)(frame + 16 + (uint64_t)layout->at[i]);
	uint64_t value = 0;
	int shift = 64 - 8 * (int)layout->size[i];

	memcpy(&value, from, layout->size[i]);
	return layout->is_signed[i] ? (uint64_t)((int64_t)(value << shift) >> shift) : value;
}

static void copy_task(struct raw_point *point, int which, uint64_t task)
{
	const struct task_layout *layout = &hooks.points->task;
	const char *from = (const char *)(uintptr_t)task;
	int32_t pid = 0;

	if (!task)
		return;
	if (layout->pid >= 0)
		memcpy(&pid, from + layout->pid, sizeof(pid));
	point->task[which].pid = (uint64_t)(int64_t)pid;
	if (layout->name >= 0)
		memcpy(point->task[which].name, from + layout->name,
		       layout->name_size < 16 ? layout->name_size : 15);
}

/* What a tracepoint means for the hooks themselves. */
static void follow(enum point id, const struct raw_point *point)
{
	switch (id) {
	case POINT_ALLOC:
		early_alloc(point->arg[0], point->arg[1], point->text);
		break;
	case POINT_FREE:
		early_free(point->arg[0]);
		break;
	case POINT_SWITCH:
		/* what ran before the first switch is prev: it keeps its frames */
		if (!hooks.current->task)
			hooks.current->task = point->arg[0];
		hooks.current = shadow_of(point->arg[1]);
		early_task = point->arg[1];
		early_task_pid = point->task[1].pid;
		memcpy(early_task_name, point->task[1].name, sizeof(early_task_name));
		break;
	default:
		break;
	}
}

static void tracepoint(const struct function *function, uint64_t frame)
{
	const struct point_layout *layout = &hooks.points->layouts[function->point];
	uint64_t args[POINT_PARAMETERS] = { 0 }, blob = 0, caller = *(uint64_t *)(uintptr_t)frame;
	const void *bytes = NULL;
	struct raw_point *point;
	struct raw *raw;
	int tasks = 0;

	for (int i = 0; i < POINT_PARAMETERS && layout->roles[i]; i++)
		args[i] = argument(layout, i, frame);
	for (int i = 0; i + 1 < POINT_PARAMETERS; i++) {
		if (layout->roles[i] != ROLE_BLOB || !args[i])
			continue;
		bytes = (const void *)(uintptr_t)args[i];
		blob = args[i + 1] < COPY_LIMIT ? args[i + 1] : COPY_LIMIT;
	}
	raw = record(RAW_POINT, sizeof(*point) + pad8(blob), ((uint64_t *)(uintptr_t)frame)[1],
		     caller);
	point = (struct raw_point *)(raw + 1);
	memset(point, 0, sizeof(*point));
	point->id = (uint64_t)function->point;
	memcpy(point->arg, args, sizeof(point->arg));
	point->blob = blob;
	if (blob)
		memcpy(point->bytes, bytes, blob);
	for (int i = 0; i < POINT_PARAMETERS; i++) {
		if (layout->roles[i] == ROLE_TEXT && args[i])
			strncpy(point->text, (const char *)(uintptr_t)args[i],
				sizeof(point->text) - 1);
		if (layout->roles[i] == ROLE_TASK)
			copy_task(point, tasks++, args[i]);
	}
	ring_publish(&hooks.ring, raw->size);
	follow((enum point)function->point, point);
}

/*
 * memcpy and its like: what they do is one store of many bytes.  Their record stays pending
 * until they return, and nothing is recorded meanwhile.
 */
static void begin_range(const struct function *function, uint64_t pc, uint64_t frame)
{
	const struct variable *to = &function->variables[0], *count = &function->variables[2];
	uint64_t addr, size;

	memcpy(&addr, (const void *)(uintptr_t)(frame + 16 + (uint64_t)to->at), 8);
	memcpy(&size, (const void *)(uintptr_t)(frame + 16 + (uint64_t)count->at), 8);
	if (size)
		announce((const void *)(uintptr_t)addr, size, pc, frame);
	hooks.quiet = true;
}

HOOK static void enter(uint64_t pc, uint64_t frame)
{
	const struct function *function;
	struct shadow_frame *top;
	struct raw_call *call;
	struct raw *raw;
	uint64_t *slot = (uint64_t *)(uintptr_t)(frame + 8);

	if (hooks.quiet || unlikely(hooks.crashed))
		return;
	function = function_at(pc);
	if (!function)
		return;
	settle();
	if (function->point >= 0) {
		tracepoint(function, frame);
		return;
	}
	/* the caller's locals as they are at the call, if it is the caller that we know */
	top = hooks.current->depth ? &hooks.current->frames[hooks.current->depth - 1] : NULL;
	if (top && top->frame == *(uint64_t *)(uintptr_t)frame && top->function) {
		raw = record(RAW_SYNC, 0, *slot, top->frame);
		ring_publish(&hooks.ring, raw->size);
	}
	for (int i = 0; i < function->fresh_count; i++)
		memset((uint8_t *)(uintptr_t)(frame + 16) + function->fresh[i].at, UNASSIGNED,
		       function->fresh[i].size);
	top = shadow_push(hooks.current, slot);
	top->slot = slot;
	top->back = *slot;
	top->frame = frame;
	top->function = function;
	*slot = (uint64_t)(uintptr_t)traced_return;
	if (unlikely(hooks.gate))
		record_gate_reached(hooks.gate, function->name);
	raw = record(RAW_CALL, sizeof(*call), pc, frame);
	call = (struct raw_call *)(raw + 1);
	call->function = (uint64_t)function->index;
	call->frame = frame + 16;
	ring_publish(&hooks.ring, raw->size);
	if (function->range)
		begin_range(function, pc, frame);
}

void __tsan_func_entry(void *caller);
HOOK void __tsan_func_entry(void *caller)
{
	(void)caller;
	if (unlikely(hooks_recording))
		enter(CALLER_PC, CALLER_FRAME);
	else if (unlikely(CALLER_PC - early_low < early_span))
		early_point(CALLER_PC, CALLER_FRAME);
}

/* The last look at a frame before it is gone. */
void __tsan_func_exit(void);
HOOK void __tsan_func_exit(void)
{
	struct raw *raw;

	if (likely(!hooks_recording) || hooks.quiet || hooks.crashed)
		return;
	settle();
	if (!hooks.current->depth ||
	    hooks.current->frames[hooks.current->depth - 1].frame != CALLER_FRAME)
		return;
	raw = record(RAW_SYNC, 0, CALLER_PC, CALLER_FRAME);
	ring_publish(&hooks.ring, raw->size);
}

uint64_t on_return(uint64_t low, uint64_t high, uint64_t *slot);

/* Called by the trampoline; returns where to go on.  Works after the recording has ended, too. */
uint64_t on_return(uint64_t low, uint64_t high, uint64_t *slot)
{
	struct shadow_frame *frame = shadow_find(&hooks.current, slot);
	uint64_t back;

	if (!frame)
		abort(); /* a return address that nobody swapped: the stack is overwritten */
	back = frame->back;
	if (hooks_recording && !hooks.crashed) {
		struct raw_return *value;
		struct raw *raw;

		hooks.quiet = false;
		settle();
		if (unlikely(hooks.gate))
			wait_at_gate();
		raw = ring_reserve(&hooks.ring, sizeof(*raw) + sizeof(*value));
		*raw = (struct raw){
			.size = sizeof(*raw) + sizeof(*value),
			.type = RAW_RETURN,
			.depth =
				frame->function ? (uint32_t)(hooks.current->depth - 1) : RAW_ORPHAN,
			.time = now(RAW_RETURN),
			.pc = back,
		};
		value = (struct raw_return *)(raw + 1);
		value->low = low;
		value->high = high;
		ring_publish(&hooks.ring, raw->size);
	}
	hooks.current->depth--;
	return back;
}

/* ------------------------------------------------------------------ blocks and comparisons */

void __sanitizer_cov_trace_pc(void);
HOOK void __sanitizer_cov_trace_pc(void)
{
	struct raw *raw;

	if (likely(!hooks_recording) || hooks.quiet || hooks.crashed)
		return;
	settle();
	raw = record(RAW_BLOCK, 0, CALLER_PC, CALLER_FRAME);
	ring_publish(&hooks.ring, raw->size);
}

static inline void compared(enum raw_type type, uint64_t left, uint64_t right, uint64_t size,
			    uint64_t pc, uint64_t frame)
{
	struct raw_compare *compare;
	struct raw *raw;

	if (hooks.quiet || unlikely(hooks.crashed))
		return;
	settle();
	raw = record(type, sizeof(*compare), pc, frame);
	compare = (struct raw_compare *)(raw + 1);
	*compare = (struct raw_compare){ left, right, size };
	ring_publish(&hooks.ring, raw->size);
}

/* In the const form the first operand is the constant; people write it on the right. */
#define COMPARE(n, type)                                                                    \
	void __sanitizer_cov_trace_cmp##n(type left, type right);                           \
	HOOK void __sanitizer_cov_trace_cmp##n(type left, type right)                       \
	{                                                                                   \
		if (unlikely(hooks_recording))                                              \
			compared(RAW_COMPARE, left, right, n, CALLER_PC, CALLER_FRAME);     \
	}                                                                                   \
	void __sanitizer_cov_trace_const_cmp##n(type constant, type value);                 \
	HOOK void __sanitizer_cov_trace_const_cmp##n(type constant, type value)             \
	{                                                                                   \
		if (unlikely(hooks_recording))                                              \
			compared(RAW_COMPARE, value, constant, n, CALLER_PC, CALLER_FRAME); \
	}
COMPARE(1, uint8_t)
COMPARE(2, uint16_t)
COMPARE(4, uint32_t)
COMPARE(8, uint64_t)

/* @cases: how many there are, the operand's bits, then the cases' values. */
void __sanitizer_cov_trace_switch(uint64_t value, const uint64_t *cases);
HOOK void __sanitizer_cov_trace_switch(uint64_t value, const uint64_t *cases)
{
	uint64_t match = 0;

	if (likely(!hooks_recording))
		return;
	while (match < cases[0] && cases[2 + match] != value)
		match++;
	compared(RAW_SWITCH, value, match < cases[0], cases[1] / 8, CALLER_PC, CALLER_FRAME);
}

/* ------------------------------------------------------------------ start and stop */

int hooks_start(struct image *image, struct points *points, const volatile uint64_t *virtual_ns)
{
	int err = ring_open(&hooks.ring, RING_SIZE);

	if (err)
		return err;
	hooks.image = image;
	hooks.points = points;
	hooks.virtual_ns = virtual_ns;
	hooks.start = virtual_ns ? *virtual_ns : wall_ns();
	hooks.wall = 0;
	hooks.pending_store = NULL;
	hooks.quiet = hooks.crashed = false;
	hooks.current = shadow_of(early_task);
	return 0;
}

void hooks_stop(void)
{
	hooks_recording = false;
	if (!hooks.quiet)
		settle();
	shadow_forget_functions();
	map_free(&hooks.functions);
}

/* ------------------------------------------------------------------ the end, in a crash */

/* A store is the instruction, or the few, behind its announcement. */
#define STORE_REACH 32

/* Was it this memory that the program must not touch? */
static bool faulted(const struct raw_store *store, const struct crash *crash)
{
	int64_t canonical = (int64_t)(store->addr << 16) >> 16;

	if (crash->anywhere)
		return (uint64_t)canonical != store->addr;
	return crash->access && crash->address - store->addr < store->size;
}

/*
 * Has the announced store happened?  A copy that is under way has not.  Where the memory looks as
 * before, the place decides.
 */
static bool happened(const struct raw_store *store, const struct crash *crash)
{
	if (hooks.quiet || faulted(store, crash))
		return false;
	if (memcmp((const void *)(uintptr_t)store->addr, store->bytes, store->size))
		return true;
	return crash->pc - hooks.pending->pc >= STORE_REACH;
}

/* The frame of the function that was running, if it is one that we know. */
static bool stands_in_watched(const struct crash *crash)
{
	const struct shadow *shadow = hooks.current;
	const struct function *function = image_function(hooks.image, crash->pc);

	return function && !hooks.quiet && shadow->depth &&
	       shadow->frames[shadow->depth - 1].frame == crash->frame &&
	       shadow->frames[shadow->depth - 1].function == function;
}

/*
 * The program has come to its end at @crash (NULL: here, by its own doing): what was announced last
 * is settled or dropped, and a last look at the running function tells its lines and locals up to
 * there.  A hook may be what was interrupted: a record that it has not published counts only if it
 * announces the store that was not allowed.
 */
void hooks_last(const struct crash *crash)
{
	struct raw *next = ring_reserve(&hooks.ring, 0);
	const struct raw_store *store = hooks.pending_store;
	struct raw *raw;

	hooks.crashed = true;
	if (store && hooks.pending == next && (!crash || happened(store, crash)))
		settle();
	hooks.pending_store = NULL;
	if (!crash)
		return;
	if (stands_in_watched(crash)) {
		raw = record(RAW_SYNC, 0, crash->pc + 1, crash->frame);
		ring_publish(&hooks.ring, raw->size);
	} else if (!store && next->type == RAW_STORE &&
		   faulted((const struct raw_store *)(next + 1), crash)) {
		next->type = RAW_SYNC;
		ring_publish(&hooks.ring, next->size);
	}
}
