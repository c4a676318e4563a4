/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * After the handshake: data, and all the ways a connection can end (RFC 793 figures 6, 13, 14).
 * Every test ends with the world empty: no socket, no remnant, no timer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/segments.h"

#include <linux/file.h>
#include <linux/in.h>
#include <linux/net.h>
#include <net/tcp.h>

#define IRS    0x70000000u
#define SECOND 1000000000ull
#define NOPS   8

/* What the user's calls returned, in their order. */
static struct {
	long connect, read[NOPS], write, close;
	char buf[NOPS][32];
	int nreads;
} got;

/* What the user does between connect and close. */
static struct {
	uint64_t sleep_ns;
	int reads;
	int write;
} plan;

static struct segments *w;
/* What the far end will send next; the ACK it last sent. */
static uint32_t far_seq;

static void user(void *arg)
{
	struct sockaddr_in *to = core_user_alloc(sizeof(*to));
	char *buf = core_user_alloc(32);
	long fd = sys_socket(AF_INET, SOCK_STREAM, 0);
	int i, j;

	to->sin_family = AF_INET;
	to->sin_port = htons(SEG_PORT);
	to->sin_addr.s_addr = SEG_FAR;
	got.connect = sys_connect((int)fd, (struct sockaddr *)to, sizeof(*to));
	if (plan.sleep_ns)
		sys_nanosleep(plan.sleep_ns);
	for (i = 0; i < plan.reads; i++) {
		got.read[i] = sys_read((unsigned int)fd, buf, 31);
		for (j = 0; j < got.read[i]; j++)
			got.buf[i][j] = buf[j];
		got.nreads++;
	}
	if (plan.write) {
		__builtin_memcpy(buf, "hello", 5);
		got.write = sys_write((unsigned int)fd, buf, 5);
	}
	got.close = sys_close((unsigned int)fd);
}

static int setup(void **state)
{
	__builtin_memset(&got, 0, sizeof(got));
	__builtin_memset(&plan, 0, sizeof(plan));
	far_seq = IRS;
	return 0;
}

static int teardown(void **state)
{
	segments_end();
	return 0;
}

/* The far end sends; @flags with ACK, of all it has seen up to and with @s. */
static void say(const struct segment *s, uint8_t flags, const char *data)
{
	struct segment a = { .flags = flags | SEG_ACK, .seq = far_seq, .window = 10000 };

	a.ack = s->seq + (uint32_t)s->ndata + !!(s->flags & (SEG_SYN | SEG_FIN));
	if (flags & SEG_SYN)
		segment_linux_options(&a, 100, s->tsval);
	else
		segment_stamps(&a, 100 + (far_seq - IRS), s->tsval);
	segments_send_data(a, data);
	for (; *data; data++)
		far_seq++;
	far_seq += !!(flags & (SEG_SYN | SEG_FIN));
}

static int handshake(const struct segment *s)
{
	if (s->flags != SEG_SYN)
		return 0;
	say(s, SEG_SYN, "");
	return 1;
}

static void run(void (*hears)(const struct segment *))
{
	w = segments_boot(5, hears);
	segments_run(user, NULL);
	assert_int_equal(got.connect, 0);
	assert_int_equal(got.close, 0);
}

/* ---- who closes first ---- */

static void hears_fin_ack_fin(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags & SEG_FIN) {
		say(s, 0, "");
		say(s, SEG_FIN, "");
	}
}

/* FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT: the ordinary end of a client. */
static void test_we_close_first(void **state)
{
	run(hears_fin_ack_fin);
	assert_int_equal(w->nseen, 4);
	assert_int_equal(w->seen[2].flags, SEG_FIN | SEG_ACK);
	assert_int_equal(w->seen[3].flags, SEG_ACK);
	assert_int_equal(w->seen[3].ack, IRS + 2);
	assert_int_equal(w->seen[3].seq, w->near_isn + 2);
	assert_int_equal(core_counter("TcpCurrEstab"), 0);
	assert_int_equal(segments_count(SEG_RST), 0);
}

static void hears_fin_finack(const struct segment *s)
{
	if (!handshake(s) && (s->flags & SEG_FIN))
		say(s, SEG_FIN, "");
}

/* One segment with both: from FIN-WAIT-1 through FIN-WAIT-2 to TIME-WAIT in one go. */
static void test_fin_and_ack_in_one(void **state)
{
	run(hears_fin_finack);
	assert_int_equal(w->nseen, 4);
	assert_int_equal(w->seen[3].flags, SEG_ACK);
	assert_int_equal(w->seen[3].ack, IRS + 2);
}

