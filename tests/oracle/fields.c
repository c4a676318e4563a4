/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Holds the fields of our sockets against those that a debugger read in a real kernel.
 *
 *     fields FIELDS.jsonl EXCUSED.txt FOLDER
 *
 * Theory of operation
 *
 * A row of FIELDS.jsonl is a scenario: what was read at the entry and the return of tcp_connect() and
 * tcp_finish_connect() and at the return of inet_stream_connect(), of the socket, its first queued
 * skb and its route. FOLDER holds a trace of each, SCENARIO.db, made by the script of the same name
 * in tests/oracle/fields. The script is the recorded network: how long the answer took, what it said,
 * whether it came within the call. So times that follow from it (srtt, rto, the pacing rate) are
 * the recorded ones to the digit, and what is left to rules is what two runs cannot share:
 *
 *   EXACT  the value itself (most fields)
 *   ISN    the distance from our initial sequence number; 0 is "not set yet" on both sides
 *   CLOCK  a reading of the machine's clock: whether there is one
 *   DEADLINE  a time to come, counted from the SYN: to a twenty-fifth, because the recorded machine
 *          was slow between the two
 *   ID     of the identification that the first packet had, modulo 65536
 *   PORT   itself if the program chose it; otherwise one of the range, of the recorded parity
 *   NET16  itself, in network byte order here
 *   ADDR   an IPv4 address, a number in network byte order here
 *   HALF   of a time stamp: a CLOCK that may have been stored as a whole, v64
 *   SKIP   not a field: derived from others, or of the moment of reading
 *
 * The n-th reading at a point belongs to the n-th call of its function. Readings that a debugger took
 * twice at the same stop are one.
 *
 * What differs is printed with both values. EXCUSED.txt, "SCENARIO field reason", names what is not
 * compared, SCENARIO * for all; an excuse that is needed nowhere is an error.
 */

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/read/read.h"

enum how { EXACT, ISN, CLOCK, DEADLINE, HALF, ID, PORT, SPORT, NET16, ADDR, SKIP };

#define SKB "write_queue_first_skb."

