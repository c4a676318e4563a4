/* SPDX-License-Identifier: GPL-2.0-only */
#include "viewer/command.h"
int cmd_view(int argc, char **argv) { return cmd_show(argc, argv); }
