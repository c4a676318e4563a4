/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Cutting functions out of the core, and lines out of functions.
 *
 * Lines are compared without the white space around them, so that what lab.yaml quotes may be indented
 * as YAML wants it.
 */

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labs/files.h"
#include "labs/pieces.h"

/* ---------------------------------------------------------------- lines */

struct lines {
	char *text; /* with a NUL for each newline */
	char **line;
	int count;
};

static struct lines lines_of(const char *text)
{
	struct lines l = { .text = text_format("%s", text) };
	int room = 0;
	char *at = l.text;

	while (*at) {
		char *end = strchrnul(at, '\n');
		char more = *end;

		if (l.count == room) {
			room = room ? room * 2 : 256;
			l.line = realloc(l.line, sizeof(*l.line) * (size_t)room);
		}
		l.line[l.count++] = at;
		*end = 0;
		at = more ? end + 1 : end;
	}
	return l;
}

static void lines_free(struct lines *l)
{
	free(l->text);
	free(l->line);
}

/* Whether two lines are equal, white space around them left aside. */
static bool same_line(const char *a, const char *b)
{
	size_t n, m;

	a += strspn(a, " \t");
	b += strspn(b, " \t");
	n = strlen(a);
	m = strlen(b);
	while (n && strchr(" \t\r", a[n - 1]))
		n--;
	while (m && strchr(" \t\r", b[m - 1]))
		m--;
	return n == m && !strncmp(a, b, n);
}

/* Where the lines of @what stand between @first and @last; -1: nowhere, -2: more than once. */
static int find_lines(const struct lines *l, int first, int last, const struct lines *what)
{
	int found = -1;

	for (int i = first; what->count && i + what->count - 1 <= last; i++) {
		int n = 0;

		while (n < what->count && same_line(l->line[i + n], what->line[n]))
			n++;
		if (n < what->count)
			continue;
		if (found >= 0)
			return -2;
		found = i;
	}
	return found;
}

/* ---------------------------------------------------------------- functions */

/* A function in its file: from its comment, or its name's line, to its closing brace. */
struct place {
	int comment, name, end;
};

/* Whether line @i begins the definition of @name. */
static bool defines(const struct lines *l, int i, const char *name)
{
	const char *line = l->line[i], *at = strstr(line, name);
	size_t n = strlen(name);

	if (!at || at == line || !strchr(" *", at[-1]) || at[n] != '(' || strchr("\t /*#", *line))
		return false;
	for (; i < l->count; i++) {
		if (*l->line[i] == '{')
			return true;
		if (strchr(l->line[i], ';'))
			return false;
	}
	return false;
}

static int find_function(const struct lines *l, const char *name, struct place *p)
{
	for (int i = 0; i < l->count; i++) {
		if (!defines(l, i, name))
			continue;
		p->name = p->comment = p->end = i;
		while (p->end < l->count && strcmp(l->line[p->end], "}"))
			p->end++;
		if (i && strstr(l->line[i - 1], "*/")) {
			p->comment = i - 1;
			while (p->comment && strncmp(l->line[p->comment], "/*", 2))
				p->comment--;
		}
		return p->end < l->count ? 0 : -1;
	}
	return -1;
}

/* The folder that holds core/. */
static char *core_folder(const struct lab *lab)
{
	char *folder = text_format("%s/../..", lab->folder), *core = text_format("%s/core", folder);
	bool there = files_exist(core);

	free(core);
	if (there)
		return folder;
	free(folder);
	return NULL;
}

static int load(const struct lab *lab, const char *file, struct lines *l, char *err, size_t room)
{
	char *folder = core_folder(lab);
	char *path = text_format("%s/%s", folder ? folder : ".", file);
	char *text = files_read(path, NULL);

	if (text)
		*l = lines_of(text);
	else
		snprintf(err, room, "lab %d: %s: %s", lab->number, path, strerror(errno));
	free(text);
	free(path);
	free(folder);
	return text ? 0 : -1;
}

