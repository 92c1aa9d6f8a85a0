#include "dict.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

enum { MAX_IDS = INT32_MAX, FIRST_SLOTS = 64, FIRST_TEXT = 1024 };

struct slot {
	uint32_t hash;
	uint32_t id_1; /* id + 1; 0: empty */
};

struct dict {
	struct slot *slot; /* open addressing; at most half full */
	size_t slots;
	uint64_t *at; /* n + 1 offsets into text */
	size_t n, room;
	char *text;
	size_t text_room;
};

struct dict *dict_new(void)
{
	struct dict *d = mem_new(1, sizeof *d);

	d->slots = FIRST_SLOTS;
	d->slot = mem_new(d->slots, sizeof *d->slot);
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
	free(d);
}

/* Eight bytes a step, multiplied and folded. Where a word lands never shows in a result. */
static uint32_t hash_text(const char *text, size_t n)
{
	uint64_t h = n * 0x9E3779B97F4A7C15u, word;

	for (; n >= 8; text += 8, n -= 8) {
		memcpy(&word, text, 8);
		h = (h ^ word) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, text, n);
	h = (h ^ word) * 0xD6E8FEB86659FD93u;
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	return (uint32_t)(h >> 32);
}

static struct slot *probe(const struct dict *d, uint32_t hash, const char *text, size_t n)
{
	size_t mask = d->slots - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *s = d->slot + i;
		uint64_t id = (uint64_t)s->id_1 - 1;

		if (!s->id_1)
			return s;
		if (s->hash == hash && d->at[id + 1] - d->at[id] == n &&
			memcmp(d->text + d->at[id], text, n) == 0)
			return s;
	}
}

static void rehash(struct dict *d)
{
	struct slot *old = d->slot;
	size_t slots = d->slots, mask = 2 * slots - 1;

	d->slots = 2 * slots;
	d->slot = mem_new(d->slots, sizeof *d->slot);
	for (size_t i = 0; i < slots; i++) {
		size_t to = old[i].hash & mask;

		if (!old[i].id_1)
			continue;
		while (d->slot[to].id_1)
			to = (to + 1) & mask;
		d->slot[to] = old[i];
	}
	free(old);
}

uint32_t dict_add(struct dict *d, const char *text, size_t n)
{
	uint32_t hash = hash_text(text, n);
	struct slot *s = probe(d, hash, text, n);

	if (s->id_1)
		return s->id_1 - 1;
	if (d->n == MAX_IDS)
		die("a column has more than %d distinct values", MAX_IDS);
	if (2 * (d->n + 1) > d->slots) {
		rehash(d);
		s = probe(d, hash, text, n);
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
	*s = (struct slot){ hash, (uint32_t)++d->n };
	return (uint32_t)(d->n - 1);
}

bool dict_find(const struct dict *d, const char *text, size_t n, uint32_t *id)
{
	const struct slot *s = probe(d, hash_text(text, n), text, n);

	*id = s->id_1 - 1;
	return s->id_1 != 0;
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
	return d->slots * sizeof *d->slot + d->room * sizeof *d->at + d->text_room;
}

void dict_move(struct dict *d, uint64_t **at, char **text)
{
	*at = d->at;
	*text = d->text;
	d->at = NULL;
	d->text = NULL;
	dict_free(d);
}
