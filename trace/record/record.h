/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorder: watches code that was compiled with the compiler's hooks and writes what it did
 * into a trace.  The watched code neither includes this header nor knows that it is watched; the
 * program around it (the runner) starts and stops the recording.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "gate.h"

/* Whether LTTng gets the events too: whoever listens, or a session that is known to listen. */
enum record_lttng { RECORD_LTTNG_NOT, RECORD_LTTNG_ANY, RECORD_LTTNG_HEARD };

/**
 * struct record_options - what is recorded, and where to
 * @path: the trace database to write; a trace that is already there is replaced, any other file
 *        is refused; NULL: none
 * @scenario: what ran, in words or as the name of its script; NULL for none
 * @seed: the seed of the watched program's randomness
 * @virtual_ns: where the watched program keeps its clock (ns); NULL: the wall's monotonic clock
 * @hz: jiffies a second in the watched program
 * @lttng: also send all to LTTng-UST (provider `synwalk`); when no session hears it although one must,
 *         record_start() fails
 * @version: of the program that records; NULL for "unknown"
 * @prefix: only compilation units whose name starts with it are watched; NULL for "core/"
 * @exclude: compilation units whose name starts with it are not watched; NULL for "core/host/"
 * @provider: path of the LTTng provider; NULL: look beside the program and in its ../lib
 * @part: the ELF file of a part of the program that was loaded after it had been baked, to where it was
 *        linked for (part.c); NULL: there is none
 * @digest: takes, when the recording ends, two numbers for all that was recorded; NULL: not wanted.
 *          Recordings of which they are equal are equal
 * @gate: the watched program waits there before each record; NULL: it does not
 * @held: told, in the watched thread, how long it has waited (ns), so that its clock can stand; or NULL
 * @budget: when so many bytes of raw records were made, the program ends as by SIGXCPU, and the trace is
 *          kept; looked at every 4 MiB, so that equal runs end at the same place; 0: no limit
 */
struct record_options {
	const char *path;
	const char *scenario;
	uint64_t seed;
	const volatile uint64_t *virtual_ns;
	int hz;
	enum record_lttng lttng;
	const char *version;
	const char *prefix;
	const char *exclude;
	const char *provider;
	const char *part;
	uint64_t *digest;
	struct record_gate *gate;
	void (*held)(uint64_t ns);
	uint64_t budget;
};

/**
 * record_start - begin recording what the calling thread does
 * @options: see there; copied as far as needed, but @virtual_ns must stay valid
 * @err: takes a message for people when it fails: "PATH: why; what to do"
 * @errlen: room in @err
 *
 * Objects that the watched allocator handed out earlier in this process are known, because the
 * allocation tracepoints are followed even while nothing is recorded.
 *
 * Return: 0, or -errno: -EBUSY when a recording runs already, -EEXIST when @path is a file that
 * is no trace, -ENOEXEC when the program carries no usable debug information, or what opening
 * and writing @path gave.
 */
int record_start(const struct record_options *options, char *err, size_t errlen);

/**
 * record_stop - end the recording: drain the queue, build the indexes, mark the trace complete
 * @result: how the run ended ("0", "-ECONNREFUSED" ...), or NULL
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0, -EINVAL when nothing is recorded, or the first error the writer met (-ENOSPC ...);
 * the trace then holds what was written before it.
 */
int record_stop(const char *result, char *err, size_t errlen);

/**
 * record_crash_flush - bring everything that was seen so far into the trace, marked 'partial'
 *
 * For fatal-signal handlers: waits (a few seconds at most) for the writer thread, allocates
 * nothing.  record_start() installs such a handler for what ends a program (SIGSEGV, SIGABRT,
 * SIGTERM, SIGXCPU ...), so a runner needs this only for exits of its own.
 */
void record_crash_flush(void);

/**
 * record_lost - events that could not be written so far
 *
 * Return: their number; 0 unless the disk failed, since a full queue makes the core wait.
 */
uint64_t record_lost(void);

/**
 * record_bake - write down what the running program's debug information says
 * @path: the file to write; `objcopy --add-section .synwalk.baked=FILE` makes it part of the program,
 *        which then starts a recording without reading DWARF
 * @prefix, @exclude: as in struct record_options
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0 or -errno.
 */
int record_bake(const char *path, const char *prefix, const char *exclude, char *err,
		size_t errlen);

#endif
