/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_PCAP_H
#define SYNWALK_VIEWER_PCAP_H

/* Captured frames in a file, as tcpdump and Wireshark read it: pcap, Ethernet, nanoseconds. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* The longest frame that is kept, bytes. */
#define PCAP_LONGEST 65535

/** pcap_begin() - write the file's header */
void pcap_begin(FILE *f);

/**
 * pcap_frame() - append a whole frame
 * @clock: which clock gives its time
 *
 * Flushed at once: a run that is killed leaves every frame seen so far.
 */
void pcap_frame(FILE *f, clockid_t clock, const void *frame, size_t len);

/**
 * pcap_next() - read a frame of a file that was written here
 * @first: this is the first one: the header is read, too
 * @time: takes its time, ns
 * @frame: takes its bytes, room for PCAP_LONGEST
 *
 * Return: its length; 0 at the end; -1 if this is no such file, or it ends within a frame.
 */
long pcap_next(FILE *f, int first, int64_t *time, void *frame);

#endif
