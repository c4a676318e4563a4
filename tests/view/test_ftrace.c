/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernels' recordings: what each kind of line says, what is made of whole texts, and of damaged ones. */
#include <dirent.h>
#include <errno.h>
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
#include "tests/view/terminal.h"
#include "trace/import/ftrace.h"
#include "trace/read/read.h"

#define SAMPLES "tests/data/ftrace/"

static struct ftrace_line line;

static void parse(const char *text)
{
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", text);
	ftrace_parse(copy, strlen(copy), &line);
}

/* ---- lines --------------------------------------------------------------------------------------- */

static void test_graph_lines(void **state)
{
	(void)state;
	parse(" 0)               |      tcp_connect() {");
	assert_int_equal(line.kind, FTRACE_CALL);
	assert_string_equal(line.function, "tcp_connect");
	assert_int_equal(line.cpu, 0);
	parse(" 11) + 12.345 us  |      tcp_options_write.isra.0();");
	assert_int_equal(line.kind, FTRACE_LEAF);
	assert_string_equal(line.function, "tcp_options_write.isra.0");
	assert_int_equal(line.cpu, 11);
	assert_int_equal(line.duration, 12345);
	parse(" 4155.123456 |   1)  kworker/1:2-33  |  d.h1. |   0.100 us  |  } /* queue_work_on */");
	assert_int_equal(line.kind, FTRACE_RETURN);
	assert_string_equal(line.function, "queue_work_on");
	assert_string_equal(line.task.comm, "kworker/1:2");
	assert_int_equal(line.task.pid, 33);
	assert_int_equal(line.context, CONTEXT_IRQ);
	assert_true(line.timed && line.time == 4155123456000LL);
	parse("  1)   0.732 us    |            cgroup_taskset_next(); /* = 0xffff93fc8fb20000 */");
	assert_int_equal(line.kind, FTRACE_LEAF);
	assert_false(line.valued);
	parse("  1)   0.732 us    |  } /* __sys_connect = -111 */");
	assert_true(line.valued && line.value == -111);
	parse(" 0)               |  tcp_connect(sk=0xffff888003a40000, f=\"a|b(c) {\") {");
	assert_int_equal(line.kind, FTRACE_CALL);
	parse(" 0)               |  /* sched_switch: a | b */");
	assert_int_equal(line.kind, FTRACE_NOTHING);
	parse(" 0)   0.200 us    |            release_sock [ipv4]();");
	assert_string_equal(line.function, "release_sock");
	parse(" 3)   bash-1234    =>   python-97   ");
	assert_int_equal(line.kind, FTRACE_SWITCH);
	assert_int_equal(line.task.pid, 1234);
	assert_string_equal(line.next.comm, "python");
	parse("   ==========> |");
	assert_int_equal(line.kind, FTRACE_IRQ);
	parse(" 0)   <========== |");
	assert_int_equal(line.kind, FTRACE_IRQ_END);
	parse("    inet_stream_connect() {");
	assert_int_equal(line.kind, FTRACE_CALL);
}

static void test_event_lines(void **state)
{
	(void)state;
	parse("   Web Content-97      [003] d.s1.  4155.100001: tcp_connect <-tcp_v4_connect");
	assert_int_equal(line.kind, FTRACE_FUNCTION);
	assert_string_equal(line.task.comm, "Web Content");
	assert_string_equal(line.function, "tcp_connect");
	assert_string_equal(line.caller, "tcp_v4_connect");
	assert_int_equal(line.cpu, 3);
	assert_int_equal(line.context, CONTEXT_SOFTIRQ);
	assert_true(line.time == 4155100001000LL);
	parse(" bash-9 ( 9) [001]  12.5: nf_hook+0x10/0x80 [nf_tables] <-- ip_output+0x1/0x2");
	assert_int_equal(line.kind, FTRACE_FUNCTION);
	assert_string_equal(line.function, "nf_hook");
	assert_string_equal(line.caller, "ip_output");
	parse(" bash-9 [001]  12.5: 0xffffffffc0a01234 <-ip_output");
	assert_string_equal(line.function, "(unknown)");
	parse(" bash-9 [001]  12.5: sched_wakeup: bash:98 [120] success=1");
	assert_int_equal(line.kind, FTRACE_NOTHING);
	parse(" a-97 [001]  4155.123462: funcgraph_exit:         6.100 us   |  }");
	assert_int_equal(line.kind, FTRACE_RETURN);
	assert_int_equal(line.duration, 6100);
	parse(" <idle>-0     [000]  4155.1: funcgraph_entry:        0.700 us   |  tick_irq_enter();");
	assert_int_equal(line.kind, FTRACE_LEAF);
	assert_int_equal(line.task.pid, 0);
}

