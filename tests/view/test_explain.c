/* SPDX-License-Identifier: GPL-2.0-only */
/* The catalogue, explanations of the hand-made trace's steps, and how text is broken into lines. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "viewer/catalog.h"
#include "viewer/command.h"
#include "viewer/explain.h"
#include "viewer/i18n.h"
#include "viewer/text.h"

static struct fixture_steps at;
static char told[16384];

static struct model *open_model(unsigned int flags)
{
	char err[400];
	struct trace *t;

	at = make_fixture(fixture_path("explain.db"), flags);
	t = trace_open(fixture_path("explain.db"), err, sizeof(err));
	assert_non_null(t);
	return model_new(t);
}

/* Goes to a step and keeps its explanation, printed, in told. */
static void tell(struct model *m, int64_t step)
{
	struct explanation e;
	FILE *f = fmemopen(told, sizeof(told), "w");

	model_go(m, step);
	assert_int_equal(m->step, step);
	assert_int_equal(model_explain(m, &e), 0);
	assert_true(e.count > 0);
	explain_print(f, &e, 1000);
	model_explain_free(&e);
	fclose(f);
}

static void has(const char *text)
{
	if (!strstr(told, text))
		fail_msg("'%s' is not in:\n%s", text, told);
}

/* ---- the catalogue ------------------------------------------------------------------------------ */

static int check_entry(void *ctx, enum catalog_kind kind, const char *name, const char *text)
{
	int *count = ctx;

	(*count)++;
	assert_ptr_equal(catalog_text(kind, name), text);
	/* A sentence, not a word: it begins large (or with a name) and ends. */
	assert_true(strlen(text) >= 8);
	assert_non_null(strchr(".?!:", text[strlen(text) - 1]));
	assert_null(strstr(text, "  "));
	return 0;
}

/* Each entry is found by its name: the table is in the order that the search needs. */
static void test_all_entries(void **state)
{
	int count = 0;

	assert_int_equal(catalog_each(check_entry, &count), 0);
	assert_true(count > 2000);
	assert_null(catalog_text(CATALOG_FUNCTION, "no_such_function"));
	assert_null(catalog_text(CATALOG_ERRNO, "tcp_connect"));
	assert_null(catalog_text(CATALOG_FIELD, NULL));
}

static void test_field_names(void **state)
{
	char a[1200], b[1200], c[1200], long_name[400];

	/* A field of one type only, and of any. */
	assert_non_null(catalog_field(a, sizeof(a), "sk_buff", "len"));
	assert_null(catalog_field(b, sizeof(b), NULL, "len"));
	assert_non_null(catalog_field(a, sizeof(a), "tcp_sock", "snd_una"));
	assert_non_null(catalog_field(b, sizeof(b), NULL, "snd_una"));
	assert_string_equal(a, b);
	/* The second of a pair of packets is a packet. */
	assert_non_null(catalog_field(a, sizeof(a), "sk_buff", "data"));
	assert_non_null(catalog_field(b, sizeof(b), "sk_buff_fclones", "skb2.data"));
	assert_string_equal(a, b);
	/* A member without a text of its own: the outer field's and the member's. */
	assert_non_null(catalog_field(a, sizeof(a), "tcp_sock", "icsk_retransmit_timer"));
	assert_non_null(catalog_field(b, sizeof(b), "tcp_sock", "icsk_retransmit_timer.expires"));
	assert_int_equal(strncmp(a, b, strlen(a)), 0);
	assert_true(strlen(b) > strlen(a));
	/* Elements, and stores over several fields. */
	assert_non_null(catalog_field(a, sizeof(a), "files_struct", "fd_array[7]"));
	assert_non_null(
		catalog_field(b, sizeof(b), "tcp_sock", "icsk_ack.pending..icsk_ack.quick"));
	assert_non_null(catalog_field(c, sizeof(c), "tcp_sock", "icsk_ack.pending"));
	assert_string_equal(b, c);
	assert_null(catalog_field(a, sizeof(a), "tcp_sock", "no_such_field"));
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_null(catalog_field(a, sizeof(a), "tcp_sock", long_name));
}

/* ---- values ------------------------------------------------------------------------------------- */

