/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * What the guest needs, as bytes: its program (the Makefile links it before), and the script that gets
 * its kernel. Each begins at guest_NAME, and guest_NAME_size tells how many bytes it has.
 */

	.section .rodata

	.macro part name, file
	.globl guest_\name
	.globl guest_\name\()_size
	.balign 8
guest_\name\()_size:
	.quad 2f - 1f
guest_\name:
1:	.incbin "\file"
2:	.byte 0
	.endm

	part init, "build/guest/init"
	part fetch, "viewer/kernel/guest/fetch.sh"

	.section .note.GNU-stack, "", @progbits
