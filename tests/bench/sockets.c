/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Many sockets at once, over the virtual wire, with the plain core.
 *
 *     sockets crowd N     N sockets connect without blocking before the first SYN-ACK arrives; then
 *                         all are answered. Prints N, those established, nanoseconds for each
 *                         socket()+connect(), for each handshake's end, and bytes of memory for each
 *                         socket while its SYN is under way and when it is connected
 *     sockets search      one destination takes a whole range of 4,096 ports; for each share of it
 *                         that is taken, the cost of a connect(), nanoseconds
 *
 * The far end keeps nothing: it answers each SYN from its own bytes. The crowd's times are processor
 * time, the search's are medians, so that a busy machine makes little difference. Memory is what the
 * process holds (RSS), without what it held before the first socket.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"

#define MS         1000000ull
#define WAY_NS     (300 * MS) /* one way; both ways are less than the SYN's first timeout */
#define BATCH      500        /* frames the device's queue takes before it is looked after */
#define SAMPLE     7          /* connects that are timed at each share of the range */
#define PORTS      4 /* of the far end: the crowd has more sockets than one has four-tuples */
#define RANGE_LOW  32768
#define RANGE_HIGH 36863

static const uint8_t near_mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t far_mac[6] = { 2, 0, 0, 0, 0, 2 };
static uint64_t way_ns;
static long wanted, established;
static double connect_ns, finish_ns, syn_bytes, established_bytes;

static double now_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static double resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size = 0, pages = 0;

	if (!f || fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void die(const char *what, long error)
{
	fprintf(stderr, "sockets: %s: %s\n", what, strerror((int)-error));
	exit(2);
}

/* ---- the far end ---- */

static uint32_t sum(const uint8_t *p, size_t n, uint32_t s)
{
	for (; n > 1; p += 2, n -= 2)
		s += (uint32_t)(p[0] << 8 | p[1]);
	return s;
}

static void put_sum(uint8_t *at, uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	at[0] = (uint8_t)(~s >> 8);
	at[1] = (uint8_t)~s;
}

static void swap(uint8_t *a, uint8_t *b, size_t n)
{
	uint8_t t[6];

	memcpy(t, a, n);
	memcpy(a, b, n);
	memcpy(b, t, n);
}

static void answer_arp(uint8_t *f)
{
	f[21] = 2;
	memcpy(f, f + 6, 6);
	memcpy(f + 6, far_mac, 6);
	swap(f + 28, f + 38, 4);
	memcpy(f + 32, f + 22, 6);
	memcpy(f + 22, far_mac, 6);
	core_wire_inject("wire0", f, 60, 0);
}

/* The SYN turned round: no options but the first, which is the MSS. */
static void answer_syn(uint8_t *f)
{
	uint8_t *ip = f + 14, *tcp = f + 34;

	swap(f, f + 6, 6);
	swap(ip + 12, ip + 16, 4);
	swap(tcp, tcp + 2, 2);
	memcpy(tcp + 8, tcp + 4, 4);
	if (++tcp[11] == 0 && ++tcp[10] == 0 && ++tcp[9] == 0)
		tcp[8]++;
	ip[3] = 44;
	tcp[12] = 6 << 4;
	tcp[13] = 0x12;
	memset(ip + 10, 0, 2);
	memset(tcp + 16, 0, 2);
	put_sum(ip + 10, sum(ip, 20, 0));
	put_sum(tcp + 16, sum(tcp, 24, sum(ip + 12, 8, 6 + 24)));
	core_wire_inject("wire0", f, 58, way_ns);
}

static void far_end(void *ctx, const void *frame, size_t len)
{
	uint8_t f[128] = { 0 };

	(void)ctx;
	memcpy(f, frame, len < sizeof(f) ? len : sizeof(f));
	if (f[12] == 8 && f[13] == 6)
		answer_arp(f);
	else if (f[23] == 6 && f[47] == 2)
		answer_syn(f);
}

/* ---- the near end ---- */

static struct sockaddr_in *addr;

static void raise_limit(void)
{
	struct rlimit *r = core_user_alloc(sizeof(*r));
	long e;

	*r = (struct rlimit){ .rlim_cur = 1 << 20, .rlim_max = 1 << 20 };
	e = sys_setrlimit(RLIMIT_NOFILE, r);
	if (e)
		die("setrlimit", e);
}

/* A socket that begins to connect; what connect() returned. */
static long begin(uint16_t port)
{
	long fd = sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), e;

	if (fd < 0)
		die("socket", fd);
	addr->sin_port = htons(port);
	e = sys_connect((int)fd, (struct sockaddr *)addr, sizeof(*addr));
	if (e < 0 && e != -115) /* EINPROGRESS */
		sys_close((unsigned int)fd);
	return e;
}

