/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keys: one table, from which keys are looked up and the help is made (tui_help.c).
 *
 * The rule behind the letters: small goes forward, capital goes back.  Where a letter means
 * something to users of gdb (s, n, f), less and vi (/, g, G, :, h, q) or tig (O, Tab), it means
 * that here.  gdb's n won over vi's n: the next match is ; as vi repeats with it.
 */
#include <curses.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "viewer/i18n.h"
#include "viewer/tui.h"

/* Seconds that a move may take before the screen is drawn and it goes on; and those of a core that runs. */
#define MOMENT       0.02
#define LONGEST_MOVE 1.0

#define CTRL(c) ((c)&31)

enum action {
	ACT_IN,
	ACT_IN_BACK,
	ACT_OVER,
	ACT_OVER_BACK,
	ACT_OUT,
	ACT_OUT_BACK,
	ACT_DOWN,
	ACT_UP,
	ACT_PAGE_DOWN,
	ACT_PAGE_UP,
	ACT_HALF_DOWN,
	ACT_HALF_UP,
	ACT_FIRST,
	ACT_LAST,
	ACT_GO,
	ACT_PACKET,
	ACT_PACKET_BACK,
	ACT_WAKE,
	ACT_WAKE_BACK,
	ACT_EVENT,
	ACT_EVENT_BACK,
	ACT_STORE,
	ACT_STORE_BACK,
	ACT_WHY,
	ACT_SAME,
	ACT_SAME_BACK,
	ACT_FIND,
	ACT_FIND_BACK,
	ACT_AGAIN,
	ACT_AGAIN_BACK,
	ACT_BACK,
	ACT_FORTH,
	ACT_FOLLOW,
	ACT_RUN,
	ACT_MARK,
	ACT_GO_MARK,
	ACT_VARIABLE,
	ACT_VARIABLE_BACK,
	ACT_FILTER,
	ACT_MORE,
	ACT_LESS,
	ACT_RUNS,
	ACT_ENTER,
	ACT_PANE,
	ACT_PANE_BACK,
	ACT_ZOOM,
	ACT_FIELD,
	ACT_FIELD_BACK,
	ACT_BYTE,
	ACT_BYTE_BACK,
	ACT_ZOOM_IN,
	ACT_ZOOM_OUT,
	ACT_PANES,
	ACT_PANE_NUMBER,
	ACT_NARROWER,
	ACT_WIDER,
	ACT_LOWER,
	ACT_HIGHER,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_UNSELECT,
	ACT_EXPLAIN,
	ACT_REDRAW,
	ACT_HELP,
	ACT_QUIT,
	ACT_HEADING,
	ACTIONS
};

/* What the key file calls them. */
static const char *const action_names[ACTIONS] = {
	[ACT_IN] = "in",
	[ACT_IN_BACK] = "in-back",
	[ACT_OVER] = "over",
	[ACT_OVER_BACK] = "over-back",
	[ACT_OUT] = "out",
	[ACT_OUT_BACK] = "out-back",
	[ACT_DOWN] = "down",
	[ACT_UP] = "up",
	[ACT_PAGE_DOWN] = "page-down",
	[ACT_PAGE_UP] = "page-up",
	[ACT_HALF_DOWN] = "half-page-down",
	[ACT_HALF_UP] = "half-page-up",
	[ACT_FIRST] = "first",
	[ACT_LAST] = "last",
	[ACT_GO] = "go",
	[ACT_PACKET] = "packet",
	[ACT_PACKET_BACK] = "packet-back",
	[ACT_WAKE] = "wake",
	[ACT_WAKE_BACK] = "wake-back",
	[ACT_EVENT] = "event",
	[ACT_EVENT_BACK] = "event-back",
	[ACT_STORE] = "store",
	[ACT_STORE_BACK] = "store-back",
	[ACT_WHY] = "why",
	[ACT_SAME] = "same-function",
	[ACT_SAME_BACK] = "same-function-back",
	[ACT_FIND] = "find",
	[ACT_FIND_BACK] = "find-back",
	[ACT_AGAIN] = "again",
	[ACT_AGAIN_BACK] = "again-back",
	[ACT_BACK] = "back",
	[ACT_FORTH] = "forth",
	[ACT_FOLLOW] = "follow",
	[ACT_RUN] = "run",
	[ACT_MARK] = "mark",
	[ACT_GO_MARK] = "go-mark",
	[ACT_VARIABLE] = "variable",
	[ACT_VARIABLE_BACK] = "variable-back",
	[ACT_FILTER] = "filter",
	[ACT_MORE] = "more-detail",
	[ACT_LESS] = "less-detail",
	[ACT_RUNS] = "runs",
	[ACT_ENTER] = "enter",
	[ACT_PANE] = "pane",
	[ACT_PANE_BACK] = "pane-back",
	[ACT_ZOOM] = "zoom",
	[ACT_FIELD] = "packet-field",
	[ACT_FIELD_BACK] = "packet-field-back",
	[ACT_BYTE] = "packet-byte",
	[ACT_BYTE_BACK] = "packet-byte-back",
	[ACT_ZOOM_IN] = "lanes-closer",
	[ACT_ZOOM_OUT] = "lanes-further",
	[ACT_PANES] = "panes",
	[ACT_NARROWER] = "narrower",
	[ACT_WIDER] = "wider",
	[ACT_LOWER] = "lower",
	[ACT_HIGHER] = "higher",
	[ACT_LEFT] = "left",
	[ACT_RIGHT] = "right",
	[ACT_UNSELECT] = "unselect",
	[ACT_EXPLAIN] = "explain",
	[ACT_REDRAW] = "redraw",
	[ACT_HELP] = "help",
	[ACT_QUIT] = "quit",
};