static const struct lab_function *function_of(const struct lab *lab, const char *name)
{
	for (int i = 0; i < lab->nfunctions; i++) {
		if (!strcmp(lab->functions[i].name, name))
			return &lab->functions[i];
	}
	return NULL;
}

/* The lines of a part. */
static int find_part(const struct lab *lab, const struct lab_part *part, const struct lines *l,
		     const struct place *p, int *first, int *last, char *err, size_t room)
{
	struct lines from = lines_of(part->from), to = lines_of(part->to);

	*first = find_lines(l, p->name, p->end, &from);
	*last = *first;
	while (*first >= 0 && *last <= p->end &&
	       (*last + to.count - 1 > p->end ||
		find_lines(l, *last, *last + to.count - 1, &to) < 0))
		++*last;
	*last += to.count - 1;
	lines_free(&from);
	lines_free(&to);
	if (*first >= 0 && *last <= p->end)
		return 0;
	snprintf(err, room, "lab %d: part %d: %s() %s '%.60s'", lab->number, part->number,
		 part->function,
		 *first == -2 ? "has more than once" :
		 *first < 0   ? "has no line" :
				"has behind its first line no",
		 *first < 0 ? part->from : part->to);
	return -1;
}

/* ---------------------------------------------------------------- a file from them */

/* What is to become of the functions. */
struct order {
	int todo; /* parts from here on are left out; 0: none is */
	const struct lab_mutant *mutant;
	char *err;
	size_t room;
};

/* A task as a comment. */
static char *add_task(char *text, const struct lab_part *part)
{
	char *task = text_format("Part %d. %s", part->number, part->task);

	text = text_fill(text_add(text, "\t/*\n"), "\t * ", 76, task);
	free(task);
	return text_add(text, "\t */\n");
}

static char *add_hole(char *text, const struct lab_part *part)
{
	struct lines instead = lines_of(part->instead);

	text = add_task(text, part);
	text = text_add(text, "\tlab_todo(__func__, %d);\n", part->number);
	for (int i = 0; i < instead.count; i++)
		text = text_add(text, "\t%s\n", instead.line[i]);
	lines_free(&instead);
	return text;
}

/* What stands at line @i of the function, if it is not the core's own: how many lines are done; 0. */
static int add_changed(char **text, const struct lab *lab, const struct order *o,
		       const char *function, const struct lines *l, const struct place *p, int i)
{
	for (int n = 0; o->todo && n < lab->nparts; n++) {
		const struct lab_part *part = &lab->parts[n];
		int first, last;

		if (strcmp(part->function, function) || part->number < o->todo)
			continue;
		if (find_part(lab, part, l, p, &first, &last, o->err, o->room))
			return -1;
		if (first == i) {
			*text = add_hole(*text, part);
			return last - first + 1;
		}
	}
	for (int n = 0; o->mutant && n < o->mutant->nedits; n++) {
		const struct lab_edit *e = &o->mutant->edits[n];
		struct lines what = lines_of(e->lines);
		int at = strcmp(e->function, function) ? -1 : find_lines(l, p->name, p->end, &what);
		int count = what.count;

		lines_free(&what);
		if (!strcmp(e->function, function) && at < 0) {
			snprintf(o->err, o->room, "lab %d: mutant %s: %s() has %s '%.60s'",
				 lab->number, o->mutant->name, function,
				 at == -2 ? "more than once" : "no line", e->lines);
			return -1;
		}
		if (at == i) {
			*text = text_add(*text, "\t%s\n", e->become);
			return count;
		}
	}
	return 0;
}

