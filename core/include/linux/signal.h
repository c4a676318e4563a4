/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

/*
 * The few signals that the path knows. A task keeps a mask of those that are pending, and for each
 * what is to be done with it.
 */
#include <linux/types.h>

#define SIGHUP   1
#define SIGINT   2
#define SIGKILL  9
#define SIGUSR1  10
#define SIGPIPE  13
#define SIGALRM  14
#define SIGTERM  15
#define SIGCHLD  17
#define SIGCONT  18
#define SIGSTOP  19
#define SIGURG   23
#define SIGWINCH 28
#define SIGIO    29
#define _NSIG    64

#define sigmask(sig) (1UL << ((sig)-1))

/* Nobody can catch or ignore these; and these are ignored unless somebody catches them. */
#define SIG_KERNEL_ONLY_MASK (sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_IGNORE_MASK \
	(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))

typedef void (*__sighandler_t)(int);

#define SIG_DFL ((__sighandler_t)0)
#define SIG_IGN ((__sighandler_t)1)

#define SA_RESTART 0x10000000u

/* What sigaction(2) is told, as a user program lays it out (x86-64). */
struct sigaction {
	__sighandler_t sa_handler;
	unsigned long sa_flags;
	void (*sa_restorer)(void);
	unsigned long sa_mask;
};

struct k_sigaction {
	struct sigaction sa;
};

struct task_struct;

/*
 * Makes @sig pending in @p and wakes it from an interruptible sleep, unless @p ignores it; 0 or
 * -EINVAL.
 */
int send_sig(int sig, struct task_struct *p, int priv);

/* Sets (@act not NULL) and tells (@oact not NULL) what the current task does with @sig; -EINVAL. */
int do_sigaction(int sig, const struct k_sigaction *act, struct k_sigaction *oact);

/* Takes the lowest pending signal; 0 when there is none. */
int dequeue_signal(struct task_struct *tsk);

#endif
