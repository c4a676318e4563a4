/* SPDX-License-Identifier: GPL-2.0-only */
/* The model of the replay, without a terminal: where each move leads, what each pane shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

static struct fixture_steps at;

static struct model *open_model(unsigned int flags)
{
	struct model *m = model_new(open_fixture("model.db", flags, &at));

	assert_non_null(m);
	return m;
}

/* ---- moves ------------------------------------------------------------------------------------- */

static void test_step(void **state)
{
	struct model *m = open_model(0);

	assert_int_equal(m->step, 1);
	assert_false(model_step(m, false));
	assert_non_null(strstr(m->message, "first"));
	assert_true(model_step(m, true));
	assert_int_equal(m->step, 2);
	assert_true(model_step(m, true));
	assert_int_equal(m->step, at.v4_connect);
	/* Locals are not walked through at this detail. */
	assert_true(model_step(m, true) && model_step(m, true));
	assert_int_equal(m->step, at.err_local + 1);
	assert_true(model_step(m, false));
	assert_int_equal(m->step, at.err_local - 1);
	assert_true(model_go(m, at.last));
	assert_false(model_step(m, true));
	assert_int_equal(m->step, at.last);
	model_free(m);
}

static void test_over(void **state)
{
	struct model *m = open_model(0);

	model_go(m, at.v4_connect);
	assert_true(model_over(m, true));
	assert_int_equal(m->step, at.v4_connect_return + 1);
	assert_true(model_over(m, false));
	assert_int_equal(m->step, at.v4_connect);
	/* Over the sleep: the softirq's world passes in one step. */
	model_go(m, at.timeout_call);
	assert_true(model_over(m, true));
	assert_int_equal(m->step, at.timeout_return + 2);
	/* Back from the first step of a call stands its call. */
	model_go(m, at.set_state + 1);
	assert_true(model_over(m, false));
	assert_int_equal(m->step, at.set_state);
	model_free(m);
}

static void test_out(void **state)
{
	struct model *m = open_model(0);

	model_go(m, at.state_store);
	assert_true(model_out(m, true));
	assert_int_equal(m->step, at.set_state_return);
	assert_true(model_out(m, true));
	assert_int_equal(m->step, at.v4_connect_return);
	assert_true(model_out(m, true));
	assert_int_equal(m->step, at.connect_return);
	assert_false(model_out(m, true));
	assert_non_null(strstr(m->message, "outermost"));
	model_go(m, at.state_store);
	assert_true(model_out(m, false));
	assert_int_equal(m->step, at.set_state);
	assert_true(model_out(m, false));
	assert_int_equal(m->step, at.v4_connect);
	/* Standing on a call, out is its own return. */
	assert_true(model_out(m, true));
	assert_int_equal(m->step, at.v4_connect_return);
	model_free(m);
}

static void test_go(void **state)
{
	struct model *m = open_model(0);

	assert_true(model_go_text(m, "$"));
	assert_int_equal(m->step, at.last);
	assert_true(model_go_text(m, "-2"));
	assert_int_equal(m->step, at.last - 2);
	assert_true(model_go_text(m, "+1"));
	assert_int_equal(m->step, at.last - 1);
	assert_true(model_go_text(m, " 7"));
	assert_int_equal(m->step, 7);
	assert_true(model_go_text(m, "50%"));
	assert_int_equal(m->step, 1 + (at.last - 1) / 2);
	assert_true(model_go_text(m, "100000"));
	assert_int_equal(m->step, at.last);
	assert_true(model_go_text(m, "tcp_v4_connect"));
	assert_int_equal(m->step, at.v4_connect);
	assert_false(model_go_text(m, "nowhere"));
	assert_non_null(strstr(m->message, "nowhere"));
	assert_int_equal(m->step, at.v4_connect);
	/* Back and forth, as in a browser. */
	assert_true(model_history(m, false));
	assert_int_equal(m->step, at.last);
	assert_true(model_history(m, false));
	assert_int_equal(m->step, 1 + (at.last - 1) / 2);
	assert_true(model_history(m, true));
	assert_int_equal(m->step, at.last);
	assert_true(model_history(m, true));
	assert_int_equal(m->step, at.v4_connect);
	assert_false(model_history(m, true));
	model_free(m);
}