int action_named(const char *name)
{
	for (int a = 0; a < ACTIONS; a++)
		if (action_names[a] && !strcmp(action_names[a], name))
			return a;
	return -1;
}

/* Up to four keys for an action; the first line of each group is its heading. */
static const struct binding {
	int keys[4];
	enum action action;
	const char *name, *does;
} bindings[] = {
	{ { 0 }, ACT_HEADING, N_("Steps"), N_("small letters go forward, capitals back") },
	{ { 's', KEY_RIGHT, ' ' }, ACT_IN, "s Right Space", N_("step, into calls") },
	{ { 'S', KEY_BACKSPACE, 127, CTRL('H') }, ACT_IN_BACK, "S Backspace", N_("step back") },
	{ { 'n' }, ACT_OVER, "n", N_("next line of the walk: over calls") },
	{ { 'N' }, ACT_OVER_BACK, "N", N_("previous line of the walk") },
	{ { 'f', KEY_LEFT }, ACT_OUT, "f Left", N_("out: to where this call returns") },
	{ { 'F' }, ACT_OUT_BACK, "F", N_("back out: to where this call began") },
	{ { '+', '=' }, ACT_MORE, "+", N_("more detail: calls, changes, lines, all") },
	{ { '-' }, ACT_LESS, "-", N_("less detail") },
	{ { 'r' },
	  ACT_RUNS,
	  "r",
	  N_("runs of small calls that change nothing as one line, or not") },
	{ { 0 }, ACT_HEADING, N_("Jumps"), "" },
	{ { 'g', KEY_HOME }, ACT_FIRST, "g Home", N_("first step; 42g: to step 42") },
	{ { 'G', KEY_END }, ACT_LAST, "G End", N_("last step; 42G: to step 42") },
	{ { ':' },
	  ACT_GO,
	  ":",
	  N_("to a step, time or function: 1204 +10 50% $ 40ms tcp_connect") },
	{ { 'p' }, ACT_PACKET, "p", N_("next packet") },
	{ { 'P' }, ACT_PACKET_BACK, "P", N_("previous packet") },
	{ { 'w' }, ACT_WAKE, "w", N_("next sleep, wake-up or switch of tasks") },
	{ { 'W' }, ACT_WAKE_BACK, "W", N_("previous sleep, wake-up or switch") },
	{ { 'e' }, ACT_EVENT, "e", N_("next event: drop, timer, state, packet, sleep") },
	{ { 'E' }, ACT_EVENT_BACK, "E", N_("previous event") },
	{ { 'c' }, ACT_STORE, "c", N_("next store (change) to the field at hand") },
	{ { 'C' }, ACT_STORE_BACK, "C", N_("previous store to the field at hand") },
	{ { 'y' }, ACT_WHY, "y", N_("why: to the store that gave the field its value") },
	{ { '*' }, ACT_SAME, "*", N_("next call of this function") },
	{ { '#' }, ACT_SAME_BACK, "#", N_("previous call of this function") },
	{ { 'v' }, ACT_VARIABLE, "v", N_("next variable of the source: c C y mean it then") },
	{ { 'V' }, ACT_VARIABLE_BACK, "V", N_("previous variable") },
	{ { 'm' }, ACT_MARK, "m", N_("mark this step with a letter: ma") },
	{ { '\'' }, ACT_GO_MARK, "'", N_("to a mark: 'a; '' to where the last jump began") },
	{ { 'u' }, ACT_BACK, "u", N_("back to where the last jump began") },
	{ { 'U' }, ACT_FORTH, "U", N_("forth again") },
	{ { 'T' }, ACT_FOLLOW, "T", N_("follow the tail of a trace that is being recorded") },
	{ { 'R' }, ACT_RUN, "R", N_("live: the core runs, or stops; 50R: 50 records a second") },
	{ { 0 },
	  ACT_HEADING,
	  N_("Finding"),
	  N_("names, values, errnos, source; Capitals are exact") },
	{ { '/' }, ACT_FIND, "/", N_("search forward; empty: the same again") },
	{ { '\\' }, ACT_FIND_BACK, "\\", N_("search backward") },
	{ { ';' }, ACT_AGAIN, ";", N_("next match") },
	{ { ',' }, ACT_AGAIN_BACK, ",", N_("previous match") },
	{ { '&' }, ACT_FILTER, "&", N_("filter: only some steps; empty: all (see below)") },
	{ { 0 }, ACT_HEADING, N_("Panes"), "" },
	{ { 'x' }, ACT_EXPLAIN, "x", N_("explain the step, in sentences; again: not any more") },
	{ { '\t' }, ACT_PANE, "Tab", N_("next pane") },
	{ { KEY_BTAB }, ACT_PANE_BACK, "Shift-Tab", N_("previous pane") },
	{ { 'j', KEY_DOWN }, ACT_DOWN, "j Down", N_("down in this pane (in the walk: like n)") },
	{ { 'k', KEY_UP }, ACT_UP, "k Up", N_("up in this pane (in the walk: like N)") },
	{ { KEY_NPAGE, CTRL('F') }, ACT_PAGE_DOWN, "PgDn ^F", N_("a page down") },
	{ { KEY_PPAGE, CTRL('B') }, ACT_PAGE_UP, "PgUp ^B", N_("a page up") },
	{ { CTRL('D') }, ACT_HALF_DOWN, "^D", N_("half a page down") },
	{ { CTRL('U') }, ACT_HALF_UP, "^U", N_("half a page up") },
	{ { '\r', '\n', KEY_ENTER },
	  ACT_ENTER,
	  "Enter",
	  N_("walk: fold; objects: all fields; others: go there") },
	{ { 'J' }, ACT_FIELD, "J", N_("packets: next field of the one looked at, and its bytes") },
	{ { 'K' }, ACT_FIELD_BACK, "K", N_("previous field") },
	{ { ')' }, ACT_BYTE, ")", N_("packets: next byte, and the field that has it") },
	{ { '(' }, ACT_BYTE_BACK, "(", N_("previous byte") },
	{ { 'z' }, ACT_ZOOM_IN, "z", N_("lanes: half as many steps a column") },
	{ { 'Z' }, ACT_ZOOM_OUT, "Z", N_("lanes: twice as many") },
	{ { '>' }, ACT_RIGHT, ">", N_("scroll this pane to the right") },
	{ { '<' }, ACT_LEFT, "<", N_("scroll it back") },
	{ { 'O', 'o' }, ACT_ZOOM, "O", N_("this pane alone, or all again") },
	{ { 't', KEY_F(2) },
	  ACT_PANES,
	  "t F2",
	  N_("the list of panes: t6 shows the ladder, again hides it") },
	{ { 0 },
	  ACT_PANE_NUMBER,
	  "Alt-1 .. Alt-9",
	  N_("the same with one key; Alt-0 all as at first") },
	{ { '[' }, ACT_NARROWER, "[", N_("this pane narrower") },
	{ { ']' }, ACT_WIDER, "]", N_("this pane wider") },
	{ { '{' }, ACT_LOWER, "{", N_("this pane lower") },
	{ { '}' }, ACT_HIGHER, "}", N_("this pane higher") },
	{ { 27 }, ACT_UNSELECT, "Esc", N_("select nothing") },
	{ { CTRL('L') }, ACT_REDRAW, "^L", N_("draw anew") },
	{ { 0 }, ACT_HEADING, N_("Other"), N_("a number before a key repeats it: 10n") },
	{ { 'h', '?', KEY_F(1) }, ACT_HELP, "h ? F1", N_("this help; again or q leaves it") },
	{ { 'q', 'Q', KEY_F(10) }, ACT_QUIT, "q Q F10", "quit" },
};
#define BINDINGS (sizeof(bindings) / sizeof(bindings[0]))

