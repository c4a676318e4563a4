/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_REPORT_H
#define SYNWALK_LABS_REPORT_H

/* A grade for people and for programs. The same grade is the same report, byte by byte. */

#include <jansson.h>
#include <stdio.h>

#include "labs/grade.h"

/* @view: the folder that paths are told from, without a slash at its end; "": as they are. */
void report_text(FILE *to, const struct grade *g, const char *view);
json_t *report_json(const struct grade *g);
/* What Gradescope reads as results.json. */
json_t *report_gradescope(const struct grade *g);
/* Autolab's last line: {"scores": {...}}. */
json_t *report_autolab(const struct grade *g);

#endif
