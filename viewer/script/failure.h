/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_FAILURE_H
#define SYNWALK_VIEWER_SCRIPT_FAILURE_H

#include <stdint.h>

#include "trace/read/read.h"
#include "viewer/script/play.h"

/* The step of the trace that a failure is about: its frame, its call, or the last before it. */
int64_t failure_step(struct trace *t, const struct play *p);

#endif
