/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_FILES_H
#define SYNWALK_LABS_FILES_H

/* Texts and files, as the labs need them. What is returned is to be freed. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Never NULL: a program that has no memory for a line of text ends with a message. */
char *text_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Adds to a text that text_format() made, or NULL. */
char *text_add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A copy with each @what replaced. */
char *text_replace(const char *text, const char *what, const char *with);
/*
 * Whether @word, capitals or not, stands in @text by itself. A capital beside it does not hide it: better one
 * found too many than one missed.
 */
bool text_has_word(const char *text, const char *word);

/*
 * The words of @text in lines of at most @width columns, each behind @indent and before a newline; what
 * white space stands between them does not count. Adds to @to, which text_format() made, or NULL.
 */
char *text_fill(char *to, const char *indent, size_t width, const char *text);
/* Prints it so, for a screen of 80 columns. */
void text_put(FILE *to, const char *indent, const char *text);

/* The whole file, a NUL behind it; NULL and errno. @size may be NULL. */
char *files_read(const char *path, size_t *size);
/* 0, or -1 and errno. A reader never sees half of it. */
int files_write(const char *path, const char *text, size_t size);
/* All folders of a path. 0, or -1 and errno. */
int files_make_folder(const char *path);
bool files_exist(const char *path);
/* A folder and all that is in it; symbolic links are not followed. */
void files_remove(const char *path);
/* A new folder for what is needed for a moment only. NULL and errno. */
char *files_temporary(void);

/* Where the labs are; where the kit is that students' programs are linked with. NULL: nowhere. */
char *files_labs(void);
char *files_kit(void);

#endif
