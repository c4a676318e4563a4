/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_FDTABLE_H
#define _LINUX_FDTABLE_H

#include <linux/file.h>
#include <linux/bitops.h>

#define NR_OPEN_DEFAULT BITS_PER_LONG

/**
 * struct fdtable - descriptors of a process, as arrays that can be replaced by larger ones
 * @max_fds: slots in @fd
 * @fd: the files, NULL where free or only reserved
 * @open_fds: one bit a slot: reserved or in use
 * @close_on_exec: one bit a slot: FD_CLOEXEC
 */
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *open_fds;
	unsigned long *close_on_exec;
};

/**
 * struct files_struct - the open files of a process
 * @count: tasks that share it
 * @fdt: the table in use
 * @fdtab: the first, small one, kept inside
 * @next_fd: no descriptor below it is free
 */
struct files_struct {
	atomic_t count;
	struct fdtable *fdt;
	struct fdtable fdtab;
	spinlock_t file_lock;
	unsigned int next_fd;
	unsigned long open_fds_init[1];
	unsigned long close_on_exec_init[1];
	struct file *fd_array[NR_OPEN_DEFAULT];
};

/* How many descriptors a task may have until it sets its limit (RLIMIT_NOFILE), and at most. */
#define INR_OPEN_CUR   65536U
#define SYSCTL_NR_OPEN (1024U * 1024U)

struct files_struct *alloc_files(void);
/* The lowest free descriptor of @files from @start on, reserved; -EMFILE or -ENOMEM. */
int __alloc_fd(struct files_struct *files, unsigned int start, unsigned int flags);
/* Drops a task's share; the last closes every file in it. */
void put_files_struct(struct files_struct *files);
/* One more descriptor of @file, not below @from; -EINVAL, -EMFILE, -ENOMEM. */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);
/* Takes the file out of its slot and closes it; -EBADF when the slot is empty. */
int __close_fd(struct files_struct *files, unsigned int fd);

#endif
