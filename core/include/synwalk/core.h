/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
#ifndef _SYNWALK_CORE_H
#define _SYNWALK_CORE_H

/*
 * How a program drives the kernel in miniature. This is the core's only door:
 * it knows neither libc nor kernel headers, so both sides can include it.
 *
 * A world is booted with a seed and a clock, given a device (a TAP opened by
 * the caller, or a wire whose far end is a callback), an address, and tasks.
 * core_run() then runs until all is done. A task's function lives outside of
 * the core and calls sys_*() as a program calls the kernel; memory that it
 * passes must come from core_user_alloc().
 *
 * Functions return 0 or a negative errno in the kernel's numbers, unless told
 * otherwise. Not thread safe: one world at a time, driven by one thread.
 */
#include <stddef.h>
#include <stdint.h>

struct iovec;
struct rlimit;
struct sigaction;
struct sockaddr;
struct pollfd;
struct user_msghdr;

/**
 * struct core_config - how a world starts
 * @seed: start of all randomness: with the virtual clock, one seed gives one run
 * @wall_clock: 0: virtual clock, jumps to the next event; 1: the host's time
 * @ticks: the counter of ticks (jiffies) starts so much later than it does otherwise, so that time
 *	stamps are others; virtual clock only
 * @real_ns: the calendar is so many nanoseconds later than it is otherwise, and with it the part of
 *	initial sequence numbers that counts time, one each 64 ns; virtual clock only
 * @console_level: log messages up to this level go to standard error
 *	(0 none, 4 warnings, 7 all)
 */
struct core_config {
	uint64_t seed;
	int wall_clock;
	uint32_t ticks;
	uint64_t real_ns;
	int console_level;
};

/* Boots; -EBUSY when a world is up, -ENOMEM. May follow a core_shutdown() in the same process. */
int core_boot(const struct core_config *config);
/* Ends every task, closes every file, frees all memory of the world. */
void core_shutdown(void);
/* Nanoseconds since boot; valid between boot and shutdown, and 0 before. */
const volatile uint64_t *core_clock(void);

/*
 * The machine was stopped for @ns of the host's time, as a debugger stops one: its clock goes on from
 * where it stood. With the virtual clock there is nothing to be done.
 */
void core_clock_hold(uint64_t ns);

/*
 * A device over an open TAP queue (IFF_TAP | IFF_NO_PI). The core reads and
 * writes @tap_fd without blocking but does not close it. -EINVAL, -EEXIST, -ENOMEM.
 */
int core_add_tap(const char *ifname, int tap_fd, const uint8_t mac[6], int mtu);
/*
 * A device whose other end is @far_end: it gets every frame that the core sends,
 * @delay_ns later, in the idle task's context, and may answer with
 * core_wire_inject(). @mac NULL: there is no link layer, and frames are IP packets, as of a tun
 * device: no ARP, one peer.
 */
int core_add_wire(const char *ifname, const uint8_t mac[6], int mtu, uint64_t delay_ns,
		  void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx);
/*
 * One half of a veth pair, whose other half is @far_end: it gets every frame within the call that
 * sends it, and what it injects then without delay is received before that call goes on.
 */
int core_add_veth(const char *ifname, const uint8_t mac[6], int mtu,
		  void (*far_end)(void *ctx, const void *frame, size_t len), void *ctx);
/*
 * Puts a frame on its way to the core, by a wire or a veth: it arrives @delay_ns from now. -ENODEV,
 * -EMSGSIZE, -ENOMEM.
 */
int core_wire_inject(const char *ifname, const void *frame, size_t len, uint64_t delay_ns);

/*
 * The CPU is busy for @ns with what is no business of the core, so that time passes within a call
 * that otherwise takes none. Virtual clock only.
 */
void core_busy(uint64_t ns);

/* Calls @fn(@arg) on the idle task at @at_ns since boot (at once when that is past). */
int core_at(uint64_t at_ns, void (*fn)(void *arg), void *arg);

/* An address (network byte order) with its local, connected and broadcast routes. */
int core_addr_add(const char *ifname, uint32_t be_addr, int prefixlen);
/* A route; @be_gateway 0: on link. */
int core_route_add(uint32_t be_dst, int prefixlen, uint32_t be_gateway, const char *ifname);
/* "net.ipv4.tcp_timestamps", "0"; -ENOENT when there is none, -EINVAL for a bad value. */
int core_sysctl(const char *name, const char *value);
/* Its value as text; -ENOENT. */
int core_sysctl_get(const char *name, char *buf, size_t len);

/* A user task that runs @fn(@arg) from the next core_run(); its pid, or -errno. */
int core_task(const char *name, void (*fn)(void *arg), void *arg);
/* Sends a signal to a task; -ESRCH. */
int core_signal(int pid, int sig);
/*
 * Runs until every task has exited and its connections are closed cleanly as
 * far as the peer answers. -EDEADLK when tasks sleep and nothing can wake them.
 */
