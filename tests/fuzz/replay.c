/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Drives a fuzz target without libFuzzer, in seconds, the same in every run: each file of the
 * corpus in a world of its own, then mutations of them in a fixed order.
 *
 *     PROGRAM DIR-OR-FILE...        the corpus
 *     PROGRAM -m N DIR-OR-FILE...   and N mutations of it
 *     PROGRAM -s SESSION            the inputs of one world (FUZZ_SESSION of fuzz_receive.c)
 *
 * Prints lines of the Test Anything Protocol; a finding ends the process.
 */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_MAX 4096
#define FILES_MAX 2048

static struct input {
	uint8_t *data;
	size_t size;
} inputs[FILES_MAX];
static size_t ninputs;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void load_file(const char *path)
{
	struct input *in = &inputs[ninputs];
	FILE *f = fopen(path, "rb");

	if (!f)
		die(path);
	if (ninputs == FILES_MAX)
		return;
	in->data = malloc(INPUT_MAX);
	if (!in->data)
		die("malloc");
	in->size = fread(in->data, 1, INPUT_MAX, f);
	fclose(f);
	ninputs++;
}

/* Names in order, so that every run is the same. */
static void load(const char *path)
{
	struct dirent **names;
	struct stat st;
	char file[4096];
	int n, i;

	if (stat(path, &st))
		die(path);
	if (!S_ISDIR(st.st_mode)) {
		load_file(path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
			load_file(file);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static void replay_session(const char *path)
{
	static uint8_t data[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	uint32_t n;

	if (!f)
		die(path);
	while (fread(&n, sizeof(n), 1, f) == 1 && n && n <= sizeof(data) &&
	       fread(data, 1, n, f) == n)
		LLVMFuzzerTestOneInput(data, n);
	fclose(f);
	fuzz_end();
}

static void mutations(long count)
{
	static uint8_t data[INPUT_MAX];
	uint32_t choice = 1;
	size_t size = 0;
	long i;

	for (i = 0; i < count; i++) {
		choice = choice * 1664525u + 1013904223u;
		/* Half of them go on from the last one: distance from the corpus grows. */
		if (ninputs && (i % 2 == 0 || size == 0)) {
			const struct input *in = &inputs[(choice >> 8) % ninputs];

			size = in->size;
			memcpy(data, in->data, size);
		}
		size = LLVMFuzzerCustomMutator(data, size, 1024, (unsigned int)i);
		LLVMFuzzerTestOneInput(data, size);
	}
	fuzz_end();
}

int main(int argc, char **argv)
{
	const char *session = NULL;
	long count = 0;
	size_t i;
	int opt;

	while ((opt = getopt(argc, argv, "m:s:")) != -1) {
		if (opt == 'm')
			count = atol(optarg);
		else if (opt == 's')
			session = optarg;
		else
			return 2;
	}
	if (session) {
		replay_session(session);
		printf("ok 1 - the session's %lu inputs\n", fuzz_inputs);
		return 0;
	}
	for (; optind < argc; optind++)
		load(argv[optind]);
	for (i = 0; i < ninputs; i++) {
		LLVMFuzzerTestOneInput(inputs[i].data, inputs[i].size);
		fuzz_end();
	}
	printf("ok 1 - %zu inputs of the corpus, each in a fresh world\n", ninputs);
	if (count) {
		mutations(count);
		printf("ok 2 - %ld mutations of them\n", count);
	}
	printf("# %lu inputs, %lu frames, states reached: 0x%x\n", fuzz_inputs, fuzz_frames,
	       fuzz_states);
	return 0;
}
