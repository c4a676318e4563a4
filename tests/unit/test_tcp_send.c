/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Sending: when data leaves and when it waits (Nagle, cork, MSG_MORE, the windows), how it is cut,
 * a buffer that is full, and windows that an application does not use (tcp_output_write.c,
 * tcp_sendrecv.c, stream.c).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/lib/talk.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/time.h>
#include <net/tcp.h>

static int setup(void **state)
{
	talk_boot();
	return 0;
}

static void end(long fd)
{
	far.acks = 2;
	talk_says(SEG_ACK, "");
	talk_pass(500);
	sys_close((unsigned int)fd);
	talk_pass(100);
}

static long send_more(long fd, size_t n)
{
	return sys_sendto((int)fd, core_user_alloc(n), n, MSG_MORE, NULL, 0);
}

static void nagle(void *arg)
{
	long fd = talk_connect();
	size_t n = talk_nseen();

	user_write(fd, 100);
	user_write(fd, 100); /* the first is under way: this waits */
	user_write(fd, 100);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 1);
	talk_says(SEG_ACK, "");
	talk_pass(3);
	assert_int_equal(talk_nseen(), n + 2);
	assert_int_equal(talk_last()->ndata, 200);
	talk_says(SEG_ACK, "");
	talk_pass(3);

	user_set(fd, SOL_TCP, TCP_CORK, 1); /* only full segments */
	user_write(fd, 2000);
	talk_pass(3);
	assert_int_equal(talk_last()->ndata, 1448);
	n = talk_nseen();
	user_set(fd, SOL_TCP, TCP_CORK, 0);
	talk_pass(3);
	assert_true(talk_nseen() > n || tcp_send_head(talk_sk(fd)));
	talk_says(SEG_ACK, "");
	talk_pass(3);
	talk_says(SEG_ACK, "");
	talk_pass(3);

	n = talk_nseen();
	assert_int_equal(send_more(fd, 50), 50);
	talk_pass(3);
	assert_int_equal(talk_nseen(), n);
	user_set(fd, SOL_TCP, TCP_NODELAY, 1); /* lets it go */
	talk_pass(3);
	assert_int_equal(talk_last()->ndata, 50);
	end(fd);
}

static void test_nagle(void **state)
{
	talk_run(nagle);
}

static void bulk(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));
	int i;

	far.acks = 1;
	for (i = 0; i < 20; i++)
		assert_int_equal(user_write(fd, 20000), 20000);
	talk_pass(200);
	assert_int_equal(tp->snd_una, tp->write_seq);
	assert_true(tp->snd_cwnd > 10);
	assert_true(tp->rate_delivered > 0);
	/* Idle for longer than a time-out: the window begins anew (RFC 2861). */
	talk_pass(2000);
	user_write(fd, 100);
	assert_true(tp->snd_cwnd <= 10);
	talk_pass(10);
	end(fd);
}

static void test_bulk(void **state)
{
	talk_run(bulk);
}

static void full_buffer(void *arg)
{
	struct timeval *tv = core_user_alloc(sizeof(*tv));
	struct socket *sock;
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);

	user_set(fd, SOL_SOCKET, SO_SNDBUF, 4000);
	sock = sk->sk_socket;
	tv->tv_usec = 100000;
	sys_setsockopt((int)fd, SOL_SOCKET, SO_SNDTIMEO, (char *)tv, sizeof(*tv));
	/* As much as fits, when the time is over. */
	assert_true(user_write(fd, 50000) < 50000);
	assert_int_equal(user_write(fd, 50000), -EAGAIN);
	assert_int_equal(sock->ops->poll(sock->file, sock, NULL) & (POLLOUT | POLLIN), 0);
	sys_fcntl((unsigned int)fd, F_SETFL, O_NONBLOCK);
	assert_int_equal(user_write(fd, 10), -EAGAIN);
	far.acks = 1;
	talk_says(SEG_ACK, "x");
	talk_pass(500);
	assert_int_equal(sock->ops->poll(sock->file, sock, NULL) & (POLLOUT | POLLIN),
			 POLLOUT | POLLIN);
	sys_fcntl((unsigned int)fd, F_SETFL, 0);
	assert_int_equal(user_write(fd, 50000), 50000); /* somebody takes it away: it waits */
	talk_pass(500);
	user_read(fd, 10);
	end(fd);
}

static void test_full_buffer(void **state)
{
	talk_run(full_buffer);
}

