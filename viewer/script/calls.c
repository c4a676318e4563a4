/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * System calls of a script: each made with its arguments, and held against what its line says.
 *
 * call_make() runs as a task of the core; a complaint that it has waits in the task until the
 * play's own side, call_check(), reads it.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <linux/tcp.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/arguments.h"
#include "viewer/script/symbols.h"

#define RESTART      (-512) /* -ERESTARTSYS */
#define CORE_SIG_IGN 1
#define CORE_CAUGHT  2 /* the address of some handler */

/* ---------------------------------------------------------------- the calls */

static long do_socket(struct task *t)
{
	return sys_socket((int)arg_number(t, 0, AF_INET), (int)arg_number(t, 1, 0),
			  (int)arg_number(t, 2, 0));
}

/* open("/", O_PATH): what stands in quotes, or a bad pointer. */
static long do_open(struct task *t)
{
	const struct value *v = arg(t, 0);
	int is;
	char *name = arg_pointer(t, 0, &is);

	if (!is) {
		if (v->kind != VALUE_STRING)
			return arg_bad(t, "open: expected a name in quotes"), 0;
		name = arg_memory(t, v->length + 1);
		if (name)
			memcpy(name, v->text, v->length);
	}
	if (t->problem[0])
		return 0;
	return sys_open(name, (int)arg_number(t, 1, 0), 0);
}

static long do_dup(struct task *t)
{
	return sys_dup((unsigned int)arg_descriptor(t, 0));
}

static long do_listen(struct task *t)
{
	return sys_listen(arg_descriptor(t, 0), (int)arg_number(t, 1, 0));
}

static long do_bind(struct task *t)
{
	int length;
	struct sockaddr *a = arg_address(t, 1, 1, &length);

	return sys_bind(arg_descriptor(t, 0), a, length);
}

static long do_connect(struct task *t)
{
	int length;
	struct sockaddr *a = arg_address(t, 1, 0, &length);

	for (int i = 0; i < t->play->nflows; i++)
		t->play->flows[i].renewable = true;
	return sys_connect(arg_descriptor(t, 0), a, length);
}

static long do_close(struct task *t)
{
	return sys_close((unsigned int)arg_descriptor(t, 0));
}

static long do_shutdown(struct task *t)
{
	return sys_shutdown(arg_descriptor(t, 0), (int)arg_number(t, 1, 0));
}

static long do_fcntl(struct task *t)
{
	int64_t arg = t->event->call->narguments > 2 ? arg_number(t, 2, 0) : 0;

	return sys_fcntl((unsigned int)arg_descriptor(t, 0), (unsigned int)arg_number(t, 1, 0),
			 (unsigned long)arg);
}

static long do_setsockopt(struct task *t)
{
	int64_t level = arg_number(t, 1, 0), option = arg_number(t, 2, 0);
	size_t size;
	char *value = arg_option(t, level, option, &size);

	return sys_setsockopt(arg_descriptor(t, 0), (int)level, (int)option, value,
			      (int)arg_number(t, 4, (int64_t)size));
}

