/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an object held at some moments. Who changed it is not known, nor when, only that it had changed when
 * somebody looked: the store stands in the call that ran then.
 */
#include "ftrace.h"

enum { THE_OBJECT = 1, THE_TYPE = 1 };

void ftrace_fields_begin(struct ftrace_build *b)
{
	const struct import_object *o = b->object;

	if (!o || !o->moments)
		return;
	b->held = o->values;
	ftrace_define_row(b, "type",
			  (struct value[]){ value_integer(THE_TYPE), value_text(o->type),
					    value_integer(o->size) },
			  3);
	ftrace_define_row(b, "object",
			  (struct value[]){ value_integer(THE_OBJECT),
					    value_text(pool_printf(&b->pool, "%s#1", o->type)),
					    value_integer(THE_TYPE), value_text("heap"),
					    value_integer(o->size), value_integer(0),
					    value_none() },
			  7);
	for (size_t i = 0; i < o->field_count; i++) {
		const struct import_field *f = &o->fields[i];
		int64_t id = (int64_t)i + 1;

		ftrace_define_row(b, "field",
				  (struct value[]){ value_integer(id), value_integer(THE_TYPE),
						    value_text(f->name), value_text(f->name),
						    value_text("long"), value_none(),
						    value_integer(f->offset),
						    value_integer(f->size), value_none(),
						    value_none() },
				  10);
		if (b->held[i])
			ftrace_define_row(b, "initial",
					  (struct value[]){ value_integer(THE_OBJECT),
							    value_integer(id),
							    value_integer(f->offset),
							    value_integer(b->held[i]) },
					  4);
	}
	b->moment_at = 1;
}

void ftrace_fields_until(struct ftrace_build *b, int64_t time)
{
	const struct import_object *o = b->object;

	while (b->held && b->moment_at < o->moments && o->times[b->moment_at] - b->base <= time) {
		const int64_t *holds = o->values + b->moment_at * o->field_count;

		if (o->times[b->moment_at] - b->base > b->now)
			b->now = o->times[b->moment_at] - b->base;
		for (size_t i = 0; i < o->field_count; i++) {
			struct event event = ftrace_inside(b, b->running, EVENT_STORE);

			if (holds[i] == b->held[i])
				continue;
			event.object = THE_OBJECT;
			event.what = (int64_t)i + 1;
			event.has_what = 1;
			event.field_name = o->fields[i].name;
			event.old_value = value_integer(b->held[i]);
			event.new_value = value_integer(holds[i]);
			ftrace_put(b, &event);
			b->stores++;
		}
		b->held = holds;
		b->moment_at++;
	}
}