static void test_values(void **state)
{
	struct decode_flow flow = { .saddr = 0x0100090a, .isn = 4294967290u };
	struct decode_flows flows = { .flow = &flow, .count = 1 };
	char buf[300];

	assert_string_equal(explain_flags(buf, sizeof(buf), "sk_buff", "tcp_skb_cb.tcp_flags",
					  0x12),
			    "TCPHDR_SYN|TCPHDR_ACK");
	assert_string_equal(explain_flags(buf, sizeof(buf), "tcp_sock", "sk_flags", 0), "none");
	assert_string_equal(explain_flags(buf, sizeof(buf), "file", "f_flags", 0), "O_RDONLY");
	assert_string_equal(explain_flags(buf, sizeof(buf), "tcp_sock", "sk_shutdown", 0x13),
			    "RCV_SHUTDOWN|SEND_SHUTDOWN|0x10");
	assert_null(explain_flags(buf, sizeof(buf), "tcp_sock", "snd_una", 2));
	assert_null(explain_flags(buf, sizeof(buf), "tcp_sock", "flags", 2));
	assert_string_equal(explain_name("fib_result", "scope", 253), "RT_SCOPE_LINK");
	assert_null(explain_name("tcp_sock", "pmtudisc", 9));
	/* Across the wrap of 2^32; in network order; too far; and what is no sequence number. */
	assert_string_equal(explain_sequence(buf, sizeof(buf), "snd_nxt", "u32", 4, &flows),
			    "the initial sequence number of 10.9.0.1 + 10");
	assert_string_equal(explain_sequence(buf, sizeof(buf), "tcphdr.seq", NULL, 0xfaffffff,
					     &flows),
			    "the initial sequence number of 10.9.0.1 + 0");
	assert_null(explain_sequence(buf, sizeof(buf), "snd_nxt", "u32", 1u << 30, &flows));
	assert_null(explain_sequence(buf, sizeof(buf), "snd_wnd", "u32", 4, &flows));
	assert_true(explain_is_errno("sk_err"));
	assert_false(explain_is_errno("sk_error_queue"));
}

/* ---- steps -------------------------------------------------------------------------------------- */

static void test_steps(void **state)
{
	struct model *m = open_model(FIXTURE_INDEXED);

	tell(m, at.v4_connect);
	has("sys_connect() calls it, from its line 6, in task connect. It returns 0 at step");
	has("tcp_v4_connect()  net/ipv4/tcp.c\n    The heart:");
	tell(m, at.state_store);
	has("tcp_sock#1.sk_state: TCP_CLOSE -> TCP_SYN_SENT");
	has("field sk_state of tcp_sock\n");
	has("\nTCP_SYN_SENT\n    connect() has sent a SYN");
	tell(m, at.established);
	has("was put there at step");
	has("by tcp_set_state()");
	tell(m, at.connect_return);
	has("-111 ECONNREFUSED");
	has("nobody listens on that port");
	has("It took 20.");
	tell(m, at.err_local);
	has("first value");
	has("\nEINVAL\n");
	tell(m, at.branch);
	has("The left side is smaller.");
	has("line 14: inet->inet_dport = dport;");
	has("field inet_dport\n");
	tell(m, at.set_state + 1); /* the line sk->sk_state = state; */
	has("Line 4 of core/net/ipv4/tcp.c is about to run");
	has("field sk_state\n");
	model_free(m);
}

static void test_events(void **state)
{
	struct model *m = open_model(0);

	tell(m, at.syn);
	has("initial sequence number, 1069146647.");
	has("Options can only be agreed on here: mss 1460,sackOK");
	tell(m, at.synack);
	has("The SYN-ACK:");
	tell(m, at.ack);
	has("everything before sequence number 2774695194 has arrived");
	tell(m, at.syn + 1); /* the timer */
	has("is to fire in");
	has("field icsk_retransmit_timer of tcp_sock\n");
	tell(m, at.sleep);
	has("Task connect has nothing to do");
	has("It is woken at step");
	has("from softirq");
	tell(m, at.wake);
	has("Task connect may run again");
	has("It gets the processor at step");
	tell(m, at.drop);
	has("NO_SOCKET\n    No socket has these addresses");
	tell(m, at.drop + 1); /* the buffer is freed */
	has("given back");
	has("sk_buff\n");
	tell(m, at.state_event);
	has("TCP_CLOSE\n");
	has("TCP_SYN_SENT\n");
	tell(m, at.timeout_return + 3);
	model_free(m);
}