/* Recorded name -> the last part of the field's path here, and how to compare. */
static const struct rule {
	const char *recorded; /* a trailing '.' matches everything below */
	const char *path;     /* NULL: as recorded */
	enum how how;
} rules[] = {
	{ "snd_una", NULL, ISN },
	{ "snd_nxt", NULL, ISN },
	{ "snd_sml", NULL, ISN },
	{ "snd_up", NULL, ISN },
	{ "write_seq", NULL, ISN },
	{ "pushed_seq", NULL, ISN },
	{ "rtt_seq", NULL, ISN },
	{ "high_seq", NULL, ISN },
	{ SKB "tcp_cb.seq", "tcp_skb_cb.seq", ISN },
	{ SKB "tcp_cb.end_seq", "tcp_skb_cb.end_seq", ISN },
	{ SKB "tcp_cb.tcp_flags", "tcp_skb_cb.tcp_flags", EXACT },
	{ SKB "tcp_cb.sacked", "tcp_skb_cb.sacked", EXACT },
	{ SKB "tcp_cb.ip_dsfield", "tcp_skb_cb.ip_dsfield", EXACT },
	{ SKB "tcp_cb.ack_seq", "tcp_skb_cb.ack_seq", EXACT },
	{ SKB "gso_segs", "tcp_skb_cb.tcp_gso_segs", EXACT },
	{ SKB "gso_size", "tcp_skb_cb.tcp_gso_size", EXACT },
	{ SKB "users", "skb1.users.counter", EXACT },
	{ "retrans_stamp", NULL, CLOCK },
	{ "lsndtime", NULL, CLOCK },
	{ "rcv_tstamp", NULL, CLOCK },
	{ "snd_cwnd_stamp", NULL, CLOCK },
	{ "rcvq_space.time", NULL, CLOCK },
	{ "icsk.icsk_timeout", NULL, DEADLINE },
	{ "rx_opt.ts_recent_stamp", NULL, CLOCK },
	{ "rx_opt.rcv_tsecr", NULL, CLOCK }, /* our own time stamp, come back */
	{ "rtt_min.s[0].t", NULL, CLOCK },
	{ "rtt_min.s[1].t", NULL, CLOCK },
	{ "rtt_min.s[2].t", NULL, CLOCK },
	{ "rack.mstamp.", NULL, HALF },
	{ "delivered_mstamp.", NULL, HALF },
	{ "first_tx_mstamp.", NULL, HALF },
	{ "inet.inet_id", NULL, ID },
	{ "inet.inet_num", "skc_num", PORT },
	{ "inet.inet_sport", NULL, SPORT },
	{ "inet.inet_dport", "skc_dport", NET16 },
	{ "inet.inet_saddr", NULL, ADDR },
	{ "inet.inet_daddr", "skc_daddr", ADDR },
	{ "inet.inet_rcv_saddr", "skc_rcv_saddr", ADDR },
	{ "write_queue_len", "sk_write_queue.qlen", EXACT },
	{ "sk_state", "skc_state", EXACT },
	{ "sock.sk_refcnt", "skc_refcnt.counter", EXACT },
	{ "sock.sk_bound_dev_if", "skc_bound_dev_if", EXACT },
	{ "sock.sk_wmem_alloc", "sk_wmem_alloc.counter", EXACT },
	{ "sock.sk_rmem_alloc", "sk_backlog.rmem_alloc.counter", EXACT },
	{ "sock.sk_backlog_len", "sk_backlog.len", EXACT },
	{ "sock.sk_backlog_head", "sk_backlog.head", EXACT },
	{ "sock.sk_lock_owned", "sk_lock.owned", EXACT },
	{ "sock.sk_txhash_nonzero", "sk_txhash", EXACT },
	{ "sock.skc_hash_nonzero", "skc_hash", EXACT },
	{ "dst.refcnt", "__refcnt.counter", EXACT },
	{ "rel_isn.", NULL, SKIP },
	{ "jiffies32", NULL, SKIP },
	{ "where", NULL, SKIP },
};

/* The points, and of which function they are. */
static const struct {
	const char *where, *function;
	bool entry;
} points[] = {
	{ "tcp_connect_entry", "tcp_connect", true },
	{ "after_tcp_connect", "tcp_connect", false },
	{ "tcp_finish_connect_entry", "tcp_finish_connect", true },
	{ "after_tcp_finish_connect", "tcp_finish_connect", false },
	{ "after_inet_stream_connect", "inet_stream_connect", false },
};

enum { POINTS = sizeof(points) / sizeof(points[0]) };

static const char *const states[] = { "",           "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
				      "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSE",
				      "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING" };

#define BINDPORT_LOCK 8 /* of sk_userlocks: bind(2) named the port */

struct excuse {
	char scenario[64], field[96];
	bool needed;
};

static struct excuse excuses[128];
static int nexcuses;

/* All rows together. */
static int equal, different, excused;

/** struct reading - one snapshot, and the same moment here */
struct reading {
	struct trace *trace;
	const char *scenario, *where;
	const json_t *theirs;
	int64_t step;
	struct trace_state sk;
	const struct trace_state *now; /* of the object whose fields are compared */
	/* since tcp_connect() was entered: */
	uint32_t isn, their_isn;
	uint16_t id, their_id;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "fields: %s: %s\n", what, why);
	exit(2);
}

/* ---------------------------------------------------------------- excuses */

static void read_excuses(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512];

	if (!f)
		die(path, "cannot be opened");
	while (fgets(line, sizeof(line), f)) {
		struct excuse *e = &excuses[nexcuses];

		if (line[0] == '#' || nexcuses == 128)
			continue;
		if (sscanf(line, "%63s %95s", e->scenario, e->field) == 2)
			nexcuses++;
	}
	fclose(f);
}

