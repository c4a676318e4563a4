/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * How long it takes to know what an object held at a step, any step of a long trace.
 *
 *     seek TRACE.db QUESTIONS
 *
 * Each question takes a step and an object that lives then, both at random (of a fixed seed), and
 * asks trace/read for all fields. Prints: steps, ms to open, then of the questions the median, the
 * 99th percentile and the worst in ms, and how many fields were told in all.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "trace/read/read.h"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int by_time(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

struct choice {
	int64_t object;
	int seen, wanted;
};

static int choose(void *data, const struct trace_object *object)
{
	struct choice *choice = data;

	choice->object = object->id;
	return choice->seen++ == choice->wanted;
}

int main(int argc, char **argv)
{
	int questions = argc > 2 ? atoi(argv[2]) : 0;
	double *took = calloc((size_t)questions + 1, sizeof(*took)), opened = now();
	unsigned long fields = 0;
	struct trace *t;
	char err[512];

	if (questions < 1 || !took)
		return 2;
	t = trace_open(argv[1], err, sizeof(err));
	if (!t) {
		fprintf(stderr, "seek: %s\n", err);
		return 2;
	}
	opened = now() - opened;
	srandom(1);
	for (int i = 0; i < questions; i++) {
		int64_t step = 1 + (random() | (int64_t)random() << 31) % trace_last_step(t);
		struct choice choice = { .wanted = (int)(random() % 300) };
		struct trace_state state;
		double began;

		trace_objects_at(t, step, choose, &choice);
		began = now();
		if (trace_state(t, choice.object, step, &state)) {
			fprintf(stderr, "seek: %s\n", trace_error(t));
			return 2;
		}
		took[i] = now() - began;
		fields += state.count;
		trace_state_free(&state);
	}
	qsort(took, (size_t)questions, sizeof(*took), by_time);
	printf("%lld %.2f %.3f %.3f %.3f %lu\n", (long long)trace_last_step(t), opened,
	       took[questions / 2], took[questions * 99 / 100], took[questions - 1], fields);
	trace_close(t);
	free(took);
	return 0;
}
