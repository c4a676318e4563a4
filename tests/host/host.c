/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * This machine's kernel as the machine, in a network namespace that ends with the process; see
 * machine.h. Settings make it behave as v4.9 does, where it can (docs/testing.md).
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/host/machine.h"

static int tun;

static long told(long result)
{
	return result < 0 ? -errno : result;
}

/* What answers a packet at once is in the device's queue when the call is over. */
static size_t packet(uint8_t *to)
{
	ssize_t n = read(tun, to, PACKET_MAX);

	return n > 0 ? (size_t)n : 0;
}

static void inject(const uint8_t *ip, size_t length)
{
	if (write(tun, ip, length) != (ssize_t)length)
		say("tun0 did not take it\n");
}

static long socket_(int family, int type, int protocol)
{
	return told(socket(family, type, protocol));
}

static long bind_(int fd, void *address, int length)
{
	return told(bind(fd, address, (socklen_t)length));
}

static long connect_(int fd, void *address, int length)
{
	return told(connect(fd, address, (socklen_t)length));
}

static long listen_(int fd, int backlog)
{
	return told(listen(fd, backlog));
}

static long shutdown_(int fd, int how)
{
	return told(shutdown(fd, how));
}

static long close_(int fd)
{
	return told(close(fd));
}

static long getsockname_(int fd, void *address, int *length)
{
	return told(getsockname(fd, address, (socklen_t *)length));
}

static long getpeername_(int fd, void *address, int *length)
{
	return told(getpeername(fd, address, (socklen_t *)length));
}

static long setsockopt_(int fd, int level, int name, void *value, int length)
{
	return told(setsockopt(fd, level, name, value, (socklen_t)length));
}

static long getsockopt_(int fd, int level, int name, void *value, int *length)
{
	return told(getsockopt(fd, level, name, value, (socklen_t *)length));
}

static long sendto_(int fd, void *data, size_t size, unsigned int flags, void *address, int length)
{
	return told(sendto(fd, data, size, (int)flags, address, (socklen_t)length));
}

static long recv_(int fd, void *data, size_t size, unsigned int flags)
{
	return told(recv(fd, data, size, (int)flags));
}

static long poll_(struct pollfd *fds, unsigned int count, int timeout)
{
	return told(poll(fds, count, timeout));
}

static void *memory(size_t size)
{
	return calloc(1, size);
}

static const struct machine host = {
	socket_,     bind_,       connect_, listen_, shutdown_, close_, getsockname_, getpeername_,
	setsockopt_, getsockopt_, sendto_,  recv_,   poll_,     packet, inject,       memory,
};

/* A setting that this kernel has not, v4.9 may have. */
static void set(const char *folder, const char *name, const char *value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f)
		return;
	fputs(value, f);
	fclose(f);
}

static void set_all(const struct setup *setup)
{
	static const char *const as_v49[][2] = { { "tcp_syn_linear_timeouts", "0" },
						 { "tcp_timestamps", "2" },
						 { "tcp_fastopen", "3" },
						 { "tcp_tw_reuse", "0" },
						 { "tcp_rmem", "4096 87380 6291456" } };

	for (size_t i = 0; i < COUNT(as_v49); i++)
		set("ipv4", as_v49[i][0], as_v49[i][1]);
	set("core", "somaxconn", "128");
	for (int i = 0; i < setup->nsysctl; i++) {
		const char *value = setup->sysctl[i].value;

		/* 1 would add a number of its own to the time */
		if (!strcmp(setup->sysctl[i].name, "tcp_timestamps") && *value == '1')
			value = "2";
		set("ipv4", setup->sysctl[i].name, value);
	}
}

static void say_route(FILE *ip, const struct core_route *r)
{
	fprintf(ip, "route replace %s dev tun0", address_text(r->be_dst));
	if (r->be_src)
		fprintf(ip, " src %s", address_text(r->be_src));
	if (r->advmss)
		fprintf(ip, " advmss %u", r->advmss);
	if (r->hoplimit)
		fprintf(ip, " hoplimit %u", r->hoplimit);
	if (r->features_ecn)
		fprintf(ip, " features ecn");
	if (r->initcwnd)
		fprintf(ip, " initcwnd %u", r->initcwnd);
	if (r->cwnd)
		fprintf(ip, " cwnd lock %u", r->cwnd);
	fprintf(ip, "\n");
}

static int configure(const struct setup *setup)
{
	static const char *const types[] = { "blackhole", "unreachable", "prohibit", "throw" };
	FILE *ip = popen("ip -batch - >/dev/null", "w");

	if (!ip)
		return -1;
	fprintf(ip,
		"link set lo up\nlink set tun0 mtu %d up\naddr add 10.9.0.1/24 dev tun0\n"
		"addr add 10.9.0.3/24 dev tun0\n",
		setup->mtu);
	for (unsigned int i = 0; i < COUNT(types); i++)
		fprintf(ip, "route add %s 198.51.%u.0/24\n", types[i], 101 + i);
	if (setup->route.ifname)
		say_route(ip, &setup->route);
	return pclose(ip);
}

void host_machine(const struct setup *setup, void (*program)(void))
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "tun0" };

	machine = &host;
	tun = unshare(CLONE_NEWNET) ? -1 : open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (tun < 0 || ioctl(tun, TUNSETIFF, &ifr) || configure(setup)) {
		say("no network namespace with a tun device: %s\n", strerror(errno));
		exit(77);
	}
	set_all(setup);
	program();
}
