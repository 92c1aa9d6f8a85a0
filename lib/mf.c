#include "mf.h"

#include <math.h>
#include <stdlib.h>

#include "grid.h"
#include "implicit.h"
#include "mem.h"
#include "rng.h"
#include "side.h"

enum { HOPELESS = 10 };

/* Deviation of a rating's p . q before training, in deviations of the labels, is SPREAD^2. Small,
 * so that factors grow where the ratings pull and not where they happened to start: at 0.1 the RMSE
 * of MovieLens at dim 128 is .003 higher, and the best epoch comes sooner. */
static const double SPREAD = 0.02;

struct mf_fit {
	struct mf_training training;
	size_t width, epochs;
	double rate;
	struct mf_labels labels;
	struct grid *grid;
	bool turned; /* the grid's rows are items */
	struct implicit *implicit; /* or NULL */
	struct side row, col;
	struct sgd_step step;
	double *error; /* of each block */
	uint32_t *shift;
};

/* ---- prediction ---- */

static float clip(float x, float low, float high)
{
	return x < low ? low : x > high ? high : x;
}

void mf_predict(
	float *score, const struct mf *mf, const uint32_t *user, const uint32_t *item, size_t n)
{
	float (*dot)(const float *, const float *, size_t) = SIMD_PICK(sgd_dot);

#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < n; r++) {
		size_t u = user[r], i = item[r], dim = mf->dim;
		bool known_user = u < mf->users, known_item = i < mf->items;
		float x = mf->mean;

		x += known_user ? mf->user_bias[u] : 0;
		x += known_item ? mf->item_bias[i] : 0;
		if (known_user && known_item && dim)
			x += dot(mf->user_factors + u * dim, mf->item_factors + i * dim, dim);
		score[r] = clip(x, mf->low, mf->high);
	}
}

void mf_free(struct mf *mf)
{
	free(mf->user_bias);
	free(mf->item_bias);
	free(mf->user_factors);
	free(mf->item_factors);
	free(mf);
}

static float *copy(const float *x, size_t n, size_t room)
{
	float *y = mem_new(room, sizeof *y);

	if (n)
		memcpy(y, x, n * sizeof *y);
	return y;
}

struct mf *mf_enlarged(const struct mf *mf, size_t users, size_t items)
{
	struct mf *to = mem_new(1, sizeof *to);
	size_t dim = mf->dim;

	*to = *mf;
	to->users = users > mf->users ? (uint32_t)users : mf->users;
	to->items = items > mf->items ? (uint32_t)items : mf->items;
	to->user_bias = copy(mf->user_bias, mf->users, to->users);
	to->item_bias = copy(mf->item_bias, mf->items, to->items);
	to->user_factors = copy(mf->user_factors, mf->users * dim, to->users * dim);
	to->item_factors = copy(mf->item_factors, mf->items * dim, to->items * dim);
	return to;
}

struct mf *mf_copy(const struct mf *mf)
{
	return mf_enlarged(mf, 0, 0);
}

/* ---- the start ---- */

uint64_t mf_memory(const struct mf_rows *rows, uint32_t dim, bool implicit)
{
	uint64_t width = side_width(dim), ids = (uint64_t)rows->users + rows->items;

	return (uint64_t)rows->n * (rows->weight ? 20 : 16) + ids * (3 * (width + 1) * 4 + 8) +
	       (implicit ? implicit_memory(rows->users, rows->items, width) : 0);
}

struct mf_labels mf_measure(const struct mf_rows *rows)
{
	struct mf_labels l = { .low = INFINITY, .high = -INFINITY };
	double sum = 0, square = 0;

	for (size_t i = 0; i < rows->n; i++) {
		float x = rows->label[i];

		if (rows->part && rows->part[i] != 0)
			continue;
		sum += (rows->weight ? (double)rows->weight[i] : 1) * (double)x;
		l.weights += rows->weight ? (double)rows->weight[i] : 1;
		l.low = x < l.low ? x : l.low;
		l.high = x > l.high ? x : l.high;
	}
	l.mean = sum / l.weights;
	for (size_t i = 0; i < rows->n; i++) {
		double x = (double)rows->label[i] - l.mean;

		if (!rows->part || rows->part[i] == 0)
			square += (rows->weight ? (double)rows->weight[i] : 1) * x * x;
	}
	l.scale = sqrt(square / l.weights);
	if (l.scale < 1e-6 * fabs(l.mean) || l.scale == 0)
		l.scale = 1;
	return l;
}

/* The smaller side becomes the grid's rows: their ratings in a block make longer runs. SVD++ needs
 * users there. */
struct mf_fit *mf_fit_new(const struct mf_rows *rows, const struct mf_training *training)
{
	double spread = SPREAD * sqrt(12 / sqrt((double)training->dim));
	struct mf_fit *fit = mem_new(1, sizeof *fit);
	struct grid_ratings r = { rows->user, rows->item, rows->label, rows->weight, rows->part,
		rows->n, rows->users, rows->items, 0, 1, false };

