/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CLOCKCHIPS_H
#define _LINUX_CLOCKCHIPS_H

/*
 * Things that the world outside does at a point in time, to the nanosecond: a
 * frame reaches the other end of a wire, a scripted peer speaks. They are to
 * the core what interrupts are to a machine; its own timers (linux/timer.h)
 * count ticks.
 */
#include <linux/rbtree.h>
#include <linux/types.h>

/**
 * struct clock_event - one such thing
 * @node: place in the tree of those to come
 * @at_ns: when, nanoseconds since boot
 * @sequence: when it was programmed: equal times happen in this order
 * @event_handler: what happens; the event is out of the tree then, and the handler's to free
 */
struct clock_event {
	struct rb_node node;
	u64 at_ns;
	u64 sequence;
	void (*event_handler)(struct clock_event *evt);
};

void clockevents_program_event(struct clock_event *evt, u64 at_ns,
			       void (*handler)(struct clock_event *evt));
void clockevents_cancel(struct clock_event *evt);
/* When the next one happens; false: none is programmed. */
bool clockevents_next(u64 *at_ns);
/* Lets all happen that are due by @now_ns. */
void clockevents_run(u64 now_ns);
/* Takes the first out of the tree without running it, for shutdown; NULL: none left. */
struct clock_event *clockevents_take(void);
void clockevents_init(void);

#endif
