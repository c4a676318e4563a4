/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables that synwalk kernel --print-rules prints, as C strings. */

	.section .rodata

	.macro part name, file
	.globl kernel_rules_\name
kernel_rules_\name:
	.incbin "\file"
	.byte 0
	.endm

	part newer, "viewer/kernel/newer.txt"
	part stacks, "viewer/kernel/stacks.txt"

	.section .note.GNU-stack, "", @progbits