static void test_events(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);
	unsigned int packet = TRACE_BIT(TRACE_PACKET), wake = TRACE_BIT(TRACE_WAKE);

	assert_true(model_go_kind(m, true, packet, "packet"));
	assert_int_equal(m->step, at.syn);
	assert_int_equal(m->packet, 0);
	assert_true(model_go_kind(m, true, packet, "packet"));
	assert_int_equal(m->step, at.synack);
	assert_int_equal(m->packet, 1);
	assert_true(model_go_kind(m, true, wake, "wake-up"));
	assert_int_equal(m->step, at.wake);
	assert_false(model_go_kind(m, true, wake, "wake-up"));
	assert_string_equal(m->message, "no later wake-up");
	assert_true(model_go_kind(m, false, packet, "packet"));
	assert_int_equal(m->step, at.synack);
	model_go(m, at.set_state);
	assert_true(model_go_same_function(m, true));
	assert_true(m->step > at.synack);
	assert_false(model_go_same_function(m, true));
	model_free(m);
}

static void test_stores(void **state)
{
	struct model *m = open_model(0);
	struct model_field f;

	assert_false(model_field_at_hand(m, &f));
	assert_false(model_go_store(m, true));
	assert_non_null(strstr(m->message, "which field"));
	/* On a store it is that field. */
	model_go(m, at.state_store);
	assert_true(model_go_store(m, true));
	assert_int_equal(m->step, at.established);
	assert_false(model_go_store(m, true));
	assert_string_equal(m->message, "no later store to tcp_sock#1.sk_state");
	assert_true(model_go_store(m, false));
	assert_int_equal(m->step, at.state_store);
	/* Selected, it counts from anywhere. */
	m->selected.object = 1;
	m->selected.field = 4;
	model_go(m, at.last);
	assert_true(model_go_why(m));
	assert_int_equal(m->step, at.port_store);
	assert_false(model_go_why(m));
	model_free(m);
}

static void test_marks(void **state)
{
	struct model *m = open_model(0);

	assert_false(model_go_mark(m, 'a'));
	assert_string_equal(m->message, "no mark a; ma sets it");
	assert_false(model_go_mark(m, '\''));
	model_mark(m, 'a');
	model_go(m, at.syn);
	model_mark(m, 'z');
	assert_true(model_go_mark(m, 'a'));
	assert_int_equal(m->step, 1);
	assert_true(model_go_mark(m, 'z'));
	assert_int_equal(m->step, at.syn);
	assert_true(model_go_mark(m, '\''));
	assert_int_equal(m->step, 1);
	assert_false(model_mark(m, '!'));
	assert_string_equal(m->message, "marks are letters from a to z");
	assert_false(model_go_mark(m, 'A'));
	model_free(m);
}

static void test_time(void **state)
{
	struct model *m = open_model(0);
	struct trace_step s;

	assert_true(model_go_text(m, "20ms"));
	assert_int_equal(trace_step(m->t, m->step, &s), 1);
	assert_true(s.time >= 20000000);
	trace_step_free(&s);
	assert_int_equal(trace_step(m->t, m->step - 1, &s), 1);
	assert_true(s.time < 20000000);
	trace_step_free(&s);
	assert_true(model_go_text(m, "300 ns"));
	assert_int_equal(m->step, 3);
	assert_true(model_go_text(m, "0.02s"));
	assert_false(model_go_text(m, "1000s"));
	assert_string_equal(m->message, "the trace ends before 1000s");
	assert_false(model_go_text(m, "7 weeks"));
	model_free(m);
}