static void polls(void *arg)
{
	long fd = sys_socket(2, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct socket *sock = talk_sk(fd)->sk_socket;
	unsigned int mask;

	assert_true(sock->ops->poll(sock->file, sock, NULL) & POLLHUP); /* never connected */
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), -EINPROGRESS);
	assert_int_equal(sock->ops->poll(sock->file, sock, NULL), 0);
	talk_pass(5);
	mask = sock->ops->poll(sock->file, sock, NULL);
	assert_int_equal(mask & (POLLOUT | POLLIN | POLLERR | POLLHUP), POLLOUT);
	talk_says(SEG_ACK | SEG_FIN, "");
	talk_pass(5);
	mask = sock->ops->poll(sock->file, sock, NULL);
	assert_int_equal(mask & (POLLIN | POLLRDHUP | POLLHUP), POLLIN | POLLRDHUP);
	sys_shutdown((int)fd, 1);
	mask = sock->ops->poll(sock->file, sock, NULL);
	assert_true(mask & POLLHUP);
	assert_true(mask & POLLOUT);
	talk_says(SEG_RST, "");
	talk_pass(5);
	assert_true(sock->ops->poll(sock->file, sock, NULL) & POLLERR);
}

/* What poll(2) says from the first call to the last. */
static void test_polls(void **state)
{
	talk_run(polls);
}

static void narrow_window(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	far.window = 10; /* << 7: 1280 bytes, less than a segment */
	talk_says(SEG_ACK, "");
	talk_pass(3);
	user_write(fd, 3000);
	talk_pass(3);
	assert_true(talk_last()->ndata <= 1280);
	assert_true(tp->snd_nxt - tp->snd_una <= 1280);
	far.acks = 1;
	talk_says(SEG_ACK, "");
	talk_pass(2000);
	assert_int_equal(tp->snd_una, tp->write_seq);
	end(fd);
}

static void test_narrow_window(void **state)
{
	talk_run(narrow_window);
}

static void small_mss(void *arg)
{
	long fd = talk_connect();

	assert_int_equal(user_get(fd, SOL_TCP, TCP_MAXSEG), 88);
	far.acks = 1;
	assert_int_equal(user_write(fd, 2000), 2000);
	talk_pass(500);
	assert_true(talk_last()->ndata <= 88);
	end(fd);
}

/* A peer that takes only the least. */
static void test_small_mss(void **state)
{
	far.mss = 88;
	far.options = 0;
	talk_run(small_mss);
}

static void disconnects(void *arg)
{
	uint16_t *a = core_user_alloc(16);
	long fd = talk_connect();
	uint32_t seq = tcp_sk(talk_sk(fd))->write_seq;

	user_write(fd, 100);
	talk_pass(3);
	*a = 0; /* AF_UNSPEC */
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 1), -EINVAL);
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 16), 0);
	talk_pass(3);
	assert_true(talk_last()->flags & SEG_RST);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), ECONNRESET);
	assert_int_equal(talk_sk(fd)->sk_state, TCP_CLOSE);
	assert_true(tcp_sk(talk_sk(fd))->write_seq - seq > 10000); /* nothing old can fit */
	talk_forget();
	assert_int_equal(sys_connect((int)fd, talk_addr(), 16), 0); /* as good as new */
	end(fd);

	/* Repair: the connection is lifted off without a word. */
	fd = talk_again();
	far.acks = 0;
	tcp_sk(talk_sk(fd))->repair = 1;
	assert_int_equal(sys_connect((int)fd, (struct sockaddr *)a, 16), 0);
	assert_int_equal(user_get(fd, SOL_SOCKET, SO_ERROR), ECONNABORTED);
	tcp_sk(talk_sk(fd))->repair = 0;
}

static void test_disconnects(void **state)
{
	talk_run(disconnects);
}

/* ---- an ACK when the user reads? ---- */

/* tcp_cleanup_rbuf() after @copied bytes, with an ACK due for these reasons: is it sent? */
static bool acks(struct sock *sk, int pending, int blocked, int pingpong, int copied)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	size_t n = talk_nseen();

	icsk->icsk_ack.pending = (__u8)pending;
	icsk->icsk_ack.blocked = (__u8)blocked;
	icsk->icsk_ack.pingpong = (__u8)pingpong;
	tcp_cleanup_rbuf(sk, copied);
	icsk->icsk_ack.pending = icsk->icsk_ack.blocked = 0;
	talk_pass(2);
	return talk_nseen() > n;
}

