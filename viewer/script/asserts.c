/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Conditions, %{ assert tcpi_state == TCP_SYN_SENT }%. packetdrill hands them to Python; this is
 * the part of Python that its tests use: names, numbers, comparisons, + - * & |, and, or, not.
 *
 * A name is a field of struct tcp_info, asked of the last socket that was made, or a constant.
 * counter("TcpActiveOpens") is one of the core's SNMP counters.
 */

#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/tcp.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/play.h"

/* Of the struct, as far as v4.9 has it. */
#define TCP_INFO_LENGTH 192

static const struct {
	const char *name;
	size_t offset, size;
} fields[] = {
#define FIELD(f)                                                                    \
	{                                                                           \
#f, offsetof(struct tcp_info, f), sizeof(((struct tcp_info *)0)->f) \
	}
	FIELD(tcpi_state),         FIELD(tcpi_ca_state),
	FIELD(tcpi_retransmits),   FIELD(tcpi_probes),
	FIELD(tcpi_backoff),       FIELD(tcpi_options),
	FIELD(tcpi_rto),           FIELD(tcpi_ato),
	FIELD(tcpi_snd_mss),       FIELD(tcpi_rcv_mss),
	FIELD(tcpi_unacked),       FIELD(tcpi_sacked),
	FIELD(tcpi_lost),          FIELD(tcpi_retrans),
	FIELD(tcpi_fackets),       FIELD(tcpi_last_data_sent),
	FIELD(tcpi_last_ack_sent), FIELD(tcpi_last_data_recv),
	FIELD(tcpi_last_ack_recv), FIELD(tcpi_pmtu),
	FIELD(tcpi_rcv_ssthresh),  FIELD(tcpi_rtt),
	FIELD(tcpi_rttvar),        FIELD(tcpi_snd_ssthresh),
	FIELD(tcpi_snd_cwnd),      FIELD(tcpi_advmss),
	FIELD(tcpi_reordering),    FIELD(tcpi_rcv_rtt),
	FIELD(tcpi_rcv_space),     FIELD(tcpi_total_retrans),
	FIELD(tcpi_pacing_rate),   FIELD(tcpi_max_pacing_rate),
	FIELD(tcpi_bytes_acked),   FIELD(tcpi_bytes_received),
	FIELD(tcpi_segs_out),      FIELD(tcpi_segs_in),
	FIELD(tcpi_notsent_bytes), FIELD(tcpi_min_rtt),
	FIELD(tcpi_data_segs_in),  FIELD(tcpi_data_segs_out),
	FIELD(tcpi_delivery_rate),
#undef FIELD
};

/* The two shifts share a byte behind tcpi_options. */
#define WSCALES (offsetof(struct tcp_info, tcpi_options) + 1)

static int field_value(const struct play *p, const char *name, int64_t *value)
{
	if (!strcmp(name, "tcpi_snd_wscale") || !strcmp(name, "tcpi_rcv_wscale")) {
		*value = name[5] == 's' ? p->tcp_info[WSCALES] & 15 : p->tcp_info[WSCALES] >> 4;
		return 0;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		uint64_t n = 0;

		if (strcmp(fields[i].name, name))
			continue;
		memcpy(&n, p->tcp_info + fields[i].offset, fields[i].size);
		*value = (int64_t)n;
		return 0;
	}
	return -1;
}

/* The job of a task: asks for struct tcp_info. */
static void ask_tcp_info(struct task *t)
{
	struct play *p = t->play;
	int *length = core_user_alloc(sizeof(*length));

	if (!p->tcp_info)
		p->tcp_info = core_user_alloc(TCP_INFO_LENGTH);
	if (!p->tcp_info || !length)
		return;
	memset(p->tcp_info, 0, TCP_INFO_LENGTH);
	*length = TCP_INFO_LENGTH;
	p->tcp_info_length =
		sys_getsockopt(p->asked, IPPROTO_TCP, TCP_INFO, (char *)p->tcp_info, length);
}

/* A task that has time: main, unless it is in a call. */
static struct task *idle_task(struct play *p, struct at at)
{
	struct task *t = task_named(p, NULL, at);

