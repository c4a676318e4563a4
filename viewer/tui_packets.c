/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packets on the screen: a list, the selected one field by field, and its bytes.  The field under
 * the cursor stands in brackets among the bytes, the byte under it behind a `>`.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Bytes a line, and columns that lines of 16 with their characters take. */
#define LINE_BYTES 16
#define HEX_WIDTH  (6 + 3 * LINE_BYTES + 2 + LINE_BYTES)

/* From this width on the bytes stand beside the fields. */
#define BESIDE (HEX_WIDTH + 50)

/* "IP a.p > b.q: Flags ..." without the addresses, where there is little room. */
static const char *shortened(const char *text, int width)
{
	const char *colon = strstr(text, ": ");

	return width < 100 && colon && !strncmp(text, "IP ", 3) ? colon + 2 : text;
}

int pane_packet_rows(const struct tui *ui)
{
	int rows = ui->panes.box[PANE_PACKETS].h - 1, most = (rows + 1) / 2;

	if (rows < 5)
		return rows;
	/* The fields of the selected packet get what the list does not need, at least half; with the
	 * cursor in it two thirds. */
	if (ui->m->field_at || ui->m->byte_at || rows > 16)
		most = rows / 3;
	return (int)ui->m->npackets < most ? (int)ui->m->npackets : most;
}

static void draw_list(const struct tui *ui, const struct box *b, const struct packets *p, int list)
{
	for (int i = 0; i < list && i < p->count; i++) {
		const struct packet_row *r = &p->rows[i];
		char text[700];

		snprintf(text, sizeof(text), "%s%11.3f %s %s%s",
			 r->selected ? glyph(GLYPH_HERE) : " ", (double)r->time / 1e6,
			 r->out ? "out >" : "in  <", r->future ? "(later) " : "",
			 shortened(r->text, b->w));
		draw_text(b->y + 1 + i, b->x, b->w, ui->side[PANE_PACKETS],
			  r->selected && ui->panes.focus == PANE_PACKETS ? LOOK_CURRENT :
			  r->future                                      ? LOOK_DIM :
									   LOOK_PACKET,
			  text, strlen(text));
	}
}

/* The fields, in the rows from FIRST on; the one under the cursor is kept in sight. */
static void draw_fields(struct tui *ui, const struct box *b, const struct packets *p, int first,
			int rows, int width)
{
	int *top = &ui->scroll[PANE_PACKETS];

	if (p->field >= 0 && p->field < *top)
		*top = p->field;
	if (p->field >= *top + rows)
		*top = p->field - rows + 1;
	if (*top > p->nfields - rows)
		*top = p->nfields - rows;
	if (*top < 0)
		*top = 0;
	for (int i = 0; i < rows; i++) {
		int at = *top + i;
		const struct packet_field *f = at < p->nfields ? &p->fields[at] : NULL;
		enum look look = !f                              ? LOOK_PLAIN :
				 f->heading                      ? LOOK_NAME :
				 at != p->field                  ? LOOK_PLAIN :
				 ui->panes.focus == PANE_PACKETS ? LOOK_CURRENT :
								   LOOK_SELECTED;
		char text[420] = "";

		if (f)
			snprintf(text, sizeof(text), "%s%s",
				 at == p->field ? glyph(GLYPH_HERE) : "",
				 f->text + (at == p->field));
		draw_text(b->y + 1 + first + i, b->x, width, ui->side[PANE_PACKETS], look, text,
			  strlen(text));
	}
}

