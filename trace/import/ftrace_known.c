// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording of a kernel names functions, not files. The program's own functions carry the kernel's
 * names, and what was baked into it (trace/record/baked.h) says from which of the kernel's files each is.
 */
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"
#include "trace/record/baked.h"

struct ftrace_known {
	struct image image;
	struct names files;
};

struct ftrace_known *ftrace_known_open(void)
{
	struct ftrace_known *known = calloc(1, sizeof(*known));

	if (known && baked_open(&known->image, "core/", "core/host/")) {
		free(known);
		return NULL;
	}
	for (int i = 0; known && i < known->image.functions_count; i++) {
		const struct function *function = &known->image.functions[i];

		if (function->file && function->file->kernel_path)
			names_set(&known->files, function->name,
				  (void *)(uintptr_t)function->file->kernel_path);
	}
	return known;
}

const char *ftrace_known_file(const struct ftrace_known *known, const char *function)
{
	char name[FTRACE_NAME];

	/* the compiler's clones: tcp_options_write.isra.0 */
	strncpy(name, function, sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	name[strcspn(name, ".")] = 0;
	return known ? names_get(&known->files, name) : NULL;
}

void ftrace_known_close(struct ftrace_known *known)
{
	if (!known)
		return;
	names_free(&known->files);
	baked_close(&known->image);
	free(known);
}
