/* SPDX-License-Identifier: GPL-2.0-only */
/* read(2) and write(2) (fs/read_write.c): one buffer or several, wrapped in an iterator. */
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <synwalk/core.h>

static ssize_t new_sync_read(struct file *filp, char __user *buf, size_t len)
{
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct kiocb kiocb = { .ki_filp = filp };
	struct iov_iter iter;

	iov_iter_init(&iter, READ, &iov, 1, len);
	return filp->f_op->read_iter(&kiocb, &iter);
}

static ssize_t new_sync_write(struct file *filp, const char __user *buf, size_t len)
{
	struct iovec iov = { .iov_base = (void __user *)buf, .iov_len = len };
	struct kiocb kiocb = { .ki_filp = filp };
	struct iov_iter iter;

	iov_iter_init(&iter, WRITE, &iov, 1, len);
	return filp->f_op->write_iter(&kiocb, &iter);
}

/* Bytes read, 0 at the end, or -EBADF, -EINVAL, -EFAULT and what the file says. */
long sys_read(unsigned int fd, char *buf, size_t count)
{
	struct fd f = fdget(fd);
	ssize_t ret = -EBADF;

	if (!f.file)
		return ret;
	if (!(f.file->f_mode & FMODE_READ))
		ret = -EBADF;
	else if (!f.file->f_op->read_iter)
		ret = -EINVAL;
	else if (!access_ok(VERIFY_WRITE, buf, count))
		ret = -EFAULT;
	else
		ret = new_sync_read(f.file, buf, count);
	fdput(f);
	return ret;
}

long sys_write(unsigned int fd, const char *buf, size_t count)
{
	struct fd f = fdget(fd);
	ssize_t ret = -EBADF;

	if (!f.file)
		return ret;
	if (!(f.file->f_mode & FMODE_WRITE))
		ret = -EBADF;
	else if (!f.file->f_op->write_iter)
		ret = -EINVAL;
	else if (!access_ok(VERIFY_READ, buf, count))
		ret = -EFAULT;
	else
		ret = new_sync_write(f.file, buf, count);
	fdput(f);
	return ret;
}

/* readv(2) and writev(2): the file must be able to; then as read(2) and write(2). */
static long do_readv_writev(int type, unsigned long fd, const struct iovec __user *vec,
			    unsigned long vlen)
{
	struct fd f = fdget((unsigned int)fd);
	struct kiocb kiocb = { .ki_filp = f.file };
	struct iovec *iov = NULL;
	struct iov_iter iter;
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	if (!(f.file->f_mode & (type == READ ? FMODE_READ : FMODE_WRITE)))
		ret = -EBADF;
	else if (type == READ ? !f.file->f_op->read_iter : !f.file->f_op->write_iter)
		ret = -EINVAL;
	else
		ret = import_iovec(type, vec, vlen, &iov, &iter);
	if (ret > 0)
		ret = type == READ ? f.file->f_op->read_iter(&kiocb, &iter) :
				     f.file->f_op->write_iter(&kiocb, &iter);
	kfree(iov);
	fdput(f);
	return ret;
}

/* Bytes, 0 for none asked for, or as sys_read(). */
long sys_readv(unsigned long fd, const struct iovec *vec, unsigned long vlen)
{
	return do_readv_writev(READ, fd, vec, vlen);
}

/* The same of sys_write(). */
long sys_writev(unsigned long fd, const struct iovec *vec, unsigned long vlen)
{
	return do_readv_writev(WRITE, fd, vec, vlen);
}
