/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue of records between one producer (the watched thread) and one consumer (the writer).
 *
 * A record lies in one piece and begins with struct ring_record.  One that does not fit behind its
 * predecessor begins at the ring's beginning; a record of kind 0 fills what is left.
 */
#ifndef TRACE_RECORD_RING_H
#define TRACE_RECORD_RING_H

#include <stdint.h>
#include <stdatomic.h>

/* The head of every record: its bytes, a multiple of 8, and what it is, 0 for none. */
struct ring_record {
	uint32_t size;
	uint16_t kind;
};

/**
 * struct ring - lock-free single-producer single-consumer ring
 * @base: the memory
 * @size: bytes, a power of two; no record is longer
 * @head: bytes ever published; only the producer writes it
 * @known_tail: the producer's last look at @tail
 * @waits: how often the producer found the ring full and waited
 * @limit: when a lap ends with so many bytes published, the program ends by SIGXCPU; 0: never
 * @tail: bytes ever consumed; only the consumer writes it
 *
 * Head and tail count for ever and lie in cache lines of their own, so that the two sides
 * disturb each other only when they look across.
 */
struct ring {
	uint8_t *base;
	uint64_t size;
	_Alignas(64) _Atomic uint64_t head;
	uint64_t known_tail;
	uint64_t waits;
	uint64_t limit;
	_Alignas(64) _Atomic uint64_t tail;
};

int ring_open(struct ring *ring, uint64_t size);
void ring_close(struct ring *ring);
void ring_wait(struct ring *ring, uint64_t need);
uint64_t ring_turn(struct ring *ring, uint64_t head, uint64_t size);

/* Room for @size bytes beyond what is published; waits for the consumer when there is none. */
static inline void *ring_reserve(struct ring *ring, uint64_t size)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	if (__builtin_expect((head & (ring->size - 1)) + size >= ring->size, 0))
		head = ring_turn(ring, head, size);
	if (__builtin_expect(head + size - ring->known_tail > ring->size, 0))
		ring_wait(ring, head + size);
	return ring->base + (head & (ring->size - 1));
}

static inline void ring_publish(struct ring *ring, uint64_t size)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	atomic_store_explicit(&ring->head, head + size, memory_order_release);
}

/* What the consumer may read in one piece: *@bytes of it, 0 when the ring is empty. */
static inline const void *ring_peek(struct ring *ring, uint64_t *bytes)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	uint64_t at = tail & (ring->size - 1);

	*bytes = atomic_load_explicit(&ring->head, memory_order_acquire) - tail;
	if (*bytes > ring->size - at)
		*bytes = ring->size - at;
	return ring->base + at;
}

static inline void ring_consume(struct ring *ring, uint64_t size)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	atomic_store_explicit(&ring->tail, tail + size, memory_order_release);
}

#endif
