/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SYSCTL_H
#define _LINUX_SYSCTL_H

/*
 * Tunables by name. A subsystem registers a table under a path ("net/ipv4");
 * core_sysctl("net.ipv4.tcp_timestamps", "0") finds the row and calls its
 * handler, which parses, checks the range and stores (kernel/sysctl.c).
 */
#include <linux/types.h>

struct ctl_table;

/* Stores the text @value; 0, -EINVAL when it does not parse or is out of range. */
typedef int proc_handler(const struct ctl_table *table, const char *value);

/**
 * struct ctl_table - one tunable; a row without procname ends a table
 * @procname: last part of its name
 * @data: where the value lives
 * @maxlen: bytes at @data; more than one value is an array of int
 * @mode: 0644 or 0444
 * @proc_handler: how it is set
 * @proc_show: how it is read, NULL: by the handler's kind of value
 * @extra1: smallest value allowed, NULL for none
 * @extra2: largest value allowed, NULL for none
 */
struct ctl_table {
	const char *procname;
	void *data;
	int maxlen;
	umode_t mode;
	proc_handler *proc_handler;
	void (*proc_show)(const struct ctl_table *table, char *buf, size_t len);
	void *extra1;
	void *extra2;
};

/* The table must outlive the world. 0 or -ENOMEM. */
int register_sysctl(const char *path, const struct ctl_table *table);
/*
 * @lookup finds rows that stand in no table, by the whole name ("net.ipv4.conf.tap0.rp_filter"); NULL:
 * it knows none of that name. What it returns is used at once.
 */
void register_sysctl_lookup(const struct ctl_table *(*lookup)(const char *name));
/* 0, -ENOENT, -EACCES (read only) or -EINVAL. @name has dots or slashes. */
int sysctl_write(const char *name, const char *value);
/* The value(s) as text into @buf; 0 or -ENOENT. */
int sysctl_read(const char *name, char *buf, size_t len);
void sysctl_init(void);

proc_handler proc_dointvec;
proc_handler proc_dointvec_minmax;
proc_handler proc_dointvec_jiffies;    /* the text is seconds */
proc_handler proc_dointvec_ms_jiffies; /* the text is milliseconds */
proc_handler proc_doulongvec_minmax;
proc_handler proc_dostring;
proc_handler proc_do_large_bitmap; /* "1,5-9"; data: unsigned long **, maxlen: bits */
void proc_show_large_bitmap(const struct ctl_table *table, char *buf, size_t len);

#endif
