/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

/*
 * The core's log. Messages go to the host's console, which is silent unless
 * the runner raises its level (host_console_level). %pI4 prints a __be32 by
 * pointer as dotted quad, %pM a MAC address, as in the kernel's lib/vsprintf.c.
 */
#include <linux/types.h>

#define KERN_EMERG   "<0>"
#define KERN_ERR     "<3>"
#define KERN_WARNING "<4>"
#define KERN_NOTICE  "<5>"
#define KERN_INFO    "<6>"
#define KERN_DEBUG   "<7>"

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int snprintf(char *buf, size_t size, const char *fmt, ...);
int scnprintf(char *buf, size_t size, const char *fmt, ...);
int printk(const char *fmt, ...);
void __noreturn __cold panic(const char *fmt, ...);

#define pr_err(...)   printk(KERN_ERR __VA_ARGS__)
#define pr_warn(...)  printk(KERN_WARNING __VA_ARGS__)
#define pr_info(...)  printk(KERN_INFO __VA_ARGS__)
#define pr_debug(...) printk(KERN_DEBUG __VA_ARGS__)

#define net_warn_ratelimited(...) printk(KERN_WARNING __VA_ARGS__)
#define net_info_ratelimited(...) printk(KERN_INFO __VA_ARGS__)
#define net_dbg_ratelimited(...)  printk(KERN_DEBUG __VA_ARGS__)
#define net_err_ratelimited(...)  printk(KERN_ERR __VA_ARGS__)

#endif
