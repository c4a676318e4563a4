/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Holds the fields of our socket against those that a debugger read in a real kernel.
 *
 *     fields TRACE.db fields.jsonl SCENARIO EXCUSED.txt
 *
 * Besides the socket, its first queued skb and its route are compared. The points are the return of tcp_connect(), the return of tcp_finish_connect() and the return of
 * inet_stream_connect(). Each recorded number becomes one line of the comparison, by how much of
 * it can be equal in two runs:
 *
 *   exact    the value itself (most fields)
 *   isn      the distance from our initial sequence number
 *   irs      the distance from the far end's
 *   rto      itself, before there is a sample; then how far it is from what RFC 6298 makes of srtt
 *            and rttvar
 *   time     whether it is zero: clocks and round trips differ
 *
 * What differs is printed with both values. EXCUSED.txt names fields that are not compared, each
 * with its reason: "field  reason"; an excuse for a field that is equal is an error.
 */

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/read.h"

enum how { EXACT, FROM_ISN, FROM_IRS, TIME, RTO, SKIP };

/* Recorded name -> the last part of the field's path here, and how to compare. */
static const struct rule {
	const char *recorded; /* a trailing '.' matches everything below */
	const char *path;     /* NULL: as recorded */
	enum how how;
} rules[] = {
	{ "snd_una", NULL, FROM_ISN },
	{ "snd_nxt", NULL, FROM_ISN },
	{ "snd_sml", NULL, FROM_ISN },
	{ "snd_up", NULL, FROM_ISN },
	{ "write_seq", NULL, FROM_ISN },
	{ "pushed_seq", NULL, FROM_ISN },
	{ "rtt_seq", NULL, FROM_ISN },
	{ "rcv_nxt", NULL, FROM_IRS },
	{ "rcv_wup", NULL, FROM_IRS },
	{ "copied_seq", NULL, FROM_IRS },
	{ "snd_wl1", NULL, FROM_IRS },
	{ "rcvq_space.seq", NULL, FROM_IRS },
	{ "retrans_stamp", NULL, TIME },
	{ "lsndtime", NULL, TIME },
	{ "rcv_tstamp", NULL, TIME },
	{ "snd_cwnd_stamp", NULL, TIME },
	{ "rcvq_space.time", NULL, TIME },
	{ "srtt_us", NULL, TIME },
	{ "mdev_us", NULL, TIME },
	{ "mdev_max_us", NULL, TIME },
	{ "rttvar_us", NULL, TIME },
	{ "icsk.icsk_timeout", NULL, TIME },
	{ "icsk.icsk_rto", NULL, RTO },
	{ "rx_opt.ts_recent_stamp", NULL, TIME },
	{ "rx_opt.ts_recent", NULL, TIME },
	{ "rx_opt.rcv_tsval", NULL, TIME },
	{ "rx_opt.rcv_tsecr", NULL, TIME },
	{ "sock.sk_pacing_rate", NULL, TIME },
	{ "inet.inet_id", NULL, TIME },
	{ "inet.inet_num", "skc_num", TIME },
	{ "inet.inet_sport", NULL, TIME },
	{ "inet.inet_dport", "skc_dport", TIME },
	{ "inet.inet_saddr", NULL, TIME },
	{ "inet.inet_daddr", "skc_daddr", TIME },
	{ "inet.inet_rcv_saddr", "skc_rcv_saddr", TIME },
	{ "sk_state", "skc_state", EXACT },
	{ "sock.sk_refcnt", "skc_refcnt.counter", EXACT },
	{ "sock.sk_bound_dev_if", "skc_bound_dev_if", EXACT },
	{ "sock.sk_wmem_alloc", "sk_wmem_alloc.counter", EXACT },
	{ "sock.sk_rmem_alloc", "sk_backlog.rmem_alloc.counter", EXACT },
	{ "sock.sk_backlog_len", "sk_backlog.len", EXACT },
	{ "sock.sk_backlog_head", "sk_backlog.head", EXACT },
	{ "sock.sk_lock_owned", "sk_lock.owned", EXACT },
	{ "sock.sk_txhash_nonzero", "sk_txhash", TIME },
	{ "sock.skc_hash_nonzero", "skc_hash", TIME },
	/* The estimator's own clocks: values of the machine that was watched. */
	{ "rtt_min.", NULL, SKIP },
	{ "rack.mstamp.", NULL, SKIP },
	{ "delivered_mstamp.", NULL, SKIP },
	{ "first_tx_mstamp.", NULL, SKIP },
	{ "rel_isn.", NULL, SKIP },
	{ "jiffies32", NULL, SKIP },
	/* Not fields: how long the queue is, and what lies behind the skb's own memory. */
	{ "write_queue_len", NULL, SKIP },
	{ "write_queue_first_skb.tcp_cb.", NULL, SKIP },
	{ "write_queue_first_skb.gso_segs", NULL, SKIP },
	{ "write_queue_first_skb.gso_size", NULL, SKIP },
	{ "write_queue_first_skb.headroom", NULL, SKIP },
	{ "write_queue_first_skb.users", "skb1.users.counter", EXACT },
	{ "dst.refcnt", "__refcnt.counter", EXACT },
	{ "retval", NULL, SKIP },
	{ "where", NULL, SKIP },
};

