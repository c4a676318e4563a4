/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers (kernel/time/timer.c).
 *
 * v4.9 keeps timers in a wheel whose far slots are coarse: a timer of one second
 * may fire 20 ms late. Here they are kept in a red-black tree ordered by expiry
 * and, among equals, by the order in which they were armed, and fire exactly at
 * their tick. A trace of SYN retransmissions then shows 1, 3, 7, 15 s as the
 * protocol means them, and is the same in every run.
 *
 * The tick (run_local_timers) raises TIMER_SOFTIRQ when the first timer is due;
 * run_timer_softirq() takes each due timer out of the tree and calls it. It is
 * not pending while its function runs, so the function may arm it again.
 *
 * Deferrable timers (housekeeping that has no hurry) are kept apart: an idle
 * machine does not wake up for them, they fire with the next tick that happens
 * for another reason. So a world in which only housekeeping is left is at rest.
 */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <trace/events.h>

/**
 * struct timer_base - the pending timers
 * @active: tree of them
 * @next: the first to fire, NULL: none
 * @last: the last to fire, NULL: none
 * @pending: how many there are
 */
struct timer_base {
	struct rb_root active;
	struct timer_list *next;
	struct timer_list *last;
	unsigned int pending;
};

enum {
	BASE_STD,
	BASE_DEF, /* deferrable */
	NR_BASES
};

static struct timer_base timer_bases[NR_BASES];
static u64 timer_sequence;  /* number given to the timer armed last */
static bool timers_running; /* a tick's timers are being called */

static inline struct timer_base *get_timer_base(u32 tflags)
{
	return &timer_bases[tflags & TIMER_DEFERRABLE ? BASE_DEF : BASE_STD];
}

void init_timer(struct timer_list *timer)
{
	RB_CLEAR_NODE(&timer->entry);
	timer->flags = 0;
}

static inline bool timer_less(const struct timer_list *a, const struct timer_list *b)
{
	if (a->expires != b->expires)
		return time_before(a->expires, b->expires);
	return a->sequence < b->sequence;
}

/*
 * Where in the tree @timer belongs: the link, its @parent. Most timers are the next of all (a
 * retransmission) or the last (TIME_WAIT among thousands), so both ends are looked at first.
 */
static struct rb_node **timer_place(struct timer_base *base, const struct timer_list *timer,
				    struct rb_node **parent)
{
	struct rb_node **p = &base->active.rb_node;

	*parent = NULL;
	if (!*p)
		return p;
	if (timer_less(timer, base->next)) {
		*parent = &base->next->entry;
		return &(*parent)->rb_left;
	}
	if (timer_less(base->last, timer)) {
		*parent = &base->last->entry;
		return &(*parent)->rb_right;
	}
	while (*p) {
		*parent = *p;
		p = timer_less(timer, rb_entry(*p, struct timer_list, entry)) ? &(*p)->rb_left :
										&(*p)->rb_right;
	}
	return p;
}

static void internal_add_timer(struct timer_base *base, struct timer_list *timer)
{
	struct rb_node *parent;
	struct rb_node **place = timer_place(base, timer, &parent);

	if (!base->next || timer_less(timer, base->next))
		base->next = timer;
	if (!base->last || timer_less(base->last, timer))
		base->last = timer;
	rb_link_node(&timer->entry, parent, place);
	rb_insert_color(&timer->entry, &base->active);
	base->pending++;
}

static void detach_timer(struct timer_base *base, struct timer_list *timer)
{
	if (base->next == timer)
		base->next = rb_entry_safe(rb_next(&timer->entry), struct timer_list, entry);
	if (base->last == timer)
		base->last = rb_entry_safe(rb_prev(&timer->entry), struct timer_list, entry);
	rb_erase(&timer->entry, &base->active);
	RB_CLEAR_NODE(&timer->entry);
	base->pending--;
}

static int __mod_timer(struct timer_list *timer, unsigned long expires)
{
	struct timer_base *base = get_timer_base(timer->flags);
	int ret = timer_pending(timer);

	BUG_ON(!timer->function);
	/* Armed for the same tick already: it keeps its place. */
	if (ret && timer->expires == expires)
		return 1;
	if (ret)
		detach_timer(base, timer);
	/* This tick has had its turn: a function that arms its timer for now is called at the next. */
	if (timers_running && time_before_eq(expires, jiffies))
		expires = jiffies + 1;
	timer->expires = expires;
	timer->sequence = ++timer_sequence;
	internal_add_timer(base, timer);
	trace_timer_start(timer, jiffies_to_boot_ns(expires));
	return ret;
}

/*
 * mod_timer - arms a timer, or moves one that is armed
 * @expires: tick, in jiffies; one that is past fires at the next tick
 * Returns 1 if it was pending, 0 if not.
 */
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return __mod_timer(timer, expires);
}

