#include "ials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csr.h"
#include "fmath.h"
#include "mem.h"
#include "normal.h"
#include "rng.h"

enum { CHUNKS = 16, CHUNK = 64 }; /* of a Gramian; least rows of one */
enum { SHARE = 32 }; /* rows that a thread takes at a time */

static const double START = 0.1; /* deviation of a row's length before training */

struct side {
	struct csr seen; /* positives of each id; columns are ids of the other side */
	size_t active; /* ids with a positive */
	float *factors; /* (rows, width) */
};

struct ials {
	struct ials_training training;
	size_t width;
	struct side user, item;
	float *gram; /* (CHUNKS, width, width); the first becomes alpha times the sum */
};

static size_t width_of(uint32_t dim)
{
	return ((size_t)dim + NORMAL_LANES - 1) / NORMAL_LANES * NORMAL_LANES;
}

uint64_t ials_memory(const struct mf_rows *rows, uint32_t dim)
{
	uint64_t width = width_of(dim), ids = (uint64_t)rows->users + rows->items;

	return (uint64_t)rows->n * (rows->weight ? 25 : 13) + ids * (width + 2 * dim) * 4 +
	       ids * 24 + (CHUNKS + 2) * width * width * 4;
}

static bool has(const struct side *side, size_t id)
{
	return side->seen.at[id] < side->seen.at[id + 1];
}

static void start_side(struct side *side, const struct ials *fit, uint64_t purpose)
{
	size_t dim = fit->training.dim;
	uint64_t seed = rng_derive(fit->training.seed, purpose);
	double spread = START / sqrt((double)dim);

	side->factors = mem_new(side->seen.rows * fit->width, sizeof *side->factors);
	for (size_t id = 0; id < side->seen.rows; id++)
		side->active += has(side, id);
#pragma omp parallel for schedule(static)
	for (size_t id = 0; id < side->seen.rows; id++)
		for (size_t k = 0; has(side, id) && k < dim; k++)
			side->factors[id * fit->width + k] =
				(float)(spread * rng_normal(seed, RNG_INIT, id * dim + k));
}

struct ials *ials_new(const struct mf_rows *rows, const struct ials_training *training)
{
	struct ials *fit = mem_new(1, sizeof *fit);
	uint8_t *keep = mem_new(rows->n, 1);

	fit->training = *training;
	fit->width = width_of(training->dim);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->label[r] > 0 && (!rows->part || rows->part[r] == 0);
	fit->user.seen = csr_new(rows->user, rows->item, rows->weight, keep, rows->n, rows->users);
	fit->item.seen = csr_transpose(&fit->user.seen, rows->items);
	free(keep);
	start_side(&fit->user, fit, 0);
	start_side(&fit->item, fit, 1);
	fit->gram = mem_new(CHUNKS * fit->width * fit->width, sizeof *fit->gram);
	return fit;
}

static void start_from(
	struct side *side, const struct ials *fit, uint32_t ids, uint32_t dim, const float *factors)
{
	size_t common = dim < fit->training.dim ? dim : fit->training.dim;

	for (size_t id = 0; id < side->seen.rows && id < ids; id++)
		if (has(side, id) && common)
			memcpy(side->factors + id * fit->width, factors + id * dim,
				common * sizeof *factors);
}

void ials_start(struct ials *fit, const struct mf *from)
{
	start_from(&fit->user, fit, from->users, from->dim, from->user_factors);
	start_from(&fit->item, fit, from->items, from->dim, from->item_factors);
}

size_t ials_positives(const struct ials *fit)
{
	return fit->user.seen.at[fit->user.seen.rows];
}

/* ---- an epoch ---- */

/* gram <- alpha X^T X */
static void make_gram(struct ials *fit, const struct side *side)
{
	void (*add)(float *, const float *, size_t, size_t) = SIMD_PICK(normal_gram);
	size_t width = fit->width, rows = side->seen.rows, chunk = (rows + CHUNKS - 1) / CHUNKS;
	size_t chunks;

	chunk = chunk < CHUNK ? CHUNK : chunk;
	chunks = (rows + chunk - 1) / chunk;
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t c = 0; c < chunks; c++)
		add(fit->gram + c * width * width, side->factors + c * chunk * width,
			c + 1 < chunks ? chunk : rows - c * chunk, width);
	for (size_t i = 0; i < width; i++)
		for (size_t j = i; j < width; j++) {
			float sum = fit->gram[i * width + j];

			for (size_t c = 1; c < chunks; c++)
				sum += fit->gram[(c * width + i) * width + j];
			sum *= (float)fit->training.alpha;
			fit->gram[i * width + j] = fit->gram[j * width + i] = sum;
		}
}

