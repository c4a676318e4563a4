/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * From a student's file to a world that runs it.
 *
 * The file gets the name core/student/NAME.c, whatever the student called its folder, and is looked at twice
 * (inspect.h): as the preprocessor leaves it, which is what is then compiled, and as an object. It is linked
 * alone, against the addresses of one of the kit's worlds (the recorded one, or that with the address
 * sanitizer), which loads it and lets its functions take the places of the core's own: world/part.c.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labs/build.h"
#include "labs/files.h"
#include "labs/inspect.h"
#include "labs/spawn.h"

static const struct {
	const char *name, *id;
	int status;
} verdicts[VERDICTS] = {
	[VERDICT_RIGHT] = { "right", "right", 0 },
	[VERDICT_WRONG] = { "wrong", "wrong", 1 },
	[VERDICT_NOT_RUN] = { "not run", "not-run", 16 },
	[VERDICT_NOT_WRITTEN] = { "not written", "not-written", 17 },
	[VERDICT_NO_COMPILE] = { "does not compile", "does-not-compile", 10 },
	[VERDICT_NO_LINK] = { "does not link", "does-not-link", 11 },
	[VERDICT_CRASHED] = { "crashed", "crashed", 12 },
	[VERDICT_ENDLESS] = { "endless", "endless", 13 },
	[VERDICT_ASLEEP] = { "asleep", "asleep", 14 },
	[VERDICT_MEMORY] = { "memory error", "memory-error", 15 },
	[VERDICT_TROUBLE] = { "trouble", "trouble", 2 },
};

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

const char *verdict_id(enum verdict v)
{
	return verdicts[v].id;
}

int verdict_status(enum verdict v)
{
	return verdicts[v].status;
}

/* ---------------------------------------------------------------- the compiler */

enum { MOST_WORDS = 96 };

/* A command's words, taken from texts with blanks between; @text is what they point into. */
struct command {
	const char *word[MOST_WORDS + 1];
	int count;
	char *text[8];
	int texts;
};

static void add_words(struct command *c, char *text)
{
	char *save = NULL;

	c->text[c->texts++] = text;
	for (char *w = strtok_r(text, " \n\t", &save); w && c->count < MOST_WORDS;
	     w = strtok_r(NULL, " \n\t", &save))
		c->word[c->count++] = w;
}

static void command_free(struct command *c)
{
	while (c->texts)
		free(c->text[--c->texts]);
}

/* A file of the kit with words for the compiler; @kit@ in it is the kit's folder. */
static char *kit_words(const struct build *b, const char *name)
{
	char *path = text_format("%s/%s", b->kit, name), *text = files_read(path, NULL), *done;

	done = text_replace(text ? text : "", "@kit@", b->kit);
	free(text);
	free(path);
	return done;
}

static const struct limits compiler_limits = {
	.cpu = 20, .wall = 60, .memory = 2ull << 30, .file = 256ull << 20
};

/* gcc or ld, in the build's folder. Return: 0; or -1 with what it said in b->message. */
static int compiler(struct build *b, struct command *c, enum verdict failed, char **said)
{
	struct ended e;
	const char *name = c->word[0]; /* none of the texts */
	int status = spawn(c->word, b->folder, &compiler_limits, &e);

	command_free(c);
	if (status) {
		b->verdict = VERDICT_TROUBLE;
		b->message = text_add(b->message, "%s: %s\n", name, strerror(errno));
		return -1;
	}
	if (e.status) {
		b->verdict = e.status == 127 ? VERDICT_TROUBLE : failed;
		if (e.status == 127)
			b->message =
				text_add(b->message, "%s is not there: synwalk doctor\n", name);
		b->message = text_add(b->message, "%s",
				      *e.said ? e.said : "the compiler did not come to an end\n");
		free(e.said);
		return -1;
	}
	if (said)
		*said = e.said;
	else
		free(e.said);
	return 0;
}

static char *student_path(const struct lab *lab)
{
	return text_format("core/student/%s", lab->file);
}

/* What the compiler sees of the file, as student.i, looked at. */
static int look_at_tokens(struct build *b, const struct lab *lab)
{
	char *name = student_path(lab), *kit = text_format("%s/", b->kit), *text, *out;
	const char *folders[] = { kit, "/usr/lib/gcc/", NULL };
	struct command c = { .word = { "gcc" }, .count = 1 };
	char err[512] = "";
	int status;

	add_words(&c, kit_words(b, "flags"));
	add_words(&c, text_format("-w -E -o student.i %s", name));
	status = compiler(b, &c, VERDICT_NO_COMPILE, NULL);
	if (!status) {
		out = text_format("%s/student.i", b->folder);
		text = files_read(out, NULL);
		status = inspect_tokens(text ? text : "", name, folders, err, sizeof(err));
		if (status) {
			b->verdict = VERDICT_NO_COMPILE;
			b->message = text_add(b->message, "%s\n", err);
		}
		free(text);
		free(out);
	}
	free(name);
	free(kit);
	return status;
}

static int look_at_symbols(struct build *b, const struct lab *lab)
{
	char *object = text_format("%s/student.o", b->folder);
	char *path = text_format("%s/symbols", b->kit), *symbols = files_read(path, NULL);
	char err[512] = "";
	int status = inspect_object(lab, object, symbols ? symbols : "", err, sizeof(err));

	if (status) {
		b->verdict = VERDICT_NO_LINK;
		b->message = text_add(b->message, "%s\n", err);
	}
	free(symbols);
	free(path);
	free(object);
	return status;
}

static int compile_file(struct build *b, const char *file, const char *flags, const char *object,
			char **said)
{
	struct command c = { .word = { "gcc" }, .count = 1 };

	add_words(&c, kit_words(b, flags));
	add_words(&c, text_format("-fno-diagnostics-show-option -c %s -o %s", file, object));
	return compiler(b, &c, VERDICT_NO_COMPILE, said);
}

