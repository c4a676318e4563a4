/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_BRING_H
#define SYNWALK_VIEWER_KERNEL_BRING_H

/**
 * bring_home() - make a trace of a recording, and tell what it is
 * @folder: with the files of kernel_record()
 * @trace: the trace to write; a trace that is there is replaced, any other file is refused
 * @guest: the kernel was a guest
 *
 * Return: a status of the command.
 */
int bring_home(const char *folder, const char *trace, int guest);

#endif