static void ack_on_read(void *arg)
{
	long fd = talk_connect();
	struct sock *sk = talk_sk(fd);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 wup = tp->rcv_wup;

	assert_false(acks(sk, ICSK_ACK_SCHED, 0, 0, 1));
	/* the timer has met an owned socket */
	assert_true(acks(sk, ICSK_ACK_SCHED, 1, 0, 0));
	/* more than a segment waits for its ACK */
	tp->rcv_wup = tp->rcv_nxt - inet_csk(sk)->icsk_ack.rcv_mss - 1;
	assert_true(acks(sk, ICSK_ACK_SCHED, 0, 0, 0));
	assert_int_equal(tp->rcv_wup, wup);
	/* the peer has pushed, twice, or once to somebody who does not answer */
	assert_true(acks(sk, ICSK_ACK_SCHED | ICSK_ACK_PUSHED2, 0, 1, 1));
	assert_true(acks(sk, ICSK_ACK_SCHED | ICSK_ACK_PUSHED, 0, 0, 1));
	assert_false(acks(sk, ICSK_ACK_SCHED | ICSK_ACK_PUSHED, 0, 1, 1));
	assert_false(acks(sk, ICSK_ACK_SCHED | ICSK_ACK_PUSHED2, 0, 0, 0));
	/* something is left to be read: not yet */
	atomic_add(1000, &sk->sk_rmem_alloc);
	assert_false(acks(sk, ICSK_ACK_SCHED | ICSK_ACK_PUSHED2, 0, 0, 1));
	/* the window has become small, and cannot grow: nothing to tell */
	tp->rcv_wnd = 100;
	atomic_add(1000000, &sk->sk_rmem_alloc);
	assert_false(acks(sk, 0, 0, 0, 1));
	atomic_sub(1001000, &sk->sk_rmem_alloc);
	assert_true(acks(sk, 0, 0, 0, 1));
	end(fd);
}

static void test_ack_on_read(void **state)
{
	talk_run(ack_on_read);
}

/* ---- ends of memory ---- */

/* A buffer that ends too early: the segments that fit are read, the next call has the error. */
static void half_a_buffer(void *arg)
{
	const size_t area = 262144; /* no less than what user memory is taken by */
	char *last = (char *)core_user_alloc(area) + area - 5;
	long fd = talk_connect();

	talk_says(SEG_ACK | SEG_PSH, "Hello");
	talk_says(SEG_ACK | SEG_PSH, "World");
	talk_pass(5);
	assert_int_equal(sys_recvfrom((int)fd, last, 10, MSG_WAITALL, NULL, NULL), 5);
	assert_memory_equal(last, "Hello", 5);
	assert_int_equal(sys_recvfrom((int)fd, last + 5, 5, 0, NULL, NULL), -EFAULT);
	assert_int_equal(user_read(fd, 10), 5);
	end(fd);
}

static void test_half_a_buffer(void **state)
{
	talk_run(half_a_buffer);
}

/* Packets behind one that the window holds back are not pushed one by one. */
static void behind_another(void *arg)
{
	long fd = talk_connect();

	user_set(fd, SOL_SOCKET, SO_SNDBUF, 400000);
	assert_int_equal(user_write(fd, 150000), 150000);
	assert_ptr_not_equal(tcp_send_head(talk_sk(fd)), tcp_write_queue_tail(talk_sk(fd)));
	assert_int_equal(tcp_disconnect(talk_sk(fd), 0), 0);
	sys_close((unsigned int)fd);
}

static void test_behind_another(void **state)
{
	talk_run(behind_another);
}

/* A sequence number that would be 0 after a disconnect is taken for "none chosen", so it is not. */
static void never_zero(void *arg)
{
	long fd = talk_connect();
	struct tcp_sock *tp = tcp_sk(talk_sk(fd));

	lock_sock(talk_sk(fd));
	tp->write_seq = 0u - (tp->max_window + 2);
	assert_int_equal(tcp_disconnect(talk_sk(fd), 0), 0);
	assert_int_equal(tp->write_seq, 1);
	release_sock(talk_sk(fd));
	sys_close((unsigned int)fd);
}

static void test_never_zero(void **state)
{
	talk_run(never_zero);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nagle, setup),
		cmocka_unit_test_setup(test_bulk, setup),
		cmocka_unit_test_setup(test_full_buffer, setup),
		cmocka_unit_test_setup(test_polls, setup),
		cmocka_unit_test_setup(test_narrow_window, setup),
		cmocka_unit_test_setup(test_small_mss, setup),
		cmocka_unit_test_setup(test_disconnects, setup),
		cmocka_unit_test_setup(test_ack_on_read, setup),
		cmocka_unit_test_setup(test_half_a_buffer, setup),
		cmocka_unit_test_setup(test_behind_another, setup),
		cmocka_unit_test_setup(test_never_zero, setup),
	};

	return cmocka_run_group_tests_name("tcp_send", tests, NULL, NULL);
}
