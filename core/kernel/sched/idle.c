/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The idle task (kernel/sched/idle.c): what the machine does when no task wants
 * the CPU. It is the only place where time passes.
 *
 *	1. let runnable tasks run until all sleep
 *	2. serve softirqs that nobody served (the kernel has ksoftirqd for them)
 *	3. look for the next thing that will happen: a tick with a due timer, an
 *	   event of the world outside, a frame on a device
 *	4. virtual clock: jump there; wall clock: wait for it in the host
 *	5. let it happen: events first, then the tick, then frames; go to 1
 */
#include <linux/clockchips.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/tapdev.h>

/* No event programmed, no timer armed. */
#define NEVER U64_MAX

/* The earliest of the next timer's tick and the next outside event, ns since boot. */
static u64 next_event_ns(void)
{
	unsigned long expires;
	u64 next = NEVER;
	u64 at;

	if (next_timer_expiry(&expires))
		next = time_after(expires, jiffies) ? jiffies_to_boot_ns(expires) : clock_ns;
	if (clockevents_next(&at) && at < next)
		next = at;
	return next;
}

/* The timer interrupt: accounts the time that has passed and looks after due timers. */
static void smp_apic_timer_interrupt(void)
{
	irq_enter();
	tick_do_update_jiffies64();
	run_local_timers();
	irq_exit();
}

/* Step 4 with the virtual clock. False when there is nothing to jump to before @until_ns. */
static bool virtual_wait(u64 until_ns)
{
	u64 next = next_event_ns();

	if (next == NEVER || next > until_ns) {
		if (until_ns != NEVER && until_ns > clock_ns)
			timekeeping_jump(until_ns);
		return false;
	}
	if (next > clock_ns)
		timekeeping_jump(next);
	return true;
}

/* Step 4 with the wall clock: sleeps in the host, until a frame or the next event. */
static bool wall_wait(u64 until_ns)
{
	u64 next = min(next_event_ns(), until_ns);
	u64 now;

	tick_do_update_jiffies64();
	now = clock_ns;
	if (next == NEVER && !tap_devices())
		return false;
	/* What is due (a frame to be sent, mostly) goes first: the host need not be asked for more yet. */
	if (next > now) {
		tap_wait(next == NEVER ? NEVER : next - now);
		tick_do_update_jiffies64();
	}
	return clock_ns < until_ns || next < until_ns;
}

static void do_idle_events(void)
{
	unsigned long expires;

	clockevents_run(clock_ns);
	if (next_timer_expiry(&expires) && time_after_eq(jiffies, expires))
		smp_apic_timer_interrupt();
	tap_poll();
}

int cpu_startup_entry(bool (*done)(void), u64 until_ns)
{
	bool more = true;

	do {
		while (nr_running())
			schedule();
		do_softirq();
		if (nr_running() || local_softirq_pending())
			continue;
		if (done && done())
			return 0;
		more = timekeeping_is_wall() ? wall_wait(until_ns) : virtual_wait(until_ns);
		if (more)
			do_idle_events();
	} while (more);
	return until_ns == NEVER && nr_tasks() ? -EDEADLK : 0;
}
