/* A step is PyTorch's: gradients by the formula in double, dense Adam row by row without any
 * catching up; lazy Adam leaves the other rows alone; the bits do not depend on threads or
 * instruction sets; dots and sums against doubles. */
#include "factors.h"

#include <omp.h>
#include <stdlib.h>

#include "bpr.h"
#include "dots.h"
#include "levels.h"
#include "mem.h"
#include "optim.h"
#include "rng.h"
#include "tap.h"

enum { U = 30, I = 50, N = 300, D = 20, EPOCHS = 3, BATCH = 16 };

static uint32_t user[N], item[N];
static float label[N];
static const struct mf_rows ROWS = { user, item, label, NULL, NULL, N, U, I };
static struct liked liked;

static struct objective objective(void)
{
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, 2 * r);
		item[r] =
			(uint32_t)(rng_unit(1, RNG_MAKE, 2 * r + 1) * rng_unit(2, RNG_MAKE, r) * I);
		label[r] = 1;
	}
	liked_free(&liked);
	liked = liked_new(&ROWS, false, LIKED_BITS);
	return bpr_objective(&liked, &(struct bpr_training){ BATCH, 1, 5 });
}

/* ---- the reference: everything dense, gradients in double ---- */

struct plain {
	float w[U + I][D + 1], m[U + I][D + 1], v[U + I][D + 1]; /* the last one: bias of an item */
	double g[U + I][D + 1];
	char has[U + I];
	bool bias, lazy;
};

static float plain_score(const struct plain *p, size_t u, size_t i)
{
	double sum = p->bias ? (double)p->w[U + i][D] : 0;

	for (size_t k = 0; k < D; k++)
		sum += (double)p->w[u][k] * (double)p->w[U + i][k];
	return (float)sum;
}

static void plain_batch(
	struct plain *p, struct objective *o, size_t number, struct optim_clock *clock)
{
	const struct optim adam = { OPTIM_ADAM, false, 0, INFINITY };
	struct optim_step a;
	struct pairs pairs = { 0 };
	float score[4 * BATCH], slope[4 * BATCH];

	optim_tick(clock);
	a = optim_at(clock, &adam, 0.01, 0.02);
	memset(p->g, 0, sizeof p->g);
	memset(p->has, 0, sizeof p->has);
	o->draw(o->self, number, &pairs);
	for (size_t k = 0; k < pairs.n; k++)
		score[k] = plain_score(p, pairs.user[k], pairs.item[k]);
	o->slope(o->self, &pairs, score, slope);
	for (size_t k = 0; k < pairs.n; k++) {
		size_t u = pairs.user[k], i = U + pairs.item[k];

		p->has[u] = p->has[i] = 1;
		for (size_t c = 0; c < D; c++) {
			p->g[u][c] += (double)slope[k] * (double)p->w[i][c];
			p->g[i][c] += (double)slope[k] * (double)p->w[u][c];
		}
		p->g[i][D] += p->bias ? (double)slope[k] : 0;
	}
	for (size_t r = 0; r < U + I; r++) {
		float g[D + 1];

		for (size_t c = 0; c <= D; c++)
			g[c] = (float)p->g[r][c];
		if (p->has[r] || !p->lazy)
			SIMD_CALL(optim_step, p->w[r], p->m[r], p->v[r], g, D + (p->bias && r >= U),
				&a);
	}
	pairs_free(&pairs);
}

static double apart(const struct plain *p, const struct mf *mf)
{
	double worst = 0;

	for (size_t r = 0; r < U + I; r++)
		for (size_t k = 0; k < D; k++)
			worst = fmax(worst,
				fabs((double)p->w[r][k] -
					(double)(r < U ? mf->user_factors[r * D + k]
						       : mf->item_factors[(r - U) * D + k])));
	for (size_t i = 0; i < I; i++)
		worst = fmax(worst, fabs((double)p->w[U + i][D] - (double)mf->item_bias[i]));
	return worst;
}

static struct mf *train(const struct factors_training *how, int epochs)
{
	struct objective o = objective();
	struct factors *f = factors_new(U, I, how);
	struct mf *mf;

	for (int e = 0; e < epochs; e++)
		factors_epoch(f, &o, NULL, 0, (uint64_t)e);
	mf = factors_mf(f);
	factors_free(f);
	o.end(o.self);
	return mf;
}

static void test_steps(bool lazy, bool bias)
{
	const struct factors_training how = { D, 0.01, 0.02, lazy, bias, 3 };
	struct plain *p = mem_new(1, sizeof *p);
	struct mf *start = train(&how, 0), *got = train(&how, EPOCHS);
	struct objective o = objective();
	struct optim_clock clock = { 1, 1 };
	char what[80];

	p->bias = bias;
	p->lazy = lazy;
	for (size_t r = 0; r < U + I; r++)
		memcpy(p->w[r],
			r < U ? start->user_factors + r * D : start->item_factors + (r - U) * D,
			D * sizeof(float));
	for (uint64_t e = 0; e < EPOCHS; e++)
		for (size_t b = 0, batches = o.start(o.self, e); b < batches; b++)
			plain_batch(p, &o, b, &clock);
	snprintf(what, sizeof what, "%s Adam %s biases is Adam on the sums by the formula",
		lazy ? "lazy" : "dense", bias ? "with" : "without");
	near(apart(p, got), 0, 2e-4, what);
	mf_free(start);
	mf_free(got);
	o.end(o.self);
	free(p);
}

