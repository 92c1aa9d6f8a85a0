/* column -- one column of a table, which grows. Owns: text -> ids, numbers, times, words; what is
 * missing; the tensors that it becomes.
 *
 * A leaf: what is wrong with a value is returned as text, NULL when nothing is. */
#ifndef COLUMN_H
#define COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv.h"
#include "dict.h"
#include "tensor.h"

enum column_kind {
	COLUMN_ID, /* u32, through a dictionary; the empty field is a word like any other */
	COLUMN_KEY, /* the same, but the empty field is an error */
	COLUMN_NUMBER, /* f32; an empty field is 0, and 1 in a column NAME_missing made for it */
	COLUMN_LABEL, /* f32; an empty field is an error */
	COLUMN_WEIGHT, /* the same, and at least 0 */
	COLUMN_TRUTH, /* f32; 1 where the field is one of some words, else 0 */
	COLUMN_TIME, /* i64; numeral_time; an empty field is an error */
	COLUMN_PART, /* u8; 0, train; 1, valid, validation, dev; 2, test */
	COLUMN_BAG, /* NAME.at u64, NAME.id u32: parts of the field between separators; NAME.weight
		     * f32 too when parts are VALUE:WEIGHT and not all weights are 1 */
};

/* What becomes of a field before it goes to the dictionary; the empty field stays empty. */
enum column_word {
	COLUMN_AS_IS,
	COLUMN_HASHED, /* '#' and the low `bits` bits of its FNV-1a hash of 64 bits in hexadecimal
			*/
	COLUMN_HOUR, /* of a numeral_time in seconds since 1970, UTC: 0 .. 23 */
	COLUMN_WEEKDAY, /* 1 Monday .. 7 Sunday */
	COLUMN_MONTH, /* 1 .. 12 */
};

/* Words that a vocabulary from elsewhere lacks. */
enum column_unknown {
	COLUMN_NEW, /* get the next id */
	COLUMN_DROP, /* the row is left out, of a side table the word made empty; of a bag the word
		      * is left out */
	COLUMN_ERROR,
};

#define COLUMN_RARE "<rare>" /* the word that rare words become */

struct column {
	char name[TENSOR_NAME + 1];
	enum column_kind kind;
	size_t first, width; /* fields of the row */
	char separator, weigh; /* BAG: between its parts; before a part's weight, or 0 */
	bool may_be_one; /* NUMBER: no tensor when all that is there is 1 */
	enum column_word word;
	unsigned bits; /* HASHED */
	bool given; /* the dictionary began with words from elsewhere */
	enum column_unknown unknown;
	bool side; /* of a side table: the empty word always has an id */
	uint64_t left_out; /* words that were made empty or, of bags, left out */
	bool filled, log; /* NUMBER: fill stands for nothing; x becomes sign(x) ln(1 + |x|) */
	float fill;
	struct dict *dict;
	struct dict *words; /* TRUTH */
	const struct dict
		*nothing; /* ID, NUMBER: words that are as empty; not owned, may be NULL */
	uint64_t room; /* rows */
	void *data; /* room x width elements; BAG: room counts, u32 */
	float *missing; /* as data, once something was */
	uint64_t *start; /* BAG: where each row's values start in pool */
	uint32_t *pool;
	float *pool_weight; /* with weigh */
	size_t pool_n, pool_room;
};

void column_start(
	struct column *c, enum column_kind kind, const char *name, size_t first, size_t width);
void column_free(struct column *c);
void column_room(struct column *c, uint64_t room); /* rows that can be stored */
uint64_t column_memory(const struct column *c, uint64_t rows); /* bytes */

/* Whether the row has a word that is unknown, and is to be left out for it. */
bool column_drops(const struct column *c, const struct csv_field *row);

/* Stores the row whose fields these are; *bad is the field (of the row) that is wrong. */
const char *column_store(struct column *c, uint64_t to, const struct csv_field *row, size_t *bad);

/* What a field says to a column, for those who store many at once (piece.h). */
enum { COLUMN_SHORT = 64 /* room for a number, a date or a hash, and NUL */ };

static inline bool column_nothing(const struct column *c, const struct csv_field *f)
{
	uint32_t id;

	return f->n == 0 || (c->nothing && dict_find(c->nothing, f->text, f->n, &id));
}

/* With log, sign(x) ln(1 + |x|). */
float column_log(float x);
static inline float column_transformed(const struct column *c, float x)
{
	return c->log ? column_log(x) : x;
}

/* A copy that ends in NUL, for what reads beyond; false when it is too long to be a number. */
bool column_copy(char to[COLUMN_SHORT], const struct csv_field *f);

/* Puts the word that is made of the field in its place; room is for its text. */
const char *column_word(const struct column *c, struct csv_field *f, char room[COLUMN_SHORT]);

int column_part(const struct csv_field *f); /* 0, 1, 2; -1: it is no part */
const char *column_store_bag(struct column *c, uint64_t to, const struct csv_field *f);
void column_gaps(struct column *c); /* from now on it says where something is missing */

/* ID, BAG: words with fewer than `least` values become COLUMN_RARE, but the empty word; ids are
 * again those of first appearance. */
void column_fold(struct column *c, uint64_t rows, uint64_t least);

/* Moves dictionary and values into tensors; values has that many rows. */
void column_vocabulary(struct column *c, struct tensors *set);
void column_tensors(struct column *c, uint64_t rows, struct tensors *set);

#endif
