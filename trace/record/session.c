/* SPDX-License-Identifier: GPL-2.0-only */
/* An LTTng session for one recording, as the recording process sees it. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session.h"

/* How long a daemon that runs may take for its first answer, and anything else may take (ms). */
#define ANSWER_MS 100
#define LONG_MS   20000

static int answer_ms(void)
{
	const char *set = getenv("LTTNG_UST_REGISTER_TIMEOUT");

	return set && atoi(set) > 0 ? atoi(set) : ANSWER_MS;
}

/* Makes the folder, or takes an empty one; LTTng wants its full path.  0 or -errno with a message. */
static int make_folder(const char *folder, char *path, char *err, size_t errlen)
{
	struct dirent *entry;
	int entries = 0;
	DIR *dir;

	if (mkdir(folder, 0777) < 0 && errno != EEXIST) {
		int code = -errno;

		snprintf(err, errlen, "%s: %s; choose another folder for LTTng", folder,
			 strerror(-code));
		return code;
	}
	dir = opendir(folder);
	while (dir && (entry = readdir(dir)) != NULL)
		entries += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	if (dir)
		closedir(dir);
	if (!dir || entries || !realpath(folder, path)) {
		snprintf(err, errlen, "%s: %s; remove it, or choose another: --lttng=DIR", folder,
			 dir ? "exists and is not empty" : "exists and is no folder");
		return -EEXIST;
	}
	return 0;
}

/* Waits for the next note.  Its letter; -ETIMEDOUT, or -EPIPE when the other process has gone. */
static int hear(const struct record_session *session, int ms, char *text, size_t room)
{
	struct pollfd poll_for = { .fd = session->socket, .events = POLLIN };
	char note[256];
	ssize_t size;

	if (poll(&poll_for, 1, ms) <= 0)
		return -ETIMEDOUT;
	size = recv(session->socket, note, sizeof(note) - 1, 0);
	if (size < 1)
		return -EPIPE;
	note[size] = 0;
	snprintf(text, room, "%s", note + 1);
	return note[0];
}

/* Waits for @wanted.  0, or -errno with a message, and then the other process has gone. */
static int hear_until(struct record_session *session, enum session_note wanted, char *err,
		      size_t errlen)
{
	char text[256] = "";
	int note, ms = LONG_MS;

	do {
		note = hear(session, ms, text, sizeof(text));
		if (note == (int)wanted)
			return 0;
		ms = note == NOTE_FOUND ? answer_ms() : LONG_MS;
	} while (note == NOTE_FOUND || note == NOTE_ANSWERED);
	if (note == -ETIMEDOUT)
		snprintf(err, errlen,
			 "LTTng: its session daemon does not answer; end it (pkill "
			 "lttng-sessiond) or record without --lttng");
	else
		snprintf(err, errlen, "LTTng: %s",
			 note == NOTE_ERROR ? text : "the process that keeps its session has died");
	kill(session->process, SIGKILL);
	waitpid(session->process, NULL, 0);
	close(session->socket);
	session->process = 0;
	return note == -ETIMEDOUT ? -ETIMEDOUT : -EIO;
}

int record_session_start(struct record_session *session, const char *folder, char *err,
			 size_t errlen)
{
	pid_t traced = getpid();
	char path[PATH_MAX];
	int ends[2], code;

	*session = (struct record_session){ 0 };
	code = make_folder(folder, path, err, errlen);
	if (code)
		return code;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	fflush(NULL);
	session->process = fork();
	if (!session->process) {
		/* what else is open here is none of its business, and must not be kept open by it */
		dup2(ends[1], 3);
		close_range(4, ~0U, 0);
		session_control(3, traced, path);
	}
	close(ends[1]);
	session->socket = ends[0];
	code = session->process < 0 ? -errno : hear_until(session, NOTE_READY, err, errlen);
	if (code) {
		session->process = 0;
		rmdir(path);
	}
	return code;
}

int record_session_stop(struct record_session *session, char *err, size_t errlen)
{
	int code;

	if (!session->process)
		return 0;
	shutdown(session->socket, SHUT_WR);
	code = hear_until(session, NOTE_DONE, err, errlen);
	if (code)
		return code;
	waitpid(session->process, NULL, 0);
	close(session->socket);
	session->process = 0;
	return 0;
}
