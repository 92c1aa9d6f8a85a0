/* content -- what users or items are, as sparse rows. Owns: how fields become columns and how
 * columns are weighed.
 *
 * Each field gives a block of columns, each block of a row has length 1 or is empty, and so has the
 * whole row; so a product of two rows is the mean cosine of their fields where both have all.
 *
 *   words (categories, bags), tf times in the row, in df of the N rows that have any, len words in
 *   the row and L on average:
 *     none   tf
 *     tfidf  tf (1 + ln((1 + N) / (1 + df)))
 *     bm25   ln(1 + (N - df + 0.5) / (df + 0.5)) tf 2.2 / (tf + 1.2 (0.25 + 0.75 len / L))
 *   a number lies between two of 9 quantiles (0, 1/8, ... 1): their columns have the shares 1 - t
 *   and t of the way; so numbers are like that are near
 *   a block of numbers is taken as it is
 *
 * Salton, Buckley 1988, "Term-weighting approaches in automatic text retrieval"; Robertson,
 * Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond", eq. 3.15. */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdint.h>

#include "csr.h"
#include "net.h"

enum content_weight { CONTENT_NONE, CONTENT_TFIDF, CONTENT_BM25 };

struct content_field {
	struct net_field in; /* bound; its key is not used */
	uint32_t nothing; /* the word that says that there is none; UINT32_MAX: no such word */
	const float *missing; /* not 0 where there is no number; or NULL */
};

/* rows of content, as many as asked for, ids ascend; *cols is how many columns there are. Numbers
 * that are not finite are missing. */
struct csr content_matrix(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, size_t *cols);

#endif
