/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port table: the search for a free port, and the hash tables it walks through.
 *
 * Theory of operation
 *
 * The search is a call of __inet_hash_connect.  Its locals tell what it does: `port` is the port it
 * tries, `head` the bucket of bhash that port falls into, `tb` the entry of the chain it looks at; in
 * __inet_check_established `head` is the bucket of ehash and `sk2` the socket compared.  So the ports
 * tried are the values of a local, which the trace lists; what the buckets hold are the stores to the
 * arrays, and the chains are followed from object to object by their names.
 *
 * A search through all ports tries tens of thousands: only those nearest to the position are told.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/decode.h"
#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

/* Ports told, entries of a chain, buckets of each table. */
#define MAX_TRIED   24
#define MAX_CHAIN   32
#define MAX_BUCKETS 64

struct builder {
	struct model *m;
	struct ports *out;
	int64_t step; /* of which the tables are told */
	int room;
};

__attribute__((format(printf, 4, 5))) static void add(struct builder *b, enum port_look look,
						      int64_t step, const char *fmt, ...)
{
	struct port_row *more;
	va_list args;
	char *text;
	int n;

	if (b->out->count == b->room) {
		b->room = b->room ? b->room * 2 : 32;
		more = realloc(b->out->rows, (size_t)b->room * sizeof(*more));
		if (!more) {
			b->room = b->out->count;
			return;
		}
		b->out->rows = more;
	}
	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	b->out->rows[b->out->count++] = (struct port_row){
		.step = step,
		.look = look,
		.text = text,
		.selected = step && step == b->m->port_at,
	};
}

/* ---- values ------------------------------------------------------------------------------------- */

/* A field of an object as text; "" if there is none.  BUF of LEN bytes. */
static const char *field_text(struct builder *b, int64_t object, const char *name, char *buf,
			      size_t len)
{
	struct trace_member x;

	buf[0] = '\0';
	if (trace_member(b->m->t, object, b->step, name, &x) != 1)
		return buf;
	if (x.value.type == TRACE_TEXT)
		snprintf(buf, len, "%s", x.value.bytes);
	else if (x.value.type == TRACE_INT)
		snprintf(buf, len, "%" PRId64, x.value.num);
	trace_member_free(&x);
	return buf;
}

static int64_t field_number(struct builder *b, int64_t object, const char *name, int64_t otherwise)
{
	struct trace_member x;
	int64_t n = otherwise;

	if (trace_member(b->m->t, object, b->step, name, &x) != 1)
		return n;
	if (x.value.type == TRACE_INT)
		n = x.value.num;
	trace_member_free(&x);
	return n;
}

/* The last value of a local of a call by a step; "" if it had none.  The step that set it. */
static int64_t local_text(struct model *m, int64_t call, int64_t step, const char *name, char *buf,
			  size_t len)
{
	struct trace_local *locals;
	int n = trace_locals(m->t, call, step, &locals);
	int64_t set = 0;

	buf[0] = '\0';
	for (int i = 0; i < n; i++) {
		if (strcmp(locals[i].name, name))
			continue;
		set = locals[i].step;
		if (locals[i].value.type == TRACE_TEXT)
			snprintf(buf, len, "%s", locals[i].value.bytes);
		else if (locals[i].value.type == TRACE_INT)
			snprintf(buf, len, "%" PRId64, locals[i].value.num);
	}
	if (n >= 0)
		trace_locals_free(locals, n);
	return set;
}

static bool is_null(const char *text)
{
	/* a chain of sockets ends with a marker that is no object */
	return !*text || !strcmp(text, "NULL") || !strcmp(text, "0") || !strncmp(text, "nulls", 5);
}

/* "inet_bind_hashbucket#1.data[7]" -> 7; -1 if it is no place in an array. */
static int64_t bucket_of(const char *text)
{
	const char *bracket = strstr(text, "data[");

	return bracket ? strtoll(bracket + 5, NULL, 10) : -1;
}

/* ---- the chains ---------------------------------------------------------------------------------- */

/* "10.9.0.1:52880 > 10.9.0.2:80", or "" of what is no socket with addresses. */
static void name_tuple(struct builder *b, const struct trace_object *o, char *buf, size_t len)
{
	static const char *const names[2][4] = {
		{ "inet_rcv_saddr", "inet_num", "inet_daddr", "inet_dport" },
		{ "tw_rcv_saddr", "tw_num", "tw_daddr", "tw_dport" },
	};
	char saddr[16], daddr[16];
	int64_t n[4];

	buf[0] = '\0';
	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 4; i++)
			n[i] = field_number(b, o->id, names[k][i], -1);
		if (n[0] < 0 || n[2] < 0)
			continue;
		snprintf(buf, len, "%s:%" PRId64 " > %s:%u", decode_address(saddr, (uint32_t)n[0]),
			 n[1], decode_address(daddr, (uint32_t)n[2]),
			 (unsigned int)(((n[3] & 255) << 8) | ((n[3] >> 8) & 255)));
		return;
	}
}