/* The function's text, without its "static": the student's file is another than its callers'. */
static char *add_function(char *text, const struct lab *lab, const struct lab_function *f,
			  const struct order *o)
{
	struct lines l;
	struct place p;

	if (load(lab, f->file, &l, o->err, o->room)) {
		free(text);
		return NULL;
	}
	if (find_function(&l, f->name, &p)) {
		snprintf(o->err, o->room, "lab %d: %s has no function %s()", lab->number, f->file,
			 f->name);
		lines_free(&l);
		free(text);
		return NULL;
	}
	text = text_add(text, "\n");
	for (int i = p.comment, n; i <= p.end; i += n) {
		const char *line = l.line[i];

		n = add_changed(&text, lab, o, f->name, &l, &p, i);
		if (n < 0) {
			lines_free(&l);
			free(text);
			return NULL;
		}
		if (n)
			continue;
		n = 1;
		if (i == p.name && !f->is_inline && !strncmp(line, "static ", 7))
			line += 7;
		text = text_add(text, "%s\n", line);
	}
	lines_free(&l);
	return text;
}

/* The headers that the functions' files include, each once; those beside a file by their path in core/. */
static char *add_includes(char *text, const struct lab *lab, const struct order *o)
{
	char *all = text_format("\n");

	for (int f = 0; text && f < lab->nfunctions; f++) {
		const char *file = lab->functions[f].file, *slash = strrchr(file, '/');
		struct lines l;

		if (load(lab, file, &l, o->err, o->room)) {
			free(text);
			text = NULL;
			break;
		}
		for (int i = 0; i < l.count; i++) {
			char name[256], line[600];

			if (sscanf(l.line[i], "#include \"%255[^\"]\"", name) == 1)
				snprintf(line, sizeof(line), "#include <%.*s/%s>\n",
					 (int)(slash - file) - 5, file + 5, name);
			else if (sscanf(l.line[i], "#include <%255[^>]>", name) == 1)
				snprintf(line, sizeof(line), "#include <%s>\n", name);
			else
				continue;
			if (!strstr(all, line))
				all = text_add(all, "%s", line);
		}
		lines_free(&l);
	}
	if (text)
		text = text_add(text, "%s#include <synwalk/lab.h>\n", all);
	free(all);
	return text;
}

/* Prototypes of the lab's functions that the core's headers do not have: those that are static. */
static char *add_prototypes(char *text, const struct lab *lab, const struct order *o)
{
	for (int i = 0; text && i < lab->nuses; i++)
		text = text_add(text, "%s%s\n", i ? "" : "\n", lab->uses[i].declare);
	for (int i = 0; text && i < lab->nfunctions; i++) {
		struct lines l;
		struct place p;

		if (lab->functions[i].is_inline ||
		    load(lab, lab->functions[i].file, &l, o->err, o->room))
			continue;
		if (!find_function(&l, lab->functions[i].name, &p) &&
		    !strncmp(l.line[p.name], "static ", 7)) {
			text = text_add(text, "\n");
			for (int n = p.name; n < p.end && *l.line[n] != '{'; n++)
				text = text_add(text, "%s%s", n > p.name ? "\n" : "",
						l.line[n] + (n == p.name ? 7 : 0));
			text = text_add(text, ";\n");
		}
		lines_free(&l);
	}
	return text;
}

static char *add_head(const struct lab *lab)
{
	char *text =
		text_format("/* SPDX-License-Identifier: GPL-2.0-only */\n/*\n * Lab %d: %s\n *\n",
			    lab->number, lab->title);

	return text_add(text_fill(text, " * ", 78, lab->objective), " */\n");
}

static char *make(const struct lab *lab, const struct order *o)
{
	char *text = add_head(lab);

	text = add_includes(text, lab, o);
	if (text && *lab->prologue)
		text = text_add(text, "\n%s", lab->prologue);
	text = add_prototypes(text, lab, o);
	for (int i = 0; text && i < lab->nfunctions; i++)
		text = add_function(text, lab, &lab->functions[i], o);
	return text;
}

char *lab_reference(const struct lab *lab, char *err, size_t room)
{
	return make(lab, &(struct order){ .err = err, .room = room });
}

char *lab_skeleton(const struct lab *lab, int todo, char *err, size_t room)
{
	char *folder = core_folder(lab), *name, *text;

	free(folder);
	if (folder)
		return make(lab, &(struct order){ .todo = todo, .err = err, .room = room });
	/* A student's package: they were made when it was. */
	name = text_format("skeleton-%d.c", todo);
	text = lab_read_file(lab, name, err, room);
	free(name);
	return text;
}

