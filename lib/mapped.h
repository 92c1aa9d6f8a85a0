/* mapped -- a map from content to factors as part of a model. Owns: its tensors and lines of the
 * spec, whether words of a stream are those that it learned.
 *
 * Lines: of, weight, hidden (as rs-content notes them), then content=FEATURE,FEATURE... and for
 * each feature of words that has a vocabulary words.FEATURE=DIGEST, the first 16 hex digits of
 * SHA-256 over the offsets (u64, little-endian) and letters of the words that it had.
 *
 *   content.FEATURE   f64  words: (n + 2), what each is worth, 0 when no row had it, the mean
 *                          number of words in a row, what a word is worth that no row had; a number:
 *                          its quantiles; a block: (n), all 1
 *   map.mean          f32  (dim + 1): factors and bias of the mean of those who were known
 *   map.weight        f32  (columns, dim + 1): ridge
 *   map.unit          f32  (1): networks, what their output is multiplied by
 *   map.0.bias, .0.weight  f32  (hidden), (columns, hidden)
 *   map.1.bias, .1.weight  f32  (dim + 1), (hidden, dim + 1)
 *
 * all of them model.NAME.*, columns in the order of the features. */
#ifndef MAPPED_H
#define MAPPED_H

#include "fill.h"
#include "traits.h"

struct mapped {
	bool of_users;
	struct traits traits; /* of the stream that it is applied to */
	struct content_scale scale;
	struct fill_map map;
};

/* The lines, before model_from_mf; the tensors, after it. `set` has the vocabularies. */
void mapped_note(struct text *spec, const struct tensors *set, const struct traits *traits);
void mapped_write(struct tensors *made, const char *name, const struct traits *traits,
	const struct content_scale *scale, const struct fill_map *map);

/* The map of a model of set, bound to the tables of set. Dies when the model has none, when it is
 * damaged, or when the set lacks a feature or has other words. */
void mapped_open(struct mapped *m, const struct tensors *set, const struct model *model);
void mapped_free(struct mapped *m);

#endif