/* The owners of a port: sockets that hang on it one after the other. */
static void name_owners(struct builder *b, int64_t bucket, char *buf, size_t len)
{
	char next[100];
	size_t at = 0;

	buf[0] = '\0';
	field_text(b, bucket, "owners.first", next, sizeof(next));
	for (int i = 0; i < 4 && !is_null(next) && at < len; i++) {
		struct trace_object o;

		if (!model_object_of_text(b->m, next, &o))
			break;
		at += (size_t)snprintf(buf + at, len - at, "%s%s", i ? ", " : "", o.name);
		field_text(b, o.id, "sk_bind_node.next", next, sizeof(next));
		if (!*next)
			field_text(b, o.id, "skc_bind_node.next", next, sizeof(next));
		trace_object_free(&o);
	}
	if (!is_null(next) && at < len)
		snprintf(buf + at, len - at, "%s...", at ? ", " : "");
}

/* "any address" rules: what fastreuse says about who may share the port. */
static const char *shared_by(int64_t fastreuse, int64_t fastreuseport)
{
	if (fastreuse < 0 || fastreuseport < 0)
		return _("by connect");
	return fastreuse > 0 ? "SO_REUSEADDR" : fastreuseport > 0 ? "SO_REUSEPORT" : _("by bind");
}

/* The entries of a bucket of bhash; that one of them is looked at now. */
static void add_bhash_chain(struct builder *b, const char *first, const char *now)
{
	char next[100];

	snprintf(next, sizeof(next), "%s", first);
	for (int i = 0; i < MAX_CHAIN && !is_null(next); i++) {
		struct trace_object o;
		char owners[200];
		bool here;
		int64_t n;

		if (!model_object_of_text(b->m, next, &o))
			break;
		here = !strcmp(o.name, now);
		n = field_number(b, o.id, "num_owners", 0);
		name_owners(b, o.id, owners, sizeof(owners));
		add(b, here ? PORT_NOW : PORT_PLAIN, 0,
		    n == 1 ? _("   %s port %" PRId64 ", %s, %" PRId64 " owner: %s") :
			     _("   %s port %" PRId64 ", %s, %" PRId64 " owners: %s"),
		    o.name, field_number(b, o.id, "port", 0),
		    shared_by(field_number(b, o.id, "fastreuse", 0),
			      field_number(b, o.id, "fastreuseport", 0)),
		    n, owners);
		field_text(b, o.id, "node.next", next, sizeof(next));
		trace_object_free(&o);
	}
}

static void add_ehash_chain(struct builder *b, const char *first, const char *now)
{
	static const char *const links[] = { "skc_node.next", "sk_node.next", "tw_node.next",
					     "sk_nulls_node.next", "skc_nulls_node.next" };
	char next[100];

	snprintf(next, sizeof(next), "%s", first);
	for (int i = 0; i < MAX_CHAIN && !is_null(next); i++) {
		struct trace_object o;
		char tuple[80];

		if (!model_object_of_text(b->m, next, &o))
			break;
		name_tuple(b, &o, tuple, sizeof(tuple));
		add(b, !strcmp(o.name, now) ? PORT_NOW : PORT_PLAIN, 0, "   %s %s", o.name, tuple);
		next[0] = '\0';
		for (size_t k = 0; k < sizeof(links) / sizeof(links[0]) && !*next; k++)
			field_text(b, o.id, links[k], next, sizeof(next));
		trace_object_free(&o);
	}
}

/* ---- the search --------------------------------------------------------------------------------- */

/* How a search stands at a step, in words, and whether it has found a port by then. */
static bool result_of(struct model *m, int64_t call, int64_t step, char *buf, size_t len)
{
	bool found;
	int64_t end = trace_return_of(m->t, call);
	struct trace_step s;
	char words[40];

	snprintf(buf, len, "%s", step < call ? _("comes later") : _("it runs"));
	if (!end || end > step || trace_step(m->t, end, &s) != 1)
		return false;
	found = s.new.type == TRACE_INT && !s.new.num;
	if (found)
		snprintf(buf, len, "%s", _("it found one"));
	else
		snprintf(buf, len, _("no port: %s"),
			 words_return(words, sizeof(words), m->t, &s.new, "int"));
	trace_step_free(&s);
	return found;
}

