/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the page that synwalk export --format html writes, as C strings. */

.macro part name, file
	.globl \name
\name:
	.incbin "\file"
	.byte 0
.endm

	.section .rodata
part page_head, "viewer/export/page/head.html"
part page_css, "viewer/export/page/page.css"
part page_body, "viewer/export/page/body.html"
part page_middle, "viewer/export/page/middle.html"
part page_js, "viewer/export/page/page.js"
part page_tail, "viewer/export/page/tail.html"
	.section .note.GNU-stack, "", @progbits