/* Values of variables are walked through as those of fields. */
static void test_variables(void **state)
{
	struct model *m = open_model(0);

	model_go(m, at.v4_connect + 3);
	while (!m->variable || strcmp(m->variable, "err"))
		assert_true(model_next_variable(m, true));
	assert_true(model_go_store(m, true));
	assert_true(m->step > at.err_local && m->step < at.syn);
	assert_false(model_go_store(m, true));
	assert_string_equal(m->message, "err is not set later in this call");
	assert_true(model_go_store(m, false));
	assert_int_equal(m->step, at.err_local);
	assert_false(model_go_why(m));
	model_go(m, at.branch);
	assert_true(model_go_why(m));
	assert_int_equal(m->step, at.branch - 1);
	/* a parameter comes from the call */
	while (!m->variable || strcmp(m->variable, "sk"))
		assert_true(model_next_variable(m, false));
	assert_true(model_go_why(m));
	assert_int_equal(m->step, at.v4_connect);
	/* behind the last there is none, and fields have their turn */
	while (m->variable)
		model_next_variable(m, true);
	assert_false(model_go_store(m, true));
	model_free(m);
}

static void test_filter(void **state)
{
	struct model *m = open_model(0);
	struct walk w;
	char words[300];

	assert_false(model_set_filter(m, "nonsense:1"));
	assert_null(m->filter);
	assert_false(model_set_filter(m, ""));
	assert_true(model_set_filter(m, "kind:packet"));
	assert_non_null(strstr(m->message, "none of them"));
	assert_true(model_step(m, true));
	assert_int_equal(m->step, at.syn);
	assert_true(model_over(m, true));
	assert_int_equal(m->step, at.synack);
	assert_int_equal(model_walk(m, 10, 10, &w), 0);
	assert_int_equal(w.count, 3);
	assert_int_equal(w.rows[0].step, at.syn);
	assert_int_equal(w.rows[1].step, at.synack);
	assert_true(w.rows[1].current);
	assert_int_equal(w.rows[2].step, at.ack);
	model_walk_free(&w);
	assert_true(model_step(m, true));
	assert_false(model_step(m, true));
	assert_string_equal(m->message, "the filter has no later step");
	while (model_filter_work(m))
		;
	assert_string_equal(model_filter_words(m, words, sizeof(words)), "3 of 57: kind:packet");
	assert_true(model_set_filter(m, ""));
	assert_string_equal(model_filter_words(m, words, sizeof(words)), "");
	assert_true(model_step(m, true));
	assert_int_equal(m->step, at.ack + 1);
	model_free(m);
}

/* ---- the walk ---------------------------------------------------------------------------------- */

static const struct walk_row *row_of(const struct walk *w, int64_t step)
{
	for (int i = 0; i < w->count; i++)
		if (w->rows[i].step == step)
			return &w->rows[i];
	return NULL;
}

static void test_walk_folds(void **state)
{
	struct model *m = open_model(0);
	struct walk w;

	assert_int_equal(model_walk(m, 10, 10, &w), 0);
	assert_int_equal(w.current, 0);
	assert_int_equal(w.count, 1); /* one call, folded: the whole connect */
	assert_int_equal(w.rows[0].fold, '+');
	assert_string_equal(w.rows[0].text,
			    "sys_connect(fd=3, addrlen=16) = -111 ECONNREFUSED  [20.005600 ms]");
	model_walk_free(&w);
	model_go(m, at.state_store);
	assert_int_equal(model_walk(m, 20, 20, &w), 0);
	assert_int_equal(row_of(&w, 1)->fold, '-');
	assert_int_equal(row_of(&w, at.v4_connect)->fold, '-');
	assert_int_equal(row_of(&w, at.set_state)->fold, '-');
	assert_int_equal(row_of(&w, at.set_state)->indent, 2);
	assert_int_equal(row_of(&w, at.state_store)->indent, 3);
	assert_true(row_of(&w, at.state_store)->current);
	assert_int_equal(row_of(&w, at.state_store)->sign, '*');
	assert_int_equal(row_of(&w, at.syn)->sign, '>');
	assert_int_equal(row_of(&w, at.timeout_call)->fold, '+');
	assert_null(row_of(&w, at.sleep)); /* inside the folded call */
	for (int i = 1; i < w.count; i++)
		assert_true(w.rows[i].step > w.rows[i - 1].step);
	model_walk_free(&w);
	/* What lies behind has folded again. */
	model_go(m, at.timeout_call);
	assert_int_equal(model_walk(m, 20, 20, &w), 0);
	assert_int_equal(row_of(&w, at.v4_connect)->fold, '+');
	assert_null(row_of(&w, at.set_state));
	model_walk_free(&w);
	/* By hand it opens, and stays so. */
	model_go(m, at.v4_connect);
	assert_true(model_toggle_fold(m));
	model_go(m, at.timeout_call);
	assert_int_equal(model_walk(m, 40, 20, &w), 0);
	assert_int_equal(row_of(&w, at.v4_connect)->fold, '-');
	assert_int_equal(row_of(&w, at.set_state)->fold, '+');
	model_walk_free(&w);
	/* From inside, folding goes to the call. */
	model_go(m, at.state_store);
	assert_true(model_toggle_fold(m));
	assert_int_equal(m->step, at.set_state);
	model_free(m);
}