/* What was looked at. If there is anything to say of it, the text itself is compiled: that has the columns. */
static int compile(struct build *b, const struct lab *lab, char **said)
{
	char *name;
	int status = compile_file(b, "student.i", "flags", "student.o", said);

	if (!status && !**said)
		return 0;
	if (!status)
		free(*said);
	*said = NULL;
	if (b->verdict == VERDICT_TROUBLE)
		return -1;
	free(b->message);
	b->message = strdup("");
	b->verdict = VERDICT_RIGHT;
	name = student_path(lab);
	status = compile_file(b, name, "flags", "student.o", said);
	free(name);
	return status;
}

/*
 * The student's text, so that the trace has it: as trace/record/embed-sources puts one into a program. The
 * words are for the assembler, behind all that was looked at.
 */
static int embed(struct build *b, const struct lab *lab)
{
	char *path = text_format("%s/student.i", b->folder), *name = student_path(lab);
	FILE *f = fopen(path, "a");
	int status = f ? 0 : -1;

	if (f) {
		fprintf(f,
			"\n__asm__(\".pushsection .rodata\\n\"\n"
			"\"text0: .incbin \\\"%s\\\"\\n\"\n"
			"\"end0: .byte 0\\n\"\n"
			"\"path0: .asciz \\\"%s\\\"\\n\"\n"
			"\".section record_sources, \\\"aw\\\"\\n\"\n"
			"\".balign 8\\n\"\n"
			"\".quad path0, text0, end0\\n\"\n"
			"\".popsection\\n\");\n",
			name, name);
		status = fclose(f);
	}
	if (status) {
		b->verdict = VERDICT_TROUBLE;
		b->message = text_add(b->message, "%s: %s\n", path, strerror(errno));
	}
	free(name);
	free(path);
	return status ? -1 : 0;
}

/* A student's object alone, for the place beside a world of the kit. */
static int link_part(struct build *b, const char *object, const char *part, const char *places)
{
	struct command c = { .word = { "ld" }, .count = 1 };

	add_words(&c, text_format("-o %s %s %s/%s", part, object, b->kit, places));
	add_words(&c, kit_words(b, "part"));
	return compiler(b, &c, VERDICT_NO_LINK, NULL);
}

static void link_recorded(struct build *b, const char *object)
{
	if (link_part(b, object, "student.part", "places"))
		return;
	b->world = text_format("%s/world", b->kit);
	b->part = text_format("%s/student.part", b->folder);
}

/* @folder may be NULL; its programs are called from elsewhere, so it becomes an absolute path. */
static int start(struct build *b, const char *folder)
{
	*b = (struct build){ .kit = files_kit(), .verdict = VERDICT_RIGHT, .message = strdup("") };
	b->folder = folder ? realpath(folder, NULL) : NULL;
	if (folder && !b->folder)
		b->folder = strdup(folder);
	if (b->kit)
		return 0;
	b->verdict = VERDICT_TROUBLE;
	b->message = text_add(b->message, "the kit that programs are linked with is not there "
					  "(make; or SYNWALK_KIT says where)\n");
	return -1;
}

/* @with_text: the object has the text, too, which the trace then shows. */
static void make_object(struct build *b, const struct lab *lab, const char *text,
			const char *folder, bool with_text)
{
	char *path = text_format("%s/core/student", folder), *file, *said = NULL;

	if (start(b, folder)) {
		free(path);
		return;
	}
	file = text_format("%s/%s", path, lab->file);
	if (files_make_folder(path) || files_write(file, text, strlen(text))) {
		b->verdict = VERDICT_TROUBLE;
		b->message = text_add(b->message, "%s: %s\n", file, strerror(errno));
	} else if (!look_at_tokens(b, lab) && (!with_text || !embed(b, lab)) &&
		   !compile(b, lab, &said) && !look_at_symbols(b, lab)) {
		b->message = text_add(b->message, "%s", said);
	}
	free(said);
	free(file);
	free(path);
}

void build_object(struct build *b, const struct lab *lab, const char *text, const char *folder)
{
	make_object(b, lab, text, folder, false);
}

void build_student(struct build *b, const struct lab *lab, const char *text, const char *folder)
{
	make_object(b, lab, text, folder, true);
	if (b->verdict == VERDICT_RIGHT)
		link_recorded(b, "student.o");
}

int build_student_asan(struct build *b)
{
	if (b->world_asan)
		return 0;
	if (compile_file(b, "student.i", "flags-asan", "student-asan.o", NULL) ||
	    link_part(b, "student-asan.o", "student-asan.part", "places-asan"))
		return -1;
	b->world_asan = text_format("%s/world-asan", b->kit);
	b->part_asan = text_format("%s/student-asan.part", b->folder);
	return 0;
}

void build_fault(struct build *b, int lab, const char *name, const char *folder)
{
	char *object;

	if (start(b, folder))
		return;
	object = text_format("%s/faults/%d-%s.o", b->kit, lab, name);
	if (!files_exist(object)) {
		b->verdict = VERDICT_TROUBLE;
		b->message = text_add(b->message, "%s: %s\n", object, strerror(errno));
	} else {
		link_recorded(b, object);
	}
	free(object);
}

void build_reference(struct build *b)
{
	if (start(b, NULL))
		return;
	b->world = text_format("%s/world", b->kit);
	b->world_asan = text_format("%s/world-asan", b->kit);
}

void build_free(struct build *b)
{
	free(b->kit);
	free(b->folder);
	free(b->world);
	free(b->part);
	free(b->part_asan);
	free(b->world_asan);
	free(b->message);
}
