/* SPDX-License-Identifier: GPL-2.0-only */

/*
 * Changes an input of fuzz_receive by its grammar (frames.h): whole records come, go, move and are
 * doubled, and a field gets a value that is likely to matter, before single bytes are changed.
 */

#include <string.h>

#include "tests/fuzz/frames.h"
#include "tests/fuzz/fuzz.h"

/* libFuzzer's own byte mutations, where it is linked. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static uint64_t state;

static uint32_t rnd(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below ? (uint32_t)(state >> 32) % below : 0;
}

static int16_t distance(void)
{
	static const int16_t near[] = { 0,    0,    0,     1,    -1,   2,     -2,     100,
					-100, 1448, -1448, 1460, 2896, 32767, -32768, 536 };

	return rnd(4) ? near[rnd(sizeof(near) / sizeof(near[0]))] : (int16_t)rnd(65536);
}

/* A new record: mostly a segment that is right in all but a few things. */
static void make_record(struct record *r)
{
	static const uint8_t flags[] = { 16, 16, 16, 24, 17, 4, 20, 2, 18, 1, 0, 16 | 64, 16 | 32 };
	static const uint8_t kinds[] = { REC_TCP,  REC_TCP,  REC_TCP, REC_TCP, REC_TCP, REC_ICMP,
					 REC_USER, REC_USER, REC_ARP, REC_IP,  REC_RAW };

	memset(r, 0, sizeof(*r));
	r->kind = kinds[rnd(sizeof(kinds))];
	r->wait = rnd(3) ? (uint8_t)rnd(7) : (uint8_t)rnd(18);
	r->bad = rnd(8) ? 0 : (uint8_t)(1u << rnd(8));
	r->flags = r->kind == REC_TCP ? flags[rnd(sizeof(flags))] : (uint8_t)rnd(16);
	r->seq = distance();
	r->ack = distance();
	r->window = rnd(4) ? (uint16_t)(rnd(2) ? 65535 : rnd(4096)) : (uint16_t)(rnd(2) ? 0 : 576);
	r->opt = rnd(2) ? OPT_STAMPS : (uint8_t)rnd(256);
	if (r->kind == REC_ICMP)
		r->opt = rnd(2) ? 3 : (uint8_t)rnd(19);
	r->optarg = r->kind == REC_ICMP ? (uint8_t)rnd(17) : (uint8_t)rnd(256);
	r->len = rnd(2) ? 0 : (uint16_t)rnd(2000);
	if (r->kind == REC_ICMP)
		r->len = rnd(8) ? 28 : (uint16_t)rnd(64);
	r->misc = rnd(2) ? 0 : (uint8_t)rnd(256);
	r->corrupt = (uint8_t)rnd(256);
}

static void change_field(uint8_t *rec)
{
	struct record r, fresh;

	memcpy(&r, rec, sizeof(r));
	make_record(&fresh);
	switch (rnd(10)) {
	case 0:
		r.wait = fresh.wait;
		break;
	case 1:
		r.bad ^= (uint8_t)(1u << rnd(8));
		break;
	case 2:
		r.flags ^= (uint8_t)(1u << rnd(8));
		break;
	case 3:
		r.seq = fresh.seq;
		break;
	case 4:
		r.ack = fresh.ack;
		break;
	case 5:
		r.window = fresh.window;
		break;
	case 6:
		r.opt ^= (uint8_t)(1u << rnd(8));
		break;
	case 7:
		r.optarg = fresh.optarg;
		break;
	case 8:
		r.len = (uint16_t)rnd(2000);
		break;
	default:
		r.misc ^= (uint8_t)(1u << rnd(8));
		break;
	}
	memcpy(rec, &r, sizeof(r));
}

/* Puts room for a record before record @at; the new size. */
static size_t insert(uint8_t *data, size_t n, size_t at)
{
	memmove(data + (at + 1) * REC_SIZE, data + at * REC_SIZE, (n - at) * REC_SIZE);
	return n + 1;
}

static size_t erase(uint8_t *data, size_t n, size_t at)
{
	memmove(data + at * REC_SIZE, data + (at + 1) * REC_SIZE, (n - at - 1) * REC_SIZE);
	return n - 1;
}

static size_t bytes(uint8_t *data, size_t size, size_t max)
{
	if (LLVMFuzzerMutate)
		return LLVMFuzzerMutate(data, size, max);
	data[rnd((uint32_t)size)] ^= (uint8_t)(1u << rnd(8));
	return size;
}

/* @n records, the header counted as the first, room for @room. */
static size_t change(uint8_t *data, size_t n, size_t room)
{
	size_t at = 1 + rnd((uint32_t)n), other;
	struct record r;

	switch (rnd(8)) {
	case 0:
	case 1: /* a new one */
		if (n == room)
			return n;
		make_record(&r);
		n = insert(data, n, at);
		memcpy(data + at * REC_SIZE, &r, sizeof(r));
		return n;
	case 2: /* one less */
		return n > 1 && at < n ? erase(data, n, at) : n;
	case 3: /* one twice */
		if (n == room || n == 1)
			return n;
		other = 1 + rnd((uint32_t)n - 1);
		memcpy(&r, data + other * REC_SIZE, sizeof(r));
		n = insert(data, n, at);
		memcpy(data + at * REC_SIZE, &r, sizeof(r));
		return n;
	case 4: /* the header */
		data[rnd(10)] = (uint8_t)rnd(256);
		return n;
	default:
		if (n > 1)
			change_field(data + (1 + rnd((uint32_t)n - 1)) * REC_SIZE);
		return n;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	size_t n, times;

	state = 0x9e3779b97f4a7c15ull * (seed + 1ull);
	if (max < REC_SIZE)
		return size;
	if (size < REC_SIZE) {
		memset(data, 0, REC_SIZE);
		data[0] = (uint8_t)rnd(10);
		data[2] = 15;
		data[5] = 0x80;
		size = REC_SIZE;
	}
	if (!rnd(6))
		return bytes(data, size, max);
	n = size / REC_SIZE;
	for (times = 1 + rnd(4); times; times--)
		n = change(data, n, max / REC_SIZE);
	return n * REC_SIZE;
}
