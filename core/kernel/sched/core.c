/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler.
 *
 * Theory of operation
 *
 * A task is a coroutine: a stack of its own and a saved stack pointer. One runs
 * at a time, `current`, and nothing takes the CPU from it: it gives it away in
 * schedule(), because its state says that it sleeps, or in yield(). Runnable
 * tasks wait in one queue, first come first served. When it is empty the idle
 * task runs: pid 0, on the stack of whoever called core_run(). It receives
 * frames, lets timers fire (kernel/sched/idle.c), and these wake sleepers.
 *
 * So the order of everything is decided here and by the order of events, and is
 * the same in every run on the virtual clock.
 *
 * To sleep, a task first says so (state), then checks what it waits for, then
 * calls schedule(). A wake-up in between sets the state back to TASK_RUNNING,
 * and schedule() then does not take it off the queue: no wake-up is lost.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/timekeeping.h>
#include <host/host.h>
#include <trace/events.h>

/* The run queue; see the comment at the head. */
struct rq {
	struct list_head queue;  /* runnable tasks but the current one */
	unsigned int nr_running; /* length of it */
};

static struct rq runqueue;

/* On one CPU this is all of "per cpu". */
unsigned long __preempt_count;
unsigned long irq_disabled_depth;

struct task_struct init_task;
struct task_struct *current_task = &init_task;

/*
 * __switch_to_asm(prev_sp, next_sp): saves the registers that a callee must
 * preserve, changes the stack, restores and returns -- to where the next task
 * once called it, or, for a new task, to ret_from_fork (copy_thread() below
 * made its stack look as if it had). This is arch/x86/entry/entry_64.S.
 */
void __switch_to_asm(unsigned long *prev_sp, unsigned long next_sp);
void ret_from_fork_asm(void);

__asm__(".text\n"
	".globl __switch_to_asm\n"
	".type __switch_to_asm, @function\n"
	"__switch_to_asm:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbx\n"
	"	popq %rbp\n"
	"	ret\n"
	".size __switch_to_asm, . - __switch_to_asm\n"
	/* rbx: the new task. The stack ends here for whoever unwinds it. */
	".globl ret_from_fork_asm\n"
	".type ret_from_fork_asm, @function\n"
	"ret_from_fork_asm:\n"
	"	xorl %ebp, %ebp\n"
	"	movq %rbx, %rdi\n"
	"	call ret_from_fork\n"
	"	ud2\n"
	".size ret_from_fork_asm, . - ret_from_fork_asm\n"
	".section .note.GNU-stack,\"\",@progbits\n"
	".text\n");

void __noreturn ret_from_fork(struct task_struct *self);

/* The frame that __switch_to_asm pops when a new task runs for the first time. */
struct fork_frame {
	unsigned long r15, r14, r13, r12;
	unsigned long bx; /* the task, for ret_from_fork_asm */
	unsigned long bp;
	unsigned long ret_addr;
};

/* Lays out @p's empty stack. The ABI wants rsp + 8 at a multiple of 16 on entry of a function. */
void copy_thread(struct task_struct *p)
{
	unsigned long top = ((unsigned long)p->stack + p->stack_size) & ~15UL;
	struct fork_frame *frame = (struct fork_frame *)(top - 16) - 1;

	*frame = (struct fork_frame){
		.bx = (unsigned long)p,
		.ret_addr = (unsigned long)ret_from_fork_asm,
	};
	p->thread.sp = (unsigned long)frame;
	p->thread.preempt_count = 0;
}

static inline void enqueue_task(struct rq *rq, struct task_struct *p)
{
	list_add_tail(&p->run_list, &rq->queue);
	rq->nr_running++;
	p->on_rq = 1;
}

static inline void dequeue_task(struct rq *rq, struct task_struct *p)
{
	list_del_init(&p->run_list);
	rq->nr_running--;
}

/* The first in the queue, or the idle task when nobody wants to run. */
static struct task_struct *pick_next_task(struct rq *rq)
{
	struct task_struct *p;

	if (list_empty(&rq->queue))
		return &init_task;
	p = list_first_entry(&rq->queue, struct task_struct, run_list);
	dequeue_task(rq, p);
	return p;
}

/* The first thing that a task does after a switch: bury a predecessor that has exited. */
static void finish_task_switch(struct task_struct *prev)
{
	if (unlikely(prev->state == TASK_DEAD))
		free_task(prev);
}

