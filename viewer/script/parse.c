/* SPDX-License-Identifier: GPL-2.0-only */

/* Scripts from their text: memory, complaints, words, lines, values and calls. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/script/parse.h"
#include "viewer/script/symbols.h"

#define NS_PER_SECOND 1000000000ll

int script_yylex_init_extra(struct script *s, void **scanner);
int script_yylex_destroy(void *scanner);
void *script_yy_scan_bytes(const char *bytes, int length, void *scanner);

/* ---------------------------------------------------------------- memory */

struct arena {
	struct arena *older;
	size_t size, used;
	_Alignas(16) char bytes[];
};

void *script_alloc(struct script *s, size_t size)
{
	struct arena *a = s->arena;
	size_t need = (size + 15) & ~(size_t)15;

	if (!a || a->size - a->used < need) {
		size_t room = need > 16384 ? need : 16384;

		a = calloc(1, sizeof(*a) + room);
		if (!a) {
			fputs("synwalk: script: out of memory\n", stderr);
			exit(2);
		}
		a->size = room;
		a->older = s->arena;
		s->arena = a;
	}
	a->used += need;
	return a->bytes + a->used - need;
}

char *script_copy(struct script *s, const char *text, size_t length)
{
	char *copy = script_alloc(s, length + 1);

	memcpy(copy, text, length);
	return copy;
}

void script_free(struct script *s)
{
	while (s->arena) {
		struct arena *older = s->arena->older;

		free(s->arena);
		s->arena = older;
	}
	*s = (struct script){ 0 };
}

/* ---------------------------------------------------------------- complaints */

static void complain(struct script *s, struct at at, const char *fmt, va_list args)
{
	int n;

	if (s->error[0])
		return;
	n = snprintf(s->error, sizeof(s->error), "%s:%d:%d: ", s->name, at.line, at.column);
	if (n >= 0 && (size_t)n < sizeof(s->error))
		vsnprintf(s->error + n, sizeof(s->error) - (size_t)n, fmt, args);
}

void script_error(struct script *s, struct at at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(s, at, fmt, args);
	va_end(args);
}

static struct at at_of(const place *loc)
{
	return (struct at){ loc->first_line, loc->first_column };
}

void parse_error_at(struct script *s, const place *loc, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(s, at_of(loc), fmt, args);
	va_end(args);
}

void parse_unexpected(struct script *s, const place *loc, const char *token, const char *expected)
{
	parse_error_at(s, loc, "unexpected %s: expected %s", token, expected);
}

/* ---------------------------------------------------------------- words */

int parse_integer(struct script *s, const place *loc, const char *text, lexeme *out)
{
	int hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long long n;

	errno = 0;
	n = strtoull(text, NULL, hex ? 16 : 10);
	if (errno || (!hex && n > INT64_MAX)) {
		parse_error_at(s, loc, "number '%s': expected at most 64 bits", text);
		return -1;
	}
	out->number.value = (int64_t)n;
	out->number.text = script_copy(s, text, strlen(text));
	return 0;
}

/* The part behind the dot to nanoseconds; what is finer does not exist on the core's clock. */
int parse_seconds(struct script *s, const place *loc, const char *text, lexeme *out)
{
	int64_t unit = NS_PER_SECOND / 10, ns = 0, whole = 0;
	const char *p = text;

	for (; *p != '.'; p++) {
		whole = whole * 10 + (*p - '0');
		if (whole > INT32_MAX) {
			parse_error_at(s, loc, "time '%s': expected less than 68 years", text);
			return -1;
		}
	}
	for (p++; *p; p++, unit /= 10)
		ns += (*p - '0') * unit;
	out->ns = whole * NS_PER_SECOND + ns;
	return 0;
}

