/* SPDX-License-Identifier: GPL-2.0-only */
/* Types that the code gives to memory which has none of its own. */
#ifndef TRACE_RECORD_COVER_H
#define TRACE_RECORD_COVER_H

#include "writer.h"

/* A struct @type that begins at @addr. */
struct cover {
	struct dtype *type;
	uint64_t addr;
};

bool find_cover(struct writer *writer, const struct frame *frame, int line, uint64_t field_addr,
		uint64_t addr, uint64_t size, struct cover *cover);
bool is_opaque(const struct dtype *type, int index, uint64_t *start);
bool has_member(struct writer *writer, struct dtype *type, uint64_t offset, struct dtype *wanted);

#endif
