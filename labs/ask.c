/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Questions to a trace in SQL.
 *
 * Theory of operation
 *
 * The views of a trace join the log with six other tables, and a call's return is found by reading on
 * from it: good for one question, slow for twenty. So a view that a query names is copied, once and
 * with an index, into a temporary table of its name, which SQLite finds before the view; the queries
 * are the same as those that a person asks. Of the columns only those are copied that some query which
 * is expected has a word for, or all for one that says '*'.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/ask.h"
#include "labs/files.h"
#include "trace/read/read.h"
#include "viewer/decode.h"
#include "viewer/decode_bytes.h"

struct asked {
	sqlite3 *db;
	char *path;
	struct trace *trace; /* for value_at(), which few queries need; NULL until one does */
	struct variation variation;
	char *expected;      /* the text of all queries that will come, as far as is known */
	uint64_t copied[16]; /* for each of views[], a bit for each of its columns */
	bool settled[16];    /* all that is expected of it is copied */
	bool wired;
};

/*
 * What is copied. main.calls looks for each call's return by reading on from it. For all of them one list is
 * quicker, and SQLite leaves out the part of a view that gives what nobody asks for.
 */
static const struct view {
	const char *name, *index;
} views[] = {
	{ "calls", "function" }, { "stores", "field" }, { "packets", NULL },
	{ "tasks", NULL },       { "timers", NULL },    { "drops", NULL },
	{ "locals", NULL },      { "branches", NULL },  { "objects", NULL },
};

static const char make_returned[] =
	"CREATE TEMP TABLE IF NOT EXISTS returned (call INTEGER PRIMARY KEY, step, value);"
	"INSERT OR IGNORE INTO returned"
	" SELECT parent, step, new FROM log WHERE at & 31 = 2 ORDER BY step";

/* The columns that come from the list of returns. */
static const struct {
	const char *name, *is;
} of_return[] = {
	{ "return_step", "r.step" },
	{ "value", "r.value" },
	{ "end_ns", "(SELECT time FROM moment WHERE step <= r.step ORDER BY step DESC LIMIT 1)" },
};

/* ---------------------------------------------------------------- value_at() */

static void give(sqlite3_context *ctx, const struct trace_value *v)
{
	switch (v->type) {
	case TRACE_INT:
		sqlite3_result_int64(ctx, v->num);
		break;
	case TRACE_TEXT:
		sqlite3_result_text(ctx, v->bytes, (int)v->len, SQLITE_TRANSIENT);
		break;
	case TRACE_BLOB:
		sqlite3_result_blob(ctx, v->bytes, (int)v->len, SQLITE_TRANSIENT);
		break;
	default:
		sqlite3_result_null(ctx);
	}
}

static void value_at(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct asked *a = sqlite3_user_data(ctx);
	const char *name = (const char *)sqlite3_value_text(argv[0]);
	const char *field = (const char *)sqlite3_value_text(argv[1]);
	struct trace_object object;
	struct trace_member member;
	char err[512];

	(void)argc;
	if (!a->trace)
		a->trace = trace_open(a->path, err, sizeof(err));
	if (!a->trace) {
		sqlite3_result_error(ctx, err, -1);
		return;
	}
	if (!name || !field || trace_object_by_name(a->trace, name, &object) != 1)
		return;
	if (trace_member(a->trace, object.id, sqlite3_value_int64(argv[2]), field, &member) == 1) {
		give(ctx, &member.value);
		trace_member_free(&member);
	}
	trace_object_free(&object);
}

/* ---------------------------------------------------------------- wire */

static const char make_wire[] =
	"CREATE TEMP TABLE wire (step INTEGER PRIMARY KEY, n, time_ns, direction, kind, src, dst, sport,"
	" dport, seq, ack, flags, window, payload, mss, wscale, sackok, tsval, tsecr, options, ttl, ip_id,"
	" df, sum_ok, ip_sum_ok, arp_op, arp_sender, arp_target, icmp_type, icmp_code, source_mac,"
	" dest_mac, length, bytes)";

/* Binds by the column's name. */
static int column(sqlite3_stmt *s, const char *name)
{
	return sqlite3_bind_parameter_index(s, name);
}

static void put(sqlite3_stmt *s, const char *name, int64_t value)
{
	sqlite3_bind_int64(s, column(s, name), value);
}

static void put_text(sqlite3_stmt *s, const char *name, const char *value)
{
	sqlite3_bind_text(s, column(s, name), value, -1, SQLITE_TRANSIENT);
}

/* As it lies in the frame: network byte order. */
static uint32_t raw32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static void put_address(sqlite3_stmt *s, const char *name, uint32_t address)
{
	char text[16];

	put_text(s, name, decode_address(text, address));
}

static void put_mac(sqlite3_stmt *s, const char *name, const uint8_t *mac)
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	put_text(s, name, text);
}

