/* SPDX-License-Identifier: GPL-2.0-only */
/* Which language, and where its texts lie. */
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/i18n.h"

#define DOMAIN "synwalk"

/*
 * The folder of the translations: TEXTDOMAINDIR if set, as gettext's own programs have it, else
 * "locale" beside the program (a build), else ../share/locale from there, else where it was
 * configured to be installed.
 */
static const char *texts(char *path, size_t len)
{
	static const char *const places[] = { "locale", "../share/locale" };
	const char *named = getenv("TEXTDOMAINDIR");
	ssize_t n = readlink("/proc/self/exe", path, len - 32);

	if (named && *named)
		return named;
	if (n > 0) {
		path[n] = '\0';
		char *end = strrchr(path, '/') + 1;

		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			strcpy(end, places[i]);
			if (!access(path, X_OK))
				return path;
		}
	}
	return SYNWALK_LOCALEDIR;
}

static const char *wanted(int category)
{
	const char *names[] = { "LC_ALL", category == LC_CTYPE ? "LC_CTYPE" : "LC_MESSAGES",
				"LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return NULL;
}

void language_start(void)
{
	const char *language = getenv("LANGUAGE"), *named = wanted(LC_MESSAGES);
	bool asked = language && *language;
	char path[PATH_MAX];

	/*
	 * gettext translates nothing in the locale C.  Whoever names a language that this system has
	 * no locale for (Debian has none but C.UTF-8 until locales are made), or only LANGUAGE, wants
	 * its words nevertheless, and for those UTF-8 is enough.
	 */
	if (!setlocale(LC_CTYPE, "") || (!wanted(LC_CTYPE) && asked))
		setlocale(LC_CTYPE, "C.UTF-8");
	if (!setlocale(LC_MESSAGES, "") || (!named && asked)) {
		setlocale(LC_MESSAGES, "C.UTF-8");
		if (!asked && named)
			setenv("LANGUAGE", named, 1);
	}
	bindtextdomain(DOMAIN, texts(path, sizeof(path)));
	textdomain(DOMAIN);
}
