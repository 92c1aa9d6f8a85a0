#include "inflate.h"

#include <string.h>

enum { LITERALS = 288, DISTANCES = 32, LONGEST = 15, END = 256 };

struct reader {
	const uint8_t *at, *end;
	uint64_t bits; /* the next `count` bits, lowest first */
	unsigned count;
};

/* For every value of the next `width` bits: symbol << 4 | length of its code; 0: no code. */
struct code {
	uint16_t at[1 << LONGEST];
	unsigned width;
};

/* At least 56 bits, or all that are left. */
static inline void refill(struct reader *r)
{
	if (r->end - r->at >= 8) {
		uint64_t next;

		memcpy(&next, r->at, 8);
		r->bits |= next << r->count;
		r->at += (63 - r->count) >> 3;
		r->count |= 56;
		return;
	}
	for (; r->count <= 55 && r->at < r->end; r->count += 8)
		r->bits |= (uint64_t)*r->at++ << r->count;
}

/* n <= 16 bits into *x. */
static inline bool take(struct reader *r, unsigned n, unsigned *x)
{
	*x = (unsigned)(r->bits & ((1u << n) - 1));
	r->bits >>= n;
	if (n > r->count)
		return false;
	r->count -= n;
	return true;
}

static inline bool symbol(struct reader *r, const struct code *c, unsigned *x)
{
	unsigned e = c->at[r->bits & ((1u << c->width) - 1)], length = e & 15;

	*x = e >> 4;
	r->bits >>= length;
	if (length == 0 || length > r->count)
		return false;
	r->count -= length;
	return true;
}

static unsigned reversed(unsigned code, unsigned length)
{
	unsigned x = 0;

	for (; length; length--, code >>= 1)
		x = x << 1 | (code & 1);
	return x;
}

/* The canonical code of RFC 1951 section 3.2.2. An incomplete one leaves holes, which are faults
 * when met; more codes than there is room for are a fault at once. */
static bool make_code(struct code *c, const uint8_t *length, unsigned n)
{
	unsigned count[LONGEST + 1] = { 0 }, next[LONGEST + 1], code = 0;

	for (unsigned i = 0; i < n; i++)
		count[length[i]]++;
	count[0] = 0;
	c->width = 1;
	for (unsigned l = 1; l <= LONGEST; l++) {
		code = (code + count[l - 1]) << 1;
		next[l] = code;
		if (code + count[l] > 1u << l)
			return false;
		if (count[l])
			c->width = l;
	}
	memset(c->at, 0, sizeof *c->at << c->width);
	for (unsigned i = 0; i < n; i++) {
		unsigned l = length[i];

		if (!l)
			continue;
		for (unsigned x = reversed(next[l]++, l); x < 1u << c->width; x += 1u << l)
			c->at[x] = (uint16_t)(i << 4 | l);
	}
	return true;
}

static bool fixed_codes(struct code *literal, struct code *distance)
{
	uint8_t length[LITERALS];

	for (unsigned i = 0; i < LITERALS; i++)
		length[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	if (!make_code(literal, length, LITERALS))
		return false;
	memset(length, 5, DISTANCES);
	return make_code(distance, length, DISTANCES);
}

/* Section 3.2.7: code lengths, themselves coded. */
static bool dynamic_codes(struct reader *r, struct code *literal, struct code *distance)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2,
		14, 1, 15 };
	uint8_t length[LITERALS + DISTANCES + 138] = { 0 };
	unsigned literals, distances, lengths, n = 0, x, times;

	refill(r);
	if (!take(r, 5, &literals) || !take(r, 5, &distances) || !take(r, 4, &lengths))
		return false;
	literals += 257;
	distances += 1;
	for (unsigned i = 0; i < lengths + 4; i++) {
		refill(r);
		if (!take(r, 3, &x))
			return false;
		length[order[i]] = (uint8_t)x;
	}
	if (literals > 286 || distances > 30 || !make_code(literal, length, 19))
		return false;
	memset(length, 0, 19);
	while (n < literals + distances) {
		refill(r);
		if (!symbol(r, literal, &x))
			return false;
		if (x < 16) {
			length[n++] = (uint8_t)x;
			continue;
		}
		if ((x == 16 && n == 0) || !take(r, x == 16 ? 2 : x == 17 ? 3 : 7, &times))
			return false;
		times += x == 18 ? 11 : 3;
		memset(length + n, x == 16 ? length[n - 1] : 0, times);
		n += times;
	}
	return n == literals + distances && make_code(literal, length, literals) &&
	       make_code(distance, length + literals, distances);
}

static inline void copy(uint8_t *to, size_t distance, size_t length)
{
	if (distance == 1)
		memset(to, to[-1], length);
	else if (distance >= length)
		memcpy(to, to - distance, length);
	else
		for (size_t i = 0; i < length; i++)
			to[i] = to[i - distance];
}

/* Literals and matches until the block's end; where the output went on to, NULL at a fault. */
static uint8_t *block(struct reader *r, const struct code *literal, const struct code *distance,
	const uint8_t *start, uint8_t *to, const uint8_t *end)
{
	static const uint16_t length_base[29] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23,
		27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
	static const uint8_t length_bits[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3,
		3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
	static const uint16_t far_base[30] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129,
		193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
		24577 };
	unsigned x, more;

	for (;;) {
		size_t length, far;

		refill(r); /* 56 bits: two literals, or the 48 that a match can take */
		if (!symbol(r, literal, &x))
			return NULL;
		if (x < END) {
			if (to == end)
				return NULL;
			*to++ = (uint8_t)x;
			continue;
		}
		if (x == END)
			return to;
		x -= END + 1;
		if (x >= 29 || !take(r, length_bits[x], &more))
			return NULL;
		length = length_base[x] + more;
		if (!symbol(r, distance, &x) || x >= 30 || !take(r, x < 2 ? 0 : x / 2 - 1, &more))
			return NULL;
		far = far_base[x] + more;
		if (far > (size_t)(to - start) || length > (size_t)(end - to))
			return NULL;
		copy(to, far, length);
		to += length;
	}
}

static uint8_t *stored(struct reader *r, uint8_t *to, const uint8_t *end)
{
	const uint8_t *at = r->at - r->count / 8; /* whole bytes go back */
	size_t n;

	if (r->end - at < 4)
		return NULL;
	n = at[0] | (size_t)at[1] << 8;
	if ((at[2] | (size_t)at[3] << 8) != (n ^ 0xFFFF))
		return NULL;
	at += 4;
	if (n > (size_t)(r->end - at) || n > (size_t)(end - to))
		return NULL;
	if (n)
		memcpy(to, at, n);
	*r = (struct reader){ at + n, r->end, 0, 0 };
	return to + n;
}

bool inflate_whole(uint8_t *out, size_t n, const uint8_t *in, size_t m)
{
	struct reader r = { in, in + m, 0, 0 };
	struct code literal, distance;
	uint8_t *to = out;
	const uint8_t *end = out + n;
	unsigned last, type;

	do {
		refill(&r);
		if (!take(&r, 1, &last) || !take(&r, 2, &type))
			return false;
		if (type == 0)
			to = stored(&r, to, end);
		else if (type == 1 ? fixed_codes(&literal, &distance)
				   : type == 2 && dynamic_codes(&r, &literal, &distance))
			to = block(&r, &literal, &distance, out, to, end);
		else
			return false;
		if (!to)
			return false;
	} while (!last);
	return to == end && r.at - r.count / 8 == r.end;
}
