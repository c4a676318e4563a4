/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of the dictionaries and events, handed to every sink. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

static void sink_failed(struct writer *writer, struct sink *sink, int error)
{
	if (!error || writer->error)
		return;
	writer->error = error;
	if (sink->error)
		snprintf(writer->message, sizeof(writer->message), "%s", sink->error(sink));
}

/* A row of a dictionary table. */
void define(struct writer *writer, const char *table, const struct value *columns, int count)
{
	for (struct sink *sink = writer->sinks; sink; sink = sink->next)
		if (sink->define && !writer->error)
			sink_failed(writer, sink, sink->define(sink, table, columns, count));
}

void define_meta(struct writer *writer, const char *key, struct value value)
{
	define(writer, "meta", (struct value[]){ value_text(key), value }, 2);
}

/* Completes an event with step, time, task and context, and sends it out. */
void emit(struct writer *writer, struct event *event)
{
	const struct wtask *task = writer->task;

	event->step = ++writer->step;
	event->time = (int64_t)writer->time;
	event->task = task->id;
	event->task_name = task->name;
	event->context = task->contexts_count ?
				 (int)task->contexts[task->contexts_count - 1].context :
			 task->id ? CONTEXT_TASK :
				    CONTEXT_IDLE;
	if (writer->error)
		writer->lost++;
	for (struct sink *sink = writer->sinks; sink; sink = sink->next)
		if (sink->event && !writer->error)
			sink_failed(writer, sink, sink->event(sink, event));
}

void emit_line(struct writer *writer, struct frame *frame, int line)
{
	struct event event = {
		.kind = EVENT_LINE,
		.parent = frame->step,
		.depth = frame->depth + 1,
		.function = frame->function->id,
		.line = line,
		.function_name = frame->function->name,
		.file_name = frame->function->file->path,
	};

	frame->last_line = line;
	emit(writer, &event);
}

int define_variable(struct writer *writer, const struct function *function, const char *name,
		    const char *ctype, int parameter, int line)
{
	int id = ++writer->image->last.variable;

	define(writer, "variable",
	       (struct value[]){ value_integer(id), value_integer(function->id), value_text(name),
				 value_text(ctype), value_integer(parameter), value_integer(line) },
	       6);
	return id;
}

static const char *signature(struct writer *writer, const struct function *function)
{
	char text[1024];
	size_t used;

	used = (size_t)snprintf(
		text, sizeof(text), "%s%s%s(", function->type->spelled,
		function->type->spelled[strlen(function->type->spelled) - 1] == '*' ? "" : " ",
		function->name);
	for (int i = 0; i < function->variables_count && used < sizeof(text); i++) {
		const struct variable *v = &function->variables[i];
		const char *spelled = v->type->spelled;

		if (v->parameter < 0)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%s%s",
					 v->parameter ? ", " : "", spelled,
					 spelled[strlen(spelled) - 1] == '*' ? "" : " ", v->name);
	}
	if (used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, "%s)",
			 function->parameters_count ? "" : "void");
	return pool_strdup(&writer->scratch, text);
}

static void define_function(struct writer *writer, struct function *function)
{
	define(writer, "func",
	       (struct value[]){ value_integer(function->id), value_text(function->name),
				 value_integer(function->file->id), value_integer(function->line),
				 value_integer(function->end_line),
				 value_text(function->type->spelled),
				 value_text(signature(writer, function)) },
	       7);
	for (int i = 0; i < function->variables_count; i++) {
		struct variable *v = &function->variables[i];

		v->id = define_variable(writer, function, v->name, v->type->spelled, v->parameter,
					v->line);
	}
	pool_free(&writer->scratch);
}

int define_enumeration(struct writer *writer, struct dtype *type)
{
	if (type->enumeration)
		return type->enumeration;
	type->enumeration = ++writer->image->last.enumeration;
	for (int i = 0; i < type->enumerators_count; i++)
		define(writer, "enumeration",
		       (struct value[]){ value_integer(type->enumeration), value_text(type->name),
					 value_integer(type->enumerators[i].value),
					 value_text(type->enumerators[i].name) },
		       4);
	return type->enumeration;
}

/* A type with its fields. */
void define_type(struct writer *writer, struct dtype *type)
{
	struct dtype *bare = type_strip(type);
	const char *name = bare->name && bare->kind != TYPE_INTEGER ? bare->name : type->spelled;

	if (type->id)
		return;
	type->id = ++writer->image->last.type;
	type_flatten(writer->image, type);
	define(writer, "type",
	       (struct value[]){ value_integer(type->id), value_text(name),
				 value_integer((int64_t)bare->size) },
	       3);
	for (int i = 0; i < type->leaves_count; i++) {
		struct leaf *leaf = &type->leaves[i];
		struct dtype *plain = type_strip(leaf->type);

		leaf->field = ++writer->image->last.field;
		leaf->enumeration = plain->kind == TYPE_ENUM ? define_enumeration(writer, plain) :
							       hint_enumeration(writer, leaf);
		define(writer, "field",
		       (struct value[]){
			       value_integer(leaf->field), value_integer(type->id),
			       value_text(leaf->name), value_text(leaf->path),
			       value_text(leaf->type->spelled),
			       leaf->enumeration ? value_integer(leaf->enumeration) : value_none(),
			       value_integer((int64_t)leaf->at), value_integer((int64_t)leaf->size),
			       leaf->bit_at >= 0 ? value_integer(leaf->bit_at) : value_none(),
			       leaf->bit_at >= 0 ? value_integer(leaf->bit_size) : value_none() },
		       10);
	}
}

/*
 * Source files, functions and types: all that every trace of this program begins with; of a baked program to
 * which a part was joined, what the part adds.
 */
void define_image(struct writer *writer)
{
	struct image *image = writer->image;

	for (int i = image->told.sources; i < image->sources_count; i++) {
		const struct source *source = image->sources[i];
		struct value text = value_text(source->text);

		text.size = source->size;
		define(writer, "file",
		       (struct value[]){ value_integer(source->id), value_text(source->path),
					 value_text(source->kernel_path), text },
		       4);
	}
	for (int i = 0; i < image->functions_count; i++)
		if (image->functions[i].canon == &image->functions[i] &&
		    image->functions[i].id > image->told.last_function)
			define_function(writer, &image->functions[i]);
	for (int i = 0; i < image->structs_count; i++)
		if (image->structs_list[i]->kind != TYPE_ENUM && image->structs_list[i]->complete)
			define_type(writer, image->structs_list[i]);
	for (int i = image->told.globals; i < image->globals_count; i++)
		define_type(writer, image->globals[i].type);
}
