/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_LABS_PACKAGE_H
#define SYNWALK_LABS_PACKAGE_H

#include "labs/lab.h"

/*
 * What a student gets of the labs, below @folder: labs/ without solutions, answers and mutants, and
 * kit/faults/ with the mutants as objects. 0, or -1 with @err.
 */
int package_labs(const struct lab_set *set, const char *folder, char *err, size_t room);

#endif