static void put_options(sqlite3_stmt *s, const struct decoded *d)
{
	const uint8_t *at = d->bytes + d->transport + 20, *end = d->bytes + d->payload;
	char hex[2 * 40 + 1] = "";

	for (size_t i = 0; at + i < end && i < 40; i++)
		snprintf(hex + 2 * i, 3, "%02x", at[i]);
	put_text(s, "@options", hex);
	put(s, "@sackok", 0);
	while (at < end && *at) {
		size_t n = *at == 1 ? 1 : at + 1 < end ? at[1] : 0;

		if (!n || (*at != 1 && n < 2) || at + n > end)
			break;
		if (*at == 2 && n == 4)
			put(s, "@mss", be16(at + 2));
		if (*at == 3 && n == 3)
			put(s, "@wscale", at[2]);
		if (*at == 4)
			put(s, "@sackok", 1);
		if (*at == 8 && n == 10) {
			put(s, "@tsval", be32(at + 2));
			put(s, "@tsecr", be32(at + 6));
		}
		at += n;
	}
}

static void put_tcp(sqlite3_stmt *s, const struct decoded *d)
{
	char flags[10];

	put(s, "@seq", d->seq);
	put(s, "@ack", d->ack);
	put_text(s, "@flags", decode_flags(flags, d->flags));
	put(s, "@window", d->window);
	put_options(s, d);
}

static void put_network(sqlite3_stmt *s, const struct decoded *d)
{
	const uint8_t *ip = d->bytes + d->network;
	static const char *const kinds[] = {
		"other", "other", "arp", "other", "tcp", "udp", "icmp"
	};

	put_text(s, "@kind", kinds[d->layer]);
	if (d->layer == DECODE_ARP) {
		put(s, "@arp_op", be16(ip + 6));
		put_address(s, "@arp_sender", raw32(ip + 14));
		put_address(s, "@arp_target", raw32(ip + 24));
	}
	if (d->layer < DECODE_IP)
		return;
	put_address(s, "@src", d->saddr);
	put_address(s, "@dst", d->daddr);
	put(s, "@ttl", ip[8]);
	put(s, "@ip_id", be16(ip + 4));
	put(s, "@df", ip[6] >> 6 & 1);
	put(s, "@ip_sum_ok", !d->ip_sum_bad);
	put(s, "@sum_ok", !d->sum_bad);
	if (d->layer == DECODE_TCP || d->layer == DECODE_UDP) {
		put(s, "@sport", d->sport);
		put(s, "@dport", d->dport);
		put(s, "@payload", (int64_t)d->payload_len);
	}
	if (d->layer == DECODE_TCP)
		put_tcp(s, d);
	if (d->layer == DECODE_ICMP) {
		put(s, "@icmp_type", d->bytes[d->transport]);
		put(s, "@icmp_code", d->bytes[d->transport + 1]);
	}
}

/* The frames, taken apart, into the table that @s inserts into. */
static int fill_wire(struct asked *a, sqlite3_stmt *s)
{
	sqlite3_stmt *from;
	int status, n = 0;

	if (sqlite3_prepare_v2(
		    a->db, "SELECT step, time_ns, direction, bytes FROM main.packets ORDER BY step",
		    -1, &from, NULL))
		return -1;
	while ((status = sqlite3_step(from)) == SQLITE_ROW) {
		const uint8_t *bytes = sqlite3_column_blob(from, 3);
		size_t length = (size_t)sqlite3_column_bytes(from, 3);
		struct decoded d;

		decode_frame(&d, bytes, length);
		put(s, "@step", sqlite3_column_int64(from, 0));
		put(s, "@n", ++n);
		put(s, "@time_ns", sqlite3_column_int64(from, 1));
		put_text(s, "@direction", (const char *)sqlite3_column_text(from, 2));
		put(s, "@length", (int64_t)length);
		sqlite3_bind_blob(s, column(s, "@bytes"), bytes, (int)length, SQLITE_TRANSIENT);
		if (d.ethertype && length >= 12) {
			put_mac(s, "@dest_mac", bytes);
			put_mac(s, "@source_mac", bytes + 6);
		}
		put_network(s, &d);
		if (sqlite3_step(s) != SQLITE_DONE)
			break;
		sqlite3_reset(s);
		sqlite3_clear_bindings(s);
	}
	sqlite3_finalize(from);
	return status == SQLITE_DONE ? 0 : -1;
}

