/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames: which lines ran, and what became of parameters and locals.
 *
 * Lines.  Once a basic block has begun all its lines will run, in the order of their addresses;
 * each later event of the block says how far the program has come.  A line is told when the
 * program is known to have reached it, once for each time it runs: a second block on the same
 * line is the same run of it, unless the program jumped backwards.
 *
 * Locals.  The compiler announces stores only to memory that somebody else could see.  A local
 * whose address is not taken changes silently, so each record brings the frame's bytes along,
 * and a difference from the last look is a `local` event.  Several lines may have run in
 * between; the change is put behind the last of them that assigns to that name, as far as the
 * source's text tells.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

struct frame *frame_top(const struct writer *writer)
{
	struct wtask *task = writer->task;

	return task->count ? &task->frames[task->count - 1] : NULL;
}

struct frame *frame_push(struct writer *writer, const struct function *function, uint64_t cfa)
{
	struct wtask *task = writer->task;
	int base = task->contexts_count ? task->contexts[task->contexts_count - 1].base : 0;
	int open = task->count - base;
	struct frame *frame;
	uint8_t *room = NULL;
	size_t room_size = 0;

	/* what lay here before has left its snapshot's memory */
	if (task->count < task->used) {
		room = task->frames[task->count].room;
		room_size = task->frames[task->count].room_size;
	}
	frame = grow(task->frames, task->count, task->room);
	if (task->count > task->used)
		task->used = task->count;
	frame->room = room;
	frame->room_size = room_size;
	frame->function = function;
	frame->cfa = cfa;
	frame->depth = open > 0 ? open : 0;
	return frame;
}

/* The top function is gone, and with it the objects on its stack. */
void frame_pop(struct writer *writer)
{
	struct wtask *task = writer->task;
	struct frame *frame = &task->frames[--task->count];

	for (int i = 0; frame->locals && i < frame->function->variables_count; i++)
		if (frame->locals[i])
			object_death(writer, frame->locals[i]);
	free(frame->locals);
	if (task->contexts_count && task->contexts[task->contexts_count - 1].base > task->count)
		task->contexts_count--; /* left without its exit tracepoint */
}

/* ------------------------------------------------------------------ locals */

/* What follows a name: an assignment to it?  "=", "+=", "<<=", "++", but not "==". */
static bool assigns(const char *text, const char *end)
{
	while (text < end && *text == ' ')
		text++;
	if (end - text >= 2 && (!strncmp(text, "++", 2) || !strncmp(text, "--", 2)))
		return true;
	if (text < end && strchr("+-*/%&|^<>", *text)) {
		text++;
		if (text < end && (*text == '<' || *text == '>'))
			text++;
		return text < end && *text == '=';
	}
	return text < end && *text == '=' && !(end - text >= 2 && text[1] == '=');
}

/* Does the line assign to the word @name of @length letters? */
static bool text_assigns(const char *text, size_t size, const char *name, size_t length)
{
	for (size_t i = 0; i + length <= size; i++) {
		if (text[i] != *name || memcmp(text + i, name, length) ||
		    (i && is_word((unsigned char)text[i - 1])) ||
		    (i + length < size && is_word((unsigned char)text[i + length])))
			continue;
		if (i >= 2 && (!strncmp(text + i - 2, "++", 2) || !strncmp(text + i - 2, "--", 2)))
			return true;
		if (assigns(text + i + length, text + size))
			return true;
	}
	return false;
}

struct change {
	int variable; /* id in the trace */
	const char *name;
	struct value old_value, new_value;
	int line;
};

/*
 * Does the source line assign to the variable, or to the struct that it is a member of?  The text is
 * read once for each of the pairs, which come again and again.
 */
static bool line_assigns(struct writer *writer, const struct function *function, int line,
			 const struct change *change)
{
	uint64_t key = (uint64_t)line << 32 | (uint32_t)change->variable;
	uintptr_t known = (uintptr_t)map_get(&writer->assigns, key);
	size_t size, whole, first;
	const char *text;
	bool yes;

	if (known)
		return known == KNOWN_YES;
	whole = strlen(change->name);
	first = strcspn(change->name, ".[");
	text = source_line(writer->image, function->file, line, &size);
	yes = text_assigns(text, size, change->name, whole) ||
	      (first < whole && text_assigns(text, size, change->name, first));
	map_set(&writer->assigns, key, (void *)(yes ? KNOWN_YES : KNOWN_NO));
	return yes;
}

struct changes {
	struct change list[64];
	int count;
};

