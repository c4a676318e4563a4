/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task's limits (kernel/sys.c). Who opens many sockets at once must raise RLIMIT_NOFILE first, as
 * a server does with ulimit -n; the ceiling is fs.nr_open.
 */
#include <linux/errno.h>
#include <linux/fdtable.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <synwalk/core.h>

/* 0; -EINVAL for another limit or cur above max, -EPERM above fs.nr_open, -EFAULT. */
long sys_setrlimit(unsigned int resource, const struct rlimit *rlim)
{
	struct rlimit new_rlim;

	if (resource != RLIMIT_NOFILE)
		return -EINVAL;
	if (copy_from_user(&new_rlim, rlim, sizeof(new_rlim)))
		return -EFAULT;
	if (new_rlim.rlim_cur > new_rlim.rlim_max)
		return -EINVAL;
	if (new_rlim.rlim_max > SYSCTL_NR_OPEN)
		return -EPERM;
	current->rlim_nofile = new_rlim.rlim_cur;
	return 0;
}