char *lab_mutated(const struct lab *lab, const struct lab_mutant *m, char *err, size_t room)
{
	for (int i = 0; i < m->nedits; i++) {
		if (!function_of(lab, m->edits[i].function)) {
			snprintf(err, room,
				 "lab %d: mutant %s: %s() is none of the lab's functions",
				 lab->number, m->name, m->edits[i].function);
			return NULL;
		}
	}
	return make(lab, &(struct order){ .mutant = m, .err = err, .room = room });
}

/* ---------------------------------------------------------------- the kit */

char *lab_names(const struct lab_set *set)
{
	char *text = text_format("%s", "");

	for (int n = 0; n < set->count; n++) {
		const struct lab *lab = &set->labs[n];

		for (int i = 0; i < lab->nfunctions; i++) {
			if (!lab->functions[i].is_inline)
				text = text_add(text, "weak %s %s\n", lab->functions[i].file,
						lab->functions[i].name);
		}
		for (int i = 0; i < lab->nuses; i++)
			text = text_add(text, "global %s %s\n", lab->uses[i].file,
					lab->uses[i].name);
	}
	return text;
}

/* Blanks the parts of one lab that lie in @file. The lines' numbers stay. */
static int blank(const struct lab *lab, const char *file, struct lines *l, char *err, size_t room)
{
	for (int i = 0; i < lab->nparts; i++) {
		const struct lab_part *part = &lab->parts[i];
		const struct lab_function *f = function_of(lab, part->function);
		struct place p;
		int first, last;

		if (!f) {
			snprintf(err, room, "lab %d: part %d: %s() is none of the lab's functions",
				 lab->number, part->number, part->function);
			return -1;
		}
		if (strcmp(f->file, file))
			continue;
		if (find_function(l, f->name, &p))
			return -1;
		/* Two labs may ask for the same lines: then they are blank already. */
		if (find_part(lab, part, l, &p, &first, &last, err, room)) {
			continue;
		}
		for (int n = first; n <= last; n++)
			l->line[n] = n == first ? "\t/* a lab's exercise */" : "";
	}
	return 0;
}

/* What the walk through core/ needs; nftw() has no argument for it. */
static struct {
	const struct lab_set *set;
	const char *folder;
	size_t skip;
	char *err;
	size_t room;
} walk;

static int write_source(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	const char *file = path + walk.skip, *end = strrchr(path, '.');
	char *to, *text, *slash;
	struct lines l;
	int status = 0;

	(void)st, (void)ftw;
	if (flag != FTW_F || !end || (strcmp(end, ".c") && strcmp(end, ".h")))
		return 0;
	text = files_read(path, NULL);
	if (!text)
		return -1;
	l = lines_of(text);
	free(text);
	for (int i = 0; !status && i < walk.set->count; i++)
		status = blank(&walk.set->labs[i], file, &l, walk.err, walk.room);
	text = text_format("%s", "");
	for (int i = 0; i < l.count; i++)
		text = text_add(text, "%s\n", l.line[i]);
	to = text_format("%s/%s", walk.folder, file);
	slash = strrchr(to, '/');
	*slash = 0;
	status = status ? status : files_make_folder(to);
	*slash = '/';
	status = status ? status : files_write(to, text, strlen(text));
	free(to);
	free(text);
	lines_free(&l);
	return status;
}

int lab_sources(const struct lab_set *set, const char *folder, char *err, size_t room)
{
	char *core = text_format("%s/../core", set->folder);
	char *real = realpath(core, NULL);
	int status = -1;

	snprintf(err, room, "%s: %s", core, "the core's sources are not there");
	if (real) {
		walk.set = set;
		walk.folder = folder;
		walk.skip = strlen(real) - strlen("core");
		walk.err = err;
		walk.room = room;
		status = nftw(real, write_source, 32, FTW_PHYS);
	}
	free(real);
	free(core);
	return status;
}
