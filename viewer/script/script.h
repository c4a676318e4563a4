/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_SCRIPT_H
#define SYNWALK_VIEWER_SCRIPT_SCRIPT_H

/*
 * A scenario as it was parsed: what the grammar makes and the interpreter walks through.
 *
 * Everything a script consists of lies in one arena that script_free() gives back, so neither a
 * syntax error nor a check that fails half way has anything to undo. Numbers are as written, in
 * host byte order; addresses in network byte order; times in nanoseconds.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in the script's text, from 1. */
struct at {
	int line;
	int column;
};

enum value_kind {
	VALUE_NUMBER,    /* 3, 0x10, -1 */
	VALUE_NAME,      /* SOCK_STREAM */
	VALUE_STRING,    /* "..." with its escapes resolved */
	VALUE_ANY,       /* ... */
	VALUE_LIST,      /* [a, b] */
	VALUE_STRUCT,    /* {name=value, ...} of VALUE_FIELD */
	VALUE_FIELD,     /* name=value */
	VALUE_FUNCTION,  /* htons(1), inet_addr("1.2.3.4") */
	VALUE_OPERATION, /* a | b, a == b, not a */
};

/**
 * struct value - an argument, a result, or an expression
 * @kind: which of the others mean something
 * @at: where it stands
 * @number: VALUE_NUMBER
 * @text: name, string, function or operator; NUL-terminated
 * @length: bytes in @text
 * @child: first element, field, argument or operand
 * @next: next one of the same parent
 */
struct value {
	enum value_kind kind;
	struct at at;
	int64_t number;
	const char *text;
	size_t length;
	struct value *child;
	struct value *next;
};

enum option_kind {
	OPTION_EOL = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_WSCALE = 3,
	OPTION_SACKOK = 4,
	OPTION_SACK = 5,
	OPTION_TS = 8,
	OPTION_MD5 = 19,
	OPTION_FO = 34,
	OPTION_EXP = 254,
};

#define MAX_SACK_BLOCKS  4
#define MAX_OPTION_BYTES 38
#define MAX_MD5_KEY      80

/**
 * struct tcp_option - one TCP option of a packet line
 * @kind: its number on the wire
 * @raw: written by number, with its bytes in @bytes
 * @number: MSS, shift, TSval
 * @echo: TSecr
 * @nblocks: SACK blocks in @block, script's numbers
 * @bytes: payload: cookie, digest, raw bytes
 * @key, @keylen: what a digest is to be made with, or NULL
 */
struct tcp_option {
	uint8_t kind;
	bool raw;
	struct at at;
	uint32_t number;
	uint32_t echo;
	int nblocks;
	uint32_t block[MAX_SACK_BLOCKS][2];
	size_t nbytes;
	uint8_t bytes[MAX_OPTION_BYTES];
	const char *key;
	size_t keylen;
	struct tcp_option *next;
};

enum packet_kind { PACKET_TCP, PACKET_UDP, PACKET_ICMP, PACKET_ARP, PACKET_BYTES };

/* A packet line. Members named has_* tell whether the line says anything about it. */
struct packet {
	enum packet_kind kind;
	bool out; /* '>': the core sends it */

	bool has_addresses; /* ipv4 SRC > DST: */
	uint32_t source, destination;
	bool has_ports;
	uint16_t sport, dport;
	int ttl;                  /* -1: not said */
	int tos;                  /* whole byte; -1: not said */
	int ecn;                  /* two bits; -1: not said; -2: ECT(0) or ECT(1) */
	int32_t id;               /* -1: not said */
	int df;                   /* -1: not said */
	bool bad_ip_sum, bad_sum; /* in only: a wrong checksum on purpose */
	bool inside;              /* in only: arrives within the call that sent the packet before */

	uint8_t flags;
	bool has_seq;
	uint32_t seq;
	uint32_t length;
	bool has_ack;
	uint32_t ack;
	int32_t window; /* -1: not said, -2: any */
	uint16_t urgent;
	bool has_urgent;
	bool any_options; /* <...> */
	struct tcp_option *options;

	int icmp_type, icmp_code;
	uint32_t icmp_mtu;
	bool has_quote; /* the quoted segment is @seq, @length */

	int arp_op; /* 1 request, 2 reply */
	uint32_t arp_target, arp_sender;
	uint8_t arp_mac[6];

	const uint8_t *bytes; /* PACKET_BYTES */
	size_t nbytes;
	bool ether; /* with its Ethernet header */
};

/* A system call line. */
struct call {
	const char *task; /* NULL: the script's first task */
	const char *name;
	struct value *arguments;
	int narguments;
	struct value *result;
	const char *error; /* ECONNREFUSED, or NULL */
	struct at error_at;
};

enum event_kind { EVENT_CALL, EVENT_PACKET, EVENT_SETUP, EVENT_ASSERT };

enum time_kind {
	TIME_ABSOLUTE,
	TIME_RELATIVE,
	TIME_ANY,
};

/**
 * struct event - one line of the script
 * @at: where it begins
 * @time: kind of @begin_ns and @end_ns
 * @blocking: A...B: a call that begins at A and returns at B
 * @range: A~B: happens between the two
 * @text: the command of EVENT_SETUP
 * @asserts: conditions of EVENT_ASSERT, each with its source in @text
 */
struct event {
	enum event_kind kind;
	struct at at;
	enum time_kind time;
	int64_t begin_ns, end_ns;
	bool blocking, range;
	struct packet *packet;
	struct call *call;
	const char *text;
	struct value *asserts;
	struct event *next;
};

/* A --name=value line. */
struct setting {
	struct at at;
	const char *name;
	const char *value; /* NULL without '=' */
	struct setting *next;
};

struct arena;

/**
 * struct script - a whole scenario
 * @name: file name, for messages
 * @settings: --name=value lines in order
 * @events: in order
 * @has_seed: the script chose @seed
 * @has_arp: it has ARP lines, so the wire leaves ARP to it
 * @error: what is wrong, as FILE:LINE:COLUMN: what: expected ...; empty if nothing is
 */
struct script {
	const char *name;
	struct setting *settings, **settings_end;
	struct event *events, **events_end;
	bool has_seed;
	uint64_t seed;
	bool has_arp;
	char error[512];
	struct arena *arena;
};

/**
 * script_parse() - make a script of its text
 * @name: of the file; must live as long as the script
 * @text: @length bytes; need not end with a NUL
 *
 * Return: 0; or -1 with @s->error set. Either way script_free() is due.
 */
int script_parse(struct script *s, const char *name, const char *text, size_t length);
void script_free(struct script *s);

/* Zeroed memory that lives as long as the script; ends the program if there is none. */
void *script_alloc(struct script *s, size_t size);
/* A copy of @length bytes with a NUL behind it. */
char *script_copy(struct script *s, const char *text, size_t length);
/* Tells what is wrong at a place. Only the first complaint is kept. */
void script_error(struct script *s, struct at at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
