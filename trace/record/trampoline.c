/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where watched functions return to.
 *
 * At entry a function's return address is swapped for traced_return's, as the kernel's
 * function_graph tracer does with return_to_handler.  traced_return keeps the registers that can
 * carry a value (rax, rdx, xmm0), tells on_return() about it and goes where the function would
 * have gone.  rsp has just popped the slot, so the slot is the word below it; the stack is kept
 * 16-byte aligned at the call, as the ABI wants.
 */
#include <stdint.h>

#include "hooks.h"

uint64_t on_return(uint64_t low, uint64_t high, uint64_t *slot);

__asm__(".text\n"
	".globl traced_return\n"
	".type traced_return, @function\n"
	"traced_return:\n"
	"	sub $8, %rsp\n" /* room for the address to go to */
	"	push %rax\n"
	"	push %rdx\n"
	"	sub $24, %rsp\n"
	"	movups %xmm0, (%rsp)\n"
	"	mov %rax, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	lea 40(%rsp), %rdx\n" /* the slot: the word that ret has popped */
	"	call on_return\n"
	"	mov %rax, %r11\n"
	"	movups (%rsp), %xmm0\n"
	"	add $24, %rsp\n"
	"	pop %rdx\n"
	"	pop %rax\n"
	"	mov %r11, (%rsp)\n"
	"	ret\n"
	".size traced_return, .-traced_return\n");
