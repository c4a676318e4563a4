/* SPDX-License-Identifier: GPL-2.0-only */
/* The input line at the bottom: what is typed behind : / \ & and the letter behind m and '. */
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include "viewer/tui.h"

#define CTRL(c) ((c)&31)

void prompt_open(struct tui *ui, char which)
{
	ui->prompt = which;
	ui->input[0] = '\0';
	ui->from = ui->m->step;
	/* the filter that is there is changed more often than it is typed anew */
	if (which == '&')
		snprintf(ui->input, sizeof(ui->input), "%s", ui->m->filter_text);
}

static bool is_search(const struct tui *ui)
{
	return ui->prompt == '/' || ui->prompt == '\\';
}

/* The letter behind m or '. */
static void letter_key(struct tui *ui, int key)
{
	char which = ui->prompt;

	ui->prompt = 0;
	if (key == 27 || key == CTRL('G'))
		return;
	if (which == 'm')
		model_mark(ui->m, key > 0 && key < 128 ? (char)key : 0);
	else
		model_go_mark(ui->m, key > 0 && key < 128 ? (char)key : 0);
}

static void prompt_done(struct tui *ui)
{
	char which = ui->prompt;

	ui->prompt = 0;
	if (which == '&') {
		ui->counted = false;
		if (!model_set_filter(ui->m, ui->input) && ui->input[0])
			ui->prompt = which; /* it is put right, not typed again */
	} else if (which == ':') {
		if (ui->input[0])
			model_go_text(ui->m, ui->input);
	} else {
		/* the jump begins where the prompt was opened, wherever typing led to */
		model_move(ui->m, ui->from, false);
		model_search(ui->m, which == '/', ui->input[0] ? ui->input : NULL);
	}
}

static void prompt_leave(struct tui *ui)
{
	if (is_search(ui))
		model_move(ui->m, ui->from, false);
	ui->prompt = 0;
}

/* Takes out the last character; one of UTF-8 goes as a whole. */
static void rub_out(struct tui *ui)
{
	size_t len = strlen(ui->input);

	if (!len)
		prompt_leave(ui); /* as less and vi: backspace over nothing leaves */
	while (len && ((unsigned char)ui->input[--len] & 0xc0) == 0x80)
		;
	ui->input[len] = '\0';
}

void prompt_key(struct tui *ui, int key)
{
	size_t len = strlen(ui->input);

	if (ui->prompt == 'm' || ui->prompt == '\'') {
		letter_key(ui, key);
		return;
	}
	switch (key) {
	case '\r':
	case '\n':
	case KEY_ENTER:
		prompt_done(ui);
		break;
	case 27:
	case CTRL('G'):
		prompt_leave(ui);
		break;
	case KEY_BACKSPACE:
	case 127:
	case CTRL('H'):
		rub_out(ui);
		break;
	case CTRL('U'):
		ui->input[0] = '\0';
		break;
	default:
		if (key >= 32 && key < 256 && key != 127 && len + 1 < sizeof(ui->input)) {
			ui->input[len] = (char)key;
			ui->input[len + 1] = '\0';
		}
	}
	ui->typed = is_search(ui);
}

void keys_look(struct tui *ui)
{
	if (ui->typed && is_search(ui))
		model_search_typed(ui->m, ui->from, ui->prompt == '/', ui->input);
	ui->typed = false;
}
