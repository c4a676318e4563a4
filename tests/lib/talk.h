/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_TALK_H
#define SYNWALK_TESTS_TALK_H

/*
 * A conversation told from top to bottom: the test is the user task, and it also says what the far
 * end says. Between two lines it lets time pass.
 *
 *	long fd = talk_connect();         the handshake, with the options of far.options
 *	user_write(fd, 3000);             a system call of the user
 *	talk_pass(5);                     5 ms
 *	talk_says(SEG_ACK, "hello");      the far end acknowledges all it has heard, and says hello
 *
 * The far end answers ARP and the SYN; with far.acks it acknowledges data and FINs by itself too.
 * It stands on segments.h: what the core sent is in talk_seen(), numbers are in host byte order.
 */

#include "tests/lib/segments.h"

struct sock;

enum {
	TALK_STAMPS = 1,
	TALK_SACK = 2,
	TALK_SCALE = 4,
	TALK_ALL = 7,
};

#define TALK_IRS 0x70000000u

struct talk {
	/* Before the SYN: */
	int deaf;          /* answers no SYN */
	int options;       /* TALK_*, in the SYN-ACK */
	uint8_t extra[20]; /* more option bytes in the SYN-ACK */
	size_t nextra;
	uint16_t mss;
	uint8_t synack; /* more flags in the SYN-ACK */
	/* Any time: */
	int acks; /* 1: acknowledges data and FINs, 2: and answers a FIN with its own */
	uint16_t window;
	uint32_t seq;   /* what it says next */
	uint32_t heard; /* what it has heard, in a row */
	uint32_t stamp, stamp_seen;
	int stamps_on;
	uint32_t gap_until; /* lies beyond a loss: the test decides what is lost */
	int (*loses)(const struct segment *s); /* 1: the far end never saw this segment */
};

extern struct talk far;

/* Boots a world and sets far to its defaults: all options, MSS 1460, window 10000. */
struct segments *talk_boot(void);
/* Runs @fn as the user task, ends the world, and complains of leaks. */
void talk_run(void (*fn)(void *arg));
/* The far end's address and port in user memory. */
void *talk_addr(void);
/* A stream socket. */
long talk_socket(void);
/* socket() and connect(), which must succeed. */
long talk_connect(void);
/* The far end is ready for another connection, from whatever port. */
void talk_forget(void);
/* Another one in the same world: the far end forgets the one before. */
long talk_again(void);
void talk_pass(unsigned int ms);
/* The far end sends; ACK stands for all it has heard. */
void talk_says(uint8_t flags, const char *data);
/* The same with @n bytes of data. */
void talk_sends(uint8_t flags, size_t n);
/* A segment of the test's own making: seq and ack relative to what far would send. */
void talk_odd(uint8_t flags, int32_t dseq, int32_t dack, size_t n);
/* One that far would send now, to be changed. */
struct segment talk_segment(uint8_t flags);
/* An ICMP message that quotes the core's segment with sequence number @seq. */
void talk_icmp(int type, int code, uint16_t mtu, uint32_t seq);
/* Segments the core has sent. */
size_t talk_nseen(void);
const struct segment *talk_last(void);

/* What the core knows of the connection. */
struct sock *talk_sk(long fd);

/* Fails the test unless the counter of that SNMP name stands at @value. */
void counts(const char *name, long value);

/* What the user does. */
long user_write(long fd, size_t n);
long user_read(long fd, size_t n);
long user_set(long fd, int level, int name, int value);
/* The option's value, or the negative errno. */
long user_get(long fd, int level, int name);

#endif