static bool is_excused(const struct reading *r, const char *name)
{
	for (int i = 0; i < nexcuses; i++) {
		struct excuse *e = &excuses[i];

		if (strcmp(e->field, name) ||
		    (strcmp(e->scenario, "*") && strcmp(e->scenario, r->scenario)))
			continue;
		e->needed = true;
		return true;
	}
	return false;
}

static void differs(struct reading *r, const char *name, const char *what)
{
	if (is_excused(r, name)) {
		excused++;
		return;
	}
	different++;
	printf("# differs: %s %s %s: %s\n", r->scenario, r->where, name, what);
}

/* ---------------------------------------------------------------- our side */

/* Whether @path ends in @tail at a member's border. */
static bool ends_in(const char *path, const char *tail)
{
	size_t n = strlen(path), m = strlen(tail);

	return n >= m && !strcmp(path + n - m, tail) && (n == m || path[n - m - 1] == '.');
}

/* The whole name wins over the end of one: "tcp_skb_cb.seq" over "skb2.tcp_skb_cb.seq". */
static const struct trace_member *member(const struct trace_state *s, const char *tail)
{
	const struct trace_member *found = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct trace_member *m = &s->members[i];
		const char *path = m->field ? m->field->path : m->name;

		/* A field of a struct that lies in a catch-all has that struct's name before it. */
		if (strlen(m->name) > strlen(path))
			path = m->name;
		/* A place "a..b" is a range that one memset() covered, not a field. */
		if (strstr(path, "..") || !ends_in(path, tail))
			continue;
		if (!strcmp(path, tail))
			return m;
		if (!found)
			found = m;
	}
	return found;
}

/* A value as a number; pointers are 0 or 1. What was never stored is as it was born: zero. */
static int64_t number(const struct trace_value *v)
{
	if (v->type == TRACE_INT)
		return v->num;
	if (v->type != TRACE_TEXT)
		return 0;
	if (v->len && v->bytes[0] >= '0' && v->bytes[0] <= '9')
		return (int64_t)strtoull(v->bytes, NULL, 10);
	return strcmp(v->bytes, "NULL") != 0;
}

static int64_t ours_of(const struct trace_state *s, const char *name)
{
	const struct trace_member *m = member(s, name);

	return m ? number(&m->value) : 0;
}

/* The name of the object that a pointer points at or into; "" for none. */
static void target(const struct trace_member *m, char *name, size_t room)
{
	size_t n = m->value.type == TRACE_TEXT ? strcspn(m->value.bytes, "+") : 0;

	snprintf(name, room, "%.*s", (int)n, n ? m->value.bytes : "");
}

/* What the object of this name held at the reading's step. Return: 0, -1 if there is none. */
static int state_of(const struct reading *r, const char *name, struct trace_state *state)
{
	struct trace_object o;
	int err;

	if (trace_object_by_name(r->trace, name, &o) != 1)
		return -1;
	err = trace_state(r->trace, o.id, r->step, state);
	trace_object_free(&o);
	return err ? -1 : 0;
}

/* ---------------------------------------------------------------- their side */

static int64_t recorded(const json_t *json)
{
	/* Reals, since some clocks exceed a signed integer; the largest one comes back whole. */
	if (json_is_real(json)) {
		double real = json_real_value(json);

		return real >= 9.2e18 ? INT64_MAX : (int64_t)real;
	}
	if (json_is_string(json)) {
		for (size_t i = 1; i < sizeof(states) / sizeof(states[0]); i++)
			if (!strcmp(states[i], json_string_value(json)))
				return (int64_t)i;
	}
	return json_is_true(json);
}

static int64_t recorded_of(const json_t *from, const char *group, const char *name)
{
	return recorded(json_object_get(group ? json_object_get(from, group) : from, name));
}

/* ---------------------------------------------------------------- one value */

static const struct rule *rule_for(const char *name)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t n = strlen(rules[i].recorded);

		if (rules[i].recorded[n - 1] == '.' ? !strncmp(rules[i].recorded, name, n) :
						      !strcmp(rules[i].recorded, name))
			return &rules[i];
	}
	return NULL;
}

