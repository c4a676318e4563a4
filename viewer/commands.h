/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The subcommands of `synwalk`, one function each.  argv[0] is the subcommand's own name, as
 * getopt_long(3) wants it.  All return the exit status: 0 done, 1 the answer is no, 2 trouble
 * (with a message on standard error).
 */
#ifndef VIEWER_COMMANDS_H
#define VIEWER_COMMANDS_H

/* The walk as lines of text, or as JSON: viewer/show.c. */
int cmd_show(int argc, char **argv);

/* The replay on the screen: viewer/view.c. */
int cmd_view(int argc, char **argv);

/* What `synwalk view PATH` does, for commands that have just recorded PATH. */
int view_trace(const char *path);

#endif
