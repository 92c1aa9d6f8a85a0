#include "als.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graded.h"
#include "mem.h"
#include "normal.h"
#include "rng.h"
#include "sgd.h"

static const double START = 0.1; /* deviation of a factor before training, times dim^(1/2) */

struct side {
	const struct graded_side *rated;
	float *factors; /* (rows, width): dim factors, then 1, which the other side's bias meets */
	float *bias; /* (rows) */
};

struct als {
	struct als_training training;
	struct mf_labels labels;
	size_t width;
	struct graded graded;
	struct side user, item;
};

static size_t width_of(uint32_t dim)
{
	return ((size_t)dim + NORMAL_LANES) / NORMAL_LANES * NORMAL_LANES;
}

uint64_t als_memory(const struct mf_rows *rows, uint32_t dim)
{
	uint64_t width = width_of(dim), ids = (uint64_t)rows->users + rows->items;

	return graded_memory(rows) + ids * (width + 2 * dim + 5) * 4 + width * width * 8;
}

static bool has(const struct side *side, size_t id)
{
	return side->rated->at[id] < side->rated->at[id + 1];
}

static void start_side(struct side *side, const struct als *fit, uint64_t purpose)
{
	size_t dim = fit->training.dim, rows = side->rated->rows;
	uint64_t seed = rng_derive(fit->training.seed, purpose);
	double spread = START / sqrt((double)dim);

	side->factors = mem_new(rows * fit->width, sizeof *side->factors);
	side->bias = mem_new(rows, sizeof *side->bias);
#pragma omp parallel for schedule(static)
	for (size_t id = 0; id < rows; id++) {
		if (!has(side, id))
			continue;
		for (size_t k = 0; k < dim; k++)
			side->factors[id * fit->width + k] =
				(float)(spread * rng_normal(seed, RNG_INIT, id * dim + k));
		side->factors[id * fit->width + dim] = 1;
	}
}

struct als *als_new(const struct mf_rows *rows, const struct als_training *training)
{
	struct als *fit = mem_new(1, sizeof *fit);

	fit->training = *training;
	fit->width = width_of(training->dim);
	fit->labels = mf_measure(rows);
	fit->graded = graded_new(rows);
	fit->user.rated = &fit->graded.user;
	fit->item.rated = &fit->graded.item;
	start_side(&fit->user, fit, 0);
	start_side(&fit->item, fit, 1);
	return fit;
}

size_t als_trained(const struct als *fit)
{
	return fit->user.rated->at[fit->user.rated->rows];
}

static void start_from(struct side *side, const struct als *fit, uint32_t ids, uint32_t dim,
	const float *factors, const float *bias, double shift)
{
	size_t common = dim < fit->training.dim ? dim : fit->training.dim;
	double root = sqrt(fit->labels.scale);

	for (size_t id = 0; id < side->rated->rows && id < ids; id++) {
		if (!has(side, id))
			continue;
		side->bias[id] = (float)(((double)bias[id] + shift) / fit->labels.scale);
		for (size_t k = 0; k < common; k++)
			side->factors[id * fit->width + k] =
				(float)((double)factors[id * dim + k] / root);
	}
}

void als_start(struct als *fit, const struct mf *from)
{
	start_from(&fit->user, fit, from->users, from->dim, from->user_factors, from->user_bias, 0);
	start_from(&fit->item, fit, from->items, from->dim, from->item_factors, from->item_bias,
		(double)from->mean - fit->labels.mean);
}

/* ---- an epoch ---- */

struct room { /* of a thread */
	float *matrix; /* (width, width), for Cholesky */
	uint32_t *id; /* an id's ratings: whom they meet, */
	float *target, *weight; /* r less the other side's bias, and weight, NULL: all are 1 */
};

static struct room room_new(const struct als *fit, size_t matrix)
{
	size_t most = fit->graded.most;

	return (struct room){ mem_new(matrix, sizeof(float)), mem_new(most, sizeof(uint32_t)),
		mem_new(most, sizeof(float)),
		fit->graded.weighted ? mem_new(most, sizeof(float)) : NULL };
}

static void room_free(struct room *room)
{
	free(room->matrix);
	free(room->id);
	free(room->target);
	free(room->weight);
}

/* An id's ratings, less the other side's bias; how many. */
static size_t read_row(const struct room *room, const struct als *fit, const struct side *side,
	size_t id, const float *bias)
{
	size_t n = graded_row(room->id, room->target, room->weight, &fit->graded, side->rated, id);

	for (size_t e = 0; e < n; e++) {
		double r = ((double)room->target[e] - fit->labels.mean) / fit->labels.scale;

		room->target[e] = (float)r - bias[room->id[e]];
	}
	return n;
}

