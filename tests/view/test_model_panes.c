/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ladder, the states, the lanes and the port table show, without a terminal: on the small
 * trace of fixture.h, and on recordings of real runs, made here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "viewer/model.h"

static struct fixture_steps at;

static struct model *open_model(unsigned int flags)
{
	struct model *m = model_new(open_fixture("model.db", flags, &at));

	assert_non_null(m);
	return m;
}

/* Plays a script, and opens what was recorded. */
static struct model *record(const char *script)
{
	char command[512], err[300];
	struct trace *t;
	struct model *m;

	snprintf(command, sizeof(command), "build/synwalk run tests/pkt/%s.pkt -o %s >/dev/null",
		 script, fixture_path("run.db"));
	assert_int_equal(system(command), 0);
	t = trace_open(fixture_path("run.db"), err, sizeof(err));
	assert_non_null(t);
	m = model_new(t);
	assert_non_null(m);
	return m;
}

/* ---- the ladder -------------------------------------------------------------------------------- */

static void test_ladder(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);
	struct ladder l;

	/* at the beginning all lies in the future, below the line of the position */
	assert_int_equal(model_ladder(m, 10, 10, &l), 0);
	assert_string_equal(l.left, "10.9.0.1:46092");
	assert_string_equal(l.right, "10.9.0.2:5000");
	assert_int_equal(l.count, 5);
	assert_int_equal(l.center, 0);
	assert_int_equal(l.rows[0].what, RUNG_HERE);
	assert_true(l.rows[0].current && l.rows[0].selected);
	assert_int_equal(l.rows[1].step, at.syn);
	assert_true(l.rows[1].out && l.rows[1].future && !l.rows[1].other);
	assert_int_equal(strncmp(l.rows[1].text, "Flags [S]", 9), 0);
	assert_false(l.rows[2].out);
	assert_int_equal(l.rows[4].what, RUNG_DROP);
	assert_non_null(strstr(l.rows[4].text, "NO_SOCKET"));
	model_ladder_free(&l);
	/* on a packet there is no other line for the position */
	model_go(m, at.synack);
	assert_int_equal(model_ladder(m, 10, 10, &l), 0);
	assert_int_equal(l.count, 4);
	assert_int_equal(l.center, 1);
	assert_true(l.rows[1].current && !l.rows[0].future && l.rows[2].future);
	model_ladder_free(&l);
	/* a window, and the row looked at */
	assert_true(model_ladder_move(m, true));
	assert_int_equal(m->ladder_at, at.ack);
	assert_true(model_ladder_move(m, true));
	assert_false(model_ladder_move(m, true));
	assert_int_equal(m->ladder_at, at.drop);
	assert_int_equal(model_ladder(m, 1, 1, &l), 0);
	assert_int_equal(l.count, 2);
	assert_true(l.rows[1].selected);
	model_ladder_free(&l);
	/* the position's line lies in its place too when one looks elsewhere */
	model_go(m, at.sleep);
	model_ladder_move(m, true);
	assert_int_equal(m->ladder_at, at.synack);
	assert_int_equal(model_ladder(m, 10, 10, &l), 0);
	assert_int_equal(l.count, 5);
	assert_int_equal(l.rows[1].what, RUNG_HERE);
	assert_int_equal(l.center, 2);
	model_ladder_free(&l);
	model_free(m);
}

static void test_ladder_again(void **state)
{
	struct model *m = record("timeout/syn-retries");
	int again = 0, fired = 0, first = 0;
	struct ladder l;

	model_go(m, trace_last_step(m->t));
	assert_int_equal(model_ladder(m, 60, 60, &l), 0);
	for (int i = 0; i < l.count; i++) {
		again += l.rows[i].what == RUNG_PACKET && l.rows[i].again == PACKET_AGAIN;
		first += l.rows[i].what == RUNG_PACKET && l.rows[i].again == PACKET_FIRST &&
			 !l.rows[i].other;
		fired += l.rows[i].what == RUNG_TIMER;
		/* what is sent again stands right below its timer */
		if (l.rows[i].again)
			assert_int_equal(l.rows[i - 1].what, RUNG_TIMER);
	}
	assert_int_equal(first, 1);
	assert_true(again >= 3 && fired >= again);
	model_ladder_free(&l);
	model_free(m);
	m = record("timeout/keepalive");
	again = 0;
	for (size_t i = 0; i < m->npackets; i++)
		again += m->again[i] == PACKET_PROBE;
	assert_true(again >= 1);
	model_free(m);
}

