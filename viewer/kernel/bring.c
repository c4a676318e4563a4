/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/import/import.h"
#include "viewer/command.h"
#include "viewer/kernel/bring.h"
#include "viewer/kernel/record.h"
#include "viewer/pcap.h"
#include "viewer/target.h"

/* More frames than a connect has. */
enum { MOST_FRAMES = 64, LINES = 24 };

/* about.txt: "key: value" lines; a key may come several times. */
struct about {
	char key[LINES][16], value[LINES][200];
	int count;
};

struct frames {
	struct import_frame frame[MOST_FRAMES];
	size_t count;
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
		if (!strcmp(about->key[i], "refused") || !strcmp(about->key[i], "concluded"))
			printf("           %s: %s\n", about->key[i], about->value[i]);
	printf("  trace:   %s: %lld calls, %lld packets\n", trace, (long long)counts->calls,
	       (long long)counts->packets);
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
	struct import_counts counts;
	char scenario[512], err[800];
	struct about about;
	int status = read_about(folder, &about);
	struct import_ftrace in = { .name = CALLS_FILE,
				    .scenario = scenario,
				    .kernel = find(&about, "kernel"),
				    .result = find(&about, "result"),
				    .frames = frames.frame };

	if (!status)
		status = read_frames(folder, &frames);
	if (status)
		return status;
	name_scenario(&about, guest, scenario, sizeof(scenario));
	in.text = open_in(folder, CALLS_FILE);
	in.frame_count = frames.count;
	status = in.text ? import_ftrace(&in, trace, &counts, err, sizeof(err)) : -errno;
	if (!in.text)
		snprintf(err, sizeof(err), "%s: %s", CALLS_FILE, strerror(errno));
	else
		fclose(in.text);
	free_frames(&frames);
	if (status < 0) {
		fprintf(stderr, "synwalk: %s\n", err);
		return STATUS_TROUBLE;
	}
	tell(&about, &counts, trace);
	return strcmp(find(&about, "result"), "0") ? STATUS_NO : STATUS_DONE;
}
