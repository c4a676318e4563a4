/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * A random program: forty steps with three sockets, which never block; see machine.h. What is left
 * out, left out of our core or changed since v4.9, stands where it is left out.
 */

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/host/machine.h"

enum { SLOTS = 3, STEPS = 40, TCP_INFO_LENGTH = 104 };

static struct {
	int fd, type;
} slots[SLOTS];

static enum kind kind;

/* ---------------------------------------------------------------- what a socket says of itself */

static void say_name(const char *what, int fd, long (*call)(int, void *, int *))
{
	struct sockaddr_in *sin = machine->memory(64);
	int *length = machine->memory(sizeof(*length));
	long ret;

	*length = sizeof(*sin);
	ret = call(fd, sin, length);
	say("  %s %s", what, result_text(ret));
	if (ret == 0)
		say(" %s:%s, %d bytes, family %d", address_text(sin->sin_addr.s_addr),
		    port_text(ntohs(sin->sin_port)), *length, sin->sin_family);
	say("\n");
}

/* TCP_INFO, the bytes and words of v4.9; what depends on time and on windows left out. */
static void say_info(int slot)
{
	static const int words[] = { 2, 4, 5, 6, 7, 13, 19, 20 };
	uint8_t *info = machine->memory(TCP_INFO_LENGTH);
	int *length = machine->memory(sizeof(*length));
	uint32_t word;

	*length = TCP_INFO_LENGTH;
	if (slots[slot].type != SOCK_STREAM ||
	    machine->getsockopt(slots[slot].fd, IPPROTO_TCP, 11, info, length))
		return;
	say("  info of %d: state %d ca %d retransmits %d options %x", slot, info[0], info[1],
	    info[2], info[5]);
	/* closed, or listening: v4.9 shows what is left of an earlier life */
	for (size_t i = 0; i < COUNT(words) && info[0] != 7 && info[0] != 10; i++) {
		memcpy(&word, info + 8 + 4 * words[i], 4);
		say(" %u", word);
	}
	say("\n");
}

static void say_all(int slot)
{
	packets_show(slot);
	say_name("name", slots[slot].fd, machine->getsockname);
	say_name("peer", slots[slot].fd, machine->getpeername);
	say_info(slot);
}

/* ---------------------------------------------------------------- steps */

struct target {
	int family, length;
	uint32_t be;
	uint16_t port;
	void *memory;
};

static struct target random_target(void)
{
	static const uint32_t hosts[] = {
		0,
		HOST_IP(127, 0, 0, 1),
		HOST_IP(127, 0, 0, 2),
		HOST_NEAR,
		HOST_FAR,
		HOST_FAR,
		HOST_FAR,
		HOST_FAR,
		HOST_ALSO,
		HOST_IP(10, 9, 0, 255),
		HOST_IP(255, 255, 255, 255),
		HOST_IP(224, 0, 0, 1),
		HOST_IP(224, 1, 1, 1),
		HOST_IP(240, 0, 0, 1),
		HOST_IP(192, 0, 2, 1),
		HOST_IP(198, 51, 101, 1),
		HOST_IP(198, 51, 102, 1),
		HOST_IP(198, 51, 103, 1),
		HOST_IP(198, 51, 104, 1),
		HOST_IP(127, 255, 255, 255),
	};
	static const int families[] = { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 10, 1, 16, 99, 65535 };
	static const int lengths[] = { 16, 16, 16, 16, 16, 16, 16,  16,  0,
				       1,  2,  7,  15, 17, 28, 128, 129, -1 };
	static const uint16_t ports[] = { 5000, 5000, 5000, 5001, 6000, 7777, 0, 80, 1023 };
	struct target t = { .family = PICK(families),
			    .length = PICK(lengths),
			    .be = PICK(hosts),
			    .port = PICK(ports),
			    .memory = machine->memory(256) };

	if (kind == SEGMENTS) {
		t.family = AF_INET;
		t.length = sizeof(struct sockaddr_in);
		t.be = HOST_FAR;
	}
	*(struct sockaddr_in *)t.memory = (struct sockaddr_in){ .sin_family = (sa_family_t)t.family,
								.sin_port = htons(t.port),
								.sin_addr.s_addr = t.be };
	say("%s:%u family %d length %d", address_text(t.be), (unsigned int)t.port, t.family,
	    t.length);
	return t;
}

