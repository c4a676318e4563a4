/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types that the code gives to memory.
 *
 * A packet's bytes have no type of their own, and fields such as sk_buff.cb or icsk_ca_priv are
 * arrays for whoever needs room.  What lies there the running code knows: a parameter or local
 * that is a pointer to a struct (th -> tcphdr), a pointer that a function just gave back
 * (tcp_hdr(skb)->seq), or a cast by a macro (TCP_SKB_CB(skb)->seq).  One of them "covers" an
 * address when the struct it points at does.
 */
#include <stdio.h>
#include <string.h>

#include "cover.h"

/* Callers that are asked when the running function does not know. */
#define LEVELS 6

/*
 * A field that other types may be laid over: an array of integers.  *@start becomes where it
 * begins.
 */
bool is_opaque(const struct dtype *type, int index, uint64_t *start)
{
	const struct leaf *leaf = &type->leaves[index];
	struct dtype *bare = type_strip(leaf->type);
	size_t length = strlen(leaf->name);

	*start = leaf->at;
	if (bare->kind == TYPE_ARRAY)
		return type_strip(bare->target)->kind == TYPE_INTEGER && bare->size >= 8;
	if (bare->kind != TYPE_INTEGER || leaf->name[length - 1] != ']')
		return false;
	length = (size_t)(strrchr(leaf->name, '[') - leaf->name);
	while (index > 0 && strlen(type->leaves[index - 1].name) > length &&
	       !strncmp(type->leaves[index - 1].name, leaf->name, length + 1))
		*start = type->leaves[--index].at;
	return true;
}

/* Does @type have a member of type @wanted at @offset: is the cover just how C sees it? */
bool has_member(struct writer *writer, struct dtype *type, uint64_t offset, struct dtype *wanted)
{
	struct dtype *bare = type_strip(type);

	if (bare == wanted)
		return !offset;
	if (bare->kind == TYPE_ARRAY && type_strip(bare->target)->size)
		return has_member(writer, bare->target, offset % type_strip(bare->target)->size,
				  wanted);
	if (bare->kind != TYPE_STRUCT && bare->kind != TYPE_UNION)
		return false;
	type_parse(writer->image, bare);
	for (int i = 0; i < bare->members_count; i++) {
		const struct member *member = &bare->members[i];

		if (!member->bit_size && offset >= member->at &&
		    offset - member->at < type_strip(member->type)->size &&
		    has_member(writer, member->type, offset - member->at, wanted))
			return true;
	}
	return false;
}

static bool covers(struct writer *writer, struct dtype *pointer, uint64_t value, uint64_t addr,
		   uint64_t size, struct cover *cover)
{
	struct dtype *type = type_strip(pointer);

	if (type->kind != TYPE_POINTER)
		return false;
	type = type_strip(type->target);
	if ((type->kind == TYPE_STRUCT || type->kind == TYPE_UNION) && !type->complete &&
	    type->name)
		type = type_named(writer->image, type->name);
	if (!type || (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION) || !type->size ||
	    addr < value || addr + size > value + type->size)
		return false;
	/* the smallest struct says most */
	if (cover->type && cover->type->size <= type->size)
		return false;
	cover->type = type;
	cover->addr = value;
	return true;
}

static bool frame_covers(struct writer *writer, const struct frame *frame, uint64_t addr,
			 uint64_t size, struct cover *cover)
{
	bool found = false;
	uint64_t value;

	for (int i = 0; i < frame->function->variables_count; i++) {
		const struct variable *variable = &frame->function->variables[i];

		if (frame_value(frame, variable, &value) &&
		    covers(writer, variable->type, value, addr, size, cover))
			found = true;
	}
	for (int i = 0; i < RETURNED; i++)
		if (frame->returned[i].type && covers(writer, frame->returned[i].type,
						      frame->returned[i].value, addr, size, cover))
			found = true;
	return found;
}

/* A pointer that says nothing of what it points at: void *, unsigned char *. */
static bool is_byte_pointer(struct dtype *pointer)
{
	struct dtype *target;

	if (!pointer || type_strip(pointer)->kind != TYPE_POINTER)
		return false;
	target = type_strip(type_strip(pointer)->target);
	return target->kind == TYPE_VOID || (target->kind == TYPE_INTEGER && target->size == 1);
}

/* A cast of what was just returned, newest first: skb_shinfo(skb) is one of skb_end_pointer(). */
static bool returned_covers(const struct frame *frame, struct dtype *type, uint64_t addr,
			    uint64_t size, struct cover *cover)
{
	for (int back = 1; back <= RETURNED; back++) {
		unsigned int r = (frame->returned_next + RETURNED - (unsigned int)back) % RETURNED;
		uint64_t value = frame->returned[r].value;

		if (is_byte_pointer(frame->returned[r].type) && addr >= value &&
		    addr + size <= value + type->size) {
			*cover = (struct cover){ type, value };
			return true;
		}
	}
	return false;
}

/*
 * A cast by a macro in the source line: TCP_SKB_CB(skb)->seq, skb_shinfo(skb)->nr_frags.  The
 * struct must begin where the catch-all field does, or where a pointer just returned points.
 */
static bool macro_covers(struct writer *writer, const struct frame *frame, int line,
			 uint64_t field_addr, uint64_t addr, uint64_t size, struct cover *cover)
{
	size_t length;
	const char *text = source_line(writer->image, frame->function->file, line, &length);

	for (size_t i = 0; i < length;) {
		char name[64], type_name[64];
		const char *body, *cast;
		struct dtype *type;
		size_t n = 0;

		while (i + n < length && is_word((unsigned char)text[i + n]))
			n++;
		if (!n) {
			i++;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)n, text + i);
		i += n;
		body = macro_body(writer->image, name);
		cast = body ? strstr(body, "(struct ") : NULL;
		if (!cast || sscanf(cast, "(struct %63[A-Za-z0-9_] *", type_name) != 1)
			continue;
		type = type_named(writer->image, type_name);
		if (!type)
			continue;
		if (field_addr && addr >= field_addr && addr + size <= field_addr + type->size) {
			*cover = (struct cover){ type, field_addr };
			return true;
		}
		if (returned_covers(frame, type, addr, size, cover))
			return true;
	}
	return false;
}

/**
 * find_cover - what the running code says lies at an address
 * @writer: knows the frames
 * @frame: the one that stores there, or NULL; then its callers are asked, some levels up
 * @line: of the store
 * @field_addr: where the catch-all field begins that holds @addr, 0 for none
 * @addr, @size: what was stored to
 * @cover: takes the answer
 *
 * Return: whether there is one.
 */
bool find_cover(struct writer *writer, const struct frame *frame, int line, uint64_t field_addr,
		uint64_t addr, uint64_t size, struct cover *cover)
{
	struct wtask *task = writer->task;
	int f;

	memset(cover, 0, sizeof(*cover));
	if (frame && macro_covers(writer, frame, line, field_addr, addr, size, cover))
		return true;
	for (f = task->count - 1; f >= 0 && &task->frames[f] != frame; f--)
		;
	for (int up = 0; f >= 0 && up < LEVELS; f--, up++)
		if (frame_covers(writer, &task->frames[f], addr, size, cover))
			return true;
	return false;
}