/* The recording groups the fields of inner structures under names of its own. */
static const char *without_group(const char *name)
{
	static const char *const groups[] = { "icsk.", "inet.", "sock.", SKB, "dst." };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!strncmp(name, groups[i], strlen(groups[i])))
			return name + strlen(groups[i]);
	return name;
}

static uint16_t swap16(int64_t n)
{
	return (uint16_t)((n & 0xff) << 8 | (n >> 8 & 0xff));
}

/* A port that bind(2) did not name is one of the range: even, if connect(2) looked for it. */
static bool same_port(const struct reading *r, int64_t theirs, int64_t ours)
{
	if (!theirs || !ours || recorded_of(r->theirs, "sock", "sk_userlocks") & BINDPORT_LOCK)
		return theirs == ours;
	return ours >= 32768 && ours <= 60999 && !((ours ^ theirs) & 1);
}

/* retrans_stamp is the first SYN's time, while it is under way. */
static bool same_deadline(const struct reading *r, int64_t theirs, int64_t ours)
{
	int64_t their_syn = recorded_of(r->theirs, NULL, "retrans_stamp");
	int64_t syn = ours_of(&r->sk, "retrans_stamp");

	if (!theirs || !ours || !their_syn || !syn)
		return !theirs == !ours;
	theirs = (uint32_t)(theirs - their_syn);
	ours = (uint32_t)(ours - syn);
	return llabs(ours - theirs) <= theirs / 25;
}

/* Ours and theirs in the same terms. */
static bool same(const struct reading *r, enum how how, const json_t *json, int64_t ours)
{
	int64_t theirs = recorded(json);

	switch (how) {
	case ISN:
		if (!theirs || !ours)
			return theirs == ours;
		return (uint32_t)theirs - r->their_isn == (uint32_t)ours - r->isn;
	case CLOCK:
	case HALF:
		return !theirs == !ours;
	case DEADLINE:
		return same_deadline(r, theirs, ours);
	case ID:
		return (uint16_t)(theirs - r->their_id) == (uint16_t)(ours - r->id);
	case PORT:
		return same_port(r, theirs, ours);
	case SPORT:
		return same_port(r, theirs, swap16(ours));
	case NET16:
		return theirs == swap16(ours);
	case ADDR:
		return inet_addr(json_string_value(json)) == (in_addr_t)ours;
	default:
		if (json_is_boolean(json))
			return !theirs == !ours;
		return theirs == ours;
	}
}

static void compare_value(struct reading *r, const char *name, enum how how, const json_t *json,
			  const struct trace_member *m)
{
	const char *text = m->value.type == TRACE_TEXT ? m->value.bytes : NULL;
	char what[192];

	/* a function's name */
	if (json_is_string(json) && text) {
		if (!strcmp(json_string_value(json), text))
			equal++;
		else
			differs(r, name, text);
		return;
	}
	/* A recorded unsigned value of 32 bits may be shown signed here, and the other way round. */
	if (same(r, how, json, number(&m->value)) ||
	    (how == EXACT && m->field && m->field->size == 4 &&
	     (int32_t)recorded(json) == (int32_t)number(&m->value))) {
		equal++;
		return;
	}
	snprintf(what, sizeof(what), "recorded %lld, ours %lld", (long long)recorded(json),
		 (long long)number(&m->value));
	differs(r, name, what);
}

/* How far the data is from the beginning of its memory: "bytes#3" and "bytes#3+160". */
static void compare_headroom(struct reading *r, const char *name, const json_t *json)
{
	const struct trace_member *data = member(r->now, "data"), *head = member(r->now, "head");
	char what[96];

	if (!data || !head || data->value.type != TRACE_TEXT || head->value.type != TRACE_TEXT) {
		differs(r, name, "no such skb");
		return;
	}
	snprintf(what, sizeof(what), "%s+%lld", head->value.bytes, (long long)recorded(json));
	if (!strcmp(what, data->value.bytes))
		equal++;
	else
		differs(r, name, data->value.bytes);
}

