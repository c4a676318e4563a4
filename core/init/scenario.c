/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/*
 * The part of the core's door through which a script sets a world up and keeps
 * its tasks in step: what ip(8) and iptables(8) do for an administrator, and
 * tasks that wait to be told what to do next.
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/ip_fib.h>
#include <net/iptable_filter.h>
#include <net/net_namespace.h>
#include <synwalk/core.h>

/* ---- tasks in step ---- */

/* Not interruptible: a signal waits for the next system call, as one waits for user space. */
void core_park(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
}

int core_unpark(int pid)
{
	struct task_struct *p = find_task_by_pid(pid);

	return p ? wake_up_process(p) : -ESRCH;
}

int core_thread(const char *name, void (*fn)(void *arg), void *arg, int pid)
{
	struct task_struct *leader = find_task_by_pid(pid);

	return leader ? kernel_thread_files(name, fn, arg, leader->files) : -ESRCH;
}

int core_take_signal(void)
{
	return dequeue_signal(current);
}

/* cpu_startup_entry() asks a function without argument. */
static int (*run_more)(void *ctx);
static void *run_ctx;

static bool run_enough(void)
{
	return !run_more(run_ctx);
}

int core_run_while(int (*more)(void *ctx), void *ctx, uint64_t ns)
{
	run_more = more;
	run_ctx = ctx;
	return cpu_startup_entry(run_enough, ns);
}

/* ---- what ip(8) does ---- */

int core_link_set(const char *ifname, int up)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);

	if (!dev)
		return -ENODEV;
	return up ? dev_open(dev) : dev_close(dev);
}

/* ip neigh replace ... nud permanent. */
int core_neigh_add(const char *ifname, uint32_t be_addr, const uint8_t mac[6])
{
	return core_neigh_set(ifname, be_addr, mac, NUD_PERMANENT);
}

/* ---- what iptables(8) does ---- */

int core_filter_append(const struct core_filter *f)
{
	const struct ipt_rule rule = {
		.saddr = f->be_src,
		.smask = f->be_src_mask,
		.daddr = f->be_dst,
		.dmask = f->be_dst_mask,
		.sport = htons(f->sport),
		.dport = htons(f->dport),
		.proto = f->proto,
		.verdict = f->drop || f->reject ? NF_DROP : NF_ACCEPT,
		.reject = f->reject,
	};

	return ipt_append(f->output ? NF_INET_LOCAL_OUT : NF_INET_LOCAL_IN, &rule);
}

void core_filter_flush(void)
{
	ipt_flush();
}
