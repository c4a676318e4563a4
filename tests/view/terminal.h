/* SPDX-License-Identifier: GPL-2.0-only */
/* Running the viewer on a pseudo-terminal and reading its screen: see terminal.c. */
#ifndef TESTS_VIEW_TERMINAL_H
#define TESTS_VIEW_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts `view PATH [OPTION]` on a terminal of that size. */
void start_with(const char *path, const char *option, int rows, int cols);
/* Skips the test if there are no translations. */
void need_chinese(void);
/* The same in Chinese; skips the test if it cannot. */
void start_in_chinese(const char *path, const char *option, int rows, int cols);
/* Types q; the viewer must end with status 0 and leave the terminal as it found it. */
void quit(void);
/* The viewer is killed, whatever it shows. */
void leave(void);

/* Types, and waits until the screen is quiet. */
void keys(const char *typed);
/* As keys(), then the bar must show this step. */
void press(const char *typed, long long step);
/* Types one character without waiting. */
void type_blindly(char c);

/* The screen, one line a row; a row without the spaces at its end. */
const char *screen(void);
const char *row(int y);
/* Waits until the text is on the screen; fails if it never is. */
void see(const char *text);
void see_not(const char *text);
void at_step(long long step);
/* Does any cell have a colour? */
bool coloured(void);
/* The highest number of a colour on the screen; -1: none. */
int highest_colour(void);
/* How a cell looks: "b" bold, "r" reverse, "u" underlined and the number of its colour; "" plain. */
const char *look_at(int y, int x);
/* Is the terminal's other screen shown, as full-screen programs do? */
bool terminal_alternate(void);
void resize(int rows, int cols);

/* What becomes of the viewer: 'E' it ends with a status, 'K' by a signal, 'S' it stops. */
void news(char kind, int value);
/* Continues a stopped viewer, as the shell's fg. */
void go_on(void);
pid_t viewer_pid(void);
void terminal_is_restored(void);
/* After news('E') or news('K'): puts everything away. */
void finish(void);

#endif