static const struct {
	const char *where, *function;
} points[] = {
	{ "after_tcp_connect", "tcp_connect" },
	{ "after_tcp_finish_connect", "tcp_finish_connect" },
	{ "after_inet_stream_connect", "inet_stream_connect" },
};

static const char *const states[] = { "",           "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
				      "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSE",
				      "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING" };

struct excuse {
	char name[96];
	int used, needed;
};

static struct excuse excuses[128];
static int nexcuses;

/* What is compared at one point. */
struct point {
	struct trace *trace;
	int64_t step;
	const struct trace_state *now; /* of the object whose fields are compared */
	struct trace_state sk;
	int64_t isn, irs;             /* ours */
	int64_t their_isn, their_irs; /* the recorded ones */
	int64_t rto, their_rto;       /* by the estimator, milliseconds; 0 without a sample */
	const char *where;
	int compared, different;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "fields: %s: %s\n", what, why);
	exit(2);
}

static void read_excuses(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512];

	if (!f)
		die(path, "cannot be opened");
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '#' || nexcuses == 128)
			continue;
		if (sscanf(line, "%95s", excuses[nexcuses].name) == 1)
			nexcuses++;
	}
	fclose(f);
}

static struct excuse *excused(const char *name)
{
	int i;

	for (i = 0; i < nexcuses; i++) {
		if (!strcmp(excuses[i].name, name)) {
			excuses[i].used = 1;
			return &excuses[i];
		}
	}
	return NULL;
}

/* ---------------------------------------------------------------- our side */

/* Whether @path ends in @tail at a member's border. */
static int ends_in(const char *path, const char *tail)
{
	size_t n = strlen(path), m = strlen(tail);

	return n >= m && !strcmp(path + n - m, tail) && (n == m || path[n - m - 1] == '.');
}

static const struct trace_member *member(const struct trace_state *s, const char *tail)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct trace_member *m = &s->members[i];

		/* A place "a..b" is a range that one memset() covered, not a field. */
		if (m->field ? ends_in(m->field->path, tail) :
			       !strstr(m->name, "..") && ends_in(m->name, tail))
			return m;
	}
	return NULL;
}

/* A value as a number; pointers are 0 or 1. What was never stored is as it was born: zero. */
static int64_t number(const struct trace_member *m)
{
	const struct trace_value *v = &m->value;

	if (v->type == TRACE_INT)
		return v->num;
	if (v->type != TRACE_TEXT)
		return 0;
	if (v->len && v->bytes[0] >= '0' && v->bytes[0] <= '9')
		return (int64_t)strtoull(v->bytes, NULL, 10);
	return strcmp(v->bytes, "NULL") != 0;
}

/* ---------------------------------------------------------------- the comparison */

static const struct rule *rule_for(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t n = strlen(rules[i].recorded);

		if (rules[i].recorded[n - 1] == '.' ? !strncmp(rules[i].recorded, name, n) :
						      !strcmp(rules[i].recorded, name))
			return &rules[i];
	}
	return NULL;
}

static void differs(struct point *p, const char *name, const char *what)
{
	struct excuse *e = excused(name);

	if (e) {
		e->needed = 1;
		return;
	}
	p->different++;
	printf("# differs: %s %s: %s\n", p->where, name, what);
}

/* Recorded numbers below @json, under names joined by dots. */
static void compare(struct point *p, const char *name, const json_t *json);

static int64_t recorded_number(const json_t *json)
{
	size_t i;

	/* Reals, since some recorded clocks exceed a signed integer; 64-bit limits come back whole. */
	if (json_is_real(json)) {
		double real = json_real_value(json);

		return real >= 9.2e18 ? INT64_MAX : (int64_t)real;
	}
	if (json_is_string(json)) {
		for (i = 1; i < sizeof(states) / sizeof(states[0]); i++)
			if (!strcmp(states[i], json_string_value(json)))
				return (int64_t)i;
		return 1; /* an address: only whether there is one is compared */
	}
	return json_is_true(json);
}

