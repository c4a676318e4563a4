/* SPDX-License-Identifier: GPL-2.0-only */
/* The packets pane: all packets of the trace in order, and one of them field by field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

struct details {
	struct packet_field *lines;
	int count;
};

static void one_field(void *ctx, bool heading, size_t offset, size_t length, const char *name,
		      const char *value)
{
	struct details *d = ctx;
	struct packet_field *more = realloc(d->lines, ((size_t)d->count + 1) * sizeof(*more));
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
	more[d->count] =
		(struct packet_field){ heading, offset, heading ? 0 : length, strdup(text) };
	if (more[d->count].text)
		d->count++;
}

/*
 * The innermost header first: what TCP says is what one looks for, and a small pane shows only the
 * first lines.  A heading starts a block; the fields below it are indented.
 */
static void innermost_first(struct details *d)
{
	struct packet_field *lines = malloc((size_t)d->count * sizeof(*lines) + 1);
	int n = 0, end = d->count;

	if (!lines)
		return;
	for (int i = d->count - 1; i >= 0; i--) {
		if (!d->lines[i].heading)
			continue;
		for (int k = i; k < end; k++)
			lines[n++] = d->lines[k];
		end = i;
	}
	free(d->lines);
	d->lines = lines;
	d->count = n;
}

/* The field that has a byte, the shortest of several; -1 if it belongs to none. */
static int field_of_byte(const struct packets *p, int64_t byte)
{
	int best = -1;

	for (int i = 0; i < p->nfields; i++) {
		const struct packet_field *f = &p->fields[i];

		if (byte >= (int64_t)f->offset && byte < (int64_t)(f->offset + f->length) &&
		    (best < 0 || f->length < p->fields[best].length))
			best = i;
	}
	return best;
}

/* The selected packet in detail, and where the cursor is in it. */
static void fill_detail(struct model *m, struct trace_packet *packet, const struct decoded *d,
			struct packets *out)
{
	struct details details = { NULL, 0 };

	decode_fields(d, &m->flows, packet->step, one_field, &details);
	innermost_first(&details);
	out->fields = details.lines;
	out->nfields = details.count;
	out->bytes = packet->bytes;
	out->len = packet->len;
	packet->bytes = NULL; /* out's now */
	out->field =
		out->nfields && m->field_at > out->nfields ? out->nfields - 1 : m->field_at - 1;
	if (m->byte_at && m->byte_at <= (int64_t)out->len) {
		out->byte = m->byte_at - 1;
		out->field = field_of_byte(out, out->byte);
	}
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
	if (row->selected)
		fill_detail(m, &p, &d, out);
	trace_packet_free(&p);
	return row->text ? 0 : -1;
}

int model_packets(struct model *m, int max, struct packets *out)
{
	size_t first, room = max > 0 ? (size_t)max : 1;

	memset(out, 0, sizeof(*out));
	out->field = -1;
	out->byte = -1;
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
	for (int i = 0; i < p->nfields; i++)
		free(p->fields[i].text);
	free(p->rows);
	free(p->fields);
	free(p->bytes);
	memset(p, 0, sizeof(*p));
}

void model_select_packet(struct model *m, int64_t index)
{
	if (index >= 0 && (size_t)index < m->npackets)
		m->packet = (size_t)index;
}

bool model_packet_field(struct model *m, bool forward)
{
	struct packets p;
	int to = -1;

	if (model_packets(m, 1, &p))
		return false;
	for (int i = p.field + (forward ? 1 : -1); to < 0 && i >= 0 && i < p.nfields;
	     i += forward ? 1 : -1)
		if (!p.fields[i].heading)
			to = i;
	model_packets_free(&p);
	if (to < 0)
		return model_say(m, forward ? _("no field behind it") : _("no field before it"));
	m->field_at = to + 1;
	m->byte_at = 0;
	return true;
}

bool model_packet_byte(struct model *m, bool forward)
{
	struct packets p;
	int64_t at, len;

	if (model_packets(m, 1, &p))
		return false;
	/* from a field one comes to its first byte, or to the one before it */
	if (p.byte >= 0)
		at = p.byte + (forward ? 1 : -1);
	else if (p.field >= 0)
		at = (int64_t)p.fields[p.field].offset - (forward ? 0 : 1);
	else
		at = 0;
	len = (int64_t)p.len;
	model_packets_free(&p);
	if (at < 0 || at >= len)
		return model_say(m, forward ? _("this is the last byte") :
					      _("this is the first byte"));
	m->byte_at = at + 1;
	return true;
}
