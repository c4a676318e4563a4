/* SPDX-License-Identifier: GPL-2.0-only */

/* Tasks, wait queues and softirqs: who runs when, and that no wake-up is lost. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/interrupt.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <synwalk/core.h>

static char order[256];
static unsigned int order_len;
static wait_queue_head_t queue;
static int condition;

static void note(char c)
{
	if (order_len < sizeof(order) - 1) {
		order[order_len++] = c;
		order[order_len] = '\0';
	}
}

static int setup(void **state)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };

	(void)state;
	order_len = 0;
	order[0] = '\0';
	condition = 0;
	assert_int_equal(core_boot(&config), 0);
	init_waitqueue_head(&queue);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	core_shutdown();
	assert_int_equal(core_warnings(), 0);
	assert_int_equal(core_leaks(), 0);
	return 0;
}

static void say_and_yield(void *arg)
{
	char c = *(const char *)arg;

	note(c);
	yield();
	note(c);
}

static void test_tasks_take_turns(void **state)
{
	(void)state;
	core_task("a", say_and_yield, "a");
	core_task("b", say_and_yield, "b");
	core_task("c", say_and_yield, "c");
	assert_int_equal(core_run(), 0);
	assert_string_equal(order, "abcabc");
}

static void wait_for_condition(void *arg)
{
	DEFINE_WAIT(wait);

	note(*(const char *)arg);
	for (;;) {
		prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
		if (condition)
			break;
		schedule();
	}
	finish_wait(&queue, &wait);
	assert_int_equal(current->state, TASK_RUNNING);
	note((char)(*(const char *)arg - 'a' + 'A'));
}

static void set_condition(void *arg)
{
	(void)arg;
	note('!');
	condition = 1;
	wake_up_interruptible(&queue);
}

/* The newest sleeper stands first in the queue, so it is woken first. */
static void test_wake_up_all(void **state)
{
	(void)state;
	core_task("a", wait_for_condition, "a");
	core_task("b", wait_for_condition, "b");
	core_task("waker", set_condition, NULL);
	assert_int_equal(core_run(), 0);
	assert_string_equal(order, "ab!BA");
	assert_true(list_empty(&queue.task_list));
}

static void wait_exclusive(void *arg)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&queue, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	note(*(const char *)arg);
}

static void wake_one(void *arg)
{
	(void)arg;
	wake_up_interruptible(&queue);
}

static void test_exclusive_sleepers_one_by_one(void **state)
{
	(void)state;
	core_task("a", wait_exclusive, "a");
	core_task("b", wait_exclusive, "b");
	core_task("waker", wake_one, NULL);
	assert_int_equal(core_run(), -EDEADLK);
	assert_string_equal(order, "a");
	core_task("waker", wake_one, NULL);
	assert_int_equal(core_run(), 0);
	assert_string_equal(order, "ab");
}

/* Woken between prepare_to_wait() and schedule(): it must not sleep. */
static void wake_self_before_sleeping(void *arg)
{
	DEFINE_WAIT(wait);

	(void)arg;
	prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
	wake_up_interruptible(&queue);
	schedule();
	finish_wait(&queue, &wait);
	note('w');
}

static void test_wake_up_before_sleep_is_not_lost(void **state)
{
	(void)state;
	core_task("self", wake_self_before_sleeping, NULL);
	assert_int_equal(core_run(), 0);
	assert_string_equal(order, "w");
}

static void sleep_a_second(void *arg)
{
	*(long *)arg = sys_nanosleep(1000000000);
}

static void test_signal_ends_sleep(void **state)
{
	long ret = 1;
	int pid;

	(void)state;
	pid = core_task("sleeper", sleep_a_second, &ret);
	assert_int_equal(core_run_until(500000000), 0);
	assert_int_equal(ret, 1);
	assert_int_equal(core_signal(pid, SIGINT), 0);
	assert_int_equal(core_run(), 0);
	assert_int_equal(ret, -EINTR);
	assert_int_equal(*core_clock(), 500000000);
	assert_int_equal(core_signal(pid, SIGINT), -ESRCH);
}

/* What a task does with signal @sig: @handler 0 default, 1 ignore, else some handler. */
static long set_handler(int sig, unsigned long handler)
{
	struct sigaction *act = core_user_alloc(2 * sizeof(*act));
	long ret;

	act->sa_handler = (__sighandler_t)handler;
	act->sa_flags = SA_RESTART;
	ret = sys_rt_sigaction(sig, act, act + 1, 8);
	return ret ? ret : (long)act[1].sa_handler;
}

