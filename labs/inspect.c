/* SPDX-License-Identifier: GPL-2.0-only */

/* May this file take a function's place in the core? */

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "labs/inspect.h"

/* ---------------------------------------------------------------- tokens */

/* Attributes that change nothing of what is seen of a function. */
static const char *const harmless[] = {
	"always_inline", "__always_inline__", "packed",     "aligned",     "unused",
	"format",        "fallthrough",       "__packed__", "__aligned__", "__unused__",
	"__format__",    "__fallthrough__",   "printf",     "__printf__",  NULL
};

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++) {
		if (!strcmp(word, *words))
			return true;
	}
	return false;
}

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

static bool is_name(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Behind a string or a character, which begins at @at. */
static const char *behind_quotes(const char *at)
{
	char quote = *at++;

	while (*at && *at != quote && *at != '\n')
		at += *at == '\\' && at[1] ? 2 : 1;
	return *at ? at + 1 : at;
}

/*
 * Whether what follows an asm is a barrier to the compiler, which is no instruction: ("" : : : "memory").
 * The core's smp_mb() and READ_ONCE() become that.
 */
static bool is_barrier(const char *at)
{
	static const char barrier[] = "(\"\":::\"memory\")";
	const char *want = barrier;

	while (*want) {
		at += strspn(at, " \t\n");
		if (!strncmp(at, "__volatile__", 12))
			at += 12;
		else if (!strncmp(at, "volatile", 8))
			at += 8;
		else if (*at++ != *want++)
			return false;
	}
	return true;
}

/* Why @word may not stand there; NULL: it may. */
static const char *unwanted(const char *word)
{
	if (!strcmp(word, "asm") || !strcmp(word, "__asm") || !strcmp(word, "__asm__"))
		return "assembler is not C of the core";
	if (begins(word, "__tsan") || begins(word, "__sanitizer") || begins(word, "__asan") ||
	    begins(word, "__ubsan"))
		return "this is the recorder's, and no part of the core";
	if (begins(word, "__builtin_apply") || begins(word, "__builtin_return") ||
	    begins(word, "__builtin_longjmp") || begins(word, "__builtin_setjmp"))
		return "it leaves the path that calls and returns take";
	return NULL;
}

static int refuse(char *err, size_t room, const char *file, long line, const char *word,
		  const char *why)
{
	snprintf(err, room, "%s:%ld: '%s': %s", file, line, word, why);
	return -1;
}

/* A line marker's file name; false if there is none in it. */
static bool marker(const char *at, long *line, char file[512])
{
	return sscanf(at, "# %ld \"%511[^\"]\"", line, file) == 2;
}

/* Whether a file that was included may be. */
static bool may_include(const char *file, const char *name, const char *const *folders)
{
	size_t n = strlen(file);

	/* "<built-in>"; the file itself; the folder that the compiler was called in. */
	if (*file == '<' || !strcmp(file, name) || (n > 1 && !strcmp(file + n - 2, "//")))
		return true;
	for (; *folders; folders++) {
		if (begins(file, *folders) && !strstr(file, "/../"))
			return true;
	}
	return false;
}

/* One word; @attribute: how many parentheses of an attribute are open around it. */
static int look_at(const char *word, const char *file, long line, int attribute, char *err,
		   size_t room)
{
	const char *why = unwanted(word);

	if (why)
		return refuse(err, room, file, line, word, why);
	if (attribute && !(*word >= '0' && *word <= '9') && !is_one_of(word, harmless))
		return refuse(err, room, file, line, word,
			      "this attribute has no place in an exercise");
	return 0;
}

int inspect_tokens(const char *text, const char *name, const char *const *folders, char *err,
		   size_t room)
{
	char file[512] = "", word[128];
	bool mine = false;
	int attribute = 0; /* 1: the word was seen; then 1 + open parentheses */
	long line = 0;

	for (const char *at = text; *at;) {
		bool first = at == text || at[-1] == '\n';

		if (first && *at == '#') {
			if (marker(at, &line, file)) {
				line--;
				mine = !strcmp(file, name);
				if (!may_include(file, name, folders))
					return refuse(err, room, name, 1, file,
						      "only the core's headers can be included");
			} else if (mine && begins(at, "#pragma")) {
				return refuse(err, room, name, line, "#pragma",
					      "the compiler is told the same for all of the core");
			}
			at += strcspn(at, "\n");
		} else if (*at == '\n') {
			line++;
			at++;
		} else if (!mine) {
			at += strcspn(at, "\n");
		} else if (*at == '"' || *at == '\'') {
			at = behind_quotes(at);
		} else if (is_name(*at)) {
			size_t n = 0;

			for (; is_name(*at); at++) {
				if (n + 1 < sizeof(word))
					word[n++] = *at;
			}
			word[n] = 0;
			if (!(strstr(word, "asm") && is_barrier(at)) &&
			    look_at(word, name, line, attribute > 1, err, room))
				return -1;
			if (!strcmp(word, "__attribute__") || !strcmp(word, "__attribute"))
				attribute = 1;
		} else {
			if (attribute && *at == '(')
				attribute++;
			if (attribute && *at == ')' && --attribute == 1)
				attribute = 0;
			if (*at == '[' && at[1] == '[')
				return refuse(err, room, name, line, "[[",
					      "attributes have no place in an exercise");
			at++;
		}
	}
	return 0;
}

/* ---------------------------------------------------------------- symbols */

/* Whether @name stands in @list, a name a line. */
static bool listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; (at = strstr(at, name)) != NULL; at += n) {
		if ((at == list || at[-1] == '\n') && (at[n] == '\n' || !at[n]))
			return true;
	}
	return false;
}

