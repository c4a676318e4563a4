/* SPDX-License-Identifier: GPL-2.0-only */
/* The explanation on a real terminal, see tests/view/terminal.c; in Chinese too. */
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

static struct fixture_steps at;

static void start(int rows, int cols)
{
	at = make_fixture(fixture_path("tui.db"), 0);
	start_with(fixture_path("tui.db"), NULL, rows, cols);
	see("step 1 of");
}

/* x shows it and hides it; it follows the steps while it is there. */
static void test_toggle(void **state)
{
	start(24, 80);
	see_not("explain");
	press(":9\r", at.state_store);
	keys("x");
	see("[explain");
	see("field sk_state of tcp_sock");
	see("  Where the connection stands");
	see_not("stack:");
	press("f", at.set_state_return);
	see("The call that began at step");
	see_not("field sk_state");
	press("p", at.syn);
	see("[explain");
	see("initial sequence number, 1069146647.");
	keys("x");
	see_not("explain");
	see("[walk: lines]");
	quit();
}

/* What is longer than the pane is told, and can be scrolled to; the next step begins at the top. */
static void test_scroll(void **state)
{
	start(24, 80);
	press(":9\r", at.state_store);
	keys("x");
	see("lines more]");
	see_not("The one place where a connection");
	keys("jjj\006\006"); /* three lines, two pages */
	see("[explain]");
	see("  The one place where a connection");
	press("s", at.state_event);
	see("lines more]");
	keys("O");
	see_not("walk:");
	see("  The one place where a connection");
	keys("Ox");
	quit();
}

/* Beside the others where there is room, and where there is hardly any. */
static void test_sizes(void **state)
{
	start(50, 160);
	press(":9\r", at.state_store);
	keys("x");
	see("field sk_state of tcp_sock");
	see("stack:");
	see("objects");
	resize(10, 30);
	see("[explain");
	resize(24, 80);
	see("field sk_state of tcp_sock");
	keys("\t"); /* looked at something else, x hides it all the same */
	see("[walk: lines]");
	keys("x");
	see_not("explain");
	keys("tx");
	see("[explain");
	keys("x"); /* the layout is kept for the next start */
	quit();
}

/* The screen's own words are Chinese, and so are the help and what the keys say; wide characters wrap. */
static void test_chinese(void **state)
{
	start_in_chinese(fixture_path("tui.db"), NULL, 24, 80);
	see("第 1 步，共 57 步");
	see("行走：源码行");
	see("s 进入  n 越过");
	keys("N");
	see("这是第一步");
	keys("/zebra\r");
	see("zebra：在这里之后没有找到");
	keys("?");
	see("走一步，进入调用");
	keys("qt");
	see("4  对象     在屏幕上   什么变了");
	keys("\033");
	keys(":9\r");
	see("第 9 步");
	keys("x");
	see("tcp_sock 的字段 sk_state");
	see("内存在这里改变");
	keys("x");
	quit();
	start(24, 80);
	keys("x");
	see("It is the outermost call, in task connect");
	keys("x");
	quit();
}

/* So are the insides of the panes, and why a filter is none. */
static void test_chinese_panes(void **state)
{
	start_in_chinese(fixture_path("tui.db"), NULL, 24, 80);
	see("第 1 步，共 57 步");
	keys(":12\rt7");
	see("状态：tcp_sock#1 SYN_SENT");
	see("最初");
	keys("O");
	/* a cell too many would move what stands behind it */
	see("│ 发 FIN    │           │  ACK");
	keys("O\033");
	keys("t6");
	see("现在在第 12 步");
	keys("t9");
	see("没有找端口的过程：这个跟踪没有调用 __inet_hash_connect");
	keys("&foo:1\r");
	see("没有 'foo:' 这种过滤");
	keys("\025 \r");
	see("过滤为空");
	keys("\025kind:store\r");
	see("符合 9 步，共 57 步");
	keys("t0");
	quit();
}

/* And the walk in lines. */
static void test_chinese_lines(void **state)
{
	char command[1200], said[8192];
	FILE *out;
	size_t n;

	need_chinese();
	snprintf(command, sizeof(command),
		 "printf 'help\\n:9\\nstates\\nladder\\nstack\\n' | LANGUAGE=zh_CN "
		 "TEXTDOMAINDIR=build/locale build/synwalk view --linear %s",
		 fixture_path("tui.db"));
	out = popen(command, "r");
	assert_non_null(out);
	n = fread(said, 1, sizeof(said) - 1, out);
	said[n] = '\0';
	assert_int_equal(pclose(out), 0);
	assert_non_null(strstr(said, "共 57 步；help 列出按键"));
	assert_non_null(strstr(said, "一行里写按键：s 进入，n 越过"));
	assert_non_null(strstr(said, "第 9 步，"));
	assert_non_null(strstr(said, "从 CLOSE 到 SYN_SENT，在第 10 步"));
	assert_non_null(strstr(said, "正在看：0："));
	/* the commands are English, and so are the kernel's names */
	assert_non_null(strstr(said, "walk、source、stack"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_toggle),        cmocka_unit_test(test_scroll),
		cmocka_unit_test(test_sizes),         cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_chinese_panes), cmocka_unit_test(test_chinese_lines),
	};

	setenv("TERM", "xterm-256color", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
