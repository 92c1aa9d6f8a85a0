/* council -- several teachers asked as one. Owns: their weights, how their answers become one
 * answer, how far they differ.
 *
 * z_m is what teacher m says of a row or of a user and an item (a logit, or a rating), w_m its
 * weight, sum of w_m = 1.
 *
 *   mean      sum_m w_m z_m, in logit space, summed in the order of the teachers
 *   median    of z_m, of an even number the mean of the middle two; weights play no part
 *   variance  sum_m w_m (z_m - mean)^2 / (1 - sum_m w_m^2); with equal weights that is the sample
 *             variance, divided by M - 1
 *   out of fold  of a row of fold k what teacher k says, who was trained without it; of rows in no
 *             fold what all say, as above
 *   gate      weights from the teachers' losses L_m on rows that none was trained on:
 *             w_m ~ v_m exp(-(L_m - min L) / scale), v_m the weights as given. */
#ifndef COUNCIL_H
#define COUNCIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "model_items.h"
#include "ranking.h"

enum { COUNCIL_MOST = 64, COUNCIL_NO_FOLD = 255 };
enum council_how { COUNCIL_MEAN, COUNCIL_MEDIAN };

struct council {
	enum council_how how;
	struct model *model[COUNCIL_MOST];
	double weight[COUNCIL_MOST];
	size_t n;
	bool out_of_fold;
	struct model_items *ready[COUNCIL_MOST]; /* council_ready made them; else NULL */
	float *block; /* (n, room) answers of all teachers */
	size_t room;
};

/* weight[0 .. n) from the numbers of text (with commas between; NULL: equal ones), made to add up to
 * 1. Dies by usage of the option. */
void council_weights(double *weight, size_t n, const char *option, const char *text);

/* Opens the models of set called `from` (names between commas; NULL: the only one there is) and
 * gives them weights (numbers between commas; NULL: equal ones). Dies by usage when there are too
 * many, or none can be chosen, or when logits and ratings would mix. */
void council_open(
	struct council *c, const struct tensors *set, const char *from, const char *weights);
void council_free(struct council *c);

bool council_needs(const struct council *c, const char *column);

/* answer[0 .. n), and variance[0 .. n) unless that is NULL, of rows whose columns are in `rows`.
 * Dies when out_of_fold and `fold` is not there, or a row's fold has no teacher. */
void council_rows(struct council *c, const struct tensors *rows, size_t n, float *answer,
	float *variance);

/* Changes the weights by the teachers' losses loss[m] as `gate` above. */
void council_gate(struct council *c, const double *loss, double scale);
/* loss[m]: mean over the n rows of cross entropy (label 0 or 1; logits) or of (z - y)^2 / 2. rows
 * r with part[r] == 1 count; their number is returned. */
size_t council_losses(struct council *c, double *loss, const struct tensors *rows, size_t n,
	const float *label, const uint8_t *part);

/* Makes the teachers ready to score all items; the scorer is good till council_free. */
struct ranking_scorer council_ready(struct council *c, size_t items);

#endif
