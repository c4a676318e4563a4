/* SPDX-License-Identifier: GPL-2.0-only */
/* open(2) and close(2) (fs/open.c). */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <synwalk/core.h>

/* Nothing can be done with a file of O_PATH but to name it. */
static const struct file_operations empty_fops;

/* getname() of fs/namei.c: the name, out of user memory.  0; -EFAULT, -ENOENT, -ENAMETOOLONG. */
static int getname(char *name, const char __user *filename)
{
	int i;

	for (i = 0; i < PATH_MAX; i++) {
		if (get_user(name[i], &filename[i]))
			return -EFAULT;
		if (!name[i])
			return i ? 0 : -ENOENT;
	}
	return -ENAMETOOLONG;
}

/* The open file for what was found.  ERR_PTR(-ENOMEM). */
static struct file *do_dentry_open(struct inode *inode, unsigned int flags,
				   const struct file_operations *fop)
{
	struct file *f;

	if (flags & O_PATH) {
		f = alloc_file(inode, flags & (O_PATH | O_DIRECTORY), &empty_fops);
		if (!IS_ERR(f))
			f->f_mode = FMODE_PATH;
		return f;
	}
	f = alloc_file(inode, flags & ~(O_CREAT | O_CLOEXEC), fop);
	if (!IS_ERR(f))
		f->f_mode = (flags + 1) & O_ACCMODE; /* O_RDONLY 0, O_WRONLY 1, O_RDWR 2 */
	return f;
}

/* May it be opened like this?  0; -ENOENT, -EISDIR, -ENOTDIR. */
static int may_open(const struct inode *inode, unsigned int flags)
{
	if (!inode)
		return -ENOENT;
	if (S_ISDIR(inode->i_mode))
		return !(flags & O_PATH) && (flags & (O_ACCMODE | O_CREAT)) ? -EISDIR : 0;
	return flags & O_DIRECTORY ? -ENOTDIR : 0;
}

/**
 * sys_open - open(2)
 * @filename: user memory; see fs/namei.c for what there is
 * @flags: O_*
 * @mode: of a file that would be made; nothing can be made here
 *
 * Return: a descriptor; -EFAULT, -ENOENT, -ENAMETOOLONG, -EISDIR for writing to a directory,
 * -ENOTDIR, -EMFILE, -ENOMEM.
 */
long sys_open(const char __user *filename, int flags, unsigned int mode)
{
	const struct file_operations *fop = NULL;
	char name[PATH_MAX];
	struct inode *inode;
	struct file *f;
	int fd;

	(void)mode;
	fd = getname(name, filename);
	if (fd)
		return fd;
	inode = path_lookup(name, &fop);
	fd = may_open(inode, (unsigned int)flags);
	if (fd)
		return fd;

	fd = get_unused_fd_flags((unsigned int)flags);
	if (fd < 0)
		return fd;
	f = do_dentry_open(inode, (unsigned int)flags, fop);
	if (IS_ERR(f)) {
		put_unused_fd((unsigned int)fd);
		return PTR_ERR(f);
	}
	fd_install((unsigned int)fd, f);
	return fd;
}

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