static int wire(struct asked *a)
{
	static const char insert[] =
		"INSERT INTO temp.wire VALUES (@step, @n, @time_ns, @direction, @kind, @src, @dst, @sport,"
		" @dport, @seq, @ack, @flags, @window, @payload, @mss, @wscale, @sackok, @tsval, @tsecr,"
		" @options, @ttl, @ip_id, @df, @sum_ok, @ip_sum_ok, @arp_op, @arp_sender, @arp_target,"
		" @icmp_type, @icmp_code, @source_mac, @dest_mac, @length, @bytes)";
	sqlite3_stmt *s;
	int status;

	a->wired = true;
	if (sqlite3_exec(a->db, make_wire, NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(a->db, insert, -1, &s, NULL))
		return -1;
	status = fill_wire(a, s);
	sqlite3_finalize(s);
	return status;
}

/* ---------------------------------------------------------------- opening */

struct asked *asked_open(const char *trace, const struct variation *v, char *err, size_t room)
{
	/* One transaction for all questions: the file is locked once. What is no trace has no steps. */
	static const char begin[] = "PRAGMA temp_store = memory; PRAGMA mmap_size = 1073741824;"
				    "BEGIN; SELECT max(step) FROM log";
	struct asked *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->variation = *v;
	a->path = text_format("%s", trace);
	a->expected = text_format("%s", "");
	if (sqlite3_open_v2(trace, &a->db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_exec(a->db, begin, NULL, NULL, NULL) ||
	    sqlite3_create_function(a->db, "value_at", 3, SQLITE_UTF8, a, value_at, NULL, NULL)) {
		snprintf(err, room, "%s: %s", trace, sqlite3_errmsg(a->db));
		asked_close(a);
		return NULL;
	}
	return a;
}

void asked_close(struct asked *a)
{
	if (!a)
		return;
	sqlite3_exec(a->db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(a->db);
	trace_close(a->trace);
	free(a->expected);
	free(a->path);
	free(a);
}

void asked_moved(struct asked *a, const char *trace)
{
	free(a->path);
	a->path = text_format("%s", trace);
}

void asked_expect(struct asked *a, const char *query)
{
	a->expected = text_add(a->expected, "%s\n", query);
	memset(a->settled, 0, sizeof(a->settled));
}

/* Whether it may mean columns that it has no word for. count(*) means none. */
static bool means_all(const char *text)
{
	for (const char *at = strchr(text, '*'); at; at = strchr(at + 1, '*')) {
		if (at == text || at[-1] != '(')
			return true;
	}
	return text_has_word(text, "natural");
}

/* Which of the columns some expected query may need. */
static uint64_t columns_of(sqlite3_stmt *all, const struct asked *a)
{
	bool every = means_all(a->expected);
	uint64_t columns = 0;

	for (int i = 0; i < sqlite3_column_count(all) && i < 64; i++) {
		const char *name = sqlite3_column_name(all, i);

		if (every || !strcmp(name, "step") || text_has_word(a->expected, name))
			columns |= 1ull << i;
	}
	return columns;
}

/* What a column of the view is of its call's return; NULL: nothing. */
static const char *from_return(const struct view *v, const char *name)
{
	bool calls = !strcmp(v->name, "calls");

	for (size_t i = 0; calls && i < sizeof(of_return) / sizeof(of_return[0]); i++) {
		if (!strcmp(of_return[i].name, name))
			return of_return[i].is;
	}
	return NULL;
}

/* The statements that make the copy; freed. @all is the view with all its columns. */
static char *copying(const struct view *v, sqlite3_stmt *all, uint64_t columns)
{
	char *made = text_format("DROP TABLE IF EXISTS temp.%s; CREATE TEMP TABLE %s (", v->name,
				 v->name);
	char *filled = text_format("INSERT INTO temp.%s SELECT ", v->name), *done;
	const char *comma = "", *first = "";

	for (int i = 0; i < sqlite3_column_count(all); i++) {
		const char *name = sqlite3_column_name(all, i);
		const char *type = sqlite3_column_decltype(all, i), *is = from_return(v, name);

		if (!(columns >> i & 1))
			continue;
		if (!strcmp(name, "step"))
			type = "INTEGER PRIMARY KEY";
		if (is)
			first = make_returned;
		made = text_add(made, "%s%s %s", comma, name, type ? type : "");
		filled = text_add(filled, is ? "%s%s" : "%sv.%s", comma, is ? is : name);
		comma = ", ";
	}
	done = text_format("%s; %s); %s FROM main.%s v%s", first, made, filled, v->name,
			   *first ? " LEFT JOIN temp.returned r ON r.call = v.step" : "");
	if (v->index)
		done = text_add(done, "; CREATE INDEX temp.%s_by ON %s(%s)", v->name, v->name,
				v->index);
	free(filled);
	free(made);
	return done;
}

/* A copy of the view with what is expected to be needed of it, if there is none yet. */
static int copy_view(struct asked *a, size_t i)
{
	sqlite3_stmt *all;
	uint64_t columns;
	char *text;
	int status;

	if (a->settled[i])
		return 0;
	text = text_format("SELECT * FROM main.%s", views[i].name);
	status = sqlite3_prepare_v2(a->db, text, -1, &all, NULL);
	free(text);
	if (status)
		return -1;
	columns = columns_of(all, a);
	if (columns & ~a->copied[i]) {
		a->copied[i] |= columns;
		text = copying(&views[i], all, a->copied[i]);
		status = sqlite3_exec(a->db, text, NULL, NULL, NULL);
		free(text);
	}
	sqlite3_finalize(all);
	a->settled[i] = !status;
	return status ? -1 : 0;
}

static int prepare_views(struct asked *a, const char *query)
{
	if (!strstr(a->expected, query))
		asked_expect(a, query);
	if (!a->wired && text_has_word(query, "wire") && wire(a))
		return -1;
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		if (text_has_word(query, views[i].name) && copy_view(a, i))
			return -1;
	}
	return 0;
}

static void bind_variation(sqlite3_stmt *s, const struct variation *v)
{
	put(s, ":seed", (int64_t)v->seed);
	put(s, ":port", v->port);
	put_text(s, ":local", v->local);
	put_text(s, ":gateway", v->gateway);
	put_text(s, ":remote", v->remote);
	put_text(s, ":other", v->other);
}

/* ---------------------------------------------------------------- answers */

static char *hex_of(sqlite3_stmt *s, int i)
{
	const uint8_t *bytes = sqlite3_column_blob(s, i);
	int n = sqlite3_column_bytes(s, i);
	char *text = text_format("%s", "");

	for (int k = 0; k < n; k++)
		text = text_add(text, "%s%02x", k ? " " : "", bytes[k]);
	return text;
}

static void take_row(sqlite3_stmt *s, struct row *row)
{
	int n = sqlite3_column_count(s);

	*row = (struct row){
		.count = n,
		.name = calloc((size_t)n, sizeof(char *)),
		.value = calloc((size_t)n, sizeof(char *)),
		.is_bytes = calloc((size_t)n, sizeof(bool)),
		.is_number = calloc((size_t)n, sizeof(bool)),
		.step = n ? sqlite3_column_int64(s, 0) : 0,
	};
	for (int i = 0; i < n; i++) {
		const char *text;

		row->name[i] = text_format("%s", sqlite3_column_name(s, i));
		row->is_bytes[i] = sqlite3_column_type(s, i) == SQLITE_BLOB;
		row->is_number[i] = sqlite3_column_type(s, i) == SQLITE_INTEGER;
		text = row->is_bytes[i] ? NULL : (const char *)sqlite3_column_text(s, i);
		row->value[i] = row->is_bytes[i] ? hex_of(s, i) :
						   text_format("%s", text ? text : "nothing");
	}
}

int asked_row(struct asked *a, const char *query, struct row *row, char *err, size_t room)
{
	sqlite3_stmt *s;
	int status;

	*row = (struct row){ 0 };
	if (prepare_views(a, query) || sqlite3_prepare_v2(a->db, query, -1, &s, NULL)) {
		snprintf(err, room, "%s: in: %.200s", sqlite3_errmsg(a->db), query);
		return -1;
	}
	bind_variation(s, &a->variation);
	status = sqlite3_step(s);
	if (status == SQLITE_ROW)
		take_row(s, row);
	else if (status != SQLITE_DONE)
		snprintf(err, room, "%s: in: %.200s", sqlite3_errmsg(a->db), query);
	sqlite3_finalize(s);
	return status == SQLITE_ROW ? 1 : status == SQLITE_DONE ? 0 : -1;
}

void row_free(struct row *row)
{
	for (int i = 0; i < row->count; i++) {
		free(row->name[i]);
		free(row->value[i]);
	}
	free(row->name);
	free(row->value);
	free(row->is_bytes);
	free(row->is_number);
	*row = (struct row){ 0 };
}

const char *row_get(const struct row *row, const char *name)
{
	for (int i = 0; i < row->count; i++) {
		if (!strcmp(row->name[i], name))
			return row->value[i];
	}
	return NULL;
}

char *asked_before(struct asked *a, int64_t step, int count)
{
	static const char query[] =
		"SELECT step, coalesce(function, ''), text FROM (SELECT * FROM steps WHERE step <= ?1"
		" AND step > ?1 - 2000 AND kind NOT IN ('line', 'branch', 'local', 'alloc')"
		" ORDER BY step DESC LIMIT ?2) ORDER BY step";
	char *text = text_format("%s", "");
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(a->db, query, -1, &s, NULL))
		return text;
	sqlite3_bind_int64(s, 1, step);
	sqlite3_bind_int(s, 2, count);
	while (sqlite3_step(s) == SQLITE_ROW)
		text = text_add(text, "%8lld  %s(): %.50s\n", sqlite3_column_int64(s, 0),
				sqlite3_column_text(s, 1), sqlite3_column_text(s, 2));
	sqlite3_finalize(s);
	return text;
}
