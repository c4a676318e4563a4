/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps and values in words. */
#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model_words.h"

/* How many bytes of a nameless value are shown. */
#define BLOB_SHOWN 16

/* Linux' MAX_ERRNO: what a pointer or int may carry as an error. */
#define MAX_ERRNO 4095

struct words {
	char *buf;
	size_t len, at;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *w, const char *fmt, ...)
{
	va_list args;
	int n;

	if (w->at + 1 >= w->len)
		return;
	va_start(args, fmt);
	n = vsnprintf(w->buf + w->at, w->len - w->at, fmt, args);
	va_end(args);
	if (n > 0)
		w->at += (size_t)n;
}

/* Text from the trace: control characters must not reach a terminal. */
static void add_clean(struct words *w, const char *s)
{
	for (; *s; s++)
		add(w, "%c", (unsigned char)*s < 32 || *s == 127 ? '?' : *s);
}

const char *words_errno(int64_t number)
{
	static const struct {
		int number;
		const char *name;
	} kernel[] = {
		{ 512, "ERESTARTSYS" }, { 513, "ERESTARTNOINTR" },        { 514, "ERESTARTNOHAND" },
		{ 515, "ENOIOCTLCMD" }, { 516, "ERESTART_RESTARTBLOCK" }, { 524, "ENOTSUPP" },
	};

	for (size_t i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++)
		if (kernel[i].number == number)
			return kernel[i].name;
	return number > 0 && number <= 133 ? strerrorname_np((int)number) : NULL;
}

char *words_time(char *buf, size_t len, int64_t ns)
{
	if (ns >= 1000000000 || ns <= -1000000000)
		snprintf(buf, len, "%.6f s", (double)ns / 1e9);
	else
		snprintf(buf, len, "%.6f ms", (double)ns / 1e6);
	return buf;
}

/* ---- values ------------------------------------------------------------------------------------ */

static bool ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);

	return a >= b && !strcmp(s + a - b, end);
}

/* Does a __be32 of this name hold an address?  The others are sequence numbers and the like. */
static bool names_address(const char *name)
{
	static const char *const ends[] = { "addr",    "daddr", "saddr", "gateway",   "gw",
					    "nexthop", "dst",   "src",   "address",   "mask",
					    "prefsrc", "key",   "local", "broadcast", "_ip",
					    "tip",     "sip" };

	if (strstr(name, "addr"))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(name, ends[i]))
			return true;
	return false;
}

