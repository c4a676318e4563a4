/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copying, filling and comparing (lib/string.c). The compiler's builtins would
 * do it unseen, so the core has its own: a watcher sees which bytes are written.
 * Whole blocks are moved as one object, which is one store to the watcher and a
 * few wide moves to the machine.
 */
#include <linux/string.h>

/* Any address, any type beneath. */
struct block {
	u64 w[8];
} __attribute__((__may_alias__, __packed__));

struct word {
	u64 w;
} __attribute__((__may_alias__, __packed__));

void *memcpy(void *dest, const void *src, size_t n)
{
	char *d = dest;
	const char *s = src;

	for (; n >= sizeof(struct block); n -= sizeof(struct block)) {
		*(struct block *)d = *(const struct block *)s;
		d += sizeof(struct block);
		s += sizeof(struct block);
	}
	for (; n >= sizeof(struct word); n -= sizeof(struct word)) {
		*(struct word *)d = *(const struct word *)s;
		d += sizeof(struct word);
		s += sizeof(struct word);
	}
	while (n--)
		*d++ = *s++;
	return dest;
}

/* Backwards when the source begins below a destination that it overlaps. */
void *memmove(void *dest, const void *src, size_t n)
{
	char *d = dest;
	const char *s = src;

	if (d <= s || d >= s + n)
		return memcpy(dest, src, n);
	while (n--)
		d[n] = s[n];
	return dest;
}

void *memset(void *p, int c, size_t n)
{
	u64 fill = (u64)(u8)c * 0x0101010101010101ULL;
	struct block block = { { fill, fill, fill, fill, fill, fill, fill, fill } };
	char *d = p;

	for (; n >= sizeof(struct block); n -= sizeof(struct block)) {
		*(struct block *)d = block;
		d += sizeof(struct block);
	}
	for (; n >= sizeof(struct word); n -= sizeof(struct word)) {
		((struct word *)d)->w = fill;
		d += sizeof(struct word);
	}
	while (n--)
		*d++ = (char)c;
	return p;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return (size_t)(p - s);
}

size_t strnlen(const char *s, size_t n)
{
	size_t len = 0;

	while (len < n && s[len])
		len++;
	return len;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (u8)*a - (u8)*b;
		if (!*a)
			break;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

size_t strlcpy(char *dest, const char *src, size_t n)
{
	size_t len = strlen(src);

	if (n) {
		size_t copy = len < n ? len : n - 1;

		memcpy(dest, src, copy);
		dest[copy] = '\0';
	}
	return len;
}
