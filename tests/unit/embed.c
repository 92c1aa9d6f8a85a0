/* Gathering and sums of rows, against plain loops; equal bits from every instruction set. */
#include "embed.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 9, MOST = (ROWS + 1) * 16 };

struct made {
	float w[MOST], linear[ROWS + 1];
};

static void make(struct made *d, struct embed_table *t, size_t dim)
{
	memset(d, 0, sizeof *d);
	for (uint64_t i = 0; i < ROWS; i++) {
		d->linear[i] = (float)rng_normal(2, RNG_MAKE, i);
		for (uint64_t j = 0; j < dim; j++)
			d->w[i * dim + j] = (float)rng_normal(1, RNG_MAKE, i * dim + j);
	}
	*t = (struct embed_table){ .rows = ROWS, .dim = dim, .w = d->w, .linear = d->linear };
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

/* Sums of rows of a table, and lookups joined, against plain loops. */
static void sums(size_t width)
{
	void (*const sum[])(float *, const float *, size_t, const uint32_t *, const float *, size_t,
		bool) = LEVELS(embed_sum);
	void (*const join[])(float *, size_t, const struct embed_lookup[2], size_t, bool, bool) =
		LEVELS(embed_join);
	static const uint32_t id[] = { 2, 2, 4 }, row[] = { 0, 3, 1 };
	static const float share[] = { 0.5f, 2, -1 };
	float table[5 * 160], y[3][160], c[3][2 * 160];
	const struct embed_lookup from[2] = { { table, id + 1 }, { table, row } };
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < 5 * width; i++)
		table[i] = (float)rng_normal(7, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++) {
		for (size_t d = 0; d < 2 * width; d++)
			c[l][d] = y[l][d % width] = 1;
		sum[l](y[l], table, width, id, share, 3, true);
		if (width % 32 == 0)
			join[l](c[l], width, from, 2, true, true);
		equal &= memcmp(y[0], y[l], width * sizeof(float)) == 0;
		equal &= memcmp(c[0], c[l], 2 * width * sizeof(float)) == 0;
	}
	for (size_t d = 0; d < width; d++) {
		const float *t = table + d;
		double both = 1 + (double)t[4 * width] + (double)t[3 * width];

		worst = fmax(worst, fabs(1 + 2.5 * (double)t[2 * width] - (double)t[4 * width] -
					    (double)y[0][d]));
		if (width % 32 == 0)
			worst = fmax(worst, fabs((both > 0 ? both : 0) - (double)c[0][width + d]));
	}
	near(worst, 0, 1e-6, "sums of rows, and of lookups");
	ok(equal, "  the same bits from every instruction set");
}

/* Sums over the rows of an id; an id of 1, 2, 3, 4 and 9 rows. */
static void collect(size_t width)
{
	void (*const run[])(float *, size_t, const float *, size_t, const float *,
		const struct embed_entries *) = LEVELS(embed_collect);
	static const uint32_t at[] = { 0, 1, 3, 6, 10, 19 };
	static const uint32_t row[] = { 5, 0, 7, 1, 2, 3, 9, 8, 7, 6, 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	const struct embed_entries entries = { at, row, 5 };
	float c[10 * 40], weight[10], t[2][3][5 * 32];
	double worst = 0;
	int equal = 1;

	for (size_t i = 0; i < 400; i++)
		c[i] = (float)rng_normal(8, RNG_MAKE, i);
	for (size_t i = 0; i < 10; i++)
		weight[i] = (float)rng_normal(9, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++)
		for (int weighted = 0; weighted < 2; weighted++) {
			run[l](t[weighted][l], width, c, 40, weighted ? weight : NULL, &entries);
			equal &= memcmp(t[weighted][0], t[weighted][l],
					 5 * width * sizeof(float)) == 0;
		}
	for (size_t k = 0; k < 5; k++)
		for (size_t d = 0; d < width; d++) {
			double sum = 0, all = 0;

			for (size_t i = at[k]; i < at[k + 1]; i++) {
				sum += (double)c[row[i] * 40 + d];
				all += (double)weight[row[i]] * (double)c[row[i] * 40 + d];
			}
			worst = fmax(worst, fabs(sum - (double)t[0][0][k * width + d]));
			worst = fmax(worst, fabs(all - (double)t[1][0][k * width + d]));
		}
	near(worst, 0, 5e-6, "rows are added up by id");
	ok(equal, "  the same bits from every instruction set");
}

int main(void)
{
	collect(16);
	collect(32);

	sums(160);
	sums(16);
	sums(7);
	gather(16);
	gather(5);
	return done();
}
