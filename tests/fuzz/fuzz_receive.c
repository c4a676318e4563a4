/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Fuzzing the way in: frames for the device's receive function, in each state of TCP.
 *
 * An input is a header of 16 bytes and records of 16 bytes each (frames.h). The header says which
 * state the socket is brought into and how the world is set; each record is then a frame or a call
 * of the user. In the end the user closes, time passes until every timer has said its last word,
 * and the world must stand: no failed WARN_ON(), nothing leaked, nothing that a sanitizer minds.
 *
 * To boot a world takes longer than to run an input in it, so one world serves many inputs; each
 * has a socket of its own and ends with more time than TIME_WAIT lasts. What remains (neighbour,
 * route exceptions, metrics, the clock) is meant to be there: it is state that a real machine has
 * too. FUZZ_REBOOT=1 gives each input a fresh world. FUZZ_SESSION=FILE keeps the inputs of the
 * world that is up, each behind its length, for a finding that needs what came before it.
 */

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/include/synwalk/core.h"
#include "tests/fuzz/frames.h"
#include "tests/fuzz/fuzz.h"

#define MAX_RECORDS  64
#define INPUT_MAX    (REC_SIZE * (MAX_RECORDS + 1))
#define WIRE_NS      1000ull
#define MS           1000000ull
#define SECOND       (1000 * MS)
#define REBOOT_AFTER 256
#define BUFFER       8192
/* The kernel's errno names are not the C library's where both would have to be included. */
#define SIGTERM_NR 15

/* The states that an input may ask for; each needs the steps of one before it. */
enum want {
	WANT_SYN_SENT,
	WANT_SYN_RECV,
	WANT_ESTABLISHED,
	WANT_FIN_WAIT1,
	WANT_FIN_WAIT2,
	WANT_CLOSING,
	WANT_CLOSE_WAIT,
	WANT_LAST_ACK,
	WANT_TIME_WAIT,
	WANT_CLOSE,
	WANTS,
};

/* header.user */
enum {
	USER_NONBLOCK = 0x01,
	USER_SNDTIMEO = 0x02,
	USER_KEEPALIVE = 0x04,
	USER_LINGER = 0x08,
	USER_SMALL_BUFFERS = 0x10,
	USER_CLOSES = 0x20, /* rather than shutdown(), where the state needs a FIN of ours */
	USER_WRITES =
		0x40, /* before the fuzzed records, so that there is something to acknowledge */
	USER_DEAF_ARP = 0x80,
};

/**
 * struct header - how an input begins
 * @want: enum want, modulo
 * @user: USER_*
 * @opt: @optarg: TCP options of the far end's SYN, as in struct record
 * @sysctls: one bit each of the table below
 * @end: bits 0-1: silence, RST, ACK of all, FIN; 2-4: how long before the user closes
 * @window: of the far end's handshake
 * @write: bytes that USER_WRITES means, times 64
 * @ece: the SYN-ACK's ECE
 */
struct header {
	uint8_t want, user, opt, optarg;
	uint16_t window;
	uint8_t sysctls, end, write, ece;
	uint8_t unused[6];
};

static const struct {
	const char *name, *off, *on;
} sysctls[8] = {
	{ "net.ipv4.tcp_ecn", "2", "1" },         { "net.ipv4.tcp_timestamps", "1", "0" },
	{ "net.ipv4.tcp_mtu_probing", "0", "2" }, { "net.ipv4.tcp_tw_recycle", "0", "1" },
	{ "net.ipv4.tcp_sack", "1", "0" },        { "net.ipv4.tcp_fin_timeout", "60", "1" },
	{ "net.ipv4.tcp_frto", "2", "0" },        { "net.ipv4.tcp_retries2", "15", "3" },
};

static struct {
	int up;
	unsigned int inputs; /* in this world */
	unsigned int reboot_after;
	uint8_t sysctls; /* as set */
	struct near_end near;
	struct header header;
	char *buf; /* user memory */
	struct sockaddr_in *addr;
	int *val;
	int stop, pid;
	/* The user's part: records and when they are due. */
	struct {
		uint64_t at_ns;
		struct record rec;
	} calls[MAX_RECORDS + 4];
	int ncalls;
} w;

unsigned long fuzz_inputs, fuzz_frames;
unsigned int fuzz_states;

static struct {
	uint8_t *map;
	size_t used, size;
} session;

