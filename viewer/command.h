/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_COMMAND_H
#define SYNWALK_VIEWER_COMMAND_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the subcommands of synwalk share: their entry points, the exit statuses, and the one way
 * in which trouble is told.
 */

/* Exit statuses of every subcommand. */
enum {
	STATUS_DONE = 0,    /* done, or the answer is yes */
	STATUS_NO = 1,      /* the answer is no: the connect failed, traces differ */
	STATUS_TROUBLE = 2, /* the question could not be asked: bad input, missing rights */
};

/*
 * Subcommands. argv[0] is the subcommand's name. Each returns an exit status; each answers --help
 * on standard output.
 */
int cmd_connect(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_live(int argc, char **argv);
int cmd_view(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_kernel(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_lab(int argc, char **argv);

/* Explains one step of the trace in PATH: its number, or a function's name.  An exit status. */
int explain_step_of(const char *path, const char *step);
/* Prints what of the trace in PATH has no text; STATUS_NO if there is something. */
int explain_missing(const char *path);

/**
 * trouble() - tell what went wrong, and what to do about it
 * @what: the thing it is about: a file name, an address, an option
 * @hint: what the reader can do, one line without a final newline; NULL for none
 * @fmt: printf format of the reason
 *
 * Prints "synwalk: WHAT: WHY" and the hint to standard error.
 * Return: STATUS_TROUBLE, so that a caller can return it.
 */
int trouble(const char *what, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * A number without a sign, decimal or as C writes it in hexadecimal, and not above @max.
 * Return: 0 and *@value, or -1.
 */
int read_number(const char *text, uint64_t max, uint64_t *value);

/* A result as the kernel's sources say it: 0, -ECONNREFUSED; a number that has no name as it is. */
void result_name(long result, char *text, size_t room);

#endif
