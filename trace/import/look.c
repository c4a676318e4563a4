/* SPDX-License-Identifier: GPL-2.0-only */
/* Which recordings a folder holds, and reading what is in it. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"
#include "trace/record/plugin.h"

/* ------------------------------------------------------------------ reading */

/* The function that reads CTF, or NULL with a message. */
static int (*reader(char *err, size_t errlen))(const char *, struct ctf_reading *)
{
	int (*read)(const char *, struct ctf_reading *);
	void *handle = plugin_load(CTF_LIBRARY);

	if (!handle) {
		snprintf(err, errlen, "%s; install libbabeltrace2-0", dlerror());
		return NULL;
	}
	*(void **)&read = dlsym(handle, CTF_FUNCTION);
	if (!read)
		snprintf(err, errlen, "%s is not of this program", CTF_LIBRARY);
	return read;
}

int read_folder(const char *folder, struct ctf_reading *reading, char *err, size_t errlen)
{
	int (*read)(const char *, struct ctf_reading *);
	struct stat st;
	int code;

	errno = ENOTDIR; /* what stat() does not say of a file */
	if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode)) {
		code = errno == ENOENT ? -ENOENT : -ENOTDIR;
		snprintf(err, errlen, "%s; name the folder that an LTTng session wrote to",
			 code == -ENOENT ? strerror(ENOENT) : "not a folder");
		return code;
	}
	read = reader(err, errlen);
	if (!read)
		return -ELIBACC;
	code = read(folder, reading);
	if (code == -ENOENT) {
		snprintf(err, errlen,
			 "there is no CTF trace in it (no file 'metadata'); "
			 "name the folder that an LTTng session wrote to");
		return -ENODATA;
	}
	if (code < 0 && !*err)
		snprintf(err, errlen, "damaged: %s; if its session still runs, end it first",
			 *reading->message ? reading->message : strerror(-code));
	return code;
}

/* ------------------------------------------------------------------ the list */

/* More events in a row than can have been lost. */
#define GAP_MAX (1ULL << 32)

static struct import_run *add(struct import_list *list, int pid, bool begun)
{
	struct import_run *more =
		realloc(list->runs, ((size_t)list->count + 1) * sizeof(*list->runs));

	if (!more)
		return NULL;
	list->runs = more;
	more[list->count] = (struct import_run){ .pid = pid, .begun = begun };
	return &more[list->count++];
}

struct import_run *list_run(struct import_list *list, const char *name,
			    const struct ctf_fields *fields, const struct ctf_event *event)
{
	int pid = (int)fields->number(event, "pid");
	uint64_t seq = (uint64_t)fields->number(event, "seq");
	struct import_run *run = NULL;

	for (int i = list->count - 1; i >= 0 && !run; i--)
		if (list->runs[i].pid == pid)
			run = &list->runs[i];
	if (!run || !strcmp(name, "begin"))
		run = add(list, pid, !strcmp(name, "begin"));
	if (!run)
		return NULL;
	/* they are numbered without a gap; noise is not a number that comes next */
	run->events++;
	if (seq > run->last && seq - run->last <= GAP_MAX)
		run->last = seq;
	run->missing = run->last > run->events ? run->last - run->events : 0;
	return run;
}

/* What ran, from the row of table meta that says it. */
static void take_scenario(struct import_run *run, const char *table, const char *text)
{
	struct value columns[2];
	char row[1024];

	if (!table || strcmp(table, "meta") || !text || strlen(text) >= sizeof(row))
		return;
	strcpy(row, text);
	if (row_parse(row, strlen(row), columns, 2) == 2 && columns[0].kind == VALUE_TEXT &&
	    columns[1].kind == VALUE_TEXT && !strcmp(columns[0].text, "scenario"))
		snprintf(run->scenario, sizeof(run->scenario), "%s", columns[1].text);
}

static int note(void *context, const char *name, const struct ctf_fields *fields,
		const struct ctf_event *event)
{
	struct import_run *run = list_run(context, name, fields, event);
	int64_t step;

	if (!run)
		return -ENOMEM;
	step = strcmp(name, "died") ? fields->number(event, "step") : 0;
	/* noise is not a step: each has one event at least */
	if (step > run->steps && (uint64_t)step <= run->last)
		run->steps = step;
	if (!strcmp(name, "define"))
		take_scenario(run, fields->text(event, "table"), fields->text(event, "row"));
	else if (!strcmp(name, "end"))
		run->ended = true;
	return 0;
}

int import_look(const char *folder, struct import_list *list, char *err, size_t errlen)
{
	struct ctf_reading reading = { .event = note, .context = list };
	int code;

	*list = (struct import_list){ 0 };
	*err = 0;
	code = read_folder(folder, &reading, err, errlen);
	list->discarded = reading.discarded;
	if (code == -EIO && list->count) {
		snprintf(list->damage, sizeof(list->damage), "%s", reading.message);
		*err = 0;
		code = 0;
	}
	return code;
}

void import_list_free(struct import_list *list)
{
	free(list->runs);
	*list = (struct import_list){ 0 };
}