/* Down from the first line to the last and up again gives the same lines, at every detail. */
static void test_walk_both_ways(void **state)
{
	struct model *m = open_model(0);

	for (int detail = 0; detail < DETAILS; detail++) {
		int steps = 0, back = 0;

		model_set_detail(m, detail);
		model_go(m, 1);
		while (model_step(m, true))
			steps++;
		assert_int_equal(m->step, at.last);
		while (model_step(m, false))
			back++;
		assert_int_equal(m->step, 1);
		assert_int_equal(steps, back);
		if (detail == DETAIL_ALL)
			assert_int_equal(steps, at.last - 1);
	}
	model_set_detail(m, DETAILS);
	assert_int_equal(m->detail, DETAIL_ALL);
	assert_non_null(strstr(m->message, "no more"));
	model_free(m);
}

/* From every step every move must work, and every pane have something to say or nothing. */
static void test_everywhere(void **state)
{
	static const unsigned int flags[] = { 0, FIXTURE_PARTIAL, FIXTURE_INDEXED };

	for (size_t f = 0; f < 3; f++) {
		struct model *m = open_model(flags[f]);

		for (int64_t step = 1; step <= at.last; step++) {
			struct walk w;
			struct stack s;
			struct source src;
			struct objects o;
			struct packets p;

			for (int move = 0; move < 6; move++) {
				model_go(m, step);
				if (move < 2)
					model_over(m, move);
				else if (move < 4)
					model_out(m, move & 1);
				else
					model_step(m, move & 1);
				assert_true(m->step >= 1 && m->step <= at.last);
			}
			model_go(m, step);
			assert_int_equal(model_walk(m, 30, 30, &w), 0);
			assert_int_equal(w.rows[w.current].step, step);
			model_walk_free(&w);
			assert_int_equal(model_stack(m, &s), 0);
			model_stack_free(&s);
			assert_int_equal(model_source(m, &src), 0);
			model_source_free(&src);
			assert_int_equal(model_objects(m, &o), 0);
			model_objects_free(&o);
			assert_int_equal(model_packets(m, 5, &p), 0);
			model_packets_free(&p);
		}
		assert_null(trace_error(m->t));
		model_free(m);
	}
}

static void test_empty(void **state)
{
	struct model *m = open_model(FIXTURE_EMPTY);
	struct walk w;
	struct objects o;

	assert_int_equal(m->step, 0);
	assert_false(model_step(m, true));
	assert_false(model_over(m, false));
	assert_false(model_out(m, true));
	assert_false(model_go(m, 5));
	assert_false(model_toggle_fold(m));
	assert_int_equal(model_walk(m, 5, 5, &w), 0);
	assert_int_equal(w.count, 0);
	assert_int_equal(model_objects(m, &o), 0);
	assert_int_equal(o.count, 0);
	model_free(m);
}

/* ---- source, stack ------------------------------------------------------------------------------ */

