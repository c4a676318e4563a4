/* SPDX-License-Identifier: GPL-2.0-only */
/* The help: the table of keys, what the signs mean, and the hints at the bottom of the screen. */
#include <stdio.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* What the signs before the lines mean: the last part of the help. */
static const char *const legend[] = {
	"",
	N_("Signs in the walk"),
	N_("  | a source line      * a store: object.field: old -> new     } a return"),
	N_("  > packet out         < packet in        ! drop, with reason  @ timer"),
	/* xgettext:no-c-format */
	N_("  z a task sleeps      ^ is woken         % tasks switch       # TCP state"),
	N_("  + object new         - object freed     = local variable     ? comparison"),
	"",
	N_("A call is one line while you are not inside it; with its value, and how long"),
	N_("it took when that was a millisecond or more."),
	N_("Objects: what your last move changed comes first, marked *, with the value it"),
	N_("had before (\"was\"; after a move back \"then\": the value it will get)."),
	N_("Field at hand: the one selected among the objects, else the one stored here."),
	"",
	N_("Filters: words that must all hold, patterns as of files, ! for not:"),
	N_("  tcp_*  function:tcp_*,ip_*  file:*ipv4*  kind:store,packet,drop,timer,state"),
	N_("  object:tcp_sock#*  field:snd_*  task:connect  context:softirq  text:refused"),
	N_("or SQL over the views: where line > 100   stores where field = 'snd_nxt'"),
	"",
	N_("Pick a field: Tab to objects, j to an object, Enter shows all its fields, j to"),
	N_("the field; then c and C walk through its stores, y tells why it is what it is."),
};
#define LEGEND (sizeof(legend) / sizeof(legend[0]))

/* The keys that this person has set stand below a line of their own. */
static void draw_own(int y, int cols, int at, int own)
{
	if (own && at == 1)
		draw_line(y, 0, cols, LOOK_FOCUS, "%s", _("Keys that you have set"));
	else if (at > 1 && at - 2 < own)
		draw_line(y, 0, cols, LOOK_PLAIN, "  %s", keyfile_line(at - 2));
	else
		draw_line(y, 0, cols, LOOK_PLAIN, "%s", "");
}

static void draw_help_line(int y, int cols, int at, int keys, int own)
{
	const char *name, *does;
	bool heading;

	if (keys_line(at, &heading, &name, &does))
		draw_line(y, 0, cols, heading ? LOOK_FOCUS : LOOK_PLAIN,
			  heading ? "%-10s %s" : "  %-15s %s", name, does);
	else if (at < keys + (int)LEGEND)
		draw_line(y, 0, cols, LOOK_PLAIN, "%s",
			  *legend[at - keys] ? _(legend[at - keys]) : "");
	else
		draw_own(y, cols, at - keys - (int)LEGEND, own);
}

void help_draw(struct tui *ui, int rows, int cols)
{
	int keys = 0, own = 0, body = rows - 2, total;
	const char *name, *does;
	bool heading;

	while (keys_line(keys, &heading, &name, &does))
		keys++;
	while (keyfile_line(own))
		own++;
	total = keys + (int)LEGEND + (own ? own + 2 : 0);
	if (ui->help_top > total - body)
		ui->help_top = total - body;
	if (ui->help_top < 0)
		ui->help_top = 0;
	draw_line(0, 0, cols, LOOK_BAR, "%s", _(" synwalk view: help"));
	for (int i = 0; i < body; i++)
		draw_help_line(1 + i, cols, ui->help_top + i, keys, own);
	draw_line(rows - 1, 0, cols, LOOK_DIM, _("%s  q leaves the help, j k Space scroll"),
		  ui->help_top + body < total ? _("more below") : _("end"));
}

const char *keys_hint(const struct tui *ui)
{
	switch (ui->panes.focus) {
	case PANE_STACK:
		return _(
			"j k choose a call  Enter go to it  Tab pane  s in  n over  f out  ? help  q quit");
	case PANE_OBJECTS:
		return _(
			"j k choose  Enter all fields  c next store  C previous  y why  ? help  q quit");
	case PANE_LADDER:
		return _(
			"j k choose  Enter go there  p next packet  t panes  O alone  ? help  q quit");
	case PANE_STATES:
		return _("j k choose a change  Enter go there  t panes  O alone  ? help  q quit");
	case PANE_LANES:
		return _("j k what happens  Enter go there  z in  Z out  t panes  ? help  q quit");
	case PANE_PORTS:
		return _("j k choose a port  Enter go there  PgDn tables  t panes  ? help  q quit");
	case PANE_EXPLAIN:
		return _(
			"j k PgDn scroll  s n f p go on  x hides it  O alone  Tab pane  ? help  q quit");
	case PANE_PACKETS:
		return _(
			"j k choose  Enter go there  p P next  J K field  ( ) byte  ? help  q quit");
	default:
		return _(
			"s in  n over  f out  S N F back  p packet  / find  Tab pane  ? help  q quit");
	}
}
