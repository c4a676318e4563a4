/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "viewer/pcap.h"

/* Magic of nanoseconds, version 2.4, two unused words, whole frames, Ethernet. */
static const uint32_t head[6] = { 0xa1b23c4d, 2 | 4 << 16, 0, 0, PCAP_LONGEST, 1 };

/* What stands before each frame. */
struct stamp {
	uint32_t sec, nsec, kept, length;
};

void pcap_begin(FILE *f)
{
	fwrite(head, sizeof(head), 1, f);
	fflush(f);
}

void pcap_frame(FILE *f, clockid_t clock, const void *frame, size_t len)
{
	struct timespec now;
	struct stamp stamp;

	clock_gettime(clock, &now);
	stamp = (struct stamp){ (uint32_t)now.tv_sec, (uint32_t)now.tv_nsec, (uint32_t)len,
				(uint32_t)len };
	fwrite(&stamp, sizeof(stamp), 1, f);
	fwrite(frame, len, 1, f);
	fflush(f);
}

long pcap_next(FILE *f, int first, int64_t *time, void *frame)
{
	uint32_t found[6];
	struct stamp stamp;
	size_t n;

	if (first && (fread(found, sizeof(found), 1, f) != 1 || memcmp(found, head, sizeof(head))))
		return -1;
	n = fread(&stamp, 1, sizeof(stamp), f);
	if (n == 0)
		return 0;
	if (n != sizeof(stamp) || !stamp.kept || stamp.kept > PCAP_LONGEST ||
	    fread(frame, stamp.kept, 1, f) != 1)
		return -1;
	*time = (int64_t)stamp.sec * 1000000000 + stamp.nsec;
	return stamp.kept;
}
