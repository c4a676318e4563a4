/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Every recorded way that connect(2) ended on a v4.9 kernel, done again here: what it returned, the
 * socket's state, SO_ERROR, the names, the segments it sent, and for those that took seconds, how
 * long.
 *
 * A scenario of tests/data/oracle/errno.jsonl is a function below; each of its rows is a step. The
 * last line counts rows. Times are compared to a twelfth, because v4.9's timers fire late by up to
 * that and ours do not; what took less than a second there is only known to be short.
 */

#include "tests/oracle/errno_rows.h"

#include "tests/oracle/errno_ones.h"

/* ---------------------------------------------------------------- arguments */

/* The root directory, opened with these flags. */
static int no_socket(int flags)
{
	char *name = core_user_alloc(2);

	name[0] = '/';
	return (int)sys_open(name, flags, 0);
}

static void enotsock(void *arg)
{
	(void)arg;
	outcome("directory", -1, sys_connect(no_socket(O_RDONLY), address(PEER_VETH, 5000), 16),
		*core_clock());
	outcome("O_PATH fd", -1, sys_connect(no_socket(O_PATH), address(PEER_VETH, 5000), 16),
		*core_clock());
}

static void efault(void *arg)
{
	static char kernel[16];
	long fd = tcp();

	(void)arg;
	do_connect("addr=NULL len=16", fd, NULL, 16);
	do_connect("addr=NULL len=0", fd, NULL, 0);
	do_connect("addr kernel", fd, (struct sockaddr *)kernel, 16);
	outcome("no socket and addr=NULL (order)", -1, sys_connect(no_socket(O_RDONLY), NULL, 16),
		*core_clock());
	do_connect("addr=NULL len=129 (order)", fd, NULL, 129);
}

static void addrlen(void *arg)
{
	static const int tcp_len[] = { 129, 200, 0, 2, 8, 16, 128 },
			 udp_len[] = { 0, 2, 15, 16, 129 };
	char step[32];
	size_t i;

	(void)arg;
	for (i = 0; i < sizeof(tcp_len) / sizeof(tcp_len[0]); i++) {
		snprintf(step, sizeof(step), "TCP addrlen=%d", tcp_len[i]);
		do_connect(step, tcp(), address(PEER_VETH, 5000), tcp_len[i]);
	}
	for (i = 0; i < sizeof(udp_len) / sizeof(udp_len[0]); i++) {
		snprintf(step, sizeof(step), "UDP addrlen=%d", udp_len[i]);
		do_connect(step, udp(), address(PEER_VETH, 5000), udp_len[i]);
	}
	do_connect("TCP AF_UNSPEC addrlen=1", tcp(), family(AF_UNSPEC), 1);
	do_connect("UDP AF_UNSPEC addrlen=2", udp(), family(AF_UNSPEC), 2);
}

static void families(void *arg)
{
	static const int t[] = { 1, 16, 17, 65535 }, u[] = { 10, 99 };
	char step[32];
	size_t i;

	(void)arg;
	for (i = 0; i < 4; i++) {
		snprintf(step, sizeof(step), "TCP family=%d", t[i]);
		do_connect(step, tcp(), family(t[i]), 16);
	}
	for (i = 0; i < 2; i++) {
		snprintf(step, sizeof(step), "UDP family=%d", u[i]);
		do_connect(step, udp(), family(u[i]), 16);
	}
}

/* ---------------------------------------------------------------- AF_UNSPEC, UDP */