static void solve_row(struct als *fit, struct side *side, const struct side *other, size_t id,
	const struct room *room)
{
	size_t n = read_row(room, fit, side, id, other->bias);
	float *x = side->factors + id * fit->width;
	double weights = room->weight ? 0 : (double)n;
	struct normal s = { fit->width, NULL, 0, other->factors, room->id, room->weight, n,
		room->target };

	for (size_t e = 0; room->weight && e < n; e++)
		weights += (double)room->weight[e];
	if (!(weights > 0))
		return;
	s.lambda = (float)(fit->training.l2 * weights);
	x[fit->training.dim] = side->bias[id];
	if (fit->training.steps)
		SIMD_CALL(normal_gradients, &x, &s, 1, fit->training.steps);
	else
		SIMD_CALL(normal_cholesky, &x, &s, 1, room->matrix);
	side->bias[id] = x[fit->training.dim];
	x[fit->training.dim] = 1;
}

static void solve(struct als *fit, struct side *side, const struct side *other)
{
	size_t matrix = fit->training.steps ? 0 : normal_room(fit->width);

#pragma omp parallel
	{
		struct room room = room_new(fit, matrix);

#pragma omp for schedule(dynamic, 32)
		for (size_t id = 0; id < side->rated->rows; id++)
			if (has(side, id))
				solve_row(fit, side, other, id, &room);
		room_free(&room);
	}
}

/* Weighted squares of what is left of a user's ratings. */
static double left_of(const struct als *fit, size_t u, const struct room *room)
{
	float (*dot)(const float *, const float *, size_t) = SIMD_PICK(sgd_dot);
	size_t n = read_row(room, fit, &fit->user, u, fit->item.bias), width = fit->width;
	double sum = 0;

	for (size_t e = 0; e < n; e++) {
		const float *q = fit->item.factors + room->id[e] * width;
		double r = (double)room->target[e] - (double)fit->user.bias[u];

		r -= (double)dot(fit->user.factors + u * width, q, fit->training.dim);
		sum += (room->weight ? (double)room->weight[e] : 1) * r * r;
	}
	return sum;
}

double als_epoch(struct als *fit)
{
	size_t users = fit->user.rated->rows;
	double *left = mem_new(users, sizeof *left), sum = 0;

	solve(fit, &fit->user, &fit->item);
	solve(fit, &fit->item, &fit->user);
#pragma omp parallel
	{
		struct room room = room_new(fit, 0);

#pragma omp for schedule(dynamic, 32)
		for (size_t u = 0; u < users; u++)
			left[u] = left_of(fit, u, &room);
		room_free(&room);
	}
	for (size_t u = 0; u < users; u++)
		sum += left[u];
	free(left);
	return isfinite(sum) ? fit->labels.scale * sqrt(sum / fit->labels.weights) : NAN;
}

/* ---- the end ---- */

size_t als_state(struct als *fit, struct mf_state list[MF_STATES])
{
	size_t users = fit->user.rated->rows, items = fit->item.rated->rows;

	list[0] = (struct mf_state){ "users", fit->user.factors, users * fit->width };
	list[1] = (struct mf_state){ "users.bias", fit->user.bias, users };
	list[2] = (struct mf_state){ "items", fit->item.factors, items * fit->width };
	list[3] = (struct mf_state){ "items.bias", fit->item.bias, items };
	return 4;
}

/* On the labels' scale; factors carry its root, so that a product has all of it. */
static void hand_out(float **factors, float **bias, const struct als *fit, const struct side *side)
{
	size_t dim = fit->training.dim, rows = side->rated->rows;
	float root = (float)sqrt(fit->labels.scale);

	*factors = mem_new(rows * dim, sizeof **factors);
	*bias = mem_new(rows, sizeof **bias);
	for (size_t id = 0; id < rows; id++) {
		(*bias)[id] = side->bias[id] * (float)fit->labels.scale;
		for (size_t k = 0; k < dim; k++)
			(*factors)[id * dim + k] = side->factors[id * fit->width + k] * root;
	}
}

struct mf *als_model(const struct als *fit)
{
	struct mf *mf = mem_new(1, sizeof *mf);

	*mf = (struct mf){ (uint32_t)fit->user.rated->rows, (uint32_t)fit->item.rated->rows,
		fit->training.dim, (float)fit->labels.mean, fit->labels.low, fit->labels.high, NULL,
		NULL, NULL, NULL };
	hand_out(&mf->user_factors, &mf->user_bias, fit, &fit->user);
	hand_out(&mf->item_factors, &mf->item_bias, fit, &fit->item);
	return mf;
}

static void free_side(struct side *side)
{
	free(side->factors);
	free(side->bias);
}

void als_free(struct als *fit)
{
	free_side(&fit->user);
	free_side(&fit->item);
	graded_free(&fit->graded);
	free(fit);
}