/* ---- actions ----------------------------------------------------------------------------------- */

#define EVENTS                                                                     \
	(TRACE_BIT(TRACE_DROP) | TRACE_BIT(TRACE_TIMER) | TRACE_BIT(TRACE_STATE) | \
	 TRACE_BIT(TRACE_PACKET) | TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE))
#define SLEEPS (TRACE_BIT(TRACE_SLEEP) | TRACE_BIT(TRACE_WAKE) | TRACE_BIT(TRACE_SWITCH))

/* Moves of the position, which can be repeated.  False when it could not move. */
static bool move_once(struct tui *ui, enum action a)
{
	struct model *m = ui->m;

	switch (a) {
	case ACT_IN:
	case ACT_IN_BACK:
		return model_step(m, a == ACT_IN);
	case ACT_OVER:
	case ACT_OVER_BACK:
		return model_over(m, a == ACT_OVER);
	case ACT_OUT:
	case ACT_OUT_BACK:
		return model_out(m, a == ACT_OUT);
	case ACT_PACKET:
	case ACT_PACKET_BACK:
		return model_go_kind(m, a == ACT_PACKET, TRACE_BIT(TRACE_PACKET), N_("packet"));
	case ACT_WAKE:
	case ACT_WAKE_BACK:
		return model_go_kind(m, a == ACT_WAKE, SLEEPS, N_("sleep or wake-up"));
	case ACT_EVENT:
	case ACT_EVENT_BACK:
		return model_go_kind(m, a == ACT_EVENT, EVENTS, N_("event"));
	case ACT_STORE:
	case ACT_STORE_BACK:
		return model_go_store(m, a == ACT_STORE);
	case ACT_SAME:
	case ACT_SAME_BACK:
		return model_go_same_function(m, a == ACT_SAME);
	case ACT_AGAIN:
	case ACT_AGAIN_BACK:
		return model_search(m, a == ACT_AGAIN, NULL);
	case ACT_BACK:
	case ACT_FORTH:
		return model_history(m, a == ACT_FORTH);
	default:
		return false;
	}
}

