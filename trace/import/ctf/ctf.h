/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of a CTF trace, as libsynwalk-ctf.so reads them with libbabeltrace2.
 *
 * That library is loaded only when a trace is imported: whoever links with libbabeltrace2 pays for
 * it, and for the GLib that it needs, at every start.
 */
#ifndef TRACE_IMPORT_CTF_H
#define TRACE_IMPORT_CTF_H

#include <stddef.h>
#include <stdint.h>

#define CTF_LIBRARY  "libsynwalk-ctf.so"
#define CTF_FUNCTION "synwalk_ctf_read"

struct ctf_event;

/**
 * struct ctf_fields - how to ask an event for its fields
 * @number: an integer, 0 when there is none of that name
 * @text: a string, NULL when there is none; it lives as long as the event
 * @array: the first @room elements of a sequence of integers; returns how many elements it has
 */
struct ctf_fields {
	int64_t (*number)(const struct ctf_event *event, const char *field);
	const char *(*text)(const struct ctf_event *event, const char *field);
	size_t (*array)(const struct ctf_event *event, const char *field, uint64_t *to,
			size_t room);
};

/**
 * struct ctf_reading - what a reader wants and what it is told
 * @event: called for each event of provider `synwalk` in the order of time, with its name (without
 *         the provider's) and how to ask it; what it returns ends the reading, unless it is 0
 * @context: its first argument
 * @discarded: events that LTTng says it has thrown away, of whatever process
 * @discarded_unknown: it says so of some without saying how many
 * @bytes: how much there is to read
 * @message: what is wrong with the trace, in libbabeltrace2's words; "" for nothing
 */
struct ctf_reading {
	int (*event)(void *context, const char *name, const struct ctf_fields *fields,
		     const struct ctf_event *event);
	void *context;
	uint64_t discarded;
	int discarded_unknown;
	uint64_t bytes;
	char message[512];
};

/*
 * Reads all CTF traces in a folder and below it.  Returns 0 when they were read to their end, what
 * @event returned, -ENOENT when there is no CTF trace, or -EIO (@message says why).
 */
int synwalk_ctf_read(const char *folder, struct ctf_reading *reading);

#endif