static struct task_struct *switched_from; /* who gave the CPU away last */

static void context_switch(struct task_struct *prev, struct task_struct *next)
{
	void *fake_stack = NULL;

	prev->thread.preempt_count = __preempt_count;
	__preempt_count = next->thread.preempt_count;
	switched_from = prev;
	current_task = next;
	/* A dead task's fake frames die with it: NULL instead of a place to keep them. */
	host_fiber_switch_begin(prev->state == TASK_DEAD ? NULL : &fake_stack, next->stack,
				next->stack_size);
	trace_sched_switch(prev, next);
	__switch_to_asm(&prev->thread.sp, next->thread.sp);

	/* Here @prev is current again, and somebody else has run meanwhile. */
	host_fiber_switch_end(fake_stack);
	finish_task_switch(switched_from);
}

/* Where a new task begins (kernel/fork.c, entry_64.S): finish the switch, run, exit. */
void ret_from_fork(struct task_struct *self)
{
	host_fiber_switch_end(NULL);
	finish_task_switch(switched_from);
	self->start_fn(self->start_arg);
	do_exit(0);
}

/*
 * schedule - give the CPU to the next runnable task
 * A caller whose state is not TASK_RUNNING leaves the run queue until it is
 * woken, unless a signal that it wants to hear of is pending already.
 */
void schedule(void)
{
	struct task_struct *prev = current;
	struct task_struct *next;
	struct rq *rq = &runqueue;
	long timeout = prev->sleep_timeout;

	if (unlikely(in_atomic()))
		panic("BUG: scheduling while atomic: %s/%d/0x%lx", prev->comm, prev->pid,
		      preempt_count());
	prev->sleep_timeout = MAX_SCHEDULE_TIMEOUT;
	if (prev->state && signal_pending(prev) && (prev->state & TASK_INTERRUPTIBLE))
		prev->state = TASK_RUNNING;
	if (prev != &init_task) {
		if (prev->state == TASK_RUNNING) {
			enqueue_task(rq, prev);
		} else {
			prev->on_rq = 0;
			if (prev->state != TASK_DEAD)
				trace_sched_sleep(prev, timeout);
		}
	}
	next = pick_next_task(rq);
	if (next != prev)
		context_switch(prev, next);
}

/* Lets everybody else who is runnable go first. */
void yield(void)
{
	set_current_state(TASK_RUNNING);
	schedule();
}

/* Nothing preempts here, so a long loop goes on; the call stands where the kernel has it. */
int cond_resched(void)
{
	return 0;
}

/*
 * try_to_wake_up - makes a sleeping task runnable
 * @state: mask of the states from which it may be woken
 * Returns 1 if it was woken, 0 if it was not in such a state.
 */
int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	(void)wake_flags;
	if (!(p->state & state))
		return 0;
	trace_sched_wakeup(p);
	p->state = TASK_RUNNING;
	/* It may not have got as far as schedule() yet, or be a sleeper woken twice. */
	if (!p->on_rq)
		enqueue_task(&runqueue, p);
	return 1;
}

int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL, 0);
}

/* Puts a new task behind all that are runnable. */
void wake_up_new_task(struct task_struct *p)
{
	p->state = TASK_RUNNING;
	enqueue_task(&runqueue, p);
}

/* Takes a task that will never run again off the queue, if it is on it. */
void sched_forget(struct task_struct *p)
{
	if (p->on_rq && !list_empty(&p->run_list))
		dequeue_task(&runqueue, p);
}

unsigned int nr_running(void)
{
	return runqueue.nr_running;
}

/* Makes the caller of core_boot() the idle task. */
void sched_init(void)
{
	INIT_LIST_HEAD(&runqueue.queue);
	runqueue.nr_running = 0;
	__preempt_count = 0;
	irq_disabled_depth = 0;
	init_task = (struct task_struct){
		.comm = "swapper",
		.on_rq = 1,
		.sleep_timeout = MAX_SCHEDULE_TIMEOUT,
	};
	INIT_LIST_HEAD(&init_task.run_list);
	INIT_LIST_HEAD(&init_task.tasks);
	host_stack_bounds(&init_task.stack, &init_task.stack_size);
	current_task = &init_task;
}
