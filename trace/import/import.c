/* SPDX-License-Identifier: GPL-2.0-only */
/* Making a trace of one recording in a CTF trace; see import.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int define_meta(struct sink *sink, const char *key, struct value value)
{
	return sink->define(sink, "meta", (struct value[]){ value_text(key), value }, 2);
}

/* Ends a trace from which something is missing: it says how much, and why. */
static int close_partial(struct telling *t, uint64_t lost, const char *why)
{
	int code = define_meta(t->sink, "steps", value_integer(t->steps));

	if (!code)
		code = define_meta(t->sink, "lost", value_integer((int64_t)lost));
	if (!code)
		code = define_meta(t->sink, "why_lost", value_text(why));
	return code;
}

/* What is not there of a recording, in words; "" when all is. */
static void tell_missing(const struct import_list *list, const struct import_run *run,
			 uint64_t lost, char *text, size_t room)
{
	size_t used = 0;

	*text = 0;
	if (lost)
		used = (size_t)snprintf(text, room, "%llu of its events were lost or spoiled",
					(unsigned long long)lost);
	if (!run->ended && used < room)
		used += (size_t)snprintf(text + used, room - used,
					 "%sits end is not there: it was cut short at step %lld",
					 used ? ", and " : "", (long long)run->steps);
	if (*list->damage && used < room)
		snprintf(text + used, room - used, "%sthe CTF trace is damaged: %s",
			 used ? "; " : "", list->damage);
}

static int finish(struct telling *t, const struct import_list *list, const struct import_run *run,
		  int code, char *err, size_t errlen)
{
	/* what LTTng threw away behind the last event that came leaves no gap in their numbers */
	uint64_t lost = (run->missing || run->ended ? run->missing : list->discarded) + t->spoiled;
	bool complete = run->ended && !lost && !strcmp(t->status, "complete");
	int closed;

	tell_missing(list, run, lost, err, errlen);
	if (!code && *err)
		code = close_partial(t, lost, err);
	closed = t->sink->close(t->sink, complete && !code ? "complete" : "partial");
	t->sink = NULL;
	return code ? code : closed ? closed : !complete;
}

int import_one(const char *folder, const struct import_list *list, int number, const char *path,
	       char *err, size_t errlen)
{
	const struct import_run *run = &list->runs[number];
	char missing[640] = "";
	struct telling t = { .wanted = number, .path = path, .err = err, .errlen = errlen };
	struct ctf_reading reading = { .event = import_tell, .context = &t };
	int code;

	t.reading = &reading;
	*err = 0;
	if (!run->begun) {
		snprintf(err, errlen,
			 "the beginning of the recording is not there; start the session "
			 "before synwalk, with all events: synwalk:*");
		return -ENODATA;
	}
	code = read_folder(folder, &reading, err, errlen);
	/* a damaged trace is told as far as it goes, as it was looked at */
	if (code == -EIO && *list->damage && t.sink)
		code = *err = 0;
	if (!code && !t.sink) {
		snprintf(err, errlen,
			 "there is nothing behind the recording's beginning; LTTng threw away %llu "
			 "events; record with --lttng=DIR, or into a channel with "
			 "--blocking-timeout=inf",
			 (unsigned long long)list->discarded);
		code = -ENODATA;
	}
	if (t.sink && code && !*err) {
		/* it was told all that came, and could not write it */
		t.sink->failed(t.sink, t.steps);
		snprintf(err, errlen, "%s: %s", path, t.sink->error(t.sink));
	}
	if (t.sink)
		code = finish(&t, list, run, code, missing, sizeof(missing));
	if (code >= 0)
		snprintf(err, errlen, "%s", missing);
	else if (!*err)
		snprintf(err, errlen, "%s", strerror(-code));
	for (int i = 0; i < PIECES; i++)
		free(t.pieces[i].bytes);
	free(t.packet.bytes);
	import_list_free(&t.seen);
	return code;
}