static void unspec(void *arg)
{
	long fd = tcp();

	(void)arg;
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("AF_UNSPEC on connected", fd, family(AF_UNSPEC), 16);
	do_connect("connect again after it", fd, address(PEER_VETH, 5000), 16);

	fd = tcp();
	sys_bind((int)fd, address(PEER_NEAR, 7000), 16);
	do_connect("then connect", fd, address(PEER_VETH, 5000), 16);

	fd = tcp_nonblock();
	sys_connect((int)fd, address(PEER_SILENT, 5000), 16);
	do_connect("AF_UNSPEC in SYN_SENT", fd, family(AF_UNSPEC), 16);
	do_connect("connect again nonblock good", fd, address(PEER_VETH, 5000), 16);

	fd = tcp();
	sys_bind((int)fd, address(PEER_NEAR, 7100), 16);
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("AF_UNSPEC", fd, family(AF_UNSPEC), 16);
	fd = tcp();
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("AF_UNSPEC", fd, family(AF_UNSPEC), 16);
}

/* A datagram to a closed port, and what becomes of it. */
static void after_send(long fd)
{
	struct row *r = find("after send to closed port");
	char *buf = core_user_alloc(4);

	sys_write((unsigned int)fd, buf, 4);
	if (r)
		compare_text(r, "so_error", error_name(so_error(fd)));
}

static void udp_connects(void *arg)
{
	long fd = udp();

	(void)arg;
	do_connect("UDP fresh AF_UNSPEC", fd, family(AF_UNSPEC), 16);
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("UDP connect same", fd, address(PEER_VETH, 5000), 16);
	do_connect("UDP connect other port", fd, address(PEER_VETH, 5001), 16);
	do_connect("UDP AF_UNSPEC", fd, family(AF_UNSPEC), 16);
	fd = udp();
	do_connect("UDP port 0", fd, address(PEER_VETH, 0), 16);
	do_connect("UDP 0.0.0.0", fd, address(0, 53), 16);
	do_connect("UDP multicast 224.1.1.1 no route, fresh socket", udp(),
		   address(PEER_IP(224, 1, 1, 1), 53), 16);
	fd = udp();
	do_connect("UDP broadcast 10.9.0.255", fd, address(PEER_IP(10, 9, 0, 255), 53), 16);
	do_connect("UDP broadcast 255.255.255.255", fd, address(0xffffffff, 53), 16);
	fd = udp();
	sys_bind((int)fd, address(0, 7777), 16);
	do_connect("UDP bound connect", fd, address(PEER_VETH, 53), 16);
	fd = udp();
	sys_connect((int)fd, address(PEER_VETH, 6000), 16);
	after_send(fd);
	fd = udp();
	set_int(fd, SOL_IP, IP_RECVERR, 1);
	do_connect("UDP IP_RECVERR connect closed port", fd, address(PEER_VETH, 6000), 16);
	after_send(fd);
}

/* ---------------------------------------------------------------- states */

static void eisconn(void *arg)
{
	long fd = tcp();

	(void)arg;
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("connect again other", fd, address(PEER_VETH, 5001), 16);
	do_connect("connected, bad family", fd, family(99), 16);
	sys_shutdown((int)fd, SHUT_WR);
	do_connect("connect after shutdown(WR)", fd, address(PEER_VETH, 5000), 16);
}

static void eisconn_listen(void *arg)
{
	long fd = tcp();

	(void)arg;
	sys_bind((int)fd, address(0, 7001), 16);
	assert_int_equal(sys_listen((int)fd, 5), 0);
	do_connect("connect on listening socket", fd, address(PEER_VETH, 5000), 16);
}

/* poll(2) for POLLOUT, at most @ms milliseconds. */
static void do_poll(const char *step, long fd, int ms)
{
	struct {
		int fd;
		short events, revents;
	} *p = core_user_alloc(sizeof(*p));
	struct row *r = find(step);
	uint64_t began = *core_clock();
	char ours[32], theirs[32];
	long n;

	p->fd = (int)fd;
	p->events = 4;
	n = sys_poll((struct pollfd *)p, 1, ms);
	if (!r)
		return;
	snprintf(ours, sizeof(ours), "%ld %s", n, p->revents & 4 ? "OUT" : "");
	snprintf(theirs, sizeof(theirs), "%ld %s", (long)row_number(r->at, "ret"),
		 text(r, "errno"));
	if (strcmp(ours, theirs))
		differs(r, "poll", theirs, ours);
	compare_ms(r, *core_clock() - began);
	compare_text(r, "state", state_of(fd));
}