static int same_factors(const struct mf *a, const struct mf *b)
{
	return !memcmp(a->user_factors, b->user_factors, U * D * sizeof(float)) &&
	       !memcmp(a->item_factors, b->item_factors, I * D * sizeof(float)) &&
	       !memcmp(a->item_bias, b->item_bias, I * sizeof(float));
}

static void test_threads(void)
{
	const struct factors_training how = { 200, 0.01, 0.02, false, true, 3 };
	struct mf *one, *many;
	int equal = 1;

	omp_set_num_threads(1);
	one = train(&how, 2);
	for (int n = 2; n < 8; n++) {
		omp_set_num_threads(n);
		many = train(&how, 2);
		equal &= same_factors(one, many);
		mf_free(many);
	}
	mf_free(one);
	ok(equal, "the same bits with 1 to 7 threads");
}

/* Pulls the first factor of every user of the batch to 1: 1/2 (1 - p)^2. */
static double pull(
	void *self, const struct vectors *users, const struct vectors *items, double weight)
{
	double loss = 0;

	(void)self;
	(void)items;
	for (size_t s = 0; s < users->n; s++) {
		double e = (double)users->row[users->id[s] * users->pitch] - 1;

		users->slope[s * users->width] += (float)(weight * e);
		loss += e * e / 2;
	}
	return loss;
}

static void nothing(void *self, uint64_t epoch)
{
	(void)self;
	(void)epoch;
}

static void test_own(void)
{
	struct objective o = objective();
	const struct vectors_loss own = { NULL, nothing, pull, NULL, 50 };
	struct factors *f =
		factors_new(U, I, &(struct factors_training){ D, 0.05, 0, false, false, 3 });
	double first = factors_epoch(f, &o, &own, 1, 0).own, last = 0, worst = 0;
	float score[2 * I];
	const uint32_t who[2] = { 3, 8 };
	struct mf *mf;

	for (uint64_t e = 1; e < 20; e++)
		last = factors_epoch(f, &o, &own, 1, e).own;
	ok(last < first / 4, "a loss on the factors themselves is joined");
	mf = factors_mf(f);
	for (size_t u = 0; u < U; u++)
		worst = fmax(worst, fabs((double)mf->user_factors[u * D] - 1));
	near(worst, 0, 0.2, "and met");
	factors_scores(f, false, score, who, 2);
	worst = 0;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < I; i++) {
			float want;

			mf_predict(&want, mf, who + k, &(uint32_t){ (uint32_t)i }, 1);
			worst = fmax(worst, fabs((double)(want - score[k * I + i])));
		}
	near(worst, 0, 1e-5, "the scores of all items are the model's");
	mf_free(mf);
	factors_free(f);
	o.end(o.self);
}

typedef void pairs_fn(float *score, const float *p, const float *q, size_t pitch, size_t width,
	const uint32_t *user, const uint32_t *item, size_t n);
typedef void gather_fn(float *g, const float *q, size_t pitch, size_t width, const uint32_t *id,
	const float *c, const uint32_t *pair, size_t n);

static void test_dots(void)
{
	enum { WIDTH = 112, PITCH = 130, ROWS_ = 9, PAIRS = 11 };
	pairs_fn *const pairs[] = LEVELS(dots_pairs);
	gather_fn *const gather[] = LEVELS(dots_gather);
	static float p[ROWS_ * PITCH], q[ROWS_ * PITCH], score[3][PAIRS], g[3][WIDTH];
	const uint32_t a[PAIRS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1 };
	const uint32_t b[PAIRS] = { 8, 8, 7, 1, 1, 0, 2, 3, 4, 5, 6 };
	const uint32_t which[4] = { 1, 3, 3, 10 };
	double worst = 0;
	int equal = 1;

	for (uint64_t i = 0; i < ROWS_ * PITCH; i++) {
		p[i] = (float)rng_normal(1, RNG_MAKE, i);
		q[i] = (float)rng_normal(2, RNG_MAKE, i);
	}
	for (int l = 0; l < levels(); l++) {
		pairs[l](score[l], p, q, PITCH, WIDTH, a, b, PAIRS);
		gather[l](g[l], q, PITCH, WIDTH, b, score[l], which, 4);
		equal &= !memcmp(score[0], score[l], sizeof *score) &&
			 !memcmp(g[0], g[l], sizeof *g);
	}
	for (size_t k = 0; k < PAIRS; k++) {
		double want = 0;

		for (size_t i = 0; i < WIDTH; i++)
			want += (double)p[a[k] * PITCH + i] * (double)q[b[k] * PITCH + i];
		worst = fmax(worst, fabs(want - (double)score[0][k]));
	}
	near(worst, 0, 1e-4, "dots of rows");
	worst = 0;
	for (size_t i = 0; i < WIDTH; i++) {
		double want = 0;

		for (size_t e = 0; e < 4; e++)
			want += (double)score[0][which[e]] * (double)q[b[which[e]] * PITCH + i];
		worst = fmax(worst, fabs(want - (double)g[0][i]));
	}
	near(worst, 0, 1e-4, "sums of rows");
	ok(equal, "the same bits from every instruction set");
}

int main(void)
{
	for (int kind = 0; kind < 4; kind++)
		test_steps(kind & 1, kind & 2);
	test_threads();
	test_own();
	test_dots();
	return done();
}