/* ---- the states -------------------------------------------------------------------------------- */

static void test_states(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);
	struct states s;

	model_go(m, at.v4_connect);
	assert_int_equal(model_states(m, &s), 0);
	assert_string_equal(s.object, "tcp_sock#1");
	assert_null(s.missing);
	assert_int_equal(s.now, -1);
	assert_string_equal(model_state_name(s.current), "CLOSE");
	assert_true(s.begun[7] && !s.entered[2]);
	model_states_free(&s);
	assert_true(model_states_move(m, true));
	assert_int_equal(m->state_at, at.state_event);
	assert_false(model_states_move(m, true));
	model_go(m, at.state_event);
	assert_int_equal(model_states(m, &s), 0);
	assert_int_equal(s.now, 0);
	assert_string_equal(model_state_name(s.current), "SYN_SENT");
	assert_int_equal(s.entered[2], at.state_event);
	model_states_free(&s);
	model_free(m);
	m = open_model(FIXTURE_EMPTY);
	assert_int_equal(model_states(m, &s), 0);
	assert_non_null(s.missing);
	model_states_free(&s);
	model_free(m);
}

static void test_states_refused(void **state)
{
	struct model *m = record("refused/blocking");
	struct states s;

	model_go(m, trace_last_step(m->t));
	assert_int_equal(model_states(m, &s), 0);
	assert_string_equal(s.object, "tcp_sock#1");
	assert_int_equal(s.count, 2);
	assert_int_equal(s.now, 1);
	assert_string_equal(model_state_name(s.changes[0].to), "SYN_SENT");
	assert_string_equal(model_state_name(s.changes[1].to), "CLOSE");
	model_states_free(&s);
	model_free(m);
}

/* Who waits in TIME_WAIT is a small socket, made when the large one closes. */
static void test_states_heir(void **state)
{
	struct model *m = record("close/active");
	int64_t born, heir, step;
	struct trace_object o;
	struct states s;
	int substate;

	assert_int_equal(trace_object_by_name(m->t, "tcp_timewait_sock#1", &o), 1);
	born = o.born;
	heir = o.id;
	substate = trace_field_by_name(m->t, o.type->id, "tw_substate")->id;
	trace_object_free(&o);
	model_go(m, born);
	assert_int_equal(model_states(m, &s), 0);
	assert_null(s.heir);
	model_states_free(&s);
	while (model_states_move(m, true))
		model_go(m, m->state_at);
	assert_int_equal(model_states(m, &s), 0);
	assert_string_equal(model_state_name(s.current), "CLOSE");
	assert_string_equal(s.heir, "tcp_timewait_sock#1");
	assert_int_equal(s.inherited, born);
	/* it waits for the FIN first */
	assert_string_equal(model_state_name(s.waits), "FIN_WAIT2");
	assert_int_equal(s.entered[6], 0);
	model_states_free(&s);
	step = trace_next_store(m->t, m->step, heir, substate, NULL);
	assert_true(step > 0);
	model_go(m, step);
	assert_int_equal(model_states(m, &s), 0);
	assert_string_equal(model_state_name(s.waits), "TIME_WAIT");
	assert_int_equal(s.entered[6], step);
	model_states_free(&s);
	model_free(m);
}

/* UDP has no tracepoint for its state: the stores tell it. */
static void test_states_udp(void **state)
{
	struct model *m = record("udp/connect");
	struct trace_object o;
	struct states s;

	assert_int_equal(trace_object_by_name(m->t, "udp_sock#1", &o), 1);
	m->selected.object = o.id;
	trace_object_free(&o);
	model_go(m, trace_last_step(m->t));
	assert_int_equal(model_states(m, &s), 0);
	assert_string_equal(s.object, "udp_sock#1");
	assert_true(s.count >= 1);
	assert_string_equal(model_state_name(s.changes[0].from), "CLOSE");
	assert_string_equal(model_state_name(s.changes[0].to), "ESTABLISHED");
	model_states_free(&s);
	model_free(m);
}

