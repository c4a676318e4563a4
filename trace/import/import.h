/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a trace of what somebody else has recorded: an LTTng session, or a kernel's ftrace.
 *
 * LTTng. The provider `synwalk` passes on what the recorder's sinks are told (trace/record/lttng/passed.h).
 * Here it is told to the SQLite sink again, so the trace is the one that the recorder would have
 * written itself.
 *
 * ftrace. The text of the function_graph or function tracer, as the kernel prints it or as trace-cmd
 * report does, and outlines (docs/recording.md tells the formats). The trace has the calls, their
 * times, tasks and contexts, and the packets if they are given; no stores, lines, values or objects.
 */
#ifndef TRACE_IMPORT_H
#define TRACE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

/**
 * struct import_frame - a packet that was captured while a kernel was recorded
 * @time: ns, by the clock of the text
 * @out: the machine sent it
 * @device: on which; NULL: not known
 * @bytes, @size: the frame from its Ethernet header on, or from its IP header on
 */
struct import_frame {
	int64_t time;
	bool out;
	const char *device;
	const void *bytes;
	size_t size;
};

/**
 * struct import_field - a number of an object's
 * @name: as a trace calls it: snd_una, rx_opt.mss_clamp
 * @offset, @size: bytes
 */
struct import_field {
	const char *name;
	int64_t offset, size;
};

/**
 * struct import_object - what an object held at some moments
 * @type, @size: of the object: "tcp_sock", bytes
 * @fields, @field_count: which numbers
 * @times: of the moments, in their order, by the clock of the text; @moments: how many
 * @values: of each moment, in the order of the fields
 */
struct import_object {
	const char *type;
	int64_t size;
	const struct import_field *fields;
	size_t field_count;
	const int64_t *times;
	const int64_t *values;
	size_t moments;
};

/**
 * struct import_ftrace - a kernel's recording
 * @name: of the text, for messages ("FILE:LINE: ..."): its path
 * @text: where it is read from, to its end
 * @scenario: what ran, in words; NULL: what the text says, or its name
 * @kernel: the release of the kernel ("6.1.0-50-amd64"); NULL: what the text says, or not known
 * @result: how the connect ended ("0", "-ECONNREFUSED"); NULL: not known
 * @frames, @frame_count: the packets, in the order of their times; NULL and 0: none
 * @capture: instead of them a file of libpcap's; NULL: none. Its clock is another one than the text's:
 *           its first frame is put into the first call of a function that gives a frame to its device
 * @object: what an object held at some moments: a change becomes a store in the call where it was seen; NULL:
 *          nothing is known
 * @complain: is told of each line that was left out, and why; NULL: nobody is
 * @context: for @complain
 */
struct import_ftrace {
	const char *name;
	FILE *text;
	const char *scenario, *kernel, *result;
	const struct import_frame *frames;
	size_t frame_count;
	const char *capture;
	const struct import_object *object;
	void (*complain)(void *context, int line, const char *why);
	void *context;
};

/**
 * struct import_counts - what became of it
 * @steps, @calls, @packets, @stores: of the trace
 * @tasks: how many of them ran
 * @lines: of the text, and @left_out: how many of them could not be understood
 * @lost: events that the kernel says it lost
 * @format: what kind of text it was, in words
 */
struct import_counts {
	int64_t steps, calls, packets, stores;
	int tasks, lines, left_out;
	int64_t lost;
	const char *format;
};

/**
 * import_ftrace - make a trace of a kernel's recording
 * @in: the recording
 * @path: the trace to write; a trace that is there is replaced, any other file is refused
 * @counts: takes what became of it; may be NULL
 * @err: takes a message when it fails: "what: why; what to do"
 * @errlen: room in @err
 *
 * Return: 0; 1 when something was left out or lost (the trace is there, and says what); or -errno:
 * -ENODATA when no call is in the text, and what reading and writing gave.
 */
int import_ftrace(const struct import_ftrace *in, const char *path, struct import_counts *counts,
		  char *err, size_t errlen);

#endif