struct sock;
void trace_inet_sock_set_state(const struct sock *sk, int oldstate, int newstate);

/* Takes the place of the core's empty tracepoint: which states were really reached. */
void trace_inet_sock_set_state(const struct sock *sk, int oldstate, int newstate)
{
	(void)sk;
	(void)oldstate;
	fuzz_states |= 1u << newstate;
}

static void broken(const char *what, long got)
{
	fprintf(stderr, "fuzz_receive: %s: %ld\n", what, got);
	abort();
}

/* ---- the far end ---- */

static void inject(const uint8_t *frame, size_t len)
{
	long e = core_wire_inject("wire0", frame, len, 0);

	if (e)
		broken("core_wire_inject", e);
	fuzz_frames++;
}

static void answer_arp(const uint8_t *request)
{
	uint8_t f[60] = { 0 };

	memcpy(f, request, 42);
	memcpy(f, fuzz_near_mac, 6);
	memcpy(f + 6, fuzz_far_mac, 6);
	f[21] = 2; /* reply */
	memcpy(f + 22, fuzz_far_mac, 6);
	memcpy(f + 28, request + 38, 4);
	memcpy(f + 32, request + 22, 10);
	core_wire_inject("wire0", f, sizeof(f), 0);
}

static void far_end(void *ctx, const void *frame, size_t len)
{
	const uint8_t *f = frame;

	(void)ctx;
	if (len >= 42 && f[12] == 8 && f[13] == 6) {
		if (f[21] == 1 && !(w.header.user & USER_DEAF_ARP))
			answer_arp(f);
		return;
	}
	near_end_hears(&w.near, f, len);
}

static void pass(uint64_t ns)
{
	core_run_until(*core_clock() + ns);
	w.near.ms = (uint32_t)(*core_clock() / MS);
}

static void send_record(const struct record *r, const uint8_t *tail, size_t ntail)
{
	uint8_t f[FRAME_MAX];

	inject(f, frame_make(f, r, &w.near, tail, ntail));
}

/* A segment of the far end that is right; its FIN takes a number, so it is ours to count. */
static void send_good(uint8_t flags)
{
	struct record r = { .kind = REC_TCP, .flags = flags, .window = w.header.window };

	if (flags & 2) {
		r.opt = w.header.opt &
			(OPT_MSS | OPT_WSCALE | OPT_STAMPS | OPT_SACK_OK | OPT_FASTOPEN);
		r.optarg = w.header.optarg;
		r.flags |= w.header.ece ? 0x40 : 0;
	} else if (w.header.opt & OPT_STAMPS) {
		r.opt = OPT_STAMPS;
	}
	send_record(&r, (const uint8_t *)"", 0);
	pass(MS);
}

/* ---- the user ---- */

static void set_option(int fd, int level, int name, int value)
{
	*w.val = value;
	sys_setsockopt(fd, level, name, (char *)w.val, sizeof(*w.val));
}

static void set_up_socket(int fd)
{
	uint8_t user = w.header.user;

	if (user & USER_NONBLOCK)
		sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	if (user & USER_KEEPALIVE)
		set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	if (user & USER_SMALL_BUFFERS) {
		set_option(fd, SOL_SOCKET, SO_RCVBUF, 2048);
		set_option(fd, SOL_SOCKET, SO_SNDBUF, 4096);
	}
	if (user & USER_SNDTIMEO) {
		struct timeval *tv = (struct timeval *)w.buf;

		*tv = (struct timeval){ .tv_usec = 3000 };
		sys_setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, w.buf, sizeof(*tv));
	}
	if (user & USER_LINGER) {
		struct linger *l = (struct linger *)w.buf;

		*l = (struct linger){ .l_onoff = 1, .l_linger = w.header.end >> 5 };
		sys_setsockopt(fd, SOL_SOCKET, SO_LINGER, w.buf, sizeof(*l));
	}
}

static long user_connect(int fd, uint16_t family)
{
	w.addr->sin_family = family;
	w.addr->sin_port = htons(FAR_PORT);
	w.addr->sin_addr.s_addr = NET_FAR;
	return sys_connect(fd, (struct sockaddr *)w.addr, sizeof(*w.addr));
}

enum {
	CALL_WRITE,
	CALL_READ,
	CALL_SHUTDOWN,
	CALL_CLOSE,
	CALL_CONNECT,
	CALL_DISCONNECT,
	CALL_SETSOCKOPT,
	CALL_GETSOCKOPT,
	CALL_NONBLOCK,
	CALLS,
};

