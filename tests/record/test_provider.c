/* SPDX-License-Identifier: GPL-2.0-only */
/* The LTTng provider beside a session daemon that hangs: one that takes connections and never answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/record/asking.h"
#include "trace/record/sink.h"

#define PROVIDER "build/libsynwalk-lttng.so"

/* So long a run may be held up (ms), and so often it is tried: other work may disturb some. */
#define HELD_UP_MS 100
#define TRIES      9

/* What a daemon of this user listens at. */
static int listen_at_home(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char lttng[64];

	snprintf(lttng, sizeof(lttng), "%s/.lttng", folder);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/lttng-ust-sock-8", lttng);
	assert_int_equal(mkdir(lttng, 0700), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Loads the provider in a process of its own, for it cannot be unloaded.  How long it took, ms. */
static double load_ms(double *shared)
{
	pid_t child;
	int status;

	*shared = -1;
	child = fork();
	if (!child) {
		double before = now_ms();
		struct sink *sink;
		char err[256];

		if (!sink_lttng_open(&sink, PROVIDER, 0, NULL, 0, err, sizeof(err)))
			*shared = now_ms() - before;
		_exit(0);
	}
	waitpid(child, &status, 0);
	return *shared;
}

static double least_ms(double *shared)
{
	double least = 1e9;

	for (int i = 0; i < TRIES; i++) {
		double took = load_ms(shared);

		assert_true(took >= 0);
		if (took < least)
			least = took;
	}
	return least;
}

static void a_daemon_that_hangs_is_not_waited_for(void **state)
{
	double *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double without, hung;
	int fd;

	(void)state;
	unsetenv("LTTNG_UST_REGISTER_TIMEOUT");
	setenv("LTTNG_HOME", folder, 1);
	without = least_ms(shared);
	fd = listen_at_home();
	hung = least_ms(shared);
	print_message("# loading the provider: %.1f ms, beside a daemon that hangs %.1f ms\n",
		      without, hung);
	/* it does ask, or this would tell nothing */
	assert_true(hung > without);
	assert_true(hung - without <= HELD_UP_MS);
	close(fd);
}

static int remove_home(void **state)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/.lttng/lttng-ust-sock-8", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/.lttng", folder);
	rmdir(path);
	return remove_folder(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_that_hangs_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_home);
}