int mod_timer_pinned(struct timer_list *timer, unsigned long expires)
{
	return __mod_timer(timer, expires);
}

/* Arms a timer for its ->expires. It must not be pending. */
void add_timer(struct timer_list *timer)
{
	BUG_ON(timer_pending(timer));
	__mod_timer(timer, timer->expires);
}

/* Returns 1 if it was pending and will not fire now, 0 if there was nothing to do. */
int del_timer(struct timer_list *timer)
{
	if (!timer_pending(timer))
		return 0;
	detach_timer(get_timer_base(timer->flags), timer);
	trace_timer_cancel(timer);
	return 1;
}

/* On one CPU a timer's function cannot be running while somebody else asks. */
int del_timer_sync(struct timer_list *timer)
{
	return del_timer(timer);
}

static void call_timer_fn(struct timer_list *timer, void (*fn)(unsigned long), unsigned long data)
{
	unsigned long count = preempt_count();

	trace_timer_expire_entry(timer);
	fn(data);
	/* The timer may be freed memory by now; only its address is told. */
	trace_timer_expire_exit(timer);
	if (unlikely(count != preempt_count()))
		panic("timer function %p left preempt_count 0x%lx, was 0x%lx", (void *)fn,
		      preempt_count(), count);
}

/* Calls all of one base that are due, in order. */
static void __run_timers(struct timer_base *base)
{
	struct timer_list *timer;

	while ((timer = base->next) != NULL && time_after_eq(jiffies, timer->expires)) {
		void (*fn)(unsigned long) = timer->function;
		unsigned long data = timer->data;

		detach_timer(base, timer);
		call_timer_fn(timer, fn, data);
	}
}

/* TIMER_SOFTIRQ. */
static void run_timer_softirq(struct softirq_action *h)
{
	(void)h;
	timers_running = true;
	__run_timers(&timer_bases[BASE_STD]);
	__run_timers(&timer_bases[BASE_DEF]);
	timers_running = false;
}

static inline bool timer_due(const struct timer_base *base)
{
	return base->next && time_after_eq(jiffies, base->next->expires);
}

void run_local_timers(void)
{
	if (timer_due(&timer_bases[BASE_STD]) || timer_due(&timer_bases[BASE_DEF]))
		raise_softirq_irqoff(TIMER_SOFTIRQ);
}

/* Of those that an idle machine wakes up for. */
bool next_timer_expiry(unsigned long *expires)
{
	const struct timer_list *next = timer_bases[BASE_STD].next;

	if (!next)
		return false;
	*expires = next->expires;
	return true;
}

unsigned int timers_pending(void)
{
	return timer_bases[BASE_STD].pending + timer_bases[BASE_DEF].pending;
}

void init_timers(void)
{
	unsigned int i;

	for (i = 0; i < NR_BASES; i++)
		timer_bases[i] = (struct timer_base){ .active = RB_ROOT };
	timer_sequence = 0;
	timers_running = false;
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}

/* Rounds to a full second, so that timers that need no exactness fire together. */
unsigned long round_jiffies(unsigned long j)
{
	unsigned long rem = j % HZ;
	unsigned long rounded = rem < HZ / 4 ? j - rem : j - rem + HZ;

	return time_after(rounded, jiffies) ? rounded : j;
}

static void process_timeout(unsigned long __data)
{
	wake_up_process((struct task_struct *)__data);
}

/*
 * schedule_timeout - sleep until woken, or until @timeout jiffies have passed
 * The caller has set its state; with TASK_RUNNING it does not sleep at all.
 * MAX_SCHEDULE_TIMEOUT sleeps without a limit and is returned again. Otherwise
 * returns the jiffies left, 0 when the time is up.
 */
long schedule_timeout(long timeout)
{
	struct timer_list timer;
	unsigned long expire;

	switch (timeout) {
	case MAX_SCHEDULE_TIMEOUT:
		schedule();
		goto out;
	default:
		if (WARN_ON(timeout < 0)) {
			current->state = TASK_RUNNING;
			goto out;
		}
	}
	expire = (unsigned long)timeout + jiffies;
	setup_timer_on_stack(&timer, process_timeout, (unsigned long)current);
	__mod_timer(&timer, expire);
	current->sleep_timeout = timeout;
	schedule();
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
	timeout = (long)(expire - jiffies);
out:
	return timeout < 0 ? 0 : timeout;
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

/* A delayed work's time has come (kernel/workqueue.c): it runs here, in softirq. */
void delayed_work_timer_fn(unsigned long data)
{
	struct delayed_work *dwork = (struct delayed_work *)data;

	dwork->work.func(&dwork->work);
}
