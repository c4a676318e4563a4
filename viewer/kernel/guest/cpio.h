/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_GUEST_CPIO_H
#define SYNWALK_VIEWER_KERNEL_GUEST_CPIO_H

/*
 * An initramfs: a cpio archive in the "newc" form, as Documentation/driver-api/early-userspace/
 * buffer-format.rst of the kernel describes it. Devices can be put into one without any right.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One thing in the archive. */
struct cpio_entry {
	const char *name;      /* without a leading slash */
	uint32_t mode;         /* type and rights, as in struct stat */
	uint32_t major, minor; /* of a device */
	const void *bytes;     /* of a file */
	size_t size;
};

/** cpio_add() - append an entry; folders before what is in them */
void cpio_add(FILE *f, const struct cpio_entry *entry);

/** cpio_end() - append what ends the archive */
void cpio_end(FILE *f);

#endif