static void note_change(struct writer *writer, struct changes *changes, int variable,
			const char *name, const struct leaf *leaf, struct dtype *type,
			const uint8_t *old_bytes, const uint8_t *new_bytes, uint64_t size)
{
	struct change *change;
	int bit_at = leaf ? leaf->bit_at : -1, bit_size = leaf ? leaf->bit_size : 0;

	if (changes->count == 64)
		return;
	change = &changes->list[changes->count++];
	change->variable = variable;
	change->name = name;
	change->line = 0;
	change->old_value = value_none();
	if (!all_bytes(old_bytes, size, UNASSIGNED))
		change->old_value = value_of(writer, type, old_bytes, size, bit_at, bit_size);
	change->new_value = value_of(writer, type, new_bytes, size, bit_at, bit_size);
}

/* A local struct changed: each member that did goes by "name.member". */
static void struct_changes(struct writer *writer, const struct frame *frame,
			   const struct variable *variable, const uint8_t *old_bytes,
			   const uint8_t *new_bytes, struct changes *changes)
{
	struct dtype *type = type_strip(variable->type);

	type_flatten(writer->image, type);
	for (int i = 0; i < type->leaves_count; i++) {
		const struct leaf *leaf = &type->leaves[i];
		uint64_t key = (uint64_t)variable->id << 16 | (uint64_t)i;
		const char *name;
		int id;

		if (leaf->at + leaf->size > variable->size ||
		    !memcmp(old_bytes + leaf->at, new_bytes + leaf->at, leaf->size))
			continue;
		if (all_bytes(new_bytes + leaf->at, leaf->size, UNASSIGNED))
			continue;
		name = pool_printf(&writer->scratch, "%s.%s", variable->name, leaf->name);
		id = (int)(uintptr_t)map_get(&writer->local_leaves, key);
		if (!id) {
			id = define_variable(writer, frame->function, name, leaf->type->spelled, -1,
					     variable->line);
			map_set(&writer->local_leaves, key, (void *)(uintptr_t)id);
		}
		note_change(writer, changes, id, name, leaf, leaf->type, old_bytes + leaf->at,
			    new_bytes + leaf->at, leaf->size);
	}
}

static void find_changes(struct writer *writer, struct frame *frame, const uint8_t *now,
			 struct changes *changes)
{
	const struct function *function = frame->function;

	changes->count = 0;
	if (!memcmp(frame->snap, now, function->snap_size))
		return;
	for (int i = 0; i < function->variables_count; i++) {
		const struct variable *variable = &function->variables[i];
		const uint8_t *old_bytes = frame->snap + variable->snap;
		const uint8_t *new_bytes = now + variable->snap;
		struct dtype *type = type_strip(variable->type);
		int id = function->canon->variables[i].id;

		if (variable->snap < 0 || !memcmp(old_bytes, new_bytes, variable->size))
			continue;
		if (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION)
			struct_changes(writer, frame, &function->canon->variables[i], old_bytes,
				       new_bytes, changes);
		else
			note_change(writer, changes, id, variable->name, NULL, variable->type,
				    old_bytes, new_bytes, variable->size);
	}
	memcpy(frame->snap, now, function->snap_size);
}

/* Tells the changes that belong to @line, or (0) all that are left. */
static void tell_changes(struct writer *writer, struct frame *frame, struct changes *changes,
			 int line)
{
	for (int i = 0; i < changes->count; i++) {
		struct change *change = &changes->list[i];
		struct event event = { .kind = EVENT_LOCAL };

		if (!change->variable || (line && change->line != line))
			continue;
		event.parent = frame->step;
		event.depth = frame->depth + 1;
		event.function = frame->function->id;
		event.function_name = frame->function->name;
		event.file_name = frame->function->file->path;
		event.line = frame->last_line ? frame->last_line : frame->function->line;
		event.has_what = 1;
		event.what = change->variable;
		event.field_name = change->name;
		event.old_value = change->old_value;
		event.new_value = change->new_value;
		emit(writer, &event);
		change->variable = 0;
	}
}

/* ------------------------------------------------------------------ lines */

/*
 * Tells the lines of the block from the next one on, up to @reach, and the locals that changed
 * on the way.
 */
static void advance(struct writer *writer, struct frame *frame, uint64_t reach,
		    const struct raw *raw)
{
	const struct function *function = frame->function;
	const uint8_t *now = raw && raw->snap ? (const uint8_t *)raw + raw->size - raw->snap : NULL;
	static struct changes changes;
	int stop = frame->next;

	while (stop < frame->end && function->lines[stop].at < reach)
		stop++;
	changes.count = 0;
	if (now && frame->snap)
		find_changes(writer, frame, now, &changes);
	/* the last line that assigns to a name is where it got its value */
	for (int i = 0; i < changes.count; i++) {
		struct change *change = &changes.list[i];

		for (int l = stop - 1; l >= frame->next && !change->line; l--)
			if (line_assigns(writer, function, function->lines[l].line, change))
				change->line = function->lines[l].line;
		if (!change->line)
			change->line = frame->last_line;
	}
	tell_changes(writer, frame, &changes, frame->last_line);
	for (; frame->next < stop; frame->next++) {
		int line = function->lines[frame->next].line;

		if (line != frame->last_line)
			emit_line(writer, frame, line);
		tell_changes(writer, frame, &changes, line);
	}
	tell_changes(writer, frame, &changes, 0);
}