static void test_outline_lines(void **state)
{
	(void)state;
	parse("    -5.178  /* connect */");
	assert_int_equal(line.kind, FTRACE_NOTHING);
	parse("     0.117          lock_sock_nested x3");
	assert_int_equal(line.kind, FTRACE_OUTLINE);
	assert_int_equal(line.times, 3);
	assert_int_equal(line.time, 117000);
	assert_int_equal(line.column, 20);
	parse("      lock_sock               include/net/sock.h:1405 (inline)");
	assert_int_equal(line.kind, FTRACE_OUTLINE);
	assert_string_equal(line.file, "include/net/sock.h");
	assert_int_equal(line.file_line, 1405);
	parse("== python3-97");
	assert_int_equal(line.kind, FTRACE_TASK);
	parse("# scenario a_b: over the wire");
	assert_int_equal(line.kind, FTRACE_SCENARIO);
	assert_string_equal(line.words, "a_b: over the wire");
}

static void test_losses(void **state)
{
	(void)state;
	parse("CPU:0 [LOST 12 EVENTS]");
	assert_true(line.kind == FTRACE_LOST && line.lost == 12);
	parse("CPU:1 [7 EVENTS DROPPED]");
	assert_true(line.kind == FTRACE_LOST && line.lost == 7);
	parse("CPU:1 [EVENTS DROPPED]");
	assert_true(line.kind == FTRACE_LOST && line.lost == 1);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = {
		"this is a letter, not a trace",
		" 0)   0.3 us |  tcp_connect",
		" 0)   0.3 us |  ();",
		" 0) what |  tcp_connect();",
		" bash-9 [001]  12.5: tcp_connect",
		"== nobody",
		"-",
		"1.",
		"999999999999999999999 tcp_connect",
		"f x0",
		"f x99999999",
		" => ",
		"}x",
		"<-",
		"[000]",
		"a-1 [000] : f <-g",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		parse(bad[i]);
		/* a line of dashes is a rule */
		if (line.kind != FTRACE_BAD && strcmp(bad[i], "-"))
			fail_msg("'%s' is taken for something (%d)", bad[i], line.kind);
		if (line.kind == FTRACE_BAD)
			assert_non_null(line.why);
	}
}

/* ---- texts --------------------------------------------------------------------------------------- */

static struct import_counts counts;
static char message[800];
static int complaints, complained_line;

static void complain(void *context, int number, const char *why)
{
	(void)context;
	assert_non_null(why);
	complaints++;
	complained_line = number;
}

static int import_bytes(const char *bytes, size_t size, const struct import_frame *frames,
			size_t frame_count)
{
	FILE *text = fmemopen((void *)(uintptr_t)bytes, size ? size : 1, "r");
	struct import_ftrace in = {
		.name = "dir/text",
		.text = text,
		.frames = frames,
		.frame_count = frame_count,
		.complain = complain,
	};
	int code;

	complaints = 0;
	assert_non_null(text);
	code = import_ftrace(&in, fixture_path("ftrace.db"), &counts, message, sizeof(message));
	fclose(text);
	return code;
}

static char *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	char *bytes = malloc(1 << 20);

	assert_non_null(f);
	assert_non_null(bytes);
	*size = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	return bytes;
}

/* What the trace holds, a line a call: "task context depth function time". */
static char outline[8192];

static int one_step(void *ctx, const struct trace_step *s)
{
	size_t used = strlen(outline);

	(void)ctx;
	if (s->kind == TRACE_CALL)
		snprintf(outline + used, sizeof(outline) - used, "%s %s %d %s\n", s->task_name,
			 s->context_name, s->depth, s->func->name);
	else if (s->kind == TRACE_PACKET)
		snprintf(outline + used, sizeof(outline) - used, "%s packet\n", s->task_name);
	return 0;
}

static const char *told(void)
{
	char err[400];
	struct trace *t = trace_open(fixture_path("ftrace.db"), err, sizeof(err));

	if (!t)
		fail_msg("%s", err);
	outline[0] = 0;
	assert_int_equal(trace_each(t, 1, trace_last_step(t), TRACE_ALL_KINDS, one_step, NULL), 0);
	trace_close(t);
	return outline;
}

static const char *meta(const char *key)
{
	static char value[256];
	char err[400];
	struct trace *t = trace_open(fixture_path("ftrace.db"), err, sizeof(err));

	assert_non_null(t);
	snprintf(value, sizeof(value), "%s", trace_meta(t, key) ? trace_meta(t, key) : "(none)");
	trace_close(t);
	return value;
}

static int import_sample(const char *name)
{
	char path[200];
	size_t size;
	char *bytes;
	int code;

	snprintf(path, sizeof(path), SAMPLES "%s", name);
	bytes = slurp(path, &size);
	code = import_bytes(bytes, size, NULL, 0);
	free(bytes);
	return code;
}

