/* SPDX-License-Identifier: GPL-2.0-only */
/* The queue of outside events, see linux/clockchips.h: a tree ordered by time, then by order of programming. */
#include <linux/clockchips.h>
#include <linux/kernel.h>

static struct rb_root clock_events;
static struct clock_event *clock_event_first;
static u64 clock_event_sequence;

/* @evt must not be programmed already. A time that is past means "next". */
void clockevents_program_event(struct clock_event *evt, u64 at_ns,
			       void (*handler)(struct clock_event *evt))
{
	struct rb_node **p = &clock_events.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	evt->at_ns = at_ns;
	evt->sequence = ++clock_event_sequence;
	evt->event_handler = handler;
	while (*p) {
		parent = *p;
		/* The newest of equals goes behind them. */
		if (at_ns < rb_entry(parent, struct clock_event, node)->at_ns) {
			p = &parent->rb_left;
		} else {
			p = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&evt->node, parent, p);
	rb_insert_color(&evt->node, &clock_events);
	if (leftmost)
		clock_event_first = evt;
}

void clockevents_cancel(struct clock_event *evt)
{
	if (clock_event_first == evt)
		clock_event_first = rb_entry_safe(rb_next(&evt->node), struct clock_event, node);
	rb_erase(&evt->node, &clock_events);
	RB_CLEAR_NODE(&evt->node);
}

bool clockevents_next(u64 *at_ns)
{
	if (!clock_event_first)
		return false;
	*at_ns = clock_event_first->at_ns;
	return true;
}

struct clock_event *clockevents_take(void)
{
	struct clock_event *evt = clock_event_first;

	if (evt)
		clockevents_cancel(evt);
	return evt;
}

void clockevents_run(u64 now_ns)
{
	struct clock_event *evt;

	while (clock_event_first && clock_event_first->at_ns <= now_ns) {
		evt = clockevents_take();
		evt->event_handler(evt);
	}
}

void clockevents_init(void)
{
	clock_events = RB_ROOT;
	clock_event_first = NULL;
	clock_event_sequence = 0;
}