/*
 * The steps at which a local of a call was set, the last by STEP and those nearest before it.  How many
 * in LIST, the earliest first; *more: there were others before.
 */
static int values_of(struct model *m, int64_t call, int variable, int64_t step, int64_t *list,
		     int max, bool *more)
{
	int64_t at = step + 1;
	int n = 0;

	*more = false;
	while ((at = trace_last_local(m->t, at - 1, call, variable)) != 0) {
		*more = n == max;
		if (*more)
			break;
		list[n++] = at;
	}
	for (int i = 0; i < n / 2; i++) {
		int64_t swap = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = swap;
	}
	return n;
}

static int64_t value_at(struct model *m, int64_t step)
{
	struct trace_step s;
	int64_t n = -1;

	if (trace_step(m->t, step, &s) == 1) {
		n = s.new.type == TRACE_INT ? s.new.num : -1;
		trace_step_free(&s);
	}
	return n;
}

/* A line for each port that was tried by the position. */
static void add_tried(struct builder *b, int64_t call, const struct trace_func *f)
{
	const struct trace_variable *v = trace_variable_by_name(b->m->t, f->id, "port");
	int64_t list[MAX_TRIED];
	bool more, found;
	char result[64];
	int n = v ? values_of(b->m, call, v->id, b->step, list, MAX_TRIED, &more) : 0;

	if (!v) {
		add(b, PORT_LACKS, 0, "%s", _("  which ports it tries: not recorded (no locals)"));
		return;
	}
	found = result_of(b->m, call, b->step, result, sizeof(result));
	if (more)
		add(b, PORT_PAST, 0, "%s", _("  ... and others before"));
	for (int i = 0; i < n; i++) {
		int64_t port = value_at(b->m, list[i]);
		bool last = i == n - 1;

		if (!port && !more && n > 1 && !i)
			continue; /* that it is not bound: the search begins */
		if (last)
			b->out->center = b->out->count;
		add(b, last ? PORT_NOW : PORT_PAST, list[i],
		    !port ? _("  %8" PRId64 "  port %" PRId64 " not bound yet") :
		    !last ? _("  %8" PRId64 "  port %" PRId64 " in use") :
		    found ? _("  %8" PRId64 "  port %" PRId64 " taken") :
			    _("  %8" PRId64 "  port %" PRId64 " is looked at"),
		    list[i], port);
	}
}

/*
 * The bucket that `head` of a call points into, and its chain; NOW is the local that says which entry is
 * compared.
 */
static void add_bucket(struct builder *b, int64_t call, bool bound, const char *now)
{
	char head[120], entry[100], first[120], place[40];
	struct trace_object o;

	local_text(b->m, call, b->step, "head", head, sizeof(head));
	if (bucket_of(head) < 0 || !model_object_of_text(b->m, head, &o))
		return;
	local_text(b->m, call, b->step, now, entry, sizeof(entry));
	snprintf(place, sizeof(place), "data[%" PRId64 "].chain.first", bucket_of(head));
	field_text(b, o.id, place, first, sizeof(first));
	trace_object_free(&o);
	add(b, PORT_HEADING, 0,
	    is_null(first) ? _(" %s[%" PRId64 "] is looked at: empty") :
			     _(" %s[%" PRId64 "] is looked at"),
	    bound ? "bhash" : "ehash", bucket_of(head));
	if (bound)
		add_bhash_chain(b, first, entry);
	else
		add_ehash_chain(b, first, entry);
}

/* The buckets that the search looks at, with their chains. */
static void add_looked_at(struct builder *b, int64_t call)
{
	const struct trace_func *f = trace_func_by_name(b->m->t, "__inet_check_established");
	int64_t end = trace_return_of(b->m->t, call), check;

	if (end && end <= b->step)
		return; /* over: the tables below tell it */
	add_bucket(b, call, true, "tb");
	check = f ? trace_previous_call_of(b->m->t, b->step + 1, f->id) : 0;
	if (check > call)
		add_bucket(b, check, false, "sk2");
}

static int64_t search_at_hand(struct model *m, const struct trace_func *f)
{
	int64_t call = trace_previous_call_of(m->t, m->step + 1, f->id);

	return call ? call : trace_next_call_of(m->t, m->step, f->id);
}

