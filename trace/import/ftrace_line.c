// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one line of a kernel's recording says. Each line is taken for itself, whatever stood before it:
 * texts are put together from pieces, and cut. In turn it is tried as
 *
 *     # tracer: function_graph                       a heading
 *     CPU:0 [LOST 12 EVENTS]                         a loss
 *     == python3-97                                  an outline's change of task
 *     python3-97 [000] ..s.  123.456789: REST        an event; REST as trace-cmd or the tracer has it
 *      0)   0.234 us    |  tcp_connect();            function_graph (ftrace_graph.c)
 *          0.117   tcp_connect x2                    an outline
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ftrace.h"

/* Seconds beyond this are no time since boot. */
#define SECONDS_MAX 4000000000LL

static const char *blanks(const char *at)
{
	return at + strspn(at, " \t");
}

bool ftrace_read_number(const char **at, int64_t *number)
{
	const char *from = *at;
	size_t digits = strspn(from, "0123456789");

	if (!digits || digits > 18)
		return false;
	*number = strtoll(from, NULL, 10);
	*at = from + digits;
	return true;
}

bool ftrace_read_decimal(const char **at, int digits, int64_t *number)
{
	const char *from = *at;
	bool minus = *from == '-';
	int64_t whole;

	from += minus;
	if (!ftrace_read_number(&from, &whole) || whole > SECONDS_MAX)
		return false;
	if (*from == '.' && isdigit((unsigned char)from[1]))
		from++;
	else if (*from == '.')
		return false;
	else
		digits = -digits; /* no fraction: only zeros follow */
	for (int i = abs(digits); i > 0; i--)
		whole = whole * 10 +
			(digits > 0 && isdigit((unsigned char)*from) ? *from++ - '0' : 0);
	while (digits > 0 && isdigit((unsigned char)*from))
		from++;
	*number = minus ? -whole : whole;
	*at = from;
	return true;
}

/* A symbol; an address that has none becomes one word for all of them. */
bool ftrace_read_name(const char **at, char *name)
{
	const char *from = *at;
	size_t size = 0;

	while (isalnum((unsigned char)from[size]) || (from[size] && strchr("_.$", from[size])))
		size++;
	if (!size || size >= FTRACE_NAME || from[0] == '.')
		return false;
	if (isdigit((unsigned char)from[0])) {
		if (from[0] != '0' || from[1] != 'x')
			return false;
		strcpy(name, "(unknown)");
	} else {
		memcpy(name, from, size);
		name[size] = 0;
	}
	*at = from + size;
	return true;
}

