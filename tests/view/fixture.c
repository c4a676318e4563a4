/* SPDX-License-Identifier: GPL-2.0-only */
/* The hand-made trace of fixture.h. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema_sql.h"
#include "tests/view/fixture.h"
#include "trace/read/read.h"

/* Ids in the catalogue below. */
enum { F_CONNECT = 1, F_V4_CONNECT, F_SET_STATE, F_TIMEOUT, F_RCV, F_FINISH, F_IDLE };
enum { O_SK = 1, O_SKB, O_HASH, O_DATA };
enum {
	FIELD_STATE = 1,
	FIELD_SEQ,
	FIELD_DADDR,
	FIELD_DPORT,
	FIELD_DST,
	FIELD_CB,
	FIELD_SKB_LEN,
	FIELD_CHAIN
};
enum { V_FD = 1, V_ADDRLEN, V_ERR, V_SK, V_STATE, V_TIMEO };

static const char SOCKET_C[] = "/* socket.c: a fixture */\n"
			       "long sys_connect(int fd, int addrlen)\n"
			       "{\n"
			       "\tint err;\n"
			       "\n"
			       "\terr = tcp_v4_connect(sk);\n"
			       "\tif (err)\n"
			       "\t\tgoto out;\n"
			       "\ttimeo = schedule_timeout(timeo);\n"
			       "out:\n"
			       "\treturn err;\n"
			       "}\n";

static const char TCP_C[] = "/* tcp.c: a fixture */\n"
			    "void tcp_set_state(struct sock *sk, int state)\n"
			    "{\n"
			    "\tsk->sk_state = state;\n"
			    "}\n"
			    "\n"
			    "int tcp_v4_connect(struct sock *sk)\n"
			    "{\n"
			    "\tint err = -22; /* d\xc3\xa9"
			    "faut */\n"
			    "\n"
			    "\ttcp_set_state(sk, TCP_SYN_SENT);\n"
			    "\ttp->write_seq = secure_seq();\n"
			    "\tinet->inet_daddr = daddr;\n"
			    "\tinet->inet_dport = dport;\n"
			    "\treturn 0;\n"
			    "}\n"
			    "\n"
			    "int tcp_v4_rcv(struct sk_buff *skb)\n"
			    "{\n"
			    "\ttcp_finish_connect(sk, skb);\n"
			    "\treturn 0;\n"
			    "}\n"
			    "void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)\n"
			    "{\n"
			    "\ttcp_set_state(sk, TCP_ESTABLISHED);\n"
			    "}\n"
			    "long schedule_timeout(long timeout)\n"
			    "{\n"
			    "\treturn timeout;\n"
			    "}\n"
			    "void cpu_idle(void)\n"
			    "{\n"
			    "}\n";

