/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An LTTng session for one recording: set up before it, taken down after it.
 *
 * All talk with LTTng's session daemon happens in a process of its own: a call that is never answered
 * can be given up, LTTng's library does not come into the program that records, and whatever ends that
 * program, SIGKILL too, the session is taken down.
 */
#ifndef TRACE_RECORD_SESSION_H
#define TRACE_RECORD_SESSION_H

#include <stddef.h>
#include <sys/types.h>

struct record_session {
	pid_t process; /* 0: there is none */
	int socket;
};

/**
 * record_session_start - begin an LTTng session that hears this process and loses nothing
 * @session: takes it
 * @folder: where it writes CTF to; it is made, and if it exists it must be empty
 * @err: takes a message for people when it fails: "FOLDER: why; what to do"
 * @errlen: room in @err
 *
 * If no session daemon of this user runs, one is started for it.  One that runs but does not answer
 * for a tenth of a second (LTTNG_UST_REGISTER_TIMEOUT says otherwise, in ms) is not waited for.
 *
 * Return: 0 or -errno, -ETIMEDOUT when the daemon does not answer.
 */
int record_session_start(struct record_session *session, const char *folder, char *err,
			 size_t errlen);

/**
 * record_session_stop - end the session; all that was recorded is in its folder then
 * @session: from record_session_start(), or all zero
 * @err: takes a message when it fails
 * @errlen: room in @err
 *
 * Return: 0 or -errno.
 */
int record_session_stop(struct record_session *session, char *err, size_t errlen);

/* Between the two processes: one letter, and of an error the words behind it. */
enum session_note {
	NOTE_FOUND = 'f',    /* a daemon runs; it is asked something */
	NOTE_ANSWERED = 'a', /* it answers */
	NOTE_READY = 'r',    /* the session has begun */
	NOTE_DONE = 'd',     /* it has ended */
	NOTE_ERROR = 'e',
};

/* session_control.c: the other process. */
_Noreturn void session_control(int socket, pid_t traced, const char *folder);

#endif
