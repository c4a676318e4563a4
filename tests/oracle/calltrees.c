// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds traces of ours against call trees recorded from a v4.9 kernel.
 *
 *     calltrees LEFT_OUT.txt DIFFERENCES.txt RECORDING.txt TRACE.db [RECORDING.txt TRACE.db ...]
 *
 * Theory of operation
 *
 * A recording is a list of indented function names, cut by lines that say whose context it is from
 * there on ("== task-pid"); each context goes on where it was left. What hangs at no caller is a
 * unit: a system call, a timer, a write of the test's device driver. So is what interrupts without
 * being called by what it interrupts: the handlers below __do_softirq(), and each frame
 * (__netif_receive_skb()) below them, because how many frames one softirq finds is a matter of
 * speed. Our trace is cut at the same places.
 *
 * Where a context goes on in the middle of a call, after others were recorded, the recording has lost
 * which callers are still open: what follows is a unit of its own, "(resumed)". It is placed among
 * the calls that come after the last one placed of the unit it belongs to, within the same system
 * call.
 *
 * A unit is placed in the call of that name in our trace which explains it best. Below it every
 * recorded function must be called, in the recorded order, below the recorded caller; functions of
 * ours in between are allowed. match() finds the placement of a function's recorded callees among
 * the calls below it that leaves the fewest unplaced. It is exact: callees are placed from the last
 * to the first, and for each position in the list of calls the best cost of the rest is known.
 *
 * Two tables say what cannot be found.
 *
 * LEFT_OUT.txt, valid in every recording: functions that this kernel in miniature does without.
 *     function     reason     it is skipped, its callees count as its caller's
 *     function/    reason     with all that it calls
 *     @function    reason     the whole unit in which it is called: somebody else's work
 * A function named in the first two ways must never be called in a trace of ours.
 *
 * DIFFERENCES.txt: functions that we have and that are not where they were recorded.
 *     caller/function          reason     it is skipped there
 *     caller/function/         reason     with all that it calls
 *     RECORDING:caller/function           the same in that recording alone
 *     =recorded/ours                      it has another name here
 * "*" is any caller. A line of either table that no recording needs is an error.
 */

#include "tests/oracle/calltree_recording.h"
#include "trace/read/read.h"

/* One call of the trace, in preorder below its unit. */
struct call {
	const char *name;
	int64_t step;
	int parent;
	int end; /* index of the last call below it */
};

static struct call *calls;
static int ncalls;

/* ---------------------------------------------------------------- our trace */

/* Calls in the order of their steps; parent is a step until build_calls(). */
struct raw {
	const char *name;
	int64_t step, parent;
	int context;
	int up, child, last, next; /* indices, -1 */
};

static struct raw *raws;
static int nraws, raw_room;

static int one_call(void *ctx, const struct trace_step *s)
{
	(void)ctx;
	if (nraws == raw_room) {
		raw_room = raw_room ? raw_room * 2 : 8192;
		raws = realloc(raws, (size_t)raw_room * sizeof(*raws));
		if (!raws)
			die("calls", "out of memory");
	}
	raws[nraws++] = (struct raw){
		.name = s->func ? s->func->name : "?",
		.step = s->step,
		.parent = s->parent,
		.context = s->context,
		.up = -1,
		.child = -1,
		.last = -1,
		.next = -1,
	};
	return 0;
}

static int by_step(const void *a, const void *b)
{
	int64_t x = ((const struct raw *)a)->step, y = ((const struct raw *)b)->step;

	return x < y ? -1 : x > y;
}

static void add_tree(int raw, int parent)
{
	int c = ncalls++, kid;

	calls[c] =
		(struct call){ .name = raws[raw].name, .step = raws[raw].step, .parent = parent };
	for (kid = raws[raw].child; kid >= 0; kid = raws[kid].next)
		add_tree(kid, c);
	calls[c].end = ncalls - 1;
}

static void build_calls(void)
{
	struct raw key, *up;
	int i;

	for (i = 0; i < nraws; i++) {
		key.step = raws[i].parent;
		up = raws[i].parent ? bsearch(&key, raws, (size_t)nraws, sizeof(key), by_step) :
				      NULL;
		if (!up || up->context != raws[i].context || is_cut(up->name, raws[i].name))
			continue;
		raws[i].up = (int)(up - raws);
		if (up->last >= 0)
			raws[up->last].next = i;
		else
			up->child = i;
		up->last = i;
	}
	calls = zeroed((size_t)nraws, sizeof(*calls));
	ncalls = 0;
	for (i = 0; i < nraws; i++)
		if (raws[i].up < 0)
			add_tree(i, -1);
	nraws = 0;
}

static void note_ours(void)
{
	int i, k;

	for (i = 0; i < ncalls; i++)
		for (k = 0; k < nleft_out; k++)
			if (left_out[k].how != '@' && !strcmp(left_out[k].name, calls[i].name))
				left_out[k].ours = 1;
}

/* ---------------------------------------------------------------- matching */

