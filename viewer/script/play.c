/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Playing a script: its events one after the other, on the core's virtual clock.
 *
 * Theory of operation
 *
 * The play stands outside of the core and lets it run in pieces: until the time of the next event,
 * until a task has returned, until a frame has come. Between two pieces nothing moves, so that an
 * event happens exactly when its line says.
 *
 * What the core sends is put into an inbox with the time at which it was sent; a line with '>'
 * takes the oldest out, waiting for one if there is none. Frames that no line asks for stay there
 * until the next '>' finds them first, and is told that it expected something else: as in
 * packetdrill, a script speaks of every packet up to its last. Packets of sockets older than the
 * last one made are the exception, as there: lines without ports pass over what does not fit.
 *
 * A call runs in its task. One that is written with a time range may block: the play goes on with
 * the following lines, and holds the result against its line as soon as it is there, at the latest
 * when its time is over.
 *
 * Over a veth the far end hears within the call that sends. Lines that answer at +0, or are marked
 * (inside), happen there and then, and the play goes on behind them once that call has returned or
 * sleeps.
 *
 * ARP is the wire's own business unless the script has lines about it.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/include/synwalk/core.h"
#include "viewer/script/play.h"

/* How long '*' waits for a packet, and a script's end for a call without an end. */
#define LONG_NS (3600ull * 1000000000)

static const uint8_t near_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };
static const uint8_t far_mac[6] = { 0x02, 0, 0, 0, 0, 0x02 };

/* ---------------------------------------------------------------- failures */

const char *play_time(const struct play *p, uint64_t ns, char text[32])
{
	ns -= p->begin_ns;
	snprintf(text, 32, "%llu.%06llu", (unsigned long long)ns / 1000000000,
		 (unsigned long long)ns / 1000 % 1000000);
	return text;
}