static void inprogress(void *arg)
{
	long fd = tcp_nonblock();

	(void)arg;
	do_connect("nonblock connect, silent peer", fd, address(PEER_SILENT, 5000), 16);
	do_connect("connect again, other address", fd, address(PEER_VETH, 5000), 16);
	do_poll("poll", fd, 100);
}

static void nonblock_veth(void *arg)
{
	long fd = tcp_nonblock();

	(void)arg;
	do_connect("nonblock connect (veth, answer arrives inside the syscall)", fd,
		   address(PEER_VETH, 5000), 16);
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	do_connect("3rd connect", fd, address(PEER_VETH, 5000), 16);
	fd = tcp_nonblock();
	do_connect("nonblock connect, no getsockopt", fd, address(PEER_VETH, 5000), 16);
	sleep_ms(10);
	do_connect("2nd connect after poll", fd, address(PEER_VETH, 5000), 16);
}

static void nonblock_wire(void *arg)
{
	long fd = tcp_nonblock();

	(void)arg;
	do_connect("nonblock connect", fd, address(PEER_WIRE, 5000), 16);
	do_poll("poll", fd, 1000);
	do_connect("3rd connect", fd, address(PEER_WIRE, 5000), 16);
}

static void nonblock_refused_wire(void *arg)
{
	long fd = tcp_nonblock();
	struct row *r;

	(void)arg;
	do_connect("nonblock connect", fd, address(PEER_WIRE, 6000), 16);
	sleep_ms(200);
	do_connect("2nd connect (reports pending error)", fd, address(PEER_WIRE, 6000), 16);
	do_connect("3rd connect", fd, address(PEER_WIRE, 6000), 16);
	fd = tcp_nonblock();
	do_connect("nonblock connect", fd, address(PEER_WIRE, 6000), 16);
	sleep_ms(200);
	r = find("SO_ERROR");
	if (r)
		compare_text(r, "so_error", error_name(so_error(fd)));
	do_connect("2nd connect after SO_ERROR read", fd, address(PEER_WIRE, 6000), 16);
}

static void nonblock_refused_veth(void *arg)
{
	long fd = tcp_nonblock();

	(void)arg;
	do_connect("nonblock refused veth", fd, address(PEER_VETH, 6000), 16);
	fd = tcp_nonblock();
	do_connect("nonblock refused veth (no SO_ERROR read)", fd, address(PEER_VETH, 6000), 16);
	do_connect("2nd", fd, address(PEER_VETH, 6000), 16);
}

static void refused_again(void *arg)
{
	(void)arg;
	do_connect("refused", tcp(), address(PEER_VETH, 6000), 16);
}

static void syncnt(void *arg)
{
	(void)arg;
	outcome("TCP_SYNCNT=128", -1, set_int(tcp(), SOL_TCP, TCP_SYNCNT, 128), *core_clock());
}

/* ---------------------------------------------------------------- signals */

static int task_pid;

static void alarm_rings(void *arg)
{
	(void)arg;
	core_signal(task_pid, SIGALRM);
}

/* connect(2) as the C library's caller sees it: @restart is SA_RESTART of the handler. */
static void interrupted(int restart, int sndtimeo)
{
	long fd = tcp(), ret;
	uint64_t began = *core_clock();

	set_int(fd, SOL_TCP, TCP_SYNCNT, 2);
	if (sndtimeo)
		set_time(fd, SO_SNDTIMEO, sndtimeo);
	task_pid = (int)sys_getpid();
	core_at(began + 200 * MS, alarm_rings, NULL);
	ret = sys_connect((int)fd, address(PEER_SILENT, 5000), 16);
	core_take_signal();
	if (ret == -ERESTARTSYS)
		ret = restart ? sys_connect((int)fd, address(PEER_SILENT, 5000), 16) : -EINTR;
	outcome("connect", fd, ret, began);
}