/* Does a local or field of this name hold an errno (negative, or positive for sk_err)? */
static bool names_error(const char *name)
{
	static const char *const names[] = { "err", "ret", "rc", "error", "res", "retval", "rv" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return ends_with(name, "sk_err") || ends_with(name, "sk_err_soft") ||
	       ends_with(name, ".error");
}

static void add_number(struct words *w, int64_t n, const char *name, const char *ctype)
{
	const char *error = n < 0 ? words_errno(-n) : words_errno(n);
	char address[16];

	if (strstr(ctype, "be32") && names_address(name)) {
		add(w, "%s", decode_address(address, (uint32_t)n));
	} else if (strstr(ctype, "be32")) {
		add(w, "%u", ntohl((uint32_t)n));
	} else if (strstr(ctype, "be16")) {
		add(w, "%u", ntohs((uint16_t)n));
	} else if (n == INT64_MAX) {
		add(w, "LONG_MAX"); /* MAX_SCHEDULE_TIMEOUT: no end */
	} else if (error && names_error(name) && (n < 0 || strstr(name, "sk_err"))) {
		add(w, "%" PRId64 " %s", n, error);
	} else if (n > 9 && (strstr(name, "flags") || ends_with(name, "mask"))) {
		add(w, "0x%" PRIx64, n);
	} else {
		add(w, "%" PRId64, n);
	}
}

static void add_value(struct words *w, const struct trace *t, const struct trace_value *v,
		      const char *name, const char *ctype, int enumeration)
{
	const char *symbol;

	switch (v->type) {
	case TRACE_INT:
		symbol = trace_symbol(t, enumeration, v->num);
		if (symbol)
			add_clean(w, symbol);
		else
			add_number(w, v->num, name ? name : "", ctype ? ctype : "");
		break;
	case TRACE_TEXT:
		add_clean(w, v->bytes);
		break;
	case TRACE_BLOB:
		for (size_t i = 0; i < v->len && i < BLOB_SHOWN; i++)
			add(w, "%02x", (unsigned char)v->bytes[i]);
		if (v->len > BLOB_SHOWN)
			add(w, ".. (%zu bytes)", v->len);
		break;
	case TRACE_NULL:
		add(w, "?");
		break;
	}
}

char *words_value(char *buf, size_t len, const struct trace *t, const struct trace_value *v,
		  const char *name, const char *ctype, int enumeration)
{
	struct words w = { buf, len, 0 };

	buf[0] = '\0';
	add_value(&w, t, v, name, ctype, enumeration);
	return buf;
}

static void add_return(struct words *w, const struct trace *t, const struct trace_value *v,
		       const char *type)
{
	/* Many functions say no by -1 and mean no error by it: EPERM stays unnamed. */
	if (v->type == TRACE_INT && v->num < -1 && v->num >= -MAX_ERRNO && words_errno(-v->num) &&
	    !strstr(type, "unsigned"))
		add(w, "%" PRId64 " %s", v->num, words_errno(-v->num));
	else
		add_value(w, t, v, "", type, 0);
}

char *words_return(char *buf, size_t len, const struct trace *t, const struct trace_value *v,
		   const char *type)
{
	struct words w = { buf, len, 0 };

	buf[0] = '\0';
	add_return(&w, t, v, type);
	return buf;
}

/* ---- steps ------------------------------------------------------------------------------------- */

static void add_args(struct words *w, const struct trace *t, const struct trace_step *call)
{
	struct trace_arg *args;
	int n = trace_args(call->extra, &args);

	for (int i = 0; i < n; i++) {
		const struct trace_variable *v =
			call->func ? trace_variable_by_name(t, call->func->id, args[i].name) : NULL;

		add(w, "%s%s=", i ? ", " : "", args[i].name);
		add_value(w, t, &args[i].value, args[i].name, v ? v->ctype : NULL, 0);
	}
	trace_args_free(args, n);
}

char *words_args(char *buf, size_t len, const struct trace *t, const struct trace_step *call)
{
	struct words w = { buf, len, 0 };

	buf[0] = '\0';
	add_args(&w, t, call);
	return buf;
}

static void add_store(struct words *w, const struct trace *t, const struct trace_step *s)
{
	const struct trace_field *f = s->field;
	/* Inside a larger field the field's type does not fit the place. */
	const char *name = s->place ? s->place : f ? f->name : "?";
	const char *ctype = f && !s->place ? f->ctype : NULL;
	int enumeration = f && !s->place ? f->enumeration : 0;

	add(w, "%s.%s: ", s->object_name ? s->object_name : "?", name);
	add_value(w, t, &s->old, name, ctype, enumeration);
	add(w, " -> ");
	add_value(w, t, &s->new, name, ctype, enumeration);
}

static void add_local(struct words *w, const struct trace *t, const struct trace_step *s)
{
	const char *name = s->variable ? s->variable->name : "?";
	const char *ctype = s->variable ? s->variable->ctype : NULL;

	if (s->old.type == TRACE_NULL) {
		add(w, "%s = ", name);
	} else {
		add(w, "%s: ", name);
		add_value(w, t, &s->old, name, ctype, 0);
		add(w, " -> ");
	}
	add_value(w, t, &s->new, name, ctype, 0);
}

static void add_line(struct words *w, struct trace *t, const struct trace_step *s)
{
	size_t len = 0;
	const char *p = s->func ? trace_source_line(t, s->func->file, s->line, &len) : NULL;

	while (len && isspace((unsigned char)*p)) {
		p++;
		len--;
	}
	for (; len; p++, len--)
		add(w, "%c", *p == '\t' ? ' ' : *p);
}

static void add_packet(struct words *w, struct trace *t, const struct trace_step *s,
		       const struct decode_flows *flows)
{
	struct trace_packet p;
	struct decoded d;
	char line[400];

	if (trace_packet(t, s->step, &p) != 1) {
		add(w, "packet without bytes");
		return;
	}
	decode_frame(&d, p.bytes, p.len);
	add(w, "%s %s  ", p.out ? "out" : "in", p.device);
	add(w, "%s", decode_line(line, sizeof(line), &d, flows, s->step));
	trace_packet_free(&p);
}

/* A sleep's limit is in jiffies; the trace knows how many make a second. */
static void add_sleep(struct words *w, const struct trace *t, const struct trace_step *s)
{
	const char *hz = trace_meta(t, "hz");
	long per_second = hz ? atol(hz) : 0;
	int64_t limit = s->new.type == TRACE_INT  ? s->new.num :
			s->new.type == TRACE_TEXT ? strtoll(s->new.bytes, NULL, 10) :
						    -1;

	add(w, "%s sleeps", s->task_name);
	if (limit == INT64_MAX)
		add(w, ", without a limit");
	else if (limit >= 0 && per_second > 0)
		add(w, ", at most %g ms", (double)limit * 1000.0 / (double)per_second);
	else if (limit >= 0)
		add(w, ", at most %" PRId64 " jiffies", limit);
}

static void add_timer(struct words *w, const struct trace_step *s)
{
	char time[32];

	add(w, "timer ");
	if (s->object_name)
		add(w, "%s", s->object_name);
	if (s->old.type == TRACE_TEXT)
		add(w, "%s%s", s->object_name ? "." : "", s->old.bytes);
	add(w, " %s", s->extra ? s->extra : "");
	if (s->new.type == TRACE_INT)
		add(w, ", expires at %s", words_time(time, sizeof(time), s->new.num));
}

/* A TCP state by its name in net/tcp_states.h, whose numbers start from 1. */
static void add_state(struct words *w, const struct trace *t, const struct trace_value *v)
{
	static const char *const names[] = {
		"ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
		"CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",   "NEW_SYN_RECV",
	};

	if (v->type == TRACE_INT && v->num >= 1 &&
	    v->num <= (int64_t)(sizeof(names) / sizeof(names[0])))
		add(w, "TCP_%s", names[v->num - 1]);
	else
		add_value(w, t, v, "", "", 0);
}

/* The kinds that say little more than their name and a word. */
static void add_event(struct words *w, const struct trace *t, const struct trace_step *s)
{
	const char *extra = s->extra ? s->extra : "";
	const char *object = s->object_name ? s->object_name : "";

	switch (s->kind) {
	case TRACE_DROP:
		add(w, "drop %s%s%s", object, *object ? ", reason " : "reason ", extra);
		break;
	case TRACE_WAKE:
		add(w, "wakes %s", extra);
		break;
	case TRACE_SWITCH:
		add(w, "switch to %s", extra);
		break;
	case TRACE_STATE:
		add(w, "%s state ", object);
		add_state(w, t, &s->old);
		add(w, " -> ");
		add_state(w, t, &s->new);
		break;
	case TRACE_ALLOC:
		add(w, "new %s", *object ? object : extra);
		if (s->new.type == TRACE_INT)
			add(w, ", %" PRId64 " bytes", s->new.num);
		break;
	case TRACE_FREE:
		add(w, "free %s", *object ? object : extra);
		break;
	case TRACE_CONTEXT:
		add(w, "context %s", *extra ? extra : s->context_name);
		break;
	default:
		add(w, "%s %s", trace_kind_name(s->kind), extra);
	}
}

char *words_step(char *buf, size_t len, struct trace *t, const struct trace_step *s,
		 const struct decode_flows *flows)
{
	struct words w = { buf, len, 0 };
	const char *function = s->func ? s->func->name : "?";

	buf[0] = '\0';
	switch (s->kind) {
	case TRACE_CALL:
		add(&w, "%s(", function);
		add_args(&w, t, s);
		add(&w, ")");
		break;
	case TRACE_RETURN:
		add(&w, "%s %s", function, s->new.type == TRACE_NULL ? "returns" : "= ");
		if (s->new.type != TRACE_NULL)
			add_return(&w, t, &s->new, s->func ? s->func->type : "");
		break;
	case TRACE_STORE:
		add_store(&w, t, s);
		break;
	case TRACE_BRANCH:
		add(&w, "compare ");
		add_value(&w, t, &s->old, "", "", 0);
		add(&w, " with ");
		add_value(&w, t, &s->new, "", "", 0);
		break;
	case TRACE_LINE:
		add_line(&w, t, s);
		break;
	case TRACE_LOCAL:
		add_local(&w, t, s);
		break;
	case TRACE_PACKET:
		add_packet(&w, t, s, flows);
		break;
	case TRACE_TIMER:
		add_timer(&w, s);
		break;
	case TRACE_SLEEP:
		add_sleep(&w, t, s);
		break;
	default:
		add_event(&w, t, s);
	}
	return buf;
}

static int learn_flow(void *ctx, const struct trace_packet *p)
{
	struct decoded d;

	decode_frame(&d, p->bytes, p->len);
	decode_learn(ctx, &d, p->step);
	return 0;
}

void words_learn_flows(struct trace *t, struct decode_flows *flows, int64_t behind)
{
	trace_each_packet(t, behind, learn_flow, flows);
}
