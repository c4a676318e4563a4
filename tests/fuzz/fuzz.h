/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SYNWALK_TESTS_FUZZ_H
#define SYNWALK_TESTS_FUZZ_H

/*
 * What a fuzz target has, whether libFuzzer drives it (clang) or replay.c does (any compiler). The
 * names in capitals are libFuzzer's.
 */

#include <stddef.h>
#include <stdint.h>

/* Runs one input; a finding ends the process. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Changes an input in place, by its grammar. Return: its new size, at most @max. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

/* Ends the world that is up, if any, and looks for leaks. */
void fuzz_end(void);

/* Counters for the driver's report: inputs, frames sent, bit of each TCP state reached. */
extern unsigned long fuzz_inputs, fuzz_frames;
extern unsigned int fuzz_states;

#endif
