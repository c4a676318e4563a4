/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tunables by name (kernel/sysctl.c): tables registered under a path, and
 * handlers that parse a text into the variable. "net.ipv4.tcp_retries2" is row
 * "tcp_retries2" of a table under "net/ipv4".
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysctl.h>

#define MAX_SYSCTL_TABLES 32

struct ctl_table_header {
	const char *path;
	const struct ctl_table *table;
};

static struct ctl_table_header tables[MAX_SYSCTL_TABLES];
static unsigned int nr_tables;

/* Asked for what stands in no table: rows that come and go with their objects. */
static const struct ctl_table *(*sysctl_other)(const char *name);

void register_sysctl_lookup(const struct ctl_table *(*lookup)(const char *name))
{
	sysctl_other = lookup;
}

int register_sysctl(const char *path, const struct ctl_table *table)
{
	if (nr_tables == MAX_SYSCTL_TABLES)
		return -ENOMEM;
	tables[nr_tables++] = (struct ctl_table_header){ path, table };
	return 0;
}

void sysctl_init(void)
{
	nr_tables = 0;
	sysctl_other = NULL;
}

static inline bool same_char(char a, char b)
{
	return (a == '.' ? '/' : a) == (b == '.' ? '/' : b);
}

/* What follows "path/" in @name, NULL when it does not begin so. Dots and slashes are equal. */
static const char *strip_path(const char *name, const char *path)
{
	while (*path && same_char(*name, *path)) {
		name++;
		path++;
	}
	return !*path && same_char(*name, '/') ? name + 1 : NULL;
}

