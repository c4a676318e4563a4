/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values: bytes of the watched program turned into what a trace shows.
 *
 * A trace never holds a raw pointer.  A pointer goes by the name of what it points at; an
 * integer of 64 bits that lies where the host puts memory is taken for a pointer too, because
 * kernel code keeps pointers in unsigned longs (timer->data, skb->_skb_refdst).
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "writer.h"

/* Where x86-64 Linux puts programs, heaps, mappings and stacks. */
#define HOST_LOW  0x550000000000ULL
#define HOST_HIGH 0x800000000000ULL

/*
 * Is this 64-bit integer a pointer?  Valgrind and programs that are not position independent put
 * things elsewhere, hence the look at what is known to exist.
 */
bool looks_like_pointer(const struct writer *writer, uint64_t number)
{
	if (number >= HOST_LOW)
		return number < HOST_HIGH;
	return number > 0xffff &&
	       ((number >= writer->image->load_low && number < writer->image->load_high) ||
		object_find(writer, number));
}

bool all_bytes(const uint8_t *bytes, uint64_t size, uint8_t byte)
{
	/* each byte is like its neighbour: the C library compares many at a time */
	return !size || (*bytes == byte && !memcmp(bytes, bytes + 1, size - 1));
}

static const char hex_digits[] = "0123456789abcdef";

/* A C string in double quotes; bytes that do not print become escapes. */
static const char *quoted(struct writer *writer, const char *text, size_t limit)
{
	size_t length = strnlen(text, limit), used = 0;
	char *quote = pool_alloc(&writer->scratch, length * 4 + 6);

	quote[used++] = '"';
	for (size_t i = 0; i < length && i < 200; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\') {
			quote[used++] = '\\';
			quote[used++] = (char)c;
		} else if (c >= ' ' && c < 127) {
			quote[used++] = (char)c;
		} else {
			quote[used++] = '\\';
			quote[used++] = 'x';
			quote[used++] = hex_digits[c >> 4];
			quote[used++] = hex_digits[c & 15];
		}
	}
	quote[used] = '"';
	return quote;
}

static bool is_char_type(const struct dtype *type)
{
	return type->kind == TYPE_INTEGER && type->size == 1 && type->is_char;
}

/* Is this constant data a text: by the pointer's type, or (void *, the source of a copy) by looks? */
static bool is_literal(const struct dtype *pointee, const char *text, size_t limit)
{
	size_t length = strnlen(text, limit);

	if (pointee && is_char_type(pointee))
		return true;
	if ((pointee && pointee->kind != TYPE_VOID) || !length || length == limit)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > 126)
			return false;
	return true;
}

/* The digits of @number.  Returns how many characters they are. */
static size_t put_number(char *to, int64_t number)
{
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[24];
	size_t count = 0, used = 0;

	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		to[used++] = '-';
	while (count)
		to[used++] = digits[--count];
	return used;
}

static const char *inside(struct writer *writer, const struct object *object, uint64_t addr,
			  struct dtype *pointee)
{
	uint64_t offset = addr - object->addr;
	const char *member;
	char number[24];

	if (!offset)
		return object->name;
	member = object->type ? member_name(writer, object->type, offset, pointee) : NULL;
	if (member && *member)
		return pool_join(&writer->scratch, object->name, *member == '[' ? ".data" : ".",
				 member);
	number[put_number(number, (int64_t)offset)] = 0;
	return pool_join(&writer->scratch, object->name, "+", number);
}

/*
 * The name of what @addr points at; @pointee is what the pointer says it is (NULL if unknown),
 * which tells a struct from its first member.
 */
const char *pointer_name(struct writer *writer, uint64_t addr, struct dtype *pointee)
{
	struct dtype *bare = pointee ? type_strip(pointee) : NULL;
	const struct image *image = writer->image;
	const struct function *function;
	struct object *object;

	if (!addr)
		return "NULL";
	if (addr >= (uint64_t)-4095)
		return pool_printf(&writer->scratch, "ERR_PTR(%ld)", (int64_t)addr);
	object = object_find(writer, addr);
	if (object)
		return inside(writer, object, addr, pointee);
	if (addr >= image->load_low && addr < image->load_high) {
		function = image_function(image, addr);
		if (function)
			return function->name;
		if (addr >= image->rodata_low && addr < image->rodata_high &&
		    is_literal(bare, (const char *)(uintptr_t)addr, image->rodata_high - addr))
			return quoted(writer, (const char *)(uintptr_t)addr,
				      image->rodata_high - addr);
		if (addr >= image->part_low && addr < image->part_high &&
		    is_literal(bare, (const char *)(uintptr_t)addr, image->part_high - addr))
			return quoted(writer, (const char *)(uintptr_t)addr,
				      image->part_high - addr);
		return image_symbol(writer->image, addr);
	}
	object = frame_object(writer, addr);
	if (object)
		return inside(writer, object, addr, pointee);
	/* the end of an object is a place that pointers like skb->end mark */
	object = object_find(writer, addr - 1);
	if (!object)
		object = frame_object(writer, addr - 1);
	if (!object)
		object = object_found(writer, addr);
	if (object)
		return inside(writer, object, addr, NULL);
	if (addr < 0x10000 || addr >= HOST_HIGH)
		return pool_printf(&writer->scratch, "0x%lx", addr);
	return "stray";
}

