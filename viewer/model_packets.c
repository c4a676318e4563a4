/* SPDX-License-Identifier: GPL-2.0-only */
/* The packets pane: all packets of the trace in order, and one of them field by field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/model.h"
#include "viewer/model_words.h"

struct details {
	char **lines;
	int count;
};

static void one_field(void *ctx, bool heading, size_t offset, size_t length, const char *name,
		      const char *value)
{
	struct details *d = ctx;
	char **more = realloc(d->lines, ((size_t)d->count + 1) * sizeof(*more));
	char text[400];

	if (!more)
		return;
	d->lines = more;
	if (heading)
		snprintf(text, sizeof(text), "%s, %s", name, value);
	else if (length == 1)
		snprintf(text, sizeof(text), "  %-16s %s  (byte %zu)", name, value, offset);
	else
		snprintf(text, sizeof(text), "  %-16s %s  (bytes %zu-%zu)", name, value, offset,
			 offset + length - 1);
	more[d->count] = strdup(text);
	if (more[d->count])
		d->count++;
}

/*
 * The innermost header first: what TCP says is what one looks for, and a small pane shows only the
 * first lines.  A heading starts a block; the fields below it are indented.
 */
static void innermost_first(struct details *d)
{
	char **lines = malloc((size_t)d->count * sizeof(*lines) + 1);
	int n = 0, end = d->count;

	if (!lines)
		return;
	for (int i = d->count - 1; i >= 0; i--) {
		if (d->lines[i][0] == ' ')
			continue;
		for (int k = i; k < end; k++)
			lines[n++] = d->lines[k];
		end = i;
	}
	free(d->lines);
	d->lines = lines;
	d->count = n;
}

static int fill_packet(struct model *m, size_t index, struct packets *out)
{
	struct packet_row *row = &out->rows[out->count];
	struct trace_packet p;
	struct decoded d;
	char line[512];

	if (trace_packet(m->t, m->packets[index], &p) != 1)
		return -1;
	decode_frame(&d, p.bytes, p.len);
	row->step = p.step;
	row->time = p.time;
	row->out = p.out;
	row->future = p.step > m->step;
	row->selected = index == m->packet;
	row->text = strdup(decode_line(line, sizeof(line), &d, &m->flows, p.step));
	out->count++;
	if (row->selected) {
		struct details details = { NULL, 0 };

		decode_fields(&d, &m->flows, p.step, one_field, &details);
		innermost_first(&details);
		out->detail = details.lines;
		out->ndetail = details.count;
	}
	trace_packet_free(&p);
	return row->text ? 0 : -1;
}

int model_packets(struct model *m, int max, struct packets *out)
{
	size_t first, room = max > 0 ? (size_t)max : 1;

	memset(out, 0, sizeof(*out));
	if (!m->npackets)
		return 0;
	/* The one looked at stands in the middle, unless the list ends before. */
	first = m->packet > room / 2 ? m->packet - room / 2 : 0;
	if (m->npackets > room && first > m->npackets - room)
		first = m->npackets - room;
	if (m->npackets <= room)
		first = 0;
	out->first = (int)first;
	out->rows = calloc(room, sizeof(*out->rows));
	if (!out->rows)
		return -1;
	for (size_t i = first; i < m->npackets && i < first + room; i++)
		if (fill_packet(m, i, out))
			return -1;
	return 0;
}

void model_packets_free(struct packets *p)
{
	for (int i = 0; i < p->count; i++)
		free(p->rows[i].text);
	for (int i = 0; i < p->ndetail; i++)
		free(p->detail[i]);
	free(p->rows);
	free(p->detail);
	memset(p, 0, sizeof(*p));
}

void model_select_packet(struct model *m, int64_t index)
{
	if (index >= 0 && (size_t)index < m->npackets)
		m->packet = (size_t)index;
}