static void add_search(struct builder *b)
{
	const struct trace_func *f = trace_func_by_name(b->m->t, "__inet_hash_connect");
	int64_t call = f ? search_at_hand(b->m, f) : 0;
	char sk[100], low[24], high[24], result[64];

	if (!call) {
		add(b, PORT_LACKS, 0, "%s",
		    _("no search for a port: this trace does not call __inet_hash_connect"));
		return;
	}
	local_text(b->m, call, b->step > call ? b->step : call, "sk", sk, sizeof(sk));
	result_of(b->m, call, b->step, result, sizeof(result));
	add(b, PORT_HEADING, call, _("search for %s from step %" PRId64 ": %s"),
	    *sk ? sk : _("a socket"), call, result);
	if (b->step < call)
		return;
	local_text(b->m, call, b->step, "low", low, sizeof(low));
	local_text(b->m, call, b->step, "high", high, sizeof(high));
	if (*low && *high)
		add(b, PORT_PLAIN, 0, _("  of the ports from %s up to %s"), low, high);
	add_tried(b, call, f);
	add_looked_at(b, call);
}

/* ---- the tables --------------------------------------------------------------------------------- */

static void add_table(struct builder *b, int64_t hashinfo, const char *field, bool bound)
{
	struct trace_state places;
	char array[100];
	struct trace_object o;
	int used = 0;

	field_text(b, hashinfo, field, array, sizeof(array));
	if (!model_object_of_text(b->m, array, &o)) {
		add(b, PORT_LACKS, 0, _("%s: its buckets are not in the trace"), field);
		return;
	}
	if (trace_places(b->m->t, o.id, b->step, "chain.first", SIZE_MAX, &places))
		places = (struct trace_state){ NULL, 0 };
	for (size_t i = 0; i < places.count; i++)
		used += places.members[i].value.type == TRACE_TEXT &&
			!is_null(places.members[i].value.bytes);
	add(b, PORT_HEADING, 0,
	    used == 1           ? _("%s: %d bucket in use") :
	    used <= MAX_BUCKETS ? _("%s: %d buckets in use") :
				  _("%s: %d buckets in use; the first of them"),
	    field, used);
	used = 0;
	for (size_t i = 0; i < places.count && used < MAX_BUCKETS; i++) {
		const struct trace_member *x = &places.members[i];

		if (x->value.type != TRACE_TEXT || is_null(x->value.bytes))
			continue;
		used++;
		add(b, PORT_PLAIN, 0, " [%" PRId64 "]", bucket_of(x->name));
		if (bound)
			add_bhash_chain(b, x->value.bytes, "");
		else
			add_ehash_chain(b, x->value.bytes, "");
	}
	trace_state_free(&places);
	trace_object_free(&o);
}

static void add_tables(struct builder *b)
{
	struct trace_object o;

	if (trace_object_by_name(b->m->t, "tcp_hashinfo", &o) != 1) {
		add(b, PORT_LACKS, 0, "%s", _("no tables: this trace has no tcp_hashinfo"));
		return;
	}
	add_table(b, o.id, "bhash", true);
	add_table(b, o.id, "ehash", false);
	trace_object_free(&o);
}

int model_ports(struct model *m, struct ports *out)
{
	struct builder b = { .m = m, .out = out, .step = m->step };

	memset(out, 0, sizeof(*out));
	if (!m->step)
		return 0;
	add_search(&b);
	add_tables(&b);
	for (int i = 0; i < out->count; i++)
		if (out->rows[i].selected)
			out->center = i;
	return 0;
}

void model_ports_free(struct ports *p)
{
	for (int i = 0; i < p->count; i++)
		free(p->rows[i].text);
	free(p->rows);
	memset(p, 0, sizeof(*p));
}

/* The step of the port tried before or after AT: of the search at hand there, else of the one beside it. */
static int64_t port_beside(struct model *m, const struct trace_func *f, int variable, int64_t at,
			   bool forward)
{
	int64_t call = trace_previous_call_of(m->t, at + 1, f->id), to = 0, end;

	if (call)
		to = forward ? trace_next_local(m->t, at, call, variable) :
			       trace_last_local(m->t, at - 1, call, variable);
	if (to)
		return to;
	call = forward ? trace_next_call_of(m->t, at, f->id) :
	       call    ? trace_previous_call_of(m->t, call, f->id) :
			 0;
	if (!call)
		return 0;
	end = trace_return_of(m->t, call);
	return forward ? trace_next_local(m->t, call, call, variable) :
			 trace_last_local(m->t, end ? end : at, call, variable);
}

bool model_ports_move(struct model *m, bool forward)
{
	const struct trace_func *f = trace_func_by_name(m->t, "__inet_hash_connect");
	const struct trace_variable *v = f ? trace_variable_by_name(m->t, f->id, "port") : NULL;
	int64_t to;

	if (!v)
		return model_say(m, _("the trace tells of no ports that were tried"));
	to = port_beside(m, f, v->id, m->port_at ? m->port_at : m->step, forward);
	if (!to)
		return model_say(m, _("no port was tried %s"), forward ? _("later") : _("earlier"));
	m->port_at = to;
	return true;
}