static int user_call(int fd, const struct record *r)
{
	static const int levels[3] = { SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP };
	int level = levels[r->misc % 3];

	switch (r->flags % CALLS) {
	case CALL_WRITE:
		sys_write((unsigned int)fd, w.buf, r->len % (BUFFER + 1));
		break;
	case CALL_READ:
		sys_read((unsigned int)fd, w.buf, r->len % (BUFFER + 1));
		break;
	case CALL_SHUTDOWN:
		sys_shutdown(fd, r->optarg % 4);
		break;
	case CALL_CLOSE:
		sys_close((unsigned int)fd);
		return -1;
	case CALL_CONNECT:
		user_connect(fd, AF_INET);
		break;
	case CALL_DISCONNECT:
		user_connect(fd, AF_UNSPEC);
		break;
	case CALL_SETSOCKOPT:
		set_option(fd, level, r->opt % 48, r->misc & 0x80 ? r->seq : r->window);
		break;
	case CALL_GETSOCKOPT:
		*w.val = r->len % 256;
		sys_getsockopt(fd, level, r->opt % 48, w.buf, w.val);
		break;
	case CALL_NONBLOCK:
		sys_fcntl((unsigned int)fd, F_SETFL, r->optarg & 1 ? O_NONBLOCK : 0);
		break;
	}
	return fd;
}

static void user(void *arg)
{
	int fd = (int)sys_socket(AF_INET, SOCK_STREAM, 0);
	int i = 0;

	(void)arg;
	if (fd < 0)
		broken("socket", fd);
	set_up_socket(fd);
	user_connect(fd, AF_INET);
	/* Calls are added by the driver while this sleeps. A signal (SIGPIPE too) ends the program. */
	while (!w.stop && fd >= 0) {
		if (i < w.ncalls && w.calls[i].at_ns <= *core_clock())
			fd = user_call(fd, &w.calls[i++].rec);
		else if (sys_nanosleep(i < w.ncalls ? w.calls[i].at_ns - *core_clock() : SECOND))
			break;
	}
	if (fd >= 0)
		sys_close((unsigned int)fd);
}

static void call_at(uint64_t at_ns, const struct record *r)
{
	if (w.ncalls == MAX_RECORDS + 4)
		return;
	w.calls[w.ncalls].at_ns = at_ns;
	w.calls[w.ncalls++].rec = *r;
}

/* ---- the states ---- */

static void our_fin(void)
{
	pass(3 * MS); /* until it was called, see schedule_calls() */
}

static void to_state(enum want want)
{
	pass(2 * MS); /* ARP, SYN */
	w.near.irs = 0x70000000u + (w.near.isn & 0xffff);
	w.near.rcv = w.near.irs;
	if (want == WANT_SYN_SENT)
		return;
	if (want == WANT_SYN_RECV) {
		send_good(2);
		return;
	}
	send_good(2 | 16);
	if (!(w.header.user & USER_WRITES))
		w.near.una = w.near.nxt;
	if (want == WANT_CLOSE_WAIT || want == WANT_LAST_ACK)
		send_good(1 | 16);
	if (want == WANT_CLOSE)
		send_good(4 | 16);
	our_fin();
	if (want == WANT_CLOSING) {
		w.near.nxt--;
		send_good(1 | 16);
		w.near.nxt++;
	}
	if (want == WANT_FIN_WAIT2 || want == WANT_TIME_WAIT)
		send_good(16);
	if (want == WANT_TIME_WAIT)
		send_good(1 | 16);
}

/* The user's own part in a state; it happens some milliseconds from now. */
static void schedule_calls(enum want want)
{
	struct record fin = { .flags = CALL_SHUTDOWN, .optarg = 1 };
	struct record data = { .flags = CALL_WRITE, .len = (uint16_t)(w.header.write * 64) };
	uint64_t now = *core_clock();

	w.ncalls = 0;
	if (w.header.user & USER_WRITES)
		call_at(now + 4 * MS, &data);
	if (w.header.user & USER_CLOSES)
		fin.flags = CALL_CLOSE;
	if ((want >= WANT_FIN_WAIT1 && want <= WANT_CLOSING) || want == WANT_LAST_ACK ||
	    want == WANT_TIME_WAIT)
		call_at(now + 5 * MS, &fin);
}

