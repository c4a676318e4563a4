/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of the texts: English is in the program, others are gettext's (po/).
 *
 * _() translates where it stands, N_() marks a text of a table for the translators; whoever prints
 * it says _().  Only words for people are translated: names of the kernel, what programs read
 * (--json, exports) and numbers never are.
 */
#ifndef SYNWALK_VIEWER_I18N_H
#define SYNWALK_VIEWER_I18N_H

#include <libintl.h>

#define _(text)  gettext(text)
#define N_(text) text

/*
 * Takes the language and the characters from the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG);
 * numbers stay as C writes them.  May be called again.
 */
void language_start(void);

#endif
