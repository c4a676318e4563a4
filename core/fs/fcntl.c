/* SPDX-License-Identifier: GPL-2.0-only */
/* fcntl(2) as far as sockets need it (fs/fcntl.c): flags of the file and of the descriptor. */
#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <synwalk/core.h>

/* What F_SETFL may change; the rest was settled at open. */
#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_NDELAY | FASYNC)

static int setfl(struct file *filp, unsigned long arg)
{
	spin_lock(&filp->f_lock);
	filp->f_flags = (unsigned int)(arg & SETFL_MASK) | (filp->f_flags & ~SETFL_MASK);
	spin_unlock(&filp->f_lock);
	return 0;
}

static void set_close_on_exec(unsigned int fd, bool on)
{
	struct fdtable *fdt = current->files->fdt;

	if (on)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
}

static long do_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *filp)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd((unsigned int)arg, filp, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd((unsigned int)arg, filp, O_CLOEXEC);
	case F_GETFD:
		return test_bit(fd, current->files->fdt->close_on_exec) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return filp->f_flags;
	case F_SETFL:
		return setfl(filp, arg);
	default:
		return -EINVAL;
	}
}

/* What is done with a descriptor, not with the file: good for one of O_PATH, too. */
static bool check_fcntl_cmd(unsigned int cmd)
{
	return cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC || cmd == F_GETFD || cmd == F_SETFD ||
	       cmd == F_GETFL;
}

/* -EBADF without such a descriptor, -EINVAL for a command that is not known here. */
long sys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct fd f = fdget_raw(fd);
	long err = -EBADF;

	if (!f.file)
		return err;
	if (!(f.file->f_mode & FMODE_PATH) || check_fcntl_cmd(cmd))
		err = do_fcntl(fd, cmd, arg, f.file);
	fdput(f);
	return err;
}
