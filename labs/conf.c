/* SPDX-License-Identifier: GPL-2.0-only */

/* YAML by libyaml, with places in the faults. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "labs/conf.h"

struct conf {
	char *path;
	yaml_document_t document;
	bool loaded;
	char error[512];
};

void conf_fault(struct conf *c, conf_node at, const char *name, const char *fmt, ...)
{
	yaml_node_t *node = at ? yaml_document_get_node(&c->document, at) : NULL;
	va_list args;
	int n;

	if (c->error[0])
		return;
	n = snprintf(c->error, sizeof(c->error), "%s:%zu: %s: ", c->path,
		     node ? node->start_mark.line + 1 : 1, name);
	va_start(args, fmt);
	if (n > 0 && (size_t)n < sizeof(c->error))
		vsnprintf(c->error + n, sizeof(c->error) - (size_t)n, fmt, args);
	va_end(args);
}

static void load(struct conf *c, FILE *f)
{
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser)) {
		snprintf(c->error, sizeof(c->error), "%s: out of memory", c->path);
		return;
	}
	yaml_parser_set_input_file(&parser, f);
	c->loaded = yaml_parser_load(&parser, &c->document);
	if (!c->loaded)
		snprintf(c->error, sizeof(c->error), "%s:%zu: %s", c->path,
			 parser.problem_mark.line + 1,
			 parser.problem ? parser.problem : "not YAML");
	yaml_parser_delete(&parser);
}

struct conf *conf_open(const char *path)
{
	struct conf *c = calloc(1, sizeof(*c));
	FILE *f;

	if (!c || !(c->path = strdup(path))) {
		free(c);
		return NULL;
	}
	f = fopen(path, "rb");
	if (!f) {
		snprintf(c->error, sizeof(c->error), "%s: %s", path, strerror(errno));
		return c;
	}
	load(c, f);
	fclose(f);
	if (c->loaded && !conf_root(c))
		snprintf(c->error, sizeof(c->error), "%s:1: expected names and values", path);
	return c;
}

void conf_close(struct conf *c)
{
	if (!c)
		return;
	if (c->loaded)
		yaml_document_delete(&c->document);
	free(c->path);
	free(c);
}

const char *conf_error(const struct conf *c)
{
	return c->error[0] ? c->error : NULL;
}

static yaml_node_t *node_of(struct conf *c, conf_node n, yaml_node_type_t type)
{
	yaml_node_t *node = c->loaded && n ? yaml_document_get_node(&c->document, n) : NULL;

	return node && node->type == type ? node : NULL;
}

conf_node conf_root(struct conf *c)
{
	return node_of(c, 1, YAML_MAPPING_NODE) ? 1 : 0;
}

static const char *scalar(struct conf *c, conf_node n)
{
	yaml_node_t *node = node_of(c, n, YAML_SCALAR_NODE);

	return node ? (const char *)node->data.scalar.value : NULL;
}

conf_node conf_get(struct conf *c, conf_node map, const char *name)
{
	yaml_node_t *node = node_of(c, map, YAML_MAPPING_NODE);
	yaml_node_pair_t *pair;

	if (!node)
		return 0;
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const char *key = scalar(c, pair->key);

		if (key && !strcmp(key, name))
			return pair->value;
	}
	return 0;
}

const char *conf_text(struct conf *c, conf_node map, const char *name, const char *otherwise)
{
	conf_node n = conf_get(c, map, name);
	const char *text = scalar(c, n);

	if (n && !text)
		conf_fault(c, n, name, "expected a text");
	if (!n && !otherwise)
		conf_fault(c, map, name, "is missing");
	return text ? text : otherwise ? otherwise : "";
}

long conf_number(struct conf *c, conf_node map, const char *name, long otherwise)
{
	conf_node n = conf_get(c, map, name);
	const char *text = scalar(c, n);
	char *end;
	long number;

	if (!n)
		return otherwise;
	if (text && *text >= '0' && *text <= '9') {
		errno = 0;
		number = strtol(text, &end, 0);
		if (!errno && !*end)
			return number;
	}
	conf_fault(c, n, name, "expected a number, like 10");
	return otherwise;
}

bool conf_yes(struct conf *c, conf_node map, const char *name)
{
	conf_node n = conf_get(c, map, name);
	const char *text = scalar(c, n);

	if (!n)
		return false;
	if (text && (!strcmp(text, "yes") || !strcmp(text, "no")))
		return *text == 'y';
	conf_fault(c, n, name, "expected yes or no");
	return false;
}

int conf_count(struct conf *c, conf_node list)
{
	yaml_node_t *node = node_of(c, list, YAML_SEQUENCE_NODE);

	if (list && !node)
		conf_fault(c, list, "list", "expected lines that begin with '-'");
	return node ? (int)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
}

conf_node conf_item(struct conf *c, conf_node list, int i)
{
	return node_of(c, list, YAML_SEQUENCE_NODE)->data.sequence.items.start[i];
}

const char *conf_item_text(struct conf *c, conf_node list, int i)
{
	conf_node n = conf_item(c, list, i);
	const char *text = scalar(c, n);

	if (!text)
		conf_fault(c, n, "list", "expected a text");
	return text ? text : "";
}

/* Whether @name is one of the words in @names. */
static bool is_word(const char *name, const char *names)
{
	size_t n = strlen(name);
	const char *at = names;

	while ((at = strstr(at, name)) != NULL) {
		if ((at == names || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
		at += n;
	}
	return false;
}

void conf_only(struct conf *c, conf_node map, const char *names)
{
	yaml_node_t *node = node_of(c, map, YAML_MAPPING_NODE);
	yaml_node_pair_t *pair;

	if (!node) {
		conf_fault(c, map, "entry", "expected names and values: %s", names);
		return;
	}
	for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const char *key = scalar(c, pair->key);

		if (!key || !*key || !is_word(key, names))
			conf_fault(c, pair->key, key ? key : "entry", "not known here; known: %s",
				   names);
	}
}