/* Forward moves for which a core that is looked at live goes on, if what it did does not suffice. */
static bool goes_on(enum action a)
{
	return a == ACT_IN || a == ACT_OVER || a == ACT_OUT || a == ACT_PACKET || a == ACT_WAKE ||
	       a == ACT_EVENT || a == ACT_STORE || a == ACT_SAME;
}

/* Most records that a core is let take at once. */
#define BATCH_MAX 8192

static bool move_live(struct tui *ui, enum action a)
{
	bool moved = move_once(ui, a);

	/* a step is taken one by one, so that the core does not run ahead; what is far comes sooner */
	for (int64_t batch = a == ACT_IN ? 1 : 16;
	     !moved && goes_on(a) && model_patience(ui->m) && model_more(ui->m, batch);
	     batch = batch < BATCH_MAX ? batch * 2 : batch) {
		ui->m->message[0] = '\0';
		moved = move_once(ui, a);
	}
	return moved;
}

/*
 * What the whole of a repeated move changed is "just changed".  It goes on as long as time is all that it
 * lacks; a core that runs is waited for, and no longer than that.
 */
void keys_repeat(struct tui *ui)
{
	struct repeat *r = &ui->repeat;
	bool live = trace_is_live(ui->m->t);
	double end = seconds() + (live ? LONGEST_MOVE : MOMENT);

	ui->m->message[0] = '\0';
	ui->m->deadline = end;
	r->on = true;
	do
		if (move_live(ui, (enum action)r->action))
			r->on = ++r->done < r->times;
		else
			r->on = !live && !ui->m->stop && !model_patience(ui->m);
	while (r->on && !ui->m->stop && seconds() < end);
	ui->m->deadline = 0;
	if (r->done)
		ui->m->before = r->start;
	if (r->on && (live || ui->m->stop))
		keys_repeat_stop(ui);
	else if (r->on)
		model_say(ui->m, _("%" PRId64 " of %" PRId64 "; any key stops"), r->done, r->times);
}