/* The recorded callees of @n, those of skipped ones in their place. */
static int children(int n, int *out, int count)
{
	int i;

	for (i = n + 1; i <= nodes[n].end; i = nodes[i].end + 1) {
		if (nodes[i].skipped)
			count = children(i, out, count);
		else
			out[count++] = i;
	}
	return count;
}

/* How many are lost when @n cannot be placed: itself and all below. */
static int weight(int n)
{
	int sum = 0, i;

	for (i = n; i <= nodes[n].end; i++)
		sum += !nodes[i].skipped;
	return sum;
}

/*
 * The least number of recorded nodes that stay unplaced below @n among the calls @from to @to. With
 * @commit the placement itself is written into nodes[].placed.
 */
static int match(int n, int from, int to, int commit)
{
	int *kids = zeroed((size_t)(nodes[n].end - n), sizeof(int)), count = children(n, kids, 0);
	int size = to - from + 2; /* positions from .. to + 1 */
	int *cost, *choice, i, p, result;

	if (!count) {
		free(kids);
		return 0;
	}
	cost = zeroed((size_t)(count + 1) * (size_t)size, sizeof(int));
	choice = zeroed((size_t)(count + 1) * (size_t)size, sizeof(int));
#define AT(table, kid, pos) table[(size_t)(kid) * (size_t)size + (size_t)((pos)-from)]
	for (i = count - 1; i >= 0; i--) {
		int lost = weight(kids[i]);

		/* At the end nothing can be placed any more. */
		AT(cost, i, to + 1) = lost + AT(cost, i + 1, to + 1);
		AT(choice, i, to + 1) = -1;
		for (p = to; p >= from; p--) {
			int best = lost + AT(cost, i + 1, p), pick = -1, end = calls[p].end, here;

			if (AT(cost, i, p + 1) < best) {
				best = AT(cost, i, p + 1);
				pick = AT(choice, i, p + 1);
			}
			if (!strcmp(calls[p].name, nodes[kids[i]].name)) {
				here = match(kids[i], p + 1, end, 0) + AT(cost, i + 1, end + 1);
				if (here <= best) {
					best = here;
					pick = p;
				}
			}
			AT(cost, i, p) = best;
			AT(choice, i, p) = pick;
		}
	}
	result = AT(cost, 0, from);
	for (i = 0, p = from; commit && i < count; i++) {
		int pick = AT(choice, i, p);

		if (pick < 0)
			continue;
		nodes[kids[i]].placed = pick;
		match(kids[i], pick + 1, calls[pick].end, 1);
		p = calls[pick].end + 1;
	}
#undef AT
	free(kids);
	free(cost);
	free(choice);
	return result;
}

/* The unit that @n is of, or goes on. */
static int unit_of(int n)
{
	while (nodes[n].parent >= 0)
		n = nodes[n].parent;
	return nodes[n].resumes >= 0 ? nodes[n].resumes : n;
}

/* What goes on with a unit comes after all that was placed of it, and within its call. */
static void place_resumed(int n)
{
	int unit = nodes[n].resumes, last = nodes[unit].placed, i;

	if (last < 0)
		return;
	for (i = unit; i < n; i++)
		if (nodes[i].placed > last && unit_of(i) == unit)
			last = nodes[i].placed;
	nodes[n].placed = last;
	match(n, last + 1, calls[nodes[unit].placed].end, 1);
}

/* Places a unit, and all below it, in the best of the calls of its name. */
static void place_unit(int unit)
{
	int best = -1, best_cost = 0, c;

	if (nodes[unit].resumes >= 0) {
		place_resumed(unit);
		return;
	}
	if (nodes[unit].skipped) {
		for (c = unit + 1; c <= nodes[unit].end; c = nodes[c].end + 1)
			place_unit(c);
		return;
	}
	for (c = 0; c < ncalls; c++) {
		int cost;

		if (strcmp(calls[c].name, nodes[unit].name))
			continue;
		cost = match(unit, c + 1, calls[c].end, 0);
		if (best < 0 || cost < best_cost) {
			best = c;
			best_cost = cost;
		}
	}
	if (best < 0)
		return;
	nodes[unit].placed = best;
	match(unit, best + 1, calls[best].end, 1);
}

static void place_all(int with_differences)
{
	int i;

	for (i = 0; i < nnodes; i++) {
		if (nodes[i].rule)
			nodes[i].skipped = with_differences;
		nodes[i].placed = -1;
	}
	for (i = 0; i < nnodes; i = nodes[i].end + 1)
		place_unit(i);
}

/* ---------------------------------------------------------------- the report */

static int find_below(const char *name, int from, int to)
{
	int c;

	for (c = from; c <= to; c++)
		if (!strcmp(calls[c].name, name))
			return c;
	return -1;
}

static int kept_parent(int n)
{
	int p = nodes[n].parent;

	while (p >= 0 && nodes[p].skipped)
		p = nodes[p].parent;
	return p;
}