static const char CATALOGUE[] =
	"INSERT INTO meta VALUES ('schema_version', 3), ('synwalk_version', '0.1.0'), "
	"('scenario', 'fixture'), ('seed', 7), ('clock', 'virtual'), ('hz', 1000), ('result', '0');"
	"INSERT INTO func VALUES "
	"(1, 'sys_connect', 1, 2, 12, 'long', 'long sys_connect(int fd, int addrlen)'),"
	"(2, 'tcp_v4_connect', 2, 7, 16, 'int', 'int tcp_v4_connect(struct sock *sk)'),"
	"(3, 'tcp_set_state', 2, 2, 5, 'void', 'void tcp_set_state(struct sock *sk, int state)'),"
	"(4, 'schedule_timeout', 2, 27, 30, 'long', 'long schedule_timeout(long timeout)'),"
	"(5, 'tcp_v4_rcv', 2, 18, 22, 'int', 'int tcp_v4_rcv(struct sk_buff *skb)'),"
	"(6, 'tcp_finish_connect', 2, 23, 26, 'void', 'void tcp_finish_connect(...)'),"
	"(7, 'cpu_idle', 2, 31, 33, 'void', 'void cpu_idle(void)');"
	"INSERT INTO type VALUES (1, 'tcp_sock', 64), (2, 'sk_buff', 32), (3, 'hashinfo', 16);"
	"INSERT INTO enumeration VALUES (1, 'tcp_state', 1, 'TCP_ESTABLISHED'), "
	"(1, 'tcp_state', 2, 'TCP_SYN_SENT'), (1, 'tcp_state', 7, 'TCP_CLOSE');"
	"INSERT INTO field VALUES "
	"(1, 1, 'sk_state', 'sk.__sk_common.skc_state', 'volatile unsigned char', 1, 4, 1, NULL, NULL),"
	"(2, 1, 'write_seq', 'write_seq', 'u32', NULL, 8, 4, NULL, NULL),"
	"(3, 1, 'inet_daddr', 'sk.skc_daddr', '__be32', NULL, 12, 4, NULL, NULL),"
	"(4, 1, 'inet_dport', 'sk.skc_dport', '__be16', NULL, 16, 2, NULL, NULL),"
	"(5, 1, 'sk_dst_cache', 'sk.sk_dst_cache', 'struct dst_entry *', NULL, 24, 8, NULL, NULL),"
	"(6, 2, 'cb', 'cb', 'char [16]', NULL, 0, 16, NULL, NULL),"
	"(7, 2, 'len', 'len', 'unsigned int', NULL, 16, 4, NULL, NULL),"
	"(8, 3, 'bhash', 'bhash', 'struct head [4]', NULL, 0, 16, NULL, NULL);"
	"INSERT INTO variable VALUES (1, 1, 'fd', 'int', 0, 2), (2, 1, 'addrlen', 'int', 1, 2),"
	"(3, 2, 'err', 'int', -1, 9), (4, 2, 'sk', 'struct sock *', 0, 7),"
	"(5, 3, 'state', 'int', 1, 2), (6, 1, 'timeo', 'long', -1, 4);"
	"INSERT INTO task VALUES (0, 'idle'), (1, 'connect');"
	"INSERT INTO object VALUES (1, 'tcp_sock#1', 1, 'heap', 64, 0, NULL),"
	"(3, 'tcp_hashinfo', 3, 'global', 16, 0, NULL);"
	"INSERT INTO initial VALUES (1, 1, 4, 7);";

/* The lists of where to look: of steps one a row, of stores one more in each row before them. */
static const char SEEK[] =
	"INSERT INTO seek SELECT e.at & 31, CASE e.at & 31 WHEN 2 THEN p.what ELSE coalesce(e.what, 0) END,"
	" e.step, x'00000000' FROM log e LEFT JOIN log p ON p.step = e.parent"
	" WHERE e.at & 31 NOT IN (3, 4, 5);"
	"CREATE TEMP TABLE s AS SELECT e.what >> 24 AS object, e.step, e.what & 16777215 AS spot FROM log e"
	" WHERE e.at & 31 = 3;"
	"INSERT INTO stored SELECT object, step, digits(0) || digits(spot), (SELECT"
	" coalesce(group_concat(b, ''), '') FROM (SELECT digits(n.step - max(o.step)) || digits(o.spot) AS b"
	" FROM s o WHERE o.object = n.object AND o.step < n.step GROUP BY o.spot ORDER BY o.spot)) FROM s n;"
	"UPDATE stored SET steps = blob(steps), before = blob(before);"
	"INSERT INTO meta SELECT 'indexed', max(step) FROM log;";

/* A row put into the view of all steps goes where it belongs. */
static const char DISTRIBUTE[] =
	"CREATE TEMP TRIGGER distribute INSTEAD OF INSERT ON main.event BEGIN "
	"INSERT INTO moment VALUES (NEW.step, NEW.time, NEW.task, NEW.context);"
	"INSERT INTO spot SELECT (SELECT count(*) + 1 FROM spot), NEW.what, NEW.place "
	"WHERE NEW.kind = 3 AND NOT EXISTS (SELECT 1 FROM spot WHERE field IS NEW.what AND "
	"name IS NEW.place);"
	"INSERT INTO log SELECT NEW.step, NEW.parent, 32 * coalesce(NEW.line, 0) + NEW.kind, "
	"CASE NEW.kind WHEN 1 THEN NEW.func WHEN 3 THEN (coalesce(NEW.object, 0) << 24) + (SELECT id "
	"FROM spot WHERE field IS NEW.what AND name IS NEW.place) WHEN 6 THEN NEW.what END, "
	"CASE NEW.kind WHEN 1 THEN NEW.depth ELSE NEW.old END, "
	"CASE NEW.kind WHEN 1 THEN NEW.extra ELSE NEW.new END;"
	"INSERT INTO point SELECT NEW.step, NEW.kind, NEW.object, NEW.what, NEW.extra WHERE NEW.kind > 6;"
	"END";

