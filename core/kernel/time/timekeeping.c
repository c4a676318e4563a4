/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock (kernel/time/timekeeping.c).
 *
 * clock_ns counts nanoseconds since boot. In virtual mode nothing takes time:
 * the clock stands still while the core runs and the idle loop moves it to the
 * next event, so 127 seconds of SYN retransmission pass in milliseconds and
 * every run has the same times. In wall mode it follows the host's monotonic
 * clock and is read again at each ktime_get() and each time the machine wakes
 * from idling. jiffies follows clock_ns in both.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/timekeeping.h>
#include <host/host.h>

/* The calendar date at which a virtual world boots: 2016-12-11 19:17:54 UTC, when v4.9 was released. */
#define VIRTUAL_EPOCH_NS (1481483874ULL * NSEC_PER_SEC)

unsigned long volatile jiffies = INITIAL_JIFFIES;
unsigned long jiffies_at_boot = INITIAL_JIFFIES;
volatile uint64_t clock_ns;

static bool wall_clock;
static u64 boot_host_ns; /* the host's monotonic clock at boot */
static u64 boot_real_ns; /* calendar at boot, ns since 1970 */

/* Ticks that have passed are accounted at once: nothing here needs to see each of them. */
static void tick_advance(void)
{
	jiffies = jiffies_at_boot + (unsigned long)(clock_ns / TICK_NSEC);
}

void tick_do_update_jiffies64(void)
{
	if (wall_clock)
		clock_ns = host_clock_ns() - boot_host_ns;
	tick_advance();
}

void timekeeping_jump(u64 ns)
{
	BUG_ON(wall_clock || ns < clock_ns);
	clock_ns = ns;
	tick_advance();
}

ktime_t ktime_get(void)
{
	if (wall_clock)
		tick_do_update_jiffies64();
	return ns_to_ktime(clock_ns);
}

u64 local_clock(void)
{
	return (u64)ktime_to_ns(ktime_get());
}

ktime_t ktime_get_real(void)
{
	return ktime_add_ns(ktime_get(), boot_real_ns);
}

unsigned long get_seconds(void)
{
	return (unsigned long)((boot_real_ns + clock_ns) / NSEC_PER_SEC);
}

bool timekeeping_is_wall(void)
{
	return wall_clock;
}

void timekeeping_init(int wall, u32 ticks, u64 real_ns)
{
	jiffies_at_boot = INITIAL_JIFFIES + ticks;
	wall_clock = wall != 0;
	clock_ns = 0;
	boot_host_ns = wall_clock ? host_clock_ns() : 0;
	boot_real_ns = wall_clock ? host_real_ns() : VIRTUAL_EPOCH_NS + real_ns;
	tick_advance();
}
