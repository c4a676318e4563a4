/* SPDX-License-Identifier: GPL-2.0-only */
/* close(2) (fs/open.c). */
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <synwalk/core.h>

int filp_close(struct file *filp, struct files_struct *id)
{
	(void)id;
	if (WARN_ON(!file_count(filp)))
		return 0;
	fput(filp);
	return 0;
}

/* Frees the descriptor and, with the last reference, the file; 0 or -EBADF. */
long sys_close(unsigned int fd)
{
	return __close_fd(current->files, fd);
}
