/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_INSPECT_H
#define SYNWALK_LABS_INSPECT_H

/*
 * May this file take a function's place in the core?
 *
 * Events are made by the compiler's hooks and frames are caught at the device, so a student's file
 * neither makes them nor leaves them out, as long as it is what it should be: C that calls the core.
 * Two looks make sure. The first is at its tokens after the preprocessor: no assembler, no attribute
 * that would switch hooks off or move code about, no name of the hooks. The second is at the symbols of
 * its object: it defines the lab's functions and nothing else, and refers to the core alone.
 */

#include "labs/lab.h"

/*
 * @text: the file after the preprocessor, with its line markers; @name: the file's in them.
 * Return: 0; or -1 with @err, a line for the student.
 */
int inspect_tokens(const char *text, const char *name, const char *const *folders, char *err,
		   size_t room);
/*
 * @object: the path of the object; @symbols: names, a line each, that it may refer to.
 * Return: as above.
 */
int inspect_object(const struct lab *lab, const char *object, const char *symbols, char *err,
		   size_t room);

#endif
