/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mistakes that a student's code may make.  The tests know the line, counted from the function's,
 * at which each ends the program.
 */
#include "watched.h"

static int zero;
static struct tcp_sock *nobody;

/* Finds nothing, and sets nothing. */
static void find(struct tcp_sock **tp)
{
	if (nobody)
		*tp = nobody;
}

void mistake_write(void)
{
	int seq = 3;

	seq++;
	nobody->write_seq = (uint32_t)seq;
	seq++;
}

/* The store before it has happened, though no hook came behind it. */
void mistake_read(void)
{
	table[3].count = (int)sizeof(table);
	if (nobody->snd_nxt)
		table[4].count = 1;
}

void mistake_wild(void)
{
	struct tcp_sock *tp;

	find(&tp);
	table[5].count = 5;
	tp->write_seq = 1;
}

void mistake_divide(void)
{
	int share = 100;

	share -= 1;
	share /= zero;
	table[6].count = share;
}

void mistake_call(void)
{
	static int (*nowhere)(int);

	table[7].count = 7;
	table[8].count = nowhere(1);
}

static int deeper(int level)
{
	volatile char room[200];

	room[level % 200] = 0;
	if (level < 0)
		return 0;
	return deeper(level + 1) + room[0];
}

static void overflow(void)
{
	deeper(1);
}

/* Without end, on a task's own stack. */
void mistake_recursion(void)
{
	machine_fiber(1, overflow);
	machine_switch(0, 1);
}