/* "python3-97", "kworker/0:1-12", "<idle>-0", "Web Content-123": what is behind the last dash is the pid. */
bool ftrace_read_task(const char *from, const char *to, struct ftrace_task *task)
{
	const char *dash = NULL;
	int64_t pid;

	while (from < to && isspace((unsigned char)*from))
		from++;
	while (to > from && isspace((unsigned char)to[-1]))
		to--;
	for (const char *at = from; at < to; at++)
		if (*at == '-')
			dash = at;
	if (!dash || dash == from || dash + 1 == to || to - dash > 11)
		return false;
	for (const char *at = dash + 1; at < to; at++)
		if (!isdigit((unsigned char)*at))
			return false;
	pid = strtoll(dash + 1, NULL, 10);
	if (pid > INT32_MAX || (size_t)(dash - from) >= sizeof(task->comm))
		return false;
	memcpy(task->comm, from, (size_t)(dash - from));
	task->comm[dash - from] = 0;
	task->pid = (int)pid;
	for (char *c = task->comm; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return true;
}

/* "d.s1.": irqs off, need resched, in which context, how deep preemption is off (and migration). */
bool ftrace_read_flags(const char *from, const char *to, int *context)
{
	while (from < to && isspace((unsigned char)*from))
		from++;
	while (to > from && isspace((unsigned char)to[-1]))
		to--;
	if (to - from < 3 || to - from > 7)
		return false;
	for (const char *at = from; at < to; at++)
		if (!strchr(".dDbBXlLnNpPuUhHszZ#", *at) && !isxdigit((unsigned char)*at))
			return false;
	switch (from[2]) {
	case 'h':
	case 'H':
	case 'z':
	case 'Z':
		*context = CONTEXT_IRQ;
		break;
	case 's':
		*context = CONTEXT_SOFTIRQ;
		break;
	case '.':
		*context = CONTEXT_TASK;
		break;
	default:
		return false;
	}
	return true;
}

static void bad(struct ftrace_line *line, const char *why)
{
	line->kind = FTRACE_BAD;
	line->why = why;
}

/* ------------------------------------------------------------------ headings, losses */

static void parse_heading(const char *text, struct ftrace_line *line)
{
	static const char scenario[] = "# scenario ";

	line->kind = FTRACE_NOTHING;
	if (strncmp(text, scenario, strlen(scenario)))
		return;
	line->kind = FTRACE_SCENARIO;
	snprintf(line->words, sizeof(line->words), "%s", text + strlen(scenario));
}

/* "CPU:0 [LOST 12 EVENTS]", "CPU:1 [12 EVENTS DROPPED]", "CPU:1 [EVENTS DROPPED]". */
static bool parse_loss(const char *text, struct ftrace_line *line)
{
	const char *at = strstr(text, "[LOST ");
	int64_t number;

	if (strncmp(blanks(text), "CPU:", 4))
		return false;
	if (at)
		at += strlen("[LOST ");
	else if (strstr(text, "EVENTS DROPPED]") && strchr(text, '['))
		at = strchr(text, '[') + 1;
	else
		return false;
	line->kind = FTRACE_LOST;
	/* not said how many: one at least */
	line->lost = ftrace_read_number(&at, &number) && number ? number : 1;
	return true;
}

/* What trace-cmd and the kernel print that is about the recording, not of it. */
static bool is_remark(const char *text)
{
	static const char *const begins[] = { "cpus=",      "version = ", "CPU ",
					      "entries-in", "Buffer ",    "trace-cmd",
					      "=> ",        "Dumping ",   "(ftrace buffer empty)" };
	const char *at = blanks(text);

	if (!*at || !at[strspn(at, "-")])
		return true;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (!strncmp(at, begins[i], strlen(begins[i])))
			return true;
	return false;
}

/* ------------------------------------------------------------------ events */

/* "f <-caller", "f <-- caller", each perhaps with "+0x12/0x80 [module]". */
static bool parse_function(const char *at, struct ftrace_line *line)
{
	const char *arrow = strstr(at, "<-");

	at = blanks(at);
	if (!arrow || !ftrace_read_name(&at, line->function))
		return false;
	arrow += strspn(arrow, "<-");
	arrow = blanks(arrow);
	if (!ftrace_read_name(&arrow, line->caller))
		return false;
	line->kind = FTRACE_FUNCTION;
	return true;
}

/* Behind the time of an event. */
static void parse_event(char *rest, struct ftrace_line *line)
{
	static const char *const graph[] = { "funcgraph_entry:", "funcgraph_exit:", "graph_ent:",
					     "graph_ret:" };
	const char *at = blanks(rest);

	for (size_t i = 0; i < sizeof(graph) / sizeof(*graph); i++)
		if (!strncmp(at, graph[i], strlen(graph[i]))) {
			ftrace_parse_graph(rest + (at - rest) + strlen(graph[i]), line);
			return;
		}
	if (!strncmp(at, "function:", strlen("function:")))
		at += strlen("function:");
	else if (strcspn(at, ": ") < strlen(at) && at[strcspn(at, ": ")] == ':') {
		line->kind = FTRACE_NOTHING; /* another event */
		return;
	}
	if (!parse_function(at, line))
		bad(line, "not a function and its caller ('f <-caller'); it was left out");
}

/* Between the CPU and the rest: flags that may be missing, and the time. */
static bool parse_flags_time(const char **text, struct ftrace_line *line)
{
	const char *at = blanks(*text), *end = at + strcspn(at, " \t");
	int context;

	/* trace-cmd joins them to the CPU's number: "0d.s1" */
	if (ftrace_read_flags(at, end, &context) && end[-1] != ':') {
		line->context = context;
		at = blanks(end);
	}
	if (!ftrace_read_decimal(&at, 9, &line->time) || *at != ':')
		return false;
	line->timed = true;
	*text = at + 1;
	return true;
}

/* "comm-pid [cpu] flags time: rest"; with record-tgid "(tgid)" behind the pid. */
static bool parse_event_line(char *text, struct ftrace_line *line)
{
	const char *bracket = text, *at, *to;
	int64_t cpu;

	while ((bracket = strchr(bracket, '[')) != NULL) {
		at = bracket + 1;
		if (ftrace_read_number(&at, &cpu) && *at == ']' && cpu < INT32_MAX)
			break;
		bracket++;
	}
	if (!bracket)
		return false;
	to = bracket;
	while (to > text && isspace((unsigned char)to[-1]))
		to--;
	if (to > text && to[-1] == ')')
		while (to > text && *to != '(')
			to--;
	if (!ftrace_read_task(text, to, &line->task))
		return false;
	line->cpu = (int)cpu;
	at++;
	if (!parse_flags_time(&at, line))
		return false;
	parse_event(text + (at - text), line);
	return true;
}

/* ------------------------------------------------------------------ outlines */

/* "net/socket.c:1529 (inline)" */
static void parse_place(const char *at, struct ftrace_line *line)
{
	size_t size = strcspn(at, ": \t");
	int64_t number;

	if (at[size] != ':' || !size || size >= sizeof(line->file))
		return;
	memcpy(line->file, at, size);
	line->file[size] = 0;
	at += size + 1;
	if (ftrace_read_number(&at, &number) && number <= INT32_MAX)
		line->file_line = (int)number;
	else
		line->file[0] = 0;
}

/* "     0.117  tcp_connect x2", "  tcp_connect     net/ipv4/tcp_output.c:3389". */
static bool parse_outline(const char *text, struct ftrace_line *line)
{
	const char *at = blanks(text), *behind;
	int64_t times;

	if (isdigit((unsigned char)*at) || *at == '-') {
		if (!ftrace_read_decimal(&at, 6, &line->time) || !isspace((unsigned char)*at))
			return false;
		line->timed = true;
		at = blanks(at);
	}
	if (!strncmp(at, "/*", 2)) {
		line->kind = FTRACE_NOTHING;
		return true;
	}
	line->column = (int)(at - text);
	if (!ftrace_read_name(&at, line->function) || (*at && !isspace((unsigned char)*at)))
		return false;
	line->kind = FTRACE_OUTLINE;
	behind = blanks(at);
	if (*behind == 'x' && isdigit((unsigned char)behind[1])) {
		behind++;
		if (!ftrace_read_number(&behind, &times) || times < 1 || times > 100000)
			return false;
		line->times = (int)times;
		behind = blanks(behind);
	}
	parse_place(behind, line);
	/* prose is no outline: nothing else may follow */
	return !*behind || line->file[0];
}

/* ------------------------------------------------------------------ the line */

void ftrace_parse(char *text, size_t size, struct ftrace_line *line)
{
	const char *at;

	const struct ftrace_line nothing = { .cpu = -1,
					     .duration = -1,
					     .task.pid = -1,
					     .next.pid = -1,
					     .context = CONTEXT_UNKNOWN,
					     .times = 1 };

	*line = nothing;
	while (size && isspace((unsigned char)text[size - 1]))
		text[--size] = 0;
	at = blanks(text);
	if (strlen(text) != size)
		bad(line, "it holds bytes that are no text; it was left out");
	else if (*at == '#')
		parse_heading(at, line);
	else if (!strncmp(text, "== ", 3)) {
		line->kind = FTRACE_TASK;
		if (!ftrace_read_task(text + 3, text + size, &line->task))
			bad(line,
			    "not a task ('== comm-pid'); what follows counts as the last one's");
	} else if (!parse_loss(text, line) && !is_remark(text) && !parse_event_line(text, line)) {
		*line = nothing;
		if (!strchr(text, '|') && !strstr(text, "=>") && parse_outline(text, line))
			return;
		*line = nothing;
		if (strpbrk(text, "|{};)>"))
			ftrace_parse_graph(text, line);
		else
			bad(line, "not a line of the function or function_graph tracer, nor of an "
				  "outline; it was left out");
	}
}
