/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
#ifndef _HOST_HOST_H
#define _HOST_HOST_H

/*
 * The "hardware" under the miniature kernel: the few services that it takes
 * from the real machine. core/host/ implements them with libc; nothing else in
 * the core knows libc. Errors are negative numbers of the host's errno, which
 * on Linux are the core's own.
 */
#include <stddef.h>
#include <stdint.h>

/* ---- memory: page-aligned, zeroed; NULL when the host has no more ---- */
void *host_map(size_t size);
void host_unmap(void *addr, size_t size);
/* Tell a sanitizer or valgrind which bytes may be touched; nothing in a normal build. */
void host_mem_forbid(const void *addr, size_t size);
void host_mem_allow(const void *addr, size_t size);
/* As host_mem_allow(), and the contents count as undefined until written; zeros, to a watcher. */
void host_mem_fresh(void *addr, size_t size);

/* Zeroes memory unseen by any watcher: fresh objects are zero, that is not a step of the story. */
void host_zero(void *addr, size_t size);

/* ---- stacks: @size bytes with a guard page below; a runaway faults at once ---- */
void *host_stack_alloc(size_t size);
void host_stack_free(void *stack, size_t size);
/* Around a switch of stacks, so that ASan and valgrind follow: begin on the old, end on the new. */
void host_fiber_switch_begin(void **save, const void *bottom, size_t size);
void host_fiber_switch_end(void *save);
/* The stack of the calling thread, from its top; @size is a power of two, the same in every run. */
void host_stack_bounds(void **stack, size_t *size);

/* ---- time: nanoseconds of CLOCK_MONOTONIC, and of the calendar ---- */
uint64_t host_clock_ns(void);
uint64_t host_real_ns(void);

/* ---- devices ---- */
int host_set_nonblock(int fd);
/* Bytes of one frame, or -EAGAIN and others. */
long host_read(int fd, void *buf, size_t len);
long host_write(int fd, const void *buf, size_t len);
/*
 * Waits until one of @n descriptors is readable or @timeout_ns has passed
 * (UINT64_MAX: for ever). ready[i] is set to 0 or 1. Number ready, 0, -EINTR.
 */
int host_wait(const int *fds, int n, uint64_t timeout_ns, unsigned char *ready);

/* ---- console and the end ---- */
void host_console_level(int level);
/* Whether a message of @level would be seen. */
int host_console_wants(int level);
void host_console_write(int level, const char *text, size_t len);
/* Called by host_panic() before the end, to save what can be saved; NULL for none. */
void host_panic_hook(void (*fn)(void));
void host_panic(const char *text) __attribute__((noreturn));

#endif