static void differs(struct task *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void differs(struct task *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(t->difference, sizeof(t->difference), fmt, args);
	va_end(args);
}

/* What getsockopt() wrote, held against argument 4. */
static void compare_option(struct task *t, int64_t level, int64_t option, const char *got, int size)
{
	const struct value *v = arg(t, 3);
	int wide = arg_is_timeval(level, option), n;
	int64_t want[16];

	if (v->kind == VALUE_STRING) {
		if (strncmp(got, v->text, 256))
			differs(t, "value: expected \"%s\", got \"%.64s\"", v->text, got);
		return;
	}
	if (v->kind != VALUE_LIST && v->kind != VALUE_STRUCT)
		return;
	if (v->child && v->child->kind == VALUE_ANY)
		return;
	n = arg_numbers(t, v, wide, want, 16);
	for (int i = 0; i < n && (i + 1) * (wide ? 8 : 4) <= size; i++) {
		int64_t w = wide ? want[i] : ((int32_t *)want)[i];
		int64_t g = wide ? ((const int64_t *)got)[i] : ((const int32_t *)got)[i];

		if (w != g) {
			const char *name = option == SO_ERROR && level == SOL_SOCKET ?
						   symbol_errno_name(g) :
						   NULL;

			differs(t, "value: expected %lld, got %lld%s%s", (long long)w, (long long)g,
				name ? " " : "", name ? name : "");
			return;
		}
	}
}

static long do_getsockopt(struct task *t)
{
	int64_t level = arg_number(t, 1, 0), option = arg_number(t, 2, 0);
	int is_value, is_length, *length;
	char *value = arg_pointer(t, 3, &is_value);
	int *bad_length = arg_pointer(t, 4, &is_length);
	long ret;

	if (!is_value)
		value = arg_memory(t, 256);
	length = is_length ? bad_length : arg_memory(t, sizeof(*length));
	if (t->problem[0])
		return 0;
	if (!is_length)
		*length = (int)arg_number(t, 4, arg_is_timeval(level, option) ? 16 : 4);
	ret = sys_getsockopt(arg_descriptor(t, 0), (int)level, (int)option, value, length);
	if (ret == 0 && !is_value && !is_length)
		compare_option(t, level, option, value, *length);
	return ret;
}

static long do_name(struct task *t, long (*call)(int, struct sockaddr *, int *))
{
	const struct value *v = arg(t, 1);
	struct sockaddr_in want = { 0 }, *got;
	int is, *length = arg_memory(t, sizeof(*length));
	char *given = arg_pointer(t, 1, &is);
	char text[2][INET_ADDRSTRLEN];
	long ret;

	got = is ? (struct sockaddr_in *)given : arg_memory(t, 256);
	if (t->problem[0])
		return 0;
	*length = (int)arg_number(t, 2, sizeof(*got));
	ret = call(arg_descriptor(t, 0), (struct sockaddr *)got, length);
	if (ret < 0 || is || v->kind != VALUE_STRUCT)
		return ret;
	want = *got;
	arg_address_fields(t, v, &want);
	if (memcmp(&want, got, sizeof(want)))
		differs(t, "address: expected %s:%u, got %s:%u",
			inet_ntop(AF_INET, &want.sin_addr, text[0], sizeof(text[0])),
			ntohs(want.sin_port),
			inet_ntop(AF_INET, &got->sin_addr, text[1], sizeof(text[1])),
			ntohs(got->sin_port));
	return ret;
}

static long do_getsockname(struct task *t)
{
	return do_name(t, sys_getsockname);
}

static long do_getpeername(struct task *t)
{
	return do_name(t, sys_getpeername);
}

/* ---- data ---- */

/* What was received, held against a string. */
static void compare_data(struct task *t, const char *got, long n)
{
	const struct value *v = arg(t, 1);

	if (v->kind == VALUE_STRING && n > 0 &&
	    ((size_t)n != v->length || memcmp(got, v->text, v->length)))
		differs(t, "data: expected \"%s\", got %ld other bytes", v->text, n);
}

static long do_transfer(struct task *t, int sends, int flags_at, int address_at)
{
	size_t count = (size_t)arg_number(t, 2, 0);
	int64_t flags = flags_at ? arg_number(t, flags_at, 0) : 0;
	char *b = arg_buffer(t, count);
	struct sockaddr *a = NULL;
	int length = 0;
	long ret;

	if (address_at && t->event->call->narguments > address_at + 1 &&
	    arg(t, address_at)->kind != VALUE_NUMBER)
		a = arg_address(t, address_at, 0, &length);
	if (t->problem[0])
		return 0;
	if (!flags_at)
		ret = sends ? sys_write((unsigned int)arg_descriptor(t, 0), b, count) :
			      sys_read((unsigned int)arg_descriptor(t, 0), b, count);
	else
		ret = sends ? sys_sendto(arg_descriptor(t, 0), b, count, (unsigned int)flags, a,
					 length) :
			      sys_recvfrom(arg_descriptor(t, 0), b, count, (unsigned int)flags,
					   NULL, NULL);
	if (!sends)
		compare_data(t, b, ret);
	return ret;
}

static long do_write(struct task *t)
{
	return do_transfer(t, 1, 0, 0);
}

static long do_read(struct task *t)
{
	return do_transfer(t, 0, 0, 0);
}

static long do_send(struct task *t)
{
	return do_transfer(t, 1, 3, 0);
}

static long do_recv(struct task *t)
{
	return do_transfer(t, 0, 3, 0);
}

static long do_sendto(struct task *t)
{
	return do_transfer(t, 1, 3, 4);
}

/* ---- several buffers ---- */

/* [{..., 500}, {"abc", 3}] in user memory; @count: how many. NULL after arg_bad(). */
static struct iovec *buffers(struct task *t, const struct value *list, size_t *count)
{
	struct iovec *iov = arg_memory(t, 64 * sizeof(*iov));
	const struct value *v;
	int64_t n;

	*count = 0;
	if (list->kind != VALUE_LIST)
		return arg_bad(t, "buffers: expected [{..., NUMBER}, {\"TEXT\", NUMBER}]");
	for (v = list->child; v && iov; v = v->next) {
		const struct value *text = v->child;

		if (v->kind != VALUE_STRUCT || !text || !text->next ||
		    call_number(text->next, &n) || n < 0 || *count == 64)
			return arg_bad(t, "buffers: expected at most 64 of {..., NUMBER}");
		iov[*count].iov_len = (size_t)n;
		iov[*count].iov_base =
			arg_memory(t, (size_t)n > text->length ? (size_t)n : text->length);
		if (iov[*count].iov_base && text->kind == VALUE_STRING)
			memcpy(iov[*count].iov_base, text->text, text->length);
		++*count;
	}
	return t->problem[0] ? NULL : iov;
}

/* What @n received bytes are, held against the strings of @list. */
static void compare_buffers(struct task *t, const struct value *list, const struct iovec *iov,
			    long n)
{
	const struct value *v = list->child;

	for (size_t i = 0; v && n > 0; v = v->next, i++) {
		size_t got = (size_t)n < iov[i].iov_len ? (size_t)n : iov[i].iov_len;

		if (v->child->kind == VALUE_STRING &&
		    (got != v->child->length || memcmp(iov[i].iov_base, v->child->text, got)))
			differs(t, "data: expected \"%s\", got %zu other bytes", v->child->text,
				got);
		n -= (long)got;
	}
}

static long do_vector(struct task *t, int sends)
{
	size_t count;
	int is;
	struct iovec *iov = arg_pointer(t, 1, &is);
	unsigned long vlen;
	long ret;

	if (!is)
		iov = buffers(t, arg(t, 1), &count);
	vlen = (unsigned long)arg_number(t, 2, is ? 0 : (int64_t)count);
	if (t->problem[0])
		return 0;
	ret = (sends ? sys_writev : sys_readv)((unsigned long)arg_descriptor(t, 0), iov, vlen);
	if (!sends && !is)
		compare_buffers(t, arg(t, 1), iov, ret);
	return ret;
}

static long do_writev(struct task *t)
{
	return do_vector(t, 1);
}

static long do_readv(struct task *t)
{
	return do_vector(t, 0);
}

/* {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0}: of the flags nothing is expected. */
static long do_message(struct task *t, int sends)
{
	const struct value *head = arg(t, 1), *v, *list = NULL;
	struct msghdr *m = arg_memory(t, sizeof(*m));
	struct sockaddr_in *sin = arg_memory(t, 256);
	int is, flags = (int)arg_number(t, 2, 0);
	struct user_msghdr *bad = arg_pointer(t, 1, &is);
	long ret;

	if (t->problem[0])
		return 0;
	if (is)
		return sends ? sys_sendmsg(arg_descriptor(t, 0), bad, (unsigned int)flags) :
			       sys_recvmsg(arg_descriptor(t, 0), bad, (unsigned int)flags);
	for (v = head->child; v; v = v->next) {
		if (v->kind == VALUE_FIELD && !strcmp(v->text, "msg_iov")) {
			list = v->child;
			m->msg_iov = buffers(t, list, &m->msg_iovlen);
		} else if (v->kind == VALUE_FIELD && !strcmp(v->text, "msg_name")) {
			sin->sin_family = AF_INET;
			sin->sin_port = htons(t->play->settings.connect_port);
			sin->sin_addr.s_addr = t->play->settings.remote;
			m->msg_name = sin;
			m->msg_namelen = sizeof(*sin);
			if (v->child->kind == VALUE_STRUCT)
				arg_address_fields(t, v->child, sin);
		} else if (v->kind != VALUE_FIELD || strcmp(v->text, "msg_flags")) {
			arg_bad(t, "message: expected {msg_name(...)=..., msg_iov(N)=[{..., "
				   "NUMBER}], msg_flags=0}");
		}
	}
	if (head->kind != VALUE_STRUCT || !list)
		arg_bad(t, "message: expected msg_iov(N)=[{..., NUMBER}]");
	if (t->problem[0])
		return 0;
	if (sends)
		return sys_sendmsg(arg_descriptor(t, 0), (struct user_msghdr *)m,
				   (unsigned int)flags);
	ret = sys_recvmsg(arg_descriptor(t, 0), (struct user_msghdr *)m, (unsigned int)flags);
	compare_buffers(t, list, m->msg_iov, ret);
	return ret;
}

static long do_sendmsg(struct task *t)
{
	return do_message(t, 1);
}

static long do_recvmsg(struct task *t)
{
	return do_message(t, 0);
}

/* ---- poll ---- */

static int poll_part(struct task *t, const struct value *v, const char *name, int64_t *n)
{
	for (v = v->child; v; v = v->next) {
		if (v->kind == VALUE_FIELD && !strcmp(v->text, name))
			return call_number(v->child, n) ?
				       (arg_bad(t, "poll: %s: expected a constant", name), -1) :
				       0;
	}
	arg_bad(t, "poll: expected [{fd=N, events=..., revents=...}, ...]");
	return -1;
}

static int live_descriptor(const struct play *p, int64_t script)
{
	for (int i = 0; i < PLAY_FDS; i++) {
		if (p->fds[i].open && p->fds[i].script == script)
			return p->fds[i].live;
	}
	return script < 0 ? -1 : 4096;
}

/* poll([{fd=3, events=POLLOUT, revents=POLLOUT}], 1, 1000): revents are held against the result. */
static long do_poll(struct task *t)
{
	const struct value *list = arg(t, 0), *v;
	unsigned int count = (unsigned int)arg_number(t, 1, 0), i = 0;
	struct pollfd *fds;
	int64_t n;
	long ret;

	if (list->kind != VALUE_LIST)
		return sys_poll(call_number(list, &n) ? NULL : (void *)(uintptr_t)n, count,
				(int)arg_number(t, 2, -1));
	fds = arg_memory(t, 64 * sizeof(*fds));
	for (v = list->child; v && fds && i < 64; v = v->next, i++) {
		if (v->kind != VALUE_STRUCT || poll_part(t, v, "fd", &n))
			return arg_bad(t, "poll: expected [{fd=N, ...}]"), 0;
		fds[i].fd = live_descriptor(t->play, n);
		if (poll_part(t, v, "events", &n))
			return 0;
		fds[i].events = (short)n;
	}
	if (t->problem[0])
		return 0;
	ret = sys_poll(fds, count, (int)arg_number(t, 2, -1));
	for (i = 0, v = list->child; v && i < 64 && ret >= 0; v = v->next, i++) {
		if (poll_part(t, v, "revents", &n))
			return 0;
		if (n != fds[i].revents)
			differs(t, "revents of fd number %u: expected 0x%x, got 0x%x", i + 1,
				(unsigned int)n, (unsigned int)fds[i].revents & 0xffff);
	}
	return ret;
}

/* ---- signals ---- */

/* sigaction(SIGALRM, SA_RESTART): what this task's handler lets a call do. */
static long do_sigaction(struct task *t)
{
	int64_t sig = arg_number(t, 0, 0);
	const struct value *v = arg(t, 1);

	uint64_t *act = arg_memory(t, 4 * sizeof(*act)); /* handler, flags, restorer, mask */
	long ret;

	if (!act || t->problem[0])
		return 0;
	act[0] = v->kind == VALUE_NAME && !strcmp(v->text, "SIG_IGN") ? CORE_SIG_IGN : CORE_CAUGHT;
	act[1] = act[0] == CORE_SIG_IGN ? 0 : (uint64_t)arg_number(t, 1, 0);
	ret = sys_rt_sigaction((int)sig, (struct sigaction *)act, NULL, sizeof(*act));
	if (ret == 0)
		t->restarts[sig] = act[1] != 0;
	return ret;
}

static long do_nanosleep(struct task *t)
{
	return sys_nanosleep((uint64_t)arg_number(t, 0, 0) * 1000);
}

/* ---------------------------------------------------------------- the table */

static const struct {
	const char *name;
	int least, most; /* arguments */
	long (*make)(struct task *t);
} calls[] = {
	{ "socket", 3, 3, do_socket },
	{ "open", 2, 3, do_open },
	{ "dup", 1, 1, do_dup },
	{ "bind", 3, 3, do_bind },
	{ "listen", 2, 2, do_listen },
	{ "connect", 3, 3, do_connect },
	{ "close", 1, 1, do_close },
	{ "shutdown", 2, 2, do_shutdown },
	{ "fcntl", 2, 3, do_fcntl },
	{ "setsockopt", 5, 5, do_setsockopt },
	{ "getsockopt", 5, 5, do_getsockopt },
	{ "getsockname", 3, 3, do_getsockname },
	{ "getpeername", 3, 3, do_getpeername },
	{ "write", 3, 3, do_write },
	{ "read", 3, 3, do_read },
	{ "send", 4, 4, do_send },
	{ "recv", 4, 4, do_recv },
	{ "sendto", 4, 6, do_sendto },
	{ "recvfrom", 4, 6, do_recv },
	{ "writev", 3, 3, do_writev },
	{ "readv", 3, 3, do_readv },
	{ "sendmsg", 3, 3, do_sendmsg },
	{ "recvmsg", 3, 3, do_recvmsg },
	{ "poll", 3, 3, do_poll },
	{ "sigaction", 2, 2, do_sigaction },
	{ "usleep", 1, 1, do_nanosleep },
};

#define NCALLS (sizeof(calls) / sizeof(calls[0]))

const char *call_unknown(const char *name)
{
	static const char *const others[] = { "accept",       "ioctl",      "sendfile",
					      "epoll_create", "epoll_wait", "epoll_ctl" };

	if (!strcmp(name, "kill"))
		return NULL;
	for (size_t i = 0; i < NCALLS; i++) {
		if (!strcmp(calls[i].name, name))
			return NULL;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!strcmp(others[i], name))
			return "not in this core, which knows how to connect: expected another "
			       "system call";
	}
	return "expected the name of a system call";
}