static bool same_name(const char *a, const char *b)
{
	while (*a && same_char(*a, *b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

static const struct ctl_table *find_entry(const char *name)
{
	const struct ctl_table *row;
	const char *rest;
	unsigned int i;

	for (i = 0; i < nr_tables; i++) {
		rest = strip_path(name, tables[i].path);
		if (!rest)
			continue;
		for (row = tables[i].table; row->procname; row++)
			if (same_name(rest, row->procname))
				return row;
	}
	return sysctl_other ? sysctl_other(name) : NULL;
}

int sysctl_write(const char *name, const char *value)
{
	const struct ctl_table *row = find_entry(name);

	if (!row)
		return -ENOENT;
	if (!(row->mode & 0222) || !row->proc_handler)
		return -EACCES;
	return row->proc_handler(row, value);
}

/* Values of a row as text: a string, longs, or ints, separated by tabs as /proc does. */
int sysctl_read(const char *name, char *buf, size_t len)
{
	const struct ctl_table *row = find_entry(name);
	size_t at = 0;
	int i;

	if (!row)
		return -ENOENT;
	if (!len)
		return -EINVAL;
	buf[0] = '\0';
	if (row->proc_show) {
		row->proc_show(row, buf, len);
	} else if (row->proc_handler == proc_dostring) {
		strlcpy(buf, row->data, len);
	} else if (row->proc_handler == proc_doulongvec_minmax) {
		for (i = 0; i < row->maxlen / (int)sizeof(long); i++)
			at += (size_t)scnprintf(buf + at, len - at, i ? "\t%ld" : "%ld",
						((long *)row->data)[i]);
	} else {
		int div = row->proc_handler == proc_dointvec_jiffies ? HZ : 1;

		for (i = 0; i < row->maxlen / (int)sizeof(int); i++)
			at += (size_t)scnprintf(buf + at, len - at, i ? "\t%d" : "%d",
						((int *)row->data)[i] / div);
	}
	return 0;
}

/* The next number of @s into @res, @s behind it; false when there is none. */
static bool next_long(const char **s, long *res)
{
	char word[32];
	size_t n = 0;

	while (**s == ' ' || **s == '\t')
		(*s)++;
	while (**s && **s != ' ' && **s != '\t' && **s != '\n') {
		if (n == sizeof(word) - 1)
			return false;
		word[n++] = *(*s)++;
	}
	word[n] = '\0';
	return n && !kstrtol(word, 0, res);
}

static bool at_end(const char *s)
{
	while (*s == ' ' || *s == '\t' || *s == '\n')
		s++;
	return !*s;
}

#define MAX_SYSCTL_VALUES 8

/*
 * Parses up to the row's number of values and checks each against [lo, hi].
 * Nothing is stored unless all are right. Fewer values than the row has leave
 * the rest as they were. Number of values, or -EINVAL.
 */
static int parse_values(const char *value, int count, long lo, long hi, long *out)
{
	int n = 0;

	while (!at_end(value)) {
		if (n == count || n == MAX_SYSCTL_VALUES || !next_long(&value, &out[n]))
			return -EINVAL;
		if (out[n] < lo || out[n] > hi)
			return -EINVAL;
		n++;
	}
	return n ? n : -EINVAL;
}

static int store_ints(const struct ctl_table *table, const char *value, long lo, long hi,
		      long scale)
{
	long vals[MAX_SYSCTL_VALUES];
	int n = parse_values(value, table->maxlen / (int)sizeof(int), lo, hi, vals);
	int i;

	for (i = 0; i < n; i++)
		((int *)table->data)[i] = (int)(vals[i] * scale);
	return n < 0 ? n : 0;
}

int proc_dointvec(const struct ctl_table *table, const char *value)
{
	return store_ints(table, value, INT_MIN, INT_MAX, 1);
}

/* extra1 and extra2 point to ints. */
int proc_dointvec_minmax(const struct ctl_table *table, const char *value)
{
	return store_ints(table, value, table->extra1 ? *(int *)table->extra1 : INT_MIN,
			  table->extra2 ? *(int *)table->extra2 : INT_MAX, 1);
}

int proc_dointvec_jiffies(const struct ctl_table *table, const char *value)
{
	return store_ints(table, value, INT_MIN / HZ, INT_MAX / HZ, HZ);
}

int proc_dointvec_ms_jiffies(const struct ctl_table *table, const char *value)
{
	return store_ints(table, value, 0, INT_MAX, HZ / MSEC_PER_SEC);
}

/* extra1 and extra2 point to longs. */
int proc_doulongvec_minmax(const struct ctl_table *table, const char *value)
{
	long vals[MAX_SYSCTL_VALUES];
	int n = parse_values(value, table->maxlen / (int)sizeof(long),
			     table->extra1 ? *(long *)table->extra1 : 0,
			     table->extra2 ? *(long *)table->extra2 : LONG_MAX, vals);
	int i;

	for (i = 0; i < n; i++)
		((long *)table->data)[i] = vals[i];
	return n < 0 ? n : 0;
}

int proc_dostring(const struct ctl_table *table, const char *value)
{
	if (strlen(value) >= (size_t)table->maxlen)
		return -EINVAL;
	strlcpy(table->data, value, (size_t)table->maxlen);
	return 0;
}

/* One number of a bitmap's text, at most @max, or -1; @s moves behind it. */
static long bitmap_number(const char **s, long max)
{
	long n = 0;

	if (**s < '0' || **s > '9')
		return -1;
	for (; **s >= '0' && **s <= '9'; (*s)++) {
		n = n * 10 + (**s - '0');
		if (n > max)
			return -1;
	}
	return n;
}

/*
 * A set of numbers as ranges: "8080,9000-9010"; "" empties it. data points to a pointer to the bits,
 * maxlen is their number. A text that does not parse changes nothing. Origin: kernel/sysctl.c, where
 * the text is read once, into a second bitmap.
 */
int proc_do_large_bitmap(const struct ctl_table *table, const char *value)
{
	unsigned long *bits = *(unsigned long **)table->data;
	const long max = table->maxlen - 1;
	bool store = false;

	do {
		const char *s = value;

		if (store)
			memset(bits, 0, (size_t)table->maxlen / 8);
		while (!at_end(s)) {
			long from = bitmap_number(&s, max), to = from;

			if (*s == '-') {
				s++;
				to = bitmap_number(&s, max);
			}
			if (from < 0 || to < from || (*s != ',' && !at_end(s)))
				return -EINVAL;
			if (*s == ',')
				s++;
			for (; store && from <= to; from++)
				bits[from / 64] |= 1UL << (from % 64);
		}
		store = !store;
	} while (store);
	return 0;
}

/* The set as text again, neighbours as a range. */
void proc_show_large_bitmap(const struct ctl_table *table, char *buf, size_t len)
{
	const unsigned long *bits = *(unsigned long **)table->data;
	size_t at = 0;
	int i, end;

	for (i = 0; i < table->maxlen; i = end + 1) {
		end = i;
		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		while (end + 1 < table->maxlen && (bits[(end + 1) / 64] >> ((end + 1) % 64) & 1))
			end++;
		at += (size_t)scnprintf(buf + at, len - at, end > i ? "%s%d-%d" : "%s%d",
					at ? "," : "", i, end);
	}
}
