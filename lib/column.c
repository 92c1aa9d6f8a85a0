#include "column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"
#include "numeral.h"

enum { GULP = 65536 };
static const char unknown_word[] = "expected a word of the vocabulary (--vocab)";

static size_t element(const struct column *c)
{
	return c->kind == COLUMN_TIME	? sizeof(int64_t)
	       : c->kind == COLUMN_PART ? 1
					: sizeof(float);
}

void column_start(
	struct column *c, enum column_kind kind, const char *name, size_t first, size_t width)
{
	*c = (struct column){ .kind = kind, .first = first, .width = width };
	snprintf(c->name, sizeof c->name, "%s", name);
	if (kind == COLUMN_ID || kind == COLUMN_KEY || kind == COLUMN_BAG)
		c->dict = dict_new();
	if (kind == COLUMN_TRUTH)
		c->words = dict_new();
}

void column_free(struct column *c)
{
	dict_free(c->dict);
	dict_free(c->words);
	free(c->data);
	free(c->missing);
	free(c->start);
	free(c->pool);
	free(c->pool_weight);
}

void column_room(struct column *c, uint64_t room)
{
	size_t old = c->room * c->width, more = (room - c->room) * c->width;

	c->data = mem_grow(c->data, room, c->width * element(c));
	if (c->kind == COLUMN_BAG)
		c->start = mem_grow(c->start, room, sizeof *c->start);
	if (c->missing) {
		c->missing = mem_grow(c->missing, room, c->width * sizeof(float));
		memset(c->missing + old, 0, more * sizeof(float));
	}
	c->room = room;
}

uint64_t column_memory(const struct column *c, uint64_t rows)
{
	uint64_t sum = rows * c->width * element(c) * (c->missing ? 2 : 1);

	sum += c->start ? rows * sizeof *c->start + c->pool_n * sizeof *c->pool : 0;
	sum += c->pool_weight ? c->pool_n * sizeof *c->pool_weight : 0;
	return sum + (c->dict ? dict_memory(c->dict) : 0);
}

float column_log(float x)
{
	float size = (float)fmath_log(1 + (x < 0 ? -(double)x : (double)x));

	return x < 0 ? -size : size;
}

/* ---- words ---- */

bool column_copy(char to[COLUMN_SHORT], const struct csv_field *f)
{
	if (f->n >= COLUMN_SHORT)
		return false;
	memcpy(to, f->text, f->n);
	to[f->n] = 0;
	return true;
}

static uint64_t hash_word(const struct csv_field *f, unsigned bits)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (size_t i = 0; i < f->n; i++)
		h = (h ^ (uint8_t)f->text[i]) * 0x100000001B3u;
	return h & (((uint64_t)1 << bits) - 1);
}

/* What lies beyond is most likely not seconds. */
#define YEAR_1 (-62135596800)
#define YEAR_10000 253402300800

const char *column_word(const struct column *c, struct csv_field *f, char room[COLUMN_SHORT])
{
	int64_t time, day;

	if (column_nothing(c, f))
		f->n = 0;
	if (c->word == COLUMN_AS_IS || f->n == 0)
		return NULL;
	if (c->word == COLUMN_HASHED) {
		f->n = (size_t)snprintf(
			room, COLUMN_SHORT, "#%llx", (unsigned long long)hash_word(f, c->bits));
		f->text = room;
		return NULL;
	}
	if (!column_copy(room, f) || numeral_time(&time, room, f->n) != NULL)
		return numeral_time(&time, "", 0);
	if (time < YEAR_1 || time >= YEAR_10000)
		return "expected a date, or seconds since 1970, of the years 1 to 9999";
	day = time / 86400 - (time % 86400 < 0);
	if (c->word == COLUMN_HOUR)
		day = (time - 86400 * day) / 3600;
	else if (c->word == COLUMN_WEEKDAY)
		day = ((day + 3) % 7 + 7) % 7 + 1;
	else
		day = numeral_month(day);
	f->n = (size_t)snprintf(room, COLUMN_SHORT, "%lld", (long long)day);
	f->text = room;
	return NULL;
}

int column_part(const struct csv_field *f)
{
	static const struct {
		const char *word;
		int part;
	} words[] = { { "0", 0 }, { "1", 1 }, { "2", 2 }, { "train", 0 }, { "valid", 1 },
		{ "validation", 1 }, { "dev", 1 }, { "test", 2 } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].word) == f->n && memcmp(words[i].word, f->text, f->n) == 0)
			return words[i].part;
	return -1;
}

/* ---- a row ---- */

void column_gaps(struct column *c)
{
	if (c->missing)
		return;
	c->missing = mem_grow(NULL, c->room, c->width * sizeof(float));
	memset(c->missing, 0, c->room * c->width * sizeof(float));
}

