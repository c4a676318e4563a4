/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

/*
 * From a number to an open file (include/linux/file.h). fdget() borrows the
 * reference of the descriptor table when nobody shares the table, and takes one
 * of its own otherwise; fdput() gives back only what was taken.
 */
#include <linux/fs.h>
#include <linux/types.h>

struct fd {
	struct file *file;  /* NULL: no such descriptor */
	unsigned int flags; /* FDPUT_FPUT: a reference was taken */
};

#define FDPUT_FPUT 1

void fput(struct file *file);
/* NULL also for a file opened with O_PATH, which only the raw ones find. */
struct file *fget(unsigned int fd);
struct file *fget_raw(unsigned int fd);
/* A struct file pointer with FDPUT_* in its two low bits, 0 for none. */
unsigned long __fdget(unsigned int fd);
unsigned long __fdget_raw(unsigned int fd);

static inline void fput_light(struct file *file, int fput_needed)
{
	if (fput_needed)
		fput(file);
}

static inline struct fd __to_fd(unsigned long v)
{
	return (struct fd){ (struct file *)(v & ~3UL), (unsigned int)(v & 3) };
}

static inline struct fd fdget(unsigned int fd)
{
	return __to_fd(__fdget(fd));
}

static inline struct fd fdget_raw(unsigned int fd)
{
	return __to_fd(__fdget_raw(fd));
}

static inline void fdput(struct fd fd)
{
	if (fd.flags & FDPUT_FPUT)
		fput(fd.file);
}

/* The lowest free descriptor, reserved; -EMFILE when the table is full. */
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
/* Makes a reserved descriptor valid; the table takes over the caller's reference. */
void fd_install(unsigned int fd, struct file *file);

#endif