/* Handlers run on the way back to user space. Return: the call begins anew. */
static int deliver_signals(struct task *t, long *ret)
{
	int sig, restart = 1, any = 0;

	while ((sig = core_take_signal()) != 0) {
		any = 1;
		if (!t->restarts[sig])
			restart = 0;
	}
	if (*ret != RESTART)
		return 0;
	if (any && restart)
		return 1;
	*ret = -EINTR;
	return 0;
}

void call_make(struct task *t)
{
	const struct call *call = t->event->call;

	t->problem[0] = 0;
	t->difference[0] = 0;
	for (size_t i = 0; i < NCALLS; i++) {
		if (strcmp(calls[i].name, call->name))
			continue;
		if (call->narguments < calls[i].least || call->narguments > calls[i].most) {
			arg_bad(t, "expected %d argument%s", calls[i].least,
				calls[i].least == 1 ? "" : "s");
			break;
		}
		do
			t->result = calls[i].make(t);
		while (deliver_signals(t, &t->result));
		break;
	}
	t->ended_ns = *core_clock();
	t->returned = true;
}

int call_kill(struct play *p, const struct event *e)
{
	const struct value *v = e->call->arguments;
	struct task *t = NULL;
	int64_t sig;

	if (e->call->narguments != 2 || v->kind != VALUE_NAME || call_number(v->next, &sig))
		return play_fail(p, PLAY_TROUBLE, e->at, "kill: expected kill(TASK, SIGNAL)");
	for (int i = 0; i < p->ntasks; i++) {
		if (!strcmp(p->tasks[i].name, v->text))
			t = &p->tasks[i];
	}
	if (!t)
		return play_fail(p, PLAY_TROUBLE, v->at, "kill: %s: expected a task that has run",
				 v->text);
	if (core_signal(t->pid, (int)sig) < 0)
		return play_fail(p, PLAY_TROUBLE, v->next->at,
				 "kill: expected a signal from 1 to 64");
	core_run_until(*core_clock());
	return 0;
}