/* The place of a record, counted from the start of the frame's function. */
uint64_t frame_place(const struct writer *writer, const struct frame *frame, const struct raw *raw)
{
	return raw->pc - writer->image->bias - frame->function->low;
}

/* The program has come to raw->pc inside the block. */
void frame_lines(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	advance(writer, frame, frame_place(writer, frame, raw), raw);
}

/* The block has been left: everything in it has run. */
void frame_finish_block(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	advance(writer, frame, UINT64_MAX, raw);
}

/* A new block begins at raw->pc, which ends the one before. */
void frame_block(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	const struct function *function = frame->function;
	uint64_t at = frame_place(writer, frame, raw);
	int low = 0, high = function->blocks_count;

	frame_finish_block(writer, frame, raw);
	while (low < high) {
		int middle = (low + high) / 2;

		if (function->blocks[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	if (at <= frame->block)
		frame->last_line = 0; /* jumped back: the line runs again */
	frame->block = at;
	if (low < function->blocks_count) {
		frame->next = function->blocks[low].next;
		frame->end = function->blocks[low].end;
	}
	advance(writer, frame, at, NULL);
}

/* The first look at a frame: there is nothing to compare with. */
void frame_first_look(struct frame *frame, const struct raw *raw)
{
	size_t need = frame->function->snap_size;

	if (!raw->snap)
		return;
	/* most frames are small, and where none is large their memory stays together */
	if (frame->room_size < need) {
		free(frame->room);
		frame->room_size = need < SNAP_ROOM ? SNAP_ROOM : need;
		frame->room = malloc(frame->room_size);
	}
	if (!frame->room)
		abort();
	frame->snap = frame->room;
	memcpy(frame->snap, (const uint8_t *)raw + raw->size - raw->snap,
	       frame->function->snap_size);
}

/* ------------------------------------------------------------------ objects in frames */

static struct frame *frame_around(struct wtask *task, uint64_t addr, int *variable)
{
	for (int f = task->count - 1; f >= 0; f--) {
		struct frame *frame = &task->frames[f];
		const struct function *function = frame->function;

		if (addr - (frame->cfa - 0x100000) > 0x100000 + 0x1000)
			continue;
		for (int i = 0; i < function->variables_count; i++) {
			const struct variable *v = &function->variables[i];

			if (addr - (frame->cfa + (uint64_t)v->at) < v->size) {
				*variable = i;
				return frame;
			}
		}
	}
	return NULL;
}

static struct frame *frame_anywhere(const struct writer *writer, uint64_t addr, int *variable)
{
	struct frame *frame = frame_around(writer->task, addr, variable);

	for (struct wtask *task = writer->tasks; task && !frame; task = task->next)
		if (task != writer->task)
			frame = frame_around(task, addr, variable);
	return frame;
}

/* The parameter or local at @addr as an object, or NULL when no frame has one there. */
struct object *frame_object(struct writer *writer, uint64_t addr)
{
	const struct variable *v;
	struct frame *frame;
	int variable;

	frame = frame_anywhere(writer, addr, &variable);
	if (!frame)
		return NULL;
	v = &frame->function->variables[variable];
	if (!frame->locals) {
		frame->locals =
			calloc((size_t)frame->function->variables_count, sizeof(*frame->locals));
		if (!frame->locals)
			abort();
	}
	if (!frame->locals[variable])
		frame->locals[variable] = object_add(
			writer, OBJECT_STACK,
			pool_printf(&writer->pool, "%s.%s", frame->function->name, v->name),
			v->type, frame->cfa + (uint64_t)v->at, v->size);
	return frame->locals[variable];
}

/* A store has been told by itself: the next look at the frame must not tell it again. */
void frame_patch(struct writer *writer, uint64_t addr, uint64_t size, const uint8_t *bytes)
{
	struct frame *frame;
	int variable;

	frame = frame_anywhere(writer, addr, &variable);
	if (!frame || !frame->snap || frame->function->variables[variable].snap < 0)
		return;
	addr -= frame->cfa + (uint64_t)frame->function->variables[variable].at;
	if (addr + size > frame->function->variables[variable].size)
		size = frame->function->variables[variable].size - addr;
	memcpy(frame->snap + frame->function->variables[variable].snap + addr, bytes, size);
}

/* A variable's value as last seen, for pointers: false when it is not in the snapshots. */
bool frame_value(const struct frame *frame, const struct variable *variable, uint64_t *value)
{
	if (!frame->snap || variable->snap < 0 || variable->size != 8)
		return false;
	memcpy(value, frame->snap + variable->snap, 8);
	return true;
}
