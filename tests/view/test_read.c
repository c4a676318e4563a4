/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader on the hand-made trace: what each question answers, and what bad files give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "trace/read/read.h"

/* ---- opening ------------------------------------------------------------------------------- */

static void refused(const char *path, const char *why)
{
	char err[400] = "";

	assert_null(trace_open(path, err, sizeof(err)));
	if (!strstr(err, why) || !strstr(err, path))
		fail_msg("%s: \"%s\" lacks \"%s\"", path, err, why);
	assert_null(strchr(err, '\n'));
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

static void test_bad_files(void **state)
{
	const char *path = fixture_path("bad.db");
	char page[8192];
	size_t len;
	FILE *f;

	refused("/nonexistent/trace.db", "No such file");
	refused("/tmp", "not a file");
	write_file(path, "", 0);
	refused(path, "empty");
	write_file(path, "hello, I am no database at all\n", 31);
	refused(path, "not a trace");
	write_file(path, "SQLite f", 8);
	refused(path, "not a trace");
	make_fixture(path, FIXTURE_VERSION_9);
	refused(path, "schema version 9");
	/* Cut in the middle: the header promises pages that are not there. */
	make_fixture(path, 0);
	assert_int_equal(truncate(path, 20000), 0);
	refused(path, "cut short");
	/* Right magic, then rubbish. */
	f = fopen(path, "r");
	len = fread(page, 1, sizeof(page), f);
	fclose(f);
	memset(page + 16, 0xa5, len - 16);
	write_file(path, page, len);
	refused(path, "");
}

static void test_other_database(void **state)
{
	const char *path = fixture_path("other.db");
	char command[256];

	snprintf(command, sizeof(command), "sqlite3 '%s' 'CREATE TABLE x(y)' 2>/dev/null", path);
	if (system(command) != 0)
		skip();
	refused(path, "not a synwalk trace");
}

static void test_meta(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("meta.db", 0, &at);

	assert_false(trace_is_partial(t));
	assert_string_equal(trace_meta(t, "scenario"), "fixture");
	assert_string_equal(trace_meta(t, "seed"), "7");
	assert_null(trace_meta(t, "nothing"));
	assert_int_equal(trace_last_step(t), at.last);
	assert_int_equal(trace_count(t, TRACE_PACKET), 3);
	assert_int_equal(trace_count(t, TRACE_WAKE), 1);
	assert_null(trace_error(t));
	trace_close(t);
	t = open_fixture("meta.db", FIXTURE_PARTIAL, &at);
	assert_true(trace_is_partial(t));
	assert_int_equal(trace_last_step(t), at.last);
	trace_close(t);
	t = open_fixture("meta.db", FIXTURE_EMPTY, NULL);
	assert_int_equal(trace_last_step(t), 0);
	assert_int_equal(trace_next(t, 0, TRACE_ALL_KINDS), 0);
	trace_close(t);
}

/* A trace on a read-only medium: neither the file nor its folder can be written. */
static void test_read_only(void **state)
{
	const char *path = fixture_path("ro.db");
	struct stat before, after;
	struct trace *t;
	char err[200];

	make_fixture(path, 0);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(stat(path, &before), 0);
	t = trace_open(path, err, sizeof(err));
	assert_non_null(t);
	assert_true(trace_return_of(t, 1) > 0); /* needs an index that is not there */
	trace_close(t);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* Every lookup must answer the same with the recorder's indexes and without. */
static const unsigned both[] = { 0, FIXTURE_INDEXED };
#define EACH_KIND(i) (size_t i = 0; i < 2; i++)

static void test_step(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("step.db", 0, &at);
	struct trace_step s;

	assert_int_equal(trace_step(t, at.v4_connect, &s), 1);
	assert_int_equal(s.kind, TRACE_CALL);
	assert_string_equal(s.func->name, "tcp_v4_connect");
	assert_string_equal(s.func->file->kernel_path, "net/ipv4/tcp.c");
	assert_int_equal(s.parent, at.connect);
	assert_string_equal(s.task_name, "connect");
	assert_string_equal(s.context_name, "task");
	trace_step_free(&s);
	assert_int_equal(trace_step(t, at.state_store, &s), 1);
	assert_int_equal(s.kind, TRACE_STORE);
	assert_string_equal(s.object_name, "tcp_sock#1");
	assert_string_equal(s.field->name, "sk_state");
	assert_int_equal(s.old.num, 7);
	assert_int_equal(s.new.num, 2);
	assert_string_equal(trace_symbol(t, s.field->enumeration, 2), "TCP_SYN_SENT");
	assert_null(trace_symbol(t, s.field->enumeration, 3));
	trace_step_free(&s);
	assert_int_equal(trace_step(t, at.softirq_rcv, &s), 1);
	assert_string_equal(s.context_name, "softirq");
	trace_step_free(&s);
	assert_int_equal(trace_step(t, 0, &s), 0);
	assert_int_equal(trace_step(t, at.last + 1, &s), 0);
	trace_close(t);
}

struct asking {
	struct trace *t;
	int calls, returns;
};

static int ask_return(void *ctx, const struct trace_step *s)
{
	struct asking *asking = ctx;

	asking->calls++;
	asking->returns += trace_return_of(asking->t, s->step) > s->step;
	return 0;
}

/* What is asked in the middle of a walk does not end it, be it the first question of its kind. */
static void test_ask_while_walking(void **state)
{
	struct asking with = { 0 }, without = { 0 };
	struct fixture_steps at;

	with.t = open_fixture("walk1.db", FIXTURE_INDEXED, &at);
	without.t = open_fixture("walk2.db", 0, NULL);
	assert_int_equal(trace_each(with.t, 1, at.last, TRACE_BIT(TRACE_CALL), ask_return, &with),
			 0);
	assert_int_equal(
		trace_each(without.t, 1, at.last, TRACE_BIT(TRACE_CALL), ask_return, &without), 0);
	assert_true(with.calls > 3);
	assert_int_equal(without.calls, with.calls);
	assert_int_equal(without.returns, with.returns);
	trace_close(with.t);
	trace_close(without.t);
}

static int count_steps(void *ctx, const struct trace_step *s)
{
	int *n = ctx;

	++*n;
	return s->kind == TRACE_DROP;
}

static void test_each(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("each.db", 0, &at);
	int n = 0;

	assert_int_equal(trace_each(t, 1, at.last, TRACE_ALL_KINDS & ~TRACE_BIT(TRACE_DROP),
				    count_steps, &n),
			 0);
	assert_int_equal(n, at.last - 1);
	n = 0;
	assert_int_equal(trace_each(t, 2, 5, TRACE_ALL_KINDS, count_steps, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(trace_each(t, 1, at.last, TRACE_ALL_KINDS, count_steps, &n), 1);
	trace_close(t);
}

static void test_nearest(void **state)
{
	for
		EACH_KIND(i)
		{
			struct fixture_steps at;
			struct trace *t = open_fixture("near.db", both[i], &at);
			const struct trace_func *set = trace_func_by_name(t, "tcp_set_state");
			int64_t second;

			assert_int_equal(trace_next(t, 0, TRACE_BIT(TRACE_PACKET)), at.syn);
			assert_int_equal(trace_next(t, at.syn, TRACE_BIT(TRACE_PACKET)), at.synack);
			assert_int_equal(trace_next(t, at.ack, TRACE_BIT(TRACE_PACKET)), 0);
			assert_int_equal(trace_previous(t, at.last, TRACE_BIT(TRACE_WAKE)),
					 at.wake);
			assert_int_equal(trace_next(t, at.syn,
						    TRACE_BIT(TRACE_DROP) |
							    TRACE_BIT(TRACE_PACKET)),
					 at.synack);
			assert_int_equal(trace_next(t, at.connect, TRACE_BIT(TRACE_CALL)),
					 at.v4_connect);
			assert_int_equal(trace_previous(t, at.v4_connect, TRACE_BIT(TRACE_CALL)),
					 1);
			assert_int_equal(trace_next_call_of(t, 0, set->id), at.set_state);
			second = trace_next_call_of(t, at.set_state, set->id);
			assert_true(second > at.softirq_rcv);
			assert_int_equal(trace_next_call_of(t, second, set->id), 0);
			assert_int_equal(trace_previous_call_of(t, second, set->id), at.set_state);
			assert_int_equal(trace_return_of(t, at.connect), at.connect_return);
			assert_int_equal(trace_return_of(t, at.set_state), at.set_state_return);
			assert_int_equal(trace_return_of(t, at.syn), 0);
			assert_null(trace_error(t));
			trace_close(t);
		}
}

static void test_stores(void **state)
{
	for
		EACH_KIND(i)
		{
			struct fixture_steps at;
			struct trace *t = open_fixture("stores.db", both[i], &at);
			int64_t first;

			assert_int_equal(trace_next_store(t, 0, 1, 1, NULL), at.state_store);
			assert_int_equal(trace_next_store(t, at.state_store, 1, 1, NULL),
					 at.established);
			assert_int_equal(trace_next_store(t, at.established, 1, 1, NULL), 0);
			assert_int_equal(trace_last_store(t, at.last, 1, 1, NULL), at.established);
			assert_int_equal(trace_last_store(t, at.established, 1, 1, NULL),
					 at.established);
			assert_int_equal(trace_last_store(t, at.state_store - 1, 1, 1, NULL), 0);
			assert_int_equal(trace_next_store(t, 0, 1, 0, NULL), at.state_store);
			assert_int_equal(trace_last_store(t, at.last, 1, 0, NULL), at.established);
			first = trace_next_store(t, 0, 3, 8, "bhash[1].first");
			assert_int_equal(trace_next_store(t, 0, 3, 8, "bhash[3].first"), first + 1);
			assert_int_equal(trace_next_store(t, 0, 3, 8, "bhash[2].first"), 0);
			assert_true(trace_next_store(t, 0, 4, 0, "tcphdr.seq") > 0);
			trace_close(t);
		}
}

/* ---- stack and locals ---------------------------------------------------------------------- */

static void test_stack(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("stack.db", 0, &at);
	int64_t calls[8];

	assert_int_equal(trace_stack(t, at.state_store, calls, 8), 3);
	assert_int_equal(calls[0], at.set_state);
	assert_int_equal(calls[1], at.v4_connect);
	assert_int_equal(calls[2], at.connect);
	assert_int_equal(trace_stack(t, at.set_state, calls, 8), 3);
	assert_int_equal(trace_stack(t, at.set_state_return, calls, 8), 3);
	assert_int_equal(trace_stack(t, at.set_state_return, calls, 1), 3);
	assert_int_equal(trace_call_line(t, at.set_state), 11);
	assert_int_equal(trace_call_line(t, at.timeout_call), 9);
	assert_int_equal(trace_call_line(t, at.connect), 0);
	trace_close(t);
}

static void test_args(void **state)
{
	struct trace_arg *args;
	int n = trace_args("{\"z\":\"tcp_sock#1\",\"a\":-5,\"big\":\"18446744073709551615\","
			   "\"list\":[1,2],\"none\":null}",
			   &args);

	assert_int_equal(n, 5);
	assert_string_equal(args[0].name, "z"); /* the order of the source, not the alphabet's */
	assert_string_equal(args[0].value.bytes, "tcp_sock#1");
	assert_int_equal(args[1].value.num, -5);
	assert_string_equal(args[3].value.bytes, "[1,2]");
	assert_int_equal(args[4].value.type, TRACE_NULL);
	trace_args_free(args, n);
	assert_int_equal(trace_args(NULL, &args), 0);
	trace_args_free(args, 0);
	assert_int_equal(trace_args("{broken", &args), 0);
	trace_args_free(args, 0);
}

static void test_locals(void **state)
{
	for
		EACH_KIND(i)
		{
			struct fixture_steps at;
			struct trace *t = open_fixture("locals.db", both[i], &at);
			struct trace_local *l;
			int n = trace_locals(t, at.v4_connect, at.err_local - 1, &l);

			assert_int_equal(n, 1);
			assert_string_equal(l[0].name, "sk");
			assert_string_equal(l[0].value.bytes, "tcp_sock#1");
			trace_locals_free(l, n);
			n = trace_locals(t, at.v4_connect, at.err_local, &l);
			assert_int_equal(n, 2);
			assert_string_equal(l[1].name, "err");
			assert_int_equal(l[1].value.num, -22);
			assert_int_equal(l[1].step, at.err_local);
			trace_locals_free(l, n);
			n = trace_locals(t, at.v4_connect, at.v4_connect_return, &l);
			assert_int_equal(n, 2);
			assert_int_equal(l[1].value.num, 0);
			trace_locals_free(l, n);
			trace_close(t);
		}
}

/* ---- objects ------------------------------------------------------------------------------- */

static const struct trace_member *member(const struct trace_state *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->members[i].name, name))
			return &s->members[i];
	fail_msg("no member %s", name);
	return NULL;
}

static void test_state(void **state)
{
	for
		EACH_KIND(i)
		{
			struct fixture_steps at;
			struct trace *t = open_fixture("state.db", both[i], &at);
			const struct trace_member *m;
			struct trace_state s;

			assert_int_equal(trace_state(t, 1, at.state_store - 1, &s), 0);
			m = member(&s, "sk_state");
			assert_int_equal(m->value.num, 7); /* as it was born */
			assert_int_equal(m->step, 0);
			assert_int_equal(member(&s, "write_seq")->value.num, 0);
			assert_string_equal(member(&s, "sk_dst_cache")->value.bytes, "NULL");
			assert_string_equal(s.members[0].name, "sk_state"); /* by offset */
			trace_state_free(&s);
			assert_int_equal(trace_state(t, 1, at.last, &s), 0);
			m = member(&s, "sk_state");
			assert_int_equal(m->value.num, 1);
			assert_int_equal(m->old.num, 2);
			assert_int_equal(m->step, at.established);
			assert_int_equal(s.count, 5);
			trace_state_free(&s);
			assert_int_equal(trace_state(t, 3, at.last, &s), 0);
			assert_string_equal(member(&s, "bhash[1].first")->value.bytes,
					    "tcp_sock#1");
			assert_string_equal(member(&s, "bhash[3].first")->old.bytes, "NULL");
			trace_state_free(&s);
			assert_int_equal(trace_state(t, 4, at.last, &s), 0);
			assert_int_equal(member(&s, "tcphdr.seq")->value.num, 400734527);
			trace_state_free(&s);
			trace_close(t);
		}
}

static int count_objects(void *ctx, const struct trace_object *o)
{
	int *n = ctx;

	assert_non_null(o->name);
	++*n;
	return 0;
}

static void test_objects(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("objects.db", 0, &at);
	struct trace_object o;
	int n = 0;

	assert_int_equal(trace_objects_at(t, 1, count_objects, &n), 0);
	assert_int_equal(n, 2);
	n = 0;
	assert_int_equal(trace_objects_at(t, at.syn, count_objects, &n), 0);
	assert_int_equal(n, 4);
	n = 0;
	assert_int_equal(trace_objects_at(t, at.last, count_objects, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(trace_object_by_name(t, "sk_buff#1", &o), 1);
	assert_int_equal(o.id, 2);
	assert_string_equal(o.type->name, "sk_buff");
	assert_string_equal(o.storage, "heap");
	assert_true(o.died > o.born);
	trace_object_free(&o);
	assert_int_equal(trace_object(t, 4, &o), 1);
	assert_null(o.type);
	trace_object_free(&o);
	assert_int_equal(trace_object(t, 99, &o), 0);
	trace_close(t);
}

static void test_packets(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("packets.db", 0, &at);
	struct trace_packet p;

	assert_int_equal(trace_packet(t, at.syn, &p), 1);
	assert_true(p.out);
	assert_string_equal(p.device, "tap0");
	assert_int_equal(p.len, 74);
	assert_int_equal(p.bytes[12], 8);
	assert_string_equal(p.skb, "sk_buff#1");
	trace_packet_free(&p);
	assert_int_equal(trace_packet(t, at.synack, &p), 1);
	assert_false(p.out);
	trace_packet_free(&p);
	assert_int_equal(trace_packet(t, at.connect, &p), 0);
	trace_close(t);
}

static void test_source(void **state)
{
	struct trace *t = open_fixture("source.db", 0, NULL);
	const struct trace_func *f = trace_func_by_name(t, "tcp_v4_connect");
	const char *line;
	size_t len;

	assert_int_equal(trace_source_lines(t, f->file), 33);
	line = trace_source_line(t, f->file, 11, &len);
	assert_int_equal(len, strlen("\ttcp_set_state(sk, TCP_SYN_SENT);"));
	assert_memory_equal(line, "\ttcp_set_state", 14);
	line = trace_source_line(t, f->file, 33, &len);
	assert_int_equal(len, 1);
	assert_null(trace_source_line(t, f->file, 34, &len));
	assert_null(trace_source_line(t, f->file, 0, &len));
	trace_close(t);
}

static bool no_more(void *ctx)
{
	return false;
}

static int64_t find(struct trace *t, int64_t step, bool forward, unsigned int kinds,
		    const char *text, bool (*more)(void *ctx))
{
	int64_t stopped;

	return trace_search(t, step, forward, kinds, text, more, NULL, &stopped);
}

static void test_search(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("search.db", 0, &at);

	assert_int_equal(find(t, 0, true, TRACE_BIT(TRACE_CALL), "v4_conn", NULL), at.v4_connect);
	assert_int_equal(find(t, 0, true, TRACE_ALL_KINDS, "skc_state", NULL), at.state_store);
	assert_int_equal(find(t, 0, true, TRACE_BIT(TRACE_STORE), "TCP_ESTABLISHED", NULL),
			 at.established);
	assert_int_equal(find(t, 0, true, TRACE_ALL_KINDS, "NO_SOCKET", NULL), at.drop);
	assert_int_equal(find(t, 0, true, TRACE_ALL_KINDS, "econnref", NULL), at.connect_return);
	assert_int_equal(find(t, at.last, false, TRACE_BIT(TRACE_CALL), "tcp_v4_connect", NULL),
			 at.v4_connect);
	/* Lower case finds both; upper case is exact. */
	assert_int_equal(find(t, 0, true, TRACE_BIT(TRACE_DROP), "no_socket", NULL), at.drop);
	assert_int_equal(find(t, 0, true, TRACE_BIT(TRACE_CALL), "V4_connect", NULL), 0);
	/* The text of a line, where the line is run. */
	assert_true(find(t, 0, true, TRACE_BIT(TRACE_LINE), "secure_seq()", NULL) > 0);
	assert_int_equal(find(t, 0, true, TRACE_ALL_KINDS, "no such thing", no_more), 0);
	assert_int_equal(find(t, 0, true, TRACE_ALL_KINDS, "", NULL), 0);
	assert_null(trace_error(t));
	trace_close(t);
}

/* ---- filters --------------------------------------------------------------------------------------- */

static struct trace_filter *filter(struct trace *t, const char *text)
{
	char err[200] = "";
	struct trace_filter *f = trace_filter_new(t, text, err, sizeof(err));

	if (!f)
		print_message("# %s: %s\n", text, err);
	assert_non_null(f);
	return f;
}

/* How many steps a filter chooses; forwards, backwards, and counted, it is the same. */
static int64_t chosen(struct trace *t, const char *text)
{
	struct trace_filter *f = filter(t, text);
	int64_t ahead = 0, back = 0;
	bool whole;

	for (int64_t at = 0; (at = trace_filter_next(f, at, true, NULL, NULL)) != 0; ahead++)
		assert_true(trace_filter_has(f, at));
	for (int64_t at = INT64_MAX; (at = trace_filter_next(f, at, false, NULL, NULL)) != 0;)
		back++;
	assert_int_equal(ahead, back);
	assert_int_equal(trace_filter_count(f, &whole), ahead);
	assert_true(whole);
	assert_null(trace_error(t));
	trace_filter_free(f);
	return ahead;
}

static void test_filter_words(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("filter.db", 0, &at);
	struct trace_filter *f = filter(t, "kind:packet");
	int64_t packets = trace_count(t, TRACE_PACKET), all = trace_last_step(t);

	assert_int_equal(trace_filter_next(f, 0, true, NULL, NULL), at.syn);
	assert_int_equal(trace_filter_next(f, at.syn, true, NULL, NULL), at.synack);
	assert_int_equal(trace_filter_next(f, at.synack, false, NULL, NULL), at.syn);
	assert_int_equal(trace_filter_next(f, at.syn, false, NULL, NULL), 0);
	assert_true(trace_filter_has(f, at.syn));
	assert_false(trace_filter_has(f, at.syn + 1));
	assert_false(trace_filter_has(f, 0));
	assert_false(trace_filter_has(f, all + 1));
	trace_filter_free(f);

	assert_int_equal(chosen(t, "k:packet"), packets);
	assert_int_equal(chosen(t, "!kind:packet"), all - packets);
	assert_int_equal(chosen(t, "kind:packet,drop"), packets + trace_count(t, TRACE_DROP));
	assert_int_equal(chosen(t, "kind:*"), all);
	assert_int_equal(chosen(t, "kind:packet kind:drop"), 0);
	assert_int_equal(chosen(t, "kind:call tcp_v4_connect"), 1);
	assert_int_equal(chosen(t, "kind:call function:tcp_v4_c*"), 1);
	assert_true(chosen(t, "function:tcp_v4_connect") > 2);
	assert_int_equal(chosen(t, "function:nothing_*"), 0);
	assert_int_equal(chosen(t, "kind:store field:skc_state,sk_state"),
			 chosen(t, "stores where path like '%skc_state'"));
	assert_true(chosen(t, "object:tcp_sock#1") > 0);
	assert_int_equal(chosen(t, "context:softirq") + chosen(t, "!context:softirq"), all);
	assert_int_equal(chosen(t, "task:connect") + chosen(t, "!task:connect"), all);
	assert_int_equal(chosen(t, "kind:call text:tcp_v4_connect"), 1);
	trace_close(t);
}

static void test_filter_sql(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("filter_sql.db", 0, &at);
	static const char *const bad[] = { "",
					   "nonsense:x",
					   "where",
					   "where nonsense = 1",
					   "where 1; DELETE FROM log",
					   "where 1) UNION SELECT (1",
					   "nonsense where 1",
					   ":",
					   "stores where" };
	char err[200];

	assert_int_equal(chosen(t, "where kind = 'packet'"), trace_count(t, TRACE_PACKET));
	assert_int_equal(chosen(t, "steps where 1 -- all"), trace_last_step(t));
	assert_int_equal(chosen(t, "drops where reason like '%'"), trace_count(t, TRACE_DROP));
	assert_int_equal(chosen(t, "calls WHERE function = 'tcp_v4_connect'"), 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		*err = '\0';
		struct trace_filter *f = trace_filter_new(t, bad[i], err, sizeof(err));

		/* whatever else SQL may make of it, nothing is written */
		if (!f)
			assert_true(strlen(err) > 5);
		trace_filter_free(f);
		assert_true(trace_count(t, TRACE_CALL) > 0);
	}
	trace_close(t);
}

static void test_filter_patience(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("filter_slow.db", 0, &at);
	struct trace_filter *f = filter(t, "kind:packet");
	bool whole;

	assert_int_equal(trace_filter_next(f, 0, true, no_more, NULL), 0);
	trace_filter_count(f, &whole);
	assert_false(whole);
	assert_true(trace_filter_work(f, no_more, NULL));
	assert_int_equal(trace_filter_next(f, 0, true, NULL, NULL), at.syn);
	/* what is known needs no patience */
	assert_int_equal(trace_filter_next(f, 0, true, no_more, NULL), at.syn);
	assert_false(trace_filter_work(f, no_more, NULL));
	trace_filter_free(f);
	trace_close(t);
}

static void test_step_at(void **state)
{
	struct fixture_steps at;
	struct trace *t = open_fixture("time.db", 0, &at);
	struct trace_step s, before;

	assert_int_equal(trace_step_at(t, 0), 1);
	assert_int_equal(trace_step(t, at.synack, &s), 1);
	assert_true(s.time > 0);
	assert_int_equal(trace_step(t, trace_step_at(t, s.time), &before), 1);
	assert_int_equal(before.time, s.time);
	assert_int_equal(trace_step(t, trace_step_at(t, s.time) - 1, &before), 1);
	assert_true(before.time < s.time);
	assert_int_equal(trace_step_at(t, INT64_MAX), 0);
	trace_step_free(&s);
	trace_step_free(&before);
	trace_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_words),
		cmocka_unit_test(test_filter_sql),
		cmocka_unit_test(test_filter_patience),
		cmocka_unit_test(test_step_at),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_other_database),
		cmocka_unit_test(test_meta),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_ask_while_walking),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_args),
		cmocka_unit_test(test_locals),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_search),
	};

	return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