static void eintr(void *arg)
{
	(void)arg;
	interrupted(0, 0);
}

static void eintr_restart(void *arg)
{
	(void)arg;
	interrupted(1, 0);
}

static void eintr_sndtimeo(void *arg)
{
	(void)arg;
	interrupted(0, 1000);
}

/* An ignored signal does not even wake the sleeper. */
static void eintr_ignored(void *arg)
{
	struct sigaction *act = core_user_alloc(sizeof(*act));
	long fd = tcp();

	(void)arg;
	act->sa_handler = SIG_IGN;
	assert_int_equal(sys_rt_sigaction(SIGALRM, act, NULL, 8), 0);
	set_int(fd, SOL_TCP, TCP_SYNCNT, 1);
	task_pid = (int)sys_getpid();
	core_at(*core_clock() + 200 * MS, alarm_rings, NULL);
	do_connect("connect", fd, address(PEER_SILENT, 5000), 16);
	assert_int_equal(core_take_signal(), 0);
}

/*
 * v4.9 takes no 0 for net.ipv4.tcp_syn_retries: its least value is 1. The row has neither what
 * write(2) returned nor what was read back, so it is played, and held against the kernel's table.
 */
static void syn_retries0(void *arg)
{
	char value[16];
	struct row *r = find("min of sysctl");

	(void)arg;
	if (core_sysctl("net.ipv4.tcp_syn_retries", "0") != -EINVAL)
		differs(r, "write of 0", "EINVAL", "taken");
	core_sysctl_get("net.ipv4.tcp_syn_retries", value, sizeof(value));
	if (strcmp(value, "6"))
		differs(r, "value after it", "6", value);
	if (core_sysctl("net.ipv4.tcp_syn_retries", "1"))
		differs(r, "write of 1", "0", "refused");
}

/* ---------------------------------------------------------------- neighbours, names, ports */

static void arp_again(void *arg)
{
	(void)arg;
	sys_connect((int)tcp(), address(PEER_NOARP, 5000), 16);
	do_connect("connect", tcp(), address(PEER_NOARP, 5000), 16);
}

static void arp_nonblock(void *arg)
{
	long fd = tcp_nonblock();

	(void)arg;
	do_connect("connect", fd, address(PEER_NOARP, 5000), 16);
	sleep_ms(4000);
	do_connect("2nd connect", fd, address(PEER_NOARP, 5000), 16);
}

static void any_listener(void *arg)
{
	(void)arg;
	net->local_listen = 1;
	do_connect("0.0.0.0 to own listener", tcp(), address(0, 7002), 16);
}

static void ports(void *arg)
{
	long fd = tcp();

	(void)arg;
	core_sysctl("net.ipv4.ip_local_port_range", "40000 40001");
	do_connect("connect 1 to 10.9.0.2:5000", fd, address(PEER_VETH, 5000), 16);
	sys_connect((int)tcp(), address(PEER_VETH, 5000), 16);
	do_connect("connect 3 to 10.9.0.2:5000", tcp(), address(PEER_VETH, 5000), 16);
	do_connect("other dest port 5001", tcp(), address(PEER_VETH, 5001), 16);
	outcome("bind port 0", -1, sys_bind((int)tcp(), address(PEER_NEAR, 0), 16), *core_clock());
}

static long bound(uint32_t be, uint16_t port, int reuse)
{
	long fd = tcp();

	if (reuse)
		set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	return sys_bind((int)fd, address(be, port), 16) ?: fd;
}

static void tuple(void *arg)
{
	(void)arg;
	do_connect("first, bound 10.9.0.1:41000 SO_REUSEADDR", bound(PEER_NEAR, 41000, 1),
		   address(PEER_VETH, 5000), 16);
	do_connect("second, other dest port", bound(PEER_NEAR, 41000, 1), address(PEER_VETH, 5001),
		   16);
	outcome("bind without SO_REUSEADDR", -1, bound(PEER_NEAR, 41000, 0), *core_clock());
}

