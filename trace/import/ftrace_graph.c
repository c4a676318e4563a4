// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line of the function_graph tracer. Which columns it has is a matter of the tracer's options:
 *
 *     123.456789 |   0)  python3-97  |  d.s1. | + 12.345 us  |    tcp_connect() { ... the function
 *
 * The duration is the only one that is always there before the function, blank or not, unless it was
 * switched off; so columns are taken off until it is found.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

static const char *blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* "", "1.382 us", "+ 12.345 us", "$ 3.1 ms": blank is -1.  False: it is no duration. */
static bool read_duration(const char *from, const char *to, int64_t *ns)
{
	const char *at = from + strspn(from, " \t+!#*@$\\&");
	int64_t microseconds;

	*ns = -1;
	if (at >= to)
		return true;
	if (!ftrace_read_decimal(&at, 3, &microseconds) || microseconds < 0)
		return false;
	at = blanks(at);
	if (!strncmp(at, "us", 2) && blanks(at + 2) >= to)
		*ns = microseconds;
	else if (!strncmp(at, "ms", 2) && blanks(at + 2) >= to)
		*ns = microseconds * 1000;
	return *ns >= 0;
}

/*
 * "= -22", "f = 0x16", in a remark: what a function returned. Only numbers are kept: an address of that machine
 * says nothing here.
 */
static void read_value(const char *at, struct ftrace_line *line)
{
	char *end;
	long long value;

	at = strstr(at, "= ");
	if (!at)
		return;
	value = strtoll(at + 2, &end, 0);
	if (end == at + 2 || value > INT32_MAX || value < INT32_MIN)
		return;
	line->value = value;
	line->valued = true;
}

/* "f() {", "f();", "}", and "}" with f in a remark behind it; each with what newer kernels add: arguments, values, the caller. */
static bool read_function(const char *at, struct ftrace_line *line)
{
	at = blanks(at);
	if (*at == '}') {
		line->kind = FTRACE_RETURN;
		at = blanks(at + 1);
		if (*at == ';')
			at = blanks(at + 1);
		if (!*at)
			return true;
		if (strncmp(at, "/*", 2))
			return false;
		at = blanks(at + 2);
		if (*at != '=' && !ftrace_read_name(&at, line->function))
			line->function[0] = 0;
		read_value(at, line);
		return true;
	}
	if (!strncmp(at, "/*", 2) || !*at) {
		line->kind = FTRACE_NOTHING; /* a mark, or another event */
		return true;
	}
	if (!ftrace_read_name(&at, line->function))
		return false;
	at = blanks(at);
	if (*at == '[') { /* the module it is in */
		at = blanks(at + strcspn(at, "]") + (strchr(at, ']') != NULL));
	}
	if (*at != '(')
		return false;
	/* arguments may hold parentheses: the last one closes them */
	if (strchr(at, '{')) {
		line->kind = FTRACE_CALL;
		return true;
	}
	if (!strchr(at, ';'))
		return false;
	line->kind = FTRACE_LEAF;
	read_value(strchr(at, ';'), line);
	return true;
}

/* "bash-12 => python3-97". */
static bool read_switch(const char *text, struct ftrace_line *line)
{
	const char *arrow = strstr(text, "=>");

	if (!arrow || !ftrace_read_task(text, arrow, &line->task) ||
	    !ftrace_read_task(arrow + 2, arrow + strlen(arrow), &line->next))
		return false;
	line->kind = FTRACE_SWITCH;
	return true;
}

/* One column that is not the duration. */
static bool read_column(const char *from, const char *to, struct ftrace_line *line)
{
	const char *at = blanks(from);
	int64_t number;

	if (ftrace_read_decimal(&at, 9, &number) && blanks(at) == to && number >= 0) {
		line->time = number;
		line->timed = true;
		return true;
	}
	return ftrace_read_task(from, to, &line->task) ||
	       ftrace_read_flags(from, to, &line->context);
}

/* "0)": on which CPU. */
static const char *read_cpu(const char *text, struct ftrace_line *line)
{
	const char *at = blanks(text);
	int64_t cpu;

	if (!ftrace_read_number(&at, &cpu) || *at != ')' || cpu > INT32_MAX)
		return text;
	line->cpu = (int)cpu;
	return at + 1;
}

void ftrace_parse_graph(char *text, struct ftrace_line *line)
{
	const char *at = text, *bar;
	bool found = false;

	line->kind = FTRACE_BAD;
	line->why =
		"not a line of function_graph (one of its columns is not known); it was left out";
	while (!found) {
		at = read_cpu(at, line);
		bar = strchr(at, '|');
		if (read_switch(at, line))
			return;
		if (strstr(at, "==========>") || strstr(at, "<==========")) {
			line->kind = strstr(at, "==========>") ? FTRACE_IRQ : FTRACE_IRQ_END;
			return;
		}
		/* a bar in a remark or among arguments is none of the columns' */
		if (!bar || strcspn(at, "({;}") < (size_t)(bar - at) ||
		    (strstr(at, "/*") && strstr(at, "/*") < bar))
			break;
		found = read_duration(at, bar, &line->duration);
		if (!found && !read_column(at, bar, line))
			return;
		at = bar + 1;
	}
	if (read_function(at, line))
		return;
	line->kind = FTRACE_BAD;
	line->why = "neither a call ('f() {', 'f();') nor a return ('}'); it was left out";
}
