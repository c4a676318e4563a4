/* SPDX-License-Identifier: GPL-2.0-only */

/* The world under AddressSanitizer: its core is not watched, and there is nothing to record. */

#include "labs/world/world.h"
#include "viewer/command.h"

/*
 * What the sanitizers are told before main(). Frames are found by their pointers: nothing here has tables for
 * that. Nobody asks where memory came from. Leaks are the core's own to count, and to look for them the cage would
 * have to let a process be traced. The exit status is WORLD_SANITIZER.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:malloc_context_size=0:fast_unwind_on_fatal=1:detect_stack_use_after_return=0:exitcode=99:allocator_may_return_null=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "print_stacktrace=1:exitcode=99";
}

int trace_begin(const struct world *w)
{
	return w->trace ? trouble(w->trace, "take build/kit/world", "this world is not watched") :
			  0;
}

int trace_finish(const struct world *w, const char *result)
{
	return 0;
}

int64_t trace_failure(const struct world *w, const struct play *p)
{
	return 0;
}

int trace_bake(const char *path)
{
	return trouble(path, NULL, "this world is not watched");
}
