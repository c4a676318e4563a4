/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Files that travel in the program, each at guest_NAME with its bytes counted at guest_NAME_size: the
 * guest's own program (the Makefile links it before), the script that gets its kernel.
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
