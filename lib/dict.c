#include "dict.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "digits.h"
#include "mem.h"

enum { MAX_IDS = INT32_MAX, FIRST_SLOTS = 64, FIRST_TEXT = 1024, HEAD = 8, BATCH = 32 };
enum { SPREAD = 8, FREE = 65536 }; /* numbers below SPREAD * words + FREE count as small */

/* A word of up to 8 bytes is told by its slot alone, without a look at the text. */
struct slot {
	uint64_t head; /* its first 8 bytes, zeros after */
	uint32_t mark; /* 28 bits of hash and its length, at most 15 */
	uint32_t id_1; /* id + 1; 0: empty */
};

struct key {
	uint64_t head, hash;
	uint32_t mark;
	const char *text;
	size_t n;
};

struct dict {
	struct slot *slot; /* open addressing; at most half full */
	unsigned shift; /* 64 - log2 of the slots */
	uint64_t *at; /* n + 1 offsets into text */
	size_t n, room;
	char *text;
	size_t text_room;
	/* Small numbers are found without the slots: number[x] is 1 + the id of the word x, or 0,
	 * for x < numbers. Kept from the first dict_merge on. */
	uint32_t *number; /* and a 0 more */
	size_t numbers, are_numbers; /* so many words are there */
	bool merges;
};

static size_t slots(const struct dict *d)
{
	return (size_t)1 << (64 - d->shift);
}

struct dict *dict_new(void)
{
	struct dict *d = mem_new(1, sizeof *d);

	d->shift = 64 - 6;
	d->slot = mem_new(FIRST_SLOTS, sizeof *d->slot);
	d->room = FIRST_SLOTS / 2;
	d->at = mem_grow(NULL, d->room + 1, sizeof *d->at);
	d->at[0] = 0;
	d->text_room = FIRST_TEXT;
	d->text = mem_grow(NULL, d->text_room, 1);
	return d;
}

void dict_free(struct dict *d)
{
	if (!d)
		return;
	free(d->slot);
	free(d->at);
	free(d->text);
	free(d->number);
	free(d);
}

static uint64_t fold(uint64_t h)
{
	h *= 0xD6E8FEB86659FD93u;
	return h ^ h >> 32;
}

/* n < 8 bytes, zeros after, without reading beyond them. */
static uint64_t few_bytes(const char *text, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)(uint8_t)text[i] << 8 * i;
	return word;
}

/* Where a word lands never shows in a result. */
static struct key make_key(const char *text, size_t n, uint64_t head)
{
	struct key k = { .head = head, .text = text, .n = n };
	uint64_t h = fold(head ^ n * 0x9E3779B97F4A7C15u);

	for (size_t i = HEAD; i < n; i += HEAD)
		h = fold(h ^ (n - i >= HEAD ? digits_load(text + i) : few_bytes(text + i, n - i)));
	k.hash = h * 0xD6E8FEB86659FD93u;
	k.mark = ((uint32_t)h & ~15u) | (n < 15 ? (uint32_t)n : 15u);
	return k;
}

static struct key key_of(const char *text, size_t n)
{
	return make_key(text, n, n >= HEAD ? digits_load(text) : few_bytes(text, n));
}

static struct slot *probe(const struct dict *d, const struct key *k)
{
	size_t mask = slots(d) - 1;

	for (size_t i = k->hash >> d->shift;; i = (i + 1) & mask) {
		struct slot *s = d->slot + i;
		uint64_t id = (uint64_t)s->id_1 - 1;

		if (!s->id_1)
			return s;
		if (s->head != k->head || s->mark != k->mark)
			continue;
		if (k->n <= HEAD || (d->at[id + 1] - d->at[id] == k->n &&
					    memcmp(d->text + d->at[id], k->text, k->n) == 0))
			return s;
	}
}

static void rehash(struct dict *d)
{
	free(d->slot);
	d->shift--;
	d->slot = mem_new(slots(d), sizeof *d->slot);
	for (size_t id = 0; id < d->n; id++) {
		struct key k = key_of(d->text + d->at[id], d->at[id + 1] - d->at[id]);
		size_t to = k.hash >> d->shift;

		while (d->slot[to].id_1)
			to = (to + 1) & (slots(d) - 1);
		d->slot[to] = (struct slot){ k.head, k.mark, (uint32_t)id + 1 };
	}
}

static void put_number(struct dict *d, uint64_t x, size_t id)
{
	d->number[x] = (uint32_t)id + 1;
	d->are_numbers++;
}

