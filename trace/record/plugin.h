/* SPDX-License-Identifier: GPL-2.0-only */
/* Libraries of synwalk's own that are loaded when they are asked for. */
#ifndef TRACE_RECORD_PLUGIN_H
#define TRACE_RECORD_PLUGIN_H

void *plugin_load(const char *name);

#endif