/* Of a time stamp's half @m and the whole, the one that was stored later. */
static const struct trace_member *later(const struct trace_member *m, const struct trace_state *s,
					const char *name)
{
	const struct trace_member *whole;
	char v64[96];

	snprintf(v64, sizeof(v64), "%.*s.v64", (int)(strrchr(name, '.') - name), name);
	whole = member(s, v64);
	return whole && whole->step > m->step ? whole : m;
}

static void compare_leaf(struct reading *r, const char *name, const json_t *json)
{
	const struct rule *rule = rule_for(name);
	enum how how = rule ? rule->how : EXACT;
	const struct trace_member *m;
	struct trace_step ret;

	if (how == SKIP)
		return;
	if (!strcmp(name, SKB "headroom")) {
		compare_headroom(r, name, json);
		return;
	}
	if (!strcmp(name, "retval")) {
		/* null: a function without a value, or not at its end */
		if (json_is_null(json) || trace_step(r->trace, r->step, &ret) != 1)
			return;
		if (number(&ret.new) == recorded(json))
			equal++;
		else
			differs(r, name, "returned something else");
		trace_step_free(&ret);
		return;
	}
	m = member(r->now, rule && rule->path ? rule->path : without_group(name));
	if (m && how == HALF)
		m = later(m, r->now, name);
	if (m)
		compare_value(r, name, how, json, m);
	else if (rule && rule->path && !strncmp(rule->path, "tcp_skb_cb.", 11) && !recorded(json))
		equal++; /* the control block has no field that was never stored */
	else
		differs(r, name, "no such field in the trace");
}

/* ---------------------------------------------------------------- all of them */

static void compare(struct reading *r, const char *name, const json_t *json);

static void compare_below(struct reading *r, const char *name, const json_t *json)
{
	const char *key;
	char full[128];
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)json, key, value) {
		snprintf(full, sizeof(full), "%s%s%s", name, name[0] ? "." : "", key);
		compare(r, full, value);
	}
	json_array_foreach((json_t *)json, i, value) {
		snprintf(full, sizeof(full), "%s[%zu]", name, i);
		compare(r, full, value);
	}
}

/*
 * The fields of another object, which the socket's member @through points at. A queue that is
 * empty points at its own head, and was recorded as null.
 */
static void compare_other(struct reading *r, const char *name, const char *through,
			  const json_t *json)
{
	const struct trace_member *m = member(r->now, through);
	const struct trace_state *sock = r->now;
	struct trace_state state;
	char object[64] = "";

	if (m)
		target(m, object, sizeof(object));
	if (json_is_null(json)) {
		if (!m || !number(&m->value) || !strncmp(object, "tcp_sock#", 9))
			equal++;
		else
			differs(r, name, "recorded empty, ours is not");
		return;
	}
	if (state_of(r, object, &state)) {
		differs(r, name, "points at nothing known");
		return;
	}
	r->now = &state;
	compare_below(r, name, json);
	r->now = sock;
	trace_state_free(&state);
}

static void compare(struct reading *r, const char *name, const json_t *json)
{
	if (!strcmp(name, "write_queue_first_skb"))
		compare_other(r, name, "sk_write_queue.next", json);
	else if (!strcmp(name, "dst"))
		compare_other(r, name, "sk_dst_cache", json);
	else if (json_is_object(json) || json_is_array(json))
		compare_below(r, name, json);
	else
		compare_leaf(r, name, json);
}

/* ---------------------------------------------------------------- one row */

/* The step of the @nth call of a point's function, or of its return; 0: there is none. */
static int64_t step_of(const struct reading *r, int point, int nth, char *sk, size_t room)
{
	const struct trace_func *f = trace_func_by_name(r->trace, points[point].function);
	struct trace_arg *args;
	struct trace_step call;
	int64_t step = 0;
	int n;

	if (!f)
		return 0;
	while (nth-- >= 0) {
		step = trace_next_call_of(r->trace, step, f->id);
		if (!step)
			return 0;
	}
	if (trace_step(r->trace, step, &call) != 1)
		return 0;
	n = trace_args(call.extra, &args);
	for (int i = 0; i < n; i++)
		if (!strcmp(args[i].name, "sk") && args[i].value.type == TRACE_TEXT)
			snprintf(sk, room, "%s", args[i].value.bytes);
	trace_args_free(args, n);
	trace_step_free(&call);
	return points[point].entry ? step : trace_return_of(r->trace, step);
}

