/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/import/import.h"
#include "viewer/command.h"
#include "viewer/kernel/bring.h"
#include "viewer/kernel/record.h"
#include "viewer/pcap.h"
#include "viewer/target.h"

/* More frames, and moments, than a connect has. */
enum { MOST_FRAMES = 64, MOST_MOMENTS = 256, MOST_FIELDS = 64, LINES = 24 };

/* about.txt: "key: value" lines; a key may come several times. */
struct about {
	char key[LINES][16], value[LINES][200];
	int count;
};

struct frames {
	struct import_frame frame[MOST_FRAMES];
	size_t count;
};

/* fields.txt, as viewer/kernel/fields.h has it. */
struct held {
	struct import_object object;
	struct import_field field[MOST_FIELDS];
	char name[MOST_FIELDS][32];
	int64_t times[MOST_MOMENTS], values[MOST_MOMENTS * MOST_FIELDS];
};

static FILE *open_in(const char *folder, const char *name)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return fopen(path, "re");
}

static int read_about(const char *folder, struct about *about)
{
	FILE *f = open_in(folder, ABOUT_FILE);

	about->count = 0;
	if (!f)
		return trouble(ABOUT_FILE, NULL, "%s", strerror(errno));
	while (about->count < LINES && fscanf(f, "%15[^:]: %199[^\n]\n", about->key[about->count],
					      about->value[about->count]) == 2)
		about->count++;
	fclose(f);
	return 0;
}

static const char *find(const struct about *about, const char *key)
{
	for (int i = 0; i < about->count; i++)
		if (!strcmp(about->key[i], key))
			return about->value[i];
	return "";
}

/* Return: 0, or a status after telling why not. */
static int read_frames(const char *folder, struct frames *frames)
{
	static uint8_t bytes[PCAP_LONGEST];
	FILE *f = open_in(folder, PACKETS_FILE);
	long n = -1;
	int64_t time;

	frames->count = 0;
	while (f && frames->count < MOST_FRAMES &&
	       (n = pcap_next(f, !frames->count, &time, bytes)) > 0) {
		struct import_frame *frame = &frames->frame[frames->count];
		void *copy = malloc((size_t)n);

		if (!copy)
			break;
		memcpy(copy, bytes, (size_t)n);
		*frame = (struct import_frame){
			.time = time, .device = "tap0", .bytes = copy, .size = (size_t)n
		};
		/* The source address says who sent it. */
		frame->out = n >= 12 && !memcmp(bytes + 6, near_mac, 6);
		frames->count++;
	}
	if (f)
		fclose(f);
	return n < 0 ? trouble(PACKETS_FILE, NULL, "cannot be read") : 0;
}

/* One moment's values. Return: 1, or 0 where the file ends or makes no sense. */
static int read_moment(FILE *f, struct held *held)
{
	struct import_object *o = &held->object;
	int64_t *to = held->values + o->moments * o->field_count;

	if (o->moments == MOST_MOMENTS || fscanf(f, " at %" SCNd64, &held->times[o->moments]) != 1)
		return 0;
	for (size_t i = 0; i < o->field_count; i++)
		if (fscanf(f, " %" SCNd64, &to[i]) != 1)
			return 0;
	o->moments++;
	return 1;
}

/* Nothing is there when BPF was refused. */
static void read_fields(const char *folder, struct held *held)
{
	struct import_object *o = &held->object;
	FILE *f = open_in(folder, FIELDS_FILE);

	*o = (struct import_object){ .type = "tcp_sock",
				     .fields = held->field,
				     .times = held->times,
				     .values = held->values };
	if (!f)
		return;
	if (fscanf(f, "tcp_sock %" SCNd64, &o->size) == 1) {
		while (o->field_count < MOST_FIELDS) {
			struct import_field *field = &held->field[o->field_count];

			if (fscanf(f, " field %31s %" SCNd64 " %" SCNd64,
				   held->name[o->field_count], &field->offset, &field->size) != 3)
				break;
			field->name = held->name[o->field_count++];
		}
		while (o->field_count && read_moment(f, held))
			;
	}
	fclose(f);
}

static void free_frames(struct frames *frames)
{
	for (size_t i = 0; i < frames->count; i++)
		free((void *)frames->frame[i].bytes);
}

static void tell(const struct about *about, const struct import_counts *counts, const char *trace)
{
	unsigned long long took = strtoull(find(about, "took"), NULL, 10) / 1000;

	printf("connect(%s) of Linux %s: %s after %llu.%03llu ms\n", find(about, "target"),
	       find(about, "kernel"), find(about, "result"), took / 1000, took % 1000);
	printf("  tracer:  %s\n", find(about, "tracer"));
	for (int i = 0; i < about->count; i++)
		if (!strcmp(about->key[i], "refused") || !strcmp(about->key[i], "concluded") ||
		    !strcmp(about->key[i], "fields"))
			printf("           %s: %s\n", about->key[i], about->value[i]);
	printf("  trace:   %s: %lld calls, %lld packets, %lld changes of fields\n", trace,
	       (long long)counts->calls, (long long)counts->packets, (long long)counts->stores);
}

/* What ran, in words, for the trace: which kernel, by which tracer, and what was refused. */
static void name_scenario(const struct about *about, int guest, char *text, size_t room)
{
	int n = snprintf(text, room, "connect %s by Linux %s%s, traced by %s",
			 find(about, "target"), find(about, "kernel"), guest ? " in a guest" : "",
			 find(about, "tracer"));

	for (int i = 0; i < about->count && n < (int)room; i++)
		if (!strcmp(about->key[i], "refused"))
			n += snprintf(text + n, room - (size_t)n, "; refused: %s", about->value[i]);
}

int bring_home(const char *folder, const char *trace, int guest)
{
	struct frames frames = { .count = 0 };
	struct import_counts counts = { 0 };
	struct held *held = calloc(1, sizeof(*held));
	char scenario[512], err[800];
	struct about about;
	int status = held ? read_about(folder, &about) :
			    trouble(FIELDS_FILE, NULL, "%s", strerror(ENOMEM));
	struct import_ftrace in = { .name = CALLS_FILE,
				    .scenario = scenario,
				    .kernel = find(&about, "kernel"),
				    .result = find(&about, "result"),
				    .frames = frames.frame };

	if (!status)
		status = read_frames(folder, &frames);
	if (status) {
		free(held);
		return status;
	}
	read_fields(folder, held);
	in.object = &held->object;
	name_scenario(&about, guest, scenario, sizeof(scenario));
	in.text = open_in(folder, CALLS_FILE);
	in.frame_count = frames.count;
	status = in.text ? import_ftrace(&in, trace, &counts, err, sizeof(err)) : -errno;
	if (!in.text)
		snprintf(err, sizeof(err), "%s: %s", CALLS_FILE, strerror(errno));
	else
		fclose(in.text);
	free_frames(&frames);
	free(held);
	if (status < 0) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	tell(&about, &counts, trace);
	return strcmp(find(&about, "result"), "0") ? STATUS_NO : STATUS_DONE;
}
