/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signed or not?  The comparison hook gets both operands as unsigned numbers.  What the program
 * makes of them stands in the code that follows the hook's call: a conditional jump or set that
 * asks for "less" and "greater" compares signed numbers, one for "below" and "above" unsigned
 * ones.  For "equal" the code does not tell; then a value that reads like a negative errno or a
 * small negative number is taken for one.
 */
#include "writer.h"

/* How far behind the call the jump may be; the compiler puts a load or two in between. */
#define LOOK_AHEAD 24

/* So many places are remembered. */
#define PLACES 4096

enum meaning { UNKNOWN, SIGNED, UNSIGNED, EQUALITY };

/* The low four bits of jcc, setcc and cmovcc say which flags they look at. */
static enum meaning condition(int code)
{
	switch (code & 15) {
	case 2:
	case 3:
	case 6:
	case 7:
		return UNSIGNED; /* b, ae, be, a */
	case 8:
	case 9:
	case 12:
	case 13:
	case 14:
	case 15:
		return SIGNED; /* s, ns, l, ge, le, g */
	default:
		return EQUALITY;
	}
}

/* Length of an instruction's ModRM, SIB and displacement at @code. */
static int modrm_length(const uint8_t *code)
{
	int mod = code[0] >> 6, rm = code[0] & 7, length = 1;

	if (mod == 3)
		return 1;
	if (rm == 4)
		length += 1 + ((code[1] & 7) == 5 && mod == 0 ? 4 : 0);
	else if (rm == 5 && mod == 0)
		length += 4;
	return length + (mod == 1 ? 1 : mod == 2 ? 4 : 0);
}

/*
 * Decodes one instruction of the few kinds that stand between the hook and the jump.  Returns
 * its length, 0 for one that is not among them; *@meaning is set by the one looked for.
 */
static int decode(const uint8_t *code, enum meaning *meaning)
{
	const uint8_t *start = code;
	int wide = 0;

	if (*code == 0x66)
		wide = *code++;
	if ((*code & 0xf0) == 0x40)
		code++;
	if ((*code & 0xf0) == 0x70) { /* jcc short */
		*meaning = condition(*code);
		return 2;
	}
	if (*code == 0x0f &&
	    ((code[1] & 0xf0) == 0x80 || (code[1] & 0xf0) == 0x90 || (code[1] & 0xf0) == 0x40)) {
		*meaning = condition(code[1]);
		return 6;
	}
	switch (*code) {
	case 0x38:
	case 0x39:
	case 0x3a:
	case 0x3b: /* cmp r, r/m */
	case 0x84:
	case 0x85: /* test */
	case 0x88:
	case 0x89:
	case 0x8a:
	case 0x8b: /* mov */
		return (int)(code - start) + 1 + modrm_length(code + 1);
	case 0x80:
	case 0x83:
		return (int)(code - start) + 2 + modrm_length(code + 1);
	case 0x81:
		return (int)(code - start) + (wide ? 3 : 5) + modrm_length(code + 1);
	case 0x3c:
		return (int)(code - start) + 2;
	case 0x3d:
		return (int)(code - start) + (wide ? 3 : 5);
	case 0x0f: /* movzx, movsx */
		if ((code[1] & 0xf6) == 0xb6)
			return (int)(code - start) + 2 + modrm_length(code + 2);
		return 0;
	default:
		return 0;
	}
}

/* What the code behind the comparison at @pc makes of its operands. */
static enum meaning meaning_at(uint64_t pc)
{
	const uint8_t *code = (const uint8_t *)(uintptr_t)pc, *end = code + LOOK_AHEAD;
	enum meaning meaning = UNKNOWN;

	while (meaning == UNKNOWN && code < end) {
		int length = decode(code, &meaning);

		if (!length)
			break;
		code += length;
	}
	return meaning;
}

/* Whether the operands of the comparison announced at @pc are shown as signed numbers. */
bool comparison_signed(uint64_t pc, const struct raw_compare *compare)
{
	/* code does not change: the answers for the places seen last */
	static struct {
		uint64_t pc;
		enum meaning meaning;
	} known[PLACES], *place;
	int shift = 64 - (int)compare->size * 8;
	int64_t left = (int64_t)(compare->left << shift) >> shift;
	int64_t right = (int64_t)(compare->right << shift) >> shift;

	place = &known[(pc ^ pc >> 12) % PLACES];
	if (place->pc != pc) {
		place->pc = pc;
		place->meaning = meaning_at(pc);
	}
	if (place->meaning == SIGNED || place->meaning == UNSIGNED)
		return place->meaning == SIGNED;
	if (compare->size < 4)
		return false;
	return (left < 0 && left >= -4095) || (right < 0 && right >= -4095);
}