int parse_whole_seconds(struct script *s, const place *loc, const struct number *n, int64_t *ns)
{
	if (n->value < 0 || n->value > INT32_MAX) {
		parse_error_at(s, loc, "time '%s': expected less than 68 years", n->text);
		return -1;
	}
	*ns = n->value * NS_PER_SECOND;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* C's escapes: \n \t \r \0 \\ \" and \xHH. */
int parse_string(struct script *s, const place *loc, const char *text, size_t n, lexeme *out)
{
	char *to = script_alloc(s, n), *start = to;
	const char *p = text + 1, *end = text + n - 1;

	while (p < end) {
		static const char names[] = "ntr0\\\"", values[] = "\n\t\r\0\\\"";
		const char *found;

		if (*p != '\\') {
			*to++ = *p++;
			continue;
		}
		p++;
		if (*p == 'x' && end - p >= 3 && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0) {
			*to++ = (char)(hex_digit(p[1]) << 4 | hex_digit(p[2]));
			p += 3;
			continue;
		}
		found = memchr(names, *p, sizeof(names) - 1);
		if (!found) {
			parse_error_at(s, loc,
				       "string: expected one of \\n \\t \\r \\0 \\\\ \\\" \\xHH");
			return -1;
		}
		*to++ = values[found - names];
		p++;
	}
	out->string.bytes = start;
	out->string.length = (size_t)(to - start);
	return 0;
}

int parse_limit(struct script *s, const place *loc, const char *what, const struct number *n,
		int64_t max)
{
	if (n->value >= 0 && n->value <= max)
		return 0;
	parse_error_at(s, loc, "%s %s: expected a number from 0 to %lld", what, n->text,
		       (long long)max);
	return -1;
}

/* ---------------------------------------------------------------- lines */

int parse_setting(struct script *s, const place *loc, const char *text)
{
	struct setting *o = script_alloc(s, sizeof(*o));
	const char *equals = strchr(text, '=');

	if (s->events) {
		parse_error_at(s, loc, "option '%s': expected before the first event", text);
		return -1;
	}
	o->at = at_of(loc);
	o->name = equals ? script_copy(s, text + 2, (size_t)(equals - text - 2)) : text + 2;
	o->value = equals ? equals + 1 : NULL;
	*s->settings_end = o;
	s->settings_end = &o->next;
	return 0;
}

void parse_event(struct script *s, const place *loc, const struct when *when, struct event *e)
{
	e->at = at_of(loc);
	e->time = when->kind;
	e->begin_ns = when->begin;
	e->end_ns = when->end;
	e->blocking = when->blocking;
	e->range = when->range;
	*s->events_end = e;
	s->events_end = &e->next;
}

int parse_timed(struct script *s, const place *loc, const struct when *when, struct event *e)
{
	if (when->end < when->begin) {
		parse_error_at(s, loc, "time range: expected its end not before its beginning");
		return -1;
	}
	if (when->blocking && e->kind != EVENT_CALL) {
		parse_error_at(s, loc,
			       "time range A...B: expected a system call after it "
			       "(a packet's range is A~B)");
		return -1;
	}
	if (when->range && (e->kind != EVENT_PACKET || !e->packet->out)) {
		parse_error_at(s, loc,
			       "time range A~B: expected an outbound packet after it "
			       "(a call's range is A...B)");
		return -1;
	}
	if (when->kind == TIME_ANY && (e->kind != EVENT_PACKET || !e->packet->out)) {
		parse_error_at(s, loc, "time '*': expected an outbound packet after it");
		return -1;
	}
	parse_event(s, loc, when, e);
	return 0;
}

static struct event *new_event(struct script *s, enum event_kind kind)
{
	struct event *e = script_alloc(s, sizeof(*e));

	e->kind = kind;
	return e;
}

struct event *parse_setup(struct script *s, const char *command)
{
	struct event *e = new_event(s, EVENT_SETUP);

	e->text = command;
	return e;
}

struct event *parse_asserts(struct script *s, struct value *asserts)
{
	struct event *e = new_event(s, EVENT_ASSERT);

	e->asserts = asserts;
	return e;
}

/* ---------------------------------------------------------------- values and calls */

static struct value *new_value(struct script *s, const place *loc, enum value_kind kind)
{
	struct value *v = script_alloc(s, sizeof(*v));

	v->kind = kind;
	v->at = at_of(loc);
	return v;
}

struct value *parse_number(struct script *s, const place *loc, int64_t number)
{
	struct value *v = new_value(s, loc, VALUE_NUMBER);

	v->number = number;
	return v;
}

/* @length matters for strings, which may hold zeros. */
struct value *parse_text(struct script *s, const place *loc, enum value_kind kind, const char *text,
			 size_t length)
{
	struct value *v = new_value(s, loc, kind);

	v->text = text;
	v->length = kind == VALUE_STRING ? length : strlen(text);
	return v;
}

struct value *parse_group(struct script *s, const place *loc, enum value_kind kind,
			  const char *text, struct value *child)
{
	struct value *v = parse_text(s, loc, kind, text, 0);

	v->child = child;
	return v;
}

struct value *parse_operation(struct script *s, const place *loc, const char *name, struct value *a,
			      struct value *b)
{
	struct value *v = parse_text(s, loc, VALUE_OPERATION, name, 0);

	v->child = a;
	a->next = b;
	return v;
}

struct value *parse_append(struct value *list, struct value *last)
{
	struct value *v = list;

	while (v->next)
		v = v->next;
	v->next = last;
	return list;
}

struct call *parse_call(struct script *s, const char *name, struct value *arguments,
			struct value *result)
{
	struct call *call = script_alloc(s, sizeof(*call));

	call->name = name;
	call->arguments = arguments;
	for (; arguments; arguments = arguments->next)
		call->narguments++;
	call->result = result;
	return call;
}

int parse_call_error(struct script *s, const place *loc, struct call *call, const char *name)
{
	int64_t number;

	if (call->result->kind != VALUE_NUMBER || call->result->number != -1) {
		parse_error_at(s, loc, "%s: expected an errno only after '= -1'", name);
		return -1;
	}
	if (symbol_errno(name, &number)) {
		parse_error_at(s, loc, "%s: expected the name of an errno, like ECONNREFUSED",
			       name);
		return -1;
	}
	call->error = name;
	call->error_at = at_of(loc);
	return 0;
}

struct event *parse_call_event(struct script *s, struct call *call)
{
	struct event *e = new_event(s, EVENT_CALL);

	e->call = call;
	return e;
}

int parse_packet_event(struct script *s, const place *loc, struct packet *p, struct event **e)
{
	if (!p->out && p->kind == PACKET_TCP && p->window < 0 && !(p->flags & 0x04)) {
		parse_error_at(s, loc, "inbound packet: expected a window, like 'win 1000'");
		return -1;
	}
	if (!p->out && p->any_options) {
		parse_error_at(s, loc, "inbound packet: expected its options, not '<...>'");
		return -1;
	}
	if (p->out && (p->bad_ip_sum || p->bad_sum || p->kind == PACKET_BYTES)) {
		parse_error_at(s, loc, "outbound packet: expected none made of bytes or broken");
		return -1;
	}
	if (p->out && p->inside) {
		parse_error_at(s, loc, "outbound packet: expected (inside) only with '<'");
		return -1;
	}
	if (p->kind == PACKET_ARP)
		s->has_arp = true;
	*e = new_event(s, EVENT_PACKET);
	(*e)->packet = p;
	return 0;
}

/* ---------------------------------------------------------------- the whole */

int script_parse(struct script *s, const char *name, const char *text, size_t length)
{
	void *scanner;
	int status;

	*s = (struct script){ .name = name };
	s->settings_end = &s->settings;
	s->events_end = &s->events;
	if (length > INT32_MAX / 2) {
		script_error(s, (struct at){ 1, 1 }, "script: expected less than 1 GiB");
		return -1;
	}
	if (script_yylex_init_extra(s, &scanner)) {
		script_error(s, (struct at){ 1, 1 }, "script: out of memory");
		return -1;
	}
	script_yy_scan_bytes(text, (int)length, scanner);
	status = script_yyparse(s, scanner);
	script_yylex_destroy(scanner);
	return status || s->error[0] ? -1 : 0;
}