/* ---------------------------------------------------------------- what came back */

static void describe(long result, char *text, size_t room)
{
	const char *name = result < 0 ? symbol_errno_name(-result) : NULL;

	if (name)
		snprintf(text, room, "-1 %s (%s)", name, strerror((int)-result));
	else
		snprintf(text, room, "%ld", result);
}

/* A socket's number in the script is what the script says it is. */
static void keep_descriptor(struct task *t, int64_t script)
{
	struct play *p = t->play;

	for (int i = 0; i < PLAY_FDS; i++) {
		if (p->fds[i].open)
			continue;
		p->fds[i] = (struct descriptor){ true, script, (int)t->result };
		break;
	}
	if (!strcmp(t->event->call->name, "socket")) {
		p->asked = (int)t->result;
		p->sockets++;
	}
}

static void drop_descriptor(struct task *t)
{
	int64_t n;

	if (call_number(t->event->call->arguments, &n))
		return;
	for (int i = 0; i < PLAY_FDS; i++) {
		if (t->play->fds[i].open && t->play->fds[i].script == n)
			t->play->fds[i].open = false;
	}
}

static int makes_descriptor(const struct call *call)
{
	return !strcmp(call->name, "socket") || !strcmp(call->name, "open") ||
	       !strcmp(call->name, "dup");
}