/* One line of bytes: "0020  b4 0c[13 88]3f ...  ................" */
static void draw_hex_line(const struct packets *p, int y, int x, int w, size_t offset, size_t per)
{
	const struct packet_field *f = p->field >= 0 ? &p->fields[p->field] : NULL;
	size_t from = f ? f->offset : 0, to = f ? f->offset + f->length : 0;
	char text[200], ascii[LINE_BYTES + 1] = "";
	size_t at = 0;

	at += (size_t)snprintf(text, sizeof(text), "%04zx ", offset);
	for (size_t i = offset; i < offset + per; i++) {
		bool in = i >= from && i<to, before = i> offset && i > from && i <= to;
		char gap = (int64_t)i == p->byte              ? '>' :
			   in && !before                      ? '[' :
			   i == to && to > from && i > offset ? ']' :
								' ';

		if (i >= p->len) {
			at += (size_t)snprintf(text + at, sizeof(text) - at, "%c  ", gap);
			continue;
		}
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%c%02x", gap, p->bytes[i]);
		ascii[i - offset] = isprint(p->bytes[i]) ? (char)p->bytes[i] : '.';
	}
	snprintf(text + at, sizeof(text) - at, "%c %s", to == offset + per && to > from ? ']' : ' ',
		 ascii);
	draw_text(y, x, w, 0, LOOK_PLAIN, text, strlen(text));
	for (size_t i = offset; i < offset + per && i < p->len; i++)
		if ((i >= from && i < to) || (int64_t)i == p->byte)
			draw_text(y, x + 6 + 3 * (int)(i - offset), 2, 0,
				  (int64_t)i == p->byte ? LOOK_CURRENT : LOOK_CHANGED,
				  text + 6 + 3 * (i - offset), 2);
}

/* The bytes in the rows from FIRST on, those of the field in sight. */
static void draw_hex(const struct box *b, const struct packets *p, int first, int rows, int x,
		     int w)
{
	size_t per = w >= 6 + 3 * LINE_BYTES ? LINE_BYTES : LINE_BYTES / 2, top = 0;
	size_t lines = (p->len + per - 1) / per;
	size_t want = p->byte >= 0  ? (size_t)p->byte / per :
		      p->field >= 0 ? p->fields[p->field].offset / per :
				      0;

	if (want >= (size_t)rows)
		top = want - (size_t)rows + 1;
	/* a field of more than one line begins above */
	if (want + 1 < lines && want > 0 && top < want && lines > (size_t)rows)
		top = want + 1 >= (size_t)rows ? want + 2 - (size_t)rows : 0;
	for (int i = 0; i < rows; i++) {
		if (top + (size_t)i < lines)
			draw_hex_line(p, b->y + 1 + first + i, x, w, (top + (size_t)i) * per, per);
		else
			draw_text(b->y + 1 + first + i, x, w, 0, LOOK_PLAIN, "", 0);
	}
}

/* The selected packet: its fields, and its bytes beside or below where there is room. */
static void draw_detail(struct tui *ui, const struct box *b, const struct packets *p, int first)
{
	int rows = b->h - 1 - first, hex = 0, lines = (int)((p->len + LINE_BYTES - 1) / LINE_BYTES);
	bool cursor = p->field >= 0 || p->byte >= 0;

	if (b->w >= BESIDE) {
		draw_fields(ui, b, p, first, rows, b->w - HEX_WIDTH - 1);
		draw_hex(b, p, first, rows, b->x + b->w - HEX_WIDTH, HEX_WIDTH);
		return;
	}
	if (cursor || rows >= 12)
		hex = rows / 2 < lines ? rows / 2 : lines;
	draw_fields(ui, b, p, first, rows - hex, b->w);
	if (hex)
		draw_hex(b, p, first + rows - hex, hex, b->x, b->w);
}

void draw_packets(struct tui *ui)
{
	const struct box *b = &ui->panes.box[PANE_PACKETS];
	int rows = b->h - 1, list = pane_packet_rows(ui);
	struct packets p;

	model_packets(ui->m, list, &p);
	draw_list(ui, b, &p, list);
	if (!ui->m->npackets && rows > 0)
		draw_line(b->y + 1, b->x, b->w, LOOK_DIM,
			  model_calls_only(ui->m) ?
				  _("  no packets were recorded with these calls") :
				  _("  no packets in this trace"));
	list = p.count > 0 ? p.count : 1;
	if (p.bytes && rows > list)
		draw_detail(ui, b, &p, list);
	else
		pane_blank(b, list, rows);
	model_packets_free(&p);
}
