/* SPDX-License-Identifier: GPL-2.0-only */
/* Searching in the replay, without a terminal: what is found, what takes long, what typing does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/view/fixture.h"
#include "viewer/model.h"
#include "viewer/model_words.h"

static struct fixture_steps at;

static struct model *open_model(unsigned int flags)
{
	struct model *m = model_new(open_fixture("model.db", flags, &at));

	assert_non_null(m);
	return m;
}

static void test_search(void **state)
{
	struct model *m = open_model(0);

	assert_false(model_search(m, true, NULL));
	assert_true(model_search(m, true, "finish"));
	assert_int_equal(m->step, at.softirq_rcv + 1); /* the line that calls it */
	assert_true(model_search(m, true, NULL));
	assert_int_equal(m->step, at.softirq_rcv + 2);
	assert_true(model_search(m, false, NULL));
	assert_int_equal(m->step, at.softirq_rcv + 1);
	assert_true(model_search(m, true, "ECONNREFUSED"));
	assert_int_equal(m->step, at.connect_return);
	assert_false(model_search(m, true, "zebra"));
	assert_non_null(strstr(m->message, "zebra"));
	assert_int_equal(m->step, at.connect_return);
	model_free(m);
}

/* What takes longer than somebody waits goes on while nobody types, and is taken up after a key. */
static void test_search_goes_on(void **state)
{
	struct model *m = open_model(0);

	m->patience = 1e-9;
	assert_false(model_search(m, true, "NO_SOCKET"));
	assert_true(m->seeking.on);
	assert_string_equal(m->message, "looking for NO_SOCKET: 28 %; any key stops");
	assert_int_equal(m->step, 1);
	assert_false(model_search_work(m));
	assert_int_equal(m->step, at.drop);
	/* nothing is left of it */
	assert_false(model_search_work(m));
	assert_int_equal(m->step, at.drop);
	model_go(m, trace_last_step(m->t));
	assert_false(model_search(m, false, "secure_seq()"));
	assert_true(m->seeking.on && m->seeking.reached < trace_last_step(m->t));
	model_search_stop(m);
	assert_string_equal(m->message, "search stopped");
	assert_false(model_search_work(m));
	/* each time it comes further, from where it was */
	for (int64_t before = m->seeking.reached; !model_search(m, false, NULL);
	     before = m->seeking.reached)
		assert_true(m->seeking.reached > 0 && m->seeking.reached < before);
	m->patience = 0;
	model_go(m, 1);
	assert_true(model_search(m, true, "secure_seq()"));
	assert_false(m->seeking.on);
	model_free(m);
}

/* That a function is not called any more is said before its name is looked for elsewhere. */
static void test_search_uncalled(void **state)
{
	struct model *m = open_model(0);

	model_go(m, at.v4_connect_return + 1);
	m->patience = 1e-9;
	assert_false(model_search(m, true, "tcp_v4_connect"));
	assert_true(m->seeking.on);
	assert_string_equal(m->message,
			    "no later call of tcp_v4_connect; looking for its name in lines "
			    "and values: 57 %");
	m->patience = 0;
	assert_false(model_search(m, true, NULL));
	assert_string_equal(m->message, "tcp_v4_connect: not found after here");
	model_free(m);
}

static void test_search_typed(void **state)
{
	struct model *m = open_model(0);

	model_go(m, 3);
	model_search_typed(m, 3, true, "f");
	assert_int_equal(m->nhistory, 1);
	model_search_typed(m, 3, true, "finish");
	assert_int_equal(m->step, at.softirq_rcv + 1);
	model_search_typed(m, 3, true, "finishx");
	assert_int_equal(m->step, 3);
	assert_string_equal(m->message, "not found");
	model_search_typed(m, 3, true, "");
	assert_int_equal(m->step, 3);
	/* typing is no jump */
	assert_int_equal(m->nhistory, 1);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_search_goes_on),
		cmocka_unit_test(test_search_uncalled),
		cmocka_unit_test(test_search_typed),
	};

	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