/* The frames, of 40 + 20 + ... bytes: Ethernet, IPv4, TCP as v4.9 sent them (tests/data). */
static const char SYN_HEX[] =
	"020000000002020000000001"
	"0800"
	"4500003c6f0540004006b7a20a0900010a090002b40c13883fb9e21700000000a00272104b660000"
	"020405b40402080afffb8d130000000001030307";
static const char SYNACK_HEX[] =
	"020000000001020000000002"
	"0800"
	"4500003c00004000400626a80a0900020a0900011388b40ca5627d193fb9e218a01271209caf0000"
	"020405b40402080afffb8d1dfffb8d1301030307";
static const char ACK_HEX[] =
	"020000000002020000000001"
	"0800"
	"450000346f0640004006b7a90a0900010a090002b40c13883fb9e218a5627d1a801000e53ba70000"
	"0101080afffb8d23fffb8d1d";

struct maker {
	sqlite3 *db;
	sqlite3_stmt *insert;
	long long step, time;
	int task, context;
	struct {
		long long step;
		int func;
	} stack[2][3][16];
	int depth[2][3];
};

static void sql(sqlite3 *db, const char *text)
{
	char *err = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &err) != SQLITE_OK) {
		fprintf(stderr, "fixture: %s: %.60s\n", err, text);
		abort();
	}
}

/* One event; old, new, extra and place are SQL literals. */
static long long event_at(struct maker *m, int kind, int line, int what, int object,
			  const char *old, const char *new, const char *extra, const char *place)
{
	int *depth = &m->depth[m->task][m->context];
	long long parent = *depth ? m->stack[m->task][m->context][*depth - 1].step : 0;
	int func = *depth ? m->stack[m->task][m->context][*depth - 1].func : 0;
	char text[512];

	m->step++;
	m->time += 100;
	snprintf(text, sizeof(text),
		 "INSERT INTO event VALUES (%lld, %lld, %d, %d, %d, %d, nullif(%lld, 0), "
		 "nullif(%d, 0), nullif(%d, 0), nullif(%d, 0), nullif(%d, 0), %s, %s, %s, %s)",
		 m->step, m->time, kind, m->task, m->context, *depth, parent, func, line, what,
		 object, old, new, extra, place);
	sql(m->db, text);
	return m->step;
}

static long long event(struct maker *m, int kind, int line, int what, int object, const char *old,
		       const char *new, const char *extra)
{
	return event_at(m, kind, line, what, object, old, new, extra, "NULL");
}

static long long call(struct maker *m, int func, int line, const char *args)
{
	int *depth = &m->depth[m->task][m->context];
	long long parent = *depth ? m->stack[m->task][m->context][*depth - 1].step : 0;
	char text[512];

	m->step++;
	m->time += 100;
	snprintf(text, sizeof(text),
		 "INSERT INTO event VALUES (%lld, %lld, 1, %d, %d, %d, nullif(%lld, 0), %d, %d, "
		 "NULL, NULL, NULL, NULL, '%s', NULL)",
		 m->step, m->time, m->task, m->context, *depth, parent, func, line, args);
	sql(m->db, text);
	m->stack[m->task][m->context][*depth].step = m->step;
	m->stack[m->task][m->context][*depth].func = func;
	++*depth;
	return m->step;
}

static long long ret(struct maker *m, int line, const char *value)
{
	long long step = event(m, 2, line, 0, 0, "NULL", value, "NULL");

	m->depth[m->task][m->context]--;
	return step;
}

static long long line(struct maker *m, int number)
{
	return event(m, 5, number, 0, 0, "NULL", "NULL", "NULL");
}

static long long packet(struct maker *m, const char *direction, const char *hex)
{
	long long step = event(m, 7, 0, 0, O_SKB, "NULL", "NULL", "NULL");
	char text[1024];

	snprintf(text, sizeof(text), "INSERT INTO packet VALUES (%lld, '%s', 'tap0', %d, x'%s')",
		 step, direction, (int)strlen(hex) / 2, hex);
	sql(m->db, text);
	return step;
}

static long long place(struct maker *m, int number, int field, int object, const char *name,
		       const char *old, const char *new)
{
	char literal[64];

	snprintf(literal, sizeof(literal), "'%s'", name);
	return event_at(m, 3, number, field, object, old, new, "NULL", literal);
}