static const char *store_number(struct column *c, uint64_t at, const struct csv_field *f)
{
	float *x = (float *)c->data + at;
	const char *why;

	*x = c->fill;
	if (c->filled && column_nothing(c, f))
		return NULL;
	if (c->kind == COLUMN_NUMBER && column_nothing(c, f)) {
		column_gaps(c);
		c->missing[at] = 1;
		return NULL;
	}
	why = numeral_float(x, f->text, f->n);
	*x = column_transformed(c, *x);
	return why ? why : c->kind == COLUMN_WEIGHT && *x < 0 ? "expected 0 or more" : NULL;
}

static bool add_to_bag(struct column *c, const char *text, size_t n, float weight)
{
	uint32_t id;

	if (c->unknown == COLUMN_NEW)
		id = dict_add(c->dict, text, n);
	else if (!dict_find(c->dict, text, n, &id))
		return false;
	if (c->pool_n == c->pool_room) {
		c->pool_room = c->pool_room + c->pool_room / 2 + GULP;
		c->pool = mem_grow(c->pool, c->pool_room, sizeof *c->pool);
		if (c->weigh)
			c->pool_weight =
				mem_grow(c->pool_weight, c->pool_room, sizeof *c->pool_weight);
	}
	if (c->weigh)
		c->pool_weight[c->pool_n] = weight;
	c->pool[c->pool_n++] = id;
	return true;
}

/* Takes the weight off a value of n bytes; NULL, or what was expected. */
static const char *read_weight(const struct column *c, const char *value, size_t *n, float *weight)
{
	size_t sign = *n;
	struct csv_field number;
	char copy[COLUMN_SHORT];

	*weight = 1;
	while (sign > 0 && value[sign - 1] != c->weigh)
		sign--;
	if (!c->weigh || sign == 0)
		return NULL;
	number = (struct csv_field){ value + sign, *n - sign };
	*n = sign - 1;
	if (!column_copy(copy, &number) || numeral_float(weight, copy, number.n) != NULL)
		return "expected a number as weight";
	return NULL;
}

const char *column_store_bag(struct column *c, uint64_t to, const struct csv_field *f)
{
	const char *at = f->text, *end = f->text + f->n, *why;
	float weight;
	size_t n;

	c->start[to] = c->pool_n;
	while (at < end) {
		const char *stop = memchr(at, c->separator, (size_t)(end - at)), *last;

		stop = last = stop ? stop : end;
		while (at < last && (*at == ' ' || *at == '\t'))
			at++;
		while (last > at && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		n = (size_t)(last - at);
		why = at < last ? read_weight(c, at, &n, &weight) : NULL;
		if (why)
			return why;
		if (n && !add_to_bag(c, at, n, weight)) {
			if (c->unknown == COLUMN_ERROR)
				return unknown_word;
			c->left_out++;
		}
		at = stop + 1;
	}
	((uint32_t *)c->data)[to] = (uint32_t)(c->pool_n - c->start[to]);
	return NULL;
}

static const char *store_id(struct column *c, uint64_t to, struct csv_field f)
{
	uint32_t *id = (uint32_t *)c->data + to;
	char room[COLUMN_SHORT];
	const char *why =
		c->kind == COLUMN_KEY && f.n == 0 ? "expected an id" : column_word(c, &f, room);

	if (why)
		return why;
	if (c->unknown == COLUMN_NEW || (c->side && f.n == 0)) {
		*id = dict_add(c->dict, f.text, f.n);
	} else if (!dict_find(c->dict, f.text, f.n, id)) {
		if (!c->side || c->unknown == COLUMN_ERROR)
			return unknown_word;
		*id = dict_add(c->dict, "", 0);
		c->left_out++;
	}
	return NULL;
}

bool column_drops(const struct column *c, const struct csv_field *row)
{
	struct csv_field f = row[c->first];
	char room[COLUMN_SHORT];
	uint32_t id;

	if (c->unknown != COLUMN_DROP || c->kind == COLUMN_BAG ||
		(c->kind == COLUMN_KEY && f.n == 0) || column_word(c, &f, room))
		return false;
	return !dict_find(c->dict, f.text, f.n, &id);
}

const char *column_store(struct column *c, uint64_t to, const struct csv_field *row, size_t *bad)
{
	const struct csv_field *f = row + c->first;
	const char *why = NULL;
	uint32_t id;

	*bad = c->first;
	switch (c->kind) {
	case COLUMN_KEY:
	case COLUMN_ID:
		why = store_id(c, to, *f);
		break;
	case COLUMN_NUMBER:
	case COLUMN_LABEL:
	case COLUMN_WEIGHT:
		for (size_t i = 0; i < c->width && !why; i++) {
			*bad = c->first + i;
			why = store_number(c, to * c->width + i, f + i);
		}
		break;
	case COLUMN_TRUTH:
		((float *)c->data)[to] = dict_find(c->words, f->text, f->n, &id);
		break;
	case COLUMN_TIME:
		why = numeral_time((int64_t *)c->data + to, f->text, f->n);
		break;
	case COLUMN_PART:
		((uint8_t *)c->data)[to] = (uint8_t)column_part(f);
		why = column_part(f) < 0 ? "expected 0, 1, 2, train, valid or test" : NULL;
		break;
	case COLUMN_BAG:
		why = column_store_bag(c, to, f);
		break;
	}
	return why;
}

/* ---- all rows ---- */

void column_fold(struct column *c, uint64_t rows, uint64_t least)
{
	uint64_t n = c->kind == COLUMN_BAG ? c->pool_n : rows, *count;
	uint32_t *value = c->kind == COLUMN_BAG ? c->pool : c->data, *to;
	size_t words = dict_size(c->dict);
	struct dict *folded = dict_new();

	count = mem_new(words, sizeof *count);
	to = mem_new(words, sizeof *to); /* the new id + 1 */
	for (uint64_t i = 0; i < n; i++)
		count[value[i]]++;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t id = value[i];
		size_t length;
		const char *word = dict_word(c->dict, id, &length);
		bool rare = count[id] < least && length;

		if (!to[id])
			to[id] = 1 + (rare ? dict_add(folded, COLUMN_RARE, strlen(COLUMN_RARE))
					   : dict_add(folded, word, length));
		value[i] = to[id] - 1;
	}
	dict_free(c->dict);
	c->dict = folded;
	free(count);
	free(to);
}

