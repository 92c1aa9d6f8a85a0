#include "mf.h"

#include <math.h>
#include <stdlib.h>

#include "grid.h"
#include "implicit.h"
#include "mem.h"
#include "rng.h"
#include "sgd.h"

enum { HOPELESS = 10 };

/* Deviation of a rating's p . q before training, in deviations of the labels, is SPREAD^2. */
static const double SPREAD = 0.1;

/* What is learned of one side: by slot in training, by id in the model. */
struct side {
	uint32_t ids, slots;
	const uint32_t *slot; /* of an id; the grid's */
	size_t size; /* floats: (slots, width) factors, then (slots) biases */
	float *now;
};

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

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

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

static float *copy(const float *x, size_t n)
{
	float *y = mem_new(n, sizeof *y);

	if (n)
		memcpy(y, x, n * sizeof *y);
	return y;
}

struct mf *mf_copy(const struct mf *mf)
{
	struct mf *to = mem_new(1, sizeof *to);

	*to = *mf;
	to->user_bias = copy(mf->user_bias, mf->users);
	to->item_bias = copy(mf->item_bias, mf->items);
	to->user_factors = copy(mf->user_factors, (size_t)mf->users * mf->dim);
	to->item_factors = copy(mf->item_factors, (size_t)mf->items * mf->dim);
	return to;
}

/* ---- the start ---- */