static void test_source_values(void **state)
{
	struct model *m = open_model(0);
	struct source s;
	struct stack k;

	model_go(m, at.set_state - 1); /* tcp_set_state(sk, TCP_SYN_SENT); */
	assert_int_equal(model_source(m, &s), 0);
	assert_string_equal(s.func->name, "tcp_v4_connect");
	assert_int_equal(s.line, 11);
	assert_int_equal(s.lines, 33);
	assert_int_equal(s.nvalues, 2);
	assert_string_equal(s.values[0].name, "sk"); /* named on the line: first */
	assert_true(s.values[0].here);
	assert_string_equal(s.values[1].name, "err");
	assert_string_equal(s.values[1].value, "-22 EINVAL");
	assert_false(s.values[1].here);
	model_source_free(&s);
	/* A packet has no line of its own: that of the step before it. */
	model_go(m, at.syn);
	assert_int_equal(model_source(m, &s), 0);
	assert_int_equal(s.line, 14);
	model_source_free(&s);
	/* The caller's frame: its source, where it called. */
	model_go(m, at.state_store);
	assert_false(model_select_frame(m, 3));
	assert_true(model_select_frame(m, 1));
	assert_int_equal(model_source(m, &s), 0);
	assert_string_equal(s.func->name, "tcp_v4_connect");
	assert_int_equal(s.line, 11);
	model_source_free(&s);
	assert_int_equal(model_stack(m, &k), 0);
	assert_int_equal(k.count, 3);
	assert_string_equal(k.rows[0].text, "tcp_set_state(sk=tcp_sock#1, state=2)");
	assert_int_equal(k.rows[0].line, 4);
	assert_int_equal(k.rows[2].line, 6);
	assert_true(k.rows[1].selected);
	model_stack_free(&k);
	model_step(m, true);
	assert_int_equal(m->frame, 0);
	model_free(m);
}

/* ---- objects ----------------------------------------------------------------------------------- */

static const struct object_row *find_row(const struct objects *o, const char *name)
{
	for (int i = 0; i < o->count; i++)
		if (!strcmp(o->rows[i].name, name))
			return &o->rows[i];
	return NULL;
}

static void test_objects_changed(void **state)
{
	struct model *m = open_model(0);
	const struct object_row *r;
	struct objects o;

	model_go(m, at.state_store - 1);
	model_step(m, true);
	assert_int_equal(model_objects(m, &o), 0);
	assert_string_equal(o.rows[0].name, "tcp_sock#1");
	assert_true(o.rows[0].heading && o.rows[0].changed);
	assert_string_equal(o.rows[1].name, "sk_state");
	assert_true(o.rows[1].changed);
	assert_string_equal(o.rows[1].value, "TCP_SYN_SENT");
	assert_string_equal(o.rows[1].other, "TCP_CLOSE");
	assert_true(o.rows[2].heading); /* only what changed, not all fields */
	model_objects_free(&o);
	/* Back over the store: the value as it was, and what it will become. */
	model_step(m, false);
	assert_int_equal(model_objects(m, &o), 0);
	r = find_row(&o, "sk_state");
	assert_non_null(r);
	assert_string_equal(r->value, "TCP_CLOSE");
	assert_string_equal(r->other, "TCP_SYN_SENT");
	model_objects_free(&o);
	/* A step that stores nothing: nothing is marked; the argument is named. */
	model_go(m, at.set_state);
	model_step(m, true);
	assert_int_equal(model_objects(m, &o), 0);
	assert_false(o.rows[0].changed);
	assert_string_equal(o.rows[0].value, "sk, 64 bytes");
	model_objects_free(&o);
	model_free(m);
}

static void test_objects_open(void **state)
{
	struct model *m = open_model(0);
	const struct object_row *r;
	struct objects o;

	model_go(m, at.last);
	model_toggle_object(m, 1);
	assert_int_equal(model_objects(m, &o), 0);
	assert_string_equal(find_row(&o, "inet_daddr")->value, "10.9.0.2");
	assert_string_equal(find_row(&o, "inet_dport")->value, "5000");
	assert_null(find_row(&o, "sk_dst_cache")); /* always NULL: not worth a line */
	assert_null(find_row(&o, "sk_buff#1"));    /* dead by now */
	r = find_row(&o, "write_seq");
	model_select_object(m, r);
	model_objects_free(&o);
	assert_int_equal(model_objects(m, &o), 0);
	assert_true(o.selected > 0);
	assert_string_equal(o.rows[o.selected].name, "write_seq");
	model_objects_free(&o);
	model_toggle_object(m, 1);
	assert_int_equal(model_objects(m, &o), 0);
	model_objects_free(&o);
	/* A place inside an array is a field of its own. */
	model_go(m, at.port_store + 1);
	model_go(m, at.port_store + 2);
	assert_int_equal(model_objects(m, &o), 0);
	assert_string_equal(o.rows[1].name, "bhash[3].first");
	assert_string_equal(o.rows[1].other, "NULL");
	model_select_object(m, &o.rows[1]);
	model_objects_free(&o);
	model_go(m, 1);
	assert_true(model_go_store(m, true));
	assert_int_equal(m->step, at.port_store + 2);
	model_free(m);
}

