/* content -- what users or items are, as sparse rows. Owns: how fields become columns, how columns
 * are weighed, and what of this is learned from rows and kept for others.
 *
 * Each field gives a block of columns, each block of a row has length 1 or is empty, and so has the
 * whole row; so a product of two rows is the mean cosine of their fields where both have all.
 *
 *   words (categories, bags), tf times in the row (or with that weight; 0 or less: not at all), in
 *   df of the N rows that have any, len words in the row and L on average:
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

/* What one field's columns are. Words that no row had from which it was learned have weight 0 and,
 * like words beyond n, no column: they only count in a row's length, so that what is known of it
 * says less. */
struct content_part {
	enum net_kind kind;
	size_t n; /* columns */
	double *value; /* words: (n + 2), their weights, the mean number of words in a row, and the
			  weight of a word that no row had; a number: (n), the quantiles; a block:
			  (n), all 1 */
};

struct content_scale {
	enum content_weight weight;
	size_t fields, cols;
	struct content_part *part;
};

/* Learns from the rows with counted[r], NULL: all. Numbers that are not finite are missing. */
struct content_scale content_learn(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, const uint8_t *counted);
void content_free(struct content_scale *scale);

/* rows of content, as many as asked for, ids ascend; of the same fields that were learned from, or
 * others of their kinds. A number beyond the quantiles is the outermost of them. */
struct csr content_rows(
	const struct content_scale *scale, const struct content_field *field, size_t rows);

/* Both, of all rows; *cols is how many columns there are. */
struct csr content_matrix(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, size_t *cols);

#endif