/* The way out: connect() until it sleeps. */
static void way_out(struct maker *m, struct fixture_steps *at)
{
	at->connect = call(m, F_CONNECT, 2, "{\"fd\":3,\"addrlen\":16}");
	line(m, 6);
	at->v4_connect = call(m, F_V4_CONNECT, 7, "{\"sk\":\"tcp_sock#1\"}");
	line(m, 9);
	at->err_local = event(m, 6, 9, V_ERR, 0, "NULL", "-22", "NULL");
	line(m, 11);
	at->set_state = call(m, F_SET_STATE, 2, "{\"sk\":\"tcp_sock#1\",\"state\":2}");
	line(m, 4);
	at->state_store = event(m, 3, 4, FIELD_STATE, O_SK, "7", "2", "NULL");
	at->state_event = event(m, 13, 4, 7, O_SK, "7", "2", "NULL");
	at->set_state_return = ret(m, 5, "NULL");
	line(m, 12);
	event(m, 3, 12, FIELD_SEQ, O_SK, "0", "1069146647", "NULL");
	line(m, 13);
	event(m, 3, 13, FIELD_DADDR, O_SK, "0", "33556746", "NULL");
	line(m, 14);
	at->port_store = event(m, 3, 14, FIELD_DPORT, O_SK, "0", "34835", "NULL");
	place(m, 14, FIELD_CHAIN, O_HASH, "bhash[1].first", "'NULL'", "'tcp_sock#1'");
	place(m, 14, FIELD_CHAIN, O_HASH, "bhash[3].first", "'NULL'", "'tcp_sock#1'");
	event(m, 14, 14, 0, O_SKB, "NULL", "32", "'sk_buff'");
	sql(m->db, "INSERT INTO object VALUES (2, 'sk_buff#1', 2, 'heap', 32, "
		   "(SELECT max(step) FROM event), NULL),"
		   "(4, 'bytes#1', NULL, 'heap', 704, (SELECT max(step) FROM event), NULL)");
	event(m, 3, 14, FIELD_SKB_LEN, O_SKB, "0", "60", "NULL");
	place(m, 14, 0, O_DATA, "tcphdr.seq", "0", "400734527");
	event(m, 6, 9, V_ERR, 0, "-22", "0", "NULL");
	at->branch = event(m, 4, 14, 0, 0, "0", "1", "NULL");
	at->syn = packet(m, "out", SYN_HEX);
	event(m, 9, 14, 0, O_SK, "'icsk_retransmit_timer'", "1000000000", "'armed'");
	line(m, 15);
	at->v4_connect_return = ret(m, 15, "0");
	line(m, 7);
	event(m, 4, 7, 0, 0, "0", "0", "NULL");
	line(m, 9);
	at->timeout_call = call(m, F_TIMEOUT, 27, "{\"timeout\":\"9223372036854775807\"}");
	at->sleep = event(m, 10, 28, 0, 0, "NULL", "9223372036854775807", "NULL");
	event(m, 12, 28, 0, 0, "NULL", "NULL", "'idle'");
}

/* The softirq that takes the SYN-ACK, on top of the idle task. */
static void softirq(struct maker *m, struct fixture_steps *at)
{
	m->task = 0;
	m->time += 20000000;
	call(m, F_IDLE, 31, "{}");
	m->context = 1;
	event(m, 16, 0, 0, 0, "NULL", "NULL", "'NET_RX'");
	at->synack = packet(m, "in", SYNACK_HEX);
	at->softirq_rcv = call(m, F_RCV, 18, "{\"skb\":\"sk_buff#1\"}");
	line(m, 20);
	call(m, F_FINISH, 23, "{\"sk\":\"tcp_sock#1\",\"skb\":\"sk_buff#1\"}");
	line(m, 25);
	call(m, F_SET_STATE, 2, "{\"sk\":\"tcp_sock#1\",\"state\":1}");
	line(m, 4);
	at->established = event(m, 3, 4, FIELD_STATE, O_SK, "2", "1", "NULL");
	ret(m, 5, "NULL");
	at->wake = event(m, 11, 25, 0, 0, "NULL", "NULL", "'connect'");
	ret(m, 26, "NULL");
	line(m, 21);
	at->ack = packet(m, "out", ACK_HEX);
	at->drop = event(m, 8, 21, 0, O_SKB, "NULL", "NULL", "'NO_SOCKET'");
	event(m, 15, 21, 0, O_SKB, "NULL", "NULL", "'sk_buff'");
	sql(m->db, "UPDATE object SET died = (SELECT max(step) FROM event) WHERE id IN (2, 4)");
	at->rcv_return = ret(m, 22, "0");
	m->context = 0;
	event(m, 12, 32, 0, 0, "NULL", "NULL", "'connect'");
}

