/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "viewer/kernel/guest/cpio.h"

/* Everything begins at a multiple of four. */
static void pad(FILE *f, size_t size)
{
	static const char zeros[4];

	fwrite(zeros, 1, (4 - size % 4) % 4, f);
}

void cpio_add(FILE *f, const struct cpio_entry *entry)
{
	static unsigned int inode;
	size_t name = strlen(entry->name) + 1;

	/* magic, inode, mode, uid, gid, links, time, size, device, device of the node, name, sum */
	fprintf(f, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", ++inode,
		entry->mode, 0, 0, 1, 0, entry->size, 0, 0, entry->major, entry->minor, name, 0);
	fwrite(entry->name, name, 1, f);
	pad(f, 110 + name);
	if (entry->size)
		fwrite(entry->bytes, entry->size, 1, f);
	pad(f, entry->size);
}

void cpio_end(FILE *f)
{
	const struct cpio_entry last = { .name = "TRAILER!!!" };

	cpio_add(f, &last);
}