	fit->training = *training;
	fit->width = side_width(training->dim);
	fit->rate = training->rate;
	fit->labels = mf_measure(rows);
	r.mean = (float)fit->labels.mean;
	r.scale = (float)fit->labels.scale;
	fit->turned = rows->items < rows->users && !(training->l2_set > 0);
	if (fit->turned) {
		r.row = rows->item;
		r.col = rows->user;
		r.rows = rows->items;
		r.cols = rows->users;
	}
	fit->grid = grid_new(&r, fit->width, training->seed);
	fit->row = side_new(r.rows, fit->grid->rows, fit->grid->row_slot, training->dim,
		rng_derive(training->seed, fit->turned), spread);
	fit->col = side_new(r.cols, fit->grid->cols, fit->grid->col_slot, training->dim,
		rng_derive(training->seed, !fit->turned), spread);
	fit->implicit = training->l2_set > 0 ? implicit_new(fit->grid, fit->width) : NULL;
	fit->error = mem_new(fit->grid->parts * fit->grid->parts, sizeof *fit->error);
	fit->shift = mem_new(fit->grid->parts, sizeof *fit->shift);
	return fit;
}

size_t mf_fit_trained(const struct mf_fit *fit)
{
	return fit->grid->n;
}

void mf_fit_start(struct mf_fit *fit, const struct mf *from)
{
	struct side *user = fit->turned ? &fit->col : &fit->row;
	struct side *item = fit->turned ? &fit->row : &fit->col;

	/* the other model's labels had another mean: the items' biases make up */
	side_from(user, from->users, from->dim, from->user_factors, from->user_bias,
		fit->labels.scale, 0);
	side_from(item, from->items, from->dim, from->item_factors, from->item_bias,
		fit->labels.scale, (double)from->mean - fit->labels.mean);
}

/* ---- an epoch ---- */

static void train_block(void *arg, size_t i, size_t j)
{
	struct mf_fit *fit = arg;
	const struct grid *g = fit->grid;
	size_t b = i * g->parts + j;
	const float *pull = fit->implicit ? fit->implicit->z : NULL;

	fit->error[b] = 0;
	if (g->block[b].runs)
		fit->error[b] = SIMD_CALL(sgd_block, &g->block[b],
			side_at(&fit->row, i * g->row_chunk, pull),
			side_at(&fit->col, j * g->col_chunk, NULL), &fit->step);
}

struct mf_epoch mf_fit_epoch(struct mf_fit *fit)
{
	size_t parts = fit->grid->parts;
	struct mf_epoch epoch;
	double sum = 0;

	fit->step = sgd_step(fit->width, fit->rate, fit->training.l2);
	fit->rate *= fit->training.decay;
	grid_turn(fit->shift, parts, rng_derive(fit->training.seed, 2 + fit->epochs++));
	grid_run(parts, parts, fit->shift, train_block, fit);
	if (fit->implicit)
		implicit_step(fit->implicit, side_at(&fit->row, 0, NULL),
			side_at(&fit->col, 0, NULL), fit->training.l2_set);
	for (size_t b = 0; b < parts * parts; b++)
		sum += fit->error[b];
	epoch.train = sqrt(sum / fit->labels.weights) * fit->labels.scale;
	epoch.diverged = !(epoch.train <= HOPELESS * fit->labels.scale) ||
			 !side_finite(&fit->row) || !side_finite(&fit->col);
	return epoch;
}

void mf_fit_skip(struct mf_fit *fit, size_t epochs)
{
	for (size_t e = 0; e < epochs; e++)
		fit->rate *= fit->training.decay;
	fit->epochs += epochs;
	if (fit->implicit)
		implicit_pull(fit->implicit);
}

size_t mf_fit_state(struct mf_fit *fit, struct mf_state list[MF_STATES])
{
	list[0] = (struct mf_state){ "rows", fit->row.now, fit->row.size };
	list[1] = (struct mf_state){ "columns", fit->col.now, fit->col.size };
	if (fit->implicit)
		list[2] = (struct mf_state){ "implicit", fit->implicit->y,
			fit->grid->cols * fit->width };
	return fit->implicit ? 3 : 2;
}

/* ---- the end ---- */

struct mf *mf_fit_model(const struct mf_fit *fit)
{
	const struct side *user = fit->turned ? &fit->col : &fit->row;
	const struct side *item = fit->turned ? &fit->row : &fit->col;
	struct mf *mf = mem_new(1, sizeof *mf);

	mf->users = user->ids;
	mf->items = item->ids;
	mf->dim = fit->training.dim;
	mf->mean = (float)fit->labels.mean;
	mf->low = fit->labels.low;
	mf->high = fit->labels.high;
	side_out(&mf->user_factors, &mf->user_bias, user, fit->labels.scale,
		fit->implicit ? fit->implicit->z : NULL);
	side_out(&mf->item_factors, &mf->item_bias, item, fit->labels.scale, NULL);
	return mf;
}

void mf_fit_free(struct mf_fit *fit)
{
	implicit_free(fit->implicit);
	grid_free(fit->grid);
	side_free(&fit->row);
	side_free(&fit->col);
	free(fit->error);
	free(fit->shift);
	free(fit);
}
