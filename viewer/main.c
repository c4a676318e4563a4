/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * synwalk: the table of subcommands, and nothing else. Each subcommand lives in the file of its
 * name and parses its own options.
 */

#include <stdio.h>
#include <string.h>

#include "trace/record/record.h"
#include "viewer/command.h"
#include "viewer/i18n.h"

static const struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "connect", "[ADDR:PORT] [-o TRACE.db]", "make a real connect over TAP and record it",
	  cmd_connect },
	{ "run", "SCRIPT.pkt [-o TRACE.db]", "play a packetdrill script on the virtual link",
	  cmd_run },
	{ "live", "[ADDR:PORT | SCRIPT.pkt]", "walk through a connect while it happens", cmd_live },
	{ "kernel", "[ADDR:PORT] [-o TRACE.db]",
	  "record a connect of the running kernel, or a guest's", cmd_kernel },
	{ "view", "TRACE.db", "replay a trace, step by step", cmd_view },
	{ "show", "TRACE.db", "print a trace as lines of text", cmd_show },
	{ "explain", "NAME", "say what a function, field or errno is for", cmd_explain },
	{ "diff", "A.db B.db", "say where two traces part, and why", cmd_diff },
	{ "export", "TRACE.db --format FORMAT",
	  "write a trace for Wireshark, Perfetto, a browser ...", cmd_export },
	{ "import", "CTF_DIR|--ftrace FILE -o T.db",
	  "make a trace of what LTTng or a kernel recorded", cmd_import },
	{ "lab", "list|start|grade ...", "exercises: write the kernel's functions yourself",
	  cmd_lab },
	{ "doctor", "", "say what this machine lacks, and how to get it", cmd_doctor },
};

static const size_t ncommands = sizeof(commands) / sizeof(commands[0]);

static void usage(FILE *to)
{
	size_t i;

	fputs("synwalk: Linux' connect(2) in miniature, watched step by step\n\n", to);
	for (i = 0; i < ncommands; i++)
		fprintf(to, "  synwalk %-8s %-26s %s\n", commands[i].name, commands[i].arguments,
			commands[i].summary);
	fputs("\n  synwalk COMMAND --help tells a command's options; synwalk --version\n"
	      "\nExit status: 0 done, 1 the answer is no, 2 trouble.\n",
	      to);
}

static int cmd_bake(const char *path)
{
	char err[512] = "";

	if (record_bake(path, NULL, NULL, err, sizeof(err)) < 0)
		return trouble("bake", err, "cannot be written");
	return STATUS_DONE;
}

int main(int argc, char **argv)
{
	size_t i;

	language_start();
	if (argc < 2) {
		usage(stderr);
		return STATUS_TROUBLE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return STATUS_DONE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("synwalk " SYNWALK_VERSION);
		return STATUS_DONE;
	}
	/* For the Makefile: what a recording would have to read from DWARF. */
	if (!strcmp(argv[1], "--bake") && argc == 3)
		return cmd_bake(argv[2]);
	for (i = 0; i < ncommands; i++) {
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	}
	return trouble(argv[1], "synwalk --help lists the commands", "no such command");
}