static bool points_somewhere(struct writer *writer, uint64_t number)
{
	return number >= 0x10000 && number < HOST_HIGH &&
	       strcmp(pointer_name(writer, number, NULL), "stray") != 0;
}

static struct value number_value(struct writer *writer, uint64_t number, bool is_signed)
{
	if (looks_like_pointer(writer, number))
		return value_text(pointer_name(writer, number, NULL));
	if (!is_signed && number > INT64_MAX)
		return value_text(pool_printf(&writer->scratch, "%lu", number));
	return value_integer((int64_t)number);
}

static uint64_t load(const uint8_t *bytes, uint64_t size)
{
	uint64_t number = 0;

	memcpy(&number, bytes, size < 8 ? size : 8);
	return number;
}

static int64_t extend(uint64_t number, int bits)
{
	return (int64_t)(number << (64 - bits)) >> (64 - bits);
}

/*
 * Is it an address of the program, or of its own heap?  The heap lies at a random distance behind the
 * program; what is between them counts as neither, or random bytes of packets would be taken for addresses.
 */
static bool in_program(const struct writer *writer, uint64_t addr)
{
	static uint64_t heap; /* where it begins, which stays */
	uint64_t end = (uint64_t)(uintptr_t)sbrk(0);

	if (!heap)
		heap = end - mallinfo2().arena;
	return (addr >= writer->image->load_low && addr < writer->image->load_high) ||
	       (addr >= heap && addr < end);
}

/*
 * Do the bytes hold an address of the program, or of its allocator's memory, at any place?  Of
 * an address six bytes are not zero, and what was freed is found in what comes next at that place.  The
 * allocator's memory lies where it lies in every run, the program does not: six bytes of a packet may be like
 * an address of it in one run only, so there the two that are zero are looked at, too.
 */
static bool holds_old_address(const struct writer *writer, const uint8_t *bytes, uint64_t size)
{
	for (uint64_t i = 0; i + 6 <= size; i++) {
		uint64_t number = 0;

		memcpy(&number, bytes + i, 6);
		if (number < HOST_LOW || number >= HOST_HIGH)
			continue;
		if (object_heap_around(writer, number) ||
		    (all_bytes(bytes + i + 6, size - i - 6 < 2 ? size - i - 6 : 2, 0) &&
		     in_program(writer, number)))
			return true;
	}
	return false;
}

/* An array as one value: text if it is made of characters, else its bytes. */
static struct value array_value(struct writer *writer, const struct dtype *array,
				const uint8_t *bytes, uint64_t size)
{
	struct dtype *element = type_strip(array->target);

	if (is_char_type(element)) {
		size_t length = strnlen((const char *)bytes, size);

		/* text, or bytes that happen to be declared char (sk_buff.cb)? */
		for (size_t i = 0; i < length; i++)
			if (bytes[i] < ' ' || bytes[i] > 126)
				return value_bytes(bytes, size);
		if (length || all_bytes(bytes, size, 0))
			return value_text(quoted(writer, (const char *)bytes, size));
	}
	/* packets may hold anything that looks like a pointer; one that points somewhere is one */
	for (uint64_t i = 0; i + 8 <= size; i += 8)
		if (points_somewhere(writer, load(bytes + i, 8)))
			return value_text("(pointers)");
	if (holds_old_address(writer, bytes, size))
		return value_text("(pointers)");
	return value_bytes(bytes, size);
}

/* A small struct as one value: "{a=1, b=2}"; used for arguments and results. */
static struct value struct_value(struct writer *writer, struct dtype *type, const uint8_t *bytes)
{
	char *text = pool_alloc(&writer->scratch, 1024);
	size_t used = 0;

