/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_ASK_H
#define SYNWALK_LABS_ASK_H

/*
 * Questions to a trace in SQL: over its views (docs/trace-format.md), and over `wire`, the frames taken
 * apart:
 *
 *   step, n (from 1), time_ns, direction ('out', 'in'), kind ('arp', 'tcp', 'udp', 'icmp', 'other'),
 *   src, dst, sport, dport, seq, ack, flags ('S', 'S.', '.', 'R' ...), window, payload, mss, wscale,
 *   sackok, tsval, tsecr, options (hex), ttl, ip_id, df, sum_ok, ip_sum_ok, arp_op, arp_sender,
 *   arp_target, icmp_type, icmp_code, source_mac, dest_mac, length, bytes
 *
 * Numbers are in host byte order there, addresses as people write them; what a frame does not have is
 * NULL. value_at(OBJECT, FIELD, STEP) is what a field held then. :seed, :local, :gateway, :remote, :other
 * and :port are the run's own numbers.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labs/vary.h"

struct asked; /* an open trace */

/* NULL: @err says why. */
struct asked *asked_open(const char *trace, const struct variation *v, char *err, size_t room);
void asked_close(struct asked *a);
/* The trace has another name now. */
void asked_moved(struct asked *a, const char *trace);

/* A query will come: what is copied for the first of all that use a view is enough for it, too. */
void asked_expect(struct asked *a, const char *query);

/** struct row - the first row of an answer: names and values of its columns */
struct row {
	int count;
	char **name, **value; /* values as text; bytes as hex */
	bool *is_bytes, *is_number;
	int64_t step; /* its first column as a number; 0 */
};

/*
 * The first row that @query finds. Return: 1, 0 if there is none, -1 with @err. @row is to be freed with
 * row_free() after 1.
 */
int asked_row(struct asked *a, const char *query, struct row *row, char *err, size_t room);
void row_free(struct row *row);
/* The value of a column, or NULL. */
const char *row_get(const struct row *row, const char *name);

/* The lines of the view steps for the @count calls, stores and packets before @step, one a line; freed. */
char *asked_before(struct asked *a, int64_t step, int count);

#endif
