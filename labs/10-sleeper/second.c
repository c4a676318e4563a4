/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lab 10, another way to write it: one loop that joins the queue at its head, one place where the state is
 * looked at, and a function for the sleep itself.
 */

#include <linux/sched.h>
#include <linux/wait.h>
#include <net/inet_connection_sock.h>
#include <net/sock.h>
#include <net/tcp.h>

void sock_def_wakeup(struct sock *sk);
long inet_wait_for_connect(struct sock *sk, long timeo, int writebias);

void sock_def_wakeup(struct sock *sk)
{
	struct socket_wq *wq = sk->sk_wq;

	if (!skwq_has_sleeper(wq))
		return;
	wake_up_interruptible_all(&wq->wait);
}

static bool under_way(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV || sk->sk_state == TCP_SYN_SENT;
}

/* Gives the socket away for as long as the task sleeps. */
static long rest(struct sock *sk, long at_most)
{
	long left;

	release_sock(sk);
	left = schedule_timeout(at_most);
	lock_sock(sk);
	return left;
}

long inet_wait_for_connect(struct sock *sk, long timeo, int writebias)
{
	DEFINE_WAIT(me);
	bool go_on = true;

	sk->sk_write_pending += writebias;
	while (go_on) {
		prepare_to_wait(sk_sleep(sk), &me, TASK_INTERRUPTIBLE);
		if (!under_way(sk))
			break;
		timeo = rest(sk, timeo);
		go_on = timeo && !signal_pending(current);
	}
	finish_wait(sk_sleep(sk), &me);
	sk->sk_write_pending -= writebias;
	return timeo;
}