/* Every step of a trace has an explanation, in any trace that opens. */
static void test_every_step(void **state)
{
	struct model *m = open_model(FIXTURE_PARTIAL);
	struct explanation e;

	for (int64_t step = 1; step <= at.last; step++) {
		m->step = step;
		assert_int_equal(model_explain(m, &e), 0);
		assert_true(e.count > 0);
		assert_true(e.items[0].head[0] != '\0' && e.items[0].text[0] != '\0');
		model_explain_free(&e);
	}
	m->step = at.last + 1;
	assert_int_equal(model_explain(m, &e), -1);
	assert_int_equal(e.count, 0);
	model_free(m);
}

/* ---- lines -------------------------------------------------------------------------------------- */

static void join(void *ctx, const char *line, size_t len)
{
	size_t used = strlen(ctx);

	sprintf((char *)ctx + used, "%.*s|", (int)len, line);
}

static void wrapped(const char *text, int width, const char *expected)
{
	char lines[1000] = "";
	int n = text_wrap(text, width, join, lines), bars = 0;

	assert_string_equal(lines, expected);
	for (const char *p = lines; *p; p++)
		bars += *p == '|';
	assert_int_equal(n, bars);
}

static void test_wrap(void **state)
{
	wrapped("", 10, "");
	wrapped("one", 10, "one|");
	wrapped("one two three", 7, "one two|three|");
	wrapped("one two three", 8, "one two|three|");
	wrapped("unbreakable", 4, "unbr|eaka|ble|");
	wrapped("a unbreakable", 6, "a|unbrea|kable|");
	wrapped("bad \xff\xfe bytes", 6, "bad \xff\xfe|bytes|");
	wrapped("x", 0, "x|");
	/* Two cells a character, no spaces; what closes does not begin a line. */
	wrapped("发送一个段。然后", 10, "发送一个|段。然后|");
	wrapped("发送SYN段", 7, "发送SYN|段|");
}

/* ---- commands ----------------------------------------------------------------------------------- */

/* Runs a command; what it printed is in told. */
static int run(int (*command)(int, char **), const char *a, const char *b, const char *c)
{
	char *argv[] = { (char *)"x", (char *)(uintptr_t)a, (char *)(uintptr_t)b,
			 (char *)(uintptr_t)c, NULL };
	int argc = 1, status, saved = dup(1);
	FILE *out = tmpfile();

	while (argv[argc])
		argc++;
	fflush(NULL);
	dup2(fileno(out), 1);
	status = command(argc, argv);
	fflush(NULL);
	dup2(saved, 1);
	close(saved);
	rewind(out);
	told[fread(told, 1, sizeof(told) - 1, out)] = '\0';
	fclose(out);
	return status;
}

static void test_commands(void **state)
{
	at = make_fixture(fixture_path("explain.db"), 0);
	assert_int_equal(run(cmd_explain, "tcp_connect()", "-111", "sk_err"), 0);
	has("function tcp_connect\n    Builds the SYN");
	has("\nerrno ECONNREFUSED\n");
	has("\nfield sk_err\n");
	/* The field of each type. */
	assert_int_equal(run(cmd_explain, "data", NULL, NULL), 0);
	has("field sk_buff.data\n");
	assert_int_equal(run(cmd_explain, "nonsense", NULL, NULL), STATUS_NO);
	assert_int_equal(run(cmd_explain, NULL, NULL, NULL), STATUS_TROUBLE);
	assert_int_equal(run(cmd_explain, "--nonsense", NULL, NULL), STATUS_TROUBLE);
	assert_int_equal(run(cmd_explain, "--list", "nonsense", NULL), STATUS_TROUBLE);
	assert_int_equal(run(cmd_explain, "--list", "errno", NULL), 0);
	has("errno ECONNREFUSED\n");
	assert_null(strstr(told, "function"));
	assert_int_equal(run(cmd_explain, "--help", NULL, NULL), 0);
	has("usage: synwalk explain");

	assert_int_equal(run(cmd_show, fixture_path("explain.db"), "--explain", "tcp_v4_connect"),
			 0);
	has("The heart:");
	assert_int_equal(run(cmd_show, fixture_path("explain.db"), "--explain", "nowhere"),
			 STATUS_TROUBLE);
	assert_int_equal(run(cmd_show, "/nonexistent.db", "--explain", "1"), STATUS_TROUBLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_entries), cmocka_unit_test(test_field_names),
		cmocka_unit_test(test_values),      cmocka_unit_test(test_steps),
		cmocka_unit_test(test_events),      cmocka_unit_test(test_every_step),
		cmocka_unit_test(test_wrap),        cmocka_unit_test(test_commands),
	};

	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("LANGUAGE");
	language_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
