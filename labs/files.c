/* SPDX-License-Identifier: GPL-2.0-only */

/* Texts and files, as the labs need them. */

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "labs/files.h"
#include "viewer/text.h"

static void *must(void *memory)
{
	if (!memory) {
		fputs("synwalk: lab: out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

static char *format(char *begin, const char *fmt, va_list args)
{
	size_t have = begin ? strlen(begin) : 0;
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	begin = must(realloc(begin, have + (size_t)(n < 0 ? 0 : n) + 1));
	vsnprintf(begin + have, (size_t)(n < 0 ? 0 : n) + 1, fmt, args);
	return begin;
}

char *text_format(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = format(NULL, fmt, args);
	va_end(args);
	return text;
}

char *text_add(char *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text = format(text, fmt, args);
	va_end(args);
	return text;
}

char *text_replace(const char *text, const char *what, const char *with)
{
	char *result = NULL;
	const char *at;

	while ((at = strstr(text, what)) != NULL) {
		result = text_add(result, "%.*s%s", (int)(at - text), text, with);
		text = at + strlen(what);
	}
	return text_add(result, "%s", text);
}

static bool is_of_word(char c)
{
	return c && strchr("abcdefghijklmnopqrstuvwxyz0123456789_", c);
}

bool text_has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; n && (at = strcasestr(at, word)) != NULL; at += n) {
		if ((at == text || !is_of_word(at[-1])) && !is_of_word(at[n]))
			return true;
	}
	return false;
}

/* What text_fill() is making. */
struct filled {
	char *text;
	const char *indent;
};

static void add_line(void *ctx, const char *line, size_t len)
{
	struct filled *f = ctx;

	f->text = text_add(f->text, "%s%.*s\n", f->indent, (int)len, line);
}

char *text_fill(char *to, const char *indent, size_t width, const char *text)
{
	struct filled f = { to, indent };
	char *words = text_format("%s", ""), *copy = text_format("%s", text), *save = NULL;

	for (char *w = strtok_r(copy, " \n\t", &save); w; w = strtok_r(NULL, " \n\t", &save))
		words = text_add(words, "%s%s", *words ? " " : "", w);
	text_wrap(words, (int)(width - strlen(indent)), add_line, &f);
	free(copy);
	free(words);
	return f.text;
}

void text_put(FILE *to, const char *indent, const char *text)
{
	char *lines = text_fill(text_format("%s", ""), indent, 80, text);

	fputs(lines, to);
	free(lines);
}

char *files_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t room = 0, n = 0, got;

	if (!f)
		return NULL;
	do {
		if (room - n < 2)
			text = must(realloc(text, room = room ? room * 2 : 8192));
		got = fread(text + n, 1, room - n - 1, f);
		n += got;
	} while (got);
	text[n] = 0;
	if (ferror(f)) {
		free(text);
		text = NULL;
	}
	fclose(f);
	if (size)
		*size = n;
	return text;
}

int files_write(const char *path, const char *text, size_t size)
{
	char *part = text_format("%s.part", path);
	FILE *f = fopen(part, "wb");
	int status = -1;

	if (f) {
		status = fwrite(text, 1, size, f) == size ? 0 : -1;
		status = fclose(f) ? -1 : status;
		if (!status)
			status = rename(part, path);
		if (status)
			unlink(part);
	}
	free(part);
	return status;
}

int files_make_folder(const char *path)
{
	char *copy = text_format("%s", path);
	int status = 0;

	for (char *at = copy + 1; !status; at++) {
		char end = *at;

		if (end && end != '/')
			continue;
		*at = 0;
		status = mkdir(copy, 0777) && errno != EEXIST ? -1 : 0;
		*at = end;
		if (!end)
			break;
	}
	free(copy);
	return status;
}

bool files_exist(const char *path)
{
	return !access(path, F_OK);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

void files_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *files_temporary(void)
{
	const char *base = getenv("TMPDIR");
	char *path = text_format("%s/synwalk-lab.XXXXXX", base && *base ? base : "/tmp");

	if (mkdtemp(path))
		return path;
	free(path);
	return NULL;
}

/* The folder that the program lies in. */
static char *program_folder(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n < 0)
		return text_format(".");
	path[n] = 0;
	slash = strrchr(path, '/');
	if (slash)
		*slash = 0;
	return text_format("%s", path);
}

/* The first of the places, beside the program or installed, where there is @sign. */
static char *find(const char *variable, const char *const *beside, const char *installed,
		  const char *sign)
{
	const char *said = getenv(variable);
	char *folder = program_folder();
	char *found = NULL;

	if (said && *said) {
		free(folder);
		return text_format("%s", said);
	}
	for (size_t i = 0; !found; i++) {
		char *place = beside[i] ? text_format("%s/%s", folder, beside[i]) :
					  text_format("%s", installed);
		char *has = text_format("%s/%s", place, sign);

		found = files_exist(has) ? realpath(place, NULL) : NULL;
		free(has);
		free(place);
		if (!beside[i])
			break;
	}
	free(folder);
	return found;
}

char *files_labs(void)
{
	static const char *const beside[] = { "../labs", "../../labs", "../lib/synwalk/labs",
					      NULL };

	return find("SYNWALK_LABS", beside, SYNWALK_LIBDIR "/labs", "05-syn/lab.yaml");
}

char *files_kit(void)
{
	static const char *const beside[] = { "kit", "../kit", "../lib/synwalk/kit", NULL };

	return find("SYNWALK_KIT", beside, SYNWALK_LIBDIR "/kit", "symbols");
}
