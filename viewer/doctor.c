/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * synwalk doctor: what works on this machine, and how to get the rest. Each check tries the thing
 * itself where that is cheap (it makes a namespace, a TAP device, and lets them go again) rather
 * than guess from versions and settings.
 */

#include <arpa/inet.h>
#include <dlfcn.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/command.h"
#include "viewer/i18n.h"
#include "viewer/peer.h"

enum weight {
	NEEDED,   /* without it an ordinary run is not possible */
	OPTIONAL, /* something beside it is lost */
};

struct finding {
	int ok;
	char detail[160]; /* what was found, or why not */
	char hint[200];   /* how to get it */
};

static void check_tap(struct finding *f)
{
	struct peer_config config = {
		.addr = inet_addr("10.9.0.2"),
		.gateway = inet_addr("10.9.0.2"),
		.port = 80,
		.prefixlen = 24,
		.mac = { 0x02, 0, 0, 0, 0, 0x02 },
		.mtu = 1500,
	};
	struct peer_problem problem = { "", "", "" };
	struct peer_report report;
	char ifname[16];
	int fd;
	struct peer *peer = peer_start(&config, ifname, &fd, &problem);

	if (!peer) {
		snprintf(f->detail, sizeof(f->detail), "%.60s: %.90s", problem.what, problem.why);
		snprintf(f->hint, sizeof(f->hint), "%s", problem.hint);
		return;
	}
	close(fd);
	peer_finish(peer, &report);
	f->ok = 1;
	snprintf(f->detail, sizeof(f->detail),
		 "a private namespace, a device in it, a listener and a capture");
}

static void check_terminal(struct finding *f)
{
	const char *term = getenv("TERM");
	const char *charset;

	language_start();
	charset = setlocale(LC_CTYPE, NULL);
	if (!isatty(STDOUT_FILENO)) {
		snprintf(f->detail, sizeof(f->detail), "standard output is none: text is printed");
		snprintf(f->hint, sizeof(f->hint), "run synwalk from a terminal to see the viewer");
		return;
	}
	if (!term || !*term || !strcmp(term, "dumb")) {
		snprintf(f->detail, sizeof(f->detail), "TERM is '%s'", term ? term : "");
		snprintf(f->hint, sizeof(f->hint), "set TERM to what it is, like xterm-256color");
		return;
	}
	f->ok = 1;
	snprintf(f->detail, sizeof(f->detail), "%.40s, locale %.60s", term,
		 charset ? charset : "C");
}

/* Whether a program can be found along PATH. */
static int find_program(const char *name, char *where, size_t room)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t len = strcspn(path, ":");

		snprintf(where, room, "%.*s/%s", (int)len, path, name);
		if (access(where, X_OK) == 0)
			return 1;
		path += len + (path[len] == ':');
	}
	return 0;
}

static void check_program(struct finding *f, const char *name, const char *package)
{
	f->ok = find_program(name, f->detail, sizeof(f->detail));
	if (f->ok)
		return;
	snprintf(f->detail, sizeof(f->detail), "%s is not installed", name);
	snprintf(f->hint, sizeof(f->hint), "apt-get install %s", package);
}

static void check_lttng(struct finding *f)
{
	void *library = dlopen("liblttng-ust.so.1", RTLD_LAZY | RTLD_LOCAL);

	if (!library) {
		snprintf(f->detail, sizeof(f->detail), "liblttng-ust is not installed");
		snprintf(f->hint, sizeof(f->hint), "apt-get install liblttng-ust1 lttng-tools");
		return;
	}
	/* Left loaded: the library starts threads when it comes and does not like to go. */
	check_program(f, "lttng", "lttng-tools");
}

static void check_babeltrace(struct finding *f)
{
	void *library = dlopen("libbabeltrace2.so.0", RTLD_LAZY | RTLD_LOCAL);

	f->ok = library != NULL;
	snprintf(f->detail, sizeof(f->detail), "%s",
		 library ? "libbabeltrace2 can be loaded" : "libbabeltrace2 is not installed");
	if (!library)
		snprintf(f->hint, sizeof(f->hint), "apt-get install libbabeltrace2-0");
}

static void check_sqlite(struct finding *f)
{
	check_program(f, "sqlite3", "sqlite3");
}

static void check_make(struct finding *f)
{
	check_program(f, "gcc", "gcc");
}

static void check_wireshark(struct finding *f)
{
	if (find_program("tshark", f->detail, sizeof(f->detail))) {
		f->ok = 1;
		return;
	}
	check_program(f, "tcpdump", "tcpdump");
}

static const struct check {
	const char *name;
	const char *purpose;
	enum weight weight;
	void (*run)(struct finding *f);
} checks[] = {
	{ "TAP", "synwalk connect", NEEDED, check_tap },
	{ "terminal", "synwalk view", OPTIONAL, check_terminal },
	{ "lttng", "synwalk connect --lttng", OPTIONAL, check_lttng },
	{ "babeltrace2", "synwalk import", OPTIONAL, check_babeltrace },
	{ "sqlite3", "asking a trace in SQL; make test", OPTIONAL, check_sqlite },
	{ "tcpdump", "reading --capture files", OPTIONAL, check_wireshark },
	{ "gcc", "building synwalk", OPTIONAL, check_make },
};

int cmd_doctor(int argc, char **argv)
{
	int status = STATUS_DONE;
	size_t i;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		puts("usage: synwalk doctor\n\n"
		     "Tries what synwalk needs on this machine, and says how to get what is missing.\n"
		     "Exit status: 0 if synwalk connect works, 1 if it does not.");
		return STATUS_DONE;
	}
	if (argc > 1)
		return trouble(argv[1], "synwalk doctor takes no arguments", "what is this?");
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct finding f = { 0 };

		checks[i].run(&f);
		printf("%-8s %-12s %s\n", f.ok ? "ok" : "missing", checks[i].name, f.detail);
		if (!f.ok) {
			printf("%-21s for: %s\n", "", checks[i].purpose);
			if (f.hint[0])
				printf("%-21s get: %s\n", "", f.hint);
			if (checks[i].weight == NEEDED)
				status = STATUS_NO;
		}
	}
	return status;
}
