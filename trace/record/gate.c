/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "gate.h"

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

struct record_gate *record_gate_new(const char *until)
{
	struct record_gate *gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (gate == MAP_FAILED)
		return NULL;
	sem_init(&gate->go, 1, 0);
	snprintf(gate->until, sizeof(gate->until), "%s", until ? until : "");
	gate->open = until != NULL;
	return gate;
}

void record_gate_free(struct record_gate *gate)
{
	if (gate)
		munmap(gate, sizeof(*gate));
}

void record_gate_let(struct record_gate *gate, int64_t records)
{
	while (records-- > 0)
		sem_post(&gate->go);
}

void record_gate_set_open(struct record_gate *gate, bool open)
{
	gate->open = open;
	if (open)
		sem_post(&gate->go);
	else
		while (!sem_trywait(&gate->go))
			;
}

bool record_gate_settled(struct record_gate *gate)
{
	return gate->waiting && gate->settled == gate->passed;
}

uint64_t record_gate_pass(struct record_gate *gate)
{
	uint64_t began, waited = 0;

	if (!gate->open && sem_trywait(&gate->go)) {
		began = monotonic_ns();
		gate->waiting = 1;
		while (sem_wait(&gate->go))
			;
		gate->waiting = 0;
		waited = monotonic_ns() - began;
	}
	gate->passed++;
	return waited;
}

void record_gate_reached(struct record_gate *gate, const char *function)
{
	if (!gate->open || !*gate->until || strcmp(gate->until, function))
		return;
	/* its call is still seen */
	record_gate_set_open(gate, false);
	record_gate_let(gate, 1);
	*gate->until = '\0';
}
