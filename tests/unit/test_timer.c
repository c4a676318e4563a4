/* SPDX-License-Identifier: GPL-2.0-only */

/* Timers fire at their tick, in order of time and then of arming; the virtual clock jumps. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <synwalk/core.h>

#define NR_TIMERS 200

static struct timer_list timers[NR_TIMERS];
static unsigned long fired_at[NR_TIMERS];
static unsigned int fired[NR_TIMERS * 8];
static unsigned int nr_fired;
static unsigned long boot_jiffies;

static void on_timer(unsigned long data)
{
	fired_at[data] = jiffies;
	fired[nr_fired++] = (unsigned int)data;
}

static int setup(void **state)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };
	unsigned int i;

	(void)state;
	nr_fired = 0;
	assert_int_equal(core_boot(&config), 0);
	boot_jiffies = jiffies;
	assert_int_equal((u32)boot_jiffies, (u32)-300000);
	for (i = 0; i < NR_TIMERS; i++)
		setup_timer(&timers[i], on_timer, i);
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

static void test_exact_expiry(void **state)
{
	(void)state;
	mod_timer(&timers[0], jiffies + 1000);
	mod_timer(&timers[1], jiffies + 127 * HZ);
	mod_timer(&timers[2], jiffies + 1);
	assert_int_equal(timer_pending(&timers[0]), 1);
	core_run_until(999999999);
	assert_int_equal(nr_fired, 1);
	core_run_until(1000000000);
	assert_int_equal(nr_fired, 2);
	core_run_until(1000ull * NSEC_PER_SEC);
	assert_int_equal(nr_fired, 3);
	assert_int_equal(fired_at[2] - boot_jiffies, 1);
	assert_int_equal(fired_at[0] - boot_jiffies, 1000);
	assert_int_equal(fired_at[1] - boot_jiffies, 127000);
	assert_int_equal(timer_pending(&timers[1]), 0);
	assert_int_equal(*core_clock(), 1000ull * NSEC_PER_SEC);
}

static void test_equal_times_in_order_of_arming(void **state)
{
	(void)state;
	mod_timer(&timers[3], jiffies + 50);
	mod_timer(&timers[1], jiffies + 50);
	mod_timer(&timers[2], jiffies + 40);
	mod_timer(&timers[2], jiffies + 50); /* moved: now the last */
	mod_timer(&timers[3], jiffies + 50); /* not moved: still the first */
	core_run_until(NSEC_PER_SEC);
	assert_int_equal(nr_fired, 3);
	assert_int_equal(fired[0], 3);
	assert_int_equal(fired[1], 1);
	assert_int_equal(fired[2], 2);
}

static void test_del_timer(void **state)
{
	(void)state;
	assert_int_equal(del_timer(&timers[0]), 0);
	assert_int_equal(mod_timer(&timers[0], jiffies + 5), 0);
	assert_int_equal(mod_timer(&timers[0], jiffies + 6), 1);
	assert_int_equal(del_timer(&timers[0]), 1);
	assert_int_equal(del_timer(&timers[0]), 0);
	core_run_until(NSEC_PER_SEC);
	assert_int_equal(nr_fired, 0);
}

/* The tree against a plain model: many timers, armed, moved and deleted at random. */
static void test_against_model(void **state)
{
	unsigned long when[NR_TIMERS] = { 0 };
	unsigned int base = timers_pending();
	unsigned int i, pending = 0;
	u32 r = 12345;

	(void)state;
	for (i = 0; i < 5000; i++) {
		unsigned int t;

		r = r * 1664525 + 1013904223;
		t = (r >> 8) % NR_TIMERS;
		if ((r >> 28) == 0) {
			assert_int_equal(del_timer(&timers[t]), when[t] != 0);
			when[t] = 0;
		} else {
			unsigned long delay = 1 + (r >> 4) % 5000;

			assert_int_equal(mod_timer(&timers[t], jiffies + delay), when[t] != 0);
			when[t] = jiffies + delay;
		}
	}
	for (i = 0; i < NR_TIMERS; i++)
		pending += when[i] != 0;
	assert_int_equal(timers_pending() - base, pending);
	core_run_until(10 * NSEC_PER_SEC);
	assert_int_equal(nr_fired, pending);
	for (i = 0; i < nr_fired; i++) {
		assert_int_equal(fired_at[fired[i]], when[fired[i]]);
		if (i)
			assert_true(when[fired[i - 1]] <= when[fired[i]]);
	}
}

