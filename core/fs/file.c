/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The descriptor table of a process (fs/file.c). A descriptor is an index into
 * an array of struct file pointers; a bitmap says which are taken. The first 64
 * slots lie inside files_struct, larger tables are allocated and copied.
 */
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/kernel.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <synwalk/core.h>

struct files_struct *alloc_files(void)
{
	struct files_struct *files = kzalloc_type(struct files_struct, GFP_KERNEL);

	if (!files)
		return NULL;
	atomic_set(&files->count, 1);
	spin_lock_init(&files->file_lock);
	files->fdtab = (struct fdtable){
		.max_fds = NR_OPEN_DEFAULT,
		.fd = files->fd_array,
		.open_fds = files->open_fds_init,
		.close_on_exec = files->close_on_exec_init,
	};
	files->fdt = &files->fdtab;
	return files;
}

static void free_fdtable(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;

	if (fdt == &files->fdtab)
		return;
	kfree(fdt->fd);
	kfree(fdt->open_fds);
	kfree(fdt->close_on_exec);
	kfree(fdt);
}

static void close_files(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;
	unsigned int i;

	for (i = 0; i < fdt->max_fds; i++) {
		struct file *file = fdt->fd[i];

		fdt->fd[i] = NULL;
		if (file)
			filp_close(file, files);
	}
}

void put_files_struct(struct files_struct *files)
{
	if (!atomic_dec_and_test(&files->count))
		return;
	close_files(files);
	free_fdtable(files);
	kfree(files);
}

/* A table of @nr slots with the contents of the old one; NULL when memory is out. */
static struct fdtable *alloc_fdtable(unsigned int nr, const struct fdtable *old)
{
	struct fdtable *fdt = kzalloc_type(struct fdtable, GFP_KERNEL);

	if (!fdt)
		return NULL;
	fdt->max_fds = nr;
	fdt->fd = kcalloc(nr, sizeof(struct file *), GFP_KERNEL);
	fdt->open_fds = kcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	fdt->close_on_exec = kcalloc(BITS_TO_LONGS(nr), sizeof(long), GFP_KERNEL);
	if (!fdt->fd || !fdt->open_fds || !fdt->close_on_exec) {
		kfree(fdt->fd);
		kfree(fdt->open_fds);
		kfree(fdt->close_on_exec);
		kfree(fdt);
		return NULL;
	}
	memcpy(fdt->fd, old->fd, old->max_fds * sizeof(struct file *));
	memcpy(fdt->open_fds, old->open_fds, BITS_TO_LONGS(old->max_fds) * sizeof(long));
	memcpy(fdt->close_on_exec, old->close_on_exec, BITS_TO_LONGS(old->max_fds) * sizeof(long));
	return fdt;
}

/* Doubles the table; 0, -EMFILE or -ENOMEM. */
static int expand_files(struct files_struct *files)
{
	unsigned int nr = files->fdt->max_fds * 2;
	struct fdtable *fdt;

	if (nr > SYSCTL_NR_OPEN)
		return -EMFILE;
	fdt = alloc_fdtable(nr, files->fdt);
	if (!fdt)
		return -ENOMEM;
	free_fdtable(files);
	files->fdt = fdt;
	return 0;
}

/* The first clear bit at or above @start, or max_fds. */
static unsigned int find_next_fd(const struct fdtable *fdt, unsigned int start)
{
	unsigned int fd = start;

	while (fd < fdt->max_fds) {
		unsigned long word = fdt->open_fds[fd / BITS_PER_LONG] >> (fd % BITS_PER_LONG);

		if (!(word & 1))
			return fd;
		/* A word of ones is passed over in one step. */
		fd = word == ~0UL && fd % BITS_PER_LONG == 0 ? fd + BITS_PER_LONG : fd + 1;
	}
	return fdt->max_fds;
}

int __alloc_fd(struct files_struct *files, unsigned int start, unsigned int flags)
{
	unsigned int fd;
	int err;

	spin_lock(&files->file_lock);
	for (;;) {
		fd = find_next_fd(files->fdt, max(start, files->next_fd));
		err = fd >= rlimit(RLIMIT_NOFILE) ? -EMFILE : 0;
		if (!err && fd < files->fdt->max_fds)
			break;
		if (!err)
			err = expand_files(files);
		if (err) {
			spin_unlock(&files->file_lock);
			return err;
		}
	}
	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	__set_bit(fd, files->fdt->open_fds);
	if (flags & O_CLOEXEC)
		__set_bit(fd, files->fdt->close_on_exec);
	else
		__clear_bit(fd, files->fdt->close_on_exec);
	spin_unlock(&files->file_lock);
	return (int)fd;
}

int get_unused_fd_flags(unsigned int flags)
{
	return __alloc_fd(current->files, 0, flags);
}

static void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	__clear_bit(fd, files->fdt->open_fds);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
}

void fd_install(unsigned int fd, struct file *file)
{
	struct fdtable *fdt = current->files->fdt;

	BUG_ON(fdt->fd[fd] != NULL);
	fdt->fd[fd] = file;
}

static struct file *fcheck_files(const struct files_struct *files, unsigned int fd)
{
	const struct fdtable *fdt = files->fdt;

	return fd < fdt->max_fds ? fdt->fd[fd] : NULL;
}

/* @mask: files of these modes are as if they were not there. */
static struct file *__fget(unsigned int fd, fmode_t mask)
{
	struct file *file = fcheck_files(current->files, fd);

	return file && !(file->f_mode & mask) ? get_file(file) : NULL;
}

struct file *fget(unsigned int fd)
{
	return __fget(fd, FMODE_PATH);
}

struct file *fget_raw(unsigned int fd)
{
	return __fget(fd, 0);
}

/*
 * With an unshared table nobody else can close the descriptor while this task
 * is in its system call: the table's reference is enough, none is taken.
 */
static unsigned long __fget_light(unsigned int fd, fmode_t mask)
{
	struct files_struct *files = current->files;
	struct file *file;

	if (atomic_read(&files->count) == 1) {
		file = fcheck_files(files, fd);
		return file && !(file->f_mode & mask) ? (unsigned long)file : 0;
	}
	file = __fget(fd, mask);
	return file ? FDPUT_FPUT | (unsigned long)file : 0;
}

unsigned long __fdget(unsigned int fd)
{
	return __fget_light(fd, FMODE_PATH);
}

unsigned long __fdget_raw(unsigned int fd)
{
	return __fget_light(fd, 0);
}

int __close_fd(struct files_struct *files, unsigned int fd)
{
	struct file *file;

	spin_lock(&files->file_lock);
	file = fcheck_files(files, fd);
	if (!file) {
		spin_unlock(&files->file_lock);
		return -EBADF;
	}
	files->fdt->fd[fd] = NULL;
	__clear_bit(fd, files->fdt->close_on_exec);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
	return filp_close(file, files);
}

/* dup(2): one more descriptor of the same file, the lowest free one; -EBADF, -EMFILE, -ENOMEM. */
long sys_dup(unsigned int fildes)
{
	struct file *file = fget_raw(fildes);
	int ret = -EBADF;

	if (file) {
		ret = get_unused_fd_flags(0);
		if (ret >= 0)
			fd_install((unsigned int)ret, file);
		else
			fput(file);
	}
	return ret;
}

/* fcntl(F_DUPFD): not below @from.  -EINVAL if no task may have so many; -EMFILE, -ENOMEM. */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	int err;

	if (from >= rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	err = __alloc_fd(current->files, from, flags);
	if (err >= 0)
		fd_install((unsigned int)err, get_file(file));
	return err;
}
