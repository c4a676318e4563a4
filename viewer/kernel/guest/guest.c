/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Theory of operation
 *
 * fetch.sh gets the kernel's package and unpacks image and driver into the cache. The initramfs has one
 * program (init.c), which is carried in synwalk. qemu ends when the guest restarts; until then its
 * first serial line is written to console.txt, its second to a file that is then taken apart.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "viewer/kernel/guest/cpio.h"
#include "viewer/kernel/guest/guest.h"
#include "viewer/kernel/record.h"
#include "viewer/target.h"

#define QEMU         "qemu-system-x86_64"
#define CONSOLE_FILE "console.txt"
#define LINE_FILE    "line"
#define INITRD_FILE  "initrd"

/*
 * No security modules, no mitigations: less to emulate, and less between the functions that are looked
 * for. What stands behind "--" is for init.
 */
#define KERNEL_ARGUMENTS                                                                           \
	"console=ttyS0 quiet panic=-1 reboot=k lsm= apparmor=0 selinux=0 audit=0 mitigations=off " \
	"random.trust_cpu=1 tsc=reliable no_timer_check"

enum { PATH_ROOM = 4200 };

/* files.S */
extern const char guest_init[], guest_fetch[];
extern const uint64_t guest_init_size;

struct guest {
	const char *dir;
	char image[PATH_ROOM], driver[PATH_ROOM];
};

static const char *in_dir(const struct guest *g, const char *name, char path[PATH_ROOM])
{
	snprintf(path, PATH_ROOM, "%s/%s", g->dir, name);
	return path;
}

/* ---------------------------------------------------------------- programs */

/* Starts a program; @out and @err take its output. Return: its process, or -1. */
static pid_t start(char *const argv[], int out, int err)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	close_range(3, ~0u, 0);
	execvp(argv[0], argv);
	_exit(127);
}

/* Return: the exit status; -ETIME after @seconds, -EINTR after a signal: then it was killed. */
static int await(pid_t child, unsigned int seconds)
{
	struct pollfd fd = { .fd = pidfd_open(child, 0), .events = POLLIN };
	int n = poll(&fd, 1, seconds ? (int)seconds * 1000 : -1), status = 0;
	int error = n < 0 ? -errno : -ETIME;

	if (n <= 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (fd.fd >= 0)
		close(fd.fd);
	if (n <= 0)
		return error;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int installed(const char *program)
{
	const char *path = getenv("PATH");
	char *copy = strdup(path ? path : "/usr/bin:/bin"), *rest = copy, *folder;
	char name[PATH_ROOM];
	int found = 0;

	while (copy && !found && (folder = strsep(&rest, ":"))) {
		snprintf(name, sizeof(name), "%s/%s", folder, program);
		found = access(name, X_OK) == 0;
	}
	free(copy);
	return found;
}

/* ---------------------------------------------------------------- the kernel */

static void cache_folder(char *path, size_t room)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache)
		snprintf(path, room, "%s/synwalk", cache);
	else
		snprintf(path, room, "%s/.cache/synwalk", home && *home ? home : "/tmp");
}

/* A line of a file without its newline; "" at the end. */
static void read_line(FILE *f, char *text, size_t room)
{
	if (!fgets(text, (int)room, f))
		*text = '\0';
	text[strcspn(text, "\n")] = '\0';
}

/* Of fetch.sh's trouble: "what: why" and the indented hint. */
static int fetch_problem(FILE *err, const char *package, struct peer_problem *problem)
{
	char what[512], hint[256];
	char *why;

	rewind(err);
	read_line(err, what, sizeof(what));
	read_line(err, hint, sizeof(hint));
	why = strstr(what, ": ");
	if (why)
		*why = '\0';
	return problem_say(problem, why ? what : package, why ? why + 2 : "cannot be fetched",
			   hint + strspn(hint, " "));
}

static int fetch_kernel(struct guest *g, const char *package, struct peer_problem *problem)
{
	FILE *out = tmpfile(), *err = tmpfile();
	char cache[PATH_ROOM];
	char *argv[] = { "sh", "-c", (char *)guest_fetch, "fetch", cache, (char *)package, NULL };
	int status = -1;
	pid_t child;

	cache_folder(cache, sizeof(cache));
	if (!out || !err) {
		problem_set(problem, package, errno, "");
	} else {
		child = start(argv, fileno(out), fileno(err));
		status = child < 0 ? -1 : await(child, 0);
		if (status) {
			fetch_problem(err, package, problem);
			status = -1;
		} else {
			rewind(out);
			read_line(out, g->image, sizeof(g->image));
			read_line(out, g->driver, sizeof(g->driver));
		}
	}
	if (out)
		fclose(out);
	if (err)
		fclose(err);
	return status;
}

/* ---------------------------------------------------------------- the initramfs */

/* The whole of a file; free() it. Return: NULL with errno. */
static void *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	void *bytes = NULL;

	if (f && fstat(fileno(f), &st) == 0 && st.st_size) {
		*size = (size_t)st.st_size;
		bytes = malloc(*size);
		if (bytes && fread(bytes, *size, 1, f) != 1) {
			free(bytes);
			bytes = NULL;
		}
	}
	if (f)
		fclose(f);
	return bytes;
}

