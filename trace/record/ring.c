/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring's memory and its slow path.
 *
 * The same pages are mapped twice, one mapping directly behind the other: a record that starts
 * near the end simply runs on into the second mapping, which is the ring's beginning.  Neither
 * side needs to know where the memory ends.
 */
#include <errno.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "ring.h"

/* Maps the ring's memory.  Returns 0, or -errno (-ENOMEM, -EMFILE ...). */
int ring_open(struct ring *ring, uint64_t size)
{
	int fd = memfd_create("synwalk-ring", MFD_CLOEXEC);
	uint8_t *base;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) < 0)
		goto fail;
	base = mmap(NULL, size * 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		goto fail;
	for (int half = 0; half < 2; half++) {
		if (mmap(base + half * size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			 fd, 0) == MAP_FAILED) {
			err = -errno;
			munmap(base, size * 2);
			goto out;
		}
	}
	*ring = (struct ring){ .base = base, .size = size };
	goto out;
fail:
	err = -errno;
out:
	close(fd);
	return err;
}

void ring_close(struct ring *ring)
{
	if (ring->base)
		munmap(ring->base, ring->size * 2);
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
