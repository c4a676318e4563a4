/* SPDX-License-Identifier: GPL-2.0-only */

/*
 *     build/tests/host/host [FROM TO]
 *
 * Random programs with the seeds FROM to TO (default 1 to 24), each on both machines; see machine.h.
 * Prints lines of the Test Anything Protocol; for a difference, the program up to there.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/host/machine.h"

const struct machine *machine;

static enum kind kind;

static void program(void)
{
	program_run(kind);
}

/* What @run says of the program with this seed, in memory for free(); *@status: how it ended. */
static char *hear(void (*run)(const struct setup *setup, void (*program)(void)), uint64_t seed,
		  int *status)
{
	size_t room = 1 << 18, used = 0;
	char *text = malloc(room);
	int ends[2];
	ssize_t n;

	fflush(stdout);
	if (!text || pipe(ends))
		exit(2);
	if (fork() == 0) {
		struct setup setup;

		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		rnd_seed(seed);
		kind = (enum kind)(seed % 3);
		setup_make(&setup, kind);
		run(&setup, program);
		fflush(stdout);
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], text + used, room - used - 1)) > 0)
		used += (size_t)n;
	text[used] = 0;
	close(ends[0]);
	wait(status);
	return text;
}

/* The lines up to the first that differs, as a comment. */
static void show_difference(const char *theirs, const char *ours)
{
	const char *from = ours;

	for (;;) {
		const char *a = strchrnul(theirs, '\n'), *b = strchrnul(ours, '\n');

		if (a - theirs != b - ours || memcmp(theirs, ours, (size_t)(a - theirs))) {
			while (from < ours) {
				const char *end = strchrnul(from, '\n');

				printf("#   %.*s\n", (int)(end - from), from);
				from = end + 1;
			}
			printf("# this kernel: %.*s\n# our core:    %.*s\n", (int)(a - theirs),
			       theirs, (int)(b - ours), ours);
			return;
		}
		if (!*a)
			return;
		theirs = a + 1;
		ours = b + 1;
	}
}

int main(int argc, char **argv)
{
	uint64_t from = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	uint64_t to = argc > 2 ? strtoull(argv[2], NULL, 0) : from + 23;
	int bad = 0, n = 0;

	for (uint64_t seed = from; seed <= to; seed++) {
		int host_status, core_status, tries = 0;
		char *theirs = NULL, *ours = NULL;

		/* A machine under load lets a timer go off that is none of the program's: once more. */
		do {
			free(theirs);
			free(ours);
			theirs = hear(host_machine, seed, &host_status);
			ours = hear(core_machine, seed, &core_status);
		} while (strcmp(theirs, ours) && ++tries < 3);
		n++;
		if (WIFEXITED(host_status) && WEXITSTATUS(host_status) == 77) {
			printf("ok %d # SKIP a network namespace with a tun device\n1..%d\n", n, n);
			return 0;
		}
		if (host_status || core_status || strcmp(theirs, ours)) {
			printf("not ok %d - program %llu: status %x and %x\n", n,
			       (unsigned long long)seed, (unsigned int)host_status,
			       (unsigned int)core_status);
			show_difference(theirs, ours);
			bad++;
		} else {
			printf("ok %d - program %llu\n", n, (unsigned long long)seed);
		}
		free(theirs);
		free(ours);
	}
	printf("1..%d\n", n);
	return bad != 0;
}