/* ---- the world ---- */

static void boot(void)
{
	static const struct core_config config = { .seed = 1, .console_level = 4 };
	const char *every = getenv("FUZZ_REBOOT");
	long e = core_boot(&config);

	if (!e)
		e = core_add_wire("wire0", fuzz_near_mac, 1500, WIRE_NS, far_end, NULL);
	if (!e)
		e = core_addr_add("wire0", NET_NEAR, 24);
	if (e)
		broken("boot", e);
	w.up = 1;
	w.inputs = 0;
	w.sysctls = 0;
	w.reboot_after = every ? (unsigned int)atoi(every) : REBOOT_AFTER;
	w.buf = core_user_alloc(BUFFER);
	w.addr = core_user_alloc(sizeof(*w.addr));
	w.val = core_user_alloc(256);
	session.used = 0;
}

void fuzz_end(void)
{
	if (!w.up)
		return;
	core_shutdown();
	w.up = 0;
	if (core_warnings())
		broken("warnings at the end of the world", core_warnings());
	if (core_leaks())
		broken("objects leaked", core_leaks());
}

static void set_sysctls(uint8_t bits)
{
	uint8_t changed = bits ^ w.sysctls;
	int i;

	for (i = 0; i < 8; i++)
		if (changed >> i & 1 &&
		    core_sysctl(sysctls[i].name, bits >> i & 1 ? sysctls[i].on : sysctls[i].off))
			broken(sysctls[i].name, i);
	w.sysctls = bits;
}

/* Lets the records happen. */
static void play(const uint8_t *data, size_t size)
{
	struct record r;

	for (; size >= REC_SIZE; data += REC_SIZE, size -= REC_SIZE) {
		memcpy(&r, data, sizeof(r));
		if (r.wait)
			pass((uint64_t)16000 << r.wait % 18);
		if (r.kind % REC_KINDS == REC_USER)
			call_at(*core_clock(), &r);
		else
			send_record(&r, data + REC_SIZE, size - REC_SIZE);
	}
	pass(MS);
}

/* The user closes and leaves; nothing of this input may be left when the next begins. */
static void finish(uint8_t end)
{
	static const uint8_t last_words[4] = { 0, 4 | 16, 16, 1 | 16 };

	pass((end >> 2 & 7) * 300 * MS);
	w.stop = 1;
	core_signal(w.pid, SIGTERM_NR);
	pass(MS);
	if (last_words[end & 3])
		send_good(last_words[end & 3]);
	core_run();
	pass(130 * SECOND);
	if (core_warnings())
		broken("warnings", core_warnings());
}

static void session_keep(const uint8_t *data, size_t size)
{
	const char *path = getenv("FUZZ_SESSION");
	uint32_t n = (uint32_t)size;
	int fd;

	if (!path)
		return;
	if (!session.map) {
		session.size = (INPUT_MAX + 4) * (REBOOT_AFTER + 1);
		fd = open(path, O_RDWR | O_CREAT, 0644);
		if (fd < 0 || ftruncate(fd, (off_t)session.size))
			broken(path, fd);
		session.map = mmap(NULL, session.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		close(fd);
		if (session.map == MAP_FAILED)
			broken(path, 0);
	}
	if (session.used + 8 + size > session.size)
		return;
	memcpy(session.map + session.used, &n, 4);
	memcpy(session.map + session.used + 4, data, size);
	session.used += 4 + size;
	memset(session.map + session.used, 0, 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < REC_SIZE)
		return 0;
	if (size > INPUT_MAX)
		size = INPUT_MAX;
	if (w.up && w.inputs >= w.reboot_after)
		fuzz_end();
	if (!w.up)
		boot();
	session_keep(data, size);
	fuzz_inputs++;
	w.inputs++;
	memcpy(&w.header, data, sizeof(w.header));
	w.near = (struct near_end){ .port = 40000 };
	w.stop = 0;
	set_sysctls(w.header.sysctls);
	schedule_calls(w.header.want % WANTS);
	w.pid = core_task("user", user, NULL);
	if (w.pid < 0)
		broken("core_task", w.pid);
	to_state(w.header.want % WANTS);
	play(data + REC_SIZE, size - REC_SIZE);
	finish(w.header.end);
	if (w.inputs >= w.reboot_after)
		fuzz_end();
	return 0;
}