/* Makes room for the number x, and puts all words that fit there. */
static void more_numbers(struct dict *d, uint64_t x)
{
	free(d->number);
	d->numbers = d->numbers ? d->numbers : FREE;
	while (d->numbers <= x)
		d->numbers *= 2;
	d->number = mem_new(d->numbers + 1, sizeof *d->number);
	d->are_numbers = 0;
	for (size_t id = 0; id < d->n; id++) {
		const char *text = d->text + d->at[id];
		size_t n = d->at[id + 1] - d->at[id];

		x = n <= HEAD ? digits_canonical(few_bytes(text, n), n) : DIGITS_NONE;
		if (x < d->numbers)
			put_number(d, x, id);
	}
}

/* Word id, the last one, as a number. */
static void note_number(struct dict *d, const struct key *k, size_t id)
{
	uint64_t x = digits_canonical(k->head, k->n);

	if (x < d->numbers)
		put_number(d, x, id);
	else if (x < SPREAD * d->n + FREE)
		more_numbers(d, x);
}

uint32_t dict_add(struct dict *d, const char *text, size_t n)
{
	struct key k = key_of(text, n);
	struct slot *s = probe(d, &k);

	if (s->id_1)
		return s->id_1 - 1;
	if (d->n == MAX_IDS)
		die("a column has more than %d distinct values", MAX_IDS);
	if (2 * (d->n + 1) > slots(d)) {
		rehash(d);
		s = probe(d, &k);
	}
	if (d->n == d->room) {
		d->room *= 2;
		d->at = mem_grow(d->at, d->room + 1, sizeof *d->at);
	}
	if (d->at[d->n] + n > d->text_room) {
		d->text_room = 2 * (d->at[d->n] + n);
		d->text = mem_grow(d->text, d->text_room, 1);
	}
	memcpy(d->text + d->at[d->n], text, n);
	d->at[d->n + 1] = d->at[d->n] + n;
	*s = (struct slot){ k.head, k.mark, (uint32_t)++d->n };
	if (d->merges)
		note_number(d, &k, d->n - 1);
	return (uint32_t)(d->n - 1);
}

bool dict_find(const struct dict *d, const char *text, size_t n, uint32_t *id)
{
	struct key k = key_of(text, n);
	const struct slot *s = probe(d, &k);

	*id = s->id_1 - 1;
	return s->id_1 != 0;
}

/* The slots of a batch are on their way from memory while its other words are hashed. */
static void find_words(const struct dict *d, const struct csv_field *word, const uint32_t *which,
	size_t n, uint32_t *id)
{
	struct key key[BATCH];

	for (size_t i = 0; i < n; i++) {
		const struct csv_field *w = word + which[i];
		uint64_t head = digits_load(w->text);

		if (w->n < HEAD)
			head &= ((uint64_t)1 << 8 * w->n) - 1;
		key[i] = make_key(w->text, w->n, head);
		__builtin_prefetch(d->slot + (key[i].hash >> d->shift));
	}
	for (size_t i = 0; i < n; i++)
		id[which[i]] = probe(d, key + i)->id_1 - 1;
}

void dict_find_all(const struct dict *d, const struct csv_field *word, size_t n, uint32_t *id)
{
	uint32_t others[BATCH];
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t x = digits_canonical(digits_load(word[i].text), word[i].n);

		if (x < d->numbers)
			id[i] = d->number[x] - 1;
		else
			others[left++] = (uint32_t)i;
		if (left == BATCH) {
			find_words(d, word, others, left, id);
			left = 0;
		}
	}
	find_words(d, word, others, left, id);
}

bool dict_find_numbers(const struct dict *d, const struct figures *words, uint32_t *id)
{
	if (2 * d->are_numbers <= d->n)
		return false;
	SIMD_CALL(figures_ids, id, words, d->number, d->numbers);
	return true;
}

void dict_merge(struct dict *d, const struct dict *from, uint32_t *id)
{
	if (!d->merges && from->n) {
		d->merges = true;
		more_numbers(d, 0);
	}
	for (size_t i = 0; i < from->n; i++)
		id[i] = dict_add(d, from->text + from->at[i], from->at[i + 1] - from->at[i]);
}

void dict_clear(struct dict *d)
{
	if (d->n)
		memset(d->slot, 0, slots(d) * sizeof *d->slot);
	if (d->n && d->numbers)
		memset(d->number, 0, d->numbers * sizeof *d->number);
	d->n = d->are_numbers = 0;
}

size_t dict_size(const struct dict *d)
{
	return d->n;
}

const char *dict_word(const struct dict *d, uint32_t id, size_t *n)
{
	*n = d->at[id + 1] - d->at[id];
	return d->text + d->at[id];
}

uint64_t dict_memory(const struct dict *d)
{
	return slots(d) * sizeof *d->slot + d->room * sizeof *d->at + d->text_room +
	       d->numbers * sizeof *d->number;
}

void dict_move(struct dict *d, uint64_t **at, char **text)
{
	*at = d->at;
	*text = d->text;
	d->at = NULL;
	d->text = NULL;
	dict_free(d);
}
