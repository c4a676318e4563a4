/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formatting for the log (lib/vsprintf.c): %d %i %u %x %c %s %p %%, with l, ll
 * and z, a minimal width and a zero in front of it; and the kernel's %pI4 (an
 * address by pointer, network order) and %pM (a MAC address).
 */
#include <linux/kernel.h>
#include <linux/string.h>

struct out {
	char *buf;
	size_t size;
	size_t len; /* characters wanted so far, whether they fit or not */
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_string(struct out *o, const char *s)
{
	while (*s)
		put(o, *s++);
}

static void put_number(struct out *o, u64 val, unsigned int base, bool negative, int width,
		       char pad)
{
	char digits[24];
	int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);
	if (negative && pad == '0')
		put(o, '-');
	for (width -= n + negative; width > 0; width--)
		put(o, pad);
	if (negative && pad != '0')
		put(o, '-');
	while (n)
		put(o, digits[--n]);
}

/* What follows %p: I4, M or nothing. Returns the format behind it. */
static const char *put_pointer(struct out *o, const char *fmt, const u8 *p)
{
	int i;

	if (fmt[0] == 'I' && fmt[1] == '4') {
		for (i = 0; i < 4; i++) {
			if (i)
				put(o, '.');
			put_number(o, p[i], 10, false, 0, ' ');
		}
		return fmt + 2;
	}
	if (fmt[0] == 'M') {
		for (i = 0; i < 6; i++) {
			if (i)
				put(o, ':');
			put_number(o, p[i], 16, false, 2, '0');
		}
		return fmt + 1;
	}
	put_string(o, "0x");
	put_number(o, (u64)(unsigned long)p, 16, false, 0, ' ');
	return fmt;
}

/* One integer argument of @longs "l"s, at its natural width. */
#define next_arg(args, longs, signed_type, int_type) \
	((longs) ? (signed_type)va_arg(args, signed_type) : (signed_type)va_arg(args, int_type))

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args_in)
{
	struct out o = { buf, size, 0 };
	va_list args;

	va_copy(args, args_in);
	while (*fmt) {
		int longs = 0, width = 0;
		char pad = ' ';
		const char *s;
		long val;

		if (*fmt != '%') {
			put(&o, *fmt++);
			continue;
		}
		fmt++;
		if (*fmt == '0')
			pad = *fmt++;
		while (*fmt >= '0' && *fmt <= '9')
			width = width * 10 + (*fmt++ - '0');
		while (*fmt == 'l' || *fmt == 'z') {
			longs++;
			fmt++;
		}
		switch (*fmt++) {
		case 'd':
		case 'i':
			val = next_arg(args, longs, long, int);
			put_number(&o, val < 0 ? 0 - (u64)val : (u64)val, 10, val < 0, width, pad);
			break;
		case 'u':
			put_number(&o, next_arg(args, longs, unsigned long, unsigned int), 10,
				   false, width, pad);
			break;
		case 'x':
			put_number(&o, next_arg(args, longs, unsigned long, unsigned int), 16,
				   false, width, pad);
			break;
		case 'c':
			put(&o, (char)va_arg(args, int));
			break;
		case 's':
			s = va_arg(args, const char *);
			put_string(&o, s ? s : "(null)");
			break;
		case 'p':
			fmt = put_pointer(&o, fmt, va_arg(args, const u8 *));
			break;
		case '%':
			put(&o, '%');
			break;
		default: /* an unknown conversion ends the text: its argument cannot be skipped */
			fmt = "";
			break;
		}
	}
	va_end(args);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return (int)o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

/* As snprintf(), but returns what was really written. */
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	if (len < (int)size)
		return len;
	return size ? (int)size - 1 : 0;
}
