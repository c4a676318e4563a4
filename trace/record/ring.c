/* SPDX-License-Identifier: GPL-2.0-only */
/* The ring's memory and its slow paths. */
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "pages.h"
#include "ring.h"

/* Maps the ring's memory.  Returns 0, or -ENOMEM. */
int ring_open(struct ring *ring, uint64_t size)
{
	uint8_t *base = pages_map(size);

	if (!base)
		return -ENOMEM;
	*ring = (struct ring){ .base = base, .size = size };
	return 0;
}

void ring_close(struct ring *ring)
{
	if (ring->base)
		pages_unmap(ring->base, ring->size);
	ring->base = NULL;
}

/*
 * Waits until @need bytes (counted from the beginning of time) fit.  The watched thread stands
 * still meanwhile: a trace with holes would be worth less than a run that takes longer.
 */
void ring_wait(struct ring *ring, uint64_t need)
{
	const struct timespec nap = { .tv_nsec = 50000 };
	int waited = 0;

	for (;;) {
		ring->known_tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
		if (need - ring->known_tail <= ring->size)
			return;
		if (!waited++)
			ring->waits++;
		nanosleep(&nap, NULL);
	}
}

/* Publishes a record that fills what is left of the lap, so that the next one begins another. */
static void ring_fill(struct ring *ring, uint64_t head, uint64_t left)
{
	if (head + left - ring->known_tail > ring->size)
		ring_wait(ring, head + left);
	*(struct ring_record *)(ring->base + (head & (ring->size - 1))) =
		(struct ring_record){ (uint32_t)left, 0 };
	ring_publish(ring, left);
}

/*
 * The record of @size bytes at @head is the last of its lap, if it ends where the lap does, or the first
 * of the next.  Here, and not at each record, is looked whether the producer has said more than it may.
 * Return: where the record shall be.
 */
uint64_t ring_turn(struct ring *ring, uint64_t head, uint64_t size)
{
	uint64_t left = ring->size - (head & (ring->size - 1)), end = head + left;

	if (size > left) {
		ring_fill(ring, head, left);
		head = end;
	}
	/* once: what the signal's handler has still to say must fit */
	if (ring->limit && end >= ring->limit) {
		ring->limit = 0;
		raise(SIGXCPU);
	}
	return head;
}
