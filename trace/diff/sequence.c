/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two sequences in line.
 *
 * Equal ends are taken off first.  What is left is cut at the keys that each side has once, as far
 * as these stand in the same order (patience: the longest increasing run), and each part is done
 * the same way.  A part without such keys goes to Myers' algorithm, which is quick when few keys
 * differ; where many do, the next equal key is good enough.  So the whole is about linear.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/diff/internal.h"

/* Myers' algorithm needs memory by the square of the differences: more than these are not sought. */
#define MOST_EDITS 400

/* How far ahead an equal key is looked for when there are too many differences. */
#define NEAR 32

struct task {
	const uint64_t *a, *b;
	int *pa;
	/* keys of a part: open addressing */
	struct key {
		uint64_t key;
		int in_a, in_b; /* how often; 0: the slot is free, when both are */
		int at_a, at_b;
	} * slot;
	size_t slots;
	int *unique_a, *unique_b, *back, *tail; /* scratch of the longest increasing run */
	int depth;
};

static int part(struct task *t, int a0, int a1, int b0, int b1);

/* ---- Myers ------------------------------------------------------------------------------------- */

/* The edit script's equal keys, from the end; v is all diagonals of each step. */
static void walk_back(struct task *t, int a0, int b0, int n, int m, int d, int **trace)
{
	int x = n, y = m;

	for (; d > 0; d--) {
		const int *v = trace[d - 1];
		int k = x - y, from, px, py;

		if (k == -d || (k != d && v[k - 1 + d] < v[k + 1 + d]))
			from = k + 1;
		else
			from = k - 1;
		px = v[from + d];
		py = px - from;
		while (x > px && y > py && x > 0 && y > 0 && t->a[a0 + x - 1] == t->b[b0 + y - 1]) {
			x--;
			y--;
			t->pa[a0 + x] = b0 + y;
		}
		x = px;
		y = py;
	}
	while (x > 0 && y > 0) {
		x--;
		y--;
		t->pa[a0 + x] = b0 + y;
	}
}

/* 1: done; 0: too many differences; -1 out of memory. */
static int myers(struct task *t, int a0, int a1, int b0, int b1)
{
	int n = a1 - a0, m = b1 - b0, most = n + m < MOST_EDITS ? n + m : MOST_EDITS, result = 0;
	int **trace = calloc((size_t)most + 1, sizeof(*trace)), d;
	int *v = calloc((size_t)most * 2 + 3, sizeof(*v));
	int *mid = v ? v + most + 1 : NULL;

	if (!trace || !v) {
		free(trace);
		free(v);
		return -1;
	}
	for (d = 0; d <= most && !result; d++) {
		for (int k = -d; k <= d; k += 2) {
			int x = k == -d || (k != d && mid[k - 1] < mid[k + 1]) ? mid[k + 1] :
										 mid[k - 1] + 1;
			int y = x - k;

			while (x < n && y < m && t->a[a0 + x] == t->b[b0 + y]) {
				x++;
				y++;
			}
			mid[k] = x;
			if (x >= n && y >= m) {
				result = 1;
				break;
			}
		}
		if (result)
			break;
		/* kept as v[k + (d + 1)] for the next step to look back into */
		trace[d] = malloc(((size_t)d * 2 + 3) * sizeof(int));
		if (!trace[d]) {
			result = -1;
			break;
		}
		memcpy(trace[d], mid - d - 1, ((size_t)d * 2 + 3) * sizeof(int));
	}
	if (result == 1)
		walk_back(t, a0, b0, n, m, d, trace);
	for (int i = 0; i <= most; i++)
		free(trace[i]);
	free(trace);
	free(v);
	return result;
}

/* Too different for Myers: each key takes the next equal one nearby. */
static void nearest(struct task *t, int a0, int a1, int b0, int b1)
{
	for (int i = a0, j = b0; i < a1 && j < b1; i++) {
		int end = j + NEAR < b1 ? j + NEAR : b1;

		for (int k = j; k < end; k++) {
			if (t->a[i] == t->b[k]) {
				t->pa[i] = k;
				j = k + 1;
				break;
			}
		}
	}
}

/* ---- patience ---------------------------------------------------------------------------------- */

static struct key *slot_of(struct task *t, uint64_t key, size_t mask)
{
	size_t at = (size_t)(key ^ key >> 32) & mask;

	while ((t->slot[at].in_a || t->slot[at].in_b) && t->slot[at].key != key)
		at = (at + 1) & mask;
	t->slot[at].key = key;
	return &t->slot[at];
}