static int result_matches(const struct task *t)
{
	const struct call *call = t->event->call;
	int64_t error = 0;

	if (call->result->kind == VALUE_ANY)
		return 1;
	if (call->result->number == -1 && !call->error)
		return t->result < 0;
	if (call->error) {
		symbol_errno(call->error, &error);
		return t->result == -error;
	}
	if (makes_descriptor(call))
		return t->result >= 0;
	return t->result == call->result->number;
}

int call_check(struct task *t)
{
	const struct event *e = t->event;
	const struct call *call = e->call;
	char got[128];

	t->returned = false;
	if (t->problem[0])
		return play_fail(t->play, PLAY_TROUBLE, e->at, "%s(): %s", call->name, t->problem);
	t->play->failure_call = call->name;
	if (!result_matches(t)) {
		describe(t->result, got, sizeof(got));
		return play_fail(t->play, PLAY_FAILED, e->at, "%s(): it returned %s", call->name,
				 got);
	}
	if (t->difference[0])
		return play_fail(t->play, PLAY_FAILED, e->at, "%s(): %s", call->name,
				 t->difference);
	t->play->failure_call = NULL;
	if (makes_descriptor(call) && t->result >= 0)
		keep_descriptor(t, call->result->kind == VALUE_NUMBER ? call->result->number :
									t->result);
	if (!strcmp(call->name, "close"))
		drop_descriptor(t);
	return 0;
}
