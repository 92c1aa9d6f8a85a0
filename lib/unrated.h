/* unrated -- what rs-content is asked for and what it answers. Owns: the call that each of its
 * methods gets, who is known, how the model gets into the stream. */
#ifndef UNRATED_H
#define UNRATED_H

#include "mapped.h"

struct unrated {
	const char *name; /* of the model */
	const char *method, *of, *from; /* from: NULL when it is not given */
	bool of_users, ranking;
	long neighbours, hidden, epochs, batch, seed;
	double shrink, reg, popularity, l2, rate, drop; /* l2: NAN when it is not given */
	uint64_t memory;
	/* the work: the columns, content x as it was learned, and who of it is known */
	struct tensors set;
	struct mf_rows rows;
	struct traits traits;
	struct content_scale scale;
	struct csr x;
	size_t cols;
	uint8_t *known;
	/* the answer: lines of the spec, and the model's tensors */
	struct text spec;
	struct tensors model;
};

/* Reads content out of set: --features and --weight. Known is who has a row of part 0 (for
 * rankings: with a label above 0). A map is learned from their content alone, weights of words and
 * all; anything else weighs words by all rows. Says who has no content. Dies when nobody is known.
 */
void unrated_open(struct unrated *call, const char *features, enum content_weight weight);

/* Each fills model and spec. */
void unrated_neighbours(struct unrated *call);
void unrated_profile(struct unrated *call);
void unrated_factors(struct unrated *call); /* from: as method says; a map comes along */

void unrated_free(struct unrated *call);

#endif