int core_run(void);
/* Runs until the clock shows @ns, or nothing is left to do before. */
int core_run_until(uint64_t ns);
/*
 * Runs until @more(@ctx) says 0, which is asked whenever no task and no softirq has work left, or
 * until the clock shows @ns.
 */
int core_run_while(int (*more)(void *ctx), void *ctx, uint64_t ns);
/* A user task that shares the descriptors of task @pid; its pid, -ESRCH, -ENOMEM. */
int core_thread(const char *name, void (*fn)(void *arg), void *arg, int pid);
/* The calling task sleeps until core_unpark(): it waits to be told what to do. */
void core_park(void);
/* 1 if the task was woken, 0 if it did not sleep; -ESRCH. */
int core_unpark(int pid);
/* The calling task's lowest pending signal, taken as on the way back to user space; 0: none. */
int core_take_signal(void);
/**
 * struct core_route - what ip route can say of a route; 0 is the default of all but the first two
 * @be_dst, @prefixlen: the destinations; network byte order, bits
 * @be_gateway: network byte order; 0: on link
 * @ifname: device; NULL: that of the gateway
 * @type: 1 unicast (0 too), 2 local, 6 blackhole, 7 unreachable, 8 prohibit, 9 throw: the kernel's RTN_*
 * @scope: 253 link, 254 host; 0: what ip(8) would take
 * @be_src: source address to use
 * @tos, @priority: of the route
 * @replace: 1: in place of the one with this destination
 * @lock: bit n: the kernel's metric n (RTAX_*: 2 MTU, 4 RTT, 7 cwnd, 13 rto_min) is locked
 * @mtu, @window, @advmss: bytes; @initrwnd, @initcwnd, @cwnd, @ssthresh: segments
 * @features_ecn: ask for ECN on this route
 * @congctl: congestion control's name, or NULL
 */
struct core_route {
	uint32_t be_dst;
	int prefixlen;
	uint32_t be_gateway;
	const char *ifname;
	int type;
	int scope;
	uint32_t be_src;
	uint8_t tos;
	uint32_t priority;
	int replace;
	uint32_t lock;
	uint32_t mtu, window, advmss, hoplimit;
	uint32_t rtt_ms, rttvar_ms, rto_min_ms;
	uint32_t initcwnd, initrwnd, cwnd, ssthresh, reordering;
	int features_ecn, quickack;
	const char *congctl;
};
/* ip route add or replace; -EINVAL, -ENODEV, -EEXIST, -ENETUNREACH, -ENETDOWN, -ENOBUFS. */
int core_route_add_full(const struct core_route *route);
/* ip route del: the first that has what @route names, metrics left aside; -ESRCH, -EINVAL. */
int core_route_del(const struct core_route *route);
/* ip address del; -ENODEV, -EADDRNOTAVAIL. */
int core_addr_del(const char *ifname, uint32_t be_addr, int prefixlen);
/* ip link set mtu; -ENODEV, -EINVAL. */
int core_link_mtu(const char *ifname, int mtu);
/*
 * ip neigh replace; @nud is the kernel's NUD_*: 0x02 reachable, 0x04 stale, 0x80 permanent ...
 * @mac NULL: none known. -ENODEV, -ENOMEM.
 */
int core_neigh_set(const char *ifname, uint32_t be_addr, const uint8_t *mac, int nud);
/* ip neigh del: the entry is FAILED from now on; -ENOENT. */
int core_neigh_del(const char *ifname, uint32_t be_addr);
/* ip neigh flush: the entries are gone; @ifname NULL: of all devices. -ENODEV. */
int core_neigh_flush(const char *ifname);
/*
 * What TCP remembers of a peer, as if a connection had left it: "rtt" and "rttvar" in microseconds,
 * "ssthresh", "cwnd", "reordering" in segments, "ts" and "ts_age" (the peer's last time stamp, and
 * how many seconds ago). The kernel can only forget. -EINVAL, -ENETUNREACH, -ENOMEM.
 */
int core_tcp_metrics_set(uint32_t be_saddr, uint32_t be_daddr, const char *name, uint32_t value);
/* ip tcp_metrics flush */
void core_tcp_metrics_flush(void);
/* ip link set up or down; -ENODEV. */
int core_link_set(const char *ifname, int up);
/* ip neigh replace ... nud permanent; -ENODEV, -ENOMEM. */
int core_neigh_add(const char *ifname, uint32_t be_addr, const uint8_t mac[6]);
/**
 * struct core_filter - a rule of the packet filter
 * @output: 1: on what this host sends; 0: on what it receives
 * @drop: 1: DROP, 0: ACCEPT
 * @reject: not 0: REJECT, a drop whose sender is told: CORE_REJECT_TCP_RESET, or 1 plus the code of
 *	an ICMP "destination unreachable" (icmp-host-unreachable: 2)
 * @proto: 6 TCP, 17 UDP, 1 ICMP; 0: any
 * @sport, @dport: host byte order; 0: any
 * @be_src, @be_src_mask, @be_dst, @be_dst_mask: network byte order; a mask of 0 matches all
 */
