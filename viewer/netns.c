/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A private network for one run. Everything made here belongs to the namespaces of the calling
 * process and disappears with it; nothing needs to be undone by hand, even after SIGKILL.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "viewer/netns.h"
#include "viewer/problem.h"

/* Writes a short text into a file of /proc. Return: 0, or -1 with errno. */
static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int error;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

int netns_enter(struct peer_problem *problem)
{
	const char *hint =
		"run as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1"
		" user.max_user_namespaces=1000";
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
		int error = errno;

		if (unshare(CLONE_NEWNET) == 0)
			return 0;
		return problem_set(problem, "user and network namespace", error, hint);
	}
	/*
	 * Until we are somebody in the new namespace, the owner of /dev/net/tun and of /proc's
	 * files does not recognise us. The kernel lets a process without rights map itself only
	 * after it gave up setgroups(); that write fails harmlessly where it is not asked for.
	 */
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)uid);
	if (put("/proc/self/uid_map", map) < 0)
		return problem_set(problem, "/proc/self/uid_map", errno, hint);
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)gid);
	if (put("/proc/self/gid_map", map) < 0)
		return problem_set(problem, "/proc/self/gid_map", errno, hint);
	return 0;
}

int netns_open_tap(const char *ifname, struct peer_problem *problem)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		int error = errno;
		const char *hint = "";

		if (error == ENOENT || error == ENODEV || error == ENXIO)
			hint = "load the driver: modprobe tun (in a container: --device /dev/net/tun);"
			       " --wire needs no device";
		else if (error == EACCES || error == EPERM)
			hint = "this user may not open it: run as root, or chmod 666 /dev/net/tun;"
			       " --wire needs no rights";
		return problem_set(problem, "/dev/net/tun", error, hint);
	}
	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &ifr) < 0) {
		problem_set(
			problem, "TAP device", errno,
			"making one needs CAP_NET_ADMIN in the namespace; --wire needs no rights");
		close(fd);
		return -1;
	}
	return fd;
}

/* Sets one address of a device, or of its alias "tap0:1", with its mask. */
static int set_address(int ctl, const char *name, uint32_t addr, int prefixlen)
{
	struct ifreq ifr = { 0 };
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;

	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = addr;
	if (ioctl(ctl, SIOCSIFADDR, &ifr) < 0)
		return -1;
	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(prefixlen ? ~0u << (32 - prefixlen) : 0);
	return ioctl(ctl, SIOCSIFNETMASK, &ifr);
}

static int configure(int ctl, const char *ifname, const uint8_t mac[6], int mtu, uint32_t addr,
		     int prefixlen, uint32_t alias)
{
	struct ifreq ifr = { 0 };
	char second[IFNAMSIZ + 4];

	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	ifr.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr.ifr_hwaddr.sa_data, mac, 6);
	if (ioctl(ctl, SIOCSIFHWADDR, &ifr) < 0)
		return -1;
	ifr.ifr_mtu = mtu;
	if (ioctl(ctl, SIOCSIFMTU, &ifr) < 0)
		return -1;
	if (set_address(ctl, ifname, addr, prefixlen) < 0)
		return -1;
	snprintf(second, sizeof(second), "%s:1", ifname);
	if (alias && set_address(ctl, second, alias, 32) < 0)
		return -1;
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	return ioctl(ctl, SIOCSIFFLAGS, &ifr);
}

int netns_configure(const char *ifname, const uint8_t mac[6], int mtu, uint32_t addr, int prefixlen,
		    uint32_t alias, struct peer_problem *problem)
{
	int ctl, status;

	/* A kernel without IPv6 has no such file, and nothing to switch off. */
	put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");

	ctl = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ctl < 0)
		return problem_set(problem, "socket", errno, "");
	status = configure(ctl, ifname, mac, mtu, addr, prefixlen, alias);
	if (status < 0)
		problem_set(problem, ifname, errno, "the device could not be configured");
	close(ctl);
	return status < 0 ? -1 : 0;
}

/* One ioctl about the network; @what is said when it fails. Return: 0, or -1 with @problem filled. */
static int control(unsigned long request, void *arg, const char *what, struct peer_problem *problem)
{
	int ctl = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;

	if (ctl < 0)
		return problem_set(problem, "socket", errno, "");
	status = ioctl(ctl, request, arg);
	if (status < 0)
		problem_set(problem, what, errno, "it could not be set up");
	close(ctl);
	return status < 0 ? -1 : 0;
}

int netns_loopback(struct peer_problem *problem)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };

	return control(SIOCSIFFLAGS, &ifr, "lo", problem);
}

int netns_route_default(uint32_t gateway, struct peer_problem *problem)
{
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };
	struct sockaddr_in sin = { .sin_family = AF_INET };

	memcpy(&route.rt_dst, &sin, sizeof(sin));
	memcpy(&route.rt_genmask, &sin, sizeof(sin));
	sin.sin_addr.s_addr = gateway;
	memcpy(&route.rt_gateway, &sin, sizeof(sin));
	return control(SIOCADDRT, &route, "default route", problem);
}
