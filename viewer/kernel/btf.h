/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_VIEWER_KERNEL_BTF_H
#define SYNWALK_VIEWER_KERNEL_BTF_H

/* Where the running kernel's structures have their members, as its BTF says (/sys/kernel/btf/vmlinux). */

#include <stddef.h>
#include <stdint.h>

struct btf {
	char *bytes;
	size_t size;
	const char *strings;
	uint32_t strings_size;
	uint32_t *at; /* of type n: where it stands in @bytes */
	uint32_t count;
};

/**
 * struct btf_place - a member that is a number
 * @offset, @size: bytes
 * @bit, @bits: of a bit-field its lowest bit, counted from @offset on, and how many; @bits 0: none
 * @negative: it may be
 */
struct btf_place {
	uint32_t offset, size, bit, bits;
	int negative;
};

/** btf_open() - read it. Return: 0 or -errno; -EINVAL: it makes no sense. */
int btf_open(struct btf *btf, const char *path);
void btf_close(struct btf *btf);

/** btf_sizeof() - of a structure, bytes. Return: 0 when there is none of that name. */
uint32_t btf_sizeof(const struct btf *btf, const char *type);

/**
 * btf_find() - a member of a structure
 * @path: its name, "snd_una", also of a structure within; or "rx_opt.mss_clamp": of one of these
 *
 * Return: 0, or -ENOENT.
 */
int btf_find(const struct btf *btf, const char *type, const char *path, struct btf_place *place);

/** btf_value() - what the member holds in a copy of the structure */
int64_t btf_value(const struct btf_place *place, const void *structure);

#endif