/* Not here: protocols above 255, which are not in v4.9, and IP_HDRINCL (255) and ping (datagram, 1). */
static void step_socket(int slot)
{
	static const int types[][2] = { { 1, 0 },  { 1, 6 }, { 1, 6 },  { 1, 6 },  { 2, 0 },
					{ 2, 17 }, { 3, 1 }, { 3, 17 }, { 1, 17 }, { 2, 6 },
					{ 3, 0 },  { 5, 0 }, { 4, 6 },  { 7, 0 },  { 11, 0 } };
	uint32_t k = rnd(4) ? rnd(8) : rnd(COUNT(types));
	long fd;

	if (kind == SEGMENTS)
		k = 1;
	if (slots[slot].fd >= 0) {
		say("close %d: %s\n", slot, result_text(machine->close(slots[slot].fd)));
		packets_show(slot);
	}
	fd = machine->socket(AF_INET, types[k][0] | SOCK_NONBLOCK, types[k][1]);
	say("socket %d type %d protocol %d: %s\n", slot, types[k][0], types[k][1],
	    result_text(fd < 0 ? fd : 0));
	slots[slot].fd = (int)(fd < 0 ? -1 : fd);
	slots[slot].type = types[k][0];
}

static void step_connect(int slot)
{
	struct target t;

	say("connect %d to ", slot);
	t = random_target();
	say(": %s\n", result_text(machine->connect(slots[slot].fd, t.memory, t.length)));
	say_all(slot);
}

static void step_bind(int slot)
{
	static const uint16_t ports[] = { 0, 0, 7777, 7777, 7778, 5000 };
	struct target t;

	say("bind %d to ", slot);
	t = random_target();
	((struct sockaddr_in *)t.memory)->sin_port = htons(PICK(ports));
	say(" port %u: %s\n", (unsigned int)ntohs(((struct sockaddr_in *)t.memory)->sin_port),
	    result_text(machine->bind(slots[slot].fd, t.memory, t.length)));
	say_all(slot);
}

/* Not here: corking datagrams; MSG_FASTOPEN without an address, or with AF_UNSPEC. */
static void step_send(int slot)
{
	static const unsigned int flags[] = { 0,          0,        0,       0,     0x20000000,
					      0x20000000, MSG_MORE, MSG_OOB, 0x200, MSG_DONTROUTE };
	unsigned int f = PICK(flags);
	size_t size = 8 + rnd(100) + (rnd(4) ? 0 : rnd(4000));
	int addressed = rnd(3) == 0 || f == 0x20000000;
	struct target t = { 0 };

	if (f == MSG_MORE && slots[slot].type != SOCK_STREAM)
		f = 0;
	say("send %d, %zu bytes, flags %x to ", slot, size, f);
	if (addressed)
		t = random_target();
	if (f == 0x20000000 && t.family == AF_UNSPEC)
		((struct sockaddr_in *)t.memory)->sin_family = AF_INET;
	say(": %s\n", result_text(machine->sendto(slots[slot].fd, machine->memory(size), size,
						  f | MSG_NOSIGNAL, t.memory, t.length)));
	say_all(slot);
}

/* Not here: urgent data, the error queue. */
static void step_receive(int slot)
{
	static const unsigned int flags[] = { 0, 0, MSG_PEEK };
	unsigned int f = PICK(flags);

	say("receive %d flags %x: %s\n", slot, f,
	    result_text(
		    machine->recv(slots[slot].fd, machine->memory(8192), 4096, f | MSG_DONTWAIT)));
	packets_show(slot);
}

static void step_poll(int slot)
{
	struct pollfd *p = machine->memory(sizeof(*p));
	long ret;

	*p = (struct pollfd){ .fd = slots[slot].fd,
			      .events = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };
	ret = machine->poll(p, 1, 0);
	/* today an ICMP error waits in the error queue as well, and POLLERR says so */
	if (kind == SEGMENTS)
		p->revents &= ~POLLERR;
	say("poll %d: %s %x\n", slot, ret < 0 ? result_text(ret) : "ready for",
	    ret > 0 ? (unsigned int)p->revents : 0);
}

static void step_error(int slot)
{
	int *error = machine->memory(sizeof(*error)), *length = machine->memory(sizeof(*length));
	long ret;

	*length = sizeof(*error);
	ret = machine->getsockopt(slots[slot].fd, SOL_SOCKET, SO_ERROR, error, length);
	say("SO_ERROR %d: %s %s\n", slot, result_text(ret), result_text(-*error));
}

