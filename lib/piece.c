#include "piece.h"

#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "mem.h"
#include "numeral.h"

enum { BATCH = 256 };

#define FRESH 0x80000000u /* an id in the piece's own dictionary; dict has none that large */

/* The ids of n words; fresh ones for those that the column does not have. */
static bool look_up(const struct column *c, struct piece *p, const struct csv_field *word, size_t n,
	uint32_t *id)
{
	dict_find_all(c->dict, word, n, id);
	for (size_t i = 0; i < n; i++) {
		if (id[i] != DICT_NONE)
			continue;
		if (c->unknown != COLUMN_NEW)
			return false;
		id[i] = FRESH | dict_add(p->fresh, word[i].text, word[i].n);
	}
	return true;
}

static bool equal(const struct csv_field *a, const struct csv_field *b)
{
	return a->n == b->n && memcmp(a->text, b->text, a->n) == 0;
}

/* The ids of n <= BATCH rows from `at` on that have none yet. Rows in a row with the same word are
 * common, since files are often sorted. */
static bool store_words(const struct column *c, struct piece *p, size_t at, size_t n)
{
	uint32_t *data = (uint32_t *)c->data + p->to + at, id[BATCH], row[BATCH], which[BATCH];
	struct csv_field word[BATCH], f;
	char room[BATCH][COLUMN_SHORT];
	size_t left = 0, words = 0;

	for (size_t i = 0; i < n; i++) {
		if (data[i] != DICT_NONE)
			continue;
		f = plain_field(p->plain, at + i, c->first);
		if (f.n == 0 && c->kind == COLUMN_KEY)
			return false;
		if ((c->word != COLUMN_AS_IS || c->nothing) && column_word(c, &f, room[words]))
			return false;
		if (!words || !equal(word + words - 1, &f))
			word[words++] = f;
		row[left] = (uint32_t)i;
		which[left++] = (uint32_t)words - 1;
	}
	if (!look_up(c, p, word, words, id))
		return false;
	for (size_t i = 0; i < left; i++)
		data[row[i]] = id[which[i]];
	return true;
}

static bool store_ids(const struct column *c, struct piece *p)
{
	const struct plain *plain = p->plain;
	uint32_t *data = (uint32_t *)c->data + p->to;
	bool numbers = c->word == COLUMN_AS_IS && !c->nothing && !plain_is_rough(plain, c->first);

	for (size_t at = 0; at < plain->rows; at += BATCH) {
		size_t left = plain->rows - at, n = left < BATCH ? left : BATCH, i = 0;
		struct figures words = plain_figures(plain, at, n, c->first);

		if (numbers && dict_find_numbers(c->dict, &words, data + at))
			while (i < n && data[at + i] != DICT_NONE)
				i++;
		else
			memset(data + at, 0xFF, n * sizeof *data);
		if (i < n && !store_words(c, p, at, n))
			return false;
	}
	return true;
}

/* The number of one field; false when it is none. */
static bool store_field(const struct column *c, struct piece *p, struct csv_field f, float *x)
{
	char copy[COLUMN_SHORT];

	if (c->kind == COLUMN_NUMBER && column_nothing(c, &f)) {
		*x = c->fill;
		p->gaps |= !c->filled;
		return true;
	}
	if (!digits_float(x, f.text, f.n) &&
		(!column_copy(copy, &f) || numeral_float(x, copy, f.n) != NULL))
		return false;
	*x = column_transformed(c, *x);
	return c->kind != COLUMN_WEIGHT || *x >= 0;
}

/* A column of its own: most fields many at once. */
static bool store_floats(const struct column *c, struct piece *p)
{
	float *x = (float *)c->data + p->to;
	size_t rows = p->plain->rows, n;
	uint32_t other[BATCH];

	for (size_t at = 0; at < rows; at += n, x += n) {
		struct figures f;
		size_t others;

		n = rows - at < BATCH ? rows - at : BATCH;
		f = plain_figures(p->plain, at, n, c->first);
		others = SIMD_CALL(figures_floats, x, &f, other);
		for (size_t i = 0; i < others; i++)
			if (!store_field(c, p, plain_field(p->plain, at + other[i], c->first),
				    x + other[i]))
				return false;
		for (size_t i = 0; i < n && c->kind == COLUMN_WEIGHT; i++)
			if (x[i] < 0)
				return false;
	}
	return true;
}