static void explain(int n)
{
	int p = kept_parent(n), where = -1;

	if (p >= 0 && nodes[p].placed < 0)
		return; /* its caller is missing, which was said */
	if (p >= 0)
		where = find_below(nodes[n].name, nodes[p].placed + 1,
				   nodes[p].resumes >= 0 ?
					   calls[nodes[nodes[p].resumes].placed].end :
					   calls[nodes[p].placed].end);
	printf("# %s:%d: ", recording, nodes[n].line);
	if (where >= 0) {
		printf("out of order: %s in %s: called at step %lld, not where it was recorded\n",
		       nodes[n].name, nodes[p].name, (long long)calls[where].step);
		return;
	}
	where = find_below(nodes[n].name, 0, ncalls - 1);
	printf("missing: %s in %s", nodes[n].name, p < 0 ? "no one" : nodes[p].name);
	if (p >= 0)
		printf(" (step %lld)", (long long)calls[nodes[p].placed].step);
	if (where < 0)
		printf(": never called\n");
	else
		printf(": called elsewhere, first at step %lld by %s\n",
		       (long long)calls[where].step,
		       calls[where].parent < 0 ? "no one" : calls[calls[where].parent].name);
}

static int total_recorded, total_placed, total_excused, total_differences;

/* One recording. Return: the number of functions that are not where they should be. */
static int report(int number)
{
	int i, total = 0, excused = 0, bad = 0;

	for (i = 0; i < nnodes; i++) {
		if (nodes[i].resumes >= 0)
			continue; /* not a call */
		total++;
		total_differences += nodes[i].skipped && nodes[i].rule;
		if (nodes[i].skipped)
			excused++;
		else if (nodes[i].placed < 0)
			bad++;
	}
	printf("%sok %d - %s: %d recorded calls, %d placed, %d excused, %d not where recorded\n",
	       bad ? "not " : "", number, recording, total, total - excused - bad, excused, bad);
	for (i = 0; bad && i < nnodes; i++)
		if (!nodes[i].skipped && nodes[i].resumes < 0 && nodes[i].placed < 0)
			explain(i);
	total_recorded += total;
	total_placed += total - excused - bad;
	total_excused += excused;
	return bad;
}

/* Which differences are found when they are not allowed for: those are none. */
static void note_needed(void)
{
	int i;

	place_all(0);
	for (i = 0; i < nnodes; i++)
		if (nodes[i].rule && nodes[i].placed < 0)
			differences[nodes[i].rule - 1].needed = 1;
}

static int report_tables(int number)
{
	int i, bad = 0;

	for (i = 0; i < nleft_out; i++) {
		if (!left_out[i].used)
			printf("# left out, but never recorded: %s\n", left_out[i].name);
		if (left_out[i].ours)
			printf("# left out, but we have it: %s\n", left_out[i].name);
		bad += !left_out[i].used || left_out[i].ours;
	}
	for (i = 0; i < ndifferences; i++) {
		if (!differences[i].used)
			printf("# difference in what was never recorded: %s/%s\n",
			       differences[i].caller, differences[i].name);
		else if (!differences[i].needed)
			printf("# no difference: %s is called in %s as recorded\n",
			       differences[i].name, differences[i].caller);
		bad += !differences[i].needed;
	}
	for (i = 0; i < nrenames; i++) {
		if (!renames[i].used)
			printf("# another name for what was never recorded: %s\n", renames[i].name);
		bad += !renames[i].used;
	}
	printf("%sok %d - every line of the tables is needed (%d left out, %d differences)\n",
	       bad ? "not " : "", number, nleft_out, ndifferences);
	return bad;
}

static void hold(const char *path, const char *trace, int number, int *bad)
{
	static char name[NAME];
	const char *slash = strrchr(path, '/');
	struct trace *t;
	char err[512];

	snprintf(name, NAME, "%.63s", slash ? slash + 1 : path);
	name[strcspn(name, ".") + 1 + strcspn(name + strcspn(name, ".") + 1, ".")] = '\0';
	recording = name;
	t = trace_open(trace, err, sizeof(err));
	if (!t)
		die(trace, err);
	if (trace_each(t, 1, trace_last_step(t), TRACE_BIT(TRACE_CALL), one_call, NULL) < 0)
		die(trace, trace_error(t));
	build_calls();
	note_ours();
	parse_recording(path);
	sort_recording();
	apply_left_out();
	apply_differences();
	place_all(1);
	*bad += report(number);
	note_needed();
	free(calls);
	trace_close(t);
}

int main(int argc, char **argv)
{
	int i, bad = 0, number = 0;

	if (argc < 5 || argc % 2 == 0)
		die("usage", "calltrees LEFT_OUT.txt DIFFERENCES.txt RECORDING.txt TRACE.db ...");
	read_table(argv[1], left_out_line);
	read_table(argv[2], difference_line);
	for (i = 3; i < argc; i += 2)
		hold(argv[i], argv[i + 1], ++number, &bad);
	bad += report_tables(++number);
	printf("# excused: %d left out or somebody else's, %d differences\n",
	       total_excused - total_differences, total_differences);
	printf("# score calltrees %d of %d, %d excused\n", total_placed, total_recorded,
	       total_excused);
	printf("1..%d\n", number);
	free(raws);
	return bad ? 1 : 0;
}