static void sleep_ignoring(void *arg)
{
	set_handler(SIGINT, 1);
	*(long *)arg = sys_nanosleep(1000000000);
	assert_int_equal(core_take_signal(), 0);
	assert_int_equal(set_handler(SIGINT, 2), 1);
	*(long *)arg += 10 * sys_nanosleep(1000000000);
	assert_int_equal(core_take_signal(), SIGINT);
}

/* Ignored, by choice or by default, it leaves no trace; caught it ends the sleep. */
static void test_signal_ignored(void **state)
{
	long ret = 1;
	int pid;

	(void)state;
	pid = core_task("sleeper", sleep_ignoring, &ret);
	assert_int_equal(core_run_until(500000000), 0);
	assert_int_equal(core_signal(pid, SIGINT), 0);
	assert_int_equal(core_signal(pid, SIGCHLD), 0);
	assert_int_equal(core_signal(pid, SIGURG), 0);
	assert_int_equal(core_run_until(1500000000), 0);
	assert_int_equal(ret, 0);
	assert_int_equal(core_signal(pid, SIGINT), 0);
	assert_int_equal(core_run(), 0);
	assert_int_equal(ret, 10 * -EINTR);
	assert_int_equal(*core_clock(), 1500000000);
}

static void set_handlers(void *arg)
{
	static struct sigaction kernel;
	struct sigaction *act = core_user_alloc(sizeof(*act));

	(void)arg;
	assert_int_equal(set_handler(0, 1), -EINVAL);
	assert_int_equal(set_handler(65, 1), -EINVAL);
	assert_int_equal(set_handler(SIGKILL, 1), -EINVAL);
	assert_int_equal(set_handler(SIGSTOP, 2), -EINVAL);
	assert_int_equal(sys_rt_sigaction(SIGINT, act, NULL, 4), -EINVAL);
	assert_int_equal(sys_rt_sigaction(SIGINT, &kernel, NULL, 8), -EFAULT);
	assert_int_equal(sys_rt_sigaction(SIGINT, NULL, &kernel, 8), -EFAULT);
	assert_int_equal(sys_rt_sigaction(SIGINT, NULL, act, 8), 0);
	assert_ptr_equal(act->sa_handler, SIG_DFL);

	/* one that is pending when it is ignored is gone */
	core_signal((int)sys_getpid(), SIGINT);
	core_signal((int)sys_getpid(), SIGTERM);
	assert_int_equal(set_handler(SIGINT, 1), 0);
	assert_int_equal(core_take_signal(), SIGTERM);
	assert_int_equal(core_take_signal(), 0);
	note('h');
}

static void test_sigaction(void **state)
{
	(void)state;
	core_task("handlers", set_handlers, NULL);
	assert_int_equal(core_run(), 0);
	assert_string_equal(order, "h");
}

static void nothing(void *arg)
{
	(void)arg;
}

static void test_many_tasks(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		assert_int_equal(core_task("many", nothing, NULL), i + 1);
		if (i % 50 == 0)
			assert_int_equal(core_run(), 0);
	}
	assert_int_equal(core_run(), 0);
}

static void mark_softirq(struct softirq_action *h)
{
	(void)h;
	assert_true(in_serving_softirq());
	note('s');
}

/* Raised while held off, served at the outermost enable and not before. */
static void test_softirq_at_last_bh_enable(void **state)
{
	(void)state;
	open_softirq(TASKLET_SOFTIRQ, mark_softirq);
	local_bh_disable();
	local_bh_disable();
	raise_softirq(TASKLET_SOFTIRQ);
	note('1');
	local_bh_enable();
	note('2');
	local_bh_enable();
	note('3');
	assert_int_equal(preempt_count(), 0);
	assert_string_equal(order, "12s3");
}

static void test_softirq_at_irq_exit(void **state)
{
	(void)state;
	open_softirq(TASKLET_SOFTIRQ, mark_softirq);
	irq_enter();
	raise_softirq(TASKLET_SOFTIRQ);
	note('i');
	irq_exit();
	note('t');
	assert_string_equal(order, "ist");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tasks_take_turns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wake_up_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exclusive_sleepers_one_by_one, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_wake_up_before_sleep_is_not_lost, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_signal_ends_sleep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_signal_ignored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sigaction, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_tasks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_softirq_at_last_bh_enable, setup, teardown),
		cmocka_unit_test_setup_teardown(test_softirq_at_irq_exit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