/* What later readings of the same connect are relative to. */
static void begin_connect(struct reading *r)
{
	r->isn = (uint32_t)ours_of(&r->sk, "write_seq");
	r->their_isn = (uint32_t)recorded_of(r->theirs, NULL, "write_seq");
	r->id = (uint16_t)ours_of(&r->sk, "inet_id");
	r->their_id = (uint16_t)recorded_of(r->theirs, "inet", "inet_id");
}

static void one_row(struct reading *r, const json_t *snapshots)
{
	int seen[POINTS] = { 0 };
	char sk[64] = "";
	size_t i;

	json_array_foreach((json_t *)snapshots, i, r->theirs) {
		const json_t *last = i ? json_array_get(snapshots, i - 1) : NULL;
		int p = 0;

		r->where = json_string_value(json_object_get(r->theirs, "where"));
		while (p < POINTS && strcmp(points[p].where, r->where))
			p++;
		if (p == POINTS) {
			differs(r, "where", "a point that is not known");
			continue;
		}
		if (last && !strcmp(json_string_value(json_object_get(last, "where")), r->where))
			seen[p]--;
		r->step = step_of(r, p, seen[p]++, sk, sizeof(sk));
		if (!r->step || state_of(r, sk, &r->sk)) {
			differs(r, points[p].function, "not called, or not returned from");
			continue;
		}
		if (!strcmp(points[p].where, "tcp_connect_entry"))
			begin_connect(r);
		r->now = &r->sk;
		compare(r, "", r->theirs);
		trace_state_free(&r->sk);
	}
}

/* Return: whether all was as recorded. */
static bool play_row(const json_t *row, const char *folder, int test)
{
	struct reading r = { .scenario = json_string_value(json_object_get(row, "scenario")) };
	int bad = different, good = equal;
	char path[512], err[512];

	snprintf(path, sizeof(path), "%s/%s.db", folder, r.scenario);
	r.trace = trace_open(path, err, sizeof(err));
	if (!r.trace) {
		printf("not ok %d - %s: %s\n", test, r.scenario, err);
		return false;
	}
	one_row(&r, json_object_get(row, "snapshots"));
	trace_close(r.trace);
	printf("%sok %d - %s: %d values as recorded, %d not\n",
	       different > bad || equal == good ? "not " : "", test, r.scenario, equal - good,
	       different - bad);
	return different == bad && equal > good;
}

static bool report_excuses(int test)
{
	bool good = true;

	for (int i = 0; i < nexcuses; i++) {
		if (excuses[i].needed)
			continue;
		printf("# excuse not needed: %s %s\n", excuses[i].scenario, excuses[i].field);
		good = false;
	}
	printf("%sok %d - every excuse is needed (%d)\n", good ? "" : "not ", test, nexcuses);
	return good;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t len = 0;
	int test = 0;
	bool good = true;
	FILE *f;

	if (argc != 4)
		die("usage", "fields FIELDS.jsonl EXCUSED.txt FOLDER");
	f = fopen(argv[1], "r");
	if (!f)
		die(argv[1], "cannot be opened");
	read_excuses(argv[2]);
	while (getline(&line, &len, f) > 0) {
		json_t *row = json_loads(line, JSON_DECODE_INT_AS_REAL, NULL);

		if (!row)
			die(argv[1], "not JSON");
		good &= play_row(row, argv[3], ++test);
		json_decref(row);
	}
	good &= test > 0;
	good &= report_excuses(++test);
	printf("1..%d\n# score fields %d of %d, %d excused\n", test, equal,
	       equal + different + excused, excused);
	free(line);
	fclose(f);
	return good ? 0 : 1;
}
