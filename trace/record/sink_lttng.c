/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST sink lives in a shared object of its own, loaded only when it is asked for: a
 * program that is linked with LTTng-UST pays for it at every start, even with nobody listening.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "plugin.h"
#include "sink.h"

#define PROVIDER "libsynwalk-lttng.so"

/*
 * How long LTTng's library may wait for its daemon when it is loaded (ms); it would wait for 3 s.
 * A daemon that works answers within a few; one that hangs must not hold a run up for more than a
 * tenth of a second, the loading included.
 */
#define REGISTER_MS "60"

/* How long it may take until a session that is known to be there hears the program (ms). */
#define LISTEN_MS 10000

/* What was set by the caller's environment stays. */
static void prepare_environment(void)
{
	setenv("LTTNG_UST_REGISTER_TIMEOUT", REGISTER_MS, 0);
	/* a channel with --blocking-timeout blocks only who allows it */
	setenv("LTTNG_UST_ALLOW_BLOCKING", "1", 0);
}

static int wait_for_listener(int (*listened)(void))
{
	const struct timespec nap = { .tv_nsec = 1000000 };

	for (int ms = 0; ms < LISTEN_MS && !listened(); ms++)
		nanosleep(&nap, NULL);
	return listened();
}

/**
 * sink_lttng_open - load the provider
 * @sink: takes the sink
 * @provider: its path, NULL for where it is usually found
 * @listened: a session must hear it; else it may
 * @tables, @tables_size: the database that the trace begins with, see baked.h, or NULL
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0, -ENOENT when the provider cannot be had, -ETIMEDOUT when no session hears it.
 */
int sink_lttng_open(struct sink **sink, const char *provider, int listened, const void *tables,
		    size_t tables_size, char *err, size_t errlen)
{
	struct sink *(*create)(const void *, size_t);
	int (*is_listened)(void);
	void *handle;

	prepare_environment();
	handle = plugin_load(provider ? provider : PROVIDER);
	if (!handle) {
		snprintf(err, errlen, "LTTng: %s; install liblttng-ust or record without --lttng",
			 dlerror());
		return -ENOENT;
	}
	*(void **)&create = dlsym(handle, "synwalk_lttng_sink");
	*(void **)&is_listened = dlsym(handle, "synwalk_lttng_listened");
	if (!create || !is_listened) {
		snprintf(err, errlen, "LTTng: %s is not a provider of this program", PROVIDER);
		return -ENOENT;
	}
	if (listened && !wait_for_listener(is_listened)) {
		snprintf(err, errlen,
			 "LTTng: its session daemon has not answered for %d seconds; restart it",
			 LISTEN_MS / 1000);
		return -ETIMEDOUT;
	}
	*sink = create(tables, tables_size);
	return *sink ? 0 : -ENOMEM;
}
