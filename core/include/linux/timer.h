/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

/*
 * Kernel timers: "call this function in softirq when jiffies reaches that"
 * (include/linux/timer.h). Ours fire exactly at their tick, where v4.8's timer
 * wheel rounds far timers up, and timers of one tick fire in the order in which
 * they were armed; see core/kernel/time/timer.c.
 */
#include <linux/types.h>
#include <linux/rbtree.h>
#include <linux/jiffies.h>

/**
 * struct timer_list - one timer
 * @entry: place in the tree of pending timers; empty node: not pending
 * @expires: tick at which it fires, in jiffies
 * @function: what it calls
 * @data: with which argument
 * @flags: TIMER_*
 * @sequence: when it was armed, among all timers: breaks ties of @expires
 */
struct timer_list {
	struct rb_node entry;
	unsigned long expires;
	void (*function)(unsigned long);
	unsigned long data;
	u32 flags;
	u64 sequence;
};

#define TIMER_DEFERRABLE 0x00080000
#define TIMER_PINNED     0x00100000

void init_timer(struct timer_list *timer);

static inline void setup_timer(struct timer_list *timer, void (*function)(unsigned long),
			       unsigned long data)
{
	init_timer(timer);
	timer->function = function;
	timer->data = data;
}

/* For work that may wait until the machine is awake anyway. */
static inline void setup_deferrable_timer(struct timer_list *timer, void (*function)(unsigned long),
					  unsigned long data)
{
	setup_timer(timer, function, data);
	timer->flags |= TIMER_DEFERRABLE;
}

#define setup_timer_on_stack(timer, fn, data) setup_timer(timer, fn, data)
#define setup_pinned_timer(timer, fn, data)   setup_timer(timer, fn, data)
#define destroy_timer_on_stack(timer) \
	do {                          \
	} while (0)

static inline int timer_pending(const struct timer_list *timer)
{
	return !RB_EMPTY_NODE(&timer->entry);
}

/* (Re)arms; returns whether it was pending before (0/1). */
int mod_timer(struct timer_list *timer, unsigned long expires);
int mod_timer_pinned(struct timer_list *timer, unsigned long expires);
void add_timer(struct timer_list *timer);
/* Disarms; returns whether it was pending. */
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);

/* The earliest expiry in jiffies of a timer that is not deferrable; false when there is none. */
bool next_timer_expiry(unsigned long *expires);
unsigned int timers_pending(void);
/* The tick: looks whether a timer is due and raises TIMER_SOFTIRQ. */
void run_local_timers(void);
void init_timers(void);

unsigned long round_jiffies(unsigned long j);

#endif
