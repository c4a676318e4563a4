/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_GUEST_GUEST_H
#define SYNWALK_VIEWER_KERNEL_GUEST_GUEST_H

/*
 * The same recording in a kernel of the distribution's, booted for it under qemu's software emulation:
 * no rights are needed, and the kernel may do all that its package was built for.
 */

struct kernel_record;
struct peer_problem;

/* The kernel that is booted unless another is named: small, and with everything that is needed. */
#define GUEST_PACKAGE "linux-image-cloud-amd64"

/**
 * guest_record() - boot, record, and bring the files home
 * @how: what to record
 * @package: of which package the kernel is: its name, or its file
 * @seconds: how long the guest may take
 * @dir: a folder that is there: for the files of kernel_record(), and console.txt, what the guest said
 *
 * Return: 0, or -1 with @problem filled.
 */
int guest_record(const struct kernel_record *how, const char *package, unsigned int seconds,
		 const char *dir, struct peer_problem *problem);

#endif
