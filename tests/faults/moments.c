/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The faults.  Each function runs a victim, hurts it at a moment that chance names, and says what
 * must be left.  They return false when the fault came too late, or so early that there was no
 * trace yet: then another moment is tried.
 */
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/faults.h"

uint64_t choose(struct moment *moment, uint64_t below)
{
	uint64_t z = moment->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % below;
}

/* How a victim ended, or false if it still runs. */
static bool ended(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

static bool by_signal(int status, int number)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == number;
}

static bool with_status(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

/* Looks at what is committed, as a reader does, until the victim is killed at @kill_at or ends. */
static int watch(struct moment *moment, pid_t pid, int64_t kill_at)
{
	int status;

	while (!ended(pid, &status)) {
		int64_t seen = last_committed(moment->trace);

		if (seen > moment->witness)
			moment->witness = seen;
		if (now_ns() >= kill_at) {
			kill(pid, SIGKILL);
			return victim_wait(pid);
		}
		nap();
	}
	return status;
}

#define NEVER INT64_MAX

/* ------------------------------------------------------------------ the process dies */

static bool killed(const struct setting *setting, struct moment *moment)
{
	int64_t after = (int64_t)choose(moment, (uint64_t)setting->took_ns);
	int status;

	snprintf(moment->what, sizeof(moment->what), "SIGKILL after %.1f ms", (double)after / 1e6);
	moment->viewer_first = choose(moment, 2);
	status = watch(moment, victim_start(moment->trace, NULL, NULL), now_ns() + after);
	return by_signal(status, SIGKILL) && !access(moment->trace, F_OK);
}

static bool killed_in_write(const struct setting *setting, struct moment *moment)
{
	char disk[64];
	int status;

	snprintf(disk, sizeof(disk), "%s:%lu", choose(moment, 2) ? "torn" : "kill",
		 1 + choose(moment, setting->changes));
	snprintf(moment->what, sizeof(moment->what), "DISK=%s", disk);
	moment->viewer_first = choose(moment, 2);
	status = watch(moment, victim_start(moment->trace, "DISK", disk), NEVER);
	return by_signal(status, SIGKILL) && !access(moment->trace, F_OK);
}

/* What a killed recorder leaves, a journal with it, must not harm the next recording. */
static bool recorded_over(const struct setting *setting, struct moment *moment)
{
	if (!killed_in_write(setting, moment))
		return false;
	moment->complete = true;
	if (!with_status(victim_run(moment->trace, NULL, NULL), 0))
		snprintf(moment->wrong, sizeof(moment->wrong), "the next recording failed");
	return true;
}

static bool crashed(const struct setting *setting, struct moment *moment)
{
	static const struct {
		const char *kind;
		int signal;
	} crashes[] = {
		{ "write", SIGSEGV },    { "read", SIGSEGV },  { "wild", SIGSEGV },
		{ "jump", SIGSEGV },     { "divide", SIGFPE }, { "illegal", SIGILL },
		{ "bus", SIGBUS },       { "abort", SIGABRT }, { "overflow", SIGSEGV },
		{ "overflow", SIGSEGV }, { "term", SIGTERM },
	};
	unsigned long at = 1 + choose(moment, setting->hooks);
	size_t which = choose(moment, sizeof(crashes) / sizeof(*crashes));
	char crash[64], stop[64];
	int status;

	/* an identical run that ended in order at this very place is what must be left */
	snprintf(stop, sizeof(stop), "stop:%lu", at);
	snprintf(crash, sizeof(crash), "%s:%lu", crashes[which].kind, at);
	snprintf(moment->what, sizeof(moment->what), "CRASH=%s", crash);
	moment->like = PLACE "/like.db";
	moment->viewer_first = choose(moment, 2);
	status = victim_run(moment->like, "CRASH", stop);
	if (!with_status(status, 0))
		snprintf(moment->wrong, sizeof(moment->wrong), "stop: status %x", status);
	status = victim_run(moment->trace, "CRASH", crash);
	if (!by_signal(status, crashes[which].signal))
		snprintf(moment->wrong, sizeof(moment->wrong), "crash: status %x", status);
	return true;
}

/* ------------------------------------------------------------------ the disk fails */

/* The run goes on to its end, or did not begin; it says what happened, and its status is 2. */
static void must_tell(struct moment *moment, int status)
{
	char said[512];

	read_said(SAID, said, sizeof(said));
	if (!with_status(status, 2) || !strstr(said, moment->trace))
		snprintf(moment->wrong, sizeof(moment->wrong), "status %x: %.150s", status, said);
	moment->refused = strstr(said, ": the recording cannot begin: ");
}

/* A fault of the disk that begins with one of the changes to files. */
static bool disk_fails(const struct setting *setting, struct moment *moment, const char *kind)
{
	char disk[64];
	int status;

	snprintf(disk, sizeof(disk), "%s:%lu", kind, 1 + choose(moment, setting->changes));
	snprintf(moment->what, sizeof(moment->what), "DISK=%s", disk);
	status = watch(moment, victim_start(moment->trace, "DISK", disk), NEVER);
	/* a folder does not matter to what is open: such a recording becomes complete */
	moment->complete = with_status(status, 0);
	if (moment->complete)
		return !strcmp(kind, "readonly");
	must_tell(moment, status);
	moment->counts = strcmp(kind, "broken");
	return !access(moment->trace, F_OK);
}

static bool full(const struct setting *setting, struct moment *moment)
{
	return disk_fails(setting, moment, "full");
}

static bool broken(const struct setting *setting, struct moment *moment)
{
	/* nothing can be written, so the trace cannot say how much is missing */
	return disk_fails(setting, moment, "broken");
}

static bool becomes_readonly(const struct setting *setting, struct moment *moment)
{
	return disk_fails(setting, moment, "readonly");
}

/* A real file system with too little room: a tmpfs in a mount namespace of our own. */
static bool full_tmpfs(const struct setting *setting, struct moment *moment)
{
	struct stat whole;
	char room[64];
	int status;

	if (stat(REFERENCE, &whole))
		return false;
	snprintf(room, sizeof(room), "size=%luk",
		 choose(moment, (uint64_t)whole.st_size / 1024 + 512));
	snprintf(moment->what, sizeof(moment->what), "tmpfs of %s", room);
	moment->trace = SMALL "/t.db";
	if (mount("tmpfs", SMALL, "tmpfs", 0, room))
		return false;
	status = watch(moment, victim_start(moment->trace, NULL, NULL), NEVER);
	if (with_status(status, 0))
		return false;
	must_tell(moment, status);
	moment->counts = true;
	return !access(moment->trace, F_OK);
}

/* The folder itself, for a victim that must obey its rights. */
static bool folder_readonly(const struct setting *setting, struct moment *moment)
{
	int64_t at = now_ns() + (int64_t)choose(moment, (uint64_t)setting->took_ns);
	pid_t pid = victim_start(moment->trace, "NOBODY", "1");
	bool closed = false;
	int status;

	snprintf(moment->what, sizeof(moment->what), "folder without w");
	while (!ended(pid, &status)) {
		if (!closed && now_ns() >= at)
			closed = !chmod(PLACE, 0555);
		nap();
	}
	chmod(PLACE, 0777);
	moment->complete = with_status(status, 0);
	if (!moment->complete)
		must_tell(moment, status);
	moment->counts = true;
	return closed && !access(moment->trace, F_OK);
}

/* Every write takes long: the queue fills, the core waits, nothing is dropped. */
static bool slow(const struct setting *setting, struct moment *moment)
{
	char disk[64];
	int status;

	snprintf(disk, sizeof(disk), "slow:%lu", 1 + choose(moment, setting->changes / 2));
	snprintf(moment->what, sizeof(moment->what), "DISK=%s", disk);
	moment->complete = true;
	status = victim_run(moment->trace, "DISK", disk);
	if (!with_status(status, 0))
		snprintf(moment->wrong, sizeof(moment->wrong), "status %x", status);
	return true;
}

/* ------------------------------------------------------------------ others at the same file */

/* One of two is refused, and says so; the other's trace is whole. */
static bool two_recorders(const struct setting *setting, struct moment *moment)
{
	int64_t apart = (int64_t)choose(moment, (uint64_t)setting->took_ns);
	int64_t at;
	int statuses[2], refused;
	pid_t pids[2];
	char said[1024];

	if (!choose(moment, 4))
		apart /= 100; /* at once, nearly */
	snprintf(moment->what, sizeof(moment->what), "the second %.1f ms later",
		 (double)apart / 1e6);
	moment->complete = true;
	pids[0] = victim_start(moment->trace, NULL, NULL);
	for (at = now_ns() + apart; now_ns() < at;)
		nap();
	pids[1] = victim_start(moment->trace, NULL, NULL);
	for (int i = 0; i < 2; i++)
		statuses[i] = victim_wait(pids[i]);
	refused = with_status(statuses[0], 2) + with_status(statuses[1], 2);
	read_said(SAID, said, sizeof(said));
	if (refused + with_status(statuses[0], 0) + with_status(statuses[1], 0) != 2 ||
	    refused == 2 || (refused && !strstr(said, ": another recording ")))
		snprintf(moment->wrong, sizeof(moment->wrong), "status %x, %x: %.150s", statuses[0],
			 statuses[1], said);
	return refused;
}

/* A reader holds the file, so that nothing can be committed; the recorder waits for it. */
static bool held_by_reader(const struct setting *setting, struct moment *moment)
{
	int64_t from = now_ns() + (int64_t)choose(moment, (uint64_t)setting->took_ns);
	int64_t to = from + 20000000 + (int64_t)choose(moment, 300000000);
	pid_t pid = victim_start(moment->trace, NULL, NULL);
	sqlite3 *db = NULL;
	bool held = false;
	int status;

	snprintf(moment->what, sizeof(moment->what), "a reader for %.1f ms",
		 (double)(to - from) / 1e6);
	moment->complete = true;
	while (!ended(pid, &status)) {
		if (!db && now_ns() >= from && !access(moment->trace, F_OK) &&
		    sqlite3_open_v2(moment->trace, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
			held = !sqlite3_exec(db, "BEGIN; SELECT * FROM meta", NULL, NULL, NULL);
		if (db && now_ns() >= to) {
			sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
			to = NEVER;
		}
		nap();
	}
	sqlite3_close(db);
	if (!with_status(status, 0))
		snprintf(moment->wrong, sizeof(moment->wrong), "status %x", status);
	return held;
}

const struct fault faults[] = {
	{ "SIGKILL", killed },
	{ "SIGKILL in a write, or half of it", killed_in_write },
	{ "the same, then recorded over", recorded_over },
	{ "crash in the core", crashed },
	{ "disk full: no file grows", full },
	{ "disk full: a small tmpfs", full_tmpfs },
	{ "disk broken: no write succeeds", broken },
	{ "folder becomes read-only (calls)", becomes_readonly },
	{ "folder becomes read-only (rights)", folder_readonly },
	{ "two recorders, one file", two_recorders },
	{ "a reader holds the file", held_by_reader },
	{ "slow disk, full queue", slow },
};
const int faults_count = sizeof(faults) / sizeof(*faults);