static void rearm_self(unsigned long data)
{
	on_timer(data);
	if (nr_fired < 5)
		mod_timer(&timers[data], jiffies + 100);
}

static void test_timer_arms_itself(void **state)
{
	(void)state;
	timers[0].function = rearm_self;
	mod_timer(&timers[0], jiffies + 100);
	core_run_until(NSEC_PER_SEC);
	assert_int_equal(nr_fired, 5);
	assert_int_equal(fired_at[0] - boot_jiffies, 500);
}

/* Nobody wakes up for a deferrable timer; with the next tick of another it fires. */
static unsigned long impatient_ticks[4];
static unsigned int impatient_calls;

/* Wants to be called again at once, or even earlier than that. */
static void impatient(unsigned long back)
{
	impatient_ticks[impatient_calls++] = jiffies - boot_jiffies;
	if (impatient_calls < 4)
		mod_timer(&timers[5], jiffies - back);
}

/* A tick has one turn: otherwise time would stand still for ever, as fuzzing once showed. */
static void test_timer_arms_itself_for_now(void **state)
{
	unsigned long back;
	unsigned int i;

	(void)state;
	for (back = 0; back < 3; back++) {
		unsigned long first = jiffies - boot_jiffies + 10;

		impatient_calls = 0;
		setup_timer(&timers[5], impatient, back);
		mod_timer(&timers[5], jiffies + 10);
		core_run_until(*core_clock() + NSEC_PER_SEC);
		assert_int_equal(impatient_calls, 4);
		for (i = 0; i < 4; i++)
			assert_int_equal(impatient_ticks[i], first + i);
	}
}

static void test_deferrable_timer(void **state)
{
	(void)state;
	setup_deferrable_timer(&timers[0], on_timer, 0);
	mod_timer(&timers[0], jiffies + 10);
	core_run_until(NSEC_PER_SEC);
	assert_int_equal(nr_fired, 0);
	mod_timer(&timers[1], jiffies + 5);
	core_run_until(2 * NSEC_PER_SEC);
	assert_int_equal(nr_fired, 2);
	assert_int_equal(fired[0], 1);
	assert_int_equal(fired_at[0] - boot_jiffies, 1005);
}

static void sleep_task(void *arg)
{
	long *left = arg;

	set_current_state(TASK_INTERRUPTIBLE);
	left[0] = schedule_timeout(250);
	set_current_state(TASK_INTERRUPTIBLE);
	left[1] = schedule_timeout(1);
	left[2] = sys_nanosleep(2 * NSEC_PER_MSEC);
}

static void test_schedule_timeout(void **state)
{
	long left[3] = { -1, -1, -1 };

	(void)state;
	core_task("sleep", sleep_task, left);
	assert_int_equal(core_run(), 0);
	assert_int_equal(left[0], 0);
	assert_int_equal(left[1], 0);
	assert_int_equal(left[2], 0);
	assert_int_equal(*core_clock(), 253 * NSEC_PER_MSEC);
}

static void sleep_for_ever(void *arg)
{
	set_current_state(TASK_INTERRUPTIBLE);
	*(long *)arg = schedule_timeout(MAX_SCHEDULE_TIMEOUT);
}

static void wake_it(void *arg)
{
	(void)arg;
	wake_up_process(find_task_by_pid(1));
}

static void test_sleep_without_limit(void **state)
{
	long left = 0;

	(void)state;
	assert_int_equal(core_task("sleep", sleep_for_ever, &left), 1);
	assert_int_equal(core_at(123456789, wake_it, NULL), 0);
	assert_int_equal(core_run(), 0);
	assert_int_equal(left, MAX_SCHEDULE_TIMEOUT);
	assert_int_equal(*core_clock(), 123456789);
}

static unsigned int calls;
static char call_order[8];

static void called(void *arg)
{
	call_order[calls++] = *(const char *)arg;
}

static void test_outside_events_in_order(void **state)
{
	(void)state;
	calls = 0;
	core_at(2000, called, "b");
	core_at(2000, called, "c");
	core_at(1000, called, "a");
	core_run_until(3000);
	assert_int_equal(calls, 3);
	assert_memory_equal(call_order, "abc", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_exact_expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(test_equal_times_in_order_of_arming, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_del_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_against_model, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_arms_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timer_arms_itself_for_now, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deferrable_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_schedule_timeout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sleep_without_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_outside_events_in_order, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
