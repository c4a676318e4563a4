/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

/*
 * Tasks. A task is a coroutine with a stack of its own; one runs at a time and
 * gives the CPU away only in schedule(). See core/kernel/sched/core.c.
 */
#include <linux/types.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/signal.h>
#include <linux/jiffies.h>

struct files_struct;

#define TASK_COMM_LEN 16

#define TASK_RUNNING         0
#define TASK_INTERRUPTIBLE   1  /* sleeps; a signal wakes it */
#define TASK_UNINTERRUPTIBLE 2  /* sleeps; only its event wakes it */
#define TASK_DEAD            64 /* has run do_exit(), waits to be freed */
#define TASK_NORMAL          (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define MAX_SCHEDULE_TIMEOUT LONG_MAX

#define PF_EXITING  0x00000004
#define PF_KTHREAD  0x00200000
#define PF_MEMALLOC 0x00000800

/**
 * struct thread_struct - what of a task lives outside of its stack
 * @sp: stack pointer while it does not run; everything else is saved below it
 * @preempt_count: preempt_count() to go on with
 */
struct thread_struct {
	unsigned long sp;
	unsigned long preempt_count;
};

/**
 * struct task_struct - a task
 * @state: TASK_*
 * @pid: its number, 0 for the idle task
 * @comm: its name
 * @stack: lowest address of its stack; the idle task lives on the runner's
 * @stack_size: bytes of it
 * @flags: PF_*
 * @on_rq: queued to run, or running
 * @run_list: place in the run queue
 * @tasks: place in the list of all tasks
 * @files: its open files
 * @signal_pending_mask: signals sent and not yet taken, one bit each
 * @action: what is to be done with each signal; the first is that of signal 1
 * @exit_code: what do_exit() was given
 * @sleep_timeout: jiffies that the coming schedule() may sleep at most; for the tracepoint
 * @thread: saved CPU state
 * @start_fn: what it runs
 * @start_arg: with which argument
 */
struct task_struct {
	volatile long state;
	int pid;
	char comm[TASK_COMM_LEN];
	void *stack;
	size_t stack_size;
	unsigned int flags;
	int on_rq;
	struct list_head run_list;
	struct list_head tasks;
	struct files_struct *files;
	unsigned long rlim_nofile; /* signal->rlim[RLIMIT_NOFILE].rlim_cur */
	unsigned long signal_pending_mask;
	struct k_sigaction action[_NSIG]; /* sighand->action */
	long exit_code;
	long sleep_timeout;
	struct thread_struct thread;
	void (*start_fn)(void *arg);
	void *start_arg;
};

extern struct task_struct *current_task;
extern struct task_struct init_task;

static inline struct task_struct *get_current(void)
{
	return current_task;
}

#define current get_current()

#define set_current_state(state_value)   (current->state = (state_value))
#define __set_current_state(state_value) (current->state = (state_value))
#define set_task_state(tsk, state_value) ((tsk)->state = (state_value))

static inline int signal_pending(const struct task_struct *p)
{
	return p->signal_pending_mask != 0;
}

static inline int fatal_signal_pending(const struct task_struct *p)
{
	return (p->signal_pending_mask & sigmask(SIGKILL)) != 0;
}

static inline pid_t task_pid_nr(const struct task_struct *tsk)
{
	return tsk->pid;
}

/* Gives the CPU to the next runnable task; comes back when this one is chosen again. */
void schedule(void);
/*
 * schedule_timeout - sleep at most @timeout jiffies, if current's state says sleep
 * Returns the jiffies left, 0 when the time ran out, and MAX_SCHEDULE_TIMEOUT
 * when that was asked for.
 */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
/* Makes @p runnable if its state is in @state; 1 if it did. */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);
int wake_up_process(struct task_struct *p);
void yield(void);
/* A polite place in a long loop; with no preemption asked for, it does nothing. */
int cond_resched(void);

/* A new task, runnable, behind those that are already; its pid or -errno. */
int kernel_thread(const char *name, void (*fn)(void *arg), void *arg);
/* The same with a share of @files. */
int kernel_thread_files(const char *name, void (*fn)(void *arg), void *arg,
			struct files_struct *files);
void __noreturn do_exit(long code);
struct task_struct *find_task_by_pid(int pid);

/* Between kernel/fork.c and kernel/sched/core.c. */
void copy_thread(struct task_struct *p);
void free_task(struct task_struct *p);
void wake_up_new_task(struct task_struct *p);
void sched_forget(struct task_struct *p);

void sched_init(void);
void fork_init(void);
void fork_exit(void);
void fork_free(void);
/*
 * The idle task's life: runs tasks, receives, lets time pass, until @done() says
 * so, @until_ns (nanoseconds since boot) is reached, or nothing can ever happen.
 * 0, or -EDEADLK for the last while tasks still sleep.
 */
int cpu_startup_entry(bool (*done)(void), u64 until_ns);
/* Runnable tasks, not counting the idle task. */
unsigned int nr_running(void);
/* Tasks that live, not counting the idle task. */
unsigned int nr_tasks(void);

#endif
