/* Gathering, the FM term and steps by id, against plain loops; equal bits from every instruction
 * set. Gradients as a whole are checked in net.c. */
#include "embed.h"

#include "levels.h"
#include "par.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 9, BATCH = 12, MOST = (ROWS + 1) * 16 };

struct made {
	float w[MOST], m[MOST], v[MOST], linear[ROWS + 1], lm[ROWS + 1], lv[ROWS + 1];
};

static void make(struct made *d, struct embed_table *t, size_t dim)
{
	memset(d, 0, sizeof *d);
	for (uint64_t i = 0; i < ROWS * dim; i++)
		d->w[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (uint64_t i = 0; i < ROWS; i++)
		d->linear[i] = (float)rng_normal(2, RNG_MAKE, i);
	*t = (struct embed_table){ ROWS, dim, d->w, d->m, d->v, d->linear, d->lm, d->lv };
}

static void gather(size_t dim)
{
	void (*const run[])(float *, size_t, float *, const struct embed_table *, const uint32_t *,
		size_t) = LEVELS(embed_gather);
	void (*const pool[])(float *, float *, const struct embed_table *,
		const struct embed_bag *) = LEVELS(embed_bag);
	static const uint32_t id[] = { 3, ROWS, 0 }, some[] = { 1, 2, 7 };
	/* rows 3, 4 and an unknown one */
	struct embed_bag bag = { .base = 2, .values = 4, .unknown = ROWS, .id = some, .n = 3 };
	struct embed_table t;
	struct made d;

	make(&d, &t, dim);
	for (int l = 0; l < levels(); l++) {
		float x[3 * 20] = { 0 }, linear[3] = { 1, 1, 1 }, z = 0;
		int good = 1;

		run[l](x, 20, linear, &t, id, 3);
		for (size_t j = 0; j < dim; j++)
			good &= x[j] == d.w[3 * dim + j] && x[20 + j] == 0 && x[40 + j] == d.w[j];
		ok(good && linear[0] == 1 + d.linear[3] && linear[1] == 1,
			"rows are gathered, the unknown one is zero");
		pool[l](x, &z, &t, &bag);
		near((double)x[0], ((double)d.w[3 * dim] + (double)d.w[4 * dim]) / 3, 1e-7,
			"a bag is the mean of its rows, unknown ids count");
		near((double)z, ((double)d.linear[3] + (double)d.linear[4]) / 3, 1e-7,
			"  and of its linear weights");
		bag.sum = true;
		bag.unknown = 0;
		pool[l](x, &z, &t, &bag);
		near((double)x[0], (double)d.w[3 * dim] + (double)d.w[4 * dim] + (double)d.w[0],
			1e-6, "or the sum, with a row of their own for unknown ids");
		bag.sum = false;
		bag.unknown = ROWS;
		bag.weight = (const float[]){ 3, -1, 4 };
		z = 0;
		pool[l](x, &z, &t, &bag);
		near((double)x[0], (3 * (double)d.w[3 * dim] - (double)d.w[4 * dim]) / 8, 1e-7,
			"weights over the sum of their sizes");
		near((double)z, (3 * (double)d.linear[3] - (double)d.linear[4]) / 8, 1e-7,
			"  for linear weights too");
		bag.weight = NULL;
	}
}

static void second_order(size_t dim)
{
	float (*const run[])(float *, const float *, size_t, size_t, const float *, size_t,
		const float *) = LEVELS(embed_fm);
	float x[4 * 16], number[2] = { 0.5f, -2 }, v[2 * 16], s[16], first = 0;
	double want = 0, e[6][16];

	for (uint64_t i = 0; i < 4 * dim; i++)
		x[i] = (float)rng_normal(3, RNG_MAKE, i);
	for (uint64_t i = 0; i < 2 * dim; i++)
		v[i] = (float)rng_normal(4, RNG_MAKE, i);
	for (size_t d = 0; d < dim; d++) {
		for (size_t f = 0; f < 4; f++)
			e[f][d] = (double)x[f * dim + d];
		for (size_t j = 0; j < 2; j++)
			e[4 + j][d] = (double)number[j] * (double)v[j * dim + d];
	}
	for (int f = 0; f < 6; f++) /* sum over pairs of inner products, as the paper's eq. 1 */
		for (int g = f + 1; g < 6; g++)
			for (size_t d = 0; d < dim; d++)
				want += e[f][d] * e[g][d];
	for (int l = 0; l < levels(); l++) {
		float got = run[l](s, x, 4, dim, number, 2, v);

		first = l ? first : got;
		near((double)got, want, 1e-4, "FM equals the sum over pairs");
		ok(got == first, "  the same bits from every instruction set");
	}
}

/* Ids 2, 2, 5 of one field that owns rows 1 .. 7, over a batch of 12 rows. */
static void steps(size_t dim, bool lazy)
{
	void (*const run[])(struct embed_table *, const struct embed_piece *,
		const struct optim_step *, float *) = LEVELS(embed_step);
	static const uint32_t id[] = { 2, 2, 5 }, row[] = { 0, 11, 4 };
	float dx[BATCH * 16], slope[BATCH], scratch[EMBED_TOGETHER * 16];
	struct optim_step a = { OPTIM_ADAM, 0.1f, 1, 0.01f, 1, 0, INFINITY, 1, NULL };
	static struct made d[3];
	int equal = 1;

	for (uint64_t i = 0; i < BATCH * 16; i++)
		dx[i] = (float)rng_normal(5, RNG_MAKE, i);
	for (uint64_t i = 0; i < BATCH; i++)
		slope[i] = (float)rng_normal(6, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++) {
		struct embed_table t;
		struct embed_piece p = { id, row, NULL, 3, 1, 8, lazy, BATCH, dx, 16, slope };
		double before, g;

		make(d + l, &t, dim);
		before = (double)d[l].w[2 * dim];
		run[l](&t, &p, &a, scratch);
		g = (double)dx[0] + (double)dx[11 * 16] + 0.01 * before;
		near((double)d[l].m[2 * dim], 0.1 * g, 1e-6,
			"an id's gradient is the sum over its rows");
		near((double)d[l].lm[5], 0.1 * ((double)slope[4] + 0.01 * (double)d[l].linear[5]),
			1e-2, "  also of the linear weight");
		ok((d[l].m[3 * dim] != 0) == !lazy,
			lazy ? "lazy: other ids rest" : "dense: other ids decay");
		ok(d[l].m[0] == 0 && d[l].m[8 * dim] == 0, "ids of other pieces are not touched");
		equal &= memcmp(d, d + l, sizeof *d) == 0;
	}
	ok(equal, "the same bits from every instruction set");
}

/* Sums of rows of a table, of entries by id, and lookups joined, against plain loops. */
static void sums(size_t width)
{
	void (*const sum[])(float *, const float *, size_t, const uint32_t *, const float *, size_t,
		bool) = LEVELS(embed_sum);
	void (*const by_id[])(float *, float *, const struct embed_piece *, size_t) =
		LEVELS(embed_sums);
	void (*const join[])(float *, size_t, const struct embed_lookup[2], size_t, bool, bool) =
		LEVELS(embed_join);
	static const uint32_t id[] = { 2, 2, 4 }, row[] = { 0, 3, 1 };
	static const float share[] = { 0.5f, 2, -1 }, slope[] = { 1, 2, 3, 4 };
	float table[5 * 160], y[3][160], s[3][3 * 160], c[3][2 * 160], linear[3] = { 0 };
	struct embed_piece p = { .id = id,
		.row = row,
		.weight = share,
		.n = 3,
		.first = 2,
		.last = 5,
		.batch = 4,
		.dx = table,
		.lddx = width,
		.slope = slope };
	const struct embed_lookup from[2] = { { table, id + 1 }, { table, row } };
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < 5 * width; i++)
		table[i] = (float)rng_normal(7, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++) {
		memset(s[l], 0, sizeof s[l]);
		for (size_t d = 0; d < 2 * width; d++)
			c[l][d] = y[l][d % width] = 1;
		sum[l](y[l], table, width, id, share, 3, true);
		by_id[l](s[l], linear, &p, width);
		if (width % 32 == 0)
			join[l](c[l], width, from, 2, true, true);
		equal &= memcmp(y[0], y[l], width * sizeof(float)) == 0;
		equal &= memcmp(s[0], s[l], 3 * width * sizeof(float)) == 0;
		equal &= memcmp(c[0], c[l], 2 * width * sizeof(float)) == 0;
	}
	for (size_t d = 0; d < width; d++) {
		const float *t = table + d;
		double both = 1 + (double)t[4 * width] + (double)t[3 * width];

		worst = fmax(worst, fabs(1 + 2.5 * (double)t[2 * width] - (double)t[4 * width] -
					    (double)y[0][d]));
		worst = fmax(worst,
			fabs(0.5 * (double)t[0] + 2 * (double)t[3 * width] - (double)s[0][d]));
		worst = fmax(worst, fabs(-(double)t[width] - (double)s[0][2 * width + d]));
		if (width % 32 == 0)
			worst = fmax(worst, fabs((both > 0 ? both : 0) - (double)c[0][width + d]));
	}
	near(worst, 0, 1e-6, "sums of rows, by id, and of lookups");
	ok(linear[0] == 8.5f && linear[1] == 0 && linear[2] == -2, "  also of slopes");
	ok(equal, "  the same bits from every instruction set");
}

int main(void)
{
	sums(160);
	sums(16);
	sums(7);
	gather(16);
	gather(5);
	second_order(16);
	second_order(7);
	steps(16, false);
	steps(6, true);
	return done();
}