static double power(double x, double y)
{
	return y == 0 ? 1 : fmath_exp(y * fmath_log(x));
}

/* The equations of a row; n is 0 for one without positives. */
static struct normal equations(
	const struct ials *fit, const struct side *side, const struct side *other, size_t id)
{
	const struct ials_training *t = &fit->training;
	uint64_t at = side->seen.at[id], n = side->seen.at[id + 1] - at;
	double size = (double)n + t->alpha * (double)other->active;

	return (struct normal){ fit->width, fit->gram, (float)(t->l2 * power(size, t->nu)),
		other->factors, side->seen.id + at, side->seen.value ? side->seen.value + at : NULL,
		n, NULL };
}

/* Rows from .. end, several at a time. */
static void solve_some(struct ials *fit, struct side *side, const struct side *other, size_t from,
	size_t end, float *room)
{
	const uint32_t steps = fit->training.steps;
	struct normal s[NORMAL_GROUP];
	float *x[NORMAL_GROUP];
	size_t n = 0, most = steps ? NORMAL_GROUP : NORMAL_PAIR;

	for (size_t id = from; id < end; id++) {
		s[n] = equations(fit, side, other, id);
		x[n] = side->factors + id * fit->width;
		n += s[n].n > 0;
		if (!n || (n < most && id + 1 < end))
			continue;
		if (steps)
			SIMD_CALL(normal_gradients, x, s, n, steps);
		else
			SIMD_CALL(normal_cholesky, x, s, n, room);
		n = 0;
	}
}

static void solve(struct ials *fit, struct side *side, const struct side *other)
{
	const struct ials_training *t = &fit->training;
	size_t rows = side->seen.rows;

	make_gram(fit, other);
#pragma omp parallel
	{
		float *room = mem_new(t->steps ? 0 : normal_room(fit->width), sizeof *room);

#pragma omp for schedule(dynamic, 1)
		for (size_t from = 0; from < rows; from += SHARE) {
			size_t end = from + SHARE < rows ? from + SHARE : rows;

			solve_some(fit, side, other, from, end, room);
		}
		free(room);
	}
}

static bool is_finite(const float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

bool ials_epoch(struct ials *fit)
{
	solve(fit, &fit->user, &fit->item);
	solve(fit, &fit->item, &fit->user);
	return is_finite(fit->user.factors, fit->user.seen.rows * fit->width) &&
	       is_finite(fit->item.factors, fit->item.seen.rows * fit->width);
}

/* ---- the end ---- */

size_t ials_state(struct ials *fit, struct mf_state list[MF_STATES])
{
	list[0] = (struct mf_state){ "users", fit->user.factors, fit->user.seen.rows * fit->width };
	list[1] = (struct mf_state){ "items", fit->item.factors, fit->item.seen.rows * fit->width };
	return 2;
}

static float *hand_out(const struct side *side, size_t dim, size_t width)
{
	size_t ids = side->seen.rows;
	float *factors = mem_new(ids * dim, sizeof *factors);

	for (size_t id = 0; id < ids; id++)
		memcpy(factors + id * dim, side->factors + id * width, dim * sizeof *factors);
	return factors;
}

struct mf *ials_model(const struct ials *fit)
{
	struct mf *mf = mem_new(1, sizeof *mf);

	*mf = (struct mf){ (uint32_t)fit->user.seen.rows, (uint32_t)fit->item.seen.rows,
		fit->training.dim, 0, -INFINITY, INFINITY, NULL, NULL, NULL, NULL };
	mf->user_bias = mem_new(mf->users, sizeof *mf->user_bias);
	mf->item_bias = mem_new(mf->items, sizeof *mf->item_bias);
	mf->user_factors = hand_out(&fit->user, mf->dim, fit->width);
	mf->item_factors = hand_out(&fit->item, mf->dim, fit->width);
	return mf;
}

void ials_free(struct ials *fit)
{
	csr_free(&fit->user.seen);
	csr_free(&fit->item.seen);
	free(fit->user.factors);
	free(fit->item.factors);
	free(fit->gram);
	free(fit);
}