	type_flatten(writer->image, type);
	if (type->leaves_count == 1)
		return value_of(writer, type->leaves[0].type, bytes, type->leaves[0].size,
				type->leaves[0].bit_at, type->leaves[0].bit_size);
	for (int i = 0; i < type->leaves_count && used < 900; i++) {
		const struct leaf *leaf = &type->leaves[i];
		struct value value = value_of(writer, leaf->type, bytes + leaf->at, leaf->size,
					      leaf->bit_at, leaf->bit_size);

		used += (size_t)snprintf(text + used, 1024 - used, "%s%s=", used ? ", " : "{",
					 leaf->name);
		if (used < 900 && value.kind == VALUE_INTEGER)
			used += (size_t)snprintf(text + used, 1024 - used, "%ld", value.integer);
		else if (used < 900 && value.kind == VALUE_TEXT)
			used += (size_t)snprintf(text + used, 1024 - used, "%s", value.text);
		else if (used < 900)
			used += (size_t)snprintf(text + used, 1024 - used, "...");
	}
	if (used < 1022)
		strcpy(text + used, "}");
	return value_text(text);
}

/**
 * value_of - what @bytes mean as a @type
 * @writer: gives names to pointers; texts live until the next record
 * @type: any
 * @bytes: in memory order
 * @size: how many there are; fewer than the type has means a part of it
 * @bit_at: of a bit-field its lowest bit in @bytes, else -1
 * @bit_size: of a bit-field
 */
struct value value_of(struct writer *writer, struct dtype *type, const uint8_t *bytes,
		      uint64_t size, int bit_at, int bit_size)
{
	struct dtype *bare = type_strip(type);
	uint64_t number;

	if (bit_at >= 0) {
		number = load(bytes, size) >> bit_at;
		if (bit_size < 64)
			number &= (1ULL << bit_size) - 1;
		return value_integer(bare->is_signed ? extend(number, bit_size) : (int64_t)number);
	}
	switch (bare->kind) {
	case TYPE_POINTER:
		if (size == 8)
			return value_text(pointer_name(writer, load(bytes, 8), bare->target));
		break;
	case TYPE_INTEGER:
	case TYPE_ENUM:
		if (size > 8)
			break;
		number = load(bytes, size);
		if (bare->is_bool)
			return value_integer(number & 0xff);
		if (size == 8)
			return number_value(writer, number, bare->is_signed);
		return value_integer(bare->is_signed ? extend(number, (int)size * 8) :
						       (int64_t)number);
	case TYPE_STRUCT:
	case TYPE_UNION:
		if (size == bare->size)
			return struct_value(writer, bare, bytes);
		break;
	case TYPE_ARRAY:
		return array_value(writer, bare, bytes, size);
	case TYPE_VOID:
	case TYPE_FUNCTION:
	case TYPE_TYPEDEF:
		break;
	}
	if (size <= 8)
		return number_value(writer, load(bytes, size), false);
	return value_bytes(bytes, size);
}

/*
 * An operand of a comparison.  The hook knows its size only; @is_signed is what the code that
 * follows makes of it.
 */
struct value operand_value(struct writer *writer, uint64_t number, uint64_t size, bool is_signed)
{
	int bits = (int)size * 8;

	if (size == 8)
		return number_value(writer, number, is_signed);
	number &= (1ULL << bits) - 1;
	return value_integer(is_signed ? extend(number, bits) : (int64_t)number);
}

static size_t json_text(char *to, size_t room, const char *text)
{
	size_t used = 0;

	to[used++] = '"';
	for (; *text && used + 8 < room; text++) {
		if (*text == '"' || *text == '\\')
			to[used++] = '\\';
		to[used++] = *text;
	}
	to[used++] = '"';
	to[used] = 0;
	return used;
}

static size_t put_text(char *to, const char *text)
{
	size_t size = strlen(text);

	memcpy(to, text, size);
	return size;
}

/* The arguments of a call as a JSON object: names of parameters and their values. */
const char *arguments_json(struct writer *writer, const struct frame *frame)
{
	const struct function *function = frame->function;
	size_t room = 256 + 512 * (size_t)function->parameters_count, used = 0;
	char *text;

	if (!function->parameters_count)
		return "{}";
	text = pool_alloc(&writer->scratch, room);
	text[used++] = '{';
	for (int i = 0; i < function->variables_count; i++) {
		const struct variable *variable = &function->variables[i];
		struct value value = value_none();
		size_t length;

		if (variable->parameter < 0 || room - used < 300)
			continue;
		length = strlen(variable->name);
		if (length > 200)
			continue;
		if (used > 1)
			text[used++] = ',';
		text[used++] = '"';
		memcpy(text + used, variable->name, length);
		used += length;
		text[used++] = '"';
		text[used++] = ':';
		if (frame->snap && variable->snap >= 0)
			value = value_of(writer, variable->type, frame->snap + variable->snap,
					 variable->size, -1, 0);
		if (value.kind == VALUE_INTEGER)
			used += put_number(text + used, value.integer);
		else if (value.kind == VALUE_TEXT)
			used += json_text(text + used, room - used < 450 ? room - used : 450,
					  value.text);
		else
			used += put_text(text + used, "\"...\"");
	}
	strcpy(text + used, "}");
	return text;
}
