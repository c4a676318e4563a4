/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The screen of the replay, on ncurses: how the model is shown and which keys move it.
 *
 * tui.c has the loop, tui_term.c the terminal's life (and its rescue when the program dies),
 * tui_draw.c text, attributes and lines, tui_layout.c the frame around the panes (panes.c says where
 * they lie), tui_panes.c and the files named after panes what stands in them, tui_keys.c the one table
 * of keys from which the help is made too, tui_keyfile.c the keys that a person has set, tui_mouse.c
 * the mouse; linear.c does without a screen.
 */
#ifndef SYNWALK_VIEWER_TUI_H
#define SYNWALK_VIEWER_TUI_H

#include "viewer/model.h"
#include "viewer/panes.h"

/* Rows of the screen that the mouse is known to have clicked; no terminal has more. */
#define TUI_ROWS 512

/**
 * struct repeat - a move that is done so many times
 * @on: it has not been done as often yet; @action: enum action
 * @done: how often it was; @start: where it began
 */
struct repeat {
	bool on;
	int action;
	int64_t times, done, start;
};

/**
 * struct tui - the screen
 * @m: what is shown
 * @panes: which panes there are and where they lie
 * @side: columns each pane is scrolled to the right
 * @scroll: lines the source and the packet's fields are scrolled away from where they would stand
 * @top: first row of objects and stack on screen
 * @page: rows of content the focused pane has
 * @line_step: of each row of the screen, the step of the walk that stands there; 0: none
 * @help: the help covers the screen, from line help_top
 * @help_top: see there
 * @menu: the list of panes is open
 * @prompt: 0, or the character whose input line is open: '/', '\\', ':', '&'; 'm' and '\'' take one letter
 * @input: what was typed into it
 * @from: where it was opened; @typed: something was, and has not been looked for
 * @count: a number typed before a key, 0 if none
 * @drawn: when the screen was drawn last, by seconds(); @counted: with all matches of the filter
 * @quit: the loop is to end
 * @repeat: a move that takes longer than somebody waits, and goes on while nobody types
 * @explained: the step that the explanation pane told of last; @explain_more: lines of it below the pane
 */
struct tui {
	struct model *m;
	struct panes panes;
	int side[PANES], scroll[PANES], top[PANES], page;
	int64_t line_step[TUI_ROWS];
	bool help;
	int help_top;
	bool menu;
	char prompt;
	char input[200];
	int64_t from;
	int64_t count;
	double drawn;
	bool typed, counted, quit;
	struct repeat repeat;
	int64_t explained;
	int explain_more;
};

/**
 * struct tui_options - how a person wants the screen
 * @ascii: lines and signs in ASCII; @mouse: clicks and the wheel are taken
 * @colours: enum colours
 */
struct tui_options {
	bool ascii, mouse;
	int colours;
};

/* Runs the viewer until the person quits.  An exit status; -1 if the terminal cannot do it. */
int tui_run(struct model *m, const struct tui_options *options);
/*
 * The same for who cannot see a screen that changes, or has none: keys are read in lines, and what they
 * led to is printed as lines (linear.c).  An exit status.
 */
int linear_run(struct model *m);

/* ---- tui_term.c -------------------------------------------------------------------------------- */

/* Alt and a digit arrive as this and the digit. */
#define KEY_ALT 0x300

/* Takes the terminal over.  False if it cannot show a screen. */
bool term_start(volatile int *interrupt, bool mouse);
void term_end(void);
/* A key if one was typed, KEY_RESIZE if the size has changed, else ERR. */
int term_key_at_once(void);
/* Waits for one of them.  ERR: ^C was typed, which sets the flag; or the terminal has gone. */
int term_key(void);
/* Can this terminal show a screen at all (a tty, TERM known and not dumb)? */
bool term_able(void);

/* ---- tui_draw.c -------------------------------------------------------------------------------- */

/* What a piece of text is; the look follows from it and from what the terminal can do. */
enum look {
	LOOK_PLAIN,
	LOOK_BAR,      /* the bar at the top */
	LOOK_HEADING,  /* a pane's heading */
	LOOK_FOCUS,    /* the focused pane's heading */
	LOOK_CURRENT,  /* the line one stands on */
	LOOK_SELECTED, /* a line that was selected, in another pane */
	LOOK_CHANGED,  /* what the last move changed */
	LOOK_DIM,      /* outside of what matters now */
	LOOK_NAME,     /* functions */
	LOOK_PACKET,
	LOOK_BAD, /* drops, errors, messages */
	LOOKS
};

/* Signs that exist in UTF-8 and in ASCII. */
enum glyph {
	GLYPH_HERE,
	GLYPH_FOLDED,
	GLYPH_OPEN,
	GLYPH_LINE,
	GLYPH_BAR,
	GLYPH_TEE,
	GLYPH_CROSS,
	GLYPH_MORE,
	GLYPH_FOOT,
	GLYPH_FROM_LEFT,
	GLYPH_FROM_RIGHT,
	GLYPH_TO_RIGHT, /* heads of arrows */
	GLYPH_TO_LEFT,
	GLYPH_TO_UP,
	GLYPH_TO_DOWN,
	GLYPH_FULL, /* lanes: runs, runs among others, sleeps, ready */
	GLYPH_PART,
	GLYPH_SLEEP,
	GLYPH_READY,
	GLYPHS
};

