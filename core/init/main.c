/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot (init/main.c), and the core's door: the functions of synwalk/core.h.
 *
 * A world is all state of the miniature kernel. start_kernel() sets every piece
 * of it up in one order, so that it can be done again: after core_shutdown() a
 * second core_boot() in the same process starts from the same state, and with
 * the same seed does the same.
 */
#include <linux/clockchips.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/tapdev.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <net/inet_common.h>
#include <net/inet_timewait_sock.h>
#include <net/ip_fib.h>
#include <net/iptable_filter.h>
#include <net/net_namespace.h>
#include <net/snmp.h>
#include <net/tcp.h>
#include <host/host.h>
#include <synwalk/core.h>
#include "../drivers/net/tun.h"

unsigned int boot_generation;

static bool world_up;
static unsigned int last_leaks;

/* After the last task has gone, how long its connections may take to close, on either clock. */
#define LINGER_WALL_NS    (3ULL * NSEC_PER_SEC)
#define LINGER_VIRTUAL_NS (300ULL * NSEC_PER_SEC)
/* How long the peer's FIN is waited for when all that we have to say is said. */
#define QUIET_WALL_NS (200ULL * NSEC_PER_MSEC)

/* First what everything stands on, then the network from the bottom up. 0 or -errno. */
static int start_kernel(const struct core_config *config)
{
	int err;

	boot_generation++;
	warn_count = 0;
	kmem_cache_init();
	sched_init();
	softirq_init();
	timekeeping_init(config->wall_clock, config->wall_clock ? 0 : config->ticks,
			 config->real_ns);
	init_timers();
	clockevents_init();
	random_init(config->seed);
	sysctl_init();
	user_memory_init();
	files_init();
	fork_init();
	security_register(NULL);

	netfilter_init();
	net_ns_init();
	skb_init();
	net_dev_init();
	sock_init();
	err = inet_init();
	if (err)
		return err;
	err = tun_init();
	if (err)
		return err;
	return loopback_init();
}

int core_boot(const struct core_config *config)
{
	int err;

	if (world_up)
		return -EBUSY;
	host_console_level(config->console_level);
	err = start_kernel(config);
	world_up = true;
	if (err)
		core_shutdown();
	return err;
}

/* In the reverse order: whoever holds something of another goes before it. */
void core_shutdown(void)
{
	if (!world_up)
		return;
	fork_exit();
	tap_exit();
	wire_exit();
	net_dev_exit();
	inet_exit();
	loopback_exit();
	sock_exit();
	tun_exit();
	skb_exit();
	ipt_flush();
	netfilter_exit();
	files_exit();
	user_memory_exit();
	fork_free();
	last_leaks = slab_report_leaks();
	kmem_cache_exit();
	world_up = false;
}

const volatile uint64_t *core_clock(void)
{
	return &clock_ns;
}

int core_add_tap(const char *ifname, int tap_fd, const uint8_t mac[6], int mtu)
{
	return tap_add(ifname, tap_fd, mac, mtu);
}

int core_add_wire(const char *ifname, const uint8_t mac[6], int mtu, uint64_t delay_ns,
		  void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx)
{
	return wire_add(ifname, mac, mtu, delay_ns, far_end, ctx);
}

int core_add_veth(const char *ifname, const uint8_t mac[6], int mtu,
		  void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx)
{
	return veth_add(ifname, mac, mtu, far_end, ctx);
}

int core_wire_inject(const char *ifname, const void *frame, size_t len, uint64_t delay_ns)
{
	int err = wire_inject(ifname, frame, len, delay_ns);

	return err == -ENODEV ? veth_inject(ifname, frame, len, delay_ns) : err;
}

void core_busy(uint64_t ns)
{
	if (!timekeeping_is_wall())
		timekeeping_jump(clock_ns + ns);
}

/* A call from outside at a point in time. */
struct core_call {
	struct clock_event event;
	void (*fn)(void *arg);
	void *arg;
};

static void core_call_run(struct clock_event *evt)
{
	struct core_call *call = container_of(evt, struct core_call, event);
	void (*fn)(void *) = call->fn;
	void *arg = call->arg;

	kfree(call);
	fn(arg);
}

int core_at(uint64_t at_ns, void (*fn)(void *arg), void *arg)
{
	struct core_call *call = kzalloc_type(struct core_call, GFP_KERNEL);

	if (!call)
		return -ENOMEM;
	call->fn = fn;
	call->arg = arg;
	clockevents_program_event(&call->event, max_t(u64, at_ns, clock_ns), core_call_run);
	return 0;
}

int core_addr_add(const char *ifname, uint32_t be_addr, int prefixlen)
{
	struct net_device *dev = __dev_get_by_name(&init_net, ifname);

	return dev ? inet_addr_add(dev, be_addr, prefixlen) : -ENODEV;
}

int core_route_add(uint32_t be_dst, int prefixlen, uint32_t be_gateway, const char *ifname)
{
	struct net_device *dev = NULL;

	if (ifname) {
		dev = __dev_get_by_name(&init_net, ifname);
		if (!dev)
			return -ENODEV;
	}
	return inet_route_add(&init_net, be_dst, prefixlen, be_gateway, dev);
}

int core_sysctl(const char *name, const char *value)
{
	return sysctl_write(name, value);
}

int core_sysctl_get(const char *name, char *buf, size_t len)
{
	return sysctl_read(name, buf, len);
}

int core_task(const char *name, void (*fn)(void *arg), void *arg)
{
	return kernel_thread(name, fn, arg);
}

int core_signal(int pid, int sig)
{
	struct task_struct *p = find_task_by_pid(pid);

	return p ? send_sig(sig, p, 0) : -ESRCH;
}

static bool tasks_done(void)
{
	return nr_tasks() == 0;
}

/* No connection that a task has left behind waits for an ACK of its FIN any more. */
static bool orphans_gone(void)
{
	return tcp_orphan_count <= 0;
}

/*
 * No frame is under way, so nothing of what was done can still arrive. Behind a
 * TAP nobody knows; there a connection in TIME_WAIT or FIN_WAIT2 is given a
 * moment for the peer's FIN.
 */
static bool wires_quiet(void)
{
	u64 at;

	if (clockevents_next(&at))
		return false;
	return !timekeeping_is_wall() || !atomic_read(&tcp_death_row.tw_count);
}

int core_run(void)
{
	bool wall = timekeeping_is_wall();
	int err = cpu_startup_entry(tasks_done, U64_MAX);

	if (err)
		return err;
	cpu_startup_entry(orphans_gone,
			  local_clock() + (wall ? LINGER_WALL_NS : LINGER_VIRTUAL_NS));
	cpu_startup_entry(wires_quiet, local_clock() + (wall ? QUIET_WALL_NS : LINGER_VIRTUAL_NS));
	return 0;
}

int core_run_until(uint64_t ns)
{
	return cpu_startup_entry(NULL, ns);
}

void *core_user_alloc(size_t size)
{
	return user_memory_alloc(size);
}

long core_counter(const char *mib_name)
{
	return snmp_get_by_name(&init_net, mib_name);
}

unsigned int core_warnings(void)
{
	return warn_count;
}

unsigned int core_leaks(void)
{
	return last_leaks;
}

/* nanosleep(2) on the core's clock (kernel/time/hrtimer.c), to the tick; 0 or -EINTR. */
long sys_nanosleep(uint64_t ns)
{
	unsigned long ticks = (unsigned long)DIV_ROUND_UP(ns, (u64)TICK_NSEC);

	return schedule_timeout_interruptible((long)ticks) ? -EINTR : 0;
}

long sys_getpid(void)
{
	return current->pid;
}
