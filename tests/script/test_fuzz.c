/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Scripts that nobody would write, for the parser under ASan and UBSan: the scripts of tests/pkt
 * with bytes changed, cut out, doubled and taken from each other. A script that still parses is
 * turned into frames as well.
 *
 *     build/tests/script/test_fuzz [COUNT [SEED]]      default: 20000 1
 *
 * The same seed makes the same scripts. The one that is being tried stands in fuzz.pkt when the
 * program ends by a sanitizer's word (in $TMPDIR, or /tmp).
 */

#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/script/frame.h"
#include "viewer/script/play.h"

#define MAX_TEXT 8192

static uint64_t random_state;

/* xorshift64*: good enough, and the same everywhere. */
static uint32_t any(uint32_t below)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 0x2545f4914f6cdd1dull) >> 33) % below;
}

struct text {
	char bytes[MAX_TEXT];
	size_t length;
};

static struct text *corpus;
static size_t ncorpus;
static struct text current;

static int read_corpus(void)
{
	glob_t found;

	if (glob("tests/pkt/*/*.pkt", 0, NULL, &found) || !found.gl_pathc)
		return -1;
	corpus = calloc(found.gl_pathc, sizeof(*corpus));
	for (size_t i = 0; corpus && i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "r");

		if (!f)
			continue;
		corpus[ncorpus].length = fread(corpus[ncorpus].bytes, 1, MAX_TEXT / 2, f);
		ncorpus++;
		fclose(f);
	}
	globfree(&found);
	return ncorpus ? 0 : -1;
}

/* A piece of @from, of up to 40 bytes, put into @t at @at. */
static void insert(struct text *t, size_t at, const struct text *from)
{
	size_t begin, n;

	if (!from->length)
		return;
	begin = any((uint32_t)from->length);
	n = any(40);
	if (n > from->length - begin)
		n = from->length - begin;
	if (t->length + n > MAX_TEXT)
		return;
	memmove(t->bytes + at + n, t->bytes + at, t->length - at);
	memcpy(t->bytes + at, from->bytes + begin, n);
	t->length += n;
}

static void mutate(struct text *t)
{
	static const char alphabet[] = " \n\t.,:;|()[]{}<>=+-*~\"`%/#0123456789aSx\\_";
	size_t at = any((uint32_t)t->length + 1), n;

	switch (any(5)) {
	case 0:
		if (at < t->length)
			t->bytes[at] = (char)any(256);
		break;
	case 1:
		if (at < t->length)
			t->bytes[at] = alphabet[any(sizeof(alphabet) - 1)];
		break;
	case 2:
		n = any(20);
		if (n > t->length - at)
			n = t->length - at;
		memmove(t->bytes + at, t->bytes + at + n, t->length - at - n);
		t->length -= n;
		break;
	case 3:
		insert(t, at, &corpus[any((uint32_t)ncorpus)]);
		break;
	default:
		t->length = at;
	}
}

/* Frames of its packet lines: there and back. */
static void make_frames(const struct script *s)
{
	static const uint8_t mac[6] = { 2 };
	struct flow flow = { .lport = 1, .rport = 2, .nlast = 60 };
	static struct seen seen;

	for (const struct event *e = s->events; e; e = e->next) {
		char text[128], why[128];

		if (e->kind != EVENT_PACKET)
			continue;
		memset(&seen, 0, sizeof(seen));
		seen.length = frame_build(e->packet, &flow, mac, mac, seen.bytes);
		frame_decode(&seen);
		frame_text(&seen, &flow, text, sizeof(text));
		frame_compare(e->packet, &seen, &flow, 0, why, sizeof(why));
	}
}

/* A sanitizer's last word: what was it about? */
void __asan_on_error(void);
void __asan_on_error(void)
{
	const char *folder = getenv("TMPDIR");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/fuzz.pkt", folder ? folder : "/tmp");
	f = fopen(path, "w");
	if (!f)
		return;
	fwrite(current.bytes, 1, current.length, f);
	fclose(f);
	fprintf(stderr, "the script is in %s\n", path);
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000, good = 0;

	random_state = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 1;
	if (read_corpus()) {
		puts("not ok 1 - the corpus, tests/pkt, can be read");
		return 1;
	}
	for (unsigned long i = 0; i < count; i++) {
		struct settings settings;
		struct script script;
		char error[512];

		current = corpus[any((uint32_t)ncorpus)];
		for (uint32_t n = any(4) + 1; n; n--)
			mutate(&current);
		if (!script_parse(&script, "fuzz.pkt", current.bytes, current.length)) {
			good++;
			settings_read(&settings, &script, error, sizeof(error));
			make_frames(&script);
		}
		script_free(&script);
	}
	free(corpus);
	printf("ok 1 - %lu scripts, %lu of them good\n1..1\n", count, good);
	return 0;
}