static void test_graph(void **state)
{
	(void)state;
	assert_int_equal(import_sample("graph.txt"), 1);
	assert_int_equal(counts.lost, 12);
	assert_int_equal(counts.left_out, 0);
	assert_string_equal(meta("lost"), "12");
	assert_string_equal(meta("why_lost"), "the kernel lost 12 events");
	assert_string_equal(meta("status"), "partial");
	assert_string_equal(meta("pids"), "python3 97");
	assert_string_equal(meta("began_before"), "1");
	assert_string_equal(told(), "python3 task 0 __x64_sys_connect\n"
				    "python3 task 1 __sys_connect\n"
				    "python3 task 2 __fdget\n"
				    "python3 task 2 move_addr_to_kernel.part.0\n"
				    "python3 task 2 __sys_connect_file\n"
				    "python3 task 3 inet_stream_connect\n"
				    "python3 task 4 lock_sock_nested\n"
				    "python3 irq 0 sysvec_apic_timer_interrupt\n"
				    "python3 irq 1 irq_exit_rcu\n"
				    "python3 irq 2 __do_softirq\n"
				    "python3 softirq 0 net_rx_action\n"
				    "python3 softirq 1 __napi_poll\n"
				    "python3 softirq 0 run_timer_softirq\n"
				    "python3 softirq 1 call_timer_fn\n"
				    "python3 timer 0 tcp_write_timer\n"
				    "python3 task 4 __inet_stream_connect\n"
				    "python3 task 5 wait_woken\n"
				    "python3 task 6 schedule_timeout\n"
				    "swapper idle 0 cpuidle_enter\n"
				    "python3 task 5 release_sock\n");
}

static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(import_sample("graph-columns.txt"), 0);
	assert_string_equal(meta("status"), "complete");
	assert_string_equal(told(), "python3 task 0 tcp_v4_connect\n"
				    "swapper idle 0 tick_irq_enter\n"
				    "python3 task 1 ip_route_output_flow\n"
				    "kworker/1:2 task 0 queue_work_on\n"
				    "python3 softirq 0 tcp_ack\n");
	assert_int_equal(import_sample("no-columns.txt"), 0);
	assert_string_equal(told(), "task task 0 sys_connect\n"
				    "task task 1 inet_stream_connect\n"
				    "task task 2 lock_sock\n");
	assert_int_equal(import_sample("trace-cmd.txt"), 1);
	assert_int_equal(counts.lost, 3);
}

static void test_function(void **state)
{
	(void)state;
	assert_int_equal(import_sample("function.txt"), 0);
	assert_string_equal(meta("nesting"), "rebuilt");
	assert_string_equal(meta("callers_implied"), "4");
	/* what the interrupt did does not end what it interrupted */
	assert_string_equal(told(), "python3 task 0 __x64_sys_connect\n"
				    "python3 task 1 __sys_connect\n"
				    "python3 task 2 __fdget\n"
				    "python3 task 2 inet_stream_connect\n"
				    "python3 task 3 tcp_v4_connect\n"
				    "python3 irq 0 sysvec_apic_timer_interrupt\n"
				    "python3 irq 1 irq_enter_rcu\n"
				    "python3 irq 1 tick_sched_timer\n"
				    "python3 softirq 0 __do_softirq\n"
				    "python3 softirq 1 net_rx_action\n"
				    "python3 softirq 2 tcp_v4_rcv\n"
				    "python3 task 4 tcp_connect\n"
				    "bash task 0 ksys_read\n"
				    "bash task 1 vfs_read\n"
				    "python3 task 5 tcp_connect_init\n"
				    "python3 task 3 release_sock\n"
				    "python3 task 2 fput\n");
}

static void test_outline(void **state)
{
	static const char text[] = "# scenario s: words\n"
				   "== a-1\n"
				   "     0.000  f\n"
				   "     0.010    g x2\n"
				   "     0.020      h\n"
				   "== a-2\n"
				   "     0.030  f\n"
				   "== a-1\n"
				   "     0.040    k\n"
				   "     0.050  f\n";

	(void)state;
	assert_int_equal(import_bytes(text, strlen(text), NULL, 0), 0);
	assert_string_equal(meta("scenario"), "s: words");
	assert_string_equal(told(), "a task 0 f\n"
				    "a task 1 g\n"
				    "a task 1 g\n"
				    "a task 2 h\n"
				    "a#2 task 0 f\n"
				    "a task 1 (resumed)\n"
				    "a task 2 k\n"
				    "a task 0 f\n");
}