/* ---- the lanes --------------------------------------------------------------------------------- */

static const struct lane *lane_named(const struct lanes *l, const char *name)
{
	for (int i = 0; i < l->count; i++)
		if (!strcmp(l->lane[i].name, name))
			return &l->lane[i];
	fail_msg("no lane %s", name);
	return NULL;
}

static const struct lane_mark *mark_at(const struct lanes *l, int64_t step)
{
	for (int i = 0; i < l->nmarks; i++)
		if (l->marks[i].step == step)
			return &l->marks[i];
	fail_msg("nothing marked at step %d", (int)step);
	return NULL;
}

static void test_lanes(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);
	const struct lane *task, *softirq;
	const struct lane_mark *wake;
	struct lanes l;

	model_go(m, at.wake);
	/* a column a step */
	assert_int_equal(model_lanes(m, 100, &l), 0);
	assert_int_equal(l.per, 1);
	assert_int_equal(l.from, 1);
	assert_int_equal(l.here, at.wake - 1);
	task = lane_named(&l, "connect");
	softirq = lane_named(&l, "softirq");
	assert_int_equal(task->cells[0], LANE_RUNS);
	assert_int_equal(task->cells[at.sleep - 1], LANE_RUNS);
	assert_int_equal(softirq->cells[at.synack - 1], LANE_RUNS);
	assert_int_equal(task->cells[at.synack - 1], LANE_SLEEPS);
	assert_int_equal(task->cells[at.wake], LANE_READY);
	assert_int_equal(task->cells[at.timeout_return - 1], LANE_RUNS);
	assert_int_equal(softirq->cells[at.timeout_return - 1], LANE_NOTHING);
	assert_int_equal(task->cells[at.last], LANE_NOTHING);
	assert_true(l.times[at.synack - 1] > l.times[at.sleep - 1]);
	wake = mark_at(&l, at.wake);
	assert_int_equal(wake->sign, '^');
	assert_ptr_equal(&l.lane[wake->lane], softirq);
	assert_ptr_equal(&l.lane[wake->to], task);
	assert_int_equal(mark_at(&l, at.sleep)->sign, 'z');
	assert_non_null(strstr(l.text, "wakes connect"));
	model_lanes_free(&l);
	/* from the middle of its sleep on it is known to sleep */
	m->lanes_per = 1;
	assert_int_equal(model_lanes(m, 10, &l), 0);
	assert_true(l.from > at.sleep);
	assert_int_equal(lane_named(&l, "connect")->cells[at.wake + 1 - l.from], LANE_READY);
	assert_int_equal(lane_named(&l, "connect")->cells[0], LANE_SLEEPS);
	model_lanes_free(&l);
	/* all in few columns: several share one */
	m->lanes_per = 0;
	assert_int_equal(model_lanes(m, 3, &l), 0);
	assert_int_equal(lane_named(&l, "softirq")->cells[1], LANE_SHARES);
	model_lanes_free(&l);
	model_free(m);
}

static void test_lanes_zoom(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);
	struct lanes l;

	model_lanes_zoom(m, true, 20);
	assert_int_equal(m->lanes_per, 1);
	model_lanes_zoom(m, true, 20);
	assert_non_null(strstr(m->message, "one step"));
	for (int i = 0; i < 5; i++)
		model_lanes_zoom(m, false, 20);
	assert_int_equal(m->lanes_per, 4);
	assert_non_null(strstr(m->message, "whole"));
	assert_true(model_lanes_move(m, true));
	assert_true(m->lanes_at > 1);
	assert_false(model_lanes_move(m, false));
	m->lanes_at = at.drop;
	while (model_lanes_move(m, true))
		;
	/* near the end the columns are full */
	m->lanes_per = 1;
	model_go(m, at.last);
	assert_int_equal(model_lanes(m, 20, &l), 0);
	assert_int_equal(l.here, 19);
	model_lanes_free(&l);
	model_free(m);
	m = open_model(FIXTURE_EMPTY);
	assert_int_equal(model_lanes(m, 20, &l), 0);
	assert_int_equal(l.count, 0);
	model_lanes_free(&l);
	model_free(m);
}

