/* SPDX-License-Identifier: GPL-2.0-only */
/* Text to numbers (lib/kstrtox.c): the whole text, or an error. */
#include <linux/kernel.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* 0: guessed from "0x" or "0". Moves @s behind the prefix. */
static unsigned int parse_base(const char **s, unsigned int base)
{
	bool hex =
		(*s)[0] == '0' && ((*s)[1] == 'x' || (*s)[1] == 'X') && digit_value((*s)[2]) < 16;

	if (!base)
		base = hex ? 16 : (*s)[0] == '0' && (*s)[1] ? 8 : 10;
	if (base == 16 && hex)
		*s += 2;
	return base;
}

/* A final newline is allowed, as echo writes one. 0, -EINVAL or -ERANGE. */
int kstrtol(const char *s, unsigned int base, long *res)
{
	bool negative = *s == '-';
	unsigned long val = 0;
	const char *start;

	if (*s == '-' || *s == '+')
		s++;
	base = parse_base(&s, base);
	for (start = s; digit_value(*s) < (int)base; s++) {
		unsigned long digit = (unsigned long)digit_value(*s);

		if (val > ((unsigned long)LONG_MAX - digit) / base)
			return -ERANGE;
		val = val * base + digit;
	}
	if (s == start || (*s && !(*s == '\n' && !s[1])))
		return -EINVAL;
	*res = negative ? -(long)val : (long)val;
	return 0;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long val;
	int err = kstrtol(s, base, &val);

	if (err)
		return err;
	if (val != (int)val)
		return -ERANGE;
	*res = (int)val;
	return 0;
}