static void self_connect(void *arg)
{
	(void)arg;
	do_connect("self connect 127.0.0.1:42000", bound(PEER_IP(127, 0, 0, 1), 42000, 0),
		   address(PEER_IP(127, 0, 0, 1), 42000), 16);
}

static void after_rst(void *arg)
{
	struct linger *l = core_user_alloc(sizeof(*l));
	long fd = bound(PEER_NEAR, 44000, 1);

	(void)arg;
	l->l_onoff = 1;
	do_connect("first", fd, address(PEER_VETH, 5000), 16);
	sys_setsockopt((int)fd, SOL_SOCKET, SO_LINGER, (char *)l, sizeof(*l));
	sys_close((unsigned int)fd);
	fd = bound(PEER_NEAR, 44000, 1);
	if (sys_connect((int)fd, address(PEER_VETH, 5000), 16))
		printf("# %s: the tuple was not free after the RST\n", scenario);
}

/* Leaves the tuple of @fd in TIME_WAIT. */
static void to_time_wait(long fd)
{
	net->closes = 1;
	sys_connect((int)fd, address(PEER_VETH, 5000), 16);
	sys_close((unsigned int)fd);
	sleep_ms(5);
}

static void tw_tuple(void *arg)
{
	(void)arg;
	to_time_wait(bound(PEER_NEAR, 44100, 1));
	sleep_ms(2500);
	core_sysctl("net.ipv4.tcp_tw_reuse", "1");
	do_connect("tw_reuse=1 after 2.5 s", bound(PEER_NEAR, 44100, 1), address(PEER_VETH, 5000),
		   16);
}

static void tw_ports(void *arg)
{
	(void)arg;
	core_sysctl("net.ipv4.ip_local_port_range", "40100 40101");
	to_time_wait(tcp());
	to_time_wait(tcp());
	do_connect("tw_reuse=0", tcp(), address(PEER_VETH, 5000), 16);
	sleep_ms(2500);
	core_sysctl("net.ipv4.tcp_tw_reuse", "1");
	do_connect("tw_reuse=1 after 2.5 s", tcp(), address(PEER_VETH, 5000), 16);
}

static void backlog(void *arg)
{
	(void)arg;
	do_connect("connect 1", tcp(), address(PEER_VETH, 5000), 16);
	sys_connect((int)tcp(), address(PEER_VETH, 5000), 16);
	do_connect("connect 3", tcp(), address(PEER_VETH, 5000), 16);
}

/* ---------------------------------------------------------------- one connect each */

static void set_up(const struct one *o)
{
	struct core_route r = { .be_dst = PEER_IP(198, 51, 101, 0), .prefixlen = 24 };
	struct core_filter f = { .output = 1,
				 .proto = IPPROTO_TCP,
				 .dport = o->port,
				 .drop = o->drop,
				 .reject = o->reject };

	if (o->gateway)
		assert_int_equal(core_route_add(0, 0, o->gateway, NULL), 0);
	r.type = o->route_type;
	if (r.type)
		assert_int_equal(core_route_add_full(&r), 0);
	if (o->drop || o->reject)
		assert_int_equal(core_filter_append(&f), 0);
	if (o->down)
		assert_int_equal(core_link_set(o->down, 0), 0);
	net->icmp = o->icmp;
	net->icmp_code = o->code;
	net->icmp_mtu = o->code == 4 ? 1000 : 0;
	net->icmp_bad_seq = o->bad_seq;
	net->router = o->router - 1;
}

