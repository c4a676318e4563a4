/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When the program dies of a signal.
 *
 * Theory of operation.  The watched thread stands at the instruction that failed, or wherever a
 * signal from outside found it.  What it did until then lies in the ring, but for the last: a store
 * that was announced, and the lines that ran since.  The handler completes those (hooks_last()),
 * waits until the writer has emptied the ring and committed, and lets the signal do what it would
 * have done.  It runs on a stack of its own, for the watched one may be what overflowed, and
 * allocates nothing.  Completing looks at the watched program's memory, which may fault again; the
 * handler is then entered once more, and goes on with what is in the ring.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#include "hooks.h"
#include "record.h"
#include "writer.h"

/* A dying program waits so long for a writer that does not get on. */
#define CRASH_WAIT_MS 10000

/* What ends a program.  Whoever has a handler for one of those after SIGABRT keeps it. */
static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGILL,  SIGFPE, SIGABRT, SIGTRAP,
				     SIGSYS,  SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU };
#define FATAL_SIGNALS (sizeof(fatal_signals) / sizeof(*fatal_signals))
static struct sigaction signals_before[FATAL_SIGNALS];
static char signal_stack[64 * 1024];
static stack_t stack_before;

static struct writer *writer;
static volatile sig_atomic_t dying; /* the signal */
static volatile sig_atomic_t flushing;

/* Has the writer save what is in the ring, and waits for it. */
static void flush(void)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	uint64_t before = 0;

	if (!writer || flushing)
		return;
	flushing = 1;
	hooks.crashed = true;
	writer->stop = 2;
	for (int ms = 0; ms < CRASH_WAIT_MS && !writer->done; ms++) {
		if (writer->ring->tail != before)
			ms = 0;
		before = writer->ring->tail;
		nanosleep(&nap, NULL);
	}
}

void record_crash_flush(void)
{
	if (writer && hooks_recording && !hooks.crashed)
		hooks_last(NULL);
	flush();
}

/* Where a signal found the program. */
static struct crash found(const siginfo_t *info, const ucontext_t *context)
{
	const greg_t *registers = context->uc_mcontext.gregs;
	struct crash crash = {
		.pc = (uint64_t)registers[REG_RIP],
		.frame = (uint64_t)registers[REG_RBP],
		.access = info->si_signo == SIGSEGV || info->si_signo == SIGBUS,
		.address = (uint64_t)(uintptr_t)info->si_addr,
	};

	/* the processor does not say which address it was that cannot be one */
	crash.anywhere = crash.access && info->si_code == SI_KERNEL;
	/* a call that led nowhere: the caller's place lies on the stack */
	if (crash.access && crash.address == crash.pc)
		crash.pc = *(const uint64_t *)(uintptr_t)registers[REG_RSP] - 1;
	return crash;
}

static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
	static char name[16];

	if (!dying) {
		dying = number;
		snprintf(name, sizeof(name), "SIG%s", sigabbrev_np(number));
		writer->crash = name;
		if (hooks_recording && !hooks.crashed) {
			struct crash crash = found(info, context);

			hooks_last(&crash);
		}
	}
	flush();
	for (size_t i = 0; i < FATAL_SIGNALS; i++)
		sigaction(fatal_signals[i], &signals_before[i], NULL);
	raise(dying);
}

/* From now on a fatal signal saves what @saved has to write. */
void crash_watch(struct writer *saved)
{
	stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };
	struct sigaction action = { .sa_sigaction = on_fatal_signal,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	writer = saved;
	dying = flushing = 0;
	sigaltstack(&stack, &stack_before);
	for (size_t i = 0, faults = 1; i < FATAL_SIGNALS; i++) {
		sigaction(fatal_signals[i], NULL, &signals_before[i]);
		if (faults || signals_before[i].sa_handler == SIG_DFL)
			sigaction(fatal_signals[i], &action, NULL);
		if (fatal_signals[i] == SIGABRT)
			faults = 0;
	}
}

void crash_forget(void)
{
	for (size_t i = 0; i < FATAL_SIGNALS; i++)
		sigaction(fatal_signals[i], &signals_before[i], NULL);
	sigaltstack(&stack_before, NULL);
	writer = NULL;
}
