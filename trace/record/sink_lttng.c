/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LTTng-UST sink lives in a shared object of its own, loaded only when it is asked for: a
 * program that is linked with LTTng-UST pays for it at every start, even with nobody listening.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sink.h"

#define PROVIDER "libsynwalk-lttng.so"

/* Beside the program, in ../lib/synwalk and ../lib from there, or where the loader looks. */
static void *load(const char *provider)
{
	static const char *const places[] = { "lib", "../lib/synwalk", "../lib", "." };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t length;
	void *handle;

	if (provider)
		return dlopen(provider, RTLD_NOW | RTLD_LOCAL);
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length > 0) {
		self[length] = 0;
		*strrchr(self, '/') = 0;
		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			snprintf(path, sizeof(path), "%s/%s/%s", self, places[i], PROVIDER);
			handle = access(path, R_OK) ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
			if (handle)
				return handle;
		}
	}
	return dlopen(PROVIDER, RTLD_NOW | RTLD_LOCAL);
}

/* Loads the provider.  Returns 0, or -ENOENT with a message when it cannot be had. */
int sink_lttng_open(struct sink **sink, const char *provider, char *err, size_t errlen)
{
	struct sink *(*create)(void);
	void *handle = load(provider);

	if (!handle) {
		snprintf(err, errlen, "LTTng: %s; install liblttng-ust or record without --lttng",
			 dlerror());
		return -ENOENT;
	}
	*(void **)&create = dlsym(handle, "synwalk_lttng_sink");
	*sink = create ? create() : NULL;
	if (*sink)
		return 0;
	snprintf(err, errlen, "LTTng: %s is not a provider of this program", PROVIDER);
	return -ENOENT;
}