/* The first: it finds out where the far end lives, and takes its memory before we look. */
static void set_up(void)
{
	addr = core_user_alloc(sizeof(*addr));
	addr->sin_family = AF_INET;
	addr->sin_addr.s_addr = inet_addr("10.9.0.2");
	raise_limit();
	begin(79);
	sys_nanosleep(100 * MS);
}

static void crowd(void *arg)
{
	double before, began;
	long i, e;

	(void)arg;
	set_up();
	way_ns = WAY_NS;
	before = resident();
	began = now_ns(CLOCK_THREAD_CPUTIME_ID);
	for (i = 0; i < wanted; i++) {
		e = begin((uint16_t)(80 + i % PORTS));
		if (e != -115)
			die("connect", e);
		if (i % BATCH != BATCH - 1)
			continue;
		/* The device's queue holds 1000 frames; let it be read. */
		connect_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - began;
		sys_nanosleep(MS);
		began = now_ns(CLOCK_THREAD_CPUTIME_ID);
	}
	connect_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - began;
	syn_bytes = resident() - before;
	established = -core_counter("TcpCurrEstab");
	began = now_ns(CLOCK_THREAD_CPUTIME_ID);
	sys_nanosleep(2 * WAY_NS);
	finish_ns = now_ns(CLOCK_THREAD_CPUTIME_ID) - began;
	established += core_counter("TcpCurrEstab");
	established_bytes = resident() - before;
	/* The end of the world closes them; 100,000 orphans are another benchmark. */
	_exit(printf("%ld %ld %.0f %.0f %.0f %.0f\n", wanted, established,
		     connect_ns / (double)wanted, finish_ns / (double)wanted,
		     syn_bytes / (double)wanted, established_bytes / (double)wanted) < 0 ||
	      fflush(stdout));
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void print_median(double share, double *ns, size_t n)
{
	qsort(ns, n, sizeof(*ns), ascending);
	printf("%.1f %.0f\n", 100 * share, ns[n / 2]);
}

static void search(void *arg)
{
	static const double shares[] = { 0,    0.25, 0.45, 0.49, 0.499, 0.501,
					 0.51, 0.55, 0.75, 0.90, 0.99,  2 };
	const int ports = RANGE_HIGH - RANGE_LOW + 1;
	double ns[SAMPLE], began, share = 0;
	int next = 0, taken, n = SAMPLE;
	long e = 0;

	(void)arg;
	set_up();
	for (taken = 0; taken < ports; taken++) {
		if (n == SAMPLE && taken >= shares[next] * ports) {
			share = (double)taken / ports;
			next++;
			n = 0;
		}
		began = now_ns(CLOCK_MONOTONIC);
		e = begin(80);
		if (e != -115)
			die("connect", e);
		if (n < SAMPLE) {
			ns[n++] = now_ns(CLOCK_MONOTONIC) - began;
			if (n == SAMPLE)
				print_median(share, ns, SAMPLE);
		}
		if (taken % BATCH == BATCH - 1)
			sys_nanosleep(MS);
	}
	for (n = 0; n < SAMPLE; n++) {
		began = now_ns(CLOCK_MONOTONIC);
		e = begin(80);
		ns[n] = now_ns(CLOCK_MONOTONIC) - began;
	}
	print_median(1, ns, SAMPLE);
	fflush(stdout);
	_exit(e == -99 ? 0 : 1); /* EADDRNOTAVAIL */
}

static void check(const char *what, long e)
{
	if (e < 0)
		die(what, e);
}

int main(int argc, char **argv)
{
	struct core_config boot = { .seed = 1 };
	int is_crowd = argc == 3 && !strcmp(argv[1], "crowd");

	if (!is_crowd && !(argc == 2 && !strcmp(argv[1], "search")))
		return 2;
	wanted = is_crowd ? atol(argv[2]) : 0;
	check("boot", core_boot(&boot));
	check("wire", core_add_wire("wire0", near_mac, 1500, 1000, far_end, NULL));
	check("address", core_addr_add("wire0", inet_addr("10.9.0.1"), 24));
	if (is_crowd)
		check("ports", core_sysctl("net.ipv4.ip_local_port_range", "1024 65535"));
	else
		check("ports", core_sysctl("net.ipv4.ip_local_port_range", "32768 36863"));
	check("task", core_task("bench", is_crowd ? crowd : search, NULL));
	check("run", core_run());
	return 1;
}
