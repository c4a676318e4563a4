/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of tracepoints, and their layouts from DWARF. */
#include <string.h>

#include "points.h"

static const struct {
	const char *name;
	struct {
		const char *name;
		enum point_role role;
	} parameters[POINT_PARAMETERS];
} table[POINTS] = {
	[POINT_ALLOC] = { "trace_kmem_alloc",
			  { { "ptr", ROLE_BLOB }, { "size", ROLE_VALUE }, { "type", ROLE_TEXT } } },
	[POINT_FREE] = { "trace_kmem_free", { { "ptr", ROLE_VALUE } } },
	[POINT_SWITCH] = { "trace_sched_switch", { { "prev", ROLE_TASK }, { "next", ROLE_TASK } } },
	[POINT_SLEEP] = { "trace_sched_sleep",
			  { { "task", ROLE_TASK }, { "timeout", ROLE_VALUE } } },
	[POINT_WAKEUP] = { "trace_sched_wakeup", { { "task", ROLE_TASK } } },
	[POINT_TIMER_START] = { "trace_timer_start",
				{ { "timer", ROLE_VALUE }, { "expires_ns", ROLE_VALUE } } },
	[POINT_TIMER_CANCEL] = { "trace_timer_cancel", { { "timer", ROLE_VALUE } } },
	[POINT_TIMER_ENTRY] = { "trace_timer_expire_entry", { { "timer", ROLE_VALUE } } },
	[POINT_TIMER_EXIT] = { "trace_timer_expire_exit", { { "timer", ROLE_VALUE } } },
	[POINT_SOFTIRQ_ENTRY] = { "trace_softirq_entry", { { "nr", ROLE_VALUE } } },
	[POINT_SOFTIRQ_EXIT] = { "trace_softirq_exit", { { "nr", ROLE_VALUE } } },
	[POINT_XMIT] = { "trace_net_dev_xmit",
			 { { "skb", ROLE_VALUE },
			   { "dev", ROLE_TEXT },
			   { "data", ROLE_BLOB },
			   { "len", ROLE_VALUE } } },
	[POINT_RECEIVE] = { "trace_netif_receive_skb",
			    { { "skb", ROLE_VALUE },
			      { "dev", ROLE_TEXT },
			      { "data", ROLE_BLOB },
			      { "len", ROLE_VALUE } } },
	[POINT_DROP] = { "trace_kfree_skb", { { "skb", ROLE_VALUE }, { "reason", ROLE_TEXT } } },
	[POINT_STATE] = { "trace_inet_sock_set_state",
			  { { "sk", ROLE_VALUE },
			    { "oldstate", ROLE_VALUE },
			    { "newstate", ROLE_VALUE } } },
};

/* The enum point of a function, -1 when it is an ordinary one. */
int point_named(const char *function)
{
	if (strncmp(function, "trace_", 6))
		return -1;
	for (int point = 0; point < POINTS; point++)
		if (!strcmp(function, table[point].name))
			return point;
	return -1;
}

/* Finds the table's parameters among those of @function; one it lacks stays ROLE_NONE. */
void point_layout(struct points *points, int point, const struct function *function)
{
	struct point_layout *layout = &points->layouts[point];

	for (int i = 0; i < POINT_PARAMETERS && table[point].parameters[i].name; i++) {
		for (int v = 0; v < function->variables_count; v++) {
			const struct variable *variable = &function->variables[v];

			if (variable->parameter < 0 ||
			    strcmp(variable->name, table[point].parameters[i].name))
				continue;
			layout->roles[i] = table[point].parameters[i].role;
			layout->at[i] = variable->at;
			layout->size[i] = variable->size < 8 ? variable->size : 8;
			layout->is_signed[i] = type_strip(variable->type)->is_signed;
		}
	}
}

/* Learns from the type of the tracepoint's task argument where pid and comm are. */
void point_task_layout(struct points *points, struct image *image, const struct function *function)
{
	struct dtype *type;

	points->task = (struct task_layout){ -1, -1, 0 };
	if (!function->parameters_count)
		return;
	type = type_strip(function->variables[0].type);
	if (type->kind != TYPE_POINTER)
		return;
	type = type_strip(type->target);
	if (type->kind != TYPE_STRUCT)
		return;
	if (!type->complete && type->name) {
		image_find_struct(image, type->name);
		type = type_named(image, type->name);
		if (!type)
			return;
	}
	type_parse(image, type);
	for (int i = 0; i < type->members_count; i++) {
		const struct member *member = &type->members[i];

		if (!member->name)
			continue;
		if (!strcmp(member->name, "pid"))
			points->task.pid = (int64_t)member->at;
		if (!strcmp(member->name, "comm")) {
			points->task.name = (int64_t)member->at;
			points->task.name_size = member->type->size;
		}
	}
}

/* Finds all tracepoints among the functions of the image, and what they tell of tasks. */
void points_learn(struct points *points, struct image *image)
{
	memset(points, 0, sizeof(*points));
	points->task = (struct task_layout){ -1, -1, 0 };
	for (int i = 0; i < image->functions_count; i++) {
		const struct function *function = &image->functions[i];

		if (function->point < 0)
			continue;
		point_layout(points, function->point, function);
		if (function->point == POINT_SWITCH || function->point == POINT_SLEEP ||
		    function->point == POINT_WAKEUP)
			if (points->task.pid < 0)
				point_task_layout(points, image, function);
	}
}