static void compare_leaf(struct point *p, const char *name, const json_t *json)
{
	const struct rule *rule = rule_for(name);
	enum how how = rule ? rule->how : EXACT;
	const char *dot = strchr(name, '.');
	const char *tail = rule && rule->path ? rule->path : name;
	const struct trace_member *m;
	int64_t theirs = recorded_number(json), ours;
	char text[160];

	if (how == SKIP)
		return;
	/* The recording groups the fields of inner structures under a name of its own. */
	if (!(rule && rule->path) && dot &&
	    (!strncmp(name, "icsk.", 5) || !strncmp(name, "inet.", 5) ||
	     !strncmp(name, "sock.", 5) || !strncmp(name, "write_queue_first_skb.", 22)))
		tail = dot + 1;
	p->compared++;
	m = member(p->now, tail);
	if (!m) {
		differs(p, name, "no such field in the trace");
		return;
	}
	ours = number(m);
	/* A pointer to a function is its name; other recorded texts are states and addresses. */
	if (json_is_string(json) && m->value.type == TRACE_TEXT) {
		if (strcmp(json_string_value(json), m->value.bytes))
			differs(p, name, m->value.bytes);
		return;
	}
	switch (how) {
	case FROM_ISN:
		/* A field that was not set yet is 0, not ISN-relative. */
		theirs = theirs ? (int32_t)(theirs - p->their_isn) : INT32_MIN;
		ours = ours ? (int32_t)(ours - p->isn) : INT32_MIN;
		break;
	case FROM_IRS:
		theirs = theirs ? (int32_t)(theirs - p->their_irs) : INT32_MIN;
		ours = ours ? (int32_t)(ours - p->irs) : INT32_MIN;
		break;
	case RTO:
		theirs -= p->their_rto;
		ours -= p->rto;
		break;
	case TIME:
		theirs = theirs != 0;
		ours = ours != 0;
		break;
	default:
		if (json_is_boolean(json))
			ours = ours != 0;
		break;
	}
	/* A recorded unsigned 32-bit value may be shown signed here, and the other way round. */
	if (theirs == ours || (m->field && m->field->size == 4 && (int32_t)theirs == (int32_t)ours))
		return;
	snprintf(text, sizeof(text), "recorded %lld, ours %lld%s", (long long)theirs,
		 (long long)ours,
		 how == TIME     ? " (1: not zero)" :
		 how == FROM_ISN ? " (from the ISN)" :
		 how == FROM_IRS ? " (from the IRS)" :
				   "");
	differs(p, name, text);
}

/*
 * The fields of another object, which the socket's member @through points at. A queue that is
 * empty points at itself, and was recorded as null.
 */
static void compare_other(struct point *p, const char *name, const char *through,
			  const json_t *json)
{
	const struct trace_member *m = member(p->now, through);
	const struct trace_state *sock = p->now;
	struct trace_state state;
	struct trace_object o;
	const char *key;
	char full[128];
	json_t *value;

	p->compared++;
	if (!m || m->value.type != TRACE_TEXT) {
		differs(p, name, "no such pointer in the trace");
		return;
	}
	if (json_is_null(json)) {
		if (strncmp(m->value.bytes, "tcp_sock#", 9))
			differs(p, name, "recorded empty, ours is not");
		return;
	}
	if (trace_object_by_name(p->trace, m->value.bytes, &o) != 1) {
		differs(p, name, "points at nothing known");
		return;
	}
	if (trace_state(p->trace, o.id, p->step, &state) == 0) {
		p->now = &state;
		json_object_foreach((json_t *)json, key, value) {
			snprintf(full, sizeof(full), "%s.%s", name, key);
			compare(p, full, value);
		}
		p->now = sock;
		trace_state_free(&state);
	}
	trace_object_free(&o);
}

static void compare(struct point *p, const char *name, const json_t *json)
{
	const char *key;
	json_t *value;
	char full[128];

	if (!strcmp(name, "write_queue_first_skb")) {
		compare_other(p, name, "sk_write_queue.next", json);
		return;
	}
	if (!strcmp(name, "dst")) {
		compare_other(p, name, "sk_dst_cache", json);
		return;
	}
	if (!json_is_object(json)) {
		compare_leaf(p, name, json);
		return;
	}
	json_object_foreach((json_t *)json, key, value) {
		snprintf(full, sizeof(full), "%s%s%s", name, name[0] ? "." : "", key);
		compare(p, full, value);
	}
}

