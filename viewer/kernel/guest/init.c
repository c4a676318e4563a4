/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The guest's only program. It is process 1 of a kernel that was booted for one connect: it mounts what
 * it needs, loads the TAP's driver, records as the host's own recording does (viewer/kernel/record.h),
 * sends the files over the second serial line, and ends the machine.
 *
 *     init ADDR:PORT TRACER MILLISECONDS
 *
 * On the line: "file NAME SIZE" and a newline before each file's bytes, and as the last one "end", or
 * "trouble" with three lines: what, why, what to do.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "viewer/command.h"
#include "viewer/kernel/record.h"
#include "viewer/target.h"

#define LINE   "/dev/ttyS1"
#define MODULE "/tun.ko"
#define FOLDER "/recording"

/* A module in a file that is compressed: the kernel unpacks it. */
#ifndef MODULE_INIT_COMPRESSED_FILE
#define MODULE_INIT_COMPRESSED_FILE 4
#endif

static FILE *line_open(void)
{
	int fd = open(LINE, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios mode;

	if (fd < 0)
		return NULL;
	if (tcgetattr(fd, &mode) == 0) {
		cfmakeraw(&mode);
		cfsetspeed(&mode, B115200);
		tcsetattr(fd, TCSANOW, &mode);
	}
	return fdopen(fd, "w");
}

/* Not there when the driver is part of the kernel. Return: 0 or -errno. */
static int load_module(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	unsigned char magic[4] = { 0 };
	long status;

	if (fd < 0)
		return 0;
	if (pread(fd, magic, sizeof(magic), 0) < 0)
		return -errno;
	status = syscall(SYS_finit_module, fd, "",
			 memcmp(magic, "\177ELF", 4) ? MODULE_INIT_COMPRESSED_FILE : 0);
	close(fd);
	return status < 0 ? -errno : 0;
}

static int guest_problem(struct peer_problem *problem, const char *what, int error)
{
	char text[64];

	snprintf(text, sizeof(text), "the guest's %s", what);
	return problem_set(problem, text, error, "");
}

static int prepare(struct peer_problem *problem)
{
	int error;

	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		return guest_problem(problem, "/proc", errno);
	if (mount("sysfs", "/sys", "sysfs", 0, NULL) < 0)
		return guest_problem(problem, "/sys", errno);
	error = load_module();
	if (error)
		return guest_problem(problem, "driver tun", -error);
	if (mkdir(FOLDER, 0700) < 0)
		return guest_problem(problem, FOLDER, errno);
	return 0;
}

/* @argv: the three arguments; what the kernel did not understand may stand before them. */
static int record(char **argv, struct peer_problem *problem)
{
	struct kernel_record how = { .only = TRACERS };
	struct target target;
	uint64_t delay;

	if (parse_target(argv[0], &target) || read_number(argv[2], 60000, &delay))
		return guest_problem(problem, "arguments", EINVAL);
	for (int i = 0; i < TRACERS; i++)
		if (!strcmp(argv[1], tracer_names[i]))
			how.only = (enum tracer_kind)i;
	how.target = &target;
	how.delay_ns = delay * 1000000;
	return kernel_record(&how, FOLDER, problem);
}

static void send_file(FILE *line, const char *name)
{
	static char bytes[65536];
	char path[128];
	struct stat st;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fstat(fileno(f), &st) == 0) {
		fprintf(line, "file %s %lld\n", name, (long long)st.st_size);
		while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
			fwrite(bytes, 1, n, line);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	static const char *const files[] = { CALLS_FILE, BUFFER_FILE, FIELDS_FILE, PACKETS_FILE,
					     ABOUT_FILE };
	struct peer_problem problem = { 0 };
	int status;
	FILE *line;

	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) < 0)
		perror("synwalk: the guest's /dev");
	line = line_open();
	if (!line || argc < 4)
		fprintf(stderr, "synwalk: guest: %s\n", line ? "wrong arguments" : strerror(errno));
	if (line && argc >= 4) {
		status = prepare(&problem);
		if (!status)
			status = record(argv + argc - 3, &problem);
		for (size_t i = 0; !status && i < sizeof(files) / sizeof(files[0]); i++)
			send_file(line, files[i]);
		if (status)
			fprintf(line, "trouble\n%s\n%s\n%s\n", problem.what, problem.why,
				problem.hint);
		else
			fputs("end\n", line);
		fflush(line);
		tcdrain(fileno(line));
	}
	sync();
	/* qemu was told to end where the machine would restart. */
	reboot(RB_AUTOBOOT);
	return 1;
}
