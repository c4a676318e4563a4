/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * The part of a shell that scripts need between their backquotes: several commands divided by
 * newlines, ';', '&&' and '||', comments, redirections (nothing is printed anyway), lines that go
 * on after a backslash, and FILE.sh, whose lines are more of the same. Words, quotes and
 * $((arithmetic)) are wordexp(3)'s; no command is ever handed to the host's shell.
 *
 * packetdrill's own tests begin with `../common/defaults.sh`. Such a file is looked for where the
 * script is. As in a shell, a sysctl in it that cannot be set does not stop the file; it is told on
 * stderr. In the script itself it is an error, unless '||' says what to do instead.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "viewer/script/setup.h"

enum { MAX_FILE = 64 * 1024, MAX_NESTED = 8 };

/* What ends a command. */
enum ending { END_TEXT, END_NEXT, END_OR };

struct shell {
	struct play *play;
	const struct event *event;
	const char *file; /* NULL: the script itself */
	int line, nested;
};

static int run_text(struct shell *sh, const char *text);

/* Skips a redirection: '>' and what follows, up to the end of its target. */
static const char *skip_redirection(const char *text)
{
	text += strspn(text, "<>&");
	text += strspn(text, " \t");
	return text + strcspn(text, " \t\r\n;|&");
}

/* The digits or '&' that stand before '>' belong to it: 2>, &>. */
static char *drop_descriptor(char *begin, char *to)
{
	char *from = to;

	while (from > begin && (from[-1] == '&' || (from[-1] >= '0' && from[-1] <= '9')))
		from--;
	return from == begin || from[-1] == ' ' || from[-1] == '\t' ? from : to;
}

/* The end of $((...)) at @text, or @text if it has none. */
static const char *arithmetic_end(const char *text)
{
	const char *end = !strncmp(text, "$((", 3) ? strstr(text, "))") : NULL;

	return end ? end + 2 : text;
}

/*
 * Copies the next command off @text into @to: without comments and redirections, its lines joined.
 * Return: what follows it; NULL if it is too long.
 */
static const char *next_command(struct shell *sh, const char *text, char *to, enum ending *ending)
{
	char *begin = to, *end = to + MAX_COMMAND - 1, quote = 0;

	*ending = END_TEXT;
	while (*text) {
		const char *after = arithmetic_end(text);
		size_t n = after > text ? (size_t)(after - text) : 1;

		if (n == 1 && *text == '\\' && text[1] == '\n') {
			text += 2;
			sh->line++;
			continue;
		}
		if (n == 1 && (quote ? *text == quote : *text == '"' || *text == '\''))
			quote = quote ? 0 : *text;
		if (!quote && n == 1) {
			if (*text == '#' && (to == begin || to[-1] == ' ' || to[-1] == '\t'))
				text += strcspn(text, "\n");
			if (*text == '>' || *text == '<' || !strncmp(text, "&>", 2)) {
				to = drop_descriptor(begin, to);
				text = skip_redirection(text);
				continue;
			}
			if (!*text || strchr(";\n", *text) || !strncmp(text, "&&", 2) ||
			    !strncmp(text, "||", 2))
				break;
		}
		if (to + n > end)
			return NULL;
		memcpy(to, text, n);
		to += n;
		text += n;
	}
	*to = 0;
	if (!*text)
		return text;
	sh->line += *text == '\n';
	*ending = *text == '|' ? END_OR : END_NEXT;
	return text + (*text == '|' || *text == '&' ? 2 : 1);
}

/* ---------------------------------------------------------------- files */

static int fail(const struct shell *sh, const char *what, const char *why)
{
	struct command c = { .file = sh->file, .line = sh->line };
	char place[MAX_PLACE];

	return play_fail(sh->play, PLAY_TROUBLE, sh->event->at, "%scommand `%s`: %s",
			 setup_place(&c, place), what, why);
}

/* The file's name, counted from where the script is. */
static char *file_path(const struct shell *sh, const char *name)
{
	const char *script = sh->play->script->name, *slash = strrchr(script, '/');
	int length = *name == '/' || !slash ? 0 : (int)(slash - script + 1);
	char *path;

	return asprintf(&path, "%.*s%s", length, script, name) < 0 ? NULL : path;
}

static int run_file(const struct shell *sh, const char *name)
{
	struct shell inside = { sh->play, sh->event, NULL, 1, sh->nested + 1 };
	char *path = file_path(sh, name), *text = calloc(1, MAX_FILE + 1);
	FILE *f = path ? fopen(path, "r") : NULL;
	int err;

	if (!path || !text)
		err = fail(sh, name, "out of memory");
	else if (!f)
		err = fail(sh, path, strerror(errno));
	else if (sh->nested == MAX_NESTED)
		err = fail(sh, path, "expected files that do not call each other without end");
	else if (fread(text, 1, MAX_FILE + 1, f) > MAX_FILE)
		err = fail(sh, path, "expected a file of 64 kilobytes at most");
	else if (ferror(f))
		err = fail(sh, path, "it cannot be read");
	else {
		text[MAX_FILE] = 0;
		inside.file = path;
		err = run_text(&inside, text);
	}
	if (f)
		fclose(f);
	free(text);
	free(path);
	return err;
}

/* ---------------------------------------------------------------- commands */

static int run_words(struct shell *sh, const char *text, int line)
{
	struct command c = { .play = sh->play, .event = sh->event, .file = sh->file, .line = line };
	wordexp_t words;
	size_t length;
	int err;

	if (wordexp(text, &words, WRDE_NOCMD))
		return fail(sh, text, "expected words, quotes that end, no command in a command");
	if (words.we_wordc > MAX_WORDS) {
		wordfree(&words);
		return fail(sh, text, "expected 32 words at most");
	}
	c.count = (int)words.we_wordc;
	for (int i = 0; i < c.count; i++)
		c.words[i] = words.we_wordv[i];
	length = c.count ? strlen(c.words[0]) : 0;
	if (!c.count)
		err = 0;
	else if (length > 3 && !strcmp(c.words[0] + length - 3, ".sh") &&
		 !strstr(c.words[0], "/sysctl_restore_"))
		err = run_file(sh, c.words[0]);
	else
		err = setup_command(&c);
	wordfree(&words);
	return err;
}

static int run_text(struct shell *sh, const char *text)
{
	char command[MAX_COMMAND];
	bool skip = false;

	while (*text) {
		enum ending ending;
		int line = sh->line, err;

		text = next_command(sh, text, command, &ending);
		if (!text)
			return fail(sh, "...", "expected 1024 bytes at most");
		/* of A || B, B runs only when A has failed */
		err = skip ? 0 : run_words(sh, command, line);
		skip = ending == END_OR && !err;
		if (err && ending != END_OR)
			return err;
		if (err) {
			sh->play->outcome = PLAY_DONE;
			*sh->play->failure = 0;
		}
	}
	return 0;
}

int setup_run(struct play *p, const struct event *e)
{
	struct shell sh = { .play = p, .event = e, .line = 1 };

	return run_text(&sh, e->text);
}
