/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SEQLOCK_H
#define _LINUX_SEQLOCK_H

/*
 * A writer makes the sequence odd while it works; a reader that saw it odd, or
 * changed, reads again (include/linux/seqlock.h). With one CPU a reader never
 * has to; the sequence is kept, since it tells how often a value was replaced.
 */
#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

typedef struct {
	struct seqcount seqcount;
	spinlock_t lock;
} seqlock_t;

static inline void seqlock_init(seqlock_t *sl)
{
	sl->seqcount.sequence = 0;
	spin_lock_init(&sl->lock);
}

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return sl->seqcount.sequence;
}

static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return sl->seqcount.sequence != start || (start & 1);
}

static inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	sl->seqcount.sequence++;
}

static inline void write_sequnlock(seqlock_t *sl)
{
	sl->seqcount.sequence++;
	spin_unlock(&sl->lock);
}

static inline void write_seqlock_bh(seqlock_t *sl)
{
	spin_lock_bh(&sl->lock);
	sl->seqcount.sequence++;
}

static inline void write_sequnlock_bh(seqlock_t *sl)
{
	sl->seqcount.sequence++;
	spin_unlock_bh(&sl->lock);
}

#endif
