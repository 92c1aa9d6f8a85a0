/* Both solvers against Gaussian elimination in double; the same bits from every instruction set. */
#include "normal.h"

#include <stdbool.h>
#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { FIXED = 90, MOST = 33, WIDEST = 144 };

static float fixed[FIXED * WIDEST], gram[WIDEST * WIDEST], weight[MOST], target[MOST];
static uint32_t id[MOST];

static float draw(uint64_t i)
{
	return (float)rng_normal(1, RNG_MAKE, i);
}

/* explicit: with targets and without a Gramian, as ratings have it */
static struct normal make(size_t width, size_t n, int weighted, int explicit)
{
	void (*make_gram[])(float *, const float *, size_t, size_t) = LEVELS(normal_gram);

	for (size_t i = 0; i < FIXED * width; i++)
		fixed[i] = draw(i);
	for (size_t e = 0; e < n; e++) {
		id[e] = (uint32_t)(e * 7 % FIXED);
		weight[e] = 1 + (float)e / 4;
		target[e] = draw(8000 + e);
	}
	make_gram[0](gram, fixed, FIXED - 3, width);
	for (size_t i = 0; i < width; i++)
		for (size_t j = 0; j < i; j++)
			gram[i * width + j] = gram[j * width + i];
	return (struct normal){ width, explicit ? NULL : gram, 3, fixed, id,
		weighted ? weight : NULL, n, explicit ? target : NULL };
}

/* The definition, then elimination. */
static void solve(double *x, const struct normal *s)
{
	size_t k = s->width;
	double *a = mem_new(k * (k + 1), sizeof *a);

	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			for (size_t r = 0; s->gram && r < FIXED - 3; r++)
				a[i * (k + 1) + j] += (double)fixed[r * k + i] * fixed[r * k + j];
			a[i * (k + 1) + j] += i == j ? (double)s->lambda : 0;
			for (size_t e = 0; e < s->n; e++)
				a[i * (k + 1) + j] += (s->weight ? s->weight[e] : 1.0) *
						      fixed[id[e] * k + i] * fixed[id[e] * k + j];
		}
	for (size_t i = 0; i < k; i++)
		for (size_t e = 0; e < s->n; e++)
			a[i * (k + 1) + k] += (s->weight ? s->weight[e] : 1.0) *
					      (s->target ? s->target[e] : 1.0) *
					      fixed[id[e] * k + i];
	for (size_t i = 0; i < k; i++)
		for (size_t r = i + 1; r < k; r++)
			for (size_t j = k + 1; j-- > i;)
				a[r * (k + 1) + j] -= a[i * (k + 1) + j] * a[r * (k + 1) + i] /
						      a[i * (k + 1) + i];
	for (size_t i = k; i-- > 0;) {
		x[i] = a[i * (k + 1) + k];
		for (size_t j = i + 1; j < k; j++)
			x[i] -= a[i * (k + 1) + j] * x[j];
		x[i] /= a[i * (k + 1) + i];
	}
	free(a);
}

static double worst(const float *x, const double *want, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fabs((double)x[i] - want[i]) > most ? fabs((double)x[i] - want[i]) : most;
	return most;
}

static void check(size_t width, size_t n, int weighted, int explicit)
{
	void (*cholesky[])(float *const *, const struct normal *, size_t, float *) =
		LEVELS(normal_cholesky);
	void (*gradients[])(float *const *, const struct normal *, size_t, size_t) =
		LEVELS(normal_gradients);
	struct normal s = make(width, n, weighted, explicit);
	float x[3][WIDEST], y[3][WIDEST], once[WIDEST] = { 0 },
					  *room = mem_new(normal_room(width), sizeof *room);
	double want[WIDEST];
	int same_x = 1, same_y = 1;
	char what[100];

	solve(want, &s);
	for (int l = 0; l < levels(); l++) {
		cholesky[l](&(float *){ x[l] }, &s, 1, room);
		for (size_t i = 0; i < width; i++)
			y[l][i] = draw(9000 + i);
		gradients[l](&(float *){ y[l] }, &s, 1, 5);
		same_x &= memcmp(x[l], x[0], width * sizeof(float)) == 0;
		same_y &= memcmp(y[l], y[0], width * sizeof(float)) == 0;
	}
	gradients[0](&(float *){ once }, &s, 1, 4 * width);
	snprintf(what, sizeof what, "width %zu, %zu rows%s%s: Cholesky", width, n,
		weighted ? " of weights" : "", explicit ? " and targets" : "");
	near(worst(x[0], want, width), 0, 2e-5, what);
	near(worst(once, want, width), 0, 2e-5, "conjugate gradients from 0, to the end");
	ok(same_x && same_y, "the same bits on every instruction set");
	free(room);
}

static void solve_rows(float *const *x, const struct normal *s, size_t n, bool cg)
{
	float *room = mem_new(normal_room(s->width), sizeof *room);

	if (cg)
		SIMD_CALL(normal_gradients, x, s, n, 3);
	else
		SIMD_CALL(normal_cholesky, x, s, n, room);
	free(room);
}

/* Rows with other rows beside them are what they are alone. */
static void together(size_t width, size_t n, bool cg)
{
	struct normal s[NORMAL_GROUP];
	float alone[NORMAL_GROUP][WIDEST], x[NORMAL_GROUP][WIDEST], *at[NORMAL_GROUP];
	char what[80];

	s[0] = make(width, MOST, 1, 0);
	for (size_t r = 0; r < n; r++) {
		s[r] = s[0];
		s[r].n = r == 2 ? 0 : 5 * r + 1;
		s[r].lambda = 1 + (float)r;
		for (size_t k = 0; k < width; k++)
			alone[r][k] = x[r][k] = draw(9000 + k + r);
		at[r] = alone[r];
		solve_rows(&at[r], &s[r], 1, cg);
		at[r] = x[r];
	}
	solve_rows(at, s, n, cg);
	snprintf(what, sizeof what, "width %zu, %zu rows together as each alone%s", width, n,
		cg ? "" : ", by Cholesky");
	for (size_t r = 0; r < n; r++)
		if (memcmp(x[r], alone[r], width * sizeof(float)) != 0)
			what[0] = 0;
	ok(what[0] != 0, what);
}

int main(void)
{
	static const size_t WIDTH[] = { 16, 32, 48, 64, 128, 144 }, N[] = { 0, 1, 3, 8, 33 };

	for (size_t w = 0; w < sizeof WIDTH / sizeof *WIDTH; w++)
		check(WIDTH[w], N[w % 5], w % 2, w % 3 == 1);
	for (size_t n = 0; n < sizeof N / sizeof *N; n++)
		check(32, N[n], n % 2, n > 1);
	for (size_t n = 1; n <= NORMAL_GROUP; n++) {
		together(32, n, true);
		together(48, n, true);
	}
	together(48, NORMAL_PAIR, false);
	together(128, NORMAL_PAIR, false);
	return done();
}