struct core_filter {
	int output;
	int drop;
	int reject;
	uint8_t proto;
	uint16_t sport, dport;
	uint32_t be_src, be_src_mask;
	uint32_t be_dst, be_dst_mask;
};
/* What core_filter.reject may be, when it is not an ICMP's code plus one. */
#define CORE_REJECT_TCP_RESET 255
/* iptables -A; -EINVAL, -ENOMEM. */
int core_filter_append(const struct core_filter *rule);
/* iptables -F */
void core_filter_flush(void);
/*
 * A security module answers @hook ("socket_connect", "capable", ...: the members of security_hook_list) with
 * -@err from now on; 0: it has nothing against it. -ENOENT: no such hook.
 */
int core_deny(const char *hook, int err);
/* User memory, zeroed, aligned to 16 bytes; lives until shutdown. NULL when memory is out. */
void *core_user_alloc(size_t size);
/* The @nth allocation of kernel memory from now on fails, no other; 0: none. */
void core_fail_alloc(unsigned long nth);
/* How many allocations are still to come until then; 0: it has failed. */
unsigned long core_fail_alloc_left(void);
/*
 * Signs a TCP segment in an IPv4 packet as RFC 2385 asks, if it has room for it (an MD5 option), and
 * makes its checksum right again. For what stands in for a peer. @key: at most 80 bytes.
 */
void core_tcp_sign(uint8_t *packet, size_t len, const void *key, size_t keylen);
/* A counter by its SNMP name ("TcpActiveOpens"); -ENOENT. */
long core_counter(const char *mib_name);
/* Failed WARN_ON()s since boot: 0 in a healthy run. */
unsigned int core_warnings(void);
/* Objects not given back by a world that was shut down; of the last core_shutdown(). */
unsigned int core_leaks(void);

/* The system calls, for tasks. Negative errno on failure; no errno variable. */
long sys_socket(int family, int type, int protocol);
long sys_listen(int fd, int backlog);
long sys_bind(int fd, struct sockaddr *umyaddr, int addrlen);
long sys_connect(int fd, struct sockaddr *uservaddr, int addrlen);
long sys_shutdown(int fd, int how);
long sys_getsockname(int fd, struct sockaddr *usockaddr, int *usockaddr_len);
long sys_getpeername(int fd, struct sockaddr *usockaddr, int *usockaddr_len);
long sys_setsockopt(int fd, int level, int optname, char *optval, int optlen);
long sys_getsockopt(int fd, int level, int optname, char *optval, int *optlen);
/* What there is to open: "/", a directory, and "/dev/null". */
long sys_open(const char *filename, int flags, unsigned int mode);
long sys_dup(unsigned int fildes);
long sys_close(unsigned int fd);
long sys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg);
long sys_read(unsigned int fd, char *buf, size_t count);
long sys_write(unsigned int fd, const char *buf, size_t count);
/* Several buffers at once, in user memory as they are: at most 1024. */
long sys_readv(unsigned long fd, const struct iovec *vec, unsigned long vlen);
long sys_writev(unsigned long fd, const struct iovec *vec, unsigned long vlen);
/* The C library's struct msghdr, in user memory, without control messages. */
long sys_sendmsg(int fd, struct user_msghdr *msg, unsigned int flags);
long sys_recvmsg(int fd, struct user_msghdr *msg, unsigned int flags);
long sys_sendto(int fd, void *buff, size_t len, unsigned int flags, struct sockaddr *addr,
		int addr_len);
long sys_recvfrom(int fd, void *ubuf, size_t size, unsigned int flags, struct sockaddr *addr,
		  int *addr_len);
long sys_poll(struct pollfd *ufds, unsigned int nfds, int timeout_msecs);
/* Sleeps for @ns of the core's clock; -EINTR after a signal. */
long sys_nanosleep(uint64_t ns);
long sys_getpid(void);
/*
 * What the calling task does with a signal: the kernel's struct, four words: handler (0: default, 1:
 * ignore, else caught), flags, restorer, mask; @sigsetsize is 8.
 */
long sys_rt_sigaction(int sig, const struct sigaction *act, struct sigaction *oact,
		      size_t sigsetsize);
/* RLIMIT_NOFILE alone; in user memory. */
long sys_setrlimit(unsigned int resource, const struct rlimit *rlim);

#endif
