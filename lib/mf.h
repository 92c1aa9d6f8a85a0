/* mf -- matrix factorization with biases. Owns: the factor model and its training.
 *
 * rating(u, i) = mean + b_u + c_i + p_u . q_i, then clipped to low .. high
 * Koren, Bell, Volinsky 2009, "Matrix factorization techniques for recommender systems", eq. 4. */
#ifndef MF_H
#define MF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MF_DIM = 1024 };

struct mf {
	uint32_t users, items, dim;
	float mean, low, high; /* low, high: range of the training labels */
	float *user_bias, *item_bias; /* (users), (items) */
	float *user_factors, *item_factors; /* (users, dim), (items, dim) row-major */
};

/* score[r] of the pairs (user[r], item[r]); ids beyond users or items count as unknown: their bias
 * and factors are 0. */
void mf_predict(
	float *score, const struct mf *mf, const uint32_t *user, const uint32_t *item, size_t n);
void mf_free(struct mf *mf);
struct mf *mf_copy(const struct mf *mf);
/* A copy with room for more users and items, whose biases and factors are 0; never for fewer. */
struct mf *mf_enlarged(const struct mf *mf, size_t users, size_t items);

/* An array that the next epoch of a training depends on, so that it can be put back another day. */
struct mf_state {
	const char *name;
	float *at;
	size_t n;
};
enum { MF_STATES = 8 }; /* most of one training */

/* ---- training ----
 *
 * Stochastic gradient descent (sgd.h) on
 *
 *   sum over rows of  w/2 (r - rating)^2 + l2/2 (b_u^2 + c_i^2 + |p_u|^2 + |q_i|^2)
 *
 * where r is the label less the mean and divided by the deviation of the labels, so rate and l2
 * mean the same for any scale of labels; the model that comes out is on the labels' own scale.
 * Rows of part 0 train, other parts are not looked at. Ids without a training row keep bias and
 * factors of 0. The bits of the result do not
 * depend on the number of threads or on the instruction set.
 *
 * Memory: 6 to 8 bytes a training row (4 more with weights) and the model. While mf_fit_new runs,
 * 8 to 12 bytes a training row and the caller's columns. */

struct mf_rows {
	const uint32_t *user, *item;
	const float *label, *weight; /* weight: NULL when all are 1 */
	const uint8_t *part; /* NULL: all rows train */
	size_t n;
	uint32_t users, items; /* ids are below these */
};

/* Of the training labels: what makes rate and penalty mean the same for any scale of labels. */
struct mf_labels {
	double mean, scale; /* weighted mean and deviation; scale 1 when all are the same */
	double weights; /* their sum */
	float low, high; /* range */
};

struct mf_labels mf_measure(const struct mf_rows *rows);

struct mf_training {
	uint32_t dim; /* 1 .. MF_DIM */
	double rate, l2;
	double decay; /* the rate is multiplied by this after each epoch */
	uint64_t seed;
	double l2_set; /* above 0: SVD++, with this penalty of y (implicit.h) */
};

struct mf_epoch {
	double train; /* RMSE met on the way, weighted as the rows are, not clipped */
	bool diverged; /* something is not finite, or train is ten times the labels' deviation */
};

struct mf_fit;

/* Bytes that training needs at its peak, with the best model so far and the one handed out, the
 * caller's columns left out. */
uint64_t mf_memory(const struct mf_rows *rows, uint32_t dim, bool implicit);

/* The rows may be freed after this. Labels must be finite, weights >= 0 with a sum above 0. */
struct mf_fit *mf_fit_new(const struct mf_rows *rows, const struct mf_training *training);
void mf_fit_free(struct mf_fit *fit);

/* Biases and factors of another model take the place of the random ones, as far as both have the
 * id (with a training row) and the factor. */
void mf_fit_start(struct mf_fit *fit, const struct mf *from);

size_t mf_fit_trained(const struct mf_fit *fit); /* training rows */
struct mf_epoch mf_fit_epoch(struct mf_fit *fit);
struct mf *mf_fit_model(const struct mf_fit *fit); /* as it is now */

/* With its arrays as they were after so many epochs, a new fit of the same rows goes on to the same
 * bits. */
size_t mf_fit_state(struct mf_fit *fit, struct mf_state list[MF_STATES]);
void mf_fit_skip(struct mf_fit *fit, size_t epochs);

#endif