uint64_t mf_memory(const struct mf_rows *rows, uint32_t dim, bool implicit)
{
	uint64_t width = round_up(dim, SGD_LANES), ids = (uint64_t)rows->users + rows->items;

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

/* Random factors; what an id starts with depends on the id alone. */
static void start_side(
	struct side *side, size_t width, const struct mf_training *t, uint64_t purpose)
{
	uint64_t seed = rng_derive(t->seed, purpose);
	double spread = SPREAD * sqrt(12 / sqrt((double)t->dim));

	side->size = (size_t)side->slots * (width + 1);
	side->now = mem_new(side->size, sizeof *side->now);
#pragma omp parallel for schedule(static)
	for (size_t id = 0; id < side->ids; id++)
		for (size_t k = 0; side->slot[id] != GRID_NONE && k < t->dim; k++)
			side->now[side->slot[id] * width + k] =
				(float)(spread * (rng_unit(seed, RNG_INIT, id * t->dim + k) - 0.5));
}

/* The smaller side becomes the grid's rows: their ratings in a block make longer runs. SVD++ needs
 * users there. */
struct mf_fit *mf_fit_new(const struct mf_rows *rows, const struct mf_training *training)
{
	struct mf_fit *fit = mem_new(1, sizeof *fit);
	struct grid_ratings r = { rows->user, rows->item, rows->label, rows->weight, rows->part,
		rows->n, rows->users, rows->items, 0, 1 };

	fit->training = *training;
	fit->width = round_up(training->dim, SGD_LANES);
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
	fit->row = (struct side){ .ids = r.rows, fit->grid->rows, fit->grid->row_slot };
	fit->col = (struct side){ .ids = r.cols, fit->grid->cols, fit->grid->col_slot };
	start_side(&fit->row, fit->width, training, fit->turned);
	start_side(&fit->col, fit->width, training, !fit->turned);
	fit->implicit = training->l2_set > 0 ? implicit_new(fit->grid, fit->width) : NULL;
	fit->error = mem_new(fit->grid->parts * fit->grid->parts, sizeof *fit->error);
	fit->shift = mem_new(fit->grid->parts, sizeof *fit->shift);
	return fit;
}

size_t mf_fit_trained(const struct mf_fit *fit)
{
	return fit->grid->n;
}

/* One side from another model, whose labels had another mean: the columns' biases make up. */
static void start_from(struct side *side, const struct mf_fit *fit, uint32_t ids, uint32_t dim,
	const float *factors, const float *bias, float shift)
{
	float scale = (float)(1 / fit->labels.scale), root = (float)(1 / sqrt(fit->labels.scale));
	size_t common = dim < fit->training.dim ? dim : fit->training.dim;

	for (size_t id = 0; id < side->ids && id < ids; id++) {
		size_t slot = side->slot[id];

		if (slot == GRID_NONE)
			continue;
		side->now[side->slots * fit->width + slot] = (bias[id] + shift) * scale;
		for (size_t k = 0; k < common; k++)
			side->now[slot * fit->width + k] = factors[id * dim + k] * root;
	}
}

void mf_fit_start(struct mf_fit *fit, const struct mf *from)
{
	struct side *user = fit->turned ? &fit->col : &fit->row;
	struct side *item = fit->turned ? &fit->row : &fit->col;

	start_from(user, fit, from->users, from->dim, from->user_factors, from->user_bias, 0);
	start_from(item, fit, from->items, from->dim, from->item_factors, from->item_bias,
		from->mean - (float)fit->labels.mean);
}

/* ---- an epoch ---- */

static struct sgd_side chunk(const struct side *side, size_t slot, size_t width, const float *pull)
{
	return (struct sgd_side){ side->now + slot * width,
		side->now + (size_t)side->slots * width + slot, pull ? pull + slot * width : NULL };
}

static void train_block(void *arg, size_t i, size_t j)
{
	struct mf_fit *fit = arg;
	const struct grid *g = fit->grid;
	size_t b = i * g->parts + j;
	const float *pull = fit->implicit ? fit->implicit->z : NULL;

	fit->error[b] = 0;
	if (g->block[b].runs)
		fit->error[b] = SIMD_CALL(sgd_block, &g->block[b],
			chunk(&fit->row, i * g->row_chunk, fit->width, pull),
			chunk(&fit->col, j * g->col_chunk, fit->width, NULL), &fit->step);
}

static bool is_finite(const struct side *side)
{
	for (size_t i = 0; i < side->size; i++)
		if (!isfinite(side->now[i]))
			return false;
	return true;
}

struct mf_epoch mf_fit_epoch(struct mf_fit *fit)
{
	size_t parts = fit->grid->parts;
	struct mf_epoch epoch;
	double sum = 0;

	fit->step = sgd_step(fit->width, fit->rate, fit->training.l2);
	fit->rate *= fit->training.decay;
	rng_permute(
		fit->shift, parts, rng_derive(fit->training.seed, 2 + fit->epochs++), RNG_SHUFFLE);
	grid_run(fit->grid, fit->shift, train_block, fit);
	if (fit->implicit)
		implicit_step(fit->implicit, chunk(&fit->row, 0, fit->width, NULL),
			chunk(&fit->col, 0, fit->width, NULL), fit->training.l2_set);
	for (size_t b = 0; b < parts * parts; b++)
		sum += fit->error[b];
	epoch.train = sqrt(sum / fit->labels.weights) * fit->labels.scale;
	epoch.diverged = !(epoch.train <= HOPELESS * fit->labels.scale) || !is_finite(&fit->row) ||
			 !is_finite(&fit->col);
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

/* By id, on the labels' scale; factors carry its root, so that a product has all of it. */
static void hand_out(float **factors, float **bias, const struct mf_fit *fit,
	const struct side *side, const float *pull)
{
	size_t dim = fit->training.dim, width = fit->width;
	float scale = (float)fit->labels.scale, root = (float)sqrt(fit->labels.scale);
	const float *from = side->now;

	*factors = mem_new((size_t)side->ids * dim, sizeof **factors);
	*bias = mem_new(side->ids, sizeof **bias);
	for (size_t id = 0; id < side->ids; id++) {
		size_t slot = side->slot[id];

		if (slot == GRID_NONE)
			continue;
		(*bias)[id] = from[side->slots * width + slot] * scale;
		for (size_t k = 0; k < dim; k++)
			(*factors)[id * dim + k] =
				(from[slot * width + k] + (pull ? pull[slot * width + k] : 0)) *
				root;
	}
}

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
	hand_out(&mf->user_factors, &mf->user_bias, fit, user,
		fit->implicit ? fit->implicit->z : NULL);
	hand_out(&mf->item_factors, &mf->item_bias, fit, item, NULL);
	return mf;
}

void mf_fit_free(struct mf_fit *fit)
{
	implicit_free(fit->implicit);
	grid_free(fit->grid);
	free(fit->row.now);
	free(fit->col.now);
	free(fit->error);
	free(fit->shift);
	free(fit);
}
