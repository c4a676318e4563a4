/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which field a store went to.
 *
 * Theory of operation.  The hook knows an address, a size, and the bytes before and after.  The
 * object at that address has a type, and the type has leaves (leaves.c).  Then:
 *
 *  - one leaf of just that place and size: that is it.  Where members of a union share the
 *    place, the one that the source line mentions.
 *  - bit-fields: the compiler stores the whole unit they live in.  The ones that changed name
 *    themselves; when none did, the one in the source line, else all of them joined by '|'.
 *  - a part of an array: the path to the element, bhash[77].chain.first.
 *  - several leaves (a struct was copied, memset or memcpy ran): one event for each; long runs
 *    of leaves that kept their value become one event, "first..last".
 *
 * Memory without a type, or a catch-all field, has the type that the code gives it (cover.c).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cover.h"

/* Stores of more bytes than this are copies: leaves that kept their value are told together. */
#define COPY_SIZE 16

/* How far the end of a statement is looked for. */
#define STATEMENT_LINES 4

/* How deep macros are followed: skb_checksum_init() sets csum_valid two macros down. */
#define MACRO_LEVELS 3

/* One store being told. */
struct telling {
	struct writer *writer;
	struct frame *frame;
	struct object *object;
	uint64_t at, size; /* in the object */
	const uint8_t *old_bytes, *new_bytes;
	int line;
	/* the run of unchanged leaves that waits to be told */
	const char *run_first, *run_last;
	uint64_t run_at, run_size;
	int run_count;
};

/* ------------------------------------------------------------------ paths */

/*
 * Does the text mention @name as a word, by itself or (so many @levels deep) in the body of a
 * macro that it uses?
 */
static bool text_mentions(const struct image *image, const char *text, size_t size,
			  const char *name, int levels)
{
	size_t length = strlen(name), n;

	for (size_t i = 0; i < size; i += n ? n : 1) {
		char word[64];
		const char *body;

		for (n = 0; i + n < size && is_word((unsigned char)text[i + n]);)
			n++;
		if (n == length && !strncmp(text + i, name, length))
			return true;
		if (!levels || !n || n >= sizeof(word))
			continue;
		memcpy(word, text + i, n);
		word[n] = 0;
		body = macro_body(image, word);
		if (body && text_mentions(image, body, strlen(body), name, levels - 1))
			return true;
	}
	return false;
}

/* Does the statement at the line mention @name?  A statement may take some lines. */
static bool line_mentions(const struct telling *t, const char *name, int levels)
{
	if (!t->frame)
		return false;
	for (int line = t->line; line < t->line + STATEMENT_LINES; line++) {
		size_t size;
		const char *text =
			source_line(t->writer->image, t->frame->function->file, line, &size);

		if (text_mentions(t->writer->image, text, size, name, levels))
			return true;
		if (memchr(text, ';', size))
			break;
	}
	return false;
}

/* The last word of a path: what the source would mention. */
static const char *last_word(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? dot + 1 : path;
}

/* The text is read once for each field and line, which come again and again. */
static bool leaf_mentioned(const struct telling *t, const struct leaf *leaf, int levels)
{
	uint64_t key;
	uintptr_t known;
	bool yes;

	if (!t->frame)
		return false;
	key = (uint64_t)leaf->field << 40 | (uint64_t)t->frame->function->file->id << 24 |
	      (uint64_t)t->line << 4 | (unsigned int)levels;
	known = leaf->field ? (uintptr_t)map_get(&t->writer->mentions, key) : 0;
	if (known)
		return known == KNOWN_YES;
	yes = line_mentions(t, leaf->name, levels) ||
	      line_mentions(t, last_word(leaf->name), levels) ||
	      line_mentions(t, last_word(leaf->path), levels);
	if (leaf->field)
		map_set(&t->writer->mentions, key, (void *)(yes ? KNOWN_YES : KNOWN_NO));
	return yes;
}