/* ---- tensors ---- */

/* A tensor around data that is already there; takes it. */
static struct tensor *wrap(
	const char *name, enum dtype dtype, uint64_t rows, uint64_t cols, void *data)
{
	struct tensor *t = tensor_new(name, dtype, 0, cols);

	free(t->data);
	t->data = data;
	t->shape[0] = rows;
	return t;
}

void column_vocabulary(struct column *c, struct tensors *set)
{
	char full[2 * TENSOR_NAME], *text;
	size_t n = c->dict ? dict_size(c->dict) : 0;
	uint64_t *at;

	if (!c->dict)
		return;
	dict_move(c->dict, &at, &text);
	snprintf(full, sizeof full, "vocab.%s.at", c->name);
	tensors_add(set, wrap(full, U64, n + 1, 0, at));
	snprintf(full, sizeof full, "vocab.%s.text", c->name);
	tensors_add(set, wrap(full, U8, at[n], 0, text));
	c->dict = NULL;
}

/* Whether all numbers that are not missing are 1. */
static bool are_one(const float *x, const float *missing, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (x[i] != 1 && !(missing && missing[i] != 0))
			return false;
	return true;
}

static void bag_tensors(struct column *c, uint64_t rows, struct tensors *set)
{
	char full[2 * TENSOR_NAME];
	struct tensor *at, *id, *weight;
	uint64_t *offset;

	snprintf(full, sizeof full, "%s.at", c->name);
	at = tensor_new(full, U64, rows + 1, 0);
	snprintf(full, sizeof full, "%s.id", c->name);
	id = tensor_new(full, U32, c->pool_n, 0);
	offset = at->data;
	for (uint64_t i = 0; i < rows; i++) {
		uint32_t count = ((uint32_t *)c->data)[i];

		offset[i + 1] = offset[i] + count;
		if (count)
			memcpy((uint32_t *)id->data + offset[i], c->pool + c->start[i],
				count * sizeof *c->pool);
	}
	tensors_add(set, at);
	tensors_add(set, id);
	if (!c->weigh || are_one(c->pool_weight, NULL, c->pool_n))
		return;
	snprintf(full, sizeof full, "%s.weight", c->name);
	weight = tensor_new(full, F32, c->pool_n, 0);
	for (uint64_t i = 0; i < rows; i++)
		if (offset[i + 1] > offset[i])
			memcpy((float *)weight->data + offset[i], c->pool_weight + c->start[i],
				(offset[i + 1] - offset[i]) * sizeof(float));
	tensors_add(set, weight);
}

static bool is_id(const struct column *c)
{
	return c->kind == COLUMN_ID || c->kind == COLUMN_KEY;
}

void column_tensors(struct column *c, uint64_t rows, struct tensors *set)
{
	enum dtype dtype = is_id(c)		    ? U32
			   : c->kind == COLUMN_TIME ? I64
			   : c->kind == COLUMN_PART ? U8
						    : F32;
	uint64_t cols = c->width > 1 ? c->width : 0;
	char full[2 * TENSOR_NAME];

	if (c->kind == COLUMN_BAG) {
		bag_tensors(c, rows, set);
		return;
	}
	if (c->may_be_one && are_one(c->data, c->missing, rows * c->width))
		return;
	tensors_add(set, wrap(c->name, dtype, rows, cols, c->data));
	c->data = NULL;
	if (!c->missing)
		return;
	snprintf(full, sizeof full, "%s_missing", c->name);
	tensors_add(set, wrap(full, F32, rows, cols, c->missing));
	c->missing = NULL;
}