/* Keys that are there once on either side, in the order of A; returns how many. */
static int unique_keys(struct task *t, int a0, int a1, int b0, int b1)
{
	size_t mask = 15;
	int n = 0;

	while (mask + 1 < (size_t)(a1 - a0 + b1 - b0) * 2)
		mask = mask * 2 + 1;
	memset(t->slot, 0, (mask + 1) * sizeof(*t->slot));
	for (int i = a0; i < a1; i++) {
		struct key *k = slot_of(t, t->a[i], mask);

		k->in_a++;
		k->at_a = i;
	}
	for (int i = b0; i < b1; i++) {
		struct key *k = slot_of(t, t->b[i], mask);

		k->in_b++;
		k->at_b = i;
	}
	for (int i = a0; i < a1; i++) {
		struct key *k = slot_of(t, t->a[i], mask);

		if (k->in_a == 1 && k->in_b == 1) {
			t->unique_a[n] = i;
			t->unique_b[n++] = k->at_b;
		}
	}
	return n;
}

/* The longest run that increases on both sides, left in unique_a and unique_b; its length. */
static int increasing(struct task *t, int n)
{
	int piles = 0, at;

	for (int i = 0; i < n; i++) {
		int low = 0, high = piles;

		while (low < high) {
			int mid = (low + high) / 2;

			if (t->unique_b[t->tail[mid]] < t->unique_b[i])
				low = mid + 1;
			else
				high = mid;
		}
		t->back[i] = low ? t->tail[low - 1] : -1;
		t->tail[low] = i;
		if (low == piles)
			piles++;
	}
	if (!piles)
		return 0;
	at = t->tail[piles - 1];
	for (int i = piles - 1; i >= 0; i--) {
		t->tail[i] = at;
		at = t->back[at];
	}
	for (int i = 0; i < piles; i++) {
		t->unique_a[i] = t->unique_a[t->tail[i]];
		t->unique_b[i] = t->unique_b[t->tail[i]];
	}
	return piles;
}

/* Cuts at unique keys and does the parts. 1 done, 0 there are none, -1. */
static int cut(struct task *t, int a0, int a1, int b0, int b1)
{
	int n = increasing(t, unique_keys(t, a0, a1, b0, b1)), err = 0;
	int *at_a, *at_b;

	if (n <= 0)
		return 0;
	at_a = malloc((size_t)n * 2 * sizeof(*at_a));
	if (!at_a)
		return -1;
	at_b = at_a + n;
	memcpy(at_a, t->unique_a, (size_t)n * sizeof(*at_a));
	memcpy(at_b, t->unique_b, (size_t)n * sizeof(*at_b));
	for (int i = 0; i < n && !err; i++) {
		t->pa[at_a[i]] = at_b[i];
		err = part(t, a0, at_a[i], b0, at_b[i]);
		a0 = at_a[i] + 1;
		b0 = at_b[i] + 1;
	}
	if (!err)
		err = part(t, a0, a1, b0, b1);
	free(at_a);
	return err ? -1 : 1;
}

static int part(struct task *t, int a0, int a1, int b0, int b1)
{
	int done;

	while (a0 < a1 && b0 < b1 && t->a[a0] == t->b[b0])
		t->pa[a0++] = b0++;
	while (a0 < a1 && b0 < b1 && t->a[a1 - 1] == t->b[b1 - 1])
		t->pa[--a1] = --b1;
	if (a0 == a1 || b0 == b1)
		return 0;
	if (a1 - a0 == 1 && b1 - b0 == 1)
		return 0;
	t->depth++;
	done = t->depth < 64 ? cut(t, a0, a1, b0, b1) : 0;
	if (!done)
		done = myers(t, a0, a1, b0, b1);
	if (!done)
		nearest(t, a0, a1, b0, b1);
	t->depth--;
	return done < 0 ? -1 : 0;
}

int sequence_align(const uint64_t *a, int a0, int a1, const uint64_t *b, int b0, int b1, int *pa)
{
	struct task t = { .a = a, .b = b, .pa = pa };
	int most, err = -1;

	/* equal ends need no memory, and most sequences are but for a few places */
	while (a0 < a1 && b0 < b1 && a[a0] == b[b0])
		pa[a0++] = b0++;
	while (a0 < a1 && b0 < b1 && a[a1 - 1] == b[b1 - 1])
		pa[--a1] = --b1;
	if (a0 == a1 || b0 == b1)
		return 0;
	most = a1 - a0 < b1 - b0 ? a1 - a0 : b1 - b0;
	for (t.slots = 16; t.slots < (size_t)(a1 - a0 + b1 - b0) * 2;)
		t.slots *= 2;
	t.slot = malloc(t.slots * sizeof(*t.slot));
	t.unique_a = malloc((size_t)most * 4 * sizeof(int));
	if (t.slot && t.unique_a) {
		t.unique_b = t.unique_a + most;
		t.back = t.unique_b + most;
		t.tail = t.back + most;
		err = part(&t, a0, a1, b0, b1);
	}
	free(t.slot);
	free(t.unique_a);
	return err;
}