/* ---- packets ------------------------------------------------------------------------------------- */

static void test_packet_cursor(void **state)
{
	struct model *m = open_model(0);
	struct packets p;

	model_go(m, at.syn);
	assert_int_equal(model_packets(m, 4, &p), 0);
	assert_int_equal(p.field, -1);
	assert_int_equal(p.byte, -1);
	assert_int_equal(p.len, 74);
	assert_int_equal(p.bytes[34], 0xb4);
	model_packets_free(&p);
	assert_true(model_packet_field(m, true));
	assert_true(model_packet_field(m, true));
	assert_int_equal(model_packets(m, 4, &p), 0);
	assert_non_null(strstr(p.fields[p.field].text, "destination port 5000"));
	assert_int_equal(p.fields[p.field].offset, 36);
	assert_int_equal(p.fields[p.field].length, 2);
	model_packets_free(&p);
	/* back over the first field there is none */
	assert_true(model_packet_field(m, false));
	assert_false(model_packet_field(m, false));
	/* from a field to its bytes, and over its end into the next */
	assert_true(model_packet_byte(m, true));
	assert_int_equal(m->byte_at, 35);
	assert_true(model_packet_byte(m, true));
	assert_true(model_packet_byte(m, true));
	assert_int_equal(model_packets(m, 4, &p), 0);
	assert_int_equal(p.byte, 36);
	assert_non_null(strstr(p.fields[p.field].text, "destination port"));
	model_packets_free(&p);
	/* a byte that several fields have is the shortest's; past the last there is none */
	m->byte_at = 74;
	assert_false(model_packet_byte(m, true));
	assert_int_equal(model_packets(m, 4, &p), 0);
	assert_true(p.field >= 0 && p.byte == 73);
	model_packets_free(&p);
	m->byte_at = 1;
	assert_false(model_packet_byte(m, false));
	/* the cursor stays where it is on a packet that has fewer bytes */
	m->byte_at = 74;
	model_go(m, at.ack);
	assert_int_equal(model_packets(m, 4, &p), 0);
	assert_int_equal(p.byte, -1);
	model_packets_free(&p);
	model_free(m);
}

/* ---- runs of small calls ------------------------------------------------------------------------- */

/* Rows of the walk at the position whose text begins so. */
static int rows_with(struct model *m, const char *text)
{
	struct walk w;
	int n = 0;

	assert_int_equal(model_walk(m, 30, 30, &w), 0);
	for (int i = 0; i < w.count; i++)
		n += !strncmp(w.rows[i].text, text, strlen(text));
	model_walk_free(&w);
	return n;
}

static void test_runs(void **state)
{
	struct model *m = record("refused/blocking");
	const struct trace_func *f = trace_func_by_name(m->t, "sock_intr_errno");
	int64_t first, behind;

	model_set_detail(m, DETAIL_CALLS);
	first = trace_next_call_of(
		m->t,
		trace_next_call_of(m->t, 0, trace_func_by_name(m->t, "__inet_stream_connect")->id),
		f->id);
	assert_true(first > 0);
	model_go(m, first);
	assert_int_equal(rows_with(m, "3 calls: sock_intr_errno, get_current, signal_pending"), 1);
	assert_int_equal(rows_with(m, "get_current("), 0);
	/* over it in one move, and back */
	assert_true(model_over(m, true));
	behind = m->step;
	assert_true(behind > trace_next_call_of(m->t, first,
						trace_func_by_name(m->t, "signal_pending")->id));
	assert_true(model_over(m, false));
	assert_int_equal(m->step, first);
	/* who steps into it sees where that is */
	assert_true(model_step(m, true));
	assert_int_equal(rows_with(m, "3 calls:"), 0);
	assert_int_equal(rows_with(m, "get_current("), 1);
	/* unfolded by hand; and none at all */
	model_go(m, first);
	assert_true(model_toggle_fold(m));
	assert_int_equal(rows_with(m, "3 calls: sock_intr"), 0);
	assert_true(model_over(m, true));
	assert_true(m->step < behind);
	model_toggle_runs(m);
	model_toggle_runs(m);
	model_go(m, first);
	assert_int_equal(rows_with(m, "3 calls: sock_intr"), 1);
	model_toggle_runs(m);
	assert_int_equal(rows_with(m, "3 calls: sock_intr"), 0);
	model_free(m);
}

