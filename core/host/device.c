/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel file: none */
/* The machine's devices: file descriptors of TAP queues, and the wait for the next frame. */
#include "../include/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define MAX_WAIT_FDS 16

int host_set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

long host_read(int fd, void *buf, size_t len)
{
	ssize_t n;

	do {
		n = read(fd, buf, len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

long host_write(int fd, const void *buf, size_t len)
{
	ssize_t n;

	do {
		n = write(fd, buf, len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int host_wait(const int *fds, int n, uint64_t timeout_ns, unsigned char *ready)
{
	struct pollfd pfd[MAX_WAIT_FDS];
	struct timespec ts = { .tv_sec = (time_t)(timeout_ns / 1000000000U),
			       .tv_nsec = (long)(timeout_ns % 1000000000U) };
	int count, i;

	if (n > MAX_WAIT_FDS)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		pfd[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
		ready[i] = 0;
	}
	count = ppoll(pfd, (nfds_t)n, timeout_ns == UINT64_MAX ? NULL : &ts, NULL);
	if (count < 0)
		return -errno;
	/* An error is read like a frame: the reader then learns which. */
	for (i = 0; i < n; i++)
		ready[i] = (pfd[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
	return count;
}