/* The value of a sequence number at a point; the recording and ours have the same name for it. */
static int64_t ours_of(struct point *p, const char *name)
{
	const struct trace_member *m = member(&p->sk, name);

	return m ? number(m) : 0;
}

static int64_t recorded_of(const json_t *snapshot, const char *name)
{
	return recorded_number(json_object_get(snapshot, name));
}

/* srtt (kept times 8) plus rttvar, both in microseconds, as milliseconds rounded up. */
static int64_t estimated_rto(int64_t srtt_us, int64_t rttvar_us)
{
	return srtt_us ? ((srtt_us >> 3) + rttvar_us + 999) / 1000 : 0;
}

static int one_point(struct trace *t, const json_t *row, const char *where, const char *function,
		     int test)
{
	const struct trace_func *f = trace_func_by_name(t, function);
	int64_t call = f ? trace_next_call_of(t, 0, f->id) : 0;
	int64_t step = call ? trace_return_of(t, call) : 0;
	struct point p = { .trace = t, .step = step, .where = where };
	struct trace_object sk;
	json_t *snapshot;
	size_t i;

	if (!step || trace_object_by_name(t, "tcp_sock#1", &sk) != 1 ||
	    trace_state(t, sk.id, step, &p.sk) < 0) {
		printf("not ok %d - %s: no return of %s() with a tcp_sock#1 in the trace\n", test,
		       where, function);
		return 1;
	}
	p.now = &p.sk;
	json_array_foreach(json_object_get(row, "snapshots"), i, snapshot) {
		if (strcmp(json_string_value(json_object_get(snapshot, "where")), where))
			continue;
		/* snd_sml stays at the ISN through the handshake; snd_wl1 becomes the IRS. */
		p.isn = ours_of(&p, "snd_sml");
		p.irs = ours_of(&p, "snd_wl1");
		p.their_isn = recorded_of(snapshot, "snd_sml");
		p.their_irs = recorded_of(snapshot, "snd_wl1");
		p.rto = estimated_rto(ours_of(&p, "srtt_us"), ours_of(&p, "rttvar_us"));
		p.their_rto = estimated_rto(recorded_of(snapshot, "srtt_us"),
					    recorded_of(snapshot, "rttvar_us"));
		compare(&p, "", snapshot);
	}
	printf("%sok %d - %s (step %lld): %d fields compared, %d differ\n",
	       p.different || !p.compared ? "not " : "", test, where, (long long)step, p.compared,
	       p.different);
	trace_state_free(&p.sk);
	trace_object_free(&sk);
	return p.different || !p.compared;
}

static int report_excuses(int test)
{
	int i, bad = 0;

	for (i = 0; i < nexcuses; i++) {
		if (excuses[i].needed)
			continue;
		printf("# excuse not needed: %s\n", excuses[i].name);
		bad = 1;
	}
	printf("%sok %d - every excuse is needed (%d)\n", bad ? "not " : "", test, nexcuses);
	return bad;
}

/* The recorded scenario of that name: one JSON object a line. */
static json_t *find_row(const char *path, const char *scenario)
{
	FILE *f = fopen(path, "r");
	json_t *row = NULL;
	char *line = NULL;
	size_t len = 0;

	if (!f)
		die(path, "cannot be opened");
	while (!row && getline(&line, &len, f) > 0) {
		row = json_loads(line, JSON_DECODE_INT_AS_REAL, NULL);
		if (row && strcmp(json_string_value(json_object_get(row, "scenario")), scenario)) {
			json_decref(row);
			row = NULL;
		}
	}
	free(line);
	fclose(f);
	return row;
}

int main(int argc, char **argv)
{
	struct trace *t;
	json_t *row;
	char err[512];
	int bad = 0, test = 0;
	size_t i;

	if (argc != 5)
		die("usage", "fields TRACE.db fields.jsonl SCENARIO EXCUSED.txt");
	t = trace_open(argv[1], err, sizeof(err));
	if (!t)
		die(argv[1], err);
	row = find_row(argv[2], argv[3]);
	if (!row)
		die(argv[3], "no such recorded scenario");
	read_excuses(argv[4]);
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		bad += one_point(t, row, points[i].where, points[i].function, ++test);
	bad += report_excuses(++test);
	printf("1..%d\n", test);
	json_decref(row);
	trace_close(t);
	return bad ? 1 : 0;
}
