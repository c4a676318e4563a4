/* SPDX-License-Identifier: GPL-2.0-only */
/* It leaves all to the core. */
