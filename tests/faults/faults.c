/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Never lost: faults at random moments of a recording.
 *
 *     faults [-t] [-s SEED] [-f FAULT] [-c CONNECTS] MOMENTS
 *
 * Each fault is injected MOMENTS times; what is left is held against a run without it.  Prints a
 * table, or with -t lines of the Test Anything Protocol.  The seed is printed: with it the same
 * moments are chosen again (what a clock decides, such as when SIGKILL arrives, they only name).
 */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/faults.h"

/* So often a moment that was none may be chosen again, for each that counts. */
#define TRIES 8

struct options {
	int moments, only, connects;
	bool tap;
	uint64_t seed;
};

/* What is counted of one fault. */
struct line {
	int injected, opened, sound, told;
	int64_t missing;
	char why[2 * TEXT_ROOM + 8];
};

static struct setting setting;
static char folder[PATH_MAX];

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void remove_files(const char *from)
{
	DIR *dir = opendir(from);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static void remove_folder(void)
{
	umount2(SMALL, MNT_DETACH);
	remove_files(PLACE);
	rmdir(PLACE);
	rmdir(SMALL);
	remove_files(".");
	rmdir(folder);
}

/* A copy of a file beside us, where also a victim without rights finds it. */
static void bring(const char *beside, const char *name)
{
	char path[PATH_MAX + TEXT_ROOM];
	int in, out;

	snprintf(path, sizeof(path), "%s/%s", beside, name);
	in = open(path, O_RDONLY);
	out = open(name, O_CREAT | O_WRONLY, 0755);
	if (in < 0 || out < 0)
		die(path);
	while (copy_file_range(in, NULL, out, NULL, 1 << 30, 0) > 0)
		;
	close(in);
	close(out);
}

/* Sockets that connect one after the other, in virtual time. */
static void write_script(int connects)
{
	FILE *file = fopen(SCRIPT, "w");

	if (!file)
		die(SCRIPT);
	for (int fd = 3; fd < 3 + connects; fd++)
		fprintf(file,
			"+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = %d\n"
			"+0...0.1 connect(%d, ..., ...) = 0\n"
			"+0 > S 0:0(0) <...>\n"
			"+.1 < S. 0:0(0) ack 1 win 1000 <mss 1000>\n"
			"+0 > . 1:1(0) ack 1\n",
			fd, fd);
	fclose(file);
}

/* Runs a victim that counts, and reads the number that it ends with. */
static uint64_t count(const char *variable)
{
	char said[256];

	if (victim_run(TRACE, variable, "count:1000000000000"))
		die("a victim that only counts");
	read_said(SAID, said, sizeof(said));
	return strtoull(said, NULL, 10);
}

static void prepare(const char *self, int connects)
{
	char beside[PATH_MAX];
	const char *tmp = getenv("TMPDIR");

	if (!realpath(self, beside))
		die(self);
	snprintf(folder, sizeof(folder), "%s/synwalk-faults.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(folder) || chmod(folder, 0755) || chdir(folder))
		die(folder);
	atexit(remove_folder);
	if (mkdir(PLACE, 0777) || chmod(PLACE, 0777) || mkdir(SMALL, 0777))
		die(PLACE);
	dirname(beside);
	bring(beside, "synwalk");
	bring(beside, "disk.so");
	write_script(connects);
	setting.took_ns = now_ns();
	if (victim_run(REFERENCE, NULL, NULL))
		die("the run without a fault");
	setting.took_ns = now_ns() - setting.took_ns;
	setting.steps = last_committed(REFERENCE);
	setting.hooks = 1000000000000 - count("CRASH");
	setting.changes = count("DISK");
	remove_files(PLACE);
}

/* One moment: false when it was none. */
static bool try_moment(const struct fault *fault, uint64_t random, struct line *line)
{
	struct moment moment = { .random = random, .trace = TRACE };
	struct verdict verdict;
	bool hit;

	hit = fault->inject(&setting, &moment);
	if (hit) {
		judge(&setting, &moment, &verdict);
		line->injected++;
		line->opened += verdict.opens;
		line->sound += verdict.sound;
		line->missing += verdict.missing;
		if (*verdict.why && !*line->why)
			snprintf(line->why, sizeof(line->why), "%s: %s", moment.what, verdict.why);
		line->told += !*verdict.why;
	}
	remove_files(PLACE);
	umount2(SMALL, MNT_DETACH);
	return hit;
}

static bool all_well(const struct line *line, int moments)
{
	return line->injected == moments && line->opened == moments && line->sound == moments &&
	       !line->missing && line->told == moments;
}

static void print_line(const struct options *options, int number, const struct line *line)
{
	const char *name = faults[number].name;

	if (!options->tap)
		printf("%-36s %9d %8d %12d %8d %14lld\n", name, line->injected, line->opened,
		       line->sound, line->told, (long long)line->missing);
	else
		printf("%sok %d - %s, %d moments\n", all_well(line, options->moments) ? "" : "not ",
		       number + 1, name, line->injected);
	if (*line->why)
		printf("# %s\n", line->why);
}

static bool parse(int argc, char **argv, struct options *options)
{
	int c;

	*options = (struct options){ .only = -1, .connects = 8, .seed = (uint64_t)now_ns() };
	while ((c = getopt(argc, argv, "ts:f:c:")) != -1) {
		if (c == 't')
			options->tap = true;
		else if (c == 's')
			options->seed = strtoull(optarg, NULL, 0);
		else if (c == 'f')
			options->only = atoi(optarg);
		else if (c == 'c')
			options->connects = atoi(optarg);
		else
			return false;
	}
	options->moments = optind < argc ? atoi(argv[optind]) : 0;
	return options->moments > 0 && options->connects > 0;
}

int main(int argc, char **argv)
{
	bool mounts, well = true;
	struct options options;

	if (!parse(argc, argv, &options)) {
		fputs("usage: faults [-t] [-s SEED] [-f FAULT] [-c CONNECTS] MOMENTS\n", stderr);
		return 2;
	}
	setlinebuf(stdout);
	mounts = !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	prepare(argv[0], options.connects);
	printf("# seed %llu; %lld steps, %llu calls of hooks, %llu changes to files, %.0f ms\n",
	       (unsigned long long)options.seed, (long long)setting.steps,
	       (unsigned long long)setting.hooks, (unsigned long long)setting.changes,
	       (double)setting.took_ns / 1e6);
	if (!options.tap)
		printf("%-36s %9s %8s %12s %8s %14s\n", "fault", "injected", "opened",
		       "integrity ok", "told", "committed lost");
	for (int i = 0; i < faults_count; i++) {
		struct moment random = { .random = options.seed + (uint64_t)i };
		struct line line = { 0 };

		if (options.only >= 0 && options.only != i)
			continue;
		if (strstr(faults[i].name, "tmpfs") && !mounts) {
			printf("ok %d # SKIP %s: no right to mount\n", i + 1, faults[i].name);
			continue;
		}
		for (int tries = 0;
		     line.injected < options.moments && tries < TRIES * options.moments; tries++)
			try_moment(&faults[i], choose(&random, UINT64_MAX), &line);
		print_line(&options, i, &line);
		well &= all_well(&line, options.moments);
	}
	return well ? 0 : 1;
}