static void one_connect(void *arg)
{
	const struct one *o = arg;
	long fd = sys_socket(AF_INET, o->type ? o->type : SOCK_STREAM, 0);

	if (o->count)
		set_int(fd, SOL_TCP, TCP_SYNCNT, o->count);
	if (o->user_timeout)
		set_int(fd, SOL_TCP, TCP_USER_TIMEOUT, o->user_timeout);
	if (o->rcvtimeo)
		set_time(fd, SO_RCVTIMEO, o->rcvtimeo);
	if (o->recverr)
		set_int(fd, SOL_IP, IP_RECVERR, 1);
	if (o->broadcast)
		set_int(fd, SOL_SOCKET, SO_BROADCAST, 1);
	if (o->device) {
		char *user = core_user_alloc(16);

		memcpy(user, o->device, strlen(o->device));
		sys_setsockopt((int)fd, SOL_SOCKET, SO_BINDTODEVICE, user, 16);
	}
	do_connect(o->step ? o->step : "connect", fd, address(o->be, o->port), 16);
}

/* ---------------------------------------------------------------- all of them */

static const struct {
	const char *name;
	void (*fn)(void *arg);
} scenarios[] = {
	{ "ENOTSOCK", enotsock },
	{ "EFAULT", efault },
	{ "EINVAL_addrlen", addrlen },
	{ "EAFNOSUPPORT", families },
	{ "AF_UNSPEC_tcp", unspec },
	{ "UDP", udp_connects },
	{ "EISCONN", eisconn },
	{ "EISCONN_listen", eisconn_listen },
	{ "EINPROGRESS_EALREADY", inprogress },
	{ "nonblock_veth", nonblock_veth },
	{ "nonblock_wire", nonblock_wire },
	{ "nonblock_refused_wire", nonblock_refused_wire },
	{ "nonblock_refused_veth", nonblock_refused_veth },
	{ "reuse_after_refused", refused_again },
	{ "SYNCNT_range", syncnt },
	{ "EINTR", eintr },
	{ "EINTR_SA_RESTART", eintr_restart },
	{ "EINTR_SNDTIMEO", eintr_sndtimeo },
	{ "EINTR_sigign", eintr_ignored },
	{ "ETIMEDOUT_syn_retries0", syn_retries0 },
	{ "EHOSTUNREACH_arp_again", arp_again },
	{ "EHOSTUNREACH_arp_nonblock", arp_nonblock },
	{ "INADDR_ANY_listener", any_listener },
	{ "EADDRNOTAVAIL_ports", ports },
	{ "EADDRNOTAVAIL_tuple", tuple },
	{ "self_connect", self_connect },
	{ "tuple_after_rst", after_rst },
	{ "TIME_WAIT_tuple", tw_tuple },
	{ "TIME_WAIT_ports", tw_ports },
	{ "backlog_full", backlog },
};

/* Rows that tell too little to be held against ours; they are played all the same. */
static const char *excused(const struct row *r)
{
	if (!strcmp(text(r, "scenario"), "ETIMEDOUT_syn_retries0"))
		return "says neither what write(2) returned nor what was read back";
	return NULL;
}

int main(void)
{
	size_t i, good = 0, bad = 0, nexcused = 0;

	nrows = rows_read("tests/data/oracle/errno.jsonl");
	for (i = 0; i < nrows; i++)
		rows[i].at = i;
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		scenario = scenarios[i].name;
		net = peer_boot(i + 1);
		peer_run(scenarios[i].fn, NULL);
		peer_end();
	}
	for (i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		scenario = ones[i].name;
		net = peer_boot(i + 1);
		set_up(&ones[i]);
		peer_run(one_connect, (void *)&ones[i]);
		peer_end();
	}
	for (i = 0; i < nrows; i++) {
		const char *why = rows[i].good ? excused(&rows[i]) : NULL;

		bad += !rows[i].good;
		nexcused += why != NULL;
		good += rows[i].good && !why;
		printf("%sok %zu - %s: %s%s%s\n", rows[i].good ? "" : "not ", i + 1,
		       text(&rows[i], "scenario"), text(&rows[i], "step"),
		       why          ? ": excused: " :
		       rows[i].used ? "" :
				      " (not tried)",
		       why ? why : "");
	}
	printf("1..%zu\n# score errno %zu of %zu, %zu excused\n", nrows, good, nrows, nexcused);
	rows_free();
	return bad || !i;
}