/* Options that are left out, or that mean something else today. */
static bool option_known(int level, int name)
{
	static const struct {
		int level;
		const char *names;
	} not [] = {
		/* filters, time stamps, credentials, memory limits (of the whole machine) ... */
		{ SOL_SOCKET,
		  "\x07\x08\x10\x11\x16\x17\x18\x19\x1a\x1b\x1d\x1f\x22\x23\x25\x29\x2a\x2b\x2c"
		  "\x2d\x2e\x2f\x30\x32\x33\x34\x35" },
		/* a header of one's own, router alert, control messages, IPsec, the error queue */
		{ IPPROTO_IP, "\x03\x05\x09\x0b\x10\x11" },
		/* MSS, linger2, info, congestion control, MD5, repair, the clock, SAVE_SYN */
		{ IPPROTO_TCP, "\x02\x08\x0b\x0d\x0e\x11\x13\x14\x15\x16\x18\x1a\x1b\x1d" }
	};

	for (size_t i = 0; i < COUNT(not ); i++) {
		if (not [i].level == level && strchr(not [i].names, name))
			return false;
	}
	return true;
}

static void step_option(int slot)
{
	static const int values[] = { 0,    1,     2,     3,     5,       -1,        7,    40,
				      64,   127,   128,   255,   256,     536,       1000, 1460,
				      2000, 32767, 65535, 65536, 1000000, 0x7fffffff };
	static const int lengths[] = { 4, 4, 4, 4, 4, 4, 4,  4,  4,   4,
				       0, 1, 2, 3, 5, 8, 16, 40, 200, -1 };
	static const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_TCP, IPPROTO_IP, IPPROTO_TCP,
				      255,        2 };
	int level = PICK(levels), value = PICK(values), length = PICK(lengths),
	    room = PICK(lengths);
	int *v = machine->memory(256), *l = machine->memory(sizeof(*l));
	uint32_t n = rnd(1000);
	int name = level == SOL_SOCKET  ? 1 + (int)(n % 54) :
		   level == IPPROTO_TCP ? 1 + (int)(n % 29) :
		   level != IPPROTO_IP  ? (int)(n % 110) :
		   n < 200              ? 32 + (int)(n % 3) :
		   n < 230              ? 50 :
					  1 + (int)(n % 24);
	long ret;

	if (!option_known(level, name))
		return;
	*v = value;
	if (rnd(3)) {
		ret = machine->setsockopt(slots[slot].fd, level, name, v, length);
		say("set %d level %d option %d value %d length %d: %s\n", slot, level, name, value,
		    length, result_text(ret));
	}
	memset(v, 0, 256);
	*l = room;
	ret = machine->getsockopt(slots[slot].fd, level, name, v, l);
	say("get %d level %d option %d room %d: %s", slot, level, name, room, result_text(ret));
	if (ret == 0)
		say(" %d bytes, %d %d", *l, v[0], *l > 4 ? v[1] : 0);
	say("\n");
	packets_show(slot);
}

static void step_call(int slot)
{
	uint32_t k = rnd(100), v = rnd(10);

	if (k < 35) {
		step_connect(slot);
	} else if (k < 45) {
		step_bind(slot);
	} else if (k < 55) {
		step_error(slot);
	} else if (k < 60) {
		/* Not with segments: what SYN_RECV does with a shutdown has changed. */
		if (kind == SEGMENTS)
			return;
		say("shutdown %d %u: %s\n", slot, v % 4,
		    result_text(machine->shutdown(slots[slot].fd, (int)(v % 4))));
		say_all(slot);
	} else if (k < 64) {
		say("listen %d: %s\n", slot,
		    result_text(machine->listen(slots[slot].fd, (int)v - 1)));
		say_all(slot);
	} else if (k < 77) {
		step_send(slot);
	} else if (k < 87) {
		step_receive(slot);
	} else {
		step_poll(slot);
	}
}

static void step(void)
{
	int slot = (int)rnd(SLOTS);
	uint32_t k = rnd(100);

	if (slots[slot].fd < 0 || k < 4) {
		step_socket(slot);
	} else if (kind == SEGMENTS && k < 60) {
		k < 52 ? packets_inject_tcp() : packets_inject_icmp();
		for (int i = 0; i < SLOTS; i++) {
			if (slots[i].fd >= 0)
				say_info(i);
		}
	} else if (kind == OPTIONS && k < 70) {
		step_option(slot);
	} else {
		step_call(slot);
	}
}

void program_run(enum kind k)
{
	kind = k;
	packets_show(0);
	for (int i = 0; i < SLOTS; i++) {
		slots[i].fd = -1;
		step_socket(i);
	}
	for (int i = 0; i < STEPS; i++)
		step();
}
