/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory in large pages.  The first touch of a page costs as much as some tens of events, and hundreds
 * under some hypervisors; a recorder that begins cold would spend most of its time there.
 */
#ifndef TRACE_RECORD_PAGES_H
#define TRACE_RECORD_PAGES_H

#include <stddef.h>
#include <stdint.h>

size_t pages_whole(size_t size);
void *pages_map(size_t size);
void *pages_map_at(uint64_t at, size_t size);
void pages_unmap(void *pages, size_t size);
void pages_heap(void);

#endif
