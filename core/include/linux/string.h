/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_STRING_H
#define _LINUX_STRING_H

/* The core's own string functions (core/lib/string.c), so that a copy is seen store by store. */
#include <linux/types.h>

void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
void *memset(void *s, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
/* Copies at most n-1 characters and always ends the string; returns strlen(src). */
size_t strlcpy(char *dest, const char *src, size_t n);

/*
 * A few bytes whose number the compiler knows become plain moves when it optimizes (the kernel
 * leaves this to the compiler too, in asm/string_64.h). Without, every copy is a call to be seen.
 */
#ifdef __OPTIMIZE__
#define __small_inline extern __always_inline __attribute__((__gnu_inline__, __artificial__))

void *__memcpy(void *dest, const void *src, size_t n) __asm__("memcpy");
void *__memset(void *s, int c, size_t n) __asm__("memset");

__small_inline void *memcpy(void *dest, const void *src, size_t n)
{
	return __builtin_constant_p(n) && n <= 128 ? __builtin_memcpy(dest, src, n) :
						     __memcpy(dest, src, n);
}

__small_inline void *memset(void *s, int c, size_t n)
{
	return __builtin_constant_p(n) && n <= 128 ? __builtin_memset(s, c, n) : __memset(s, c, n);
}
#endif

#endif