/* ---- the port table ----------------------------------------------------------------------------- */

static int row_with(const struct ports *p, const char *text)
{
	for (int i = 0; i < p->count; i++)
		if (strstr(p->rows[i].text, text))
			return i;
	for (int i = 0; i < p->count; i++)
		print_message("%s\n", p->rows[i].text);
	fail_msg("no line with \"%s\"", text);
	return -1;
}

static void test_ports(void **state)
{
	struct model *m = record("ports/same-chain");
	const struct trace_func *f = trace_func_by_name(m->t, "__inet_hash_connect");
	const struct trace_variable *port, *tb;
	int64_t call = trace_next_call_of(m->t, 0, f->id), step;
	struct ports p;

	port = trace_variable_by_name(m->t, f->id, "port");
	tb = trace_variable_by_name(m->t, f->id, "tb");
	/* before: what comes is told, and that the tables have the three that were bound */
	model_go(m, call - 1);
	assert_int_equal(model_ports(m, &p), 0);
	assert_non_null(strstr(p.rows[row_with(&p, "search for")].text, "later"));
	row_with(&p, "bhash: 1 bucket in use");
	row_with(&p, "port 40000, by bind, 1 owner: tcp_sock#1");
	row_with(&p, "ehash: 0 buckets in use");
	model_ports_free(&p);
	/* along the chain: the second entry is looked at */
	assert_true(model_ports_move(m, true));
	step = m->port_at;
	assert_int_equal(step, trace_next_local(m->t, call, call, port->id));
	step = trace_next_local(m->t, step, call, tb->id);
	step = trace_next_local(m->t, step, call, tb->id);
	model_go(m, step);
	assert_int_equal(model_ports(m, &p), 0);
	row_with(&p, "it runs");
	row_with(&p, "of the ports from 7232 up to 7233");
	assert_int_equal(p.rows[row_with(&p, "port 7232 is looked at")].look, PORT_NOW);
	row_with(&p, "bhash[7232] is looked at");
	assert_int_equal(p.rows[row_with(&p, "inet_bind_bucket#2")].look, PORT_NOW);
	assert_int_equal(p.rows[row_with(&p, "inet_bind_bucket#3")].look, PORT_PLAIN);
	model_ports_free(&p);
	/* the second search finds it in use, tries the next, and gives up */
	call = trace_next_call_of(m->t, call, f->id);
	model_go(m, trace_return_of(m->t, call));
	assert_int_equal(model_ports(m, &p), 0);
	row_with(&p, "no port: -99 EADDRNOTAVAIL");
	row_with(&p, "port 7232 in use");
	row_with(&p, "ehash: 1 bucket in use");
	row_with(&p, "192.168.0.1:7232 > 192.0.2.1:8080");
	model_ports_free(&p);
	model_free(m);
}

static void test_ports_missing(void **state)
{
	struct model *m = open_model(0);
	struct ports p;

	model_go(m, at.last);
	assert_int_equal(model_ports(m, &p), 0);
	row_with(&p, "no search for a port");
	row_with(&p, "bhash: its buckets are not in the trace");
	model_ports_free(&p);
	assert_false(model_ports_move(m, true));
	model_free(m);
	m = open_model(FIXTURE_EMPTY);
	assert_int_equal(model_ports(m, &p), 0);
	assert_int_equal(p.count, 0);
	model_ports_free(&p);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ladder),        cmocka_unit_test(test_ladder_again),
		cmocka_unit_test(test_states),        cmocka_unit_test(test_states_refused),
		cmocka_unit_test(test_states_udp),    cmocka_unit_test(test_states_heir),
		cmocka_unit_test(test_lanes),         cmocka_unit_test(test_lanes_zoom),
		cmocka_unit_test(test_packet_cursor), cmocka_unit_test(test_runs),
		cmocka_unit_test(test_ports),         cmocka_unit_test(test_ports_missing),
	};

	return cmocka_run_group_tests_name("model_panes", tests, NULL, NULL);
}
