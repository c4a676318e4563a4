/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracepoints: empty functions of the watched program that the recorder knows by name.
 * What each argument means is told by the parameter's name, found in DWARF.
 */
#ifndef TRACE_RECORD_POINTS_H
#define TRACE_RECORD_POINTS_H

#include <stdint.h>

#include "image.h"

enum point {
	POINT_ALLOC,
	POINT_FREE,
	POINT_SWITCH,
	POINT_SLEEP,
	POINT_WAKEUP,
	POINT_TIMER_START,
	POINT_TIMER_CANCEL,
	POINT_TIMER_ENTRY,
	POINT_TIMER_EXIT,
	POINT_SOFTIRQ_ENTRY,
	POINT_SOFTIRQ_EXIT,
	POINT_XMIT,
	POINT_RECEIVE,
	POINT_DROP,
	POINT_STATE,
	POINTS,
};

/* What the hook does with an argument. */
enum point_role {
	ROLE_NONE,
	ROLE_VALUE, /* kept as a number */
	ROLE_TEXT,  /* the string it points at is kept */
	ROLE_TASK,  /* of the task it points at, pid and name are kept */
	ROLE_BLOB,  /* a number; as many bytes as the next argument says are kept as well */
};

#define POINT_PARAMETERS 4

/**
 * struct point_layout - where a tracepoint's arguments lie in its frame
 * @roles, @at, @size, @is_signed: of each argument in the order of the table in points.c
 */
struct point_layout {
	enum point_role roles[POINT_PARAMETERS];
	int64_t at[POINT_PARAMETERS];
	uint64_t size[POINT_PARAMETERS];
	bool is_signed[POINT_PARAMETERS];
};

/* Where a task's pid and name lie in the struct that describes it; -1 when there is none. */
struct task_layout {
	int64_t pid, name;
	uint64_t name_size;
};

struct points {
	struct point_layout layouts[POINTS];
	struct task_layout task;
};

int point_named(const char *function);
void point_layout(struct points *points, int point, const struct function *function);
void point_task_layout(struct points *points, struct image *image, const struct function *function);
void points_learn(struct points *points, struct image *image);

#endif