/* Which colours: of the terminal's, as it can and NO_COLOR allows; none; 16; 256. */
enum colours { COLOURS_AUTO, COLOURS_NONE, COLOURS_16, COLOURS_256 };

void draw_start(bool ascii, enum colours wanted);
const char *glyph(enum glyph g);
/* A piece of line that goes to those sides of its cell. */
enum { TO_UP = 1, TO_RIGHT = 2, TO_DOWN = 4, TO_LEFT = 8 };
const char *line_piece(int sides, bool heavy);
int draw_look(enum look look); /* as curses attributes */
/*
 * Writes text from column SIDE on into WIDTH cells and fills the rest with spaces.  What does not
 * fit ends in a sign.  Returns the cells used.
 */
int draw_text(int y, int x, int width, int side, enum look look, const char *text, size_t len);
void draw_line(int y, int x, int width, enum look look, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* The last part of a path. */
const char *file_name(const char *path);
/* How many cells a text takes. */
int text_width(const char *text);
/* A source line with its tabs as spaces, up to every @tab-th column. */
void expand_tabs(char *out, size_t room, const char *line, size_t len, size_t tab);
/* A text and spaces behind it, up to so many cells. */
char *padded(char *buf, size_t len, const char *text, int cells);

/* ---- tui_layout.c ------------------------------------------------------------------------------ */

void layout(struct tui *ui, int rows, int cols);
/* Draws headings and the lines between panes. */
void layout_draw(struct tui *ui);
/* The list of panes, over the others: a digit shows, looks at or hides one. */
void menu_draw(struct tui *ui, int rows, int cols);
void menu_key(struct tui *ui, int key);
/* Shows the pane of that number (from 1), looks at it, or hides it; 0: all as at first. */
void layout_pane(struct tui *ui, int number);

/* ---- tui_panes.c ------------------------------------------------------------------------------- */

void panes_draw(struct tui *ui);
/* Empties the rows of a pane's content from ROW on. */
void pane_blank(const struct box *b, int row, int rows);
/* The panes that have files of their own. */
void draw_packets(struct tui *ui);
void draw_ladder(struct tui *ui);
void draw_states(struct tui *ui);
void draw_lanes(struct tui *ui);
void draw_ports(struct tui *ui);
/* Columns that the axis of the lanes has. */
int lanes_columns(const struct tui *ui);
const char *pane_title(struct tui *ui, enum pane p, char *buf, size_t len);
/* How many rows of the packets' pane are its list. */
int pane_packet_rows(const struct tui *ui);

/* ---- tui_prompt.c ------------------------------------------------------------------------------ */

/* Opens the input line for what a key asks for, see tui.prompt. */
void prompt_open(struct tui *ui, char which);
/* A key that is typed into it. */
void prompt_key(struct tui *ui, int key);

/* ---- tui_explain.c ----------------------------------------------------------------------------- */

void draw_explain(struct tui *ui);
/*
 * Explains the model's position in a box, below its first row, which is for a heading; from line *TOP on,
 * which is corrected where there is no such line.  How many lines are below (negative: rows are left).
 */
int explain_draw(struct model *m, const struct box *b, int *top);
/* Shows the explanation of the step, or hides it. */
void explain_toggle(struct tui *ui);

/* ---- tui_keys.c -------------------------------------------------------------------------------- */

void keys_press(struct tui *ui, int key);
/* Goes on with a repeated move for a moment; ends it, wherever it has come. */
void keys_repeat(struct tui *ui);
void keys_repeat_stop(struct tui *ui);
/* Searches for what has been typed so far; to be called when nobody types for a moment. */
void keys_look(struct tui *ui);
/* The action of a name as the key file spells it ("over", "over-back"); -1: there is none. */
int action_named(const char *name);
/* A line of the table of keys: a heading, or keys and what they do.  False behind the last. */
bool keys_line(int i, bool *heading, const char **name, const char **does);

/* ---- tui_help.c -------------------------------------------------------------------------------- */

void help_draw(struct tui *ui, int rows, int cols);
/* The line of most used keys, as many as fit. */
const char *keys_hint(const struct tui *ui);

/* ---- tui_keyfile.c ------------------------------------------------------------------------------ */

/*
 * Reads the keys that a person has set, from $XDG_CONFIG_HOME/synwalk/keys or ~/.config/synwalk/keys.
 * What is wrong in it is told in @err, with file and line; the other lines count.  0, or -1 with @err.
 */
int keyfile_read(char *err, size_t errlen);
/* The file says that a key does nothing. */
#define KEYFILE_NONE (-2)

/* The action that the file gives a key, or KEYFILE_NONE; -1: it says nothing of it. */
int keyfile_action(int key);
/* Its line number @i as "^N over", for the help; NULL: there are no more. */
const char *keyfile_line(int i);
void keyfile_forget(void);

/* ---- tui_mouse.c -------------------------------------------------------------------------------- */

/* Acts on the mouse's last event: a click looks at a pane and goes to its line, the wheel moves in it. */
void mouse_act(struct tui *ui);

/* ---- tui_move.c: what a key does in the focused pane -------------------------------------------- */

void pane_move(struct tui *ui, int64_t rows);
/* The cursor in the packet that is looked at; the packets come into sight. */
void pane_cursor(struct tui *ui, int64_t by, bool (*move)(struct model *m, bool forward));
void pane_enter(struct tui *ui);
void pane_page(struct tui *ui, bool forward, bool half);
void pane_side(struct tui *ui, int columns);

#endif