static void way_home(struct maker *m, struct fixture_steps *at)
{
	m->task = 1;
	at->timeout_return = ret(m, 29, "'9223372036854775807'");
	event(m, 6, 9, V_TIMEO, 0, "NULL", "5", "NULL");
	line(m, 11);
	at->connect_return = ret(m, 12, "-111");
	at->last = m->step;
}

/* digits(N): four bytes as eight hexadecimal digits, the lowest byte first. */
static void digits(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	unsigned int n = (unsigned int)sqlite3_value_int64(v[0]);
	char text[9];

	(void)argc;
	snprintf(text, sizeof(text), "%02x%02x%02x%02x", n & 255, n >> 8 & 255, n >> 16 & 255,
		 n >> 24);
	sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

/* blob(DIGITS): the bytes that they say. */
static void blob(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	const char *text = (const char *)sqlite3_value_text(v[0]);
	size_t size = strlen(text) / 2;
	unsigned char bytes[4096];

	(void)argc;
	for (size_t i = 0; i < size && i < sizeof(bytes); i++) {
		unsigned int byte = 0;

		sscanf(text + 2 * i, "%2x", &byte);
		bytes[i] = (unsigned char)byte;
	}
	sqlite3_result_blob(ctx, bytes, (int)size, SQLITE_TRANSIENT);
}

struct fixture_steps make_fixture(const char *path, unsigned flags)
{
	struct fixture_steps at = { 0 };
	struct maker m = { .task = 1 };
	sqlite3_stmt *file;

	unlink(path);
	if (sqlite3_open(path, &m.db) != SQLITE_OK)
		abort();
	sql(m.db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	sql(m.db, SCHEMA_SQL);
	sql(m.db, DISTRIBUTE);
	sqlite3_create_function(m.db, "digits", 1, SQLITE_UTF8, NULL, digits, NULL, NULL);
	sqlite3_create_function(m.db, "blob", 1, SQLITE_UTF8, NULL, blob, NULL, NULL);
	if (sqlite3_prepare_v2(
		    m.db,
		    "INSERT INTO file VALUES (1, 'core/net/socket.c', "
		    "'net/socket.c', ?1), (2, 'core/net/ipv4/tcp.c', 'net/ipv4/tcp.c', ?2)",
		    -1, &file, NULL) != SQLITE_OK)
		abort();
	sqlite3_bind_text(file, 1, SOCKET_C, -1, SQLITE_STATIC);
	sqlite3_bind_text(file, 2, TCP_C, -1, SQLITE_STATIC);
	sqlite3_step(file);
	sqlite3_finalize(file);
	sql(m.db, CATALOGUE);
	sql(m.db, flags & FIXTURE_PARTIAL ? "INSERT INTO meta VALUES ('status', 'recording')" :
					    "INSERT INTO meta VALUES ('status', 'complete')");
	if (!(flags & FIXTURE_EMPTY)) {
		way_out(&m, &at);
		softirq(&m, &at);
		if (!(flags & FIXTURE_PARTIAL))
			way_home(&m, &at);
	}
	at.last = m.step;
	if (flags & FIXTURE_INDEXED)
		sql(m.db, SEEK);
	if (flags & FIXTURE_VERSION_9)
		sql(m.db, "PRAGMA user_version = 9");
	sql(m.db, "COMMIT");
	sqlite3_close(m.db);
	return at;
}

static char directory[] = "/tmp/synwalk-view-XXXXXX";
static pid_t owner;

/* Children of a test share the directory; only the test itself removes it. */
static void clean_up(void)
{
	char command[sizeof(directory) + 16];

	if (getpid() != owner)
		return;
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	if (system(command))
		return;
}

const char *fixture_path(const char *name)
{
	static char paths[8][64];
	static int next;
	char *path = paths[next++ % 8];

	if (!owner) {
		if (!mkdtemp(directory))
			abort();
		owner = getpid();
		atexit(clean_up);
	}
	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

struct trace *open_fixture(const char *name, unsigned flags, struct fixture_steps *steps)
{
	struct fixture_steps at = make_fixture(fixture_path(name), flags);
	char err[256];
	struct trace *t = trace_open(fixture_path(name), err, sizeof(err));

	if (!t) {
		fprintf(stderr, "fixture: %s\n", err);
		abort();
	}
	if (steps)
		*steps = at;
	return t;
}