static int write_initrd(const struct guest *g, struct peer_problem *problem)
{
	static const struct cpio_entry folders[] = {
		{ .name = "dev", .mode = S_IFDIR | 0755 },
		{ .name = "proc", .mode = S_IFDIR | 0755 },
		{ .name = "sys", .mode = S_IFDIR | 0755 },
		{ .name = "dev/console", .mode = S_IFCHR | 0600, .major = 5, .minor = 1 },
	};
	const struct cpio_entry init = {
		.name = "init", .mode = S_IFREG | 0755, .bytes = guest_init, .size = guest_init_size
	};
	struct cpio_entry driver = { .name = "tun.ko", .mode = S_IFREG | 0644 };
	char path[PATH_ROOM];
	FILE *f = fopen(in_dir(g, INITRD_FILE, path), "we");
	void *bytes = NULL;

	if (!f)
		return problem_set(problem, INITRD_FILE, errno, "");
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		cpio_add(f, &folders[i]);
	cpio_add(f, &init);
	if (*g->driver) {
		bytes = slurp(g->driver, &driver.size);
		driver.bytes = bytes;
		if (!bytes) {
			fclose(f);
			return problem_set(problem, g->driver, errno,
					   "remove its folder, and it is fetched again");
		}
		cpio_add(f, &driver);
	}
	cpio_end(f);
	free(bytes);
	return fclose(f) ? problem_set(problem, INITRD_FILE, errno, "") : 0;
}

/* ---------------------------------------------------------------- the machine */

static int run_machine(const struct guest *g, const struct kernel_record *how, unsigned int seconds,
		       struct peer_problem *problem)
{
	char initrd[PATH_ROOM], console[PATH_ROOM + 8], line[PATH_ROOM + 8], append[512];
	char path[PATH_ROOM], why[64];
	char *argv[] = { QEMU,       "-accel",      "tcg",
			 "-m",       "256",         "-smp",
			 "1",        "-nodefaults", "-no-user-config",
			 "-display", "none",        "-no-reboot",
			 "-serial",  console,       "-serial",
			 line,       "-kernel",     (char *)g->image,
			 "-initrd",  initrd,        "-append",
			 append,     NULL };
	pid_t child;
	int status;

	in_dir(g, INITRD_FILE, initrd);
	snprintf(console, sizeof(console), "file:%s", in_dir(g, CONSOLE_FILE, path));
	snprintf(line, sizeof(line), "file:%s", in_dir(g, LINE_FILE, path));
	snprintf(append, sizeof(append), KERNEL_ARGUMENTS " -- %s %s %llu", how->target->text,
		 how->only == TRACERS ? "best" : tracer_names[how->only],
		 (unsigned long long)(how->delay_ns / 1000000));
	child = start(argv, 1, 2);
	if (child < 0)
		return problem_set(problem, QEMU, errno, "");
	status = await(child, seconds);
	if (status == 0)
		return 0;
	if (status == -ETIME) {
		snprintf(why, sizeof(why), "not done after %u seconds", seconds);
		return problem_say(problem, "guest", why,
				   "the machine may be busy: --timeout SECONDS gives it more");
	}
	snprintf(why, sizeof(why), "ended with status %d", status);
	return problem_say(problem, QEMU, status < 0 ? strerror(-status) : why, "");
}

/* Copies @size bytes. Return: 0 or -1. */
static int copy_bytes(FILE *from, const char *path, size_t size)
{
	FILE *to = fopen(path, "we");
	char room[4096];
	size_t n = 1;

	if (!to)
		return -1;
	while (size && (n = fread(room, 1, size < sizeof(room) ? size : sizeof(room), from))) {
		fwrite(room, 1, n, to);
		size -= n;
	}
	return fclose(to) || size ? -1 : 0;
}

/* Takes apart what came over the line. Return: 0, or -1 with the guest's problem, or ours. */
static int unpack(const struct guest *g, struct peer_problem *problem)
{
	char path[PATH_ROOM], text[512], name[64];
	FILE *line = fopen(in_dir(g, LINE_FILE, path), "re");
	int status = -1;
	size_t size;

	problem_say(problem, "guest", "it ended without a recording",
		    "what its kernel said is in " CONSOLE_FILE "; --raw DIR keeps it");
	while (line && status < 0) {
		read_line(line, text, sizeof(text));
		if (sscanf(text, "file %63[a-z.] %zu", name, &size) == 2) {
			if (copy_bytes(line, in_dir(g, name, path), size) < 0)
				break;
		} else if (!strcmp(text, "end")) {
			status = 0;
		} else {
			if (!strcmp(text, "trouble")) {
				read_line(line, problem->what, sizeof(problem->what));
				read_line(line, problem->why, sizeof(problem->why));
				read_line(line, problem->hint, sizeof(problem->hint));
			}
			break;
		}
	}
	if (line)
		fclose(line);
	return status;
}

int guest_record(const struct kernel_record *how, const char *package, unsigned int seconds,
		 const char *dir, struct peer_problem *problem)
{
	struct guest g = { .dir = dir };
	char path[PATH_ROOM];
	int status;

	if (!installed(QEMU))
		return problem_say(problem, QEMU, "not installed",
				   "apt-get install --no-install-recommends qemu-system-x86 (make "
				   "deps-guest does it)");
	if (fetch_kernel(&g, package, problem) < 0 || write_initrd(&g, problem) < 0)
		return -1;
	status = run_machine(&g, how, seconds, problem);
	if (!status)
		status = unpack(&g, problem);
	unlink(in_dir(&g, INITRD_FILE, path));
	unlink(in_dir(&g, LINE_FILE, path));
	return status;
}