	return t && t->job ? task_named(p, "observer", at) : t;
}

static int evaluate(struct play *p, const struct value *v, int64_t *result);

static int evaluate_two(struct play *p, const struct value *v, int64_t *result)
{
	const char *op = v->text;
	int64_t a, b = 0;

	if (evaluate(p, v->child, &a))
		return -1;
	if (v->child->next && evaluate(p, v->child->next, &b))
		return -1;
	if (!strcmp(op, "=="))
		*result = a == b;
	else if (!strcmp(op, "!="))
		*result = a != b;
	else if (!strcmp(op, "<"))
		*result = a < b;
	else if (!strcmp(op, ">"))
		*result = a > b;
	else if (!strcmp(op, "<="))
		*result = a <= b;
	else if (!strcmp(op, ">="))
		*result = a >= b;
	else if (!strcmp(op, "and"))
		*result = a && b;
	else if (!strcmp(op, "or"))
		*result = a || b;
	else if (!strcmp(op, "not"))
		*result = !a;
	else if (!strcmp(op, "+"))
		*result = (int64_t)((uint64_t)a + (uint64_t)b);
	else if (!strcmp(op, "-"))
		*result = (int64_t)((uint64_t)a - (uint64_t)b);
	else if (!strcmp(op, "*"))
		*result = (int64_t)((uint64_t)a * (uint64_t)b);
	else if (!strcmp(op, "&"))
		*result = a & b;
	else
		*result = a | b;
	return 0;
}

static int evaluate(struct play *p, const struct value *v, int64_t *result)
{
	long n;

	switch (v->kind) {
	case VALUE_OPERATION:
		return evaluate_two(p, v, result);
	case VALUE_NAME:
		if (!field_value(p, v->text, result) || !call_number(v, result))
			return 0;
		return play_fail(p, PLAY_TROUBLE, v->at,
				 "assert: %s: expected a field of struct tcp_info or a constant",
				 v->text);
	case VALUE_FUNCTION:
		if (strcmp(v->text, "counter"))
			return play_fail(p, PLAY_TROUBLE, v->at,
					 "assert: %s(): expected counter(\"NAME\")", v->text);
		n = core_counter(v->child->text);
		*result = n;
		return n >= 0 ? 0 :
				play_fail(p, PLAY_TROUBLE, v->at,
					  "assert: counter \"%s\": expected one that the core has",
					  v->child->text);
	case VALUE_NUMBER:
		*result = v->number;
		return 0;
	default:
		return play_fail(p, PLAY_TROUBLE, v->at, "assert: expected a number or a name");
	}
}

/* "tcpi_state is 2": the names in a condition that failed, with their values. */
static size_t tell_names(struct play *p, const struct value *v, char *text, size_t room)
{
	size_t used = 0;
	int64_t n;

	text[0] = 0;
	if (v->kind == VALUE_FUNCTION)
		used = (size_t)snprintf(text, room, "; counter(\"%s\") is %ld", v->child->text,
					core_counter(v->child->text));
	else if (v->kind == VALUE_NAME && !field_value(p, v->text, &n))
		used = (size_t)snprintf(text, room, "; %s is %lld", v->text, (long long)n);
	else if (v->kind == VALUE_OPERATION)
		for (v = v->child; v && used + 64 < room; v = v->next)
			used += tell_names(p, v, text + used, room - used);
	return used < room ? used : room - 1;
}

int asserts_check(struct play *p, const struct event *e)
{
	struct task *t = idle_task(p, e->at);

	if (!t)
		return -1;
	task_start(t, ask_tcp_info);
	task_finish(t, *core_clock());
	if (!p->tcp_info)
		return play_fail(p, PLAY_TROUBLE, e->at, "assert: the core is out of memory");
	for (const struct value *a = e->asserts; a; a = a->next) {
		char names[512];
		int64_t result;

		if (evaluate(p, a->child, &result))
			return -1;
		if (result)
			continue;
		tell_names(p, a->child, names, sizeof(names));
		p->failure_call = "getsockopt";
		return play_fail(p, PLAY_FAILED, a->at, "assert: the condition does not hold%s",
				 names);
	}
	return 0;
}