static bool is_hook(const char *name)
{
	return begins(name, "__tsan_") || begins(name, "__sanitizer_cov_") ||
	       begins(name, "__asan_") || begins(name, "__ubsan_") ||
	       !strcmp(name, "_GLOBAL_OFFSET_TABLE_");
}

static bool is_labs(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->nfunctions; i++) {
		if (!lab->functions[i].is_inline && !strcmp(lab->functions[i].name, name))
			return true;
	}
	return false;
}

static int look_at_symbol(const struct lab *lab, const GElf_Sym *s, const char *name,
			  const char *symbols, unsigned int *defined, char *err, size_t room)
{
	int type = GELF_ST_TYPE(s->st_info);

	if (GELF_ST_BIND(s->st_info) == STB_LOCAL || !*name)
		return 0;
	if (s->st_shndx == SHN_UNDEF) {
		if (listed(symbols, name) || is_labs(lab, name) || is_hook(name))
			return 0;
		snprintf(err, room,
			 "%s: it calls or names %s, which the core does not have: there is no C "
			 "library in a kernel",
			 lab->file, name);
		return -1;
	}
	if (is_labs(lab, name) && type == STT_FUNC && GELF_ST_BIND(s->st_info) == STB_GLOBAL) {
		++*defined;
		return 0;
	}
	snprintf(err, room,
		 "%s: %s is not asked for: make a helper or a variable of your own static",
		 lab->file, name);
	return -1;
}

static int look_at_table(const struct lab *lab, Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			 const char *symbols, unsigned int *defined, char *err, size_t room)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0;

	for (size_t i = 0; i < count; i++) {
		GElf_Sym s;
		const char *name = gelf_getsym(data, (int)i, &s) ?
					   elf_strptr(elf, header->sh_link, s.st_name) :
					   NULL;

		if (name && look_at_symbol(lab, &s, name, symbols, defined, err, room))
			return -1;
	}
	return 0;
}

static int look_at_elf(const struct lab *lab, Elf *elf, const char *symbols, char *err, size_t room)
{
	Elf_Scn *section = NULL;
	unsigned int defined = 0;

	if (!elf) {
		snprintf(err, room, "%s: the compiler's object cannot be read", lab->file);
		return -1;
	}
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB &&
		    look_at_table(lab, elf, section, &header, symbols, &defined, err, room))
			return -1;
	}
	/* What is missing would be the core's own, which is the answer. */
	for (int i = 0; i < lab->nfunctions; i++)
		defined += lab->functions[i].is_inline;
	if (defined == (unsigned int)lab->nfunctions)
		return 0;
	snprintf(err, room, "%s: it must define all of", lab->file);
	for (int i = 0; i < lab->nfunctions; i++) {
		size_t n = strlen(err);

		snprintf(err + n, room - n, "%s %s()", i ? "," : "", lab->functions[i].name);
	}
	return -1;
}

int inspect_object(const struct lab *lab, const char *object, const char *symbols, char *err,
		   size_t room)
{
	int fd = open(object, O_RDONLY | O_CLOEXEC), status;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	status = look_at_elf(lab, elf, symbols, err, room);
	elf_end(elf);
	if (fd >= 0)
		close(fd);
	return status;
}