/* ---- packets ----------------------------------------------------------------------------------- */

static void test_packets(void **state)
{
	struct model *m = open_model(0);
	struct packets p;

	model_go(m, at.synack);
	assert_int_equal(model_packets(m, 5, &p), 0);
	assert_int_equal(p.count, 3);
	assert_true(p.rows[0].out && !p.rows[1].out);
	assert_true(p.rows[1].selected);
	assert_false(p.rows[1].future);
	assert_true(p.rows[2].future);
	assert_non_null(strstr(p.rows[2].text, "ack 1,"));
	assert_true(p.nfields > 20);
	model_packets_free(&p);
	assert_int_equal(model_packets(m, 1, &p), 0);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.first, 1);
	model_packets_free(&p);
	model_select_packet(m, 2);
	model_select_packet(m, 3); /* there is none */
	assert_int_equal(m->packet, 2);
	model_free(m);
}

/* ---- words ------------------------------------------------------------------------------------- */

static const char *words(const struct trace *t, int64_t n, const char *name, const char *ctype)
{
	static char buf[100];
	struct trace_value v = { .type = TRACE_INT, .num = n };

	return words_value(buf, sizeof(buf), t, &v, name, ctype, 0);
}

static void test_words(void **state)
{
	struct trace *t = open_fixture("words.db", 0, &at);
	struct trace_value v = { .type = TRACE_INT, .num = -512 };
	char buf[64], tiny[8];

	assert_string_equal(words(t, 33556746, "inet_saddr", "__be32"), "10.9.0.2");
	assert_string_equal(words(t, 0x01000000, "seq", "__be32"), "1");
	assert_string_equal(words(t, 34835, "dest", "__be16"), "5000");
	assert_string_equal(words(t, -111, "err", "int"), "-111 ECONNREFUSED");
	assert_string_equal(words(t, -111, "delta", "int"), "-111");
	assert_string_equal(words(t, 110, "sk_err", "int"), "110 ETIMEDOUT");
	assert_string_equal(words(t, 5, "err", "int"), "5");
	assert_string_equal(words(t, INT64_MAX, "timeo", "long"), "LONG_MAX");
	assert_string_equal(words(t, 4096, "sk_flags", "unsigned long"), "0x1000");
	assert_string_equal(words_return(buf, sizeof(buf), t, &v, "int"), "-512 ERESTARTSYS");
	assert_null(words_errno(0));
	assert_null(words_errno(4000));
	v = (struct trace_value){ .type = TRACE_TEXT, .bytes = "a\033[31mb", .len = 7 };
	assert_string_equal(words_value(buf, sizeof(buf), t, &v, NULL, NULL, 0), "a?[31mb");
	v = (struct trace_value){ .type = TRACE_BLOB, .bytes = "0123456789abcdefXYZ", .len = 19 };
	assert_string_equal(words_value(buf, sizeof(buf), t, &v, NULL, NULL, 0),
			    "30313233343536373839616263646566.. (19 bytes)");
	assert_string_equal(words_value(tiny, sizeof(tiny), t, &v, NULL, NULL, 0), "3031323");
	trace_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_step),          cmocka_unit_test(test_over),
		cmocka_unit_test(test_out),           cmocka_unit_test(test_go),
		cmocka_unit_test(test_events),        cmocka_unit_test(test_stores),
		cmocka_unit_test(test_marks),         cmocka_unit_test(test_time),
		cmocka_unit_test(test_variables),     cmocka_unit_test(test_filter),
		cmocka_unit_test(test_walk_folds),    cmocka_unit_test(test_walk_both_ways),
		cmocka_unit_test(test_everywhere),    cmocka_unit_test(test_empty),
		cmocka_unit_test(test_source_values), cmocka_unit_test(test_objects_changed),
		cmocka_unit_test(test_objects_open),  cmocka_unit_test(test_packets),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