void keys_repeat_stop(struct tui *ui)
{
	if (ui->repeat.on)
		model_say(ui->m, _("stopped after %" PRId64 " of %" PRId64), ui->repeat.done,
			  ui->repeat.times);
	ui->repeat.on = false;
}

static void move_times(struct tui *ui, enum action a, int64_t times)
{
	ui->repeat = (struct repeat){ .action = (int)a, .times = times, .start = ui->m->step };
	ui->m->stop = 0;
	keys_repeat(ui);
}

static void act_on_pane(struct tui *ui, enum action a, int64_t times)
{
	switch (a) {
	case ACT_DOWN:
	case ACT_UP:
		pane_move(ui, a == ACT_DOWN ? times : -times);
		break;
	case ACT_PAGE_DOWN:
	case ACT_PAGE_UP:
		pane_page(ui, a == ACT_PAGE_DOWN, false);
		break;
	case ACT_HALF_DOWN:
	case ACT_HALF_UP:
		pane_page(ui, a == ACT_HALF_DOWN, true);
		break;
	case ACT_ENTER:
		pane_enter(ui);
		break;
	case ACT_PANE:
	case ACT_PANE_BACK:
		panes_next(&ui->panes, a == ACT_PANE);
		break;
	case ACT_NARROWER:
	case ACT_WIDER:
		panes_resize(&ui->panes, a == ACT_WIDER ? (int)times : -(int)times, 0);
		break;
	case ACT_LOWER:
	case ACT_HIGHER:
		panes_resize(&ui->panes, 0, a == ACT_HIGHER ? (int)times : -(int)times);
		break;
	case ACT_FIELD:
	case ACT_FIELD_BACK:
		pane_cursor(ui, a == ACT_FIELD ? times : -times, model_packet_field);
		break;
	case ACT_BYTE:
	case ACT_BYTE_BACK:
		pane_cursor(ui, a == ACT_BYTE ? times : -times, model_packet_byte);
		break;
	case ACT_ZOOM_IN:
	case ACT_ZOOM_OUT:
		model_lanes_zoom(ui->m, a == ACT_ZOOM_IN, lanes_columns(ui));
		break;
	case ACT_ZOOM:
		ui->panes.zoom = !ui->panes.zoom;
		break;
	case ACT_LEFT:
	case ACT_RIGHT:
		pane_side(ui, a == ACT_RIGHT ? 8 : -8);
		break;
	default:
		break;
	}
}

static void act(struct tui *ui, enum action a, int64_t count)
{
	int64_t times = count ? count : 1;

	switch (a) {
	case ACT_FIRST:
	case ACT_LAST:
		model_go(ui->m, count ? count : a == ACT_FIRST ? 1 : trace_last_step(ui->m->t));
		break;
	case ACT_GO:
		prompt_open(ui, ':');
		break;
	case ACT_FIND:
		prompt_open(ui, '/');
		break;
	case ACT_FIND_BACK:
		prompt_open(ui, '\\');
		break;
	case ACT_FOLLOW:
		model_follow(ui->m);
		break;
	case ACT_RUN:
		model_run(ui->m, count);
		break;
	case ACT_FILTER:
		prompt_open(ui, '&');
		break;
	case ACT_MARK:
		prompt_open(ui, 'm');
		break;
	case ACT_GO_MARK:
		prompt_open(ui, '\'');
		break;
	case ACT_VARIABLE:
	case ACT_VARIABLE_BACK:
		model_next_variable(ui->m, a == ACT_VARIABLE);
		break;
	case ACT_MORE:
		model_set_detail(ui->m, (int)ui->m->detail + 1);
		break;
	case ACT_LESS:
		model_set_detail(ui->m, (int)ui->m->detail - 1);
		break;
	case ACT_RUNS:
		model_toggle_runs(ui->m);
		break;
	case ACT_UNSELECT:
		ui->m->field_at = 0;
		ui->m->byte_at = 0;
		ui->m->ladder_at = ui->m->state_at = ui->m->lanes_at = ui->m->port_at = 0;
		model_select_object(ui->m, &(struct object_row){ .heading = true });
		break;
	case ACT_EXPLAIN:
		explain_toggle(ui);
		break;
	case ACT_REDRAW:
		if (stdscr)
			clearok(curscr, TRUE);
		break;
	case ACT_PANES:
		ui->menu = true;
		break;
	case ACT_HELP:
		ui->help = true;
		ui->help_top = 0;
		break;
	case ACT_QUIT:
		ui->quit = true;
		break;
	default:
		if (a <= ACT_OUT_BACK || (a >= ACT_PACKET && a <= ACT_FORTH && a != ACT_WHY))
			move_times(ui, a, times);
		else if (a == ACT_WHY)
			model_go_why(ui->m);
		else
			act_on_pane(ui, a, times);
		/* Whoever asks for a packet wants to see it; who jumps elsewhere, that place. */
		if (a == ACT_PACKET || a == ACT_PACKET_BACK)
			panes_lend(&ui->panes, true);
		else if (a > ACT_PACKET_BACK && a <= ACT_AGAIN_BACK)
			panes_lend(&ui->panes, false);
	}
}