static void hears_lost_last_ack(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags & SEG_FIN) {
		say(s, SEG_FIN, "");
	} else if (s->ack == IRS + 2 && segments_count(SEG_ACK) == 2) {
		/* Our last ACK "was lost": the FIN once more. */
		far_seq--;
		say(s, SEG_FIN, "");
	}
}

/* TIME-WAIT is there for this. */
static void test_time_wait_answers(void **state)
{
	run(hears_lost_last_ack);
	assert_int_equal(segments_count(SEG_ACK), 3);
	assert_int_equal(w->seen[w->nseen - 1].ack, IRS + 2);
	assert_int_equal(segments_count(SEG_RST), 0);
}

static void hears_close_after_handshake(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1)
		say(s, SEG_FIN, "");
	else if (s->flags & SEG_FIN)
		say(s, 0, "");
}

/* CLOSE-WAIT, LAST-ACK: end of file, then ours; nobody waits afterwards. */
static void test_they_close_first(void **state)
{
	plan.reads = 1;
	run(hears_close_after_handshake);
	assert_int_equal(got.read[0], 0);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
	assert_int_equal(core_counter("TcpExtTW"), 0);
	assert_int_equal(segments_count(SEG_RST), 0);
}

static void hears_crossing_fins(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags & SEG_FIN) {
		/* Theirs left before ours came: it does not acknowledge it. */
		struct segment before = *s;

		before.flags = SEG_ACK;
		say(&before, SEG_FIN, "");
	} else if (s->ack == IRS + 2) {
		/* Now both have the other's FIN. */
		struct segment fin = { .flags = SEG_FIN, .seq = s->seq - 1, .tsval = s->tsval };

		say(&fin, 0, "");
	}
}

/* Both at once: CLOSING. */
static void test_both_close_at_once(void **state)
{
	run(hears_crossing_fins);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
	assert_int_equal(segments_count(SEG_RST), 0);
	assert_int_equal(core_counter("TcpRetransSegs"), 0);
}

static void hears_ack_only(const struct segment *s)
{
	if (!handshake(s) && (s->flags & SEG_FIN))
		say(s, 0, "");
}

/* A peer that acknowledges our FIN and never closes: after a minute we forget him. */
static void test_fin_wait_2_ends(void **state)
{
	run(hears_ack_only);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
	assert_int_equal(core_counter("TcpCurrEstab"), 0);
}

static void hears_syn_only(const struct segment *s)
{
	handshake(s);
}

/* A peer that vanished: the FIN is repeated with doubling intervals, then given up. */
static void test_nobody_answers_the_fin(void **state)
{
	run(hears_syn_only);
	assert_true(segments_count(SEG_FIN | SEG_ACK) > 3);
	assert_int_equal(core_counter("TcpExtTCPAbortOnTimeout"), 1);
}

/* ---- RST ---- */

static void hears_reset(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK)
		segments_send((struct segment){ .flags = SEG_RST, .seq = IRS + 1 });
}

static void test_reset_while_reading(void **state)
{
	plan.reads = 2;
	run(hears_reset);
	assert_int_equal(got.read[0], -ECONNRESET);
	assert_int_equal(got.read[1], 0);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 0);
}

static void hears_blind_reset(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1)
		segments_send((struct segment){ .flags = SEG_RST, .seq = IRS + 100 });
	else if (s->flags & SEG_FIN)
		say(s, SEG_FIN, "");
}

/* In the window but not exact: a challenge, not the end (RFC 5961 section 3). */
static void test_blind_reset(void **state)
{
	plan.sleep_ns = SECOND;
	run(hears_blind_reset);
	assert_int_equal(core_counter("TcpExtTCPChallengeACK"), 1);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
}

static void hears_blind_syn(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1)
		segments_send((struct segment){ .flags = SEG_SYN, .seq = IRS + 1 });
	else if (s->flags & SEG_FIN)
		say(s, SEG_FIN, "");
}

static void test_blind_syn(void **state)
{
	plan.sleep_ns = SECOND;
	run(hears_blind_syn);
	assert_int_equal(core_counter("TcpExtTCPSYNChallenge"), 1);
	assert_int_equal(segments_count(SEG_RST), 0);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
}

/* ---- data ---- */

static void hears_greets(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1) {
		say(s, SEG_PSH, "one ");
		say(s, SEG_PSH, "two");
	} else if (s->flags & SEG_FIN) {
		say(s, SEG_FIN, "");
	}
}

static void test_read(void **state)
{
	plan.sleep_ns = SECOND;
	plan.reads = 1;
	run(hears_greets);
	assert_int_equal(got.read[0], 7);
	assert_string_equal(got.buf[0], "one two");
	assert_int_equal(w->seen[w->nseen - 1].ack, IRS + 1 + 7 + 1);
}

