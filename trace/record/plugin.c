/* SPDX-License-Identifier: GPL-2.0-only */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin.h"

/**
 * plugin_load - load a library of synwalk's own
 * @name: its file's name; it is looked for beside the program, in lib, ../lib/synwalk and ../lib from
 *        there, and at last where the loader looks. With a slash in it: its path
 *
 * Return: a handle for dlsym(), or NULL; dlerror() then says why.
 */
void *plugin_load(const char *name)
{
	static const char *const places[] = { "lib", "../lib/synwalk", "../lib", "." };
	char self[PATH_MAX], path[PATH_MAX + 64];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length > 0 && !strchr(name, '/')) {
		self[length] = 0;
		*strrchr(self, '/') = 0;
		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			snprintf(path, sizeof(path), "%s/%s/%s", self, places[i], name);
			/* the first that is there: what is wrong with it is what there is to tell */
			if (!access(path, R_OK))
				return dlopen(path, RTLD_NOW | RTLD_LOCAL);
		}
	}
	return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}