static bool store_numbers(const struct column *c, struct piece *p)
{
	float *x = (float *)c->data + p->to * c->width;

	if (c->width == 1 && !c->log && !c->nothing && !plain_is_rough(p->plain, c->first))
		return store_floats(c, p);
	for (size_t r = 0; r < p->plain->rows; r++)
		for (size_t i = 0; i < c->width; i++, x++)
			if (!store_field(c, p, plain_field(p->plain, r, c->first + i), x))
				return false;
	return true;
}

static bool store_times(const struct column *c, struct piece *p)
{
	int64_t *x = (int64_t *)c->data + p->to;
	size_t rows = p->plain->rows, n;
	uint32_t other[BATCH];
	char copy[COLUMN_SHORT];

	for (size_t at = 0; at < rows; at += n, x += n) {
		struct figures times;
		size_t others = 0;

		n = rows - at < BATCH ? rows - at : BATCH;
		times = plain_figures(p->plain, at, n, c->first);
		if (!plain_is_rough(p->plain, c->first))
			others = SIMD_CALL(figures_integers, x, &times, other);
		else
			while (others < n) {
				other[others] = (uint32_t)others;
				others++;
			}
		for (size_t i = 0; i < others; i++) {
			struct csv_field f = plain_field(p->plain, at + other[i], c->first);

			if (!digits_integer(x + other[i], f.text, f.n) &&
				(!column_copy(copy, &f) ||
					numeral_time(x + other[i], copy, f.n) != NULL))
				return false;
		}
	}
	return true;
}

static bool store_parts(const struct column *c, struct piece *p)
{
	uint8_t *x = (uint8_t *)c->data + p->to;

	for (size_t r = 0; r < p->plain->rows; r++) {
		struct csv_field f = plain_field(p->plain, r, c->first);
		int part = column_part(&f);

		if (part < 0)
			return false;
		x[r] = (uint8_t)part;
	}
	return true;
}

static void store_truths(const struct column *c, struct piece *p)
{
	float *x = (float *)c->data + p->to;
	uint32_t id;

	for (size_t r = 0; r < p->plain->rows; r++) {
		struct csv_field f = plain_field(p->plain, r, c->first);

		x[r] = dict_find(c->words, f.text, f.n, &id);
	}
}

static bool store_piece(const struct column *c, struct piece *p)
{
	switch (c->kind) {
	case COLUMN_KEY:
	case COLUMN_ID:
		return store_ids(c, p);
	case COLUMN_NUMBER:
	case COLUMN_LABEL:
	case COLUMN_WEIGHT:
		return store_numbers(c, p);
	case COLUMN_TIME:
		return store_times(c, p);
	case COLUMN_TRUTH:
		store_truths(c, p);
		return true;
	case COLUMN_PART:
		return store_parts(c, p);
	case COLUMN_BAG: /* several ids a row: when its turn comes, in order */
		return c->unknown != COLUMN_ERROR && !c->weigh;
	}
	return true;
}

void piece_store(const struct column *c, struct piece *p)
{
	p->gaps = false;
	if (!p->fresh)
		p->fresh = dict_new();
	dict_clear(p->fresh);
	p->good = store_piece(c, p);
}

void piece_merge(struct column *c, struct piece *p)
{
	size_t n = dict_size(p->fresh);

	if (p->gaps)
		column_gaps(c);
	if (n > p->id_room) {
		p->id_room = 2 * n;
		p->id = mem_grow(p->id, p->id_room, sizeof *p->id);
	}
	if (c->dict)
		dict_merge(c->dict, p->fresh, p->id);
	for (size_t r = 0; c->kind == COLUMN_BAG && r < p->plain->rows; r++) {
		struct csv_field f = plain_field(p->plain, r, c->first);

		column_store_bag(c, p->to + r, &f);
	}
}

void piece_finish(const struct column *c, struct piece *p)
{
	uint32_t *data = c->kind == COLUMN_PART ? NULL : (uint32_t *)c->data + p->to;
	float *missing = p->gaps ? c->missing + p->to * c->width : NULL;

	for (size_t r = 0; dict_size(p->fresh) && r < p->plain->rows; r++)
		if (data[r] & FRESH)
			data[r] = p->id[data[r] & ~FRESH];
	for (size_t r = 0; p->gaps && r < p->plain->rows; r++)
		for (size_t i = 0; i < c->width; i++) {
			struct csv_field f = plain_field(p->plain, r, c->first + i);

			*missing++ = column_nothing(c, &f);
		}
}

void piece_free(struct piece *p)
{
	dict_free(p->fresh);
	free(p->id);
}
