/* SPDX-License-Identifier: GPL-2.0-only */

/* A run of one's own. */

#include <stdio.h>
#include <stdlib.h>

#include "labs/files.h"
#include "labs/vary.h"

/* splitmix64 */
uint64_t variation_draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int between(uint64_t *state, unsigned int low, unsigned int high)
{
	return low + (unsigned int)(variation_draw(state) % (high - low + 1));
}

struct variation variation_of(uint64_t student, int run)
{
	/* The networks that RFC 5737 keeps for examples: nobody's host is in them. */
	static const char *const far[] = { "192.0.2", "198.51.100", "203.0.113" };
	uint64_t which = run == RUN_SEEN ? student % VARIATIONS : student;
	uint64_t state = which * RUN_KINDS + (unsigned int)run;
	struct variation v = { .seed = variation_draw(&state) % 1000000 + 1 };
	unsigned int net = between(&state, 0, 255), host = between(&state, 10, 120);

	snprintf(v.local, sizeof(v.local), "10.9.%u.%u", net, host);
	snprintf(v.gateway, sizeof(v.gateway), "10.9.%u.%u", net, between(&state, 1, 9));
	snprintf(v.other, sizeof(v.other), "10.9.%u.%u", net, host + between(&state, 1, 120));
	snprintf(v.remote, sizeof(v.remote), "%s.%u", far[between(&state, 0, 2)],
		 between(&state, 1, 254));
	v.port = between(&state, 1024, 9999);
	return v;
}

char *variation_apply(const struct variation *v, const char *script)
{
	char port[16];
	const char *const pairs[][2] = { { "@local@", v->local },
					 { "@gateway@", v->gateway },
					 { "@remote@", v->remote },
					 { "@other@", v->other },
					 { "@port@", port } };
	char *text = text_format("%s", script);

	snprintf(port, sizeof(port), "%u", v->port);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char *next = text_replace(text, pairs[i][0], pairs[i][1]);

		free(text);
		text = next;
	}
	return text;
}