/* The first leaf that ends behind @at; leaves are ordered by offset, unions overlap. */
static int first_leaf(const struct dtype *type, uint64_t at)
{
	int low = 0, high = type->leaves_count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (type->leaves[middle].reach <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The path of the member at @offset of @type, for pointers into objects: the member whose type
 * is @wanted, or the outermost that begins there and is no base class.  NULL in the middle of
 * something, "" for the thing itself.
 */
const char *member_name(struct writer *writer, struct dtype *type, uint64_t offset,
			struct dtype *wanted)
{
	struct dtype *bare = type_strip(type), *goal = wanted ? type_strip(wanted) : NULL;
	const char *rest;

	if (!offset && (!goal || goal == bare || goal->kind == TYPE_VOID))
		return "";
	if (bare->kind == TYPE_ARRAY) {
		uint64_t element = type_strip(bare->target)->size, i;

		if (!element)
			return NULL;
		i = offset / element;
		if (!offset && type_strip(bare->target)->kind == TYPE_INTEGER)
			return ""; /* cb, not cb[0] */
		rest = member_name(writer, bare->target, offset % element, wanted);
		if (!rest)
			return NULL;
		return pool_printf(&writer->scratch, "[%lu]%s%s", i, *rest ? "." : "", rest);
	}
	if (bare->kind != TYPE_STRUCT && bare->kind != TYPE_UNION)
		return offset ? NULL : "";
	type_parse(writer->image, bare);
	for (int i = 0; i < bare->members_count; i++) {
		const struct member *member = &bare->members[i];
		struct dtype *inner = type_strip(member->type);

		if (member->bit_size || offset < member->at || offset - member->at >= inner->size)
			continue;
		rest = member_name(writer, member->type, offset - member->at, wanted);
		if (!rest)
			continue;
		if (!member->name || (*rest && member_is_base(writer->image, member)))
			return rest; /* base classes go without saying */
		return pool_join(&writer->scratch, member->name, *rest && *rest != '[' ? "." : "",
				 rest);
	}
	return NULL;
}

/* ------------------------------------------------------------------ telling */

static void tell(struct telling *t, const struct leaf *leaf, const char *place, uint64_t size,
		 struct value old_value, struct value new_value)
{
	struct event event = { .kind = EVENT_STORE };

	event.line = t->line;
	event.object = t->object ? t->object->id : 0;
	event.object_name = t->object ? t->object->name : NULL;
	event.has_what = leaf && leaf->field;
	event.what = leaf ? leaf->field : 0;
	event.place = place;
	event.place_size = size;
	event.field_name = place ? place : leaf ? leaf->name : NULL;
	event.old_value = old_value;
	event.new_value = new_value;
	if (t->frame) {
		event.parent = t->frame->step;
		event.depth = t->frame->depth + 1;
		event.function = t->frame->function->id;
		event.function_name = t->frame->function->name;
		event.file_name = t->frame->function->file->path;
	}
	emit(t->writer, &event);
}

static void end_run(struct telling *t)
{
	const uint8_t *bytes = t->new_bytes + (t->run_at - t->at);
	struct value value =
		all_bytes(bytes, t->run_size, 0) ? value_integer(0) : value_text("unchanged");
	const char *place;

	if (!t->run_count)
		return;
	place = t->run_count == 1 ?
			t->run_first :
			pool_printf(&t->writer->scratch, "%s..%s", t->run_first, t->run_last);
	t->run_count = 0;
	tell(t, NULL, place, t->run_size, value, value);
}

/* Adds an unchanged leaf to the run: @name, or @short_name where there is no longer one. */
static void extend_run(struct telling *t, const char *name, const char *short_name, uint64_t at,
		       uint64_t end)
{
	if (!t->run_count++) {
		t->run_first = name ? name : short_name;
		t->run_at = at;
	}
	t->run_last = name ? name : short_name;
	t->run_size = end - t->run_at;
}

/* The old value; a local's bytes that nobody has assigned yet show as '?'. */
static struct value old_value(struct telling *t, struct dtype *type, uint64_t at, uint64_t size,
			      int bit_at, int bit_size)
{
	const uint8_t *bytes = t->old_bytes + (at - t->at);

	if (t->object && t->object->kind == OBJECT_STACK && all_bytes(bytes, size, UNASSIGNED))
		return value_text("?");
	return value_of(t->writer, type, bytes, size, bit_at, bit_size);
}

/* Tells one piece: @size bytes at @at of the object, a @type named by @leaf or @place. */
static void piece(struct telling *t, const struct leaf *leaf, const char *place, struct dtype *type,
		  uint64_t at, uint64_t size, int bit_at, int bit_size)
{
	const uint8_t *new_bytes = t->new_bytes + (at - t->at);

	tell(t, leaf, place, size, old_value(t, type, at, size, bit_at, bit_size),
	     value_of(t->writer, type, new_bytes, size, bit_at, bit_size));
}

static bool piece_changed(const struct telling *t, uint64_t at, uint64_t size)
{
	return memcmp(t->old_bytes + (at - t->at), t->new_bytes + (at - t->at), size) != 0;
}

static void split(struct telling *t, struct dtype *type, uint64_t base, const char *prefix,
		  uint64_t from, uint64_t to, bool fold);

/* The name of a leaf, behind the prefix of what it lies in. */
static const char *full_name(struct telling *t, const char *prefix, const char *name)
{
	return *prefix ? pool_join(&t->writer->scratch, prefix, ".", name) : NULL;
}

/* Elements @from to @to of an array: each by itself. */
static void split_array(struct telling *t, const struct leaf *leaf, struct dtype *type,
			uint64_t base, const char *name, uint64_t from, uint64_t to, bool fold)
{
	struct dtype *array = type_strip(type), *element = type_strip(array->target);
	uint64_t size = element->size ? element->size : 1;

	if (element->kind == TYPE_INTEGER && element->size == 1 && to - from > 1) {
		piece(t, from == base && to == base + array->size ? leaf : NULL,
		      from == base && to == base + array->size && leaf ? NULL : name, type, from,
		      to - from, -1, 0);
		return;
	}
	for (uint64_t at = from; at < to;) {
		uint64_t i = (at - base) / size, start = base + i * size, end = start + size;
		const char *place = pool_printf(&t->writer->scratch, "%s[%lu]", name, i);

		if (end > to)
			end = to;
		if (element->kind == TYPE_STRUCT || element->kind == TYPE_UNION ||
		    element->kind == TYPE_ARRAY) {
			split(t, array->target, start, place, at, end, fold);
		} else if (fold && !piece_changed(t, at, end - at)) {
			extend_run(t, place, place, at, end);
		} else {
			end_run(t);
			piece(t, leaf && leaf->field ? leaf : NULL, place, array->target, at,
			      end - at, -1, 0);
		}
		at = end;
	}
}

/* Tells those bit-fields first..last-1 that changed.  Returns how many did. */
static int tell_changed_bits(struct telling *t, struct dtype *type, uint64_t base,
			     const char *prefix, int first, int last)
{
	int changed = 0;

	for (int i = first; i < last; i++) {
		const struct leaf *leaf = &type->leaves[i];
		uint64_t at = base + leaf->at - t->at;
		struct value before = value_of(t->writer, leaf->type, t->old_bytes + at, leaf->size,
					       leaf->bit_at, leaf->bit_size);
		struct value after = value_of(t->writer, leaf->type, t->new_bytes + at, leaf->size,
					      leaf->bit_at, leaf->bit_size);

		if (before.integer == after.integer)
			continue;
		changed++;
		end_run(t);
		piece(t, leaf, full_name(t, prefix, leaf->name), leaf->type, base + leaf->at,
		      leaf->size, leaf->bit_at, leaf->bit_size);
	}
	return changed;
}

/* Of bit-fields first..last-1 the one that the statement mentions, itself or by a macro. */
static const struct leaf *mentioned_bits(const struct telling *t, const struct dtype *type,
					 int first, int last)
{
	if (last - first == 1)
		return &type->leaves[first];
	for (int levels = 0; levels <= MACRO_LEVELS; levels += MACRO_LEVELS)
		for (int i = first; i < last; i++)
			if (leaf_mentioned(t, &type->leaves[i], levels))
				return &type->leaves[i];
	return NULL;
}

/* Nobody knows which of the bit-fields was meant: all of them, joined. */
static void tell_joined_bits(struct telling *t, const struct dtype *type, uint64_t base,
			     const char *prefix, int first, int last)
{
	const struct leaf *low = &type->leaves[first], *high = &type->leaves[last - 1];
	uint64_t at = base + low->at - t->at, size = high->at + high->size - low->at;
	char *joined = pool_alloc(&t->writer->scratch, 1024);
	size_t used = 0;

	for (int i = first; i < last && used < 900; i++)
		used += (size_t)snprintf(joined + used, 1024 - used, "%s%s", used ? "|" : "",
					 type->leaves[i].name);
	if (*prefix)
		joined = pool_printf(&t->writer->scratch, "%s.%s", prefix, joined);
	tell(t, NULL, joined, size, value_bytes(t->old_bytes + at, size),
	     value_bytes(t->new_bytes + at, size));
}

/*
 * A unit of bit-fields was stored: leaves first..last-1 of @type.  See the head of this file for
 * who gets named.
 */
static void split_bits(struct telling *t, struct dtype *type, uint64_t base, const char *prefix,
		       int first, int last, bool fold)
{
	const struct leaf *low = &type->leaves[first], *high = &type->leaves[last - 1], *leaf;

	if (tell_changed_bits(t, type, base, prefix, first, last))
		return;
	if (fold) {
		extend_run(t, full_name(t, prefix, low->name), low->name, base + low->at,
			   base + low->at + low->size);
		extend_run(t, full_name(t, prefix, high->name), high->name, base + high->at,
			   base + high->at + high->size);
		return;
	}
	leaf = mentioned_bits(t, type, first, last);
	if (leaf)
		piece(t, leaf, full_name(t, prefix, leaf->name), leaf->type, base + leaf->at,
		      leaf->size, leaf->bit_at, leaf->bit_size);
	else
		tell_joined_bits(t, type, base, prefix, first, last);
}

/* Bytes that no leaf covers: padding. */
static void split_gap(struct telling *t, const char *prefix, uint64_t base, uint64_t from,
		      uint64_t to)
{
	/* a copy takes the holes between members along, which is nobody's business */
	if (to - from < t->size)
		return;
	end_run(t);
	tell(t, NULL,
	     pool_printf(&t->writer->scratch, "%s%s(bytes %lu-%lu)", prefix, *prefix ? "." : "",
			 from - base, to - base - 1),
	     to - from, value_bytes(t->old_bytes + (from - t->at), to - from),
	     value_bytes(t->new_bytes + (from - t->at), to - from));
}

/*
 * The leaf of exactly [from, to): with several (a union) the one the source mentions.  Returns
 * its index or -1.
 */
static int exact_leaf(const struct telling *t, const struct dtype *type, uint64_t from, uint64_t to)
{
	int found = -1;

	for (int i = first_leaf(type, from); i < type->leaves_count; i++) {
		const struct leaf *leaf = &type->leaves[i];

		if (leaf->at > from)
			break;
		if (leaf->at != from || leaf->at + leaf->size != to || leaf->bit_at >= 0)
			continue;
		if (found < 0)
			found = i;
		else if (leaf_mentioned(t, leaf, 0) && !leaf_mentioned(t, &type->leaves[found], 0))
			found = i;
	}
	return found;
}

/* Of leaves that begin before @to and end behind @at, the best to go on with; -1 for none. */
static int next_leaf(const struct telling *t, const struct dtype *type, uint64_t at, uint64_t to)
{
	int best = -1;

	for (int i = first_leaf(type, at); i < type->leaves_count && type->leaves[i].at < to; i++) {
		const struct leaf *leaf = &type->leaves[i],
				  *other = best < 0 ? NULL : &type->leaves[best];
		bool fits = leaf->at >= at && leaf->at + leaf->size <= to;

		if (leaf->at + leaf->size <= at)
			continue;
		if (!other) {
			best = i;
			continue;
		}
		if (leaf->at > other->at && other->at >= at)
			break;
		/* one that fits into what was stored, else one that the source mentions */
		if (fits && !(other->at >= at && other->at + other->size <= to))
			best = i;
		else if (fits && leaf->at == other->at && leaf_mentioned(t, leaf, 0) &&
			 !leaf_mentioned(t, other, 0))
			best = i;
	}
	return best;
}

/* One leaf of which [from, to) was stored. */
static void split_leaf(struct telling *t, struct dtype *type, int index, uint64_t base,
		       const char *prefix, uint64_t from, uint64_t to, bool fold)
{
	const struct leaf *leaf = &type->leaves[index];
	const char *name = full_name(t, prefix, leaf->name);
	struct dtype *bare = type_strip(leaf->type);
	bool whole = from == base + leaf->at && to == base + leaf->at + leaf->size;

	if (bare->kind == TYPE_ARRAY && !(whole && type_strip(bare->target)->kind == TYPE_INTEGER &&
					  type_strip(bare->target)->size == 1)) {
		split_array(t, leaf, leaf->type, base + leaf->at, name ? name : leaf->name, from,
			    to, fold);
		return;
	}
	if (fold && !piece_changed(t, from, to - from)) {
		extend_run(t, name, leaf->name, from, to);
		return;
	}
	end_run(t);
	if (!whole)
		name = pool_printf(&t->writer->scratch, "%s+%lu", name ? name : leaf->name,
				   from - base - leaf->at);
	piece(t, leaf, name, leaf->type, from, to - from, -1, 0);
}

/*
 * Tells [from, to) of the object as members of a @type that lies at @base.  @fold: unchanged
 * members may be told together.
 */
static void split(struct telling *t, struct dtype *type, uint64_t base, const char *prefix,
		  uint64_t from, uint64_t to, bool fold)
{
	struct dtype *bare = type_strip(type);
	uint64_t at = from;

	if (bare->kind == TYPE_STRUCT || bare->kind == TYPE_UNION)
		type = bare;
	define_type(t->writer, type);
	while (at < to) {
		int i = exact_leaf(t, type, at - base, to - base);
		uint64_t end;

		if (i < 0)
			i = next_leaf(t, type, at - base, to - base);
		if (i < 0) {
			split_gap(t, prefix, base, at, to);
			return;
		}
		if (base + type->leaves[i].at > at) {
			split_gap(t, prefix, base, at, base + type->leaves[i].at);
			at = base + type->leaves[i].at;
		}
		end = base + type->leaves[i].at + type->leaves[i].size;
		if (type->leaves[i].bit_at >= 0 && base + type->leaves[i].at >= at) {
			int last = i;

			while (last < type->leaves_count && type->leaves[last].bit_at >= 0 &&
			       base + type->leaves[last].at + type->leaves[last].size <= to &&
			       base + type->leaves[last].at < to) {
				if (base + type->leaves[last].at + type->leaves[last].size > end)
					end = base + type->leaves[last].at +
					      type->leaves[last].size;
				last++;
			}
			if (last > i) {
				split_bits(t, type, base, prefix, i, last, fold);
				at = end > at ? end : at + 1;
				continue;
			}
		}
		if (end > to)
			end = to;
		split_leaf(t, type, i, base, prefix, at, end, fold);
		at = end;
	}
}

/*
 * Tells the store as members of the struct that the code sees there. @leaf: the catch-all that it
 * lies in, or NULL. What that is a member of comes first, "skb2.tcp_skb_cb.seq": an object may hold
 * two of a kind.
 */
static void tell_covered(struct telling *t, const struct cover *cover, const struct leaf *leaf)
{
	const char *name = cover->type->name ? cover->type->name : "";
	const char *dot = leaf && leaf->name ? strrchr(leaf->name, '.') : NULL;

	if (dot)
		name = pool_printf(&t->writer->scratch, "%.*s.%s", (int)(dot - leaf->name),
				   leaf->name, name);
	split(t, cover->type, cover->addr - t->object->addr, name, t->at, t->at + t->size,
	      t->size > COPY_SIZE);
	end_run(t);
}

/* Bytes without a type. */
static void tell_bytes(struct telling *t)
{
	struct value before = value_none(), after = value_none();
	uint64_t addr = t->object->addr + t->at;
	struct cover cover;
	const char *place;

	if (find_cover(t->writer, t->frame, t->line, 0, addr, t->size, &cover)) {
		tell_covered(t, &cover, NULL);
		return;
	}
	place = pool_printf(&t->writer->scratch, "data[%lu]", t->at);
	if (t->size <= 8) {
		uint64_t number = 0;

		memcpy(&number, t->new_bytes, t->size);
		after = operand_value(t->writer, number, t->size, false);
		number = 0;
		memcpy(&number, t->old_bytes, t->size);
		before = operand_value(t->writer, number, t->size, false);
	} else {
		static struct dtype byte = { .kind = TYPE_INTEGER, .size = 1, .spelled = "u8" };
		struct dtype bytes = {
			.kind = TYPE_ARRAY, .target = &byte, .count = t->size, .size = t->size
		};

		before = value_of(t->writer, &bytes, t->old_bytes, t->size, -1, 0);
		after = value_of(t->writer, &bytes, t->new_bytes, t->size, -1, 0);
	}
	tell(t, NULL, place, t->size, before, after);
}

static void tell_typed(struct telling *t)
{
	struct dtype *type = t->object->type;
	struct cover cover;
	uint64_t start;
	int i;

	define_type(t->writer, type);
	i = first_leaf(type, t->at);
	if (i < type->leaves_count && type->leaves[i].at <= t->at && is_opaque(type, i, &start) &&
	    find_cover(t->writer, t->frame, t->line, t->object->addr + start,
		       t->object->addr + t->at, t->size, &cover) &&
	    cover.addr >= t->object->addr && cover.type->size < t->object->size &&
	    !has_member(t->writer, type, cover.addr - t->object->addr, cover.type)) {
		tell_covered(t, &cover, &type->leaves[i]);
		return;
	}
	split(t, type, 0, "", t->at, t->at + t->size, t->size > COPY_SIZE);
	end_run(t);
}

/*
 * Memory that no allocation told of, such as a new task's stack: it becomes an object of the
 * type that the running code gives it.
 */
static struct object *object_by_cover(struct telling *t, uint64_t addr)
{
	struct object *object = object_found(t->writer, addr);
	struct cover cover;

	if (object)
		return object;
	if (!find_cover(t->writer, t->frame, t->line, 0, addr, t->size, &cover) ||
	    !cover.type->name)
		return NULL;
	return object_find_out(t->writer, cover.addr, cover.type);
}

static bool is_plain(struct dtype *type)
{
	enum type_kind kind = type_strip(type)->kind;

	return kind == TYPE_INTEGER || kind == TYPE_POINTER || kind == TYPE_ENUM;
}

/* Names a store and tells it, as one event or several. */
void resolve_store(struct writer *writer, struct frame *frame, const struct raw *raw)
{
	const struct raw_store *store = (const struct raw_store *)(raw + 1);
	struct telling t = { .writer = writer, .frame = frame, .size = store->size };

	t.old_bytes = store->bytes;
	t.new_bytes = store->bytes + pad8(store->size);
	t.line = writer->line;
	t.object = object_find(writer, store->addr);
	if (!t.object)
		t.object = frame_object(writer, store->addr);
	if (!t.object)
		t.object = object_by_cover(&t, store->addr);
	if (!t.object) {
		struct value none = value_none();

		tell(&t, NULL, NULL, store->size, none, none);
		return;
	}
	t.at = store->addr - t.object->addr;
	if (t.at + t.size > t.object->size)
		t.size = t.object->size - t.at; /* ran over the end: tell what is inside */
	if (t.object->type)
		tell_typed(&t);
	else
		tell_bytes(&t);
	/* the members of a local struct are told here and not again; a plain local counts as one, too */
	if (t.object->kind == OBJECT_STACK && !is_plain(t.object->type))
		frame_patch(writer, store->addr, t.size, t.new_bytes);
}
