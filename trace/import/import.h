/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a trace of what an LTTng session has recorded.
 *
 * The provider `synwalk` passes on what the recorder's sinks are told (trace/record/lttng/passed.h).
 * Here it is told to the SQLite sink again, so the trace is the one that the recorder would have
 * written itself.
 */
#ifndef TRACE_IMPORT_H
#define TRACE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct import_run - one recording in a CTF trace
 * @pid: of the process; a session on a machine that runs for long may have one number twice
 * @begun: its beginning is there
 * @ended: its end is there
 * @steps: the last step
 * @events: how many of its events there are, @last: the number of the last of them, and @missing: how
 *          many before that are not there
 * @scenario: what ran
 */
struct import_run {
	int pid;
	bool begun, ended;
	int64_t steps;
	uint64_t events, last, missing;
	char scenario[160];
};

/**
 * struct import_list - what is in a folder
 * @discarded: events that LTTng says it threw away, of whatever process
 * @damage: why the CTF trace could not be read to its end; "" when it could
 */
struct import_list {
	struct import_run *runs;
	int count;
	uint64_t discarded;
	char damage[512];
};

/**
 * import_look - which recordings a CTF trace holds
 * @folder: as the session wrote it; it and all below it is looked through
 * @list: takes what was found, also when the trace is damaged; give it to import_list_free()
 * @err: takes a message for people when it fails: "why; what to do"
 * @errlen: room in @err
 *
 * Return: 0, or -errno when nothing could be read: -ENOENT, -ENOTDIR for no folder, -ENODATA for
 * none with a CTF trace, -ELIBACC when libbabeltrace2 is not there, -EIO.
 */
int import_look(const char *folder, struct import_list *list, char *err, size_t errlen);
void import_list_free(struct import_list *list);

/**
 * import_one - make a trace of one recording
 * @folder: as above
 * @list, @run: what import_look() found there, and which of it
 * @path: the trace to write; a trace that is there is replaced, any other file is refused
 * @err: takes a message when it fails; when less than all could be had, it says what is not there
 * @errlen: room in @err
 *
 * Return: 0 when the trace is complete, 1 when it is partial, or -errno.
 */
int import_one(const char *folder, const struct import_list *list, int run, const char *path,
	       char *err, size_t errlen);

#endif