/* The script's line, without the white space around it. */
static int script_line(const struct play *p, int line, const char **text)
{
	const char *begin = p->text, *end;

	while (--line > 0 && (begin = strchr(begin, '\n')) != NULL)
		begin++;
	if (!begin)
		return 0;
	begin += strspn(begin, " \t");
	end = begin + strcspn(begin, "\r\n");
	while (end > begin && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*text = begin;
	return (int)(end - begin);
}

int play_fail(struct play *p, enum outcome outcome, struct at at, const char *fmt, ...)
{
	const char *line;
	va_list args;
	int n, length;

	if (p->outcome != PLAY_DONE)
		return -1;
	p->outcome = outcome;
	p->failure_ns = *core_clock();
	p->failure_line = at.line;
	n = snprintf(p->failure, sizeof(p->failure), "%s:%d:%d: ", p->script->name, at.line,
		     at.column);
	va_start(args, fmt);
	n += vsnprintf(p->failure + n, sizeof(p->failure) - (size_t)n, fmt, args);
	va_end(args);
	length = outcome == PLAY_FAILED ? script_line(p, at.line, &line) : 0;
	if (length && (size_t)n < sizeof(p->failure))
		snprintf(p->failure + n, sizeof(p->failure) - (size_t)n, "\n    expected: %.*s",
			 length, line);
	return -1;
}

/* A second line of a failure: the packet or time that came instead. */
static int add_got(struct play *p, const char *got)
{
	size_t n = strlen(p->failure);

	if (n < sizeof(p->failure))
		snprintf(p->failure + n, sizeof(p->failure) - n, "\n    got:      %s", got);
	return -1;
}

/* ---------------------------------------------------------------- the wire */

static void answer_inside(struct play *p);

/* A frame to the core, now; over a tun its Ethernet header stays away. -errno. */
static int send_frame(struct play *p, const uint8_t *frame, size_t n)
{
	size_t skip = p->settings.link == LINK_TUN ? ETH_HEADER : 0;

	return core_wire_inject(PLAY_DEVICE, frame + skip, n - skip, 0);
}

/* Where the next frame goes; NULL: there is no room. Most scripts need only the first few places. */
static struct seen *inbox_next(struct play *p)
{
	struct seen **s = &p->inbox[(p->first + p->ninbox) % PLAY_INBOX];

	if (p->ninbox == PLAY_INBOX)
		return NULL;
	if (!*s)
		*s = calloc(1, sizeof(**s));
	return *s;
}

void play_hears(void *ctx, const void *frame, size_t length)
{
	struct play *p = ctx;
	size_t n, header = p->settings.link == LINK_TUN ? ETH_HEADER : 0;
	struct seen *s = inbox_next(p);
	uint8_t answer[FRAME_MAX];

	p->frames++;
	if (!s || length + header > FRAME_MAX) {
		p->overflow = true;
		return;
	}
	s->at_ns = *core_clock();
	s->ordinal = p->frames;
	s->sockets = p->sockets;
	s->length = header + length;
	memset(s->bytes, 0, ETH_HEADER);
	s->bytes[12] = 0x08; /* IPv4, for those that come without a header */
	memcpy(s->bytes + header, frame, length);
	frame_decode(s);
	if (s->kind == PACKET_ARP && !p->script->has_arp) {
		n = frame_arp_answer(s, p->settings.local, far_mac, answer);
		if (n)
			send_frame(p, answer, n);
		return;
	}
	p->ninbox++;
	answer_inside(p);
}

static int inbox_empty(const struct play *p)
{
	return p->ninbox == 0 && !p->overflow;
}

static int still_waits(void *ctx)
{
	const struct play *p = ctx;

	return inbox_empty(p) && p->waits;
}

/* An answer that takes no time needs no word: over a veth there is no other way for it. */
static bool is_inside(const struct event *e)
{
	return e && e->kind == EVENT_PACKET && !e->packet->out &&
	       (e->packet->inside || (e->time == TIME_RELATIVE && !e->range && !e->begin_ns));
}

/* The flow of a packet of the core; a new one if it belongs to none. */
static struct flow *flow_of(struct play *p, const struct seen *s)
{
	struct flow *f;

	for (int i = p->nflows; i-- > 0;) {
		f = &p->flows[i];
		if (f->lport == s->sport && f->rport == s->dport && f->remote == s->destination)
			return f;
	}
	/* With all places taken the oldest connection gives up its own. */
	if (p->nflows == PLAY_FLOWS)
		memmove(p->flows, p->flows + 1, sizeof(p->flows[0]) * --p->nflows);
	f = &p->flows[p->nflows++];
	*f = (struct flow){
		.local = s->source,
		.remote = s->destination,
		.lport = s->sport,
		.rport = s->dport,
		.sockets = s->sockets,
	};
	return f;
}

/* The flow that an inbound line speaks of: by its ports, or the one last heard of. */
static struct flow *flow_for(struct play *p, const struct packet *packet)
{
	if (packet->has_ports) {
		for (int i = p->nflows; i-- > 0;) {
			struct flow *f = &p->flows[i];

			if (f->rport == packet->sport &&
			    (f->script_lport == packet->dport || f->lport == packet->dport))
				return f;
		}
	}
	if (p->flow)
		return p->flow;
	/* Nothing was sent yet: what comes is for the port that bind(..., ...) takes. */
	p->flow = &p->flows[p->nflows++];
	*p->flow = (struct flow){
		.local = p->settings.local,
		.remote = p->settings.remote,
		.lport = p->settings.bind_port,
		.rport = p->settings.connect_port,
	};
	return p->flow;
}

/* ---------------------------------------------------------------- calls */

/* Holds calls that have returned against their lines. */
static int check_returned(struct play *p)
{
	char when[2][32];

	for (int i = 0; i < p->ntasks; i++) {
		struct task *t = &p->tasks[i];
		uint64_t late = p->settings.tolerance_ns;

		if (!t->returned)
			continue;
		if (call_check(t))
			return -1;
		if (!t->event->blocking ||
		    (t->ended_ns + late >= t->due_ns && t->ended_ns <= t->due_ns + late))
			continue;
		p->failure_call = t->event->call->name;
		return play_fail(p, PLAY_FAILED, t->event->at,
				 "%s(): it should return at %s, and did at %s",
				 t->event->call->name, play_time(p, t->due_ns, when[0]),
				 play_time(p, t->ended_ns, when[1]));
	}
	return 0;
}

/* Waits for a task's call, at most until it is too late. */
static int finish_call(struct play *p, struct task *t)
{
	char when[32];

	if (t->job)
		task_finish(t, t->due_ns + p->settings.tolerance_ns);
	if (check_returned(p))
		return -1;
	if (!t->job)
		return 0;
	p->failure_call = t->event->call->name;
	if (!t->event->blocking)
		return play_fail(p, PLAY_FAILED, t->event->at,
				 "%s(): it blocks (a call that may block is written with a time "
				 "range, like 0...0.2)",
				 t->event->call->name);
	return play_fail(p, PLAY_FAILED, t->event->at, "%s(): it should return at %s, and did not",
			 t->event->call->name, play_time(p, t->due_ns, when));
}

static int run_call(struct play *p, const struct event *e, uint64_t end_ns)
{
	const char *unknown = call_unknown(e->call->name);
	struct task *t;

	if (unknown)
		return play_fail(p, PLAY_TROUBLE, e->at, "%s(): %s", e->call->name, unknown);
	if (!strcmp(e->call->name, "kill"))
		return call_kill(p, e);
	t = task_named(p, e->call->task, e->at);
	if (!t || finish_call(p, t))
		return -1;
	t->event = e;
	t->began_ns = *core_clock();
	t->due_ns = end_ns > t->began_ns ? end_ns : t->began_ns;
	task_start(t, call_make);
	return e->blocking ? check_returned(p) : finish_call(p, t);
}

/* ---------------------------------------------------------------- packets */

static int put_on_wire(struct play *p, const struct event *e)
{
	uint8_t frame[FRAME_MAX];
	struct flow *flow = flow_for(p, e->packet);
	const struct tcp_option *o;
	size_t n;

	frame_note_received(e->packet, flow);
	n = frame_build(e->packet, flow, near_mac, far_mac, frame);
	for (o = e->packet->options; n && o; o = o->next) {
		if (o->key)
			core_tcp_sign(frame + ETH_HEADER, n - ETH_HEADER, o->key, o->keylen);
	}
	if (!n || send_frame(p, frame, n))
		return play_fail(
			p, PLAY_TROUBLE, e->at,
			"packet: expected one that fits into the device's MTU, or into 65535 bytes");
	p->flow = flow;
	return 0;
}

static int inject(struct play *p, const struct event *e)
{
	if (e->packet->inside)
		return play_fail(p, PLAY_TROUBLE, e->at,
				 "packet: expected (inside) right behind the line of the packet "
				 "that it answers, and that behind the call which sends it");
	if (put_on_wire(p, e))
		return -1;
	core_run_until(*core_clock());
	return check_returned(p);
}

static void inbox_drop_first(struct play *p)
{
	p->first = (p->first + 1) % PLAY_INBOX;
	p->ninbox--;
}

/* Takes the oldest frame out if an older socket sent it and the line says something else. */
static bool pass_over(struct play *p, const struct packet *packet)
{
	struct seen *s = p->inbox[p->first];
	struct flow *flow = s->kind == PACKET_TCP ? flow_of(p, s) : NULL;
	struct flow trial;
	char why[256];

	if (!flow || flow->sockets >= p->sockets || packet->has_ports)
		return false;
	trial = *flow;
	frame_note_sent(s, &trial);
	if (!frame_compare(packet, s, &trial, 0, why, sizeof(why)))
		return false;
	frame_note_sent(s, flow);
	frame_text(s, flow, p->passed_over, sizeof(p->passed_over));
	inbox_drop_first(p);
	return true;
}

/* The oldest frame in the inbox is the line's. */
static int take_packet(struct play *p, const struct event *e, uint64_t begin_ns, uint64_t end_ns)
{
	struct seen *s = p->inbox[p->first];
	uint64_t late = p->settings.tolerance_ns;
	struct flow *flow = flow_of(p, s);
	char got[512], why[256];

	p->failure_frame = s->ordinal;
	if (s->kind != PACKET_ARP) {
		p->flow = flow;
		flow->nlast = s->ip_length < LAST_MAX ? s->ip_length : LAST_MAX;
		if (flow->nlast)
			memcpy(flow->last, s->ip, flow->nlast);
	}
	frame_note_sent(s, flow);
	if (frame_compare(e->packet, s, flow, p->settings.ts_tick_ns, why, sizeof(why))) {
		frame_text(s, flow, got, sizeof(got));
		play_fail(p, PLAY_FAILED, e->at, "packet: %s", why);
		return add_got(p, got);
	}
	if (e->time != TIME_ANY && (s->at_ns + late < begin_ns || s->at_ns > end_ns + late)) {
		char when[2][32];

		frame_text(s, flow, got, sizeof(got));
		play_fail(p, PLAY_FAILED, e->at, "packet: it should be sent at %s, and was at %s",
			  play_time(p, begin_ns, when[0]), play_time(p, s->at_ns, when[1]));
		return add_got(p, got);
	}
	if (e->time == TIME_ANY || e->range)
		p->base_ns = s->at_ns;
	p->failure_frame = 0;
	inbox_drop_first(p);
	return 0;
}

/*
 * The core has just sent, and its call has not gone on yet. If the script's next line is about this
 * packet, and those behind it answer (inside), all of them happen now.
 */
static void answer_inside(struct play *p)
{
	const struct event *out = p->waits ? p->waits : p->next;
	uint64_t begin = *core_clock();

	if (p->settings.link != LINK_VETH || p->ninbox != 1 || !out || out->kind != EVENT_PACKET ||
	    !out->packet->out || !is_inside(out->next) || pass_over(p, out->packet))
		return;
	if (out->time != TIME_ANY)
		begin = (out->time == TIME_ABSOLUTE ? p->begin_ns : p->base_ns) +
			(uint64_t)out->begin_ns;
	p->base_ns = begin;
	p->waits = NULL;
	p->next = out->next;
	if (take_packet(p, out, begin, begin + (uint64_t)(out->end_ns - out->begin_ns)))
		return;
	while (is_inside(p->next)) {
		const struct event *in = p->next;

		p->next = in->next;
		core_busy((uint64_t)in->begin_ns);
		p->base_ns = *core_clock();
		if (put_on_wire(p, in))
			return;
	}
}

static int expect(struct play *p, const struct event *e, uint64_t begin_ns, uint64_t end_ns)
{
	uint64_t until =
		e->time == TIME_ANY ? *core_clock() + LONG_NS : end_ns + p->settings.tolerance_ns;
	char when[32];

	p->waits = e;
	p->passed_over[0] = 0;
	do {
		if (inbox_empty(p))
			core_run_while(still_waits, p, until);
	} while (p->waits && p->ninbox && pass_over(p, e->packet));
	if (check_returned(p) || p->outcome != PLAY_DONE)
		return -1;
	if (!p->waits)
		return 0;
	p->waits = NULL;
	if (p->overflow)
		return play_fail(p, PLAY_TROUBLE, e->at,
				 "packet: expected at most %d packets that no line speaks of",
				 PLAY_INBOX);
	if (p->ninbox)
		return take_packet(p, e, begin_ns, end_ns);
	play_fail(p, PLAY_FAILED, e->at, "packet: none came until %s",
		  play_time(p, *core_clock(), when));
	if (!*p->passed_over)
		return -1;
	snprintf(p->passed_over + strlen(p->passed_over),
		 sizeof(p->passed_over) - strlen(p->passed_over), " (of an older socket)");
	return add_got(p, p->passed_over);
}

/* ---------------------------------------------------------------- events */

static int run_event(struct play *p, const struct event *e)
{
	uint64_t base = e->time == TIME_ABSOLUTE ? p->begin_ns : p->base_ns;
	uint64_t begin = base + (uint64_t)e->begin_ns, end = base + (uint64_t)e->end_ns;
	char when[2][32];

	if (e->time == TIME_ANY)
		begin = end = *core_clock();
	p->base_ns = begin;
	if (e->kind == EVENT_PACKET && e->packet->out)
		return expect(p, e, begin, end);
	if (begin + p->settings.tolerance_ns < *core_clock())
		return play_fail(p, PLAY_TROUBLE, e->at,
				 "time %s: expected one that is not over (it is %s)",
				 play_time(p, begin, when[0]),
				 play_time(p, *core_clock(), when[1]));
	core_run_until(begin);
	if (check_returned(p))
		return -1;
	switch (e->kind) {
	case EVENT_CALL:
		return run_call(p, e, end);
	case EVENT_PACKET:
		return inject(p, e);
	case EVENT_SETUP:
		if (setup_run(p, e))
			return -1;
		/* `sleep` takes its time. */
		if (*core_clock() > p->base_ns)
			p->base_ns = *core_clock();
		return 0;
	case EVENT_ASSERT:
		return asserts_check(p, e);
	}
	return 0;
}

/* Names that do not exist are errors before anything runs. */
static int check_names(struct play *p)
{
	for (const struct event *e = p->script->events; e; e = e->next) {
		const char *unknown = e->kind == EVENT_CALL ? call_unknown(e->call->name) : NULL;

		if (unknown)
			return play_fail(p, PLAY_TROUBLE, e->at, "%s(): %s", e->call->name,
					 unknown);
		if (e->kind == EVENT_PACKET && e->packet->inside &&
		    (p->settings.link != LINK_VETH || e->time != TIME_RELATIVE || e->range))
			return play_fail(p, PLAY_TROUBLE, e->at,
					 "packet: expected (inside) with --link=veth at the head, "
					 "and a time like +.02");
		if (e->kind == EVENT_PACKET && p->settings.link == LINK_TUN &&
		    (e->packet->kind == PACKET_ARP || e->packet->ether))
			return play_fail(p, PLAY_TROUBLE, e->at,
					 "packet: expected one of IP: --link=tun has no Ethernet");
	}
	return 0;
}

/* The device, the address and the way to the remote host. */
static int set_world(struct play *p)
{
	const struct settings *o = &p->settings;
	uint32_t anywhere = 0;
	int err;

	if (o->link == LINK_VETH)
		err = core_add_veth(PLAY_DEVICE, near_mac, o->mtu, play_hears, p);
	else
		err = core_add_wire(PLAY_DEVICE, o->link == LINK_TUN ? NULL : near_mac, o->mtu, 0,
				    play_hears, p);
	if (!err)
		err = core_addr_add(PLAY_DEVICE, o->local, o->prefix);
	if (!err)
		err = core_route_add(anywhere, 0, o->gateway, PLAY_DEVICE);
	return err;
}

enum outcome play_script(struct play *p, const struct script *s, const char *text,
			 const struct settings *o)
{
	struct at start = { 1, 1 };

	*p = (struct play){ .script = s, .text = text, .settings = *o, .asked = -1 };
	if (check_names(p))
		return p->outcome;
	if (set_world(p)) {
		play_fail(p, PLAY_TROUBLE, start,
			  "options: expected addresses that make a network");
		return p->outcome;
	}
	if (!task_named(p, NULL, start))
		return p->outcome;
	p->begin_ns = p->base_ns = *core_clock();
	p->next = s->events;
	while (p->next) {
		const struct event *e = p->next;

		p->next = e->next;
		if (run_event(p, e) || p->outcome != PLAY_DONE)
			return p->outcome;
	}
	for (int i = 0; i < p->ntasks; i++) {
		if (finish_call(p, &p->tasks[i]))
			return p->outcome;
	}
	return p->outcome;
}

static int calls_pend(void *ctx)
{
	const struct play *p = ctx;

	for (int i = 0; i < p->ntasks; i++) {
		if (p->tasks[i].job)
			return 1;
	}
	return 0;
}

void play_linger(struct play *p, uint64_t ns)
{
	p->next = p->waits = NULL;
	if (calls_pend(p))
		core_run_while(calls_pend, p, *core_clock() + ns);
}

void play_free(struct play *p)
{
	for (int i = 0; i < PLAY_INBOX; i++) {
		free(p->inbox[i]);
		p->inbox[i] = NULL;
	}
}
