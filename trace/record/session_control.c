/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that keeps an LTTng session: it finds or starts the session daemon, sets the session
 * up, waits until the recording has ended or its process has gone, and takes all of it down again.
 *
 * It talks with the daemon by LTTng's own library, which is loaded here and nowhere else.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <lttng/lttng.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "session.h"

/* The channel: sub-buffers for each processor, and a writer that waits when they are full. */
#define CHANNEL      "all"
#define EVENTS       "synwalk:*"
#define SUBBUF_SIZE  (1U << 20)
#define SUBBUF_COUNT 4
#define BLOCK_FOR    (-1) /* ever */

/* How long a daemon may take to start, the last data to be written, a daemon to end (s). */
#define START_S 15
#define DATA_S  15
#define END_S   5

/* What is called of liblttng-ctl, without its prefix. */
#define CALLS(X)                        \
	X(session_daemon_alive)         \
	X(list_sessions)                \
	X(create_session)               \
	X(create_handle)                \
	X(track_pid)                    \
	X(strerror)                     \
	X(channel_create)               \
	X(channel_set_blocking_timeout) \
	X(enable_channel)               \
	X(event_create)                 \
	X(enable_event)                 \
	X(start_tracing)                \
	X(stop_tracing_no_wait)         \
	X(data_pending)                 \
	X(destroy_session_no_wait)

static struct {
#define MEMBER(name) __typeof__(&lttng_##name) name;
	CALLS(MEMBER)
#undef MEMBER
} ctl;

static int out;
static pid_t daemon_started;

/* One message to the process that records. */
static void say(enum session_note note, const char *text)
{
	char message[256];
	int size = snprintf(message, sizeof(message), "%c%s", note, text);

	/* if that has gone, nobody needs to know */
	send(out, message, (size_t)size < sizeof(message) ? (size_t)size : sizeof(message) - 1,
	     MSG_NOSIGNAL);
}

/* ------------------------------------------------------------------ the daemon */

static void nap(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* Ends the daemon, if it is ours. */
static void end_daemon(void)
{
	if (!daemon_started)
		return;
	kill(daemon_started, SIGTERM);
	for (int ms = 0; ms < END_S * 1000; ms += 5) {
		if (waitpid(daemon_started, NULL, WNOHANG))
			return;
		nap(5);
	}
	kill(daemon_started, SIGKILL);
	waitpid(daemon_started, NULL, 0);
}

_Noreturn static void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void fail(const char *fmt, ...)
{
	char text[250];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	end_daemon();
	say(NOTE_ERROR, text);
	_exit(1);
}

static void exec_daemon(void)
{
	static char *const command[] = { "lttng-sessiond", "--no-kernel", "--sig-parent", NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* ^C is not for it; it goes when this process goes */
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execvp(command[0], command);
	_exit(127);
}

/* Starts a daemon and waits until it says that it is ready (SIGUSR1). */
static void start_daemon(void)
{
	const struct timespec longest = { .tv_sec = START_S };
	sigset_t news;
	int status;

	sigemptyset(&news);
	sigaddset(&news, SIGUSR1);
	sigaddset(&news, SIGCHLD);
	sigprocmask(SIG_BLOCK, &news, NULL);
	daemon_started = fork();
	if (!daemon_started)
		exec_daemon();
	switch (sigtimedwait(&news, NULL, &longest)) {
	case SIGUSR1:
		return;
	case SIGCHLD:
		waitpid(daemon_started, &status, 0);
		daemon_started = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			fail("lttng-sessiond is not installed; apt-get install lttng-tools");
		fail("its session daemon does not start; lttng-sessiond --no-kernel tells why");
	default:
		fail("its session daemon is not ready after %d seconds", START_S);
	}
}

/* ------------------------------------------------------------------ the session */

static void load(void)
{
	void *handle = dlopen("liblttng-ctl.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		fail("liblttng-ctl is not installed; apt-get install lttng-tools");
#define TAKE(name)                                           \
	*(void **)&ctl.name = dlsym(handle, "lttng_" #name); \
	if (!ctl.name)                                       \
		fail("liblttng-ctl has no lttng_" #name "; it is too old");
	CALLS(TAKE)
#undef TAKE
}

static void check(int code, const char *doing)
{
	if (code < 0)
		fail("%s: %s", doing, ctl.strerror(code));
}

static void find_daemon(void)
{
	struct lttng_session *sessions = NULL;

	if (ctl.session_daemon_alive() != 1) {
		start_daemon();
		return;
	}
	say(NOTE_FOUND, "");
	check(ctl.list_sessions(&sessions), "asking its session daemon");
	free(sessions);
	say(NOTE_ANSWERED, "");
}

static void start_session(const char *name, pid_t traced, const char *folder)
{
	struct lttng_domain domain = { .type = LTTNG_DOMAIN_UST, .buf_type = LTTNG_BUFFER_PER_PID };
	struct lttng_handle *handle;
	struct lttng_channel *channel;
	struct lttng_event *event;
	char url[4200];

	snprintf(url, sizeof(url), "file://%s", folder);
	check(ctl.create_session(name, url), "creating a session");
	handle = ctl.create_handle(name, &domain);
	channel = ctl.channel_create(&domain);
	event = ctl.event_create();
	if (!handle || !channel || !event)
		fail("out of memory");
	strcpy(channel->name, CHANNEL);
	channel->attr.subbuf_size = SUBBUF_SIZE;
	channel->attr.num_subbuf = SUBBUF_COUNT;
	channel->attr.overwrite = 0;
	check(ctl.channel_set_blocking_timeout(channel, BLOCK_FOR), "making a channel");
	check(ctl.enable_channel(handle, channel), "making a channel");
	strcpy(event->name, EVENTS);
	event->type = LTTNG_EVENT_TRACEPOINT;
	event->loglevel_type = LTTNG_EVENT_LOGLEVEL_ALL;
	event->loglevel = -1;
	check(ctl.enable_event(handle, event, CHANNEL), "asking for events");
	check(ctl.track_pid(handle, traced), "asking for one process");
	check(ctl.start_tracing(name), "starting the session");
}

/* Ends the session; what is in its buffers is written first. */
static void end_session(const char *name)
{
	int pending = 1;

	check(ctl.stop_tracing_no_wait(name), "ending the session");
	for (int ms = 0; ms < DATA_S * 1000 && pending > 0; ms += 5) {
		pending = ctl.data_pending(name);
		if (pending > 0)
			nap(5);
	}
	ctl.destroy_session_no_wait(name);
	if (pending)
		fail("the last events were not written within %d seconds", DATA_S);
}

void session_control(int socket, pid_t traced, const char *folder)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGPIPE, SIGTSTP };
	int nowhere = open("/dev/null", O_RDWR);
	char name[64], end;

	out = socket;
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		signal(ignored[i], SIG_IGN);
	/* LTTng's library and daemon talk to the terminal */
	for (int fd = 0; fd < 3; fd++)
		dup2(nowhere, fd);
	snprintf(name, sizeof(name), "synwalk-%d", (int)traced);
	load();
	find_daemon();
	start_session(name, traced, folder);
	say(NOTE_READY, "");
	/* until the recording has ended, or its process has gone */
	while (recv(socket, &end, 1, 0) > 0)
		;
	end_session(name);
	end_daemon();
	say(NOTE_DONE, "");
	_exit(0);
}