static void test_packets(void **state)
{
	static const uint8_t frame[60] = { 1 };
	static const char text[] = " a-1 [000] 10.000000: funcgraph_entry: | f() {\n"
				   " a-1 [000] 10.000002: funcgraph_entry: 0.1 us | g();\n"
				   " a-1 [000] 10.000004: funcgraph_exit: 4 us | }\n";
	const struct import_frame frames[] = {
		{ .time = 10000001000LL, .out = true, .bytes = frame, .size = sizeof(frame) },
		{ .time = 10000009000LL, .bytes = frame, .size = sizeof(frame) },
	};

	(void)state;
	assert_int_equal(import_bytes(text, strlen(text), frames, 2), 0);
	assert_int_equal(counts.packets, 2);
	assert_string_equal(told(), "a task 0 f\na packet\na task 1 g\na packet\n");
}

static void test_nothing_usable(void **state)
{
	static const char letter[] = "Dear reader,\nthis is no trace.\n";
	static const char loss[] = "CPU:0 [LOST 12 EVENTS]\n # tracer: nop\n";

	(void)state;
	unlink(fixture_path("ftrace.db"));
	assert_int_equal(import_bytes(letter, strlen(letter), NULL, 0), -ENODATA);
	assert_int_equal(complaints, 2);
	assert_int_equal(complained_line, 2);
	assert_non_null(strstr(message, "dir/text: no call is in it"));
	/* and what lies there is left alone */
	assert_int_equal(access(fixture_path("ftrace.db"), F_OK), -1);
	assert_int_equal(import_bytes(loss, strlen(loss), NULL, 0), -ENODATA);
	assert_int_equal(import_bytes("", 0, NULL, 0), -ENODATA);
}

static void test_left_out(void **state)
{
	static const char text[] = " 0) | f() {\n 0) garbage |\n 0) | }\n";

	(void)state;
	assert_int_equal(import_bytes(text, strlen(text), NULL, 0), 1);
	assert_int_equal(complained_line, 2);
	assert_string_equal(meta("lost"), "1");
	assert_string_equal(meta("why_lost"), "1 line of the text could not be understood");
}

/* ---- damage -------------------------------------------------------------------------------------- */

static uint32_t dice = 1;

static uint32_t roll(uint32_t sides)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % sides;
}

/* A text with some of its bytes changed, cut out, or doubled. */
static size_t damage(const char *from, size_t size, char *to)
{
	static const char odd[] = "|(){};[]<>=-/*:0129x.#\n\n \t\0\xff";
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		uint32_t what = roll(120);

		if (what == 0)
			to[used++] = odd[roll(sizeof(odd) - 1)];
		else if (what == 1)
			i += roll(30);
		else if (what == 2 && i > 40)
			i -= roll(20);
		if (used > 2 * size)
			break;
		if (i < size)
			to[used++] = from[i];
	}
	return used;
}

static void test_damaged(void **state)
{
	static const char *const samples[] = { "graph.txt", "graph-columns.txt", "function.txt",
					       "trace-cmd.txt", "no-columns.txt" };

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		char path[200];
		size_t size;
		char *bytes, *spoiled;

		snprintf(path, sizeof(path), SAMPLES "%s", samples[i]);
		bytes = slurp(path, &size);
		spoiled = malloc(2 * size + 8);
		for (int round = 0; round < 12; round++) {
			int code = import_bytes(spoiled, damage(bytes, size, spoiled), NULL, 0);

			if (code != 0 && code != 1 && code != -ENODATA)
				fail_msg("%s, round %d: %s", samples[i], round, message);
			if (code >= 0)
				told();
		}
		/* of lines alone many more */
		for (int round = 0; round < 4000; round++) {
			size_t from = roll((uint32_t)size), length = roll(200);
			size_t used = damage(bytes + from,
					     length > size - from ? size - from : length, spoiled);

			spoiled[used] = 0;
			ftrace_parse(spoiled, used, &line);
		}
		free(bytes);
		free(spoiled);
	}
}

/* ---- the viewer ---------------------------------------------------------------------------------- */

static void test_view(void **state)
{
	(void)state;
	assert_int_equal(import_sample("graph.txt"), 1);
	start_with(fixture_path("ftrace.db"), NULL, 40, 120);
	see("__x64_sys_connect");
	see("calls and times, no source");
	see("calls and times, no objects");
	see("no packets were recorded");
	keys("/__napi_poll\r");
	see("softirq");
	keys("snfSNF>");
	quit();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph_lines),    cmocka_unit_test(test_event_lines),
		cmocka_unit_test(test_outline_lines),  cmocka_unit_test(test_losses),
		cmocka_unit_test(test_bad_lines),      cmocka_unit_test(test_graph),
		cmocka_unit_test(test_columns),        cmocka_unit_test(test_function),
		cmocka_unit_test(test_outline),        cmocka_unit_test(test_packets),
		cmocka_unit_test(test_nothing_usable), cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_damaged),        cmocka_unit_test(test_view),
	};

	setenv("TERM", "xterm-256color", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
