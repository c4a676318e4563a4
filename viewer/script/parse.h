/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_SCRIPT_PARSE_H
#define SYNWALK_VIEWER_SCRIPT_PARSE_H

/*
 * What the scanner and the grammar call to check and to put together. Functions that return int
 * return non-zero after a complaint at the given place.
 */

#include "viewer/script/script.h"
#include "script_grammar.h"

typedef SCRIPT_YYLTYPE place;
typedef SCRIPT_YYSTYPE lexeme;

void parse_error_at(struct script *s, const place *loc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void parse_unexpected(struct script *s, const place *loc, const char *token, const char *expected);

/* ---- words ---- */
int parse_integer(struct script *s, const place *loc, const char *text, lexeme *out);
int parse_seconds(struct script *s, const place *loc, const char *text, lexeme *out);
int parse_string(struct script *s, const place *loc, const char *text, size_t n, lexeme *out);
int parse_limit(struct script *s, const place *loc, const char *what, const struct number *n,
		int64_t max);

/* ---- lines ---- */
int parse_setting(struct script *s, const place *loc, const char *text);
void parse_event(struct script *s, const place *loc, const struct when *when, struct event *e);
int parse_timed(struct script *s, const place *loc, const struct when *when, struct event *e);
int parse_whole_seconds(struct script *s, const place *loc, const struct number *n, int64_t *ns);
struct event *parse_setup(struct script *s, const char *command);
struct event *parse_asserts(struct script *s, struct value *asserts);

/* ---- values and calls ---- */
struct value *parse_number(struct script *s, const place *loc, int64_t number);
struct value *parse_text(struct script *s, const place *loc, enum value_kind kind, const char *text,
			 size_t length);
struct value *parse_group(struct script *s, const place *loc, enum value_kind kind,
			  const char *text, struct value *child);
struct value *parse_operation(struct script *s, const place *loc, const char *name, struct value *a,
			      struct value *b);
struct value *parse_append(struct value *list, struct value *last);
struct call *parse_call(struct script *s, const char *name, struct value *arguments,
			struct value *result);
int parse_call_error(struct script *s, const place *loc, struct call *call, const char *name);
struct event *parse_call_event(struct script *s, struct call *call);

/* ---- packets ---- */
struct packet *parse_packet(struct script *s);
int parse_packet_event(struct script *s, const place *loc, struct packet *p, struct event **e);
int parse_ip_items(struct script *s, struct packet *p, struct value *items);
int parse_ports(struct script *s, const place *loc, struct packet *p, const struct number *source,
		const struct number *dest);
int parse_ack(struct script *s, const place *loc, const place *number_loc, struct packet *p,
	      const struct number *n);
int parse_window(struct script *s, const place *loc, struct packet *p, const struct number *n);
int parse_urgent(struct script *s, const place *loc, struct packet *p, const struct number *n);
int parse_flags(struct script *s, const place *loc, const char *letters, int ack, uint8_t *flags);
int parse_range(struct script *s, const place *loc, const struct number *begin,
		const struct number *end, const struct number *length, struct range *out);
int parse_udp(struct script *s, const place *loc, const struct number *length, struct packet **out);
int parse_address(struct script *s, const place *loc, const char *text, uint32_t *out);
int parse_arp(struct script *s, const place *loc, const char *word, int op, uint32_t target,
	      uint32_t sender, const char *mac, struct packet **out);
int parse_bytes(struct script *s, const place *loc, const char *hex, size_t length, int ether,
		struct packet **out);
int parse_mtu(struct script *s, const place *loc, struct value *icmp, const struct number *n);
int parse_icmp(struct script *s, const place *loc, struct packet *head, struct value *icmp,
	       const struct range *quote, struct packet **out);

/* ---- TCP options ---- */
int parse_options(struct script *s, const place *loc, struct packet *p, struct tcp_option *list);
struct tcp_option *parse_append_option(struct tcp_option *list, struct tcp_option *last);
struct tcp_option *parse_option(struct script *s, const place *loc, uint8_t kind, uint32_t number,
				uint32_t echo);
int parse_hex_option(struct script *s, const place *loc, uint8_t kind, const char *hex,
		     struct tcp_option **out);
int parse_md5_key(struct script *s, const place *loc, const char *key, size_t length,
		  struct tcp_option **out);
int parse_exp_option(struct script *s, const place *loc, const char *cookie,
		     struct tcp_option **out);
int parse_raw_option(struct script *s, const place *loc, const struct number *kind, const char *hex,
		     struct tcp_option **out);
int parse_sack(struct script *s, const place *loc, struct tcp_option *sack,
	       const struct number *begin, const struct number *end, struct tcp_option **out);

#endif