/* Data arrived that nobody read: RST instead of FIN, so that the peer knows (RFC 1122 4.2.2.13). */
static void test_close_with_unread_data(void **state)
{
	plan.sleep_ns = SECOND;
	run(hears_greets);
	assert_int_equal(segments_count(SEG_RST | SEG_ACK), 1);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 0);
	assert_int_equal(core_counter("TcpExtTCPAbortOnClose"), 1);
}

/* Sends @data at @seq, with the stamps of an honest peer. */
static void say_at(const struct segment *s, uint32_t seq, uint8_t flags, const char *data)
{
	uint32_t keep = far_seq;

	far_seq = seq;
	say(s, flags, data);
	far_seq = keep;
}

static void hears_jumbled(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1) {
		/* The FIN first of all, then the end, twice, then the beginning. */
		say_at(s, IRS + 1 + 6, SEG_FIN, "");
		say_at(s, IRS + 1 + 4, 0, "56");
		say_at(s, IRS + 1 + 4, 0, "56");
		say_at(s, IRS + 1 + 2, 0, "34");
		say_at(s, IRS + 1, 0, "12");
		far_seq = IRS + 1 + 7;
	} else if (s->flags & SEG_FIN) {
		say(s, 0, "");
	}
}

/* Everything early is kept, reported by SACK, and delivered in order; then end of file. */
static void test_out_of_order(void **state)
{
	size_t i;
	int sacked = 0, duplicate = 0;

	plan.sleep_ns = SECOND;
	plan.reads = 2;
	run(hears_jumbled);
	assert_int_equal(got.read[0], 6);
	assert_string_equal(got.buf[0], "123456");
	assert_int_equal(got.read[1], 0);
	for (i = 0; i < w->nseen; i++) {
		const struct segment *s = &w->seen[i];

		if (s->nsack == 1 && s->sack[0][0] == IRS + 1 + 4 && s->sack[0][1] == IRS + 1 + 7)
			sacked = 1;
		if (s->nsack == 2 && s->sack[0][0] == IRS + 1 + 4 && s->sack[0][1] == IRS + 1 + 6)
			duplicate = 1;
	}
	assert_true(sacked);
	assert_true(duplicate);
	assert_true(core_counter("TcpExtTCPOFOQueue") >= 3);
}

static void hears_repeats(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1) {
		say(s, 0, "abc");
		say_at(s, IRS + 1, 0, "abc");
		/* Half of it is old. */
		say_at(s, IRS + 1 + 1, 0, "bcde");
		far_seq = IRS + 1 + 5;
	} else if (s->flags & SEG_FIN) {
		say(s, SEG_FIN, "");
	}
}

static void test_repeated_data_is_read_once(void **state)
{
	plan.sleep_ns = SECOND;
	plan.reads = 1;
	run(hears_repeats);
	assert_int_equal(got.read[0], 5);
	assert_string_equal(got.buf[0], "abcde");
}

static void hears_data_the_second_time(const struct segment *s)
{
	size_t i;
	int times = 0;

	if (handshake(s))
		return;
	for (i = 0; i < w->nseen; i++)
		times += w->seen[i].ndata > 0;
	if (times < 2)
		return;
	say(s, s->flags & SEG_FIN, "");
}

/* Data and FIN are lost once. */
static void test_write_is_retransmitted(void **state)
{
	plan.write = 1;
	run(hears_data_the_second_time);
	assert_int_equal(got.write, 5);
	assert_true(core_counter("TcpRetransSegs") >= 1);
	assert_int_equal(core_counter("TcpCurrEstab"), 0);
}

/* An old stamp on good numbers: a segment of a former time (PAWS). */
static void hears_stale(const struct segment *s)
{
	if (handshake(s))
		return;
	if (s->flags == SEG_ACK && segments_count(SEG_ACK) == 1) {
		struct segment a = {
			.flags = SEG_ACK, .seq = IRS + 1, .ack = s->seq, .window = 10000
		};

		segment_stamps(&a, 50, s->tsval);
		segments_send_data(a, "stale");
	} else if (s->flags & SEG_FIN) {
		say(s, SEG_FIN, "");
	}
}

static void test_paws(void **state)
{
	plan.sleep_ns = SECOND;
	run(hears_stale);
	assert_int_equal(core_counter("TcpExtPAWSEstab"), 1);
	assert_int_equal(segments_count(SEG_FIN | SEG_ACK), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_we_close_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fin_and_ack_in_one, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time_wait_answers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_they_close_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_both_close_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fin_wait_2_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_answers_the_fin, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_while_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blind_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blind_syn, setup, teardown),
		cmocka_unit_test_setup_teardown(test_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_with_unread_data, setup, teardown),
		cmocka_unit_test_setup_teardown(test_out_of_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_repeated_data_is_read_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_is_retransmitted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paws, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
