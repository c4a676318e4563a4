/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_CONF_H
#define SYNWALK_LABS_CONF_H

/*
 * A YAML file as a tree whose nodes are asked for by name.
 *
 * What is wrong with a file is said once, of its first fault: FILE:LINE: NAME: what was expected. So a
 * reader asks for all that it wants and looks at conf_error() at the end. Texts belong to the file and
 * live until conf_close().
 */

#include <stdbool.h>

struct conf;
typedef int conf_node; /* 0: there is none */

/* Reads PATH. Never NULL but when memory is out: a file that cannot be read is an error of it. */
struct conf *conf_open(const char *path);
void conf_close(struct conf *c);
/* The first fault, or NULL. */
const char *conf_error(const struct conf *c);
/* Notes a fault at @at. */
void conf_fault(struct conf *c, conf_node at, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The whole file: a mapping. */
conf_node conf_root(struct conf *c);
/* A mapping's value by its name; 0 if it is not there. */
conf_node conf_get(struct conf *c, conf_node map, const char *name);
/* A text; @otherwise when it is not there, and with NULL for that its absence is a fault. */
const char *conf_text(struct conf *c, conf_node map, const char *name, const char *otherwise);
/* A number that is not negative, decimal or as C writes it in hexadecimal. */
long conf_number(struct conf *c, conf_node map, const char *name, long otherwise);
bool conf_yes(struct conf *c, conf_node map, const char *name);
/* A list: how many elements it has, and each of them, from 0. */
int conf_count(struct conf *c, conf_node list);
conf_node conf_item(struct conf *c, conf_node list, int i);
/* An element that is a text. */
const char *conf_item_text(struct conf *c, conf_node list, int i);
/* Every name in the mapping must be one of @names, which stand with blanks between. */
void conf_only(struct conf *c, conf_node map, const char *names);

#endif