bool keys_line(int i, bool *heading, const char **name, const char **does)
{
	if (i < 0 || i >= (int)BINDINGS)
		return false;
	*heading = bindings[i].action == ACT_HEADING;
	*name = *heading ? _(bindings[i].name) : bindings[i].name;
	/* of nothing gettext knows something: the head of its file */
	*does = *bindings[i].does ? _(bindings[i].does) : "";
	return true;
}

static const struct binding *binding_of(int key)
{
	int set = keyfile_action(key);

	for (size_t i = 0; set >= 0 && i < BINDINGS; i++)
		if ((int)bindings[i].action == set)
			return &bindings[i];
	if (set == KEYFILE_NONE)
		return NULL;
	for (size_t i = 0; i < BINDINGS; i++)
		for (int k = 0; k < 4; k++)
			if (bindings[i].keys[k] == key)
				return &bindings[i];
	return NULL;
}

/* The help takes its own few keys. */
static void help_key(struct tui *ui, int key)
{
	const struct binding *b = binding_of(key);

	switch (b ? b->action : ACT_HELP) {
	case ACT_DOWN:
	case ACT_OVER:
		ui->help_top++;
		break;
	case ACT_UP:
	case ACT_OVER_BACK:
		ui->help_top--;
		break;
	case ACT_IN: /* Space, as in less */
	case ACT_PAGE_DOWN:
	case ACT_HALF_DOWN:
		ui->help_top += 10;
		break;
	case ACT_PAGE_UP:
	case ACT_HALF_UP:
		ui->help_top -= 10;
		break;
	case ACT_FIRST:
		ui->help_top = 0;
		break;
	case ACT_LAST:
		ui->help_top = INT_MAX / 2; /* drawing it knows where the end is */
		break;
	default:
		ui->help = false;
	}
}

void keys_press(struct tui *ui, int key)
{
	const struct binding *b;
	int64_t count = ui->count;

	ui->m->message[0] = '\0';
	if (ui->help) {
		help_key(ui, key);
		return;
	}
	if (ui->prompt && key == KEY_MOUSE)
		return;
	if (ui->prompt) {
		prompt_key(ui, key);
		return;
	}
	if (ui->menu) {
		menu_key(ui, key);
		return;
	}
	if (key >= KEY_ALT && key <= KEY_ALT + 9) {
		ui->count = 0;
		layout_pane(ui, key - KEY_ALT);
		return;
	}
	if ((key >= '1' && key <= '9') || (key == '0' && count)) {
		if (count < 100000000)
			ui->count = count * 10 + key - '0';
		return;
	}
	ui->count = 0;
	if (key == KEY_MOUSE) {
		mouse_act(ui);
		return;
	}
	b = key > 0 ? binding_of(key) : NULL;
	if (b)
		act(ui, b->action, count);
	else if (key >= 32 && key < 127)
		model_say(ui->m, _("%c does nothing here; ? lists the keys"), key);
}
